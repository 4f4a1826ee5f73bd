// `atalaya decode FILE… | - [--format NAME] [--ref LAT,LON]`
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { looksLikeCapture, looksLikeLzma } from "@atalaya/remote-id";
import { adsbLines, type AdsbOptions, looksLikeAdsb } from "./adsb.ts";
import { captureLines } from "./capture.ts";
import { cotLines, looksLikeCot } from "./cot.ts";
import type { Ending } from "./line.ts";
import { receiverLines } from "./receiver.ts";
import { vectorLines } from "./vectors.ts";

const DECODERS = { pcap: captureLines, vectors: vectorLines, dronescout: receiverLines, adsb: adsbLines, cot: cotLines } as const;
type Format = keyof typeof DECODERS;
const FORMATS = Object.keys(DECODERS).join(", ");
const USAGE = `Usage: atalaya decode FILE… | - [--format NAME] [--ref LAT,LON]
NAME is one of: ${FORMATS}; without it the content tells. "-" reads standard input.
adsb: --ref is a place (degrees) near which aircraft on the ground are; --ticks gps if the receiver counts GPS time, not 12 MHz.`;
/** So much of the input is looked at before its format is guessed. */
const HEAD_BYTES = 65_536;
/** With which a Beast stream begins: a line's end in it means nothing. */
const BEAST_ESCAPE = 0x1a;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function isFormat(name: string | undefined): name is Format {
  return name !== undefined && Object.hasOwn(DECODERS, name);
}

/** The format by the first bytes; undefined when they are none of ours. */
function guess(head: Uint8Array): Format | undefined {
  if (looksLikeCapture(head)) return "pcap";
  if (looksLikeLzma(head)) return "dronescout";
  if (looksLikeAdsb(head)) return "adsb";
  if (looksLikeCot(head)) return "cot";
  const text = Buffer.from(head).toString("latin1").trimStart();
  if (!/^[[{]/.test(text)) return undefined;
  const [first = ""] = text.split("\n");
  return /^\{.*"kind"\s*:/.test(first) && !/^\{\s*"protocol"\s*:/.test(first) ? "vectors" : "dronescout";
}

/** The stream with its first bytes looked at, and still whole. */
async function peek(source: Readable): Promise<{ readonly head: Uint8Array; readonly chunks: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start: Buffer = Buffer.alloc(0);
  // A capture shows itself in four bytes; text must have its first line to itself, which a live pipe may send in pieces.
  const isTold = (): boolean =>
    looksLikeCapture(start) || looksLikeCot(start) || (start[0] === BEAST_ESCAPE ? looksLikeAdsb(start) : start.includes(0x0a));
  while (start.length < 4 || (start.length < HEAD_BYTES && !isTold())) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (start.length > 0) yield start;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
  return { head: start.subarray(0, HEAD_BYTES), chunks: chunks() };
}

/** Writes what a decoder yields, waiting while the reader of it is behind. */
async function write(lines: AsyncGenerator<string, Ending>): Promise<Ending> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) return value;
    if (!process.stdout.write(value)) await once(process.stdout, "drain");
  }
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "no such file";
  if (code === "EACCES" || code === "EPERM") return "may not be read by this user";
  return error instanceof Error ? error.message : String(error);
}

/** "LAT,LON" in degrees; undefined when it is none. */
function placeOf(text: string | undefined): AdsbOptions["reference"] {
  const match = /^\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(text ?? "");
  const latDeg = Number(match?.[1] ?? Number.NaN);
  const lonDeg = Number(match?.[2] ?? Number.NaN);
  return Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180 ? { latDeg, lonDeg } : undefined;
}

async function decodeOne(name: string, format: Format | undefined, adsb: AdsbOptions): Promise<number> {
  try {
    if (name !== "-" && (await stat(name)).isDirectory()) {
      say(`${name}: a folder; name the files in it`);
      return 1;
    }
    const { head, chunks } = await peek(name === "-" ? process.stdin : createReadStream(name));
    const chosen = format ?? guess(head);
    if (chosen === undefined) {
      say(`${name}: ${head.length === 0 ? "is empty" : `none of the formats ${FORMATS}; name one with --format if you know better`}`);
      return 1;
    }
    const { refused, wasReadToEnd } = await write(DECODERS[chosen](chunks, adsb));
    if (refused !== undefined) say(`${name}: ${refused.detail} (${refused.code}, ${refused.clause})`);
    return wasReadToEnd ? 0 : 1;
  } catch (error) {
    say(`${name}: ${whyUnreadable(error)}`);
    return 1;
  }
}

export async function run(words: readonly string[]): Promise<number> {
  const names: string[] = [];
  let format: Format | undefined;
  let adsb: AdsbOptions = {};
  for (let k = 0; k < words.length; k += 1) {
    const word = words[k] ?? "";
    if (word === "--help" || word === "-h") {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (word === "--format" || word.startsWith("--format=")) {
      if (word === "--format") k += 1;
      const given = word === "--format" ? words[k] : word.slice("--format=".length);
      if (!isFormat(given)) {
        say(`--format: one of ${FORMATS}`);
        return 2;
      }
      format = given;
    } else if (word === "--ref" || word.startsWith("--ref=")) {
      if (word === "--ref") k += 1;
      const reference = placeOf(word === "--ref" ? words[k] : word.slice("--ref=".length));
      if (reference === undefined) {
        say("--ref: latitude and longitude in degrees, as 31.76,-106.49");
        return 2;
      }
      adsb = { ...adsb, reference };
    } else if (word === "--ticks" || word.startsWith("--ticks=")) {
      if (word === "--ticks") k += 1;
      const ticks = word === "--ticks" ? words[k] : word.slice("--ticks=".length);
      if (ticks !== "gps" && ticks !== "counter") {
        say("--ticks: gps or counter");
        return 2;
      }
      adsb = { ...adsb, ticks };
    } else if (word.startsWith("-") && word !== "-") {
      say(`Unknown option ${word}\n${USAGE}`);
      return 2;
    } else names.push(word);
  }
  if (names.length === 0) {
    say(USAGE);
    return 2;
  }
  let worst = 0;
  for (const name of names) worst = Math.max(worst, await decodeOne(name, format, adsb));
  return worst;
}
