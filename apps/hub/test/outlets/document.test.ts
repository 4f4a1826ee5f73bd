// The document for operators does what it says: its commands are run as they stand there, against a real hub.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";

const DOCUMENT = readFileSync(new URL("../../../../docs/outlets.md", import.meta.url), "utf8");
const BLOCKS = [...DOCUMENT.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

async function shell(script: string, folder: string, environment: Record<string, string>): Promise<string> {
  const child = spawn("bash", ["-e", "-c", script], { cwd: folder, env: { ...process.env, ...environment } });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => (output += String(chunk)));
  const status = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(status, 0, output);
  return output;
}

test("the commands set up each kind of outlet, try one, remove it, put another in its place, and read the feed", async (t) => {
  assert.equal(BLOCKS.length, 5);
  const [signIn = "", setUp = "", spool = "", use = "", feed = ""] = BLOCKS;
  const hub = await startTestHub(t);
  await signInOwner(hub);
  const folder = temporaryFolder(t);
  const answers = await shell(signIn + setUp, folder, { HUB: hub.url });
  const made = [...answers.matchAll(/\{"id":"(?:smpp|email|mqtt|webhook|cap)-[^\n]*/g)].map(
    ([line]) => JSON.parse(line) as { id: string; key?: string; secret?: string },
  );
  assert.deepEqual(
    made.map(({ id, key, secret }) => [id.split("-")[0], key !== undefined, secret !== undefined]),
    [
      ["smpp", false, false],
      ["email", false, false],
      ["mqtt", false, false],
      ["webhook", false, true],
      ["cap", true, true],
    ],
  );
  const functions = signIn.slice(signIn.indexOf("api()"));
  const used = await shell(functions + use, folder, { HUB: hub.url, ID: made[0]?.id ?? "" });
  assert.match(used, /"kind":"webhook"/);
  assert.match(used, /\{"ok":false,"detail":"not connected to the centre"\}/);
  const folders = ["outbox", "sent", "error", "inbox"];
  for (const name of folders) mkdirSync(join(folder, name));
  assert.match(await shell(functions + spool.replaceAll("/var/spool/gammu", folder), folder, { HUB: hub.url }), /"id":"sms-spool-/);
  assert.match(
    await shell(feed, folder, { HUB: hub.url, KEY: made.at(-1)?.key ?? "" }),
    /<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom">/,
  );
});
