// Writes pcap captures: for drills, tests and anyone who wants our frames in another tool.
import { writeU16le, writeU32le } from "../bytes.ts";

/** The header of a pcap file (microseconds, little-endian) of one link type. */
export function pcapHeader(linkType: number): Uint8Array {
  const bytes = new Uint8Array(24);
  writeU32le(bytes, 0, 0xa1b2c3d4);
  writeU16le(bytes, 4, 2);
  writeU16le(bytes, 6, 4);
  writeU32le(bytes, 16, 262_144);
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
