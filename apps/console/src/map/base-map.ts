// What every map of the console is made of: the reference map in the theme's colours, the user's own over it, and the marks of posts and people.
import "maplibre-gl/dist/maplibre-gl.css";
import { paths } from "@atalaya/protocol";
import { colour, type Theme } from "@atalaya/web/tokens";
import { addProtocol, Map as MapLibreMap, ScaleControl, setWorkerUrl } from "maplibre-gl";
import mapWorkerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import { mapStyle } from "./style.ts";

setWorkerUrl(mapWorkerUrl);
addProtocol("pmtiles", new Protocol().tile);

const ICONS = ["post", "area", "person"] as const;

/** A house for a post, a square for an area, a head in a ring for a person, drawn once per theme. */
function icon(kind: (typeof ICONS)[number], theme: Theme): ImageData {
  const size = 44;
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext("2d");
  if (pen === null) return new ImageData(size, size);
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = colour("text", theme);
  pen.fillStyle = colour("map-land", theme);
  pen.beginPath();
  if (kind === "person") {
    pen.arc(22, 22, 19, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.fillStyle = colour("text", theme);
    pen.beginPath();
    pen.arc(22, 16, 6, 0, 2 * Math.PI);
    pen.fill();
    pen.beginPath();
    pen.arc(22, 35, 11, Math.PI, 2 * Math.PI);
    pen.fill();
    return pen.getImageData(0, 0, size, size);
  }
  if (kind === "post") {
    pen.moveTo(6, 22);
    pen.lineTo(22, 7);
    pen.lineTo(38, 22);
    pen.lineTo(38, 38);
    pen.lineTo(6, 38);
  } else pen.rect(12, 12, 20, 20);
  pen.closePath();
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

/** A map that is moved and never turned: north is up for everybody who speaks of it. */
export function newMap(container: HTMLElement, theme: Theme, centre: [lonDeg: number, latDeg: number], magnify = 1): MapLibreMap {
  const map = new MapLibreMap({
    container,
    style: mapStyle(theme, false),
    center: centre,
    zoom: 11.5,
    attributionControl: false,
    keyboard: false,
    fadeDuration: 0,
    pitchWithRotate: false,
    dragRotate: false,
    maxZoom: 18,
    pixelRatio: devicePixelRatio * magnify,
  });
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.touchZoomRotate.disableRotation();
  return map;
}

/** To be called when a style has loaded: it comes without images. */
export function addIcons(map: MapLibreMap, theme: Theme): void {
  for (const kind of ICONS) {
    if (map.hasImage(kind)) map.updateImage(kind, icon(kind, theme));
    else map.addImage(kind, icon(kind, theme), { pixelRatio: 2 });
  }
}

/** Whether the hub has a map of the user's own. */
export async function hasOwnMap(): Promise<boolean> {
  return (await fetch(paths.userBasemap, { method: "HEAD" })).ok;
}
