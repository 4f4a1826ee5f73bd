// How long does a bulletin take from its release to 1,000 phones that open it at once? A hub of its own; real streams, real requests, the load in the same process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Hub, startHub } from "@atalaya/hub";
import {
  type Bulletin,
  type BulletinEvent,
  type BulletinSettings,
  type ClientMessage,
  paths,
  type StreamMessage,
  USUAL_CONFIRMING,
} from "@atalaya/protocol";
import { type Person, person, signIn, signInOwner } from "@atalaya/testing/hub";
import { WebSocket } from "ws";
import { type Bench, type BenchResult, figure } from "./bench.ts";

const PEOPLE = 1000;
const RUNS = 3;
/** Streams are opened so many at a time. */
const AT_ONCE = 20;
/** What of a run must have come within this, or the bench says so. */
const PATIENCE_MS = 60_000;
const ATTEMPTS = 20;
const RETRY_MS = 200;

const WORDS = {
  headline: ["Small drones may carry explosives. Report every drone.", "Drones pequeños pueden llevar explosivos. Reporte todo dron."],
  know: [
    "A source judged usually reliable says so. We hold no date and no place.",
    "Una fuente confiable lo dice. No tenemos fecha ni lugar.",
  ],
  do: ["If you see or hear a drone: take cover first, then report it.", "Si ve u oye un dron: cúbrase primero y luego repórtelo."],
} as const;

/** A phone that speaks the protocol of the field: says that it has a bulletin, opens it at once, and waits until that is on the hub's disk. */
class Phone {
  readonly #who: Person;
  readonly #id: string;
  readonly #socket: WebSocket;
  readonly #alive: NodeJS.Timeout;
  readonly linked: Promise<void>;
  /** By bulletin: when it was opened here, and when the hub said that it knows. */
  readonly opened = new Map<string, number>();
  readonly recorded = new Map<string, number>();
  told = 0;
  retries = 0;

  constructor(hub: Hub, who: Person, id: string) {
    this.#who = who;
    this.#id = id;
    this.#socket = new WebSocket(hub.url.replace(/^http/, "ws") + paths.stream, {
      headers: { cookie: who.cookie },
      perMessageDeflate: false,
    });
    this.linked = new Promise((resolve, reject) => {
      this.#socket.once("open", resolve);
      this.#socket.on("error", reject);
    });
    this.#socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.#read(JSON.parse(String(data)) as StreamMessage);
    });
    this.#alive = setInterval(() => this.#say({ type: "alive", tick: 0 }), 4000);
  }
  #say(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
  #read(message: StreamMessage): void {
    if (message.type !== "bulletin" || message.why !== "new") return;
    const { id: bulletinId, version } = message.bulletin;
    this.told += 1;
    if (this.opened.has(bulletinId)) return;
    this.opened.set(bulletinId, performance.now());
    this.#say({ type: "bulletin-receipt", bulletinId, version, personId: this.#id, ended: false });
    const event: BulletinEvent = {
      id: `${bulletinId}-${this.#id}-opened`,
      step: "opened",
      version,
      atMs: Date.now(),
      sentMs: Date.now(),
      language: "es",
    };
    void this.#tell(bulletinId, event);
  }
  /** As a phone does it: the same event again, under the same id, until the hub says that it has it. */
  async #tell(bulletinId: string, event: BulletinEvent): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        const answer = await this.#who.ask("POST", paths.deviceBulletinEvents(bulletinId), { ...event, sentMs: Date.now() });
        await answer.text();
        if (answer.status === 200) {
          this.recorded.set(bulletinId, performance.now());
          return;
        }
      } catch {
        // A connection that the other side had closed, or no room for one more: it is tried again.
      }
      this.retries += 1;
      await pause(RETRY_MS);
    }
  }
  close(): void {
    clearInterval(this.#alive);
    this.#socket.terminate();
  }
}

/** A connection that lay idle may have been closed by the hub while this process was busy: everything that is asked here may be asked twice. */
async function json<T>(who: Person, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await who.ask(method, path, body).catch(() => who.ask(method, path, body));
  if (answer.status !== 200) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Writes and approves a bulletin for everybody; releasing it is what is measured. Returns its revision. */
async function written(analyst: Person, reader: Person, id: string): Promise<number> {
  await json(analyst, "POST", paths.bulletins, { id });
  for (const [key, [en, es]] of Object.entries(WORDS)) {
    await json(analyst, "PUT", paths.bulletinPart(id, key, "en"), { text: en });
    await json(analyst, "PUT", paths.bulletinPart(id, key, "es"), { text: es });
  }
  const settings: BulletinSettings = {
    audience: { sector: true, teams: [], roles: [], posts: [], people: [], partners: [] },
    level: "act-on-it",
    validFromMs: Date.now() - 1000,
    validUntilMs: Date.now() + 86_400_000,
    handling: { tlp: "AMBER", releasableTo: [] },
    claims: [],
    confirming: USUAL_CONFIRMING,
    drill: false,
  };
  await json(analyst, "PUT", paths.bulletinSettings(id), { settings });
  const { draft } = await json<Bulletin>(reader, "GET", paths.bulletin(id));
  for (const { key, en } of draft?.pieces ?? [])
    for (const language of ["en", "es"] as const)
      await json(reader, "POST", paths.bulletinApprovals(id), { piece: key, language, rev: en.rev, approve: true });
  return (await json<Bulletin>(reader, "GET", paths.bulletin(id))).draft?.rev ?? 0;
}

function p95(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? Number.NaN;
}

async function run(): Promise<BenchResult> {
  const data = mkdtempSync(join(tmpdir(), "atalaya-bench-bulletin-"));
  const hub = await startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", data });
  const phones: Phone[] = [];
  try {
    const owner = await signInOwner(hub);
    const officer = await signIn(hub, owner, "officer");
    const analyst = await signIn(hub, owner, "analyst");
    const sessions: { readonly who: Person; readonly id: string }[] = [];
    for (let k = 0; k < PEOPLE; k += 1) {
      const id = `p${k}`;
      const name = `Agent ${k}`;
      const ways = [{ channel: "browser", address: `field:${id}` }];
      const definition = { id, name, language: "es", role: "agent", team: `team ${k % 20}`, leader: k < 20, ways };
      await json(officer, "PUT", paths.person(id), definition);
      // Past the hub's door, which lets one address join only so often.
      const session = hub.identity.join(hub.identity.newJoinCode(id, name).code, "bench");
      sessions.push({ who: person(hub, name, `atalaya=${session?.token ?? ""}`), id });
    }
    for (let from = 0; from < PEOPLE; from += AT_ONCE) {
      for (const { who, id } of sessions.slice(from, from + AT_ONCE)) phones.push(new Phone(hub, who, id));
      await Promise.all(phones.slice(from).map(({ linked }) => linked));
    }
    await pause(3000);
    const opened: number[] = [];
    const recorded: number[] = [];
    for (let round = 0; round < RUNS; round += 1) {
      const id = `bench-bulletin-${round}`;
      const rev = await written(analyst, officer, id);
      const begun = performance.now();
      await json(owner, "POST", paths.bulletinRelease(id), { rev });
      while (phones.some((phone) => !phone.recorded.has(id)) && performance.now() - begun < PATIENCE_MS) await pause(20);
      const missing = phones.filter((phone) => !phone.recorded.has(id)).length;
      if (missing > 0) throw new Error(`${missing} of ${PEOPLE} phones did not open it`);
      opened.push(p95(phones.map((phone) => (phone.opened.get(id) ?? Number.NaN) - begun)));
      recorded.push(p95(phones.map((phone) => (phone.recorded.get(id) ?? Number.NaN) - begun)));
      const { counts } = await json<Bulletin>(officer, "GET", paths.bulletin(id));
      if (counts.opened !== PEOPLE) throw new Error(`the hub counts ${JSON.stringify(counts)}`);
    }
    const twice = phones.filter(({ told }) => told !== RUNS).length;
    if (twice > 0) throw new Error(`${twice} phones were told another number of times than once each`);
    return { figures: { opened_p95_ms: figure("ms", opened), opened_recorded_p95_ms: figure("ms", recorded) }, peers: {} };
  } finally {
    for (const phone of phones) phone.close();
    await hub.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  name: "bulletin",
  measures: `95th percentile from the request that releases a bulletin until it is open on each of ${PEOPLE} phones, and until the hub has that on disk; each opens at once`,
  run,
};
