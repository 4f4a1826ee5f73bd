// Builds what cannot run from source: the console and its basemap.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./node24.mjs";

await import(pathToFileURL(join(root, "apps/console/scripts/build.ts")).href);
