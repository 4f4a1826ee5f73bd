import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  circleRing,
  distanceToCircleM,
  distanceToPolygonM,
  type GeoPolygon,
  geodesicDirect,
  geodesicDistanceM,
  geoPolygon,
  isInCircle,
  isInPolygon,
  type LatLon,
  MAX_POLYGON_VERTICES,
  nearestPolygonEdge,
  sectorRing,
} from "../src/index.ts";
import { item, near } from "./near.ts";

function ring(...corners: readonly (readonly [lat: number, lon: number])[]): readonly LatLon[] {
  return corners.map(([latDeg, lonDeg]) => ({ latDeg, lonDeg }));
}

function polygon(...rings: readonly (readonly LatLon[])[]): GeoPolygon {
  const made = geoPolygon(rings);
  if ("refused" in made) assert.fail(made.refused.code);
  return made.polygon;
}

function refusal(...rings: readonly (readonly LatLon[])[]): string {
  const made = geoPolygon(rings);
  return "refused" in made ? made.refused.code : "taken";
}

const BOX = ring([10, 20], [10, 21], [11, 21], [11, 20]);

test("a box holds what is inside it and nothing else", () => {
  const box = polygon(BOX);
  assert.ok(isInPolygon(box, 10.5, 20.5) && isInPolygon(box, 10.001, 20.001) && isInPolygon(box, 10.999, 20.999));
  for (const [lat, lon] of [
    [9.999, 20.5],
    [11.001, 20.5],
    [10.5, 19.999],
    [10.5, 21.001],
    [10.5, -20.5],
    [-10.5, 20.5],
  ] as const) {
    assert.ok(!isInPolygon(box, lat, lon), `${lat} ${lon}`);
  }
  assert.ok(isInPolygon(box, 10.5, 380.5) && isInPolygon(box, 10.5, -339.5), "a longitude may be written a turn away");
});

test("direction, starting corner and a repeated closing corner make no difference", () => {
  const shapes = [
    polygon(BOX),
    polygon([...BOX].reverse()),
    polygon([...BOX.slice(2), ...BOX.slice(0, 2)]),
    polygon([...BOX, ...BOX.slice(0, 1)]),
  ];
  fc.assert(
    fc.property(fc.double({ min: 9, max: 12, noNaN: true }), fc.double({ min: 19, max: 22, noNaN: true }), (lat, lon) => {
      const answers = shapes.map((shape) => isInPolygon(shape, lat, lon));
      assert.equal(new Set(answers).size, 1);
    }),
  );
});

test("a notch and a hole are outside", () => {
  const notched = polygon(ring([0, 0], [0, 4], [4, 4], [1, 2], [4, 0]));
  assert.ok(isInPolygon(notched, 0.5, 2) && !isInPolygon(notched, 3, 2) && isInPolygon(notched, 2.5, 0.5));
  const holed = polygon(BOX, ring([10.4, 20.4], [10.6, 20.4], [10.6, 20.6], [10.4, 20.6]));
  assert.ok(isInPolygon(holed, 10.2, 20.2) && !isInPolygon(holed, 10.5, 20.5));
  near(distanceToPolygonM(holed, 10.5, 20.59), geodesicDistanceM(10.5, 20.59, 10.5, 20.6), 0.01);
});

test("a ring apart from the first adds to the zone", () => {
  const islands = polygon(BOX, ring([20, 179], [20, -179], [21, 180]));
  assert.ok(isInPolygon(islands, 10.5, 20.5) && isInPolygon(islands, 20.5, 180) && !isInPolygon(islands, 15, 100));
});

test("a zone across the antimeridian answers as the same zone elsewhere does", () => {
  const shape = [
    [50, -1],
    [50.3, 1],
    [51, 1.2],
    [51.2, -0.7],
    [50.6, -0.2],
  ] as const;
  const at = (shift: number): GeoPolygon => polygon(ring(...shape.map(([lat, lon]) => [lat, ((lon + shift + 540) % 360) - 180] as const)));
  const home = at(0);
  for (const shift of [180, 179.5, -179.9, 90]) {
    const moved = at(shift);
    fc.assert(
      fc.property(fc.double({ min: 49, max: 52, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (lat, lon) => {
        const there = ((lon + shift + 540) % 360) - 180;
        const edge = nearestPolygonEdge(home, lat, lon);
        // Turning the globe rounds longitudes: closer than a millimetre to an edge either answer is right.
        if (edge.distanceM > 1e-3) assert.equal(isInPolygon(moved, lat, there), isInPolygon(home, lat, lon));
        near(nearestPolygonEdge(moved, lat, there).distanceM, edge.distanceM, 1e-3);
      }),
      { numRuns: 200 },
    );
  }
});

test("a hole written on the other side of the antimeridian still cuts its zone", () => {
  const holed = polygon(ring([0, 178], [0, -178], [4, -178], [4, 178]), ring([1, -179.5], [3, -179.5], [3, -178.5], [1, -178.5]));
  assert.ok(!isInPolygon(holed, 2, -179) && isInPolygon(holed, 2, 179) && isInPolygon(holed, 2, 180) && !isInPolygon(holed, 2, 177));
});

/** The least geodesic distance to an edge, by searching it: slow and independent of the flat Earth. */
function searchedEdgeM(shape: GeoPolygon, lat: number, lon: number): number {
  let best = Number.POSITIVE_INFINITY;
  const v = shape.latLonDeg;
  for (let at = 0; at + 3 < v.length; at += 2) {
    const along = (share: number): number =>
      geodesicDistanceM(
        lat,
        lon,
        item(v, at) + share * (item(v, at + 2) - item(v, at)),
        item(v, at + 1) + share * (item(v, at + 3) - item(v, at + 1)),
      );
    let low = 0;
    let high = 1;
    for (let step = 0; step < 60; step += 1) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (along(a) < along(b)) high = b;
      else low = a;
    }
    best = Math.min(best, along((low + high) / 2));
  }
  return best;
}

test("the distance to an edge keeps the errors that the README states", () => {
  for (const [sizeM, awayM, relative] of [
    [5e3, 2e4, 5e-6],
    [5e4, 1e5, 1.5e-4],
  ] as const) {
    fc.assert(
      fc.property(
        fc.double({ min: -75, max: 75, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 3, maxLength: 8 }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: 0, max: awayM, noNaN: true }),
        (lat, lon, radii, azimuth, distance) => {
          const shape = polygon(radii.map((radius, k) => geodesicDirect(lat, lon, (360 * k) / radii.length, sizeM * radius)));
          const from = geodesicDirect(lat, lon, azimuth, distance);
          const found = nearestPolygonEdge(shape, from.latDeg, from.lonDeg);
          const searched = searchedEdgeM(shape, from.latDeg, from.lonDeg);
          near(found.distanceM, searched, Math.max(searched, sizeM * 0.1) * relative);
          near(geodesicDistanceM(from.latDeg, from.lonDeg, found.latDeg, found.lonDeg), found.distanceM, 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  }
});

test("inside a polygon the distance to it is nothing, the distance to its edge is not", () => {
  const box = polygon(BOX);
  assert.equal(distanceToPolygonM(box, 10.5, 20.5), 0);
  near(nearestPolygonEdge(box, 10.5, 20.9).distanceM, geodesicDistanceM(10.5, 20.9, 10.5, 21), 0.01);
  near(distanceToPolygonM(box, 12, 22), geodesicDistanceM(12, 22, 11, 21), 1e-6);
});

test("rings that no warning zone can be are refused by name", () => {
  assert.equal(refusal(), "no-ring");
  assert.equal(refusal([]), "too-few-vertices");
  assert.equal(refusal(ring([0, 0], [1, 1])), "too-few-vertices");
  assert.equal(refusal(ring([0, 0], [1, 1], [0, 0])), "too-few-vertices");
  assert.equal(refusal(ring([0, 0], [1, 1], [2, 2])), "no-area");
  assert.equal(refusal(ring([5, 5], [5, 5], [5, 5], [5, 5])), "no-area");
  assert.equal(refusal(ring([-80, -180], [-80, 180], [80, 180], [80, -180])), "no-area");
  assert.equal(refusal(ring([0, 0], [0, 180], [10, 90])), "half-turn-edge");
  assert.equal(refusal(ring([80, 0], [80, 120], [80, -120])), "encloses-pole");
  assert.equal(refusal(ring([0, 0], [91, 0], [0, 1])), "not-a-position");
  assert.equal(refusal(ring([Number.NaN, 0], [1, 0], [0, 1])), "not-a-position");
  assert.equal(refusal(ring([0, 0], [1, Number.POSITIVE_INFINITY], [0, 1])), "not-a-position");
  assert.equal(refusal(BOX, ring([10.5, 20.5], [10.6, 20.6])), "too-few-vertices");
  const round = Array.from({ length: MAX_POLYGON_VERTICES }, (_, k) => geodesicDirect(0, 0, (360 * k) / MAX_POLYGON_VERTICES, 1e4));
  assert.equal(refusal(round), "too-many-vertices");
  assert.equal(refusal(round.slice(1)), "taken");
});

test("a ring that crosses itself is taken and counted by the even-odd rule", () => {
  const bow = polygon(ring([0, 0], [2, 2], [2, 0], [0, 2]));
  assert.ok(isInPolygon(bow, 1.8, 1) && isInPolygon(bow, 0.2, 1) && !isInPolygon(bow, 1, 0.2) && !isInPolygon(bow, 1, 1.8));
});

test("a circle holds its rim's inside, across the antimeridian and over the pole", () => {
  for (const centre of [
    { latDeg: 10, lonDeg: 179.99 },
    { latDeg: 89.99, lonDeg: 0 },
    { latDeg: -33, lonDeg: 151 },
  ]) {
    for (const azimuth of [0, 77, 180, 271]) {
      const inside = geodesicDirect(centre.latDeg, centre.lonDeg, azimuth, 4999.99);
      const outside = geodesicDirect(centre.latDeg, centre.lonDeg, azimuth, 5100);
      assert.ok(isInCircle(centre, 5000, inside.latDeg, inside.lonDeg));
      assert.ok(!isInCircle(centre, 5000, outside.latDeg, outside.lonDeg));
      assert.equal(distanceToCircleM(centre, 5000, inside.latDeg, inside.lonDeg), 0);
      near(distanceToCircleM(centre, 5000, outside.latDeg, outside.lonDeg), 100, 1e-6);
    }
  }
});

test("a drawn circle is closed to the bit, counter-clockwise, on the rim and without jumps", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -84, max: 84, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: 1, max: 3e5, noNaN: true }),
      (latDeg, lonDeg, radiusM) => {
        const drawn = circleRing({ latDeg, lonDeg }, radiusM, 36);
        assert.equal(drawn.length, 74);
        assert.equal(drawn[0], drawn[72]);
        assert.equal(drawn[1], drawn[73]);
        let twiceArea = 0;
        for (let at = 0; at < 72; at += 2) {
          near(geodesicDistanceM(latDeg, lonDeg, item(drawn, at + 1), item(drawn, at)), radiusM, 1e-3);
          assert.ok(Math.abs(item(drawn, at + 2) - item(drawn, at)) < 90);
          twiceArea +=
            (item(drawn, at) - item(drawn, 0)) * (item(drawn, at + 3) - item(drawn, 1)) -
            (item(drawn, at + 2) - item(drawn, 0)) * (item(drawn, at + 1) - item(drawn, 1));
        }
        assert.ok(twiceArea > 0);
      },
    ),
  );
});

test("a drawn sector runs from its centre along the rim and holds what lies between its azimuths", () => {
  const centre = { latDeg: 40, lonDeg: 179.999 };
  const drawn = sectorRing(centre, 2000, 300, 60);
  assert.deepEqual([...drawn.subarray(0, 2)], [179.999, 40]);
  assert.deepEqual([...drawn.subarray(-2)], [179.999, 40]);
  const shape = polygon(
    Array.from({ length: drawn.length / 2 }, (_, k) => ({ lonDeg: item(drawn, k * 2), latDeg: item(drawn, k * 2 + 1) })),
  );
  for (const [azimuth, inside] of [
    [0, true],
    [59, true],
    [301, true],
    [61, false],
    [180, false],
    [299, false],
  ] as const) {
    const point = geodesicDirect(centre.latDeg, centre.lonDeg, azimuth, 1000);
    assert.equal(isInPolygon(shape, point.latDeg, point.lonDeg), inside, `${azimuth}`);
  }
  assert.equal(sectorRing(centre, 2000, 10, 10).length, circleRing(centre, 2000).length + 4);
});

test("what is no position is inside nothing and at no distance", () => {
  const box = polygon(BOX);
  for (const [lat, lon] of [
    [Number.NaN, 20.5],
    [10.5, Number.NaN],
    [10.5, Number.POSITIVE_INFINITY],
  ] as const) {
    assert.ok(!isInPolygon(box, lat, lon));
    assert.ok(!isInCircle({ latDeg: 10, lonDeg: 20 }, 1e6, lat, lon));
    assert.ok(Number.isNaN(distanceToPolygonM(box, lat, lon)));
    assert.ok(Number.isNaN(distanceToCircleM({ latDeg: 10, lonDeg: 20 }, 1e6, lat, lon)));
  }
  assert.throws(() => circleRing({ latDeg: 0, lonDeg: 0 }, 1, 2), RangeError);
  assert.throws(() => sectorRing({ latDeg: 0, lonDeg: 0 }, 1, 0, 90, Number.NaN), RangeError);
});
