// `npm run nightly [-- PATTERN…]`: statistical tests of many runs (`*.nightly.ts`), which print their figures. Too long for every change, so not in
// `npm test`.
import { globSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { root } from "./node24.mjs";

const patterns = process.argv.slice(2);
process.chdir(root);
const all = globSync("{packages,apps,bench,drills,testing}/**/*.nightly.ts", { exclude: (path) => path.includes("node_modules") }).sort();
const files = all.filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)));
if (files.length === 0) {
  process.stdout.write("No nightly test file matches\n");
  process.exit(2);
}
let failed = 0;
const stream = run({
  files: files.map((file) => join(root, file)),
  concurrency: 1,
  execArgv: ["-C", "source", "--disable-warning=ExperimentalWarning"],
});
stream.on("test:fail", () => {
  failed += 1;
});
const report = stream.compose(spec);
report.pipe(process.stdout);
await new Promise<void>((resolve) => report.on("end", resolve));
process.exit(failed === 0 ? 0 : 1);
