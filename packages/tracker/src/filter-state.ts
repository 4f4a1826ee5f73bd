// What the filter knows at one moment.
import { BiasFilter } from "./bias.ts";
import { Arrivals } from "./birth.ts";
import { Claims } from "./claims.ts";
import { Hypotheses } from "./hypotheses.ts";
import { TrackPool } from "./pool.ts";
import type { TrackerSettings } from "./settings.ts";

export interface Load {
  second: number;
  tracks: number;
}

/** Everything that a frame changes, but for the clutter maps, which can take a frame back by themselves. */
export class FilterState {
  readonly pool: TrackPool = new TrackPool();
  readonly claims: Claims = new Claims();
  readonly arrivals: Arrivals = new Arrivals();
  readonly bias: BiasFilter;
  readonly hypotheses: Hypotheses = new Hypotheses();
  /** The second of measurement that runs, and how many tracks were compared with frames in it. */
  readonly load: Load = { second: Number.MIN_SAFE_INTEGER, tracks: 0 };

  constructor({ bias }: TrackerSettings) {
    this.bias = new BiasFilter(bias);
  }

  copyFrom(other: FilterState): void {
    this.pool.copyFrom(other.pool);
    this.claims.copyFrom(other.claims.all());
    this.arrivals.copyFrom(other.arrivals);
    this.bias.copyFrom(other.bias);
    this.hypotheses.copyFrom(other.hypotheses);
    Object.assign(this.load, other.load);
  }
}
