// `npm start [-- ARGS]`: builds the console where it is not built, then starts the hub; without a source of its own named, with the demo sector.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./node24.mjs";

await import("./build.ts");
const words = process.argv.slice(2);
const namesItsSource = words.some((word) => /^--(demo|replay|pcap|sector|no-demo)(=|$)/.test(word));
const hub = spawn(
  process.execPath,
  [...process.execArgv, join(root, "apps/cli/src/main.ts"), "serve", ...(namesItsSource ? [] : ["--demo", "paso-norte"]), ...words],
  { stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => hub.kill(signal));
hub.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
