// Outlets of a real hub: set up by its owner, kept over a restart, tried, removed; a person told by SMS who answers; the feed of alerts.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { decodeAlert } from "@atalaya/cap";
import { type Outlet as OutletInfo, type OutletChange, type OutletMade, type OutletTested, paths, type Warning } from "@atalaya/protocol";
import { holds } from "@atalaya/testing/eventually";
import { lineOf } from "@atalaya/testing/flights";
import { type Person, signIn, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { Smsc } from "./smsc.ts";

const PLACE = { latDeg: 31.7501, lonDeg: -106.45 };

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

async function centre(t: TestContext): Promise<{ centre: Smsc; port: number }> {
  const made = new Smsc();
  const port = await made.listen();
  t.after(() => made.close());
  return { centre: made, port };
}

const smpp = (port: number): object => ({
  kind: "smpp",
  name: "Modem bank",
  host: "127.0.0.1",
  port,
  systemId: "atalaya",
  password: "s3cretPW",
  from: "ATALAYA",
  tls: false,
});
const cap = { kind: "cap", name: "Feed", sender: "ioc@sector.example", senderName: "Sector", scope: "Restricted", restriction: "Partners" };

async function onShift(officer: Person, id: string, address: string): Promise<void> {
  const person = { id, name: `Agent ${id}`, language: "es", role: "", team: "alfa", leader: false, ways: [{ channel: "sms", address }] };
  await json(await officer.ask("PUT", paths.person(id), person));
  await json(await officer.ask("PUT", paths.shift(id), { on: true }));
  await json(await officer.ask("PUT", paths.personPlace(id), { ...PLACE, errorM: 10 }));
}

async function fly(hub: TestHub, key: string): Promise<void> {
  for (let k = 0; k < 3; k += 1) {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
    const drone = { serial: "1ATAH00000000001", transmitter: "02:d1:11:00:00:01", latDeg: 31.7505 + k * 1e-6, lonDeg: -106.45 };
    await json(await fetch(hub.url + paths.frames, { method: "POST", headers, body: lineOf(drone, Date.now()) }));
  }
}

/** Those that were set up: the hub's own by TAK is there in any case. */
const outletsOf = async (person: Person): Promise<OutletInfo[]> =>
  (await json<OutletInfo[]>(await person.ask("GET", paths.outlets))).filter(({ kind }) => kind !== "tak");
const rung = async (person: Person): Promise<NonNullable<Warning["ladder"]>[number] | undefined> =>
  (await json<Warning[]>(await person.ask("GET", paths.warnings)))[0]?.ladder?.[0];

test("a person without a device is told by SMS, the receipt and the answer come back, and their words stop the escalation", async (t) => {
  const { centre: smsc, port } = await centre(t);
  const hub = await startTestHub(t);
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const { id } = await json<OutletMade>(await owner.ask("POST", paths.outlets, smpp(port)));
  await holds(async () => (await outletsOf(officer)).find((outlet) => outlet.id === id && outlet.health?.state === "up"));
  await json(await owner.ask("POST", paths.outlets, cap));
  await onShift(officer, "ana", "+52 656 123 4567");
  const { key } = await json<{ key: string }>(await owner.ask("POST", paths.sources, { name: "Receiver", kind: "http" }));
  await fly(hub, key);
  await smsc.until(() => smsc.submitted.length > 0);
  const [sent] = smsc.submitted;
  assert.ok(sent !== undefined);
  assert.equal(sent.to, "526561234567");
  assert.match(sent.text.toString("latin1"), /^ATALAYA: dron desde N, .*Ref [0-9A-Z]{4}$/);
  await holds(async () => ((await rung(officer))?.step === "sent" ? true : undefined));
  const receipt = `id:${Number.parseInt(sent.id, 16)} sub:001 dlvrd:001 submit date:2611250900 done date:2611250901 stat:DELIVRD err:000 text:`;
  smsc.deliver("526561234567", Buffer.from(receipt), { esmClass: 4 });
  await holds(async () => ((await rung(officer))?.step === "delivered" ? true : undefined));
  smsc.deliver("19995550000", Buffer.from("2"));
  smsc.deliver("526561234567", Buffer.from("donde?"));
  await holds(async () => ((await rung(officer))?.step === "seen" ? true : undefined));
  smsc.deliver("526561234567", Buffer.from("1"));
  const answered = await holds(async () => {
    const found = await rung(officer);
    return found?.answer === undefined ? undefined : found;
  });
  assert.deepEqual([answered.answer?.answer, answered.answer?.channel, answered.step], ["taking-cover", "sms", "answered"]);
  // The same danger in the feed, and nobody's place in it.
  const feed = await holds(async () => {
    const text = await (await officer.ask("GET", paths.cap)).text();
    return text.includes("<entry>") ? text : undefined;
  });
  const [, href = ""] = /<link rel="alternate" type="application\/cap\+xml" href="([^"]+)"/.exec(feed) ?? [];
  const xml = await (await officer.ask("GET", href.slice(hub.url.length))).text();
  const alert = decodeAlert(xml);
  assert.ok("alert" in alert, xml);
  assert.doesNotMatch(xml, /ana|Agent|656|31\.750/);
  const metrics = await (await officer.ask("GET", paths.metrics)).text();
  assert.match(metrics, new RegExp(`atalaya_outlet_up\\{outlet="${id}"\\} 1`));
});

test("what is set up is kept over a restart, its secrets in no journal and no answer, and gone when it is removed", async (t) => {
  const { centre: smsc, port } = await centre(t);
  const data = temporaryFolder(t);
  const first = await startTestHub(t, { data });
  const owner = await signInOwner(first);
  const { id } = await json<OutletMade>(await owner.ask("POST", paths.outlets, smpp(port)));
  const feed = await json<OutletMade>(await owner.ask("POST", paths.outlets, { ...cap, push: [{ url: "http://127.0.0.1:1/" }] }));
  assert.match(feed.secret ?? "", /^whsec_/);
  await smsc.until(() => smsc.binds.length === 1);
  const again = await owner.ask("POST", paths.outlets, smpp(port));
  assert.equal(again.status, 409);
  for (const [secret, text] of [
    ["s3cretPW", JSON.stringify(await outletsOf(owner))],
    [feed.secret ?? "?", JSON.stringify(await outletsOf(owner))],
  ] as const)
    assert.ok(!text.includes(secret));
  await first.stop();
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name.startsWith("identity.db")) assert.equal(statSync(path).mode & 0o077, 0, path);
    else for (const secret of ["s3cretPW", feed.secret ?? "?", feed.key ?? "?"]) assert.ok(!readFileSync(path).includes(secret), path);
    assert.ok(!readFileSync(path).includes(feed.key ?? "?"), "the feed's key is kept by its hash");
  }
  const second = await startTestHub(t, { data });
  await smsc.until(() => smsc.binds.length === 2);
  const withKey = (authorization: string): Promise<Response> => fetch(second.url + paths.cap, { headers: { authorization } });
  assert.equal((await withKey(`Bearer ${feed.key}`)).status, 200);
  assert.equal((await withKey(`Basic ${Buffer.from(`reader:${feed.key}`).toString("base64")}`)).status, 200);
  assert.equal((await withKey(`Bearer ${"A".repeat(43)}`)).status, 401);
  assert.equal(
    (await fetch(second.url + paths.outlets, { headers: { authorization: `Bearer ${feed.key}` } })).status,
    401,
    "it opens the feed alone",
  );
  const here: Person = { ...owner, ask: (method, path, body) => fetchAs(second, owner, method, path, body) };
  assert.equal((await here.ask("DELETE", paths.outlet(id))).status, 204);
  await smsc.until(() => smsc.unbinds >= 1);
  assert.equal((await here.ask("DELETE", paths.outlet(id))).status, 404);
  assert.equal((await here.ask("DELETE", paths.outlet(feed.id))).status, 204);
  assert.equal((await withKey(`Bearer ${feed.key}`)).status, 401, "its key opens nothing any more");
  assert.equal((await here.ask("GET", paths.cap)).status, 404);
  assert.deepEqual(await outletsOf(here), []);
  // Who set it up and who took it away is on record, without what it keeps secret.
  const changes = await json<readonly OutletChange[]>(await here.ask("GET", paths.outletChanges));
  assert.deepEqual(
    changes.map(({ id: what, change, kind, by, to }) => [what, change, kind, by, to]),
    [
      [feed.id, "removed", "cap", owner.name, "http://127.0.0.1:1/"],
      [id, "removed", "smpp", owner.name, `127.0.0.1:${port}`],
      [feed.id, "added", "cap", owner.name, "http://127.0.0.1:1/"],
      [id, "added", "smpp", owner.name, `127.0.0.1:${port}`],
    ],
  );
});

function fetchAs(hub: TestHub, { cookie }: Person, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(hub.url + path, {
    method,
    headers: { cookie, "x-atalaya": "1", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

test("an officer tries a channel with an address of our people, the owner with any, and both hear what the other side said", async (t) => {
  const { centre: smsc, port } = await centre(t);
  const hub = await startTestHub(t);
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const { id } = await json<OutletMade>(await owner.ask("POST", paths.outlets, smpp(port)));
  await holds(async () => (await outletsOf(officer)).find((outlet) => outlet.health?.state === "up"));
  const tested = await json<OutletTested>(await owner.ask("POST", paths.outletTest(id), { address: "+15550100", language: "es" }));
  assert.equal(tested.ok, true);
  assert.equal(smsc.submitted[0]?.text.toString("latin1"), "ATALAYA: prueba de este canal. No hay peligro. No responda.");
  assert.equal((await officer.ask("POST", paths.outletTest(id), { address: "+15550100" })).status, 400);
  await onShift(officer, "ana", "+15550100");
  assert.equal((await json<OutletTested>(await officer.ask("POST", paths.outletTest(id), { address: "+15550100" }))).ok, true);
  smsc.statuses = [0x0b];
  const refused = await json<OutletTested>(await owner.ask("POST", paths.outletTest(id), { address: "+15550100" }));
  assert.deepEqual([refused.ok, /0x0000000b/.test(refused.detail)], [false, true]);
  assert.equal((await owner.ask("POST", paths.outletTest("nothing"), { address: "x" })).status, 404);
});

test("what would send in the clear beyond the site, or where nothing is to be sent, is not set up", async (t) => {
  const hub = await startTestHub(t);
  const owner = await signInOwner(hub);
  const email = { kind: "email", name: "Mail", host: "mail.example.org", port: 25, security: "none", from: "a@b.example" };
  for (const [body, code] of [
    [{ kind: "webhook", name: "Hook", url: "http://example.org/" }, "url"],
    [{ kind: "webhook", name: "Hook", url: "https://169.254.169.254/" }, "url"],
    [{ kind: "mqtt", name: "Broker", url: "mqtt://broker.example.org" }, "url"],
    [{ kind: "mqtt", name: "Broker", url: "http://127.0.0.1" }, "url"],
    [email, "security"],
    [{ ...email, host: "10.0.0.2", password: "x", username: "y" }, "security"],
    [{ ...email, host: "10.0.0.2", from: "not an address" }, "from"],
    [{ ...smpp(2775), host: "smsc.example.org" }, "tls"],
    [{ ...cap, sender: "two words" }, "sender"],
    [{ ...cap, restriction: undefined }, "restriction"],
    [{ ...cap, scope: "Private" }, "addresses"],
    [{ ...cap, push: [{ url: "http://example.org/" }] }, "url"],
  ] as const) {
    const answer = await owner.ask("POST", paths.outlets, body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(((await answer.json()) as { code: string }).code, code, JSON.stringify(body));
  }
  for (const body of [{ ...cap, scope: "Public" }, { kind: "pigeon", name: "Bird" }, { ...smpp(0) }, {}])
    assert.equal((await owner.ask("POST", paths.outlets, body)).status, 400);
  assert.deepEqual(await outletsOf(owner), []);
});
