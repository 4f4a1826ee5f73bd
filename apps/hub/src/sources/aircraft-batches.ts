// Cuts the stream of an ADS-B receiver into batches of whole messages, each of which becomes one frame with the bytes as they came.
import { BeastFramer, type Framing, guessFraming } from "@atalaya/adsb";
import type { FrameFormat } from "@atalaya/picture";

/** A batch is handed in once it has so many bytes; with what may come in one go it stays below 64 KiB. */
const FULL_BYTES = 32 * 1024;
const SLICE_BYTES = 8 * 1024;
/** A message is far shorter: so many bytes without the end of one are none, and are dropped. */
const MAX_REST_BYTES = 8 * 1024;
/** A stream that does not show within so many bytes what it is, is no receiver's. */
const MAX_HEAD_BYTES = 4096;
const LINE_FEED = 0x0a;
const SEMICOLON = 0x3b;
const EMPTY: Uint8Array = new Uint8Array();

const FORMATS: Readonly<Record<Framing, FrameFormat>> = { beast: "adsb-beast", avr: "adsb-avr", sbs: "adsb-sbs" };

export interface BatchTaker {
  /** Whole messages, less than 64 KiB. The bytes are only lent. */
  readonly batch: (format: FrameFormat, messages: Uint8Array) => void;
  /** The bytes are of no receiver; what comes further is passed over. */
  readonly unreadable: () => void;
}

/** Says after each piece of a stream where its last whole message ends, in bytes from the beginning. */
type Ends = (piece: Uint8Array) => number;

function beastEnds(): Ends {
  const framer = new BeastFramer(() => undefined);
  return (piece) => {
    framer.push(piece);
    return framer.frameEnd;
  };
}

function textEnds(mark: number): Ends {
  let before = 0;
  let end = 0;
  return (piece) => {
    const last = piece.lastIndexOf(mark);
    if (last >= 0) end = before + last + 1;
    before += piece.length;
    return end;
  };
}

export class AircraftBatches {
  readonly #taker: BatchTaker;
  #head: Uint8Array = EMPTY;
  #framing: Framing | undefined;
  #ends: Ends | undefined;
  #isUnreadable = false;
  readonly #held = new Uint8Array(FULL_BYTES + SLICE_BYTES + MAX_REST_BYTES);
  #length = 0;
  /** Bytes of `held` up to the end of its last whole message. */
  #whole = 0;
  /** Bytes of the stream before `held`. */
  #before = 0;

  constructor(taker: BatchTaker) {
    this.#taker = taker;
  }

  /** Whether whole messages wait for `flush`. */
  get isWaiting(): boolean {
    return this.#whole > 0;
  }

  push(chunk: Uint8Array): void {
    if (this.#isUnreadable) return;
    if (this.#ends !== undefined) {
      this.#take(chunk, this.#ends);
      return;
    }
    const head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const framing = guessFraming(head);
    if (framing === undefined) {
      if (head.length > MAX_HEAD_BYTES) this.#giveUp();
      else this.#head = Uint8Array.from(head);
      return;
    }
    this.#head = EMPTY;
    this.#framing = framing;
    this.#ends = framing === "beast" ? beastEnds() : textEnds(framing === "avr" ? SEMICOLON : LINE_FEED);
    this.#take(head, this.#ends);
  }

  /** Hands in the whole messages that wait. */
  flush(): void {
    if (this.#whole === 0 || this.#framing === undefined) return;
    const whole = this.#whole;
    this.#whole = 0;
    this.#taker.batch(FORMATS[this.#framing], this.#held.subarray(0, whole));
    this.#drop(whole);
  }

  /** The stream is over: what waits is handed in, and of text its last line, which needs no end. */
  end(): void {
    if (this.#head.length > 0) this.#giveUp();
    if (this.#framing === "sbs") this.#whole = this.#length;
    this.flush();
  }

  #take(bytes: Uint8Array, ends: Ends): void {
    for (let at = 0; at < bytes.length && !this.#isUnreadable; at += SLICE_BYTES) {
      const slice = bytes.subarray(at, at + SLICE_BYTES);
      this.#held.set(slice, this.#length);
      this.#length += slice.length;
      this.#whole = Math.max(0, ends(slice) - this.#before);
      if (this.#whole >= FULL_BYTES) this.flush();
      if (this.#length - this.#whole <= MAX_REST_BYTES) continue;
      this.flush();
      this.#giveUp();
    }
  }

  #drop(count: number): void {
    this.#held.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#before += count;
  }

  #giveUp(): void {
    this.#isUnreadable = true;
    this.#head = EMPTY;
    this.#length = 0;
    this.#whole = 0;
    this.#taker.unreadable();
  }
}
