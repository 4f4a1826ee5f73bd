// How large the wall writes, and how many lines that leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, wallScale } from "../src/wall/scale.ts";

test("an em is 40 mm on the screen that is meant: 40 px at 1920 on 86 inches, 63 on 55, twice that at 4K", () => {
  assert.deepEqual([wallScale(1920, null), wallScale(1920, "86"), wallScale(1920, "55"), wallScale(3840, "86")], [40, 40, 63, 81]);
  for (const nonsense of ["", "0", "-3", "x", "1e9"]) assert.equal(wallScale(1920, nonsense), 40, nonsense);
});

test("a larger em leaves fewer lines; people come before other dangers, which share a line that counts them", () => {
  assert.deepEqual(linesOf(1080, 40, 5, 4), { people: 5, others: 4 });
  assert.deepEqual(linesOf(1080, 40, 30, 10), { people: 8, others: 0 });
  assert.deepEqual(linesOf(1080, 63, 3, 5), { people: 1, others: 0 });
  assert.deepEqual(linesOf(1080, 40, 0, 0), { people: 9, others: 0 });
  assert.deepEqual(linesOf(300, 63, 3, 3), { people: 1, others: 0 }, "never nothing at all");
});
