// Is a position inside a zone drawn on the map, how far from its edge is it, and what does a circle look like when drawn?

import { RAD_PER_DEG, wrap180Deg, wrap360Deg } from "./angles.ts";
import { flatDistanceM, geodesicDirect, geodesicDistanceM } from "./geodesic.ts";
import { type Refused, refuse } from "./refusal.ts";
import { isLatLon, type LatLon, WGS84_A_M, WGS84_E2 } from "./wgs84.ts";

/**
 * A polygon made ready for many questions. Its edges are straight in latitude and longitude, as GeoJSON draws them (RFC 7946
 * §3.1.1), and each takes the shorter way round, so a polygon may cross the antimeridian. Rings count by the even-odd rule: one
 * inside another is a hole, one apart from it adds to the zone.
 */
export interface GeoPolygon {
  /** Latitude and longitude of each vertex in turn; longitudes run on past ±180 instead of jumping. Rings are closed. */
  readonly latLonDeg: Float64Array;
  /** Index of each ring's first vertex, and after the last ring the number of vertices. */
  readonly ringStarts: readonly number[];
  readonly southDeg: number;
  readonly northDeg: number;
  readonly westDeg: number;
  /** At least `westDeg`; above 180 where the polygon crosses the antimeridian. */
  readonly eastDeg: number;
}

export type GeoPolygonCode =
  | "no-ring"
  | "too-many-vertices"
  | "too-few-vertices"
  | "not-a-position"
  | "half-turn-edge"
  | "encloses-pole"
  | "no-area";

/** The bound on one polygon's vertices over all rings, closing ones included. */
export const MAX_POLYGON_VERTICES = 10_000;

const RING_CLAUSE = "RFC 7946 §3.1.6";

/**
 * Makes a polygon of rings; a ring may repeat its first vertex at its end or leave that out. Refused, because no reading of them
 * would be safe in a warning zone: fewer than three different corners, coordinates that are no positions, edges that span exactly
 * 180° of longitude, rings around a pole, rings without area (a box from −180 to 180 is one: both ends are the same meridian).
 */
export function geoPolygon(rings: readonly (readonly LatLon[])[]): { readonly polygon: GeoPolygon } | Refused<GeoPolygonCode> {
  let vertices = 0;
  for (const ring of rings) vertices += ring.length + 1;
  if (rings.length === 0) return refuse("no-ring", RING_CLAUSE, "a polygon has at least one ring");
  if (vertices > MAX_POLYGON_VERTICES) {
    return refuse("too-many-vertices", "limit of this library", `${vertices} vertices; at most ${MAX_POLYGON_VERTICES} are taken`);
  }
  const points: number[] = [];
  const ringStarts: number[] = [];
  let southDeg = Number.POSITIVE_INFINITY;
  let northDeg = Number.NEGATIVE_INFINITY;
  let westDeg = Number.POSITIVE_INFINITY;
  let eastDeg = Number.NEGATIVE_INFINITY;
  for (const ring of rings) {
    const outer = ringStarts.length === 0;
    ringStarts.push(points.length / 2);
    const open = withoutClosingVertex(ring);
    if (open.length < 3) return refuse("too-few-vertices", RING_CLAUSE, `a ring has ${open.length} corners`);
    const start = open[0];
    if (start === undefined || !isLatLon(start.latDeg, start.lonDeg)) return refuseVertex(start);
    // A hole is laid on the same turn as the rings before it, whichever way its longitudes were written.
    const middleDeg = outer ? 0 : (westDeg + eastDeg) / 2;
    const firstLonDeg = middleDeg + wrap180Deg(start.lonDeg - middleDeg);
    let lonDeg = firstLonDeg;
    points.push(start.latDeg, lonDeg);
    let previous = start;
    for (let k = 1; k <= open.length; k += 1) {
      const vertex = open[k % open.length];
      if (vertex === undefined || !isLatLon(vertex.latDeg, vertex.lonDeg)) return refuseVertex(vertex);
      const stepDeg = wrap180Deg(vertex.lonDeg - previous.lonDeg);
      if (stepDeg === -180) return refuse("half-turn-edge", RING_CLAUSE, "an edge spans 180° of longitude: either way round is as short");
      lonDeg += stepDeg;
      if (k === open.length) {
        if (Math.abs(lonDeg - firstLonDeg) > 1e-6) return refuse("encloses-pole", RING_CLAUSE, "the ring goes round a pole");
        lonDeg = firstLonDeg;
      }
      points.push(vertex.latDeg, lonDeg);
      southDeg = Math.min(southDeg, vertex.latDeg);
      northDeg = Math.max(northDeg, vertex.latDeg);
      westDeg = Math.min(westDeg, lonDeg);
      eastDeg = Math.max(eastDeg, lonDeg);
      previous = vertex;
    }
    if (isOnOneLine(points, ringStarts[ringStarts.length - 1] ?? 0)) return refuse("no-area", RING_CLAUSE, "the ring encloses nothing");
  }
  if (eastDeg - westDeg >= 360) return refuse("encloses-pole", RING_CLAUSE, "the ring is wider than the Earth");
  ringStarts.push(points.length / 2);
  return { polygon: { latLonDeg: Float64Array.from(points), ringStarts, southDeg, northDeg, westDeg, eastDeg } };
}

function withoutClosingVertex(ring: readonly LatLon[]): readonly LatLon[] {
  const start = ring[0];
  const end = ring[ring.length - 1];
  const closed = ring.length > 1 && start?.latDeg === end?.latDeg && wrap360Deg((start?.lonDeg ?? 0) - (end?.lonDeg ?? 0)) === 0;
  return closed ? ring.slice(0, -1) : ring;
}

/** Whether the vertices from one on lie within 1e-9° (0.1 mm) of a line through the first of them and the one farthest from it. */
function isOnOneLine(points: readonly number[], fromVertex: number): boolean {
  const lat0 = points[fromVertex * 2] ?? Number.NaN;
  const lon0 = points[fromVertex * 2 + 1] ?? Number.NaN;
  let farLat = 0;
  let farLon = 0;
  for (let at = fromVertex * 2; at < points.length; at += 2) {
    const lat = (points[at] ?? Number.NaN) - lat0;
    const lon = (points[at + 1] ?? Number.NaN) - lon0;
    if (lat * lat + lon * lon > farLat * farLat + farLon * farLon) [farLat, farLon] = [lat, lon];
  }
  const length = Math.sqrt(farLat * farLat + farLon * farLon);
  for (let at = fromVertex * 2; at < points.length; at += 2) {
    const aside = ((points[at] ?? Number.NaN) - lat0) * farLon - ((points[at + 1] ?? Number.NaN) - lon0) * farLat;
    if (Math.abs(aside) > 1e-9 * length) return false;
  }
  return true;
}

function refuseVertex(vertex: LatLon | undefined): Refused<GeoPolygonCode> {
  return refuse("not-a-position", "RFC 7946 §3.1.1", `a vertex at latitude ${vertex?.latDeg ?? "?"}, longitude ${vertex?.lonDeg ?? "?"}`);
}

/**
 * Whether a position is inside a polygon (even-odd crossing count, M. Shimrat, CACM 5 (1962) 434). A position within a
 * rounding error of an edge may count either way; NaN is inside nothing.
 */
export function isInPolygon(polygon: GeoPolygon, latDeg: number, lonDeg: number): boolean {
  if (!(latDeg >= polygon.southDeg && latDeg <= polygon.northDeg)) return false;
  const x = polygon.westDeg + wrap360Deg(lonDeg - polygon.westDeg);
  if (!(x <= polygon.eastDeg)) return false;
  const { latLonDeg, ringStarts } = polygon;
  let inside = false;
  for (let ring = 0; ring + 1 < ringStarts.length; ring += 1) {
    const end = ((ringStarts[ring + 1] ?? 0) - 1) * 2;
    for (let at = (ringStarts[ring] ?? 0) * 2; at < end; at += 2) {
      const lat1 = latLonDeg[at] ?? Number.NaN;
      const lat2 = latLonDeg[at + 2] ?? Number.NaN;
      if (lat1 > latDeg === lat2 > latDeg) continue;
      const lon1 = latLonDeg[at + 1] ?? Number.NaN;
      const lon2 = latLonDeg[at + 3] ?? Number.NaN;
      if (x < lon1 + ((latDeg - lat1) / (lat2 - lat1)) * (lon2 - lon1)) inside = !inside;
    }
  }
  return inside;
}

/** A degree of latitude at the equator, where it is shortest (110,574.4 m): no edge farther than this in latitude can be nearer. */
const LEAST_M_PER_DEG = 110_574;

/** The nearest point of a polygon's edges. */
export interface NearestEdgePoint extends LatLon {
  readonly distanceM: number;
}

/**
 * The nearest point of a polygon's edges, from inside or outside. The foot on each edge is found over a flat Earth at the latitude
 * halfway to it, in three rounds; the distance to the best foot is then the exact geodesic. The README states the measured error.
 * Not for distances across a pole. NaN gives NaN.
 */
export function nearestPolygonEdge(polygon: GeoPolygon, latDeg: number, lonDeg: number): NearestEdgePoint {
  const { latLonDeg, ringStarts } = polygon;
  let bestM = Number.POSITIVE_INFINITY;
  let withinDeg = Number.POSITIVE_INFINITY;
  let bestLat = Number.NaN;
  let bestLon = Number.NaN;
  for (let ring = 0; ring + 1 < ringStarts.length; ring += 1) {
    const end = ((ringStarts[ring + 1] ?? 0) - 1) * 2;
    for (let at = (ringStarts[ring] ?? 0) * 2; at < end; at += 2) {
      const lat1 = latLonDeg[at] ?? Number.NaN;
      const lat2 = latLonDeg[at + 2] ?? Number.NaN;
      if (Math.max(lat1, lat2) < latDeg - withinDeg || Math.min(lat1, lat2) > latDeg + withinDeg) continue;
      const lon1 = latLonDeg[at + 1] ?? Number.NaN;
      const lon2 = latLonDeg[at + 3] ?? Number.NaN;
      const share = footOnEdge(latDeg, lonDeg, lat1, lon1, lat2, lon2);
      const footLat = lat1 + share * (lat2 - lat1);
      const footLon = lon1 + share * (lon2 - lon1);
      const distanceM = flatDistanceM(latDeg, lonDeg, footLat, footLon);
      if (distanceM < bestM) {
        bestM = distanceM;
        withinDeg = distanceM / LEAST_M_PER_DEG;
        bestLat = footLat;
        bestLon = footLon;
      }
    }
  }
  return { latDeg: bestLat, lonDeg: wrap180Deg(bestLon), distanceM: geodesicDistanceM(latDeg, lonDeg, bestLat, bestLon) };
}

/** The share, 0 to 1, of an edge at which it is nearest to a position. */
function footOnEdge(latDeg: number, lonDeg: number, lat1: number, lon1: number, lat2: number, lon2: number): number {
  const startLat = lat1 - latDeg;
  const startLon = wrap180Deg(lon1 - lonDeg);
  const alongLat = lat2 - lat1;
  const alongLon = lon2 - lon1;
  let share = 0.5;
  for (let round = 0; round < 3; round += 1) {
    const sinLat = Math.sin((latDeg + 0.5 * (startLat + share * alongLat)) * RAD_PER_DEG);
    const w2 = 1 - WGS84_E2 * sinLat * sinLat;
    const northScale = (WGS84_A_M * (1 - WGS84_E2)) / (w2 * Math.sqrt(w2));
    const eastScale = WGS84_A_M * Math.sqrt((1 - sinLat * sinLat) / w2);
    const north = alongLat * northScale;
    const east = alongLon * eastScale;
    const length2 = north * north + east * east;
    if (length2 === 0) return 0;
    share = Math.min(1, Math.max(0, -(startLat * northScale * north + startLon * eastScale * east) / length2));
  }
  return share;
}

/** Metres from a position to a polygon: 0 inside, else to the nearest edge; as `nearestPolygonEdge`. NaN gives NaN. */
export function distanceToPolygonM(polygon: GeoPolygon, latDeg: number, lonDeg: number): number {
  return isInPolygon(polygon, latDeg, lonDeg) ? 0 : nearestPolygonEdge(polygon, latDeg, lonDeg).distanceM;
}

/** Whether a position is in a circle on the ellipsoid, its rim included. NaN is inside nothing. */
export function isInCircle(centre: LatLon, radiusM: number, latDeg: number, lonDeg: number): boolean {
  return geodesicDistanceM(centre.latDeg, centre.lonDeg, latDeg, lonDeg) <= radiusM;
}

/** Metres from a position to a circle on the ellipsoid: 0 inside, else to its rim. NaN gives NaN. */
export function distanceToCircleM(centre: LatLon, radiusM: number, latDeg: number, lonDeg: number): number {
  return Math.max(0, geodesicDistanceM(centre.latDeg, centre.lonDeg, latDeg, lonDeg) - radiusM);
}

/**
 * The ring of a circle for drawing: longitude, latitude of each corner in turn (GeoJSON's order), counter-clockwise (RFC 7946
 * §3.1.6), closed. Corners lie on the circle, so the drawn edge falls short of it by at most `radius · (1 − cos(π/corners))`: 0.1 %
 * with 72. Longitudes run on past ±180 without a jump, as web maps want them; a circle around a pole comes out as a line along
 * its parallel, open by 360°. Throws a RangeError for fewer than 3 corners.
 */
export function circleRing(centre: LatLon, radiusM: number, corners = 72): Float64Array {
  if (!(corners >= 3 && Number.isInteger(corners))) throw new RangeError(`a ring has 3 corners or more, not ${corners}`);
  const ring = new Float64Array((corners + 1) * 2);
  for (let k = 0; k <= corners; k += 1) writeRim(ring, k, centre, radiusM, -(k % corners) * (360 / corners));
  closeExactly(ring);
  return ring;
}

/**
 * The ring of a sector for drawing a sensor's field of view: from the centre along the rim, from one azimuth clockwise to another,
 * and back. Order, longitudes and shortfall as in `circleRing`, with `corners` on the whole circle. Equal azimuths give a full turn.
 */
export function sectorRing(centre: LatLon, radiusM: number, fromDeg: number, toDeg: number, corners = 72): Float64Array {
  if (!(corners >= 3 && Number.isInteger(corners))) throw new RangeError(`a ring has 3 corners or more, not ${corners}`);
  const wrapped = wrap360Deg(toDeg - fromDeg);
  const widthDeg = wrapped === 0 ? 360 : wrapped;
  const steps = Number.isNaN(widthDeg) ? 1 : Math.max(1, Math.ceil((widthDeg / 360) * corners));
  const ring = new Float64Array((steps + 3) * 2);
  ring[0] = wrap180Deg(centre.lonDeg);
  ring[1] = centre.latDeg;
  for (let k = 0; k <= steps; k += 1) writeRim(ring, k + 1, centre, radiusM, fromDeg + widthDeg * (1 - k / steps));
  ring[ring.length - 2] = ring[0];
  ring[ring.length - 1] = ring[1];
  return ring;
}

/** GeoJSON wants the last corner equal to the first to the bit; adding up longitudes leaves a rounding error. */
function closeExactly(ring: Float64Array): void {
  const first = ring[0] ?? Number.NaN;
  const last = ring.length - 2;
  if (Math.abs((ring[last] ?? Number.NaN) - first) < 1e-9) ring[last] = first;
}

/** Writes one rim point at a corner's place, its longitude on the same turn as the corner before it. */
function writeRim(ring: Float64Array, corner: number, centre: LatLon, radiusM: number, azimuthDeg: number): void {
  const rim = geodesicDirect(centre.latDeg, centre.lonDeg, azimuthDeg, radiusM);
  const before = corner === 0 ? wrap180Deg(centre.lonDeg) : (ring[corner * 2 - 2] ?? Number.NaN);
  ring[corner * 2] = before + wrap180Deg(rim.lonDeg - before);
  ring[corner * 2 + 1] = rim.latDeg;
}
