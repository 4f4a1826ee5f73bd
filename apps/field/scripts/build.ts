// Builds what the hub serves at /field: the app, and the service worker that knows every file of it. Only when something it is made of is newer.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, "build/web");

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
const newest = (paths: readonly string[]): number => Math.max(0, ...paths.flatMap(filesIn).map((file) => statSync(file).mtimeMs));

const MADE_OF = ["src", "public", "scripts", "index.html", "vite.config.ts", "package.json"].map((path) => join(root, path));
const LIBRARIES = ["packages/protocol/src", "packages/geodesy/src", "packages/words/src", "web/src"].map((path) =>
  join(root, "../..", path),
);
const worker = join(web, "sw.js");

if (!existsSync(worker) || newest([...MADE_OF, ...LIBRARIES]) > statSync(worker).mtimeMs) {
  process.stderr.write("Building the field app…\n");
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  const built = filesIn(web)
    .filter((file) => file !== worker && !file.endsWith(".woff"))
    .sort();
  const hash = createHash("sha256");
  for (const file of built) hash.update(relative(web, file)).update(readFileSync(file));
  const paths = built.map((file) => `/field/${relative(web, file)}`).map((path) => (path === "/field/index.html" ? "/field/" : path));
  const head = `const VERSION = ${JSON.stringify(hash.digest("hex").slice(0, 16))};\nconst FILES = ${JSON.stringify(paths)};\n`;
  writeFileSync(worker, head + readFileSync(join(root, "scripts/service-worker.js"), "utf8"));
}
