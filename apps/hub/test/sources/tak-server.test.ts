// The TAK server's door: who may come in, what both ends agree on, what is handed in, and that no client holds up another.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { decodeCotFrame, element, encodeTakMessage, ping, streamFrame, teamPosition } from "@atalaya/cot";
import { decodeCotBatch } from "@atalaya/picture";
import { holds } from "@atalaya/testing/eventually";
import { temporaryFolder } from "@atalaya/testing/hub";
import { CertificateAuthority, type Issued } from "../../src/identity/ca.ts";
import { Identity } from "../../src/identity/identity.ts";
import { TakLinks } from "../../src/sources/tak/links.ts";
import { Outgoing, OutgoingBatch } from "../../src/sources/tak/outgoing.ts";
import { MAX_PER_CERTIFICATE, type TakServer, takServer, type TakServerSettings } from "../../src/sources/tak/server.ts";
import { RecordingDoor } from "./recording-door.ts";
import { event, TakPeer } from "@atalaya/testing/tak-peer";

interface Opened {
  readonly server: TakServer;
  readonly door: RecordingDoor;
  readonly links: TakLinks;
  readonly port: number;
}

const definition = { id: "tak", name: "TAK clients", kind: "tak", origin: "live", format: "cot" } as const;

async function opened(t: TestContext, more: Partial<TakServerSettings> = {}): Promise<Opened> {
  const links = new TakLinks();
  const server = takServer({ definition, uid: "atalaya.test", links, port: 0, tls: undefined, ...more });
  const door = new RecordingDoor();
  await server.start(door);
  t.after(() => server.stop());
  return { server, door, links, port: server.port ?? 0 };
}

/** Uids of the events that were handed in, and the certificates that they came by. */
function heard(door: RecordingDoor): readonly (readonly [certificate: string, uid: string])[] {
  return door.frames.flatMap(({ format, bytes }) => {
    assert.equal(format, "cot");
    const batch = decodeCotBatch(bytes);
    assert.ok(batch !== undefined);
    return batch.messages.map((message) => {
      const decoded = decodeCotFrame(message);
      const uid = "refused" in decoded ? `refused ${decoded.refused.code}` : (decoded.message.event?.uid ?? "");
      return [batch.certificate, uid] as const;
    });
  });
}

const uids = (door: RecordingDoor): readonly string[] => heard(door).map(([, uid]) => uid);

function drone(uid: string, remarks = ""): ReturnType<typeof event> {
  return event({ uid, type: "a-u-A-M-H-Q", detail: remarks === "" ? [] : [element("remarks", {}, [], remarks)] });
}

test("a client that says nothing of protocols is served in XML, one that asks goes over to TAK protocol, both ways at once", async (t) => {
  const { door, links, port } = await opened(t);
  const [plain, modern] = [new TakPeer({ port }), new TakPeer({ port, negotiate: true })];
  for (const peer of [plain, modern]) {
    const [offer] = await peer.until(({ events }) => events.length > 0 && events);
    assert.equal(offer?.event.type, "t-x-takp-v");
  }
  await modern.until(({ form }) => form === "protobuf");
  links.send(new OutgoingBatch([new Outgoing("a", drone("A"), false), new Outgoing("b", drone("B"), false)]));
  for (const [peer, form] of [
    [plain, "xml"],
    [modern, "protobuf"],
  ] as const) {
    const events = await peer.until((one) => one.ofType("a-").length === 2 && one.events);
    assert.deepEqual(
      events.filter(({ event: { type } }) => type.startsWith("a-")).map(({ form: came, event: { uid } }) => [came, uid]),
      [
        [form, "A"],
        [form, "B"],
      ],
    );
    peer.say(drone(`from ${form}`));
  }
  await door.until(() => uids(door).length === 2);
  assert.deepEqual(new Set(uids(door)), new Set(["from xml", "from protobuf"]));
  assert.deepEqual([plain.refusals, modern.refusals], [[], []]);
});

test("a request for another version, with another uid or a second time leaves the stream in XML", async (t) => {
  const { port, links } = await opened(t);
  for (const wrong of ["version", "uid"] as const) {
    const peer = new TakPeer({ port });
    const offer = await peer.until(({ events }) => events[0]?.event);
    const request = element("TakControl", {}, [element("TakRequest", { version: wrong === "version" ? "2" : "1" })]);
    peer.say(event({ uid: wrong === "uid" ? "another" : offer.uid, type: "t-x-takp-q", detail: [request] }));
    const answer = await peer.until((one) => one.ofType("t-x-takp-r")[0]);
    assert.equal(answer.detail[0]?.children[0]?.attributes["status"], "false");
    links.send(new OutgoingBatch([new Outgoing("a", drone("A"), false)]));
    await peer.until((one) => one.ofType("a-").length === 1);
    peer.socket.destroy();
  }
});

test("one that writes TAK protocol from its first byte, without asking, is heard, and answered in XML", async (t) => {
  const { port, door } = await opened(t);
  const peer = new TakPeer({ port });
  t.after(() => peer.socket.destroy());
  const said = ["A", "B"].map((uid) => encodeTakMessage({ event: event({ uid, type: "a-f-G-U-C" }) }));
  const bytes = said.flatMap((encoded) => ("bytes" in encoded ? [...streamFrame(encoded.bytes)] : []));
  for (const byte of bytes) peer.socket.write(Uint8Array.of(byte));
  await door.until(() => uids(door).length === 2);
  assert.deepEqual(uids(door), ["A", "B"]);
  const asked = encodeTakMessage({ event: ping("A", Date.now()) });
  assert.ok("bytes" in asked);
  peer.socket.write(streamFrame(asked.bytes));
  await peer.until(({ events }) => events.some(({ form, event: { type } }) => form === "xml" && type === "t-x-c-t-r"));
});

test("pings are answered at once and are not handed in; a quiet connection is kept alive", async (t) => {
  const { door, port } = await opened(t, { timing: { aliveMs: 1 } });
  const peer = new TakPeer({ port });
  peer.say(ping("ANDROID-1", Date.now()), drone("A"));
  await peer.until((one) => one.ofType("t-x-c-t-r").length >= 3);
  assert.deepEqual(uids(door), ["A"]);
});

test("streams cut at any byte give the same events, in both forms", async (t) => {
  const { door, port } = await opened(t);
  for (const negotiate of [false, true]) {
    const probe = new TakPeer({ port, negotiate });
    probe.socket.setNoDelay(true);
    await probe.until(({ form, events }) => (negotiate ? form === "protobuf" : events.length > 0));
    const stream = Buffer.concat([probe.bytes(drone("Ñ-1", "niño & <dron>")), probe.bytes(ping("x", 0)), probe.bytes(drone("2"))]);
    for (let at = 1; at < stream.length; at += negotiate ? 1 : 7) {
      door.frames.length = 0;
      probe.socket.write(stream.subarray(0, at));
      await new Promise((resolve) => setImmediate(resolve));
      probe.socket.write(stream.subarray(at));
      await door.until(() => uids(door).length === 2);
      assert.deepEqual(uids(door), ["Ñ-1", "2"], `cut at ${at}`);
    }
    probe.socket.destroy();
  }
});

test("hostile input is handed on as what cannot be read or passed over, and the next event counts", async (t) => {
  const { door, links, port } = await opened(t);
  const good = Buffer.from(new TakPeer({ port }).bytes(drone("good")));
  for (const [name, bytes] of Object.entries({
    entities: '<!DOCTYPE event [<!ENTITY a "b">]><event uid="&a;"/>',
    "no event": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    auth: '<auth><cot username="a" password="b"/></auth>',
    deep: `<event>${"<a>".repeat(5000)}`.padEnd(40_000, " "),
    "too long": `<event version="2.0" uid="${"x".repeat(100_000)}"></event>`,
    binary: "\u0000\u00bf\u0001\u00bf\u00ff",
    "unfinished tag": '<event uid="a',
    nan: '<event version="2.0" uid="n" type="a" how="m" time="x" start="x" stale="x"><point lat="NaN" lon="1e999" hae="0" ce="0" le="0"/></event>',
  })) {
    door.frames.length = 0;
    const peer = new TakPeer({ port });
    peer.socket.write(Buffer.from(bytes, "latin1"));
    // A tag that nobody ended swallows what follows it up to the next end.
    peer.socket.write(Buffer.concat([Buffer.from("</event>"), good, good]));
    await door.until(() => uids(door).includes("good"));
    peer.socket.destroy();
    assert.ok(name !== "");
  }
  assert.ok(links.counts.heardBytes > 100_000);
  assert.ok(door.refusals.length > 0);
});

test("while the hub is behind, or a certificate sends too fast, its socket is not read, and nothing is lost", async (t) => {
  const { door, links, port } = await opened(t, { eventsPerS: 400 });
  const peer = new TakPeer({ port });
  door.open = false;
  peer.say(drone("first"));
  await door.until(() => uids(door).length === 1);
  const bytes = Buffer.concat(Array.from({ length: 1500 }, (_, k) => peer.bytes(drone(`D${k}`))));
  peer.socket.write(bytes);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(uids(door).length, 1);
  door.release();
  await door.until(() => uids(door).length === 1501);
  assert.deepEqual(
    uids(door).slice(1),
    Array.from({ length: 1500 }, (_, k) => `D${k}`),
  );
  assert.ok(links.counts.slowed > 0);
});

/** Tells everybody of four drones, again and again, until the kernel's buffers are full and what waits for one who does not read is replaced. */
async function fillUp(links: TakLinks, quick: TakPeer): Promise<string> {
  const padding = "x".repeat(20_000);
  let rounds = 0;
  while (links.counts.superseded < 200 && rounds < 2000) {
    rounds += 1;
    links.send(new OutgoingBatch([0, 1, 2, 3].map((k) => new Outgoing(`T${k}`, drone(`T${k}`, `round ${rounds} ${padding}`), false))));
    if (rounds === 5) links.send(new OutgoingBatch([new Outgoing("alarm", event({ uid: "alarm", type: "b-a-g" }), true)]));
    await quick.until((one) => one.ofType("a-").length === rounds * 4);
  }
  assert.ok(links.counts.superseded >= 200, `${links.counts.superseded} superseded`);
  return `round ${rounds} `;
}

test("a stuck client delays nobody, and gets of each thing the newest when it reads again", async (t) => {
  const { links, port } = await opened(t);
  const [slow, quick] = [new TakPeer({ port }), new TakPeer({ port })];
  for (const peer of [slow, quick]) await peer.until(({ events }) => events.length > 0);
  slow.socket.pause();
  const newest = await fillUp(links, quick);
  slow.socket.resume();
  await slow.until(
    (one) =>
      new Set(
        one
          .ofType("a-")
          .filter(({ detail }) => detail[0]?.text.startsWith(newest))
          .map(({ uid }) => uid),
      ).size === 4,
  );
  assert.equal(slow.ofType("b-a").length, 1, "a danger is not lost");
  assert.ok(slow.ofType("a-").length < quick.ofType("a-").length);
});

test("one that stays stuck is cut off in the end, and nobody else is", async (t) => {
  const { server, links, port } = await opened(t, { timing: { stuckMs: 1500 } });
  const [stuck, quick] = [new TakPeer({ port }), new TakPeer({ port })];
  for (const peer of [stuck, quick]) await peer.until(({ events }) => events.length > 0);
  stuck.socket.pause();
  await fillUp(links, quick);
  await holds(() => links.counts.cutOffStuck > 0);
  assert.equal(stuck.ofType("a-").length, 0);
  assert.equal(links.counts.cutOffStuck, 1);
  assert.equal(server.clients, 1);
});

test("with TLS", async (t) => {
  const folder = temporaryFolder(t);
  new Identity(folder).close();
  const authority = new CertificateAuthority(folder);
  t.after(() => authority.close());
  const other = new CertificateAuthority(
    (() => {
      const elsewhere = temporaryFolder(t);
      new Identity(elsewhere).close();
      return elsewhere;
    })(),
  );
  t.after(() => other.close());
  const ca = await authority.certificatePem();
  const issue = async (from: CertificateAuthority, name: string): Promise<Issued & { tls: { ca: string; cert: string; key: string } }> => {
    const made = await from.issue({ name });
    assert.ok(made !== "too-many");
    return { ...made, tls: { ca, cert: made.certificatePem, key: made.keyPem } };
  };
  const tls = { host: "127.0.0.1", port: 0, authority, names: ["localhost", "127.0.0.1"] };
  const { server, door, links } = await opened(t, { port: undefined, tls });
  const port = server.tlsPort ?? 0;
  const ana = await issue(authority, "Ana");

  await t.test("a certificate of ours opens the door, and stands beside what comes by it", async () => {
    const peer = new TakPeer({ port, tls: ana.tls, negotiate: true });
    await peer.until(({ form }) => form === "protobuf");
    peer.say(drone("A"));
    await door.until(() => uids(door).includes("A"));
    assert.deepEqual(heard(door), [[ana.certificate.serial, "A"]]);
    peer.socket.destroy();
    await peer.closed;
  });

  await t.test("no certificate, one of another authority, no TLS at all: nothing is said and nothing taken", async () => {
    const stranger = await issue(other, "Ana");
    for (const peer of [new TakPeer({ port, tls: { ca } }), new TakPeer({ port, tls: { ...stranger.tls, ca } }), new TakPeer({ port })]) {
      peer.say(drone("B"));
      await peer.closed;
      assert.deepEqual(peer.events, []);
    }
    assert.ok(!uids(door).includes("B"));
    assert.ok(links.counts.refusedHandshake >= 3);
  });

  await t.test("one that was taken back is refused, and its open connections end", async () => {
    const lost = await issue(authority, "Lost");
    const peer = new TakPeer({ port, tls: lost.tls });
    await peer.until(({ events }) => events.length > 0);
    authority.revoke(lost.certificate.serial, "test");
    server.drop(lost.certificate.serial);
    await peer.closed;
    const again = new TakPeer({ port, tls: lost.tls });
    again.say(drone("C"));
    await again.closed;
    assert.deepEqual(again.events, []);
    assert.ok(!uids(door).includes("C"));
    assert.equal(links.counts.refusedCertificate, 1);
  });

  await t.test("of one certificate's connections the newest stay", async () => {
    const peers: TakPeer[] = [];
    for (let k = 0; k < MAX_PER_CERTIFICATE + 2; k += 1) {
      const peer = new TakPeer({ port, tls: ana.tls });
      await peer.until(({ events }) => events.length > 0);
      peers.push(peer);
    }
    await Promise.all(peers.slice(0, 2).map(({ closed }) => closed));
    assert.deepEqual(
      peers.map(({ isClosed }) => isClosed),
      [true, true, false, false, false],
    );
    for (const { socket } of peers) socket.destroy();
    await Promise.all(peers.map(({ closed }) => closed));
  });

  await t.test("openssl s_client with the certificate is a client like another", async () => {
    const [cert, key, trust] = ["c.pem", "k.pem", "ca-copy.pem"].map((name) => join(folder, name));
    writeFileSync(cert, ana.certificatePem);
    writeFileSync(key, ana.keyPem);
    writeFileSync(trust, ca);
    const words = [
      "s_client",
      "-quiet",
      "-verify_return_error",
      "-verify_hostname",
      "localhost",
      "-CAfile",
      trust,
      "-cert",
      cert,
      "-key",
      key,
    ];
    const client = spawn("openssl", [...words, "-connect", `127.0.0.1:${port}`], { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    client.stdout.on("data", (chunk: Buffer) => (said += String(chunk)));
    client.stdin.write(new TakPeer({ port }).bytes(drone("from openssl")));
    await door.until(() => uids(door).includes("from openssl"));
    while (!said.includes("t-x-takp-v")) await once(client.stdout, "data");
    client.kill();
  });

  await t.test("connections that come in a flood from one address are turned away before a handshake", async () => {
    const sockets = Array.from({ length: 300 }, () => connect(port, "127.0.0.1"));
    for (const socket of sockets) socket.on("error", () => undefined);
    // Those over the limit are closed by the server; the others wait for their handshake: a hundred of them, or two hundred when five seconds end just now.
    let ended = 0;
    await new Promise<void>((resolve) => {
      for (const socket of sockets)
        socket.on("close", () => {
          ended += 1;
          if (ended === 100) resolve();
        });
    });
    assert.ok(links.counts.refusedLimit >= 100);
    for (const socket of sockets) socket.destroy();
  });
});

test("a team position that the codec writes is handed in as it came", async (t) => {
  const { door, port } = await opened(t);
  const peer = new TakPeer({ port });
  const at = { latDeg: 31.7, lonDeg: -106.4, haeM: undefined, ceM: 4, leM: undefined };
  const built = teamPosition({ uid: "ANDROID-7", callsign: "Ana", team: "Cyan", role: "HQ", point: at, timeMs: 1, staleMs: 2 });
  assert.ok("event" in built);
  const bytes = peer.bytes(built.event);
  peer.socket.write(bytes);
  await door.until(() => door.frames.length === 1);
  const [frame] = door.frames;
  assert.deepEqual(decodeCotBatch(frame?.bytes ?? new Uint8Array())?.messages[0]?.bytes, Uint8Array.from(bytes));
});

test("what is for one device goes to the connections that may speak for it, and to none other; it is told again when it comes back", async (t) => {
  const { links, port } = await opened(t);
  links.speaksFor = (_certificate, uid) => uid === "ANDROID-1";
  const came: string[] = [];
  links.arrived = (uid) => came.push(uid);
  const message = (): Outgoing => new Outgoing("m", event({ uid: "GeoChat.m", type: "b-t-f" }), true);
  assert.equal(links.tell("ANDROID-1", message()), false, "nobody is there");
  const [device, other, pretender] = [new TakPeer({ port, negotiate: true }), new TakPeer({ port }), new TakPeer({ port })];
  for (const peer of [device, other, pretender]) t.after(() => peer.socket.destroy());
  await device.until(({ form }) => form === "protobuf");
  device.say(event({ uid: "ANDROID-1", type: "a-f-G-U-C" }), event({ uid: "ANDROID-1", type: "a-f-G-U-C" }));
  pretender.say(event({ uid: "ISSUED-TO-ANOTHER", type: "a-f-G-U-C" }));
  await holds(() => came.length > 0);
  let sent = 0;
  const counted = message();
  counted.sent = () => (sent += 1);
  assert.deepEqual([links.tell("ANDROID-1", counted), links.tell("ISSUED-TO-ANOTHER", message()), sent], [true, false, 1]);
  await device.until((peer) => peer.ofType("b-t-f").length === 1);
  links.send(new OutgoingBatch([new Outgoing("a", drone("A"), false)]));
  for (const peer of [other, pretender]) {
    await peer.until((one) => one.ofType("a-u").length === 1);
    assert.deepEqual(peer.ofType("b-t-f"), []);
  }
  assert.deepEqual(came, ["ANDROID-1"]);
  device.socket.destroy();
  await device.closed;
  const again = new TakPeer({ port });
  t.after(() => again.socket.destroy());
  again.say(event({ uid: "ANDROID-1", type: "a-f-G-U-C" }));
  await holds(() => came.length === 2);
});

test("a device that does not read gets its message when it reads again; one that has gone is told of as gone", async (t) => {
  const { links, port } = await opened(t);
  links.speaksFor = () => true;
  const came: string[] = [];
  links.arrived = (uid) => came.push(uid);
  const device = new TakPeer({ port });
  device.say(event({ uid: "ANDROID-1", type: "a-f-G-U-C" }));
  await holds(() => came.length > 0);
  device.socket.pause();
  const heavy = (round: number): OutgoingBatch =>
    new OutgoingBatch(Array.from({ length: 1000 }, (_, k) => new Outgoing(`T${k}`, drone(`T${k}`, `${round} ${"x".repeat(2000)}`), false)));
  const steps: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    links.send(heavy(round));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const outgoing = new Outgoing("m", event({ uid: "GeoChat.m", type: "b-t-f" }), true);
  outgoing.sent = () => steps.push("sent");
  outgoing.unsent = () => steps.push("unsent");
  assert.equal(links.tell("ANDROID-1", outgoing), true);
  assert.deepEqual(steps, [], "it waits");
  device.socket.destroy();
  await holds(() => steps.length > 0);
  assert.deepEqual(steps, ["unsent"]);
});
