// E-mail against a server of the test's own: what is sent, threads and repetition, encryption that is not given up, and what refusals mean.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { EmailCarrier, type EmailSettings, isEmailAddress } from "../../src/outlets/email.ts";
import type { Letter } from "../../src/outlets/queued.ts";
import { certificate } from "./certificate.ts";
import { notify } from "./scene.ts";
import { SmtpServer } from "./smtp-server.ts";

const letter = (more: object = {}): Letter => {
  const intent = notify({ channel: "email", address: "ana@sector.example", language: "es", ...more } as never);
  return { key: intent.id, subject: "s", urgency: 5, holdsMs: 1000, address: "ana@sector.example", language: "es", intent };
};

async function relay(t: TestContext, tls?: { cert: string; key: string }, more: Partial<EmailSettings> = {}) {
  const server = new SmtpServer(tls);
  const port = await server.listen();
  const carrier = new EmailCarrier({
    host: "localhost",
    port,
    security: tls === undefined ? "none" : "starttls",
    from: "atalaya@sector.example",
    ca: tls?.cert,
    ...more,
  });
  t.after(async () => {
    await carrier.stop();
    server.close();
  });
  return { server, carrier };
}

const header = (data: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, "im").exec(data)?.[1]?.replace(/\r\n[ \t]+/g, " ");

/** Encoded words (RFC 2047, "Q") as text. */
function decoded(text: string): string {
  const bytes = text
    .replace(/\?= =\?/g, "?==?")
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_all, words: string) =>
      words.replace(/_/g, " ").replace(/=([0-9A-F]{2})/g, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

test("a message names its warning, has an id that a repetition has again, and asks no machine to answer", async (t) => {
  const { server, carrier } = await relay(t);
  const one = letter();
  for (const each of [one, one, letter({ type: "repeat", times: 1 })])
    assert.deepEqual(await carrier.carry(each), { outcome: "taken", detail: "250 2.0.0 queued as 4711" });
  const [first, again, next] = server.mails;
  assert.ok(first !== undefined && again !== undefined && next !== undefined);
  assert.equal(first.from, "<atalaya@sector.example>");
  assert.equal(first.to, "<ana@sector.example>");
  assert.match(header(first.data, "message-id") ?? "", /^<[0-9a-f]{32}@sector\.example>$/);
  assert.equal(header(again.data, "message-id"), header(first.data, "message-id"));
  assert.notEqual(header(next.data, "message-id"), header(first.data, "message-id"));
  assert.equal(header(next.data, "in-reply-to"), header(first.data, "in-reply-to"), "one thread for one warning");
  assert.equal(header(first.data, "auto-submitted"), "auto-generated");
  assert.match(decoded(header(first.data, "subject") ?? ""), /^\[K7Q2\] Viene un dron\. Desde el suroeste\./);
  assert.match(first.data, /Viene un dron\./);
});

test("with encryption asked for, nothing is sent without it: not where it is not offered, not to a certificate that is not trusted", async (t) => {
  const tls = certificate(t);
  const { server, carrier } = await relay(t, tls, { username: "hub", password: "pass word" });
  assert.equal((await carrier.carry(letter())).outcome, "taken");
  assert.deepEqual([server.mails[0]?.secure, server.mails[0]?.user], [true, "hub pass word"]);
  server.offersTls = false;
  const bare = await carrier.carry(letter());
  assert.equal(bare.outcome === "again" && bare.noLink, true);
  const other = await relay(t, tls, { ca: undefined });
  const untrusted = await other.carrier.carry(letter());
  assert.equal(untrusted.outcome === "again" && untrusted.noLink, true);
  assert.deepEqual([server.mails.length, other.server.mails.length], [1, 0]);
});

test("a refusal for good stays, one that passes is tried again, and a wrong password is no fault of the message", async (t) => {
  const { server, carrier } = await relay(t);
  server.answers.push(["RCPT", "550 5.1.1 no such user"]);
  const unknown = await carrier.carry(letter());
  assert.equal(unknown.outcome, "refused");
  assert.match(unknown.outcome === "refused" ? unknown.reason : "", /no such user/);
  server.answers.push(["RCPT", "451 4.7.1 later"]);
  assert.deepEqual((await carrier.carry(letter())).outcome, "again");
  server.answers.push(["END", "554 5.7.1 no"]);
  assert.equal((await carrier.carry(letter())).outcome, "refused");
  const tls = certificate(t);
  const signed = await relay(t, tls, { username: "hub", password: "wrong" });
  signed.server.answers.push(["AUTH", "535 5.7.8 no"]);
  const result = await signed.carrier.carry(letter());
  assert.equal(result.outcome === "again" && result.noLink, true);
  assert.equal(await carrier.probe(), true);
  server.close();
  await assert.rejects(carrier.probe());
});

test("an address that is none, or would add a header or a second recipient, is refused", async (t) => {
  const { server, carrier } = await relay(t);
  for (const address of [
    "ana",
    "ana@x.org, b@y.org",
    "ana@x.org\r\nBcc: b@y.org",
    "<ana@x.org>",
    "a b@x.org",
    "",
    `${"a".repeat(300)}@x.org`,
  ]) {
    assert.equal(isEmailAddress(address), false, address);
    assert.equal((await carrier.carry({ ...letter(), address })).outcome, "refused");
  }
  assert.equal(server.mails.length, 0);
});
