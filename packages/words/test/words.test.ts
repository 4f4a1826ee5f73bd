// What each message says in each language, letter for letter, and what holds for every message.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LANGUAGES, type Language, type Message, messageText, type Reader, smsText } from "../src/index.ts";

/** 02:49 on a day, UTC. */
const HEARD_US = 1_789_958_940_000_000;
const warning: Message = { key: "warning", azimuthDeg: 225, distanceM: 1400, reachesInS: 78 };

/** A plain space before a unit stands for the no-break space here, so that the lines can be read. */
const golden: readonly (readonly [string, Message, Reader, en: string, es: string])[] = [
  [
    "warning",
    warning,
    { facingDeg: 15 },
    "Drone coming. 7 o'clock, from south-west. 1.4 km, 78 s. Get under hard cover now.",
    "Viene un dron. A las 7, desde el suroeste. 1.4 km, 78 s. Cúbrase ya bajo techo firme.",
  ],
  [
    "warning without a facing",
    warning,
    {},
    "Drone coming. From south-west. 1.4 km, 78 s. Get under hard cover now.",
    "Viene un dron. Desde el suroeste. 1.4 km, 78 s. Cúbrase ya bajo techo firme.",
  ],
  [
    "warning of a swarm, at one o'clock",
    { ...warning, count: 12 },
    { facingDeg: 195 },
    "12 drones coming. 1 o'clock, from south-west. 1.4 km, 78 s. Get under hard cover now.",
    "Vienen 12 drones. A la 1, desde el suroeste. 1.4 km, 78 s. Cúbrase ya bajo techo firme.",
  ],
  [
    "warning of a drone not heard any more",
    { key: "warning", azimuthDeg: 90, distanceM: 304, reachesInS: 0.9, lastHeardUs: HEARD_US },
    { utcOffsetMin: -420 },
    "Drone coming. From east. 300 m, 0 s. Last heard 19:49. Get under hard cover now.",
    "Viene un dron. Desde el este. 300 m, 0 s. Última señal 19:49. Cúbrase ya bajo techo firme.",
  ],
  [
    "caution",
    { key: "caution", azimuthDeg: 180 },
    { facingDeg: 0 },
    "A drone may be near, south. Distance unknown. Stay close to cover.",
    "Puede haber un dron cerca, al sur. Distancia desconocida. Manténgase junto a un refugio.",
  ],
  [
    "advisory",
    { key: "advisory", azimuthDeg: 225, distanceM: 5000, leaving: true },
    {},
    "Drone leaving south-west, 5 km.",
    "Un dron se aleja al suroeste, 5 km.",
  ],
  ["advisory, not leaving", { key: "advisory", azimuthDeg: 0, distanceM: 12_400 }, {}, "Drone north, 12 km.", "Un dron al norte, 12 km."],
  [
    "fallen",
    { key: "fallen", azimuthDeg: 0, distanceM: 300 },
    {},
    "Something fell 300 m north. Do not touch. Move 100 m away.",
    "Algo cayó 300 m al norte. No lo toque. Aléjese 100 m.",
  ],
  [
    "all-clear, English place",
    { key: "all-clear", place: "Post 7", lastHeardUs: HEARD_US, leavingDeg: 315 },
    {},
    "All clear, Post 7. Last heard 02:49, leaving north-west.",
    "Fin del peligro, Post 7. Última señal 02:49, hacia el noroeste.",
  ],
  [
    "stand-down",
    { key: "stand-down", what: "own-drone", name: "Halcón 2" },
    {},
    "It was our own drone, Halcón 2. You were right to take cover.",
    "Era nuestro dron Halcón 2. Hizo bien en cubrirse.",
  ],
  [
    "stand-down of an aircraft",
    { key: "stand-down", what: "aircraft" },
    {},
    "It was a manned aircraft. You were right to take cover.",
    "Era una aeronave tripulada. Hizo bien en cubrirse.",
  ],
  [
    "no longer concerned",
    { key: "not-concerned", why: "left", lastHeardUs: HEARD_US },
    {},
    "This no longer concerns you. You are out of its reach. Last heard 02:49.",
    "Esto ya no le concierne. Usted está fuera de su alcance. Última señal 02:49.",
  ],
  [
    "unanswered",
    { key: "unanswered", why: "no-link", name: "Quesada" },
    {},
    "Quesada has no link. Call now.",
    "Quesada no tiene enlace. Llame ya.",
  ],
  [
    "a report of the team",
    { key: "team-report", name: "Ana", atRisk: false, azimuthDeg: 225, place: "Post 7", reminder: true },
    {},
    "Not opened yet. Ana reports a drone to the south-west, seen from Post 7. Open it in Atalaya.",
    "Sin abrir todavía. Ana reporta un dron al suroeste, visto desde Post 7. Ábralo en Atalaya.",
  ],
  [
    "somebody of the team at risk",
    { key: "team-report", name: "Ana", atRisk: true, reminder: false },
    {},
    "Ana is at risk now. Call now. Report of a drone.",
    "Ana está en riesgo ahora. Llame ya. Reporta un dron.",
  ],
  [
    "a report that was taken back",
    { key: "report-taken-back", name: "Ana" },
    {},
    "Ana took the report back. Nothing rests on it any more.",
    "Ana retiró su reporte. Ya nada se basa en él.",
  ],
  [
    "drill",
    { key: "warning", azimuthDeg: 225, distanceM: 1400, reachesInS: 78 },
    { drill: true, facingDeg: 15 },
    "DRILL. Drone coming from south-west. Take cover as trained.",
    "SIMULACRO. Viene un dron desde el suroeste. Cúbrase como practicó.",
  ],
];

for (const [name, message, reader, en, es] of golden) {
  test(`${name} reads as written in both languages`, () => {
    const spaced = (text: string): string => text.replace(/(\d) (m|km|s|min)\b/g, "$1\u00a0$2");
    assert.equal(messageText(message, "en", reader), spaced(en));
    assert.equal(messageText(message, "es", reader), spaced(es));
  });
}

test("the SMS is the law's, with the reference at its end", () => {
  assert.equal(smsText(warning, "en"), "ATALAYA: drone from SW, 1.4 km, 78 s. Take hard cover. Reply 1 in cover 2 help");
  assert.equal(smsText(warning, "es"), "ATALAYA: dron desde SO, 1.4 km, 78 s. Cubrase. Responda 1 a cubierto 2 ayuda");
  assert.equal(
    smsText(warning, "es", { reference: "K7Q2", drill: true }),
    "ATALAYA: SIMULACRO. dron desde SO, 1.4 km, 78 s. Cubrase. Responda 1 a cubierto 2 ayuda. Ref K7Q2",
  );
  assert.equal(
    smsText({ key: "stand-down", what: "own-drone", name: "Halcón 2" }, "es", { reference: "K7Q2" }),
    "ATALAYA: Era nuestro dron Halcon 2. Hizo bien en cubrirse. Ref K7Q2",
  );
});

const number = fc.option(fc.double({ min: -1e7, max: 1e7, noNaN: true }), { nil: undefined });
const name = fc.string({ unit: "grapheme", maxLength: 300 });
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc
    .record({
      key: fc.constantFrom("warning" as const, "caution" as const, "advisory" as const),
      a: number,
      d: number,
      s: number,
      n: fc.nat(),
    })
    .map(({ key, a, d, s, n }) => ({
      key,
      ...(a === undefined ? {} : { azimuthDeg: a }),
      ...(d === undefined ? {} : { distanceM: Math.abs(d) }),
      ...(s === undefined ? {} : { reachesInS: s }),
      count: n,
    })),
  name.map((place): Message => ({ key: "all-clear", place, lastHeardUs: HEARD_US })),
  name.map((who): Message => ({ key: "unanswered", why: "no-answer", name: who })),
  name.map((drone): Message => ({ key: "stand-down", what: "own-drone", name: drone })),
  name.map((who): Message => ({ key: "team-report", name: who, place: who, azimuthDeg: 45, atRisk: who.length % 2 > 0, reminder: true })),
  name.map((who): Message => ({ key: "report-taken-back", name: who })),
);
const language: fc.Arbitrary<Language> = fc.constantFrom(...LANGUAGES);

test("an SMS is never longer than 160 plain characters, whatever the names, and always holds its reference and drill mark", () => {
  fc.assert(
    fc.property(anyMessage, language, fc.boolean(), (message, spoken, drill) => {
      const text = smsText(message, spoken, { reference: "K7Q2", drill });
      assert.ok(text.length <= 160 && /^[ -~]*$/.test(text), text);
      assert.ok(text.endsWith("Ref K7Q2"));
      assert.equal(text.includes(spoken === "en" ? "DRILL" : "SIMULACRO"), drill);
    }),
  );
});

test("what a leader has to do stands in the SMS whatever the names", () => {
  const long = "María de los Ángeles Hernández Gutiérrez de la Torre, segunda compañía";
  const message: Message = { key: "team-report", name: long, place: long, azimuthDeg: 225, atRisk: false, reminder: true };
  assert.match(smsText(message, "es", { reference: "S-0012", drill: true }), /Abralo en Atalaya\. Ref S-0012$/);
  assert.match(smsText({ ...message, atRisk: true }, "en", { reference: "S-0012" }), /at risk now\. Call now\./);
});

test("no text pleads, shouts, blames or promises safety, and every drill begins with its mark", () => {
  for (const spoken of LANGUAGES) {
    for (const [, message, reader] of golden) {
      const text = messageText(message, spoken, reader);
      assert.doesNotMatch(text, /!|please|por favor|invalid|hostile|\bsafe\b|a salvo|you did not/i);
      const drilled = messageText(message, spoken, { ...reader, drill: true });
      assert.ok(drilled.startsWith(spoken === "en" ? "DRILL. " : "SIMULACRO. "));
    }
  }
});
