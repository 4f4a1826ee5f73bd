// Writes pcap and pcapng captures: for drills, tests and anyone who wants our frames in another tool.
import { writeU16le, writeU32le } from "../bytes.ts";

const SNAP_LENGTH = 262_144;

/** The header of a pcap file (microseconds, little-endian) of one link type. */
export function pcapHeader(linkType: number): Uint8Array {
  const bytes = new Uint8Array(24);
  writeU32le(bytes, 0, 0xa1b2c3d4);
  writeU16le(bytes, 4, 2);
  writeU16le(bytes, 6, 4);
  writeU32le(bytes, 16, SNAP_LENGTH);
  writeU32le(bytes, 20, linkType);
  return bytes;
}

/** One record of a pcap file. */
export function pcapRecord(timeUs: number, frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + frame.length);
  writeU32le(bytes, 0, Math.floor(timeUs / 1e6));
  writeU32le(bytes, 4, Math.floor(timeUs % 1e6));
  writeU32le(bytes, 8, frame.length);
  writeU32le(bytes, 12, frame.length);
  bytes.set(frame, 16);
  return bytes;
}

function block(type: number, body: Uint8Array): Uint8Array {
  const total = 12 + body.length;
  const bytes = new Uint8Array(total);
  writeU32le(bytes, 0, type);
  writeU32le(bytes, 4, total);
  bytes.set(body, 8);
  writeU32le(bytes, total - 4, total);
  return bytes;
}

/** The start of a pcapng file (little-endian, microseconds): a section and one interface for each link type, numbered from 0. */
export function pcapngHeader(linkTypes: readonly number[]): Uint8Array {
  const section = new Uint8Array(16);
  writeU32le(section, 0, 0x1a2b3c4d);
  writeU16le(section, 4, 1);
  section.fill(0xff, 8); // length of the section not stated
  const blocks = [block(0x0a0d0d0a, section)];
  for (const linkType of linkTypes) {
    const body = new Uint8Array(8);
    writeU16le(body, 0, linkType);
    writeU32le(body, 4, SNAP_LENGTH);
    blocks.push(block(1, body));
  }
  const bytes = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of blocks) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** One packet of a pcapng file, as an Enhanced Packet Block. */
export function pcapngPacket(interfaceNumber: number, timeUs: number, frame: Uint8Array): Uint8Array {
  const body = new Uint8Array(20 + frame.length + ((4 - (frame.length % 4)) % 4));
  writeU32le(body, 0, interfaceNumber);
  writeU32le(body, 4, Math.floor(timeUs / 2 ** 32));
  writeU32le(body, 8, Math.floor(timeUs) % 2 ** 32);
  writeU32le(body, 12, frame.length);
  writeU32le(body, 16, frame.length);
  body.set(frame, 20);
  return block(6, body);
}
