// XML as far as alerts need it, and no further: elements, text and namespaces; no document types, no entities of their own, bounded in size and depth.
import { LIMITS } from "./alert.ts";
import { Refusal } from "./refusal.ts";

export interface XmlElement {
  /** The name without its prefix, and the namespace that the prefix stands for ("" for none). */
  readonly name: string;
  readonly namespace: string;
  readonly children: XmlElement[];
  /** The element's own text, pieces joined. */
  text: string;
}

const NAME = /[A-Za-z_:\u0080-\uffff][-\w.:\u0080-\uffff]*/y;
const ATTRIBUTE = /\s+([A-Za-z_:\u0080-\uffff][-\w.:\u0080-\uffff]*)\s*=\s*("[^"<]*"|'[^'<]*')/y;
/** What XML 1.0 §2.2 has no character for. */
// oxlint-disable-next-line no-control-regex -- the characters that XML does not have
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const KNOWN: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const MAX_ATTRIBUTES = 20;
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

function unescape(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&([^;&\s]{0,12};)?/g, (_whole, named: string | undefined) => {
    const name = named?.slice(0, -1) ?? "";
    const known = KNOWN[name];
    if (known !== undefined) return known;
    const digits = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(name);
    const code = digits === null ? 0 : digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
    const isCharacter = (code >= 0x20 && code < 0xd800) || code === 9 || code === 10 || code === 13 || (code > 0xdfff && code <= 0x10_ffff);
    if (!isCharacter || code === 0xfffe || code === 0xffff) throw new Refusal("entity", `&${name}; stands for nothing here`);
    return String.fromCodePoint(code);
  });
}

interface Open {
  readonly element: XmlElement;
  readonly written: string;
  /** Prefixes that hold inside. */
  readonly prefixes: ReadonlyMap<string, string>;
}

function split(written: string): readonly [prefix: string, name: string] {
  const [first = "", second, ...more] = written.split(":");
  if (more.length > 0 || first === "" || second === "") {
    if (second === undefined && first !== "") return ["", first];
    throw new Refusal("markup", `"${written.slice(0, 40)}" is no name`);
  }
  return second === undefined ? ["", first] : [first, second];
}

/** The root element of a document. Throws a `Refusal`. */
export function parseXml(document: string): XmlElement {
  if (document.length > LIMITS.message) throw new Refusal("too-long", `the document has ${document.length} characters`);
  const text = document.startsWith("\ufeff") ? document.slice(1) : document;
  if (NO_CHARACTER.test(text) || !text.isWellFormed()) throw new Refusal("character", "the document holds what is no character of XML");
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let at = 0;

  const declaration =
    /^<\?xml\s+version\s*=\s*["']1\.\d["'](?:\s+encoding\s*=\s*["']([^"']*)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/.exec(
      text,
    );
  if (declaration !== null) {
    const encoding = declaration[1];
    if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) throw new Refusal("encoding", `"${encoding.slice(0, 40)}"`);
    at = declaration[0].length;
  }

  const skipTo = (end: string, what: string): void => {
    const found = text.indexOf(end, at);
    if (found < 0) throw new Refusal("markup", `${what} that does not end`);
    at = found + end.length;
  };
  const take = (value: string): void => {
    const open = stack.at(-1);
    if (open === undefined) {
      if (value.trim() !== "") throw new Refusal("markup", "text outside of the root element");
      return;
    }
    open.element.text += value;
    if (open.element.text.length > LIMITS.text) throw new Refusal("too-long", `${open.element.name} is too long`);
  };

  while (at < text.length) {
    const next = text.indexOf("<", at);
    const between = text.slice(at, next < 0 ? text.length : next);
    if (between.includes("]]>")) throw new Refusal("markup", '"]]>" in text');
    take(unescape(between));
    if (next < 0) break;
    at = next;
    if (text.startsWith("<!--", at)) {
      at += 4;
      const end = text.indexOf("--", at);
      if (end < 0 || text[end + 2] !== ">") throw new Refusal("markup", "a comment that does not end as it must");
      at = end + 3;
    } else if (text.startsWith("<![CDATA[", at)) {
      if (stack.length === 0) throw new Refusal("markup", "text outside of the root element");
      const from = at + 9;
      at = from;
      skipTo("]]>", "a CDATA section");
      take(text.slice(from, at - 3));
    } else if (text.startsWith("<!", at)) throw new Refusal("doctype", "a document type declaration");
    else if (text.startsWith("<?", at)) {
      if (/^<\?xml\s/i.test(text.slice(at, at + 7))) throw new Refusal("markup", "an XML declaration that is not at the beginning");
      skipTo("?>", "a processing instruction");
    } else if (text.startsWith("</", at)) {
      const end = text.indexOf(">", at);
      const written = text.slice(at + 2, end < 0 ? at + 2 : end).trimEnd();
      const open = stack.pop();
      if (open === undefined || open.written !== written) throw new Refusal("markup", `</${written.slice(0, 40)}> closes nothing`);
      at = end + 1;
    } else {
      NAME.lastIndex = at + 1;
      const written = NAME.exec(text)?.[0];
      if (written === undefined) throw new Refusal("markup", 'a "<" that begins nothing');
      if (root !== undefined && stack.length === 0) throw new Refusal("markup", "a second root element");
      at = NAME.lastIndex;
      const attributes = new Map<string, string>();
      for (;;) {
        ATTRIBUTE.lastIndex = at;
        const found = ATTRIBUTE.exec(text);
        if (found === null) break;
        const [, name = "", value = ""] = found;
        if (attributes.has(name) || attributes.size >= MAX_ATTRIBUTES) throw new Refusal("markup", `the attribute ${name.slice(0, 40)}`);
        attributes.set(name, unescape(value.slice(1, -1)));
        at = ATTRIBUTE.lastIndex;
      }
      const end = /\s*(\/?)>/y;
      end.lastIndex = at;
      const closing = end.exec(text);
      if (closing === null) throw new Refusal("markup", `<${written.slice(0, 40)} is not closed`);
      at = end.lastIndex;
      const above = stack.at(-1)?.prefixes ?? new Map([["xml", XML_NAMESPACE]]);
      let prefixes = above;
      for (const [name, value] of attributes) {
        if (name !== "xmlns" && !name.startsWith("xmlns:")) continue;
        if (prefixes === above) prefixes = new Map(above);
        (prefixes as Map<string, string>).set(name === "xmlns" ? "" : name.slice(6), value);
      }
      const [prefix, name] = split(written);
      const namespace = prefixes.get(prefix);
      if (namespace === undefined && prefix !== "") throw new Refusal("markup", `the prefix ${prefix.slice(0, 40)} stands for nothing`);
      const element: XmlElement = { name, namespace: namespace ?? "", children: [], text: "" };
      elements += 1;
      if (elements > LIMITS.points) throw new Refusal("too-many", "too many elements");
      stack.at(-1)?.element.children.push(element);
      root ??= element;
      if (closing[1] === "") {
        if (stack.length >= LIMITS.depth) throw new Refusal("too-deep", `more than ${LIMITS.depth} elements in each other`);
        stack.push({ element, written, prefixes });
      }
    }
  }
  if (root === undefined || stack.length > 0) throw new Refusal("markup", "the document is cut short");
  return root;
}
