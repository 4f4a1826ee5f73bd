// How fast the journal takes frames durably, and how soon a hub with a long history stands again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Journal, openSqliteJournal } from "@atalaya/hub/journal";
import { type Bench, type BenchResult, figure } from "./bench.ts";

const FRAME_BYTES = 300;
const RUNS = 5;
const RUN_MS = 3000;
const START_US = 1_700_000_000_000_000;
/** Entries of the restart: as many before the snapshot as the issue asks for, and a minute of a busy sector after it. */
const HISTORY = 1_000_000;
const TAIL = 20_000;
const RESTARTS = 3;

/** Synthetic frames: the same bytes, made different where a real one would be. */
const payload: Uint8Array = new Uint8Array(FRAME_BYTES).map((_, k) => (k * 31) & 0xff);

function fresh(): string {
  return mkdtempSync(join(tmpdir(), "bench-journal-"));
}

/** Appends as fast as the journal takes it for `milliseconds`, or `count` entries; resolves when all is durable. */
async function load(journal: Journal, milliseconds: number, count: number): Promise<number> {
  const end = performance.now() + milliseconds;
  const first = journal.state().appended;
  let seq = first;
  while (seq - first < count && performance.now() < end) {
    for (let k = 0; k < 256 && seq - first < count; k += 1) {
      payload[0] = seq & 0xff;
      payload[1] = (seq >> 8) & 0xff;
      const answer = journal.append({ timeUs: START_US + seq, kind: "frame", source: "bench", retention: "frame", payload });
      if (typeof answer === "number") seq = answer;
      else if (answer.code === "queue-full") await journal.ready();
      else throw new Error(answer.detail);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.durable(seq);
  return seq - first;
}

async function framesPerSecond(): Promise<number> {
  const folder = fresh();
  try {
    const journal = await openSqliteJournal(folder, "bench");
    await load(journal, Number.POSITIVE_INFINITY, 2000);
    const start = performance.now();
    const written = await load(journal, RUN_MS, Number.POSITIVE_INFINITY);
    const seconds = (performance.now() - start) / 1000;
    await journal.close();
    return written / seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The peer: the same rows into SQLite with the same durability, without tree, salts, hashes and signatures. */
function bareRowsPerSecond(batch: number): number {
  const folder = fresh();
  try {
    const database = new DatabaseSync(join(folder, "bare.db"));
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096");
    database.exec("CREATE TABLE entry(seq INTEGER PRIMARY KEY, time_us INTEGER, kind TEXT, source TEXT, payload BLOB)");
    const insert = database.prepare("INSERT INTO entry(time_us, kind, source, payload) VALUES (?, 'frame', 'bench', ?)");
    const start = performance.now();
    let written = 0;
    while (performance.now() - start < RUN_MS) {
      database.exec("BEGIN");
      for (let k = 0; k < batch; k += 1) insert.run(START_US + written + k, payload);
      database.exec("COMMIT");
      written += batch;
    }
    const seconds = (performance.now() - start) / 1000;
    database.close();
    return written / seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a person waits for whose word is written while frames arrive at 2,000 a second: 200 sensors at 10 Hz. */
async function durableMs(): Promise<readonly number[]> {
  const folder = fresh();
  try {
    const journal = await openSqliteJournal(folder, "bench");
    const waits: number[] = [];
    let timeUs = START_US;
    for (let k = 0; k < 300; k += 1) {
      for (let f = 0; f < 20; f += 1)
        journal.append({ timeUs: (timeUs += 1), kind: "frame", source: "bench", retention: "frame", payload });
      if (k % 3 === 0) {
        const start = performance.now();
        const seq = journal.append({ timeUs: (timeUs += 1), kind: "acknowledge", source: "", retention: "record", payload });
        if (typeof seq !== "number") throw new Error(seq.detail);
        await journal.durable(seq);
        waits.push(performance.now() - start);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await journal.close();
    return waits;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From nothing to the last entry read: open, check the head, load the snapshot, read what came after it. */
async function restarts(): Promise<readonly number[]> {
  const folder = fresh();
  try {
    const journal = await openSqliteJournal(folder, "bench");
    await load(journal, Number.POSITIVE_INFINITY, HISTORY - TAIL);
    const state = new Uint8Array(4 * 1024 * 1024);
    await journal.saveSnapshot({ seq: HISTORY - TAIL, format: "bench", state, stateHash: "", dependsOn: ["frame"] });
    await load(journal, Number.POSITIVE_INFINITY, TAIL);
    await journal.close();
    const seconds: number[] = [];
    for (let k = 0; k < RESTARTS; k += 1) {
      const start = performance.now();
      const again = await openSqliteJournal(folder, "bench");
      const snapshot = again.loadSnapshot("bench");
      let read = 0;
      for (const entry of again.read((snapshot?.seq ?? 0) + 1, TAIL)) read += entry.payload === undefined ? 0 : 1;
      if (read !== TAIL || again.head().size !== HISTORY) throw new Error(`${read} entries read`);
      seconds.push((performance.now() - start) / 1000);
      await again.close();
    }
    return seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  name: "journal",
  measures: `durable appends of ${FRAME_BYTES}-byte frames with salts, tree and signed checkpoints (SQLite, synchronous=FULL); a restart after ${HISTORY.toLocaleString("en")} entries (journal only: open, head check, snapshot, ${TAIL.toLocaleString("en")} entries after it)`,
  async run(): Promise<BenchResult> {
    const rates: number[] = [];
    const bare: number[] = [];
    for (let k = 0; k < RUNS; k += 1) {
      rates.push(await framesPerSecond());
      if (k < 3) bare.push(bareRowsPerSecond(1000));
    }
    const waits = [...(await durableMs())].sort((a, b) => a - b);
    const at = (share: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN;
    const seconds = await restarts();
    return {
      figures: {
        frames_per_s: figure("frames/s", rates),
        durable_p50_ms: figure("ms", [at(0.5)]),
        durable_p99_ms: figure("ms", [at(0.99)]),
        restart_s: figure("s", seconds),
      },
      peers: { bare_sqlite_rows_per_s: figure("rows/s", bare) },
    };
  },
};
