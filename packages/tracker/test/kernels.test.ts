// Are the unrolled kernels what the textbook says, written in plain matrices?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import {
  addOuter,
  outerOfDifference,
  PACKED,
  predict,
  prepareUpdate,
  rotateState,
  STATE,
  updateComponent,
  whiten,
} from "../src/kernels.ts";
import {
  close,
  columnOf,
  identity,
  inverted,
  isPositive,
  type Matrix,
  packed,
  plus,
  scaled,
  times,
  transposed,
  unpacked,
} from "./dense.ts";

/** A random state, its covariance, and the same in the packed form at an offset, so that offsets are tested as well. */
function drawn(random: Random, offset = 2): { x: Float64Array; p: Float64Array; mean: Matrix; cov: Matrix } {
  const mean = Array.from({ length: STATE }, () => [50 * random.normal()]);
  const root = Array.from({ length: STATE }, () => Array.from({ length: STATE }, () => 5 * random.normal()));
  const cov = plus(times(root, transposed(root)), identity(STATE), 0.5);
  const x = new Float64Array(offset * STATE + STATE);
  const p = new Float64Array(offset * PACKED + PACKED);
  x.set(mean.flat(), offset * STATE);
  p.set(packed(cov), offset * PACKED);
  return { x, p, mean, cov };
}
const XO = 2 * STATE;
const PO = 2 * PACKED;
const meanOf = (x: Float64Array): Matrix => columnOf(x.subarray(XO, XO + STATE));

function transition(dt: number): Matrix {
  return identity(STATE).map((row, i) => row.map((v, j) => (j === i + 3 ? dt : v)));
}

/** White-noise acceleration, position wander, and the share of both that acts upwards. */
function noise(dt: number, q: number, wander: number, vertical: number): Matrix {
  const a = Math.abs(dt);
  return Array.from({ length: STATE }, (_, i) =>
    Array.from({ length: STATE }, (__, j) => {
      if (i % 3 !== j % 3) return 0;
      const share = i % 3 === 2 ? vertical : 1;
      if (i < 3 && j < 3) return share * ((q * a ** 3) / 3 + wander * a);
      if (i >= 3 && j >= 3) return share * q * a;
      // Going back, position and velocity are tied the other way round.
      return (share * (q * dt * a)) / 2;
    }),
  );
}

test("prediction is F x and F P Fᵀ + Q, forwards and back", () => {
  const random = new Random(1);
  for (let k = 0; k < 50; k += 1) {
    const { x, p, mean, cov } = drawn(random);
    const dt = 3 * random.normal();
    const [q, wander, vertical] = [random.between(0, 90), random.between(0, 2), random.unit()];
    predict(x, XO, p, PO, dt, q, wander, vertical);
    const f = transition(dt);
    close(meanOf(x), times(f, mean));
    close(unpacked(p, PO), plus(times(times(f, cov), transposed(f)), noise(dt, q, wander, vertical)));
    assert.ok(isPositive(unpacked(p, PO)));
  }
});

test("prediction in two steps is prediction in one", () => {
  const random = new Random(2);
  for (let k = 0; k < 20; k += 1) {
    const { x, p } = drawn(random);
    const [x2, p2] = [x.slice(), p.slice()];
    const [a, b] = [random.between(0, 2), random.between(0, 2)];
    predict(x, XO, p, PO, a + b, 4, 0.3, 0.2);
    predict(x2, XO, p2, PO, a, 4, 0.3, 0.2);
    predict(x2, XO, p2, PO, b, 4, 0.3, 0.2);
    close(meanOf(x2), meanOf(x));
    close(unpacked(p2, PO), unpacked(p, PO));
  }
});

function rowsOf(random: Random, rows: number): { flat: Float64Array; h: Matrix; r: Float64Array } {
  const h = Array.from({ length: rows }, () => Array.from({ length: STATE }, () => random.normal()));
  return { flat: Float64Array.from(h.flat()), h, r: Float64Array.from({ length: rows }, () => random.between(0.1, 20)) };
}
const diagonal = (r: Float64Array): Matrix => identity(r.length).map((row, i) => row.map((v) => v * r[i]!));

test("the prepared update has the innovation covariance H P Hᵀ + R: its determinant, its distances, its gain", () => {
  const random = new Random(3);
  for (let k = 0; k < 60; k += 1) {
    const rows = 1 + (k % 4);
    const { p, cov } = drawn(random);
    const { flat, h, r } = rowsOf(random, rows);
    const [chol, w, y] = [new Float64Array(10 + 3), new Float64Array(24 + 6), new Float64Array(rows + 1)];
    const density = prepareUpdate(p, PO, flat, 0, rows, r, 0, chol, 3, w, 6);
    const s = plus(times(times(h, cov), transposed(h)), diagonal(r));
    const { inverse, determinant } = inverted(s);
    assert.ok(Math.abs(density * Math.sqrt(determinant) - 1) < 1e-9, `${density} ${determinant}`);
    const innovation = Array.from({ length: rows }, () => 10 * random.normal());
    y.set(innovation, 1);
    const d2 = whiten(chol, 3, rows, y, 1);
    close([[d2]], times(times([innovation], inverse), columnOf(innovation)));
    // W = L⁻¹ H P, so Wᵀ W = P Hᵀ S⁻¹ H P and Wᵀ y = P Hᵀ S⁻¹ ν.
    const dense = Array.from({ length: rows }, (_, i) => Array.from(w.subarray(6 + i * STATE, 6 + (i + 1) * STATE)));
    const gain = times(times(cov, transposed(h)), inverse);
    close(times(transposed(dense), dense), times(gain, times(h, cov)));
    close(times(transposed(dense), columnOf(y.subarray(1))), times(gain, columnOf(innovation)));
  }
});

test("a measured component is an update by one row, with its log-likelihood", () => {
  const random = new Random(6);
  for (let k = 0; k < 60; k += 1) {
    const row = k % STATE;
    const { x, p, mean, cov } = drawn(random);
    const [z, r] = [50 * random.normal(), random.between(0.1, 20)];
    const log = updateComponent(x, XO, p, PO, row, z, r);
    const s = cov[row]![row]! + r;
    const gain = cov.map((line) => [line[row]! / s]);
    const innovation = z - mean[row]![0]!;
    close(meanOf(x), plus(mean, scaled(gain, innovation)));
    close(unpacked(p, PO), plus(cov, times(gain, [cov[row]!]), -1));
    assert.ok(Math.abs(log + 0.5 * (innovation ** 2 / s + Math.log(2 * Math.PI * s))) < 1e-9);
  }
});

test("a rotated state is R x + s and R P Rᵀ in both blocks and between them", () => {
  const random = new Random(7);
  for (let k = 0; k < 30; k += 1) {
    const { x, p, mean, cov } = drawn(random);
    const r = rotation(random);
    const shift = Float64Array.from({ length: 3 }, () => 1000 * random.normal());
    rotateState(x, XO, p, PO, Float64Array.from(r.flat()), shift);
    const both = identity(STATE).map((row, i) => row.map((_, j) => (Math.floor(i / 3) === Math.floor(j / 3) ? r[i % 3]![j % 3]! : 0)));
    close(meanOf(x), plus(times(both, mean), columnOf([...shift, 0, 0, 0])));
    close(unpacked(p, PO), times(times(both, cov), transposed(both)));
  }
});

/** A random turn: a unit quaternion. */
function rotation(random: Random): Matrix {
  const raw = Array.from({ length: 4 }, () => random.normal());
  const [w = 1, x = 0, y = 0, z = 0] = raw.map((v) => v / Math.hypot(...raw));
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
}

test("outer products are those of matrices", () => {
  const random = new Random(8);
  const { p, cov } = drawn(random);
  const h = Float64Array.from({ length: 8 }, () => random.normal());
  addOuter(p, PO, h, 1, -0.25);
  const d = columnOf(h.subarray(1, 7));
  close(unpacked(p, PO), plus(cov, times(d, transposed(d)), -0.25));
  const x = Float64Array.from({ length: 14 }, () => 10 * random.normal());
  const out = new Float64Array(PACKED);
  outerOfDifference(x, 1, 8, out);
  const between = plus(columnOf(x.subarray(1, 7)), columnOf(x.subarray(8, 14)), -1);
  close(unpacked(out), times(between, transposed(between)));
});

test("a measurement without any variance, of a state without any, is survived", () => {
  const [p, chol, w] = [new Float64Array(PACKED), new Float64Array(10), new Float64Array(24)];
  const h = Float64Array.from({ length: 12 }, (_, k) => (k % 7 === 0 ? 1 : 0));
  const density = prepareUpdate(p, 0, h, 0, 2, new Float64Array(2), 0, chol, 0, w, 0);
  assert.ok(Number.isFinite(density));
  const y = Float64Array.of(1, 1);
  assert.ok(Number.isFinite(whiten(chol, 0, 2, y, 0)));
});
