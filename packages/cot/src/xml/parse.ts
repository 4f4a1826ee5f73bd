// Are these bytes well-formed XML of the small kind that CoT needs, and what do they hold?
//
// One pass over the bytes, no recursion, no regular expression on the way of an ordinary event. It can build elements as it goes, or only see that
// they are in order. What is refused although XML allows it: document types (and with them all entities but the five), CDATA, processing
// instructions, nesting and attributes beyond a bound. Size is the caller's to bound.
//
// The bytes have been decoded as a whole, which is fast and shows that they are UTF-8; text is cut out of the result. While a byte beyond ASCII is
// passed, `shift` grows by what its character is shorter in the text than in the bytes.
import { type CotElement, MAX_ATTRIBUTES, MAX_DEPTH } from "../event.ts";
import { type CotCode, type CotRefused, refuse } from "../refusal.ts";
import { documentText, exactText } from "../utf8.ts";
import {
  CLASS as BYTE_CLASS,
  isXmlCharacter,
  isXmlName,
  NAME_CHARACTER,
  NAME_START,
  PLAIN_IN_TEXT,
  PLAIN_IN_VALUE,
  SPACE,
} from "./characters.ts";

/** A constant of this module is read faster than one of another. */
const CLASS = BYTE_CLASS;

type Attributes = Record<string, string>;

/** An element while it is being read. */
interface Open {
  readonly name: string;
  readonly attributes: Attributes;
  text: string;
  readonly children: Open[];
}

// The state of the one parse that runs: nothing here calls back, so there is never a second one.
const NO_BYTES = new Uint8Array(0);
let bytes: Uint8Array = NO_BYTES;
let at = 0;
let end = 0;
let decoded = "";
/** The byte that the first character of `decoded` stands at. */
let base = 0;
let shift = 0;
let isBuilding = true;
let isClosed = false;
/** Of the content that was read last: the character of `decoded` that its end tag begins with. */
let contentEnd = 0;
let code: CotCode = "tag";
let why = "";

function fail(problem: CotCode, where: number, detail: string): false {
  code = problem;
  at = where;
  why = detail;
  return false;
}

/** As `fail`, where a text that goes on no further has an own reason. */
function failOrEnd(problem: CotCode, where: number, detail: string): false {
  return where >= end ? fail("cut-short", end, "the text ends within markup") : fail(problem, where, detail);
}

function begin(source: Uint8Array, text: string, from: number): void {
  bytes = source;
  end = source.length;
  at = from;
  decoded = text;
  base = from;
  shift = 0;
}

function letGo(): void {
  bytes = NO_BYTES;
  decoded = "";
}

function refusal(): CotRefused {
  const result = refuse(code, `${why}, at byte ${at + 1}`);
  letGo();
  return result;
}

/** How much of a foreign word a refusal repeats. */
const QUOTED = 40;

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const HYPHEN = 0x2d;
const BRACKET = 0x5d;
const DOUBLE_QUOTE = 0x22;
const APOSTROPHE = 0x27;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/** True when these ASCII characters stand at `from`. */
function isAt(characters: string, from: number): boolean {
  if (characters.length > end - from) return false;
  for (let k = 0; k < characters.length; k += 1) if (characters.charCodeAt(k) !== bytes[from + k]) return false;
  return true;
}

/** Goes over a character beyond ASCII at `from`: where the next stands, or -1 when it is U+FFFE or U+FFFF, which XML has not. */
function behindWide(from: number): number {
  const first = bytes[from];
  if (first < 0xe0) {
    shift += 1;
    return from + 2;
  }
  shift += 2;
  if (first >= 0xf0) return from + 4;
  return first === 0xef && bytes[from + 1] === 0xbf && bytes[from + 2] >= 0xbe ? -1 : from + 3;
}

function failCharacter(where: number): false {
  return fail("character", where, "a character that XML has not");
}

/** Goes over a Name at `at`; false, with the fault told, when there is none. */
function passName(): boolean {
  const table = CLASS;
  const source = bytes;
  const stop = end;
  const from = at;
  let k = from;
  while (k < stop && (table[source[k]] & NAME_CHARACTER) !== 0) k += 1;
  if (k < stop && source[k] >= 128) return passWideName(from);
  if (k === from || (table[source[from]] & NAME_START) === 0) return failOrEnd("name", from, "no name begins like this");
  at = k;
  return true;
}

/** Goes over a name with characters beyond ASCII. */
function passWideName(from: number): boolean {
  const shiftFrom = shift;
  let k = from;
  while (k < end) {
    if (bytes[k] >= 128) {
      k = behindWide(k);
      if (k < 0) return fail("name", from, "a character that no name has");
    } else if ((CLASS[bytes[k]] & NAME_CHARACTER) === 0) break;
    else k += 1;
  }
  if (!isXmlName(decoded.slice(from - base - shiftFrom, k - base - shift))) return fail("name", from, "a character that no name has");
  at = k;
  return true;
}

/** Names that have been read before, found again without making a new string. A clash costs speed, nothing else. */
const NAME_SLOTS = 4096;
const MAX_HELD_NAME = 32;
const names: string[] = Array.from({ length: NAME_SLOTS }, () => "");
const nameBytes = new Uint8Array(NAME_SLOTS * MAX_HELD_NAME);
const nameLengths = new Uint8Array(NAME_SLOTS);

function isHeld(slot: number, from: number, size: number): boolean {
  if (nameLengths[slot] !== size) return false;
  const source = bytes;
  const held = nameBytes;
  let h = slot * MAX_HELD_NAME;
  const to = from + size;
  for (let k = from; k < to; k += 1, h += 1) if (held[h] !== source[k]) return false;
  return true;
}

/** The name that stands between these bytes. */
function nameOf(from: number, to: number): string {
  const source = bytes;
  const size = to - from;
  if (size > MAX_HELD_NAME) return exactText(source.subarray(from, to)) ?? "";
  const few = source[from] | (source[to - 1] << 8) | (source[from + (size >> 1)] << 16) | (size << 24);
  const slot = Math.imul(few, 0x9e37_79b1) >>> 20;
  if (isHeld(slot, from, size)) return names[slot];
  const name = exactText(source.subarray(from, to)) ?? "";
  // The key of an object is a string by which properties are found fast.
  const [held = name] = Object.keys({ [name]: 0 });
  names[slot] = held;
  nameLengths[slot] = size;
  nameBytes.set(source.subarray(from, to), slot * MAX_HELD_NAME);
  return held;
}

/** True when the same bytes stand at both places. */
function isSame(from: number, to: number, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false;
  const source = bytes;
  for (let k = from, other = otherFrom; k < to; k += 1, other += 1) if (source[k] !== source[other]) return false;
  return true;
}

/** Goes over white space; true when there was some. */
function skipSpace(): boolean {
  const table = CLASS;
  const source = bytes;
  const from = at;
  let k = from;
  while (k < end && (table[source[k]] & SPACE) !== 0) k += 1;
  at = k;
  return k > from;
}

/** The character that a reference at `at` stands for, and goes behind it; undefined with the fault told. */
function readReference(): string | undefined {
  const from = at;
  if (bytes[from + 1] === 0x23) {
    let k = from + 2;
    const isHex = bytes[k] === 0x78;
    if (isHex) k += 1;
    const digitsFrom = k;
    let value = 0;
    for (; k < end; k += 1) {
      const byte = bytes[k];
      let digit: number;
      if (byte >= 0x30 && byte <= 0x39) digit = byte - 0x30;
      else if (isHex && ((byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66))) digit = (byte & 0xdf) - 0x37;
      else break;
      // Leading zeros are endless, the value is not.
      if (value <= 0x10_ffff) value = value * (isHex ? 16 : 10) + digit;
    }
    if (k === digitsFrom || bytes[k] !== SEMICOLON) {
      failOrEnd("character-reference", k, "a character reference is digits and a semicolon");
      return undefined;
    }
    if (!isXmlCharacter(value)) {
      fail("character-reference", from, "a reference to a character that XML has not");
      return undefined;
    }
    at = k + 1;
    return String.fromCodePoint(value);
  }
  for (const [name, character] of ENTITIES) {
    if (!isAt(name, from)) continue;
    at = from + name.length;
    return character;
  }
  fail("entity", from, "an entity other than the five of XML");
  return undefined;
}

const ENTITIES: readonly (readonly [name: string, character: string])[] = [
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
];

/** An attribute value, its quotes included, normalised (§2.11, §3.3.3); undefined with the fault told. Empty when nothing is built. */
function readValue(): string | undefined {
  const table = CLASS;
  const source = bytes;
  const stop = end;
  const quote = source[at];
  if (quote !== DOUBLE_QUOTE && quote !== APOSTROPHE) {
    failOrEnd("attribute-value", at, "an attribute value stands in quotes");
    return undefined;
  }
  let k = at + 1;
  let from = k;
  let shiftFrom = shift;
  let value = "";
  for (;;) {
    while (k < stop && (table[source[k]] & PLAIN_IN_VALUE) !== 0) k += 1;
    if (k >= stop) {
      fail("cut-short", stop, "the text ends within an attribute value");
      return undefined;
    }
    const byte = source[k];
    if (byte === quote) {
      at = k + 1;
      if (!isBuilding) return value;
      const piece = decoded.slice(from - base - shiftFrom, k - base - shift);
      return value === "" ? piece : value + piece;
    }
    if (byte >= 128) {
      const next = behindWide(k);
      if (next < 0) {
        failCharacter(k);
        return undefined;
      }
      k = next;
      continue;
    }
    if (byte === DOUBLE_QUOTE || byte === APOSTROPHE) {
      k += 1;
      continue;
    }
    if (isBuilding) value += decoded.slice(from - base - shiftFrom, k - base - shift);
    if (byte === AMPERSAND) {
      at = k;
      const character = readReference();
      if (character === undefined) return undefined;
      if (isBuilding) value += character;
      k = at;
    } else if (byte === TAB || byte === LF || byte === CR) {
      if (isBuilding) value += " ";
      k += byte === CR && source[k + 1] === LF ? 2 : 1;
    } else {
      if (byte === LT) fail("attribute-value", k, "a < within an attribute value");
      else failCharacter(k);
      return undefined;
    }
    from = k;
    shiftFrom = shift;
  }
}

/** Of an element that is not built. */
const NONE: Attributes = Object.freeze({});

/** Where the names of the attributes of the tag that is being read stand. */
const seenFrom = new Int32Array(MAX_ATTRIBUTES);
const seenTo = new Int32Array(MAX_ATTRIBUTES);

/** The attributes of a start tag whose name has been read, and the end of the tag; `isClosed` says whether it is an empty element's. */
function readAttributes(): Attributes | undefined {
  const source = bytes;
  const attributes: Attributes = isBuilding ? {} : NONE;
  let count = 0;
  for (;;) {
    let byte = source[at];
    let hasSpace = false;
    if (byte <= 0x20) {
      hasSpace = skipSpace();
      byte = source[at];
    }
    if (byte === GT) {
      at += 1;
      isClosed = false;
      return attributes;
    }
    if (byte === SLASH) {
      if (source[at + 1] !== GT) {
        failOrEnd("tag", at + 1, "a / that does not end a tag");
        return undefined;
      }
      at += 2;
      isClosed = true;
      return attributes;
    }
    if (at >= end || !hasSpace) {
      failOrEnd("tag", at, "no white space before an attribute");
      return undefined;
    }
    const nameFrom = at;
    if (!passName()) return undefined;
    const nameTo = at;
    if (source[at] !== EQUALS) {
      skipSpace();
      if (source[at] !== EQUALS) {
        failOrEnd("attribute", at, "an attribute without =");
        return undefined;
      }
    }
    at += 1;
    if (source[at] !== DOUBLE_QUOTE) skipSpace();
    const value = readValue();
    if (value === undefined) return undefined;
    const size = nameTo - nameFrom;
    for (let k = 0; k < count; k += 1) {
      if (seenTo[k] - seenFrom[k] !== size || !isSame(nameFrom, nameTo, seenFrom[k], seenTo[k])) continue;
      fail("duplicate-attribute", nameFrom, `${nameOf(nameFrom, nameTo).slice(0, QUOTED)} stands twice`);
      return undefined;
    }
    if (count >= MAX_ATTRIBUTES) {
      fail("too-many-attributes", nameFrom, `more than ${MAX_ATTRIBUTES} attributes`);
      return undefined;
    }
    seenFrom[count] = nameFrom;
    seenTo[count] = nameTo;
    count += 1;
    if (!isBuilding) continue;
    const name = nameOf(nameFrom, nameTo);
    // A plain assignment to this one name would set the object's prototype instead.
    if (name === "__proto__") Object.defineProperty(attributes, name, { value, enumerable: true, writable: true, configurable: true });
    else attributes[name] = value;
  }
}

/** Goes over a comment that begins at `at`. */
function skipComment(): boolean {
  for (let k = at + 4; k < end; ) {
    const byte = bytes[k];
    if (byte >= 128) {
      const next = behindWide(k);
      if (next < 0) return failCharacter(k);
      k = next;
    } else if (byte === HYPHEN && bytes[k + 1] === HYPHEN) {
      if (bytes[k + 2] !== GT) return failOrEnd("comment", k + 2, "two hyphens within a comment");
      at = k + 3;
      return true;
    } else if (byte < 0x20 && (CLASS[byte] & SPACE) === 0) return failCharacter(k);
    else k += 1;
  }
  return fail("cut-short", end, "the text ends within a comment");
}

function isDeclarationAt(from: number): boolean {
  return isAt("<?xml", from) && from + 5 < end && (bytes[from + 5] === QUESTION || (CLASS[bytes[from + 5]] & SPACE) !== 0);
}

/** Markup at `at` that is neither a tag nor a comment: always a refusal, and this says which. */
function failMarkup(): false {
  if (bytes[at + 1] === QUESTION) {
    return isDeclarationAt(at)
      ? fail("declaration", at, "an XML declaration elsewhere than at the beginning")
      : fail("processing-instruction", at, "a processing instruction");
  }
  if (isAt("<![CDATA[", at)) return fail("cdata", at, "a CDATA section");
  if (isAt("<!DOCTYPE", at)) return fail("doctype", at, "a document type declaration");
  return fail("tag", at, "markup that is neither a tag nor a comment");
}

function isBlank(text: string): boolean {
  for (let k = 0; k < text.length; k += 1) {
    const c = text.charCodeAt(k);
    if (c >= 128 || (CLASS[c] & SPACE) === 0) return false;
  }
  return true;
}

/** White space alone between child elements is layout. */
function tidy(element: Open): void {
  if (element.children.length > 0 && element.text !== "" && isBlank(element.text)) element.text = "";
}

/** Reads text from `at` up to the next `<`, or the end; its characters join `into`, if there is one to build. */
function readText(into: Open | undefined): boolean {
  const table = CLASS;
  const source = bytes;
  const stop = end;
  for (;;) {
    const from = at;
    const shiftFrom = shift;
    let k = from;
    for (;;) {
      // Four at a time: remarks are long, and hold little else.
      while (k + 4 <= stop && (table[source[k]] & table[source[k + 1]] & table[source[k + 2]] & table[source[k + 3]] & PLAIN_IN_TEXT) !== 0)
        k += 4;
      while (k < stop && (table[source[k]] & PLAIN_IN_TEXT) !== 0) k += 1;
      if (k >= stop || source[k] < 128) break;
      const next = behindWide(k);
      if (next < 0) return failCharacter(k);
      k = next;
    }
    if (k > from && into !== undefined) {
      const piece = decoded.slice(from - base - shiftFrom, k - base - shift);
      into.text = into.text === "" ? piece : into.text + piece;
    }
    at = k;
    if (k >= stop) return true;
    const byte = source[k];
    if (byte === LT) return true;
    if (byte === AMPERSAND) {
      const character = readReference();
      if (character === undefined) return false;
      if (into !== undefined) into.text += character;
    } else if (byte === CR) {
      // §2.11: a carriage return, with its line feed or without, is a line feed.
      if (into !== undefined) into.text += "\n";
      at += bytes[k + 1] === LF ? 2 : 1;
    } else if (byte === BRACKET) {
      if (isAt("]]>", k)) return fail("section-end", k, "]]> in text");
      if (into !== undefined) into.text += "]";
      at += 1;
    } else return failCharacter(k);
  }
}

/** Goes over an end tag at `at`, which has to be that of the name between these bytes; of the root of a fragment there is none. */
function passEndTag(nameFrom: number, nameTo: number): boolean {
  const from = at;
  at = from + 2;
  if (!passName()) return false;
  const to = at;
  skipSpace();
  if (bytes[at] !== GT) return failOrEnd("tag", at, "an end tag with something in it");
  at += 1;
  if (nameTo > nameFrom && isSame(from + 2, to, nameFrom, nameTo)) return true;
  const open = nameTo > nameFrom ? `that does not end <${nameOf(nameFrom, nameTo).slice(0, QUOTED)}>` : "without its start tag";
  return fail("mismatched-tag", from, `an end tag ${open}`);
}

/** The names of the elements that are open, from the outermost: where they stand. */
const openFrom = new Int32Array(MAX_DEPTH + 1);
const openTo = new Int32Array(MAX_DEPTH + 1);
const openElements: Open[] = [];

/**
 * Reads content from `at`: up to the end tag of the name between `nameFrom` and `nameTo`, which is read too, or, for a fragment, where there is
 * no such name, up to the end. What it holds goes into `top`, if that is given. `depth` is how deep the element stands whose content it is.
 */
function readContent(top: Open | undefined, nameFrom: number, nameTo: number, depth: number): boolean {
  const source = bytes;
  const stop = end;
  let open = top;
  let level = 0;
  openFrom[0] = nameFrom;
  openTo[0] = nameTo;
  if (openElements.length > 0) openElements.length = 0;
  for (;;) {
    if (at < stop && source[at] !== LT && !readText(open)) return false;
    if (at >= stop) {
      if (level > 0 || nameTo > nameFrom) return fail("cut-short", stop, "the text ends within an element");
      if (open !== undefined) tidy(open);
      return true;
    }
    const next = source[at + 1];
    if (next === SLASH) {
      contentEnd = at - base - shift;
      if (!passEndTag(openFrom[level], openTo[level])) return false;
      if (open !== undefined) tidy(open);
      if (level === 0) return true;
      level -= 1;
      if (open !== undefined) open = openElements.pop();
      continue;
    }
    if (next === BANG || next === QUESTION) {
      if (!isAt("<!--", at)) return failMarkup();
      if (!skipComment()) return false;
      continue;
    }
    if (depth + level >= MAX_DEPTH) return fail("too-deep", at, `more than ${MAX_DEPTH} levels`);
    at += 1;
    const childFrom = at;
    if (!passName()) return false;
    const childTo = at;
    const attributes = readAttributes();
    if (attributes === undefined) return false;
    if (open !== undefined) {
      const child: Open = { name: nameOf(childFrom, childTo), attributes, text: "", children: [] };
      open.children.push(child);
      if (isClosed) continue;
      openElements.push(open);
      open = child;
    } else if (isClosed) continue;
    level += 1;
    openFrom[level] = childFrom;
    openTo[level] = childTo;
  }
}

const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][-A-Za-z0-9._]*)"|'([A-Za-z][-A-Za-z0-9._]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;

/** The last declaration that was good: a source writes the same one each time. */
let lastDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** Goes over the XML declaration, if there is one. */
function readDeclaration(): boolean {
  const from = at;
  if (isAt(lastDeclaration, from)) {
    at = from + lastDeclaration.length;
    return true;
  }
  if (!isDeclarationAt(from)) return true;
  DECLARATION.lastIndex = 0;
  const match = DECLARATION.exec(decoded);
  if (match === null) {
    if (!decoded.includes("?>")) return fail("cut-short", end, "the text ends within the XML declaration");
    return fail("declaration", from, "an XML declaration that is none of version 1.0");
  }
  const [declaration, quoted, apostrophed] = match;
  const encoding = quoted ?? apostrophed ?? "UTF-8";
  if (encoding.toUpperCase() !== "UTF-8") return fail("encoding", from, `encoding ${encoding.slice(0, 32)}`);
  at = from + declaration.length;
  if (declaration.length <= 80) lastDeclaration = declaration;
  return true;
}

/** White space and comments around the root element. */
function skipMiscellany(): boolean {
  for (;;) {
    skipSpace();
    if (bytes[at] !== LT) return true;
    const next = bytes[at + 1];
    if (next !== BANG && next !== QUESTION) return true;
    if (!isAt("<!--", at)) return failMarkup();
    if (!skipComment()) return false;
  }
}

/** What a document says that holds an event, before anybody has asked what it means. */
export interface EventDocument {
  readonly attributes: Readonly<Attributes>;
  /** The attributes of the point, undefined when there is none. */
  readonly point: Readonly<Attributes> | undefined;
  /** What stands below `<detail>`; empty when only the order was looked at. */
  readonly detail: readonly CotElement[];
  /** The same as text, for later; only when nothing was built. */
  readonly detailText: string;
}

const NOTHING: readonly CotElement[] = [];

/** Reads the event whose start tag stands at `at`, and what is behind it. */
function readEvent(withDetail: boolean): EventDocument | undefined {
  at += 1;
  const nameFrom = at;
  if (!passName()) return undefined;
  const nameTo = at;
  if (nameOf(nameFrom, nameTo) !== "event") {
    fail("not-an-event", nameFrom, `the root element is ${nameOf(nameFrom, nameTo).slice(0, QUOTED)}`);
    return undefined;
  }
  isBuilding = true;
  const attributes = readAttributes();
  if (attributes === undefined) return undefined;
  let point: Attributes | undefined;
  let detail: readonly CotElement[] | undefined;
  let detailText = "";
  for (let isOpen = !isClosed; isOpen; ) {
    if (!readText(undefined)) return undefined;
    if (at >= end) {
      fail("cut-short", end, "the text ends within <event>");
      return undefined;
    }
    const next = bytes[at + 1];
    if (next === SLASH) {
      if (!passEndTag(nameFrom, nameTo)) return undefined;
      isOpen = false;
      continue;
    }
    if (next === BANG || next === QUESTION) {
      if (!isAt("<!--", at) ? !failMarkup() : !skipComment()) return undefined;
      continue;
    }
    at += 1;
    const childFrom = at;
    if (!passName()) return undefined;
    const childTo = at;
    const child = nameOf(childFrom, childTo);
    const isPoint = child === "point";
    const isDetail = child === "detail";
    isBuilding = isPoint;
    const found = readAttributes();
    if (found === undefined) return undefined;
    if ((isPoint && point !== undefined) || (isDetail && detail !== undefined)) {
      fail("repeated-element", childFrom - 1, `two ${child}s`);
      return undefined;
    }
    if (isPoint) point = found;
    if (isDetail) detail = NOTHING;
    if (isClosed) continue;
    isBuilding = isDetail && withDetail;
    const top: Open | undefined = isBuilding ? { name: child, attributes: found, text: "", children: [] } : undefined;
    const from = at - base - shift;
    if (!readContent(top, childFrom, childTo, 2)) return undefined;
    if (!isDetail) continue;
    if (top !== undefined) detail = top.children;
    else detailText = decoded.slice(from, contentEnd);
  }
  if (!skipMiscellany()) return undefined;
  if (at < end) {
    fail("outside-root", at, "something behind the event");
    return undefined;
  }
  return { attributes, point, detail: detail ?? NOTHING, detailText };
}

function readDocument(withDetail: boolean): EventDocument | undefined {
  if (!readDeclaration() || !skipMiscellany()) return undefined;
  if (at >= end) {
    fail("cut-short", end, "no element");
    return undefined;
  }
  if (bytes[at] !== LT || bytes[at + 1] === SLASH) {
    fail("outside-root", at, "something that is no element");
    return undefined;
  }
  return readEvent(withDetail);
}

/** A document whose root is an event. Its detail is built, or only seen to be in order and kept as text. */
export function parseEvent(source: Uint8Array, withDetail: boolean): { readonly document: EventDocument } | CotRefused {
  const text = documentText(source);
  if (text === undefined) return refuse("not-utf8", "bytes that are no UTF-8");
  // The decoder has taken a byte order mark off.
  begin(source, text, source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0);
  const document = readDocument(withDetail);
  if (document === undefined) return refusal();
  letGo();
  return { document };
}

/** A piece of content, as between `<detail>` and `</detail>`. Text beside its elements is left out. */
export interface Content {
  readonly elements: readonly CotElement[];
  /** The same as text, for later; only when nothing was built. */
  readonly text: string;
}

/** The content of an element that stands at `depth`. It is built, or only seen to be in order and kept as text. */
export function parseContent(source: Uint8Array, depth: number, build: boolean): { readonly content: Content } | CotRefused {
  const text = exactText(source);
  if (text === undefined) return refuse("not-utf8", "bytes that are no UTF-8");
  begin(source, text, 0);
  isBuilding = build;
  const top: Open | undefined = build ? { name: "detail", attributes: {}, text: "", children: [] } : undefined;
  if (!readContent(top, 0, 0, depth)) return refusal();
  letGo();
  return { content: { elements: top?.children ?? NOTHING, text: build ? "" : text } };
}
