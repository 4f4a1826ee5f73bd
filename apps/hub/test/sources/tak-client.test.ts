// As a client of somebody else's TAK server: what comes in and goes out, who changes over first, and what happens when the server goes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { CotStreamReader, decodeCotFrame, element, encodeCotXml, ping } from "@atalaya/cot";
import { holds } from "@atalaya/testing/eventually";
import { temporaryFolder } from "@atalaya/testing/hub";
import { CertificateAuthority } from "../../src/identity/ca.ts";
import { dataPackage, readDataPackage, type ServerAccess } from "../../src/identity/data-package.ts";
import { Identity } from "../../src/identity/identity.ts";
import { takClient } from "../../src/sources/tak/client.ts";
import { TakLinks } from "../../src/sources/tak/links.ts";
import { Outgoing, OutgoingBatch } from "../../src/sources/tak/outgoing.ts";
import { takServer } from "../../src/sources/tak/server.ts";
import { RecordingDoor } from "./recording-door.ts";
import { event } from "@atalaya/testing/tak-peer";

const definition = { id: "c2", name: "C2", kind: "tak-server", origin: "live", format: "cot" } as const;
const drone = (uid: string): ReturnType<typeof event> => event({ uid, type: "a-u-A-M-H-Q" });
const one = (uid: string, onlyFrom?: string): OutgoingBatch => new OutgoingBatch([new Outgoing(uid, drone(uid), false, onlyFrom)]);

function plainAccess(port: number): ServerAccess {
  return { host: "127.0.0.1", port, secure: false, cert: undefined, key: undefined, ca: [] };
}

async function joined(t: TestContext, access: ServerAccess, more: object = {}): Promise<{ door: RecordingDoor; links: TakLinks }> {
  const links = new TakLinks();
  const door = new RecordingDoor();
  const source = takClient(definition, access, { uid: "atalaya.test", links, firstWaitMs: 20, ...more });
  await source.start(door);
  t.after(() => source.stop());
  return { door, links };
}

test("with the data package that its server gave out it signs in, goes over to TAK protocol and exchanges events", async (t) => {
  const folder = temporaryFolder(t);
  new Identity(folder).close();
  const authority = new CertificateAuthority(folder);
  t.after(() => authority.close());
  const upstream = new TakLinks();
  const server = takServer({
    definition: { id: "tak", name: "tak", kind: "tak", origin: "live", format: "cot" },
    uid: "upstream",
    links: upstream,
    port: undefined,
    tls: { host: "127.0.0.1", port: 0, authority, names: ["other.example"] },
  });
  const theirs = new RecordingDoor();
  await server.start(theirs);
  t.after(() => server.stop());
  const issued = await authority.issue({ name: "Atalaya" });
  assert.ok(issued !== "too-many");
  const archive = dataPackage({
    kind: "atak",
    title: "C2 <&>",
    host: "127.0.0.1",
    port: server.tlsPort ?? 0,
    password: "pa&ss",
    personalStore: await authority.personalStore(issued, "pa&ss"),
    trustStore: await authority.trustStore("pa&ss"),
  });
  const access = readDataPackage(archive);
  assert.ok(!("refused" in access), JSON.stringify(access));
  const { door, links } = await joined(t, access);
  await holds(() => links.size === 1 && upstream.size === 1);
  // Both ways at once, again and again: nothing may be lost or come in the wrong form around the change.
  for (let k = 0; k < 50; k += 1) {
    links.send(one(`ours-${k}`));
    upstream.send(one(`theirs-${k}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  links.send(one("known to them", "c2"));
  links.send(one("last"));
  const count = (of: RecordingDoor, name: string): number =>
    of.frames.reduce(
      (sum, { bytes }) =>
        sum +
        (
          Buffer.from(bytes)
            .toString("latin1")
            .match(new RegExp(`${name}\\d+`, "g")) ?? []
        ).length,
      0,
    );
  await holds(() => count(theirs, "ours-") === 50 && count(door, "theirs-") === 50);
  await holds(() => theirs.frames.some(({ bytes }) => Buffer.from(bytes).includes("last")));
  assert.ok(!theirs.frames.some(({ bytes }) => Buffer.from(bytes).includes("known to them")));
  assert.deepEqual([door.refusals, theirs.refusals], [[], []]);
  // The last ones came as TAK protocol: no XML in them.
  assert.ok(!Buffer.from(theirs.frames.at(-1)?.bytes ?? "").includes("<event"));
});

test("a server that knows no negotiation is spoken to in XML; pings of both ends are answered; a break is told and mended", async (t) => {
  const sockets: Socket[] = [];
  let said = "";
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (said += String(chunk)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const { door, links } = await joined(t, plainAccess(address !== null && typeof address === "object" ? address.port : 0), {
    timing: { askMs: 100 },
  });
  await holds(() => links.size === 1);
  const asked = encodeCotXml(ping("server", Date.now()));
  assert.ok("bytes" in asked);
  sockets[0]?.write(asked.bytes);
  links.send(one("ours"));
  await holds(() => said.includes('type="t-x-c-t-r"') && said.includes('uid="ours"') && said.includes('uid="atalaya.test-ping"'));
  const forms: string[] = [];
  const reader = new CotStreamReader(
    (frame) => forms.push(`${frame.form} ${"refused" in decodeCotFrame(frame)}`),
    ({ code }) => forms.push(code),
    "xml",
  );
  reader.push(Buffer.from(said));
  assert.deepEqual(new Set(forms), new Set(["xml false"]));
  said = "";
  sockets[0]?.destroy();
  await door.until(() => door.failures.length > 0);
  assert.deepEqual(door.failures, ["tak-closed"]);
  await holds(() => links.size === 1 && sockets.length === 2);
  links.send(one("after"));
  await holds(() => said.includes('uid="after"'));
});

test("nothing is sent between the request for TAK protocol and its answer; one that never comes ends the connection", async (t) => {
  let said = "";
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (said += String(chunk)));
    const support = element("TakControl", {}, [element("TakProtocolSupport", { version: "1" })]);
    const offer = encodeCotXml(event({ uid: "negotiation", type: "t-x-takp-v", detail: [support] }));
    if ("bytes" in offer) socket.write(offer.bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const access = plainAccess(address !== null && typeof address === "object" ? address.port : 0);
  const { door, links } = await joined(t, access, { timing: { negotiationMs: 1500 }, firstWaitMs: 60_000 });
  await holds(() => said.includes("t-x-takp-q"));
  const asked = said;
  links.send(one("held back"));
  await door.until(() => door.failures.length > 0);
  assert.equal(said, asked);
  assert.equal(links.counts.cutOffSilent, 1);
});

test("a server with a certificate of another authority is not spoken to", async (t) => {
  const [one_, two] = [0, 1].map(() => {
    const folder = temporaryFolder(t);
    new Identity(folder).close();
    const authority = new CertificateAuthority(folder);
    t.after(() => authority.close());
    return authority;
  });
  assert.ok(one_ !== undefined && two !== undefined);
  const server = takServer({
    definition: { id: "tak", name: "tak", kind: "tak", origin: "live", format: "cot" },
    uid: "upstream",
    links: new TakLinks(),
    port: undefined,
    tls: { host: "127.0.0.1", port: 0, authority: one_, names: ["localhost"] },
  });
  await server.start(new RecordingDoor());
  t.after(() => server.stop());
  const issued = await two.issue({ name: "x" });
  assert.ok(issued !== "too-many");
  const access = { host: "127.0.0.1", port: server.tlsPort ?? 0, secure: true, cert: issued.certificatePem, key: issued.keyPem };
  const { door, links } = await joined(t, { ...access, ca: [await two.certificatePem()] }, { firstWaitMs: 60_000 });
  await door.until(() => door.failures.length > 0);
  assert.deepEqual([door.failures, links.size], [["tak-certificate"], 0]);
});
