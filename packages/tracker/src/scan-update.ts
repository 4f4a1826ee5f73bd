// One scan of a sensor that measures directions or ranges: gate, associate, update, begin, drop.

import { freeBearings, meetings, type SpareOf } from "./bearings.ts";
import { beginAtMeeting, beginAtRange, birthDensity } from "./birth.ts";
import { weighMotion, weighStatement } from "./classes.ts";
import type { FilterState } from "./filter-state.ts";
import { Gating } from "./gating.ts";
import { PACKED, STATE } from "./kernels.ts";
import type { Lots } from "./lots.ts";
import { Pairs } from "./marginals.ts";
import type { Motion } from "./motion.ts";
import { Observation } from "./observation.ts";
import { MODELS, PS, type TrackPool, XS } from "./pool.ts";
import { registerDetection } from "./registration.ts";
import { AZIMUTH, type Sensor, wrap } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { type Frame, ROW_STRIDE } from "./timeline.ts";

/** A pair this sure teaches sensor errors; an object this sure has proved to be one. */
const SURE_PAIR = 0.9;
const PROVED = 0.95;
/** About so many tracks of a frame at most teach them: with more, those whose labels fall on a multiple. The errors are few, and known soon. */
const TEACHERS = 100;
/** How much one scan counts in a track's support. */
const SUPPORT_SHARE = 0.1;
/** Azimuth spans from here on count as all round, rad. */
const ALL_ROUND_RAD = 6.2;

/**
 * Pairs of one track at most, and comparisons of one frame: in a flood where more would fit, the first are taken. What lies among that many
 * detections learns nothing from any of them.
 */
const MAX_PAIRS = 256;
const MAX_COMPARISONS = 400_000;

/** Cumulative normal distribution by the logistic function: within 0.01 of it. */
function phi(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x));
}

/** Teaches the clutter map what a frame's detections probably were, or takes it back. */
export function teachClutter(frame: Frame, sign: 1 | -1): void {
  const { clutter } = frame.sensor;
  clutter.scanned(frame.epoch, frame.share, sign);
  for (let j = 0; j < frame.count; j += 1) clutter.count(frame.epoch, frame.cell[j], frame.unexplained[j], sign);
}

const frameSpareOf: SpareOf = ({ spare }) => spare;

/** One answer to which track caused which bearing. */
interface Answer {
  readonly lots: Lots;
  readonly spareOf: SpareOf;
}

export class ScanUpdate {
  readonly #settings: TrackerSettings;
  readonly #motion: Motion;
  readonly observation: Observation;
  readonly #gating: Gating;
  readonly pairs: Pairs = new Pairs();
  /** Tracks that the sensor could have seen, and how likely. */
  #slots = new Int32Array(256);
  #pd = new Float64Array(256);
  #births = new Float64Array(256);
  #other = new Float64Array(256);
  #free = new Float64Array(256);
  /** Place of a single report, and how far from it tracks still matter, m. */
  #reportE = 0;
  #reportN = 0;
  #reportSlackM = 0;
  #teacherEvery = 1;

  constructor(settings: TrackerSettings, motion: Motion) {
    this.#settings = settings;
    this.#motion = motion;
    this.#gating = new Gating(settings);
    this.observation = new Observation(settings);
  }

  /**
   * Works a scan in. With an `answer` the tracks are one of several that explain the same bearings: detections are assigned by its lots, and nothing
   * else learns of it; returns by how much, in nats, the answer's weight grows. `begins`: whether bearings may begin tracks.
   */
  work(
    frame: Frame,
    state: FilterState,
    pool: TrackPool,
    sensors: readonly Sensor[],
    earlier: Iterable<Frame>,
    answer?: Answer,
    begins = true,
  ): number {
    const { bias } = state;
    const { sensor, count } = frame;
    if (frame.aheadS > 0.02) bias.ahead(sensor.index, frame.aheadS);
    this.observation.begin(frame, bias);
    this.#reserve(pool.count, count);
    this.#gating.sort(frame);
    const considered = this.#gate(frame, pool);
    state.load.tracks += considered;
    this.#background(frame, state);
    this.pairs.solve(count, this.#other, this.#free);
    let evidence = 0;
    if (answer !== undefined) {
      const isSure = (i: number): boolean => pool.existence[this.#slots[i]] > this.#settings.hypothesisSure;
      evidence = this.pairs.assign(count, this.#free, isSure, answer.lots) + this.#evidence(considered, count, pool);
    }
    this.#teacherEvery = Math.ceil(considered / TEACHERS);
    for (let i = 0; i < considered; i += 1) this.#update(i, frame, state, pool, sensors);
    if (frame.looked && answer === undefined) this.#learn(frame, state);
    // A range alone says where no new object is: it only moves those that are known.
    if (!sensor.rows.includes(AZIMUTH)) return evidence;
    if (sensor.hasRange) this.#beginTracks(frame, pool);
    else if (begins) {
      const spareOf: SpareOf = answer?.spareOf ?? frameSpareOf;
      freeBearings(frame, this.pairs, this.observation, this.#free, answer === undefined ? this.#settings.poorFitFrom : undefined, spareOf);
      let index = 0;
      for (const { eastM, northM, covariance, existence, bearings } of meetings(frame, earlier, this.#settings, spareOf)) {
        beginAtMeeting(pool, frame, index, eastM, northM, covariance, existence, bearings, this.#settings);
        index += 1;
      }
    }
    return evidence;
  }

  /** Log-likelihood of all detections of the frame, as far as it depends on the tracks. */
  #evidence(considered: number, count: number, pool: TrackPool): number {
    let log = 0;
    for (let i = 0; i < considered; i += 1) log += Math.log(1 - pool.existence[this.#slots[i]] * this.#pd[i]);
    for (let j = 0; j < count; j += 1) log += Math.log(this.#other[j]);
    return log;
  }

  #reserve(tracks: number, detections: number): void {
    if (this.#slots.length < tracks) {
      this.#slots = new Int32Array(tracks * 2);
      this.#pd = new Float64Array(tracks * 2);
    }
    if (this.#other.length < detections) {
      this.#births = new Float64Array(detections * 2);
      this.#other = new Float64Array(detections * 2);
      this.#free = new Float64Array(detections * 2);
    }
  }

  /** Finds the pairs; returns how many tracks the sensor could have seen. */
  #gate(frame: Frame, pool: TrackPool): number {
    const { sensor, timeS } = frame;
    const { observation, pairs } = this;
    const gating = this.#gating;
    pairs.begin();
    const report = this.#isReport(frame);
    const mostComparisons = Math.max(MAX_PAIRS, Math.floor(MAX_COMPARISONS / Math.max(1, pool.count)));
    let considered = 0;
    for (let slot = 0; slot < pool.count; slot += 1) {
      if (this.#outOfSight(frame, pool, slot) || (report && this.#elsewhere(frame, pool, slot))) continue;
      this.#motion.predict(pool, slot, timeS);
      const prep = observation.prepare(pool, slot, sensor, sensor.variance, 0, 0);
      const pd = this.#detectionProbability(frame, pool, slot);
      if (pd < 1e-3) continue;
      this.#slots[considered] = slot;
      this.#pd[considered] = pd;
      considered += 1;
      const r = pool.existence[slot];
      const scale = (r * pd) / (1 - r * pd);
      gating.around(pool, slot, observation, prep, frame);
      const from = pairs.count;
      const comparisons = Math.min(gating.foundCount, mostComparisons);
      for (let k = 0; k < comparisons && pairs.count - from < MAX_PAIRS; k += 1) {
        const j = gating.found[k];
        if (this.#alike(frame, j)) {
          observation.weigh(pool, slot, prep, frame, j, scale, pairs);
          continue;
        }
        const own = observation.prepare(pool, slot, sensor, frame.variance, j * ROW_STRIDE, frame.time[j] - timeS);
        if (!observation.weigh(pool, slot, own, frame, j, scale, pairs)) observation.dropNewest();
      }
      pairs.endTrack();
    }
    return considered;
  }

  /** Whether a detection has the frame's time and the sensor's usual errors, so that one preparation serves. */
  #alike(frame: Frame, j: number): boolean {
    const delta = frame.time[j] - frame.timeS;
    if (delta > 1e-4 || delta < -1e-4) return false;
    const { rows, variance } = frame.sensor;
    for (let k = 0; k < rows.length; k += 1) {
      const usual = variance[rows[k]];
      const own = frame.variance[j * ROW_STRIDE + rows[k]];
      if (own > 1.01 * usual || own < 0.99 * usual) return false;
    }
    return true;
  }

  /** Too far to be seen, or in another sector: told cheaply, by the first model carried on in a straight line. */
  #outOfSight(frame: Frame, pool: TrackPool, slot: number): boolean {
    const { sensor } = frame;
    const xo = slot * XS;
    const po = slot * PS;
    const dt = frame.timeS - pool.time[slot];
    const dx = pool.x[xo] + dt * pool.x[xo + 3] - sensor.origin[0];
    const dy = pool.x[xo + 1] + dt * pool.x[xo + 4] - sensor.origin[1];
    const slackM = 200 + 4 * Math.sqrt(pool.p[po] + pool.p[po + 3]) + Math.abs(dt) * 30;
    const farM = sensor.maxRangeM + slackM;
    const d2 = dx * dx + dy * dy;
    if (d2 > farM * farM) return true;
    if (frame.azSpanRad >= ALL_ROUND_RAD) return false;
    const { rotation } = sensor;
    const dz = pool.x[xo + 2] - sensor.origin[2];
    const east = rotation[0] * dx + rotation[1] * dy + rotation[2] * dz;
    const north = rotation[3] * dx + rotation[4] * dy + rotation[5] * dz;
    const away = Math.abs(wrap(Math.atan2(east, north) - frame.azFromRad - frame.azSpanRad / 2)) - frame.azSpanRad / 2;
    return away > 0 && away * Math.sqrt(d2) > slackM;
  }

  /** Whether a frame is a single report, and where: it says nothing of tracks elsewhere, so a flood of reports is not worked through all of them. */
  #isReport(frame: Frame): boolean {
    const { sensor, looked, count, z } = frame;
    if (looked || count !== 1 || !sensor.hasRange || !sensor.rows.includes(AZIMUTH)) return false;
    const { origin, rotation } = sensor;
    const el = sensor.hasElevation ? z[2] : 0;
    const flatM = z[0] * Math.cos(el);
    const [e, n, u] = [flatM * Math.sin(z[1]), flatM * Math.cos(z[1]), z[0] * Math.sin(el)];
    this.#reportE = origin[0] + rotation[0] * e + rotation[3] * n + rotation[6] * u;
    this.#reportN = origin[1] + rotation[1] * e + rotation[4] * n + rotation[7] * u;
    // An error of the sensor, and without elevation the difference of slant range and distance.
    this.#reportSlackM =
      300 + (sensor.hasElevation ? 0.1 : 0.3) * z[0] + 8 * Math.sqrt(frame.variance[0] + z[0] * z[0] * frame.variance[1]);
    return true;
  }

  /** Far from the single report, by the first model carried on in a straight line. */
  #elsewhere(frame: Frame, pool: TrackPool, slot: number): boolean {
    const xo = slot * XS;
    const po = slot * PS;
    const dt = frame.timeS - pool.time[slot];
    const dx = pool.x[xo] + dt * pool.x[xo + 3] - this.#reportE;
    const dy = pool.x[xo + 1] + dt * pool.x[xo + 4] - this.#reportN;
    const reachM = this.#reportSlackM + 8 * Math.sqrt(pool.p[po] + pool.p[po + 3]) + Math.abs(dt) * 50;
    return dx * dx + dy * dy > reachM * reachM;
  }

  /** Probability that the sensor detects the track in this frame: its field of view, weighed with the track's own uncertainty. */
  #detectionProbability(frame: Frame, pool: TrackPool, slot: number): number {
    const { sensor } = frame;
    const mo = slot * MODELS;
    let m = 0;
    for (let k = 1; k < MODELS; k += 1) if (pool.mu[mo + k] > pool.mu[mo + m]) m = k;
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    const dx = pool.x[xo] - sensor.origin[0];
    const dy = pool.x[xo + 1] - sensor.origin[1];
    const dz = pool.x[xo + 2] - sensor.origin[2];
    const { rotation } = sensor;
    const east = rotation[0] * dx + rotation[1] * dy + rotation[2] * dz;
    const north = rotation[3] * dx + rotation[4] * dy + rotation[5] * dz;
    const up = rotation[6] * dx + rotation[7] * dy + rotation[8] * dz;
    const flat = Math.sqrt(east * east + north * north);
    const rangeM = Math.sqrt(flat * flat + up * up);
    const sigmaM = Math.sqrt((pool.p[po] + pool.p[po + 3]) / 2) + 1;
    let { pd } = sensor;
    if (rangeM > sensor.maxRangeM - 4 * sigmaM) pd *= phi((sensor.maxRangeM - rangeM) / sigmaM);
    if (rangeM < sensor.minRangeM + 4 * sigmaM) pd *= phi((rangeM - sensor.minRangeM) / sigmaM);
    if (sensor.fallsOff) pd *= Math.max(0, 1 - (rangeM / sensor.maxRangeM) ** 2);
    if (frame.azSpanRad < ALL_ROUND_RAD) {
      const off = wrap(Math.atan2(east, north) - frame.azFromRad - frame.azSpanRad / 2);
      const s = sigmaM / Math.max(1, flat);
      pd *= phi((frame.azSpanRad / 2 - off) / s) * phi((frame.azSpanRad / 2 + off) / s);
    }
    if (sensor.hasElevation) {
      const el = Math.atan2(up, flat);
      const s = Math.sqrt(pool.p[po + 5]) / Math.max(1, rangeM) + 1e-3;
      if (el > sensor.elHighRad - 4 * s) pd *= phi((sensor.elHighRad - el) / s);
      if (el < sensor.elLowRad + 4 * s) pd *= phi((el - sensor.elLowRad) / s);
    }
    return pd;
  }

  /** What else could have caused each detection: a false alarm, or an object not seen before. */
  #background(frame: Frame, { arrivals }: FilterState): void {
    const { sensor, count } = frame;
    const { clutter } = sensor;
    const near = this.#free;
    near.fill(0, 0, count);
    for (let e = 0; e < this.pairs.count; e += 1) near[this.pairs.detection[e]] = 1;
    for (let j = 0; j < count; j += 1) {
      const z = j * ROW_STRIDE;
      const cell = clutter.cell(frame.z[z], frame.z[z + 1], frame.z[z + 2]);
      frame.cell[j] = cell;
      if (near[j] === 0) clutter.notice(cell);
    }
    const expected = arrivals.expected(sensor.index, this.#settings);
    for (let j = 0; j < count; j += 1) {
      const birth = birthDensity(frame, j, expected, this.#settings);
      this.#births[j] = birth;
      this.#other[j] = clutter.density(frame.cell[j], near[j] === 0 ? 1 : 0) + birth;
    }
    for (let j = 0; j < count; j += 1) clutter.forgetNoticed(frame.cell[j]);
  }

  #update(i: number, frame: Frame, state: FilterState, pool: TrackPool, sensors: readonly Sensor[]): void {
    const { arrivals, bias } = state;
    const { pairs } = this;
    const { sensor } = frame;
    const slot = this.#slots[i];
    const from = pairs.start[i];
    const to = pairs.start[i + 1];
    const r = pool.existence[slot];
    let hit = 0;
    let best = from;
    for (let e = from; e < to; e += 1) {
      hit += pairs.probability[e];
      if (pairs.probability[e] > pairs.probability[best]) best = e;
    }
    // What a sensor that looked did not see speaks against the track; a single report says nothing of others.
    const unseen = frame.looked ? 1 - this.#pd[i] : 1;
    const missed = ((1 - hit) * r * unseen) / (1 - r + r * unseen);
    const existence = missed + hit;
    pool.existence[slot] = existence < 1 ? existence : 1;
    if (!sensor.hasRange && frame.looked) pool.support[slot] += SUPPORT_SHARE * (hit - r * this.#pd[i] - pool.support[slot]);
    if (hit < 1e-6) return;
    this.observation.update(pool, slot, pairs, from, to, sensor.rows.length, missed, existence);
    pool.hits[slot] += hit;
    if (pool.proved[slot] === 0 && existence > PROVED) {
      pool.proved[slot] = 1;
      if (pool === state.pool) arrivals.proved(pool.bornBy[slot]);
    }
    if (hit <= 0.5) return;
    pool.lastHit[slot] = frame.timeS;
    if (sensor.hasRange) pool.ranged[slot] = 1;
    const likeliest = pairs.probability[best];
    pool.note(slot, sensor.index, frame.timeS, likeliest, this.observation.distance2(best, sensor.rows.length));
    pool.ambiguity[slot] += 0.2 * (1 - likeliest / hit - pool.ambiguity[slot]);
    if (existence <= PROVED) return;
    if (sensor.hasRangeRate) weighMotion(pool, slot);
    const j = pairs.detection[best];
    if (frame.birdOdds[j] !== 0 || frame.aircraftOdds[j] !== 0) {
      weighStatement(pool, slot, frame.birdOdds[j], frame.aircraftOdds[j], 0.3 * likeliest);
    }
    if (sensor.hasRange && sensor.style === "polar" && likeliest > SURE_PAIR && pool.label[slot] % this.#teacherEvery === 0) {
      registerDetection(pool, slot, frame, j, sensors, bias);
    }
  }

  /** Teaches the clutter map and the rate of arrivals. */
  #learn(frame: Frame, { arrivals }: FilterState): void {
    const { sensor } = frame;
    // What is probably a new object is no false alarm.
    for (let j = 0; j < frame.count; j += 1) frame.unexplained[j] = this.#free[j] * (1 - this.#births[j] / this.#other[j]);
    frame.counted = true;
    frame.epoch = sensor.clutter.epoch;
    teachClutter(frame, 1);
    arrivals.scanned(sensor.index, frame.share, this.#settings);
  }

  #beginTracks(frame: Frame, pool: TrackPool): void {
    const { dropBelow, maxBirthsPerFrame } = this.#settings;
    const existenceOf = (j: number): number => (this.#free[j] * this.#births[j]) / this.#other[j];
    let threshold = dropBelow;
    let many = 0;
    for (let j = 0; j < frame.count; j += 1) if (existenceOf(j) >= threshold) many += 1;
    if (many > maxBirthsPerFrame) {
      // A flood: only the likeliest begin a track.
      const all = Float64Array.from({ length: frame.count }, (_, j) => existenceOf(j)).sort();
      threshold = all[frame.count - maxBirthsPerFrame];
    }
    let begun = 0;
    for (let j = 0; j < frame.count && begun < maxBirthsPerFrame; j += 1) {
      const existence = existenceOf(j);
      if (!(existence >= threshold)) continue;
      beginAtRange(pool, frame, j, existence, this.observation, this.#settings, this.#motion);
      begun += 1;
    }
  }
}
