// What stood where at one scoring instant, truth beside estimates, once birds and claims have been taken out?
import { type EnuFrame, enuFrame, geodeticToEnu } from "@atalaya/geodesy";
import type { StateLine, TrackLine } from "../lines.ts";
import { type ClosePairs, closePairs } from "./close-pairs.ts";
import type { Truth } from "./reading.ts";

export interface Instant {
  readonly timeS: number;
  /** Ids of the objects that must be tracked; rows of `pairs`. */
  readonly truths: readonly string[];
  /** Ids of the tracks that are judged; columns of `pairs`. */
  readonly tracks: readonly string[];
  readonly states: readonly StateLine[];
  readonly estimates: readonly TrackLine[];
  /** East, north, up of the scenario's frame, m. */
  readonly truthEnuM: Float64Array;
  readonly trackEnuM: Float64Array;
  /** Closer than the cut-off, by row and then by column. */
  readonly pairs: ClosePairs;
  /** Claimed objects without a body, and how many of them have a track on their claim that is on nothing else. */
  readonly spoofs: number;
  readonly spoofsTracked: number;
}

/** Turns scoring instants into what is compared there. */
export class InstantReader {
  readonly #truth: Truth;
  readonly #frame: EnuFrame;

  constructor(truth: Truth) {
    this.#truth = truth;
    const { lat, lon, alt } = truth.scenario.ref;
    this.#frame = enuFrame(lat, lon, alt);
  }

  read(timeS: number, tracks: ReadonlyMap<string, TrackLine>): Instant {
    const { dim, gospa_c_m: cutoffM, classes } = this.#truth.scenario.score;
    const wanted: StateLine[] = [];
    const ignored: StateLine[] = [];
    const spoofed: StateLine[] = [];
    for (const [id, state] of this.#truth.states.get(timeS) ?? []) {
      const object = this.#truth.objects.get(id);
      if (object === undefined) continue;
      (object.exists ? (classes.includes(object.cls) ? wanted : ignored) : spoofed).push(state);
    }
    const truthEnuM = this.#enu(wanted);
    let names = [...tracks.keys()];
    let estimates = [...tracks.values()];
    let trackEnuM = this.#enu(estimates);
    let pairs = closePairs(truthEnuM, trackEnuM, dim, cutoffM);
    const onTruth = new Uint8Array(names.length);
    for (let k = 0; k < pairs.count; k += 1) onTruth[pairs.columns[k] ?? 0] = 1;

    const onSpoof = closePairs(this.#enu(spoofed), trackEnuM, dim, cutoffM);
    const tracked = new Set<number>();
    for (let k = 0; k < onSpoof.count; k += 1) {
      if (onTruth[onSpoof.columns[k] ?? 0] === 0) tracked.add(onSpoof.rows[k] ?? 0);
    }

    // A track of a bird is neither right nor wrong.
    const onIgnored = closePairs(this.#enu(ignored), trackEnuM, dim, cutoffM);
    const dropped = new Uint8Array(names.length);
    for (let k = 0; k < onIgnored.count; k += 1) {
      const column = onIgnored.columns[k] ?? 0;
      if (onTruth[column] === 0) dropped[column] = 1;
    }
    if (dropped.includes(1)) {
      names = names.filter((_, k) => dropped[k] === 0);
      estimates = estimates.filter((_, k) => dropped[k] === 0);
      trackEnuM = this.#enu(estimates);
      pairs = closePairs(truthEnuM, trackEnuM, dim, cutoffM);
    }
    return {
      timeS,
      truths: wanted.map(({ id }) => id),
      tracks: names,
      states: wanted,
      estimates,
      truthEnuM,
      trackEnuM,
      pairs,
      spoofs: spoofed.length,
      spoofsTracked: tracked.size,
    };
  }

  #enu(points: readonly { readonly lat: number; readonly lon: number; readonly alt: number }[]): Float64Array {
    const out = new Float64Array(points.length * 3);
    points.forEach(({ lat, lon, alt }, k) => geodeticToEnu(this.#frame, lat, lon, alt, out, k * 3));
    return out;
  }
}
