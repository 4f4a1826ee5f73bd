// The way of a danger as shapes for the map: what was flown by a moment, what came after, where it was then, and the moments that have a name.
import type { PathPoint } from "@atalaya/protocol";
import type { Feature, FeatureCollection, Point } from "geojson";

/** Where something was at a moment. */
export interface Stand {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Where it was heading, °; absent where it stood or was heard once. */
  readonly courseDeg?: number;
  /** Heard within a few seconds of that moment; else where it was last heard. */
  readonly heard: boolean;
}

/** A moment that is named on the map. */
export interface NamedMoment {
  readonly timeMs: number;
  readonly text: string;
  readonly latDeg: number;
  readonly lonDeg: number;
}

function point(latDeg: number, lonDeg: number): Point {
  return { type: "Point", coordinates: [lonDeg, latDeg] };
}

function line(points: readonly (readonly [number, number])[], part: "flown" | "later"): Feature[] {
  if (points.length < 2) return [];
  return [{ type: "Feature", properties: { part }, geometry: { type: "LineString", coordinates: points.map(([lon, lat]) => [lon, lat]) } }];
}

/** `danger`: the danger stood at that moment. */
export function wayFeatures(
  path: readonly PathPoint[],
  momentMs: number,
  stand: Stand | undefined,
  danger: boolean,
  named: readonly NamedMoment[],
): FeatureCollection {
  const places = path.map(({ timeMs, latDeg, lonDeg }) => ({ timeMs, at: [lonDeg, latDeg] as const }));
  const here: (readonly [number, number])[] = stand === undefined ? [] : [[stand.lonDeg, stand.latDeg]];
  const flown = [...places.filter(({ timeMs }) => timeMs <= momentMs).map(({ at }) => at), ...here];
  const later = [...here, ...places.filter(({ timeMs }) => timeMs > momentMs).map(({ at }) => at)];
  return {
    type: "FeatureCollection",
    features: [
      ...line(later, "later"),
      ...line(flown, "flown"),
      ...places
        .filter(({ timeMs }) => timeMs <= momentMs)
        .map(({ at: [lonDeg, latDeg] }): Feature => ({ type: "Feature", properties: { part: "dot" }, geometry: point(latDeg, lonDeg) })),
      ...named.map(
        ({ text, latDeg, lonDeg }): Feature => ({ type: "Feature", properties: { part: "named", text }, geometry: point(latDeg, lonDeg) }),
      ),
      ...(stand === undefined
        ? []
        : [
            {
              type: "Feature" as const,
              properties: { part: "mark", course: stand.courseDeg ?? 0, danger, heard: stand.heard },
              geometry: point(stand.latDeg, stand.lonDeg),
            },
          ]),
    ],
  };
}
