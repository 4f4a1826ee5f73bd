// The TAK outlet: tracks, dangers, zones and sensors to all who have to do with us in TAK; each event made once, a track once a second at most, a danger
// again and again until it is over.
import type { Built, CotEvent } from "@atalaya/cot";
import {
  type BulletinNotice,
  type BulletinOverdue,
  type DangerRules,
  type PictureWarning,
  SYSTEM_SENSOR,
  type Track,
} from "@atalaya/picture";
import type { Language } from "@atalaya/words";
import type { Sector, TickResult } from "../sector.ts";
import type { TakLinks } from "../sources/tak/links.ts";
import { Outgoing, OutgoingBatch } from "../sources/tak/outgoing.ts";
import type { Outlet, OutletHealth, OutletReports, TestOutcome, ToldIntent } from "./outlet.ts";
import { type HubNames, TakEvents } from "./tak-events.ts";
import { TakPeople } from "./tak-people.ts";
import { clearedText, type LevelOut, moreText, warningText } from "./tak-words.ts";

const TRACK_EVERY_MS = 1000;
/**
 * Of tracks in no danger all clients together are sent so many events a second, those that have waited longest first: with thousands of tracks and a
 * hundred clients each is told less often, and new ones come a little at a time. One that clients would soon let grey goes in any case.
 */
const TRACK_EVENTS_PER_S = 30_000;
const TRACK_SELDOM_MS = 12_000;
/** What is left over of one tick is not saved for a burst later: at most so long is made good. */
const SAVED_MS = 200;
/** Clients let an alarm last ten seconds. */
const ALARM_EVERY_MS = 6000;
/** An end is said a few times: on a mesh, one may be lost. */
const ENDS = 3;
const STANDING_EVERY_MS = 60_000;
const PRESENCE_EVERY_MS = 30_000;
/** How often is looked whether a zone or a sensor has changed, and how old what a newcomer gets may be: hundreds come at once after a break. */
const LOOK_EVERY_MS = 1000;
/** Words to everybody in ten seconds; more dangers are counted in one line. The alarms themselves are never held back. */
const MAX_CHATS = 5;
const CHATS_WITHIN_MS = 10_000;

interface Told extends Pick<CotEvent, "uid" | "type" | "point"> {
  readonly ms: number;
}

interface Ending {
  readonly event: Outgoing;
  left: number;
  nextMs: number;
}

export class TakOutlet implements Outlet {
  readonly name = "tak";
  readonly channel = "tak";
  readonly #people: TakPeople;
  readonly #sector: Pick<Sector, "picture" | "onTick">;
  readonly #links: TakLinks;
  readonly #events: TakEvents;
  readonly #now: () => number;
  /** Tracks that TAK knows, by number. */
  readonly #tracks = new Map<number, Told>();
  /** Tracks with something new to say. */
  readonly #due = new Set<number>();
  /** Zones, sensors and receivers that TAK knows, by uid. */
  readonly #standing = new Map<string, Told>();
  /** Dangers that TAK knows: when they are said again, and the level that was put in words. */
  readonly #alarms = new Map<string, { ms: number; level: LevelOut; place: { latDeg: number; lonDeg: number } }>();
  #endings: Ending[] = [];
  #standingMs = Number.NEGATIVE_INFINITY;
  #standingSeen = "";
  #lookedMs = Number.NEGATIVE_INFINITY;
  #wholeBatch: { readonly ms: number; readonly batch: OutgoingBatch } | undefined;
  /** Tracks in no danger that may be told now, and when that was reckoned. */
  #mayTell = 0;
  #reckonedMs = Number.NEGATIVE_INFINITY;
  #presenceMs = Number.NEGATIVE_INFINITY;
  #chats: number[] = [];
  #unsaid = 0;
  /** Events that cannot be written. */
  unwritable = 0;
  #stop: (() => void) | undefined;

  constructor(sector: Pick<Sector, "picture" | "onTick">, links: TakLinks, names: HubNames, now: () => number = Date.now) {
    this.#sector = sector;
    this.#links = links;
    this.#events = new TakEvents(names);
    this.#now = now;
    const centre = (): { latDeg: number; lonDeg: number } => this.#centre();
    this.#people = new TakPeople({ picture: () => sector.picture, links, events: this.#events, centre, now });
  }

  start(reports: OutletReports): void {
    this.#people.start(reports);
    for (const { number } of this.#sector.picture.tracks()) this.#due.add(number);
    this.#links.standing = () => this.#whole();
    this.#stop = this.#sector.onTick((tick) => this.#tick(tick));
  }

  async stop(): Promise<void> {
    this.#stop?.();
    this.#people.stop();
    this.#links.standing = () => undefined;
  }

  tell(intent: ToldIntent): void {
    this.#people.tell(intent);
  }

  tellBulletin(notice: BulletinNotice): void {
    this.#people.tellBulletin(notice);
  }
  tellOverdue(intent: BulletinOverdue): void {
    this.#people.tellOverdue(intent);
  }

  /** It is there while the hub is; whether a device is, is said for each person who is told by it. */
  health(): OutletHealth {
    return { state: "up", ...this.#people.health(), connected: this.#links.size };
  }

  test(address: string, language: Language): Promise<TestOutcome> {
    return this.#people.try(address, language);
  }

  #tick({ changed, removed, intents, renewed }: TickResult): void {
    const nowMs = this.#now();
    this.#people.tick();
    const out: Outgoing[] = [];
    this.#dangers(out, intents, nowMs);
    const { picture } = this.#sector;
    for (const number of changed) this.#due.add(number);
    if (renewed) {
      for (const { number } of picture.tracks()) this.#due.add(number);
      for (const number of this.#tracks.keys()) if (picture.track(number) === undefined) this.#gone(out, number, nowMs);
    }
    for (const number of removed) this.#gone(out, number, nowMs);
    const perS = TRACK_EVENTS_PER_S / Math.max(1, this.#links.receivers);
    this.#mayTell = Math.min(perS * (SAVED_MS / 1000), this.#mayTell + (perS * (nowMs - this.#reckonedMs)) / 1000);
    this.#reckonedMs = nowMs;
    for (const number of this.#due) this.#track(out, number, nowMs);
    this.#areas(out, nowMs);
    if (nowMs - this.#presenceMs >= PRESENCE_EVERY_MS) {
      this.#presenceMs = nowMs;
      this.#add(out, "presence", this.#events.presence(this.#centre(), nowMs), false);
    }
    if (out.length > 0) this.#links.send(new OutgoingBatch(out));
  }

  #centre(): { latDeg: number; lonDeg: number } {
    const centre = this.#sector.picture.sector?.centre;
    // A sector that nobody has placed: somewhere, but not where everything without a place is drawn.
    return centre === undefined || (centre.latDeg === 0 && centre.lonDeg === 0) ? { latDeg: 0.001, lonDeg: 0.001 } : centre;
  }

  #add(
    out: Outgoing[],
    key: string,
    built: Built | { readonly event: CotEvent },
    urgent: boolean,
    onlyFrom?: string,
  ): Outgoing | undefined {
    if ("refused" in built) {
      this.unwritable += 1;
      return undefined;
    }
    const outgoing = new Outgoing(key, built.event, urgent, onlyFrom);
    out.push(outgoing);
    return outgoing;
  }

  // Tracks

  #track(out: Outgoing[], number: number, nowMs: number): void {
    const told = this.#tracks.get(number);
    const sinceMs = told === undefined ? Number.POSITIVE_INFINITY : nowMs - told.ms;
    if (sinceMs < TRACK_EVERY_MS) return;
    const track = this.#sector.picture.track(number);
    // It stays where it is in the line.
    if (track?.danger !== true && this.#mayTell < 1 && !(told !== undefined && sinceMs >= TRACK_SELDOM_MS)) return;
    this.#due.delete(number);
    if (track === undefined) return;
    if (!isShown(track) || !this.#mayShow(track)) {
      // What was shown and is none to be shown any more (a bird after all) is taken away; what merely coasts greys by itself.
      if (told !== undefined && (track.kind === "bird" || !this.#mayShow(track))) this.#gone(out, number, nowMs);
      return;
    }
    const built = this.#events.track(track, nowMs, (this.#sector.picture.timeUs - track.lastUs) / 1000);
    const added = this.#add(out, this.#events.trackUid(track.id), built, false, onlyFrom(track));
    if (added === undefined) return;
    this.#tracks.set(number, { ...identified(added.event), ms: nowMs });
    if (!track.danger) this.#mayTell -= 1;
  }

  #gone(out: Outgoing[], number: number, nowMs: number): void {
    this.#due.delete(number);
    const told = this.#tracks.get(number);
    if (told === undefined) return;
    this.#tracks.delete(number);
    this.#add(out, told.uid, { event: this.#events.gone(told, nowMs) }, true);
  }

  // Zones, sensors

  #areas(out: Outgoing[], nowMs: number): void {
    const { picture } = this.#sector;
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    const seen = this.#fingerprint();
    if (seen === this.#standingSeen && nowMs - this.#standingMs < STANDING_EVERY_MS) return;
    this.#standingSeen = seen;
    this.#standingMs = nowMs;
    const now = new Map<string, Told>();
    const add = (built: Built): void => {
      const added = this.#add(out, "event" in built ? built.event.uid : "", built, false);
      if (added !== undefined) now.set(added.event.uid, { ...identified(added.event), ms: nowMs });
    };
    for (const zone of picture.zones()) add(this.#events.zone(zone, nowMs));
    const origins = new Map(picture.sources().map(({ definition }) => [definition.id, definition.origin]));
    for (const sensor of picture.sensors()) {
      // Where our people stand is told to nobody here.
      if (sensor.declaration.kind !== "human") add(this.#events.sensor(sensor, origins.get(sensor.source) === "synthetic", nowMs));
    }
    for (const { definition } of picture.sources()) {
      const { id, name, position, origin, format } = definition;
      if (position !== undefined && format !== "detections" && format !== "cot")
        add(this.#events.receiver(id, name, position, origin === "synthetic", nowMs));
    }
    for (const [uid, told] of this.#standing) if (!now.has(uid)) this.#add(out, uid, { event: this.#events.gone(told, nowMs) }, true);
    this.#standing.clear();
    for (const [uid, told] of now) this.#standing.set(uid, told);
  }

  /** Changes when a zone, a sensor or a source comes, goes or moves. */
  #fingerprint(): string {
    const { picture } = this.#sector;
    let text = "";
    for (const { declaration, source } of picture.sensors())
      text += `${source} ${declaration.id} ${declaration.latDeg} ${declaration.lonDeg};`;
    for (const { definition } of picture.sources())
      text += `${definition.id} ${definition.position?.latDeg} ${definition.position?.lonDeg};`;
    return text + JSON.stringify(picture.zones());
  }

  // Dangers

  /** A drill sounds only where it is meant to; nowhere while a real danger stands. */
  #levelOut(warning: Readonly<PictureWarning>): ReturnType<typeof levelOut> {
    if (warning.drill) {
      const { drillScope } = this.#sector.picture;
      if (drillScope?.pausedUs !== undefined || drillScope?.channels.includes("tak") !== true) return undefined;
    }
    const { rules, timeUs } = this.#sector.picture;
    return levelOut(warning, rules, timeUs);
  }
  /** A drill that says which channels it reaches, and leaves this one out, is not on its maps either. */
  #mayShow({ drill }: Readonly<Track>): boolean {
    return !drill || (this.#sector.picture.drillScope?.channels.includes("tak") ?? true);
  }

  #place(warning: Readonly<PictureWarning>): { latDeg: number; lonDeg: number } {
    const track = this.#sector.picture.track(warning.trackNumber);
    if (track !== undefined) return { latDeg: track.latDeg, lonDeg: track.lonDeg };
    return this.#alarms.get(warning.id)?.place ?? this.#centre();
  }

  #dangers(out: Outgoing[], intents: TickResult["intents"], nowMs: number): void {
    const { picture } = this.#sector;
    for (const intent of intents) {
      const warning = intent.type === "warning" ? picture.warning(intent.id) : undefined;
      if (warning === undefined) continue;
      if (this.#levelOut(warning) === undefined) this.#end(out, warning, nowMs);
      else this.#raise(out, warning, nowMs);
    }
    // Those that nothing was said of for a while; also after a restart, when nobody wants anything told anew.
    for (const warning of picture.warnings()) {
      const told = this.#alarms.get(warning.id);
      if (this.#levelOut(warning) === undefined) {
        // Put aside, withheld, or a drill that ended or is paused: no change of the warning itself.
        if (told !== undefined && warning.state !== "cleared") this.#end(out, warning, nowMs);
        continue;
      }
      if (told === undefined || nowMs - told.ms >= ALARM_EVERY_MS) this.#raise(out, warning, nowMs);
    }
    // A warning that was forgotten while it stood here (its zone is gone and its reading with it) must not go on.
    for (const id of this.#alarms.keys()) if (picture.warning(id) === undefined) this.#alarms.delete(id);
    for (const ending of this.#endings) {
      if (nowMs < ending.nextMs) continue;
      out.push(ending.event);
      ending.left -= 1;
      ending.nextMs = nowMs + ALARM_EVERY_MS;
    }
    this.#endings = this.#endings.filter(({ left }) => left > 0);
    if (this.#unsaid > 0 && this.#mayChat(nowMs)) {
      const count = this.#unsaid;
      this.#unsaid = 0;
      const drill = picture.sources().some(({ definition }) => definition.origin === "synthetic");
      this.#say(out, `more-${nowMs}`, moreText(count, drill), drill, this.#centre(), nowMs);
    }
  }

  #raise(out: Outgoing[], warning: Readonly<PictureWarning>, nowMs: number): void {
    const { id, drill } = warning;
    const level = this.#levelOut(warning);
    if (level === undefined) return;
    const told = this.#alarms.get(id);
    // Figures change every second; the alarm is said again when its level does, or when it is time.
    if (told !== undefined && told.level === level && nowMs - told.ms < ALARM_EVERY_MS) return;
    const place = this.#place(warning);
    this.#alarms.set(id, { ms: nowMs, level, place });
    this.#endings = this.#endings.filter(({ event }) => event.key !== this.#events.warningUid(id));
    this.#add(out, this.#events.warningUid(id), this.#events.warning(warning, level, place, nowMs), true);
    if (told?.level === level) return;
    if (this.#mayChat(nowMs))
      this.#say(out, `${id}-${level}-${Math.round(warning.changedUs / 1000)}`, warningText(warning, level), drill, place, nowMs);
    else this.#unsaid += 1;
  }

  #end(out: Outgoing[], warning: Readonly<PictureWarning>, nowMs: number): void {
    const { id, drill, state, mergedInto } = warning;
    if (!this.#alarms.has(id)) return;
    const place = this.#place(warning);
    this.#alarms.delete(id);
    const key = this.#events.warningUid(id);
    const said = this.#add(out, key, this.#events.warningOver(warning, place, nowMs), true);
    if (said !== undefined) this.#endings.push({ event: said, left: ENDS - 1, nextMs: nowMs + ALARM_EVERY_MS });
    // What turned out to be the same danger as another goes on as that one: nothing is over.
    if (state === "cleared" && mergedInto === undefined && this.#mayChat(nowMs))
      this.#say(out, `${id}-cleared`, clearedText(warning), drill, place, nowMs);
  }

  #mayChat(nowMs: number): boolean {
    this.#chats = this.#chats.filter((ms) => nowMs - ms < CHATS_WITHIN_MS);
    return this.#chats.length < MAX_CHATS;
  }

  #say(out: Outgoing[], messageId: string, text: string, drill: boolean, place: { latDeg: number; lonDeg: number }, nowMs: number): void {
    this.#chats.push(nowMs);
    const event = this.#events.chat({ messageId, text, place, drill }, nowMs);
    this.#add(out, event.uid, { event }, true);
  }

  /** All that stands now, for one who has just come. */
  #whole(): OutgoingBatch {
    const nowMs = this.#now();
    const known = this.#wholeBatch;
    if (known !== undefined && nowMs - known.ms < LOOK_EVERY_MS) return known.batch;
    const batch = this.#everything(nowMs);
    this.#wholeBatch = { ms: nowMs, batch };
    return batch;
  }

  #everything(nowMs: number): OutgoingBatch {
    const { picture } = this.#sector;
    const out: Outgoing[] = [];
    this.#add(out, "presence", this.#events.presence(this.#centre(), nowMs), false);
    for (const warning of picture.warnings()) {
      const level = this.#levelOut(warning);
      if (level === undefined) continue;
      this.#add(out, this.#events.warningUid(warning.id), this.#events.warning(warning, level, this.#place(warning), nowMs), true);
    }
    for (const zone of picture.zones()) {
      const built = this.#events.zone(zone, nowMs);
      this.#add(out, "event" in built ? built.event.uid : "", built, false);
    }
    for (const track of picture.tracks()) {
      if (!isShown(track) || !this.#mayShow(track)) continue;
      const agedMs = (picture.timeUs - track.lastUs) / 1000;
      this.#add(out, this.#events.trackUid(track.id), this.#events.track(track, nowMs, agedMs), false, onlyFrom(track));
    }
    // Sensors come with the next minute.
    this.#standingMs = Number.NEGATIVE_INFINITY;
    return new OutgoingBatch(out);
  }
}

function identified({ uid, type, point }: CotEvent): Pick<CotEvent, "uid" | "type" | "point"> {
  return { uid, type, point };
}

function isShown({ status, kind, recorded }: Readonly<Track>): boolean {
  return status === "confirmed" && kind !== "bird" && !recorded;
}

/**
 * The level that everybody is told: of those up to the warning's, the highest that no officer has withheld or has still to decide on. Undefined:
 * nothing is told. Advisories are on the map as tracks; an alarm is for those who should do something.
 */
function levelOut(warning: Readonly<PictureWarning>, { send }: DangerRules, timeUs: number): LevelOut | undefined {
  const { state, level, recorded, decisions, shelved, raisedUs } = warning;
  if (state === "cleared" || recorded || shelved !== undefined) return undefined;
  const mayGo = (asked: LevelOut): boolean => {
    const decision = decisions.find((known) => known.level === asked);
    if (decision !== undefined) return decision.outcome === "send";
    const right = send[asked];
    // Officers are asked where people are to be told; where zones alone are in danger, the time runs from the raising.
    return right.by === "automatic" || (right.otherwise === "send" && timeUs - raisedUs >= right.withinS * 1e6);
  };
  if (level === "warning" && mayGo("warning")) return "warning";
  return level !== "advisory" && mayGo("caution") ? "caution" : undefined;
}

/** The one network on whose word alone a track rests. */
function onlyFrom({ heardBy, measured }: Readonly<Track>): string | undefined {
  if (measured === undefined || heardBy.length > 0) return undefined;
  const [first] = measured.sensors;
  if (first === undefined || !measured.sensors.every((sensor) => sensor === first)) return undefined;
  const end = `/${SYSTEM_SENSOR}`;
  return first.endsWith(end) ? first.slice(0, -end.length) : undefined;
}
