// A backup of a running hub verifies, a damaged one is not restored, and nothing is overwritten.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { backUp, restore } from "../../src/journal/sqlite/backup.ts";
import { openSqliteJournal } from "../../src/journal/open.ts";
import { fill, frame, START_US, taken } from "./conformance.ts";
import { problems, sqliteStore } from "./sqlite-store.ts";

test("a running hub is backed up while it writes; the copy is one moment of it, verifies, and goes on elsewhere", async (t) => {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  await fill(journal, 5000, 1, { sealed: Buffer.from("MARKER-GONE-BEFORE") });
  await journal.purge({ retention: "operator-position", beforeUs: START_US + 9000, by: "test", nowUs: () => START_US + 9000 });
  const stop = new AbortController();
  const writes = (async () => {
    for (let k = 9001; !stop.signal.aborted; k += 1) {
      await journal.durable(taken(journal, frame(k)));
    }
  })();
  const file = join(store.folder, "copy.backup");
  const report = await journal.backup(file);
  stop.abort();
  await writes;
  assert.ok(report.entries >= 5001 && report.entries <= journal.head().size);
  assert.deepEqual(problems(file), []);
  assert.ok(!readFileSync(file).includes("MARKER-GONE-BEFORE"));
  assert.ok(!existsSync(`${file}.part`) && !existsSync(`${file}.key`), "the private key stays");
  await assert.rejects(journal.backup(file), /does not overwrite/);
  // The same from outside, as the command does it, with the key.
  const second = join(store.folder, "second.backup");
  backUp(store.folder, second, true);
  assert.equal(statSync(`${second}.key`).mode & 0o777, 0o600);
  await journal.close();

  const elsewhere = join(store.folder, "elsewhere");
  assert.deepEqual(Buffer.from(restore(second, elsewhere, `${second}.key`).root).toString("hex").length, 64);
  const restored = await openSqliteJournal(elsewhere, "another name");
  assert.match(restored.head().checkpoint, /^atalaya\/el-paso\n/, "the log keeps its name");
  await restored.purge({ retention: "frame", beforeUs: START_US + 5001, by: "test", nowUs: () => START_US + 800_000 });
  assert.ok(
    !/frame [1-4]\d{3}(?!\d)/.test(readFileSync(join(elsewhere, "journal.db"), "latin1")),
    "a purge leaves no copy in a restored file either",
  );
  assert.equal(restored.append(frame(900_000)), restored.head().size + 1);
  await restored.close();
  assert.deepEqual(problems(elsewhere), []);
});

test("a backup is restored into an empty folder only, with its own key only, and only if it verifies", async (t) => {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  await fill(journal, 400, 1, { payload: Buffer.from("a content of some length") });
  await journal.close();
  const file = join(store.folder, "copy.backup");
  backUp(store.folder, file);
  assert.throws(() => restore(file, store.folder), /not empty/);
  const other = sqliteStore();
  t.after(() => other.remove());
  await (await other.open()).close();
  const target = join(store.folder, "target");
  assert.throws(() => restore(file, target, join(other.folder, "signing-key.pem")), /not the key/);
  assert.ok(!existsSync(target));
  const bytes = readFileSync(file);
  const at = bytes.indexOf("a content of some length");
  bytes[at] = 0x41;
  const damaged = join(store.folder, "damaged.backup");
  writeFileSync(damaged, bytes);
  assert.throws(() => restore(damaged, target), /content-changed at entry \d+/);
  assert.ok(!existsSync(target), "nothing is left of the attempt");
  mkdirSync(target);
  assert.equal(restore(file, target).entries, 400);
  assert.deepEqual(readdirSync(target), ["journal.db"]);
  rmSync(file);
  assert.throws(() => restore(file, join(store.folder, "t2")), /There is no/);
});

test("a damaged journal is not backed up as if it were whole", async (t) => {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  await fill(journal, 100, 1, { payload: Buffer.from("a content of some length") });
  await journal.close();
  const bytes = readFileSync(store.file);
  bytes[bytes.indexOf("a content of some length")] = 0x41;
  writeFileSync(store.file, bytes);
  const file = join(store.folder, "copy.backup");
  assert.throws(() => backUp(store.folder, file), /does not verify/);
  assert.ok(!existsSync(file) && !existsSync(`${file}.part`));
});
