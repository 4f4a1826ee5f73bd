// Who gets a bulletin: everybody, teams, roles, posts, people by name, organisations outside; whoever is any of these.
import type { BulletinDraft, BulletinSettings } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { linesOf } from "../memo/handling-fields.tsx";
import { catalogues } from "../words/words.ts";
import { type KnownPeople, useKnownPeople } from "./known-people.ts";

type Audience = BulletinSettings["audience"];
type Listed = "teams" | "roles" | "posts" | "people";

function toggled(list: readonly string[], item: string, on: boolean): string[] {
  return on ? [...list, item] : list.filter((known) => known !== item);
}

function Ticks(props: {
  readonly legend: string;
  readonly name: Listed;
  readonly offered: readonly { readonly value: string; readonly text: string }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}): ReactNode {
  const { legend, name, offered, chosen, onChange } = props;
  const { who } = catalogues[useShown(({ language }) => language)].bulletins;
  const typed = name === "teams" || name === "roles";
  const [lines, setLines] = useState(() => chosen.filter((value) => !offered.some((known) => known.value === value)).join("\n"));
  const ticked = chosen.filter((value) => offered.some((known) => known.value === value));
  return (
    <fieldset className="picks">
      <legend>{legend}</legend>
      {offered.map(({ value, text }) => (
        <label key={value} className="tick">
          <input
            type="checkbox"
            name={`${name}-${value}`}
            checked={chosen.includes(value)}
            onChange={({ target }) => onChange(toggled(chosen, value, target.checked))}
          />
          {text}
        </label>
      ))}
      {typed ? (
        <label>
          {who.typed(legend)}
          <textarea
            name={`${name}-typed`}
            rows={1}
            value={lines}
            onChange={({ target }) => {
              setLines(target.value);
              onChange([...ticked, ...linesOf(target.value).filter((line) => !ticked.includes(line))]);
            }}
          />
        </label>
      ) : null}
    </fieldset>
  );
}

function Editor(props: {
  readonly audience: Audience;
  readonly known: KnownPeople;
  readonly onChange: (audience: Audience) => void;
}): ReactNode {
  const { audience, known, onChange } = props;
  const { language, zones } = useShown();
  const { who } = catalogues[language].bulletins;
  const [partners, setPartners] = useState(audience.partners.join("\n"));
  const distinct = (key: "team" | "role"): { value: string; text: string }[] =>
    [...new Set(known.people.map((person) => person[key]))]
      .filter((value) => value !== "")
      .sort()
      .map((value) => ({ value, text: value }));
  const set = (key: Listed) => (chosen: string[]) => onChange({ ...audience, [key]: chosen });
  return (
    <div className="stacked audience">
      <label className="tick">
        <input
          type="checkbox"
          name="sector"
          checked={audience.sector}
          onChange={({ target }) => onChange({ ...audience, sector: target.checked })}
        />
        {who.sector}
      </label>
      <Ticks legend={who.teams} name="teams" offered={distinct("team")} chosen={audience.teams} onChange={set("teams")} />
      <Ticks legend={who.roles} name="roles" offered={distinct("role")} chosen={audience.roles} onChange={set("roles")} />
      <Ticks
        legend={who.posts}
        name="posts"
        offered={zones.filter(({ kind }) => kind === "post").map(({ id, name }) => ({ value: id, text: name }))}
        chosen={audience.posts}
        onChange={set("posts")}
      />
      <Ticks
        legend={who.named}
        name="people"
        offered={known.people.map(({ id, name, team }) => ({ value: id, text: team === "" ? name : `${name}, ${team}` }))}
        chosen={audience.people}
        onChange={set("people")}
      />
      <label>
        {who.partners}
        <textarea
          name="partners"
          rows={2}
          value={partners}
          onChange={({ target }) => {
            setPartners(target.value);
            onChange({ ...audience, partners: linesOf(target.value) });
          }}
        />
        <span className="quiet">{who.partnersHint}</span>
      </label>
    </div>
  );
}

export function AudienceSide(props: {
  readonly audience: Audience;
  readonly reaches: BulletinDraft["reaches"] | undefined;
  readonly onChange?: ((audience: Audience) => void) | undefined;
}): ReactNode {
  const { audience, reaches, onChange } = props;
  const { language, zones } = useShown();
  const { who } = catalogues[language].bulletins;
  const known = useKnownPeople();
  const [open, setOpen] = useState(false);
  const line = (label: string, names: readonly string[], count?: number): ReactNode =>
    names.length === 0 ? null : (
      <div>
        <dt>
          {label} {names.join(", ")}
        </dt>
        <dd>{count === undefined ? "" : who.people(count)}</dd>
      </div>
    );
  const count = (key: "team" | "role", names: readonly string[]): number | undefined =>
    known.whole ? known.people.filter((person) => names.includes(person[key])).length : undefined;
  const nameOf = (id: string): string => known.people.find((person) => person.id === id)?.name ?? id;
  const nobody =
    !audience.sector &&
    [audience.teams, audience.roles, audience.posts, audience.people, audience.partners].every(({ length }) => length === 0);
  return (
    <section data-side="who">
      <h2>{who.title}</h2>
      <dl className="rows">
        {audience.sector ? (
          <div>
            <dt>{who.sector}</dt>
            <dd />
          </div>
        ) : null}
        {line(who.teams, audience.teams, count("team", audience.teams))}
        {line(who.roles, audience.roles, count("role", audience.roles))}
        {line(
          who.posts,
          audience.posts.map((id) => zones.find((zone) => zone.id === id)?.name ?? id),
        )}
        {line(who.named, audience.people.map(nameOf))}
        {line(who.partners, audience.partners)}
        {reaches === undefined ? null : (
          <>
            <div>
              <dt>{nobody ? <span className="gap">⊘ {who.nobody}</span> : who.total}</dt>
              <dd>
                <strong>{who.people(reaches.people)}</strong>
              </dd>
            </div>
            <div>
              <dt>{who.spanish}</dt>
              <dd>{reaches.spanish}</dd>
            </div>
          </>
        )}
      </dl>
      {onChange === undefined ? null : (
        <>
          {open ? <Editor audience={audience} known={known} onChange={onChange} /> : null}
          <div className="padded">
            <Button onPress={() => setOpen(!open)} aria-expanded={open}>
              {open ? who.done : who.change}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
