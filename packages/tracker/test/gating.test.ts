// Does looking only into nearby cells find every detection that looking at all of them finds?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { enuFrame } from "@atalaya/geodesy";
import { BiasFilter } from "../src/bias.ts";
import { Gating } from "../src/gating.ts";
import { defaultSettings, type Measure } from "../src/index.ts";
import { STATE } from "../src/kernels.ts";
import { Pairs } from "../src/marginals.ts";
import { Observation } from "../src/observation.ts";
import { MODELS, PS, TrackPool, XS } from "../src/pool.ts";
import { Sensor } from "../src/sensor.ts";
import { Frame, ROW_STRIDE } from "../src/timeline.ts";

const FRAME = enuFrame(-12, 96, 0);

function crowdedSky(random: Random, measures: readonly Measure[], maxRangeM: number, tracks: number, detections: number) {
  const sigmas = { range_m: 8, az_deg: 1, el_deg: 1.2, rdot_mps: 1 } as Readonly<Record<Measure, number>>;
  const sensor = new Sensor(
    0,
    { id: "S", kind: "radar", latDeg: -12, lonDeg: 96, haeM: 3, measures, sigma: measures.map((one) => sigmas[one]), maxRangeM },
    FRAME,
  );
  const pool = new TrackPool();
  for (let k = 0; k < tracks; k += 1) {
    const slot = pool.add();
    const [range, az] = [maxRangeM * Math.sqrt(random.unit()), random.between(-Math.PI, Math.PI)];
    for (let m = 0; m < MODELS; m += 1) {
      pool.mu[slot * MODELS + m] = 1 / MODELS;
      const state = [range * Math.sin(az), range * Math.cos(az), random.between(20, 400), 15 * random.normal(), 15 * random.normal(), 0];
      pool.x.set(m === 0 ? state : pool.x.subarray(slot * XS, slot * XS + STATE), slot * XS + m * STATE);
      const size = random.between(2, 60);
      [0, 3, 5].forEach((at) => (pool.p[slot * PS + m * 21 + at] = size * size));
      [15, 18, 20].forEach((at) => (pool.p[slot * PS + m * 21 + at] = 25));
    }
    pool.existence[slot] = 0.9;
  }
  const frame = new Frame(sensor);
  for (let k = 0; k < detections; k += 1) {
    // One in four is less exact than its sensor usually is, and some were made at another time of the scan.
    const j = frame.add(`d${k}`, k % 3 === 0 ? random.between(-0.5, 0.5) : 0);
    const near = k % 2 === 0 ? random.index(tracks) : -1;
    const xo = near * XS;
    const range = near < 0 ? maxRangeM * Math.sqrt(random.unit()) : Math.hypot(pool.x[xo]!, pool.x[xo + 1]!) + 40 * random.normal();
    const az = near < 0 ? random.between(-Math.PI, 2 * Math.PI) : Math.atan2(pool.x[xo]!, pool.x[xo + 1]!) + 0.06 * random.normal();
    const worse = k % 4 === 0 ? random.between(2, 30) : 1;
    frame.z.set([Math.max(1, range), az, 0.1 + 0.05 * random.normal(), 10 * random.normal()], j * ROW_STRIDE);
    for (const row of sensor.rows) frame.variance[j * ROW_STRIDE + row] = worse * sensor.variance[row]!;
  }
  return { sensor, pool, frame };
}

const SKIES: readonly (readonly [string, readonly Measure[]])[] = [
  ["range, azimuth, elevation and range rate", ["range_m", "az_deg", "el_deg", "rdot_mps"]],
  ["range and azimuth", ["range_m", "az_deg"]],
  ["azimuth alone", ["az_deg"]],
];

for (const [what, measures] of SKIES) {
  test(`the pairs of ${what} are those that comparing all with all gives`, () => {
    const random = new Random(11);
    let found = 0;
    for (let round = 0; round < 12; round += 1) {
      const { sensor, pool, frame } = crowdedSky(random, measures, random.between(800, 20_000), 25, 30 + random.index(400));
      const observation = new Observation(defaultSettings);
      observation.begin(frame, new BiasFilter(defaultSettings.bias));
      const gating = new Gating(defaultSettings);
      gating.sort(frame);
      for (let slot = 0; slot < pool.count; slot += 1) {
        const prep = observation.prepare(pool, slot, sensor, sensor.variance, 0, 0);
        gating.around(pool, slot, observation, prep, frame);
        const near = new Set(gating.found.subarray(0, gating.foundCount));
        assert.equal(near.size, gating.foundCount, "a detection is found once");
        for (let j = 0; j < frame.count; j += 1) {
          const own = observation.prepare(pool, slot, sensor, frame.variance, j * ROW_STRIDE, frame.time[j]!);
          const pairs = new Pairs();
          pairs.begin();
          if (!observation.weigh(pool, slot, own, frame, j, 1, pairs)) continue;
          found += 1;
          assert.ok(near.has(j), `round ${round}: track ${slot} misses detection ${j} at ${frame.z[j * ROW_STRIDE]} m, ${frame.time[j]} s`);
        }
      }
    }
    assert.ok(found > 500, `only ${found} pairs were compared`);
  });
}
