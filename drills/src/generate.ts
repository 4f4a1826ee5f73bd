// `node drills/src/generate.ts NAME… [--seed N] --out DIR`: writes NAME.detections.jsonl and NAME.truth.jsonl of each scenario.
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { isScenarioName, namedScenario, SCENARIO_NAMES, scaleScenario } from "./scenario/named.ts";
import type { ScenarioPlan } from "./scenario/plan.ts";
import { simulate } from "./scenario/simulate.ts";

const USAGE = `Usage: node scripts/run.mjs drills/src/generate.ts NAME… --out DIR [--seed N] [--at LAT,LON,HEIGHT]
NAME is one of: ${SCENARIO_NAMES.join(", ")}, or scale-DRONES-CLUTTER-SECONDS
`;

function wrongUse(): never {
  process.stderr.write(USAGE);
  process.exit(2);
}

function options(): { readonly names: readonly string[]; readonly out: string; readonly seed: number; readonly at: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seed: { type: "string", default: "1" }, out: { type: "string" }, at: { type: "string" } },
    });
    const seed = Number(values.seed);
    if (positionals.length === 0 || values.out === undefined || !Number.isSafeInteger(seed)) return wrongUse();
    return { names: positionals, out: values.out, seed, at: values.at };
  } catch {
    return wrongUse();
  }
}

const { names, out, seed, at } = options();

function planOf(name: string): ScenarioPlan {
  const [latDeg = Number.NaN, lonDeg = Number.NaN, heightHaeM = 0] = at === undefined ? [] : at.split(",").map(Number);
  const reference = at === undefined ? undefined : { latDeg, lonDeg, heightHaeM };
  if (isScenarioName(name)) return namedScenario(name, seed, reference);
  const [, drones, clutter, seconds] = /^scale-(\d{1,6})-(\d{1,7})-(\d{1,5})$/.exec(name) ?? [];
  if (drones === undefined) return wrongUse();
  return scaleScenario(Number(drones), Number(clutter), Number(seconds), seed, reference);
}

function* text(lines: Iterable<object>): Iterable<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}

mkdirSync(out, { recursive: true });
for (const name of names) {
  try {
    const plan = planOf(name);
    const recording = simulate(plan, seed);
    await pipeline(Readable.from(text(recording.sensing())), createWriteStream(join(out, `${plan.name}.detections.jsonl`)));
    await pipeline(Readable.from(text(recording.truth())), createWriteStream(join(out, `${plan.name}.truth.jsonl`)));
    process.stderr.write(`${plan.name}\n`);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
