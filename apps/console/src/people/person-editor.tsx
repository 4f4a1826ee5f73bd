// One person: who they are, how they are told, where they are, and their phones.
import { Language, type Person, type PersonDefinition, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { newId } from "../pages/new-id.ts";
import { catalogues } from "../words/words.ts";
import type { OnMap } from "./on-map.ts";
import { Phones } from "./phones.tsx";
import { PlaceForm } from "./place.tsx";
import { WaysFields } from "./ways.tsx";

function draftOf({ id, name, language, role, team, leader, ways }: Person): PersonDefinition {
  return { id, name, language, role, team, leader, ways };
}

export function PersonEditor(props: {
  /** Undefined: a new one. */
  readonly person: Person | undefined;
  readonly people: readonly Person[];
  readonly onMap: OnMap;
  readonly onDone: (chosen: string | undefined) => Promise<void>;
}): ReactNode {
  const { person, people, onMap, onDone } = props;
  const { language } = useShown();
  const words = catalogues[language].people;
  const [draft, setDraft] = useState<PersonDefinition>(
    person === undefined ? { id: "", name: "", language, role: "", team: "", leader: false, ways: [] } : draftOf(person),
  );
  const [saved, setSaved] = useState(false);
  const [removing, setRemoving] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (person === undefined) first.current?.focus();
  }, [person]);
  const change = (part: Partial<PersonDefinition>): void => {
    setSaved(false);
    setDraft((before) => ({ ...before, ...part }));
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const id =
      draft.id === ""
        ? newId(
            draft.name,
            people.map((known) => known.id),
            "person",
          )
        : draft.id;
    if (!wasDone(await ask("PUT", paths.person(id), { ...draft, id }))) return;
    setSaved(true);
    await onDone(id);
  };
  const remove = async (): Promise<void> => {
    if (person !== undefined && wasDone(await ask("DELETE", paths.person(person.id)))) await onDone(undefined);
  };
  const text = (key: "name" | "role" | "team", label: string, list?: string): ReactNode => (
    <label>
      {label}
      <input
        name={key}
        ref={key === "name" ? first : undefined}
        required={key === "name"}
        maxLength={80}
        autoComplete="off"
        list={list}
        value={draft[key]}
        onChange={({ target }) => change({ [key]: target.value })}
      />
    </label>
  );
  return (
    <>
      <header>
        <h2>{person?.name ?? words.newPerson}</h2>
        <Button onPress={() => void onDone(undefined)}>{catalogues[language].detail.close}</Button>
      </header>
      <form className="stacked" data-form="person" onSubmit={(event) => void save(event)}>
        {text("name", words.name)}
        <div className="two">
          {text("team", words.team, "teams")}
          {text("role", words.role)}
        </div>
        <datalist id="teams">
          {[...new Set(people.map(({ team }) => team))].map((team) => (
            <option key={team} value={team} />
          ))}
        </datalist>
        <label>
          {words.language}
          <select name="language" value={draft.language} onChange={({ target }) => change({ language: Language.parse(target.value) })}>
            {Language.options.map((code) => (
              <option key={code} value={code}>
                {catalogues[code].language}
              </option>
            ))}
          </select>
        </label>
        <label className="tick">
          <input name="leader" type="checkbox" checked={draft.leader} onChange={({ target }) => change({ leader: target.checked })} />{" "}
          {words.isLeader}
        </label>
        <WaysFields ways={draft.ways} people={people} words={words} onChange={(ways) => change({ ways: [...ways] })} />
        <div className="row">
          <Button type="submit" className="primary">
            {words.save}
          </Button>
          {saved ? (
            <span role="status" className="quiet said">
              {words.saved}
            </span>
          ) : null}
        </div>
      </form>
      {person === undefined ? null : (
        <>
          <PlaceForm person={person} onMap={onMap} onDone={() => onDone(person.id)} />
          <Phones personId={person.id} />
          <h3>{words.remove}</h3>
          <div className="padded stack">
            <p className="quiet">{words.removeReason}</p>
            <div className="row">
              {removing ? (
                <>
                  <Button onPress={() => void remove()}>{words.removeGo(person.name)}</Button>
                  <Button onPress={() => setRemoving(false)}>{words.cancel}</Button>
                </>
              ) : (
                <Button onPress={() => setRemoving(true)}>{words.remove}…</Button>
              )}
            </div>
          </div>
        </>
      )}
    </>
  );
}
