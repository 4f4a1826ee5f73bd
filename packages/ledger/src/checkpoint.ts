// Checkpoints (C2SP tlog-checkpoint): the head of a log as a note that the log, and witnesses, sign.
import { HASH_BYTES } from "./hash.ts";
import {
  openNote,
  type OpenedNote,
  parseNote,
  type Signer,
  signNote,
  type VerifierKey,
  type VerifyEd25519,
  verifyEd25519,
} from "./note.ts";
import { accepted, type Result, refused } from "./result.ts";
import { base64, fromBase64 } from "./text.ts";
import { MAX_SIZE } from "./tree.ts";

const CLAUSE = "C2SP tlog-checkpoint";

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Opaque further lines; we write none. */
  readonly extensions: readonly string[];
}

export interface OpenedCheckpoint extends Checkpoint {
  readonly verifiedBy: OpenedNote["verifiedBy"];
  readonly unknown: OpenedNote["unknown"];
}

export function checkpointText({ origin, size, root, extensions }: Checkpoint): Result<string> {
  if (origin === "" || origin.includes("\n")) return refused("bad-origin", CLAUSE, "the origin is one line that is not empty");
  if (!Number.isSafeInteger(size) || size < 0) return refused("bad-size", CLAUSE, `${size} is not a number of leaves`);
  if (root.length !== HASH_BYTES) return refused("bad-root", CLAUSE, `a root has ${HASH_BYTES} bytes, not ${root.length}`);
  if (extensions.some((line) => line === "" || line.includes("\n")))
    return refused("bad-extension", CLAUSE, "an extension is one line that is not empty");
  return accepted(`${[origin, String(size), base64(root), ...extensions].join("\n")}\n`);
}

/** The text of a checkpoint, without its signatures. */
export function parseCheckpointText(text: string): Result<Checkpoint> {
  if (!text.endsWith("\n")) return refused("no-final-newline", CLAUSE, "the text ends with a newline");
  const [origin = "", size = "", root = "", ...extensions] = text.slice(0, -1).split("\n");
  if (origin === "") return refused("bad-origin", CLAUSE, "the first line, the origin, is empty");
  if (!/^(0|[1-9][0-9]*)$/.test(size))
    return refused("bad-size", CLAUSE, `"${size.slice(0, 40)}" is not a size: decimal, no leading zeros`);
  const leaves = Number(size);
  if (leaves > MAX_SIZE) return refused("size-too-large", CLAUSE, `${size.slice(0, 40)} leaves; at most 2^53 - 1 are handled`);
  const hash = fromBase64(root);
  if (hash?.length !== HASH_BYTES) return refused("bad-root", CLAUSE, "the third line is not a Base 64 hash of 32 bytes");
  if (extensions.includes("")) return refused("bad-extension", CLAUSE, "an extension line is empty");
  return accepted({ origin, size: leaves, root: hash, extensions });
}

export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): Result<string> {
  const text = checkpointText(checkpoint);
  return text.ok ? signNote(text.value, signers) : text;
}

/** Reads a checkpoint without trusting it. */
export function parseCheckpoint(note: string): Result<Checkpoint> {
  const parsed = parseNote(note);
  return parsed.ok ? parseCheckpointText(parsed.value.text) : parsed;
}

/**
 * Opens a checkpoint of the log `origin`: signed by the log's own key (any of `logKeys`), and by at least `minWitnesses` of `witnesses`.
 * A key counts once, and a log cannot witness itself.
 */
export function openCheckpoint(
  note: string,
  trust: {
    readonly origin: string;
    readonly logKeys: readonly VerifierKey[];
    readonly witnesses?: readonly VerifierKey[];
    readonly minWitnesses?: number;
  },
  verify: VerifyEd25519 = verifyEd25519,
): Result<OpenedCheckpoint> {
  const { origin, logKeys, witnesses = [], minWitnesses = 0 } = trust;
  const opened = openNote(note, [...logKeys, ...witnesses.filter((witness) => !logKeys.includes(witness))], verify);
  if (!opened.ok) return opened;
  const { text, verifiedBy, unknown } = opened.value;
  const parsed = parseCheckpointText(text);
  if (!parsed.ok) return parsed;
  if (parsed.value.origin !== origin)
    return refused("other-origin", CLAUSE, `a checkpoint of "${parsed.value.origin}", not of "${origin}"`);
  if (!verifiedBy.some((key) => logKeys.includes(key)))
    return refused("not-signed-by-log", CLAUSE, "signed by witnesses only, not by the log");
  const cosigned = verifiedBy.filter((key) => !logKeys.includes(key)).length;
  if (cosigned < minWitnesses) return refused("too-few-witnesses", CLAUSE, `${cosigned} witnesses signed, ${minWitnesses} are asked for`);
  return accepted({ ...parsed.value, verifiedBy, unknown });
}
