// A clock that a test turns, and chance that it chooses.
import type { OutletTimes } from "../../src/outlets/times.ts";

export class ManualTimes implements OutletTimes {
  #nowMs = 1_795_000_000_000;
  #alarms: { readonly atMs: number; readonly call: () => void }[] = [];
  chance = 0;
  nowMs(): number {
    return this.#nowMs;
  }
  after(milliseconds: number, call: () => void): () => void {
    const alarm = { atMs: this.#nowMs + milliseconds, call };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }
  random(): number {
    return this.chance;
  }
  /** Lets promises settle that are ready to. */
  async settle(): Promise<void> {
    for (let k = 0; k < 10; k += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  /** Turns the clock on, alarm by alarm. */
  async pass(milliseconds: number): Promise<void> {
    const endMs = this.#nowMs + milliseconds;
    for (;;) {
      await this.settle();
      const next = this.#alarms.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#alarms = this.#alarms.filter((other) => other !== next);
      next.call();
    }
    this.#nowMs = endMs;
    await this.settle();
  }
}
