// Where does a manned aircraft come close to a drone, whosever it is? For officers, who can call a pilot or bring an own drone down. It warns nobody else,
// raises no alarm, and is worked out anew from where both are when somebody asks.
import { flatDistanceM } from "@atalaya/geodesy";
import type { TrackNumber } from "./intent.ts";
import type { Track } from "./track.ts";

export interface Conflict {
  readonly aircraft: TrackNumber;
  readonly drone: TrackNumber;
  /** Horizontal distance now, m. */
  readonly distanceM: number;
  /** The least that it will be if both go on as they do, m, and in how many seconds; 0: it is now. */
  readonly closestM: number;
  readonly inS: number;
  /** How far the aircraft will then be above the drone, m; absent: one of the heights is not known. */
  readonly aboveM?: number;
}

/** Looked ahead so far, s; ours: time for two calls by radio. */
const AHEAD_S = 120;
/** Close: nearer than this on the map and in height, m. Ours, wider than what separates light aircraft from drones by rule (30 to 120 m in height). */
const CLOSE_M = 1000;
const CLOSE_HEIGHT_M = 300;
/** Where the drone's height is not known, an aircraft above this is none of its matter, m above the ellipsoid. */
const HIGHEST_HAE_M = 4000;
/** Nobody reads more; the nearest are told. */
const MAX_CONFLICTS = 20;
/** Of more low aircraft than this the others are left out: a sky of that many is no sector's. */
const MAX_AIRCRAFT = 200;
/** Degrees of latitude that neither can cross within the time looked ahead. */
const FAR_DEG = 0.3;
const RAD = Math.PI / 180;

interface Flying {
  readonly track: Readonly<Track>;
  readonly eastMps: number;
  readonly northMps: number;
}

function flying(track: Readonly<Track>): Flying {
  const speedMps = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0);
  const course = (track.courseDeg ?? 0) * RAD;
  return { track, eastMps: speedMps * Math.sin(course), northMps: speedMps * Math.cos(course) };
}

function isDrone({ kind, status, measured, unseenBy, report }: Readonly<Track>): boolean {
  if (kind !== undefined || status === "ended" || report !== undefined) return false;
  // A claim that the sensors which look contradict is no body, and what is not sure yet is nothing to call a pilot for.
  return unseenBy === undefined && (measured === undefined || status === "confirmed");
}

export function conflictsOf(tracks: Iterable<Readonly<Track>>, timeUs: number): readonly Conflict[] {
  const aircraft: Flying[] = [];
  const drones: Flying[] = [];
  for (const track of tracks) {
    if (track.recorded || track.status === "coasting") continue;
    if (track.kind === "manned") {
      const low = track.heightHaeM === undefined || track.heightHaeM < HIGHEST_HAE_M;
      if (low && track.status === "confirmed" && aircraft.length < MAX_AIRCRAFT) aircraft.push(flying(track));
    } else if (isDrone(track)) drones.push(flying(track));
  }
  const conflicts: Conflict[] = [];
  for (const one of aircraft) {
    for (const other of drones) {
      if (one.track.drill !== other.track.drill || Math.abs(one.track.latDeg - other.track.latDeg) > FAR_DEG) continue;
      const conflict = between(one, other, timeUs);
      if (conflict !== undefined) conflicts.push(conflict);
    }
  }
  return conflicts.sort((a, b) => a.closestM - b.closestM || a.inS - b.inS || a.drone - b.drone).slice(0, MAX_CONFLICTS);
}

/** Closest point of approach of two that fly straight on, from where each was last heard carried on to now. */
function between(one: Flying, other: Flying, timeUs: number): Conflict | undefined {
  const a = one.track;
  const b = other.track;
  const [agedA, agedB] = [Math.max(0, timeUs - a.lastUs) / 1e6, Math.max(0, timeUs - b.lastUs) / 1e6];
  const turn = a.lonDeg - b.lonDeg;
  const lon = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
  const east = flatDistanceM(a.latDeg, a.lonDeg, a.latDeg, b.lonDeg) * Math.sign(lon) + one.eastMps * agedA - other.eastMps * agedB;
  const north =
    flatDistanceM(a.latDeg, a.lonDeg, b.latDeg, a.lonDeg) * Math.sign(a.latDeg - b.latDeg) + one.northMps * agedA - other.northMps * agedB;
  const [vEast, vNorth] = [one.eastMps - other.eastMps, one.northMps - other.northMps];
  const speed2 = vEast * vEast + vNorth * vNorth;
  const inS = speed2 < 0.01 ? 0 : Math.min(AHEAD_S, Math.max(0, -(east * vEast + north * vNorth) / speed2));
  const closestM = Math.hypot(east + vEast * inS, north + vNorth * inS);
  if (closestM > CLOSE_M) return undefined;
  const at = (track: Readonly<Track>, agedS: number): number | undefined =>
    track.heightHaeM === undefined ? undefined : track.heightHaeM + (track.verticalSpeedMps ?? 0) * (agedS + inS);
  const [above, below] = [at(a, agedA), at(b, agedB)];
  const aboveM = above === undefined || below === undefined ? undefined : above - below;
  if (aboveM !== undefined && Math.abs(aboveM) > CLOSE_HEIGHT_M) return undefined;
  return {
    aircraft: a.number,
    drone: b.number,
    distanceM: Math.hypot(east, north),
    closestM,
    inS,
    ...(aboveM === undefined ? {} : { aboveM }),
  };
}
