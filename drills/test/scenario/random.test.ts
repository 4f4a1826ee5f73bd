// Are the random numbers what their names say, the same for the same seed, and different otherwise?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";

const DRAWS = 40_000;

function moments(draw: () => number): { readonly mean: number; readonly variance: number } {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < DRAWS; k += 1) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  const mean = sum / DRAWS;
  return { mean, variance: squares / DRAWS - mean * mean };
}

/** Within five standard errors: wrong once in a million, and the seeds are fixed. */
function near(value: number, expected: number, standardError: number, what: string): void {
  assert.ok(Math.abs(value - expected) < 5 * standardError, `${what}: ${value}, expected ${expected} ± ${standardError}`);
}

test("draws have the mean and variance of their distribution", () => {
  const random = new Random(20_251_125);
  const root = Math.sqrt(DRAWS);
  const unit = moments(() => random.unit());
  near(unit.mean, 0.5, Math.sqrt(1 / 12) / root, "unit mean");
  near(unit.variance, 1 / 12, 0.075 / root, "unit variance");
  const normal = moments(() => random.normal());
  near(normal.mean, 0, 1 / root, "normal mean");
  near(normal.variance, 1, Math.SQRT2 / root, "normal variance");
  const exponential = moments(() => random.exponential(3));
  near(exponential.mean, 3, 3 / root, "exponential mean");
  near(exponential.variance, 9, (9 * Math.sqrt(8)) / root, "exponential variance");
  for (const expected of [0.05, 4, 31.5, 33, 300]) {
    const { mean, variance } = moments(() => random.poisson(expected));
    near(mean, expected, Math.sqrt(expected) / root, `Poisson mean ${expected}`);
    near(variance, expected, Math.sqrt(expected + 2 * expected ** 2) / root, `Poisson variance ${expected}`);
  }
  assert.equal(random.poisson(0), 0);
});

test("all values in range, all ends reached", () => {
  const random = new Random(1);
  const seen = new Set<number>();
  for (let k = 0; k < 1000; k += 1) {
    seen.add(random.index(7));
    const value = random.between(-3, 5);
    assert.ok(value >= -3 && value < 5);
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5, 6]);
});

test("a normal number is beyond two standard deviations 4.55 % of the time", () => {
  const random = new Random(5);
  let beyond = 0;
  for (let k = 0; k < DRAWS; k += 1) if (Math.abs(random.normal()) > 2) beyond += 1;
  near(beyond / DRAWS, 0.0455, Math.sqrt((0.0455 * 0.9545) / DRAWS), "share");
});

test("each bit is set half of the time, and one value tells nothing of the next", () => {
  const random = new Random(77);
  const counts = new Array<number>(32).fill(0);
  let [before, same] = [random.bits(), 0];
  for (let k = 0; k < DRAWS; k += 1) {
    const bits = random.bits();
    for (let bit = 0; bit < 32; bit += 1) if (((bits >>> bit) & 1) === 1) counts[bit]! += 1;
    for (let rest = ~(bits ^ before); rest !== 0; rest &= rest - 1) same += 1;
    before = bits;
  }
  for (const count of counts) near(count / DRAWS, 0.5, 0.5 / Math.sqrt(DRAWS), "bit");
  near(same / (32 * DRAWS), 0.5, 0.5 / Math.sqrt(32 * DRAWS), "same bits in a row");
});

test("the same seed gives the same numbers, every other seed and label others", () => {
  const first = (seed: number, label?: string): number => new Random(seed, label).bits();
  assert.equal(first(42, "a"), first(42, "a"));
  const all = new Set<number>();
  for (let seed = -500; seed < 500; seed += 1) all.add(first(seed));
  for (const seed of [2 ** 32, 2 ** 32 + 1, 2 ** 52, -(2 ** 52)]) all.add(first(seed));
  for (const label of ["a", "b", "ab", "ba"]) all.add(first(0, label));
  assert.equal(all.size, 1008);
  assert.throws(() => new Random(0.5), RangeError);
});

test("a stream of its own changes nothing for its parent", () => {
  const [with_, without] = [new Random(3), new Random(3)];
  const stream = with_.stream("sensor");
  for (let k = 0; k < 10; k += 1) stream.normal();
  assert.equal(with_.bits(), without.bits());
  assert.notEqual(new Random(3).stream("x").bits(), new Random(3).stream("y").bits());
});

test("shuffling keeps every item and brings each to each place equally often", () => {
  const random = new Random(9);
  const places = new Array<number>(4).fill(0);
  for (let k = 0; k < 4000; k += 1) {
    const items = random.shuffle(["a", "b", "c", "d"]);
    assert.deepEqual([...items].sort(), ["a", "b", "c", "d"]);
    places[items.indexOf("a")]! += 1;
  }
  for (const count of places) near(count / 4000, 0.25, Math.sqrt((0.25 * 0.75) / 4000), "place");
});
