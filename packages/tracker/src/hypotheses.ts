// Which object caused which bearing, when many fit? Several answers are kept side by side: sets of tracks, each with bearings assigned one by one,
// weighed by how well they explain what is heard (Rao-Blackwellised data association, Särkkä, Vehtari, Lampinen, Information Fusion 8 (2007) 2–15).
// A wrong answer – two tracks on the ghosts of two objects – loses its weight within seconds, where averaging would settle in between.

import { addOuter, PACKED, STATE } from "./kernels.ts";
import { Lots } from "./lots.ts";
import { FIELD_NAMES, MODELS, PS, TrackPool, widthOf, XS } from "./pool.ts";
import type { TrackerSettings } from "./settings.ts";
import type { Frame } from "./timeline.ts";

/** One answer: its tracks, the logarithm of its weight, and the bearings that it leaves free in the newest scan of each sensor. */
export class Hypothesis {
  readonly pool: TrackPool = new TrackPool(8);
  logWeight = 0;
  /** When it began without some of the tracks, s. */
  sinceS = 0;
  readonly spare: Map<number, Float64Array> = new Map();

  copyFrom(other: Hypothesis): void {
    this.pool.copyFrom(other.pool);
    this.logWeight = other.logWeight;
    this.sinceS = other.sinceS;
    this.spare.clear();
    for (const [sensor, spare] of other.spare) this.spare.set(sensor, spare.slice());
  }

  /** Appends all of it. */
  save(numbers: number[]): void {
    const { pool } = this;
    numbers.push(this.logWeight, this.sinceS, pool.count);
    for (const name of FIELD_NAMES) numbers.push(...pool.used(name));
    numbers.push(this.spare.size);
    for (const [sensor, spare] of this.spare) numbers.push(sensor, spare.length, ...spare);
  }

  /** Takes up what `save` appended; returns where it ends, NaN when that is not so. */
  restore(numbers: Float64Array, from: number): number {
    let at = from;
    const next = (): number => numbers[at++] ?? Number.NaN;
    this.logWeight = next();
    this.sinceS = next();
    const count = next();
    const filled = this.pool.fill(count, (name) => {
      const width = widthOf(name) * count;
      at += width;
      return numbers.subarray(at - width, at);
    });
    if (!filled) return Number.NaN;
    for (let left = next(); left > 0; left -= 1) {
      const sensor = next();
      const length = next();
      if (!(at + length <= numbers.length)) return Number.NaN;
      this.spare.set(sensor, numbers.slice(at, at + length));
      at += length;
    }
    return at;
  }

  spareOf(frame: Frame): Float64Array {
    const { index } = frame.sensor;
    let spare = this.spare.get(index);
    if (spare === undefined || spare.length < frame.count) {
      spare = new Float64Array(frame.count + 4);
      this.spare.set(index, spare);
    }
    return spare;
  }
}

/** With more tracks than this there is one answer, the average. */
const MOST_TRACKS = 40;

export class Hypotheses {
  all: Hypothesis[] = [];
  /** Answers that began anew without two of the tracks, until they have found what else could be there. */
  challengers: Hypothesis[] = [];
  /** Frames worked since the answers began. */
  round = 0;
  #spare: Hypothesis[] = [];

  copyFrom(other: Hypotheses): void {
    this.round = other.round;
    this.#resize(other.all.length);
    other.all.forEach((one, k) => this.all[k]?.copyFrom(one));
    this.#spare.push(...this.challengers);
    this.challengers = other.challengers.map((one) => this.#copyOf(one));
  }

  #resize(count: number): void {
    while (this.all.length > count) {
      const one = this.all.pop();
      if (one !== undefined) this.#spare.push(one);
    }
    while (this.all.length < count) this.all.push(this.#spare.pop() ?? new Hypothesis());
  }

  #copyOf(other: Hypothesis): Hypothesis {
    const one = this.#spare.pop() ?? new Hypothesis();
    one.copyFrom(other);
    return one;
  }

  #best(): Hypothesis | undefined {
    let best = this.all[0];
    for (const one of this.all) if (best !== undefined && one.logWeight > best.logWeight) best = one;
    return best;
  }

  /**
   * All answers may be wrong in the same way. So the best one is tried anew without two of its tracks, other ones each time: their bearings are
   * free to meet elsewhere. After some seconds it takes the place of the least likely answer, with the weight of an average one, and stands or falls
   * with what it explains.
   */
  challenge(timeS: number, { challengeEveryS, challengeS }: TrackerSettings): void {
    const best = this.#best();
    if (best === undefined) return;
    const [oldest] = this.challengers;
    if (oldest !== undefined && timeS - oldest.sinceS >= challengeS) {
      this.challengers.shift();
      this.#enter(oldest, best.pool);
      this.#spare.push(oldest);
    }
    if (timeS - (this.challengers.at(-1)?.sinceS ?? Number.NEGATIVE_INFINITY) < challengeEveryS) return;
    const { pool } = best;
    const open: number[] = [];
    for (let slot = 0; slot < pool.count; slot += 1) {
      if (pool.ranged[slot] === 0 && pool.existence[slot] > 0.5 && timeS - pool.born[slot] > challengeS) open.push(slot);
    }
    if (open.length < 2) return;
    const lots = new Lots(this.round, -1);
    const [a] = open.splice(Math.floor(lots.next() * open.length), 1);
    const [b] = open.splice(Math.floor(lots.next() * open.length), 1);
    const one = this.#copyOf(best);
    one.sinceS = timeS;
    for (const slot of [a ?? 0, b ?? 0].sort((x, y) => y - x)) one.pool.remove(slot);
    this.challengers.push(one);
  }

  #enter(challenger: Hypothesis, best: TrackPool): void {
    rename(challenger, best);
    let least = this.all[0];
    for (const one of this.all) if (least !== undefined && one.logWeight < least.logWeight) least = one;
    if (least === undefined) return;
    least.copyFrom(challenger);
    least.logWeight = -Math.log(this.all.length);
  }

  /**
   * Makes the answers ready for a frame; false where they are of no use, with fewer than two sensors of bearings, or too much work, with many tracks:
   * then there are none.
   */
  prepare(main: TrackPool, bearingSensors: number, { hypotheses }: TrackerSettings): boolean {
    if (bearingSensors < 2 || main.count > MOST_TRACKS) {
      this.#spare.push(...this.all.splice(0), ...this.challengers.splice(0));
      return false;
    }
    this.round += 1;
    if (this.all.length > 0) this.#follow(main);
    else {
      this.round = 0;
      // All begin with the tracks that stand.
      this.#resize(hypotheses);
      for (const one of this.all) {
        one.pool.copyFrom(main);
        one.logWeight = 0;
        one.spare.clear();
      }
    }
    return true;
  }

  /** Visits every answer, the challengers last; each with its lots. */
  each(visit: (one: Hypothesis, lots: Lots) => void): void {
    this.all.forEach((one, k) => visit(one, new Lots(this.round, k)));
    this.challengers.forEach((one, k) => visit(one, new Lots(this.round, this.all.length + k)));
  }

  /** All of it as plain numbers: per answer its weight, its beginning, its tracks, and what is free of each sensor's newest bearings. */
  save(): { readonly answers: number; readonly numbers: Float64Array } {
    const numbers: number[] = [this.round];
    this.each((one) => one.save(numbers));
    return { answers: this.all.length, numbers: Float64Array.from(numbers) };
  }

  /** False when it was not saved by `save`. */
  restore(answers: number, numbers: Float64Array): boolean {
    const restored: Hypothesis[] = [];
    this.round = numbers[0] ?? 0;
    for (let at = 1; at < numbers.length; ) {
      const one = new Hypothesis();
      at = one.restore(numbers, at);
      if (!(at <= numbers.length)) return false;
      restored.push(one);
    }
    this.all = restored.splice(0, answers);
    this.challengers = restored;
    return this.all.length === answers;
  }

  /** Tracks that something else than bearings measures are the same in all sets. */
  #follow(main: TrackPool): void {
    for (const { pool } of [...this.all, ...this.challengers]) {
      for (let slot = pool.count - 1; slot >= 0; slot -= 1) {
        const from = main.slotOf(pool.label[slot]);
        if (from >= 0 && main.ranged[from] === 1) pool.take(main, from, slot);
        else if (pool.ranged[slot] === 1) pool.remove(slot);
      }
      for (let from = 0; from < main.count; from += 1) {
        if (main.ranged[from] === 1 && pool.slotOf(main.label[from]) < 0) pool.take(main, from);
      }
    }
  }

  /** Brings the weights to a sum of one, and when few answers hold most of it replaces the others by copies of those. */
  settle(): readonly number[] {
    let top = Number.NEGATIVE_INFINITY;
    for (const { logWeight } of this.all) top = Math.max(top, logWeight);
    let sum = 0;
    for (const { logWeight } of this.all) sum += Math.exp(logWeight - top);
    const log = top + Math.log(sum);
    let squares = 0;
    const weights: number[] = [];
    for (const one of this.all) {
      one.logWeight -= log;
      const w = Math.exp(one.logWeight);
      weights.push(w);
      squares += w * w;
    }
    const n = this.all.length;
    if (1 / squares > n / 2) return weights;
    // Systematic resampling: copies in proportion to the weight.
    const copies = weights.map(() => 0);
    let reached = 0;
    let k = 0;
    for (let c = 0; c < n; c += 1) {
      const at = (c + 0.5) / n;
      while (k < n - 1 && reached + (weights[k] ?? 0) < at) {
        reached += weights[k] ?? 0;
        k += 1;
      }
      copies[k] = (copies[k] ?? 0) + 1;
    }
    let to = 0;
    for (let from = 0; from < n; from += 1) {
      for (let more = (copies[from] ?? 0) - 1; more > 0; more -= 1) {
        while ((copies[to] ?? 1) > 0) to += 1;
        const source = this.all[from];
        if (source !== undefined) this.all[to]?.copyFrom(source);
        copies[to] = 1;
      }
    }
    for (const one of this.all) one.logWeight = -Math.log(n);
    return weights.map(() => 1 / n);
  }

  /** One set of tracks that stands for all: the average of each label's states. Replaces the tracks of `main` that only bearings measure. */
  summarise(weights: readonly number[], main: TrackPool): void {
    for (let slot = main.count - 1; slot >= 0; slot -= 1) if (main.ranged[slot] === 0) main.remove(slot);
    const labels = new Map<number, [Hypothesis, number, number][]>();
    this.all.forEach((one, k) => {
      const { pool } = one;
      for (let slot = 0; slot < pool.count; slot += 1) {
        if (pool.ranged[slot] === 1) continue;
        const weight = (weights[k] ?? 0) * pool.existence[slot];
        if (weight < 1e-6) continue;
        const label = pool.label[slot];
        const there = labels.get(label);
        if (there === undefined) labels.set(label, [[one, slot, weight]]);
        else there.push([one, slot, weight]);
      }
    });
    for (const entries of labels.values()) {
      let existence = 0;
      let best = entries[0];
      for (const entry of entries) {
        existence += entry[2];
        if (best === undefined || entry[2] > best[2]) best = entry;
      }
      if (best === undefined) continue;
      const to = main.count;
      main.take(best[0].pool, best[1]);
      main.existence[to] = Math.min(1, existence);
      if (entries.length > 1) merge(main, to, entries, existence);
    }
  }
}

/** Tracks that a challenger found itself take the names of those missing from it that are nearest. */
function rename({ pool, sinceS }: Hypothesis, best: TrackPool): void {
  const found: (readonly [number, number, number])[] = [];
  for (let to = 0; to < pool.count; to += 1) {
    if (pool.born[to] < sinceS || pool.ranged[to] === 1) continue;
    for (let from = 0; from < best.count; from += 1) {
      if (best.ranged[from] === 1 || pool.slotOf(best.label[from]) >= 0) continue;
      const apart = Math.hypot(pool.x[to * XS] - best.x[from * XS], pool.x[to * XS + 1] - best.x[from * XS + 1]);
      if (apart < RENAME_WITHIN_M) found.push([apart, to, from]);
    }
  }
  found.sort((a, b) => a[0] - b[0]);
  const named = new Set<number>();
  const given = new Set<number>();
  for (const [, to, from] of found) {
    if (named.has(to) || given.has(from)) continue;
    named.add(to);
    given.add(from);
    pool.label[to] = best.label[from];
    pool.born[to] = best.born[from];
  }
}
const RENAME_WITHIN_M = 400;

const difference = new Float64Array(STATE);

function merge(main: TrackPool, to: number, entries: readonly [Hypothesis, number, number][], existence: number): void {
  let hits = 0;
  let confirmed = 0;
  for (const [{ pool }, slot, w] of entries) {
    hits += (w / existence) * pool.hits[slot];
    confirmed += (w / existence) * pool.confirmed[slot];
  }
  main.hits[to] = hits;
  for (let m = 0; m < MODELS; m += 1) {
    let mu = 0;
    for (const [{ pool }, slot, w] of entries) mu += (w / existence) * pool.mu[slot * MODELS + m];
    main.mu[to * MODELS + m] = mu;
    const xo = to * XS + m * STATE;
    const po = to * PS + m * PACKED;
    for (let k = 0; k < STATE; k += 1) main.x[xo + k] = 0;
    for (let k = 0; k < PACKED; k += 1) main.p[po + k] = 0;
    for (const [{ pool }, slot, w] of entries) {
      const v = ((w / existence) * pool.mu[slot * MODELS + m]) / mu;
      for (let k = 0; k < STATE; k += 1) main.x[xo + k] += v * pool.x[slot * XS + m * STATE + k];
    }
    for (const [{ pool }, slot, w] of entries) {
      const v = ((w / existence) * pool.mu[slot * MODELS + m]) / mu;
      for (let k = 0; k < PACKED; k += 1) main.p[po + k] += v * pool.p[slot * PS + m * PACKED + k];
      for (let k = 0; k < STATE; k += 1) difference[k] = pool.x[slot * XS + m * STATE + k] - main.x[xo + k];
      addOuter(main.p, po, difference, 0, v);
    }
  }
}
