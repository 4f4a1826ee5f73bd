// Which messages does a stream of bytes hold: XML events, TAK protocol messages behind their lengths, or one after the other?
//
// A connection begins as XML and may change to version 1 (see negotiation); a file may also hold mesh messages, which carry no length. What belongs to
// no message is passed over up to the next byte that can begin one, counted and told. What is too long is passed over without being held.
import { MAX_EVENT_BYTES } from "../event.ts";
import { type CotRefusal, cotRefusal } from "../refusal.ts";
import type { CotForm, CotFrame } from "./frame.ts";
import { MAGIC, meshVersionAt } from "./headers.ts";
import { behindEventEnd, EVENT_END, XmlCutter } from "./xml-cutter.ts";

/** A length beyond this is no length: the stream has lost its step. A larger message than `MAX_EVENT_BYTES` is passed over by its length. */
const MAX_SKIPPED_BYTES = 8 << 20;
const LENGTH_BYTES = 5;

type State = "between" | "junk" | "xml" | "skip-xml" | "skip" | "mesh";

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

export class CotStreamReader {
  readonly #take: (frame: CotFrame) => void;
  readonly #refuse: (refusal: CotRefusal) => void;
  #form: CotForm | "any";
  #state: State = "between";
  readonly #cutter = new XmlCutter();
  /** Of the message at hand, so many bytes have been followed. */
  #scanned = 0;
  /** So many bytes of a message that is too long are still to come. */
  #toSkip = 0;
  /** So many bytes belonged to no message since the last one. */
  #junk = 0;
  #discardedBytes = 0;
  #buffer: Uint8Array = new Uint8Array(0);
  #held = 0;

  /**
   * `take` gets each message in order; `refuse` hears of what was passed over. `form` is what the stream carries; `any` finds out, and reads mesh
   * messages too. Neither function may call `push`; `take` may call `expect`.
   */
  constructor(take: (frame: CotFrame) => void, refuse: (refusal: CotRefusal) => void, form: CotForm | "any") {
    this.#take = take;
    this.#refuse = refuse;
    this.#form = form;
  }

  /** Bytes that belonged to no message, or to one that was too long. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  /** What the stream carries from the next message on: for the moment when both ends change to version 1. */
  expect(form: CotForm): void {
    this.#form = form;
  }

  /** Takes the next bytes of the stream, cut anywhere. */
  push(chunk: Uint8Array): void {
    if (this.#held === 0) {
      // A host's own kind of array makes views of its own kind, at many times the cost.
      const data = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      const rest = this.#consume(data, data.length);
      this.#hold(data, rest, data.length);
      return;
    }
    this.#hold(chunk, 0, chunk.length);
    const held = this.#held;
    const rest = this.#consume(this.#buffer, held);
    this.#buffer.copyWithin(0, rest, held);
    this.#held = held - rest;
  }

  /** The stream has ended. */
  end(): void {
    if (this.#state === "mesh") this.#handMesh(this.#buffer, 0, this.#held);
    else {
      this.#tellJunk();
      const isWithin = this.#held > 0 || this.#state === "xml" || this.#state === "skip";
      if (isWithin) this.#refuse(cotRefusal("frame-cut-short", "the stream ends within a message"));
      this.#discardedBytes += this.#held;
    }
    this.#held = 0;
    this.#state = "between";
    this.#toSkip = 0;
  }

  #hold(data: Uint8Array, from: number, to: number): void {
    const size = this.#held + to - from;
    if (size > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#buffer.length, 4096));
      larger.set(this.#buffer.subarray(0, this.#held));
      this.#buffer = larger;
    }
    this.#buffer.set(data.subarray(from, to), this.#held);
    this.#held = size;
  }

  /** Takes all messages that end in these bytes; returns where the first begins that does not. */
  #consume(data: Uint8Array, to: number): number {
    let start = 0;
    for (;;) {
      const before = this.#state;
      const next = this.#step(data, start, to);
      if (next < 0) return start;
      // No step without progress: a change of state, or bytes gone by.
      if (next === start && this.#state === before) return start;
      start = next;
    }
  }

  /** One step on from `start`: where the next begins, or -1 when more bytes are needed. */
  #step(data: Uint8Array, start: number, to: number): number {
    switch (this.#state) {
      case "between":
        return this.#between(data, start, to);
      case "junk":
        return this.#passJunk(data, start, to);
      case "xml":
        return this.#xml(data, start, to);
      case "skip-xml": {
        const end = behindEventEnd(data, start, to);
        // The end may have begun.
        const next = end < 0 ? Math.max(start, to - EVENT_END.length + 1) : end;
        if (end >= 0) this.#state = "between";
        this.#discardedBytes += next - start;
        return next;
      }
      case "skip": {
        const size = Math.min(this.#toSkip, to - start);
        this.#toSkip -= size;
        this.#discardedBytes += size;
        if (this.#toSkip === 0) this.#state = "between";
        return start + size;
      }
      case "mesh":
        return this.#mesh(data, start, to);
    }
  }

  #between(data: Uint8Array, start: number, to: number): number {
    let at = start;
    // Between XML events white space is harmless, and some servers send it.
    if (this.#form !== "protobuf") while (at < to && isSpace(data[at])) at += 1;
    if (at >= to) return at === start ? -1 : at;
    const byte = data[at];
    if (byte === 0x3c && this.#form !== "protobuf") {
      if (at + 1 >= to) return at === start ? -1 : at;
      if (data[at + 1] !== 0x2f) {
        this.#tellJunk();
        this.#state = "xml";
        this.#cutter.reset();
        this.#scanned = 0;
        return at;
      }
    } else if (byte === 0xef && this.#form !== "protobuf") {
      // A byte order mark, where an event is written with one.
      if (to - at < 3) return at === start ? -1 : at;
      if (data[at + 1] === 0xbb && data[at + 2] === 0xbf) return at + 3;
    } else if (byte === MAGIC && this.#form !== "xml") {
      const next = this.#header(data, at, to);
      return next < 0 && at > start ? at : next;
    }
    this.#state = "junk";
    this.#junk += 1;
    return at + 1;
  }

  /** A byte that can begin a message is tried; what stands before it is not. */
  #passJunk(data: Uint8Array, start: number, to: number): number {
    let at = start;
    while (at < to) {
      const byte = data[at];
      if ((byte === 0x3c && this.#form !== "protobuf") || (byte === MAGIC && this.#form !== "xml")) {
        this.#state = "between";
        break;
      }
      at += 1;
    }
    this.#junk += at - start;
    return at;
  }

  #tellJunk(): void {
    if (this.#junk === 0) return;
    const code = this.#form === "protobuf" ? "no-magic" : "between-events";
    this.#refuse(cotRefusal(code, `${this.#junk} bytes that belong to no message`));
    this.#discardedBytes += this.#junk;
    this.#junk = 0;
  }

  #xml(data: Uint8Array, start: number, to: number): number {
    const limit = Math.min(to, start + MAX_EVENT_BYTES);
    const end = this.#cutter.advance(data, start, start + this.#scanned, limit);
    if (end >= 0) {
      this.#state = "between";
      this.#take({ form: "xml", bytes: data.subarray(start, end) });
      return end;
    }
    this.#scanned = limit - start;
    if (this.#scanned < MAX_EVENT_BYTES) return -1;
    // Too long, or its end was not seen for what it is. Cut at each `</event>` that has come by, once for all of them.
    let from = start;
    for (let cut = behindEventEnd(data, from, limit); cut >= 0; cut = behindEventEnd(data, from, limit)) {
      while (isSpace(data[from])) from += 1;
      this.#take({ form: "xml", bytes: data.subarray(from, cut) });
      from = cut;
    }
    this.#state = "between";
    if (from > start) return from;
    this.#refuse(cotRefusal("frame-too-long", `an event of more than ${MAX_EVENT_BYTES} bytes`));
    this.#state = "skip-xml";
    const next = limit - EVENT_END.length + 1;
    this.#discardedBytes += next - start;
    return next;
  }

  /** A header of version 1 at `start`: of a stream, which says a length, or of the mesh, which has another magic byte there. */
  #header(data: Uint8Array, start: number, to: number): number {
    let length = 0;
    let at = start + 1;
    for (let scale = 1; ; scale *= 128) {
      if (at - start > LENGTH_BYTES) return this.#lost(start, "a length of more than five bytes");
      if (at >= to) return -1;
      const byte = data[at];
      length += (byte & 0x7f) * scale;
      at += 1;
      if (byte < 0x80) break;
    }
    if (this.#form === "any" && length > 0) {
      if (at >= to) return -1;
      // No TakMessage begins with this byte: as a tag it has a wire type that there is not.
      if (data[at] === MAGIC) {
        if (meshVersionAt(data, start, to) !== 1) return this.#lost(start, `a mesh message of version ${length}`, "version");
        this.#tellJunk();
        this.#state = "mesh";
        this.#scanned = at + 1 - start;
        return start;
      }
    }
    if (length > MAX_SKIPPED_BYTES) return this.#lost(start, `a length of ${length} bytes`);
    if (length > MAX_EVENT_BYTES) {
      this.#tellJunk();
      this.#refuse(cotRefusal("frame-too-long", `a message of ${length} bytes, at most ${MAX_EVENT_BYTES}`));
      this.#state = "skip";
      this.#toSkip = length;
      this.#discardedBytes += at - start;
      return at;
    }
    if (to - at < length) return -1;
    this.#tellJunk();
    this.#take({ form: "protobuf", bytes: data.subarray(at, at + length) });
    return at + length;
  }

  #lost(start: number, detail: string, code: "frame-length" | "version" = "frame-length"): number {
    this.#refuse(cotRefusal(code, detail));
    this.#state = "junk";
    this.#junk += 1;
    return start + 1;
  }

  /** A mesh message has no length: it is followed field by field, up to what cannot be one. */
  #mesh(data: Uint8Array, start: number, to: number): number {
    // The byte behind the longest message that there may be is looked at too: it has to begin something else.
    const last = start + 3 + MAX_EVENT_BYTES;
    const limit = Math.min(to, last + 1);
    let at = start + this.#scanned;
    for (;;) {
      this.#scanned = Math.min(at, last + 1) - start;
      if (at >= limit) break;
      const fieldEnd = behindField(data, at, limit);
      if (fieldEnd === NOT_A_FIELD) {
        this.#handMesh(data, start, at);
        return at;
      }
      if (fieldEnd < 0) break;
      at = fieldEnd;
    }
    if (at <= last && limit <= last) return -1;
    this.#refuse(cotRefusal("frame-too-long", `a mesh message of more than ${MAX_EVENT_BYTES} bytes`));
    this.#state = "junk";
    this.#junk += 1;
    return start + 1;
  }

  #handMesh(data: Uint8Array, start: number, end: number): void {
    this.#state = "between";
    this.#take({ form: "protobuf", bytes: data.subarray(start + 3, end) });
  }
}

const NOT_A_FIELD = -2;
const UNFINISHED = -1;

/** Behind the field at `at`, which may be beyond `to`. */
function behindField(data: Uint8Array, at: number, to: number): number {
  const first = data[at];
  const wireType = first & 7;
  // Groups, and the wire types that there are not: among them the magic byte and `<`.
  if (wireType === 3 || wireType === 4 || wireType > 5) return NOT_A_FIELD;
  let k = at;
  for (let count = 1; ; count += 1) {
    if (k >= to) return UNFINISHED;
    const byte = data[k];
    k += 1;
    if (byte < 0x80) break;
    if (count === 5) return NOT_A_FIELD;
  }
  if (wireType === 1) return k + 8;
  if (wireType === 5) return k + 4;
  let value = 0;
  for (let count = 1, scale = 1; ; count += 1, scale *= 128) {
    if (k >= to) return UNFINISHED;
    const byte = data[k];
    k += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    if (count === 10) return NOT_A_FIELD;
  }
  return wireType === 2 ? k + value : k;
}
