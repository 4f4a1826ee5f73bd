// Plain JavaScript that any Node from 20 on can run: finds the pinned Node 24 and hands over to it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a Node ≥ 24: the lockfile's own, else the one that runs now. */
export function node24() {
  const pinned = join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new Error(`No Node 24 for ${process.platform}-${process.arch}: install Node 24 and start again`);
}

/** Runs a TypeScript file of this repository from source, with this process's input and output, and ends as it ends. */
export function runUnderNode24(file, args) {
  const child = spawn(node24(), ["-C", "source", "--disable-warning=ExperimentalWarning", file, ...args], { stdio: "inherit" });
  // A signal to the group reaches the child as well; one to this process alone is passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0)));
}
