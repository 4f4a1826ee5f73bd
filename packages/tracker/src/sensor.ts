// What a declared sensor means to the tracker: where it stands in the local frame, which rows its measurements have, where it can see,
// how likely it detects there, and how dense its false alarms are.
import { type EnuFrame, enuFrame, frameRotation, geodeticToEnu } from "@atalaya/geodesy";
import { ClutterMap } from "./clutter-map.ts";
import type { SensorDeclaration } from "./input.ts";

const RAD = Math.PI / 180;
/** Row indices of a polar measurement; a sensor has some of them. */
export const RANGE = 0;
export const AZIMUTH = 1;
export const ELEVATION = 2;
export const RANGE_RATE = 3;
export const SOUND_MPS = 343;

/** Frames that one sensor may begin within a second: scans or single reports, and fixes. More is counted as crowded. */
const MAX_FRAMES_PER_S = 1000;
const MAX_FIXES_PER_S = 3000;

/** Smallest variances believed, by row: m², rad², rad², (m/s)². A sensor that claims to be better is taken at this. */
export const LEAST_VARIANCE: readonly [number, number, number, number] = [1e-4, 1e-10, 1e-10, 1e-6];

export type SensorStyle = "polar" | "fix" | "report" | "presence";

/** Wraps an angle to (−π, π]. */
export function wrap(angleRad: number): number {
  if (angleRad > Math.PI) return angleRad - 2 * Math.PI * Math.floor((angleRad + Math.PI) / (2 * Math.PI));
  if (angleRad <= -Math.PI) return angleRad + 2 * Math.PI * Math.floor((Math.PI - angleRad) / (2 * Math.PI));
  return angleRad;
}

export class Sensor {
  readonly index: number;
  readonly declaration: SensorDeclaration;
  readonly style: SensorStyle;
  /** Which rows its detections have, in the order range, azimuth, elevation, range rate. */
  readonly rows: readonly number[];
  /** Where each of them stands in what a detection brings. */
  readonly columns: readonly number[];
  readonly hasRange: boolean;
  readonly hasElevation: boolean;
  readonly hasRangeRate: boolean;
  /** Position in the tracker's frame, m. */
  readonly origin: Float64Array = new Float64Array(3);
  /** Rotation from the tracker's axes to the sensor's own east, north, up. */
  readonly rotation: Float64Array = new Float64Array(9);
  /** Variance by row, in m², rad², (m/s)². */
  readonly variance: Float64Array;
  readonly pd: number;
  readonly falseAlarms: number;
  readonly periodS: number;
  readonly minRangeM: number;
  readonly maxRangeM: number;
  readonly azFromRad: number;
  readonly azSpanRad: number;
  readonly elLowRad: number;
  readonly elHighRad: number;
  readonly rateLowMps: number;
  readonly rateHighMps: number;
  readonly fallsOff: boolean;
  readonly soundDelay: boolean;
  /** Volume of its field of view in the space of its measurements. */
  readonly volume: number;
  readonly clutter: ClutterMap;

  constructor(index: number, declaration: SensorDeclaration, frame: EnuFrame) {
    this.index = index;
    this.declaration = declaration;
    const { kind, measures, sigma, fov } = declaration;
    const polar = ["range_m", "az_deg", "el_deg", "rdot_mps"] as const;
    this.style = kind === "presence" ? "presence" : kind === "human" ? "report" : measures.includes("lat_deg") ? "fix" : "polar";
    this.rows = polar.flatMap((name, row) => (measures.includes(name) ? [row] : []));
    this.columns = this.rows.map((row) => measures.indexOf(polar[row] ?? "range_m"));
    this.hasRange = measures.includes("range_m");
    this.hasElevation = measures.includes("el_deg");
    this.hasRangeRate = measures.includes("rdot_mps");
    this.variance = new Float64Array(4);
    for (const row of this.rows) {
      const name = polar[row] ?? "range_m";
      const s = sigma[measures.indexOf(name)] ?? 1;
      const unit = row === AZIMUTH || row === ELEVATION ? RAD : 1;
      this.variance[row] = Math.max(LEAST_VARIANCE[row] ?? 0, (s * unit) ** 2);
    }
    this.pd = Math.min(0.999, Math.max(0.01, declaration.pd ?? 0.8));
    this.falseAlarms = Math.max(1e-4, declaration.falseAlarmsPerScan ?? 0.1);
    this.periodS = Math.max(0.01, declaration.periodS ?? 1);
    this.minRangeM = fov?.rangeM?.[0] ?? 0;
    this.maxRangeM = declaration.maxRangeM ?? fov?.rangeM?.[1] ?? 20_000;
    const [from, to] = fov?.azDeg ?? [0, 360];
    this.azFromRad = from * RAD;
    this.azSpanRad = to - from >= 360 || to === from ? 2 * Math.PI : ((((to - from) % 360) + 360) % 360) * RAD;
    this.elLowRad = (fov?.elDeg?.[0] ?? -10) * RAD;
    this.elHighRad = (fov?.elDeg?.[1] ?? 90) * RAD;
    this.rateLowMps = fov?.rangeRateMps?.[0] ?? -100;
    this.rateHighMps = fov?.rangeRateMps?.[1] ?? 100;
    this.fallsOff = declaration.fallsOff ?? kind === "acoustic";
    this.soundDelay = declaration.soundDelay === true;
    let volume = 1;
    for (const row of this.rows) {
      if (row === RANGE) volume *= this.maxRangeM - this.minRangeM;
      else if (row === AZIMUTH) volume *= this.azSpanRad;
      else if (row === ELEVATION) volume *= this.elHighRad - this.elLowRad;
      else volume *= this.rateHighMps - this.rateLowMps;
    }
    this.volume = volume;
    this.place(frame);
    this.clutter = new ClutterMap(this);
  }

  /** The shortest time that a message took to arrive, by its own clock, s; negative when that clock is ahead. Forgets slowly. */
  leastDelayS: number = Number.POSITIVE_INFINITY;

  /** When it last said anything, s: one that is silent is no witness. */
  lastHeardS: number = Number.NEGATIVE_INFINITY;

  /** The second of arrival that runs, and frames that it brought. */
  rateSecond: number = Number.NEGATIVE_INFINITY;
  rateFrames = 0;

  /** Whether it may begin one more frame in this second: a flood is cut where work would no longer keep up. */
  mayBegin(arrivedS: number): boolean {
    const second = Math.floor(arrivedS);
    if (second !== this.rateSecond) {
      this.rateSecond = second;
      this.rateFrames = 0;
    }
    this.rateFrames += 1;
    return this.rateFrames <= (this.style === "fix" ? MAX_FIXES_PER_S : MAX_FRAMES_PER_S);
  }

  hear(delayS: number): void {
    this.leastDelayS = delayS < this.leastDelayS ? delayS : this.leastDelayS + 1e-5;
  }

  /** Works out where it stands in the tracker's frame. */
  place(frame: EnuFrame): void {
    const { latDeg, lonDeg, haeM } = this.declaration;
    geodeticToEnu(frame, latDeg, lonDeg, haeM, this.origin);
    frameRotation(frame, enuFrame(latDeg, lonDeg, haeM), this.rotation);
  }
}

/** Whether it measures directions without range: its bearings begin tracks only where several of them meet. */
export function givesBearings({ style, hasRange, rows }: Sensor): boolean {
  return style === "polar" && !hasRange && rows.includes(AZIMUTH);
}
