// How dangerous a track is to a zone at this moment: inside, on its way, or neither.
import { flatDistanceM, haeFromMslM, isInPolygon, nearestPolygonEdge } from "@atalaya/geodesy";
import type { Settings } from "./settings.ts";
import type { Track } from "./track.ts";
import type { WatchedZone } from "./watched-zone.ts";

export type Level = "advisory" | "caution" | "warning";

export const LEVELS: readonly Level[] = ["advisory", "caution", "warning"];

export interface Danger {
  /** Undefined: none. */
  readonly level: Level | undefined;
  readonly inside: boolean;
  readonly edgeDistanceM: number;
  readonly centreDistanceM: number;
  /** Direction of the track seen from the zone's centre, °. */
  readonly azimuthDeg: number;
  /** Seconds until it reaches the zone on its present course. */
  readonly reachesInS: number | undefined;
}

const RAD = Math.PI / 180;
/** Below this a course says nothing. */
const LEAST_SPEED_MPS = 0.5;

function wrapDeg(deg: number): number {
  return deg > 180 ? deg - 360 : deg < -180 ? deg + 360 : deg;
}

/** How far the track's danger reaches: what it can fly in the time of a caution, and since its last position. */
export function reachM(track: Readonly<Track>, { cautionWithinS, coastAfterUs }: Settings): number {
  return (track.courseDeg === undefined ? 0 : (track.speedMps ?? 0)) * (cautionWithinS + coastAfterUs / 1e6) + 1;
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
 * Judges the track's position carried on by its velocity for its age, at most until it coasts. Inside is a warning; a straight course that
 * meets the zone is one too when it gets there soon, else a caution. A track without height counts as below every ceiling, and so does one
 * that sinks below it in time: unknown is not safe.
 */
export function judge(track: Readonly<Track>, watched: WatchedZone, timeUs: number, settings: Settings): Danger {
  const carriedS = Math.min(Math.max(0, timeUs - track.lastUs), settings.coastAfterUs) / 1e6;
  const speed = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0);
  const course = (track.courseDeg ?? 0) * RAD;
  const eastMps = speed * Math.sin(course);
  const northMps = speed * Math.cos(course);
  // Metres of a degree here, from the one formula for short distances.
  const metresNorth = flatDistanceM(track.latDeg - 0.005, track.lonDeg, track.latDeg + 0.005, track.lonDeg) * 100;
  const metresEast = Math.max(1, flatDistanceM(track.latDeg, track.lonDeg, track.latDeg, track.lonDeg + 0.01) * 100);
  const latDeg = Math.min(90, Math.max(-90, track.latDeg + (northMps * carriedS) / metresNorth));
  const lonDeg = wrapDeg(track.lonDeg + (eastMps * carriedS) / metresEast);

  const { centre, polygon, radiusM, zone } = watched;
  const centreDistanceM = flatDistanceM(centre.latDeg, centre.lonDeg, latDeg, lonDeg);
  const edgeDistanceM =
    polygon === undefined
      ? Math.max(0, centreDistanceM - radiusM)
      : isInPolygon(polygon, latDeg, lonDeg)
        ? 0
        : nearestPolygonEdge(polygon, latDeg, lonDeg).distanceM;
  const bearing = Math.atan2(wrapDeg(lonDeg - centre.lonDeg) * metresEast, (latDeg - centre.latDeg) * metresNorth) / RAD;
  const azimuthDeg = (bearing + 360) % 360;
  const none: Danger = { level: undefined, inside: false, edgeDistanceM, centreDistanceM, azimuthDeg, reachesInS: undefined };

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
  if (over && belowInS === 0) return { ...none, level: "warning", inside: true, reachesInS: 0 };
  const meetsS = over
    ? 0
    : speed < LEAST_SPEED_MPS
      ? undefined
      : meetsInS(watched, latDeg, lonDeg, eastMps, northMps, metresEast, metresNorth);
  if (meetsS === undefined) return none;
  const reachesInS = Math.max(meetsS, belowInS);
  const level = reachesInS <= settings.warningWithinS ? "warning" : reachesInS <= settings.cautionWithinS ? "caution" : undefined;
  return level === undefined ? none : { ...none, level, reachesInS };
}

/**
 * The most that a track can be to anyone, whatever its course. What is known to be a manned aircraft raises no warning of a drone; a claim that every
 * sensor which looks contradicts, and what flutters like a bird, is told quietly.
 */
export function highestLevel(track: Readonly<Track>, timeUs: number, { unseenAfterUs }: Settings): Level | undefined {
  if (track.kind === "manned") return undefined;
  const unseen = track.unseenSinceUs !== undefined && timeUs - track.unseenSinceUs >= unseenAfterUs;
  return unseen || track.kind === "bird" ? "advisory" : "warning";
}

/** A danger cut to the most that its track can be. */
export function limited(danger: Danger, highest: Level | undefined): Danger {
  if (danger.level === undefined) return danger;
  if (highest === undefined) return { ...danger, level: undefined };
  return LEVELS.indexOf(danger.level) > LEVELS.indexOf(highest) ? { ...danger, level: highest } : danger;
}

/** A cheap no: the track is too far from the zone for any danger. Never wrong in the unsafe direction within 500 km. */
export function outOfReach(track: Readonly<Track>, { centre, radiusM }: WatchedZone, reach: number): boolean {
  const limit = (radiusM + reach) * 1.02 + 10;
  return (
    Math.abs(track.latDeg - centre.latDeg) * 110_574 > limit ||
    flatDistanceM(track.latDeg, track.lonDeg, centre.latDeg, centre.lonDeg) > limit
  );
}
