// What is typed beside what the hub has: nothing typed is lost, nothing unread is written over.
import assert from "node:assert/strict";
import test from "node:test";
import { afterSaved, afterWord, isOwed, keepMine, same, takeTheirs } from "../src/bulletins/typed.ts";

test("blanks around a text, the order of fields and what is not set make no difference", () => {
  assert.ok(same({ a: " one ", b: undefined, c: [{ x: 1, y: "z" }] }, { c: [{ y: "z ", x: 1 }], a: "one" }));
  assert.ok(!same({ a: "one" }, { a: "two" }));
  assert.ok(!same(null, { a: "one" }));
});

test("word of another's change is taken over where nothing is typed", () => {
  assert.deepEqual(afterWord({ base: "a", mine: "a" }, "b"), { base: "b", mine: "b" });
});

test("what is typed stays while the hub has what it had, or already has the same", () => {
  assert.deepEqual(afterWord({ base: "a", mine: "a typed" }, "a"), { base: "a", mine: "a typed" });
  const arrived = afterWord({ base: "a", mine: "a typed " }, "a typed");
  assert.deepEqual(arrived, { base: "a typed", mine: "a typed " });
  assert.ok(!isOwed(arrived));
});

test("where both have changed, both are kept until a person decides", () => {
  const both = afterWord({ base: "a", mine: "mine" }, "theirs");
  assert.deepEqual(both, { base: "a", mine: "mine", theirs: "theirs" });
  assert.deepEqual(keepMine(both), { base: "theirs", mine: "mine" });
  assert.ok(isOwed(keepMine(both)));
  assert.deepEqual(takeTheirs(both), { base: "theirs", mine: "theirs" });
  assert.ok(!isOwed(takeTheirs(both)));
});

test("after a save, what was typed on meanwhile is owed, and no conflict with oneself", () => {
  assert.deepEqual(afterSaved({ base: "a", mine: "ab" }, "ab", "ab"), { base: "ab", mine: "ab" });
  const on = afterSaved({ base: "a", mine: "abc" }, "ab", "ab");
  assert.deepEqual(on, { base: "ab", mine: "abc" });
  assert.ok(isOwed(on));
  // The hub trims: what is typed keeps its blank, so that the next word does not stick to it.
  assert.deepEqual(afterSaved({ base: "", mine: "First " }, "First ", "First"), { base: "First", mine: "First " });
});
