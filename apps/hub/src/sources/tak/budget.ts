// How fast one certificate may send: beyond, it is read more slowly, and nobody else is.

const MOST_EVENTS_PER_S = 2000;
const MOST_BYTES_PER_S = 2 << 20;
/** What may come at once after a pause, s. */
const BURST_S = 2;
const LONGEST_WAIT_MS = 1000;

export class Budget {
  readonly #now: () => number;
  readonly #eventsPerS: number;
  readonly #bytesPerS: number;
  #events: number;
  #bytes: number;
  #atMs: number;

  constructor(now: () => number, eventsPerS: number = MOST_EVENTS_PER_S, bytesPerS: number = MOST_BYTES_PER_S) {
    this.#now = now;
    this.#eventsPerS = eventsPerS;
    this.#bytesPerS = bytesPerS;
    this.#events = eventsPerS * BURST_S;
    this.#bytes = bytesPerS * BURST_S;
    this.#atMs = now();
  }

  /** Takes what has come; returns how long to read nothing, ms. */
  spend(events: number, bytes: number): number {
    const nowMs = this.#now();
    const passedS = (nowMs - this.#atMs) / 1000;
    this.#atMs = nowMs;
    this.#events = Math.min(this.#eventsPerS * BURST_S, this.#events + passedS * this.#eventsPerS) - events;
    this.#bytes = Math.min(this.#bytesPerS * BURST_S, this.#bytes + passedS * this.#bytesPerS) - bytes;
    const overS = Math.max(-this.#events / this.#eventsPerS, -this.#bytes / this.#bytesPerS);
    return overS <= 0 ? 0 : Math.min(LONGEST_WAIT_MS, Math.ceil(overS * 1000));
  }
}
