// From news to shift, the story that this was founded on, with invented names and real parts: a hub, the console's pages, two phones. A memo and an article
// that cites it come in; a bulletin in two languages goes to two teams; nine of ten confirm and the tenth is escalated; somebody starts with one tourniquet
// and is told; a drone comes, an agent reports it, who is near is warned; and the incident confirms the claim.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Bulletin,
  type BulletinPerson,
  type Claim,
  type DeviceBulletin,
  type JoinCode,
  type MemoSource,
  type PersonDefinition,
  paths,
  type ReportQueue,
  type Warning,
} from "@atalaya/protocol";
import { startBrowser } from "@atalaya/testing/browser";
import { eventually, holds, shows } from "@atalaya/testing/eventually";
import { closeAfter, cookieOf, joinPhone, type Person, person, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import { type Phone, startPhone } from "@atalaya/testing/phone";
import type { Locator, Page } from "playwright-core";
import { PASSWORD, signIn, view } from "./at-the-desk.ts";

const SLOW = { timeout: 60_000 };
const POST = { latDeg: 31.75, lonDeg: -106.45 };
/** The agent who sees it stands three kilometres south-west of the post. */
const AGENT = { latDeg: 31.731, lonDeg: -106.473 };
const RADAR = {
  type: "sensor",
  id: "R1",
  kind: "radar",
  lat: POST.latDeg,
  lon: POST.lonDeg,
  alt: 1140,
  z: ["range_m", "az_deg", "el_deg"],
  sd: [5, 0.5, 0.5],
};
/** The drone comes straight from the north, and hovers a little before the post. */
const START_M = 700;
const SPEED_MPS = 25;
const STAYS_M = 80;
/** Long enough for eight people to confirm at their own time, short enough to wait for the tenth. */
const CONFIRMING = { withinS: 20, reminders: 1, remindEveryS: 10, leader: true, supervisorAfterS: 3 };

const ACCOUNTS = [
  ["S. Landa", "analyst"],
  ["I. Cárdenas", "officer"],
  ["M. Duarte", "supervisor"],
] as const;
/** Ten of ours in two teams; the first two have the app before them, one never opens anything. */
const PEOPLE = [
  ["anaya", "P. Anaya", "Kilo", "es"],
  ["salcedo", "V. Salcedo", "Kilo", "es"],
  ["tolland", "M. Tolland", "Kilo", "en"],
  ["ibarra", "R. Ibarra", "Kilo", "es"],
  ["okonski", "B. Okonski", "Kilo", "en"],
  ["ferris", "L. Ferris", "Lima", "en"],
  ["bresnan", "C. Bresnan", "Lima", "en"],
  ["monreal", "A. Monreal", "Lima", "es"],
  ["robledo", "N. Robledo", "Lima", "es"],
  ["strand", "H. Strand", "Lima", "en"],
] as const;
const NEAR = "anaya";
const SEES = "ferris";
const TENTH = "okonski";
const BY_MUSTER = ["robledo", "strand"];
const BY_APP = ["salcedo", "tolland", "ibarra", "bresnan", "monreal"];

const TEXT = {
  headline: ["Small drones may carry explosives. Report every drone.", "Drones pequeños pueden llevar explosivos. Reporte todo dron."],
  know: [
    "A source judged usually reliable says attacks by small drone have been authorised. We hold no date and no place.",
    "Una fuente considerada generalmente confiable dice que se autorizaron ataques con drones pequeños. No tenemos fecha ni lugar.",
  ],
  "not-know": [
    "Whether this was acted on. One press article repeats the same source; it does not confirm it.",
    "Si ya se actuó. Un artículo de prensa repite la misma fuente; no la confirma.",
  ],
  do: [
    "If you see or hear a drone: take cover first, then report it. A wrong report does no harm.",
    "Si ve u oye un dron: cúbrase primero y luego repórtelo. Un reporte equivocado no causa daño.",
  ],
} as const;

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

test("from news to shift", async (context) => {
  const hub = await startTestHub(context, { sectorName: "Paso Oeste" });
  const owner = await signInOwner(hub);
  const accounts: Record<string, Person> = {};
  for (const [name, role] of ACCOUNTS) {
    await json(await owner.ask("POST", paths.users, { name, role, password: PASSWORD }));
    const answer = await person(hub, "", "").ask("POST", paths.session, { name, password: PASSWORD });
    accounts[name] = person(hub, name, cookieOf(answer));
  }
  const landa = accounts["S. Landa"] ?? assert.fail();
  const duarte = accounts["M. Duarte"] ?? assert.fail();
  const definition = ([id, name, team, language]: (typeof PEOPLE)[number]): PersonDefinition => ({
    id,
    name,
    team,
    language,
    role: "agent",
    leader: id === "salcedo" || id === "bresnan",
    ways: [],
  });
  const devices = new Map<string, Person>();
  for (const one of PEOPLE) {
    if (one[0] === NEAR || one[0] === SEES) await json(await owner.ask("PUT", paths.person(one[0]), definition(one)));
    else devices.set(one[0], await joinPhone(hub, owner, definition(one)));
  }
  const phoneOf = async (id: string, place: typeof POST): Promise<Phone> => {
    const { link } = await json<JoinCode>(await owner.ask("POST", paths.joinCode(id)));
    const phone = await startPhone({ place });
    closeAfter(context, () => phone.close());
    await phone.page.goto(`${hub.url.replace("localhost", "127.0.0.1")}${new URL(link).pathname}${new URL(link).hash}`);
    await phone.page.locator("[data-action=start-shift]").waitFor(SLOW);
    return phone;
  };
  const near = await phoneOf(NEAR, POST);
  const agent = await phoneOf(SEES, AGENT);

  const browser = await startBrowser();
  closeAfter(context, () => browser.close());
  // Each name of the hub's own machine has cookies of its own: two people at one browser.
  const { page: desk, misdeeds: atDesk } = await browser.page();
  const { page: boss, misdeeds: atBoss } = await browser.page();
  await signIn(desk, hub.url, "S. Landa");
  const bossUrl = hub.url.replace("localhost", "127.0.0.1");
  await signIn(boss, bossUrl, "I. Cárdenas");
  const folder = temporaryFolder(context);
  let id = "";
  let number = "";
  let claimId = "";
  const readers = async (): Promise<readonly BulletinPerson[]> => json(await duarte.ask("GET", paths.bulletinPeople(id)));
  const placed = async (who: string): Promise<void> => {
    await holds(async () =>
      (await json<readonly { readonly id: string; readonly position?: object }[]>(await duarte.ask("GET", paths.people))).some(
        (one) => one.id === who && one.position !== undefined,
      ),
    );
  };
  const cell = (part: string, language: "en" | "es"): Locator => desk.locator(`[data-piece="${part}"][data-in=${language}]`);

  await context.test("a memo and a news article come in; the analyst grades both, and sees that one cites the other", async () => {
    await view(desk, "Analysis");
    await desk.getByRole("tab", { name: "Sources" }).click();
    const grade = async (letter: string, why: string): Promise<void> => {
      await desk.locator("[data-source]").getByRole("button", { name: "Grade…" }).click();
      await desk.selectOption("[name=reliability]", letter);
      await desk.fill("[name=reason]", why);
      await desk.keyboard.press("Enter");
      await shows(desk.locator("[data-source] .rating-row"), new RegExp(`^${letter}\\s`));
    };
    await desk.getByRole("button", { name: "Take in a source" }).click();
    await desk.fill("[name=title]", "Memo of 9 November");
    await desk.fill("[name=origin]", "Intelligence centre");
    await desk.selectOption("[name=tlp]", "AMBER");
    await desk.fill("[name=text]", "Attacks by small drone on people on duty have been authorised. Report every drone. Carry your kit.");
    await desk.getByRole("button", { name: "Take it in" }).click();
    await shows(desk.locator("[data-source]"), /Memo of 9 November/);
    await grade("B", "Its memos were right before");
    const file = join(folder, "article.html");
    writeFileSync(file, "<!doctype html><title>Drones</title><p>An internal memo says that attacks were authorised.");
    await desk.getByRole("button", { name: "Take in a source" }).click();
    await desk.selectOption("[name=kind]", "article");
    await desk.fill("[name=title]", "Article of 10 November");
    await desk.fill("[name=origin]", "Diario del Valle");
    await desk.selectOption("[name=tlp]", "CLEAR");
    await desk.setInputFiles("input[type=file]", file);
    await desk.getByRole("checkbox", { name: /Memo of 9 November/ }).check();
    await desk.getByRole("button", { name: "Take it in" }).click();
    await shows(desk.locator("[data-source]"), /Article of 10 November/);
    await grade("C", "It names no source of its own");
    await shows(desk.locator("[data-source]"), /Cites Memo of 9 November\. Counts as the same source, not as a second one\./);
  });

  await context.test("the claim drawn from both rests on one source", async () => {
    await desk.getByRole("tab", { name: "Claims" }).click();
    await desk.locator(".pane-dangers").getByRole("button", { name: "Draw a claim" }).click();
    await desk.fill("[name=text]", "Attacks by small drone on people on duty have been authorised.");
    await desk.selectOption("[name=sure]", "possible");
    await desk.selectOption("[name=credibility]", "3");
    for (const title of [/Memo of 9 November/, /Article of 10 November/]) await desk.getByRole("checkbox", { name: title }).check();
    await desk.getByRole("button", { name: "Draw it" }).click();
    const claim = desk.locator("[data-claim]");
    await shows(claim, /C-0001[\s\S]*Rests on 1 source that stands/);
    assert.deepEqual(await claim.locator(".memo-head .rating").allInnerTexts(), ["B", "C", "3"]);
    claimId = (await claim.getAttribute("data-claim")) ?? "";
  });

  await context.test("a bulletin to two teams is written in both languages, with the carry list that it changes", async () => {
    await json(
      await owner.ask("PUT", paths.carryLists, {
        lists: [
          {
            role: "",
            level: "normal",
            items: [
              { id: "first-aid-kit", name: { en: "First-aid kit", es: "Botiquín" }, quantity: 1, ends: false },
              {
                id: "tourniquet",
                name: { en: "Tourniquet", es: "Torniquete" },
                quantity: 1,
                ends: false,
                where: { en: "Post 7, locker B", es: "Puesto 7, casillero B" },
              },
            ],
          },
        ],
      }),
    );
    // The agent far off is on shift already, and the centre knows where.
    await agent.page.locator("[data-action=start-shift]").click(SLOW);
    await agent.page.locator("[data-shift=on]").waitFor(SLOW);
    await placed(SEES);
    await view(desk, "Bulletins");
    await desk.getByRole("button", { name: "Write a bulletin" }).click();
    await desk.locator("main[data-bulletin]").waitFor(SLOW);
    id = (await desk.locator("main[data-bulletin]").getAttribute("data-bulletin")) ?? "";
    for (const [part, [english, spanish]] of Object.entries(TEXT)) {
      await cell(part, "en").locator("textarea").fill(english);
      await cell(part, "es").locator("textarea").fill(spanish);
    }
    await desk.selectOption("[name=use-claim]", claimId);
    await desk.locator("[data-side=who]").getByRole("button", { name: "Change…" }).click();
    await desk.fill("[name=teams-typed]", "Kilo\nLima");
    await desk.selectOption("[name=tlp]", "AMBER");
    await shows(desk.locator("[data-side=who]"), /Together\s+10 people\s+Speak Spanish first\s+5/);
    await desk.getByRole("button", { name: "Set a carry list" }).click();
    await desk.fill("[data-item=tourniquet] [name=quantity]", "2");
    await shows(desk.locator("[data-side=carry]"), /2 × Tourniquet · Torniquete\s+new: two, not one/);
    await desk.locator("[data-saving=saved]").waitFor(SLOW);
    // A clerk's hours would be waited for: the same, in seconds.
    await eventually(async () => {
      const { draft } = await json<Bulletin>(await landa.ask("GET", paths.bulletin(id)));
      assert.ok(draft !== undefined);
      const settings = { ...draft.settings, confirming: CONFIRMING };
      await json(await landa.ask("PUT", paths.bulletinSettings(id), { settings, rev: draft.settingsRev }));
    });
    ({ number } = await json<Bulletin>(await landa.ask("GET", paths.bulletin(id))));
  });

  await context.test("each language is approved by a person who reads it, and a third releases it", async () => {
    const approveAll = async (page: Page, language: "en" | "es"): Promise<void> => {
      const open = page.locator(`[data-approve=${language}]:not([disabled])`);
      const done = page.locator(`[data-approved=${language}]`);
      const wanted = Object.keys(TEXT).length + 1;
      for (let k = 0; k < wanted; k += 1) {
        await holds(async () => (await done.count()) === k);
        await open.first().click();
      }
      await holds(async () => (await done.count()) === wanted);
    };
    await approveAll(desk, "en");
    await view(boss, "Bulletins");
    await boss.locator(`tr[data-bulletin="${id}"] button`).click();
    await approveAll(boss, "es");
    await shows(boss.locator("[data-language=es]"), /leído y aprobado por I\. Cárdenas/);
    await desk.getByRole("button", { name: "Ask for release" }).click();
    await shows(desk.locator(".desk-foot"), /release asked for by S\. Landa/);
    await boss.locator(".user").click();
    await boss.getByRole("menuitem", { name: "Sign out" }).click();
    await boss.locator("[name=password]").waitFor(SLOW);
    await signIn(boss, bossUrl, "M. Duarte");
    await view(boss, "Bulletins");
    await boss.locator(`tr[data-bulletin="${id}"] button`).click();
    await boss.getByRole("button", { name: "Release…" }).click();
    await boss.getByRole("button", { name: "Release it now" }).click();
    await shows(boss.locator("[data-bulletin-state]"), /version 1, in force/);
  });

  const readAndConfirm = async ({ page }: Phone): Promise<void> => {
    await page.locator(`[data-bulletin-news="${number}"]`).click(SLOW);
    await page.locator(`[data-bulletin-open="${number}"]`).waitFor(SLOW);
    await page.locator("[data-action=confirm]").click(SLOW);
    await page.locator("[data-confirmed='1']").waitFor(SLOW);
  };
  await context.test("nine of ten confirm: on their phones, and at muster in one step", async () => {
    await readAndConfirm(near);
    await readAndConfirm(agent);
    for (const one of BY_APP) {
      const device = devices.get(one) ?? assert.fail(one);
      const [bulletin] = await json<readonly DeviceBulletin[]>(await device.ask("GET", paths.deviceBulletins));
      assert.equal(bulletin?.number, number);
      for (const step of ["opened", "confirmed"] as const) {
        const nowMs = Date.now();
        const event = { id: `${one}-${step}`, step, version: 1, atMs: nowMs, sentMs: nowMs, language: "en" };
        await json(await device.ask("POST", paths.deviceBulletinEvents(id), event));
      }
    }
    await boss.getByRole("button", { name: "Open muster list" }).click();
    for (const one of BY_MUSTER) await boss.check(`[name=present-${one}]`);
    await boss.getByRole("button", { name: "Confirm for 2 people present" }).click();
    await shows(boss.locator("[data-form=muster]"), /✓ Confirmed for 2 people\./);
    await boss.locator("[data-form=muster]").getByRole("button", { name: "Done" }).click();
    await shows(boss.locator("[data-filter=confirmed]"), /confirmed 9/);
  });

  await context.test("the tenth is overdue: reminded, and escalated to the team's leader and to the supervisor", async () => {
    const overdue = boss.locator(`[data-overdue-person=${TENTH}]`);
    await shows(overdue, /B\. Okonski\s+Kilo[\s\S]*leader told[\s\S]*supervisor told/);
    assert.equal(await boss.locator("[data-overdue-person]").count(), 1);
    const late = (await readers()).filter(({ overdue: is }) => is);
    assert.deepEqual(
      late.map(({ personId, step, reminders }) => [personId, step === "confirmed", reminders]),
      [[TENTH, false, 1]],
    );
    const leader = devices.get("salcedo") ?? assert.fail();
    const told = await json<readonly { readonly people: readonly { readonly personId: string }[] }[]>(
      await leader.ask("GET", paths.deviceOverdue),
    );
    assert.deepEqual(
      told.flatMap(({ people }) => people.map(({ personId }) => personId)),
      [TENTH],
    );
  });

  await context.test("a shift starts with one tourniquet missing, and is told where to get one; the supervisor sees it", async () => {
    const { page } = near;
    await page.locator("button.back").click();
    await page.locator("[data-action=have-all]").click(SLOW);
    await page.locator("[data-item=tourniquet] button").click(SLOW);
    await page.locator("[data-item=tourniquet][data-item-state=missing]", { hasText: "casillero B" }).waitFor(SLOW);
    await page.locator("[data-action=send-kit]").click(SLOW);
    await page.locator("[data-kit-told=told]").waitFor(SLOW);
    await page.locator("[data-action=start-shift]").click(SLOW);
    await page.locator("[data-shift=on]").waitFor(SLOW);
    await view(boss, "Readiness");
    const row = boss.locator(`tr[data-person=${NEAR}]`);
    await row.locator("[data-kit=missing]").waitFor(SLOW);
    await shows(row, /1 of 2[\s\S]*confirmed[\s\S]*Tourniquet: 1, the list asks for 2\. Spares: Post 7, locker B\./);
    await boss.locator(`[data-open=${NEAR}]`).getByRole("button", { name: "Tourniquet from Post 7, locker B…" }).click();
    await boss.keyboard.press("Enter");
    await page.locator("[data-open-item=tourniquet]", { hasText: "Tourniquet from Post 7, locker B" }).waitFor(SLOW);
  });

  let flies = true;
  await context.test("a drone comes: who is near is warned on their phone in their language, and answers", async () => {
    const source = { name: "Radar north", kind: "http", format: "detections", origin: "live" };
    const { key } = await json<{ key: string }>(await owner.ask("POST", paths.sources, source));
    await placed(NEAR);
    let k = 0;
    const beganMs = Date.now();
    const flight = setInterval(() => {
      if (!flies) return;
      k += 1;
      const rangeM = Math.max(STAYS_M, START_M - (SPEED_MPS * (Date.now() - beganMs)) / 1000);
      const classes = { drone: 0.9, bird: 0.05, unknown: 0.05 };
      const det = { type: "det", id: `R1-${k}`, sensor: "R1", kind: "radar", z: [rangeM, 0, 15], classes };
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
      const body = `${JSON.stringify(RADAR)}\n${JSON.stringify(det)}\n`;
      void fetch(hub.url + paths.detections, { method: "POST", headers, body }).then((answer) => answer.body?.cancel());
    }, 500);
    closeAfter(context, () => clearInterval(flight));
    await shows(near.page.locator(".warned.warning"), /Viene un dron[\s\S]*desde el norte[\s\S]*Cúbrase ya bajo techo firme/);
    await near.page.locator("[data-action=answer-taking-cover]").click();
    await near.page.locator("[data-answered=taking-cover]").waitFor(SLOW);
  });

  await context.test("an agent who sees it reports it in two taps, and the centre has it", async () => {
    const { page } = agent;
    await page.locator("button.back").click();
    await page.locator("[data-shift=on]").waitFor(SLOW);
    await agent.point(38, 2);
    await page.locator("[data-action=report]").click(SLOW);
    await page.locator(".finder[data-azimuth]").waitFor(SLOW);
    await page.locator("[data-action=send]").click(SLOW);
    await page.locator("[data-receipt=sent]").waitFor(SLOW);
    const reference = await page.locator("[data-receipt=sent] .reference").innerText();
    await view(boss, "Reports");
    await shows(boss.locator("[data-report]"), new RegExp(`${reference}[\\s\\S]*L\\. Ferris`));
    const { reports } = await json<ReportQueue>(await duarte.ask("GET", paths.reports));
    assert.deepEqual(
      reports.map(({ reporter, direction }) => [reporter.personId, direction?.type]),
      [[SEES, "pointed"]],
    );
  });

  await context.test("the danger was to the person near, who answered; the supervisor takes it and gives the all-clear", async () => {
    await view(boss, "Watch");
    const card = boss.locator(".danger-card").first();
    await shows(card, /✓\s*P\. Anaya[\s\S]*Taking cover/);
    await boss.locator("body").press("t");
    await boss
      .getByText(/M\. Duarte took it at/)
      .first()
      .waitFor(SLOW);
    flies = false;
    await boss.locator("body").press("a");
    await boss.fill("[name=reason]", "It flew off to the north");
    await boss.keyboard.press("Enter");
    await near.page
      .getByText(/Fin del peligro/)
      .first()
      .waitFor(SLOW);
    const warnings = await json<readonly Warning[]>(await duarte.ask("GET", paths.warnings));
    assert.ok(
      warnings.some(({ ladder = [] }) => ladder.some(({ personId, answer }) => personId === NEAR && answer?.answer === "taking-cover")),
    );
    assert.ok(!warnings.some(({ ladder = [] }) => ladder.some(({ personId }) => personId === SEES)), "who is far is not alarmed");
  });

  await context.test("the incident confirms the claim, and the loop is closed", async () => {
    await view(desk, "Analysis");
    await desk.locator(`[data-claim-row="${claimId}"] button`).click();
    const claim = desk.locator("[data-claim]");
    await claim.getByRole("button", { name: "Confirm…" }).click();
    const options = claim.locator("[name=incident] option", { hasText: /^Warning, T-\w+, somebody of ours/ });
    const value = (await options.first().getAttribute("value", SLOW)) ?? "";
    await desk.selectOption("[name=incident]", value);
    await desk.fill("[name=reason]", "A drone came at one of ours on duty");
    await desk.keyboard.press("Enter");
    await shows(claim, /✓ Confirmed\s+by Warning, T-\w+, somebody of ours/);
    await shows(desk.locator("[data-news]"), /C-0001\s+confirmed\s+“A drone came at one of ours on duty”/);
    const [kept] = await json<readonly Claim[]>(await landa.ask("GET", paths.memoClaims));
    assert.deepEqual([kept?.state, kept?.verdict?.verdict, kept?.verdict?.incident?.kind], ["confirmed", "confirmed", "warning"]);
    const sources = await json<readonly MemoSource[]>(await landa.ask("GET", paths.memoSources));
    assert.equal(sources.length, 2);
  });

  // A page asks on for a moment while somebody signs out: that it is refused then is as it should be.
  await context.test("no request left the machine, and nothing complained", () => {
    for (const misdeeds of [atDesk, atBoss]) {
      assert.deepEqual([misdeeds.elsewhere, misdeeds.policy], [[], []]);
      assert.deepEqual(
        misdeeds.errors.filter((text) => !/status of 401|status of 404 .*user\.pmtiles|WebSocket/.test(text)),
        [],
      );
    }
  });
});
