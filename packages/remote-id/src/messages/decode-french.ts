// From the tag-length-value fields of the French national beacon to a message. Numbers are big-endian.
import { i32be, latin1, u16be } from "../bytes.ts";
import { clauses } from "./clauses.ts";
import type { DecodedElement, French, Problem } from "./types.ts";

/** Writable while it is being filled; the same shape for every beacon. */
type Draft = { -readonly [K in keyof French]: French[K] };

const FIXED_LENGTH: Readonly<Record<number, number>> = { 1: 1, 4: 4, 5: 4, 6: 2, 7: 2, 8: 4, 9: 4, 10: 1, 11: 2 };
const FIELD: Readonly<Record<number, string>> = {
  1: "version",
  2: "idFr",
  3: "idAnsi",
  4: "latitude",
  5: "longitude",
  6: "altitude",
  7: "height",
  8: "takeoffLatitude",
  9: "takeoffLongitude",
  10: "speed",
  11: "course",
};

/** 1e-5 ° within ±`limit` °, else undefined. */
function degrees(bytes: Uint8Array, at: number, limit: number): number | undefined {
  const raw = i32be(bytes, at);
  return Math.abs(raw) <= limit * 1e5 ? raw / 1e5 : undefined;
}

function i16be(bytes: Uint8Array, at: number): number {
  return (u16be(bytes, at) << 16) >> 16;
}

/** Decodes the fields that follow `6A 5C 35 01`. A field that runs past the end refuses the beacon. */
export function decodeFrench(bytes: Uint8Array, offset: number, length: number): DecodedElement {
  const end = Math.min(offset + length, bytes.length);
  const problems: Problem[] = [];
  const french: Draft = {
    type: "french",
    version: undefined,
    idFr: undefined,
    idAnsi: undefined,
    latitude: undefined,
    longitude: undefined,
    altitude: undefined,
    height: undefined,
    takeoffLatitude: undefined,
    takeoffLongitude: undefined,
    speed: undefined,
    course: undefined,
  };
  const outside = (tag: number, code: string): void => {
    problems.push({ message: 0, field: FIELD[tag] ?? `tag ${tag}`, code, clause: clauses.french });
  };
  let at = offset;
  let fields = 0;
  while (at < end) {
    const tag = bytes[at];
    const size = at + 1 < end ? bytes[at + 1] : 0;
    if (at + 2 + size > end) {
      const refused = { code: "cut-short", clause: clauses.french, detail: `tag ${tag} runs past the end` };
      return { version: undefined, messages: [], problems: [], refused };
    }
    const value = at + 2;
    at = value + size;
    const fixed = FIXED_LENGTH[tag];
    if (fixed !== undefined && fixed !== size) {
      outside(tag, "field-length");
      continue;
    }
    fields += 1;
    switch (tag) {
      case 1:
        french.version = bytes[value];
        break;
      case 2:
        french.idFr = latin1(bytes, value, size);
        break;
      case 3:
        french.idAnsi = latin1(bytes, value, size);
        break;
      case 4:
        french.latitude = degrees(bytes, value, 90);
        if (french.latitude === undefined) outside(tag, "latitude-out-of-range");
        break;
      case 5:
        french.longitude = degrees(bytes, value, 180);
        if (french.longitude === undefined) outside(tag, "longitude-out-of-range");
        break;
      case 6:
        french.altitude = i16be(bytes, value);
        break;
      case 7:
        french.height = i16be(bytes, value);
        break;
      case 8:
        french.takeoffLatitude = degrees(bytes, value, 90);
        if (french.takeoffLatitude === undefined) outside(tag, "latitude-out-of-range");
        break;
      case 9:
        french.takeoffLongitude = degrees(bytes, value, 180);
        if (french.takeoffLongitude === undefined) outside(tag, "longitude-out-of-range");
        break;
      case 10:
        french.speed = bytes[value];
        break;
      case 11: {
        const course = u16be(bytes, value);
        if (course <= 359) french.course = course;
        else outside(tag, "direction-out-of-range");
        break;
      }
      default:
        fields -= 1;
    }
  }
  if (fields === 0) {
    const refused = { code: "no-fields", clause: clauses.french, detail: "no field of the beacon" };
    return { version: undefined, messages: [], problems, refused };
  }
  if (french.latitude === 0 && french.longitude === 0) {
    french.latitude = undefined;
    french.longitude = undefined;
  }
  if (french.takeoffLatitude === 0 && french.takeoffLongitude === 0) {
    french.takeoffLatitude = undefined;
    french.takeoffLongitude = undefined;
  }
  return { version: french.version, messages: [french], problems, refused: undefined };
}
