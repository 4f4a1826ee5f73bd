// What people write back: help is never read as something milder, doubt is no answer, and the reference says which warning is meant.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answerKeptText, askText, LANGUAGES, readReply, type ReplyAnswer } from "../src/index.ts";

const CASES: Readonly<Record<ReplyAnswer, readonly string[]>> = {
  "taking-cover": [
    "1",
    " 1. ",
    "uno",
    "cubierto",
    "CUBIERTO!",
    "A cubierto",
    "estoy a cubierto",
    "1 a cubierto",
    "in cover",
    "Taking cover now",
    "1 ok",
  ],
  "need-help": [
    "2",
    "dos",
    "ayuda",
    "¡AYUDA!",
    "Necesito ayuda",
    "no, necesito ayuda",
    "help",
    "need help, cover is gone",
    "SOS",
    "a cubierto pero hay heridos",
    "2 ayuda",
    "1 2",
    "1. no, 2",
    "no help came",
    "sin ayuda",
    "I need help",
    "No! Ayuda!",
    "ok pero hay un herido",
  ],
  "not-me": ["3", "no soy yo", "No soy yo.", "not me", "número equivocado", "wrong person"],
  safe: ["ok", "OK.", "Okay", "safe", "I am safe", "estoy bien", "a salvo", "sin novedad", "todo bien", "I'm fine"],
};

test("answers in both languages are understood, by number, word or phrase", () => {
  for (const [answer, texts] of Object.entries(CASES)) for (const text of texts) assert.equal(readReply(text).answer, answer, text);
});

test("doubt, questions and denials are no answer: the person goes on being asked", () => {
  const texts = [
    "",
    "?",
    "no",
    "not safe",
    "no estoy a cubierto",
    "no estoy bien",
    "2 drones al norte",
    "1 drone seen",
    "who is this",
    "sí",
    "recibido",
    "3 min",
  ];
  for (const text of texts) assert.equal(readReply(text).answer, undefined, text);
  for (const text of ["no necesito ayuda", "no hay heridos", "sin heridos", "I don't need any help"])
    assert.equal(readReply(text).answer, undefined, text);
  assert.equal(readReply("Sin heridos, todos a cubierto").answer, "taking-cover");
  assert.equal(readReply("No need help, in cover").answer, "taking-cover");
});

test("the reference is found among those that were told, also with letters that look alike, and is no word of the answer", () => {
  assert.deepEqual(readReply("1 k7q2", ["0AB1", "K7Q2"]), { answer: "taking-cover", reference: "K7Q2" });
  assert.deepEqual(readReply("oabl 2", ["0AB1"]), { answer: "need-help", reference: "0AB1" });
  assert.deepEqual(readReply("Ref K7Q2: ok", ["K7Q2"]), { answer: "safe", reference: "K7Q2" });
  assert.deepEqual(readReply("XXXX ok", ["K7Q2"]), { answer: "safe" });
});

test("whatever stands beside it, a plain call for help is one", () => {
  const mild = fc.constantFrom("ok", "safe", "1", "cubierto", "estoy bien", "3", "not me", "K7Q2", "gracias", "...");
  fc.assert(
    fc.property(
      fc.array(mild, { maxLength: 4 }),
      fc.constantFrom("ayuda", "HELP", "Socorro", "sos"),
      fc.array(mild, { maxLength: 4 }),
      (before, call, after) => {
        // "not me" ends in its own no, which denies nothing that follows.
        const text = [...before.filter((word) => word !== "not me"), call, ...after].join(" ");
        assert.equal(readReply(text, ["K7Q2"]).answer, "need-help", text);
      },
    ),
  );
});

test("any text at all is read without fault", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 2000 }),
      fc.array(fc.string({ maxLength: 6 }), { maxLength: 5 }),
      (text, references) => {
        const { reference } = readReply(text, references);
        assert.ok(reference === undefined || references.includes(reference));
      },
    ),
  );
});

test("each language says what to answer and how it was understood", () => {
  for (const language of LANGUAGES) {
    assert.match(askText(language), /1.*2.*3/);
    const texts = (["safe", "taking-cover", "need-help", "not-me"] as const).map((answer) => answerKeptText(answer, language));
    assert.equal(new Set(texts).size, 4);
  }
});
