// The life of a warning: raised by a track's danger to a zone, acknowledged by an officer, cleared by rule or by an officer. No flicker.
import { type Danger, highestLevel, judge, type Level, LEVELS, limited, outOfReach, reachM } from "./danger.ts";
import type { ZoneDefinition } from "./entry.ts";
import type { Intent, TrackNumber, WarningId } from "./intent.ts";
import type { Settings } from "./settings.ts";
import type { Track } from "./track.ts";
import { type WatchedZone, watchedZone, ZoneGrid } from "./watched-zone.ts";

export type WhyCode = "inside-zone" | "approaching-zone" | "left-zone" | "track-ended" | "zone-removed" | "cleared-by-officer";

export interface Reason {
  readonly code: WhyCode;
  readonly timeUs: number;
  readonly values: Readonly<Record<string, number | string>>;
}

export interface PictureWarning {
  /** From the cause: track, zone, moment of raising. It stays when the danger goes on under another track number. */
  readonly id: WarningId;
  trackNumber: TrackNumber;
  trackId: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly drill: boolean;
  readonly recorded: boolean;
  readonly raisedUs: number;
  level: Level;
  state: "raised" | "acknowledged" | "cleared";
  changedUs: number;
  edgeDistanceM: number;
  centreDistanceM: number;
  azimuthDeg: number;
  closestInS?: number;
  why: Reason[];
  acknowledgedBy?: string;
  acknowledgedUs?: number;
  /** The highest level that was acknowledged: only a higher one asks again. */
  acknowledgedLevel?: Level;
  clearedReason?: string;
  lastHeardUs: number;
  /** Since when the danger has been lower than the level shown; absent while it is not. */
  lowerSinceUs?: number;
  /** Cleared by an officer while the danger lasted: it stays quiet until the danger is over once. */
  quiet: boolean;
}

const MAX_REASONS = 20;

function stands({ state, quiet }: PictureWarning): boolean {
  return state !== "cleared" || quiet;
}

function setClosest(warning: PictureWarning, seconds: number | undefined): void {
  if (seconds === undefined) delete warning.closestInS;
  else warning.closestInS = seconds;
}

export class WarningLife {
  readonly #settings: Settings;
  readonly #touch: (track: Track) => void;
  readonly #zones = new Map<string, WatchedZone>();
  #grid = new ZoneGrid([]);
  readonly #warnings = new Map<string, PictureWarning>();
  /** Track → its standing warnings. Derived from the warnings, like the counts below. */
  readonly #standing = new Map<number, PictureWarning[]>();
  readonly #load = new Map<string, number>();
  #cleared = 0;
  /** Dangers that were not raised since their zone was full. */
  notRaised = 0;
  #intents: Intent[] = [];

  constructor(settings: Settings, touch: (track: Track) => void) {
    this.#settings = settings;
    this.#touch = touch;
  }

  // Zones

  get zones(): ReadonlyMap<string, WatchedZone> {
    return this.#zones;
  }
  /** False when there are too many zones, or the zone is none that could be watched. */
  setZone(zone: ZoneDefinition): boolean {
    if (this.#zones.size >= this.#settings.maxZones && !this.#zones.has(zone.id)) return false;
    const watched = watchedZone(zone);
    if ("refused" in watched) return false;
    this.#zones.set(zone.id, watched);
    this.#grid = new ZoneGrid([...this.#zones.values()]);
    return true;
  }
  removeZone(id: string, timeUs: number, tracks: ReadonlyMap<number, Track>): void {
    if (!this.#zones.delete(id)) return;
    this.#grid = new ZoneGrid([...this.#zones.values()]);
    for (const warning of this.#warnings.values()) {
      if (warning.zoneId !== id || !stands(warning)) continue;
      if (warning.state === "cleared") this.#unquiet(warning);
      else this.#clear(warning, "zone-removed", {}, timeUs, tracks);
    }
  }

  // Reads

  get warnings(): ReadonlyMap<string, PictureWarning> {
    return this.#warnings;
  }
  get anyStands(): boolean {
    return this.#standing.size > 0;
  }
  takeIntents(): readonly Intent[] {
    const taken = this.#intents;
    this.#intents = [];
    return taken;
  }

  /** Takes a warning out of a snapshot. */
  restore(warning: PictureWarning): void {
    this.#warnings.set(warning.id, warning);
    if (stands(warning)) this.#stand(warning);
    if (warning.state === "cleared") this.#cleared += 1;
  }

  // Officers

  acknowledge(id: string, by: string, timeUs: number): boolean {
    const warning = this.#warnings.get(id);
    if (warning === undefined || warning.state !== "raised") return false;
    warning.state = "acknowledged";
    warning.acknowledgedBy = by;
    warning.acknowledgedUs = timeUs;
    warning.acknowledgedLevel = warning.level;
    this.#tell(warning, "acknowledged", timeUs);
    return true;
  }

  clearByOfficer(id: string, by: string, reason: string, timeUs: number, tracks: ReadonlyMap<number, Track>): boolean {
    const warning = this.#warnings.get(id);
    if (warning === undefined || warning.state === "cleared") return false;
    warning.clearedReason = reason;
    // It stays known as standing, quietly, so that the same danger does not cry again at once.
    warning.quiet = true;
    this.#clear(warning, "cleared-by-officer", { by }, timeUs, tracks);
    return true;
  }

  /** Two tracks were one aircraft: the danger goes on under the track that stays, and nobody hears a second alarm. */
  merged(from: Track, into: Track, timeUs: number): void {
    const moved = this.#standing.get(from.number);
    if (moved === undefined) return;
    const own = this.#standing.get(into.number) ?? [];
    for (const warning of [...moved]) {
      this.#unstand(warning);
      if (own.some(({ zoneId }) => zoneId === warning.zoneId)) {
        // Both stood: the one of the track that stays goes on, and this one is over without a further alarm.
        warning.quiet = false;
        if (warning.state !== "cleared") {
          warning.state = "cleared";
          this.#cleared += 1;
          warning.why.push({ code: "track-ended", timeUs, values: { mergedInto: into.id } });
          this.#tell(warning, "cleared", timeUs);
        }
        continue;
      }
      warning.trackNumber = into.number;
      warning.trackId = into.id;
      this.#stand(warning);
      if (warning.state !== "cleared") into.danger = true;
    }
  }

  // Ticks

  /** Judges every track against the zones near it. */
  judge(tracks: ReadonlyMap<number, Track>, timeUs: number): void {
    const settings = this.#settings;
    if (this.#zones.size > 0) {
      let track: Track;
      let standing: PictureWarning[] | undefined;
      let reach = 0;
      let highest: Level | undefined;
      const consider = (watched: WatchedZone): void => {
        if (outOfReach(track, watched, reach)) return;
        const { id } = watched.zone;
        if (standing !== undefined) for (const warning of standing) if (warning.zoneId === id) return;
        const danger = limited(judge(track, watched, timeUs, settings), highest);
        if (danger.level === undefined) return;
        this.#raise(track, watched, danger.level, danger, timeUs);
        standing = this.#standing.get(track.number);
      };
      for (track of tracks.values()) {
        standing = this.#standing.get(track.number);
        if (standing !== undefined) for (const warning of [...standing]) this.#update(warning, track, tracks, timeUs);
        standing = this.#standing.get(track.number);
        reach = reachM(track, settings);
        highest = highestLevel(track, timeUs, settings);
        this.#grid.near(track, reach, consider);
      }
    }
    if (this.#standing.size === 0) return;
    // Warnings whose track has gone, in the order of raising.
    for (const warning of this.#warnings.values()) {
      if (!stands(warning) || tracks.has(warning.trackNumber)) continue;
      if (warning.state === "cleared") this.#unquiet(warning);
      else if (timeUs - warning.lastHeardUs >= settings.lostClearAfterUs) {
        const lastHeardS = Math.round((timeUs - warning.lastHeardUs) / 1e6);
        this.#clear(warning, "track-ended", { lastHeardS }, timeUs, tracks);
      }
    }
  }

  /** Whether the track must be kept though it was not heard for long: what is in danger has not been told that it is over. */
  holds(trackNumber: number): boolean {
    return this.#standing.get(trackNumber)?.some(({ state }) => state !== "cleared") ?? false;
  }

  #update(warning: PictureWarning, track: Track, tracks: ReadonlyMap<number, Track>, timeUs: number): void {
    const watched = this.#zones.get(warning.zoneId);
    if (watched === undefined) return;
    const { clearAfterUs, stepDownAfterUs, refreshUs, coastAfterUs } = this.#settings;
    const danger = limited(judge(track, watched, timeUs, this.#settings), highestLevel(track, timeUs, this.#settings));
    const rank = danger.level === undefined ? -1 : LEVELS.indexOf(danger.level);
    const shown = LEVELS.indexOf(warning.level);
    warning.lastHeardUs = track.heardUs;
    // A track that is not heard proves no departure: what it was last seen doing stands until it is heard, or cleared as lost.
    const lost = timeUs - track.heardUs >= coastAfterUs || timeUs - track.lastUs > 2 * coastAfterUs;
    if (warning.quiet) {
      // Cleared by an officer: silent until the danger has been over for a while, or has become greater than what was cleared.
      if (danger.level !== undefined && rank > shown) {
        this.#unquiet(warning);
        this.#raise(track, watched, danger.level, danger, timeUs);
      } else if (rank >= 0 || lost) delete warning.lowerSinceUs;
      else if (timeUs - (warning.lowerSinceUs ??= timeUs) >= clearAfterUs) this.#unquiet(warning);
      return;
    }
    warning.edgeDistanceM = danger.edgeDistanceM;
    warning.centreDistanceM = danger.centreDistanceM;
    warning.azimuthDeg = danger.azimuthDeg;
    setClosest(warning, danger.reachesInS);
    if (danger.level !== undefined && rank > shown) {
      warning.level = danger.level;
      if (warning.why.length >= MAX_REASONS) warning.why.splice(1, 1);
      warning.why.push(reasonOf(danger, timeUs));
      delete warning.lowerSinceUs;
      if (warning.state === "acknowledged" && rank > LEVELS.indexOf(warning.acknowledgedLevel ?? "advisory")) warning.state = "raised";
      this.#tell(warning, "updated", timeUs);
      return;
    }
    if (rank === shown || lost) delete warning.lowerSinceUs;
    else {
      const lowUs = timeUs - (warning.lowerSinceUs ??= timeUs);
      if (rank < 0 && lowUs >= clearAfterUs) {
        this.#clear(warning, "left-zone", { edgeDistanceM: Math.round(danger.edgeDistanceM) }, timeUs, tracks);
        return;
      }
      const lower = danger.level ?? "advisory";
      if (lowUs >= stepDownAfterUs && lower !== warning.level) {
        warning.level = lower;
        // The lower level has to hold as long again before the next step.
        if (rank >= 0) delete warning.lowerSinceUs;
        this.#tell(warning, "updated", timeUs);
        return;
      }
    }
    if (timeUs - warning.changedUs >= refreshUs) this.#tell(warning, "updated", timeUs);
  }

  #raise(track: Track, watched: WatchedZone, level: Level, danger: Danger, timeUs: number): void {
    const { maxStandingPerZone, maxWarningsPerZone, maxClearedWarnings } = this.#settings;
    const { zone } = watched;
    const room = level === "warning" ? maxWarningsPerZone : maxStandingPerZone;
    if ((this.#load.get(`${track.drill}|${zone.id}`) ?? 0) >= room) {
      this.notRaised += 1;
      return;
    }
    if (this.#cleared > maxClearedWarnings) this.#forgetCleared();
    const id = `W-${track.id}-${zone.id}-${Math.round(timeUs / 1000).toString(36)}` as WarningId;
    const warning: PictureWarning = {
      id,
      trackNumber: track.number,
      trackId: track.id,
      zoneId: zone.id,
      zoneName: zone.name,
      drill: track.drill,
      recorded: track.recorded,
      raisedUs: timeUs,
      level,
      state: "raised",
      changedUs: timeUs,
      edgeDistanceM: danger.edgeDistanceM,
      centreDistanceM: danger.centreDistanceM,
      azimuthDeg: danger.azimuthDeg,
      why: [reasonOf(danger, timeUs)],
      lastHeardUs: track.heardUs,
      quiet: false,
    };
    setClosest(warning, danger.reachesInS);
    this.#warnings.set(id, warning);
    this.#stand(warning);
    track.danger = true;
    this.#touch(track);
    this.#tell(warning, "raised", timeUs);
  }

  /** Forgets the oldest cleared warning. */
  #forgetCleared(): void {
    for (const [id, warning] of this.#warnings) {
      if (stands(warning)) continue;
      this.#warnings.delete(id);
      this.#cleared -= 1;
      return;
    }
  }

  #clear(
    warning: PictureWarning,
    code: WhyCode,
    values: Readonly<Record<string, number | string>>,
    timeUs: number,
    tracks: ReadonlyMap<number, Track>,
  ): void {
    warning.state = "cleared";
    this.#cleared += 1;
    warning.why.push({ code, timeUs, values });
    delete warning.closestInS;
    delete warning.lowerSinceUs;
    if (!warning.quiet) this.#unstand(warning);
    const track = tracks.get(warning.trackNumber);
    if (track !== undefined) {
      track.danger = this.holds(track.number);
      this.#touch(track);
    }
    this.#tell(warning, "cleared", timeUs);
  }

  #unquiet(warning: PictureWarning): void {
    warning.quiet = false;
    delete warning.lowerSinceUs;
    this.#unstand(warning);
  }

  #stand(warning: PictureWarning): void {
    const list = this.#standing.get(warning.trackNumber);
    if (list === undefined) this.#standing.set(warning.trackNumber, [warning]);
    else {
      list.push(warning);
      // In the order in which they were raised, however they came here: a restored picture has the same order.
      list.sort((a, b) => a.raisedUs - b.raisedUs || (a.id < b.id ? -1 : 1));
    }
    const key = `${warning.drill}|${warning.zoneId}`;
    this.#load.set(key, (this.#load.get(key) ?? 0) + 1);
  }

  #unstand(warning: PictureWarning): void {
    const list = this.#standing.get(warning.trackNumber);
    const at = list?.indexOf(warning) ?? -1;
    if (list === undefined || at < 0) return;
    if (list.length === 1) this.#standing.delete(warning.trackNumber);
    else list.splice(at, 1);
    const key = `${warning.drill}|${warning.zoneId}`;
    const load = (this.#load.get(key) ?? 1) - 1;
    if (load === 0) this.#load.delete(key);
    else this.#load.set(key, load);
  }

  #tell(warning: PictureWarning, change: Intent["change"], timeUs: number): void {
    warning.changedUs = timeUs;
    this.#intents.push({ type: "warning", id: warning.id, timeUs, change });
  }
}

function reasonOf({ inside, edgeDistanceM, reachesInS }: Danger, timeUs: number): Reason {
  const values = { edgeDistanceM: Math.round(edgeDistanceM), ...(reachesInS === undefined ? {} : { reachesInS: Math.round(reachesInS) }) };
  return { code: inside ? "inside-zone" : "approaching-zone", timeUs, values };
}
