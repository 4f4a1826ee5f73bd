// Does the example of the README run, and give what it says?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Tracker } from "../src/index.ts";

test("the README's example runs as it stands: the track is shown, and the tracker goes on from what it saved", () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
  const [first, ...rest] = example.split("\n");
  assert.equal(first, 'import { Tracker } from "@atalaya/tracker";');
  const shown: string[] = [];
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function("Tracker", "show", `${rest.join("\n")}\nreturn [tracker, again];`) as (
    tracker: typeof Tracker,
    show: (id: string) => void,
  ) => readonly [Tracker, Tracker | undefined];
  const [tracker, again] = run(Tracker, (id) => shown.push(id));
  assert.ok(again !== undefined);
  for (const one of [tracker, again]) {
    for (let t = 1; t <= 5; t += 1) {
      one.detect({ id: `next ${t}`, sensor: "R1", scan: t, timeS: t, z: [1800 - 14.2 * t, 42.5, 3.1, -14.2] }, t + 0.1);
      one.scanEnd({ sensor: "R1", scan: t, count: 1, timeS: t, endTimeS: t }, t + 0.1);
      one.advance(t + 0.2);
    }
  }
  assert.equal(tracker.tracks(5.2).length, 1);
  assert.deepEqual(again.tracks(5.2), tracker.tracks(5.2));
  // One detection is not enough to be told: nothing was shown yet.
  assert.deepEqual(shown, []);
});
