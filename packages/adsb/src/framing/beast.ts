// Where does each frame begin and end in Beast binary?
// 0x1a, a type, six bytes of counter, one of signal, then 2, 7 or 14 bytes for the types "1", "2" and "3". 0x1a within a frame is doubled.
import type { MutableRawFrame, RawFrame } from "./raw-frame.ts";

const ESCAPE = 0x1a;
const HEADER_BYTES = 7;
const MAX_BODY_BYTES = 21;

/** Bytes behind the type; 0 for types that are no frames of the air. */
function bodyBytes(type: number): number {
  if (type === 0x33) return HEADER_BYTES + 14;
  if (type === 0x32) return HEADER_BYTES + 7;
  return type === 0x31 ? HEADER_BYTES + 2 : 0;
}

/** Looking for an escape; behind one; in a frame's body; behind an escape in a body. */
const SEEK = 0;
const TYPE = 1;
const BODY = 2;
const BODY_ESCAPE = 3;
/** In a message that is no frame (status "4", position "5", others): passed over up to the next single escape. */
const OTHER = 4;
const OTHER_ESCAPE = 5;

/**
 * Takes a stream in pieces of any size and hands out its frames. It holds one frame. Wherever a single 0x1a stands, a message begins: a frame
 * that is cut short by one is dropped, and so after damage the next whole frame is found. `discardedBytes` counts what was dropped,
 * `otherMessages` the settings and status of the receiver.
 */
export class BeastFramer {
  readonly #onFrame: (frame: RawFrame) => void;
  readonly #body: Uint8Array = new Uint8Array(MAX_BODY_BYTES);
  readonly #frame: MutableRawFrame = { bytes: this.#body.subarray(HEADER_BYTES), length: 0, ticks: Number.NaN, signal: Number.NaN };
  #state: number = SEEK;
  #filled = 0;
  #wanted = 0;
  #pushed = 0;
  discardedBytes = 0;
  otherMessages = 0;
  /** Bytes of the stream up to the end of the last frame: cut there, the rest is read the same by a fresh framer. */
  frameEnd = 0;

  constructor(onFrame: (frame: RawFrame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Uint8Array): void {
    const body = this.#body;
    const { length } = chunk;
    let state = this.#state;
    let filled = this.#filled;
    let wanted = this.#wanted;
    for (let k = 0; k < length; k += 1) {
      const byte = chunk[k];
      if (state === BODY) {
        if (byte === ESCAPE) {
          state = BODY_ESCAPE;
          continue;
        }
      } else if (state === BODY_ESCAPE) {
        if (byte === ESCAPE) state = BODY;
        else {
          // The type and the escape before it were part of the frame that ends here.
          this.discardedBytes += filled + 2;
          state = TYPE;
        }
      } else if (state === SEEK || state === OTHER) {
        if (byte === ESCAPE) state = state === SEEK ? TYPE : OTHER_ESCAPE;
        else if (state === SEEK) this.discardedBytes += 1;
        continue;
      } else if (byte === ESCAPE) {
        // A doubled escape outside a frame is the inside of one whose beginning is lost.
        if (state === TYPE) this.discardedBytes += 2;
        state = state === TYPE ? SEEK : OTHER;
        continue;
      } else state = TYPE;
      if (state === TYPE) {
        filled = 0;
        wanted = bodyBytes(byte);
        state = wanted === 0 ? OTHER : BODY;
        if (wanted === 0) this.otherMessages += 1;
        continue;
      }
      body[filled] = byte;
      filled += 1;
      // Most bytes are no escapes: up to the next one, or the frame's end, they need no states.
      while (filled < wanted && k + 1 < length) {
        const next = chunk[k + 1];
        if (next === ESCAPE) break;
        body[filled] = next;
        filled += 1;
        k += 1;
      }
      if (filled < wanted) continue;
      state = SEEK;
      this.frameEnd = this.#pushed + k + 1;
      this.#emit(wanted - HEADER_BYTES);
    }
    this.#pushed += length;
    this.#state = state;
    this.#filled = filled;
    this.#wanted = wanted;
  }

  #emit(length: number): void {
    const body = this.#body;
    const frame = this.#frame;
    frame.length = length;
    frame.ticks = ((body[0] << 8) | body[1]) * 4_294_967_296 + (((body[2] << 24) | (body[3] << 16) | (body[4] << 8) | body[5]) >>> 0);
    frame.signal = body[6];
    this.#onFrame(frame);
  }
}

/** A frame of 2, 7 or 14 bytes with a counter of 48 bits and a signal of 8. */
export function encodeBeast(frame: Uint8Array, ticks: number, signal: number): Uint8Array {
  const type = frame.length === 14 ? 0x33 : frame.length === 7 ? 0x32 : 0x31;
  const counter = Array.from({ length: 6 }, (_, k) => Math.floor(ticks / 256 ** (5 - k)) % 256);
  const body = [...counter, signal, ...frame].flatMap((byte) => (byte === ESCAPE ? [ESCAPE, ESCAPE] : [byte]));
  return Uint8Array.from([ESCAPE, type, ...body]);
}
