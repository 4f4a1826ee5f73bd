// Who may sign in: the one-time link, passwords, sessions, and what slows those who guess.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { paths } from "@atalaya/protocol";
import { closeAfter, cookieOf, person, signIn, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";
import { Identity, SESSION_IDLE_MS, SESSION_MS, SETUP_LINK_MS } from "../src/identity/identity.ts";
import { FREE_FAILURES, SignInLimit } from "../src/identity/sign-in-limit.ts";

const PASSWORD = "a password of some length";

test("the one-time link creates one owner, once, within fifteen minutes", async (context) => {
  let nowMs = 1_000_000;
  const identity = new Identity(temporaryFolder(context), () => nowMs);
  closeAfter(context, () => identity.close());
  assert.equal(identity.hasOwner(), false);
  const late = identity.newSetupToken();
  nowMs += SETUP_LINK_MS;
  assert.equal(await identity.createOwner(late, "Olga", PASSWORD), undefined, "too late");
  const replaced = identity.newSetupToken();
  const token = identity.newSetupToken();
  assert.equal(await identity.createOwner(replaced, "Olga", PASSWORD), undefined, "a newer link voids it");
  assert.equal(await identity.createOwner("x".repeat(43), "Olga", PASSWORD), undefined, "made up");
  assert.equal((await identity.createOwner(token, "Olga", PASSWORD))?.role, "owner");
  assert.equal(await identity.createOwner(token, "Otto", PASSWORD), undefined, "used up");
  const both = identity.newSetupToken();
  const made = await Promise.all([identity.createOwner(both, "Pia", PASSWORD), identity.createOwner(both, "Paul", PASSWORD)]);
  assert.equal(made.filter((account) => account !== undefined).length, 1, "two at once are one");
});

test("a session ends when it was not used for long, at its latest day, and when it is ended", async (context) => {
  let nowMs = 1_000_000;
  const identity = new Identity(temporaryFolder(context), () => nowMs);
  closeAfter(context, () => identity.close());
  const owner = await identity.createOwner(identity.newSetupToken(), "Olga", PASSWORD);
  assert.ok(owner);
  const idle = identity.newSession(owner).token;
  nowMs += SESSION_IDLE_MS + 1;
  assert.equal(identity.session(idle), undefined);
  const used = identity.newSession(owner).token;
  for (let passedMs = 0; passedMs <= SESSION_MS - SESSION_IDLE_MS; passedMs += SESSION_IDLE_MS / 2) {
    assert.equal(identity.session(used)?.name, "Olga");
    nowMs += SESSION_IDLE_MS / 2;
  }
  nowMs += SESSION_IDLE_MS;
  assert.equal(identity.session(used), undefined, "use does not stretch it beyond its days");
  const ended = identity.newSession(owner).token;
  identity.endSession(ended);
  assert.equal(identity.session(ended), undefined);
});

test("neither passwords nor tokens nor keys stand in the file, and only the hub's user may read it", async (context) => {
  const folder = temporaryFolder(context);
  const identity = new Identity(folder);
  const token = identity.newSetupToken();
  const owner = await identity.createOwner(token, "Olga", PASSWORD);
  assert.ok(owner);
  const session = identity.newSession(owner).token;
  const key = identity.newSourceKey("north", "{}");
  assert.equal(identity.sourceOfKey(key), "north");
  identity.close();
  const file = join(folder, "identity.db");
  const bytes = readFileSync(file, "latin1");
  for (const secret of [PASSWORD, token, session, key]) assert.ok(!bytes.includes(secret));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(bytes, /argon2id\$19456\$2\$1\$/, "the hash states its parameters");
});

test("after a few wrong passwords each further try has to wait longer, for that name from that address alone", () => {
  let nowMs = 0;
  const limit = new SignInLimit(() => nowMs);
  for (let k = 0; k < FREE_FAILURES; k += 1) {
    assert.equal(limit.waitMs("Olga", "10.0.0.1"), 0);
    limit.failed("Olga", "10.0.0.1");
  }
  assert.equal(limit.waitMs("OLGA", "10.0.0.1"), 1000);
  assert.equal(limit.waitMs("Olga", "10.0.0.2"), 0, "nobody is locked out from elsewhere");
  nowMs += 1000;
  assert.equal(limit.waitMs("Olga", "10.0.0.1"), 0);
  limit.failed("Olga", "10.0.0.1");
  assert.equal(limit.waitMs("Olga", "10.0.0.1"), 2000);
  for (let k = 0; k < 30; k += 1) limit.failed("Olga", "10.0.0.1");
  assert.equal(limit.waitMs("Olga", "10.0.0.1"), 15 * 60_000, "never longer than a quarter of an hour");
  limit.succeeded("Olga", "10.0.0.1");
  for (let k = 0; k < 40; k += 1) limit.failed(`name ${k}`, "10.0.0.3");
  assert.ok(limit.waitMs("another name", "10.0.0.3") > 0, "one address cannot try many names");
  for (let k = 0; k < 20_000; k += 1) limit.failed("Olga", `10.1.${k >> 8}.${k & 255}`);
  assert.equal(limit.waitMs("name 1", "10.0.0.9"), 0, "what is remembered is bounded");
});

test("the session's cookie is out of reach of scripts and of other sites", async (context) => {
  const hub = await startTestHub(context);
  const token = hub.setupLink?.split("#token=")[1];
  const answer = await person(hub, "", "").ask("POST", paths.owner, { token, name: "Olga", password: PASSWORD });
  const cookie = answer.headers.getSetCookie()[0] ?? "";
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  assert.match(cookie, /Path=\//);
  const wrong = await person(hub, "", "").ask("POST", paths.session, { name: "Olga", password: "wrong" });
  const nobody = await person(hub, "", "").ask("POST", paths.session, { name: "Nobody", password: "wrong" });
  assert.equal(wrong.status, 401);
  assert.equal(await wrong.text(), await nobody.text(), "whether a name exists is not told");
  assert.equal(
    (await person(hub, "", "").ask("POST", paths.owner, { token, name: "Eve", password: PASSWORD })).status,
    403,
    "the link is used up",
  );
  for (let k = 0; k < 6; k += 1) await (await person(hub, "", "").ask("POST", paths.session, { name: "Olga", password: "wrong" })).text();
  const waiting = await person(hub, "", "").ask("POST", paths.session, { name: "Olga", password: PASSWORD });
  assert.equal(waiting.status, 429);
  assert.ok(Number(waiting.headers.get("retry-after")) >= 1);
});

test("whoever signs out, is removed or changes the password loses sessions and streams at once", async (context) => {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const officer = await signIn(hub, owner, "officer");
  const viewer = await signIn(hub, owner, "viewer");
  const streams = [officer, viewer].map((who) => new StreamClient(hub, who, WebSocket as never));
  for (const client of streams) await client.until(() => client.said("hello")[0]);
  const [ofOfficer, ofViewer] = streams;

  assert.equal((await officer.ask("PUT", paths.password, { password: "wrong", newPassword: PASSWORD })).status, 403);
  assert.equal((await officer.ask("PUT", paths.password, { password: "correct horse battery staple", newPassword: PASSWORD })).status, 204);
  assert.equal(await ofOfficer?.until((client) => client.closed), 4401);
  assert.equal((await officer.ask("GET", paths.session)).status, 401);
  const again = await person(hub, "", "").ask("POST", paths.session, { name: officer.name, password: PASSWORD });
  assert.equal(again.status, 200);
  const second = person(hub, officer.name, cookieOf(again));
  assert.equal((await second.ask("DELETE", paths.session)).status, 204);
  assert.equal((await second.ask("GET", paths.session)).status, 401);

  const users = (await (await owner.ask("GET", paths.users)).json()) as { id: string; name: string; role: string }[];
  const idOf = (name: string): string => users.find((user) => user.name === name)?.id ?? "";
  assert.equal((await owner.ask("DELETE", paths.user(idOf(viewer.name)))).status, 204);
  assert.equal(await ofViewer?.until((client) => client.closed), 4401);
  assert.equal((await viewer.ask("GET", paths.session)).status, 401);
  assert.equal((await owner.ask("DELETE", paths.user(idOf(owner.name)))).status, 409, "the last owner stays");
});

test("listening beyond this machine is refused without a certificate", async (context) => {
  await assert.rejects(startTestHub(context, { host: "0.0.0.0" }), /certificate/);
});

test("a link made beside a running hub works in it", async (context) => {
  const hub = await startTestHub(context);
  await signInOwner(hub);
  const beside = new Identity(hub.data);
  const token = beside.newSetupToken();
  beside.close();
  const answer = await person(hub, "", "").ask("POST", paths.owner, { token, name: "Olga Owner", password: "a new password, quite long" });
  assert.equal(answer.status, 200);
  assert.equal((await person(hub, "", cookieOf(answer)).ask("GET", paths.users)).status, 200);
});
