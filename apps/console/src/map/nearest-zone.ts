// Which post or area a place is nearest to, and how far from its edge.
import { flatDistanceM } from "@atalaya/geodesy";
import type { Position, Zone } from "@atalaya/protocol";
import { zoneCentre } from "./zone-features.ts";

export interface NearZone {
  readonly zone: Zone;
  /** From the edge, as the cards count; a polygon from the middle of its corners, m. */
  readonly awayM: number;
}

export function nearestZone({ latDeg, lonDeg }: Position, zones: readonly Zone[]): NearZone | undefined {
  let found: NearZone | undefined;
  for (const zone of zones) {
    const centre = zoneCentre(zone);
    const inside = zone.shape.type === "circle" ? zone.shape.radiusM : 0;
    const awayM = Math.max(0, flatDistanceM(latDeg, lonDeg, centre.latDeg, centre.lonDeg) - inside);
    if (found === undefined || awayM < found.awayM) found = { zone, awayM };
  }
  return found;
}
