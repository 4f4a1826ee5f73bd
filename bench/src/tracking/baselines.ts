// How good is the best open tracker on a scenario and seed, and what does noise alone cost?
import { readFileSync } from "node:fs";
import type { ScenarioName } from "@atalaya/drills/scenario";
import { sharedData } from "@atalaya/testing/shared";
import { hasShared } from "./scenarios.ts";

/** GOSPA, m, as measured by others; undefined where they did not. */
export interface Baseline {
  readonly openM: number | undefined;
  readonly floorM: number | undefined;
}

interface Row {
  readonly open?: { readonly gospa: number };
  readonly floor?: { readonly gospa: number };
}

/** Not in the file: table 3 of the facts about trackers, best of several configurations on seed 1. */
const SCALE1000_SEED_1_OPEN_M = 222.8;

let rows: Readonly<Record<string, Readonly<Record<string, Row>>>> | undefined;

export function baseline(name: ScenarioName, seed: number): Baseline {
  if (!hasShared) return { openM: undefined, floorM: undefined };
  if (name === "scale1000") return { openM: seed === 1 ? SCALE1000_SEED_1_OPEN_M : undefined, floorM: undefined };
  rows ??= JSON.parse(readFileSync(sharedData("tracking", "baselines.json"), "utf8")) as NonNullable<typeof rows>;
  const row = rows[name]?.[String(seed)];
  return { openM: row?.open?.gospa, floorM: row?.floor?.gospa };
}
