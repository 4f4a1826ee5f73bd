// Short proofs over the tree: that a leaf is in it, and that a larger tree continues a smaller one (RFC 6962 §2.1.1–2.1.2, RFC 9162 §2.1.3–2.1.4).
import { HASH_BYTES, nodeHash, type Sha256, sha256 } from "./hash.ts";
import { type Refusal, refused } from "./result.ts";
import { sameBytes } from "./text.ts";
import { MAX_SIZE, TILE_HEIGHT, TILE_WIDTH } from "./tree.ts";

/** The hashes that a tile holds so far, 32 bytes each; undefined where the tile is missing. */
export type TileReader = (level: number, index: number) => Uint8Array | undefined;

/** A tile that a proof needs is missing or too short: the store is damaged, or the size asked for is beyond it. */
export class MissingTile extends Error {
  readonly level: number;
  readonly index: number;
  constructor(level: number, index: number) {
    super(`tile ${index} of level ${level} is missing or too short`);
    this.name = "MissingTile";
    this.level = level;
    this.index = index;
  }
}

/** The largest power of two below n (n > 1). */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Proofs and roots of any size up to the one that the tiles reach. */
export class Prover {
  readonly #tile: TileReader;
  readonly #hash: Sha256;

  constructor(tile: TileReader, hash: Sha256 = sha256) {
    this.#tile = tile;
    this.#hash = hash;
  }

  /** Root of the first `size` leaves; `size` at least 1. */
  root(size: number): Uint8Array {
    return this.#range(0, size);
  }

  /** RFC 6962 §2.1.1: the path of leaf `index` (from 0) in the tree of `size` leaves, from the leaf's sibling up. */
  inclusion(index: number, size: number): readonly Uint8Array[] {
    if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
    const path: Uint8Array[] = [];
    let low = 0;
    let high = size;
    while (high - low > 1) {
      const middle = low + splitPoint(high - low);
      if (index < middle) {
        path.push(this.#range(middle, high));
        high = middle;
      } else {
        path.push(this.#range(low, middle));
        low = middle;
      }
    }
    return path.reverse();
  }

  /** RFC 6962 §2.1.2: that the tree of `size` leaves begins with the tree of `oldSize`. */
  consistency(oldSize: number, size: number): readonly Uint8Array[] {
    if (!(oldSize >= 0 && oldSize <= size)) throw new RangeError(`a tree of ${size} cannot continue one of ${oldSize}`);
    if (oldSize === 0 || oldSize === size) return [];
    const path: Uint8Array[] = [];
    let low = 0;
    let high = size;
    while (oldSize !== high) {
      const middle = low + splitPoint(high - low);
      if (oldSize <= middle) {
        path.push(this.#range(middle, high));
        high = middle;
      } else {
        path.push(this.#range(low, middle));
        low = middle;
      }
    }
    // The subtree that is the whole old tree needs no hash: the verifier has its root.
    if (low > 0) path.push(this.#range(low, high));
    return path.reverse();
  }

  #range(low: number, high: number): Uint8Array {
    const count = high - low;
    let level = 0;
    let leaves = 1;
    while (leaves < count) {
      leaves *= 2;
      level += 1;
    }
    if (leaves === count && low % leaves === 0) return this.#node(level, low / leaves);
    const middle = low + splitPoint(count);
    return nodeHash(this.#range(low, middle), this.#range(middle, high), this.#hash);
  }

  #node(level: number, index: number): Uint8Array {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const count = 2 ** (level % TILE_HEIGHT);
    const first = index * count;
    const tileIndex = Math.floor(first / TILE_WIDTH);
    const offset = (first % TILE_WIDTH) * HASH_BYTES;
    const hashes = this.#tile(tileLevel, tileIndex);
    if (hashes === undefined || hashes.length < offset + count * HASH_BYTES) throw new MissingTile(tileLevel, tileIndex);
    return subtreeRoot(hashes.subarray(offset, offset + count * HASH_BYTES), this.#hash);
  }
}

/** Root over 1, 2, 4 … 256 neighbouring hashes: of a whole tile, the hash that stands for it one tile level up. */
export function subtreeRoot(hashes: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  let row: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) row.push(hashes.slice(at, at + HASH_BYTES));
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let k = 0; k + 1 < row.length; k += 2) above.push(nodeHash(row[k] as Uint8Array, row[k + 1] as Uint8Array, hash));
    row = above;
  }
  const [root] = row;
  if (root === undefined) throw new RangeError("a subtree has at least one hash");
  return root;
}

function validNumbers(...numbers: readonly number[]): boolean {
  return numbers.every((n) => Number.isSafeInteger(n) && n >= 0 && n <= MAX_SIZE);
}

/** RFC 9162 §2.1.3.2. Undefined: the proof holds. */
export function checkInclusion(
  proof: readonly Uint8Array[],
  index: number,
  size: number,
  leaf: Uint8Array,
  root: Uint8Array,
  hash: Sha256 = sha256,
): Refusal | undefined {
  const clause = "RFC 9162 §2.1.3.2";
  if (!validNumbers(index, size) || index >= size) return refused("index-outside-tree", clause, `leaf ${index} of ${size}`).refused;
  if (proof.some((part) => part.length !== HASH_BYTES)) return refused("bad-hash-length", clause, "a hash is not 32 bytes long").refused;
  let at = index;
  let last = size - 1;
  let running = leaf;
  for (const part of proof) {
    if (last === 0) return refused("proof-too-long", clause, `${proof.length} hashes`).refused;
    if (at % 2 === 1 || at === last) {
      running = nodeHash(part, running, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else running = nodeHash(running, part, hash);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refused("proof-too-short", clause, `${proof.length} hashes`).refused;
  return sameBytes(running, root) ? undefined : refused("root-differs", clause, "the proof leads to another root").refused;
}

/** RFC 9162 §2.1.4.2. Undefined: the larger tree continues the smaller. */
export function checkConsistency(
  proof: readonly Uint8Array[],
  oldSize: number,
  oldRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  hash: Sha256 = sha256,
): Refusal | undefined {
  const clause = "RFC 9162 §2.1.4.2";
  if (!validNumbers(oldSize, size) || oldSize > size) return refused("sizes-reversed", clause, `${oldSize} to ${size}`).refused;
  if (proof.some((part) => part.length !== HASH_BYTES)) return refused("bad-hash-length", clause, "a hash is not 32 bytes long").refused;
  if (oldSize === size) {
    if (proof.length > 0) return refused("proof-too-long", clause, "trees of one size need no hash").refused;
    return sameBytes(oldRoot, root) ? undefined : refused("root-differs", clause, "two roots for one size").refused;
  }
  // RFC 9162 §2.1.4.1: every tree continues the empty one.
  if (oldSize === 0) return proof.length === 0 ? undefined : refused("proof-too-long", clause, "the empty tree needs no hash").refused;
  const parts = [...proof];
  let power = oldSize;
  while (power % 2 === 0) power /= 2;
  if (power === 1) parts.unshift(oldRoot);
  const [first, ...rest] = parts;
  if (first === undefined) return refused("proof-too-short", clause, "no hash").refused;
  let at = oldSize - 1;
  let last = size - 1;
  while (at % 2 === 1) {
    at = (at - 1) / 2;
    last = Math.floor(last / 2);
  }
  let before = first;
  let after = first;
  for (const part of rest) {
    if (last === 0) return refused("proof-too-long", clause, `${proof.length} hashes`).refused;
    if (at % 2 === 1 || at === last) {
      before = nodeHash(part, before, hash);
      after = nodeHash(part, after, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else after = nodeHash(after, part, hash);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refused("proof-too-short", clause, `${proof.length} hashes`).refused;
  if (!sameBytes(before, oldRoot))
    return refused("old-root-differs", clause, "the proof leads to another root of the smaller tree").refused;
  return sameBytes(after, root) ? undefined : refused("root-differs", clause, "the proof leads to another root of the larger tree").refused;
}
