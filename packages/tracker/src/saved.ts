// The tracker as plain data for a snapshot: JSON with arrays of numbers in base64 of their little-endian bytes.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = "=".charCodeAt(0);
const CODES = Uint8Array.from({ length: 64 }, (_, k) => ALPHABET.charCodeAt(k));
/** Bytes that become one piece of text: a multiple of three, and few enough for the arguments of one call. */
const PIECE = 6144;
const VALUE = new Int16Array(128).fill(-1);
for (let k = 0; k < 64; k += 1) VALUE[ALPHABET.charCodeAt(k)] = k;

/** The bytes of a float array as base64 (RFC 4648 §4). */
export function packNumbers(numbers: Float64Array): string {
  const bytes = new Uint8Array(numbers.length * 8);
  const view = new DataView(bytes.buffer);
  for (let k = 0; k < numbers.length; k += 1) view.setFloat64(k * 8, numbers[k] ?? 0, true);
  const parts: string[] = [];
  const codes = new Uint8Array((PIECE / 3) * 4);
  for (let from = 0; from < bytes.length; from += PIECE) {
    const to = Math.min(bytes.length, from + PIECE);
    let at = 0;
    for (let k = from; k < to; k += 3) {
      const group = ((bytes[k] ?? 0) << 16) | ((bytes[k + 1] ?? 0) << 8) | (bytes[k + 2] ?? 0);
      codes[at] = CODES[group >> 18] ?? 0;
      codes[at + 1] = CODES[(group >> 12) & 63] ?? 0;
      codes[at + 2] = k + 1 < to ? (CODES[(group >> 6) & 63] ?? 0) : PADDING;
      codes[at + 3] = k + 2 < to ? (CODES[group & 63] ?? 0) : PADDING;
      at += 4;
    }
    parts.push(String.fromCharCode(...codes.subarray(0, at)));
  }
  return parts.join("");
}

/** Undefined when the text is no base64 of whole numbers of eight bytes. */
export function unpackNumbers(text: string): Float64Array | undefined {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === "=") end -= 1;
  if (text.length % 4 !== 0 || text.length - end > 2) return undefined;
  const length = (end * 3) >> 2;
  if (length % 8 !== 0) return undefined;
  const bytes = new Uint8Array(length);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let k = 0; k < end; k += 1) {
    const value = VALUE[text.charCodeAt(k)] ?? -1;
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  const view = new DataView(bytes.buffer);
  const numbers = new Float64Array(length / 8);
  for (let k = 0; k < numbers.length; k += 1) numbers[k] = view.getFloat64(k * 8, true);
  return numbers;
}
