// `node scripts/run.mjs FILE ARGS…`: installs what the lockfile names if it is not there, then runs FILE under Node 24.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, runUnderNode24 } from "./node24.mjs";

const stamp = join(root, "node_modules", ".atalaya-installed");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  process.stderr.write("Installing the packages of the lockfile…\n");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  writeFileSync(stamp, wanted);
}

// npm does not hand a signal on to what it runs: when it is gone, what it started ends in good order as well.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 500).unref();

const [file, ...args] = process.argv.slice(2);
runUnderNode24(join(root, file), args);
