// How fast the journal takes frames durably, and how soon a hub with a long history stands again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Sector, WallClock } from "@atalaya/hub";
import { type Journal, openSqliteJournal } from "@atalaya/hub/journal";
import { encodeBle4, encodeMessage } from "@atalaya/remote-id";
import { type Bench, type BenchResult, figure } from "./bench.ts";

const FRAME_BYTES = 300;
const RUNS = 5;
const RUN_MS = 3000;
const START_US = 1_700_000_000_000_000;
/** Entries of the restart: as many before the snapshot as the issue asks for, and a minute of a busy sector after it. */
const HISTORY = 1_000_000;
const TAIL = 20_000;
const RESTARTS = 3;
const AIRCRAFT = 200;

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

/** Location messages of 200 aircraft in turn, each a metre further on, as one Bluetooth receiver would hand them in. */
function flightFrame(k: number): Uint8Array {
  const aircraft = k % AIRCRAFT;
  const message = encodeMessage(
    {
      type: "location",
      status: 2,
      direction: 90,
      speed: 12,
      verticalSpeed: 0,
      latitude: 31.7 + aircraft * 1e-3,
      longitude: -106.5 + Math.floor(k / AIRCRAFT) * 1e-5,
      pressureAltitude: undefined,
      geodeticAltitude: 1200,
      heightType: 1,
      height: 80,
      horizontalAccuracy: 10,
      verticalAccuracy: 4,
      baroAccuracy: 0,
      speedAccuracy: 3,
      timestamp: undefined,
      timestampAccuracy: undefined,
    },
    2,
  );
  if (!(message instanceof Uint8Array)) throw new Error(message.detail);
  return encodeBle4({ transmitter: `02:00:00:00:00:${aircraft.toString(16).padStart(2, "0")}`, rssi: -60, counter: k & 0xff }, message);
}

/** Takes `count` frames in through a sector's door, waiting as a well-behaved source does. */
async function fly(sector: Sector, count: number): Promise<void> {
  const source: Parameters<Sector["run"]>[0] = {
    definition: { id: "bench", name: "bench", kind: "capture", origin: "live" },
    async start(door) {
      for (let k = 0; k < count; k += 1) {
        if (!door.frame("dlt-256", flightFrame(k), undefined)) await door.ready();
        if (k % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async stop() {},
  };
  await sector.run(source, "bench");
  await sector.journal.durable(sector.picture.seq);
}

/** From nothing to a live picture: open the journal, check its head, restore the picture's snapshot, apply what came after it. */
async function restarts(): Promise<readonly number[]> {
  const folder = fresh();
  try {
    const first = Sector.open(await openSqliteJournal(folder, "bench"), new WallClock());
    await fly(first, HISTORY - TAIL);
    // Stopping saves a snapshot; closing the journal alone, as a crash would, leaves the tail to be read.
    await first.stop();
    const second = Sector.open(await openSqliteJournal(folder, "bench"), new WallClock());
    await fly(second, TAIL);
    const { seq } = second.picture;
    await second.journal.close();
    const seconds: number[] = [];
    for (let k = 0; k < RESTARTS; k += 1) {
      const start = performance.now();
      const journal = await openSqliteJournal(folder, "bench");
      const { picture } = Sector.open(journal, new WallClock());
      if (picture.seq !== seq || seq < HISTORY || picture.trackCount !== AIRCRAFT)
        throw new Error(`${picture.trackCount} tracks after entry ${picture.seq} of ${seq}`);
      seconds.push((performance.now() - start) / 1000);
      await journal.close();
    }
    return seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  name: "journal",
  measures: `durable appends of ${FRAME_BYTES}-byte frames with salts, tree and signed checkpoints (SQLite, synchronous=FULL); a restart after ${HISTORY.toLocaleString("en")} entries to a live picture of ${AIRCRAFT} tracks (open, head check, snapshot, ${TAIL.toLocaleString("en")} frames after it)`,
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
