// The catalogues: both languages whole, and none of the words that the design bans.
import assert from "node:assert/strict";
import test from "node:test";
import { en } from "../src/words/en.ts";
import { es } from "../src/words/es.ts";
import { distance, metres, seconds, speed } from "../src/words/figures.ts";

function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  // A text with figures: what it says of some figure stands for what it says of all.
  if (typeof value === "function") return [[path, String((value as (...parts: unknown[]) => string)(3, 2))]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

test("no text blames, boasts of safety, shouts or begs", () => {
  for (const [path, text] of [...texts(en), ...texts(es)]) {
    assert.doesNotMatch(text, /\b(invalid|safe|hostile|please|failed|you did not|inválid[oa]s?|segur[oa]s?|hostil|por favor)\b/i, path);
    assert.doesNotMatch(text, /[!¡]/, path);
  }
});

test("Spanish says dron and usted", () => {
  for (const [path, text] of texts(es)) assert.doesNotMatch(text, /\b(drone|tú|tu|tus|vos)\b/i, path);
});

test("every text of English is there in Spanish, and none is empty", () => {
  const paths = (catalogue: unknown): string[] => texts(catalogue).map(([path]) => path);
  assert.deepEqual(paths(es), paths(en));
  for (const [path, text] of [...texts(en), ...texts(es)]) assert.notEqual(text.trim(), "", path);
});

test("figures carry their unit behind a space that does not break, and unknown is a dash", () => {
  assert.equal(metres(1340.4), "1,340\u00a0m");
  assert.equal(metres(undefined), "–");
  assert.equal(distance(1400), "1.4\u00a0km");
  assert.equal(distance(203), "200\u00a0m");
  assert.equal(speed(17.6), "18\u00a0m/s");
  assert.equal(speed(undefined), "–");
  assert.equal(seconds(78), "78\u00a0s");
});
