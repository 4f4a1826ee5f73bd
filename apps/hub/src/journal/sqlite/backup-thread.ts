// A backup of the running journal, away from the hub's own thread and from the writer's.
import { parentPort, workerData } from "node:worker_threads";
import { JournalError } from "../journal.ts";
import { backUp } from "./backup.ts";
import type { BackupAnswer } from "./messages.ts";

const { folder, toFile } = workerData as { readonly folder: string; readonly toFile: string };
let answer: BackupAnswer;
try {
  answer = { ok: true, report: backUp(folder, toFile) };
} catch (error) {
  const detail = error instanceof Error ? error.message : String(error);
  answer = { ok: false, failure: { code: error instanceof JournalError ? error.code : "journal-failed", detail } };
}
parentPort?.postMessage(answer);
