// Deletes the content of source documents when it has been kept as long as the memo's rules say; hash, marking and what was drawn from them stay.
import type { PictureSource } from "@atalaya/picture";
import type { Sector } from "../sector.ts";
import type { KnownFile, MediaStore } from "./media-store.ts";

const DAY_US = 86_400e6;

/** A source's content as the store knows it; undefined: it has none, it is an incident of our own. */
export function fileOf({ document: { id, bytes, sha256 }, whole, removed }: Readonly<PictureSource>): KnownFile | undefined {
  return sha256 === undefined ? undefined : { id, bytes, sha256, whole, removed };
}

type ForRetention = Pick<Sector, "picture" | "note"> & { readonly clock: Pick<Sector["clock"], "nowUs"> };

/** By the sector's clock and the time when the source was taken. */
export async function removeOldDocuments(sector: ForRetention, store: MediaStore): Promise<void> {
  const { picture, clock } = sector;
  const { documentDays } = picture.memoRules;
  const beforeUs = clock.nowUs() - documentDays * DAY_US;
  for (const source of [...picture.claims.sources.values()]) {
    const file = fileOf(source);
    if (file === undefined || source.removed || source.takenUs >= beforeUs) continue;
    await store.remove(file);
    sector.note("memo-source-removed", { sourceId: file.id, by: "retention", reason: `Kept for ${documentDays} days.` });
  }
}
