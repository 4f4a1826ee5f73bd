// Might it be something that drifts with the wind: a balloon, a lantern, a bag?
import { turnBetweenDeg, wrap360Deg } from "@atalaya/geodesy";
import { newest } from "./admission.ts";
import type { Answered } from "./against-bodies.ts";
import type { Check, Finding, Missing, Sighting, UnknownTrack, Wind } from "./contract.ts";
import { azimuthRatio, middleOf, normalDensity } from "./direction.ts";
import { flightOf } from "./flight.ts";
import { weighed } from "./grade.ts";
import { saidFactors } from "./words.ts";

/** Shorter tracks do not show whether something only drifts. */
const LEAST_SPAN_S = 20;
/** Gusts and eddies about the mean that was entered. */
const GUST_MPS = 1;
/** Anything else that flies either hovers or goes somewhere at some ten metres a second; half and half. */
const HOVER_SHARE = 0.5;
const HOVER_SIGMA_MPS = 0.7;
const CRUISE_SIGMA_MPS = 9;
/**
 * Party balloons and lanterns float level or rise at one to two metres a second; what else flies stays level or goes up and down faster. Shares of level
 * flight, and spreads, by judgement.
 */
const LEVEL_SIGMA_MPS = 0.5;
const FLOATING_SHARE = 0.4;
const RISING_MEAN_MPS = 1;
const RISING_SIGMA_MPS = 1.5;
const OTHER_LEVEL_SHARE = 0.5;
const OTHER_CLIMB_SIGMA_MPS = 4;
/** A wind below this has no direction worth the name. */
const CALM_MPS = 1;
/** Drifting things hardly turn. */
const WANDER_DEG = 6;
const DIRECTION_ERROR_DEG = 10;

export function driftsInSight(sighting: Sighting, winds: readonly Wind[] | null): Answered {
  const { heading, timeUnixMs, observer } = sighting;
  if (winds === null) return unanswered(["wind"]);
  const blowing = winds.filter(
    (wind) => timeUnixMs >= wind.fromUnixMs && timeUnixMs <= wind.toUnixMs && wind.topHaeM >= observer.heightHaeM,
  );
  if (blowing.length === 0) return unanswered(["wind"]);
  if (heading === undefined) return unanswered(["movement"]);
  const findings = blowing.flatMap((wind): Finding[] => {
    if (wind.speedMps < CALM_MPS) return [];
    const windToDeg = wrap360Deg(wind.fromDeg + 180);
    const { deg } = middleOf(heading);
    const finding = weighed({
      kind: "balloon",
      subject: "drift",
      factors: [
        { key: "course", ratio: azimuthRatio(heading, windToDeg, Math.hypot(wind.directionSigmaDeg, DIRECTION_ERROR_DEG), 0) },
        ...saidFactors(sighting.said, "balloon", false),
      ],
      reason: {
        key: "drifts-with-wind",
        courseDeg: wrap360Deg(deg),
        windToDeg,
        speedMps: null,
        windMps: wind.speedMps,
        differenceDeg: Math.abs(turnBetweenDeg(deg, windToDeg)),
      },
      decides: [{ key: "change-of-course-against-wind", windToDeg }, { key: "listen" }],
      doesNotExclude: ["drone-with-the-wind", "wind-differs-with-height"],
    });
    return finding === null ? [] : [finding];
  });
  return { findings: best(findings), check: answered(findings, ["height"]) };
}

export function driftsAlong(track: UnknownTrack, winds: readonly Wind[] | null): Answered {
  if (winds === null) return unanswered(["wind"]);
  const fixes = newest(track.fixes);
  const last = fixes.at(-1);
  if (last === undefined) return unanswered(["movement"]);
  const height = last.heightHaeM;
  const blowing = winds.filter(
    (wind) =>
      last.timeUnixMs >= wind.fromUnixMs &&
      last.timeUnixMs <= wind.toUnixMs &&
      (height === null || (height >= wind.bottomHaeM - 2 * last.heightSigmaM && height <= wind.topHaeM + 2 * last.heightSigmaM)),
  );
  if (blowing.length === 0) return unanswered(["wind"]);
  const flight = flightOf(fixes);
  if (flight === null || flight.spanS < LEAST_SPAN_S || flight.velocitySigmaMps > CRUISE_SIGMA_MPS / 3) return unanswered(["movement"]);
  const { eastMps, northMps, upMps, velocitySigmaMps, wanderDegPerRootS } = flight;
  const speedMps = Math.hypot(eastMps, northMps);
  const findings = blowing.flatMap((wind): Finding[] => {
    const windToDeg = wrap360Deg(wind.fromDeg + 180);
    const windEast = wind.speedMps * Math.sin((windToDeg * Math.PI) / 180);
    const windNorth = wind.speedMps * Math.cos((windToDeg * Math.PI) / 180);
    // Along the wind its speed is unsure, across it its direction.
    const acrossSigma = Math.hypot(
      wind.speedMps * Math.sin((Math.min(wind.directionSigmaDeg, 90) * Math.PI) / 180),
      GUST_MPS,
      velocitySigmaMps,
    );
    const alongSigma = Math.hypot(wind.speedSigmaMps, GUST_MPS, velocitySigmaMps);
    const offEast = eastMps - windEast;
    const offNorth = northMps - windNorth;
    const sin = Math.sin((windToDeg * Math.PI) / 180);
    const cos = Math.cos((windToDeg * Math.PI) / 180);
    const fits = normalDensity(offEast * sin + offNorth * cos, alongSigma) * normalDensity(offEast * cos - offNorth * sin, acrossSigma);
    const finding = weighed({
      kind: "balloon",
      subject: "drift",
      factors: [
        { key: "speed", ratio: fits / anythingElse(speedMps, velocitySigmaMps) },
        ...(upMps === null || flight.upSigmaMps > RISING_SIGMA_MPS
          ? []
          : [{ key: "climb" as const, ratio: climbRatio(upMps, flight.upSigmaMps) }]),
        ...(wanderDegPerRootS === null ? [] : [{ key: "wander" as const, ratio: wanderDegPerRootS < WANDER_DEG ? 1.5 : 0.3 }]),
      ],
      reason: {
        key: "drifts-with-wind",
        courseDeg: wrap360Deg((Math.atan2(eastMps, northMps) * 180) / Math.PI),
        windToDeg,
        speedMps,
        windMps: wind.speedMps,
        differenceDeg: Math.abs(turnBetweenDeg((Math.atan2(eastMps, northMps) * 180) / Math.PI, windToDeg)),
      },
      decides: [{ key: "change-of-course-against-wind", windToDeg }],
      doesNotExclude: ["drone-with-the-wind", "wind-differs-with-height"],
    });
    return finding === null ? [] : [finding];
  });
  return { findings: best(findings), check: answered(findings, height === null ? ["height"] : []) };
}

function anythingElse(speedMps: number, sigmaMps: number): number {
  const hover = Math.hypot(HOVER_SIGMA_MPS, sigmaMps);
  const cruise = Math.hypot(CRUISE_SIGMA_MPS, sigmaMps);
  return (
    HOVER_SHARE * normalDensity(speedMps, hover) * normalDensity(0, hover) +
    (1 - HOVER_SHARE) * normalDensity(speedMps, cruise) * normalDensity(0, cruise)
  );
}

function climbRatio(upMps: number, sigmaMps: number): number {
  const level = normalDensity(upMps, Math.hypot(LEVEL_SIGMA_MPS, sigmaMps));
  const rising = normalDensity(upMps - RISING_MEAN_MPS, Math.hypot(RISING_SIGMA_MPS, sigmaMps));
  const climbing = normalDensity(upMps, Math.hypot(OTHER_CLIMB_SIGMA_MPS, sigmaMps));
  return (FLOATING_SHARE * level + (1 - FLOATING_SHARE) * rising) / (OTHER_LEVEL_SHARE * level + (1 - OTHER_LEVEL_SHARE) * climbing);
}

/** One thing drifts with one wind: the one that fits best. */
function best(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => b.likelihoodRatio - a.likelihoodRatio).slice(0, 1);
}

function answered(findings: readonly Finding[], missing: readonly Missing[]): Check {
  return { kind: "balloon", outcome: findings.length > 0 ? "found" : "none-fits", missing, doesNotExclude: ["wind-differs-with-height"] };
}

function unanswered(missing: readonly Missing[]): Answered {
  return {
    findings: [],
    check: { kind: "balloon", outcome: "not-enough-information", missing, doesNotExclude: ["wind-differs-with-height"] },
  };
}
