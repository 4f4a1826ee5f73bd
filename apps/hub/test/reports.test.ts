// Reports over a real hub: a device joins by a code, reports, is answered at once, and hears what came of it; officers and leaders see it, and files come in pieces.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type {
  Device,
  FieldMessage,
  Grading,
  JoinCode,
  LookAlikes,
  MediaState,
  MyReport,
  NewReport,
  PersonDefinition,
  Report,
  ReportQueue,
  ReportReceipt,
} from "@atalaya/protocol";
import { paths } from "@atalaya/protocol";
import { joinPhone, type Person, person, signIn, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";

const HERE = { latDeg: 31.76, lonDeg: -106.49 };
const CAN = { sound: true, vibrate: true, wakeLock: true, compass: true, position: true, notifications: true, visible: true };

interface Field {
  readonly hub: TestHub;
  readonly officer: Person;
  readonly device: Person;
  readonly boss: Person;
}

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

const ours = (id: string, more: Partial<PersonDefinition> = {}): PersonDefinition => ({
  id,
  name: `Agent ${id}`,
  language: "es",
  role: "agent",
  team: "alfa",
  leader: false,
  ways: [],
  ...more,
});

async function field(context: TestContext, data?: string): Promise<Field> {
  const hub = await startTestHub(context, data === undefined ? {} : { data });
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const device = await joinPhone(hub, officer, ours("ana"));
  const boss = await joinPhone(hub, officer, ours("boss", { leader: true }));
  return { hub, officer, device, boss };
}

const report = (id: string, more: Partial<NewReport> = {}): NewReport => ({
  id: `report-${id}`,
  how: "field",
  sentMs: Date.now(),
  observedMs: Date.now(),
  observedErrorS: 0.5,
  observer: { ...HERE, errorM: 15, by: "device" },
  direction: { type: "pointed", azimuthDeg: 45, sigmaDeg: 6 },
  atRisk: false,
  language: "es",
  ...more,
});

const messages = <T extends FieldMessage["type"]>(client: StreamClient, type: T): readonly Extract<FieldMessage, { type: T }>[] =>
  (client.messages as unknown as readonly FieldMessage[]).filter(
    (message): message is Extract<FieldMessage, { type: T }> => message.type === type,
  );

test("a report is answered at once with its number, and goes to officers, to the leader of the team, and back to the reporter with what came of it", async (context) => {
  const { hub, officer, device, boss } = await field(context);
  const desk = new StreamClient(hub, officer, WebSocket as never);
  const phone = new StreamClient(hub, device, WebSocket as never);
  const leader = new StreamClient(hub, boss, WebSocket as never);
  await desk.until(() => desk.said("hello")[0]);
  const hello = await phone.until(() => messages(phone, "device-hello")[0]);
  assert.equal(hello.device.person.name, "Agent ana");
  await leader.until(() => messages(leader, "device-hello")[0]);

  const receipt = await json<ReportReceipt>(await device.ask("POST", paths.reports, report("one")));
  assert.match(receipt.reference, /^S-[0-9A-Z]{4}$/);
  const shown = await desk.until(() => desk.said("report")[0]);
  assert.equal(shown.change, "received");
  assert.equal(shown.report.reporter.name, "Agent ana");
  assert.equal(shown.report.wedge?.azimuthDeg, 45);
  const told = await leader.until(() => messages(leader, "team-report")[0]);
  assert.equal(told.report.reference, receipt.reference);
  // Phones get no picture of the sector.
  assert.equal(phone.frames.length, 0);
  assert.deepEqual(
    [...new Set(phone.messages.map(({ type }) => type as string))].filter(
      (type) => !["device-hello", "notices", "bulletins", "pulse", "my-report"].includes(type),
    ),
    [],
  );

  assert.equal((await boss.ask("POST", paths.reportOpened(receipt.id))).status, 204);
  assert.equal((await officer.ask("POST", paths.reportOpened(receipt.id))).status, 204);
  await phone.until(() =>
    messages(phone, "my-report").find(({ report: { openedMs } }) => openedMs.leadership !== undefined && openedMs.centre !== undefined),
  );
  assert.equal((await officer.ask("POST", paths.reportQuestions(receipt.id), { id: "question1", text: "How many?" })).status, 204);
  const asked = await phone.until(() => messages(phone, "my-report").find(({ report: { questions } }) => questions.length > 0));
  assert.deepEqual({ ...asked.report.questions[0], askedMs: 0 }, { id: "question1", askedMs: 0, text: "How many?" });
  assert.equal((await device.ask("POST", paths.reportAnswers(receipt.id), { questionId: "question1", text: "Dos" })).status, 204);
  assert.equal((await officer.ask("POST", paths.reportOutcome(receipt.id), { outcome: "own-drone", note: "Halcón 2" })).status, 204);
  const mine = (await json<MyReport[]>(await device.ask("GET", paths.myReports)))[0];
  assert.equal(mine?.outcome?.outcome, "own-drone");
  assert.equal(mine?.outcome?.by, undefined, "who decided is not the reporter's to know");
  assert.equal((await device.ask("POST", paths.reportTold(receipt.id))).status, 204);
  const queue = await json<ReportQueue>(await officer.ask("GET", paths.reports));
  assert.ok(queue.reports[0]?.outcome?.toldMs !== undefined);
  assert.equal(queue.reports[0]?.questions[0]?.answer?.text, "Dos");
  assert.ok(queue.reports[0]?.leaders[0]?.toldMs !== undefined);
  for (const client of [desk, phone, leader]) client.socket.close();
});

test("the same report five times is one, also across a restart of the hub; another session's id is refused", async (context) => {
  const data = temporaryFolder(context);
  const first = await field(context, data);
  const sent = report("same");
  const receipts: ReportReceipt[] = [];
  for (let k = 0; k < 4; k += 1) receipts.push(await json<ReportReceipt>(await first.device.ask("POST", paths.reports, sent)));
  assert.equal(await codeOf(await first.boss.ask("POST", paths.reports, sent)), "id-taken");
  await first.hub.stop();
  const hub = await startTestHub(context, { data });
  const again = await person(hub, "Ana", first.device.cookie).ask("POST", paths.reports, sent);
  receipts.push(await json<ReportReceipt>(again));
  assert.deepEqual(
    receipts.map((receipt) => receipt.again),
    [false, true, true, true, true],
  );
  assert.equal(new Set(receipts.map(({ reference }) => reference)).size, 1);
});

test("a phone whose clock is wrong by an hour reports the right time; what describes a person is refused", async (context) => {
  const { device, officer } = await field(context);
  const wrong = Date.now() - 3_600_000;
  await json(await device.ask("POST", paths.reports, report("clock", { sentMs: wrong, observedMs: wrong - 30_000 })));
  const { reports } = await json<ReportQueue>(await officer.ask("GET", paths.reports));
  assert.ok(Math.abs(Date.now() - 30_000 - (reports[0]?.observedMs ?? 0)) < 60_000);
  assert.deepEqual(
    reports[0]?.findings.map(({ code }) => code),
    ["late", "clock-corrected"],
  );
  const described = { ...report("face"), operator: { seen: true, direction: "N", plate: "ABC" } };
  assert.equal((await device.ask("POST", paths.reports, described)).status, 400);
});

test("one device that sends too many is slowed and told; others are not, and nothing accepted is lost", async (context) => {
  const { device, boss, officer } = await field(context);
  let slowed: Response | undefined;
  for (let k = 0; k < 40 && slowed === undefined; k += 1) {
    const answer = await device.ask("POST", paths.reports, report(`many-${k}`));
    if (answer.status !== 200) slowed = answer;
  }
  assert.equal(slowed?.status, 429);
  assert.ok(Number(slowed.headers.get("retry-after")) > 0);
  assert.equal(await codeOf(slowed), "slow-down");
  await json(await boss.ask("POST", paths.reports, report("other")));
  assert.equal((await json<ReportQueue>(await officer.ask("GET", paths.reports))).reports.length, 31);
  // What was accepted before may be sent again all the same.
  assert.equal((await json<ReportReceipt>(await device.ask("POST", paths.reports, report("many-0")))).again, true);
});

test("a device sees its own person's reports alone, and a revoked one nothing at all", async (context) => {
  const { hub, device, boss, officer } = await field(context);
  await json(await device.ask("POST", paths.reports, report("mine")));
  for (const path of [paths.reportTold("report-mine"), paths.reportTakenBack("report-mine")])
    assert.equal((await boss.ask("POST", path, {})).status, 404);
  assert.deepEqual(await json<MyReport[]>(await boss.ask("GET", paths.myReports)), []);
  const phone = new StreamClient(hub, device, WebSocket as never);
  await phone.until(() => messages(phone, "device-hello")[0]);
  const devices = await json<Device[]>(await officer.ask("GET", paths.devices("ana")));
  assert.equal(devices[0]?.name, "a phone");
  assert.equal((await officer.ask("DELETE", paths.deviceOf("ana", devices[0]?.id ?? ""))).status, 204);
  assert.equal(await phone.until(() => phone.closed), 4401);
  assert.equal((await device.ask("GET", paths.device)).status, 401);
});

test("a code is good once", async (context) => {
  const { hub, officer } = await field(context);
  const { code } = await json<JoinCode>(await officer.ask("POST", paths.joinCode("ana")));
  const stranger = person(hub, "", "");
  assert.equal((await stranger.ask("POST", paths.join, { code: code.toLowerCase(), device: "x" })).status, 200);
  assert.equal(await codeOf(await stranger.ask("POST", paths.join, { code, device: "x" })), "join-code");
});

test("shift and heartbeat: a position is kept on shift alone, and what a device lacks is seen", async (context) => {
  const { hub, device } = await field(context);
  const beat = { sentMs: Date.now(), can: CAN, position: { ...HERE, errorM: 12, measuredMs: Date.now() - 2000 }, queued: 0 };
  assert.equal((await json<{ onShift: boolean }>(await device.ask("POST", paths.heartbeat, beat))).onShift, false);
  assert.equal(hub.sector.picture.person("ana")?.position, undefined);
  await json(await device.ask("PUT", paths.deviceShift, { on: true, can: CAN }));
  await json(await device.ask("POST", paths.heartbeat, beat));
  assert.equal(hub.sector.picture.person("ana")?.position?.source, "field");
  await json(await device.ask("POST", paths.heartbeat, { ...beat, can: { ...CAN, visible: false } }));
  const [reach] = hub.sector.picture.deviceReach("ana");
  assert.deepEqual([reach?.reach, reach?.lacks], ["limited", ["visible"]]);
});

test("an officer keys a call: whose it is, who keyed it, how to call back; the reporter's own device hears of it", async (context) => {
  const { officer, device } = await field(context);
  const called = report("voice", {
    how: "voice",
    caller: { personId: "ana", callBack: "channel 3" },
    direction: { type: "clock", hour: 7, facingDeg: 0 },
    observer: { ...HERE, errorM: 100, by: "post", name: "Post 7" },
  });
  await json(await officer.ask("POST", paths.reports, called));
  const { reports } = await json<ReportQueue>(await officer.ask("GET", paths.reports));
  const [shown] = reports as [Report];
  assert.equal(shown.how, "voice");
  assert.equal(shown.reporter.callBack, "channel 3");
  assert.ok(shown.keyedBy !== undefined);
  assert.equal(shown.wedge?.azimuthDeg, 210);
  assert.equal((await json<MyReport[]>(await device.ask("GET", paths.myReports))).length, 1);
  // A device cannot report for somebody else.
  await json(await device.ask("POST", paths.reports, report("claims", { caller: { personId: "boss" } })));
  assert.equal((await json<MyReport[]>(await device.ask("GET", paths.myReports))).length, 2);
});

test("a report at Venus is explained with the reason, and stays open until a person closes it", async (context) => {
  const { officer } = await field(context);
  // After sunset at El Paso on 31 January 2025 Venus stood in the west-south-west, a third of the way up, above the young Moon.
  const atMs = Date.UTC(2025, 1, 1, 1, 30);
  const venus = report("venus", {
    how: "voice",
    observedMs: atMs,
    observedErrorS: 3,
    observer: { latDeg: 31.7619, lonDeg: -106.485, errorM: 25, by: "device" },
    direction: { type: "pointed", azimuthDeg: 250, sigmaDeg: 8 },
    elevation: { type: "pointed", elevationDeg: 35, sigmaDeg: 5 },
    doing: "hovering",
    lights: { state: "steady" },
  });
  await json(await officer.ask("POST", paths.reports, venus));
  const answer = await json<LookAlikes>(await officer.ask("GET", paths.reportLookAlikes("report-venus")));
  const [first] = answer.findings;
  assert.deepEqual([first?.subject, first?.grade], ["venus", "strong"]);
  assert.ok(Math.abs(Number(first?.reason["azimuthDeg"]) - 247.4) < 0.5 && Number(first?.reason["separationDeg"]) < 5);
  assert.ok(
    answer.checks.some(({ kind, missing }) => kind === "aircraft" && missing.includes("adsb")),
    "no receiver is not an empty sky",
  );
  const { reports } = await json<ReportQueue>(await officer.ask("GET", paths.reports));
  assert.equal(reports[0]?.state, "received");
});

test("three people point at Venus: each is explained, they are one incident without a position, and it stays open until a person closes it", async (context) => {
  const { officer } = await field(context);
  const atMs = Date.UTC(2025, 1, 1, 1, 30);
  const people = [
    [31.7619, -106.485, 250],
    [31.7702, -106.478, 244],
    [31.7549, -106.493, 247],
  ] as const;
  for (const [k, [latDeg, lonDeg, azimuthDeg]] of people.entries())
    await json(
      await officer.ask(
        "POST",
        paths.reports,
        report(`venus-${k}`, {
          how: "voice",
          observedMs: atMs + k * 20_000,
          observedErrorS: 3,
          observer: { latDeg, lonDeg, errorM: 25, by: "grid" },
          direction: { type: "pointed", azimuthDeg, sigmaDeg: 8 },
          elevation: { type: "pointed", elevationDeg: 35, sigmaDeg: 5 },
          doing: "hovering",
          lights: { state: "steady" },
        }),
      ),
    );
  const queue = await json<ReportQueue>(await officer.ask("GET", paths.reports));
  assert.deepEqual(
    queue.incidents.map(({ reports, open }) => [reports.length, open]),
    [[3, true]],
  );
  for (const { id, state } of queue.reports) {
    const { findings } = await json<LookAlikes>(await officer.ask("GET", paths.reportLookAlikes(id)));
    assert.deepEqual([findings[0]?.subject, findings[0]?.grade], ["venus", "strong"]);
    assert.notEqual(state, "closed");
  }
  for (const { id } of queue.reports)
    assert.equal((await officer.ask("POST", paths.reportOutcome(id), { outcome: "star-or-planet" })).status, 204);
  assert.equal((await json<ReportQueue>(await officer.ask("GET", paths.reports))).incidents[0]?.open, false);
});

test("ratings are looked at one report at a time, each look is kept, and they stand in no list", async (context) => {
  const { hub, device, officer } = await field(context);
  await json(await device.ask("POST", paths.reports, report("graded")));
  const before = hub.sector.picture.seq;
  assert.deepEqual(await json<Grading>(await officer.ask("POST", paths.reportGrading("report-graded"))), {
    reliability: "F",
    credibility: 6,
  });
  assert.equal(hub.sector.picture.seq, before + 1);
  const graded = await json<Grading>(await officer.ask("PUT", paths.reportGrading("report-graded"), { credibility: 2 }));
  assert.equal(graded.credibility, 2);
  const text = await (await officer.ask("GET", paths.reports)).text();
  assert.doesNotMatch(text, /reliability|credibility/);
  assert.deepEqual(await json(await device.ask("GET", paths.ownReliability)), { reliability: "F", reports: 0 });
});

/** A JPEG of no picture: SOI, Exif with a place, scan, EOI, and something hung behind. */
const JPEG = Buffer.from(
  "ffd8ffe1001845786966000049492a0008000000GPSLATITUDEXffda0008010100003f00d2cf20ffd9TRAILER-31.76".replace(
    /GPSLATITUDEX|TRAILER-31\.76/g,
    (text) => Buffer.from(text).toString("hex"),
  ),
  "hex",
);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function sendPiece(device: Person, hub: TestHub, id: string, offset: number, piece: Uint8Array): Promise<Response> {
  return fetch(`${hub.url}${paths.media(id)}?offset=${offset}`, {
    method: "PUT",
    headers: { cookie: device.cookie, "x-atalaya": "1", "content-type": "application/octet-stream" },
    body: Buffer.from(piece),
  });
}

test("a file comes in pieces, goes on after a cut and a restart, and is shown as a copy without its place, each look kept", async (context) => {
  const data = temporaryFolder(context);
  const first = await field(context, data);
  await json(await first.device.ask("POST", paths.reports, report("photo")));
  const said = Buffer.from("Exif\0\0GPS 31.76 -106.49");
  const exif = Buffer.concat([Buffer.of(0xff, 0xe1, 0, said.length + 2), said]);
  const photo = Buffer.concat([JPEG.subarray(0, 2), exif, JPEG.subarray(JPEG.indexOf(Buffer.from("ffda", "hex")))]);
  const announced = { id: "media-one", kind: "photo", type: "image/jpeg", bytes: photo.length, sha256: sha256(photo) };
  const state = await json<MediaState>(await first.device.ask("POST", paths.reportMedia("report-photo"), announced));
  assert.equal(state.have, 0);
  assert.equal((await json<MediaState>(await sendPiece(first.device, first.hub, "media-one", 0, photo.subarray(0, 20)))).have, 20);
  assert.equal(await codeOf(await sendPiece(first.device, first.hub, "media-one", 0, photo.subarray(0, 20))), "offset");
  await first.hub.stop();
  const hub = await startTestHub(context, { data });
  const device = person(hub, "Ana", first.device.cookie);
  const { have } = await json<MediaState>(await device.ask("GET", paths.media("media-one")));
  assert.equal(have, 20);
  const whole = await json<MediaState>(await sendPiece(device, hub, "media-one", have, photo.subarray(have)));
  assert.ok(whole.done);
  const officer = person(hub, "", first.officer.cookie);
  const looks = hub.sector.picture.seq;
  assert.equal((await officer.ask("POST", paths.mediaLook("media-one"), { purpose: "" })).status, 400);
  const copy = await officer.ask("POST", paths.mediaLook("media-one"), { purpose: "What is it?" });
  assert.equal(copy.status, 200);
  assert.equal(copy.headers.get("content-type"), "image/jpeg");
  const shown = Buffer.from(await copy.arrayBuffer());
  assert.doesNotMatch(shown.toString("latin1"), /31\.76/);
  assert.equal(shown.subarray(-2).toString("hex"), "ffd9");
  assert.equal(hub.sector.picture.seq, looks + 1);
  assert.equal((await device.ask("POST", paths.mediaLook("media-one"), { purpose: "mine" })).status, 403);
});

test("a file that is not what was announced begins again; only its reporter may send it", async (context) => {
  const { hub, device, boss } = await field(context);
  await json(await device.ask("POST", paths.reports, report("wrong")));
  const bytes = Buffer.from("not what it was");
  const announced = {
    id: "media-two",
    kind: "sound",
    type: "audio/webm",
    bytes: bytes.length,
    sha256: sha256(Buffer.from("something else")),
  };
  await json(await device.ask("POST", paths.reportMedia("report-wrong"), announced));
  assert.equal((await sendPiece(boss, hub, "media-two", 0, bytes)).status, 404);
  assert.equal(await codeOf(await sendPiece(device, hub, "media-two", 0, bytes)), "hash");
  assert.equal((await json<MediaState>(await device.ask("GET", paths.media("media-two")))).have, 0);
  const folder = join(hub.data, "media");
  assert.ok(existsSync(folder) && readdirSync(folder).length === 0);
});

test("what its reporter adds later is in the report, once, and its direction stays as it was told first", async (context) => {
  const { officer, device, boss } = await field(context);
  const receipt = await json<ReportReceipt>(await device.ask("POST", paths.reports, report("more")));
  const more = {
    id: "addition-1",
    sentMs: Date.now(),
    count: 3,
    type: "fixed-wing",
    operator: { seen: true, direction: "NE" },
    fallen: "wreck",
  };
  assert.equal((await json<ReportReceipt>(await device.ask("POST", paths.reportMore(receipt.id), more))).again, false);
  assert.equal((await json<ReportReceipt>(await device.ask("POST", paths.reportMore(receipt.id), { ...more, count: 9 }))).again, true);
  const seen = await json<Report>(await officer.ask("GET", paths.report(receipt.id)));
  assert.deepEqual([seen.count, seen.type, seen.fallen], [3, "fixed-wing", "wreck"]);
  assert.deepEqual(seen.operator, { seen: true, direction: "NE" });
  assert.deepEqual(seen.direction, { type: "pointed", azimuthDeg: 45, sigmaDeg: 6 });
  // Neither another's report, nor a direction, nor a person's description.
  assert.equal((await boss.ask("POST", paths.reportMore(receipt.id), { ...more, id: "addition-2" })).status, 404);
  const turned = { ...more, id: "addition-3", direction: { type: "compass", word: "N" } };
  assert.equal((await device.ask("POST", paths.reportMore(receipt.id), turned)).status, 400);
  assert.equal(
    (await device.ask("POST", paths.reportMore(receipt.id), { ...more, id: "addition-4", operator: { seen: true, coat: "red" } })).status,
    400,
  );
});
