// Whether the position of several reports is as sure as it says: over geometries, with noise, by every kind of word.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { flatDistanceM } from "@atalaya/geodesy";
import { measurementOf } from "../../src/reports/meaning.ts";
import { fixOf, type PlacedMeasurement } from "../../src/reports/position.ts";
import { COMPASS_WORDS, type SightingReport } from "../../src/reports/report-records.ts";
import { place, T0 } from "../broadcasts.ts";

/** Two normal deviates from two uniform ones. */
const normal = (a: number, b: number): number => Math.sqrt(-2 * Math.log(Math.max(1e-12, a))) * Math.cos(2 * Math.PI * b);

function rng(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Way = "pointed" | "compass" | "clock";

/** A report of something at a place by somebody at another, with the errors that its way has. */
function seenFrom(
  at: readonly [number, number],
  truth: readonly [number, number],
  way: Way,
  sigmaDeg: number,
  placeErrorM: number,
  random: () => number,
): SightingReport {
  const azimuth = (Math.atan2(truth[1] - at[1], truth[0] - at[0]) * 180) / Math.PI;
  const off = (sigma: number): number => sigma * normal(random(), random());
  const told = [at[0] + off(placeErrorM / 2.45), at[1] + off(placeErrorM / 2.45)] as const;
  const noisy = (((azimuth + off(way === "pointed" ? sigmaDeg : 14)) % 360) + 360) % 360;
  const facingDeg = Math.floor(random() * 360);
  return {
    id: "r",
    how: "field",
    drill: false,
    clockOffsetUs: 0,
    observedUs: T0,
    observedErrorS: 0.5,
    observer: { ...place(told[0], told[1]), errorM: placeErrorM, by: "device" },
    direction:
      way === "pointed"
        ? { type: "pointed", azimuthDeg: noisy, sigmaDeg }
        : way === "compass"
          ? { type: "compass", word: COMPASS_WORDS[Math.round(noisy / 22.5) % 16] ?? "N" }
          : {
              type: "clock",
              hour: (Math.round((noisy - facingDeg + 360) / 30) % 12) + 12 * Number(Math.round((noisy - facingDeg + 360) / 30) % 12 === 0),
              facingDeg,
            },
    atRisk: false,
    language: "en",
  };
}

function placed(report: SightingReport): PlacedMeasurement {
  return { observer: report.observer, timeUs: report.observedUs, measurement: measurementOf(report, 1) };
}

/** Whether the ellipse holds a place. */
function holds(fix: NonNullable<ReturnType<typeof fixOf>>, truth: { readonly latDeg: number; readonly lonDeg: number }): boolean {
  const north = flatDistanceM(fix.latDeg, fix.lonDeg, truth.latDeg, fix.lonDeg) * Math.sign(truth.latDeg - fix.latDeg);
  const east = flatDistanceM(truth.latDeg, fix.lonDeg, truth.latDeg, truth.lonDeg) * Math.sign(truth.lonDeg - fix.lonDeg);
  const az = (fix.ellipse.azimuthDeg * Math.PI) / 180;
  const along = east * Math.sin(az) + north * Math.cos(az);
  const across = east * Math.cos(az) - north * Math.sin(az);
  return (along / fix.ellipse.majorM) ** 2 + (across / fix.ellipse.minorM) ** 2 <= 1;
}

for (const way of ["pointed", "compass", "clock"] as const) {
  test(`of many pairs of reports (${way}), the ellipse of 95 % holds nine tenths of the truths or more, and is not all the world`, () => {
    const random = rng(20261125);
    let fixes = 0;
    let held = 0;
    const majors: number[] = [];
    for (let run = 0; run < 240; run += 1) {
      const truth = [random() * 1600 - 800, random() * 1600 - 800] as const;
      const bearing = random() * 2 * Math.PI;
      const crossing = ((25 + random() * 130) * Math.PI) / 180;
      const near = 150 + random() * 750;
      const far = 150 + random() * 750;
      const a = [truth[0] - near * Math.cos(bearing), truth[1] - near * Math.sin(bearing)] as const;
      const b = [truth[0] - far * Math.cos(bearing + crossing), truth[1] - far * Math.sin(bearing + crossing)] as const;
      const sigmaDeg = 4 + random() * 8;
      const fix = fixOf([a, b].map((at) => placed(seenFrom(at, truth, way, sigmaDeg, 10 + random() * 40, random))));
      if (fix === undefined) continue;
      fixes += 1;
      majors.push(fix.ellipse.majorM);
      if (holds(fix, place(truth[0], truth[1]))) held += 1;
    }
    majors.sort((x, y) => x - y);
    const median = majors[Math.floor(majors.length / 2)] ?? Number.POSITIVE_INFINITY;
    assert.ok(fixes >= 160, `${fixes} fixes of 240`);
    assert.ok(held / fixes >= 0.9, `${held} of ${fixes} held, median half axis ${median} m`);
    assert.ok(median < (way === "pointed" ? 400 : 1100), `median half axis ${median} m`);
  });
}

test("whatever two reports say, the position is finite, or there is none", () => {
  const angle = fc.double({ min: 0, max: 360, noNaN: true });
  const metres = fc.double({ min: -8000, max: 8000, noNaN: true });
  const any = fc.record({
    n: metres,
    e: metres,
    azimuthDeg: angle,
    sigmaDeg: fc.double({ min: 0.1, max: 180, noNaN: true }),
    elevationDeg: fc.option(fc.double({ min: -90, max: 90, noNaN: true }), { nil: undefined }),
    sound: fc.constantFrom("none", "loud", undefined),
    errorM: fc.constantFrom(0, 10, 50_000),
  });
  fc.assert(
    fc.property(fc.array(any, { minLength: 0, maxLength: 4 }), (reports) => {
      const fix = fixOf(
        reports.map(({ n, e, azimuthDeg, sigmaDeg, elevationDeg, sound, errorM }, k) =>
          placed({
            id: `r${k}`,
            how: "field",
            drill: false,
            clockOffsetUs: 0,
            observedUs: T0 + k * 1e6,
            observedErrorS: 1,
            observer: { ...place(n, e), errorM, by: "device" },
            direction: { type: "pointed", azimuthDeg, sigmaDeg },
            ...(elevationDeg === undefined ? {} : { elevation: { type: "pointed", elevationDeg, sigmaDeg } }),
            ...(sound === undefined ? {} : { sound }),
            atRisk: false,
            language: "es",
          }),
        ),
      );
      if (reports.length < 2) assert.equal(fix, undefined);
      if (fix === undefined) return;
      for (const value of [fix.latDeg, fix.lonDeg, fix.ellipse.majorM, fix.ellipse.minorM, fix.ellipse.azimuthDeg])
        assert.ok(Number.isFinite(value));
      assert.ok(fix.ellipse.majorM >= fix.ellipse.minorM);
    }),
    { numRuns: 40 },
  );
});
