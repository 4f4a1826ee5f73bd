// Comparing measured numbers with a stated tolerance.
import assert from "node:assert/strict";

/** Fails unless the two numbers differ by at most `tolerance`; NaN never passes. */
export function near(actual: number | undefined, expected: number, tolerance: number, what = "value"): void {
  const off = Math.abs((actual ?? Number.NaN) - expected);
  assert.ok(off <= tolerance, `${what}: ${actual} is ${off} from ${expected}, allowed ${tolerance}`);
}

/** Fails unless the first numbers of an array match, each within `tolerance`. */
export function nearAll(actual: Float64Array, expected: readonly number[], tolerance: number, what = "values"): void {
  for (const [k, value] of expected.entries()) near(actual[k], value, tolerance, `${what}[${k}]`);
}

/** One number of an array; NaN where there is none, so that a comparison with it fails. */
export function item(numbers: Float64Array, index: number): number {
  return numbers[index] ?? Number.NaN;
}
