import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { geoidHeightM, haeFromMslM, mslFromHaeM } from "../src/index.ts";
import { near } from "./near.ts";

// The six points that NGA distributes with its EGM96 interpolation program (INPUT.DAT, OUTINTPT.DAT): latitude, longitude, metres.
const PUBLISHED = [
  [38.628155, 269.779155, -31.628],
  [-14.621217, 305.021114, -2.969],
  [46.874319, 102.448729, -43.575],
  [-23.617446, 133.874712, 15.871],
  [38.625473, 359.9995, 50.066],
  [-0.466744, 0.0023, 17.329],
] as const;

// The same points through PROJ 9.1.1: cct +proj=vgridshift +grids=egm96_15.gtx, which interpolates its own copy of the grid bilinearly.
const PROJ_BILINEAR = [-31.608983, -2.965771, -43.616627, 15.926871, 50.035957, 17.336138] as const;

test("geoid heights agree with NGA's published points within 6 cm, and with PROJ's grid within its rounding", () => {
  for (const [k, [lat, lon, published]] of PUBLISHED.entries()) {
    near(geoidHeightM(lat, lon), published, 0.06, `published ${lat} ${lon}`);
    near(geoidHeightM(lat, lon), PROJ_BILINEAR[k] ?? Number.NaN, 0.0055, `PROJ ${lat} ${lon}`);
  }
});

test("the poles, the antimeridian and every way of writing a longitude have one answer", () => {
  assert.equal(geoidHeightM(90, 12), 13.61);
  near(geoidHeightM(-90, 12), -29.53, 1e-9);
  near(geoidHeightM(45, 180), geoidHeightM(45, -180), 1e-9);
  near(geoidHeightM(45, 180 - 1e-9), geoidHeightM(45, -180 + 1e-9), 1e-6);
  near(geoidHeightM(38.6, 359.5), geoidHeightM(38.6, -0.5), 1e-9);
  // Just west of Greenwich the package's own wrapping would read past the end of its grid.
  for (const lon of [-1e-17, -1e-15, -1e-13, -1e-11, 0, 1e-17]) assert.equal(geoidHeightM(90, lon), 13.61);
  // And a rounding away from the antimeridian it would extrapolate along the whole row.
  for (const lon of [179.99999999999997, -179.99999999999997, 180 - 1e-12, 180 - 2e-12]) near(geoidHeightM(0, lon), 21.15, 1e-9);
});

test("heights stay within the geoid's range everywhere and are continuous", () => {
  fc.assert(
    fc.property(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), (lat, lon) => {
      const height = geoidHeightM(lat, lon);
      assert.ok(height > -107.1 && height < 85.5);
      near(geoidHeightM(Math.max(-90, lat - 1e-9), lon + 1e-9), height, 1e-6);
    }),
    { numRuns: 2000 },
  );
});

test("heights above sea level and above the ellipsoid turn into each other", () => {
  // El Paso: the geoid lies about 24 m below the ellipsoid, so a height above sea level is the larger number.
  const msl = mslFromHaeM(31.7619, -106.485, 1116);
  assert.ok(msl > 1135 && msl < 1145);
  near(haeFromMslM(31.7619, -106.485, msl), 1116, 1e-9);
});

test("what is no position gives no number", () => {
  for (const [lat, lon] of [
    [90.0001, 0],
    [-91, 0],
    [Number.NaN, 0],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    assert.ok(Number.isNaN(geoidHeightM(lat, lon)));
    assert.ok(Number.isNaN(haeFromMslM(lat, lon, 10)));
  }
});
