// The console in a real browser against a real hub: what an officer does first, and what must never look right when it is not.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { type Misdeeds, startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { removeFolder } from "@atalaya/testing/hub";
import { freePort, type HubProcess, startHubProcess } from "@atalaya/testing/hub-process";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import type { Page } from "playwright-core";
import { THEMES } from "@atalaya/web/tokens";
import { captureOf } from "./recorded-flight.ts";

const OWNER = { name: "J. Amaya", password: "a long pass phrase 1" };
const SERIAL = "1588ETEST000000001";
const SLOW = { timeout: PATIENCE_MS };

async function signIn(page: Page): Promise<void> {
  await page.fill("[name=name]", OWNER.name);
  await page.fill("[name=password]", OWNER.password);
  await page.click("button[type=submit]");
  await page.waitForSelector(".frame", SLOW);
}

/** What the map shows without its labels: how many different colours, and how many bright pixels that only marks have. */
async function mapPixels(page: Page): Promise<{ readonly colours: number; readonly bright: number }> {
  await page.evaluate(() => document.querySelector<HTMLElement>(".map-labels")?.style.setProperty("visibility", "hidden"));
  const picture = (await page.locator(".map-canvas").screenshot()).toString("base64");
  await page.evaluate(() => document.querySelector<HTMLElement>(".map-labels")?.style.removeProperty("visibility"));
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    if (pen === null) return { colours: 0, bright: 0 };
    pen.drawImage(image, 0, 0);
    const { data: pixels } = pen.getImageData(0, 0, image.width, image.height);
    const colours = new Set<number>();
    let bright = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = [pixels[at], pixels[at + 1], pixels[at + 2]];
      colours.add((red << 16) | (green << 8) | blue);
      if (red > 150 && green > 150 && blue > 100) bright += 1;
    }
    return { colours: colours.size, bright };
  }, picture);
}

/** Waits until the map shows at least so much. */
async function assertMapShown(page: Page, colours: number, bright: number): Promise<void> {
  await eventually(async () => {
    const pixels = await mapPixels(page);
    assert.ok(pixels.colours > colours && pixels.bright > bright, `a blank map: ${JSON.stringify(pixels)}`);
  });
}

/** Errors, but for the two answers of the hub that are part of a normal start: no session yet, no map of the user's own. */
function unexpected({ errors }: Misdeeds): readonly string[] {
  return errors.filter((text) => !/status of 401 .*session|status of 404 .*user\.pmtiles/.test(text));
}

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
}

describe("the console against a hub with demo flights", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-console-"));
  let browser: TestBrowser;
  let hub: HubProcess;
  let port: number;
  let page: Page;
  let misdeeds: Misdeeds;
  const start = async (): Promise<HubProcess> => startHubProcess(["--demo", "paso-norte", "--data", data, "--port", String(port)]);
  before(async () => {
    port = await freePort();
    [hub, browser] = await Promise.all([start(), startBrowser()]);
    ({ page, misdeeds } = await browser.page());
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    removeFolder(data);
  });

  test("the link of the first start makes the owner account and leaves the address bar", async () => {
    await page.goto(hub.setupLink ?? "");
    await page.waitForSelector("form", SLOW);
    assert.equal(new URL(page.url()).hash, "");
    await assertAccessible(page, "the page that makes the owner account");
    await signIn(page);
    await page.waitForSelector("tr[data-track]", SLOW);
    await shows(page.locator("button.user"), /J\. Amaya/);
  });

  test("flights are marks on the map and rows of the table, and invented ones are marked DRILL everywhere", async () => {
    await page.waitForFunction(() => document.querySelectorAll("tr[data-track]").length >= 3, undefined, SLOW);
    await assertMapShown(page, 8, 60);
    await eventually(async () => {
      for (const row of await page.locator("tr[data-track]").allInnerTexts()) assert.match(row, /D-.*DRILL/);
    });
    await shows(page.locator(".mode-box"), /DRILL, NOT REAL · SIMULACRO, NO ES REAL/);
    assert.equal(await page.locator(".frame").evaluate((frame) => getComputedStyle(frame).borderTopWidth), "10px");
  });

  test("a track chosen with the keyboard is explained, and the operator's position is not shown unasked", async () => {
    await page.keyboard.press("ArrowDown");
    const detail = page.locator(".pane-detail");
    await detail.locator("h2").waitFor(SLOW);
    await shows(detail, /DRILL\s+D-/);
    await shows(detail, /Height above ellipsoid/);
    assert.doesNotMatch(await detail.innerText(), /Operator, as broadcast/);
    await page.getByRole("button", { name: /Operator position/ }).click();
    await page.fill("[name=purpose]", "Send a patrol to the operator");
    await page.keyboard.press("Enter");
    await page.getByText(/Operator, as broadcast: 31\./).waitFor(SLOW);
    await page.keyboard.press("Escape");
  });

  test("a zone typed in around a flight raises a warning, and the key T takes it", async () => {
    const list = await page.evaluate(async () => (await (await fetch("/api/v1/tracks")).json()) as { number: number }[]);
    const place = await page.evaluate(
      async (number) => (await (await fetch(`/api/v1/tracks/${number}`)).json()) as { position: { latDeg: number; lonDeg: number } },
      list[0]?.number,
    );
    await page.getByRole("button", { name: "Set-up" }).click();
    await page.getByRole("button", { name: "Add a zone" }).click();
    await page.fill("[name=name]", "Clinic");
    await page.fill("[name=lat]", String(place.position.latDeg));
    await page.fill("[name=lon]", String(place.position.lonDeg));
    await page.fill("[name=radius]", "5000");
    await assertAccessible(page, "the zones");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[data-zone=clinic]").waitFor(SLOW);
    await page.getByRole("button", { name: "Watch" }).click();
    const card = page.locator(".danger-card.raised", { hasText: "Clinic" }).first();
    await card.waitFor(SLOW);
    await shows(card, /DRILL Warning/);
    const raised = (): Promise<readonly (string | null)[]> =>
      page.locator(".danger-card.raised").evaluateAll((cards) => cards.map((one) => one.getAttribute("data-warning")));
    const untaken = await raised();
    await page.locator("body").press("t");
    await page
      .getByText(/J\. Amaya took it at/)
      .first()
      .waitFor(SLOW);
    await eventually(async () => {
      const still = await raised();
      assert.ok(untaken.some((id) => !still.includes(id)));
    });
  });

  test("a polygon is drawn by clicking its corners on the map, shown while it is drawn, and saved", async () => {
    await page.getByRole("button", { name: "Set-up" }).click();
    await page.getByRole("button", { name: "Add a zone" }).click();
    await page.fill("[name=name]", "Yard");
    await page.selectOption("[name=outline]", "polygon");
    for (const position of [
      { x: 300, y: 200 },
      { x: 420, y: 210 },
      { x: 360, y: 300 },
    ])
      await page.locator(".map-canvas").click({ position });
    await eventually(async () => assert.equal((await page.inputValue("[name=corners]")).split("\n").length, 3));
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[data-zone=yard]").waitFor(SLOW);
    const zones = await page.evaluate(
      async () => (await (await fetch("/api/v1/zones")).json()) as { id: string; shape: { type: string } }[],
    );
    assert.equal(zones.find(({ id }) => id === "yard")?.shape.type, "polygon");
    await page.locator("[data-zone=yard]").getByRole("button", { name: "Remove" }).click();
    await page.locator("[data-zone=yard]").waitFor({ state: "detached", ...SLOW });
    await page.getByRole("button", { name: "Watch" }).click();
  });

  test("the watch has no violation of the accessibility rules in any theme or in Spanish", async () => {
    for (const theme of THEMES) {
      await page.evaluate((name) => localStorage.setItem("atalaya.theme", name), theme);
      await page.evaluate((name) => localStorage.setItem("atalaya.language", name), theme === "light" ? "es" : "en");
      await page.reload();
      await page.waitForSelector("tr[data-track]", SLOW);
      // Keys do nothing before the hub has said who this is.
      await page.locator("button.user", { hasText: OWNER.name }).waitFor(SLOW);
      await page.keyboard.press("ArrowDown");
      await page.locator(".pane-detail h2").waitFor(SLOW);
      await assertAccessible(page, `the watch, ${theme}`);
      if (theme === "light") {
        await page.locator("html[lang=es]").waitFor(SLOW);
        await shows(page.locator(".pane-dangers"), /Peligros por urgencia/);
      }
    }
  });

  test("a hub that stops answering makes the picture stale within seconds, and a hub that comes back makes it live again", async () => {
    hub.process.kill("SIGSTOP");
    await page.getByText(/Picture is ([3-9]|1\d)\ss old/).waitFor(SLOW);
    await page.locator(".frame.is-stale").waitFor(SLOW);
    const age = await page.locator("tr[data-track] .age").first().innerText();
    await page.waitForTimeout(1500);
    assert.equal(await page.locator("tr[data-track] .age").first().innerText(), age, "ages run on in a stale picture");
    hub.process.kill("SIGCONT");
    await page.waitForFunction(() => document.querySelector(".is-stale") === null, undefined, SLOW);
  });

  test("after a restart of the hub the console comes back by itself, with the zone that was drawn", async () => {
    await hub.stop();
    await page.locator(".frame.is-stale").waitFor(SLOW);
    hub = await start();
    await page.waitForFunction(() => document.querySelector(".is-stale") === null, undefined, SLOW);
    await page.waitForSelector("tr[data-track]", SLOW);
    await page.getByRole("button", { name: "Set-up" }).click();
    await page.locator("[data-zone=clinic]").waitFor(SLOW);
  });

  test("no request left the machine, nothing broke the content security policy, nothing complained", () => {
    assert.deepEqual(misdeeds.elsewhere, []);
    assert.deepEqual(misdeeds.policy, []);
    // While the hub was taken away by the test, the browser itself says that it could not be reached or broke off.
    assert.deepEqual(
      unexpected(misdeeds).filter((text) => !/ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection/.test(text)),
      [],
    );
  });
});

async function replayed(file: string, speed: string, serial: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "atalaya-console-"));
  const hub = await startHubProcess(["--replay", file, "--speed", speed, "--data", data]);
  const browser = await startBrowser();
  try {
    const { page, misdeeds } = await browser.page();
    await page.goto(hub.setupLink ?? "");
    await page.waitForSelector("form", SLOW);
    await signIn(page);
    await page.locator("tr[data-track]", { hasText: serial }).waitFor(SLOW);
    await shows(page.locator(".mode-box"), new RegExp(`REPLAY ×${speed}`));
    await assertMapShown(page, 4, 30);
    assert.deepEqual(misdeeds.elsewhere, []);
    assert.deepEqual(unexpected(misdeeds), []);
  } finally {
    await browser.close();
    await hub.stop();
    removeFolder(data);
  }
}

test("a replayed capture is a track on the map and a row with its serial number, inside the replay frame", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atalaya-capture-"));
  const file = join(folder, "flight.pcap");
  writeFileSync(
    file,
    captureOf({ serial: SERIAL, latDeg: 31.76, lonDeg: -106.49, speedMps: 12, seconds: 240, startMs: Date.UTC(2026, 5, 1, 12) }),
  );
  try {
    await replayed(file, "2", SERIAL);
  } finally {
    removeFolder(folder);
  }
});

test("the recorded flight of a real drone is shown flying under its own serial number", needsShared, async () => {
  await replayed(sharedData("data/remote-id/captures/parrot_anafi4_real.pcapng"), "2", "1588E040445AC004418");
});
