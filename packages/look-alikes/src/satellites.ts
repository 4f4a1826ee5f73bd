// Which satellites stand above the horizon in sunlight, where, how fast do they go and how old is what is known of them?
import { ecefToEnu, enuFrame, type EnuFrame, enuToLook } from "@atalaya/geodesy";
import { Refraction } from "astronomy-engine";
import { checkForDecay, eciToEcf, gstime, type SatRec, sgp4, shadowFraction, sunPos } from "satellite.js";
import type { OrbitalElements, Place } from "./contract.ts";
import { LIMITS } from "./limits.ts";

export interface SatelliteSeen {
  readonly elements: OrbitalElements;
  readonly azimuthDeg: number;
  /** As seen, with refraction. */
  readonly elevationDeg: number;
  readonly rangeM: number;
  readonly sunlit: boolean;
}

const MS_PER_DAY = 86_400_000;
const MINUTES_PER_DAY = 1440;
const JULIAN_UNIX_EPOCH = 2_440_587.5;
const DEG_PER_RAD = 180 / Math.PI;
/** Farther out nothing is seen without glasses. */
const FARTHEST_M = 4_000_000;

/** What all satellites share at one moment and place. */
interface Moment {
  readonly julianDay: number;
  readonly gmst: number;
  readonly sun: ReturnType<typeof sunPos>["rsun"];
  readonly frame: EnuFrame;
}

function momentAt(unixMs: number, place: Place): Moment {
  const julianDay = unixMs / MS_PER_DAY + JULIAN_UNIX_EPOCH;
  return {
    julianDay,
    gmst: gstime(julianDay),
    sun: sunPos(julianDay).rsun,
    frame: enuFrame(place.latDeg, place.lonDeg, place.heightHaeM),
  };
}

function seenAt(elements: OrbitalElements, moment: Moment): SatelliteSeen | null {
  const kept = elements.state as SatRec;
  // The deep-space integrator remembers how far it came: a copy keeps each answer the same whatever was asked before.
  const satrec = kept.method === "d" ? { ...kept } : kept;
  const result = sgp4(satrec, (moment.julianDay - satrec.jdsatepoch) * MINUTES_PER_DAY);
  if (result === null || !Number.isFinite(result.position.x) || checkForDecay(satrec)) return null;
  const { x, y, z } = eciToEcf(result.position, moment.gmst);
  const look = new Float64Array(3);
  ecefToEnu(moment.frame, x * 1000, y * 1000, z * 1000, look);
  const [east = Number.NaN, north = Number.NaN, up = Number.NaN] = look;
  enuToLook(east, north, up, look);
  const geometric = (look[1] ?? Number.NaN) * DEG_PER_RAD;
  return {
    elements,
    azimuthDeg: (look[0] ?? Number.NaN) * DEG_PER_RAD,
    elevationDeg: geometric + Refraction("normal", geometric),
    rangeM: look[2] ?? Number.NaN,
    sunlit: shadowFraction(moment.sun, result.position) < 0.5,
  };
}

/** Where one satellite stands, below the horizon too; null when its orbit gives no answer at that moment. */
export function satelliteSeen(elements: OrbitalElements, unixMs: number, place: Place): SatelliteSeen | null {
  return seenAt(elements, momentAt(unixMs, place));
}

/** Those that a person could see: above the horizon, near enough, in sunlight, with elements young enough. Of several sets of one the nearest epoch counts. */
export function satellitesInSight(
  all: readonly OrbitalElements[],
  unixMs: number,
  place: Place,
): { readonly inSight: readonly SatelliteSeen[]; readonly tooOld: number } {
  const moment = momentAt(unixMs, place);
  const nearest = new Map<string, OrbitalElements>();
  for (const elements of all) {
    const other = nearest.get(elements.noradId);
    if (other === undefined || Math.abs(unixMs - elements.epochUnixMs) < Math.abs(unixMs - other.epochUnixMs)) {
      nearest.set(elements.noradId, elements);
    }
  }
  const inSight: SatelliteSeen[] = [];
  let tooOld = 0;
  for (const elements of nearest.values()) {
    if (Math.abs(ageDays(elements, unixMs)) > LIMITS.elementsAgeDays) {
      tooOld += 1;
      continue;
    }
    const seen = seenAt(elements, moment);
    if (seen !== null && seen.sunlit && seen.elevationDeg > 0 && seen.rangeM < FARTHEST_M) inSight.push(seen);
  }
  return { inSight, tooOld };
}

/** Positive after the epoch. */
export function ageDays(elements: OrbitalElements, unixMs: number): number {
  return (unixMs - elements.epochUnixMs) / MS_PER_DAY;
}

/**
 * How far off along its path a satellite may be, metres (1σ): about a kilometre at the epoch and growing faster than time, since drag acts on the
 * period. The rule is ours, on the side of caution, from what is commonly found for low orbits (1 km at epoch, 1 to 3 km a day).
 */
export function alongTrackSigmaM(ageInDays: number): number {
  const days = Math.abs(ageInDays);
  return 1000 + 2000 * days + 300 * days * days;
}
