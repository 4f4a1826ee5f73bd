// What a shift carries: which list holds for whom, and that answers are gone a day after the shift.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { utf8 } from "@atalaya/remote-id";
import { Picture, type Records } from "../../src/index.ts";
import { S, T0 } from "../broadcasts.ts";
import { DAY, Desk, HOUR } from "./desk.ts";

const item = (id: string, quantity = 1): { id: string; name: { en: string; es: string }; quantity: number; ends: boolean } => ({
  id,
  name: { en: id, es: id },
  quantity,
  ends: false,
});
const list = (role: string, level: "normal" | "raised" | "high", ...items: ReturnType<typeof item>[]) => ({ role, level, items });
const carried = (desk: Desk, personId: string): string =>
  (desk.picture.carryFor(personId)?.items ?? []).map(({ id, quantity }) => `${id} ${quantity}`).join(", ");

describe("which list holds", () => {
  const desk = (): Desk =>
    new Desk()
      .somebody("a")
      .somebody("m", { role: "medic" })
      .put("carry-lists", {
        lists: [
          list("", "normal", item("tourniquet")),
          list("", "raised", item("tourniquet"), item("armour")),
          list("medic", "normal", item("bag")),
        ],
        by: "chief",
      });

  test("a role's own, else everybody's; and of the level, else of the next lower one", () => {
    const d = desk();
    assert.equal(carried(d, "a"), "tourniquet 1");
    assert.equal(carried(d, "m"), "bag 1");
    d.put("threat-level", { level: "raised", by: "chief", why: "The memo." });
    assert.equal(carried(d, "a"), "tourniquet 1, armour 1");
    assert.equal(carried(d, "m"), "tourniquet 1, armour 1");
    d.put("threat-level", { level: "high", by: "chief", why: "Worse." });
    assert.equal(carried(d, "a"), "tourniquet 1, armour 1");
  });

  test("a bulletin replaces it for its readers while it is in force, and says what is new; after it, the old one holds", () => {
    const d = desk();
    d.begin("bulletin").part("bulletin", "headline", "x").part("bulletin", "do", "y").carry("bulletin", ["tourniquet", 2]);
    d.somebody("z", { team: "other" }).release("bulletin").after(0.2);
    assert.equal(carried(d, "a"), "tourniquet 2");
    assert.deepEqual(d.picture.carryFor("a")?.was, { tourniquet: 1 });
    assert.equal(carried(d, "z"), "tourniquet 1");
    d.put("bulletin-withdrawn", { bulletinId: "bulletin", by: "analyst", reason: "Over." });
    assert.equal(carried(d, "a"), "tourniquet 1");
    assert.ok(d.wanted.some(({ type }) => type === "kit-changed"));
  });
});

describe("what a person answered", () => {
  const answered = (): Desk =>
    new Desk()
      .somebody("a")
      .put("shift", { personId: "a", on: true, by: "field" })
      .put("kit", { personId: "a", answers: [{ itemId: "radio", have: 1 }] });

  test("is erased a day after the shift ended, with what was arranged; not before", () => {
    const desk = answered().put("remedy", { personId: "a", remedyId: "remedy-1", text: "One with patrol K2.", by: "chief" });
    desk.after(8 * HOUR).put("shift", { personId: "a", on: false, by: "field" });
    assert.equal(desk.picture.readiness.kitOf("a")?.past, true);
    desk.after(DAY - 1);
    assert.notEqual(desk.picture.readiness.kitOf("a"), undefined);
    desk.after(2);
    assert.equal(desk.picture.readiness.kitOf("a"), undefined);
  });

  test("does not count for the next shift, and goes with the first answer of that", () => {
    const desk = answered().after(HOUR).put("shift", { personId: "a", on: false, by: "field" }).after(HOUR);
    desk.put("kit", { personId: "a", answers: [{ itemId: "radio", have: 0 }] }).put("shift", { personId: "a", on: true, by: "field" });
    const kit = desk.picture.readiness.kitOf("a");
    assert.deepEqual([kit?.past, kit?.answers?.[0]?.have], [false, 0]);
    assert.equal(desk.picture.readiness.oldestUs(), desk.picture.timeUs);
  });

  test("a shift that nobody ends does not keep it for ever", () => {
    assert.equal(
      answered()
        .after(3 * DAY + 1)
        .picture.readiness.kitOf("a"),
      undefined,
    );
  });

  test("once it is erased, the state is the same with its records and without them", () => {
    const desk = answered().put("remedy", { personId: "a", remedyId: "remedy-1", text: "x", by: "chief" });
    desk.after(HOUR).put("shift", { personId: "a", on: false, by: "field" }).after(HOUR);
    desk.put("kit", { personId: "a", answers: [{ itemId: "radio", have: 1 }] }).after(2 * DAY);
    const { oldestUs } = { oldestUs: desk.picture.readiness.oldestUs() ?? desk.picture.timeUs };
    const purged = new Picture();
    for (const entry of desk.list.entries)
      purged.apply((entry.kind === "kit" || entry.kind === "remedy") && entry.timeUs < oldestUs ? { ...entry, payload: undefined } : entry);
    purged.advance(desk.picture.timeUs);
    assert.equal(utf8(purged.snapshot()), utf8(desk.picture.snapshot()));
  });

  test("goes with the person", () => {
    assert.equal(answered().put("person-removed", { id: "a", by: "officer" }).picture.readiness.kitOf("a"), undefined);
  });
});

test("an outing that is over makes room for another; one that is not does not", () => {
  const desk = new Desk({ maxOutings: 1 });
  const outing = (id: string, fromS: number): Records["outing"] => ({
    outing: { id, name: id, fromUs: T0 + fromS * S, untilUs: T0 + (fromS + HOUR) * S, people: ["a"] },
    by: "chief",
  });
  desk.put("outing", outing("first", 0)).put("outing", outing("second", 10));
  assert.deepEqual(
    desk.picture.readiness.outings().map(({ id }) => id),
    ["first"],
  );
  desk.after(2 * HOUR).put("outing", outing("second", 2 * HOUR));
  assert.deepEqual(
    desk.picture.readiness.outings().map(({ id }) => id),
    ["second"],
  );
});
