// What makes a scenario's plan one that cannot be played?
import type { ScenarioPlan, SensorPlan } from "./plan.ts";

const LONGEST_S = 86_400;
const SHORTEST_PERIOD_S = 0.01;
const MOST_SENSORS = 1000;
const MOST_FALSE_ALARMS = 1_000_000;

/** The first thing that is wrong with a plan, in words for its author; undefined: nothing. */
export function planProblem(plan: ScenarioPlan): string | undefined {
  const { durationS, reference, scoring, objects, sensors } = plan;
  if (!(durationS > 0 && durationS <= LONGEST_S)) return `durationS must be above 0 and at most ${LONGEST_S}`;
  if (!(Math.abs(reference.latDeg) <= 90 && Math.abs(reference.lonDeg) <= 180 && Number.isFinite(reference.heightHaeM))) {
    return "reference is not a place on Earth";
  }
  if (!(scoring.everyS > 0 && scoring.firstS >= 0 && scoring.cutoffM > 0)) return "scoring needs everyS and cutoffM above 0, firstS from 0";
  if (sensors.length > MOST_SENSORS) return `at most ${MOST_SENSORS} sensors`;
  const objectIds = new Set(objects.map(({ id }) => id));
  if (objectIds.size < objects.length) return "two objects have the same id";
  if (new Set(sensors.map(({ id }) => id)).size < sensors.length) return "two sensors have the same id";
  for (const { id, accelerationMps2, gustMps, waypoints } of objects) {
    if (!(accelerationMps2 > 0 && gustMps >= 0)) return `${id}: accelerationMps2 must be above 0, gustMps not below`;
    const ok = waypoints.every(({ eastM, northM, upM, speedMps, holdS }) =>
      [eastM, northM, upM, speedMps, holdS].every((value) => Number.isFinite(value)),
    );
    if (!ok) return `${id}: a waypoint is not made of numbers`;
  }
  for (const sensor of sensors) {
    const problem = sensorProblem(sensor, objectIds);
    if (problem !== undefined) return `${sensor.id}: ${problem}`;
  }
  return undefined;
}

function sensorProblem(sensor: SensorPlan, objectIds: ReadonlySet<string>): string | undefined {
  if (!(sensor.periodS >= SHORTEST_PERIOD_S)) return `periodS must be at least ${SHORTEST_PERIOD_S}`;
  if ("pd" in sensor && !(sensor.pd >= 0 && sensor.pd <= 1)) return "pd must be from 0 to 1";
  if ("falseAlarmsPerScan" in sensor && !(sensor.falseAlarmsPerScan >= 0 && sensor.falseAlarmsPerScan <= MOST_FALSE_ALARMS)) {
    return `falseAlarmsPerScan must be from 0 to ${MOST_FALSE_ALARMS}`;
  }
  if (sensor.kind === "radar" && !(sensor.measures.includes("range_m") && sensor.measures.includes("az_deg"))) {
    return "a radar measures range and azimuth at least";
  }
  if ("reports" in sensor) {
    const stranger = sensor.reports.find(({ object }) => !objectIds.has(object));
    if (stranger !== undefined) return `there is no object ${stranger.object}`;
  }
  return undefined;
}
