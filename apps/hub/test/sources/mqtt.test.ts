import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { SourceDefinition } from "@atalaya/picture";
import { connectAsync } from "mqtt";
import { type BrokerDoors, brokerSource, listenAsBroker } from "../../src/sources/broker.ts";
import { MAX_PAYLOAD_BYTES } from "../../src/sources/message.ts";
import { mqttSource } from "../../src/sources/mqtt.ts";
import { RecordingDoor } from "./recording-door.ts";

const definition = (id: string, kind: "mqtt" | "broker"): SourceDefinition => ({ id, name: id, kind, origin: "live" });
const payload = (text: string): Buffer => Buffer.from(text);

const hash = (key: Buffer): Buffer => createHash("sha256").update(key).digest();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Debian's mosquitto on a loopback port, ended with the test. */
async function mosquitto(t: { after(end: () => void): void }): Promise<number> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "atalaya-mosquitto-"));
  writeFileSync(join(folder, "mosquitto.conf"), `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const child: ChildProcess = spawn("mosquitto", ["-c", join(folder, "mosquitto.conf")], {
    stdio: "ignore",
    env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` },
  });
  t.after(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });
  for (;;) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (reached) return port;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("a message published to a foreign broker comes in as it was sent, and one of absurd size is refused by name", async (t) => {
  const port = await mosquitto(t);
  const door = new RecordingDoor();
  const source = mqttSource(definition("scout", "mqtt"), { url: `mqtt://127.0.0.1:${port}`, topic: "dronescout/#" });
  await source.start(door);
  const receiver = await connectAsync(`mqtt://127.0.0.1:${port}`);
  // The subscription is made once the source is connected: publish until the first message arrives.
  while (door.frames.length === 0) {
    await receiver.publishAsync("dronescout/1", '{"protocol":1.0}', { qos: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const before = door.frames.length;
  await receiver.publishAsync("dronescout/1", Buffer.alloc(MAX_PAYLOAD_BYTES + 1), { qos: 1 });
  await receiver.publishAsync("elsewhere", "not ours", { qos: 1 });
  await receiver.publishAsync("dronescout/2", payload("last"), { qos: 1 });
  await door.until(() => door.frames.some(({ bytes }) => Buffer.from(bytes).toString() === "last"));
  assert.deepEqual(door.refusals, ["message-too-large"]);
  assert.ok(
    door.frames
      .slice(0, before)
      .every(({ bytes, format }) => Buffer.from(bytes).toString() === '{"protocol":1.0}' && format === "dronescout"),
  );
  await source.stop();
  await receiver.endAsync(true);
});

test("a source of detections takes a message as one batch of lines, from a foreign broker and from the hub's own", async (t) => {
  const lines = '{"type":"sensor","id":"a"}\n{"type":"det","id":"1"}\n';
  const port = await mosquitto(t);
  const door = new RecordingDoor();
  const source = mqttSource(
    { ...definition("far", "mqtt"), format: "detections" },
    { url: `mqtt://127.0.0.1:${port}`, topic: "sensors/+" },
  );
  await source.start(door);
  const sensor = await connectAsync(`mqtt://127.0.0.1:${port}`);
  while (door.frames.length === 0) {
    await sensor.publishAsync("sensors/a", lines, { qos: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await source.stop();
  await sensor.endAsync(true);
  const doors: BrokerDoors = new Map();
  const listener = await listenAsBroker({ host: "127.0.0.1", port: 0, keyHash: () => hash(payload("the key")), hash }, doors);
  t.after(() => listener.stop());
  const near = new RecordingDoor();
  const own = brokerSource({ ...definition("near", "broker"), format: "detections" }, doors);
  await own.start(near);
  const client = await connectAsync(`mqtt://127.0.0.1:${listener.port}`, { username: "near", password: "the key", reconnectPeriod: 0 });
  await client.publishAsync("any", lines, { qos: 1 });
  await client.publishAsync("any", Buffer.alloc(MAX_PAYLOAD_BYTES + 1), { qos: 1 });
  await client.publishAsync("any", "", { qos: 1 });
  await client.endAsync();
  await own.stop();
  for (const { frames } of [door, near]) {
    assert.equal(frames[0]?.format, "detections");
    assert.equal(Buffer.from(frames[0]?.bytes ?? []).toString(), lines);
  }
  assert.deepEqual([near.frames.length, near.refusals], [1, ["message-too-large"]]);
});

test("a broker that cannot be reached is a failure with a name, and the source comes back when the broker does", async () => {
  const port = await freePort();
  const door = new RecordingDoor();
  const source = mqttSource(definition("scout", "mqtt"), { url: `mqtt://127.0.0.1:${port}`, topic: "#" });
  await source.start(door);
  await door.until(() => door.failures.includes("broker-unreachable"));
  await source.stop();
});

test("the embedded broker takes messages only with a source's key, gives nothing to read, and slows a sender while the hub is behind", async (t) => {
  const doors: BrokerDoors = new Map();
  const listener = await listenAsBroker(
    { host: "127.0.0.1", port: 0, keyHash: (id) => (id === "scout" ? hash(payload("the key")) : undefined), hash },
    doors,
  );
  t.after(() => listener.stop());
  const door = new RecordingDoor();
  const source = brokerSource(definition("scout", "broker"), doors);
  await source.start(door);
  const url = `mqtt://127.0.0.1:${listener.port}`;

  for (const [username, password] of [
    ["scout", "another key"],
    ["nobody", "the key"],
    [undefined, undefined],
  ] as const) {
    await assert.rejects(
      connectAsync(url, { ...(username === undefined ? {} : { username, password }), reconnectPeriod: 0 }),
      `signed in as ${username} with ${password}`,
    );
  }
  const receiver = await connectAsync(url, { username: "scout", password: "the key", reconnectPeriod: 0 });
  const granted = await receiver.subscribeAsync("#", { qos: 0 }).catch(() => [{ qos: 128 }]);
  assert.deepEqual(
    granted.map(({ qos }) => qos),
    [128],
  );

  await receiver.publishAsync("anything", "one", { qos: 1 });
  door.open = false;
  let acknowledged = false;
  const second = receiver.publishAsync("anything", "two", { qos: 1 }).then(() => (acknowledged = true));
  await door.until(() => door.frames.length === 2);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(acknowledged, false);
  door.release();
  await second;
  assert.deepEqual(
    door.frames.map(({ bytes }) => Buffer.from(bytes).toString()),
    ["one", "two"],
  );

  await source.stop();
  const refused = receiver.publishAsync("anything", "three", { qos: 1 }).catch(() => undefined);
  await Promise.race([refused, new Promise<void>((resolve) => receiver.once("close", () => resolve()))]);
  assert.equal(door.frames.length, 2);
  await receiver.endAsync(true);
});
