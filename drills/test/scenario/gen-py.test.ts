// Are our named scenarios of the same size and kind as those that gen.py makes?
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { namedScenario, type ScenarioName, type SensingLine, simulate, type TruthLine } from "@atalaya/drills/scenario";
import { needsShared } from "@atalaya/testing/shared";
import { generateByPython } from "@atalaya/testing/tracking-oracle";

const SEED = 5;
/** All but the two large ones, which are radars alone as the others are. */
const NAMES: readonly ScenarioName[] = ["radar10", "swarm50", "df5", "mixed", "soft", "messy", "fpv8"];

interface Sizes {
  /** Sensor and what it sends: detections of objects, false alarms, scans. */
  readonly counts: ReadonlyMap<string, number>;
  readonly meanTruths: number;
  readonly meanSpeedMps: number;
  readonly sensors: readonly Readonly<Record<string, unknown>>[];
  readonly scenario: Readonly<Record<string, unknown>>;
}

function sizesOf(sensing: Iterable<SensingLine>, truth: Iterable<TruthLine>): Sizes {
  const origins = new Map<string, string | null>();
  const classes = new Map<string, string>();
  const times = new Set<number>();
  let [states, speeds] = [0, 0];
  for (const line of truth) {
    if (line.type === "origin") origins.set(line.det, line.obj);
    if (line.type === "object") classes.set(line.id, line.cls);
    if (line.type !== "state") continue;
    times.add(line.t);
    states += 1;
    speeds += Math.hypot(...line.vel_enu);
  }
  const counts = new Map<string, number>();
  const sensors: Record<string, unknown>[] = [];
  let scenario: Record<string, unknown> = {};
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const line of sensing) {
    if (line.type === "det") add(`${line.sensor} ${classes.get(origins.get(line.id) ?? "") ?? "none"}`);
    else if (line.type === "scan") add(`${line.sensor} scan`);
    else if (line.type === "sensor") sensors.push({ ...line });
    else scenario = { ...line };
  }
  return { counts, meanTruths: states / times.size, meanSpeedMps: speeds / states, sensors, scenario };
}

suite("beside gen.py", needsShared, () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "atalaya-scenarios-"));
    generateByPython(folder, SEED, NAMES);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of NAMES) {
    test(`${name} has the same sensors, scans, rates and numbers of objects`, () => {
      const lines = <T>(kind: string): T[] =>
        readFileSync(join(folder, `${name}.${kind}.jsonl`), "utf8")
          .trim()
          .split("\n")
          .map((text) => JSON.parse(text) as T);
      const theirs = sizesOf(lines<SensingLine>("detections"), lines<TruthLine>("truth"));
      const recording = simulate(namedScenario(name, SEED), SEED);
      const ours = sizesOf(recording.sensing(), recording.truth());

      const { notes: _, ...head } = ours.scenario;
      const { notes: __, ...theirHead } = theirs.scenario;
      assert.deepEqual(head, theirHead);
      assert.equal(ours.sensors.length, theirs.sensors.length);
      ours.sensors.forEach((sensor, k) => {
        // Microphones stand within 60 m of a grid, elsewhere for each seed; that detection falls with range is said here, not there.
        const { lat, lon, alt, falls_off: ___, ...rest } = sensor;
        const { lat: lat2, lon: lon2, alt: alt2, ...theirRest } = theirs.sensors[k] ?? {};
        assert.deepEqual(rest, theirRest);
        for (const [a, b, tolerance] of [
          [lat, lat2, 0.0012],
          [lon, lon2, 0.0018],
          [alt, alt2, 0.5],
        ] as const) {
          assert.ok(Math.abs(Number(a) - Number(b)) < tolerance);
        }
      });
      assert.ok(
        Math.abs(ours.meanTruths - theirs.meanTruths) < 0.12 * theirs.meanTruths + 0.3,
        `truths ${ours.meanTruths}, ${theirs.meanTruths}`,
      );
      assert.ok(Math.abs(ours.meanSpeedMps / theirs.meanSpeedMps - 1) < 0.3, `speed ${ours.meanSpeedMps}, ${theirs.meanSpeedMps}`);
      for (const key of new Set([...ours.counts.keys(), ...theirs.counts.keys()])) {
        const [a, b] = [ours.counts.get(key) ?? 0, theirs.counts.get(key) ?? 0];
        if (key.endsWith("scan")) assert.ok(Math.abs(a - b) <= 5, `${key}: ${a}, ${b}`);
        // False alarms are Poisson: the difference of two has the variance of their sum.
        else if (key.endsWith("none")) assert.ok(Math.abs(a - b) < 5 * Math.sqrt(a + b) + 3, `${key}: ${a}, ${b}`);
        // Objects fly elsewhere, so what is in view differs: a quarter for those that see everything, more for short-sighted ones.
        else if (!/^(AC|H|CAM)/.test(key)) assert.ok(Math.abs(a - b) < 0.25 * Math.max(a, b) + 10, `${key}: ${a}, ${b}`);
      }
      const heard = ({ counts }: Sizes): number => [...counts].reduce((sum, [key, n]) => (/^(AC|H)\d+ drone/.test(key) ? sum + n : sum), 0);
      assert.ok(Math.abs(heard(ours) - heard(theirs)) <= 0.25 * heard(theirs), `heard ${heard(ours)}, ${heard(theirs)}`);
    });
  }
});
