// The picture: entries of the journal in, state and intents out. No clock, no randomness: the same entries give the same bytes.
import { flatDistanceM, mslFromHaeM } from "@atalaya/geodesy";
import { type DecodedFrame, decodeFrame, type Message, type Observation, unsealOperator } from "@atalaya/remote-id";
import {
  aircraftName,
  airReport,
  AirTraffic,
  type HeardTraffic,
  isEmergency,
  kindByCategory,
  type Overheard,
  type TrafficImage,
} from "./air-traffic.ts";
import { type Conflict, conflictsOf } from "./conflicts.ts";
import { COT_ENTRY_KINDS, type CotEntryKind } from "./cot/separate.ts";
import { CotTaking } from "./cot/take.ts";
import type { Authorisation, Mute } from "./danger/exempt.ts";
import type { DangerRules } from "./danger/rules.ts";
import {
  decodeFramePayload,
  decodeRecord,
  type Entry,
  type Frame,
  type Origin,
  type Records,
  type TypedRecord,
  type ZoneDefinition,
} from "./entry.ts";
import { isAdsbFormat, isRemoteIdFormat } from "./frame-format.ts";
import type { Intent, PersonIntent, TellLeader, TrackNumber } from "./intent.ts";
import type { Person, PlaceBasis } from "./people/roster.ts";
import type { LatLon } from "./place.ts";
import type { AlarmFigures } from "./warning/alarms.ts";
import type { DrillScope, Holding } from "./warning/ladder.ts";
import type { AuthorisedDrone, Channel } from "./loop-records.ts";
import type { PictureWarning, Rung } from "./warning/warning.ts";
import type { PictureIncident, PictureReport } from "./reports/report.ts";
import type { Credibility, Reliability } from "./reports/ratings.ts";
import {
  type DeviceReach,
  REPORT_KINDS,
  type ReportCounts,
  type ReportIntent,
  type ReportPreview,
  ReportLife,
  type ReportLifeImage,
} from "./reports/report-life.ts";
import type { BulletinNotice, BulletinOutside, MemoIntent } from "./memo/memo-intent.ts";
import { type CarryFor, MemoLife, type MemoLifeImage } from "./memo/memo-life.ts";
import { KIT_KINDS, MEMO_KINDS } from "./memo/memo-records.ts";
import type { KnownMedia } from "./reports/report.ts";
import type { SightingReport } from "./reports/report-records.ts";
import { weighClaims, weighClock, weighMotion, weighOperator } from "./plausibility.ts";
import { claimsOf, namesAircraft, operatorOf, type Report, reportOf, salvage, uaTypeOf } from "./said.ts";
import { type FusionImage, Fusion, type SensorErrors, type Told } from "./fusion.ts";
import { measuredOf } from "./measured.ts";
import { Devices, type DevicesImage } from "./people/devices.ts";
import { type HeardSensor, type HeardSource, Sensing, type SensingImage } from "./sensing.ts";
import type { ClassProbabilities, TrackerCounts, TrackEstimate } from "@atalaya/tracker";
import { defaultSettings, type Settings } from "./settings.ts";
import { asciiJson, parseAsciiJson } from "./snapshot-bytes.ts";
import { definedSource, mayBegin, measuredAt, refuseFrame, refuseTrack, type SourceState, tickSource, waits } from "./source-health.ts";
import { type FindingCode, type HeardBy, type IdentityClaim, note, type Track, trackId } from "./track.ts";
import { SURROUNDING_KINDS, Surroundings, type SurroundingsImage } from "./surroundings.ts";
import { type ChannelState, type FloodGroup, LOOP_KINDS, type StrayAnswer, WarningLife, type WarningLifeImage } from "./warning-life.ts";

/** One voice on the air: an address, or an address and a name where one address speaks for several aircraft. */
interface Emitter {
  track?: number;
  uaType?: number;
  identities: IdentityClaim[];
  firstUs: number;
  /** The emitter that last spoke by name through this address; absent: this one. */
  speaks?: string;
}

/** What was counted since the journal began; none of it is lost, all of it is shown. */
export interface PictureCounts {
  malformedRecords: number;
  /** Records that would have gone beyond a limit, or whose zone could not be watched. */
  recordsRefused: number;
  purgedEntries: number;
  /** Entries applied before: ignored. */
  repeatedEntries: number;
  /** Entries whose time lay before that of an earlier one: they count as of the later time. */
  timeBackEntries: number;
  unknownSourceFrames: number;
  clockSteps: number;
  operatorLooks: number;
}

/** Who changed where the hub sends to, and when. */
export type OutletChange = Records["outlet"] & { readonly timeUs: number };

/** The state as plain data; a snapshot is this as JSON. */
interface State {
  version: 13;
  settings: Settings;
  seq: number;
  timeUs: number;
  sector?: { readonly name: string; readonly centre: LatLon };
  counts: PictureCounts;
  sources: [string, SourceState][];
  sensing: SensingImage;
  traffic: TrafficImage;
  fusion: readonly FusionImage[];
  devices: DevicesImage;
  emitters: [string, Emitter][];
  strangers: [string, Emitter][];
  tracks: Track[];
  fresh: number[];
  loop: WarningLifeImage;
  reports: ReportLifeImage;
  surroundings: SurroundingsImage;
  memo: MemoLifeImage;
  outletChanges: readonly OutletChange[];
}

const NOTHING_DECODED: DecodedFrame = { observations: [], refused: undefined };
/** Everything is judged at multiples of this: most dangers come and go by time. */
const JUDGE_ALL_US = 200_000;
/** Track numbers are u32 on the stream. */
const NUMBERS = 0xffff_ffff;

function setOrDelete<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): void {
  if (value !== undefined) object[key] = value;
  else if (object[key] !== undefined) delete object[key];
}

function sameClaim(a: IdentityClaim, b: IdentityClaim): boolean {
  return a.kind === b.kind && a.value === b.value;
}

/** Adds a claim. A name stays; what is no name (a text, an operator's number) is replaced by the newest. True when something changed. */
function addClaim(claims: IdentityClaim[], claim: IdentityClaim, limit: number): boolean {
  for (const known of claims) if (sameClaim(known, claim)) return false;
  if (!namesAircraft(claim.kind)) {
    const at = claims.findIndex(({ kind }) => kind === claim.kind);
    if (at >= 0) {
      claims[at] = claim;
      return true;
    }
  }
  if (claims.length >= limit) return false;
  claims.push(claim);
  return true;
}

export class Picture {
  readonly #settings: Settings;
  #seq = 0;
  #timeUs = 0;
  #sector: State["sector"];
  #counts: PictureCounts = {
    malformedRecords: 0,
    recordsRefused: 0,
    purgedEntries: 0,
    repeatedEntries: 0,
    timeBackEntries: 0,
    unknownSourceFrames: 0,
    clockSteps: 0,
    operatorLooks: 0,
  };
  readonly #sources = new Map<string, SourceState>();
  /** Emitters that have a track. Each track names its own, at most so many: these maps are bounded by the tracks. */
  readonly #emitters = new Map<string, Emitter>();
  /** Emitters that have none yet, the longest silent first. */
  readonly #strangers = new Map<string, Emitter>();
  readonly #tracks = new Map<number, Track>();
  /** Identity → tracks that claim it; rebuilt from the tracks. */
  readonly #claimants = new Map<string, Set<number>>();
  readonly #warnings: WarningLife;
  readonly #reports: ReportLife;
  /** What officers supplied of the sky and the ground. */
  readonly surroundings: Surroundings = new Surroundings();
  readonly #memo: MemoLife;
  readonly #fusion: Fusion;
  readonly #sensing: Sensing;
  readonly #traffic: AirTraffic;
  readonly #cot: CotTaking;
  /** What our people's devices in TAK said: positions and words, short-lived. */
  readonly devices: Devices;
  /** Tracks that sensors measure, by the tracker's name for them; rebuilt from the tracks. */
  readonly #measured: Readonly<Record<Origin, Map<number, Track>>> = { live: new Map(), recorded: new Map(), synthetic: new Map() };
  #changed = new Set<number>();
  /** Tracks with news since the last tick: they are judged at the next one, whatever tick it is. */
  readonly #fresh = new Set<number>();
  #removed: number[] = [];
  #outletChanges: readonly OutletChange[] = [];

  /** `rules` hold for good, whatever records say: for trying a set on what was recorded. Such a picture is no replay, and has no snapshot worth keeping. */
  constructor(settings: Partial<Settings> = {}, rules?: DangerRules) {
    this.#settings = { ...defaultSettings, ...settings };
    this.#fusion = new Fusion(this.#settings);
    this.#sensing = new Sensing(this.#settings, this.#fusion);
    this.devices = new Devices(this.#settings);
    this.#traffic = new AirTraffic(this.#settings);
    this.#warnings = new WarningLife(this.#settings, (track) => this.#touch(track), rules);
    this.#cot = new CotTaking(this.#settings, this.#fusion, this.devices, this.#warnings.roster);
    this.#memo = new MemoLife(this.#settings, this.#warnings.roster, {
      isDown: (channel) => this.#warnings.channels.some((known) => known.channel === channel && known.state === "down"),
      drill: () => this.#warnings.drill,
    });
    this.#reports = new ReportLife(this.#settings, this.#warnings.roster, {
      sense: (report, measurement, slot) => {
        const { told, observedUs } = report;
        const origin = told.drill ? "synthetic" : "live";
        this.#fusion.report(origin, slot, told.id, told.observer, this.groundM(told.observer), measurement, observedUs, this.#timeUs);
      },
      mayTell: (personId, channel, drill) => this.#warnings.mayTell(personId, channel, drill),
      drillReaches: (personId) => this.#warnings.drill?.people.includes(personId) ?? false,
      risk: (report) => this.#riskTrack(report),
      riskOver: (report, by) => this.#riskOver(report, by),
    });
  }

  /** A picture from its snapshot; its settings travel in it. */
  static restore(snapshot: Uint8Array): Picture | { readonly refused: string } {
    try {
      const state = parseAsciiJson(snapshot) as State;
      return state.version === 13 ? Picture.#of(state) : { refused: "other-version" };
    } catch {
      return { refused: "not-a-snapshot" };
    }
  }

  static #of(state: State): Picture {
    const picture = new Picture(state.settings);
    picture.#seq = state.seq;
    picture.#timeUs = state.timeUs;
    picture.#sector = state.sector;
    picture.#counts = state.counts;
    for (const [id, source] of state.sources) picture.#sources.set(id, source);
    picture.#sensing.restore(state.sensing);
    picture.#traffic.restore(state.traffic);
    picture.#fusion.restore(state.fusion);
    picture.devices.restore(state.devices);
    for (const [key, emitter] of state.emitters) picture.#emitters.set(key, emitter);
    for (const [key, emitter] of state.strangers) picture.#strangers.set(key, emitter);
    for (const track of state.tracks) {
      picture.#tracks.set(track.number, track);
      for (const claim of track.identities) picture.#claim(claim, track.number);
      if (track.measured !== undefined) picture.#measured[originOf(track)].set(track.measured.label, track);
      picture.#changed.add(track.number);
    }
    for (const number of state.fresh) picture.#fresh.add(number);
    picture.#warnings.restore(state.loop);
    picture.#reports.restore(state.reports);
    picture.surroundings.restore(state.surroundings);
    picture.#memo.restore(state.memo);
    picture.#outletChanges = state.outletChanges;
    return picture;
  }

  /** Canonical bytes of the state: equal states give equal bytes. */
  snapshot(): Uint8Array {
    const state: State = {
      version: 13,
      settings: this.#settings,
      seq: this.#seq,
      timeUs: this.#timeUs,
      ...(this.#sector === undefined ? {} : { sector: this.#sector }),
      counts: this.#counts,
      sources: [...this.#sources],
      sensing: this.#sensing.image(),
      traffic: this.#traffic.image(),
      fusion: this.#fusion.image(),
      devices: this.devices.image(),
      emitters: [...this.#emitters],
      strangers: [...this.#strangers],
      tracks: [...this.#tracks.values()],
      fresh: [...this.#fresh],
      loop: this.#warnings.image(),
      reports: this.#reports.image(),
      surroundings: this.surroundings.image(),
      memo: this.#memo.image(),
      outletChanges: this.#outletChanges,
    };
    return asciiJson(state);
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
  get counts(): Readonly<PictureCounts> {
    return this.#counts;
  }
  /** Dangers that were not raised one by one, since their zone had its fill of warnings. */
  get notRaised(): number {
    return this.#warnings.notRaised;
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
    return [...this.#warnings.zones.values()].map(({ zone }) => zone);
  }
  warnings(): IterableIterator<Readonly<PictureWarning>> {
    return this.#warnings.warnings.values();
  }
  warning(id: string): Readonly<PictureWarning> | undefined {
    return this.#warnings.warnings.get(id);
  }
  /** Our people, with where they were last known to be. */
  people(): IterableIterator<Readonly<Person>> {
    return this.#warnings.roster.people.values();
  }
  person(id: string): Readonly<Person> | undefined {
    return this.#warnings.roster.person(id);
  }
  /** Whom an address reaches. */
  reachedBy(channel: Channel, address: string): readonly string[] {
    return this.#warnings.roster.reachedBy(channel, address);
  }
  /** What holds now for those whom an address reaches: for a device that comes back. */
  holdingFor(channel: Channel, address: string): readonly Holding[] {
    return this.#warnings.holdingFor(channel, address, this.#timeUs);
  }
  /** What happens next if somebody on a warning's ladder does not answer, and when; undefined: nothing more. */
  nextStep(warning: Readonly<PictureWarning>, rung: Readonly<Rung>): ReturnType<WarningLife["nextStep"]> {
    return this.#warnings.nextStep(warning, rung);
  }
  /** How somebody's danger is judged now; undefined: nobody of that id. */
  basisOf(personId: string): PlaceBasis | undefined {
    const person = this.#warnings.roster.person(personId);
    return person === undefined ? undefined : this.#warnings.roster.basis(person, this.#timeUs);
  }
  authorisedDrones(): readonly AuthorisedDrone[] {
    return this.#warnings.exempt.authorised;
  }
  /** At which posts somebody stands. */
  postsOf(personId: string): readonly string[] {
    return this.#warnings.roster.postsOf(personId);
  }
  /** Who stands at a post. */
  postStaff(zoneId: string): readonly string[] {
    return this.#warnings.roster.staff(zoneId);
  }
  /** The rules in force for new dangers. */
  get rules(): DangerRules {
    return this.#warnings.rules;
  }
  channels(): readonly ChannelState[] {
    return this.#warnings.channels;
  }
  get drillScope(): Readonly<DrillScope> | undefined {
    return this.#warnings.drill;
  }
  mutes(): readonly Mute[] {
    return this.#warnings.exempt.mutes;
  }
  /** Whether a track says that it is a drone of ours, and whether that is believed; undefined: it does not. */
  authorisation(track: Readonly<Track>): Authorisation | undefined {
    return this.#warnings.exempt.authorisation(track, this.#timeUs);
  }
  /** Answers that belong to no ladder, newest last. */
  strayAnswers(): readonly StrayAnswer[] {
    return this.#warnings.strayAnswers;
  }
  /** How calm the watch is now. */
  alarmFigures(): AlarmFigures {
    return this.#warnings.alarmFigures(this.#timeUs);
  }
  /** When alarms were raised, Unix µs, oldest first: the newest 5,000. */
  alarmLog(): readonly number[] {
    return this.#warnings.alarmTimes();
  }
  /** In a flood: standing warnings by the source or sensor that they rest on, the largest group first. */
  floodGroups(): readonly FloodGroup[] {
    return this.#warnings.floodGroups(this.#timeUs);
  }
  /** Why a warning may not be shelved now; undefined: it may. */
  mayShelve(id: string): "unknown" | "over" | "person-in-danger" | undefined {
    return this.#warnings.mayShelve(id);
  }
  /** The newest changes of outlets, the newest last. */
  outletChanges(): readonly OutletChange[] {
    return this.#outletChanges;
  }
  /** Sources as they are defined now; a removed one is gone. */
  sources(): readonly Readonly<SourceState>[] {
    return [...this.#sources.values()];
  }
  /** What a source has said in the detection format; undefined: nothing. */
  heard(source: string): Readonly<HeardSource> | undefined {
    return this.#sensing.source(source);
  }
  /** What a receiver of aircraft's transponders has said; undefined: nothing. */
  traffic(source: string): (Readonly<HeardTraffic> & { readonly aircraft: number }) | undefined {
    return this.#traffic.heard(source);
  }
  /** Sensors that were declared in the detection format, by source. */
  sensors(): IterableIterator<Readonly<HeardSensor>> {
    return this.#sensing.sensors();
  }

  /** Errors that were found of sensors, by `source/sensor`. */
  sensorErrors(): IterableIterator<SensorErrors> {
    return this.#fusion.sensors();
  }
  /** What the trackers took, refused and shed; undefined before any sensor was declared. */
  trackerCounts(): TrackerCounts | undefined {
    return this.#fusion.counts();
  }

  /** Reports of people, the oldest first. */
  reports(): IterableIterator<Readonly<PictureReport>> {
    return this.#reports.reports.values();
  }
  report(id: string): Readonly<PictureReport> | undefined {
    return this.#reports.reports.get(id);
  }
  incidents(): IterableIterator<Readonly<PictureIncident>> {
    return this.#reports.incidents.values();
  }
  incident(id: string): Readonly<PictureIncident> | undefined {
    return this.#reports.incidents.get(id);
  }
  media(id: string): Readonly<KnownMedia> | undefined {
    return this.#reports.media(id);
  }
  /** Manned aircraft that come close to a drone, the closest first: for officers, worked out when asked. */
  conflicts(): readonly Conflict[] {
    return conflictsOf(this.#tracks.values(), this.#timeUs);
  }
  /** What a report that is still being told may be the same as. Nothing is kept. */
  previewReport(told: SightingReport): ReportPreview {
    return this.#reports.preview(told, this.#timeUs, this.#tracks);
  }
  /** How a person's devices can be reached, the one that changed last at the end. */
  deviceReach(personId: string): readonly DeviceReach[] {
    return this.#reports.reachOf(personId);
  }
  get reportCounts(): Readonly<ReportCounts> {
    return this.#reports.counts;
  }
  /** A person's own letter, for that person alone. */
  reliabilityOf(personId: string): { readonly reliability: Reliability; readonly reports: number } {
    return this.#reports.reliabilityOf(personId, this.#timeUs);
  }
  /** The two ratings of one report, for who grades it. */
  gradingOf(report: Readonly<PictureReport>): {
    readonly reliability: Reliability;
    readonly credibility: Credibility;
    readonly gradedBy?: string;
  } {
    return this.#reports.gradingOf(report, this.#timeUs);
  }
  /** What is wanted done because of reports since the last call, in order. */
  takeReportIntents(): readonly ReportIntent[] {
    return this.#reports.takeIntents();
  }
  /** What leaders were to be told of reports and of which no receipt has come. */
  pendingReportIntents(): readonly TellLeader[] {
    return this.#reports.pending(this.#timeUs);
  }

  /** Sources and claims: what we believe and why. */
  get claims(): Pick<MemoLife["claims"], "sources" | "claims" | "news" | "corroborated" | "handlingOf"> {
    return this.#memo.claims;
  }
  get bulletins(): Pick<MemoLife["bulletins"], "bulletins" | "inForce" | "audienceOf" | "blocksOf" | "dueUs" | "counts"> {
    return this.#memo.bulletins;
  }
  get readiness(): Pick<
    MemoLife["readiness"],
    "threat" | "threatLevel" | "lists" | "listFor" | "outings" | "kitOf" | "trainingOf" | "oldestUs"
  > {
    return this.#memo.readiness;
  }
  get memoRules(): MemoLife["rules"] {
    return this.#memo.rules;
  }
  /** What a person is to carry now; undefined: nobody has said. */
  carryFor(personId: string): CarryFor | undefined {
    return this.#memo.carryFor(personId);
  }
  /** What is wanted done because of the memo since the last call, in order. */
  takeMemoIntents(): readonly MemoIntent[] {
    return this.#memo.takeIntents();
  }
  /** What of it was to be told and has no result, under the ids it had: what outlets that begin after a restart have to do. */
  pendingMemoIntents(): readonly (BulletinNotice | BulletinOutside)[] {
    return this.#memo.bulletins.pending();
  }

  get hasIntents(): boolean {
    return this.#warnings.hasIntents || this.#reports.hasIntents;
  }
  /** Intents since the last call, in order. */
  takeIntents(): readonly Intent[] {
    return this.#warnings.takeIntents();
  }
  /** Notifications of which no receipt has come, under the ids they had: what outlets that begin after a restart have to do. */
  pendingIntents(): readonly PersonIntent[] {
    return this.#warnings.pendingIntents();
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
      // Nothing is left that time alone could change: the ticks between do nothing.
      if (this.#idle()) next = Math.max(next, Math.floor(Math.min(toUs, this.#memoDueUs()) / tickUs) * tickUs);
      this.#timeUs = next;
      this.#tick();
      next += tickUs;
    }
    if (toUs > this.#timeUs) this.#timeUs = toUs;
  }

  /** Applies the next entry of the journal. Time never goes back: an entry with an earlier time counts as of now. */
  apply(entry: Entry): void {
    if (entry.seq <= this.#seq) {
      this.#counts.repeatedEntries += 1;
      return;
    }
    if (entry.timeUs < this.#timeUs) this.#counts.timeBackEntries += 1;
    else this.advance(entry.timeUs);
    this.#seq = entry.seq;
    if (entry.kind === "purge") return;
    if (entry.kind !== "frame" && isCotEntry(entry.kind)) {
      this.#shortLived(entry, entry.kind);
      return;
    }
    // A place of one of us is purged long after it was let go of: with it or without it, the state is the same.
    if (entry.kind === "person-position" && entry.payload === undefined) return;
    // The same of what a person carried.
    if (KIT_KINDS.has(entry.kind) && entry.payload === undefined) return;
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

  /** The first tick at which something of the memo is due; never: not in this time. Until then, ticks may be left out. */
  #memoDueUs(): number {
    const { tickUs } = this.#settings;
    const { nextUs } = this.#memo;
    return nextUs === undefined ? Number.POSITIVE_INFINITY : Math.ceil(nextUs / tickUs) * tickUs;
  }

  #idle(): boolean {
    if (this.#tracks.size > 0 || this.#warnings.waits || this.#reports.waits || !this.#fusion.isIdle(this.#timeUs)) return false;
    for (const source of this.#sources.values()) if (waits(source, this.#settings)) return false;
    return true;
  }

  // Records

  #record({ kind, value }: TypedRecord): void {
    switch (kind) {
      case "sector":
        this.#sector = value;
        break;
      case "source": {
        const { source } = value;
        const known = this.#sources.get(source.id);
        if (known === undefined && this.#sources.size >= this.#settings.maxSources) this.#counts.recordsRefused += 1;
        else this.#sources.set(source.id, definedSource(source, known, this.#timeUs));
        break;
      }
      case "source-removed":
        this.#sources.delete(value.id);
        this.#sensing.forget(value.id);
        this.#traffic.forget(value.id);
        break;
      case "source-state": {
        const source = this.#sources.get(value.id);
        if (source === undefined) break;
        source.state = value.state;
        source.sinceUs = this.#timeUs;
        setOrDelete(source, "reason", value.reason);
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
      case "outlet":
        this.#outletChanges = [...this.#outletChanges, { ...value, timeUs: this.#timeUs }].slice(-this.#settings.outletChanges);
        break;
      case "person-removed":
        this.#reports.forgetPerson(value.id);
        this.#warnings.take({ kind, value }, this.#timeUs, this.#tracks);
        this.#memo.follow({ kind, value }, this.#timeUs);
        break;
      case "certificate":
        this.devices.setCertificate(value);
        break;
      default:
        if (SURROUNDING_KINDS.has(kind)) {
          if (!this.surroundings.take({ kind, value } as Parameters<Surroundings["take"]>[0], this.#timeUs))
            this.#counts.recordsRefused += 1;
        } else if (REPORT_KINDS.has(kind)) {
          if (!this.#reports.take({ kind, value } as TypedRecord, this.#seq, this.#timeUs, this.#tracks)) this.#counts.recordsRefused += 1;
        } else if (MEMO_KINDS.has(kind)) {
          if (!this.#memo.take({ kind, value } as TypedRecord, this.#timeUs)) this.#counts.recordsRefused += 1;
        } else if (LOOP_KINDS.has(kind) && !this.#warnings.take({ kind, value } as TypedRecord, this.#timeUs, this.#tracks))
          this.#counts.recordsRefused += 1;
        this.#memo.follow({ kind, value } as TypedRecord, this.#timeUs);
        if (kind === "shift" && !value.on) this.#forgetDevices(value.personId);
    }
  }

  /** Off shift, the positions of a person's devices go as well, but for one that somebody on shift has too. */
  #forgetDevices(personId: string): void {
    const { roster } = this.#warnings;
    for (const { channel, address } of roster.person(personId)?.definition.ways ?? []) {
      if (channel !== "tak" || roster.reachedBy("tak", address).some((id) => roster.person(id)?.onShift === true)) continue;
      this.devices.forgetPosition(address);
    }
  }
  /** Whether a place of one of us came of an entry before this time. */
  holdsPlacesFromBefore(timeUs: number): boolean {
    if (this.devices.holdsFromBefore(timeUs)) return true;
    for (const { position } of this.#warnings.roster.people.values()) if (position !== undefined && position.timeUs < timeUs) return true;
    return false;
  }

  // Frames

  /** The source of an entry, which has now been heard; undefined: there is none. */
  #hearing(entry: Entry): SourceState | undefined {
    const source = this.#sources.get(entry.source);
    if (source === undefined) {
      this.#counts.unknownSourceFrames += 1;
      return undefined;
    }
    source.frames += 1;
    source.secondFrames += 1;
    source.lastFrameUs = this.#timeUs;
    if (source.state !== "hearing") {
      source.state = "hearing";
      delete source.reason;
    }
    return source;
  }

  /** What is purged soon leaves the same state with its content and without it, once what it brought has been forgotten. */
  #shortLived(entry: Entry, kind: CotEntryKind): void {
    const source = this.#hearing(entry);
    const frame = source === undefined || entry.payload === undefined ? undefined : decodeFramePayload(entry.payload);
    if (source !== undefined && frame?.format === "cot") this.#cot.take(kind, source, frame.bytes, this.#placeOf(source), this.#timeUs);
  }

  #placeOf(source: SourceState): LatLon | undefined {
    return source.definition.position ?? this.#sector?.centre;
  }

  #frame(entry: Entry, payload: Uint8Array): void {
    const source = this.#hearing(entry);
    if (source === undefined) return;
    const frame = decodeFramePayload(payload);
    if (frame === undefined) {
      refuseFrame(source, "not-a-frame");
      return;
    }
    if (frame.format === "detections") {
      this.#sensing.take(source, frame.bytes, this.#timeUs);
      return;
    }
    if (frame.format === "cot") {
      this.#cot.take("frame", source, frame.bytes, this.#placeOf(source), this.#timeUs);
      return;
    }
    if (isAdsbFormat(frame.format)) {
      const place = source.definition.position ?? this.#sector?.centre;
      for (const heard of this.#overheard(source, frame, place)) this.#overhear(source, heard);
      return;
    }
    const { observations, refused } = this.#decode(source, frame);
    if (refused !== undefined) refuseFrame(source, refused.code);
    if (observations.length === 0) return;
    const whole = entry.sealed instanceof Uint8Array ? this.#unsealed(source, frame, entry.sealed) : undefined;
    let operators = 0;
    for (let k = 0; k < observations.length; k += 1) {
      const observation = observations[k];
      if (observation === undefined) continue;
      const { refused: elementRefused, messages } = observation.element;
      if (elementRefused !== undefined) refuseFrame(source, elementRefused.code);
      const said = elementRefused?.code === "cut-short" && messages.length === 0 ? salvage(frame, k) : messages;
      const own = frame.sensorTimeUs ?? (observation.sensorTimeMs === undefined ? undefined : observation.sensorTimeMs * 1000);
      const measuredUs = own === undefined ? this.#timeUs : measuredAt(source, own, this.#timeUs, this.#settings);
      const track = this.#observe(source, observation, said, measuredUs);
      for (const message of whole?.[k]?.element.messages ?? []) {
        const operator = operatorOf(message);
        if (operator === undefined) continue;
        if (track !== undefined) {
          track.operatorSeq = entry.seq;
          track.operatorIndex = operators;
          weighOperator(track, operator, this.#timeUs, this.#settings);
        }
        operators += 1;
      }
    }
  }

  /** A frame that a decoder stumbles over is counted as refused, never fatal: it stands in the journal and would stop every restart. */
  #decode(source: SourceState, frame: Frame): DecodedFrame {
    try {
      return isRemoteIdFormat(frame.format) ? decodeFrame(frame.format, frame.bytes) : NOTHING_DECODED;
    } catch {
      refuseFrame(source, "decoder-failed");
      return NOTHING_DECODED;
    }
  }

  /** The same of a receiver of aircraft. */
  #overheard(source: SourceState, frame: Frame, place: LatLon | undefined): readonly Overheard[] {
    try {
      return this.#traffic.take(source, frame, this.#timeUs, place);
    } catch {
      refuseFrame(source, "decoder-failed");
      return [];
    }
  }

  /** What the frame said of people, for weighing in passing. Nothing of it is kept. */
  #unsealed(source: SourceState, frame: Frame, sealed: Uint8Array): readonly Observation[] | undefined {
    const bytes = unsealOperator(frame.bytes, sealed);
    return bytes instanceof Uint8Array ? this.#decode(source, { ...frame, bytes }).observations : undefined;
  }

  #observe(source: SourceState, observation: Observation, messages: readonly Message[], measuredUs: number): Track | undefined {
    const { element, transmitter } = observation;
    const claims = claimsOf(messages);
    const { id, origin } = source.definition;
    // A drill's voice and a real one are never the same, whatever address they give.
    const voice = origin === "live" ? "" : `${origin} `;
    const name = transmitter ?? claims.find(({ kind }) => namesAircraft(kind))?.value ?? `source ${id}`;
    const address = `${voice}${name}`;
    const { key, emitter, changed } = this.#voice(address, claims);
    const uaType = uaTypeOf(messages);
    if (uaType !== undefined) emitter.uaType = uaType;
    let fresh = false;
    for (const claim of claims) fresh = addClaim(emitter.identities, claim, this.#settings.maxIdentitiesPerTrack) || fresh;

    let track = emitter.track === undefined ? undefined : this.#tracks.get(emitter.track);
    const report = reportOf(messages);
    if (track === undefined) {
      if (report === undefined) return undefined;
      track = this.#sameAircraft(emitter, report, source, measuredUs) ?? this.#begin(source, report, emitter, measuredUs);
      if (track === undefined) return undefined;
      this.#bind(key, emitter, track);
      fresh = true;
    }
    if (fresh) track = this.#identify(key, emitter, track);
    if (changed !== undefined) this.#note(track, "identity-changed", changed);
    const heard = this.#hear(track, id, observation);
    setOrDelete(track, "uaType", emitter.uaType);
    if (element.refused !== undefined)
      this.#note(track, "malformed-message", { code: element.refused.code, detail: element.refused.detail });
    const problem = element.problems[0];
    if (problem !== undefined) this.#note(track, "value-out-of-range", { field: problem.field, clause: problem.clause });
    for (const { kind, value, valid, problem: why } of claims) {
      if (kind === "serial" && valid === false) this.#note(track, "invalid-serial", { identity: value, why: why ?? "" });
    }
    if (report !== undefined) {
      this.#move(track, report, heard, measuredUs);
      const place = source.definition.position ?? this.#sector?.centre ?? report;
      this.#fusion.claim(origin, id, place, key, report, measuredUs, this.#timeUs);
    }
    this.#touch(track);
    return track;
  }

  // Aircraft

  /** An aircraft spoke through its transponder: once for each batch that it is in, whatever it said. */
  #overhear(source: SourceState, { aircraft, messages, hasPosition }: Overheard): void {
    const { id, origin } = source.definition;
    const name = aircraftName(aircraft);
    const key = aircraftKey(origin, name);
    const report = hasPosition ? airReport(aircraft, this.#timeUs / 1e6) : undefined;
    const known = this.#emitters.get(key);
    const isNear = report !== undefined && this.#isNear(source, report, known !== undefined);
    if (report !== undefined && !isNear) this.#traffic.leftOut(id, "outside");
    const kind = kindByCategory(aircraft.category);
    if (isNear && kind === "vehicle") this.#traffic.leftOut(id, "vehicles");
    if (kind === "vehicle" || (!isNear && (known === undefined || report !== undefined))) return;

    const emitter = this.#findOrAdd(key);
    const address: IdentityClaim = { kind: aircraft.isIcao ? "icao" : "other", value: name };
    let fresh = addClaim(emitter.identities, address, this.#settings.maxIdentitiesPerTrack);
    const { callsign } = aircraft;
    if (callsign !== undefined)
      fresh = addClaim(emitter.identities, { kind: "callsign", value: callsign }, this.#settings.maxIdentitiesPerTrack) || fresh;
    let track = emitter.track === undefined ? undefined : this.#tracks.get(emitter.track);
    if (track === undefined) {
      if (report === undefined) return;
      track = this.#sameAircraft(emitter, report, source, this.#timeUs) ?? this.#begin(source, report, emitter, this.#timeUs);
      if (track === undefined) return;
      this.#bind(key, emitter, track);
      fresh = true;
    }
    if (fresh) track = this.#identify(key, emitter, track);
    track.selfKind = kind;
    setOrDelete(track, "kind", this.#kindOf(track));
    const heard = this.#hear(track, id, { carrier: "adsb", transmitter: undefined, rssi: undefined });
    heard.frames += messages - 1;
    if (isEmergency(aircraft)) this.#note(track, "emergency-squawk", { squawk: aircraft.squawk ?? "" });
    if (report !== undefined) {
      this.#move(track, report, heard, this.#timeUs);
      const place = source.definition.position ?? this.#sector?.centre ?? report;
      // What flies without anybody on board is a claim like a drone's, whatever it says it by.
      if (kind === "manned") this.#fusion.aircraft(origin, id, place, key, name, report, this.#timeUs);
      else this.#fusion.claim(origin, id, place, key, report, this.#timeUs, this.#timeUs);
    }
    this.#touch(track);
  }

  #isNear({ definition }: SourceState, report: LatLon, isKnown: boolean): boolean {
    const centre = this.#sector?.centre ?? definition.position;
    if (centre === undefined) return true;
    const limitM = this.#settings.aircraftWithinM * (isKnown ? 1.1 : 1);
    return flatDistanceM(centre.latDeg, centre.lonDeg, report.latDeg, report.lonDeg) <= limitM;
  }

  /** What a track most probably is: by its own transponder, else by what sensors make of it. */
  #kindOf(track: Track, classes?: ClassProbabilities): Track["kind"] {
    if (track.selfKind === "manned") return "manned";
    if (classes === undefined) return undefined;
    if (track.takenFor !== undefined) {
      // Its own evidence decides as soon as there is enough; without any, for a short while only.
      const { takenForUnknown, takenForUs } = this.#settings;
      const says = classes.unknown > takenForUnknown || classes.bird > classes.drone;
      if (says && this.#timeUs - track.firstUs < takenForUs) return track.takenFor;
      delete track.takenFor;
    }
    const limit = (kind: "manned" | "bird"): number => (track.kind === kind ? this.#settings.classBelow : this.#settings.classAbove);
    if (track.selfKind !== "unmanned" && classes.aircraft >= limit("manned")) return "manned";
    return classes.bird >= limit("bird") ? "bird" : undefined;
  }

  // Emitters

  #find(key: string): Emitter | undefined {
    const bound = this.#emitters.get(key);
    if (bound !== undefined) return bound;
    const stranger = this.#strangers.get(key);
    if (stranger !== undefined) {
      // Heard again: to the end of those that wait to be forgotten.
      this.#strangers.delete(key);
      this.#strangers.set(key, stranger);
    }
    return stranger;
  }

  #findOrAdd(key: string): Emitter {
    const known = this.#find(key);
    if (known !== undefined) return known;
    if (this.#strangers.size >= this.#settings.maxEmitters) {
      for (const oldest of this.#strangers.keys()) {
        this.#strangers.delete(oldest);
        break;
      }
    }
    const emitter: Emitter = { identities: [], firstUs: this.#timeUs };
    this.#strangers.set(key, emitter);
    return emitter;
  }

  /**
   * Who speaks: the address, or, when the address gives another name of the same kind than before, that name through the address. What it
   * says without a name belongs to the name it gave last: BLE 4 sends name and position in turn.
   */
  #voice(
    address: string,
    claims: readonly IdentityClaim[],
  ): { readonly key: string; readonly emitter: Emitter; readonly changed?: Readonly<Record<string, string>> } {
    const base = this.#findOrAdd(address);
    let named = false;
    for (const claim of claims) {
      if (!namesAircraft(claim.kind)) continue;
      named = true;
      const before = base.identities.find(({ kind }) => kind === claim.kind);
      if (before === undefined || before.value === claim.value) continue;
      const key = `${address}|${claim.value}`;
      const emitter = this.#findOrAdd(key);
      if (base.speaks === key) return { key, emitter };
      base.speaks = key;
      return { key, emitter, changed: { before: before.value, now: claim.value } };
    }
    if (named) delete base.speaks;
    else if (base.speaks !== undefined) return { key: base.speaks, emitter: this.#findOrAdd(base.speaks) };
    return { key: address, emitter: base };
  }

  #bind(key: string, emitter: Emitter, track: Track): void {
    if (emitter.track !== undefined) {
      const before = this.#tracks.get(emitter.track);
      const at = before?.emitters.indexOf(key) ?? -1;
      if (at >= 0) before?.emitters.splice(at, 1);
    }
    emitter.track = track.number;
    this.#strangers.delete(key);
    this.#emitters.set(key, emitter);
    if (track.emitters.length >= this.#settings.maxAddressesPerTrack) {
      const oldest = track.emitters.shift();
      if (oldest !== undefined) this.#emitters.delete(oldest);
    }
    track.emitters.push(key);
  }

  // Tracks

  #claim({ kind, value }: IdentityClaim, number: number): void {
    if (!namesAircraft(kind)) return;
    const claimants = this.#claimants.get(value);
    if (claimants === undefined) this.#claimants.set(value, new Set([number]));
    else claimants.add(number);
  }

  /** How far apart two reports of one aircraft may be. */
  #reachM(aUs: number, bUs: number): number {
    return this.#settings.sameAircraftM + (this.#settings.maxSpeedMps * Math.abs(aUs - bUs)) / 1e6;
  }

  /** The nearest track of the same identity within reach: the aircraft heard by another address. */
  #sameAircraft(emitter: Emitter, report: LatLon, source: SourceState, measuredUs: number): Track | undefined {
    let nearest: Track | undefined;
    let nearestM = Number.POSITIVE_INFINITY;
    for (const { kind, value } of emitter.identities) {
      if (!namesAircraft(kind)) continue;
      for (const number of this.#claimants.get(value) ?? []) {
        const track = this.#tracks.get(number);
        if (track === undefined || !sameOrigin(track, source)) continue;
        const apartM = flatDistanceM(track.latDeg, track.lonDeg, report.latDeg, report.lonDeg);
        if (apartM > this.#reachM(track.lastUs, measuredUs)) continue;
        if (apartM < nearestM || (apartM === nearestM && nearest !== undefined && number < nearest.number)) {
          nearest = track;
          nearestM = apartM;
        }
      }
    }
    return nearest;
  }

  #begin(source: SourceState, report: Report, emitter: Emitter, measuredUs: number): Track | undefined {
    const settings = this.#settings;
    if (this.#tracks.size >= settings.maxTracks) {
      refuseTrack(source, this.#timeUs);
      return undefined;
    }
    const persistent = this.#timeUs - emitter.firstUs >= settings.persistentAfterUs;
    const { allowed, first } = mayBegin(source, persistent, this.#timeUs, settings);
    if (!allowed) {
      if (first) this.#noteFlood(source);
      return undefined;
    }
    return this.#newTrack(source.definition.origin, report.latDeg, report.lonDeg, measuredUs);
  }

  #newTrack(origin: Origin, latDeg: number, lonDeg: number, measuredUs: number): Track {
    // The number of the entry that began it; further tracks of one frame, and numbers still in use, take the next free ones from half way round.
    let number = ((this.#seq - 1) % NUMBERS) + 1;
    let further = 0;
    for (; this.#tracks.has(number); further += 1) number = ((this.#seq - 1 + 0x8000_0000 + this.#seq * 16 + further) % NUMBERS) + 1;
    const drill = origin === "synthetic";
    const track: Track = {
      number: number as TrackNumber,
      // What is said aloud stays short: the entry, and which of its tracks.
      id: further === 0 ? trackId(number, drill) : `${trackId(this.#seq, drill)}-${further + 1}`,
      drill,
      recorded: origin === "recorded",
      status: "tentative",
      firstUs: measuredUs,
      lastUs: measuredUs,
      heardUs: this.#timeUs,
      positions: 0,
      latDeg,
      lonDeg,
      identities: [],
      heardBy: [],
      findings: [],
      emitters: [],
      history: [],
      revision: 0,
      danger: false,
    };
    this.#tracks.set(number, track);
    return track;
  }

  /** Names the flood on the tracks that came with it; those confirmed before are left alone. */
  #noteFlood(source: SourceState): void {
    for (const track of this.#tracks.values()) {
      if (track.status !== "tentative" || track.firstUs < source.floodSinceUs - this.#settings.clockToleranceUs) continue;
      if (track.heardBy[0]?.id !== source.definition.id) continue;
      this.#note(track, "ghost-flood", { source: source.definition.id, newTracks: source.floodTracks });
      this.#touch(track);
    }
  }

  /** Gives a track the identities of its emitter. If another track has the name already, it is the same aircraft, or the name is in two places. */
  #identify(key: string, emitter: Emitter, track: Track): Track {
    let kept = track;
    for (const identity of emitter.identities) {
      if (!namesAircraft(identity.kind)) continue;
      const claimants = this.#claimants.get(identity.value);
      if (claimants === undefined || claimants.has(kept.number)) continue;
      for (const number of [...claimants].sort((a, b) => a - b)) {
        const other = this.#tracks.get(number);
        if (other === undefined || other === kept || other.drill !== kept.drill || other.recorded !== kept.recorded) continue;
        const apartM = flatDistanceM(kept.latDeg, kept.lonDeg, other.latDeg, other.lonDeg);
        if (apartM <= this.#reachM(kept.lastUs, other.lastUs)) {
          kept = this.#merge(key, emitter, kept, other);
          continue;
        }
        const values = { identity: identity.value, apartM: Math.round(apartM) };
        this.#note(kept, "identity-in-two-places", { ...values, other: other.id });
        this.#note(other, "identity-in-two-places", { ...values, other: kept.id });
        this.#touch(other);
      }
    }
    for (const claim of emitter.identities) {
      if (addClaim(kept.identities, claim, this.#settings.maxIdentitiesPerTrack)) this.#claim(claim, kept.number);
    }
    return kept;
  }

  /** Two tracks turn out to be one aircraft: the one that already has the name stays, with the emitter and the dangers of the other. */
  #merge(key: string, emitter: Emitter, track: Track, into: Track): Track {
    this.#bind(key, emitter, into);
    if (track.emitters.length > 0) return into;
    this.#warnings.merged(track, into, this.#timeUs);
    if (track.selfKind !== undefined) into.selfKind ??= track.selfKind;
    this.#drop(track);
    this.#touch(into);
    return into;
  }

  #hear(
    track: Track,
    sourceId: string,
    { carrier, transmitter, rssi }: Pick<Observation, "transmitter" | "rssi"> & { readonly carrier: string },
  ): HeardBy {
    track.heardUs = this.#timeUs;
    let otherAddress: string | undefined;
    for (const heard of track.heardBy) {
      if (heard.id !== sourceId || heard.carrier !== carrier) continue;
      if (heard.transmitter === transmitter) {
        heard.lastUs = this.#timeUs;
        heard.frames += 1;
        setOrDelete(heard, "rssiDbm", rssi);
        return heard;
      }
      otherAddress = heard.transmitter;
    }
    const heard: HeardBy = {
      id: sourceId,
      carrier,
      ...(transmitter === undefined ? {} : { transmitter }),
      ...(rssi === undefined ? {} : { rssiDbm: rssi }),
      lastUs: this.#timeUs,
      frames: 1,
    };
    // One aircraft has one address per carrier; another one is a new address, or a second transmitter with its name.
    if (otherAddress !== undefined && transmitter !== undefined)
      this.#note(track, "transmitter-changed", { before: otherAddress, now: transmitter, carrier });
    if (track.heardBy.length >= this.#settings.maxSourcesPerTrack) track.heardBy.shift();
    track.heardBy.push(heard);
    return heard;
  }

  #note(track: Track, code: FindingCode, values: Readonly<Record<string, number | string>>): void {
    note(track, code, this.#timeUs, values, this.#settings.maxFindingsPerTrack);
  }

  #move(track: Track, report: Report, heard: HeardBy, measuredUs: number): void {
    // Measured before what is known, by a second or slower receiver: the newer stands.
    if (track.positions > 0 && measuredUs < track.lastUs) return;
    const settings = this.#settings;
    const { location, heightHaeM, transponder } = report;
    if (location?.timestamp !== undefined) weighClock(track, heard, location.timestamp, measuredUs, this.#timeUs, settings);
    if (transponder === undefined) weighClaims(track, report, this.#timeUs, settings);
    if (transponder === undefined && track.positions > 0 && track.measured === undefined)
      weighMotion(track, report, measuredUs, this.#timeUs, settings);
    if (track.positions < settings.confirmPositions || report.latDeg !== track.latDeg || report.lonDeg !== track.lonDeg)
      track.positions += 1;
    setOrDelete(track, "heightAboveTakeoffM", report.heightAboveTakeoffM);
    setOrDelete(track, "heightAboveGroundM", location?.heightType === 1 ? location.height : undefined);
    setOrDelete(track, "operationalStatus", location?.status);
    // Sensors measure it: where it is, they say.
    if (track.measured !== undefined) return;
    track.latDeg = report.latDeg;
    track.lonDeg = report.lonDeg;
    track.lastUs = measuredUs;
    this.#setVelocity(track, report, measuredUs);
    setOrDelete(track, "verticalSpeedMps", report.verticalSpeedMps);
    setOrDelete(track, "heightHaeM", heightHaeM);
    setOrDelete(track, "heightPressureM", transponder?.heightPressureM ?? location?.pressureAltitude);
    const mslM = report.heightMslM ?? (heightHaeM === undefined ? undefined : mslFromHaeM(report.latDeg, report.lonDeg, heightHaeM));
    setOrDelete(track, "heightMslM", mslM);
    setOrDelete(track, "errorM", report.errorM);
    this.#remember(track, report.latDeg, report.lonDeg, heightHaeM, measuredUs);
    if (track.status !== "confirmed" && track.positions >= settings.confirmPositions) track.status = "confirmed";
  }

  /** Adds a point to a track's history, one per step at most. */
  #remember(track: Track, latDeg: number, lonDeg: number, heightHaeM: number | undefined, measuredUs: number): void {
    const settings = this.#settings;
    const earlier = track.history.at(-1);
    if (earlier !== undefined && measuredUs - earlier.timeUs < settings.historyStepUs) return;
    track.history.push({ timeUs: measuredUs, latDeg, lonDeg, ...(heightHaeM === undefined ? {} : { heightHaeM }) });
    const share = Math.max(settings.historyPointsLeast, Math.floor(settings.historyPointsTotal / this.#tracks.size));
    const over = track.history.length - Math.min(settings.historyPoints, share);
    if (over > 0) track.history.splice(0, over);
  }

  /** Velocity as broadcast; where course or speed is not, from the positions of the last seconds: what says no course may still come. */
  #setVelocity(track: Track, report: Report, measuredUs: number): void {
    if (report.courseDeg !== undefined && report.speedMps !== undefined) {
      track.courseDeg = report.courseDeg;
      track.speedMps = report.speedMps;
      if (track.velocityDerived !== undefined) delete track.velocityDerived;
      return;
    }
    const earlier = track.history.at(-1);
    const dt = earlier === undefined ? 0 : (measuredUs - earlier.timeUs) / 1e6;
    if (earlier !== undefined && dt >= 0.8 && dt <= 15) {
      const northM =
        flatDistanceM(earlier.latDeg, earlier.lonDeg, report.latDeg, earlier.lonDeg) * Math.sign(report.latDeg - earlier.latDeg);
      const turn = report.lonDeg - earlier.lonDeg;
      const eastM =
        flatDistanceM(report.latDeg, earlier.lonDeg, report.latDeg, report.lonDeg) *
        (Math.abs(turn) > 180 ? -Math.sign(turn) : Math.sign(turn));
      track.speedMps = report.speedMps ?? Math.hypot(eastM, northM) / dt;
      // A few metres of noise have a direction too; it says nothing.
      setOrDelete(
        track,
        "courseDeg",
        Math.hypot(eastM, northM) < 3 ? undefined : ((Math.atan2(eastM, northM) * 180) / Math.PI + 360) % 360,
      );
      track.velocityDerived = true;
    } else if (track.velocityDerived === undefined) {
      setOrDelete(track, "courseDeg", report.courseDeg);
      setOrDelete(track, "speedMps", report.speedMps);
    }
  }

  #touch(track: Track): void {
    track.revision += 1;
    this.#changed.add(track.number);
    this.#fresh.add(track.number);
  }

  #drop(track: Track): void {
    this.#tracks.delete(track.number);
    if (track.measured !== undefined) this.#measured[originOf(track)].delete(track.measured.label);
    for (const key of track.emitters) this.#emitters.delete(key);
    for (const { value } of track.identities) {
      const claimants = this.#claimants.get(value);
      claimants?.delete(track.number);
      if (claimants?.size === 0) this.#claimants.delete(value);
    }
    this.#changed.delete(track.number);
    this.#fresh.delete(track.number);
    this.#removed.push(track.number);
  }

  // What sensors measure

  /** Takes what a tracker tells: bodies become tracks or join the tracks of their broadcasts, claims without a body are marked. */
  #measure({ origin, estimates, isDue, claims }: Told): void {
    const told = new Set<number>();
    const contradicted = new Set<number>();
    for (const estimate of estimates) {
      let claimed = estimate.identity === undefined ? undefined : this.#claimedBy(origin, estimate.identity);
      if (estimate.status === "tentative" && !this.#isTold(estimate, origin)) continue;
      if (estimate.status === "unverified") {
        claimed = this.#claimOfSensor(origin, estimate, claimed);
        if (claimed === undefined || claimed.measured !== undefined || estimate.unseenBy.length === 0) continue;
        contradicted.add(claimed.number);
        claimed.unseenBy = estimate.unseenBy;
        claimed.unseenSinceUs ??= this.#timeUs;
        this.#touch(claimed);
        continue;
      }
      told.add(estimate.label);
      this.#measureBody(origin, estimate, claimed);
    }
    if (claims) this.#agreeAgain(origin, contradicted);
    for (const [label, track] of this.#measured[origin]) {
      if (!isDue(label) || told.has(label)) continue;
      // No longer told: what only sensors knew is lost and coasts, what broadcasts is a claim again.
      if (track.emitters.length > 0 && this.#timeUs - track.lastUs > this.#settings.coastAfterUs) this.#unmeasure(track);
    }
  }

  /** Claims that sensors no longer contradict. */
  #agreeAgain(origin: Origin, contradicted: ReadonlySet<number>): void {
    for (const track of this.#tracks.values()) {
      if (track.unseenSinceUs === undefined || originOf(track) !== origin || contradicted.has(track.number)) continue;
      delete track.unseenBy;
      delete track.unseenSinceUs;
      this.#touch(track);
    }
  }

  /** Whether a body that is not sure yet is told: likely enough, well enough placed, and close to a person or post. One that was sure once coasts. */
  #isTold({ label, existence, covarianceEnuM2, latDeg, lonDeg, reasons }: TrackEstimate, origin: Origin): boolean {
    const known = this.#measured[origin].get(label);
    if (known !== undefined && known.status !== "tentative") return false;
    const { tentativeExistence, tentativeNearM } = this.#settings;
    const [ee = 0, , , , nn = 0] = covarianceEnuM2;
    // As far off as that, it is not known to be near anybody.
    if (existence < tentativeExistence || ee + nn > tentativeNearM * tentativeNearM) return false;
    // A single plot is worth what its sensor says of its false alarms, whatever was seen lately: beside a radar that sees eight ghosts in every scan,
    // each of our people would be warned of one every few minutes.
    const [first, second] = reasons;
    if (first !== undefined && second === undefined) {
      const falseAlarms = this.#sensing.falseAlarmsOf(first.sensor) ?? 0;
      if (1 / (1 + falseAlarms / this.#settings.firstPlotHalf) < tentativeExistence) return false;
    }
    return known !== undefined || this.#warnings.isNearSomeone(latDeg, lonDeg, tentativeNearM, this.#timeUs);
  }

  /** The track of a broadcast: heard by a receiver of ours, or told by a sensor of the detection format. */
  #claimedBy(origin: Origin, { kind, name }: NonNullable<TrackEstimate["identity"]>): Track | undefined {
    if (kind !== "remoteid" && kind !== "adsb") return undefined;
    const own = kind === "adsb" ? aircraftKey(origin, name) : name;
    const number = (this.#emitters.get(own) ?? this.#emitters.get(sensorClaimKey(origin, name)))?.track;
    return number === undefined ? undefined : this.#tracks.get(number);
  }

  /** A claim that a sensor of the detection format tells is a track of its own as long as no body agrees: where it says, as it says. */
  #claimOfSensor(origin: Origin, estimate: TrackEstimate, known: Track | undefined): Track | undefined {
    const name = estimate.identity?.name;
    if (name === undefined || estimate.identity?.kind !== "remoteid") return known;
    const key = sensorClaimKey(origin, name);
    const own = this.#emitters.get(key);
    if (known !== undefined && own === undefined) return known;
    let track = known;
    if (track === undefined) {
      if (this.#tracks.size >= this.#settings.maxTracks) return undefined;
      track = this.#newTrack(origin, estimate.latDeg, estimate.lonDeg, estimate.bornS * 1e6);
      const emitter: Emitter = { identities: [{ kind: "serial", value: name }], firstUs: this.#timeUs };
      this.#bind(key, emitter, track);
      for (const claim of emitter.identities)
        if (addClaim(track.identities, claim, this.#settings.maxIdentitiesPerTrack)) this.#claim(claim, track.number);
    }
    if (track.measured !== undefined) return track;
    const heardUs = Math.round(estimate.lastHitS * 1e6);
    if (heardUs > track.heardUs || track.positions === 0) track.positions += 1;
    track.heardUs = Math.max(track.heardUs, heardUs);
    track.status = track.positions >= this.#settings.confirmPositions ? "confirmed" : "tentative";
    this.#place(track, estimate);
    return track;
  }

  /** Position and velocity of an estimate, as of now. */
  #place(track: Track, { latDeg, lonDeg, velocityEnuMps: [east, north, up] }: TrackEstimate): void {
    track.latDeg = latDeg;
    track.lonDeg = lonDeg;
    track.lastUs = this.#timeUs;
    track.speedMps = Math.hypot(east, north);
    track.courseDeg = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
    track.verticalSpeedMps = up;
    delete track.velocityDerived;
    this.#remember(track, latDeg, lonDeg, track.heightHaeM, this.#timeUs);
    this.#touch(track);
  }

  #measureBody(origin: Origin, estimate: TrackEstimate, claimed: Track | undefined): void {
    let track = this.#measured[origin].get(estimate.label);
    if (claimed !== undefined && track !== claimed) {
      if (claimed.measured !== undefined) this.#unmeasure(claimed);
      if (track !== undefined && track.emitters.length === 0) {
        // The body and its broadcast are one aircraft: nobody hears a second alarm.
        this.#warnings.merged(track, claimed, this.#timeUs);
        this.#drop(track);
      } else if (track !== undefined) this.#unmeasure(track);
      track = claimed;
    }
    if (track === undefined) {
      if (this.#tracks.size >= this.#settings.maxTracks) return;
      track = this.#newTrack(origin, estimate.latDeg, estimate.lonDeg, estimate.bornS * 1e6);
      if (this.#isWithBird(track)) track.takenFor = "bird";
    }
    this.#measured[origin].set(estimate.label, track);
    const settings = this.#settings;
    const timeUs = this.#timeUs;
    delete track.unseenBy;
    delete track.unseenSinceUs;
    track.measured = measuredOf(estimate);
    track.heardUs = Math.max(track.heardUs, Math.min(timeUs, Math.round(estimate.lastHitS * 1e6)));
    if (estimate.status === "tentative") track.status = "tentative";
    else {
      track.positions = Math.max(track.positions, settings.confirmPositions);
      track.status = estimate.status === "coasted" ? "coasting" : "confirmed";
    }
    track.errorM = track.measured.ellipse.majorM;
    // A height that hardly anything measured is none.
    if (track.measured.heightSigmaM < settings.trackToleranceM / 2) {
      track.heightHaeM = estimate.haeM;
      track.heightMslM = mslFromHaeM(estimate.latDeg, estimate.lonDeg, estimate.haeM);
    } else {
      delete track.heightHaeM;
      delete track.heightMslM;
    }
    const { identity } = estimate;
    if (identity?.kind === "adsb") track.selfKind ??= "manned";
    setOrDelete(track, "kind", this.#kindOf(track, estimate.classes));
    if (identity !== undefined && claimed === undefined) {
      // An aircraft's address, another system's number: told by a sensor, with the body.
      const kind = identity.kind === "remoteid" ? "serial" : identity.kind === "adsb" ? "icao" : "other";
      const claim: IdentityClaim = { kind, value: identity.name };
      if (addClaim(track.identities, claim, settings.maxIdentitiesPerTrack)) this.#claim(claim, track.number);
    }
    this.#place(track, estimate);
  }

  /** A body that begins where a bird flies is that bird, until its own evidence says otherwise: birds turn more sharply than trackers follow. */
  #isWithBird(fresh: Track): boolean {
    const { birdM, birdMps, birdMostM, birdGoneUs } = this.#settings;
    for (const track of this.#tracks.values()) {
      if (track.kind !== "bird" || track === fresh || originOf(track) !== originOf(fresh)) continue;
      const gapUs = this.#timeUs - track.heardUs;
      if (gapUs > birdGoneUs) continue;
      const allowedM = Math.min(birdMostM, birdM + (birdMps * gapUs) / 1e6);
      if (flatDistanceM(track.latDeg, track.lonDeg, fresh.latDeg, fresh.lonDeg) <= allowedM) return true;
    }
    return false;
  }

  #unmeasure(track: Track): void {
    if (track.measured === undefined) return;
    this.#measured[originOf(track)].delete(track.measured.label);
    delete track.measured;
    setOrDelete(track, "kind", this.#kindOf(track));
    this.#touch(track);
  }

  // Ticks

  #tick(): void {
    const { coastAfterUs, endAfterUs, tentativeEndAfterUs, lostClearAfterUs } = this.#settings;
    const timeUs = this.#timeUs;
    for (const source of this.#sources.values()) tickSource(source, timeUs, this.#settings);
    this.devices.tick(timeUs);
    this.#fusion.advance(timeUs);
    const isNews = (origin: Origin, label: number, lastHitS: number): boolean => {
      const known = this.#measured[origin].get(label);
      return known === undefined || Math.round(lastHitS * 1e6) > known.heardUs;
    };
    for (const told of this.#fusion.estimates(timeUs, isNews)) this.#measure(told);
    for (const track of this.#tracks.values()) {
      const quietUs = timeUs - track.heardUs;
      if (quietUs < coastAfterUs) continue;
      const endUs = track.status === "tentative" ? tentativeEndAfterUs : endAfterUs;
      if (quietUs >= (track.danger ? Math.max(endUs, lostClearAfterUs) : endUs)) {
        track.status = "ended";
        this.#drop(track);
      } else if (track.status === "confirmed") {
        track.status = "coasting";
        this.#touch(track);
      }
    }
    // Everything is judged five times a second; between, what there is news of.
    this.#warnings.judge(this.#tracks, timeUs, timeUs % JUDGE_ALL_US === 0 ? undefined : this.#fresh);
    this.#fresh.clear();
    this.#reports.tick(timeUs);
    this.#memo.tick(timeUs);
  }

  // What people report

  /** Height of the ground above the ellipsoid: that of the nearest sensor that says where it stands, else 0. */
  groundM({ latDeg, lonDeg }: LatLon): number {
    let groundM = 0;
    let nearestM = Number.POSITIVE_INFINITY;
    for (const { declaration } of this.#sensing.sensors()) {
      const apartM = flatDistanceM(latDeg, lonDeg, declaration.latDeg, declaration.lonDeg);
      if (apartM >= nearestM) continue;
      nearestM = apartM;
      groundM = declaration.haeM;
    }
    return groundM;
  }

  /** Somebody is at risk where they stand, whatever can or cannot be measured: a track there, by the word of a person, so that people near are told. */
  #riskTrack({ told, observedUs, reference }: PictureReport): number | undefined {
    if (this.#tracks.size >= this.#settings.maxTracks) return undefined;
    const { latDeg, lonDeg, errorM } = told.observer;
    const track = this.#newTrack(told.drill ? "synthetic" : "live", latDeg, lonDeg, observedUs);
    track.positions = 1;
    track.errorM = Math.max(errorM, RISK_ERROR_M);
    track.heardBy.push({ id: reference, carrier: "person", lastUs: this.#timeUs, frames: 1 });
    track.report = told.id;
    this.#remember(track, latDeg, lonDeg, undefined, observedUs);
    this.#touch(track);
    return track.number;
  }

  #riskOver({ riskTrack, told }: PictureReport, by: string): void {
    const track = riskTrack === undefined ? undefined : this.#tracks.get(riskTrack);
    if (track?.report !== told.id) return;
    for (const warning of this.#warnings.warnings.values()) {
      if (warning.state === "cleared" || warning.tracks.length !== 1 || warning.tracks[0] !== track.number) continue;
      const value = { warningId: warning.id, what: "nothing", by, reason: "The report was taken back." } as const;
      this.#warnings.take({ kind: "stand-down", value }, this.#timeUs, this.#tracks);
    }
    track.status = "ended";
    this.#drop(track);
  }
}

/** How far from a person at risk the thing may be, m: where it is was not told. */
const RISK_ERROR_M = 100;
function isCotEntry(kind: string): kind is CotEntryKind {
  return COT_ENTRY_KINDS.some((known) => known === kind);
}

function sameOrigin(track: Track, { definition: { origin } }: SourceState): boolean {
  return originOf(track) === origin;
}

function originOf({ drill, recorded }: Track): Origin {
  return drill ? "synthetic" : recorded ? "recorded" : "live";
}

function aircraftKey(origin: Origin, name: string): string {
  return `${origin} aircraft ${name}`;
}

function sensorClaimKey(origin: Origin, name: string): string {
  return `${origin} sensor claim ${name}`;
}
