// What rests on what: three articles that cite one memo are drawn with it, and are said to be one source.
import assert from "node:assert/strict";
import test from "node:test";
import type { Claim, MemoSource } from "@atalaya/protocol";
import { letters, MAX_BOXES, repeats, restsOn, shortHash } from "../src/memo/rests-on.ts";

function source(id: string, cites: readonly string[] = [], addsOwn = false): MemoSource {
  return {
    id,
    kind: "article",
    title: `Title ${id}`,
    origin: "",
    capturedMs: 0,
    takenMs: 0,
    by: "",
    handling: { tlp: "CLEAR", releasableTo: [] },
    document: { form: "text", bytes: 1, have: 1, whole: true, removed: false, mayLook: true },
    cites: [...cites],
    citedBy: [],
    addsOwn,
    reliability: "F",
    standing: "standing",
    roots: [],
    claims: [],
    history: [],
  };
}
const claimOf = (sources: readonly (readonly [string, "A" | "B" | "C"])[]): Claim =>
  ({ sources: sources.map(([id, reliability]) => ({ id, reliability, standing: "standing" })) }) as unknown as Claim;

test("what cites stands above what it cites, and a memo that only an article leads to is drawn too", () => {
  const sources = [source("memo"), source("article", ["memo"]), source("other")];
  const { boxes, cites, drawn, more } = restsOn(["memo", "article", "other"], sources);
  assert.deepEqual(
    boxes.map(({ id }) => id),
    ["article", "memo", "other"],
  );
  assert.deepEqual(cites, [{ from: 0, to: 1 }]);
  assert.deepEqual(drawn, [0, 1, 2]);
  assert.equal(more, 0);
  const led = restsOn(["article"], sources);
  assert.deepEqual(
    led.boxes.map(({ id }) => id),
    ["article", "memo"],
  );
  assert.deepEqual(led.drawn, [0]);
});

test("citations that go round end, and more than there is room for is counted", () => {
  const round = restsOn(["a"], [source("a", ["b"]), source("b", ["a"])]);
  assert.equal(round.boxes.length, 2);
  const many = Array.from({ length: MAX_BOXES + 4 }, (_, k) => source(`s${k}`));
  const { boxes, more } = restsOn(
    many.map(({ id }) => id),
    many,
  );
  assert.equal(boxes.length, MAX_BOXES);
  assert.equal(more, 4);
});

test("what only repeats is the same source; what knows more of its own is not", () => {
  const sources = [source("memo"), source("repeats", ["memo"]), source("knows", ["memo"], true)];
  const said = repeats(
    claimOf([
      ["memo", "B"],
      ["repeats", "C"],
      ["knows", "C"],
    ]),
    sources,
  );
  assert.deepEqual(
    said.map((one) => [one.source.id, one.same, one.cites.map(({ id }) => id)]),
    [
      ["repeats", true, ["memo"]],
      ["knows", false, ["memo"]],
    ],
  );
});

test("letters stand side by side, each once; a hash is shown by its beginning", () => {
  assert.deepEqual(
    letters(
      claimOf([
        ["x", "C"],
        ["y", "A"],
        ["z", "C"],
      ]),
    ),
    ["A", "C"],
  );
  assert.equal(shortHash("4be190c7ffff"), "4be1 90c7");
});
