// Which texts of orbital elements are read, and what is said of the others?
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type ElementsRead, LIMITS, readElements } from "../src/index.ts";
import { satelliteSeen } from "../src/satellites.ts";
import { ORACLE_ELEMENTS } from "./oracle-satellites.ts";

const [NAME, LINE_1, LINE_2] = ORACLE_ELEMENTS[0]!;
const EPOCH_UNIX_MS = 1_795_478_400_000;

function flaws({ refused }: ElementsRead): readonly string[] {
  return refused.map(({ at, refusal }) => `${at} ${refusal.code}: ${refusal.detail}`);
}

/** The line with other text at a column, and its checksum made right again. */
function edited(line: string, column: number, text: string): string {
  const body = line.slice(0, column - 1) + text + line.slice(column - 1 + text.length, 68);
  let sum = 0;
  for (const character of body) sum += character === "-" ? 1 : /\d/.test(character) ? Number(character) : 0;
  return body + String(sum % 10);
}

test("with names or without, with either end of line, with the zero of three-line sets", () => {
  for (const text of [`${LINE_1}\n${LINE_2}`, `${NAME}\r\n${LINE_1}\r\n${LINE_2}\r\n`, `\uFEFF0 ${NAME}\n${LINE_1}   \n${LINE_2}\n\n`]) {
    const read = readElements(text);
    assert.deepEqual(flaws(read), []);
    assert.equal(read.elements.length, 1);
    assert.equal(read.elements[0]!.noradId, "99901");
    assert.equal(read.elements[0]!.epochUnixMs, EPOCH_UNIX_MS);
    assert.equal(read.elements[0]!.name, text.includes(NAME) ? NAME : null);
  }
});

test("catalogue numbers beyond five digits have a letter for the first two", () => {
  const read = readElements(`${edited(LINE_1, 3, "B0017")}\n${edited(LINE_2, 3, "B0017")}`);
  assert.deepEqual(flaws(read), []);
  assert.equal(read.elements[0]!.noradId, "110017");
});

test("each broken line is refused by name, and the next set is read all the same", () => {
  const good = ORACLE_ELEMENTS[1]!.slice(1).join("\n");
  const cases: readonly (readonly [string, string])[] = [
    [`${LINE_1.slice(0, 68)}${(Number(LINE_1[68]) + 1) % 10}\n${LINE_2}`, "1 bad-elements: line 1 fails its checksum"],
    [`${LINE_1}\n${LINE_2.slice(0, 68)}${(Number(LINE_2[68]) + 1) % 10}`, "1 bad-elements: line 2 fails its checksum"],
    [`${LINE_1}\n${ORACLE_ELEMENTS[2]![2]}`, "1 bad-elements: the two lines are of different satellites"],
    [`${LINE_1} \n`, "1 bad-elements: line 2 is missing or does not have its fields in their columns"],
    [`${LINE_1.slice(0, 40)}\n${LINE_2}`, "1 bad-elements: line 1 does not have its fields in their columns"],
    [`${edited(LINE_1, 21, "000.00000000")}\n${LINE_2}`, "1 bad-elements: the day of the epoch is none of a year"],
    [`${edited(LINE_1, 19, "99")}\n${LINE_2}`, "1 bad-elements: the epoch of 99901 lies outside 2000 to 2100"],
    [`${LINE_1}\n${edited(LINE_2, 9, "190.0000")}`, "1 bad-elements: the inclination is not within 0 to 180 degrees"],
    [`${LINE_1}\n${edited(LINE_2, 53, " 0.00000000")}`, "1 bad-elements: the mean motion is none of an Earth satellite"],
    [`${LINE_1}\n${edited(LINE_2, 27, "9900000")}`, "1 bad-elements: the orbit of 99901 cannot be: SGP4 says 4"],
  ];
  for (const [text, flaw] of cases) {
    const read = readElements(`${text}\n${good}`);
    assert.deepEqual(flaws(read).slice(0, 1), [flaw]);
    assert.ok(
      read.elements.some(({ noradId }) => noradId === "99902"),
      flaw,
    );
  }
});

const OMM = {
  OBJECT_NAME: NAME,
  OBJECT_ID: "2026-001A",
  EPOCH: "2026-11-24T00:00:00.000000",
  MEAN_MOTION: 15.5,
  ECCENTRICITY: 0.0004,
  INCLINATION: 51.64,
  RA_OF_ASC_NODE: 120,
  ARG_OF_PERICENTER: 80,
  MEAN_ANOMALY: 10,
  EPHEMERIS_TYPE: 0,
  CLASSIFICATION_TYPE: "U",
  NORAD_CAT_ID: 99_901,
  ELEMENT_SET_NO: 999,
  REV_AT_EPOCH: 100,
  BSTAR: 0.00012,
  MEAN_MOTION_DOT: 0,
  MEAN_MOTION_DDOT: 0,
};

test("an orbit mean-elements message says the same as the two lines, with numbers as numbers or as text", () => {
  const place = { latDeg: 31.7619, lonDeg: -106.485, heightHaeM: 1140 };
  const lines = satelliteSeen(readElements(`${LINE_1}\n${LINE_2}`).elements[0]!, EPOCH_UNIX_MS + 86_400_000, place)!;
  const asText = Object.fromEntries(Object.entries(OMM).map(([key, value]) => [key, String(value)]));
  for (const message of [OMM, [OMM], [asText]]) {
    const read = readElements(JSON.stringify(message));
    assert.deepEqual(flaws(read), []);
    const seen = satelliteSeen(read.elements[0]!, EPOCH_UNIX_MS + 86_400_000, place)!;
    assert.ok(Math.abs(seen.azimuthDeg - lines.azimuthDeg) < 1e-6 && Math.abs(seen.rangeM - lines.rangeM) < 1);
    assert.equal(read.elements[0]!.name, NAME);
  }
});

test("a message that is broken is refused by its place in the list", () => {
  const cases: readonly (readonly [object | string, string])[] = [
    [{ ...OMM, EPOCH: "yesterday" }, "EPOCH is no moment"],
    [{ ...OMM, EPOCH: "2026-13-45T99:00:00" }, "the epoch of 99901 lies outside 2000 to 2100"],
    [{ ...OMM, NORAD_CAT_ID: -1 }, "NORAD_CAT_ID is no catalogue number"],
    [{ ...OMM, INCLINATION: "steep" }, "INCLINATION is no number"],
    [{ ...OMM, ECCENTRICITY: 1.2 }, "the eccentricity is not within 0 to 1"],
    [{ ...OMM, BSTAR: 1e9 }, "BSTAR is none of a satellite"],
    [{ ...OMM, REF_FRAME: "ICRF" }, "the elements are not for SGP4 in TEME"],
    ["text", "an entry is no object"],
  ];
  for (const [message, detail] of cases) {
    const read = readElements(JSON.stringify([OMM, message]));
    assert.equal(read.elements.length, 1);
    assert.deepEqual(flaws(read), [`2 bad-elements: ${detail}`]);
  }
  assert.deepEqual(flaws(readElements("[{")), ["1 bad-elements: the text is no JSON"]);
});

test("too long a text, too many satellites and too many refusals are named and counted", () => {
  assert.equal(readElements(" ".repeat(LIMITS.elementsCharacters + 1)).refused[0]?.refusal.code, "too-many");
  const names = readElements("a name\n".repeat(100));
  assert.equal(names.refused.length, LIMITS.leftOut);
  assert.equal(names.refusedMore, 100 - LIMITS.leftOut);
  const many = readElements(`${LINE_1}\n${LINE_2}\n`.repeat(LIMITS.satellites + 3));
  assert.equal(many.elements.length, LIMITS.satellites);
  assert.deepEqual(
    many.refused.map(({ refusal }) => refusal.code),
    ["too-many", "too-many", "too-many"],
  );
});

test("no text makes it throw, and what it reads can be propagated without a throw", () => {
  const anyText = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.json(),
    fc
      .tuple(fc.nat(LINE_1.length + LINE_2.length), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([at, text]) => `${LINE_1}\n${LINE_2}`.slice(0, at) + text + `${LINE_1}\n${LINE_2}`.slice(at + text.length)),
    fc
      .tuple(
        fc.integer({ min: 9, max: 63 }),
        fc.string({ unit: fc.constantFrom(..."0 1 2 3 4 5 6 7 8 9 ".split("")), minLength: 1, maxLength: 7 }),
      )
      .map(([column, text]) => `${LINE_1}\n${edited(LINE_2, column, text)}`),
    fc
      .record({
        ...Object.fromEntries(
          Object.keys(OMM).map((key) => [key, fc.oneof(fc.constant(OMM[key as keyof typeof OMM]), fc.double(), fc.string())]),
        ),
      })
      .map((one) => JSON.stringify(one)),
  );
  fc.assert(
    fc.property(anyText, fc.integer({ min: -20, max: 20 }), (text, days) => {
      for (const set of readElements(text).elements) {
        const seen = satelliteSeen(set, EPOCH_UNIX_MS + days * 86_400_000, { latDeg: 10, lonDeg: 20, heightHaeM: 0 });
        assert.ok(seen === null || (Number.isFinite(seen.azimuthDeg) && Number.isFinite(seen.elevationDeg)));
      }
    }),
    { numRuns: 500, seed: 20_261_125 },
  );
});
