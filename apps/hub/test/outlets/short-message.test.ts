import assert from "node:assert/strict";
import { test } from "node:test";
import { sameNumber } from "../../src/outlets/sms/short-message.ts";

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
