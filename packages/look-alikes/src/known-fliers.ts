// Does a report or a track fit where an aircraft or a drone that is known was at that moment?
import { type EnuFrame, enuToLook } from "@atalaya/geodesy";
import type { Factor, Fix, Sighting } from "./contract.ts";
import { azimuthRatio, elevationRatio, normalDensity, separationDeg } from "./direction.ts";
import { movementFactors } from "./turning.ts";
import { type Agility, enuOf, frameAt, type Whereabouts, whereaboutsAt } from "./whereabouts.ts";

export interface Flier {
  readonly id: string;
  readonly fixes: readonly Fix[];
  readonly timeSigmaMs: number;
}

/** How a flier stood to somebody who saw something. */
export interface StoodThere {
  readonly azimuthDeg: number;
  readonly elevationDeg: number | null;
  readonly separationDeg: number;
  readonly rangeM: number;
  readonly positionAgeS: number;
  readonly rateDegPerS: number | null;
  /** Of direction, elevation and movement. */
  readonly factors: readonly Factor[];
}

const DEG_PER_RAD = 180 / Math.PI;
/** Below this a flier is behind the ground, for all that its height and the ground's leave open. */
const HIDDEN_BELOW_DEG = -2;

interface Look {
  readonly azimuthDeg: number;
  readonly elevationDeg: number | null;
  readonly rangeM: number;
  readonly groundM: number;
}

function lookOf(where: Whereabouts, afterS: number): Look {
  const look = new Float64Array(3);
  const east = where.eastM + where.velocityEastMps * afterS;
  const north = where.northM + where.velocityNorthMps * afterS;
  const up = (where.upM ?? 0) + where.velocityUpMps * afterS;
  enuToLook(east, north, up, look);
  return {
    azimuthDeg: (look[0] ?? Number.NaN) * DEG_PER_RAD,
    elevationDeg: where.upM === null ? null : (look[1] ?? Number.NaN) * DEG_PER_RAD,
    rangeM: look[2] ?? Number.NaN,
    groundM: Math.hypot(east, north),
  };
}

/** Where the flier stood for the observer at the moment of a report; null when it was not heard then or was below the horizon. */
export function stoodThere(flier: Flier, sighting: Sighting, frame: EnuFrame, agility: Agility): StoodThere | null {
  const { azimuth, elevation, timeUnixMs, turn } = sighting;
  const where = whereaboutsAt(flier.fixes, timeUnixMs, frame, agility);
  if (where === null) return null;
  const look = lookOf(where, 0);
  if (look.elevationDeg !== null && look.elevationDeg < HIDDEN_BELOW_DEG) return null;
  const timeSigmaS = Math.hypot(sighting.timeSigmaMs, flier.timeSigmaMs) / 1000;
  const movedM = (where.speedMps ?? agility.speedMps) * timeSigmaS;
  const sigmaM = Math.hypot(where.sigmaM, sighting.observer.sigmaM, movedM);
  const azimuthSigmaDeg = Math.atan2(sigmaM, Math.max(1, look.groundM)) * DEG_PER_RAD;
  const elevationDeg = look.elevationDeg;
  // Up and down count in full across the line of sight, nearer and farther by the sine of the elevation.
  const acrossM = elevationDeg === null ? 0 : Math.hypot(where.upSigmaM, sigmaM * Math.sin(elevationDeg / DEG_PER_RAD));
  const elevationSigmaDeg = Math.atan2(acrossM, look.rangeM) * DEG_PER_RAD;
  const next = where.speedMps === null ? null : lookOf(where, 1);
  const rateDegPerS = next === null ? null : rateBetween(look, next);
  return {
    azimuthDeg: look.azimuthDeg >= 360 ? 0 : look.azimuthDeg,
    elevationDeg,
    separationDeg: separationDeg(azimuth, elevation, look.azimuthDeg, elevationDeg),
    rangeM: look.rangeM,
    positionAgeS: where.ageS,
    rateDegPerS,
    factors: [
      ...(azimuth === null
        ? []
        : [
            {
              key: "direction" as const,
              ratio: azimuthRatio(
                azimuth,
                look.azimuthDeg,
                azimuthSigmaDeg * Math.cos((elevationDeg ?? 0) / DEG_PER_RAD),
                elevationDeg ?? 0,
              ),
            },
          ]),
      ...(elevation === null || elevationDeg === null
        ? []
        : [{ key: "elevation" as const, ratio: elevationRatio(elevation, elevationDeg, elevationSigmaDeg) }]),
      ...movementFactors(
        sighting,
        rateDegPerS,
        look,
        turn === undefined || next === null ? null : lookOf(where, turn.overS),
        azimuthSigmaDeg / 5,
      ),
    ],
  };
}

function rateBetween(a: Look, b: Look): number {
  const turned = Math.abs(((b.azimuthDeg - a.azimuthDeg + 540) % 360) - 180) * Math.cos((a.elevationDeg ?? 0) / DEG_PER_RAD);
  return Math.hypot(turned, (b.elevationDeg ?? 0) - (a.elevationDeg ?? 0));
}

/** How a flier kept to a track. */
export interface WentAlong {
  /** Mean over the moments compared. */
  readonly separationM: number;
  readonly moments: number;
  readonly positionAgeS: number;
  readonly factors: readonly Factor[];
}

/** Moments of a track that are compared: spread over all of it. */
const MOMENTS = 12;
/** Errors of sensors and receivers last from one moment to the next: a track that was compared often counts as this many independent looks at most. */
const INDEPENDENT_LOOKS = 2;
/** Something else might be anywhere about: as likely here as within this distance. */
const ANYWHERE_M = 3000;
const ANY_HEIGHT_M = 500;
const SHARPEST_M = 20;
/** One pairing in this many is wrong about an error: a bias that nobody stated. */
const WRONG_ALTOGETHER = 0.02;

/** How close a flier was to a track at the moments when both were heard; null when there was none. */
export function wentAlong(flier: Flier, fixes: readonly Fix[], agility: Agility): WentAlong | null {
  const last = fixes.at(-1);
  if (last === undefined) return null;
  const frame = frameAt({ latDeg: last.latDeg, lonDeg: last.lonDeg, heightHaeM: last.heightHaeM ?? 0 });
  const step = Math.max(1, Math.floor(fixes.length / MOMENTS));
  let moments = 0;
  let logRatio = 0;
  let separationM = 0;
  let ageS = 0;
  for (let at = fixes.length - 1; at >= 0 && moments < MOMENTS; at -= step) {
    const fix = fixes[at];
    if (fix === undefined) break;
    const where = whereaboutsAt(flier.fixes, fix.timeUnixMs, frame, agility);
    if (where === null) continue;
    const own = enuOf(frame, fix);
    const acrossM = Math.hypot((own[0] ?? Number.NaN) - where.eastM, (own[1] ?? Number.NaN) - where.northM);
    const movedM = ((where.speedMps ?? agility.speedMps) * flier.timeSigmaMs) / 1000;
    const sigmaM = Math.hypot(fix.sigmaM, where.sigmaM, movedM, SHARPEST_M);
    // Two axes of the same error: the density of a circle, against that of anywhere about.
    let ratio = (normalDensity(acrossM, sigmaM) * normalDensity(0, sigmaM)) / normalDensity(0, ANYWHERE_M) ** 2;
    if (fix.heightHaeM !== null && where.upM !== null) {
      const upSigmaM = Math.hypot(fix.heightSigmaM, where.upSigmaM, SHARPEST_M);
      ratio *= normalDensity((own[2] ?? Number.NaN) - where.upM, upSigmaM) / normalDensity(0, Math.hypot(ANY_HEIGHT_M, upSigmaM));
    }
    logRatio += Math.log(WRONG_ALTOGETHER + (1 - WRONG_ALTOGETHER) * ratio);
    separationM += acrossM;
    ageS = Math.max(ageS, where.ageS);
    moments += 1;
  }
  if (moments === 0) return null;
  const looks = Math.min(moments, INDEPENDENT_LOOKS);
  return {
    separationM: separationM / moments,
    moments,
    positionAgeS: ageS,
    factors: [{ key: "place", ratio: Math.exp((logRatio / moments) * looks) }],
  };
}
