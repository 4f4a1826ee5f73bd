// Does what is said of a flier between and beyond its fixes hold, with the error that is stated?
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointSeenAt } from "@atalaya/geodesy";
import type { Fix } from "../src/index.ts";
import { AIRCRAFT_AGILITY, DRONE_AGILITY, frameAt, whereaboutsAt } from "../src/whereabouts.ts";
import { explained, found, NOON, POST, sighting } from "./scenes.ts";

const CENTRE = { latDeg: 31.7619, lonDeg: -106.485, heightHaeM: 3000 };
const RADIUS_M = 1700;
/** 71.4 m/s on this circle pull 3 m/s², what an aircraft is taken to do. */
const SPEED_MPS = 71.4;

function circling(s: number): Fix {
  const azimuthDeg = ((((SPEED_MPS * s) / RADIUS_M) * 180) / Math.PI) % 360;
  const place = pointSeenAt(CENTRE, { azimuthDeg, elevationDeg: 0, slantRangeM: RADIUS_M });
  return { timeUnixMs: NOON + s * 1000, ...place, heightHaeM: 3000, sigmaM: 5, heightSigmaM: 5 };
}

test("an aircraft that turns as hard as it is taken to stays within twice the error that is said, between fixes and beyond them", () => {
  const frame = frameAt(CENTRE);
  for (const gapS of [2, 5, 10, 15]) {
    const fixes = [0, 1, 2, 3].map((k) => circling(k * gapS));
    for (let s = -5; s <= 3 * gapS + 5; s += 0.5) {
      const where = whereaboutsAt(fixes, NOON + s * 1000, frame, AIRCRAFT_AGILITY)!;
      const truth = whereaboutsAt([circling(s)], NOON + s * 1000, frame, AIRCRAFT_AGILITY)!;
      const off = Math.hypot(where.eastM - truth.eastM, where.northM - truth.northM);
      assert.ok(off < 2 * where.sigmaM, `${off} m off with ${where.sigmaM} m at ${s} s, fixes ${gapS} s apart`);
    }
  }
});

test("between fixes a straight flight is where it was, and the error is smallest at a fix", () => {
  const frame = frameAt(CENTRE);
  const at = (s: number): Fix => ({ ...circling(0), timeUnixMs: NOON + s * 1000, latDeg: CENTRE.latDeg + s * 1e-4 });
  const fixes = [at(0), at(10), at(20)];
  const middle = whereaboutsAt(fixes, NOON + 5000, frame, AIRCRAFT_AGILITY)!;
  const onFix = whereaboutsAt(fixes, NOON + 10_000, frame, AIRCRAFT_AGILITY)!;
  assert.ok(Math.abs(middle.northM - 55.4) < 0.5 && Math.abs((middle.speedMps ?? 0) - 11.1) < 0.1);
  assert.ok(onFix.sigmaM < middle.sigmaM && onFix.ageS === 0);
});

test("what was not heard near the moment is nowhere: no fixes, a wide gap, long before or after", () => {
  const frame = frameAt(CENTRE);
  const fixes = [circling(0), circling(200)];
  assert.equal(whereaboutsAt([], NOON, frame, AIRCRAFT_AGILITY), null);
  assert.equal(whereaboutsAt(fixes, NOON + 100_000, frame, AIRCRAFT_AGILITY), null);
  assert.equal(whereaboutsAt(fixes, NOON - 61_000, frame, AIRCRAFT_AGILITY), null);
  assert.equal(whereaboutsAt(fixes, NOON + 261_000, frame, AIRCRAFT_AGILITY), null);
  assert.equal(whereaboutsAt(fixes, NOON + 31_000, frame, DRONE_AGILITY), null);
  // One fix alone knows no speed, so its place soon means little.
  const alone = whereaboutsAt([circling(0)], NOON + 10_000, frame, AIRCRAFT_AGILITY)!;
  assert.ok(alone.speedMps === null && alone.sigmaM > 1000);
  assert.equal(whereaboutsAt([circling(0), circling(0)], NOON, frame, AIRCRAFT_AGILITY)!.speedMps, null);
});

test("an aircraft is found across the 180th meridian and in the far north as anywhere", () => {
  for (const place of [
    { latDeg: -16.5, lonDeg: 179.999 },
    { latDeg: 82, lonDeg: -60 },
  ]) {
    const observer = { ...POST, ...place };
    const fixes = [-10, 0, 10].map((s): Fix => {
      const { latDeg, lonDeg, heightHaeM } = pointSeenAt(observer, { azimuthDeg: 90 + s / 10, elevationDeg: 30, slantRangeM: 8000 });
      return { timeUnixMs: NOON + s * 1000, latDeg, lonDeg, heightHaeM, sigmaM: 10, heightSigmaM: 20 };
    });
    const question = sighting({
      observer,
      timeUnixMs: NOON + 4000,
      azimuth: { how: "measured", deg: 93, sigmaDeg: 6 },
      elevation: { how: "measured", deg: 28, sigmaDeg: 5 },
    });
    const finding = found(explained(question, { aircraft: [{ id: "a", fixes, timeSigmaMs: 0 }] }), "aircraft")!;
    assert.ok(
      finding.reason.key === "aircraft-near" &&
        Math.abs(finding.reason.azimuthDeg - 90.4) < 0.1 &&
        Math.abs(finding.reason.rangeM - 8000) < 50,
    );
  }
});
