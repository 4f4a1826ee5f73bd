// What a leaf of the journal commits to: the line of an entry, and salted hashes of its contents.
//
// The contents themselves are not in the record. When content and salt are deleted, the record, its leaf and every proof stay as they were, and
// without the salt the hash says nothing about what the content was, however few contents are thinkable.
import type { Sha256 } from "./hash.ts";
import { sha256 } from "./hash.ts";
import { utf8 } from "./text.ts";

export const SALT_BYTES: number = 16;
export const LEAF_RECORD_VERSION: number = 1;

export interface LeafRecord {
  /** From 1: one more than the leaf's index. */
  readonly seq: number;
  /** Integer Unix microseconds. */
  readonly timeUs: number;
  readonly kind: string;
  readonly source: string;
  /** Code of the retention class, 0 to 255. */
  readonly retention: number;
  /** `commitment` of the payload. */
  readonly payload: Uint8Array;
  /** `commitment` of the sealed part; absent if the entry has none. */
  readonly sealed?: Uint8Array | undefined;
}

/** SHA-256(salt ‖ content). The salt has a fixed length, so that no other pair has the same input. */
export function commitment(salt: Uint8Array, content: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes`);
  const input = new Uint8Array(SALT_BYTES + content.length);
  input.set(salt);
  input.set(content, SALT_BYTES);
  return hash(input);
}

/**
 * The bytes of a leaf, numbers big-endian:
 * `u8 version 1 | u64 seq | i64 timeUs | u8 retention | u16 n, n bytes of kind | u16 n, n bytes of source | 32 bytes payload | u8 1, 32 bytes sealed, or u8 0`.
 * Each field has its length before it or a fixed one: no two entries have the same record.
 */
export function encodeLeafRecord(record: LeafRecord): Uint8Array {
  const kind = utf8(record.kind);
  const source = utf8(record.source);
  if (kind.length > 0xffff || source.length > 0xffff) throw new RangeError("kind or source is too long");
  const bytes = new Uint8Array(1 + 8 + 8 + 1 + 2 + kind.length + 2 + source.length + 32 + 1 + (record.sealed === undefined ? 0 : 32));
  const view = new DataView(bytes.buffer);
  bytes[0] = LEAF_RECORD_VERSION;
  view.setBigUint64(1, BigInt(record.seq));
  view.setBigInt64(9, BigInt(record.timeUs));
  bytes[17] = record.retention;
  let at = 18;
  for (const text of [kind, source]) {
    view.setUint16(at, text.length);
    bytes.set(text, at + 2);
    at += 2 + text.length;
  }
  bytes.set(record.payload, at);
  at += 32;
  if (record.sealed !== undefined) {
    bytes[at] = 1;
    bytes.set(record.sealed, at + 1);
  }
  return bytes;
}
