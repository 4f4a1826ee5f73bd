// A person in danger and the hub: told on their device, delivered, seen, answered; the next way when there is no link; what holds after a while without.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { PersonIntent } from "@atalaya/picture";
import {
  type AuthorisedDrone,
  type Calm,
  type DangerRules,
  type HandOver,
  type Notice,
  type Person as OurPerson,
  type PersonDefinition,
  type HubHealth,
  paths,
  type PreviewAnswer,
  type Rung,
  type SessionInfo,
  type Warning,
  type WarningDetail,
  type Zone,
} from "@atalaya/protocol";
import type { Outlet, OutletReports } from "@atalaya/hub";
import { lineOf } from "@atalaya/testing/flights";
import { type Person, signIn, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";

const PLACE = { latDeg: 31.75, lonDeg: -106.45 };
const DRONE = { serial: "1ATAH00000000001", transmitter: "02:d1:11:00:00:01", latDeg: 31.7505, lonDeg: -106.45 };

/** A voice that keeps what it was asked to say, and says what became of it when told to. */
class KeepingOutlet implements Outlet {
  readonly name = "sms";
  readonly channel = "sms";
  readonly asked: PersonIntent[] = [];
  reports: OutletReports | undefined;
  start(reports: OutletReports): void {
    this.reports = reports;
  }
  tell(intent: PersonIntent): void {
    this.asked.push(intent);
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

interface Post {
  readonly hub: TestHub;
  readonly owner: Person;
  readonly officer: Person;
  readonly agent: Person;
  readonly agentId: string;
  readonly key: string;
  readonly sms: KeepingOutlet;
}

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

const idOf = async (person: Person): Promise<string> => (await json<SessionInfo>(await person.ask("GET", paths.session))).user.id;

async function post(context: TestContext, data?: string): Promise<Post> {
  const sms = new KeepingOutlet();
  const hub = await startTestHub(context, { outlets: [sms], ...(data === undefined ? {} : { data }) });
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const agent = await signIn(hub, owner, "viewer");
  const { key } = await json<{ key: string }>(await owner.ask("POST", paths.sources, { name: "Receiver north", kind: "http" }));
  return { hub, owner, officer, agent, agentId: await idOf(agent), key, sms };
}

async function onShift({ officer, agentId }: Post, id: string, more: Partial<PersonDefinition> = {}): Promise<void> {
  const person: PersonDefinition = {
    id,
    name: `Agent ${id}`,
    language: "en",
    role: "agent",
    team: "alfa",
    leader: false,
    ways: [
      { channel: "browser", address: agentId },
      { channel: "sms", address: "+15550100" },
    ],
    ...more,
  };
  await json(await officer.ask("PUT", paths.person(id), person));
  await json(await officer.ask("PUT", paths.shift(id), { on: true }));
  await json(await officer.ask("PUT", paths.personPlace(id), { ...PLACE, errorM: 10 }));
}

async function fly({ hub, key }: Post, times = 3): Promise<void> {
  for (let k = 0; k < times; k += 1) {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
    const body = lineOf({ ...DRONE, latDeg: DRONE.latDeg + k * 1e-6 }, Date.now());
    await json(await fetch(hub.url + paths.frames, { method: "POST", headers, body }));
  }
}

const rungOf = (warning: Warning, id: string): Rung | undefined => warning.ladder?.find(({ personId }) => personId === id);
const say = (client: StreamClient, message: object): void => client.socket.send(JSON.stringify(message));

test("a person in danger is told on the device, which says delivered, seen and what was answered; the answer is on disk before it is confirmed", async (context) => {
  const standing = await post(context);
  await onShift(standing, "ana", { language: "es" });
  const device = new StreamClient(standing.hub, standing.agent, WebSocket as never);
  const second = new StreamClient(standing.hub, standing.agent, WebSocket as never);
  const desk = new StreamClient(standing.hub, standing.officer, WebSocket as never);
  for (const client of [device, second, desk]) await client.until(() => client.said("hello")[0]);
  await fly(standing);
  const { notice } = await device.until(() => device.said("notice")[0]);
  assert.equal(notice.kind, "notify");
  assert.equal(notice.level, "warning");
  assert.equal(notice.asks, true);
  assert.match(notice.text, /^Viene un dron\. Desde el norte\./);
  assert.ok(notice.distanceM !== undefined && notice.distanceM < 200);
  assert.doesNotMatch(JSON.stringify(notice), /31\.75|106\.45/, "a notice holds no position");
  const { id, warningId, personId } = notice;
  const step = (wanted: Rung["step"]): Promise<Rung> =>
    desk.until(() =>
      desk
        .said("warning")
        .map(({ warning }) => rungOf(warning, "ana"))
        .find((rung) => rung?.step === wanted),
    );
  await step("sent");
  say(device, { type: "receipt", id, warningId, personId, step: "delivered" });
  await step("delivered");
  say(device, { type: "receipt", id, warningId, personId, step: "seen" });
  await step("seen");
  say(device, { type: "answer", warningId, personId, answer: "taking-cover" });
  const confirmed = await device.until(() => device.said("answered")[0]);
  assert.equal(confirmed.answer, "taking-cover");
  const { journal } = standing.hub.sector;
  assert.ok(
    [...journal.records(1, 1000)].some(({ kind }) => kind === "answer"),
    "the answer was on disk when it was confirmed",
  );
  await second.until(() => second.said("answered")[0]);
  const answered = await step("answered");
  assert.equal(answered.answer?.answer, "taking-cover");
  assert.equal(answered.next, undefined, "no escalation goes on");
  // What a viewer is told of the same warning names nobody and places nobody.
  const seen = device.said("warning").at(-1)?.warning;
  assert.equal(seen?.ladder, undefined);
  assert.deepEqual(seen?.threats, []);
  assert.equal(seen?.foremost.name, "");
  assert.equal(seen?.foremost.centreDistanceM, undefined);
  assert.equal(seen?.people.answered, 1);
  assert.doesNotMatch(JSON.stringify(device.said("warning")), /ana/);
  const detail = await json<WarningDetail>(await standing.officer.ask("GET", paths.warning(warningId)));
  const steps = detail.lanes[0]?.steps.map(({ what }) => what) ?? [];
  assert.deepEqual(steps, ["told", "sent", "delivered", "seen", "answered"]);
  // How long each step took from the frame that decided: counted once, for officers and for machines.
  const { channels } = await json<HubHealth>(await standing.officer.ask("GET", paths.health));
  const browser = channels.find(({ channel }) => channel === "browser");
  assert.equal(browser?.state, "up");
  assert.equal(browser?.told, 1);
  assert.ok(browser?.p99S !== undefined && browser.p99S >= 0 && browser.p99S === browser.p50S);
  const metrics = await (await standing.officer.ask("GET", paths.metrics)).text();
  for (const name of ["sent", "delivered", "seen"])
    assert.match(metrics, new RegExp(`^atalaya_frame_to_person_seconds_count\\{channel="browser",step="${name}"\\} 1$`, "m"));
});

test("without a link the next way is used at once, and a device that comes back is told what holds now, not the alarm of then", async (context) => {
  const standing = await post(context);
  await onShift(standing, "ben");
  await fly(standing);
  while (standing.sms.asked.length === 0) await sleep(20);
  const [asked] = standing.sms.asked;
  assert.equal(asked?.type, "notify");
  assert.equal(asked?.address, "+15550100");
  const [warning] = await json<Warning[]>(await standing.officer.ask("GET", paths.warnings));
  assert.ok(warning !== undefined);
  assert.deepEqual(
    rungOf(warning, "ben")?.ways.map(({ channel, step }) => [channel, step]),
    [
      ["browser", "no-link"],
      ["sms", "due"],
    ],
  );
  const device = new StreamClient(standing.hub, standing.agent, WebSocket as never);
  const held = await device.until(() => device.said("notices")[0]);
  const [notice] = held.notices as readonly Notice[];
  assert.equal(notice?.level, "warning");
  assert.equal(notice?.asks, true);
  say(device, { type: "answer", warningId: warning.id, personId: "ben", answer: "safe" });
  await device.until(() => device.said("answered")[0]);
  // The message on the other channel is taken back.
  while (!standing.sms.asked.some(({ type }) => type === "cancel")) await sleep(20);
  assert.equal(
    (await standing.officer.ask("POST", paths.standDown(warning.id), { what: "own-drone", name: "Halcón 2", reason: "By voice" })).status,
    200,
  );
  const over = await device.until(() => device.said("notice").find(({ notice: said }) => said.kind === "stand-down"));
  assert.equal(over.notice.text, "It was our own drone, Halcón 2. You were right to take cover.");
  device.socket.close();
  const again = new StreamClient(standing.hub, standing.agent, WebSocket as never);
  const later = await again.until(() => again.said("notices")[0]);
  assert.deepEqual(
    later.notices.map(({ kind, quiet }) => [kind, quiet]),
    [["stand-down", true]],
  );
});

test("a device says nothing for others: receipts and answers of a person whose device it is not are not taken", async (context) => {
  const standing = await post(context);
  await onShift(standing, "ana");
  await onShift(standing, "eva", { ways: [{ channel: "sms", address: "+15550101" }] });
  const device = new StreamClient(standing.hub, standing.agent, WebSocket as never);
  await device.until(() => device.said("hello")[0]);
  await fly(standing);
  const { notice } = await device.until(() => device.said("notice")[0]);
  say(device, { type: "answer", warningId: notice.warningId, personId: "eva", answer: "safe" });
  say(device, { type: "receipt", id: notice.id, warningId: notice.warningId, personId: "eva", step: "seen" });
  say(device, { type: "answer", warningId: "W-forgotten", personId: "ana", answer: "need-help" });
  await device.until(() => device.said("answered")[0]);
  const kinds = [...standing.hub.sector.journal.records(1, 1000)].filter(({ kind }) => kind === "answer" || kind === "receipt");
  assert.ok(kinds.every(({ payload }) => !/"eva".*"(seen|safe)"/.test(new TextDecoder().decode(payload))));
  const stray = await json<{ warningId: string; why: string }[]>(await standing.officer.ask("GET", paths.strayAnswers));
  assert.deepEqual(
    stray.map(({ warningId, why }) => [warningId, why]),
    [["W-forgotten", "unknown-warning"]],
  );
});

test("after a restart what has no receipt goes out again under the same id, and the escalation goes on from where it was", async (context) => {
  const data = temporaryFolder(context);
  const standing = await post(context, data);
  await onShift(standing, "ben", { ways: [{ channel: "sms", address: "+15550100" }] });
  await fly(standing);
  while (standing.sms.asked.length === 0) await sleep(20);
  const first = standing.sms.asked[0];
  await standing.hub.stop();
  const sms = new KeepingOutlet();
  const hub = await startTestHub(context, { data, outlets: [sms] });
  while (sms.asked.length === 0) await sleep(20);
  assert.equal(sms.asked[0]?.id, first?.id);
  assert.equal(sms.asked[0]?.warningId, first?.warningId);
  const [warning] = [...hub.sector.picture.warnings()];
  assert.equal(warning?.ladder[0]?.ways[0]?.dueUs, first?.timeUs);
  // Told of in the journal it is not sent a third time.
  if (sms.asked[0] !== undefined) sms.reports?.receipt(sms.asked[0], "sent");
  await hub.sector.command("unmute", { source: "x", by: "test" });
  await hub.stop();
  const third = new KeepingOutlet();
  const last = await startTestHub(context, { data, outlets: [third] });
  await sleep(300);
  assert.ok(!third.asked.some(({ id }) => id === first?.id));
  await last.stop();
});

test("an outlet that cannot be opened or that throws is told of, and its people are told another way", async (context) => {
  class Broken extends KeepingOutlet {
    override tell(): void {
      throw new Error("a fault");
    }
  }
  class Closed extends KeepingOutlet {
    override readonly name = "email" as never;
    override readonly channel = "email" as never;
    override start(): void {
      throw new Error("no server of that name");
    }
  }
  const hub = await startTestHub(context, { outlets: [new Broken(), new Closed()] });
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const { key } = await json<{ key: string }>(await owner.ask("POST", paths.sources, { name: "Receiver", kind: "http" }));
  const standing = { hub, owner, officer, agent: officer, agentId: await idOf(officer), key, sms: new KeepingOutlet() };
  await onShift(standing, "ben", {
    ways: [
      { channel: "sms", address: "1" },
      { channel: "email", address: "2" },
      { channel: "mqtt", address: "3" },
      { channel: "browser", address: standing.agentId },
    ],
  });
  const device = new StreamClient(hub, officer, WebSocket as never);
  await device.until(() => device.said("hello")[0]);
  await fly(standing);
  await device.until(() => device.said("notice")[0]);
  const { channels } = await json<Calm>(await officer.ask("GET", paths.calm));
  assert.deepEqual(
    channels.map(({ channel, state, reason }) => [channel, state, reason]),
    [["email", "down", "no server of that name"]],
  );
  const metrics = await (await officer.ask("GET", paths.metrics)).text();
  assert.match(metrics, /atalaya_outlet_total\{outlet="sms",what="faults"\} 1/);
});

test("people, posts, authorised drones, mutes, shelves, decisions and rules by the API: taken with a right, refused with a reason", async (context) => {
  const standing = await post(context);
  const { officer, owner, agent, hub } = standing;
  await onShift(standing, "ana");
  const zone: Zone = { id: "post", name: "Post 7", kind: "post", shape: { type: "circle", centre: PLACE, radiusM: 300 } };
  await json(await officer.ask("PUT", paths.zone("post"), zone));
  assert.deepEqual(await json(await officer.ask("PUT", paths.staff("post"), { people: ["ana"] })), { people: ["ana"] });
  assert.equal((await officer.ask("PUT", paths.staff("post"), { people: ["nobody"] })).status, 404);
  const [ana] = await json<OurPerson[]>(await officer.ask("GET", paths.people));
  assert.deepEqual([ana?.onShift, ana?.posts, ana?.basis, ana?.position?.source], [true, ["post"], "position", "roster"]);
  assert.equal((await agent.ask("GET", paths.people)).status, 403);
  const accounts = await json<readonly Record<string, unknown>[]>(await officer.ask("GET", paths.accountNames));
  assert.ok(accounts.some(({ name }) => name === officer.name));
  for (const account of accounts) assert.deepEqual(Object.keys(account).sort(), ["id", "name"], "no role, nothing else");
  const places = [...hub.sector.journal.read(1, 1000)].filter(({ kind }) => kind === "person-position");
  assert.deepEqual(new Set(places.map(({ retention }) => retention)), new Set(["own-position"]), "kept for hours only");

  const drone: AuthorisedDrone = {
    id: "h2",
    name: "Halcón 2",
    own: true,
    identity: "1ATAH00000000009",
    area: { type: "circle", centre: PLACE, radiusM: 500 },
    fromMs: Date.now() - 1000,
    untilMs: Date.now() + 3_600_000,
  };
  assert.equal((await json<AuthorisedDrone>(await officer.ask("PUT", paths.authorisedDrone("h2"), drone))).name, "Halcón 2");
  assert.equal((await officer.ask("PUT", paths.authorisedDrone("h2"), { ...drone, untilMs: 0 })).status, 400);
  assert.equal((await officer.ask("DELETE", paths.authorisedDrone("h2"))).status, 204);
  assert.equal((await officer.ask("DELETE", paths.authorisedDrone("h2"))).status, 404);

  await fly(standing);
  while ([...hub.sector.picture.warnings()].every(({ ladder }) => ladder.length === 0)) await sleep(20);
  const [warning] = await json<Warning[]>(await officer.ask("GET", paths.warnings));
  assert.ok(warning !== undefined);
  const shelf = await officer.ask("PUT", paths.shelf(warning.id), { forS: 60, reason: "known exercise" });
  assert.equal(shelf.status, 409);
  assert.equal(((await shelf.json()) as { code: string }).code, "person-in-danger");
  await json(await officer.ask("POST", paths.answer(warning.id), { personId: "ana", answer: "need-help" }));
  const { reach } = await json<Calm>(await agent.ask("GET", paths.calm));
  assert.deepEqual(reach, { onShift: 1, reachable: 1 }, "by her next channel: no screen of hers is there");
  const hastened = await officer.ask("POST", paths.escalate(warning.id));
  assert.equal(hastened.status, 409);
  assert.equal(((await hastened.json()) as { code: string }).code, "nobody-waits");
  const signing = { verdict: "signed-off", reason: "a survey drone" };
  assert.equal((await officer.ask("POST", paths.review(warning.id), signing)).status, 409, "what goes on is not signed off");
  await json(await officer.ask("POST", paths.clear(warning.id), { reason: "flew away" }));
  const signed = await json<WarningDetail>(await officer.ask("POST", paths.review(warning.id), signing));
  assert.deepEqual(
    [signed.verdict, signed.reviews.map(({ verdict, by, reason }) => [verdict, by, reason])],
    ["signed-off", [["signed-off", officer.name, "a survey drone"]]],
  );
  assert.ok(signed.path.length > 0 && signed.path.every(({ timeMs }) => timeMs <= signed.lastHeardMs));
  assert.equal((await officer.ask("POST", paths.review(warning.id), { verdict: "signed-off", reason: "" })).status, 400);
  assert.equal((await officer.ask("POST", paths.review("W-none"), signing)).status, 404);
  const help = await json<WarningDetail>(await officer.ask("GET", paths.warning(warning.id)));
  assert.equal(help.people["needs-help"], 1, "a call for help stays after the all-clear");
  assert.equal(help.ladder?.[0]?.answer?.keyedBy, officer.name);
  await json(await officer.ask("POST", paths.helpClosed(warning.id), { personId: "ana", reason: "Patrol is with her" }));
  assert.equal((await officer.ask("POST", paths.helpClosed(warning.id), { personId: "ana", reason: "again" })).status, 409);

  const [source] = hub.sector.picture.sources();
  const muted = source?.definition.id ?? "";
  await json(await officer.ask("POST", paths.mutes, { source: muted, forS: 60, reason: "in repair" }));
  assert.equal((await officer.ask("POST", paths.mutes, { source: "nothing", forS: 60, reason: "in repair" })).status, 404);
  assert.equal((await json<Calm>(await agent.ask("GET", paths.calm))).mutes[0]?.source, muted);
  const note = await json<HandOver>(await officer.ask("GET", paths.handOver));
  assert.deepEqual(
    note.muted.map(({ source: id, reason, still }) => [id, reason, still]),
    [[muted, "in repair", true]],
  );
  assert.deepEqual(
    note.notWatched.map(({ source: id, state }) => [id, state]),
    [[muted, "muted"]],
  );
  assert.ok(note.figures.officers >= 0 && note.open.every(({ state }) => state !== "cleared"));
  assert.equal((await officer.ask("DELETE", paths.mute(muted))).status, 204);
  const later = await json<HandOver>(await officer.ask("GET", `${paths.handOver}?sinceMs=${Date.now() - 60_000}`));
  assert.deepEqual([later.muted[0]?.still, later.notWatched], [false, []]);

  const rules = await json<DangerRules>(await officer.ask("GET", paths.rules));
  const quiet: DangerRules = {
    ...rules,
    version: rules.version + 1,
    name: "quiet",
    person: { ...rules.person, closeM: 1, passM: 1, advisoryM: 1 },
    zone: { warningWithinS: 1, cautionWithinS: 1 },
  };
  assert.equal((await officer.ask("PUT", paths.rules, quiet)).status, 403);
  const late = { ...quiet, person: { ...quiet.person, warningWithinS: 100, cautionWithinS: 50 } };
  assert.equal((await owner.ask("PUT", paths.rules, late)).status, 400);
  const preview = await json<PreviewAnswer>(
    await officer.ask("POST", paths.rulesPreview, {
      rules: { ...quiet, hover: { ...rules.hover, withinM: 1 } },
      fromMs: Date.now() - 3_600_000,
      untilMs: Date.now() + 1000,
    }),
  );
  assert.equal(preview.inForce.warning, 1);
  assert.equal(preview.inForce.people, 1);
  // It stands inside the zone whatever the rules say of people: the same warning, now of the post, with those who stand there by their place alone.
  assert.equal(preview.proposed.warning, 1);
  assert.equal(preview.proposed.people, 0);
  assert.equal((await json<DangerRules>(await owner.ask("PUT", paths.rules, quiet))).version, 2);
  assert.equal((await owner.ask("PUT", paths.rules, quiet)).status, 409);
  assert.equal(hub.sector.picture.rules.name, "quiet");
});
