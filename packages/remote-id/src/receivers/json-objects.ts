// Splits text into the JSON objects that stand in it one after another, as receivers send them: alone, in an array, or run together.
import type { Refusal } from "../messages/types.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Objects in one payload beyond this are refused: no receiver sends so many at once. */
export const MAX_OBJECTS = 1000;
/** Nesting beyond this is hostile: the deepest receiver format has four levels. */
export const MAX_DEPTH = 16;

export interface JsonObjects {
  readonly objects: readonly JsonObject[];
  readonly refused: Refusal | undefined;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(code: string, detail: string): Refusal {
  return { code, clause: "RFC 8259", detail };
}

const RUN = 4096;

function shortRun(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let k = from; k < to; k += 1) text += String.fromCharCode(bytes[k]);
  return text;
}

/** Bytes as UTF-8; what is no UTF-8 becomes U+FFFD. */
export function utf8(bytes: Uint8Array, from = 0, to: number = bytes.length): string {
  let text = "";
  for (let k = from; k < to; ) {
    const first = bytes[k];
    if (first < 0x80) {
      // Plain ASCII, as nearly everything is, goes a run at a time; a call takes only so many arguments.
      let end = k + 1;
      const most = Math.min(to, k + RUN);
      while (end < most && bytes[end] < 0x80) end += 1;
      text += end - k < 8 ? shortRun(bytes, k, end) : String.fromCharCode.apply(undefined, bytes.subarray(k, end) as unknown as number[]);
      k = end;
      continue;
    }
    const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    let code = first & (0xff >> (size + 1));
    let good = first >= 0xc2 && first <= 0xf4 && k + size <= to;
    for (let j = 1; good && j < size; j += 1) {
      if ((bytes[k + j] & 0xc0) !== 0x80) good = false;
      code = (code << 6) | (bytes[k + j] & 0x3f);
    }
    if (good && (size === 3 ? code < 0x800 || (code >= 0xd800 && code <= 0xdfff) : size === 4 && (code < 0x10000 || code > 0x10ffff)))
      good = false;
    text += good ? String.fromCodePoint(code) : "\ufffd";
    k += good ? size : 1;
  }
  return text;
}

/** Text as UTF-8. Half a surrogate pair becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0xfffd;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) {
      bytes[at] = code;
      at += 1;
      continue;
    }
    const size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let k = size - 1; k > 0; k -= 1) {
      bytes[at + k] = 0x80 | (code & 0x3f);
      code >>>= 6;
    }
    bytes[at] = ((0xf00 >> size) & 0xff) | code;
    at += size;
  }
  return bytes.slice(0, at);
}

/** End of the value that begins at `from` (behind its last bracket); -1 when it does not end; -2 when it nests too deep. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let k = from; k < text.length; k += 1) {
    const c = text.charCodeAt(k);
    if (inString) {
      if (c === 0x5c) k += 1;
      else if (c === 0x22) inString = false;
      continue;
    }
    if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return -2;
    } else if (c === 0x7d || c === 0x5d) {
      depth -= 1;
      if (depth === 0) return k + 1;
    }
  }
  return -1;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The objects of a payload, in order. Those before a fault are kept; the fault is the refusal. */
export function jsonObjects(text: string): JsonObjects {
  const objects: JsonObject[] = [];
  let at = 0;
  for (;;) {
    // White space, commas between run-together objects, and the NULs that some receivers send behind the last one.
    while (at < text.length && (text.charCodeAt(at) <= 0x20 || text.charAt(at) === ",")) at += 1;
    if (at >= text.length) return { objects, refused: undefined };
    const first = text.charAt(at);
    if (first !== "{" && first !== "[") return { objects, refused: refused("not-json", `an object was expected at character ${at}`) };
    const end = endOfValue(text, at);
    if (end === -2) return { objects, refused: refused("nested-too-deep", `more than ${MAX_DEPTH} levels`) };
    if (end === -1) return { objects, refused: refused("cut-short", "an object does not end") };
    const value = parse(text.slice(at, end));
    if (value === undefined) return { objects, refused: refused("not-json", `no JSON at character ${at}`) };
    for (const item of Array.isArray(value) ? (value as readonly JsonValue[]) : [value]) {
      if (objects.length >= MAX_OBJECTS) return { objects, refused: refused("too-many-objects", `more than ${MAX_OBJECTS}`) };
      if (isJsonObject(item)) objects.push(item);
      else return { objects, refused: refused("not-an-object", "an array holds something that is no object") };
    }
    at = end;
  }
}
