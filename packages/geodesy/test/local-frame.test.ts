import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  ecefVectorToEnu,
  enuFrame,
  enuToGeodetic,
  enuToGeodeticBatch,
  enuToOtherFrame,
  enuVectorToEcef,
  frameRotation,
  geodeticToEnu,
  geodeticToEnuBatch,
  wrap180Deg,
} from "../src/index.ts";
import { item, near, nearAll } from "./near.ts";

// CartConvert of GeographicLib 2.1.2, `CartConvert -p 9 -l LAT LON HEIGHT`.
const EL_PASO = [31.7619, -106.485, 1140] as const;
const SEEN_FROM_EL_PASO = [
  [31.7619, -106.485, 1140, 0, 0, 0],
  [31.8, -106.3, 1500, 17523.156638872, 4240.530359967, 334.541726421],
  [31.5, -107, 3000, -48948.528253753, -28937.382386086, 1606.55658982],
  [40, -100, 10000, 553462.725685554, 928868.882791218, -83518.562076993],
  [-33.8568, 151.2153, 58.5, -5180470.202267634, -2390479.151522217, -9193600.879255943],
] as const;

test("local coordinates agree with GeographicLib to 20 nm, next door and across the world", () => {
  const frame = enuFrame(...EL_PASO);
  const out = new Float64Array(3);
  for (const [lat, lon, height, east, north, up] of SEEN_FROM_EL_PASO) {
    geodeticToEnu(frame, lat, lon, height, out);
    nearAll(out, [east, north, up], 2e-8, `${lat} ${lon}`);
    enuToGeodetic(frame, east, north, up, out);
    nearAll(out, [lat, lon], 3e-13);
    near(out[2], height, 2e-8);
  }
});

test("the antimeridian and the pole are places like others", () => {
  const out = new Float64Array(3);
  geodeticToEnu(enuFrame(0.5, 179.9999, 20), 0.5, -179.9999, 20, out);
  nearAll(out, [22.263125904, 0.000000339, -0.000038855], 1e-8);
  geodeticToEnu(enuFrame(89.9, 0, 0), 89.9, 180, 0, out);
  nearAll(out, [0, 22338.750317306, -38.98851397], 1e-8);
});

const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(90, -90));
const longitude = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(180, -180));
const height = fc.double({ min: -1e5, max: 1e5, noNaN: true });

test("there and back through any frame gives the same point within 100 km of the surface", () => {
  const out = new Float64Array(3);
  fc.assert(
    fc.property(latitude, longitude, height, latitude, longitude, height, (lat0, lon0, h0, lat, lon, h) => {
      const frame = enuFrame(lat0, lon0, h0);
      geodeticToEnu(frame, lat, lon, h, out);
      enuToGeodetic(frame, item(out, 0), item(out, 1), item(out, 2), out);
      near(out[0], lat, 5e-13, "latitude");
      near(wrap180Deg(item(out, 1) - lon) * Math.cos((lat * Math.PI) / 180), 0, 5e-13, "longitude");
      near(out[2], h, 5e-8, "height");
    }),
    { numRuns: 1000 },
  );
});

test("moving from frame to frame is the same as going through the globe", () => {
  const out = new Float64Array(3);
  const direct = new Float64Array(3);
  const [a, b] = [enuFrame(...EL_PASO), enuFrame(31.9, -106.1, 1300)];
  geodeticToEnu(a, 31.8, -106.3, 1500, out);
  enuToOtherFrame(a, b, item(out, 0), item(out, 1), item(out, 2), out);
  geodeticToEnu(b, 31.8, -106.3, 1500, direct);
  nearAll(out, [...direct], 1e-8);
});

test("vectors are turned and keep their length; the rotation between frames is orthogonal and agrees", () => {
  const via = new Float64Array(3);
  const rotation = new Float64Array(9);
  const speed = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(latitude, longitude, latitude, longitude, speed, speed, speed, (lat1, lon1, lat2, lon2, east, north, up) => {
      const from = enuFrame(lat1, lon1, 0);
      const to = enuFrame(lat2, lon2, 0);
      enuVectorToEcef(from, east, north, up, via);
      near(Math.hypot(...via), Math.hypot(east, north, up), 1e-12);
      ecefVectorToEnu(to, item(via, 0), item(via, 1), item(via, 2), via);
      frameRotation(from, to, rotation);
      const r = (row: number): number =>
        item(rotation, row * 3) * east + item(rotation, row * 3 + 1) * north + item(rotation, row * 3 + 2) * up;
      nearAll(via, [r(0), r(1), r(2)], 1e-12);
      for (let i = 0; i < 3; i += 1) {
        for (let j = 0; j < 3; j += 1) {
          const dot = [0, 1, 2].reduce((sum, k) => sum + item(rotation, i * 3 + k) * item(rotation, j * 3 + k), 0);
          near(dot, i === j ? 1 : 0, 1e-14);
        }
      }
    }),
  );
});

test("batches do what the single calls do, in place too", () => {
  const frame = enuFrame(...EL_PASO);
  const points = Float64Array.from(SEEN_FROM_EL_PASO.flatMap(([lat, lon, h]) => [lat, lon, h]));
  const out = new Float64Array(points.length);
  geodeticToEnuBatch(frame, points, out, SEEN_FROM_EL_PASO.length);
  const single = new Float64Array(3);
  for (const [k, [lat, lon, h]] of SEEN_FROM_EL_PASO.entries()) {
    geodeticToEnu(frame, lat, lon, h, single);
    assert.deepEqual([...out.subarray(k * 3, k * 3 + 3)], [...single]);
  }
  enuToGeodeticBatch(frame, out, out, SEEN_FROM_EL_PASO.length);
  nearAll(out, [...points], 5e-8);
});

test("what is no number stays no number", () => {
  const out = new Float64Array(3);
  geodeticToEnu(enuFrame(0, 0, 0), Number.NaN, 0, 0, out);
  assert.ok(out.every(Number.isNaN));
  geodeticToEnu(enuFrame(Number.NaN, 0, 0), 1, 1, 1, out);
  assert.ok(out.every(Number.isNaN));
});
