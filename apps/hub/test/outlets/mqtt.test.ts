// MQTT through Debian's mosquitto: what is said of zones, how Home Assistant learns of it, when sirens and lights go on and off, words to gateways and back.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Picture, PictureWarning } from "@atalaya/picture";
import { freePort } from "@atalaya/testing/hub-process";
import { closeAfter, temporaryFolder } from "@atalaya/testing/hub";
import { connectAsync, type MqttClient } from "mqtt";
import { MqttOutletCarrier, type MqttOutletSettings } from "../../src/outlets/mqtt/mqtt.ts";
import { QueuedOutlet } from "../../src/outlets/queued.ts";
import { KeptReports, notify, over } from "./scene.ts";

class Broker {
  readonly port: number;
  readonly #config: string;
  #child: ChildProcess | undefined;
  constructor(port: number, config: string) {
    this.port = port;
    this.#config = config;
  }
  async start(): Promise<void> {
    this.#child = spawn("mosquitto", ["-c", this.#config], {
      stdio: "ignore",
      env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` },
    });
    for (;;) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connectTcp(this.port, "127.0.0.1", () => {
          socket.destroy();
          resolve(true);
        });
        socket.on("error", () => resolve(false));
      });
      if (reached) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  }
}

async function broker(t: TestContext): Promise<Broker> {
  const port = await freePort();
  const config = join(temporaryFolder(t), "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const made = new Broker(port, config);
  await made.start();
  closeAfter(t, () => made.stop());
  return made;
}

/** One who listens to everything, and switches devices as their makers' programs do. */
class Listener {
  readonly heard: string[] = [];
  readonly retained = new Map<string, string>();
  #watchers: (() => void)[] = [];
  readonly client: MqttClient;
  constructor(client: MqttClient) {
    this.client = client;
    client.on("message", (topic, payload, { retain }) => {
      const text = payload.toString();
      this.heard.push(`${topic} ${text}`);
      if (retain || topic.includes("/state") || topic.endsWith("/config") || topic.endsWith("/status")) this.retained.set(topic, text);
      for (const watcher of [...this.#watchers]) watcher();
    });
  }
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers = this.#watchers.filter((watcher) => watcher !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }
  said(line: string): Promise<void> {
    return this.until(() => this.heard.includes(line));
  }
}

async function listener(t: TestContext, port: number): Promise<Listener> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  closeAfter(t, () => client.endAsync(true));
  const made = new Listener(client);
  await client.subscribeAsync("#", { qos: 1 });
  return made;
}

const zones = [
  { id: "post-4", name: "Post 4", kind: "post", shape: { type: "circle", centre: { latDeg: 31, lonDeg: -106 }, radiusM: 500 } },
  { id: "gate/2", name: "Gate 2", kind: "area", shape: { type: "circle", centre: { latDeg: 31, lonDeg: -106 }, radiusM: 500 } },
];

function warning(level: string, more: object = {}): PictureWarning {
  return {
    id: "W-T-1-abc",
    reference: "K7Q2",
    level,
    state: "raised",
    count: 2,
    drill: false,
    recorded: false,
    threats: [
      { kind: "zone", id: "post-4", name: "Post 4", level },
      { kind: "person", id: "ana", name: "Ana", level: "warning" },
    ],
    ...more,
  } as unknown as PictureWarning;
}

class Scene {
  warnings: PictureWarning[] = [];
  zones: readonly object[] = zones;
  drillScope: { channels: string[]; people: string[]; pausedUs?: number } | undefined;
  readonly picture = {
    zones: () => this.zones,
    warnings: () => this.warnings.values(),
  };
  constructor() {
    Object.defineProperty(this.picture, "drillScope", { get: () => this.drillScope });
  }
}

const devices: MqttOutletSettings["devices"] = [
  { id: "roof", name: "Roof siren", kind: "siren", zones: ["post-4"], level: "warning", forS: 3600 },
  { id: "lamp", name: "Yard light", kind: "light", level: "caution", forS: 120 },
  {
    id: "own",
    name: "Tasmota",
    kind: "siren",
    zones: ["nowhere"],
    level: "warning",
    forS: 60,
    commandTopic: "cmnd/own/POWER",
    stateTopic: "stat/own/POWER",
    on: "1",
    off: "0",
  },
];

async function running(t: TestContext, port: number) {
  const scene = new Scene();
  const reports = new KeptReports();
  const replies: string[] = [];
  const carrier = new MqttOutletCarrier(
    { url: `mqtt://127.0.0.1:${port}`, base: "atalaya", discovery: "homeassistant", devices },
    () => scene.picture as unknown as Picture,
  );
  const outlet = new QueuedOutlet({
    name: "mqtt",
    channel: "mqtt",
    carrier,
    mayDrill: () => true,
    reply: (address, text) => replies.push(`${address}: ${text}`),
  });
  await outlet.start(reports);
  closeAfter(t, () => outlet.stop());
  return { scene, reports, outlet, replies };
}

test("Home Assistant is told of each siren, light and zone, with topics that are really used, and again when it starts anew", async (t) => {
  const { port } = await broker(t);
  const ear = await listener(t, port);
  const { scene } = await running(t, port);
  await ear.until(
    () => ear.retained.has("homeassistant/sensor/atalaya/zone_gate_2f2_level/config") && ear.retained.has("atalaya/zones/gate_2f2/state"),
  );
  const config = (topic: string): Record<string, unknown> => JSON.parse(ear.retained.get(topic) ?? "null") as Record<string, unknown>;
  const siren = config("homeassistant/siren/atalaya/roof/config");
  assert.deepEqual(
    [
      siren["name"],
      siren["unique_id"],
      siren["command_topic"],
      siren["state_topic"],
      siren["availability_topic"],
      siren["command_template"],
    ],
    ["Roof siren", "atalaya_roof", "atalaya/devices/roof/set", "atalaya/devices/roof/state", "atalaya/status", "{{ value }}"],
  );
  assert.equal(config("homeassistant/light/atalaya/lamp/config")["command_topic"], "atalaya/devices/lamp/set");
  assert.equal(config("homeassistant/binary_sensor/atalaya/zone_post-4_danger/config")["device_class"], "safety");
  assert.equal(ear.retained.has("homeassistant/siren/atalaya/own/config"), false, "one with topics of its own is its maker's to describe");
  assert.equal(ear.retained.get("atalaya/status"), "online");
  // A zone that is gone is forgotten there too.
  scene.zones = zones.slice(0, 1);
  await ear.said("homeassistant/sensor/atalaya/zone_gate_2f2_level/config ");
  const before = ear.heard.length;
  await ear.client.publishAsync("homeassistant/status", "online", { qos: 1 });
  await ear.until(() => ear.heard.slice(before).some((line) => line.startsWith("homeassistant/siren/atalaya/roof/config {")));
});

test("a danger in a zone is its state and switches on what watches it; over, it switches off; no person and no place is named", async (t) => {
  const { port } = await broker(t);
  const ear = await listener(t, port);
  const { scene, outlet } = await running(t, port);
  await ear.said("atalaya/devices/roof/set OFF");
  scene.warnings = [warning("caution")];
  outlet.show?.();
  await ear.said("atalaya/devices/lamp/set ON");
  await ear.said('atalaya/zones/post-4/state {"level":"caution","count":2,"drill":false,"reference":"K7Q2"}');
  assert.equal(ear.heard.includes("atalaya/devices/roof/set ON"), false, "the siren is for warnings");
  scene.warnings = [warning("warning")];
  outlet.show?.();
  await ear.said("atalaya/devices/roof/set ON");
  scene.warnings = [warning("warning", { state: "cleared" })];
  const before = ear.heard.length;
  outlet.show?.();
  await ear.until(() => ["roof", "lamp"].every((id) => ear.heard.slice(before).includes(`atalaya/devices/${id}/set OFF`)));
  await ear.until(() => ear.retained.get("atalaya/zones/post-4/state") === '{"level":"none","count":0,"drill":false}');
  assert.ok(ear.heard.every((line) => !/Ana|latDeg|31\.|-106/.test(line)));
  assert.ok(!ear.heard.includes("cmnd/own/POWER 1"));
  const late = await listener(t, port);
  await late.until(() => late.retained.has("atalaya/zones/post-4/state"));
  assert.ok(!late.heard.some((line) => line.includes("/set ")), "commands are not kept for those who come later");
});

test("a drill switches only what it names, and says that it is one", async (t) => {
  const { port } = await broker(t);
  const ear = await listener(t, port);
  const { scene, outlet } = await running(t, port);
  await ear.said("atalaya/devices/roof/set OFF");
  scene.warnings = [warning("warning", { drill: true })];
  outlet.show?.();
  scene.drillScope = { channels: ["sms"], people: [] };
  outlet.show?.();
  scene.drillScope = { channels: ["mqtt"], people: [], pausedUs: 1 };
  outlet.show?.();
  scene.drillScope = { channels: ["mqtt"], people: [] };
  scene.warnings = [];
  outlet.show?.();
  await ear.client.publishAsync("mark", "1", { qos: 1 });
  await ear.said("mark 1");
  assert.ok(!ear.heard.includes("atalaya/devices/roof/set ON"));
  scene.warnings = [warning("warning", { drill: true })];
  outlet.show?.();
  await ear.said('atalaya/zones/post-4/state {"level":"warning","count":2,"drill":true,"reference":"K7Q2"}');
  await ear.said("atalaya/devices/roof/set ON");
});

test("a person's device sounds until they have answered, its own word is the receipt, and a gateway gets the words and brings the answer", async (t) => {
  const { port } = await broker(t);
  const ear = await listener(t, port);
  const { reports, outlet, replies } = await running(t, port);
  await ear.said("atalaya/devices/roof/set OFF");
  const call = notify({ channel: "mqtt", address: "roof" });
  outlet.tell(call);
  await ear.said("atalaya/devices/roof/set ON");
  await ear.client.publishAsync("atalaya/devices/roof/state", '{"state":"ON"}', { qos: 1 });
  await reports.until(() => reports.of(call).includes("delivered"));
  const before = ear.heard.length;
  outlet.tell(notify({ type: "cancel", why: "answered", channel: "mqtt", address: "roof" } as never));
  await ear.until(() => ear.heard.slice(before).includes("atalaya/devices/roof/set OFF"));
  const words = notify({ channel: "mqtt", address: "mesh-12", language: "es" });
  outlet.tell(words);
  await ear.until(() => ear.heard.some((line) => line.startsWith("atalaya/people/mesh-12 {")));
  const said = JSON.parse(
    ear.heard.find((line) => line.startsWith("atalaya/people/mesh-12 {"))!.slice("atalaya/people/mesh-12 ".length),
  ) as Record<string, unknown>;
  assert.deepEqual([said["id"], said["kind"], said["language"]], [words.id, "notify", "es"]);
  await ear.client.publishAsync("atalaya/people/mesh-12/answer", '{"answer":"safe"}', { qos: 1 });
  await ear.client.publishAsync("atalaya/people/mesh-12/answer", "x".repeat(10_000), { qos: 1 });
  await ear.client.publishAsync("mark", "2", { qos: 1 });
  await ear.said("mark 2");
  while (replies.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(replies, ['mesh-12: {"answer":"safe"}']);
  const wild = notify({ channel: "mqtt", address: "a/#" });
  outlet.tell(wild);
  await reports.until(() => reports.of(wild).length > 0);
  assert.match(reports.of(wild)[0] ?? "", /^failed/);
});

test("a broker that goes away is said; back, it hears what holds now and nothing that was over meanwhile", async (t) => {
  const mosquitto = await broker(t);
  const { reports, outlet, scene } = await running(t, mosquitto.port);
  const early = notify({ channel: "mqtt", address: "mesh-9", personId: "bruno" });
  outlet.tell(early);
  await reports.until(() => reports.of(early).includes("sent"));
  await mosquitto.stop();
  await reports.until(() => reports.states.at(-1)?.startsWith("down") === true);
  const call = notify({ channel: "mqtt", address: "mesh-12" });
  outlet.tell(call);
  await reports.until(() => reports.of(call).some((step) => step.startsWith("no-link")));
  outlet.tell(over({ channel: "mqtt", address: "mesh-12", quiet: true }));
  scene.warnings = [warning("warning")];
  await mosquitto.start();
  const ear = await listener(t, mosquitto.port);
  await reports.until(() => reports.states.at(-1) === "up");
  await ear.until(() => ear.heard.some((line) => line.startsWith("atalaya/people/mesh-12 ")));
  await ear.until(() => (ear.retained.get("atalaya/zones/post-4/state") ?? "").includes('"warning"'));
  const words = ear.heard.filter((line) => line.startsWith("atalaya/people/mesh-12 "));
  assert.ok(
    words.every((line) => line.includes('"all-clear"')),
    "the call was withdrawn",
  );
  assert.deepEqual(
    reports.of(call).filter((step) => step === "sent"),
    [],
  );
});
