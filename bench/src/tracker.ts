// How accurate and how fast is the tracker, beside the best open one on the same scenarios?
import { isScenarioName, SCENARIO_NAMES, type ScenarioName, scaleScenario, simulate } from "@atalaya/drills/scenario";
import { type Bench, type BenchResult, type Figure, figure } from "./bench.ts";
import { accuracy } from "./tracking/accuracy.ts";
import { play, toldLines } from "./tracking/scenarios.ts";
import { type Speed, speed } from "./tracking/speed.ts";

/** Nothing has been tuned on them. */
const SEEDS: readonly number[] = [11, 12, 13, 14, 15];
/** The large one is measured on the one seed that others measured. */
const SCALE_SEED = 1;
const RUNS = 5;
/** Drones, with a fifth as many false alarms, one radar at 1 Hz. */
const GROWTH: readonly number[] = [100, 1000, 10_000];
/** At 20 km the sweep's usual radar (0.5°) cannot tell drones apart that fly 300 m from each other, and nothing would be tracked there. */
const GROWTH_SIGMA = { range_m: 5, az_deg: 0.1, el_deg: 0.1, rdot_mps: 0.3 } as const;
const GROWTH_S = 15;
const GROWTH_RUNS = 3;

/** Words: names of scenarios, `speed`, `growth` (all when there are none), `seeds=21,22`. */
interface Wish {
  readonly scenarios: readonly ScenarioName[];
  readonly speed: boolean;
  readonly growth: boolean;
  readonly seeds: readonly number[];
}

function wishOf(words: readonly string[]): Wish {
  const seeds = words.find((word) => word.startsWith("seeds="));
  const chosen = words.filter((word) => word !== seeds);
  const stranger = chosen.find((word) => word !== "speed" && word !== "growth" && !isScenarioName(word));
  const list = seeds === undefined ? SEEDS : seeds.slice("seeds=".length).split(",").map(Number);
  if (stranger !== undefined || list.some((seed) => !Number.isSafeInteger(seed))) {
    throw new RangeError(`choose from ${SCENARIO_NAMES.join(", ")}, speed, growth, seeds=21,22; not ${stranger ?? seeds}`);
  }
  const all = chosen.length === 0;
  return {
    scenarios: all ? SCENARIO_NAMES : chosen.filter(isScenarioName),
    speed: all || chosen.includes("speed"),
    growth: all || chosen.includes("growth"),
    seeds: list,
  };
}

function speedFigures(): Readonly<Record<string, Figure>> {
  const { lines } = play("scale1000", SCALE_SEED);
  const runs = Array.from({ length: RUNS }, () => speed(lines));
  const of = (unit: string, value: (run: Speed) => number): Figure => figure(unit, runs.map(value));
  return {
    detections_per_s: of("detections/s", (run) => run.detectionsPerS),
    frame_mean_ms: of("ms", (run) => run.frameMeanMs),
    frame_p99_ms: of("ms", (run) => run.frameP99Ms),
    frame_with_estimates_ms: of("ms", (run) => run.frameWithEstimatesMs),
    detections_per_frame: of("detections", (run) => run.detectionsPerFrame),
    tracks_scale1000: of("tracks", (run) => run.tracks),
  };
}

function growthFigures(): Readonly<Record<string, Figure>> {
  const figures: Record<string, Figure> = {};
  for (const drones of GROWTH) {
    const plan = scaleScenario(drones, drones / 5, GROWTH_S, SCALE_SEED);
    const sensors = plan.sensors.map((sensor) => (sensor.kind === "radar" ? { ...sensor, sigma: GROWTH_SIGMA } : sensor));
    const lines = toldLines(simulate({ ...plan, sensors }, SCALE_SEED).sensing());
    const runs = Array.from({ length: GROWTH_RUNS }, () => speed(lines));
    const of = (unit: string, value: (run: Speed) => number): Figure => figure(unit, runs.map(value));
    figures[`growth_${drones}_mean_ms`] = of("ms", (run) => run.frameMeanMs);
    figures[`growth_${drones}_max_ms`] = of("ms", (run) => run.frameMaxMs);
    figures[`growth_${drones}_tracks`] = of("tracks", (run) => run.tracks);
    // One frame a second: how many times faster than the radar.
    figures[`growth_${drones}_times_real_time`] = of("×", (run) => 1000 / run.frameMeanMs);
  }
  return figures;
}

export const bench: Bench = {
  name: "tracker",
  measures:
    "GOSPA over scenarios of seeds that nothing was tuned on (mean; smallest and largest of single seeds), messages withheld until they arrive, beside what others measured on the same; processor time per frame of 1000 drones and 200 false alarms, all threads, after 5 s",
  run(words): Promise<BenchResult> {
    const wish = wishOf(words);
    let figures: Record<string, Figure> = {};
    let peers: Record<string, Figure> = {};
    // Speed first, in a young process with little in memory.
    if (wish.speed) figures = { ...figures, ...speedFigures() };
    if (wish.growth) figures = { ...figures, ...growthFigures() };
    for (const name of wish.scenarios) {
      const measured = accuracy(name, name === "scale1000" ? [SCALE_SEED] : wish.seeds);
      figures = { ...figures, ...measured.figures };
      peers = { ...peers, ...measured.peers };
    }
    return Promise.resolve({ figures, peers });
  },
};
