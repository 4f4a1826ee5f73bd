import assert from "node:assert/strict";
import { hash as nodeHashOf } from "node:crypto";
import test from "node:test";
import {
  checkConsistency,
  checkInclusion,
  emptyRoot,
  hex,
  leafHash,
  MissingTile,
  Prover,
  type Sha256,
  sha256,
  subtreeRoot,
  type Tile,
  type TileReader,
  TILE_WIDTH,
  Tree,
} from "@atalaya/ledger";
import fc from "fast-check";
import { LEAVES, rootByDefinition, ROOTS } from "./samples.ts";

const fast: Sha256 = (bytes) => nodeHashOf("sha256", bytes, "buffer");

function grown(size: number): {
  readonly tree: Tree;
  readonly leaves: readonly Uint8Array[];
  readonly prover: Prover;
  readonly tiles: Tile[];
} {
  const tiles: Tile[] = [];
  const tree = new Tree((tile) => tiles.push(tile), fast);
  const leaves = Array.from({ length: size }, (_, k) => leafHash(Buffer.from(`leaf ${k}`), fast));
  for (const leaf of leaves) tree.append(leaf);
  const read: TileReader = (level, index) =>
    tiles.find((tile) => tile.level === level && tile.index === index)?.hashes ?? tree.partialTile(level, index);
  return { tree, leaves, tiles, prover: new Prover(read, fast) };
}

test("the root of no leaves is the hash of nothing", () => {
  assert.equal(hex(emptyRoot()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.deepEqual(new Tree().root(), emptyRoot());
});

test("the roots are those of the RFC 6962 reference implementation", () => {
  const tree = new Tree();
  for (const [k, leaf] of LEAVES.entries()) {
    tree.append(leafHash(leaf));
    assert.equal(hex(tree.root()), ROOTS[k]);
  }
});

test("the inclusion and consistency proofs are those of the reference implementation", () => {
  const tree = new Tree();
  for (const leaf of LEAVES) tree.append(leafHash(leaf));
  const prover = new Prover((level, index) => tree.partialTile(level, index));
  assert.deepEqual(prover.inclusion(0, 8).map(hex), [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ]);
  assert.deepEqual(prover.inclusion(2, 3).map(hex), ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
  assert.deepEqual(prover.consistency(6, 8).map(hex), [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
});

test("the portable hash and the platform's agree", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => assert.deepEqual(sha256(bytes), new Uint8Array(fast(bytes)))));
});

test("growing leaf by leaf gives the root of the definition, over tile borders too", () => {
  for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 700]) {
    const { tree, leaves } = grown(size);
    assert.equal(hex(tree.root()), hex(rootByDefinition(leaves, fast)), `size ${size}`);
  }
});

test("every leaf of every size proves its inclusion, and no other leaf passes with its proof", () => {
  const { prover, leaves } = grown(600);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), (size, pick) => {
      const index = pick % size;
      const root = rootByDefinition(leaves.slice(0, size), fast);
      const path = prover.inclusion(index, size);
      const leaf = leaves[index]!;
      assert.equal(checkInclusion(path, index, size, leaf, root, fast), undefined);
      assert.equal(checkInclusion(path, index, size, fast(leaf), root, fast)?.code, "root-differs");
      if (size > 1) {
        assert.notEqual(checkInclusion(path, (index + 1) % size, size, leaf, root, fast), undefined);
        assert.notEqual(checkInclusion(path.slice(1), index, size, leaf, root, fast), undefined);
      }
      assert.notEqual(checkInclusion([...path, leaf], index, size, leaf, root, fast), undefined);
    }),
    { numRuns: 60 },
  );
});

test("every size continues every smaller one, and a changed history does not", () => {
  const { prover, leaves } = grown(600);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), (size, pick) => {
      const old = pick % (size + 1);
      const root = rootByDefinition(leaves.slice(0, size), fast);
      const oldRoot = rootByDefinition(leaves.slice(0, old), fast);
      const path = prover.consistency(old, size);
      assert.equal(checkConsistency(path, old, oldRoot, size, root, fast), undefined);
      if (old > 0 && old < size) {
        assert.notEqual(checkConsistency(path, old, fast(oldRoot), size, root, fast), undefined);
        assert.notEqual(checkConsistency(path, old, oldRoot, size, fast(root), fast), undefined);
        assert.notEqual(checkConsistency(path.slice(1), old, oldRoot, size, root, fast), undefined);
        assert.notEqual(checkConsistency([...path, root], old, oldRoot, size, root, fast), undefined);
      }
    }),
    { numRuns: 60 },
  );
});

test("sizes beyond 32 bits are counted exactly", () => {
  // One leaf beside 2^40 unknown ones: the path is the root of the others.
  const left = fast(Uint8Array.of(7));
  const leaf = leafHash(Uint8Array.of(1), fast);
  const root = fast(Uint8Array.of(1, ...left, ...leaf));
  assert.equal(checkInclusion([left], 2 ** 40, 2 ** 40 + 1, leaf, root, fast), undefined);
  assert.equal(checkInclusion([left], 2 ** 40 - 1, 2 ** 40 + 1, leaf, root, fast)?.code, "proof-too-short");
  assert.equal(checkInclusion([left], 2 ** 53, 2 ** 53 + 2, leaf, root, fast)?.code, "index-outside-tree");
});

test("a tree that is opened again from its tiles goes on as if it had never stopped", () => {
  const { tree, leaves, tiles } = grown(256 * 5 + 37);
  const reopened = new Tree(() => undefined, fast);
  for (const tile of tiles) reopened.appendSubtree(1, subtreeRoot(tile.hashes, fast));
  for (const leaf of leaves.slice(256 * 5)) reopened.append(leaf);
  assert.equal(reopened.size, tree.size);
  assert.deepEqual(reopened.root(), tree.root());
  const more: Tile[] = [];
  const [a, b] = [tree.clone((tile) => more.push(tile)), reopened.clone((tile) => more.push(tile))];
  for (let k = 0; k < 300; k += 1) {
    a.append(leaves[k]!);
    b.append(leaves[k]!);
  }
  assert.deepEqual(a.root(), b.root());
  assert.deepEqual(more[0], more[1]);
  assert.equal(tree.size, 256 * 5 + 37, "the original has not moved");
});

test("a full tile of the second level is emitted after 65,536 leaves and holds the roots of the tiles below", () => {
  const tiles: Tile[] = [];
  const tree = new Tree((tile) => tiles.push(tile), fast);
  const leaf = leafHash(Uint8Array.of(1), fast);
  for (let k = 0; k < TILE_WIDTH ** 2; k += 1) tree.append(leaf);
  assert.equal(tiles.length, TILE_WIDTH + 1);
  const upper = tiles.at(-1)!;
  assert.deepEqual([upper.level, upper.index], [1, 0]);
  assert.deepEqual(subtreeRoot(upper.hashes, fast), tree.root());
});

test("a missing tile is named", () => {
  const prover = new Prover(() => undefined);
  assert.throws(
    () => prover.inclusion(3, 1000),
    (error) => error instanceof MissingTile && error.level >= 0,
  );
});
