// Which of the three framings does a stream have, by its first bytes?
import { decodeModeS } from "../messages/decode.ts";
import { BeastFramer } from "./beast.ts";
import type { RawFrame } from "./raw-frame.ts";

export type Framing = "beast" | "avr" | "sbs";

/** A frame whose length is wrong is one all the same: it will be refused by its fault. */
const AVR_FRAME = /^[*:@%<][0-9A-F]{4,}$/i;
const SBS_LINE = /^(?:MSG,[1-8],|(?:SEL|ID|AIR|STA|CLK),)/;
/** Text shows itself in its first lines. */
const TEXT_BYTES = 4096;
/** A stream that was joined in the middle begins with the rest of one frame, each of its bytes doubled at most. */
const MAX_REST_BYTES = 44;

const PROVEN_FORMATS = new Set([11, 17, 18]);
/** Types that begin a stream: frames, status, position, and what readsb adds (pings, receiver numbers, its own messages). */
const FIRST_TYPES = new Set([0x31, 0x32, 0x33, 0x34, 0x35, 0x48, 0xe3, 0xe4]);

/** Squitters and all-call replies prove themselves by their parity: noise does that once in 100,000 frames at the most. */
function isProven({ bytes, length }: RawFrame): boolean {
  return length > 2 && !("refused" in decodeModeS(bytes, 0, length)) && PROVEN_FORMATS.has(bytes[0] >> 3);
}

function isBeast(head: Uint8Array): boolean {
  let frames = 0;
  let proven = 0;
  const framer = new BeastFramer((frame) => {
    frames += 1;
    if (isProven(frame)) proven += 1;
  });
  framer.push(head);
  if (proven > 0) return true;
  if (head[0] === 0x1a && FIRST_TYPES.has(head[1] ?? 0)) return frames > 0 && framer.discardedBytes <= head.length / 4;
  return frames > 1 && framer.discardedBytes <= MAX_REST_BYTES;
}

/** Undefined when the bytes are none of the three, or too few to tell. The first line of text may be the end of one. */
export function guessFraming(head: Uint8Array): Framing | undefined {
  if (isBeast(head)) return "beast";
  let text = "";
  for (const byte of head.subarray(0, TEXT_BYTES)) text += String.fromCharCode(byte);
  const lines = text.split(/[\r\n]+/);
  // The last line may be cut short.
  if (head.length > TEXT_BYTES) lines.pop();
  for (const line of lines) {
    if (SBS_LINE.test(line)) return "sbs";
    if (line.split(";").some((part, k, all) => k < all.length - 1 && AVR_FRAME.test(part.trim()))) return "avr";
  }
  return undefined;
}
