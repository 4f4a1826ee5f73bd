// In which direction was the phone held, and how sure is that? The median of about a second of readings, their spread, and what the compass can do.

import { turnBetweenDeg, wrap360Deg, RAD_PER_DEG } from "@atalaya/geodesy";
import type { Look } from "./attitude.ts";

/** One reading as a direction from magnetic north; without a north, only its elevation means anything. */
export interface Sight extends Look {
  readonly timeMs: number;
  /** 1σ of the compass at that moment, degrees; absent: north is not known. */
  readonly northSigmaDeg?: number;
}

/** What was measured. Azimuth from true north. */
export interface Aim {
  readonly elevation: { readonly deg: number; readonly sigmaDeg: number };
  /** Absent: no compass. */
  readonly azimuth?: { readonly deg: number; readonly sigmaDeg: number };
  readonly readings: number;
  /** The middle of the readings' time. */
  readonly timeMs: number;
}

/** The readings that count: up to the press, but for the last moment, in which the thumb moves the phone. */
const BURST_MS = 1000;
const THUMB_MS = 80;
/** A phone that was still being swung to its aim did not point there: only the last part of the second counts, but never less than this. */
const SETTLED_MS = 300;
const SETTLED_DEG = 15;
/** Fewer readings than this have no median. */
const LEAST_READINGS = 3;
/** Readings of the last seconds that are kept. */
const MAX_SIGHTS = 600;
/** Browsers say nothing while nothing moves by a tenth of a degree: the last reading holds for so long. */
const HOLD_MS = 30_000;
/** A phone's axis against where its holder looks, and the error of its sense of gravity. */
const ELEVATION_SIGMA_DEG = 2;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Root mean square: what was swung through and what the thumb did are left out already, and the rest is the hand's. */
function spread(values: readonly number[], centre: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length));
}

/** Direction of the mean vector, (−180, 180]; NaN where the directions cancel. */
function circularMean(anglesDeg: readonly number[]): number {
  let [east, north] = [0, 0];
  for (const angle of anglesDeg) {
    east += Math.sin(angle * RAD_PER_DEG);
    north += Math.cos(angle * RAD_PER_DEG);
  }
  if (Math.hypot(east, north) < 1e-9 * Math.max(1, anglesDeg.length)) return Number.NaN;
  return Math.atan2(east, north) / RAD_PER_DEG;
}

/**
 * Median direction on the circle: deviations are taken from the mean vector, so that readings to both sides of north do not average to the south.
 * Degrees; NaN where the readings point everywhere.
 */
export function circularMedian(anglesDeg: readonly number[]): { readonly deg: number; readonly spreadDeg: number } {
  const mean = circularMean(anglesDeg);
  if (Number.isNaN(mean)) return { deg: Number.NaN, spreadDeg: 180 };
  const deviations = anglesDeg.map((angle) => turnBetweenDeg(mean, angle));
  const middle = median(deviations);
  return { deg: wrap360Deg(mean + middle), spreadDeg: spread(deviations, middle) };
}

function apartDeg(a: Look, b: Look): number {
  const dot =
    Math.sin(a.elevationDeg * RAD_PER_DEG) * Math.sin(b.elevationDeg * RAD_PER_DEG) +
    Math.cos(a.elevationDeg * RAD_PER_DEG) * Math.cos(b.elevationDeg * RAD_PER_DEG) * Math.cos((a.azimuthDeg - b.azimuthDeg) * RAD_PER_DEG);
  return Math.acos(Math.max(-1, Math.min(1, dot))) / RAD_PER_DEG;
}

/** The last readings of these that belong together. */
function settled(sights: readonly Sight[]): readonly Sight[] {
  const endMs = sights.at(-1)?.timeMs ?? 0;
  const last = sights.filter(({ timeMs }) => timeMs >= endMs - SETTLED_MS);
  const rest = {
    azimuthDeg: circularMean(last.map(({ azimuthDeg }) => azimuthDeg)),
    elevationDeg: last.reduce((sum, { elevationDeg }) => sum + elevationDeg, 0) / Math.max(1, last.length),
  };
  const swung = sights.findLastIndex((sight) => sight.timeMs < endMs - SETTLED_MS && apartDeg(sight, rest) > SETTLED_DEG);
  return sights.slice(swung + 1);
}

export interface Declination {
  readonly declinationDeg: number;
  readonly errorDeg: number;
}

/**
 * What the phone pointed at when the button was pressed. Near straight up an azimuth is worth less, by the cosine of the elevation; its σ says so.
 * undefined: no reading that still holds.
 */
export function aimOf(sights: readonly Sight[], pressedMs: number, { declinationDeg, errorDeg }: Declination): Aim | undefined {
  const within = (untilMs: number): readonly Sight[] => sights.filter(({ timeMs }) => timeMs <= untilMs && timeMs > untilMs - BURST_MS);
  const steady = settled(within(pressedMs - THUMB_MS));
  const held = sights.findLast(({ timeMs }) => timeMs <= pressedMs && timeMs > pressedMs - HOLD_MS);
  if (held === undefined) return undefined;
  const lately = steady.length >= LEAST_READINGS ? steady : settled(within(pressedMs));
  const used = lately.length >= LEAST_READINGS ? lately : [held];
  const elevations = used.map(({ elevationDeg }) => elevationDeg);
  const elevation = median(elevations);
  const times = used.map(({ timeMs }) => timeMs);
  const aim = {
    elevation: { deg: elevation, sigmaDeg: Math.hypot(ELEVATION_SIGMA_DEG, spread(elevations, elevation)) },
    readings: used.length,
    timeMs: used.length === 1 ? pressedMs : median(times),
  };
  const northed = used.filter(({ northSigmaDeg }) => northSigmaDeg !== undefined);
  if (northed.length * 2 < used.length || northed.length === 0) return aim;
  const { deg, spreadDeg } = circularMedian(northed.map(({ azimuthDeg }) => azimuthDeg));
  if (Number.isNaN(deg)) return aim;
  const compass = median(northed.map(({ northSigmaDeg = 180 }) => northSigmaDeg));
  const level = Math.max(0.05, Math.cos(elevation * RAD_PER_DEG));
  const sigma = Math.hypot(compass, spreadDeg, errorDeg, ELEVATION_SIGMA_DEG / level);
  return { ...aim, azimuth: { deg: wrap360Deg(deg + declinationDeg), sigmaDeg: Math.min(180, sigma) } };
}

/** The last readings, oldest first; what is older than a few seconds or too many is forgotten. */
export class Sights {
  readonly #kept: Sight[] = [];

  add(sight: Sight): void {
    this.#kept.push(sight);
    const oldest = sight.timeMs - 3 * BURST_MS;
    let gone = Math.max(0, this.#kept.length - MAX_SIGHTS);
    while (gone < this.#kept.length - 1 && (this.#kept[gone]?.timeMs ?? 0) < oldest) gone += 1;
    this.#kept.splice(0, gone);
  }
  get all(): readonly Sight[] {
    return this.#kept;
  }
  get newest(): Sight | undefined {
    return this.#kept.at(-1);
  }
}
