// The checks of `doctor`, one by one: what was found, whether it is well, and what to do where it is not.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BASEMAP_FILE, CONSOLE_FOLDER, METRICS_KEY_FILE, RUNNING_FILE } from "@atalaya/hub";

export interface Result {
  readonly name: string;
  readonly state: "ok" | "attention" | "unknown";
  readonly found: string;
  /** What to do; only where something is to be done. */
  readonly todo?: string;
}

interface Place {
  readonly data: string;
  readonly url: string | undefined;
  readonly port: number;
}

const LEAST_NODE = [24, 12, 0];
/** The first release without the fault by which a write-ahead log that starts anew can damage the file (sqlite.org, changes of 3.51.3). */
const LEAST_SQLITE = [3, 51, 3];
const LEAST_FREE_BYTES = 2 ** 30;
const SYNCS = 20;
const SLOW_SYNC_MS = 50;
const FAR_CLOCK_S = 0.5;

function atLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  for (const [k, wanted] of least.entries()) {
    const part = parts[k] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function ok(name: string, found: string): Result {
  return { name, state: "ok", found };
}
function attention(name: string, found: string, todo: string): Result {
  return { name, state: "attention", found, todo };
}
function unknown(name: string, found: string, todo?: string): Result {
  return { name, state: "unknown", found, ...(todo === undefined ? {} : { todo }) };
}
function versions(): readonly Result[] {
  const { node, sqlite = "0" } = process.versions;
  return [
    atLeast(node, LEAST_NODE)
      ? ok("node", `Node ${node}`)
      : attention("node", `Node ${node}`, `Use Node ${LEAST_NODE.join(".")} or newer: npm start brings it.`),
    atLeast(sqlite, LEAST_SQLITE)
      ? ok("sqlite", `SQLite ${sqlite}, without the write-ahead-log fault of earlier ones`)
      : attention("sqlite", `SQLite ${sqlite} can damage the journal`, `Use a Node with SQLite ${LEAST_SQLITE.join(".")} or newer.`),
  ];
}

function disk(data: string): readonly Result[] {
  if (!existsSync(data))
    return [unknown("data folder", `${data} does not exist yet`, "It is made at the first start; name another with --data.")];
  const results: Result[] = [];
  const mode = statSync(data).mode & 0o777;
  results.push(
    (mode & 0o077) === 0
      ? ok("data folder", `${data}, readable by its owner alone`)
      : attention("data folder", `${data} can be entered by others (mode ${mode.toString(8)})`, `chmod 700 ${data}`),
  );
  const { bavail, bsize, blocks } = statfsSync(data);
  const free = bavail * bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free (${Math.round((bavail / blocks) * 100)} %)`;
  results.push(
    free >= LEAST_FREE_BYTES
      ? ok("disk space", found)
      : attention(
          "disk space",
          found,
          "Make room, or move the folder with backup and restore: a full disk stops people's reports from being taken.",
        ),
    syncs(data),
  );
  return results;
}

/** How long the disk takes to make 4 kB durable: what a person waits for before a report is confirmed. */
function syncs(data: string): Result {
  const file = join(data, `.doctor-${process.pid}`);
  try {
    const handle = openSync(file, "wx", 0o600);
    const times: number[] = [];
    try {
      const block = Buffer.alloc(4096, 1);
      for (let k = 0; k < SYNCS; k += 1) {
        const began = performance.now();
        writeSync(handle, block);
        fdatasyncSync(handle);
        times.push(performance.now() - began);
      }
    } finally {
      closeSync(handle);
      rmSync(file, { force: true });
    }
    times.sort((a, b) => a - b);
    const median = times[SYNCS >> 1] ?? 0;
    const found = `a write is on disk after ${median.toFixed(1)} ms (longest of ${SYNCS}: ${(times.at(-1) ?? 0).toFixed(1)} ms)`;
    return median < SLOW_SYNC_MS
      ? ok("disk speed", found)
      : attention("disk speed", found, "Use a faster disk, or one that less else writes to.");
  } catch (error) {
    return attention("disk speed", error instanceof Error ? error.message : String(error), "Let the hub's user write to the folder.");
  }
}

function answerOf(program: string, ...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, words, { encoding: "utf8", timeout: 3000 });
  return status === 0 ? stdout.trim() : undefined;
}

function clock(): Result {
  // chronyc -c tracking: the fifth field is the system clock's offset from true time, s.
  const offset = Number(answerOf("chronyc", "-c", "tracking")?.split(",")[4] ?? Number.NaN);
  if (Number.isFinite(offset)) {
    const found = `${Math.abs(offset * 1000).toFixed(1)} ms ${offset < 0 ? "fast" : "slow"} by chrony`;
    return Math.abs(offset) < FAR_CLOCK_S ? ok("clock", found) : attention("clock", found, "Let chrony step it: chronyc makestep");
  }
  const synchronised = answerOf("timedatectl", "show", "-p", "NTPSynchronized", "--value");
  if (synchronised === "yes") return ok("clock", "kept by network time; its offset is not known here");
  if (synchronised === "no") return attention("clock", "not kept by network time", "timedatectl set-ntp true");
  return unknown(
    "clock",
    "neither chrony nor systemd answers: its offset is not known",
    "Install chrony, or set the clock by hand against a good one.",
  );
}

function journal(data: string): Result {
  const file = join(data, "journal.db");
  if (!existsSync(file)) return unknown("journal", "none yet");
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    try {
      const [wrong] = database.prepare("PRAGMA quick_check(1)").all();
      const verdict = String(Object.values(wrong ?? {})[0]);
      const entries = Number(database.prepare("SELECT coalesce(max(seq), 0) AS entries FROM entry").get()?.["entries"]);
      return verdict === "ok"
        ? ok("journal", `${entries} entries, the file is sound; every hash and signature: atalaya verify ${data}`)
        : attention("journal", `damaged: ${verdict}`, `atalaya verify ${data} says what and where; restore the newest backup.`);
    } finally {
      database.close();
    }
  } catch (error) {
    return attention(
      "journal",
      error instanceof Error ? error.message : String(error),
      "Restore the newest backup: atalaya restore FILE --data DIR",
    );
  }
}

function built(): readonly Result[] {
  return [
    existsSync(join(CONSOLE_FOLDER, "index.html")) ? ok("console", "built") : attention("console", "not built", "npm run build"),
    existsSync(BASEMAP_FILE) ? ok("map", "built") : attention("map", "the base map is not built", "npm run build"),
  ];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function runningUrl(data: string): string | undefined {
  try {
    const { url } = JSON.parse(textOf(join(data, RUNNING_FILE)) ?? "{}") as { readonly url?: unknown };
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}

async function get(url: string, key?: string): Promise<{ readonly status: number; readonly text: string } | undefined> {
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(3000),
      ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
    });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return undefined;
  }
}

function portFree(port: number): Promise<Result> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () =>
      resolve(attention("port", `${port} is taken`, "Choose another with --port, or stop the program that has it.")),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(ok("port", `${port} is free`))));
  });
}

async function* hub({ data, url: given, port }: Place): AsyncGenerator<Result> {
  const url = given ?? runningUrl(data);
  if (url === undefined) {
    yield unknown("hub", "not running");
    yield await portFree(port);
    return;
  }
  const ready = await get(`${url}/readyz`);
  if (ready === undefined) {
    yield attention(
      "hub",
      `does not answer at ${url}`,
      "Start it: npm start. With a certificate of your own, set NODE_EXTRA_CA_CERTS to it.",
    );
    return;
  }
  yield ready.status === 200
    ? ok("hub", `ready at ${url}`)
    : attention("hub", `answers at ${url} but is not ready`, "Look at disk space and disk speed above, and at its log.");
  const key = textOf(join(data, METRICS_KEY_FILE))?.trim();
  const metrics = key === undefined ? undefined : await get(`${url}/metrics`, key);
  if (metrics?.status !== 200) {
    yield unknown("sources", "the hub does not tell them here", `Name its data folder with --data.`);
    return;
  }
  yield* sources(metrics.text);
}

function* sources(metrics: string): Generator<Result> {
  const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1] ?? 0);
  const steps = figure("atalaya_clock_steps_total");
  if (steps > 0) {
    const todo = "Find out what sets the clock; restart the hub once it is right.";
    yield attention(
      "hub clock",
      `stepped ${steps} times; now ${figure("atalaya_clock_offset_seconds").toFixed(1)} s from the machine's`,
      todo,
    );
  } else yield ok("hub clock", "no steps since the start");
  const lost = figure("atalaya_frames_lost_total");
  if (lost > 0) yield attention("frames", `${lost} were lost: the disk was too slow`, "See disk speed; fewer or filtered sources help.");
  let any = false;
  for (const [, id = "", state = ""] of metrics.matchAll(/^atalaya_source_hearing\{source="([^"]*)",state="([^"]*)"\}/gm)) {
    any = true;
    const name = `source ${id}`;
    if (state === "hearing") yield ok(name, state);
    else if (state === "ended" || state === "starting") yield unknown(name, state);
    else yield attention(name, state, "Look at the receiver, its power and its network; the console shows since when.");
  }
  if (!any) yield unknown("sources", "none set up", "The owner adds them in the console, or start with --pcap or --demo.");
}

/** All checks, in the order in which they build on each other. */
export async function* check(place: Place): AsyncGenerator<Result> {
  yield* versions();
  yield* disk(place.data);
  yield clock();
  yield journal(place.data);
  yield* built();
  yield* hub(place);
}
