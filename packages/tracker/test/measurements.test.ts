// Does each kind of measurement give what it can: radars with less than everything, bearings, sound, presence, and sensors that see nothing?
import assert from "node:assert/strict";
import { test } from "node:test";
import { type PresencePlan, Random } from "@atalaya/drills/scenario";
import { type SensorDeclaration, Tracker } from "../src/index.ts";
import { at, bearing, Error2D, flight, fly, nearestTo, ON_THE_MAP, plan, play, radar, statesAt, sure, type Told, tell } from "./scenes.ts";

const DRONE = flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15);

for (const [what, measures] of [
  ["all it can", ["range_m", "az_deg", "el_deg", "rdot_mps"]],
  ["no elevation", ["range_m", "az_deg", "rdot_mps"]],
  ["no range rate", ["range_m", "az_deg", "el_deg"]],
  ["neither", ["range_m", "az_deg"]],
] as const) {
  test(`a radar that measures ${what} gives one track where the drone is`, () => {
    for (const seed of [1, 2, 3]) {
      const flown = fly(plan([DRONE], [radar("R1", at(0, 0, 5), { measures })]), seed);
      const error = new Error2D();
      const tracker = new Tracker(ON_THE_MAP);
      play(tracker, flown.told, 60, (t) => {
        if (t < 10) return;
        assert.equal(sure(tracker, t).length, 1, `seed ${seed}, ${t} s`);
        error.add(sure(tracker, t), statesAt(flown.truth, t));
      });
      assert.ok(error.missed === 0 && error.rmsM < 15, `${error.rmsM} m`);
      const [track] = sure(tracker, 60);
      // Who does not measure height says so: tens of metres instead of a few.
      const heightSigmaM = Math.sqrt(track!.covarianceEnuM2[8]!);
      if (measures.includes("el_deg" as never)) assert.ok(heightSigmaM < 15, `${heightSigmaM}`);
      else assert.ok(heightSigmaM > 30, `${heightSigmaM}`);
    }
  });
}

const FINDERS = [
  bearing("rf_df", "A", at(-1200, -800, 5)),
  bearing("rf_df", "B", at(1200, -900, 5), { phaseS: 0.2 }),
  bearing("rf_df", "C", at(0, 1500, 5), { phaseS: 0.4 }),
  bearing("rf_df", "D", at(-1000, 900, 5), { phaseS: 0.6 }),
];

test("four direction finders place two emitters, and the ghosts of their bearings die", () => {
  const emitters = [flight("D1", at(-700, 200, 60), at(-100, 500, 60), 10), flight("D2", at(700, 300, 60), at(300, -300, 60), 10)];
  const error = new Error2D();
  let ghosts = 0;
  for (let seed = 1; seed <= 5; seed += 1) {
    const flown = fly(plan(emitters, FINDERS), seed);
    const tracker = new Tracker(ON_THE_MAP);
    play(tracker, flown.told, 60, (t) => {
      if (t < 20) return;
      const states = statesAt(flown.truth, t);
      error.add(sure(tracker, t), states);
      for (const track of sure(tracker, t)) if (nearestTo(states, track)!.offM > 150) ghosts += 1;
    });
  }
  // Of 410 times that there is something to be told.
  assert.ok(error.missed < 20, `${error.missed} missed`);
  assert.ok(error.rmsM < 60, `${error.rmsM} m`);
  assert.ok(ghosts < 20, `${ghosts} ghosts were told`);
});

test("one direction finder alone tells of no place", () => {
  const flown = fly(plan([DRONE], [FINDERS[0]!]), 1);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60, (t) => assert.deepEqual(sure(tracker, t), []));
});

test("sound that is declared as such is followed back to where it came from", () => {
  const microphones = [0, 1, 2, 3, 4, 5].map((k) =>
    bearing("acoustic", `M${k}`, at(-500 + 200 * k, k % 2 === 0 ? -100 : 350, 2), {
      azimuthSigmaDeg: 3,
      maxRangeM: 700,
      fallsOff: true,
      soundDelay: true,
      phaseS: k / 6,
    }),
  );
  const fast = flight("D1", at(-500, 150, 60), at(1000, 150, 60), 25);
  const errors = [true, false].map((declared) => {
    const error = new Error2D();
    for (const seed of [1, 2, 3, 4]) {
      const flown = fly(plan([fast], microphones, { durationS: 40 }), seed);
      const told = flown.told.map(
        (one): Told => (one.type === "sensor" ? { ...one, sensor: { ...one.sensor, soundDelay: declared } } : one),
      );
      const tracker = new Tracker(ON_THE_MAP);
      play(tracker, told, 38, (t) => {
        if (t > 12) error.add(sure(tracker, t), statesAt(flown.truth, t));
      });
    }
    return error.rmsM;
  });
  assert.ok(errors[0]! < 0.7 * errors[1]!, `${errors[0]} m with the delay, ${errors[1]} m without`);
});

const EAR: PresencePlan = {
  id: "MIC",
  kind: "presence",
  place: at(0, 1000, 2),
  classes: ["drone"],
  maxRangeM: 500,
  periodS: 1,
  phaseS: 0.5,
  pd: 0.9,
  falseAlarmsPerScan: 0.02,
  latencyS: 0.1,
};

test("an ear that only hears something holds a wide place and is never told as an object", () => {
  const near = flight("D1", at(-100, 950, 60), at(100, 1050, 60), 3);
  const flown = fly(plan([near], [EAR]), 1);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 60, (t) => assert.deepEqual(sure(tracker, t), []));
  const [held, ...more] = tracker.tracks(60, { tentative: true });
  assert.ok(held !== undefined && more.length === 0);
  assert.ok(held.existence > 0.3 && Math.sqrt(held.covarianceEnuM2[0]!) > 150);
  assert.ok(nearestTo([held], statesAt(flown.truth, 60)[0]!)!.offM < 500);
});

/** Existence of the track with most hits. */
function existence(tracker: Tracker, atS: number): number {
  return [...tracker.tracks(atS, { tentative: true })].sort((a, b) => b.hits - a.hits)[0]?.existence ?? 0;
}

test("an ear that hears something speaks for a track that is in doubt, and against it when it hears nothing", () => {
  const silent: SensorDeclaration = {
    id: "MIC",
    kind: "presence",
    latDeg: 31.769,
    lonDeg: -106.49,
    haeM: 1140,
    measures: [],
    sigma: [],
    periodS: 1,
    pd: 0.9,
    maxRangeM: 600,
    falseAlarmsPerScan: 0.02,
  };
  const [heard, unheard, alone] = ["heard", "unheard", "alone"].map((what) => {
    const flown = fly(plan([DRONE], [radar("R1", at(0, 0, 5))], { durationS: 55 }), 4);
    const tracker = new Tracker(ON_THE_MAP);
    tracker.declare(silent);
    play(tracker, flown.told, 50);
    // Two looks of the radar that saw nothing leave a doubt, in the ear's reach.
    for (const t of [51, 52]) {
      tracker.scanEnd({ sensor: "R1", scan: t, count: 0, timeS: t, endTimeS: t }, t);
      if (what === "heard") tracker.detect({ id: `${t}`, sensor: "MIC", scan: t, timeS: t + 0.1, z: [] }, t + 0.2);
      if (what !== "alone") tracker.scanEnd({ sensor: "MIC", scan: t, count: 0, timeS: t + 0.1, endTimeS: t + 0.1 }, t + 0.2);
      tracker.advance(t + 0.3);
    }
    return existence(tracker, 52.3);
  });
  assert.ok(unheard! < alone! && alone! < heard!, `${unheard} ${alone} ${heard}`);
});

test("an ear speaks for and against what only bearings know as well", () => {
  const hidden = flight("D1", at(-300, 200, 60), at(300, 300, 60), 6);
  const flown = fly(plan([hidden], FINDERS, { durationS: 60 }), 3);
  const levels = [undefined, true, false].map((heard) => {
    const tracker = new Tracker(ON_THE_MAP);
    const ear = {
      id: "MIC",
      kind: "presence",
      latDeg: 31.7625,
      lonDeg: -106.49,
      haeM: 1140,
      measures: [],
      sigma: [],
      pd: 0.9,
      maxRangeM: 900,
    } as const;
    tracker.declare({ ...ear, falseAlarmsPerScan: 0.02 });
    play(tracker, flown.told, 59);
    const look = (id: string, timeS: number): void =>
      tracker.scanEnd({ sensor: id, scan: 1000, count: 0, timeS, endTimeS: timeS }, timeS + 0.01);
    for (const id of ["A", "B"]) look(id, 59.1);
    if (heard === true) tracker.detect({ id: "heard", sensor: "MIC", scan: 1000, timeS: 59.2, z: [] }, 59.2);
    if (heard !== undefined) look("MIC", 59.2);
    // A look without a bearing follows, by which the answers are averaged anew.
    look("C", 59.25);
    tracker.advance(59.3);
    return existence(tracker, 59.3);
  });
  const [unasked, heard, unheard] = levels;
  assert.ok(unheard! < unasked! && unasked! < heard!, levels.join(" "));
});

test("a sensor that looks and sees nothing ends a track; one that does not cover the place says nothing against it", () => {
  const gone = flight("D1", at(-800, 1200, 100), at(800, 900, 100), 15, { untilS: 30 });
  const elsewhere = bearing("camera", "AWAY", at(0, 0, 5), { azimuthSigmaDeg: 0.3, elevationSigmaDeg: 0.3, sectorDeg: [120, 240] });
  const here = bearing("camera", "HERE", at(0, 0, 5), { azimuthSigmaDeg: 0.3, elevationSigmaDeg: 0.3, sectorDeg: [300, 60] });
  const left = [[], [elsewhere], [here], [elsewhere, here]].map((cameras) => {
    const flown = fly(plan([gone], [radar("R1", at(0, 0, 5)), ...cameras]), 1);
    const tracker = new Tracker(ON_THE_MAP);
    // The radar falls silent when the drone goes; only the cameras look on.
    play(
      tracker,
      flown.told.filter((one) => one.type === "sensor" || one.arrivedS < 30.5 || !JSON.stringify(one).includes("R1")),
      36,
    );
    return existence(tracker, 36);
  });
  assert.ok(left[0]! > 0.9 && left[1]! > 0.9, `nobody looks: ${left[0]}, ${left[1]}`);
  assert.ok(left[2]! < 0.05 && left[3]! < 0.05, `the camera sees nothing: ${left[2]}, ${left[3]}`);
});

test("in an empty sky radars with the false alarms they declare tell next to nothing", () => {
  let told = 0;
  for (const seed of [1, 2, 3]) {
    const flown = fly(
      plan([], [radar("R1", at(0, 0, 5), { falseAlarmsPerScan: 40 }), radar("R2", at(900, 0, 5), { falseAlarmsPerScan: 40, phaseS: 0.5 })]),
      seed,
    );
    const tracker = new Tracker();
    play(tracker, flown.told, 60, (t) => {
      if (t > 10) told += sure(tracker, t).length;
    });
  }
  assert.ok(told / 150 < 0.3, `${told / 150} false tracks at a time`);
});

test("a report by a person that comes in time gives a wide position; what follows narrows it", () => {
  const person: SensorDeclaration = {
    id: "H1",
    kind: "human",
    latDeg: 31.76,
    lonDeg: -106.49,
    haeM: 1140,
    measures: ["az_deg", "range_m"],
    sigma: [12, undefined],
    rangeFractionSigma: 0.3,
    falseAlarmsPerScan: 0.05,
    pd: 0.7,
    maxRangeM: 2000,
  };
  const tracker = new Tracker({ horizontalOnly: true, toleranceM: 1000 });
  tracker.declare(person);
  const report = (timeS: number, az: number, range: number): void => {
    tracker.detect(
      { id: `${timeS}`, sensor: "H1", timeS, z: [az, range], variance: [144, (0.3 * range) ** 2], timeSigmaS: 1 },
      timeS + 0.5,
    );
    tracker.advance(timeS + 0.6);
  };
  report(1, 45, 800);
  const [first] = tracker.tracks(1.6, { tentative: true });
  assert.ok(first !== undefined);
  const sigmaM = Math.sqrt(first.covarianceEnuM2[0]! + first.covarianceEnuM2[4]!);
  assert.ok(sigmaM > 200 && sigmaM < 400, `${sigmaM}`);
  assert.equal(tracker.counts.lateReports, 0);
  for (let k = 2; k <= 5; k += 1) report(k, 45 + (k % 2 === 0 ? 3 : -3), 800 + 30 * k);
  const [later] = [...tracker.tracks(5.6, { tentative: true })].sort((a, b) => b.existence - a.existence);
  assert.ok(later!.existence > first.existence);
  assert.ok(Math.sqrt(later!.covarianceEnuM2[0]! + later!.covarianceEnuM2[4]!) < sigmaM);
});

/** A report of a person about a time that is over, of the place where a drone then was. */
function lateReport(at2: { readonly timeS: number; readonly arrivedS: number; readonly azDeg: number; readonly rangeM?: number }): Told {
  const { timeS, arrivedS, azDeg, rangeM } = at2;
  const z = rangeM === undefined ? [azDeg] : [azDeg, rangeM];
  return { type: "detection", detection: { id: `late ${timeS}`, sensor: "H1", timeS, timeSigmaS: 8, z }, arrivedS };
}

test("a person's report that comes minutes late raises the existence of what was there, and moves nothing", () => {
  const person = (measures: SensorDeclaration["measures"]): SensorDeclaration => ({
    id: "H1",
    kind: "human",
    latDeg: 31.76,
    lonDeg: -106.49,
    haeM: 1140,
    measures,
    sigma: [12, undefined],
    rangeFractionSigma: 0.3,
    timeSigmaS: 8,
  });
  // The radar sees the drone for a minute and is then shut down; two misses leave a doubt.
  const flown = fly(plan([DRONE], [radar("R1", at(0, 0, 5))]), 2);
  const make = (measures: SensorDeclaration["measures"]): Tracker => {
    const tracker = new Tracker(ON_THE_MAP);
    tracker.declare(person(measures));
    play(tracker, flown.told, 60);
    for (const t of [61, 62]) tracker.scanEnd({ sensor: "R1", scan: 100 + t, count: 0, timeS: t, endTimeS: t }, t);
    tracker.advance(62.1);
    return tracker;
  };
  const then = statesAt(flown.truth, 30)[0]!;
  const dEast = (then.lonDeg + 106.49) * 111_320 * Math.cos((31.76 * Math.PI) / 180);
  const dNorth = (then.latDeg - 31.76) * 110_880;
  const azDeg = (Math.atan2(dEast, dNorth) * 180) / Math.PI;
  const rangeM = Math.hypot(dEast, dNorth);
  const silent = make(["az_deg", "range_m"]);
  silent.advance(70);
  const reference = silent.tracks(70, { tentative: true })[0]!;
  assert.ok(reference.existence < 0.99);
  for (const [measures, report] of [
    [["az_deg", "range_m"], lateReport({ timeS: 30, arrivedS: 66, azDeg, rangeM })],
    [["az_deg"], lateReport({ timeS: 30, arrivedS: 66, azDeg })],
  ] as const) {
    const tracker = make(measures);
    tell(tracker, report);
    tracker.advance(70);
    const [track] = tracker.tracks(70, { tentative: true });
    assert.equal(tracker.counts.lateReports, 1);
    assert.ok(track!.existence > reference.existence, `${track!.existence} ${reference.existence}`);
    assert.deepEqual(
      [track!.latDeg, track!.lonDeg, track!.haeM, track!.covarianceEnuM2],
      [reference.latDeg, reference.lonDeg, reference.haeM, reference.covarianceEnuM2],
    );
  }
  // One that points elsewhere, and one from before anything was known, change nothing at all.
  for (const report of [
    lateReport({ timeS: 30, arrivedS: 66, azDeg: azDeg + 120, rangeM }),
    lateReport({ timeS: -4000, arrivedS: 66, azDeg, rangeM }),
  ]) {
    const tracker = make(["az_deg", "range_m"]);
    tell(tracker, report);
    tracker.advance(70);
    assert.equal(tracker.tracks(70, { tentative: true })[0]!.existence, reference.existence);
  }
});

test("late reports speak for what only bearings know as well", () => {
  const hidden = flight("D1", at(-300, 200, 60), at(300, 300, 60), 6);
  const flown = fly(plan([hidden], FINDERS, { durationS: 70 }), 3);
  const levels = [false, true].map((reported) => {
    const tracker = new Tracker(ON_THE_MAP);
    tracker.declare({
      id: "H1",
      kind: "human",
      latDeg: 31.76,
      lonDeg: -106.49,
      haeM: 1140,
      measures: ["az_deg", "range_m"],
      sigma: [12, undefined],
    });
    play(tracker, flown.told, 60);
    const place = statesAt(flown.truth, 40)[0]!;
    const dEast = (place.lonDeg + 106.49) * 111_320 * Math.cos((31.76 * Math.PI) / 180);
    const dNorth = (place.latDeg - 31.76) * 110_880;
    const look = (id: string, timeS: number): void =>
      tracker.scanEnd({ sensor: id, scan: 1000, count: 0, timeS, endTimeS: timeS }, timeS + 0.01);
    for (const id of ["A", "B"]) look(id, 60.1);
    tracker.advance(60.15);
    const azDeg = (Math.atan2(dEast, dNorth) * 180) / Math.PI;
    if (reported) tell(tracker, lateReport({ timeS: 40, arrivedS: 60.2, azDeg, rangeM: Math.hypot(dEast, dNorth) }));
    // A look without a bearing follows, by which the answers are averaged anew.
    look("C", 60.25);
    tracker.advance(60.3);
    return existence(tracker, 60.3);
  });
  assert.ok(levels[1]! > levels[0]!, `${levels[0]} → ${levels[1]}`);
});

test("bearings of an emitter that falls silent fade, and nothing is left behind", () => {
  const random = new Random(1);
  const silent = flight("D1", at(-300 + 10 * random.unit(), 200, 60), at(300, 300, 60), 6, { untilS: 35 });
  const flown = fly(plan([silent], FINDERS), 3);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 35);
  assert.equal(sure(tracker, 35).length, 1);
  play(tracker, flown.told, 60);
  assert.equal(sure(tracker, 60).length, 0);
});
