// `atalaya owner reset [--data DIR] [--url URL]`: a new one-time link for the owner account; works only where the hub's files are.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Identity, RUNNING_FILE } from "@atalaya/hub";

const USAGE = `Usage: atalaya owner reset [--data DIR] [--url URL]
Makes a link that is good once, within 15 minutes, and creates an owner or gives the account of the name that is typed there a new password.
Works with a running hub and with a stopped one; --url: where the hub is or will be reached.
`;

/** Where the hub of a folder says it listens. */
function urlOf(data: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(data, RUNNING_FILE), "utf8")) as { readonly url?: unknown };
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}

function parse(words: readonly string[]) {
  return parseArgs({ args: [...words], options: { data: { type: "string", default: "data" }, url: { type: "string" } } });
}

export async function run(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  let values: ReturnType<typeof parse>["values"];
  try {
    if (verb !== "reset") throw new TypeError(verb === undefined ? "owner: what?" : `No command "owner ${verb}"`);
    ({ values } = parse(rest));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  if (!existsSync(join(values.data, "identity.db"))) {
    process.stderr.write(`${values.data}: no hub has been started with this folder; name it with --data\n`);
    return 1;
  }
  const identity = new Identity(values.data);
  const token = identity.newSetupToken();
  identity.close();
  process.stdout.write(`Within 15 minutes, once:\n  ${values.url ?? urlOf(values.data) ?? "http://localhost:8080"}/setup#token=${token}\n`);
  return 0;
}
