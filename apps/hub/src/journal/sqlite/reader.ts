// Reading a journal's file: entries with their contents checked, tiles for proofs, snapshots.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { formatProof, HASH_BYTES, leafHash, Prover, SALT_BYTES, sameBytes, TILE_WIDTH } from "@atalaya/ledger";
import { type Entry, type Head, JournalError, RETENTION_CLASSES, type RetentionClass, type Snapshot } from "../journal.ts";
import { retentionOf } from "./batch.ts";
import { platformSha256 } from "./platform-crypto.ts";
import { contentTable, openForReading, SEALED_TABLE } from "./schema.ts";
import { leafRecordOf } from "./writer.ts";

const ROWS_AT_ONCE = 256;

/** The content's part after the salt, if it is what the entry committed to. */
function checked(content: unknown, hash: unknown, seq: number): Uint8Array | undefined {
  if (!(content instanceof Uint8Array)) return undefined;
  if (!(hash instanceof Uint8Array) || content.length < SALT_BYTES || !sameBytes(platformSha256(content), hash))
    throw new JournalError(
      "damaged",
      `The content of entry ${seq} is not what was written. Run "atalaya verify" on the journal, and restore a backup.`,
    );
  return content.subarray(SALT_BYTES);
}

export class Reader {
  readonly #database: DatabaseSync;
  readonly #entries: StatementSync;
  readonly #contents: readonly StatementSync[];
  readonly #sealed: StatementSync;
  readonly #tile: StatementSync;
  readonly #records: StatementSync;

  constructor(path: string) {
    const database = openForReading(path);
    this.#database = database;
    this.#entries = database.prepare("SELECT * FROM entry WHERE seq BETWEEN ? AND ? ORDER BY seq");
    const contents = (table: string): StatementSync =>
      database.prepare(`SELECT seq, content FROM ${table} WHERE gone = 0 AND seq BETWEEN ? AND ? ORDER BY seq`);
    this.#contents = RETENTION_CLASSES.map((name) => contents(contentTable(name)));
    this.#sealed = contents(SEALED_TABLE);
    this.#records = database.prepare(
      `SELECT e.*, c.content FROM ${contentTable("record")} c JOIN entry e ON e.seq = c.seq WHERE c.seq BETWEEN ? AND ? ORDER BY c.seq LIMIT ?`,
    );
    this.#tile = database.prepare("SELECT hashes FROM tile WHERE level = ? AND number = ?");
  }

  close(): void {
    this.#database.close();
  }

  /** Entries from `first` to `last`. No transaction stays open between two groups of rows: a purge can always empty the WAL. */
  *entries(first: number, last: number): Generator<Entry> {
    for (let from = first; from <= last; from += ROWS_AT_ONCE) yield* this.#group(from, Math.min(last, from + ROWS_AT_ONCE - 1));
  }

  /** Entries of class record from `first` to `last`, at most `limit`: their contents lie in a table of their own, so what is between costs nothing. */
  *records(first: number, last: number, limit: number): Generator<Entry> {
    let next = first;
    let left = limit;
    while (left > 0) {
      const rows = this.#records.all(next, last, Math.min(ROWS_AT_ONCE, left));
      for (const row of rows) {
        const seq = Number(row["seq"]);
        yield {
          seq,
          timeUs: Number(row["time_us"]),
          kind: String(row["kind"]),
          source: String(row["source"]),
          retention: "record",
          payload: checked(row["content"], row["payload_hash"], seq),
        };
        next = seq + 1;
        left -= 1;
      }
      if (rows.length < ROWS_AT_ONCE) return;
    }
  }

  #group(first: number, last: number): readonly Entry[] {
    // One transaction, so that a purge between two reads cannot make the parts disagree.
    this.#database.exec("BEGIN");
    try {
      const rows = this.#entries.all(first, last);
      const classes = new Set(rows.map((row) => Number(row["retention"])));
      const contents = new Map<number, unknown>();
      for (const code of classes)
        for (const row of this.#contents[code]?.all(first, last) ?? []) contents.set(Number(row["seq"]), row["content"]);
      const sealed = new Map<number, unknown>();
      if (rows.some((row) => row["sealed_hash"] !== null))
        for (const row of this.#sealed.all(first, last)) sealed.set(Number(row["seq"]), row["content"]);
      return rows.map((row) => {
        const seq = Number(row["seq"]);
        const entry = {
          seq,
          timeUs: Number(row["time_us"]),
          kind: String(row["kind"]),
          source: String(row["source"]),
          retention: retentionOf(Number(row["retention"])) satisfies RetentionClass,
          payload: checked(contents.get(seq), row["payload_hash"], seq),
        };
        return row["sealed_hash"] === null ? entry : { ...entry, sealed: checked(sealed.get(seq), row["sealed_hash"], seq) ?? "purged" };
      });
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  proof(seq: number, { size, checkpoint }: Head): string {
    return formatProof({ index: seq - 1, path: this.#prover(size).inclusion(seq - 1, size), checkpoint });
  }

  consistency(oldSize: number, size: number): readonly Uint8Array[] {
    return this.#prover(size).consistency(oldSize, size);
  }

  /** Full tiles come from the file; those at the right edge of a tree of `size` are made of what is below them. */
  #prover(size: number): Prover {
    const made = new Map<string, Uint8Array>();
    const tile = (level: number, index: number): Uint8Array | undefined => {
      const stored = this.#tile.get(level, index)?.["hashes"];
      if (stored instanceof Uint8Array) return stored;
      const name = `${level}/${index}`;
      const known = made.get(name);
      if (known !== undefined) return known;
      const first = index * TILE_WIDTH;
      const count = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - first);
      if (count <= 0) return undefined;
      const hashes = new Uint8Array(count * HASH_BYTES);
      if (level === 0) {
        const rows = this.#entries.all(first + 1, first + count);
        for (const [k, row] of rows.entries()) hashes.set(leafHash(leafRecordOf(row), platformSha256), k * HASH_BYTES);
      } else {
        const rootOf = this.#database.prepare("SELECT root FROM tile WHERE level = ? AND number = ?");
        for (let k = 0; k < count; k += 1) {
          const root = rootOf.get(level - 1, first + k)?.["root"];
          if (root instanceof Uint8Array) hashes.set(root, k * HASH_BYTES);
        }
      }
      made.set(name, hashes);
      return hashes;
    };
    return new Prover(tile, platformSha256);
  }

  snapshot(format: string): Snapshot | undefined {
    const row = this.#database.prepare("SELECT * FROM snapshot WHERE format = ? ORDER BY seq DESC LIMIT 1").get(format);
    const state = row?.["state"];
    if (row === undefined || !(state instanceof Uint8Array)) return undefined;
    const bits = Number(row["depends_on"]);
    return {
      seq: Number(row["seq"]),
      format,
      state,
      stateHash: String(row["state_hash"]),
      dependsOn: RETENTION_CLASSES.filter((name, k) => name !== "record" && (bits & (1 << k)) !== 0) as Snapshot["dependsOn"],
    };
  }
}
