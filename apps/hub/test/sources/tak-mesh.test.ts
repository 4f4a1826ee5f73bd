// The mesh over multicast on loopback: hearing both forms, telling in the one that all neighbours read, and downgrading nobody.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { test, type TestContext } from "node:test";
import {
  type CotEvent,
  decodeCotFrame,
  encodeCotXml,
  encodeTakMessage,
  frameOfDatagram,
  meaningOf,
  meshFrame,
  teamPosition,
} from "@atalaya/cot";
import { decodeCotBatch } from "@atalaya/picture";
import { holds } from "@atalaya/testing/eventually";
import { TakLinks } from "../../src/sources/tak/links.ts";
import { meshAddress, takMesh } from "../../src/sources/tak/mesh.ts";
import { Neighbours } from "../../src/sources/tak/neighbours.ts";
import { Outgoing, OutgoingBatch } from "../../src/sources/tak/outgoing.ts";
import { RecordingDoor } from "./recording-door.ts";
import { event } from "@atalaya/testing/tak-peer";

const definition = { id: "mesh", name: "Mesh", kind: "tak-mesh", origin: "live", format: "cot" } as const;
const AT = { latDeg: 31.7, lonDeg: -106.4, haeM: undefined, ceM: 4, leM: undefined };

interface Heard {
  readonly form: "xml" | "protobuf";
  readonly event: CotEvent | undefined;
  readonly hasControl: boolean;
}

/** A member of the group that is none of ours. */
async function member(t: TestContext, group: string, port: number): Promise<{ heard: Heard[]; say: (bytes: Uint8Array) => void }> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  const heard: Heard[] = [];
  socket.on("message", (datagram) => {
    const read = frameOfDatagram(datagram);
    const decoded = "frame" in read ? decodeCotFrame(read.frame) : read;
    // The test's own garbage comes back to it.
    if ("refused" in decoded || !("frame" in read)) return;
    heard.push({ form: read.frame.form, event: decoded.message.event, hasControl: decoded.message.control !== undefined });
  });
  socket.bind(port, group);
  await once(socket, "listening");
  socket.addMembership(group, "127.0.0.1");
  socket.setMulticastInterface("127.0.0.1");
  t.after(() => socket.close());
  return { heard, say: (bytes) => socket.send(bytes, port, group) };
}

let nextPort = 20_000 + (process.pid % 10_000);

type Member = Awaited<ReturnType<typeof member>>;

async function opened(
  t: TestContext,
): Promise<{ door: RecordingDoor; links: TakLinks; group: string; port: number; chat: number; peer: Member }> {
  const group = "239.255.77.7";
  const port = (nextPort += 2);
  const address = meshAddress(`udp://${group}:${port}?ttl=0&interface=127.0.0.1`);
  assert.ok(address !== undefined);
  const links = new TakLinks();
  const door = new RecordingDoor();
  const peer = await member(t, group, port);
  const source = takMesh(definition, { ...address, chat: { group, port: port + 1 } }, { uid: "atalaya.test", links });
  await source.start(door);
  t.after(() => source.stop());
  return { door, links, group, port, chat: port + 1, peer };
}

const uids = (door: RecordingDoor): readonly string[] =>
  door.frames.flatMap(({ bytes }) =>
    (decodeCotBatch(bytes)?.messages ?? []).map((message) => {
      const decoded = decodeCotFrame(message);
      return "refused" in decoded ? decoded.refused.code : (decoded.message.event?.uid ?? "");
    }),
  );

function xml(sent: CotEvent): Uint8Array {
  const encoded = encodeCotXml(sent);
  assert.ok("bytes" in encoded);
  return encoded.bytes;
}

function version1(sent: CotEvent): Uint8Array {
  const encoded = encodeTakMessage({ event: sent, control: { minVersion: 1, maxVersion: 1, contactUid: undefined } });
  assert.ok("bytes" in encoded);
  return meshFrame(encoded.bytes);
}

function contact(uid: string, endpoint: string | undefined = "10.0.0.9:4242:tcp"): CotEvent {
  const timeMs = Date.now();
  const built = teamPosition({ uid, callsign: uid, team: "Cyan", role: "HQ", endpoint, point: AT, timeMs, staleMs: timeMs + 60_000 });
  assert.ok("event" in built);
  return built.event;
}

test("version 1 is announced at once; both forms are heard; what goes out is TAK protocol until a neighbour reads XML alone, and again when it says otherwise", async (t) => {
  const { door, links, group, chat, peer } = await opened(t);
  const talker = await member(t, group, chat);
  await holds(() => peer.heard.some(({ form, hasControl }) => form === "protobuf" && hasControl));
  peer.say(version1(contact("ANDROID-1")));
  peer.say(xml(event({ uid: "tracker", type: "a-f-A-M-F-Q" })));
  await door.until(() => uids(door).includes("ANDROID-1") && uids(door).includes("tracker"));
  const chatted = event({ uid: "GeoChat.1", type: "b-t-f" });
  links.send(
    new OutgoingBatch([
      new Outgoing("T1", event({ uid: "T1", type: "a-u-A-M-H-Q" }), false),
      new Outgoing("c", chatted, true),
      new Outgoing("hub", contact("atalaya.test"), false),
    ]),
  );
  const from = (uid: string): readonly Heard[] => peer.heard.filter((one) => one.event?.uid === uid);
  await holds(() => from("T1").length === 1 && from("atalaya.test").length === 1 && talker.heard.length === 1);
  assert.equal(from("T1")[0]?.form, "protobuf", "a tracker without endpoint reads nothing");
  assert.equal(talker.heard[0]?.event?.uid, "GeoChat.1");
  const [self] = from("atalaya.test");
  assert.ok(self?.event !== undefined && self.form === "protobuf");
  const meaning = meaningOf(self.event);
  assert.ok(meaning.kind === "team-position");
  assert.match(meaning.endpoint ?? "", /^127\.0\.0\.1:\d+:tcp$/, "where the mesh reaches it, and not its server");
  // One that can be written to, and has never announced version 1.
  peer.say(xml(contact("OLD")));
  await door.until(() => uids(door).includes("OLD"));
  links.send(new OutgoingBatch([new Outgoing("T2", event({ uid: "T2", type: "a-u-A-M-H-Q" }), false)]));
  await holds(() => from("T2").length === 1);
  assert.equal(from("T2")[0]?.form, "xml");
  peer.say(version1(contact("OLD")));
  await door.until(() => uids(door).filter((uid) => uid === "OLD").length === 2);
  links.send(new OutgoingBatch([new Outgoing("T3", event({ uid: "T3", type: "a-u-A-M-H-Q" }), false)]));
  await holds(() => from("T3").length === 1);
  assert.equal(from("T3")[0]?.form, "protobuf");
  assert.ok(!uids(door).some((uid) => /^T\d$/.test(uid)), "our own words do not come back in");
});

test("hostile datagrams are counted and hurt nobody, and a flood is cut", async (t) => {
  const { door, links, peer } = await opened(t);
  for (const bytes of [
    "",
    "x",
    "\u00bf",
    "\u00bf\u0002\u00bfabc",
    "\u00bf\u0001\u00bf\u00ff\u00ff",
    "<event",
    "<!DOCTYPE a>",
    "y".repeat(40_000),
  ])
    peer.say(Buffer.from(bytes, "latin1"));
  peer.say(xml(event({ uid: "good", type: "a-u-A-M-H-Q" })));
  await door.until(() => uids(door).includes("good"));
  assert.ok(door.refusals.length >= 2);
  for (let k = 0; k < 3000; k += 1) peer.say(xml(event({ uid: `F${k}`, type: "a-u-A-M-H-Q" })));
  await door.until(() => door.refusals.includes("too-fast"));
  assert.ok(links.counts.slowed > 0);
  assert.ok(uids(door).length < 2500);
});

test("a mesh member written in Python, with nothing but its standard library, hears us and is heard", async (t) => {
  const { door, links, group, port } = await opened(t);
  const script = `
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("${group}", ${port}))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4s", socket.inet_aton("${group}"), socket.inet_aton("127.0.0.1")))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
s.sendto(sys.stdin.buffer.read(), ("${group}", ${port}))
while True:
    data, _ = s.recvfrom(65535)
    if b"FROM-HUB" in data:
        print(data[:3].hex(), flush=True)
        break
`;
  const python = spawn("python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  python.stdout.on("data", (chunk: Buffer) => (said += String(chunk)));
  python.stdin.end(xml(event({ uid: "from-python", type: "a-u-A-M-H-Q" })));
  await door.until(() => uids(door).includes("from-python"));
  const exited = once(python, "exit");
  links.send(new OutgoingBatch([new Outgoing("h", event({ uid: "FROM-HUB", type: "a-u-A-M-H-Q" }), false)]));
  await exited;
  assert.equal(said.trim(), "bf01bf");
});

test("a neighbour that has not been heard for two minutes is none, and one that announces other versions reads no version 1", () => {
  const neighbours = new Neighbours();
  const frame = (bytes: Uint8Array): Parameters<Neighbours["hear"]>[0] => {
    const read = frameOfDatagram(bytes);
    assert.ok("frame" in read);
    return read.frame;
  };
  assert.equal(neighbours.allReadVersion1(0), true);
  neighbours.hear(frame(xml(contact("OLD"))), "10.0.0.1", "self", 0);
  assert.equal(neighbours.allReadVersion1(119_000), false);
  assert.equal(neighbours.allReadVersion1(120_000), true);
  neighbours.hear(frame(xml(contact("self"))), "10.0.0.1", "self", 0);
  assert.equal(neighbours.allReadVersion1(1), true, "we are no neighbour of our own");
  // It writes XML for the sake of another, and reads version 1 all the same.
  neighbours.hear(frame(version1(contact("NEW"))), "10.0.0.1", "self", 200_000);
  neighbours.hear(frame(xml(contact("NEW"))), "10.0.0.1", "self", 210_000);
  assert.equal(neighbours.allReadVersion1(210_001), true);
  const future = encodeTakMessage({ control: { minVersion: 2, maxVersion: 3, contactUid: "FUTURE" } });
  assert.ok("bytes" in future);
  neighbours.hear(frame(meshFrame(future.bytes)), "10.0.0.1", "self", 220_000);
  assert.equal(neighbours.allReadVersion1(220_001), false);
});

test("a mesh is named by a multicast address, and nothing else", () => {
  assert.deepEqual(meshAddress("udp://239.2.3.1:6969"), {
    group: "239.2.3.1",
    port: 6969,
    ttl: 1,
    interface: undefined,
    chat: { group: "224.10.10.1", port: 17_012 },
  });
  assert.equal(meshAddress("udp://239.2.3.1")?.port, 6969);
  for (const wrong of [
    "udp://10.0.0.1:6969",
    "tcp://239.2.3.1",
    "udp://mesh",
    "239.2.3.1",
    "udp://239.2.3.1?ttl=300",
    "udp://239.2.3.1?ttl=x",
  ])
    assert.equal(meshAddress(wrong), undefined, wrong);
});

test("what is for one device goes to it alone, at the address that it was heard from; what it writes to the hub alone comes in", async (t) => {
  const { door, links, chat, group, peer } = await opened(t);
  links.speaksFor = (certificate, uid) => certificate === "" && uid !== "ISSUED";
  const came: string[] = [];
  links.arrived = (uid) => came.push(uid);
  const talker = await member(t, group, chat);
  const taken: Buffer[] = [];
  const device = createServer((socket) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk)).on("end", () => taken.push(Buffer.concat(chunks)));
  });
  device.listen(0, "127.0.0.1");
  await once(device, "listening");
  t.after(() => device.close());
  const { port } = device.address() as AddressInfo;
  // Its endpoint says another machine: the hub goes by where it was heard from.
  peer.say(version1(contact("ANDROID-1", `10.9.9.9:${port}:tcp`)));
  peer.say(version1(contact("ISSUED", `10.9.9.9:${port}:tcp`)));
  await door.until(() => uids(door).includes("ISSUED"));
  assert.deepEqual(came, ["ANDROID-1"]);
  const steps: string[] = [];
  const toOne = (uid: string): boolean => {
    const outgoing = new Outgoing("m", event({ uid: "GeoChat.m", type: "b-t-f" }), true);
    outgoing.sent = () => steps.push("sent");
    outgoing.unsent = () => steps.push("unsent");
    return links.tell(uid, outgoing);
  };
  assert.deepEqual([toOne("ANDROID-1"), toOne("ISSUED"), toOne("NOBODY")], [true, false, false]);
  await holds(() => taken.length === 1 && steps.length === 1);
  const read = frameOfDatagram(taken[0] ?? new Uint8Array());
  const decoded = "frame" in read ? decodeCotFrame(read.frame) : undefined;
  assert.ok("frame" in read && read.frame.form === "protobuf" && decoded !== undefined && "message" in decoded);
  assert.equal(decoded.message.event?.uid, "GeoChat.m");
  assert.ok(!talker.heard.some((one) => one.event?.uid === "GeoChat.m"), "not over the group");
  device.close();
  assert.equal(toOne("ANDROID-1"), true);
  await holds(() => steps.length === 2);
  assert.deepEqual(steps, ["sent", "unsent"]);

  links.send(new OutgoingBatch([new Outgoing("hub", contact("atalaya.test"), false)]));
  const found = (): string | undefined => {
    const self = peer.heard.find((one) => one.event?.uid === "atalaya.test")?.event;
    const meaning = self === undefined ? undefined : meaningOf(self);
    return meaning?.kind === "team-position" ? meaning.endpoint : undefined;
  };
  await holds(() => found() !== undefined);
  const [host = "", inbox = ""] = (found() ?? "").split(":");
  for (const [k, bytes] of [
    xml(event({ uid: "X", type: "b-t-f" })),
    version1(event({ uid: "P", type: "b-t-f" })),
    new Uint8Array(70_000),
  ].entries()) {
    const socket = connect(Number(inbox), host);
    socket.on("error", () => undefined);
    // Byte by byte, or all at once.
    if (k === 0) for (const byte of bytes) socket.write(Uint8Array.of(byte));
    else socket.write(bytes);
    socket.end();
    await new Promise((resolve) => socket.on("close", resolve));
  }
  await door.until(() => uids(door).includes("X") && uids(door).includes("P"));
});
