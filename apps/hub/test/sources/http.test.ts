import assert from "node:assert/strict";
import { test } from "node:test";
import { httpSource, MAX_LINE_BYTES } from "../../src/sources/http.ts";
import { RecordingDoor } from "./recording-door.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

test("each line of a request is one frame; blank lines, carriage returns and a missing last line feed change nothing", async () => {
  const door = new RecordingDoor();
  const source = httpSource({ id: "h", name: "h", kind: "http", origin: "live" });
  await source.start(door);
  assert.deepEqual(await source.lines(bytes('{"a":1}\r\n\n{"b":2}\n{"c":3}')), { taken: 3, refused: 0 });
  assert.deepEqual(
    door.frames.map((frame) => Buffer.from(frame.bytes).toString()),
    ['{"a":1}', '{"b":2}', '{"c":3}'],
  );
});

test("a line that is too long is refused by name and its neighbours are taken", async () => {
  const door = new RecordingDoor();
  const source = httpSource({ id: "h", name: "h", kind: "http", origin: "live" });
  await source.start(door);
  assert.deepEqual(await source.lines(bytes(`one\n${"x".repeat(MAX_LINE_BYTES + 1)}\ntwo\n`)), { taken: 2, refused: 1 });
  assert.deepEqual(door.refusals, ["line-too-long"]);
});

test("a sender waits while the hub is behind", async () => {
  const door = new RecordingDoor();
  door.open = false;
  const source = httpSource({ id: "h", name: "h", kind: "http", origin: "live" });
  await source.start(door);
  let done = false;
  const answer = source.lines(bytes("one\ntwo\n")).then((taken) => {
    done = true;
    return taken;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(done, false);
  assert.equal(door.frames.length, 1);
  door.release();
  assert.deepEqual(await answer, { taken: 2, refused: 0 });
});

test("after it was stopped a source hands nothing in", async () => {
  const door = new RecordingDoor();
  const source = httpSource({ id: "h", name: "h", kind: "http", origin: "live" });
  await source.start(door);
  await source.stop();
  assert.deepEqual(await source.lines(bytes("one\n")), { taken: 0, refused: 1 });
  assert.equal(door.frames.length, 0);
});

test("lines of the detection format come in by the batch, and the answer says what came of them", async () => {
  const door = new RecordingDoor();
  const source = httpSource({ id: "h", name: "h", kind: "http", origin: "live", format: "detections" });
  await source.start(door);
  const lines = Array.from({ length: 5000 }, (_, k) => `{"type":"det","id":"${k}"}`);
  assert.deepEqual(await source.lines(bytes(lines.join("\n"))), { taken: 5000, refused: 0 });
  assert.ok(door.frames.length < 5 && door.frames.every(({ format }) => format === "detections"));
  assert.equal(door.frames.map((frame) => Buffer.from(frame.bytes).toString()).join("\n"), lines.join("\n"));
  const { taken, refused, reason } = await source.lines(bytes(`one\n${"x".repeat(MAX_LINE_BYTES + 1)}\ntwo\n`));
  assert.deepEqual([taken, refused, reason?.code], [2, 1, "line-too-long"]);
  assert.deepEqual(door.refusals, ["line-too-long"]);
});

test("a batch that the hub had no room for is not said to be taken", async () => {
  const door = new RecordingDoor();
  // A full journal: nothing is written, nothing is counted.
  door.told = () => ({ taken: 0, refused: 0, lastRefusal: undefined });
  const source = httpSource({ id: "h", name: "h", kind: "http", origin: "live", format: "detections" });
  await source.start(door);
  const { taken, reason } = await source.lines(bytes("{}"));
  assert.deepEqual([taken, reason?.code], [0, "not-written"]);
});
