// Where has each object been? Its positions of the last minutes, for reports that come minutes late.
import { STATE } from "./kernels.ts";
import { MODELS, type TrackPool, XS } from "./pool.ts";

/** Between two points, s, and points of one track: four minutes. */
export const HISTORY_STEP_S = 2;
const POINTS = 120;
/** Tracks remembered at most, those gone included; beyond, the one recorded longest ago is forgotten. */
const MAX_TRACKS = 2000;
const WIDTH = 4;

class Ring {
  readonly numbers = new Float64Array(POINTS * WIDTH);
  count = 0;

  newestS(): number {
    return this.count === 0 ? Number.NEGATIVE_INFINITY : this.numbers[((this.count - 1) % POINTS) * WIDTH];
  }

  push(timeS: number, e: number, n: number, u: number): void {
    // Worked out again: what was written of the same time or later gives way.
    while (this.count > 0 && this.newestS() >= timeS) this.count -= 1;
    const at = (this.count % POINTS) * WIDTH;
    this.numbers[at] = timeS;
    this.numbers[at + 1] = e;
    this.numbers[at + 2] = n;
    this.numbers[at + 3] = u;
    this.count += 1;
  }
}

export interface PastPosition {
  readonly timeS: number;
  readonly eastM: number;
  readonly northM: number;
  readonly upM: number;
}

export class History {
  readonly #rings = new Map<number, Ring>();

  /** Writes down where every track that has proved real is now. */
  record(pool: TrackPool, timeS: number): void {
    for (let slot = 0; slot < pool.count; slot += 1) {
      if (pool.proved[slot] === 0 || pool.existence[slot] < 0.5) continue;
      const label = pool.label[slot];
      let ring = this.#rings.get(label);
      if (ring === undefined) ring = new Ring();
      else this.#rings.delete(label);
      this.#rings.set(label, ring);
      const dt = timeS - pool.time[slot];
      let e = 0;
      let n = 0;
      let u = 0;
      for (let m = 0; m < MODELS; m += 1) {
        const w = pool.mu[slot * MODELS + m];
        const xo = slot * XS + m * STATE;
        e += w * (pool.x[xo] + dt * pool.x[xo + 3]);
        n += w * (pool.x[xo + 1] + dt * pool.x[xo + 4]);
        u += w * (pool.x[xo + 2] + dt * pool.x[xo + 5]);
      }
      ring.push(timeS, e, n, u);
    }
    while (this.#rings.size > MAX_TRACKS) {
      for (const oldest of this.#rings.keys()) {
        this.#rings.delete(oldest);
        break;
      }
    }
  }

  /** Points of a track, oldest first. */
  of(label: number): readonly PastPosition[] {
    const ring = this.#rings.get(label);
    if (ring === undefined) return [];
    const points: PastPosition[] = [];
    for (let k = Math.max(0, ring.count - POINTS); k < ring.count; k += 1) {
      const at = (k % POINTS) * WIDTH;
      const [timeS = 0, eastM = 0, northM = 0, upM = 0] = ring.numbers.subarray(at, at + WIDTH);
      points.push({ timeS, eastM, northM, upM });
    }
    return points;
  }

  /** Where each track was at a time, within one step. */
  *at(timeS: number): IterableIterator<PastPosition & { readonly label: number }> {
    for (const [label, ring] of this.#rings) {
      for (let k = ring.count - 1; k >= Math.max(0, ring.count - POINTS); k -= 1) {
        const at = (k % POINTS) * WIDTH;
        const own = ring.numbers[at];
        if (own > timeS + HISTORY_STEP_S) continue;
        if (own >= timeS - HISTORY_STEP_S) {
          yield { label, timeS: own, eastM: ring.numbers[at + 1], northM: ring.numbers[at + 2], upM: ring.numbers[at + 3] };
        }
        break;
      }
    }
  }

  /** Moves every point by a rotation (row by row) and a shift: the local frame has a new origin. */
  move(rotation: Float64Array, shift: Float64Array): void {
    for (const { numbers } of this.#rings.values()) {
      for (let at = 0; at < numbers.length; at += WIDTH) {
        const [, e = 0, n = 0, u = 0] = numbers.subarray(at, at + WIDTH);
        for (let k = 0; k < 3; k += 1) {
          numbers[at + 1 + k] = rotation[k * 3] * e + rotation[k * 3 + 1] * n + rotation[k * 3 + 2] * u + shift[k];
        }
      }
    }
  }

  save(): readonly (readonly [number, number, Float64Array])[] {
    return [...this.#rings].map(([label, ring]) => [label, ring.count, ring.numbers.subarray(0, Math.min(ring.count, POINTS) * WIDTH)]);
  }

  restore(saved: readonly (readonly [number, number, Float64Array])[]): void {
    this.#rings.clear();
    for (const [label, count, numbers] of saved) {
      const ring = new Ring();
      ring.count = count;
      ring.numbers.set(numbers.subarray(0, ring.numbers.length));
      this.#rings.set(label, ring);
    }
  }
}
