import assert from "node:assert/strict";
import { test } from "node:test";
import { answerIn } from "../../src/outlets/sms/replies.ts";
import { sameNumber } from "../../src/outlets/sms/short-message.ts";

test("a reply is help whenever it may be, cover when it says so, and else no answer", () => {
  for (const help of ["2", " 2 ", "2 ayuda", "1 2", "AYUDA", "help!", "K7Q2 2", "1. no, 2", "¡Ayuda!"])
    assert.equal(answerIn(help), "need-help", help);
  for (const cover of ["1", "1.", "1 K7Q2", "a cubierto", "In cover", "ref k7q2: 1"]) assert.equal(answerIn(cover), "taking-cover", cover);
  for (const none of ["", "ok", "12", "21", "que pasa", "STOP", "K7Q2"]) assert.equal(answerIn(none), undefined, none);
});

test("one number is one however it is written, and another is another", () => {
  for (const [a, b] of [
    ["+52 656 123 4567", "526561234567"],
    ["+526561234567", "6561234567"],
    ["+44 20 7946 0000", "02079460000"],
    ["0052 656 123 4567", "+526561234567"],
  ] as const)
    assert.ok(sameNumber(a, b) && sameNumber(b, a), `${a} ${b}`);
  for (const [a, b] of [
    ["+526561234567", "+526561234568"],
    ["+15550100", "100"],
    ["", ""],
    ["ATALAYA", "ATALAYA"],
  ] as const)
    assert.equal(sameNumber(a, b), false, `${a} ${b}`);
});
