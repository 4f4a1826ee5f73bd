// Portable proofs (C2SP tlog-proof): leaf index, path and checkpoint in one text that verifies offline.
import { openCheckpoint, type OpenedCheckpoint } from "./checkpoint.ts";
import { HASH_BYTES, type Sha256, sha256 } from "./hash.ts";
import { type VerifierKey, type VerifyEd25519, verifyEd25519 } from "./note.ts";
import { checkInclusion } from "./proof.ts";
import { accepted, type Result, refused } from "./result.ts";
import { base64, fromBase64 } from "./text.ts";

const CLAUSE = "C2SP tlog-proof";
const HEADER = "c2sp.org/tlog-proof@v1";

export interface TlogProof {
  /** Not authenticated by the proof. */
  readonly extra?: Uint8Array | undefined;
  /** From 0. */
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

export function formatProof({ extra, index, path, checkpoint }: TlogProof): string {
  const lines = [HEADER, ...(extra === undefined ? [] : [`extra ${base64(extra)}`]), `index ${index}`, ...path.map(base64)];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}

export function parseProof(text: string): Result<TlogProof> {
  const split = text.indexOf("\n\n");
  if (split < 0) return refused("no-blank-line", CLAUSE, "no empty line between proof and checkpoint");
  const lines = text.slice(0, split).split("\n");
  const checkpoint = text.slice(split + 2);
  if (lines.shift() !== HEADER) return refused("bad-header", CLAUSE, `the first line is not ${HEADER}`);
  let extra: Uint8Array | undefined;
  if (lines[0]?.startsWith("extra ") === true) {
    extra = fromBase64(lines.shift()?.slice("extra ".length) ?? "");
    if (extra === undefined) return refused("bad-extra", CLAUSE, "the extra line is not Base 64");
  }
  const index = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? "")?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index))) return refused("bad-index", CLAUSE, 'the index line is not "index N"');
  // A tree of 2^53 leaves is 53 levels high.
  if (lines.length > 53) return refused("proof-too-long", CLAUSE, `${lines.length} hashes`);
  const path: Uint8Array[] = [];
  for (const line of lines) {
    const part = fromBase64(line);
    if (part?.length !== HASH_BYTES) return refused("bad-hash", CLAUSE, `"${line.slice(0, 60)}" is not a Base 64 hash of 32 bytes`);
    path.push(part);
  }
  return accepted({ ...(extra === undefined ? {} : { extra }), index: Number(index), path, checkpoint });
}

/** C2SP tlog-proof, "Verifying": the checkpoint is good by `trust`, and the leaf is in its tree. */
export function openProof(
  text: string,
  leaf: Uint8Array,
  trust: {
    readonly origin: string;
    readonly logKeys: readonly VerifierKey[];
    readonly witnesses?: readonly VerifierKey[];
    readonly minWitnesses?: number;
  },
  hash: Sha256 = sha256,
  verify: VerifyEd25519 = verifyEd25519,
): Result<{ readonly index: number; readonly checkpoint: OpenedCheckpoint }> {
  const proof = parseProof(text);
  if (!proof.ok) return proof;
  const { index, path, checkpoint } = proof.value;
  const opened = openCheckpoint(checkpoint, trust, verify);
  if (!opened.ok) return opened;
  const wrong = checkInclusion(path, index, opened.value.size, leaf, opened.value.root, hash);
  return wrong === undefined ? accepted({ index, checkpoint: opened.value }) : { ok: false, refused: wrong };
}
