// Expands LZMA data as receivers send it: the old ".lzma" form and ".xz" with LZMA2, both with the growth capped.
// After the LZMA specification (I. Pavlov, public domain) and the .xz file format 1.1.0. Check sequences of .xz are not verified:
// the transport has its own.
import { u32le } from "../bytes.ts";
import type { Refusal } from "../messages/types.ts";

const XZ_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] as const;
const LZMA_CLAUSE = "LZMA specification";
const XZ_CLAUSE = ".xz file format 1.1.0";

const HIGHEST_PROPERTIES = 9 * 5 * 5 - 1;
const LZMA_HEADER_BYTES = 13;

/** NUL, white space and what JSON begins with: a payload that begins so is text. */
const BEGINS_TEXT: readonly number[] = [0x00, 0x09, 0x0a, 0x0d, 0x20, 0x5b, 0x7b];

/** The .xz signature, or a header of the old form: it has none, so each of its fields must make sense. */
export function looksLikeLzma(bytes: Uint8Array): boolean {
  if (bytes.length >= XZ_MAGIC.length && XZ_MAGIC.every((byte, k) => bytes[k] === byte)) return true;
  if (bytes.length <= LZMA_HEADER_BYTES || bytes[0] > HIGHEST_PROPERTIES || BEGINS_TEXT.includes(bytes[0])) return false;
  const high = u32le(bytes, 9);
  const isSizeUnknown = high === 0xffff_ffff && u32le(bytes, 5) === 0xffff_ffff;
  // The range coder's first byte is always 0.
  return (high === 0 || isSizeUnknown) && bytes[LZMA_HEADER_BYTES] === 0;
}

/** A fault of the data, carried out of the decoder; caught in `decompressLzma` only. */
class Fault extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

const STATES = 12;
const MATCH_MIN = 2;
const HALF = 1024;

class Decoder {
  readonly #in: Uint8Array;
  at: number;
  #end: number;
  out: Uint8Array;
  length = 0;
  readonly #cap: number;
  #range = 0;
  #code = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #lc = 0;
  #lpMask = 0;
  #pbMask = 0;
  /** Output before this place belongs to an earlier dictionary. */
  #dictionaryStart = 0;
  #literal: Uint16Array = new Uint16Array(0);
  readonly #isMatch: Uint16Array = new Uint16Array(STATES << 4);
  readonly #isRep: Uint16Array = new Uint16Array(STATES);
  readonly #isRepG0: Uint16Array = new Uint16Array(STATES);
  readonly #isRepG1: Uint16Array = new Uint16Array(STATES);
  readonly #isRepG2: Uint16Array = new Uint16Array(STATES);
  readonly #isRep0Long: Uint16Array = new Uint16Array(STATES << 4);
  readonly #slots: Uint16Array = new Uint16Array(4 * 64);
  readonly #special: Uint16Array = new Uint16Array(128);
  readonly #align: Uint16Array = new Uint16Array(16);
  readonly #matchLength: Uint16Array = new Uint16Array(2 + 16 * 8 * 2 + 256);
  readonly #repLength: Uint16Array = new Uint16Array(2 + 16 * 8 * 2 + 256);

  constructor(bytes: Uint8Array, at: number, end: number, cap: number) {
    this.#in = bytes;
    this.at = at;
    this.#end = end;
    this.#cap = cap;
    this.out = new Uint8Array(Math.min(cap, Math.max(1024, bytes.length * 4)));
  }

  properties(byte: number): void {
    if (byte > HIGHEST_PROPERTIES) throw new Fault("properties", `properties byte ${byte}`);
    this.#lc = byte % 9;
    const rest = Math.floor(byte / 9);
    const lp = rest % 5;
    if (this.#lc + lp > 4 + 4) throw new Fault("properties", `lc ${this.#lc}, lp ${lp}`);
    this.#lpMask = (1 << lp) - 1;
    this.#pbMask = (1 << Math.floor(rest / 5)) - 1;
    this.#literal = new Uint16Array(0x300 << (this.#lc + lp));
  }

  resetState(): void {
    this.#state = 0;
    this.#rep0 = 0;
    this.#rep1 = 0;
    this.#rep2 = 0;
    this.#rep3 = 0;
    const tables = [
      this.#literal,
      this.#isMatch,
      this.#isRep,
      this.#isRepG0,
      this.#isRepG1,
      this.#isRepG2,
      this.#isRep0Long,
      this.#slots,
      this.#special,
      this.#align,
      this.#matchLength,
      this.#repLength,
    ];
    for (const table of tables) table.fill(HALF);
  }

  resetDictionary(): void {
    this.#dictionaryStart = this.length;
  }

  limit(end: number): void {
    this.#end = end;
  }

  startRange(): void {
    if (this.at + 5 > this.#end) throw new Fault("cut-short", "no range coder");
    if (this.#in[this.at] !== 0) throw new Fault("range-coder", "the first byte must be 0");
    this.#code =
      ((this.#in[this.at + 1] << 24) | (this.#in[this.at + 2] << 16) | (this.#in[this.at + 3] << 8) | this.#in[this.at + 4]) >>> 0;
    this.#range = 0xffff_ffff;
    this.at += 5;
  }

  put(byte: number): void {
    if (this.length >= this.#cap) throw new Fault("expands-too-far", `more than ${this.#cap} bytes`);
    if (this.length === this.out.length) {
      const grown = new Uint8Array(Math.min(this.#cap, this.out.length * 2));
      grown.set(this.out);
      this.out = grown;
    }
    this.out[this.length] = byte;
    this.length += 1;
  }

  #normalise(): void {
    if (this.#range >= 0x0100_0000) return;
    if (this.at >= this.#end) throw new Fault("cut-short", "the data ends too soon");
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#in[this.at]) >>> 0;
    this.at += 1;
  }

  #bit(table: Uint16Array, index: number): number {
    this.#normalise();
    const probability = table[index];
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
      return 0;
    }
    this.#range = (this.#range - bound) >>> 0;
    this.#code = (this.#code - bound) >>> 0;
    table[index] = probability - (probability >> 5);
    return 1;
  }

  #direct(bits: number): number {
    let value = 0;
    for (let k = 0; k < bits; k += 1) {
      this.#normalise();
      this.#range >>>= 1;
      const taken = this.#code >= this.#range ? 1 : 0;
      if (taken === 1) this.#code = (this.#code - this.#range) >>> 0;
      value = value * 2 + taken;
    }
    return value;
  }

  #tree(table: Uint16Array, from: number, bits: number): number {
    let node = 1;
    for (let k = 0; k < bits; k += 1) node = (node << 1) | this.#bit(table, from + node);
    return node - (1 << bits);
  }

  #reverseTree(table: Uint16Array, from: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let k = 0; k < bits; k += 1) {
      const bit = this.#bit(table, from + node);
      node = (node << 1) | bit;
      value |= bit << k;
    }
    return value;
  }

  #lengthOf(table: Uint16Array, position: number): number {
    if (this.#bit(table, 0) === 0) return this.#tree(table, 2 + position * 8, 3);
    if (this.#bit(table, 1) === 0) return 8 + this.#tree(table, 2 + 128 + position * 8, 3);
    return 16 + this.#tree(table, 2 + 256, 8);
  }

  #literalByte(): void {
    const previous = this.length > this.#dictionaryStart ? this.out[this.length - 1] : 0;
    const context = ((((this.length - this.#dictionaryStart) & this.#lpMask) << this.#lc) + (previous >> (8 - this.#lc))) * 0x300;
    let symbol = 1;
    if (this.#state >= 7) {
      let match = this.out[this.length - this.#rep0 - 1];
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match = (match << 1) & 0xff;
        const bit = this.#bit(this.#literal, context + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literal, context + symbol);
    this.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + this.#reverseTree(this.#special, base - slot, bits);
    return base + this.#direct(bits - 4) * 16 + this.#reverseTree(this.#align, 0, 4);
  }

  /** Decodes until `wanted` bytes of output stand, or an end mark; returns true at an end mark. */
  run(wanted: number): boolean {
    while (this.length < wanted) {
      const position = (this.length - this.#dictionaryStart) & this.#pbMask;
      if (this.#bit(this.#isMatch, (this.#state << 4) + position) === 0) {
        this.#literalByte();
        continue;
      }
      let length: number;
      if (this.#bit(this.#isRep, this.#state) === 0) {
        this.#rep3 = this.#rep2;
        this.#rep2 = this.#rep1;
        this.#rep1 = this.#rep0;
        length = this.#lengthOf(this.#matchLength, position);
        this.#state = this.#state < 7 ? 7 : 10;
        this.#rep0 = this.#distance(length);
        if (this.#rep0 === 0xffff_ffff) return true;
      } else {
        if (this.#bit(this.#isRepG0, this.#state) === 0) {
          if (this.#bit(this.#isRep0Long, (this.#state << 4) + position) === 0) {
            this.#state = this.#state < 7 ? 9 : 11;
            this.#copy(1, wanted);
            continue;
          }
        } else {
          let distance: number;
          if (this.#bit(this.#isRepG1, this.#state) === 0) distance = this.#rep1;
          else {
            if (this.#bit(this.#isRepG2, this.#state) === 0) distance = this.#rep2;
            else {
              distance = this.#rep3;
              this.#rep3 = this.#rep2;
            }
            this.#rep2 = this.#rep1;
          }
          this.#rep1 = this.#rep0;
          this.#rep0 = distance;
        }
        length = this.#lengthOf(this.#repLength, position);
        this.#state = this.#state < 7 ? 8 : 11;
      }
      this.#copy(length + MATCH_MIN, wanted);
    }
    return false;
  }

  #copy(length: number, wanted: number): void {
    if (this.#rep0 >= this.length - this.#dictionaryStart) throw new Fault("distance", "a match before the beginning");
    if (this.length + length > wanted && Number.isFinite(wanted)) throw new Fault("length", "a match beyond the stated size");
    for (let k = 0; k < length; k += 1) this.put(this.out[this.length - this.#rep0 - 1]);
  }
}

function lzmaAlone(bytes: Uint8Array, cap: number): Uint8Array {
  const decoder = new Decoder(bytes, LZMA_HEADER_BYTES, bytes.length, cap);
  decoder.properties(bytes[0]);
  decoder.resetState();
  const low = u32le(bytes, 5);
  const high = u32le(bytes, 9);
  const unknown = low === 0xffff_ffff && high === 0xffff_ffff;
  const size = unknown ? Number.POSITIVE_INFINITY : high * 2 ** 32 + low;
  if (!unknown && size > cap) throw new Fault("expands-too-far", `${size} bytes, at most ${cap}`);
  decoder.startRange();
  if (decoder.run(size) && !unknown) throw new Fault("length", `an end mark after ${decoder.length} of ${size} bytes`);
  return decoder.out.slice(0, decoder.length);
}

/** Variable-length integer of .xz (§1.2). */
function multibyte(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let k = 0; k < 9; k += 1) {
    if (at + k >= bytes.length) throw new Fault("cut-short", "a number does not end");
    value += (bytes[at + k] & 0x7f) * 2 ** (7 * k);
    if ((bytes[at + k] & 0x80) === 0) return [value, at + k + 1];
  }
  throw new Fault("number", "a number of more than nine bytes");
}

const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;

function lzma2(decoder: Decoder, bytes: Uint8Array): void {
  let needsState = true;
  for (;;) {
    if (decoder.at >= bytes.length) throw new Fault("cut-short", "a chunk is missing");
    const control = bytes[decoder.at];
    if (control === 0) {
      decoder.at += 1;
      return;
    }
    if (control < 0x80) {
      if (control > 2 || decoder.at + 3 > bytes.length) throw new Fault("chunk", `chunk of kind ${control}`);
      const size = ((bytes[decoder.at + 1] << 8) | bytes[decoder.at + 2]) + 1;
      const from = decoder.at + 3;
      if (from + size > bytes.length) throw new Fault("cut-short", "an uncompressed chunk does not end");
      if (control === 1) decoder.resetDictionary();
      for (let k = 0; k < size; k += 1) decoder.put(bytes[from + k]);
      decoder.at = from + size;
      continue;
    }
    if (decoder.at + 6 > bytes.length) throw new Fault("cut-short", "a chunk's header");
    const size = (((control & 0x1f) << 16) | (bytes[decoder.at + 1] << 8) | bytes[decoder.at + 2]) + 1;
    const packed = ((bytes[decoder.at + 3] << 8) | bytes[decoder.at + 4]) + 1;
    const reset = (control >> 5) & 3;
    let from = decoder.at + 5;
    if (reset === 3) decoder.resetDictionary();
    if (reset >= 2) {
      decoder.properties(bytes[from]);
      from += 1;
      needsState = false;
    } else if (needsState) throw new Fault("chunk", "the first chunk brings no properties");
    if (from + packed > bytes.length) throw new Fault("cut-short", "a chunk does not end");
    if (reset >= 1) decoder.resetState();
    decoder.at = from;
    decoder.limit(from + packed);
    decoder.startRange();
    decoder.run(decoder.length + size);
    decoder.at = from + packed;
    decoder.limit(bytes.length);
  }
}

function xz(bytes: Uint8Array, cap: number): Uint8Array {
  if (bytes.length < 12) throw new Fault("cut-short", "stream header");
  const checkBytes = CHECK_BYTES[bytes[7] & 0xf];
  let at = 12;
  const decoder = new Decoder(bytes, at, bytes.length, cap);
  while (at < bytes.length && bytes[at] !== 0) {
    const header = (bytes[at] + 1) * 4;
    if (at + header > bytes.length) throw new Fault("cut-short", "block header");
    const flags = bytes[at + 1];
    let next = at + 2;
    if ((flags & 0x40) !== 0) [, next] = multibyte(bytes, next);
    if ((flags & 0x80) !== 0) [, next] = multibyte(bytes, next);
    let filter: number;
    [filter, next] = multibyte(bytes, next);
    if ((flags & 3) !== 0 || filter !== 0x21) throw new Fault("filter", "only LZMA2 alone is read");
    const begin = at + header;
    decoder.at = begin;
    lzma2(decoder, bytes);
    const size = decoder.at - begin;
    at = decoder.at + ((4 - (size % 4)) % 4) + checkBytes;
  }
  if (at >= bytes.length) throw new Fault("cut-short", "the index is missing");
  return decoder.out.slice(0, decoder.length);
}

/** Expands the data; refused when it is damaged, cut short, or would grow beyond `cap` bytes. */
export function decompressLzma(bytes: Uint8Array, cap: number): Uint8Array | Refusal {
  const isXz = XZ_MAGIC.every((byte, k) => bytes[k] === byte);
  try {
    if (!isXz && bytes.length < 18) throw new Fault("cut-short", "header");
    return isXz ? xz(bytes, cap) : lzmaAlone(bytes, cap);
  } catch (error) {
    if (error instanceof Fault) return { code: `lzma-${error.code}`, clause: isXz ? XZ_CLAUSE : LZMA_CLAUSE, detail: error.message };
    throw error;
  }
}
