import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodeMgrs, encodeMgrs, geodesicDistanceM, type MgrsDigits, type MgrsSquare } from "../src/index.ts";
import { near } from "./near.ts";

// GeoConvert of GeographicLib 2.1.2: `GeoConvert -m -p 0`. Norway and Svalbard have zones of their own width.
const ENCODED = [
  [60, 2.9999, "31VDG9999451411"],
  [60, 3, "32VJM6564066593"],
  [63.9999, 11.9999, "32VPS4669000455"],
  [72, 8.9999, "31XGV0663399233"],
  [75, 9, "33XUD2693132368"],
  [83.9999, 20.9999, "33XWP6989531725"],
  [-79.9999, -180, "01CDM4186716926"],
  [0, 0, "31NAA6602100000"],
  [-0.0001, 0, "31MAV6602199988"],
  [21.3, -157.8, "04QFJ2447055823"],
] as const;

// `GeoConvert -g -p 6`: the centre of the square named.
const DECODED = [
  ["31NAA", 0.451680204, -0.14386947806, 100_000],
  ["18SUJ2348306479", 38.88946739422, -77.03523639042, 1],
  ["04QFJ12345678", 21.30947809187, -157.91681890577, 10],
  ["56HLH3489952288", -33.85680211233, 151.2152883947, 1],
] as const;

function square(text: string): MgrsSquare {
  const decoded = decodeMgrs(text);
  if ("refused" in decoded) assert.fail(`${text}: ${decoded.refused.code}`);
  return decoded;
}

function reference(lat: number, lon: number, digits?: MgrsDigits): string {
  const encoded = encodeMgrs(lat, lon, digits);
  if ("refused" in encoded) assert.fail(`${lat} ${lon}: ${encoded.refused.code}`);
  return encoded.mgrs;
}

function refusal(text: string): string {
  const decoded = decodeMgrs(text);
  return "refused" in decoded ? decoded.refused.code : "taken";
}

test("references agree with GeographicLib, in the zones of Norway and Svalbard too", () => {
  for (const [lat, lon, mgrs] of ENCODED) assert.equal(reference(lat, lon), mgrs);
});

test("fewer digits cut the reference, they do not round it", () => {
  const digits = [5, 4, 3, 2, 1, 0] as const;
  assert.deepEqual(
    digits.map((count) => reference(83.9999, 20.9999, count)),
    ["33XWP6989531725", "33XWP69893172", "33XWP698317", "33XWP6931", "33XWP63", "33XWP"],
  );
});

test("centres of squares agree with GeographicLib within a millimetre", () => {
  for (const [text, lat, lon, sideM] of DECODED) {
    const decoded = square(text);
    near(geodesicDistanceM(decoded.latDeg, decoded.lonDeg, lat, lon), 0, 1e-3, text);
    assert.equal(decoded.sideM, sideM);
  }
});

test("blanks, small letters and a missing leading zero are how people write", () => {
  const expected = square("04QFJ1234567890");
  for (const text of ["4QFJ1234567890", "04q fj 12345 67890", " 4Q FJ\t12345 67890 "]) assert.deepEqual(square(text), expected);
});

test("a position lies in the square that its reference names, whatever the digits", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.double({ min: -80, max: 84, noNaN: true, maxExcluded: true }), fc.constantFrom(0, -1e-9, -1e-15, 8, 72, 83.9999999)),
      fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 0, 3, 6, 9, 21, 179.99999999999997, 180)),
      fc.constantFrom<MgrsDigits>(0, 1, 2, 3, 4, 5),
      (lat, lon, digits) => {
        const decoded = square(reference(lat, lon, digits));
        assert.equal(decoded.sideM, 10 ** (5 - digits));
        // Half the diagonal, the grid's scale error, and the series where zones are wide.
        const away = geodesicDistanceM(lat, lon, decoded.latDeg, decoded.lonDeg);
        assert.ok(away <= decoded.sideM * Math.SQRT1_2 * 1.003 + 0.05, `${lat} ${lon} ${digits}: ${away}`);
      },
    ),
    { numRuns: 3000 },
  );
});

test("the centre of a metre square is named by the square's own reference", () => {
  fc.assert(
    fc.property(fc.double({ min: -79, max: 83, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), (lat, lon) => {
      const text = reference(lat, lon);
      const decoded = square(text);
      const again = reference(decoded.latDeg, decoded.lonDeg);
      // Across a zone's edge the centre may carry the neighbour's name.
      if (again.slice(0, 3) === text.slice(0, 3)) assert.equal(again, text);
    }),
    { numRuns: 2000 },
  );
});

test("a reference read off the grid that a map carries on past its zone's edge is taken", () => {
  // GeoConvert -g -p 6: 1.4 degrees west of zone 20, in a square that zone 20 shares.
  const decoded = square("20XLF5255944610");
  near(geodesicDistanceM(decoded.latDeg, decoded.lonDeg, 72.45090715479, -67.38450460535), 0, 0.05);
});

test("a hair south of the equator is still south of it", () => {
  for (const lat of [-1e-8, -1e-10, -1e-15]) assert.equal(reference(lat, 0), "31MAV6602199999");
});

test("the antimeridian belongs to zone 1, however it is written", () => {
  assert.equal(reference(10, 180), reference(10, -180));
  assert.equal(reference(10, 180).slice(0, 2), "01");
  assert.equal(reference(0, 179.99999999999997).slice(0, 3), "01N");
  assert.equal(reference(10, 190), reference(10, -170));
});

test("what no grid reference exists for is refused by name when encoding", () => {
  for (const [lat, lon, code] of [
    [84, 0, "polar"],
    [90, 0, "polar"],
    [-80.0001, 0, "polar"],
    [90.1, 0, "not-a-position"],
    [Number.NaN, 0, "not-a-position"],
    [0, Number.NaN, "not-a-position"],
    [0, Number.POSITIVE_INFINITY, "not-a-position"],
  ] as const) {
    const encoded = encodeMgrs(lat, lon);
    assert.equal("refused" in encoded ? encoded.refused.code : encoded.mgrs, code);
  }
});

test("what is no grid reference is refused by name when decoding", () => {
  for (const [text, code] of [
    ["", "malformed"],
    ["18", "malformed"],
    ["18S", "malformed"],
    ["18SU", "malformed"],
    ["18SUJ1", "malformed"],
    ["18SUJ123", "malformed"],
    ["18SUJ123456789012", "malformed"],
    ["18SUJ12.456", "malformed"],
    ["18SUJ-123456", "malformed"],
    ["118SUJ1234", "malformed"],
    ["18IUJ1234", "malformed"],
    ["18OUJ1234", "malformed"],
    ["18SIJ1234", "malformed"],
    ["18SUO1234", "malformed"],
    ["18SUW1234", "malformed"],
    ["18\u017FUJ1234", "malformed"],
    ["18SUJ\u0661\u0662", "malformed"],
    ["00SUJ1234", "no-such-zone"],
    ["61SUJ1234", "no-such-zone"],
    ["32XNU1166928195", "no-such-zone"],
    ["34XDG1234", "no-such-zone"],
    ["36XVM1234", "no-such-zone"],
    ["18SAJ1234", "no-such-square"],
    ["18SJJ1234", "no-such-square"],
    ["18TUJ2348306479", "no-such-square"],
    ["31VFG1234", "no-such-square"],
    ["16GAR9604", "no-such-square"],
    // Row F begins at the equator, so no part of it lies in the southern band M.
    ["08MQF", "no-such-square"],
    ["YZA1234", "polar"],
    ["BAN", "polar"],
    [`18SUJ${"1".repeat(100)}`, "too-long"],
    [" ".repeat(1_000_000), "too-long"],
  ] as const) {
    assert.equal(refusal(text), code, text.slice(0, 40));
  }
});

test("no text makes the decoder throw, and what it takes is a position", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."0123456789ABCHJSUVXYZ \u017F.-".split("")), maxLength: 16 });
  const shaped = fc.tuple(fc.integer({ min: 0, max: 65 }), fc.stringMatching(/^[A-Z]{3}([0-9]{2}|[0-9]{4}|[0-9]{10})?$/));
  fc.assert(
    fc.property(
      fc.oneof(
        letters,
        shaped.map(([zone, rest]) => `${zone}${rest}`),
      ),
      (text) => {
        const decoded = decodeMgrs(text);
        if ("refused" in decoded) return;
        assert.ok(decoded.latDeg > -81.5 && decoded.latDeg < 85.5 && decoded.lonDeg >= -180 && decoded.lonDeg < 180, text);
      },
    ),
    { numRuns: 5000 },
  );
});
