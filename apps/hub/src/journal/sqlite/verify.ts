// Is a journal what was written? Recomputes every content's hash, every leaf, every tile, the root and the head's signature from what lies in the file,
// and says what is wrong where. Works offline, writes nothing, and goes on after what it cannot read.
import { createPrivateKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import {
  formatVerifierKey,
  HASH_BYTES,
  hex,
  leafHash,
  openCheckpoint,
  parseVerifierKey,
  sameBytes,
  subtreeRoot,
  TILE_WIDTH,
  Tree,
} from "@atalaya/ledger";
import { JournalError, RETENTION_CLASSES, type RetentionClass } from "../journal.ts";
import { retentionCode } from "./batch.ts";
import { platformSha256, platformSigner, platformVerifyEd25519 } from "./platform-crypto.ts";
import { purgedTables } from "./purge.ts";
import { classesOf, contentTable, KEY_FILE, openAtRest, schemaVersion, SEALED_TABLE } from "./schema.ts";
import { leafRecordOf } from "./writer.ts";

/** One thing that is wrong. `seq` is an entry, `page` a page of the file, `tile` is [level, number]. */
export interface Problem {
  readonly what: string;
  readonly seq?: number;
  readonly page?: number;
  readonly tile?: readonly [level: number, number: number];
  readonly detail: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly entries: number;
  readonly root: string;
  readonly origin: string;
  /** The log's key; compare it with what you were given when the journal began. */
  readonly key: string;
  /** Contents removed by purges that the journal records. */
  readonly purged: number;
  readonly problems: number;
}

/** More problems than this are counted, not listed. */
const MAX_LISTED = 1000;

type Row = Readonly<Record<string, unknown>>;

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A checkpoint that somebody kept from earlier: the journal has to continue it. */
export interface Earlier {
  readonly checkpoint: string;
}

export function verifyJournal(where: string, report: (problem: Problem) => void, earlier?: Earlier): VerifyReport {
  let problems = 0;
  const wrong = (problem: Problem): void => {
    problems += 1;
    if (problems <= MAX_LISTED) report(problem);
  };
  const { database, folder } = openAtRest(where);
  try {
    // One reading transaction: what is checked is the journal of one moment, also while a hub writes to it.
    database.exec("BEGIN");
    const result = new Verification(database, folder, wrong, earlier).run();
    if (problems > MAX_LISTED) report({ what: "more", detail: `${problems - MAX_LISTED} more problems are not listed` });
    return { ok: problems === 0, ...result, problems };
  } finally {
    database.close();
  }
}

class Verification {
  readonly #database: DatabaseSync;
  readonly #folder: string | undefined;
  readonly #wrong: (problem: Problem) => void;
  readonly #earlier: Earlier | undefined;
  #purged = 0;
  /** Those of the file's schema. */
  #classes: readonly RetentionClass[] = RETENTION_CLASSES;

  constructor(database: DatabaseSync, folder: string | undefined, wrong: (problem: Problem) => void, earlier: Earlier | undefined) {
    this.#database = database;
    this.#folder = folder;
    this.#wrong = wrong;
    this.#earlier = earlier;
  }

  run(): Omit<VerifyReport, "ok" | "problems"> {
    const nothing = { entries: 0, root: "", origin: "", key: "", purged: 0 };
    try {
      const version = schemaVersion(this.#database);
      if (version === 0) throw new JournalError("not-a-journal", "The file is empty.");
      this.#classes = classesOf(version);
    } catch (error) {
      if (error instanceof JournalError) throw error;
      this.#wrong({ what: "unreadable", page: 1, detail: `the file's first page is damaged, or this is no journal: ${text(error)}` });
      return nothing;
    }
    this.#pages();
    const origin = String(this.#one("SELECT value FROM meta WHERE key = 'origin'")?.["value"] ?? "");
    const key = String(this.#one("SELECT verifier_key FROM signing_key ORDER BY first_size DESC LIMIT 1")?.["verifier_key"] ?? "");
    const head = this.#one("SELECT size, root, checkpoint FROM head WHERE id = 1");
    const size = Number(head?.["size"] ?? 0);
    const beyond = this.#one("SELECT max(seq) AS last FROM entry");
    if (Number(beyond?.["last"] ?? 0) > size)
      this.#wrong({ what: "entry-beyond-head", seq: Number(beyond?.["last"]), detail: `the head covers ${size} entries` });
    const earlier = this.#earlierSize(origin, size);
    const purges = this.#purges();
    const tree = new Tree(() => undefined, platformSha256);
    let usable = true;
    for (let first = 1; first <= size; first += TILE_WIDTH) {
      const last = Math.min(size, first + TILE_WIDTH - 1);
      const leaves = this.#leaves(first, last, purges);
      for (const leaf of leaves) {
        if (leaf === undefined) usable = false;
        tree.append(leaf ?? new Uint8Array(HASH_BYTES));
        if (tree.size === earlier?.size && !sameBytes(tree.root(), earlier.root))
          this.#wrong({ what: "history-changed", seq: earlier.size, detail: "the journal does not continue the earlier checkpoint" });
      }
    }
    this.#upperTiles(size);
    const root = tree.root();
    if (head !== undefined) this.#head(head, size, usable ? root : undefined, origin, key);
    else if (size > 0) this.#wrong({ what: "head-missing", detail: "there are entries, but no head" });
    this.#key(origin, key);
    return { entries: size, root: hex(root), origin, key, purged: this.#purged };
  }

  #one(sql: string): Row | undefined {
    try {
      return this.#database.prepare(sql).get();
    } catch (error) {
      this.#wrong({ what: "unreadable", detail: `${sql}: ${text(error)}` });
      return undefined;
    }
  }

  /** SQLite's own check of its pages; its messages name them. */
  #pages(): void {
    try {
      // Row by row: what it has found before it gives up is kept.
      for (const row of this.#database.prepare("PRAGMA integrity_check(200)").iterate()) {
        for (const line of String(row["integrity_check"]).split("\n")) {
          if (line === "ok" || line.startsWith("*** in database")) continue;
          const page = /page (\d+)/i.exec(line)?.[1];
          this.#wrong({ what: "damaged-page", ...(page === undefined ? {} : { page: Number(page) }), detail: line });
        }
      }
    } catch (error) {
      this.#wrong({ what: "damaged-page", detail: text(error) });
    }
  }

  #earlierSize(origin: string, size: number): { readonly size: number; readonly root: Uint8Array } | undefined {
    if (this.#earlier === undefined) return undefined;
    const keys = this.#keys();
    const opened = openCheckpoint(this.#earlier.checkpoint, { origin, logKeys: keys }, platformVerifyEd25519);
    if (!opened.ok) {
      this.#wrong({ what: "earlier-checkpoint", detail: opened.refused.detail });
      return undefined;
    }
    if (opened.value.size > size)
      this.#wrong({ what: "history-cut", seq: opened.value.size, detail: `the journal ends at ${size}, before the earlier checkpoint` });
    return opened.value;
  }

  #keys(): ReturnType<typeof parseKey>[] {
    try {
      return this.#database
        .prepare("SELECT verifier_key FROM signing_key ORDER BY first_size")
        .all()
        .map((row) => parseKey(String(row["verifier_key"])));
    } catch {
      return [];
    }
  }

  /** Per content table the end of what purges have removed: the first seq that has to be there. */
  #purges(): ReadonlyMap<string, number> {
    const removed = new Map<string, number>();
    const note = (seq: number): void => {
      const row = this.#database.prepare(`SELECT content FROM ${contentTable("record")} WHERE seq = ?`).get(seq);
      const content = row?.["content"];
      if (!(content instanceof Uint8Array)) return;
      const { retention, lastSeq } = JSON.parse(Buffer.from(content.subarray(16)).toString()) as { retention: string; lastSeq: number };
      const known = RETENTION_CLASSES.find((name) => name === retention);
      if (known === undefined || known === "record" || lastSeq >= seq) return;
      for (const table of purgedTables(known)) removed.set(table, Math.max(removed.get(table) ?? 0, lastSeq));
    };
    try {
      for (const row of this.#database
        .prepare("SELECT seq FROM entry WHERE kind = 'purge' AND retention = ?")
        .all(retentionCode("record"))) {
        try {
          note(Number(row["seq"]));
        } catch (error) {
          this.#wrong({ what: "unreadable", seq: Number(row["seq"]), detail: `the purge's entry: ${text(error)}` });
        }
      }
    } catch (error) {
      this.#wrong({ what: "unreadable", detail: `purges: ${text(error)}` });
    }
    return removed;
  }

  /** Rows of one table by seq; where the group cannot be read, row by row, so that the damage has a name. */
  #rows(
    table: string,
    columns: string,
    first: number,
    last: number,
  ): { readonly rows: ReadonlyMap<number, Row>; readonly unreadable: ReadonlySet<number> } {
    const rows = new Map<number, Row>();
    const unreadable = new Set<number>();
    try {
      for (const row of this.#database.prepare(`SELECT ${columns} FROM ${table} WHERE seq BETWEEN ? AND ?`).all(first, last))
        rows.set(Number(row["seq"]), row);
      return { rows, unreadable };
    } catch {
      rows.clear();
    }
    for (let seq = first; seq <= last; seq += 1) {
      try {
        const row = this.#database.prepare(`SELECT ${columns} FROM ${table} WHERE seq = ?`).get(seq);
        if (row !== undefined) rows.set(seq, row);
      } catch (error) {
        unreadable.add(seq);
        this.#wrong({ what: table === "entry" ? "entry-unreadable" : "content-unreadable", seq, detail: `${table}: ${text(error)}` });
      }
    }
    return { rows, unreadable };
  }

  /** The leaves of one tile, checked; undefined where neither entry nor tile says what the leaf is. */
  #leaves(first: number, last: number, purges: ReadonlyMap<string, number>): readonly (Uint8Array | undefined)[] {
    const entries = this.#rows("entry", "*", first, last);
    const number = (first - 1) / TILE_WIDTH;
    const stored = last - first + 1 === TILE_WIDTH ? this.#tile(0, number) : undefined;
    // Where entry and tile disagree, the tile is believed if it leads to its own root: then it is the entry that was changed.
    const believed = stored?.sound === true ? stored.hashes : undefined;
    const leaves: (Uint8Array | undefined)[] = [];
    let differ = 0;
    for (let seq = first; seq <= last; seq += 1) {
      const at = (seq - first) * HASH_BYTES;
      const fromTile = believed?.subarray(at, at + HASH_BYTES);
      const row = entries.rows.get(seq);
      if (row === undefined) {
        if (!entries.unreadable.has(seq)) this.#wrong({ what: "entry-missing", seq, detail: "there is no such entry" });
        leaves.push(fromTile);
        continue;
      }
      const leaf = leafHash(leafRecordOf(row), platformSha256);
      if (fromTile !== undefined && !sameBytes(leaf, fromTile)) {
        this.#wrong({ what: "entry-changed", seq, detail: "the entry's line or hashes are not those in the tree" });
        leaves.push(fromTile);
        continue;
      }
      if (stored !== undefined && !sameBytes(leaf, stored.hashes.subarray(at, at + HASH_BYTES))) differ += 1;
      leaves.push(leaf);
    }
    if (differ > 0)
      this.#wrong({ what: "tile-changed", tile: [0, number], detail: `${differ} of its leaves are not those of the entries` });
    this.#contents(entries.rows, first, last, purges);
    return leaves;
  }

  #contents(entries: ReadonlyMap<number, Row>, first: number, last: number, purges: ReadonlyMap<string, number>): void {
    const check = (table: string, expected: ReadonlyMap<number, unknown>): void => {
      const { rows, unreadable } = this.#rows(table, "seq, gone, content", first, last);
      for (const [seq, hash] of expected) {
        if (unreadable.has(seq)) continue;
        const row = rows.get(seq);
        const name = table === SEALED_TABLE ? "sealed part" : "payload";
        if (row === undefined || Number(row["gone"]) !== 0) {
          if (seq <= (purges.get(table) ?? 0)) this.#purged += 1;
          else this.#wrong({ what: "content-missing", seq, detail: `its ${name} is gone, and no purge says so` });
          if (row !== undefined && row["content"] instanceof Uint8Array && row["content"].some((byte) => byte !== 0))
            this.#wrong({ what: "content-not-erased", seq, detail: `its ${name} was purged, but bytes are left` });
          continue;
        }
        const content = row["content"];
        if (!(content instanceof Uint8Array && hash instanceof Uint8Array && sameBytes(platformSha256(content), hash)))
          this.#wrong({ what: "content-changed", seq, detail: `its ${name} is not what the entry committed to` });
      }
      for (const seq of rows.keys())
        if (!expected.has(seq) && entries.has(seq))
          this.#wrong({ what: "content-unexpected", seq, detail: `${table} holds content that the entry knows nothing of` });
    };
    for (const [code, name] of this.#classes.entries()) {
      const expected = new Map(
        [...entries].filter(([, row]) => Number(row["retention"]) === code).map(([seq, row]) => [seq, row["payload_hash"]]),
      );
      // A journal of an earlier version has no table of a later class, and no entry of it.
      if (expected.size === 0 && !this.#hasTable(contentTable(name))) continue;
      check(contentTable(name), expected);
    }
    check(
      SEALED_TABLE,
      new Map([...entries].filter(([, row]) => row["sealed_hash"] !== null).map(([seq, row]) => [seq, row["sealed_hash"]])),
    );
  }

  #hasTable(name: string): boolean {
    return this.#database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;
  }

  #tile(level: number, number: number): { readonly hashes: Uint8Array; readonly root: Uint8Array; readonly sound: boolean } | undefined {
    try {
      const row = this.#database.prepare("SELECT root, hashes FROM tile WHERE level = ? AND number = ?").get(level, number);
      const [root, hashes] = [row?.["root"], row?.["hashes"]];
      if (!(root instanceof Uint8Array && hashes instanceof Uint8Array && hashes.length === TILE_WIDTH * HASH_BYTES)) {
        this.#wrong({ what: "tile-missing", tile: [level, number], detail: "there is no such tile, or it is cut short" });
        return undefined;
      }
      const sound = sameBytes(subtreeRoot(hashes, platformSha256), root);
      if (!sound) this.#wrong({ what: "tile-changed", tile: [level, number], detail: "its hashes do not lead to its root" });
      return { root, hashes, sound };
    } catch (error) {
      this.#wrong({ what: "tile-unreadable", tile: [level, number], detail: text(error) });
      return undefined;
    }
  }

  /** Tiles above the leaves have to hold the roots of the tiles below them. */
  #upperTiles(size: number): void {
    for (let level = 1; TILE_WIDTH ** (level + 1) <= size; level += 1) {
      const count = Math.floor(size / TILE_WIDTH ** (level + 1));
      for (let number = 0; number < count; number += 1) {
        const tile = this.#tile(level, number);
        if (tile === undefined) continue;
        for (let k = 0; k < TILE_WIDTH; k += 1) {
          const below = this.#one(`SELECT root FROM tile WHERE level = ${level - 1} AND number = ${number * TILE_WIDTH + k}`)?.["root"];
          if (below instanceof Uint8Array && !sameBytes(below, tile.hashes.subarray(k * HASH_BYTES, (k + 1) * HASH_BYTES)))
            this.#wrong({
              what: "tile-changed",
              tile: [level, number],
              detail: `hash ${k} is not the root of tile ${number * TILE_WIDTH + k} below`,
            });
        }
      }
    }
  }

  #head(head: Row, size: number, root: Uint8Array | undefined, origin: string, key: string): void {
    const stored = head["root"] instanceof Uint8Array ? head["root"] : new Uint8Array(0);
    if (root === undefined) this.#wrong({ what: "root-unknown", detail: "leaves are missing: the root cannot be computed" });
    else if (!sameBytes(root, stored))
      this.#wrong({ what: "root-differs", detail: `the head says ${hex(stored)}, the leaves lead to ${hex(root)}` });
    const parsed = parseVerifierKey(key, platformSha256);
    if (!parsed.ok) {
      this.#wrong({ what: "key-unreadable", detail: parsed.refused.detail });
      return;
    }
    const opened = openCheckpoint(String(head["checkpoint"]), { origin, logKeys: [parsed.value] }, platformVerifyEd25519);
    if (!opened.ok)
      this.#wrong({ what: "bad-signature", detail: `the head's checkpoint: ${opened.refused.code}, ${opened.refused.detail}` });
    else if (opened.value.size !== size || !sameBytes(opened.value.root, stored))
      this.#wrong({
        what: "checkpoint-differs",
        detail: `the signed checkpoint is of ${opened.value.size} entries, root ${hex(opened.value.root)}`,
      });
  }

  /** A private key beside the journal has to be the one that the journal names. */
  #key(origin: string, key: string): void {
    const path = this.#folder === undefined ? undefined : join(this.#folder, KEY_FILE);
    if (path === undefined || !existsSync(path)) return;
    try {
      const signer = platformSigner(origin, createPrivateKey(readFileSync(path)));
      if (formatVerifierKey(signer.key) !== key)
        this.#wrong({ what: "other-key", detail: `${KEY_FILE} is not the key that the journal names` });
    } catch (error) {
      this.#wrong({ what: "key-unreadable", detail: `${KEY_FILE}: ${text(error)}` });
    }
  }
}

function parseKey(key: string): { readonly name: string; readonly keyId: number; readonly publicKey: Uint8Array } {
  const parsed = parseVerifierKey(key, platformSha256);
  if (!parsed.ok) throw new RangeError(parsed.refused.detail);
  return parsed.value;
}
