// SMPP against a centre of the test's own: signing in, what a message is on the wire, receipts, replies, trouble, and coming back.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import type { Carried } from "../../src/outlets/delivery-queue.ts";
import type { Letter } from "../../src/outlets/queued.ts";
import { decodeGsm7, encodeGsm7 } from "../../src/outlets/sms/gsm7.ts";
import { PduFramer } from "../../src/outlets/sms/pdu.ts";
import { SmppCarrier } from "../../src/outlets/sms/smpp.ts";
import { certificate } from "./certificate.ts";
import { notify } from "./scene.ts";
import { pdu, Smsc } from "./smsc.ts";

const letter = (more: Partial<Letter> = {}): Letter => {
  const intent = notify();
  return { key: intent.id, subject: "s", urgency: 5, holdsMs: 300_000, address: "+1 (555) 0100-22", language: "en", intent, ...more };
};

async function bound(t: TestContext, port?: number) {
  const centre = new Smsc();
  const at = await centre.listen(port);
  const carrier = new SmppCarrier({
    host: "127.0.0.1",
    port: at,
    systemId: "atalaya",
    password: "secret",
    systemType: "",
    from: "ATALAYA",
    tls: false,
  });
  const said = { links: [] as string[], receipts: [] as string[], replies: [] as string[] };
  let changed: () => void = () => undefined;
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      changed = () => {
        if (condition()) resolve();
      };
      changed();
    });
  carrier.start({
    link: (up, reason) => (said.links.push(up ? "up" : `down: ${reason}`), changed()),
    receipt: (ticket, step, reason) => (said.receipts.push(`${ticket} ${step} ${reason ?? ""}`.trim()), changed()),
    reply: (address, text) => (said.replies.push(`${address}: ${text}`), changed()),
  });
  t.after(async () => {
    await carrier.stop();
    await centre.close();
  });
  await until(() => said.links.length > 0);
  return { centre, carrier, said, until };
}

test("it signs in as one who sends and receives, and a message is 7-bit text with a receipt asked for and a time after which it is void", async (t) => {
  const { centre, carrier } = await bound(t);
  const result = await carrier.carry(letter());
  assert.equal(result.outcome, "taken");
  assert.deepEqual(centre.binds, ["atalaya/secret/"]);
  const [sent] = centre.submitted;
  assert.ok(sent !== undefined);
  const { id: _id, text, ...fields } = sent;
  assert.deepEqual(fields, {
    from: "ATALAYA",
    fromTon: 5,
    to: "1555010022",
    toTon: 1,
    validity: "000000000500000R",
    registered: 1,
    dataCoding: 0,
  });
  assert.equal(text.toString("latin1"), "ATALAYA: drone from SW, 1.4 km, 78 s. Take hard cover. Reply 1 in cover 2 help. Ref K7Q2");
  const local = await carrier.carry(letter({ address: "656 123 4567", holdsMs: 1_800_000 }));
  assert.equal(local.outcome, "taken");
  assert.deepEqual([centre.submitted[1]?.toTon, centre.submitted[1]?.validity], [0, "000000003000000R"]);
  for (const address of ["nobody", "", "12", "+123456789012345678901234"])
    assert.equal((await carrier.carry(letter({ address }))).outcome, "refused", address);
  assert.equal(centre.submitted.length, 2);
});

test("a receipt finds its message by whatever form of its id the centre writes, in words or in a parameter", async (t) => {
  const { centre, carrier, said, until } = await bound(t);
  const letters = [letter(), letter(), letter(), letter()];
  for (const each of letters) await carrier.carry(each);
  const [first, second, third, fourth] = centre.submitted.map(({ id }) => id);
  const words = (id: string, state: string): Buffer =>
    Buffer.from(`id:${id} sub:001 dlvrd:001 submit date:2611250900 done date:2611250901 stat:${state} err:000 text:ATALAYA`);
  centre.deliver("15550100", words(String(Number.parseInt(first ?? "", 16)), "DELIVRD"), { esmClass: 4 });
  await until(() => said.receipts.length === 1);
  centre.deliver("15550100", words((second ?? "").toLowerCase(), "UNDELIV"), { esmClass: 4 });
  await until(() => said.receipts.length === 2);
  const id = Buffer.from(`${third}\0`);
  const tlvs = Buffer.concat([Buffer.from([0x00, 0x1e, 0, id.length]), id, Buffer.from([0x04, 0x27, 0, 1, 2])]);
  centre.deliver("15550100", Buffer.alloc(0), { esmClass: 4, tlvs });
  await until(() => said.receipts.length === 3);
  centre.deliver("15550100", words("999999999", "DELIVRD"), { esmClass: 4 });
  centre.deliver("15550100", words(fourth ?? "", "ENROUTE"), { esmClass: 4 });
  centre.deliver("15550100", Buffer.from("no receipt at all"), { esmClass: 4 });
  centre.deliver("15550100", Buffer.from("end"));
  await until(() => said.replies.length === 1);
  assert.deepEqual(said.receipts, [
    `${letters[0]!.key} delivered`,
    `${letters[1]!.key} failed undeliverable`,
    `${letters[2]!.key} delivered`,
  ]);
  await centre.until(() => centre.acknowledged === 7);
});

test("what a person writes back is read in each alphabet, without the header of long messages", async (t) => {
  const { centre, said, until } = await bound(t);
  const ucs2 = Buffer.from("Estoy a cubierto, así", "utf16le").swap16();
  centre.deliver("15550100", Buffer.from([0x31]));
  await until(() => said.replies.length === 1);
  centre.deliver("15550100", ucs2, { dataCoding: 8 });
  await until(() => said.replies.length === 2);
  centre.deliver("15550100", Buffer.concat([Buffer.from([5, 0, 3, 9, 1, 1]), Buffer.from("2 help")]), { esmClass: 0x40 });
  await until(() => said.replies.length === 3);
  centre.deliver("15550100", Buffer.from("2 café", "latin1"), { dataCoding: 3 });
  await until(() => said.replies.length === 4);
  assert.deepEqual(said.replies, ["+15550100: 1", "+15550100: Estoy a cubierto, así", "+15550100: 2 help", "+15550100: 2 café"]);
});

test("trouble of the centre passes, a refusal stays, and what is no answer is no success", async (t) => {
  const { centre, carrier } = await bound(t);
  centre.statuses = [0x58, 0x14, 0x08, 0x0b];
  const results: Carried[] = [];
  for (let k = 0; k < 4; k += 1) results.push(await carrier.carry(letter()));
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ["again", "again", "again", "refused"],
  );
  assert.match((results[3] as { reason: string }).reason, /0x0000000b/);
  centre.mute = true;
  const silent = carrier.carry(letter());
  centre.drop();
  assert.deepEqual(await silent, { outcome: "again", reason: "the centre does not answer", noLink: true });
});

test("a lost connection is said, comes back by itself, and meanwhile nothing is taken", async (t) => {
  const { centre, carrier, said, until } = await bound(t);
  centre.drop();
  await until(() => said.links.length === 2);
  assert.match(said.links[1] ?? "", /^down: /);
  assert.equal((await carrier.carry(letter())).outcome, "again");
  await until(() => said.links.at(-1) === "up");
  assert.equal((await carrier.carry(letter())).outcome, "taken");
  assert.equal(centre.binds.length, 2);
});

test("what is wanted while the first connection is made waits for it", async (t) => {
  const centre = new Smsc();
  const port = await centre.listen();
  const carrier = new SmppCarrier({ host: "127.0.0.1", port, systemId: "a", password: "b", systemType: "", from: "1", tls: false });
  carrier.start({ link: () => undefined, receipt: () => undefined, reply: () => undefined });
  t.after(async () => {
    await carrier.stop();
    await centre.close();
  });
  assert.equal((await carrier.carry(letter())).outcome, "taken");
  const nobody = new SmppCarrier({ host: "127.0.0.1", port: 1, systemId: "a", password: "b", systemType: "", from: "1", tls: false });
  nobody.start({ link: () => undefined, receipt: () => undefined, reply: () => undefined });
  t.after(() => nobody.stop());
  const refused = await nobody.carry(letter());
  assert.equal(refused.outcome === "again" && refused.noLink, true);
});

test("with TLS it signs in only to a centre whose certificate is trusted, by its name", async (t) => {
  const tls = certificate(t);
  const centre = new Smsc(tls);
  const port = await centre.listen();
  const base = { port, systemId: "a", password: "b", systemType: "", from: "1", tls: true };
  const outcomes: string[] = [];
  for (const settings of [
    { ...base, host: "localhost", ca: tls.cert },
    { ...base, host: "localhost" },
    { ...base, host: "127.0.0.1", ca: tls.cert },
  ]) {
    const carrier = new SmppCarrier(settings);
    carrier.start({ link: () => undefined, receipt: () => undefined, reply: () => undefined });
    outcomes.push((await carrier.carry(letter())).outcome);
    await carrier.stop();
  }
  await centre.close();
  assert.deepEqual(outcomes, ["taken", "again", "again"]);
  assert.equal(centre.binds.length, 1, "no password is shown to a stranger");
});

test("one that is not let in, or speaks something else, is down with the reason", async (t) => {
  const { centre, said, until } = await bound(t);
  centre.bindStatus = 0x0e;
  centre.say(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await until(() => said.links.some((line) => line.includes("does not speak SMPP")));
  await until(() => said.links.some((line) => line.includes("sign-in refused with status 0x0000000e")));
});

test("the centre's own questions are answered: is it alive, something unknown, the end", async (t) => {
  const { centre, said, until } = await bound(t);
  centre.say(pdu(0x15, 0, 3, Buffer.alloc(0)));
  centre.say(pdu(0x0101, 0, 4, Buffer.alloc(0)));
  centre.say(pdu(6, 0, 5, Buffer.alloc(0)));
  await until(() => said.links.some((line) => line.startsWith("down")));
});

test("a stream is cut into the same messages at whatever byte it is split", () => {
  const stream = Buffer.concat([
    pdu(0x15, 0, 1, Buffer.alloc(0)),
    pdu(0x8000_0004, 0, 2, Buffer.from("id\0")),
    pdu(5, 0, 3, Buffer.alloc(40, 7)),
  ]);
  for (let split = 0; split <= stream.length; split += 1) {
    const taken: number[] = [];
    const framer = new PduFramer(({ sequence, body }) => taken.push(sequence * 100 + body.length));
    assert.ok(framer.push(stream.subarray(0, split)));
    assert.ok(framer.push(stream.subarray(split)));
    assert.deepEqual(taken, [100, 203, 340]);
  }
  for (const length of [0, 15, 70_001, 0xffff_ffff]) {
    const head = Buffer.alloc(16);
    head.writeUInt32BE(length, 0);
    assert.equal(new PduFramer(() => undefined).push(head), false, String(length));
  }
});

test("the 7-bit alphabet holds what it has in 160 septets, and never half an escape", () => {
  assert.deepEqual([...encodeGsm7("@$_é[€")], [0x00, 0x02, 0x11, 0x05, 0x1b, 0x3c, 0x1b, 0x65]);
  assert.equal(decodeGsm7(encodeGsm7("Ünïcode `á`")), "Ün?code ????".slice(0, 8) + "???");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const septets = encodeGsm7(text);
      assert.ok(septets.length <= 160 && septets.every((septet) => septet < 0x80));
      assert.notEqual(septets.at(-1), 0x1b);
      assert.deepEqual(encodeGsm7(decodeGsm7(septets)), septets);
    }),
  );
});
