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
/** Of the varint that was read last: its lowest 32 bits, which is what a uint32 keeps of a longer one. */
export let lowBits = 0;

let code: CotCode = "truncated";
let why = "";

export function beginWire(message: Uint8Array): void {
  bytes = message;
  at = 0;
}

/** Lets the message go. */
export function endWire(): void {
  bytes = EMPTY;
}

/** True when the reader stands before `to`. */
export function hasMore(to: number): boolean {
  return at < to;
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

/** The tag of the next field, field number and wire type in one; -1 with the fault told when it is none. The reader stands before `to`. */
export function readTag(to: number): number {
  const from = at;
  let tag = bytes[from];
  if (tag < 0x80) at = from + 1;
  else {
    tag = readVarint(to);
    if (tag < 0) return -1;
    if (at - from > TAG_BYTES || tag > 0xffff_ffff) {
      at = from;
      fail("field-number", "a field number that no message has");
      return -1;
    }
  }
  if (tag >= 8) return tag;
  fail("field-number", "field number 0");
  return -1;
}

/** Reads the length of a field: where it ends; -1 with the fault told. */
export function readLength(to: number): number {
  let size = at < to ? bytes[at] : 0x80;
  if (size < 0x80) at += 1;
  else {
    size = readVarint(to);
    if (size < 0) return -1;
  }
  if (size <= to - at) return at + size;
  fail("truncated", `a field of ${size} bytes where ${to - at} are left`);
  return -1;
}

const eight = new DataView(new ArrayBuffer(8));

/** Reads a double, 8 bytes little-endian, into `numbers`. */
export function readDouble(to: number, numbers: Float64Array, slot: number): boolean {
  const from = at;
  if (to - from < 8) return fail("truncated", "the message ends within a double");
  const source = bytes;
  const low = source[from] | (source[from + 1] << 8) | (source[from + 2] << 16) | (source[from + 3] << 24);
  const high = source[from + 4] | (source[from + 5] << 8) | (source[from + 6] << 16) | (source[from + 7] << 24);
  eight.setInt32(0, low, true);
  eight.setInt32(4, high, true);
  numbers[slot] = eight.getFloat64(0, true);
  at = from + 8;
  return true;
}

const groups = new Int32Array(MAX_GROUPS);

/** Goes over the field of this tag: one that we do not know, or that has another wire type than ours, as the reference does. */
export function skipField(tag: number, to: number): boolean {
  let depth = 0;
  for (let current = tag; ; ) {
    const number = Math.floor(current / 8);
    switch (current & 7) {
      case VARINT:
        if (readVarint(to) < 0) return false;
        break;
      case FIXED64:
        if (to - at < 8) return fail("truncated", "the message ends within a field");
        at += 8;
        break;
      case LENGTH_DELIMITED: {
        const end = readLength(to);
        if (end < 0) return false;
        at = end;
        break;
      }
      case START_GROUP:
        if (depth >= MAX_GROUPS) return fail("group", `more than ${MAX_GROUPS} groups in each other`);
        groups[depth] = number;
        depth += 1;
        break;
      case END_GROUP:
        depth -= 1;
        if (depth < 0 || groups[depth] !== number) return fail("group", "a group ends that did not begin");
        break;
      case FIXED32:
        if (to - at < 4) return fail("truncated", "the message ends within a field");
        at += 4;
        break;
      default:
        return fail("wire-type", `wire type ${current & 7}`);
    }
    if (depth === 0) return true;
    if (at >= to) return fail("group", "the message ends within a group");
    current = readTag(to);
    if (current < 0) return false;
  }
}

/** Moves to the end of a field that has been dealt with. */
export function moveTo(position: number): void {
  at = position;
}
