// The map of the watch: reference map, zones, tracks, and labels for what is chosen or dangerous.
import "maplibre-gl/dist/maplibre-gl.css";
import { paths, TrackFlag, type Zone } from "@atalaya/protocol";
import { addProtocol, type GeoJSONSource, Map as MapLibreMap, ScaleControl, setWorkerUrl } from "maplibre-gl";
import mapWorkerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import { type ReactNode, useEffect, useRef } from "react";
import { sectorNow, type Shown, tracks, useShown } from "../link/store.ts";
import type { ShownTrack } from "../link/tracks.ts";
import { colour, type Theme } from "../theme/tokens.ts";
import { catalogues } from "../words/words.ts";
import { metres, speed } from "../words/figures.ts";
import { mapStyle, ZONE_SOURCE } from "./style.ts";
import { TrackLayer } from "./track-layer.ts";
import { zoneFeatures } from "./zone-features.ts";

setWorkerUrl(mapWorkerUrl);
addProtocol("pmtiles", new Protocol().tile);

const PICK_PX = 18;
const EARTH_M = 40_075_016.686;

/** A house for a post, a square for an area, drawn once per theme. */
function icon(kind: "post" | "area", theme: Theme): ImageData {
  const size = 44;
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext("2d");
  if (pen === null) return new ImageData(size, size);
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = colour("text", theme);
  pen.fillStyle = colour("map-land", theme);
  pen.beginPath();
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

function drawnZones({ zones, sketch }: Shown): readonly Zone[] {
  return sketch === undefined ? zones : [...zones, sketch];
}

function endangered({ warnings }: Shown): ReadonlySet<string> {
  return new Set(warnings.filter(({ state }) => state !== "cleared").map(({ zoneId }) => zoneId));
}

/** Position of a track carried on to now, as the shader does. */
function carried(track: ShownTrack, nowMs: number, stale: boolean): [number, number] {
  const s = stale ? 0 : Math.max(0, Math.min(10, (nowMs - track.timeMs) / 1000));
  const course = ((track.courseDeg ?? 0) * Math.PI) / 180;
  const run = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0) * s;
  const lat = track.latDeg + (run * Math.cos(course)) / 111_132;
  return [track.lonDeg + (run * Math.sin(course)) / (111_320 * Math.cos((track.latDeg * Math.PI) / 180)), lat];
}

export function MapView({ onPlace }: { readonly onPlace?: ((latDeg: number, lonDeg: number) => void) | undefined }): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const place = useRef(onPlace);
  place.current = onPlace;
  const words = catalogues[useShown(({ language }) => language)];
  const reference = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = holder.current;
    const overlay = labels.current;
    if (element === null || overlay === null) return undefined;
    const { sector, theme } = useShown.getState();
    let ownMap = false;
    const map = new MapLibreMap({
      container: element,
      style: mapStyle(theme, false),
      center: [sector?.centre.lonDeg ?? 0, sector?.centre.latDeg ?? 0],
      zoom: 11.5,
      attributionControl: false,
      keyboard: false,
      fadeDuration: 0,
      pitchWithRotate: false,
      dragRotate: false,
      maxZoom: 18,
    });
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    map.touchZoomRotate.disableRotation();

    const layer = new TrackLayer({
      tracks,
      nowMs: sectorNow,
      selected: () => useShown.getState().selected,
      frozen: () => useShown.getState().stale,
      theme: () => useShown.getState().theme,
    });
    const dress = (): void => {
      const shown = useShown.getState();
      for (const kind of ["post", "area"] as const) if (!map.hasImage(kind)) map.addImage(kind, icon(kind, shown.theme), { pixelRatio: 2 });
      const source = map.getSource<GeoJSONSource>(ZONE_SOURCE);
      void source?.setData(zoneFeatures(drawnZones(shown), endangered(shown)));
      if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
    };
    map.on("style.load", dress);
    void fetch(paths.userBasemap, { method: "HEAD" }).then(({ ok }) => {
      if (!ok) return;
      ownMap = true;
      map.setStyle(mapStyle(useShown.getState().theme, true), { diff: false });
    });

    const chips = new Map<number, HTMLDivElement>();
    let hovered: number | undefined;
    const label = (): void => {
      const { selected, stale, summaries, language } = useShown.getState();
      const now = sectorNow();
      const wanted = new Set<number>();
      for (const track of tracks.all()) {
        const dangerous = (track.flags & TrackFlag.danger) !== 0;
        if (track.number !== selected && track.number !== hovered && !dangerous && tracks.count > 40) continue;
        wanted.add(track.number);
        let chip = chips.get(track.number);
        if (chip === undefined) {
          chip = document.createElement("div");
          chip.className = "map-label";
          overlay.append(chip);
          chips.set(track.number, chip);
        }
        // Beside the rings of a dangerous track and the corners of a chosen one, not under them.
        const clear = track.number === selected ? 28 : dangerous ? 24 : 18;
        const [lon, lat] = carried(track, now, stale);
        const at = map.project([lon, lat]);
        const summary = summaries.get(track.number);
        const mark = (track.flags & TrackFlag.drill) !== 0 ? `${catalogues[language].mode.drillMark} ` : "";
        const text = `${mark}${summary?.id ?? ""}\n${track.heightHaeM === undefined ? "" : `${catalogues[language].tracks.ellipsoid} ${metres(track.heightHaeM)} · `}${speed(track.speedMps)}`;
        if (chip.textContent !== text) chip.textContent = text;
        chip.classList.toggle("dangerous", dangerous);
        chip.style.transform = `translate(${Math.round(at.x + clear)}px, ${Math.round(at.y + clear - 8)}px)`;
      }
      for (const [number, chip] of chips) {
        if (wanted.has(number)) continue;
        chip.remove();
        chips.delete(number);
      }
      if (reference.current !== null) reference.current.hidden = map.getZoom() < 9;
    };
    map.on("render", label);

    /** The mark under the pointer, within reach of an unsteady hand. */
    const under = (point: { readonly x: number; readonly y: number }): number | undefined => {
      const { stale } = useShown.getState();
      const now = sectorNow();
      let nearest: number | undefined;
      let best = PICK_PX;
      for (const track of tracks.all()) {
        const at = map.project(carried(track, now, stale));
        const away = Math.hypot(at.x - point.x, at.y - point.y);
        if (away < best) {
          best = away;
          nearest = track.number;
        }
      }
      return nearest;
    };
    map.on("click", ({ point, lngLat }) => {
      if (place.current !== undefined) place.current(lngLat.lat, lngLat.lng);
      else useShown.setState({ selected: under(point), following: false });
    });
    map.on("mousemove", ({ point }) => {
      const found = place.current === undefined ? under(point) : undefined;
      if (found === hovered) return;
      hovered = found;
      map.getCanvas().style.cursor = found === undefined ? "" : "pointer";
      map.triggerRepaint();
    });
    map.on("dragstart", () => useShown.setState({ following: false }));

    // Marks glide between frames of the stream, and the map is drawn again only when that can be seen: when data came, or when the fastest mark has
    // moved by half a pixel since the last drawing. Far out that is seldom, close in it is smooth.
    let drawnAt = 0;
    let drawnVersion = -1;
    const timer = setInterval(() => {
      if (tracks.count === 0 || document.hidden) return;
      const { following, selected, stale } = useShown.getState();
      const track = following && selected !== undefined ? tracks.get(selected) : undefined;
      if (track !== undefined) map.setCenter(carried(track, sectorNow(), stale));
      const metresPerPixel = (EARTH_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
      const moved = stale ? 0 : (tracks.fastestMps * (performance.now() - drawnAt)) / 1000 / metresPerPixel;
      if (moved < 0.5 && tracks.version === drawnVersion) return;
      drawnAt = performance.now();
      drawnVersion = tracks.version;
      map.triggerRepaint();
    }, 50);
    const stop = useShown.subscribe((now, before) => {
      if (now.theme !== before.theme) {
        for (const kind of ["post", "area"] as const) if (map.hasImage(kind)) map.removeImage(kind);
        map.setStyle(mapStyle(now.theme, ownMap), { diff: false });
      } else if (now.zones !== before.zones || now.sketch !== before.sketch || now.warnings !== before.warnings) {
        void map.getSource<GeoJSONSource>(ZONE_SOURCE)?.setData(zoneFeatures(drawnZones(now), endangered(now)));
      }
      if (now.revision !== before.revision || now.selected !== before.selected) map.triggerRepaint();
      if (now.selected !== before.selected && now.selected !== undefined) {
        const track = tracks.get(now.selected);
        if (track !== undefined && !map.getBounds().contains([track.lonDeg, track.latDeg]))
          map.easeTo({ center: [track.lonDeg, track.latDeg], duration: 0 });
      }
    });
    // Where the sector is, once the hub has said it; a recording may have been made anywhere, so its first track draws the map to itself.
    const first = setInterval(() => {
      const { sector: known } = useShown.getState();
      const [track] = tracks.all();
      if (known === undefined || (known.mode === "replay" && track === undefined)) return;
      clearInterval(first);
      if (known.mode === "replay" && track !== undefined) map.jumpTo({ center: [track.lonDeg, track.latDeg], zoom: 14 });
      else map.jumpTo({ center: [known.centre.lonDeg, known.centre.latDeg], zoom: 11.5 });
    }, 250);
    return () => {
      clearInterval(timer);
      clearInterval(first);
      stop();
      map.remove();
      overlay.replaceChildren();
    };
  }, []);

  return (
    <div className="map" role="region" aria-label={words.tracks.map} tabIndex={-1}>
      <div className="map-canvas" ref={holder} />
      <div className="map-labels" ref={labels} aria-hidden="true" />
      <div className="map-reference" ref={reference} hidden>
        {words.bar.reference}
      </div>
      <div className="map-attribution">{words.attribution}</div>
    </div>
  );
}
