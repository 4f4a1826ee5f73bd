// Which satellite might a report be of?
import { type Answered, missingAngles } from "./against-bodies.ts";
import { sunElevationDeg } from "./bodies.ts";
import type { Check, Decider, Finding, Missing, OrbitalElements, Sighting } from "./contract.ts";
import { azimuthRatio, elevationRatio, saysSomething, separationDeg } from "./direction.ts";
import { weighed } from "./grade.ts";
import { ageDays, alongTrackSigmaM, satelliteSeen, satellitesInSight, type SatelliteSeen } from "./satellites.ts";
import { betweenDeg, movementFactors } from "./turning.ts";
import { saidFactors } from "./words.ts";

/** With the Sun higher than this no satellite is noticed; from here to the end of civil twilight the brightest are. */
const TOO_LIGHT_DEG = -4;
const DUSK_DEG = -6;
/** A satellite crosses the sky in minutes: a moment less sure than this says nothing about which. */
const COARSEST_TIME_MS = 120_000;
const LOWEST_DEG = 3;
/** Where this many stand in the sky, that one of them stands near is little surprise. */
const UNCROWDED = 3;
const BRIGHT_RANGE_M = 1_000_000;
const AHEAD_S = 600;
const AHEAD_STEP_S = 10;

export function againstSatellites(sighting: Sighting, elements: readonly OrbitalElements[] | null): Answered {
  const { azimuth, elevation, observer, timeUnixMs, timeSigmaMs } = sighting;
  if (elements === null) return unanswered(["elements"]);
  if (azimuth === null && elevation === null) return unanswered(["azimuth", "elevation"]);
  if (!saysSomething(azimuth) && !saysSomething(elevation)) return unanswered(["direction-too-coarse"]);
  if (timeSigmaMs > COARSEST_TIME_MS) return unanswered(["time-too-coarse"]);
  const sunDeg = sunElevationDeg(timeUnixMs, observer);
  const { inSight, tooOld } = satellitesInSight(elements, timeUnixMs, observer);
  if (elements.length === 0 || (tooOld > 0 && tooOld === new Set(elements.map(({ noradId }) => noradId)).size))
    return unanswered(["fresh-elements"]);
  const findings = sunDeg > TOO_LIGHT_DEG ? [] : inSight.flatMap((seen) => findingOf(seen, sighting, sunDeg, inSight.length));
  const check: Check = {
    kind: "satellite",
    outcome: findings.length > 0 ? "found" : "none-fits",
    missing: [...missingAngles(sighting), ...(tooOld > 0 ? (["fresh-elements"] as const) : [])],
    doesNotExclude: ["satellites-without-elements", ...(tooOld > 0 ? (["elements-too-old"] as const) : [])],
  };
  return { findings, check };
}

function unanswered(missing: readonly Missing[]): Answered {
  const check: Check = { kind: "satellite", outcome: "not-enough-information", missing, doesNotExclude: ["satellites-without-elements"] };
  return { findings: [], check };
}

function findingOf(seen: SatelliteSeen, sighting: Sighting, sunDeg: number, inSight: number): readonly Finding[] {
  if (seen.elevationDeg < LOWEST_DEG) return [];
  const { azimuth, elevation, observer, timeUnixMs, timeSigmaMs, turn } = sighting;
  const oneLater = satelliteSeen(seen.elements, timeUnixMs + 1000, observer);
  if (oneLater === null) return [];
  const rateDegPerS = betweenDeg(seen, oneLater);
  const age = ageDays(seen.elements, timeUnixMs);
  const errorDeg = Math.hypot((Math.atan(alongTrackSigmaM(age) / seen.rangeM) * 180) / Math.PI, (rateDegPerS * timeSigmaMs) / 1000);
  const afterTurn = turn === undefined ? null : satelliteSeen(seen.elements, timeUnixMs + turn.overS * 1000, observer);
  const finding = weighed({
    kind: "satellite",
    subject: seen.elements.noradId,
    factors: [
      ...(azimuth === null
        ? []
        : [{ key: "direction" as const, ratio: azimuthRatio(azimuth, seen.azimuthDeg, errorDeg, seen.elevationDeg) }]),
      ...(elevation === null ? [] : [{ key: "elevation" as const, ratio: elevationRatio(elevation, seen.elevationDeg, errorDeg) }]),
      { key: "brightness", ratio: (sunDeg > DUSK_DEG ? 0.5 : 1) * Math.min(1, (BRIGHT_RANGE_M / seen.rangeM) ** 2) },
      { key: "crowd", ratio: Math.min(1, UNCROWDED / inSight) },
      ...movementFactors(sighting, rateDegPerS, seen, afterTurn, errorDeg / 5),
      ...saidFactors(sighting.said, "satellite", true),
    ],
    reason: {
      key: "satellite-near",
      noradId: seen.elements.noradId,
      name: seen.elements.name,
      azimuthDeg: seen.azimuthDeg,
      elevationDeg: seen.elevationDeg,
      separationDeg: separationDeg(azimuth, elevation, seen.azimuthDeg, seen.elevationDeg),
      rangeM: seen.rangeM,
      rateDegPerS,
      elementsAgeDays: age,
      errorDeg,
      sunElevationDeg: sunDeg,
    },
    decides: [...whatFollows(seen, sighting), { key: "listen" }],
    doesNotExclude: ["drone-in-the-same-direction", "hidden-by-cloud", "satellites-without-elements"],
  });
  return finding === null ? [] : [finding];
}

/** Where it goes within a minute, and when it is gone: into the Earth's shadow or below the horizon. */
function whatFollows(seen: SatelliteSeen, sighting: Sighting): readonly Decider[] {
  const deciders: Decider[] = [];
  const inAMinute = satelliteSeen(seen.elements, sighting.timeUnixMs + 60_000, sighting.observer);
  if (inAMinute !== null && inAMinute.elevationDeg > 0) {
    const { azimuthDeg, elevationDeg } = inAMinute;
    deciders.push({ key: "look-again", atUnixMs: sighting.timeUnixMs + 60_000, azimuthDeg, elevationDeg });
  }
  for (let afterS = AHEAD_STEP_S; afterS <= AHEAD_S; afterS += AHEAD_STEP_S) {
    const atUnixMs = sighting.timeUnixMs + afterS * 1000;
    const then = satelliteSeen(seen.elements, atUnixMs, sighting.observer);
    if (then === null || (then.sunlit && then.elevationDeg > 0)) continue;
    deciders.push({ key: "gone-by", atUnixMs, why: then.elevationDeg <= 0 ? "sets" : "enters-shadow" });
    break;
  }
  return deciders;
}
