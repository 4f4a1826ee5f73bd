// Which bright body might a report be of?
import { type BodySeen, brightBodies, sunElevationDeg } from "./bodies.ts";
import type { Check, Factor, Finding, Missing, Sighting } from "./contract.ts";
import { azimuthRatio, elevationRatio, saysSomething, separationDeg } from "./direction.ts";
import { productOf, weighed } from "./grade.ts";
import { dimmedMagnitude, faintestNoticed } from "./sky.ts";
import { movementFactors } from "./turning.ts";
import { saidFactors } from "./words.ts";

export interface Answered {
  readonly findings: readonly Finding[];
  readonly check: Check;
}

const LATER_S = 300;
/** Two people this far apart see a thing a kilometre away in directions that differ by a fifth of a turn, and a star in the same. */
const APART_M = 500;
const APART_TURN_DEG = 27;
/** The Earth turns a quarter of a degree in a minute. */
const SKY_TURN_DEG_PER_S = 360 / 86_164;
/** An hour and a half of the sky's turning: a moment less sure than that leaves no direction. */
const COARSEST_DRIFT_DEG = 22.5;
/** Nothing below is seen over a flat horizon. */
const HORIZON_DEG = -0.3;

/** Nobody takes the Sun itself for a drone; what glints beside it they may. */
const SUN_RATIO = 0.2;

/** How much sooner a bright thing is reported than a faint one: from 1 at magnitude −2 down by a factor of 1.45 a magnitude. Our own estimate. */
function prominence(magnitude: number): number {
  return Math.max(0.05, Math.min(1, 10 ** (-0.16 * (magnitude + 2))));
}

interface Candidate {
  readonly body: BodySeen;
  readonly seenMagnitude: number;
  readonly margin: number;
  /** Of its direction. */
  readonly factors: readonly Factor[];
  readonly next: BodySeen;
  readonly turned: BodySeen | null;
}

/** Who points near a planet and a star that is much fainter means the planet. */
const MUCH_BRIGHTER_MAGNITUDES = 1.5;
const NEARLY_AS_WELL = 0.3;
const OUTSHONE_RATIO = 0.3;

function isOutshone(seenMagnitude: number, factors: readonly Factor[], all: readonly Candidate[]): boolean {
  const fits = productOf(factors) * NEARLY_AS_WELL;
  return all.some((other) => other.seenMagnitude < seenMagnitude - MUCH_BRIGHTER_MAGNITUDES && productOf(other.factors) >= fits);
}

export function againstBodies(sighting: Sighting): Answered {
  const { azimuth, elevation, observer, timeUnixMs, timeSigmaMs } = sighting;
  if (azimuth === null && elevation === null) return { findings: [], check: unanswered(["azimuth", "elevation"]) };
  if (!saysSomething(azimuth) && !saysSomething(elevation)) return { findings: [], check: unanswered(["direction-too-coarse"]) };
  const driftDeg = (timeSigmaMs / 1000) * SKY_TURN_DEG_PER_S;
  if (driftDeg > COARSEST_DRIFT_DEG) return { findings: [], check: unanswered(["time-too-coarse"]) };
  const sunDeg = sunElevationDeg(timeUnixMs, observer);
  const limit = faintestNoticed(sunDeg);
  const later = brightBodies(timeUnixMs + LATER_S * 1000, observer);
  const afterTurn = sighting.turn === undefined ? null : brightBodies(timeUnixMs + sighting.turn.overS * 1000, observer);
  const seen = brightBodies(timeUnixMs, observer).flatMap((body, index): readonly Candidate[] => {
    const seenMagnitude = dimmedMagnitude(body.magnitude, body.elevationDeg);
    const margin = limit - seenMagnitude;
    if (body.elevationDeg < HORIZON_DEG || margin <= 0) return [];
    const factors: Factor[] = [];
    if (azimuth !== null) factors.push({ key: "direction", ratio: azimuthRatio(azimuth, body.azimuthDeg, driftDeg, body.elevationDeg) });
    if (elevation !== null) factors.push({ key: "elevation", ratio: elevationRatio(elevation, body.elevationDeg, driftDeg) });
    return [{ body, seenMagnitude, margin, factors, next: later[index] ?? body, turned: afterTurn?.[index] ?? null }];
  });
  const findings = seen.flatMap(({ body, seenMagnitude, margin, factors, next, turned }): readonly Finding[] => {
    const finding = weighed({
      kind: "body",
      subject: body.name,
      factors: [
        ...factors,
        { key: "brightness", ratio: body.name === "sun" ? SUN_RATIO : prominence(seenMagnitude) * Math.min(1, margin / 1.5) },
        ...(isOutshone(seenMagnitude, factors, seen) ? [{ key: "outshone" as const, ratio: OUTSHONE_RATIO }] : []),
        ...(turned === null ? [] : movementFactors(sighting, null, body, turned, 0)),
        ...saidFactors(sighting.said, "body", sighting.turn !== undefined),
      ],
      reason: {
        key: "body-near",
        body: body.name,
        azimuthDeg: body.azimuthDeg,
        elevationDeg: body.elevationDeg,
        separationDeg: separationDeg(azimuth, elevation, body.azimuthDeg, body.elevationDeg),
        magnitude: body.magnitude,
        sunElevationDeg: sunDeg,
        litShare: body.litShare,
      },
      decides: [
        { key: "moves-with-the-stars", afterS: LATER_S, azimuthDeg: next.azimuthDeg, elevationDeg: next.elevationDeg },
        { key: "second-observer", apartM: APART_M, turnDegAt1Km: APART_TURN_DEG },
        { key: "listen" },
      ],
      doesNotExclude: ["drone-in-the-same-direction", "hidden-by-cloud"],
    });
    return finding === null ? [] : [finding];
  });
  return {
    findings,
    check: {
      kind: "body",
      outcome: findings.length > 0 ? "found" : "none-fits",
      missing: missingAngles(sighting),
      doesNotExclude: ["fainter-stars"],
    },
  };
}

function unanswered(missing: readonly Missing[]): Check {
  return { kind: "body", outcome: "not-enough-information", missing, doesNotExclude: ["fainter-stars"] };
}

/** What would make an answer about a direction sharper. */
export function missingAngles({ azimuth, elevation }: Sighting): readonly Missing[] {
  return [...(azimuth === null ? (["azimuth"] as const) : []), ...(elevation === null ? (["elevation"] as const) : [])];
}
