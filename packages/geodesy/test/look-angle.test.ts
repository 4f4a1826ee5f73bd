import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { enuFrame, enuToLook, geodeticToLook, lookBetween, lookToEnu, lookToGeodetic, pointSeenAt, wrap180Deg } from "../src/index.ts";
import { item, near, nearAll } from "./near.ts";

const EL_PASO = { latDeg: 31.7619, lonDeg: -106.485, heightHaeM: 1140 };

// East, north and up of CartConvert (GeographicLib 2.1.2), turned into angles with Python's math.atan2 and math.hypot.
const SEEN = [
  [{ latDeg: 31.8, lonDeg: -106.3, heightHaeM: 1500 }, [76.39619260807444, 1.0630473322591572, 18032.05574777769]],
  [{ latDeg: 31.5, lonDeg: -107, heightHaeM: 3000 }, [239.40927712414427, 1.618371009830537, 56885.07310044798]],
] as const;

test("a sensor's azimuth, elevation and range agree with GeographicLib's local coordinates", () => {
  for (const [target, [azimuth, elevation, range]] of SEEN) {
    const look = lookBetween(EL_PASO, target);
    near(look.azimuthDeg, azimuth, 1e-11);
    near(look.elevationDeg, elevation, 1e-11);
    near(look.slantRangeM, range, 1e-8);
  }
});

test("a target at the same height far away lies below the horizon", () => {
  const look = lookBetween({ latDeg: 40, lonDeg: -3, heightHaeM: 700 }, { latDeg: 40, lonDeg: -2.8, heightHaeM: 700 });
  near(look.azimuthDeg, 90 - 0.0643, 1e-3);
  near(look.elevationDeg, -0.0767, 1e-3);
});

test("the four cardinal directions and straight up", () => {
  const out = new Float64Array(3);
  for (const [east, north, up, azimuth, elevation] of [
    [0, 1, 0, 0, 0],
    [1, 0, 0, Math.PI / 2, 0],
    [0, -1, 0, Math.PI, 0],
    [-1, 0, 0, (3 * Math.PI) / 2, 0],
    [0, 0, 1, 0, Math.PI / 2],
    [0, 0, -1, 0, -Math.PI / 2],
    [-0, -0, 1, 0, Math.PI / 2],
  ] as const) {
    enuToLook(east, north, up, out);
    nearAll(out, [azimuth, elevation, 1], 1e-15);
  }
  enuToLook(0, 0, 0, out);
  assert.deepEqual([...out], [0, 0, 0]);
  enuToLook(-1e-300, 1, 0, out);
  assert.ok(item(out, 0) >= 0 && item(out, 0) < 2 * Math.PI);
});

test("what is seen is where it was, up to 400 km away and everywhere on Earth", () => {
  const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(90, -90));
  fc.assert(
    fc.property(
      latitude,
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: 0, max: 2 * Math.PI, noNaN: true, maxExcluded: true }),
      fc.double({ min: -1.5, max: 1.5, noNaN: true }),
      fc.double({ min: 1, max: 4e5, noNaN: true }),
      (lat, lon, azimuth, elevation, range) => {
        const frame = enuFrame(lat, lon, 500);
        const out = new Float64Array(3);
        lookToGeodetic(frame, azimuth, elevation, range, out);
        geodeticToLook(frame, item(out, 0), item(out, 1), item(out, 2), out);
        const ground = range * Math.cos(elevation);
        near(Math.sin(item(out, 0) - azimuth) * ground, 0, 5e-8, "azimuth");
        near((item(out, 1) - elevation) * range, 0, 5e-8, "elevation");
        near(out[2], range, 5e-8, "range");
      },
    ),
    { numRuns: 1000 },
  );
});

test("points and look angles in degrees are each other's inverse", () => {
  const look = { azimuthDeg: 359.99, elevationDeg: 12.5, slantRangeM: 4300 };
  const again = lookBetween(EL_PASO, pointSeenAt(EL_PASO, look));
  near(wrap180Deg(again.azimuthDeg - look.azimuthDeg), 0, 1e-9);
  near(again.elevationDeg, look.elevationDeg, 1e-9);
  near(again.slantRangeM, look.slantRangeM, 1e-8);
});

test("what is no number stays no number", () => {
  const out = new Float64Array(3);
  enuToLook(Number.NaN, 0, 0, out);
  assert.ok(out.every(Number.isNaN));
  lookToEnu(0, Number.NaN, 1, out);
  assert.ok(out.every(Number.isNaN));
});
