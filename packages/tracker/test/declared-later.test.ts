// What was worked in before a sensor was declared is not worked out otherwise because of it, when it is worked in again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SensorDeclaration, Tracker } from "../src/index.ts";

const finder = (id: string, latDeg: number): SensorDeclaration => ({
  id,
  kind: "rf_df",
  latDeg,
  lonDeg: -106.5,
  haeM: 1140,
  measures: ["az_deg"],
  sigma: [2],
  pd: 0.9,
  periodS: 1,
});

test("a second direction finder that is declared later leaves the frames before it as they were, also where a tracker is taken up again", () => {
  const straight = new Tracker();
  const bearing = (tracker: Tracker, sensor: string, timeS: number): void =>
    tracker.detect({ id: `${sensor}-${timeS}`, sensor, timeS, z: [40], variance: [4] });
  straight.declare(finder("D1", 31.75));
  bearing(straight, "D1", 1);
  straight.advance(3);
  straight.declare(finder("D2", 31.8));
  const resumed = Tracker.resume(straight.save());
  assert.ok(resumed !== undefined);
  assert.deepEqual(resumed.save(), straight.save());
  for (const tracker of [straight, resumed]) {
    bearing(tracker, "D1", 12);
    bearing(tracker, "D2", 12.2);
    tracker.advance(30);
  }
  assert.deepEqual(resumed.save(), straight.save());
});
