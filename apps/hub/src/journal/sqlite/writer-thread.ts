// The writer's thread: commits wait for the disk here, so that the hub's own thread never does.
import { statfsSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { JournalError } from "../journal.ts";
import type { Failure, FromWriter, ToWriter } from "./messages.ts";
import { Writer, type WriterOptions } from "./writer.ts";

/** How soon a batch that found no room is tried again. */
const RETRY_MS = 250;
/** How soon the WAL is tried again while somebody reads it. */
const TRUNCATE_RETRY_MS = 100;
/** A disk with less room than this counts as full, whatever SQLite calls its error. */
const FULL_BELOW_BYTES = 256 * 1024;

// Result codes of SQLite (https://www.sqlite.org/rescode.html).
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

const options = workerData as WriterOptions;
const port = parentPort;
if (port === null) throw new Error("writer-thread runs as a worker");

function tell(message: FromWriter, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

function failureOf(error: unknown): Failure {
  if (error instanceof JournalError) return { code: error.code, detail: error.message };
  return { code: "journal-failed", detail: error instanceof Error ? error.message : String(error) };
}

function diskIsFull(): boolean {
  try {
    const { bavail, bsize } = statfsSync(options.folder);
    return bavail * bsize < FULL_BELOW_BYTES;
  } catch {
    return false;
  }
}

function stuck(error: unknown): Extract<FromWriter, { type: "stuck" }> {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === SQLITE_FULL || diskIsFull())
    return {
      type: "stuck",
      status: "full",
      detail: `The disk that holds ${options.folder} is full. Make room: the hub goes on by itself.`,
      final: false,
    };
  const final = code === SQLITE_CORRUPT || code === SQLITE_NOTADB || code === 0;
  return {
    type: "stuck",
    status: "failed",
    detail: final
      ? `The journal in ${options.folder} cannot be written: ${detail}. Stop the hub, run "atalaya verify" on the folder, restore a backup.`
      : `Writing to ${options.folder} fails: ${detail}. The hub tries again.`,
    final,
  };
}

function run(writer: Writer): void {
  const waiting: ToWriter[] = [];
  let halted = false;
  let retry: NodeJS.Timeout | undefined;

  /** False: the message stays at the front. */
  function handle(message: ToWriter): boolean {
    switch (message.type) {
      case "commit":
        try {
          const head = writer.commit(message.batch, message.purge);
          const spare = message.batch.bytes;
          tell({ type: "committed", head, spare }, [spare.buffer]);
          return true;
        } catch (error) {
          const told = stuck(error);
          tell(told);
          if (told.final) halted = true;
          return false;
        }
      case "plan-purge":
        answer(message.id, () => ({ plan: writer.planPurge(message.retention, message.beforeUs) }));
        return true;
      case "truncate":
        truncate(message.id);
        return true;
      case "save-snapshot":
        answer(message.id, () => {
          writer.saveSnapshot(message.snapshot);
          return {};
        });
        return true;
      case "close":
        writer.close();
        tell({ type: "closed" });
        port?.close();
        return true;
    }
  }

  function answer(id: number, work: () => { readonly plan?: Extract<FromWriter, { type: "done" }>["plan"] }): void {
    try {
      tell({ type: "done", id, ...work() });
    } catch (error) {
      tell({ type: "undone", id, failure: failureOf(error) });
    }
  }

  function truncate(id: number): void {
    try {
      if (writer.truncateWal()) tell({ type: "done", id });
      else setTimeout(() => truncate(id), TRUNCATE_RETRY_MS);
    } catch (error) {
      tell({ type: "undone", id, failure: failureOf(error) });
    }
  }

  function work(): void {
    clearTimeout(retry);
    retry = undefined;
    while (!halted) {
      const [message] = waiting;
      if (message === undefined) return;
      if (!handle(message)) {
        // Closing does not wait for a disk that may stay full: what is queued was never confirmed.
        const close = waiting.find(({ type }) => type === "close");
        if (close !== undefined) handle(close);
        else if (!halted) retry = setTimeout(work, RETRY_MS);
        return;
      }
      waiting.shift();
    }
    for (const message of waiting.splice(0)) {
      if (message.type === "close") handle(message);
      else if (message.type !== "commit")
        tell({ type: "undone", id: message.id, failure: { code: "journal-failed", detail: "the journal cannot be written" } });
    }
  }

  port?.on("message", (message: ToWriter) => {
    waiting.push(message);
    // A stuck batch is tried at its own pace, not with each arrival; a close is looked at straight away.
    if (retry === undefined || message.type === "close") work();
  });
}

try {
  const writer = new Writer(options);
  tell({ type: "opened", head: writer.head, origin: writer.origin, lastTimeUs: writer.lastTimeUs });
  run(writer);
} catch (error) {
  tell({ type: "refused", failure: failureOf(error) });
  port.close();
}
