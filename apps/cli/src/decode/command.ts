// `atalaya decode FILE… | - [--format NAME]`
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { looksLikeCapture, looksLikeLzma } from "@atalaya/remote-id";
import { captureLines } from "./capture.ts";
import { cotLines, looksLikeCot } from "./cot.ts";
import type { Ending } from "./line.ts";
import { receiverLines } from "./receiver.ts";
import { vectorLines } from "./vectors.ts";

const DECODERS = { pcap: captureLines, vectors: vectorLines, dronescout: receiverLines, cot: cotLines } as const;
type Format = keyof typeof DECODERS;
const FORMATS = Object.keys(DECODERS).join(", ");
const NOT_YET = ["adsb"];
const USAGE = `Usage: atalaya decode FILE… | - [--format NAME]
NAME is one of: ${FORMATS}; without it the content tells. "-" reads standard input.`;
/** So much of the input is looked at before its format is guessed. */
const HEAD_BYTES = 65_536;

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
  const isKnown = (): boolean => looksLikeCapture(start) || looksLikeCot(start) || start.length >= HEAD_BYTES || start.includes(0x0a);
  while (start.length < 4 || !isKnown()) {
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

async function decodeOne(name: string, format: Format | undefined): Promise<number> {
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
    const { refused, wasReadToEnd } = await write(DECODERS[chosen](chunks));
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
        say(given !== undefined && NOT_YET.includes(given) ? `--format ${given}: not in this version` : `--format: one of ${FORMATS}`);
        return 2;
      }
      format = given;
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
  for (const name of names) worst = Math.max(worst, await decodeOne(name, format));
  return worst;
}
