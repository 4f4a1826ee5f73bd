// Where do the scenarios' random numbers come from, so that a seed always gives the same ones?

/**
 * A stream of random numbers: xoshiro128** (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47
 * (2021) 36, §5), its state filled from a seed by SplitMix32 (the finaliser of MurmurHash3 over a Weyl sequence). Not for secrets.
 */
export class Random {
  readonly #seed: number;
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | undefined;

  /** Any safe integer; the label makes streams of one seed independent of each other. */
  constructor(seed: number, label = "") {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a safe integer, not ${seed}`);
    let mixed = scramble((seed >>> 0) ^ scramble(Math.floor(seed / 2 ** 32) >>> 0));
    // FNV-1a over the label's code units.
    let hash = 0x811c9dc5;
    for (let k = 0; k < label.length; k += 1) hash = Math.imul(hash ^ label.charCodeAt(k), 0x01000193);
    mixed ^= scramble(hash >>> 0);
    this.#seed = mixed >>> 0;
    const next = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0;
      return scramble(mixed);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    // One bit that is always set: the state of all zeros would stand still.
    this.#d = next() | 1;
  }

  /** A stream of its own: what is drawn from it changes nothing here. */
  stream(label: string): Random {
    return new Random(this.#seed, label);
  }

  /** 32 random bits. */
  bits(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return result;
  }

  /** In [0, 1), 53 bits. */
  unit(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** 0 to count − 1. */
  index(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** Mean 0, standard deviation 1: the polar method (G. Marsaglia, T. A. Bray, SIAM Review 6 (1964) 260–264). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Number of events where `mean` are expected: products of uniforms (D. E. Knuth, TAOCP 2 §3.4.1), in parts that cannot underflow. */
  poisson(mean: number): number {
    let events = 0;
    for (let left = mean; left > 0; left -= 32) {
      const floor = Math.exp(-Math.min(left, 32));
      for (let product = this.unit(); product > floor; product *= this.unit()) events += 1;
    }
    return events;
  }

  /** Puts the items in a random order, in place (Fisher, Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.index(last + 1);
      const moved = items[last] as T;
      items[last] = items[other] as T;
      items[other] = moved;
    }
    return items;
  }
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

function scramble(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
