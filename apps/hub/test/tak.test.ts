// TAK from end to end: a certificate from the console's API, a client with the package that came of it, what it is told, and what is kept of what it says.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type CotEvent, chatMessage, element, encodeCotXml, teamPosition } from "@atalaya/cot";
import { encodeCotBatch, Picture } from "@atalaya/picture";
import { type Authority, type Certificate, type Enrolment, type Outlet, type OutletTested, paths, type TakHeard } from "@atalaya/protocol";
import { holds } from "@atalaya/testing/eventually";
import { lineOf } from "@atalaya/testing/flights";
import { closeAfter, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import type { z } from "zod";
import { startHub } from "../src/hub.ts";
import { readDataPackage } from "../src/identity/data-package.ts";
import { openKeyStore } from "../src/identity/key-store.ts";
import { readZip, writeZip } from "../src/identity/zip.ts";
import { openSqliteJournal } from "../src/journal/open.ts";
import { Sector } from "../src/sector.ts";
import { WallClock } from "../src/sector-clock.ts";
import type { Door } from "../src/sources/source.ts";
import { event, TakPeer } from "@atalaya/testing/tak-peer";

function selfOf(uid: string, latDeg: number): CotEvent {
  const timeMs = Date.now();
  const point = { latDeg, lonDeg: -106.45, haeM: 1200, ceM: 5, leM: 5 };
  const built = teamPosition({
    uid,
    callsign: "Ana",
    team: "Cyan",
    role: "Medic",
    endpoint: "*:-1:stcp",
    point,
    timeMs,
    staleMs: timeMs + 60_000,
  });
  assert.ok("event" in built);
  return built.event;
}

test("TAK", async (t) => {
  const hub = await startTestHub(t, { takPort: 0, takTlsPort: 0 });
  const owner = await signInOwner(hub);
  const folder = temporaryFolder(t);
  let enrolment: Enrolment | undefined;

  const enrol = async (client: "atak" | "itak", name: string, uid?: string): Promise<Enrolment> => {
    const answer = await owner.ask("POST", paths.certificates, { name, client, host: "127.0.0.1", ...(uid === undefined ? {} : { uid }) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Enrolment;
  };
  const connect = (of: Enrolment, negotiate: boolean): TakPeer => {
    const access = readDataPackage(Buffer.from(of.package, "base64"));
    assert.ok(!("refused" in access), JSON.stringify(access));
    assert.deepEqual([access.host, access.port, access.secure], ["127.0.0.1", hub.takTlsPort, true]);
    return new TakPeer({ port: access.port, negotiate, tls: { ca: access.ca.join(""), cert: access.cert ?? "", key: access.key ?? "" } });
  };

  await t.test("a package for ATAK has its folders and manifest, one for iTAK lies flat; unzip and OpenSSL read both", async () => {
    for (const client of ["atak", "itak"] as const) {
      const made = await enrol(client, "Ana", client === "atak" ? "ANDROID-ana" : undefined);
      if (client === "atak") enrolment = made;
      const file = join(folder, made.fileName);
      writeFileSync(file, Buffer.from(made.package, "base64"));
      const out = join(folder, client);
      const script =
        "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2]); print('\\n'.join(z.namelist()))";
      const names = execFileSync("python3", ["-c", script, file, out], { encoding: "utf8" }).trim().split("\n");
      const certs = client === "atak" ? "certs/" : "";
      assert.deepEqual(names, [
        client === "atak" ? "MANIFEST/manifest.xml" : "manifest.xml",
        ...["atalaya.pref", "atalaya-client.p12", "atalaya-ca.p12"].map((name) => certs + name),
      ]);
      const listed = readFileSync(join(out, names[0] ?? ""), "utf8");
      for (const name of names.slice(1)) assert.ok(listed.includes(`zipEntry="${name}"`), name);
      for (const name of names.slice(0, 2)) execFileSync("xmllint", ["--noout", join(out, name)]);
      const preferences = readFileSync(join(out, `${certs}atalaya.pref`), "utf8");
      assert.ok(preferences.includes(`>127.0.0.1:${hub.takTlsPort}:ssl<`));
      assert.ok(preferences.includes(client === "atak" ? ">cert/atalaya-ca.p12<" : ">atalaya-ca.p12<"));
      const words = ["pkcs12", "-in", join(out, `${certs}atalaya-client.p12`), "-passin", `pass:${made.password}`, "-nokeys", "-clcerts"];
      const pem = execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      assert.ok(pem.includes("CN = Ana"));
      assert.match(made.connect, /^[^,]+,127\.0\.0\.1,\d+,ssl$/);
    }
  });

  await t.test(
    "the client is one of us: its position is known for hours, in a class of its own, and a chat to the hub is kept",
    async () => {
      assert.ok(enrolment !== undefined);
      const peer = connect(enrolment, true);
      closeAfter(t, () => peer.socket.destroy());
      await peer.until(({ form }) => form === "protobuf");
      const presence = await peer.until((one) => one.ofType("a-f-G-U-C")[0]);
      const callsign = presence.detail.find(({ name }) => name === "contact")?.attributes["callsign"] ?? "";
      peer.say(selfOf("ANDROID-ana", 31.7611111));
      const from = { uid: "ANDROID-ana", callsign: "Ana", type: "a-f-G-U-C" };
      const message = {
        from,
        to: { uid: presence.uid, callsign },
        messageId: "m1",
        text: "in cover",
        timeMs: Date.now(),
        point: presence.point,
      };
      peer.say(chatMessage(message));
      await holds(() => hub.sector.picture.devices.messages().length === 1);
      const { devices } = hub.sector.picture;
      assert.equal(devices.position("ANDROID-ana")?.latDeg, 31.7611111);
      assert.deepEqual([devices.messages()[0]?.text, devices.messages()[0]?.isOurs], ["in cover", true]);
      await hub.sector.journal.durable(hub.sector.picture.seq);
      const kept = [...hub.sector.journal.read(1, 1000)]
        .filter(({ source }) => source === "tak")
        .map(({ kind, retention }) => `${kind}/${retention}`);
      assert.deepEqual(new Set(kept), new Set(["own-position/own-position"]));
      // Officers read it, and see where a sensor looks but nothing of what it looks at.
      const camera = event({
        uid: "CAM-1",
        type: "b-m-p-s-p-loc",
        detail: [element("sensor", { azimuth: "135", fov: "40", range: "900" })],
      });
      const looksAt = event({ uid: "SPI-1", type: "b-m-p-s-p-i", detail: [element("link", { uid: "CAM-1", relation: "p-p" })] });
      peer.say(camera, { ...looksAt, point: { ...camera.point, latDeg: camera.point.latDeg + 0.001 } });
      await holds(() => [...devices.pointings()].some(({ azimuthDeg }) => Math.abs(azimuthDeg) < 0.01));
      const answer = await owner.ask("GET", paths.takHeard);
      assert.equal(answer.status, 200);
      const heard = (await answer.json()) as TakHeard;
      assert.deepEqual(
        heard.messages.map(({ kind, callsign: name, text, ours }) => [kind, name, text, ours]),
        [["chat", "Ana", "in cover", true]],
      );
      const [pointing] = heard.pointings;
      assert.deepEqual([heard.pointings.length, pointing?.uid, pointing?.position.latDeg], [1, "CAM-1", camera.point.latDeg]);
      assert.ok(Math.abs(pointing?.azimuthDeg ?? 9) < 0.01 && !JSON.stringify(heard).includes(String(camera.point.latDeg + 0.001)));
      // Another's certificate does not speak for this device, and a client without one for nobody.
      const other = connect(await enrol("itak", "Ben"), false);
      const local = new TakPeer({ port: hub.takPort ?? 0 });
      for (const wrong of [other, local]) {
        await wrong.until(({ events }) => events.length > 0);
        wrong.say(selfOf("ANDROID-ana", 10), selfOf("UNKNOWN-1", 10));
      }
      await holds(() => (hub.sector.cotOutcomes.get("team-position") ?? 0) >= 5);
      for (const { socket } of [other, local]) socket.destroy();
      assert.equal(devices.position("ANDROID-ana")?.latDeg, 31.7611111);
      assert.deepEqual(
        [...devices.positions()].filter(({ uid }) => uid === "UNKNOWN-1").map(({ certificate }) => certificate === ""),
        [false],
      );
    },
  );

  await t.test("a drone that a sensor of ours hears is told to every client, the danger to a post as an alarm and in words", async () => {
    assert.ok(enrolment !== undefined);
    const peers = [connect(enrolment, true), new TakPeer({ port: hub.takPort ?? 0 })];
    closeAfter(t, () => peers.forEach(({ socket }) => socket.destroy()));
    for (const peer of peers) await peer.until(({ events }) => events.length > 0);
    const zone = {
      id: "post",
      name: "Post 7",
      kind: "post",
      shape: { type: "circle", centre: { latDeg: 31.75, lonDeg: -106.45 }, radiusM: 300 },
    };
    assert.equal((await owner.ask("PUT", paths.zone("post"), zone)).status, 200);
    const { key } = (await (await owner.ask("POST", paths.sources, { name: "Receiver", kind: "http" })).json()) as { key: string };
    const fly = setInterval(() => {
      const line = lineOf({ serial: "1ATA8ABCD0003", transmitter: "02:d1:11:00:00:03", latDeg: 31.75, lonDeg: -106.45 }, Date.now());
      void fetch(hub.url + paths.frames, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
        body: line,
      }).catch(() => undefined);
    }, 200);
    closeAfter(t, () => clearInterval(fly));
    for (const peer of peers) {
      await peer.until((one) => one.ofType("a-u-A").length >= 2 && one.ofType("b-a-g").length >= 1 && one.ofType("b-t-f").length >= 1);
      await peer.until((one) => one.ofType("u-d-c-c").length >= 1);
      assert.deepEqual(peer.refusals, []);
    }
    const [warning] = [...hub.sector.picture.warnings()];
    assert.equal((await owner.ask("POST", paths.clear(warning?.id ?? ""), { reason: "own drone" })).status, 200);
    for (const peer of peers) await peer.until((one) => one.ofType("b-a-o-can").length >= 1);
  });

  await t.test("a person on shift is warned on the device with the certificate alone, answers by chat, and is confirmed", async () => {
    const made = await enrol("atak", "Eva", "ANDROID-eva");
    const ways = [{ channel: "tak", address: "ANDROID-eva" }];
    const person = { id: "eva", name: "Eva", language: "en", role: "medic", team: "b", leader: false, ways };
    assert.equal((await owner.ask("PUT", `${paths.people}/eva`, person)).status, 200);
    assert.equal((await owner.ask("PUT", `${paths.people}/eva/shift`, { on: true })).status, 200);
    const [device, pretender] = [connect(made, true), new TakPeer({ port: hub.takPort ?? 0 })];
    for (const peer of [device, pretender]) closeAfter(t, () => peer.socket.destroy());
    await device.until(({ form }) => form === "protobuf");
    device.say(selfOf("ANDROID-eva", 31.9));
    pretender.say(selfOf("ANDROID-eva", 31.9));
    await holds(() => hub.sector.picture.person("eva")?.position?.source === "tak");
    const { key } = (await (await owner.ask("POST", paths.sources, { name: "Second", kind: "http" })).json()) as { key: string };
    const flying = setInterval(() => {
      const line = lineOf({ serial: "1ATA8ABCD0077", transmitter: "02:d1:11:00:00:77", latDeg: 31.9, lonDeg: -106.4501 }, Date.now());
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
      void fetch(hub.url + paths.frames, { method: "POST", headers, body: line }).catch(() => undefined);
    }, 200);
    closeAfter(t, () => clearInterval(flying));
    const chats = (peer: TakPeer): readonly CotEvent[] =>
      peer.ofType("b-t-f").filter(({ uid }) => uid.includes(".Ana.") || uid.includes(".ANDROID-eva."));
    const warned = await device.until((peer) =>
      chats(peer).find(({ detail }) => detail.some(({ text }) => text.includes("Answer 1 in cover"))),
    );
    assert.ok(warned.detail.some(({ text }) => /^Drone coming\. .* Get under hard cover now\./.test(text)));
    const to = { uid: warned.detail.find(({ name }) => name === "link")?.attributes["uid"] ?? "", callsign: "Atalaya" };
    const reply = {
      from: { uid: "ANDROID-eva", callsign: "Ana", type: "a-f-G-U-C" },
      to,
      messageId: "r1",
      text: "in cover",
      timeMs: Date.now(),
      point: warned.point,
    };
    pretender.say(chatMessage({ ...reply, messageId: "r0", text: "ok" }));
    device.say(chatMessage(reply));
    await device.until((peer) => peer.ofType("b-t-f-r").length > 0);
    await device.until((peer) => chats(peer).some(({ detail }) => detail.some(({ text }) => text === "Answer kept: in cover.")));
    clearInterval(flying);
    const rung = [...hub.sector.picture.warnings()].flatMap(({ ladder }) => ladder).find(({ personId }) => personId === "eva");
    assert.deepEqual([rung?.answer?.answer, rung?.answer?.channel, rung?.answer?.address], ["taking-cover", "tak", "ANDROID-eva"]);
    assert.deepEqual(chats(pretender), [], "a program that says the uid without the certificate hears nothing of it");
  });

  await t.test("a certificate that is taken back opens nothing from that moment, and the list says so", async () => {
    const made = await enrol("atak", "Lost");
    const peer = connect(made, false);
    await peer.until(({ events }) => events.length > 0);
    const { serial } = made.certificate;
    assert.equal((await owner.ask("DELETE", paths.certificate(serial))).status, 204);
    await peer.closed;
    const again = connect(made, false);
    await again.closed;
    assert.deepEqual(again.events, []);
    assert.equal((await owner.ask("DELETE", paths.certificate(serial))).status, 404);
    const listed = (await (await owner.ask("GET", paths.certificates)).json()) as Certificate[];
    assert.ok(listed.find((one) => one.serial === serial)?.revokedMs !== undefined);
    const { certificate, revocationList, port } = (await (await owner.ask("GET", paths.authority)).json()) as z.infer<typeof Authority>;
    assert.equal(port, hub.takTlsPort);
    writeFileSync(join(folder, "ca.pem"), certificate);
    writeFileSync(join(folder, "list.pem"), revocationList);
    const text = execFileSync("openssl", ["crl", "-in", join(folder, "list.pem"), "-CAfile", join(folder, "ca.pem"), "-noout", "-text"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    assert.ok(text.toLowerCase().includes(serial));
    assert.ok(!hub.sector.picture.devices.owns(serial, "ANY"));
  });

  await t.test("metrics say who is connected, what came and what went", async () => {
    const metrics = await (await owner.ask("GET", paths.metrics)).text();
    assert.match(metrics, /^atalaya_tak_connections \d+$/m);
    assert.match(metrics, /^atalaya_outlet_up\{outlet="tak"\} 1$/m);
    assert.match(metrics, /^atalaya_outlet_waiting\{outlet="tak"\} \d+$/m);
    assert.match(metrics, /^atalaya_tak_sent_events_total [1-9]/m);
    assert.match(metrics, /^atalaya_tak_events_total\{about="team-position"\} [1-9]/m);
  });

  await t.test(
    "it stands among the outlets: who is connected, what people were told by it, and a device that is tried says that it has that",
    async () => {
      const listed = (await (await owner.ask("GET", paths.outlets)).json()) as Outlet[];
      const tak = listed.find(({ kind }) => kind === "tak");
      assert.deepEqual([tak?.channel, tak?.health?.state], ["tak", "up"]);
      const health = tak?.health;
      assert.ok((health?.connected ?? 0) >= 1 && (health?.carried ?? 0) >= 1 && (health?.lastCarriedMs ?? 0) > 0, JSON.stringify(health));
      const trying = { address: "ANDROID-nobody", language: "es" };
      const tried = (await (await owner.ask("POST", paths.outletTest("tak"), trying)).json()) as OutletTested;
      assert.deepEqual(tried, { ok: false, detail: "the device is not connected" });
      assert.equal((await owner.ask("DELETE", paths.outlet("tak"))).status, 404, "it is the hub's own");
    },
  );

  await t.test("a server or a mesh of others is set up like any source; what cannot be is refused with what to do", async () => {
    for (const [body, code] of [
      [{ kind: "tak-server", url: "http://x:1" }, "url"],
      [{ kind: "tak-server", url: "tls://x:8089" }, "certificate"],
      [
        { kind: "tak-server", url: "tls://x:8089", certificate: "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", trusted: "x" },
        "certificate",
      ],
      [{ kind: "tak-server", package: Buffer.from("no zip").toString("base64") }, "no-package"],
      [{ kind: "tak-server", package: writeZip([{ name: "a.pref", content: Buffer.from("<a/>") }]).toString("base64") }, "no-server"],
      [{ kind: "tak-mesh", url: "udp://10.0.0.1" }, "url"],
      [{ kind: "http", format: "cot" }, "format"],
    ] as const) {
      const answer = await owner.ask("POST", paths.sources, { name: "x", ...body });
      assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, code], JSON.stringify(body));
    }
    const before = hub.sector.picture.sources().length;
    const added = await owner.ask("POST", paths.sources, { name: "C2", kind: "tak-server", url: `tcp://127.0.0.1:${hub.takPort}` });
    assert.equal(added.status, 200, await added.clone().text());
    await holds(() => hub.sector.picture.sources().length === before + 1);
    const { id } = (await added.json()) as { id: string };
    // It is our own server: what we tell it comes back, is known as ours and goes no further.
    await holds(() => (hub.sector.cotOutcomes.get("echo") ?? 0) > 0);
    assert.equal((await owner.ask("DELETE", paths.source(id))).status, 204);
  });
});

test("a replay tells nobody anything", async (t) => {
  const options = { data: temporaryFolder(t), port: 0, host: "127.0.0.1", takPort: 0 };
  await assert.rejects(startHub({ ...options, replay: { file: "x.pcap", speed: 1 } }), /leave --tak-port/);
});

test("things on the ground that are not ours are gone from the disk within the hour, and no trace of them is left in the picture", async (t) => {
  let aheadUs = 0;
  const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n) + aheadUs;
  const clock = new WallClock(() => 1_800_000_000_000_000 + monotonicUs(), monotonicUs);
  const folder = temporaryFolder(t);
  const journal = await openSqliteJournal(folder, "Test");
  const sector = Sector.open(journal, clock);
  closeAfter(t, () => sector.stop());
  let door: Door | undefined;
  await sector.run(
    {
      definition: { id: "tak", name: "tak", kind: "tak", origin: "live", format: "cot" },
      start: async (given) => {
        door = given;
      },
      stop: async () => undefined,
    },
    "test",
  );
  const hear = (certificate: string, sent: CotEvent): void => {
    const timeMs = clock.nowUs() / 1000;
    const encoded = encodeCotXml({
      ...sent,
      timeMs: Math.floor(timeMs),
      startMs: Math.floor(timeMs),
      staleMs: Math.floor(timeMs) + 60_000,
    });
    assert.ok("bytes" in encoded);
    door?.frame("cot", encodeCotBatch({ certificate, messages: [{ form: "xml", bytes: encoded.bytes }] }), undefined);
  };
  await sector.command("certificate", { serial: "0a", name: "Ana", change: "issued", by: "test" });
  for (let k = 0; k < 20; k += 1) {
    hear("0a", event({ uid: `BYSTANDER-${k}`, type: "a-n-G", detail: [element("remarks", {}, [], "MARKED-PERSON")] }));
    hear("0a", event({ uid: "SPI", type: "b-m-p-s-p-i", detail: [element("remarks", {}, [], "MARKED-POINT")] }));
  }
  hear("0a", selfOf("ANDROID-ana", 31.7));
  hear("0a", event({ uid: "C2-1", type: "a-u-A-M-H-Q" }));
  await journal.durable(sector.picture.seq);
  const onDisk = (text: string): boolean => ["", "-wal"].some((end) => readFileSync(join(folder, `journal.db${end}`)).includes(text));
  assert.ok(onDisk("MARKED-PERSON") && onDisk("MARKED-POINT") && onDisk("C2-1"));
  aheadUs = 41 * 60_000_000;
  sector.start();
  const gone = (): boolean =>
    [...journal.read(1, 1000)].filter(({ kind }) => kind === "passing").every(({ payload }) => payload === undefined);
  await holds(gone);
  await holds(() => !onDisk("MARKED-PERSON"));
  assert.ok(!onDisk("MARKED-POINT") && onDisk("C2-1") && onDisk("ANDROID-ana"), "what is ours, and drones, are kept longer");
  assert.equal([...sector.picture.devices.positions()].length, 1);
  await journal.durable(sector.picture.seq);
  const again = new Picture();
  for (const entry of journal.read(1, 10_000)) again.apply(entry);
  again.advance(sector.picture.timeUs);
  assert.deepEqual(again.snapshot(), sector.picture.snapshot());
});

test("archives: what is written is read, by others too; what is damaged or too much is refused", () => {
  const entries = [
    { name: "a/ñ.txt", content: Buffer.from("hello") },
    { name: "empty", content: Buffer.alloc(0) },
  ];
  const archive = writeZip(entries);
  assert.deepEqual(
    readZip(archive)?.map(({ name, content }) => [name, Buffer.from(content).toString()]),
    [
      ["a/ñ.txt", "hello"],
      ["empty", ""],
    ],
  );
  const script =
    "import sys,zipfile,io; b=io.BytesIO(); z=zipfile.ZipFile(b,'w',zipfile.ZIP_DEFLATED); z.writestr('x.pref','y'*100000); z.close(); sys.stdout.buffer.write(b.getvalue())";
  const theirs = execFileSync("python3", ["-c", script]);
  assert.equal(readZip(theirs)?.[0]?.content.length, 100_000);
  const bomb = execFileSync("python3", ["-c", script.replace("100000", "50000000")], { maxBuffer: 1 << 24 });
  assert.equal(readZip(bomb), undefined);
  for (let cut = 0; cut < theirs.length; cut += 3) assert.equal(readZip(theirs.subarray(0, cut)), undefined);
  for (let at = 0; at < archive.length; at += 1) {
    const damaged = Buffer.from(archive);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    readZip(damaged);
  }
});

test("key stores of other servers are opened, those with ciphers of the past as well", (t) => {
  const folder = temporaryFolder(t);
  const [key, cert] = [join(folder, "k.pem"), join(folder, "c.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x", "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  for (const how of [
    ["-legacy"],
    ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC"],
    ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
  ]) {
    const file = join(folder, "s.p12");
    execFileSync("openssl", ["pkcs12", "-export", "-inkey", key, "-in", cert, "-out", file, "-passout", "pass:atakatak", ...how], {
      stdio: "ignore",
    });
    const store = openKeyStore(readFileSync(file), "atakatak");
    assert.equal(store?.certificates.length, 1, how.join(" "));
    assert.ok(store?.cert !== undefined && store.key?.includes("PRIVATE KEY"));
    assert.equal(openKeyStore(readFileSync(file), "wrong"), undefined);
  }
  assert.equal(openKeyStore(Buffer.from("none"), "x"), undefined);
});
