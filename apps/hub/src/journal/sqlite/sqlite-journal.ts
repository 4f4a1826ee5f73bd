// The journal in an SQLite file: the embedded default.
//
// `append` packs entries into a buffer; the buffer goes to the writer's thread when its window is over, when it is large, or when somebody waits for
// it, and while the writer is at work on two of them the next ones grow. So batches are small when the hub is quiet and large when it is busy.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { isKeyName } from "@atalaya/ledger";
import {
  type BackupReport,
  type Draft,
  type Entry,
  type Head,
  type Journal,
  JournalError,
  type JournalRefusal,
  type JournalRefusalCode,
  type JournalState,
  MAX_CONTENT_BYTES,
  type PurgeRecord,
  type PurgeRequest,
  type Snapshot,
} from "../journal.ts";
import { type Batch, BatchBuilder, batchBytes } from "./batch.ts";
import { type Lock, lockFolder } from "./lock.ts";
import type { BackupAnswer, Failure, FromWriter, ToWriter } from "./messages.ts";
import type { PurgePlan } from "./purge.ts";
import { Reader } from "./reader.ts";
import { DATABASE_FILE } from "./schema.ts";
import type { WriterOptions } from "./writer.ts";

export interface SqliteJournalOptions {
  /** The data folder; made if it is missing. One hub at a time. */
  readonly folder: string;
  /** Name of the log, for a journal that is new; no spaces and no "+". One that exists keeps its own. */
  readonly origin: string;
  /** How long entries may wait for others to share their commit with. */
  readonly windowMs?: number;
  readonly maxQueuedEntries?: number;
  readonly maxQueuedBytes?: number;
  /** For tests of a full disk. */
  readonly maxPages?: number;
}

const WINDOW_MS = 10;
const MAX_QUEUED_ENTRIES = 200_000;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** A batch of this size goes without waiting for its window. */
const BATCH_ENTRIES = 4096;
const BATCH_BYTES = 1024 * 1024;
/** One that the disk is busy with, one that is ready. */
const BATCHES_AT_WRITER = 2;
const SUBSCRIBER_ENTRIES_AT_ONCE = 1024;
const MAX_KIND_BYTES = 64;
const MAX_SOURCE_BYTES = 256;
const encoder = new TextEncoder();

/** A worker file beside this one, compiled or not as this one is. */
function workerFile(name: string): URL {
  return new URL(`./${name}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
}

interface Waiter {
  readonly seq: number;
  readonly resolve: () => void;
  readonly reject: (error: JournalError) => void;
}

interface Subscription {
  next: number;
  readonly listener: (entries: readonly Entry[]) => void;
  readonly failed: (error: JournalError) => void;
}

interface Queued {
  readonly batch: BatchBuilder;
  readonly purge?: PurgeRecord;
}

/** The writer's first word. */
function hearFirst(worker: Worker): Promise<Extract<FromWriter, { type: "opened" }>> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (message: FromWriter) => {
      worker.off("error", reject);
      if (message.type === "opened") resolve(message);
      else reject(message.type === "refused" ? errorOf(message.failure) : new Error(`the writer began with ${message.type}`));
    });
  });
}

export async function openJournalIn(options: SqliteJournalOptions): Promise<Journal> {
  if (!isKeyName(options.origin)) throw new RangeError(`"${options.origin}" cannot name a log: no spaces, no "+", not empty`);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(options.folder);
  const { folder, origin, maxPages } = options;
  const worker = new Worker(workerFile("writer-thread"), { workerData: { folder, origin, maxPages } satisfies WriterOptions });
  try {
    return new SqliteJournal(options, worker, lock, await hearFirst(worker));
  } catch (error) {
    await worker.terminate();
    lock.release();
    throw error;
  }
}

function errorOf({ code, detail }: Failure): JournalError {
  return new JournalError(code, detail);
}

class SqliteJournal implements Journal {
  readonly #folder: string;
  readonly #worker: Worker;
  readonly #lock: Lock;
  readonly #reader: Reader;
  readonly #windowMs: number;
  readonly #maxQueuedEntries: number;
  readonly #maxQueuedBytes: number;

  #status: JournalState["status"] = "ok";
  #detail = "";
  #head: Head;
  #appended: number;
  #lastTimeUs: number;
  readonly #refused: Record<JournalRefusalCode, number> = {
    "queue-full": 0,
    "journal-full": 0,
    "journal-failed": 0,
    "journal-closed": 0,
    "too-large": 0,
  };

  /** Not yet at the writer, oldest first; the last one may still grow. */
  readonly #queue: Queued[] = [];
  /** Bytes of the batches at the writer, oldest first. */
  readonly #atWriter: number[] = [];
  #queuedBytes = 0;
  #window: NodeJS.Timeout | undefined;
  #windowOver = false;
  #spare: Uint8Array<ArrayBuffer> | undefined;
  #waiters: Waiter[] = [];
  #readyWaiters: (() => void)[] = [];
  readonly #subscriptions = new Set<Subscription>();
  #pumping = false;
  readonly #calls = new Map<number, { resolve: (plan: PurgePlan | undefined) => void; reject: (error: JournalError) => void }>();
  #nextCall = 1;
  #closing: Promise<void> | undefined;
  #closed: (() => void) | undefined;
  #purging: Promise<unknown> = Promise.resolve();

  constructor(options: SqliteJournalOptions, worker: Worker, lock: Lock, opened: Extract<FromWriter, { type: "opened" }>) {
    this.#folder = options.folder;
    this.#worker = worker;
    this.#lock = lock;
    this.#windowMs = options.windowMs ?? WINDOW_MS;
    this.#maxQueuedEntries = options.maxQueuedEntries ?? MAX_QUEUED_ENTRIES;
    this.#maxQueuedBytes = options.maxQueuedBytes ?? MAX_QUEUED_BYTES;
    this.#head = opened.head;
    this.#appended = opened.head.size;
    this.#lastTimeUs = opened.lastTimeUs;
    this.#reader = new Reader(join(options.folder, DATABASE_FILE));
    worker.on("message", (message: FromWriter) => this.#hear(message));
    worker.on("error", (error) => this.#stuck("failed", `The journal's writer stopped: ${error.message}. Restart the hub.`));
    worker.on("exit", () => {
      if (this.#closing === undefined) this.#stuck("failed", "The journal's writer stopped. Restart the hub.");
      this.#closed?.();
    });
  }

  append(draft: Draft): number | JournalRefusal {
    const refusal = this.#refusal(draft);
    if (refusal !== undefined) {
      this.#refused[refusal.code] += 1;
      return refusal;
    }
    return this.#enqueue(draft);
  }

  #refusal(draft: Draft): JournalRefusal | undefined {
    if (this.#closing !== undefined) return { code: "journal-closed", detail: "The hub is stopping." };
    const record = draft.retention === "record";
    if (record && this.#status === "full") return { code: "journal-full", detail: this.#detail };
    if (record && this.#status === "failed") return { code: "journal-failed", detail: this.#detail };
    const bytes = draft.payload.length + (draft.sealed?.length ?? 0);
    if (bytes > MAX_CONTENT_BYTES)
      return { code: "too-large", detail: `An entry holds at most ${MAX_CONTENT_BYTES} bytes; this one has ${bytes}.` };
    if (
      (draft.kind.length * 3 > MAX_KIND_BYTES && encoder.encode(draft.kind).length > MAX_KIND_BYTES) ||
      (draft.source.length * 3 > MAX_SOURCE_BYTES && encoder.encode(draft.source).length > MAX_SOURCE_BYTES)
    )
      return { code: "too-large", detail: `A kind has at most ${MAX_KIND_BYTES} bytes, a source ${MAX_SOURCE_BYTES}.` };
    // People's words have a little room of their own: sources cannot crowd them out.
    const share = record ? 1 : 0.95;
    if (this.#queuedEntries >= this.#maxQueuedEntries * share || this.#queuedBytes + batchBytes(draft) > this.#maxQueuedBytes * share)
      return { code: "queue-full", detail: this.#detail === "" ? "The disk is slower than what arrives." : this.#detail };
    return undefined;
  }

  #enqueue(draft: Draft, purge?: PurgeRecord): number {
    if (!Number.isSafeInteger(draft.timeUs) || draft.timeUs < this.#lastTimeUs)
      throw new RangeError(`entry time ${draft.timeUs} after ${this.#lastTimeUs}: times are whole microseconds and never run backwards`);
    if (!draft.kind.isWellFormed() || !draft.source.isWellFormed()) throw new RangeError("kind or source holds half a character");
    this.#lastTimeUs = draft.timeUs;
    this.#appended += 1;
    let last = this.#queue.at(-1);
    if (
      last === undefined ||
      last.purge !== undefined ||
      purge !== undefined ||
      last.batch.count >= BATCH_ENTRIES ||
      last.batch.length >= BATCH_BYTES
    ) {
      last = { batch: new BatchBuilder(this.#appended, this.#spare), ...(purge === undefined ? {} : { purge }) };
      this.#spare = undefined;
      this.#queue.push(last);
    }
    const before = last.batch.length;
    last.batch.add(draft);
    this.#queuedBytes += last.batch.length - before;
    if (this.#queue.length > 1 || last.batch.length >= BATCH_BYTES || purge !== undefined || this.#windowOver) this.#send();
    else if (this.#window === undefined) {
      this.#window = setTimeout(() => {
        this.#window = undefined;
        this.#windowOver = true;
        this.#send();
      }, this.#windowMs);
    }
    return this.#appended;
  }

  get #queuedEntries(): number {
    return this.#appended - this.#head.size;
  }

  /** Hands batches to the writer as long as it takes them; one that may still grow only when its window is over. */
  #send(): void {
    while (this.#atWriter.length < BATCHES_AT_WRITER) {
      const [first] = this.#queue;
      if (first === undefined) {
        this.#windowOver = false;
        return;
      }
      const whole =
        this.#queue.length > 1 || first.purge !== undefined || first.batch.length >= BATCH_BYTES || first.batch.count >= BATCH_ENTRIES;
      if (!whole && !this.#windowOver) return;
      this.#queue.shift();
      if (!whole) this.#windowOver = false;
      const batch: Batch = first.batch.finish();
      this.#atWriter.push(batch.length);
      this.#post({ type: "commit", batch, ...(first.purge === undefined ? {} : { purge: first.purge }) }, [batch.bytes.buffer]);
    }
  }

  #post(message: ToWriter, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #hear(message: FromWriter): void {
    switch (message.type) {
      case "committed":
        this.#head = message.head;
        this.#queuedBytes -= this.#atWriter.shift() ?? 0;
        if (message.spare.length <= 2 * BATCH_BYTES) this.#spare = message.spare;
        if (this.#status !== "closed") {
          this.#status = "ok";
          this.#detail = "";
        }
        this.#send();
        this.#settle();
        this.#pump();
        break;
      case "stuck":
        this.#stuck(message.status, message.detail);
        break;
      case "done":
        this.#calls.get(message.id)?.resolve(message.plan);
        this.#calls.delete(message.id);
        break;
      case "undone":
        this.#calls.get(message.id)?.reject(errorOf(message.failure));
        this.#calls.delete(message.id);
        break;
      case "closed":
        this.#closed?.();
        break;
      case "opened":
      case "refused":
        break;
    }
  }

  #settle(): void {
    const durable = this.#head.size;
    const [due, later] = [this.#waiters.filter(({ seq }) => seq <= durable), this.#waiters.filter(({ seq }) => seq > durable)];
    this.#waiters = later;
    for (const { resolve } of due) resolve();
    if (this.#hasRoom()) for (const resolve of this.#readyWaiters.splice(0)) resolve();
  }

  #hasRoom(): boolean {
    return this.#queuedEntries * 2 <= this.#maxQueuedEntries && this.#queuedBytes * 2 <= this.#maxQueuedBytes;
  }

  #stuck(status: "full" | "failed", detail: string): void {
    if (this.#status === "closed") return;
    this.#status = status;
    this.#detail = detail;
    const error = this.#notWritten();
    for (const { reject } of this.#waiters.splice(0)) reject(error);
    if (status === "failed") {
      for (const { reject } of this.#calls.values()) reject(error);
      this.#calls.clear();
    }
  }

  #notWritten(): JournalError {
    return new JournalError(
      this.#status === "full" ? "journal-full" : this.#status === "closed" ? "journal-closed" : "journal-failed",
      this.#detail,
    );
  }

  durable(seq: number): Promise<void> {
    if (seq <= this.#head.size) return Promise.resolve();
    if (seq > this.#appended) return Promise.reject(new RangeError(`entry ${seq} of ${this.#appended}`));
    if (this.#status !== "ok") return Promise.reject(this.#notWritten());
    return new Promise((resolve, reject) => {
      this.#waiters.push({ seq, resolve, reject });
      // Somebody waits: an idle disk starts now. A busy one takes the batch when it is done with what it has.
      if (this.#atWriter.length === 0 && !this.#windowOver) {
        this.#windowOver = true;
        setImmediate(() => {
          clearTimeout(this.#window);
          this.#window = undefined;
          // An entry that came meanwhile took the first batch with it: what came after that has no window of its own, and must not wait for another entry.
          if (this.#queue.length > 0) this.#windowOver = true;
          this.#send();
        });
      }
    });
  }

  ready(): Promise<void> {
    if (this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve) => this.#readyWaiters.push(resolve));
  }

  state(): JournalState {
    return {
      status: this.#status,
      detail: this.#detail,
      queuedEntries: this.#queuedEntries,
      queuedBytes: this.#queuedBytes,
      maxQueuedEntries: this.#maxQueuedEntries,
      maxQueuedBytes: this.#maxQueuedBytes,
      appended: this.#appended,
      durable: this.#head.size,
      refused: this.#refused,
    };
  }

  head(): Head {
    return this.#head;
  }

  read(from: number, limit: number): Iterable<Entry> {
    return this.#reader.entries(Math.max(1, from), Math.min(this.#head.size, Math.max(1, from) + limit - 1));
  }

  records(from: number, limit: number): Iterable<Entry> {
    return this.#reader.records(Math.max(1, from), this.#head.size, limit);
  }

  subscribe(
    from: number,
    listener: (entries: readonly Entry[]) => void,
    failed: (error: JournalError) => void = () => undefined,
  ): () => void {
    const subscription: Subscription = { next: Math.max(1, from), listener, failed };
    this.#subscriptions.add(subscription);
    this.#pump();
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  /** Hands subscribers what they have not had, a group at a time so that other work comes in between. */
  #pump(): void {
    if (this.#pumping || this.#subscriptions.size === 0) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      if (this.#status === "closed") return;
      let more = false;
      for (const subscription of this.#subscriptions) {
        const entries = this.#readFor(subscription);
        const last = entries.at(-1);
        if (last === undefined) continue;
        subscription.next = last.seq + 1;
        more ||= subscription.next <= this.#head.size;
        subscription.listener(entries);
      }
      if (more) this.#pump();
    });
  }

  #readFor(subscription: Subscription): readonly Entry[] {
    try {
      return [...this.read(subscription.next, SUBSCRIBER_ENTRIES_AT_ONCE)];
    } catch (error) {
      this.#subscriptions.delete(subscription);
      subscription.failed(error instanceof JournalError ? error : new JournalError("damaged", String(error)));
      return [];
    }
  }

  proof(seq: number): string | undefined {
    return seq >= 1 && seq <= this.#head.size ? this.#reader.proof(seq, this.#head) : undefined;
  }

  consistency(size: number): readonly Uint8Array[] | undefined {
    return size >= 0 && size <= this.#head.size ? this.#reader.consistency(size, this.#head.size) : undefined;
  }

  purge(request: PurgeRequest): Promise<PurgeRecord | undefined> {
    // One at a time: a plan holds until it is carried out.
    const purged = this.#purging.then(() => this.#purge(request));
    this.#purging = purged.catch(() => undefined);
    return purged;
  }

  async #purge({ retention, beforeUs, by, nowUs, appended }: PurgeRequest): Promise<PurgeRecord | undefined> {
    let total: PurgeRecord | undefined;
    for (;;) {
      const plan = await this.#call((id) => ({ type: "plan-purge", id, retention, beforeUs }));
      if (plan === undefined) break;
      if (this.#closing !== undefined || this.#status !== "ok") throw this.#notWritten();
      const { payloads, sealed, firstSeq, lastSeq } = plan;
      const record: PurgeRecord = { retention, beforeUs, by, payloads, sealed, firstSeq, lastSeq };
      const payload = encoder.encode(JSON.stringify(record));
      const draft = { timeUs: nowUs(), kind: "purge", source: "", retention: "record", payload } as const;
      const seq = this.#enqueue(draft, record);
      appended?.({ seq, ...draft });
      await this.durable(seq);
      total =
        total === undefined
          ? record
          : { ...record, payloads: total.payloads + payloads, sealed: total.sealed + sealed, firstSeq: Math.min(total.firstSeq, firstSeq) };
    }
    if (total !== undefined) await this.#call((id) => ({ type: "truncate", id }));
    return total;
  }

  #call(message: (id: number) => ToWriter): Promise<PurgePlan | undefined> {
    if (this.#closing !== undefined) return Promise.reject(new JournalError("journal-closed", "The hub is stopping."));
    const id = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#post(message(id));
    });
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    await this.#call((id) => ({ type: "save-snapshot", id, snapshot }));
  }

  loadSnapshot(format: string): Snapshot | undefined {
    return this.#reader.snapshot(format);
  }

  backup(toFile: string): Promise<BackupReport> {
    if (existsSync(toFile)) return Promise.reject(new JournalError("journal-failed", `${toFile} exists; a backup does not overwrite.`));
    const worker = new Worker(workerFile("backup-thread"), { workerData: { folder: this.#folder, toFile } });
    return new Promise((resolve, reject) => {
      worker.once("message", (answer: BackupAnswer) => (answer.ok ? resolve(answer.report) : reject(errorOf(answer.failure))));
      worker.once("error", reject);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Wait until what is queued is written, or cannot be.
    clearTimeout(this.#window);
    this.#windowOver = true;
    this.#send();
    if (this.#status === "ok" && this.#queuedEntries > 0)
      await new Promise<void>((resolve) => this.#waiters.push({ seq: this.#appended, resolve, reject: () => resolve() }));
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    this.#status = "closed";
    this.#detail = "The hub is stopping.";
    // The writer has to be the last to close: then SQLite moves the WAL into the file and removes it.
    this.#subscriptions.clear();
    this.#reader.close();
    this.#post({ type: "close" });
    await closed;
    await this.#worker.terminate();
    for (const { reject } of this.#calls.values()) reject(this.#notWritten());
    this.#calls.clear();
    for (const resolve of this.#readyWaiters.splice(0)) resolve();
    this.#lock.release();
  }
}
