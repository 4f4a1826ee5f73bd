// A drill through a real hub: what sensors say of a track reaches the map, the table and the panel, and what is found of the sensors the health page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { namedScenario, simulate } from "@atalaya/drills/scenario";
import { startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { removeFolder } from "@atalaya/testing/hub";
import { type HubProcess, startHubProcess } from "@atalaya/testing/hub-process";
import type { Page } from "playwright-core";

const COMMAND = fileURLToPath(new URL("../../../cli/src/main.ts", import.meta.url));
const PLACE = { latDeg: 31.7587, lonDeg: -106.4869, heightHaeM: 1140 };
const SLOW = { timeout: PATIENCE_MS };

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
}

describe("the console while a drill of biased, late and doubled radars flies", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-console-"));
  let browser: TestBrowser;
  let hub: HubProcess;
  let page: Page;
  let endDrill: () => Promise<unknown>;
  before(async () => {
    [hub, browser] = await Promise.all([startHubProcess(["--no-demo", "--data", data]), startBrowser()]);
    ({ page } = await browser.page());
    await page.goto(hub.setupLink ?? "");
    await page.waitForSelector("form", SLOW);
    await page.fill("[name=name]", "J. Amaya");
    await page.fill("[name=password]", "a long pass phrase 1");
    await page.click("button[type=submit]");
    await page.waitForSelector(".frame", SLOW);
    const file = join(data, "messy.detections.jsonl");
    writeFileSync(
      file,
      Array.from(simulate(namedScenario("messy", 4, PLACE), 4).sensing(), (line) => `${JSON.stringify(line)}\n`).join(""),
    );
    const drill = spawn(process.execPath, [
      "-C",
      "source",
      "--disable-warning=ExperimentalWarning",
      COMMAND,
      "drill",
      file,
      "--speed",
      "2",
      "--data",
      data,
    ]);
    endDrill = async () => {
      if (drill.exitCode !== null) return;
      drill.kill("SIGINT");
      await once(drill, "exit");
    };
  });
  after(async () => {
    await endDrill?.();
    await browser?.close();
    await hub?.stop();
    removeFolder(data);
  });

  test("each body is a row with its confidence in a word and a figure, and its error in metres", async () => {
    await eventually(async () => {
      const rows = await page.locator("tr[data-track]").allInnerTexts();
      assert.ok(
        rows.some((row) => /(Near certain|Likely) \d\d\s%\s+[\d,]+\sm/.test(row)),
        rows.join("\n"),
      );
    });
  });

  test("the panel says that it is there, what it could be, who sees it and on which detections that rests, in words, bars and figures", async () => {
    await page
      .locator("tr[data-track]", { hasText: /Near certain|Likely/ })
      .first()
      .click();
    const detail = page.locator(".pane-detail");
    await detail.locator(".associations tbody tr").first().waitFor(SLOW);
    await detail
      .getByText(/R\d radar/)
      .first()
      .waitFor(SLOW);
    await eventually(async () => {
      const text = await detail.innerText();
      assert.match(text, /Why we believe it\s+It is there\s+(Near certain|Likely)\s+\d\d\s%/);
      for (const what of ["Drone", "Bird", "Aircraft", "Not known"])
        assert.match(text, new RegExp(`${what}\\s+(Near certain|Likely|Possible|Unlikely)\\s+(<\\s1|\\d\\d?)\\s%`));
      assert.match(text, /Position error \(95 %\)\s+\d+ × \d+\sm/);
      assert.match(text, /Seen by\s+.*R\d radar/);
      assert.match(text, /How it flies\s+(Straight|Turning|Hard manoeuvre)/);
      assert.match(await detail.locator(".associations tbody tr").first().innerText(), /\s+\d+\ss\s+.*%\s+\d+\.\d\sσ/);
      assert.doesNotMatch(text, /Unverified|not seen/);
    });
    await assertAccessible(page, "the panel");
  });

  test("the health page lists each radar with its errors and their uncertainty, and what the tracker left out", async () => {
    await page.getByRole("button", { name: "Health", exact: true }).click();
    await page.locator("tr[data-sensor$='/R2']").waitFor(SLOW);
    // Radar R2 of this scenario is turned by more than a degree: found, and told with its sign.
    await page.waitForFunction(
      () => /[+−]\d\.\d\d ±\s\d\.\d\d°/.test(document.querySelector("tr[data-sensor$='/R2']")?.textContent ?? ""),
      undefined,
      SLOW,
    );
    await shows(page.locator("tr[data-sensor$='/R2']"), /R2 DRILL\s+Radar\s+[\d,]+\s+0\s+.* ago\s+.*±.*m\s+.*±.*°\s+.*±.*s/);
    await shows(page.locator("tr[data-sensor$='/ADSB1']"), /–\s+–\s+–/);
    await shows(page.locator("[data-tracker]"), /Sent twice\s+[1-9]/);
    await assertAccessible(page, "the health page");
    await page.evaluate(() => localStorage.setItem("atalaya.language", "es"));
    await page.reload();
    await page.getByRole("button", { name: "Estado", exact: true }).click(SLOW);
    await page.locator("tr[data-sensor$='/R2']").waitFor(SLOW);
    // What the hub says of itself comes once a second, and may come after the sensors.
    await shows(page.locator(".page"), /Sensores[\s\S]*Enviadas dos veces/);
  });
});
