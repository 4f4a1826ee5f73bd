// Where tracks live: one slot each in flat arrays, without gaps. Removing one moves the last into its place.
import { PACKED, STATE } from "./kernels.ts";

/** Newest raw positions of a track, of different sensors: sensor, time, east, north, covariance ee en nn, columns of range and azimuth. */
export const SIGHTS = 3;
export const SIGHT = 11;

/** Motion models of one track. */
export const MODELS = 3;
/** Numbers of all models' states and covariances in a slot. */
export const XS: number = MODELS * STATE;
export const PS: number = MODELS * PACKED;

/** Per slot: name of the array and how many numbers it takes. */
const FIELDS = {
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
  /** Sensors that have contributed, one bit each (the first 50). */
  sensors: 1,
  /** Sensor of the newest contribution. */
  lastSensor: 1,
  /** Log-odds bird : drone, from how it moves and how often it is detected. */
  bird: 1,
  /** Log-odds aircraft : drone. */
  aircraft: 1,
  /** Agility: smoothed probability of the fast models. */
  agility: 1,
  /** Index of the claim (broadcast identity) bound to it, or −1. */
  claim: 1,
  /** 1 once it was confirmed. */
  confirmed: 1,
  /** Sensor whose detection began it, and 1 once it has proved to be an object. */
  bornBy: 1,
  sights: SIGHTS * SIGHT,
  proved: 1,
} as const;
type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];

export class TrackPool {
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
  sensors: Float64Array;
  lastSensor: Float64Array;
  bird: Float64Array;
  aircraft: Float64Array;
  agility: Float64Array;
  claim: Float64Array;
  confirmed: Float64Array;
  bornBy: Float64Array;
  sights: Float64Array;
  proved: Float64Array;

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
    this.sensors = of("sensors");
    this.lastSensor = of("lastSensor");
    this.bird = of("bird");
    this.aircraft = of("aircraft");
    this.agility = of("agility");
    this.claim = of("claim");
    this.confirmed = of("confirmed");
    this.sights = of("sights");
    this.bornBy = of("bornBy");
    this.proved = of("proved");
  }

  #reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    let size = this.capacity;
    while (size < capacity) size *= 2;
    this.capacity = size;
    for (const name of NAMES) {
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
    for (const name of NAMES) {
      const width = FIELDS[name];
      this[name].fill(0, slot * width, (slot + 1) * width);
    }
    return slot;
  }

  /** Removes a slot; the last one takes its place. */
  remove(slot: number): void {
    const last = this.count - 1;
    if (slot !== last) {
      for (const name of NAMES) {
        const width = FIELDS[name];
        this[name].copyWithin(slot * width, last * width, (last + 1) * width);
      }
    }
    this.count = last;
  }

  /** Becomes a copy of another pool; reuses its own memory. */
  copyFrom(other: TrackPool): void {
    this.#reserve(other.count);
    for (const name of NAMES) {
      const width = FIELDS[name] * other.count;
      this[name].set(other[name].subarray(0, width));
    }
    this.count = other.count;
  }
}
