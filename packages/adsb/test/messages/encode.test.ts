// What was encoded decodes to itself, and what does not fit is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeModeS, encodeModeS, type ExtendedSquitter, type ModeSMessage, parityRemainder, repairOneBit } from "../../src/index.ts";
import { extended, message } from "../arbitraries.ts";

function bytesOf(original: ModeSMessage): Uint8Array {
  const bytes = encodeModeS(original);
  assert.ok(bytes instanceof Uint8Array, JSON.stringify({ bytes, original }));
  return bytes;
}

test("what was encoded decodes to itself, for every kind of message and every value of its fields", () => {
  fc.assert(
    fc.property(message, (original) => {
      const bytes = bytesOf(original);
      const inside = Uint8Array.from([0xff, 0xff, ...bytes, 0xff]);
      assert.deepEqual(decodeModeS(inside, 2, bytes.length), structuredClone(original));
    }),
    { numRuns: 20_000 },
  );
});

test("each wrong bit of a squitter is seen, refused by default, and put right when asked; two wrong bits are refused all the same", () => {
  fc.assert(
    fc.property(extended, fc.integer({ min: 1, max: 112 }), fc.integer({ min: 1, max: 112 }), (original, first, second) => {
      const bytes = bytesOf(original);
      const flip = (number: number): void => {
        bytes[(number - 1) >> 3]! ^= 0x80 >> ((number - 1) & 7);
      };
      const good = Uint8Array.from(bytes);
      flip(first);
      const damaged = Uint8Array.from(bytes);
      const plain = decodeModeS(bytes, 0, 14);
      // The format is not to be trusted once its own bits are wrong: 17 and 18 differ in two.
      if (first > 5) assert.deepEqual("refused" in plain && plain.refused.code, "bad-crc");
      if (first > 5) assert.deepEqual(decodeModeS(bytes, 0, 14, { repairOneBit: true }), structuredClone(original));
      assert.deepEqual(bytes, damaged, "the caller's bytes stay");
      assert.equal(repairOneBit(bytes, 0, 14), first > 5 ? first : undefined);
      if (first > 5) assert.deepEqual(bytes, good);
      if (first === second || first <= 5 || second <= 5) return;
      flip(first);
      flip(second);
      const twice = decodeModeS(bytes, 0, 14, { repairOneBit: true });
      assert.equal("refused" in twice && twice.refused.code, "bad-crc");
    }),
    { numRuns: 3000 },
  );
});

test("an all-call reply is repaired only outside the bits that an interrogator's code may fill", () => {
  const bytes = bytesOf({ type: "allCall", df: 11, address: 0x4ca2d6, capability: 5, interrogator: 0 });
  for (let number = 1; number <= 56; number += 1) {
    const damaged = Uint8Array.from(bytes);
    damaged[(number - 1) >> 3]! ^= 0x80 >> ((number - 1) & 7);
    const repaired = repairOneBit(damaged, 0, 7);
    assert.equal(repaired, number > 5 && number < 50 ? number : undefined, `bit ${number}`);
  }
});

test("replies whose parity hides an address are never repaired", () => {
  const bytes = bytesOf({ type: "identity", df: 5, overlay: 0x4ca2d6, flightStatus: 0, squawk: "7700" });
  assert.equal(repairOneBit(bytes, 0, 7), undefined);
  assert.equal(parityRemainder(bytes, 0, 7), 0x4ca2d6);
});

const velocity = {
  kind: "groundVelocity",
  subtype: 1,
  isIntentChange: false,
  nacV: 0,
  verticalRateFpm: 0,
  verticalRateSource: "gnss",
  heightDifferenceFt: 0,
  eastKt: 0,
  northKt: 0,
  groundSpeedKt: 0,
  trackDeg: undefined,
} as const;
const cpr = { isOdd: false, cprLatitude: 0, cprLongitude: 0, isTimeSynchronised: false };
const aircraft = { type: "extended", df: 17, address: 1, addressKind: "icao", origin: "adsb", control: 5 } as const;
const ground = { ...aircraft, df: 18 } as const;

const unfit: readonly (readonly [code: string, clause: RegExp, message: ModeSMessage])[] = [
  ["does-not-fit", /3\.1\.2\.6\.5\.4/, { type: "altitude", df: 4, overlay: 1, flightStatus: 0, altitudeFt: 10 }],
  ["does-not-fit", /3\.1\.2\.6\.5\.4/, { type: "altitude", df: 4, overlay: 1, flightStatus: 0, altitudeFt: 130_000 }],
  ["does-not-fit", /3\.1\.2\.6\.5\.4/, { type: "altitude", df: 4, overlay: 1, flightStatus: 0, altitudeFt: -1025 }],
  ["does-not-fit", /3\.1\.2\.3\.2/, { type: "altitude", df: 4, overlay: 1, flightStatus: 8, altitudeFt: 0 }],
  ["does-not-fit", /3\.1\.2\.3\.3/, { type: "altitude", df: 4, overlay: 0x100_0000, flightStatus: 0, altitudeFt: 0 }],
  ["does-not-fit", /3\.1\.2\.6\.7\.1/, { type: "identity", df: 5, overlay: 1, flightStatus: 0, squawk: "7800" }],
  ["does-not-fit", /3\.1\.2\.3\.3/, { type: "allCall", df: 11, address: 1, capability: 0, interrogator: 128 }],
  ["does-not-fit", /2\.2\.3\.2\.5/, { ...aircraft, typeCode: 4, content: { kind: "identification", category: "A9", callsign: "A" } }],
  ["does-not-fit", /2\.2\.3\.2\.5/, { ...aircraft, typeCode: 4, content: { kind: "identification", category: "A0", callsign: "a" } }],
  [
    "does-not-fit",
    /2\.2\.3\.2\.5/,
    { ...aircraft, typeCode: 4, content: { kind: "identification", category: "A0", callsign: "ABCDEFGHI" } },
  ],
  ["does-not-fit", /2\.2\.3\.2\.5/, { ...aircraft, typeCode: 4, content: { kind: "identification", category: "A0", callsign: "" } }],
  ["wrong-type-code", /2\.2\.3\.2/, { ...aircraft, typeCode: 3, content: { kind: "identification", category: "A0", callsign: "A" } }],
  ["wrong-type-code", /2\.2\.3\.2/, { ...aircraft, typeCode: undefined, content: { kind: "noPosition", altitudeFt: undefined } }],
  ["does-not-fit", /2\.2\.3\.2\.6/, { ...aircraft, typeCode: 19, content: { ...velocity, subtype: 3 } }],
  ["does-not-fit", /2\.2\.3\.2\.6/, { ...aircraft, typeCode: 19, content: { ...velocity, eastKt: 1023 } }],
  ["does-not-fit", /2\.2\.3\.2\.6/, { ...aircraft, typeCode: 19, content: { ...velocity, subtype: 2, eastKt: 6 } }],
  ["does-not-fit", /2\.2\.3\.2\.6/, { ...aircraft, typeCode: 19, content: { ...velocity, verticalRateFpm: 100 } }],
  [
    "does-not-fit",
    /2\.2\.3\.2\.4/,
    { ...aircraft, typeCode: 5, content: { kind: "surfacePosition", groundSpeedKt: -1, trackDeg: undefined, ...cpr } },
  ],
  [
    "does-not-fit",
    /2\.2\.3\.2\.4/,
    { ...aircraft, typeCode: 5, content: { kind: "surfacePosition", groundSpeedKt: 0, trackDeg: 1, ...cpr } },
  ],
  [
    "does-not-fit",
    /A\.1\.7/,
    { ...aircraft, typeCode: 5, content: { kind: "surfacePosition", groundSpeedKt: 0, trackDeg: 0, ...cpr, cprLatitude: 131_072 } },
  ],
  [
    "does-not-fit",
    /2\.2\.3\.2\.1\.3/,
    { ...ground, control: 2, addressKind: "trackFile", typeCode: 4, content: { kind: "identification", category: "A0", callsign: "A" } },
  ],
  [
    "does-not-fit",
    /2\.2\.3\.2\.1\.3/,
    { ...ground, control: 3, typeCode: undefined, content: { kind: "noPosition", altitudeFt: undefined } },
  ],
  ["does-not-fit", /2\.2\.3\.2\.1\.3/, { ...aircraft, address: -1, typeCode: 0, content: { kind: "noPosition", altitudeFt: undefined } }],
];

test("values that a field cannot carry are refused with the clause, never rounded or wrapped", () => {
  for (const [code, clause, message] of unfit) {
    const refused = encodeModeS(message);
    assert.ok(!(refused instanceof Uint8Array), JSON.stringify(message));
    assert.equal(refused.refused.code, code, JSON.stringify(message));
    assert.match(refused.refused.clause, clause, JSON.stringify(message));
  }
});

test("a pressure setting between two steps is refused", () => {
  const content = {
    kind: "targetState",
    isSilPerSample: false,
    altitudeSource: "panel",
    selectedAltitudeFt: 3008,
    pressureSettingHpa: 1013,
    selectedHeadingDeg: undefined,
    nacP: 8,
    nicBaro: true,
    sil: 3,
    modes: undefined,
    hasAcas: true,
  } as const;
  const message: ExtendedSquitter = { ...aircraft, typeCode: 29, content };
  const refused = encodeModeS(message);
  assert.ok("refused" in refused && refused.refused.detail.includes("pressureSettingHpa"));
  assert.ok(encodeModeS({ ...message, content: { ...content, pressureSettingHpa: 1013.6 } }) instanceof Uint8Array);
});
