// Left of the watch: dangers by urgency, those who are to be called, then what is not being watched.
import type { Warning } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { acknowledge, escalate, openIncident, unshelve } from "../actions.ts";
import { byUrgency, hasRight, isOpen, maySee, nothingHeard, sectorNow, useShown } from "../link/store.ts";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { clock, direction, distance, seconds } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Conflicts } from "./conflicts.tsx";
import { Calls } from "./calls.tsx";
import { Ladder } from "./ladder.tsx";

/** What is decided less often than taken and cleared. */
function More({ warning }: { readonly warning: Warning }): ReactNode {
  const { language } = useShown();
  const { officer, incidents } = catalogues[language].duty;
  const { id, state, shelved, sources } = warning;
  const act = (key: string): void => {
    if (key === "incident") openIncident(id);
    else if (key === "escalate") void escalate(id);
    else if (key === "stand-down" || key === "shelve") useShown.setState({ deciding: { what: key, id } });
    else if (key === "unshelve") void unshelve(id);
    else useShown.setState({ deciding: { what: "mute", sources } });
  };
  return (
    <MenuTrigger>
      <Button>{officer.more}</Button>
      <Popover>
        <Menu className="menu" aria-label={officer.more} onAction={(key) => act(String(key))}>
          <MenuItem id="incident">{incidents.open}</MenuItem>
          {state === "cleared" || warning.recorded ? null : (
            <>
              <MenuItem id="escalate">{officer.escalate}</MenuItem>
              <MenuItem id="stand-down">{officer.standDown}</MenuItem>
              {shelved === undefined ? (
                <MenuItem id="shelve">{officer.shelve}</MenuItem>
              ) : (
                <MenuItem id="unshelve">{officer.unshelve}</MenuItem>
              )}
            </>
          )}
          {sources.length === 0 || warning.recorded ? null : <MenuItem id="mute">{officer.mute}</MenuItem>}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Card({ warning, first }: { readonly warning: Warning; readonly first: boolean }): ReactNode {
  const { language, user, sector, selected } = useShown();
  const words = catalogues[language];
  const at = (ms: number): string => clock(ms, sector?.timeZone);
  const { level, state, trackId, count, foremost, drill, recorded, shelved } = warning;
  const { kind, because, reachesInS, edgeDistanceM, azimuthDeg } = foremost;
  const mark = drill ? `${words.mode.drillMark} ` : recorded ? `${words.mode.replayMark} ` : "";
  const isInside = because === "inside-zone" && edgeDistanceM === 0;
  const stays = because === "hovering" || because === "loitering";
  const { insideZone, approaching, staying, leaving, near } = words.dangers;
  const text = isInside
    ? insideZone
    : reachesInS !== undefined
      ? approaching
      : foremost.leaving
        ? leaving
        : stays
          ? staying
          : kind === "person"
            ? near
            : leaving;
  const what = count > 1 ? words.dangers.swarm(count, trackId) : trackId;
  const whom = foremost.name === "" ? words.dangers.somebody : foremost.name;
  const may = hasRight(user, "officer");
  return (
    <article className={`danger-card ${level} ${state} ${selected === warning.trackNumber ? "chosen" : ""}`} data-warning={warning.id}>
      <header>
        <LevelShape level={level} />
        <strong>
          {mark}
          {words.dangers.level[level]}
        </strong>
        <time>{at(warning.raisedMs)}</time>
      </header>
      <p>{text(what, whom)}</p>
      <dl className="figures">
        <div>
          <dd>{isInside ? words.dangers.inside : reachesInS === undefined ? "–" : seconds(reachesInS)}</dd>
          <dt>{kind === "zone" ? words.dangers.toZone : words.dangers.toPerson}</dt>
        </div>
        <div>
          <dd>{edgeDistanceM === undefined ? "–" : distance(edgeDistanceM)}</dd>
          <dt>{kind === "zone" ? words.dangers.distance : words.dangers.distanceToPerson}</dt>
        </div>
        <div>
          <dd>{direction(azimuthDeg, words)}</dd>
          <dt>{words.dangers.from}</dt>
        </div>
      </dl>
      {sectorNow() - warning.lastHeardMs > 10_000 ? <p className="quiet">{words.dangers.lastHeard(at(warning.lastHeardMs))}</p> : null}
      {warning.acknowledgedBy === undefined || warning.acknowledgedMs === undefined ? null : (
        <p className="quiet">{words.dangers.taken(warning.acknowledgedBy, at(warning.acknowledgedMs))}</p>
      )}
      {shelved === undefined ? null : <p className="quiet">{words.dangers.shelved(shelved.by, at(shelved.untilMs), shelved.reason)}</p>}
      <Ladder warning={warning} />
      <div className="row">
        {state === "raised" && may ? (
          <Button className="primary" onPress={() => void acknowledge(warning.id)}>
            {words.dangers.acknowledge} {first ? <kbd>T</kbd> : null}
          </Button>
        ) : null}
        <Button onPress={() => useShown.setState({ selected: warning.trackNumber })}>{words.dangers.why}</Button>
        {may && state !== "cleared" ? (
          <Button className="all-clear" onPress={() => useShown.setState({ deciding: { what: "clear", id: warning.id } })}>
            {words.dangers.clear}
          </Button>
        ) : null}
        {may ? <More warning={warning} /> : null}
      </div>
    </article>
  );
}

function Gaps(): ReactNode {
  const { language, sources } = useShown();
  const words = catalogues[language];
  const gaps = sources.filter(({ state }) => state === "silent" || state === "failed" || state === "ended");
  const measures = sources.some(({ sensors }) => (sensors ?? 0) > 0);
  const minutes = (lastMs: number | undefined): string =>
    lastMs === undefined ? "" : ` ${seconds(Math.max(0, (sectorNow() - lastMs) / 1000))}`;
  return (
    <section id="not-watched" tabIndex={-1} aria-label={words.gaps.title}>
      <h2>
        {words.gaps.title} <span>{gaps.length}</span>
      </h2>
      <ul className="gaps">
        {gaps.map(({ id, name, state, lastFrameMs }) => (
          <li key={id}>
            <StatusShape status="off" />
            <span className="grow">{name}</span>
            <span>
              {state === "silent" ? words.gaps.silent : state === "failed" ? words.gaps.failed : words.gaps.ended}
              {minutes(lastFrameMs)}
            </span>
          </li>
        ))}
      </ul>
      <p className="quiet padded">{measures ? words.gaps.measured : words.gaps.always}</p>
    </section>
  );
}

export function Dangers(): ReactNode {
  const { language, warnings, sources, sector, user } = useShown();
  useShown(({ revision }) => revision);
  const words = catalogues[language];
  const mayRead = maySee("incidents", user?.role);
  const open = warnings.filter(isOpen).sort(byUrgency);
  const hearing = sources.filter(({ state }) => state === "hearing").length;
  const last = warnings.filter(({ state }) => state === "cleared").sort((a, b) => (b.clearedMs ?? 0) - (a.clearedMs ?? 0))[0];
  return (
    <aside className="pane-dangers" tabIndex={-1} aria-label={words.dangers.title}>
      <section aria-live="assertive">
        <h2>
          {words.dangers.title} <span>{open.length}</span>
        </h2>
        {open.length === 0 && !nothingHeard() ? (
          <div className="empty">
            <StatusShape status={hearing === 0 ? "off" : "normal"} />
            <div>
              <strong>{hearing === 0 ? words.dangers.deaf : words.dangers.none}</strong>
              <p className="quiet">{hearing === 0 ? words.dangers.noSources : words.dangers.noneDetail(hearing)}</p>
              {last === undefined ? null : (
                <p className="quiet">
                  {words.dangers.cleared}: {last.trackId}, {last.foremost.name}, {clock(last.clearedMs ?? last.changedMs, sector?.timeZone)}{" "}
                  {mayRead ? (
                    <Button className="small" onPress={() => openIncident(last.id)}>
                      {words.duty.incidents.open}
                    </Button>
                  ) : null}
                </p>
              )}
            </div>
          </div>
        ) : (
          open.map((warning, k) => <Card key={warning.id} warning={warning} first={k === 0} />)
        )}
      </section>
      <Calls />
      <Conflicts />
      <Gaps />
    </aside>
  );
}
