// `atalaya decode FILE… | - [--format NAME]`
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { decodeDroneScout, looksLikeCapture, MAX_EXPANDED_BYTES, type Refusal } from "@atalaya/remote-id";
import { captureLines } from "./capture.ts";
import { printedObservation } from "./line.ts";
import { vectorLine } from "./vectors.ts";

const FORMATS = ["pcap", "vectors", "dronescout"] as const;
type Format = (typeof FORMATS)[number];
const LATER = ["adsb", "cot"];
const USAGE = `Usage: atalaya decode FILE… | - [--format ${FORMATS.join("|")}]\n`;

/** Writes a line and waits while the reader is behind. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await new Promise<void>((resolve) => process.stdout.once("drain", () => resolve()));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The format by the first bytes; undefined when they are none of ours. */
function guess(head: Uint8Array): Format | undefined {
  if (looksLikeCapture(head)) return "pcap";
  const text = Buffer.from(head).toString("latin1").trimStart();
  if (/^\{\s*"kind"\s*:/.test(text)) return "vectors";
  if (/^[[{]/.test(text) && /"(protocol|kind)"\s*:/.test(text))
    return /"kind"\s*:/.test(text) && !/^[[{]\s*"protocol"/.test(text) ? "vectors" : "dronescout";
  if (head[0] === 0x5d || head[0] === 0xfd) return "dronescout";
  return /^[[{]/.test(text) ? "dronescout" : undefined;
}

/** The stream with its first bytes looked at, and still whole. */
async function peek(source: Readable): Promise<{ readonly head: Uint8Array; readonly chunks: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: Buffer[] = [];
  let size = 0;
  while (size < 4096) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    first.push(value);
    size += value.length;
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield* first;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
  return { head: Buffer.concat(first), chunks: chunks() };
}

async function decodeCapture(chunks: AsyncIterable<Uint8Array>): Promise<Refusal | undefined> {
  const lines = captureLines(chunks);
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) return value;
    await print(value);
  }
}

async function decodeVectors(chunks: AsyncIterable<Uint8Array>): Promise<undefined> {
  let row = 0;
  for await (const line of createInterface({ input: Readable.from(chunks), crlfDelay: Number.POSITIVE_INFINITY })) {
    row += 1;
    await print(line.trim() === "" ? JSON.stringify({ row, messages: [] }) : vectorLine(row, line));
  }
  return undefined;
}

async function decodeReceiver(chunks: AsyncIterable<Uint8Array>): Promise<Refusal | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_RECEIVER_BYTES)
      return { code: "too-long", clause: "atalaya decode", detail: `more than ${MAX_RECEIVER_BYTES} bytes; split the file by lines` };
    parts.push(chunk);
  }
  const { observations, refused } = decodeDroneScout(Buffer.concat(parts));
  for (const [k, observation] of observations.entries()) await print(JSON.stringify({ frame: k + 1, ...printedObservation(observation) }));
  return refused;
}

/** Payloads of a receiver are small; a file of many is still far below this. */
const MAX_RECEIVER_BYTES = 64 * MAX_EXPANDED_BYTES;

async function decodeOne(name: string, format: Format | undefined): Promise<number> {
  if (name !== "-") {
    const found = await stat(name).catch(() => undefined);
    if (found === undefined || found.isDirectory()) {
      say(found === undefined ? `${name}: no such file` : `${name}: a folder; name the files in it`);
      return 1;
    }
  }
  const { head, chunks } = await peek(name === "-" ? process.stdin : createReadStream(name));
  const chosen = format ?? guess(head);
  if (chosen === undefined) {
    say(`${name}: none of the formats ${FORMATS.join(", ")}; name one with --format if you know better`);
    return 1;
  }
  const decode = { pcap: decodeCapture, vectors: decodeVectors, dronescout: decodeReceiver }[chosen];
  const refused = await decode(chunks);
  if (refused === undefined) return 0;
  say(`${name}: ${refused.detail} (${refused.code}, ${refused.clause})`);
  return 1;
}

export async function run(words: readonly string[]): Promise<number> {
  const names: string[] = [];
  let format: Format | undefined;
  for (let k = 0; k < words.length; k += 1) {
    const word = words[k] ?? "";
    if (word === "--format" || word.startsWith("--format=")) {
      const given = word === "--format" ? words[(k += 1)] : word.slice("--format=".length);
      format = FORMATS.find((known) => known === given);
      if (format === undefined) {
        say(
          given !== undefined && LATER.includes(given)
            ? `--format ${given}: this version does not read it yet`
            : `--format: one of ${FORMATS.join(", ")}`,
        );
        return 2;
      }
    } else if (word.startsWith("-") && word !== "-") {
      say(`Unknown option ${word}`);
      process.stderr.write(USAGE);
      return 2;
    } else names.push(word);
  }
  if (names.length === 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  let worst = 0;
  for (const name of names) worst = Math.max(worst, await decodeOne(name, format));
  return worst;
}
