// Do numbers come back from a snapshot's text bit by bit, and is other text refused?
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { packNumbers, unpackNumbers } from "../src/saved.ts";

const anyNumber = fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, Number.MAX_VALUE));

test("numbers come back as they were, and the text is base64 as others write it", () => {
  fc.assert(
    fc.property(fc.array(anyNumber, { maxLength: 40 }), (numbers) => {
      const packed = Float64Array.from(numbers);
      const text = packNumbers(packed);
      assert.equal(text, Buffer.from(packed.buffer).toString("base64"));
      const back = unpackNumbers(text);
      assert.ok(back !== undefined);
      assert.deepEqual(back, packed);
      back.forEach((value, k) => assert.ok(Object.is(value, packed[k])));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("a long array is written in parts that join", () => {
  const numbers = Float64Array.from({ length: 20_011 }, (_, k) => Math.sin(k));
  const text = packNumbers(numbers);
  assert.equal(text, Buffer.from(numbers.buffer).toString("base64"));
  assert.deepEqual(unpackNumbers(text), numbers);
});

test("a part of an array is written from where it begins", () => {
  const numbers = Float64Array.of(1, 2, 3, 4);
  assert.deepEqual(unpackNumbers(packNumbers(numbers.subarray(1, 3))), Float64Array.of(2, 3));
});

test("text that is no base64 of whole numbers is refused", () => {
  const good = packNumbers(Float64Array.of(1, 2, 3));
  for (const bad of [
    good.slice(0, -1),
    good.slice(1),
    `${good}A`,
    good.replace("A", "*"),
    good.replace("A", "é"),
    "====",
    "AAAA",
    "\u0000",
  ]) {
    assert.equal(unpackNumbers(bad), undefined, bad);
  }
  assert.deepEqual(unpackNumbers(""), new Float64Array(0));
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      const numbers = unpackNumbers(text);
      assert.ok(numbers === undefined || packNumbers(numbers).length === text.length);
    }),
    { seed: 2, numRuns: 500 },
  );
});
