// The officer's page of people: somebody is added, a code is shown to be scanned, the phone that joined by it is listed and taken back.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { type Hub, startHub } from "@atalaya/hub";
import { type DeviceInfo, paths } from "@atalaya/protocol";
import { startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { cookieOf, person } from "@atalaya/testing/hub";

const SLOW = { timeout: 20_000 };

describe("the people of the console", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-people-"));
  let hub: Hub;
  let browser: TestBrowser;
  before(async () => {
    [hub, browser] = await Promise.all([startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", data }), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  test("a person is added, a phone joins by the code once, is listed, and its session ends when it is taken back", async () => {
    const { page, misdeeds } = await browser.page();
    await page.goto(hub.setupLink ?? "");
    await page.fill("[name=name]", "J. Amaya");
    await page.fill("[name=password]", "a long pass phrase 1");
    await page.click("button[type=submit]");
    await page.getByRole("button", { name: "People" }).click(SLOW);
    await page.fill("[name=name]", "Núñez, Ana");
    await page.fill("[name=team]", "Alfa");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[data-person=nunez-ana]").waitFor(SLOW);
    await page.locator("[data-make-code]").click(SLOW);
    await page.getByRole("img", { name: "Join" }).waitFor(SLOW);
    // A hub that listens on its own machine only says so beside the code.
    await page.getByText("--own-cert").waitFor(SLOW);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
    const code = await page.locator("[data-join]").getAttribute("data-join");
    const stranger = person(hub, "", "");
    const joined = await stranger.ask("POST", paths.join, { code, device: "Ana's phone" });
    assert.equal(joined.status, 200);
    assert.equal(((await joined.clone().json()) as DeviceInfo).person.name, "Núñez, Ana");
    assert.equal((await stranger.ask("POST", paths.join, { code, device: "another" })).status, 401, "good once");
    const phone = person(hub, "Ana", cookieOf(joined));
    assert.equal((await phone.ask("GET", paths.device)).status, 200);
    const row = page.locator("[data-device]", { hasText: "Ana's phone" });
    await row.waitFor(SLOW);
    await row.getByRole("button", { name: "Take back" }).click();
    await row.waitFor({ state: "detached", ...SLOW });
    assert.equal((await phone.ask("GET", paths.device)).status, 401);
    assert.deepEqual([misdeeds.elsewhere, misdeeds.policy], [[], []]);
  });
});
