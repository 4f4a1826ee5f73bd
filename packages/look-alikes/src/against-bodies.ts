// Which bright body might a report be of?
import { brightBodies, sunElevationDeg } from "./bodies.ts";
import type { Check, Finding, Missing, Sighting } from "./contract.ts";
import { azimuthRatio, elevationRatio, saysSomething, separationDeg } from "./direction.ts";
import { weighed } from "./grade.ts";
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
  const findings: Finding[] = [];
  for (const [index, body] of brightBodies(timeUnixMs, observer).entries()) {
    if (body.elevationDeg < HORIZON_DEG) continue;
    const seenMagnitude = dimmedMagnitude(body.magnitude, body.elevationDeg);
    const margin = limit - seenMagnitude;
    if (margin <= 0) continue;
    const next = later[index] ?? body;
    const finding = weighed({
      kind: "body",
      subject: body.name,
      factors: [
        ...(azimuth === null
          ? []
          : [{ key: "direction" as const, ratio: azimuthRatio(azimuth, body.azimuthDeg, driftDeg, body.elevationDeg) }]),
        ...(elevation === null ? [] : [{ key: "elevation" as const, ratio: elevationRatio(elevation, body.elevationDeg, driftDeg) }]),
        { key: "brightness", ratio: body.name === "sun" ? SUN_RATIO : prominence(seenMagnitude) * Math.min(1, margin / 1.5) },
        ...(sighting.turn === undefined ? [] : movementFactors(sighting, null, body, afterTurn?.[index] ?? null, 0)),
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
    if (finding !== null) findings.push(finding);
  }
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
