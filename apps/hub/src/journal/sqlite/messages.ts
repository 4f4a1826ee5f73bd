// What the hub's thread and the writer's thread say to each other.
import type { BackupReport, Head, JournalError, PurgeableClass, PurgeRecord, Snapshot } from "../journal.ts";
import type { Batch } from "./batch.ts";
import type { PurgePlan } from "./purge.ts";

export type ToWriter =
  | { readonly type: "commit"; readonly batch: Batch; readonly purge?: PurgeRecord }
  | { readonly type: "plan-purge"; readonly id: number; readonly retention: PurgeableClass; readonly beforeUs: number }
  | { readonly type: "truncate"; readonly id: number }
  | { readonly type: "save-snapshot"; readonly id: number; readonly snapshot: Snapshot }
  | { readonly type: "close" };

export interface Failure {
  readonly code: JournalError["code"];
  readonly detail: string;
}

export type FromWriter =
  | { readonly type: "opened"; readonly head: Head; readonly origin: string; readonly lastTimeUs: number }
  | { readonly type: "refused"; readonly failure: Failure }
  | { readonly type: "committed"; readonly head: Head; readonly spare: Uint8Array<ArrayBuffer> }
  /** The batch at the front cannot be written now; it is kept and tried again, except where `final`. */
  | { readonly type: "stuck"; readonly status: "full" | "failed"; readonly detail: string; readonly final: boolean }
  | { readonly type: "done"; readonly id: number; readonly plan?: PurgePlan | undefined }
  | { readonly type: "undone"; readonly id: number; readonly failure: Failure }
  | { readonly type: "closed" };

export type BackupAnswer = { readonly ok: true; readonly report: BackupReport } | { readonly ok: false; readonly failure: Failure };
