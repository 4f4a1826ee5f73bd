// The hash of the log, handed in where a faster one than the portable default is at hand.
import { sha256 as portableSha256 } from "@noble/hashes/sha2.js";

/** SHA-256 of the concatenation of the parts. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** Runs anywhere, browsers included. */
export const sha256: Sha256 = (...parts) => {
  const state = portableSha256.create();
  for (const part of parts) state.update(part);
  return state.digest();
};

const LEAF: Uint8Array = Uint8Array.of(0);
const NODE: Uint8Array = Uint8Array.of(1);

/** RFC 6962 §2.1: leaves and nodes are hashed under different prefixes, so that neither can be taken for the other. */
export function leafHash(record: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(LEAF, record);
}
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(NODE, left, right);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}
