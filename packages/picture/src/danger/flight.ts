// How a track flies at this moment, in local metres, with its uncertainty: made once for a track and tick, asked for by each target near.
import { flatDistanceM } from "@atalaya/geodesy";
import type { Settings } from "../settings.ts";
import type { Track } from "../track.ts";

export interface Flight {
  /** Position carried on by the velocity for its age, at most until it coasts. */
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly carriedS: number;
  readonly eastMps: number;
  readonly northMps: number;
  readonly speedMps: number;
  /** Metres of a degree here. */
  readonly metresEast: number;
  readonly metresNorth: number;
  /** Horizontal position covariance, m². */
  readonly eastVariance: number;
  readonly northVariance: number;
  readonly covariance: number;
  /** Standard deviation of each component of the velocity, m/s. */
  readonly speedSigmaMps: number;
  /** Spectral density of the acceleration that it may yet choose, m²/s³. */
  readonly manoeuvre: number;
}

const RAD = Math.PI / 180;
/** 95 % of two dimensions, in variances (χ²) and, of a circle, in standard deviations. */
const CHI2_95 = 5.991;
const SIGMAS_95 = 2.45;
/** Where a broadcast states no error, m (1σ); velocities broadcast, computed from positions, and not known at all, m/s (1σ). */
const UNSTATED_SIGMA_M = 10;
const BROADCAST_SPEED_SIGMA = 0.5;
const DERIVED_SPEED_SIGMA = 3;
const UNKNOWN_SPEED_SIGMA = 10;
/** Acceleration of steady flight, a turn and a hard manoeuvre as white noise, m²/s³; gentler than the tracker's own, which must follow every jerk. */
const STEADY = 0.1;
const TURNING = 2;
const HARD = 10;

export function wrapDeg(deg: number): number {
  return deg > 180 ? deg - 360 : deg < -180 ? deg + 360 : deg;
}

export function flightOf(track: Readonly<Track>, timeUs: number, { coastAfterUs }: Settings): Flight {
  const carriedS = Math.min(Math.max(0, timeUs - track.lastUs), coastAfterUs) / 1e6;
  const speedMps = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0);
  const course = (track.courseDeg ?? 0) * RAD;
  const eastMps = speedMps * Math.sin(course);
  const northMps = speedMps * Math.cos(course);
  // Metres of a degree here, from the one formula for short distances.
  const metresNorth = flatDistanceM(track.latDeg - 0.005, track.lonDeg, track.latDeg + 0.005, track.lonDeg) * 100;
  const metresEast = Math.max(1, flatDistanceM(track.latDeg, track.lonDeg, track.latDeg, track.lonDeg + 0.01) * 100);
  const { measured } = track;
  const grownS = Math.max(0, timeUs - track.heardUs) / 1e6;
  let eastVariance: number;
  let northVariance: number;
  let covariance = 0;
  if (measured === undefined) {
    const sigma = track.errorM === undefined ? UNSTATED_SIGMA_M : track.errorM / SIGMAS_95;
    eastVariance = northVariance = sigma * sigma;
  } else {
    const { majorM, minorM, azimuthDeg } = measured.ellipse;
    const major = (majorM * majorM) / CHI2_95;
    const minor = (minorM * minorM) / CHI2_95;
    const sin = Math.sin(azimuthDeg * RAD);
    const cos = Math.cos(azimuthDeg * RAD);
    eastVariance = major * sin * sin + minor * cos * cos;
    northVariance = major * cos * cos + minor * sin * sin;
    covariance = (major - minor) * sin * cos;
  }
  const speedSigmaMps =
    measured !== undefined
      ? Math.max(BROADCAST_SPEED_SIGMA, measured.speedSigmaMps)
      : track.courseDeg === undefined || track.speedMps === undefined
        ? UNKNOWN_SPEED_SIGMA
        : track.velocityDerived === true
          ? DERIVED_SPEED_SIGMA
          : BROADCAST_SPEED_SIGMA;
  // A claim is carried on here, a measured track by its tracker, whose ellipse has grown already.
  if (measured === undefined) {
    const grown = (speedSigmaMps * grownS) ** 2;
    eastVariance += grown;
    northVariance += grown;
  }
  const [steady, turning, hard] = measured?.manoeuvre ?? [1, 0, 0];
  return {
    latDeg: Math.min(90, Math.max(-90, track.latDeg + (northMps * carriedS) / metresNorth)),
    lonDeg: wrapDeg(track.lonDeg + (eastMps * carriedS) / metresEast),
    carriedS,
    eastMps,
    northMps,
    speedMps,
    metresEast,
    metresNorth,
    eastVariance,
    northVariance,
    covariance,
    speedSigmaMps,
    manoeuvre: steady * STEADY + turning * TURNING + hard * HARD,
  };
}
