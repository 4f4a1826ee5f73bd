// Small ZIP archives: written without compression, read with it, within bounds (APPNOTE 6.3, no ZIP64, no encryption).
import { crc32, inflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** Names are UTF-8 (general purpose bit 11). */
const UTF8 = 0x0800;
const STORED = 0;
const DEFLATED = 8;
/** 1980-01-01 00:00: an archive is the same whenever it is made. */
const DOS_DATE = 0x21;

export const MAX_ZIP_BYTES: number = 1 << 20;
const MAX_ENTRIES = 100;
const MAX_ENTRY_BYTES = 512 * 1024;

export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const title = Buffer.from(name);
    // From the version needed to the length of the extra field, as both headers have it.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(UTF8, 2);
    shared.writeUInt16LE(STORED, 4);
    shared.writeUInt16LE(DOS_DATE, 8);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(content.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(title.length, 22);
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(LOCAL);
    parts.push(signature, shared, title, Buffer.from(content));
    const head = Buffer.alloc(CENTRAL_BYTES);
    head.writeUInt32LE(CENTRAL, 0);
    head.writeUInt16LE(20, 4);
    shared.copy(head, 6);
    head.writeUInt32LE(offset, 42);
    central.push(head, title);
    offset += LOCAL_BYTES + title.length + content.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** The files of an archive; undefined when it is none, is larger than a data package should be, or is damaged. */
export function readZip(archive: Uint8Array): readonly ZipEntry[] | undefined {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  if (bytes.length > MAX_ZIP_BYTES) return undefined;
  let at = bytes.length - END_BYTES;
  while (at >= 0 && bytes.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) return undefined;
  const count = bytes.readUInt16LE(at + 10);
  if (count > MAX_ENTRIES) return undefined;
  const entries: ZipEntry[] = [];
  try {
    let head = bytes.readUInt32LE(at + 16);
    for (let k = 0; k < count; k += 1) {
      if (bytes.readUInt32LE(head) !== CENTRAL) return undefined;
      const [method, crc, packed, size] = [10, 16, 20, 24].map((where, n) =>
        n === 0 ? bytes.readUInt16LE(head + where) : bytes.readUInt32LE(head + where),
      );
      const [title = 0, extra = 0, comment = 0] = [28, 30, 32].map((where) => bytes.readUInt16LE(head + where));
      const local = bytes.readUInt32LE(head + 42);
      const name = bytes.toString("utf8", head + CENTRAL_BYTES, head + CENTRAL_BYTES + title);
      head += CENTRAL_BYTES + title + extra + comment;
      if (name.endsWith("/")) continue;
      const from = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const data = bytes.subarray(from, from + (packed ?? 0));
      if (bytes.readUInt32LE(local) !== LOCAL || data.length !== packed || (size ?? 0) > MAX_ENTRY_BYTES) return undefined;
      if (method !== STORED && method !== DEFLATED) return undefined;
      const content = method === STORED ? data : inflateRawSync(data, { maxOutputLength: MAX_ENTRY_BYTES });
      if (content.length !== size || crc32(content) !== crc) return undefined;
      entries.push({ name, content });
    }
  } catch {
    return undefined;
  }
  return entries;
}
