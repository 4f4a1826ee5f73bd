// Deletes content when its class has been kept long enough. Runs from the first day, whether anybody thinks of it or not.
import type { Entry, Journal, JournalState, PurgeableClass, PurgeRecord } from "./journal.ts";

const HOUR_US = 3600 * 1_000_000;
const DAY_US = 24 * HOUR_US;

/** How long content is kept, microseconds. Records are kept for good. */
export type Retention = Readonly<Record<PurgeableClass, number>>;

/**
 * 180 days of frames and of what people reported; positions of people, operators and our own, 24 hours; what is none of our business 40 minutes, so that with the interval of
 * the runs it is gone within the hour.
 */
export const DEFAULT_RETENTION: Retention = {
  frame: 180 * DAY_US,
  "operator-position": DAY_US,
  "own-position": DAY_US,
  passing: 40 * 60 * 1_000_000,
  report: 180 * DAY_US,
  // At the latest: the picture lets go of it a day after the shift, and then so does the journal.
  kit: 5 * DAY_US,
};

export interface RetentionClock {
  /** The sector's time, Unix microseconds. */
  nowUs(): number;
  /** Calls back again and again until the returned function is called. */
  every(milliseconds: number, call: () => void): () => void;
}

export interface RetentionOptions {
  readonly journal: Journal;
  readonly clock: RetentionClock;
  readonly retention?: Partial<Retention>;
  /** A quarter of an hour if not said: content is gone that much later than its time, at most. */
  readonly everyMs?: number;
  /** Each purge's entry at the moment it is appended, for the picture. */
  readonly appended?: (entry: Entry) => void;
  /** After each purge: snapshots are gone, the picture has to be built again from what is left. */
  readonly purged?: (record: PurgeRecord) => void;
  /** When the oldest of what people carry that is still held was written; undefined: nothing is held. Absent: only age counts. */
  readonly oldestKitUs?: () => number | undefined;
  /** A run that failed; the next one tries again. */
  readonly failed: (error: unknown) => void;
}

const EVERY_MS = 15 * 60 * 1000;

export class RetentionJob {
  readonly #options: RetentionOptions;
  readonly #retention: Retention;
  #stop: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#retention = { ...DEFAULT_RETENTION, ...options.retention };
    for (const [name, kept] of Object.entries(this.#retention))
      if (!Number.isSafeInteger(kept) || kept <= 0) throw new RangeError(`retention of ${name}: ${kept} microseconds`);
  }

  /** Runs once now, then at its interval. */
  start(): void {
    if (this.#stop !== undefined) return;
    this.#stop = this.#options.clock.every(this.#options.everyMs ?? EVERY_MS, () => void this.run());
    void this.run();
  }

  async stop(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    await this.#running;
  }

  /** One run; the same one if it is under way. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { journal, clock, appended, purged, failed } = this.#options;
    const status: JournalState["status"] = journal.state().status;
    if (status === "closed") return;
    for (const retention of ["operator-position", "own-position", "passing", "kit", "frame", "report"] as const) {
      try {
        const nowUs = clock.nowUs();
        const oldUs = nowUs - this.#retention[retention];
        const { oldestKitUs } = this.#options;
        const beforeUs = retention === "kit" && oldestKitUs !== undefined ? Math.max(oldUs, oldestKitUs() ?? nowUs) : oldUs;
        const record = await journal.purge({
          retention,
          beforeUs,
          by: "retention",
          nowUs: () => clock.nowUs(),
          ...(appended === undefined ? {} : { appended }),
        });
        if (record !== undefined) purged?.(record);
      } catch (error) {
        failed(error);
      }
    }
  }
}
