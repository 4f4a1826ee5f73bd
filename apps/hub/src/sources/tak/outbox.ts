// What waits for a client that reads too slowly: of each thing the newest only, dangers and words first.
import type { Outgoing } from "./outgoing.ts";

/** Things that wait at most; beyond, the one that has waited longest is given up, and comes with its next change. */
export const MAX_WAITING = 4000;
/** Dangers, words and ends that wait at most; beyond, the client is cut off: it comes back and gets all that stands. */
export const MAX_URGENT = 1000;

export class Outbox {
  readonly #urgent = new Map<string, Outgoing>();
  readonly #waiting = new Map<string, Outgoing>();
  /** Replaced by a newer one, and given up. */
  superseded = 0;
  givenUp = 0;

  get size(): number {
    return this.#urgent.size + this.#waiting.size;
  }
  get isOverfull(): boolean {
    return this.#urgent.size > MAX_URGENT;
  }

  put(events: readonly Outgoing[]): void {
    for (const event of events) {
      const { key, urgent } = event;
      // What ends a thing takes the place of what was said of it.
      if (this.#waiting.delete(key) || this.#urgent.delete(key)) this.superseded += 1;
      (urgent ? this.#urgent : this.#waiting).set(key, event);
    }
    while (this.#waiting.size > MAX_WAITING) {
      const [oldest] = this.#waiting.keys();
      if (oldest === undefined) break;
      this.#waiting.delete(oldest);
      this.givenUp += 1;
    }
  }

  /** Takes the next one out. */
  take(): Outgoing | undefined {
    const queue = this.#urgent.size > 0 ? this.#urgent : this.#waiting;
    for (const [key, event] of queue) {
      queue.delete(key);
      return event;
    }
    return undefined;
  }
}
