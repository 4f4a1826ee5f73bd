// The subcommands, loaded when they are called for.

export interface Command {
  /** Exit code: 0 done, 1 what was asked for does not hold or the input cannot be read, 2 wrong use. */
  run(words: readonly string[]): Promise<number>;
}

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  backup: () => import("./backup/command.ts"),
  decode: () => import("./decode/command.ts"),
  doctor: () => import("./doctor/command.ts"),
  drill: () => import("./drill/command.ts"),
  owner: () => import("./owner/command.ts"),
  restore: () => import("./restore/command.ts"),
  serve: () => import("./serve/command.ts"),
  track: () => import("./track/command.ts"),
  verify: () => import("./verify/command.ts"),
};
