// Batches of whole lines, wherever a stream was cut.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { batchesOf, LineBatches, MAX_BATCH_BYTES } from "../../src/sources/lines.ts";

interface Cut {
  readonly batches: readonly string[];
  readonly refused: readonly string[];
}

function cut(chunks: readonly Uint8Array[]): Cut {
  const batches: string[] = [];
  const refused: string[] = [];
  const cutter = new LineBatches({ batch: (lines) => batches.push(Buffer.from(lines).toString()), refused: (code) => refused.push(code) });
  for (const chunk of chunks) cutter.push(chunk);
  cutter.end();
  return { batches, refused };
}
const linesOf = ({ batches }: Cut): readonly string[] => batches.flatMap((batch) => batch.split("\n")).filter((line) => line.trim() !== "");

test("a stream gives the same lines however it is split, at every byte", () => {
  const stream = Buffer.from('{"a":1}\r\n\n{"b":"ñ🚁"}\n{"c":3}\n \n{"d":4}');
  const whole = cut([stream]);
  assert.equal(batchesOf(stream, () => undefined).length, 1, "work is done by the batch");
  assert.deepEqual(linesOf(whole), ['{"a":1}\r', '{"b":"ñ🚁"}', '{"c":3}', '{"d":4}']);
  for (let at = 0; at <= stream.length; at += 1)
    assert.deepEqual(linesOf(cut([stream.subarray(0, at), stream.subarray(at)])), linesOf(whole), String(at));
  assert.deepEqual(linesOf(cut(Array.from(stream, (_, k) => stream.subarray(k, k + 1)))), linesOf(whole));
});

test("no batch is larger than a frame may be, and none cuts a line", () => {
  const line = fc.integer({ min: 0, max: 3000 }).map((length) => "x".repeat(length));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 120 }), fc.array(fc.nat({ max: 200_000 }), { maxLength: 4 }), (lines, places) => {
      const stream = Buffer.from(lines.join("\n"));
      const ends = [...places.filter((place) => place < stream.length).toSorted((a, b) => a - b), stream.length];
      const result = cut(ends.map((end, k) => stream.subarray(ends[k - 1] ?? 0, end)));
      assert.ok(result.batches.every((batch) => batch.length > 0 && batch.length <= MAX_BATCH_BYTES));
      assert.deepEqual(
        linesOf(result),
        lines.filter((text) => text !== ""),
      );
      assert.deepEqual(result.refused, []);
    }),
    { numRuns: 60 },
  );
});

test("a line that is too long is refused once by name and kept nowhere; its neighbours are taken", () => {
  const exact = "y".repeat(MAX_BATCH_BYTES);
  const stream = Buffer.from(`one\n${"x".repeat(MAX_BATCH_BYTES + 1)}\n${exact}\n\ntwo\n${"z".repeat(3 * MAX_BATCH_BYTES)}`);
  for (const size of [stream.length, 1000, 65_536, 65_537, 100_000]) {
    const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, k) => stream.subarray(k * size, (k + 1) * size));
    const result = cut(chunks);
    assert.deepEqual(linesOf(result), ["one", exact, "two"], String(size));
    assert.deepEqual(result.refused, ["line-too-long", "line-too-long"], String(size));
  }
});

test("a sign-in line among the others does not reach the journal, where its key would stay for months", () => {
  const refused: string[] = [];
  const hello = '{"type":"hello","source":"roof","key":"secret"}';
  const batches = batchesOf(Buffer.from(`{"a":1}\n${hello}\n{"b":"hello"}`), (code) => refused.push(code)).map((batch) =>
    Buffer.from(batch).toString(),
  );
  assert.deepEqual(batches, ['{"a":1}\n{"b":"hello"}']);
  assert.deepEqual(refused, ["hello-again"]);
  assert.deepEqual(
    batchesOf(Buffer.from(hello), () => undefined),
    [],
  );
});
