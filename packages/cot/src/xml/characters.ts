// Which characters may stand where in XML 1.0, fifth edition?

export const NAME_START = 1;
export const NAME_CHARACTER = 2;
/** In an attribute value: stands for itself whichever the quotes, so no white space but the blank. */
export const PLAIN_IN_VALUE = 4;
/** In text: stands for itself, so no carriage return, and no `]` that could begin `]]>`. */
export const PLAIN_IN_TEXT = 8;
export const SPACE = 16;

/** What each byte may be; bytes beyond ASCII are nothing here, and looked at apart. */
export const CLASS: Uint8Array = new Uint8Array(256);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  let bits = 0;
  if (/[A-Za-z_:]/.test(character)) bits |= NAME_START | NAME_CHARACTER;
  if (/[-.0-9]/.test(character)) bits |= NAME_CHARACTER;
  if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) bits |= SPACE;
  if (code >= 0x20 && !/[<&"']/.test(character)) bits |= PLAIN_IN_VALUE;
  if ((code >= 0x20 && !/[<&\]]/.test(character)) || code === 0x09 || code === 0x0a) bits |= PLAIN_IN_TEXT;
  CLASS[code] = bits;
}

/** [2] Char, for a code point. */
export function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10_ffff);
}

/** [4] NameStartChar beyond ASCII, as pairs of first and last. */
const NAME_START_RANGES: readonly number[] = [
  0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d, 0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef, 0x3001, 0xd7ff, 0xf900,
  0xfdcf, 0xfdf0, 0xfffd, 0x1_0000, 0xe_ffff,
];

/** [4a] NameChar beyond ASCII and beyond NameStartChar. */
const NAME_MORE_RANGES: readonly number[] = [0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040];

function isWithin(ranges: readonly number[], code: number): boolean {
  for (let k = 0; k < ranges.length; k += 2) if (code >= ranges[k] && code <= ranges[k + 1]) return true;
  return false;
}

function isNameStart(code: number): boolean {
  return code < 128 ? (CLASS[code] & NAME_START) !== 0 : isWithin(NAME_START_RANGES, code);
}

function isNameCharacter(code: number): boolean {
  return code < 128 ? (CLASS[code] & NAME_CHARACTER) !== 0 : isWithin(NAME_START_RANGES, code) || isWithin(NAME_MORE_RANGES, code);
}

/** True when the text is a Name. */
export function isXmlName(text: string): boolean {
  if (text === "") return false;
  let first = true;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (first ? !isNameStart(code) : !isNameCharacter(code)) return false;
    first = false;
  }
  return true;
}

/** Anything that no XML document may hold: control characters, U+FFFE, U+FFFF, half a surrogate pair. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** A person's text as XML can say it: what XML has no place for is left out, half a surrogate pair becomes U+FFFD. */
export function xmlTextOf(text: string): string {
  if (isXmlText(text)) return text;
  let kept = "";
  for (const character of text.toWellFormed()) if (isXmlCharacter(character.codePointAt(0) ?? 0)) kept += character;
  return kept;
}

/** True when XML can say this text, with references where needed. */
export function isXmlText(text: string): boolean {
  return !NOT_XML.test(text) && text.isWellFormed();
}
