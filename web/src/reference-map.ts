// The reference map in the colours of the theme: land, water, borders, towns, and the user's own map over them.
import type { LayerSpecification } from "maplibre-gl";
import { colour, type Theme } from "./tokens.ts";

/** Text is drawn from the pages' own web font. */
export const MAP_FONT: string[] = ["B612"];

/** Layers of the user's own map (Protomaps schema): what tells a place apart, no more. Their ids have a prefix of their own. */
function ownLayers(theme: Theme): LayerSpecification[] {
  const c = (token: Parameters<typeof colour>[0]): string => colour(token, theme);
  return [
    { id: "own-water", type: "fill", source: "own", "source-layer": "water", paint: { "fill-color": c("map-water") } },
    { id: "own-buildings", type: "fill", source: "own", "source-layer": "buildings", minzoom: 14, paint: { "fill-color": c("map-urban") } },
    {
      id: "own-roads",
      type: "line",
      source: "own",
      "source-layer": "roads",
      paint: { "line-color": c("line-strong"), "line-opacity": 0.6, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.4, 16, 3] },
    },
    {
      id: "own-places",
      type: "symbol",
      source: "own",
      "source-layer": "places",
      layout: { "text-field": ["get", "name"], "text-font": MAP_FONT, "text-size": 12 },
      paint: { "text-color": c("map-label"), "text-halo-color": c("map-land"), "text-halo-width": 1 },
    },
  ];
}

/** From the sea up to the towns; sources `base` and, with an own map, `own`. */
export function referenceLayers(theme: Theme, withOwnMap: boolean): LayerSpecification[] {
  const c = (token: Parameters<typeof colour>[0]): string => colour(token, theme);
  const base = { source: "base" } as const;
  return [
    { id: "sea", type: "background", paint: { "background-color": c("map-water") } },
    { id: "land", type: "fill", ...base, "source-layer": "land", paint: { "fill-color": c("map-land") } },
    { id: "lakes", type: "fill", ...base, "source-layer": "lakes", paint: { "fill-color": c("map-water") } },
    {
      id: "counties",
      type: "line",
      ...base,
      "source-layer": "counties",
      minzoom: 7,
      paint: { "line-color": c("map-border"), "line-opacity": 0.25, "line-width": 0.6 },
    },
    {
      id: "rivers",
      type: "line",
      ...base,
      "source-layer": "rivers",
      paint: { "line-color": c("map-river"), "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.5, 8, 1.6, 14, 3] },
    },
    {
      id: "states",
      type: "line",
      ...base,
      "source-layer": "states",
      paint: { "line-color": c("map-border"), "line-opacity": 0.5, "line-width": 0.8 },
    },
    {
      id: "borders",
      type: "line",
      ...base,
      "source-layer": "borders",
      paint: { "line-color": c("map-border"), "line-width": 1.3, "line-dasharray": [6, 2, 1, 2] },
    },
    ...(withOwnMap ? ownLayers(theme) : []),
    {
      id: "towns",
      type: "symbol",
      ...base,
      "source-layer": "towns",
      layout: {
        "text-field": ["get", "name"],
        "text-font": MAP_FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 4, 10, 12, ["case", [">", ["get", "pop"], 300_000], 18, 12]],
        "symbol-sort-key": ["-", 0, ["get", "pop"]],
        "text-padding": 6,
      },
      paint: { "text-color": c("map-label"), "text-halo-color": c("map-land"), "text-halo-width": 1.2 },
    },
  ];
}
