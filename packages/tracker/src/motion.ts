// How a track moves between measurements: three models that interact.
import { addOuter, PACKED, predict, STATE } from "./kernels.ts";
import { MODELS, PS, type TrackPool, XS } from "./pool.ts";
import type { TrackerSettings } from "./settings.ts";

/** Weights below this change nothing that can be seen. */
const NEGLIGIBLE = 1e-4;

export class Motion {
  readonly #settings: TrackerSettings;
  /** Spectral density of the wander that gusts cause, m²/s. */
  readonly #wander: number;
  readonly #mixX = new Float64Array(XS);
  readonly #mixP = new Float64Array(PS);
  readonly #weight = new Float64Array(MODELS * MODELS);
  readonly #mu = new Float64Array(MODELS);
  readonly #difference = new Float64Array(STATE);

  constructor(settings: TrackerSettings) {
    this.#settings = settings;
    this.#wander = 2 * settings.gustMps * settings.gustMps * settings.gustS;
  }

  /** Brings all models of a track to a time, and lets its existence fade as objects leave. Going back moves the mean, not the models' weights. */
  predict(pool: TrackPool, slot: number, timeS: number): void {
    const dt = timeS - pool.time[slot];
    if (dt === 0) return;
    pool.time[slot] = timeS;
    if (dt > 0) {
      this.#mix(pool, slot, dt);
      pool.existence[slot] *= Math.exp(-dt / this.#settings.lifetimeS);
    }
    for (let m = 0; m < MODELS; m += 1) this.step(m, pool.x, slot * XS + m * STATE, pool.p, slot * PS + m * PACKED, dt);
  }

  /** One model's state over `dt` s. */
  step(model: number, x: Float64Array, xo: number, p: Float64Array, po: number, dt: number): void {
    predict(x, xo, p, po, dt, this.#settings.processNoise[model], this.#wander, this.#settings.verticalNoise[model]);
  }

  /** Interaction of the models (Blom & Bar-Shalom, "The interacting multiple model algorithm", IEEE TAC 33 (1988) 780–783). */
  #mix(pool: TrackPool, slot: number, dt: number): void {
    const { x, p, mu } = pool;
    const xo = slot * XS;
    const po = slot * PS;
    const mo = slot * MODELS;
    const { transitions } = this.#settings;
    const scale = dt < 1 ? dt : 1;
    const weight = this.#weight;
    const mixX = this.#mixX;
    const mixP = this.#mixP;
    const difference = this.#difference;
    for (let m = 0; m < MODELS; m += 1) {
      let c = 0;
      for (let j = 0; j < MODELS; j += 1) {
        const t = transitions[j][m];
        const w = (j === m ? 1 - (1 - t) * scale : t * scale) * mu[mo + j];
        weight[m * MODELS + j] = w;
        c += w;
      }
      this.#mu[m] = c;
      const inverse = 1 / c;
      for (let j = 0; j < MODELS; j += 1) weight[m * MODELS + j] *= inverse;
    }
    for (let m = 0; m < MODELS; m += 1) {
      const mx = m * STATE;
      const mp = m * PACKED;
      const wm = m * MODELS;
      for (let k = 0; k < STATE; k += 1) {
        let v = 0;
        for (let j = 0; j < MODELS; j += 1) v += weight[wm + j] * x[xo + j * STATE + k];
        mixX[mx + k] = v;
      }
      mixP.fill(0, mp, mp + PACKED);
      for (let j = 0; j < MODELS; j += 1) {
        const w = weight[wm + j];
        if (w < NEGLIGIBLE) continue;
        const pj = po + j * PACKED;
        for (let k = 0; k < PACKED; k += 1) mixP[mp + k] += w * p[pj + k];
        const xj = xo + j * STATE;
        for (let k = 0; k < STATE; k += 1) difference[k] = x[xj + k] - mixX[mx + k];
        addOuter(mixP, mp, difference, 0, w);
      }
    }
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) total += this.#mu[m];
    for (let m = 0; m < MODELS; m += 1) mu[mo + m] = this.#mu[m] / total;
    for (let k = 0; k < XS; k += 1) x[xo + k] = mixX[k];
    for (let k = 0; k < PS; k += 1) p[po + k] = mixP[k];
  }
}
