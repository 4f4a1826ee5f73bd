// What officers supply of the sky and the ground, in a real browser against a real hub: elements pasted and dropped, a wind, landmarks in two languages.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { beastOf, squitters } from "@atalaya/testing/aircraft";
import { type Misdeeds, startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { madeElements } from "@atalaya/testing/elements";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { lineOf } from "@atalaya/testing/flights";
import { removeFolder } from "@atalaya/testing/hub";
import { freePort, type HubProcess, startHubProcess } from "@atalaya/testing/hub-process";
import type { Page } from "playwright-core";

const SLOW = { timeout: PATIENCE_MS };

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

describe("the sky and the ground", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-sky-"));
  let browser: TestBrowser;
  let hub: HubProcess;
  let page: Page;
  let misdeeds: Misdeeds;
  let adsbPort = 0;
  before(async () => {
    adsbPort = await freePort();
    const words = ["--no-demo", "--data", data, "--adsb-port", String(adsbPort)];
    [hub, browser] = await Promise.all([startHubProcess(words), startBrowser()]);
    ({ page, misdeeds } = await browser.page());
    await page.goto(hub.setupLink ?? "");
    await page.fill("[name=name]", "J. Amaya", SLOW);
    await page.fill("[name=password]", "a long pass phrase 1");
    await page.click("button[type=submit]");
    await page.waitForSelector('nav button:has-text("Reports")', SLOW);
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    removeFolder(data);
  });

  test("elements are pasted, counted and shown with their age; what cannot be read is named by its line, and a text of nothing is not kept", async () => {
    await page.locator("nav").getByRole("button", { name: "Reports", exact: true }).click();
    await page.locator("[data-sky]").getByText("No orbital elements").waitFor(SLOW);
    await page.locator("[data-sky]").getByRole("button", { name: "Change" }).click();
    const form = page.locator("[data-form=elements]");
    const good = madeElements("SYNTH ONE", Date.now() - 2 * 86_400_000);
    const broken = `${good.slice(0, -1)}${(Number(good.at(-1)) + 1) % 10}`;
    await form.locator("textarea").fill(broken);
    await form.getByRole("button", { name: "Read and keep" }).click();
    await page.waitForSelector("[data-read=none]", SLOW);
    await shows(page.locator("[data-read=none]"), /Nothing of this could be read[\s\S]*Line 2: the checksum of line 2 is wrong/);
    assert.equal(await page.locator("[data-elements]").count(), 0);
    await form.locator("textarea").fill(`${broken}\n${good}\n${madeElements("SYNTH TWO", Date.now() - 5 * 86_400_000, "99902")}`);
    await form.getByRole("button", { name: "Read and keep" }).click();
    await page.waitForSelector("[data-read='2']", SLOW);
    await shows(
      page.locator("[data-read='2']"),
      /Read: 2 satellites, elements 2\.0 to 5\.0 days old\.\s+◆ 1 not read:\s+Line 2: the checksum of line 2 is wrong/,
    );
    await page.locator("[data-elements=pasted]").waitFor(SLOW);
    await shot(page, "sky-dark");
    await assertAccessible(page, "the sky");
  });

  test("a file that is dropped is read in; a set too old to be used says so with a mark", async () => {
    const old = madeElements("OLD", Date.now() - 40 * 86_400_000, "99903");
    const file = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "visual.txt", { type: "text/plain" }));
      return transfer;
    }, old);
    await page.locator("[name=elements]").dispatchEvent("drop", { dataTransfer: file });
    await page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>("[name=elements]")?.value.includes("OLD"),
      undefined,
      SLOW,
    );
    await eventually(async () => assert.equal(await page.locator("[name=elementsName]").inputValue(), "visual.txt"));
    await page.locator("[data-form=elements]").getByRole("button", { name: "Read and keep" }).click();
    const set = page.locator("[data-elements=visual-txt]");
    await set.waitFor(SLOW);
    await shows(set, /◆ visual\.txt\s+1 satellite, elements 40\.0 days old\. Too old to be used: more than 14 days\./);
    await set.getByRole("button", { name: "Remove" }).click();
    await set.waitFor({ state: "detached", ...SLOW });
  });

  test("a wind is entered with its direction, speed and end, and stands in the list of reports while it holds", async () => {
    await page.fill("[name=wind-fromDeg]", "240");
    await page.fill("[name=wind-speed]", "6");
    await page.selectOption("[name=wind-measured]", "measured");
    await page.locator("[data-form=wind]").getByRole("button", { name: "Enter the wind" }).click();
    await page.waitForSelector("[data-wind][data-holds=now]", SLOW);
    await shows(page.locator("[data-wind]"), /From 240°, 6 m\/s\s+measured or forecast, J\. Amaya\./);
    await page
      .locator("[data-sky]")
      .getByText(/Wind from 240°, 6 m\/s, until \d\d:\d\d/)
      .waitFor(SLOW);
    await shot(page, "sky-wind-dark");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator(".pane-detail").getByRole("button", { name: "Close" }).click();
    await page.locator("[data-sky]").getByRole("button", { name: "Change" }).click();
    // On a telephone it is below the map, and is brought before the eyes.
    await page.waitForFunction(
      () => {
        const box = document.querySelector("[data-form=elements]")?.getBoundingClientRect();
        return box !== undefined && box.top < innerHeight && box.bottom > 0;
      },
      undefined,
      SLOW,
    );
    await shot(page, "sky-phone-dark");
    await page.setViewportSize({ width: 1366, height: 768 });
  });

  test("a landmark has a name in each language, and a call may be placed by either", async () => {
    await page.locator("nav").getByRole("button", { name: "Set-up", exact: true }).click();
    await page.locator("nav").getByRole("button", { name: "Zones", exact: true }).click();
    await page.getByRole("button", { name: "Add a landmark" }).click();
    await page.fill("[name=nameEn]", "Old mill");
    await page.fill("[name=nameEs]", "Molino viejo");
    await page.fill("[name=place]", "nowhere");
    await page.getByText("This is no grid reference and no coordinates.").waitFor(SLOW);
    await page.fill("[name=place]", "31.75, -106.48");
    await page.locator("[data-form=landmark]").getByRole("button", { name: "Save" }).click();
    await page.waitForSelector("[data-landmark=old-mill]", SLOW);
    await shot(page, "landmarks-dark");
    await assertAccessible(page, "landmarks");
    await page.keyboard.press("v");
    await page.waitForSelector(".voice-form", SLOW);
    await page.waitForFunction(() => document.querySelectorAll("#voice-places option").length === 2, undefined, SLOW);
    await page.fill(".voice-form [name=place]", "molino");
    await page
      .locator(".read-back")
      .getByText(/You stand at Molino viejo/)
      .waitFor(SLOW);
    await page.keyboard.press("Escape");
  });

  test("a manned aircraft that comes close to a drone is told to the officer with its closest approach, and is no danger", async () => {
    const source = async (body: object): Promise<string> =>
      page.evaluate(async (text) => {
        const headers = { "x-atalaya": "1", "content-type": "application/json" };
        const response = await fetch("/api/v1/sources", { method: "POST", headers, body: text });
        const answer = (await response.json()) as { readonly key?: string };
        if (!response.ok) throw new Error(JSON.stringify(answer));
        return answer.key ?? "";
      }, JSON.stringify(body));
    await source({ name: "Roof", kind: "adsb" });
    const key = await source({ name: "Receiver", kind: "http", format: "remote-id", origin: "live" });
    const receiver = connect(adsbPort, "127.0.0.1");
    await once(receiver, "connect");
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
    let step = 0;
    const flight = setInterval(() => {
      const drone = { serial: "1588ETEST000000001", transmitter: "60:60:1f:00:00:01", latDeg: 31.752, lonDeg: -106.46 };
      void fetch(`${hub.url}/api/v1/frames`, { method: "POST", headers, body: lineOf(drone, Date.now()) }).catch(() => undefined);
      // From the west, along a line 200 m south of the drone.
      const helicopter = {
        address: 0xa34567,
        latDeg: 31.7502,
        lonDeg: -106.49 + step * 0.00032,
        altitudeFt: 4200,
        heightDifferenceFt: -100,
      };
      receiver.write(beastOf(squitters({ ...helicopter, eastKt: 58, northKt: 0, climbFpm: 0, callsign: "LIFE1" })));
      step += 1;
    }, 1000);
    try {
      await page.locator("nav").getByRole("button", { name: "Watch", exact: true }).click();
      const conflict = page.locator("[data-conflicts]");
      await conflict.getByText(/LIFE1 – T-/).waitFor(SLOW);
      await conflict.getByText(/apart now, closest \d+\sm in .*aircraft \d+\sm above/).waitFor(SLOW);
      assert.equal(await page.locator(".danger-card, [data-warning]").count(), 0);
      await shot(page, "conflict-dark");
      await assertAccessible(page, "the watch with a conflict");
    } finally {
      clearInterval(flight);
      receiver.destroy();
    }
    assert.deepEqual([misdeeds.elsewhere, misdeeds.policy], [[], []]);
  });
});
