// Incidents: every warning that is still known, the newest first; and of one of them what happened, the map at a chosen moment, who knew what when, and
// its sign-off.
import { paths, type Warning, type WarningDetail } from "@atalaya/protocol";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { incidentsByTime, openIncident } from "../actions.ts";
import { ask, isRefused } from "../link/api.ts";
import { nothingHeard, sectorNow, useShown } from "../link/store.ts";
import { LevelShape } from "@atalaya/web/marks";
import { clock, dayAndClock, seconds, zoneName, zulu } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { DECIDED, type Fact, factsOf } from "./incident-facts.ts";
import { Lanes } from "./incident-lanes.tsx";
import { IncidentMap } from "./incident-map.tsx";
import { closestOf, spanOf } from "./incident-moment.ts";
import { SignOff } from "./incident-review.tsx";

/** A danger that goes on is asked for this often; one that is over, where only late receipts come in, less. */
const OPEN_EVERY_MS = 1000;
const OVER_EVERY_MS = 5000;
/** Rows that are drawn; older ones are in the journal. */
const MOST_ROWS = 200;

function markOf({ drill, recorded }: Warning, words: Words): string {
  return drill ? `${words.mode.drillMark} ` : recorded ? `${words.mode.replayMark} ` : "";
}
/** Whom it threatened most. */
function whomOf({ foremost }: Warning, words: Words): string {
  return foremost.name === "" ? words.dangers.somebody : foremost.name;
}

function Row({ warning }: { readonly warning: Warning }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { id, level, state, verdict, recorded, reference, raisedMs, trackId, people } = warning;
  const count = Object.values(people).reduce((sum, n) => sum + n, 0);
  return (
    <li data-incident={id}>
      <Button className="plain grow report-row" onPress={() => openIncident(id)}>
        <strong>
          <LevelShape level={level} /> {markOf(warning, words)}
          {whomOf(warning, words)}
        </strong>
        <span className="quiet">
          {dayAndClock(raisedMs, sector?.timeZone)} · {reference} · {trackId}
          {count === 0 ? "" : ` · ${words.duty.incidents.people(count)}`} · {words.duty.incidents.state[state]}
          {state === "cleared" && !recorded ? ` · ${verdict === undefined ? words.duty.review.waits : words.duty.review[verdict]}` : ""}
        </span>
      </Button>
    </li>
  );
}

/** The whole of one warning, asked for again while it is looked at. */
function useDetail(id: string | undefined): readonly [WarningDetail | "gone" | undefined, load: () => Promise<boolean>] {
  const [detail, setDetail] = useState<WarningDetail | "gone">();
  const load = useCallback(async (): Promise<boolean> => {
    if (id === undefined) return true;
    const answer = await ask<WarningDetail>("GET", paths.warning(id));
    // Another one may have been chosen meanwhile.
    if (useShown.getState().incident !== id) return true;
    if (!isRefused(answer)) setDetail(answer);
    else if (answer.refused.status === 404) setDetail("gone");
    return isRefused(answer) || answer.state === "cleared";
  }, [id]);
  useEffect(() => {
    setDetail(undefined);
    if (id === undefined) return undefined;
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async (): Promise<void> => {
      const isOver = await load();
      if (isShown) timer = setTimeout(() => void again(), isOver ? OVER_EVERY_MS : OPEN_EVERY_MS);
    };
    void again();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [id, load]);
  return [detail, load];
}

/** A step of the arrow keys, ms; played, the past goes four times as fast as it went. */
const STEP_MS = 1000;
const PLAY_EVERY_MS = 100;
const PLAY_SPEED = 4;

interface Moment {
  readonly momentMs: number;
  /** Undefined: it follows what is heard now. */
  readonly chosenMs: number | undefined;
  readonly playing: boolean;
  readonly choose: (momentMs: number) => void;
  readonly play: () => void;
}

/** The one cursor over facts, map and lanes: a fact, a step of the keys, or the past that is played. What goes on is followed until a moment is chosen. */
function useMoment(warning: WarningDetail, facts: readonly Fact[], nowMs: number): Moment {
  const { zones } = useShown();
  const [chosen, choose] = useState<number>();
  const [playing, setPlaying] = useState(false);
  const [fromMs, toMs] = spanOf(warning, nowMs);
  // What is over is opened at the moment of which there is most to say.
  const firstMs = warning.state === "cleared" ? (closestOf(warning, zones)?.timeMs ?? warning.raisedMs) : undefined;
  const chosenMs = chosen ?? firstMs;
  const momentMs = Math.max(fromMs, Math.min(toMs, chosenMs ?? nowMs));
  const go = (to: number): void => choose(Math.max(fromMs, Math.min(toMs, to)));
  const play = (): void => {
    if (!playing && momentMs >= toMs) choose(fromMs);
    else if (!playing) choose(momentMs);
    setPlaying(!playing);
  };
  const act = useRef<(event: KeyboardEvent) => void>(() => undefined);
  act.current = (event) => {
    const { target } = event;
    const isIn = (selector: string): boolean => target instanceof HTMLElement && target.closest(selector) !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || isIn("input:not([type=range]), textarea, select, [role=dialog], [role=menu]"))
      return;
    // The slider takes the arrows itself.
    if (event.key.startsWith("Arrow") && isIn("input")) return;
    const at = facts.findLastIndex(({ timeMs }) => timeMs <= momentMs);
    const next = event.key === "ArrowDown" ? facts.find(({ timeMs }) => timeMs > momentMs) : undefined;
    const before = event.key === "ArrowUp" ? facts.slice(0, Math.max(0, at)).findLast(({ timeMs }) => timeMs < momentMs) : undefined;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") go(momentMs + (event.key === "ArrowLeft" ? -STEP_MS : STEP_MS));
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const fact = next ?? before;
      if (fact !== undefined) go(fact.timeMs);
    } else if (event.key === " " && !isIn("button, a, [role=button]")) play();
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => act.current(event);
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => choose((now) => Math.min(toMs, (now ?? fromMs) + PLAY_EVERY_MS * PLAY_SPEED)), PLAY_EVERY_MS);
    return () => clearInterval(timer);
  }, [playing, fromMs, toMs]);
  useEffect(() => {
    if (playing && momentMs >= toMs) setPlaying(false);
  }, [playing, momentMs, toMs]);
  return { momentMs, chosenMs, playing, choose: go, play };
}

function Facts({
  facts,
  momentMs,
  onChoose,
}: {
  readonly facts: readonly Fact[];
  readonly momentMs: number;
  readonly onChoose: (timeMs: number) => void;
}): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const current = facts.findLastIndex(({ timeMs }) => timeMs <= momentMs);
  return (
    <section className="facts" aria-label={words.duty.incidents.facts}>
      <h2>
        {words.duty.incidents.facts} <span>{facts.length}</span>
      </h2>
      <ol>
        {facts.map(({ timeMs, shape, text, more }, k) => (
          <li key={`${timeMs} ${k}`} className={k === current ? "selected" : ""}>
            <Button className="plain fact" onPress={() => onChoose(timeMs)} {...(k === current ? { "aria-current": "step" as const } : {})}>
              <time dateTime={new Date(timeMs).toISOString()}>
                {clock(timeMs, sector?.timeZone)}
                <span className="quiet">{zulu(timeMs)}</span>
              </time>
              <span aria-hidden="true">{shape}</span>
              <span className="grow">
                {text}
                {more === "" ? null : <span className="quiet">{more}</span>}
              </span>
            </Button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Head({ warning, nowMs }: { readonly warning: WarningDetail; readonly nowMs: number }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { incidents } = words.duty;
  const { level, state, reference, raisedMs, clearedMs, trackId, count, rulesVersion } = warning;
  const { timeZone } = sector ?? {};
  const what = count > 1 ? words.dangers.swarm(count, trackId) : trackId;
  return (
    <header className={`incident-head ${level}`}>
      <Button className="plain no-print" onPress={() => useShown.setState({ incident: undefined })}>
        ‹ {incidents.all} <kbd>Esc</kbd>
      </Button>
      <h2>
        <LevelShape level={level} /> {markOf(warning, words)}
        {whomOf(warning, words)}
      </h2>
      <p>
        {what} · {incidents.levelIs(words.dangers.level[level])} · <strong>{incidents.state[state]}</strong>
      </p>
      <p>
        <strong>{dayAndClock(raisedMs, timeZone)}</strong> {zoneName(raisedMs, timeZone)} · {zulu(raisedMs)} ·{" "}
        {incidents.lasted(seconds(Math.max(0, ((clearedMs ?? nowMs) - raisedMs) / 1000)))}
      </p>
      <p className="quiet">
        {incidents.reference} <span className="mono">{reference}</span> · {incidents.raisedBy(String(rulesVersion))} ·{" "}
        {incidents.times(zoneName(raisedMs, timeZone))}{" "}
        <Button className="small no-print" onPress={() => print()}>
          {incidents.print}
        </Button>
      </p>
    </header>
  );
}

function Incident({ warning }: { readonly warning: WarningDetail }): ReactNode {
  const { language, sector, zones } = useShown();
  const words = catalogues[language];
  useShown(({ revision }) => revision);
  const facts = factsOf(warning, words, sector?.timeZone, zones);
  const decisions = facts.filter(({ shape }) => shape === DECIDED);
  const nowMs = sectorNow();
  const moment = useMoment(warning, facts, nowMs);
  const { momentMs, chosenMs, playing, choose, play } = moment;
  return (
    <>
      <aside className="pane-facts" tabIndex={-1} aria-label={words.duty.incidents.open}>
        <Head warning={warning} nowMs={nowMs} />
        <Facts facts={facts} momentMs={momentMs} onChoose={choose} />
      </aside>
      <div className="pane-moment" tabIndex={-1}>
        <IncidentMap
          warning={warning}
          momentMs={momentMs}
          agoMs={chosenMs === undefined ? undefined : nowMs - momentMs}
          playing={playing}
          onPlay={play}
        />
        <Lanes warning={warning} nowMs={nowMs} momentMs={momentMs} decisions={decisions} onMoment={choose} />
        <p className="quiet padded">{words.duty.incidents.peopleNotDrawn}</p>
      </div>
      <SignOff warning={warning} decisions={decisions} />
    </>
  );
}

export function Incidents(): ReactNode {
  const { language, warnings, incident } = useShown();
  const { incidents } = catalogues[language].duty;
  const rows = incidentsByTime(warnings).slice(0, MOST_ROWS);
  const [detail, load] = useDetail(incident);
  const deciding = useShown(({ deciding: open }) => open);
  // What was decided here is shown at once.
  useEffect(() => {
    if (deciding === undefined) void load();
  }, [deciding, load]);
  if (incident !== undefined)
    return (
      <main className="incident">
        {detail === undefined || detail === "gone" ? (
          <p className="padded quiet">
            {detail === "gone" ? incidents.gone : ""}{" "}
            <Button onPress={() => useShown.setState({ incident: undefined })}>{incidents.all}</Button>
          </p>
        ) : (
          <Incident key={detail.id} warning={detail} />
        )}
      </main>
    );
  return (
    <main className="page incidents">
      <section className="pane-incidents" tabIndex={-1} aria-label={incidents.title}>
        <h2>
          {incidents.title} <span>{warnings.length}</span>
        </h2>
        {nothingHeard() ? null : <p className="padded quiet">{rows.length === 0 ? incidents.none : incidents.choose}</p>}
        <ul className="list">
          {rows.map((warning) => (
            <Row key={warning.id} warning={warning} />
          ))}
        </ul>
      </section>
    </main>
  );
}
