// `atalaya owner reset [--data DIR] [--url URL]`: a new one-time link for the owner account; works only where the hub's files are.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Identity } from "@atalaya/hub";

const USAGE = "Usage: atalaya owner reset [--data DIR] [--url URL]\n";

export async function run(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb !== "reset") {
    process.stderr.write(USAGE);
    return 2;
  }
  const { values } = parseArgs({
    args: rest,
    options: { data: { type: "string", default: "data" }, url: { type: "string", default: "http://localhost:8080" } },
  });
  if (!existsSync(join(values.data, "identity.db"))) {
    process.stderr.write(`${values.data}: no hub has been started with this folder; name it with --data\n`);
    return 1;
  }
  const identity = new Identity(values.data);
  const token = identity.newSetupToken();
  identity.close();
  process.stdout.write(`Within 15 minutes, once:\n  ${values.url}/setup#token=${token}\n`);
  return 0;
}
