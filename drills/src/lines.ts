// What stands on a line of a scenario's files and of a tracker's answer? Keys and units as they are written (JSON, one object per line).

/** First line of both files. Positions are WGS-84 degrees and metres above the ellipsoid, times seconds since the scenario's start. */
export interface ScenarioLine {
  readonly type: "scenario";
  readonly name: string;
  readonly seed: number;
  /** Origin of the scenario's east-north-up frame, in which velocities and covariances stand. */
  readonly ref: { readonly lat: number; readonly lon: number; readonly alt: number };
  readonly duration_s: number;
  readonly score: ScoreSettings;
  readonly notes?: string;
}

/** When a tracker must answer, and how its answer is judged. */
export interface ScoreSettings {
  readonly t0: number;
  readonly dt: number;
  /** 3, or 2 for horizontal distances only. */
  readonly dim: 2 | 3;
  readonly gospa_c_m: number;
  readonly gospa_p: 2;
  readonly gospa_alpha: 2;
  /** Objects of other classes may be tracked or not. */
  readonly classes: readonly string[];
}

/** What a sensor measures wrongly without knowing it: added to the truth to get the measurement. */
export interface BiasLine {
  readonly type: "bias";
  readonly sensor: string;
  readonly z: readonly number[];
  /** Reported time = true time + skew. */
  readonly clock_skew_s: number;
}

export interface ObjectLine {
  readonly type: "object";
  readonly id: string;
  readonly cls: string;
  /** False: somebody claims it by radio, but nothing flies there. */
  readonly exists: boolean;
  readonly t0: number;
  readonly t1: number;
}

export interface StateLine {
  readonly type: "state";
  readonly id: string;
  readonly t: number;
  readonly lat: number;
  readonly lon: number;
  readonly alt: number;
  readonly vel_enu: readonly [number, number, number];
}

/** What a detection came from; null: a false alarm, or a claim of something that does not exist. */
export interface OriginLine {
  readonly type: "origin";
  readonly det: string;
  readonly obj: string | null;
}

export type TruthLine = ScenarioLine | BiasLine | ObjectLine | StateLine | OriginLine;

/** One track at one scoring instant. */
export interface TrackLine {
  readonly t: number;
  readonly id: string | number;
  readonly lat: number;
  readonly lon: number;
  readonly alt: number;
  readonly vel_enu?: readonly number[] | undefined;
  /** Covariance of the position, east-north-up, m²: 9 numbers row by row, or 3 rows of 3. */
  readonly cov?: readonly number[] | readonly (readonly number[])[] | undefined;
  /** Only `confirmed` (also when absent) and `coasted` are scored. */
  readonly status?: string | undefined;
  /** Arrival time of the newest message that it rests on. */
  readonly t_in?: number | undefined;
}
