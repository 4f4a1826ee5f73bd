// One hub per data folder. The lock is the operating system's, held through an SQLite transaction that never ends: it falls with the process, however
// the process ends, and needs no clean-up.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { JournalError } from "../journal.ts";
import { LOCK_FILE } from "./schema.ts";

export interface Lock {
  release(): void;
}

export function lockFolder(folder: string): Lock {
  const database = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    const busy = (error as { errcode?: number }).errcode === 5;
    if (!busy) throw error;
    throw new JournalError("locked", `Another hub is using ${folder}. Stop it, or choose another folder with --data.`);
  }
  return { release: () => database.close() };
}
