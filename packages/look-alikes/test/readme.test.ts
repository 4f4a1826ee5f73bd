// Does the example of the README run, and give what it says?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Explanation, explain, readElements } from "../src/index.ts";
import { ORACLE_ELEMENTS } from "./oracle-satellites.ts";

test("the README's example runs as it stands, and each figure that it shows is in the answer", () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
  const [first, ...rest] = example.split("\n");
  assert.equal(first, 'import { explain, readElements } from "@atalaya/look-alikes";');
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function("explain", "readElements", "textThatTheOperatorSupplied", `${rest.join("\n")}\nreturn answer;`) as (
    ...names: readonly [typeof explain, typeof readElements, string]
  ) => Explanation;
  const [finding] = run(explain, readElements, ORACLE_ELEMENTS.flat().join("\n")).findings;
  const shown = example.slice(example.indexOf("// answer.findings[0]"));
  const stars = finding!.decides[0]!;
  for (const [key, value] of Object.entries({ ...finding, ...finding!.reason, kind: finding!.kind, reasonKey: finding!.reason.key })) {
    const [, said] = new RegExp(`\\b${key}: ("?[-a-z0-9.]+"?)`).exec(shown) ?? [];
    if (said === undefined || typeof value === "object") continue;
    if (typeof value === "number") assert.equal(said, value.toFixed(1), key);
    else if (key !== "key") assert.equal(said, `"${value}"`, key);
  }
  assert.ok(shown.includes(`{ key: "moves-with-the-stars", afterS: 300, azimuthDeg: 119.5, elevationDeg: 24.8 }`));
  assert.ok(stars.key === "moves-with-the-stars");
  assert.equal(stars.azimuthDeg.toFixed(1), "119.5");
  assert.equal(stars.elevationDeg.toFixed(1), "24.8");
  assert.ok(shown.includes(JSON.stringify(finding!.doesNotExclude).replaceAll(",", ", ")));
});
