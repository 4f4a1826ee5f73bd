// Where bearings meet: is the place right, is its covariance honest, and do lines that no object explains begin nothing?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { enuFrame, enuToGeodetic } from "@atalaya/geodesy";
import { meetings } from "../src/bearings.ts";
import { defaultSettings } from "../src/index.ts";
import { Sensor, wrap } from "../src/sensor.ts";
import { Frame, ROW_STRIDE } from "../src/timeline.ts";

const FRAME = enuFrame(48, 11, 0);
const SIGMA_DEG = 1;
/** How far bearings are free stands with the frame itself. */
const ofFrame = ({ spare }: Frame): Float64Array => spare;
const RAD = Math.PI / 180;
const PLACES = [
  [-1500, -1200],
  [1500, -1000],
  [100, 1700],
  [-200, -1600],
] as const;

function sensorAt(index: number, east: number, north: number): Sensor {
  const place = new Float64Array(3);
  enuToGeodetic(FRAME, east, north, 0, place);
  const [latDeg = 0, lonDeg = 0, haeM = 0] = place;
  const declaration = {
    id: `DF${index}`,
    kind: "rf_df",
    latDeg,
    lonDeg,
    haeM,
    measures: ["az_deg"],
    sigma: [SIGMA_DEG],
    pd: 0.95,
  } as const;
  return new Sensor(index, { ...declaration, maxRangeM: 6000, falseAlarmsPerScan: 0.2, periodS: 1 }, FRAME);
}

/** One round of the sensors, the newest first: bearings to the objects, and to nothing. */
function round(random: Random, objects: readonly (readonly [number, number])[], more: { sigmaDeg?: number; false?: number } = {}): Frame[] {
  return PLACES.map(([east, north], k) => {
    const sensor = sensorAt(k, east, north);
    const frame = new Frame(sensor);
    frame.timeS = 10 - 0.1 * k;
    const turn = Math.atan2(sensor.rotation[1]!, sensor.rotation[4]!);
    const azimuths = objects.map(([e, n]) => Math.atan2(e - sensor.origin[0]!, n - sensor.origin[1]!) + turn);
    for (let f = random.poisson(more.false ?? 0); f > 0; f -= 1) azimuths.push(random.between(-Math.PI, Math.PI));
    for (const az of azimuths) {
      const j = frame.add(`${k}`, frame.timeS);
      frame.z[j * ROW_STRIDE + 1] = az + (more.sigmaDeg ?? SIGMA_DEG) * RAD * random.normal();
      frame.variance[j * ROW_STRIDE + 1] = (SIGMA_DEG * RAD) ** 2;
      frame.spare[j] = 1;
    }
    return frame;
  });
}

test("exact bearings meet at the object, whose doubt is that of crossing lines", () => {
  const random = new Random(1);
  for (let k = 0; k < 30; k += 1) {
    const object = [random.between(-1000, 1000), random.between(-800, 1200)] as const;
    const [frame, ...earlier] = round(random, [object], { sigmaDeg: 0 });
    const [found, ...others] = meetings(frame!, earlier, defaultSettings, ofFrame);
    assert.ok(found !== undefined && others.length === 0);
    assert.ok(Math.hypot(found.eastM - object[0], found.northM - object[1]) < 0.5, `${found.eastM} ${found.northM}, ${String(object)}`);
    assert.equal(found.bearings, PLACES.length);
    const [ee, en, nn] = found.covariance;
    assert.ok(ee > 0 && nn > 0 && ee * nn > en * en);
    // Four bearings of 1° at a kilometre or two: some tens of metres at most.
    assert.ok(Math.sqrt(ee + nn) < 60 && Math.sqrt(ee + nn) > 5, `${Math.sqrt(ee + nn)}`);
  }
});

test("the place is off as far as its covariance says", () => {
  const random = new Random(2);
  let [sum, count] = [0, 0];
  for (let k = 0; k < 400; k += 1) {
    const object = [random.between(-1000, 1000), random.between(-800, 1200)] as const;
    const [frame, ...earlier] = round(random, [object]);
    const [found] = meetings(frame!, earlier, defaultSettings, ofFrame);
    if (found === undefined || found.bearings < PLACES.length) continue;
    const [ee, en, nn] = found.covariance;
    const [dx, dy] = [found.eastM - object[0], found.northM - object[1]];
    sum += (nn * dx * dx - 2 * en * dx * dy + ee * dy * dy) / (ee * nn - en * en) / 2;
    count += 1;
  }
  assert.ok(count > 250, `${count} met`);
  // Objects move between bearings, so the stated doubt holds a few metres more than this noise needs.
  assert.ok(sum / count > 0.6 && sum / count < 1.15, `${sum / count}`);
});

test("of the crossings of two objects' bearings the true places are the surest, and no bearing is used twice", () => {
  const random = new Random(3);
  let right = 0;
  const rounds = 100;
  for (let k = 0; k < rounds; k += 1) {
    const objects = [
      [random.between(-900, -300), random.between(-600, 900)],
      [random.between(300, 900), random.between(-600, 900)],
    ] as const;
    const [frame, ...earlier] = round(random, objects);
    const [first, second, ...more] = meetings(frame!, earlier, defaultSettings, ofFrame);
    assert.equal(more.length, 0, "two bearings begin two objects at most");
    if (first === undefined || second === undefined) continue;
    const off = (e: number, n: number): number => Math.min(...objects.map(([oe, on]) => Math.hypot(e - oe, n - on)));
    if (off(first.eastM, first.northM) < 120 && off(second.eastM, second.northM) < 120) right += 1;
  }
  assert.ok(right > 0.85 * rounds, `${right} of ${rounds}`);
});

test("false bearings at the declared rate seldom begin anything that is likely", () => {
  const random = new Random(4);
  let likely = 0;
  for (let k = 0; k < 300; k += 1) {
    const [frame, ...earlier] = round(random, [], { false: 0.2 });
    for (const { existence } of meetings(frame!, earlier, defaultSettings, ofFrame)) likely += existence;
  }
  assert.ok(likely < 10, `${likely} objects believed in 300 rounds of false bearings`);
});

test("lines that run together, or away from each other, do not meet", () => {
  const [a, b] = [sensorAt(0, 0, 0), sensorAt(1, 0, 1000)];
  const framed = (sensor: Sensor, az: number): Frame => {
    const frame = new Frame(sensor);
    frame.timeS = 1;
    const j = frame.add("x", 1);
    frame.z[j * ROW_STRIDE + 1] = az;
    frame.variance[j * ROW_STRIDE + 1] = (SIGMA_DEG * RAD) ** 2;
    frame.spare[j] = 1;
    return frame;
  };
  for (const [azA, azB] of [
    [0.01, 0],
    [Math.PI / 2, Math.PI / 2],
    [-Math.PI / 4, Math.PI / 4],
    [Math.PI - 0.5, 0.5],
  ] as const) {
    assert.deepEqual(meetings(framed(a, azA), [framed(b, azB)], defaultSettings, ofFrame), [], `${azA} ${azB}`);
  }
});

test("explained bearings, and rounds that are long past, begin nothing", () => {
  const random = new Random(5);
  const object = [[200, 300]] as const;
  const [explained, ...earlier] = round(random, object);
  explained!.spare[0] = 0.1;
  assert.deepEqual(meetings(explained!, earlier, defaultSettings, ofFrame), []);
  const [frame, ...old] = round(random, object);
  frame!.timeS += 5;
  assert.deepEqual(meetings(frame!, old, defaultSettings, ofFrame), []);
});

test("a sensor that was declared anew does not meet itself", () => {
  const random = new Random(6);
  const [frame] = round(random, [[200, 300]]);
  const moved = sensorAt(0, -1500, 1200);
  const again = new Frame(moved);
  again.timeS = frame!.timeS - 0.9;
  const j = again.add("x", again.timeS);
  again.z[j * ROW_STRIDE + 1] = wrap(Math.atan2(200 + 1500, 300 - 1200));
  again.variance[j * ROW_STRIDE + 1] = (SIGMA_DEG * RAD) ** 2;
  again.spare[j] = 1;
  assert.deepEqual(meetings(frame!, [again], defaultSettings, ofFrame), []);
});

test("of a flood of bearings a part is looked at", () => {
  const random = new Random(7);
  const frames = round(random, [[200, 300]], { false: 100_000 });
  const [frame, ...earlier] = frames;
  assert.ok(meetings(frame!, earlier, defaultSettings, ofFrame).length <= 40);
});
