// What is still to be carried: in the order of its urgency, a few at a time, again after a failure, and no longer than it holds.
import type { OutletTimes } from "./times.ts";

/** What came of one attempt. */
export type Carried =
  /** The other side took it over; `ticket` is its own name for it, for later receipts. */
  | { readonly outcome: "taken"; readonly ticket?: string | undefined; readonly detail?: string | undefined }
  /** It will never take this one. */
  | { readonly outcome: "refused"; readonly reason: string }
  /** Not now. `noLink`: nobody was reached at all. `afterMs`: not before then, as the other side asked. */
  | { readonly outcome: "again"; readonly reason: string; readonly noLink?: boolean | undefined; readonly afterMs?: number | undefined };

export interface Job {
  /** Of this one thing: what the other side may tell a repetition by. */
  readonly key: string;
  /** What a newer word replaces. */
  readonly subject: string;
  /** The greater goes first. */
  readonly urgency: number;
  /** Milliseconds after which it no longer holds. */
  readonly holdsMs: number;
}

export interface QueueSettings {
  /** Jobs that wait or are carried; beyond, the least urgent gives way, the newest of those first. */
  readonly limit: number;
  /** Attempts at the same time. */
  readonly atOnce: number;
  /** An attempt that takes longer has failed. */
  readonly attemptMs: number;
  /** First wait after a failure; doubled each time up to the longest. Half of it is left to chance, so that many do not come back at once. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Whether an attempt that runs can be taken back when nobody wants it any more. Over a network that cannot be known. */
  readonly recalls: boolean;
}

export const defaultQueue: QueueSettings = {
  limit: 1000,
  atOnce: 4,
  attemptMs: 15_000,
  firstWaitMs: 1000,
  longestWaitMs: 60_000,
  recalls: false,
};

export interface QueueEvents<T extends Job> {
  /** Carries one; may throw, which counts as `again`. The signal says that nobody waits for it any more. */
  carry(job: T, signal: AbortSignal): Promise<Carried>;
  taken(job: T, result: Extract<Carried, { outcome: "taken" }>): void;
  /** An attempt failed; it will be tried again. `attempt`: 1 for the first. */
  failed(job: T, reason: string, noLink: boolean, attempt: number): void;
  /** It will not be carried. */
  givenUp(job: T, reason: string): void;
}

interface Waiting<T> {
  readonly job: T;
  readonly madeMs: number;
  dueMs: number;
  attempts: number;
  abort: AbortController | undefined;
  withdrawn: boolean;
}

export class DeliveryQueue<T extends Job> {
  readonly #settings: QueueSettings;
  readonly #times: OutletTimes;
  readonly #events: QueueEvents<T>;
  readonly #waiting: Waiting<T>[] = [];
  #carried = 0;
  #wake: (() => void) | undefined;
  #stopped = false;
  #planned = false;
  readonly #flights = new Set<Promise<void>>();
  retries = 0;
  withdrawn = 0;

  constructor(events: QueueEvents<T>, times: OutletTimes, settings: QueueSettings = defaultQueue) {
    this.#events = events;
    this.#times = times;
    this.#settings = settings;
  }

  get waiting(): number {
    return this.#waiting.length;
  }
  get limit(): number {
    return this.#settings.limit;
  }
  /** How long the one that has waited longest has, ms. */
  get oldestMs(): number {
    return this.#waiting.reduce((oldest, { madeMs }) => Math.max(oldest, this.#times.nowMs() - madeMs), 0);
  }

  put(job: T): void {
    if (this.#stopped) return this.#events.givenUp(job, "stopping");
    this.#waiting.push({ job, madeMs: this.#times.nowMs(), dueMs: this.#times.nowMs(), attempts: 0, abort: undefined, withdrawn: false });
    if (this.#waiting.length > this.#settings.limit) this.#makeRoom();
    this.#planSoon();
  }

  /** What has not been carried of a subject no longer holds. An attempt that runs goes on, unless it can be taken back. */
  withdraw(subject: string): void {
    for (let k = this.#waiting.length - 1; k >= 0; k -= 1) {
      const waiting = this.#waiting[k];
      if (waiting === undefined || waiting.job.subject !== subject || waiting.withdrawn) continue;
      this.withdrawn += 1;
      if (waiting.abort === undefined) this.#waiting.splice(k, 1);
      else {
        waiting.withdrawn = true;
        if (this.#settings.recalls) waiting.abort.abort();
      }
    }
    this.#planSoon();
  }

  /** Whether an attempt with this subject runs. */
  carries(subject: string): boolean {
    return this.#waiting.some(({ job, abort }) => abort !== undefined && job.subject === subject);
  }

  /** Whatever waits is tried now: the link is back. */
  tryNow(): void {
    for (const waiting of this.#waiting) waiting.dueMs = Math.min(waiting.dueMs, this.#times.nowMs());
    this.#plan();
  }

  /** Ends attempts and forgets what waits: it has no receipt, and comes again after the next start if it still holds. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    this.#wake = undefined;
    for (const { abort } of this.#waiting) abort?.abort();
    await Promise.allSettled(this.#flights);
    this.#waiting.length = 0;
  }

  #makeRoom(): void {
    let least: Waiting<T> | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.abort !== undefined) continue;
      if (least === undefined || waiting.job.urgency <= least.job.urgency) least = waiting;
    }
    if (least === undefined) return;
    this.#waiting.splice(this.#waiting.indexOf(least), 1);
    this.#events.givenUp(least.job, "no room");
  }

  /** Once for all that is put at the same moment: hundreds are told in one tick, and the tick must not wait for the queue. */
  #planSoon(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#plan();
    });
  }

  /** Begins what is due, and wakes up when the next is. */
  #plan(): void {
    if (this.#stopped) return;
    this.#wake?.();
    this.#wake = undefined;
    const nowMs = this.#times.nowMs();
    for (let k = this.#waiting.length - 1; k >= 0; k -= 1) {
      const waiting = this.#waiting[k];
      if (waiting === undefined || waiting.abort !== undefined || nowMs - waiting.madeMs < waiting.job.holdsMs) continue;
      this.#waiting.splice(k, 1);
      this.#events.givenUp(waiting.job, "too late");
    }
    const idle = this.#waiting.filter(({ abort }) => abort === undefined);
    const due = idle.filter(({ dueMs }) => dueMs <= nowMs);
    // The most urgent first, and of those the oldest.
    due.sort((a, b) => b.job.urgency - a.job.urgency || a.madeMs - b.madeMs);
    for (const waiting of due) {
      if (this.#carried >= this.#settings.atOnce) break;
      const flight = this.#attempt(waiting).finally(() => this.#flights.delete(flight));
      this.#flights.add(flight);
    }
    const next = idle
      .filter(({ abort }) => abort === undefined)
      .reduce(
        (soonest, { dueMs, madeMs, job }) => Math.min(soonest, dueMs > nowMs ? dueMs : Number.POSITIVE_INFINITY, madeMs + job.holdsMs),
        Infinity,
      );
    if (next !== Infinity) this.#wake = this.#times.after(Math.max(0, next - nowMs), () => this.#plan());
  }

  async #attempt(waiting: Waiting<T>): Promise<void> {
    const abort = new AbortController();
    waiting.abort = abort;
    waiting.attempts += 1;
    if (waiting.attempts > 1) this.retries += 1;
    this.#carried += 1;
    let callOff: (() => void) | undefined;
    const late = new Promise<Carried>((resolve) => {
      callOff = this.#times.after(this.#settings.attemptMs, () => resolve({ outcome: "again", reason: "no answer in time", noLink: true }));
    });
    let result: Carried;
    try {
      const ended = new Promise<Carried>((resolve) =>
        abort.signal.addEventListener("abort", () => resolve({ outcome: "again", reason: "stopping" }), { once: true }),
      );
      result = await Promise.race([this.#events.carry(waiting.job, abort.signal), late, ended]);
    } catch (error) {
      result = { outcome: "again", reason: error instanceof Error ? error.message.slice(0, 200) : "failed" };
    }
    callOff?.();
    this.#carried -= 1;
    waiting.abort = undefined;
    if (this.#stopped) return;
    abort.abort();
    this.#settle(waiting, result);
    this.#plan();
  }

  #settle(waiting: Waiting<T>, result: Carried): void {
    const { job, withdrawn, attempts } = waiting;
    const drop = (): void => void this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    if (result.outcome === "taken") {
      drop();
      this.#events.taken(job, result);
    } else if (result.outcome === "refused") {
      drop();
      if (!withdrawn) this.#events.givenUp(job, result.reason);
    } else if (withdrawn) drop();
    else {
      const { firstWaitMs, longestWaitMs } = this.#settings;
      const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(30, attempts - 1));
      waiting.dueMs = this.#times.nowMs() + Math.max(result.afterMs ?? 0, wait * (0.5 + 0.5 * this.#times.random()));
      this.#events.failed(job, result.reason, result.noLink === true, attempts);
    }
  }
}
