// Are the association probabilities those of counting every possible assignment?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { Pairs } from "../src/marginals.ts";

interface Problem {
  /** Weight of track i with detection j against a miss; 0: not in its gate. */
  readonly weights: readonly (readonly number[])[];
  /** Intensity of what else could have caused each detection. */
  readonly other: readonly number[];
}

/** Marginals by enumeration: the weight of an assignment is the product of weight / other of its pairs. */
function exact({ weights, other }: Problem): { readonly pairs: readonly (readonly number[])[]; readonly free: readonly number[] } {
  const [n, m] = [weights.length, other.length];
  const pairs = weights.map((row) => row.map(() => 0));
  const free = other.map(() => 0);
  let total = 0;
  const chosen: number[] = [];
  const used = new Set<number>();
  const visit = (i: number, weight: number): void => {
    if (i === n) {
      total += weight;
      chosen.forEach((j, k) => {
        if (j >= 0) pairs[k]![j]! += weight;
      });
      for (let j = 0; j < m; j += 1) if (!used.has(j)) free[j]! += weight;
      return;
    }
    chosen[i] = -1;
    visit(i + 1, weight);
    for (let j = 0; j < m; j += 1) {
      const w = weights[i]![j]!;
      if (w === 0 || used.has(j)) continue;
      chosen[i] = j;
      used.add(j);
      visit(i + 1, (weight * w) / other[j]!);
      used.delete(j);
    }
  };
  visit(0, 1);
  return { pairs: pairs.map((row) => row.map((v) => v / total)), free: free.map((v) => v / total) };
}

function believed({ weights, other }: Problem, pairs = new Pairs()): ReturnType<typeof exact> {
  pairs.begin();
  for (const row of weights) {
    row.forEach((w, j) => {
      if (w > 0) pairs.add(j, w);
    });
    pairs.endTrack();
  }
  const free = new Float64Array(other.length);
  pairs.solve(other.length, Float64Array.from(other), free);
  const found = weights.map((row) => row.map(() => 0));
  weights.forEach((_, i) => {
    for (let e = pairs.start[i]!; e < pairs.start[i + 1]!; e += 1) found[i]![pairs.detection[e]!] = pairs.probability[e]!;
  });
  return { pairs: found, free: [...free] };
}

function worst(a: ReturnType<typeof exact>, b: ReturnType<typeof exact>): number {
  const off = (x: readonly number[], y: readonly number[]): number => Math.max(0, ...x.map((v, k) => Math.abs(v - y[k]!)));
  return Math.max(off(a.free, b.free), ...a.pairs.map((row, i) => off(row, b.pairs[i]!)));
}

const intensity = (random: Random): number => Math.exp(random.between(-3, 3));

test("where pairs form a tree, belief propagation is exact", () => {
  const random = new Random(1);
  for (let k = 0; k < 200; k += 1) {
    // A chain: track i may have caused detections i and i + 1. Some links are missing.
    const n = 1 + random.index(5);
    const weights = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n + 1 }, (__, j) => ((j === i || j === i + 1) && random.chance(0.85) ? intensity(random) : 0)),
    );
    const problem = { weights, other: Array.from({ length: n + 1 }, () => intensity(random)) };
    assert.ok(worst(believed(problem), exact(problem)) < 2e-4, JSON.stringify(problem));
  }
});

test("on random problems with loops it is close to the enumeration, and never certain where that is not", () => {
  const random = new Random(2);
  let [sum, most] = [0, 0];
  const problems = 400;
  for (let k = 0; k < problems; k += 1) {
    const [n, m] = [2 + random.index(3), 2 + random.index(4)];
    const problem = {
      weights: Array.from({ length: n }, () => Array.from({ length: m }, () => (random.chance(0.7) ? intensity(random) : 0))),
      other: Array.from({ length: m }, () => intensity(random)),
    };
    const off = worst(believed(problem), exact(problem));
    sum += off;
    most = Math.max(most, off);
  }
  assert.ok(sum / problems < 0.03, `mean of the largest errors ${sum / problems}`);
  assert.ok(most < 0.2, `largest ${most}`);
});

test("each track has one detection at most, each detection one track", () => {
  const random = new Random(3);
  for (let k = 0; k < 100; k += 1) {
    const [n, m] = [1 + random.index(8), 1 + random.index(8)];
    const problem = {
      weights: Array.from({ length: n }, () => Array.from({ length: m }, () => (random.chance(0.6) ? Math.exp(random.between(-6, 6)) : 0))),
      other: Array.from({ length: m }, () => Math.exp(random.between(-3, 3))),
    };
    const { pairs, free } = believed(problem);
    for (const row of pairs) assert.ok(row.reduce((s, v) => s + v, 0) <= 1 + 1e-9);
    for (let j = 0; j < m; j += 1) {
      const all = pairs.reduce((s, row) => s + row[j]!, free[j]!);
      assert.ok(Math.abs(all - 1) < 0.02, `detection ${j} is explained ${all} times`);
    }
  }
});

test("two equal tracks share one detection evenly", () => {
  const { pairs, free } = believed({ weights: [[5], [5]], other: [1] });
  assert.ok(Math.abs(pairs[0]![0]! - 5 / 11) < 1e-3 && Math.abs(pairs[1]![0]! - 5 / 11) < 1e-3);
  assert.ok(Math.abs(free[0]! - 1 / 11) < 1e-3);
});

test("weights as large as precise sensors give them leave probabilities", () => {
  // Millimetres and microradians over an empty sky: a pair is 1e20 times likelier than anything else.
  for (const weight of [1e12, 1e16, 1e18, 1e25]) {
    const { pairs, free } = believed({
      weights: [
        [weight, 1, 0],
        [weight / 3, weight, 2],
        [0, 3, weight],
      ],
      other: [1e-6, 1, 1],
    });
    for (const p of [...pairs.flat(), ...free]) assert.ok(p >= 0 && p <= 1, `${weight}: ${p}`);
    for (let i = 0; i < 3; i += 1) assert.ok(pairs[i]![i]! > 0.5, `${weight}: track ${i} has its own with ${pairs[i]![i]}`);
  }
});

test("memory of a larger problem does not reach a smaller one", () => {
  const random = new Random(4);
  const shared = new Pairs();
  for (let k = 0; k < 60; k += 1) {
    const [n, m] = k % 2 === 0 ? [300, 300] : [3, 3];
    const problem = {
      weights: Array.from({ length: n }, (_, i) => Array.from({ length: m }, (__, j) => (Math.abs(i - j) < 3 ? intensity(random) : 0))),
      other: Array.from({ length: m }, () => intensity(random)),
    };
    assert.deepEqual(believed(problem, shared), believed(problem));
  }
});
