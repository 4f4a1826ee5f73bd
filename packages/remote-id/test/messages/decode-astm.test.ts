import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeAstm, type Message } from "../../src/index.ts";

const bytes = (...parts: readonly (number | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());
const text = (value: string, length: number): readonly number[] =>
  [...Buffer.from(value, "latin1"), ...new Array<number>(length).fill(0)].slice(0, length);
const u16 = (value: number): readonly number[] => [value & 0xff, value >> 8];
const i32 = (value: number): readonly number[] => [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];

function only<T extends Message["type"]>(message: Uint8Array, type: T): Extract<Message, { type: T }> {
  const { messages, refused } = decodeAstm(message, 0, message.length);
  assert.equal(refused, undefined);
  assert.equal(messages.length, 1);
  assert.equal(messages[0]!.type, type);
  return messages[0] as Extract<Message, { type: T }>;
}

const location = (
  change: Partial<Record<"flags" | "direction" | "speed" | "vertical" | "time" | "lat" | "lon" | "version" | "pressure", number>> = {},
): Uint8Array =>
  bytes(
    0x10 | (change.version ?? 2), // Location/Vector, version
    change.flags ?? 0x20, // status 2 airborne, height above take-off, west bit 0, multiplier 0
    change.direction ?? 90,
    change.speed ?? 40, // 10 m/s
    (change.vertical ?? 4) & 0xff, // 2 m/s
    i32(change.lat ?? 317_587_000),
    i32(change.lon ?? -1_064_869_000),
    u16(change.pressure ?? 4400), // 1200 m
    u16(4412), // 1206 m
    u16(2184), // 92 m
    0x4a, // vertical accuracy 4, horizontal 10
    0x31, // baro accuracy 3, speed 1
    u16(change.time ?? 18_346), // 1834.6 s
    0x03, // 0.3 s
    0x00,
  );

test("a Location message decodes field by field", () => {
  assert.deepEqual(only(location(), "location"), {
    type: "location",
    status: 2,
    direction: 90,
    speed: 10,
    verticalSpeed: 2,
    latitude: 31.7587,
    longitude: -106.4869,
    pressureAltitude: 1200,
    geodeticAltitude: 1206,
    heightType: 0,
    height: 92,
    horizontalAccuracy: 10,
    verticalAccuracy: 4,
    baroAccuracy: 3,
    speedAccuracy: 1,
    timestamp: 1834.6,
    timestampAccuracy: 0.3,
  });
});

test("the wire's own unknowns become absent values without a problem", () => {
  const unknown = location({ flags: 0x23, direction: 181, speed: 255, vertical: 126, time: 0xffff, lat: 0, lon: 0, pressure: 0 });
  const { direction, speed, verticalSpeed, timestamp, latitude, longitude, pressureAltitude } = only(unknown, "location");
  assert.deepEqual(
    [direction, speed, verticalSpeed, timestamp, latitude, longitude, pressureAltitude],
    [undefined, undefined, undefined, undefined, undefined, undefined, undefined],
  );
  assert.deepEqual(decodeAstm(unknown, 0, 25).problems, []);
});

test("a position on the equator or on the zero meridian is a position", () => {
  assert.deepEqual([only(location({ lat: 0 }), "location").latitude, only(location({ lon: 0 }), "location").longitude], [0, 0]);
});

test("a value outside its range is left out, the rest kept, and the clause named", () => {
  const cases: readonly (readonly [Uint8Array, string, string])[] = [
    [location({ flags: 0x22, direction: 180 }), "direction", "direction-out-of-range"],
    [location({ direction: 0xff, flags: 0x22 }), "direction", "direction-out-of-range"],
    [location({ lat: 900_000_001 }), "latitude", "latitude-out-of-range"],
    [location({ lat: -0x8000_0000 }), "latitude", "latitude-out-of-range"],
    [location({ lon: 1_800_000_001 }), "longitude", "longitude-out-of-range"],
    [location({ time: 36_001 }), "timestamp", "timestamp-out-of-range"],
    [location({ time: 0xfffe }), "timestamp", "timestamp-out-of-range"],
    [location({ version: 7 }), "version", "unknown-version"],
  ];
  for (const [message, field, code] of cases) {
    const { messages, problems, refused } = decodeAstm(message, 0, 25);
    assert.equal(refused, undefined);
    assert.deepEqual(
      problems.map((problem) => [problem.message, problem.field, problem.code]),
      [[0, field, code]],
    );
    const [decoded] = messages;
    assert.ok(decoded?.type === "location");
    if (field !== "version") assert.equal(decoded[field as "direction"], undefined);
    assert.equal(decoded.height, 92);
  }
  assert.equal(decodeAstm(location({ version: 7 }), 0, 25).version, undefined);
});

test("the last values inside each range are kept", () => {
  assert.equal(only(location({ flags: 0x22, direction: 179 }), "location").direction, 359);
  assert.equal(only(location({ time: 36_000 }), "location").timestamp, 3600);
  assert.equal(only(location({ lat: 900_000_000 }), "location").latitude, 90);
  assert.equal(only(location({ lon: -1_800_000_000 }), "location").longitude, -180);
  // With the multiplier 254 is the highest speed; without it 255 is a speed like any other.
  assert.equal(only(location({ flags: 0x21, speed: 254 }), "location").speed, 254.25);
  assert.equal(only(location({ speed: 255 }), "location").speed, 63.75);
});

test("a Basic ID holds text for serial numbers and bytes for session identifiers", () => {
  const serial = bytes(0x02, 0x12, text("1588E040445AC004418", 20), [0, 0, 0]);
  assert.deepEqual(only(serial, "basicId"), { type: "basicId", idType: 1, uaType: 2, uasId: "1588E040445AC004418" });
  const session = bytes(0x02, 0x42, [1, ...new Array<number>(19).fill(0xab)], [0, 0, 0]);
  assert.equal(only(session, "basicId").uasId, `01${"ab".repeat(19)}`);
  assert.equal(only(bytes(0x02, 0x00, text("", 23)), "basicId").uasId, undefined);
  assert.equal(only(bytes(0x02, 0x00, text("112624150A90E3AE1EC0", 23)), "basicId").uasId, "112624150A90E3AE1EC0");
});

test("text is Latin-1 and ends at the first NUL", () => {
  const selfId = bytes(0x32, 0, [...Buffer.from("Ca\u00f1ada 3", "latin1")], 0, text("rest", 14));
  assert.equal(only(selfId, "selfId").description, "Ca\u00f1ada 3");
});

const system = (version: number): Uint8Array =>
  bytes(
    0x40 | version,
    0x05, // classification 1 (EU), operator location 1 (live)
    i32(317_500_000),
    i32(-1_064_800_000),
    u16(3), // aircraft in the area
    12, // radius 120 m
    u16(2400), // ceiling 200 m
    u16(0), // floor unknown
    0x12, // category 1, class 2
    u16(4228), // operator altitude 1114 m
    [0x10, 0x20, 0x30, 0x00], // 3153936 s after 2019-01-01
    0,
  );

test("a System message has its altitude from version 1 and its time from version 2 on", () => {
  const two = only(system(2), "system");
  assert.deepEqual(two, {
    type: "system",
    operatorLocationType: 1,
    classificationType: 1,
    operatorLatitude: 31.75,
    operatorLongitude: -106.48,
    areaCount: 3,
    areaRadius: 120,
    areaCeiling: 200,
    areaFloor: undefined,
    category: 1,
    class: 2,
    operatorAltitude: 1114,
    timestampMs: Date.UTC(2019, 0, 1) + 0x302010 * 1000,
  });
  const { operatorAltitude, timestampMs } = only(system(1), "system");
  assert.deepEqual([operatorAltitude, timestampMs], [1114, undefined]);
  assert.equal(only(system(0), "system").operatorAltitude, undefined);
});

test("an authentication page says what it is, and one that contradicts itself is refused", () => {
  const first = bytes(0x22, 0x10, 2, 63, [0, 0, 0, 1], new Array<number>(17).fill(7));
  const page = only(first, "authentication");
  assert.deepEqual([page.authType, page.page, page.lastPage, page.length, page.data.length], [1, 0, 2, 63, 17]);
  const later = only(bytes(0x22, 0x12, new Array<number>(23).fill(9)), "authentication");
  assert.deepEqual([later.page, later.lastPage, later.timestampMs, later.data.length], [2, undefined, undefined, 23]);
  const refusal = (lastPage: number, length: number): string | undefined =>
    decodeAstm(bytes(0x22, 0x10, lastPage, length, new Array<number>(21).fill(0)), 0, 25).refused?.code;
  assert.equal(refusal(16, 0), "last-page-too-high");
  assert.equal(refusal(1, 41), "length-exceeds-pages");
  assert.equal(refusal(1, 40), undefined);
});

const pack = (version: number, count: number, ...messages: readonly Uint8Array[]): Uint8Array =>
  bytes(0xf0 | version, 25, count, ...messages.map((message) => [...message]));
const basicId = bytes(0x02, 0x12, text("DRLXASURVEY0002", 20), [0, 0, 0]);

test("a pack is refused whole by the rule it breaks", () => {
  const cases: Readonly<Record<string, Uint8Array>> = {
    "message-size": bytes(0xf2, 24, 1, [...basicId]),
    "empty-pack": pack(2, 0, basicId),
    "too-many-messages": pack(2, 10, ...new Array<Uint8Array>(10).fill(basicId)),
    "cut-short": pack(2, 2, basicId),
    "nested-pack": pack(2, 1, pack(2, 1, basicId)),
    "unknown-message-type": pack(2, 1, bytes(0x62, new Array<number>(24).fill(0))),
    "repeated-message": pack(2, 2, location(), location()),
    "too-many-basic-ids": pack(2, 3, basicId, basicId, basicId),
  };
  for (const [code, wire] of Object.entries(cases)) {
    const { messages, refused } = decodeAstm(wire, 0, wire.length);
    assert.deepEqual([refused?.code, messages.length], [code, 0]);
    assert.equal(refused?.clause, "F3411-22a Message Pack");
  }
});

test("packs keep the order of the wire, two Basic IDs, several authentication pages, and ten messages at version 0", () => {
  const page = bytes(0x22, 0x11, new Array<number>(23).fill(0));
  const wire = pack(2, 5, location(), basicId, page, page, basicId);
  assert.deepEqual(
    decodeAstm(wire, 0, wire.length).messages.map(({ type }) => type),
    ["location", "basicId", "authentication", "authentication", "basicId"],
  );
  const ten = pack(0, 10, ...new Array<Uint8Array>(10).fill(page));
  assert.equal(decodeAstm(ten, 0, ten.length).messages.length, 10);
});

test("a page that contradicts itself is refused by name while the rest of its pack stands", () => {
  const bad = bytes(0x22, 0x10, 99, 0, new Array<number>(21).fill(0));
  const wire = pack(2, 2, bad, location());
  const { messages, refused } = decodeAstm(wire, 0, wire.length);
  assert.deepEqual([messages.map(({ type }) => type), refused?.code], [["location"], "last-page-too-high"]);
});

test("a message cut at any byte is refused, and bytes behind a message change nothing", () => {
  for (let length = 0; length < 25; length += 1) assert.equal(decodeAstm(location(), 0, length).refused?.code, "cut-short");
  const longer = bytes([...location()], 1, 2, 3);
  assert.deepEqual(decodeAstm(longer, 0, longer.length).messages, decodeAstm(location(), 0, 25).messages);
});
