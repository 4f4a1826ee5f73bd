// Setting up who is warned, by which rules, and by which channel: in a real browser against a real hub, what is entered is what holds.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { AuthorisedDrone, DangerRules, DrillReach, Outlet, Person } from "@atalaya/protocol";
import { type Misdeeds, startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { lineOf } from "@atalaya/testing/flights";
import { removeFolder } from "@atalaya/testing/hub";
import { type HubProcess, startHubProcess } from "@atalaya/testing/hub-process";
import type { Page } from "playwright-core";

const PASSWORD = "a long pass phrase 1";
const SLOW = { timeout: PATIENCE_MS };
const POST = { latDeg: 31.75, lonDeg: -106.48 };
/** These stand below an entry of the bar. */
const SET_UP: readonly string[] = ["Zones", "Rules", "Outlets", "Accounts"];
const FOLDERS = ["outbox", "sent", "error", "inbox"] as const;

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
}

/** What the hub itself says, asked with the session of the page. */
function api<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ({ method: verb, path: where, text }) => {
      const headers = { "x-atalaya": "1", ...(text === undefined ? {} : { "content-type": "application/json" }) };
      const response = await fetch(`/api/v1${where}`, { method: verb, headers, ...(text === undefined ? {} : { body: text }) });
      const answer = await response.text();
      if (!response.ok) throw new Error(`${where}: ${answer}`);
      return answer === "" ? undefined : JSON.parse(answer);
    },
    { method, path, text: body === undefined ? undefined : JSON.stringify(body) },
  ) as Promise<T>;
}

/** A view by its name and the keyboard: its number moves when pages are added. */
async function view(page: Page, name: string): Promise<void> {
  if (SET_UP.includes(name)) await view(page, "Set-up");
  await page.locator("nav").getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
}

describe("people, rules and outlets", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-people-"));
  const spool = mkdtempSync(join(tmpdir(), "atalaya-spool-"));
  const folder = (name: string): string => join(spool, name);
  let browser: TestBrowser;
  let hub: HubProcess;
  let page: Page;
  let misdeeds: Misdeeds;
  let flight: NodeJS.Timeout;
  let modem: NodeJS.Timeout;
  const taken: string[] = [];
  before(async () => {
    for (const name of FOLDERS) mkdirSync(folder(name));
    [hub, browser] = await Promise.all([startHubProcess(["--no-demo", "--data", data]), startBrowser()]);
    ({ page, misdeeds } = await browser.page());
    await page.goto(hub.setupLink ?? "");
    await page.fill("[name=name]", "J. Amaya", SLOW);
    await page.fill("[name=password]", PASSWORD);
    await page.click("button[type=submit]");
    await page.waitForSelector(".frame", SLOW);
    const shape = { type: "circle", centre: POST, radiusM: 100 };
    await api(page, "PUT", "/zones/post-7", { id: "post-7", name: "Post 7", kind: "post", shape });
    // A drone that stands three kilometres away: too far for the rules in force.
    const { key } = await api<{ readonly key: string }>(page, "POST", "/sources", {
      name: "Receiver",
      kind: "http",
      format: "remote-id",
      origin: "live",
    });
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
    const drone = { serial: "1588ETEST000000001", transmitter: "60:60:1f:00:00:01", latDeg: POST.latDeg + 0.027, lonDeg: POST.lonDeg };
    flight = setInterval(() => {
      void fetch(`${hub.url}/api/v1/frames`, { method: "POST", headers, body: lineOf(drone, Date.now()) }).catch(() => undefined);
    }, 500);
    // The daemon of the modem: what it sent it moves.
    modem = setInterval(() => {
      for (const name of readdirSync(folder("outbox"))) {
        if (!name.startsWith("OUT")) continue;
        taken.push(readFileSync(join(folder("outbox"), name), "utf8"));
        renameSync(join(folder("outbox"), name), join(folder("sent"), name));
      }
    }, 100);
  });
  after(async () => {
    clearInterval(flight);
    clearInterval(modem);
    await browser?.close();
    await hub?.stop();
    for (const path of [data, spool]) removeFolder(path);
  });
  const anas = async (): Promise<Person | undefined> =>
    (await api<readonly Person[]>(page, "GET", "/people")).find(({ id }) => id === "ana-ibarra");

  test("a person is added by keyboard, with ways in order", async () => {
    await view(page, "People");
    await page.getByRole("button", { name: "Add a person" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-form=person]", SLOW);
    await page.locator("[data-form=person] [name=name]:focus").waitFor(SLOW);
    await page.keyboard.type("Ana Ibarra");
    await page.keyboard.press("Tab");
    await page.keyboard.type("River");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Lookout");
    await page.selectOption("[name=language]", "es");
    const form = page.locator("[data-form=person]");
    for (const [at, [channel, address]] of [
      ["sms", "+15550101"],
      ["browser", undefined],
    ].entries()) {
      await form.getByRole("button", { name: "Add a way" }).click();
      await page.selectOption(`[name=channel-${at}]`, channel ?? "");
      if (address === undefined) await page.selectOption(`[name=address-${at}]`, { label: "J. Amaya (account)" });
      else await page.fill(`[name=address-${at}]`, address);
    }
    await form.getByRole("button", { name: "Way 2 earlier" }).click();
    await form.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-person=ana-ibarra]", SLOW);
    const ana = await anas();
    assert.deepEqual(
      { name: ana?.name, language: ana?.language, team: ana?.team, role: ana?.role, channels: ana?.ways.map(({ channel }) => channel) },
      { name: "Ana Ibarra", language: "es", team: "River", role: "Lookout", channels: ["browser", "sms"] },
    );
    await shows(page.locator("[data-person=ana-ibarra]"), /off shift\s+Browser → SMS/);
    await assertAccessible(page, "a person");
  });

  test("on shift with no place known is said with a mark; at a post, and then with a place, that goes by itself", async () => {
    const row = page.locator("[data-person=ana-ibarra]");
    await row.getByRole("switch").focus();
    await page.keyboard.press("Space");
    await page.waitForSelector("[data-person=ana-ibarra][data-shift=on] [data-basis=unknown]", SLOW);
    await shows(row, /⊘ place not known/);
    await page.getByRole("tab", { name: "Posts" }).click();
    await page.locator("[data-post=post-7] button").click();
    await page.check("[name=staff-ana-ibarra]");
    await page.getByRole("tab", { name: "People" }).click();
    await page.waitForSelector("[data-person=ana-ibarra] [data-basis=post]", SLOW);
    await shows(row, /by post: Post 7/);
    await row.getByRole("button").click();
    await page.fill("[name=place]", "somewhere");
    await shows(page.locator(".pane-detail .refusal"), /no post, grid reference or coordinates/);
    // Post 7 to ten metres, as a grid reference.
    await page.fill("[name=place]", "13R CR 59777 13632");
    await page.fill("[name=placeError]", "30");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-person=ana-ibarra] [data-basis=position]", SLOW);
    await shows(row, /position \d+\s(s|min) old, ±30\sm/);
    const { position } = (await anas()) ?? {};
    assert.equal(position?.source, "roster");
    assert.ok(
      Math.abs((position?.latDeg ?? 0) - POST.latDeg) < 0.01 && Math.abs((position?.lonDeg ?? 0) - POST.lonDeg) < 0.01,
      "near the post",
    );
    await page.locator(".map-canvas").click({ position: { x: 200, y: 200 } });
    await eventually(async () =>
      assert.match(await page.inputValue("[name=place]"), /^3\d\.\d{6}, -10\d\.\d{6}$/, "a click on the map is a place"),
    );
    await page.fill("[name=place]", "");
  });

  test("a code to join is shown as text and as a picture", async () => {
    await page.getByRole("button", { name: "Make a join code" }).click();
    const made = page.locator("[data-join]");
    await made.waitFor(SLOW);
    const [code = ""] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await made.innerText()) ?? [];
    await shows(made, new RegExp(`/field/#join=${code}`));
    await made.getByRole("img", { name: "Join code" }).waitFor(SLOW);
    // A hub that no phone can reach says so beside the code.
    await made.getByText("--own-cert").waitFor(SLOW);
  });

  test("an own drone has its serial, area and time, and a drill the people and channels that are ticked", async () => {
    await page.getByRole("tab", { name: "Drones" }).click();
    await page.getByRole("button", { name: "Add a drone" }).click();
    await page.fill("[name=droneName]", "Halcón 2");
    await page.fill("[name=identity]", "1581F5FKD229400Q");
    await page.fill("[name=from]", "2026-11-25 22:00");
    await page.fill("[name=until]", "2026-11-25 21:00");
    await shows(page.locator("[data-form=drone] .refusal"), /before the beginning/);
    await page.fill("[name=until]", "2026-11-26 04:30");
    await page.locator(".map-canvas").click({ position: { x: 200, y: 200 } });
    await eventually(async () => assert.notEqual(await page.inputValue("[data-form=drone] [name=lat]"), ""));
    await assertAccessible(page, "a drone");
    await page.locator("[data-form=drone]").getByRole("button", { name: "Save" }).click();
    await page.waitForSelector("[data-drone=halcon-2]", SLOW);
    const [drone] = await api<readonly AuthorisedDrone[]>(page, "GET", "/authorised-drones");
    assert.equal(drone?.identity, "1581F5FKD229400Q");
    assert.equal((drone?.untilMs ?? 0) - (drone?.fromMs ?? 0), 6.5 * 3_600_000);
    await shows(page.locator("[data-drone=halcon-2]"), /2026-11-25 22:00 – 2026-11-26 04:30/);
    await page.getByRole("tab", { name: "Drill" }).click();
    await page.check("[name=channel-browser]");
    await page.check("[name=person-ana-ibarra]");
    await page.locator("[data-form=drill]").getByRole("button", { name: "Save" }).click();
    await page.locator("[data-form=drill]").getByText("Saved").waitFor(SLOW);
    assert.deepEqual(await api<DrillReach>(page, "GET", "/drill/scope"), { channels: ["browser"], people: ["ana-ibarra"] });
    await assertAccessible(page, "the reach of a drill");
  });

  test("rules go in force after they were tried on what was recorded, with the next version", async () => {
    await view(page, "Rules");
    await page.fill("[name=advisoryM]", "5000", SLOW);
    await page.fill("[name=rulesName]", "wide");
    await page.fill("[name=after-caution-0]", "45");
    assert.equal(await page.getByRole("button", { name: /Put in force/ }).count(), 0, "not before they were tried");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.waitForSelector("[data-preview]", SLOW);
    const counts = (set: string): Promise<readonly string[]> => page.locator(`[data-set=${set}] td`).allInnerTexts();
    assert.deepEqual(await counts("inForce"), ["0", "0", "0", "0"]);
    assert.deepEqual(await counts("proposed"), ["0", "0", "1", "1"], "the drone that stands far off would be told of");
    await shows(page.locator("[data-preview]"), /In force: 0 warnings, 0 cautions, 0 advisories/);
    await assertAccessible(page, "the rules");
    await page.fill("[name=advisoryM]", "4000");
    // What was tried is not what stands there now.
    await page.locator("[data-preview]").waitFor({ state: "detached", ...SLOW });
    await page.fill("[name=advisoryM]", "5000");
    await page.getByRole("button", { name: "Put in force as version 2" }).click();
    await page.getByText("In force: version 2, wide").waitFor(SLOW);
    const rules = await api<DangerRules>(page, "GET", "/rules");
    assert.deepEqual([rules.version, rules.name, rules.person.advisoryM, rules.escalation.caution[0]?.afterS], [2, "wide", 5000, 45]);
  });

  test("a channel is set up, tried with a person's number, and shows what became of it", async () => {
    await view(page, "Outlets");
    await page.getByRole("button", { name: "Add an outlet" }).click();
    await page.selectOption("[name=kind]", "sms-spool");
    await page.fill("[data-form=outlet] [name=name]", "Modem");
    for (const name of FOLDERS) await page.fill(`[name=${name}]`, folder(name));
    await assertAccessible(page, "a new outlet");
    await page.locator("[data-form=outlet]").getByRole("button", { name: "Add", exact: true }).click();
    await page.waitForSelector("[data-outlet^=sms][data-state=up]", SLOW);
    await page
      .locator("[data-outlet^=sms]")
      .getByRole("button", { name: /Test this channel/ })
      .click();
    // The people are asked for when the form opens.
    await page
      .locator("#test-addresses option")
      .first()
      .waitFor({ ...SLOW, state: "attached" });
    assert.deepEqual(
      await page.locator("#test-addresses option").evaluateAll((options) => options.map((option) => option.getAttribute("value"))),
      ["+15550101"],
    );
    await page.fill("[name=testAddress]", "+15550101");
    await page.selectOption("[name=testLanguage]", "es");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Send the test" }).click();
    await page.waitForSelector("[data-test=taken]", SLOW);
    await shows(page.locator("[data-test=taken]"), /Taken sent by the modem/);
    const tests = taken.filter((text) => /prueba/i.test(text));
    assert.equal(tests.length, 1);
    await assertAccessible(page, "a tried channel");
    await page.locator("[data-outlet^=sms]").getByRole("button", { name: "Remove…" }).click();
    await page.getByRole("button", { name: "Remove Modem" }).click();
    await page.getByText("None yet").waitFor(SLOW);
    const left = await api<readonly Outlet[]>(page, "GET", "/outlets");
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ["tak"],
      "the hub's own stays",
    );
    await page.getByText("J. Amaya removed Modem").waitFor(SLOW);
    await page.getByText("J. Amaya added Modem").waitFor(SLOW);
  });

  test("an officer tries rules and channels, and puts neither in force; who only looks sees none of it", async () => {
    for (const role of ["officer", "viewer"] as const) await api(page, "POST", "/users", { name: `The ${role}`, role, password: PASSWORD });
    const signIn = async (name: string): Promise<void> => {
      // Not under a page that is open: what it asks for next would be refused.
      await page.goto("about:blank");
      await page.context().clearCookies();
      await page.goto(hub.url);
      await page.fill("[name=name]", name, SLOW);
      await page.fill("[name=password]", PASSWORD);
      await page.click("button[type=submit]");
      // Which views there are is known once the hub has said who this is.
      await page.locator("button.user").getByText(name).waitFor(SLOW);
    };
    await signIn("The officer");
    await view(page, "Outlets");
    await page.getByText("The owner adds and removes outlets.").waitFor(SLOW);
    // The account of somebody's browser is chosen by name, though the list of accounts is the owner's.
    await view(page, "People");
    await page.locator("[data-person=ana-ibarra]").getByRole("button").click();
    await page.getByRole("button", { name: "Add a way" }).click();
    const added = page.locator(".way").last();
    await added.locator("select").first().selectOption("browser");
    await added.locator("option", { hasText: "The viewer (account)" }).waitFor({ ...SLOW, state: "attached" });
    await view(page, "Rules");
    await page.getByText("The owner puts rules in force.").waitFor(SLOW);
    await signIn("The viewer");
    await view(page, "Zones");
    await eventually(async () => {
      const views = await page.locator("nav button").allInnerTexts();
      assert.deepEqual(
        views.filter((name) =>
          ["Watch", "People", "Zones", "Rules", "Outlets", "Accounts", "Analysis", "Bulletins", "Readiness"].includes(name),
        ),
        ["Watch", "Zones"],
      );
    });
  });

  test("nothing was fetched from elsewhere, and nothing went wrong unseen", () => {
    assert.deepEqual(misdeeds.elsewhere, []);
    assert.deepEqual(misdeeds.policy, []);
    assert.deepEqual(
      misdeeds.errors.filter((text) => !/status of 401 .*session|status of 404 .*user\.pmtiles/.test(text)),
      [],
    );
  });
});
