// Might it be a bird, by how it flies?
import { newest } from "./admission.ts";
import type { Answered } from "./against-bodies.ts";
import { along } from "./between.ts";
import { classRatio } from "./class-shares.ts";
import type { Check, Factor, Finding, Missing, Sighting, UnknownTrack } from "./contract.ts";
import { flightOf } from "./flight.ts";
import { weighed } from "./grade.ts";
import { saidFactors } from "./words.ts";

/** Shorter tracks do not show behaviour. */
const LEAST_SPAN_S = 10;
/**
 * Ratio of birds to drones by speed over the ground: most birds fly at 8 to 20 m/s (Alerstam et al., PLoS Biology 5 (2007) e197: airspeeds of 138 species
 * from 8 to 23 m/s), drones hover, and some are faster than any bird. The figures between are judgement.
 */
const BY_SPEED: readonly (readonly [mps: number, ratio: number])[] = [
  [0, 0.1],
  [3, 0.4],
  [7, 1.2],
  [12, 1.6],
  [20, 1.2],
  [25, 0.4],
  [35, 0.05],
];
/** And by how much the course wanders: a drone on its way holds it within a few degrees, a bird that hunts or soars does not. Judgement. */
const BY_WANDER: readonly (readonly [degPerRootS: number, ratio: number])[] = [
  [0, 0.5],
  [4, 0.7],
  [10, 1.8],
  [20, 2.5],
];

export function birdsInSight(sighting: Sighting): Answered {
  const { said } = sighting;
  if (said?.shape === undefined && said?.motion === undefined) return unanswered(["behaviour"]);
  const findings = finding(saidFactors(said, "bird", false), null, null, null, said.shape === "wings-beating");
  // Motion alone can speak for a bird; that it does not is no answer.
  if (said.shape === undefined && findings.length === 0) return unanswered(["behaviour"]);
  return { findings, check: answered(findings, said.shape === undefined ? ["behaviour"] : []) };
}

export function birdsAlong(track: UnknownTrack): Answered {
  const flight = flightOf(newest(track.fixes));
  const isLong = flight !== null && flight.spanS >= LEAST_SPAN_S;
  if (!isLong && track.classes === undefined) return unanswered(["behaviour"]);
  const factors: Factor[] = [];
  if (isLong) factors.push({ key: "speed", ratio: along(BY_SPEED, flight.speedMps) });
  if (isLong && flight.wanderDegPerRootS !== null) factors.push({ key: "wander", ratio: along(BY_WANDER, flight.wanderDegPerRootS) });
  factors.push(...classRatio(track.classes, "bird"));
  const findings = finding(
    factors,
    isLong ? flight.speedMps : null,
    isLong ? flight.wanderDegPerRootS : null,
    track.classes?.bird ?? null,
    false,
  );
  return { findings, check: answered(findings, isLong ? [] : ["movement"]) };
}

function finding(
  factors: readonly Factor[],
  speedMps: number | null,
  wanderDegPerRootS: number | null,
  birdShare: number | null,
  wingsBeating: boolean,
): readonly Finding[] {
  const found = weighed({
    kind: "bird",
    subject: "flight",
    factors,
    reason: { key: "bird-like", speedMps, wanderDegPerRootS, birdShare, wingsBeating },
    decides: [{ key: "wings-through-binoculars" }, { key: "listen" }],
    doesNotExclude: ["drone-flying-like-a-bird"],
  });
  return found === null ? [] : [found];
}

function answered(findings: readonly Finding[], missing: readonly Missing[]): Check {
  return { kind: "bird", outcome: findings.length > 0 ? "found" : "none-fits", missing, doesNotExclude: ["drone-flying-like-a-bird"] };
}

function unanswered(missing: readonly Missing[]): Answered {
  return {
    findings: [],
    check: { kind: "bird", outcome: "not-enough-information", missing, doesNotExclude: ["drone-flying-like-a-bird"] },
  };
}
