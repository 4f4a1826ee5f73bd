// What a track is doing: hovering, loitering, sinking. From its history, so that one odd report changes nothing.
import { flatDistanceM } from "@atalaya/geodesy";
import type { HistoryPoint, Track } from "../track.ts";
import type { DangerRules } from "./rules.ts";

export interface Behaviours {
  readonly hover: boolean;
  readonly loiter: boolean;
  readonly descent: boolean;
}

/** Height lost over this long counts, and this many of its standard deviations. */
const SINK_LEAST_US = 4_000_000;
const SINK_MOST_US = 20_000_000;
const SINK_SIGMAS = 3;
/** Standing still wavers by the error of the positions. */
const HOVER_RADIUS_M = 40;

/** True when every point since then lies within the radius of where it is now, and it was heard before that. */
function stayed(track: Readonly<Track>, sinceUs: number, radiusM: number): boolean {
  if (track.firstUs > sinceUs) return false;
  const { history } = track;
  for (let k = history.length - 1; k >= 0; k -= 1) {
    const point: HistoryPoint | undefined = history[k];
    if (point === undefined) return false;
    if (flatDistanceM(point.latDeg, point.lonDeg, track.latDeg, track.lonDeg) > radiusM) return false;
    if (point.timeUs <= sinceUs) return true;
  }
  return false;
}

/** Heights that sensors measure waver by tens of metres: such a track sinks when it has lost more height than that, and as fast, over some seconds. */
function sank(track: Readonly<Track>, timeUs: number, fasterMps: number): boolean {
  const { measured, history, heightHaeM } = track;
  if (measured === undefined) return true;
  if (heightHaeM === undefined) return false;
  for (let k = history.length - 1; k >= 0; k -= 1) {
    const point = history[k];
    if (point === undefined || timeUs - point.timeUs > SINK_MOST_US) return false;
    if (point.heightHaeM === undefined || timeUs - point.timeUs < SINK_LEAST_US) continue;
    const lostM = point.heightHaeM - heightHaeM;
    if (lostM >= SINK_SIGMAS * measured.heightSigmaM && lostM >= (fasterMps * (timeUs - point.timeUs)) / 1e6) return true;
  }
  return false;
}

export function behavioursOf(track: Readonly<Track>, timeUs: number, { hover, loiter, descent }: DangerRules): Behaviours {
  const errorM = Math.min(100, track.errorM ?? 0);
  return {
    hover: (track.speedMps ?? 0) < hover.slowerMps && stayed(track, timeUs - hover.afterS * 1e6, HOVER_RADIUS_M + errorM),
    // Anywhere in a circle of that radius is within its diameter of where it is now.
    loiter: stayed(track, timeUs - loiter.afterS * 1e6, 2 * loiter.radiusM),
    descent: (track.verticalSpeedMps ?? 0) <= -descent.fasterMps && sank(track, timeUs, descent.fasterMps),
  };
}
