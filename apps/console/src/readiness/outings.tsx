// Who goes out together, and when: looked at before they go.
import { type OutingDefinition, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { TimeField } from "../bulletins/when-side.tsx";
import { useKnownPeople } from "../bulletins/known-people.ts";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { hasRight, sectorNow, useShown } from "../link/store.ts";
import { wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";

const FIRST_IN_MS = 3_600_000;
const FIRST_SPAN_MS = 8 * 3_600_000;

function Editor(props: { readonly outing: OutingDefinition; readonly isNew: boolean; readonly onDone: () => Promise<void> }): ReactNode {
  const { outing, isNew, onDone } = props;
  const { language, zones } = useShown();
  const words = catalogues[language].readiness.outing;
  const { people } = useKnownPeople();
  const [draft, setDraft] = useState(outing);
  const change = (part: Partial<OutingDefinition>): void => setDraft((before) => ({ ...before, ...part }));
  const without = (key: "musterMs" | "musterPlace" | "post"): void =>
    setDraft((before) => {
      const { [key]: _, ...rest } = before;
      return rest;
    });
  const ordered = draft.untilMs > draft.fromMs;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ordered || draft.name.trim() === "") return;
    if (wasDone(await ask("PUT", paths.outing(draft.id), { ...draft, name: draft.name.trim() }))) await onDone();
  };
  const remove = async (): Promise<void> => {
    if (wasDone(await ask("DELETE", paths.outing(draft.id)))) await onDone();
  };
  return (
    <form className="stacked memo-form" data-form="outing" onSubmit={(event) => void save(event)}>
      <label>
        {words.name}
        <input
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          value={draft.name}
          onChange={({ target }) => change({ name: target.value })}
        />
      </label>
      <div className="two">
        <TimeField
          name="from"
          label={words.from}
          unread={words.unread}
          timeMs={draft.fromMs}
          onChange={(timeMs) => (timeMs === undefined ? undefined : change({ fromMs: timeMs }))}
        />
        <TimeField
          name="until"
          label={words.until}
          unread={words.unread}
          timeMs={draft.untilMs}
          onChange={(timeMs) => (timeMs === undefined ? undefined : change({ untilMs: timeMs }))}
        />
        <TimeField
          name="muster"
          label={words.muster}
          unread={words.unread}
          required={false}
          timeMs={draft.musterMs}
          onChange={(timeMs) => (timeMs === undefined ? without("musterMs") : change({ musterMs: timeMs }))}
        />
        <label>
          {words.place}
          <input
            name="muster-place"
            maxLength={80}
            autoComplete="off"
            value={draft.musterPlace ?? ""}
            onChange={({ target }) => (target.value.trim() === "" ? without("musterPlace") : change({ musterPlace: target.value }))}
          />
        </label>
        <label>
          {words.post}
          <select
            name="post"
            value={draft.post ?? ""}
            onChange={({ target }) => (target.value === "" ? without("post") : change({ post: target.value }))}
          >
            <option value="">{words.noPost}</option>
            {zones
              .filter(({ kind }) => kind === "post")
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </select>
        </label>
      </div>
      {ordered ? null : <p className="gap">{words.order}</p>}
      <fieldset className="picks">
        <legend>{words.people}</legend>
        {people.map(({ id, name, team }) => (
          <label key={id} className="tick">
            <input
              type="checkbox"
              name={`goes-${id}`}
              checked={draft.people.includes(id)}
              onChange={({ target }) =>
                change({ people: target.checked ? [...draft.people, id] : draft.people.filter((known) => known !== id) })
              }
            />
            <span>
              {name} <span className="quiet">{team}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="row">
        <Button type="submit" className="primary">
          {words.save}
        </Button>
        {isNew ? null : <Button onPress={() => void remove()}>{words.remove}</Button>}
      </div>
    </form>
  );
}

export function Outings({
  outings,
  onDone,
}: {
  readonly outings: readonly OutingDefinition[];
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { language, sector, user } = useShown();
  const words = catalogues[language].readiness.outing;
  const [open, setOpen] = useState<OutingDefinition>();
  const done = async (): Promise<void> => {
    await onDone();
    setOpen(undefined);
  };
  const add = (): void => {
    const fromMs = Math.ceil((sectorNow() + FIRST_IN_MS) / 900_000) * 900_000;
    setOpen({ id: crypto.randomUUID(), name: "", fromMs, untilMs: fromMs + FIRST_SPAN_MS, people: [] });
  };
  const mayEdit = hasRight(user, "officer");
  const at = (timeMs: number): string => wallClock(timeMs, sector?.timeZone);
  return (
    <div className="padded" data-outings>
      <h2>{words.title}</h2>
      <p className="quiet">{words.hint}</p>
      {outings.length === 0 && open === undefined ? <p>{words.none}</p> : null}
      <ul className="list">
        {outings.map((outing) => (
          <li key={outing.id} data-outing={outing.id}>
            <Button className="plain grow report-row" isDisabled={!mayEdit} onPress={() => setOpen(outing)}>
              <strong>{outing.name}</strong>
              <span className="quiet">
                {at(outing.fromMs)} – {at(outing.untilMs)} · {outing.people.length}
              </span>
            </Button>
          </li>
        ))}
      </ul>
      {open === undefined ? (
        mayEdit ? (
          <Button className="primary" onPress={add}>
            {words.add}
          </Button>
        ) : null
      ) : (
        <Editor key={open.id} outing={open} isNew={!outings.some(({ id }) => id === open.id)} onDone={done} />
      )}
    </div>
  );
}
