// Copying a journal while it runs, and putting a copy in place; both check every entry of what they made.
//
// A backup is one file. It holds the public key; the private key stays in the data folder unless it is asked for, so that who finds a backup can
// read and check it, but cannot sign in the hub's name. A journal restored without the old key goes on under a new one, which `verify` shows.
import { createPrivateKey } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { formatVerifierKey } from "@atalaya/ledger";
import { type BackupReport, JournalError } from "../journal.ts";
import { platformSigner, syncToDisk, writePrivateFile } from "./platform-crypto.ts";
import { DATABASE_FILE, KEY_FILE, openForReading } from "./schema.ts";
import { type Problem, verifyJournal } from "./verify.ts";

/** Verifies a finished copy, or removes it and says what is wrong with it. */
function checked(
  copy: string,
  what: string,
): { readonly entries: number; readonly root: Uint8Array; readonly key: string; readonly origin: string } {
  const problems: Problem[] = [];
  const { ok, entries, root, key, origin } = verifyJournal(copy, (problem) => problems.push(problem));
  if (ok) return { entries, root: Buffer.from(root, "hex"), key, origin };
  const [first] = problems;
  throw new JournalError(
    "damaged",
    `${what} does not verify: ${first?.what ?? "damaged"}${first?.seq === undefined ? "" : ` at entry ${first.seq}`}: ${first?.detail ?? ""}`,
  );
}

/** Copies the journal in `folder`, whether a hub runs on it or not, into a file that does not exist yet. */
export function backUp(folder: string, toFile: string, withKey = false): BackupReport {
  const source = join(folder, DATABASE_FILE);
  if (!existsSync(source)) throw new JournalError("not-a-journal", `There is no journal in ${folder}.`);
  if (existsSync(toFile)) throw new JournalError("journal-failed", `${toFile} exists; a backup does not overwrite.`);
  const partial = `${toFile}.part`;
  rmSync(partial, { force: true });
  try {
    // One reading transaction: the copy is the journal of one moment, and the hub writes on meanwhile. What is free or overwritten in the
    // original is not in the copy.
    const database = openForReading(source);
    try {
      // The copy inherits this: without it, pages keep second copies of contents in their free space, which no later purge would find.
      database.exec("PRAGMA secure_delete = ON");
      database.prepare("VACUUM INTO ?").run(partial);
    } finally {
      database.close();
    }
    syncToDisk(partial);
    const { entries, root } = checked(partial, "The copy");
    renameSync(partial, toFile);
    syncToDisk(dirname(resolve(toFile)));
    if (withKey) writePrivateFile(`${toFile}.key`, readFileSync(join(folder, KEY_FILE), "utf8"));
    return { file: toFile, entries, root };
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Puts a backup into an empty or new folder. `keyFile`: the private key, if the journal is to go on under its old one. */
export function restore(file: string, folder: string, keyFile?: string): BackupReport {
  if (!existsSync(file)) throw new JournalError("not-a-journal", `There is no ${file}.`);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new JournalError("journal-failed", `${folder} is not empty; a backup is restored into an empty folder only.`);
  const { key, origin } = checked(file, file);
  const pem = keyFile === undefined ? undefined : readFileSync(keyFile, "utf8");
  if (pem !== undefined && formatVerifierKey(platformSigner(origin, createPrivateKey(pem)).key) !== key)
    throw new JournalError("not-a-journal", `${keyFile ?? ""} is not the key of this journal.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `${DATABASE_FILE}.part`);
  try {
    copyFileSync(file, partial);
    syncToDisk(partial);
    const { entries, root } = checked(partial, "The restored copy");
    if (pem !== undefined) writePrivateFile(join(folder, KEY_FILE), pem);
    renameSync(partial, join(folder, DATABASE_FILE));
    syncToDisk(folder);
    return { file: join(folder, DATABASE_FILE), entries, root };
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
