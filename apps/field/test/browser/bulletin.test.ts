// Bulletins and the carry list on phones against a real hub: read and confirmed without a network, sent once; only what changed asked again; withdrawn while
// nobody could be told; the list in three taps with a tourniquet missing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { type Hub, startHub } from "@atalaya/hub";
import {
  type Bulletin,
  type BulletinDraft,
  type BulletinPerson,
  type BulletinSettings,
  type CarryItem,
  type JoinCode,
  paths,
  type Readiness,
  USUAL_CONFIRMING,
} from "@atalaya/protocol";
import { until } from "@atalaya/testing/eventually";
import { type Person, signIn, signInOwner } from "@atalaya/testing/hub";
import { type Phone, type PhoneOptions, startPhone } from "@atalaya/testing/phone";
import { type Radio, startRadio } from "@atalaya/testing/radio";
import type { Page } from "playwright-core";
import { assertUsable } from "./usable.ts";

const POST = { latDeg: 31.75, lonDeg: -106.45 };
const SLOW = { timeout: 60_000 };
const DAY_MS = 86_400_000;

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

const list = (tourniquets: number): CarryItem[] => [
  { id: "first-aid", name: { en: "First-aid kit", es: "Botiquín" }, quantity: 1, ends: true },
  {
    id: "tourniquet",
    name: { en: "Tourniquet", es: "Torniquete" },
    quantity: tourniquets,
    where: { en: "Post 7, locker B", es: "Puesto 7, casillero B" },
    ends: false,
  },
  { id: "radio", name: { en: "Radio, spare battery", es: "Radio con batería" }, quantity: 1, ends: false },
];
const PARTS = {
  headline: {
    en: "Small drones may carry explosives. Report every drone.",
    es: "Drones pequeños pueden llevar explosivos. Reporte todo dron.",
  },
  do: { en: "Take cover first, then report it.", es: "Cúbrase primero y luego repórtelo." },
  know: { en: "Source usually reliable. No date, no place.", es: "Fuente generalmente confiable. Sin fecha ni lugar." },
};
const QUESTION = {
  words: { en: "You hear a drone and cannot see it. What first?", es: "Oye un dron y no lo ve. ¿Qué hace primero?" },
  answers: [
    { id: "cover", words: { en: "Take cover", es: "Me cubro" }, right: true },
    { id: "look", words: { en: "Look for it", es: "Lo busco con la vista" }, right: false },
  ],
};

describe("bulletins on phones", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-bulletins-"));
  const phones: Phone[] = [];
  const radios: Radio[] = [];
  let hub: Hub;
  let officer: Person;
  let writer: Person;
  let second: Person;
  before(async () => {
    hub = await startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", data });
    const owner = await signInOwner(hub);
    officer = await signIn(hub, owner, "officer");
    writer = await signIn(hub, owner, "analyst");
    second = owner;
    await json(
      await (await signIn(hub, owner, "supervisor")).ask("PUT", paths.carryLists, {
        lists: [{ role: "", level: "normal", items: list(1) }],
      }),
    );
  });
  after(async () => {
    for (const phone of phones) await phone.close();
    for (const radio of radios) await radio.stop();
    await hub?.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  const phoneOf = async (options: PhoneOptions): Promise<Phone> => {
    const phone = await startPhone({ place: POST, ...options });
    phones.push(phone);
    return phone;
  };
  const radioOf = async (): Promise<Radio> => {
    const radio = await startRadio(hub.url);
    radios.push(radio);
    return radio;
  };
  const joined = async (id: string, radio: Radio, options: PhoneOptions = {}, language: "en" | "es" = "en"): Promise<Phone> => {
    const person = { id, name: `Agent ${id}`, language, role: "agent", team: id, leader: false, ways: [] };
    await json(await officer.ask("PUT", paths.person(id), person));
    const { link } = await json<JoinCode>(await officer.ask("POST", paths.joinCode(id)));
    const phone = await phoneOf(options);
    await phone.page.goto(`${radio.url}${new URL(link).pathname}${new URL(link).hash}`);
    await phone.page.locator("[data-action=start-shift]").waitFor(SLOW);
    return phone;
  };

  /** Approves whatever is written, as somebody who reads both languages, and releases it. */
  const release = async (id: string): Promise<Bulletin> => {
    const { draft } = await json<Bulletin>(await officer.ask("GET", paths.bulletin(id)));
    assert.ok(draft !== undefined);
    let newest: BulletinDraft = draft;
    for (const { key } of draft.pieces)
      for (const language of ["en", "es"] as const) {
        const piece = newest.pieces.find((one) => one.key === key)?.[language];
        if (piece?.approved !== undefined) continue;
        newest = await json<BulletinDraft>(
          await officer.ask("POST", paths.bulletinApprovals(id), { piece: key, language, rev: piece?.rev ?? 0, approve: true }),
        );
      }
    return json<Bulletin>(await second.ask("POST", paths.bulletinRelease(id), { rev: newest.rev }));
  };
  const written = async (id: string, team: string, more: Partial<BulletinSettings> = {}, tourniquets = 1): Promise<Bulletin> => {
    await json(await writer.ask("POST", paths.bulletins, { id }));
    for (const [key, words] of Object.entries(PARTS))
      for (const language of ["en", "es"] as const)
        await json(await writer.ask("PUT", paths.bulletinPart(id, key, language), { text: words[language] }));
    await json(await writer.ask("PUT", paths.bulletinCarry(id), { items: list(tourniquets) }));
    await json(await writer.ask("PUT", paths.bulletinQuestion(id), { question: QUESTION }));
    const settings: BulletinSettings = {
      audience: { sector: false, teams: [team], roles: [], posts: [], people: [], partners: [] },
      level: "act-on-it",
      validFromMs: Date.now() - 1000,
      validUntilMs: Date.now() + 6 * DAY_MS,
      handling: { tlp: "AMBER", releasableTo: [] },
      claims: [],
      confirming: USUAL_CONFIRMING,
      drill: false,
      ...more,
    };
    await json(await writer.ask("PUT", paths.bulletinSettings(id), { settings }));
    return release(id);
  };
  const readerOf = async (bulletin: string, personId: string): Promise<BulletinPerson> => {
    const people = await json<readonly BulletinPerson[]>(await officer.ask("GET", paths.bulletinPeople(bulletin)));
    return people.find((one) => one.personId === personId) ?? assert.fail(`${personId} is no reader`);
  };
  const open = async (page: Page, number: string): Promise<void> => {
    await page.locator(`[data-bulletin-news="${number}"]`).click(SLOW);
    await page.locator(`[data-bulletin-open="${number}"]`).waitFor(SLOW);
  };
  const confirm = async (page: Page, version: number): Promise<void> => {
    await page.locator("[data-action=confirm]").click(SLOW);
    await page.locator(`[data-confirmed="${version}"]`).waitFor(SLOW);
  };

  test("read and confirmed off the network, the browser killed, told once with its true times; then only the carry list is asked again", async () => {
    const radio = await radioOf();
    const profile = mkdtempSync(join(data, "phone-"));
    let phone = await joined("kilo", radio, { profile }, "es");
    await phone.close();
    phone = await phoneOf({ profile, locale: "es-MX" });
    await phone.page.goto(`${radio.url}/field/`);
    await phone.page.locator("[data-action=start-shift]").waitFor(SLOW);
    await phone.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await until("the worker holds the app", () =>
      phone.page.evaluate(async () => ((await caches.keys()).some((name) => name.startsWith("atalaya-field-")) ? true : undefined)),
    );
    const { number } = await written("bulletin-kilo", "kilo");
    await phone.page.locator(`[data-bulletin-news="${number}"]`).waitFor(SLOW);
    await until("the centre knows that it has come", async () =>
      (await readerOf("bulletin-kilo", "kilo")).deliveredMs === undefined ? undefined : true,
    );
    await assertUsable(phone.page, "home with a bulletin");

    radio.down();
    await phone.page.locator("[data-link=down]").waitFor(SLOW);
    const openedMs = Date.now();
    await open(phone.page, number);
    await phone.page.getByText("Drones pequeños pueden llevar explosivos").waitFor(SLOW);
    await assertUsable(phone.page, "a bulletin");
    assert.equal(await phone.page.locator("[data-action=confirm]").isDisabled(), true, "the question comes first");
    // A wrong answer is no fault: the right one is shown, and it is confirmed all the same.
    await phone.page.locator("[data-answer=look]").click();
    await phone.page.locator("[data-right-is]", { hasText: "Me cubro" }).waitFor(SLOW);
    await confirm(phone.page, 1);
    const confirmedMs = Date.now();
    await phone.page.locator("[data-waits=true]").waitFor(SLOW);
    await phone.kill();

    // The battery is back, the network is not: nothing is asked again.
    phone = await phoneOf({ profile, locale: "es-MX" });
    await phone.page.goto(`${radio.url}/field/`);
    await phone.page.locator("[data-action=bulletins]").click(SLOW);
    await phone.page.locator(`[data-bulletin="${number}"]`).click(SLOW);
    await phone.page.locator("[data-confirmed='1'][data-waits=true]").waitFor(SLOW);
    assert.equal((await readerOf("bulletin-kilo", "kilo")).confirmations.length, 0);

    radio.up();
    await phone.page.locator("[data-confirmed='1'][data-waits=false]").waitFor(SLOW);
    const reader = await readerOf("bulletin-kilo", "kilo");
    assert.equal(reader.step, "confirmed");
    assert.equal(reader.confirmations.length, 1);
    const [confirmation] = reader.confirmations;
    assert.ok(confirmation !== undefined && reader.openedMs !== undefined);
    assert.deepEqual([confirmation.version, confirmation.by, confirmation.answer, confirmation.language], [1, "app", "look", "es"]);
    for (const timeMs of [reader.openedMs, confirmation.timeMs])
      assert.ok(timeMs > openedMs - 5000 && timeMs < confirmedMs + 5000, `${timeMs} between ${openedMs} and ${confirmedMs}`);
    assert.ok(confirmation.receivedMs >= confirmation.timeMs);

    // The next version changes the carry list alone.
    await json(await writer.ask("POST", paths.bulletinDraft("bulletin-kilo")));
    await json(await writer.ask("PUT", paths.bulletinCarry("bulletin-kilo"), { items: list(2) }));
    const { version } = await release("bulletin-kilo");
    assert.equal(version, 2);
    const shown = phone.page.locator(`[data-bulletin-open="${number}"][data-version='2']`);
    await shown.locator("[data-again='1']").waitFor(SLOW);
    await shown.locator("[data-piece=carry] strong", { hasText: "Dos torniquetes (antes uno)" }).waitFor(SLOW);
    assert.equal(await shown.locator("main > [data-piece]").count(), 1, "the rest is folded away");
    assert.equal(await shown.locator("[data-question]").count(), 0);
    await assertUsable(phone.page, "only what changed");
    await confirm(phone.page, 2);
    const again = await until("both confirmations are there", async () => {
      const now = await readerOf("bulletin-kilo", "kilo");
      return now.confirmations.length === 2 ? now : undefined;
    });
    assert.deepEqual(
      again.confirmations.map(({ version: of, answer }) => [of, answer]),
      [
        [1, "look"],
        [2, undefined],
      ],
    );
    assert.deepEqual(phone.misdeeds.elsewhere, []);
    assert.deepEqual(phone.misdeeds.policy, []);
    await phone.close();
  });

  test("withdrawn while a phone was away: it is told at the next link, and what was confirmed before stays on record", async () => {
    const radio = await radioOf();
    const phone = await joined("lima", radio);
    const { number } = await written("bulletin-lima", "lima", { level: "know-it" });
    await open(phone.page, number);
    radio.down();
    await phone.page.locator("[data-link=down]").waitFor(SLOW);
    await phone.page.locator("[data-answer=cover]").click();
    await confirm(phone.page, 1);
    await json(await second.ask("POST", paths.bulletinWithdrawn("bulletin-lima"), { reason: "The source took it back." }));
    radio.up();
    await phone.page.locator("[data-ended=withdrawn]", { hasText: "The source took it back." }).waitFor(SLOW);
    await phone.page.locator("[data-confirmed='1'][data-waits=false]").waitFor(SLOW);
    await assertUsable(phone.page, "withdrawn");
    const reader = await until("the end has come, and the confirmation too", async () => {
      const now = await readerOf("bulletin-lima", "lima");
      return now.ended?.deliveredMs === undefined || now.confirmations.length === 0 ? undefined : now;
    });
    assert.equal(reader.ended?.why, "withdrawn");
    assert.deepEqual(
      reader.confirmations.map(({ version, answer }) => [version, answer]),
      [[1, "cover"]],
    );
    // It was looked at: nothing asks for it any more.
    await phone.page.locator(".back").click();
    await phone.page.locator("[data-action=bulletins]").waitFor(SLOW);
    assert.equal(await phone.page.locator("[data-bulletin-news]").count(), 0);
    await phone.close();
  });

  test("the carry list in three taps, a tourniquet missing and where to get it; the supervisor sees it before they go", async () => {
    const radio = await radioOf();
    const phone = await joined("mike", radio);
    const { number } = await written("bulletin-mike", "mike", {}, 2);
    const { page } = phone;
    const outing = {
      id: "outing-0001",
      name: "Relief",
      fromMs: Date.now() + 3_600_000,
      untilMs: Date.now() + 30_000_000,
      musterPlace: "Yard 2",
      people: ["mike"],
    };
    assert.equal((await officer.ask("PUT", paths.outing(outing.id), outing)).status, 204);
    await page.locator("[data-outing]", { hasText: "Yard 2" }).waitFor(SLOW);
    await page.locator("[data-carry]", { hasText: number }).waitFor(SLOW);
    await assertUsable(page, "the list before a shift");
    // One: everything. Two: one tourniquet fewer. Three: told.
    await page.locator("[data-action=have-all]").click(SLOW);
    await page.locator("[data-item=tourniquet] button").click(SLOW);
    await page.locator("[data-item=tourniquet][data-item-state=missing]", { hasText: "Post 7, locker B" }).waitFor(SLOW);
    await page.locator("[data-item=first-aid] input").fill("2027-06-30");
    await page.locator("[data-item=first-aid]", { hasText: "ends 30 Jun 27" }).waitFor(SLOW);
    await assertUsable(page, "a tourniquet missing");
    await page.locator("[data-action=send-kit]").click(SLOW);
    await page.locator("[data-kit-told=told]").waitFor(SLOW);
    const kitOf = async (): Promise<Readiness["people"][number] | undefined> =>
      (await json<Readiness>(await officer.ask("GET", paths.readiness))).people.find(({ personId }) => personId === "mike");
    const mine = await until("the supervisor sees what is missing", async () => {
      const known = await kitOf();
      return known?.kit.some(({ itemId, state }) => itemId === "tourniquet" && state === "missing") === true ? known : undefined;
    });
    assert.deepEqual(
      mine.kit.map(({ itemId, state, have, endsOn }) => [itemId, state, have, endsOn]),
      [
        ["first-aid", "has", 1, "2027-06-30"],
        ["tourniquet", "missing", 1, undefined],
        ["radio", "has", 1, undefined],
      ],
    );
    assert.equal(mine.onShift, false, "before they go");
    // The shift page shows what is open; something is arranged, and the phone says so.
    await page.locator("[data-action=start-shift]").click(SLOW);
    await page.locator("[data-shift=on]").waitFor(SLOW);
    await page.locator("[data-open-item=tourniquet]", { hasText: "Post 7, locker B" }).waitFor(SLOW);
    const remedy = { id: "remedy-0001", text: "second one in the vehicle", itemId: "tourniquet" };
    assert.equal((await officer.ask("POST", paths.remedies("mike"), remedy)).status, 204);
    await page.locator("[data-open-item=tourniquet]", { hasText: "second one in the vehicle" }).waitFor(SLOW);
    await assertUsable(page, "on shift with something open");
    await page.locator("[data-action=settings]").click(SLOW);
    await page.locator("[data-action=about-me]").click(SLOW);
    await page.locator("[data-kept=kit]").waitFor(SLOW);
    await page.locator("[data-kept=bulletins]").waitFor(SLOW);
    await assertUsable(page, "what is kept about me");
    await phone.close();
  });
});
