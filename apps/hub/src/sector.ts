// One sector at work: frames and commands go into its journal and its picture, and what changes comes out at each tick.
import { createHash } from "node:crypto";
import {
  encodeFrame,
  encodeRecord,
  type FrameFormat,
  type Intent,
  KIT_KINDS,
  type MemoIntent,
  Picture,
  type CotOutcome,
  type RecordKind,
  type Records,
  REPORT_CONTENT_KINDS,
  type ReportIntent,
  sealFrame,
  separateCotBatch,
  type SourceDefinition,
  type WarningChange,
} from "@atalaya/picture";
import { type Draft, type Journal, JournalError, type PurgeableClass, type RetentionClass } from "./journal/journal.ts";
import { DEFAULT_RETENTION, type Retention, RetentionJob } from "./journal/retention.ts";
import type { SectorClock } from "./sector-clock.ts";
import type { Door, Source, Told } from "./sources/source.ts";

export const TICK_MS = 50;
const SNAPSHOT_FORMAT = "picture-1";
const SNAPSHOT_EVERY_ENTRIES = 50_000;
const SNAPSHOT_EVERY_MS = 300_000;
/** What the memo wants done that may wait for the disk; beyond, it is found again after a restart, as what has no receipt. */
const MAX_HELD_MEMO = 20_000;
const READ_AT_ONCE = 10_000;
/** Entries read in one go while the hub goes on working. */
const REBUILD_AT_ONCE = 500;
/** Entries that may arrive while a picture is built anew; beyond, it is given up until the next purge. */
const MAX_ENTRIES_MEANWHILE = 500_000;
/** An overload is shown for this long after the last frame that was lost. */
const OVERLOAD_SHOWN_MS = 10_000;
const MAX_REFUSAL_CODES = 20;
/** What a person changed is told to others no earlier than it is on disk. */
const DURABLE_FIRST: ReadonlySet<WarningChange> = new Set(["acknowledged"]);

/** Why a command was not carried out. */
export interface SectorRefusal {
  readonly code: string;
  readonly message: string;
}

export class SectorError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "SectorError";
    this.code = code;
  }
}

const DROPPED = ["frames", "detections", "tracks"] as const;
type Dropped = (typeof DROPPED)[number];

export interface TickResult {
  readonly timeUs: number;
  readonly changed: ReadonlySet<number>;
  readonly removed: readonly number[];
  readonly intents: readonly Intent[];
  /** What is wanted done because of people's reports. */
  readonly reports: readonly ReportIntent[];
  /** What is wanted done because of the memo; all that it rests on is on disk. */
  readonly memo: readonly MemoIntent[];
  /** How late this tick was, s; undefined: what came between ticks is handed out at once, and is never late. */
  readonly lateS: number | undefined;
  /** The picture was built anew: everything may have changed. */
  readonly renewed: boolean;
}

/** Where one of us was is kept for hours, what somebody carried for a shift, what was seen for months, what was decided for good. */
function retentionOf(kind: RecordKind): RetentionClass {
  if (kind === "person-position") return "own-position";
  if (KIT_KINDS.has(kind)) return "kit";
  return REPORT_CONTENT_KINDS.has(kind) ? "report" : "record";
}

interface HeldIntent {
  readonly afterSeq: number;
  readonly intent: Intent;
}

type PictureEntry = Parameters<Picture["apply"]>[0];

export interface SectorCounts {
  frames: number;
  bytes: number;
  /** Frames that the journal had no room for. */
  lost: number;
  /** Messages that a door did not take. */
  refused: number;
}

function hashOf(state: Uint8Array): string {
  return createHash("sha256").update(state).digest("hex");
}

export class Sector {
  readonly journal: Journal;
  readonly clock: SectorClock;
  readonly counts: SectorCounts = { frames: 0, bytes: 0, lost: 0, refused: 0 };
  #picture: Picture;
  #listeners = new Set<(tick: TickResult) => void>();
  #timer: NodeJS.Timeout | undefined;
  #expectedTickMs = 0;
  #lastTimeUs: number;
  #lateS = 0;
  readonly #running = new Map<string, Source>();
  #snapshotSeq: number;
  #snapshotMs: number = performance.now();
  #savingSnapshot: Promise<void> | undefined;
  /** When something was last left out for want of room. */
  readonly #droppedMs: Record<Dropped, number> = {
    frames: Number.NEGATIVE_INFINITY,
    detections: Number.NEGATIVE_INFINITY,
    tracks: Number.NEGATIVE_INFINITY,
  };
  /** What the trackers had left out by the last tick. */
  #crowded = 0;
  #shedTracks = 0;
  #held: readonly HeldIntent[] = [];
  /** In order. */
  readonly #heldMemo: { readonly afterSeq: number; readonly intent: MemoIntent }[] = [];
  /** Events of Cursor on Target, by what they were about. */
  readonly cotOutcomes: Map<CotOutcome, number> = new Map();
  /** Whether a uid or callsign is the hub's own in TAK, or that of something it has sent. */
  isHubInTak: (name: string) => boolean = () => false;
  /** What doors did not take, by source and code. */
  readonly #refusals = new Map<string, Map<string, number>>();
  #retention: RetentionJob | undefined;
  #kept: Retention = DEFAULT_RETENTION;
  /** Entries applied while a new picture is being built. */
  #meanwhile: PictureEntry[] | undefined;
  #renewed = false;
  #handingOut = false;
  /** Content is gone of which the picture may still hold traces: no snapshot is taken of it. */
  #outdated = false;
  #stopping = false;

  private constructor(journal: Journal, clock: SectorClock, picture: Picture, snapshotSeq: number) {
    this.journal = journal;
    this.clock = clock;
    this.#picture = picture;
    this.#snapshotSeq = snapshotSeq;
    this.#lastTimeUs = picture.timeUs;
    // What was left out before the start is history.
    const { crowded = 0, shedTracks = 0 } = picture.trackerCounts() ?? {};
    this.#crowded = crowded;
    this.#shedTracks = shedTracks;
  }

  /** The picture of the journal as it stands: the newest snapshot and what came after it. */
  static open(journal: Journal, clock: SectorClock): Sector {
    const snapshot = journal.loadSnapshot(SNAPSHOT_FORMAT);
    let picture = new Picture();
    let from = 1;
    if (snapshot !== undefined && hashOf(snapshot.state) === snapshot.stateHash) {
      const restored = Picture.restore(snapshot.state);
      if (restored instanceof Picture) {
        picture = restored;
        from = snapshot.seq + 1;
      }
    }
    const restoredSeq = from - 1;
    for (;;) {
      let read = 0;
      for (const entry of journal.read(from, READ_AT_ONCE)) {
        picture.apply(entry);
        from = entry.seq + 1;
        read += 1;
      }
      if (read < READ_AT_ONCE) break;
    }
    // Nobody waits for what was wanted before the start: what stands is sent whole to whoever connects.
    picture.takeIntents();
    picture.takeReportIntents();
    picture.takeMemoIntents();
    // A machine whose clock stands before what it has written goes on from there.
    clock.notBefore(picture.timeUs);
    return new Sector(journal, clock, picture, restoredSeq);
  }

  get picture(): Picture {
    return this.#picture;
  }
  get lateS(): number {
    return this.#lateS;
  }
  /** Messages that a source's door did not take, by code. */
  refusals(id: string): ReadonlyMap<string, number> {
    return this.#refusals.get(id) ?? new Map();
  }
  /** Whether the last seconds brought more than there was room for. */
  get overloaded(): boolean {
    return this.dropping.length > 0;
  }
  /** What was left out in the last seconds. */
  get dropping(): readonly Dropped[] {
    const nowMs = performance.now();
    return DROPPED.filter((what) => nowMs - this.#droppedMs[what] < OVERLOAD_SHOWN_MS);
  }

  /** How long content is kept, by class, µs. */
  get retention(): Retention {
    return this.#kept;
  }

  start(retention?: Partial<Retention>): void {
    this.#kept = { ...DEFAULT_RETENTION, ...retention };
    this.#expectedTickMs = performance.now() + TICK_MS;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#retention = new RetentionJob({
      journal: this.journal,
      clock: {
        nowUs: () => this.#now(),
        every: (milliseconds, call) => {
          const timer = setInterval(call, milliseconds);
          return () => clearInterval(timer);
        },
      },
      ...(retention === undefined ? {} : { retention }),
      oldestKitUs: () => this.#picture.readiness.oldestUs(),
      appended: (entry) => {
        this.#outdated = true;
        this.#apply(entry);
      },
      purged: ({ retention: kind, beforeUs }) => void this.#afterPurge(kind, beforeUs),
      // The next run tries again; a disk that is full or broken is said by the journal's state.
      failed: () => {
        if (this.#outdated) void this.#afterPurge("frame", 0);
      },
    });
    this.#retention.start();
  }

  onTick(listener: (tick: TickResult) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sector time for the next entry: never before the last one's. */
  #now(): number {
    this.#lastTimeUs = Math.max(this.#lastTimeUs, this.clock.nowUs());
    return this.#lastTimeUs;
  }

  #tick(): void {
    const nowMs = performance.now();
    this.#lateS = Math.max(0, nowMs - this.#expectedTickMs) / 1000;
    this.#expectedTickMs = nowMs + TICK_MS;
    const step = this.clock.check();
    if (step !== undefined) this.note("clock-step", step);
    const timeUs = this.#now();
    this.#picture.advance(timeUs);
    this.#noteDropped(nowMs);
    this.#handOut(timeUs, this.#lateS);
    const entries = this.#picture.seq - this.#snapshotSeq;
    if (entries >= SNAPSHOT_EVERY_ENTRIES || (entries > 0 && nowMs - this.#snapshotMs >= SNAPSHOT_EVERY_MS)) void this.#snapshot();
  }

  #handOut(timeUs: number, lateS: number | undefined): void {
    const { changed, removed } = this.#picture.takeChanges();
    const intents = this.#due(this.#picture.takeIntents());
    const reports = this.#picture.takeReportIntents();
    const memo = this.#dueMemo(this.#picture.takeMemoIntents());
    const renewed = this.#renewed;
    this.#renewed = false;
    for (const listener of this.#listeners) listener({ timeUs, changed, removed, intents, reports, memo, lateS, renewed });
  }

  /** An entry carried the picture over a tick, and danger came of it: nobody waits for the timer. */
  #handOutSoon(): void {
    if (this.#handingOut || !this.#picture.hasIntents || this.#timer === undefined) return;
    this.#handingOut = true;
    setImmediate(() => {
      this.#handingOut = false;
      if (this.#timer !== undefined) this.#handOut(this.#picture.timeUs, undefined);
    });
  }

  /** Counts of the trackers only grow; a picture built anew, after a purge, may begin below. */
  #noteDropped(nowMs: number): void {
    const { crowded = 0, shedTracks = 0 } = this.#picture.trackerCounts() ?? {};
    if (crowded > this.#crowded) this.#droppedMs.detections = nowMs;
    if (shedTracks > this.#shedTracks) this.#droppedMs.tracks = nowMs;
    this.#crowded = crowded;
    this.#shedTracks = shedTracks;
  }

  /** Dangers go at once; what a person decided waits for the disk. */
  #due(fresh: readonly Intent[]): readonly Intent[] {
    const durable = this.journal.state().durable;
    const due = this.#held.filter(({ afterSeq }) => afterSeq <= durable).map(({ intent }) => intent);
    const held = this.#held.filter(({ afterSeq }) => afterSeq > durable);
    const afterSeq = this.#picture.seq;
    for (const intent of fresh) {
      if (afterSeq > durable && this.#isByPerson(intent)) held.push({ afterSeq, intent });
      else due.push(intent);
    }
    this.#held = held;
    return due;
  }

  /** Nothing of the memo is so urgent that it could not wait until what it rests on is on disk. */
  #dueMemo(fresh: readonly MemoIntent[]): readonly MemoIntent[] {
    const durable = this.journal.state().durable;
    this.#holdMemo(fresh, this.#picture.seq);
    const waits = this.#heldMemo.findIndex((held) => held.afterSeq > durable);
    return this.#heldMemo.splice(0, waits < 0 ? this.#heldMemo.length : waits).map(({ intent }) => intent);
  }
  #holdMemo(intents: readonly MemoIntent[], afterSeq: number): void {
    for (const intent of intents) if (this.#heldMemo.length < MAX_HELD_MEMO) this.#heldMemo.push({ afterSeq, intent });
  }

  /** What a person said or decided makes this: an acknowledgement, an all-clear with a reason, an answer that silences other devices. */
  #isByPerson(intent: Intent): boolean {
    switch (intent.type) {
      case "warning":
        return DURABLE_FIRST.has(intent.change) || (intent.change === "cleared" && this.#isClearedByOfficer(intent.id));
      case "all-clear":
      case "stand-down":
        return this.#isClearedByOfficer(intent.warningId);
      case "cancel":
        return intent.why === "answered";
      default:
        return false;
    }
  }
  #isClearedByOfficer(id: string): boolean {
    return this.#picture.warning(id)?.clearedReason !== undefined;
  }

  /** Saves the state once everything in it is durable; one at a time. */
  async #snapshot(): Promise<void> {
    if (this.#savingSnapshot !== undefined) return this.#savingSnapshot;
    if (this.#outdated) return undefined;
    const state = this.#picture.snapshot();
    const { seq } = this.#picture;
    this.#snapshotSeq = seq;
    this.#snapshotMs = performance.now();
    const save = async (): Promise<void> => {
      await this.journal.durable(seq);
      await this.journal.saveSnapshot({
        seq,
        format: SNAPSHOT_FORMAT,
        state,
        stateHash: hashOf(state),
        dependsOn: ["frame", "operator-position", "own-position", "passing", "report", "kit"],
      });
    };
    this.#savingSnapshot = save()
      // A snapshot only makes the next start faster: without it everything is read again.
      .catch(() => undefined)
      .finally(() => {
        this.#savingSnapshot = undefined;
      });
    return this.#savingSnapshot;
  }

  /** Every entry passes here, in order. */
  #apply(entry: PictureEntry): void {
    this.#picture.apply(entry);
    this.#meanwhile?.push(entry);
    this.#handOutSoon();
  }

  #append<K extends RecordKind>(kind: K, value: Records[K]): number {
    const timeUs = this.#now();
    const payload = encodeRecord(kind, value);
    const retention = retentionOf(kind);
    const seq = this.journal.append({ timeUs, kind, source: "", retention, payload });
    if (typeof seq !== "number") throw new SectorError(seq.code, seq.detail);
    this.#apply({ seq, timeUs, kind, source: "", payload });
    return seq;
  }

  /** Writes what the hub itself noticed; a journal that takes no records now does without it. */
  note<K extends RecordKind>(kind: K, value: Records[K]): void {
    try {
      this.#append(kind, value);
    } catch (error) {
      if (!(error instanceof SectorError)) throw error;
    }
  }

  // After a purge the picture must be what a replay of the journal gives as it now stands.

  /**
   * Operator positions leave nothing but a rounded distance in the findings of tracks; tracks that began later than what was purged are not
   * touched, and that is nearly always all of them. Positions and words of our own people are forgotten before they are purged, unless they are
   * purged early; what only passes leaves nothing behind. Frames reach further (emitters, counts): then the picture is built anew.
   */
  async #afterPurge(purged: PurgeableClass, beforeUs: number): Promise<void> {
    const touched =
      purged === "frame" ||
      purged === "report" ||
      (purged === "kit" && (this.#picture.readiness.oldestUs() ?? beforeUs) < beforeUs) ||
      (purged === "own-position" && this.#picture.holdsPlacesFromBefore(beforeUs)) ||
      (purged === "operator-position" && [...this.#picture.tracks()].some(({ firstUs }) => firstUs < beforeUs));
    if (touched) await this.#renew();
    else if (this.#meanwhile === undefined) this.#outdated = false;
    // The purge dropped the snapshots that rested on what is gone.
    if (!this.#stopping) await this.#snapshot();
  }

  /** Builds the picture anew from the journal, a little at a time beside the running one, and puts it in its place. */
  async #renew(): Promise<void> {
    if (this.#meanwhile !== undefined) return;
    const meanwhile: PictureEntry[] = [];
    this.#meanwhile = meanwhile;
    try {
      const upTo = this.#picture.seq;
      await this.journal.durable(upTo);
      const picture = new Picture();
      for (let from = 1; from <= upTo; from += REBUILD_AT_ONCE) {
        for (const entry of this.journal.read(from, Math.min(REBUILD_AT_ONCE, upTo - from + 1))) picture.apply(entry);
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#stopping || meanwhile.length > MAX_ENTRIES_MEANWHILE) return;
      }
      for (const entry of meanwhile) picture.apply(entry);
      picture.advance(this.#picture.timeUs);
      picture.takeChanges();
      picture.takeIntents();
      picture.takeReportIntents();
      picture.takeMemoIntents();
      this.#holdMemo(this.#picture.takeMemoIntents(), upTo);
      // What the old one still had to say is said of the new one: the same warnings under the same ids.
      picture.devices.replaceFresh(this.#picture.devices.takeFresh());
      const waiting = this.#picture.takeIntents();
      this.#held = [...this.#held, ...waiting.map((intent) => ({ afterSeq: 0, intent }))];
      this.#picture = picture;
      this.#renewed = true;
      this.#outdated = false;
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
    } finally {
      this.#meanwhile = undefined;
    }
  }

  /** Writes a person's or the hub's own command, applies it, and resolves when it is on disk. */
  async command<K extends RecordKind>(kind: K, value: Records[K]): Promise<number> {
    const seq = this.#append(kind, value);
    await this.journal.durable(seq);
    return seq;
  }

  /** Whether a source of this origin may run here. Synthetic data never mixes with real. */
  refuses(definition: SourceDefinition): SectorRefusal | undefined {
    const others = this.#picture
      .sources()
      .map((source) => source.definition)
      .filter(({ id }) => id !== definition.id);
    const synthetic = definition.origin === "synthetic";
    const clash = others.find(({ origin }) => (origin === "synthetic") !== synthetic);
    if (clash === undefined) return undefined;
    return synthetic
      ? {
          code: "real-source-present",
          message: `Synthetic data cannot run in a sector with a real source (${clash.name}). Give it a hub with a data folder of its own.`,
        }
      : {
          code: "demo-present",
          message: `A real source cannot join a sector with synthetic data (${clash.name}). Start without --demo in a folder of its own, or end the drill.`,
        };
  }

  /** Defines a source (if it is new) and opens its door. */
  async run(source: Source, by: string): Promise<void> {
    const { definition } = source;
    const refusal = this.refuses(definition);
    if (refusal !== undefined) throw new SectorError(refusal.code, refusal.message);
    const known = this.#picture.sources().find((other) => other.definition.id === definition.id);
    if (known === undefined || JSON.stringify(known.definition) !== JSON.stringify(definition))
      await this.command("source", { source: definition, by });
    await this.command("source-state", { id: definition.id, state: "starting" });
    this.#running.set(definition.id, source);
    try {
      await source.start(this.#door(definition.id));
    } catch (error) {
      this.#running.delete(definition.id);
      this.#say(definition.id, "failed", "not-opened");
      throw new SectorError(
        "source-not-opened",
        `${definition.name} could not be opened: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** Sources of an earlier run that nobody opened in this one have ended; they are not silent. */
  endUnopened(): void {
    for (const { definition, state } of this.#picture.sources())
      if (!this.#running.has(definition.id) && state !== "failed") this.#say(definition.id, "ended", undefined);
  }

  /** Closes a source's door for good. */
  async remove(id: string, by: string): Promise<void> {
    await this.#running.get(id)?.stop();
    this.#running.delete(id);
    this.#refusals.delete(id);
    await this.command("source-removed", { id, by });
  }

  source(id: string): Source | undefined {
    return this.#running.get(id);
  }

  #door(id: string): Door {
    return {
      frame: (format: FrameFormat, bytes: Uint8Array, sensorTimeUs: number | undefined) => this.#frame(id, format, bytes, sensorTimeUs),
      ready: () => this.journal.ready(),
      refused: (code) => this.#refused(id, code),
      told: () => this.#told(id),
      ended: () => this.#say(id, "ended", undefined),
      failed: (reason) => this.#say(id, "failed", reason),
    };
  }

  #refused(id: string, code: string): void {
    this.counts.refused += 1;
    const codes = this.#refusals.get(id) ?? new Map<string, number>();
    this.#refusals.set(id, codes);
    if (codes.has(code) || codes.size < MAX_REFUSAL_CODES) codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  #told(id: string): Told {
    const { lines, refused, lastRefusal } = this.#picture.heard(id) ?? { lines: 0, refused: 0, lastRefusal: undefined };
    return { taken: lines - refused, refused, lastRefusal };
  }

  #say(id: string, state: "ended" | "failed", reason: string | undefined): void {
    const known = this.#picture.sources().find(({ definition }) => definition.id === id);
    // The same failure over and over (a broker that stays away) is one entry.
    if (known === undefined || (known.state === state && known.reason === reason)) return;
    this.note("source-state", { id, state, ...(reason === undefined ? {} : { reason }) });
  }

  #frame(id: string, format: FrameFormat, bytes: Uint8Array, sensorTimeUs: number | undefined): boolean {
    if (format === "cot") return this.#cot(id, bytes);
    const { payload: masked, sealed } = sealFrame(format, bytes);
    const payload = encodeFrame({ format, sensorTimeUs, bytes: masked });
    const part = sealed === undefined ? {} : { sealed };
    return this.#write({ timeUs: this.#now(), kind: "frame", source: id, retention: "frame", payload, ...part }, bytes.length);
  }

  /** What came together by how long it may be kept: each part is an entry of its own class. */
  #cot(id: string, batch: Uint8Array): boolean {
    const { devices } = this.#picture;
    const isSynthetic = this.#running.get(id)?.definition.origin === "synthetic";
    // A device without a certificate of ours (on a mesh, behind another's server, a program of this machine) is one of us when the roster says so.
    const isListed = (uid: string): boolean => devices.speaksFor("", uid) && this.#picture.reachedBy("tak", uid).length > 0;
    const owns = (certificate: string, uid: string): boolean => devices.owns(certificate, uid) || (certificate === "" && isListed(uid));
    const separation = { owns, isHub: this.isHubInTak, isSynthetic };
    let isAhead = true;
    for (const { kind, bytes } of separateCotBatch(batch, separation, (outcome) => this.#count(id, outcome))) {
      const payload = encodeFrame({ format: "cot", sensorTimeUs: undefined, bytes });
      isAhead = this.#write({ timeUs: this.#now(), kind, source: id, retention: kind, payload }, bytes.length) && isAhead;
    }
    return isAhead;
  }

  #count(id: string, outcome: CotOutcome): void {
    this.cotOutcomes.set(outcome, (this.cotOutcomes.get(outcome) ?? 0) + 1);
    if (outcome === "refused") this.#refused(id, "not-cot");
  }

  /** Writes a frame and applies it. False: the hub is behind. */
  #write(draft: Draft, size: number): boolean {
    const seq = this.journal.append(draft);
    if (typeof seq !== "number") {
      this.counts.lost += 1;
      this.#droppedMs.frames = performance.now();
      return false;
    }
    this.counts.frames += 1;
    this.counts.bytes += size;
    const { timeUs, kind, source, payload, sealed } = draft;
    this.#apply({ seq, timeUs, kind, source, payload, ...(sealed === undefined ? {} : { sealed }) });
    const { queuedEntries, maxQueuedEntries, queuedBytes, maxQueuedBytes } = this.journal.state();
    return queuedEntries * 2 < maxQueuedEntries && queuedBytes * 2 < maxQueuedBytes;
  }

  /** Closes the doors and says a last time what changed; nothing comes in afterwards. */
  async closeDoors(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled([...this.#running.values()].map((source) => source.stop()));
    this.#running.clear();
    await this.#retention?.stop();
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#tick();
  }

  /** Writes what is queued and a last snapshot. */
  async stop(): Promise<void> {
    await this.closeDoors();
    await this.#savingSnapshot;
    if (this.#picture.seq > this.#snapshotSeq) await this.#snapshot();
    await this.journal.close();
  }
}
