// A report by voice, by keyboard alone: begun, the browser killed in the middle, gone on with, read back and sent; and a report of a device, read.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { removeFolder } from "@atalaya/testing/hub";
import { freePort, type HubProcess, startHubProcess } from "@atalaya/testing/hub-process";
import type { Page } from "playwright-core";

const OWNER = { name: "J. Amaya", password: "a long pass phrase 1" };
const SLOW = { timeout: PATIENCE_MS };
/** Keys do nothing before the hub has said who this is: then the view of reports is there. */
const MAY_REPORT = 'nav button:has-text("Reports")';

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
}

/** Tab until a field has the focus: no hand leaves the keyboard. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let k = 0; k < 60; k += 1) {
    if ((await page.evaluate(() => document.activeElement?.getAttribute("name"))) === name) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${name} cannot be reached by keyboard`);
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** All that the form holds. */
const held = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(".voice-form [name]")]
        .filter(({ value }) => value !== "")
        .map(({ name, value }) => [name, value]),
    ),
  );

describe("a call", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-voice-"));
  const profile = mkdtempSync(join(tmpdir(), "atalaya-voice-profile-"));
  let browser: TestBrowser;
  let hub: HubProcess;
  let page: Page;
  before(async () => {
    const port = await freePort();
    [hub, browser] = await Promise.all([
      startHubProcess(["--demo", "paso-norte", "--data", data, "--port", String(port)]),
      startBrowser({ profile }),
    ]);
    ({ page } = await browser.page());
    await page.goto(hub.setupLink ?? "");
    await page.fill("[name=name]", OWNER.name, SLOW);
    await page.fill("[name=password]", OWNER.password);
    await page.click("button[type=submit]");
    await page.waitForSelector(MAY_REPORT, SLOW);
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    for (const folder of [data, profile]) removeFolder(folder);
  });

  test("is begun with one key, and each field is on the disk as it is typed", async () => {
    await page.keyboard.press("v");
    await page.waitForSelector(".voice-form", SLOW);
    await page.locator(".voice-form [name=count]:focus").waitFor(SLOW);
    await page.keyboard.type("2");
    await tabTo(page, "type");
    await page.keyboard.press("r");
    await tabTo(page, "place");
    await page.keyboard.type("31.76, -106.49");
    await tabTo(page, "direction");
    await page.keyboard.type("SW");
    await page.waitForSelector("[data-saving=saved]", SLOW);
    await eventually(async () =>
      assert.deepEqual(await held(page), {
        count: "2",
        type: "multirotor",
        place: "31.76, -106.49",
        direction: "SW",
        callerLanguage: "en",
      }),
    );
    await assertAccessible(page, "the voice form");
  });

  test("survives a browser that is killed in the middle, field by field", async () => {
    await browser.kill();
    browser = await startBrowser({ profile });
    ({ page } = await browser.page());
    await page.goto(hub.url);
    // The session's cookie may die with the browser: what was typed does not.
    await page.waitForSelector(".frame, form", SLOW);
    if ((await page.locator(".frame").count()) === 0) {
      await page.fill("[name=name]", OWNER.name);
      await page.fill("[name=password]", OWNER.password);
      await page.keyboard.press("Enter");
    }
    await page.waitForSelector(MAY_REPORT, SLOW);
    await page.keyboard.press("2");
    await page.waitForSelector("[data-draft]", SLOW);
    await page.locator("[data-draft] button").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".voice-form", SLOW);
    await eventually(async () =>
      assert.deepEqual(await held(page), {
        count: "2",
        type: "multirotor",
        place: "31.76, -106.49",
        direction: "SW",
        callerLanguage: "en",
      }),
    );
  });

  test("shows beside it what it may be the same as, and one key joins it", async () => {
    // Another report comes in while this one is typed: from a place to the east, pointing to where the two lines cross.
    await page.evaluate(async () => {
      const response = await fetch("/api/v1/reports", {
        method: "POST",
        headers: { "x-atalaya": "1", "content-type": "application/json" },
        body: JSON.stringify({
          id: "report-another",
          how: "voice",
          sentMs: Date.now(),
          observedMs: Date.now(),
          observedErrorS: 5,
          observer: { latDeg: 31.76, lonDeg: -106.496, errorM: 30, by: "map", name: "Levee gate" },
          direction: { type: "compass", word: "S" },
          atRisk: false,
          language: "en",
        }),
      });
      if (!response.ok) throw new Error(await response.text());
    });
    const other = page.locator("[data-same-as]");
    await other.waitFor(SLOW);
    await shows(other, /^S-[0-9A-Z]{4}[\s\S]*ago, Levee gate[\s\S]*Join\s+Ctrl J$/);
    await page.locator(".look-alikes").waitFor(SLOW);
    await shot(page, "voice-dark");
    await page.keyboard.press("Control+j");
    await page.locator("[data-same-as].selected").waitFor(SLOW);
    await shows(other, /Joined/);
    await page.waitForSelector("[data-saving=saved]", SLOW);
    await assertAccessible(page, "the voice form with what it may be the same as");
  });

  test("is read back in the caller's language without losing a field, and sent by keyboard", async () => {
    await tabTo(page, "callBack");
    await page.keyboard.type("channel 3");
    await tabTo(page, "callerLanguage");
    // The whole form in the officer's other language, and back: what was typed stays.
    const before = await held(page);
    for (const name of ["Español", "English"]) {
      await page.locator("button.user").click();
      await page.getByRole("menuitem", { name: new RegExp(name) }).click();
      await page.getByRole("menu").waitFor({ state: "detached", ...SLOW });
      await page
        .locator(".voice-form h2")
        .getByText(name === "English" ? "Call" : "Llamada")
        .waitFor(SLOW);
      await eventually(async () => assert.deepEqual(await held(page), before));
    }
    await tabTo(page, "callBack");
    await page.keyboard.press("F2");
    await shows(page.locator(".read-back p[lang=es]"), /^Le leo\. Usted ve 2 drones, con rotores.*Se ve SW\..*channel 3\. ¿Es correcto\?$/);
    assert.equal((await held(page))["callBack"], "channel 3");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("[data-report]", SLOW);
    await page.waitForSelector(".voice-form", { state: "detached", ...SLOW });
    await shows(page.locator("[data-report]").first(), /S-[0-9A-Z]{4} 2 drones/);
    await shows(page.locator(".pane-detail"), /call back channel 3/);
    // Nothing is left to go on with.
    await page
      .locator("[data-draft]")
      .first()
      .waitFor({ state: "detached", ...SLOW });
    await page
      .locator(".pane-detail")
      .getByText(/2 reports of one event/)
      .waitFor(SLOW);
    await assertAccessible(page, "a report");
  });

  test("what came of it is decided there, and says that the reporter has not seen it", async () => {
    await page.selectOption("[name=outcome]", "bird");
    await page.locator(".pane-detail").getByRole("button", { name: "Decide" }).click();
    await page.waitForFunction(() => /A bird/.test(document.querySelector(".pane-detail p strong")?.textContent ?? ""), undefined, SLOW);
    await shows(page.locator(".pane-detail"), /Not seen by the reporter yet/);
  });
});
