// The platform's SHA-256 and Ed25519 for the ledger, several times faster than its portable ones, and the key that signs the journal's head.
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type Sha256, type Signer, verifierKey, type VerifyEd25519 } from "@atalaya/ledger";

export const platformSha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/** The bytes before an Ed25519 public key in its SPKI form (RFC 8410 §4). */
const SPKI_PREFIX: Uint8Array = Buffer.from("302a300506032b6570032100", "hex");

export const platformVerifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
    return verify(null, message, key, signature);
  } catch {
    return false; // the bytes are no point of the curve
  }
};

/** Forces a file's or a folder's content to the disk. */
export function syncToDisk(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes a file that nobody else may read, whole or not at all. */
export function writePrivateFile(path: string, content: string): void {
  const partial = `${path}.part`;
  const handle = openSync(partial, "w", 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, path);
  syncToDisk(dirname(path));
}

/** Reads the private key of a journal, or makes one (file mode 0600). */
export function signingKey(path: string): KeyObject {
  if (existsSync(path)) return createPrivateKey(readFileSync(path));
  const { privateKey } = generateKeyPairSync("ed25519");
  writePrivateFile(path, privateKey.export({ format: "pem", type: "pkcs8" }).toString());
  return privateKey;
}

export function platformSigner(name: string, privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX.length);
  const key = verifierKey(name, publicKey, platformSha256);
  if (!key.ok) throw new RangeError(key.refused.detail);
  return { key: key.value, sign: (message: Uint8Array) => sign(null, message, privateKey) };
}
