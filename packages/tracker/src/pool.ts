// Where tracks live: one slot each in flat arrays, without gaps. Removing one moves the last into its place.

/** Motion models of one track. */
export const MODELS = 3;
/** Numbers of all models' states (6 each) and covariances (21 each) in a slot. */
export const XS = 18;
export const PS = 63;
/** Newest raw positions of a track, of different sensors: sensor + 1, time, east, north, covariance ee en nn, columns of range and azimuth. */
export const SIGHTS = 3;
export const SIGHT = 11;
/** Newest associations of a track, oldest first to be overwritten: sensor + 1, time, probability, squared distance. */
export const REASONS = 8;
export const REASON = 4;

/** Per slot: name of the array and how many numbers it takes. */
type Field =
  | "x"
  | "p"
  | "mu"
  | "time"
  | "existence"
  | "label"
  | "born"
  | "lastHit"
  | "hits"
  | "bornBy"
  | "proved"
  | "confirmed"
  | "bird"
  | "aircraft"
  | "evidence"
  | "ambiguity"
  | "claim"
  | "sights"
  | "reasons"
  | "reasonCount"
  | "ranged"
  | "support";
const FIELDS: Readonly<Record<Field, number>> = {
  /** States of the models, [model][6]. */
  x: XS,
  /** Packed covariances of the models, [model][21]. */
  p: PS,
  /** Probabilities of the models. */
  mu: MODELS,
  /** Time of the state, s. */
  time: 1,
  /** Probability that the object exists. */
  existence: 1,
  /** A number that follows from the detection that began it, so that replaying gives the same one. */
  label: 1,
  born: 1,
  /** Time of the newest detection that is probably its own, s. */
  lastHit: 1,
  /** Sum of association probabilities. */
  hits: 1,
  /** Sensor whose detection began it, and 1 once it has proved to be an object. */
  bornBy: 1,
  proved: 1,
  /** 1 once it was told as confirmed. */
  confirmed: 1,
  /** Log-odds of bird and of aircraft against drone, and how much evidence of any kind there is. */
  bird: 1,
  aircraft: 1,
  evidence: 1,
  /** Smoothed share of associations that another track might have had. */
  ambiguity: 1,
  /** Index of the broadcast identity bound to it, or −1. */
  claim: 1,
  sights: SIGHTS * SIGHT,
  reasons: REASONS * REASON,
  /** How many reasons were ever written: the next goes to this place modulo the ring. */
  reasonCount: 1,
  /** 1 once something measured how far away it is: its range, or its place. */
  ranged: 1,
  /** Smoothed difference of what sensors of bearings saw of it and what they should have seen. */
  support: 1,
};
type Arrays = Record<Field, Float64Array>;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];

/** Numbers of a field per slot. */
export function widthOf(name: Field): number {
  return FIELDS[name];
}

/** Fields of one number per slot. */
const SINGLES = FIELD_NAMES.filter((name) => FIELDS[name] === 1);

/** Quicker than `fill` for so few numbers. */
function clear(array: Float64Array, from: number, width: number): void {
  for (let k = from; k < from + width; k += 1) array[k] = 0;
}

function move(array: Float64Array, to: number, from: number, width: number): void {
  for (let k = 0; k < width; k += 1) array[to * width + k] = array[from * width + k];
}

export class TrackPool implements Arrays {
  count = 0;
  capacity: number;
  x: Float64Array;
  p: Float64Array;
  mu: Float64Array;
  time: Float64Array;
  existence: Float64Array;
  label: Float64Array;
  born: Float64Array;
  lastHit: Float64Array;
  hits: Float64Array;
  bornBy: Float64Array;
  proved: Float64Array;
  confirmed: Float64Array;
  bird: Float64Array;
  aircraft: Float64Array;
  evidence: Float64Array;
  ambiguity: Float64Array;
  claim: Float64Array;
  sights: Float64Array;
  reasons: Float64Array;
  reasonCount: Float64Array;
  ranged: Float64Array;
  support: Float64Array;

  constructor(capacity = 64) {
    this.capacity = capacity;
    const of = (name: Field): Float64Array => new Float64Array(capacity * FIELDS[name]);
    this.x = of("x");
    this.p = of("p");
    this.mu = of("mu");
    this.time = of("time");
    this.existence = of("existence");
    this.label = of("label");
    this.born = of("born");
    this.lastHit = of("lastHit");
    this.hits = of("hits");
    this.bornBy = of("bornBy");
    this.proved = of("proved");
    this.confirmed = of("confirmed");
    this.bird = of("bird");
    this.aircraft = of("aircraft");
    this.evidence = of("evidence");
    this.ambiguity = of("ambiguity");
    this.claim = of("claim");
    this.sights = of("sights");
    this.reasons = of("reasons");
    this.reasonCount = of("reasonCount");
    this.ranged = of("ranged");
    this.support = of("support");
  }

  #reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    let size = this.capacity;
    while (size < capacity) size *= 2;
    this.capacity = size;
    for (const name of FIELD_NAMES) {
      const larger = new Float64Array(size * FIELDS[name]);
      larger.set(this[name]);
      this[name] = larger;
    }
  }

  /** A new slot, all zeros. */
  add(): number {
    const slot = this.count;
    this.#reserve(slot + 1);
    this.count = slot + 1;
    clear(this.x, slot * XS, XS);
    clear(this.p, slot * PS, PS);
    clear(this.mu, slot * MODELS, MODELS);
    clear(this.sights, slot * SIGHTS * SIGHT, SIGHTS * SIGHT);
    clear(this.reasons, slot * REASONS * REASON, REASONS * REASON);
    for (const name of SINGLES) this[name][slot] = 0;
    this.claim[slot] = -1;
    return slot;
  }

  /** Removes a slot; the last one takes its place. */
  remove(slot: number): void {
    const last = this.count - 1;
    if (slot !== last) {
      move(this.x, slot, last, XS);
      move(this.p, slot, last, PS);
      move(this.mu, slot, last, MODELS);
      move(this.sights, slot, last, SIGHTS * SIGHT);
      move(this.reasons, slot, last, REASONS * REASON);
      for (const name of SINGLES) this[name][slot] = this[name][last];
    }
    this.count = last;
  }

  /** A new slot that is a copy of another pool's, or that slot again. */
  take(other: TrackPool, from: number, slot: number = this.add()): void {
    for (const name of FIELD_NAMES) {
      const width = FIELDS[name];
      for (let k = 0; k < width; k += 1) this[name][slot * width + k] = other[name][from * width + k];
    }
  }

  /** Becomes a copy of another pool; reuses its own memory. */
  copyFrom(other: TrackPool): void {
    this.#reserve(other.count);
    for (const name of FIELD_NAMES) this[name].set(other[name].subarray(0, FIELDS[name] * other.count));
    this.count = other.count;
  }

  /** The numbers of a field that are in use. */
  used(name: Field): Float64Array {
    return this[name].subarray(0, FIELDS[name] * this.count);
  }

  /** Fills a pool of `count` tracks from what `used` gave; false when a length does not fit. */
  fill(count: number, of: (name: Field) => Float64Array | undefined): boolean {
    this.count = 0;
    this.#reserve(count);
    for (const name of FIELD_NAMES) {
      const numbers = of(name);
      if (numbers?.length !== FIELDS[name] * count) return false;
      this[name].set(numbers);
    }
    this.count = count;
    return true;
  }

  /** Slot of a label, −1 when there is none. */
  slotOf(label: number): number {
    for (let slot = 0; slot < this.count; slot += 1) if (this.label[slot] === label) return slot;
    return -1;
  }

  /** Keeps why a track was updated. */
  note(slot: number, sensor: number, timeS: number, probability: number, distance2: number): void {
    const at = (slot * REASONS + (this.reasonCount[slot] % REASONS)) * REASON;
    this.reasons[at] = sensor + 1;
    this.reasons[at + 1] = timeS;
    this.reasons[at + 2] = probability;
    this.reasons[at + 3] = distance2;
    this.reasonCount[slot] += 1;
  }
}
