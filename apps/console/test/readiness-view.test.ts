// A shift as it is laid out: open things by team, who goes out, what is done first; nobody is ranked.
import assert from "node:assert/strict";
import test from "node:test";
import type { CarryItem, Need, OutingDefinition, PersonReadiness } from "@atalaya/protocol";
import { isWholeList } from "../src/readiness/carry-items.ts";
import { beforeTheyGo, daysTo, firstToEnd, groupsOf, leastFar, needWords, nextOuting, offeredRemedy } from "../src/readiness/view.ts";
import { en } from "../src/words/en.ts";

const need = (code: Need["code"], more: Partial<Need> = {}): Need => ({ code, values: {}, remedied: false, ...more });

function person(id: string, more: Partial<PersonReadiness> = {}): PersonReadiness {
  return {
    personId: id,
    name: id,
    team: "Kilo",
    role: "agent",
    leader: false,
    language: "en",
    onShift: true,
    posts: [],
    reach: { state: "linked", byChoice: false },
    kit: [],
    training: [],
    bulletins: [],
    needs: [],
    remedies: [],
    ...more,
  };
}
const outing = (id: string, fromMs: number, people: readonly string[]): OutingDefinition => ({
  id,
  name: id,
  fromMs,
  untilMs: fromMs + 1000,
  people: [...people],
});

test("those on shift stand by team, the leader first; who has not started stands with the outing", () => {
  const people = [
    person("b", { needs: [need("no-way")] }),
    person("a"),
    person("lead", { leader: true }),
    person("x", { team: "" }),
    person("out", { onShift: false, team: "Lima" }),
    person("l", { team: "Lima" }),
  ];
  const groups = groupsOf({ people, outings: [outing("night", 100, ["out", "a"])] });
  assert.deepEqual(
    groups.map(({ key, people: all, open }) => [key, all.map(({ personId }) => personId), open.map(({ personId }) => personId)]),
    [
      ["Kilo", ["lead", "a", "b"], ["b"]],
      ["Lima", ["l"], []],
      ["", ["x"], []],
      ["night", ["out"], []],
    ],
  );
});

test("before they go: who goes out first comes first, what somebody has seen to is done, and a lost link is the watch's matter", () => {
  const people = [
    person("on", { needs: [need("item-missing")] }),
    person("seen-to", { needs: [need("item-missing", { remedied: true })] }),
    person("link", { needs: [need("no-link")] }),
    person("late", { onShift: false, needs: [need("kit-not-answered")] }),
    person("early", { onShift: false, needs: [need("kit-not-answered")] }),
  ];
  const outings = [outing("second", 200, ["late"]), outing("first", 100, ["early"])];
  assert.deepEqual(
    beforeTheyGo({ people, outings, timeMs: 0 }).map(({ personId }) => personId),
    ["early", "late", "on"],
  );
  assert.equal(nextOuting({ outings, timeMs: 0 })?.id, "first");
  assert.equal(nextOuting({ outings, timeMs: 150 })?.id, "second");
});

test("what is missing is said with what the list asks for and where there is more", () => {
  const items: CarryItem[] = [
    { id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, ends: false, where: { en: "Post 7", es: "Puesto 7" } },
  ];
  const context = { items, numberOf: () => "B-0023", language: "en" } as const;
  const missing = need("item-missing", { itemId: "tourniquet", values: { have: 1, quantity: 2 } });
  assert.equal(needWords(missing, context, en.readiness), "Tourniquet: 1, the list asks for 2. Spares: Post 7.");
  assert.equal(offeredRemedy(missing, context, en.readiness), "Tourniquet from Post 7");
  assert.equal(
    needWords(need("training-ends-soon", { training: "drone-drill", values: { daysLeft: 3 } }), context, en.readiness),
    "Drone drill training: 3 days left.",
  );
  assert.equal(needWords(need("bulletin-not-opened", { bulletinId: "x" }), context, en.readiness), "Bulletin B-0023 not opened.");
  assert.ok(isWholeList(items));
  assert.ok(!isWholeList([]));
  assert.ok(!isWholeList([{ id: "x", name: { en: "X", es: " " }, quantity: 1, ends: false }]));
});

test("the training that ends first and the bulletin that is least far are shown", () => {
  const training = [
    { kind: "tourniquet", until: "2027-06-01", state: "current" },
    { kind: "drone-drill", until: "2026-11-02", state: "lapsed" },
  ] as const;
  assert.equal(firstToEnd([...training])?.kind, "drone-drill");
  assert.equal(firstToEnd([{ kind: "tourniquet", state: "not-known" }]), undefined);
  const step = (id: string, far: "opened" | "confirmed" | "told"): PersonReadiness["bulletins"][number] => ({
    id,
    number: id,
    version: 1,
    step: far,
    overdue: false,
  });
  assert.equal(leastFar([step("a", "confirmed"), step("b", "told"), step("c", "opened")])?.id, "b");
  assert.equal(daysTo("2026-11-25", "2026-12-01"), 6);
  assert.equal(daysTo("2026-11-25", "2026-11-24"), -1);
});
