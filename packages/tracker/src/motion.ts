// How a track moves between measurements: three models that interact.
import { outerOfDifference, PACKED, predict, STATE } from "./kernels.ts";
import { MODELS, PS, type TrackPool, XS } from "./pool.ts";
import type { TrackerSettings } from "./settings.ts";

export class Motion {
  readonly #settings: TrackerSettings;
  /** Spectral density of the wander that gusts cause, m²/s. */
  readonly #wander: number;
  /** Probability of going from model j to m within one second, at [m][j]. */
  readonly #transition = new Float64Array(MODELS * MODELS);
  readonly #weight = new Float64Array(MODELS * MODELS);
  readonly #between01 = new Float64Array(PACKED);
  readonly #between02 = new Float64Array(PACKED);
  readonly #between12 = new Float64Array(PACKED);

  constructor(settings: TrackerSettings) {
    this.#settings = settings;
    this.#wander = 2 * settings.gustMps * settings.gustMps * settings.gustS;
    for (let m = 0; m < MODELS; m += 1) {
      for (let j = 0; j < MODELS; j += 1) this.#transition[m * MODELS + j] = settings.transitions[j]?.[m] ?? 0;
    }
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

  /**
   * Interaction of the models (Blom & Bar-Shalom, "The interacting multiple model algorithm", IEEE TAC 33 (1988) 780–783). The mixed covariance
   * Σ w_j (P_j + d_j d_jᵀ) about the mixed mean equals Σ w_j P_j + Σ_{j<k} w_j w_k (x_j − x_k)(x_j − x_k)ᵀ: three outer products serve all models.
   */
  #mix(pool: TrackPool, slot: number, dt: number): void {
    const { x, p, mu } = pool;
    const xo = slot * XS;
    const po = slot * PS;
    const mo = slot * MODELS;
    const weight = this.#weight;
    this.#weigh(mu, mo, dt < 1 ? dt : 1);
    const a0 = weight[0];
    const b0 = weight[1];
    const c0 = weight[2];
    const a1 = weight[3];
    const b1 = weight[4];
    const c1 = weight[5];
    const a2 = weight[6];
    const b2 = weight[7];
    const c2 = weight[8];
    const x1 = xo + STATE;
    const x2 = x1 + STATE;
    outerOfDifference(x, xo, x1, this.#between01);
    outerOfDifference(x, xo, x2, this.#between02);
    outerOfDifference(x, x1, x2, this.#between12);
    for (let k = 0; k < STATE; k += 1) {
      const u = x[xo + k];
      const v = x[x1 + k];
      const w = x[x2 + k];
      x[xo + k] = a0 * u + b0 * v + c0 * w;
      x[x1 + k] = a1 * u + b1 * v + c1 * w;
      x[x2 + k] = a2 * u + b2 * v + c2 * w;
    }
    const ab0 = a0 * b0;
    const ac0 = a0 * c0;
    const bc0 = b0 * c0;
    const ab1 = a1 * b1;
    const ac1 = a1 * c1;
    const bc1 = b1 * c1;
    const ab2 = a2 * b2;
    const ac2 = a2 * c2;
    const bc2 = b2 * c2;
    const p1 = po + PACKED;
    const p2 = p1 + PACKED;
    const between01 = this.#between01;
    const between02 = this.#between02;
    const between12 = this.#between12;
    for (let k = 0; k < PACKED; k += 1) {
      const u = p[po + k];
      const v = p[p1 + k];
      const w = p[p2 + k];
      const d = between01[k];
      const e = between02[k];
      const f = between12[k];
      p[po + k] = a0 * u + b0 * v + c0 * w + ab0 * d + ac0 * e + bc0 * f;
      p[p1 + k] = a1 * u + b1 * v + c1 * w + ab1 * d + ac1 * e + bc1 * f;
      p[p2 + k] = a2 * u + b2 * v + c2 * w + ab2 * d + ac2 * e + bc2 * f;
    }
  }

  /** Shares of the models' states in each mixed one, row by row, and the probabilities after the transition. */
  #weigh(mu: Float64Array, mo: number, scale: number): void {
    const weight = this.#weight;
    const transition = this.#transition;
    const mu0 = mu[mo];
    const mu1 = mu[mo + 1];
    const mu2 = mu[mo + 2];
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) {
      const w = m * MODELS;
      const w0 = (m === 0 ? 1 - (1 - transition[w]) * scale : transition[w] * scale) * mu0;
      const w1 = (m === 1 ? 1 - (1 - transition[w + 1]) * scale : transition[w + 1] * scale) * mu1;
      const w2 = (m === 2 ? 1 - (1 - transition[w + 2]) * scale : transition[w + 2] * scale) * mu2;
      const c = w0 + w1 + w2;
      weight[w] = w0 / c;
      weight[w + 1] = w1 / c;
      weight[w + 2] = w2 / c;
      mu[mo + m] = c;
      total += c;
    }
    for (let m = 0; m < MODELS; m += 1) mu[mo + m] /= total;
  }
}
