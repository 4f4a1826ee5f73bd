// Sign-off of an incident: what a second look has to check, who signed or sent back and why; then decisions, sensors and evidence.
import { paths, type WarningDetail } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useAsked } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { StatusShape } from "@atalaya/web/marks";
import { clock } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import type { Fact } from "./incident-facts.ts";

const NAMED = 4;

/** Names, of which the first few are said. */
function names(all: readonly string[]): string {
  return all.length <= NAMED ? all.join(", ") : `${all.slice(0, NAMED).join(", ")} +${all.length - NAMED}`;
}

interface Check {
  readonly ok: boolean;
  readonly text: string;
}

/** What has to be looked at before it is closed. */
export function checksOf({ lanes, ladder = [], decisions }: WarningDetail, words: Words["duty"]["review"]): readonly Check[] {
  const told = lanes.filter(({ steps }) => steps.some(({ what }) => what === "told"));
  const silent = told.filter(({ steps }) => steps.every(({ what }) => what !== "answered")).map(({ name }) => name);
  const help = ladder.filter(({ needsHelp }) => needsHelp).map(({ name }) => name);
  const late = decisions.some(({ outcome, by }) => outcome !== undefined && by === undefined);
  return [
    told.length === 0
      ? { ok: true, text: words.nobodyTold }
      : silent.length === 0
        ? { ok: true, text: words.allAnswered(told.length) }
        : { ok: false, text: words.unanswered(names(silent)) },
    ...(help.length === 0 ? [] : [{ ok: false, text: words.help(names(help)) }]),
    ...(decisions.length === 0 ? [] : [{ ok: !late, text: late ? words.undecided : words.decided }]),
  ];
}

function Evidence({ words }: { readonly words: Words["duty"]["review"] }): ReactNode {
  const { value: head } = useAsked<{ readonly size: number; readonly root: string }>(paths.head, 0);
  if (head === undefined) return null;
  return (
    <section aria-label={words.evidence}>
      <h2>{words.evidence}</h2>
      <p className="padded">
        {words.entries(head.size.toLocaleString("en-US"))} <code className="root">{head.root.slice(0, 16)}</code>
      </p>
    </section>
  );
}

export function SignOff({ warning, decisions }: { readonly warning: WarningDetail; readonly decisions: readonly Fact[] }): ReactNode {
  const { language, sector, sources } = useShown();
  const words = catalogues[language];
  const { review, benign: kinds } = words.duty;
  const { id, state, verdict, reviews, recorded, benign, clearedReason } = warning;
  const last = reviews.at(-1);
  const isOver = state === "cleared";
  const outcome = benign === undefined ? clearedReason : `${kinds[benign.what]}${benign.name === undefined ? "" : `, ${benign.name}`}`;
  const at = (ms: number): string => clock(ms, sector?.timeZone);
  return (
    <aside className="sign-off" tabIndex={-1} aria-label={review.title}>
      <section aria-label={review.title} data-verdict={verdict ?? (isOver ? "waits" : "open")}>
        <h2>
          {review.title} <span>{verdict === undefined ? (isOver ? review.waits : review.open) : review[verdict]}</span>
        </h2>
        <ul className="checks">
          {isOver ? (
            <li>
              <StatusShape status="normal" /> {review.outcome}: {outcome ?? words.duty.incidents.overByRule}
            </li>
          ) : null}
          {checksOf(warning, review).map(({ ok, text }) => (
            <li key={text} data-check={ok ? "ok" : "look"}>
              <StatusShape status={ok ? "normal" : "waiting"} /> {text}
            </li>
          ))}
        </ul>
        {last === undefined ? null : (
          <p className="padded">
            <time>{at(last.timeMs)}</time> {words.duty.incidents[last.verdict === "signed-off" ? "signedOff" : "sentBack"](last.by)}:{" "}
            {last.reason}
          </p>
        )}
        {recorded ? null : isOver ? (
          <div className="row padded no-print">
            <Button
              className={verdict === "signed-off" ? "" : "primary"}
              onPress={() => useShown.setState({ deciding: { what: "sign-off", id } })}
            >
              {review.signOff}
            </Button>
            <Button onPress={() => useShown.setState({ deciding: { what: "send-back", id } })}>{review.sendBack}</Button>
          </div>
        ) : (
          <p className="padded quiet">{review.refusedNotOver}</p>
        )}
      </section>
      <section aria-label={review.decisions}>
        <h2>
          {review.decisions} <span>{decisions.length}</span>
        </h2>
        {decisions.length === 0 ? <p className="padded quiet">{review.noDecisions}</p> : null}
        <ul className="checks">
          {decisions.map(({ timeMs, text, more }) => (
            <li key={`${timeMs} ${text}`}>
              <time>{at(timeMs)}</time> {text} {more === "" ? null : <span className="quiet">{more}</span>}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={review.sources}>
        <h2>
          {review.sources} <span>{warning.sources.length}</span>
        </h2>
        <ul className="checks">
          {warning.sources.map((name) => {
            const [source = "", sensor] = name.split("/");
            const known = sources.find(({ id: other }) => other === source)?.name ?? source;
            return <li key={name}>{sensor === undefined ? known : `${known}, ${sensor}`}</li>;
          })}
        </ul>
      </section>
      <Evidence words={review} />
    </aside>
  );
}
