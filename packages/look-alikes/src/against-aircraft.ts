// Which manned aircraft, of those that told where they are, might it be?
import { type Answered, missingAngles } from "./against-bodies.ts";
import { sunElevationDeg } from "./bodies.ts";
import type { Check, Finding, Fix, KnownAircraft, Missing, Sighting, UnknownTrack } from "./contract.ts";
import { newest } from "./admission.ts";
import { along } from "./between.ts";
import { flightOf } from "./flight.ts";
import { saysSomething } from "./direction.ts";
import { weighed } from "./grade.ts";
import { classRatio } from "./class-shares.ts";
import { farthestM, NIGHT_SUN_DEG, type NoticedFrom, shareNoticed } from "./noticed.ts";
import { stoodThere, wentAlong } from "./known-fliers.ts";
import { AIRCRAFT_AGILITY, frameAt } from "./whereabouts.ts";
import { saidFactors } from "./words.ts";

/** An airliner crosses a hand's breadth of sky in a minute: a moment less sure than this says nothing about which. */
const COARSEST_TIME_MS = 300_000;
/** Lights are seen farther than a body by day. Shares of those in the direction that a person would notice, by range. Our own estimate. */
const NOTICED_BY_DAY: NoticedFrom = [
  [8000, 1],
  [25_000, 0.3],
  [60_000, 0.05],
];
const NOTICED_BY_NIGHT: NoticedFrom = [
  [30_000, 1],
  [80_000, 0.2],
  [150_000, 0.02],
];
/** Where this many are in sight, that one stands near is little surprise. */
const UNCROWDED = 3;
const AHEAD_S = 60;

export function aircraftInSight(sighting: Sighting, aircraft: readonly KnownAircraft[] | null): Answered {
  const { azimuth, elevation, observer, timeUnixMs, timeSigmaMs } = sighting;
  if (aircraft === null) return unanswered(["adsb"]);
  if (azimuth === null && elevation === null) return unanswered(["azimuth", "elevation"]);
  if (!saysSomething(azimuth) && !saysSomething(elevation)) return unanswered(["direction-too-coarse"]);
  if (timeSigmaMs > COARSEST_TIME_MS) return unanswered(["time-too-coarse"]);
  const noticed = sunElevationDeg(timeUnixMs, observer) < NIGHT_SUN_DEG ? NOTICED_BY_NIGHT : NOTICED_BY_DAY;
  const frame = frameAt(observer);
  const standing = aircraft.flatMap((given) => {
    const one = { ...given, fixes: newest(given.fixes) };
    const stood = stoodThere(one, sighting, frame, AIRCRAFT_AGILITY);
    return stood === null || stood.rangeM > farthestM(noticed) ? [] : [{ one, stood }];
  });
  const findings = standing.flatMap(({ one, stood }): Finding[] => {
    const { factors, ...figures } = stood;
    const again = stoodThere(one, { ...sighting, timeUnixMs: timeUnixMs + AHEAD_S * 1000 }, frame, AIRCRAFT_AGILITY);
    const finding = weighed({
      kind: "aircraft",
      subject: one.id,
      factors: [
        ...factors,
        { key: "brightness", ratio: shareNoticed(noticed, stood.rangeM) },
        { key: "crowd", ratio: Math.min(1, UNCROWDED / standing.length) },
        ...saidFactors(sighting.said, "aircraft", true),
      ],
      reason: { key: "aircraft-near", id: one.id, name: one.callsign ?? null, ...figures },
      decides: [
        ...(again === null
          ? []
          : [
              {
                key: "look-again" as const,
                atUnixMs: timeUnixMs + AHEAD_S * 1000,
                azimuthDeg: again.azimuthDeg,
                elevationDeg: again.elevationDeg,
              },
            ]),
        { key: "listen" },
        { key: "ask-air-traffic", id: one.id },
      ],
      doesNotExclude: ["drone-in-the-same-direction", "aircraft-without-adsb"],
    });
    return finding === null ? [] : [finding];
  });
  const lacksHeight = elevation !== null && standing.some(({ stood }) => stood.elevationDeg === null);
  return { findings, check: answered(findings, [...missingAngles(sighting), ...(lacksHeight ? (["height"] as const) : [])]) };
}

export function aircraftAlong(track: UnknownTrack, aircraft: readonly KnownAircraft[] | null): Answered {
  const fixes = newest(track.fixes);
  const known = (aircraft ?? []).flatMap((one): Finding[] => {
    const went = wentAlong({ ...one, fixes: newest(one.fixes) }, fixes, AIRCRAFT_AGILITY);
    if (went === null) return [];
    const { factors, ...figures } = went;
    const finding = weighed({
      kind: "aircraft",
      subject: one.id,
      factors: [...factors, ...classRatio(track.classes, "aircraft")],
      reason: { key: "aircraft-along", id: one.id, name: one.callsign ?? null, ...figures },
      decides: [{ key: "ask-air-traffic", id: one.id }],
      doesNotExclude: ["identity-can-be-copied", "aircraft-without-adsb"],
    });
    return finding === null ? [] : [finding];
  });
  // One that is known explains the way it flies.
  const findings = known.length > 0 ? known : unheardAircraft(track, fixes);
  if (aircraft === null && findings.length === 0) return unanswered(["adsb"]);
  return { findings, check: answered(findings, aircraft === null ? ["adsb"] : []) };
}

/** Shorter tracks do not show a speed. */
const LEAST_SPAN_S = 5;
/** Ratio of manned aircraft to drones by speed over the ground: few drones hold more than 40 m/s, those that are flown at towns 50 to 60. Judgement. */
const BY_SPEED: readonly (readonly [mps: number, ratio: number])[] = [
  [0, 0.3],
  [20, 0.5],
  [40, 1],
  [60, 2.5],
  [80, 6],
  [120, 15],
];

/** Aircraft without ADS-B: a helicopter of the police, a crop duster, one whose transponder is off. */
function unheardAircraft(track: UnknownTrack, fixes: readonly Fix[]): readonly Finding[] {
  const flight = flightOf(fixes);
  const speedMps = flight === null || flight.spanS < LEAST_SPAN_S ? null : flight.speedMps;
  const finding = weighed({
    kind: "aircraft",
    subject: "flight",
    factors: [
      ...(speedMps === null ? [] : [{ key: "speed" as const, ratio: along(BY_SPEED, speedMps) }]),
      ...classRatio(track.classes, "aircraft"),
    ],
    reason: { key: "aircraft-like", speedMps, aircraftShare: track.classes?.aircraft ?? null },
    decides: [{ key: "listen" }, { key: "ask-air-traffic", id: null }],
    doesNotExclude: ["fast-drone"],
  });
  return finding === null ? [] : [finding];
}

function answered(findings: readonly Finding[], missing: readonly Missing[]): Check {
  return {
    kind: "aircraft",
    outcome: findings.length > 0 ? "found" : "none-fits",
    missing,
    doesNotExclude: ["aircraft-without-adsb", "aircraft-out-of-reception"],
  };
}

function unanswered(missing: readonly Missing[]): Answered {
  const doesNotExclude = ["aircraft-without-adsb", "aircraft-out-of-reception"] as const;
  return { findings: [], check: { kind: "aircraft", outcome: "not-enough-information", missing, doesNotExclude } };
}
