// Does the filter expect of a track what a sensor there would measure, and does it know how that changes with the state?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { enuFrame, enuToGeodetic, geodeticToLook } from "@atalaya/geodesy";
import { BiasFilter } from "../src/bias.ts";
import { defaultSettings, type Measure, type SensorDeclaration } from "../src/index.ts";
import { addOuter, PACKED, STATE } from "../src/kernels.ts";
import { Pairs } from "../src/marginals.ts";
import { Observation } from "../src/observation.ts";
import { MODELS, PS, TrackPool, XS } from "../src/pool.ts";
import { Sensor, wrap } from "../src/sensor.ts";
import { Frame, ROW_STRIDE } from "../src/timeline.ts";
import { close, columnOf, identity, inverted, isPositive, type Matrix, plus, scaled, times, transposed, unpacked } from "./dense.ts";

const FRAME = enuFrame(64.1, -21.9, 0);
/** Without gusts: what is expected varies with the state alone. */
const SETTINGS = { ...defaultSettings, gustMps: 0 };
const NONE = new Float64Array(6);

function sensorWith(measures: readonly Measure[], more: Partial<SensorDeclaration> = {}): Sensor {
  return new Sensor(
    0,
    { id: "S", kind: "radar", latDeg: 64.15, lonDeg: -21.7, haeM: 45, measures, sigma: measures.map(() => 1), ...more },
    FRAME,
  );
}

function tracked(x: readonly number[]): TrackPool {
  const pool = new TrackPool();
  const slot = pool.add();
  for (let m = 0; m < MODELS; m += 1) {
    pool.mu[slot * MODELS + m] = 1 / MODELS;
    pool.x.set(x, slot * XS + m * STATE);
  }
  return pool;
}

function begun(sensor: Sensor): Observation {
  const observation = new Observation(SETTINGS);
  observation.begin(new Frame(sensor), new BiasFilter(SETTINGS.bias));
  return observation;
}

function drawn(random: Random): number[] {
  return [
    3000 * random.normal(),
    3000 * random.normal(),
    random.between(20, 800),
    20 * random.normal(),
    20 * random.normal(),
    4 * random.normal(),
  ];
}

const ONE: readonly Measure[] = ["range_m", "az_deg", "el_deg", "rdot_mps"];

test("azimuth, elevation and range are those that geodesy gives for the sensor's own horizon", () => {
  const random = new Random(1);
  const sensor = sensorWith(ONE);
  const { latDeg, lonDeg, haeM } = sensor.declaration;
  const [place, look] = [new Float64Array(3), new Float64Array(3)];
  for (let k = 0; k < 40; k += 1) {
    const x = drawn(random);
    const observation = begun(sensor);
    const prep = observation.prepare(tracked(x), 0, sensor, NONE, 0, 0);
    enuToGeodetic(FRAME, x[0]!, x[1]!, x[2]!, place);
    geodeticToLook(enuFrame(latDeg, lonDeg, haeM), place[0]!, place[1]!, place[2]!, look);
    assert.ok(Math.abs(wrap(observation.predicted(prep, 0, 1) - look[0]!)) < 1e-9);
    assert.ok(Math.abs(observation.predicted(prep, 0, 2) - look[1]!) < 1e-9);
    assert.ok(Math.abs(observation.predicted(prep, 0, 0) - look[2]!) < 1e-6);
  }
});

/** What a sensor of one measure expects of a state, `delta` s after the state's time. */
function expected(sensor: Sensor, x: readonly number[], delta: number): number {
  const observation = begun(sensor);
  return observation.predicted(observation.prepare(tracked(x), 0, sensor, NONE, 0, delta), 0, 0);
}

/** |h · v|: the deviation that a state which is unsure along v alone would show. */
function steepness(sensor: Sensor, x: readonly number[], v: readonly number[], delta: number): number {
  const pool = tracked(x);
  for (let m = 0; m < MODELS; m += 1) addOuter(pool.p, m * PACKED, Float64Array.from(v), 0, 1);
  const observation = begun(sensor);
  return observation.sigma(observation.prepare(pool, 0, sensor, NONE, 0, delta), 0, 0);
}

for (const measure of ONE) {
  test(`the Jacobian of ${measure} is what differences give, also for detections beside the frame's time`, () => {
    const random = new Random(2);
    const sensor = sensorWith([measure]);
    for (let k = 0; k < 60; k += 1) {
      const x = drawn(random);
      const delta = k % 2 === 0 ? 0 : random.between(-1, 1);
      const v = Array.from({ length: STATE }, () => random.normal());
      const step = 1e-3;
      const moved = (sign: number): number =>
        expected(
          sensor,
          x.map((value, i) => value + sign * step * v[i]!),
          delta,
        );
      const numeric = wrap(moved(1) - moved(-1)) / (2 * step);
      const analytic = steepness(sensor, x, v, delta);
      // A variance below 1e-12 is taken as that.
      assert.ok(Math.abs(analytic - Math.hypot(numeric, 0)) < 1e-4 * Math.abs(numeric) + 2e-6, `${analytic} ${numeric}`);
    }
  });
}

test("a detection moves the track towards itself, in every measure", () => {
  const random = new Random(3);
  for (const measure of ONE) {
    const sensor = sensorWith([measure]);
    for (let k = 0; k < 20; k += 1) {
      const x = drawn(random);
      const pool = tracked(x);
      const unit = measure === "az_deg" || measure === "el_deg" ? 1e-5 : 0.01;
      for (let m = 0; m < MODELS; m += 1) for (const at of [0, 3, 5, 15, 18, 20]) pool.p[m * PACKED + at] = 1;
      const observation = begun(sensor);
      const prep = observation.prepare(pool, 0, sensor, NONE, 0, 0);
      const frame = new Frame(sensor);
      const j = frame.add("d", 0);
      const before = observation.predicted(prep, 0, 0);
      frame.z[sensor.rows[0]!] = before + unit;
      const pairs = new Pairs();
      pairs.begin();
      assert.ok(observation.weigh(pool, 0, prep, frame, j, 1, pairs));
      pairs.endTrack();
      pairs.probability[0] = 1;
      observation.update(pool, 0, pairs, 0, 1, 1, 0, 1);
      const after = expected(sensor, [...pool.x.subarray(0, STATE)], 0);
      assert.ok(Math.abs(wrap(after - before) - unit) < 0.02 * unit, `${measure}: moved by ${after - before} of ${unit}`);
    }
  }
});

/** H by differences, a row for each measure. */
function jacobian(sensor: Sensor, x: readonly number[]): Matrix {
  return sensor.rows.map((_, row) =>
    x.map((__, i) => {
      const moved = (by: number): number => {
        const observation = begun(sensor);
        const state = x.map((value, k) => (k === i ? value + by : value));
        return observation.predicted(observation.prepare(tracked(state), 0, sensor, NONE, 0, 0), 0, row);
      };
      return wrap(moved(1e-3) - moved(-1e-3)) / 2e-3;
    }),
  );
}

for (const [what, worse] of [
  ["alike", 1],
  ["of different errors", 4],
] as const) {
  test(`detections ${what} give the moments of probabilistic data association: the mixture of a miss and each one's Kalman update`, () => {
    const random = new Random(6);
    for (let k = 0; k < 40; k += 1) {
      const measures = k % 4 === 3 ? (["az_deg"] as const) : k % 4 === 2 ? (["range_m", "az_deg"] as const) : ONE;
      const sensor = sensorWith(measures, { sigma: measures.map((one) => (one === "range_m" ? 6 : one === "rdot_mps" ? 0.5 : 0.4)) });
      const x = drawn(random);
      const pool = tracked(x);
      const root = Array.from({ length: STATE }, () => Float64Array.from({ length: STATE }, () => 3 * random.normal()));
      for (const column of root) for (let m = 0; m < MODELS; m += 1) addOuter(pool.p, m * PACKED, column, 0, 1);
      const cov = unpacked(pool.p);
      const h = jacobian(sensor, x);
      const observation = begun(sensor);
      const prep = observation.prepare(pool, 0, sensor, sensor.variance, 0, 0);
      const expected = sensor.rows.map((_, row) => observation.predicted(prep, 0, row));

      const count = 1 + random.index(3);
      const raw = Array.from({ length: count + 1 }, () => random.unit());
      const betas = raw.slice(1).map((v) => v / raw.reduce((sum, other) => sum + other, 0));
      const missed = 1 - betas.reduce((sum, v) => sum + v, 0);
      const frame = new Frame(sensor);
      const pairs = new Pairs();
      pairs.begin();
      const parts = [{ weight: missed, mean: columnOf(x), cov }];
      betas.forEach((weight, e) => {
        const j = frame.add(`${e}`, 0);
        const scale = e === 0 ? 1 : worse;
        const variances = sensor.rows.map((row) => scale * sensor.variance[row]!);
        const innovation = sensor.rows.map((row) => Math.sqrt(sensor.variance[row]!) * random.normal());
        sensor.rows.forEach((row, i) => {
          frame.z[j * ROW_STRIDE + row] = expected[i]! + innovation[i]!;
          frame.variance[j * ROW_STRIDE + row] = variances[i]!;
        });
        const own = scale === 1 ? prep : observation.prepare(pool, 0, sensor, frame.variance, j * ROW_STRIDE, 0);
        assert.ok(observation.weigh(pool, 0, own, frame, j, 1, pairs));
        pairs.probability[e] = weight;
        const noise = identity(variances.length).map((row, i) => row.map((v) => v * variances[i]!));
        const gain = times(times(cov, transposed(h)), inverted(plus(times(times(h, cov), transposed(h)), noise)).inverse);
        parts.push({ weight, mean: plus(columnOf(x), times(gain, columnOf(innovation))), cov: plus(cov, times(gain, times(h, cov)), -1) });
      });
      pairs.endTrack();
      observation.update(pool, 0, pairs, 0, count, sensor.rows.length, missed, 1);

      const mean = parts.map((part) => scaled(part.mean, part.weight)).reduce((a, b) => plus(a, b));
      const spread = parts
        .map((part) => {
          const d = plus(part.mean, mean, -1);
          return scaled(plus(part.cov, times(d, transposed(d))), part.weight);
        })
        .reduce((a, b) => plus(a, b));
      for (let m = 0; m < MODELS; m += 1) {
        close(columnOf(pool.x.subarray(m * STATE, (m + 1) * STATE)), mean, 1e-6, "mean");
        close(unpacked(pool.p, m * PACKED), spread, 1e-5, "covariance");
        assert.ok(isPositive(unpacked(pool.p, m * PACKED)));
        assert.ok(Math.abs(pool.mu[m]! - 1 / MODELS) < 1e-9);
      }
    }
  });
}

test("sound shows where the object was when it left: the expectation lies range / 343 s back", () => {
  const random = new Random(4);
  const heard = sensorWith(["az_deg"], { kind: "acoustic", soundDelay: true });
  const seen = sensorWith(["az_deg"], { kind: "camera" });
  for (let k = 0; k < 40; k += 1) {
    const x = drawn(random);
    const delay = Math.hypot(x[0]! - heard.origin[0]!, x[1]! - heard.origin[1]!, x[2]! - heard.origin[2]!) / 343;
    assert.ok(Math.abs(wrap(expected(heard, x, 0) - expected(seen, x, -delay))) < 1e-12);
  }
});

test("straight above the sensor everything stays finite", () => {
  const sensor = sensorWith(ONE);
  const x = [sensor.origin[0]!, sensor.origin[1]!, sensor.origin[2]! + 100, 0, 0, 0];
  for (const up of [100, 0]) {
    const pool = tracked([x[0]!, x[1]!, sensor.origin[2]! + up, 0, 0, 0]);
    for (const at of [0, 3, 5, 15, 18, 20]) pool.p[at] = 1;
    const observation = begun(sensor);
    const prep = observation.prepare(pool, 0, sensor, sensor.variance, 0, 0);
    for (let row = 0; row < 4; row += 1) assert.ok(Number.isFinite(observation.predicted(prep, 0, row)), `row ${row} at ${up} m`);
    for (let row = 0; row < 3; row += 1) assert.ok(Number.isFinite(observation.sigma(prep, 0, row)));
  }
});

test("the deviation of each row is the root of the innovation covariance's diagonal", () => {
  const random = new Random(5);
  const all = sensorWith(ONE);
  for (let k = 0; k < 20; k += 1) {
    const pool = tracked(drawn(random));
    const root = Array.from({ length: STATE }, () => Float64Array.from({ length: STATE }, () => 3 * random.normal()));
    for (const column of root) for (let m = 0; m < MODELS; m += 1) addOuter(pool.p, m * PACKED, column, 0, 1);
    const together = begun(all);
    const prep = together.prepare(pool, 0, all, all.variance, 0, 0);
    ONE.slice(0, 3).forEach((measure, row) => {
      const single = sensorWith([measure]);
      const alone = begun(single);
      const sigma = alone.sigma(alone.prepare(pool, 0, single, single.variance, 0, 0), 0, 0);
      assert.ok(Math.abs(together.sigma(prep, 0, row) / sigma - 1) < 1e-9);
    });
  }
});

test("a slot holds what the constants say", () => {
  assert.equal(XS, MODELS * STATE);
  assert.equal(PS, MODELS * PACKED);
});
