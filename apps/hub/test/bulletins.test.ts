// Bulletins over a real hub: nothing typed is lost, two people release, phones are told and confirm without a network too, and the end reaches everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Bulletin,
  type BulletinDraft,
  type BulletinPerson,
  type BulletinSummary,
  type DeviceBulletin,
  type FieldMessage,
  type OverdueBulletin,
  paths,
} from "@atalaya/protocol";
import { person, type Person, signIn, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";
import {
  approve,
  codeOf,
  type Desk,
  desk,
  did,
  draw,
  event,
  json,
  part,
  phone,
  readers,
  release,
  settings,
  source,
  take,
  written,
} from "./memo-desk.ts";

const ID = "bulletin-23";
const stream = (hub: TestHub, who: Person): StreamClient => new StreamClient(hub, who, WebSocket as never);
type Told = Extract<FieldMessage, { type: "bulletin" }>;
const told = (client: StreamClient): readonly Told[] =>
  (client.messages as unknown as readonly FieldMessage[]).filter((message): message is Told => message.type === "bulletin");
const why = (client: StreamClient, what: Told["why"]): Told | undefined => told(client).find((message) => message.why === what);
const stepOf = async (d: Desk, personId: string): Promise<BulletinPerson | undefined> =>
  (await readers(d, ID)).find((reader) => reader.personId === personId);

test("case 31: a part is kept each time somebody stops typing, in both languages, and nobody writes over what they have not read", async (context) => {
  const data = temporaryFolder(context);
  const d = await desk(context, data);
  const made = await json<Bulletin>(await d.analyst.ask("POST", paths.bulletins, { id: ID }));
  assert.deepEqual([made.number, made.state, made.version], ["B-0001", "draft", 0]);
  assert.equal((await json<Bulletin>(await d.analyst.ask("POST", paths.bulletins, { id: ID }))).number, "B-0001");
  let draft: BulletinDraft | undefined;
  for (const text of ["Small", "Small drones", "Small drones may carry explosives."])
    draft = await json(await d.analyst.ask("PUT", paths.bulletinPart(ID, "headline", "en"), { text }));
  await json(await d.analyst.ask("PUT", paths.bulletinPart(ID, "headline", "es"), { text: "Drones pequeños" }));
  const own = await json<BulletinDraft>(
    await d.analyst.ask("PUT", paths.bulletinPart(ID, "extra-1", "es"), { title: "Contacto", text: "Canal 3." }),
  );
  const rev = draft?.pieces.find(({ key }) => key === "headline")?.en.rev;
  assert.equal(
    await codeOf(await d.supervisor.ask("PUT", paths.bulletinPart(ID, "headline", "en"), { text: "x", rev })),
    "changed-meanwhile",
  );
  assert.deepEqual(own.parts.find(({ key }) => key === "extra-1")?.es, { title: "Contacto", text: "Canal 3." });
  await d.hub.stop();
  const hub = await startTestHub(context, { data });
  const after = await json<Bulletin>(await person(hub, "", d.analyst.cookie).ask("GET", paths.bulletin(ID)));
  assert.deepEqual(
    after.draft?.parts.find(({ key }) => key === "headline"),
    { key: "headline", en: { text: "Small drones may carry explosives." }, es: { text: "Drones pequeños" } },
  );
});

test("each language is approved by a reader, the other is marked when one changes, and a second person releases", async (context) => {
  const d = await desk(context);
  await phone(d, "ana");
  await written(d, ID);
  const changed = await json<BulletinDraft>(
    await d.analyst.ask("PUT", paths.bulletinPart(ID, "do", "en"), { text: "Take hard cover first." }),
  );
  const piece = changed.pieces.find(({ key }) => key === "do");
  assert.equal(piece?.en.approved, undefined);
  assert.equal(piece?.es.approved, undefined);
  assert.equal(typeof piece?.es.readAgainMs, "number");
  assert.deepEqual(
    changed.blocks.map(({ code, piece: key, language }) => [code, key, language].join(" ").trim()),
    ["not-approved do en", "not-approved do es", "second-person"],
  );
  const ready = await approve(d, ID, "do");
  // The officer has read and approved the Spanish; the analyst has written: neither releases it alone.
  for (const who of [d.analyst])
    assert.equal(await codeOf(await who.ask("POST", paths.bulletinRelease(ID), { rev: ready.rev })), "second-person");
  assert.equal((await d.officer.ask("POST", paths.bulletinRelease(ID), { rev: ready.rev })).status, 403);
  const asked = await json<BulletinDraft>(await d.analyst.ask("POST", paths.bulletinAsked(ID)));
  assert.equal(asked.asked?.by, "Some analyst");
  assert.equal(await codeOf(await d.supervisor.ask("POST", paths.bulletinRelease(ID), { rev: asked.rev - 1 })), "changed-meanwhile");
  const out = await release(d, ID);
  assert.deepEqual([out.state, out.version, out.versions[0]?.releasedBy], ["in-force", 1, "Some supervisor"]);
  assert.deepEqual(out.versions[0]?.changed, ["headline", "do"]);
  assert.deepEqual(
    out.versions[0]?.approvals.map(({ piece: key, language, by }) => `${key} ${language} ${by}`),
    ["headline en Some analyst", "headline es Some officer", "do en Some analyst", "do es Some officer"],
  );
});

test("a release that would break the marking of its sources is refused with the reason", async (context) => {
  const d = await desk(context);
  await phone(d, "ana");
  await take(d, source("memo-0001", { handling: { tlp: "AMBER", releasableTo: ["City"] } }));
  await draw(d, "claim-001", ["memo-0001"]);
  const audience = { ...settings().audience, partners: ["Press"] };
  const draft = await written(d, ID, { claims: ["claim-001"], handling: { tlp: "GREEN", releasableTo: ["City"] }, audience });
  const refused = await d.supervisor.ask("POST", paths.bulletinRelease(ID), { rev: draft.rev });
  assert.equal(refused.status, 409);
  const { code, message } = (await refused.json()) as { code: string; message: string };
  assert.equal(code, "marking-broader");
  assert.match(message, /Source memo-0001.*Press/);
  assert.equal(
    await codeOf(await d.analyst.ask("PUT", paths.bulletinSettings(ID), { settings: settings({ claims: ["claim-999"] }) })),
    "no-such-claim",
  );
});

test("phones are told without an alarm, say that they have it, and confirm; who has no link is told by nobody and found overdue", async (context) => {
  const d = await desk(context);
  const ana = await phone(d, "ana");
  const boss = await phone(d, "boss", { leader: true });
  await phone(d, "luis");
  const live = stream(d.hub, ana);
  const leader = stream(d.hub, boss);
  const chief = stream(d.hub, d.supervisor);
  const reader = stream(d.hub, d.analyst);
  const viewer = stream(d.hub, await signIn(d.hub, d.owner, "viewer"));
  const watched = [live, leader, chief, reader, viewer];
  const started = (client: StreamClient): boolean =>
    client.messages.some(({ type }) => (type as string) === "device-hello" || type === "hello");
  for (const client of watched) await client.until(() => (started(client) ? true : undefined));
  await written(d, ID, { confirming: { withinS: 2, reminders: 0, remindEveryS: 60, leader: true, supervisorAfterS: 1 } });
  const question = {
    words: { en: "You hear a drone and cannot see it. What first?", es: "Oye un dron y no lo ve. ¿Qué hace primero?" },
    answers: [
      { id: "cover", words: { en: "Take cover", es: "Me cubro" }, right: true },
      { id: "film", words: { en: "Film it", es: "Lo grabo" }, right: false },
    ],
  };
  await json(await d.analyst.ask("PUT", paths.bulletinQuestion(ID), { question }));
  await approve(d, ID, "question");
  await release(d, ID);

  const { bulletin } = await live.until(() => why(live, "new"));
  assert.deepEqual([bulletin.number, bulletin.version, bulletin.owes], ["B-0001", 1, ["headline", "do", "question"]]);
  assert.equal(bulletin.parts.find(({ key }) => key === "headline")?.es?.text, "Drones pequeños pueden llevar explosivos.");
  await reader.until(() => reader.said("memo-changed").find(({ what }) => what.includes("bulletins")));
  assert.equal(viewer.said("memo-changed").length, 0);
  const one = await stepOf(d, "ana");
  assert.ok(one?.step === "told" || one?.step === "waiting");
  live.socket.send(JSON.stringify({ type: "bulletin-receipt", bulletinId: ID, version: 1, personId: "ana", ended: false }));
  // Nobody says it for somebody else.
  live.socket.send(JSON.stringify({ type: "bulletin-receipt", bulletinId: ID, version: 1, personId: "luis", ended: false }));
  await live.until(() =>
    d.hub.sector.picture.bulletins.bulletins.get(ID)?.readers.get("ana")?.deliveredUs === undefined ? undefined : true,
  );
  assert.equal((await stepOf(d, "ana"))?.step, "delivered");
  const luis = await stepOf(d, "luis");
  assert.deepEqual([luis?.step, luis?.noWay, luis?.ways.map(({ step }) => step)], ["told", true, ["no-link"]]);

  const opened = await did(ana, ID, event("opened"));
  assert.equal(typeof opened.openedMs, "number");
  assert.equal(await codeOf(await ana.ask("POST", paths.deviceBulletinEvents(ID), event("confirmed"))), "question");
  const confirm = event("confirmed", { answer: "film" });
  const confirmed = await did(ana, ID, confirm);
  assert.deepEqual([confirmed.owes, confirmed.confirmed?.version, confirmed.confirmed?.answer], [[], 1, "film"]);
  // Sent again by a failing network, it is one.
  await did(ana, ID, confirm);
  assert.equal((await stepOf(d, "ana"))?.confirmations.length, 1);
  const shown = await json<Bulletin>(await d.officer.ask("GET", paths.bulletin(ID)));
  assert.deepEqual([shown.counts.confirmed, shown.counts.noWay, shown.answers], [1, 1, { film: 1 }]);

  // Who has not is overdue: the team's leader hears it, then supervisors, and nobody else.
  const late = (client: StreamClient): string | undefined =>
    client
      .said("overdue")[0]
      ?.overdue.people.map(({ personId }) => personId)
      .join();
  assert.equal(await leader.until(() => late(leader)), "luis");
  assert.equal(await chief.until(() => late(chief)), "boss,luis");
  assert.deepEqual([late(reader), late(viewer), late(live)], [undefined, undefined, undefined]);
  const ofTeam = await json<OverdueBulletin[]>(await boss.ask("GET", paths.deviceOverdue));
  assert.deepEqual(
    ofTeam[0]?.people.map(({ personId }) => personId),
    ["luis"],
  );
  assert.deepEqual(await json<OverdueBulletin[]>(await ana.ask("GET", paths.deviceOverdue)), []);
  assert.equal(await codeOf(await person(d.hub, "", d.analyst.cookie).ask("GET", paths.deviceBulletins)), "not-a-reader");
  for (const client of watched) client.socket.close();
});

test("read aloud at a muster it is confirmed for those present, by whom; heard over the radio it is keyed", async (context) => {
  const d = await desk(context);
  for (const id of ["ana", "luis", "eva"]) await phone(d, id);
  await written(d, ID);
  assert.equal(
    await codeOf(await d.officer.ask("POST", paths.bulletinMuster(ID), { id: "muster-01", version: 1, people: ["ana"] })),
    "not-out",
  );
  await release(d, ID);
  const muster = { id: "muster-01", version: 1, people: ["ana", "luis"], place: "Post 4" };
  const present = await json<BulletinPerson[]>(await d.supervisor.ask("POST", paths.bulletinMuster(ID), muster));
  assert.deepEqual(
    present.map(({ personId, step, confirmations }) => [personId, step, confirmations[0]?.by, confirmations[0]?.who]),
    [
      ["ana", "confirmed", "muster", "Some supervisor"],
      ["luis", "confirmed", "muster", "Some supervisor"],
    ],
  );
  await json(await d.supervisor.ask("POST", paths.bulletinMuster(ID), muster));
  const keyed = await json<BulletinPerson>(await d.officer.ask("POST", paths.bulletinKeyed(ID), { personId: "eva", version: 1 }));
  assert.deepEqual([keyed.step, keyed.confirmations[0]?.by, keyed.confirmations[0]?.who], ["confirmed", "keyed", "Some officer"]);
  assert.equal((await d.analyst.ask("POST", paths.bulletinMuster(ID), { ...muster, id: "muster-02" })).status, 403);
});

test("cases 32 and 33: a second version asks a confirmed reader for the carry list alone; withdrawn, it reaches a phone at its next link, and stays on record", async (context) => {
  const d = await desk(context);
  const ana = await phone(d, "ana");
  await written(d, ID);
  const item = (quantity: number): object => ({ id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity, ends: false });
  await json(await d.analyst.ask("PUT", paths.bulletinCarry(ID), { items: [item(1)] }));
  await approve(d, ID, "carry");
  await release(d, ID);
  await did(ana, ID, event("confirmed"));
  await json(await d.analyst.ask("POST", paths.bulletinDraft(ID)));
  const draft = await json<BulletinDraft>(await d.analyst.ask("PUT", paths.bulletinCarry(ID), { items: [item(2)] }));
  assert.deepEqual(
    draft.blocks.filter(({ code }) => code === "not-approved").map(({ piece, language }) => `${piece} ${language}`),
    ["carry en", "carry es"],
  );
  await approve(d, ID, "carry");
  assert.equal((await release(d, ID)).version, 2);
  const [second] = await json<DeviceBulletin[]>(await ana.ask("GET", paths.deviceBulletins));
  assert.deepEqual([second?.version, second?.owes, second?.carry?.[0]?.was], [2, ["carry"], 1]);

  // Without a link: confirmed there before the withdrawal, and sent after it.
  const atMs = Date.now();
  await json(await d.analyst.ask("POST", paths.bulletinWithdrawn(ID), { reason: "The memo was refuted." }));
  const late = await did(ana, ID, event("confirmed", { version: 2, atMs: atMs - 10, sentMs: Date.now() }));
  assert.deepEqual([late.state, late.ended?.reason, late.confirmed?.version], ["withdrawn", "The memo was refuted.", 2]);
  assert.equal((await stepOf(d, "ana"))?.ended?.deliveredMs, undefined);
  const live = stream(d.hub, ana);
  const all = await live.until(
    () =>
      (live.messages as unknown as FieldMessage[]).find((message) => message.type === "bulletins") as
        | Extract<FieldMessage, { type: "bulletins" }>
        | undefined,
  );
  assert.equal(all.bulletins[0]?.state, "withdrawn");
  live.socket.send(JSON.stringify({ type: "bulletin-receipt", bulletinId: ID, version: 2, personId: "ana", ended: true }));
  await live.until(() =>
    d.hub.sector.picture.bulletins.bulletins.get(ID)?.readers.get("ana")?.ended?.deliveredUs === undefined ? undefined : true,
  );
  assert.deepEqual(
    (await stepOf(d, "ana"))?.confirmations.map(({ version }) => version),
    [1, 2],
  );
  live.socket.close();
});

test("cases 34 and 36: those told are told what fell; a new team or language moves what is owed", async (context) => {
  const d = await desk(context);
  const ana = await phone(d, "ana");
  const luis = await phone(d, "luis", { team: "Lima" });
  await take(d, source("memo-0001"));
  await draw(d, "claim-001", ["memo-0001"]);
  await written(d, ID, { claims: ["claim-001"] });
  await release(d, ID);
  const live = stream(d.hub, ana);
  const other = stream(d.hub, luis);
  for (const client of [live, other])
    await client.until(() => (client.messages as unknown as FieldMessage[]).find(({ type }) => type === "bulletins"));
  await json(await d.analyst.ask("POST", paths.memoSourceVerdict("memo-0001"), { verdict: "refuted", why: "Its author withdrew it." }));
  const fell = await live.until(() => why(live, "fallen"));
  assert.deepEqual(
    fell.bulletin.fallen.map(({ number, state }) => `${number} ${state}`),
    ["C-0001 fallen"],
  );
  const [summary] = await json<BulletinSummary[]>(await d.officer.ask("GET", paths.bulletins));
  assert.equal(summary?.fallen[0]?.number, "C-0001");
  assert.equal(told(other).length, 0);

  const { definition } = d.hub.sector.picture.person("luis") ?? {};
  const { definition: first } = d.hub.sector.picture.person("ana") ?? {};
  await json(await d.officer.ask("PUT", paths.person("luis"), { ...definition, team: "Kilo" }));
  await other.until(() => why(other, "new"));
  await json(await d.officer.ask("PUT", paths.person("ana"), { ...first, team: "Lima" }));
  const gone = await live.until(() => told(live).find(({ bulletin }) => bulletin.state === "not-concerned"));
  assert.deepEqual(gone.bulletin.owes, []);
  for (const client of [live, other]) client.socket.close();
});

test("what was acknowledged is there after the hub dies, and who had not been told is told by the next hub, once", async (context) => {
  const data = temporaryFolder(context);
  const d = await desk(context, data);
  const ana = await phone(d, "ana");
  await phone(d, "luis");
  await written(d, ID);
  await release(d, ID);
  await did(ana, ID, event("confirmed"));
  const reader = (hub: TestHub): { readonly tellings: number } | undefined =>
    hub.sector.picture.bulletins.bulletins.get(ID)?.readers.get("luis");
  while (reader(d.hub)?.tellings !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
  await d.hub.stop();
  const hub = await startTestHub(context, { data });
  const again: Desk = { ...d, hub, officer: person(hub, "", d.officer.cookie) };
  assert.deepEqual(
    (await readers(again, ID)).map(({ personId, step }) => `${personId} ${step}`),
    ["ana confirmed", "luis told"],
  );
  assert.equal(reader(hub)?.tellings, 1);
});

test("an account that is a person's own reads and confirms bulletins in the console", async (context) => {
  const d = await desk(context);
  const viewer = await signIn(d.hub, d.owner, "viewer");
  const { user } = await json<{ user: { id: string } }>(await viewer.ask("GET", paths.session));
  await json(
    await d.officer.ask("PUT", paths.person("vera"), {
      id: "vera",
      name: "Vera",
      language: "en",
      role: "clerk",
      team: "Kilo",
      leader: false,
      ways: [{ channel: "browser", address: user.id }],
    }),
  );
  const live = stream(d.hub, viewer);
  await live.until(() => live.said("bulletins")[0]);
  await written(d, ID);
  await release(d, ID);
  await live.until(() => live.said("bulletin").find((message) => message.why === "new"));
  assert.deepEqual((await did(viewer, ID, event("confirmed"))).owes, []);
  live.socket.close();
});

test("parts that no bulletin has, and pieces that are not written, are refused", async (context) => {
  const d = await desk(context);
  await json(await d.analyst.ask("POST", paths.bulletins, { id: ID }));
  assert.equal((await d.analyst.ask("PUT", paths.bulletinPart(ID, "extra-9", "en"), { text: "x" })).status, 400);
  assert.equal((await d.analyst.ask("PUT", paths.bulletinPart(ID, "headline", "fr" as "en"), { text: "x" })).status, 400);
  assert.equal(
    await codeOf(await d.officer.ask("POST", paths.bulletinApprovals(ID), { piece: "do", language: "es", rev: 0, approve: true })),
    "no-such-piece",
  );
  assert.equal(await codeOf(await d.analyst.ask("DELETE", paths.bulletinDraft(ID))), "first-draft");
  await part(d, ID, "headline", "x", "y");
  assert.equal(await codeOf(await d.analyst.ask("POST", paths.bulletinWithdrawn(ID), { reason: "Not needed." })), "not-out");
});
