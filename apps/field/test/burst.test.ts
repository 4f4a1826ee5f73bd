// The measurement of a press: medians on the circle, the thumb's jerk left out, and an error that is never smaller than it is.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { aimOf, circularMedian, type Sight, Sights } from "../src/aim/burst.ts";

const NONE = { declinationDeg: 0, errorDeg: 0 };
const apart = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

/** Thirty readings in the second before 1000 ms. */
function steady(azimuthDeg: number, elevationDeg: number, northSigmaDeg?: number): Sight[] {
  return Array.from({ length: 30 }, (_, k) => ({
    timeMs: k * 33,
    azimuthDeg,
    elevationDeg,
    ...(northSigmaDeg === undefined ? {} : { northSigmaDeg }),
  }));
}

test("readings to both sides of north have their median in the north", () => {
  const { deg, spreadDeg } = circularMedian([350, 355, 358, 2, 5, 10, 0]);
  assert.ok(apart(deg, 0) < 1e-9, String(deg));
  assert.ok(spreadDeg > 3 && spreadDeg < 12);
});

test("the median turns with the readings and stays among them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 3, maxLength: 40 }),
      fc.double({ min: 0, max: 360, noNaN: true }),
      (offsets, turn) => {
        const sorted = [...offsets].sort((a, b) => a - b);
        const middle =
          sorted.length % 2 === 1 ? sorted[sorted.length >> 1]! : (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
        const { deg } = circularMedian(offsets.map((offset) => (offset + turn + 360) % 360));
        assert.ok(apart(deg, middle + turn) < 1e-6);
      },
    ),
  );
});

test("readings that point everywhere have no direction", () => {
  assert.ok(Number.isNaN(circularMedian([0, 90, 180, 270]).deg));
});

test("declination is added, its error and the compass's make the sigma", () => {
  const aim = aimOf(steady(205, 8, 7), 1000, { declinationDeg: 7.4, errorDeg: 0.4 });
  assert.ok(aim?.azimuth !== undefined);
  assert.ok(apart(aim.azimuth.deg, 212.4) < 1e-9);
  assert.ok(aim.azimuth.sigmaDeg >= 7 && aim.azimuth.sigmaDeg < 8);
  assert.equal(aim.elevation.deg, 8);
});

test("the jerk of the thumb at the press does not count, nor what was long before", () => {
  const jerk = [940, 960, 980, 1000].map((timeMs): Sight => ({ timeMs, azimuthDeg: 250, elevationDeg: -20, northSigmaDeg: 7 }));
  const before = [-900, -600, -300].map((timeMs): Sight => ({ timeMs, azimuthDeg: 10, elevationDeg: 60, northSigmaDeg: 7 }));
  const aim = aimOf([...before, ...steady(205, 8, 7).filter(({ timeMs }) => timeMs < 930), ...jerk], 1000, NONE);
  assert.ok(apart(aim?.azimuth?.deg ?? 0, 205) < 1e-9);
  assert.equal(aim?.elevation.deg, 8);
});

test("a hand that shakes is less sure, and an unsure compass never becomes sure by being steady", () => {
  const shaking = steady(205, 8, 7).map((sight, k) => ({ ...sight, azimuthDeg: 205 + (k % 2 === 0 ? 12 : -12) }));
  assert.ok((aimOf(shaking, 1000, NONE)?.azimuth?.sigmaDeg ?? 0) > 13);
  assert.ok((aimOf(steady(205, 8, 25), 1000, NONE)?.azimuth?.sigmaDeg ?? 0) >= 25);
});

test("near straight up the azimuth is worth little", () => {
  assert.ok((aimOf(steady(205, 89, 7), 1000, NONE)?.azimuth?.sigmaDeg ?? 0) > 35);
});

test("a phone that does not move says nothing: its last reading holds, for half a minute", () => {
  const still: Sight = { timeMs: 0, azimuthDeg: 205, elevationDeg: 8, northSigmaDeg: 7 };
  assert.ok(apart(aimOf([still], 20_000, NONE)?.azimuth?.deg ?? 0, 205) < 1e-9);
  assert.equal(aimOf([still], 40_000, NONE), undefined);
});

test("without a north there is an elevation and no azimuth", () => {
  const aim = aimOf(steady(205, 8), 1000, NONE);
  assert.equal(aim?.azimuth, undefined);
  assert.equal(aim?.elevation.deg, 8);
});

test("readings of the last three seconds are kept, and no more than so many", () => {
  const sights = new Sights();
  for (let k = 0; k < 2000; k += 1) sights.add({ timeMs: k * 10, azimuthDeg: 0, elevationDeg: 0 });
  assert.ok(sights.all.length <= 301);
  for (let k = 0; k < 2000; k += 1) sights.add({ timeMs: 20_000 + k, azimuthDeg: 0, elevationDeg: 0 });
  assert.equal(sights.all.length, 600);
});

test("a phone that was swung to its aim is measured where it came to rest", () => {
  const swung = steady(205, 8, 7).map((sight, k) => (k < 16 ? { ...sight, azimuthDeg: 90 + k * 7 } : sight));
  const aim = aimOf(swung, 1000, NONE);
  assert.ok(apart(aim?.azimuth?.deg ?? 0, 205) < 0.5, String(aim?.azimuth?.deg));
  assert.ok((aim?.azimuth?.sigmaDeg ?? 0) < 9);
});
