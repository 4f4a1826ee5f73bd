// In which direction and how far does a sensor see a point, and where is what it sees?

import { DEG_PER_RAD, RAD_PER_DEG, wrapTwoPiRad } from "./angles.ts";
import { type EnuFrame, enuFrame, enuToGeodetic, geodeticToEnu } from "./local-frame.ts";
import type { GeodeticPoint } from "./wgs84.ts";

/** Direction and distance in the observer's own east-north-up frame: geometric, without refraction. */
export interface LookAngle {
  /** Clockwise from true north, [0, 360). */
  readonly azimuthDeg: number;
  /** Above the plane that touches the ellipsoid's normal at the observer, [-90, 90]. */
  readonly elevationDeg: number;
  /** Straight-line distance. */
  readonly slantRangeM: number;
}

/**
 * East, north, up to azimuth (radians, [0, 2π)), elevation (radians) and slant range (metres), to `out[at..at+2]`. Straight up,
 * straight down and the origin itself have no azimuth; 0 is written. NaN gives NaN.
 */
export function enuToLook(eastM: number, northM: number, upM: number, out: Float64Array, at = 0): void {
  const ground = Math.sqrt(eastM * eastM + northM * northM);
  out[at] = ground === 0 ? 0 : wrapTwoPiRad(Math.atan2(eastM, northM));
  out[at + 1] = Math.atan2(upM, ground);
  out[at + 2] = Math.sqrt(ground * ground + upM * upM);
}

/** Azimuth, elevation (radians) and slant range (metres) to east, north, up metres, to `out[at..at+2]`. */
export function lookToEnu(azimuthRad: number, elevationRad: number, slantRangeM: number, out: Float64Array, at = 0): void {
  const ground = slantRangeM * Math.cos(elevationRad);
  out[at] = ground * Math.sin(azimuthRad);
  out[at + 1] = ground * Math.cos(azimuthRad);
  out[at + 2] = slantRangeM * Math.sin(elevationRad);
}

/** What the origin of `frame` sees of a point: azimuth and elevation in radians, slant range in metres, to `out[at..at+2]`. */
export function geodeticToLook(frame: EnuFrame, latDeg: number, lonDeg: number, heightHaeM: number, out: Float64Array, at = 0): void {
  geodeticToEnu(frame, latDeg, lonDeg, heightHaeM, out, at);
  enuToLook(out[at] ?? Number.NaN, out[at + 1] ?? Number.NaN, out[at + 2] ?? Number.NaN, out, at);
}

/** Where the origin of `frame` sees something: writes latDeg, lonDeg, heightHaeM to `out[at..at+2]`. */
export function lookToGeodetic(
  frame: EnuFrame,
  azimuthRad: number,
  elevationRad: number,
  slantRangeM: number,
  out: Float64Array,
  at = 0,
): void {
  lookToEnu(azimuthRad, elevationRad, slantRangeM, out, at);
  enuToGeodetic(frame, out[at] ?? Number.NaN, out[at + 1] ?? Number.NaN, out[at + 2] ?? Number.NaN, out, at);
}

/** What an observer sees of a target, in degrees and metres. */
export function lookBetween(observer: GeodeticPoint, target: GeodeticPoint): LookAngle {
  const frame = enuFrame(observer.latDeg, observer.lonDeg, observer.heightHaeM);
  const look = new Float64Array(3);
  geodeticToLook(frame, target.latDeg, target.lonDeg, target.heightHaeM, look);
  const azimuthDeg = (look[0] ?? Number.NaN) * DEG_PER_RAD;
  return {
    azimuthDeg: azimuthDeg >= 360 ? 0 : azimuthDeg,
    elevationDeg: (look[1] ?? Number.NaN) * DEG_PER_RAD,
    slantRangeM: look[2] ?? Number.NaN,
  };
}

/** The point that an observer sees in a direction at a slant range. */
export function pointSeenAt(observer: GeodeticPoint, look: LookAngle): GeodeticPoint {
  const frame = enuFrame(observer.latDeg, observer.lonDeg, observer.heightHaeM);
  const point = new Float64Array(3);
  lookToGeodetic(frame, look.azimuthDeg * RAD_PER_DEG, look.elevationDeg * RAD_PER_DEG, look.slantRangeM, point);
  return { latDeg: point[0] ?? Number.NaN, lonDeg: point[1] ?? Number.NaN, heightHaeM: point[2] ?? Number.NaN };
}
