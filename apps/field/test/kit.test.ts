// The carry list on a phone: three taps, what is missing, dates that are kept from shift to shift, and what the hub has been told.
import assert from "node:assert/strict";
import test from "node:test";
import type { DeviceKit } from "@atalaya/protocol";
import type { Item } from "../src/queue/items.ts";
import {
  answersOf,
  datesOf,
  type Draft,
  isAnswered,
  isTold,
  missing,
  NO_DRAFT,
  openRows,
  type Row,
  rowsOf,
  tapped,
  toldBy,
  withAnswer,
  withRest,
} from "../src/memo/kit.ts";

const TODAY = "2026-11-12";
const kit: DeviceKit = {
  threatLevel: "raised",
  items: [
    { id: "first-aid", name: { en: "First-aid kit", es: "Botiquín" }, quantity: 1, ends: true },
    { id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, ends: false },
    { id: "radio", name: { en: "Radio", es: "Radio" }, quantity: 1, ends: false },
  ],
  kit: [],
  training: [],
  remedies: [],
};
const rows = (draft: Draft, of: DeviceKit = kit, dates: Readonly<Record<string, string>> = {}): readonly Row[] =>
  rowsOf(of, draft, dates, TODAY);
const row = (all: readonly Row[], id: string): Row => all.find(({ item }) => item.id === id) ?? assert.fail(id);

test("everything, one tap for what is missing, and it can be told", () => {
  assert.equal(isAnswered(rows(NO_DRAFT)), false);
  let draft = withRest(NO_DRAFT, rows(NO_DRAFT));
  assert.equal(isAnswered(rows(draft)), true);
  assert.deepEqual(missing(rows(draft)), []);
  const tourniquet = row(rows(draft), "tourniquet");
  draft = withAnswer(draft, tourniquet, { have: tapped(tourniquet) });
  assert.deepEqual(
    missing(rows(draft)).map(({ item, have }) => [item.id, have]),
    [["tourniquet", 1]],
  );
  assert.deepEqual(answersOf(rows(draft)), [
    { itemId: "first-aid", have: 1 },
    { itemId: "tourniquet", have: 1 },
    { itemId: "radio", have: 1 },
  ]);
});

test("taps go down to none and come back to all; what was said to be missing stays when the rest is there", () => {
  let draft: Draft = NO_DRAFT;
  const seen: number[] = [];
  for (let k = 0; k < 4; k += 1) {
    const now = row(rows(draft), "tourniquet");
    seen.push(tapped(now));
    draft = withAnswer(draft, now, { have: tapped(now) });
  }
  assert.deepEqual(seen, [2, 1, 0, 2]);
  draft = withAnswer(draft, row(rows(draft), "tourniquet"), { have: 0 });
  draft = withRest(draft, rows(draft));
  assert.deepEqual(
    rows(draft).map(({ have }) => have),
    [1, 0, 1],
  );
});

test("a date that was given once is there at the next shift, and says when it is past or near", () => {
  let draft = withAnswer(NO_DRAFT, row(rows(NO_DRAFT), "first-aid"), { have: 1, endsOn: "2027-06-30" });
  const dates = datesOf(rows(draft), {});
  assert.deepEqual(dates, { "first-aid": "2027-06-30" });
  draft = withRest({ sinceMs: 10, answers: {} }, rows({ sinceMs: 10, answers: {} }, kit, dates));
  assert.deepEqual(answersOf(rows(draft, kit, dates))[0], { itemId: "first-aid", have: 1, endsOn: "2027-06-30" });
  const stateAt = (endsOn: string): string => row(rows(withAnswer(draft, row(rows(draft), "first-aid"), { endsOn })), "first-aid").state;
  assert.deepEqual(["2026-11-11", "2026-11-12", "2026-11-19", "2026-11-20"].map(stateAt), ["ended", "ends-soon", "ends-soon", "has"]);
  assert.equal(openRows(rows(withAnswer(draft, row(rows(draft), "first-aid"), { endsOn: "2026-11-11" }))).length, 1);
});

test("what the hub has of this shift counts as answered; what it has of the shift before does not", () => {
  const answered: DeviceKit = {
    ...kit,
    answeredMs: 500,
    kit: [
      { itemId: "first-aid", state: "has", have: 1, quantity: 1 },
      { itemId: "tourniquet", state: "missing", have: 1, quantity: 2 },
      { itemId: "radio", state: "has", have: 1, quantity: 1 },
    ],
  };
  assert.equal(isAnswered(rows({ sinceMs: 400, answers: {} }, answered)), true);
  assert.equal(isTold(answered, rows({ sinceMs: 400, answers: {} }, answered), { sinceMs: 400, answers: {} }), true);
  assert.equal(isAnswered(rows({ sinceMs: 600, answers: {} }, answered)), false);
  const changed = withAnswer(NO_DRAFT, row(rows(NO_DRAFT, answered), "tourniquet"), { have: 2 });
  assert.equal(isTold(answered, rows(changed, answered), changed), false);
});

test("a bulletin that asks for two leaves one missing of who said one, and a new thing unanswered", () => {
  const draft = withRest(NO_DRAFT, rows(NO_DRAFT));
  const more: DeviceKit = {
    ...kit,
    items: kit.items.map((item) => (item.id === "radio" ? { ...item, quantity: 2, was: 1 } : item)),
  };
  assert.equal(row(rows(draft, more), "radio").state, "missing");
  const newThing: DeviceKit = {
    ...kit,
    items: [...kit.items, { id: "torch", name: { en: "Torch", es: "Linterna" }, quantity: 1, was: 0, ends: false }],
  };
  assert.equal(row(rows(draft, newThing), "torch").state, "not-answered");
  assert.equal(isAnswered(rows(draft, newThing)), false);
});

test("answers that are on their way are known by what they say", () => {
  const draft = withRest(NO_DRAFT, rows(NO_DRAFT));
  const item = {
    kind: "kit",
    id: "kit-0001",
    order: 1,
    madeMs: 7,
    done: false,
    kit: { id: "kit-0001", atMs: 7, answers: [...answersOf(rows(draft))] },
  } satisfies Item;
  assert.equal(toldBy([item], rows(draft))?.id, "kit-0001");
  const other = withAnswer(draft, row(rows(draft), "radio"), { have: 0 });
  assert.equal(toldBy([item], rows(other)), undefined);
  assert.equal(toldBy([{ ...item, refused: { code: "body", message: "" } }], rows(draft)), undefined);
});
