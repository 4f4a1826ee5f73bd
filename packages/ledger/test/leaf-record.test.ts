import assert from "node:assert/strict";
import test from "node:test";
import { commitment, encodeLeafRecord, hex, sha256 } from "@atalaya/ledger";
import fc from "fast-check";

const payload = new Uint8Array(32).fill(0xaa);
const sealed = new Uint8Array(32).fill(0xbb);

test("a leaf record is written byte for byte as documented", () => {
  const bytes = encodeLeafRecord({ seq: 258, timeUs: -1, kind: "frame", source: "ñ", retention: 1, payload, sealed });
  assert.equal(
    hex(bytes),
    [
      "01", // version
      "0000000000000102", // seq
      "ffffffffffffffff", // time
      "01", // retention class
      "0005", // kind
      "6672616d65",
      "0002", // source, UTF-8
      "c3b1",
      "aa".repeat(32), // the payload's commitment
      "01", // has a sealed part
      "bb".repeat(32),
    ].join(""),
  );
  const without = encodeLeafRecord({ seq: 258, timeUs: -1, kind: "frame", source: "ñ", retention: 1, payload });
  assert.equal(hex(without), `${hex(bytes).slice(0, -66)}00`);
});

test("two entries that differ in anything have different records", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 6 });
  const entry = fc.record({
    seq: fc.integer({ min: 1, max: 3 }),
    timeUs: fc.integer({ min: 0, max: 2 }),
    kind: text,
    source: text,
    retention: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(entry, entry, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      assert.equal(hex(encodeLeafRecord({ ...a, payload })) === hex(encodeLeafRecord({ ...b, payload })), same);
    }),
  );
});

test("a commitment is the hash of salt and content", () => {
  const salt = new Uint8Array(16).fill(1);
  assert.deepEqual(commitment(salt, Uint8Array.of(2, 3)), sha256(Uint8Array.of(...salt, 2, 3)));
  assert.throws(() => commitment(new Uint8Array(15), payload), RangeError);
});
