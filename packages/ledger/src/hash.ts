// The hashes of a Merkle tree after RFC 6962 §2.1.
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/** SHA-256 of some bytes. Where the platform has a faster one, hand it in. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const HASH_BYTES: number = 32;

export const sha256: Sha256 = (bytes) => nobleSha256(bytes);

/** RFC 6962 §2.1: MTH({d(0)}) = SHA-256(0x00 ‖ d(0)). */
export function leafHash(record: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(1 + record.length);
  input.set(record, 1);
  return hash(input);
}

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return hash(input);
}

/** RFC 6962 §2.1: the root of a tree without leaves is the hash of nothing. */
export function emptyRoot(hash: Sha256 = sha256): Uint8Array {
  return hash(new Uint8Array(0));
}
