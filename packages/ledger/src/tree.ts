// A Merkle tree that only grows (RFC 6962 §2.1), kept as the roots of its full subtrees: log₂(size) hashes, whatever the size.
import { nodeHash, type Sha256, sha256 } from "./hash.ts";

/** Hash of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(hash: Sha256 = sha256): Uint8Array {
  return hash();
}

/** A node that became complete: `level` 0 is a leaf; `index` counts from the left within the level. */
export interface CompleteNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

export class TreeFrontier {
  readonly #hash: Sha256;
  /** Roots of the full subtrees from large to small, by the bits of the size. */
  readonly #roots: Uint8Array[];
  #size: number;

  constructor(hash: Sha256 = sha256, size = 0, roots: readonly Uint8Array[] = []) {
    if (roots.length !== bitCount(size))
      throw new RangeError(`a tree of ${size} leaves has ${bitCount(size)} full subtrees, not ${roots.length}`);
    this.#hash = hash;
    this.#size = size;
    this.#roots = [...roots];
  }

  get size(): number {
    return this.#size;
  }
  get roots(): readonly Uint8Array[] {
    return this.#roots;
  }

  /** Adds the hash of a leaf; `completed` is told of every inner node that this makes complete. */
  append(leaf: Uint8Array, completed?: (node: CompleteNode) => void): void {
    let index = this.#size;
    let level = 0;
    let hash = leaf;
    while (index % 2 === 1) {
      const left = this.#roots.pop();
      if (left === undefined) throw new RangeError("frontier lost a subtree");
      hash = nodeHash(left, hash, this.#hash);
      index = (index - 1) / 2;
      level += 1;
      completed?.({ level, index, hash });
    }
    this.#roots.push(hash);
    this.#size += 1;
  }

  /** Root of the tree as it stands. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (let k = this.#roots.length - 1; k >= 0; k -= 1) {
      const subtree = this.#roots[k];
      if (subtree === undefined) continue;
      root = root === undefined ? subtree : nodeHash(subtree, root, this.#hash);
    }
    return root ?? emptyRoot(this.#hash);
  }
}

function bitCount(value: number): number {
  let rest = value;
  let bits = 0;
  while (rest > 0) {
    bits += rest % 2;
    rest = Math.floor(rest / 2);
  }
  return bits;
}

/** Where the hash of a complete node is found; the caller keeps them (levels above 0) and the leaves. */
export type NodeSource = (level: number, index: number) => Uint8Array;

/** Root of the leaves from `begin` (inclusive) to `end` (exclusive), of which `begin` is a multiple of the largest power of two below. */
export function rangeRoot(begin: number, end: number, nodes: NodeSource, hash: Sha256 = sha256): Uint8Array {
  const size = end - begin;
  const level = Math.log2(size);
  if (Number.isInteger(level) && begin % size === 0) return nodes(level, begin / size);
  const split = largestPowerBelow(size);
  return nodeHash(rangeRoot(begin, begin + split, nodes, hash), rangeRoot(begin + split, end, nodes, hash), hash);
}

/** Largest power of two below `size` (RFC 6962 §2.1: k < n ≤ 2k). */
export function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
