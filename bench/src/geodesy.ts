// How long do the geodesy kernels take per point, and what do the packages beneath cost?
import {
  ecefToGeodeticBatch,
  encodeMgrs,
  enuFrame,
  enuToGeodeticBatch,
  flatDistanceM,
  geodesicDirect,
  geodesicDistanceM,
  geodeticToEcefBatch,
  geodeticToEnuBatch,
  geodeticToLook,
  geoidHeightM,
  geoPolygon,
  isInPolygon,
  magneticField,
  nearestPolygonEdge,
} from "@atalaya/geodesy";
import { type Bench, type BenchResult, type Figure, figure } from "./bench.ts";

const POINTS = 10_000;
const RUNS = 15;

/** Points within 50 km of El Paso, spread by the golden angle: the same in each run and on each machine. */
function pointsAround(): Float64Array {
  const points = new Float64Array(POINTS * 3);
  for (let k = 0; k < POINTS; k += 1) {
    const end = geodesicDirect(31.76, -106.49, (k * 137.50776405) % 360, 50_000 * Math.sqrt((k + 0.5) / POINTS));
    points.set([end.latDeg, end.lonDeg, 1200 + (k % 500)], k * 3);
  }
  return points;
}

/** Nanoseconds per call of work that makes `calls` calls; the sum keeps the compiler from leaving the work out. */
function perCall(calls: number, work: () => number): Figure {
  const samples: number[] = [];
  let sum = 0;
  for (let run = -3; run < RUNS; run += 1) {
    const start = performance.now();
    sum += work();
    if (run >= 0) samples.push(((performance.now() - start) * 1e6) / calls);
  }
  if (sum === Math.PI) throw new RangeError("never: the sum is read");
  return figure("ns/call", samples);
}

export const bench: Bench = {
  name: "geodesy",
  measures: `time per call over ${POINTS} points within 50 km`,
  run: (): Promise<BenchResult> => {
    const points = pointsAround();
    const out = new Float64Array(points.length);
    const ecef = new Float64Array(points.length);
    const enu = new Float64Array(points.length);
    const frame = enuFrame(31.76, -106.49, 1140);
    geodeticToEcefBatch(points, ecef, POINTS);
    geodeticToEnuBatch(frame, points, enu, POINTS);
    const ring = Array.from({ length: 32 }, (_, k) => geodesicDirect(31.9, -106.4, k * 11.25, 15_000 + (k % 3) * 2000));
    const made = geoPolygon([ring]);
    if ("refused" in made) throw new RangeError(made.refused.detail);
    const { polygon } = made;
    const each = (count: number, call: (lat: number, lon: number) => number) => (): number => {
      let sum = 0;
      for (let at = 0; at < count * 3; at += 3) sum += call(points[at] ?? 0, points[at + 1] ?? 0);
      return sum;
    };
    const moment = 1_795_478_400_000;
    const figures = {
      "geodetic to ECEF": perCall(POINTS, () => (geodeticToEcefBatch(points, out, POINTS), out[0] ?? 0)),
      "ECEF to geodetic": perCall(POINTS, () => (ecefToGeodeticBatch(ecef, out, POINTS), out[0] ?? 0)),
      "geodetic to ENU": perCall(POINTS, () => (geodeticToEnuBatch(frame, points, out, POINTS), out[0] ?? 0)),
      "ENU to geodetic": perCall(POINTS, () => (enuToGeodeticBatch(frame, enu, out, POINTS), out[0] ?? 0)),
      "azimuth, elevation, range": perCall(
        POINTS,
        each(POINTS, (lat, lon) => (geodeticToLook(frame, lat, lon, 1300, out), out[0] ?? 0)),
      ),
      "flat distance": perCall(
        POINTS,
        each(POINTS, (lat, lon) => flatDistanceM(31.76, -106.49, lat, lon)),
      ),
      "geodesic distance": perCall(
        POINTS,
        each(POINTS, (lat, lon) => geodesicDistanceM(31.76, -106.49, lat, lon)),
      ),
      "in polygon of 32": perCall(
        POINTS,
        each(POINTS, (lat, lon) => (isInPolygon(polygon, lat, lon) ? 1 : 0)),
      ),
      "nearest edge of 32": perCall(
        POINTS,
        each(POINTS, (lat, lon) => nearestPolygonEdge(polygon, lat, lon).distanceM),
      ),
      "geoid height": perCall(POINTS, each(POINTS, geoidHeightM)),
      "magnetic field": perCall(
        500,
        each(500, (lat, lon) => magneticField(lat, lon, 1200, moment).declinationDeg),
      ),
      "MGRS reference": perCall(
        POINTS,
        each(POINTS, (lat, lon) => ("mgrs" in encodeMgrs(lat, lon) ? 1 : 0)),
      ),
    };
    return Promise.resolve({ figures, peers: {} });
  },
};
