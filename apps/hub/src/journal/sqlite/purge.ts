// Removing content so that its bytes are gone from the file.
//
// SQLite's secure_delete zeroes what is freed, but when a deletion makes pages merge, copies of neighbouring rows can stay behind in the free space of
// a page, and a later purge of those rows would miss the copies. So content is first overwritten with zeros of the same length, which moves nothing,
// and rows are deleted only well behind the oldest row that still has content: pages that merge then hold zeros. Times never run backwards in a journal,
// so what is purged is always the oldest part of a class.
import type { DatabaseSync } from "node:sqlite";
import { type PurgeableClass, type PurgeRecord, RETENTION_CLASSES } from "../journal.ts";
import { contentTable, SEALED_TABLE } from "./schema.ts";

/** Zeroed rows that stay before the oldest row with content: more than three pages can hold (a row takes 25 bytes or more of 4,096). */
const MARGIN_ROWS = 512;
/** Rows in one transaction: bounds the WAL and the time for which commits wait. */
const ROWS_AT_ONCE = 20_000;

export interface PurgePlan {
  readonly payloads: number;
  readonly sealed: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Where the seq of a class's latest purge stands: snapshots from before it may not be saved after it. */
export function lastPurgeKey(retention: PurgeableClass): string {
  return `last-purge-${retention}`;
}

export function purgedTables(retention: PurgeableClass): readonly string[] {
  return retention === "operator-position" ? [contentTable(retention), SEALED_TABLE] : [contentTable(retention)];
}

/** First seq whose time is not before `timeUs`; one after the last entry if there is none. */
function firstNotBefore(database: DatabaseSync, size: number, timeUs: number): number {
  const timeOf = database.prepare("SELECT time_us FROM entry WHERE seq = ?");
  let low = 1;
  let high = size + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const time = Number(timeOf.get(middle)?.["time_us"]);
    if (time < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a purge would remove next; undefined when there is nothing. */
export function planPurge(database: DatabaseSync, size: number, retention: PurgeableClass, beforeUs: number): PurgePlan | undefined {
  let cut = firstNotBefore(database, size, beforeUs);
  const tables = purgedTables(retention);
  for (const table of tables) {
    const over = database
      .prepare(`SELECT seq FROM ${table} WHERE gone = 0 AND seq < ? ORDER BY seq LIMIT 1 OFFSET ?`)
      .get(cut, ROWS_AT_ONCE);
    if (over !== undefined) cut = Number(over["seq"]);
  }
  const counts = tables.map((table) => {
    const row = database
      .prepare(`SELECT count(*) AS n, min(seq) AS first, max(seq) AS last FROM ${table} WHERE gone = 0 AND seq < ?`)
      .get(cut);
    return { n: Number(row?.["n"]), first: Number(row?.["first"]), last: Number(row?.["last"]) };
  });
  const found = counts.filter(({ n }) => n > 0);
  if (found.length === 0) return undefined;
  return {
    payloads: counts[0]?.n ?? 0,
    sealed: counts[1]?.n ?? 0,
    firstSeq: Math.min(...found.map(({ first }) => first)),
    lastSeq: Math.max(...found.map(({ last }) => last)),
  };
}

/** Carries a plan out inside the transaction that writes the purge's entry. */
export function removeContent(
  database: DatabaseSync,
  { retention, firstSeq, lastSeq, payloads, sealed }: PurgeRecord,
  purgeSeq: number,
): void {
  let removed = 0;
  for (const table of purgedTables(retention)) {
    const done = database
      .prepare(`UPDATE ${table} SET gone = 1, content = zeroblob(length(content)) WHERE gone = 0 AND seq BETWEEN ? AND ?`)
      .run(firstSeq, lastSeq);
    removed += Number(done.changes);
    const border = database.prepare(`SELECT seq FROM ${table} WHERE gone = 1 ORDER BY seq DESC LIMIT 1 OFFSET ?`).get(MARGIN_ROWS);
    if (border !== undefined) database.prepare(`DELETE FROM ${table} WHERE gone = 1 AND seq <= ?`).run(Number(border["seq"]));
  }
  if (removed !== payloads + sealed) throw new RangeError(`a purge of ${payloads + sealed} contents removed ${removed}`);
  // Zeros first, here too; a snapshot that was made of what is now gone is made again by the hub.
  const bit = 1 << RETENTION_CLASSES.indexOf(retention);
  database.prepare("UPDATE snapshot SET state = zeroblob(length(state)) WHERE (depends_on & ?) <> 0 AND seq >= ?").run(bit, firstSeq);
  database.prepare("DELETE FROM snapshot WHERE (depends_on & ?) <> 0 AND seq >= ?").run(bit, firstSeq);
  database
    .prepare("INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
    .run(lastPurgeKey(retention), String(purgeSeq));
}
