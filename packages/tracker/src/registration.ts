// Which detections of two sensors tell how far the sensors are off? Raw positions of one track, of different sensors, close in time.
import type { BiasFilter } from "./bias.ts";
import { STATE } from "./kernels.ts";
import { MODELS, PS, SIGHT, SIGHTS, type TrackPool, XS } from "./pool.ts";
import type { Sensor } from "./sensor.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";

/** Positions further apart in time are not compared, s. */
const PAIR_WITHIN_S = 1.2;
/** Variance of satellite positions counts this much larger: their error stays the same for many seconds. */
const FIX_INFLATION = 8;

const sight = new Float64Array(SIGHT);

/** A detection of a sensor with range that is surely this track's. */
export function registerDetection(
  pool: TrackPool,
  slot: number,
  frame: Frame,
  j: number,
  sensors: readonly Sensor[],
  bias: BiasFilter,
): void {
  const { sensor } = frame;
  const { rotation } = sensor;
  const z = j * ROW_STRIDE;
  const rangeM = frame.z[z];
  const az = frame.z[z + 1];
  const el = sensor.hasElevation ? frame.z[z + 2] : 0;
  const ce = Math.cos(el);
  const se = Math.sin(el);
  const sa = Math.sin(az);
  const ca = Math.cos(az);
  const rx = rotation[0] * ce * sa + rotation[3] * ce * ca + rotation[6] * se;
  const ry = rotation[1] * ce * sa + rotation[4] * ce * ca + rotation[7] * se;
  const ax = rangeM * ce * (rotation[0] * ca - rotation[3] * sa);
  const ay = rangeM * ce * (rotation[1] * ca - rotation[4] * sa);
  const ex = -rangeM * se * (rotation[0] * sa + rotation[3] * ca);
  const ey = -rangeM * se * (rotation[1] * sa + rotation[4] * ca);
  const vr = frame.variance[z];
  const va = frame.variance[z + 1];
  const ve = sensor.hasElevation ? frame.variance[z + 2] : 0.01;
  sight[2] = sensor.origin[0] + rangeM * rx;
  sight[3] = sensor.origin[1] + rangeM * ry;
  sight[4] = rx * rx * vr + ax * ax * va + ex * ex * ve;
  sight[5] = rx * ry * vr + ax * ay * va + ex * ey * ve;
  sight[6] = ry * ry * vr + ay * ay * va + ey * ey * ve;
  sight[7] = rx;
  sight[8] = ry;
  sight[9] = ax;
  sight[10] = ay;
  compare(pool, slot, sensor, frame.time[j], sensors, bias);
}

/** A position that the object reports of itself, or that needs no azimuth. */
export function registerFix(pool: TrackPool, slot: number, frame: Frame, sensors: readonly Sensor[], bias: BiasFilter): void {
  sight.fill(0);
  sight[2] = frame.z[0];
  sight[3] = frame.z[1];
  sight[4] = frame.variance[0] * FIX_INFLATION;
  sight[6] = frame.variance[1] * FIX_INFLATION;
  compare(pool, slot, frame.sensor, frame.timeS, sensors, bias);
}

/** Pairs the position at hand with those of other sensors, and keeps it in the place of this sensor's earlier one, or of the oldest. */
function compare(pool: TrackPool, slot: number, sensor: Sensor, timeS: number, sensors: readonly Sensor[], bias: BiasFilter): void {
  const { sights } = pool;
  let vx = 0;
  let vy = 0;
  for (let m = 0; m < MODELS; m += 1) {
    vx += pool.mu[slot * MODELS + m] * pool.x[slot * XS + m * STATE + 3];
    vy += pool.mu[slot * MODELS + m] * pool.x[slot * XS + m * STATE + 4];
  }
  const speedVariance = pool.p[slot * PS + 15] + 0.5;
  let place = 0;
  let oldest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < SIGHTS; k += 1) {
    const at = (slot * SIGHTS + k) * SIGHT;
    const known = sights[at] - 1;
    if (known === sensor.index) {
      place = k;
      oldest = Number.NEGATIVE_INFINITY;
      continue;
    }
    const age = known < 0 ? Number.NEGATIVE_INFINITY : sights[at + 1];
    if (age < oldest) {
      oldest = age;
      place = k;
    }
    if (known < 0) continue;
    const dt = timeS - sights[at + 1];
    if (dt > PAIR_WITHIN_S || dt < -PAIR_WITHIN_S) continue;
    const other = sensors[known];
    const drift = dt * dt * speedVariance;
    bias.pair(
      pool.time[slot],
      sensor.style === "fix" ? -1 : sensor.index,
      sight,
      7,
      other.style === "fix" ? -1 : known,
      sights,
      at + 7,
      vx,
      vy,
      sight[2] - sights[at + 2] - dt * vx,
      sight[3] - sights[at + 3] - dt * vy,
      sight[4] + sights[at + 4] + drift,
      sight[5] + sights[at + 5],
      sight[6] + sights[at + 6] + drift,
    );
  }
  const at = (slot * SIGHTS + place) * SIGHT;
  sight[0] = sensor.index + 1;
  sight[1] = timeS;
  for (let k = 0; k < SIGHT; k += 1) sights[at + k] = sight[k];
}
