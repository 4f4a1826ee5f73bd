// What a line of the detection format says once it is read, and the limits of every value in it.
// Structurally the tracker's own input (packages/tracker/src/input.ts), which this package may not know.

/** What a sensor's detections hold: measures that must be there, further ones that may. A fix has its measures in exactly this order. */
interface KindRule {
  readonly needs: readonly Measure[];
  readonly may: readonly Measure[];
  readonly fix: boolean;
}

export const MEASURES = ["range_m", "az_deg", "el_deg", "rdot_mps", "lat_deg", "lon_deg", "alt_m"] as const;
export type Measure = (typeof MEASURES)[number];

const FIX: KindRule = { needs: ["lat_deg", "lon_deg"], may: ["alt_m"], fix: true };

export const KINDS = {
  radar: { needs: ["range_m", "az_deg"], may: ["el_deg", "rdot_mps"], fix: false },
  rf_df: { needs: ["az_deg"], may: ["el_deg"], fix: false },
  acoustic: { needs: ["az_deg"], may: ["el_deg"], fix: false },
  camera: { needs: ["az_deg"], may: ["el_deg", "range_m"], fix: false },
  remoteid: FIX,
  adsb: FIX,
  tdoa: FIX,
  human: { needs: ["az_deg"], may: ["range_m"], fix: false },
  presence: { needs: [], may: [], fix: false },
  systemTrack: { needs: ["lat_deg", "lon_deg", "alt_m"], may: [], fix: true },
} as const satisfies Readonly<Record<string, KindRule>>;
export type SensorKind = keyof typeof KINDS;

export function ruleOf(kind: SensorKind): KindRule {
  return KINDS[kind];
}

export function isSensorKind(text: unknown): text is SensorKind {
  return typeof text === "string" && Object.hasOwn(KINDS, text);
}

export const OBJECT_CLASSES = ["drone", "bird", "aircraft", "unknown"] as const;
export type ObjectClass = (typeof OBJECT_CLASSES)[number];

export type Interval = readonly [low: number, high: number];

/** What each measure may be: metres, degrees, metres per second. Azimuth is 0 to 360; -180 to 0 is taken as well. */
export const MEASURE_RANGE: Readonly<Record<Measure, Interval>> = {
  range_m: [0, 1e6],
  az_deg: [-180, 360],
  el_deg: [-90, 90],
  rdot_mps: [-3000, 3000],
  lat_deg: [-90, 90],
  lon_deg: [-180, 180],
  alt_m: [-1000, 1e5],
};

/** Bounds of the other numbers, ends included. */
export const RANGE = {
  /** Seconds; milliseconds are refused by it. */
  timeS: [-1e11, 1e11],
  /** Standard deviations and variances are above 0; this is only where nonsense begins. */
  sigma: [0, 1e6],
  variance: [0, 1e12],
  periodS: [0, 86_400],
  probability: [0, 1],
  falseAlarms: [0, 1e6],
  maxRangeM: [0, 1e6],
  fraction: [0, 10],
  timeSigmaS: [0, 3600],
  scan: [0, Number.MAX_SAFE_INTEGER],
  count: [0, 1e6],
  snrDb: [-200, 200],
  speedMps: [-3000, 3000],
} as const satisfies Readonly<Record<string, Interval>>;

/** Longest line, bytes of UTF-8 without its line end. */
export const MAX_LINE_BYTES: number = 64 * 1024;
/** Levels of arrays and objects; the format needs three. */
export const MAX_DEPTH = 16;
/** Longest id, in code points. */
export const MAX_ID = 64;
/** Names in `classes`, those not known included. */
export const MAX_CLASSES = 16;

export interface FieldOfView {
  readonly rangeM?: Interval | undefined;
  /** Clockwise from the first to the second. */
  readonly azDeg?: Interval | undefined;
  readonly elDeg?: Interval | undefined;
  readonly rangeRateMps?: Interval | undefined;
}

export interface DeclaredSensor {
  readonly id: string;
  readonly kind: SensorKind;
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Height above the ellipsoid, m. */
  readonly haeM: number;
  readonly measures: readonly Measure[];
  /** Standard deviation of each measure; undefined where each detection says. Fixes: metres east, north, up. */
  readonly sigma: readonly (number | undefined)[];
  readonly periodS?: number | undefined;
  readonly pd?: number | undefined;
  readonly falseAlarmsPerScan?: number | undefined;
  readonly fov?: FieldOfView | undefined;
  readonly maxRangeM?: number | undefined;
  readonly fallsOff?: boolean | undefined;
  readonly soundDelay?: boolean | undefined;
  readonly rotating?: boolean | undefined;
  readonly selfReported?: boolean | undefined;
  readonly rangeFractionSigma?: number | undefined;
  readonly timeSigmaS?: number | undefined;
}

export interface SensedDetection {
  readonly id: string;
  readonly sensor: string;
  readonly kind: SensorKind;
  readonly scan?: number | undefined;
  /** Unix seconds; seconds of the scenario where no epoch is known. */
  readonly timeS: number;
  readonly z: readonly number[];
  /** Variances in the order of `z`; fixes: east, north, up in m². */
  readonly variance?: readonly number[] | undefined;
  /** The whole east-north-up covariance, row by row in m², where a fix came with it; `variance` is its diagonal. */
  readonly covarianceEnuM2?: readonly number[] | undefined;
  readonly identity?: string | undefined;
  readonly velocityEnuMps?: readonly [number, number, number] | undefined;
  readonly timeSigmaS?: number | undefined;
  readonly snrDb?: number | undefined;
  readonly classes?: Readonly<Partial<Record<ObjectClass, number>>> | undefined;
}

export interface SensedScan {
  readonly sensor: string;
  readonly scan: number;
  readonly count: number;
  readonly timeS: number;
  readonly endTimeS: number;
}

/** The head of a scenario file. */
export interface ScenarioHead {
  readonly name: string;
  /** Unix seconds of the scenario's second 0; absent: the moment at which this line arrives. */
  readonly epochS?: number | undefined;
  readonly durationS?: number | undefined;
}

export type RefusalCode =
  | "line-too-long"
  | "not-json"
  | "nested-too-deep"
  | "not-an-object"
  | "unknown-type"
  | "missing-key"
  | "wrong-type"
  | "not-finite"
  | "outside-range"
  | "too-many-values"
  | "wrong-count"
  | "id-too-long"
  | "not-an-id"
  | "not-a-time"
  | "unknown-kind"
  | "unknown-measure"
  | "kind-mismatch"
  | "variance-not-positive"
  | "not-positive-definite"
  | "interval-reversed"
  | "classes-above-one"
  // What only the receiver of lines can know.
  | "sensor-not-declared"
  | "no-variance"
  | "too-many-sensors"
  | "scenario-on-live-source";

export interface LineRefusal {
  readonly code: RefusalCode;
  /** Which key, which value, what was expected. */
  readonly detail: string;
  /** Section of docs/integrate-a-sensor.md. */
  readonly clause: string;
}

/** `arrivedS`: when the sender says that the message reached the tracker. Scenario files have it; a live hub goes by its own clock. */
export type DetectionLine =
  | { readonly type: "sensor"; readonly sensor: DeclaredSensor }
  | { readonly type: "detection"; readonly detection: SensedDetection; readonly arrivedS?: number | undefined }
  | { readonly type: "scan"; readonly scan: SensedScan; readonly arrivedS?: number | undefined }
  | { readonly type: "scenario"; readonly scenario: ScenarioHead };

export type DecodedLine = DetectionLine | { readonly refused: LineRefusal };
