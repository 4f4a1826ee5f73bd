// Where does each frame begin and end in AVR text, and what stands before it?
//   *HEX;  :HEX;         the frame alone
//   @TTTTTTTTTTTTHEX;    (also %) a counter of 48 bits before it
//   <TTTTTTTTTTTTSSHEX;  a counter and a signal level
import { hex, hexDigit } from "../bits.ts";
import { clauses } from "../clauses.ts";
import type { Refusal } from "../refusal.ts";
import type { MutableRawFrame, RawFrame } from "./raw-frame.ts";

const TICK_DIGITS = 12;
const SIGNAL_DIGITS = 2;
const MAX_DIGITS: number = TICK_DIGITS + SIGNAL_DIGITS + 28;
const SEMICOLON = 0x3b;

export type AvrRefusalCode = "too-long" | "not-hex" | "wrong-length" | "unfinished";

/** Hex digits that stand before a frame of each kind; -1 for what begins none. */
function digitsBefore(code: number): number {
  if (code === 0x2a || code === 0x3a) return 0;
  if (code === 0x40 || code === 0x25) return TICK_DIGITS;
  return code === 0x3c ? TICK_DIGITS + SIGNAL_DIGITS : -1;
}

/**
 * Takes text in pieces of any size and hands out its frames, in order with the refusals. It holds one frame's digits. A frame begins with its
 * mark and ends with a semicolon; after one that is no frame everything up to the next mark is passed over. What stands outside frames (line
 * ends, and whatever else) counts as `discardedBytes`, white space excepted.
 */
export class AvrFramer {
  readonly #onFrame: (frame: RawFrame) => void;
  readonly #onRefused: (refusal: Refusal<AvrRefusalCode>) => void;
  readonly #frame: MutableRawFrame = { bytes: new Uint8Array(14), length: 0, ticks: Number.NaN, signal: Number.NaN };
  readonly #digits: Uint8Array = new Uint8Array(MAX_DIGITS);
  /** Digits before the frame that has begun, -1 when none has. */
  #before = -1;
  #count = 0;
  discardedBytes = 0;

  constructor(onFrame: (frame: RawFrame) => void, onRefused: (refusal: Refusal<AvrRefusalCode>) => void) {
    this.#onFrame = onFrame;
    this.#onRefused = onRefused;
  }

  push(chunk: Uint8Array): void {
    for (const code of chunk) {
      const before = digitsBefore(code);
      if (before >= 0) {
        if (this.#before >= 0) this.#refuse("unfinished", `another begins behind ${this.#count} digits`);
        this.#before = before;
        this.#count = 0;
        continue;
      }
      if (this.#before < 0) {
        if (code > 0x20) this.discardedBytes += 1;
        continue;
      }
      if (code === SEMICOLON) {
        this.#end();
        continue;
      }
      const digit = hexDigit(code);
      if (digit < 0) this.#refuse("not-hex", `byte ${code} behind ${this.#count} digits`);
      else if (this.#count === MAX_DIGITS) this.#refuse("too-long", `more than ${MAX_DIGITS} digits`);
      else {
        this.#digits[this.#count] = digit;
        this.#count += 1;
      }
    }
  }

  /** Says that the stream has ended: a frame that has begun will not be finished. */
  end(): void {
    if (this.#before >= 0) this.#refuse("unfinished", `the text ends behind ${this.#count} digits`);
  }

  #refuse(code: AvrRefusalCode, detail: string): void {
    this.#before = -1;
    this.#onRefused({ code, clause: clauses.avr, detail });
  }

  #byte(at: number): number {
    return (this.#digits[at] << 4) | this.#digits[at + 1];
  }

  #end(): void {
    const before = this.#before;
    const length = (this.#count - before) / 2;
    if (length !== 2 && length !== 7 && length !== 14) {
      this.#refuse("wrong-length", `${this.#count - before} digits of frame, not 4, 14 or 28`);
      return;
    }
    this.#before = -1;
    const frame = this.#frame;
    frame.length = length;
    frame.ticks = Number.NaN;
    frame.signal = Number.NaN;
    if (before >= TICK_DIGITS) {
      let ticks = 0;
      for (let k = 0; k < TICK_DIGITS; k += 1) ticks = ticks * 16 + this.#digits[k];
      frame.ticks = ticks;
    }
    if (before > TICK_DIGITS) frame.signal = this.#byte(TICK_DIGITS);
    for (let k = 0; k < length; k += 1) frame.bytes[k] = this.#byte(before + 2 * k);
    this.#onFrame(frame);
  }
}

/** A line of text with a frame of 2, 7 or 14 bytes; with a counter, and with a signal if there is a counter. */
export function encodeAvr(frame: Uint8Array, ticks?: number, signal?: number): string {
  if (ticks === undefined) return `*${hex(frame)};\n`;
  const counter = ticks.toString(16).toUpperCase().padStart(TICK_DIGITS, "0");
  return signal === undefined ? `@${counter}${hex(frame)};\n` : `<${counter}${hex(Uint8Array.of(signal))}${hex(frame)};\n`;
}
