// The life of a warning: raised by a danger, changed with it, cleared by rule or by an officer. One danger, one warning. No flicker.
import { type Danger, Subject } from "./danger.ts";
import { Exempt, type ExemptImage, sourcesOf, type Verdict } from "./danger/exempt.ts";
import { type Level, rankOf } from "./danger/level.ts";
import { type DangerRules, defaultRules } from "./danger/rules.ts";
import { type Pair, Targets, zoneKey } from "./danger/targets.ts";
import type { TypedRecord, ZoneDefinition } from "./entry.ts";
import { type Intent, type PersonIntent, referenceOf, type WarningChange, type WarningId } from "./intent.ts";
import type { Channel, LoopRecords } from "./loop-records.ts";
import { Roster, type RosterImage } from "./people/roster.ts";
import type { Settings } from "./settings.ts";
import type { Track } from "./track.ts";
import { type AlarmFigures, Alarms, type AlarmsImage } from "./warning/alarms.ts";
import { Flocks } from "./warning/flocks.ts";
import { type DrillScope, type Holding, Ladders } from "./warning/ladder.ts";
import { type PathPoint, type PictureWarning, type Reason, type Rung, stands, type Threat, type WhyCode } from "./warning/warning.ts";
import type { WatchedZone } from "./watched-zone.ts";

const MAX_REASONS = 20;
/** Sources named on one warning. */
const MAX_SOURCES = 8;
const NO_KEYS: ReadonlySet<string> = new Set();

export interface ChannelState {
  readonly channel: Channel;
  readonly state: "up" | "slow" | "down";
  readonly reason?: string;
  readonly sinceUs: number;
}

/** An answer to a warning that is not known here, or of a person who was not on its ladder: kept and shown. */
export type StrayAnswer = LoopRecords["answer"] & { readonly timeUs: number; readonly why: "unknown-warning" | "not-on-ladder" };

/** Warnings that one source or sensor raised, in a flood. */
export interface FloodGroup {
  readonly source: string;
  readonly warnings: readonly WarningId[];
  readonly muted: boolean;
}

export interface WarningLifeImage {
  readonly notRaised: number;
  readonly roster: RosterImage;
  readonly exempt: ExemptImage;
  readonly rules: readonly DangerRules[];
  readonly channels: readonly ChannelState[];
  readonly drill?: DrillScope;
  readonly alarms: AlarmsImage;
  readonly stray: readonly StrayAnswer[];
  readonly strayForgotten: number;
  readonly zones: readonly ZoneDefinition[];
  readonly warnings: readonly PictureWarning[];
  readonly dirty: readonly WarningId[];
}

/** Records that are this class's matter. */
export const LOOP_KINDS: ReadonlySet<string> = new Set<TypedRecord["kind"]>([
  "zone",
  "zone-removed",
  "acknowledge",
  "clear",
  "person",
  "person-removed",
  "shift",
  "post-staff",
  "person-position",
  "rules",
  "receipt",
  "answer",
  "decision",
  "stand-down",
  "help-closed",
  "escalate",
  "incident-review",
  "shelve",
  "unshelve",
  "mute",
  "unmute",
  "authorised-drone",
  "authorised-removed",
  "channel-state",
  "drill",
]);

export class WarningLife {
  readonly #settings: Settings;
  readonly #touch: (track: Track) => void;
  readonly #isTrial: boolean;
  readonly roster: Roster;
  readonly exempt: Exempt;
  readonly #targets: Targets;
  readonly #ladders: Ladders;
  readonly #alarms: Alarms;
  /** Rule sets by version, the one in force last: those before it are kept while a warning runs by them. */
  #rules: DangerRules[] = [defaultRules];
  readonly #channels = new Map<Channel, ChannelState>();
  #drill: DrillScope | undefined;
  #stray: StrayAnswer[] = [];
  #strayForgotten = 0;
  readonly #warnings = new Map<string, PictureWarning>();
  /** Track → the warning that holds it. Derived from the warnings, like the counts below. */
  readonly #ofTrack = new Map<number, PictureWarning>();
  readonly #standing = new Set<PictureWarning>();
  readonly #load = new Map<string, number>();
  #cleared = 0;
  /** Dangers that were not raised since their targets had their fill. */
  notRaised = 0;
  #intents: Intent[] = [];
  /** Changed between ticks, to be shown at the next. */
  readonly #dirty = new Set<PictureWarning>();
  /** Standing warnings whose ladders need not be climbed before a time, unless they are stirred. Hundreds of people stand on some of them. */
  readonly #restsUntilUs = new Map<PictureWarning, number>();

  /** `tried`: rules that hold for good, whatever records say. */
  constructor(settings: Settings, touch: (track: Track) => void, tried?: DangerRules) {
    this.#settings = settings;
    this.#touch = touch;
    this.#isTrial = tried !== undefined;
    if (tried !== undefined) this.#rules = [tried];
    this.roster = new Roster(settings);
    this.exempt = new Exempt(settings);
    this.#targets = new Targets(settings, this.roster);
    this.#alarms = new Alarms(settings);
    this.#ladders = new Ladders({
      settings,
      roster: this.roster,
      rulesOf: ({ rulesVersion }) => this.#rulesOf(rulesVersion),
      isDown: (channel) => (this.#channels.get(channel)?.state ?? "up") !== "up",
      drill: () => this.#drill,
      emit: (intent) => this.#intents.push(intent),
      changed: (warning) => {
        this.#dirty.add(warning);
        this.#stir(warning);
      },
    });
  }

  // Reads

  get zones(): ReadonlyMap<string, WatchedZone> {
    return this.#targets.zones;
  }
  get warnings(): ReadonlyMap<string, PictureWarning> {
    return this.#warnings;
  }
  /** Whether time alone can still change something here. */
  get waits(): boolean {
    return this.#standing.size > 0 || this.#dirty.size > 0;
  }
  get rules(): DangerRules {
    return this.#rules.at(-1) ?? defaultRules;
  }
  get channels(): readonly ChannelState[] {
    return [...this.#channels.values()];
  }
  /** Whether a person may be told of something by this channel now: it is up, and where it is a drill's, the drill reaches both and is not held up. */
  mayTell(personId: string, channel: Channel, drill: boolean): boolean {
    if ((this.#channels.get(channel)?.state ?? "up") !== "up") return false;
    if (!drill) return true;
    const scope = this.#drill;
    return scope !== undefined && scope.pausedUs === undefined && scope.people.includes(personId) && scope.channels.includes(channel);
  }
  get drill(): Readonly<DrillScope> | undefined {
    return this.#drill;
  }
  get strayAnswers(): readonly StrayAnswer[] {
    return this.#stray;
  }
  alarmFigures(timeUs: number): AlarmFigures {
    return this.#alarms.figures(timeUs);
  }
  alarmTimes(): readonly number[] {
    return this.#alarms.times();
  }
  /** Standing warnings by the source or sensor that they rest on most, the largest group first; empty while there is no flood. */
  floodGroups(timeUs: number): readonly FloodGroup[] {
    if (!this.alarmFigures(timeUs).flood) return [];
    const counts = new Map<string, number>();
    const standing = [...this.#standing].filter(({ state, drill }) => state !== "cleared" && !drill);
    for (const { sources } of standing) for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1);
    const groups = new Map<string, WarningId[]>();
    for (const { id, sources } of standing) {
      let chosen = "";
      for (const source of sources) if (chosen === "" || (counts.get(source) ?? 0) > (counts.get(chosen) ?? 0)) chosen = source;
      const group = groups.get(chosen);
      if (group === undefined) groups.set(chosen, [id]);
      else group.push(id);
    }
    const muted = new Set(this.exempt.mutes.map(({ source }) => source));
    return [...groups]
      .map(([source, warnings]) => ({ source, warnings, muted: muted.has(source) }))
      .sort((a, b) => b.warnings.length - a.warnings.length || (a.source < b.source ? -1 : 1));
  }
  get hasIntents(): boolean {
    return this.#intents.length > 0;
  }
  takeIntents(): readonly Intent[] {
    const taken = this.#intents;
    this.#intents = [];
    return taken;
  }
  /** What was to be sent to people and has no receipt yet, under the ids it had. */
  pendingIntents(): readonly PersonIntent[] {
    return [...this.#standing].flatMap((warning) => (warning.state === "cleared" ? [] : this.#ladders.pending(warning)));
  }
  nextStep(warning: Readonly<PictureWarning>, rung: Readonly<Rung>): ReturnType<Ladders["next"]> {
    return this.#ladders.next(warning, rung);
  }
  /** What holds now for those whom an address reaches, the newest danger last. */
  holdingFor(channel: Channel, address: string, timeUs: number): readonly Holding[] {
    const people = this.roster.reachedBy(channel, address);
    if (people.length === 0) return [];
    const held: Holding[] = [];
    for (const warning of this.#warnings.values()) {
      if (warning.state === "cleared" && timeUs - (warning.clearedUs ?? timeUs) > this.#settings.overShownUs) continue;
      for (const personId of people) {
        const holding = this.#ladders.holding(warning, personId, channel, address, timeUs);
        if (holding !== undefined) held.push(holding);
      }
    }
    return held;
  }
  /** Why a warning may not be put aside now; undefined: it may. */
  mayShelve(id: string): "unknown" | "over" | "person-in-danger" | undefined {
    const warning = this.#warnings.get(id);
    if (warning === undefined) return "unknown";
    if (warning.state === "cleared") return "over";
    return personInDanger(warning) ? "person-in-danger" : undefined;
  }
  /** Whether a person or a post is so near that bodies count which are not sure yet. */
  isNearSomeone(latDeg: number, lonDeg: number, withinM: number, timeUs: number): boolean {
    // Asked before the tick's own judging: a picture that has just been restored has no grid of people yet.
    this.#targets.prepare(timeUs);
    return this.#targets.isNear({ latDeg, lonDeg }, withinM);
  }

  // Snapshots

  image(): WarningLifeImage {
    return {
      notRaised: this.notRaised,
      roster: this.roster.image(),
      exempt: this.exempt.image(),
      rules: this.#rules,
      channels: this.channels,
      ...(this.#drill === undefined ? {} : { drill: this.#drill }),
      alarms: this.#alarms.image(),
      stray: this.#stray,
      strayForgotten: this.#strayForgotten,
      zones: [...this.zones.values()].map(({ zone }) => zone),
      warnings: [...this.#warnings.values()],
      dirty: [...this.#dirty].map(({ id }) => id),
    };
  }

  /** Takes what a snapshot holds; to be called once, on a new object. */
  restore(image: WarningLifeImage): void {
    this.notRaised = image.notRaised;
    this.roster.restore(image.roster);
    this.exempt.restore(image.exempt);
    this.#rules = [...image.rules];
    for (const state of image.channels) this.#channels.set(state.channel, state);
    this.#drill = image.drill;
    this.#alarms.restore(image.alarms);
    this.#stray = [...image.stray];
    this.#strayForgotten = image.strayForgotten;
    for (const zone of image.zones) this.#targets.setZone(zone);
    for (const warning of image.warnings) {
      this.#warnings.set(warning.id, warning);
      // One object for the foremost threat and its place in the list, as before.
      warning.foremost = warning.threats.find(({ key }) => key === warning.foremost.key) ?? warning.foremost;
      if (stands(warning)) this.#stand(warning);
      if (warning.state === "cleared") this.#cleared += 1;
    }
    for (const id of image.dirty) {
      const warning = this.#warnings.get(id);
      if (warning !== undefined) this.#dirty.add(warning);
    }
  }

  // Records

  /** Takes a record of `LOOP_KINDS`. False when it is refused: a limit, something unknown, or a rule forbids it. */
  take(record: TypedRecord, timeUs: number, tracks: ReadonlyMap<number, Track>): boolean {
    const { kind, value } = record;
    switch (kind) {
      case "zone":
        return this.#targets.setZone(value.zone);
      case "zone-removed":
        this.#removeZone(value.id, timeUs, tracks);
        return true;
      case "acknowledge":
        return this.#acknowledge(value.warningId, value.by, timeUs);
      case "clear":
        return this.#clearByOfficer(value, timeUs, tracks);
      case "stand-down":
        return this.#standDownByOfficer(value, timeUs, tracks);
      case "person":
        this.#stirAll();
        return this.roster.set(value.person);
      case "person-removed":
        this.#stirAll();
        this.roster.remove(value.id);
        return true;
      case "shift":
        this.#stirAll();
        return this.roster.shift(value.personId, value.on);
      case "post-staff":
        return this.roster.setStaff(value.zoneId, value.people);
      case "person-position": {
        const { personId, position, errorM, source, facingDeg } = value;
        return this.roster.place(personId, {
          ...position,
          errorM,
          timeUs: Math.min(timeUs, Math.round(value.timeUs)),
          source,
          ...(facingDeg === undefined ? {} : { facingDeg }),
        });
      }
      case "rules":
        return this.#setRules(value.rules);
      case "receipt": {
        const warning = this.#find(value.warningId);
        return warning !== undefined && this.#ladders.receipt(warning, value, timeUs);
      }
      case "answer":
        this.#answer(value, timeUs);
        return true;
      case "decision": {
        const warning = this.#warnings.get(value.warningId);
        return warning !== undefined && warning.state !== "cleared" && this.#ladders.decide(warning, value, timeUs);
      }
      case "help-closed": {
        const warning = this.#find(value.warningId);
        return warning !== undefined && this.#ladders.closeHelp(warning, value, timeUs);
      }
      case "escalate": {
        const warning = this.#warnings.get(value.warningId);
        return warning !== undefined && warning.state !== "cleared" && this.#ladders.hasten(warning, value.by, timeUs);
      }
      case "incident-review":
        return this.#review(value, timeUs);
      case "shelve": {
        const warning = this.#warnings.get(value.warningId);
        if (warning === undefined || this.mayShelve(value.warningId) !== undefined) return false;
        warning.shelved = { untilUs: timeUs + Math.round(value.forS * 1e6), by: value.by, reason: value.reason };
        this.#dirty.add(warning);
        return true;
      }
      case "unshelve": {
        const warning = this.#warnings.get(value.warningId);
        if (warning?.shelved === undefined) return false;
        delete warning.shelved;
        this.#dirty.add(warning);
        return true;
      }
      case "mute":
        return this.exempt.mute(value, timeUs);
      case "unmute":
        this.exempt.unmute(value.source);
        return true;
      case "authorised-drone":
        return this.exempt.authorise(value.drone);
      case "authorised-removed":
        this.exempt.revoke(value.id);
        return true;
      case "channel-state":
        this.#stirAll();
        this.#channels.set(value.channel, {
          channel: value.channel,
          state: value.state,
          ...(value.reason === undefined ? {} : { reason: value.reason }),
          sinceUs: timeUs,
        });
        return true;
      case "drill":
        this.#stirAll();
        this.#drill = { channels: value.channels, people: value.people };
        return true;
      default:
        return true;
    }
  }

  #rulesOf(version: number): DangerRules {
    return this.#rules.find((rules) => rules.version === version) ?? this.rules;
  }

  /** New dangers only: what runs keeps the rules that it was raised by. */
  #setRules(rules: DangerRules): boolean {
    if (this.#isTrial) return true;
    if (rules.version <= this.rules.version) return false;
    this.#stirAll();
    const used = new Set([...this.#standing].map(({ rulesVersion }) => rulesVersion));
    this.#rules = [...this.#rules.filter(({ version }) => used.has(version)), rules];
    return true;
  }

  /** The warning that an id from a device means: where it was merged into another, that one. */
  #find(id: string): PictureWarning | undefined {
    let warning = this.#warnings.get(id);
    for (let into = warning?.mergedInto; into !== undefined; into = warning?.mergedInto) warning = this.#warnings.get(into);
    return warning;
  }

  #answer(record: LoopRecords["answer"], timeUs: number): void {
    const warning = this.#find(record.warningId);
    if (warning !== undefined && this.#ladders.answer(warning, record, timeUs)) return;
    if (this.#stray.length >= this.#settings.maxStrayAnswers) {
      this.#stray.shift();
      this.#strayForgotten += 1;
    }
    this.#stray.push({ ...record, timeUs, why: warning === undefined ? "unknown-warning" : "not-on-ladder" });
  }

  #acknowledge(id: string, by: string, timeUs: number): boolean {
    const warning = this.#warnings.get(id);
    if (warning === undefined || warning.state !== "raised") return false;
    warning.state = "acknowledged";
    warning.acknowledgedBy = by;
    warning.acknowledgedUs = timeUs;
    warning.acknowledgedLevel = warning.level;
    this.#alarms.acknowledged(id, timeUs);
    this.#tell(warning, "acknowledged", timeUs);
    return true;
  }

  #clearByOfficer(
    { warningId, by, reason }: { warningId: string; by: string; reason: string },
    timeUs: number,
    tracks: ReadonlyMap<number, Track>,
  ): boolean {
    const warning = this.#warnings.get(warningId);
    if (warning === undefined || warning.state === "cleared") return false;
    warning.clearedReason = reason;
    // It stays known as standing, quietly, so that the same danger does not cry again at once.
    warning.quiet = true;
    this.#clear(warning, "cleared-by-officer", { by }, timeUs, tracks);
    return true;
  }

  #standDownByOfficer(value: LoopRecords["stand-down"], timeUs: number, tracks: ReadonlyMap<number, Track>): boolean {
    const warning = this.#warnings.get(value.warningId);
    if (warning === undefined || warning.state === "cleared") return false;
    const { what, name, by, reason } = value;
    warning.benign = { what, ...(name === undefined ? {} : { name }), by };
    warning.clearedReason = reason;
    warning.quiet = true;
    this.#clear(warning, "stood-down", { what, by }, timeUs, tracks);
    return true;
  }

  /** Only what is over is closed, or opened again to be looked at. */
  #review({ warningId, verdict, by, reason }: LoopRecords["incident-review"], timeUs: number): boolean {
    const warning = this.#warnings.get(warningId);
    if (warning === undefined || warning.state !== "cleared") return false;
    warning.reviews = [...warning.reviews, { timeUs, verdict, by, reason }].slice(-this.#settings.maxReviews);
    this.#dirty.add(warning);
    return true;
  }

  #removeZone(id: string, timeUs: number, tracks: ReadonlyMap<number, Track>): void {
    if (!this.#targets.removeZone(id)) return;
    const key = zoneKey(id);
    for (const warning of [...this.#standing]) {
      const threat = warning.threats.find((known) => known.key === key);
      if (threat === undefined) continue;
      this.#dropThreat(warning, threat);
      if (warning.threats.length > 0) this.#dirty.add(warning);
      else if (warning.state === "cleared") this.#unquiet(warning);
      else this.#clear(warning, "zone-removed", {}, timeUs, tracks);
    }
  }

  /** Two tracks were one aircraft: the danger goes on under the track that stays, and nobody hears a second alarm. */
  merged(from: Track, into: Track, timeUs: number): void {
    const moved = this.#ofTrack.get(from.number);
    if (moved === undefined) return;
    const own = this.#ofTrack.get(into.number);
    this.#leave(moved, from.number);
    if (own === moved) return;
    if (own === undefined) {
      this.#join(moved, into);
      if (moved.trackNumber === from.number) this.#lead(moved, into);
      return;
    }
    if (moved.tracks.length > 0) return;
    // Both stood: that of the track that stays goes on with the people of both, and the other is over without a further alarm.
    if (moved.state === "cleared") {
      this.#unquiet(moved);
      return;
    }
    if (own.state !== "cleared") this.#ladders.carryOver(moved, own, timeUs);
    moved.quiet = false;
    this.#unstand(moved);
    moved.state = "cleared";
    moved.clearedUs = timeUs;
    moved.mergedInto = own.id;
    this.#cleared += 1;
    this.#alarms.over(moved.id);
    moved.why.push({ code: "merged", timeUs, values: { mergedInto: own.id } });
    this.#tell(moved, "cleared", timeUs);
  }

  // Ticks

  /**
   * Judges every track against the people and zones near it, then carries every warning on. `fresh`: only these tracks and what is one danger with
   * them; of all other warnings only what waits for a time.
   */
  judge(tracks: ReadonlyMap<number, Track>, timeUs: number, fresh?: ReadonlySet<number>): void {
    this.roster.expire(timeUs);
    this.exempt.expire(timeUs);
    this.#targets.prepare(timeUs);
    const judged = fresh === undefined ? undefined : this.#withTheirDangers(fresh, tracks);
    if (this.#targets.any) this.#judgeTracks(judged?.tracks, tracks, timeUs);
    if (this.#standing.size > 0) this.#settleAll(tracks, timeUs, judged?.warnings);
    for (const warning of this.#dirty) this.#tell(warning, "updated", timeUs);
    this.#dirty.clear();
  }

  /** Tracks, and all others that are one danger with any of them. */
  #withTheirDangers(
    numbers: ReadonlySet<number>,
    all: ReadonlyMap<number, Track>,
  ): { readonly tracks: ReadonlySet<Track>; readonly warnings: ReadonlySet<PictureWarning> } {
    const tracks = new Set<Track>();
    const warnings = new Set<PictureWarning>();
    for (const number of numbers) {
      const warning = this.#ofTrack.get(number);
      if (warning !== undefined && warnings.has(warning)) continue;
      if (warning !== undefined) warnings.add(warning);
      for (const member of warning?.tracks ?? [number]) {
        const track = all.get(member);
        if (track !== undefined) tracks.add(track);
      }
    }
    return { tracks, warnings };
  }

  readonly #pairs = new Map<PictureWarning, Map<string, Pair>>();

  /** `judged`: undefined: all. */
  #judgeTracks(judged: ReadonlySet<Track> | undefined, tracks: ReadonlyMap<number, Track>, timeUs: number): void {
    const settings = this.#settings;
    this.#pairs.clear();
    const known = new Map<PictureWarning, ReadonlySet<string>>();
    const collect = (track: Track, warning: PictureWarning, highest: Level | undefined): void => {
      let keys = known.get(warning);
      if (keys === undefined) known.set(warning, (keys = new Set(warning.threats.map(({ key }) => key))));
      const pairs = this.#pairs.get(warning) ?? new Map<string, Pair>();
      this.#pairs.set(warning, pairs);
      this.#targets.collect(new Subject(track, timeUs, settings), this.#rulesOf(warning.rulesVersion), highest, keys, pairs);
    };
    const grown = new Set<PictureWarning>();
    let fresh = new Map<string, Pair>();
    let flocks: Flocks | undefined;
    for (const track of judged ?? tracks.values()) {
      const warning = this.#ofTrack.get(track.number);
      if (warning === undefined && !this.#targets.isInReach(track, this.rules)) continue;
      const verdict = this.exempt.verdict(track, timeUs);
      if (warning !== undefined) {
        collect(track, warning, verdict.highest);
        continue;
      }
      if (verdict.highest === undefined) continue;
      this.#targets.collect(new Subject(track, timeUs, settings), this.rules, verdict.highest, NO_KEYS, fresh);
      if (fresh.size === 0) continue;
      flocks ??= new Flocks(this.#standing, tracks, timeUs, settings);
      const joined = flocks.of(track);
      if (joined !== undefined) {
        this.#join(joined, track);
        this.#merge(joined, fresh);
        flocks.add(track, joined);
        grown.add(joined);
      } else {
        const made = this.#raise(track, fresh, timeUs);
        if (made !== undefined) flocks.add(track, made);
      }
      fresh = new Map();
    }
    if (judged === undefined) return;
    // A danger that grew is judged whole: what its other tracks threaten is not over.
    for (const warning of grown) {
      for (const number of warning.tracks) {
        const track = tracks.get(number);
        if (track !== undefined && !judged.has(track)) collect(track, warning, this.exempt.verdict(track, timeUs).highest);
      }
    }
  }

  #merge(warning: PictureWarning, pairs: ReadonlyMap<string, Pair>): void {
    const known = this.#pairs.get(warning);
    if (known === undefined) {
      this.#pairs.set(warning, new Map(pairs));
      return;
    }
    for (const [key, pair] of pairs) {
      const before = known.get(key);
      if (before === undefined || rankOf(pair.danger.level) > rankOf(before.danger.level)) known.set(key, pair);
    }
  }

  /** `judged`: those whose dangers were judged now; undefined: all. */
  #settleAll(tracks: ReadonlyMap<number, Track>, timeUs: number, judged?: ReadonlySet<PictureWarning>): void {
    // A real danger takes the top: the drill waits until somebody lets it go on.
    const drill = this.#drill;
    if (drill !== undefined && drill.pausedUs === undefined) {
      for (const { drill: isDrill, recorded, level, state } of this.#standing) {
        if (!isDrill && !recorded && state !== "cleared" && rankOf(level) >= rankOf("caution")) {
          drill.pausedUs = timeUs;
          this.#stirAll();
        }
      }
    }
    for (const warning of [...this.#standing]) {
      // What was raised or joined now has pairs of now.
      const isJudged = judged === undefined || judged.has(warning) || this.#pairs.has(warning);
      if (warning.quiet) {
        if (isJudged) this.#settleQuiet(warning, tracks, timeUs);
      } else {
        if (isJudged) this.#settle(warning, tracks, timeUs);
        if (warning.state !== "cleared" && timeUs >= (this.#restsUntilUs.get(warning) ?? timeUs)) {
          this.#restsUntilUs.set(warning, Number.POSITIVE_INFINITY);
          const nextUs = this.#ladders.climb(warning, timeUs);
          // What it changed itself is looked at once more.
          if (this.#restsUntilUs.has(warning)) this.#restsUntilUs.set(warning, nextUs);
        }
      }
    }
    this.#pairs.clear();
  }

  /** Whether none of a danger's tracks is heard: that proves no departure. */
  #isLost(warning: PictureWarning, tracks: ReadonlyMap<number, Track>, timeUs: number): boolean {
    const { coastAfterUs } = this.#settings;
    for (const number of warning.tracks) {
      const track = tracks.get(number);
      if (track !== undefined && timeUs - track.heardUs < coastAfterUs && timeUs - track.lastUs <= 2 * coastAfterUs) return false;
    }
    return true;
  }

  /** Cleared by an officer: silent until the danger has been over for a while, or has become greater than what was cleared. */
  #settleQuiet(warning: PictureWarning, tracks: ReadonlyMap<number, Track>, timeUs: number): void {
    this.#follow(warning, tracks, timeUs);
    if (warning.tracks.length === 0) {
      this.#unquiet(warning);
      return;
    }
    const pairs = this.#pairs.get(warning);
    let any = false;
    let greaterThanCleared = false;
    for (const pair of pairs?.values() ?? []) {
      const rank = rankOf(pair.danger.level);
      if (rank < 0) continue;
      any = true;
      // To a person what counts is the person's own danger: who was not in it when it was cleared must be told.
      const threat = pair.kind === "person" ? warning.threats.find(({ key }) => key === pair.key) : warning;
      if (rank > Math.max(rankOf(threat?.level), rankOf("advisory"))) greaterThanCleared = true;
    }
    if (greaterThanCleared && pairs !== undefined) {
      const numbers = [...warning.tracks];
      this.#unquiet(warning);
      const lead = tracks.get(numbers[0] ?? -1);
      if (lead === undefined) return;
      const raised = this.#raise(lead, new Map([...pairs].filter(([, { danger }]) => danger.level !== undefined)), timeUs);
      if (raised !== undefined) for (const number of numbers.slice(1)) this.#joinKnown(raised, tracks.get(number));
    } else if (any || this.#isLost(warning, tracks, timeUs)) delete warning.foremost.lowerSinceUs;
    else if (timeUs - (warning.foremost.lowerSinceUs ??= timeUs) >= this.#settings.clearAfterUs) this.#unquiet(warning);
  }

  #settle(warning: PictureWarning, tracks: ReadonlyMap<number, Track>, timeUs: number): void {
    const { lostClearAfterUs, unconfirmedClearAfterUs, clearAfterUs, stepDownAfterUs, refreshUs } = this.#settings;
    const benign = this.#follow(warning, tracks, timeUs);
    // What is known to be benign need not be heard leaving.
    const lost = benign === undefined && this.#isLost(warning, tracks, timeUs);
    const quietUs = timeUs - warning.lastHeardUs;
    if (lost && quietUs >= (warning.unconfirmed ? unconfirmedClearAfterUs : lostClearAfterUs)) {
      this.#clear(warning, "track-ended", { lastHeardS: Math.round(quietUs / 1e6) }, timeUs, tracks);
      return;
    }
    const pairs = this.#pairs.get(warning);
    const before = warning.level;
    for (const threat of [...warning.threats]) {
      if (threat.basis === "unknown") continue;
      if (threat.kind === "person" && this.roster.person(threat.id)?.onShift !== true) {
        this.#dropThreat(warning, threat);
        continue;
      }
      const pair = pairs?.get(threat.key);
      if (pair !== undefined) refresh(threat, pair);
      const level = pair?.danger.level;
      const rank = rankOf(level);
      const shown = rankOf(threat.level);
      if (level !== undefined && rank > shown) {
        threat.level = level;
        this.#stir(warning);
        delete threat.lowerSinceUs;
      } else if (rank === shown || lost) delete threat.lowerSinceUs;
      else {
        const lowUs = timeUs - (threat.lowerSinceUs ??= timeUs);
        if (rank < 0 && lowUs >= clearAfterUs) {
          // The last one stays for what is said of the end.
          if (warning.threats.length > 1) this.#dropThreat(warning, threat);
          else {
            this.#over(warning, threat, benign, timeUs, tracks);
            return;
          }
          continue;
        }
        const lower = level ?? "advisory";
        if (lowUs >= stepDownAfterUs && lower !== threat.level) {
          threat.level = lower;
          this.#stir(warning);
          // The lower level has to hold as long again before the next step.
          if (rank >= 0) delete threat.lowerSinceUs;
        }
        if (benign !== undefined && lowUs >= stepDownAfterUs && warning.threats.every(({ lowerSinceUs }) => lowerSinceUs !== undefined)) {
          this.#over(warning, threat, benign, timeUs, tracks);
          return;
        }
      }
    }
    if (pairs !== undefined) {
      const known = new Set(warning.threats.map(({ key }) => key));
      for (const pair of pairs.values()) if (!known.has(pair.key)) this.#addThreat(warning, pair, timeUs);
    }
    this.#unplaced(warning, timeUs);
    if (warning.threats.length === 0) {
      this.#over(warning, warning.foremost, benign, timeUs, tracks);
      return;
    }
    this.#setForemost(warning);
    const { level } = warning.foremost;
    if (rankOf(level) > rankOf(before)) {
      warning.level = level;
      if (warning.why.length >= MAX_REASONS) warning.why.splice(1, 1);
      warning.why.push(reasonOf(warning.foremost, timeUs));
      if (warning.state === "acknowledged" && rankOf(level) > rankOf(warning.acknowledgedLevel)) warning.state = "raised";
      delete warning.shelved;
      if (!warning.drill && warning.state === "raised") this.#alarms.raised(warning.id, level, causeOf(warning), timeUs);
      this.#dirty.add(warning);
    } else if (level !== before) {
      warning.level = level;
      this.#dirty.add(warning);
    }
    if (warning.shelved !== undefined && (timeUs >= warning.shelved.untilUs || personInDanger(warning))) {
      delete warning.shelved;
      this.#dirty.add(warning);
    }
    if (timeUs - warning.changedUs >= refreshUs) this.#dirty.add(warning);
  }

  /** Keeps the warning's own figures with its tracks. Why it is benign, when all of them are. */
  #follow(warning: PictureWarning, tracks: ReadonlyMap<number, Track>, timeUs: number): Verdict["benign"] {
    let newest: Track | undefined;
    let benign: Verdict["benign"];
    let all = true;
    let count = 0;
    const groups = new Set<string>();
    const sources = new Set<string>(warning.sources);
    for (const number of [...warning.tracks]) {
      const track = tracks.get(number);
      if (track === undefined) {
        this.#leave(warning, number);
        continue;
      }
      if (newest === undefined || track.heardUs > newest.heardUs) newest = track;
      const verdict = this.exempt.verdict(track, timeUs);
      if (verdict.benign === undefined) all = false;
      else benign = verdict.benign;
      const group = track.measured?.group;
      if (group === undefined) count += 1;
      else if (!groups.has(group.id)) {
        groups.add(group.id);
        count += group.count;
      }
      if (track.status === "confirmed" || track.status === "coasting" || track.emitters.length > 0) warning.unconfirmed = false;
      if (sources.size < MAX_SOURCES) for (const source of sourcesOf(track)) if (sources.size < MAX_SOURCES) sources.add(source);
    }
    if (sources.size > warning.sources.length) warning.sources = [...sources];
    const { continueM, continueMps, continueMostM } = this.#settings;
    if (newest !== undefined) {
      if (!tracks.has(warning.trackNumber)) this.#lead(warning, newest);
      warning.count = Math.max(count, 1);
      warning.lastHeardUs = newest.heardUs;
      warning.lastPlace = { latDeg: newest.latDeg, lonDeg: newest.lonDeg };
      if (newest.courseDeg !== undefined) warning.lastCourseDeg = newest.courseDeg;
      if (newest.lastUs - (warning.path.at(-1)?.[0] ?? 0) >= warning.pathStepUs) {
        warning.path.push(pathPoint(newest.lastUs, newest));
        this.#thin(warning);
      }
    }
    const unheardS = Math.max(0, timeUs - warning.lastHeardUs) / 1e6;
    const errorM = newest?.errorM ?? 0;
    warning.ringM = Math.round(unheardS < 2 ? errorM : Math.min(continueMostM * 3, Math.max(errorM, continueM) + continueMps * unheardS));
    return all ? benign : undefined;
  }

  /** The beginning and the newest point stay. */
  #thin(warning: PictureWarning): void {
    if (warning.path.length <= this.#settings.pathPoints) return;
    const newest = warning.path.length - 1;
    warning.path = warning.path.filter((_, k) => k % 2 === 0 || k === newest);
    warning.pathStepUs *= 2;
  }

  #unplaced(warning: PictureWarning, timeUs: number): void {
    if (warning.drill || warning.recorded) return;
    const first = warning.threats.find(({ basis, level }) => basis !== "unknown" && level === "warning");
    const { unplaced } = this.#rulesOf(warning.rulesVersion);
    const pairs = first === undefined ? [] : this.#targets.unplaced(dangerOf(first), timeUs, unplaced);
    const now = new Set(pairs.map(({ key }) => key));
    const known = new Map(warning.threats.map((threat) => [threat.key, threat]));
    for (const threat of [...warning.threats]) {
      if (threat.basis !== "unknown" || now.has(threat.key)) continue;
      // Either the place is known now, and its own danger counts, or the warning has stepped down.
      const placed = this.roster.person(threat.id);
      const low = first === undefined && placed?.onShift === true && this.roster.basis(placed, timeUs) === "unknown";
      if (!low || timeUs - (threat.lowerSinceUs ??= timeUs) >= this.#settings.clearAfterUs) this.#dropThreat(warning, threat);
    }
    for (const pair of pairs) {
      const threat = known.get(pair.key);
      if (threat === undefined) this.#addThreat(warning, pair, timeUs);
      else if (threat.basis === "unknown") delete threat.lowerSinceUs;
    }
  }

  /** The greatest threat by level, then time, then distance; people before zones: danger to a person comes first. */
  #setForemost(warning: PictureWarning): void {
    let foremost: Threat | undefined;
    for (const threat of warning.threats) if (foremost === undefined || isGreater(threat, foremost)) foremost = threat;
    if (foremost !== undefined) warning.foremost = foremost;
  }

  #over(warning: PictureWarning, last: Threat, benign: Verdict["benign"], timeUs: number, tracks: ReadonlyMap<number, Track>): void {
    if (benign !== undefined) {
      warning.benign = benign;
      this.#clear(warning, "stood-down", { what: benign.what }, timeUs, tracks);
    } else this.#clear(warning, "left-zone", { edgeDistanceM: Math.round(last.edgeDistanceM) }, timeUs, tracks);
  }

  // Raising and binding

  #room({ kind, key }: Pair, level: Level, drill: boolean): boolean {
    const { maxStandingPerZone, maxWarningsPerZone, maxWarningsPerPerson } = this.#settings;
    const room = kind === "person" ? maxWarningsPerPerson : level === "warning" ? maxWarningsPerZone : maxStandingPerZone;
    return (this.#load.get(`${drill}|${key}`) ?? 0) < room;
  }

  #raise(track: Track, pairs: ReadonlyMap<string, Pair>, timeUs: number): PictureWarning | undefined {
    const allowed = [...pairs.values()].filter(
      (pair) => pair.danger.level !== undefined && this.#room(pair, pair.danger.level, track.drill),
    );
    const first = allowed[0];
    if (first === undefined) {
      this.notRaised += 1;
      return undefined;
    }
    if (this.#cleared > this.#settings.maxClearedWarnings) this.#forgetCleared();
    const id = `W-${track.id}-${Math.round(timeUs / 1000).toString(36)}` as WarningId;
    const foremost = threatFrom(first, timeUs);
    const warning: PictureWarning = {
      id,
      reference: referenceOf(id),
      trackNumber: track.number,
      trackId: track.id,
      tracks: [track.number],
      count: 1,
      drill: track.drill,
      recorded: track.recorded,
      raisedUs: timeUs,
      rulesVersion: this.rules.version,
      level: foremost.level,
      state: "raised",
      changedUs: timeUs,
      threats: [],
      foremost,
      ladder: [],
      decisions: [],
      why: [],
      lastHeardUs: track.heardUs,
      ringM: 0,
      lastPlace: { latDeg: track.latDeg, lonDeg: track.lonDeg },
      path: this.#wayOf(track, timeUs),
      pathStepUs: this.#settings.pathStepUs,
      reviews: [],
      unconfirmed: track.status === "tentative" && track.emitters.length === 0,
      sources: sourcesOf(track).slice(0, MAX_SOURCES),
      quiet: false,
    };
    for (const pair of allowed) warning.threats.push(threatFrom(pair, timeUs));
    this.#setForemost(warning);
    warning.level = warning.foremost.level;
    const doubt = this.exempt.authorisation(track, timeUs);
    warning.why.push(
      reasonOf(warning.foremost, timeUs, doubt?.doubt === undefined ? {} : { claims: doubt.drone.name, doubt: doubt.doubt }),
    );
    this.#warnings.set(id, warning);
    this.#stand(warning);
    track.danger = true;
    this.#touch(track);
    // Judged with the pairs that raised it.
    this.#pairs.set(warning, new Map(allowed.map((pair) => [pair.key, pair])));
    if (!warning.drill) this.#alarms.raised(id, warning.level, causeOf(warning), timeUs);
    this.#tell(warning, "raised", timeUs);
    return warning;
  }

  /** Where a track came from before it was a danger. */
  #wayOf({ history, lastUs, latDeg, lonDeg }: Readonly<Track>, timeUs: number): PathPoint[] {
    const { pathPoints, pathStepUs, pathBeforeUs } = this.#settings;
    const path: PathPoint[] = [];
    for (const point of history) {
      const sinceUs = point.timeUs - (path.at(-1)?.[0] ?? 0);
      if (point.timeUs >= timeUs - pathBeforeUs && point.timeUs < lastUs && sinceUs >= pathStepUs)
        path.push(pathPoint(point.timeUs, point));
    }
    path.push(pathPoint(lastUs, { latDeg, lonDeg }));
    return path.slice(-Math.ceil(pathPoints / 2));
  }

  /** Adds what is not among the threats yet. */
  #addThreat(warning: PictureWarning, pair: Pair, timeUs: number): void {
    const { level } = pair.danger;
    if (level === undefined || !this.#room(pair, level, warning.drill)) return;
    const threat = threatFrom(pair, timeUs);
    warning.threats.push(threat);
    this.#count(warning, threat, 1);
    this.#dirty.add(warning);
    this.#stir(warning);
  }

  #dropThreat(warning: PictureWarning, threat: Threat): void {
    const at = warning.threats.indexOf(threat);
    if (at < 0) return;
    warning.threats.splice(at, 1);
    if (this.#standing.has(warning)) this.#count(warning, threat, -1);
    this.#dirty.add(warning);
    this.#stir(warning);
  }

  /** Something changed that a ladder looks at: it is climbed at the next tick. */
  #stir(warning: PictureWarning): void {
    this.#restsUntilUs.delete(warning);
  }
  #stirAll(): void {
    this.#restsUntilUs.clear();
  }

  #join(warning: PictureWarning, track: Track): void {
    if (!warning.tracks.includes(track.number)) warning.tracks.push(track.number);
    this.#ofTrack.set(track.number, warning);
    if (warning.state !== "cleared") {
      track.danger = true;
      this.#touch(track);
    }
    this.#dirty.add(warning);
  }
  #joinKnown(warning: PictureWarning, track: Track | undefined): void {
    if (track !== undefined) this.#join(warning, track);
  }
  #leave(warning: PictureWarning, number: number): void {
    const at = warning.tracks.findIndex((known) => known === number);
    if (at >= 0) warning.tracks.splice(at, 1);
    if (this.#ofTrack.get(number) === warning) this.#ofTrack.delete(number);
  }
  #lead(warning: PictureWarning, track: Track): void {
    warning.trackNumber = track.number;
    warning.trackId = track.id;
    this.#dirty.add(warning);
  }

  /** Forgets the oldest cleared warning; one in which help is still asked for stays. */
  #forgetCleared(): void {
    for (const [id, warning] of this.#warnings) {
      if (stands(warning) || warning.ladder.some(({ needsHelp }) => needsHelp)) continue;
      this.#warnings.delete(id);
      this.#dirty.delete(warning);
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
    warning.clearedUs = timeUs;
    this.#cleared += 1;
    warning.why.push({ code, timeUs, values });
    delete warning.foremost.reachesInS;
    delete warning.foremost.lowerSinceUs;
    delete warning.shelved;
    if (!warning.quiet) this.#unstand(warning);
    for (const number of warning.tracks) {
      const track = tracks.get(number);
      if (track === undefined) continue;
      track.danger = false;
      this.#touch(track);
    }
    this.#alarms.over(warning.id);
    this.#ladders.endAll(warning, code === "stood-down" ? "stand-down" : "all-clear", timeUs);
    this.#tell(warning, "cleared", timeUs);
    this.#dirty.delete(warning);
  }

  #unquiet(warning: PictureWarning): void {
    warning.quiet = false;
    delete warning.foremost.lowerSinceUs;
    this.#unstand(warning);
  }

  #stand(warning: PictureWarning): void {
    this.#standing.add(warning);
    for (const number of warning.tracks) this.#ofTrack.set(number, warning);
    for (const threat of warning.threats) this.#count(warning, threat, 1);
  }

  #unstand(warning: PictureWarning): void {
    if (!this.#standing.delete(warning)) return;
    this.#stir(warning);
    for (const number of warning.tracks) if (this.#ofTrack.get(number) === warning) this.#ofTrack.delete(number);
    for (const threat of warning.threats) this.#count(warning, threat, -1);
  }

  #count(warning: PictureWarning, { key }: Threat, by: number): void {
    const name = `${warning.drill}|${key}`;
    const load = (this.#load.get(name) ?? 0) + by;
    if (load <= 0) this.#load.delete(name);
    else this.#load.set(name, load);
  }

  #tell(warning: PictureWarning, change: WarningChange, timeUs: number): void {
    warning.changedUs = timeUs;
    this.#intents.push({ type: "warning", id: warning.id, timeUs, change });
  }
}

function pathPoint(timeUs: number, { latDeg, lonDeg }: { readonly latDeg: number; readonly lonDeg: number }): PathPoint {
  return [timeUs, Math.round(latDeg * 1e6) / 1e6, Math.round(lonDeg * 1e6) / 1e6];
}

function personInDanger({ threats }: Readonly<PictureWarning>): boolean {
  return threats.some(({ kind, level }) => kind === "person" && rankOf(level) >= rankOf("caution"));
}

/** What raised it: the same target threatened by the same source again is the same cause. */
function causeOf({ foremost, sources }: Readonly<PictureWarning>): string {
  return `${sources[0] ?? ""}|${foremost.key}`;
}

function isGreater(a: Readonly<Threat>, b: Readonly<Threat>): boolean {
  const byLevel = rankOf(a.level) - rankOf(b.level);
  if (byLevel !== 0) return byLevel > 0;
  if ((a.basis === "unknown") !== (b.basis === "unknown")) return b.basis === "unknown";
  if (a.kind !== b.kind) return a.kind === "person";
  const aInS = a.reachesInS ?? Number.POSITIVE_INFINITY;
  const bInS = b.reachesInS ?? Number.POSITIVE_INFINITY;
  if (aInS !== bInS) return aInS < bInS;
  return a.edgeDistanceM < b.edgeDistanceM;
}

function dangerOf(threat: Readonly<Threat>): Danger {
  const { level, because, descent, edgeDistanceM, centreDistanceM, azimuthDeg, leaving } = threat;
  return { level, because, descent, edgeDistanceM, centreDistanceM, azimuthDeg, leaving, reachesInS: undefined };
}

/** The pair's figures; the level is the threat's own matter. */
function refresh(threat: Threat, { danger, basis, positionAgeS, post }: Pair): void {
  const { because, descent, edgeDistanceM, centreDistanceM, azimuthDeg, leaving, reachesInS, cpaInS, cpaM, probability } = danger;
  if (danger.level !== undefined) {
    threat.because = because;
    threat.descent = descent;
  }
  threat.edgeDistanceM = edgeDistanceM;
  threat.centreDistanceM = centreDistanceM;
  threat.azimuthDeg = azimuthDeg;
  threat.leaving = leaving;
  // One by one: this runs for every person near every danger at every tick.
  if (reachesInS === undefined) delete threat.reachesInS;
  else threat.reachesInS = reachesInS;
  if (cpaInS === undefined) delete threat.cpaInS;
  else threat.cpaInS = cpaInS;
  if (cpaM === undefined) delete threat.cpaM;
  else threat.cpaM = cpaM;
  if (probability === undefined) delete threat.probability;
  else threat.probability = probability;
  if (basis === undefined) delete threat.basis;
  else threat.basis = basis;
  if (positionAgeS === undefined) delete threat.positionAgeS;
  else threat.positionAgeS = positionAgeS;
  if (post === undefined) delete threat.post;
  else threat.post = post;
}

function threatFrom(pair: Pair, timeUs: number): Threat {
  const { key, kind, id, name, danger } = pair;
  const threat: Threat = {
    key,
    kind,
    id,
    name,
    sinceUs: timeUs,
    level: danger.level ?? "advisory",
    because: danger.because,
    descent: danger.descent,
    edgeDistanceM: 0,
    centreDistanceM: 0,
    azimuthDeg: 0,
    leaving: false,
  };
  refresh(threat, pair);
  return threat;
}

function reasonOf(threat: Readonly<Threat>, timeUs: number, more: Readonly<Record<string, string>> = {}): Reason {
  const { because, level, edgeDistanceM, reachesInS, probability, kind, id } = threat;
  return {
    code: because,
    timeUs,
    values: {
      // What it was raised to then: the level of now says nothing of it.
      level,
      edgeDistanceM: Math.round(edgeDistanceM),
      ...(reachesInS === undefined ? {} : { reachesInS: Math.round(reachesInS) }),
      ...(probability === undefined ? {} : { probability: Math.round(probability * 100) / 100 }),
      ...(kind === "person" ? { person: id } : {}),
      ...more,
    },
  };
}
