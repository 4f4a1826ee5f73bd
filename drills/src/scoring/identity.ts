// Does each object keep its track, how often is it lost, and how soon is it found?
import { assign } from "./assignment.ts";
import { mean, quantile } from "./figures.ts";
import { squaredPairs } from "./gospa.ts";
import type { Instant } from "./instant.ts";

interface Following {
  readonly firstS: number;
  foundS: number | undefined;
  track: string | undefined;
  lost: boolean;
}

/**
 * Matches that last: a pair of the instant before stays while it is within the cut-off, what is left over is matched anew
 * (K. Bernardin, R. Stiefelhagen, "Evaluating multiple object tracking performance: the CLEAR MOT metrics", 2008, §2.1.3). IDF1:
 * E. Ristani and others, "Performance measures and a data set for multi-target, multi-camera tracking", 2016, §3.
 */
export class Identity {
  readonly #cutoffM: number;
  readonly #followed = new Map<string, Following>();
  readonly #instantsTogether = new Map<string, Map<string, number>>();
  #before: ReadonlyMap<string, string> = new Map();
  #switches = 0;
  #gaps = 0;

  constructor(cutoffM: number) {
    this.#cutoffM = cutoffM;
  }

  add(instant: Instant): void {
    const matched = this.#match(instant);
    for (const id of instant.truths) {
      let following = this.#followed.get(id);
      if (following === undefined) {
        following = { firstS: instant.timeS, foundS: undefined, track: undefined, lost: false };
        this.#followed.set(id, following);
      }
      const track = matched.get(id);
      if (track === undefined) {
        following.lost = following.track !== undefined;
        continue;
      }
      following.foundS ??= instant.timeS;
      if (following.track !== undefined && following.track !== track) this.#switches += 1;
      if (following.lost) this.#gaps += 1;
      following.track = track;
      following.lost = false;
      let together = this.#instantsTogether.get(id);
      if (together === undefined) this.#instantsTogether.set(id, (together = new Map()));
      together.set(track, (together.get(track) ?? 0) + 1);
    }
    this.#before = matched;
  }

  #match({ truths, tracks, pairs }: Instant): ReadonlyMap<string, string> {
    const matched = new Map<string, string>();
    const taken = new Set<string>();
    for (let k = 0; k < pairs.count; k += 1) {
      const id = truths[pairs.rows[k] ?? 0] ?? "";
      const track = tracks[pairs.columns[k] ?? 0] ?? "";
      if (this.#before.get(id) !== track) continue;
      matched.set(id, track);
      taken.add(track);
    }
    const { count, rows, columns, costs } = squaredPairs(pairs, this.#cutoffM);
    const free = Int32Array.from({ length: count }, (_, k) => k).filter(
      (k) => !matched.has(truths[rows[k] ?? 0] ?? "") && !taken.has(tracks[columns[k] ?? 0] ?? ""),
    );
    const columnOf = assign(truths.length, tracks.length, {
      count: free.length,
      rows: free.map((k) => rows[k] ?? 0),
      columns: free.map((k) => columns[k] ?? 0),
      costs: Float64Array.from(free, (k) => costs[k] ?? 0),
    });
    columnOf.forEach((column, row) => {
      const id = truths[row];
      const track = tracks[column];
      if (id !== undefined && track !== undefined) matched.set(id, track);
    });
    return matched;
  }

  /** Instants at which tracks were on the object that suits them best over the whole time: one global matching. */
  #truePositives(): number {
    const trackAt = new Map<string, number>();
    const rows: number[] = [];
    const columns: number[] = [];
    const costs: number[] = [];
    [...this.#instantsTogether.values()].forEach((together, row) => {
      for (const [track, instants] of together) {
        const column = trackAt.get(track) ?? trackAt.size;
        trackAt.set(track, column);
        rows.push(row);
        columns.push(column);
        costs.push(-instants);
      }
    });
    const columnOf = assign(this.#instantsTogether.size, trackAt.size, {
      count: rows.length,
      rows: Int32Array.from(rows),
      columns: Int32Array.from(columns),
      costs: Float64Array.from(costs),
    });
    return rows.reduce((sum, row, k) => (columnOf[row] === columns[k] ? sum - (costs[k] ?? 0) : sum), 0);
  }

  /** Unrounded; times in seconds after an object's first scoring instant, NaN where none was found. */
  result(): Readonly<
    Record<"switches" | "gaps" | "truePositives" | "confirmMeanS" | "confirmMedianS" | "confirmP90S" | "neverFound", number>
  > {
    const waits = [...this.#followed.values()].flatMap(({ firstS, foundS }) => (foundS === undefined ? [] : [foundS - firstS]));
    return {
      switches: this.#switches,
      gaps: this.#gaps,
      truePositives: this.#truePositives(),
      confirmMeanS: mean(waits),
      confirmMedianS: quantile(waits, 0.5),
      confirmP90S: quantile(waits, 0.9),
      neverFound: this.#followed.size - waits.length,
    };
  }
}
