// What happens when sensors lie, flood, fall silent or speak nonsense: each row of the README's table "What happens when".
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import * as fc from "fast-check";
import {
  type Detection,
  MEASURES,
  type SavedTracker,
  SENSOR_KINDS,
  type SensorDeclaration,
  type TrackEstimate,
  Tracker,
  type TrackerSettings,
} from "../src/index.ts";
import { isPositive } from "./dense.ts";

const RADAR: SensorDeclaration = {
  id: "R",
  kind: "radar",
  latDeg: 31.76,
  lonDeg: -106.49,
  haeM: 1140,
  measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
  sigma: [5, 0.5, 0.7, 0.3],
  periodS: 1,
  pd: 0.95,
  falseAlarmsPerScan: 5,
  fov: { rangeM: [50, 4000], azDeg: [0, 360], elDeg: [-2, 60], rangeRateMps: [-60, 60] },
};
const FIX: SensorDeclaration = {
  id: "F",
  kind: "remoteid",
  latDeg: 31.76,
  lonDeg: -106.49,
  haeM: 1140,
  measures: ["lat_deg", "lon_deg", "alt_m"],
  sigma: [5, 5, 10],
};

const anywhere = (random: Random): readonly number[] => [
  random.between(50, 4000),
  random.between(0, 360),
  random.between(-2, 60),
  random.between(-60, 60),
];

interface Told {
  readonly variance?: readonly number[];
  readonly sensor?: string;
}

/** One scan with these detections, then time goes on to just after it. */
function scan(tracker: Tracker, timeS: number, all: Iterable<readonly number[]>, { variance, sensor = "R" }: Told = {}): void {
  let count = 0;
  for (const z of all) {
    tracker.detect({ id: `${timeS} ${count}`, sensor, scan: timeS, timeS, z, variance }, timeS + 0.05);
    count += 1;
  }
  tracker.scanEnd({ sensor, scan: timeS, count, timeS, endTimeS: timeS }, timeS + 0.06);
  tracker.advance(timeS + 0.1);
}

/** A drone that flies by at 1000 m, from left to right. */
const drone = (random: Random, timeS: number): readonly number[] => {
  const [e, n, u] = [-300 + 15 * timeS, 1000, 80];
  const flat = Math.hypot(e, n);
  const range = Math.hypot(flat, u);
  return [
    range + 5 * random.normal(),
    (Math.atan2(e, n) * 180) / Math.PI + 0.5 * random.normal(),
    (Math.atan2(u, flat) * 180) / Math.PI + 0.7 * random.normal(),
    (15 * e) / range + 0.3 * random.normal(),
  ];
};

function repeat<T>(count: number, one: (k: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, k) => one(k));
}

/** A tracker that knows the drone. */
function warm(settings: Partial<TrackerSettings> = {}, declaration = RADAR): { readonly tracker: Tracker; readonly random: Random } {
  const random = new Random(1);
  const tracker = new Tracker(settings);
  assert.ok(tracker.declare(declaration));
  for (let t = 1; t <= 8; t += 1) scan(tracker, t, [drone(random, t)]);
  assert.equal(tracker.tracks(8.1).length, 1);
  return { tracker, random };
}

const sound = (tracks: readonly TrackEstimate[]): void => {
  for (const track of tracks) {
    const {
      latDeg,
      lonDeg,
      haeM,
      velocityEnuMps,
      covarianceEnuM2: c,
      existence,
      classes,
      manoeuvre,
      speedSigmaMps,
      ambiguity,
      hits,
    } = track;
    const numbers = [
      latDeg,
      lonDeg,
      haeM,
      ...velocityEnuMps,
      ...c,
      existence,
      ...Object.values(classes),
      ...manoeuvre,
      speedSigmaMps,
      ambiguity,
      hits,
    ];
    for (const value of numbers) assert.ok(Number.isFinite(value), JSON.stringify(track));
    assert.ok(existence >= 0 && existence <= 1 && manoeuvre.every((p) => p >= 0 && p <= 1));
    assert.ok(Math.abs(Object.values(classes).reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
    assert.deepEqual([c[1], c[2], c[5]], [c[3], c[6], c[7]]);
    assert.ok(isPositive([c.slice(0, 3), c.slice(3, 6), c.slice(6, 9)]), `covariance ${c.join(" ")}`);
  }
};

test("a million detections in one frame: as many as a frame holds are weighed, the rest is counted, and the drone is not lost", () => {
  const { tracker, random } = warm();
  const flood = function* (timeS: number): Iterable<readonly number[]> {
    yield drone(random, timeS);
    for (let k = 0; k < 1_000_000; k += 1) yield anywhere(random);
  };
  scan(tracker, 9, flood(9));
  const { crowded, tracks } = tracker.counts;
  assert.equal(crowded, 1_000_001 - tracker.settings.maxDetectionsPerFrame);
  assert.ok(tracks <= tracker.settings.maxBirthsPerFrame + 10, `${tracks} tracks`);
  sound(tracker.tracks(9.1, { tentative: true }));
  for (let t = 10; t <= 14; t += 1) scan(tracker, t, [drone(random, t)]);
  const told = tracker.tracks(14.1).filter(({ hits }) => hits > 8);
  assert.equal(told.length, 1, "the drone is still known");
  assert.ok(tracker.tracks(14.1).length < 6, `${tracker.tracks(14.1).length} are told`);
});

test("the same place a hundred thousand times, far off or where a drone is: nothing is begun by it, the drone stays", () => {
  const { tracker, random } = warm();
  for (let t = 9; t <= 12; t += 1) {
    scan(tracker, t, [...repeat(99_000, () => [2000, 200, 3, 0]), drone(random, t)]);
    assert.ok(tracker.tracks(t + 0.1).length <= 2, `${tracker.tracks(t + 0.1).length} told`);
    sound(tracker.tracks(t + 0.1, { tentative: true }));
  }
  const place = drone(new Random(2), 13);
  scan(
    tracker,
    13,
    repeat(100_000, () => place),
    { variance: [1e4, 100, 100, 100] },
  );
  sound(tracker.tracks(13.1, { tentative: true }));
  assert.ok(tracker.tracks(13.1).some(({ hits }) => hits > 8));
});

test("a variance of zero is taken as the smallest that is believed", () => {
  const { tracker, random } = warm();
  for (let t = 9; t <= 12; t += 1) scan(tracker, t, [drone(random, t)], { variance: [0, 0, 0, 0] });
  sound(tracker.tracks(12.1, { tentative: true }));
  const exact = new Tracker();
  assert.ok(exact.declare({ ...RADAR, sigma: [0, 0, 0, 0] }));
  // Nothing moves and nothing is measured wrongly: as singular as a covariance gets.
  for (let t = 1; t <= 12; t += 1) scan(exact, t, [[500, 90, 10, 0]]);
  sound(exact.tracks(12.1, { tentative: true }));
  assert.equal(exact.tracks(12.1).length, 1);
});

test("what is not a number, infinite, negative where that cannot be, too short or out of all bounds is counted as malformed", () => {
  const { tracker } = warm();
  const base = { id: "x", sensor: "R", scan: 9, timeS: 9, z: [500, 90, 10, 0] } as const satisfies Detection;
  const bad: readonly Partial<Detection>[] = [
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300].flatMap((v) =>
      repeat(4, (k) => ({ z: base.z.map((own, row) => (row === k ? v : own)) })),
    ),
    { z: [-1, 90, 10, 0] },
    { z: [500, 90, 10] },
    { z: [] },
    { variance: [-1, 1, 1, 1] },
    { variance: [1, Number.NaN, 1, 1] },
    { variance: [1, 1, Number.POSITIVE_INFINITY, 1] },
    { timeS: Number.NaN },
    { timeS: Number.POSITIVE_INFINITY },
    { scan: Number.NaN },
    { scan: 0.5 },
    { velocityEnuMps: [Number.NaN, 0, 0] },
    { timeSigmaS: Number.NaN },
    { classes: { drone: Number.NaN } },
    { classes: { bird: Number.POSITIVE_INFINITY } },
  ];
  for (const [k, one] of bad.entries()) {
    tracker.detect({ ...base, ...one, id: `bad ${k}` }, 9);
    assert.equal(tracker.counts.malformed, k + 1, JSON.stringify(one));
  }
  const { malformed } = tracker.counts;
  tracker.detect(base, Number.NaN);
  tracker.detect(base, 1e300);
  tracker.scanEnd({ sensor: "R", scan: 9, count: 0, timeS: Number.NaN, endTimeS: 9 }, 9);
  tracker.scanEnd({ sensor: "R", scan: Number.POSITIVE_INFINITY, count: 0, timeS: 9, endTimeS: 9 }, 9);
  tracker.scanEnd({ sensor: "R", scan: 9, count: 0, timeS: 9, endTimeS: Number.NEGATIVE_INFINITY }, 9);
  assert.equal(tracker.counts.malformed, malformed + 5);
  for (const t of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    tracker.advance(t);
    assert.deepEqual(tracker.tracks(t), []);
  }
  assert.equal(tracker.tracks(9).length, 1, "and time did not jump");
});

test("an hour behind is late, an hour ahead is ahead, and neither moves time or a track", () => {
  const { tracker, random } = warm();
  const before = tracker.tracks(8.1);
  for (const [k, timeS] of [8 - 3600, 8 + 3600, -1e300, 1e11].entries()) {
    tracker.detect({ id: `wrong ${k}`, sensor: "R", scan: 100 + k, timeS, z: drone(random, 8) }, 8.1);
    tracker.scanEnd({ sensor: "R", scan: 100 + k, count: 1, timeS, endTimeS: timeS }, 8.1);
  }
  tracker.advance(8.1);
  assert.deepEqual([tracker.counts.late, tracker.counts.ahead], [4, 4]);
  assert.deepEqual(
    tracker.tracks(8.1).map(({ latDeg, lonDeg, existence }) => [latDeg, lonDeg, existence]),
    before.map(({ latDeg, lonDeg, existence }) => [latDeg, lonDeg, existence]),
  );
  // A caller whose clock steps back an hour is heard as of the time that was: the sensor's own, right time counts.
  tracker.detect({ id: "after", sensor: "R", scan: 9, timeS: 9, z: drone(random, 9) }, 9 - 3600);
  assert.equal(tracker.counts.ahead, 5, "by the caller's clock it comes from the future");
  scan(tracker, 10, [drone(random, 10)]);
  assert.equal(tracker.tracks(10.1)[0]?.status, "confirmed");
});

test("ends of scans without detections are looks that saw nothing; a scan that never ends is cut by time", () => {
  const { tracker } = warm();
  const existence = (t: number): number => Math.max(0, ...tracker.tracks(t, { tentative: true }).map((track) => track.existence));
  const before = existence(8.1);
  for (let t = 9; t <= 14; t += 1) scan(tracker, t, []);
  assert.ok(existence(14.1) < 0.2 && before > 0.9, `${before} → ${existence(14.1)}`);

  const { tracker: endless, random } = warm();
  for (let k = 0; k < 3000; k += 1) {
    const timeS = 9 + 0.02 * k;
    endless.detect({ id: `e${k}`, sensor: "R", scan: 7777, timeS, z: anywhere(random) }, timeS);
    if (k % 50 === 0) endless.advance(timeS);
  }
  const { frames, open } = endless.save();
  assert.ok(frames.length < 40 && open.length < 20, `${frames.length} frames, ${open.length} open`);
  sound(endless.tracks(69, { tentative: true }));
});

test("a sensor that nobody declared is counted and changes nothing", () => {
  const { tracker } = warm();
  const before = JSON.stringify(tracker.save().pool);
  tracker.detect({ id: "x", sensor: "nobody", timeS: 8.2, z: [1, 2, 3] }, 8.2);
  tracker.scanEnd({ sensor: "nobody", scan: 1, count: 0, timeS: 8.2, endTimeS: 8.2 }, 8.2);
  tracker.advance(8.2);
  assert.equal(tracker.counts.unknownSensor, 2);
  assert.equal(JSON.stringify(tracker.save().pool), before);
});

test("a sensor that is declared anew in the middle of a scan, with other measures, begins anew; what it said before stays what it was", () => {
  const { tracker, random } = warm();
  const twoDimensional = { ...RADAR, measures: ["az_deg", "range_m"], sigma: [0.5, 5] } as const satisfies SensorDeclaration;
  const [range = 0, az = 0, el = 0, rate = 0] = drone(random, 9);
  tracker.detect({ id: "before", sensor: "R", scan: 9, timeS: 9, z: [range, az, el, rate] }, 9.01);
  assert.ok(tracker.declare(twoDimensional));
  tracker.detect({ id: "after", sensor: "R", scan: 9, timeS: 9, z: [az, range] }, 9.02);
  tracker.scanEnd({ sensor: "R", scan: 9, count: 2, timeS: 9, endTimeS: 9 }, 9.03);
  tracker.advance(9.1);
  const frames = tracker.save().frames.filter(({ timeS }) => timeS === 9);
  assert.deepEqual(frames.map(({ ids }) => ids.join()).sort(), ["after", "before"]);
  for (let t = 10; t <= 12; t += 1) {
    const [r = 0, a = 0] = drone(random, t);
    scan(tracker, t, [[a, r]]);
  }
  const tracks = tracker.tracks(12.1, { tentative: true }).filter(({ existence }) => existence > 0.5);
  assert.equal(tracks.length, 1);
  assert.ok(tracks[0]!.hits > 10);
  // Late data of before the change, and a restart between, work in what was said then by who said it then.
  const resumed = Tracker.resume(JSON.parse(JSON.stringify(tracker.save())) as SavedTracker);
  assert.ok(resumed !== undefined);
  assert.deepEqual(resumed.tracks(12.1, { tentative: true }), tracker.tracks(12.1, { tentative: true }));
  for (const one of [tracker, resumed]) {
    one.declare({ ...FIX, id: "T", kind: "tdoa" });
    one.detect({ id: "late", sensor: "T", timeS: 8.5, z: [31.769, -106.4919, 1220] }, 12.2);
    one.advance(12.2);
  }
  assert.equal(tracker.counts.late, 0);
  assert.deepEqual(resumed.tracks(12.2, { tentative: true }), tracker.tracks(12.2, { tentative: true }));
});

test("of ten thousand declared sensors those within the limit work, the rest is refused and counted", () => {
  const tracker = new Tracker({ maxSensors: 40 });
  let taken = 0;
  for (let k = 0; k < 10_000; k += 1) if (tracker.declare({ ...RADAR, id: `R${k}` })) taken += 1;
  assert.equal(taken, 40);
  assert.equal(tracker.counts.sensorsRefused, 9_960);
  assert.ok(tracker.declare({ ...RADAR, id: "R7", pd: 0.5 }), "a known one may still say what is new");
  assert.equal(tracker.sensors().length, 40);
});

test("a flood of invented identities pushes out the silent ones only: who goes on telling stays, and nothing grows", () => {
  const random = new Random(3);
  const tracker = new Tracker({ maxIdentities: 1000 });
  tracker.declare(FIX);
  const claim = (timeS: number, identity: string): void => {
    const z = [31.76 + 0.02 * random.unit(), -106.49 + 0.02 * random.unit(), 1200];
    tracker.detect({ id: `${identity} ${timeS}`, sensor: "F", timeS, z, identity }, timeS);
  };
  for (let t = 0; t < 20; t += 1) {
    claim(t, "EARNEST");
    for (let k = 1; k <= 900; k += 1) claim(t + k / 1000, `FALSE ${t} ${k}`);
    tracker.advance(t + 0.95);
  }
  const claims = tracker.tracks(19.95);
  assert.ok(
    claims.every(({ status }) => status === "unverified"),
    "no claim became a body",
  );
  assert.ok(claims.some(({ identity }) => identity?.name === "EARNEST"));
  assert.ok(claims.length <= 1000 && tracker.save().identities.length <= 1000);
  claim(20, "LATECOMER");
  tracker.advance(20);
  assert.ok(
    tracker.tracks(20).some(({ identity }) => identity?.name === "LATECOMER"),
    "a new one is heard after the flood",
  );
});

test("a million distinct detections leave no more behind than a few do", () => {
  const random = new Random(4);
  const tracker = new Tracker();
  tracker.declare(RADAR);
  // Scans, single reports, and scans of one detection each, all at once.
  for (let k = 0; k < 1_000_000; k += 1) {
    const timeS = 1 + k * 4e-6;
    const number = k % 3 === 0 ? Math.floor(timeS) : k % 3 === 1 ? undefined : 1000 + k;
    tracker.detect({ id: `${k}`, sensor: "R", scan: number, timeS, z: anywhere(random) }, timeS);
    if (k % 25_000 === 0) tracker.advance(timeS);
  }
  tracker.advance(5);
  const { frames, open, seen, tracks } = tracker.save();
  const { maxFrames, maxDetectionsPerFrame } = tracker.settings;
  assert.ok(frames.length <= 1.5 * maxFrames, `${frames.length} frames`);
  assert.ok(open.length <= maxFrames);
  assert.ok(seen.reduce((sum, [, ids]) => sum + ids.length, 0) <= 20_000);
  assert.ok(Math.max(...frames.map(({ ids }) => ids.length)) <= maxDetectionsPerFrame);
  assert.ok(tracks <= tracker.settings.maxTracks);
  assert.ok(tracker.counts.crowded > 500_000);
  sound(tracker.tracks(5, { tentative: true }));
});

test("a sensor at the pole, or next to it, tracks as anywhere", () => {
  for (const [latDeg, lonDeg] of [
    [90, 0],
    [-90, 123],
    [89.9999, -180],
    [-89.99, 179.999],
  ] as const) {
    const random = new Random(5);
    const tracker = new Tracker();
    assert.ok(tracker.declare({ ...RADAR, latDeg, lonDeg, haeM: 2800 }));
    assert.ok(tracker.declare({ ...RADAR, id: "R2", latDeg, lonDeg: lonDeg - 120, haeM: 2800, fov: { ...RADAR.fov, azDeg: [100, 140] } }));
    for (let t = 1; t <= 10; t += 1) {
      scan(tracker, t, [drone(random, t)]);
      // At the pole the second one's north lies 120° away; it looks where the drone is.
      const [range = 0, az = 0, el = 0, rate = 0] = drone(random, t);
      if (Math.abs(latDeg) === 90)
        scan(tracker, t, [[range, latDeg > 0 ? (az + 240) % 360 : (az + 120) % 360, el, rate]], { sensor: "R2" });
    }
    sound(tracker.tracks(10.1, { tentative: true }));
    assert.equal(tracker.tracks(10.1).length, 1, `${latDeg} ${lonDeg}`);
  }
});

test("probabilities of detection outside 0 to 1 are taken at the nearest that makes sense", () => {
  for (const pd of [0, 1, 2, -3]) {
    const random = new Random(6);
    const tracker = new Tracker();
    assert.ok(tracker.declare({ ...RADAR, pd }));
    for (let t = 1; t <= 30; t += 1) scan(tracker, t, t % 5 === 0 ? [] : [drone(random, t)]);
    sound(tracker.tracks(30.1, { tentative: true }));
  }
});

test("a declaration that makes no sense is refused and counted, and leaves no sensor behind", () => {
  const bad: readonly Partial<SensorDeclaration>[] = [
    { id: "" },
    { measures: [] },
    { measures: ["el_deg"] },
    { measures: ["lat_deg"] },
    { latDeg: 91 },
    { lonDeg: Number.NaN },
    { haeM: Number.POSITIVE_INFINITY },
    { pd: Number.NaN },
    { periodS: Number.NaN },
    { falseAlarmsPerScan: Number.POSITIVE_INFINITY },
    { sigma: [-1, 1, 1, 1] },
    { sigma: [1, Number.NaN, 1, 1] },
    { maxRangeM: 0 },
    { maxRangeM: 20 },
    { maxRangeM: Number.NaN },
    { fov: { rangeM: [100, 100] } },
    { fov: { rangeM: [200, 100] } },
    { fov: { elDeg: [10, 10] } },
    { fov: { rangeRateMps: [5, -5] } },
    { fov: { azDeg: [Number.NaN, 10] } },
  ];
  const tracker = new Tracker();
  for (const [k, one] of bad.entries()) {
    assert.equal(tracker.declare({ ...RADAR, ...one }), false, JSON.stringify(one));
    assert.equal(tracker.counts.sensorsRefused, k + 1);
  }
  assert.deepEqual(tracker.sensors(), []);
  assert.ok(tracker.declare({ ...RADAR, fov: { ...RADAR.fov, azDeg: [90, 90] } }), "a sector from a direction to itself is all round");
  const random = new Random(7);
  for (let t = 1; t <= 8; t += 1) scan(tracker, t, [drone(random, t)]);
  assert.equal(tracker.tracks(8.1).length, 1);
});

test("a radar that knows only the distance begins nothing and is used where others know the place", () => {
  const ranging: SensorDeclaration = { ...RADAR, id: "L", measures: ["range_m"], sigma: [2] };
  const random = new Random(8);
  const alone = new Tracker();
  alone.declare(ranging);
  for (let t = 1; t <= 10; t += 1) scan(alone, t, [[1000]], { sensor: "L" });
  assert.equal(alone.counts.tracks, 0);
  const { tracker: with3d } = warm();
  with3d.declare(ranging);
  for (let t = 9; t <= 20; t += 1) {
    const z = drone(random, t);
    scan(with3d, t, [z]);
    scan(with3d, t, [[z[0]!]], { sensor: "L" });
  }
  assert.equal(with3d.tracks(20.1).length, 1);
  assert.ok(with3d.tracks(20.1)[0]!.sensors.includes("L"));
});

test("at the most tracks, the least likely that never proved real give way, and no others", () => {
  const { tracker, random } = warm({ maxTracks: 50 });
  for (let t = 9; t <= 20; t += 1) {
    scan(tracker, t, [drone(random, t), ...repeat(200, () => anywhere(random))]);
    assert.ok(tracker.counts.tracks <= 50, `${tracker.counts.tracks} tracks`);
    assert.ok(
      tracker.tracks(t + 0.1).some(({ hits }) => hits > 6),
      `the drone is shed at ${t} s`,
    );
  }
  assert.ok(tracker.counts.shedTracks > 100);
});

/** Any finite number, extremes included. */
const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.constantFrom(0, -0, 1e7, -1e7, 1e-300, Number.MAX_VALUE, -Number.MAX_VALUE, 1e12),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 3 });
const pair = fc.tuple(finite, finite);
const near = (value: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 4, arbitrary: fc.double({ min: value, max: value + 5, noNaN: true }) }, { weight: 1, arbitrary: finite });
const anyDeclaration: fc.Arbitrary<SensorDeclaration> = fc.record({
  id: fc.constantFrom("A", "B", "C"),
  kind: fc.constantFrom(...SENSOR_KINDS),
  latDeg: near(31),
  lonDeg: near(-106),
  haeM: near(0),
  measures: fc.oneof(fc.subarray([...MEASURES]), fc.constantFrom(RADAR.measures, FIX.measures)),
  sigma: fc.array(maybe(finite), { maxLength: 7 }),
  periodS: maybe(finite),
  pd: maybe(finite),
  falseAlarmsPerScan: maybe(finite),
  fov: maybe(fc.record({ rangeM: maybe(pair), azDeg: maybe(pair), elDeg: maybe(pair), rangeRateMps: maybe(pair) })),
  maxRangeM: maybe(finite),
  fallsOff: fc.boolean(),
  soundDelay: fc.boolean(),
  rotating: fc.boolean(),
  selfReported: fc.boolean(),
  rangeFractionSigma: maybe(finite),
  timeSigmaS: maybe(finite),
});
type Call = (tracker: Tracker, nowS: number) => void;
const anyCall: fc.Arbitrary<Call> = fc.oneof(
  anyDeclaration.map(
    (declaration): Call =>
      (tracker) =>
        void tracker.declare(declaration),
  ),
  fc
    .record({
      id: fc.string({ maxLength: 3 }),
      sensor: fc.constantFrom("A", "B", "C"),
      scan: maybe(fc.oneof(fc.integer({ min: 0, max: 3 }), finite)),
      at: fc.oneof({ weight: 5, arbitrary: fc.double({ min: -5, max: 1, noNaN: true }) }, { weight: 1, arbitrary: finite }),
      z: fc.oneof(
        fc.array(finite, { maxLength: 7 }),
        fc.tuple(fc.double({ min: 0, max: 5000, noNaN: true }), fc.double({ min: -400, max: 400, noNaN: true }), finite, finite),
      ),
      variance: maybe(fc.array(fc.oneof(finite, fc.double({ min: 0, max: 1e14, noNaN: true })), { maxLength: 7 })),
      identity: maybe(fc.constantFrom("", "one", "two")),
      velocityEnuMps: maybe(fc.tuple(finite, finite, finite)),
      timeSigmaS: maybe(finite),
      snrDb: maybe(finite),
      classes: maybe(fc.record({ drone: finite, bird: finite, aircraft: finite, unknown: finite }, { requiredKeys: [] })),
    })
    .map(
      ({ at, ...detection }): Call =>
        (tracker, nowS) =>
          tracker.detect({ ...detection, timeS: nowS + at }, nowS),
    ),
  fc
    .record({
      sensor: fc.constantFrom("A", "B", "C"),
      scan: fc.oneof(fc.integer({ min: 0, max: 3 }), finite),
      count: finite,
      at: near(-3),
      end: near(-3),
    })
    .map(
      ({ at, end, ...rest }): Call =>
        (tracker, nowS) =>
          tracker.scanEnd({ ...rest, timeS: nowS + at, endTimeS: nowS + end }, nowS),
    ),
  near(0).map(
    (by): Call =>
      (tracker, nowS) =>
        tracker.advance(nowS + by),
  ),
);

test("no finite number in any field makes anything that is not a number, or a covariance that is none", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyCall, fc.double({ min: 0, max: 2, noNaN: true })), { minLength: 5, maxLength: 120 }),
      finite,
      (calls, atS) => {
        const tracker = new Tracker();
        tracker.declare({ ...RADAR, id: "A" });
        let nowS = 0;
        for (const [call, gapS] of calls) {
          nowS += gapS;
          call(tracker, nowS);
        }
        tracker.advance(nowS);
        sound(tracker.tracks(nowS, { tentative: true }));
        sound(tracker.tracks(Math.min(1e9, Math.max(-1e9, atS)), { tentative: true }));
        for (const state of tracker.sensors()) {
          const { rangeBiasM, rangeBiasSigmaM, azimuthBiasDeg, azimuthBiasSigmaDeg, clockBiasS, clockBiasSigmaS, arrivalsPerScan } = state;
          const numbers = [rangeBiasM, rangeBiasSigmaM, azimuthBiasDeg, azimuthBiasSigmaDeg, clockBiasS, clockBiasSigmaS, arrivalsPerScan];
          for (const value of numbers) assert.ok(Number.isFinite(value), JSON.stringify(state));
        }
        const text = JSON.stringify(tracker.save());
        const resumed = Tracker.resume(JSON.parse(text) as SavedTracker);
        assert.ok(resumed !== undefined && JSON.stringify(resumed.save()) === text, "it can be put away and taken up");
      },
    ),
    { seed: 11, numRuns: 400 },
  );
});
