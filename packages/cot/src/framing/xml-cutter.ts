// Where does an XML event end in a stream of them?
//
// Clients and servers cut behind the bytes `</event>`; so does this, but it is not misled by those bytes in a comment or a CDATA section, and it ends
// an event that is an empty element. It follows markup only as far as that needs; whether the event is well formed is for the decoder to say. As soon
// as markup cannot be followed any more (a quote that is not closed, a document type), it falls back to the first `</event>` of the event.

/** `</event>` */
export const EVENT_END: Uint8Array = Uint8Array.of(0x3c, 0x2f, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x3e);

/** Behind the first `</event>` in these bytes, or -1. */
export function behindEventEnd(data: Uint8Array, from: number, to: number): number {
  for (let k = data.indexOf(0x3c, from); k >= 0 && k + EVENT_END.length <= to; k = data.indexOf(0x3c, k + 1)) {
    let matched = 1;
    while (matched < EVENT_END.length && data[k + matched] === EVENT_END[matched]) matched += 1;
    if (matched === EVENT_END.length) return k + matched;
  }
  return -1;
}

const TEXT = 0;
const LESS_THAN = 1;
const START_NAME = 2;
const TAG = 3;
const QUOTED = 4;
const END_NAME = 5;
const END_TAG = 6;
const INSTRUCTION = 7;
const BANG = 8;
const COMMENT = 9;
const CDATA_OPENING = 10;
const CDATA = 11;
const RAW = 12;

/** A root element with a longer name is none of ours. */
const MAX_ROOT_NAME = 32;
/** What follows `<!` of a CDATA section, and of a comment. */
const CDATA_WORD = "[CDATA[";

function bytesIn(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** What ends a name: `<` too, though it may not stand there. */
const NAME_END = bytesIn("></ \t\n\r");
/** What matters within a tag. */
const IN_TAG = bytesIn("><\"'");

function isNameEnd(byte: number): boolean {
  return byte !== 0x3c && NAME_END[byte] === 1;
}

export class XmlCutter {
  #state = TEXT;
  #quote = 0;
  /** The byte before, where two or three belong together. */
  #run = 0;
  #lastByte = 0;
  readonly #rootName = new Uint8Array(MAX_ROOT_NAME);
  #rootLength = 0;
  /** How many elements of the root's name are open; 0 before the root. */
  #depth = 0;
  /** How much of the root's name the name at hand has matched, or -1. */
  #matched = 0;
  #isRoot = false;

  /** Begins with the next event. */
  reset(): void {
    this.#state = TEXT;
    this.#rootLength = 0;
    this.#depth = 0;
  }

  /** Follows the event on from `from`, where it was last left off; where it ends, or -1 when it goes on. `start` is where the event began. */
  advance(data: Uint8Array, start: number, from: number, to: number): number {
    let k = from;
    let state = this.#state;
    while (k < to) {
      const byte = data[k];
      switch (state) {
        case TEXT: {
          const next = data.indexOf(0x3c, k);
          if (next < 0 || next >= to) {
            k = to;
            continue;
          }
          k = next;
          state = LESS_THAN;
          break;
        }
        case LESS_THAN:
          if (byte === 0x2f) {
            state = END_NAME;
            this.#matched = 0;
          } else if (byte === 0x3f) {
            state = INSTRUCTION;
            this.#lastByte = 0;
          } else if (byte === 0x21) {
            state = BANG;
            this.#run = 0;
          } else {
            this.#isRoot = this.#depth === 0;
            this.#matched = 0;
            state = START_NAME;
            continue;
          }
          break;
        case START_NAME:
          if (isNameEnd(byte)) {
            if (this.#isRoot && this.#rootLength === 0) {
              state = RAW;
              break;
            }
            if (this.#isRoot) this.#depth = 1;
            else if (this.#matched === this.#rootLength) this.#depth += 1;
            else this.#matched = -1;
            state = TAG;
            this.#lastByte = 0;
            continue;
          }
          if (byte === 0x3c) state = RAW;
          else if (this.#matched < 0) {
            // Another name, which ends where it ends.
            let at = k;
            while (at < to && NAME_END[data[at]] === 0) at += 1;
            k = at;
            continue;
          } else if (!this.#isRoot) this.#match(byte);
          else if (this.#rootLength === MAX_ROOT_NAME) state = RAW;
          else {
            this.#rootName[this.#rootLength] = byte;
            this.#rootLength += 1;
            this.#matched = this.#rootLength;
          }
          break;
        case TAG: {
          // On to the next byte that matters, which is rarely the next.
          let last = this.#lastByte;
          let at = k;
          while (at < to && IN_TAG[data[at]] === 0) at += 1;
          if (at > k) last = data[at - 1];
          k = at;
          this.#lastByte = last;
          if (k >= to) continue;
          const stop = data[k];
          if (stop === 0x3e) {
            state = TEXT;
            if (last === 0x2f && this.#matched >= 0) {
              this.#depth -= 1;
              if (this.#depth === 0) return this.#leave(TEXT, k + 1);
            }
          } else if (stop === 0x3c) state = RAW;
          else {
            this.#quote = stop;
            state = QUOTED;
          }
          this.#lastByte = stop;
          break;
        }
        case QUOTED: {
          const quote = this.#quote;
          let at = k;
          while (at < to && data[at] !== quote && data[at] !== 0x3c) at += 1;
          k = at;
          if (k >= to) continue;
          state = data[k] === 0x3c ? RAW : TAG;
          break;
        }
        case END_NAME:
          if (!isNameEnd(byte)) {
            if (byte === 0x3c) state = RAW;
            else this.#match(byte);
            break;
          }
          if (this.#matched === this.#rootLength) this.#depth -= 1;
          state = END_TAG;
          continue;
        case END_TAG:
          if (byte === 0x3c) state = RAW;
          else if (byte === 0x3e) {
            state = TEXT;
            if (this.#depth === 0) return this.#leave(TEXT, k + 1);
          }
          break;
        case INSTRUCTION:
          if (byte === 0x3e && this.#lastByte === 0x3f) state = TEXT;
          this.#lastByte = byte;
          break;
        case BANG:
          // `<!--`
          if (byte === 0x2d) {
            this.#run += 1;
            if (this.#run === 2) {
              state = COMMENT;
              this.#run = 0;
            }
          } else if (byte === 0x5b && this.#run === 0) {
            state = CDATA_OPENING;
            this.#run = 1;
          } else state = RAW;
          break;
        case COMMENT:
          // As many hyphens as stand before it, up to two.
          if (byte === 0x2d) this.#run = Math.min(2, this.#run + 1);
          else if (byte === 0x3e && this.#run === 2) state = TEXT;
          else this.#run = 0;
          break;
        case CDATA_OPENING:
          if (byte !== CDATA_WORD.charCodeAt(this.#run)) state = RAW;
          else {
            this.#run += 1;
            if (this.#run === CDATA_WORD.length) {
              state = CDATA;
              this.#run = 0;
            }
          }
          break;
        case CDATA:
          if (byte === 0x5d) this.#run = Math.min(2, this.#run + 1);
          else if (byte === 0x3e && this.#run === 2) state = TEXT;
          else this.#run = 0;
          break;
        default: {
          const found = behindEventEnd(data, Math.max(start, k - EVENT_END.length + 1), to);
          return this.#leave(RAW, found);
        }
      }
      k += 1;
      if (state === RAW) {
        // From the beginning of the event: it may have been passed already.
        return this.#leave(RAW, behindEventEnd(data, start, to));
      }
    }
    return this.#leave(state, -1);
  }

  #leave(state: number, result: number): number {
    this.#state = state;
    return result;
  }

  #match(byte: number): void {
    if (this.#matched >= 0) {
      this.#matched = this.#matched < this.#rootLength && this.#rootName[this.#matched] === byte ? this.#matched + 1 : -1;
    }
  }
}
