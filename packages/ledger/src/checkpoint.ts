// Signed checkpoints of a log: C2SP tlog-checkpoint in a C2SP signed-note, with Ed25519 signatures.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sameBytes, type Sha256, sha256 } from "./hash.ts";
import { fromBase64, fromHex, textBytes, toBase64, toHex } from "./text.ts";

export interface Checkpoint {
  /** Name of the log; no white space, no plus sign. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface LedgerRefusal {
  readonly code: string;
  readonly clause: string;
  readonly detail: string;
}

const NOTE = "C2SP signed-note";
const CHECKPOINT = "C2SP tlog-checkpoint";
const ED25519 = 0x01;
/** A note larger than this, or with more signatures, is hostile. */
const MAX_NOTE_CHARACTERS = 1_000_000;
const MAX_SIGNATURES = 100;

function refusal(code: string, clause: string, detail: string): LedgerRefusal {
  return { code, clause, detail };
}

/** Whether a name can stand in a signature line and in a verifier key. */
export function isKeyName(name: string): boolean {
  return name !== "" && !/[\s+]/u.test(name);
}

/** First four bytes of SHA-256(name, line feed, algorithm, public key). */
export function keyId(name: string, publicKey: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(textBytes(`${name}\n`), Uint8Array.of(ED25519), publicKey).slice(0, 4);
}

/** `name+hex(id)+base64(algorithm, key)`: what a verifier is given. */
export function verifierKey(name: string, publicKey: Uint8Array): string {
  return `${name}+${toHex(keyId(name, publicKey))}+${toBase64(Uint8Array.of(ED25519, ...publicKey))}`;
}

export interface Verifier {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

export function parseVerifierKey(text: string): Verifier | LedgerRefusal {
  const [name = "", id = "", key = "", ...more] = text.split("+");
  // Base64 may hold plus signs: what was split off belongs to the key.
  const bytes = fromBase64([key, ...more].join("+"));
  if (!isKeyName(name)) return refusal("key-name", NOTE, "the name is empty or has white space");
  if (bytes === undefined || bytes.length !== 33 || bytes[0] !== ED25519) return refusal("key", NOTE, "no Ed25519 key");
  const publicKey = bytes.slice(1);
  const given = fromHex(id);
  if (given === undefined || !sameBytes(given, keyId(name, publicKey))) return refusal("key-id", NOTE, "the id does not belong to the key");
  return { name, publicKey };
}

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Signs bytes with Ed25519; the hub hands in its platform's. */
export type Sign = (message: Uint8Array) => Uint8Array;

/** The checkpoint as a signed note. */
export function signCheckpoint(checkpoint: Checkpoint, name: string, publicKey: Uint8Array, sign: Sign): string {
  const text = checkpointText(checkpoint);
  return `${text}\n${signatureLine(name, publicKey, sign(textBytes(text)))}`;
}

function signatureLine(name: string, publicKey: Uint8Array, signature: Uint8Array): string {
  return `— ${name} ${toBase64(Uint8Array.of(...keyId(name, publicKey), ...signature))}\n`;
}

/** Adds a signature (a witness's, say) to a note. */
export function cosign(note: string, name: string, publicKey: Uint8Array, sign: Sign): string {
  const end = note.lastIndexOf("\n\n");
  return note + signatureLine(name, publicKey, sign(textBytes(note.slice(0, end + 1))));
}

export interface VerifiedCheckpoint extends Checkpoint {
  /** Names of the verifiers whose signatures are good. */
  readonly signedBy: readonly string[];
}

function parseText(text: string): Checkpoint | LedgerRefusal {
  const lines = text.split("\n");
  const [origin = "", size = "", root = ""] = lines;
  if (lines.length < 4 || origin === "") return refusal("lines", CHECKPOINT, "origin, size and root, a line each");
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    return refusal("size", CHECKPOINT, `size "${size.slice(0, 40)}"`);
  const bytes = fromBase64(root);
  if (bytes === undefined || bytes.length !== 32) return refusal("root", CHECKPOINT, "32 bytes in base64");
  return { origin, size: Number(size), root: bytes };
}

/** Reads a note and checks its signatures. Signatures of unknown keys are passed over; a bad one of a known key refuses the note. */
export function openCheckpoint(note: string, verifiers: readonly Verifier[]): VerifiedCheckpoint | LedgerRefusal {
  if (note.length > MAX_NOTE_CHARACTERS) return refusal("too-long", NOTE, `${note.length} characters`);
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return refusal("no-signatures", NOTE, "a blank line before the signatures, a line feed at the end");
  const text = note.slice(0, end + 1);
  const checkpoint = parseText(text);
  if ("code" in checkpoint) return checkpoint;
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return refusal("too-many-signatures", NOTE, `${lines.length}`);
  const message = textBytes(text);
  const signedBy: string[] = [];
  for (const line of lines) {
    const match = /^— (\S+) (\S+)$/u.exec(line);
    const bytes = match === null ? undefined : fromBase64(match[2] ?? "");
    if (match === null || bytes === undefined || bytes.length < 5) return refusal("signature-line", NOTE, line.slice(0, 80));
    const name = match[1] ?? "";
    const verifier = verifiers.find((known) => known.name === name && sameBytes(keyId(name, known.publicKey), bytes.subarray(0, 4)));
    if (verifier === undefined) continue;
    if (bytes.length !== 68 || !verifySignature(verifier.publicKey, message, bytes.subarray(4)))
      return refusal("bad-signature", NOTE, `of ${name}`);
    if (!signedBy.includes(name)) signedBy.push(name);
  }
  if (signedBy.length === 0) return refusal("no-known-signature", NOTE, "no signature of a key that was given");
  return { ...checkpoint, signedBy };
}

function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    return false;
  }
}
