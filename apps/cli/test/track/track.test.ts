// `atalaya track`: what it writes, when it writes it, and what it says of what it cannot read.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { namedScenario, simulate } from "@atalaya/drills/scenario";
import { decodeTrackLine, decodeTruthLine, readTruth, score, TrackTable } from "@atalaya/drills/scoring";

const bin = fileURLToPath(new URL("../../bin/atalaya.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "atalaya-track-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function linesOf(name: "fpv8" | "messy" | "df5"): { readonly sensing: readonly string[]; readonly truth: readonly string[] } {
  const recording = simulate(namedScenario(name, 3), 3);
  const text = (lines: Iterable<object>): string[] => Array.from(lines, (line) => JSON.stringify(line));
  return { sensing: text(recording.sensing()), truth: text(recording.truth()) };
}

function track(input: string, ...words: readonly string[]) {
  return spawnSync(process.execPath, [bin, "track", ...words], { input, encoding: "utf8", maxBuffer: 1 << 28 });
}

test("a scenario from a file gives scored tracks at every instant, from nothing that came later", () => {
  const { sensing, truth } = linesOf("messy");
  const from = join(folder, "messy.jsonl");
  const to = join(folder, "messy.tracks.jsonl");
  writeFileSync(from, sensing.join("\n"));
  const { status, stdout, stderr } = track("", from, "--out", to);
  assert.deepEqual([status, stdout, stderr], [0, "", ""]);
  const known = readTruth(
    truth.flatMap((text) => {
      const line = decodeTruthLine(text);
      return line === undefined || "refused" in line ? [] : [line];
    }),
  );
  assert.ok(!("refused" in known));
  const table = new TrackTable(known);
  const written = readFileSync(to, "utf8").trim().split("\n");
  for (const text of written) {
    const line = decodeTrackLine(text);
    assert.ok(line !== undefined && !("refused" in line), text);
    table.add(line);
  }
  const { siap_C: complete, causality_breaches: breaches, lines_off_grid: offGrid, gospa } = score(known, table);
  assert.equal(breaches, 0);
  assert.equal(offGrid, 0);
  assert.ok((complete ?? 0) > 0.95, `complete ${complete}`);
  // An open tracker without registration loses 60 m here.
  assert.ok((gospa ?? 1e9) < 30, `GOSPA ${gospa}`);
});

test("standard input and output give the same bytes as files", () => {
  const { sensing } = linesOf("df5");
  const from = join(folder, "df5.jsonl");
  const to = join(folder, "df5.tracks.jsonl");
  writeFileSync(from, sensing.join("\n"));
  assert.equal(track("", from, "--out", to).status, 0);
  const piped = track(sensing.join("\n"), "-", "--out", "-");
  assert.equal(piped.status, 0);
  assert.equal(piped.stdout, readFileSync(to, "utf8"));
  assert.ok(piped.stdout.length > 1000);
});

test("an instant is written when a later arrival shows that it is over, and not before", async () => {
  const { sensing } = linesOf("fpv8");
  const head = JSON.parse(sensing[0] ?? "") as { readonly score: { readonly t0: number; readonly dt: number } };
  const child = spawn(process.execPath, [bin, "track", "-", "--out", "-"], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const written = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    // Everything up to 20 s, withheld from there on.
    const until = sensing.filter((text) => !text.includes('"t_rx"') || (JSON.parse(text) as { readonly t_rx: number }).t_rx <= 20);
    child.stdin.write(`${until.join("\n")}\n`);
    const lastS = Math.max(
      ...until.flatMap((text) => (text.includes('"t_rx"') ? [(JSON.parse(text) as { readonly t_rx: number }).t_rx] : [])),
    );
    const instants = new Set<number>();
    const lastInstantS = head.score.t0 + Math.floor((lastS - head.score.t0) / head.score.dt - 1e-9) * head.score.dt;
    while (!instants.has(lastInstantS)) {
      const { value, done } = await written.next();
      assert.equal(done, false);
      const line = JSON.parse(value as string) as { readonly t: number; readonly t_in: number };
      assert.ok(line.t < lastS && line.t_in <= line.t);
      instants.add(line.t);
    }
  } finally {
    child.kill();
  }
});

test("what is no scenario is refused with what to do; a bad line is named and the rest goes on", () => {
  const empty = track("", "-", "--out", "-");
  assert.equal(empty.status, 1);
  assert.match(empty.stderr, /head of a scenario/);
  const headless = track('{"type":"sensor","id":"R"}\n', "-", "--out", "-");
  assert.equal(headless.status, 1);
  assert.equal(track("", join(folder, "absent.jsonl"), "--out", "-").status, 1);
  assert.equal(track("").status, 2);
  assert.equal(track("", "-", "--out", "-", "more").status, 2);
  const { sensing } = linesOf("fpv8");
  const bent = [
    ...sensing.slice(0, 400),
    "{",
    '{"type":"det","id":"x","sensor":"nobody","kind":"radar","t":1,"z":[1,2,3,4]}',
    ...sensing.slice(400),
  ];
  const went = track(bent.join("\n"), "-", "--out", "-");
  assert.equal(went.status, 0);
  assert.match(went.stderr, /line 401: /);
  assert.equal(went.stdout, track(sensing.join("\n"), "-", "--out", "-").stdout);
});
