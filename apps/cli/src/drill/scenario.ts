// Where the lines of a drill come from: a file, or by name from the drills that we make ourselves.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";

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

/** THE ONE PLACE where scenarios by name join: import `@atalaya/drills` here and return the lines of the scenario of that name. */
function linesOfName(name: string): AsyncIterable<string> {
  throw new NoScenario(
    `${name}: no such file. Scenarios by name are not part of this version yet: name a file of detections (*.detections.jsonl).`,
  );
}

export function scenarioLines(fileOrName: string, stop: AbortSignal): AsyncIterable<string> {
  return fileOrName === "-" || existsSync(fileOrName) ? linesOf(fileOrName, stop) : linesOfName(fileOrName);
}
