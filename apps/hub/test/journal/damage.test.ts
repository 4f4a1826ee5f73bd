// Damage and tampering are found and named, by entry, tile or page; nothing crashes.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { type TestContext } from "node:test";
import type { JournalError } from "../../src/journal/journal.ts";
import { verifyJournal } from "../../src/journal/sqlite/verify.ts";
import { fill, frame, START_US, taken } from "./conformance.ts";
import { problems, type SqliteStore, sqliteStore } from "./sqlite-store.ts";

const COUNT = 700;

async function filled(t: TestContext): Promise<SqliteStore> {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  for (let k = 1; k <= COUNT; k += 1)
    taken(
      journal,
      frame(k, { payload: Buffer.from(`content number ${k}.`), ...(k === 350 ? { sealed: Buffer.from("sealed number 350.") } : {}) }),
    );
  await journal.durable(COUNT);
  await journal.close();
  return store;
}

function tamper(store: SqliteStore, sql: string): void {
  const database = new DatabaseSync(store.file);
  database.exec(sql);
  database.close();
}

/** Changes one byte of the file at the only place where these bytes stand. */
function flip(store: SqliteStore, bytes: string): number {
  const file = readFileSync(store.file);
  const at = file.indexOf(bytes);
  assert.ok(at > 0 && file.indexOf(bytes, at + 1) < 0);
  file[at] = (file[at] ?? 0) ^ 1;
  writeFileSync(store.file, file);
  return at;
}

test("a flipped bit in a content is named by its entry", async (t) => {
  const store = await filled(t);
  flip(store, "content number 421.");
  assert.deepEqual(
    problems(store.folder).map(({ what, seq }) => [what, seq]),
    [["content-changed", 421]],
  );
  const journal = await store.open();
  assert.throws(
    () => [...journal.read(400, 100)],
    (error) => (error as JournalError).code === "damaged" && /entry 421/.test((error as JournalError).message),
  );
  assert.equal([...journal.read(422, 10)].length, 10, "the rest can be read");
  const failure = await new Promise<Error>((resolve) => journal.subscribe(1, () => undefined, resolve));
  assert.match(failure.message, /entry 421/, "a subscriber is told, and the hub goes on");
  await journal.close();
});

const changes: readonly (readonly [name: string, sql: string, expected: readonly (readonly [string, number | undefined])[]])[] = [
  ["a changed time", "UPDATE entry SET time_us = time_us + 1 WHERE seq = 77", [["entry-changed", 77]]],
  ["a changed kind", "UPDATE entry SET kind = 'note' WHERE seq = 1", [["entry-changed", 1]]],
  ["a changed source", "UPDATE entry SET source = 'other' WHERE seq = 512", [["entry-changed", 512]]],
  ["a removed entry", "DELETE FROM entry WHERE seq = 300; DELETE FROM content_frame WHERE seq = 300", [["entry-missing", 300]]],
  ["a content removed without a purge", "DELETE FROM content_frame WHERE seq = 5", [["content-missing", 5]]],
  ["a sealed part removed without a purge", "DELETE FROM content_sealed", [["content-missing", 350]]],
  [
    "a content marked as purged",
    "UPDATE content_frame SET gone = 1 WHERE seq = 9",
    [
      ["content-missing", 9],
      ["content-not-erased", 9],
    ],
  ],
  [
    "an entry added behind the head",
    "INSERT INTO entry SELECT 701, time_us, kind, source, retention, payload_hash, sealed_hash FROM entry WHERE seq = 700",
    [["entry-beyond-head", 701]],
  ],
  [
    "a content that belongs to no class of its entry",
    "INSERT INTO content_record(seq, content) VALUES (20, x'00')",
    [["content-unexpected", 20]],
  ],
  [
    "a changed tile",
    "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE number = 1",
    [
      ["tile-changed", undefined],
      ["tile-changed", undefined],
    ],
  ],
  ["a missing tile", "DELETE FROM tile WHERE number = 0", [["tile-missing", undefined]]],
  [
    "another root",
    "UPDATE head SET root = zeroblob(32)",
    [
      ["root-differs", undefined],
      ["checkpoint-differs", undefined],
    ],
  ],
  ["a changed checkpoint", "UPDATE head SET checkpoint = replace(checkpoint, '700', '701')", [["bad-signature", undefined]]],
  [
    "a cut end",
    "DELETE FROM entry WHERE seq > 600; DELETE FROM content_frame WHERE seq > 600; UPDATE head SET size = 600",
    [
      ["root-differs", undefined],
      ["checkpoint-differs", undefined],
    ],
  ],
];
for (const [name, sql, expected] of changes)
  test(`${name} is found and named`, async (t) => {
    const store = await filled(t);
    tamper(store, sql);
    assert.deepEqual(
      problems(store.folder).map(({ what, seq }) => [what, seq]),
      expected,
    );
  });

test("a changed entry in the part that no tile covers yet shows in the root, and the hub does not start on it", async (t) => {
  const store = await filled(t);
  tamper(store, "UPDATE entry SET time_us = time_us + 1 WHERE seq = 699");
  assert.deepEqual(
    problems(store.folder).map(({ what }) => what),
    ["root-differs"],
  );
  await assert.rejects(store.open(), (error) => (error as JournalError).code === "damaged");
});

test("a damaged page is named, the entries on it too, and the rest is still checked", async (t) => {
  const store = await filled(t);
  const at = readFileSync(store.file).indexOf("content number 421.");
  const page = Math.floor(at / 4096);
  const file = readFileSync(store.file);
  file.fill(0xff, page * 4096, (page + 1) * 4096);
  writeFileSync(store.file, file);
  const found = problems(store.folder);
  assert.ok(
    found.some((problem) => problem.page === page + 1),
    `page ${page + 1} in ${JSON.stringify(found.slice(0, 5))}`,
  );
  assert.ok(found.some((problem) => problem.seq === 421));
  assert.ok(!found.some((problem) => problem.seq === 2), "entries on other pages are not accused");
});

test("any page overwritten with anything never crashes the check, and is always noticed or unused", async (t) => {
  const store = await filled(t);
  const good = readFileSync(store.file);
  const pages = good.length / 4096;
  const used = new Set<number>();
  const database = new DatabaseSync(store.file, { readOnly: true });
  for (const row of database.prepare("SELECT pageno, name FROM dbstat").all())
    if (!String(row["name"]).startsWith("sqlite_autoindex_meta")) used.add(Number(row["pageno"]));
  database.close();
  for (let page = 0; page < pages; page += Math.max(1, Math.floor(pages / 40))) {
    const bad = Buffer.from(good);
    for (let k = page * 4096; k < (page + 1) * 4096; k += 1) bad[k] = (k * 2_654_435_761) & 0xff;
    writeFileSync(store.file, bad);
    let noticed: boolean;
    try {
      noticed = problems(store.file).length > 0;
    } catch (error) {
      noticed = (error as JournalError).code === "not-a-journal";
    }
    assert.ok(noticed || !used.has(page + 1), `page ${page + 1}`);
  }
});

test("a journal that is being written and purged verifies at any moment", async (t) => {
  const store = await filled(t);
  const journal = await store.open();
  for (let round = 0; round < 15; round += 1) {
    const now = START_US + 1000 * (round + 1);
    for (let k = 0; k < 200; k += 1) taken(journal, frame(0, { timeUs: now + k }));
    const purge = journal.purge({ retention: "frame", beforeUs: now - 1500, by: "test", nowUs: () => now + 500 });
    await new Promise((resolve) => setTimeout(resolve, round));
    assert.deepEqual(problems(store.folder), []);
    await purge;
  }
  await journal.close();
});

test("a file cut short is noticed", async (t) => {
  const store = await filled(t);
  const file = readFileSync(store.file);
  writeFileSync(store.file, file.subarray(0, Math.floor(file.length / 2 / 4096) * 4096));
  assert.ok(problems(store.file).length > 0);
  writeFileSync(store.file, file.subarray(0, 50));
  assert.throws(() => problems(store.file).length === 0 || assert.fail("noticed"));
  writeFileSync(store.file, "");
  assert.throws(
    () => problems(store.file),
    (error) => (error as JournalError).code === "not-a-journal",
  );
});

test("a rewritten history with a key of its own is found by a checkpoint that somebody kept", async (t) => {
  const store = await filled(t);
  const kept = new DatabaseSync(store.file, { readOnly: true });
  const checkpoint = String(kept.prepare("SELECT checkpoint FROM head").get()?.["checkpoint"]);
  kept.close();
  const found: string[] = [];
  assert.ok(verifyJournal(store.folder, ({ what }) => found.push(what), { checkpoint }).ok);
  const journal = await store.open();
  await fill(journal, 20, COUNT + 1);
  await journal.close();
  assert.ok(verifyJournal(store.folder, ({ what }) => found.push(what), { checkpoint }).ok, "a longer journal continues it");
  rmSync(store.file);
  const forged = await store.open();
  await fill(forged, COUNT + 20, 1, { source: "forged" });
  await forged.close();
  assert.deepEqual(problems(store.folder), [], "by itself the forgery is consistent");
  verifyJournal(store.folder, ({ what }) => found.push(what), { checkpoint });
  assert.deepEqual(found, ["history-changed"]);
});

test("the private key of another journal is noticed, and the hub refuses to sign with it", async (t) => {
  const [store, other] = [await filled(t), await filled(t)];
  writeFileSync(join(store.folder, "signing-key.pem"), readFileSync(join(other.folder, "signing-key.pem")));
  assert.deepEqual(
    problems(store.folder).map(({ what }) => what),
    ["other-key"],
  );
  await assert.rejects(store.open(), /not the key of this journal/);
  rmSync(join(store.folder, "signing-key.pem"));
  const journal = await store.open();
  taken(journal, frame(COUNT + 1, { timeUs: START_US + COUNT + 1 }));
  await journal.close();
  assert.deepEqual(problems(store.folder), [], "without a key it goes on under a new one");
});
