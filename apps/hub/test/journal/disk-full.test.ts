// A full disk is said, refuses people's words clearly, keeps what sources sent as long as there is room in memory, and ends by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { holds, until } from "@atalaya/testing/eventually";
import type { Journal, JournalError } from "../../src/journal/journal.ts";
import { openSqliteJournal } from "../../src/journal/open.ts";
import { frame, taken } from "./conformance.ts";
import { problems } from "./sqlite-store.ts";

const payload = new Uint8Array(2000).fill(65);

/** Fills until the journal says that the disk is full; returns the last seq given out. */
async function fillUp(journal: Journal): Promise<number> {
  let last = 0;
  for (let k = 1; journal.state().status === "ok"; k += 1) {
    last = taken(journal, frame(k, { payload }));
    // No faster than it is written: the queue in memory has an end of its own.
    if (k % 50 === 0) await holds(() => journal.state().status !== "ok" || journal.state().queuedEntries < 500);
    assert.ok(k < 50_000, "the disk of the test is small");
  }
  return last;
}

async function behaves(journal: Journal, makeRoom: () => void): Promise<void> {
  const last = await fillUp(journal);
  const state = journal.state();
  assert.equal(state.status, "full");
  assert.match(state.detail, /full.*Make room/);
  assert.ok(state.durable < last, "what was acknowledged is on disk, the rest waits");
  const durable = state.durable;
  const refusal = journal.append(frame(last + 1, { retention: "record", kind: "acknowledge" }));
  assert.equal(typeof refusal === "number" ? "taken" : refusal.code, "journal-full");
  await assert.rejects(journal.durable(last), (error) => (error as JournalError).code === "journal-full");
  assert.equal(taken(journal, frame(last + 1)), last + 1, "frames still go to the queue");
  assert.equal([...journal.read(durable, 1)].length, 1, "reading goes on");
  makeRoom();
  await until("the journal goes on when there is room", () => journal.state().status === "ok" && journal.state().durable === last + 1);
  const word = taken(journal, frame(last + 2, { retention: "record", kind: "acknowledge" }));
  await journal.durable(word);
  await journal.close();
}

test("a disk that is really full (a small file system of its own, as root)", async (t) => {
  assert.equal(process.getuid?.(), 0, "this test mounts a small file system: run the suite as root");
  const folder = mkdtempSync(join(tmpdir(), "journal-full-"));
  execFileSync("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", folder]);
  t.after(() => {
    execFileSync("/usr/bin/umount", [folder]);
    rmSync(folder, { recursive: true });
  });
  const ballast = join(folder, "ballast");
  writeFileSync(ballast, new Uint8Array(3 * 1024 * 1024));
  const data = join(folder, "data");
  const journal = await openSqliteJournal(data, "El Paso", { windowMs: 2 });
  await behaves(journal, () => rmSync(ballast));
  assert.deepEqual(problems(data), []);
});

test("a hub on a full disk stops when it is told to, and starts again with everything that it had acknowledged", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "journal-limit-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const journal = await openSqliteJournal(folder, "El Paso", { windowMs: 2, maxPages: 200 });
  await fillUp(journal);
  const { durable } = journal.state();
  await journal.close();
  const again = await openSqliteJournal(folder, "El Paso");
  assert.ok(again.head().size >= durable);
  taken(again, frame(100_000));
  await again.durable(again.head().size + 1);
  await again.close();
  assert.deepEqual(problems(folder), []);
});
