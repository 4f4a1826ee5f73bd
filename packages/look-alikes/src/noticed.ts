// From how far does a person notice something in the air?

import { along } from "./between.ts";

/** Range and the share of those in the right direction that are noticed from it; straight lines between, the last share beyond. */
export type NoticedFrom = readonly (readonly [rangeM: number, share: number])[];

/** With the Sun below this, lights carry. */
export const NIGHT_SUN_DEG = -4;

export function shareNoticed(table: NoticedFrom, rangeM: number): number {
  return along(table, rangeM);
}

/** Beyond the end of a table nothing is asked about. */
export function farthestM(table: NoticedFrom): number {
  return table.at(-1)?.[0] ?? 0;
}
