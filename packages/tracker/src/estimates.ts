// What is told of each track: one state from its models, how sure it is, what it is, who says so, and why.
import { type EnuFrame, enuToGeodetic } from "@atalaya/geodesy";
import type { Claim, Claims } from "./claims.ts";
import { type ClassProbabilities, classesOf } from "./classes.ts";
import type { ObjectClass } from "./input.ts";
import { addOuter, PACKED, STATE } from "./kernels.ts";
import type { Motion } from "./motion.ts";
import { MODELS, PS, REASON, REASONS, type TrackPool, XS } from "./pool.ts";
import type { Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";

export type EstimateStatus = "tentative" | "confirmed" | "coasted" | "unverified";

/** One association: a detection of a sensor that moved the track. */
export interface Reason {
  readonly sensor: string;
  readonly timeS: number;
  /** Marginal probability that the detection was the track's. */
  readonly probability: number;
  /** Squared Mahalanobis distance of the detection from what was expected. */
  readonly distance2: number;
}

export interface TrackEstimate {
  /** Stable through late data, restarts and replays. */
  readonly id: string;
  readonly label: number;
  readonly status: EstimateStatus;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly haeM: number;
  /** East, north, up of the tracker's frame, m/s. */
  readonly velocityEnuMps: readonly [number, number, number];
  /** Position covariance, row by row, m². */
  readonly covarianceEnuM2: readonly number[];
  readonly speedSigmaMps: number;
  /** Probability that there is such an object. */
  readonly existence: number;
  readonly classes: ClassProbabilities;
  /** Broadcast identity and the kind of sensor that brought it; for an unverified claim, what it claims. */
  readonly identity: { readonly kind: string; readonly name: string } | undefined;
  /** Probabilities of steady flight, a turn, a hard manoeuvre. */
  readonly manoeuvre: readonly [number, number, number];
  /** Share of its detections that another track might have had: from 0.2 on its identity may have been exchanged. */
  readonly ambiguity: number;
  /** Set when it flies so close to others that they are better told as one group: the smallest label in it, and how many they are. */
  readonly group: { readonly id: string; readonly count: number } | undefined;
  readonly sensors: readonly string[];
  readonly bornS: number;
  readonly lastHitS: number;
  readonly hits: number;
  readonly reasons: readonly Reason[];
  /** For an unverified claim: sensors that look at that place and should have seen a body. */
  readonly unseenBy: readonly string[];
  readonly newestInputS: number;
}

/** An identity not heard for this long is no claim any more, s. */
const CLAIM_S = 10;
/** A sensor that detects with less than this is no witness. */
const WITNESS_PD = 0.5;

export function nameOf(label: number): string {
  return `T${label.toString(36)}`;
}

/** Existence × (1 − expected squared error ÷ tolerance²): above one half it is likelier to help than to mislead. */
export function worth(existence: number, varianceM2: number, { toleranceM }: TrackerSettings): number {
  return existence * (1 - Math.min(1, varianceM2 / (toleranceM * toleranceM)));
}

/** Sets and clears the mark of being confirmed from the newest state: by the first model, cheaply, after each frame. */
export function markConfirmed(pool: TrackPool, settings: TrackerSettings): void {
  const { confirmWorth, keepWorth, confirmHits, horizontalOnly } = settings;
  for (let slot = 0; slot < pool.count; slot += 1) {
    const po = slot * PS;
    const variance = pool.p[po] + pool.p[po + 3] + (horizontalOnly ? 0 : pool.p[po + 5]);
    const value = worth(pool.existence[slot], variance, settings);
    if (pool.confirmed[slot] === 1) {
      if (value < keepWorth) pool.confirmed[slot] = 0;
    } else if (value >= confirmWorth && pool.hits[slot] >= confirmHits) pool.confirmed[slot] = 1;
  }
}

export interface EstimateContext {
  readonly pool: TrackPool;
  readonly claims: Claims;
  readonly frame: EnuFrame;
  readonly motion: Motion;
  readonly settings: TrackerSettings;
  readonly sensors: readonly Sensor[];
  readonly identityNames: ReadonlyMap<number, string>;
  readonly newestInputS: number;
}

/** One state of all models, carried on to a time: mean to `x`, packed covariance to `p`. */
export function merged(
  pool: TrackPool,
  slot: number,
  atS: number,
  motion: Motion,
  x: Float64Array,
  p: Float64Array,
  scratch: MergeScratch,
): void {
  const { mx, mp, d } = scratch;
  const dt = atS - pool.time[slot];
  x.fill(0);
  p.fill(0);
  for (let m = 0; m < MODELS; m += 1) {
    const mu = pool.mu[slot * MODELS + m];
    const xo = slot * XS + m * STATE;
    for (let k = 0; k < 3; k += 1) {
      x[k] += mu * (pool.x[xo + k] + dt * pool.x[xo + 3 + k]);
      x[3 + k] += mu * pool.x[xo + 3 + k];
    }
  }
  for (let m = 0; m < MODELS; m += 1) {
    const mu = pool.mu[slot * MODELS + m];
    // Element by element: a view for each copy would be two objects per model and track.
    const xo = slot * XS + m * STATE;
    const po = slot * PS + m * PACKED;
    for (let k = 0; k < STATE; k += 1) mx[k] = pool.x[xo + k];
    for (let k = 0; k < PACKED; k += 1) mp[k] = pool.p[po + k];
    motion.step(m, mx, 0, mp, 0, dt);
    for (let k = 0; k < STATE; k += 1) d[k] = mx[k] - x[k];
    for (let k = 0; k < PACKED; k += 1) p[k] += mu * mp[k];
    addOuter(p, 0, d, 0, mu);
  }
}

export interface MergeScratch {
  readonly mx: Float64Array;
  readonly mp: Float64Array;
  readonly d: Float64Array;
}
export const mergeScratch = (): MergeScratch => ({ mx: new Float64Array(STATE), mp: new Float64Array(PACKED), d: new Float64Array(STATE) });

/** Whether a track is asked for: by its label, and when its newest detection was measured, s. */
type Wanted = (label: number, lastHitS: number, existence: number) => boolean;

/** Which tracks are told. */
export interface Choice {
  /** Those too that are not yet sure. */
  readonly tentative?: boolean;
  /** Of bodies only these; absent: all. */
  readonly wanted?: Wanted;
  /** Claims that no body agrees with; absent: yes. */
  readonly claims?: boolean;
}

/** Every track that is told, carried on to a time. */
export function estimates(context: EstimateContext, atS: number, { tentative = false, wanted, claims = true }: Choice): TrackEstimate[] {
  const { pool, settings, motion, frame, sensors } = context;
  const told: TrackEstimate[] = [];
  const x = new Float64Array(STATE);
  const p = new Float64Array(PACKED);
  const geodetic = new Float64Array(3);
  const scratch = mergeScratch();
  const groups = groupsOf(pool, settings);
  for (let slot = 0; slot < pool.count; slot += 1) {
    const existence = pool.existence[slot];
    if (!tentative && existence < settings.keepWorth) continue;
    if (wanted !== undefined && !wanted(pool.label[slot], pool.lastHit[slot], existence)) continue;
    merged(pool, slot, atS, motion, x, p, scratch);
    const value = worth(existence, p[0] + p[3] + (settings.horizontalOnly ? 0 : p[5]), settings);
    const sure =
      pool.confirmed[slot] === 1 ? value >= settings.keepWorth : value >= settings.confirmWorth && pool.hits[slot] >= settings.confirmHits;
    const classes = classesOf(pool, slot);
    const asked = sure && isAsked(classes, settings.classes);
    if (!asked && !tentative) continue;
    enuToGeodetic(frame, x[0], x[1], x[2], geodetic);
    const label = pool.label[slot];
    const group = groups?.get(slot);
    const reasons = reasonsOf(pool, slot, sensors);
    told.push({
      id: nameOf(label),
      label,
      status: !asked ? "tentative" : atS - pool.lastHit[slot] > settings.coastAfterS ? "coasted" : "confirmed",
      latDeg: geodetic[0],
      lonDeg: geodetic[1],
      haeM: geodetic[2],
      velocityEnuMps: [x[3], x[4], x[5]],
      covarianceEnuM2: [p[0], p[1], p[2], p[1], p[3], p[4], p[2], p[4], p[5]],
      speedSigmaMps: Math.sqrt((p[15] + p[18]) / 2),
      existence,
      classes,
      identity: identityOf(pool.claim[slot], context.identityNames),
      manoeuvre: [pool.mu[slot * MODELS], pool.mu[slot * MODELS + 1], pool.mu[slot * MODELS + 2]],
      ambiguity: pool.ambiguity[slot],
      group: group === undefined ? undefined : { id: nameOf(group.label), count: group.count },
      sensors: sensorsOf(reasons),
      bornS: pool.born[slot],
      lastHitS: pool.lastHit[slot],
      hits: pool.hits[slot],
      reasons,
      unseenBy: [],
      newestInputS: context.newestInputS,
    });
  }
  if (!claims) return told;
  for (const claim of context.claims.all()) {
    const unverified = claimEstimate(claim, context, atS);
    if (unverified !== undefined) told.push(unverified);
  }
  return told;
}

/** So much must be known of what it is before a track is set aside as something that was not asked for. */
const KNOWN_ENOUGH = 0.12;

function isAsked(classes: ClassProbabilities, asked: readonly ObjectClass[]): boolean {
  const known = 1 - classes.unknown;
  if (asked.length === 0 || asked.includes("unknown") || known < KNOWN_ENOUGH) return true;
  let share = 0;
  for (const name of asked) share += classes[name];
  return share >= known / 2;
}

function identityOf(claim: number, names: ReadonlyMap<number, string>): { readonly kind: string; readonly name: string } | undefined {
  const text = names.get(claim);
  if (text === undefined) return undefined;
  const space = text.indexOf(" ");
  const end = text.indexOf("\n");
  return { kind: text.slice(0, space), name: text.slice(space + 1, end < 0 ? undefined : end) };
}

function reasonsOf(pool: TrackPool, slot: number, sensors: readonly Sensor[]): readonly Reason[] {
  const reasons: Reason[] = [];
  const count = pool.reasonCount[slot];
  for (let k = Math.max(0, count - REASONS); k < count; k += 1) {
    const at = (slot * REASONS + (k % REASONS)) * REASON;
    const sensor = sensors[pool.reasons[at] - 1];
    if (sensor === undefined) continue;
    reasons.push({
      sensor: sensor.declaration.id,
      timeS: pool.reasons[at + 1],
      probability: pool.reasons[at + 2],
      distance2: pool.reasons[at + 3],
    });
  }
  return reasons;
}

function sensorsOf(reasons: readonly Reason[]): readonly string[] {
  const names: string[] = [];
  for (const { sensor } of reasons) if (!names.includes(sensor)) names.push(sensor);
  return names;
}

/** A broadcast that no body agrees with, at the place that it claims, with the sensors that should have seen one. */
function claimEstimate(claim: Claim, context: EstimateContext, atS: number): TrackEstimate | undefined {
  const { pool, frame, sensors, identityNames } = context;
  if (atS - claim.timeS > CLAIM_S) return undefined;
  for (let slot = 0; slot < pool.count; slot += 1) {
    if (pool.claim[slot] === claim.identity || (claim.body >= 0 && pool.label[slot] === claim.body)) return undefined;
  }
  const identity = identityOf(claim.identity, identityNames);
  if (identity === undefined) return undefined;
  const dt = claim.hasVelocity ? atS - claim.timeS : 0;
  const [e, n, u, ve, vn, vu] = claim.place;
  const geodetic = new Float64Array(3);
  enuToGeodetic(frame, e + dt * ve, n + dt * vn, u + dt * vu, geodetic);
  const unseenBy = sensors.filter((sensor) => looks(sensor, atS) && sees(sensor, e, n, u)).map(({ declaration }) => declaration.id);
  const variance = 100 + (dt * 10) ** 2;
  return {
    id: `C${claim.identity}`,
    label: -1 - claim.identity,
    status: "unverified",
    latDeg: geodetic[0],
    lonDeg: geodetic[1],
    haeM: geodetic[2],
    velocityEnuMps: [ve, vn, vu],
    covarianceEnuM2: [variance, 0, 0, 0, variance, 0, 0, 0, variance * 4],
    speedSigmaMps: claim.hasVelocity ? 1 : 15,
    existence: unseenBy.length > 0 ? 0.1 : 0.5,
    classes: { drone: 0.5, bird: 0, aircraft: 0, unknown: 0.5 },
    identity,
    manoeuvre: [1, 0, 0],
    ambiguity: 0,
    group: undefined,
    sensors: [],
    bornS: claim.timeS,
    lastHitS: claim.timeS,
    hits: 0,
    reasons: [],
    unseenBy,
    newestInputS: context.newestInputS,
  };
}

/** Heard of within a few of its own periods. */
function looks({ lastHeardS, periodS }: Sensor, atS: number): boolean {
  return atS - lastHeardS <= Math.max(5, 3 * periodS);
}

function sees(sensor: Sensor, e: number, n: number, u: number): boolean {
  if (sensor.style !== "polar" || sensor.pd < WITNESS_PD) return false;
  const dx = e - sensor.origin[0];
  const dy = n - sensor.origin[1];
  const dz = u - sensor.origin[2];
  const { rotation } = sensor;
  const east = rotation[0] * dx + rotation[1] * dy + rotation[2] * dz;
  const north = rotation[3] * dx + rotation[4] * dy + rotation[5] * dz;
  const up = rotation[6] * dx + rotation[7] * dy + rotation[8] * dz;
  const flat = Math.hypot(east, north);
  const rangeM = Math.hypot(flat, up);
  if (rangeM > sensor.maxRangeM || rangeM < sensor.minRangeM) return false;
  if (sensor.fallsOff && sensor.pd * (1 - (rangeM / sensor.maxRangeM) ** 2) < WITNESS_PD) return false;
  const el = Math.atan2(up, flat);
  if (sensor.hasElevation && (el < sensor.elLowRad || el > sensor.elHighRad)) return false;
  const turn = 2 * Math.PI;
  const off = (((Math.atan2(east, north) - sensor.azFromRad) % turn) + turn) % turn;
  return off <= sensor.azSpanRad;
}

interface Group {
  label: number;
  count: number;
}

/**
 * Tracks so close, and so often confused, that names mean little: clusters of confirmed tracks within `groupWithinM` of each other of which at
 * least one shares its detections. By slot; undefined when there is none.
 */
function groupsOf(pool: TrackPool, { groupWithinM, groupAmbiguity }: TrackerSettings): ReadonlyMap<number, Group> | undefined {
  let any = false;
  for (let slot = 0; slot < pool.count && !any; slot += 1) any = pool.confirmed[slot] === 1 && pool.ambiguity[slot] > groupAmbiguity;
  if (!any) return undefined;
  const cells = new Map<string, number[]>();
  const cellOf = (v: number): number => Math.floor(v / groupWithinM);
  for (let slot = 0; slot < pool.count; slot += 1) {
    if (pool.confirmed[slot] !== 1) continue;
    const key = `${cellOf(pool.x[slot * XS])} ${cellOf(pool.x[slot * XS + 1])}`;
    const there = cells.get(key);
    if (there === undefined) cells.set(key, [slot]);
    else there.push(slot);
  }
  const parent = new Map<number, number>();
  const root = (slot: number): number => {
    let at = slot;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const slots of cells.values()) {
    for (const a of slots) {
      if (pool.ambiguity[a] <= groupAmbiguity) continue;
      const ex = cellOf(pool.x[a * XS]);
      const ny = cellOf(pool.x[a * XS + 1]);
      for (let i = -1; i <= 1; i += 1) {
        for (let k = -1; k <= 1; k += 1) {
          for (const b of cells.get(`${ex + i} ${ny + k}`) ?? []) {
            if (a === b || Math.hypot(pool.x[a * XS] - pool.x[b * XS], pool.x[a * XS + 1] - pool.x[b * XS + 1]) > groupWithinM) continue;
            if (!parent.has(a)) parent.set(a, a);
            if (!parent.has(b)) parent.set(b, b);
            const ra = root(a);
            const rb = root(b);
            if (ra !== rb) parent.set(Math.max(ra, rb), Math.min(ra, rb));
          }
        }
      }
    }
  }
  const byRoot = new Map<number, Group>();
  const bySlot = new Map<number, Group>();
  for (const slot of parent.keys()) {
    const r = root(slot);
    let group = byRoot.get(r);
    if (group === undefined) byRoot.set(r, (group = { label: pool.label[slot], count: 0 }));
    group.label = Math.min(group.label, pool.label[slot]);
    group.count += 1;
    bySlot.set(slot, group);
  }
  return bySlot;
}
