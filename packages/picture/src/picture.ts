// The picture: entries of the journal in, state and intents out. No clock, no randomness: the same entries give the same bytes.
import { flatDistanceM, mslFromHaeM } from "@atalaya/geodesy";
import {
  checkUasId,
  type DecodedElement,
  decodeFrame,
  decodeOperator,
  type Location,
  type Message,
  type Observation,
  utf8,
  utf8Bytes,
} from "@atalaya/remote-id";
import { judge, type Level, LEVELS } from "./danger.ts";
import {
  decodeFramePayload,
  decodeRecord,
  type Entry,
  type LatLon,
  type SourceDefinition,
  type TypedRecord,
  type ZoneDefinition,
} from "./entry.ts";
import type { Intent, TrackNumber, WarningId } from "./intent.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { type FindingCode, type HeardBy, type IdentityClaim, type IdentityKind, note, type Track, trackId } from "./track.ts";
import { type ZonePlane, zonePlane } from "./zone-geometry.ts";

export type WhyCode = "inside-zone" | "approaching-zone" | "left-zone" | "track-ended" | "zone-removed" | "cleared-by-officer";

export interface Reason {
  readonly code: WhyCode;
  readonly timeUs: number;
  readonly values: Readonly<Record<string, number | string>>;
}

export interface PictureWarning {
  readonly id: WarningId;
  readonly trackNumber: TrackNumber;
  readonly trackId: string;
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
  clearedReason?: string;
  lastHeardUs: number;
  /** Since when the danger has been lower than the level shown; absent while it is not. */
  lowerSinceUs?: number;
  /** Cleared by an officer while the danger lasted: it stays quiet until the danger is over once. */
  quiet: boolean;
}

export interface SourceState {
  readonly definition: SourceDefinition;
  state: "starting" | "hearing" | "silent" | "ended" | "failed";
  reason?: string;
  lastFrameUs?: number;
  frames: number;
  refused: number;
  /** Refusals by code, at most 20 codes. */
  refusals: Record<string, number>;
  /** Sensor clock minus hub clock, µs, smoothed. */
  clockOffsetUs?: number;
  /** Frames of the second that runs, and of the last full one. */
  secondUs: number;
  secondFrames: number;
  framesPerS: number;
  /** New tracks in the ten seconds that run. */
  floodSinceUs: number;
  floodTracks: number;
  floodRefused: number;
  removed: boolean;
}

interface Emitter {
  track?: TrackNumber;
  uaType?: number;
  identities: IdentityClaim[];
  heardUs: number;
}

/** The state as plain data; a snapshot is this as JSON. */
interface State {
  version: 1;
  settings: Settings;
  seq: number;
  timeUs: number;
  sector?: { readonly name: string; readonly centre: LatLon };
  malformedRecords: number;
  purgedEntries: number;
  unknownSourceFrames: number;
  clockSteps: number;
  operatorLooks: number;
  sources: [string, SourceState][];
  zones: [string, ZoneDefinition][];
  emitters: [string, Emitter][];
  tracks: [number, Track][];
  warnings: [string, PictureWarning][];
}

/** 95 % horizontal error by accuracy code, m (F3411-22a, horizontal accuracy). */
const HORIZONTAL_ERROR_M: Readonly<Record<number, number>> = {
  1: 18_520,
  2: 7408,
  3: 3704,
  4: 1852,
  5: 926,
  6: 555.6,
  7: 185.2,
  8: 92.6,
  9: 30,
  10: 10,
  11: 3,
  12: 1,
};

const IDENTITY_KIND: Readonly<Record<number, IdentityKind>> = { 1: "serial", 2: "registration", 3: "utm", 4: "session" };

interface Report {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly location?: Location;
  readonly courseDeg?: number | undefined;
  readonly speedMps?: number | undefined;
  readonly verticalSpeedMps?: number | undefined;
  readonly heightMslM?: number | undefined;
  readonly heightAboveTakeoffM?: number | undefined;
}

function setOrDelete<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}

/** The position that an element reports, if it reports one. */
function reportOf(messages: readonly Message[]): Report | undefined {
  for (const message of messages) {
    if (message.type === "location" && message.latitude !== undefined && message.longitude !== undefined) {
      return {
        latDeg: message.latitude,
        lonDeg: message.longitude,
        location: message,
        courseDeg: message.direction,
        speedMps: message.speed,
        verticalSpeedMps: message.verticalSpeed,
      };
    }
    if (message.type === "french" && message.latitude !== undefined && message.longitude !== undefined) {
      return {
        latDeg: message.latitude,
        lonDeg: message.longitude,
        courseDeg: message.course,
        speedMps: message.speed,
        heightMslM: message.altitude,
        heightAboveTakeoffM: message.height,
      };
    }
    if (message.type === "dji" && message.latitude !== undefined && message.longitude !== undefined) {
      const speedMps = Math.hypot(message.speedNorth, message.speedEast);
      const courseDeg = speedMps === 0 ? undefined : ((Math.atan2(message.speedEast, message.speedNorth) * 180) / Math.PI + 360) % 360;
      return {
        latDeg: message.latitude,
        lonDeg: message.longitude,
        courseDeg,
        speedMps,
        verticalSpeedMps: message.speedUp,
        heightMslM: message.altitude,
        heightAboveTakeoffM: message.height,
      };
    }
  }
  return undefined;
}

/** What an element says of who it is. */
function claimsOf(messages: readonly Message[]): { readonly claims: readonly IdentityClaim[]; readonly uaType: number | undefined } {
  const claims: IdentityClaim[] = [];
  let uaType: number | undefined;
  for (const message of messages) {
    if (message.type === "basicId") {
      if (message.uaType !== 0) uaType = message.uaType;
      if (message.uasId === undefined || message.uasId === "") continue;
      const kind = IDENTITY_KIND[message.idType] ?? "other";
      if (kind === "other") claims.push({ kind, value: message.uasId });
      else {
        const check = checkUasId(message.idType, message.uasId);
        claims.push({ kind, value: message.uasId, valid: check.ok, ...(check.ok ? {} : { problem: check.detail }) });
      }
    } else if (message.type === "operatorId" && message.operatorId !== "") claims.push({ kind: "operator-id", value: message.operatorId });
    else if (message.type === "selfId" && message.description !== "") claims.push({ kind: "self-id", value: message.description });
    else if (message.type === "dji" && message.serial !== "") claims.push({ kind: "serial", value: message.serial });
    else if (message.type === "french") {
      if (message.idAnsi !== undefined) claims.push({ kind: "serial", value: message.idAnsi });
      else if (message.idFr !== undefined) claims.push({ kind: "registration", value: message.idFr });
    }
  }
  return { claims, uaType };
}

/** Kinds of identity by which two emitters are one aircraft. */
function names(kind: IdentityKind): boolean {
  return kind === "serial" || kind === "registration" || kind === "utm" || kind === "session" || kind === "other";
}

export class Picture {
  readonly #settings: Settings;
  #seq = 0;
  #timeUs = 0;
  #sector: State["sector"];
  #counts = { malformedRecords: 0, purgedEntries: 0, unknownSourceFrames: 0, clockSteps: 0, operatorLooks: 0 };
  readonly #sources = new Map<string, SourceState>();
  readonly #zones = new Map<string, ZonePlane>();
  readonly #emitters = new Map<string, Emitter>();
  readonly #tracks = new Map<number, Track>();
  /** Identity → tracks that claim it; rebuilt from the tracks. */
  readonly #claimants = new Map<string, Set<number>>();
  readonly #warnings = new Map<string, PictureWarning>();
  /** Track and zone → the warning that stands, so that none is raised twice. */
  readonly #standing = new Map<string, PictureWarning>();
  #intents: Intent[] = [];
  #changed = new Set<number>();
  #removed: number[] = [];

  constructor(settings: Partial<Settings> = {}) {
    this.#settings = { ...defaultSettings, ...settings };
  }

  /** A picture from its snapshot; its settings travel in it. */
  static restore(snapshot: Uint8Array): Picture | { readonly refused: string } {
    let state: State;
    try {
      state = JSON.parse(utf8(snapshot)) as State;
    } catch {
      return { refused: "not-a-snapshot" };
    }
    if (state.version !== 1) return { refused: "other-version" };
    const picture = new Picture(state.settings);
    picture.#seq = state.seq;
    picture.#timeUs = state.timeUs;
    picture.#sector = state.sector;
    const { malformedRecords, purgedEntries, unknownSourceFrames, clockSteps, operatorLooks } = state;
    picture.#counts = { malformedRecords, purgedEntries, unknownSourceFrames, clockSteps, operatorLooks };
    for (const [id, source] of state.sources) picture.#sources.set(id, source);
    for (const [id, zone] of state.zones) picture.#zones.set(id, zonePlane(zone));
    for (const [key, emitter] of state.emitters) picture.#emitters.set(key, emitter);
    for (const [number, track] of state.tracks) {
      picture.#tracks.set(number, track);
      for (const claim of track.identities) picture.#claim(claim, number);
      picture.#changed.add(number);
    }
    for (const [id, warning] of state.warnings) {
      picture.#warnings.set(id, warning);
      if (warning.state !== "cleared" || warning.quiet) picture.#standing.set(`${warning.trackNumber}|${warning.zoneId}`, warning);
    }
    return picture;
  }

  /** Canonical bytes of the state: equal states give equal bytes. */
  snapshot(): Uint8Array {
    const state: State = {
      version: 1,
      settings: this.#settings,
      seq: this.#seq,
      timeUs: this.#timeUs,
      ...(this.#sector === undefined ? {} : { sector: this.#sector }),
      ...this.#counts,
      sources: [...this.#sources],
      zones: [...this.#zones].map(([id, { zone }]) => [id, zone]),
      emitters: [...this.#emitters],
      tracks: [...this.#tracks],
      warnings: [...this.#warnings],
    };
    return utf8Bytes(JSON.stringify(state));
  }

  /** Number of the newest entry applied. */
  get seq(): number {
    return this.#seq;
  }
  /** Sector time, Unix µs. */
  get timeUs(): number {
    return this.#timeUs;
  }
  get sector(): State["sector"] {
    return this.#sector;
  }
  get counts(): Readonly<{
    malformedRecords: number;
    purgedEntries: number;
    unknownSourceFrames: number;
    clockSteps: number;
    operatorLooks: number;
  }> {
    return this.#counts;
  }
  get trackCount(): number {
    return this.#tracks.size;
  }
  track(number: number): Readonly<Track> | undefined {
    return this.#tracks.get(number);
  }
  tracks(): IterableIterator<Readonly<Track>> {
    return this.#tracks.values();
  }
  zones(): readonly ZoneDefinition[] {
    return [...this.#zones.values()].map(({ zone }) => zone);
  }
  warnings(): IterableIterator<Readonly<PictureWarning>> {
    return this.#warnings.values();
  }
  warning(id: string): Readonly<PictureWarning> | undefined {
    return this.#warnings.get(id);
  }
  /** Sources that have not been removed. */
  sources(): readonly Readonly<SourceState>[] {
    return [...this.#sources.values()].filter(({ removed }) => !removed);
  }

  /** Intents since the last call, in order. */
  takeIntents(): readonly Intent[] {
    const taken = this.#intents;
    this.#intents = [];
    return taken;
  }
  /** Numbers of the tracks that changed since the last call, and of those that are gone. */
  takeChanges(): { readonly changed: ReadonlySet<number>; readonly removed: readonly number[] } {
    const taken = { changed: this.#changed, removed: this.#removed };
    this.#changed = new Set();
    this.#removed = [];
    return taken;
  }

  /** Moves time on. Everything that depends on time is judged at multiples of the tick, so that how time is cut changes nothing. */
  advance(toUs: number): void {
    const { tickUs } = this.#settings;
    let next = (Math.floor(this.#timeUs / tickUs) + 1) * tickUs;
    while (next <= toUs) {
      if (this.#tracks.size === 0 && this.#standing.size === 0 && !this.#anySourceWaits()) {
        next = Math.floor(toUs / tickUs) * tickUs;
        if (next <= this.#timeUs) break;
      }
      this.#timeUs = next;
      this.#tick();
      next += tickUs;
    }
    if (toUs > this.#timeUs) this.#timeUs = toUs;
  }

  /** Applies the next entry of the journal. Time never goes back: an entry with an earlier time counts as of now. */
  apply(entry: Entry): void {
    this.advance(entry.timeUs);
    this.#seq = entry.seq;
    if (entry.kind === "purge") return;
    if (entry.payload === undefined) {
      this.#counts.purgedEntries += 1;
      return;
    }
    if (entry.kind === "frame") {
      this.#frame(entry, entry.payload);
      return;
    }
    const record = decodeRecord(entry.kind, entry.payload);
    if (record === undefined) this.#counts.malformedRecords += 1;
    else this.#record(record);
  }

  #anySourceWaits(): boolean {
    for (const source of this.#sources.values())
      if (source.state === "hearing" || source.framesPerS > 0 || source.secondFrames > 0) return true;
    return false;
  }

  // Records

  #record({ kind, value }: TypedRecord): void {
    switch (kind) {
      case "sector":
        this.#sector = value;
        break;
      case "source":
        this.#addSource(value.source);
        break;
      case "source-removed": {
        const source = this.#sources.get(value.id);
        if (source !== undefined) source.removed = true;
        break;
      }
      case "source-state": {
        const source = this.#sources.get(value.id);
        if (source === undefined) break;
        source.state = value.state;
        setOrDelete(source, "reason", value.reason);
        break;
      }
      case "zone":
        if (this.#zones.size < this.#settings.maxZones || this.#zones.has(value.zone.id))
          this.#zones.set(value.zone.id, zonePlane(value.zone));
        break;
      case "zone-removed":
        this.#zones.delete(value.id);
        for (const warning of this.#standing.values()) if (warning.zoneId === value.id) this.#clear(warning, "zone-removed", {});
        break;
      case "acknowledge": {
        const warning = this.#warnings.get(value.warningId);
        if (warning === undefined || warning.state !== "raised") break;
        warning.state = "acknowledged";
        warning.acknowledgedBy = value.by;
        warning.acknowledgedUs = this.#timeUs;
        this.#tell(warning, "acknowledged");
        break;
      }
      case "clear": {
        const warning = this.#warnings.get(value.warningId);
        if (warning === undefined || warning.state === "cleared") break;
        warning.clearedReason = value.reason;
        this.#clear(warning, "cleared-by-officer", { by: value.by });
        // It stays known as standing, quietly, so that the same danger does not cry again at once.
        warning.quiet = true;
        this.#standing.set(`${warning.trackNumber}|${warning.zoneId}`, warning);
        break;
      }
      case "operator-look":
        this.#counts.operatorLooks += 1;
        break;
      case "clock-step":
        this.#counts.clockSteps += 1;
        break;
      case "account":
        break;
    }
  }

  #addSource(definition: SourceDefinition): void {
    const known = this.#sources.get(definition.id);
    if (known === undefined && this.#sources.size >= this.#settings.maxSources) return;
    this.#sources.set(definition.id, {
      frames: 0,
      refused: 0,
      refusals: {},
      secondUs: this.#timeUs,
      secondFrames: 0,
      framesPerS: 0,
      floodSinceUs: this.#timeUs,
      floodTracks: 0,
      floodRefused: 0,
      ...known,
      definition,
      state: "starting",
      removed: false,
    });
  }

  // Frames

  #frame(entry: Entry, payload: Uint8Array): void {
    const source = this.#sources.get(entry.source);
    if (source === undefined || source.removed) {
      this.#counts.unknownSourceFrames += 1;
      return;
    }
    source.frames += 1;
    source.secondFrames += 1;
    source.lastFrameUs = this.#timeUs;
    source.state = "hearing";
    delete source.reason;
    const frame = decodeFramePayload(payload);
    if (frame === undefined) {
      this.#refuse(source, "not-a-frame");
      return;
    }
    const { observations, refused } = decodeFrame(frame.format, frame.bytes);
    if (refused !== undefined) this.#refuse(source, refused.code);
    if (observations.length === 0) return;
    const sealed = entry.sealed instanceof Uint8Array ? entry.sealed : undefined;
    for (const observation of observations) {
      const track = this.#observe(source, observation, this.#measuredAt(source, frame.sensorTimeUs, observation));
      if (track === undefined) continue;
      if (sealed !== undefined) {
        track.operatorSeq = entry.seq;
        this.#weighOperator(track, decodeOperator(frame.format, frame.bytes, sealed)[0]);
      }
    }
  }

  #refuse(source: SourceState, code: string): void {
    source.refused += 1;
    if (source.refusals[code] !== undefined || Object.keys(source.refusals).length < 20)
      source.refusals[code] = (source.refusals[code] ?? 0) + 1;
  }

  /** Time of the measurement: the sensor's, where its clock can be believed, else that of arrival. */
  #measuredAt(source: SourceState, sensorTimeUs: number | undefined, observation: Observation): number {
    const own = sensorTimeUs ?? (observation.sensorTimeMs === undefined ? undefined : observation.sensorTimeMs * 1000);
    if (own === undefined) return this.#timeUs;
    const offset = own - this.#timeUs;
    source.clockOffsetUs = source.clockOffsetUs === undefined ? offset : source.clockOffsetUs + (offset - source.clockOffsetUs) / 16;
    return Math.abs(offset) <= this.#settings.clockToleranceUs ? Math.round(own) : this.#timeUs;
  }

  #observe(source: SourceState, observation: Observation, timeUs: number): Track | undefined {
    const { element, transmitter } = observation;
    const { claims, uaType } = claimsOf(element.messages);
    const named = claims.find(({ kind }) => names(kind));
    const key = transmitter ?? (named === undefined ? `source ${source.definition.id}` : `identity ${named.value}`);
    const emitter = this.#emitter(key);
    emitter.heardUs = this.#timeUs;
    if (uaType !== undefined) emitter.uaType = uaType;
    const changedIdentity = this.#claimAll(emitter, claims);

    let track = emitter.track === undefined ? undefined : this.#tracks.get(emitter.track);
    const report = reportOf(element.messages);
    if (element.refused !== undefined) this.#refuse(source, element.refused.code);
    const identity = emitter.identities.find(({ kind }) => names(kind));
    if (track === undefined && report !== undefined) {
      track = this.#sameAircraft(identity, report, timeUs) ?? this.#begin(source, report, timeUs);
      if (track === undefined) return undefined;
      emitter.track = track.number;
    }
    if (track === undefined) return undefined;
    if (track.identities.length < emitter.identities.length || changedIdentity !== undefined) {
      track = this.#identify(emitter, track, identity);
    }
    if (changedIdentity !== undefined) this.#note(track, "identity-changed", changedIdentity);
    this.#hear(track, source.definition.id, observation);
    setOrDelete(track, "uaType", emitter.uaType);
    this.#weighElement(track, element, claims);
    if (report !== undefined) this.#move(track, report, timeUs);
    this.#touch(track);
    return track;
  }

  #emitter(key: string): Emitter {
    const known = this.#emitters.get(key);
    if (known !== undefined) return known;
    if (this.#emitters.size >= this.#settings.maxEmitters) {
      let oldest: string | undefined;
      let oldestUs = Number.POSITIVE_INFINITY;
      for (const [other, { heardUs }] of this.#emitters) {
        if (heardUs < oldestUs) {
          oldest = other;
          oldestUs = heardUs;
        }
      }
      if (oldest !== undefined) this.#emitters.delete(oldest);
    }
    const emitter: Emitter = { identities: [], heardUs: this.#timeUs };
    this.#emitters.set(key, emitter);
    return emitter;
  }

  /** Adds what an emitter says of itself; returns the figures of a change of name, if it changed its name. */
  #claimAll(emitter: Emitter, claims: readonly IdentityClaim[]): Readonly<Record<string, string>> | undefined {
    let changed: Readonly<Record<string, string>> | undefined;
    for (const claim of claims) {
      if (emitter.identities.some(({ kind, value }) => kind === claim.kind && value === claim.value)) continue;
      const before = emitter.identities.find(({ kind }) => kind === claim.kind);
      if (before !== undefined && names(claim.kind)) changed = { before: before.value, now: claim.value };
      if (emitter.identities.length < this.#settings.maxIdentitiesPerTrack) emitter.identities.push(claim);
    }
    return changed;
  }

  #claim({ kind, value }: IdentityClaim, number: number): void {
    if (!names(kind)) return;
    const claimants = this.#claimants.get(value);
    if (claimants === undefined) this.#claimants.set(value, new Set([number]));
    else claimants.add(number);
  }

  /** The track of the same identity near this position: the aircraft heard by another address. */
  #sameAircraft(identity: IdentityClaim | undefined, report: LatLon, timeUs: number): Track | undefined {
    if (identity === undefined) return undefined;
    for (const number of this.#claimants.get(identity.value) ?? []) {
      const track = this.#tracks.get(number);
      if (track === undefined) continue;
      const reach = this.#settings.sameAircraftM + (this.#settings.maxSpeedMps * Math.max(0, timeUs - track.lastUs)) / 1e6;
      const apartM = flatDistanceM(track.latDeg, track.lonDeg, report.latDeg, report.lonDeg);
      if (apartM <= reach) return track;
    }
    return undefined;
  }

  #begin(source: SourceState, report: Report, timeUs: number): Track | undefined {
    const { newTracksPer10s, maxTracks } = this.#settings;
    if (this.#timeUs - source.floodSinceUs >= 10_000_000) {
      source.floodSinceUs = this.#timeUs;
      source.floodTracks = 0;
    }
    // One track per entry has the entry's number; a second one in the same frame needs a number of its own below 2³².
    let number = this.#seq;
    while (this.#tracks.has(number)) number += 0x0100_0000;
    if (source.floodTracks >= newTracksPer10s || this.#tracks.size >= maxTracks || number > 0xffff_ffff) {
      source.floodRefused += 1;
      source.reason = "ghost-flood";
      return undefined;
    }
    source.floodTracks += 1;
    const { origin } = source.definition;
    const drill = origin === "synthetic";
    const track: Track = {
      number: number as TrackNumber,
      id: trackId(number, drill),
      drill,
      recorded: origin === "recorded",
      status: "tentative",
      firstUs: timeUs,
      lastUs: timeUs,
      heardUs: this.#timeUs,
      positions: 0,
      latDeg: report.latDeg,
      lonDeg: report.lonDeg,
      identities: [],
      heardBy: [],
      findings: [],
      history: [],
      revision: 0,
      danger: false,
    };
    this.#tracks.set(number, track);
    return track;
  }

  /** Gives a track the identities of its emitter. If another track has the name already, it is the same aircraft, or the name is in two places. */
  #identify(emitter: Emitter, track: Track, identity: IdentityClaim | undefined): Track {
    let kept = track;
    if (identity !== undefined) {
      for (const number of [...(this.#claimants.get(identity.value) ?? [])]) {
        const other = this.#tracks.get(number);
        if (other === undefined || other === track) continue;
        const apartM = flatDistanceM(track.latDeg, track.lonDeg, other.latDeg, other.lonDeg);
        if (apartM <= this.#settings.sameAircraftM && track.positions <= other.positions) {
          emitter.track = other.number;
          this.#drop(track);
          kept = other;
          continue;
        }
        const values = { identity: identity.value, apartM: Math.round(apartM) };
        this.#note(track, "identity-in-two-places", { ...values, other: other.id });
        this.#note(other, "identity-in-two-places", { ...values, other: track.id });
        this.#touch(other);
      }
    }
    for (const claim of emitter.identities) {
      if (kept.identities.some(({ kind, value }) => kind === claim.kind && value === claim.value)) continue;
      if (kept.identities.length >= this.#settings.maxIdentitiesPerTrack) break;
      kept.identities.push(claim);
      this.#claim(claim, kept.number);
    }
    return kept;
  }

  #hear(track: Track, sourceId: string, { carrier, transmitter, rssi }: Observation): void {
    track.heardUs = this.#timeUs;
    const known = track.heardBy.find((heard) => heard.id === sourceId && heard.carrier === carrier && heard.transmitter === transmitter);
    if (known !== undefined) {
      known.lastUs = this.#timeUs;
      known.frames += 1;
      setOrDelete(known, "rssiDbm", rssi);
      return;
    }
    const heard: HeardBy = {
      id: sourceId,
      carrier,
      ...(transmitter === undefined ? {} : { transmitter }),
      ...(rssi === undefined ? {} : { rssiDbm: rssi }),
      lastUs: this.#timeUs,
      frames: 1,
    };
    if (track.heardBy.length >= this.#settings.maxSourcesPerTrack) track.heardBy.shift();
    track.heardBy.push(heard);
  }

  #note(track: Track, code: FindingCode, values: Readonly<Record<string, number | string>>): void {
    note(track, code, this.#timeUs, values, this.#settings.maxFindingsPerTrack);
  }

  #weighElement(track: Track, element: DecodedElement, claims: readonly IdentityClaim[]): void {
    if (element.refused !== undefined)
      this.#note(track, "malformed-message", { code: element.refused.code, detail: element.refused.detail });
    const [problem] = element.problems;
    if (problem !== undefined) this.#note(track, "value-out-of-range", { field: problem.field, clause: problem.clause });
    for (const { kind, value, valid, problem: why } of claims) {
      if (kind === "serial" && valid === false) this.#note(track, "invalid-serial", { identity: value, why: why ?? "" });
    }
  }

  #weighOperator(track: Track, operator: LatLon | undefined): void {
    if (operator === undefined) return;
    const apartM = flatDistanceM(track.latDeg, track.lonDeg, operator.latDeg, operator.lonDeg);
    // Whole kilometres: the finding must not give the position away.
    if (apartM > this.#settings.maxOperatorDistanceM) this.#note(track, "operator-too-far", { apartKm: Math.round(apartM / 1000) });
  }

  #move(track: Track, report: Report, timeUs: number): void {
    const { location } = report;
    if (location?.timestamp !== undefined) this.#weighClock(track, location.timestamp, timeUs);
    const late = track.positions > 0 && timeUs < track.lastUs;
    if (late) return;
    if (track.positions > 0) this.#weighMotion(track, report, timeUs);
    if (track.positions < this.#settings.confirmPositions || report.latDeg !== track.latDeg || report.lonDeg !== track.lonDeg)
      track.positions += 1;
    const earlier = track.history.at(-1);
    track.latDeg = report.latDeg;
    track.lonDeg = report.lonDeg;
    track.lastUs = timeUs;
    setOrDelete(track, "courseDeg", report.courseDeg);
    setOrDelete(track, "speedMps", report.speedMps);
    setOrDelete(track, "verticalSpeedMps", report.verticalSpeedMps);
    const heightHaeM = location?.geodeticAltitude;
    setOrDelete(track, "heightHaeM", heightHaeM);
    setOrDelete(track, "heightPressureM", location?.pressureAltitude);
    setOrDelete(track, "heightAboveTakeoffM", location?.heightType === 0 ? location.height : report.heightAboveTakeoffM);
    setOrDelete(track, "heightAboveGroundM", location?.heightType === 1 ? location.height : undefined);
    const mslM = report.heightMslM ?? (heightHaeM === undefined ? undefined : mslFromHaeM(report.latDeg, report.lonDeg, heightHaeM));
    setOrDelete(track, "heightMslM", mslM);
    setOrDelete(track, "errorM", location === undefined ? undefined : HORIZONTAL_ERROR_M[location.horizontalAccuracy]);
    setOrDelete(track, "operationalStatus", location?.status);
    if (earlier === undefined || timeUs - earlier.timeUs >= this.#settings.historyStepUs) {
      track.history.push({ timeUs, latDeg: report.latDeg, lonDeg: report.lonDeg, ...(heightHaeM === undefined ? {} : { heightHaeM }) });
      if (track.history.length > this.#settings.historyPoints) track.history.shift();
    }
    if (track.status !== "confirmed" && track.positions >= this.#settings.confirmPositions) track.status = "confirmed";
  }

  /** Time after the hour in the message against the time of arrival and against the message before. */
  #weighClock(track: Track, messageS: number, timeUs: number): void {
    const hourS = (timeUs / 1e6) % 3600;
    const off = ((messageS - hourS + 1800 + 3600) % 3600) - 1800;
    if (Math.abs(off) > this.#settings.messageClockToleranceS) this.#note(track, "clock-off", { offS: Math.round(off) });
    const before = track.messageClockS;
    track.messageClockS = messageS;
    if (before === undefined) return;
    const step = ((messageS - before + 1800 + 3600) % 3600) - 1800;
    if (step < -this.#settings.messageClockBackS) this.#note(track, "clock-out-of-order", { backS: Math.round(-step) });
  }

  #weighMotion(track: Track, report: Report, timeUs: number): void {
    const { maxSpeedMps, maxClimbMps, maxAccelerationMps2, maxJumpM, jumpWithinS } = this.#settings;
    const dt = (timeUs - track.lastUs) / 1e6;
    const movedM = flatDistanceM(track.latDeg, track.lonDeg, report.latDeg, report.lonDeg);
    if (movedM > maxJumpM && dt < jumpWithinS)
      this.#note(track, "impossible-jump", { movedM: Math.round(movedM), inS: Math.round(dt * 10) / 10 });
    else if (dt >= 0.2 && movedM > 200 && movedM / dt > maxSpeedMps)
      this.#note(track, "impossible-speed", { speedMps: Math.round(movedM / dt) });
    if (report.speedMps !== undefined && report.speedMps > maxSpeedMps)
      this.#note(track, "impossible-speed", { speedMps: Math.round(report.speedMps) });
    if (report.verticalSpeedMps !== undefined && Math.abs(report.verticalSpeedMps) > maxClimbMps) {
      this.#note(track, "impossible-climb", { climbMps: Math.round(report.verticalSpeedMps) });
    }
    if (report.speedMps !== undefined && track.speedMps !== undefined && dt >= 0.5) {
      const acceleration = Math.abs(report.speedMps - track.speedMps) / dt;
      if (acceleration > maxAccelerationMps2) this.#note(track, "impossible-acceleration", { accelerationMps2: Math.round(acceleration) });
    }
  }

  #touch(track: Track): void {
    track.revision += 1;
    this.#changed.add(track.number);
  }

  #drop(track: Track): void {
    this.#tracks.delete(track.number);
    for (const { value } of track.identities) {
      const claimants = this.#claimants.get(value);
      claimants?.delete(track.number);
      if (claimants?.size === 0) this.#claimants.delete(value);
    }
    this.#changed.delete(track.number);
    this.#removed.push(track.number);
  }

  // Ticks

  #tick(): void {
    const { coastAfterUs, endAfterUs } = this.#settings;
    for (const source of this.#sources.values()) this.#tickSource(source);
    for (const track of this.#tracks.values()) {
      const quietUs = this.#timeUs - track.heardUs;
      if (quietUs >= endAfterUs) {
        track.status = "ended";
        this.#drop(track);
      } else if (quietUs >= coastAfterUs && track.status === "confirmed") {
        track.status = "coasting";
        this.#touch(track);
      }
    }
    this.#judgeDangers();
  }

  #tickSource(source: SourceState): void {
    const sinceUs = this.#timeUs - source.secondUs;
    if (sinceUs >= 1_000_000) {
      source.framesPerS = Math.round((source.secondFrames * 1e7) / sinceUs) / 10;
      source.secondFrames = 0;
      source.secondUs = this.#timeUs;
    }
    if (source.state === "hearing" && this.#timeUs - (source.lastFrameUs ?? 0) >= this.#settings.silentAfterUs) {
      source.state = "silent";
      source.reason = "no-frames";
    }
  }

  #judgeDangers(): void {
    for (const plane of this.#zones.values()) {
      // Beyond this nothing reaches the zone in time: a cheap test in degrees before the exact one.
      const reachM = plane.radiusM + this.#settings.cautionWithinS * this.#settings.maxSpeedMps;
      const latReach = reachM / plane.metresPerDegreeLat;
      for (const track of this.#tracks.values()) {
        const key = `${track.number}|${plane.zone.id}`;
        if (Math.abs(track.latDeg - plane.centre.latDeg) > latReach && !this.#standing.has(key)) continue;
        this.#judgeOne(track, plane, key);
      }
    }
    // Warnings whose track has gone: they stay until it has been quiet long enough.
    for (const [key, warning] of this.#standing) {
      if (this.#tracks.has(warning.trackNumber)) continue;
      if (warning.quiet && warning.state === "cleared") this.#standing.delete(key);
      else if (this.#timeUs - warning.lastHeardUs >= this.#settings.lostClearAfterUs) {
        this.#clear(warning, "track-ended", { lastHeardS: Math.round((this.#timeUs - warning.lastHeardUs) / 1e6) });
      }
    }
  }

  #judgeOne(track: Track, plane: ZonePlane, key: string): void {
    const danger = judge(track, plane, this.#timeUs, this.#settings);
    const standing = this.#standing.get(key);
    const code: WhyCode = danger.inside ? "inside-zone" : "approaching-zone";
    const values = {
      edgeDistanceM: Math.round(danger.edgeDistanceM),
      ...(danger.reachesInS === undefined ? {} : { reachesInS: Math.round(danger.reachesInS) }),
    };
    if (standing === undefined) {
      if (danger.level === undefined) return;
      this.#raise(track, plane, key, danger.level, { code, timeUs: this.#timeUs, values }, danger);
      return;
    }
    standing.lastHeardUs = track.heardUs;
    standing.edgeDistanceM = danger.edgeDistanceM;
    standing.centreDistanceM = danger.centreDistanceM;
    standing.azimuthDeg = danger.azimuthDeg;
    setOrDelete(standing, "closestInS", danger.reachesInS);
    const rank = danger.level === undefined ? -1 : LEVELS.indexOf(danger.level);
    const shown = LEVELS.indexOf(standing.level);
    if (standing.quiet) {
      // Cleared by an officer: silent until the danger has been over for a while, or a caution becomes a warning.
      if (rank > shown) {
        this.#standing.delete(key);
        this.#raise(track, plane, key, danger.level ?? "warning", { code, timeUs: this.#timeUs, values }, danger);
      } else if (rank >= 0) delete standing.lowerSinceUs;
      else if (this.#timeUs - (standing.lowerSinceUs ??= this.#timeUs) >= this.#settings.clearAfterUs) this.#standing.delete(key);
      return;
    }
    if (rank > shown && danger.level !== undefined) {
      standing.level = danger.level;
      standing.why.push({ code, timeUs: this.#timeUs, values });
      if (standing.why.length > 20) standing.why.splice(1, 1);
      delete standing.lowerSinceUs;
      // What was acknowledged was the lower level: the higher one asks again.
      if (standing.state === "acknowledged") standing.state = "raised";
      this.#tell(standing, "updated");
      return;
    }
    if (rank === shown) delete standing.lowerSinceUs;
    else {
      const lowUs = this.#timeUs - (standing.lowerSinceUs ??= this.#timeUs);
      if (rank < 0 && lowUs >= this.#settings.clearAfterUs) {
        this.#clear(standing, "left-zone", values);
        return;
      }
      const lower = rank < 0 ? "advisory" : danger.level;
      if (lowUs >= this.#settings.stepDownAfterUs && lower !== undefined && lower !== standing.level) {
        standing.level = lower;
        this.#tell(standing, "updated");
        return;
      }
    }
    if (this.#timeUs - standing.changedUs >= this.#settings.refreshUs) this.#tell(standing, "updated");
  }

  #raise(
    track: Track,
    plane: ZonePlane,
    key: string,
    level: Level,
    reason: Reason,
    figures: { edgeDistanceM: number; centreDistanceM: number; azimuthDeg: number; reachesInS: number | undefined },
  ): void {
    if (this.#warnings.size >= this.#settings.maxWarnings) this.#forgetCleared();
    // The id comes from the cause: which track, which zone, since when.
    const id = `W-${track.id}-${plane.zone.id}-${Math.round(this.#timeUs / 1000).toString(36)}` as WarningId;
    const warning: PictureWarning = {
      id,
      trackNumber: track.number,
      trackId: track.id,
      zoneId: plane.zone.id,
      zoneName: plane.zone.name,
      drill: track.drill,
      recorded: track.recorded,
      raisedUs: this.#timeUs,
      level,
      state: "raised",
      changedUs: this.#timeUs,
      edgeDistanceM: figures.edgeDistanceM,
      centreDistanceM: figures.centreDistanceM,
      azimuthDeg: figures.azimuthDeg,
      ...(figures.reachesInS === undefined ? {} : { closestInS: figures.reachesInS }),
      why: [reason],
      lastHeardUs: track.heardUs,
      quiet: false,
    };
    this.#warnings.set(id, warning);
    this.#standing.set(key, warning);
    track.danger = true;
    this.#touch(track);
    this.#tell(warning, "raised");
  }

  /** Makes room by forgetting the oldest cleared warning; a standing one is never forgotten. */
  #forgetCleared(): void {
    for (const [id, warning] of this.#warnings) {
      if (warning.state === "cleared" && !warning.quiet) {
        this.#warnings.delete(id);
        return;
      }
    }
  }

  #clear(warning: PictureWarning, code: WhyCode, values: Readonly<Record<string, number | string>>): void {
    if (warning.state === "cleared") return;
    warning.state = "cleared";
    warning.why.push({ code, timeUs: this.#timeUs, values });
    delete warning.closestInS;
    this.#standing.delete(`${warning.trackNumber}|${warning.zoneId}`);
    const track = this.#tracks.get(warning.trackNumber);
    if (track !== undefined) {
      track.danger = [...this.#standing.values()].some((other) => other.trackNumber === track.number && other.state !== "cleared");
      this.#touch(track);
    }
    this.#tell(warning, "cleared");
  }

  #tell(warning: PictureWarning, change: Intent["change"]): void {
    warning.changedUs = this.#timeUs;
    this.#intents.push({ type: "warning", id: warning.id, timeUs: this.#timeUs, change });
  }
}
