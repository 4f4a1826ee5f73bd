// A snapshot's text as bytes and back. Plain ASCII: whatever else a name holds is escaped, so that tens of megabytes need no decoding.

const CHUNK = 8192;

/** JSON of a value in ASCII bytes; other characters as \uXXXX (RFC 8259 §7). */
export function asciiJson(value: unknown): Uint8Array {
  let text = JSON.stringify(value);
  if (/[^\0-\x7f]/.test(text)) {
    text = text.replace(/[^\0-\x7f]/g, (character) => {
      let escaped = "";
      for (let k = 0; k < character.length; k += 1) escaped += `\\u${character.charCodeAt(k).toString(16).padStart(4, "0")}`;
      return escaped;
    });
  }
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  return bytes;
}

/** What such bytes say. Throws a SyntaxError when they are no JSON. */
export function parseAsciiJson(bytes: Uint8Array): unknown {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return JSON.parse(parts.join(""));
}
