// Which way does a telephone point, however it is held? Rotations from the device's axes to east, north and up, and the directions of its axes.
//
// Device axes (W3C Device Orientation §4.1): x to the right of the screen, y to its top, z out of the screen towards the reader, all for the
// natural orientation of the device and whatever the screen shows. The rear camera looks along −z.

import { DEG_PER_RAD, RAD_PER_DEG, wrap360Deg } from "@atalaya/geodesy";

/** Rotation matrix, row by row: rows are east, north, up; columns are the device's x, y, z. Its north is the one of the sensor. */
export type Attitude = readonly [number, number, number, number, number, number, number, number, number];

/** A direction: azimuth from the sensor's north, [0, 360), and elevation above the horizon, [−90, 90], in degrees. */
export interface Look {
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
}

/** From the angles of a `deviceorientation` event: R = Z(α) X(β) Y(γ), intrinsic (W3C Device Orientation, appendix A.1). */
export function attitudeOfAngles(alphaDeg: number, betaDeg: number, gammaDeg: number): Attitude {
  const [ca, sa] = [Math.cos(alphaDeg * RAD_PER_DEG), Math.sin(alphaDeg * RAD_PER_DEG)];
  const [cb, sb] = [Math.cos(betaDeg * RAD_PER_DEG), Math.sin(betaDeg * RAD_PER_DEG)];
  const [cg, sg] = [Math.cos(gammaDeg * RAD_PER_DEG), Math.sin(gammaDeg * RAD_PER_DEG)];
  return [
    ca * cg - sa * sb * sg,
    -cb * sa,
    ca * sg + cg * sa * sb,
    cg * sa + ca * sb * sg,
    ca * cb,
    sa * sg - ca * cg * sb,
    -cb * sg,
    sb,
    cb * cg,
  ];
}

/** From a unit quaternion (x, y, z, w) that turns the device's axes into the Earth's (W3C Orientation Sensor §4). */
export function attitudeOfQuaternion(x: number, y: number, z: number, w: number): Attitude {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
}

function lookAlong(east: number, north: number, up: number): Look {
  return {
    azimuthDeg: wrap360Deg(Math.atan2(east, north) * DEG_PER_RAD),
    elevationDeg: Math.atan2(up, Math.hypot(east, north)) * DEG_PER_RAD,
  };
}

/** Where the rear camera looks. Straight up or down the azimuth means nothing. */
export function cameraLook(attitude: Attitude): Look {
  const [, , east, , , north, , , up] = attitude;
  return lookAlong(-east, -north, -up);
}

/** Where the device's top edge points: what a compass needle on its screen is turned by. */
export function topLook(attitude: Attitude): Look {
  const [, east, , , north, , , up] = attitude;
  return lookAlong(east, north, up);
}

/**
 * Which way somebody faces who reads the screen, as an azimuth. Flat on a hand that is where the screen's top points, upright where the camera
 * looks, and in between both are the same: their sum never jumps. `screenAngleDeg` is `screen.orientation.angle`: the axis that is now up on
 * the screen is (sin, cos) of it in the device's x and y.
 */
export function facingDeg(attitude: Attitude, screenAngleDeg: number): number {
  const [xe, ye, ze, xn, yn, zn] = attitude;
  const [s, c] = [Math.sin(screenAngleDeg * RAD_PER_DEG), Math.cos(screenAngleDeg * RAD_PER_DEG)];
  return wrap360Deg(Math.atan2(s * xe + c * ye - ze, s * xn + c * yn - zn) * DEG_PER_RAD);
}

/** How far the screen is tilted from lying flat, degrees: 0 on a table, 90 upright. */
export function tiltDeg(attitude: Attitude): number {
  const [, , east, , , north, , , up] = attitude;
  return Math.atan2(Math.hypot(east, north), up) * DEG_PER_RAD;
}
