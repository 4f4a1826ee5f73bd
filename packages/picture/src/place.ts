// A place on the ground, and a piece of it.

export interface LatLon {
  readonly latDeg: number;
  readonly lonDeg: number;
}

export type AreaShape =
  | { readonly type: "circle"; readonly centre: LatLon; readonly radiusM: number }
  | { readonly type: "polygon"; readonly ring: readonly LatLon[] };
