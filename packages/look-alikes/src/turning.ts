// How well does the way a thing turns in the sky agree with what was seen of it?
import { turnBetweenDeg, wrap180Deg } from "@atalaya/geodesy";
import type { Factor, Sighting, Turn } from "./contract.ts";
import { normalDensity } from "./direction.ts";

export interface Direction {
  readonly azimuthDeg: number;
  readonly elevationDeg: number | null;
}

/** What else is in the air either stays (a drone that hovers) or goes at a few degrees a second; half and half. */
const HOVER_RATE_DEG_PER_S = 0.1;
const PASSING_RATE_DEG_PER_S = 2;
const WIDEST_TURN_DEG = 90;
/** One turn in this many is reported wrong. */
const WRONG_ALTOGETHER = 0.05;
/** Seconds that somebody looked, when nobody says how long. */
const USUAL_LOOK_S = 10;
/** What eyes take for standing still while they look, and what they cannot. */
const SEEMS_STILL_DEG = 3;
const SEEMS_MOVING_DEG = 10;

function turnRatio(turn: Turn, from: Direction, to: Direction, extraSigmaDeg: number): number {
  const sigma = Math.hypot(Math.max(turn.sigmaDeg, 0.2), extraSigmaDeg);
  const hoverSigma = Math.hypot(sigma, HOVER_RATE_DEG_PER_S * turn.overS);
  const passingSigma = Math.hypot(sigma, Math.min(WIDEST_TURN_DEG, PASSING_RATE_DEG_PER_S * turn.overS));
  const offDeg = wrap180Deg(turn.azimuthDeg - turnBetweenDeg(from.azimuthDeg, to.azimuthDeg));
  let fits = normalDensity(offDeg, sigma);
  let hovers = normalDensity(turn.azimuthDeg, hoverSigma);
  let passes = normalDensity(turn.azimuthDeg, passingSigma);
  if (turn.elevationDeg !== null && from.elevationDeg !== null && to.elevationDeg !== null) {
    fits *= normalDensity(turn.elevationDeg - (to.elevationDeg - from.elevationDeg), sigma);
    hovers *= normalDensity(turn.elevationDeg, hoverSigma);
    passes *= normalDensity(turn.elevationDeg, passingSigma);
  }
  const other = (hovers + passes) / 2;
  // A turn that nothing explains leaves both at nothing: then it says nothing.
  return other > 0 ? WRONG_ALTOGETHER + (1 - WRONG_ALTOGETHER) * Math.min(100, fits / other) : 1;
}

/**
 * The factor for how it moved across the sky: from a measured turn when there is one, else from the word that was used and the rate at which the
 * thing goes. `later` is where the thing stands after the turn's seconds; null when that is not known.
 */
export function movementFactors(
  sighting: Sighting,
  rateDegPerS: number | null,
  now: Direction,
  later: Direction | null,
  extraSigmaDeg: number,
): Factor[] {
  if (sighting.turn !== undefined && later !== null) {
    return [{ key: "turn", ratio: turnRatio(sighting.turn, now, later, extraSigmaDeg) }];
  }
  const word = sighting.said?.motion;
  if (word === undefined || rateDegPerS === null) return [];
  const turnDeg = rateDegPerS * (sighting.watchedS ?? USUAL_LOOK_S);
  const moving = Math.min(1, Math.max(0, (turnDeg - SEEMS_STILL_DEG) / (SEEMS_MOVING_DEG - SEEMS_STILL_DEG)));
  switch (word) {
    case "still":
      return [{ key: "motion", ratio: 1.5 + moving * (0.1 - 1.5) }];
    case "moving":
      return [{ key: "motion", ratio: 0.4 + moving * (1.4 - 0.4) }];
    case "circling":
    case "erratic":
      return [{ key: "motion", ratio: 0.2 }];
  }
}

/** Degrees on the sphere between two directions that are known in full. */
export function betweenDeg(a: { azimuthDeg: number; elevationDeg: number }, b: { azimuthDeg: number; elevationDeg: number }): number {
  const rad = Math.PI / 180;
  const half =
    Math.sin(((a.elevationDeg - b.elevationDeg) * rad) / 2) ** 2 +
    Math.cos(a.elevationDeg * rad) * Math.cos(b.elevationDeg * rad) * Math.sin((turnBetweenDeg(a.azimuthDeg, b.azimuthDeg) * rad) / 2) ** 2;
  return (2 * Math.asin(Math.min(1, Math.sqrt(half)))) / rad;
}
