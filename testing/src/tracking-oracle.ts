// The generator and the scorer that others wrote, run where they lie: what ours are compared with.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { sharedData } from "./shared.ts";

// Debian's own interpreter has the numpy and scipy that the suite installs; another one that comes first in the path may not.
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

function run(words: readonly string[]): string {
  // -B: nothing is written beside the script.
  return execFileSync(python, ["-B", ...words], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
}

/** Writes NAME.detections.jsonl and NAME.truth.jsonl of each scenario into the folder. */
export function generateByPython(folder: string, seed: number, names: readonly string[]): void {
  run([sharedData("tracking", "gen.py"), "--seed", String(seed), "--out", folder, "--only", names.join(",")]);
}

/** What score.py prints for each pair of files, in order, with the series. */
export function scoresByPython(pairs: readonly (readonly [truth: string, tracks: string])[]): readonly Readonly<Record<string, unknown>>[] {
  const script =
    "import sys,json; sys.path.insert(0,sys.argv[1]); import score; a=sys.argv[2:]; print(json.dumps([score.score(t,k,True) for t,k in zip(a[::2],a[1::2])]))";
  return JSON.parse(run(["-c", script, sharedData("tracking"), ...pairs.flat()])) as readonly Readonly<Record<string, unknown>>[];
}
