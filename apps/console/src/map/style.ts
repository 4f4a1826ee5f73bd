// How the reference map, the user's own map and the zones are drawn, in the colours of the theme.
import { paths } from "@atalaya/protocol";
import { colour, type Theme } from "@atalaya/web/tokens";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

export const ZONE_SOURCE = "zones";
export const REPORT_SOURCE = "reports";
const FONT = ["B612"];

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
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 },
      paint: { "text-color": c("map-label"), "text-halo-color": c("map-land"), "text-halo-width": 1 },
    },
  ];
}

export function mapStyle(theme: Theme, withOwnMap: boolean): StyleSpecification {
  const c = (token: Parameters<typeof colour>[0]): string => colour(token, theme);
  const base = { source: "base" } as const;
  return {
    version: 8,
    sources: {
      base: { type: "vector", url: `pmtiles://${location.origin}${paths.basemap}` },
      ...(withOwnMap ? { own: { type: "vector" as const, url: `pmtiles://${location.origin}${paths.userBasemap}` } } : {}),
      [ZONE_SOURCE]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      [REPORT_SOURCE]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
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
          "text-font": FONT,
          "text-size": ["interpolate", ["linear"], ["zoom"], 4, 10, 12, ["case", [">", ["get", "pop"], 300_000], 18, 12]],
          "symbol-sort-key": ["-", 0, ["get", "pop"]],
          "text-padding": 6,
        },
        paint: { "text-color": c("map-label"), "text-halo-color": c("map-land"), "text-halo-width": 1.2 },
      },
      {
        id: "zone-fill",
        type: "fill",
        source: ZONE_SOURCE,
        paint: {
          "fill-color": ["case", ["get", "danger"], c("warning"), c("line-strong")],
          "fill-opacity": ["case", ["get", "danger"], 0.12, 0.08],
        },
      },
      {
        id: "zone-edge",
        type: "line",
        source: ZONE_SOURCE,
        paint: {
          "line-color": ["case", ["get", "danger"], c("warning"), c("text-2")],
          "line-width": ["case", ["get", "danger"], 2, 1.2],
          "line-dasharray": [3, 2],
        },
      },
      {
        id: "report-fill",
        type: "fill",
        source: REPORT_SOURCE,
        paint: { "fill-color": c("unknown"), "fill-opacity": ["case", ["get", "chosen"], 0.16, 0.06] },
      },
      {
        id: "report-edge",
        type: "line",
        source: REPORT_SOURCE,
        filter: ["any", ["get", "chosen"], ["==", ["get", "what"], "ellipse"]],
        paint: { "line-color": c("unknown"), "line-width": ["case", ["get", "chosen"], 2, 1.2], "line-dasharray": [4, 2] },
      },
      {
        id: "zone-name",
        type: "symbol",
        source: ZONE_SOURCE,
        filter: ["==", ["geometry-type"], "Point"],
        layout: {
          "icon-image": ["get", "icon"],
          "text-field": ["get", "name"],
          "text-font": FONT,
          "text-size": 12,
          "text-anchor": "top",
          "text-offset": [0, 1],
          "text-optional": true,
          "icon-allow-overlap": true,
        },
        paint: { "text-color": c("text"), "text-halo-color": c("map-land"), "text-halo-width": 1.5 },
      },
    ],
  };
}
