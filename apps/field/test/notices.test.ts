// What a person is told: once per id, the newest word of each warning, real danger before drills.
import assert from "node:assert/strict";
import test from "node:test";
import type { Notice } from "@atalaya/protocol";
import { answered, covers, foremost, hear, type Told } from "../src/warned/notices.ts";

const notice = (more: Partial<Notice>): Notice => ({
  id: "w1/ana/1",
  kind: "notify",
  warningId: "w1",
  reference: "K7Q2",
  personId: "ana",
  timeMs: 1000,
  drill: false,
  language: "en",
  text: "Drone coming.",
  level: "warning",
  asks: true,
  ...more,
});
const NOTHING: Told = { notices: [], announced: [] };

test("an id is announced once, however often it comes", () => {
  const first = hear(NOTHING, notice({}), false);
  assert.equal(first.announce, true);
  const again = hear(first, notice({}), false);
  assert.equal(again.announce, false);
  assert.equal(again.notices.length, 1);
  assert.equal(hear(again, notice({ id: "w1/ana/2", kind: "repeat" }), false).announce, true);
});

test("after a time without a link what holds and asks is announced, what is over or was answered is only shown", () => {
  assert.equal(hear(NOTHING, notice({}), true).announce, true);
  assert.equal(hear(NOTHING, notice({ asks: false, answered: "safe" }), true).announce, false);
  assert.equal(hear(NOTHING, notice({ kind: "all-clear", quiet: true, asks: false }), false).announce, false);
});

test("an answer on another device stops the asking and leaves the words", () => {
  const first = hear(NOTHING, notice({}), false);
  const { notices, announce } = hear(first, notice({ id: "w1/ana/c", kind: "cancel", why: "answered", asks: false }), false);
  assert.equal(announce, false);
  assert.deepEqual([notices[0]?.asks, notices[0]?.text], [false, "Drone coming."]);
  assert.equal(answered(first, "w1", "safe").notices[0]?.answered, "safe");
  assert.equal(answered(first, "other", "safe").notices[0]?.answered, undefined);
});

test("the newest word of a warning takes the place of the older one", () => {
  const first = hear(NOTHING, notice({}), false);
  const over = hear(first, notice({ id: "w1/ana/9", kind: "all-clear", asks: false, text: "All clear." }), false);
  assert.deepEqual(
    over.notices.map(({ text }) => text),
    ["All clear."],
  );
});

test("a real danger stands before any drill's, what asks before what was answered, the nearer before the farther", () => {
  const real = notice({ id: "a", warningId: "a", level: "caution" });
  const drill = notice({ id: "b", warningId: "b", drill: true, reachesInS: 5 });
  const far = notice({ id: "c", warningId: "c", reachesInS: 90 });
  const near = notice({ id: "d", warningId: "d", reachesInS: 20 });
  const done = notice({ id: "e", warningId: "e", asks: false, answered: "safe", reachesInS: 1 });
  assert.equal(foremost([drill, real])?.id, "a");
  assert.equal(foremost([real, far, near, done])?.id, "d");
  assert.equal(foremost([done, real])?.id, "a");
});

test("announced ids and notices are bounded", () => {
  let told: Told = NOTHING;
  for (let k = 0; k < 700; k += 1) told = hear(told, notice({ id: `w${k}`, warningId: `w${k}` }), false);
  assert.equal(told.notices.length, 20);
  assert.equal(told.announced.length, 500);
});

test("what asks takes the screen; what is only to be known does not stop a thumb", () => {
  assert.equal(covers(notice({}), ["w1/ana/1"]), true, "what asks cannot be put aside");
  assert.equal(covers(notice({ level: "advisory", asks: false }), []), false);
  assert.equal(covers(notice({ kind: "all-clear", level: undefined, asks: false } as Partial<Notice>), []), false);
  const done = notice({ asks: false, answered: "taking-cover" });
  assert.equal(covers(done, []), true);
  assert.equal(covers(done, ["w1/ana/1"]), false);
});
