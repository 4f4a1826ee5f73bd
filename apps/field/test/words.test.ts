// The catalogues: both languages whole, and none of the words that the design bans.
import assert from "node:assert/strict";
import test from "node:test";
import { en } from "../src/words/en.ts";
import { es } from "../src/words/es.ts";

function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  // A text with figures: what it says of some figure stands for what it says of all.
  if (typeof value === "function") return [[path, String((value as (...parts: unknown[]) => string)(3, 2, 1))]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

test("no text blames, boasts of safety, shouts or begs", () => {
  for (const [path, text] of [...texts(en), ...texts(es)]) {
    assert.doesNotMatch(text, /\b(invalid|safe|hostile|please|failed|you did not|inválid[oa]s?|a salvo|hostil|por favor)\b/i, path);
    assert.doesNotMatch(text, /[!¡]/, path);
  }
});

test("Spanish says dron, reporte and usted", () => {
  for (const [path, text] of texts(es)) {
    if (path === ".mode.drill") continue;
    assert.doesNotMatch(text, /\b(drone|tú|tu|tus|vos|informe)\b/i, path);
  }
});

test("every text of English is there in Spanish, and none is empty or left in the other language", () => {
  const paths = (catalogue: unknown): string[] => texts(catalogue).map(([path]) => path);
  assert.deepEqual(paths(es), paths(en));
  const [english, spanish] = [new Map(texts(en)), new Map(texts(es))];
  for (const [path, text] of english) {
    assert.notEqual(text.trim(), "", path);
    assert.notEqual(spanish.get(path)?.trim(), "", path);
    // Only names, signs and single short words are the same in both.
    if (text.split(" ").length > 2 && path !== ".mode.drill") assert.notEqual(spanish.get(path), text, path);
  }
});

test("buttons that are pressed with gloves have four words at most", () => {
  for (const catalogue of [en, es])
    for (const text of Object.values(catalogue.warned.answers)) assert.ok(text.split(" ").length <= 4, text);
  for (const catalogue of [en, es])
    for (const text of [catalogue.aim.send, catalogue.home.report, catalogue.shift.start, catalogue.seen.done])
      assert.ok(text.split(" ").length <= 4);
});
