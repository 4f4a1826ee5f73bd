// Left of the watch: dangers by urgency, then what is not being watched.
import type { Warning } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button, Dialog, Form, Heading, Input, Label, Modal, ModalOverlay, Text, TextField } from "react-aria-components";
import { acknowledge, clear } from "../actions.ts";
import { byUrgency, isOpen, sectorNow, useShown } from "../link/store.ts";
import { clock, direction, distance, seconds } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Ladder } from "./ladder.tsx";

function ClearDialog({ warning, onClose }: { readonly warning: Warning; readonly onClose: () => void }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void clear(warning.id, String(new FormData(event.currentTarget).get("reason") ?? ""));
    onClose();
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="overlay">
      <Modal>
        <Dialog className="dialog">
          <Heading slot="title">
            {words.dangers.clear} {warning.foremost.name}
          </Heading>
          <Form onSubmit={submit}>
            <TextField name="reason" isRequired minLength={3} maxLength={500} autoFocus>
              <Label>{words.dangers.clearReason}</Label>
              <Input />
              <Text slot="description">{words.dangers.clearHint}</Text>
            </TextField>
            <div className="row">
              <Button type="submit" className="primary">
                {words.dangers.clearGo}
              </Button>
              <Button onPress={onClose}>{words.zones.cancel}</Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Card({ warning, first }: { readonly warning: Warning; readonly first: boolean }): ReactNode {
  const { language, user, sector, selected } = useShown();
  const words = catalogues[language];
  const [clearing, setClearing] = useState(false);
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
  const may = user?.role !== "viewer";
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
          <Button className="all-clear" onPress={() => setClearing(true)}>
            {words.dangers.clear}
          </Button>
        ) : null}
      </div>
      {clearing ? <ClearDialog warning={warning} onClose={() => setClearing(false)} /> : null}
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
  const { language, warnings, sources, sector } = useShown();
  useShown(({ revision }) => revision);
  const words = catalogues[language];
  const open = warnings.filter(isOpen).sort(byUrgency);
  const hearing = sources.filter(({ state }) => state === "hearing").length;
  const last = warnings.filter(({ state }) => state === "cleared").sort((a, b) => b.changedMs - a.changedMs)[0];
  return (
    <aside className="pane-dangers" tabIndex={-1} aria-label={words.dangers.title}>
      <section aria-live="assertive">
        <h2>
          {words.dangers.title} <span>{open.length}</span>
        </h2>
        {open.length === 0 ? (
          <div className="empty">
            <StatusShape status={hearing === 0 ? "off" : "normal"} />
            <div>
              <strong>{hearing === 0 ? words.dangers.deaf : words.dangers.none}</strong>
              <p className="quiet">{hearing === 0 ? words.dangers.noSources : words.dangers.noneDetail(hearing)}</p>
              {last === undefined ? null : (
                <p className="quiet">
                  {words.dangers.cleared}: {last.trackId}, {last.foremost.name}, {clock(last.changedMs, sector?.timeZone)}
                </p>
              )}
            </div>
          </div>
        ) : (
          open.map((warning, k) => <Card key={warning.id} warning={warning} first={k === 0} />)
        )}
      </section>
      <Gaps />
    </aside>
  );
}
