// The tracker's estimate in the units of the screen, rounded to what can be meant by it.
import type { TrackEstimate } from "@atalaya/tracker";
import type { Measured } from "./track.ts";

/** 95 % of a two-dimensional normal distribution lies within this many standard deviations squared (χ², two degrees of freedom). */
const CHI2_95 = 5.991;

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

export function measuredOf({
  label,
  existence,
  classes,
  covarianceEnuM2,
  speedSigmaMps,
  manoeuvre,
  ambiguity,
  group,
  sensors,
  reasons,
}: TrackEstimate): Measured {
  const [ee = 0, en = 0, , , nn = 0, , , , uu = 0] = covarianceEnuM2;
  // Eigenvalues of the horizontal covariance; the longer axis by its azimuth.
  const middle = (ee + nn) / 2;
  const spread = Math.hypot((ee - nn) / 2, en);
  const azimuth = (Math.atan2(2 * en, nn - ee) / 2) * (180 / Math.PI);
  return {
    label,
    existence: rounded(existence, 3),
    classes: {
      drone: rounded(classes.drone, 2),
      bird: rounded(classes.bird, 2),
      aircraft: rounded(classes.aircraft, 2),
      unknown: rounded(classes.unknown, 2),
    },
    ellipse: {
      majorM: rounded(Math.sqrt(CHI2_95 * (middle + spread)), 1),
      minorM: rounded(Math.sqrt(CHI2_95 * Math.max(0, middle - spread)), 1),
      azimuthDeg: rounded(((azimuth % 180) + 180) % 180, 1),
    },
    heightSigmaM: rounded(Math.sqrt(uu), 1),
    speedSigmaMps: rounded(speedSigmaMps, 2),
    manoeuvre: [rounded(manoeuvre[0], 2), rounded(manoeuvre[1], 2), rounded(manoeuvre[2], 2)],
    ambiguity: rounded(ambiguity, 2),
    ...(group === undefined ? {} : { group }),
    sensors,
    reasons: reasons.map(({ sensor, timeS, probability, distance2 }) => ({
      sensor,
      timeUs: Math.round(timeS * 1e6),
      probability: rounded(probability, 3),
      distance2: rounded(distance2, 1),
    })),
  };
}
