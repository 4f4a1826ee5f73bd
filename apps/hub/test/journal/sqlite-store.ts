// A journal in SQLite in a folder of its own, for tests.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteJournal } from "../../src/journal/open.ts";
import { type Problem, verifyJournal } from "../../src/journal/sqlite/verify.ts";
import type { Store } from "./conformance.ts";

export interface SqliteStore extends Store {
  readonly folder: string;
  readonly file: string;
}

export function problems(where: string): readonly Problem[] {
  const found: Problem[] = [];
  const { ok } = verifyJournal(where, (problem) => found.push(problem));
  if (ok !== (found.length === 0)) throw new Error("verify's last line and its problems disagree");
  return found;
}

export function sqliteStore(): SqliteStore {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const file = join(folder, "journal.db");
  return {
    folder,
    file,
    open: (limits = {}) => openSqliteJournal(folder, "El Paso", { windowMs: 2, ...limits }),
    identity: () => {
      const database = new DatabaseSync(file, { readOnly: true });
      const key = String(database.prepare("SELECT verifier_key FROM signing_key").get()?.["verifier_key"]);
      database.close();
      return { origin: "atalaya/el-paso", key };
    },
    bytes: () => Buffer.concat([file, `${file}-wal`].filter((part) => existsSync(part)).map((part) => readFileSync(part))),
    verify: () => problems(folder).map(({ what, seq, detail }) => `${what} ${seq ?? ""} ${detail}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
