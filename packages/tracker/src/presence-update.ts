// A sensor that hears something, or nothing, without saying where: it speaks for or against the tracks around it, and holds the place of what
// nobody else sees.
import { beginAtFix } from "./birth.ts";
import type { FilterState } from "./filter-state.ts";
import type { Motion } from "./motion.ts";
import { type TrackPool, XS } from "./pool.ts";
import type { Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import type { Frame } from "./timeline.ts";

/** Existence of what only a presence sensor has reported: never enough to be told as an object. */
const ONLY_HEARD = 0.3;

function detects(sensor: Sensor, pool: TrackPool, slot: number): number {
  const dx = pool.x[slot * XS] - sensor.origin[0];
  const dy = pool.x[slot * XS + 1] - sensor.origin[1];
  const share = (dx * dx + dy * dy) / (sensor.maxRangeM * sensor.maxRangeM);
  return share < 1 ? sensor.pd * (sensor.fallsOff ? 1 - share : 1) : 0;
}

export function workPresence(frame: Frame, { pool, hypotheses }: FilterState, motion: Motion, settings: TrackerSettings): void {
  const { sensor } = frame;
  // What only bearings measure lives in the answers that are kept side by side, and is averaged from them.
  hypotheses.each((one) => weigh(frame, one.pool, motion));
  const known = weigh(frame, pool, motion);
  if (frame.count === 0 || known > 0) return;
  // Nothing known could be it: a place holder as wide as the ear reaches.
  frame.z.fill(0, 0, 6);
  for (let k = 0; k < 3; k += 1) frame.z[k] = sensor.origin[k];
  frame.variance[0] = (sensor.maxRangeM / 2) ** 2;
  frame.variance[1] = frame.variance[0];
  frame.variance[2] = 60 ** 2;
  beginAtFix(pool, frame, Math.min(ONLY_HEARD, 0.5 / (1 + sensor.falseAlarms)), settings);
}

/** Weighs what was heard, or not, for and against the tracks in reach; returns how many there are. */
function weigh(frame: Frame, pool: TrackPool, motion: Motion): number {
  const { sensor } = frame;
  const heard = frame.count > 0;
  let causes = sensor.falseAlarms;
  const slots: number[] = [];
  for (let slot = 0; slot < pool.count; slot += 1) {
    const dx = pool.x[slot * XS] - sensor.origin[0];
    const dy = pool.x[slot * XS + 1] - sensor.origin[1];
    if (dx * dx + dy * dy > (2 * sensor.maxRangeM) ** 2) continue;
    motion.predict(pool, slot, frame.timeS);
    const pd = detects(sensor, pool, slot);
    if (pd <= 0) continue;
    slots.push(slot);
    causes += pool.existence[slot] * pd;
  }
  for (const slot of slots) {
    const r = pool.existence[slot];
    const pd = detects(sensor, pool, slot);
    // Heard: this one with its share of the causes, else it stays as it was. Not heard: a miss.
    const caused = heard ? (r * pd) / causes : 0;
    const unseen = heard ? 1 : frame.looked ? 1 - pd : 1;
    pool.existence[slot] = caused + ((1 - caused) * r * unseen) / (1 - r + r * unseen);
    if (caused > 0.5) pool.lastHit[slot] = frame.timeS;
  }
  return slots.length;
}
