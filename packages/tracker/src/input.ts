// What the tracker is told: sensors with what they can do, what they measured, and that they looked.
// This is the package's boundary: angles in degrees here, radians everywhere behind it. Times are seconds on one clock of the caller's
// choice (scenario time, Unix time); the tracker never asks for the time itself.

export const SENSOR_KINDS = [
  "radar",
  "rf_df",
  "acoustic",
  "camera",
  "remoteid",
  "adsb",
  "tdoa",
  "human",
  "presence",
  "systemTrack",
] as const;
export type SensorKind = (typeof SENSOR_KINDS)[number];

/** What a number in `z` is. Azimuth clockwise from true north, elevation above the sensor's own horizontal, both in the sensor's own frame. */
export const MEASURES = ["range_m", "az_deg", "el_deg", "rdot_mps", "lat_deg", "lon_deg", "alt_m"] as const;
export type Measure = (typeof MEASURES)[number];

export type Interval = readonly [low: number, high: number];

/** Where a sensor can see: an absent part is not limited. Azimuth runs clockwise from the first value to the second. */
export interface FieldOfView {
  readonly rangeM?: Interval | undefined;
  readonly azDeg?: Interval | undefined;
  readonly elDeg?: Interval | undefined;
  readonly rangeRateMps?: Interval | undefined;
}

export interface SensorDeclaration {
  readonly id: string;
  readonly kind: SensorKind;
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Height above the ellipsoid, m. */
  readonly haeM: number;
  /** What its detections hold, in order. Empty for `presence`. */
  readonly measures: readonly Measure[];
  /** Standard deviation of each measure (m, degrees, m/s); undefined where each detection says. Fixes: metres east, north, up. */
  readonly sigma: readonly (number | undefined)[];
  /** Interval between scans or reports, s. */
  readonly periodS?: number | undefined;
  /** Probability that it detects a drone in its field of view in one scan, 0 to 1. */
  readonly pd?: number | undefined;
  /** Mean number of false alarms in one scan. */
  readonly falseAlarmsPerScan?: number | undefined;
  readonly fov?: FieldOfView | undefined;
  /** Beyond it nothing is detected, m. */
  readonly maxRangeM?: number | undefined;
  /** Detection probability falls with range as 1 − (r / maxRangeM)². */
  readonly fallsOff?: boolean | undefined;
  /** The measurement shows where the object was when the sound left it. */
  readonly soundDelay?: boolean | undefined;
  /** The antenna turns: each detection of a scan has its own time. */
  readonly rotating?: boolean | undefined;
  /** Positions are what the object says of itself. */
  readonly selfReported?: boolean | undefined;
  /** Human reports: standard deviation of a spoken distance as a fraction of it, and of a spoken time, s. */
  readonly rangeFractionSigma?: number | undefined;
  readonly timeSigmaS?: number | undefined;
}

export interface Detection {
  /** Unique per sensor: a second arrival with the same id is a duplicate. */
  readonly id: string;
  readonly sensor: string;
  /** Number of the scan that it belongs to; absent for sensors that report object by object. */
  readonly scan?: number | undefined;
  /** Time on the sensor's clock, s. */
  readonly timeS: number;
  /** Values in the order of the declaration's `measures`; units as their names say. */
  readonly z: readonly number[];
  /** Variances in the squares of those units; for fixes east, north, up in m². Absent: the declaration's. */
  readonly variance?: readonly number[] | undefined;
  /** Broadcast identity: serial number, ICAO address, another system's track number. */
  readonly identity?: string | undefined;
  /** Velocity that came with a fix, m/s east, north, up at the reported place. */
  readonly velocityEnuMps?: readonly [number, number, number] | undefined;
  /** Standard deviation of `timeS`, s, where it is large (human reports). */
  readonly timeSigmaS?: number | undefined;
  readonly snrDb?: number | undefined;
  /** What the sensor itself makes of the object: probabilities by class. */
  readonly classes?: Readonly<Partial<Record<ObjectClass, number>>> | undefined;
}

/** The end of a scan: the sensor looked, whether it saw something or not. Some of its detections may still be on their way. */
export interface ScanEnd {
  readonly sensor: string;
  readonly scan: number;
  /** Detections in the scan. */
  readonly count: number;
  readonly timeS: number;
  readonly endTimeS: number;
}

export const OBJECT_CLASSES = ["drone", "bird", "aircraft", "unknown"] as const;
export type ObjectClass = (typeof OBJECT_CLASSES)[number];
