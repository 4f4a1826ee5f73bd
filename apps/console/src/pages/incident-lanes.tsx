// Who knew what, when: of each person, and of the officers, a lane with every step at its time, all under one axis and one cursor.
import type { LadderStep, Rung, WarningDetail } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { SHAPE } from "../watch/rung-shape.ts";
import { spanOf, ticksOf } from "./incident-moment.ts";
import type { Fact } from "./incident-facts.ts";
import { clock, seconds, zulu } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

/** Shapes of the ladder, by step. */
const STEP_SHAPE: Readonly<Record<LadderStep["what"], string>> = {
  told: "○",
  raised: "▲",
  lowered: "◇",
  repeated: "○",
  sent: SHAPE.sent,
  delivered: SHAPE.delivered,
  seen: SHAPE.seen,
  failed: SHAPE["no-link"],
  "no-link": SHAPE["no-link"],
  answered: SHAPE.answered,
  hastened: SHAPE.escalated,
  "leader-told": SHAPE.escalated,
  "call-list": SHAPE.escalated,
  cancelled: "–",
  over: "–",
  "help-closed": SHAPE.answered,
};
/** Steps at which somebody has to look twice. */
const HEAVY: ReadonlySet<LadderStep["what"]> = new Set(["failed", "no-link", "leader-told", "call-list"]);

function shapeOf({ what, detail }: LadderStep): string {
  return what === "answered" && detail === "need-help" ? SHAPE["needs-help"] : STEP_SHAPE[what];
}

function named<T extends string>(table: Readonly<Record<T, string>>, key: string): string {
  return (table as Readonly<Record<string, string>>)[key] ?? key;
}

function detailOf({ what, channel, by, detail = "" }: LadderStep, words: Words): string {
  const { incidents, channel: channels } = words.duty;
  const way = channel === undefined ? "" : channels[channel];
  switch (what) {
    case "told":
      return detail === "next-channel" ? `${incidents.nextWay}, ${way}` : named(words.dangers.level, detail);
    case "raised":
    case "lowered":
      return named(words.dangers.level, detail);
    case "answered":
      return [named(words.ladder.answer, detail), by === undefined ? way : incidents.keyedBy(by)].filter((part) => part !== "").join(", ");
    case "hastened":
      return by ?? "";
    case "leader-told":
      return [by ?? "", way].filter((part) => part !== "").join(", ");
    case "call-list":
      return named(incidents.callWhy, detail);
    case "over":
      return named(incidents.overWhy, detail);
    case "help-closed":
      return [by ?? "", detail].filter((part) => part !== "").join(": ");
    default:
      return [way, detail].filter((part) => part !== "").join(": ");
  }
}

function Step({
  step,
  words,
  timeZone,
}: {
  readonly step: LadderStep;
  readonly words: Words;
  readonly timeZone: string | undefined;
}): ReactNode {
  const { what, timeMs } = step;
  const detail = detailOf(step, words);
  return (
    <li className={HEAVY.has(what) ? "step heavy" : "step"} data-step={what}>
      <time dateTime={new Date(timeMs).toISOString()} title={zulu(timeMs)}>
        {clock(timeMs, timeZone)}
      </time>{" "}
      <span aria-hidden="true">{shapeOf(step)}</span> {words.duty.incidents.step[what]}
      {detail === "" ? "" : ` ${detail}`}
    </li>
  );
}

function standOf({ step, answer, needsHelp }: Rung, words: Words): string {
  if (needsHelp) return words.ladder.step["needs-help"];
  return answer === undefined ? words.ladder.step[step] : words.ladder.answer[answer.answer];
}

/** Seconds from the first word to the answer, of those who answered. */
function answerTimes({ lanes }: WarningDetail): readonly number[] {
  return lanes
    .flatMap(({ steps }) => {
      const first = steps[0]?.timeMs;
      const answered = steps.find(({ what }) => what === "answered")?.timeMs;
      return first === undefined || answered === undefined ? [] : [(answered - first) / 1000];
    })
    .sort((a, b) => a - b);
}

/** Where a time stands under the axis, as a share of its length. */
type Place = (timeMs: number) => number;
const percentOf = (share: number): string => `${(100 * share).toFixed(2)}%`;

interface Mark {
  readonly timeMs: number;
  readonly shape: string;
  readonly heavy: boolean;
}

function Track({ marks, place }: { readonly marks: readonly Mark[]; readonly place: Place }): ReactNode {
  return (
    <div className="lane-track" aria-hidden="true">
      {marks.map(({ timeMs, shape, heavy }, k) => (
        <span key={`${timeMs} ${shape} ${k}`} className={heavy ? "heavy" : ""} style={{ left: percentOf(place(timeMs)) }}>
          {shape}
        </span>
      ))}
    </div>
  );
}

interface LaneParts {
  readonly lane: WarningDetail["lanes"][number];
  readonly rung: Rung | undefined;
  readonly place: Place;
}

function Lane({ lane: { personId, name, steps }, rung, place }: LaneParts): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const [shown, show] = useState(false);
  const first = steps[0]?.timeMs;
  const answered = steps.find(({ what }) => what === "answered")?.timeMs;
  const marks = steps.map((step) => ({ timeMs: step.timeMs, shape: shapeOf(step), heavy: HEAVY.has(step.what) }));
  return (
    <li className="lane" data-lane={personId}>
      <Button className="plain lane-who" aria-expanded={shown} onPress={() => show(!shown)}>
        <strong>{name}</strong>
        <span className="quiet">
          {rung === undefined ? "" : `${SHAPE[rung.step]} ${standOf(rung, words)}`}
          {answered === undefined || first === undefined ? "" : ` ${words.duty.incidents.after(seconds((answered - first) / 1000))}`}
        </span>
      </Button>
      <Track marks={marks} place={place} />
      <ol className={shown ? "lane-steps" : "lane-steps only-print"} aria-label={name}>
        {steps.map((step, k) => (
          <Step key={`${step.timeMs} ${step.what} ${k}`} step={step} words={words} timeZone={sector?.timeZone} />
        ))}
      </ol>
    </li>
  );
}

interface LanesParts {
  readonly warning: WarningDetail;
  readonly nowMs: number;
  readonly momentMs: number;
  readonly decisions: readonly Fact[];
  readonly onMoment: (momentMs: number) => void;
}

export function Lanes({ warning, nowMs, momentMs, decisions, onMoment }: LanesParts): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { incidents } = words.duty;
  const { lanes, ladder = [], raisedMs, clearedMs } = warning;
  const [fromMs, toMs] = spanOf(warning, nowMs);
  const place: Place = (timeMs) => Math.max(0, Math.min(1, (timeMs - fromMs) / (toMs - fromMs)));
  const times = answerTimes(warning);
  const median = times[Math.floor(times.length / 2)];
  const stood = { left: percentOf(place(raisedMs)), right: percentOf(1 - place(clearedMs ?? toMs)) };
  return (
    <section className="lanes" aria-label={incidents.lanes}>
      <h2>
        {incidents.lanes}{" "}
        <span>
          {lanes.length === 0
            ? ""
            : median === undefined
              ? incidents.unanswered(lanes.length)
              : incidents.median(seconds(median), times.length, lanes.length)}
        </span>
      </h2>
      <div className="lane-axis">
        <input
          type="range"
          className="no-print"
          aria-label={incidents.moment}
          aria-valuetext={clock(momentMs, sector?.timeZone)}
          min={fromMs}
          max={toMs}
          step={1000}
          value={momentMs}
          onChange={({ target }) => onMoment(Number(target.value))}
        />
        <div className="lane-ticks" aria-hidden="true">
          {ticksOf(fromMs, toMs).map((tick) => (
            <span key={tick} style={{ left: percentOf(place(tick)) }}>
              {clock(tick, sector?.timeZone)}
            </span>
          ))}
        </div>
      </div>
      <div className="lane-body">
        <div className="lane-under" aria-hidden="true">
          <div className="lane-stood" style={stood} />
          <div className="lane-cursor" data-cursor={Math.floor(momentMs)} style={{ left: percentOf(place(momentMs)) }} />
        </div>
        {lanes.length === 0 ? <p className="padded quiet">{incidents.nobody}</p> : null}
        <ul>
          {lanes.map((lane) => (
            <Lane key={lane.personId} lane={lane} rung={ladder.find(({ personId }) => personId === lane.personId)} place={place} />
          ))}
          {decisions.length === 0 ? null : (
            <li className="lane" data-lane-officer>
              <span className="lane-who">
                <strong>{incidents.officer}</strong>
              </span>
              <Track marks={decisions.map(({ timeMs, shape }) => ({ timeMs, shape, heavy: false }))} place={place} />
            </li>
          )}
        </ul>
      </div>
    </section>
  );
}
