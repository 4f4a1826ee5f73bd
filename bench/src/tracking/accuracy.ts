// How far off is the tracker on each scenario, beside the best open one on the same seeds?
import type { ScenarioName } from "@atalaya/drills/scenario";
import { type Score, score, TrackTable } from "@atalaya/drills/scoring";
import type { Figure } from "../bench.ts";
import { newTracker } from "./adapter.ts";
import { answers } from "./answers.ts";
import { type Baseline, baseline } from "./baselines.ts";
import { play } from "./scenarios.ts";

interface Run {
  readonly score: Score;
  readonly baseline: Baseline;
}

export interface Accuracy {
  readonly figures: Readonly<Record<string, Figure>>;
  readonly peers: Readonly<Record<string, Figure>>;
}

/** Plays a scenario with each seed, scores what the tracker answers, and names the figures after the scenario. */
export function accuracy(name: ScenarioName, seeds: readonly number[]): Accuracy {
  const runs = seeds.map((seed): Run => {
    const { lines, truth } = play(name, seed);
    const table = new TrackTable(truth);
    const { gospa_c_m: toleranceM, dim, classes } = truth.scenario.score;
    for (const line of answers(newTracker(toleranceM, dim, classes), lines, truth.instantsS)) table.add(line);
    return { score: score(truth, table), baseline: baseline(name, seed) };
  });
  const figures: Record<string, Figure> = {};
  const peers: Record<string, Figure> = {};
  const mean = (into: Record<string, Figure>, key: string, unit: string, of: (run: Run) => number | null | undefined): void => {
    const values = runs.map(of).filter((value) => typeof value === "number");
    if (values.length > 0) into[key] = meanFigure(unit, values);
  };

  // The ratio of the means over the seeds that the open tracker was measured on; smallest and largest of single seeds.
  const both = runs.flatMap(({ score: { gospa }, baseline: { openM } }) =>
    gospa === null || openM === undefined ? [] : [{ gospa, openM }],
  );
  if (both.length > 0) {
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const singles = both.map(({ gospa, openM }) => gospa / openM);
    const value = sum(both.map(({ gospa }) => gospa)) / sum(both.map(({ openM }) => openM));
    figures[`gospa_ratio_${name}`] = { value, unit: "× open", runs: both.length, min: Math.min(...singles), max: Math.max(...singles) };
  }
  mean(figures, `gospa_${name}`, "m", (run) => run.score.gospa);
  mean(figures, `loc_rmse_${name}`, "m", (run) => run.score.loc_rmse_m);
  mean(figures, `missed_${name}`, "objects", (run) => run.score.missed);
  mean(figures, `false_${name}`, "tracks", (run) => run.score.false);
  mean(figures, `ospa2_${name}`, "m", (run) => run.score.ospa2);
  mean(figures, `switches_${name}`, "switches", (run) => run.score.id_switches);
  mean(figures, `idf1_${name}`, "", (run) => run.score.idf1);
  mean(figures, `confirm_${name}`, "s", (run) => run.score.confirm_mean_s);
  mean(figures, `anees_${name}`, "", (run) => run.score.anees);
  mean(figures, `spoof_fraction_${name}`, "", (run) => run.score.spoof_track_fraction);
  mean(figures, `causality_breaches_${name}`, "lines", (run) => run.score.causality_breaches);
  mean(peers, `open_gospa_${name}`, "m", (run) => run.baseline.openM);
  mean(peers, `floor_gospa_${name}`, "m", (run) => run.baseline.floorM);
  return { figures, peers };
}

function meanFigure(unit: string, values: readonly number[]): Figure {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { value, unit, runs: values.length, min: Math.min(...values), max: Math.max(...values) };
}
