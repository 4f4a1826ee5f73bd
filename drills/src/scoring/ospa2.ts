// How far are whole tracks from whole flights over the last instants, a change of number counting as an error?
import { assign } from "./assignment.ts";
import { mean } from "./figures.ts";
import type { Instant } from "./instant.ts";

const WINDOW = 10;

/**
 * OSPA(2), p = 2, over the last ten instants: two histories are as far apart as the mean over the instants at which either exists of
 * min(d, c), c where only one does (M. Beard, B. T. Vo, B.-N. Vo, "OSPA(2): using the OSPA metric to evaluate multi-target tracking
 * performance", ICCAIS 2017). Histories are then matched as in OSPA, each one without partner costing c.
 */
export class Ospa2 {
  readonly #cutoffM: number;
  readonly #seriesM: number[] = [];
  readonly #window: Instant[] = [];

  constructor(cutoffM: number) {
    this.#cutoffM = cutoffM;
  }

  add(instant: Instant): void {
    this.#window.push(instant);
    if (this.#window.length > WINDOW) this.#window.shift();
    const truths = presence(this.#window.map((each) => each.truths));
    const tracks = presence(this.#window.map((each) => each.tracks));
    const larger = Math.max(truths.size, tracks.size);
    if (larger === 0) return;

    const truthAt = positions(truths);
    const trackAt = positions(tracks);
    const truthMasks = [...truths.values()];
    const trackMasks = [...tracks.values()];
    // Only pairs that were close at some instant can be nearer than the cut-off on average.
    const near = new Map<number, { sumM: number; instants: number }>();
    for (const { pairs, truths: rowNames, tracks: columnNames } of this.#window) {
      const rowAt = rowNames.map((name) => truthAt.get(name) ?? 0);
      const columnAt = columnNames.map((name) => trackAt.get(name) ?? 0);
      for (let k = 0; k < pairs.count; k += 1) {
        const key = (rowAt[pairs.rows[k] ?? 0] ?? 0) * tracks.size + (columnAt[pairs.columns[k] ?? 0] ?? 0);
        const sum = near.get(key);
        if (sum === undefined) near.set(key, { sumM: pairs.distancesM[k] ?? 0, instants: 1 });
        else {
          sum.sumM += pairs.distancesM[k] ?? 0;
          sum.instants += 1;
        }
      }
    }
    const c = this.#cutoffM;
    const rows = new Int32Array(near.size);
    const columns = new Int32Array(near.size);
    const distances = new Float64Array(near.size);
    let count = 0;
    for (const [key, { sumM, instants }] of near) {
      const row = Math.floor(key / tracks.size);
      const column = key % tracks.size;
      const either = bits((truthMasks[row] ?? 0) | (trackMasks[column] ?? 0));
      const distance = (sumM + c * (either - instants)) / either;
      if (!(distance < c)) continue;
      rows[count] = row;
      columns[count] = column;
      distances[count] = distance;
      count += 1;
    }
    const costs = distances.map((distance) => distance * distance - c * c);
    const columnOf = assign(truths.size, tracks.size, { count, rows, columns, costs });
    let squares = 0;
    let matched = 0;
    for (let k = 0; k < count; k += 1) {
      if (columnOf[rows[k] ?? 0] !== columns[k]) continue;
      squares += (distances[k] ?? 0) ** 2;
      matched += 1;
    }
    this.#seriesM.push(Math.sqrt((squares + c * c * (larger - matched)) / larger));
  }

  /** Mean over the instants at which there was anything, m. */
  result(): number {
    return mean(this.#seriesM);
  }
}

/** For each name, one bit per instant of the window at which it was there. */
function presence(window: readonly (readonly string[])[]): Map<string, number> {
  const masks = new Map<string, number>();
  window.forEach((names, k) => {
    for (const name of names) masks.set(name, (masks.get(name) ?? 0) | (1 << k));
  });
  return masks;
}

function positions(masks: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...masks.keys()].map((name, at) => [name, at]));
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
