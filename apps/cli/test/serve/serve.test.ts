// The hub as people start it: `serve`, `owner reset`, `doctor`, and wrong use said with what to do.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { closeAfter, temporaryFolder } from "@atalaya/testing/hub";
import { run as doctor } from "../../src/doctor/command.ts";
import { run as owner } from "../../src/owner/command.ts";
import { run as serve } from "../../src/serve/command.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const NODE = ["-C", "source", "--disable-warning=ExperimentalWarning", MAIN];

function atalaya(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...NODE, ...words], { encoding: "utf8", timeout: 120_000 });
}

function start(...words: readonly string[]): {
  child: ChildProcess;
  said: (what: RegExp) => Promise<RegExpExecArray>;
  output: () => string;
} {
  const child = spawn(process.execPath, [...NODE, "serve", ...words], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  let look: () => void = () => undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    output += String(chunk);
    look();
  });
  const said = (what: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve) => {
      look = () => {
        const found = what.exec(output);
        if (found !== null) resolve(found);
      };
      look();
    });
  return { child, said, output: () => output };
}

test("serve starts with one command, tells the one-time link, is well by doctor, and stops with nothing left open", async (context) => {
  const data = temporaryFolder(context);
  const { child, said } = start("--data", join(data, "d"), "--port", "0", "--demo", "paso-norte");
  closeAfter(context, () => child.kill("SIGKILL"));
  const [, url = ""] = await said(/listens on (http:\/\/localhost:\d+)/);
  await said(/setup#token=[\w-]{43}/);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);

  const reset = atalaya("owner", "reset", "--data", join(data, "d"));
  assert.equal(reset.status, 0);
  const token = new RegExp(`${url}/setup#token=([\\w-]{43})`).exec(reset.stdout)?.[1];
  assert.ok(token, reset.stdout);
  const made = await fetch(`${url}/api/v1/owner`, {
    method: "POST",
    headers: { "x-atalaya": "1", "content-type": "application/json" },
    body: JSON.stringify({ token, name: "Olga", password: "a password of some length" }),
  });
  assert.equal(made.status, 200);

  const checked = atalaya("doctor", "--data", join(data, "d"), "--json");
  const results = checked.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { name: string; state: string; found: string });
  const state = (name: string): string | undefined => results.find((result) => result.name === name)?.state;
  for (const name of ["node", "sqlite", "data folder", "journal", "hub", "source demo"]) assert.equal(state(name), "ok", name);
  for (const part of ["identity.db", "journal.db", "signing-key.pem", "metrics.key"])
    assert.equal(statSync(join(data, "d", part)).mode & 0o077, 0, part);

  const second = atalaya("serve", "--data", join(data, "d"), "--port", "0");
  assert.equal(second.status, 2);
  assert.match(second.stderr, /Another hub is using/);

  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 0);
  assert.ok(!existsSync(join(data, "d", "hub.json")));
  assert.ok(!existsSync(join(data, "d", "journal.db-wal")), "the journal was closed");
  const verified = atalaya("verify", join(data, "d"));
  assert.equal(verified.status, 0, verified.stdout);
});

test("wrong use ends with 2 and says what to do", async (context) => {
  const data = temporaryFolder(context);
  const file = join(data, "there");
  writeFileSync(file, "");
  const taken = createServer();
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  closeAfter(context, () => taken.close());
  const address = taken.address();
  const port = address !== null && typeof address === "object" ? String(address.port) : "";
  const wrong: readonly [RegExp, ...string[]][] = [
    [/--port abc/, "--port", "abc"],
    [/--speed 0/, "--replay", file, "--speed", "0"],
    [/no such file/, "--replay", join(data, "not-there")],
    [/paso-norte/, "--demo", "nowhere"],
    [/never mixed/, "--demo", "paso-norte", "--pcap", "-"],
    [/certificate/, "--host", "0.0.0.0"],
    [/go together/, "--cert", file],
    [/Usage/, "--unknown"],
    [/is taken/, "--port", port],
  ];
  // In this process: starting one each would take most of the time.
  let stderr = "";
  context.mock.method(process.stderr, "write", (text: string) => {
    stderr += text;
    return true;
  });
  for (const [message, ...words] of wrong) {
    stderr = "";
    assert.equal(await serve(["--data", join(data, "d"), ...words]), 2, words.join(" "));
    assert.match(stderr, message);
  }
  assert.equal(await owner([]), 2);
  assert.equal(await owner(["reset", "--nonsense"]), 2);
  assert.equal(await owner(["reset", "--data", join(data, "nothing")]), 1);
  assert.equal(await doctor(["--nonsense"]), 2);
});

test("a capture that is being made is read from standard input", async (context) => {
  const { pcapHeader, pcapRecord } = await import("@atalaya/remote-id");
  const { beaconOf } = await import("@atalaya/testing/flights");
  const data = temporaryFolder(context);
  const { child, said } = start("--data", data, "--port", "0", "--pcap", "-");
  closeAfter(context, () => child.kill("SIGKILL"));
  const [, url = ""] = await said(/listens on (http:\/\/localhost:\d+)/);
  child.stdin?.write(pcapHeader(127));
  const beacon = beaconOf({ serial: "1ATA8ABCD0004", transmitter: "02:d1:11:00:00:04", latDeg: 31.7, lonDeg: -106.4 }, Date.now());
  child.stdin?.write(pcapRecord(Date.now() * 1000, beacon));
  const { readFileSync } = await import("node:fs");
  const authorization = `Bearer ${readFileSync(join(data, "metrics.key"), "utf8").trim()}`;
  for (;;) {
    context.signal.throwIfAborted();
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization } })).text();
    if (/^atalaya_source_frames_total\{source="pcap"\} 1$/m.test(metrics)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});
