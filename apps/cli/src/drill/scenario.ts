// Where the lines of a drill come from: a file, or by name from the drills that we make ourselves.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { isScenarioName, namedScenario, SCENARIO_NAMES, type ScenarioPlan, simulate } from "@atalaya/drills/scenario";

/** What cannot be played, said with what to do. */
export class NoScenario extends Error {
  override readonly name = "NoScenario";
}

/** The lines of FILE; `-` is standard input. They end when the signal says so. */
async function* linesOf(file: string, stop: AbortSignal): AsyncGenerator<string> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  // A file that cannot be read fails here, not in an event that nobody awaits.
  const failed = new Promise<never>((_, reject) => input.once("error", reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, signal: stop })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) return;
    yield next.value;
  }
}

/** NAME or NAME@SEED, one of the scenarios that we make ourselves, flown about a place. */
function planOf(wanted: string, place: Place): { readonly plan: ScenarioPlan; readonly seed: number } | undefined {
  const [, name = "", digits = "1"] = /^([a-z0-9]+)(?:@(\d{1,9}))?$/.exec(wanted) ?? [];
  if (!isScenarioName(name)) return undefined;
  const seed = Number(digits);
  return { plan: namedScenario(name, seed, { ...place, heightHaeM: 0 }), seed };
}

export interface Place {
  readonly latDeg: number;
  readonly lonDeg: number;
}

async function* linesOfName(wanted: string, place: Place): AsyncGenerator<string> {
  const found = planOf(wanted, place);
  if (found === undefined) return;
  for (const line of simulate(found.plan, found.seed).sensing()) yield JSON.stringify(line);
}

/** Refuses what is neither a file nor a scenario's name, before anything begins. */
export function checkScenario(fileOrName: string): void {
  if (fileOrName === "-" || existsSync(fileOrName) || planOf(fileOrName, { latDeg: 0, lonDeg: 0 }) !== undefined) return;
  throw new NoScenario(`${fileOrName}: no such file, and no scenario of that name. There are: ${SCENARIO_NAMES.join(", ")}`);
}

/** The lines to play: a file's as they are, a scenario's about `place`. */
export function scenarioLines(fileOrName: string, place: Place, stop: AbortSignal): AsyncIterable<string> {
  return fileOrName === "-" || existsSync(fileOrName) ? linesOf(fileOrName, stop) : linesOfName(fileOrName, place);
}
