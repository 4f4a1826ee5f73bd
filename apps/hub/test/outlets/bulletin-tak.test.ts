// A bulletin to somebody with a TAK device, over TLS to a real hub: a chat to that device alone and no alarm, opened by its receipt, confirmed by a reply from
// the device itself, and its end told as well.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CotEvent, chatMessage, chatReceipt, teamPosition } from "@atalaya/cot";
import { type BulletinPerson, type Enrolment, paths } from "@atalaya/protocol";
import { until } from "@atalaya/testing/eventually";
import { closeAfter, signIn, signInOwner, startTestHub } from "@atalaya/testing/hub";
import { TakPeer } from "@atalaya/testing/tak-peer";
import { readDataPackage } from "../../src/identity/data-package.ts";
import { type Desk, json, ours, readers, release, written } from "../memo-desk.ts";

const ID = "bulletin-23";
const BEN = "ANDROID-ben";
const OTHER = "ANDROID-other";
const POINT = { latDeg: 31.75, lonDeg: -106.45, haeM: 1140, ceM: 5, leM: 5 };

const remarks = ({ detail }: CotEvent): string => detail.find(({ name }) => name === "remarks")?.text ?? "";
const addressee = ({ detail }: CotEvent): string | undefined => detail.find(({ name }) => name === "__chat")?.attributes["id"];

test("a bulletin goes to the person's own device as a chat, is confirmed by a reply from it, and its withdrawal is told there too", async (context) => {
  const hub = await startTestHub(context, { takTlsPort: 0 });
  const owner = await signInOwner(hub);
  const d: Desk = {
    hub,
    owner,
    analyst: await signIn(hub, owner, "analyst"),
    officer: await signIn(hub, owner, "officer"),
    supervisor: await signIn(hub, owner, "supervisor"),
  };
  const opened = async (name: string, uid: string): Promise<TakPeer> => {
    const made = await json<Enrolment>(await owner.ask("POST", paths.certificates, { name, client: "atak", host: "127.0.0.1", uid }));
    const access = readDataPackage(Buffer.from(made.package, "base64"));
    assert.ok(!("refused" in access));
    const tls = { ca: access.ca.join(""), cert: access.cert ?? "", key: access.key ?? "" };
    const peer = new TakPeer({ port: hub.takTlsPort ?? 0, negotiate: true, tls });
    closeAfter(context, () => peer.socket.destroy());
    await peer.until(({ form }) => form === "protobuf");
    const timeMs = Date.now();
    const at = teamPosition({
      uid,
      callsign: name,
      team: "Cyan",
      role: "Team Member",
      endpoint: "*:-1:stcp",
      point: POINT,
      timeMs,
      staleMs: timeMs + 60_000,
    });
    assert.ok("event" in at);
    peer.say(at.event);
    return peer;
  };
  await json(await d.officer.ask("PUT", paths.person("ben"), ours("ben", { ways: [{ channel: "tak", address: BEN }] })));
  await json(await d.officer.ask("PUT", paths.shift("ben"), { on: true }));
  const peer = await opened("Ben", BEN);
  const other = await opened("Other", OTHER);
  await until("the hub knows both devices", () => [BEN, OTHER].every((uid) => hub.sector.picture.devices.position(uid) !== undefined));

  await written(d, ID);
  await release(d, ID);
  const ben = async (is: (person: BulletinPerson) => boolean): Promise<BulletinPerson> =>
    until("the bulletin's page shows it", async () => (await readers(d, ID)).find((person) => person.personId === "ben" && is(person)));
  const chat = await peer.until((one) => one.ofType("b-t-f").find((said) => addressee(said) === BEN));
  assert.match(remarks(chat), /B-0001.*Drones pequeños pueden llevar explosivos.*Cúbrase primero/s);
  await ben(({ ways }) => ways.some(({ channel, step }) => channel === "tak" && step === "sent"));

  const hubEnd = { uid: chat.detail.find(({ name }) => name === "link")?.attributes["uid"] ?? "", callsign: "Atalaya" };
  const from = (uid: string): { uid: string; callsign: string; type: string } => ({ uid, callsign: uid, type: "a-f-G-U-C" });
  const messageId = chat.detail.find(({ name }) => name === "__chat")?.attributes["messageId"] ?? "";
  const receipt = (state: "delivered" | "read"): CotEvent =>
    chatReceipt(state, { from: from(BEN), to: hubEnd, messageId, timeMs: Date.now(), point: POINT });
  peer.say(receipt("delivered"), receipt("read"));
  await ben(({ step }) => step === "opened");

  const reply = (uid: string): CotEvent =>
    chatMessage({ from: from(uid), to: hubEnd, messageId: `reply-${uid}`, text: "LEIDO B-0001", timeMs: Date.now(), point: POINT });
  // Somebody else who writes in his name confirms nothing.
  other.say(reply(BEN));
  const answeredOther = chatMessage({ from: from(OTHER), to: hubEnd, messageId: "hello", text: "hola", timeMs: Date.now(), point: POINT });
  other.say(answeredOther);
  await until("what the other wrote is read", async () =>
    [...hub.sector.journal.read(1, 5000)].some(({ payload }) => payload !== undefined && Buffer.from(payload).includes("hola")),
  );
  assert.equal((await ben(() => true)).step, "opened");
  peer.say(reply(BEN));
  const confirmed = await ben(({ step }) => step === "confirmed");
  assert.deepEqual(
    confirmed.confirmations.map(({ version, by, language }) => [version, by, language]),
    [[1, "tak", "es"]],
  );

  await json(await d.supervisor.ask("POST", paths.bulletinWithdrawn(ID), { reason: "The source was refuted." }));
  await peer.until((one) =>
    one.ofType("b-t-f").some((said) => addressee(said) === BEN && /B-0001/.test(remarks(said)) && said.uid !== chat.uid),
  );
  const gone = await ben(({ ended }) => ended !== undefined);
  assert.equal(gone.ended?.why, "withdrawn");
  assert.equal(gone.confirmations.length, 1, "what was confirmed stays on record");
  for (const one of [peer, other]) assert.deepEqual(one.ofType("b-a-"), [], "no alarm");
  assert.ok(!other.ofType("b-t-f").some((said) => /B-0001/.test(remarks(said))), "nobody else reads it");
});
