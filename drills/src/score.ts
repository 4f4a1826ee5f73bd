// `node drills/src/score.ts TRUTH TRACKS [--series]`: judges a tracker's answer and prints one JSON object.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { scoreLines } from "./scoring/score.ts";

const words = process.argv.slice(2);
const [truth, tracks, ...more] = words.filter((word) => word !== "--series");
if (truth === undefined || tracks === undefined || more.length > 0) {
  process.stderr.write("Usage: node scripts/run.mjs drills/src/score.ts TRUTH.jsonl TRACKS.jsonl|- [--series]\n");
  process.exit(2);
}

async function* linesOf(path: string): AsyncIterable<string> {
  const input = path === "-" ? process.stdin : createReadStream(path);
  // A stream that fails before it is read would otherwise end the process.
  let problem: Error | undefined;
  input.once("error", (error: Error) => (problem = error));
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  if (problem !== undefined) throw problem;
}

try {
  const result = await scoreLines(linesOf(truth), linesOf(tracks), { series: words.includes("--series") });
  if ("refused" in result) {
    const { detail, clause, line } = result.refused;
    process.stderr.write(`${detail}${line === undefined ? "" : ` (line ${line})`}: see ${clause} in drills/README.md\n`);
    process.exitCode = 1;
  } else process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(`Cannot read the input: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
