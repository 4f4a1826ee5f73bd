import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import * as fc from "fast-check";
import {
  CaptureReader,
  fromHex,
  hex,
  MAX_INTERFACES,
  MAX_RECORD_BYTES,
  pcapHeader,
  pcapngHeader,
  pcapngPacket,
  pcapRecord,
  type Refusal,
} from "../../src/index.ts";

interface Read {
  readonly frames: readonly string[];
  readonly refused: Refusal | undefined;
}

function read(chunks: Iterable<Uint8Array>): Read {
  const frames: string[] = [];
  const reader = new CaptureReader(({ number, linkType, timeUs, bytes }) =>
    frames.push(`${number} ${linkType} ${timeUs} ${bytes.length > 64 ? bytes.length : hex(bytes)}`),
  );
  for (const chunk of chunks) {
    const ended = reader.push(chunk);
    if (ended !== undefined) return { frames, refused: ended.refused };
  }
  return { frames, refused: reader.end()?.refused };
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

function literal(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
}

const bigEndianNanoseconds = literal(`
  a1b23c4d 0002 0004 00000000 00000000 00000400 0000007f # magic of nanoseconds, version 2.4, snap length 1024, link type 127
  6a000000 3b9ac9ff 00000002 00000005 aabb               # two of five bytes were kept, 999,999,999 ns
`);

// Two sections of different byte order. Times count in 1/1024 s (if_tsresol 0x8a) plus an hour (if_tsoffset) on the first interface.
const pcapng = literal(`
  0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
  00000001 0000002c 0069 0000 00000003              # interface 0: link type 105, snap length 3
    0009 0001 8a000000 000e 0008 0000000000000e10 0000 0000 0000002c
  00000001 00000014 007f 0000 00000000 00000014     # interface 1: link type 127
  00000006 00000028 00000000 00000000 00000600 00000003 00000003 01020300 0001 0000 00000028 # 1.5 s; a comment without text follows
  00000003 00000014 00000005 04050600 00000014      # simple packet of five bytes, of which the snap length keeps three
  00000002 00000024 0001 ffff 00000001 00000002 00000002 00000002 07080000 00000024 # obsolete packet of interface 1
  00000bad 00000010 deadbeef 00000010               # a block of no known type
  0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000
  01000000 14000000 1001 0000 00000000 14000000     # interface 0 of the second section: link type 272
  06000000 24000000 00000000 00000000 0a000000 01000000 01000000 09000000 24000000
`);
const pcapngFrames = [`1 105 3601500000 010203`, `2 105 undefined 040506`, `3 127 ${2 ** 32 + 2} 0708`, `4 272 10 09`];

test("a pcap of big-endian nanoseconds is read, its times as microseconds", () => {
  assert.deepEqual(read([bigEndianNanoseconds]), { frames: [`1 127 ${0x6a000000 * 1e6 + 999_999} aabb`], refused: undefined });
});

test("a pcapng of two sections, both byte orders, every packet block, time options and an unknown block is read", () => {
  assert.deepEqual(read([pcapng]), { frames: pcapngFrames, refused: undefined });
});

test("times of nanoseconds and beyond a double's whole numbers keep their microsecond", () => {
  const nanoseconds = literal(`
    0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000
    01000000 20000000 6900 0000 00000000 0900 0100 09000000 0000 0000 20000000
    06000000 20000000 00000000 0d89aa18 15cd5b07 00000000 00000000 20000000
  `);
  const ticks = 0x18aa890dn * 0x100000000n + 0x075bcd15n;
  assert.deepEqual(read([nanoseconds]).frames, [`1 105 ${Number(ticks / 1000n)} `]);
});

test("captures read the same however the bytes are split", () => {
  const written = join(pcapHeader(105), pcapRecord(1_700_000_000_123_456, Uint8Array.of(1, 2, 3)), pcapRecord(0, new Uint8Array(0)));
  for (const bytes of [bigEndianNanoseconds, pcapng, written]) {
    const whole = read([bytes]);
    assert.equal(whole.refused, undefined);
    for (let cut = 0; cut <= bytes.length; cut += 1) assert.deepEqual(read([bytes.subarray(0, cut), bytes.subarray(cut)]), whole);
    assert.deepEqual(read(Array.from(bytes, (byte) => Uint8Array.of(byte))), whole);
  }
});

test("what the writers write, the reader reads", () => {
  const timeUs = 1_790_000_000_123_456;
  const frame = Uint8Array.of(1, 2, 3, 4, 5);
  assert.deepEqual(read([pcapHeader(256), pcapRecord(timeUs, frame)]).frames, [`1 256 ${timeUs} 0102030405`]);
  const mixed = [pcapngHeader([127, 256]), pcapngPacket(1, timeUs, frame), pcapngPacket(0, timeUs + 1, Uint8Array.of(9))];
  assert.deepEqual(read(mixed), { frames: [`1 256 ${timeUs} 0102030405`, `2 127 ${timeUs + 1} 09`], refused: undefined });
});

test("input that is no capture, is cut short, or contradicts itself is refused by name, and what came before stands", () => {
  const record = pcapRecord(0, Uint8Array.of(1));
  const hostile = pcapRecord(0, new Uint8Array(0));
  new DataView(hostile.buffer).setUint32(8, MAX_RECORD_BYTES + 1, true);
  const head = pcapngHeader([127]);
  const block = (type: number, total: number, last = total): Uint8Array => {
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, type, true);
    view.setUint32(4, total, true);
    view.setUint32(8, last, true);
    return bytes;
  };
  const tooLong = pcapngPacket(0, 0, Uint8Array.of(1));
  new DataView(tooLong.buffer).setUint32(20, 5, true);
  const cases: readonly (readonly [string, number, readonly Uint8Array[]])[] = [
    ["not-a-capture", 0, [Uint8Array.of(0x7b, 0x22, 0x61, 0x22)]],
    ["not-a-capture", 0, []],
    ["cut-short", 1, [pcapHeader(127), record, record.subarray(0, 9)]],
    ["record-too-long", 1, [pcapHeader(127), record, hostile]],
    ["block-length", 0, [head, block(5, 8)]],
    ["block-length", 0, [head, block(5, 13)]],
    ["block-length", 0, [head, block(5, 12, 16)]],
    ["record-too-long", 0, [head, block(6, 0x8000_0000)]],
    ["byte-order", 0, [Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 1, 2, 3, 4)]],
    ["packet-block", 0, [head, pcapngPacket(1, 0, Uint8Array.of(1))]],
    ["packet-block", 0, [head, tooLong]],
    ["too-many-interfaces", 0, [pcapngHeader(new Array<number>(MAX_INTERFACES + 1).fill(127))]],
  ];
  for (const [code, frames, chunks] of cases) {
    const result = read(chunks);
    assert.equal(result.refused?.code, code);
    assert.equal(result.frames.length, frames, code);
  }
});

test("a block of no interest is passed over, however long it says it is, without being held", () => {
  const total = 64 << 20;
  const start = new Uint8Array(12);
  new DataView(start.buffer).setUint32(0, 0xbad, true);
  new DataView(start.buffer).setUint32(4, total, true);
  const piece = new Uint8Array(1 << 20);
  const pieces = Array.from({ length: 63 }, () => piece);
  const result = read([pcapngHeader([127]), start, ...pieces, piece.subarray(12), pcapngPacket(0, 5, Uint8Array.of(1))]);
  assert.deepEqual(result, { frames: ["1 127 5 01"], refused: undefined });
});

test("random and damaged captures never throw", () => {
  const seeds = [bigEndianNanoseconds, pcapng];
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }))), (seed, changes) => {
      const bytes = seed.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      read([bytes.subarray(0, 40), bytes.subarray(40)]);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read([bytes])));
});

test("the real captures hold as many frames as they are known to", needsShared, () => {
  const known = {
    "parrot_anafi4_real.pcapng": 5091,
    "odid_bt5_lr_sample.pcapng": 274,
    "odid_wifi_bcn_sample.pcap": 21,
    "odid_wifi_sample.pcap": 63,
  };
  for (const [file, count] of Object.entries(known)) {
    const { frames, refused } = read([readFileSync(sharedData("data", "remote-id", "captures", file))]);
    assert.deepEqual([frames.length, refused], [count, undefined], file);
  }
});
