// A leader's own ways over real outlets: a report goes by SMS where no phone of theirs is connected, by e-mail where the modem is broken, once each, and a
// reminder follows; what is taken back is said by what reached them; a drill stays within its reach.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type NewReport, paths, type PersonDefinition, type Report } from "@atalaya/protocol";
import { until } from "@atalaya/testing/eventually";
import { closeAfter, type Person, signIn, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { SmtpServer } from "./outlets/smtp-server.ts";

const FOLDERS = ["outbox", "sent", "error", "inbox"] as const;

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

const report = (id: string, more: Partial<NewReport> = {}): NewReport => ({
  id: `report-${id}`,
  how: "voice",
  sentMs: Date.now(),
  observedMs: Date.now(),
  observedErrorS: 1,
  observer: { latDeg: 31.76, lonDeg: -106.49, errorM: 50, by: "post", name: "Puesto 7" },
  direction: { type: "compass", word: "SW" },
  atRisk: false,
  language: "es",
  caller: { personId: "ana" },
  ...more,
});

const ours = (id: string, more: Partial<PersonDefinition> = {}): PersonDefinition => ({
  id,
  name: `Agente ${id}`,
  language: "es",
  role: "agent",
  team: "alfa",
  leader: false,
  ways: [],
  ...more,
});

/** The daemon of a modem that sends everything, or nothing. */
class Modem {
  readonly messages: string[] = [];
  works = true;
  readonly #folder: string;
  readonly #timer: NodeJS.Timeout;
  constructor(context: TestContext, folder: string) {
    this.#folder = folder;
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
    this.#timer = setInterval(() => this.#look(), 50);
    closeAfter(context, () => clearInterval(this.#timer));
  }
  get settings(): Record<(typeof FOLDERS)[number], string> {
    return Object.fromEntries(FOLDERS.map((name) => [name, join(this.#folder, name)])) as never;
  }
  #look(): void {
    for (const name of readdirSync(join(this.#folder, "outbox"))) {
      if (!name.startsWith("OUT")) continue;
      if (this.works) this.messages.push(readFileSync(join(this.#folder, "outbox", name), "utf8"));
      renameSync(join(this.#folder, "outbox", name), join(this.#folder, this.works ? "sent" : "error", name));
    }
  }
}

interface Watch {
  readonly hub: TestHub;
  readonly officer: Person;
  readonly modem: Modem;
  readonly mail: SmtpServer;
  leaderOf(id: string): Promise<Report["leaders"][number] | undefined>;
}

async function watch(context: TestContext): Promise<Watch> {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const modem = new Modem(context, temporaryFolder(context));
  const mail = new SmtpServer();
  const port = await mail.listen();
  closeAfter(context, () => mail.close());
  await json(await owner.ask("POST", paths.outlets, { kind: "sms-spool", name: "Modem", ...modem.settings }));
  await json(
    await owner.ask("POST", paths.outlets, {
      kind: "email",
      name: "Mail",
      host: "127.0.0.1",
      port,
      security: "none",
      from: "atalaya@example.org",
    }),
  );
  await json(await officer.ask("PUT", paths.person("ana"), ours("ana")));
  // Their phone is known and not connected: it would be the first way.
  const ways = [
    { channel: "browser", address: "nobody-connected" },
    { channel: "sms", address: "+525550100" },
    { channel: "email", address: "jefe@example.org" },
  ] as const;
  await json(await officer.ask("PUT", paths.person("jefe"), ours("jefe", { leader: true, ways: [...ways] })));
  const leaderOf = async (id: string): Promise<Report["leaders"][number] | undefined> =>
    (await json<Report>(await officer.ask("GET", paths.report(`report-${id}`)))).leaders[0];
  return { hub, officer, modem, mail, leaderOf };
}

test("no phone connected: the leader gets an SMS in their language with the report's number, once; and hears that it was taken back", async (context) => {
  const { officer, modem, mail, leaderOf } = await watch(context);
  const { reference } = await json<{ reference: string }>(await officer.ask("POST", paths.reports, report("one")));
  const text = await until("the SMS", () => modem.messages[0]);
  assert.equal(text, `ATALAYA: Agente ana reporta un dron al suroeste, visto desde Puesto 7. Abralo en Atalaya. Ref ${reference}`);
  const leader = await until("the receipt", async () => {
    const known = await leaderOf("one");
    return known?.toldMs === undefined ? undefined : known;
  });
  assert.deepEqual([leader.by, leader.unreached], [["sms"], false]);
  // Sent again by a network that lost the answer: nobody is told twice.
  await json(await officer.ask("POST", paths.reports, report("one")));
  assert.equal((await officer.ask("POST", paths.reportTakenBack("report-one"), {})).status, 204);
  const back = await until("the second SMS", () => modem.messages[1]);
  assert.match(back, /^ATALAYA: Agente ana retiro su reporte\. Ya nada se basa en el\. Ref S-/);
  assert.equal(modem.messages.length, 2);
  assert.equal(mail.mails.length, 0, "what reached them by SMS is not said by mail too");
});

test("a modem that cannot send is followed by e-mail, and somebody at risk says what to do first; nobody reached is said", async (context) => {
  const { hub, officer, modem, mail, leaderOf } = await watch(context);
  modem.works = false;
  await json(await officer.ask("POST", paths.reports, report("risk", { atRisk: true })));
  const letter = await until("the e-mail", () => mail.mails[0]);
  assert.match(letter.data, /Agente ana est(á|=C3=A1) en riesgo ahora\. Llame ya\./);
  const leader = await until("the receipt", async () => {
    const known = await leaderOf("risk");
    return known?.by.includes("email") === true ? known : undefined;
  });
  assert.equal(leader.unreached, false);
  await json(await officer.ask("PUT", paths.person("jefe"), ours("jefe", { leader: true, ways: [{ channel: "browser", address: "x" }] })));
  await json(await officer.ask("POST", paths.reports, report("alone")));
  const alone = await until("that nothing reached them", async () => {
    const known = await leaderOf("alone");
    return known?.unreached === true ? known : undefined;
  });
  assert.equal(alone.toldMs, undefined);
  // Opened by the centre, and not by the leadership: it goes on being due.
  assert.ok(hub.sector.picture.report("report-alone")?.remindUs !== undefined);
});

test("a drill's report stays within the drill's reach", async (context) => {
  const { officer, modem, leaderOf } = await watch(context);
  await json(await officer.ask("POST", paths.reports, report("quiet", { drill: true })));
  assert.equal(await leaderOf("quiet"), undefined);
  await json(await officer.ask("PUT", paths.drillScope, { channels: ["sms"], people: ["jefe"] }));
  await json(await officer.ask("POST", paths.reports, report("loud", { drill: true })));
  const text = await until("the SMS", () => modem.messages[0]);
  assert.match(text, /^ATALAYA: SIMULACRO\. Agente ana reporta un dron.*Ref D-S-/);
  assert.equal(modem.messages.length, 1);
});
