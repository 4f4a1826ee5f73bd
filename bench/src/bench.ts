// What a benchmark is, how often it runs, and how its figures are printed.
import { arch, cpus, platform, totalmem } from "node:os";

/** One measured figure: the median of `runs` runs (or their mean, where `measures` says so) with the smallest and the largest. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly runs: number;
  readonly min: number;
  readonly max: number;
}

export interface BenchResult {
  readonly figures: Readonly<Record<string, Figure>>;
  /** The things we are compared with, measured in the same run. */
  readonly peers: Readonly<Record<string, Figure>>;
}

/** Each file `bench/src/<name>.ts` exports `bench` of this shape; `npm run bench -- <name>` runs it. */
export interface Bench {
  readonly name: string;
  /** One sentence: what is measured, on what load. */
  readonly measures: string;
  run(arguments_: readonly string[]): Promise<BenchResult>;
}

/** The figure of several runs: median, smallest, largest. */
export function figure(unit: string, samples: readonly number[]): Figure {
  if (samples.length === 0) throw new RangeError("a figure needs at least one run");
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const value = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
  return { value, unit, runs: sorted.length, min: sorted[0] ?? Number.NaN, max: sorted[sorted.length - 1] ?? Number.NaN };
}

/** The machine that the figures belong to. */
export function machine(): Readonly<Record<string, string | number>> {
  const list = cpus();
  return {
    cpu: list[0]?.model.trim() ?? "unknown",
    cores: list.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}-${arch()}`,
    node: process.versions.node,
  };
}
