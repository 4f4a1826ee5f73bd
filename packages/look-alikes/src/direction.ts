// How much better does a thing in a known direction explain the direction that was given than a thing anywhere else?
import { turnBetweenDeg, wrap180Deg } from "@atalaya/geodesy";
import type { Angle } from "./contract.ts";

/**
 * One report in this many has a direction that is wrong altogether: the wrong hand, a compass beside a car door, a slip of the pen. It keeps any
 * ratio from falling below this, so a bad compass never speaks against an explanation for good.
 */
const WRONG_ALTOGETHER = 0.05;
/** No hand points better than this; the disc of the Moon and the bearing of a phone in its case are in it. */
const SHARPEST_DEG = 1;
/** Words have soft edges: who says "north-east" may mean a little beyond it. */
const SOFT_EDGE_DEG = 4;
const TURN_DEG = 360;
/** Things in the air are reported from the horizon to overhead: any elevation as likely as another, when nothing else is known. */
const ELEVATIONS_DEG = 90;

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

export function normalDensity(off: number, sigma: number): number {
  return Math.exp((-off * off) / (2 * sigma * sigma)) / (SQRT_TWO_PI * sigma);
}

/** Φ, Abramowitz & Stegun 26.2.17: within 7.5e-8. */
export function normalBelow(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / SQRT_TWO_PI) *
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return z > 0 ? 1 - tail : tail;
}

/** Middle and width of a coarse azimuth, clockwise; 0 to 360 is all of it. */
function sector(fromDeg: number, toDeg: number): { middleDeg: number; widthDeg: number } {
  const turned = (((toDeg - fromDeg) % TURN_DEG) + TURN_DEG) % TURN_DEG;
  const widthDeg = turned === 0 ? TURN_DEG : turned;
  return { middleDeg: fromDeg + widthDeg / 2, widthDeg };
}

/**
 * Ratio for an azimuth. `extraSigmaDeg` is what is uncertain about the thing's own direction. A thing high in the sky moves far in azimuth for a small
 * way across the sky, so nobody's azimuth of it is sharp: `elevationDeg` widens it.
 */
export function azimuthRatio(given: Angle, azimuthDeg: number, extraSigmaDeg: number, elevationDeg: number): number {
  const cosine = Math.max(0.05, Math.cos((elevationDeg * Math.PI) / 180));
  let density = 0;
  if (given.how === "measured") {
    const sigma = Math.hypot(Math.max(given.sigmaDeg, SHARPEST_DEG / cosine), extraSigmaDeg / cosine);
    const off = wrap180Deg(azimuthDeg - given.deg);
    for (const turn of [-TURN_DEG, 0, TURN_DEG]) density += normalDensity(off + turn, sigma);
    // A sigma of a turn or more leaves nothing of the direction.
    if (sigma > TURN_DEG / 3) density = 1 / TURN_DEG;
  } else {
    const { middleDeg, widthDeg } = sector(given.fromDeg, given.toDeg);
    const soft = Math.hypot(SOFT_EDGE_DEG / cosine, extraSigmaDeg / cosine);
    const off = wrap180Deg(azimuthDeg - middleDeg);
    for (const turn of [-TURN_DEG, 0, TURN_DEG]) {
      density += (normalBelow((off + turn + widthDeg / 2) / soft) - normalBelow((off + turn - widthDeg / 2) / soft)) / widthDeg;
    }
    if (soft > TURN_DEG / 3) density = 1 / TURN_DEG;
  }
  return WRONG_ALTOGETHER + (1 - WRONG_ALTOGETHER) * density * TURN_DEG;
}

export function elevationRatio(given: Angle, elevationDeg: number, extraSigmaDeg: number): number {
  let density: number;
  if (given.how === "measured") {
    density = normalDensity(elevationDeg - given.deg, Math.hypot(Math.max(given.sigmaDeg, SHARPEST_DEG), extraSigmaDeg));
  } else {
    const widthDeg = given.toDeg - given.fromDeg;
    const soft = Math.hypot(SOFT_EDGE_DEG, extraSigmaDeg);
    density = (normalBelow((elevationDeg - given.fromDeg) / soft) - normalBelow((elevationDeg - given.toDeg) / soft)) / widthDeg;
  }
  return WRONG_ALTOGETHER + (1 - WRONG_ALTOGETHER) * density * ELEVATIONS_DEG;
}

/** How far an azimuth lies outside what was given; 0 inside a coarse one. Signed for measured ones is of no use here. */
function azimuthOffDeg(given: Angle, azimuthDeg: number): number {
  if (given.how === "measured") return Math.abs(turnBetweenDeg(given.deg, azimuthDeg));
  const { middleDeg, widthDeg } = sector(given.fromDeg, given.toDeg);
  return Math.max(0, Math.abs(turnBetweenDeg(middleDeg, azimuthDeg)) - widthDeg / 2);
}

function elevationOffDeg(given: Angle, elevationDeg: number): number {
  if (given.how === "measured") return Math.abs(elevationDeg - given.deg);
  return Math.max(0, given.fromDeg - elevationDeg, elevationDeg - given.toDeg);
}

/** Angle between a thing and the direction that was given: on the sphere when both angles were, else in the one that was. */
export function separationDeg(
  azimuth: Angle | null,
  elevation: Angle | null,
  thingAzimuthDeg: number,
  thingElevationDeg: number | null,
): number {
  if (azimuth === null) return elevation === null || thingElevationDeg === null ? 0 : elevationOffDeg(elevation, thingElevationDeg);
  const across = azimuthOffDeg(azimuth, thingAzimuthDeg);
  if (elevation === null || thingElevationDeg === null) return across;
  const up = elevationOffDeg(elevation, thingElevationDeg);
  const rad = Math.PI / 180;
  // Haversine form: exact for small angles too. The nearest elevation of a coarse one is where the thing is measured from.
  const nearestDeg =
    elevation.how === "measured" ? elevation.deg : Math.min(elevation.toDeg, Math.max(elevation.fromDeg, thingElevationDeg));
  const half =
    Math.sin((up * rad) / 2) ** 2 + Math.cos(thingElevationDeg * rad) * Math.cos(nearestDeg * rad) * Math.sin((across * rad) / 2) ** 2;
  return (2 * Math.asin(Math.min(1, Math.sqrt(half)))) / rad;
}

/** Whether a direction was given that says anything: neither null nor so wide that it fits everywhere. */
export function saysSomething(given: Angle | null): given is Angle {
  if (given === null) return false;
  return given.how === "measured" ? given.sigmaDeg <= 60 : sector(given.fromDeg, given.toDeg).widthDeg <= 180;
}

/** What an angle given in either way comes to: its middle and its standard deviation. */
export function middleOf(given: Angle): { readonly deg: number; readonly sigmaDeg: number } {
  if (given.how === "measured") return { deg: given.deg, sigmaDeg: given.sigmaDeg };
  const { middleDeg, widthDeg } = sector(given.fromDeg, given.toDeg);
  return { deg: middleDeg, sigmaDeg: widthDeg / Math.sqrt(12) };
}
