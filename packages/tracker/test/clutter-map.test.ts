// Does the map of false alarms learn where they are, and can it take back exactly what it was taught?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { enuFrame } from "@atalaya/geodesy";
import { ClutterMap } from "../src/clutter-map.ts";
import type { SensorDeclaration } from "../src/index.ts";
import { Sensor } from "../src/sensor.ts";

function sensorWith(more: Partial<SensorDeclaration> = {}): Sensor {
  const fov = { rangeM: [100, 4000], azDeg: [0, 360], elDeg: [-2, 60], rangeRateMps: [-60, 60] } as const;
  const measures = ["range_m", "az_deg", "el_deg", "rdot_mps"] as const;
  const declaration = { id: "S", kind: "radar", latDeg: 10, lonDeg: 20, haeM: 0, measures, sigma: [5, 0.5, 0.7, 0.3], fov } as const;
  return new Sensor(0, { ...declaration, falseAlarmsPerScan: 20, ...more }, enuFrame(10, 20, 0));
}

interface Scan {
  readonly epoch: number;
  readonly share: number;
  readonly counts: readonly (readonly [cell: number, weight: number])[];
}

function scan(map: ClutterMap, random: Random, share = 1): Scan {
  const counts = Array.from({ length: random.poisson(6) }, () => [
    map.cell(random.between(0, 5000), random.between(-9, 9), random.between(-0.1, 1.2)),
    random.unit(),
  ]) as [number, number][];
  return { epoch: map.epoch, share, counts };
}

function teach(map: ClutterMap, { epoch, share, counts }: Scan, sign: 1 | -1): void {
  map.scanned(epoch, share, sign);
  for (const [cell, weight] of counts) map.count(epoch, cell, weight, sign);
}

/** What can be seen of a map: the density in every cell that matters. */
function densities(map: ClutterMap): readonly number[] {
  return Array.from({ length: 500 }, (_, k) => map.density(k * 7, 0));
}

test("what was taught and taken back leaves no trace, over the border of an epoch as well", () => {
  const random = new Random(1);
  for (const share of [1, 1 / 8]) {
    const map = new ClutterMap(sensorWith());
    let before: readonly number[] = [];
    const taught: Scan[] = [];
    const total = 230 / share;
    for (let k = 0; k < total; k += 1) {
      if (k === total - 64) before = densities(map);
      const one = scan(map, random, share);
      teach(map, one, 1);
      taught.push(one);
    }
    // Back by six seconds at ten scans a second, and forward again with what was there.
    const after = densities(map);
    const back = taught.slice(-64);
    for (const one of back) teach(map, one, -1);
    assert.deepEqual(densities(map), before);
    for (const one of back) {
      assert.equal(map.epoch, one.epoch);
      teach(map, one, 1);
    }
    assert.deepEqual(densities(map), after);
  }
});

test("a fast sensor's window fits between the epochs: the map goes back by all of it", () => {
  const random = new Random(2);
  const periodS = 0.02;
  const map = new ClutterMap(sensorWith({ periodS }));
  for (let k = 0; k < 400; k += 1) teach(map, scan(map, random), 1);
  const before = densities(map);
  const window = Array.from({ length: 6 / periodS }, () => {
    const one = scan(map, random);
    teach(map, one, 1);
    return one;
  });
  for (const one of window) teach(map, one, -1);
  assert.deepEqual(densities(map), before);
});

test("the density starts as declared and goes to what is seen, where it is seen", () => {
  const random = new Random(3);
  const sensor = sensorWith();
  const map = new ClutterMap(sensor);
  const declared = sensor.falseAlarms / sensor.volume;
  const [noisy, quiet] = [map.cell(1500, 1, 0.02), map.cell(1500, 4, 0.02)];
  assert.ok(Math.abs(map.density(noisy, 0) / declared - 1) < 0.35);
  for (let k = 0; k < 80; k += 1) {
    const many = Array.from({ length: random.poisson(2) }, () => [noisy, 1] as const);
    teach(map, { epoch: map.epoch, share: 1, counts: many }, 1);
  }
  // Two a scan in one of many cells that were to share twenty.
  assert.ok(map.density(noisy, 0) > 50 * declared, `${map.density(noisy, 0) / declared}`);
  assert.ok(map.density(quiet, 0) <= declared && map.density(quiet, 0) > 0);
});

test("it forgets: two epochs later an old wind farm counts no more", () => {
  const map = new ClutterMap(sensorWith());
  const cell = map.cell(1500, 1, 0.02);
  for (let k = 0; k < 100; k += 1) teach(map, { epoch: map.epoch, share: 1, counts: [[cell, 1]] }, 1);
  const busy = map.density(cell, 0);
  for (let k = 0; k < 250; k += 1) teach(map, { epoch: map.epoch, share: 1, counts: [] }, 1);
  assert.ok(map.density(cell, 0) < busy / 20);
});

test("a flood in one scan raises the density at once, and the scan's own detection does not count against itself", () => {
  const map = new ClutterMap(sensorWith());
  const cell = map.cell(800, 2, 0.3);
  const usual = map.density(cell, 0);
  map.notice(cell);
  assert.equal(map.density(cell, 1), usual);
  for (let k = 0; k < 999; k += 1) map.notice(cell);
  assert.ok(map.density(cell, 1) > 100 * usual);
  map.forgetNoticed(cell);
  assert.equal(map.density(cell, 0), usual);
});

test("every finite place has a cell, and a map taken up again is the same", () => {
  const random = new Random(4);
  for (const measures of [["range_m", "az_deg", "el_deg", "rdot_mps"], ["range_m", "az_deg"], ["az_deg"]] as const) {
    const sensor = sensorWith({ measures, sigma: [] });
    const map = new ClutterMap(sensor);
    for (const range of [-1e9, 0, 100, 4000, 1e9]) {
      for (const az of [-1e9, -4, 0, 3, 1e9]) for (const el of [-1e9, 0, 0.3, 1e9]) assert.ok(map.density(map.cell(range, az, el), 0) > 0);
    }
    for (let k = 0; k < 130; k += 1) teach(map, scan(map, random), 1);
    const { counts, ...rest } = map.save();
    const again = new ClutterMap(sensor);
    assert.ok(again.restore({ ...rest, counts: counts.slice() }));
    assert.deepEqual(densities(again), densities(map));
    assert.equal(again.restore({ ...rest, counts: counts.slice(1) }), false);
  }
});
