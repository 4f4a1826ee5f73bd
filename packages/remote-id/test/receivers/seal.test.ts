import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import * as fc from "fast-check";
import {
  CaptureReader,
  decodeFrame,
  decodeOperator,
  encodeBle4,
  encodeBle5,
  encodeDjiBeacon,
  encodeFrenchBeacon,
  encodeWifiBeacon,
  encodeWifiNan,
  REMOTE_ID_FORMATS,
  type RemoteIdFormat,
  hex,
  isLinkType,
  type Message,
  type Observation,
  type Problem,
  sealOperator,
  unsealOperator,
  utf8Bytes,
} from "../../src/index.ts";
import { toBase64 } from "../../src/receivers/base64.ts";
import { frenchFields, ninePack, pack, sending, systemBytes } from "../flight.ts";

const OPERATOR_FIELDS = [
  "operatorLatitude",
  "operatorLongitude",
  "operatorAltitude",
  "homeLatitude",
  "homeLongitude",
  "takeoffLatitude",
  "takeoffLongitude",
];

function withoutOperator(observation: Observation): unknown {
  const messages = observation.element.messages.map((message: Message) =>
    Object.fromEntries(Object.entries(message).filter(([key]) => !OPERATOR_FIELDS.includes(key))),
  );
  const problems = observation.element.problems.filter(({ field }: Problem) => !OPERATOR_FIELDS.includes(field));
  return { ...observation, element: { ...observation.element, messages, problems } };
}

/** Everything that sealing promises, for one frame. Returns the sealed part. */
function checkSeal(format: RemoteIdFormat, bytes: Uint8Array): Uint8Array | undefined {
  const original = new Uint8Array(bytes);
  const { payload, sealed } = sealOperator(format, bytes);
  assert.deepEqual(new Uint8Array(bytes), original, "the frame that was handed in is left alone");
  const before = decodeFrame(format, bytes);
  const after = decodeFrame(format, payload);
  assert.deepEqual(after.observations.map(withoutOperator), before.observations.map(withoutOperator));
  assert.equal(after.refused?.code, before.refused?.code);
  for (const { element } of after.observations) {
    for (const message of element.messages) {
      for (const [key, value] of Object.entries(message)) {
        // A French beacon with half a position keeps a zero in its place.
        if (OPERATOR_FIELDS.includes(key)) assert.ok(value === undefined || value === 0, `${key} ${value}`);
      }
    }
  }
  if (sealed === undefined) assert.equal(payload, bytes);
  else assert.deepEqual(unsealOperator(payload, sealed), original);
  return sealed;
}

function dji(version: 1 | 2): Uint8Array {
  const telegram = new Uint8Array(5 + (version === 1 ? 74 : 86));
  telegram.set([0x58, 0x62, 0x13, 0x10, version]);
  const view = new DataView(telegram.buffer);
  const at = 5;
  view.setInt32(at + 20, -18_584_000, true);
  view.setInt32(at + 24, 5_541_000, true);
  if (version === 2) {
    view.setInt32(at + 48, 5_542_000, true);
    view.setInt32(at + 52, -18_585_000, true);
  }
  view.setInt32(at + (version === 1 ? 44 : 56), -18_586_000, true);
  view.setInt32(at + (version === 1 ? 48 : 60), 5_543_000, true);
  return telegram;
}

/** The image of a receiver: a Location, a System and nothing else. */
function image(flagsSystem: boolean): Uint8Array {
  const bytes = new Uint8Array(921);
  const view = new DataView(bytes.buffer);
  view.setFloat64(80, 31.75, true);
  view.setFloat64(88, -106.48, true);
  view.setFloat64(816, 31.7612, true);
  view.setFloat64(824, -106.4954, true);
  view.setFloat32(852, 1145, true);
  bytes[892 + 2] = 1;
  bytes[892 + 20] = flagsSystem ? 1 : 0;
  return bytes;
}

function droneScout(extra: object = {}, flagsSystem = true): Uint8Array {
  const data = {
    "sensor ID": "s",
    RSSI: -70,
    "MAC address": "02:A1:1A:7A:00:01",
    type: "BLE legacy",
    UASdata: toBase64(image(flagsSystem)),
  };
  return utf8Bytes(JSON.stringify({ protocol: 1, data: { ...data, ...extra } }));
}

const frameLine = (frame: Uint8Array): string =>
  JSON.stringify({ type: "frame", linkType: 127, t: "2026-11-24T08:00:00Z", hex: hex(frame) });
const beacon = encodeWifiBeacon(sending, "drone", pack);

const FRAMES: readonly (readonly [string, RemoteIdFormat, Uint8Array])[] = [
  ["Wi-Fi beacon", "dlt-127", beacon],
  ["Wi-Fi beacon without radiotap", "dlt-105", beacon.slice(15)],
  ["NAN", "dlt-127", encodeWifiNan(sending, ninePack)],
  ["Bluetooth 4", "dlt-256", encodeBle4(sending, systemBytes)],
  ["Bluetooth 5", "dlt-256", encodeBle5(sending, ninePack)],
  ["French", "dlt-127", encodeFrenchBeacon(sending, "", frenchFields)],
  ["DJI version 1", "dlt-127", encodeDjiBeacon(sending, "", dji(1))],
  ["DJI version 2", "dlt-127", encodeDjiBeacon(sending, "", dji(2))],
  ["DroneScout", "dronescout", droneScout()],
  ["two DroneScout objects run together", "dronescout", Uint8Array.of(...droneScout(), ...droneScout(), 0x0a, 0)],
  ["NDJSON frame", "ndjson", utf8Bytes(frameLine(beacon))],
  ["NDJSON element", "ndjson", utf8Bytes(JSON.stringify({ type: "element", carrier: "ble4", hex: hex(systemBytes) }))],
];

test("every carrier's operator position is cut out, kept apart, and comes back byte for byte", () => {
  for (const [name, format, bytes] of FRAMES) {
    const sealed = checkSeal(format, bytes);
    assert.ok(sealed !== undefined, name);
    const { payload } = sealOperator(format, bytes);
    const [position] = decodeOperator(format, payload, sealed);
    const [latitude, longitude] = name === "French" ? [43.46984, 5.09353] : [31.75, -106.48];
    assert.ok(position !== undefined && Math.abs(position.latDeg - latitude) < 0.05 && Math.abs(position.lonDeg - longitude) < 0.05, name);
  }
});

test("frames without an operator's position are left as they are", () => {
  assert.equal(checkSeal("dlt-256", encodeBle4(sending, new Uint8Array(25))), undefined);
  assert.equal(checkSeal("dronescout", utf8Bytes('{"protocol":1.0,"status":{"sensor ID":"s"}}')), undefined);
  assert.equal(checkSeal("ndjson", utf8Bytes('{"type":"frame"}')), undefined);
});

test("a bad check sequence leaves the frame whole, since nothing will ever be read out of it", () => {
  const frame = encodeBle4(sending, systemBytes);
  frame[9] = frame[9]! & ~0x08;
  assert.equal(checkSeal("dlt-256", frame), undefined);
});

test("a packet whose check sequence nobody has verified decodes after sealing, and comes back as it was", () => {
  for (const frame of [encodeBle4(sending, systemBytes), encodeBle5(sending, ninePack)]) {
    frame[9] = frame[9]! & ~0x0c;
    assert.ok(checkSeal("dlt-256", frame) !== undefined);
    const { payload } = sealOperator("dlt-256", frame);
    assert.equal(decodeFrame("dlt-256", payload).observations.length, 1);
  }
});

test("positions that nobody decodes are cut out too: refused packs, short elements, unflagged memory, copies of the raw frame", () => {
  const holds = (bytes: Uint8Array, part: Uint8Array): boolean => hex(bytes).includes(hex(part));
  const position = systemBytes.subarray(2, 10);
  const refused = beacon.slice();
  const at = hex(refused).indexOf(hex(pack)) / 2;
  refused[at + 2] = 12;
  const short = beacon.slice(0, beacon.length - 2);
  for (const frame of [refused, short]) {
    assert.ok(checkSeal("dlt-127", frame) !== undefined);
    assert.ok(!holds(sealOperator("dlt-127", frame).payload, position));
  }
  assert.ok(checkSeal("dronescout", droneScout({}, false)) !== undefined);
  const copied = droneScout({ raw: hex(systemBytes), UASdata: "" });
  assert.ok(!new TextDecoder().decode(sealOperator("dronescout", copied).payload).includes(hex(position)));
});

test("a payload that ends in a fault is refused for the same reason after sealing", () => {
  const line = frameLine(beacon);
  for (const tail of ["x", "{", "[1]", "[".repeat(40), `[${"{},".repeat(1001)}{}]`]) {
    assert.ok(checkSeal("ndjson", utf8Bytes(`${line}\n${tail}`)) !== undefined);
  }
});

test("a sealed part that does not fit its frame is refused", () => {
  const { payload, sealed } = sealOperator("dlt-127", beacon);
  assert.ok(sealed !== undefined);
  for (const wrong of [new Uint8Array(0), Uint8Array.of(9), sealed.subarray(0, sealed.length - 1), sealed.subarray(0, 4)]) {
    const result = unsealOperator(payload, wrong);
    assert.ok(!(result instanceof Uint8Array) && result.code === "sealed-part");
  }
  const result = unsealOperator(payload.subarray(0, 10), sealed);
  assert.ok(!(result instanceof Uint8Array));
  assert.deepEqual(decodeOperator("dlt-127", payload, Uint8Array.of(9)), []);
});

test("sealing keeps its promises for damaged and random frames", () => {
  const changes = fc.array(fc.tuple(fc.nat(2000), fc.integer({ min: 0, max: 255 })), { maxLength: 5 });
  fc.assert(
    fc.property(fc.constantFrom(...FRAMES), changes, ([, format, seed], list) => {
      const bytes = seed.slice();
      for (const [at, value] of list) bytes[at % bytes.length] = value;
      checkSeal(format, bytes);
    }),
    { numRuns: 1500 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...REMOTE_ID_FORMATS), fc.uint8Array({ maxLength: 200 }), (format, bytes) => void checkSeal(format, bytes)),
  );
});

test("sealing keeps its promises for every frame of the real captures and payloads", needsShared, () => {
  const folder = sharedData("data", "remote-id", "captures");
  let sealedFrames = 0;
  for (const file of readdirSync(folder)) {
    const content = readFileSync(`${folder}/${file}`);
    if (file.endsWith(".json")) {
      if (checkSeal("dronescout", content) !== undefined) sealedFrames += 1;
      continue;
    }
    new CaptureReader(({ linkType, bytes }) => {
      if (isLinkType(linkType) && checkSeal(`dlt-${linkType}`, bytes) !== undefined) sealedFrames += 1;
    }).push(content);
  }
  assert.ok(sealedFrames > 300, `${sealedFrames}`);
});
