// The map at a chosen moment of a danger: its way by then, where it was, and what it threatened, inside the frame of the past.
import { type WarningDetail, WarningLevel, type Zone } from "@atalaya/protocol";
import { colour, type Theme } from "@atalaya/web/tokens";
import { MAP_FONT } from "@atalaya/web/reference-map";
import { type GeoJSONSource, LngLatBounds, type Map as MapLibreMap } from "maplibre-gl";
import { type ReactNode, useEffect, useRef } from "react";
import { useShown } from "../link/store.ts";
import { addIcons, hasOwnMap, newMap } from "../map/base-map.ts";
import { mapStyle, ZONE_SOURCE } from "../map/style.ts";
import { type NamedMoment, wayFeatures } from "../map/way-features.ts";
import { zoneFeatures } from "../map/zone-features.ts";
import { clock, distance, seconds } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { closestOf, standAt } from "./incident-moment.ts";

const WAY = "way";
const DART = "dart";
/** Room around the way, px: what is named stands beside it. */
const PADDING = 70;

/** The dart of an unknown drone, nose up; hollow where it was not heard then. */
function dart(theme: Theme, isHollow: boolean): ImageData {
  const size = 44;
  const pen = new OffscreenCanvas(size, size).getContext("2d");
  if (pen === null) return new ImageData(size, size);
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.strokeStyle = isHollow ? colour("unknown", theme) : colour("map-land", theme);
  pen.fillStyle = isHollow ? colour("map-land", theme) : colour("unknown", theme);
  pen.beginPath();
  pen.moveTo(22, 3);
  pen.lineTo(35, 39);
  pen.lineTo(22, 31);
  pen.lineTo(9, 39);
  pen.closePath();
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

function addWay(map: MapLibreMap, theme: Theme): void {
  if (map.getSource(WAY) !== undefined) return;
  const c = (token: Parameters<typeof colour>[0]): string => colour(token, theme);
  for (const isHollow of [false, true]) map.addImage(isHollow ? `${DART}-hollow` : DART, dart(theme, isHollow), { pixelRatio: 2 });
  map.addSource(WAY, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  const part = (name: string): ["==", ["get", "part"], string] => ["==", ["get", "part"], name];
  map.addLayer({
    id: "way-later",
    type: "line",
    source: WAY,
    filter: part("later"),
    paint: { "line-color": c("text-3"), "line-width": 1.2, "line-dasharray": [2, 3] },
  });
  map.addLayer({
    id: "way-flown",
    type: "line",
    source: WAY,
    filter: part("flown"),
    paint: { "line-color": c("unknown"), "line-width": 2 },
  });
  map.addLayer({
    id: "way-dots",
    type: "circle",
    source: WAY,
    filter: part("dot"),
    paint: { "circle-radius": 2.2, "circle-color": c("unknown") },
  });
  for (const [id, radius, width] of [
    ["way-ring", 16, 2],
    ["way-ring-2", 20, 1],
  ] as const)
    map.addLayer({
      id,
      type: "circle",
      source: WAY,
      filter: ["all", part("mark"), ["get", "danger"]],
      paint: { "circle-radius": radius, "circle-color": "transparent", "circle-stroke-color": c("warning"), "circle-stroke-width": width },
    });
  map.addLayer({
    id: "way-mark",
    type: "symbol",
    source: WAY,
    filter: part("mark"),
    layout: {
      "icon-image": ["case", ["get", "heard"], DART, `${DART}-hollow`],
      "icon-rotate": ["get", "course"],
      "icon-rotation-alignment": "map",
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  });
  map.addLayer({
    id: "way-names",
    type: "symbol",
    source: WAY,
    filter: part("named"),
    layout: {
      "text-field": ["get", "text"],
      "text-font": MAP_FONT,
      "text-size": 12,
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 2,
      "text-justify": "auto",
    },
    paint: { "text-color": c("text"), "text-halo-color": c("map-land"), "text-halo-width": 2 },
  });
}

function namedOf(warning: WarningDetail, zones: readonly Zone[], words: Words, timeZone: string | undefined): readonly NamedMoment[] {
  const { incidents } = words.duty;
  const { path, raisedMs, lastHeardMs, clearedMs, why } = warning;
  const named: NamedMoment[] = [];
  const add = (timeMs: number, text: string): void => {
    const stand = standAt(path, timeMs);
    if (stand !== undefined) named.push({ timeMs, text: `${clock(timeMs, timeZone)} ${text}`, latDeg: stand.latDeg, lonDeg: stand.lonDeg });
  };
  const closest = closestOf(warning, zones);
  if (closest !== undefined) add(closest.timeMs, incidents.closestShort(distance(closest.distanceM)));
  // The level that it was raised at: it may have grown since.
  const level = why.find(({ values }) => values["level"] !== undefined)?.values["level"];
  const known = WarningLevel.safeParse(level);
  add(raisedMs, incidents.raised(words.dangers.level[known.success ? known.data : warning.level]).toLowerCase());
  if (clearedMs !== undefined) add(lastHeardMs, incidents.lastHeard.toLowerCase());
  return named;
}

interface MomentParts {
  readonly warning: WarningDetail;
  readonly momentMs: number;
  /** Undefined: what is shown is what is heard now, and no past. */
  readonly agoMs: number | undefined;
  readonly playing: boolean;
  readonly onPlay: () => void;
}

export function IncidentMap({ warning, momentMs, agoMs, playing, onPlay }: MomentParts): ReactNode {
  const { language, theme, zones, sector } = useShown();
  const words = catalogues[language];
  const { incidents } = words.duty;
  const holder = useRef<HTMLDivElement>(null);
  const shown = useRef<MapLibreMap>(undefined);
  const draw = useRef<() => void>(() => undefined);
  const { id, path, raisedMs, clearedMs } = warning;
  draw.current = () => {
    const map = shown.current;
    if (map === undefined) return;
    const danger = momentMs >= raisedMs && (clearedMs === undefined || momentMs <= clearedMs);
    const threatened = new Set(warning.threats.flatMap((threat) => (threat.kind === "zone" ? [threat.id] : [])));
    if (warning.foremost.kind === "zone") threatened.add(warning.foremost.id);
    const named = namedOf(warning, zones, words, sector?.timeZone);
    const way = wayFeatures(path, momentMs, standAt(path, momentMs), danger, named);
    void map.getSource<GeoJSONSource>(WAY)?.setData(way);
    void map.getSource<GeoJSONSource>(ZONE_SOURCE)?.setData(zoneFeatures(zones, danger ? threatened : new Set()));
  };
  const fit = useRef<() => void>(() => undefined);
  fit.current = () => {
    const bounds = new LngLatBounds();
    for (const { latDeg, lonDeg } of path) bounds.extend([lonDeg, latDeg]);
    if (path.length > 0) shown.current?.fitBounds(bounds, { padding: PADDING, maxZoom: 15, animate: false });
  };
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const { sector: known } = useShown.getState();
    const map = newMap(element, theme, [known?.centre.lonDeg ?? 0, known?.centre.latDeg ?? 0]);
    shown.current = map;
    map.on("style.load", () => {
      addIcons(map, theme);
      addWay(map, theme);
      draw.current();
    });
    let isGone = false;
    void hasOwnMap().then((has) => {
      if (has && !isGone) map.setStyle(mapStyle(theme, true), { diff: false });
    });
    return () => {
      isGone = true;
      shown.current = undefined;
      map.remove();
    };
  }, [theme]);
  // Where it was is looked at as a whole; whoever moves the map keeps their place while the same incident is read.
  const hasWay = path.length > 0;
  useEffect(() => {
    if (hasWay) fit.current();
  }, [id, hasWay, theme]);
  useEffect(() => draw.current(), [warning, momentMs, zones, language]);
  return (
    <section className="moment" aria-label={incidents.mapAt}>
      <h2>
        {incidents.mapAt} <strong>{clock(momentMs, sector?.timeZone)}</strong>{" "}
        <span>{agoMs === undefined ? incidents.asHeard : incidents.ago(seconds(agoMs / 1000))}</span>
        <span className="grow" />
        <span className="moment-keys no-print">
          <kbd>←</kbd> <kbd>→</kbd> {incidents.stepKeys}{" "}
          <button type="button" onClick={onPlay} aria-pressed={playing}>
            <kbd>Space</kbd> {playing ? incidents.pause : incidents.play}
          </button>
        </span>
      </h2>
      <div className={agoMs === undefined ? "moment-frame" : "moment-frame past"}>
        <div className="map-canvas" ref={holder} />
        {agoMs === undefined ? null : (
          <p className="past-mark" data-past={Math.floor(momentMs)}>
            ◀◀ {words.mode.past} {clock(momentMs, sector?.timeZone)}
          </p>
        )}
        {hasWay ? null : <p className="past-none">{incidents.noWay}</p>}
        <div className="map-attribution">{words.attribution}</div>
      </div>
    </section>
  );
}
