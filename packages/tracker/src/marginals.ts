// Which detection belongs to which track? Marginal association probabilities by loopy belief propagation over the gated pairs
// (Williams & Lau, "Approximate evaluation of marginal association probabilities with belief propagation", IEEE TAES 2014, arXiv 1209.6299):
// linear in the pairs per round, proven to converge.
import type { Lots } from "./lots.ts";

/** Gated pairs of a frame in compressed rows: the pairs of track i stand at `start[i] … start[i + 1]`. Grows, never shrinks; reused. */
export class Pairs {
  tracks = 0;
  count = 0;
  start: Int32Array = new Int32Array(256);
  detection: Int32Array = new Int32Array(1024);
  /** Weight of "track i caused detection j" against "it was missed". */
  weight: Float64Array = new Float64Array(1024);
  /** Result: probability of the pair. */
  probability: Float64Array = new Float64Array(1024);
  #toDetection: Float64Array = new Float64Array(1024);
  #toTrack: Float64Array = new Float64Array(1024);
  #sum: Float64Array = new Float64Array(256);
  #degree: Int32Array = new Int32Array(256);
  /** Rounds of the last run, for the bench. */
  rounds = 0;

  begin(): void {
    this.tracks = 0;
    this.count = 0;
    this.start[0] = 0;
  }

  /** Adds a pair of the track that is being filled; returns its index. */
  add(detection: number, weight: number): number {
    const at = this.count;
    if (at >= this.detection.length) this.#grow();
    this.detection[at] = detection;
    this.weight[at] = weight;
    this.count = at + 1;
    return at;
  }

  /** Ends the pairs of the track that is being filled. */
  endTrack(): void {
    this.tracks += 1;
    if (this.tracks >= this.start.length) {
      const larger = new Int32Array(this.start.length * 2);
      larger.set(this.start);
      this.start = larger;
    }
    this.start[this.tracks] = this.count;
  }

  #grow(): void {
    const size = this.detection.length * 2;
    const grown = (array: Float64Array): Float64Array => {
      const larger = new Float64Array(size);
      larger.set(array);
      return larger;
    };
    const detection = new Int32Array(size);
    detection.set(this.detection);
    this.detection = detection;
    this.weight = grown(this.weight);
    this.probability = grown(this.probability);
    this.#toDetection = grown(this.#toDetection);
    this.#toTrack = grown(this.#toTrack);
  }

  /**
   * Runs the messages until they settle. `other[j]` is the intensity of everything else that could have caused detection j (false alarms and
   * objects not seen before); weights are divided by it. Afterwards `probability` holds the pairs' marginals and `free[j]` the probability
   * that no track caused detection j.
   */
  solve(detections: number, other: Float64Array, free: Float64Array): void {
    const { start, detection, weight, probability, tracks, count } = this;
    if (this.#sum.length < detections) {
      this.#sum = new Float64Array(detections * 2);
      this.#degree = new Int32Array(detections * 2);
    }
    const sum = this.#sum;
    const degree = this.#degree;
    const toDetection = this.#toDetection;
    const toTrack = this.#toTrack;
    sum.fill(0, 0, detections);
    degree.fill(0, 0, detections);
    for (let e = 0; e < count; e += 1) {
      const j = detection[e];
      weight[e] /= other[j];
      degree[j] += 1;
      toTrack[e] = 1;
    }
    let ambiguous = false;
    for (let i = 0; i < tracks && !ambiguous; i += 1) {
      for (let e = start[i]; e < start[i + 1]; e += 1) {
        if (degree[detection[e]] > 1) {
          ambiguous = true;
          break;
        }
      }
    }
    const limit = ambiguous ? 60 : 1;
    let round = 0;
    for (; round < limit; round += 1) {
      sum.fill(0, 0, detections);
      for (let i = 0; i < tracks; i += 1) {
        const from = start[i];
        const to = start[i + 1];
        let total = 1;
        for (let e = from; e < to; e += 1) total += weight[e] * toTrack[e];
        for (let e = from; e < to; e += 1) {
          // At least 1, whatever rounding says: precise sensors give weights beyond 1e16.
          const rest = total - weight[e] * toTrack[e];
          const message = rest > 1 ? weight[e] / rest : weight[e];
          toDetection[e] = message;
          sum[detection[e]] += message;
        }
      }
      let change = 0;
      for (let e = 0; e < count; e += 1) {
        const j = detection[e];
        const rivals = sum[j] - toDetection[e];
        const next = degree[j] === 1 || !(rivals > 0) ? 1 : 1 / (1 + rivals);
        const delta = Math.abs(next - toTrack[e]);
        if (delta > change) change = delta;
        toTrack[e] = next;
      }
      if (change < 1e-4) break;
    }
    this.rounds = round + 1;
    for (let i = 0; i < tracks; i += 1) {
      const from = start[i];
      const to = start[i + 1];
      let total = 1;
      for (let e = from; e < to; e += 1) total += weight[e] * toTrack[e];
      for (let e = from; e < to; e += 1) probability[e] = (weight[e] * toTrack[e]) / total;
    }
    for (let j = 0; j < detections; j += 1) free[j] = 1 / (1 + sum[j]);
  }

  /**
   * Assigns each track that is `sure` to exist one detection or none, by lot: with the probabilities that `solve` found, given what the tracks before
   * took; the others then share what is left. Afterwards `probability` and `free` hold that. Returns the logarithm of the assignment's weight over its
   * probability.
   */
  assign(detections: number, free: Float64Array, sure: (i: number) => boolean, lots: Lots): number {
    const { start, detection, weight, probability, tracks } = this;
    const toTrack = this.#toTrack;
    free.fill(1, 0, detections);
    let log = 0;
    for (let i = 0; i < tracks; i += 1) {
      if (!sure(i)) continue;
      const from = start[i];
      const to = start[i + 1];
      let total = 1;
      for (let e = from; e < to; e += 1) total += free[detection[e]] * weight[e] * toTrack[e];
      let left = lots.next() * total - 1;
      let chosen = -1;
      for (let e = from; e < to; e += 1) {
        probability[e] = 0;
        if (left < 0 || free[detection[e]] === 0) continue;
        left -= weight[e] * toTrack[e];
        if (left < 0) chosen = e;
      }
      log += Math.log(total);
      if (chosen < 0) continue;
      probability[chosen] = 1;
      free[detection[chosen]] = 0;
      log -= Math.log(toTrack[chosen]);
    }
    for (let i = 0; i < tracks; i += 1) {
      if (sure(i)) continue;
      let total = 1;
      for (let e = start[i]; e < start[i + 1]; e += 1) total += free[detection[e]] * weight[e];
      log += Math.log(total);
      for (let e = start[i]; e < start[i + 1]; e += 1) {
        const share = (free[detection[e]] * weight[e]) / total;
        probability[e] = share;
        free[detection[e]] *= 1 - share;
      }
    }
    return log;
  }
}
