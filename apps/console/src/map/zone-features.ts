// Zones as shapes for the map: their outline, and a point with their name.
import { enuFrame, enuToGeodetic } from "@atalaya/geodesy";
import type { Position, Zone } from "@atalaya/protocol";
import type { Feature, FeatureCollection } from "geojson";

const CORNERS = 72;

/** Somebody's place on the map, and the radius of its error, m. */
export interface ShownPlace {
  readonly name: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly errorM: number;
}

function circle({ latDeg, lonDeg }: Position, radiusM: number): [number, number][] {
  const frame = enuFrame(latDeg, lonDeg, 0);
  const out = new Float64Array(3);
  return Array.from({ length: CORNERS + 1 }, (_, k): [number, number] => {
    const angle = (k / CORNERS) * 2 * Math.PI;
    enuToGeodetic(frame, radiusM * Math.sin(angle), radiusM * Math.cos(angle), 0, out);
    return [out[1] ?? lonDeg, out[0] ?? latDeg];
  });
}

export function zoneCentre({ shape }: Zone): Position {
  if (shape.type === "circle") return shape.centre;
  const latDeg = shape.ring.reduce((sum, corner) => sum + corner.latDeg, 0) / shape.ring.length;
  const lonDeg = shape.ring.reduce((sum, corner) => sum + corner.lonDeg, 0) / shape.ring.length;
  return { latDeg, lonDeg };
}

/** A person: the mark, and the circle in which they are. */
function placeFeatures({ name, latDeg, lonDeg, errorM }: ShownPlace): Feature[] {
  const properties = { name, danger: false, icon: "person" };
  return [
    { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [circle({ latDeg, lonDeg }, errorM)] } },
    { type: "Feature", properties, geometry: { type: "Point", coordinates: [lonDeg, latDeg] } },
  ];
}

export function zoneFeatures(zones: readonly Zone[], inDanger: ReadonlySet<string>, places: readonly ShownPlace[] = []): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: [
      ...zones.flatMap((zone): Feature[] => {
        const properties = { name: zone.name, danger: inDanger.has(zone.id), icon: zone.kind === "post" ? "post" : "area" };
        const ring =
          zone.shape.type === "circle"
            ? circle(zone.shape.centre, zone.shape.radiusM)
            : [...zone.shape.ring, ...zone.shape.ring.slice(0, 1)].map(({ latDeg, lonDeg }): [number, number] => [lonDeg, latDeg]);
        const centre = zoneCentre(zone);
        return [
          { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } },
          { type: "Feature", properties, geometry: { type: "Point", coordinates: [centre.lonDeg, centre.latDeg] } },
        ];
      }),
      ...places.flatMap(placeFeatures),
    ],
  };
}
