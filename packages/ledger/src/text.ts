// Base 64 (RFC 4648 §4), UTF-8 and hexadecimal, strict both ways: each value has one spelling, and any other is refused.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let k = 0; k < bytes.length; k += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(k, k + 3);
    const group = (a << 16) | (b << 8) | c;
    const left = bytes.length - k;
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((group >> 6) & 63) : "=";
    text += left > 2 ? ALPHABET.charAt(group & 63) : "=";
  }
  return text;
}

/** Undefined when the text is not the one Base 64 spelling of some bytes. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let k = 0; k < text.length; k += 4) {
    const last = k + 4 === text.length ? padding : 0;
    let group = 0;
    for (let d = 0; d < 4; d += 1) {
      const value = d >= 4 - last ? 0 : ALPHABET.indexOf(text.charAt(k + d));
      if (value < 0) return undefined;
      group = (group << 6) | value;
    }
    // RFC 4648 §3.5: the unused bits of the last group have to be zero.
    if ((last === 2 && (group & 0xffff) !== 0) || (last === 1 && (group & 0xff) !== 0)) return undefined;
    for (let d = 0; d < 3 - last; d += 1) bytes[at++] = (group >> (16 - 8 * d)) & 0xff;
  }
  return bytes;
}

/** Lone surrogates, which UTF-8 cannot carry, become U+FFFD; callers that mind check `isWellFormed` before. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes[at++] = code;
    else if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
      bytes[at++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      bytes[at++] = 0xe0 | (code >> 12);
      bytes[at++] = 0x80 | ((code >> 6) & 63);
      bytes[at++] = 0x80 | (code & 63);
    } else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 63);
      bytes[at++] = 0x80 | ((code >> 6) & 63);
      bytes[at++] = 0x80 | (code & 63);
    }
  }
  return bytes.slice(0, at);
}

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let k = 0; k < a.length; k += 1) difference |= (a[k] ?? 0) ^ (b[k] ?? 0);
  return difference === 0;
}
