// How dense are a sensor's false alarms, and where? A map over range, azimuth and (three steps of) elevation that starts from what was
// declared and learns from detections that no established track explains.
import type { Sensor } from "./sensor.ts";

/** The declaration weighs as much as this many false alarms seen in a cell (shape of the gamma prior). */
const PRIOR_COUNT = 0.03;
/** A cell never counts as emptier than this share of what was declared: few scans prove little. */
const FLOOR = 0.6;
/** Forgetting: what was seen this many scans ago weighs 1/e. */
const MEMORY_SCANS = 120;
const AZ_CELLS = 48;
const RANGE_CELLS = 36;
/** Upper edges of the elevation steps, rad: ground clutter, low air, the rest. */
const EL_EDGES: readonly number[] = [0.07, 0.25];

/** Counts are kept as whole numbers of this part, so that what is taken back leaves no rounding behind. */
const PART = 1 / 1024;

export class ClutterMap {
  readonly #ranges: number;
  readonly #els: number;
  readonly #volume: Float64Array;
  readonly #minRange: number;
  readonly #rangeStep: number;
  readonly #azFrom: number;
  readonly #azStep: number;
  /** What nothing can change any more: false alarms per cell, and scans, both fading. */
  readonly #settled: Float64Array;
  #settledScans = 0;
  readonly #priorScans: Float64Array;
  readonly #floor: number;
  /** The scans of the last seconds, which may be worked out again: in parts. */
  readonly #recent: Int32Array;
  #recentScans = 0;
  /** Detections of the scan at hand that lie near no track. */
  readonly #now: Int32Array;

  constructor(sensor: Sensor) {
    this.#ranges = sensor.hasRange ? RANGE_CELLS : 1;
    this.#els = sensor.hasElevation && sensor.hasRange ? EL_EDGES.length + 1 : 1;
    this.#minRange = sensor.minRangeM;
    this.#rangeStep = (sensor.maxRangeM - sensor.minRangeM) / this.#ranges;
    this.#azFrom = sensor.azFromRad;
    this.#azStep = sensor.azSpanRad / AZ_CELLS;
    const count = AZ_CELLS * this.#ranges * this.#els;
    this.#settled = new Float64Array(count);
    this.#priorScans = new Float64Array(count);
    this.#recent = new Int32Array(count);
    this.#now = new Int32Array(count);
    this.#volume = new Float64Array(count);
    const whole = sensor.volume();
    const density = sensor.falseAlarms / whole;
    for (let cell = 0; cell < count; cell += 1) {
      const el = cell % this.#els;
      const low = el === 0 ? sensor.elLowRad : (EL_EDGES[el - 1] ?? 0);
      const high = el === this.#els - 1 ? sensor.elHighRad : Math.min(sensor.elHighRad, EL_EDGES[el] ?? sensor.elHighRad);
      const share = this.#els === 1 ? 1 : Math.max(1e-3, (high - low) / (sensor.elHighRad - sensor.elLowRad));
      const volume = (whole * share) / (AZ_CELLS * this.#ranges);
      this.#volume[cell] = volume;
      this.#priorScans[cell] = PRIOR_COUNT / (density * volume);
    }
    this.#floor = FLOOR * density;
  }

  cell(rangeM: number, azRad: number, elRad: number): number {
    let az = Math.floor((azRad - this.#azFrom) / this.#azStep) % AZ_CELLS;
    if (az < 0) az += AZ_CELLS;
    let range = this.#ranges === 1 ? 0 : Math.floor((rangeM - this.#minRange) / this.#rangeStep);
    if (!(range > 0)) range = 0;
    else if (range >= this.#ranges) range = this.#ranges - 1;
    let el = 0;
    if (this.#els > 1) while (el < EL_EDGES.length && elRad > (EL_EDGES[el] ?? 0)) el += 1;
    return (az * this.#ranges + range) * this.#els + el;
  }

  /** Notes a detection of the scan at hand that lies near no track. */
  notice(cell: number): void {
    this.#now[cell] += 1;
  }

  forgetNoticed(cell: number): void {
    this.#now[cell] = 0;
  }

  /** False alarms per scan and unit of measurement space. `own`: 1 when the detection asked about was noticed itself. */
  density(cell: number, own: number): number {
    const count = PRIOR_COUNT + this.#settled[cell] + this.#recent[cell] * PART + this.#now[cell] - own;
    const scans = this.#priorScans[cell] + this.#settledScans + this.#recentScans + 1;
    const density = count / (scans * this.#volume[cell]);
    return density > this.#floor ? density : this.#floor;
  }

  /** Counts a scan, or takes it back (`sign` −1): each detection as a false alarm with its probability. */
  count(cell: number, weight: number, sign: 1 | -1): void {
    this.#recent[cell] += sign * Math.round(weight / PART);
  }

  scanned(share: number, sign: 1 | -1): void {
    this.#recentScans += sign * share;
  }

  /** Moves a detection, and a scan, to what is settled. */
  settle(cell: number, weight: number): void {
    const parts = Math.round(weight / PART);
    this.#recent[cell] -= parts;
    this.#settled[cell] += parts * PART;
  }

  settleScan(share: number): void {
    this.#recentScans -= share;
    this.#settledScans += share;
    if (this.#settledScans < MEMORY_SCANS + 1) return;
    const keep = MEMORY_SCANS / this.#settledScans;
    for (let cell = 0; cell < this.#settled.length; cell += 1) this.#settled[cell] *= keep;
    this.#settledScans = MEMORY_SCANS;
  }
}
