// The carry list in words: numbers, plurals of single words in both languages, and what changed.
import assert from "node:assert/strict";
import test from "node:test";
import { carriedText, countedText, numberWord } from "../src/index.ts";

const tourniquet = { name: { en: "Tourniquet", es: "Torniquete" } };

test("a change of the number is said with the number before", () => {
  assert.equal(carriedText({ ...tourniquet, quantity: 2, was: 1 }, "en"), "Two tourniquets (was one)");
  assert.equal(carriedText({ ...tourniquet, quantity: 2, was: 1 }, "es"), "Dos torniquetes (antes uno)");
  assert.equal(carriedText({ ...tourniquet, quantity: 1, was: 2 }, "en"), "Tourniquet (was two)");
  assert.equal(carriedText({ ...tourniquet, quantity: 1, was: 0 }, "es"), "Torniquete (nuevo)");
});

test("what has not changed is its name and number alone", () => {
  assert.equal(carriedText({ ...tourniquet, quantity: 1 }, "en"), "Tourniquet");
  assert.equal(carriedText({ ...tourniquet, quantity: 2, was: 2 }, "es"), "Dos torniquetes");
});

test("plurals of single words; names of several words keep their form", () => {
  const spanish = (es: string): string => countedText({ name: { en: "x", es }, quantity: 3 }, "es");
  assert.deepEqual(["Botiquín", "Radio", "Luz", "Collar", "Guantes", "Batería", "Café"].map(spanish), [
    "Tres botiquines",
    "Tres radios",
    "Tres luces",
    "Tres collares",
    "Tres guantes",
    "Tres baterías",
    "Tres cafés",
  ]);
  const english = (en: string): string => countedText({ name: { en, es: "x" }, quantity: 2 }, "en");
  assert.deepEqual(["Battery", "Torch", "Gloves", "Key", "Radio battery"].map(english), [
    "Two batteries",
    "Two torches",
    "Two gloves",
    "Two keys",
    "Radio battery: two",
  ]);
  assert.equal(numberWord(11, "es"), "11");
});
