// How dangerous a track is to a zone at this moment: inside, on its way, or neither.
import type { Settings } from "./settings.ts";
import type { Track } from "./track.ts";
import { eastOf, edgeDistanceM, northOf, type ZonePlane } from "./zone-geometry.ts";

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

/**
 * Judges the track's position carried on by its velocity for its age, at most until it coasts. Inside is a warning; a straight course that
 * meets the zone is one too when it gets there soon, else a caution. A track without height counts as below every ceiling: unknown is not safe.
 */
export function judge(track: Readonly<Track>, plane: ZonePlane, timeUs: number, settings: Settings): Danger {
  const carriedS = Math.min(Math.max(0, timeUs - track.lastUs), settings.coastAfterUs) / 1e6;
  const speed = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0);
  const course = (track.courseDeg ?? 0) * RAD;
  const eastMps = speed * Math.sin(course);
  const northMps = speed * Math.cos(course);
  const eastM = eastOf(plane, track.lonDeg) + eastMps * carriedS;
  const northM = northOf(plane, track.latDeg) + northMps * carriedS;
  const centreDistanceM = Math.hypot(eastM, northM);
  const edge = edgeDistanceM(plane, eastM, northM);
  const azimuthDeg = (((Math.atan2(eastM, northM) / RAD) % 360) + 360) % 360;
  const { ceilingHaeM } = plane.zone;
  const above = ceilingHaeM !== undefined && track.heightHaeM !== undefined && track.heightHaeM > ceilingHaeM;
  const none = { inside: false, edgeDistanceM: edge, centreDistanceM, azimuthDeg };
  if (above) return { ...none, level: undefined, reachesInS: undefined };
  if (edge === 0) return { ...none, level: "warning", inside: true, reachesInS: 0 };

  // Closest approach to the centre on a straight course, then the moment the circle around the zone is reached.
  const speedSquared = eastMps * eastMps + northMps * northMps;
  const towards = -(eastM * eastMps + northM * northMps);
  if (speedSquared < 0.25 || towards <= 0) return { ...none, level: undefined, reachesInS: undefined };
  const closestS = towards / speedSquared;
  const missM = Math.hypot(eastM + eastMps * closestS, northM + northMps * closestS);
  if (missM > plane.radiusM) return { ...none, level: undefined, reachesInS: undefined };
  const reachesInS = Math.max(0, closestS - Math.sqrt((plane.radiusM * plane.radiusM - missM * missM) / speedSquared));
  const level = reachesInS <= settings.warningWithinS ? "warning" : reachesInS <= settings.cautionWithinS ? "caution" : undefined;
  return { ...none, level, reachesInS: level === undefined ? undefined : reachesInS };
}
