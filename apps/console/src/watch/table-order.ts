// The order of the track table: as the tracks were first heard of, dangerous ones first when the table was last sorted by the officer's hand away from it.
import { TrackFlag } from "@atalaya/protocol";
import { tracks, useShown } from "../link/store.ts";
import type { ShownTrack } from "../link/tracks.ts";

let filter = "";
export function setFilter(text: string): void {
  filter = text.trim().toLowerCase();
}

/** Tracks that the filter lets through: in danger first, then in the order in which they were heard of. Nothing else moves a row. */
export function tableRows(): readonly ShownTrack[] {
  const { summaries } = useShown.getState();
  const rows = [...tracks.all()].filter(({ number }) => {
    if (filter === "") return true;
    const summary = summaries.get(number);
    return `${summary?.id ?? ""} ${summary?.identity ?? ""}`.toLowerCase().includes(filter);
  });
  const danger = (track: ShownTrack): number => ((track.flags & TrackFlag.danger) === 0 ? 1 : 0);
  return rows.sort((a, b) => danger(a) - danger(b) || a.number - b.number);
}

export function tableOrder(): readonly number[] {
  return tableRows().map(({ number }) => number);
}
