// The list of people by team: on shift or off, where, and how they are told.
import { type Person, paths } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { basisText } from "./standing.ts";

/** Teams by name, those without one last; in a team the leaders first. */
function teamsOf(people: readonly Person[]): readonly (readonly [string, readonly Person[]])[] {
  const teams = Map.groupBy(
    people.toSorted((a, b) => Number(b.leader) - Number(a.leader) || a.name.localeCompare(b.name)),
    ({ team }) => team,
  );
  return [...teams].sort(([a], [b]) => Number(a === "") - Number(b === "") || a.localeCompare(b));
}

function Row(props: {
  readonly person: Person;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { person, chosen, onChoose, onDone } = props;
  const { language, zones } = useShown();
  const words = catalogues[language].people;
  const { id, name, role, leader, onShift, basis, ways } = person;
  const shift = async (on: boolean): Promise<void> => {
    if (wasDone(await ask("PUT", paths.shift(id), { on }))) await onDone();
  };
  const channels = ways.map(({ channel }) => words.channel[channel]).join(" → ");
  return (
    <li data-person={id} data-shift={onShift ? "on" : "off"} className={chosen ? "selected" : ""}>
      <input
        type="checkbox"
        role="switch"
        aria-label={words.shift(name)}
        checked={onShift}
        onChange={({ target }) => void shift(target.checked)}
      />
      <Button className="plain grow report-row" onPress={onChoose} {...(chosen ? { "aria-current": "true" as const } : {})}>
        <span>
          <strong>{name}</strong>{" "}
          <span className="quiet">{[role, leader ? words.leader : ""].filter((part) => part !== "").join(", ")}</span>
        </span>
        <span className={onShift && basis === "unknown" ? "gap" : "quiet"} data-basis={onShift ? basis : "off"}>
          {onShift ? `${basis === "unknown" ? "⊘ " : ""}${basisText(person, zones, words)}` : words.off}
        </span>
        {ways.length === 0 ? <span className="gap">⊘ {words.noWays}</span> : <span className="quiet">{channels}</span>}
      </Button>
    </li>
  );
}

export function Roster(props: {
  readonly people: readonly Person[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { people, chosen, onChoose, onDone } = props;
  const words = catalogues[useShown(({ language }) => language)].people;
  if (people.length === 0) return <p className="quiet padded">{words.none}</p>;
  return teamsOf(people).map(([team, members]) => (
    <section key={team} aria-label={team === "" ? words.noTeam : team}>
      <h3>
        {team === "" ? words.noTeam : team} <span>{words.onShift(members.filter(({ onShift }) => onShift).length, members.length)}</span>
      </h3>
      <ul className="list">
        {members.map((person) => (
          <Row key={person.id} person={person} chosen={person.id === chosen} onChoose={() => onChoose(person.id)} onDone={onDone} />
        ))}
      </ul>
    </section>
  ));
}
