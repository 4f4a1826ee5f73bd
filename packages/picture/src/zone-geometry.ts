// Where a track is with respect to a zone: distances over a flat Earth around the zone, good to a metre within 20 km.
import type { LatLon, ZoneDefinition } from "./entry.ts";

const RAD = Math.PI / 180;

/** A zone with what its tests need, computed once: a local plane around its centre, metres east and north. */
export interface ZonePlane {
  readonly zone: ZoneDefinition;
  readonly centre: LatLon;
  /** Radius of the circle, or of the circle around the polygon. */
  readonly radiusM: number;
  readonly metresPerDegreeLat: number;
  readonly metresPerDegreeLon: number;
  /** Corners of a polygon, east and north in turn; empty for a circle. */
  readonly ring: readonly number[];
}

/** Metres of a degree of latitude and of longitude there (radii of curvature of WGS-84). */
function metresPerDegree(latDeg: number): readonly [number, number] {
  const sin = Math.sin(latDeg * RAD);
  const w = Math.sqrt(1 - 0.006694379990141317 * sin * sin);
  const meridian = (6378137 * (1 - 0.006694379990141317)) / (w * w * w);
  return [meridian * RAD, (6378137 / w) * Math.cos(latDeg * RAD) * RAD];
}

function wrapLonDeg(deg: number): number {
  return deg > 180 ? deg - 360 : deg < -180 ? deg + 360 : deg;
}

export function zonePlane(zone: ZoneDefinition): ZonePlane {
  if (zone.shape.type === "circle") {
    const [lat, lon] = metresPerDegree(zone.shape.centre.latDeg);
    return { zone, centre: zone.shape.centre, radiusM: zone.shape.radiusM, metresPerDegreeLat: lat, metresPerDegreeLon: lon, ring: [] };
  }
  const { ring } = zone.shape;
  const [first] = ring;
  const origin = first ?? { latDeg: 0, lonDeg: 0 };
  const latDeg = ring.reduce((sum, corner) => sum + corner.latDeg, 0) / ring.length;
  const lonDeg = wrapLonDeg(origin.lonDeg + ring.reduce((sum, corner) => sum + wrapLonDeg(corner.lonDeg - origin.lonDeg), 0) / ring.length);
  const centre = { latDeg, lonDeg };
  const [lat, lon] = metresPerDegree(latDeg);
  const corners = ring.flatMap((corner) => [wrapLonDeg(corner.lonDeg - lonDeg) * lon, (corner.latDeg - latDeg) * lat]);
  let radiusM = 0;
  for (let k = 0; k < corners.length; k += 2) radiusM = Math.max(radiusM, Math.hypot(corners[k] ?? 0, corners[k + 1] ?? 0));
  return { zone, centre, radiusM, metresPerDegreeLat: lat, metresPerDegreeLon: lon, ring: corners };
}

export function eastOf(plane: ZonePlane, lonDeg: number): number {
  return wrapLonDeg(lonDeg - plane.centre.lonDeg) * plane.metresPerDegreeLon;
}

export function northOf(plane: ZonePlane, latDeg: number): number {
  return (latDeg - plane.centre.latDeg) * plane.metresPerDegreeLat;
}

/** Distance from the zone's edge, m; 0 inside. */
export function edgeDistanceM(plane: ZonePlane, eastM: number, northM: number): number {
  const { ring } = plane;
  if (ring.length === 0) return Math.max(0, Math.hypot(eastM, northM) - plane.radiusM);
  let inside = false;
  let nearest = Number.POSITIVE_INFINITY;
  for (let k = 0, j = ring.length - 2; k < ring.length; j = k, k += 2) {
    const ax = ring[j] ?? 0;
    const ay = ring[j + 1] ?? 0;
    const bx = ring[k] ?? 0;
    const by = ring[k + 1] ?? 0;
    if (ay > northM !== by > northM && eastM < ((bx - ax) * (northM - ay)) / (by - ay) + ax) inside = !inside;
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((eastM - ax) * (bx - ax) + (northM - ay) * (by - ay)) / length));
    nearest = Math.min(nearest, Math.hypot(eastM - ax - part * (bx - ax), northM - ay - part * (by - ay)));
  }
  return inside ? 0 : nearest;
}
