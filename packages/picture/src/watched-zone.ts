// A zone made ready for many questions, and a grid that names the zones near a place without asking each of them.
import { flatDistanceM, geoPolygon, type GeoPolygon } from "@atalaya/geodesy";
import type { ZoneDefinition } from "./entry.ts";
import type { LatLon } from "./place.ts";

/** Something with a place, and a circle that contains all of it. */
export interface Placed {
  readonly centre: LatLon;
  readonly radiusM: number;
}

/** The centre is that of the circle, or the middle of the polygon's box; the circle contains the polygon. */
export interface WatchedZone extends Placed {
  readonly zone: ZoneDefinition;
  readonly polygon: GeoPolygon | undefined;
}

/** The zone, or why no warning could rest on it. */
export function watchedZone(zone: ZoneDefinition): WatchedZone | { readonly refused: string } {
  if (zone.shape.type === "circle") return { zone, centre: zone.shape.centre, radiusM: zone.shape.radiusM, polygon: undefined };
  const made = geoPolygon([zone.shape.ring]);
  if ("refused" in made) return { refused: made.refused.code };
  const { polygon } = made;
  const lonDeg = (polygon.westDeg + polygon.eastDeg) / 2;
  const centre = { latDeg: (polygon.southDeg + polygon.northDeg) / 2, lonDeg: lonDeg > 180 ? lonDeg - 360 : lonDeg };
  let radiusM = 0;
  for (const corner of zone.shape.ring)
    radiusM = Math.max(radiusM, flatDistanceM(centre.latDeg, centre.lonDeg, corner.latDeg, corner.lonDeg));
  // A flat Earth is 1 % off at the size of a country; the circle only has to contain the polygon.
  return { zone, centre, radiusM: radiusM * 1.01, polygon };
}

/** 5.5 km in latitude: a slow drone's two minutes. */
const CELL_DEG = 0.05;
const LON_CELLS = 7200;
/** Zones and questions wider than this many cells are not cut up: all zones are looked at. */
const MAX_CELLS = 400;
/** A degree of latitude at the equator, where it is shortest, and of longitude there. */
const LEAST_M_PER_DEG_LAT = 110_574;
const M_PER_DEG_LON = 111_319;
/** Beyond this, a degree of longitude is too short for cells to help. */
const MAX_LAT_DEG = 80;

interface Cells {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

function cellsAround({ latDeg, lonDeg }: LatLon, reachM: number): Cells | undefined {
  const dLat = reachM / LEAST_M_PER_DEG_LAT;
  const farLat = Math.abs(latDeg) + dLat;
  if (farLat > MAX_LAT_DEG) return undefined;
  const dLon = reachM / (M_PER_DEG_LON * Math.cos((farLat * Math.PI) / 180));
  const south = Math.floor((latDeg - dLat) / CELL_DEG);
  const north = Math.floor((latDeg + dLat) / CELL_DEG);
  const west = Math.floor((lonDeg - dLon) / CELL_DEG);
  const east = Math.floor((lonDeg + dLon) / CELL_DEG);
  return (north - south + 1) * (east - west + 1) > MAX_CELLS ? undefined : { south, north, west, east };
}

function cellKey(latCell: number, lonCell: number): number {
  return latCell * LON_CELLS + (((lonCell % LON_CELLS) + LON_CELLS) % LON_CELLS);
}

/** Zones, or people, by place. Made anew when one of them changes. */
export class ZoneGrid<T extends Placed = WatchedZone> {
  readonly zones: readonly T[];
  readonly #cells = new Map<number, number[]>();
  readonly #everywhere: number[] = [];
  readonly #seen: Uint32Array;
  #round = 0;
  /** The box around all zones, °; across the date line or near a pole there is none, and everything counts as near. */
  #south = Number.POSITIVE_INFINITY;
  #north = Number.NEGATIVE_INFINITY;
  #west = Number.POSITIVE_INFINITY;
  #east = Number.NEGATIVE_INFINITY;

  constructor(zones: readonly T[]) {
    this.zones = zones;
    this.#seen = new Uint32Array(zones.length);
    zones.forEach((zone, index) => {
      this.#bound(zone);
      const cells = cellsAround(zone.centre, zone.radiusM);
      if (cells === undefined) {
        this.#everywhere.push(index);
        return;
      }
      for (let lat = cells.south; lat <= cells.north; lat += 1) {
        for (let lon = cells.west; lon <= cells.east; lon += 1) {
          const key = cellKey(lat, lon);
          const list = this.#cells.get(key);
          if (list === undefined) this.#cells.set(key, [index]);
          else list.push(index);
        }
      }
    });
  }

  #bound({ centre: { latDeg, lonDeg }, radiusM }: T): void {
    const dLat = radiusM / LEAST_M_PER_DEG_LAT;
    const farLat = Math.abs(latDeg) + dLat;
    const dLon = farLat > MAX_LAT_DEG ? 360 : radiusM / (M_PER_DEG_LON * Math.cos((farLat * Math.PI) / 180));
    this.#south = Math.min(this.#south, latDeg - dLat);
    this.#north = Math.max(this.#north, latDeg + dLat);
    this.#west = Math.min(this.#west, lonDeg - dLon);
    this.#east = Math.max(this.#east, lonDeg + dLon);
  }

  /** False: nothing here lies within reach. True says nothing: only a box around everything was asked. */
  isNearBounds({ latDeg, lonDeg }: LatLon, reachM: number): boolean {
    if (this.zones.length === 0) return false;
    const dLat = reachM / LEAST_M_PER_DEG_LAT;
    if (latDeg < this.#south - dLat || latDeg > this.#north + dLat) return false;
    const farLat = Math.abs(latDeg) + dLat;
    if (farLat > MAX_LAT_DEG) return true;
    const dLon = reachM / (M_PER_DEG_LON * Math.cos((farLat * Math.PI) / 180));
    const [west, east] = [this.#west - dLon, this.#east + dLon];
    return west < -180 || east > 180 || (lonDeg >= west && lonDeg <= east);
  }

  /** Calls `visit` once for each zone that may lie within reach; the order depends on nothing but the zones and the place. */
  near(place: LatLon, reachM: number, visit: (zone: T) => void): void {
    if (this.zones.length === 0) return;
    const cells = cellsAround(place, reachM);
    if (cells === undefined) {
      for (const zone of this.zones) visit(zone);
      return;
    }
    for (const index of this.#everywhere) this.#visit(index, visit);
    if (this.#cells.size === 0) return;
    this.#round = (this.#round + 1) >>> 0 || 1;
    for (let lat = cells.south; lat <= cells.north; lat += 1) {
      for (let lon = cells.west; lon <= cells.east; lon += 1) {
        const list = this.#cells.get(cellKey(lat, lon));
        if (list === undefined) continue;
        for (const index of list) {
          if (this.#seen[index] === this.#round) continue;
          this.#seen[index] = this.#round;
          this.#visit(index, visit);
        }
      }
    }
  }

  #visit(index: number, visit: (zone: T) => void): void {
    const zone = this.zones[index];
    if (zone !== undefined) visit(zone);
  }
}
