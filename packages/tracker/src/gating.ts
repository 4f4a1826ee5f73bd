// Which detections of a scan could belong to a track? Detections in cells of azimuth and range, so that a track looks at its neighbourhood only:
// work grows with the pairs, not with tracks times detections.
import { PACKED, STATE } from "./kernels.ts";
import type { Observation } from "./observation.ts";
import { MODELS, PS, type TrackPool, XS } from "./pool.ts";
import { AZIMUTH, RANGE, wrap } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";

/** Fewer detections than this are quicker looked at one by one. */
const FEW = 24;
const TURN = 2 * Math.PI;

export class Gating {
  readonly #gate: readonly number[];
  #azBins = 0;
  #rangeBins = 1;
  #rangeStepM = 1;
  #start = new Int32Array(256);
  #items = new Int32Array(256);
  /** What `around` found. */
  found: Int32Array = new Int32Array(256);
  foundCount = 0;
  /** What the frame's least exact detections have more in variance than the sensor's usual ones (m², rad²), and how far beside its time they lie, s. */
  #worseRange = 0;
  #worseAzimuth = 0;
  #besideS = 0;

  constructor({ gate }: TrackerSettings) {
    this.#gate = gate;
  }

  /** Sorts the detections of a frame into cells. */
  sort(frame: Frame): void {
    const { count, sensor } = frame;
    if (this.found.length < count) this.found = new Int32Array(count * 2);
    if (count < FEW || !sensor.rows.includes(AZIMUTH)) {
      this.#azBins = 0;
      return;
    }
    this.#rangeBins = sensor.hasRange ? Math.min(256, Math.ceil(Math.sqrt(count))) : 1;
    this.#azBins = Math.min(2048, Math.max(8, Math.ceil(count / this.#rangeBins)));
    this.#rangeStepM = sensor.maxRangeM / this.#rangeBins;
    this.#worseRange = 0;
    this.#worseAzimuth = 0;
    this.#besideS = 0;
    for (let j = 0; j < count; j += 1) {
      this.#worseRange = Math.max(this.#worseRange, frame.variance[j * ROW_STRIDE + RANGE] - sensor.variance[RANGE]);
      this.#worseAzimuth = Math.max(this.#worseAzimuth, frame.variance[j * ROW_STRIDE + AZIMUTH] - sensor.variance[AZIMUTH]);
      this.#besideS = Math.max(this.#besideS, Math.abs(frame.time[j] - frame.timeS));
    }
    const cells = this.#azBins * this.#rangeBins;
    if (this.#start.length < cells + 2) this.#start = new Int32Array(cells * 2 + 2);
    if (this.#items.length < count) this.#items = new Int32Array(count * 2);
    const start = this.#start;
    start.fill(0, 0, cells + 2);
    // Counting sort: counts stand two cells on, so that filling moves each start to its own place.
    for (let j = 0; j < count; j += 1) start[this.#cellOf(frame, j) + 2] += 1;
    for (let c = 1; c < cells + 2; c += 1) start[c] += start[c - 1];
    for (let j = 0; j < count; j += 1) {
      const c = this.#cellOf(frame, j) + 1;
      this.#items[start[c]] = j;
      start[c] += 1;
    }
  }

  #cellOf(frame: Frame, j: number): number {
    const rangeM = frame.z[j * ROW_STRIDE];
    let range = this.#rangeBins === 1 ? 0 : Math.floor(rangeM / this.#rangeStepM);
    if (!(range > 0)) range = 0;
    else if (range >= this.#rangeBins) range = this.#rangeBins - 1;
    let az = Math.floor((frame.z[j * ROW_STRIDE + 1] / TURN) * this.#azBins) % this.#azBins;
    if (az < 0) az += this.#azBins;
    return az * this.#rangeBins + range;
  }

  /** How far a model may be from where it is expected when a detection was made beside the frame's time, m. */
  #besideM(pool: TrackPool, slot: number, m: number, sigmas: number): number {
    const v = slot * XS + m * STATE + 3;
    const p = slot * PS + m * PACKED + 15;
    const speed = Math.hypot(pool.x[v], pool.x[v + 1], pool.x[v + 2]);
    return this.#besideS * (speed + sigmas * Math.sqrt(pool.p[p] + pool.p[p + 3] + pool.p[p + 5]));
  }

  /** Finds the detections in the box around what a track's models expect: as wide as the gate, for the least exact detection of the frame. */
  around(pool: TrackPool, slot: number, observation: Observation, prep: number, frame: Frame): void {
    const { sensor, count } = frame;
    this.foundCount = 0;
    if (this.#azBins === 0) {
      for (let j = 0; j < count; j += 1) this.found[j] = j;
      this.foundCount = count;
      return;
    }
    const azRow = sensor.rows.indexOf(AZIMUTH);
    const sigmas = Math.sqrt(this.#gate[sensor.rows.length]);
    let az0 = 0;
    let azLow = 0;
    let azHigh = 0;
    let rangeLow = Number.POSITIVE_INFINITY;
    let rangeHigh = Number.NEGATIVE_INFINITY;
    let first = true;
    for (let m = 0; m < MODELS; m += 1) {
      // A model that hardly counts does not widen the search.
      if (pool.mu[slot * MODELS + m] < 1e-3) continue;
      const az = observation.predicted(prep, m, azRow);
      const azSigma = observation.sigma(prep, m, azRow);
      let s = sigmas * Math.sqrt(azSigma * azSigma + this.#worseAzimuth);
      const besideM = this.#besideS > 1e-4 ? this.#besideM(pool, slot, m, sigmas) : 0;
      if (besideM > 0) {
        const xo = slot * XS + m * STATE;
        const flatM = Math.hypot(pool.x[xo] - sensor.origin[0], pool.x[xo + 1] - sensor.origin[1]);
        s += flatM > 2 * besideM ? besideM / (flatM - besideM) : TURN;
      }
      if (first) az0 = az;
      const a = wrap(az - az0);
      if (first || a - s < azLow) azLow = a - s;
      if (first || a + s > azHigh) azHigh = a + s;
      first = false;
      if (sensor.hasRange) {
        const range = observation.predicted(prep, m, 0);
        const rangeSigma = observation.sigma(prep, m, 0);
        const sr = sigmas * Math.sqrt(rangeSigma * rangeSigma + this.#worseRange) + besideM;
        if (range - sr < rangeLow) rangeLow = range - sr;
        if (range + sr > rangeHigh) rangeHigh = range + sr;
      }
    }
    const bins = this.#azBins;
    let from = Math.floor(((az0 + azLow) / TURN) * bins);
    let to = Math.floor(((az0 + azHigh) / TURN) * bins);
    if (!(to - from < bins)) {
      from = 0;
      to = bins - 1;
    }
    let rangeFrom = 0;
    let rangeTo = this.#rangeBins - 1;
    if (sensor.hasRange && this.#rangeBins > 1) {
      const last = rangeTo;
      rangeFrom = Math.min(last, Math.max(0, Math.floor(rangeLow / this.#rangeStepM)));
      rangeTo = Math.min(last, Math.max(0, Math.floor(rangeHigh / this.#rangeStepM)));
    }
    const start = this.#start;
    for (let a = from; a <= to; a += 1) {
      const c = (((a % bins) + bins) % bins) * this.#rangeBins;
      const end = start[c + rangeTo + 1];
      for (let k = start[c + rangeFrom]; k < end; k += 1) {
        const j = this.#items[k];
        const range = frame.z[j * ROW_STRIDE];
        if (sensor.hasRange && (range < rangeLow || range > rangeHigh)) continue;
        const da = wrap(frame.z[j * ROW_STRIDE + 1] - az0);
        if (da < azLow || da > azHigh) continue;
        this.found[this.foundCount] = j;
        this.foundCount += 1;
      }
    }
  }
}
