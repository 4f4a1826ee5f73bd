// Opening the journal of a sector: the embedded engine, in the hub's data folder.
import type { Journal } from "./journal.ts";
import { openJournalIn, type SqliteJournalOptions } from "./sqlite/sqlite-journal.ts";

/** The name of a sector's log and of its key (C2SP signed-note allows neither spaces nor "+"). */
function originOf(sectorName: string): string {
  const slug = sectorName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `atalaya/${slug === "" ? "sector" : slug}`;
}

/** The sector's name counts for a journal that is new; one that exists keeps the name it began with. */
export function openSqliteJournal(
  folder: string,
  sectorName: string,
  options: Omit<SqliteJournalOptions, "folder" | "origin"> = {},
): Promise<Journal> {
  return openJournalIn({ ...options, folder, origin: originOf(sectorName) });
}
