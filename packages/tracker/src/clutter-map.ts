// How dense are a sensor's false alarms, and where? A map over range, azimuth and (three steps of) elevation that starts from what was
// declared and learns from detections that no established track explains.

/** What a map must know of its sensor: what it measures, how far it sees, and what it declares. */
interface Mapped {
  readonly hasRange: boolean;
  readonly hasElevation: boolean;
  readonly minRangeM: number;
  readonly maxRangeM: number;
  readonly azFromRad: number;
  readonly azSpanRad: number;
  readonly elLowRad: number;
  readonly elHighRad: number;
  readonly volume: number;
  readonly falseAlarms: number;
  readonly periodS: number;
}

/** The declaration weighs as much as this many false alarms seen in a cell (shape of a gamma prior). */
const PRIOR_COUNT = 0.03;
/** A cell never counts as emptier than this share of what was declared: few scans prove little. */
const FLOOR = 0.6;
const AZ_CELLS = 48;
const RANGE_CELLS = 36;
/** Upper edges of the elevation steps, rad: ground clutter, low air, the rest. */
const EL_EDGES: readonly number[] = [0.07, 0.25];
/** Weights are counted in whole numbers of this part, and scans in eighths: taking a scan back leaves no rounding behind. */
const PART = 1 / 1024;
const SCAN_PARTS = 8;
/**
 * Forgetting: counts are kept in epochs of this many scans, more of sensors so fast that late data could go back over more; the one that runs
 * and the one before it count.
 */
const EPOCH_SCANS = 100;
const EPOCH_AT_LEAST_S = 8;
/** A third epoch stands by, so that late data may go back over the border of two. */
const EPOCHS = 3;

/** What a map holds, for a snapshot. */
export interface SavedClutter {
  readonly scans: number;
  readonly epochs: readonly number[];
  readonly epochScans: readonly number[];
  readonly counts: Float64Array;
}

export class ClutterMap {
  readonly #ranges: number;
  readonly #els: number;
  readonly #cells: number;
  readonly #volume: Float64Array;
  readonly #priorScans: Float64Array;
  readonly #floor: number;
  readonly #minRange: number;
  readonly #rangeStep: number;
  readonly #azFrom: number;
  readonly #azStep: number;
  /** Scans of one epoch, in eighths. */
  readonly #epochParts: number;
  /** Parts of false alarms by epoch and cell. */
  readonly #counts: Float64Array;
  /** Which epoch stands in each third, and its scans in eighths. */
  readonly #epochs = [-1, -1, -1];
  readonly #epochScans = [0, 0, 0];
  /** Scans seen, in eighths. */
  #scans = 0;
  /** Detections of the scan at hand that lie near no track. */
  readonly #now: Int32Array;

  constructor(sensor: Mapped) {
    this.#ranges = sensor.hasRange ? RANGE_CELLS : 1;
    this.#els = sensor.hasElevation && sensor.hasRange ? EL_EDGES.length + 1 : 1;
    this.#minRange = sensor.minRangeM;
    this.#rangeStep = (sensor.maxRangeM - sensor.minRangeM) / this.#ranges;
    this.#azFrom = sensor.azFromRad;
    this.#azStep = sensor.azSpanRad / AZ_CELLS;
    this.#epochParts = Math.max(EPOCH_SCANS, Math.ceil(EPOCH_AT_LEAST_S / sensor.periodS)) * SCAN_PARTS;
    const count = AZ_CELLS * this.#ranges * this.#els;
    this.#cells = count;
    this.#counts = new Float64Array(count * EPOCHS);
    this.#now = new Int32Array(count);
    this.#volume = new Float64Array(count);
    this.#priorScans = new Float64Array(count);
    const density = sensor.falseAlarms / sensor.volume;
    this.#floor = FLOOR * density;
    for (let cell = 0; cell < count; cell += 1) {
      const el = cell % this.#els;
      const low = el === 0 ? sensor.elLowRad : (EL_EDGES[el - 1] ?? 0);
      const high = el === this.#els - 1 ? sensor.elHighRad : Math.min(sensor.elHighRad, EL_EDGES[el] ?? sensor.elHighRad);
      const share = this.#els === 1 ? 1 : Math.max(1e-3, (high - low) / (sensor.elHighRad - sensor.elLowRad));
      const volume = (sensor.volume * share) / (AZ_CELLS * this.#ranges);
      this.#volume[cell] = volume;
      this.#priorScans[cell] = PRIOR_COUNT / (density * volume);
    }
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

  /** The epoch that the next scan belongs to. */
  get epoch(): number {
    return Math.floor(this.#scans / this.#epochParts);
  }

  /** False alarms per scan and unit of measurement space. `own`: 1 when the detection asked about was noticed itself. */
  density(cell: number, own: number): number {
    const { epoch } = this;
    let parts = 0;
    let scans = 0;
    for (let third = 0; third < EPOCHS; third += 1) {
      const its = this.#epochs[third] ?? -1;
      if (its !== epoch && its !== epoch - 1) continue;
      parts += this.#counts[third * this.#cells + cell];
      scans += this.#epochScans[third] ?? 0;
    }
    const count = parts * PART + this.#now[cell] - own + PRIOR_COUNT;
    const density = count / ((this.#priorScans[cell] + scans / SCAN_PARTS + 1) * this.#volume[cell]);
    return density > this.#floor ? density : this.#floor;
  }

  /** Counts a scan (a share of one) in its epoch, or takes it back (`sign` −1). */
  scanned(epoch: number, share: number, sign: 1 | -1): void {
    const third = epoch % EPOCHS;
    if (this.#epochs[third] !== epoch) {
      this.#epochs[third] = epoch;
      this.#epochScans[third] = 0;
      this.#counts.fill(0, third * this.#cells, (third + 1) * this.#cells);
    }
    const parts = sign * Math.round(share * SCAN_PARTS);
    this.#epochScans[third] = (this.#epochScans[third] ?? 0) + parts;
    this.#scans += parts;
  }

  /** Counts a detection as a false alarm with its probability, or takes it back. */
  count(epoch: number, cell: number, weight: number, sign: 1 | -1): void {
    this.#counts[(epoch % EPOCHS) * this.#cells + cell] += sign * Math.round(weight / PART);
  }

  save(): SavedClutter {
    return { scans: this.#scans, epochs: [...this.#epochs], epochScans: [...this.#epochScans], counts: this.#counts };
  }

  /** Takes up what was saved; false when that map had another size. */
  restore({ scans, epochs, epochScans, counts }: SavedClutter): boolean {
    if (counts.length !== this.#counts.length) return false;
    this.#scans = scans;
    for (let third = 0; third < EPOCHS; third += 1) {
      this.#epochs[third] = epochs[third] ?? -1;
      this.#epochScans[third] = epochScans[third] ?? 0;
    }
    this.#counts.set(counts);
    return true;
  }
}
