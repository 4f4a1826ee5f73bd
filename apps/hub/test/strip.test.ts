// Copies of media: what says where they were taken is gone, what shows them is left, and what cannot be cleaned is not shown.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { withoutLocation } from "../src/reports/strip.ts";

const WHERE = "31.7600N106.4900W";
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const u32 = (value: number): Buffer => {
  const made = Buffer.alloc(4);
  made.writeUInt32BE(value);
  return made;
};
const has = (bytes: Uint8Array | undefined, text: string): boolean => bytes !== undefined && Buffer.from(bytes).includes(text);

function segment(marker: number, content: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length + 2);
  return Buffer.concat([Buffer.of(0xff, marker), length, content]);
}
/** Exif, big endian, one directory: turned by 6, then a text with a place. */
const EXIF = Buffer.concat([Buffer.from("Exif\0\0"), hex("4d4d 002a 00000008 0001 0112 0003 00000001 0006 0000"), Buffer.from(WHERE)]);
const SCAN = Buffer.concat([segment(0xda, hex("01 0100 003f 00")), hex("d2 ff00 cf ffd0 20")]);
const jpeg = (...more: Buffer[]): Buffer =>
  Buffer.concat([hex("ffd8"), segment(0xe0, Buffer.from("JFIF\0")), ...more, segment(0xdb, Buffer.alloc(65)), SCAN, hex("ffd9")]);

const box = (name: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(name, "latin1"), body]);
};
const handler = (kind: string): Buffer => box("mdia", box("hdlr", Buffer.alloc(8), Buffer.from(kind), Buffer.alloc(13)));

describe("copies", () => {
  test("a JPEG keeps its picture and how it is turned; Exif, comments and what hangs behind it go", () => {
    const whole = Buffer.concat([jpeg(segment(0xe1, EXIF), segment(0xfe, Buffer.from(WHERE))), Buffer.from(`second picture ${WHERE}`)]);
    const copy = Buffer.from(withoutLocation("image/jpeg", whole) ?? []);
    assert.ok(copy.length > 0 && !has(copy, WHERE));
    assert.ok(copy.includes(SCAN));
    assert.ok(copy.includes(hex("0112 0003 00000001 0006")));
    assert.equal(copy.subarray(-2).toString("hex"), "ffd9");
  });

  test("a PNG keeps its picture; texts and Exif go", () => {
    const chunk = (name: string, content: Buffer): Buffer =>
      Buffer.concat([u32(content.length), Buffer.from(name), content, Buffer.alloc(4)]);
    const png = Buffer.concat([
      hex("89504e470d0a1a0a"),
      chunk("IHDR", Buffer.alloc(13)),
      chunk("tEXt", Buffer.from(WHERE)),
      chunk("eXIf", EXIF),
      chunk("IDAT", Buffer.from("pixels")),
      chunk("IEND", Buffer.alloc(0)),
      Buffer.from(WHERE),
    ]);
    const copy = withoutLocation("image/png", png);
    assert.ok(has(copy, "pixels") && !has(copy, WHERE));
  });

  test("a WebP keeps its picture and no longer promises Exif", () => {
    const chunk = (name: string, content: Buffer): Buffer => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(content.length);
      return Buffer.concat([Buffer.from(name), size, content, Buffer.alloc(content.length & 1)]);
    };
    const body = Buffer.concat([
      Buffer.from("WEBP"),
      chunk("VP8X", Buffer.concat([Buffer.of(0x1c), Buffer.alloc(9)])),
      chunk("VP8 ", Buffer.from("pixels")),
      chunk("EXIF", Buffer.from(WHERE)),
      chunk("XMP ", Buffer.from(WHERE)),
    ]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(body.length);
    const copy = withoutLocation("image/webp", Buffer.concat([Buffer.from("RIFF"), size, body]));
    assert.ok(copy !== undefined && has(copy, "pixels") && !has(copy, WHERE));
    assert.equal(copy[20], 0x10);
    assert.equal(Buffer.from(copy).readUInt32LE(4), copy.length - 8);
  });

  test("a film keeps every offset; user data and metadata are emptied", () => {
    const film = Buffer.concat([
      box("ftyp", Buffer.from("isom")),
      box(
        "moov",
        box("trak", handler("vide"), box("udta", Buffer.from(WHERE))),
        box("udta", box("©xyz", Buffer.from(WHERE))),
        box("meta", Buffer.from(WHERE)),
      ),
      box("mdat", Buffer.from("pictures")),
      box("uuid", Buffer.from(WHERE)),
    ]);
    const copy = Buffer.from(withoutLocation("video/mp4", film) ?? []);
    assert.equal(copy.length, film.length);
    assert.ok(!has(copy, WHERE));
    assert.equal(copy.indexOf("pictures"), film.indexOf("pictures"));
  });

  test("a film with a track that is neither picture nor sound is not shown: it may hold where the camera was", () => {
    const film = Buffer.concat([box("ftyp", Buffer.from("isom")), box("moov", box("trak", handler("vide")), box("trak", handler("meta")))]);
    assert.equal(withoutLocation("video/mp4", film), undefined);
  });

  test("a recording of a browser keeps its clusters, also of unknown length; tags are emptied", () => {
    const element = (id: string, content: Buffer): Buffer => Buffer.concat([hex(id), Buffer.of(0x80 | content.length), content]);
    const recording = Buffer.concat([
      element("1a45dfa3", Buffer.from("webm")),
      hex("18538067 01ffffffffffffff"),
      element("1254c367", Buffer.from(WHERE)),
      hex("1f43b675 01ffffffffffffff"),
      element("a3", Buffer.from("sound")),
      element("1f43b675", element("a3", Buffer.from("more"))),
    ]);
    const copy = Buffer.from(withoutLocation("audio/webm", recording) ?? []);
    assert.equal(copy.length, recording.length);
    assert.ok(has(copy, "sound") && has(copy, "more") && !has(copy, WHERE));
  });

  test("what is not what it says is not shown, and nothing throws", () => {
    const types = ["image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime", "audio/wav", "audio/webm", "text/html"];
    const heads = [
      hex("ffd8"),
      hex("89504e470d0a1a0a"),
      Buffer.from("RIFF....WEBP"),
      box("ftyp", Buffer.from("isom")),
      hex("1a45dfa3"),
      hex(""),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), (type, head, noise) => {
        withoutLocation(type, Buffer.concat([head, noise]));
      }),
      { numRuns: 3000 },
    );
    assert.equal(withoutLocation("image/jpeg", Buffer.from("<html>")), undefined);
    assert.equal(withoutLocation("text/html", Buffer.from("<html>")), undefined);
  });
});
