// Drones that are ours or allowed: by what they broadcast, in which area, from when until when.
import { type AuthorisedDrone, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { type AreaDraft, areaDraftOf, AreaFields, areaOf, EMPTY_AREA, placedAt } from "../pages/area-fields.tsx";
import { newId } from "../pages/new-id.ts";
import { fromWallClock, WALL_CLOCK_PATTERN, wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";
import type { OnMap } from "./on-map.ts";

const FIRST_SPAN_MS = 4 * 3_600_000;

export function DroneList(props: {
  readonly drones: readonly AuthorisedDrone[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { drones, chosen, onChoose } = props;
  const { language, sector } = useShown();
  const words = catalogues[language].people.drones;
  const now = sectorNow();
  if (drones.length === 0) return <p className="quiet padded">{words.none}</p>;
  return (
    <ul className="list">
      {drones.map(({ id, name, own, identity, fromMs, untilMs }) => {
        const state = now < fromMs ? words.later : now > untilMs ? words.over : words.now;
        const at = (timeMs: number): string => wallClock(timeMs, sector?.timeZone);
        return (
          <li key={id} data-drone={id} className={chosen === id ? "selected" : ""}>
            <Button
              className="plain grow report-row"
              onPress={() => onChoose(id)}
              {...(chosen === id ? { "aria-current": "true" as const } : {})}
            >
              <span>
                <strong className={own ? "kind-own" : "kind-authorised"}>
                  {own ? "●" : "■"} {name}
                </strong>{" "}
                <span className="quiet">
                  {own ? words.own : words.authorised}, {state}
                </span>
              </span>
              <code>{identity}</code>
              <span className="quiet">{words.times(at(fromMs), at(untilMs))}</span>
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

interface Draft extends AreaDraft {
  readonly name: string;
  readonly own: boolean;
  readonly identity: string;
  readonly from: string;
  readonly until: string;
}

export function DroneEditor(props: {
  readonly drone: AuthorisedDrone | undefined;
  readonly drones: readonly AuthorisedDrone[];
  readonly onMap: OnMap;
  readonly onDone: (chosen: string | undefined) => Promise<void>;
}): ReactNode {
  const { drone, drones, onMap, onDone } = props;
  const { language, sector } = useShown();
  const all = catalogues[language];
  const words = all.people.drones;
  const timeZone = sector?.timeZone;
  const [draft, setDraft] = useState<Draft>(() => ({
    ...(drone === undefined ? { ...EMPTY_AREA, radius: "1000" } : areaDraftOf(drone.area)),
    name: drone?.name ?? "",
    own: drone?.own ?? true,
    identity: drone?.identity ?? "",
    from: wallClock(drone?.fromMs ?? sectorNow(), timeZone),
    until: wallClock(drone?.untilMs ?? sectorNow() + FIRST_SPAN_MS, timeZone),
  }));
  const [saved, setSaved] = useState(false);
  const change = (part: Partial<Draft>): void => {
    setSaved(false);
    setDraft((before) => ({ ...before, ...part }));
  };
  useEffect(() => {
    onMap({ take: (latDeg, lonDeg) => setDraft((before) => ({ ...before, ...placedAt(before, latDeg, lonDeg) })) });
    return () => onMap(undefined);
  }, [onMap]);
  useEffect(() => {
    const shape = areaOf(draft);
    useShown.setState({ sketch: shape === undefined ? undefined : { id: "sketch", name: draft.name, kind: "area", shape } });
    return () => useShown.setState({ sketch: undefined });
  }, [draft]);
  const fromMs = fromWallClock(draft.from, timeZone);
  const untilMs = fromWallClock(draft.until, timeZone);
  const ordered = fromMs !== undefined && untilMs !== undefined && untilMs > fromMs;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const area = areaOf(draft);
    if (area === undefined || !ordered) return;
    const id =
      drone?.id ??
      newId(
        draft.name,
        drones.map((known) => known.id),
        "drone",
      );
    const body: AuthorisedDrone = { id, name: draft.name, own: draft.own, identity: draft.identity, area, fromMs, untilMs };
    if (!wasDone(await ask("PUT", paths.authorisedDrone(id), body))) return;
    setSaved(true);
    await onDone(id);
  };
  const remove = async (): Promise<void> => {
    if (drone !== undefined && wasDone(await ask("DELETE", paths.authorisedDrone(drone.id)))) await onDone(undefined);
  };
  const time = (key: "from" | "until"): ReactNode => (
    <label>
      {words[key]}
      <input
        name={key}
        pattern={WALL_CLOCK_PATTERN}
        placeholder="2026-01-31 23:59"
        required
        autoComplete="off"
        value={draft[key]}
        onChange={({ target }) => change({ [key]: target.value })}
      />
    </label>
  );
  return (
    <>
      <header>
        <h2>{drone?.name ?? words.title}</h2>
        <Button onPress={() => void onDone(undefined)}>{all.detail.close}</Button>
      </header>
      <form className="stacked" data-form="drone" onSubmit={(event) => void save(event)}>
        <p className="quiet">{words.hint}</p>
        <label>
          {all.people.name}
          <input
            name="droneName"
            required
            maxLength={80}
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => change({ name: target.value })}
          />
        </label>
        <label>
          {words.whose}
          <select name="own" value={draft.own ? "own" : "authorised"} onChange={({ target }) => change({ own: target.value === "own" })}>
            <option value="own">{words.own}</option>
            <option value="authorised">{words.authorised}</option>
          </select>
        </label>
        <label>
          {words.identity}
          <input
            name="identity"
            className="mono"
            required
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            value={draft.identity}
            onChange={({ target }) => change({ identity: target.value })}
          />
        </label>
        {time("from")}
        {time("until")}
        {ordered ? null : <p className="refusal">{words.order}</p>}
        <AreaFields draft={draft} words={all.zones} onChange={change} />
        <div className="row">
          <Button type="submit" className="primary">
            {all.people.save}
          </Button>
          {drone === undefined ? null : <Button onPress={() => void remove()}>{all.people.remove}</Button>}
          {saved ? (
            <span role="status" className="quiet said">
              {all.people.saved}
            </span>
          ) : null}
        </div>
      </form>
    </>
  );
}
