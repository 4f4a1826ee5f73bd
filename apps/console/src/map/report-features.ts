// Reports, and directions of sensors in TAK, as shapes for the map: a wedge at one and two standard deviations with no mark in it, its point at the observer; an ellipse where several agree.
import { enuFrame, enuToGeodetic } from "@atalaya/geodesy";
import type { Incident, Report, TakPointing } from "@atalaya/protocol";
import type { Feature, FeatureCollection } from "geojson";

const STEPS = 24;
const RAD = Math.PI / 180;

type Corner = [number, number];

function around(latDeg: number, lonDeg: number): (east: number, north: number) => Corner {
  const frame = enuFrame(latDeg, lonDeg, 0);
  const out = new Float64Array(3);
  return (east, north) => {
    enuToGeodetic(frame, east, north, 0, out);
    return [out[1] ?? lonDeg, out[0] ?? latDeg];
  };
}

function wedge({ latDeg, lonDeg, azimuthDeg, sigmaDeg, farM }: NonNullable<Report["wedge"]>, sigmas: number): Corner[] {
  const at = around(latDeg, lonDeg);
  const half = Math.min(179, sigmaDeg * sigmas);
  const corners: Corner[] = [[lonDeg, latDeg]];
  for (let k = 0; k <= STEPS; k += 1) {
    const azimuth = (azimuthDeg - half + (2 * half * k) / STEPS) * RAD;
    corners.push(at(farM * Math.sin(azimuth), farM * Math.cos(azimuth)));
  }
  corners.push([lonDeg, latDeg]);
  return corners;
}

function ellipse({ latDeg, lonDeg, ellipse: { majorM, minorM, azimuthDeg } }: NonNullable<Incident["position"]>): Corner[] {
  const at = around(latDeg, lonDeg);
  const azimuth = azimuthDeg * RAD;
  return Array.from({ length: 2 * STEPS + 1 }, (_, k) => {
    const turn = (k / STEPS) * Math.PI;
    const along = majorM * Math.cos(turn);
    const across = minorM * Math.sin(turn);
    return at(along * Math.sin(azimuth) + across * Math.cos(azimuth), along * Math.cos(azimuth) - across * Math.sin(azimuth));
  });
}

/** How far a direction is drawn, m: it says where a sensor looks, and not at what. */
const DIRECTION_M = 1000;

function direction({ position: { latDeg, lonDeg }, azimuthDeg }: TakPointing): Corner[] {
  const azimuth = azimuthDeg * RAD;
  return [[lonDeg, latDeg], around(latDeg, lonDeg)(DIRECTION_M * Math.sin(azimuth), DIRECTION_M * Math.cos(azimuth))];
}

/** Open reports, the chosen one and the one that is being typed with more weight. */
export function reportFeatures(
  reports: readonly Pick<Report, "id" | "wedge" | "takenBack">[],
  incidents: readonly Incident[],
  chosen: string | undefined,
  pointings: readonly TakPointing[] = [],
): FeatureCollection {
  const features: Feature[] = [];
  for (const { id, wedge: drawn, takenBack } of reports) {
    if (drawn === undefined || takenBack !== undefined) continue;
    for (const sigmas of [2, 1])
      features.push({
        type: "Feature",
        properties: { what: "wedge", sigmas, chosen: id === chosen },
        geometry: { type: "Polygon", coordinates: [wedge(drawn, sigmas)] },
      });
  }
  for (const { position, reports: members } of incidents) {
    if (position === undefined) continue;
    features.push({
      type: "Feature",
      properties: { what: "ellipse", sigmas: 0, chosen: chosen !== undefined && members.includes(chosen) },
      geometry: { type: "Polygon", coordinates: [ellipse(position)] },
    });
  }
  for (const pointing of pointings)
    features.push({
      type: "Feature",
      properties: { what: "direction", sigmas: 0, chosen: false },
      geometry: { type: "LineString", coordinates: direction(pointing) },
    });
  return { type: "FeatureCollection", features };
}
