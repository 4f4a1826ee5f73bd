// Who has a bulletin: each person's step with its time, overdue first; what was heard by voice is keyed here.
import { type Bulletin, type BulletinPerson, paths } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { hasRight, sectorNow, useShown } from "../link/store.ts";
import { clock, dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

/** The ladder of the screens: not told ○ dashed, told ○, delivered ◐, opened ●, confirmed ✓. */
export const STEP_SHAPE: Readonly<Record<BulletinPerson["step"], string>> = {
  waiting: "–",
  told: "○",
  delivered: "◐",
  opened: "●",
  confirmed: "✓",
  over: "–",
};
const STEPS = ["waiting", "told", "delivered", "opened", "confirmed", "over"] as const;
type Shown = "all" | "overdue" | BulletinPerson["step"];

/** When the person came to the step at which they are. */
export function stepMs({ step, toldMs, deliveredMs, openedMs, confirmations }: BulletinPerson): number | undefined {
  switch (step) {
    case "told":
      return toldMs;
    case "delivered":
      return deliveredMs;
    case "opened":
      return openedMs;
    case "confirmed":
      return confirmations.at(-1)?.timeMs;
    default:
      return undefined;
  }
}

/** The hour alone for today, with the day otherwise. */
export function shortTime(timeMs: number, nowMs: number, timeZone: string | undefined): string {
  const text = dayAndClock(timeMs, timeZone);
  return text.slice(0, 10) === dayAndClock(nowMs, timeZone).slice(0, 10) ? clock(timeMs, timeZone).slice(0, 5) : text.slice(5, 16);
}

function Row(props: { readonly person: BulletinPerson; readonly bulletin: Bulletin; readonly onDone: () => Promise<void> }): ReactNode {
  const { person, bulletin, onDone } = props;
  const { language, sector, user } = useShown();
  const words = catalogues[language];
  const { people } = words.bulletins;
  const at = (timeMs: number): string => shortTime(timeMs, sectorNow(), sector?.timeZone);
  const { personId, name, team, step, overdue, version, dueMs, ways, noWay, ended } = person;
  const since = stepMs(person);
  const confirmed = person.confirmations.at(-1);
  const keyed = async (): Promise<void> => {
    if (wasDone(await ask("POST", paths.bulletinKeyed(bulletin.id), { personId, version: bulletin.version }))) await onDone();
  };
  const mayKey =
    hasRight(user, "officer") && step !== "confirmed" && step !== "over" && step !== "waiting" && bulletin.state === "in-force";
  return (
    <tr data-person={personId} data-step={step} data-overdue={overdue}>
      <td data-label={people.columns.name}>
        <strong>{name}</strong>
      </td>
      <td data-label={people.columns.team}>{team === "" ? "–" : team}</td>
      <td data-label={people.columns.language}>{catalogues[person.language].language}</td>
      <td data-label={people.columns.step}>
        <span className={overdue ? "gap" : ""}>
          <span className="rung-shape" aria-hidden="true">
            {STEP_SHAPE[step]}
          </span>{" "}
          {people.step[step]}
          {step === "confirmed" && confirmed !== undefined
            ? ` ${people.by[confirmed.by]}${confirmed.who === undefined ? "" : `, ${confirmed.who}`}`
            : ""}
          {overdue ? `, ◆ ${people.overdue}` : ""}
        </span>
      </td>
      <td data-label={people.columns.since} className="number">
        {since === undefined ? "–" : at(since)}
      </td>
      <td data-label={people.columns.version} className="number">
        {version === 0 ? "–" : version}
      </td>
      <td data-label={people.columns.due} className="number">
        {dueMs === undefined || step === "confirmed" ? "–" : at(dueMs)}
      </td>
      <td data-label={people.columns.ways}>
        {noWay ? (
          <span className="gap">⊘ {people.noWay}</span>
        ) : ended !== undefined ? (
          `${people.ended[ended.why]}, ${ended.deliveredMs === undefined ? people.endedNot : people.endedHas}`
        ) : (
          ways.map(({ channel }) => words.people.channel[channel]).join(" → ") || "–"
        )}
      </td>
      <td className="acts">
        {mayKey ? (
          <Button aria-label={people.heardLabel(name)} onPress={() => void keyed()}>
            {people.heard}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

export function PeopleTable(props: {
  readonly bulletin: Bulletin;
  readonly people: readonly BulletinPerson[];
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { bulletin, people, onDone } = props;
  const { bulletins: words } = catalogues[useShown(({ language }) => language)];
  const [shown, setShown] = useState<Shown>("all");
  const counts = new Map<Shown, number>(STEPS.map((step) => [step, people.filter((person) => person.step === step).length]));
  counts.set("all", people.length);
  counts.set("overdue", people.filter(({ overdue }) => overdue).length);
  const offered: readonly Shown[] = ["all", "overdue", ...STEPS];
  const rows = people.filter((person) => shown === "all" || (shown === "overdue" ? person.overdue : person.step === shown));
  const text = (one: Shown): string =>
    one === "all" ? words.people.all : one === "overdue" ? words.people.overdue : words.people.step[one];
  if (people.length === 0) return <p className="quiet padded">{words.people.none}</p>;
  return (
    <>
      <div className="row padded" role="group" aria-label={words.people.columns.step}>
        {offered
          .filter((one) => one === "all" || (counts.get(one) ?? 0) > 0)
          .map((one) => (
            <Button
              key={one}
              className={one === shown ? "primary" : ""}
              aria-pressed={one === shown}
              data-filter={one}
              onPress={() => setShown(one)}
            >
              {one === "all" || one === "overdue" ? "" : `${STEP_SHAPE[one]} `}
              {text(one)} {counts.get(one)}
            </Button>
          ))}
      </div>
      <div className="wide">
        <table className="cards people-steps">
          <thead>
            <tr>
              {(["name", "team", "language", "step", "since", "version", "due", "ways"] as const).map((column) => (
                <th key={column} scope="col" className={column === "since" || column === "version" || column === "due" ? "number" : ""}>
                  {words.people.columns[column]}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((person) => (
              <Row key={person.personId} person={person} bulletin={bulletin} onDone={onDone} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet padded">{words.people.keyedHint}</p>
    </>
  );
}
