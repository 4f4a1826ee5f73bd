// What does the neighbourhood of a point look like in east, north, up metres, and how do two such frames relate?

import { RAD_PER_DEG } from "./angles.ts";
import { ecefToGeodetic, geodeticToEcef } from "./wgs84.ts";

/**
 * A local tangent frame: east, north, up in metres about an origin, with the rotation from Earth-centred axes worked out once.
 * The east axis has no Z part. At a pole "north" follows the meridian of the origin's longitude.
 */
export interface EnuFrame {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM: number;
  readonly originXM: number;
  readonly originYM: number;
  readonly originZM: number;
  readonly eastX: number;
  readonly eastY: number;
  readonly northX: number;
  readonly northY: number;
  readonly northZ: number;
  readonly upX: number;
  readonly upY: number;
  readonly upZ: number;
}

/** The frame about a point (rotation: IOGP Publication 373-7-2, EPSG method 9837). NaN gives a frame of NaN. */
export function enuFrame(latDeg: number, lonDeg: number, heightHaeM: number): EnuFrame {
  const origin = new Float64Array(3);
  geodeticToEcef(latDeg, lonDeg, heightHaeM, origin);
  const sinLat = Math.sin(latDeg * RAD_PER_DEG);
  const cosLat = Math.cos(latDeg * RAD_PER_DEG);
  const sinLon = Math.sin(lonDeg * RAD_PER_DEG);
  const cosLon = Math.cos(lonDeg * RAD_PER_DEG);
  return {
    latDeg,
    lonDeg,
    heightHaeM,
    originXM: origin[0] ?? Number.NaN,
    originYM: origin[1] ?? Number.NaN,
    originZM: origin[2] ?? Number.NaN,
    eastX: -sinLon,
    eastY: cosLon,
    northX: -sinLat * cosLon,
    northY: -sinLat * sinLon,
    northZ: cosLat,
    upX: cosLat * cosLon,
    upY: cosLat * sinLon,
    upZ: sinLat,
  };
}

/** Position, Earth-centred to local: writes east, north, up metres to `out[at..at+2]`. */
export function ecefToEnu(frame: EnuFrame, xM: number, yM: number, zM: number, out: Float64Array, at = 0): void {
  ecefVectorToEnu(frame, xM - frame.originXM, yM - frame.originYM, zM - frame.originZM, out, at);
}

/** Position, local to Earth-centred: writes X, Y, Z metres to `out[at..at+2]`. */
export function enuToEcef(frame: EnuFrame, eastM: number, northM: number, upM: number, out: Float64Array, at = 0): void {
  out[at] = frame.originXM + frame.eastX * eastM + frame.northX * northM + frame.upX * upM;
  out[at + 1] = frame.originYM + frame.eastY * eastM + frame.northY * northM + frame.upY * upM;
  out[at + 2] = frame.originZM + frame.northZ * northM + frame.upZ * upM;
}

/** Free vector (velocity, acceleration), Earth-centred axes to local axes: turned, not moved. */
export function ecefVectorToEnu(frame: EnuFrame, x: number, y: number, z: number, out: Float64Array, at = 0): void {
  out[at] = frame.eastX * x + frame.eastY * y;
  out[at + 1] = frame.northX * x + frame.northY * y + frame.northZ * z;
  out[at + 2] = frame.upX * x + frame.upY * y + frame.upZ * z;
}

/** Free vector (velocity, acceleration), local axes to Earth-centred axes: turned, not moved. */
export function enuVectorToEcef(frame: EnuFrame, east: number, north: number, up: number, out: Float64Array, at = 0): void {
  out[at] = frame.eastX * east + frame.northX * north + frame.upX * up;
  out[at + 1] = frame.eastY * east + frame.northY * north + frame.upY * up;
  out[at + 2] = frame.northZ * north + frame.upZ * up;
}

/** Geodetic to local: writes east, north, up metres to `out[at..at+2]`. NaN gives NaN. */
export function geodeticToEnu(frame: EnuFrame, latDeg: number, lonDeg: number, heightHaeM: number, out: Float64Array, at = 0): void {
  geodeticToEcef(latDeg, lonDeg, heightHaeM, out, at);
  ecefToEnu(frame, out[at] ?? Number.NaN, out[at + 1] ?? Number.NaN, out[at + 2] ?? Number.NaN, out, at);
}

/** Local to geodetic: writes latDeg, lonDeg, heightHaeM to `out[at..at+2]`. NaN gives NaN. */
export function enuToGeodetic(frame: EnuFrame, eastM: number, northM: number, upM: number, out: Float64Array, at = 0): void {
  enuToEcef(frame, eastM, northM, upM, out, at);
  ecefToGeodetic(out[at] ?? Number.NaN, out[at + 1] ?? Number.NaN, out[at + 2] ?? Number.NaN, out, at);
}

/** `count` positions [latDeg, lonDeg, heightHaeM] from `input` to [east, north, up] in `out`. The two arrays may be the same one. */
export function geodeticToEnuBatch(frame: EnuFrame, input: Float64Array, out: Float64Array, count: number): void {
  for (let at = 0; at < count * 3; at += 3) {
    geodeticToEnu(frame, input[at] ?? Number.NaN, input[at + 1] ?? Number.NaN, input[at + 2] ?? Number.NaN, out, at);
  }
}

/** `count` positions [east, north, up] from `input` to [latDeg, lonDeg, heightHaeM] in `out`. The two arrays may be the same one. */
export function enuToGeodeticBatch(frame: EnuFrame, input: Float64Array, out: Float64Array, count: number): void {
  for (let at = 0; at < count * 3; at += 3) {
    enuToGeodetic(frame, input[at] ?? Number.NaN, input[at + 1] ?? Number.NaN, input[at + 2] ?? Number.NaN, out, at);
  }
}

/** Position in one frame to position in another: writes east, north, up of `to` to `out[at..at+2]`. */
export function enuToOtherFrame(from: EnuFrame, to: EnuFrame, eastM: number, northM: number, upM: number, out: Float64Array, at = 0): void {
  enuToEcef(from, eastM, northM, upM, out, at);
  ecefToEnu(to, out[at] ?? Number.NaN, out[at + 1] ?? Number.NaN, out[at + 2] ?? Number.NaN, out, at);
}

/**
 * The rotation that turns vectors of `from` into vectors of `to`, row by row, to `out[at..at+8]`. For velocities:
 * `v_to = R v_from`; for covariances: `P_to = R P_from Rᵀ`.
 */
export function frameRotation(from: EnuFrame, to: EnuFrame, out: Float64Array, at = 0): void {
  out[at] = to.eastX * from.eastX + to.eastY * from.eastY;
  out[at + 1] = to.eastX * from.northX + to.eastY * from.northY;
  out[at + 2] = to.eastX * from.upX + to.eastY * from.upY;
  out[at + 3] = to.northX * from.eastX + to.northY * from.eastY;
  out[at + 4] = to.northX * from.northX + to.northY * from.northY + to.northZ * from.northZ;
  out[at + 5] = to.northX * from.upX + to.northY * from.upY + to.northZ * from.upZ;
  out[at + 6] = to.upX * from.eastX + to.upY * from.eastY;
  out[at + 7] = to.upX * from.northX + to.upY * from.northY + to.upZ * from.northZ;
  out[at + 8] = to.upX * from.upX + to.upY * from.upY + to.upZ * from.upZ;
}
