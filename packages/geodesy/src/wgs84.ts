// Where is a geodetic position in the Earth-centred frame, and back? (WGS 84, NGA.STND.0036)

import { DEG_PER_RAD, RAD_PER_DEG } from "./angles.ts";

/** Semi-major axis, metres (NGA.STND.0036 table 3.1; exact by definition). */
export const WGS84_A_M = 6378137;
/** Flattening (NGA.STND.0036 table 3.1; exact by definition). */
export const WGS84_F: number = 1 / 298.257223563;
/** Semi-minor axis, metres. */
export const WGS84_B_M: number = WGS84_A_M * (1 - WGS84_F);
/** First eccentricity squared. */
export const WGS84_E2: number = WGS84_F * (2 - WGS84_F);
/** Second eccentricity squared. */
const WGS84_EP2: number = WGS84_E2 / (1 - WGS84_E2);

/** A position on or above the ellipsoid. Heights are above the ellipsoid (HAE), never above sea level. */
export interface GeodeticPoint {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM: number;
}

/** A position on the map, without height. */
export interface LatLon {
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** True for a finite latitude in [-90, 90] and a finite longitude of at most one turn either way. The check for data from outside. */
export function isLatLon(latDeg: number, lonDeg: number): boolean {
  return latDeg >= -90 && latDeg <= 90 && lonDeg >= -360 && lonDeg <= 360;
}

/**
 * Geodetic to Earth-centred, Earth-fixed: writes X, Y, Z in metres to `out[at..at+2]`.
 *
 * Closed form (NGA.STND.0036 §4); error below 2 nm at the surface. Any finite latitude is taken as an angle; NaN and
 * infinities give NaN.
 */
export function geodeticToEcef(latDeg: number, lonDeg: number, heightHaeM: number, out: Float64Array, at = 0): void {
  const lat = latDeg * RAD_PER_DEG;
  const lon = lonDeg * RAD_PER_DEG;
  const sinLat = Math.sin(lat);
  const cosLat = Math.cos(lat);
  const normal = WGS84_A_M / Math.sqrt(1 - WGS84_E2 * sinLat * sinLat);
  const ring = (normal + heightHaeM) * cosLat;
  out[at] = ring * Math.cos(lon);
  out[at + 1] = ring * Math.sin(lon);
  out[at + 2] = (normal * (1 - WGS84_E2) + heightHaeM) * sinLat;
}

/**
 * Earth-centred, Earth-fixed to geodetic: writes latitude (degrees), longitude (degrees, [-180, 180]), height above the
 * ellipsoid (metres) to `out[at..at+2]`.
 *
 * Bowring's iteration on the parametric latitude (B. R. Bowring, "Transformation from spatial to geographical coordinates",
 * Survey Review 23 (1976) 323–327), three fixed rounds, so the work does not depend on the data. The height form
 * `p cos φ + z sin φ − a √(1 − e² sin² φ)` stays well conditioned at the poles. Domain: heights above −5,000 km; measured errors stand in the README. At the poles the longitude is 0 or as
 * the signs of X and Y say. NaN gives NaN.
 */
export function ecefToGeodetic(xM: number, yM: number, zM: number, out: Float64Array, at = 0): void {
  const p = Math.sqrt(xM * xM + yM * yM);
  let rise = zM * WGS84_A_M;
  let run = p * WGS84_B_M;
  for (let round = 0; round < 3; round += 1) {
    const length = Math.sqrt(rise * rise + run * run);
    const sinBeta = rise / length;
    const cosBeta = run / length;
    const tangentRise = zM + WGS84_EP2 * WGS84_B_M * sinBeta * sinBeta * sinBeta;
    const tangentRun = p - WGS84_E2 * WGS84_A_M * cosBeta * cosBeta * cosBeta;
    rise = (1 - WGS84_F) * tangentRise;
    run = tangentRun;
  }
  rise /= 1 - WGS84_F;
  const length = Math.sqrt(rise * rise + run * run);
  const sinLat = rise / length;
  const cosLat = run / length;
  out[at] = Math.atan2(rise, run) * DEG_PER_RAD;
  out[at + 1] = Math.atan2(yM, xM) * DEG_PER_RAD;
  out[at + 2] = p * cosLat + zM * sinLat - WGS84_A_M * Math.sqrt(1 - WGS84_E2 * sinLat * sinLat);
}

/** `count` positions [latDeg, lonDeg, heightHaeM] from `input` to [x, y, z] in `out`. The two arrays may be the same one. */
export function geodeticToEcefBatch(input: Float64Array, out: Float64Array, count: number): void {
  for (let at = 0; at < count * 3; at += 3) {
    geodeticToEcef(input[at] ?? Number.NaN, input[at + 1] ?? Number.NaN, input[at + 2] ?? Number.NaN, out, at);
  }
}

/** `count` positions [x, y, z] from `input` to [latDeg, lonDeg, heightHaeM] in `out`. The two arrays may be the same one. */
export function ecefToGeodeticBatch(input: Float64Array, out: Float64Array, count: number): void {
  for (let at = 0; at < count * 3; at += 3) {
    ecefToGeodetic(input[at] ?? Number.NaN, input[at + 1] ?? Number.NaN, input[at + 2] ?? Number.NaN, out, at);
  }
}
