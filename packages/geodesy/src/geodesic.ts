// How far is it along the ellipsoid, in which direction, and where does one arrive? Exact, and fast enough to gate with.

import geographicLib from "geographiclib-geodesic";
import { RAD_PER_DEG, wrap180Deg, wrap360Deg } from "./angles.ts";
import { WGS84_A_M, WGS84_E2 } from "./wgs84.ts";

const { Geodesic } = geographicLib;

/** The shortest path between two points of the ellipsoid. */
export interface GeodesicPath {
  readonly distanceM: number;
  /** Direction in which the path leaves the first point, clockwise from true north, [0, 360). */
  readonly azimuthDeg: number;
  /** Direction in which it arrives at the second point (forward, not back), [0, 360). */
  readonly arrivalAzimuthDeg: number;
}

/** Where a path ends. */
export interface GeodesicEnd {
  readonly latDeg: number;
  /** [-180, 180). */
  readonly lonDeg: number;
  /** Direction of travel on arrival, [0, 360). */
  readonly arrivalAzimuthDeg: number;
}

/**
 * Inverse geodesic problem on WGS 84 (C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87 (2013) 43–55, as
 * geographiclib-geodesic computes it): distance good to 15 nm between any two points, antipodes included. Coincident points have
 * distance 0 and a path that leaves due north or south. A latitude beyond ±90 or a NaN gives NaN.
 */
export function geodesicInverse(lat1Deg: number, lon1Deg: number, lat2Deg: number, lon2Deg: number): GeodesicPath {
  const path = Geodesic.WGS84.Inverse(lat1Deg, lon1Deg, lat2Deg, lon2Deg, Geodesic.DISTANCE | Geodesic.AZIMUTH);
  return {
    distanceM: path.s12 ?? Number.NaN,
    azimuthDeg: wrap360Deg(path.azi1 ?? Number.NaN),
    arrivalAzimuthDeg: wrap360Deg(path.azi2 ?? Number.NaN),
  };
}

/** Geodesic distance in metres; as `geodesicInverse`. */
export function geodesicDistanceM(lat1Deg: number, lon1Deg: number, lat2Deg: number, lon2Deg: number): number {
  return Geodesic.WGS84.Inverse(lat1Deg, lon1Deg, lat2Deg, lon2Deg, Geodesic.DISTANCE).s12 ?? Number.NaN;
}

/** Direct geodesic problem on WGS 84 (Karney 2013): the end of a path of `distanceM` metres; good to 15 nm. NaN gives NaN. */
export function geodesicDirect(latDeg: number, lonDeg: number, azimuthDeg: number, distanceM: number): GeodesicEnd {
  const wanted = Geodesic.LATITUDE | Geodesic.LONGITUDE | Geodesic.AZIMUTH;
  const end = Geodesic.WGS84.Direct(latDeg, lonDeg, azimuthDeg, distanceM, wanted);
  return {
    latDeg: end.lat2 ?? Number.NaN,
    lonDeg: wrap180Deg(end.lon2 ?? Number.NaN),
    arrivalAzimuthDeg: wrap360Deg(end.azi2 ?? Number.NaN),
  };
}

/**
 * Distance over a flat Earth with WGS 84's radii of curvature at the middle latitude (the form of 47 CFR §73.208(c), with exact
 * radii instead of its series). For gating: no allocation, two square roots and two trigonometric calls. The README states the
 * measured error. Correct across the antimeridian; meaningless across a pole. NaN gives NaN.
 */
export function flatDistanceM(lat1Deg: number, lon1Deg: number, lat2Deg: number, lon2Deg: number): number {
  const middle = (lat1Deg + lat2Deg) * 0.5 * RAD_PER_DEG;
  const sinLat = Math.sin(middle);
  const w2 = 1 - WGS84_E2 * sinLat * sinLat;
  const w = Math.sqrt(w2);
  const northM = ((WGS84_A_M * (1 - WGS84_E2)) / (w2 * w)) * (lat2Deg - lat1Deg) * RAD_PER_DEG;
  const eastM = (WGS84_A_M / w) * Math.cos(middle) * wrap180Deg(lon2Deg - lon1Deg) * RAD_PER_DEG;
  return Math.sqrt(northM * northM + eastM * eastM);
}
