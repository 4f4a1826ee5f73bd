// A bulletin to a thousand phones, and the hub killed in the middle of telling and confirming: what was acknowledged is there to the microsecond, nobody is
// forgotten, and nobody is told twice under another id.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Bulletin, type BulletinEvent, type FieldMessage, paths, type StreamMessage } from "@atalaya/protocol";
import { until } from "@atalaya/testing/eventually";
import { closeAfter, type Person, person, signIn, signInOwner, temporaryFolder } from "@atalaya/testing/hub";
import { freePort } from "@atalaya/testing/hub-process";
import { WebSocket } from "ws";
import { json, settings } from "./memo-desk.ts";

const PEOPLE = 1000;
const ACKNOWLEDGED_BEFORE = 300;
/** Streams that are opened, and requests that are made, at the same time. */
const AT_ONCE = 40;
const ID = "bulletin-crash";
const CHILD = fileURLToPath(new URL("./bulletin.child.ts", import.meta.url));

interface ReaderSaid {
  readonly personId: string;
  readonly tellings: number;
  readonly openedUs?: number;
  readonly confirmations: readonly (readonly [version: number, timeUs: number, answer?: string])[];
}

class Running {
  readonly child: ChildProcess;
  readonly #lines: string[] = [];
  constructor(words: readonly string[]) {
    this.child = spawn(process.execPath, ["-C", "source", "--disable-warning=ExperimentalWarning", CHILD, ...words], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (this.child.stdout !== null) createInterface({ input: this.child.stdout }).on("line", (line) => this.#lines.push(line));
  }
  async said<T>(): Promise<T> {
    return JSON.parse(await until("the hub's word", () => this.#lines.shift())) as T;
  }
  async readers(): Promise<readonly ReaderSaid[]> {
    this.child.stdin?.write(`${ID}\n`);
    return (await this.said<{ readers: ReaderSaid[] }>()).readers;
  }
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}

/** Not more than so many at the same time. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

/** A phone: keeps what its person did, and says it again under the same id until it is acknowledged. */
class Phone {
  readonly id: string;
  readonly #who: Person;
  readonly #url: string;
  readonly #turns: Turns;
  readonly #events: BulletinEvent[] = [];
  readonly acknowledged = new Map<BulletinEvent["step"], BulletinEvent>();
  #socket: WebSocket | undefined;
  #sending = false;
  /** Times that a bulletin was announced to it as new. */
  news = 0;

  constructor(id: string, who: Person, url: string, turns: Turns) {
    this.id = id;
    this.#who = who;
    this.#url = url;
    this.#turns = turns;
  }
  async link(): Promise<void> {
    const socket = new WebSocket(this.#url.replace(/^http/, "ws") + paths.stream, { headers: { cookie: this.#who.cookie } });
    this.#socket = socket;
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.#hear(JSON.parse(String(data)) as StreamMessage | FieldMessage);
    });
    await until(`${this.id} is linked`, () => socket.readyState === WebSocket.OPEN);
    void this.#send();
  }
  say(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send('{"type":"alive","tick":0}');
  }
  close(): void {
    this.#socket?.terminate();
  }
  #hear(message: StreamMessage | FieldMessage): void {
    const bulletins = message.type === "bulletins" ? message.bulletins : message.type === "bulletin" ? [message.bulletin] : [];
    if (message.type === "bulletin" && message.why === "new") this.news += 1;
    for (const { id: bulletinId, version } of bulletins) {
      this.#socket?.send(JSON.stringify({ type: "bulletin-receipt", bulletinId, version, personId: this.id, ended: false }));
      if (this.#events.length > 0) continue;
      const now = Date.now();
      for (const step of ["opened", "confirmed"] as const)
        this.#events.push({ id: `${this.id}-${step}-event`, step, version, atMs: now, sentMs: now, language: "es" });
      void this.#send();
    }
  }
  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (const event of this.#events) {
      if (this.acknowledged.has(event.step)) continue;
      const answer = await this.#turns
        .take(() => this.#who.ask("POST", paths.deviceBulletinEvents(ID), { ...event, sentMs: Date.now() }))
        .catch(() => undefined);
      await answer?.text().catch(() => "");
      if (answer?.status !== 200) break;
      this.acknowledged.set(event.step, event);
    }
    this.#sending = false;
    if (this.acknowledged.size < this.#events.length && this.#socket?.readyState === WebSocket.OPEN) {
      await pause(200);
      void this.#send();
    }
  }
}

async function linkAll(phones: readonly Phone[]): Promise<void> {
  for (let from = 0; from < phones.length; from += AT_ONCE)
    await Promise.all(phones.slice(from, from + AT_ONCE).map((phone) => phone.link()));
}

test("a hub that is killed while a thousand are told and confirm loses nothing that it acknowledged, and forgets and repeats nobody", async (t: TestContext) => {
  const data = temporaryFolder(t);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let hub = new Running([data, String(port), String(PEOPLE)]);
  closeAfter(t, () => hub.kill());
  const first = await hub.said<{ setupLink: string; sessions: { id: string; token: string }[] }>();
  assert.equal(first.sessions.length, PEOPLE);
  const owner = await signInOwner({ url, setupLink: first.setupLink });
  const analyst = await signIn({ url }, owner, "analyst");
  const turns = new Turns();
  const phones = first.sessions.map(({ id, token }) => new Phone(id, person({ url }, id, `atalaya=${token}`), url, turns));
  closeAfter(t, () => phones.forEach((phone) => phone.close()));
  const alive = setInterval(() => phones.forEach((phone) => phone.say()), 4000);
  closeAfter(t, () => clearInterval(alive));
  await linkAll(phones);

  await json(await analyst.ask("POST", paths.bulletins, { id: ID }));
  for (const [key, en, es] of [
    ["headline", "Small drones may carry explosives.", "Drones pequeños pueden llevar explosivos."],
    ["do", "Take cover first, then report it.", "Cúbrase primero y luego repórtelo."],
  ] as const) {
    await json(await analyst.ask("PUT", paths.bulletinPart(ID, key, "en"), { text: en }));
    await json(await analyst.ask("PUT", paths.bulletinPart(ID, key, "es"), { text: es }));
  }
  const audience = { sector: true, teams: [], roles: [], posts: [], people: [], partners: [] };
  await json(await analyst.ask("PUT", paths.bulletinSettings(ID), { settings: settings({ audience }) }));
  const { draft } = await json<Bulletin>(await analyst.ask("GET", paths.bulletin(ID)));
  for (const { key, en } of draft?.pieces ?? [])
    for (const language of ["en", "es"])
      await json(await analyst.ask("POST", paths.bulletinApprovals(ID), { piece: key, language, rev: en.rev, approve: true }));
  const ready = await json<Bulletin>(await owner.ask("GET", paths.bulletin(ID)));
  const released = await json<Bulletin>(await owner.ask("POST", paths.bulletinRelease(ID), { rev: ready.draft?.rev ?? 0 }));
  assert.equal(released.version, 1);

  const confirmed = (): readonly Phone[] => phones.filter(({ acknowledged }) => acknowledged.has("confirmed"));
  await until("some have confirmed", () => confirmed().length >= ACKNOWLEDGED_BEFORE);
  await hub.kill();
  const before = phones.map(({ id, acknowledged }) => ({ id, steps: new Map(acknowledged) }));
  const done = before.filter(({ steps }) => steps.has("confirmed")).length;
  assert.ok(done >= ACKNOWLEDGED_BEFORE && done < PEOPLE, `${done} were acknowledged before the kill`);

  hub = new Running([data, String(port), "0"]);
  await hub.said();
  const found = new Map((await hub.readers()).map((reader) => [reader.personId, reader]));
  assert.equal(found.size, PEOPLE, "nobody is forgotten");
  for (const { id, steps } of before) {
    const reader = found.get(id);
    if (steps.has("opened")) assert.ok(reader?.openedUs !== undefined, `${id} had opened it`);
    if (steps.has("confirmed")) assert.equal(reader?.confirmations.length, 1, `${id} had confirmed it`);
  }
  // Times that were on disk before the kill are the same to the microsecond at the end.
  const times = new Map([...found].map(([id, { confirmations }]) => [id, confirmations[0]?.[1]]));

  phones.forEach((phone) => phone.close());
  await linkAll(phones);
  // As long as more confirm, a slow machine is only slow.
  for (let count = confirmed().length; count < PEOPLE; count = confirmed().length)
    await until(`more than ${count} have confirmed`, () => confirmed().length > count);
  const readers = await hub.readers();
  assert.equal(readers.length, PEOPLE);
  for (const { personId, confirmations, tellings } of readers) {
    assert.equal(confirmations.length, 1, `${personId} confirmed once`);
    const known = times.get(personId);
    if (known !== undefined) assert.equal(confirmations[0]?.[1], known, `${personId}: the time stays`);
    // None: the phone was there before its turn came, and had it with all that held.
    assert.ok(tellings <= 1, `${personId} was told under ${tellings} ids`);
  }
  const { counts } = await json<Bulletin>(await owner.ask("GET", paths.bulletin(ID)));
  assert.deepEqual([counts.people, counts.confirmed, counts.overdue, counts.noWay], [PEOPLE, PEOPLE, 0, 0]);
});
