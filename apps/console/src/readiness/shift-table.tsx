// People of a shift in rows: how they are reached, what they carry, training, bulletin, and what is open; those with nothing open are folded.
import type { KitItem, PersonReadiness, Readiness } from "@atalaya/protocol";
import { StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { sectorNow, useShown } from "../link/store.ts";
import { age, clock, dayAndClock } from "../words/figures.ts";
import { wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";
import { KitMark } from "./kit-mark.tsx";
import { daysTo, firstToEnd, type Group, groupsOf, leastFar, needWords } from "./view.ts";

function Reached({ person }: { readonly person: PersonReadiness }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)].readiness;
  const { reach } = person;
  const old = reach.lastHeardMs === undefined ? undefined : age((sectorNow() - reach.lastHeardMs) / 1000);
  const gone = reach.state === "cut-off" || reach.state === "none";
  return (
    <>
      <td className="number" data-label={words.columns.heard}>
        {reach.state === "not-started" ? (
          words.notStartedYet
        ) : gone ? (
          <span className="gap">
            <StatusShape status="off" /> {words.noLink}
          </span>
        ) : (
          (old ?? words.none)
        )}
      </td>
      <td data-label={words.columns.by}>
        {reach.state === "none" ? <span className="gap">{words.noWay}</span> : reach.by === undefined ? words.none : words.by[reach.by]}
      </td>
    </>
  );
}

function KitCell({ item, column }: { readonly item: KitItem | undefined; readonly column: string }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)].readiness;
  if (item === undefined)
    return (
      <td className="kit" data-label={column}>
        <span title={words.notAsked}>{words.none}</span>
      </td>
    );
  const detail =
    item.state === "missing"
      ? words.haveOf(item.have ?? 0, item.quantity)
      : item.endsOn !== undefined && item.state !== "has"
        ? words.endsOn(item.endsOn)
        : "";
  const text = words.kitCell(column, words.kit[item.state], detail);
  return (
    <td className="kit" data-label={column} data-kit={item.state}>
      <span role="img" aria-label={text} title={text}>
        <KitMark state={item.state} />
      </span>
      {item.state === "missing" ? <span className="kit-count">{detail}</span> : null}
    </td>
  );
}

function Training({ person, today }: { readonly person: PersonReadiness; readonly today: string }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language].readiness;
  const first = firstToEnd(person.training);
  const lapsed = first?.state === "lapsed";
  const soon = first?.state === "ends-soon";
  const until = first?.until;
  const month = (date: string): string =>
    new Date(`${date}T12:00:00Z`).toLocaleDateString(language === "es" ? "es-MX" : "en-GB", {
      month: "short",
      year: "2-digit",
      timeZone: "UTC",
    });
  const day = (date: string): string =>
    new Date(`${date}T12:00:00Z`).toLocaleDateString(language === "es" ? "es-MX" : "en-GB", {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    });
  return (
    <td data-label={words.columns.training} className={lapsed || soon ? "gap" : ""}>
      {first === undefined || until === undefined ? (
        <span className="quiet">{words.trainingUnknown}</span>
      ) : lapsed ? (
        `⊘ ${words.trainingLapsed(day(until))}`
      ) : soon ? (
        `◆ ${words.trainingLeft(Math.max(0, daysTo(today, until)))}`
      ) : (
        words.trainingTo(month(until))
      )}
    </td>
  );
}

function Step({ person }: { readonly person: PersonReadiness }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].readiness;
  const bulletin = leastFar(person.bulletins);
  if (bulletin === undefined) return <td data-label={words.columns.bulletin}>{words.none}</td>;
  const { step, stepMs, overdue } = bulletin;
  const text =
    step === "opened" ? words.step.opened(stepMs === undefined ? "" : clock(stepMs, sector?.timeZone).slice(0, 5)) : words.step[step];
  const open = step === "told" || step === "delivered" || step === "waiting";
  return (
    <td data-label={words.columns.bulletin} className={overdue || open ? "gap" : ""}>
      {overdue ? "◆ " : ""}
      {text}
      {overdue ? `, ${words.overdue}` : ""}
    </td>
  );
}

function Row(props: {
  readonly person: PersonReadiness;
  readonly readiness: Readiness;
  readonly today: string;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { person, readiness, today, chosen, onChoose } = props;
  const { language } = useShown();
  const words = catalogues[language].readiness;
  const numberOf = (id: string): string => person.bulletins.find((known) => known.id === id)?.number ?? "";
  const context = { items: readiness.items, numberOf, language };
  return (
    <tr data-person={person.personId} aria-selected={chosen}>
      <td data-label={words.columns.name}>
        <Button className="plain" onPress={() => onChoose(person.personId)}>
          <strong>{person.name}</strong>
        </Button>
      </td>
      <td data-label={words.columns.where}>{person.posts.length === 0 ? words.none : person.posts.join(", ")}</td>
      <Reached person={person} />
      {readiness.items.map((item) => (
        <KitCell key={item.id} item={person.kit.find(({ itemId }) => itemId === item.id)} column={item.name[language]} />
      ))}
      <Training person={person} today={today} />
      <Step person={person} />
      <td className="needs" data-label={words.columns.needs}>
        {person.needs.map((need) => {
          const remedy = need.remedied ? person.remedies.findLast(({ itemId }) => itemId === need.itemId) : undefined;
          return (
            <span key={`${need.code}-${need.itemId ?? need.training ?? need.bulletinId ?? ""}`} className={need.remedied ? "quiet" : ""}>
              {needWords(need, context, words)}
              {remedy === undefined ? "" : ` ✓ ${words.remedied(remedy.text, remedy.by)}`}{" "}
            </span>
          );
        })}
      </td>
    </tr>
  );
}

function GroupRows(props: {
  readonly group: Group;
  readonly readiness: Readiness;
  readonly today: string;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { group, readiness, today, chosen, onChoose } = props;
  const { language, sector } = useShown();
  const words = catalogues[language].readiness;
  const [unfolded, unfold] = useState(false);
  const { outing, people, open, ready } = group;
  const at = (timeMs: number): string => wallClock(timeMs, sector?.timeZone).slice(11);
  const linked = people.filter(({ reach }) => reach.state === "linked" || reach.state === "limited").length;
  const voice = people.filter(({ reach }) => reach.state === "voice").length;
  const notStarted = people.filter(({ onShift }) => !onShift).length;
  const leaders = people.filter(({ leader }) => leader).map(({ name }) => name);
  const title =
    outing === undefined
      ? group.key === ""
        ? words.noTeam
        : group.key
      : outing.fromMs > readiness.timeMs
        ? words.goingOut(at(outing.fromMs))
        : words.out(outing.name, at(outing.untilMs));
  const detail =
    outing === undefined
      ? [leaders.length === 0 ? "" : words.leader(leaders.join(", ")), [...new Set(people.flatMap(({ posts }) => posts))].join(", ")]
          .filter((part) => part !== "")
          .join(" · ")
      : `${outing.name} · ${words.outSub(people.length, outing.musterMs === undefined ? "" : at(outing.musterMs), outing.musterPlace ?? "")}`;
  const count = outing === undefined ? words.reachable(linked, people.length, voice) : words.notStarted(notStarted);
  const columns = 7 + readiness.items.length;
  const shown = unfolded ? people : open;
  return (
    <tbody data-group={group.key}>
      <tr className="group-head">
        <th colSpan={columns} scope="rowgroup">
          <div className="row">
            <strong>{title}</strong>
            <span className="quiet grow">{detail}</span>
            <span className="quiet">{count}</span>
            {ready.length === 0 ? null : (
              <Button className="small" aria-expanded={unfolded} onPress={() => unfold(!unfolded)}>
                {unfolded ? words.fold : words.allReady(ready.length)}
              </Button>
            )}
          </div>
        </th>
      </tr>
      {shown.map((person) => (
        <Row
          key={person.personId}
          person={person}
          readiness={readiness}
          today={today}
          chosen={chosen === person.personId}
          onChoose={onChoose}
        />
      ))}
    </tbody>
  );
}

export function ShiftTable(props: {
  readonly readiness: Readiness;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const { readiness, chosen, onChoose } = props;
  const { language, sector } = useShown();
  const words = catalogues[language].readiness;
  const today = dayAndClock(readiness.timeMs, sector?.timeZone).slice(0, 10);
  const groups = groupsOf(readiness);
  if (groups.length === 0) return <p className="quiet padded">{words.nobody}</p>;
  return (
    <div className="wide" tabIndex={-1}>
      <table className="cards shift-table">
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.where}</th>
            <th scope="col" className="number">
              {words.columns.heard}
            </th>
            <th scope="col">{words.columns.by}</th>
            {readiness.items.map((item) => (
              <th key={item.id} scope="col" className="kit">
                {item.name[language]}
              </th>
            ))}
            <th scope="col">{words.columns.training}</th>
            <th scope="col">{words.columns.bulletin}</th>
            <th scope="col">{words.columns.needs}</th>
          </tr>
        </thead>
        {groups.map((group) => (
          <GroupRows key={group.key} group={group} readiness={readiness} today={today} chosen={chosen} onChoose={onChoose} />
        ))}
      </table>
    </div>
  );
}
