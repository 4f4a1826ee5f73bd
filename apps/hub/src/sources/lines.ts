// Cuts what arrives into batches of whole lines, each of which becomes one frame. Lines are not read here, but for one that would give a key away.
import { decodeHello, MAX_LINE_BYTES } from "@atalaya/protocol/detections";

/** A frame of lines is no larger than the longest line. */
export const MAX_BATCH_BYTES: number = MAX_LINE_BYTES;

const LINE_FEED = 0x0a;
const EMPTY: Uint8Array = new Uint8Array();
const HELLO = Buffer.from('"hello"');

export interface BatchTaker {
  /** Whole lines, without the line end of the last; no longer than a batch. The bytes are only lent. */
  readonly batch: (lines: Uint8Array) => void;
  readonly refused: (code: string) => void;
}

export class LineBatches {
  readonly #taker: BatchTaker;
  /** The beginning of a line whose end has not come yet. */
  #begun: Uint8Array = EMPTY;
  /** Inside a line that is too long: its rest is passed over. */
  #skipping = false;

  constructor(taker: BatchTaker) {
    this.#taker = taker;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    if (this.#skipping) {
      const feed = rest.indexOf(LINE_FEED);
      if (feed < 0) return;
      this.#skipping = false;
      rest = rest.subarray(feed + 1);
    }
    const last = rest.lastIndexOf(LINE_FEED);
    if (last < 0) {
      this.#keep(rest);
      return;
    }
    const whole = rest.subarray(0, last);
    const lines = this.#begun.length === 0 ? whole : Buffer.concat([this.#begun, whole]);
    this.#begun = EMPTY;
    this.whole(lines);
    this.#keep(rest.subarray(last + 1));
  }

  /** The stream is over: what stands without a line end is its last line. */
  end(): void {
    const line = this.#begun;
    this.#begun = EMPTY;
    if (line.length > 0) this.whole(line);
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    if (this.#begun.length + part.length > MAX_LINE_BYTES) {
      this.#begun = EMPTY;
      this.#skipping = true;
      this.#taker.refused("line-too-long");
    } else this.#begun = Buffer.concat([this.#begun, part]);
  }

  /** Hands in whole lines, a batch at a time; the last needs no line end. Not between the pieces of a stream. */
  whole(lines: Uint8Array): void {
    for (let from = 0; from < lines.length; ) {
      let to = lines.length;
      if (to - from > MAX_BATCH_BYTES) {
        to = lines.lastIndexOf(LINE_FEED, from + MAX_BATCH_BYTES);
        if (to <= from) {
          const next = lines.indexOf(LINE_FEED, from);
          // An empty line stands first, or one that is too long.
          if (next !== from) this.#taker.refused("line-too-long");
          from = (next < 0 ? lines.length : next) + 1;
          continue;
        }
      }
      this.#hand(lines.subarray(from, to));
      from = to + 1;
    }
  }

  /** A sign-in line among the others is left out: what is written down is kept for months, and keys are not. */
  #hand(lines: Uint8Array): void {
    const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    if (text.every((byte) => byte <= 0x20)) return;
    if (!text.includes(HELLO)) {
      this.#taker.batch(lines);
      return;
    }
    const kept = text
      .toString()
      .split("\n")
      .filter((line) => {
        const isHello = decodeHello(line) !== undefined;
        if (isHello) this.#taker.refused("hello-again");
        return !isHello;
      });
    if (kept.some((line) => line.trim() !== "")) this.#taker.batch(Buffer.from(kept.join("\n")));
  }
}

/** The batches of a whole message. */
export function batchesOf(message: Uint8Array, refused: (code: string) => void): readonly Uint8Array[] {
  const batches: Uint8Array[] = [];
  new LineBatches({ batch: (lines) => batches.push(lines), refused }).whole(message);
  return batches;
}
