// Signed notes (C2SP signed-note): a text, and under it one line per key that signed it.
import { ed25519 } from "@noble/curves/ed25519.js";
import { type Sha256, sha256 } from "./hash.ts";
import { accepted, type Result, refused } from "./result.ts";
import { base64, fromBase64, hex, sameBytes, utf8 } from "./text.ts";

const CLAUSE = "C2SP signed-note";
/** C2SP signed-note: Ed25519. */
const ED25519 = 0x01;
/** At least 16 signatures have to be accepted, one of them may take 5 kB; these bounds are far above. */
const MAX_SIGNATURES = 100;
const MAX_NOTE_CHARACTERS = 1_000_000;

export interface VerifierKey {
  readonly name: string;
  /** First four bytes of the key's hash, as a number. */
  readonly keyId: number;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface Signer {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Uint8Array;
}

/** True when the signature is the key's over the message. Hand in the platform's own where it is faster. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    return false; // the bytes are no signature or no point of the curve
  }
};

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface OpenedNote {
  readonly text: string;
  /** The keys whose signatures were found good; at least one. */
  readonly verifiedBy: readonly VerifierKey[];
  /** Signatures of keys that the verifier does not know. */
  readonly unknown: readonly NoteSignature[];
}

/** Key names are not empty and hold neither spaces nor "+". */
export function isKeyName(name: string): boolean {
  return name !== "" && name.isWellFormed() && !/[\s\p{White_Space}+]/u.test(name) && !hasControlCharacter(name);
}

function hasControlCharacter(text: string): boolean {
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}

function u32(bytes: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The key of a name and an Ed25519 public key, with its id. Refuses names that no note can carry. */
export function verifierKey(name: string, publicKey: Uint8Array, hash: Sha256 = sha256): Result<VerifierKey> {
  if (!isKeyName(name)) return refused("bad-name", CLAUSE, `"${name}" cannot name a key: no spaces, no "+", not empty`);
  if (publicKey.length !== 32) return refused("bad-key", CLAUSE, `an Ed25519 public key has 32 bytes, not ${publicKey.length}`);
  return accepted({ name, keyId: u32(hash(Uint8Array.of(...utf8(name), 0x0a, ED25519, ...publicKey))), publicKey: publicKey.slice() });
}

/** `name+hex(key id)+base64(0x01 ‖ public key)`. */
export function formatVerifierKey({ name, keyId, publicKey }: VerifierKey): string {
  return `${name}+${keyId.toString(16).padStart(8, "0")}+${base64(Uint8Array.of(ED25519, ...publicKey))}`;
}

export function parseVerifierKey(text: string, hash: Sha256 = sha256): Result<VerifierKey> {
  // The name holds no "+", but Base 64 may.
  const match = /^([^+]*)\+([^+]*)\+(.*)$/.exec(text);
  if (match === null) return refused("bad-key", CLAUSE, "a verifier key has the form name+id+key");
  const [, name = "", id = "", material = ""] = match;
  if (!/^[0-9a-f]{8}$/.test(id)) return refused("bad-key-id", CLAUSE, `"${id}" is not eight hexadecimal digits`);
  const bytes = fromBase64(material);
  if (bytes === undefined) return refused("bad-base64", CLAUSE, "the key is not Base 64");
  if (bytes[0] !== ED25519) return refused("unknown-algorithm", CLAUSE, `signature type ${bytes[0] ?? "none"}; only Ed25519 (1) is read`);
  const made = verifierKey(name, bytes.subarray(1), hash);
  if (made.ok && made.value.keyId !== Number.parseInt(id, 16))
    return refused("bad-key-id", CLAUSE, "the id is not the hash of name and key");
  return made;
}

/** A signer from the 32 secret bytes of an Ed25519 key (RFC 8032). */
export function ed25519Signer(name: string, secret: Uint8Array): Result<Signer> {
  const key = verifierKey(name, ed25519.getPublicKey(secret));
  if (!key.ok) return key;
  return accepted({ key: key.value, sign: (message: Uint8Array) => ed25519.sign(message, secret) });
}

function signatureLine(name: string, keyId: number, signature: Uint8Array): string {
  const bytes = new Uint8Array(4 + signature.length);
  new DataView(bytes.buffer).setUint32(0, keyId);
  bytes.set(signature, 4);
  return `— ${name} ${base64(bytes)}\n`;
}

/** Signs a text (which has to end with a newline) with each signer. */
export function signNote(text: string, signers: readonly Signer[]): Result<string> {
  if (!text.endsWith("\n")) return refused("no-final-newline", CLAUSE, "the text of a note ends with a newline");
  if (!text.isWellFormed()) return refused("not-utf8", CLAUSE, "the text holds half a character");
  if (hasControlCharacter(text)) return refused("control-character", CLAUSE, "the text holds a control character");
  if (signers.length === 0) return refused("no-signature", CLAUSE, "a note has at least one signature");
  const message = utf8(text);
  return accepted(`${text}\n${signers.map(({ key, sign }) => signatureLine(key.name, key.keyId, sign(message))).join("")}`);
}

/** Adds a signature below those that a note already has: how a witness cosigns. */
export function cosignNote(note: string, signer: Signer): Result<string> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { name, keyId } = signer.key;
  const others = parsed.value.signatures.filter((line) => line.name !== name || line.keyId !== keyId);
  const lines = others.map((line) => signatureLine(line.name, line.keyId, line.signature)).join("");
  return accepted(`${parsed.value.text}\n${lines}${signatureLine(name, keyId, signer.sign(utf8(parsed.value.text)))}`);
}

/** Takes a note apart without trusting it: nothing is verified here. */
export function parseNote(note: string): Result<Note> {
  if (note.length > MAX_NOTE_CHARACTERS) return refused("too-long", CLAUSE, `more than ${MAX_NOTE_CHARACTERS} characters`);
  if (!note.isWellFormed()) return refused("not-utf8", CLAUSE, "the note holds half a character");
  if (hasControlCharacter(note)) return refused("control-character", CLAUSE, "only newlines are allowed below U+0020");
  const split = note.lastIndexOf("\n\n");
  if (split < 0) return refused("no-blank-line", CLAUSE, "no empty line between text and signatures");
  const text = note.slice(0, split + 1);
  const block = note.slice(split + 2);
  if (block === "") return refused("no-signature", CLAUSE, "no signature below the empty line");
  if (!block.endsWith("\n")) return refused("no-final-newline", CLAUSE, "the last signature line has no newline");
  const lines = block.slice(0, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return refused("too-many-signatures", CLAUSE, `${lines.length} signatures, at most ${MAX_SIGNATURES}`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const match = /^— (\S+) (\S+)$/u.exec(line);
    if (match === null) return refused("bad-signature-line", CLAUSE, `"${line.slice(0, 80)}" is not "— name signature"`);
    const [, name = "", encoded = ""] = match;
    if (!isKeyName(name)) return refused("bad-name", CLAUSE, `"${name.slice(0, 80)}" cannot name a key`);
    const bytes = fromBase64(encoded);
    if (bytes === undefined) return refused("bad-base64", CLAUSE, `the signature of ${name} is not Base 64`);
    if (bytes.length < 5) return refused("short-signature", CLAUSE, `the signature of ${name} has ${bytes.length} bytes`);
    signatures.push({ name, keyId: u32(bytes), signature: bytes.slice(4) });
  }
  return accepted({ text, signatures });
}

/**
 * Opens a note with the keys that are trusted. One bad signature of a known key refuses the whole note; signatures of unknown keys are left aside;
 * without any good signature of a known key there is nothing to trust.
 */
export function openNote(note: string, trusted: readonly VerifierKey[], verify: VerifyEd25519 = verifyEd25519): Result<OpenedNote> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text, signatures } = parsed.value;
  const message = utf8(text);
  const verifiedBy: VerifierKey[] = [];
  const unknown: NoteSignature[] = [];
  for (const line of signatures) {
    const known = trusted.filter(({ name, keyId }) => name === line.name && keyId === line.keyId);
    const [key] = known;
    if (key === undefined) {
      unknown.push(line);
      continue;
    }
    if (known.some(({ publicKey }) => !sameBytes(publicKey, key.publicKey)))
      return refused("ambiguous-key", CLAUSE, `two trusted keys are called ${line.name} with id ${hex(Uint8Array.of(line.keyId >>> 24))}…`);
    if (verifiedBy.includes(key)) continue;
    if (!verify(key.publicKey, message, line.signature))
      return refused("invalid-signature", CLAUSE, `the signature of ${line.name} does not fit the text`);
    verifiedBy.push(key);
  }
  if (verifiedBy.length === 0) return refused("unverified", CLAUSE, "no signature of a trusted key");
  return accepted({ text, verifiedBy, unknown });
}
