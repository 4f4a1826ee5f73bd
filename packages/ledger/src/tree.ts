// The growing tree: its right edge (enough to append and to give the root), and the full tiles that fall off it (enough for every proof).
import { emptyRoot, HASH_BYTES, nodeHash, type Sha256, sha256 } from "./hash.ts";

/** Leaves or nodes in a full tile, and the tree levels it spans (C2SP tlog-tiles). */
export const TILE_WIDTH: number = 256;
export const TILE_HEIGHT: number = 8;

/** 256 neighbouring node hashes of tree level 8·`level`, from node 256·`index` on. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** Largest tree this library handles: sizes and indexes are exact in a number. */
export const MAX_SIZE: number = Number.MAX_SAFE_INTEGER;

interface Perfect {
  readonly level: number;
  readonly root: Uint8Array;
}

/** A tree that is appended to. It keeps one hash per perfect subtree and, per tile level, the tile that is not full yet. */
export class Tree {
  readonly #hash: Sha256;
  readonly #emit: (tile: Tile) => void;
  /** The perfect subtrees that the leaves so far fall into, largest first: one for each 1 in the binary size. */
  readonly #edge: Perfect[] = [];
  readonly #partial: { index: number; count: number; hashes: Uint8Array }[] = [];
  #size = 0;

  /** `emit` is called with each tile as it becomes full; its bytes belong to the receiver. */
  constructor(emit: (tile: Tile) => void = () => undefined, hash: Sha256 = sha256) {
    this.#emit = emit;
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  /** Appends a leaf by its hash (`leafHash`). */
  append(leaf: Uint8Array): void {
    this.#size += 1;
    this.#grow({ level: 0, root: leaf });
  }

  /** Appends 256^`tileLevel` leaves at once by the hash over them; the size has to be a multiple of as many. For reopening a stored tree. */
  appendSubtree(tileLevel: number, root: Uint8Array): void {
    const leaves = TILE_WIDTH ** tileLevel;
    if (this.#size % leaves !== 0) throw new RangeError(`a subtree of ${leaves} leaves cannot start at ${this.#size}`);
    for (let level = 0; level < tileLevel; level += 1) {
      const partial = this.#partial[level];
      if (partial !== undefined) partial.index = (this.#size + leaves) / TILE_WIDTH ** (level + 1);
      else
        this.#partial[level] = {
          index: (this.#size + leaves) / TILE_WIDTH ** (level + 1),
          count: 0,
          hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES),
        };
    }
    this.#size += leaves;
    this.#grow({ level: tileLevel * TILE_HEIGHT, root });
  }

  #grow(added: Perfect): void {
    let { level, root } = added;
    for (;;) {
      if (level % TILE_HEIGHT === 0) this.#place(level / TILE_HEIGHT, root);
      const left = this.#edge.at(-1);
      if (left?.level !== level) break;
      this.#edge.pop();
      root = nodeHash(left.root, root, this.#hash);
      level += 1;
    }
    this.#edge.push({ level, root });
  }

  #place(level: number, root: Uint8Array): void {
    const tile = (this.#partial[level] ??= { index: 0, count: 0, hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES) });
    tile.hashes.set(root, tile.count * HASH_BYTES);
    tile.count += 1;
    if (tile.count < TILE_WIDTH) return;
    this.#emit({ level, index: tile.index, hashes: tile.hashes });
    this.#partial[level] = { index: tile.index + 1, count: 0, hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES) };
  }

  root(): Uint8Array {
    let k = this.#edge.length - 1;
    let root = this.#edge[k]?.root;
    if (root === undefined) return emptyRoot(this.#hash);
    while (k > 0) {
      k -= 1;
      const left = this.#edge[k];
      if (left !== undefined) root = nodeHash(left.root, root, this.#hash);
    }
    return root;
  }

  /** The hashes so far of the tile that is being filled; undefined if that tile is not the one. */
  partialTile(level: number, index: number): Uint8Array | undefined {
    const tile = this.#partial[level];
    return tile?.index === index ? tile.hashes.slice(0, tile.count * HASH_BYTES) : undefined;
  }

  /** A copy that grows on its own: what a transaction appends to, and what is thrown away when it fails. */
  clone(emit: (tile: Tile) => void): Tree {
    const copy = new Tree(emit, this.#hash);
    copy.#size = this.#size;
    copy.#edge.push(...this.#edge);
    for (const [level, { index, count, hashes }] of this.#partial.entries())
      copy.#partial[level] = { index, count, hashes: hashes.slice() };
    return copy;
  }
}
