// Bulletins through real outlets of a real hub: short messages that are confirmed by writing back, letters in both forms, and partners by CAP, webhook and MQTT.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type CapAlert, decodeAlert } from "@atalaya/cap";
import type { BulletinOutside, Picture, PictureBulletin } from "@atalaya/picture";
import { type Bulletin, type BulletinPerson, type OutletMade, paths } from "@atalaya/protocol";
import { eventually, until } from "@atalaya/testing/eventually";
import { freePort } from "@atalaya/testing/hub-process";
import { closeAfter, temporaryFolder } from "@atalaya/testing/hub";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import { connectAsync } from "mqtt";
import { CapOutlet } from "../../src/outlets/cap/cap-outlet.ts";
import { type Desk, desk, json, ours, part, readers, release, settings, written } from "../memo-desk.ts";
import { KeptReports } from "./scene.ts";
import { Smsc } from "./smsc.ts";
import { SmtpServer } from "./smtp-server.ts";

const readerOf = async (d: Desk, bulletin: string, id: string): Promise<BulletinPerson | undefined> =>
  (await readers(d, bulletin)).find(({ personId }) => personId === id);
const nextVersion = async (d: Desk, id: string, headline: readonly [string, string]): Promise<Bulletin> => {
  await json(await d.analyst.ask("POST", paths.bulletinDraft(id)));
  await part(d, id, "headline", ...headline);
  return release(d, id);
};
const withdraw = async (d: Desk, id: string, reason: string): Promise<void> => {
  await json(await d.supervisor.ask("POST", paths.bulletinWithdrawn(id), { reason }));
};

async function sms(t: TestContext, d: Desk): Promise<Smsc> {
  const centre = new Smsc();
  const port = await centre.listen();
  t.after(() => centre.close());
  const set = { kind: "smpp", name: "Bank", host: "127.0.0.1", port, systemId: "atalaya", password: "secret", from: "ATALAYA", tls: false };
  await json(await d.owner.ask("POST", paths.outlets, set));
  return centre;
}

test("by short message: told without accents, confirmed by writing back, told of the change and of the end", async (t) => {
  const d = await desk(t);
  const centre = await sms(t, d);
  const texts = (): string[] => centre.submitted.map(({ text }) => text.toString("latin1"));
  await json(await d.officer.ask("PUT", paths.person("ana"), ours("ana", { ways: [{ channel: "sms", address: "+526561234567" }] })));
  await written(d, "bulletin-1");
  const { number } = await release(d, "bulletin-1");
  await eventually(() =>
    assert.deepEqual(texts(), [`ATALAYA: Boletin ${number}: Drones pequenos pueden llevar explosivos. Responda LEIDO ${number}`]),
  );
  await until("it was sent", async () => (await readerOf(d, "bulletin-1", "ana"))?.ways[0]?.step === "sent");
  // Words that confirm nothing, then words that do; said twice, it is one.
  for (const words of ["bien", `no leido ${number}`, `LEIDO ${number}`, `leído ${number}`])
    centre.deliver("526561234567", Buffer.from(words, "latin1"));
  const confirmed = await until("it is confirmed", async () => {
    const reader = await readerOf(d, "bulletin-1", "ana");
    return reader?.step === "confirmed" ? reader : undefined;
  });
  assert.deepEqual(
    confirmed.confirmations.map(({ version, by, language }) => [version, by, language]),
    [[1, "sms", "es"]],
  );
  await nextVersion(d, "bulletin-1", ["Small drones do carry explosives.", "Drones pequeños llevan explosivos."]);
  await eventually(() => assert.match(texts()[1] ?? "", new RegExp(`^ATALAYA: Boletin ${number}, version 2: Drones pequenos llevan`)));
  await withdraw(d, "bulletin-1", "La fuente lo retiró");
  await eventually(() => assert.equal(texts()[2], `ATALAYA: Boletin ${number} retirado, ya no vale: La fuente lo retiro`));
  assert.equal(texts().length, 3, "nothing was told twice");
});

test("what is marked for a few goes over no carrier's network: the short message says where it is read", async (t) => {
  const d = await desk(t);
  const centre = await sms(t, d);
  await json(await d.officer.ask("PUT", paths.person("ana"), ours("ana", { ways: [{ channel: "sms", address: "+526561234567" }] })));
  await written(d, "bulletin-1", { handling: { tlp: "AMBER+STRICT", releasableTo: [] } });
  await release(d, "bulletin-1");
  await centre.until(() => centre.submitted.length > 0);
  const text = centre.submitted[0]?.text.toString("latin1") ?? "";
  assert.doesNotMatch(text, /Drones|explosivos|LEIDO/);
  assert.match(text, /^ATALAYA: Boletin B-\d{4}: .*aplicacion/);
});

test("by letter: the plain and the laid out form say the same, in the reader's language and in one thread", async (t) => {
  const d = await desk(t);
  const mailServer = new SmtpServer();
  const port = await mailServer.listen();
  t.after(() => mailServer.close());
  const set = { kind: "email", name: "Relay", host: "127.0.0.1", port, security: "none", from: "atalaya@sector.example" };
  await json(await d.owner.ask("POST", paths.outlets, set));
  const ben = ours("ben", { language: "en", ways: [{ channel: "email", address: "ben@sector.example" }] });
  await json(await d.officer.ask("PUT", paths.person("ben"), ben));
  await written(d, "bulletin-1");
  const { number } = await release(d, "bulletin-1");
  const mail = await until("a letter", () => mailServer.mails[0]);
  assert.match(mail.to, /ben@sector\.example/);
  assert.match(mail.data, /Content-Type: multipart\/alternative/);
  assert.match(mail.data, /Content-Type: text\/plain; charset=utf-8/);
  assert.match(mail.data, /Content-Type: text\/html; charset=utf-8/);
  assert.match(mail.data, new RegExp(`Subject: Bulletin ${number}. Small drones may carry explosives.`));
  assert.equal(mail.data.match(/Take cover first, then report it/g)?.length, 2);
  await withdraw(d, "bulletin-1", "It <was> refuted");
  const end = await until("the end", () => mailServer.mails[1]);
  const thread = (data: string): string => /References: (<\S+>)/.exec(data)?.[1] ?? "";
  assert.ok(thread(mail.data) !== "" && thread(mail.data) === thread(end.data));
  assert.match(end.data, /It &lt;was&gt; refuted/);
});

function assertValid(xml: string): void {
  const { status, stderr } = spawnSync("xmllint", ["--nonet", "--noout", "--schema", sharedData("data", "cap", "cap12.xsd"), "-"], {
    input: xml,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
}
function read(xml: string): CapAlert {
  const result = decodeAlert(xml);
  assert.ok("alert" in result, xml);
  return result.alert;
}

test("partners: a chain of CAP alerts, a webhook and MQTT, for those it is released to and nobody else", needsShared, async (t) => {
  const d = await desk(t);
  const got: Record<string, unknown>[] = [];
  const hook = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      got.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(204).end();
    });
  });
  hook.listen(0, "127.0.0.1");
  await once(hook, "listening");
  closeAfter(t, () => hook.close());
  const address = hook.address();
  const mqttPort = await freePort();
  const broker = spawn("mosquitto", ["-p", String(mqttPort)], {
    stdio: "ignore",
    env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` },
  });
  closeAfter(t, () => broker.kill());
  const listening = await eventually(() => connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { reconnectPeriod: 0, connectTimeout: 1000 }));
  closeAfter(t, () => listening.endAsync(true));
  const topics: [string, Record<string, unknown>][] = [];
  listening.on("message", (topic, payload) => topics.push([topic, JSON.parse(payload.toString()) as Record<string, unknown>]));
  await listening.subscribeAsync("atalaya/bulletins/+", { qos: 1 });
  const partners = ["Sheriff"];
  const made = async (set: object): Promise<OutletMade> => json<OutletMade>(await d.owner.ask("POST", paths.outlets, set));
  const cap = {
    kind: "cap",
    name: "Feed",
    sender: "ioc@sector.example",
    senderName: "Sector",
    scope: "Restricted",
    restriction: "Partners",
  };
  await made({ ...cap, partners });
  await made({ kind: "webhook", name: "Hook", url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`, partners });
  await made({ kind: "mqtt", name: "Broker", url: `mqtt://127.0.0.1:${mqttPort}`, partners });
  await json(await d.officer.ask("PUT", paths.person("ana"), ours("ana")));

  // One that is for our own people alone goes nowhere.
  await written(d, "bulletin-own");
  await release(d, "bulletin-own");
  await written(d, "bulletin-1", {
    audience: { ...settings().audience, partners },
    handling: { tlp: "AMBER", releasableTo: partners },
    area: { type: "circle", centre: { latDeg: 31.75, lonDeg: -106.45 }, radiusM: 5000 },
  });
  await json(
    await d.analyst.ask("PUT", paths.bulletinCarry("bulletin-1"), {
      items: [{ id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, ends: false }],
    }),
  );
  const { draft } = await json<Bulletin>(await d.analyst.ask("GET", paths.bulletin("bulletin-1")));
  const rev = draft?.pieces.find(({ key }) => key === "carry")?.en.rev ?? 0;
  for (const language of ["en", "es"])
    await json(await d.officer.ask("POST", paths.bulletinApprovals("bulletin-1"), { piece: "carry", language, rev, approve: true }));
  const { number } = await release(d, "bulletin-1");
  const told = async (): Promise<string[]> =>
    (await json<Bulletin>(await d.analyst.ask("GET", paths.bulletin("bulletin-1")))).outside?.results.map(({ step }) => step) ?? [];
  await until("all three have it", async () => (await told()).length === 3);
  assert.deepEqual(await told(), ["sent", "sent", "sent"]);
  await nextVersion(d, "bulletin-1", ["Small drones do carry explosives.", "Drones pequeños llevan explosivos."]);
  await until("the change", () => got.length === 2 && topics.length === 2);
  await withdraw(d, "bulletin-1", "The source took it back.");
  await until("the end", () => got.length === 3 && topics.length === 3);
  const feed = await until("three alerts", async () => {
    const text = await (await d.officer.ask("GET", paths.cap)).text();
    return text.match(/<entry>/g)?.length === 3 ? text : undefined;
  });
  const links = [...feed.matchAll(/<link rel="alternate" type="application\/cap\+xml" href="([^"]+)"/g)].map(([, href = ""]) => href);
  const alerts: CapAlert[] = [];
  for (const href of links.reverse()) {
    const xml = await (await d.officer.ask("GET", href.slice(d.hub.url.length))).text();
    assertValid(xml);
    alerts.push(read(xml));
  }
  assert.deepEqual(
    alerts.map(({ msgType, status, references = [] }) => [msgType, status, references.length]),
    [
      ["Alert", "Actual", 0],
      ["Update", "Actual", 1],
      ["Cancel", "Actual", 2],
    ],
  );
  const [english, spanish] = alerts[0]?.infos ?? [];
  assert.ok(english !== undefined && spanish !== undefined);
  assert.deepEqual([english.language, spanish.language], ["en-US", "es-US"]);
  assert.deepEqual(english.categories, ["Security", "Safety"]);
  assert.deepEqual([english.urgency, english.severity, english.responseTypes], ["Expected", "Moderate", ["Prepare"]]);
  assert.equal(spanish.headline, "Drones pequeños pueden llevar explosivos.");
  assert.equal(spanish.instruction, "Cúbrase primero y luego repórtelo.\nLleve consigo: Dos torniquetes");
  assert.equal(english.areas?.[0]?.circles?.[0]?.radiusKm, 5);
  assert.match(alerts[2]?.note ?? "", /The source took it back/);
  assert.doesNotMatch(JSON.stringify(alerts), /Agent|ana/);
  for (const all of [got, topics.map(([, body]) => body)]) {
    assert.deepEqual(
      all.map(({ change, version, holds }) => [change, version, holds]),
      [
        ["new", 1, true],
        ["changed", 2, true],
        ["withdrawn", 2, false],
      ],
    );
    assert.ok(!JSON.stringify(all[2]).includes("explosives"), "an end says nothing of the content");
  }
  assert.deepEqual([...new Set(topics.map(([topic]) => topic))], [`atalaya/bulletins/${number}`]);
});

test("a drill's bulletin is an exercise in CAP, and what was sent is not sent again after a restart", needsShared, async (t) => {
  const file = join(temporaryFolder(t), "cap.json");
  const words = (text: string): object => ({ en: { text }, es: { text } });
  const bulletin = {
    id: "bulletin-1",
    number: 7,
    state: "in-force",
    fallen: [],
    versions: [
      {
        version: 1,
        since: { headline: 1 },
        claimNumbers: [],
        releasedUs: 1_795_000_000e6,
        content: {
          parts: { headline: words("As trained.") },
          settings: { ...settings({ drill: true, level: "know-it" }), validFromUs: 1_795_000_000e6, validUntilUs: 1_795_090_000e6 },
        },
      },
    ],
  } as unknown as PictureBulletin;
  const picture = {
    bulletins: { bulletins: new Map([["bulletin-1", bulletin]]) },
    warnings: () => [],
    zones: () => [],
  } as unknown as Picture;
  const intent: BulletinOutside = {
    type: "bulletin-outside",
    id: "bulletin-1/outside/1/new/1",
    timeUs: 1_795_000_000e6,
    bulletinId: "bulletin-1",
    number: "B-0007",
    version: 1,
    change: "new",
    partners: ["Sheriff"],
    doneBy: [],
    drill: true,
  };
  const opened = (): { readonly outlet: CapOutlet; readonly reports: KeptReports } => {
    const set = {
      sender: "ioc@sector.example",
      senderName: "Sector",
      scope: "Restricted",
      restriction: "R",
      level: "caution",
      push: [],
    } as const;
    const outlet = new CapOutlet(
      "cap-1",
      { ...set, partners: ["Sheriff"] },
      { picture: () => picture, nowUs: () => 1_795_000_100e6, file },
    );
    const reports = new KeptReports();
    outlet.start(reports);
    return { outlet, reports };
  };
  const first = opened();
  first.outlet.showBulletin(intent);
  const [alert] = first.outlet.alerts();
  assert.ok(alert !== undefined);
  assertValid(alert.xml);
  const { status, note, infos } = read(alert.xml);
  assert.deepEqual(
    [status, note, infos?.[1]?.headline, infos?.[0]?.urgency],
    ["Exercise", "DRILL / SIMULACRO", "SIMULACRO. As trained.", "Future"],
  );
  await first.outlet.stop();
  const again = opened();
  again.outlet.showBulletin(intent);
  assert.equal(again.outlet.alerts().length, 1);
  assert.deepEqual(again.reports.receipts, [`${intent.id} sent`]);
  // Whom it is not for is told nothing of it.
  again.outlet.showBulletin({ ...intent, id: "other", partners: ["Somebody else"], bulletinId: "bulletin-2" });
  assert.equal(again.outlet.alerts().length, 1);
  await again.outlet.stop();
});
