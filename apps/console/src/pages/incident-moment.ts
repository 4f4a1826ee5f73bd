// Where a danger was at a moment of its past, when it was nearest to what it threatened, and how its time is laid out.
import { geodesicDistanceM, geodesicInverse } from "@atalaya/geodesy";
import type { PathPoint, WarningDetail, Zone } from "@atalaya/protocol";
import type { Stand } from "../map/way-features.ts";
import { zoneCentre } from "../map/zone-features.ts";

/** Between two points so far apart in time it was not heard, ms, or so many usual steps: nothing is made up in between. */
const GAP_MS = 10_000;
const GAP_STEPS = 3;
/** A shorter way says nothing of a course, m. */
const STANDS_M = 3;

/** The way of a long danger is kept in larger steps. */
function gapOf(path: readonly PathPoint[]): number {
  let step = Number.POSITIVE_INFINITY;
  path.forEach(({ timeMs }, k) => {
    const before = path[k - 1]?.timeMs;
    if (before !== undefined && timeMs > before) step = Math.min(step, timeMs - before);
  });
  return Math.max(GAP_MS, Number.isFinite(step) ? GAP_STEPS * step : 0);
}

/** Where it was at that moment; undefined: before it was first heard, or nothing is kept. */
export function standAt(path: readonly PathPoint[], momentMs: number): Stand | undefined {
  const next = path.findIndex(({ timeMs }) => timeMs > momentMs);
  const at = next < 0 ? path.length - 1 : next - 1;
  const [from, to] = [path[at], path[at + 1]];
  if (from === undefined) return undefined;
  // What the moment lies in has a course; at the end it is that of the last piece.
  const [a, b] = to === undefined ? [path[at - 1], from] : [from, to];
  const way = a === undefined ? undefined : geodesicInverse(a.latDeg, a.lonDeg, b.latDeg, b.lonDeg);
  const course = way === undefined || way.distanceM < STANDS_M ? {} : { courseDeg: way.azimuthDeg };
  const spanMs = to === undefined ? 0 : to.timeMs - from.timeMs;
  const gapMs = gapOf(path);
  if (to === undefined || spanMs > gapMs)
    return { latDeg: from.latDeg, lonDeg: from.lonDeg, ...course, heard: momentMs - from.timeMs < gapMs };
  const share = (momentMs - from.timeMs) / spanMs;
  return {
    latDeg: from.latDeg + (to.latDeg - from.latDeg) * share,
    lonDeg: from.lonDeg + (to.lonDeg - from.lonDeg) * share,
    ...course,
    heard: true,
  };
}

export interface Closest {
  readonly zone: Zone;
  readonly timeMs: number;
  readonly distanceM: number;
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** When it was nearest to the middle of a zone that it threatened. People's places are not kept: of them there is none. */
export function closestOf({ path, threats, foremost }: Readonly<WarningDetail>, zones: readonly Zone[]): Closest | undefined {
  const ids = new Set([foremost, ...threats].filter(({ kind }) => kind === "zone").map(({ id }) => id));
  let closest: Closest | undefined;
  for (const zone of zones) {
    // The middle of a polygon is nothing that a distance is told from.
    if (!ids.has(zone.id) || zone.shape.type !== "circle") continue;
    const centre = zoneCentre(zone);
    for (const { timeMs, latDeg, lonDeg } of path) {
      const distanceM = geodesicDistanceM(latDeg, lonDeg, centre.latDeg, centre.lonDeg);
      if (closest === undefined || distanceM < closest.distanceM) closest = { zone, timeMs, distanceM, latDeg, lonDeg };
    }
  }
  return closest;
}

/** From the first that was heard of it to the last that happened. */
export function spanOf(
  { path, raisedMs, clearedMs, lanes }: Readonly<WarningDetail>,
  nowMs: number,
): readonly [fromMs: number, toMs: number] {
  const fromMs = Math.min(raisedMs, path[0]?.timeMs ?? raisedMs);
  const toMs = Math.max(clearedMs ?? nowMs, path.at(-1)?.timeMs ?? 0, ...lanes.flatMap(({ steps }) => steps.map(({ timeMs }) => timeMs)));
  return [fromMs, Math.max(toMs, fromMs + 1000)];
}

const STEPS_S = [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600] as const;
const MOST_TICKS = 6;

/** Round times for the axis, Unix ms: at most six. */
export function ticksOf(fromMs: number, toMs: number): readonly number[] {
  const stepMs = 1000 * (STEPS_S.find((s) => (toMs - fromMs) / 1000 / s <= MOST_TICKS) ?? 86_400);
  const ticks: number[] = [];
  for (let tick = Math.ceil(fromMs / stepMs) * stepMs; tick <= toMs && ticks.length <= MOST_TICKS; tick += stepMs) ticks.push(tick);
  return ticks;
}
