// How long from the frame that decided until a person's device had been told, by channel and step: for metrics and for the health page.
import type { Channel, Picture, PersonIntent } from "@atalaya/picture";
import type { ReceiptStep } from "./outlet.ts";

/** Notifications whose receipts are waited for; beyond, the oldest is not measured. */
const MAX_WAITING = 20_000;
/** The figures of a channel are of so many of the newest. */
const NEWEST = 500;
/** What came of an older frame than this was decided by time: it counts from the tick that judged it. */
const DECISIVE_WITHIN_US = 200_000;

export type MeasuredStep = Extract<ReceiptStep, "sent" | "delivered" | "seen">;

export interface ChannelLatency {
  readonly channel: Channel;
  /** Of the newest notifications that have come so far. */
  readonly count: number;
  readonly p50S: number;
  readonly p99S: number;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export class Latency {
  readonly #picture: () => Picture;
  readonly #nowUs: () => number;
  /** When the frame arrived that decided, by intent, sector time. */
  readonly #decidedUs = new Map<string, number>();
  /** Newest delays until the device had it, s, by channel. */
  readonly #delivered = new Map<Channel, number[]>();
  /** Told of each measured step. */
  onStep: ((channel: Channel, step: MeasuredStep, seconds: number) => void) | undefined;

  constructor(picture: () => Picture, nowUs: () => number) {
    this.#picture = picture;
    this.#nowUs = nowUs;
  }

  /** Something is handed to an outlet. Only what tells of a danger for the first time, or of a greater one, is measured. */
  handed(intent: PersonIntent): void {
    if (intent.type !== "notify" || intent.change === "lowered") return;
    const picture = this.#picture();
    let newestUs = Number.NEGATIVE_INFINITY;
    for (const number of picture.warning(intent.warningId)?.tracks ?? [])
      newestUs = Math.max(newestUs, picture.track(number)?.heardUs ?? Number.NEGATIVE_INFINITY);
    const decidedUs = newestUs <= intent.timeUs && intent.timeUs - newestUs < DECISIVE_WITHIN_US ? newestUs : intent.timeUs;
    this.#decidedUs.set(intent.id, decidedUs);
    if (this.#decidedUs.size <= MAX_WAITING) return;
    for (const oldest of this.#decidedUs.keys()) {
      this.#decidedUs.delete(oldest);
      return;
    }
  }

  /** What became of it. */
  step(id: string, channel: Channel, step: ReceiptStep): void {
    const decidedUs = this.#decidedUs.get(id);
    if (decidedUs === undefined) return;
    if (step === "failed" || step === "no-link") {
      this.#decidedUs.delete(id);
      return;
    }
    const seconds = Math.max(0, this.#nowUs() - decidedUs) / 1e6;
    this.onStep?.(channel, step, seconds);
    if (step === "seen") this.#decidedUs.delete(id);
    if (step !== "delivered") return;
    const newest = this.#delivered.get(channel) ?? [];
    this.#delivered.set(channel, newest);
    newest.push(seconds);
    if (newest.length > NEWEST) newest.shift();
  }

  figures(): readonly ChannelLatency[] {
    return [...this.#delivered].map(([channel, newest]) => {
      const sorted = [...newest].sort((a, b) => a - b);
      return { channel, count: sorted.length, p50S: quantile(sorted, 0.5), p99S: quantile(sorted, 0.99) };
    });
  }
}
