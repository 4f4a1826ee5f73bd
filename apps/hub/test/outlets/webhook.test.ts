// The webhook against a server of the test's own: a signature that its receiver can check, statuses, no second hop, and where nothing is sent to.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { test, type TestContext } from "node:test";
import { newSecret, signature } from "../../src/outlets/http/signed-post.ts";
import { isLoopbackHost, targetRefusal } from "../../src/outlets/http/target.ts";
import { WebhookCarrier } from "../../src/outlets/http/webhook.ts";
import type { Letter } from "../../src/outlets/queued.ts";
import { certificate } from "./certificate.ts";
import { notify } from "./scene.ts";

interface Got {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function server(t: TestContext, answer: { status: number; headers?: Record<string, string>; body?: string }) {
  const got: Got[] = [];
  const listening = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      got.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  t.after(() => listening.close());
  const address = listening.address();
  return { got, url: `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}/hook?x=1` };
}

const letter = (): Letter => {
  const intent = notify({ channel: "webhook", address: "agent-7", language: "es" });
  return { key: intent.id, subject: "s", urgency: 5, holdsMs: 1000, address: "agent-7", language: "es", intent };
};

test("a message is signed JSON with an id that a repetition has again, and it says no position", async (t) => {
  const { got, url } = await server(t, { status: 204 });
  const secret = newSecret();
  const carrier = new WebhookCarrier({ url, secret });
  const one = letter();
  for (let k = 0; k < 2; k += 1)
    assert.deepEqual(await carrier.carry(one, new AbortController().signal), { outcome: "taken", detail: "HTTP 204" });
  const [first, second] = got;
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(first.url, "/hook?x=1");
  assert.equal(first.headers["webhook-id"], one.key);
  assert.equal(first.headers["idempotency-key"], one.key);
  assert.equal(second.headers["webhook-id"], one.key);
  // As a receiver checks it, from the specification alone.
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  assert.equal(key.length, 32);
  const signed = `${String(first.headers["webhook-id"])}.${String(first.headers["webhook-timestamp"])}.${first.body}`;
  assert.equal(first.headers["webhook-signature"], `v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  const said = JSON.parse(first.body) as Record<string, unknown>;
  assert.deepEqual(
    [said["id"], said["kind"], said["level"], said["reference"], said["personId"], said["address"], said["drill"], said["asks"]],
    [one.key, "notify", "warning", "K7Q2", "ana", "agent-7", false, true],
  );
  assert.match(String(said["text"]), /^Viene un dron\./);
  assert.doesNotMatch(first.body, /latDeg|lonDeg/);
});

test("the signature is that of the specification's own example", () => {
  const body = Buffer.from('{"test": 2432232314}');
  assert.equal(
    signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("trouble passes, a refusal stays, and an answer that points elsewhere is not followed", async (t) => {
  for (const [status, outcome] of [
    [500, "again"],
    [503, "again"],
    [429, "again"],
    [408, "again"],
    [400, "refused"],
    [401, "refused"],
    [404, "refused"],
    [501, "refused"],
  ] as const) {
    const { url } = await server(t, { status, body: "x".repeat(100_000) });
    const result = await new WebhookCarrier({ url, secret: newSecret() }).carry(letter(), new AbortController().signal);
    assert.equal(result.outcome, outcome, String(status));
  }
  const elsewhere = await server(t, { status: 200 });
  const { url } = await server(t, { status: 302, headers: { location: elsewhere.url } });
  assert.deepEqual(await new WebhookCarrier({ url, secret: newSecret() }).carry(letter(), new AbortController().signal), {
    outcome: "refused",
    reason: "HTTP 302",
  });
  assert.equal(elsewhere.got.length, 0);
  const busy = await server(t, { status: 429, headers: { "retry-after": "17" } });
  const result = await new WebhookCarrier({ url: busy.url, secret: newSecret() }).carry(letter(), new AbortController().signal);
  assert.deepEqual(result, { outcome: "again", reason: "HTTP 429", afterMs: 17_000 });
  const nobody = await new WebhookCarrier({ url: "http://127.0.0.1:1/", secret: newSecret() }).carry(
    letter(),
    new AbortController().signal,
  );
  assert.equal(nobody.outcome === "again" && nobody.noLink, true);
});

test("over HTTPS the other side shows a certificate that is trusted, or gets nothing", async (t) => {
  const tls = certificate(t);
  let got = 0;
  const listening = createTlsServer(tls, (request, response) => {
    got += 1;
    request.resume();
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  t.after(() => listening.close());
  const address = listening.address();
  const url = `https://localhost:${address !== null && typeof address === "object" ? address.port : 0}/`;
  const carry = (ca: string | undefined) =>
    new WebhookCarrier({ url, secret: newSecret(), ca }).carry(letter(), new AbortController().signal);
  assert.equal((await carry(tls.cert)).outcome, "taken");
  assert.equal((await carry(undefined)).outcome, "again");
  assert.equal(got, 1);
});

test("it is sent over HTTPS to any site, in the clear on this machine alone, and never to what belongs to a machine's own network layer", () => {
  for (const allowed of [
    "https://example.org/x",
    "https://10.0.0.5:8443/",
    "https://192.168.1.9/",
    "http://127.0.0.1:8080/",
    "http://localhost/x",
    "http://[::1]:80/",
  ])
    assert.equal(targetRefusal(allowed), undefined, allowed);
  for (const refused of [
    "http://example.org/",
    "http://10.0.0.5/",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "https://user:word@example.org/",
    "https://169.254.169.254/latest/meta-data",
    "https://0.0.0.0/",
    "https://[fe80::1]/",
    "https://[::]/",
    "https://[::ffff:169.254.169.254]/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    // Other ways to write 169.254.169.254.
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "not an address",
    "",
  ])
    assert.equal(typeof targetRefusal(refused), "string", refused);
  assert.equal(isLoopbackHost("127.9.9.9") && isLoopbackHost("::1") && !isLoopbackHost("10.0.0.1"), true);
});
