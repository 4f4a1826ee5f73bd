import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  ecefToGeodetic,
  ecefToGeodeticBatch,
  geodeticToEcef,
  geodeticToEcefBatch,
  isLatLon,
  WGS84_B_M,
  WGS84_E2,
  wrap180Deg,
} from "../src/index.ts";
import { item, near, nearAll } from "./near.ts";

// CartConvert of GeographicLib 2.1.2, `CartConvert -p 9`.
const POINTS: readonly (readonly [lat: number, lon: number, height: number, x: number, y: number, z: number])[] = [
  [0, 0, 0, 6378137, 0, 0],
  [90, 0, 0, 0, 0, 6356752.314245179],
  [-90, 0, -100000, 0, 0, -6256752.314245179],
  [45, -180, 100000, -4588301.556967586, 0, 4558059.086984574],
  [31.7619, -106.485, 1140, -1540548.438242658, -5205808.679438109, 3338612.641441994],
  [-33.8568, 151.2153, 58.5, -4647011.214856832, 2553100.312551018, -3533299.718959709],
  [78.2232, 15.6267, 12000, 1260057.898553933, 352447.534463175, 6233817.446971806],
  [27.988, 86.925, 8848.86, 302770.213635105, 5636031.425827555, 2979483.691454068],
  [-0.0000001, 179.9999999, 100000, -6478137, 0.011306481, -0.011231961],
  [51.4778, -0.0014, 46, 3980609.860091147, -97.264647634, 4966860.51087119],
];

test("the derived constants are those that the standard prints", () => {
  near(WGS84_B_M, 6356752.3142, 5e-5);
  near(WGS84_E2, 6.694379990141e-3, 5e-16);
});

test("geodetic to Earth-centred agrees with GeographicLib to 5 nm", () => {
  const out = new Float64Array(3);
  for (const [lat, lon, height, x, y, z] of POINTS) {
    geodeticToEcef(lat, lon, height, out);
    nearAll(out, [x, y, z], 5e-9, `${lat} ${lon}`);
  }
});

test("Earth-centred to geodetic agrees with GeographicLib to 10 nm, at the poles too", () => {
  const out = new Float64Array(3);
  for (const [lat, lon, height, x, y, z] of POINTS) {
    ecefToGeodetic(x, y, z, out);
    near(out[0], lat, 1e-13, "latitude");
    near(out[2], height, 1e-8, "height");
    if (Math.abs(lat) !== 90) near(wrap180Deg((out[1] ?? Number.NaN) - lon), 0, 1e-13, "longitude");
  }
});

test("there and back gives the same point from pole to pole within 100 km of the surface", () => {
  const out = new Float64Array(3);
  const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(90, -90, 0, 89.9999999, -89.9999999));
  const longitude = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(180, -180, 179.9999999, 0));
  const height = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(latitude, longitude, height, (lat, lon, h) => {
      geodeticToEcef(lat, lon, h, out);
      ecefToGeodetic(item(out, 0), item(out, 1), item(out, 2), out);
      near(out[0], lat, 1e-13, "latitude");
      near(wrap180Deg(item(out, 1) - lon) * Math.cos((lat * Math.PI) / 180), 0, 1e-13, "longitude");
      near(out[2], h, 1e-8, "height");
    }),
    { numRuns: 2000 },
  );
});

test("heights from 5,000 km below to 40,000 km above the surface come back to 50 nm", () => {
  const out = new Float64Array(3);
  fc.assert(
    fc.property(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -5e6, max: 4e7, noNaN: true }), (lat, h) => {
      geodeticToEcef(lat, 12, h, out);
      ecefToGeodetic(item(out, 0), item(out, 1), item(out, 2), out);
      near(out[0], lat, 2e-13, "latitude");
      near(out[2], h, 5e-8, "height");
    }),
    { numRuns: 2000 },
  );
});

test("batches do what the single calls do, in place too, and touch nothing past their count", () => {
  const input = Float64Array.from([...POINTS.flatMap(([lat, lon, height]) => [lat, lon, height]), 7, 7, 7]);
  const out = new Float64Array(input.length).fill(-1);
  geodeticToEcefBatch(input, out, POINTS.length);
  assert.deepEqual([...out.subarray(-3)], [-1, -1, -1]);
  const single = new Float64Array(3);
  for (const [k, [lat, lon, height]] of POINTS.entries()) {
    geodeticToEcef(lat, lon, height, single);
    assert.deepEqual([...out.subarray(k * 3, k * 3 + 3)], [...single]);
  }
  const expected = new Float64Array(input.length);
  ecefToGeodeticBatch(out, expected, POINTS.length);
  ecefToGeodeticBatch(out, out, POINTS.length);
  assert.deepEqual(out.subarray(0, -3), expected.subarray(0, -3));
});

test("what is no number stays no number", () => {
  const out = new Float64Array(3);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    geodeticToEcef(bad, 0, 0, out);
    assert.ok(out.every(Number.isNaN) || Number.isNaN(item(out, 0)));
    ecefToGeodetic(Number.NaN, 0, 0, out);
    assert.ok(Number.isNaN(item(out, 0)) && Number.isNaN(item(out, 2)));
  }
  geodeticToEcefBatch(new Float64Array(0), out, 1);
  assert.ok(out.every(Number.isNaN));
});

test("positions from outside are judged by one rule", () => {
  assert.ok(isLatLon(90, -180) && isLatLon(-90, 360) && isLatLon(0, 0));
  for (const [lat, lon] of [
    [90.0001, 0],
    [-91, 0],
    [0, 360.1],
    [Number.NaN, 0],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    assert.ok(!isLatLon(lat, lon), `${lat} ${lon}`);
  }
});
