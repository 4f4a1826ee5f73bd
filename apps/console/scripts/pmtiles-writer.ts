// Writes a PMTiles archive (version 3 of its specification): header, directory, metadata, tiles in the order of their Hilbert ids.
import { gzipSync } from "node:zlib";
import { zxyToTileId } from "pmtiles";

export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly bytes: Uint8Array;
}

export interface Archive {
  readonly minZoom: number;
  readonly maxZoom: number;
  /** West, south, east, north, °. */
  readonly bounds: readonly [number, number, number, number];
  readonly centre: readonly [lon: number, lat: number, zoom: number];
  readonly metadata: object;
}

const HEADER_BYTES = 127;
const GZIP = 2;
const MVT = 1;
/** A root directory has to fit in the first 16 kB together with the header. */
const ROOT_LIMIT = 16_384 - HEADER_BYTES;

function varint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

interface Entry {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  /** 0: the entry points to a leaf directory. */
  readonly run: number;
}

function directory(entries: readonly Entry[]): Buffer {
  const out: number[] = [];
  varint(out, entries.length);
  let last = 0;
  for (const { id } of entries) {
    varint(out, id - last);
    last = id;
  }
  for (const { run } of entries) varint(out, run);
  for (const { length } of entries) varint(out, length);
  entries.forEach(({ offset }, k) => {
    const before = entries[k - 1];
    varint(out, before !== undefined && offset === before.offset + before.length ? 0 : offset + 1);
  });
  // Level 9 and no time in the header: the same input gives the same bytes.
  return gzipSync(Uint8Array.from(out), { level: 9 });
}

/** The archive's bytes; the same tiles give the same bytes. */
export function writePmtiles(tiles: readonly Tile[], archive: Archive): Buffer {
  const ordered = tiles
    .map((tile) => ({ id: zxyToTileId(tile.z, tile.x, tile.y), bytes: gzipSync(tile.bytes, { level: 9 }) }))
    .sort((a, b) => a.id - b.id);
  const entries: Entry[] = [];
  let offset = 0;
  for (const { id, bytes } of ordered) {
    entries.push({ id, offset, length: bytes.length, run: 1 });
    offset += bytes.length;
  }
  let root = directory(entries);
  let leaves = Buffer.alloc(0);
  if (root.length > ROOT_LIMIT) {
    const pointers: Entry[] = [];
    for (let k = 0; k < entries.length; k += 1024) {
      const part = entries.slice(k, k + 1024);
      const leaf = directory(part);
      pointers.push({ id: part[0]?.id ?? 0, offset: leaves.length, length: leaf.length, run: 0 });
      leaves = Buffer.concat([leaves, leaf]);
    }
    root = directory(pointers);
  }
  const metadata = gzipSync(JSON.stringify(archive.metadata), { level: 9 });
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("PMTiles", 0, "latin1");
  header[7] = 3;
  const metadataAt = HEADER_BYTES + root.length;
  const leavesAt = metadataAt + metadata.length;
  const tilesAt = leavesAt + leaves.length;
  const numbers = [
    HEADER_BYTES,
    root.length,
    metadataAt,
    metadata.length,
    leavesAt,
    leaves.length,
    tilesAt,
    offset,
    entries.length,
    entries.length,
    entries.length,
  ];
  numbers.forEach((value, k) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * k));
  header[96] = 1;
  header[97] = GZIP;
  header[98] = GZIP;
  header[99] = MVT;
  header[100] = archive.minZoom;
  header[101] = archive.maxZoom;
  archive.bounds.forEach((degrees, k) => header.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * k));
  header[118] = archive.centre[2];
  header.writeInt32LE(Math.round(archive.centre[0] * 1e7), 119);
  header.writeInt32LE(Math.round(archive.centre[1] * 1e7), 123);
  return Buffer.concat([header, root, metadata, leaves, ...ordered.map(({ bytes }) => bytes)]);
}
