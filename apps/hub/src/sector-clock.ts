// What time it is in a sector: the hub's own clock for a live one, the recorded time for a replay.

export interface SectorClock {
  /** Unix microseconds; never goes back. */
  nowUs(): number;
}

/** A step of the machine's clock that was noticed. */
export interface ClockStep {
  readonly stepUs: number;
}

/** A machine clock that moves this much against the monotonic one has been set. */
const STEP_US = 1_000_000;

/**
 * The machine's clock, read once and carried on by the monotonic one: a clock that is set under way moves no track and fires no timer.
 * `check` notices the step, takes it over gradually never: it is said, and the sector's time follows only forwards.
 */
export class WallClock implements SectorClock {
  readonly #wallUs: () => number;
  readonly #monotonicUs: () => number;
  #offsetUs: number;
  #steps = 0;
  /** What the machine's clock is ahead of the sector's, after steps. */
  #aheadUs = 0;

  constructor(wallUs: () => number = () => Date.now() * 1000, monotonicUs: () => number = () => Number(process.hrtime.bigint() / 1000n)) {
    this.#wallUs = wallUs;
    this.#monotonicUs = monotonicUs;
    this.#offsetUs = wallUs() - monotonicUs();
  }

  nowUs(): number {
    return Math.floor(this.#monotonicUs() + this.#offsetUs);
  }
  get steps(): number {
    return this.#steps;
  }
  /** Machine clock minus sector clock, s; 0 until it was set under way. */
  get aheadS(): number {
    return this.#aheadUs / 1e6;
  }

  /** Looks whether the machine's clock was set since the last look. */
  check(): ClockStep | undefined {
    const aheadUs = this.#wallUs() - this.#monotonicUs() - this.#offsetUs;
    const stepUs = aheadUs - this.#aheadUs;
    if (Math.abs(stepUs) < STEP_US) {
      // Slewing is followed, so that the sector's time stays true without a jump.
      if (this.#steps === 0 && stepUs > 0) this.#offsetUs += stepUs;
      return undefined;
    }
    this.#aheadUs = aheadUs;
    this.#steps += 1;
    return { stepUs: Math.round(stepUs) };
  }
}

/** The time of a recording, played `speed` times as fast; `max` jumps from frame to frame. */
export class RecordedClock implements SectorClock {
  readonly speed: number | "max";
  #beganUs: number | undefined;
  #realBeganMs = 0;
  #lastUs = 0;
  #ended = false;

  constructor(speed: number | "max") {
    this.speed = speed;
  }

  nowUs(): number {
    if (this.#beganUs === undefined) return 0;
    if (this.speed === "max" && !this.#ended) return this.#lastUs;
    const rate = this.#ended ? 1 : Number(this.speed);
    const nowUs = Math.floor(this.#beganUs + (performance.now() - this.#realBeganMs) * 1000 * rate);
    this.#lastUs = Math.max(this.#lastUs, nowUs);
    return this.#lastUs;
  }

  /** Waits until the recording reaches this time; the first call begins it. */
  async reach(timeUs: number): Promise<void> {
    if (this.#beganUs === undefined) {
      this.#beganUs = timeUs;
      this.#lastUs = timeUs;
      this.#realBeganMs = performance.now();
      return;
    }
    if (this.speed === "max") {
      this.#lastUs = Math.max(this.#lastUs, timeUs);
      return;
    }
    for (;;) {
      const leftMs = (timeUs - this.nowUs()) / 1000 / this.speed;
      if (leftMs <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, 1000)));
    }
  }

  /** The recording is over: time goes on as it does outside. */
  end(): void {
    this.#beganUs = this.nowUs();
    this.#lastUs = this.#beganUs;
    this.#realBeganMs = performance.now();
    this.#ended = true;
  }
}
