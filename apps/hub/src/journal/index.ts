// What the command and the benchmarks use of the journal.
export * from "./journal.ts";
export * from "./retention.ts";
export { backUp, restore } from "./sqlite/backup.ts";
export { openSqliteJournal } from "./open.ts";
export { type Problem, verifyJournal, type VerifyReport } from "./sqlite/verify.ts";
