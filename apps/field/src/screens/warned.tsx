// A warning, over everything else: what, from where, how long, how far, what to do, and the answer under the thumb.
import type { Answer, Notice } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { clockText, compassPoint, distanceText, durationText } from "@atalaya/words";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { answerWarning, closeNotice, compass, sawNotice } from "../device.ts";
import { hubNow, useField } from "../state.ts";
import { insist } from "../warned/announce.ts";
import { catalogues, clock } from "../words/words.ts";
import { Big, useEvery, useZone } from "./parts.tsx";

/** Turns by less than this are not worth drawing the words anew. */
const WORDS_EVERY_DEG = 5;

/** Which way the reader faces; the arrow is turned outside of React, at each reading of the sensors. */
function useArrow(azimuthDeg: number | undefined): {
  readonly arrow: React.RefObject<SVGGElement | null>;
  readonly facing: number | undefined;
} {
  const arrow = useRef<SVGGElement>(null);
  const [facing, setFacing] = useState(() => compass.facing());
  useEffect(() => {
    const turn = (): void => {
      const now = compass.facing();
      if (now !== undefined && azimuthDeg !== undefined)
        arrow.current?.setAttribute("transform", `rotate(${(azimuthDeg - now).toFixed(1)})`);
      setFacing((before) => {
        if (now === undefined || before === undefined) return now;
        return Math.abs(((now - before + 540) % 360) - 180) >= WORDS_EVERY_DEG ? now : before;
      });
    };
    turn();
    return compass.onReading(turn);
  }, [azimuthDeg]);
  return { arrow, facing };
}

function Dial({ notice }: { readonly notice: Notice }): ReactNode {
  const words = catalogues[notice.language];
  const { azimuthDeg, language } = notice;
  const { arrow, facing } = useArrow(azimuthDeg);
  if (azimuthDeg === undefined) return <p className="from">{words.warned.noDirection}</p>;
  const point = words.warned.from(compassPoint(azimuthDeg, language));
  if (facing === undefined)
    return (
      <div className="dial">
        <p className="from alone">{point}</p>
        <p className="hint">{words.warned.noFacing}</p>
      </div>
    );
  return (
    <div className="dial" data-turn={(((azimuthDeg - facing) % 360) + 360) % 360}>
      <svg viewBox="-110 -110 220 220" aria-hidden="true">
        <circle r="106" fill="none" stroke="currentColor" strokeWidth="2" opacity="0.5" />
        {Array.from({ length: 12 }, (_, hour) => (
          <path key={hour} d="M0 -106V-92" stroke="currentColor" strokeWidth={hour % 3 === 0 ? 4 : 2} transform={`rotate(${hour * 30})`} />
        ))}
        <g ref={arrow} transform={`rotate(${azimuthDeg - facing})`}>
          <path d="M0 -88 46 -14H18V70H-18V-14H-46Z" fill="currentColor" />
        </g>
      </svg>
      <p className="from">
        {clockText(azimuthDeg, facing, language)}, {point}
      </p>
    </div>
  );
}

function Figures({ notice }: { readonly notice: Notice }): ReactNode {
  const words = catalogues[notice.language];
  const zone = useZone();
  const cut = useField(({ silentSinceMs }) => silentSinceMs !== undefined);
  useEvery(250);
  const { reachesInS, distanceM, timeMs, lastHeardMs } = notice;
  const ageS = Math.max(0, (hubNow() - timeMs) / 1000);
  const left = reachesInS === undefined ? undefined : reachesInS - ageS;
  return (
    <div className={`figures ${cut ? "old" : ""}`}>
      <dl>
        <div>
          <dd data-figure="seconds">{left === undefined ? "–" : left <= 0 ? words.warned.here : durationText(left)}</dd>
          <dt>{left !== undefined && left <= 0 ? words.warned.canBeHere : words.warned.untilClosest}</dt>
        </div>
        <div>
          <dd data-figure="distance">{distanceM === undefined ? "–" : distanceText(distanceM)}</dd>
          <dt>
            {words.warned.away}
            {ageS < 3 ? "" : ` · ${words.warned.ageS(Math.round(ageS))}`}
          </dt>
        </div>
      </dl>
      {lastHeardMs === undefined ? null : <p className="hint">{words.warned.heardAt(clock(lastHeardMs, zone, true))}</p>}
    </div>
  );
}

function headline(notice: Notice): string {
  const { warned } = catalogues[notice.language];
  const { kind, level, count = 1 } = notice;
  if (kind === "all-clear") return warned.over;
  if (kind === "stand-down") return warned.standDown;
  if (kind === "cancel") return warned.cancelled;
  if (level === undefined) return warned.attention;
  return level === "warning" && count > 1 ? warned.many(count) : warned.level[level];
}

/** The first filled button is the next thing to do: cover, then to say that one is there. */
function Answers({ notice }: { readonly notice: Notice }): ReactNode {
  const words = catalogues[notice.language];
  const { answered, asks } = notice;
  const main: Answer = answered === undefined ? "taking-cover" : "safe";
  const rest: readonly Answer[] = answered === undefined ? ["safe", "need-help", "not-me"] : ["need-help", "not-me"];
  const say = (answer: Answer): void => void answerWarning(notice, answer);
  return (
    <>
      {answered === main || answered === "not-me" ? null : (
        <Big kind="main" name={`answer-${main}`} onPress={() => say(main)}>
          {words.warned.answers[main]}
        </Big>
      )}
      <div className="answers">
        {rest
          .filter((answer) => answer !== answered)
          .map((answer) => (
            <Big key={answer} kind={answer === "need-help" ? "risk" : "plain"} name={`answer-${answer}`} onPress={() => say(answer)}>
              {words.warned.answers[answer]}
            </Big>
          ))}
        {asks ? null : (
          <Big name="close-notice" onPress={() => closeNotice(notice)}>
            {words.close}
          </Big>
        )}
      </div>
    </>
  );
}

/** What is to be known and asks for nothing: a line each above the screen, whole at a touch. */
export function NoticeLines({ notices }: { readonly notices: readonly Notice[] }): ReactNode {
  const zone = useZone();
  return (
    <ul className="lines">
      {notices.slice(0, 2).map((notice) => (
        <li key={notice.id}>
          <button
            type="button"
            className={`line ${notice.level ?? notice.kind}`}
            lang={notice.language}
            data-line={notice.kind}
            onClick={() => useField.setState({ opened: notice.id })}
          >
            {notice.level === undefined ? <StatusShape status="normal" /> : <LevelShape level={notice.level} />}
            <span className="grow">{notice.text}</span>
            <time>{clock(notice.timeMs, zone)}</time>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Warned({ notice, others }: { readonly notice: Notice; readonly others: number }): ReactNode {
  const words = catalogues[notice.language];
  const zone = useZone();
  const cut = useField(({ silentSinceMs }) => silentSinceMs !== undefined);
  const { id, warningId, level, kind, asks, answered, drill, reference, text } = notice;
  const danger = level !== undefined;
  const insists = asks && level === "warning";
  const newest = useRef(notice);
  newest.current = notice;
  useEffect(() => (insists ? insist(newest.current) : undefined), [insists, id]);
  useEffect(() => {
    const look = (): void => sawNotice(newest.current);
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [id]);
  useEvery(1000);
  return (
    <div
      className={`cover warned ${level ?? kind} ${drill ? "drill" : ""} ${asks ? "asks" : ""}`}
      role={level === "warning" ? "alertdialog" : "dialog"}
      aria-label={text}
      lang={notice.language}
      data-notice={id}
      data-warning={warningId}
    >
      <section className="hazard">
        <div className="row small">
          <time>{clock(hubNow(), zone)}</time>
          <span className="grow end">{reference}</span>
        </div>
        {drill ? <p className="drill-word">{words.mode.drill}</p> : null}
        <h1>
          {level === undefined ? null : <LevelShape level={level} />}
          <span>
            {drill ? `${words.warned.drill}. ` : ""}
            {headline(notice)}
          </span>
        </h1>
        {danger ? <Dial notice={notice} /> : null}
      </section>
      {danger ? <Figures notice={notice} /> : null}
      <section className="do">
        {danger ? (
          (drill && level !== "advisory" ? [words.warned.doDrill] : words.warned.do[level]).map((line) => <p key={line}>{line}</p>)
        ) : (
          <p>{text}</p>
        )}
        {answered === undefined ? null : (
          <p className="told" role="status" data-answered={answered}>
            {words.warned.told(words.warned.answers[answered])}
          </p>
        )}
        {cut ? <p className="note caution">{answered === undefined ? words.cut.title : words.warned.toldHere}</p> : null}
        {others > 0 ? <p className="hint">{words.warned.alsoOpen(others)}</p> : null}
      </section>
      <div className="foot">
        {danger && (asks || answered !== undefined) ? (
          <Answers notice={notice} />
        ) : (
          <Big name="close-notice" kind={danger ? "plain" : "main"} onPress={() => closeNotice(notice)}>
            {words.close}
          </Big>
        )}
      </div>
    </div>
  );
}
