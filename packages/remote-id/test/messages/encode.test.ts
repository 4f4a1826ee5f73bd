import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type AstmMessage,
  AuthenticationAssembler,
  type Authentication,
  decodeAstm,
  decodeDji,
  decodeFrench,
  encodeDji,
  encodeFrench,
  encodeMessage,
  encodePack,
} from "../../src/index.ts";

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const step = (low: number, high: number, size: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.round(low / size), max: Math.round(high / size) }).map((raw) => Number((raw * size).toFixed(7)) + 0);
const nibble = fc.integer({ min: 0, max: 15 });
const latin = (length: number): fc.Arbitrary<string> =>
  fc.string({ maxLength: length, unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
const altitude = optional(step(-999.5, 31_767.5, 0.5));
const place = fc.oneof(
  fc.constant([undefined, undefined] as const),
  fc
    .tuple(fc.integer({ min: -900_000_000, max: 900_000_000 }), fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }))
    .filter(([lat, lon]) => lat !== 0 || lon !== 0)
    .map(([lat, lon]) => [lat / 1e7, lon / 1e7] as const),
);

const basicId = fc.oneof(
  fc.record({ type: fc.constant("basicId" as const), idType: fc.constantFrom(1, 2), uaType: nibble, uasId: latin(20) }),
  fc.record({
    type: fc.constant("basicId" as const),
    idType: fc.integer({ min: 3, max: 15 }),
    uaType: nibble,
    uasId: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((raw) => Buffer.from(raw).toString("hex")),
  }),
);
const location = fc
  .record({
    type: fc.constant("location" as const),
    status: nibble,
    direction: optional(fc.integer({ min: 0, max: 359 })),
    speed: optional(
      fc.oneof(
        step(0, 63.75, 0.25),
        fc.integer({ min: 1, max: 254 }).map((raw) => raw * 0.75 + 63.75),
      ),
    ),
    verticalSpeed: optional(step(-62, 62, 0.5)),
    place,
    pressureAltitude: altitude,
    geodeticAltitude: altitude,
    heightType: fc.constantFrom(0, 1),
    height: altitude,
    horizontalAccuracy: nibble,
    verticalAccuracy: nibble,
    baroAccuracy: nibble,
    speedAccuracy: nibble,
    timestamp: optional(fc.integer({ min: 0, max: 36_000 }).map((raw) => raw / 10)),
    timestampAccuracy: optional(fc.integer({ min: 1, max: 15 }).map((raw) => raw / 10)),
  })
  .map(({ place: [latitude, longitude], ...rest }): AstmMessage => ({ ...rest, latitude, longitude }));
const system = fc
  .record({
    type: fc.constant("system" as const),
    operatorLocationType: fc.integer({ min: 0, max: 3 }),
    classificationType: fc.integer({ min: 0, max: 7 }),
    place,
    areaCount: fc.integer({ min: 0, max: 0xffff }),
    areaRadius: fc.integer({ min: 0, max: 255 }).map((raw) => raw * 10),
    areaCeiling: altitude,
    areaFloor: altitude,
    category: nibble,
    class: nibble,
    operatorAltitude: altitude,
    timestampMs: fc.integer({ min: 0, max: 0xffff_ffff }).map((seconds) => Date.UTC(2019, 0, 1) + seconds * 1000),
  })
  .map(({ place: [operatorLatitude, operatorLongitude], ...rest }): AstmMessage => ({ ...rest, operatorLatitude, operatorLongitude }));
const selfId = fc.record({
  type: fc.constant("selfId" as const),
  descriptionType: fc.integer({ min: 0, max: 255 }),
  description: latin(23),
});
const operatorId = fc.record({
  type: fc.constant("operatorId" as const),
  operatorIdType: fc.integer({ min: 0, max: 255 }),
  operatorId: latin(20),
});
const authentication = fc.oneof(
  fc.record({
    type: fc.constant("authentication" as const),
    authType: nibble,
    page: fc.integer({ min: 1, max: 15 }),
    lastPage: fc.constant(undefined),
    length: fc.constant(undefined),
    timestampMs: fc.constant(undefined),
    data: fc.uint8Array({ minLength: 23, maxLength: 23 }),
  }),
  fc.record({
    type: fc.constant("authentication" as const),
    authType: nibble,
    page: fc.constant(0),
    lastPage: fc.constantFrom(4, 9, 15),
    length: fc.integer({ min: 0, max: 109 }),
    timestampMs: fc.integer({ min: 0, max: 0xffff_ffff }).map((seconds) => Date.UTC(2019, 0, 1) + seconds * 1000),
    data: fc.uint8Array({ minLength: 17, maxLength: 17 }),
  }),
);
const message: fc.Arbitrary<AstmMessage> = fc
  .oneof(basicId, location, system, selfId, operatorId, authentication)
  .map((made) => ({ ...made }));

test("what was encoded decodes to itself, for every kind of message", () => {
  fc.assert(
    fc.property(message, (original) => {
      const bytes = encodeMessage(original, 2);
      assert.ok(bytes instanceof Uint8Array, JSON.stringify(bytes));
      assert.deepEqual(decodeAstm(bytes, 0, bytes.length), { version: 2, messages: [original], problems: [], refused: undefined });
    }),
    { numRuns: 2000 },
  );
});

test("packs decode to the messages that were put in, in order", () => {
  fc.assert(
    fc.property(fc.tuple(basicId, location, selfId, system, operatorId), (made) => {
      const messages: AstmMessage[] = made.map((one) => ({ ...one }));
      const bytes = encodePack(messages, 2);
      assert.ok(bytes instanceof Uint8Array);
      assert.deepEqual(decodeAstm(bytes, 0, bytes.length).messages, messages);
    }),
  );
});

test("values that a field cannot carry are refused with the clause, never wrapped", () => {
  const good = fc.sample(location, 1)[0]!;
  const refusals = [
    encodeMessage({ ...good, type: "location", latitude: 91, longitude: 0 } as AstmMessage, 2),
    encodeMessage({ ...good, type: "location", latitude: 1, longitude: undefined } as AstmMessage, 2),
    encodeMessage({ ...good, type: "location", speed: 300 } as AstmMessage, 2),
    encodeMessage({ ...good, type: "location", timestamp: 3601 } as AstmMessage, 2),
    encodeMessage({ ...good, type: "location", height: Number.NaN } as AstmMessage, 2),
    encodeMessage({ type: "selfId", descriptionType: 0, description: "x".repeat(24) }, 2),
    encodeMessage({ type: "selfId", descriptionType: 0, description: "→" }, 2),
    encodeMessage({ type: "basicId", idType: 3, uaType: 0, uasId: "abcd" }, 2),
    encodePack([], 2),
    encodePack(new Array<AstmMessage>(2).fill({ type: "operatorId", operatorIdType: 0, operatorId: "x" }), 2),
  ];
  for (const refused of refusals)
    assert.ok(!(refused instanceof Uint8Array) && refused.clause.startsWith("F3411-22a"), JSON.stringify(refused));
});

test("the French beacon and DroneID decode to what was encoded", () => {
  const french = {
    version: 1,
    idFr: "DRL001ABCDEFGHIJ0123456789ABCD",
    idAnsi: "DRLX9SURVEY01",
    latitude: 43.4736,
    longitude: -5.10065,
    altitude: 1010,
    height: -3,
    takeoffLatitude: 43.46984,
    takeoffLongitude: -5.09353,
    speed: 40,
    course: 305,
  };
  const beacon = encodeFrench(french);
  assert.ok(beacon instanceof Uint8Array);
  assert.deepEqual(decodeFrench(beacon, 0, beacon.length).messages, [{ type: "french", ...french }]);
  for (let length = 1; length < beacon.length; length += 1) assert.ok(decodeFrench(beacon, 0, length).messages.length <= 1);

  for (const formatVersion of [1, 2]) {
    const dji = {
      formatVersion,
      sequence: 1613,
      serial: "DRLTEST000000001",
      latitude: 31.7587,
      longitude: -106.4869,
      altitude: 120,
      height: 35,
      speedNorth: 3.5,
      speedEast: -4.25,
      speedUp: 0.5,
      operatorLatitude: formatVersion === 2 ? 31.75 : undefined,
      operatorLongitude: formatVersion === 2 ? -106.48 : undefined,
      homeLatitude: 31.751,
      homeLongitude: -106.481,
      deviceType: 58,
    };
    const telegram = encodeDji(dji);
    assert.ok(telegram instanceof Uint8Array);
    const [decoded] = decodeDji(telegram, 0, telegram.length).messages;
    assert.ok(decoded?.type === "dji");
    for (const key of ["latitude", "longitude", "operatorLatitude", "operatorLongitude", "homeLatitude", "homeLongitude"] as const) {
      const expected = dji[key];
      if (expected === undefined) assert.equal(decoded[key], undefined);
      else assert.ok(Math.abs((decoded[key] ?? 999) - expected) < 1e-5, key);
    }
    for (const key of ["altitude", "height"] as const) assert.ok(Math.abs(decoded[key] - dji[key]) < 0.2, key);
    assert.deepEqual(
      [decoded.formatVersion, decoded.sequence, decoded.serial, decoded.speedNorth, decoded.speedEast, decoded.speedUp, decoded.deviceType],
      [formatVersion, 1613, "DRLTEST000000001", 3.5, -4.25, 0.5, 58],
    );
    for (let length = 0; length < telegram.length; length += 1) decodeDji(telegram, 0, length);
  }
});

/** Pages of a signature with error correction bytes behind it. */
function pages(signature: Uint8Array, correction: Uint8Array, timestampMs = Date.UTC(2026, 0, 1)): Authentication[] {
  const all = Uint8Array.from([...signature, ...(correction.length > 0 ? [correction.length, ...correction] : [])]);
  const lastPage = Math.max(0, Math.ceil((all.length - 17) / 23));
  return Array.from({ length: lastPage + 1 }, (_, page): Authentication => {
    const from = page === 0 ? 0 : 17 + 23 * (page - 1);
    const data = new Uint8Array(page === 0 ? 17 : 23);
    data.set(all.subarray(from, from + data.length));
    return page === 0
      ? { type: "authentication", authType: 1, page, lastPage, length: signature.length, timestampMs, data }
      : { type: "authentication", authType: 1, page, lastPage: undefined, length: undefined, timestampMs: undefined, data };
  });
}

test("authentication pages come together in any order, repeated, with correction bytes told apart", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      (signature, correction, chance) => {
        const sent = pages(signature, correction);
        const shuffled = [...sent, ...sent].map((page) => ({ page, at: chance.next().value as number })).sort((a, b) => a.at - b.at);
        const assembler = new AuthenticationAssembler();
        const whole = shuffled
          .map(({ page }) => assembler.add("02:00:00:00:00:01", page))
          .find((result) => result !== undefined && "data" in result);
        assert.ok(whole !== undefined && "data" in whole);
        assert.deepEqual([...whole.data], [...signature]);
        assert.deepEqual([...whole.correction], [...correction]);
      },
    ),
  );
});

test("a new signature that begins in between does not mix with the old one, and memory stays bounded", () => {
  const assembler = new AuthenticationAssembler();
  const [oldFirst, oldSecond] = pages(new Uint8Array(30).fill(1), new Uint8Array());
  const [newFirst, newSecond] = pages(new Uint8Array(30).fill(2), new Uint8Array(), Date.UTC(2026, 0, 2));
  assert.equal(assembler.add("a", oldFirst!), undefined);
  assert.equal(assembler.add("a", newFirst!), undefined);
  const whole = assembler.add("a", newSecond!);
  assert.ok(whole !== undefined && "data" in whole);
  assert.deepEqual([...whole.data], new Array<number>(30).fill(2));
  assert.equal(assembler.add("b", oldSecond!), undefined);
  const beyond = assembler.add("c", oldFirst!);
  assert.equal(beyond, undefined);
  assert.deepEqual("code" in (assembler.add("c", { ...oldSecond!, page: 9 }) ?? {}), true);
  for (let k = 0; k < 5000; k += 1) assembler.add(`flood ${k}`, oldFirst!);
});

test("a million random messages and packs neither throw nor hang", () => {
  // xorshift32: the same bytes in every run.
  let state = 0x2545_f491;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  const bytes = new Uint8Array(256);
  for (let k = 0; k < bytes.length; k += 1) bytes[k] = next();
  for (let round = 0; round < 1_000_000; round += 1) {
    bytes[round & 0xff] = next();
    // One time in four it looks like a pack of a plausible size.
    if (round % 4 === 0) {
      bytes[0] = 0xf0 | (round & 3);
      bytes[1] = 25;
      bytes[2] = round % 12;
    }
    const length = next();
    decodeAstm(bytes, 0, length);
    if (round % 8 === 0) {
      decodeFrench(bytes, 0, length);
      decodeDji(bytes, 0, length);
    }
  }
});
