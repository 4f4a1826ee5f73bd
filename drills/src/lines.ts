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

/** What a sensor can do. Its place is true; what it measures wrongly stands in the truth file only. */
export interface SensorLine {
  readonly type: "sensor";
  readonly id: string;
  readonly kind: string;
  readonly lat: number;
  readonly lon: number;
  readonly alt: number;
  /** Names of what its detections hold, in order. */
  readonly z: readonly string[];
  /** Standard deviations; null: each detection says. */
  readonly sd?: readonly (number | null)[];
  readonly period_s?: number;
  readonly pd?: number;
  /** Mean number per scan, uniform over `fov`. */
  readonly fa_per_scan?: number;
  readonly rotating?: boolean;
  readonly self_reported?: boolean;
  readonly range_frac_sd?: number;
  readonly t_sd_s?: number;
  readonly max_range_m?: number;
  readonly sound_delay?: boolean;
  /** Detection probability falls as 1 − (range / max_range_m)². */
  readonly falls_off?: boolean;
  readonly fov?: Readonly<Record<string, readonly [number, number]>>;
}

export interface DetectionLine {
  readonly type: "det";
  /** The same id again: a duplicated message. */
  readonly id: string;
  readonly sensor: string;
  readonly kind: string;
  readonly scan?: number;
  /** On the sensor's clock. */
  readonly t: number;
  readonly t_sd?: number;
  readonly z: readonly number[];
  /** Variances in the order of `z`; fixes: east, north, up, m². */
  readonly R: readonly number[];
  readonly uid?: string;
  readonly vel_enu?: readonly [number, number, number];
  readonly snr_db?: number;
  /** What the sensor makes of it: probabilities by class. */
  readonly classes?: Readonly<Record<string, number>>;
  readonly attrs?: Readonly<Record<string, string | number>>;
  /** Arrival. Lines stand in this order. */
  readonly t_rx: number;
}

/** The sensor has looked, and sent `n` detections. */
export interface ScanLine {
  readonly type: "scan";
  readonly sensor: string;
  readonly scan: number;
  readonly n: number;
  readonly t: number;
  readonly t_end: number;
  readonly t_rx: number;
}

export type SensingLine = ScenarioLine | SensorLine | DetectionLine | ScanLine;

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
