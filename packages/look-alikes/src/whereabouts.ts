// Where was something between, before and after the moments at which it was heard, and how sure is that?
import { enuFrame, type EnuFrame, geodeticToEnu } from "@atalaya/geodesy";
import type { Fix, Place } from "./contract.ts";

/** Metres east, north and up of the frame's origin. `upM` null: its height is not known. */
export interface Whereabouts {
  readonly eastM: number;
  readonly northM: number;
  readonly upM: number | null;
  readonly sigmaM: number;
  readonly upSigmaM: number;
  readonly speedMps: number | null;
  readonly velocityEastMps: number;
  readonly velocityNorthMps: number;
  readonly velocityUpMps: number;
  /** To the nearest fix. */
  readonly ageS: number;
}

/** How a kind of thing flies: what may happen between two fixes and beyond the last. */
export interface Agility {
  readonly accelerationMps2: number;
  /** When one fix is all there is. */
  readonly speedMps: number;
  /** Between fixes that are farther apart, and farther beyond the first or last, nothing is said. */
  readonly gapS: number;
  readonly beyondS: number;
}

/** A turn with 30° of bank pulls 5.7 m/s² across; most of the time less. Between two receptions of ADS-B there may be half a minute in poor cover. */
export const AIRCRAFT_AGILITY: Agility = { accelerationMps2: 3, speedMps: 120, gapS: 120, beyondS: 60 };
export const DRONE_AGILITY: Agility = { accelerationMps2: 3, speedMps: 12, gapS: 30, beyondS: 30 };

export function frameAt(place: Place): EnuFrame {
  return enuFrame(place.latDeg, place.lonDeg, place.heightHaeM);
}

/** East, north, up of a fix; a height that is not known stands for the origin's and is not used. */
export function enuOf(frame: EnuFrame, fix: Fix): Float64Array {
  const out = new Float64Array(3);
  geodeticToEnu(frame, fix.latDeg, fix.lonDeg, fix.heightHaeM ?? frame.heightHaeM, out);
  return out;
}

/** Index of the last fix at or before the moment; -1 when all come after. */
function lastBefore(fixes: readonly Fix[], unixMs: number): number {
  let low = 0;
  let high = fixes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fixes[middle]?.timeUnixMs ?? Number.NaN) <= unixMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Fixes nearer in time than this make no velocity. */
const LEAST_SPAN_S = 0.5;
/** Two fixes farther apart than this are not one leg. */
const LONGEST_LEG_S = 30;

/** Along a straight leg between or beyond fixes; null where they say nothing. */
export function whereaboutsAt(fixes: readonly Fix[], unixMs: number, frame: EnuFrame, agility: Agility): Whereabouts | null {
  const before = lastBefore(fixes, unixMs);
  const earlier = fixes[before];
  const later = fixes[before + 1];
  if (earlier !== undefined && later !== undefined) {
    const gapS = (later.timeUnixMs - earlier.timeUnixMs) / 1000;
    const sinceS = (unixMs - earlier.timeUnixMs) / 1000;
    if (gapS <= agility.gapS && gapS >= LEAST_SPAN_S)
      return onLeg(earlier, later, sinceS / gapS, gapS, sinceS * (gapS - sinceS), frame, agility);
  }
  const nearestFirst = earlier !== undefined && (later === undefined || unixMs - earlier.timeUnixMs <= later.timeUnixMs - unixMs);
  const near = nearestFirst ? earlier : later;
  if (near === undefined) return null;
  const beyondS = Math.abs(unixMs - near.timeUnixMs) / 1000;
  if (beyondS > agility.beyondS) return null;
  const other = partner(fixes, nearestFirst ? before : before + 1, nearestFirst ? -1 : 1);
  if (other !== null) {
    const gapS = (near.timeUnixMs - other.timeUnixMs) / 1000;
    const share = (unixMs - other.timeUnixMs) / 1000 / gapS;
    return onLeg(other, near, share, Math.abs(gapS), beyondS * (beyondS + Math.abs(gapS)), frame, agility);
  }
  const enu = enuOf(frame, near);
  const driftM = agility.speedMps * beyondS;
  return {
    eastM: enu[0] ?? Number.NaN,
    northM: enu[1] ?? Number.NaN,
    upM: near.heightHaeM === null ? null : (enu[2] ?? Number.NaN),
    sigmaM: Math.hypot(near.sigmaM, driftM),
    upSigmaM: Math.hypot(near.heightSigmaM, driftM / 10),
    speedMps: null,
    velocityEastMps: 0,
    velocityNorthMps: 0,
    velocityUpMps: 0,
    ageS: beyondS,
  };
}

/** The fix that makes a leg with the one at `index`, on the far side of it. */
function partner(fixes: readonly Fix[], index: number, step: -1 | 1): Fix | null {
  const near = fixes[index];
  if (near === undefined) return null;
  for (let at = index + step; at >= 0 && at < fixes.length; at += step) {
    const other = fixes[at];
    if (other === undefined) return null;
    const spanS = Math.abs(other.timeUnixMs - near.timeUnixMs) / 1000;
    if (spanS > LONGEST_LEG_S) return null;
    if (spanS >= 2 || (spanS >= LEAST_SPAN_S && fixes[at + step] === undefined)) return other;
  }
  return null;
}

/** `share` of the way from `a` to `b`; a curve bends away from the chord by at most half the acceleration times `bendS2`. */
function onLeg(a: Fix, b: Fix, share: number, gapS: number, bendS2: number, frame: EnuFrame, agility: Agility): Whereabouts {
  const from = enuOf(frame, a);
  const to = enuOf(frame, b);
  const legS = (b.timeUnixMs - a.timeUnixMs) / 1000;
  const at = (axis: 0 | 1 | 2): number => (from[axis] ?? Number.NaN) + share * ((to[axis] ?? Number.NaN) - (from[axis] ?? Number.NaN));
  const rate = (axis: 0 | 1 | 2): number => ((to[axis] ?? Number.NaN) - (from[axis] ?? Number.NaN)) / legS;
  const hasHeight = a.heightHaeM !== null && b.heightHaeM !== null;
  const bendM = (agility.accelerationMps2 * bendS2) / 2;
  // Errors of both ends, as the line carries them here; two thirds of the bend, since few legs are bent as far as they may be.
  const carried = (near: number, far: number): number => Math.hypot((1 - share) * near, share * far);
  return {
    eastM: at(0),
    northM: at(1),
    upM: hasHeight ? at(2) : null,
    sigmaM: Math.hypot(carried(a.sigmaM, b.sigmaM), (bendM * 2) / 3),
    upSigmaM: Math.hypot(carried(a.heightSigmaM, b.heightSigmaM), bendM / 5),
    speedMps: Math.hypot(rate(0), rate(1)),
    velocityEastMps: rate(0),
    velocityNorthMps: rate(1),
    velocityUpMps: hasHeight ? rate(2) : 0,
    ageS: Math.min(Math.abs(share) * gapS, Math.abs(1 - share) * gapS),
  };
}
