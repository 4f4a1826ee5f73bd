// A person's report that came minutes late never moves a track. Where a track was at the time and place that it tells, its existence may rise.
import type { FilterState } from "./filter-state.ts";
import type { History } from "./history.ts";
import type { TrackPool } from "./pool.ts";
import { wrap } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import type { Frame } from "./timeline.ts";

/** Squared distance from which a report has nothing to do with a track. */
const RELATED = 9;

/** `frame` holds range and azimuth as they were told, and in `time` when that was; its own time is that of its arrival. */
export function workLateReport(
  frame: Frame,
  { pool, hypotheses }: FilterState,
  history: History,
  { lateReportOdds }: TrackerSettings,
): void {
  const { origin, rotation } = frame.sensor;
  const [rangeM = 0, azRad = 0] = frame.z;
  const [rangeVariance = 0, azVariance = 0] = frame.variance;
  let best = -1;
  let nearest = RELATED;
  for (const { label, eastM, northM, upM } of history.at(frame.time[0])) {
    const dx = eastM - origin[0];
    const dy = northM - origin[1];
    const dz = upM - origin[2];
    const east = rotation[0] * dx + rotation[1] * dy + rotation[2] * dz;
    const north = rotation[3] * dx + rotation[4] * dy + rotation[5] * dz;
    const az = wrap(azRad - Math.atan2(east, north));
    const d2 = (az * az) / azVariance + (rangeM - Math.sqrt(east * east + north * north)) ** 2 / rangeVariance;
    if (d2 < nearest) {
      nearest = d2;
      best = label;
    }
  }
  if (best < 0) return;
  const factor = 1 + (lateReportOdds - 1) * Math.exp(-nearest / 2);
  raise(pool, best, factor);
  hypotheses.each((one) => raise(one.pool, best, factor));
}

/** Multiplies the odds of a track's existence. */
function raise(pool: TrackPool, label: number, factor: number): void {
  const slot = pool.slotOf(label);
  if (slot < 0) return;
  const r = pool.existence[slot];
  pool.existence[slot] = (factor * r) / (1 - r + factor * r);
}
