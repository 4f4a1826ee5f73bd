// `npm run check`: types under both compilers, lint, format, unused code, and the rules of the house.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./node24.mjs";

const bin = (name: string): string => join(root, "node_modules", ".bin", name);

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const checks: readonly Check[] = [
  { name: "types of the libraries and apps", command: [bin("tsc"), "-b"] },
  { name: "types of tests, scripts and benchmarks", command: [bin("tsc"), "-p", "tsconfig.tests.json"] },
  { name: "types under the JavaScript compiler", command: [bin("tsc6"), "-p", "tsconfig.tests.json"] },
  { name: "lint", command: [bin("oxlint"), "-c", ".oxlintrc.json", "--type-aware", "--deny-warnings", "."] },
  { name: "format", command: [bin("biome"), "format", "."] },
  { name: "unused code and dependencies", command: [bin("knip")] },
  { name: "rules of the house", command: [process.execPath, ...process.execArgv, join(root, "scripts/house-rules.ts")] },
];

/** Runs every check; the names of those that failed, their output printed. */
export function failingChecks(): readonly string[] {
  return checks
    .filter(({ name, command: [program = "", ...words] }) => {
      const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
      const failed = status !== 0;
      process.stdout.write(`${failed ? "✗" : "✓"} ${name}\n`);
      if (failed) process.stdout.write(`${stdout}${stderr}${error?.message ?? ""}\n`);
      return failed;
    })
    .map(({ name }) => name);
}

if (import.meta.main) process.exit(failingChecks().length === 0 ? 0 : 1);
