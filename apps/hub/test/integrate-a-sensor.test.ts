// The document for sensor engineers does what it says: its examples are run as they stand there, against a real hub.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { paths } from "@atalaya/protocol";
import { type Person, signInOwner, startTestHub, type TestHub } from "@atalaya/testing/hub";

const DOCUMENT = readFileSync(new URL("../../../docs/integrate-a-sensor.md", import.meta.url), "utf8");

/** The one code block of this language that holds this word. */
function example(language: string, word: string): string {
  const blocks = [...DOCUMENT.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(
    ([, kind, text = ""]) => kind === language && text.includes(word),
  );
  assert.equal(blocks.length, 1, `${language} with ${word}`);
  return blocks[0]?.[2] ?? "";
}

async function outputOf(program: string, words: readonly string[], environment: Record<string, string>, input = ""): Promise<string> {
  const child = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => (complaints += String(chunk)));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  assert.equal(status, 0, `${program}: ${complaints}${output}`);
  return output;
}

async function addSource(owner: Person, body: object): Promise<{ readonly id: string; readonly key: string }> {
  const answer = await owner.ask("POST", paths.sources, body);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as { id: string; key: string };
}

interface SensorCounts {
  readonly source: string;
  readonly id: string;
  readonly kind: string;
  readonly detections: number;
  readonly retimed: number;
  readonly refused: number;
}

async function sensorsOf(owner: Person): Promise<readonly SensorCounts[]> {
  return (await (await owner.ask("GET", paths.sensors)).json()) as SensorCounts[];
}

/** The sensor's counts once its first detection has arrived. */
async function heard(hub: TestHub, owner: Person, id: string): Promise<SensorCounts> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (![...hub.sector.picture.sensors()].some(({ declaration, detections }) => declaration.id === id && detections > 0)) return;
      stop();
      resolve();
    };
    const stop = hub.sector.onTick(look);
    look();
  });
  const found = (await sensorsOf(owner)).find((sensor) => sensor.id === id);
  assert.ok(found !== undefined);
  return found;
}

test("the ten lines of Python declare a node and its bearings arrive, on time", async (context) => {
  const script = example("python", "urllib");
  assert.equal(script.trimEnd().split("\n").length, 10);
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const { id, key } = await addSource(owner, { name: "Roof", kind: "http", format: "detections" });
  const output = await outputOf("python3", ["-"], { HUB: hub.url, KEY: key }, script);
  assert.deepEqual(
    output.trim().split("\n"),
    Array.from({ length: 3 }, () => '{"taken":2,"refused":0}'),
  );
  const { source, kind, detections, retimed, refused } = await heard(hub, owner, "roof");
  assert.deepEqual({ source, kind, detections, retimed, refused }, { source: id, kind: "acoustic", detections: 3, retimed: 0, refused: 0 });
  const sources = (await (await owner.ask("GET", paths.sources)).json()) as Record<string, unknown>[];
  assert.deepEqual(
    sources.map(({ id: known, format, state, sensors, detections: counted }) => ({ known, format, state, sensors, counted })),
    [{ known: id, format: "detections", state: "hearing", sensors: 1, counted: 3 }],
  );
});

test("the examples for curl, TCP and MQTT arrive as they stand in the document", async (context) => {
  const hub = await startTestHub(context, { detectionsPort: 0, mqttPort: 0 });
  const owner = await signInOwner(hub);
  const curl = await addSource(owner, { name: "By curl", kind: "http", format: "detections" });
  assert.equal(await outputOf("bash", ["-c", example("sh", "curl")], { HUB: hub.url, KEY: curl.key }), '{"taken":2,"refused":0}');
  assert.equal((await heard(hub, owner, "R1")).source, curl.id);

  const tcp = await addSource(owner, { name: "By TCP", kind: "tcp" });
  const where = { HOST: "127.0.0.1", SOURCE: tcp.id, KEY: tcp.key, PORT: String(hub.detectionsPort) };
  assert.equal(await outputOf("bash", ["-c", example("sh", "nc -N")], where), '{"type":"welcome"}\n');
  assert.equal((await heard(hub, owner, "DF1")).source, tcp.id);

  const mqtt = await addSource(owner, { name: "By MQTT", kind: "broker", format: "detections" });
  const broker = { HOST: "127.0.0.1", SOURCE: mqtt.id, KEY: mqtt.key, PORT: String(hub.mqttPort) };
  await outputOf("bash", ["-c", example("sh", "mosquitto_pub")], broker);
  assert.equal((await heard(hub, owner, "gate")).source, mqtt.id);
});

test("the document names every refusal and kind that there is, and its schema is the hub's", async (context) => {
  const { KINDS, detectionsSchema } = await import("@atalaya/protocol/detections");
  for (const kind of Object.keys(KINDS)) assert.ok(DOCUMENT.includes(`| \`${kind}\``), kind);
  const line = readFileSync(new URL("../../../packages/protocol/src/detections/line.ts", import.meta.url), "utf8");
  const codes = [...line.slice(line.indexOf("RefusalCode ="), line.indexOf("export interface LineRefusal")).matchAll(/"([a-z-]+)"/g)];
  assert.ok(codes.length > 20);
  for (const [, code = ""] of codes) assert.ok(DOCUMENT.includes(`\`${code}\``), code);
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const schema = (await (await owner.ask("GET", paths.detectionsSchema)).json()) as unknown;
  assert.deepEqual(schema, JSON.parse(JSON.stringify(detectionsSchema)));
});
