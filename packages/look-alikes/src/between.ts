// What does a table of a few points say between them?

/** Straight lines between the points, which stand in rising order; beyond the first and the last, their values. An empty table gives NaN. */
export function along(table: readonly (readonly [at: number, value: number])[], at: number): number {
  let [belowAt, belowValue] = table[0] ?? [Number.NaN, Number.NaN];
  for (const [pointAt, value] of table) {
    if (at <= pointAt) return pointAt === belowAt ? value : belowValue + ((at - belowAt) / (pointAt - belowAt)) * (value - belowValue);
    belowAt = pointAt;
    belowValue = value;
  }
  return belowValue;
}
