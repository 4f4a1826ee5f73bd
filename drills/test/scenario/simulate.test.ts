// Does each sensor report what its plan says: as often, as exactly, as late, and nothing else?
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import {
  type BearingPlan,
  type DetectionLine,
  type FixPlan,
  type HumanPlan,
  namedScenario,
  type ObjectPlan,
  type PresencePlan,
  planProblem,
  type RadarPlan,
  type Recording,
  SCENARIO_NAMES,
  type ScanLine,
  type ScenarioPlan,
  type SensorLine,
  type SensorPlan,
  simulate,
  type TruthLine,
  scaleScenario,
} from "@atalaya/drills/scenario";
import { geodesicDirect, lookBetween } from "@atalaya/geodesy";

const REFERENCE = { latDeg: 31.76, lonDeg: -106.49, heightHaeM: 1140 };

/** Stands still in the air for the whole time. */
function hovering(id: string, eastM: number, northM: number, upM: number, more: Partial<ObjectPlan> = {}): ObjectPlan {
  const waypoints = [{ eastM, northM, upM, speedMps: 0, holdS: 1e6 }] as const;
  return { id, objectClass: "drone", waypoints, accelerationMps2: 5, gustMps: 0, ...more };
}

function passing(id: string, speedMps: number, more: Partial<ObjectPlan> = {}): ObjectPlan {
  const end = { northM: 0, upM: 100, speedMps, holdS: 0 };
  return {
    ...hovering(id, 0, 0, 0),
    waypoints: [
      { ...end, eastM: 500 },
      { ...end, eastM: 90_000 },
    ],
    ...more,
  };
}

function planOf(objects: readonly ObjectPlan[], sensors: readonly SensorPlan[], more: Partial<ScenarioPlan> = {}): ScenarioPlan {
  const scoring = { firstS: 5, everyS: 1, dimensions: 3, cutoffM: 50, classes: ["drone"] } as const;
  return { name: "test", notes: "", durationS: 300, reference: REFERENCE, scoring, objects, sensors, ...more };
}

function radar(more: Partial<RadarPlan> = {}): RadarPlan {
  return {
    id: "R",
    kind: "radar",
    place: { eastM: 0, northM: 0, upM: 10 },
    measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
    sigma: { range_m: 5, az_deg: 0.5, el_deg: 0.7, rdot_mps: 0.3 },
    periodS: 0.1,
    phaseS: 0.05,
    pd: 0.9,
    falseAlarmsPerScan: 0,
    rangeM: [100, 5000],
    elevationDeg: [-5, 60],
    rangeRateMps: [-60, 60],
    latencyS: 0.2,
    visibility: { drone: 1, bird: 0.5, aircraft: 1.2 },
    rotating: false,
    ...more,
  };
}

function bearing(more: Partial<BearingPlan> = {}): BearingPlan {
  const scanning = { periodS: 0.1, phaseS: 0, pd: 0.8, falseAlarmsPerScan: 0, latencyS: 0.1 };
  const basics = { id: "DF", kind: "rf_df", place: { eastM: 0, northM: 0, upM: 10 }, azimuthSigmaDeg: 2 } as const;
  return { ...basics, classes: ["drone"], maxRangeM: 3000, ...scanning, ...more };
}

function fix(more: Partial<FixPlan> = {}): FixPlan {
  const basics = {
    id: "F",
    kind: "remoteid",
    place: { eastM: 0, northM: 0, upM: 0 },
    reports: [{ object: "D1", identity: "DRLX1" }],
  } as const;
  return { ...basics, sigmaM: [3, 4, 8], errorCorrelation: 0, periodS: 0.1, withVelocity: true, latencyS: 0.5, loss: 0.2, ...more };
}

interface Played {
  readonly sensors: readonly SensorLine[];
  readonly detections: readonly DetectionLine[];
  readonly scans: readonly ScanLine[];
  readonly truth: readonly TruthLine[];
  readonly originOf: ReadonlyMap<string, string | null>;
}

function play(plan: ScenarioPlan, seed = 4): Played {
  const recording = simulate(plan, seed);
  const lines = [...recording.sensing()];
  const truth = [...recording.truth()];
  return {
    sensors: lines.filter((line) => line.type === "sensor"),
    detections: lines.filter((line) => line.type === "det"),
    scans: lines.filter((line) => line.type === "scan"),
    truth,
    originOf: new Map(truth.flatMap((line) => (line.type === "origin" ? [[line.det, line.obj]] : []))),
  };
}

function textOf(recording: Recording): string {
  const text = (lines: Iterable<object>): string => [...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  return text(recording.sensing()) + text(recording.truth());
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

function spread(values: readonly number[]): { readonly mean: number; readonly sigma: number; readonly n: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, sigma: Math.sqrt(square), n: values.length };
}

/** Mean and standard deviation within five standard errors of a normal distribution's. */
function looksNormal(values: readonly number[], mean: number, sigma: number, what: string): void {
  const got = spread(values);
  assert.ok(got.n > 500, `${what}: enough values`);
  assert.ok(Math.abs(got.mean - mean) < (5 * sigma) / Math.sqrt(got.n), `${what}: mean ${got.mean}, expected ${mean}`);
  assert.ok(Math.abs(got.sigma - sigma) < (5 * sigma) / Math.sqrt(2 * got.n), `${what}: sigma ${got.sigma}, expected ${sigma}`);
}

function looksLikeShare(count: number, of: number, share: number, what: string): void {
  const error = Math.sqrt((share * (1 - share)) / of);
  assert.ok(Math.abs(count / of - share) < 5 * error + 1e-12, `${what}: ${count} of ${of}, expected ${share}`);
}

function looksPoisson(total: number, expected: number, what: string): void {
  assert.ok(Math.abs(total - expected) < 5 * Math.sqrt(expected), `${what}: ${total}, expected ${expected}`);
}

const turn = (degrees: number): number => ((degrees + 540) % 360) - 180;

suite("a seed", () => {
  test("gives the same bytes each time, in every named scenario", () => {
    for (const name of SCENARIO_NAMES) {
      if (name === "scale1000" || name === "dense200") continue;
      const once = hash(textOf(simulate(namedScenario(name, 7), 7)));
      assert.equal(hash(textOf(simulate(namedScenario(name, 7), 7))), once, name);
      assert.notEqual(hash(textOf(simulate(namedScenario(name, 8), 8))), once, name);
    }
  });

  test("changes everything but the sizes", () => {
    const plan = planOf([passing("D1", 20, { gustMps: 1 })], [radar({ falseAlarmsPerScan: 5 })]);
    assert.notEqual(hash(textOf(simulate(plan, 1))), hash(textOf(simulate(plan, 2))));
    const states = (seed: number): string => JSON.stringify(play(plan, seed).truth.filter(({ type }) => type === "state"));
    assert.notEqual(states(1), states(2));
  });

  test("gives a sensor the same luck whatever else there is", () => {
    const alone = play(planOf([hovering("D1", 900, 200, 80)], [radar()]));
    const together = play(
      planOf([hovering("D1", 900, 200, 80), hovering("D2", -900, 0, 80, { silentTo: ["radar"] })], [bearing(), radar()]),
    );
    assert.deepEqual(
      together.detections.filter(({ sensor }) => sensor === "R"),
      alone.detections,
    );
  });
});

suite("a radar", () => {
  test("measures with the stated errors, as often as stated", () => {
    const { detections, scans, originOf, truth } = play(planOf([hovering("D1", 900, 500, 300)], [radar()]));
    const state = truth.find((line) => line.type === "state");
    const declared = play(planOf([], [radar()])).sensors[0];
    assert.ok(state !== undefined && declared !== undefined);
    const look = lookBetween(
      { latDeg: declared.lat, lonDeg: declared.lon, heightHaeM: declared.alt },
      { latDeg: state.lat, lonDeg: state.lon, heightHaeM: state.alt },
    );
    assert.equal(scans.length, 2998);
    looksLikeShare(detections.length, 3000, 0.9, "detection probability");
    const column = (k: number): number[] => detections.map(({ z }) => z[k] ?? Number.NaN);
    looksNormal(column(0), look.slantRangeM, 5, "range");
    looksNormal(
      column(1).map((az) => turn(az - look.azimuthDeg)),
      0,
      0.5,
      "azimuth",
    );
    looksNormal(column(2), look.elevationDeg, 0.7, "elevation");
    looksNormal(column(3), 0, 0.3, "range rate");
    assert.ok(detections.every(({ id }) => originOf.get(id) === "D1"));
    assert.deepEqual(detections[0]?.R, [25, 0.25, 0.49, 0.09]);
  });

  test("sees birds less and aircraft more, claims and strangers to it not at all", () => {
    const objects = [
      hovering("B1", 900, 0, 80, { objectClass: "bird" }),
      hovering("A1", 0, 900, 80, { objectClass: "aircraft" }),
      hovering("X1", 0, -900, 80, { bodiless: true }),
      hovering("D1", -900, 0, 80, { silentTo: ["radar"] }),
      hovering("D2", 6000, 0, 80),
      hovering("D3", 30, 0, 2000),
    ];
    const { originOf } = play(planOf(objects, [radar()]));
    const counts = (id: string): number => [...originOf.values()].filter((origin) => origin === id).length;
    looksLikeShare(counts("B1"), 2998, 0.45, "birds");
    looksLikeShare(counts("A1"), 2998, 0.97, "aircraft");
    assert.equal(counts("B1") + counts("A1"), originOf.size);
  });

  test("adds false alarms uniform over its view", () => {
    const { detections, originOf } = play(planOf([], [radar({ falseAlarmsPerScan: 7 })]));
    looksPoisson(detections.length, 7 * 2998, "false alarms");
    assert.ok([...originOf.values()].every((origin) => origin === null));
    const spans = [
      [100, 5000],
      [0, 360],
      [-5, 60],
      [-60, 60],
    ] as const;
    spans.forEach(([low, high], k) => {
      const values = detections.map(({ z }) => z[k] ?? Number.NaN);
      assert.ok(values.every((value) => value >= low && value <= high));
      const { mean, n } = spread(values);
      assert.ok(Math.abs(mean - (low + high) / 2) < (5 * (high - low)) / Math.sqrt(12 * n));
      for (let part = 0; part < 10; part += 1) {
        const from = low + ((high - low) * part) / 10;
        looksLikeShare(
          values.filter((value) => value >= from && value < from + (high - low) / 10).length,
          n,
          0.1,
          `tenth ${part} of z${k}`,
        );
      }
    });
  });

  test("lets the stated share of them come from patches", () => {
    const patches = { share: 0.35, places: [{ rangeM: 2000, azimuthDeg: 1 }] };
    const { detections } = play(planOf([], [radar({ falseAlarmsPerScan: 10, patches })]));
    const near = detections.filter(({ z: [range = 0, az = 0] }) => Math.abs(range - 2000) < 600 && Math.abs(turn(az - 1)) < 15).length;
    const elsewhere = (0.65 * 1200 * 30) / (4900 * 360);
    looksLikeShare(near, detections.length, 0.35 + elsewhere, "in the patch");
  });

  test("measures the range rate of what flies away as positive, beyond the span of clutter too", () => {
    const { detections } = play(
      planOf([passing("D1", 80)], [radar({ rangeM: [100, 50_000], rangeRateMps: [-30, 30] })], { durationS: 120 }),
    );
    looksNormal(
      detections.filter(({ t }) => t > 20).map(({ z }) => z[3] ?? Number.NaN),
      80,
      0.3,
      "range rate",
    );
  });

  test("leaves out what it does not measure", () => {
    const measures = ["az_deg", "range_m"] as const;
    const { detections, sensors } = play(planOf([hovering("D1", 900, 0, 80)], [radar({ measures })]));
    assert.deepEqual(sensors[0]?.z, measures);
    assert.deepEqual(sensors[0]?.sd, [0.5, 5]);
    looksNormal(
      detections.map(({ z }) => z[1] ?? Number.NaN),
      Math.hypot(900, 70),
      5,
      "range",
    );
    assert.ok(detections.every(({ z, R }) => z.length === 2 && R[0] === 0.25 && R[1] === 25));
  });

  test("is wrong by its bias and its clock, which only the truth file tells", () => {
    const plan = planOf([hovering("D1", 900, 0, 80)], [radar({ bias: { az_deg: -1.5, range_m: 40 }, clockSkewS: 0.7 })]);
    const { detections, scans, truth, sensors } = play(plan);
    looksNormal(
      detections.map(({ z }) => z[0] ?? Number.NaN),
      Math.hypot(900, 70) + 40,
      5,
      "range",
    );
    looksNormal(
      detections.map(({ z }) => turn((z[1] ?? Number.NaN) - 90)),
      -1.5,
      0.5,
      "azimuth",
    );
    assert.equal(scans[0]?.t, 0.75);
    assert.ok(detections.every(({ t, t_rx, scan = 0 }) => Math.abs(t - (0.75 + scan * 0.1)) < 1e-6 && t_rx < t));
    assert.deepEqual(
      truth.filter(({ type }) => type === "bias"),
      [{ type: "bias", sensor: "R", z: [40, -1.5, 0, 0], clock_skew_s: 0.7 }],
    );
    assert.doesNotMatch(JSON.stringify(sensors), /bias|skew/);
  });

  test("that turns sees each object when it points there", () => {
    const turning = radar({ rotating: true, periodS: 2, phaseS: 0, falseAlarmsPerScan: 3 });
    const { detections, scans } = play(planOf([hovering("D1", 0, -900, 80)], [turning]));
    for (const { t, z, scan = 0, t_rx } of detections) {
      // Azimuth noise is in what it says, not in when it looked.
      assert.ok(Math.abs(t - 2 * scan - (2 * (z[1] ?? 0)) / 360) < 0.02);
      assert.ok(Math.abs(t_rx - t - 0.2) < 0.002);
    }
    assert.ok(scans.every(({ t, t_end, t_rx }) => t_end === t + 2 && t_rx >= t_end));
  });

  test("on a bad network comes late, out of order and doubled, as often as stated", () => {
    const delays = { lateShare: 0.4, meanS: 1.5, mostS: 5, detectionShare: 0.1 };
    const { detections, scans } = play(planOf([hovering("D1", 900, 0, 80)], [radar({ delays, duplicates: 0.05, falseAlarmsPerScan: 4 })]));
    const late = scans.map(({ t_end, t_rx }) => t_rx - t_end - 0.201);
    looksLikeShare(late.filter((seconds) => seconds > 0.0015).length, late.length, 0.4, "late scans");
    assert.ok(Math.max(...late) < 5.001 && late.some((seconds) => seconds > 4.999));
    assert.ok(scans.some(({ t }, k) => t < (scans[k - 1]?.t ?? 0)));
    const ids = new Map<string, DetectionLine>();
    let doubled = 0;
    for (const line of detections) {
      const before = ids.get(line.id);
      if (before === undefined) ids.set(line.id, line);
      else {
        doubled += 1;
        assert.ok(line.t_rx - before.t_rx <= 2.001);
        assert.deepEqual({ ...line, t_rx: 0 }, { ...before, t_rx: 0 });
      }
    }
    looksLikeShare(doubled, ids.size, 0.05, "duplicates");
  });
});

suite("a sensor of directions", () => {
  test("a direction finder measures azimuths in its own frame", () => {
    // 3 km of easting turn north by 1.6 arc minutes: less than the noise, so a fine one is asked.
    const fine = bearing({ azimuthSigmaDeg: 0.01, place: { eastM: 3000, northM: 0, upM: 10 }, attributes: { freq_mhz: 2437 } });
    const { detections, sensors, truth } = play(planOf([hovering("D1", 3000, 1000, 80)], [fine]));
    const state = truth.find((line) => line.type === "state");
    const [declared] = sensors;
    assert.ok(state !== undefined && declared !== undefined);
    const { azimuthDeg } = lookBetween(
      { latDeg: declared.lat, lonDeg: declared.lon, heightHaeM: declared.alt },
      { latDeg: state.lat, lonDeg: state.lon, heightHaeM: state.alt },
    );
    assert.ok(Math.abs(turn(azimuthDeg)) > 0.01);
    looksNormal(
      detections.map(({ z }) => turn((z[0] ?? Number.NaN) - azimuthDeg)),
      0,
      0.01,
      "azimuth",
    );
    looksLikeShare(detections.length, 3001, 0.8, "detection probability");
    assert.deepEqual(detections[0]?.attrs, { freq_mhz: 2437 });
  });

  test("hears less the farther it is, and nothing beyond its range", () => {
    const objects = [hovering("D1", 1500, 0, 10), hovering("D2", 0, 3100, 10)];
    const { originOf } = play(planOf(objects, [bearing({ fallsOff: true })]));
    looksLikeShare(originOf.size, 3001, 0.8 * 0.75, "at half the range");
    assert.ok([...originOf.values()].every((origin) => origin === "D1"));
  });

  test("a microphone array points to where the object was when the sound left it", () => {
    const flying = passing("D1", 34.3, {
      waypoints: [
        { eastM: -5000, northM: 686, upM: 10, speedMps: 34.3, holdS: 0 },
        { eastM: 90_000, northM: 686, upM: 10, speedMps: 34.3, holdS: 0 },
      ],
    });
    const { detections } = play(planOf([flying], [bearing({ kind: "acoustic", azimuthSigmaDeg: 0.001, soundDelay: true, pd: 1 })]));
    // As it passes, 686 m away, it is heard where it was two seconds before: 68.6 m behind.
    const passingS = 5000 / 34.3;
    const heard = detections.find(({ t }) => t >= passingS);
    assert.ok(Math.abs(turn(heard?.z[0] ?? 0) + (Math.atan2(68.6, 686) * 180) / Math.PI) < 0.4);
  });

  test("a camera sees its sector only, across north too", () => {
    const objects = [
      hovering("D1", 100, 1000, 80),
      hovering("D2", -100, 1000, 80),
      hovering("D3", 0, -1000, 80),
      hovering("D4", 10, 100, 1000),
    ];
    const camera = bearing({ kind: "camera", elevationSigmaDeg: 0.1, sectorDeg: [340, 20], falseAlarmsPerScan: 0.5, pd: 0.9 });
    const { detections, originOf, sensors } = play(planOf(objects, [camera]));
    const seen = (id: string | null): number => [...originOf.values()].filter((origin) => origin === id).length;
    for (const id of ["D1", "D2"]) looksLikeShare(seen(id), 3001, 0.9, id);
    assert.equal(seen("D3") + seen("D4"), 0);
    looksPoisson(seen(null), 1500, "false alarms");
    const alarms = detections.filter(({ id }) => originOf.get(id) === null).map(({ z }) => turn(z[0] ?? Number.NaN));
    assert.ok(alarms.every((az) => az >= -20 && az <= 20));
    assert.ok(Math.abs(spread(alarms).mean) < (5 * 40) / Math.sqrt(12 * alarms.length));
    assert.deepEqual(sensors[0]?.fov, { az_deg: [340, 20], el_deg: [-5, 60] });
  });
});

suite("other sensors", () => {
  test("a microphone without direction says that it hears, and once", () => {
    const scanning = { periodS: 0.1, phaseS: 0, pd: 0.8, falseAlarmsPerScan: 0.01, latencyS: 0.1 };
    const presence: PresencePlan = {
      id: "M",
      kind: "presence",
      place: { eastM: 0, northM: 0, upM: 2 },
      classes: ["drone"],
      maxRangeM: 500,
      ...scanning,
    };
    const objects = [hovering("D1", 100, 0, 20, { untilS: 100 }), hovering("D2", 0, 200, 20, { untilS: 100 })];
    const { detections, scans, originOf, sensors } = play(planOf(objects, [presence]));
    assert.ok(detections.every(({ z, R }) => z.length === 0 && R.length === 0));
    assert.ok(scans.every(({ n }) => n <= 1));
    looksLikeShare([...originOf.values()].filter((origin) => origin === "D1").length, 1000, 0.8, "nearest");
    looksLikeShare([...originOf.values()].filter((origin) => origin === "D2").length, 1000, 0.2 * 0.8, "the other");
    looksPoisson([...originOf.values()].filter((origin) => origin === null).length, 0.04 * 10 + 20, "false alarms");
    assert.deepEqual([sensors[0]?.z, sensors[0]?.max_range_m], [[], 500]);
  });

  test("fixes have the stated errors, correlated as stated, with velocity and identity", () => {
    for (const correlation of [0, 0.95]) {
      const { detections, truth } = play(planOf([hovering("D1", 0, 0, 50)], [fix({ errorCorrelation: correlation })], { durationS: 3000 }));
      const state = truth.find((line) => line.type === "state");
      assert.ok(state !== undefined);
      looksLikeShare(detections.length, 29_999, 0.8, "loss");
      const up = detections.map(({ z }) => (z[2] ?? Number.NaN) - state.alt);
      const north = detections.map(({ z }) => (z[0] ?? Number.NaN) - state.lat);
      const { sigma } = spread(up);
      // With memory there are fewer independent values: 1 − ρ² of them in the variance.
      const error = 8 / Math.sqrt(2 * up.length * (1 - correlation ** 2) * 0.5);
      assert.ok(Math.abs(sigma - 8) < 5 * error, `sigma up ${sigma}`);
      assert.ok(Math.abs(spread(north).sigma * 110_900 - 4) < 2.5 * error);
      const products = up.slice(1).map((value, k) => value * (up[k] ?? 0));
      assert.ok(Math.abs(spread(products).mean / sigma ** 2 - correlation) < 0.05);
      looksNormal(
        detections.map(({ vel_enu: velocity }) => velocity?.[0] ?? Number.NaN),
        0,
        0.3,
        "velocity",
      );
      assert.ok(detections.every(({ uid, t, t_rx }) => uid === "DRLX1" && t_rx - t > 0.249 && t_rx - t < 0.751));
      assert.deepEqual(detections[0]?.R, [9, 16, 64]);
    }
  });

  test("a claim without a body is reported, and has no origin", () => {
    const { detections, originOf, truth } = play(planOf([hovering("D1", 0, 0, 50, { bodiless: true })], [fix()]));
    assert.ok(detections.length > 2000);
    assert.ok([...originOf.values()].every((origin) => origin === null));
    assert.deepEqual(
      truth.find(({ type }) => type === "object"),
      { type: "object", id: "D1", cls: "drone", exists: false, t0: 0, t1: 300 },
    );
  });

  test("another system's track breaks off and goes on under another number", () => {
    const reports = [{ object: "D1", identity: "C2-7", renumberedAtS: [100, 200] }];
    const { detections, sensors } = play(planOf([hovering("D1", 0, 0, 50)], [fix({ kind: "systemTrack", reports })]));
    const names = (from: number, to: number): string[] => [
      ...new Set(detections.filter(({ t }) => t >= from && t < to).map(({ uid }) => uid ?? "")),
    ];
    assert.deepEqual([names(0, 100), names(100, 200), names(200, 300)], [["C2-7"], ["C2-7-2"], ["C2-7-3"]]);
    assert.equal(sensors[0]?.self_reported, false);
  });

  test("fixes at irregular times stay near them", () => {
    const { detections } = play(
      planOf([hovering("D1", 0, 0, 50)], [fix({ kind: "tdoa", irregular: 0.4, periodS: 2, loss: 0, withVelocity: false })]),
    );
    const gaps = detections
      .map(({ t }) => t)
      .sort((a, b) => a - b)
      .map((t, k, all) => t - (all[k - 1] ?? t - 2));
    assert.ok(gaps.every((gap) => gap > 0.39 && gap < 3.61));
    assert.ok(spread(gaps).sigma > 0.3);
    assert.ok(detections.every((line) => !("vel_enu" in line)));
  });

  test("people speak of compass points, of fifties of metres and tens of seconds, minutes later", () => {
    const human: HumanPlan = {
      id: "H",
      kind: "human",
      place: { eastM: 0, northM: 0, upM: 2 },
      periodS: 10,
      seeM: 1500,
      azimuthSigmaDeg: 15,
      rangeFractionSigma: 0.4,
      timeSigmaS: 8,
      falseShare: 0.1,
      reportAfterS: { least: 20, mean: 60 },
    };
    const { detections, originOf } = play(
      planOf([hovering("D1", 800, 0, 50), hovering("D2", 0, 1400, 50)], [human], { durationS: 20_000 }),
    );
    assert.ok(detections.length > 1700);
    for (const {
      z: [az = 0, range = 0],
      t,
      t_rx,
      t_sd,
    } of detections) {
      assert.equal(az % 22.5, 0);
      assert.equal(range % 50, 0);
      assert.equal(t % 10, 0);
      assert.ok(t_rx - t >= 20 && t_sd === 8 && az < 360 && range >= 50);
    }
    const seen = detections.filter(({ id }) => originOf.get(id) === "D1");
    assert.equal([...originOf.values()].filter((origin) => origin === "D2").length, 0);
    looksLikeShare(seen.length, detections.length, 0.9 / 0.91, "true reports");
    const off = seen.map(({ z }) => turn((z[0] ?? 0) - 90));
    looksNormal(off, 0, Math.hypot(12, 22.5 / Math.sqrt(12)), "azimuth");
    looksNormal(
      seen.map(({ z }) => Math.log((z[1] ?? 0) / 800)),
      0,
      0.4,
      "distance",
    );
  });
});

suite("objects", () => {
  test("stay within their acceleration and come to rest where they should", () => {
    const goal = { eastM: 600, northM: -300, upM: 120, speedMps: 20, holdS: 0 };
    const flyer = hovering("D1", 0, 0, 0, {
      waypoints: [{ eastM: 0, northM: 0, upM: 60, speedMps: 20, holdS: 0 }, goal],
      accelerationMps2: 3,
    });
    const { truth } = play(
      planOf([flyer], [], { durationS: 90, scoring: { firstS: 0, everyS: 0.5, dimensions: 3, cutoffM: 50, classes: [] } }),
    );
    const states = truth.filter((line) => line.type === "state");
    assert.equal(states.length, 181);
    states.forEach(({ vel_enu: v }, k) => {
      const before = states[k - 1]?.vel_enu ?? v;
      assert.ok(Math.hypot(v[0] - before[0], v[1] - before[1], v[2] - before[2]) <= 1.51);
    });
    const last = states.at(-1);
    assert.ok(Math.hypot(...(last?.vel_enu ?? [1])) < 0.05);
    const end = geodesicDirect(REFERENCE.latDeg, REFERENCE.lonDeg, (Math.atan2(600, -300) * 180) / Math.PI, Math.hypot(600, 300));
    assert.ok(Math.abs((last?.lat ?? 0) - end.latDeg) < 4e-5 && Math.abs((last?.lon ?? 0) - end.lonDeg) < 4e-5);
  });

  test("hover where they are told to, then go on; begin again if they repeat", () => {
    const leg = (eastM: number, holdS: number): ObjectPlan["waypoints"][0] => ({ eastM, northM: 0, upM: 50, speedMps: 10, holdS });
    const eastAt = (more: Partial<ObjectPlan>, timeS: number): number => {
      const { truth } = play(planOf([hovering("D1", 0, 0, 0, { waypoints: [leg(0, 0), leg(100, 20), leg(200, 0)], ...more })], []));
      const state = truth.find((line) => line.type === "state" && line.t === timeS);
      assert.ok(state?.type === "state");
      return (state.lon - REFERENCE.lonDeg) * 111_320 * Math.cos((REFERENCE.latDeg * Math.PI) / 180);
    };
    assert.ok(Math.abs(eastAt({}, 25) - 100) < 3.5);
    assert.ok(Math.abs(eastAt({}, 80) - 200) < 3.5);
    assert.ok(Math.abs(eastAt({ repeats: true }, 64) - 200) > 20);
  });

  test("are there only while they live", () => {
    const { detections, truth } = play(planOf([hovering("D1", 900, 0, 50, { fromS: 40, untilS: 60 })], [radar()]));
    assert.ok(detections.every(({ t }) => t >= 40 && t <= 60) && detections.length > 150);
    const times = truth.flatMap((line) => (line.type === "state" ? [line.t] : []));
    assert.deepEqual([times[0], times.at(-1), times.length], [40, 60, 21]);
  });
});

suite("a scenario", () => {
  test("is delivered in order of arrival, not beyond its end, with ids that tell nothing", () => {
    for (const name of ["messy", "mixed", "soft"] as const) {
      const { detections, scans } = play(namedScenario(name, 3), 3);
      const lines = [...simulate(namedScenario(name, 3), 3).sensing()].flatMap((line) => ("t_rx" in line ? [line.t_rx] : []));
      assert.ok(lines.every((t, k) => t >= (lines[k - 1] ?? 0)));
      assert.ok((lines.at(-1) ?? 0) <= namedScenario(name, 3).durationS);
      assert.ok(scans.length > 0);
      const counts = new Map<string, number>();
      const seen = new Set<string>();
      for (const { id, sensor } of detections) {
        if (seen.has(id)) continue;
        seen.add(id);
        counts.set(sensor, (counts.get(sensor) ?? 0) + 1);
        assert.equal(id, `${sensor}-${counts.get(sensor)}`);
      }
    }
  });

  test("can be anywhere: at a pole, across the antimeridian, below sea level", () => {
    for (const reference of [
      { latDeg: 90, lonDeg: 0, heightHaeM: 0 },
      { latDeg: -16.5, lonDeg: 179.999, heightHaeM: 20 },
      { latDeg: 31.5, lonDeg: 35.5, heightHaeM: -400 },
    ]) {
      const { detections, truth } = play({ ...planOf([hovering("D1", 700, 700, 90)], [radar(), fix()]), reference });
      looksNormal(
        detections.filter(({ kind }) => kind === "radar").map(({ z }) => z[0] ?? Number.NaN),
        Math.hypot(700, 700, 80),
        5,
        "range",
      );
      for (const line of truth) {
        if (line.type === "state") assert.ok(Math.abs(line.lat) <= 90 && Math.abs(line.lon) <= 180);
      }
    }
  });

  test("that makes no sense is refused, with the reason", () => {
    const good = planOf([hovering("D1", 0, 0, 50)], [radar(), fix()]);
    assert.equal(planProblem(good), undefined);
    const wrong: readonly [Partial<ScenarioPlan>, RegExp][] = [
      [{ durationS: 0 }, /durationS/],
      [{ durationS: Number.NaN }, /durationS/],
      [{ reference: { latDeg: 91, lonDeg: 0, heightHaeM: 0 } }, /reference/],
      [{ scoring: { ...good.scoring, everyS: 0 } }, /everyS/],
      [{ objects: [hovering("D1", 0, 0, 0), hovering("D1", 1, 1, 1)] }, /same id/],
      [{ objects: [hovering("D1", Number.NaN, 0, 0)] }, /waypoint/],
      [{ objects: [hovering("D1", 0, 0, 0, { accelerationMps2: 0 })] }, /acceleration/],
      [{ sensors: [radar(), radar()] }, /same id/],
      [{ sensors: [radar({ periodS: 0 })] }, /periodS/],
      [{ sensors: [radar({ pd: 1.1 })] }, /pd/],
      [{ sensors: [radar({ falseAlarmsPerScan: 1e9 })] }, /falseAlarms/],
      [{ sensors: [radar({ measures: ["az_deg"] })] }, /range and azimuth/],
      [{ sensors: [fix({ reports: [{ object: "D9" }] })] }, /D9/],
    ];
    for (const [change, reason] of wrong) {
      assert.match(planProblem({ ...good, ...change }) ?? "", reason);
      assert.throws(() => simulate({ ...good, ...change }, 1), RangeError);
    }
    assert.throws(() => simulate(scaleScenario(100_000, 10, 60, 1), 1), /more than/);
  });
});
