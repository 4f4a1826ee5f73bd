// What time it is in a sector: the hub's own clock for a live one, the recorded time for a replay.

/** A step of the machine's clock that was noticed. */
export interface ClockStep {
  readonly stepUs: number;
}

export interface SectorClock {
  /** Unix microseconds; never goes back. */
  nowUs(): number;
  /** The time from which this clock goes on, if it stands before it. */
  notBefore(timeUs: number): void;
  /** Looks whether the machine's clock was set since the last look. */
  check(): ClockStep | undefined;
}

/** A machine clock that moves this much against the monotonic one has been set. */
const STEP_US = 1_000_000;

/** Forwards, a machine that slept comes back by as much as this; beyond, the clock is wrong and not followed. */
const FOLLOWED_US = 7 * 24 * 3_600_000_000;

/**
 * The machine's clock, read once and carried on by the monotonic one: a clock that is set back moves no track and fires no timer. What goes
 * forwards (slewing, a machine that slept) is followed. Each step is said and counted.
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
  notBefore(timeUs: number): void {
    const behindUs = timeUs - this.nowUs();
    if (behindUs <= 0) return;
    this.#offsetUs += behindUs;
    this.#aheadUs -= behindUs;
  }
  get steps(): number {
    return this.#steps;
  }
  /** Machine clock minus sector clock, s; 0 unless it was set under way or stands before what was written earlier. */
  get aheadS(): number {
    return this.#aheadUs / 1e6;
  }

  check(): ClockStep | undefined {
    const aheadUs = this.#wallUs() - this.#monotonicUs() - this.#offsetUs;
    const stepUs = Math.round(aheadUs - this.#aheadUs);
    const stepped = Math.abs(stepUs) >= STEP_US;
    if (!stepped && this.#aheadUs < 0) return undefined;
    if (stepped) this.#steps += 1;
    if (aheadUs > 0 && aheadUs <= FOLLOWED_US) {
      this.#offsetUs += aheadUs;
      this.#aheadUs = 0;
    } else if (stepped) this.#aheadUs = aheadUs;
    return stepped ? { stepUs } : undefined;
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

  /** A replay is made anew each time: there is nothing before it. */
  notBefore(_timeUs: number): void {}

  /** Recorded time has no steps but its own. */
  check(): undefined {
    return undefined;
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
