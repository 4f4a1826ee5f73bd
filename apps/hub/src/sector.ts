// One sector at work: frames and commands go into its journal and its picture, and what changes comes out at each tick.
import { createHash } from "node:crypto";
import { encodeFrame, encodeRecord, type Intent, Picture, type RecordKind, type Records, type SourceDefinition } from "@atalaya/picture";
import { type FrameFormat, sealOperator } from "@atalaya/remote-id";
import type { Journal } from "./journal/journal.ts";
import { type SectorClock, WallClock } from "./sector-clock.ts";
import type { Door, Source } from "./sources/source.ts";

export const TICK_MS = 50;
const SNAPSHOT_FORMAT = "picture-1";
const SNAPSHOT_EVERY_ENTRIES = 50_000;
const SNAPSHOT_EVERY_MS = 300_000;
const READ_AT_ONCE = 10_000;

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

export interface TickResult {
  readonly timeUs: number;
  readonly changed: ReadonlySet<number>;
  readonly removed: readonly number[];
  readonly intents: readonly Intent[];
  /** How late this tick was, s. */
  readonly lateS: number;
}

export interface SectorCounts {
  frames: number;
  bytes: number;
  /** Frames that the journal had no room for, by refusal. */
  lost: number;
}

function hashOf(state: Uint8Array): string {
  return createHash("sha256").update(state).digest("hex");
}

export class Sector {
  readonly journal: Journal;
  readonly clock: SectorClock;
  readonly counts: SectorCounts = { frames: 0, bytes: 0, lost: 0 };
  picture: Picture;
  #listeners = new Set<(tick: TickResult) => void>();
  #timer: NodeJS.Timeout | undefined;
  #expectedTickMs = 0;
  #lastTimeUs: number;
  #lateS = 0;
  readonly #running = new Map<string, Source>();
  #snapshotSeq: number;
  #snapshotMs: number = performance.now();
  #savingSnapshot: Promise<void> | undefined;

  private constructor(journal: Journal, clock: SectorClock, picture: Picture, snapshotSeq: number) {
    this.journal = journal;
    this.clock = clock;
    this.picture = picture;
    this.#snapshotSeq = snapshotSeq;
    this.#lastTimeUs = picture.timeUs;
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
    return new Sector(journal, clock, picture, snapshot?.seq ?? 0);
  }

  get lateS(): number {
    return this.#lateS;
  }

  start(): void {
    this.#expectedTickMs = performance.now() + TICK_MS;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
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
    if (this.clock instanceof WallClock) {
      const step = this.clock.check();
      if (step !== undefined) this.#append("clock-step", step);
    }
    const timeUs = this.#now();
    this.picture.advance(timeUs);
    const { changed, removed } = this.picture.takeChanges();
    const intents = this.picture.takeIntents();
    for (const listener of this.#listeners) listener({ timeUs, changed, removed, intents, lateS: this.#lateS });
    const entries = this.picture.seq - this.#snapshotSeq;
    if (entries >= SNAPSHOT_EVERY_ENTRIES || (entries > 0 && nowMs - this.#snapshotMs >= SNAPSHOT_EVERY_MS)) void this.#snapshot();
  }

  /** Saves the state once everything in it is durable; one at a time. */
  async #snapshot(): Promise<void> {
    if (this.#savingSnapshot !== undefined) return this.#savingSnapshot;
    const state = this.picture.snapshot();
    const { seq } = this.picture;
    this.#snapshotSeq = seq;
    this.#snapshotMs = performance.now();
    const save = async (): Promise<void> => {
      await this.journal.durable(seq);
      await this.journal.saveSnapshot({
        seq,
        format: SNAPSHOT_FORMAT,
        state,
        stateHash: hashOf(state),
        dependsOn: ["frame", "operator-position", "own-position"],
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

  #append<K extends RecordKind>(kind: K, value: Records[K]): number {
    const timeUs = this.#now();
    const payload = encodeRecord(kind, value);
    const seq = this.journal.append({ timeUs, kind, source: "", retention: "record", payload });
    if (typeof seq !== "number") throw new SectorError(seq.code, seq.detail);
    this.picture.apply({ seq, timeUs, kind, source: "", payload });
    return seq;
  }

  /** Writes a person's or the hub's own command, applies it, and resolves when it is on disk. */
  async command<K extends RecordKind>(kind: K, value: Records[K]): Promise<number> {
    const seq = this.#append(kind, value);
    await this.journal.durable(seq);
    return seq;
  }

  /** Whether a source of this origin may run here. Synthetic data never mixes with real. */
  refuses(definition: SourceDefinition): SectorRefusal | undefined {
    const others = this.picture
      .sources()
      .map((source) => source.definition)
      .filter(({ id }) => id !== definition.id);
    const synthetic = definition.origin === "synthetic";
    const clash = others.find(({ origin }) => (origin === "synthetic") !== synthetic);
    if (clash === undefined) return undefined;
    return synthetic
      ? { code: "real-source-present", message: `The demo cannot run in a sector with a real source (${clash.name}).` }
      : {
          code: "demo-present",
          message: `A real source cannot join a demo sector (${clash.name} runs). Start without --demo in a folder of its own.`,
        };
  }

  /** Defines a source (if it is new) and opens its door. */
  async run(source: Source, by: string): Promise<void> {
    const { definition } = source;
    const refusal = this.refuses(definition);
    if (refusal !== undefined) throw new SectorError(refusal.code, refusal.message);
    const known = this.picture.sources().find((other) => other.definition.id === definition.id);
    if (known === undefined || JSON.stringify(known.definition) !== JSON.stringify(definition))
      await this.command("source", { source: definition, by });
    await this.command("source-state", { id: definition.id, state: "starting" });
    this.#running.set(definition.id, source);
    await source.start(this.#door(definition.id));
  }

  /** Closes a source's door for good. */
  async remove(id: string, by: string): Promise<void> {
    await this.#running.get(id)?.stop();
    this.#running.delete(id);
    await this.command("source-removed", { id, by });
  }

  source(id: string): Source | undefined {
    return this.#running.get(id);
  }

  #door(id: string): Door {
    return {
      frame: (format: FrameFormat, bytes: Uint8Array, sensorTimeUs: number | undefined) => this.#frame(id, format, bytes, sensorTimeUs),
      ready: () => this.journal.ready(),
      refused: () => {
        this.counts.lost += 1;
      },
      ended: () => this.#say(id, "ended", undefined),
      failed: (reason) => this.#say(id, "failed", reason),
    };
  }

  #say(id: string, state: "ended" | "failed", reason: string | undefined): void {
    const known = this.picture.sources().find(({ definition }) => definition.id === id);
    // The same failure over and over (a broker that stays away) is one entry.
    if (known === undefined || (known.state === state && known.reason === reason)) return;
    try {
      this.#append("source-state", { id, state, ...(reason === undefined ? {} : { reason }) });
    } catch (error) {
      if (!(error instanceof SectorError)) throw error;
    }
  }

  #frame(id: string, format: FrameFormat, bytes: Uint8Array, sensorTimeUs: number | undefined): boolean {
    const { payload: masked, sealed } = sealOperator(format, bytes);
    const timeUs = this.#now();
    const payload = encodeFrame({ format, sensorTimeUs, bytes: masked });
    const part = sealed === undefined ? {} : { sealed };
    const seq = this.journal.append({ timeUs, kind: "frame", source: id, retention: "frame", payload, ...part });
    if (typeof seq !== "number") {
      this.counts.lost += 1;
      return false;
    }
    this.counts.frames += 1;
    this.counts.bytes += bytes.length;
    this.picture.apply({ seq, timeUs, kind: "frame", source: id, payload, ...part });
    const { queuedEntries, maxQueuedEntries, queuedBytes, maxQueuedBytes } = this.journal.state();
    return queuedEntries * 2 < maxQueuedEntries && queuedBytes * 2 < maxQueuedBytes;
  }

  /** Closes the doors, writes what is queued and a last snapshot. */
  async stop(): Promise<void> {
    for (const source of this.#running.values()) await source.stop();
    this.#running.clear();
    clearInterval(this.#timer);
    if (this.picture.seq > 0) await this.#snapshot();
    await this.journal.close();
  }
}
