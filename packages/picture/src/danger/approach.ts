// Will it come close? Closest point of approach in time and distance, and the probability of coming within a distance in a time.
import { type Flight, wrapDeg } from "./flight.ts";

export interface Approach {
  /** Horizontal distance now, m, and direction of the track seen from the place, ° from true north. */
  readonly distanceM: number;
  readonly azimuthDeg: number;
  /** Speed at which the distance shrinks, m/s; negative: it grows. */
  readonly closingMps: number;
  /** Seconds to the closest point of approach on a straight course and its distance, m; undefined: it was passed, or nothing moves. */
  readonly cpaInS: number | undefined;
  readonly cpaM: number | undefined;
  /** Seconds until it is within the distance asked for on a straight course; 0: it is; undefined: it will not be. */
  readonly reachesInS: number | undefined;
  /** Standard deviation of the miss distance at the closest point (or at the end of the time, when nothing moves), m. */
  readonly missSigmaM: number;
  /** Probability of coming within the distance in the time. */
  readonly probability: number;
}

/** Below this a course says nothing, m/s. */
const LEAST_SPEED_MPS = 0.5;

/** Φ, the normal distribution function, to 1e-7 (Abramowitz and Stegun 7.1.26). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const erf = 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** Probability that a normal value lies within ±limit. */
function within(mean: number, sigma: number, limit: number): number {
  if (sigma <= 0) return Math.abs(mean) <= limit ? 1 : 0;
  return normalBelow((limit - mean) / sigma) - normalBelow((-limit - mean) / sigma);
}

/**
 * Approach of a flight to a place at rest, on the local plane.
 *
 * With the miss distance d at the closest point normal, P(pass) = Φ((R − d)/σ) − Φ((−R − d)/σ): the combined error projected across the relative
 * velocity (R. A. Paielli, H. Erzberger, "Conflict probability estimation for free flight", J. Guidance 20(3), 1997). Its variance at time t is that
 * of the position, t² that of the velocity, and q t³/3 for the manoeuvres that are still open (white-noise acceleration; Bar-Shalom, Li,
 * Kirubarajan 2001, §6.2.2). P(pass) is multiplied by the probability of getting there in T along the course. The answer is the greater of that and
 * the probability of being within R already (on the line of sight).
 */
export function approachOf(flight: Flight, latDeg: number, lonDeg: number, withinM: number, inS: number): Approach {
  const east = wrapDeg(flight.lonDeg - lonDeg) * flight.metresEast;
  const north = (flight.latDeg - latDeg) * flight.metresNorth;
  const { eastMps, northMps, speedMps, eastVariance, northVariance, covariance, speedSigmaMps, manoeuvre } = flight;
  const distanceM = Math.hypot(east, north);
  const azimuthDeg = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
  const variance = (e: number, n: number, t: number): number =>
    e * e * eastVariance +
    2 * e * n * covariance +
    n * n * northVariance +
    t * t * speedSigmaMps * speedSigmaMps +
    (manoeuvre * t * t * t) / 3;
  const losE = distanceM > 0 ? east / distanceM : 0;
  const losN = distanceM > 0 ? north / distanceM : 1;
  const now = within(distanceM, Math.sqrt(variance(losE, losN, 0)), withinM);
  const closingMps = -(losE * eastMps + losN * northMps);
  const inside = distanceM <= withinM;
  if (speedMps < LEAST_SPEED_MPS) {
    // Nothing is known to move: where could it be at the end?
    const missSigmaM = Math.sqrt(variance(losE, losN, inS));
    const probability = Math.max(now, within(distanceM, missSigmaM, withinM));
    return {
      distanceM,
      azimuthDeg,
      closingMps,
      cpaInS: undefined,
      cpaM: undefined,
      reachesInS: inside ? 0 : undefined,
      missSigmaM,
      probability,
    };
  }
  const towardsM = -(east * eastMps + north * northMps) / speedMps;
  const acrossM = (east * northMps - north * eastMps) / speedMps;
  if (towardsM <= 0) {
    const missSigmaM = Math.sqrt(variance(losE, losN, 0));
    return {
      distanceM,
      azimuthDeg,
      closingMps,
      cpaInS: undefined,
      cpaM: undefined,
      reachesInS: inside ? 0 : undefined,
      missSigmaM,
      probability: now,
    };
  }
  const cpaInS = towardsM / speedMps;
  const missSigmaM = Math.sqrt(variance(northMps / speedMps, -eastMps / speedMps, Math.min(cpaInS, inS)));
  const alongSigmaM = Math.sqrt(variance(eastMps / speedMps, northMps / speedMps, inS));
  const chordM = Math.sqrt(Math.max(0, withinM * withinM - acrossM * acrossM));
  const inTime = normalBelow((speedMps * inS - (towardsM - chordM)) / Math.max(1e-6, alongSigmaM));
  return {
    distanceM,
    azimuthDeg,
    closingMps,
    cpaInS,
    cpaM: Math.abs(acrossM),
    reachesInS: inside ? 0 : Math.abs(acrossM) > withinM ? undefined : (towardsM - chordM) / speedMps,
    missSigmaM,
    probability: Math.max(now, within(acrossM, missSigmaM, withinM) * inTime),
  };
}
