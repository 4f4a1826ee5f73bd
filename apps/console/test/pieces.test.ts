// A draft in words: what is still missing before release, what a carry list changes, how long a span is.
import assert from "node:assert/strict";
import test from "node:test";
import type { Bulletin, BulletinDraft } from "@atalaya/protocol";
import {
  countWord,
  listBefore,
  missingWords,
  nextExtra,
  onlySecondPerson,
  partKeys,
  partTitle,
  quantityBefore,
  spanWords,
  standingOf,
} from "../src/bulletins/pieces.ts";
import { en } from "../src/words/en.ts";
import { es } from "../src/words/es.ts";

test("what is missing of a language is counted together, the rest is said once each", () => {
  const blocks = [
    { code: "part-missing", piece: "do", language: "es" },
    { code: "not-approved", piece: "headline", language: "es" },
    { code: "not-approved", piece: "know", language: "es" },
    { code: "claim-not-standing", what: "C-0141" },
    { code: "second-person" },
    { code: "second-person" },
  ] as const;
  assert.deepEqual(missingWords(blocks, en.bulletins), [
    "1 Spanish part to write",
    "2 Spanish parts to approve",
    "claims that stand: C-0141 does not",
    "a second person, who wrote and approved none of it",
  ]);
  assert.equal(missingWords(blocks, es.bulletins)[1], "aprobar 2 partes en español");
  assert.ok(!onlySecondPerson(blocks));
  assert.ok(onlySecondPerson([{ code: "second-person" }]));
  assert.ok(!onlySecondPerson([]));
});

test("parts stand in their order, those of one's own last, each called by its own title", () => {
  const parts = [
    { key: "extra-2", en: { title: "Roads", text: "x" } },
    { key: "headline", en: { text: "y" } },
  ];
  assert.deepEqual(partKeys(parts), ["headline", "know", "not-know", "do", "fallen", "extra-2"]);
  assert.equal(nextExtra(parts, 8), "extra-1");
  assert.equal(nextExtra(parts, 0), undefined);
  assert.equal(partTitle("do", undefined, es.bulletins), "Qué hacer");
  assert.equal(partTitle("extra-2", "Roads", en.bulletins), "Roads");
  assert.equal(partTitle("extra-2", undefined, en.bulletins), "A part of your own");
});

test("who approved a language is named once, and a part without approval is counted", () => {
  const approved = { rev: 1, approved: { by: "S. Landa", timeMs: 1 }, changed: true };
  const open = { rev: 1, changed: true };
  const draft = {
    pieces: [
      { key: "headline", en: approved, es: open },
      { key: "do", en: approved, es: open },
    ],
  } as unknown as BulletinDraft;
  assert.deepEqual(standingOf(draft, "en"), { approved: 2, all: 2, by: ["S. Landa"] });
  assert.deepEqual(standingOf(draft, "es"), { approved: 0, all: 2, by: [] });
});

test("a carry list says what it changes: two, not one; new; and nothing where there was no list before", () => {
  const before = [{ id: "tourniquet", quantity: 1 }];
  assert.equal(quantityBefore({ id: "tourniquet", quantity: 2 }, before), 1);
  assert.equal(quantityBefore({ id: "tourniquet", quantity: 1 }, before), undefined);
  assert.equal(quantityBefore({ id: "radio", quantity: 1 }, before), 0);
  assert.equal(quantityBefore({ id: "radio", quantity: 1 }, []), undefined);
  assert.equal(
    en.bulletins.carry.changed(countWord(2, en.bulletins.carry.numbers), countWord(1, en.bulletins.carry.numbers)),
    "new: two, not one",
  );
  assert.equal(countWord(12, en.bulletins.carry.numbers), "12");
  const versions = [{ carry: before, releasedMs: 5 }, { releasedMs: 9 }] as unknown as Bulletin["versions"];
  assert.deepEqual(listBefore({ versions }, []), { items: before, releasedMs: 5 });
  assert.deepEqual(listBefore({ versions: [] }, before), { items: before });
});

test("a span is said in the unit that fits", () => {
  assert.equal(spanWords(7200, en.bulletins), "2\u00a0h");
  assert.equal(spanWords(1800, en.bulletins), "30\u00a0min");
  assert.equal(spanWords(3 * 86_400, es.bulletins), "3 días");
});
