// How does one read the wire format of Protocol Buffers without reading past anything?
//
// One reader for one message at a time: nothing here calls back. Bounds are checked where a length is read, and each field ends where it says.
import { type CotCode, type CotRefused, refuse } from "../refusal.ts";

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

/** Varints have at most ten bytes, those of a tag five. */
const VARINT_BYTES = 10;
const TAG_BYTES = 5;
/** As deep as the reference implementation follows groups. */
const MAX_GROUPS = 100;

const EMPTY = new Uint8Array(0);
let bytes: Uint8Array = EMPTY;
/** Where the reader stands. */
export let at = 0;
/** Of the field whose tag was read last. */
export let fieldNumber = 0;
export let wireType = 0;
/** Of the varint that was read last: its lowest 32 bits, which is what a uint32 keeps of a longer one. */
export let lowBits = 0;
/** Of the length-delimited field that was read last. */
export let fieldFrom = 0;
export let fieldTo = 0;

let code: CotCode = "truncated";
let why = "";

export function beginWire(message: Uint8Array, from: number): void {
  bytes = message;
  at = from;
}

/** Lets the message go. */
export function endWire(): void {
  bytes = EMPTY;
}

export function wireRefusal(): CotRefused {
  return refuse(code, `${why}, at byte ${at + 1}`);
}

function fail(problem: CotCode, detail: string): false {
  code = problem;
  why = detail;
  return false;
}

/** A varint that ends before `to`; -1 with the fault told when there is none. Beyond 2^53 the value is rounded. */
export function readVarint(to: number): number {
  let value = 0;
  let scale = 1;
  let low = 0;
  for (let k = 0; k < VARINT_BYTES; k += 1) {
    if (at >= to) {
      fail("truncated", "the message ends within a varint");
      return -1;
    }
    const byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * scale;
    if (k < 5) low |= (byte & 0x7f) << (7 * k);
    if (byte < 0x80) {
      lowBits = low >>> 0;
      return value;
    }
    scale *= 128;
  }
  fail("varint", `a varint of more than ${VARINT_BYTES} bytes`);
  return -1;
}

/** Reads the tag of the next field. */
export function readTag(to: number): boolean {
  let tag = bytes[at];
  if (tag < 0x80) at += 1;
  else {
    const from = at;
    tag = readVarint(to);
    if (tag < 0) return false;
    if (at - from > TAG_BYTES || tag > 0xffff_ffff) {
      at = from;
      return fail("field-number", "a field number that no message has");
    }
  }
  fieldNumber = Math.floor(tag / 8);
  wireType = tag & 7;
  return fieldNumber === 0 ? fail("field-number", "field number 0") : true;
}

/** Reads a length, and sets `fieldFrom` and `fieldTo` to the bytes it covers; `at` stands at their beginning. */
export function readLength(to: number): boolean {
  let size = at < to ? bytes[at] : 0x80;
  if (size < 0x80) at += 1;
  else {
    size = readVarint(to);
    if (size < 0) return false;
  }
  if (size > to - at) return fail("truncated", `a field of ${size} bytes where ${to - at} are left`);
  fieldFrom = at;
  fieldTo = at + size;
  return true;
}

const eight = new DataView(new ArrayBuffer(8));

/** A double, 8 bytes little-endian; undefined with the fault told when they are not there. */
export function readDouble(to: number): number | undefined {
  if (to - at < 8) {
    fail("truncated", "the message ends within a double");
    return undefined;
  }
  for (let k = 0; k < 8; k += 1) eight.setUint8(k, bytes[at + k]);
  at += 8;
  return eight.getFloat64(0, true);
}

const groups = new Int32Array(MAX_GROUPS);

/** Goes over the field whose tag has just been read: one that we do not know, or that has another wire type than ours, as the reference does. */
export function skipField(to: number): boolean {
  let depth = 0;
  for (;;) {
    switch (wireType) {
      case VARINT:
        if (readVarint(to) < 0) return false;
        break;
      case FIXED64:
        if (to - at < 8) return fail("truncated", "the message ends within a field");
        at += 8;
        break;
      case LENGTH_DELIMITED:
        if (!readLength(to)) return false;
        at = fieldTo;
        break;
      case START_GROUP:
        if (depth >= MAX_GROUPS) return fail("group", `more than ${MAX_GROUPS} groups in each other`);
        groups[depth] = fieldNumber;
        depth += 1;
        break;
      case END_GROUP:
        depth -= 1;
        if (depth < 0 || groups[depth] !== fieldNumber) return fail("group", "a group ends that did not begin");
        break;
      case FIXED32:
        if (to - at < 4) return fail("truncated", "the message ends within a field");
        at += 4;
        break;
      default:
        return fail("wire-type", `wire type ${wireType}`);
    }
    if (depth === 0) return true;
    if (at >= to) return fail("group", "the message ends within a group");
    if (!readTag(to)) return false;
  }
}

/** Moves to the end of a field that has been dealt with. */
export function moveTo(position: number): void {
  at = position;
}
