// The stream's messages are the same wherever it is cut, and it finds its step again after whatever does not belong there.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  type CotForm,
  type CotRefusal,
  CotStreamReader,
  decodeCotFrame,
  encodeCotXml,
  encodeTakMessage,
  frameOfDatagram,
  MAX_EVENT_BYTES,
  meshFrame,
  streamFrame,
} from "../../src/index.ts";
import { anyEvent, bytesOf, DRONE_XML, eventOfXml, eventXml, textOf, utf8 } from "../samples.ts";

interface Heard {
  readonly frames: readonly (readonly [CotForm, string])[];
  readonly refused: readonly string[];
  readonly discarded: number;
}

function hear(chunks: readonly Uint8Array[], form: CotForm | "any"): Heard {
  const frames: [CotForm, string][] = [];
  const refused: CotRefusal[] = [];
  const reader = new CotStreamReader(
    ({ form: found, bytes }) => frames.push([found, Buffer.from(bytes).toString(found === "xml" ? "utf8" : "hex")]),
    (refusal) => refused.push(refusal),
    form,
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { frames, refused: refused.map(({ code, detail }) => `${code}: ${detail}`), discarded: reader.discardedBytes };
}

/** What is heard of the whole stream; every way to cut it in two, and one byte at a time, has to give the same. */
function hearAnyhow(stream: Uint8Array, form: CotForm | "any"): Heard {
  const whole = hear([stream], form);
  const step = Math.max(1, Math.floor(stream.length / 1500));
  for (let at = 1; at < stream.length; at += step) {
    assert.deepEqual(hear([stream.subarray(0, at), stream.subarray(at)], form), whole, `cut at ${at}`);
  }
  assert.deepEqual(
    hear(
      [...stream].map((byte) => Uint8Array.of(byte)),
      form,
    ),
    whole,
    "one by one",
  );
  return whole;
}

const a = '<?xml version="1.0" encoding="UTF-8"?>\n<event uid="a"><point/></event>';
const b = "<event uid='b'/>";
const drone = eventOfXml(DRONE_XML);
const payload = bytesOf(encodeTakMessage({ event: drone }));
const hello = bytesOf(encodeTakMessage({ control: { minVersion: 1, maxVersion: 1, contactUid: "HUB" } }));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("events one behind the other are cut, with white space between them or none", () => {
  const { frames, refused } = hearAnyhow(utf8(`${a}${b}\r\n\n ${a}\ufeff${b}`), "xml");
  assert.deepEqual(
    frames.map(([, text]) => text),
    [a, b, a, b],
  );
  assert.deepEqual(refused, []);
});

test("an end of an event that is none does not end it", () => {
  const misleading = [
    "<event><!-- </event> --><a/></event>",
    "<event><a b='>'/></event>",
    `<event><a b="/>"/></event>`,
    "<event><a b='\">'/></event>",
    "<event><a><![CDATA[</event>]]></a></event>",
    "<event><a><![CDATA[]]]]]></a></event>",
    "<event><event><event/></event></event>",
    "<event><events></events><even/></event>",
    "<event ><a/></event\n>",
    "<!-- <event></event> --><event></event>",
    "<?xml version='1.0'?><!-- > --><event/>",
    "<event><!-----></event>",
    "<event><?pi </event> ?></event>",
    "<auth><cot username='a' password='b'/></auth>",
  ];
  for (const text of misleading) {
    const { frames, refused } = hearAnyhow(utf8(`${b}${text}${b}`), "xml");
    assert.deepEqual(
      frames.map(([, found]) => found),
      [b, text, b],
      text,
    );
    assert.deepEqual(refused, []);
  }
});

test("an event whose markup cannot be followed ends at its first </event>, is refused by the decoder, and costs no other", () => {
  for (const text of [
    "<event uid='a><point/></event>",
    '<event uid="a\' b="c"><point/></event>',
    "<event <point/></event>",
    "<event><a </a></event>",
    "<event><a></event>",
    "<event></b <x></event>",
    "<!DOCTYPE event [<!ENTITY x 'y'>]><event>&x;</event>",
    "<event><![CDATa[x]]></event>",
    "< event></event>",
    "<event/ ></event>",
  ]) {
    const { frames, refused } = hearAnyhow(utf8(`${a}${text}${b}`), "xml");
    assert.deepEqual(
      frames.map(([, found]) => found),
      [a, text, b],
      text,
    );
    assert.deepEqual(refused, []);
    assert.ok("refused" in decodeCotFrame({ form: "xml", bytes: utf8(text) }), text);
  }
});

test("what stands between events is passed over, counted and told", () => {
  const { frames, refused, discarded } = hearAnyhow(utf8(`HTTP/1.1 200 OK\r\n${a}</event></event>\u0000${b}x`), "xml");
  assert.deepEqual(
    frames.map(([, text]) => text),
    [a, b],
  );
  assert.deepEqual(refused, [
    "between-events: 17 bytes that belong to no message",
    "between-events: 17 bytes that belong to no message",
    "between-events: 1 bytes that belong to no message",
  ]);
  assert.equal(discarded, 35);
});

test("an event of the largest size is taken; one that is larger is passed over without being held, and the next is found", () => {
  const sized = (size: number): string => `<event a="${"x".repeat(size - 20)}"></event>`;
  const largest = sized(MAX_EVENT_BYTES);
  assert.equal(largest.length, MAX_EVENT_BYTES);
  for (const form of ["xml", "any"] as const) {
    assert.equal(hear([utf8(largest + b)], form).frames.length, 2);
    for (const larger of [sized(MAX_EVENT_BYTES + 1), sized(MAX_EVENT_BYTES + 7), sized(MAX_EVENT_BYTES + 8), sized(1 << 20)]) {
      const { frames, refused, discarded } = hear([utf8(a + larger + b)], form);
      assert.deepEqual(
        frames.map(([, text]) => text),
        [a, b],
      );
      assert.deepEqual(refused, ["frame-too-long: an event of more than 32768 bytes"]);
      assert.equal(discarded, larger.length);
    }
  }
  const endless = new CotStreamReader(
    () => assert.fail("no event ends"),
    () => undefined,
    "xml",
  );
  endless.push(utf8("<event>"));
  for (let k = 0; k < 64; k += 1) endless.push(new Uint8Array(1 << 16).fill(0x78));
  assert.ok(endless.discardedBytes > (4 << 20) - 16);
});

test("a comment that never ends swallows no more than fits: the events in it are cut, and only the broken one is lost", () => {
  const many = `<event><!-- ${a.repeat(1000)}`;
  const { frames, refused } = hear([utf8(many)], "xml");
  assert.equal(frames[0]?.[1], `<event><!-- ${a}`);
  const rest = frames.slice(1).map(([, text]) => text);
  assert.equal(rest.length, 999);
  assert.ok(rest.every((text) => text === a));
  assert.deepEqual(refused, []);
});

test("an overflow is the same wherever the stream is cut", () => {
  const stream = utf8(`${b}<event><!--${a.repeat(300)}<event x="${"y".repeat(40_000)}"/>${a}</event>${b}`);
  const whole = hear([stream], "xml");
  for (const size of [1, 7, 1000, 32_767, 32_768, 32_769, 40_000]) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
    assert.deepEqual(hear(chunks, "xml"), whole, `pieces of ${size}`);
  }
});

test("messages behind their lengths are cut, empty ones among them", () => {
  const stream = Buffer.concat([streamFrame(payload), streamFrame(new Uint8Array(0)), streamFrame(hello), streamFrame(payload)]);
  const { frames, refused } = hearAnyhow(stream, "protobuf");
  assert.deepEqual(frames, [
    ["protobuf", hexOf(payload)],
    ["protobuf", ""],
    ["protobuf", hexOf(hello)],
    ["protobuf", hexOf(payload)],
  ]);
  assert.deepEqual(refused, []);
});

test("a stream of messages that has lost its step goes on at the next magic byte that begins one", () => {
  const stream = Buffer.concat([
    streamFrame(hello),
    utf8("<event/>\n"),
    streamFrame(hello),
    Uint8Array.of(0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
    streamFrame(hello),
  ]);
  const { frames, refused, discarded } = hearAnyhow(stream, "protobuf");
  assert.equal(frames.length, 3);
  assert.deepEqual(refused, [
    "no-magic: 9 bytes that belong to no message",
    "frame-length: a length of more than five bytes",
    "no-magic: 7 bytes that belong to no message",
  ]);
  assert.equal(discarded, 16);
});

test("a message that is too long is passed over by its length", () => {
  const large = streamFrame(new Uint8Array(MAX_EVENT_BYTES + 1).fill(0xbf));
  const stream = Buffer.concat([streamFrame(hello), large, streamFrame(hello), streamFrame(new Uint8Array(MAX_EVENT_BYTES))]);
  for (const size of [1, 4096, stream.length]) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
    const { frames, refused, discarded } = hear(chunks, "protobuf");
    assert.equal(frames.length, 3);
    assert.deepEqual(refused, ["frame-too-long: a message of 32769 bytes, at most 32768"]);
    assert.equal(discarded, large.length);
  }
});

test("a stream that changes from XML to version 1 is followed, by its bytes or by being told", () => {
  const stream = Buffer.concat([utf8(a), utf8(b), streamFrame(payload), streamFrame(hello)]);
  const expected: Heard["frames"] = [
    ["xml", a],
    ["xml", b],
    ["protobuf", hexOf(payload)],
    ["protobuf", hexOf(hello)],
  ];
  assert.deepEqual(hearAnyhow(stream, "any"), { frames: expected, refused: [], discarded: 0 });
  // The message that agrees on it is the last in XML, in the middle of a chunk.
  const frames: [CotForm, string][] = [];
  const reader: CotStreamReader = new CotStreamReader(
    ({ form, bytes }) => {
      frames.push([form, form === "xml" ? textOf(bytes) : hexOf(bytes)]);
      if (textOf(bytes) === b) reader.expect("protobuf");
    },
    ({ detail }) => assert.fail(detail),
    "xml",
  );
  reader.push(stream);
  reader.end();
  assert.deepEqual(frames, expected);
});

test("mesh messages without lengths are told apart by what cannot be a field, between themselves and from XML", () => {
  const stream = Buffer.concat([meshFrame(payload), meshFrame(hello), utf8(a), meshFrame(payload), utf8(b), meshFrame(hello)]);
  const { frames, refused } = hearAnyhow(stream, "any");
  assert.deepEqual(
    frames.map(([, content]) => content),
    [hexOf(payload), hexOf(hello), a, hexOf(payload), b, hexOf(hello)],
  );
  assert.deepEqual(refused, []);
  // A payload with magic bytes in it.
  const tricky = bytesOf(encodeTakMessage({ event: { ...drone, uid: "\u00bf\u00bf", point: { ...drone.point, haeM: -1.4e-45 } } }));
  assert.equal(hearAnyhow(Buffer.concat([meshFrame(tricky), meshFrame(tricky)]), "any").frames.length, 2);
  const largest = meshFrame(Uint8Array.from([0x1a, 0xfc, 0xff, 0x01, ...new Uint8Array(MAX_EVENT_BYTES - 4)]));
  assert.equal(largest.length, MAX_EVENT_BYTES + 3);
  assert.deepEqual(
    hear([largest, meshFrame(hello)], "any").frames.map(([, content]) => content.length),
    [2 * MAX_EVENT_BYTES, 2 * hello.length],
  );
});

test("any events are found again in a stream of them, in any mixture of forms, cut anywhere", () => {
  const forms = fc.constantFrom("xml", "stream", "mesh");
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, forms), { maxLength: 4 }), fc.array(fc.nat(4000), { maxLength: 4 }), (events, cuts) => {
      const stream = Buffer.concat(
        events.map(([event, form]) => {
          if (form === "xml") return bytesOf(encodeCotXml(event));
          const message = bytesOf(encodeTakMessage({ event }));
          return form === "mesh" ? meshFrame(message) : streamFrame(message);
        }),
      );
      const at = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((x, y) => x - y), stream.length];
      const chunks = at.slice(1).map((to, k) => stream.subarray(at[k], to));
      const found: unknown[] = [];
      const reader = new CotStreamReader(
        (frame) => {
          const decoded = decodeCotFrame(frame);
          assert.ok("message" in decoded, JSON.stringify(decoded));
          found.push(decoded.message.event?.uid);
        },
        ({ detail }) => assert.fail(detail),
        "any",
      );
      for (const chunk of chunks) reader.push(chunk);
      reader.end();
      assert.deepEqual(
        found,
        events.map(([{ uid }]) => uid),
      );
    }),
    { numRuns: 300 },
  );
});

test("no bytes make the reader throw, hold more than it may, or hear different things when they are cut differently", () => {
  const pieces = fc
    .constantFrom(..."<event>|</event>|<|>|'|\"|<!--|-->|<![CDATA[|]]>|<?|?>|/>| |a|\n|<auth>|</auth>|<!D|\u00bf".split("|"))
    .map(utf8);
  const raw = fc
    .constantFrom(
      [0xbf],
      [0xbf, 1],
      [0xbf, 1, 0xbf],
      [0xbf, 2, 0x0a, 0x00],
      [0xbf, 3, 0xbf],
      [0x12, 0],
      [0x80],
      [0xbf, 0x80],
      [0xef, 0xbb, 0xbf],
      [0xef],
      [0],
    )
    .map((bytes) => Uint8Array.from(bytes));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pieces, raw), { maxLength: 24 }),
      fc.constantFrom("xml" as const, "protobuf" as const, "any" as const),
      (parts, form) => {
        const stream = Buffer.concat(parts);
        const whole = hear([stream], form);
        assert.deepEqual(hear(parts, form), whole);
        assert.deepEqual(
          hear(
            [...stream].map((byte) => Uint8Array.of(byte)),
            form,
          ),
          whole,
        );
      },
    ),
    { numRuns: 3000 },
  );
});

test("a datagram says by its header what it holds", () => {
  assert.deepEqual(frameOfDatagram(utf8(a)), { frame: { form: "xml", bytes: utf8(a) } });
  assert.deepEqual(frameOfDatagram(meshFrame(hello)), { frame: { form: "protobuf", bytes: hello } });
  const decoded = frameOfDatagram(meshFrame(payload));
  assert.ok("frame" in decoded);
  const message = decodeCotFrame(decoded.frame);
  assert.ok("message" in message && message.message.event?.uid === "RID-7");
});

test("headers are those of the protocol", () => {
  assert.deepEqual([...meshFrame(Uint8Array.of(0x12, 0))], [0xbf, 0x01, 0xbf, 0x12, 0x00]);
  assert.deepEqual([...streamFrame(Uint8Array.of(0x12, 0))], [0xbf, 0x02, 0x12, 0x00]);
  assert.deepEqual([...streamFrame(new Uint8Array(300)).subarray(0, 3)], [0xbf, 0xac, 0x02]);
});

test("an event in XML that is written by us ends its frame, with nothing behind it", () => {
  const written = textOf(bytesOf(encodeCotXml(eventOfXml(eventXml("<detail><remarks>a &lt;/event&gt; ]]&gt; b</remarks></detail>")))));
  assert.match(written, /^<\?xml version="1\.0" encoding="UTF-8" standalone="yes"\?>\n<event /);
  assert.ok(written.endsWith("</detail></event>"));
  assert.equal(written.indexOf("</event>"), written.length - 8);
});
