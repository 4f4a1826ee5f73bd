// Each kind of outlet set up, tried and taken away through its form, with what it speaks to on the other side: a message centre, a mail server, a broker, a
// web server, a feed, a TAK client. What the other side got is looked at there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { connect as connectTcp, type AddressInfo } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { decodeAlert } from "@atalaya/cap";
import { type Outlet, paths } from "@atalaya/protocol";
import { startBrowser } from "@atalaya/testing/browser";
import { holds, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { closeAfter, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import { freePort } from "@atalaya/testing/hub-process";
import { event, TakPeer } from "@atalaya/testing/tak-peer";
import { connectAsync } from "mqtt";
import type { Page } from "playwright-core";
import { Smsc } from "../../../hub/test/outlets/smsc.ts";
import { SmtpServer } from "../../../hub/test/outlets/smtp-server.ts";

const PASSWORD = "a long pass phrase 1";
const SLOW = { timeout: PATIENCE_MS };

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server that takes everything. */
async function taker(t: TestContext): Promise<{ readonly got: Got[]; readonly url: string }> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      got.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfter(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

async function broker(t: TestContext): Promise<number> {
  const port = await freePort();
  const config = join(temporaryFolder(t), "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const child = spawn("mosquitto", ["-c", config], { stdio: "ignore", env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` } });
  closeAfter(t, async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
  for (;;) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (isThere) return port;
    await pause(50);
  }
}

test("each kind of outlet is set up, tried and removed through its form, and the other side has what was sent", async (t) => {
  const hub = await startTestHub(t, { takPort: 0 });
  const owner = await signInOwner(hub);
  await owner.ask("POST", paths.users, { name: "The owner", role: "owner", password: PASSWORD });
  const browser = await startBrowser();
  closeAfter(t, () => browser.close());
  const { page, misdeeds } = await browser.page();
  await page.goto(hub.url);
  await page.fill("[name=name]", "The owner", SLOW);
  await page.fill("[name=password]", PASSWORD);
  await page.click("button[type=submit]");
  await page.locator("nav").getByRole("button", { name: "Set-up", exact: true }).click(SLOW);
  await page.getByRole("button", { name: "Outlets", exact: true }).click(SLOW);

  const form = page.locator("[data-form=outlet]");
  const row = (kind: string): ReturnType<Page["locator"]> => page.locator(`[data-outlet^="${kind}"]`);
  /** What is not given stays as the form has it. */
  const add = async (kind: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    await page.getByRole("button", { name: "Add an outlet" }).click();
    await form.locator("[name=kind]").selectOption(kind);
    for (const [name, value] of Object.entries({ name: `The ${kind}`, ...fields })) {
      const field = form.locator(`[name=${name}]`);
      if ((await field.evaluate(({ tagName }) => tagName)) === "SELECT") await field.selectOption(value);
      else await field.fill(value);
    }
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await page.locator("[data-made]", { hasText: `The ${kind} is set up.` }).waitFor(SLOW);
    await row(kind).and(page.locator("[data-state=up]")).waitFor(SLOW);
  };
  const tryIt = async (kind: string, address: string | undefined, outcome: "taken" | "not-taken" = "taken"): Promise<string> => {
    await row(kind).getByRole("button", { name: "Test this channel…" }).click();
    if (address !== undefined) await page.fill("[name=testAddress]", address, SLOW);
    await page.getByRole("button", { name: "Send the test" }).click();
    const said = page.locator(`[data-test=${outcome}]`);
    await said.waitFor(SLOW);
    const text = await said.innerText();
    await page.locator("[data-form=test]").getByRole("button", { name: "Close" }).click();
    return text;
  };
  const remove = async (kind: string): Promise<void> => {
    await row(kind).getByRole("button", { name: "Remove…" }).click();
    await page.getByRole("button", { name: `Remove The ${kind}` }).click();
    await row(kind).waitFor({ state: "detached", ...SLOW });
    await page.getByText(`The owner removed The ${kind}`).waitFor(SLOW);
  };

  await t.test("an SMS centre", async (context) => {
    const centre = new Smsc();
    const port = await centre.listen();
    closeAfter(context, () => centre.close());
    await add("smpp", { host: "127.0.0.1", port: String(port), systemId: "atalaya", password: "s3cretPW" });
    await tryIt("smpp", "+15550100");
    const [sent] = centre.submitted;
    assert.deepEqual([sent?.to, /test/i.test(sent?.text.toString("latin1") ?? "")], ["15550100", true]);
    centre.statuses = [0x0b];
    assert.match(await tryIt("smpp", "+15550100", "not-taken"), /0x0000000b/);
    await remove("smpp");
    await holds(() => centre.unbinds > 0);
  });

  await t.test("e-mail", async (context) => {
    const mail = new SmtpServer();
    const port = await mail.listen();
    closeAfter(context, () => mail.close());
    await add("email", { host: "127.0.0.1", port: String(port), security: "none", from: "hub@example.org" });
    await tryIt("email", "ana@example.org");
    assert.deepEqual(
      mail.mails.map(({ from, to }) => [from, to].map((address) => address.replaceAll(/[<>]/g, ""))),
      [["hub@example.org", "ana@example.org"]],
    );
    await remove("email");
  });

  await t.test("MQTT, with a siren that Home Assistant finds", async (context) => {
    const port = await broker(context);
    const listener = await connectAsync(`mqtt://127.0.0.1:${port}`);
    closeAfter(context, () => listener.endAsync());
    const heard: [string, string][] = [];
    listener.on("message", (topic, body) => heard.push([topic, body.toString()]));
    await listener.subscribeAsync("#");
    await page.getByRole("button", { name: "Add an outlet" }).click();
    await form.locator("[name=kind]").selectOption("mqtt");
    await form.locator("[name=name]").fill("The mqtt");
    await form.locator("[name=url]").fill(`mqtt://127.0.0.1:${port}`);
    await form.getByRole("button", { name: "Add a siren or light" }).click();
    await form.locator("[name=device-id-0]").fill("roof");
    await form.locator("[name=device-name-0]").fill("Roof siren");
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await row("mqtt").and(page.locator("[data-state=up]")).waitFor(SLOW);
    await holds(() => heard.some(([topic, body]) => topic.startsWith("homeassistant/") && body.includes("Roof siren")));
    await tryIt("mqtt", "agent-7");
    await holds(() => heard.some(([topic]) => topic === "atalaya/people/agent-7"));
    await remove("mqtt");
  });

  await t.test("a webhook, whose secret is shown once", async (context) => {
    const { got, url } = await taker(context);
    await add("webhook", { url, partners: "Rural District 4\nCounty Fire" });
    await shows(page.locator("[data-made]"), /whsec_/);
    await tryIt("webhook", "agent-7");
    assert.equal(got.length, 1);
    assert.ok(got[0]?.headers["webhook-signature"] !== undefined, JSON.stringify(got[0]?.headers));
    assert.match(got[0]?.body ?? "", /agent-7/);
    await remove("webhook");
  });

  await t.test("CAP, into the feed and to a partner", async (context) => {
    const { got, url } = await taker(context);
    await add("cap", {
      sender: "hub@example.org",
      senderName: "Paso Oeste",
      scope: "Restricted",
      restriction: "For the partners of the sector",
      push: url,
    });
    await shows(page.locator("[data-made]"), /Key of the feed/);
    await tryIt("cap", undefined);
    const pushed = await holds(() => got[0]);
    const decoded = decodeAlert(pushed.body);
    assert.ok("alert" in decoded && decoded.alert.status === "Test", pushed.body);
    assert.match(await (await owner.ask("GET", paths.cap)).text(), /test\.\d+/);
    await remove("cap");
  });

  await t.test("TAK is there without being set up, and is tried with a device that is connected, or is not", async (context) => {
    const peer = new TakPeer({ port: hub.takPort ?? 0 });
    closeAfter(context, () => peer.socket.destroy());
    peer.say(event({ uid: "ANDROID-zoe", type: "a-f-G-U-C" }));
    await row("tak").filter({ hasText: "1 connected" }).waitFor(SLOW);
    assert.equal(await row("tak").getByRole("button", { name: "Remove…" }).count(), 0);
    assert.match(await tryIt("tak", "ANDROID-nobody", "not-taken"), /the device is not connected/);
  });

  const left = (await (await owner.ask("GET", paths.outlets)).json()) as Outlet[];
  assert.deepEqual(
    left.map(({ kind }) => kind),
    ["tak"],
  );
  // Neither a secret nor what stands behind a question mark is in what is told of changes.
  const changes = await (await owner.ask("GET", paths.outletChanges)).text();
  assert.doesNotMatch(changes, /s3cretPW|whsec_/);
  assert.deepEqual([misdeeds.elsewhere, misdeeds.policy], [[], []]);
});
