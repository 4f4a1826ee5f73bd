// `atalaya decode` of what Mode S receivers send, as users run it: a child process, its output, its exit code.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { encodeAvr, encodeBeast, fromHex, writeParity } from "@atalaya/adsb";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const options = ["-C", "source", "--disable-warning=ExperimentalWarning", main, "decode"];

interface Ran {
  readonly status: number | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly said: string;
}

function decode(words: readonly string[], input: string | Uint8Array): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...words], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  const lines = stdout.split("\n");
  assert.equal(lines.pop(), "", "the last line ends");
  return { status, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), said: stderr };
}

const EVEN = "8D40621D58C382D690C8AC2863A7";
const ODD = "8D40621D58C386435CC412692AD6";
const IDENTIFICATION = "8D4840D6202CC371C32CE0576098";
const GROUND = "8D485020994409940838175B284F";
const AIR = "8DA05F219B06B6AF189400CBC33F";
const SURFACE_EVEN = "8C4841753AAB238733C8CD4020B1";
const SURFACE_ODD = "8C4841753A8A35323FAEBDAC702D";
const ALL_CALL = "5DAB92A2B04912";
const ACAS = "020007A0D08FF4";

const airborne = { icao: "40621D", df: 17, typeCode: 11, altitude_ft: 38_000 };
// The figures are those of the worked examples, unrounded as 17 bits give them.
const position = { latitude: 52.2572021484375, longitude: 3.91937255859375 };

function beast(frames: readonly (readonly [text: string, seconds: number])[]): Buffer {
  return Buffer.concat(frames.map(([text, seconds]) => encodeBeast(fromHex(text) ?? new Uint8Array(), Math.round(seconds * 12e6), 26)));
}

test("each frame of AVR prints one line with what it says, positions from the nearest pair in order", () => {
  const text = [IDENTIFICATION, ODD, EVEN, GROUND, AIR, ALL_CALL, ACAS].map((frame) => `*${frame};\n`).join("");
  const { status, lines, said } = decode(["-"], text);
  assert.deepEqual([status, said], [0, ""]);
  assert.deepEqual(lines, [
    { icao: "4840D6", df: 17, typeCode: 4, callsign: "KLM1023" },
    airborne,
    { ...airborne, ...position },
    {
      icao: "485020",
      df: 17,
      typeCode: 19,
      groundSpeed_kt: Math.sqrt(8 * 8 + 159 * 159),
      track: 360 + (Math.atan2(-8, -159) * 180) / Math.PI,
      verticalRate_fpm: -832,
    },
    { icao: "A05F21", df: 17, typeCode: 19, airspeed_kt: 375, heading: 243.984375, verticalRate_fpm: -2304 },
    { icao: "AB92A2", df: 11 },
    { icao: "AB92A2", df: 0, altitude_ft: 10_600 },
  ]);
  assert.deepEqual(decode(["--format", "adsb", "-"], text).lines, lines);
});

test("Beast gives positions for pairs at most ten seconds apart, by its own counter or by GPS time when told so", () => {
  const pair = beast([
    [ODD, 100],
    [EVEN, 110],
    [ODD, 120.5],
  ]);
  assert.deepEqual(decode(["-"], pair), { status: 0, lines: [airborne, { ...airborne, ...position }, airborne], said: "" });
  const gps = (seconds: number): number => seconds * 2 ** 30;
  const bytes = [ODD, EVEN].map((text, k) => encodeBeast(fromHex(text) ?? new Uint8Array(), gps(50_000 + 9 * k), 1));
  assert.deepEqual(decode(["-"], Buffer.concat(bytes)).lines, [airborne, airborne]);
  assert.deepEqual(decode(["--ticks", "gps", "-"], Buffer.concat(bytes)).lines, [airborne, { ...airborne, ...position }]);
  // Without times, as relays write 0, the order pairs.
  assert.deepEqual(
    decode(
      ["-"],
      beast([
        [ODD, 0],
        [EVEN, 0],
      ]),
    ).lines,
    [airborne, { ...airborne, ...position }],
  );
});

test("AVR with counters keeps to the ten seconds as well", () => {
  const line = (text: string, seconds: number): string => encodeAvr(fromHex(text) ?? new Uint8Array(), seconds * 12e6);
  assert.deepEqual(decode(["-"], line(ODD, 1) + line(EVEN, 12)).lines, [airborne, airborne]);
  assert.deepEqual(decode(["-"], line(ODD, 1) + line(EVEN, 11)).lines, [airborne, { ...airborne, ...position }]);
});

test("surface positions need --ref", () => {
  const text = `*${SURFACE_EVEN};\n*${SURFACE_ODD};\n`;
  const moving = [
    { icao: "484175", df: 17, typeCode: 7, groundSpeed_kt: 18, track: 140.625 },
    { icao: "484175", df: 17, typeCode: 7, groundSpeed_kt: 16, track: 98.4375 },
  ];
  assert.deepEqual(decode(["-"], text).lines, moving);
  for (const words of [["--ref", "51.99,4.375"], ["--ref=51.99,4.375"]]) {
    const [first, second] = decode([...words, "-"], text).lines;
    assert.deepEqual(first, moving[0]);
    const { latitude, longitude, ...rest } = second ?? {};
    assert.deepEqual(rest, moving[1]);
    assert.ok(Math.abs(Number(latitude) - 52.32061) < 1e-5 && Math.abs(Number(longitude) - 4.73473) < 1e-5);
  }
});

test("what is damaged, unused or no frame is refused on its line, with the clause", () => {
  const text = [
    `*${EVEN.slice(0, -1)}8;`,
    "*B0000000000000000000000000000000;",
    "*B000000000000000000000000000;",
    "*8D40621D58C382;",
    "*8D4;",
    "*5DAB9Z;",
  ];
  const { status, lines, said } = decode(["--format", "adsb", "-"], text.concat(`*${IDENTIFICATION};`).join("\n"));
  assert.equal(status, 0);
  const codes = lines.map(({ df, refused }) => [df, (refused as { code: string } | undefined)?.code]);
  assert.deepEqual(codes, [
    [17, "bad-crc"],
    [undefined, "wrong-length"],
    [22, "unknown-format"],
    [17, "wrong-length"],
    [undefined, "wrong-length"],
    [undefined, "not-hex"],
    [17, undefined],
  ]);
  assert.match(JSON.stringify(lines[0]), /3\.1\.2\.3\.3/);
  assert.match(said, /out-of-step/);
});

test("an address that only parity tells is printed for aircraft that were heard otherwise", () => {
  const [alone] = decode(["-"], `*${ACAS};\n`).lines;
  assert.deepEqual(alone, { df: 0, altitude_ft: 10_600 });
  // An all-call reply with an interrogator's code in its parity proves less than one without.
  assert.deepEqual(decode(["-"], "*5DAB92A2B04911;\n*5DAB92A2B04912;\n*5DAB92A2B04911;\n").lines, [
    { df: 11 },
    { icao: "AB92A2", df: 11 },
    { icao: "AB92A2", df: 11 },
  ]);
});

test("ground stations' aircraft are marked when the address is not ICAO's", () => {
  const frame = (control: number, first: number): string => {
    const bytes = Uint8Array.of((18 << 3) | control, 0x2a, 0x01, 0x23, first, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    writeParity(bytes, 0, 14, 0);
    return encodeAvr(bytes);
  };
  const text = [frame(2, 0x58), frame(2, 0x59), frame(5, 0x58), frame(4, 0x58)].join("");
  assert.deepEqual(decode(["-"], text).lines, [
    { icao: "2A0123", df: 18, typeCode: 11 },
    { icao: "~2A0123", df: 18, typeCode: 11 },
    { icao: "~2A0123", df: 18, typeCode: 11 },
    { df: 18 },
  ]);
});

test("BaseStation lines print what they say; lists and status print nothing, broken lines are refused", () => {
  const text = [
    "MSG,1,1,1,4840D6,1,2026/11/24,08:00:00.000,2026/11/24,08:00:00.000,KLM1023,,,,,,,,,,,",
    "STA,,5,179,400AE7,10103,2008/11/28,14:58:51.153,,,RM",
    "MSG,3,1,1,40621D,1,2026/11/24,08:00:00.000,2026/11/24,08:00:00.000,,38000,,,52.25720,3.91937,,,0,0,0,0",
    "MSG,4,1,1,485020,1,2026/11/24,08:00:00.000,2026/11/24,08:00:00.000,,,159,183,,,-832,,0,0,0,0",
    "MSG,3,1,1,XYZ,1,,,,,,,,,,,,,,,,",
  ];
  const { status, lines } = decode(["-"], text.join("\r\n"));
  assert.equal(status, 0);
  assert.deepEqual(lines.slice(0, 3), [
    { icao: "4840D6", callsign: "KLM1023" },
    { icao: "40621D", altitude_ft: 38_000, latitude: 52.2572, longitude: 3.91937 },
    { icao: "485020", groundSpeed_kt: 159, track: 183, verticalRate_fpm: -832 },
  ]);
  assert.match(JSON.stringify(lines[3]), /"code":"bad-address"/);
});

test("Mode A and C replies and a receiver's status print nothing, bytes between frames are said", () => {
  const status = Uint8Array.from([0x1a, 0x34, ...new Array<number>(21).fill(0)]);
  const modeA = encodeBeast(Uint8Array.of(0x12, 0x00), 1, 1);
  const {
    status: ended,
    lines,
    said,
  } = decode(["-"], Buffer.concat([beast([[ALL_CALL, 1]]), status, modeA, Buffer.from("abc"), beast([[ALL_CALL, 2]])]));
  assert.equal(ended, 0);
  assert.deepEqual(lines, [
    { icao: "AB92A2", df: 11 },
    { icao: "AB92A2", df: 11 },
  ]);
  assert.match(said, /3 bytes .*out-of-step/);
});

test("what is none of the three cannot be read, and wrong options are wrong use", () => {
  const letter = decode(["--format", "adsb", "-"], "Dear all\n");
  assert.deepEqual([letter.status, letter.lines], [1, []]);
  assert.match(letter.said, /no-framing/);
  assert.equal(decode(["--format", "adsb", "-"], "").status, 1);
  assert.equal(decode(["--format", "adsb", "-"], Buffer.alloc(200_000, 0x41)).status, 1);
  for (const words of [["--ref"], ["--ref", "91,0"], ["--ref", "0,181"], ["--ref", "here"], ["--ref=1"], ["--ticks", "hours"], ["--ticks"]])
    assert.equal(decode([...words, "-"], "").status, 2, words.join(" "));
});

test("a live pipe prints each frame as it comes", async () => {
  const child = spawn(process.execPath, [...options, "-"], { stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const stream = beast([
    [ODD, 1],
    [EVEN, 2],
  ]);
  const lines = async (count: number): Promise<void> => {
    while (printed.split("\n").length <= count) await once(child.stdout, "data");
  };
  // The counter of the first frame holds a line feed, and its end comes late.
  const first = encodeBeast(fromHex(IDENTIFICATION) ?? new Uint8Array(), 0x0a0a, 3);
  child.stdin.write(first.subarray(0, 12));
  child.stdin.write(first.subarray(12));
  await lines(1);
  child.stdin.write(stream.subarray(0, stream.length - 5));
  await lines(2);
  child.stdin.end(stream.subarray(stream.length - 5));
  await lines(3);
  await once(child, "close");
  assert.equal(child.exitCode, 0);
  assert.deepEqual(
    printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
    [{ icao: "4840D6", df: 17, typeCode: 4, callsign: "KLM1023" }, airborne, { ...airborne, ...position }],
  );
});
