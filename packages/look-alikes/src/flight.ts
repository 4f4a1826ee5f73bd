// How did a track go: how fast, where to, how much did its course wander?
import type { Fix } from "./contract.ts";
import { enuOf, frameAt } from "./whereabouts.ts";

export interface Flight {
  readonly spanS: number;
  /** Mean over the whole, with the errors of its ends (1σ each axis). */
  readonly eastMps: number;
  readonly northMps: number;
  readonly velocitySigmaMps: number;
  readonly upMps: number | null;
  readonly upSigmaMps: number;
  /** Mean along the way that it went, which a wandering thing makes longer than its displacement. */
  readonly speedMps: number;
  /** Random walk of its course: degrees in the square root of a second, what errors of the fixes feign taken away. Null: too slow or too short to tell. */
  readonly wanderDegPerRootS: number | null;
}

/** A leg is as long as it takes the thing to leave the errors of its ends behind. */
const CLEAR_OF_ERRORS = 3;
const LEAST_TURNS = 4;
const DEG_PER_RAD = 180 / Math.PI;

interface Leg {
  readonly courseDeg: number;
  readonly courseSigmaDeg: number;
  readonly middleS: number;
}

/** Null for fixes that span less than 2 s. */
export function flightOf(fixes: readonly Fix[]): Flight | null {
  const first = fixes[0];
  const last = fixes.at(-1);
  if (first === undefined || last === undefined) return null;
  const spanS = (last.timeUnixMs - first.timeUnixMs) / 1000;
  if (spanS < 2) return null;
  const frame = frameAt({ latDeg: first.latDeg, lonDeg: first.lonDeg, heightHaeM: first.heightHaeM ?? 0 });
  const placed = fixes.map((fix) => ({ fix, enu: enuOf(frame, fix) }));
  const line = fitLine(
    placed.map(({ fix, enu }) => ({ s: (fix.timeUnixMs - first.timeUnixMs) / 1000, enu, sigmaM: fix.sigmaM, upSigmaM: fix.heightSigmaM })),
  );
  const { legs, wayM, wayS } = legsOf(placed);
  const hasHeight = fixes.every(({ heightHaeM }) => heightHaeM !== null);
  return {
    spanS,
    eastMps: line.east,
    northMps: line.north,
    velocitySigmaMps: line.sigma,
    upMps: hasHeight ? line.up : null,
    upSigmaMps: line.upSigma,
    speedMps: legs.length > 0 ? wayM / wayS : Math.hypot(line.east, line.north),
    wanderDegPerRootS: wanderOf(legs),
  };
}

interface Sample {
  readonly s: number;
  readonly enu: Float64Array;
  readonly sigmaM: number;
  readonly upSigmaM: number;
}

/** Least squares, each fix with the same weight; the error is that of the slope for the mean error of the fixes. */
function fitLine(samples: readonly Sample[]): { east: number; north: number; up: number; sigma: number; upSigma: number } {
  const count = samples.length;
  let meanS = 0;
  for (const { s } of samples) meanS += s / count;
  let spread = 0;
  let [east, north, up, variance, upVariance] = [0, 0, 0, 0, 0];
  for (const { s, enu, sigmaM, upSigmaM } of samples) {
    spread += (s - meanS) ** 2;
    east += (s - meanS) * (enu[0] ?? Number.NaN);
    north += (s - meanS) * (enu[1] ?? Number.NaN);
    up += (s - meanS) * (enu[2] ?? Number.NaN);
    variance += sigmaM ** 2 / count;
    upVariance += upSigmaM ** 2 / count;
  }
  return {
    east: east / spread,
    north: north / spread,
    up: up / spread,
    sigma: Math.sqrt(variance / spread),
    upSigma: Math.sqrt(upVariance / spread),
  };
}

function legsOf(placed: readonly { readonly fix: Fix; readonly enu: Float64Array }[]): {
  legs: readonly Leg[];
  wayM: number;
  wayS: number;
} {
  const legs: Leg[] = [];
  let wayM = 0;
  let wayS = 0;
  let from = placed[0];
  for (const to of placed) {
    if (from === undefined) break;
    const east = (to.enu[0] ?? Number.NaN) - (from.enu[0] ?? Number.NaN);
    const north = (to.enu[1] ?? Number.NaN) - (from.enu[1] ?? Number.NaN);
    const lengthM = Math.hypot(east, north);
    const errorM = Math.hypot(from.fix.sigmaM, to.fix.sigmaM);
    if (!(lengthM > CLEAR_OF_ERRORS * errorM) || to.fix.timeUnixMs - from.fix.timeUnixMs < 1000) continue;
    legs.push({
      courseDeg: Math.atan2(east, north) * DEG_PER_RAD,
      courseSigmaDeg: (errorM / lengthM) * DEG_PER_RAD,
      middleS: (from.fix.timeUnixMs + to.fix.timeUnixMs) / 2000,
    });
    wayM += lengthM;
    wayS += (to.fix.timeUnixMs - from.fix.timeUnixMs) / 1000;
    from = to;
  }
  return { legs, wayM, wayS };
}

function wanderOf(legs: readonly Leg[]): number | null {
  if (legs.length <= LEAST_TURNS) return null;
  let sum = 0;
  let seconds = 0;
  for (let at = 1; at < legs.length; at += 1) {
    const a = legs[at - 1];
    const b = legs[at];
    if (a === undefined || b === undefined) break;
    const turned = ((((b.courseDeg - a.courseDeg) % 360) + 540) % 360) - 180;
    sum += turned ** 2 - a.courseSigmaDeg ** 2 - b.courseSigmaDeg ** 2;
    seconds += b.middleS - a.middleS;
  }
  return Math.sqrt(Math.max(0, sum) / seconds);
}
