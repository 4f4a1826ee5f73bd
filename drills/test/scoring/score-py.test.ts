// Does our scorer print what score.py prints, digit for digit, for good tracks and for every kind of bad ones?
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Random } from "@atalaya/drills/scenario";
import { scoreLines, type StateLine, type TrackLine, type TruthLine } from "@atalaya/drills/scoring";
import { needsShared } from "@atalaya/testing/shared";
import { generateByPython, scoresByPython } from "@atalaya/testing/tracking-oracle";

/** Birds and claims without a body; horizontal distances; half-second instants. */
const SCENARIOS = ["mixed", "df5", "fpv8"] as const;
const SEED = 71;
const DEGREES_PER_M = 1 / 111_250;

interface World {
  readonly states: readonly StateLine[];
  readonly classes: ReadonlyMap<string, { readonly cls: string; readonly exists: boolean }>;
  readonly random: Random;
}

/** A faulty tracker: what it says for each state of the truth, several lines or none. */
type Fault = (world: World) => Iterable<TrackLine>;

function trackOf({ id, t, lat, lon, alt, vel_enu: velocity }: StateLine, more: Partial<TrackLine> = {}): TrackLine {
  return { t, id: `T${id}`, lat, lon, alt, vel_enu: velocity, status: "confirmed", t_in: t - 0.05, ...more };
}

function moved(state: StateLine, eastM: number, northM: number, upM: number, more: Partial<TrackLine> = {}): TrackLine {
  return trackOf(
    { ...state, lat: state.lat + northM * DEGREES_PER_M, lon: state.lon + eastM * 1.62 * DEGREES_PER_M, alt: state.alt + upM },
    more,
  );
}

function noisy(state: StateLine, random: Random, sigmaM: number, more: Partial<TrackLine> = {}): TrackLine {
  const velocity = state.vel_enu.map((mps) => mps + random.normal());
  const cov = [sigmaM ** 2, 3, 1, 3, sigmaM ** 2, -2, 1, -2, 0.25 * sigmaM ** 2];
  return moved(state, sigmaM * random.normal(), sigmaM * random.normal(), 0.5 * sigmaM * random.normal(), {
    vel_enu: velocity,
    cov,
    ...more,
  });
}

const real = ({ states, classes }: World): readonly StateLine[] =>
  states.filter(({ id }) => classes.get(id)?.exists === true && classes.get(id)?.cls !== "bird");

const faults: Readonly<Record<string, Fault>> = {
  "no tracks": () => [],
  perfect: (world) => real(world).map((state) => trackOf(state)),
  offset: (world) => real(world).map((state) => moved(state, 10, -7, 3)),
  *"noisy, missing, broken off"({ random, ...world }) {
    for (const state of real({ random, ...world })) {
      // A fifth is not seen, tracks change their number every 20 s, some are not confirmed.
      if (random.chance(0.2)) continue;
      const status = random.chance(0.1) ? "tentative" : random.chance(0.2) ? "coasted" : "confirmed";
      yield noisy(state, random, 15, { id: `${state.id}.${Math.floor(state.t / 20)}`, status });
    }
  },
  *swapped(world) {
    const ids = [...new Set(real(world).map(({ id }) => id))];
    for (const state of real(world)) {
      const at = ids.indexOf(state.id);
      const shift = Math.floor(state.t / 17) % ids.length;
      yield noisy(state, world.random, 5, { id: at === 0 ? shift : `T${(at + shift) % ids.length}` });
    }
  },
  *"doubled and false"({ random, ...world }) {
    for (const state of real({ random, ...world })) {
      yield noisy(state, random, 8);
      if (random.chance(0.5)) yield noisy(state, random, 30, { id: `again ${state.id}` });
      if (random.chance(0.1)) yield moved(state, 300 * random.normal(), 300 * random.normal(), 20, { id: `false ${random.index(40)}` });
    }
  },
  *"on everything, birds and claims too"(world) {
    for (const state of world.states) if (world.random.chance(0.8)) yield noisy(state, world.random, 12);
  },
  *"odd lines"(world) {
    for (const [k, state] of real(world).entries()) {
      const { vel_enu: _, ...still } = trackOf(state);
      const cov = [
        [25, 0, 0],
        [0, 25, 0],
        [0, 0, k % 3 === 0 ? 0 : 9],
      ];
      if (k % 4 === 0) yield { ...still, cov };
      else if (k % 4 === 1) yield moved(state, 4, 0, 0, { t: state.t + (k % 8 === 1 ? 0.015 : 0.3), cov: [0, 0, 0, 0, 0, 0, 0, 0, 0] });
      else if (k % 4 === 2) yield moved(state, 0, 4, 0, { t_in: state.t + (k % 8 === 2 ? 1 : 0), status: "unverified" });
      else {
        yield moved(state, 900, 0, 0, { t_in: state.t + 2 });
        // The same track at the same instant again: the last word counts.
        yield moved(state, 3, 3, 3, { cov: [30, 1, 0, 1, 30, 0, 0, 0, 30] });
      }
    }
  },
  *crowded(world) {
    // All within the cut-off of each other: the assignment has to work.
    for (const state of real(world)) for (let k = 0; k < 4; k += 1) yield noisy(state, world.random, 40, { id: `${state.id}-${k}` });
  },
};

suite("against score.py", needsShared, () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "atalaya-score-"));
    generateByPython(folder, SEED, SCENARIOS);
    const head = readFileSync(join(folder, "mixed.truth.jsonl"), "utf8").split("\n", 1)[0];
    writeFileSync(join(folder, "nothing.truth.jsonl"), `${head}\n`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("every figure equals, whatever the fault of the tracks", async () => {
    const cases: { readonly name: string; readonly truth: string; readonly tracks: string }[] = [];
    for (const scenario of [...SCENARIOS, "nothing"]) {
      const truth = join(folder, `${scenario}.truth.jsonl`);
      const lines = readFileSync(truth, "utf8")
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text) as TruthLine);
      const classes = new Map(lines.flatMap((line) => (line.type === "object" ? [[line.id, line]] : [])));
      const states = lines.filter((line) => line.type === "state");
      for (const [name, fault] of Object.entries(faults)) {
        if (scenario === "fpv8" && name !== "swapped" && name !== "crowded") continue;
        const tracks = join(folder, `${scenario} ${name}.jsonl`);
        const said = [...fault({ states, classes, random: new Random(SEED, `${scenario} ${name}`) })];
        if (scenario === "nothing" && name === "perfect") said.push({ t: 8.5, id: 1, lat: 52, lon: 5, alt: 50 });
        writeFileSync(tracks, said.map((line) => `${JSON.stringify(line)}\n`).join("\n"));
        cases.push({ name: `${scenario}, ${name}`, truth, tracks });
      }
    }
    const expected = scoresByPython(cases.map(({ truth, tracks }) => [truth, tracks]));
    for (const [k, { name, truth, tracks }] of cases.entries()) {
      const got = await scoreLines(readFileSync(truth, "utf8").split("\n"), readFileSync(tracks, "utf8").split("\n"), { series: true });
      assert.ok(!("refused" in got), name);
      assert.deepEqual(Object.keys(got), Object.keys(expected[k] ?? {}), name);
      assert.deepEqual({ ...got }, expected[k], name);
    }
  });
});
