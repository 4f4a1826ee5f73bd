// Are the errors of sensors found from pairs of what two of them say, with an honest doubt, and within their limits?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { BIAS_AZIMUTH, BIAS_CLOCK, BIAS_RANGE, BiasFilter, type BiasSettings } from "../src/bias.ts";

const SETTINGS: BiasSettings = {
  priorSigma: [20, 0.02, 0.5],
  driftSigma: [0.01, 0.00002, 0.0005],
  limit: [60, 0.05, 1.5],
  maxSensors: 6,
  pairInflation: 1,
};
type Errors = readonly [rangeM: number, azimuthRad: number, clockS: number];
const NONE: Errors = [0, 0, 0];
const PLACES = [
  [-1000, 0],
  [1500, 200],
  [0, 1800],
] as const;

/** Range and azimuth columns of a position seen from a place: how it moves when the sensor is off by one metre, one radian. */
function columns(place: readonly [number, number], east: number, north: number): Float64Array {
  const [dx, dy] = [east - place[0], north - place[1]];
  const r = Math.hypot(dx, dy);
  return Float64Array.of(dx / r, dy / r, dy, -dx);
}

/** Feeds pairs of objects that two sensors see at once, the second's position free of error where `b` is −1. */
function feed(filter: BiasFilter, random: Random, errors: readonly Errors[], pairs: number, fromS = 0): void {
  for (let k = 0; k < pairs; k += 1) {
    const a = random.index(errors.length);
    const b = (a + 1 + random.index(errors.length - 1)) % errors.length;
    pair(filter, random, a, errors[a]!, b, errors[b]!, fromS + k * 0.1);
  }
}

function pair(filter: BiasFilter, random: Random, a: number, ea: Errors, b: number, eb: Errors, timeS: number): void {
  const [east, north] = [random.between(-2500, 2500), random.between(-2500, 2500)];
  const [vx, vy] = [15 * random.normal(), 15 * random.normal()];
  const [ja, jb] = [columns(PLACES[a]!, east, north), b < 0 ? new Float64Array(4) : columns(PLACES[b]!, east, north)];
  const sigma = 8;
  const off = (e: Errors, j: Float64Array, k: 0 | 1): number => e[0] * j[k]! + e[1] * j[2 + k]! - e[2] * (k === 0 ? vx : vy);
  const dx = off(ea, ja, 0) - off(eb, jb, 0) + sigma * random.normal();
  const dy = off(ea, ja, 1) - off(eb, jb, 1) + sigma * random.normal();
  filter.pair(timeS, a, ja, 0, b, jb, 0, vx, vy, dx, dy, sigma * sigma, 0, sigma * sigma);
}

test("the errors of three sensors against each other are found within three of their deviations", () => {
  const random = new Random(1);
  const errors: readonly Errors[] = [
    [12, 0.015, 0],
    [-15, -0.01, 0.4],
    [0, 0, -0.3],
  ];
  const filter = new BiasFilter(SETTINGS);
  feed(filter, random, errors, 1500);
  for (let s = 0; s < 3; s += 1) {
    for (const which of [BIAS_RANGE, BIAS_AZIMUTH]) {
      const sigma = Math.sqrt(filter.variance(s, which));
      assert.ok(Math.abs(filter.value(s, which) - errors[s]![which]!) < 3.5 * sigma, `${s} ${which}: ${filter.value(s, which)} ± ${sigma}`);
      assert.ok(sigma < 0.5 * SETTINGS.priorSigma[which]!, `${s} ${which} is still ${sigma}`);
    }
  }
  // Clocks are known against each other only: what all share cannot be seen.
  const apart = (a: number, b: number): number => filter.value(a, BIAS_CLOCK) - filter.value(b, BIAS_CLOCK);
  assert.ok(Math.abs(apart(1, 2) - 0.7) < 0.1, `${apart(1, 2)}`);
  assert.ok(Math.abs(apart(0, 1) + 0.4) < 0.1, `${apart(0, 1)}`);
});

test("over many runs the estimates are off as far as they say", () => {
  const random = new Random(2);
  let [sum, count] = [0, 0];
  for (let run = 0; run < 60; run += 1) {
    // The truth is drawn from what the filter expects.
    const errors = [0, 1, 2].map(() => SETTINGS.priorSigma.map((sigma) => sigma * random.normal()) as unknown as Errors);
    const filter = new BiasFilter(SETTINGS);
    for (let k = 0; k < 120; k += 1) {
      const a = random.index(3);
      pair(filter, random, a, errors[a]!, -1, NONE, k * 0.1);
    }
    for (let s = 0; s < 3; s += 1) {
      for (let which = 0; which < 3; which += 1) {
        sum += (filter.value(s, which) - errors[s]![which]!) ** 2 / filter.variance(s, which);
        count += 1;
      }
    }
  }
  // Drift makes the stated doubt a little larger than it need be; the gate of four deviations cuts the rarest of the truths off.
  assert.ok(sum / count > 0.6 && sum / count < 1.5, `${sum / count}`);
});

test("a position from a satellite shows what two radars share", () => {
  const random = new Random(3);
  const filter = new BiasFilter(SETTINGS);
  for (let k = 0; k < 400; k += 1) pair(filter, random, 0, [0, 0.02, 0.3], -1, NONE, k * 0.1);
  assert.ok(Math.abs(filter.value(0, BIAS_AZIMUTH) - 0.02) < 3 * Math.sqrt(filter.variance(0, BIAS_AZIMUTH)));
  assert.ok(Math.abs(filter.value(0, BIAS_CLOCK) - 0.3) < 3 * Math.sqrt(filter.variance(0, BIAS_CLOCK)));
});

test("an error beyond its limit is shown and not applied", () => {
  const random = new Random(4);
  const wide = { ...SETTINGS, priorSigma: [20, 0.2, 0.5] } as const;
  const filter = new BiasFilter(wide);
  for (let k = 0; k < 600; k += 1) pair(filter, random, 0, [5, 0.09, 0], -1, NONE, k * 0.1);
  assert.ok(Math.abs(filter.value(0, BIAS_AZIMUTH) - 0.09) < 0.01);
  assert.equal(filter.applied(0, BIAS_AZIMUTH), 0);
  assert.equal(filter.applied(0, BIAS_RANGE), filter.value(0, BIAS_RANGE));
});

test("wrong pairs do not move it, and nothing makes it not a number", () => {
  const random = new Random(5);
  const filter = new BiasFilter(SETTINGS);
  feed(filter, random, [NONE, NONE, NONE], 600);
  const before = filter.value(0, BIAS_AZIMUTH);
  const j = columns(PLACES[0], 100, 2000);
  filter.pair(60, 0, j, 0, 1, columns(PLACES[1], 100, 2000), 0, 10, 0, 900, -700, 60, 0, 60);
  assert.equal(filter.value(0, BIAS_AZIMUTH), before);
  for (const variance of [0, 1e-300, 1e300]) {
    filter.pair(61, 0, j, 0, 1, new Float64Array(4), 0, 0, 0, 1, 1, variance, 0, variance);
    filter.pair(61, 0, j, 0, 1, new Float64Array(4), 0, Number.MAX_VALUE, 0, Number.MAX_VALUE, 1, variance, 0, variance);
  }
  for (let s = 0; s < 3; s += 1) for (let w = 0; w < 3; w += 1) assert.ok(Number.isFinite(filter.value(s, w)) && filter.variance(s, w) > 0);
});

test("a clock that is ahead of its messages' arrival is known to be ahead", () => {
  const filter = new BiasFilter(SETTINGS);
  filter.ahead(0, 0.6);
  assert.ok(filter.value(0, BIAS_CLOCK) >= 0.6);
  assert.ok(filter.variance(0, BIAS_CLOCK) > 0);
});

test("sensors beyond its room are left out and cost nothing", () => {
  const random = new Random(6);
  const filter = new BiasFilter({ ...SETTINGS, maxSensors: 2 });
  feed(filter, random, [NONE, NONE, [30, 0, 0]], 300);
  const known = [0, 1, 2].filter((s) => filter.pairsOf(s) > 0);
  assert.equal(known.length, 2);
  const [left = 0] = [0, 1, 2].filter((s) => filter.pairsOf(s) === 0);
  assert.equal(filter.value(left, BIAS_RANGE), 0);
  assert.equal(filter.variance(left, BIAS_RANGE), SETTINGS.priorSigma[BIAS_RANGE] ** 2);
});

test("a copy and a restored one go on alike", () => {
  const random = new Random(7);
  const filter = new BiasFilter(SETTINGS);
  feed(filter, random, [[3, 0.01, 0], NONE, NONE], 100);
  const [copy, restored] = [new BiasFilter(SETTINGS), new BiasFilter(SETTINGS)];
  copy.copyFrom(filter);
  const { x, p, pairs, ...rest } = filter.save();
  assert.ok(restored.restore({ ...rest, x: x.slice(), p: p.slice(), pairs: pairs.slice() }));
  for (const one of [filter, copy, restored]) feed(one, new Random(8), [[3, 0.01, 0], NONE, NONE], 50, 20);
  assert.deepEqual(copy.save(), filter.save());
  assert.deepEqual(restored.save(), filter.save());
  assert.equal(new BiasFilter({ ...SETTINGS, maxSensors: 2 }).restore(filter.save()), false);
});
