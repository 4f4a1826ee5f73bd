// The journal's file: its tables, how an older file is brought forward, and how it is opened.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DatabaseSync } from "node:sqlite";
import { JournalError, RETENTION_CLASSES, type RetentionClass } from "../journal.ts";

export const DATABASE_FILE: string = "journal.db";
export const KEY_FILE: string = "signing-key.pem";
export const LOCK_FILE: string = "journal.lock";

/** "ATLY": says in the file's header whose it is. */
const APPLICATION_ID = 0x41544c59;

export function contentTable(retention: RetentionClass): string {
  return `content_${retention.replace("-", "_")}`;
}
/** Where the sealed parts lie; they are purged with the class operator-position. */
export const SEALED_TABLE: string = "content_sealed";

/** Classes of the first schema; what came later has its table from a later step. */
const FIRST_CLASSES = RETENTION_CLASSES.slice(0, 4);
const LAST_SCHEMA_WITH_THESE = 2;

/** The classes that a journal of this schema knows: each later schema has brought one more. */
export function classesOf(version: number): readonly RetentionClass[] {
  return RETENTION_CLASSES.slice(0, FIRST_CLASSES.length + Math.max(0, version - LAST_SCHEMA_WITH_THESE));
}

function createContentTable(database: DatabaseSync, table: string): void {
  // `content` is salt ‖ payload: the very bytes that are hashed. A purge first overwrites it with zeros of the same length (gone = 1), which moves
  // nothing on the page; rows are deleted only when no row that still has content can share a page with them (see purge.ts).
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${table}(seq INTEGER PRIMARY KEY, gone INTEGER NOT NULL DEFAULT 0, content BLOB NOT NULL) STRICT`,
  );
}

/** One step forward each; a step that has been published is never edited. */
export const MIGRATIONS: readonly ((database: DatabaseSync) => void)[] = [
  (database) => {
    // An entry's line stays for good. `retention` is the index in RETENTION_CLASSES; the hashes are what its leaf commits to.
    database.exec(`
      CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE entry(
        seq INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, retention INTEGER NOT NULL,
        payload_hash BLOB NOT NULL, sealed_hash BLOB) STRICT;
      CREATE TABLE tile(level INTEGER NOT NULL, number INTEGER NOT NULL, root BLOB NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY(level, number)) STRICT;
      CREATE TABLE head(id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, root BLOB NOT NULL, checkpoint TEXT NOT NULL) STRICT;
      CREATE TABLE signing_key(first_size INTEGER PRIMARY KEY, verifier_key TEXT NOT NULL) STRICT;`);
    for (const table of [...FIRST_CLASSES.map(contentTable), SEALED_TABLE]) createContentTable(database, table);
  },
  (database) => {
    // `depends_on` has bit i set for the class RETENTION_CLASSES[i].
    database.exec(`CREATE TABLE snapshot(
      seq INTEGER NOT NULL, format TEXT NOT NULL, state_hash TEXT NOT NULL, depends_on INTEGER NOT NULL, state BLOB NOT NULL,
      PRIMARY KEY(format, seq)) STRICT`);
  },
  (database) => createContentTable(database, contentTable("passing")),
  (database) => createContentTable(database, contentTable("report")),
  (database) => createContentTable(database, contentTable("kit")),
];
export const SCHEMA_VERSION: number = MIGRATIONS.length;

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}

/** Refuses a file that is no journal, or one that this version cannot read. Zero: a new, empty file. */
export function schemaVersion(database: DatabaseSync): number {
  const application = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  if (application === 0 && version === 0 && pragma(database, "schema_version") === 0) return 0;
  if (application !== APPLICATION_ID)
    throw new JournalError("not-a-journal", "The file is an SQLite database, but not a journal of Atalaya.");
  if (version > SCHEMA_VERSION)
    throw new JournalError(
      "newer-schema",
      `The journal was written by a newer Atalaya (schema ${version}; this one knows up to ${SCHEMA_VERSION}). Run that version, or restore a backup made before the upgrade.`,
    );
  return version;
}

/** Brings the schema forward, each step in a transaction of its own. `upTo` is for tests of older files. */
export function migrate(database: DatabaseSync, upTo: number = SCHEMA_VERSION): void {
  for (let version = schemaVersion(database); version < upTo; version += 1) {
    database.exec("BEGIN IMMEDIATE");
    try {
      MIGRATIONS[version]?.(database);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** WAL file length in pages at which a commit also moves it into the database: 16 MiB. */
const CHECKPOINT_PAGES = 4096;

/** The one connection that writes. */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    schemaVersion(database);
    // secure_delete: what is deleted is overwritten with zeros. FULL: a commit has reached the disk (see ARCHITECTURE.md, rule 4).
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA temp_store = MEMORY`);
    migrate(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** A connection beside the writer's, in this process or in another. */
export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: 5000 });
}

/**
 * For looking at evidence: nothing is written, not even beside the file. A file with a WAL (a hub is running, or has crashed) is read with it.
 * `where` is a data folder or a file.
 */
export function openAtRest(where: string): { readonly database: DatabaseSync; readonly file: string; readonly folder: string | undefined } {
  if (!existsSync(where)) throw new JournalError("not-a-journal", `There is no ${where}.`);
  const folder = statSync(where).isDirectory() ? where : undefined;
  const file = folder === undefined ? where : join(folder, DATABASE_FILE);
  if (!existsSync(file)) throw new JournalError("not-a-journal", `There is no ${DATABASE_FILE} in ${where}.`);
  const url = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set("immutable", "1");
  return { database: new DatabaseSync(url, { readOnly: true, timeout: 5000 }), file, folder };
}
