import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { flatDistanceM, geodesicDirect, geodesicDistanceM, geodesicInverse, wrap180Deg, wrap360Deg } from "../src/index.ts";
import { near } from "./near.ts";

// GeodSolve of GeographicLib 2.1.2, `GeodSolve -i -f -p 9`. The second pair is nearly antipodal, where older methods do not converge.
const INVERSE = [
  [40.6, -73.8, 51.6, -0.5, 51.19888284557983, 107.82177673551426, 5551759.400318678],
  [0, 0, 0.5, 179.7, 15.55688279349054, 164.44251389085494, 19944127.420750458],
  [31.7619, -106.485, 31.8, -106.3, 76.39620745828982, 76.49364206523911, 18024.739910579],
  [-89.9, 10, 89.9, -170.5, 89.75052836137598, 89.75052836137598, 20003834.090525445],
  [10, 179.5, 11, -179.5, 44.6122489341116, 44.79449593059662, 155620.201738441],
  [0, 0, 0, 179.5, 55.96649514015864, 124.03350485984137, 19980861.908890963],
] as const;

// `GeodSolve -f -p 9`
const DIRECT = [
  [31.7619, -106.485, 75.5, 12000, 31.78893764260934, -106.36233184118736, 75.56459598334143],
  [0, 179.9, 90, 50000, 0, -179.65084235794023, 90],
  [89.9, 0, 0, 50000, 89.65234825431592, -180, 180],
] as const;

test("distance and azimuths agree with GeographicLib, nearly antipodal points included", () => {
  for (const [lat1, lon1, lat2, lon2, azimuth, arrival, distance] of INVERSE) {
    const path = geodesicInverse(lat1, lon1, lat2, lon2);
    near(path.distanceM, distance, 1.5e-8);
    near(path.azimuthDeg, azimuth, 1e-9);
    near(path.arrivalAzimuthDeg, arrival, 1e-9);
    assert.equal(geodesicDistanceM(lat1, lon1, lat2, lon2), path.distanceM);
  }
});

test("the end of a path agrees with GeographicLib, across the antimeridian and over the pole", () => {
  for (const [lat1, lon1, azimuth, distance, lat2, lon2, arrival] of DIRECT) {
    const end = geodesicDirect(lat1, lon1, azimuth, distance);
    near(end.latDeg, lat2, 1e-12);
    near(end.lonDeg, lon2, 1e-12);
    near(end.arrivalAzimuthDeg, arrival, 1e-12);
  }
});

test("direct and inverse undo each other", () => {
  const latitude = fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(90, -90, 0));
  const longitude = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(180, -180));
  fc.assert(
    fc.property(latitude, longitude, latitude, longitude, (lat1, lon1, lat2, lon2) => {
      const path = geodesicInverse(lat1, lon1, lat2, lon2);
      assert.ok(path.azimuthDeg >= 0 && path.azimuthDeg < 360);
      const end = geodesicDirect(lat1, lon1, path.azimuthDeg, path.distanceM);
      assert.ok(end.lonDeg >= -180 && end.lonDeg < 180);
      near(geodesicDistanceM(lat2, lon2, end.latDeg, end.lonDeg), 0, 5e-8);
    }),
    { numRuns: 500 },
  );
});

test("the flat distance keeps the errors that the README states", () => {
  for (const [latitudeLimit, reach, relative] of [
    [60, 1e4, 1e-6],
    [60, 5e4, 1.2e-5],
    [60, 1e5, 5e-5],
    [75, 5e4, 5e-5],
    [75, 1e5, 2e-4],
    [85, 1e4, 2e-5],
    [85, 5e4, 5e-4],
  ] as const) {
    fc.assert(
      fc.property(
        fc.double({ min: -latitudeLimit, max: latitudeLimit, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 1, max: reach, noNaN: true }),
        (lat, lon, azimuth, distance) => {
          const end = geodesicDirect(lat, lon, azimuth, distance);
          near(flatDistanceM(lat, lon, end.latDeg, end.lonDeg), distance, distance * relative + 1e-6);
        },
      ),
      { numRuns: 300 },
    );
  }
});

test("the flat distance does not see the antimeridian and is the same both ways", () => {
  near(flatDistanceM(10, 179.95, 10, -179.95), geodesicDistanceM(10, 179.95, 10, -179.95), 0.01);
  assert.equal(flatDistanceM(10, 20, 10.1, 20.1), flatDistanceM(10.1, 20.1, 10, 20));
});

test("coincident points have no distance, and what is no position gives no number", () => {
  assert.equal(geodesicDistanceM(40, -3, 40, -3), 0);
  assert.equal(flatDistanceM(40, -3, 40, -3), 0);
  assert.ok(Number.isNaN(geodesicDistanceM(91, 0, 0, 0)));
  assert.ok(Number.isNaN(geodesicDistanceM(Number.NaN, 0, 0, 0)));
  assert.ok(Number.isNaN(geodesicInverse(0, Number.NaN, 0, 0).azimuthDeg));
  assert.ok(Number.isNaN(geodesicDirect(0, 0, 0, Number.NaN).latDeg));
  assert.ok(Number.isNaN(flatDistanceM(0, 0, Number.NaN, 0)));
});

test("azimuths agree with the back azimuth of the way home", () => {
  const there = geodesicInverse(31.7619, -106.485, 31.8, -106.3);
  const home = geodesicInverse(31.8, -106.3, 31.7619, -106.485);
  near(wrap180Deg(wrap360Deg(there.arrivalAzimuthDeg + 180) - home.azimuthDeg), 0, 1e-9);
});
