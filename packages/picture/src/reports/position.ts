// Where several reports of one event put it: a position with an ellipse that holds what it says, or nothing.
//
// The posterior is worked out on a grid that narrows: directions and words of range are far from straight lines and normal errors, so a filter's
// linear step would be too sure. What is told holds if all the reports used speak of one thing: that they agree is asked afterwards, and of three or
// more the one that fits worst is left out first (a compass turned about, another object).
import { type EnuFrame, enuFrame, enuToGeodetic, geodeticToEnu } from "@atalaya/geodesy";
import type { LatLon } from "../place.ts";
import { HEIGHT, type Measurement, SILENT_M } from "./meaning.ts";

export interface PlacedMeasurement {
  readonly observer: LatLon;
  readonly timeUs: number;
  readonly measurement: Measurement;
}

export interface PastFix extends LatLon {
  readonly timeUs: number;
  /** 95 %: half axes, and the azimuth of the longer one, 0 to 180°. */
  readonly ellipse: { readonly majorM: number; readonly minorM: number; readonly azimuthDeg: number };
  /** Above the observers, where an elevation says it, m. */
  readonly heightM?: number;
}

/** Reports in one fix at most: the newest. */
const MAX_IN_FIX = 8;
const CELLS = 32;
const STAGES = 7;
/** Height above the observers, m, in steps that hold the distribution of `HEIGHT`. */
const HEIGHTS = [15, 30, 55, 90, 150, 260] as const;
/** How fast what was seen may have moved between two reports of it, m/s (1σ in each axis). */
const MOVING_MPS = 8;
/** Widest search about the observers, m. */
const REACH_M = 6000;
const CHI2_95 = 5.991;
const RAD = Math.PI / 180;
/** Directions that all agree with one place lie within so many σ of it. */
const AGREES_SIGMA = 3;
/** A fix that is less sure than this is none: half axis of 95 %, m. */
const WORST_MAJOR_M = 2000;

interface Local {
  readonly e: number;
  readonly n: number;
  readonly azimuth: number;
  readonly azimuthVariance: number;
  readonly hasAzimuth: boolean;
  readonly elevation: number;
  readonly elevationVariance: number;
  readonly hasElevation: boolean;
  readonly ranges: readonly (readonly [logMedian: number, weight: number])[];
  readonly silent: boolean;
  /** Variance of place and movement across, m². */
  readonly acrossM2: number;
}

function wrap(rad: number): number {
  return rad - 2 * Math.PI * Math.round(rad / (2 * Math.PI));
}

function localOf(frame: EnuFrame, { observer, timeUs, measurement }: PlacedMeasurement, atUs: number): Local {
  const place = new Float64Array(3);
  geodeticToEnu(frame, observer.latDeg, observer.lonDeg, 0, place);
  const { azimuth, elevation, ranges, silent, placeSigmaM, timeSigmaS } = measurement;
  const apartS = Math.hypot((timeUs - atUs) / 1e6, timeSigmaS);
  return {
    e: place[0] ?? 0,
    n: place[1] ?? 0,
    azimuth: (azimuth?.deg ?? 0) * RAD,
    azimuthVariance: ((azimuth?.sigmaDeg ?? 0) * RAD) ** 2,
    hasAzimuth: azimuth !== undefined,
    elevation: (elevation?.deg ?? 0) * RAD,
    elevationVariance: ((elevation?.sigmaDeg ?? 0) * RAD) ** 2,
    hasElevation: elevation !== undefined,
    ranges: ranges.map(({ medianM, logSigma }) => [Math.log(medianM), 1 / (2 * logSigma * logSigma)] as const),
    silent,
    acrossM2: placeSigmaM * placeSigmaM + (MOVING_MPS * apartS) ** 2,
  };
}

/** Logarithm of how likely a report is if the thing is at a place; `cell2` is the variance of a cell of the grid. */
function logLikelihood(one: Local, e: number, n: number, u: number, cell2: number): number {
  const dx = e - one.e;
  const dy = n - one.n;
  const d2 = Math.max(1, dx * dx + dy * dy);
  const blur = (one.acrossM2 + cell2) / d2;
  let log = 0;
  if (one.hasAzimuth) {
    const variance = Math.min(3.2, one.azimuthVariance + blur);
    const off = wrap(one.azimuth - Math.atan2(dx, dy));
    log -= (off * off) / (2 * variance) + Math.log(variance) / 2;
  }
  if (one.hasElevation) {
    const variance = Math.min(1, one.elevationVariance + blur);
    const off = one.elevation - Math.atan2(u, Math.sqrt(d2));
    log -= (off * off) / (2 * variance) + Math.log(variance) / 2;
  }
  const logRange = Math.log(d2 + u * u + one.acrossM2) / 2;
  for (const [logMedian, weight] of one.ranges) log -= (logRange - logMedian) ** 2 * weight;
  if (one.silent) log += Math.log((d2 + u * u) / (d2 + u * u + SILENT_M * SILENT_M));
  return log;
}

/** How far, in σ, the direction that fits a place worst is from it, and which one that is. */
function worstOf(all: readonly Local[], e: number, n: number): { readonly at: number; readonly sigmas: number } {
  let at = -1;
  let sigmas = 0;
  for (let k = 0; k < all.length; k += 1) {
    const one = all[k];
    if (one === undefined || !one.hasAzimuth) continue;
    const d2 = Math.max(1, (e - one.e) ** 2 + (n - one.n) ** 2);
    const off = Math.abs(wrap(one.azimuth - Math.atan2(e - one.e, n - one.n))) / Math.sqrt(one.azimuthVariance + one.acrossM2 / d2);
    if (off > sigmas) {
      sigmas = off;
      at = k;
    }
  }
  return { at, sigmas };
}

/**
 * Where reports of one event put it, at the time of the newest; undefined when they do not agree, or leave it too open to be called a position. One
 * report alone is a wedge, not a position, whatever it says of the range.
 */
export function fixOf(reports: readonly PlacedMeasurement[]): PastFix | undefined {
  const used = [...reports].sort((a, b) => a.timeUs - b.timeUs).slice(-MAX_IN_FIX);
  const [first] = used;
  const newest = used.at(-1);
  if (first === undefined || newest === undefined || used.length < 2) return undefined;
  const frame = enuFrame(first.observer.latDeg, first.observer.lonDeg, 0);
  const all = used.map((report) => localOf(frame, report, newest.timeUs));
  const heights = all.some(({ hasElevation }) => hasElevation) ? HEIGHTS : [HEIGHT.medianM];
  const heightLog = heights.map((u) => -((Math.log(u / HEIGHT.medianM) / HEIGHT.logSigma) ** 2) / 2);

  let lowE = Math.min(...all.map(({ e }) => e)) - REACH_M;
  let highE = Math.max(...all.map(({ e }) => e)) + REACH_M;
  let lowN = Math.min(...all.map(({ n }) => n)) - REACH_M;
  let highN = Math.max(...all.map(({ n }) => n)) + REACH_M;
  const logs = new Float64Array(CELLS * CELLS * heights.length);
  let meanE = 0;
  let meanN = 0;
  let meanU = 0;
  let ee = 0;
  let en = 0;
  let nn = 0;
  for (let stage = 0; stage < STAGES; stage += 1) {
    const stepE = (highE - lowE) / CELLS;
    const stepN = (highN - lowN) / CELLS;
    // A uniform cell has a twelfth of its square as variance; on a coarse grid nothing may fall between two cells.
    const cell2 = Math.max(stepE, stepN) ** 2 / (stage === STAGES - 1 ? 12 : 4);
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < CELLS; i += 1) {
      const e = lowE + (i + 0.5) * stepE;
      for (let j = 0; j < CELLS; j += 1) {
        const n = lowN + (j + 0.5) * stepN;
        for (let k = 0; k < heights.length; k += 1) {
          let log = heightLog[k] ?? 0;
          for (const one of all) log += logLikelihood(one, e, n, heights[k] ?? 0, cell2);
          logs[(i * CELLS + j) * heights.length + k] = log;
          if (log > greatest) greatest = log;
        }
      }
    }
    let sum = 0;
    meanE = meanN = meanU = ee = en = nn = 0;
    let nextLowE = highE;
    let nextHighE = lowE;
    let nextLowN = highN;
    let nextHighN = lowN;
    for (let i = 0; i < CELLS; i += 1) {
      const e = lowE + (i + 0.5) * stepE;
      for (let j = 0; j < CELLS; j += 1) {
        const n = lowN + (j + 0.5) * stepN;
        for (let k = 0; k < heights.length; k += 1) {
          const log = (logs[(i * CELLS + j) * heights.length + k] ?? 0) - greatest;
          if (log < -14) continue;
          const weight = Math.exp(log);
          sum += weight;
          meanE += weight * e;
          meanN += weight * n;
          meanU += weight * (heights[k] ?? 0);
          ee += weight * e * e;
          en += weight * e * n;
          nn += weight * n * n;
          // What holds all but the last thousandths stays in sight.
          if (log < -8) continue;
          nextLowE = Math.min(nextLowE, e - stepE);
          nextHighE = Math.max(nextHighE, e + stepE);
          nextLowN = Math.min(nextLowN, n - stepN);
          nextHighN = Math.max(nextHighN, n + stepN);
        }
      }
    }
    meanE /= sum;
    meanN /= sum;
    meanU /= sum;
    ee = ee / sum - meanE * meanE + (stepE * stepE) / 12;
    nn = nn / sum - meanN * meanN + (stepN * stepN) / 12;
    en = en / sum - meanE * meanN;
    lowE = nextLowE;
    highE = nextHighE;
    lowN = nextLowN;
    highN = nextHighN;
  }
  const worst = worstOf(all, meanE, meanN);
  if (worst.sigmas > AGREES_SIGMA) {
    const without = used.filter((_, k) => k !== worst.at);
    return without.length >= 2 && without.length < used.length && used.length > 2 ? fixOf(without) : undefined;
  }
  const middle = (ee + nn) / 2;
  const spread = Math.hypot((ee - nn) / 2, en);
  const majorM = Math.sqrt(CHI2_95 * (middle + spread));
  if (majorM > WORST_MAJOR_M) return undefined;
  const place = new Float64Array(3);
  enuToGeodetic(frame, meanE, meanN, 0, place);
  const azimuthDeg = Math.atan2(2 * en, nn - ee) / 2 / RAD;
  return {
    timeUs: newest.timeUs,
    latDeg: rounded(place[0] ?? 0, 6),
    lonDeg: rounded(place[1] ?? 0, 6),
    ellipse: {
      majorM: rounded(majorM, 1),
      minorM: rounded(Math.sqrt(CHI2_95 * Math.max(0, middle - spread)), 1),
      azimuthDeg: rounded(((azimuthDeg % 180) + 180) % 180, 1),
    },
    ...(heights.length > 1 ? { heightM: Math.round(meanU) } : {}),
  };
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
