// Decodes the payloads of a DroneScout receiver as they stream by: one line for each object that holds Remote ID.
import { decodeDroneScout, looksLikeLzma, type Refusal } from "@atalaya/remote-id";
import { type Ending, printedObservation } from "./line.ts";

/** The largest single object that is read, and the largest compressed payload. */
const MAX_OBJECT_BYTES = 8 << 20;
const CLAUSE = "RFC 8259";

/** Finds the objects of a stream, whether they stand alone, in an array or run together, without parsing them. */
class ObjectFinder {
  #held: Buffer[] = [];
  #heldBytes = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #refused: Refusal | undefined;

  get refused(): Refusal | undefined {
    return this.#refused;
  }

  /** True while an object has begun and not ended. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** The objects that end in this chunk. After a refusal nothing more is read. */
  push(chunk: Uint8Array): readonly Buffer[] {
    const found: Buffer[] = [];
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let k = 0; k < bytes.length; k += 1) {
      const byte = bytes[k] ?? 0;
      if (this.#depth === 0) {
        if (byte === 0x7b) {
          this.#depth = 1;
          from = k;
          continue;
        }
        // White space, NUL, commas and the brackets of an array stand between objects.
        if (byte <= 0x20 || byte === 0x2c || byte === 0x5b || byte === 0x5d) continue;
        this.#refused = { code: "not-json", clause: CLAUSE, detail: "something that is no object stands between objects" };
        return found;
      }
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === 0x5c) this.#isEscaped = true;
        else if (byte === 0x22) this.#isInString = false;
      } else if (byte === 0x22) this.#isInString = true;
      else if (byte === 0x7b || byte === 0x5b) this.#depth += 1;
      else if (byte === 0x7d || byte === 0x5d) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        found.push(Buffer.concat([...this.#held, bytes.subarray(from, k + 1)]));
        this.#held = [];
        this.#heldBytes = 0;
        from = k + 1;
      }
    }
    if (this.#depth > 0) {
      this.#held.push(bytes.subarray(from));
      this.#heldBytes += bytes.length - from;
      if (this.#heldBytes > MAX_OBJECT_BYTES)
        this.#refused = { code: "object-too-long", clause: CLAUSE, detail: `more than ${MAX_OBJECT_BYTES} bytes` };
    }
    return found;
  }
}

function printed(frame: number, bytes: Uint8Array): string {
  const { observations, refused } = decodeDroneScout(bytes);
  if (refused !== undefined && observations.length === 0) return `${JSON.stringify({ frame, messages: [], refused })}\n`;
  return observations.map((observation) => `${JSON.stringify({ frame, ...printedObservation(observation) })}\n`).join("");
}

/** `frame` counts all objects of the input, those without Remote ID too. */
export async function* receiverLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, Ending> {
  const finder = new ObjectFinder();
  let compressed: Uint8Array[] | undefined;
  let compressedBytes = 0;
  let isFirst = true;
  let frame = 0;
  for await (const chunk of chunks) {
    if (isFirst && looksLikeLzma(chunk)) compressed = [];
    isFirst = false;
    if (compressed !== undefined) {
      compressed.push(chunk);
      compressedBytes += chunk.length;
      if (compressedBytes > MAX_OBJECT_BYTES) {
        const detail = `more than ${MAX_OBJECT_BYTES} bytes of compressed data; expand the file first`;
        return { refused: { code: "too-long", clause: "atalaya decode", detail }, wasReadToEnd: false };
      }
      continue;
    }
    let lines = "";
    for (const object of finder.push(chunk)) {
      frame += 1;
      lines += printed(frame, object);
    }
    if (lines !== "") yield lines;
    if (finder.refused !== undefined) return { refused: finder.refused, wasReadToEnd: false };
  }
  if (compressed !== undefined) {
    const { observations, refused } = decodeDroneScout(Buffer.concat(compressed));
    for (const observation of observations) {
      frame += 1;
      yield `${JSON.stringify({ frame, ...printedObservation(observation) })}\n`;
    }
    return { refused, wasReadToEnd: refused === undefined };
  }
  if (!finder.isOpen) return { refused: undefined, wasReadToEnd: true };
  return { refused: { code: "cut-short", clause: CLAUSE, detail: "the last object does not end" }, wasReadToEnd: frame > 0 };
}
