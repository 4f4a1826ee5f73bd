// Reports of positions: fixes that name nobody, and claims — positions that something broadcasts of itself, or that another system reports.
import { beginAtFix } from "./birth.ts";
import type { Claim } from "./claims.ts";
import { weighStatement } from "./classes.ts";
import type { FilterState } from "./filter-state.ts";
import { addOuter, PACKED, STATE, updateComponent } from "./kernels.ts";
import type { Motion } from "./motion.ts";
import { MODELS, PS, type TrackPool, XS } from "./pool.ts";
import { registerFix } from "./registration.ts";
import type { Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import type { Frame } from "./timeline.ts";

/** Variance of a broadcast velocity: its rounding and the gust of the moment, (m/s)². */
const CLAIM_VELOCITY_VARIANCE = 0.6;
const FIX_VELOCITY_VARIANCE = 0.5;
/** Whether a claim agrees is judged by its own error, hardly widened: what stays 40 m away is something else. */
const AGREE_SCALE = 2;
/** Reports in a row that do not fit before a claim leaves its track. */
const MISFITS = 3;
/** Area and heights over which an unrelated object would be spread, m², m, and its velocities, (m/s)³. */
const UNRELATED_VOLUME = 2000 * 2000 * 300;
const UNRELATED_SPEEDS = 40 * 40 * 10;
/** Seconds between uses of another system's track: its errors last, and part of what it saw we saw too. */
const SYSTEM_TRACK_EVERY_S = 2;
/** A name not heard for this long gives its body up to one that is, s; a system's number for another of the same system sooner, in its periods. */
const SILENT_S = 5;
const SILENT_PERIODS = 2.5;
/** So long a system's new number may be that of a track it had under another before, s. */
const RENUMBERED_S = 12;

/** Whether a body that bears one name may take another: its own has fallen silent, or is only another system's number. */
function yields(holder: Claim | undefined, { sensor, timeS }: Frame, sensors: readonly Sensor[]): boolean {
  if (holder === undefined || timeS - holder.timeS > SILENT_S) return true;
  if (sensors[holder.sensor]?.declaration.kind !== "systemTrack") return false;
  return (
    sensor.declaration.kind !== "systemTrack" || (holder.sensor === sensor.index && timeS - holder.timeS > SILENT_PERIODS * sensor.periodS)
  );
}

/**
 * Whether two names may well be of one body: two kinds of sources name it each in their own way, and so do two other systems, or one that numbers its
 * track anew.
 */
function mayShare(holder: Claim | undefined, claim: Claim, { sensor, timeS }: Frame, sensors: readonly Sensor[]): boolean {
  if (holder === undefined) return false;
  const { kind } = sensor.declaration;
  if (sensors[holder.sensor]?.declaration.kind !== kind) return true;
  return kind === "systemTrack" && (holder.sensor !== sensor.index || timeS - claim.bornS < RENUMBERED_S);
}

export class FixUpdate {
  readonly #settings: TrackerSettings;
  readonly #motion: Motion;
  readonly #x = new Float64Array(STATE);
  readonly #p = new Float64Array(PACKED);
  readonly #difference = new Float64Array(STATE);
  readonly #log = new Float64Array(MODELS);
  readonly #mu = new Float64Array(MODELS);
  #found: number[] = [];
  #weights: number[] = [];
  /** Squared Mahalanobis distance of the newest trial. */
  #distance2 = 0;

  constructor(settings: TrackerSettings, motion: Motion) {
    this.#settings = settings;
    this.#motion = motion;
  }

  /** One model of a track updated by the fix, on the side: its log-likelihood. */
  #try(pool: TrackPool, slot: number, m: number, frame: Frame, scale: number, velocityVariance: number): number {
    const x = this.#x;
    const p = this.#p;
    x.set(pool.x.subarray(slot * XS + m * STATE, slot * XS + (m + 1) * STATE));
    p.set(pool.p.subarray(slot * PS + m * PACKED, slot * PS + (m + 1) * PACKED));
    let log = 0;
    let d2 = 0;
    const n = frame.hasVelocity[0] === 1 ? 6 : 3;
    for (let k = 0; k < n; k += 1) {
      const variance = k < 3 ? frame.variance[k] * scale : velocityVariance;
      const column = k < 3 ? [0, 3, 5][k] : [15, 18, 20][k - 3];
      d2 += (frame.z[k] - x[k]) ** 2 / (p[column ?? 0] + variance);
      log += updateComponent(x, 0, p, 0, k, frame.z[k], variance);
    }
    this.#distance2 = d2;
    return log;
  }

  /** Updates a track with a fix that is its own with probability `weight`. */
  #apply(pool: TrackPool, slot: number, frame: Frame, scale: number, velocityVariance: number, weight: number): void {
    if (weight > 0.5) pool.ranged[slot] = 1;
    let top = Number.NEGATIVE_INFINITY;
    for (let m = 0; m < MODELS; m += 1) {
      const xo = slot * XS + m * STATE;
      const po = slot * PS + m * PACKED;
      const log = this.#try(pool, slot, m, frame, scale, velocityVariance);
      this.#log[m] = log;
      if (log > top) top = log;
      for (let k = 0; k < STATE; k += 1) this.#difference[k] = this.#x[k] - pool.x[xo + k];
      for (let k = 0; k < PACKED; k += 1) pool.p[po + k] += weight * (this.#p[k] - pool.p[po + k]);
      addOuter(pool.p, po, this.#difference, 0, weight * (1 - weight));
      for (let k = 0; k < STATE; k += 1) pool.x[xo + k] += weight * this.#difference[k];
    }
    let total = 0;
    for (let m = 0; m < MODELS; m += 1) {
      const next = pool.mu[slot * MODELS + m] * (1 - weight + weight * Math.exp(this.#log[m] - top)) + 1e-8;
      this.#mu[m] = next;
      total += next;
    }
    for (let m = 0; m < MODELS; m += 1) pool.mu[slot * MODELS + m] = this.#mu[m] / total;
  }

  /** Whether a track, carried on in a straight line, lies near a fix. */
  #near(pool: TrackPool, slot: number, frame: Frame, atLeastM: number): boolean {
    const xo = slot * XS;
    const po = slot * PS;
    const dt = frame.timeS - pool.time[slot];
    const dx = pool.x[xo] + dt * pool.x[xo + 3] - frame.z[0];
    const dy = pool.x[xo + 1] + dt * pool.x[xo + 4] - frame.z[1];
    const reach = atLeastM + 4 * Math.sqrt(pool.p[po] + pool.p[po + 3] + frame.variance[0] + frame.variance[1]) + 20 * Math.abs(dt);
    return dx * dx + dy * dy < reach * reach;
  }

  /** A fix that names nobody (TDOA): it belongs to one of the tracks nearby, or to something new. */
  workFix(frame: Frame, { pool }: FilterState): void {
    const { sensor } = frame;
    const volume = Math.PI * Math.min(sensor.maxRangeM, 10_000) ** 2 * 400;
    const birth = (0.3 * this.#settings.birthsPerScan) / volume;
    let total = Math.max(1e-3, sensor.falseAlarms) / volume + birth;
    const found = this.#found;
    const weights = this.#weights;
    found.length = 0;
    weights.length = 0;
    const least = total * 1e-4;
    for (let slot = 0; slot < pool.count; slot += 1) {
      if (!this.#near(pool, slot, frame, 30)) continue;
      this.#motion.predict(pool, slot, frame.timeS);
      let likelihood = 0;
      for (let m = 0; m < MODELS; m += 1) {
        likelihood += pool.mu[slot * MODELS + m] * Math.exp(this.#try(pool, slot, m, frame, 1, FIX_VELOCITY_VARIANCE));
      }
      const weight = pool.existence[slot] * sensor.pd * likelihood;
      if (!(weight >= least)) continue;
      found.push(slot);
      weights.push(weight);
      total += weight;
    }
    for (let k = 0; k < found.length; k += 1) {
      const slot = found[k] ?? 0;
      const probability = (weights[k] ?? 0) / total;
      this.#apply(pool, slot, frame, 1, FIX_VELOCITY_VARIANCE, probability);
      pool.existence[slot] = Math.min(1, probability + (1 - probability) * pool.existence[slot]);
      pool.hits[slot] += probability;
      if (probability > 0.5) {
        pool.lastHit[slot] = frame.timeS;
        pool.note(slot, sensor.index, frame.timeS, probability, this.#distance2);
      }
    }
    const fresh = birth / total;
    if (fresh > 0.01) beginAtFix(pool, frame, fresh * 0.5, this.#settings);
  }

  /**
   * A position with an identity is a claim. A broadcast one begins no track of a body: it is bound to a body once several reports agree with it in
   * place and velocity, and only then do they measure it. Aircraft (ADS-B) and other systems' tracks may stand for a body of their own.
   */
  workClaim(frame: Frame, { pool, claims, bias }: FilterState, sensors: readonly Sensor[]): void {
    const { sensor } = frame;
    const { kind } = sensor.declaration;
    const { claimErrorScale: scale, claimGate, claimReports, claimSeconds } = this.#settings;
    const identity = frame.identity[0];
    const claim = claims.report(identity, sensor.index, frame.timeS, frame.z, frame.hasVelocity[0] === 1);
    claim.body = -1;
    let best = -1;
    let bestLog = Number.NEGATIVE_INFINITY;
    let bestDistance2 = Number.POSITIVE_INFINITY;
    let bound = -1;
    let boundDistance2 = Number.POSITIVE_INFINITY;
    let shared = -1;
    let sharedLog = Number.NEGATIVE_INFINITY;
    let sharedDistance2 = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < pool.count; slot += 1) {
      const isBound = pool.claim[slot] === identity;
      if (!isBound && (pool.existence[slot] < 0.5 || !this.#near(pool, slot, frame, 60))) continue;
      const holder = pool.claim[slot] >= 0 ? claims.of(pool.claim[slot]) : undefined;
      const open = pool.claim[slot] < 0 || yields(holder, frame, sensors);
      if (!isBound && !open && !mayShare(holder, claim, frame, sensors)) continue;
      this.#motion.predict(pool, slot, frame.timeS);
      let log = Number.NEGATIVE_INFINITY;
      let distance2 = Number.POSITIVE_INFINITY;
      for (let m = 0; m < MODELS; m += 1) {
        const own = this.#try(pool, slot, m, frame, AGREE_SCALE, CLAIM_VELOCITY_VARIANCE) + Math.log(pool.mu[slot * MODELS + m] + 1e-9);
        if (own > log) log = own;
        if (this.#distance2 < distance2) distance2 = this.#distance2;
      }
      if (isBound) {
        bound = slot;
        boundDistance2 = distance2;
      } else if (!open) {
        if (log > sharedLog) {
          sharedLog = log;
          sharedDistance2 = distance2;
          shared = slot;
        }
      } else if (log > bestLog) {
        bestLog = log;
        bestDistance2 = distance2;
        best = slot;
      }
    }
    if (bound >= 0) {
      const gone = kind === "remoteid" && pool.existence[bound] < 0.5;
      if (boundDistance2 < 2 * claimGate && !gone) {
        claim.misfits = 0;
        // What another system tells is used now and then only: told again, it is not new.
        if (kind === "systemTrack" && frame.timeS - claim.usedS < SYSTEM_TRACK_EVERY_S) return;
        claim.usedS = frame.timeS;
        if (kind !== "systemTrack") registerFix(pool, bound, frame, sensors, bias);
        this.#apply(pool, bound, frame, scale, CLAIM_VELOCITY_VARIANCE, 1);
        pool.lastHit[bound] = frame.timeS;
        pool.hits[bound] += 1;
        pool.note(bound, sensor.index, frame.timeS, 1, boundDistance2);
        // That something says it is there proves no body where sensors look and see none.
        if (kind !== "remoteid" && pool.existence[bound] < 0.9) pool.existence[bound] = Math.min(0.9, pool.existence[bound] + 0.2);
        if (kind === "adsb") weighStatement(pool, bound, -1, 1, 0.5);
        else if (kind === "remoteid") weighStatement(pool, bound, -1, -1, 0.3);
        else weighStatement(pool, bound, frame.birdOdds[0], frame.aircraftOdds[0], 0.3);
        return;
      }
      claim.misfits += 1;
      if (claim.misfits < MISFITS && !gone) return;
      pool.claim[bound] = -1;
      claim.candidate = -1;
      claim.agreed = 0;
    }
    const unrelated = -Math.log(UNRELATED_VOLUME) - (frame.hasVelocity[0] === 1 ? Math.log(UNRELATED_SPEEDS) : 0);
    if (best >= 0 && bestDistance2 < claimGate && bestLog > unrelated) {
      const label = pool.label[best];
      if (pool.claim[best] >= 0 && kind !== "remoteid") claim.body = label;
      if (claim.candidate === label) claim.agreed += 1;
      else {
        claim.candidate = label;
        claim.agreed = 1;
        claim.sinceS = frame.timeS;
      }
      if (claim.agreed >= claimReports && frame.timeS - claim.sinceS >= claimSeconds) {
        pool.claim[best] = identity;
        claim.misfits = 0;
        claim.usedS = frame.timeS;
        this.#apply(pool, best, frame, scale, CLAIM_VELOCITY_VARIANCE, 1);
      }
      return;
    }
    claim.candidate = -1;
    claim.agreed = 0;
    if (shared >= 0 && sharedDistance2 < claimGate && sharedLog > unrelated) {
      // It is the body that another source has named already: nothing new, and no new body.
      claim.body = pool.label[shared];
      return;
    }
    if (kind !== "remoteid") {
      const slot = beginAtFix(pool, frame, kind === "adsb" ? 0.9 : 0.6, this.#settings);
      pool.claim[slot] = identity;
      if (kind === "adsb") weighStatement(pool, slot, -1, 1, 4);
    }
  }
}
