// What became of what one has reported: the number, who has opened it, questions, the outcome; and for leaders, the team's reports.
import type { MyReport, ReportQuestion } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { compassPoint } from "@atalaya/words";
import { type ReactNode, useEffect, useState } from "react";
import { memo, openTeamReport, reply, seenOutcome, takeBack } from "../device.ts";
import type { ReportItem } from "../queue/items.ts";
import { go, useField } from "../state.ts";
import { clock, dayText, degrees, useWords } from "../words/words.ts";
import { Big, TopBar, useZone } from "./parts.tsx";
import { Receipt, useReport } from "./seen.tsx";

function stateOf(item: ReportItem | undefined, known: MyReport | undefined): "waiting" | "refused" | MyReport["state"] {
  if (known !== undefined) return known.state;
  if (item?.refused !== undefined) return "refused";
  return item?.receipt === undefined ? "waiting" : "received";
}

export function Reports(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const { items, reports } = useField();
  const own = items.filter((item): item is ReportItem => item.kind === "report");
  const ids = [...new Set([...own.map(({ id }) => id).reverse(), ...reports.map(({ id }) => id)])];
  const rows = ids
    .map((id) => ({ id, item: own.find((one) => one.id === id), known: reports.find((one) => one.id === id) }))
    .map((row) => ({ ...row, observedMs: row.item?.report.observedMs ?? row.known?.observedMs ?? 0 }))
    .sort((a, b) => b.observedMs - a.observedMs);
  return (
    <div className="screen">
      <TopBar title={words.home.reports} back />
      <main>
        {rows.length === 0 ? <p className="lead">{words.reports.none}</p> : null}
        <ul className="list">
          {rows.map(({ id, item, known, observedMs }) => {
            const state = stateOf(item, known);
            const asks = known?.questions.some(({ answer }) => answer === undefined) === true;
            return (
              <li key={id}>
                <button type="button" data-report={id} onClick={() => go({ name: "report", id })}>
                  <StatusShape status={state === "waiting" ? "waiting" : state === "refused" ? "off" : "normal"} />
                  <strong>{known?.reference ?? item?.receipt?.reference ?? "–"}</strong>
                  <span className="quiet grow">
                    {state === "waiting" ? words.reports.waiting : state === "refused" ? words.seen.refused : words.reports.states[state]}
                    {asks ? ` · ${words.reports.asks}` : ""}
                    {known?.outcome === undefined ? "" : ` · ${words.reports.outcome}`}
                  </span>
                  <time>{clock(observedMs, zone)}</time>
                </button>
              </li>
            );
          })}
        </ul>
        <p className="hint">{words.reports.noHarm}</p>
      </main>
    </div>
  );
}

function Step({ done, text, timeMs }: { readonly done: boolean; readonly text: string; readonly timeMs?: number | undefined }): ReactNode {
  const zone = useZone();
  return (
    <li className={done ? "" : "quiet"}>
      <StatusShape status={done ? "normal" : "waiting"} />
      <span className="grow">{text}</span>
      {timeMs === undefined ? null : <time>{clock(timeMs, zone)}</time>}
    </li>
  );
}

function Question({ reportId, question }: { readonly reportId: string; readonly question: ReportQuestion }): ReactNode {
  const words = useWords();
  const [typing, setTyping] = useState<string | undefined>();
  const waiting = useField(({ items }) => items.find((item) => item.kind === "reply" && item.reply.questionId === question.id));
  const answer = question.answer?.text ?? (waiting?.kind === "reply" ? waiting.reply.text : undefined);
  const say = (text: string): void => void reply(reportId, question.id, text);
  return (
    <section className="card question" data-question={question.id}>
      <h2>
        <StatusShape status={answer === undefined ? "waiting" : "normal"} /> {words.reports.asks}
      </h2>
      <p className="asked">{question.text}</p>
      {answer !== undefined ? (
        <p className="answer">{answer}</p>
      ) : typing === undefined ? (
        <div className="options">
          {[words.yes, words.no, words.reports.notSeen].map((text) => (
            <button key={text} type="button" onClick={() => say(text)}>
              {text}
            </button>
          ))}
          <button type="button" onClick={() => setTyping("")}>
            {words.reports.typed}
          </button>
        </div>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typing.trim() !== "") say(typing.trim());
          }}
        >
          <input
            aria-label={words.reports.typed}
            value={typing}
            maxLength={500}
            autoFocus
            onChange={({ target }) => setTyping(target.value)}
          />
          <button type="submit" className="big plain">
            {words.reports.sendAnswer}
          </button>
        </form>
      )}
    </section>
  );
}

export function OneReport({ id }: { readonly id: string }): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const item = useReport(id);
  const known = useField(({ reports }) => reports.find((one) => one.id === id));
  const withdrawing = useField(({ items }) => items.some((one) => one.kind === "take-back" && one.reportId === id));
  const [sure, setSure] = useState(false);
  const outcome = known?.outcome;
  useEffect(() => {
    if (outcome !== undefined && outcome.toldMs === undefined) seenOutcome(id);
  }, [id, outcome]);
  const direction = item?.report.direction;
  const files = known?.media ?? [];
  const w = words.reports;
  return (
    <div className="screen">
      <TopBar title={known?.reference ?? item?.receipt?.reference ?? words.home.reports} back />
      <main>
        {item === undefined ? null : <Receipt item={item} />}
        {direction?.type === "pointed" ? (
          <p className="lead">
            {degrees(direction.azimuthDeg)} {compassPoint(direction.azimuthDeg, language, true)} ±{Math.round(direction.sigmaDeg)}°
          </p>
        ) : null}
        {known?.checkCompass === true ? (
          <p className="note caution">
            <LevelShape level="caution" /> {w.checkCompass}
          </p>
        ) : null}
        {known === undefined ? null : (
          <ul className="steps">
            <Step done text={w.arrived} timeMs={known.receivedMs} />
            <Step
              done={known.openedMs.leadership !== undefined}
              text={known.openedMs.leadership === undefined ? w.notOpenedLeadership : w.openedLeadership}
              timeMs={known.openedMs.leadership}
            />
            <Step
              done={known.openedMs.centre !== undefined}
              text={known.openedMs.centre === undefined ? w.notOpenedCentre : w.openedCentre}
              timeMs={known.openedMs.centre}
            />
            {files.length === 0 ? null : (
              <Step done={files.every(({ done }) => done)} text={w.files(files.filter(({ done }) => done).length, files.length)} />
            )}
            <Step
              done={outcome !== undefined}
              text={outcome === undefined ? w.noOutcome : w.outcomes[outcome.outcome]}
              timeMs={outcome?.timeMs}
            />
          </ul>
        )}
        {outcome?.note === undefined ? null : <p className="lead">{outcome.note}</p>}
        {(known?.questions ?? []).map((question) => (
          <Question key={question.id} reportId={id} question={question} />
        ))}
        <p className="hint">{w.noHarm}</p>
      </main>
      <footer>
        {known?.state === "taken-back" || withdrawing ? (
          <p className="hint">{w.takenBack}</p>
        ) : (
          <Big name="take-back" onPress={() => (sure ? void takeBack(id) : setSure(true))}>
            {sure ? w.takeBackSure : w.takeBack}
          </Big>
        )}
      </footer>
    </div>
  );
}

/** How often a leader's phone asks who is still overdue, while somebody looks at it. */
const OVERDUE_EVERY_MS = 60_000;

/** Of the team: who has not confirmed a bulletin in time, and what to do about it. */
function Overdue(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const { overdue, language } = useField();
  useEffect(() => {
    void memo.askOverdue();
    const timer = setInterval(() => void memo.askOverdue(), OVERDUE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (overdue.length === 0) return null;
  return overdue.map(({ bulletinId, number, headline, people }) => (
    <section key={bulletinId} className="card" data-overdue={number}>
      <h2>
        {number} · {words.overdue.title}
      </h2>
      <p className="quiet">{headline[language] ?? headline.en ?? headline.es}</p>
      <ul className="steps">
        {people.map(({ personId, name, dueMs, step }) => (
          <li key={personId}>
            <StatusShape status="waiting" />
            <span className="grow">
              {name} · {words.overdue.steps[step]}
            </span>
            <time>{words.overdue.since(`${dayText(dueMs, language, zone)} ${clock(dueMs, zone)}`)}</time>
          </li>
        ))}
      </ul>
      <p className="hint">{words.overdue.do}</p>
    </section>
  ));
}

export function Team(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const { team, items } = useField();
  const opening = new Set(items.flatMap((item) => (item.kind === "opened" ? [item.reportId] : [])));
  return (
    <div className="screen">
      <TopBar title={words.home.team} back />
      <main>
        <Overdue />
        {team.length === 0 ? <p className="lead">{words.team.none}</p> : null}
        {team.map((report) => {
          const isOver = report.takenBackMs !== undefined;
          const read = isOver || report.openedMs !== undefined || opening.has(report.id);
          const atRisk = report.atRisk && !isOver;
          return (
            <section key={report.id} className={`card ${atRisk ? "at-risk" : ""}`} data-team-report={report.id}>
              <h2>
                {atRisk ? <LevelShape level="warning" /> : <StatusShape status={read ? "normal" : "waiting"} />} {report.reference}
                {report.drill ? ` · ${words.warned.drill}` : ""}
                <time className="end">{clock(report.observedMs, zone)}</time>
              </h2>
              {atRisk ? <p className="risk-word">{words.team.atRisk}</p> : null}
              <p>
                {report.reporter}
                {report.azimuthDeg === undefined
                  ? ""
                  : ` · ${degrees(report.azimuthDeg)} ${compassPoint(report.azimuthDeg, language, true)}`}
                {report.place === undefined ? "" : ` · ${report.place}`}
              </p>
              {isOver ? (
                <p className="quiet">{words.team.takenBack}</p>
              ) : read ? (
                <p className="quiet">{words.team.opened}</p>
              ) : (
                <Big kind={atRisk ? "main" : "plain"} name="opened" onPress={() => openTeamReport(report.id)}>
                  {words.team.open}
                </Big>
              )}
            </section>
          );
        })}
      </main>
    </div>
  );
}
