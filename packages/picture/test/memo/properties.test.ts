// The memo under any order of events: what is owed is what a plain count gives, replay gives the same bytes, and how time is cut changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "@atalaya/remote-id";
import fc from "fast-check";
import { type Entry, type MemoIntent, owedBy, Picture, type Settings } from "../../src/index.ts";
import { S, T0 } from "../broadcasts.ts";
import { Desk, settings } from "./desk.ts";

const TIGHT: Partial<Settings> = { maxDuePerTick: 2, bulletinNextWayUs: 3 * S, kitKeptUs: 20 * S, kitShiftUs: 60 * S };
const PEOPLE = ["a", "b", "c", "boss"] as const;
const TEAMS = ["alpha", "bravo"] as const;
const PIECES = ["headline", "do", "know", "carry"] as const;

type Step =
  | { readonly do: "move"; readonly who: (typeof PEOPLE)[number]; readonly team: (typeof TEAMS)[number]; readonly es: boolean }
  | { readonly do: "remove" | "kit" | "shift"; readonly who: (typeof PEOPLE)[number]; readonly on: boolean }
  | { readonly do: "version"; readonly change: (typeof PIECES)[number]; readonly teams: readonly (typeof TEAMS)[number][] }
  | {
      readonly do: "event";
      readonly who: (typeof PEOPLE)[number];
      readonly step: "delivered" | "opened" | "confirmed";
      readonly back: number;
    }
  | { readonly do: "receipt"; readonly who: (typeof PEOPLE)[number]; readonly step: "sent" | "delivered" | "failed" | "no-link" }
  | { readonly do: "withdraw" | "refute" | "restore" | "wait" };

const who = fc.constantFrom(...PEOPLE);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("move" as const), who, team: fc.constantFrom(...TEAMS), es: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("remove" as const, "kit" as const, "shift" as const), who, on: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("version" as const),
      change: fc.constantFrom(...PIECES),
      teams: fc.uniqueArray(fc.constantFrom(...TEAMS), { minLength: 1 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("event" as const),
      who,
      step: fc.constantFrom("delivered" as const, "opened" as const, "confirmed" as const),
      back: fc.nat(2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("receipt" as const),
      who,
      step: fc.constantFrom("sent" as const, "delivered" as const, "failed" as const, "no-link" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("withdraw" as const, "refute" as const, "restore" as const, "wait" as const) }) },
);

const id = "bulletin";
const confirming = { withinS: 30, reminders: 2, remindEveryS: 10, leader: true, supervisorAfterS: 10 };

/** Does one thing; true when a version came out. */
function play(desk: Desk, what: Step, k: number): boolean {
  const bulletin = desk.bulletin(id);
  const version = bulletin.versions.at(-1)?.version ?? 0;
  switch (what.do) {
    case "move":
      desk.somebody(what.who, { team: what.team, language: what.es ? "es" : "en", leader: what.who === "boss" });
      return false;
    case "remove":
      desk.put("person-removed", { id: what.who, by: "officer" });
      return false;
    case "kit":
      desk.put("kit", { personId: what.who, answers: [{ itemId: "radio", have: 1 }] });
      return false;
    case "shift":
      desk.put("shift", { personId: what.who, on: what.on, by: "field" });
      return false;
    case "version": {
      const inForce = bulletin.state === "in-force";
      desk.next(id);
      if (bulletin.draft === undefined) return false;
      const audience = { sector: false, teams: [...what.teams], roles: [], posts: [], people: [], partners: [] };
      desk.put("bulletin-settings", {
        bulletinId: id,
        settings: settings({ audience, claims: ["claim-01"], confirming }),
        by: "writer en",
      });
      for (const piece of version === 0 ? (["headline", "do", what.change] as const) : [what.change]) {
        if (piece === "carry") desk.carry(id, ["radio", (k % 9) + 1]);
        else desk.part(id, piece, `text ${k}`);
      }
      desk.release(id);
      return (inForce || version === 0) && (desk.bulletin(id).versions.at(-1)?.version ?? 0) > version;
    }
    case "event":
      desk.did(id, what.who, what.step, Math.max(1, version - what.back), desk.now - what.back);
      return false;
    case "receipt": {
      const notice = desk.last(what.who);
      if (notice !== undefined) desk.came(notice, what.step);
      return false;
    }
    case "withdraw":
      desk.put("bulletin-withdrawn", { bulletinId: id, by: "analyst", reason: "It is over." });
      return false;
    case "refute":
    case "restore":
      desk.verdict("memo-001", what.do === "refute" ? "refuted" : "restored");
      return false;
    case "wait":
      desk.after(17);
      return false;
  }
}

function begun(): Desk {
  const desk = new Desk(TIGHT).source("memo-001").claim("claim-01", "memo-001");
  for (const name of PEOPLE) desk.somebody(name, { leader: name === "boss" });
  return desk.begin(id);
}

test("what each person owes is what a plain count of versions and confirmations gives", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.integer({ min: 2, max: 12 })), { maxLength: 40 }), (steps) => {
      const desk = begun();
      /** By version: the pieces as they were. */
      const versions: Record<string, string>[] = [];
      const confirmed = new Map<string, Set<number>>();
      const readers = new Set<string>();
      let over = false;
      steps.forEach(([what, gapS], k) => {
        const before = desk.bulletin(id).versions.length;
        play(desk, what, k);
        const version = desk.bulletin(id).versions.at(-1);
        if (desk.bulletin(id).versions.length > before && version !== undefined) {
          const pieces: Record<string, string> = {};
          for (const [key, part] of Object.entries(version.content.parts)) pieces[key] = `${part.en?.text} ${part.es?.text}`;
          if (version.content.carry !== undefined) pieces["carry"] = version.content.carry.map(({ quantity }) => quantity).join();
          versions.push(pieces);
        }
        if (what.do === "withdraw" && versions.length > 0) over = true;
        // An event of somebody whom it never concerned is of nobody; a confirmation of a reader counts for its version.
        if (what.do === "event" && what.step === "confirmed" && readers.has(what.who) && versions.length > 0) {
          const known = confirmed.get(what.who) ?? new Set();
          known.add(Math.max(1, versions.length - what.back));
          confirmed.set(what.who, known);
        }
        // Everybody is told before the next thing happens.
        desk.after(gapS);
        const teams = version?.content.settings.audience.teams ?? [];
        if (!over)
          for (const person of desk.picture.people()) if (teams.includes(person.definition.team)) readers.add(person.definition.id);
        for (const name of PEOPLE) {
          const person = desk.picture.person(name);
          const isMember = person !== undefined && teams.includes(person.definition.team);
          const upTo = Math.max(0, ...(confirmed.get(name) ?? []));
          const now = versions.at(-1) ?? {};
          const expected =
            over || !isMember
              ? []
              : Object.keys(now).filter((key) =>
                  // Owed when any version after the confirmed one changed it, the first of all being a change.
                  versions.some((pieces, at) => at >= upTo && pieces[key] !== undefined && pieces[key] !== versions[at - 1]?.[key]),
                );
          const reader = desk.bulletin(id).readers.get(name);
          assert.deepEqual(
            reader === undefined ? [] : [...owedBy(desk.bulletin(id), reader)].sort(),
            expected.sort(),
            `${name} after ${what.do}`,
          );
        }
      });
    }),
    { numRuns: 150 },
  );
});

function intentsOf(picture: Picture, entries: readonly Entry[]): readonly MemoIntent[] {
  const intents: MemoIntent[] = [];
  for (const entry of entries) {
    picture.apply(entry);
    // Which screens are to read again is said once for all that changed.
    intents.push(...picture.takeMemoIntents().filter(({ type }) => type !== "memo-changed"));
  }
  return intents;
}

test("replay from a snapshot at any entry, and advancing in steps of any size, give the same bytes and the same intents", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(step, fc.double({ min: 0, max: 15, noNaN: true })), { maxLength: 30 }),
      fc.nat(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
      (steps, cut, parts) => {
        const desk = begun();
        steps.forEach(([what, gapS], k) => {
          play(desk, what, k);
          desk.after(gapS);
        });
        const { entries } = desk.list;
        const endUs = T0 + (desk.now + 90) * S;
        const whole = new Picture(TIGHT);
        const expected = [...intentsOf(whole, entries)];
        whole.advance(endUs);
        expected.push(...whole.takeMemoIntents().filter(({ type }) => type !== "memo-changed"));

        const at = cut % (entries.length + 1);
        const first = new Picture(TIGHT);
        const found = [...intentsOf(first, entries.slice(0, at))];
        const restored = Picture.restore(first.snapshot());
        assert.ok(restored instanceof Picture);
        entries.slice(at).forEach((entry, k) => {
          const from = restored.timeUs;
          if (entry.timeUs > from) restored.advance(Math.round(from + (entry.timeUs - from) * (parts[k % parts.length] ?? 0)));
          restored.apply(entry);
          found.push(...restored.takeMemoIntents().filter(({ type }) => type !== "memo-changed"));
        });
        for (let us = restored.timeUs; us < endUs; us += 7.3 * S) restored.advance(us);
        restored.advance(endUs);
        found.push(...restored.takeMemoIntents().filter(({ type }) => type !== "memo-changed"));
        assert.equal(utf8(restored.snapshot()), utf8(whole.snapshot()));
        assert.deepEqual(found, expected);
      },
    ),
    { numRuns: 100 },
  );
});
