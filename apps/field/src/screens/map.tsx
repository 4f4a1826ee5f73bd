// Where am I, where are the posts and landmarks, where did I point: the reference map, kept on this phone, readable without a network.
import "maplibre-gl/dist/maplibre-gl.css";
import { geodesicDirect } from "@atalaya/geodesy";
import { paths } from "@atalaya/protocol";
import { MAP_FONT, referenceLayers } from "@atalaya/web/reference-map";
import { colour, type Theme } from "@atalaya/web/tokens";
import { addProtocol, type GeoJSONSource, Map as MapLibreMap, ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import mapWorkerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { PMTiles, Protocol } from "pmtiles";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { fetchMaps, keptMap } from "../map/kept-map.ts";
import { placeName } from "../report/make.ts";
import { type Shown, useField } from "../state.ts";
import { useWords } from "../words/words.ts";
import { TopBar } from "./parts.tsx";

setWorkerUrl(mapWorkerUrl);
const protocol = new Protocol();
addProtocol("pmtiles", protocol.tile);

const MARKS = "marks";
/** A bearing is drawn so far; how far the thing was is not known. */
const BEARING_M = 4000;
const MAX_BEARINGS = 10;

type Feature = {
  readonly type: "Feature";
  readonly properties: Record<string, string>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
};

function point(what: string, name: string, latDeg: number, lonDeg: number): Feature {
  return { type: "Feature", properties: { what, name }, geometry: { type: "Point", coordinates: [lonDeg, latDeg] } };
}

/** The corners of a bearing's wedge, 1σ to either side. */
function wedge(latDeg: number, lonDeg: number, azimuthDeg: number, sigmaDeg: number): Feature {
  const out = [-1, -0.5, 0, 0.5, 1].map((k) => {
    const end = geodesicDirect(latDeg, lonDeg, azimuthDeg + k * Math.min(90, sigmaDeg), BEARING_M);
    return [end.lonDeg, end.latDeg];
  });
  const ring = [[lonDeg, latDeg], ...out, [lonDeg, latDeg]];
  return { type: "Feature", properties: { what: "bearing", name: "" }, geometry: { type: "Polygon", coordinates: [ring] } };
}

function marks(
  { place, device, items, language }: Shown,
  you: string,
): { readonly type: "FeatureCollection"; readonly features: Feature[] } {
  const features = (device?.places ?? []).map((known) => point(known.kind, placeName(known, language), known.latDeg, known.lonDeg));
  const reports = items.flatMap((item) => (item.kind === "report" ? [item.report] : []));
  for (const { observer, direction } of reports.slice(-MAX_BEARINGS))
    if (direction?.type === "pointed") features.push(wedge(observer.latDeg, observer.lonDeg, direction.azimuthDeg, direction.sigmaDeg));
  if (place !== undefined) features.push(point("you", you, place.latDeg, place.lonDeg));
  return { type: "FeatureCollection", features };
}

function style(theme: Theme, withOwnMap: boolean): StyleSpecification {
  const c = (token: Parameters<typeof colour>[0]): string => colour(token, theme);
  return {
    version: 8,
    sources: {
      base: { type: "vector", url: `pmtiles://${paths.basemap}` },
      ...(withOwnMap ? { own: { type: "vector" as const, url: `pmtiles://${paths.userBasemap}` } } : {}),
      [MARKS]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      ...referenceLayers(theme, withOwnMap),
      {
        id: "bearing",
        type: "fill",
        source: MARKS,
        filter: ["==", ["get", "what"], "bearing"],
        paint: { "fill-color": c("unknown"), "fill-opacity": 0.2 },
      },
      {
        id: "mark",
        type: "circle",
        source: MARKS,
        filter: ["==", ["geometry-type"], "Point"],
        paint: {
          "circle-radius": ["case", ["==", ["get", "what"], "you"], 9, 6],
          "circle-color": ["case", ["==", ["get", "what"], "you"], c("own"), c("map-land")],
          "circle-stroke-color": ["case", ["==", ["get", "what"], "you"], c("text"), c("text-2")],
          "circle-stroke-width": 2.5,
        },
      },
      {
        id: "mark-name",
        type: "symbol",
        source: MARKS,
        filter: ["==", ["geometry-type"], "Point"],
        layout: { "text-field": ["get", "name"], "text-font": MAP_FONT, "text-size": 15, "text-anchor": "top", "text-offset": [0, 0.8] },
        paint: { "text-color": c("text"), "text-halo-color": c("map-land"), "text-halo-width": 1.6 },
      },
    ],
  };
}

export function FieldMap(): ReactNode {
  const words = useWords();
  const holder = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "none" | "shown">("loading");

  useEffect(() => {
    let map: MapLibreMap | undefined;
    let over = false;
    let stop = (): void => undefined;
    const show = async (): Promise<void> => {
      // What is here is shown at once: a network that hangs must not stand before it.
      if ((await keptMap(paths.basemap)) === undefined) await fetchMaps();
      const [base, own] = await Promise.all([keptMap(paths.basemap), keptMap(paths.userBasemap)]);
      if (over || holder.current === null) return;
      if (base === undefined) {
        setState("none");
        return;
      }
      for (const source of [base, own]) if (source !== undefined) protocol.add(new PMTiles(source));
      const { place, device, theme } = useField.getState();
      const { latDeg, lonDeg } = place ?? device?.sector.centre ?? { latDeg: 0, lonDeg: 0 };
      const made = new MapLibreMap({
        container: holder.current,
        style: style(theme, own !== undefined),
        center: [lonDeg, latDeg],
        zoom: 11,
        attributionControl: false,
        fadeDuration: 0,
        dragRotate: false,
        pitchWithRotate: false,
        maxZoom: 16,
      });
      map = made;
      made.touchZoomRotate.disableRotation();
      made.addControl(new ScaleControl({ unit: "metric" }), "top-left");
      const mark = (): void => void made.getSource<GeoJSONSource>(MARKS)?.setData(marks(useField.getState(), words.map.you));
      made.on("load", mark);
      stop = useField.subscribe((now, before) => {
        if (now.place !== before.place || now.items !== before.items || now.device !== before.device) mark();
      });
      setState("shown");
    };
    void show();
    return () => {
      over = true;
      stop();
      map?.remove();
    };
  }, [words]);

  return (
    <div className="screen">
      <TopBar title={words.map.title} back />
      <div className="map" data-map={state}>
        <div className="map-canvas" ref={holder} />
        <p className="hint">{state === "loading" ? words.map.loading : state === "none" ? words.map.none : words.map.offline}</p>
      </div>
    </div>
  );
}
