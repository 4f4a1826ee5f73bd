// Is this text well-formed XML of the small kind that CoT needs, and which elements does it hold?
//
// One pass, no recursion, no regular expression on the way of an ordinary event. The text has come out of a UTF-8 decoder, so surrogates are paired.
// What is refused although XML allows it: document types (and with them all entities but the five), CDATA, processing instructions, nesting and
// attributes beyond a bound. Size is the caller's to bound.
import { type CotElement, MAX_ATTRIBUTES, MAX_DEPTH } from "../event.ts";
import { type CotCode, type CotRefused, refuse } from "../refusal.ts";
import { CLASS, isNameCharacter, isNameStart, isXmlCharacter, NAME_CHARACTER, NAME_START, PLAIN_IN_TEXT, PLAIN_IN_VALUE, SPACE } from "./characters.ts";

/** An element while it is being read. */
interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  text: string;
  readonly children: Open[];
}

// The state of the one parse that runs: nothing here calls back, so there is never a second one.
let source = "";
let length = 0;
let at = 0;
let isClosed = false;
let code: CotCode = "tag";
let why = "";

function fail(problem: CotCode, where: number, detail: string): false {
  code = problem;
  at = where;
  why = detail;
  return false;
}

function refusal(): CotRefused {
  const result = refuse(code, `${why}, at character ${at + 1}`);
  source = "";
  return result;
}

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const CR = 0x0d;
const LF = 0x0a;

/** Names that have been read before, found again without making a new string. A clash of hashes costs speed, nothing else. */
const NAME_SLOTS = 1024;
const names: string[] = Array.from({ length: NAME_SLOTS }, () => "");

/** Reads a Name at `at` and goes behind it; undefined, with the fault told, when there is none. */
function readName(): string | undefined {
  const text = source;
  const from = at;
  let k = from;
  let hash = 0;
  while (k < length) {
    const c = text.charCodeAt(k);
    if (c >= 128 || (CLASS[c] & NAME_CHARACTER) === 0) break;
    hash = (Math.imul(hash, 31) + c) | 0;
    k += 1;
  }
  if (k < length && text.charCodeAt(k) >= 128) return readWideName(from);
  if (k === from || (CLASS[text.charCodeAt(from)] & NAME_START) === 0) {
    fail(from >= length ? "cut-short" : "name", from, from >= length ? "the text ends where a name should stand" : "no name begins like this");
    return undefined;
  }
  at = k;
  const slot = (hash ^ (hash >>> 10)) & (NAME_SLOTS - 1);
  const known = names[slot];
  if (known.length === k - from && text.startsWith(known, from)) return known;
  const name = text.slice(from, k);
  // A name of ordinary length only, so that what is held is bounded; and a copy of its own, which holds no document.
  if (name.length <= 12) names[slot] = name;
  return name;
}

/** A name with characters beyond ASCII. */
function readWideName(from: number): string | undefined {
  let k = from;
  while (k < length) {
    const point = source.codePointAt(k) ?? 0;
    if (k === from ? !isNameStart(point) : !isNameCharacter(point)) break;
    k += point > 0xffff ? 2 : 1;
  }
  if (k === from) {
    fail("name", from, "no name begins like this");
    return undefined;
  }
  at = k;
  return source.slice(from, k);
}

/** Goes over white space; true when there was some. */
function skipSpace(): boolean {
  const from = at;
  while (at < length) {
    const c = source.charCodeAt(at);
    if (c >= 128 || (CLASS[c] & SPACE) === 0) break;
    at += 1;
  }
  return at > from;
}

/** The character that a reference at `at` stands for, and goes behind it; undefined with the fault told. */
function readReference(): string | undefined {
  const text = source;
  const from = at;
  if (text.charCodeAt(from + 1) === 0x23) {
    let k = from + 2;
    const isHex = text.charCodeAt(k) === 0x78;
    if (isHex) k += 1;
    const digitsFrom = k;
    let value = 0;
    for (; k < length; k += 1) {
      const c = text.charCodeAt(k);
      let digit: number;
      if (c >= 0x30 && c <= 0x39) digit = c - 0x30;
      else if (isHex && ((c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66))) digit = (c & 0xdf) - 0x37;
      else break;
      // Leading zeros are endless, the value is not.
      if (value <= 0x10_ffff) value = value * (isHex ? 16 : 10) + digit;
    }
    if (k === digitsFrom || text.charCodeAt(k) !== 0x3b) {
      fail(k >= length ? "cut-short" : "character-reference", from, "a character reference is digits and a semicolon");
      return undefined;
    }
    if (!isXmlCharacter(value)) {
      fail("character-reference", from, "a reference to a character that XML has not");
      return undefined;
    }
    at = k + 1;
    return String.fromCodePoint(value);
  }
  if (text.startsWith("amp;", from + 1)) return (at = from + 5), "&";
  if (text.startsWith("lt;", from + 1)) return (at = from + 4), "<";
  if (text.startsWith("gt;", from + 1)) return (at = from + 4), ">";
  if (text.startsWith("quot;", from + 1)) return (at = from + 6), '"';
  if (text.startsWith("apos;", from + 1)) return (at = from + 6), "'";
  fail("entity", from, "an entity other than the five of XML");
  return undefined;
}

/** An attribute value, its quotes included, normalised (§2.11, §3.3.3); undefined with the fault told. */
function readValue(): string | undefined {
  const text = source;
  const quote = text.charCodeAt(at);
  if (quote !== 0x22 && quote !== 0x27) {
    fail(at >= length ? "cut-short" : "attribute-value", at, "an attribute value stands in quotes");
    return undefined;
  }
  let k = at + 1;
  let from = k;
  let value = "";
  for (;;) {
    let c = 0;
    while (k < length) {
      c = text.charCodeAt(k);
      if (c < 128 ? (CLASS[c] & PLAIN_IN_VALUE) === 0 : c >= 0xfffe) break;
      k += 1;
    }
    if (k >= length) {
      fail("cut-short", k, "the text ends within an attribute value");
      return undefined;
    }
    if (c === quote) {
      at = k + 1;
      return value === "" ? text.slice(from, k) : value + text.slice(from, k);
    }
    if (c === 0x22 || c === 0x27) {
      k += 1;
      continue;
    }
    value += text.slice(from, k);
    if (c === AMPERSAND) {
      at = k;
      const character = readReference();
      if (character === undefined) return undefined;
      value += character;
      k = at;
    } else if (c === 0x09 || c === LF || c === CR) {
      value += " ";
      k += c === CR && text.charCodeAt(k + 1) === LF ? 2 : 1;
    } else {
      fail(c === LT ? "attribute-value" : "character", k, c === LT ? "a < within an attribute value" : "a character that XML has not");
      return undefined;
    }
    from = k;
  }
}

/** The attributes of a start tag whose name has been read, and the end of the tag; `isClosed` says whether it is an empty element's. */
function readAttributes(): Record<string, string> | undefined {
  const attributes: Record<string, string> = {};
  let count = 0;
  for (;;) {
    const hasSpace = skipSpace();
    const c = source.charCodeAt(at);
    if (c === GT) {
      at += 1;
      isClosed = false;
      return attributes;
    }
    if (c === SLASH) {
      if (source.charCodeAt(at + 1) !== GT) {
        fail(at + 1 >= length ? "cut-short" : "tag", at, "a / that does not end a tag");
        return undefined;
      }
      at += 2;
      isClosed = true;
      return attributes;
    }
    if (at >= length) {
      fail("cut-short", at, "the text ends within a tag");
      return undefined;
    }
    if (!hasSpace) {
      fail("tag", at, "no white space before an attribute");
      return undefined;
    }
    const nameAt = at;
    const name = readName();
    if (name === undefined) return undefined;
    skipSpace();
    if (source.charCodeAt(at) !== EQUALS) {
      fail(at >= length ? "cut-short" : "attribute", at, "an attribute without =");
      return undefined;
    }
    at += 1;
    skipSpace();
    const value = readValue();
    if (value === undefined) return undefined;
    count += 1;
    if (count > MAX_ATTRIBUTES) {
      fail("too-many-attributes", nameAt, `more than ${MAX_ATTRIBUTES} attributes`);
      return undefined;
    }
    if (attributes[name] !== undefined) {
      // What every object inherits is no attribute.
      if (Object.hasOwn(attributes, name)) {
        fail("duplicate-attribute", nameAt, `${name} stands twice`);
        return undefined;
      }
      Object.defineProperty(attributes, name, { value, enumerable: true, writable: true, configurable: true });
    } else attributes[name] = value;
  }
}

/** Goes over a comment that begins at `at`. */
function skipComment(): boolean {
  const from = at;
  const end = source.indexOf("--", from + 4);
  if (end < 0) return fail("cut-short", length, "the text ends within a comment");
  for (let k = from + 4; k < end; k += 1) {
    const c = source.charCodeAt(k);
    if (c < 0x20 ? c !== 0x09 && c !== LF && c !== CR : c >= 0xfffe) return fail("character", k, "a character that XML has not");
  }
  if (source.charCodeAt(end + 2) !== GT) {
    return fail(end + 2 >= length ? "cut-short" : "comment", end, "two hyphens within a comment");
  }
  at = end + 3;
  return true;
}

/** Markup at `at` that is neither a tag nor a comment: always a refusal, and this says which. */
function failMarkup(): false {
  if (source.charCodeAt(at + 1) === 0x3f) {
    return /^<\?xml[ \t\r\n?]/.test(source.slice(at, at + 6))
      ? fail("declaration", at, "an XML declaration elsewhere than at the beginning")
      : fail("processing-instruction", at, "a processing instruction");
  }
  if (source.startsWith("<![CDATA[", at)) return fail("cdata", at, "a CDATA section");
  if (source.startsWith("<!DOCTYPE", at)) return fail("doctype", at, "a document type declaration");
  return fail(at + 1 >= length ? "cut-short" : "tag", at, "markup that is neither a tag nor a comment");
}

function isBlank(text: string): boolean {
  for (let k = 0; k < text.length; k += 1) {
    const c = text.charCodeAt(k);
    if (c >= 128 || (CLASS[c] & SPACE) === 0) return false;
  }
  return true;
}

function tidy(element: Open): void {
  if (element.children.length > 0 && element.text !== "" && isBlank(element.text)) element.text = "";
}

const stack: Open[] = [];

/**
 * Reads the content of `top` from `at`: up to its end tag, which is read too, or, for a fragment, up to the end of the text.
 * `depth` is how deep `top` stands.
 */
function readContent(top: Open, depth: number, isFragment: boolean): boolean {
  const text = source;
  stack.length = 0;
  let open = top;
  for (;;) {
    // Text up to the next markup.
    const from = at;
    let k = from;
    let c = 0;
    while (k < length) {
      c = text.charCodeAt(k);
      if (c < 128 ? (CLASS[c] & PLAIN_IN_TEXT) === 0 : c >= 0xfffe) break;
      k += 1;
    }
    if (k > from) open.text = open.text === "" ? text.slice(from, k) : open.text + text.slice(from, k);
    at = k;
    if (k >= length) {
      if (isFragment && stack.length === 0) {
        tidy(top);
        return true;
      }
      return fail("cut-short", k, `the text ends within <${open.name}>`);
    }
    if (c !== LT) {
      if (c === AMPERSAND) {
        const character = readReference();
        if (character === undefined) return false;
        open.text += character;
      } else if (c === CR) {
        // §2.11: a carriage return, with its line feed or without, is a line feed.
        open.text += "\n";
        at += text.charCodeAt(k + 1) === LF ? 2 : 1;
      } else if (c === 0x5d) {
        if (text.startsWith("]]>", k)) return fail("section-end", k, "]]> in text");
        open.text += "]";
        at += 1;
      } else return fail("character", k, "a character that XML has not");
      continue;
    }
    const next = text.charCodeAt(k + 1);
    if (next === SLASH) {
      const name = open.name;
      at = k + 2;
      if (isFragment && stack.length === 0) return fail("mismatched-tag", k, "an end tag without its start tag");
      if (text.startsWith(name, at)) {
        at += name.length;
        skipSpace();
        if (text.charCodeAt(at) === GT) {
          at += 1;
          tidy(open);
          const parent = stack.pop();
          if (parent === undefined) return true;
          open = parent;
          continue;
        }
      }
      at = k + 2;
      if (readName() === undefined) return false;
      skipSpace();
      if (at >= length) return fail("cut-short", at, "the text ends within a tag");
      return text.charCodeAt(at) === GT
        ? fail("mismatched-tag", k, `an end tag that does not end <${name}>`)
        : fail("tag", at, "an end tag with something in it");
    }
    if (next === 0x21 || next === 0x3f) {
      if (!text.startsWith("<!--", k)) return failMarkup();
      if (!skipComment()) return false;
      continue;
    }
    at = k + 1;
    if (depth + stack.length + 1 > MAX_DEPTH) return fail("too-deep", k, `more than ${MAX_DEPTH} levels`);
    const name = readName();
    if (name === undefined) return false;
    const attributes = readAttributes();
    if (attributes === undefined) return false;
    const child: Open = { name, attributes, text: "", children: [] };
    open.children.push(child);
    if (!isClosed) {
      stack.push(open);
      open = child;
    }
  }
}

const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][-A-Za-z0-9._]*)"|'([A-Za-z][-A-Za-z0-9._]*)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;

/** The last declaration that was good: a source writes the same one each time. */
let lastDeclaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** Goes over the XML declaration, if there is one. */
function readDeclaration(): boolean {
  if (!/^<\?xml[ \t\r\n?]/.test(source.slice(0, 6))) return true;
  if (source.startsWith(lastDeclaration)) {
    at = lastDeclaration.length;
    return true;
  }
  DECLARATION.lastIndex = 0;
  const match = DECLARATION.exec(source);
  if (match === null) return fail(source.includes("?>") ? "declaration" : "cut-short", 0, "an XML declaration that is none of version 1.0");
  const [declaration, quoted, apostrophed] = match;
  const encoding = quoted ?? apostrophed ?? "UTF-8";
  if (encoding.toUpperCase() !== "UTF-8") return fail("encoding", 0, `encoding ${encoding.slice(0, 32)}`);
  at = declaration.length;
  if (declaration.length <= 80) lastDeclaration = declaration;
  return true;
}

/** White space and comments around the root element. */
function skipMiscellany(): boolean {
  for (;;) {
    skipSpace();
    if (source.charCodeAt(at) !== LT) return true;
    const next = source.charCodeAt(at + 1);
    if (next !== 0x21 && next !== 0x3f) return true;
    if (!source.startsWith("<!--", at)) return failMarkup();
    if (!skipComment()) return false;
  }
}

function readDocument(): Open | undefined {
  if (!readDeclaration() || !skipMiscellany()) return undefined;
  if (at >= length) {
    fail("cut-short", at, "no element");
    return undefined;
  }
  if (source.charCodeAt(at) !== LT || source.charCodeAt(at + 1) === SLASH) {
    fail("outside-root", at, "something that is no element");
    return undefined;
  }
  at += 1;
  const name = readName();
  if (name === undefined) return undefined;
  const attributes = readAttributes();
  if (attributes === undefined) return undefined;
  const root: Open = { name, attributes, text: "", children: [] };
  if (!isClosed && !readContent(root, 1, false)) return undefined;
  if (!skipMiscellany()) return undefined;
  if (at < length) {
    fail("outside-root", at, "something behind the root element");
    return undefined;
  }
  return root;
}

function begin(text: string): void {
  source = text;
  length = text.length;
  at = 0;
}

/** The root element of a document. */
export function parseXml(text: string): { readonly root: CotElement } | CotRefused {
  begin(text);
  const root = readDocument();
  if (root === undefined) return refusal();
  source = "";
  return { root };
}

/** The elements of a piece of content, as between `<detail>` and `</detail>`; text beside them is left out. */
export function parseXmlContent(text: string, depth: number): { readonly elements: readonly CotElement[] } | CotRefused {
  begin(text);
  const top: Open = { name: "detail", attributes: {}, text: "", children: [] };
  if (!readContent(top, depth, true)) return refusal();
  source = "";
  return { elements: top.children };
}
