// Incidents: every warning that is still known, the newest first, and of one of them what raised it, who decided what, and who knew what, when.
import { paths, type Warning, type WarningDetail } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { incidentsByTime } from "../actions.ts";
import { ask, isRefused } from "../link/api.ts";
import { nothingHeard, sectorNow, useShown } from "../link/store.ts";
import { LevelShape } from "@atalaya/web/marks";
import { clock, dayAndClock, seconds, zoneName, zulu } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { factsOf } from "./incident-facts.ts";
import { Lanes } from "./incident-lanes.tsx";

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

function Row({ warning, chosen }: { readonly warning: Warning; readonly chosen: boolean }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { id, level, state, reference, raisedMs, trackId, people } = warning;
  const count = Object.values(people).reduce((sum, n) => sum + n, 0);
  return (
    <li className={chosen ? "selected" : ""} data-incident={id}>
      <Button
        className="plain grow report-row"
        {...(chosen ? { "aria-current": true as const } : {})}
        onPress={() => useShown.setState({ incident: id })}
      >
        <strong>
          <LevelShape level={level} /> {markOf(warning, words)}
          {whomOf(warning, words)}
        </strong>
        <span className="quiet">
          {clock(raisedMs, sector?.timeZone)} · {reference} · {trackId}
          {count === 0 ? "" : ` · ${words.duty.incidents.people(count)}`} · {words.duty.incidents.state[state]}
        </span>
      </Button>
    </li>
  );
}

/** The whole of one warning, asked for again while it is looked at. */
function useDetail(id: string | undefined): WarningDetail | "gone" | undefined {
  const [detail, setDetail] = useState<WarningDetail | "gone">();
  useEffect(() => {
    setDetail(undefined);
    if (id === undefined) return undefined;
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      const answer = await ask<WarningDetail>("GET", paths.warning(id));
      if (!isShown) return;
      if (!isRefused(answer)) setDetail(answer);
      else if (answer.refused.status === 404) setDetail("gone");
      const isOver = isRefused(answer) || answer.state === "cleared";
      timer = setTimeout(() => void load(), isOver ? OVER_EVERY_MS : OPEN_EVERY_MS);
    };
    void load();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [id]);
  return detail;
}

function Facts({ warning }: { readonly warning: WarningDetail }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const facts = factsOf(warning, words, sector?.timeZone);
  return (
    <section className="facts" aria-label={words.duty.incidents.facts}>
      <h2>
        {words.duty.incidents.facts} <span>{facts.length}</span>
      </h2>
      <ol>
        {facts.map(({ timeMs, shape, text, more }, k) => (
          <li key={`${timeMs} ${k}`}>
            <time dateTime={new Date(timeMs).toISOString()}>
              {clock(timeMs, sector?.timeZone)}
              <span className="quiet">{zulu(timeMs)}</span>
            </time>
            <span aria-hidden="true">{shape}</span>
            <span className="grow">
              {text}
              {more === "" ? null : <span className="quiet">{more}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Incident({ warning }: { readonly warning: WarningDetail }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { incidents } = words.duty;
  const { level, state, reference, raisedMs, clearedMs, trackId, count, rulesVersion, sources } = warning;
  const nowMs = sectorNow();
  const { timeZone } = sector ?? {};
  const what = count > 1 ? words.dangers.swarm(count, trackId) : trackId;
  return (
    <>
      <header className={`incident-head ${level}`}>
        <h2>
          <LevelShape level={level} /> {markOf(warning, words)}
          {whomOf(warning, words)} · {what} <span>{incidents.levelIs(words.dangers.level[level])}</span>
        </h2>
        <p>
          <strong>{dayAndClock(raisedMs, timeZone)}</strong> {zoneName(raisedMs, timeZone)} · {zulu(raisedMs)} ·{" "}
          {incidents.lasted(seconds(Math.max(0, ((clearedMs ?? nowMs) - raisedMs) / 1000)))} · {incidents.state[state]}
        </p>
        <p className="quiet">
          {incidents.reference} <span className="mono">{reference}</span> · {incidents.raisedBy(String(rulesVersion))} ·{" "}
          {incidents.restsOn(sources.join(", "))} · {incidents.times(zoneName(raisedMs, timeZone))}{" "}
          <Button className="small no-print" onPress={() => print()}>
            {incidents.print}
          </Button>
        </p>
      </header>
      <div className="incident-body">
        <Facts warning={warning} />
        <Lanes warning={warning} nowMs={nowMs} />
      </div>
    </>
  );
}

export function Incidents(): ReactNode {
  const { language, warnings, incident } = useShown();
  const { incidents } = catalogues[language].duty;
  const rows = incidentsByTime(warnings).slice(0, MOST_ROWS);
  const detail = useDetail(incident);
  useEffect(() => {
    if (incident !== undefined) document.querySelector(`[data-incident="${CSS.escape(incident)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [incident]);
  return (
    <main className="incidents">
      <aside className="pane-incidents" tabIndex={-1} aria-label={incidents.title}>
        <h2>
          {incidents.title} <span>{warnings.length}</span>
        </h2>
        {rows.length === 0 && !nothingHeard() ? <p className="padded quiet">{incidents.none}</p> : null}
        <ul className="list">
          {rows.map((warning) => (
            <Row key={warning.id} warning={warning} chosen={warning.id === incident} />
          ))}
        </ul>
      </aside>
      <section className="incident" tabIndex={-1} aria-label={incidents.open}>
        {detail === undefined || detail === "gone" ? (
          <p className="padded quiet">{detail === "gone" ? incidents.gone : incident === undefined ? incidents.choose : ""}</p>
        ) : (
          <Incident warning={detail} />
        )}
      </section>
    </main>
  );
}
