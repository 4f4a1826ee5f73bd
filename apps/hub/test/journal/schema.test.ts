// Older files come forward, newer ones and strangers are refused with a word about what to do.
import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { type TestContext } from "node:test";
import type { JournalError } from "../../src/journal/journal.ts";
import { SCHEMA_VERSION } from "../../src/journal/sqlite/schema.ts";
import { fill } from "./conformance.ts";
import { problems, type SqliteStore, sqliteStore } from "./sqlite-store.ts";

async function filled(t: TestContext): Promise<SqliteStore> {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  await fill(journal, 300);
  await journal.close();
  return store;
}

function change(store: SqliteStore, sql: string): void {
  const database = new DatabaseSync(store.file);
  database.exec(sql);
  database.close();
}

test("a journal of schema 1, which had neither snapshots nor content that passes, verifies as it is and comes forward when a hub opens it", async (t) => {
  const store = await filled(t);
  change(store, "DROP TABLE snapshot; DROP TABLE content_passing; PRAGMA user_version = 1");
  assert.deepEqual(problems(store.folder), []);
  const journal = await store.open();
  assert.equal(journal.head().size, 300);
  await journal.saveSnapshot({ seq: 300, format: "p", state: Uint8Array.of(1), stateHash: "h", dependsOn: [] });
  assert.equal(journal.loadSnapshot("p")?.seq, 300);
  await journal.close();
  const database = new DatabaseSync(store.file);
  assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], SCHEMA_VERSION);
  database.close();
  assert.deepEqual(problems(store.folder), []);
});

test("a journal of a newer schema is refused, unharmed", async (t) => {
  const store = await filled(t);
  change(store, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  const newer = (error: unknown): boolean =>
    (error as JournalError).code === "newer-schema" && /newer Atalaya/.test((error as JournalError).message);
  await assert.rejects(store.open(), newer);
  assert.throws(() => problems(store.folder), newer);
  change(store, `PRAGMA user_version = ${SCHEMA_VERSION}`);
  assert.deepEqual(problems(store.folder), []);
});

test("a database of somebody else, and a file that is none, are refused unharmed", async (t) => {
  const store = sqliteStore();
  t.after(() => store.remove());
  change(store, "CREATE TABLE theirs(a)");
  await assert.rejects(store.open(), (error) => (error as JournalError).code === "not-a-journal");
  const other = sqliteStore();
  t.after(() => other.remove());
  writeFileSync(other.file, "no database at all, but long enough to be looked at".repeat(40));
  await assert.rejects(other.open());
});

test("only its owner may read the private key", async (t) => {
  const store = await filled(t);
  assert.equal(statSync(join(store.folder, "signing-key.pem")).mode & 0o777, 0o600);
});
