// The map of the watch: reference map, zones, tracks, and labels for what is chosen or dangerous.
import { geodesicInverse } from "@atalaya/geodesy";
import { type Incident, TrackFlag, type Zone } from "@atalaya/protocol";
import type { GeoJSONSource } from "maplibre-gl";
import { type ReactNode, useEffect, useRef } from "react";
import { type Shown, sectorNow, tracks, useShown } from "../link/store.ts";
import type { ShownTrack } from "../link/tracks.ts";
import { direction, distance, metres, seconds, speed } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { addIcons, hasOwnMap, newMap } from "./base-map.ts";
import { reportFeatures } from "./report-features.ts";
import { MapLayers } from "./map-layers.tsx";
import { nearestZone } from "./nearest-zone.ts";
import { mapStyle, REPORT_SOURCE, ZONE_FILTERS, ZONE_SOURCE } from "./style.ts";
import { type Box, LabelPlaces, leader, type Wanted } from "./label-places.ts";
import { TrackLayer } from "./track-layer.ts";
import { zoneCentre, zoneFeatures } from "./zone-features.ts";

const PICK_PX = 18;
const EARTH_M = 40_075_016.686;

function drawnZones({ zones, sketch }: Shown): readonly Zone[] {
  return sketch === undefined ? zones : [...zones, sketch];
}

/** Open reports, and what the call says that is being typed. */
function drawnReports({ reports, incidents, chosenReport, call, callWedge, callPosition, tak }: Shown): ReturnType<typeof reportFeatures> {
  const open = reports.filter(({ id, state }) => id === chosenReport || state === "received" || state === "opened");
  const shown = callWedge === undefined || call === undefined ? open : [...open, { id: call.id, wedge: callWedge, takenBack: undefined }];
  const chosen = callWedge === undefined ? chosenReport : call?.id;
  const together: readonly Incident[] =
    callPosition === undefined || call === undefined
      ? []
      : [{ id: call.id, reference: "", firstMs: 0, lastMs: 0, reports: [call.id], position: callPosition, open: true }];
  return reportFeatures(
    shown,
    [...incidents, ...together].filter(({ open: isOpen, reports: members }) => isOpen || members.includes(chosenReport ?? "")),
    chosen,
    tak.pointings,
  );
}

function endangered({ warnings }: Shown): ReadonlySet<string> {
  const zones = new Set<string>();
  for (const { state, threats } of warnings)
    if (state !== "cleared") for (const { kind, id } of threats) if (kind === "zone") zones.add(id);
  return zones;
}

/** Position of a track carried on to now, as the shader does. */
function carried(track: ShownTrack, nowMs: number, stale: boolean): [number, number] {
  const s = stale ? 0 : Math.max(0, Math.min(10, (nowMs - track.timeMs) / 1000));
  const course = ((track.courseDeg ?? 0) * Math.PI) / 180;
  const run = track.courseDeg === undefined ? 0 : (track.speedMps ?? 0) * s;
  const lat = track.latDeg + (run * Math.cos(course)) / 111_132;
  return [track.lonDeg + (run * Math.sin(course)) / (111_320 * Math.cos((track.latDeg * Math.PI) / 180)), lat];
}

interface Chip {
  readonly element: HTMLDivElement;
  text: string;
  width: number;
  height: number;
}

/** Half of what a mark takes, px, and up to how many tracks labels keep clear of all marks and not only of those that have a label. */
const MARK_PX = 10;
const MARKS_KEPT_CLEAR = 150;

/** Who gets a place first: what was asked for, what is in danger; look-alikes are the first to go without, then the manned and the known. */
function rank({ kind, flags }: ShownTrack, asked: boolean): number {
  if (asked) return 0;
  if ((flags & TrackFlag.danger) !== 0) return 1;
  switch (kind) {
    case "unknown":
    case "suspect":
      return (flags & (TrackFlag.tentative | TrackFlag.coasting)) === 0 ? 2 : 3;
    case "own":
      return 4;
    case "authorised":
      return 5;
    case "manned":
      return 6;
    default:
      return 7;
  }
}

/** On a wall: what it is called, and how long it takes where it is a danger. */
function wallText(number: number, id: string): string {
  const warning = useShown.getState().warnings.find(({ state, trackNumber }) => state !== "cleared" && trackNumber === number);
  const s = warning?.foremost.reachesInS;
  return s === undefined ? id : `${id} · ${seconds(s)}`;
}

/** Two lines: what it is called and what it is, then how high and how fast, or since when it is lost, or that nobody sees it. */
function labelText(track: ShownTrack, id: string, now: number, words: Words): string {
  const { flags, kind, heightHaeM, speedMps } = track;
  const mark = (flags & TrackFlag.drill) !== 0 ? `${words.mode.drillMark} ` : "";
  const what = kind === "unknown" ? "" : ` ${words.tracks.kind[kind].toLowerCase()}`;
  const height = heightHaeM === undefined ? "" : `${words.tracks.ellipsoid} ${metres(heightHaeM)} · `;
  const second =
    (flags & TrackFlag.coasting) !== 0
      ? `${words.tracks.doing.coasting.toLowerCase()} ${seconds(Math.max(0, (now - track.timeMs) / 1000))}`
      : (flags & TrackFlag.unseen) !== 0
        ? words.tracks.unseen
        : `${height}${speed(speedMps)}`;
  return `${mark}${id}${what}\n${second}`;
}

interface MapParts {
  readonly onPlace?: ((latDeg: number, lonDeg: number) => void) | undefined;
  /** How many times larger it is shown than it is laid out: it is drawn as much finer. */
  readonly magnify?: number;
}

export function MapView({ onPlace, magnify = 1 }: MapParts): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const leaders = useRef<SVGPathElement>(null);
  const bearingLine = useRef<SVGPathElement>(null);
  const bearingText = useRef<HTMLDivElement>(null);
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
    const map = newMap(element, theme, [sector?.centre.lonDeg ?? 0, sector?.centre.latDeg ?? 0], magnify);

    const layer = new TrackLayer({
      tracks,
      nowMs: sectorNow,
      selected: () => useShown.getState().selected,
      frozen: () => useShown.getState().stale,
      theme: () => useShown.getState().theme,
    });
    /** A zone in danger stays whatever is left off. */
    const hide = (hidden: Shown["hidden"]): void => {
      for (const id of ["report-fill", "report-edge"])
        if (map.getLayer(id) !== undefined) map.setLayoutProperty(id, "visibility", hidden.has("reports") ? "none" : "visible");
      for (const [id, filter] of ZONE_FILTERS)
        if (map.getLayer(id) !== undefined) map.setFilter(id, hidden.has("zones") ? ["all", filter, ["get", "danger"]] : filter);
    };
    const dress = (): void => {
      const shown = useShown.getState();
      addIcons(map, shown.theme);
      hide(shown.hidden);
      const source = map.getSource<GeoJSONSource>(ZONE_SOURCE);
      void source?.setData(zoneFeatures(drawnZones(shown), endangered(shown), shown.places));
      void map.getSource<GeoJSONSource>(REPORT_SOURCE)?.setData(drawnReports(shown));
      if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
    };
    map.on("style.load", dress);
    void hasOwnMap().then((has) => {
      if (!has) return;
      ownMap = true;
      map.setStyle(mapStyle(useShown.getState().theme, true), { diff: false });
    });

    const chips = new Map<number, Chip>();
    const counts = new Map<number, HTMLDivElement>();
    const places = new LabelPlaces();
    let hovered: number | undefined;
    /** From the nearest post or area to the chosen track: where to look, and how far. */
    const bear = (): void => {
      const { bearing, selected, stale, zones, language } = useShown.getState();
      const track = bearing && selected !== undefined ? tracks.get(selected) : undefined;
      const near = track === undefined ? undefined : nearestZone(track, zones);
      if (bearingText.current !== null) bearingText.current.hidden = near === undefined;
      if (track === undefined || near === undefined || bearingLine.current === null || bearingText.current === null) {
        bearingLine.current?.setAttribute("d", "");
        return;
      }
      const words = catalogues[language];
      const centre = zoneCentre(near.zone);
      const [from, to] = [map.project([centre.lonDeg, centre.latDeg]), map.project(carried(track, sectorNow(), stale))];
      const { azimuthDeg, distanceM } = geodesicInverse(centre.latDeg, centre.lonDeg, track.latDeg, track.lonDeg);
      bearingLine.current.setAttribute("d", `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`);
      bearingText.current.textContent = `${near.zone.name}: ${direction(azimuthDeg, words)}, ${distance(distanceM)}`;
      bearingText.current.style.transform = `translate(${Math.round((from.x + to.x) / 2)}px, ${Math.round((from.y + to.y) / 2)}px)`;
    };
    const label = (): void => {
      const { selected, stale, summaries, language, zones, hidden } = useShown.getState();
      const now = sectorNow();
      const wanted: { readonly track: ShownTrack; readonly chip: Chip; readonly x: number; readonly y: number }[] = [];
      const marks: Box[] = [];
      const few = tracks.count <= MARKS_KEPT_CLEAR;
      const shown = new Set<number>();
      for (const track of tracks.all()) {
        const dangerous = (track.flags & TrackFlag.danger) !== 0;
        const asked = track.number === selected || track.number === hovered;
        // One label speaks for a group: that of the track that stands for it, which is in danger when any of them is.
        const labelled = asked || (!tracks.isMember(track.number) && (dangerous || (tracks.count <= 40 && !hidden.has("labels"))));
        if (!labelled && !few) continue;
        const { x, y } = map.project(carried(track, now, stale));
        marks.push({ left: x - MARK_PX, top: y - MARK_PX, right: x + MARK_PX, bottom: y + MARK_PX });
        if (!labelled) continue;
        shown.add(track.number);
        let chip = chips.get(track.number);
        if (chip === undefined) {
          chip = { element: document.createElement("div"), text: "", width: 0, height: 0 };
          chip.element.className = "map-label";
          overlay.append(chip.element);
          chips.set(track.number, chip);
        }
        const id = summaries.get(track.number)?.id ?? "";
        const text = magnify > 1 ? wallText(track.number, id) : labelText(track, id, now, catalogues[language]);
        if (chip.text.length !== text.length) chip.width = 0;
        if (chip.text !== text) {
          chip.text = text;
          chip.element.textContent = text;
        }
        chip.element.className = dangerous ? "map-label dangerous" : `map-label kind-${track.kind}`;
        wanted.push({ track, chip, x, y });
      }
      // Sizes are read together, so that the page is laid out once, and only when a text has become longer or shorter.
      for (const { chip } of wanted) {
        if (chip.width > 0) continue;
        chip.width = chip.element.offsetWidth;
        chip.height = chip.element.offsetHeight;
      }
      const standing = new Set(tracks.groupMarks());
      for (const number of standing) {
        const track = tracks.get(number);
        if (track === undefined) continue;
        let count = counts.get(number);
        if (count === undefined) {
          count = document.createElement("div");
          count.className = "map-count";
          overlay.append(count);
          counts.set(number, count);
        }
        const { x, y } = map.project(carried(track, now, stale));
        const text = track.count >= 255 ? "255+" : String(track.count);
        if (count.textContent !== text) count.textContent = text;
        count.style.transform = `translate(${Math.round(x + 14)}px, ${Math.round(y - 24)}px)`;
        marks.push({ left: x + 14, top: y - 24, right: x + 36, bottom: y - 6 });
      }
      for (const [number, count] of counts) {
        if (standing.has(number)) continue;
        count.remove();
        counts.delete(number);
      }
      // Posts and areas with their names, and the corners where the map says of itself what it is.
      for (const zone of zones) {
        const { latDeg, lonDeg } = zoneCentre(zone);
        const { x, y } = map.project([lonDeg, latDeg]);
        marks.push({ left: x - 26, top: y - 14, right: x + 26, bottom: y + 30 });
      }
      const { clientWidth, clientHeight } = overlay;
      marks.push({ left: 0, top: clientHeight - 40, right: 110, bottom: clientHeight });
      marks.push({ left: clientWidth - 290, top: clientHeight - 44, right: clientWidth, bottom: clientHeight });
      const asking = wanted.map(({ track, chip: { width, height }, x, y }): Wanted => {
        const asked = track.number === selected || track.number === hovered;
        const dangerous = (track.flags & TrackFlag.danger) !== 0;
        // Beside the rings of a dangerous track and the corners of a chosen one, not under them.
        const clear = asked ? 28 : dangerous ? 24 : 16;
        return { number: track.number, x, y, width, height, clear, rank: rank(track, asked), always: asked || dangerous };
      });
      const placed = places.place(asking, marks, { left: 0, top: 0, right: clientWidth, bottom: clientHeight }, performance.now());
      let lines = "";
      wanted.forEach(({ track, chip }, k) => {
        const box = placed.get(track.number);
        chip.element.hidden = box === undefined;
        if (box === undefined) return;
        chip.element.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
        const line = asking[k] === undefined ? undefined : leader(asking[k], box);
        if (line !== undefined) lines += `M${line[0].toFixed(1)} ${line[1].toFixed(1)}L${line[2].toFixed(1)} ${line[3].toFixed(1)}`;
      });
      if (leaders.current !== null && leaders.current.getAttribute("d") !== lines) leaders.current.setAttribute("d", lines);
      for (const [number, chip] of chips) {
        if (shown.has(number)) continue;
        chip.element.remove();
        chips.delete(number);
      }
      bear();
      if (reference.current !== null) reference.current.hidden = map.getZoom() < 9;
    };
    map.on("render", label);
    // A larger screen writes larger.
    map.on("resize", () => {
      for (const chip of chips.values()) chip.width = 0;
    });

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
        // A new style has no images: they are drawn anew in its colours.
        map.setStyle(mapStyle(now.theme, ownMap), { diff: false });
      } else if (
        now.zones !== before.zones ||
        now.sketch !== before.sketch ||
        now.places !== before.places ||
        now.warnings !== before.warnings
      ) {
        void map.getSource<GeoJSONSource>(ZONE_SOURCE)?.setData(zoneFeatures(drawnZones(now), endangered(now), now.places));
      }
      if (
        now.reports !== before.reports ||
        now.incidents !== before.incidents ||
        now.chosenReport !== before.chosenReport ||
        now.callWedge !== before.callWedge ||
        now.callPosition !== before.callPosition ||
        now.tak !== before.tak
      )
        void map.getSource<GeoJSONSource>(REPORT_SOURCE)?.setData(drawnReports(now));
      if (now.hidden !== before.hidden) hide(now.hidden);
      if (
        now.revision !== before.revision ||
        now.selected !== before.selected ||
        now.bearing !== before.bearing ||
        now.hidden !== before.hidden
      )
        map.triggerRepaint();
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
  }, [magnify]);

  return (
    <div className="map" role="region" aria-label={words.tracks.map} tabIndex={-1}>
      <div className="map-canvas" ref={holder} />
      <svg className="map-leaders" aria-hidden="true">
        <path ref={leaders} />
        <path ref={bearingLine} className="bearing" />
      </svg>
      <div className="map-labels" ref={labels} aria-hidden="true" />
      <div className="map-label map-bearing" ref={bearingText} hidden />
      {magnify > 1 ? null : <MapLayers />}
      <div className="map-reference" ref={reference} hidden>
        {words.bar.reference}
      </div>
      <div className="map-attribution">{words.attribution}</div>
    </div>
  );
}
