// Builds what the hub serves: the console's files and the reference map; each only when something it is made of is newer.
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { buildBasemap } from "./build-basemap.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function newest(folder: string): number {
  if (!existsSync(folder)) return 0;
  if (!statSync(folder).isDirectory()) return statSync(folder).mtimeMs;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

function needed(output: string, inputs: readonly string[]): boolean {
  if (!existsSync(output)) return true;
  const made = statSync(output).mtimeMs;
  return inputs.some((input) => newest(join(root, input)) > made);
}

const map = join(root, "build/basemap/base.pmtiles");
if (needed(map, ["scripts/build-basemap.ts", "scripts/pmtiles-writer.ts", "basemap"])) {
  process.stderr.write("Building the reference map…\n");
  buildBasemap(map);
}
if (
  needed(join(root, "build/web/index.html"), [
    "src",
    "index.html",
    "vite.config.ts",
    "package.json",
    "../../packages/protocol/src",
    "../../web/src",
    "../../packages/geodesy/src",
  ])
) {
  process.stderr.write("Building the console…\n");
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
}
