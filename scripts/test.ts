// `npm test [-- PATTERN…]`: the whole suite. Patterns choose test files and leave the checks out.
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { failingChecks } from "./check.ts";
import { provideDebianPackages } from "./debian.ts";
import { root } from "./node24.mjs";

const patterns = process.argv.slice(2);
process.chdir(root);

// Whatever a test leaves behind, a run leaves nothing, also one that is broken off: all temporary folders of its tests lie in one that goes with it.
const scratch = mkdtempSync(join(tmpdir(), "atalaya-run-"));
process.env["TMPDIR"] = scratch;

/** Ends the processes that were started with this run's folder and still run; how many there were. */
function endWhatRuns(): number {
  let ended = 0;
  for (const file of globSync("/proc/[0-9]*/environ")) {
    const id = Number(file.split("/")[2]);
    try {
      if (id === process.pid || !readFileSync(file, "latin1").split("\0").includes(`TMPDIR=${scratch}`)) continue;
      process.kill(id, "SIGKILL");
      ended += 1;
    } catch {
      // It has ended meanwhile, or is another person's.
    }
  }
  return ended;
}
process.on("exit", () => {
  endWhatRuns();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => {
    process.stdout.write(`\nBroken off by ${signal}\n`);
    process.exit(130);
  });

let passed = 0;
let failed = 0;
const skipped: string[] = [];
const failures: string[] = [];

const missing = provideDebianPackages();
if (missing.length > 0) {
  process.stdout.write(`These Debian packages are needed and not installed: ${missing.join(" ")}\n`);
  failures.push(`missing packages: ${missing.join(" ")}`);
  failed += 1;
}

if (patterns.length === 0) {
  const failing = failingChecks();
  failures.push(...failing);
  failed += failing.length;
  passed += 7 - failing.length;
}
await import("./build.ts");

const all = globSync("{packages,apps,bench,drills,testing,web}/**/*.test.ts", { exclude: (path) => path.includes("node_modules") }).sort();
const files = all.filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)));
if (files.length === 0) {
  process.stdout.write("No test file matches\n");
  process.exit(2);
}

const stream = run({
  files: files.map((file) => join(root, file)),
  // Two cores: browser tests beside two others slow each other into time-outs.
  concurrency: 2,
  execArgv: ["-C", "source", "--disable-warning=ExperimentalWarning"],
});
interface Outcome {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined };
}
const place = ({ name, file }: Outcome): string => `${file === undefined ? "" : `${relative(root, file)}: `}${name}`;
stream.on("test:pass", (outcome: Outcome) => {
  if (outcome.details.type === "suite") return;
  if (outcome.skip !== undefined && outcome.skip !== false) skipped.push(`${place(outcome)} (${String(outcome.skip)})`);
  else passed += 1;
});
stream.on("test:fail", (outcome: Outcome) => {
  if (outcome.details.type === "suite") return;
  failed += 1;
  failures.push(place(outcome));
});
const report = stream.compose(spec);
report.pipe(process.stdout);
await new Promise<void>((resolve) => report.on("end", resolve));

// Only a test that reads the shared folder may be skipped.
const unexplained = skipped.filter((line) => !line.includes("needs ../shared"));
failed += unexplained.length;
failures.push(...unexplained.map((line) => `skipped without leave: ${line}`));

const running = endWhatRuns();
const left = readdirSync(scratch).filter((name) => !name.startsWith("node-compile-cache"));
if (running > 0 || left.length > 0)
  process.stdout.write(`\nLeft behind by tests, and taken away: ${running} processes, folders ${left.join(" ") || "none"}\n`);

if (skipped.length > 0) process.stdout.write(`\nSkipped:\n${skipped.map((line) => `  ${line}`).join("\n")}\n`);
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((line) => `  ${line}`).join("\n")}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}\n`);
process.exit(failed === 0 ? 0 : 1);
