// The tracker's estimate in the units of the screen, rounded to what can be meant by it.
import type { TrackEstimate } from "@atalaya/tracker";
import type { Measured } from "./track.ts";

/** 95 % of a two-dimensional normal distribution lies within this many standard deviations squared (χ², two degrees of freedom). */
const CHI2_95 = 5.991;

/** This runs for each track of which there is news: the powers are not worked out anew. */
const tenths = (value: number): number => Math.round(value * 10) / 10;
const hundredths = (value: number): number => Math.round(value * 100) / 100;
const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

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
  const spread = Math.sqrt(((ee - nn) * (ee - nn)) / 4 + en * en);
  const azimuth = (Math.atan2(2 * en, nn - ee) / 2) * (180 / Math.PI);
  return {
    label,
    existence: thousandths(existence),
    classes: {
      drone: hundredths(classes.drone),
      bird: hundredths(classes.bird),
      aircraft: hundredths(classes.aircraft),
      unknown: hundredths(classes.unknown),
    },
    ellipse: {
      majorM: tenths(Math.sqrt(CHI2_95 * (middle + spread))),
      minorM: tenths(Math.sqrt(CHI2_95 * Math.max(0, middle - spread))),
      azimuthDeg: tenths(((azimuth % 180) + 180) % 180),
    },
    heightSigmaM: tenths(Math.sqrt(uu)),
    speedSigmaMps: hundredths(speedSigmaMps),
    manoeuvre: [hundredths(manoeuvre[0]), hundredths(manoeuvre[1]), hundredths(manoeuvre[2])],
    ambiguity: hundredths(ambiguity),
    ...(group === undefined ? {} : { group }),
    sensors,
    reasons,
  };
}
