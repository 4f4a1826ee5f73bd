// The spool of gammu-smsd, with a daemon of the test's own that moves files as the real one does.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { temporaryFolder } from "@atalaya/testing/hub";
import type { Letter } from "../../src/outlets/queued.ts";
import { SpoolCarrier } from "../../src/outlets/sms/spool.ts";
import { notify } from "./scene.ts";

async function spool(t: TestContext) {
  const root = temporaryFolder(t);
  const folder = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const folders = { outbox: folder("outbox"), sent: folder("sent"), error: folder("error"), inbox: folder("inbox") };
  const carrier = new SpoolCarrier(folders);
  const replies: string[] = [];
  let told: () => void = () => undefined;
  await carrier.start({
    link: () => undefined,
    receipt: () => undefined,
    reply: (from, text) => (replies.push(`${from}: ${text}`), told()),
  });
  t.after(() => carrier.stop());
  const messages = (): string[] => readdirSync(folders.outbox).filter((name) => name.startsWith("OUT"));
  const appears = async (): Promise<string> => {
    for (;;) {
      const [name] = messages();
      if (name !== undefined) return name;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      told = () => {
        if (replies.length >= count) resolve();
      };
      told();
    });
  return { folders, carrier, replies, messages, appears, until };
}

const letter = (): Letter => {
  const intent = notify();
  return { key: intent.id, subject: "s", urgency: 5, holdsMs: 300_000, address: "+52 656 123 4567", language: "es", intent };
};

test("a message is a whole file with its number, urgent ones first, and is sent once the daemon says so", async (t) => {
  const { folders, carrier, appears } = await spool(t);
  const one = letter();
  const result = carrier.carry(one, new AbortController().signal);
  const name = await appears();
  assert.match(name, /^OUTA\d{8}_\d{6}_00_\+526561234567_[0-9a-f]{16}\.txt$/);
  assert.equal(
    readFileSync(join(folders.outbox, name), "utf8"),
    "ATALAYA: dron desde SO, 1.4 km, 78 s. Cubrase. Responda 1 a cubierto 2 ayuda. Ref K7Q2",
  );
  renameSync(join(folders.outbox, name), join(folders.sent, name));
  assert.equal((await result).outcome, "taken");
  // Again under the same key: it has been sent.
  assert.equal((await carrier.carry(one, new AbortController().signal)).outcome, "taken");
  assert.deepEqual(readdirSync(folders.outbox), [".atalaya"]);
});

test("what the modem could not send is tried again, and what no daemon takes is taken back", async (t) => {
  const { folders, carrier, appears, messages } = await spool(t);
  const one = letter();
  const failed = carrier.carry(one, new AbortController().signal);
  const name = await appears();
  renameSync(join(folders.outbox, name), join(folders.error, name));
  assert.deepEqual(await failed, { outcome: "again", reason: "the modem could not send it" });
  const abort = new AbortController();
  const stuck = carrier.carry(one, abort.signal);
  await appears();
  assert.equal(await carrier.probe(), false);
  abort.abort();
  assert.deepEqual(await stuck, { outcome: "again", reason: "the SMS daemon does not take it", noLink: true });
  assert.deepEqual(messages(), []);
  assert.equal(await carrier.probe(), true);
  assert.equal((await carrier.carry({ ...one, address: "../../etc/passwd" }, new AbortController().signal)).outcome, "refused");
});

test("replies are read in both writings of the daemon, once, and other files are left alone", async (t) => {
  const { folders, replies, until } = await spool(t);
  writeFileSync(
    join(folders.inbox, "IN20261125_090000_00_+526561234567_00.txt"),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("2 ayuda á", "utf16le")]),
  );
  await until(1);
  writeFileSync(join(folders.inbox, "IN20261125_090001_00_+526561234567_00.txt"), "1");
  writeFileSync(join(folders.inbox, "somebody-elses.txt"), "no");
  await until(2);
  assert.deepEqual(replies, ["+526561234567: 2 ayuda á", "+526561234567: 1"]);
  assert.deepEqual(readdirSync(folders.inbox), ["somebody-elses.txt"]);
});

test("folders that are not there are said at once", async (t) => {
  const root = temporaryFolder(t);
  const carrier = new SpoolCarrier({ outbox: join(root, "a"), sent: root, error: root, inbox: root });
  await assert.rejects(async () => carrier.start({ link: () => undefined, receipt: () => undefined, reply: () => undefined }));
});
