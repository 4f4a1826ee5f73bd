// What is refused, by which name, and does the rest go on?
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type Context, explain, type Fix, LIMITS, type Refusal, readElements, type Sighting, type UnknownTrack } from "../src/index.ts";
import { ORACLE_ELEMENTS } from "./oracle-satellites.ts";
import { BEFORE_DAWN, explained, found, NOON, POST, refusedAs, sighting, straight } from "./scenes.ts";

test("each sighting that cannot be worked with is refused by name", () => {
  const cases: readonly (readonly [Partial<Sighting>, Refusal["code"]])[] = [
    [{ timeUnixMs: Date.UTC(1900, 0, 1) }, "bad-time"],
    [{ timeUnixMs: Date.UTC(2200, 0, 1) }, "bad-time"],
    [{ timeUnixMs: Number.NaN }, "bad-time"],
    [{ timeSigmaMs: -1 }, "bad-error"],
    [{ timeSigmaMs: Number.POSITIVE_INFINITY }, "bad-error"],
    [{ observer: { ...POST, latDeg: 90 } }, "near-pole"],
    [{ observer: { ...POST, latDeg: -89.95 } }, "near-pole"],
    [{ observer: { ...POST, latDeg: 91 } }, "bad-place"],
    [{ observer: { ...POST, lonDeg: Number.NaN } }, "bad-place"],
    [{ observer: { ...POST, heightHaeM: 1e6 } }, "bad-place"],
    [{ observer: { ...POST, sigmaM: Number.NaN } }, "bad-error"],
    [{ azimuth: { how: "measured", deg: Number.NaN, sigmaDeg: 5 } }, "bad-angle"],
    [{ azimuth: { how: "measured", deg: 10, sigmaDeg: -5 } }, "bad-error"],
    [{ azimuth: { how: "between", fromDeg: 10, toDeg: 10 } }, "bad-angle"],
    [{ elevation: { how: "measured", deg: 91, sigmaDeg: 5 } }, "bad-angle"],
    [{ elevation: { how: "between", fromDeg: 30, toDeg: 10 } }, "bad-angle"],
    [{ heading: { how: "measured", deg: 1e9, sigmaDeg: 5 } }, "bad-angle"],
    [{ watchedS: -1 }, "bad-time"],
    [{ turn: { overS: 0, azimuthDeg: 0, elevationDeg: 0, sigmaDeg: 1 } }, "bad-time"],
    [{ turn: { overS: 5, azimuthDeg: Number.NaN, elevationDeg: 0, sigmaDeg: 1 } }, "bad-angle"],
    [{ turn: { overS: 5, azimuthDeg: 0, elevationDeg: 0, sigmaDeg: Number.NaN } }, "bad-error"],
    [{ said: { motion: "constructor" as "still" } }, "bad-words"],
  ];
  for (const [changes, code] of cases) assert.equal(refusedAs(explain(sighting(changes), {})), code, JSON.stringify(changes));
});

test("each track that cannot be worked with is refused by name", () => {
  const fixes = straight({ unixMs: NOON, azimuthDeg: 0, elevationDeg: 5, rangeM: 1000, courseDeg: 0, speedMps: 10 });
  const cases: readonly (readonly [Partial<UnknownTrack>, Refusal["code"]])[] = [
    [{ fixes: [] }, "bad-fixes"],
    [{ fixes: fixes.toReversed() }, "bad-fixes"],
    [{ fixes: [{ ...fixes[0]!, latDeg: Number.NaN }] }, "bad-place"],
    [{ fixes: [{ ...fixes[0]!, timeUnixMs: -1 }] }, "bad-time"],
    [{ fixes: [{ ...fixes[0]!, sigmaM: -1 }] }, "bad-error"],
    [{ classes: { drone: 0.9, bird: 0.9, aircraft: 0, unknown: 0 } }, "bad-error"],
    [{ claimedIds: Array.from({ length: LIMITS.claimedIds + 1 }, String) }, "too-many"],
  ];
  for (const [changes, code] of cases)
    assert.equal(refusedAs(explain({ what: "track", fixes, ...changes }, {})), code, JSON.stringify(changes));
});

test("a piece of context that cannot be worked with is left out by list, place and name, and the others are used", () => {
  const fixes = straight({ unixMs: NOON, azimuthDeg: 84, elevationDeg: 32, rangeM: 9000, courseDeg: 0, speedMps: 200 });
  const good = { id: "a1b2c3", fixes, timeSigmaMs: 0 };
  const wind = { fromDeg: 0, directionSigmaDeg: 10, speedMps: 5, speedSigmaMps: 1, bottomHaeM: 0, topHaeM: 1, fromUnixMs: 0, toUnixMs: 1 };
  const context: Context = {
    aircraft: [{ ...good, id: "bad", fixes: [{ ...fixes[0]!, lonDeg: 400 }] }, good, { ...good, timeSigmaMs: Number.NaN }],
    drones: [{ id: "", standing: "own", fixes: [], timeSigmaMs: 0 }],
    winds: [
      { ...wind, speedMps: 400 },
      { ...wind, toUnixMs: -1 },
    ],
  };
  const question = sighting({ timeUnixMs: NOON, azimuth: { how: "measured", deg: 84, sigmaDeg: 6 }, elevation: null });
  const answer = explained(question, context);
  assert.deepEqual(
    answer.leftOut.map(({ list, index, refusal }) => [list, index, refusal.code]),
    [
      ["aircraft", 0, "bad-place"],
      ["aircraft", 2, "bad-error"],
      ["drones", 0, "bad-fixes"],
      ["winds", 0, "bad-wind"],
      ["winds", 1, "bad-time"],
    ],
  );
  assert.equal(found(answer, "aircraft")!.subject, "a1b2c3");
});

test("too many pieces of context are cut, what is left out is counted, and findings have a limit", () => {
  const fixes = straight({ unixMs: NOON, azimuthDeg: 84, elevationDeg: 32, rangeM: 900, courseDeg: 0, speedMps: 5 });
  const drones = Array.from({ length: LIMITS.drones + 5 }, (_, index) => ({
    id: `d${index}`,
    standing: "own" as const,
    fixes,
    timeSigmaMs: index < 20 ? -1 : 0,
  }));
  const question = sighting({ timeUnixMs: NOON, azimuth: { how: "measured", deg: 84, sigmaDeg: 6 }, elevation: null });
  const answer = explained(question, { drones });
  assert.equal(answer.leftOut.length, LIMITS.leftOut);
  assert.equal(answer.leftOutMore, 21 - LIMITS.leftOut);
  assert.equal(answer.leftOut[0]!.refusal.code, "too-many");
  assert.equal(answer.findings.length, LIMITS.findings);
  assert.equal(answer.findingsLeftOut, LIMITS.drones - 20 - LIMITS.findings);
});

const odd = fc.oneof(fc.double(), fc.constantFrom(0, -0, 90, -90, 180, 360, 1e-300, BEFORE_DAWN, Number.MAX_VALUE));
const angle = fc.oneof(
  fc.constant(null),
  fc.record({ how: fc.constant("measured" as const), deg: odd, sigmaDeg: odd }),
  fc.record({ how: fc.constant("between" as const), fromDeg: odd, toDeg: odd }),
);
const fix: fc.Arbitrary<Fix> = fc.record({
  timeUnixMs: fc.oneof(odd, fc.integer({ min: BEFORE_DAWN - 60_000, max: BEFORE_DAWN + 60_000 })),
  latDeg: fc.oneof(odd, fc.double({ min: 31, max: 32, noNaN: true })),
  lonDeg: fc.oneof(odd, fc.double({ min: -107, max: -106, noNaN: true })),
  heightHaeM: fc.oneof(odd, fc.constant(null), fc.double({ min: 0, max: 9000, noNaN: true })),
  sigmaM: fc.oneof(odd, fc.constant(10)),
  heightSigmaM: fc.oneof(odd, fc.constant(10)),
});

test("whatever the numbers are, the answer is a refusal by name or findings whose figures are all finite", () => {
  const { elements } = readElements(ORACLE_ELEMENTS.flat().join("\n"));
  const place = fc.record({
    latDeg: fc.double({ min: -90, max: 90, noNaN: true }),
    lonDeg: fc.double({ min: -180, max: 180, noNaN: true }),
    heightHaeM: fc.oneof(odd, fc.constant(0)),
    sigmaM: fc.oneof(odd, fc.constant(5)),
  });
  const sightings = fc.record({
    what: fc.constant("sighting" as const),
    observer: place,
    timeUnixMs: fc.oneof(odd, fc.integer({ min: LIMITS.firstUnixMs, max: LIMITS.lastUnixMs - 1 }), fc.constant(BEFORE_DAWN)),
    timeSigmaMs: fc.oneof(odd, fc.constant(1000)),
    azimuth: fc.oneof(
      angle,
      fc.record({
        how: fc.constant("measured" as const),
        deg: fc.integer({ min: 0, max: 360 }),
        sigmaDeg: fc.integer({ min: 0, max: 360 }),
      }),
    ),
    elevation: fc.oneof(
      angle,
      fc.constant(null),
      fc.record({
        how: fc.constant("measured" as const),
        deg: fc.integer({ min: -90, max: 90 }),
        sigmaDeg: fc.integer({ min: 0, max: 90 }),
      }),
    ),
  });
  const tracks = fc.record({ what: fc.constant("track" as const), fixes: fc.array(fix, { maxLength: 6 }) });
  const fliers = fc.array(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      standing: fc.constant("own" as const),
      fixes: fc.array(fix, { maxLength: 4 }),
      timeSigmaMs: fc.oneof(odd, fc.constant(0)),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.oneof(sightings, tracks), fliers, (question, fliers) => {
      const answer = explain(question, { aircraft: fliers, drones: fliers, satellites: elements, winds: [] });
      if ("refused" in answer) return assert.ok(answer.refused.clause !== "" && answer.refused.detail !== "");
      assert.equal(
        JSON.stringify(answer),
        JSON.stringify(explain(question, { aircraft: fliers, drones: fliers, satellites: elements, winds: [] })),
      );
      JSON.stringify(answer.findings, (_, value: unknown) => {
        assert.ok(typeof value !== "number" || Number.isFinite(value));
        return value;
      });
      assert.equal(answer.checks.length, 6);
    }),
    { numRuns: 600, seed: 20_261_125 },
  );
});
