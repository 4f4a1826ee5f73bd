// What must change nothing: where on Earth, when, in which order and how often things are told, in how many steps, and whether it was put away between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, type ScenarioPlan } from "@atalaya/drills/scenario";
import { enuFrame, geodeticToEnu } from "@atalaya/geodesy";
import * as fc from "fast-check";
import { type SavedTracker, type TrackEstimate, Tracker } from "../src/index.ts";
import { at, bearing, fixes, flight, fly, plan, play, radar, type Told, tell } from "./scenes.ts";

const END_S = 30;
/** By then everything has come, and scans whose ends did not come are closed. */
const ALL_S = 40;

/** Every kind of sensor over two drones, an aircraft and a claim without a body. */
function everything(reference: ScenarioPlan["reference"]): ScenarioPlan {
  const away = flight("S1", at(900, -900, 90), at(-500, -900, 90), 15, { bodiless: true });
  return plan(
    [
      flight("D1", at(-700, 500, 80), at(500, 700, 110), 17),
      flight("D2", at(600, 900, 60), at(200, -300, 90), 14),
      flight("A1", at(-2500, -1400, 300), at(2500, -1000, 300), 60, { objectClass: "aircraft" }),
      away,
    ],
    [
      radar("R1", at(0, -200, 8), { falseAlarmsPerScan: 4 }),
      radar("R2", at(-1200, 600, 12), { falseAlarmsPerScan: 2, phaseS: 0.37, rotating: true, measures: ["range_m", "az_deg", "rdot_mps"] }),
      bearing("rf_df", "DF1", at(-900, -400, 5), { phaseS: 0.1 }),
      bearing("rf_df", "DF2", at(1100, -300, 5), { phaseS: 0.2, periodS: 2 }),
      bearing("acoustic", "AC1", at(100, 500, 2), { azimuthSigmaDeg: 6, maxRangeM: 600, fallsOff: true, soundDelay: true, phaseS: 0.3 }),
      bearing("camera", "CAM", at(200, -200, 6), { azimuthSigmaDeg: 0.3, elevationSigmaDeg: 0.3, sectorDeg: [300, 60], phaseS: 0.4 }),
      {
        id: "MIC",
        kind: "presence",
        place: at(300, 800, 2),
        classes: ["drone"],
        maxRangeM: 500,
        fallsOff: true,
        periodS: 1,
        phaseS: 0.5,
        pd: 0.8,
        falseAlarmsPerScan: 0.02,
        latencyS: 0.2,
      },
      fixes("remoteid", "RID", [
        { object: "D1", identity: "D1-SERIAL" },
        { object: "S1", identity: "NOBODY" },
      ]),
      fixes("adsb", "ADS", [{ object: "A1", identity: "A0B1C2" }]),
      fixes("tdoa", "TD", [{ object: "D2" }], { sigmaM: [25, 25, 40], errorCorrelation: 0, withVelocity: false }),
      {
        id: "H1",
        kind: "human",
        place: at(0, 300, 2),
        periodS: 10,
        seeM: 1500,
        azimuthSigmaDeg: 12,
        rangeFractionSigma: 0.3,
        timeSigmaS: 4,
        falseShare: 0,
        reportAfterS: { least: 2, mean: 4 },
      },
    ],
    { durationS: END_S, reference },
  );
}
const EL_PASO = { latDeg: 31.76, lonDeg: -106.49, heightHaeM: 1140 };

interface Placed {
  readonly status: TrackEstimate["status"];
  readonly enu: readonly number[];
  readonly velocity: readonly number[];
  readonly existence: number;
  readonly identity: string | undefined;
}

/** Tracks in the metres of a reference, from west to east, without what may differ: names. */
function placed(tracks: readonly TrackEstimate[], { latDeg, lonDeg, heightHaeM }: ScenarioPlan["reference"]): readonly Placed[] {
  const frame = enuFrame(latDeg, lonDeg, heightHaeM);
  return tracks
    .map(({ status, latDeg: lat, lonDeg: lon, haeM, velocityEnuMps: velocity, existence, identity }) => {
      const enu = new Float64Array(3);
      geodeticToEnu(frame, lat, lon, haeM, enu);
      return { status, enu: [...enu], velocity, existence, identity: identity?.name };
    })
    .sort((a, b) => a.enu[0]! - b.enu[0]!);
}

function same(actual: readonly Placed[], expected: readonly Placed[], toleranceM: number, what = ""): void {
  const shown = (all: readonly Placed[]): string =>
    all.map(({ status, enu, identity }) => `${status} ${enu.map(Math.round).join(" ")} ${identity ?? ""}`).join("; ");
  assert.equal(actual.length, expected.length, `${what}: ${shown(actual)} | ${shown(expected)}`);
  actual.forEach((one, k) => {
    const other = expected[k]!;
    assert.equal(one.status, other.status, what);
    assert.equal(one.identity, other.identity, what);
    assert.ok(
      Math.abs(one.existence - other.existence) < 0.02 * Math.max(1, toleranceM),
      `${what}: existence ${one.existence} ${other.existence}`,
    );
    for (const [a, b] of [
      [one.enu, other.enu],
      [one.velocity, other.velocity],
    ] as const) {
      a.forEach((v, i) => assert.ok(Math.abs(v - b[i]!) < toleranceM, `${what}: ${shown(actual)} | ${shown(expected)}`));
    }
  });
}

/** The tracks after everything has been told, as of the end. */
function answer(told: readonly Told[], untilS = END_S, atS = END_S, tracker = new Tracker()): readonly TrackEstimate[] {
  return play(tracker, told, untilS).tracks(atS);
}

const usual = fly(everything(EL_PASO), 5).told;
const usualTracks = answer(usual);

test("the scene has something to say: bodies with their names, and a claim that is none", () => {
  assert.ok(
    usualTracks.filter(({ status }) => status === "confirmed").length >= 2,
    JSON.stringify(usualTracks.map(({ id, status }) => [id, status])),
  );
  assert.ok(usualTracks.some(({ status, identity }) => status === "unverified" && identity?.name === "NOBODY"));
});

test("the same scene elsewhere on Earth gives the same tracks", () => {
  const latitude = fc.double({ min: -84, max: 84, noNaN: true });
  const longitude = fc.double({ min: -180, max: 180, noNaN: true });
  fc.assert(
    fc.property(latitude, longitude, (latDeg, lonDeg) => {
      const reference = { latDeg, lonDeg, heightHaeM: 1140 };
      same(placed(answer(fly(everything(reference), 5).told), reference), placed(usualTracks, EL_PASO), 1.5, `${latDeg} ${lonDeg}`);
    }),
    {
      seed: 3,
      numRuns: 9,
      // On the antimeridian, far north, at sea on the equator.
      examples: [
        [12, 179.9999],
        [-50, -179.9995],
        [84, 15],
        [0, 0],
      ],
    },
  );
});

/** The same lines as if everything had happened later. */
function later(told: readonly Told[], byS: number): readonly Told[] {
  return told.map((one): Told => {
    if (one.type === "sensor") return one;
    const arrivedS = one.arrivedS + byS;
    if (one.type === "detection") return { ...one, arrivedS, detection: { ...one.detection, timeS: one.detection.timeS + byS } };
    return { ...one, arrivedS, scan: { ...one.scan, timeS: one.scan.timeS + byS, endTimeS: one.scan.endTimeS + byS } };
  });
}

/** Plays with steps counted from `fromS`. */
function playFrom(told: readonly Told[], fromS: number, untilS: number, stepS: number, tracker = new Tracker()): Tracker {
  let next = 0;
  for (let k = 1; k * stepS <= untilS + 1e-9; k += 1) {
    const timeS = fromS + k * stepS;
    for (let one = told[next]; one !== undefined && (one.type === "sensor" || one.arrivedS <= timeS); one = told[next]) {
      tell(tracker, one);
      next += 1;
    }
    tracker.advance(timeS);
  }
  return tracker;
}

test("the same scene at another time gives the same tracks", () => {
  for (const byS of [1_795_478_400, -86_400, 0.123, 5e9]) {
    const tracks = playFrom(later(usual, byS), byS, END_S, 1).tracks(END_S + byS);
    same(placed(tracks, EL_PASO), placed(usualTracks, EL_PASO), byS > 1e9 ? 0.01 : 1e-6, `by ${byS} s`);
  }
});

test("the order in which sensors are declared changes nothing but the corner of the local frame", () => {
  const random = new Random(9);
  for (let k = 0; k < 3; k += 1) {
    const sensors = random.shuffle(usual.filter(({ type }) => type === "sensor"));
    same(placed(answer([...sensors, ...usual.filter(({ type }) => type !== "sensor")]), EL_PASO), placed(usualTracks, EL_PASO), 0.5);
  }
});

/** Everything arrives late, by up to `mostS`, in the order in which it then arrives. */
function delayed(told: readonly Told[], random: Random, mostS: number): readonly Told[] {
  const sensors = told.filter(({ type }) => type === "sensor");
  const rest = told.flatMap((one): readonly Exclude<Told, { readonly type: "sensor" }>[] => {
    if (one.type === "sensor") return [];
    const isReport = one.type === "detection" && one.detection.sensor === "H1";
    return [{ ...one, arrivedS: one.arrivedS + (isReport || random.chance(0.3) ? 0 : random.between(0, mostS)) }];
  });
  return [...sensors, ...rest.sort((a, b) => a.arrivedS - b.arrivedS)];
}

test("what comes late, in any order within the window, gives the tracks that timely data give", () => {
  for (let seed = 1; seed <= 4; seed += 1) {
    const late = delayed(usual, new Random(seed), 4.5);
    // Both are asked when everything has come, of the same moment.
    const [timely, belated] = [new Tracker(), new Tracker()];
    const tracks = answer(late, ALL_S, END_S, belated);
    same(placed(tracks, EL_PASO), placed(answer(usual, ALL_S, END_S, timely), EL_PASO), 1e-6, `seed ${seed}`);
    assert.ok(belated.counts.reworkedFrames > 50, `${belated.counts.reworkedFrames} frames were worked in again`);
    assert.equal(belated.counts.late, 0);
  }
});

test("messages that come twice or thrice change nothing", () => {
  const random = new Random(4);
  const doubled = usual.flatMap((one): readonly Told[] =>
    Array.from({ length: one.type === "sensor" ? 1 : 1 + random.index(3) }, () => one),
  );
  const [once, often] = [new Tracker(), new Tracker()];
  assert.deepEqual(answer(doubled, END_S, END_S, often), answer(usual, END_S, END_S, once));
  assert.ok(often.counts.duplicates > 100);
});

/** All that a tracker keeps, as text. */
const kept = (tracker: Tracker): string => JSON.stringify(tracker.save());
/** But for how much work it took. */
const known = (tracker: Tracker): string => JSON.stringify({ ...tracker.save(), worked: undefined });

test("advancing in two steps, or in many, equals advancing in one, byte for byte", () => {
  for (const told of [usual, delayed(usual, new Random(1), 4.5)]) {
    const inOne = playFrom(told, 0, ALL_S, 1);
    for (const stepS of [0.25, 0.5]) {
      const inMany = playFrom(told, 0, ALL_S, stepS);
      assert.deepEqual(inMany.tracks(ALL_S, { tentative: true }), inOne.tracks(ALL_S, { tentative: true }), `steps of ${stepS} s`);
      assert.ok(known(inMany) === known(inOne), `steps of ${stepS} s`);
    }
  }
});

test("putting away and taking up at any point changes nothing, byte for byte", () => {
  for (const told of [usual, delayed(usual, new Random(2), 4.5)]) {
    const straight = playFrom(told, 0, ALL_S, 1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: told.length }), fc.boolean(), (cut, advanced) => {
        let tracker = new Tracker();
        const stepS = 1;
        let next = 0;
        for (let k = 1; k <= ALL_S; k += 1) {
          for (let one = told[next]; one !== undefined && (one.type === "sensor" || one.arrivedS <= k * stepS); one = told[next]) {
            if (next === cut && !advanced) tracker = again(tracker);
            tell(tracker, one);
            next += 1;
          }
          tracker.advance(k * stepS);
          if (advanced && next >= cut) {
            const before = tracker.tracks(k, { tentative: true });
            tracker = again(tracker);
            assert.deepEqual(tracker.tracks(k, { tentative: true }), before, "at once after it was taken up");
          }
        }
        assert.deepEqual(tracker.tracks(ALL_S, { tentative: true }), straight.tracks(ALL_S, { tentative: true }));
        assert.deepEqual(tracker.counts, straight.counts);
        assert.ok(kept(tracker) === kept(straight));
      }),
      { seed: 7, numRuns: 8 },
    );
  }
});

/** Through text, as a file on disk would. */
function again(tracker: Tracker): Tracker {
  const text = kept(tracker);
  const resumed = Tracker.resume(JSON.parse(text) as SavedTracker);
  assert.ok(resumed !== undefined);
  assert.ok(kept(resumed) === text);
  return resumed;
}
