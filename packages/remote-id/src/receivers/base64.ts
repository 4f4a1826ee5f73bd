// Base64 (RFC 4648 §4), padded or not.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUE: Int16Array = new Int16Array(256).fill(-1);
for (let k = 0; k < 64; k += 1) VALUE[ALPHABET.charCodeAt(k)] = k;

/** Undefined when the text is no base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === "=") end -= 1;
  if (text.length - end > 2 || end % 4 === 1) return undefined;
  const bytes = new Uint8Array((end * 3) >> 2);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let k = 0; k < end; k += 1) {
    const code = text.charCodeAt(k);
    const value = code < 256 ? VALUE[code] : -1;
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let k = 0; k < bytes.length; k += 3) {
    const group = (bytes[k] << 16) | ((bytes[k + 1] ?? 0) << 8) | (bytes[k + 2] ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += k + 1 < bytes.length ? ALPHABET.charAt((group >> 6) & 63) : "=";
    text += k + 2 < bytes.length ? ALPHABET.charAt(group & 63) : "=";
  }
  return text;
}
