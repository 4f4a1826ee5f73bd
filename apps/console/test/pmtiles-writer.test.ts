// The reference map's archive: read back by the reader that the map uses.
import assert from "node:assert/strict";
import test from "node:test";
import { PMTiles, type RangeResponse, type Source } from "pmtiles";
import { type Tile, writePmtiles } from "../scripts/pmtiles-writer.ts";

class Memory implements Source {
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  getKey(): string {
    return "memory";
  }
  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    return { data: Uint8Array.from(this.#bytes.subarray(offset, offset + length)).buffer };
  }
}

const about = { minZoom: 0, maxZoom: 8, bounds: [-180, -85, 180, 85], centre: [-106.49, 31.76, 6], metadata: { name: "test" } } as const;

/** Tiles of one zoom whose bytes say which they are; enough of them need leaf directories. */
function tilesOf(zoom: number, count: number): Tile[] {
  const wide = 2 ** zoom;
  return Array.from({ length: count }, (_, k) => {
    const [x, y] = [(k * 7) % wide, Math.floor((k * 7) / wide) % wide];
    return { z: zoom, x, y, bytes: new TextEncoder().encode(`${zoom}/${x}/${y} ${"·".repeat((k * 31) % 300)}`) };
  });
}

for (const [name, tiles] of [
  ["a few tiles", tilesOf(4, 20)],
  ["thousands of tiles in leaf directories", tilesOf(8, 9000)],
] as const) {
  test(`${name} are found again by their address, and no others`, async () => {
    const archive = new PMTiles(new Memory(writePmtiles(tiles, about)));
    for (const tile of tiles.filter((_, k) => k % 37 === 0)) {
      const found = await archive.getZxy(tile.z, tile.x, tile.y);
      assert.deepEqual(found && new Uint8Array(found.data), tile.bytes);
    }
    assert.equal(await archive.getZxy(3, 0, 0), undefined);
    assert.deepEqual(await archive.getMetadata(), { name: "test" });
  });
}

test("the same tiles give the same bytes in whatever order they come", () => {
  const tiles = tilesOf(6, 500);
  assert.deepEqual(writePmtiles([...tiles].reverse(), about), writePmtiles(tiles, about));
});
