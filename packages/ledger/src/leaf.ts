// What a leaf of the journal's log commits to: the entry's header, and salted hashes of its payload and of its sealed part, so that either can be
// deleted later and the leaf, with every proof ever given, still stands.
import { type Sha256, sha256 } from "./hash.ts";
import { textBytes } from "./text.ts";

export interface LeafHeader {
  readonly seq: number;
  /** Integer Unix microseconds. */
  readonly timeUs: number;
  readonly kind: string;
  readonly source: string;
  readonly retention: string;
}

/** SHA-256(salt ‖ payload). */
export function commitment(salt: Uint8Array, payload: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(salt, payload);
}

/**
 * The record that is hashed into the tree, one line of UTF-8 text per part:
 * `atalaya-entry-v1`, seq, time, kind, source, retention, hex of the payload's commitment, hex of the sealed part's or `-`.
 */
export function leafRecord(
  { seq, timeUs, kind, source, retention }: LeafHeader,
  payload: Uint8Array,
  sealed: Uint8Array | undefined,
): Uint8Array {
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = [
    "atalaya-entry-v1",
    seq,
    timeUs,
    quoted(kind),
    quoted(source),
    quoted(retention),
    hexOf(payload),
    sealed === undefined ? "-" : hexOf(sealed),
  ];
  return asciiBytes(`${lines.join("\n")}\n`);
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Fast for the ASCII that headers nearly always are. */
function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k);
    if (code > 0x7f) return textBytes(text);
    bytes[k] = code;
  }
  return bytes;
}
