// Entries on their way to the writer: one buffer per commit that is handed over, not copied, with room for the salts before each content.
import { SALT_BYTES } from "@atalaya/ledger";
import { type Draft, RETENTION_CLASSES, type RetentionClass } from "../journal.ts";

/** f64 time | u8 retention | u8 sealed? | u16 kind | u16 source | u32 payload length | u32 sealed length; kind and source index `names`. */
const HEADER_BYTES = 22;
const FIRST_BYTES = 128 * 1024;

/** What crosses to the writer. */
export interface Batch {
  readonly firstSeq: number;
  readonly count: number;
  readonly names: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly length: number;
}

/** One entry of a batch. The contents are views with their salt's room first: `salt ‖ payload`. */
export interface BatchEntry {
  readonly timeUs: number;
  readonly kind: string;
  readonly source: string;
  readonly retention: RetentionClass;
  readonly content: Uint8Array;
  readonly sealed: Uint8Array | undefined;
}

const CODES: ReadonlyMap<RetentionClass, number> = new Map(RETENTION_CLASSES.map((name, code) => [name, code]));
export function retentionCode(retention: RetentionClass): number {
  const code = CODES.get(retention);
  if (code === undefined) throw new RangeError(`no retention class "${retention}"`);
  return code;
}
export function retentionOf(code: number): RetentionClass {
  const name = RETENTION_CLASSES[code];
  if (name === undefined) throw new RangeError(`no retention class ${code}`);
  return name;
}

/** Bytes that a draft takes in the queue. */
export function batchBytes(draft: Draft): number {
  return HEADER_BYTES + SALT_BYTES + draft.payload.length + (draft.sealed === undefined ? 0 : SALT_BYTES + draft.sealed.length);
}

export class BatchBuilder {
  readonly firstSeq: number;
  readonly #names = new Map<string, number>();
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;
  #count = 0;

  constructor(firstSeq: number, spare?: Uint8Array<ArrayBuffer>) {
    this.firstSeq = firstSeq;
    this.#bytes = spare ?? new Uint8Array(FIRST_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get count(): number {
    return this.#count;
  }
  get length(): number {
    return this.#length;
  }

  add(draft: Draft): void {
    const { payload, sealed } = draft;
    this.#room(batchBytes(draft));
    const view = this.#view;
    let at = this.#length;
    view.setFloat64(at, draft.timeUs);
    view.setUint8(at + 8, retentionCode(draft.retention));
    view.setUint8(at + 9, sealed === undefined ? 0 : 1);
    view.setUint16(at + 10, this.#name(draft.kind));
    view.setUint16(at + 12, this.#name(draft.source));
    view.setUint32(at + 14, payload.length);
    view.setUint32(at + 18, sealed?.length ?? 0);
    at += HEADER_BYTES + SALT_BYTES;
    this.#bytes.set(payload, at);
    at += payload.length;
    if (sealed !== undefined) {
      at += SALT_BYTES;
      this.#bytes.set(sealed, at);
      at += sealed.length;
    }
    this.#length = at;
    this.#count += 1;
  }

  finish(): Batch {
    return { firstSeq: this.firstSeq, count: this.#count, names: [...this.#names.keys()], bytes: this.#bytes, length: this.#length };
  }

  #name(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, this.#names.size);
    return this.#names.size - 1;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export function* batchEntries({ bytes, count, names }: Batch): Generator<BatchEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 0;
  for (let k = 0; k < count; k += 1) {
    const payloadLength = view.getUint32(at + 14);
    const sealedLength = view.getUint32(at + 18);
    const start = at + HEADER_BYTES;
    const end = start + SALT_BYTES + payloadLength;
    const hasSealed = view.getUint8(at + 9) === 1;
    const sealedEnd = hasSealed ? end + SALT_BYTES + sealedLength : end;
    yield {
      timeUs: view.getFloat64(at),
      retention: retentionOf(view.getUint8(at + 8)),
      kind: names[view.getUint16(at + 10)] ?? "",
      source: names[view.getUint16(at + 12)] ?? "",
      content: bytes.subarray(start, end),
      sealed: hasSealed ? bytes.subarray(end, sealedEnd) : undefined,
    };
    at = sealedEnd;
  }
}
