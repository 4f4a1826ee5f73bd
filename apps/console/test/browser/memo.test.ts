// The memo at the console against a real hub: sources taken in and graded, a claim that counts a repeated memo once, a bulletin in two languages that two
// people release, a browser that dies over it, a muster, a withdrawal; and a shift in which a tourniquet is missing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type Bulletin,
  type BulletinDraft,
  type BulletinPerson,
  type Claim,
  type DeviceKit,
  type MemoSource,
  type PersonDefinition,
  paths,
  type Readiness,
} from "@atalaya/protocol";
import { startBrowser } from "@atalaya/testing/browser";
import { eventually, holds, shows } from "@atalaya/testing/eventually";
import { closeAfter, cookieOf, joinPhone, type Person, person, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import type { Page } from "playwright-core";
import { PASSWORD, signIn, view } from "./at-the-desk.ts";

const SLOW = { timeout: 60_000 };
const HALF_A_PIECE = 300_000;
const POST = {
  id: "post-7",
  name: "Post 7",
  kind: "post",
  shape: { type: "circle", centre: { latDeg: 31.75, lonDeg: -106.48 }, radiusM: 200 },
};
const ACCOUNTS = [
  ["S. Landa", "analyst"],
  ["I. Cárdenas", "analyst"],
  ["M. Duarte", "supervisor"],
] as const;

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
}

test("the memo at the desk", async (context) => {
  const hub = await startTestHub(context, { sectorName: "Paso Oeste" });
  const owner = await signInOwner(hub);
  const accounts: Record<string, Person> = {};
  for (const [name, role] of ACCOUNTS) {
    await json(await owner.ask("POST", paths.users, { name, role, password: PASSWORD }));
    const answer = await person(hub, "", "").ask("POST", paths.session, { name, password: PASSWORD });
    accounts[name] = person(hub, name, cookieOf(answer));
  }
  const [landa, cardenas, duarte] = ACCOUNTS.map(([name]) => accounts[name] ?? assert.fail(name));
  assert.ok(landa !== undefined && cardenas !== undefined && duarte !== undefined);
  await json(await owner.ask("PUT", paths.zone(POST.id), POST));
  const ours = (id: string, name: string, more: Partial<PersonDefinition> = {}): PersonDefinition => ({
    id,
    name,
    language: "es",
    role: "agent",
    team: "Kilo",
    leader: false,
    ways: [],
    ...more,
  });
  const phone = await joinPhone(hub, owner, ours("anaya", "P. Anaya"));
  await joinPhone(hub, owner, ours("okonski", "B. Okonski", { language: "en" }));
  await json(await owner.ask("PUT", paths.person("robledo"), ours("robledo", "N. Robledo", { team: "Lima" })));
  await json(await owner.ask("PUT", paths.shift("anaya"), { on: true }));
  await json(await owner.ask("PUT", paths.staff("post-7"), { people: ["anaya"] }));

  const folder = temporaryFolder(context);
  const profile = join(folder, "profile");
  mkdirSync(profile);
  const start = (): ReturnType<typeof startBrowser> => startBrowser({ profile });
  let browser = await start();
  closeAfter(context, () => browser.close());
  let { page, misdeeds } = await browser.page();
  const complaints: string[] = [];
  const noteMisdeeds = (): void => {
    assert.deepEqual([misdeeds.elsewhere, misdeeds.policy], [[], []]);
    complaints.push(
      ...misdeeds.errors.filter(
        (text) => !/status of 401 .*session|status of 404 .*user\.pmtiles|ERR_INTERNET_DISCONNECTED|status of 409|WebSocket/.test(text),
      ),
    );
  };
  await signIn(page, hub.url, "S. Landa");
  const sources = async (): Promise<readonly MemoSource[]> => json(await landa.ask("GET", paths.memoSources));
  const claims = async (): Promise<readonly Claim[]> => json(await landa.ask("GET", paths.memoClaims));
  const bulletins = async (): Promise<readonly Bulletin[]> => json(await landa.ask("GET", paths.bulletins));
  let memoId = "";
  let articleId = "";
  let claimId = "";
  let id = "";
  const draft = async (): Promise<BulletinDraft> => {
    const found = await json<Bulletin>(await landa.ask("GET", paths.bulletin(id)));
    return found.draft ?? assert.fail("no draft");
  };

  await context.test("a memo is pasted, graded with a reason, and stands with its hash and marking", async () => {
    await view(page, "Analysis");
    await page.getByRole("tab", { name: "Sources" }).click();
    await page.getByRole("button", { name: "Take in a source" }).click();
    const text = "An attack by small drone on people on duty has been authorised. Report every drone.";
    await page.fill("[name=title]", "Memo of the centre");
    await page.fill("[name=origin]", "Intelligence centre");
    await page.selectOption("[name=tlp]", "AMBER");
    await page.fill("[name=text]", text);
    await page.getByRole("button", { name: "Take it in" }).click();
    const shown = page.locator("[data-source]");
    await shows(shown, /Memo of the centre[\s\S]*F[\s\S]*cannot be judged[\s\S]*not graded yet/);
    await shows(shown, new RegExp(createHash("sha256").update(text).digest("hex")));
    await shown.getByRole("button", { name: "Grade…" }).click();
    await page.selectOption("[name=reliability]", "B");
    await page.fill("[name=reason]", "Its memos were right before");
    await page.keyboard.press("Enter");
    await shows(shown, /usually reliable graded by S\. Landa/);
    await shows(shown, /reliability F → B[\s\S]*“Its memos were right before”/);
    await assertAccessible(page, "a source");
    [{ id: memoId }] = await holds(async () => {
      const all = await sources();
      return all.length === 1 ? (all as [MemoSource]) : undefined;
    });
  });

  await context.test("a saved page is dropped whole, byte for byte, and is seen to cite the memo", async () => {
    const bytes = Buffer.concat([Buffer.from("<!doctype html><title>Drones</title>"), Buffer.alloc(HALF_A_PIECE, "x")]);
    const file = join(folder, "article.html");
    writeFileSync(file, bytes);
    await page.getByRole("button", { name: "Take in a source" }).click();
    await page.selectOption("[name=kind]", "article");
    await page.fill("[name=title]", "Article in the press");
    await page.fill("[name=origin]", "Diario del Valle");
    await page.selectOption("[name=tlp]", "CLEAR");
    await page.setInputFiles("input[type=file]", file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await page.getByText(sha256).waitFor(SLOW);
    await page.check(`[name="cites-${memoId}"]`);
    await page.getByText("It only repeats: it counts as what it cites.").waitFor(SLOW);
    await page.getByRole("button", { name: "Take it in" }).click();
    await shows(
      page.locator("[data-source]"),
      /Article in the press[\s\S]*Cites Memo of the centre\. Counts as the same source, not as a second one\./,
    );
    const article = (await sources()).find(({ title }) => title === "Article in the press");
    articleId = article?.id ?? "";
    assert.deepEqual(
      [article?.document.whole, article?.document.sha256, article?.document.bytes, article?.roots],
      [true, sha256, bytes.length, [memoId]],
    );
  });

  await context.test("the file is given out as it came, for a purpose that is on record", async () => {
    await page.fill("[data-form=look] [name=purpose]", "To compare with the memo");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("[data-form=look]").getByRole("button", { name: "Look at it" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "article.html");
  });

  await context.test("a claim drawn from both counts them as one source, its two ratings side by side", async () => {
    await page.getByRole("tab", { name: "Claims" }).click();
    await page.locator(".pane-dangers").getByRole("button", { name: "Draw a claim" }).click();
    await page.fill("[name=text]", "Attacks by small drone on people on duty are authorised.");
    await page.fill("[name=what]", "Attacks by small drone");
    await page.selectOption("[name=sure]", "possible");
    await page.selectOption("[name=credibility]", "1");
    await page.check(`[name="source-${memoId}"]`);
    await page.check(`[name="source-${articleId}"]`);
    await page.getByRole("button", { name: "Draw it" }).click();
    const claim = page.locator("[data-claim]");
    await shows(claim, /C-0001/);
    claimId = (await claim.getAttribute("data-claim")) ?? "";
    assert.deepEqual(await claim.locator(".memo-head .rating").allInnerTexts(), ["B", "F", "1"]);
    await shows(claim, /Rests on 1 source that stands\. Drawn from 2 documents, which come down to 1 source\./);
    await shows(claim, /Graded “confirmed by others”, while no second source is known/);
    const { independentSources, roots } = (await claims()).find((known) => known.id === claimId) ?? assert.fail("no claim");
    assert.deepEqual([independentSources, roots], [1, [memoId]]);
    await claim.locator("section", { hasText: "Credibility of the information" }).first().getByRole("button", { name: "Grade…" }).click();
    await page.selectOption("[name=credibility]", "3");
    await page.fill("[name=reason]", "Nobody but the memo says so");
    await page.keyboard.press("Enter");
    await shows(claim.locator(".memo-head"), /B\s*F\s*3/);
    await shows(page.locator("[data-news]"), /C-0001\s+credibility 1 → 3\s+“Nobody but the memo says so”/);
    await assertAccessible(page, "a claim");
  });

  await context.test("claims corroborate, contradict and supersede one another", async () => {
    await page.locator(".pane-dangers").getByRole("button", { name: "Draw a claim" }).click();
    await page.fill("[name=text]", "Drones fly on weekends only.");
    await page.check(`[name="source-${articleId}"]`);
    await page.getByRole("button", { name: "Draw it" }).click();
    const claim = page.locator("[data-claim]");
    await shows(claim, /C-0002/);
    await page.selectOption("[name=link-kind]", "contradicts");
    await page.selectOption("[name=link-to]", claimId);
    await page.getByRole("button", { name: "Link it" }).click();
    await shows(claim.locator("[data-links]"), /contradicts\s+C-0001/);
    await shows(page.locator(`[data-claim-row="${claimId}"]`), /Another claim that stands contradicts it/);
    await claim.getByRole("button", { name: "Refute…" }).click();
    await page.fill("[name=reason]", "One came on a Tuesday");
    await page.keyboard.press("Enter");
    await shows(claim, /⊘ refuted/);
    await page.locator(`[data-claim-row="${claimId}"]`, { hasNotText: "contradicts it" }).waitFor(SLOW);
  });

  const cell = (part: string, language: "en" | "es") => page.locator(`[data-piece="${part}"][data-in=${language}]`);
  const type = async (part: string, language: "en" | "es", text: string): Promise<void> => {
    await cell(part, language).locator("textarea").fill(text);
  };
  const saved = (): Promise<void> => page.locator("[data-saving=saved]").waitFor(SLOW);

  await context.test("a bulletin is written in both languages row by row, each edit saved as it is typed", async () => {
    await view(page, "Bulletins");
    await page.getByRole("button", { name: "Write a bulletin" }).click();
    await page.locator("[data-bulletin]").waitFor(SLOW);
    id = (await page.locator("main[data-bulletin]").getAttribute("data-bulletin")) ?? "";
    await type("headline", "en", "Small drones may carry explosives. Report every drone.");
    await type("headline", "es", "Drones pequeños pueden llevar explosivos. Reporte todo dron.");
    await type("do", "en", "Take cover first, then report it.");
    await type("do", "es", "Cúbrase primero y luego repórtelo.");
    await eventually(async () => {
      const { parts } = await draft();
      assert.deepEqual(
        parts.map(({ key, en, es }) => [key, en?.text, es?.text]),
        [
          [
            "headline",
            "Small drones may carry explosives. Report every drone.",
            "Drones pequeños pueden llevar explosivos. Reporte todo dron.",
          ],
          ["do", "Take cover first, then report it.", "Cúbrase primero y luego repórtelo."],
        ],
      );
    });
    await saved();
    await page.selectOption("[name=use-claim]", claimId);
    await shows(
      page.locator("[data-used-claim]"),
      /C-0001[\s\S]*Cites Memo of the centre\. Counts as the same source, not as a second one\./,
    );
    await page.locator("[data-side=who]").getByRole("button", { name: "Change…" }).click();
    await page.fill("[name=teams-typed]", "Kilo\nLima");
    await shows(page.locator("[data-side=who]"), /Together\s+3 people/);
    await shows(page.locator("[data-side=who]"), /Speak Spanish first\s+2/);
    await page.locator("[data-side=who]").getByRole("button", { name: "Done" }).click();
    await page.selectOption("[name=tlp]", "AMBER");
    await page.fill("[name=valid-until]", "2199-01-31 06:00");
    await saved();
    assert.deepEqual((await draft()).settings.audience.teams, ["Kilo", "Lima"]);
  });

  await context.test("a carry list and a question stand beside it, in both languages", async () => {
    await page.getByRole("button", { name: "Set a carry list" }).click();
    await page.fill("[data-item=tourniquet] [name=quantity]", "2");
    await page.fill("[data-item=tourniquet] [name=where-en]", "Post 7");
    await page.fill("[data-item=tourniquet] [name=where-es]", "Puesto 7");
    await shows(page.locator("[data-side=carry]"), /2 × Tourniquet · Torniquete/);
    await page.locator("[data-side=carry]").getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Ask a question" }).click();
    for (const [name, text] of [
      ["question-en", "You hear a drone and cannot see it. What first?"],
      ["question-es", "Oye un dron y no lo ve. ¿Qué hace primero?"],
      ["answer-0-en", "Take cover"],
      ["answer-0-es", "Me cubro"],
      ["answer-1-en", "Film it"],
    ] as const)
      await page.fill(`[name=${name}]`, text);
    // Not whole: it stays here, and says so.
    await page.locator("[data-saving=incomplete]").waitFor(SLOW);
    await page.fill("[name=answer-1-es]", "Lo grabo");
    await saved();
    const { carry, question } = await draft();
    assert.equal(carry?.find((item) => item.id === "tourniquet")?.quantity, 2);
    assert.deepEqual(
      question?.answers.map(({ words, right }) => [words.es, right]),
      [
        ["Me cubro", true],
        ["Lo grabo", false],
      ],
    );
    await page.locator("[data-side=question]").getByRole("button", { name: "Done" }).click();
    await assertAccessible(page, "the editor");
  });

  await context.test("each part is approved by key or button in its language; a change of the other asks to read it again", async () => {
    await cell("headline", "en").locator("textarea").focus();
    await page.keyboard.press("Control+Enter");
    await cell("headline", "en").locator("[data-approved=en]").waitFor(SLOW);
    await cell("headline", "es").locator("[data-approve=es]").click();
    await cell("headline", "es").locator("[data-approved=es]").waitFor(SLOW);
    await type("headline", "en", "Small drones may carry explosives. Report each drone.");
    await shows(cell("headline", "es"), /English changed \d\d:\d\d\. Read it again before you approve\./);
    await cell("headline", "en").locator("[data-approve=en]").waitFor(SLOW);
    await shows(page.locator(".desk-foot"), /Still needed: 4 English parts to approve, 4 Spanish parts to approve/);
    assert.equal(await page.locator(".desk-foot").getByRole("button", { name: "Ask for release" }).isDisabled(), true);
  });

  await context.test("what another has changed meanwhile is shown beside what was typed, and a person decides", async () => {
    await saved();
    await browser.context.setOffline(true);
    await type("do", "en", "Take cover at once, then report it.");
    await page.locator("[data-saving=not-saved]").waitFor(SLOW);
    await json(await cardenas.ask("PUT", paths.bulletinPart(id, "do", "en"), { text: "Take hard cover, then report it." }));
    await browser.context.setOffline(false);
    const other = cell("do", "en").locator(".meanwhile");
    await shows(other, /I\. Cárdenas has changed this meanwhile[\s\S]*Take hard cover, then report it\./);
    assert.equal(await cell("do", "en").locator("textarea").inputValue(), "Take cover at once, then report it.");
    assert.equal((await draft()).parts.find(({ key }) => key === "do")?.en?.text, "Take hard cover, then report it.");
    await other.getByRole("button", { name: "Keep mine" }).click();
    await eventually(async () =>
      assert.equal((await draft()).parts.find(({ key }) => key === "do")?.en?.text, "Take cover at once, then report it."),
    );
    // Where nothing is typed, the other's words are simply there.
    await json(await cardenas.ask("PUT", paths.bulletinPart(id, "know", "es"), { text: "Una fuente generalmente confiable lo dice." }));
    await holds(async () => (await cell("know", "es").locator("textarea").inputValue()) === "Una fuente generalmente confiable lo dice.");
  });

  await context.test("a browser that dies over a sentence has it when it comes back, and sends it", async () => {
    await saved();
    await browser.context.setOffline(true);
    await type("know", "en", "A source judged usually reliable says so.");
    await page.locator("[data-saving=not-saved]").waitFor(SLOW);
    noteMisdeeds();
    await browser.kill();
    browser = await start();
    ({ page, misdeeds } = await browser.page());
    await page.goto(hub.url);
    // Whether the session outlives the death of its browser is the browser's matter.
    await page.locator(".frame, [name=password]").first().waitFor(SLOW);
    if ((await page.locator("[name=password]").count()) > 0) await signIn(page, hub.url, "S. Landa");
    await view(page, "Bulletins");
    await page.locator(`tr[data-bulletin="${id}"] button`).click();
    await holds(async () => (await cell("know", "en").locator("textarea").inputValue()) === "A source judged usually reliable says so.");
    await eventually(async () =>
      assert.equal((await draft()).parts.find(({ key }) => key === "know")?.en?.text, "A source judged usually reliable says so."),
    );
  });

  await context.test("who wrote it asks for release, a second person releases it", async () => {
    await saved();
    for (const language of ["en", "es"] as const) {
      const buttons = page.locator(`[data-approve=${language}]:not([disabled])`);
      while ((await buttons.count()) > 0) {
        const before = await page.locator(`[data-approved=${language}]`).count();
        await buttons.first().click();
        await holds(async () => (await page.locator(`[data-approved=${language}]`).count()) > before);
      }
    }
    await shows(page.locator("[data-language=es]"), /leído y aprobado por S\. Landa/);
    await shows(page.locator(".desk-foot"), /Still needed: a second person, who wrote and approved none of it\./);
    await page.getByRole("button", { name: "Ask for release" }).click();
    await shows(page.locator(".desk-foot"), /release asked for by S\. Landa/);
    await page.getByRole("button", { name: "Preview on phone" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Español" }).click();
    await shows(page.locator("[data-preview=es]"), /Drones pequeños[\s\S]*Cúbrase primero[\s\S]*Lleve consigo[\s\S]*Leí y entendí/);
    await assertAccessible(page, "the preview");
    await page.keyboard.press("Escape");
  });

  const second = await browser.page();
  const boss = second.page;
  await context.test("the second person releases it from a page of their own", async () => {
    await signIn(boss, hub.url.replace("localhost", "127.0.0.1"), "M. Duarte");
    await view(boss, "Bulletins");
    await shows(boss.locator(`tr[data-bulletin="${id}"]`), /◆ release asked for by S\. Landa/);
    await boss.locator(`tr[data-bulletin="${id}"] button`).click();
    await boss.getByRole("button", { name: "Release…" }).click();
    await shows(boss.locator(".releasing"), /It goes to 3 people at once, 2 of them in Spanish/);
    await boss.getByRole("button", { name: "Release it now" }).click();
    await shows(boss.locator("[data-bulletin-state]"), /version 1, in force/);
    assert.deepEqual(
      (await bulletins()).map(({ version, state }) => [version, state]),
      [[1, "in-force"]],
    );
    await shows(boss.locator("tr[data-person=okonski]"), /B\. Okonski/);
    await assertAccessible(boss, "who has it");
  });

  await context.test("a muster confirms for all who were there in one step, and a voice for one", async () => {
    await boss.getByRole("button", { name: "Open muster list" }).click();
    await shows(boss.locator(".read-aloud"), /Small drones may carry[\s\S]*Drones pequeños/);
    await boss.check("[name=present-okonski]");
    await boss.check("[name=present-robledo]");
    await boss.fill("[name=place]", "Post 7");
    await assertAccessible(boss, "the muster list");
    await boss.getByRole("button", { name: "Confirm for 2 people present" }).click();
    await shows(boss.locator("[data-form=muster]"), /✓ Confirmed for 2 people\./);
    await boss.locator("[data-form=muster]").getByRole("button", { name: "Done" }).click();
    await shows(boss.locator("tr[data-person=robledo]"), /✓ confirmed at muster, M\. Duarte/);
    await boss.getByRole("button", { name: "Heard by voice: P. Anaya has understood" }).click();
    await shows(boss.locator("tr[data-person=anaya]"), /✓ confirmed by voice, M\. Duarte/);
    const people = await json<readonly BulletinPerson[]>(await duarte.ask("GET", paths.bulletinPeople(id)));
    assert.deepEqual(people.map(({ personId, step, confirmations }) => [personId, step, confirmations.at(-1)?.by]).sort(), [
      ["anaya", "confirmed", "keyed"],
      ["okonski", "confirmed", "muster"],
      ["robledo", "confirmed", "muster"],
    ]);
  });

  await context.test("who goes out with one tourniquet is seen before they go, and a remedy is arranged that they read too", async () => {
    const { items } = await json<DeviceKit>(await phone.ask("GET", paths.deviceKit));
    const answers = items.map((item) => ({ itemId: item.id, have: item.id === "tourniquet" ? 1 : item.quantity, endsOn: "2199-01-31" }));
    const nowMs = Date.now();
    await json(await phone.ask("PUT", paths.deviceKit, { id: "kit-answers-1", atMs: nowMs, sentMs: nowMs, answers }));
    await view(boss, "Readiness");
    const row = boss.locator("tr[data-person=anaya]");
    await row.locator("[data-kit=missing]").waitFor(SLOW);
    await shows(row, /1 of 2[\s\S]*Tourniquet: 1, the list asks for 2\. Spares: Post 7\./);
    await shows(boss.locator("[data-count=carry]"), /0\s+of 1[\s\S]*1 missing/);
    await assertAccessible(boss, "readiness");
    const card = boss.locator("[data-open=anaya]");
    await card.getByRole("button", { name: "Tourniquet from Post 7…" }).click();
    await boss.fill("[name=reason]", "One tourniquet comes with patrol K2");
    await boss.keyboard.press("Enter");
    await card.waitFor({ state: "detached", ...SLOW });
    await shows(row, /✓ One tourniquet comes with patrol K2 \(M\. Duarte\)/);
    const { remedies } = await json<DeviceKit>(await phone.ask("GET", paths.deviceKit));
    assert.deepEqual(
      remedies.map(({ text, by }) => [text, by]),
      [["One tourniquet comes with patrol K2", "M. Duarte"]],
    );
  });

  await context.test("training, outings, threat level and the sector's lists are kept from the page", async () => {
    await boss.locator("tr[data-person=anaya] button").click();
    await boss.fill("[name=until-drone-drill]", "2026-11-02");
    await boss.locator("[data-training=drone-drill]").getByRole("button", { name: "Save" }).click();
    await shows(boss.locator("tr[data-person=anaya]"), /⊘ lapsed 2 Nov/);
    await boss.locator("[data-person-pane]").getByRole("button", { name: "Close" }).click();
    await boss.locator("[data-section=outings]").click();
    await boss.getByRole("button", { name: "Plan an outing" }).click();
    await boss.fill("[data-form=outing] [name=name]", "Night patrol");
    await boss.check("[name=goes-okonski]");
    await boss.locator("[data-form=outing]").getByRole("button", { name: "Save" }).click();
    await boss.locator("[data-outing]", { hasText: "Night patrol" }).waitFor(SLOW);
    await boss.locator("[data-section=shift]").click();
    await shows(boss.locator("tbody", { hasText: "Going out at" }), /Night patrol · 1 person[\s\S]*B\. Okonski[\s\S]*not started/);
    await boss.locator("[data-threat]").getByRole("button", { name: "Change…" }).click();
    await boss.selectOption("[name=level]", "raised");
    await boss.fill("[name=reason]", "The memo of the centre");
    await boss.keyboard.press("Enter");
    await shows(boss.locator("[data-threat]"), /raised set by M\. Duarte/);
    await boss.locator("[data-section=lists]").click();
    await boss.getByRole("button", { name: "Add a list" }).click();
    await boss.getByRole("button", { name: "Save the lists" }).click();
    await shows(boss.locator("[data-lists]"), /Saved/);
    await assertAccessible(boss, "carry lists");
    const { threatLevel, outings } = await json<Readiness>(await duarte.ask("GET", paths.readiness));
    assert.deepEqual([threatLevel, outings.map(({ name }) => name)], ["raised", ["Night patrol"]]);
  });

  await context.test("a claim that falls is seen on the bulletin that used it, and the bulletin is withdrawn with a reason", async () => {
    await json(await landa.ask("POST", paths.memoSourceVerdict(memoId), { verdict: "withdrawn", why: "The centre took it back" }));
    await view(boss, "Analysis");
    await boss.getByRole("button", { name: /that no longer stand/ }).click();
    await shows(boss.locator(`[data-claim-row="${claimId}"]`), /⊘ no longer supported/);
    await view(boss, "Bulletins");
    await boss.locator(`main[data-bulletin="${id}"]`).waitFor(SLOW);
    await boss.getByText("A claim of it no longer stands: C-0001.").waitFor(SLOW);
    await boss.getByRole("button", { name: "Withdraw…" }).click();
    await boss.fill("[name=reason]", "Its source was taken back");
    await boss.keyboard.press("Enter");
    await shows(boss.locator("[data-bulletin-state]"), /withdrawn/);
    await boss.getByText(/Withdrawn by M\. Duarte, .*: Its source was taken back/).waitFor(SLOW);
  });

  await context.test("in Spanish every page has its words, and nothing complained", async () => {
    await boss.evaluate(() => localStorage.setItem("atalaya.language", "es"));
    await boss.reload();
    for (const [name, words] of [
      ["Análisis", /Lo que creemos/],
      ["Boletines", /retirado/],
      ["Alistamiento", /Antes de que salgan/],
    ] as const) {
      await view(boss, name);
      await shows(boss.locator("main"), words);
      await assertAccessible(boss, name);
    }
    noteMisdeeds();
    misdeeds = second.misdeeds;
    noteMisdeeds();
    assert.deepEqual(complaints, []);
  });
});
