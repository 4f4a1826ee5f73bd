// Bulletins on a phone: what is owed and what is news, also of what was done off the network; nobody is asked twice, and only what changed is asked again.
import assert from "node:assert/strict";
import test from "node:test";
import type { DeviceBulletin } from "@atalaya/protocol";
import {
  inOrder,
  isAloud,
  isOwed,
  looked,
  needsAnswer,
  newsOf,
  readingOf,
  rightAnswers,
  withAnnounced,
  withDone,
  withNews,
} from "../src/memo/bulletins.ts";
import type { BulletinItem } from "../src/queue/items.ts";

const both = (en: string, es: string): { en: { text: string }; es: { text: string } } => ({ en: { text: en }, es: { text: es } });
const first: DeviceBulletin = {
  id: "bulletin-1",
  number: "B-0023",
  version: 1,
  state: "in-force",
  level: "act-on-it",
  drill: false,
  releasedMs: 1000,
  validFromMs: 1000,
  validUntilMs: 9_000_000,
  tlp: "AMBER",
  parts: [
    { key: "headline", ...both("Report every drone.", "Reporte todo dron.") },
    { key: "know", ...both("No date.", "Sin fecha.") },
    { key: "do", ...both("Take cover first.", "Cúbrase primero.") },
  ],
  carry: [{ id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 1, ends: false }],
  question: {
    words: { en: "What first?", es: "¿Qué primero?" },
    answers: [
      { id: "cover", words: { en: "Take cover", es: "Me cubro" }, right: true },
      { id: "film", words: { en: "Film it", es: "Lo grabo" }, right: false },
    ],
  },
  owes: ["headline", "know", "do", "carry", "question"],
  fallen: [],
};
/** Only the carry list differs, and only that is owed by who confirmed the first. */
const second: DeviceBulletin = {
  ...first,
  version: 2,
  releasedMs: 2000,
  carry: [{ id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, was: 1, ends: false }],
  owes: ["carry"],
  confirmed: { version: 1, timeMs: 1500 },
};
const done = (step: "opened" | "confirmed", version: number, more: Partial<BulletinItem> = {}): BulletinItem => ({
  kind: "bulletin",
  id: `${step}-${version}`,
  order: 1,
  madeMs: 1600,
  done: false,
  bulletinId: "bulletin-1",
  event: { id: `${step}-${version}`, step, version, atMs: 1600, language: "es", ...(step === "confirmed" ? { answer: "cover" } : {}) },
  ...more,
});

test("what was confirmed off the network is not asked again, and keeps its own time", () => {
  const [now] = withDone([first], [done("opened", 1), done("confirmed", 1)]);
  assert.ok(now !== undefined && !isOwed(now));
  assert.deepEqual(now.confirmed, { version: 1, timeMs: 1600, answer: "cover" });
  assert.equal(now.openedMs, 1600);
});

test("a confirmation of the version before leaves the new one owed, and what the hub refused counts as nothing", () => {
  const unconfirmed: DeviceBulletin = { ...second, owes: first.owes };
  delete (unconfirmed as { confirmed?: unknown }).confirmed;
  const [late] = withDone([unconfirmed], [done("confirmed", 1)]);
  assert.ok(late !== undefined && isOwed(late));
  assert.equal(late.confirmed?.version, 1);
  const [refused] = withDone([first], [done("confirmed", 1, { refused: { code: "no-such-bulletin", message: "" } })]);
  assert.ok(refused !== undefined && isOwed(refused));
});

test("the first version is read whole, with what to do before what is known", () => {
  assert.deepEqual(readingOf(first), { since: undefined, asked: ["headline", "do", "know", "carry", "question"], rest: [] });
});

test("a second version that changes the carry list asks for that alone", () => {
  assert.deepEqual(readingOf(second), { since: 1, asked: ["carry"], rest: ["headline", "do", "know", "question"] });
  assert.equal(needsAnswer(second), false);
  assert.equal(needsAnswer(first), true);
  // Once confirmed it is read whole again.
  assert.deepEqual(readingOf({ ...second, owes: [] }).rest, []);
});

test("the right answer is shown after one was given, whichever it was", () => {
  assert.deepEqual(rightAnswers(first, undefined), []);
  assert.deepEqual(rightAnswers(first, "film"), ["cover"]);
  assert.deepEqual(rightAnswers(first, "cover"), ["cover"]);
});

test("an end and a claim that fell are news until they were looked at", () => {
  const confirmed: DeviceBulletin = { ...first, owes: [], confirmed: { version: 1, timeMs: 1500 } };
  assert.equal(newsOf(confirmed, {}), undefined);
  const fallen: DeviceBulletin = { ...confirmed, fallen: [{ number: "C-0141", state: "refuted", timeMs: 3000 }] };
  assert.equal(newsOf(fallen, {}), "fallen");
  const seen = looked({}, fallen);
  assert.equal(newsOf(fallen, seen), undefined);
  const withdrawn: DeviceBulletin = { ...fallen, state: "withdrawn", ended: { timeMs: 4000, reason: "refuted" } };
  assert.equal(newsOf(withdrawn, seen), "ended");
  assert.equal(newsOf(withdrawn, looked(seen, withdrawn)), undefined);
  assert.equal(newsOf(first, {}), "owed");
});

test("what is to be acted on comes before what is to be known, and what is over comes last", () => {
  const know: DeviceBulletin = { ...first, id: "bulletin-2", level: "know-it", releasedMs: 5000 };
  const held: DeviceBulletin = { ...first, id: "bulletin-3", owes: [], releasedMs: 6000 };
  const over: DeviceBulletin = { ...first, id: "bulletin-4", state: "expired", owes: [], releasedMs: 7000 };
  assert.deepEqual(
    inOrder([over, held, know, first], looked({}, over)).map(({ id }) => id),
    ["bulletin-1", "bulletin-2", "bulletin-3", "bulletin-4"],
  );
});

test("one stroke for each version that is to be acted on, none for a reminder, an end or what is only to be known", () => {
  assert.equal(isAloud(first, "new", []), true);
  const announced = withAnnounced([], [first]);
  assert.equal(isAloud(first, "new", announced), false);
  assert.equal(isAloud(first, "held", announced), false);
  assert.equal(isAloud(second, "changed", announced), true);
  assert.equal(isAloud(first, "reminder", []), false);
  assert.equal(isAloud({ ...first, level: "know-it" }, "new", []), false);
  assert.equal(isAloud({ ...first, state: "withdrawn", owes: [] }, "withdrawn", []), false);
  assert.equal(withAnnounced(announced, [first]), announced);
});

test("the newest word takes the place of the one before, within the limit", () => {
  assert.deepEqual(
    withNews([first, { ...first, id: "bulletin-2" }], second, 2).map(({ id, version }) => [id, version]),
    [
      ["bulletin-1", 2],
      ["bulletin-2", 1],
    ],
  );
});
