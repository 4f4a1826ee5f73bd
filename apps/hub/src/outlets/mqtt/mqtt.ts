// MQTT: the state of each zone for whoever subscribes, sirens and lights that are switched on while there is danger, and words to gateways that reach people.
import { type Level, LEVELS, type Picture } from "@atalaya/picture";
import { connect, type MqttClient } from "mqtt";
import { isForOutside, standsOutside, zonesOf } from "../danger-outside.ts";
import type { Carried } from "../delivery-queue.ts";
import { letterBody } from "../http/webhook.ts";
import type { Carrier, CarrierEvents, Letter } from "../queued.ts";
import { type OutletTimes, realTimes } from "../times.ts";
import type { MqttDevice } from "./device.ts";
import { deviceDescription, type Description, forgotten, topicPart, type Topics, zoneDescriptions } from "./discovery.ts";

export interface MqttOutletSettings {
  /** mqtt://HOST:PORT or mqtts://HOST:PORT. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly ca?: string | undefined;
  /** What all our topics begin with. */
  readonly base: string;
  /** Home Assistant's discovery prefix; empty: nothing is described to it. */
  readonly discovery: string;
  readonly devices: readonly MqttDevice[];
}

const CONNECT_MS = 10_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** How often is looked whether zones came or went, a siren has sounded long enough, or a device that lost power must be told again. */
const LOOK_EVERY_MS = 1000;
const SAY_ON_AGAIN_MS = 30_000;
const MAX_ANSWER_BYTES = 4096;
const MAX_PENDING = 1000;

/** What switches a device on. */
interface Switched {
  on: boolean;
  /** Causes that are known, by name; a new one starts the siren's time anew. */
  causes: ReadonlySet<string>;
  untilMs: number;
  saidMs: number;
}

export class MqttOutletCarrier implements Carrier {
  readonly cancels = true;
  readonly #settings: MqttOutletSettings;
  readonly #topics: Topics;
  readonly #picture: () => Picture;
  readonly #times: OutletTimes;
  #events: CarrierEvents | undefined;
  #client: MqttClient | undefined;
  #connected = false;
  #stopped = false;
  #failures = 0;
  #callOff: (() => void) | undefined;
  readonly #firstTry: Promise<void>;
  #tried: () => void = () => undefined;
  #look: (() => void) | undefined;
  /** Retained state last said of each topic, so that only what changed is said. */
  readonly #said = new Map<string, string>();
  readonly #switched = new Map<string, Switched>();
  /** People for whom a device sounds, as "device" → "warning person" → level. */
  readonly #callers = new Map<string, Map<string, Level>>();
  /** Letters that switched a device, by its id: its word that it is on is their receipt. */
  readonly #tickets = new Map<string, string[]>();

  constructor(settings: MqttOutletSettings, picture: () => Picture, times: OutletTimes = realTimes) {
    this.#settings = settings;
    this.#topics = { base: settings.base, prefix: settings.discovery };
    this.#picture = picture;
    this.#times = times;
    this.#firstTry = new Promise((resolve) => {
      this.#tried = resolve;
    });
  }

  start(events: CarrierEvents): void {
    this.#events = events;
    this.#connect();
    const look = (): void => {
      this.#look = this.#times.after(LOOK_EVERY_MS, look);
      this.#say();
    };
    look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    this.#look?.();
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    // Sirens that sound go on: the danger has not ended with us. The broker says that we are gone.
    if (this.#connected)
      await Promise.race([client.publishAsync(`${this.#settings.base}/status`, "offline", { qos: 1, retain: true }), wait(1000)]);
    await client.endAsync(true);
  }

  /** A warning changed. */
  show(): void {
    this.#say();
  }

  async carry(letter: Letter): Promise<Carried> {
    const { address, intent, key, outside } = letter;
    if (outside !== undefined) {
      await this.#firstTry;
      if (this.#client === undefined || !this.#connected) return { outcome: "again", reason: "no connection to the broker", noLink: true };
      // Kept by the broker: who subscribes later sees how it stands.
      await this.#client.publishAsync(`${this.#settings.base}/bulletins/${topicPart(outside.intent.number)}`, letterBody(letter), {
        qos: 1,
        retain: true,
      });
      return { outcome: "taken", detail: "taken by the broker" };
    }
    const device = this.#settings.devices.find(({ id }) => id === address);
    if (device === undefined && (address === "" || ["+", "#", "/", "\0"].some((mark) => address.includes(mark))))
      return { outcome: "refused", reason: "not a device nor a topic's part" };
    // What is wanted while the hub starts waits for the first connection instead of going another way at once.
    await this.#firstTry;
    const client = this.#client;
    if (client === undefined || !this.#connected) return { outcome: "again", reason: "no connection to the broker", noLink: true };
    if (device === undefined) {
      await client.publishAsync(`${this.#settings.base}/people/${address}`, letterBody(letter), { qos: 1 });
      return { outcome: "taken", detail: "taken by the broker" };
    }
    if (intent === undefined) {
      // A test is short: on, and off again.
      await this.#command(device, true);
      this.#times.after(2000, () => void this.#command(device, this.#switched.get(device.id)?.on === true).catch(() => undefined));
      return { outcome: "taken", detail: "taken by the broker; the device was switched on for two seconds" };
    }
    // A siren tells of dangers: a report is one only when the picture says so.
    if (intent.type === "team-report") return { outcome: "refused", reason: "a device tells of no report" };
    const callers = this.#callers.get(device.id) ?? new Map<string, Level>();
    this.#callers.set(device.id, callers);
    const caller = `${intent.warningId} ${intent.personId}`;
    if (intent.type === "notify" || intent.type === "repeat") {
      callers.set(caller, intent.level);
      const tickets = this.#tickets.get(device.id) ?? [];
      this.#tickets.set(device.id, [...tickets, key].slice(-MAX_PENDING));
      if (LEVELS.indexOf(intent.level) >= LEVELS.indexOf(device.level)) await this.#command(device, true);
    } else callers.delete(caller);
    this.#say();
    return { outcome: "taken", detail: "taken by the broker" };
  }

  // Connection: a client each time, so that nothing that an earlier one did not get rid of is said late.

  #connect(): void {
    if (this.#stopped) return;
    const { url, username, password, ca, base, discovery, devices } = this.#settings;
    const client = connect(url, {
      reconnectPeriod: 0,
      connectTimeout: CONNECT_MS,
      clean: true,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
      will: { topic: `${base}/status`, payload: Buffer.from("offline"), qos: 1, retain: true },
    });
    this.#client = client;
    let reason = "the broker cannot be reached";
    client.on("error", (error) => {
      reason = "code" in error && (error.code === 4 || error.code === 5) ? "the broker refused the sign-in" : error.message;
    });
    client.on("connect", () => {
      this.#connected = true;
      this.#failures = 0;
      this.#said.clear();
      for (const state of this.#switched.values()) state.saidMs = Number.NEGATIVE_INFINITY;
      const topics = [
        `${base}/people/+/answer`,
        ...devices.map((device) => this.#stateTopic(device)),
        ...(discovery === "" ? [] : [`${discovery}/status`]),
      ];
      client.subscribe(topics, { qos: 1 }, () => undefined);
      this.#publish(`${base}/status`, "online");
      this.#say();
      this.#tried();
      this.#events?.link(true);
    });
    client.on("message", (topic, payload) => this.#hear(topic, payload));
    client.on("close", () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#connected = false;
      client.end(true);
      this.#tried();
      if (this.#stopped) return;
      this.#events?.link(false, reason);
      const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, this.#failures));
      this.#failures += 1;
      this.#callOff = this.#times.after(pause * (0.5 + 0.5 * this.#times.random()), () => this.#connect());
    });
  }

  #stateTopic({ id, stateTopic }: MqttDevice): string {
    return stateTopic ?? `${this.#settings.base}/devices/${topicPart(id)}/state`;
  }

  #hear(topic: string, payload: Buffer): void {
    const { base, discovery, devices } = this.#settings;
    if (payload.length > MAX_ANSWER_BYTES) return;
    const text = payload.toString("utf8").trim();
    if (discovery !== "" && topic === `${discovery}/status`) {
      // It started anew, and may have lost what it was told.
      if (text === "online") this.#said.clear();
      return;
    }
    const address = new RegExp(`^${base.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}/people/([^/]+)/answer$`).exec(topic)?.[1];
    if (address !== undefined) {
      this.#events?.reply(address, text);
      return;
    }
    for (const device of devices) {
      if (this.#stateTopic(device) !== topic || !isOn(text, device.on ?? "ON")) continue;
      for (const ticket of this.#tickets.get(device.id) ?? []) this.#events?.receipt(ticket, "delivered");
      this.#tickets.delete(device.id);
    }
  }

  #publish(topic: string, payload: string): void {
    const client = this.#client;
    if (client === undefined || !this.#connected) return;
    this.#said.set(topic, payload);
    client.publish(topic, payload, { qos: 1, retain: true }, (error) => {
      if (error) this.#said.delete(topic);
    });
  }

  async #command(device: MqttDevice, on: boolean): Promise<void> {
    const topic = device.commandTopic ?? `${this.#settings.base}/devices/${topicPart(device.id)}/set`;
    // Not retained: a siren that comes back after a week must not hear of a danger of then.
    await this.#client?.publishAsync(topic, on ? (device.on ?? "ON") : (device.off ?? "OFF"), { qos: 1 });
  }

  /** Says what changed since it was last said. */
  #say(): void {
    const picture = this.#picture();
    const zones = picture.zones();
    const levels = new Map<string, { level: Level; count: number; drill: boolean; reference: string }>();
    const causes = new Map<string, Map<string, Level>>();
    for (const warning of picture.warnings()) {
      if (!standsOutside(warning) || !isForOutside(picture, warning, "mqtt")) continue;
      for (const { zoneId, level } of zonesOf(warning)) {
        const known = levels.get(zoneId);
        if (known === undefined || LEVELS.indexOf(level) > LEVELS.indexOf(known.level))
          levels.set(zoneId, { level, count: warning.count, drill: warning.drill, reference: warning.reference });
        const ofZone = causes.get(zoneId) ?? new Map<string, Level>();
        causes.set(zoneId, ofZone.set(`${warning.id} ${level}`, level));
      }
    }
    for (const device of this.#settings.devices) this.#switch(device, causes);
    if (!this.#connected) return;
    const retained: Description[] = zones.map(({ id }) => ({
      topic: `${this.#settings.base}/zones/${topicPart(id)}/state`,
      payload: JSON.stringify(levels.get(id) ?? { level: "none", count: 0, drill: false }),
    }));
    if (this.#topics.prefix !== "") {
      for (const device of this.#settings.devices)
        if (device.commandTopic === undefined) retained.push(deviceDescription(this.#topics, device));
      for (const zone of zones) retained.push(...zoneDescriptions(this.#topics, zone));
    }
    const wanted = new Set(retained.map(({ topic }) => topic));
    for (const topic of this.#said.keys())
      if (!wanted.has(topic) && topic !== `${this.#settings.base}/status`) {
        this.#publish(topic, forgotten(topic).payload);
        this.#said.delete(topic);
      }
    for (const { topic, payload } of retained) if (this.#said.get(topic) !== payload) this.#publish(topic, payload);
  }

  #switch(device: MqttDevice, causesOfZones: ReadonlyMap<string, ReadonlyMap<string, Level>>): void {
    const nowMs = this.#times.nowMs();
    const state = this.#switched.get(device.id) ?? { on: false, causes: new Set<string>(), untilMs: 0, saidMs: Number.NEGATIVE_INFINITY };
    this.#switched.set(device.id, state);
    const counts = (level: Level): boolean => LEVELS.indexOf(level) >= LEVELS.indexOf(device.level);
    const causes = new Set<string>();
    for (const [zone, ofZone] of causesOfZones) {
      if (device.zones !== undefined && !device.zones.includes(zone)) continue;
      for (const [cause, level] of ofZone) if (counts(level)) causes.add(`${zone} ${cause}`);
    }
    for (const [caller, level] of this.#callers.get(device.id) ?? []) if (counts(level)) causes.add(`${caller} ${level}`);
    if ([...causes].some((cause) => !state.causes.has(cause))) state.untilMs = nowMs + device.forS * 1000;
    state.causes = causes;
    const on = causes.size > 0 && (device.kind === "light" || nowMs < state.untilMs);
    const sayAgainMs = on ? SAY_ON_AGAIN_MS : Number.POSITIVE_INFINITY;
    if (!this.#connected || (on === state.on && nowMs - state.saidMs < sayAgainMs)) return;
    state.on = on;
    state.saidMs = nowMs;
    this.#command(device, on).catch(() => {
      state.saidMs = Number.NEGATIVE_INFINITY;
    });
  }
}

/** A state as devices say it: the word itself, or JSON with it as `state`. */
function isOn(text: string, on: string): boolean {
  if (text === on) return true;
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === "object" && said !== null && "state" in said && said.state === on;
  } catch {
    return false;
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
