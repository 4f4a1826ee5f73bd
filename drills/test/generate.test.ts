// Do the commands write and read the same files, and say what is wrong?
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = (name: string): string[] => [
  "-C",
  "source",
  "--disable-warning=ExperimentalWarning",
  fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)),
];

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "atalaya-drills-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("a generated scenario is what the scorer reads, at the place that was asked for", () => {
  const words = ["df5", "scale-5-3-12", "--seed", "9", "--out", folder, "--at", "31.76,-106.49,1140"];
  execFileSync(process.execPath, [...command("generate"), ...words], { stdio: "pipe" });
  const first = JSON.parse(readFileSync(join(folder, "scale-5-3.detections.jsonl"), "utf8").split("\n", 1)[0] ?? "") as object;
  assert.deepEqual(
    { ...first, score: undefined, notes: undefined },
    {
      type: "scenario",
      name: "scale-5-3",
      seed: 9,
      ref: { lat: 31.76, lon: -106.49, alt: 1140 },
      duration_s: 12,
      score: undefined,
      notes: undefined,
    },
  );
  const truth = join(folder, "df5.truth.jsonl");
  const tracks = join(folder, "tracks.jsonl");
  const states = readFileSync(truth, "utf8")
    .split("\n")
    .filter((line) => line.startsWith('{"type":"state"'));
  writeFileSync(tracks, states.map((line) => line.replace('{"type":"state",', "{")).join("\n"));
  const score = JSON.parse(execFileSync(process.execPath, [...command("score"), truth, tracks], { encoding: "utf8" })) as Record<
    string,
    unknown
  >;
  assert.deepEqual([score["scenario"], score["gospa"], score["idf1"], score["never_found"]], ["df5", 0, 1, 0]);
});

test("what cannot be made is said, and nothing is written for it", () => {
  const status = (words: readonly string[]): number | null =>
    spawnSync(process.execPath, [...command("generate"), ...words], { stdio: "pipe" }).status;
  assert.equal(status([]), 2);
  assert.equal(status(["nonsense", "--out", folder]), 2);
  assert.equal(status(["df5", "--seed", "x", "--out", folder]), 2);
  assert.equal(status(["df5", "--at", "99,0,0", "--out", folder]), 1);
});
