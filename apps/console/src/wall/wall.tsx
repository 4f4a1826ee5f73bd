// The wall: what everybody in the room has to know, read from six metres. Map, clock, the worst danger with each person, one line for each other one, who
// can be reached, what is not watched. Nothing to press, and nothing to scroll: fewer lines, not smaller ones.
import type { Rung, RungStep, Warning } from "@atalaya/protocol";
import { LevelShape, Mark, StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useEffect, useState } from "react";
import { loadCalm, standing } from "../actions.ts";
import { connect, nothingHeard, sectorNow, silentForMs, useShown } from "../link/store.ts";
import { MapView } from "../map/map-view.tsx";
import { ModeBox } from "../mode-box.tsx";
import { ORDER, SHAPE } from "../watch/rung-shape.ts";
import { clock, direction, distance, seconds } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { linesOf, magnifiedBy, wallScale } from "./scale.ts";

const CALM_EVERY_MS = 5000;

function Clock(): ReactNode {
  const timeZone = useShown(({ sector }) => sector?.timeZone);
  const stale = useShown(({ stale: old }) => old);
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 250);
    return () => clearInterval(timer);
  }, []);
  const now = sectorNow();
  if (now === 0) return null;
  const time = clock(now, timeZone);
  return (
    <p className={stale ? "wall-clock stopped" : "wall-clock"}>
      {time.slice(0, 5)}
      <small>{time.slice(5)}</small>
    </p>
  );
}

const WAITS: ReadonlySet<RungStep> = new Set(["waiting", "sent", "delivered", "seen"]);

function stepOf({ step, answer, next }: Rung, words: Words): string {
  if (step === "answered" && answer !== undefined) return words.ladder.answer[answer.answer];
  // Who is to be called, or has no link, is somebody's task now: seconds are told of those who are waited for.
  const left = next === undefined || !WAITS.has(step) ? undefined : Math.max(0, (next.atMs - sectorNow()) / 1000);
  return left === undefined ? words.ladder.step[step] : `${words.ladder.step[step]}, ${words.ladder.left(seconds(left))}`;
}

/** How many stand at each step: for whom names are not told, and where there are more people than lines. */
function Counts({ people, words }: { readonly people: Warning["people"]; readonly words: Words }): ReactNode {
  return (
    <p className="wall-counts">
      {ORDER.flatMap((step: RungStep) => {
        const count = people[step] ?? 0;
        return count === 0
          ? []
          : [
              <span key={step} className={`step-${step}`}>
                {SHAPE[step]} {count} {words.ladder.step[step]}
              </span>,
            ];
      })}
    </p>
  );
}

function markOf({ drill, recorded }: Warning, words: Words): string {
  return drill ? `${words.mode.drillMark} ` : recorded ? `${words.mode.replayMark} ` : "";
}
function whomOf({ foremost: { name } }: Warning, words: Words): string {
  return name === "" ? words.dangers.somebody : name;
}

function Worst({ warning, lines }: { readonly warning: Warning; readonly lines: number }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language];
  const { level, state, foremost, people, count, trackId, lastHeardMs } = warning;
  const { reachesInS, edgeDistanceM, azimuthDeg, because } = foremost;
  const isInside = because === "inside-zone" && edgeDistanceM === 0;
  const ladder = [...(warning.ladder ?? [])].sort((a, b) => ORDER.indexOf(a.step) - ORDER.indexOf(b.step) || a.name.localeCompare(b.name));
  const shown = ladder.slice(0, ladder.length <= lines ? lines : Math.max(0, lines - 1));
  const away = edgeDistanceM === undefined ? "–" : distance(edgeDistanceM);
  const unheardS = (sectorNow() - lastHeardMs) / 1000;
  return (
    <article className={`wall-danger ${level} ${state}`} data-warning={warning.id}>
      <h2>
        <LevelShape level={level} /> {markOf(warning, words)}
        {whomOf(warning, words)}
      </h2>
      <div className="wall-figures">
        <strong>{isInside ? words.dangers.inside : reachesInS === undefined ? away : seconds(reachesInS)}</strong>
        <span>
          <b>{isInside || reachesInS === undefined ? "" : away}</b>
          {direction(azimuthDeg, words)}
        </span>
      </div>
      <p className="wall-what">
        {count > 1 ? words.dangers.swarm(count, trackId) : trackId}
        {unheardS < 10 ? "" : ` · ${words.dangers.lastHeard(seconds(unheardS))}`}
      </p>
      {shown.length === 0 || shown.length < ladder.length ? <Counts people={people} words={words} /> : null}
      <ul>
        {shown.map((rung) => (
          <li key={rung.personId} className={`step-${rung.step}`} data-rung={rung.personId}>
            <b>{rung.name}</b>
            <span>{stepOf(rung, words)}</span>
            <span aria-hidden="true">{SHAPE[rung.step]}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function Other({ warning }: { readonly warning: Warning }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language];
  const { level, people, foremost } = warning;
  const all = Object.values(people).reduce((sum, n) => sum + n, 0);
  const said =
    foremost.reachesInS !== undefined
      ? seconds(foremost.reachesInS)
      : foremost.edgeDistanceM === undefined
        ? words.dangers.level[level]
        : distance(foremost.edgeDistanceM);
  return (
    <li data-warning={warning.id}>
      <LevelShape level={level} />
      <b>
        {markOf(warning, words)}
        {whomOf(warning, words)}
      </b>
      <span>
        {said}
        {all === 0 ? "" : `, ${words.wall.answered(people.answered ?? 0, all)}`}
      </span>
    </li>
  );
}

/** An old picture says so before anything else. */
function Stale(): ReactNode {
  const { stale, language } = useShown();
  useShown(({ revision }) => revision);
  const words = catalogues[language];
  if (!stale) return null;
  return (
    <p className="wall-stale" role="alert">
      ◆ {nothingHeard() ? words.stale.loading : words.stale.title(Math.round(silentForMs() / 1000))}
    </p>
  );
}

function Foot(): ReactNode {
  const { language, calm, sources } = useShown();
  const { wall } = catalogues[language];
  const gaps = sources.filter(({ state }) => state === "silent" || state === "failed" || state === "ended").length;
  return (
    <footer className="wall-foot">
      <span>
        {calm === undefined ? null : (
          <>
            {wall.reachable} <b>{wall.of(calm.reach.reachable, calm.reach.onShift)}</b>
          </>
        )}
      </span>
      <span className={gaps === 0 ? "" : "gap"}>
        {gaps === 0 ? null : "⊘ "}
        {wall.gaps(gaps)}
      </span>
    </footer>
  );
}

export function Wall(): ReactNode {
  const { language, sector, sources, stale } = useShown();
  const words = catalogues[language];
  useShown(({ revision }) => revision);
  const [size, setSize] = useState({ width: innerWidth, height: innerHeight });
  useEffect(() => {
    connect();
    void loadCalm();
    const timer = setInterval(() => void loadCalm(), CALM_EVERY_MS);
    const resize = (): void => setSize({ width: innerWidth, height: innerHeight });
    addEventListener("resize", resize);
    return () => {
      clearInterval(timer);
      removeEventListener("resize", resize);
    };
  }, []);
  const open = standing();
  const [worst, ...others] = open;
  const scale = wallScale(size.width, new URLSearchParams(location.search).get("inches"));
  const lines = linesOf(size.height, scale, worst?.ladder?.length ?? 0, others.length);
  // The worst danger is the one that the map shows, wherever it is.
  const top = worst?.trackNumber;
  useEffect(() => useShown.setState({ selected: top }), [top]);
  const hearing = sources.filter(({ state }) => state === "hearing").length;
  const style = { "--wall-scale": `${scale}px`, "--wall-magnify": magnifiedBy(scale) } as Record<string, string | number>;
  return (
    <main className={`frame wall ${sector?.mode ?? "live"} ${stale ? "is-stale" : ""}`} style={style}>
      <div className="wall-map">
        <MapView key={scale} magnify={magnifiedBy(scale)} />
      </div>
      <section className="wall-side" aria-label={words.wall.title} aria-live="polite">
        <header>
          <Mark /> <h1 className="grow">{sector?.name}</h1> <ModeBox />
        </header>
        <Clock />
        <Stale />
        {worst === undefined ? (
          <p className="wall-empty">
            <StatusShape status={hearing === 0 ? "off" : "normal"} /> {hearing === 0 ? words.dangers.deaf : words.dangers.none}
          </p>
        ) : (
          <Worst warning={worst} lines={lines.people} />
        )}
        <ul className="wall-others">
          {others.slice(0, lines.others).map((warning) => (
            <Other key={warning.id} warning={warning} />
          ))}
          {others.length > lines.others ? <li>{words.wall.more(others.length - lines.others)}</li> : null}
        </ul>
        <Foot />
      </section>
    </main>
  );
}
