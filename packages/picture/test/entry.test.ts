// Payloads of entries: what is written is what is read, and what is malformed is refused, never fatal.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decodeFramePayload,
  decodeRecord,
  encodeFrame,
  encodeRecord,
  FRAME_FORMATS,
  Picture,
  type Records,
  type ZoneDefinition,
} from "../src/index.ts";
import { POST, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const json = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a frame comes back as it was written, its sensor time to the microsecond", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FRAME_FORMATS),
      fc.option(fc.integer({ min: 1, max: 4_000_000_000_000_000 }), { nil: undefined }),
      fc.uint8Array(),
      (format, sensorTimeUs, bytes) => {
        assert.deepEqual(decodeFramePayload(encodeFrame({ format, sensorTimeUs, bytes })), { format, sensorTimeUs, bytes });
      },
    ),
  );
});

test("the numbers under which journals hold formats are these, and new ones stand behind them", () => {
  assert.deepEqual(FRAME_FORMATS.slice(0, 8), [
    "dlt-105",
    "dlt-127",
    "dlt-201",
    "dlt-256",
    "dlt-272",
    "dronescout",
    "ndjson",
    "detections",
  ]);
  const [version, format] = encodeFrame({ format: "detections", sensorTimeUs: undefined, bytes: new Uint8Array() });
  assert.deepEqual([version, format], [1, 7]);
});

test("bytes that are no frame of this version are refused", () => {
  assert.equal(decodeFramePayload(new Uint8Array(9)), undefined);
  assert.equal(decodeFramePayload(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0)), undefined);
  assert.equal(decodeFramePayload(Uint8Array.of(1, 200, 0, 0, 0, 0, 0, 0, 0, 0)), undefined);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void decodeFramePayload(bytes)));
});

test("records come back as they were written, in any script", () => {
  const value: Records["clear"] = { warningId: "W-1", by: "Núñez 🚁 守", reason: "own drone" };
  assert.deepEqual(decodeRecord("clear", encodeRecord("clear", value)), { kind: "clear", value });
});

test("records that lack what they must have, or hold what no rule could use, are refused", () => {
  const source = '{"id":"a","name":"a","kind":"http","origin":"live"}';
  assert.ok(decodeRecord("source", json(`{"by":"x","source":${source}}`)));
  for (const [kind, text] of [
    ["source", `{"source":${source}}`],
    ["source", '{"by":"x","source":{"id":"a","name":"a","kind":"jammer","origin":"live"}}'],
    ["source", '{"by":"x","source":{"id":"a","name":"a","kind":"http","origin":"dream"}}'],
    [
      "zone",
      '{"by":"x","zone":{"id":"z","name":"z","kind":"post","shape":{"type":"circle","centre":{"latDeg":1,"lonDeg":1},"radiusM":1e999}}}',
    ],
    [
      "zone",
      '{"by":"x","zone":{"id":"z","name":"z","kind":"post","shape":{"type":"circle","centre":{"latDeg":91,"lonDeg":1},"radiusM":10}}}',
    ],
    ["zone", '{"by":"x","zone":{"id":"z","name":"z","kind":"post","shape":{"type":"polygon","ring":[]}}}'],
    ["clock-step", '{"stepUs":"1"}'],
    ["clear", '{"warningId":"W","by":"x"}'],
    ["clear", `{"warningId":"W","by":"x","reason":"${"y".repeat(1001)}"}`],
    ["nothing", "{}"],
    ["toString", "{}"],
    ["clear", "["],
    ["clear", "null"],
  ] as const)
    assert.equal(decodeRecord(kind, json(text)), undefined, `${kind} ${text}`);
});

test("random bytes never break a record of any kind", () => {
  const kinds = ["sector", "source", "source-state", "zone", "acknowledge", "clear", "clock-step", "account"];
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.oneof(fc.uint8Array(), fc.json().map(json)), (kind, bytes) => void decodeRecord(kind, bytes)),
  );
});

test("malformed records and zones that cannot be watched are counted; the picture goes on", () => {
  const flat: ZoneDefinition = { id: "f", name: "f", kind: "area", shape: { type: "polygon", ring: [POST, POST, POST] } };
  const list = new EntryList().record(T0, "zone", { zone: flat, by: "x" });
  list.entries.push({ seq: 2, timeUs: T0, kind: "zone", source: "", payload: json("{") });
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  assert.equal(picture.counts.recordsRefused, 1);
  assert.equal(picture.counts.malformedRecords, 1);
  assert.equal(picture.seq, 2);
});

test("an entry applied twice, purged, or dated before the one before it is counted and taken as the rules say", () => {
  const list = new EntryList().source(T0).record(T0 - 5_000_000, "clock-step", { stepUs: -5_000_000 });
  list.entries.push({ seq: 3, timeUs: T0, kind: "frame", source: "test", payload: undefined });
  const picture = new Picture();
  for (const entry of [...list.entries, ...list.entries]) picture.apply(entry);
  const { timeBackEntries, repeatedEntries, purgedEntries, clockSteps } = picture.counts;
  assert.deepEqual(
    { timeBackEntries, repeatedEntries, purgedEntries, clockSteps },
    { timeBackEntries: 1, repeatedEntries: 3, purgedEntries: 1, clockSteps: 1 },
  );
  assert.equal(picture.timeUs, T0);
});
