// Builds what cannot run from source: the console and its basemap, and the field app.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./node24.mjs";

await import(pathToFileURL(join(root, "apps/console/scripts/build.ts")).href);
await import(pathToFileURL(join(root, "apps/field/scripts/build.ts")).href);
