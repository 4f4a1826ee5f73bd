// How dangerous a track is to a zone or a person at this moment, by a set of rules; and the most that it can be to anyone.
import { flatDistanceM, haeFromMslM, isInPolygon, nearestPolygonEdge } from "@atalaya/geodesy";
import { approachOf } from "./danger/approach.ts";
import { type Behaviours, behavioursOf } from "./danger/behaviour.ts";
import { type Flight, flightOf, wrapDeg } from "./danger/flight.ts";
import { type Level, raised, rankOf } from "./danger/level.ts";
import type { DangerRules } from "./danger/rules.ts";
import type { LatLon } from "./place.ts";
import type { Settings } from "./settings.ts";
import type { Track } from "./track.ts";
import type { Placed, WatchedZone } from "./watched-zone.ts";

export type Cause = "inside-zone" | "approaching-zone" | "close" | "approaching" | "hovering" | "loitering" | "near" | "place-unknown";

export interface Danger {
  /** Undefined: none. */
  readonly level: Level | undefined;
  readonly because: Cause;
  /** It sinks near by: the level was raised by one. */
  readonly descent: boolean;
  /** From the zone's edge, 0 inside; from within the reach of a person's place; m. */
  readonly edgeDistanceM: number;
  readonly centreDistanceM: number;
  /** Direction of the track seen from the zone's centre or the person, °. */
  readonly azimuthDeg: number;
  /** Seconds until it reaches the zone, or passes near the person, on its present course. */
  readonly reachesInS: number | undefined;
  /** The distance grows. */
  readonly leaving: boolean;
  /** To people only: closest point of approach, and the probability of passing near in the time of a warning. */
  readonly cpaInS?: number | undefined;
  readonly cpaM?: number | undefined;
  readonly probability?: number;
}

/** Below this a course says nothing. */
const LEAST_SPEED_MPS = 0.5;

/** So far ahead a course is vague, and a small probability says nothing: a caution asks for so many times that of a warning. */
const MAY_FACTOR = 2;

/** One track at one tick, with what is asked of it again and again. Behaviours are looked up only when something is near. */
export class Subject {
  readonly track: Readonly<Track>;
  readonly timeUs: number;
  readonly settings: Settings;
  readonly #behaviours = new Map<DangerRules, Behaviours>();
  #flight: Flight | undefined;

  constructor(track: Readonly<Track>, timeUs: number, settings: Settings) {
    this.track = track;
    this.timeUs = timeUs;
    this.settings = settings;
  }
  get flight(): Flight {
    return (this.#flight ??= flightOf(this.track, this.timeUs, this.settings));
  }
  /** Not yet held long enough for its course to be believed: two ghosts in a row make a course too. */
  get isFresh(): boolean {
    const { measured, firstUs, heardUs } = this.track;
    const { heldUs, heldExistence } = this.settings;
    return measured !== undefined && measured.existence < heldExistence && heardUs - firstUs < heldUs;
  }
  /** Two plots of radars that see ghosts: a third, or two seconds in which nothing speaks against it, show whether there is anything. */
  get isUnproven(): boolean {
    const { measured, status, firstUs } = this.track;
    const { provenPlots, provenUs, heldExistence } = this.settings;
    if (measured === undefined || status === "tentative" || measured.reasons.length >= provenPlots) return false;
    return this.timeUs - firstUs < provenUs || measured.existence < heldExistence;
  }
  /** So new that its course and what it is may still be anything. What arrives soon does not wait for that. */
  isUnsettled(reachesInS: number | undefined): boolean {
    if (this.isFresh || this.isUnproven) return true;
    const { measured, firstUs } = this.track;
    const { settledUs, settledWithinS } = this.settings;
    return measured !== undefined && this.timeUs - firstUs < settledUs && (reachesInS === undefined || reachesInS > settledWithinS);
  }
  /** Its course is a reason for a caution: broadcast, or held for long enough. */
  get isHeld(): boolean {
    return this.track.measured === undefined || this.timeUs - this.track.firstUs >= this.settings.courseHeldUs;
  }
  behaviours(rules: DangerRules): Behaviours {
    let known = this.#behaviours.get(rules);
    if (known === undefined) this.#behaviours.set(rules, (known = behavioursOf(this.track, this.timeUs, rules)));
    return known;
  }
}

/** How far the track's danger reaches: what it can fly in the time of a caution and since its last position, or where it counts without a course. */
export function reachM(track: Readonly<Track>, { person, zone, hover, loiter }: DangerRules, { coastAfterUs }: Settings): number {
  const speed = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0);
  const flownM = speed * (Math.max(person.cautionWithinS, zone.cautionWithinS) + coastAfterUs / 1e6);
  return Math.max(flownM + person.passM, hover.withinM, loiter.withinM, person.advisoryM, person.closeM) + 1;
}

/** Seconds until the zone's edge is met on a straight course, over a flat Earth around the track; undefined: it is missed. */
function meetsInS(
  watched: WatchedZone,
  latDeg: number,
  lonDeg: number,
  eastMps: number,
  northMps: number,
  metresEast: number,
  metresNorth: number,
): number | undefined {
  if (watched.polygon === undefined) {
    const east = -wrapDeg(watched.centre.lonDeg - lonDeg) * metresEast;
    const north = -(watched.centre.latDeg - latDeg) * metresNorth;
    const speedSquared = eastMps * eastMps + northMps * northMps;
    const towards = -(east * eastMps + north * northMps);
    if (towards <= 0) return undefined;
    const closestS = towards / speedSquared;
    const missSquared = (east + eastMps * closestS) ** 2 + (north + northMps * closestS) ** 2;
    const radiusSquared = watched.radiusM * watched.radiusM;
    return missSquared > radiusSquared ? undefined : Math.max(0, closestS - Math.sqrt((radiusSquared - missSquared) / speedSquared));
  }
  const { latLonDeg, ringStarts } = watched.polygon;
  let soonest: number | undefined;
  for (let ring = 0; ring + 1 < ringStarts.length; ring += 1) {
    const end = ((ringStarts[ring + 1] ?? 0) - 1) * 2;
    for (let at = (ringStarts[ring] ?? 0) * 2; at < end; at += 2) {
      const north1 = ((latLonDeg[at] ?? Number.NaN) - latDeg) * metresNorth;
      const east1 = wrapDeg(((latLonDeg[at + 1] ?? Number.NaN) - lonDeg) % 360) * metresEast;
      const northEdge = ((latLonDeg[at + 2] ?? Number.NaN) - (latLonDeg[at] ?? Number.NaN)) * metresNorth;
      const eastEdge = ((latLonDeg[at + 3] ?? Number.NaN) - (latLonDeg[at + 1] ?? Number.NaN)) * metresEast;
      const cross = eastMps * northEdge - northMps * eastEdge;
      if (cross === 0) continue;
      const seconds = (east1 * northEdge - north1 * eastEdge) / cross;
      const share = (east1 * northMps - north1 * eastMps) / cross;
      if (seconds >= 0 && share >= 0 && share <= 1 && (soonest === undefined || seconds < soonest)) soonest = seconds;
    }
  }
  return soonest;
}

/**
 * Danger to a zone. Inside is a warning; a straight course that meets the zone is one too when it gets there soon, else a caution, and so is hovering or
 * loitering before its edge. A track without height counts as below every ceiling, and so does one that sinks below it in time: unknown is not safe.
 */
export function judgeZone(subject: Subject, watched: WatchedZone, rules: DangerRules): Danger {
  const { track, settings, flight } = subject;
  const { latDeg, lonDeg, carriedS, eastMps, northMps, speedMps, metresEast, metresNorth } = flight;
  const { centre, polygon, radiusM, zone } = watched;
  const centreDistanceM = flatDistanceM(centre.latDeg, centre.lonDeg, latDeg, lonDeg);
  const edgeDistanceM =
    polygon === undefined
      ? Math.max(0, centreDistanceM - radiusM)
      : isInPolygon(polygon, latDeg, lonDeg)
        ? 0
        : nearestPolygonEdge(polygon, latDeg, lonDeg).distanceM;
  const eastM = wrapDeg(lonDeg - centre.lonDeg) * metresEast;
  const northM = (latDeg - centre.latDeg) * metresNorth;
  const azimuthDeg = ((Math.atan2(eastM, northM) * 180) / Math.PI + 360) % 360;
  const none: Danger = {
    level: undefined,
    because: "approaching-zone",
    descent: false,
    edgeDistanceM,
    centreDistanceM,
    azimuthDeg,
    reachesInS: undefined,
    leaving: eastM * eastMps + northM * northMps > 0,
  };

  // Seconds until it is below the ceiling.
  let belowInS = 0;
  if (zone.ceilingHaeM !== undefined) {
    const heightHaeM =
      track.heightHaeM ?? (track.heightMslM === undefined ? undefined : haeFromMslM(track.latDeg, track.lonDeg, track.heightMslM));
    const aboveM = heightHaeM === undefined ? 0 : heightHaeM - zone.ceilingHaeM;
    if (aboveM > settings.ceilingMarginM) {
      const sinkMps = -(track.verticalSpeedMps ?? 0);
      if (sinkMps < LEAST_SPEED_MPS) return none;
      belowInS = Math.max(0, aboveM / sinkMps - carriedS);
    }
  }
  const over = edgeDistanceM === 0;
  if (over && belowInS === 0) return { ...none, level: subject.isUnproven ? "advisory" : "warning", because: "inside-zone", reachesInS: 0 };
  const meetsS = over
    ? 0
    : speedMps < LEAST_SPEED_MPS
      ? undefined
      : meetsInS(watched, latDeg, lonDeg, eastMps, northMps, metresEast, metresNorth);
  const { warningWithinS, cautionWithinS } = rules.zone;
  const reachesInS = meetsS === undefined ? undefined : Math.max(meetsS, belowInS);
  if (reachesInS !== undefined && reachesInS <= cautionWithinS) {
    const level = subject.isUnsettled(reachesInS)
      ? "advisory"
      : reachesInS <= warningWithinS
        ? "warning"
        : subject.isHeld
          ? "caution"
          : "advisory";
    const approaching: Danger = { ...none, level, reachesInS };
    // Sinking to the ceiling is what this approach is: it does not count twice.
    return belowInS > 0 ? approaching : descending(subject, rules, approaching);
  }
  // An area is not watched for who waits before it: it may be as long as a border.
  if (belowInS > 0 || zone.kind !== "post") return none;
  return descending(subject, rules, staying(subject, rules, none));
}

/**
 * Danger to a person, whose place is known within `reach` metres. Close is a warning whatever the course; so is an approach that will, or may well, pass
 * near within the time of a warning. The straight course counts by itself: a wide error lowers the probability of every place, and must not hide a
 * drone that flies straight at someone.
 */
export function judgePerson(subject: Subject, place: LatLon, placeReachM: number, rules: DangerRules): Danger {
  const { closeM, passM, warningWithinS, cautionWithinS, probability: least, advisoryM } = rules.person;
  const nearM = passM + placeReachM;
  const approach = approachOf(subject.flight, place.latDeg, place.lonDeg, nearM, warningWithinS);
  const { distanceM, azimuthDeg, cpaInS, cpaM, reachesInS, probability, closingMps } = approach;
  const edgeDistanceM = Math.max(0, distanceM - placeReachM);
  const leaving = closingMps < -LEAST_SPEED_MPS;
  const base: Danger = {
    level: undefined,
    because: "approaching",
    descent: false,
    edgeDistanceM,
    centreDistanceM: distanceM,
    azimuthDeg,
    reachesInS,
    leaving,
    cpaInS,
    cpaM,
    probability,
  };
  if (edgeDistanceM <= closeM) return { ...base, level: subject.isUnproven ? "advisory" : "warning", because: "close" };
  if (probability >= least || (reachesInS !== undefined && reachesInS <= warningWithinS))
    return { ...base, level: subject.isUnsettled(reachesInS) ? "advisory" : "warning" };
  const may =
    (reachesInS !== undefined && reachesInS <= cautionWithinS) ||
    (!leaving && approachOf(subject.flight, place.latDeg, place.lonDeg, nearM, cautionWithinS).probability >= MAY_FACTOR * least);
  if (may) return descending(subject, rules, { ...base, level: subject.isHeld && !subject.isFresh ? "caution" : "advisory" });
  const stays = staying(subject, rules, base);
  if (stays.level !== undefined) return descending(subject, rules, stays);
  return descending(subject, rules, edgeDistanceM <= advisoryM ? { ...base, level: "advisory", because: "near" } : base);
}

/** Hovering or loitering near by is a caution. */
function staying(subject: Subject, rules: DangerRules, none: Danger): Danger {
  const { hover, loiter } = rules;
  if (none.edgeDistanceM > Math.max(hover.withinM, loiter.withinM)) return none;
  const doing = subject.behaviours(rules);
  if (doing.hover && none.edgeDistanceM <= hover.withinM) return { ...none, level: "caution", because: "hovering" };
  return doing.loiter && none.edgeDistanceM <= loiter.withinM ? { ...none, level: "caution", because: "loitering" } : none;
}

/** Sinking near by raises what there is by one. */
function descending(subject: Subject, rules: DangerRules, danger: Danger): Danger {
  if (danger.level === undefined || danger.edgeDistanceM > rules.descent.withinM || !subject.behaviours(rules).descent) return danger;
  return { ...danger, level: raised(danger.level), descent: true };
}

/**
 * The most that a track can be to anyone, whatever its course. What is known to be a manned aircraft raises no warning of a drone; a claim that every
 * sensor which looks contradicts, and what flutters like a bird, is told quietly.
 */
export function highestLevel(track: Readonly<Track>, timeUs: number, settings: Settings): Level | undefined {
  const { unseenAfterUs, presentExistence } = settings;
  if (track.kind === "manned") return undefined;
  const unseen = track.unseenSinceUs !== undefined && timeUs - track.unseenSinceUs >= unseenAfterUs;
  if (unseen || track.kind === "bird" || isTakenForBird(track, timeUs, settings)) return "advisory";
  return (track.measured?.existence ?? 1) < presentExistence ? "caution" : "warning";
}

/**
 * A body that its sensors take for a bird from its first plots on. In the first seconds that is all that is known of it; later it has to be likely. How
 * it moves alone says as much only after a long while, so that a drone which circles is not meant.
 */
function isTakenForBird(
  { measured, firstUs }: Readonly<Track>,
  timeUs: number,
  { birdLikely, birdAtFirst, birdFirstUs }: Settings,
): boolean {
  if (measured === undefined) return false;
  const { bird, drone } = measured.classes;
  return bird >= birdLikely || (timeUs - firstUs < birdFirstUs && bird >= birdAtFirst && bird >= 1.5 * drone);
}

/** A danger cut to the most that its track can be. */
export function limited(danger: Danger, highest: Level | undefined): Danger {
  if (danger.level === undefined) return danger;
  if (highest === undefined) return { ...danger, level: undefined };
  return rankOf(danger.level) > rankOf(highest) ? { ...danger, level: highest } : danger;
}

/** The greater of two dangers to one target: by level, then by time, then by distance. */
export function greater(a: Danger, b: Danger): Danger {
  const byLevel = rankOf(a.level) - rankOf(b.level);
  if (byLevel !== 0) return byLevel > 0 ? a : b;
  const aInS = a.reachesInS ?? Number.POSITIVE_INFINITY;
  const bInS = b.reachesInS ?? Number.POSITIVE_INFINITY;
  if (aInS !== bInS) return aInS < bInS ? a : b;
  return a.edgeDistanceM <= b.edgeDistanceM ? a : b;
}

/** A cheap no: the track is too far from the place for any danger. Never wrong in the unsafe direction within 500 km. */
export function outOfReach(track: LatLon, { centre, radiusM }: Placed, reach: number): boolean {
  const limit = (radiusM + reach) * 1.02 + 10;
  return (
    Math.abs(track.latDeg - centre.latDeg) * 110_574 > limit ||
    flatDistanceM(track.latDeg, track.lonDeg, centre.latDeg, centre.lonDeg) > limit
  );
}
