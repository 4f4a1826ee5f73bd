// What might a report or an unknown track be instead of a drone, why, how surely, and what would settle it?
import { admit, sightingFlaw, trackFlaw } from "./admission.ts";
import { aircraftAlong, aircraftInSight } from "./against-aircraft.ts";
import { driftsAlong, driftsInSight } from "./against-balloons.ts";
import { birdsAlong, birdsInSight } from "./against-birds.ts";
import { againstBodies, type Answered } from "./against-bodies.ts";
import { dronesAlong, dronesInSight } from "./against-drones.ts";
import { againstSatellites } from "./against-satellites.ts";
import type { Context, Explanation, Finding, LookAlikeKind, Refused, Sighting, UnknownTrack } from "./contract.ts";
import { LIMITS } from "./limits.ts";

/**
 * The look-alikes of a report or of a track, strongest first, each with its reason. Nothing here dismisses a report: findings stand beside it, and a
 * person decides. Deterministic: the same question and context give the same answer on any day. A question that cannot be worked with (a moment
 * outside 2000 to 2100, NaN, a place at a pole) is refused by name; a piece of context that cannot is left out by name.
 */
export function explain(question: Sighting | UnknownTrack, context: Context): Explanation | Refused {
  const flaw = question.what === "sighting" ? sightingFlaw(question) : trackFlaw(question);
  if (flaw !== null) return { refused: flaw };
  const { aircraft, drones, satellites, winds, leftOut, leftOutMore } = admit(context);
  const answers: readonly Answered[] =
    question.what === "sighting"
      ? [
          againstBodies(question),
          againstSatellites(question, satellites),
          aircraftInSight(question, aircraft),
          dronesInSight(question, drones),
          driftsInSight(question, winds),
          birdsInSight(question),
        ]
      : [
          notForTracks("body"),
          notForTracks("satellite"),
          aircraftAlong(question, aircraft),
          dronesAlong(question, drones),
          driftsAlong(question, winds),
          birdsAlong(question),
        ];
  const all = answers.flatMap(({ findings }) => findings).toSorted(strongestFirst);
  const checks = answers.map(({ check }) => check);
  const anyAsked = checks.some(({ outcome }) => outcome === "found" || outcome === "none-fits");
  return {
    answer: all.length > 0 ? "look-alikes" : anyAsked ? "none-found" : "not-enough-information",
    findings: all.slice(0, LIMITS.findings),
    findingsLeftOut: Math.max(0, all.length - LIMITS.findings),
    checks,
    leftOut,
    leftOutMore,
  };
}

/** What has a place in the air is no star. */
function notForTracks(kind: LookAlikeKind): Answered {
  return { findings: [], check: { kind, outcome: "does-not-apply", missing: [], doesNotExclude: [] } };
}

/** Equal strengths stand in the order of their names, so that the same question has one answer. */
function strongestFirst(a: Finding, b: Finding): number {
  if (a.likelihoodRatio !== b.likelihoodRatio) return b.likelihoodRatio - a.likelihoodRatio;
  return a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0;
}
