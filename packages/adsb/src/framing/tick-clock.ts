// How many seconds lie between two frames whose times are a receiver's counter?

/** `counter`: 12 MHz, from any beginning. `gps`: 18 bits of seconds after UTC midnight, 30 bits of nanoseconds (Radarcape, Mode-S Beast GPS). */
export type TickKind = "counter" | "gps";

const COUNTER_HZ = 12_000_000;
const TICKS = 2 ** 48;
const NANOSECOND_BITS = 2 ** 30;
const DAY_S = 86_400;
/** What decoders write where they computed a frame themselves (dump1090, mlat-client): ASCII "MLAT" behind 0xff00. */
const COMPUTED = 0xff00_4d4c_4154;

/** Makes the times of one stream run on where the counter, or the day, begins again. */
export class TickClock {
  readonly #kind: TickKind;
  readonly #periodS: number;
  #lastS = Number.NaN;
  #turnedS = 0;

  constructor(kind: TickKind) {
    this.#kind = kind;
    this.#periodS = kind === "gps" ? DAY_S : TICKS / COUNTER_HZ;
  }

  /** Seconds on a clock of this stream's own; NaN for no time (0, or computed frames, or NaN itself). */
  secondsOf(ticks: number): number {
    if (!(ticks > 0) || ticks === COMPUTED) return Number.NaN;
    const seconds = this.#kind === "gps" ? Math.floor(ticks / NANOSECOND_BITS) + (ticks % NANOSECOND_BITS) / 1e9 : ticks / COUNTER_HZ;
    const step = seconds - this.#lastS;
    // A frame from just before the turn may come just behind it.
    if (step > this.#periodS / 2) return seconds + this.#turnedS - this.#periodS;
    if (step < -this.#periodS / 2) this.#turnedS += this.#periodS;
    this.#lastS = seconds;
    return seconds + this.#turnedS;
  }
}
