// The one place that writes the journal: entries, leaves, tiles and the signed head of a batch in one transaction.
import { randomFillSync } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  encodeLeafRecord,
  formatVerifierKey,
  hex,
  leafHash,
  openCheckpoint,
  parseVerifierKey,
  SALT_BYTES,
  sameBytes,
  signCheckpoint,
  type Signer,
  subtreeRoot,
  type Tile,
  TILE_WIDTH,
  Tree,
} from "@atalaya/ledger";
import { type Head, JournalError, type PurgeableClass, type PurgeRecord, RETENTION_CLASSES, type Snapshot } from "../journal.ts";
import { type Batch, batchEntries, retentionCode } from "./batch.ts";
import { platformSha256, platformSigner, platformVerifyEd25519, signingKey } from "./platform-crypto.ts";
import { lastPurgeKey, planPurge, type PurgePlan, removeContent } from "./purge.ts";
import { contentTable, DATABASE_FILE, KEY_FILE, openForWriting, SEALED_TABLE } from "./schema.ts";

const SNAPSHOTS_KEPT = 2;

export interface WriterOptions {
  readonly folder: string;
  /** Name of the log and of its key, for a journal that is new; one that exists keeps its own. No spaces, no "+". */
  readonly origin: string;
  /** Pages that the file may grow to; for tests of a full disk. */
  readonly maxPages?: number | undefined;
}

function number(value: unknown): number {
  return Number(value);
}
function bytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

export class Writer {
  readonly #database: DatabaseSync;
  readonly #signer: Signer;
  readonly #origin: string;
  readonly #insertEntry: StatementSync;
  readonly #insertContent: readonly StatementSync[];
  readonly #insertSealed: StatementSync;
  readonly #insertTile: StatementSync;
  readonly #updateHead: StatementSync;
  #tree: Tree;
  #head: Head;
  #salts: Uint8Array = new Uint8Array(64 * 1024);
  #saltsUsed: number = this.#salts.length;

  constructor({ folder, origin, maxPages }: WriterOptions) {
    const path = join(folder, DATABASE_FILE);
    const keyPath = join(folder, KEY_FILE);
    const database = openForWriting(path);
    this.#database = database;
    try {
      if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
      this.#insertEntry = database.prepare(
        "INSERT INTO entry(seq, time_us, kind, source, retention, payload_hash, sealed_hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
      );
      this.#insertContent = RETENTION_CLASSES.map((name) =>
        database.prepare(`INSERT INTO ${contentTable(name)}(seq, content) VALUES (?, ?)`),
      );
      this.#insertSealed = database.prepare(`INSERT INTO ${SEALED_TABLE}(seq, content) VALUES (?, ?)`);
      this.#insertTile = database.prepare("INSERT INTO tile(level, number, root, hashes) VALUES (?, ?, ?, ?)");
      this.#updateHead = database.prepare(
        "INSERT INTO head(id, size, root, checkpoint) VALUES (1, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET size = excluded.size, root = excluded.root, checkpoint = excluded.checkpoint",
      );
      const stored = database.prepare("SELECT value FROM meta WHERE key = 'origin'").get();
      this.#origin = stored === undefined ? origin : String(stored["value"]);
      const newKey = !existsSync(keyPath);
      this.#signer = platformSigner(this.#origin, signingKey(keyPath));
      if (stored === undefined) database.prepare("INSERT INTO meta(key, value) VALUES ('origin', ?)").run(this.#origin);
      this.#tree = loadTree(database);
      this.#head = this.#checkedHead();
      this.#enterKey(newKey);
      // A crash between a purge's commit and its truncation leaves the purged bytes in the WAL: it ends here.
      this.truncateWal();
    } catch (error) {
      database.close();
      throw error;
    }
  }

  get head(): Head {
    return this.#head;
  }
  get origin(): string {
    return this.#origin;
  }
  get lastTimeUs(): number {
    return number(
      this.#database.prepare("SELECT time_us FROM entry WHERE seq = ?").get(this.#head.size)?.["time_us"] ?? Number.MIN_SAFE_INTEGER,
    );
  }

  /** Writes a batch; when this returns, it is on the disk. A purge's batch holds its one entry, and removes what the entry says. */
  commit(batch: Batch, purge?: PurgeRecord): Head {
    let head = this.#head;
    const { firstSeq } = batch;
    if (firstSeq !== this.#head.size + 1) throw new RangeError(`entry ${firstSeq} does not follow ${this.#head.size}`);
    const tree = this.#tree.clone((tile) => this.#putTile(tile));
    this.#transaction(() => {
      let seq = firstSeq;
      for (const { timeUs, kind, source, retention, content, sealed } of batchEntries(batch)) {
        this.#salt(content);
        const payloadHash = platformSha256(content);
        let sealedHash: Uint8Array | undefined;
        if (sealed !== undefined) {
          this.#salt(sealed);
          sealedHash = platformSha256(sealed);
          this.#insertSealed.run(seq, sealed);
        }
        const code = retentionCode(retention);
        this.#insertEntry.run(seq, timeUs, kind, source, code, payloadHash, sealedHash ?? null);
        this.#insertContent[code]?.run(seq, content);
        tree.append(
          leafHash(
            encodeLeafRecord({ seq, timeUs, kind, source, retention: code, payload: payloadHash, sealed: sealedHash }),
            platformSha256,
          ),
        );
        seq += 1;
      }
      if (purge !== undefined) removeContent(this.#database, purge, firstSeq);
      head = this.#putHead(tree);
    });
    this.#tree = tree;
    this.#head = head;
    return head;
  }

  planPurge(retention: PurgeableClass, beforeUs: number): PurgePlan | undefined {
    return planPurge(this.#database, this.#head.size, retention, beforeUs);
  }

  /** False: somebody reads (a backup, say), and the bytes are still in the WAL; try again. */
  truncateWal(): boolean {
    // Without waiting: commits go on meanwhile.
    this.#database.exec("PRAGMA busy_timeout = 0");
    const row = this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    this.#database.exec("PRAGMA busy_timeout = 5000");
    return number(row?.["busy"]) === 0;
  }

  /** False: a purge has meanwhile removed something that the state was made of. */
  saveSnapshot({ seq, format, state, stateHash, dependsOn }: Snapshot): boolean {
    if (seq > this.#head.size) throw new RangeError(`a snapshot of entry ${seq} of ${this.#head.size}`);
    const purged = this.#database.prepare("SELECT value FROM meta WHERE key = ?");
    for (const name of dependsOn) {
      const record = purged.get(lastPurgeKey(name));
      if (record !== undefined && number(record["value"]) > seq) return false;
    }
    const bits = dependsOn.reduce((sum, name) => sum | (1 << retentionCode(name)), 0);
    this.#transaction(() => {
      this.#database
        .prepare("INSERT OR REPLACE INTO snapshot(seq, format, state_hash, depends_on, state) VALUES (?, ?, ?, ?, ?)")
        .run(seq, format, stateHash, bits, state);
      this.#database
        .prepare("DELETE FROM snapshot WHERE rowid NOT IN (SELECT rowid FROM snapshot ORDER BY seq DESC LIMIT ?)")
        .run(SNAPSHOTS_KEPT);
    });
    return true;
  }

  close(): void {
    this.#database.close();
  }

  #transaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      // SQLite ends some transactions by itself, on a full disk for instance.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #salt(content: Uint8Array): void {
    if (this.#saltsUsed === this.#salts.length) {
      randomFillSync(this.#salts);
      this.#saltsUsed = 0;
    }
    content.set(this.#salts.subarray(this.#saltsUsed, this.#saltsUsed + SALT_BYTES));
    this.#saltsUsed += SALT_BYTES;
  }

  #putTile({ level, index, hashes }: Tile): void {
    this.#insertTile.run(level, index, subtreeRoot(hashes, platformSha256), hashes);
  }

  #putHead(tree: Tree): Head {
    const root = tree.root();
    const checkpoint = signCheckpoint({ origin: this.#origin, size: tree.size, root, extensions: [] }, [this.#signer]);
    if (!checkpoint.ok) throw new RangeError(checkpoint.refused.detail);
    this.#updateHead.run(tree.size, root, checkpoint.value);
    return { size: tree.size, root, checkpoint: checkpoint.value };
  }

  /** The stored head, if it is the head of the stored tree and signed by the last key. */
  #checkedHead(): Head {
    const row = this.#database.prepare("SELECT size, root, checkpoint FROM head WHERE id = 1").get();
    if (row === undefined) {
      if (this.#tree.size > 0) throw damaged("it has entries, but no head");
      return { size: 0, root: this.#tree.root(), checkpoint: "" };
    }
    const head = { size: number(row["size"]), root: bytes(row["root"]), checkpoint: String(row["checkpoint"]) };
    if (head.size !== this.#tree.size || !sameBytes(head.root, this.#tree.root()))
      throw damaged(`its head (${head.size} entries, root ${hex(head.root)}) is not the head of what is stored`);
    const stored = this.#database.prepare("SELECT verifier_key FROM signing_key ORDER BY first_size DESC LIMIT 1").get();
    const key = parseVerifierKey(String(stored?.["verifier_key"]));
    if (!key.ok) throw damaged("its public key cannot be read");
    const opened = openCheckpoint(head.checkpoint, { origin: this.#origin, logKeys: [key.value] }, platformVerifyEd25519);
    if (!opened.ok) throw damaged(`its head is not signed as it should be: ${opened.refused.detail}`);
    if (opened.value.size !== head.size || !sameBytes(opened.value.root, head.root)) throw damaged("its head and its signed head differ");
    return head;
  }

  /** Notes the public key of a new journal, or of one that goes on under a new key (restored without the old one). */
  #enterKey(newKey: boolean): void {
    const text = formatVerifierKey(this.#signer.key);
    const last = this.#database.prepare("SELECT verifier_key FROM signing_key ORDER BY first_size DESC LIMIT 1").get();
    if (last !== undefined && String(last["verifier_key"]) === text) return;
    if (last !== undefined && !newKey)
      throw new JournalError(
        "not-a-journal",
        `${KEY_FILE} is not the key of this journal. Put the journal's own key there, or remove the file to go on under a new key.`,
      );
    let head = this.#head;
    this.#transaction(() => {
      this.#database.prepare("INSERT OR REPLACE INTO signing_key(first_size, verifier_key) VALUES (?, ?)").run(head.size, text);
      if (head.size > 0) head = this.#putHead(this.#tree);
    });
    this.#head = head;
  }
}

function damaged(what: string): JournalError {
  return new JournalError("damaged", `The journal is damaged: ${what}. Run "atalaya verify" on it to see where, and restore a backup.`);
}

/** The tree's right edge from the stored tiles; the leaves that are in no full tile yet are hashed again from their entries. */
function loadTree(database: DatabaseSync): Tree {
  const size = number(database.prepare("SELECT size FROM head WHERE id = 1").get()?.["size"] ?? 0);
  const tree = new Tree(() => undefined, platformSha256);
  let top = 0;
  while (TILE_WIDTH ** (top + 1) <= size) top += 1;
  const rootOf = database.prepare("SELECT root FROM tile WHERE level = ? AND number = ?");
  for (let level = top; level >= 1; level -= 1) {
    const leaves = TILE_WIDTH ** level;
    while (tree.size + leaves <= size) {
      const index = tree.size / leaves;
      const root = rootOf.get(level - 1, index)?.["root"];
      if (!(root instanceof Uint8Array)) throw damaged(`tile ${index} of level ${level - 1} is missing`);
      tree.appendSubtree(level, root);
    }
  }
  const rows = database.prepare("SELECT * FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq").all(tree.size, size);
  for (const row of rows) {
    if (number(row["seq"]) !== tree.size + 1) break;
    tree.append(leafHash(leafRecordOf(row), platformSha256));
  }
  if (tree.size !== size) throw damaged(`entry ${tree.size + 1} is missing`);
  return tree;
}

/** The record that the leaf of a stored entry is the hash of. */
export function leafRecordOf(row: Readonly<Record<string, unknown>>): Uint8Array {
  return encodeLeafRecord({
    seq: number(row["seq"]),
    timeUs: number(row["time_us"]),
    kind: String(row["kind"]),
    source: String(row["source"]),
    retention: number(row["retention"]),
    payload: bytes(row["payload_hash"]),
    sealed: row["sealed_hash"] instanceof Uint8Array ? row["sealed_hash"] : undefined,
  });
}
