// How far is each sensor off, in range, azimuth and clock? Found from objects that two sensors see within a second of each other: the
// difference of their raw positions, less the way flown in between, is the difference of their errors (after Lin, Bar-Shalom, Kirubarajan,
// "Multisensor multitarget bias estimation for general asynchronous sensors", IEEE TAES 2005). What all sensors share cannot be seen and stays at
// zero, unless one of them reports positions that have no such errors (satellite navigation).

/** Errors kept per sensor: range m, azimuth rad, clock s. */
export const BIASES = 3;
export const BIAS_RANGE = 0;
export const BIAS_AZIMUTH = 1;
export const BIAS_CLOCK = 2;

export interface BiasSettings {
  /** What is expected before anything is seen (1σ): m, rad, s. */
  readonly priorSigma: readonly [number, number, number];
  /** How fast an error may drift (1σ per square root of a second). */
  readonly driftSigma: readonly [number, number, number];
  /** Beyond these an error is shown, not applied. */
  readonly limit: readonly [number, number, number];
  /** Sensors whose errors are estimated at most; the filter works on all of them together. */
  readonly maxSensors: number;
  /** Each detection takes part in several pairs: their variance counts this much larger. */
  readonly pairInflation: number;
}

export interface SavedBias {
  readonly sensors: readonly number[];
  readonly timeS: number | null;
  readonly x: Float64Array;
  readonly p: Float64Array;
  readonly pairs: Float64Array;
}

export class BiasFilter {
  readonly settings: BiasSettings;
  /** Sensors with a place in the filter, by sensor index. */
  #place = new Map<number, number>();
  #size = 0;
  readonly #x: Float64Array;
  readonly #p: Float64Array;
  /** Pairs seen, by place. */
  readonly pairs: Float64Array;
  #timeS = Number.NaN;
  readonly #ph: Float64Array;

  constructor(settings: BiasSettings) {
    this.settings = settings;
    const n = settings.maxSensors * BIASES;
    this.#x = new Float64Array(n);
    this.#p = new Float64Array(n * n);
    this.pairs = new Float64Array(settings.maxSensors);
    this.#ph = new Float64Array(n);
  }

  /** Gives a sensor a place; −1 when there is none left. */
  #placeOf(sensor: number): number {
    const known = this.#place.get(sensor);
    if (known !== undefined) return known;
    const { maxSensors, priorSigma } = this.settings;
    if (this.#size >= maxSensors) return -1;
    const place = this.#size;
    this.#size += 1;
    this.#place.set(sensor, place);
    const n = maxSensors * BIASES;
    for (let k = 0; k < BIASES; k += 1) {
      const at = place * BIASES + k;
      this.#p[at * n + at] = priorSigma[k] ** 2;
    }
    return place;
  }

  /** Estimated error of a sensor; 0 where nothing is known. */
  value(sensor: number, which: number): number {
    const place = this.#place.get(sensor);
    return place === undefined ? 0 : this.#x[place * BIASES + which];
  }

  /** What is applied: the estimate within its limit, else nothing. */
  applied(sensor: number, which: number): number {
    const value = this.value(sensor, which);
    return Math.abs(value) > this.settings.limit[which] ? 0 : value;
  }

  variance(sensor: number, which: number): number {
    const place = this.#place.get(sensor);
    if (place === undefined) return this.settings.priorSigma[which] ** 2;
    const n = this.settings.maxSensors * BIASES;
    const at = place * BIASES + which;
    return this.#p[at * n + at];
  }

  pairsOf(sensor: number): number {
    const place = this.#place.get(sensor);
    return place === undefined ? 0 : this.pairs[place];
  }

  #drift(timeS: number): void {
    const dt = Number.isNaN(this.#timeS) ? 0 : timeS - this.#timeS;
    if (dt > 0 || Number.isNaN(this.#timeS)) this.#timeS = timeS;
    if (!(dt > 0)) return;
    const { maxSensors, priorSigma, driftSigma } = this.settings;
    const n = maxSensors * BIASES;
    for (let place = 0; place < this.#size; place += 1) {
      for (let k = 0; k < BIASES; k += 1) {
        const at = place * BIASES + k;
        const p = this.#p[at * n + at];
        this.#p[at * n + at] = Math.min(Math.max(p, priorSigma[k] ** 2), p + driftSigma[k] ** 2 * dt);
      }
    }
  }

  /**
   * One pair: `dx`, `dy` is sensor a's raw position less sensor b's, both carried to the same instant by the object's velocity; `cov` its
   * covariance (xx, xy, yy), m². `ja`, `jb` are the columns of range and azimuth of the two positions [rx, ry, ax, ay], `vx`, `vy` the velocity;
   * b < 0 stands for a position without such errors.
   */
  pair(
    timeS: number,
    a: number,
    ja: Float64Array,
    jao: number,
    b: number,
    jb: Float64Array,
    jbo: number,
    vx: number,
    vy: number,
    dx: number,
    dy: number,
    cxx: number,
    cxy: number,
    cyy: number,
  ): void {
    const pa = a < 0 ? -1 : this.#placeOf(a);
    const pb = b < 0 ? -1 : this.#placeOf(b);
    if ((a >= 0 && pa < 0) || (b >= 0 && pb < 0) || (pa < 0 && pb < 0)) return;
    this.#drift(timeS);
    const f = this.settings.pairInflation;
    // Whitened by the Cholesky factor of the covariance: two scalar rows.
    const l00 = Math.sqrt(Math.max(1e-6, cxx * f));
    const l10 = (cxy * f) / l00;
    const l11 = Math.sqrt(Math.max(1e-6, cyy * f - l10 * l10));
    for (let row = 0; row < 2; row += 1) {
      const px = row === 0 ? 1 / l00 : -l10 / (l00 * l11);
      const py = row === 0 ? 0 : 1 / l11;
      // A late clock (reported = true + clock) shows the object where it was before: − v · clock.
      const ha: readonly number[] =
        pa < 0 ? [] : [px * ja[jao] + py * ja[jao + 1], px * ja[jao + 2] + py * ja[jao + 3], -(px * vx + py * vy)];
      const hb: readonly number[] =
        pb < 0 ? [] : [-(px * jb[jbo] + py * jb[jbo + 1]), -(px * jb[jbo + 2] + py * jb[jbo + 3]), px * vx + py * vy];
      this.#update(pa, ha, pb, hb, px * dx + py * dy, 1);
    }
    if (pa >= 0) this.pairs[pa] += 1;
    if (pb >= 0) this.pairs[pb] += 1;
  }

  #update(pa: number, ha: readonly number[], pb: number, hb: readonly number[], z: number, variance: number): void {
    const n = this.settings.maxSensors * BIASES;
    const used = this.#size * BIASES;
    const ph = this.#ph;
    const p = this.#p;
    for (let i = 0; i < used; i += 1) {
      let v = 0;
      for (let k = 0; k < ha.length; k += 1) v += p[i * n + pa * BIASES + k] * ha[k];
      for (let k = 0; k < hb.length; k += 1) v += p[i * n + pb * BIASES + k] * hb[k];
      ph[i] = v;
    }
    let s = variance;
    let y = z;
    for (let k = 0; k < ha.length; k += 1) {
      s += ha[k] * ph[pa * BIASES + k];
      y -= ha[k] * this.#x[pa * BIASES + k];
    }
    for (let k = 0; k < hb.length; k += 1) {
      s += hb[k] * ph[pb * BIASES + k];
      y -= hb[k] * this.#x[pb * BIASES + k];
    }
    // What lies far out is a wrong pair, not an error of a sensor.
    if (!(y * y <= 16 * s && s < Number.MAX_VALUE)) return;
    for (let i = 0; i < used; i += 1) {
      this.#x[i] += (ph[i] * y) / s;
      for (let j = 0; j < used; j += 1) p[i * n + j] -= (ph[i] * ph[j]) / s;
    }
  }

  /** A message cannot arrive before it was measured: a clock is ahead by at least `byS`. */
  ahead(sensor: number, byS: number): void {
    const place = this.#placeOf(sensor);
    if (place < 0) return;
    const at = place * BIASES + BIAS_CLOCK;
    if (this.#x[at] >= byS) return;
    const n = this.settings.maxSensors * BIASES;
    this.#x[at] = byS + 0.05;
    // It was wrong by that much: what is known of it is worth little, and its ties to the others nothing.
    for (let i = 0; i < n; i += 1) {
      if (i === at) continue;
      this.#p[i * n + at] = 0;
      this.#p[at * n + i] = 0;
    }
    this.#p[at * n + at] = Math.max(this.#p[at * n + at], 0.1 ** 2);
    if (this.#p[at * n + at] > 0.15 ** 2) this.#p[at * n + at] = 0.15 ** 2;
  }

  copyFrom(other: BiasFilter): void {
    this.#place = new Map(other.#place);
    this.#size = other.#size;
    this.#x.set(other.#x);
    this.#p.set(other.#p);
    this.pairs.set(other.pairs);
    this.#timeS = other.#timeS;
  }

  /** All of it as plain data. */
  save(): SavedBias {
    return {
      sensors: [...this.#place.keys()],
      timeS: Number.isNaN(this.#timeS) ? null : this.#timeS,
      x: this.#x,
      p: this.#p,
      pairs: this.pairs,
    };
  }

  /** False when it was saved with room for another number of sensors. */
  restore({ sensors, timeS, x, p, pairs }: SavedBias): boolean {
    if (x.length !== this.#x.length || p.length !== this.#p.length || pairs.length !== this.pairs.length) return false;
    this.#place = new Map(sensors.map((sensor, place) => [sensor, place]));
    this.#size = sensors.length;
    this.#timeS = timeS ?? Number.NaN;
    this.#x.set(x);
    this.#p.set(p);
    this.pairs.set(pairs);
    return true;
  }
}
