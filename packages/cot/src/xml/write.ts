// How are elements written as XML that every client reads?
import { type CotElement, MAX_ATTRIBUTES, MAX_DEPTH, MAX_EVENT_BYTES } from "../event.ts";
import { type CotRefusal, cotRefusal } from "../refusal.ts";
import { isXmlName, isXmlText } from "./characters.ts";

const IN_TEXT = /[&<>\r]/;
const IN_VALUE = /[&<>"\t\n\r]/;

function reference(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      // White space that a reader would otherwise change (§2.11, §3.3.3).
      return `&#${character.charCodeAt(0)};`;
  }
}

/** Text as it stands between tags. `>` too, since `]]>` may not, and `</event>` would cut a stream. */
function escapedText(text: string): string {
  return IN_TEXT.test(text) ? text.replaceAll(/[&<>\r]/g, reference) : text;
}

/** A value as it stands between double quotes. */
export function escapedValue(text: string): string {
  return IN_VALUE.test(text) ? text.replaceAll(/[&<>"\t\n\r]/g, reference) : text;
}

/** Names that were good before; bounded, since a program writes few. */
const goodNames = new Set<string>();
const GOOD_NAMES = 1024;

function isGoodName(name: string): boolean {
  if (goodNames.has(name)) return true;
  if (!isXmlName(name)) return false;
  if (goodNames.size < GOOD_NAMES && name.length <= 64) goodNames.add(name);
  return true;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}

/** Writes elements into `out`; the refusal of the first that cannot be written. */
class Writer {
  out = "";

  write({ name, attributes, text, children }: CotElement, depth: number): CotRefusal | undefined {
    if (depth > MAX_DEPTH) return cotRefusal("too-deep", `more than ${MAX_DEPTH} levels`);
    if (!isGoodName(name)) return cotRefusal("name", `no element can be called ${shown(name)}`);
    // A shared subtree can unfold without end: what is too long already is not written on.
    if (this.out.length > MAX_EVENT_BYTES) return cotRefusal("too-long", `more than ${MAX_EVENT_BYTES} bytes`);
    this.out += `<${name}`;
    let count = 0;
    for (const [key, value] of Object.entries(attributes)) {
      if (!isGoodName(key)) return cotRefusal("name", `no attribute can be called ${shown(key)}`);
      if (!isXmlText(value)) return cotRefusal("character", `attribute ${key} of ${name} has a character that XML has not`);
      count += 1;
      if (count > MAX_ATTRIBUTES) return cotRefusal("too-many-attributes", `${name} has more than ${MAX_ATTRIBUTES} attributes`);
      this.out += ` ${key}="${escapedValue(value)}"`;
    }
    if (text === "" && children.length === 0) {
      this.out += "/>";
      return undefined;
    }
    if (!isXmlText(text)) return cotRefusal("character", `the text of ${name} has a character that XML has not`);
    this.out += `>${escapedText(text)}`;
    for (const child of children) {
      const refused = this.write(child, depth + 1);
      if (refused !== undefined) return refused;
    }
    this.out += `</${name}>`;
    return undefined;
  }
}

/** Elements one behind the other, without white space between them; `depth` is how deep they stand. */
export function xmlOf(elements: readonly CotElement[], depth: number): { readonly xml: string } | { readonly refused: CotRefusal } {
  const writer = new Writer();
  for (const element of elements) {
    const refused = writer.write(element, depth);
    if (refused !== undefined) return { refused };
  }
  return { xml: writer.out };
}
