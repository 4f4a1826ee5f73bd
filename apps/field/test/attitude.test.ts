// The camera's axis for every attitude, against rotations that are built here another way: by turning a device about axes one after another.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type Attitude, attitudeOfAngles, attitudeOfQuaternion, cameraLook, facingDeg, tiltDeg, topLook } from "../src/aim/attitude.ts";

type Vector = readonly [number, number, number];
const RAD = Math.PI / 180;

/** Rodrigues' formula: v turned by an angle about a unit axis. */
function turned(v: Vector, axis: Vector, deg: number): Vector {
  const [c, s] = [Math.cos(deg * RAD), Math.sin(deg * RAD)];
  const dot = v[0] * axis[0] + v[1] * axis[1] + v[2] * axis[2];
  const cross: Vector = [axis[1] * v[2] - axis[2] * v[1], axis[2] * v[0] - axis[0] * v[2], axis[0] * v[1] - axis[1] * v[0]];
  const part = (k: 0 | 1 | 2): number => v[k] * c + cross[k] * s + axis[k] * dot * (1 - c);
  return [part(0), part(1), part(2)];
}

/** A device that lies flat with its top to the north, then turned about its own z, its own new x, its own new y: the W3C's definition, acted out. */
function actedOut(alpha: number, beta: number, gamma: number): { x: Vector; y: Vector; z: Vector } {
  let [x, y, z]: [Vector, Vector, Vector] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  [x, y] = [turned(x, z, alpha), turned(y, z, alpha)];
  [y, z] = [turned(y, x, beta), turned(z, x, beta)];
  [x, z] = [turned(x, y, gamma), turned(z, y, gamma)];
  return { x, y, z };
}

function look([east, north, up]: Vector): { azimuth: number; elevation: number } {
  return { azimuth: (Math.atan2(east, north) / RAD + 360) % 360, elevation: Math.asin(Math.max(-1, Math.min(1, up))) / RAD };
}
const apart = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

const angles = {
  alpha: fc.double({ min: 0, max: 360, noNaN: true }),
  beta: fc.double({ min: -180, max: 180, noNaN: true }),
  gamma: fc.double({ min: -90, max: 90, noNaN: true }),
};

test("axes of the device agree with turns acted out one after another", () => {
  fc.assert(
    fc.property(angles.alpha, angles.beta, angles.gamma, (alpha, beta, gamma) => {
      const attitude = attitudeOfAngles(alpha, beta, gamma);
      const { x, y, z } = actedOut(alpha, beta, gamma);
      const columns: Attitude = [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
      columns.forEach((value, k) => assert.ok(Math.abs(value - (attitude[k] ?? Number.NaN)) < 1e-12, `element ${k}`));
    }),
  );
});

test("the camera looks along −z: azimuth and elevation for any attitude", () => {
  fc.assert(
    fc.property(angles.alpha, angles.beta, angles.gamma, (alpha, beta, gamma) => {
      const { z } = actedOut(alpha, beta, gamma);
      const expected = look([-z[0], -z[1], -z[2]]);
      const found = cameraLook(attitudeOfAngles(alpha, beta, gamma));
      assert.ok(Math.abs(found.elevationDeg - expected.elevation) < 1e-5);
      if (Math.abs(expected.elevation) < 89) assert.ok(apart(found.azimuthDeg, expected.azimuth) < 1e-6);
    }),
  );
});

test("attitudes that anybody can check with a phone in the hand", () => {
  const cases: readonly [string, number, number, number, number, number][] = [
    ["upright, back to the north", 0, 90, 0, 0, 0],
    ["upright, back to the east", 270, 90, 0, 90, 0],
    ["upright, back to the west", 90, 90, 0, 270, 0],
    ["tipped back: the camera looks up", 0, 135, 0, 0, 45],
    ["tipped forward: the camera looks down", 0, 45, 0, 0, -45],
    ["in landscape with its right edge up, back to the north", 90, 0, -90, 0, 0],
  ];
  for (const [what, alpha, beta, gamma, azimuth, elevation] of cases) {
    const found = cameraLook(attitudeOfAngles(alpha, beta, gamma));
    assert.ok(
      apart(found.azimuthDeg, azimuth) < 1e-9 && Math.abs(found.elevationDeg - elevation) < 1e-9,
      `${what}: ${JSON.stringify(found)}`,
    );
  }
  assert.ok(cameraLook(attitudeOfAngles(0, 180, 0)).elevationDeg > 89.999, "on its face, the camera looks straight up");
});

test("a quaternion and the angles of the same attitude give the same axes", () => {
  fc.assert(
    fc.property(angles.alpha, angles.beta, angles.gamma, (alpha, beta, gamma) => {
      // Product of three half-angle quaternions, z then x then y.
      const [a, b, g] = [(alpha * RAD) / 2, (beta * RAD) / 2, (gamma * RAD) / 2];
      const times = (p: readonly number[], q: readonly number[]): number[] => {
        const [px = 0, py = 0, pz = 0, pw = 0] = p;
        const [qx = 0, qy = 0, qz = 0, qw = 0] = q;
        return [
          pw * qx + px * qw + py * qz - pz * qy,
          pw * qy - px * qz + py * qw + pz * qx,
          pw * qz + px * qy - py * qx + pz * qw,
          pw * qw - px * qx - py * qy - pz * qz,
        ];
      };
      const [x = 0, y = 0, z = 0, w = 0] = times(times([0, 0, Math.sin(a), Math.cos(a)], [Math.sin(b), 0, 0, Math.cos(b)]), [
        0,
        Math.sin(g),
        0,
        Math.cos(g),
      ]);
      const fromAngles = attitudeOfAngles(alpha, beta, gamma);
      attitudeOfQuaternion(x, y, z, w).forEach((value, k) => assert.ok(Math.abs(value - (fromAngles[k] ?? Number.NaN)) < 1e-12));
    }),
  );
});

test("who reads the screen faces where its top points when flat and where the camera looks when upright, whichever side is up", () => {
  for (const heading of [0, 30, 170, 300]) {
    const alpha = (360 - heading) % 360;
    for (const beta of [0, 20, 45, 70, 90, 110])
      assert.ok(apart(facingDeg(attitudeOfAngles(alpha, beta, 0), 0), heading) < 1e-9, `portrait, tilt ${beta}`);
  }
  // Turned a quarter to the left: the top is at the left, the right edge is up, and the screen says 90.
  const landscape = attitudeOfAngles(90, 0, 0);
  assert.ok(apart(facingDeg(landscape, 90), 0) < 1e-9);
  assert.ok(apart(topLook(landscape).azimuthDeg, 270) < 1e-9);
});

test("tilt is 0 on a table, 90 upright, 180 on its face", () => {
  assert.ok(Math.abs(tiltDeg(attitudeOfAngles(33, 0, 0))) < 1e-9);
  assert.ok(Math.abs(tiltDeg(attitudeOfAngles(33, 90, 0)) - 90) < 1e-9);
  assert.ok(Math.abs(tiltDeg(attitudeOfAngles(33, 180, 0)) - 180) < 1e-9);
});
