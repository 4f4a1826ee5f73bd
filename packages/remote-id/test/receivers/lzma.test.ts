// Compressed payloads, with xz-utils as the encoder that real receivers' libraries are built on.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import * as fc from "fast-check";
import { decompressLzma, looksLikeLzma, utf8Bytes } from "../../src/index.ts";

function xz(input: Uint8Array, ...words: readonly string[]): Uint8Array {
  return new Uint8Array(execFileSync("xz", [...words, "--stdout", "-"], { input, maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"] }));
}

const MEBIBYTE = 1 << 20;

/** Text that repeats with changes, as telemetry does, and bytes that do not compress. */
function sample(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let k = 0; k < length; k += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    const isNoise = (k >> 12) % 3 === 2;
    bytes[k] = isNoise ? state >> 16 : k >= 200 && (state >> 16) % 50 !== 0 ? (bytes[k - 97 - (k >> 14)] ?? 0) : 32 + ((state >> 16) % 90);
  }
  return bytes;
}

test("what xz-utils compresses, in every form and with every setting, comes out byte for byte", () => {
  const settings: readonly (readonly string[])[] = [
    ["--format=lzma", "-6"],
    ["--format=lzma", "-0"],
    ["--format=lzma", "--lzma1=lc=0,lp=2,pb=0,dict=4KiB"],
    ["--format=lzma", "--lzma1=lc=4,lp=0,pb=4,dict=1MiB"],
    ["--format=xz", "-6", "--check=crc64"],
    ["--format=xz", "-0", "--check=none"],
    ["--format=xz", "-9e", "--check=sha256", "--block-size=30000"],
    ["--format=xz", "--lzma2=lc=1,lp=3,pb=1,dict=4KiB", "--check=crc32"],
  ];
  for (const length of [0, 1, 2, 273, 921, 5000, 300_000]) {
    const plain = sample(length, length + 1);
    for (const words of settings) {
      const packed = xz(plain, ...words);
      assert.ok(looksLikeLzma(packed), words.join(" "));
      const result = decompressLzma(packed, MEBIBYTE);
      assert.ok(result instanceof Uint8Array, `${words.join(" ")} ${length}: ${JSON.stringify(result)}`);
      assert.deepEqual(Buffer.compare(result, plain), 0, `${words.join(" ")} ${length}`);
    }
  }
});

test("growth beyond the cap is refused before the memory is taken", () => {
  const bomb = new Uint8Array(8 * MEBIBYTE);
  for (const form of ["--format=lzma", "--format=xz"]) {
    const packed = xz(bomb, form);
    assert.ok(packed.length < 20_000);
    const result = decompressLzma(packed, MEBIBYTE);
    assert.ok(!(result instanceof Uint8Array) && result.code === "lzma-expands-too-far", form);
  }
  // A size that is stated is believed only to refuse it.
  const stated = xz(utf8Bytes("x".repeat(1000)), "--format=lzma");
  new DataView(stated.buffer).setBigUint64(5, 1n << 40n, true);
  const result = decompressLzma(stated, MEBIBYTE);
  assert.ok(!(result instanceof Uint8Array) && result.code === "lzma-expands-too-far");
});

test("data that is cut short at any byte is refused, not returned in part", () => {
  const plain = sample(600, 3);
  for (const form of ["--format=lzma", "--format=xz"]) {
    const packed = xz(plain, form);
    for (let end = 0; end < packed.length; end += 1) {
      const result = decompressLzma(packed.subarray(0, end), MEBIBYTE);
      if (!(result instanceof Uint8Array)) continue;
      // Of .xz the index and the footer may be missing: the data is whole before them.
      assert.ok(form === "--format=xz" && Buffer.compare(result, plain) === 0, `${form} ${end} of ${packed.length}`);
    }
  }
});

test("damaged and random data never throws and never exceeds the cap", () => {
  const seeds = ["--format=lzma", "--format=xz"].map((form) => xz(sample(3000, 7), form));
  const changes = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  const cap = 100_000;
  const check = (bytes: Uint8Array): void => {
    const result = decompressLzma(bytes, cap);
    if (result instanceof Uint8Array) assert.ok(result.length <= cap);
    else assert.match(result.code, /^lzma-/);
  };
  fc.assert(
    fc.property(fc.constantFrom(...seeds), changes, (seed, list) => {
      const bytes = seed.slice();
      for (const [at, value] of list) bytes[at % bytes.length] = value;
      check(bytes);
    }),
    { numRuns: 400 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check));
});

test("text and NULs are not taken for compressed data", () => {
  for (const text of [
    '{"protocol":1.0,"data":{}}',
    "[{}]",
    "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
    "",
  ]) {
    assert.equal(looksLikeLzma(utf8Bytes(text)), false);
  }
});
