import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import * as fc from "fast-check";
import {
  decodeDroneScout,
  decodeFrame,
  encodeBle4,
  encodeWifiBeacon,
  REMOTE_ID_FORMATS,
  hex,
  type JsonObject,
  utf8,
  utf8Bytes,
} from "../../src/index.ts";
import { fromBase64, toBase64 } from "../../src/receivers/base64.ts";
import { locationBytes, pack, sending } from "../flight.ts";

/** An image that flags a Basic ID, an Operator ID, and two pages of Authentication, at the places of the structure on x86-64. */
function image(length = 921): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 2, true); // aircraft: multirotor
  view.setInt32(4, 1, true); // serial number
  bytes.set(utf8Bytes("ATLY0000000000000001"), 8);
  bytes.set(utf8Bytes("FIN87astrdge12k8"), 868);
  bytes[136 + 8] = 1; // last page
  bytes[136 + 9] = 30;
  view.setInt32(136 + 4, 1, true);
  view.setUint32(136 + 12, 86_400, true);
  bytes[176] = 1;
  view.setInt32(176 + 4, 1, true);
  for (const part of [0, 3, 4, 21]) bytes[892 + part] = 1;
  return bytes;
}

function payload(data: object = {}): string {
  const heard = {
    "sensor ID": "s-1",
    RSSI: -70,
    channel: 6,
    timestamp: 1_790_000_000_123,
    "MAC address": "02:A1:1A:7A:00:01",
    type: "WiFi NaN",
  };
  return JSON.stringify({ protocol: 1, data: { ...heard, UASdata: toBase64(image()), ...data } });
}

const types = (bytes: Uint8Array): readonly string[] =>
  decodeDroneScout(bytes).observations.map(({ element }) => element.messages.map(({ type }) => type).join());
const PARTS = "basicId,authentication,authentication,operatorId";

test("an image prints the parts it flags, in order, with what the receiver says of the sender", () => {
  const [observation] = decodeDroneScout(utf8Bytes(payload())).observations;
  assert.ok(observation !== undefined);
  const { carrier, transmitter, rssi, sensorTimeMs, element } = observation;
  assert.deepEqual([carrier, transmitter, rssi, sensorTimeMs], ["wifi-nan", "02:a1:1a:7a:00:01", -70, 1_790_000_000_123]);
  assert.equal(element.messages.map(({ type }) => type).join(), PARTS);
  const [basicId, first, second, operatorId] = element.messages;
  assert.deepEqual(basicId, { type: "basicId", idType: 1, uaType: 2, uasId: "ATLY0000000000000001" });
  assert.ok(
    first?.type === "authentication" && first.lastPage === 1 && first.timestampMs === Date.UTC(2019, 0, 2) && first.data.length === 17,
  );
  assert.ok(second?.type === "authentication" && second.lastPage === undefined && second.data.length === 23);
  assert.deepEqual(operatorId, { type: "operatorId", operatorIdType: 0, operatorId: "FIN87astrdge12k8" });
});

test("objects come alone, in an array, run together, with NULs and line feeds behind, and among objects of other kinds", () => {
  const one = payload();
  const other = '{"protocol":1.0,"status":{"sensor ID":"s-1","timestamp":1}}';
  for (const [text, count] of [
    [one, 1],
    [`[${one},${other},${one}]`, 2],
    [`${one}${one}${other}${one}`, 3],
    [`${one}\n\u0000\n`, 1],
    [`\r\n ${other}${one},\n${one}`, 2],
    [other, 0],
  ] as const) {
    assert.deepEqual(types(utf8Bytes(text)), new Array<string>(count).fill(PARTS), text.slice(0, 40));
  }
});

test("compressed payloads are expanded, in both forms", () => {
  for (const form of ["lzma", "xz"]) {
    const packed = execFileSync("xz", [`--format=${form}`, "--stdout", "-"], { input: `${payload()}${payload()}` });
    assert.deepEqual(types(packed), [PARTS, PARTS]);
  }
});

test("what is damaged is refused by name, and what stood before it is kept", () => {
  const one = payload();
  const refusals: readonly (readonly [string, number, string])[] = [
    [`${one}{"protocol":`, 1, "cut-short"],
    [`${one}x`, 1, "not-json"],
    [`${one}{1}`, 1, "not-json"],
    ["[".repeat(17), 0, "nested-too-deep"],
    [`[${"{},".repeat(1000)}{}]`, 0, "too-many-objects"],
    [`[${one},7]`, 1, "not-an-object"],
  ];
  for (const [text, kept, code] of refusals) {
    const { observations, refused } = decodeDroneScout(utf8Bytes(text));
    assert.deepEqual([observations.length, refused?.code], [kept, code], text.slice(0, 40));
  }
  const element = (data: object): string | undefined => decodeDroneScout(utf8Bytes(payload(data))).observations[0]?.element.refused?.code;
  assert.equal(element({ UASdata: "%%%" }), "not-base64");
  assert.equal(element({ UASdata: toBase64(image(919 + 2).slice(0, 919)) }), "cut-short");
  assert.equal(element({ UASdata: toBase64(image().slice(0, 920)) }), undefined);
});

test("values of the wrong kind are left out, not believed", () => {
  const [observation] = decodeDroneScout(utf8Bytes(payload({ RSSI: "loud", timestamp: null, "MAC address": 7 }))).observations;
  assert.deepEqual([observation?.transmitter, observation?.rssi, observation?.sensorTimeMs], [undefined, undefined, undefined]);
});

test("NDJSON takes frames, elements and a receiver's objects, with the time they carry", () => {
  const frame = encodeWifiBeacon(sending, "drone", pack);
  const lines: readonly (readonly [object, string, string | undefined, number | undefined])[] = [
    [
      { type: "frame", linkType: 127, t: "2026-11-24T08:00:00.25Z", hex: hex(frame) },
      "wifi-beacon",
      sending.transmitter,
      Date.UTC(2026, 10, 24, 8, 0, 0, 250),
    ],
    [
      { type: "frame", linkType: 256, t: "2026-11-24T10:00:00+02:00", hex: hex(encodeBle4(sending, locationBytes)).toUpperCase() },
      "ble4",
      sending.transmitter,
      Date.UTC(2026, 10, 24, 8),
    ],
    [
      { type: "element", carrier: "ble5", transmitter: "02:00:00:00:00:09", rssi: -50, t: 1_790_000_000_000, hex: hex(pack) },
      "ble5",
      "02:00:00:00:00:09",
      1_790_000_000_000,
    ],
    [JSON.parse(payload()) as object, "wifi-nan", "02:a1:1a:7a:00:01", 1_790_000_000_123],
  ];
  for (const [line, carrier, transmitter, timeMs] of lines) {
    const { observations, refused } = decodeFrame("ndjson", utf8Bytes(JSON.stringify(line)));
    assert.equal(refused, undefined);
    assert.deepEqual(
      observations.map((observation) => [observation.carrier, observation.transmitter, observation.sensorTimeMs]),
      [[carrier, transmitter, timeMs]],
    );
    assert.ok((observations[0]?.element.messages.length ?? 0) > 0);
  }
});

test("a line of NDJSON that is none of these is refused and says what is", () => {
  const code = (line: object): string | undefined => decodeFrame("ndjson", utf8Bytes(JSON.stringify(line))).refused?.code;
  assert.equal(code({ type: "track" }), "unknown-line");
  assert.equal(code({ type: "frame", linkType: 1, hex: "" }), "link-type");
  assert.equal(code({ type: "frame", linkType: 127, hex: "0" }), "not-hex");
  assert.equal(code({ type: "element", carrier: "pigeon", hex: "00" }), "carrier");
  assert.equal(code({ type: "frame", linkType: 127, hex: "00" }), "cut-short");
});

test("UTF-8 and base64 read as the platform's own readers do", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(utf8(utf8Bytes(text)), text)));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.deepEqual(utf8Bytes(text), new TextEncoder().encode(text))));
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
      assert.deepEqual(fromBase64(toBase64(bytes).replaceAll("=", "")), bytes);
    }),
  );
});

test("random bytes and random JSON never throw in any format", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...REMOTE_ID_FORMATS),
      fc.uint8Array({ maxLength: 400 }),
      (format, bytes) => void decodeFrame(format, bytes),
    ),
  );
  const line = fc.record(
    {
      type: fc.constantFrom("frame", "element"),
      linkType: fc.constantFrom(105, 127, 201, 256, 272),
      carrier: fc.constantFrom("ble4", "dji", "french"),
      hex: fc.uint8Array({ maxLength: 120 }).map((bytes) => hex(bytes)),
      data: fc.jsonValue(),
      t: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      line,
      fc.constantFrom("ndjson", "dronescout"),
      (value, format) => void decodeFrame(format, utf8Bytes(JSON.stringify(value))),
    ),
  );
});

interface Row {
  readonly payload: JsonObject;
  readonly decoded: {
    readonly BasicID: readonly Record<string, unknown>[];
    readonly Auth: readonly object[];
    readonly Location?: Record<string, number>;
    readonly System?: Record<string, number>;
  };
}

test("payloads of the reference library decode to the values that it put into them", needsShared, () => {
  const rows = readFileSync(sharedData("data", "remote-id", "vectors", "dronescout_mqtt.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  for (const text of rows) {
    const { payload: object, decoded } = JSON.parse(text) as Row;
    const [observation] = decodeDroneScout(utf8Bytes(JSON.stringify(object))).observations;
    const messages = observation?.element.messages ?? [];
    assert.deepEqual(
      messages.filter(({ type }) => type === "basicId").map((message) => message.type === "basicId" && message.idType),
      decoded.BasicID.map((reference) => reference["IDType"]),
    );
    assert.equal(messages.filter(({ type }) => type === "authentication").length, decoded.Auth.length);
    const location = messages.find((message) => message.type === "location");
    assert.equal(location === undefined, decoded.Location === undefined);
    if (location !== undefined && decoded.Location !== undefined) {
      const { Latitude, Longitude, SpeedHorizontal, Height } = decoded.Location;
      if (Latitude !== 0 || Longitude !== 0) assert.deepEqual([location.latitude, location.longitude], [Latitude, Longitude]);
      assert.equal(location.speed ?? 255, SpeedHorizontal);
      assert.equal(location.height ?? -1000, Height);
    }
    const system = messages.find((message) => message.type === "system");
    assert.equal(system?.areaRadius, decoded.System?.["AreaRadius"]);
    assert.equal(system?.category, decoded.System?.["CategoryEU"]);
  }
});
