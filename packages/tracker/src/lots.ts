// By which numbers do answers part where chance would have to decide? Even ones that follow from counts alone: the tracker knows no randomness.

/**
 * Lots for the answers: numbers between 0 and 1 that depend on nothing but the count of rounds, the place of the draw and the answer's number, and lie
 * evenly over the answers for each place (a Kronecker sequence per place, shifted by a hash), so that equal answers part in the proportions that they
 * should.
 */
export class Lots {
  readonly #round: number;
  readonly #which: number;
  #place = 0;

  constructor(round: number, which: number) {
    this.#round = Math.imul(round, 2654435761);
    this.#which = which;
  }

  next(): number {
    const step = STEPS[this.#place % STEPS.length] ?? 0;
    let t = (this.#round + Math.imul(this.#place + 1, 0x6d2b79f5)) | 0;
    t = Math.imul(t ^ (t >>> 15), 1 | t);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    this.#place += 1;
    const lot = ((t ^ (t >>> 14)) >>> 0) / 4294967296 + this.#which * step;
    return lot - Math.floor(lot);
  }
}
/** Square roots of primes: their multiples lie evenly between whole numbers. */
const STEPS: readonly number[] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].map(Math.sqrt);
