// How complete, unambiguous, clean, accurate and continuous is the picture, several tracks of one object allowed?
import { ratio } from "./figures.ts";
import type { Instant } from "./instant.ts";

interface Thread {
  track: string | undefined;
  instants: number;
  longest: number;
}

/**
 * The attributes of a single integrated air picture: each track belongs to its nearest object within the cut-off (P. Votruba,
 * R. Nisley, R. Rothrock, B. Zombro, "Single Integrated Air Picture (SIAP) Metrics Implementation", SIAP SE TF 2001).
 */
export class Siap {
  readonly #dimensions: 2 | 3;
  readonly #threads = new Map<string, Thread>();
  #truths = 0;
  #tracks = 0;
  #tracked = 0;
  #assigned = 0;
  #spurious = 0;
  #metres = 0;
  #mps = 0;
  #velocities = 0;
  #changes = 0;

  constructor(dimensions: 2 | 3) {
    this.#dimensions = dimensions;
  }

  add({ truths, tracks, states, estimates, pairs }: Instant): void {
    this.#truths += truths.length;
    this.#tracks += tracks.length;
    const nearest = new Int32Array(tracks.length).fill(-1);
    const distances = new Float64Array(tracks.length).fill(Number.POSITIVE_INFINITY);
    for (let k = 0; k < pairs.count; k += 1) {
      const column = pairs.columns[k] ?? 0;
      const distance = pairs.distancesM[k] ?? Number.NaN;
      if (!(distance < (distances[column] ?? 0))) continue;
      distances[column] = distance;
      nearest[column] = pairs.rows[k] ?? -1;
    }
    const columnsOf = new Map<number, number[]>();
    nearest.forEach((row, column) => {
      if (row < 0) {
        this.#spurious += 1;
        return;
      }
      const others = columnsOf.get(row);
      if (others === undefined) columnsOf.set(row, [column]);
      else others.push(column);
      this.#assigned += 1;
      this.#metres += distances[column] ?? 0;
      const said = estimates[column]?.vel_enu;
      const real = states[row]?.vel_enu;
      if (said === undefined || real === undefined) return;
      let square = 0;
      for (let axis = 0; axis < this.#dimensions; axis += 1) square += ((said[axis] ?? Number.NaN) - (real[axis] ?? Number.NaN)) ** 2;
      this.#mps += Math.sqrt(square);
      this.#velocities += 1;
    });
    this.#tracked += columnsOf.size;
    truths.forEach((id, row) => this.#follow(id, columnsOf.get(row), tracks, distances));
  }

  /** How long an object has been under the same number. */
  #follow(id: string, columns: readonly number[] | undefined, tracks: readonly string[], distances: Float64Array): void {
    let thread = this.#threads.get(id);
    if (columns === undefined) {
      if (thread !== undefined) thread.instants = 0;
      return;
    }
    if (thread === undefined) this.#threads.set(id, (thread = { track: undefined, instants: 0, longest: 0 }));
    const { track } = thread;
    if (track !== undefined && columns.some((column) => tracks[column] === track)) thread.instants += 1;
    else {
      if (track !== undefined) this.#changes += 1;
      const nearest = columns.reduce((best, column) => ((distances[column] ?? 0) < (distances[best] ?? 0) ? column : best));
      thread.track = tracks[nearest];
      thread.instants = 1;
    }
    thread.longest = Math.max(thread.longest, thread.instants);
  }

  /** Unrounded; NaN where there was nothing to measure. `stepS` is the time between instants. */
  result(
    stepS: number,
  ): Readonly<
    Record<
      "completeness" | "ambiguity" | "spuriousness" | "positionM" | "velocityMps" | "changesPerS" | "longestShare" | "truths" | "tracks",
      number
    >
  > {
    const longest = [...this.#threads.values()].reduce((sum, thread) => sum + thread.longest, 0);
    return {
      completeness: ratio(this.#tracked, this.#truths),
      ambiguity: ratio(this.#assigned, this.#tracked),
      spuriousness: ratio(this.#spurious, this.#tracks),
      positionM: ratio(this.#metres, this.#assigned),
      velocityMps: ratio(this.#mps, this.#velocities),
      changesPerS: ratio(this.#changes, this.#tracked * stepS),
      longestShare: ratio(longest, this.#truths),
      truths: this.#truths,
      tracks: this.#tracks,
    };
  }
}
