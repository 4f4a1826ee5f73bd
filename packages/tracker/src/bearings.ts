// Where do bearings that nothing explains meet? Triangulation of the newest scan with the latest ones of other sensors, each meeting weighed as
// one new object against as many unrelated bearings.
import type { Pairs } from "./marginals.ts";
import type { Observation } from "./observation.ts";
import { AZIMUTH, givesBearings, type Sensor, wrap } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";

/** How far an object may move between the bearings of one round of the sensors, m. */
const MOVED_M = 6;
/** A bearing of which less than this is free begins nothing. */
const FREE = 0.3;
/** Scans further apart than this many periods do not meet, nor those further apart than this time. */
const PERIODS = 1.3;
const MEET_WITHIN_S = 10;
/** Sensors and bearings looked at for one birth at most: beyond, the newest scans and the first bearings. */
const MAX_SENSORS = 24;
const MAX_BEARINGS = 40;

export interface Meeting {
  readonly eastM: number;
  readonly northM: number;
  /** Covariance: ee, en, nn, m². */
  readonly covariance: readonly [number, number, number];
  readonly existence: number;
  readonly bearings: number;
}

/** How far the bearings of a frame are free, beside one set of tracks or another. */
export type SpareOf = (frame: Frame) => Float64Array;

/** The sensor's north against the tracker's, rad: frames at different places are turned against each other. */
function turnOf({ rotation }: Sensor): number {
  return Math.atan2(rotation[1], rotation[4]);
}

/**
 * How far each bearing of a frame is free: not explained, or explained so badly that its tracks may sit on the ghosts of other objects.
 * `free` is what the marginals left over; without `poorFitFrom` a poor explanation is one as well.
 */
export function freeBearings(
  frame: Frame,
  pairs: Pairs,
  observation: Observation,
  free: Float64Array,
  poorFitFrom: number | undefined,
  spareOf: SpareOf,
): void {
  const spare = spareOf(frame);
  for (let j = 0; j < frame.count; j += 1) spare[j] = free[j];
  if (poorFitFrom === undefined) return;
  const rows = frame.sensor.rows.length;
  for (let e = 0; e < pairs.count; e += 1) {
    const poor = (observation.distance2(e, rows) - poorFitFrom) / 4;
    if (poor > 0) spare[pairs.detection[e]] += pairs.probability[e] * Math.min(1, poor);
  }
}

/** Gives back what a frame's births used up of others' bearings. */
export function giveBack(frame: Frame): void {
  for (const { frame: other, j, was } of frame.spent.reverse()) other.spare[j] = was;
  frame.spent.length = 0;
}

/** Meetings of the bearings of `frame` with those of earlier frames of other sensors, the surest first, each bearing used once. */
export function meetings(frame: Frame, earlier: Iterable<Frame>, settings: TrackerSettings, spareOf: SpareOf): readonly Meeting[] {
  const frames: Frame[] = [frame];
  for (const other of earlier) {
    const age = frame.timeS - other.timeS;
    if (age > MEET_WITHIN_S || frames.length >= MAX_SENSORS) break;
    if (!givesBearings(other.sensor) || age > PERIODS * Math.max(frame.sensor.periodS, other.sensor.periodS)) continue;
    if (!frames.some(({ sensor }) => sensor.index === other.sensor.index)) frames.push(other);
  }
  const free = frames.map((one) => {
    const spare = spareOf(one);
    let sum = 0;
    for (let l = 0; l < one.count; l += 1) sum += spare[l];
    return sum;
  });
  const found: (Candidate & { readonly existence: number })[] = [];
  for (let j = 0; j < Math.min(frame.count, MAX_BEARINGS); j += 1) {
    if (spareOf(frame)[j] < FREE) continue;
    for (let f = 1; f < frames.length; f += 1) {
      const other = frames[f];
      if (other === undefined) continue;
      for (let k = 0; k < Math.min(other.count, MAX_BEARINGS); k += 1) {
        if (spareOf(other)[k] < FREE) continue;
        const candidate = meet(frames, free, j, f, k, settings, spareOf);
        if (candidate === undefined) continue;
        const evidence = Math.exp(Math.min(50, candidate.logEvidence));
        const existence = Math.min(0.9, evidence / (1 + evidence));
        if (existence >= settings.bearingBirthAbove) found.push({ ...candidate, existence });
      }
    }
  }
  found.sort((a, b) => b.logEvidence - a.logEvidence);
  const chosen: Meeting[] = [];
  for (const { used, eastM, northM, covariance, existence } of found) {
    if (used.some(([at, j]) => spareOf(at)[j] < FREE)) continue;
    for (const [at, j] of used) {
      const spare = spareOf(at);
      if (at !== frame && spare === at.spare) frame.spent.push({ frame: at, j, was: spare[j] });
      spare[j] *= 1 - existence;
    }
    chosen.push({ eastM, northM, covariance, existence, bearings: used.length });
  }
  return chosen;
}

interface Candidate {
  readonly logEvidence: number;
  readonly eastM: number;
  readonly northM: number;
  readonly covariance: readonly [number, number, number];
  readonly used: readonly (readonly [Frame, number])[];
}

function detects({ pd, maxRangeM, fallsOff }: Sensor, rangeM: number): number {
  if (rangeM > maxRangeM) return 0;
  return fallsOff ? pd * (1 - (rangeM / maxRangeM) ** 2) : pd;
}

/**
 * Where bearing j of the first frame and bearing k of frame f meet, with what the other sensors add; undefined when they do not meet. `free`: how
 * many bearings of each frame are.
 */
function meet(
  frames: readonly Frame[],
  free: readonly number[],
  j: number,
  f: number,
  k: number,
  settings: TrackerSettings,
  spareOf: SpareOf,
): Candidate | undefined {
  const a = frames[0];
  const b = frames[f];
  if (a === undefined || b === undefined) return undefined;
  const azA = a.z[j * ROW_STRIDE + 1] - turnOf(a.sensor);
  const azB = b.z[k * ROW_STRIDE + 1] - turnOf(b.sensor);
  const sa = Math.sin(azA);
  const ca = Math.cos(azA);
  const sb = Math.sin(azB);
  const cb = Math.cos(azB);
  const cross = sa * cb - ca * sb;
  // Nearly along one line: they meet anywhere.
  if (Math.abs(cross) < 0.1) return undefined;
  const dx = b.sensor.origin[0] - a.sensor.origin[0];
  const dy = b.sensor.origin[1] - a.sensor.origin[1];
  const rangeA = (dx * cb - dy * sb) / cross;
  const rangeB = (dx * ca - dy * sa) / cross;
  if (!(rangeA > 10 && rangeB > 10) || rangeA > a.sensor.maxRangeM || rangeB > b.sensor.maxRangeM) return undefined;
  let eastM = a.sensor.origin[0] + rangeA * sa;
  let northM = a.sensor.origin[1] + rangeA * ca;
  const used: (readonly [Frame, number])[] = [
    [a, j],
    [b, k],
  ];
  let logEvidence = 0;
  const crossingM2 = (a.sensor.variance[AZIMUTH] * rangeA * rangeA + b.sensor.variance[AZIMUTH] * rangeB * rangeB) / Math.abs(cross);
  for (let o = 1; o < frames.length; o += 1) {
    const other = frames[o];
    if (o === f || other === undefined) continue;
    const ox = eastM - other.sensor.origin[0];
    const oy = northM - other.sensor.origin[1];
    const rangeM = Math.sqrt(ox * ox + oy * oy);
    const pd = detects(other.sensor, rangeM);
    if (pd < 0.02) continue;
    const az = Math.atan2(ox, oy) + turnOf(other.sensor);
    const sigma = Math.sqrt(other.sensor.variance[AZIMUTH] + (crossingM2 + MOVED_M * MOVED_M) / (rangeM * rangeM));
    let nearest = -1;
    let off = 3 * Math.min(0.5, sigma);
    const spare = spareOf(other);
    for (let l = 0; l < Math.min(other.count, MAX_BEARINGS); l += 1) {
      if (spare[l] < FREE) continue;
      const d = Math.abs(wrap(other.z[l * ROW_STRIDE + 1] - az));
      if (d < off) {
        off = d;
        nearest = l;
      }
    }
    if (nearest >= 0) used.push([other, nearest]);
    else logEvidence += Math.log(1 - pd);
  }
  // Least squares over all bearings used (Gauss–Newton).
  let iee = 0;
  let ien = 0;
  let inn = 0;
  let chi2 = 0;
  for (let round = 0; round < 4; round += 1) {
    iee = 1e-8;
    ien = 0;
    inn = 1e-8;
    chi2 = 0;
    let ge = 0;
    let gn = 0;
    for (const [frame, l] of used) {
      const { sensor } = frame;
      const ex = eastM - sensor.origin[0];
      const ny = northM - sensor.origin[1];
      const r2 = Math.max(100, ex * ex + ny * ny);
      const variance = frame.variance[l * ROW_STRIDE + 1] + (MOVED_M * MOVED_M) / r2;
      const residual = wrap(frame.z[l * ROW_STRIDE + 1] - turnOf(sensor) - Math.atan2(ex, ny));
      const he = ny / r2;
      const hn = -ex / r2;
      iee += (he * he) / variance;
      ien += (he * hn) / variance;
      inn += (hn * hn) / variance;
      ge += (he * residual) / variance;
      gn += (hn * residual) / variance;
      chi2 += (residual * residual) / variance;
    }
    const det = iee * inn - ien * ien;
    if (!(det > 1e-14)) return undefined;
    eastM += (inn * ge - ien * gn) / det;
    northM += (iee * gn - ien * ge) / det;
  }
  if (!(chi2 < 9 + 3 * (used.length - 2))) return undefined;
  const det = iee * inn - ien * ien;
  // Evidence of one object: births per area × ∫ ∏ pd N(bearing | place) d place, against ∏ of the densities of unrelated bearings.
  logEvidence += Math.log(settings.bearingBirthsPerM2) + Math.log(2 * Math.PI) - 0.5 * Math.log(det) - 0.5 * chi2;
  for (const [frame, l] of used) {
    const { sensor } = frame;
    const pd = detects(sensor, Math.hypot(eastM - sensor.origin[0], northM - sensor.origin[1]));
    if (pd === 0) return undefined;
    const others = Math.max(0, (free[frames.indexOf(frame)] ?? 0) - spareOf(frame)[l]);
    const unrelated = (sensor.falseAlarms + others) / sensor.azSpanRad;
    logEvidence += Math.log(Math.max(0.02, pd)) - 0.5 * Math.log(2 * Math.PI * frame.variance[l * ROW_STRIDE + 1]) - Math.log(unrelated);
  }
  return { logEvidence, eastM, northM, covariance: [inn / det, -ien / det, iee / det], used };
}
