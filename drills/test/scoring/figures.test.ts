// Are figures rounded and averaged as IEEE 754 and numpy do it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { mean, quantile, rounded } from "../../src/scoring/figures.ts";

test("an exact tie goes to the even digit, what only looks like one does not", () => {
  assert.equal(rounded(0.0625, 3), 0.062);
  assert.equal(rounded(0.1875, 3), 0.188);
  assert.equal(rounded(2.5, 0), 2);
  assert.equal(rounded(3.5, 0), 4);
  assert.equal(rounded(-2.5, 0), -2);
  assert.equal(rounded(-0.0625, 3), -0.062);
  // 2.675 is 2.67499999999999982236431605997495353221893310546875.
  assert.equal(rounded(2.675, 2), 2.67);
  assert.equal(rounded(1.005, 2), 1);
  assert.equal(rounded(1e21, 3), 1e21);
});

test("what cannot be measured has no figure", () => {
  assert.equal(rounded(Number.NaN, 3), null);
  assert.equal(rounded(Number.POSITIVE_INFINITY, 3), null);
  assert.ok(Number.isNaN(mean([])));
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test("quantiles lie on straight lines between neighbours", () => {
  assert.equal(quantile([7], 0.9), 7);
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([4, 1, 2, 3], 0.5), 2.5);
  assert.equal(quantile([0, 10], 0.9), 9);
  assert.equal(quantile([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 1), 10);
});
