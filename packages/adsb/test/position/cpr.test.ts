// Positions survive the compact form all over the globe, and pairs that contradict themselves give none.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeCpr, globalAirborne, globalSurface, localPosition, longitudeZones, positionIntegrity } from "../../src/index.ts";

const latitude = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(-90, 90, 0, -0, 87, -87, 89.9999999, -89.9999999, 86.5, 88.5, 45, 10.470471299968775),
  fc.integer({ min: -131_072 * 15, max: 131_072 * 15 }).map((steps) => (steps * 6) / 131_072),
);
const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 0, 179.9999999, -179.9999999, 90, -90),
);

/** Half a step of 17 bits in each direction, and the rounding of a double. */
function assertNear(out: Float64Array, lat: number, lon: number, isOdd: boolean, isSurface: boolean): void {
  const turn = isSurface ? 90 : 360;
  const latStep = turn / (isOdd ? 59 : 60) / 131_072;
  assert.ok(Math.abs(out[0]! - lat) <= latStep / 2 + 1e-12, `latitude ${out[0]} of ${lat}`);
  assert.ok(out[0]! >= -90 - latStep && out[0]! <= 90 + latStep);
  const zones = Math.max(longitudeZones(out[0]!) - (isOdd ? 1 : 0), 1);
  const difference = ((((out[1]! - lon) % 360) + 540) % 360) - 180;
  assert.ok(Math.abs(difference) <= turn / zones / 131_072 / 2 + 1e-9, `longitude ${out[1]} of ${lon}`);
  assert.ok(out[1]! >= -180 && out[1]! < 180, `${out[1]}`);
}

function halves(lat: number, lon: number, isSurface: boolean): { readonly even: Int32Array; readonly odd: Int32Array } {
  const even = new Int32Array(2);
  const odd = new Int32Array(2);
  encodeCpr(lat, lon, false, isSurface, even);
  encodeCpr(lat, lon, true, isSurface, odd);
  for (const value of [...even, ...odd]) assert.ok(value >= 0 && value < 131_072);
  return { even, odd };
}

/** Whether both halves of a position fall into the same number of longitude zones, as they are decoded. */
function haveSameZones(lat: number, isSurface: boolean): boolean {
  const turn = isSurface ? 90 : 360;
  const rounded = (zones: number): number => {
    const step = turn / zones / 131_072;
    return Math.floor(lat / step + 0.5) * step;
  };
  return longitudeZones(rounded(60)) === longitudeZones(rounded(59));
}

test("the number of longitude zones falls where the formula says, at every latitude that a frame can give", () => {
  const published = [
    10.4704713, 14.82817437, 18.18626357, 21.02939493, 23.54504487, 25.82924707, 27.9389871, 29.91135686, 31.77209708, 33.53993436,
    35.22899598, 36.85025108, 38.41241892, 39.92256684, 41.38651832, 42.80914012, 44.19454951, 45.54626723, 46.86733252, 48.16039128,
    49.42776439, 50.67150166, 51.89342469, 53.09516153, 54.27817472, 55.44378444, 56.59318756, 57.72747354, 58.84763776, 59.95459277,
    61.04917774, 62.13216659, 63.20427479, 64.26616523, 65.3184531, 66.36171008, 67.39646774, 68.42322022, 69.44242631, 70.45451075,
    71.45986473, 72.45884545, 73.45177442, 74.43893416, 75.42056257, 76.39684391, 77.36789461, 78.33374083, 79.29428225, 80.24923213,
    81.19801349, 82.13956981, 83.07199445, 83.99173563, 84.89166191, 85.75541621, 86.53536998, 87,
  ];
  assert.equal(published.length, 58);
  for (const [k, latDeg] of published.entries()) {
    const formula = (Math.acos(Math.sqrt((1 - Math.cos(Math.PI / 30)) / (1 - Math.cos((2 * Math.PI) / (59 - k))))) * 180) / Math.PI;
    assert.ok(Math.abs(latDeg - formula) < 6e-9, `${latDeg}`);
    for (const sign of [1, -1]) {
      assert.equal(longitudeZones(sign * (latDeg - 2e-8)), 59 - k);
      assert.equal(longitudeZones(sign * (latDeg + 2e-8)), 58 - k);
    }
  }
  // At 87° itself the formula's value is 2, and 87° is a latitude that even frames can say.
  assert.deepEqual([0, 87, -87, 87.0000001, 90, -90].map(longitudeZones), [59, 2, 2, 1, 1, 1]);
  // No latitude of the air or the surface falls between the published figure and the exact one: both lead to the same zones.
  for (const step of [6 / 131_072, 360 / 59 / 131_072, 1.5 / 131_072, 90 / 59 / 131_072]) {
    for (const [k, latDeg] of published.slice(0, -1).entries()) {
      for (const steps of [Math.floor(latDeg / step), Math.ceil(latDeg / step)]) {
        assert.equal(longitudeZones(steps * step), steps * step < latDeg ? 59 - k : 58 - k);
      }
    }
  }
});

test("an even and an odd frame give the position of the newer one, anywhere in the air", () => {
  let ambiguous = 0;
  fc.assert(
    fc.property(latitude, longitude, fc.boolean(), (lat, lon, isOddNewer) => {
      const { even, odd } = halves(lat, lon, false);
      const out = new Float64Array(2);
      const isAnswered = globalAirborne(even[0]!, even[1]!, odd[0]!, odd[1]!, isOddNewer, out);
      assert.equal(isAnswered, haveSameZones(lat, false), "no answer only where the zones differ");
      if (isAnswered) assertNear(out, lat, lon, isOddNewer, false);
      else ambiguous += 1;
    }),
    { numRuns: 50_000 },
  );
  assert.ok(ambiguous < 500, `${ambiguous} without an answer`);
});

test("on the surface a reference within 45 degrees chooses among the eight places", () => {
  fc.assert(
    fc.property(
      latitude,
      longitude,
      fc.boolean(),
      fc.double({ min: -44.9, max: 44.9, noNaN: true }),
      fc.double({ min: -44.9, max: 44.9, noNaN: true }),
      (lat, lon, isOddNewer, north, east) => {
        const { even, odd } = halves(lat, lon, true);
        const out = new Float64Array(2);
        const referenceLat = Math.max(-90, Math.min(90, lat + north));
        const isAnswered = globalSurface(even[0]!, even[1]!, odd[0]!, odd[1]!, isOddNewer, referenceLat, lon + east, out);
        assert.equal(isAnswered, haveSameZones(lat, true));
        if (isAnswered) assertNear(out, lat, lon, isOddNewer, true);
      },
    ),
    { numRuns: 50_000 },
  );
});

test("one frame near a reference gives the position, across the antimeridian too", () => {
  fc.assert(
    fc.property(
      latitude,
      longitude,
      fc.boolean(),
      fc.boolean(),
      fc.double({ min: -0.49, max: 0.49, noNaN: true }),
      fc.double({ min: -0.49, max: 0.49, noNaN: true }),
      (lat, lon, isOdd, isSurface, north, east) => {
        const half = new Int32Array(2);
        encodeCpr(lat, lon, isOdd, isSurface, half);
        const turn = isSurface ? 90 : 360;
        const height = turn / (isOdd ? 59 : 60);
        // As far as half a zone: its width is that at the latitude which comes out.
        const rounded = Math.floor((lat / height) * 131_072 + 0.5) * (height / 131_072);
        const width = turn / Math.max(longitudeZones(rounded) - (isOdd ? 1 : 0), 1);
        const out = new Float64Array(2);
        if (!localPosition(half[0]!, half[1]!, isOdd, isSurface, lat + north * height, lon + east * width, out)) {
          assert.ok(Math.abs(lat) > 90 - height / 131_072, "none only beyond a pole");
          return;
        }
        assertNear(out, lat, lon, isOdd, isSurface);
      },
    ),
    { numRuns: 50_000 },
  );
});

test("any two numbers of 17 bits give a place on Earth or none", () => {
  const raw = fc.integer({ min: 0, max: 131_071 });
  fc.assert(
    fc.property(raw, raw, raw, raw, fc.boolean(), latitude, longitude, (evenLat, evenLon, oddLat, oddLon, isOdd, lat, lon) => {
      const out = new Float64Array(2);
      const answers = [
        globalAirborne(evenLat, evenLon, oddLat, oddLon, isOdd, out),
        globalSurface(evenLat, evenLon, oddLat, oddLon, isOdd, lat, lon, out, 0),
        localPosition(evenLat, evenLon, isOdd, true, lat, lon, out),
      ];
      if (answers[2]) assert.ok(Math.abs(out[0]!) <= 90 && out[1]! >= -180 && out[1]! < 180);
      if (globalAirborne(evenLat, evenLon, oddLat, oddLon, isOdd, out))
        assert.ok(Math.abs(out[0]!) <= 90 && out[1]! >= -180 && out[1]! < 180);
      if (globalSurface(evenLat, evenLon, oddLat, oddLon, isOdd, lat, lon, out))
        assert.ok(Math.abs(out[0]!) <= 90 && out[1]! >= -180 && out[1]! < 180);
    }),
    { numRuns: 20_000 },
  );
});

test("worked examples: over the Netherlands, Luxembourg and Spain in the air, at Schiphol and Toulouse on the ground", () => {
  const out = new Float64Array(2);
  // J. Sun, "The 1090 Megahertz Riddle": 8D40621D58C382D690C8AC2863A7 (newer) and 8D40621D58C386435CC412692AD6.
  assert.ok(globalAirborne(93_000, 51_372, 74_158, 50_194, false, out));
  assert.deepEqual(
    [...out].map((value) => Math.round(value * 1e5) / 1e5),
    [52.2572, 3.91937],
  );
  // jet1090 (MIT), tests of its cpr module: 8D40058B58C901375147EFD09357 and 8D40058B58C904A87F402D3B8C59 (newer).
  assert.ok(globalAirborne(39_848, 83_951, 21_567, 81_965, true, out));
  assert.deepEqual(
    [...out].map((value) => Math.round(value * 1e5) / 1e5),
    [49.81755, 6.08442],
  );
  // The same book, near Schiphol: 8C4841753AAB238733C8CD4020B1 and 8C4841753A8A35323FAEBDAC702D (newer).
  assert.ok(globalSurface(115_609, 116_941, 39_199, 110_269, true, 51.99, 4.375, out));
  assert.deepEqual(
    [...out].map((value) => Math.round(value * 1e5) / 1e5),
    [52.32061, 4.73473],
  );
  // 903A23FF426A4E65F7487A775D17 alone, on a taxiway of Toulouse.
  assert.ok(localPosition(78_587, 84_090, true, true, 43.63, 1.37, out));
  assert.deepEqual(
    [...out].map((value) => Math.round(value * 1e5) / 1e5),
    [43.62646, 1.37476],
  );
});

test("integrity by type code and supplements is that of DO-260B table 2-14", () => {
  const nic = (typeCode: number, a: boolean, other: boolean): readonly [number, number | undefined] => {
    const { nic: category, radiusM } = positionIntegrity(typeCode, a, other);
    return [category, radiusM === undefined ? undefined : Math.round(radiusM * 10) / 10];
  };
  assert.deepEqual(
    [5, 6, 9, 10, 12, 14, 15, 17, 18, 20, 21, 22, 0].map((typeCode) => nic(typeCode, false, false)),
    [
      [11, 7.5],
      [10, 25],
      [11, 7.5],
      [10, 25],
      [7, 370.4],
      [5, 1852],
      [4, 3704],
      [1, 37_040],
      [0, undefined],
      [11, 7.5],
      [10, 25],
      [0, undefined],
      [0, undefined],
    ],
  );
  const pairs = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ] as const;
  assert.deepEqual(
    [7, 8, 11, 13, 16].map((typeCode) => pairs.map(([a, other]) => nic(typeCode, a, other))),
    [
      [
        [8, 185.2],
        [8, 185.2],
        [9, 75],
        [9, 75],
      ],
      [
        [0, undefined],
        [6, 1111.2],
        [6, 555.6],
        [7, 370.4],
      ],
      [
        [8, 185.2],
        [8, 185.2],
        [8, 185.2],
        [9, 75],
      ],
      [
        [6, 926],
        [6, 555.6],
        [6, 926],
        [6, 1111.2],
      ],
      [
        [2, 14_816],
        [2, 14_816],
        [2, 14_816],
        [3, 7408],
      ],
    ],
  );
});
