// How the reference map, the user's own map and the zones are drawn, in the colours of the theme.
import { paths } from "@atalaya/protocol";
import { MAP_FONT, referenceLayers } from "@atalaya/web/reference-map";
import { colour, type Theme } from "@atalaya/web/tokens";
import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";

export const ZONE_SOURCE = "zones";
export const REPORT_SOURCE = "reports";
/** Which features each layer of zones draws. */
export const ZONE_FILTERS: readonly (readonly [layer: string, filter: ExpressionSpecification])[] = [
  ["zone-fill", ["==", ["geometry-type"], "Polygon"]],
  ["zone-edge", ["==", ["geometry-type"], "Polygon"]],
  ["zone-name", ["==", ["geometry-type"], "Point"]],
];

export function mapStyle(theme: Theme, withOwnMap: boolean): StyleSpecification {
  const c = (token: Parameters<typeof colour>[0]): string => colour(token, theme);
  return {
    version: 8,
    sources: {
      base: { type: "vector", url: `pmtiles://${location.origin}${paths.basemap}` },
      ...(withOwnMap ? { own: { type: "vector" as const, url: `pmtiles://${location.origin}${paths.userBasemap}` } } : {}),
      [ZONE_SOURCE]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      [REPORT_SOURCE]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      ...referenceLayers(theme, withOwnMap),
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
        filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": c("unknown"), "fill-opacity": ["case", ["get", "chosen"], 0.16, 0.06] },
      },
      {
        id: "report-edge",
        type: "line",
        source: REPORT_SOURCE,
        filter: ["any", ["get", "chosen"], ["==", ["get", "what"], "ellipse"], ["==", ["get", "what"], "direction"]],
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
          "text-font": MAP_FONT,
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
