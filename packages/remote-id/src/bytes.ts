// Reading and writing numbers and text in byte arrays, without allocation. Callers have checked the bounds.

/** The same bytes without a subclass: where a host's own kind of array comes in, `slice` might not copy. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function u16le(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}
export function i16le(bytes: Uint8Array, at: number): number {
  return ((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16;
}
export function i32le(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
export function u32le(bytes: Uint8Array, at: number): number {
  return i32le(bytes, at) >>> 0;
}
export function u16be(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}
export function i32be(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
export function u32be(bytes: Uint8Array, at: number): number {
  return i32be(bytes, at) >>> 0;
}
export function writeU16le(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = (value >> 8) & 0xff;
}
export function writeU32le(bytes: Uint8Array, at: number, value: number): void {
  writeU16le(bytes, at, value & 0xffff);
  writeU16le(bytes, at + 2, value >>> 16);
}
export function writeU16be(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
}
export function writeU32be(bytes: Uint8Array, at: number, value: number): void {
  writeU16be(bytes, at, value >>> 16);
  writeU16be(bytes, at + 2, value & 0xffff);
}

/** Text up to the first NUL, one byte one code point (Latin-1). */
export function latin1(bytes: Uint8Array, at: number, length: number): string {
  let text = "";
  const end = at + length;
  for (let k = at; k < end; k += 1) {
    const code = bytes[k];
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}

/** Writes Latin-1 text into a NUL-filled field. False when it is too long or has characters that Latin-1 lacks. */
export function writeLatin1(bytes: Uint8Array, at: number, length: number, text: string): boolean {
  if (text.length > length) return false;
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k);
    if (code > 0xff || code === 0) return false;
    bytes[at + k] = code;
  }
  return true;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hex digits. */
export function hex(bytes: Uint8Array, at = 0, length: number = bytes.length - at): string {
  let text = "";
  for (let k = at; k < at + length; k += 1) text += HEX[bytes[k]];
  return text;
}

/** Bytes of hex digits of either case; undefined when the text is none or is odd. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let k = 0; k < bytes.length; k += 1) bytes[k] = Number.parseInt(text.slice(2 * k, 2 * k + 2), 16);
  return bytes;
}

/** Six bytes as a hardware address, most significant first. */
export function macAddress(bytes: Uint8Array, at: number): string {
  return `${HEX[bytes[at]]}:${HEX[bytes[at + 1]]}:${HEX[bytes[at + 2]]}:${HEX[bytes[at + 3]]}:${HEX[bytes[at + 4]]}:${HEX[bytes[at + 5]]}`;
}

/** Six bytes as a hardware address, least significant first as Bluetooth sends them. */
export function macAddressReversed(bytes: Uint8Array, at: number): string {
  return `${HEX[bytes[at + 5]]}:${HEX[bytes[at + 4]]}:${HEX[bytes[at + 3]]}:${HEX[bytes[at + 2]]}:${HEX[bytes[at + 1]]}:${HEX[bytes[at]]}`;
}
