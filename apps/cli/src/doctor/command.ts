// `atalaya doctor [--data DIR] [--url URL] [--port N] [--json]`: what of this machine and this hub needs attention, and what to do about it.
import { parseArgs } from "node:util";
import { check } from "./checks.ts";

const USAGE = `Usage: atalaya doctor [--data DIR] [--url URL] [--port N] [--json]
  --data DIR   the hub's data folder (data)
  --url URL    where the hub is reached, if its folder does not say
  --port N     port that a hub would listen on (8080)
  --json       one JSON object per check
Exit code 0: nothing needs attention; 1: something does.
`;

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    options: {
      data: { type: "string", default: "data" },
      url: { type: "string" },
      port: { type: "string", default: "8080" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
}

export async function run(words: readonly string[]): Promise<number> {
  let values: ReturnType<typeof parse>["values"];
  try {
    ({ values } = parse(words));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    process.stderr.write(`--port ${values.port}: a number from 0 to 65535\n`);
    return 2;
  }
  let attention = false;
  for await (const result of check({ data: values.data, url: values.url, port })) {
    attention ||= result.state === "attention";
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else {
      process.stdout.write(`${result.state.padEnd(10)} ${result.name.padEnd(14)} ${result.found}\n`);
      if (result.todo !== undefined) process.stdout.write(`${" ".repeat(26)}→ ${result.todo}\n`);
    }
  }
  return attention ? 1 : 0;
}
