// What an officer decides at the console, against a real hub: a level held back with a reason, an answer heard by voice, a danger put aside and taken back,
// one stood down, a source muted; and how a flood looks on the page that says how calm the watch is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { type DangerRules, paths, type User, type Warning } from "@atalaya/protocol";
import { startBrowser } from "@atalaya/testing/browser";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { lineOf } from "@atalaya/testing/flights";
import { closeAfter, signInOwner, startTestHub } from "@atalaya/testing/hub";
import type { Page } from "playwright-core";

const PASSWORD = "a long pass phrase 1";
const SLOW = { timeout: PATIENCE_MS };
/** More than ten alarms in ten minutes are a flood. */
const ZONES = 12;
const PERSON = { latDeg: 31.7, lonDeg: -106.45 };

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

async function more(page: Page, zone: string, what: string): Promise<void> {
  const card = page.locator(".danger-card", { hasText: zone });
  await card.getByRole("button", { name: "More…" }).click();
  await page.getByRole("menuitem", { name: what }).click();
}

async function decide(page: Page, reason: string): Promise<void> {
  await page.fill("[role=dialog] [name=reason]", reason);
  await page.keyboard.press("Enter");
  await page.locator("[role=dialog]").waitFor({ state: "detached", ...SLOW });
}

test("what an officer decides has a reason and a name, and a flood is grouped by what it rests on", async (context) => {
  const hub = await startTestHub(context, { sectorName: "Paso Norte" });
  const owner = await signInOwner(hub);
  await json<User>(await owner.ask("POST", paths.users, { name: "J. Amaya", role: "officer", password: PASSWORD }));
  const { id, key } = await json<{ id: string; key: string }>(await owner.ask("POST", paths.sources, { name: "Roof", kind: "http" }));
  const rules = await json<DangerRules>(await owner.ask("GET", paths.rules));
  const send: DangerRules["send"] = {
    ...rules.send,
    caution: { by: "officer", withinS: 600, otherwise: "withhold" },
    warning: { by: "officer", withinS: 600, otherwise: "send" },
  };
  await json(await owner.ask("PUT", paths.rules, { ...rules, version: rules.version + 1, name: "By an officer", send }));
  const drones = [{ serial: "1ATAH00000000099", transmitter: "02:d1:11:00:01:00", latDeg: PERSON.latDeg + 5e-4, lonDeg: PERSON.lonDeg }];
  for (let k = 0; k < ZONES; k += 1) {
    const centre = { latDeg: 31.75 + k * 0.02, lonDeg: -106.45 };
    const zone = { id: `z${k}`, name: `Yard ${k}.`, kind: "area", shape: { type: "circle", centre, radiusM: 300 } };
    await json(await owner.ask("PUT", paths.zone(zone.id), zone));
    const tail = String(k).padStart(2, "0");
    drones.push({ serial: `1ATAH000000000${tail}`, transmitter: `02:d1:11:00:00:${tail}`, ...centre });
  }
  const ana = { id: "ana", name: "Ana Ibarra", language: "en", role: "agent", team: "alfa", leader: false };
  await json(await owner.ask("PUT", paths.person("ana"), { ...ana, ways: [{ channel: "voice", address: "channel 3" }] }));
  await json(await owner.ask("PUT", paths.shift("ana"), { on: true }));
  await json(await owner.ask("PUT", paths.personPlace("ana"), { ...PERSON, errorM: 10 }));

  const browser = await startBrowser();
  closeAfter(context, () => browser.close());
  const { page } = await browser.page();
  await page.goto(hub.url);
  await page.fill("[name=name]", "J. Amaya");
  await page.fill("[name=password]", PASSWORD);
  await page.click("button[type=submit]");
  await page.waitForSelector(".frame", SLOW);
  const fly = setInterval(() => {
    const body = drones.map((drone) => lineOf(drone, Date.now())).join("");
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
    void fetch(hub.url + paths.frames, { method: "POST", headers, body }).then(
      (answer) => answer.body?.cancel(),
      () => undefined,
    );
  }, 1000);
  closeAfter(context, () => clearInterval(fly));
  const warnings = async (): Promise<readonly Warning[]> => json(await owner.ask("GET", paths.warnings));
  const of = async (name: string): Promise<Warning | undefined> => (await warnings()).find(({ foremost }) => foremost.name === name);
  await page.waitForFunction((n) => document.querySelectorAll(".danger-card").length > n, ZONES, SLOW);

  await context.test("a level that an officer may hold back is asked for with the time left, and held back with a reason", async () => {
    const card = page.locator(".danger-card", { hasText: "Ana Ibarra" });
    const asked = card.getByRole("group", { name: /Send “Warning” to those in danger/ });
    await asked.waitFor(SLOW);
    await shows(asked, /\d+\s(min|s) left/);
    await asked.getByRole("button", { name: "Withhold…" }).click();
    await decide(page, "Her own training flight");
    await asked.waitFor({ state: "detached", ...SLOW });
    const decision = (await of("Ana Ibarra"))?.decisions.find(({ level }) => level === "warning");
    assert.deepEqual([decision?.outcome, decision?.by, decision?.reason], ["withhold", "J. Amaya", "Her own training flight"]);
  });

  await context.test(
    "a danger to no person is put aside with a time and a reason, stands on the page of calm, and is taken back",
    async () => {
      await more(page, "Yard 3.", "Shelve…");
      await page.selectOption("[role=dialog] [name=minutes]", "30");
      await decide(page, "Survey flight, called in");
      const shelved = (await of("Yard 3."))?.shelved;
      assert.deepEqual([shelved?.by, shelved?.reason], ["J. Amaya", "Survey flight, called in"]);
      await page.locator("body").press("4");
      const row = page.locator("[data-shelved]");
      await row.waitFor(SLOW);
      await shows(row, /Yard 3\.\s+(2\d|30)\smin left\s+J\. Amaya: Survey flight, called in/);
      await row.getByRole("button", { name: "Take back" }).click();
      await row.waitFor({ state: "detached", ...SLOW });
      await page.locator("body").press("1");
    },
  );

  await context.test("what turns out benign is stood down with what it was", async () => {
    await more(page, "Yard 5.", "Stand down…");
    await page.selectOption("[role=dialog] [name=what]", "own-drone");
    await page.fill("[role=dialog] [name=name]", "Halcón 2");
    await decide(page, "Pilot on channel 3");
    const known = await of("Yard 5.");
    assert.deepEqual([known?.state, known?.benign], ["cleared", { what: "own-drone", name: "Halcón 2", by: "J. Amaya" }]);
  });

  await context.test(
    "the wall shows the worst danger with each person, one line for others, who is reachable; nothing to press, nothing to scroll",
    async () => {
      const { page: wall } = await browser.page();
      await wall.setViewportSize({ width: 1920, height: 1080 });
      await wall.goto(`${hub.url}/wall`);
      const worst = wall.locator(".wall-danger", { hasText: "Ana Ibarra" });
      await worst.waitFor(SLOW);
      await worst.locator("[data-rung=ana]").waitFor(SLOW);
      await wall.getByText("Reachable 0 of 1").waitFor(SLOW);
      await wall.locator(".wall-others", { hasText: /\d+ more/ }).waitFor(SLOW);
      assert.equal(await wall.locator("button, a, input, select").count(), 0);
      const fits = (): Promise<readonly boolean[]> =>
        wall
          .locator(".wall, .wall-side")
          .evaluateAll((parts) => parts.map(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight + 1));
      await eventually(async () => assert.deepEqual(await fits(), [true, true]));
      const em = (): Promise<string> => wall.locator(".wall").evaluate((part) => getComputedStyle(part).fontSize);
      await eventually(async () => assert.equal(await em(), "40px"));
      const { violations } = await new AxeBuilder({ page: wall }).analyze();
      assert.deepEqual(
        violations.map(({ id: rule }) => rule),
        [],
      );
      // A smaller screen seen from as far: fewer lines, not smaller ones.
      await wall.goto(`${hub.url}/wall?inches=55`);
      await worst.waitFor(SLOW);
      await eventually(async () => assert.equal(await em(), "63px"));
      await eventually(async () => assert.deepEqual(await fits(), [true, true]));
      await wall.close();
      await page.bringToFront();
    },
  );

  await context.test(
    "keys: anything is found by name, a line leads from the nearest post, layers are left off, the top danger is escalated",
    async () => {
      await page.keyboard.press("Control+k");
      await page.locator("[name=find]").fill("yard 7");
      await page.locator("#found [role=option]", { hasText: "Yard 7." }).first().waitFor(SLOW);
      await page.keyboard.press("Enter");
      await page.locator("[role=dialog]").waitFor({ state: "detached", ...SLOW });
      await page.locator("[name=find]").waitFor({ state: "detached", ...SLOW });
      await page.locator("body").press("1");
      await page.locator(".pane-dangers").waitFor(SLOW);
      await page.locator("body").press("w");
      await page.locator("body").press("b");
      await page.locator(".map-bearing", { hasText: /Yard \d+\.: \d{3}°/ }).waitFor(SLOW);
      await page.locator("body").press("b");
      await page.locator(".map-bearing").waitFor({ ...SLOW, state: "hidden" });
      await page.locator("body").press("l");
      await page.getByRole("menuitemcheckbox", { name: /Posts and areas/ }).click();
      await page.keyboard.press("Escape");
      await page.locator(".map-layers", { hasText: "−1" }).waitFor(SLOW);
      await page.locator("body").press("l");
      await page.getByRole("menuitemcheckbox", { name: /Posts and areas/ }).click();
      await page.keyboard.press("Escape");
      await page.locator("body").press("n");
      await page.waitForFunction(() => document.activeElement?.id === "not-watched", undefined, SLOW);
      await page.locator("body").press("e");
      // She has no way but the voice, and stands on the call list: said, and nothing is done.
      await page.locator(".banner", { hasText: "Everybody has answered, or is on the call list already." }).waitFor(SLOW);
      await page.locator(".banner").getByRole("button").click();
    },
  );

  await context.test("a flood says so, groups the dangers by source, and the source is muted with a time and a reason", async () => {
    await page
      .locator("footer")
      .getByRole("button", { name: /Alarms 1\d in 10 min · ◆ flood/ })
      .click();
    const group = page.locator(`[data-group="${id}"]`);
    await group.waitFor(SLOW);
    await shows(group, /Roof\s+1\d dangers/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id: rule }) => rule),
      [],
    );
    await group.getByRole("button", { name: "Mute a source…" }).click();
    await decide(page, "Everything at once: it is broken");
    const muted = page.locator(`[data-muted="${id}"]`);
    await muted.waitFor(SLOW);
    await shows(muted, /Roof\s+1\d\smin left\s+J\. Amaya: Everything at once/);
    await muted.getByRole("button", { name: "Unmute" }).click();
    await muted.waitFor({ state: "detached", ...SLOW });
  });
});
