// `atalaya drill FILE|NAME [--speed N] [--data DIR]`: plays a scenario into the running hub as invented data, marked DRILL.
import { basename } from "node:path";
import { SCENARIO_NAMES } from "@atalaya/drills/scenario";
import { parseArgs } from "node:util";
import { DrillHub, NoDrill } from "./hub.ts";
import { headOf, Pace } from "./pace.ts";
import { checkScenario, NoScenario, scenarioLines } from "./scenario.ts";

const USAGE = `Usage: atalaya drill FILE|NAME [--speed N] [--data DIR]
Plays a file of detections (docs/integrate-a-sensor.md; - is standard input) into the hub that runs with the folder DIR (data), on this machine;
or one of our own scenarios by NAME or NAME@SEED, flown about the sector's centre: ${SCENARIO_NAMES.join(", ")}.
Everything that comes of it is marked DRILL; a sector with a real source takes no drill. Control-C ends it.
  --speed N   squeezes time: everything flies N times as fast (1; up to 20)
`;
/** Beyond it a range rate soon leaves what the format takes. */
const MAX_SPEED = 20;
/** Lines that are due within this time go in one request. */
const GATHER_MS = 20;
/** A request's lines: well below what the hub takes at once, so that none waits long for another. */
const MAX_REQUEST_CHARACTERS = 48 * 1024;

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      speed: { type: "string", default: "1" },
      data: { type: "string", default: "data" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function wrong(message: string): 2 {
  process.stderr.write(`${message}\n${USAGE}`);
  return 2;
}

interface Counts {
  lines: number;
  detections: number;
  /** Lines that were not sent since they are none of the format, and that the hub did not take. */
  refused: number;
  durationS: number;
}

/** Sends what was gathered, and says of the first refusals why. */
class Sender {
  readonly #hub: DrillHub;
  readonly #counts: Counts;
  #gathered: string[] = [];
  #characters = 0;
  #complaints = 0;

  constructor(hub: DrillHub, counts: Counts) {
    this.#hub = hub;
    this.#counts = counts;
  }

  get isFull(): boolean {
    return this.#characters >= MAX_REQUEST_CHARACTERS;
  }

  add(line: string): void {
    this.#gathered.push(line);
    this.#characters += line.length;
  }

  async flush(): Promise<void> {
    if (this.#gathered.length === 0) return;
    const lines = this.#gathered.splice(0).join("\n");
    this.#characters = 0;
    const { refused, reason } = await this.#hub.send(lines);
    this.#counts.refused += refused;
    if (reason !== undefined) this.complain(`the hub: ${reason.code}: ${reason.detail} (${reason.clause})`);
  }

  complain(what: string): void {
    this.#complaints += 1;
    if (this.#complaints <= 5) process.stderr.write(`${what}\n`);
    else if (this.#complaints === 6) process.stderr.write("More is refused; the count stands at the end.\n");
  }
}

async function play(hub: DrillHub, lines: AsyncIterable<string>, name: string, speed: number, stopped: AbortSignal): Promise<Counts> {
  const counts: Counts = { lines: 0, detections: 0, refused: 0, durationS: 0 };
  const sender = new Sender(hub, counts);
  const pace = new Pace(speed);
  const beganMs = performance.now();
  const passedS = (): number => (performance.now() - beganMs) / 1000;
  let number = 0;
  // A file without a head needs one all the same: its times count from the drill's beginning.
  sender.add(headOf(name, hub.beganS));
  for await (const text of lines) {
    number += 1;
    if (stopped.aborted) break;
    if (text.trim() === "") continue;
    const paced = pace.pace(text, hub.beganS);
    if ("refused" in paced) {
      counts.refused += 1;
      sender.complain(`line ${number}: ${paced.refused.code}: ${paced.refused.detail} (${paced.refused.clause})`);
      continue;
    }
    for (let leftMs = (paced.dueS - passedS()) * 1000; leftMs > 0 && !stopped.aborted; leftMs = (paced.dueS - passedS()) * 1000) {
      await sender.flush();
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(leftMs, GATHER_MS), 250)));
      if (process.stderr.isTTY) process.stderr.write(`\r${passedS().toFixed(0)} s, ${counts.lines} lines `);
    }
    if (sender.isFull) await sender.flush();
    sender.add(paced.text);
    counts.lines += 1;
    if (paced.type === "detection") counts.detections += 1;
  }
  await sender.flush();
  if (process.stderr.isTTY) process.stderr.write("\n");
  counts.durationS = Math.round(passedS() * 10) / 10;
  return counts;
}

export async function run(words: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [wanted, ...more] = positionals;
  if (wanted === undefined || more.length > 0) return wrong("Name one scenario.");
  const speed = Number(values.speed);
  if (!(speed > 0 && speed <= MAX_SPEED)) return wrong(`--speed ${values.speed}: a number above 0 and up to ${MAX_SPEED}`);
  if (speed !== 1) process.stderr.write(`Everything flies ${speed} times as fast as in the scenario.\n`);

  const stop = new AbortController();
  // Not once: the shell's group and the starter of this process may both pass the same Control-C on, and the second must not kill it.
  const onSignal = (): void => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    checkScenario(wanted);
    const name = wanted === "-" ? "standard input" : basename(wanted).replace(/\.detections\.jsonl$/, "");
    const hub = await DrillHub.begin(values.data, name);
    try {
      const lines = scenarioLines(wanted, hub.centre, stop.signal);
      const { lines: sent, detections, refused, durationS } = await play(hub, lines, name, speed, stop.signal);
      process.stdout.write(
        `${JSON.stringify({ drill: name, speed, lines: sent, detections, refused, durationS, ended: !stop.signal.aborted })}\n`,
      );
    } finally {
      await hub.end();
    }
    return 0;
  } catch (error) {
    if (error instanceof NoDrill || error instanceof NoScenario || (error instanceof Error && "code" in error)) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeListener(signal, onSignal);
  }
}
