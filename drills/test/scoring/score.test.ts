// Do the figures say what their names say, on pictures whose score can be worked out by hand?
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isRefused, readTruth, type Score, score, scoreLines, TrackTable, type TrackLine, type TruthLine } from "@atalaya/drills/scoring";

const METRE_DEG = 1 / 111_267;
const INSTANTS = 20;

/** Two objects, 300 m apart, that stand still. */
function truthLines(more: { readonly cls?: string; readonly exists?: boolean } = {}): TruthLine[] {
  const lat = 52;
  const scenario: TruthLine = {
    type: "scenario",
    name: "by hand",
    seed: 0,
    ref: { lat, lon: 5, alt: 0 },
    duration_s: 24.5,
    score: { t0: 5.5, dt: 1, dim: 3, gospa_c_m: 50, gospa_p: 2, gospa_alpha: 2, classes: ["drone"] },
  };
  const lines: TruthLine[] = [scenario];
  lines.push({ type: "object", id: "A", cls: "drone", exists: true, t0: 0, t1: 25 });
  lines.push({ type: "object", id: "B", cls: more.cls ?? "drone", exists: more.exists ?? true, t0: 0, t1: 25 });
  for (let k = 0; k < INSTANTS; k += 1) {
    const still = { type: "state", t: 5.5 + k, lon: 5, alt: 50, vel_enu: [0, 0, 0] } as const;
    lines.push({ ...still, id: "A", lat }, { ...still, id: "B", lat: lat + 300 * METRE_DEG });
  }
  return lines;
}

function scoreOf(
  says: (k: number) => Readonly<Record<string, number>>,
  truth: TruthLine[] = truthLines(),
  more: Partial<TrackLine> = {},
): Score {
  const read = readTruth(truth);
  assert.ok(!isRefused(read));
  const table = new TrackTable(read);
  for (let k = 0; k < INSTANTS; k += 1) {
    for (const [id, northM] of Object.entries(says(k))) {
      table.add({ t: 5.5 + k, id, lat: 52 + northM * METRE_DEG, lon: 5, alt: 50, vel_enu: [0, 0, 0], ...more });
    }
  }
  return score(read, table);
}

suite("the score of", () => {
  test("a perfect picture", () => {
    const { gospa, ospa2, siap_C, siap_A, siap_S, siap_LS, idf1, id_switches, frags, confirm_p90_s } = scoreOf(() => ({ a: 0, b: 300 }));
    assert.deepEqual(
      { gospa, ospa2, siap_C, siap_A, siap_S, siap_LS, idf1 },
      { gospa: 0, ospa2: 0, siap_C: 1, siap_A: 1, siap_S: 0, siap_LS: 1, idf1: 1 },
    );
    assert.deepEqual([id_switches, frags, confirm_p90_s], [0, 0, 0]);
  });

  test("an empty picture: c/√2 for each object missed", () => {
    const { gospa, missed, never_found, ospa2, idf1, loc_rmse_m, confirm_mean_s, anees } = scoreOf(() => ({}));
    assert.deepEqual([gospa, missed, never_found, ospa2, idf1], [50, 2, 2, 50, 0]);
    assert.deepEqual([loc_rmse_m, confirm_mean_s, anees], [null, null, null]);
  });

  test("tracks ten metres off", () => {
    const { gospa, loc_rmse_m, ospa2, siap_PA_m, anees } = scoreOf(() => ({ a: 10, b: 310 }), truthLines(), {
      cov: [100, 0, 0, 0, 100, 0, 0, 0, 100],
    });
    assert.ok(Math.abs((gospa ?? 0) - 10 * Math.SQRT2) < 0.01);
    for (const metres of [loc_rmse_m, ospa2, siap_PA_m]) assert.ok(Math.abs((metres ?? 0) - 10) < 0.01);
    // One axis of three is off by its standard deviation.
    assert.equal(anees, 0.33);
  });

  test("numbers that change places half-way: right places, wrong names", () => {
    const { gospa, id_switches, idf1, siap_R_per_s, siap_LS, ospa2 } = scoreOf((k) => (k < 10 ? { a: 0, b: 300 } : { b: 0, a: 300 }));
    assert.deepEqual([gospa, id_switches, idf1, siap_LS], [0, 2, 0.5, 0.5]);
    assert.equal(siap_R_per_s, 0.05);
    assert.ok((ospa2 ?? 0) > 5);
  });

  test("a second track of one object: ambiguous, false, not spurious", () => {
    const { siap_A, siap_S, false: wrong } = scoreOf(() => ({ a: 0, b: 300, c: 3 }));
    assert.deepEqual([siap_A, siap_S, wrong], [1.5, 0, 1]);
  });

  test("a track of a claim without a body", () => {
    const { false: wrong, spoof_track_fraction } = scoreOf(() => ({ a: 0, b: 300 }), truthLines({ exists: false }));
    assert.deepEqual([wrong, spoof_track_fraction], [1, 1]);
    assert.equal(scoreOf(() => ({ a: 0, b: 300 })).spoof_track_fraction, null);
  });

  test("a track of a bird: neither right nor wrong", () => {
    const { gospa, false: wrong, siap_S, mean_truths } = scoreOf(() => ({ a: 0, b: 300 }), truthLines({ cls: "bird" }));
    assert.deepEqual([gospa, wrong, siap_S, mean_truths], [0, 0, 0, 1]);
  });

  test("a late find and a gap", () => {
    const { confirm_mean_s, frags, id_switches, siap_LS } = scoreOf((k) => (k < 7 || k === 12 ? {} : { a: 0, b: 300 }));
    assert.deepEqual([confirm_mean_s, frags, id_switches, siap_LS], [7, 2, 0, 0.35]);
  });

  test("tentative tracks: nothing", () => {
    assert.equal(scoreOf(() => ({ a: 0, b: 300 }), truthLines(), { status: "tentative" }).missed, 2);
    assert.equal(scoreOf(() => ({ a: 0, b: 300 }), truthLines(), { status: "coasted" }).missed, 0);
  });

  test("lines from the future and lines at no instant are counted", () => {
    const { causality_breaches, lines_off_grid } = scoreOf((k) => ({ a: k }), truthLines(), { t_in: 30 });
    assert.deepEqual([causality_breaches, lines_off_grid], [INSTANTS, 0]);
    assert.equal(scoreOf((k) => ({ a: k }), truthLines(), { t: 5.9 }).lines_off_grid, INSTANTS);
  });
});

suite("what cannot be scored is refused with its place", () => {
  const good = truthLines().map((line) => JSON.stringify(line));
  const refused = async (truth: readonly string[], tracks: readonly string[]): Promise<unknown> => {
    const result = await scoreLines(truth, tracks);
    if (!("refused" in result)) return result;
    const { code, line } = result.refused;
    return { code, line };
  };

  test("lines that are not what they claim to be", async () => {
    assert.deepEqual(await refused(["{"], []), { code: "not-json", line: 1 });
    assert.deepEqual(await refused([...good, "[]"], []), { code: "not-json", line: good.length + 1 });
    assert.deepEqual(await refused([...good, '{"type":"state","id":"A","t":"5"}'], []), { code: "bad-field", line: good.length + 1 });
    assert.deepEqual(await refused(good, ["", '{"t":5.5,"id":"a","lat":52}']), { code: "bad-field", line: 2 });
    assert.deepEqual(await refused(good, ['{"t":5.5,"id":"a","lat":52,"lon":5,"alt":50,"cov":[1,2]}']), { code: "bad-field", line: 1 });
    assert.deepEqual(await refused(good.slice(1), []), { code: "no-scenario", line: undefined });
  });

  test("settings that would never end", async () => {
    for (const wrong of [{ dt: 0 }, { dt: 1e-9 }, { gospa_c_m: 0 }, { dim: 4 }]) {
      const [scenario, ...rest] = truthLines() as [TruthLine & { type: "scenario" }, ...TruthLine[]];
      const changed = [{ ...scenario, score: { ...scenario.score, ...wrong } }, ...rest];
      assert.deepEqual(
        await refused(
          changed.map((line) => JSON.stringify(line)),
          [],
        ),
        { code: "bad-settings", line: undefined },
      );
    }
  });

  test("the command prints one JSON object, or says why not", () => {
    const folder = mkdtempSync(join(tmpdir(), "atalaya-score-"));
    try {
      const [truth, tracks] = [join(folder, "truth"), join(folder, "tracks")];
      writeFileSync(truth, good.join("\n"));
      writeFileSync(tracks, '{"t":5.5,"id":"a","lat":52,"lon":5,"alt":50}\n');
      const command = [
        "-C",
        "source",
        "--disable-warning=ExperimentalWarning",
        fileURLToPath(new URL("../../src/score.ts", import.meta.url)),
      ];
      const printed = JSON.parse(execFileSync(process.execPath, [...command, truth, tracks, "--series"], { encoding: "utf8" })) as Score;
      assert.equal(printed.missed, 1.95);
      assert.equal(printed.gospa_series?.length, INSTANTS);
      assert.equal(spawnSync(process.execPath, [...command, truth]).status, 2);
      assert.equal(spawnSync(process.execPath, [...command, tracks, truth]).status, 1);
      assert.equal(spawnSync(process.execPath, [...command, truth, join(folder, "nothing")]).status, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
