// How far is the picture from the truth at each instant, in places, in missed and in false tracks?
import { assign } from "./assignment.ts";
import type { ClosePairs } from "./close-pairs.ts";
import { mean, ratio } from "./figures.ts";
import type { Instant } from "./instant.ts";

/**
 * GOSPA with p = 2 and α = 2: (Σ matched d² + c²/2 · (missed + false))^½ under the best matching (A. S. Rahmathullah, Á. F.
 * García-Fernández, L. Svensson, "Generalized optimal sub-pattern assignment metric", FUSION 2017, eq. 1 and proposition 1), with
 * its parts, and the error in velocity and the consistency of the covariance over the matched pairs.
 */
export class Gospa {
  readonly #dimensions: 2 | 3;
  readonly #cutoffM: number;
  readonly #seriesM: number[] = [];
  #truths = 0;
  #squares = 0;
  #matched = 0;
  #missed = 0;
  #false = 0;
  #velocitySquares = 0;
  #velocities = 0;
  #nees = 0;
  #covariances = 0;

  constructor(dimensions: 2 | 3, cutoffM: number) {
    this.#dimensions = dimensions;
    this.#cutoffM = cutoffM;
  }

  add(instant: Instant): void {
    const { truths, tracks, pairs } = instant;
    const columnOf = assign(truths.length, tracks.length, squaredPairs(pairs, this.#cutoffM));
    let squares = 0;
    let matched = 0;
    for (let k = 0; k < pairs.count; k += 1) {
      const row = pairs.rows[k] ?? 0;
      const column = pairs.columns[k] ?? 0;
      if (columnOf[row] !== column) continue;
      squares += (pairs.distancesM[k] ?? 0) ** 2;
      matched += 1;
      this.#addPair(instant, row, column);
    }
    const missed = truths.length - matched;
    const wrong = tracks.length - matched;
    this.#seriesM.push(Math.sqrt(squares + ((this.#cutoffM * this.#cutoffM) / 2) * (missed + wrong)));
    this.#truths += truths.length;
    this.#squares += squares;
    this.#matched += matched;
    this.#missed += missed;
    this.#false += wrong;
  }

  #addPair({ states, estimates, truthEnuM, trackEnuM }: Instant, row: number, column: number): void {
    const state = states[row];
    const estimate = estimates[column];
    if (state === undefined || estimate === undefined) return;
    if (estimate.vel_enu !== undefined) {
      for (let axis = 0; axis < this.#dimensions; axis += 1) {
        this.#velocitySquares += ((estimate.vel_enu[axis] ?? Number.NaN) - (state.vel_enu[axis] ?? Number.NaN)) ** 2;
      }
      this.#velocities += 1;
    }
    if (estimate.cov !== undefined) {
      const error = [0, 1, 2]
        .slice(0, this.#dimensions)
        .map((axis) => (trackEnuM[column * 3 + axis] ?? 0) - (truthEnuM[row * 3 + axis] ?? 0));
      const square = normalisedSquare(estimate.cov.flat(), error);
      if (square !== undefined) {
        this.#nees += square / this.#dimensions;
        this.#covariances += 1;
      }
    }
  }

  /** One figure per instant, m. */
  get seriesM(): readonly number[] {
    return this.#seriesM;
  }

  /** Unrounded; NaN where there was nothing to measure. */
  result(): Readonly<Record<"gospa" | "norm" | "locRmseM" | "truths" | "missed" | "false" | "velRmseMps" | "anees", number>> {
    const instants = this.#seriesM.length;
    const squares = this.#seriesM.reduce((sum, gospa) => sum + gospa * gospa, 0);
    return {
      gospa: mean(this.#seriesM),
      norm: Math.sqrt(squares / Math.max(1, this.#truths)),
      locRmseM: Math.sqrt(ratio(this.#squares, this.#matched)),
      truths: ratio(this.#truths, instants),
      missed: ratio(this.#missed, instants),
      false: ratio(this.#false, instants),
      velRmseMps: Math.sqrt(ratio(this.#velocitySquares, this.#velocities)),
      anees: ratio(this.#nees, this.#covariances),
    };
  }
}

/** The gain of pairing instead of leaving both alone: d² − c² (half of c² is saved on each side). */
export function squaredPairs({ count, rows, columns, distancesM }: ClosePairs, cutoffM: number): Parameters<typeof assign>[2] {
  return { count, rows, columns, costs: distancesM.map((distance) => distance * distance - cutoffM * cutoffM) };
}

/** eᵀ P⁻¹ e with the leading block of a 3 × 3 covariance, by elimination; undefined where P is singular. */
function normalisedSquare(covariance: readonly number[], error: readonly number[]): number | undefined {
  const size = error.length;
  const rows = error.map((value, row) => [...error.map((_, column) => covariance[row * 3 + column] ?? Number.NaN), value]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row += 1) {
      if (Math.abs(rows[row]?.[pivot] ?? 0) > Math.abs(rows[best]?.[pivot] ?? 0)) best = row;
    }
    const top = rows[best] ?? [];
    rows[best] = rows[pivot] ?? [];
    rows[pivot] = top;
    const diagonal = top[pivot] ?? 0;
    if (diagonal === 0) return undefined;
    for (let row = pivot + 1; row < size; row += 1) {
      const line = rows[row] ?? [];
      const factor = (line[pivot] ?? 0) / diagonal;
      for (let column = pivot; column <= size; column += 1) line[column] = (line[column] ?? 0) - factor * (top[column] ?? 0);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row -= 1) {
    const line = rows[row] ?? [];
    let value = line[size] ?? 0;
    for (let column = row + 1; column < size; column += 1) value -= (line[column] ?? 0) * (solution[column] ?? 0);
    solution[row] = value / (line[row] ?? 0);
  }
  return solution.reduce((sum, value, axis) => sum + value * (error[axis] ?? 0), 0);
}
