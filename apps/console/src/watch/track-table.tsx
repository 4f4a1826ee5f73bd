// The table that mirrors the map: every mark on it is a row here, for keyboard and screen reader.

import { TrackFlag } from "@atalaya/protocol";
import { TrackShape } from "@atalaya/web/marks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { sectorNow, useShown } from "../link/store.ts";
import type { ShownTrack } from "../link/tracks.ts";
import { nearestZone } from "../map/nearest-zone.ts";
import { certainty, degrees, direction, distance, metres, percent, seconds, speed } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { setFilter, tableRows } from "./table-order.ts";

/** Height of a row; on a wall it is twice that (the style sheet says the same). */
const ROW_PX = 23;
/** Coasting, not yet confirmed, or nothing but a claim: what nobody measures is not drawn in full. */
const HOLLOW = TrackFlag.coasting | TrackFlag.tentative | TrackFlag.unverified;
/** A body that the tracker tells has a position of this tick; this much later it is told no more. */
export const LOST_MS = 2000;
const wall = typeof matchMedia === "function" && matchMedia("(min-width: 3400px)").matches;

export function TrackTable(): ReactNode {
  const { language, summaries, selected, zones, warnings } = useShown();
  useShown(({ revision }) => revision);
  const words = catalogues[language];
  const [text, setText] = useState("");
  const scroller = useRef<HTMLDivElement>(null);
  const rows = tableRows();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (wall ? 2 * ROW_PX : ROW_PX),
    overscan: 10,
  });
  const at = rows.findIndex(({ number }) => number === selected);
  const chosenRow = useRef(-1);
  useEffect(() => {
    // Only a new choice scrolls: a row that moves by itself stays where the eye left it.
    if (at >= 0 && chosenRow.current !== selected) virtual.scrollToIndex(at);
    chosenRow.current = selected ?? -1;
  }, [selected, at, virtual]);
  const doing = (track: ShownTrack): string => {
    const { doing: text } = words.tracks;
    if ((track.flags & TrackFlag.danger) !== 0) {
      const own = warnings.filter(({ tracks, state }) => tracks.includes(track.number) && state !== "cleared");
      if (own.some(({ foremost }) => foremost.because === "inside-zone" && foremost.edgeDistanceM === 0)) return text.inside;
      // As its card says: one that flies away again is still a danger, and does not close in.
      if (own.length === 0 || own.some(({ foremost }) => foremost.reachesInS !== undefined)) return text.closing;
      return (track.flags & TrackFlag.coasting) === 0 ? text.leaving : text.coasting;
    }
    if ((track.flags & TrackFlag.coasting) !== 0) return text.coasting;
    if ((track.flags & TrackFlag.tentative) !== 0) return text.tentative;
    return (track.speedMps ?? 0) < 1 ? text.hovering : text.moving;
  };
  const now = sectorNow();
  const against = ({ number, flags }: ShownTrack): boolean =>
    (flags & TrackFlag.unseen) !== 0 || (summaries.get(number)?.findings ?? 0) > 0;
  /** The worst of its warnings that stand: red is for a warning alone. */
  const level = ({ number, flags }: ShownTrack): string => {
    if ((flags & TrackFlag.danger) === 0) return "";
    const levels = new Set(warnings.filter(({ tracks, state }) => tracks.includes(number) && state !== "cleared").map((one) => one.level));
    return levels.has("warning") ? "danger warning" : levels.has("caution") ? "danger caution" : "danger";
  };
  const sure = ({ confidencePercent, flags, timeMs }: ShownTrack): string => {
    if (confidencePercent === undefined) return words.tracks.claim;
    // How sure sensors were before they lost it says nothing of now.
    if ((flags & TrackFlag.coasting) !== 0 && now - timeMs > LOST_MS) return words.tracks.lost;
    return `${words.sure[certainty(confidencePercent / 100)]} ${percent(confidencePercent / 100)}`;
  };
  const { columns } = words.tracks;
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section className="track-table" tabIndex={-1} aria-label={words.tracks.title}>
      <header>
        <h2>
          {words.tracks.title} <span>{rows.length}</span>
        </h2>
        <span className="grow" />
        <label>
          <kbd>/</kbd> {words.tracks.filter}{" "}
          <input
            id="track-filter"
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setFilter(target.value);
            }}
            onKeyDown={({ key, currentTarget }) => {
              if (key === "Escape") currentTarget.blur();
            }}
          />
        </label>
      </header>
      <div className="scroller" ref={scroller} tabIndex={0} role="group" aria-label={words.tracks.title}>
        <table aria-rowcount={rows.length}>
          <thead>
            <tr>
              <th scope="col">{columns.id}</th>
              <th scope="col" className="number">
                {columns.age}
              </th>
              <th scope="col">{columns.what}</th>
              <th scope="col">{columns.doing}</th>
              <th scope="col">{columns.findings}</th>
              <th scope="col">{columns.zone}</th>
              <th scope="col" className="number">
                {columns.height}
              </th>
              <th scope="col" className="number">
                {columns.speed}
              </th>
              <th scope="col" className="course">
                {columns.course}
              </th>
              <th scope="col">{columns.sure}</th>
              <th scope="col" className="number">
                {columns.error}
              </th>
            </tr>
          </thead>
          <tbody>
            {before > 0 ? (
              <tr style={{ height: before }} aria-hidden="true">
                <td colSpan={11} />
              </tr>
            ) : null}
            {items.map(({ index }) => {
              const track = rows[index];
              if (track === undefined) return null;
              const summary = summaries.get(track.number);
              const zone = nearestZone(track, zones);
              const mark =
                (track.flags & TrackFlag.drill) !== 0
                  ? words.mode.drillMark
                  : (track.flags & TrackFlag.recorded) !== 0
                    ? words.mode.replayMark
                    : "";
              return (
                <tr
                  key={track.number}
                  aria-rowindex={index + 1}
                  aria-selected={track.number === selected}
                  className={level(track)}
                  onClick={() => useShown.setState({ selected: track.number })}
                  data-track={summary?.id}
                >
                  <td>
                    <TrackShape kind={track.kind} hollow={(track.flags & HOLLOW) !== 0} /> {summary?.id ?? track.number}{" "}
                    <span className="mode-mark">{mark}</span>
                  </td>
                  <td className="number age">{seconds(Math.max(0, (now - track.timeMs) / 1000))}</td>
                  <td className="claimed">
                    {words.tracks.kind[track.kind]}
                    {track.group === undefined ? "" : ` · ${words.tracks.group(track.count)}`}{" "}
                    <span className="mono">{summary?.identity ?? ""}</span>
                  </td>
                  <td className="doing">{doing(track)}</td>
                  <td className={against(track) ? "against" : ""}>
                    {(track.flags & TrackFlag.unseen) === 0 ? words.tracks.findings(summary?.findings ?? 0) : `◆ ${words.tracks.unseen}`}
                  </td>
                  <td>{zone === undefined ? "–" : `${distance(zone.awayM)} ${zone.zone.name}`}</td>
                  <td className="number">{metres(track.heightHaeM)}</td>
                  <td className="number">{speed(track.speedMps)}</td>
                  <td className="course">
                    {track.courseDeg === undefined ? "–" : degrees(track.courseDeg)}{" "}
                    <span className="compass-word">{track.courseDeg === undefined ? "" : direction(track.courseDeg, words).slice(5)}</span>
                  </td>
                  <td>{sure(track)}</td>
                  <td className="number">{metres(track.errorM)}</td>
                </tr>
              );
            })}
            {after > 0 ? (
              <tr style={{ height: after }} aria-hidden="true">
                <td colSpan={11} />
              </tr>
            ) : null}
          </tbody>
        </table>
        {rows.length === 0 ? <p className="quiet padded">{words.tracks.none}</p> : null}
      </div>
    </section>
  );
}
