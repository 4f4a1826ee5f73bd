// Who in danger knows, on a danger's card: each person with the step and its time; beyond six, counts by step and the unanswered by name.
import type { Answer, Decision, Rung, Warning } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { keyAnswer, send } from "../actions.ts";
import { hasRight, sectorNow, useShown } from "../link/store.ts";
import { clock, seconds } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { ORDER, SHAPE } from "./rung-shape.ts";

const ANSWERS: readonly Answer[] = ["safe", "taking-cover", "need-help", "not-me"];
const UNFOLDED = 6;

function isUnanswered({ step }: Rung): boolean {
  return step !== "answered" && step !== "over";
}

/** An officer heard the answer, by radio or telephone, and keys it. */
function Heard({ warningId, rung }: { readonly warningId: string; readonly rung: Rung }): ReactNode {
  const { ladder } = catalogues[useShown(({ language }) => language)];
  return (
    <MenuTrigger>
      <Button className="small" aria-label={ladder.keyFor(rung.name)}>
        {ladder.key}
      </Button>
      <Popover>
        <Menu
          className="menu"
          aria-label={ladder.keyFor(rung.name)}
          onAction={(key) => {
            const answer = ANSWERS.find((known) => known === key);
            if (answer !== undefined) void keyAnswer(warningId, rung.personId, answer);
          }}
        >
          {ANSWERS.map((answer) => (
            <MenuItem key={answer} id={answer}>
              {ladder.answer[answer]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** What an officer may do for one person: close the call for help, or key what was heard. */
export function RungAction({ warning, rung }: { readonly warning: Warning; readonly rung: Rung }): ReactNode {
  const { ladder } = catalogues[useShown(({ language }) => language)];
  // A recorded danger is over for everybody: nothing that reaches people.
  if (warning.recorded) return null;
  if (!rung.needsHelp) return isUnanswered(rung) ? <Heard warningId={warning.id} rung={rung} /> : null;
  const { personId, name } = rung;
  return (
    <Button className="small" onPress={() => useShown.setState({ deciding: { what: "close-help", id: warning.id, personId, name } })}>
      {ladder.helpCame}
    </Button>
  );
}

/** `named`: the counts above say what the shapes mean, and a row needs no more than the name and the time. */
function Row({ warning, rung, named }: { readonly warning: Warning; readonly rung: Rung; readonly named: boolean }): ReactNode {
  const { language, sector } = useShown();
  const { ladder } = catalogues[language];
  const left = rung.next === undefined ? undefined : Math.max(0, (rung.next.atMs - sectorNow()) / 1000);
  const age = warning.threats.find(({ kind, id }) => kind === "person" && id === rung.personId)?.positionAgeS;
  const step = rung.answer === undefined || rung.step !== "answered" ? ladder.step[rung.step] : ladder.answer[rung.answer.answer];
  return (
    <li className={`rung step-${rung.step}`}>
      <span className="rung-shape" aria-hidden="true">
        {SHAPE[rung.step]}
      </span>
      <span className="rung-who">
        <span>{rung.name}</span>
        {age !== undefined && age >= 120 ? <span className="quiet">{ladder.placeAge(seconds(age))}</span> : null}
        <span>
          {named ? "" : `${step} `}
          <time>{clock(rung.stepMs, sector?.timeZone)}</time>
        </span>
        {named || rung.answer?.keyedBy === undefined ? null : <span className="quiet">{ladder.keyedBy(rung.answer.keyedBy)}</span>}
        {rung.next === undefined || left === undefined ? null : (
          <span className="quiet">{ladder.next[rung.next.action](seconds(left))}</span>
        )}
      </span>
      <RungAction warning={warning} rung={rung} />
    </li>
  );
}

function Asked({ warning, decision }: { readonly warning: Warning; readonly decision: Decision }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const left = Math.max(0, (decision.dueMs - sectorNow()) / 1000);
  const level = words.dangers.level[decision.level];
  return (
    <div className="row decision" role="group" aria-label={words.ladder.decide(level)}>
      <span className="grow">
        {words.ladder.decide(level)} <span className="quiet">{words.ladder.left(seconds(left))}</span>
      </span>
      <Button className="primary" onPress={() => void send(warning.id, decision.level, words.ladder.decidedHere)}>
        {words.ladder.send}
      </Button>
      <Button onPress={() => useShown.setState({ deciding: { what: "withhold", id: warning.id, level: decision.level } })}>
        {words.ladder.withholdWhy}
      </Button>
    </div>
  );
}

export function Ladder({ warning }: { readonly warning: Warning }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const mayDecide = useShown(({ user }) => hasRight(user, "officer"));
  useShown(({ revision }) => revision);
  const ladder = [...(warning.ladder ?? [])].sort((a, b) => ORDER.indexOf(a.step) - ORDER.indexOf(b.step) || a.name.localeCompare(b.name));
  const asked = mayDecide && warning.state !== "cleared" ? warning.decisions.filter(({ outcome }) => outcome === undefined) : [];
  const shown = ladder.length <= UNFOLDED ? ladder : ladder.filter(isUnanswered).slice(0, UNFOLDED);
  const folded = ladder.length > UNFOLDED || warning.ladder === undefined;
  const counts = ORDER.flatMap((step) => {
    const count = warning.people[step] ?? 0;
    return count === 0 ? [] : [{ step, count }];
  });
  if (counts.length === 0 && asked.length === 0) return null;
  return (
    <div className="ladder">
      {asked.map((decision) => (
        <Asked key={decision.level} warning={warning} decision={decision} />
      ))}
      {folded ? (
        <p className="rung-counts">
          {counts.map(({ step, count }) => (
            <span key={step}>
              {SHAPE[step]} {count} {words.ladder.step[step]}
            </span>
          ))}
        </p>
      ) : null}
      {shown.length === 0 ? null : (
        <ul aria-label={words.ladder.title}>
          {shown.map((rung) => (
            <Row key={rung.personId} warning={warning} rung={rung} named={folded} />
          ))}
        </ul>
      )}
    </div>
  );
}
