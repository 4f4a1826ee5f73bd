// A hub that dies at any moment loses nothing that it had acknowledged, and leaves a journal whose tree verifies.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { openAtRest } from "../../src/journal/sqlite/schema.ts";
import { type SqliteStore, sqliteStore } from "./sqlite-store.ts";

const ROUNDS = 204;
const LINES = 2;
/** A new store now and then: checking everything after each kill stays quick. */
const ROUNDS_PER_STORE = 6;
const CHILD = fileURLToPath(new URL("./crash-child.ts", import.meta.url));

/** Runs a hub, kills it some time after its first acknowledgement, and returns the last one heard. */
async function killedAfter(folder: string, delayMs: number, cache: string): Promise<number> {
  const child = spawn(process.execPath, ["-C", "source", "--disable-warning=ExperimentalWarning", CHILD, folder], {
    stdio: ["ignore", "pipe", "inherit"],
    // Most of a round is starting: what one child has compiled the next ones take over.
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  let heard = "";
  let kill: ReturnType<typeof setTimeout> | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
    kill ??= setTimeout(() => child.kill("SIGKILL"), delayMs);
  });
  const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
  clearTimeout(kill);
  assert.equal(signal, "SIGKILL", "the child died of the kill, not of an error");
  return Number(heard.slice(0, heard.lastIndexOf("\n")).split("\n").at(-1));
}

function check(store: SqliteStore, acknowledged: number, round: number): void {
  assert.deepEqual(store.verify(), [], `round ${round}`);
  const { database } = openAtRest(store.folder);
  try {
    const size = Number(database.prepare("SELECT size FROM head").get()?.["size"]);
    assert.ok(size >= acknowledged, `round ${round}: ${acknowledged} acknowledged, ${size} there`);
    const rows = database.prepare("SELECT seq, content FROM content_frame WHERE gone = 0").iterate();
    for (const row of rows) {
      const seq = Number(row["seq"]);
      const text = Buffer.from(row["content"] as Uint8Array)
        .subarray(16)
        .toString();
      assert.equal(text, `entry ${seq} ${"x".repeat(seq % 300)}`);
    }
  } finally {
    database.close();
  }
}

test(`${ROUNDS} kills at random points lose no acknowledged entry and leave a verifiable tree`, { timeout: 1_800_000 }, async (t) => {
  let random = 12_345;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  let kills = 0;
  const cache = mkdtempSync(join(tmpdir(), "crash-cache-"));
  t.after(() => rmSync(cache, { recursive: true, force: true }));
  const line = async (): Promise<void> => {
    for (let made = 0; made < ROUNDS / LINES; made += ROUNDS_PER_STORE) {
      const store = sqliteStore();
      try {
        for (let k = 0; k < ROUNDS_PER_STORE; k += 1) {
          const acknowledged = await killedAfter(store.folder, next() * 40, cache);
          assert.ok(acknowledged > 0);
          check(store, acknowledged, (kills += 1));
        }
      } finally {
        store.remove();
      }
    }
  };
  await Promise.all(Array.from({ length: LINES }, line));
  assert.equal(kills, ROUNDS);
});
