// Are sensors that are off found out, put right within limits, and left alone beyond?
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RadarPlan } from "@atalaya/drills/scenario";
import { Tracker } from "../src/index.ts";
import { at, Error2D, fixes, flight, fly, ON_THE_MAP, plan, play, radar, statesAt, sure } from "./scenes.ts";

const OBJECTS = [0, 1, 2, 3].map((k) => flight(`D${k}`, at(-1100 + 450 * k, -900, 80 + 10 * k), at(1100 - 350 * k, 900, 100), 14 + 2 * k));

function radars(second: Partial<RadarPlan>, third: Partial<RadarPlan> = {}): RadarPlan[] {
  return [
    radar("R1", at(-900, -1100, 10)),
    radar("R2", at(1300, -800, 12), { phaseS: 0.35, ...second }),
    radar("R3", at(100, 1500, 9), { phaseS: 0.7, ...third }),
  ];
}

test("a turned radar, one that measures too far and one with a wrong clock are found, each against the others", () => {
  for (const seed of [1, 2, 3]) {
    const flown = fly(plan(OBJECTS, radars({ bias: { az_deg: 1.5, range_m: 20 } }, { clockSkewS: 0.6 }), { durationS: 110 }), seed);
    const tracker = new Tracker(ON_THE_MAP);
    play(tracker, flown.told, 110);
    const [r1, r2, r3] = tracker.sensors();
    // What all share cannot be seen: differences are what is known.
    assert.ok(Math.abs(r2!.azimuthBiasDeg - r1!.azimuthBiasDeg - 1.5) < 0.35, `${r2!.azimuthBiasDeg} ${r1!.azimuthBiasDeg}`);
    assert.ok(Math.abs(r3!.azimuthBiasDeg - r1!.azimuthBiasDeg) < 0.35);
    assert.ok(Math.abs(r2!.rangeBiasM - r1!.rangeBiasM - 20) < 7, `${r2!.rangeBiasM} ${r1!.rangeBiasM}`);
    assert.ok(Math.abs(r3!.clockBiasS - r1!.clockBiasS - 0.6) < 0.2, `${r3!.clockBiasS} ${r1!.clockBiasS}`);
    assert.ok([r1, r2, r3].every((one) => one!.applied && one!.pairs > 20));
  }
});

test("a radar beside satellite positions is found without any other radar", () => {
  const flown = fly(
    plan(
      OBJECTS,
      [
        radar("R2", at(1300, -800, 12), { bias: { az_deg: -1.2, range_m: 15 } }),
        fixes("adsb", "ADS", [
          { object: "D1", identity: "A" },
          { object: "D2", identity: "B" },
        ]),
      ],
      { durationS: 110 },
    ),
    1,
  );
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 110);
  const [r2] = tracker.sensors();
  assert.ok(Math.abs(r2!.azimuthBiasDeg + 1.2) < 4 * r2!.azimuthBiasSigmaDeg + 0.1, `${r2!.azimuthBiasDeg} ± ${r2!.azimuthBiasSigmaDeg}`);
  assert.ok(Math.abs(r2!.rangeBiasM - 15) < 4 * r2!.rangeBiasSigmaM + 2, `${r2!.rangeBiasM} ± ${r2!.rangeBiasSigmaM}`);
});

/** RMS error over the second half of a scene, m. */
function error(sensors: readonly RadarPlan[], settings: ConstructorParameters<typeof Tracker>[0]): number {
  const sum = new Error2D();
  for (const seed of [1, 2]) {
    const flown = fly(plan(OBJECTS, sensors, { durationS: 100 }), seed);
    const tracker = new Tracker({ ...ON_THE_MAP, ...settings });
    play(tracker, flown.told, 100, (t) => {
      if (t > 50) sum.add(sure(tracker, t), statesAt(flown.truth, t));
    });
  }
  return sum.rmsM;
}

test("what is found is applied: the tracks are nearly as good as with radars that are right", () => {
  const { bias } = new Tracker().settings;
  const wrong = radars({ bias: { az_deg: 1.5 } });
  const [right, corrected, uncorrected] = [error(radars({}), {}), error(wrong, {}), error(wrong, { bias: { ...bias, limit: [0, 0, 0] } })];
  assert.ok(corrected < 0.75 * uncorrected, `${corrected} m corrected, ${uncorrected} m not`);
  assert.ok(corrected < 2 * right, `${corrected} m corrected, ${right} m with nothing to correct`);
});

test("beyond the limit an error is shown and not applied", () => {
  const { bias } = new Tracker().settings;
  const flown = fly(plan(OBJECTS, radars({ bias: { az_deg: 1.5 } }), { durationS: 100 }), 1);
  const tracker = new Tracker({ ...ON_THE_MAP, bias: { ...bias, limit: [bias.limit[0], 0.01, bias.limit[2]] } });
  play(tracker, flown.told, 100);
  const [r1, r2] = tracker.sensors();
  assert.ok(r2!.azimuthBiasDeg - r1!.azimuthBiasDeg > 0.9, `${r2!.azimuthBiasDeg}`);
  assert.equal(r2!.applied, false);
  assert.equal(r1!.applied, true);
});

test("radars that are right are left alone", () => {
  const flown = fly(plan(OBJECTS, radars({}), { durationS: 100 }), 4);
  const tracker = new Tracker(ON_THE_MAP);
  play(tracker, flown.told, 100);
  for (const { id, azimuthBiasDeg, rangeBiasM, clockBiasS } of tracker.sensors()) {
    assert.ok(
      Math.abs(azimuthBiasDeg) < 0.3 && Math.abs(rangeBiasM) < 5 && Math.abs(clockBiasS) < 0.25,
      `${id} ${azimuthBiasDeg} ${rangeBiasM} ${clockBiasS}`,
    );
  }
});
