// The note for the next shift, to be read and printed: what is open, who has to be called, what was put aside, and what nobody watches.
import { type HandOver, paths } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { LevelShape } from "@atalaya/web/marks";
import { SHAPE } from "../watch/rung-shape.ts";
import { clock, dayAndClock, zoneName, zulu } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Figures } from "./calm-figures.tsx";

const HOURS = [4, 8, 12, 24] as const;
const CHOSEN_HOURS = 12;

function useNote(hours: number): HandOver | undefined {
  const [note, setNote] = useState<HandOver>();
  useEffect(() => {
    const { sector } = useShown.getState();
    const sinceMs = Date.now() - hours * 3_600_000;
    // A recorded time has a shift of its own: the hub knows its clock.
    const path = sector?.mode === "replay" ? paths.handOver : `${paths.handOver}?sinceMs=${Math.round(sinceMs)}`;
    void ask<HandOver>("GET", path).then((answer) => {
      if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
      else setNote(answer);
    });
  }, [hours]);
  return note;
}

/** A heading with how many, and a word when there is nothing: an empty list is said, not left out. */
function Part({ title, count, none, children }: { title: string; count: number; none: string; children: ReactNode }): ReactNode {
  return (
    <section>
      <h3>
        {title} <span>{count}</span>
      </h3>
      {count === 0 ? <p className="quiet">{none}</p> : <ul>{children}</ul>}
    </section>
  );
}

function Note({ note }: { readonly note: HandOver }): ReactNode {
  const { language, sector, sources, warnings } = useShown();
  const words = catalogues[language];
  const { handOver: text, channel, calm, incidents } = words.duty;
  const zone = sector?.timeZone;
  const at = (ms: number): string => clock(ms, zone);
  const nameOf = (source: string): string => sources.find(({ id }) => id === source)?.name ?? source;
  const trackOf = (id: string): string => warnings.find((warning) => warning.id === id)?.trackId ?? id;
  return (
    <article className="note">
      <h2>
        {text.title} · {sector?.name}
      </h2>
      <p>
        {text.made(`${dayAndClock(note.timeMs, zone)} ${zoneName(note.timeMs, zone)} (${zulu(note.timeMs)})`)},{" "}
        {text.since(dayAndClock(note.sinceMs, zone))}
      </p>
      <Part title={text.open} count={note.open.length} none={text.noneOpen}>
        {note.open.map(({ id, level, reference, trackId, foremost, raisedMs, state, people, drill, acknowledgedBy }) => (
          <li key={id}>
            <LevelShape level={level} /> {drill ? `${words.mode.drillMark} ` : ""}
            <strong>
              {words.dangers.level[level]}, {foremost.name === "" ? words.dangers.somebody : foremost.name}
            </strong>{" "}
            {trackId}, <span className="mono">{reference}</span>, {at(raisedMs)}, {incidents.state[state]}
            {acknowledgedBy === undefined ? "" : ` (${acknowledgedBy})`}.{" "}
            {Object.entries(people)
              .map(([step, n]) => `${SHAPE[step as keyof typeof SHAPE]} ${n} ${words.ladder.step[step as keyof typeof SHAPE]}`)
              .join(", ")}
          </li>
        ))}
      </Part>
      <Part title={text.calls} count={note.calls.length} none={text.noCalls}>
        {note.calls.map(({ warningId, reference, personId, name, sinceMs }) => (
          <li key={`${warningId} ${personId}`}>
            ↑ <strong>{name}</strong>, <span className="mono">{reference}</span>, {at(sinceMs)}
          </li>
        ))}
      </Part>
      <Part title={text.shelved} count={note.shelved.length} none={text.nothing}>
        {note.shelved.map(({ timeMs, warningId, untilMs, by, reason, still }) => (
          <li key={`${timeMs} ${warningId}`}>
            {at(timeMs)} {trackOf(warningId)}, {text.until(at(untilMs))}, {still ? text.still : text.ended}.{" "}
            <span className="quiet">{calm.by(by, reason)}</span>
          </li>
        ))}
      </Part>
      <Part title={text.muted} count={note.muted.length} none={text.nothing}>
        {note.muted.map(({ timeMs, source, untilMs, by, reason, still }) => (
          <li key={`${timeMs} ${source}`}>
            {at(timeMs)} {nameOf(source)}, {text.until(at(untilMs))}, {still ? text.still : text.ended}.{" "}
            <span className="quiet">{calm.by(by, reason)}</span>
          </li>
        ))}
      </Part>
      <Part title={text.notWatched} count={note.notWatched.length} none={text.allWatched}>
        {note.notWatched.map(({ source, name, state, lastFrameMs, reason }) => (
          <li key={source}>
            ⊘ <strong>{name}</strong> {text.state[state]}, {lastFrameMs === undefined ? text.never : text.lastHeard(at(lastFrameMs))}{" "}
            <span className="quiet">{reason ?? ""}</span>
          </li>
        ))}
      </Part>
      <Part title={text.channels} count={note.channels.length} none={calm.channelsUp}>
        {note.channels.map((known) => (
          <li key={known.channel}>
            ⊘ <strong>{channel[known.channel]}</strong> {calm.channelState[known.state]}, {at(known.sinceMs)}{" "}
            <span className="quiet">{known.reason ?? ""}</span>
          </li>
        ))}
      </Part>
      <Part title={text.unplaced} count={note.placeUnknown.length} none={text.unplacedNone}>
        {note.placeUnknown.map(({ personId, name }) => (
          <li key={personId}>{name}</li>
        ))}
      </Part>
      <h3>{text.calm}</h3>
      <Figures figures={note.figures} />
      <p className="signed">{text.signed}</p>
    </article>
  );
}

export function HandOverNote(): ReactNode {
  const { language } = useShown();
  const { handOver: text } = catalogues[language].duty;
  const [hours, setHours] = useState<number>(CHOSEN_HOURS);
  const note = useNote(hours);
  return (
    <>
      <div className="row no-print">
        <select aria-label={text.title} value={hours} onChange={({ target }) => setHours(Number(target.value))}>
          {HOURS.map((n) => (
            <option key={n} value={n}>
              {text.hours(n)}
            </option>
          ))}
        </select>
        <Button className="primary" onPress={() => print()}>
          {text.print}
        </Button>
      </div>
      {note === undefined ? null : <Note note={note} />}
    </>
  );
}
