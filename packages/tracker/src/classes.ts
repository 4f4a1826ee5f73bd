// What is it? Log-odds of bird and of aircraft against drone, from how it moves, how fast, and what sensors and broadcasts say; "unknown" is what
// the evidence leaves open.
import { STATE } from "./kernels.ts";
import { MODELS, type TrackPool, XS } from "./pool.ts";

/** Evidence of any kind, in nats, that halves the share of "unknown". */
const HALF_KNOWN = 2.5;
/** Log-odds are kept within this: one kind of evidence never settles it for good. */
const LIMIT = 8;
/** A drone seldom, an aircraft nearly always flies faster than the first; a bird seldom faster than the second, m/s. */
const AIRCRAFT_SPEED_MPS = 45;
const BIRD_SPEED_MPS = 20;
/** Share of the turning model in the flight of birds and of drones. */
const BIRD_TURNS = 0.75;
const DRONE_TURNS = 0.25;
const BIRD_BY_TURNING = Math.log(BIRD_TURNS / DRONE_TURNS);
const BIRD_BY_STEADINESS = Math.log((1 - BIRD_TURNS) / (1 - DRONE_TURNS));
/** Successive scans say nearly the same: each counts this much. */
const SCAN_WEIGHT = 0.12;

function clamp(value: number): number {
  return value < -LIMIT ? -LIMIT : value > LIMIT ? LIMIT : value;
}

/** Weighs how a track moved in the scan that has just updated it. */
export function weighMotion(pool: TrackPool, slot: number): void {
  const turning = pool.mu[slot * MODELS + 1];
  const hard = pool.mu[slot * MODELS + MODELS - 1];
  let vx = 0;
  let vy = 0;
  for (let m = 0; m < MODELS; m += 1) {
    vx += pool.mu[slot * MODELS + m] * pool.x[slot * XS + m * STATE + 3];
    vy += pool.mu[slot * MODELS + m] * pool.x[slot * XS + m * STATE + 4];
  }
  const speed = Math.sqrt(vx * vx + vy * vy);
  // Birds flutter all the time and never pull as hard as a racing drone.
  let bird = turning * BIRD_BY_TURNING + (1 - turning) * BIRD_BY_STEADINESS - 3 * hard;
  if (speed > BIRD_SPEED_MPS) bird -= (speed - BIRD_SPEED_MPS) / 5;
  pool.bird[slot] = clamp(pool.bird[slot] * 0.995 + SCAN_WEIGHT * bird);
  const fast = speed > AIRCRAFT_SPEED_MPS ? Math.min(3, (speed - AIRCRAFT_SPEED_MPS) / 5) : -0.5;
  pool.aircraft[slot] = clamp(pool.aircraft[slot] * 0.995 + SCAN_WEIGHT * (fast - 2 * hard));
  pool.evidence[slot] = Math.min(20, pool.evidence[slot] + SCAN_WEIGHT * 0.5);
}

/** Adds what a sensor or a broadcast says of its class, as log-odds against drone. */
export function weighStatement(pool: TrackPool, slot: number, birdOdds: number, aircraftOdds: number, weight: number): void {
  pool.bird[slot] = clamp(pool.bird[slot] + weight * birdOdds);
  pool.aircraft[slot] = clamp(pool.aircraft[slot] + weight * aircraftOdds);
  pool.evidence[slot] = Math.min(20, pool.evidence[slot] + weight * Math.max(Math.abs(birdOdds), Math.abs(aircraftOdds)));
}

export interface ClassProbabilities {
  readonly drone: number;
  readonly bird: number;
  readonly aircraft: number;
  readonly unknown: number;
}

/** Prior log-odds: among what flies low and slow birds are common, aircraft rare. */
const PRIOR_BIRD = 0;
const PRIOR_AIRCRAFT = -1.5;

export function classesOf(pool: TrackPool, slot: number): ClassProbabilities {
  const bird = Math.exp(pool.bird[slot] + PRIOR_BIRD);
  const aircraft = Math.exp(pool.aircraft[slot] + PRIOR_AIRCRAFT);
  const sum = 1 + bird + aircraft;
  const unknown = 1 / (1 + pool.evidence[slot] / HALF_KNOWN);
  const known = 1 - unknown;
  return { drone: known / sum, bird: (known * bird) / sum, aircraft: (known * aircraft) / sum, unknown };
}
