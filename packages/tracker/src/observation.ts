// What a sensor should measure of a track, and how well a detection fits: predicted measurements, innovation covariances and gains of all
// models of all tracks of one frame, in flat arrays that are reused from frame to frame.

import { BIAS_AZIMUTH, BIAS_CLOCK, BIAS_RANGE, type BiasFilter } from "./bias.ts";
import { addOuter, LOG_2PI, PACKED, prepareUpdate, ROWS, STATE, whiten } from "./kernels.ts";
import type { Pairs } from "./marginals.ts";
import { MODELS, PS, SIGHT, SIGHTS, type TrackPool, XS } from "./pool.ts";
import { AZIMUTH, ELEVATION, RANGE, RANGE_RATE, type Sensor, SOUND_MPS, wrap } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";

const CHOL = 10;
const GAIN = ROWS * STATE;
/** (2π)^(−n/2) by number of rows. */
const NORMS = Float64Array.from({ length: ROWS + 1 }, (_, n) => Math.exp(-0.5 * n * LOG_2PI));

/** An array of at least `size` numbers that keeps what it holds. */
export function grown(array: Float64Array, size: number): Float64Array {
  if (array.length >= size) return array;
  const larger = new Float64Array(Math.max(size, array.length * 2));
  larger.set(array);
  return larger;
}

export class Observation {
  readonly #settings: TrackerSettings;
  readonly #gustVariance: number;
  #count = 0;
  /** By preparation and model: predicted measurement, Cholesky factor of S, whitened gain W, 1 ÷ √det S. */
  #zHat: Float64Array = new Float64Array(0);
  #chol: Float64Array = new Float64Array(0);
  #gain: Float64Array = new Float64Array(0);
  #density: Float64Array = new Float64Array(0);
  /** By pair: its preparation; by pair and model: whitened innovation and weighted likelihood. */
  #prepOf = new Int32Array(0);
  #innovation: Float64Array = new Float64Array(0);
  #likelihood: Float64Array = new Float64Array(0);
  readonly #h = new Float64Array(GAIN);
  readonly #r = new Float64Array(ROWS);
  readonly #mu = new Float64Array(MODELS);
  readonly #step = new Float64Array(STATE);
  readonly #meanStep = new Float64Array(STATE);

  // Errors of the sensor at hand, as far as they are known.
  rangeBiasM = 0;
  azimuthBiasRad = 0;
  clockBiasS = 0;
  readonly #biasVariance = new Float64Array(3);

  constructor(settings: TrackerSettings) {
    this.#settings = settings;
    this.#gustVariance = settings.gustMps * settings.gustMps;
  }

  /** Starts a frame: takes the sensor's errors as they are known now. */
  begin({ sensor }: Frame, bias: BiasFilter): void {
    this.#count = 0;
    this.rangeBiasM = sensor.hasRange ? bias.applied(sensor.index, BIAS_RANGE) : 0;
    this.azimuthBiasRad = bias.applied(sensor.index, BIAS_AZIMUTH);
    this.clockBiasS = bias.applied(sensor.index, BIAS_CLOCK);
    for (let k = 0; k < 3; k += 1) this.#biasVariance[k] = bias.variance(sensor.index, k);
  }

  /** Predicted measurement and its rows of the Jacobian for a state, for a detection made `delta` s after the state's time. */
  #observe(sensor: Sensor, x: Float64Array, xo: number, delta: number, zo: number): void {
    const { origin, rotation, rows } = sensor;
    const h = this.#h;
    const zHat = this.#zHat;
    const vx = x[xo + 3];
    const vy = x[xo + 4];
    const vz = x[xo + 5];
    const dx = x[xo] + vx * delta - origin[0];
    const dy = x[xo + 1] + vy * delta - origin[1];
    const dz = x[xo + 2] + vz * delta - origin[2];
    const q0 = rotation[0] * dx + rotation[1] * dy + rotation[2] * dz;
    const q1 = rotation[3] * dx + rotation[4] * dy + rotation[5] * dz;
    const q2 = rotation[6] * dx + rotation[7] * dy + rotation[8] * dz;
    // Straight above the sensor azimuth means nothing: kept finite.
    const flat = q0 * q0 + q1 * q1;
    const rh2 = flat > 0.01 ? flat : 0.01;
    const r2 = rh2 + q2 * q2;
    const r = Math.sqrt(r2);
    const rh = Math.sqrt(rh2);
    const ux = dx / r;
    const uy = dy / r;
    const uz = dz / r;
    for (let k = 0; k < rows.length; k += 1) {
      const row = rows[k];
      const o = k * STATE;
      let hx = ux;
      let hy = uy;
      let hz = uz;
      let tx = 0;
      let ty = 0;
      let tz = 0;
      if (row === RANGE) {
        zHat[zo + k] = r + this.rangeBiasM;
      } else if (row === AZIMUTH) {
        zHat[zo + k] = Math.atan2(q0, q1) + this.azimuthBiasRad;
        const a = q1 / rh2;
        const b = -q0 / rh2;
        hx = a * rotation[0] + b * rotation[3];
        hy = a * rotation[1] + b * rotation[4];
        hz = a * rotation[2] + b * rotation[5];
      } else if (row === ELEVATION) {
        zHat[zo + k] = Math.atan2(q2, rh);
        const f = -q2 / (r2 * rh);
        const a = f * q0;
        const b = f * q1;
        const c = rh / r2;
        hx = a * rotation[0] + b * rotation[3] + c * rotation[6];
        hy = a * rotation[1] + b * rotation[4] + c * rotation[7];
        hz = a * rotation[2] + b * rotation[5] + c * rotation[8];
      } else {
        const rate = ux * vx + uy * vy + uz * vz;
        zHat[zo + k] = rate;
        hx = (vx - rate * ux) / r;
        hy = (vy - rate * uy) / r;
        hz = (vz - rate * uz) / r;
        tx = ux;
        ty = uy;
        tz = uz;
      }
      h[o] = hx;
      h[o + 1] = hy;
      h[o + 2] = hz;
      h[o + 3] = tx + delta * hx;
      h[o + 4] = ty + delta * hy;
      h[o + 5] = tz + delta * hz;
    }
  }

  /** Whether another sensor has measured the track: only then do this sensor's own errors show. */
  #seenByOthers(pool: TrackPool, slot: number, sensor: number): boolean {
    for (let k = 0; k < SIGHTS; k += 1) {
      const known = pool.sights[(slot * SIGHTS + k) * SIGHT];
      if (known !== 0 && known - 1 !== sensor) return true;
    }
    return false;
  }

  /** Prepares the update of all models of a track by a detection of these variances, `delta` s after the track's time; returns its number. */
  prepare(pool: TrackPool, slot: number, sensor: Sensor, variance: Float64Array, vo: number, delta: number): number {
    const prep = this.#count;
    this.#count += 1;
    const need = this.#count * MODELS;
    if (this.#density.length < need) {
      this.#zHat = grown(this.#zHat, need * ROWS * 2);
      this.#chol = grown(this.#chol, need * CHOL * 2);
      this.#gain = grown(this.#gain, need * GAIN * 2);
      this.#density = grown(this.#density, need * 2);
    }
    const { rows } = sensor;
    const r = this.#r;
    for (let k = 0; k < rows.length; k += 1) r[k] = variance[vo + rows[k]] + (rows[k] === RANGE_RATE ? this.#gustVariance : 0);
    const { x, p } = pool;
    if (sensor.hasRange && this.#seenByOthers(pool, slot, sensor.index)) {
      const dx = x[slot * XS] - sensor.origin[0];
      const dy = x[slot * XS + 1] - sensor.origin[1];
      const across = (dx * x[slot * XS + 4] - dy * x[slot * XS + 3]) / Math.max(100, dx * dx + dy * dy);
      for (let k = 0; k < rows.length; k += 1) {
        if (rows[k] === RANGE) r[k] += this.#biasVariance[BIAS_RANGE];
        else if (rows[k] === AZIMUTH) r[k] += this.#biasVariance[BIAS_AZIMUTH] + across * across * this.#biasVariance[BIAS_CLOCK];
      }
    }
    for (let m = 0; m < MODELS; m += 1) {
      const at = prep * MODELS + m;
      const xo = slot * XS + m * STATE;
      let late = delta - this.clockBiasS;
      if (sensor.soundDelay) {
        // Sound shows where the object was when it left it.
        const dx = x[xo] - sensor.origin[0];
        const dy = x[xo + 1] - sensor.origin[1];
        const dz = x[xo + 2] - sensor.origin[2];
        late -= Math.sqrt(dx * dx + dy * dy + dz * dz) / SOUND_MPS;
      }
      this.#observe(sensor, x, xo, late, at * ROWS);
      this.#density[at] = prepareUpdate(
        p,
        slot * PS + m * PACKED,
        this.#h,
        0,
        rows.length,
        r,
        0,
        this.#chol,
        at * CHOL,
        this.#gain,
        at * GAIN,
      );
    }
    return prep;
  }

  /** Takes back the newest preparation: nothing rests on it. */
  dropNewest(): void {
    this.#count -= 1;
  }

  predicted(prep: number, model: number, k: number): number {
    return this.#zHat[(prep * MODELS + model) * ROWS + k];
  }

  /** Standard deviation of the expected measurement, row k of a preparation. */
  sigma(prep: number, model: number, k: number): number {
    // S = L Lᵀ: its diagonal from the factor, whose own diagonal is kept inverted.
    const at = (prep * MODELS + model) * CHOL;
    const c = this.#chol;
    if (k === 0) return 1 / c[at];
    const i1 = 1 / c[at + 2];
    if (k === 1) return Math.sqrt(c[at + 1] * c[at + 1] + i1 * i1);
    const i2 = 1 / c[at + 5];
    return Math.sqrt(c[at + 3] * c[at + 3] + c[at + 4] * c[at + 4] + i2 * i2);
  }

  /** Weighs detection j of a frame against a preparation; adds the pair, weighted by `scale`, when it lies in the gate. */
  weigh(pool: TrackPool, slot: number, prep: number, frame: Frame, j: number, scale: number, pairs: Pairs): boolean {
    const { rows } = frame.sensor;
    const n = rows.length;
    const pair = pairs.count;
    const norm = NORMS[n];
    if (this.#prepOf.length <= pair) this.#growPairs(pair + 1);
    const y = this.#innovation;
    const l = this.#likelihood;
    const zo = j * ROW_STRIDE;
    let nearest = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let m = 0; m < MODELS; m += 1) {
      const at = prep * MODELS + m;
      const yo = (pair * MODELS + m) * ROWS;
      for (let k = 0; k < n; k += 1) {
        const row = rows[k];
        const difference = frame.z[zo + row] - this.#zHat[at * ROWS + k];
        y[yo + k] = row === AZIMUTH ? wrap(difference) : difference;
      }
      const d2 = whiten(this.#chol, at * CHOL, n, y, yo);
      if (d2 < nearest) nearest = d2;
      const likelihood = pool.mu[slot * MODELS + m] * this.#density[at] * norm * Math.exp(-0.5 * d2);
      l[pair * MODELS + m] = likelihood;
      sum += likelihood;
    }
    if (nearest > this.#settings.gate[n] || !(sum > 0)) return false;
    pairs.add(j, sum * scale);
    this.#prepOf[pair] = prep;
    return true;
  }

  #growPairs(count: number): void {
    const size = Math.max(1024, count * 2);
    const prepOf = new Int32Array(size);
    prepOf.set(this.#prepOf);
    this.#prepOf = prepOf;
    this.#innovation = grown(this.#innovation, size * MODELS * ROWS);
    this.#likelihood = grown(this.#likelihood, size * MODELS);
  }

  /** Squared Mahalanobis distance of a pair under the model that fits best. */
  distance2(pair: number, rows: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let m = 0; m < MODELS; m += 1) {
      const yo = (pair * MODELS + m) * ROWS;
      let d2 = 0;
      for (let k = 0; k < rows; k += 1) d2 += this.#innovation[yo + k] * this.#innovation[yo + k];
      if (d2 < least) least = d2;
    }
    return least;
  }

  #total(pair: number): number {
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) total += this.#likelihood[pair * MODELS + m];
    return total;
  }

  /**
   * Updates the state of a track by the pairs `from … to − 1` with their marginals, given that it exists with probability `existence` after and was
   * missed with `missed` of it.
   */
  update(pool: TrackPool, slot: number, pairs: Pairs, from: number, to: number, rows: number, missed: number, existence: number): void {
    const mo = slot * MODELS;
    const prep = this.#prepOf[from];
    let shared = true;
    for (let e = from + 1; e < to; e += 1) if (this.#prepOf[e] !== prep) shared = false;
    const missShare = missed / existence;
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) {
      const missWeight = missShare * pool.mu[mo + m];
      let weight = missWeight;
      for (let e = from; e < to; e += 1) {
        weight += (pairs.probability[e] * this.#likelihood[e * MODELS + m]) / (existence * this.#total(e));
      }
      if (weight > 1e-12) {
        if (shared) this.#updateShared(pool, slot, m, pairs, from, to, prep, rows, missWeight, weight, existence);
        else this.#updateOwn(pool, slot, m, pairs, from, to, rows, weight, existence);
      }
      const next = weight > 1e-8 ? weight : 1e-8;
      this.#mu[m] = next;
      total += next;
    }
    for (let m = 0; m < MODELS; m += 1) pool.mu[mo + m] = this.#mu[m] / total;
  }

  /**
   * All pairs have one gain, the usual case of one scan of one sensor: x += Wᵀ ȳ and P −= a WᵀW − Σ β s sᵀ + s̄ s̄ᵀ, where s = Wᵀ y are the steps by
   * the single innovations, s̄ their mean and a = Σ β (Bar-Shalom, Daum, Huang, "The probabilistic data association filter", IEEE CSM 2009,
   * eq. 38–42, whitened).
   */
  #updateShared(
    pool: TrackPool,
    slot: number,
    m: number,
    pairs: Pairs,
    from: number,
    to: number,
    prep: number,
    rows: number,
    missWeight: number,
    weight: number,
    existence: number,
  ): void {
    const { x, p } = pool;
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    const wo = (prep * MODELS + m) * GAIN;
    const gain = this.#gain;
    const a = 1 - missWeight / weight;
    for (let k = 0; k < rows; k += 1) addOuter(p, po, gain, wo + k * STATE, -a);
    const step = this.#step;
    if (to === from + 1) {
      this.#stepBy(from, m, wo, rows);
      for (let c = 0; c < STATE; c += 1) x[xo + c] += a * step[c];
      const spread = a - a * a;
      if (spread > 1e-9) addOuter(p, po, step, 0, spread);
      return;
    }
    const meanStep = this.#meanStep;
    meanStep.fill(0);
    for (let e = from; e < to; e += 1) {
      const b = (pairs.probability[e] * this.#likelihood[e * MODELS + m]) / (this.#total(e) * existence * weight);
      if (b < 1e-9) continue;
      this.#stepBy(e, m, wo, rows);
      for (let c = 0; c < STATE; c += 1) meanStep[c] += b * step[c];
      addOuter(p, po, step, 0, b);
    }
    addOuter(p, po, meanStep, 0, -1);
    for (let c = 0; c < STATE; c += 1) x[xo + c] += meanStep[c];
  }

  /** How far model m goes by pair e alone: Wᵀ y. */
  #stepBy(e: number, m: number, wo: number, rows: number): void {
    const step = this.#step;
    const gain = this.#gain;
    const yo = (e * MODELS + m) * ROWS;
    for (let c = 0; c < STATE; c += 1) {
      let v = 0;
      for (let k = 0; k < rows; k += 1) v += gain[wo + k * STATE + c] * this.#innovation[yo + k];
      step[c] = v;
    }
  }

  /** Detections differ in their errors or times: each has its own gain. */
  #updateOwn(
    pool: TrackPool,
    slot: number,
    m: number,
    pairs: Pairs,
    from: number,
    to: number,
    rows: number,
    weight: number,
    existence: number,
  ): void {
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    const step = this.#step;
    const meanStep = this.#meanStep;
    meanStep.fill(0);
    for (let e = from; e < to; e += 1) {
      const b = (pairs.probability[e] * this.#likelihood[e * MODELS + m]) / (this.#total(e) * existence * weight);
      const wo = (this.#prepOf[e] * MODELS + m) * GAIN;
      this.#stepBy(e, m, wo, rows);
      for (let c = 0; c < STATE; c += 1) meanStep[c] += b * step[c];
      for (let k = 0; k < rows; k += 1) addOuter(pool.p, po, this.#gain, wo + k * STATE, -b);
      addOuter(pool.p, po, step, 0, b);
    }
    addOuter(pool.p, po, meanStep, 0, -1);
    for (let c = 0; c < STATE; c += 1) pool.x[xo + c] += meanStep[c];
  }
}
