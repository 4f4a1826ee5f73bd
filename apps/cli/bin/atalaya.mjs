#!/usr/bin/env node
// Starts the command under the Node 24 that the lockfile pins, whatever Node the shell found first.
import { fileURLToPath } from "node:url";
import { runUnderNode24 } from "../../../scripts/node24.mjs";

runUnderNode24(fileURLToPath(new URL("../src/main.ts", import.meta.url)), process.argv.slice(2));
