// Reads pcap and pcapng captures as a stream: bytes are pushed as they come, frames come out. Nothing larger than one record is held.
// Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
import { plainBytes, u16be, u16le, u32be, u32le } from "../bytes.ts";
import type { Refusal } from "../messages/types.ts";

/** One captured frame. `bytes` is valid only during the call that hands it over. */
export interface CapturedFrame {
  /** From 1, over all frames of the capture. */
  readonly number: number;
  readonly linkType: number;
  /** Unix microseconds; undefined when the block carries no time. */
  readonly timeUs: number | undefined;
  readonly bytes: Uint8Array;
}

/** A record longer than this is no frame of a radio: the capture is damaged or hostile. */
export const MAX_RECORD_BYTES: number = 1 << 20;
/** Interfaces that one section of a pcapng file may describe. */
export const MAX_INTERFACES = 1024;
/** What a packet block has besides its packet: fields, padding and options. */
const BLOCK_MARGIN_BYTES = 4096;

const PCAP_CLAUSE = "draft-ietf-opsawg-pcap";
const PCAPNG_CLAUSE = "draft-ietf-opsawg-pcapng";
const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Ticks per second of its timestamps. */
  readonly ticksPerSecond: number;
  readonly offsetS: number;
}

type Reading =
  | { readonly form: "unknown" }
  | { readonly form: "pcap"; readonly little: boolean; readonly nano: boolean; readonly linkType: number }
  | { readonly form: "pcapng"; little: boolean; interfaces: Interface[] };

/** What `push` found besides frames. */
export type CaptureEnd = { readonly refused: Refusal } | undefined;

export class CaptureReader {
  readonly #take: (frame: CapturedFrame) => void;
  #reading: Reading = { form: "unknown" };
  /** The beginning of a record that has not arrived whole: the first `#heldBytes` of a buffer that grows by doubling. */
  #held: Uint8Array = new Uint8Array(0);
  #heldBytes = 0;
  /** Bytes still to come of a block that is of no interest and too long to hold. */
  #toSkip = 0;
  #frames = 0;
  #refused: Refusal | undefined;

  /** `take` is called for each frame, in order, during `push`. */
  constructor(take: (frame: CapturedFrame) => void) {
    this.#take = take;
  }

  /** Hands in the next bytes. After a refusal nothing more is read: the boundaries of records are lost. */
  push(chunk: Uint8Array): CaptureEnd {
    if (this.#refused !== undefined) return { refused: this.#refused };
    let rest = plainBytes(chunk);
    if (this.#toSkip > 0) {
      const skipped = Math.min(this.#toSkip, rest.length);
      this.#toSkip -= skipped;
      rest = rest.subarray(skipped);
    }
    if (this.#heldBytes > 0) {
      this.#hold(rest);
      rest = this.#held.subarray(0, this.#heldBytes);
    }
    let at = 0;
    for (;;) {
      const used = this.#step(rest, at);
      if (this.#refused !== undefined) return { refused: this.#refused };
      if (used === 0) break;
      at += used;
      if (at > rest.length) {
        this.#toSkip = at - rest.length;
        at = rest.length;
        break;
      }
    }
    if (this.#heldBytes > 0) {
      this.#held.copyWithin(0, at, this.#heldBytes);
      this.#heldBytes -= at;
    } else this.#hold(rest.subarray(at));
    return undefined;
  }

  #hold(bytes: Uint8Array): void {
    const wanted = this.#heldBytes + bytes.length;
    if (wanted > this.#held.length) {
      const grown = new Uint8Array(Math.max(wanted, this.#held.length * 2));
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = wanted;
  }

  /** Says that no more bytes come: what is left over is a record cut short. */
  end(): CaptureEnd {
    if (this.#refused !== undefined) return { refused: this.#refused };
    if (this.#reading.form === "unknown") return this.#refuse("not-a-capture", PCAP_CLAUSE, "too short for any capture");
    if (this.#heldBytes === 0 && this.#toSkip === 0) return undefined;
    const detail = `the last record is cut short after ${this.#heldBytes} bytes`;
    return this.#refuse("cut-short", this.#reading.form === "pcap" ? PCAP_CLAUSE : PCAPNG_CLAUSE, detail);
  }

  #refuse(code: string, clause: string, detail: string): CaptureEnd {
    this.#refused = { code, clause, detail };
    return { refused: this.#refused };
  }

  /** Reads one record at `at`; returns the bytes used, which may lie beyond those at hand, or 0 when more are needed or it was refused. */
  #step(bytes: Uint8Array, at: number): number {
    const reading = this.#reading;
    if (reading.form === "unknown") return this.#begin(bytes, at);
    if (reading.form === "pcap") return this.#pcapRecord(bytes, at, reading.little, reading.nano, reading.linkType);
    return this.#block(bytes, at, reading);
  }

  #begin(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < 4) return 0;
    const magic = u32be(bytes, at);
    if (magic === SECTION_HEADER) {
      this.#reading = { form: "pcapng", little: false, interfaces: [] };
      return this.#step(bytes, at);
    }
    const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
    const big = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
    if (!little && !big) {
      this.#refuse("not-a-capture", PCAP_CLAUSE, `magic number ${magic.toString(16).padStart(8, "0")}`);
      return 0;
    }
    if (bytes.length - at < 24) return 0;
    const nano = magic === 0x4d3cb2a1 || magic === 0xa1b23c4d;
    // The upper bits of the field say whether frames end with a check sequence.
    const linkType = (little ? u32le(bytes, at + 20) : u32be(bytes, at + 20)) & 0xffff;
    this.#reading = { form: "pcap", little, nano, linkType };
    return 24;
  }

  #pcapRecord(bytes: Uint8Array, at: number, little: boolean, nano: boolean, linkType: number): number {
    if (bytes.length - at < 16) return 0;
    const u32 = little ? u32le : u32be;
    const captured = u32(bytes, at + 8);
    if (captured > MAX_RECORD_BYTES) {
      this.#refuse("record-too-long", PCAP_CLAUSE, `${captured} bytes, at most ${MAX_RECORD_BYTES}`);
      return 0;
    }
    if (bytes.length - at < 16 + captured) return 0;
    const fraction = u32(bytes, at + 4);
    const timeUs = u32(bytes, at) * 1e6 + (nano ? Math.floor(fraction / 1000) : fraction);
    this.#hand(linkType, timeUs, bytes.subarray(at + 16, at + 16 + captured));
    return 16 + captured;
  }

  #block(bytes: Uint8Array, at: number, reading: Extract<Reading, { form: "pcapng" }>): number {
    if (bytes.length - at < 12) return 0;
    const isSection = u32be(bytes, at) === SECTION_HEADER;
    let little = reading.little;
    if (isSection) {
      if (u32be(bytes, at + 8) === BYTE_ORDER_MAGIC) little = false;
      else if (u32le(bytes, at + 8) === BYTE_ORDER_MAGIC) little = true;
      else {
        this.#refuse("byte-order", PCAPNG_CLAUSE, "section without a byte-order magic");
        return 0;
      }
    }
    const u32 = little ? u32le : u32be;
    const type = isSection ? SECTION_HEADER : u32(bytes, at);
    const total = u32(bytes, at + 4);
    if (total < (isSection ? 28 : 12) || total % 4 !== 0) {
      this.#refuse("block-length", PCAPNG_CLAUSE, `block of ${total} bytes`);
      return 0;
    }
    if (total > MAX_RECORD_BYTES + BLOCK_MARGIN_BYTES) {
      // Names, secrets and custom blocks may be long: they are passed over unread.
      if (![1, 2, 3, 6, SECTION_HEADER].includes(type)) return total;
      this.#refuse("record-too-long", PCAPNG_CLAUSE, `block of ${total} bytes, at most ${MAX_RECORD_BYTES + BLOCK_MARGIN_BYTES}`);
      return 0;
    }
    if (bytes.length - at < total) return 0;
    if (u32(bytes, at + total - 4) !== total) {
      this.#refuse("block-length", PCAPNG_CLAUSE, "the two lengths of a block differ");
      return 0;
    }
    if (isSection) {
      reading.little = little;
      reading.interfaces = [];
    }
    const body = at + 8;
    const bodyEnd = at + total - 4;
    switch (type) {
      case 1:
        this.#interface(bytes, body, bodyEnd, reading);
        break;
      case 2: {
        // Obsolete packet block: interface and drops are 16 bits each.
        if (bodyEnd - body < 20) break;
        const id = (reading.little ? u16le : u16be)(bytes, body);
        this.#packet(bytes, body + 20, bodyEnd, u32(bytes, body + 12), reading.interfaces[id], u32(bytes, body + 4), u32(bytes, body + 8));
        break;
      }
      case 3: {
        if (bodyEnd - body < 4) break;
        const first = reading.interfaces[0];
        const length = Math.min(
          u32(bytes, body),
          bodyEnd - body - 4,
          first === undefined || first.snapLength === 0 ? Infinity : first.snapLength,
        );
        this.#packet(bytes, body + 4, bodyEnd, length, first, undefined, 0);
        break;
      }
      case 6:
        if (bodyEnd - body < 20) break;
        this.#packet(
          bytes,
          body + 20,
          bodyEnd,
          u32(bytes, body + 12),
          reading.interfaces[u32(bytes, body)],
          u32(bytes, body + 4),
          u32(bytes, body + 8),
        );
        break;
      default:
      // Statistics, names, secrets: of no use here.
    }
    return total;
  }

  #interface(bytes: Uint8Array, body: number, end: number, reading: Extract<Reading, { form: "pcapng" }>): void {
    if (end - body < 8) return;
    if (reading.interfaces.length >= MAX_INTERFACES) {
      this.#refuse("too-many-interfaces", PCAPNG_CLAUSE, `more than ${MAX_INTERFACES} interfaces in a section`);
      return;
    }
    const u16 = reading.little ? u16le : u16be;
    const u32 = reading.little ? u32le : u32be;
    let ticksPerSecond = 1e6;
    let offsetS = 0;
    for (let at = body + 8; at + 4 <= end; ) {
      const code = u16(bytes, at);
      const length = u16(bytes, at + 2);
      if (code === 0 || at + 4 + length > end) break;
      if (code === 9 && length === 1) {
        const exponent = bytes[at + 4] & 0x7f;
        ticksPerSecond = (bytes[at + 4] & 0x80) === 0 ? 10 ** exponent : 2 ** exponent;
      } else if (code === 14 && length === 8) {
        const low = u32(bytes, reading.little ? at + 4 : at + 8);
        const high = u32(bytes, reading.little ? at + 8 : at + 4) | 0;
        offsetS = high * 2 ** 32 + low;
      }
      at += 4 + length + ((4 - (length % 4)) % 4);
    }
    reading.interfaces.push({ linkType: u16(bytes, body), snapLength: u32(bytes, body + 4), ticksPerSecond, offsetS });
  }

  #packet(
    bytes: Uint8Array,
    data: number,
    end: number,
    captured: number,
    from: Interface | undefined,
    high: number | undefined,
    low: number,
  ): void {
    if (from === undefined || data + captured > end) {
      this.#refuse(
        "packet-block",
        PCAPNG_CLAUSE,
        from === undefined ? "a packet of an interface that was not described" : "a packet longer than its block",
      );
      return;
    }
    let timeUs: number | undefined;
    if (high !== undefined) {
      if (from.ticksPerSecond === 1e6 && high < 0x20_0000) timeUs = high * 2 ** 32 + low + from.offsetS * 1e6;
      else {
        // Whole seconds and the rest apart: nanoseconds since 1970 exceed what a double holds exactly.
        const ticks = BigInt(high) * 0x1_0000_0000n + BigInt(low);
        const perSecond = BigInt(from.ticksPerSecond);
        const restUs = Math.floor((Number(ticks % perSecond) * 1e6) / from.ticksPerSecond);
        timeUs = (Number(ticks / perSecond) + from.offsetS) * 1e6 + restUs;
      }
    }
    this.#hand(from.linkType, timeUs, bytes.subarray(data, data + captured));
  }

  #hand(linkType: number, timeUs: number | undefined, bytes: Uint8Array): void {
    this.#frames += 1;
    this.#take({ number: this.#frames, linkType, timeUs, bytes });
  }
}

/** True when the bytes begin as a capture does. */
export function looksLikeCapture(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const magic = u32be(bytes, 0);
  return [SECTION_HEADER, 0xd4c3b2a1, 0x4d3cb2a1, 0xa1b2c3d4, 0xa1b23c4d].includes(magic);
}
