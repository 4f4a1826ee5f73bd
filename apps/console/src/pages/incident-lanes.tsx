// Who knew what, when: of each person a lane with every step and its time, all under one axis from the first word to the end.
import type { LadderStep, Rung, WarningDetail } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { SHAPE } from "../watch/ladder.tsx";
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
  "leader-told": SHAPE.escalated,
  "call-list": SHAPE.escalated,
  cancelled: "–",
  over: "–",
  "help-closed": SHAPE.answered,
};
/** Steps at which somebody has to look twice. */
const HEAVY: ReadonlySet<LadderStep["what"]> = new Set(["failed", "no-link", "leader-told", "call-list"]);

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
      <span aria-hidden="true">{what === "answered" && step.detail === "need-help" ? SHAPE["needs-help"] : STEP_SHAPE[what]}</span>{" "}
      {words.duty.incidents.step[what]}
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

/** What is told of everybody at a glance, each with the time at which it happened first. */
const COLUMNS: readonly (readonly LadderStep["what"][])[] = [
  ["told"],
  ["raised"],
  ["sent"],
  ["delivered"],
  ["seen"],
  ["no-link", "failed"],
  ["repeated"],
  ["leader-told", "call-list"],
  ["answered"],
  ["over"],
];
/** So many lanes show all their steps at once; more are unfolded one by one. */
const UNFOLDED = 4;

interface LaneParts {
  readonly lane: WarningDetail["lanes"][number];
  readonly rung: Rung | undefined;
  readonly unfolded: boolean;
  /** Where a time stands between the first word and the end. */
  readonly at: (timeMs: number) => string;
}

function Lane({ lane: { personId, name, steps }, rung, unfolded, at }: LaneParts): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const [shown, show] = useState(unfolded);
  const first = steps[0]?.timeMs;
  const answered = steps.find(({ what }) => what === "answered")?.timeMs;
  return (
    <tbody className="lane" data-lane={personId}>
      <tr>
        <th scope="rowgroup" rowSpan={2}>
          <Button className="plain lane-who" aria-expanded={shown} onPress={() => show(!shown)}>
            <strong>{name}</strong>
            <span className="quiet">
              {rung === undefined ? "" : `${SHAPE[rung.step]} ${standOf(rung, words)}`}
              {answered === undefined || first === undefined ? "" : ` ${words.duty.incidents.after(seconds((answered - first) / 1000))}`}
            </span>
          </Button>
        </th>
        {COLUMNS.map((kinds) => {
          const step = steps.find(({ what }) => kinds.includes(what));
          return (
            <td key={kinds[0]} className={step !== undefined && HEAVY.has(step.what) ? "heavy" : ""}>
              {step === undefined ? "–" : clock(step.timeMs, sector?.timeZone)}
            </td>
          );
        })}
      </tr>
      <tr className="lane-line" aria-hidden="true">
        <td colSpan={COLUMNS.length}>
          <div>
            {steps.map(({ timeMs, what }, k) => (
              <span key={`${timeMs} ${what} ${k}`} className={HEAVY.has(what) ? "heavy" : ""} style={{ left: at(timeMs) }}>
                {STEP_SHAPE[what]}
              </span>
            ))}
          </div>
        </td>
      </tr>
      <tr className={shown ? "" : "only-print"}>
        <td />
        <td colSpan={COLUMNS.length}>
          <ol className="lane-steps" aria-label={name}>
            {steps.map((step, k) => (
              <Step key={`${step.timeMs} ${step.what} ${k}`} step={step} words={words} timeZone={sector?.timeZone} />
            ))}
          </ol>
        </td>
      </tr>
    </tbody>
  );
}

export function Lanes({ warning, nowMs }: { readonly warning: WarningDetail; readonly nowMs: number }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language];
  const { incidents } = words.duty;
  const { lanes, ladder = [], raisedMs, clearedMs } = warning;
  const lastMs = Math.max(clearedMs ?? nowMs, ...lanes.flatMap(({ steps }) => steps.map(({ timeMs }) => timeMs)));
  const spanMs = Math.max(1000, lastMs - raisedMs);
  const at = (timeMs: number): string => `${Math.max(0, Math.min(100, ((timeMs - raisedMs) / spanMs) * 100)).toFixed(2)}%`;
  const times = answerTimes(warning);
  const median = times[Math.floor(times.length / 2)];
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
      {lanes.length === 0 ? (
        <p className="padded quiet">{incidents.nobody}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{incidents.person}</th>
              {COLUMNS.map(([kind = "told"]) => (
                <th key={kind} scope="col">
                  {kind === "raised" ? incidents.raisedColumn : kind === "leader-told" ? incidents.calledColumn : incidents.step[kind]}
                </th>
              ))}
            </tr>
          </thead>
          {lanes.map((lane) => (
            <Lane
              key={lane.personId}
              lane={lane}
              rung={ladder.find(({ personId }) => personId === lane.personId)}
              unfolded={lanes.length <= UNFOLDED}
              at={at}
            />
          ))}
        </table>
      )}
    </section>
  );
}
