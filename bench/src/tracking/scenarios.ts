// Where do the scenarios come from: from gen.py beside the checkout, or of our own making?
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namedScenario, type ScenarioName, type SensingLine, simulate } from "@atalaya/drills/scenario";
import { decodeTruthLine, isRefused, readTruth, type Truth, type TruthLine } from "@atalaya/drills/scoring";
import { sharedData } from "@atalaya/testing/shared";
import { generateByPython } from "@atalaya/testing/tracking-oracle";
import { type Told, told } from "./adapter.ts";

export interface Played {
  readonly lines: readonly Told[];
  readonly truth: Truth;
}

/** Whether gen.py and what others measured on its scenarios lie beside the checkout. */
export const hasShared: boolean = existsSync(sharedData("tracking", "gen.py"));

/** One scenario with its truth. Ours where gen.py is absent: then what others measured does not belong to it. */
export function play(name: ScenarioName, seed: number): Played {
  if (!hasShared) {
    const recording = simulate(namedScenario(name, seed), seed);
    return { lines: toldLines(recording.sensing()), truth: truthOf(recording.truth()) };
  }
  const folder = mkdtempSync(join(tmpdir(), "atalaya-bench-tracker-"));
  try {
    generateByPython(folder, seed, [name]);
    const lines = (kind: string): string[] =>
      readFileSync(join(folder, `${name}.${kind}.jsonl`), "utf8")
        .trim()
        .split("\n");
    const truth = lines("truth").flatMap((text): readonly TruthLine[] => {
      const line = decodeTruthLine(text);
      if (line === undefined) return [];
      if (isRefused(line)) throw new Error(line.refused.detail);
      return [line];
    });
    return { lines: toldLines(lines("detections").map((text) => JSON.parse(text) as SensingLine)), truth: truthOf(truth) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function toldLines(lines: Iterable<SensingLine>): readonly Told[] {
  return [...lines].flatMap((line) => told(line) ?? []);
}

function truthOf(lines: Iterable<TruthLine>): Truth {
  const truth = readTruth(lines);
  if (isRefused(truth)) throw new Error(truth.refused.detail);
  return truth;
}
