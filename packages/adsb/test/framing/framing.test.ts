// Streams come in pieces of any size, damaged, endless or hostile: frames come out whole, and nothing is held beyond one of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  AvrFramer,
  BeastFramer,
  decodeSbs,
  encodeAvr,
  encodeBeast,
  encodeSbs,
  guessFraming,
  hex,
  type RawFrame,
  SbsFramer,
  type SbsMessage,
  TickClock,
} from "../../src/index.ts";
import { noise } from "../noise.ts";

interface Framer {
  push(chunk: Uint8Array): void;
  end?(): void;
}
type Make = (out: unknown[]) => Framer;

const plain = ({ bytes, length, ticks, signal }: RawFrame): unknown => [hex(bytes, 0, length), ticks, signal];
const beast: Make = (out) => new BeastFramer((frame) => out.push(plain(frame)));
const avr: Make = (out) =>
  new AvrFramer(
    (frame) => out.push(plain(frame)),
    ({ code }) => out.push(code),
  );
const sbs: Make = (out) =>
  new SbsFramer(
    (message) => out.push(message),
    ({ code }) => out.push(code),
  );

function read(make: Make, pieces: readonly Uint8Array[]): readonly unknown[] {
  const out: unknown[] = [];
  const framer = make(out);
  for (const piece of pieces) framer.push(piece);
  framer.end?.();
  return out;
}

/** The stream whole, byte by byte, and cut in two at every byte: always the same. */
function everywhere(make: Make, stream: Uint8Array): readonly unknown[] {
  const whole = read(make, [stream]);
  assert.deepEqual(
    read(
      make,
      Array.from(stream, (byte) => Uint8Array.of(byte)),
    ),
    whole,
    "byte by byte",
  );
  for (let cut = 0; cut <= stream.length; cut += 1)
    assert.deepEqual(read(make, [stream.subarray(0, cut), stream.subarray(cut)]), whole, `cut at ${cut}`);
  return whole;
}

const text = (...lines: readonly string[]): Uint8Array => Uint8Array.from(lines.join(""), (character) => character.charCodeAt(0));
const bytes = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const LONG = Uint8Array.of(0x8d, 0x1a, 0x1a, 0xd6, 0x1a, 0x2c, 0xc3, 0x71, 0xc3, 0x2c, 0xe0, 0x57, 0x60, 0x1a);
const SHORT = Uint8Array.of(0x5d, 0xab, 0x92, 0xa2, 0xb0, 0x49, 0x12);
const LONG_TEXT = "8D1A1AD61A2CC371C32CE057601A";

test("Beast frames of all types come out, escapes undone, wherever the stream is cut", () => {
  const stream = bytes(
    encodeBeast(LONG, 0x1a1a_1a1a_1a1a, 0x1a),
    encodeBeast(SHORT, 0xffff_ffff_ffff, 0xff),
    encodeBeast(Uint8Array.of(0x1a, 0x31), 1, 0),
    encodeBeast(LONG, 0x0102_0304_0506, 7),
  );
  assert.deepEqual(everywhere(beast, stream), [
    [LONG_TEXT, 0x1a1a_1a1a_1a1a, 0x1a],
    ["5DAB92A2B04912", 0xffff_ffff_ffff, 0xff],
    ["1A31", 1, 0],
    [LONG_TEXT, 0x0102_0304_0506, 7],
  ]);
});

test("a Beast frame as a receiver sent it", () => {
  // 1a, type 3, six bytes of counter, signal 0x40, fourteen bytes of frame; written down by hand.
  const stream = Uint8Array.of(
    ...[0x1a, 0x33, 0x00, 0x00, 0x01, 0x8c, 0xba, 0x80, 0x40],
    ...[0x8d, 0x48, 0x40, 0xd6, 0x20, 0x2c, 0xc3, 0x71, 0xc3, 0x2c, 0xe0, 0x57, 0x60, 0x98],
  );
  assert.deepEqual(read(beast, [stream]), [["8D4840D6202CC371C32CE0576098", 26_000_000, 64]]);
});

test("settings, status, positions and messages of unknown type are passed over whole, escapes in them too", () => {
  const status = bytes([0x1a, 0x34], new Uint8Array(7), [0x1a, 0x1a], new Uint8Array(13).fill(0x33));
  const position = bytes([0x1a, 0x35], new Uint8Array(21).fill(0x1b));
  const receiver = bytes([0x1a, 0xe3, 1, 2, 3, 0x1a, 0x1a, 5, 6, 7, 8]);
  const stream = bytes(status, encodeBeast(SHORT, 2, 3), position, receiver, encodeBeast(SHORT, 4, 5));
  assert.deepEqual(everywhere(beast, stream), [
    ["5DAB92A2B04912", 2, 3],
    ["5DAB92A2B04912", 4, 5],
  ]);
  const framer = new BeastFramer(() => undefined);
  framer.push(stream);
  assert.deepEqual([framer.otherMessages, framer.discardedBytes], [3, 0]);
});

test("after a lost byte, a cut frame or a stream joined in the middle the next whole Beast frame is found, and the rest counted", () => {
  const good = encodeBeast(SHORT, 2, 3);
  const cut = encodeBeast(LONG, 9, 9).subarray(0, 12);
  const frame = ["5DAB92A2B04912", 2, 3];
  const tails: readonly (readonly [string, Uint8Array, number])[] = [
    ["text", text("hello"), 5],
    ["a frame cut short", cut, 9 + 2],
    ["the rest of a frame", good.subarray(4), good.length - 4],
    ["a doubled escape", Uint8Array.of(0x1a, 0x1a), 2],
    ["an escape that closes nothing", Uint8Array.of(0x1a, 0x1a, 0x33), 3],
  ];
  for (const [name, before, discarded] of tails) {
    const stream = bytes(before, good, good);
    assert.deepEqual(everywhere(beast, stream), [frame, frame], name);
    const framer = new BeastFramer(() => undefined);
    framer.push(stream);
    assert.equal(framer.discardedBytes, discarded, name);
  }
});

test("AVR frames with and without counter and signal come out, wherever the text is cut", () => {
  const stream = text(
    "*8D4840D6202CC371C32CE0576098;\r\n",
    ":5dab92a2b04912;\n",
    "@00000018CBA808D4840D6202CC371C32CE0576098;\n",
    "%FFFFFFFFFFFF5DAB92A2B04912;*1200;",
    "<0000018CBA80405DAB92A2B04912;\n",
  );
  const nothing = Number.NaN;
  assert.deepEqual(everywhere(avr, stream), [
    ["8D4840D6202CC371C32CE0576098", nothing, nothing],
    ["5DAB92A2B04912", nothing, nothing],
    "wrong-length",
    ["5DAB92A2B04912", 0xffff_ffff_ffff, nothing],
    ["1200", nothing, nothing],
    ["5DAB92A2B04912", 26_000_000, 64],
  ]);
});

test("text that is no AVR frame is refused by its fault, and the next frame is read", () => {
  const good = "*5DAB92A2B04912;\n";
  const frame = ["5DAB92A2B04912", Number.NaN, Number.NaN];
  assert.deepEqual(everywhere(avr, text("*5DAB92XX;\n", good)), ["not-hex", frame]);
  assert.deepEqual(everywhere(avr, text("*5DAB92A2B04912\n", good)), ["not-hex", frame]);
  assert.deepEqual(everywhere(avr, text("*5DAB92A2B0491;\n", good)), ["wrong-length", frame]);
  assert.deepEqual(everywhere(avr, text("*;\n", good)), ["wrong-length", frame]);
  assert.deepEqual(everywhere(avr, text("@0000;\n", good)), ["wrong-length", frame]);
  assert.deepEqual(everywhere(avr, text("*5DAB", good)), ["unfinished", frame]);
  assert.deepEqual(everywhere(avr, text("*", "0".repeat(60), ";\n", good)), ["too-long", frame]);
  assert.deepEqual(everywhere(avr, text(good, "*5DAB")), [frame, "unfinished"]);
  const framer = new AvrFramer(
    () => undefined,
    () => undefined,
  );
  framer.push(text("# kept by hand\n", good, "  \r\n"));
  assert.equal(framer.discardedBytes, "#keptbyhand".length);
});

test("what the encoders write is read back, in all three framings", () => {
  const frames = fc.array(
    fc.record({
      frame: fc.constantFrom(2, 7, 14).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
      ticks: fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 48),
      signal: fc.nat(255),
    }),
  );
  fc.assert(
    fc.property(frames, (sent) => {
      const expected = sent.map(({ frame, ticks, signal }) => [hex(frame), ticks, signal]);
      assert.deepEqual(read(beast, [bytes(...sent.map(({ frame, ticks, signal }) => encodeBeast(frame, ticks, signal)))]), expected);
      assert.deepEqual(read(avr, [text(...sent.map(({ frame, ticks, signal }) => encodeAvr(frame, ticks, signal)))]), expected);
      assert.deepEqual(
        read(avr, [text(...sent.map(({ frame, ticks }, k) => encodeAvr(frame, k % 2 === 0 ? ticks : undefined)))]),
        sent.map(({ frame, ticks }, k) => [hex(frame), k % 2 === 0 ? ticks : Number.NaN, Number.NaN]),
      );
    }),
  );
});

const sbsMessage: fc.Arbitrary<SbsMessage> = fc
  .record({
    transmissionType: fc.integer({ min: 1, max: 8 }),
    address: fc.nat(0xff_ffff),
    isIcao: fc.boolean(),
    generatedMs: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: undefined }),
    loggedMs: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: undefined }),
    callsign: fc.constantFrom(undefined, "KLM1023", "N1"),
    altitudeFt: fc.option(fc.integer({ min: -1200, max: 126_700 }), { nil: undefined }),
    groundSpeedKt: fc.option(
      fc.nat(9999).map((value) => value / 10),
      { nil: undefined },
    ),
    trackDeg: fc.option(
      fc.nat(3599).map((value) => value / 10),
      { nil: undefined },
    ),
    place: fc.option(
      fc.record({ latDeg: fc.integer({ min: -900_000, max: 900_000 }), lonDeg: fc.integer({ min: -1_800_000, max: 1_800_000 }) }),
      { nil: undefined },
    ),
    verticalRateFpm: fc.option(
      fc.integer({ min: -500, max: 500 }).map((steps) => steps * 64 + 0),
      { nil: undefined },
    ),
    squawk: fc.constantFrom(undefined, "0000", "7700", "0123"),
    hasAlert: fc.constantFrom(undefined, true, false),
    isEmergency: fc.constantFrom(undefined, true, false),
    isIdent: fc.constantFrom(undefined, true, false),
    isOnGround: fc.constantFrom(undefined, true, false),
  })
  .map(({ place, ...rest }) => {
    const at = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / 10_000 + 0);
    return { ...rest, latDeg: at(place?.latDeg), lonDeg: at(place?.lonDeg) };
  });

test("BaseStation lines are read back as they were written", () => {
  fc.assert(
    fc.property(fc.array(sbsMessage), (sent) => {
      assert.deepEqual(
        read(sbs, [text(...sent.map(encodeSbs))]).map((message) => ({ ...(message as object) })),
        sent.map((message) => ({ ...message })),
      );
    }),
  );
});

const LINE = "MSG,3,1,1,4840D6,1,2026/11/24,08:00:00.250,2026/11/24,08:00:00.300,,38000,,,52.25720,3.91937,,,0,0,0,0";
const POSITION: SbsMessage = {
  transmissionType: 3,
  address: 0x4840d6,
  isIcao: true,
  generatedMs: Date.UTC(2026, 10, 24, 8, 0, 0, 250),
  loggedMs: Date.UTC(2026, 10, 24, 8, 0, 0, 300),
  callsign: undefined,
  altitudeFt: 38_000,
  groundSpeedKt: undefined,
  trackDeg: undefined,
  latDeg: 52.2572,
  lonDeg: 3.91937,
  verticalRateFpm: undefined,
  squawk: undefined,
  hasAlert: false,
  isEmergency: false,
  isIdent: false,
  isOnGround: false,
};

test("lines of BaseStation come out wherever the text is cut, lists and status passed over", () => {
  const identity = "MSG,1,111,11111,~2A0123,111111,2026/02/29,25:00:00.000,,,KLM1023 ,,,,,,,,,,,0";
  const stream = text(`${LINE}\r\n`, "SEL,,496,2286,4CA4E5,27215,2010/02/19,18:06:07.710,,,RYR1427\n", "AIR,,1,1,4CA4E5,1\n", identity);
  const out = everywhere(sbs, stream);
  assert.deepEqual(out[0], POSITION);
  const second = out[1] as SbsMessage;
  assert.deepEqual([second.address, second.isIcao, second.callsign, second.generatedMs], [0x2a0123, false, "KLM1023", undefined]);
  assert.equal(out.length, 2);
});

test("lines that are no message are refused by their fault, values out of range left out", () => {
  const code = (line: string): string | undefined => {
    const decoded = decodeSbs(line);
    return decoded !== undefined && "refused" in decoded ? decoded.refused.code : undefined;
  };
  assert.equal(code("hello"), "unknown-line");
  assert.equal(code("MSG,3,1,1,4840D6"), "too-few-fields");
  assert.equal(code(LINE.replace("MSG,3", "MSG,9")), "bad-type");
  assert.equal(code(LINE.replace("MSG,3", "MSG,")), "bad-type");
  assert.equal(code(LINE.replace("4840D6", "4840D")), "bad-address");
  assert.equal(code(LINE.replace("4840D6", "4840DG")), "bad-address");
  const odd = decodeSbs(LINE.replace("52.25720", "92.25720").replace(",38000,", ",1e9,"));
  assert.ok(odd !== undefined && !("refused" in odd));
  assert.deepEqual([odd.latDeg, odd.lonDeg, odd.altitudeFt], [undefined, undefined, undefined]);
  assert.deepEqual(read(sbs, [text("x".repeat(2000), "\n", LINE, "\n")]), ["too-long", POSITION]);
});

test("ten megabytes of noise, escapes without end and lines that never end are passed over", () => {
  const tenMegabytes = noise(10_000_000);
  for (const make of [beast, avr, sbs]) {
    let outs = 0;
    const framer = make({ push: () => (outs += 1) } as unknown as unknown[]);
    for (let at = 0; at < tenMegabytes.length; at += 65_536) framer.push(tenMegabytes.subarray(at, at + 65_536));
    assert.ok(outs < 300_000, `${outs}`);
  }
  const out: unknown[] = [];
  const framer = beast(out);
  framer.push(new Uint8Array(1_000_000).fill(0x1a));
  framer.push(encodeBeast(SHORT, 2, 3));
  framer.push(encodeBeast(SHORT, 4, 5));
  assert.deepEqual(out.at(-1), ["5DAB92A2B04912", 4, 5]);
  assert.deepEqual(read(sbs, [...Array.from({ length: 200 }, () => new Uint8Array(65_536).fill(0x41)), text("\n", LINE)]), [
    "too-long",
    POSITION,
  ]);
  assert.deepEqual(read(avr, [text("*"), ...Array.from({ length: 200 }, () => new Uint8Array(65_536).fill(0x30)), text("\n*1200;")]), [
    "too-long",
    ["1200", Number.NaN, Number.NaN],
  ]);
});

test("the framing shows itself in the first bytes, and what is none of the three is none", () => {
  const frame = encodeBeast(SHORT, 2, 3);
  assert.equal(guessFraming(frame), "beast");
  assert.equal(guessFraming(bytes(frame.subarray(5), frame, frame)), "beast");
  assert.equal(guessFraming(bytes(noise(500), frame)), "beast", "a frame proves itself by its parity");
  assert.equal(guessFraming(bytes([0x1a, 0x34], new Uint8Array(21), frame)), "beast");
  assert.equal(guessFraming(frame.subarray(0, 9)), undefined, "too little");
  for (const line of [
    "*5DAB92A2B04912;",
    "@0000018CBA805DAB92A2B04912;",
    "<0000018CBA80405DAB92A2B04912;",
    "*1200;*5DAB92A2B04912;",
    "*5DAB92;",
  ])
    assert.equal(guessFraming(text(`${line}\n`)), "avr", line);
  assert.equal(guessFraming(text("92A2B04912;\r\n*5DAB92A2B04912;\r\n")), "avr");
  assert.equal(guessFraming(text(`${LINE}\n`)), "sbs");
  assert.equal(guessFraming(text("STA,,5,179,400AE7,10103,2008/11/28,14:58:51.153,,,RM\n")), "sbs");
  for (const other of ["", "Dear all", "* a list;\n* of things;\n", "<event uid='a'/>", '{"protocol":1.0}', "MSG 3"])
    assert.equal(guessFraming(text(other)), undefined, other);
  assert.equal(guessFraming(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 0x01, 0, 0, 0, 0, 0, 0, 0x1f, 0x1a, 0x32)), undefined, "Matroska");
  assert.equal(guessFraming(noise(65_536)), undefined);
});

test("counters run on through their turn, GPS time through midnight, and no time is no time", () => {
  const counter = new TickClock("counter");
  assert.equal(counter.secondsOf(12_000_000), 1);
  const period = 2 ** 48 / 12e6;
  assert.ok(Math.abs(new TickClock("counter").secondsOf(2 ** 48 - 12_000_000) - (period - 1)) < 1e-6);
  const turning = new TickClock("counter");
  const before = turning.secondsOf(2 ** 48 - 12_000_000);
  const after = turning.secondsOf(12_000_000);
  assert.ok(Math.abs(after - before - 2) < 1e-6);
  const late = turning.secondsOf(2 ** 48 - 6_000_000);
  assert.ok(Math.abs(late - before - 0.5) < 1e-6, "a late frame from before the turn");
  assert.ok(Math.abs(turning.secondsOf(24_000_000) - before - 3) < 1e-6);
  const gps = new TickClock("gps");
  const at = (seconds: number, nanoseconds: number): number => gps.secondsOf(seconds * 2 ** 30 + nanoseconds);
  const evening = at(86_399, 500_000_000);
  assert.equal(evening, 86_399.5);
  assert.ok(Math.abs(at(0, 250_000_000) - evening - 0.75) < 1e-9);
  for (const none of [0, Number.NaN, 0xff00_4d4c_4154]) assert.ok(Number.isNaN(new TickClock("counter").secondsOf(none)));
});
