// Where do tracks begin? The density of detections of objects not seen before, and the first state that a detection gives.
import { addOuter, PACKED, STATE } from "./kernels.ts";
import type { Motion } from "./motion.ts";
import { MODELS, PS, type TrackPool, XS } from "./pool.ts";
import type { Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";

const SQRT_2PI = Math.sqrt(2 * Math.PI);
/** A frame's serial number and the detection's index make a track's label. */
const LABELS_PER_FRAME = 2 ** 20;
/** Labels of tracks that begin where bearings meet stand above those of single detections. */
const MEETING = 2 ** 19;
/** Height above the sensor that is assumed where nothing tells, and its standard deviation, m. */
const UNKNOWN_HEIGHT_M = 80;
const UNKNOWN_HEIGHT_SIGMA_M = 50;

/** How many new objects each sensor sees per scan, learned from the tracks that prove real: [objects, scans] by sensor, both fading. */
export class Arrivals {
  #sums: Float64Array = new Float64Array(64);

  #reserve(sensor: number): number {
    if (sensor * 2 + 2 > this.#sums.length) {
      const larger = new Float64Array(Math.max(this.#sums.length * 2, sensor * 2 + 2));
      larger.set(this.#sums);
      this.#sums = larger;
    }
    return sensor * 2;
  }

  expected(sensor: number, { birthsPerScan, birthPriorScans }: TrackerSettings): number {
    const at = this.#reserve(sensor);
    return (birthsPerScan * birthPriorScans + this.#sums[at]) / (birthPriorScans + this.#sums[at + 1]);
  }

  scanned(sensor: number, share: number, { birthMemoryScans }: TrackerSettings): void {
    const at = this.#reserve(sensor);
    const fade = 1 - Math.min(1, share / birthMemoryScans);
    this.#sums[at] *= fade;
    this.#sums[at + 1] = this.#sums[at + 1] * fade + share;
  }

  proved(sensor: number): void {
    this.#sums[this.#reserve(sensor)] += 1;
  }

  copyFrom(other: Arrivals): void {
    if (this.#sums.length < other.#sums.length) this.#sums = new Float64Array(other.#sums.length);
    this.#sums.fill(0);
    this.#sums.set(other.#sums);
  }

  /** The sums as far as any is not zero. */
  get numbers(): Float64Array {
    let used = this.#sums.length;
    while (used > 0 && this.#sums[used - 1] === 0) used -= 1;
    return this.#sums.subarray(0, used);
  }

  set numbers(sums: Float64Array) {
    this.#sums = new Float64Array(Math.max(64, sums.length));
    this.#sums.set(sums);
  }
}

/**
 * Expected density of detections of new objects at detection j, in the space of the sensor's measurements: new objects are spread evenly over
 * the ground that it sees, low rather than high, slow rather than fast.
 */
export function birthDensity(frame: Frame, j: number, expected: number, settings: TrackerSettings): number {
  const { sensor } = frame;
  const z = j * ROW_STRIDE;
  let density = expected * sensor.pd;
  if (!sensor.hasRange) return (density * settings.bearingBirthShare) / sensor.volume;
  const rangeM = frame.z[z];
  // Even over the ground: in range and azimuth the density grows with range.
  density *= (2 * Math.max(rangeM, 1)) / (sensor.azSpanRad * (sensor.maxRangeM ** 2 - sensor.minRangeM ** 2));
  if (sensor.hasElevation) {
    const heightM = rangeM * Math.sin(frame.z[z + 2]);
    const sigmaM = rangeM * Math.sqrt(frame.variance[z + 2]) + 10;
    const scaleM = settings.heightScaleM + sigmaM;
    const low = heightM > 0 ? Math.exp(-heightM / scaleM) : Math.exp((-0.5 * heightM * heightM) / (sigmaM * sigmaM));
    const high = heightM > -3 * sigmaM ? Math.exp(-Math.max(0, heightM) / (10 * scaleM)) : 0;
    density *= (0.9 * (low / scaleM) + 0.1 * (high / (10 * scaleM))) * rangeM;
  }
  if (sensor.hasRangeRate) {
    const v = frame.z[z + 3];
    const slow = settings.birthSpeedMps;
    const fast = settings.birthFastSpeedMps;
    density *=
      (0.85 * Math.exp((-0.5 * v * v) / (slow * slow))) / (slow * SQRT_2PI) +
      (0.15 * Math.exp((-0.5 * v * v) / (fast * fast))) / (fast * SQRT_2PI);
  }
  return density;
}

function enter(pool: TrackPool, slot: number, frame: Frame, label: number, existence: number, hits: number): void {
  pool.time[slot] = frame.timeS;
  pool.existence[slot] = existence;
  pool.born[slot] = frame.timeS;
  pool.lastHit[slot] = frame.timeS;
  pool.hits[slot] = hits;
  pool.bornBy[slot] = frame.sensor.index;
  pool.label[slot] = frame.serial * LABELS_PER_FRAME + label;
  pool.note(slot, frame.sensor.index, frame.timeS, 1, 0);
}

const direction = new Float64Array(STATE);
const column = new Float64Array(STATE);

/** A vector in the sensor's axes, turned into the tracker's, to the first three of `out`. */
function turned(sensor: Sensor, east: number, north: number, up: number, out: Float64Array): void {
  const { rotation } = sensor;
  out[0] = rotation[0] * east + rotation[3] * north + rotation[6] * up;
  out[1] = rotation[1] * east + rotation[4] * north + rotation[7] * up;
  out[2] = rotation[2] * east + rotation[5] * north + rotation[8] * up;
}

export interface SensorErrors {
  readonly rangeBiasM: number;
  readonly azimuthBiasRad: number;
  readonly clockBiasS: number;
}

/** Begins a track at detection j of a sensor that measures range. Returns its slot. */
export function beginAtRange(
  pool: TrackPool,
  frame: Frame,
  j: number,
  existence: number,
  errors: SensorErrors,
  settings: TrackerSettings,
  motion: Motion,
): number {
  const { sensor } = frame;
  const slot = pool.add();
  const z = j * ROW_STRIDE;
  const rangeM = Math.max(1, frame.z[z] - errors.rangeBiasM);
  const az = frame.z[z + 1] - errors.azimuthBiasRad;
  let el = frame.z[z + 2];
  let elVariance = frame.variance[z + 2];
  if (!sensor.hasElevation) {
    el = Math.asin(Math.min(0.7, UNKNOWN_HEIGHT_M / rangeM));
    elVariance = Math.min(0.5, UNKNOWN_HEIGHT_M / rangeM) ** 2;
  }
  const sa = Math.sin(az);
  const ca = Math.cos(az);
  const se = Math.sin(el);
  const ce = Math.cos(el);
  const { x, p } = pool;
  const xo = slot * XS;
  const po = slot * PS;
  direction.fill(0);
  column.fill(0);
  turned(sensor, ce * sa, ce * ca, se, direction);
  for (let k = 0; k < 3; k += 1) x[xo + k] = sensor.origin[k] + rangeM * direction[k];
  addOuter(p, po, direction, 0, frame.variance[z]);
  turned(sensor, rangeM * ce * ca, -rangeM * ce * sa, 0, column);
  addOuter(p, po, column, 0, frame.variance[z + 1]);
  turned(sensor, -rangeM * se * sa, -rangeM * se * ca, rangeM * ce, column);
  addOuter(p, po, column, 0, elVariance);
  const rate = sensor.hasRangeRate ? frame.z[z + 3] : 0;
  for (let m = 0; m < MODELS; m += 1) {
    const xm = xo + m * STATE;
    const pm = po + m * PACKED;
    if (m > 0) {
      x.copyWithin(xm, xo, xo + 3);
      p.copyWithin(pm, po, po + 6);
    }
    const speedVariance = (m === MODELS - 1 ? settings.birthFastSpeedMps : settings.birthSpeedMps) ** 2;
    const climbVariance = (settings.birthClimbMps[m] ?? 1) ** 2;
    const o = pm + 15;
    p[o] = speedVariance;
    p[o + 3] = speedVariance;
    p[o + 5] = climbVariance;
    if (sensor.hasRangeRate) {
      // The unknown velocity updated by the one component that is known.
      const k0 = speedVariance * direction[0];
      const k1 = speedVariance * direction[1];
      const k2 = climbVariance * direction[2];
      const s = k0 * direction[0] + k1 * direction[1] + k2 * direction[2] + frame.variance[z + 3];
      p[o] -= (k0 * k0) / s;
      p[o + 1] -= (k0 * k1) / s;
      p[o + 2] -= (k0 * k2) / s;
      p[o + 3] -= (k1 * k1) / s;
      p[o + 4] -= (k1 * k2) / s;
      p[o + 5] -= (k2 * k2) / s;
      x[xm + 3] = (k0 * rate) / s;
      x[xm + 4] = (k1 * rate) / s;
      x[xm + 5] = (k2 * rate) / s;
    }
    pool.mu[slot * MODELS + m] = settings.birthModels[m];
  }
  enter(pool, slot, frame, j, existence, 1);
  pool.ranged[slot] = 1;
  // Measured at its own time, on a clock that may be off: the state belongs to the frame's.
  const delta = frame.time[j] - errors.clockBiasS - frame.timeS;
  if (delta !== 0) for (let m = 0; m < MODELS; m += 1) motion.step(m, x, xo + m * STATE, p, po + m * PACKED, -delta);
  return slot;
}

/** Begins a track at a reported position; its velocity is used when it came with one. Returns its slot. */
export function beginAtFix(pool: TrackPool, frame: Frame, existence: number, settings: TrackerSettings): number {
  const slot = pool.add();
  const velocity = frame.hasVelocity[0] === 1;
  for (let m = 0; m < MODELS; m += 1) {
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    for (let k = 0; k < 3; k += 1) {
      pool.x[xo + k] = frame.z[k];
      pool.x[xo + 3 + k] = velocity ? frame.z[3 + k] : 0;
    }
    pool.p[po] = frame.variance[0];
    pool.p[po + 3] = frame.variance[1];
    pool.p[po + 5] = frame.variance[2];
    const speedVariance = velocity ? 1 : settings.birthSpeedMps ** 2;
    pool.p[po + 15] = speedVariance;
    pool.p[po + 18] = speedVariance;
    pool.p[po + 20] = velocity ? 1 : (settings.birthClimbMps[m] ?? 1) ** 2;
    pool.mu[slot * MODELS + m] = settings.birthModels[m];
  }
  enter(pool, slot, frame, 0, existence, 1);
  pool.ranged[slot] = 1;
  return slot;
}

/** Begins a track where bearings meet, `index`-th of the frame: horizontal position and covariance (ee, en, nn), height unknown. */
export function beginAtMeeting(
  pool: TrackPool,
  frame: Frame,
  index: number,
  eastM: number,
  northM: number,
  covariance: readonly [number, number, number],
  existence: number,
  hits: number,
  settings: TrackerSettings,
): number {
  const slot = pool.add();
  for (let m = 0; m < MODELS; m += 1) {
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    pool.x[xo] = eastM;
    pool.x[xo + 1] = northM;
    pool.x[xo + 2] = frame.sensor.origin[2] + UNKNOWN_HEIGHT_M;
    pool.p[po] = covariance[0] + 25;
    pool.p[po + 1] = covariance[1];
    pool.p[po + 3] = covariance[2] + 25;
    pool.p[po + 5] = UNKNOWN_HEIGHT_SIGMA_M ** 2;
    pool.p[po + 15] = settings.birthSpeedMps ** 2;
    pool.p[po + 18] = settings.birthSpeedMps ** 2;
    pool.p[po + 20] = 1;
    pool.mu[slot * MODELS + m] = settings.birthModels[m];
  }
  enter(pool, slot, frame, MEETING + index, existence, hits);
  return slot;
}
