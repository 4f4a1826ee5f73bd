// Bulletins away from the app: short messages that fit, whole texts in both languages, and replies that confirm one and no other.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { bulletinLines, bulletinSms, type BulletinKind, type BulletinWords, readConfirmation } from "../src/index.ts";

const words: BulletinWords = {
  kind: "new",
  number: "B-0023",
  version: 1,
  drill: false,
  headline: "Drones pequeños pueden llevar explosivos. Reporte todo dron.",
  parts: [{ title: "Qué hacer", text: "Cúbrase primero y luego repórtelo." }],
  actions: [],
  carry: [{ name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, was: 1 }],
  question: { text: "¿Qué primero?", answers: ["Me cubro", "Lo grabo"] },
  changed: [],
};

test("a short message has no accents, the number, and how to confirm", () => {
  assert.equal(
    bulletinSms(words, "es"),
    "ATALAYA: Boletin B-0023: Drones pequenos pueden llevar explosivos. Reporte todo dron. Responda LEIDO B-0023",
  );
  assert.match(bulletinSms({ ...words, drill: true }, "en"), /^ATALAYA: DRILL\. Bulletin B-0023: .* Reply READ B-0023$/);
  assert.equal(
    bulletinSms({ ...words, kind: "withdrawn", reason: "La fuente lo retiró" }, "es"),
    "ATALAYA: Boletin B-0023 retirado, ya no vale: La fuente lo retiro",
  );
});

test("any bulletin is one short message of plain ASCII that keeps its number and its mark", () => {
  const kinds: readonly BulletinKind[] = ["new", "changed", "reminder", "fallen", "withdrawn", "expired", "not-concerned"];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.array(fc.string({ maxLength: 60 }), { maxLength: 8 }),
      fc.boolean(),
      fc.constantFrom("en" as const, "es" as const),
      (kind, headline, changed, drill, language) => {
        const sms = bulletinSms({ ...words, kind, headline, changed, drill, reason: headline }, language);
        assert.ok(sms.length <= 160, `${sms.length}: ${sms}`);
        assert.match(sms, /^[ -~]*$/);
        assert.ok(sms.includes("B-0023"));
        if (drill) assert.match(sms, /^ATALAYA: (DRILL|SIMULACRO)\. /);
        if (kind === "new" || kind === "changed" || kind === "reminder") assert.match(sms, / (Reply READ|Responda LEIDO) B-0023$/);
      },
    ),
  );
});

test("what its marking keeps off a way is not said there, nor asked to be confirmed", () => {
  const { headline: _kept, ...hidden } = words;
  const sms = bulletinSms(hidden, "en");
  assert.doesNotMatch(sms, /READ|explosiv/);
  assert.match(sms, /app/);
  assert.deepEqual(bulletinLines(hidden, "es").length, 2);
});

test("whole, it says everything in the order of reading", () => {
  assert.deepEqual(bulletinLines({ ...words, kind: "changed", version: 2, changed: ["Lleve consigo"] }, "es"), [
    "Boletín B-0023, versión 2. Cambió: Lleve consigo.",
    "Drones pequeños pueden llevar explosivos. Reporte todo dron.",
    "Qué hacer: Cúbrase primero y luego repórtelo.",
    "Lleve consigo: Dos torniquetes (antes uno)",
    "¿Qué primero? (Me cubro / Lo grabo)",
  ]);
});

test("a reply confirms the bulletin that it names, or the only one; doubt and other words confirm none", () => {
  const told = ["B-0023", "B-0024"];
  for (const text of ["LEIDO B-0023", "leído b23", "Read B-0023.", "understood 23", "Enterado B0023"])
    assert.equal(readConfirmation(text, told), "B-0023", text);
  assert.equal(readConfirmation("leído", ["B-0024"]), "B-0024");
  for (const text of [
    "leido",
    "no leido B-0023",
    "I have not read B-0023",
    "1",
    "ok",
    "a cubierto",
    "LEIDO B-0099",
    "B-0023",
    "2 ayuda",
    "",
  ])
    assert.equal(readConfirmation(text, told), undefined, text);
});
