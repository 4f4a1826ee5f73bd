import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  COMPASS_POINTS,
  clockHour,
  compassPointIndex,
  turnBetweenDeg,
  wrap180Deg,
  wrap360Deg,
  wrapPiRad,
  wrapTwoPiRad,
} from "../src/index.ts";

const anyAngle = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test("a wrapped azimuth lies in its half-open turn and names the same direction", () => {
  fc.assert(
    fc.property(anyAngle, (angle) => {
      const full = wrap360Deg(angle);
      const half = wrap180Deg(angle);
      assert.ok(full >= 0 && full < 360 && half >= -180 && half < 180);
      const turns = (angle - full) / 360;
      assert.ok(Math.abs(turns - Math.round(turns)) < 1e-9);
      assert.ok(Math.abs(wrap180Deg(full - half)) < 1e-9);
      const radians = wrapTwoPiRad(angle);
      const halfRadians = wrapPiRad(angle);
      assert.ok(radians >= 0 && radians < 2 * Math.PI && halfRadians >= -Math.PI && halfRadians < Math.PI);
      assert.ok(Math.abs(Math.sin(radians) - Math.sin(angle)) < 1e-9 && Math.abs(Math.cos(halfRadians) - Math.cos(angle)) < 1e-9);
    }),
  );
});

test("the ends of a turn fold to one value, and never to minus zero", () => {
  for (const [angle, full, half] of [
    [360, 0, 0],
    [-360, 0, 0],
    [-0, 0, 0],
    [180, 180, -180],
    [-180, 180, -180],
    [540, 180, -180],
    [-1e-300, 0, -1e-300],
  ] as const) {
    assert.equal(wrap360Deg(angle), full);
    assert.equal(wrap180Deg(angle), half);
  }
  assert.equal(wrapTwoPiRad(-1e-300), 0);
  for (const wrap of [wrap360Deg, wrap180Deg, wrapTwoPiRad, wrapPiRad]) {
    assert.ok(Number.isNaN(wrap(Number.NaN)) && Number.isNaN(wrap(Number.POSITIVE_INFINITY)));
  }
});

test("the turn between two azimuths is the short way, clockwise positive", () => {
  assert.equal(turnBetweenDeg(350, 10), 20);
  assert.equal(turnBetweenDeg(10, 350), -20);
  assert.equal(turnBetweenDeg(0, 180), -180);
});

test("each compass point covers 11.25 degrees on either side of its name", () => {
  assert.equal(COMPASS_POINTS.length, 16);
  assert.equal(new Set(COMPASS_POINTS).size, 16);
  for (let index = 0; index < 16; index += 1) {
    assert.equal(compassPointIndex(index * 22.5), index);
    assert.equal(compassPointIndex(index * 22.5 - 11.25), index);
    assert.equal(compassPointIndex(index * 22.5 + 11.2499), index);
  }
  assert.equal(COMPASS_POINTS[compassPointIndex(-45)], "NW");
  assert.equal(COMPASS_POINTS[compassPointIndex(359.9)], "N");
  assert.ok(Number.isNaN(compassPointIndex(Number.NaN)));
});

test("clock hours count from where the listener faces", () => {
  assert.equal(clockHour(0, 0), 12);
  assert.equal(clockHour(90, 0), 3);
  assert.equal(clockHour(0, 90), 9);
  assert.equal(clockHour(5, 355), 12);
  assert.equal(clockHour(344.9, 0), 11);
  assert.equal(clockHour(345, 0), 12);
  assert.equal(clockHour(15, 0), 1);
  assert.ok(Number.isNaN(clockHour(Number.NaN, 0)));
  fc.assert(fc.property(anyAngle, anyAngle, (azimuth, heading) => [...Array(12).keys()].includes(clockHour(azimuth, heading) - 1)));
});
