// Where has each object been? Its positions of the last minutes, for reports that come minutes late.
import { STATE } from "./kernels.ts";
import { MODELS, type TrackPool, XS } from "./pool.ts";

/** Between two points, s, and points of one track: four minutes. */
export const HISTORY_STEP_S = 2;
const POINTS = 120;
/** More are kept than are shown, so that going back over the window loses none at the old end. */
const ROOM = POINTS + 8;
/** A track that has gone is remembered for as long as its points are shown. */
const KEPT_S = POINTS * HISTORY_STEP_S;
/** Going back over the window must find what was forgotten meanwhile: it stays for longer, uncounted. */
const SPARE_S = 20;
/** Tracks remembered at most, those gone included; beyond, further ones are not written down until there is room. */
const MAX_TRACKS = 2000;
const WIDTH = 4;

class Ring {
  readonly numbers: Float64Array = new Float64Array(ROOM * WIDTH);
  /** Points from `first` to `end` − 1 are there; each stands at its number modulo the room. */
  first = 0;
  end = 0;

  timeS(k: number): number {
    return this.numbers[(k % ROOM) * WIDTH];
  }

  newestS(): number {
    return this.end === this.first ? Number.NEGATIVE_INFINITY : this.timeS(this.end - 1);
  }

  push(timeS: number, e: number, n: number, u: number): void {
    const at = (this.end % ROOM) * WIDTH;
    this.numbers[at] = timeS;
    this.numbers[at + 1] = e;
    this.numbers[at + 2] = n;
    this.numbers[at + 3] = u;
    this.end += 1;
    if (this.end - this.first > ROOM) this.first = this.end - ROOM;
  }

  /** Number after the last point that is older than a time. */
  endBefore(timeS: number): number {
    let end = this.end;
    while (end > this.first && this.timeS(end - 1) >= timeS) end -= 1;
    return end;
  }

  /** The newest points up to `end` − 1, oldest first, as they are shown. */
  shown(end: number): number {
    return Math.max(this.first, end - POINTS);
  }
}

export interface PastPosition {
  readonly timeS: number;
  readonly eastM: number;
  readonly northM: number;
  readonly upM: number;
}

/** Label and its points, [time, east, north, up] each. */
export type SavedRing = readonly [label: number, numbers: Float64Array];

export class History {
  readonly #rings = new Map<number, Ring>();

  /** Writes down where every track that has proved real or was told is now. */
  record(pool: TrackPool, timeS: number): void {
    let remembered = this.#forgetBefore(timeS - KEPT_S);
    for (let slot = 0; slot < pool.count; slot += 1) {
      if ((pool.proved[slot] === 0 && pool.confirmed[slot] === 0) || pool.existence[slot] < 0.5) continue;
      const label = pool.label[slot];
      let ring = this.#rings.get(label);
      if (ring === undefined) {
        if (remembered >= MAX_TRACKS) continue;
        remembered += 1;
        ring = new Ring();
        this.#rings.set(label, ring);
      }
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
  }

  /** Forgets what has not been written down since a time; returns how many tracks are left. */
  #forgetBefore(timeS: number): number {
    let left = 0;
    for (const [label, ring] of this.#rings) {
      const newestS = ring.newestS();
      if (newestS >= timeS) left += 1;
      else if (newestS < timeS - SPARE_S) this.#rings.delete(label);
    }
    return left;
  }

  /** Forgets what was written of a time and later: it is about to be worked out again. */
  goBackTo(timeS: number): void {
    for (const [label, ring] of this.#rings) {
      ring.end = ring.endBefore(timeS);
      if (ring.end === ring.first) this.#rings.delete(label);
    }
  }

  /** Points of a track, oldest first. */
  of(label: number): readonly PastPosition[] {
    const ring = this.#rings.get(label);
    if (ring === undefined) return [];
    const points: PastPosition[] = [];
    for (let k = ring.shown(ring.end); k < ring.end; k += 1) {
      const at = (k % ROOM) * WIDTH;
      const [timeS = 0, eastM = 0, northM = 0, upM = 0] = ring.numbers.subarray(at, at + WIDTH);
      points.push({ timeS, eastM, northM, upM });
    }
    return points;
  }

  /** Where each track was at a time, within one step. */
  *at(timeS: number): IterableIterator<PastPosition & { readonly label: number }> {
    for (const [label, ring] of this.#rings) {
      for (let k = ring.end - 1; k >= ring.shown(ring.end); k -= 1) {
        const at = (k % ROOM) * WIDTH;
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

  /** What was written before a time, in an order that does not depend on how it came to be. */
  save(beforeS: number): readonly SavedRing[] {
    const saved: SavedRing[] = [];
    for (const [label, ring] of this.#rings) {
      const end = ring.endBefore(beforeS);
      const from = ring.shown(end);
      if (end === from) continue;
      const numbers = new Float64Array((end - from) * WIDTH);
      for (let k = from; k < end; k += 1) {
        const at = (k % ROOM) * WIDTH;
        numbers.set(ring.numbers.subarray(at, at + WIDTH), (k - from) * WIDTH);
      }
      saved.push([label, numbers]);
    }
    return saved.sort(([a], [b]) => a - b);
  }

  restore(saved: readonly SavedRing[]): void {
    this.#rings.clear();
    for (const [label, numbers] of saved) {
      const ring = new Ring();
      const points = Math.min(POINTS, Math.floor(numbers.length / WIDTH));
      ring.numbers.set(numbers.subarray(0, points * WIDTH));
      ring.end = points;
      this.#rings.set(label, ring);
    }
  }
}
