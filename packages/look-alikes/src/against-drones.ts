// Which drone of our own, or that was allowed to fly, might it be?
import { lookBetween } from "@atalaya/geodesy";
import { newest } from "./admission.ts";
import { type Answered, missingAngles } from "./against-bodies.ts";
import { sunElevationDeg } from "./bodies.ts";
import type { Check, Finding, Fix, KnownDrone, Missing, Sighting, UnknownTrack } from "./contract.ts";
import { azimuthRatio, saysSomething } from "./direction.ts";
import { productOf, weighed } from "./grade.ts";
import { stoodThere, wentAlong } from "./known-fliers.ts";
import { farthestM, NIGHT_SUN_DEG, type NoticedFrom, shareNoticed } from "./noticed.ts";
import { DRONE_AGILITY, frameAt } from "./whereabouts.ts";
import { saidFactors } from "./words.ts";

const COARSEST_TIME_MS = 300_000;
const NOTICED_BY_DAY: NoticedFrom = [
  [800, 1],
  [3000, 0.1],
  [6000, 0.02],
];
const NOTICED_BY_NIGHT: NoticedFrom = [
  [2000, 1],
  [6000, 0.2],
  [12_000, 0.02],
];
/** A drone that was allowed and was not heard flies perhaps as often as not. */
const UNHEARD = 0.5;
/** A claim of a listed identity: seldom made by others, never proof. */
const IDENTITY_RATIO = 10;
/** In an allowed place at an allowed time, unheard: better than chance, and no more. */
const ALLOWED_RATIO = 2;

export function dronesInSight(sighting: Sighting, drones: readonly KnownDrone[] | null): Answered {
  const { azimuth, elevation, observer, timeUnixMs, timeSigmaMs } = sighting;
  if (drones === null) return unanswered(["known-drones"]);
  if (azimuth === null && elevation === null) return unanswered(["azimuth", "elevation"]);
  if (!saysSomething(azimuth) && !saysSomething(elevation)) return unanswered(["direction-too-coarse"]);
  if (timeSigmaMs > COARSEST_TIME_MS) return unanswered(["time-too-coarse"]);
  const noticed = sunElevationDeg(timeUnixMs, observer) < NIGHT_SUN_DEG ? NOTICED_BY_NIGHT : NOTICED_BY_DAY;
  const frame = frameAt(observer);
  const findings = drones.flatMap((drone): readonly (Finding | null)[] => {
    const stood = stoodThere({ ...drone, fixes: newest(drone.fixes) }, sighting, frame, DRONE_AGILITY);
    if (stood === null) return [allowedInSight(sighting, drone, noticed)];
    if (stood.rangeM > farthestM(noticed)) return [];
    const { factors, ...figures } = stood;
    return [
      weighed({
        kind: "drone",
        subject: drone.id,
        factors: [
          ...factors,
          { key: "brightness", ratio: shareNoticed(noticed, stood.rangeM) },
          ...saidFactors(sighting.said, "drone", true),
        ],
        reason: { key: "drone-near", id: drone.id, name: drone.name ?? null, ...figures },
        decides: [{ key: "ask-pilot", id: drone.id }],
        doesNotExclude: ["drone-in-the-same-direction", "drone-not-on-the-list"],
      }),
    ];
  });
  const found = findings.filter((finding) => finding !== null);
  return { findings: found, check: answered(found, missingAngles(sighting)) };
}

/** A drone that nobody heard, but that was allowed to fly where the report points, then. */
function allowedInSight(sighting: Sighting, drone: KnownDrone, noticed: NoticedFrom): Finding | null {
  const { azimuth, observer, timeUnixMs, timeSigmaMs } = sighting;
  const { allowed } = drone;
  if (allowed === undefined || timeUnixMs + timeSigmaMs < allowed.fromUnixMs || timeUnixMs - timeSigmaMs > allowed.toUnixMs) return null;
  const middle = { latDeg: allowed.latDeg, lonDeg: allowed.lonDeg, heightHaeM: observer.heightHaeM };
  const { azimuthDeg, slantRangeM } = lookBetween(observer, middle);
  const nearestM = Math.max(0, slantRangeM - allowed.radiusM);
  if (nearestM > farthestM(noticed)) return null;
  // Anywhere in the circle; from inside it, in any direction at all.
  const spreadDeg = slantRangeM > allowed.radiusM ? (Math.asin(allowed.radiusM / slantRangeM) * 180) / Math.PI / 2 : 180;
  return weighed({
    kind: "drone",
    subject: drone.id,
    factors: [
      ...(azimuth === null ? [] : [{ key: "direction" as const, ratio: azimuthRatio(azimuth, azimuthDeg, spreadDeg, 0) }]),
      { key: "place", ratio: ALLOWED_RATIO * UNHEARD },
      { key: "brightness", ratio: shareNoticed(noticed, nearestM) },
      ...saidFactors(sighting.said, "drone", true),
    ],
    reason: { key: "drone-allowed", id: drone.id, name: drone.name ?? null, distanceM: nearestM },
    decides: [{ key: "ask-pilot", id: drone.id }],
    doesNotExclude: ["drone-in-the-same-direction", "drone-not-on-the-list"],
  });
}

export function dronesAlong(track: UnknownTrack, drones: readonly KnownDrone[] | null): Answered {
  if (drones === null) return unanswered(["known-drones"]);
  const fixes = newest(track.fixes);
  const claimed = new Set(track.claimedIds ?? []);
  const findings: Finding[] = [];
  for (const drone of drones) {
    const claims = claimed.has(drone.id) || (drone.broadcastIds ?? []).some((id) => claimed.has(id));
    const along = wentAlong({ ...drone, fixes: newest(drone.fixes) }, fixes, DRONE_AGILITY);
    const inside = insideAllowed(fixes, drone);
    const finding = claims ? byIdentity(drone, along, inside) : along === null ? byPermission(drone, inside) : byPlace(drone, along);
    if (finding !== null) findings.push(finding);
  }
  return { findings, check: answered(findings, []) };
}

/** A claim is always shown: one that fits is a reason, and one that the place contradicts is a reason to look twice. */
function byIdentity(drone: KnownDrone, along: ReturnType<typeof wentAlong>, inside: Inside | null): Finding {
  const factors = [
    { key: "identity" as const, ratio: IDENTITY_RATIO },
    ...(along?.factors ?? []),
    ...(inside === null ? [] : [inside.factor]),
  ];
  const content = {
    kind: "drone",
    subject: drone.id,
    factors,
    reason: {
      key: "drone-identity",
      id: drone.id,
      name: drone.name ?? null,
      separationM: along?.separationM ?? null,
      insideAllowed: inside?.inside ?? null,
    },
    decides: [{ key: "ask-pilot", id: drone.id }],
    doesNotExclude: ["identity-can-be-copied"],
  } as const;
  return weighed(content) ?? { ...content, grade: "weak", likelihoodRatio: productOf(factors) };
}

function byPlace(drone: KnownDrone, along: NonNullable<ReturnType<typeof wentAlong>>): Finding | null {
  const { factors, ...figures } = along;
  return weighed({
    kind: "drone",
    subject: drone.id,
    factors,
    reason: { key: "drone-along", id: drone.id, name: drone.name ?? null, ...figures },
    decides: [{ key: "ask-pilot", id: drone.id }],
    doesNotExclude: ["drone-not-on-the-list"],
  });
}

function byPermission(drone: KnownDrone, inside: Inside | null): Finding | null {
  if (inside === null || !inside.inside) return null;
  return weighed({
    kind: "drone",
    subject: drone.id,
    factors: [inside.factor],
    reason: { key: "drone-allowed", id: drone.id, name: drone.name ?? null, distanceM: 0 },
    decides: [{ key: "ask-pilot", id: drone.id }],
    doesNotExclude: ["drone-not-on-the-list"],
  });
}

interface Inside {
  readonly inside: boolean;
  readonly factor: { readonly key: "place"; readonly ratio: number };
}

/** Whether the newest fix lies where and when the drone was allowed, give or take its error; null when nothing was said about that. */
function insideAllowed(fixes: readonly Fix[], { allowed }: KnownDrone): Inside | null {
  const last = fixes.at(-1);
  if (allowed === undefined || last === undefined) return null;
  const from = { latDeg: allowed.latDeg, lonDeg: allowed.lonDeg, heightHaeM: last.heightHaeM ?? 0 };
  const { slantRangeM } = lookBetween(from, { ...last, heightHaeM: last.heightHaeM ?? 0 });
  const low = last.heightHaeM === null || last.heightHaeM <= allowed.topHaeM + 2 * last.heightSigmaM;
  const then = last.timeUnixMs >= allowed.fromUnixMs && last.timeUnixMs <= allowed.toUnixMs;
  const inside = then && low && slantRangeM <= allowed.radiusM + 2 * last.sigmaM;
  return { inside, factor: { key: "place", ratio: inside ? ALLOWED_RATIO : 1 / ALLOWED_RATIO } };
}

function answered(findings: readonly Finding[], missing: readonly Missing[]): Check {
  return { kind: "drone", outcome: findings.length > 0 ? "found" : "none-fits", missing, doesNotExclude: ["drone-not-on-the-list"] };
}

function unanswered(missing: readonly Missing[]): Answered {
  return { findings: [], check: { kind: "drone", outcome: "not-enough-information", missing, doesNotExclude: ["drone-not-on-the-list"] } };
}
