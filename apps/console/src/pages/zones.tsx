// Zones: placed on the map or by typed coordinates, changed and removed.
import { paths, type Zone } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { hasRight, nothingHeard, useShown } from "../link/store.ts";
import { MapView } from "../map/map-view.tsx";
import type { MapTaker } from "../people/on-map.ts";
import { metres } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { type AreaDraft, areaDraftOf, AreaFields, areaOf, EMPTY_AREA, placedAt } from "./area-fields.tsx";
import { Landmarks } from "./landmarks.tsx";
import { newId } from "./new-id.ts";

interface Draft extends AreaDraft {
  readonly id: string | undefined;
  readonly name: string;
  readonly kind: Zone["kind"];
  readonly ceiling: string;
}

const EMPTY: Draft = { ...EMPTY_AREA, id: undefined, name: "", kind: "post", ceiling: "" };

function draftOf(zone: Zone): Draft {
  return {
    ...areaDraftOf(zone.shape),
    id: zone.id,
    name: zone.name,
    kind: zone.kind,
    ceiling: zone.ceilingHaeM === undefined ? "" : String(zone.ceilingHaeM),
  };
}

export function Zones(): ReactNode {
  const { language, zones, user } = useShown();
  const words = catalogues[language];
  const [draft, setDraft] = useState<Draft>();
  const may = hasRight(user, "officer");
  const [taker, setTaker] = useState<MapTaker>();
  const onMap = useCallback((next: MapTaker | undefined) => setTaker(next), []);

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (draft === undefined) return;
    const shape = areaOf(draft);
    if (shape === undefined) return;
    const id =
      draft.id ??
      newId(
        draft.name,
        zones.map(({ id: taken }) => taken),
        "zone",
      );
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
  const field = (key: "name" | "ceiling", label: string, type: "text" | "number"): ReactNode => (
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
  useEffect(() => {
    if (draft === undefined) return undefined;
    const shape = areaOf(draft);
    useShown.setState({ sketch: shape === undefined ? undefined : { id: "sketch", name: draft.name, kind: draft.kind, shape } });
    return () => useShown.setState({ sketch: undefined });
  }, [draft]);
  return (
    <main className="watch two-panes">
      <aside className="pane-dangers" tabIndex={-1} aria-label={words.zones.title}>
        <h2>
          {words.zones.title} <span>{zones.length}</span>
        </h2>
        {zones.length === 0 && !nothingHeard() ? <p className="quiet padded">{words.zones.none}</p> : null}
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
            <AreaFields draft={draft} words={words.zones} onChange={(part) => setDraft({ ...draft, ...part })} />
            {field("ceiling", words.zones.ceiling, "number")}
            <div className="row">
              <Button type="submit" className="primary">
                {words.zones.save}
              </Button>
              <Button onPress={() => setDraft(undefined)}>{words.zones.cancel}</Button>
            </div>
          </form>
        )}
        <Landmarks onMap={onMap} may={may} />
      </aside>
      <section className="centre">
        <MapView
          onPlace={
            draft === undefined
              ? taker?.take
              : (latDeg, lonDeg) =>
                  setDraft((before) => (before === undefined ? before : { ...before, ...placedAt(before, latDeg, lonDeg) }))
          }
        />
      </section>
    </main>
  );
}
