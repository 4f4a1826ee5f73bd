// Proofs that an entry stands in the log, and that a later log still holds an earlier one (RFC 6962 §2.1.1 and §2.1.2).
import { nodeHash, sameBytes, type Sha256, sha256 } from "./hash.ts";
import { largestPowerBelow, type NodeSource, rangeRoot } from "./tree.ts";

/** Audit path of leaf `index` in the first `size` leaves. */
export function inclusionProof(index: number, size: number, nodes: NodeSource, hash: Sha256 = sha256): readonly Uint8Array[] {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size))
    throw new RangeError(`leaf ${index} of ${size}`);
  const path = (begin: number, end: number): Uint8Array[] => {
    if (end - begin === 1) return [];
    const middle = begin + largestPowerBelow(end - begin);
    return index < middle
      ? [...path(begin, middle), rangeRoot(middle, end, nodes, hash)]
      : [...path(middle, end), rangeRoot(begin, middle, nodes, hash)];
  };
  return path(0, size);
}

/** True when the path leads from the leaf to the root. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
  hash: Sha256 = sha256,
): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  let node = index;
  let last = size - 1;
  let value = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      value = nodeHash(sibling, value, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else value = nodeHash(value, sibling, hash);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(value, root);
}

/** Proof that the log of `size` leaves begins with the log of `earlier` leaves. */
export function consistencyProof(earlier: number, size: number, nodes: NodeSource, hash: Sha256 = sha256): readonly Uint8Array[] {
  if (!(Number.isSafeInteger(earlier) && Number.isSafeInteger(size) && earlier > 0 && earlier <= size))
    throw new RangeError(`${earlier} of ${size}`);
  const path = (count: number, begin: number, end: number, whole: boolean): Uint8Array[] => {
    if (count === end - begin) return whole ? [] : [rangeRoot(begin, end, nodes, hash)];
    const split = largestPowerBelow(end - begin);
    if (count <= split) return [...path(count, begin, begin + split, whole), rangeRoot(begin + split, end, nodes, hash)];
    return [...path(count - split, begin + split, end, false), rangeRoot(begin, begin + split, nodes, hash)];
  };
  return path(earlier, 0, size, true);
}

/** True when the proof shows that the later root's log begins with the earlier root's. */
export function verifyConsistency(
  earlier: number,
  earlierRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
  hash: Sha256 = sha256,
): boolean {
  if (!(Number.isSafeInteger(earlier) && Number.isSafeInteger(size) && earlier >= 0 && earlier <= size)) return false;
  if (earlier === size) return proof.length === 0 && sameBytes(earlierRoot, root);
  if (earlier === 0) return proof.length === 0;
  let node = earlier - 1;
  let last = size - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  const [first, ...rest] = node === 0 ? [earlierRoot, ...proof] : proof;
  if (first === undefined) return false;
  let old = first;
  let now = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old, hash);
      now = nodeHash(sibling, now, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else now = nodeHash(now, sibling, hash);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(old, earlierRoot) && sameBytes(now, root);
}
