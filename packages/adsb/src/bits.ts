// How are bit fields read from a frame and written into it? Bits count from 1, most significant first, as the standards count them.

/** Unsigned field of at most 25 bits. The four bytes from its first one on must lie in the array. */
export function bits(bytes: Uint8Array, at: number, from: number, count: number): number {
  const bit = from - 1;
  const byte = at + (bit >> 3);
  const word = (bytes[byte] << 24) | (bytes[byte + 1] << 16) | (bytes[byte + 2] << 8) | bytes[byte + 3];
  return (word << (bit & 7)) >>> (32 - count);
}

export function bit(bytes: Uint8Array, at: number, number: number): number {
  return (bytes[at + ((number - 1) >> 3)] >> (7 - ((number - 1) & 7))) & 1;
}

/** Writes a field into bits that are 0. */
export function setBits(bytes: Uint8Array, at: number, from: number, count: number, value: number): void {
  for (let k = 0; k < count; k += 1) {
    const place = from - 1 + k;
    if (Math.floor(value / 2 ** (count - 1 - k)) % 2 === 1) bytes[at + (place >> 3)] |= 0x80 >> (place & 7);
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, "0"));

/** Upper-case hex digits of `length` bytes. */
export function hex(bytes: Uint8Array, at = 0, length: number = bytes.length - at): string {
  let text = "";
  for (let k = at; k < at + length; k += 1) text += HEX[bytes[k]];
  return text;
}

/** Six upper-case hex digits of a 24-bit address. */
export function addressText(address: number): string {
  return `${HEX[(address >> 16) & 0xff]}${HEX[(address >> 8) & 0xff]}${HEX[address & 0xff]}`;
}

/** 0 to 15 for the code of a hex digit of either case, -1 for any other. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Bytes of hex digits of either case; undefined when the text is none or is odd. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let k = 0; k < text.length; k += 1) {
    const digit = hexDigit(text.charCodeAt(k));
    if (digit < 0) return undefined;
    bytes[k >> 1] = (bytes[k >> 1] << 4) | digit;
  }
  return bytes;
}
