// Zones: placed on the map or by typed coordinates, changed and removed.
import { paths, type Zone } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { MapView } from "../map/map-view.tsx";
import { zoneCentre } from "../map/zone-features.ts";
import { metres } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

interface Draft {
  readonly id: string | undefined;
  readonly name: string;
  readonly kind: Zone["kind"];
  readonly lat: string;
  readonly lon: string;
  readonly radius: string;
  readonly outline: "circle" | "polygon";
  /** Corners as they are typed: one a line, latitude and longitude. */
  readonly corners: string;
  readonly ceiling: string;
}

const EMPTY: Draft = {
  id: undefined,
  name: "",
  kind: "post",
  lat: "",
  lon: "",
  radius: "300",
  outline: "circle",
  corners: "",
  ceiling: "",
};

function draftOf(zone: Zone): Draft {
  const centre = zoneCentre(zone);
  return {
    id: zone.id,
    name: zone.name,
    kind: zone.kind,
    lat: String(centre.latDeg),
    lon: String(centre.lonDeg),
    radius: zone.shape.type === "circle" ? String(zone.shape.radiusM) : "",
    outline: zone.shape.type,
    corners: zone.shape.type === "polygon" ? zone.shape.ring.map(({ latDeg, lonDeg }) => `${latDeg}, ${lonDeg}`).join("\n") : "",
    ceiling: zone.ceilingHaeM === undefined ? "" : String(zone.ceilingHaeM),
  };
}

function newId(name: string, taken: readonly Zone[]): string {
  const plain = name
    .normalize("NFD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase()
    .slice(0, 24);
  const base = plain === "" ? "zone" : plain;
  let id = base;
  for (let k = 2; taken.some((zone) => zone.id === id); k += 1) id = `${base}-${k}`;
  return id;
}

function ringOf(corners: string): { latDeg: number; lonDeg: number }[] {
  return corners.split("\n").flatMap((line) => {
    const [, lat, lon] = /^\s*(-?[\d.]+)[,;\s]+(-?[\d.]+)\s*$/.exec(line) ?? [];
    return lat === undefined || lon === undefined ? [] : [{ latDeg: Number(lat), lonDeg: Number(lon) }];
  });
}

/** The shape that a draft describes so far; undefined while it describes none. */
function shapeOf({ outline, corners, lat, lon, radius }: Draft): Zone["shape"] | undefined {
  if (outline === "polygon") {
    const ring = ringOf(corners);
    return ring.length < 3 ? undefined : { type: "polygon", ring };
  }
  if (lat === "" || lon === "" || !(Number(radius) > 0)) return undefined;
  return { type: "circle", centre: { latDeg: Number(lat), lonDeg: Number(lon) }, radiusM: Number(radius) };
}

export function Zones(): ReactNode {
  const { language, zones, user } = useShown();
  const words = catalogues[language];
  const [draft, setDraft] = useState<Draft>();
  const may = user?.role !== "viewer";

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (draft === undefined) return;
    const shape = shapeOf(draft);
    if (shape === undefined) return;
    const id = draft.id ?? newId(draft.name, zones);
    const zone: Zone = {
      id,
      name: draft.name,
      kind: draft.kind,
      shape,
      ...(draft.ceiling === "" ? {} : { ceilingHaeM: Number(draft.ceiling) }),
    };
    const answer = await ask("PUT", paths.zone(id), zone);
    if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
    else setDraft(undefined);
  };
  const field = (key: "name" | "lat" | "lon" | "radius" | "ceiling", label: string, type: "text" | "number"): ReactNode => (
    <label>
      {label}
      <input
        name={key}
        type={type}
        step="any"
        required={key !== "ceiling"}
        value={draft?.[key] ?? ""}
        onChange={({ target }) => setDraft((before) => (before === undefined ? before : { ...before, [key]: target.value }))}
      />
    </label>
  );
  const polygon = draft?.outline === "polygon";
  useEffect(() => {
    const shape = draft === undefined ? undefined : shapeOf(draft);
    useShown.setState({
      sketch: shape === undefined ? undefined : { id: "sketch", name: draft?.name ?? "", kind: draft?.kind ?? "area", shape },
    });
    return () => useShown.setState({ sketch: undefined });
  }, [draft]);
  return (
    <main className="watch two-panes">
      <aside className="pane-dangers" tabIndex={-1} aria-label={words.zones.title}>
        <h2>
          {words.zones.title} <span>{zones.length}</span>
        </h2>
        {zones.length === 0 ? <p className="quiet padded">{words.zones.none}</p> : null}
        <ul className="list">
          {zones.map((zone) => (
            <li key={zone.id} data-zone={zone.id}>
              <div className="grow">
                <strong>{zone.name}</strong>
                <p className="quiet">
                  {zone.kind === "post" ? words.zones.post : words.zones.area}
                  {zone.shape.type === "circle" ? `, ${metres(zone.shape.radiusM)}` : ""}
                  {zone.ceilingHaeM === undefined ? "" : `, ≤ ${metres(zone.ceilingHaeM)}`}
                </p>
              </div>
              {may ? (
                <>
                  <Button onPress={() => setDraft(draftOf(zone))}>{words.zones.edit}</Button>
                  <Button onPress={() => void ask("DELETE", paths.zone(zone.id))}>{words.zones.remove}</Button>
                </>
              ) : null}
            </li>
          ))}
        </ul>
        {draft === undefined ? (
          may ? (
            <div className="row padded">
              <Button className="primary" onPress={() => setDraft(EMPTY)}>
                {words.zones.add}
              </Button>
            </div>
          ) : null
        ) : (
          <form className="padded stacked" onSubmit={(event) => void save(event)}>
            {field("name", words.zones.name, "text")}
            <label>
              {words.zones.kind}
              <select value={draft.kind} onChange={({ target }) => setDraft({ ...draft, kind: target.value === "post" ? "post" : "area" })}>
                <option value="post">{words.zones.post}</option>
                <option value="area">{words.zones.area}</option>
              </select>
            </label>
            <label>
              {words.zones.shape}
              <select
                name="outline"
                value={draft.outline}
                onChange={({ target }) => setDraft({ ...draft, outline: target.value === "polygon" ? "polygon" : "circle" })}
              >
                <option value="circle">{words.zones.circle}</option>
                <option value="polygon">{words.zones.polygon}</option>
              </select>
            </label>
            {polygon ? (
              <label>
                {words.zones.corners}
                <textarea
                  name="corners"
                  rows={6}
                  required
                  value={draft.corners}
                  onChange={({ target }) => setDraft({ ...draft, corners: target.value })}
                />
                <span className="quiet">{words.zones.cornersHint}</span>
              </label>
            ) : (
              <>
                <p className="quiet">{words.zones.picking}</p>
                {field("lat", words.zones.lat, "number")}
                {field("lon", words.zones.lon, "number")}
                {field("radius", words.zones.radius, "number")}
              </>
            )}
            {field("ceiling", words.zones.ceiling, "number")}
            <div className="row">
              <Button type="submit" className="primary">
                {words.zones.save}
              </Button>
              <Button onPress={() => setDraft(undefined)}>{words.zones.cancel}</Button>
            </div>
          </form>
        )}
      </aside>
      <section className="centre">
        <MapView
          onPlace={
            draft === undefined
              ? undefined
              : (latDeg, lonDeg) =>
                  setDraft((before) => {
                    if (before === undefined) return before;
                    const [lat, lon] = [latDeg.toFixed(6), lonDeg.toFixed(6)];
                    if (before.outline === "circle") return { ...before, lat, lon };
                    return {
                      ...before,
                      corners: `${before.corners}${before.corners === "" || before.corners.endsWith("\n") ? "" : "\n"}${lat}, ${lon}`,
                    };
                  })
          }
        />
      </section>
    </main>
  );
}
