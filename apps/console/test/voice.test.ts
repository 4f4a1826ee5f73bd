// What a call makes of a report, and what is read back of it, in both languages.
import assert from "node:assert/strict";
import test from "node:test";
import { type Landmark, NewReport, type Zone } from "@atalaya/protocol";
import { readBack } from "../src/reports/read-back.ts";
import { placeNames, placeOf, type VoiceDraft, type VoiceValues, voiceReport } from "../src/reports/voice.ts";
import { wedgeSaid } from "../src/reports/wedge-said.ts";
import { en } from "../src/words/en.ts";
import { es } from "../src/words/es.ts";

const ZONES: readonly Zone[] = [
  { id: "p7", name: "Puesto Álamo", kind: "post", shape: { type: "circle", centre: { latDeg: 31.76, lonDeg: -106.49 }, radiusM: 100 } },
  { id: "br", name: "Bridge", kind: "area", shape: { type: "circle", centre: { latDeg: 31.7, lonDeg: -106.4 }, radiusM: 20 } },
  { id: "br2", name: "Brickworks", kind: "area", shape: { type: "circle", centre: { latDeg: 31.71, lonDeg: -106.41 }, radiusM: 20 } },
];
const T = 1_790_000_000_000;
const draft = (values: VoiceValues): VoiceDraft => ({ id: "call-0001", startedMs: T, values });
function made(values: VoiceValues): NewReport {
  const report = voiceReport(draft(values), ZONES, T + 90_000);
  assert.ok(!("missing" in report));
  return NewReport.parse(report);
}

test("a place is a post or landmark by name or its beginning, without accents; a grid reference; or coordinates", () => {
  assert.deepEqual(placeOf("puesto alamo", ZONES, undefined), {
    latDeg: 31.76,
    lonDeg: -106.49,
    errorM: 100,
    by: "post",
    name: "Puesto Álamo",
  });
  assert.equal(placeOf("pue", ZONES, 30)?.errorM, 30);
  assert.equal(placeOf("br", ZONES, undefined), undefined, "two begin so");
  assert.equal(placeOf("Bridge", ZONES, undefined)?.by, "landmark");
  const grid = placeOf("13R CR 58930 14570", ZONES, undefined);
  assert.equal(grid?.by, "grid");
  assert.ok(Math.abs((grid?.latDeg ?? 0) - 31.76) < 0.05);
  assert.equal(placeOf("31.5, -106.2", ZONES, undefined)?.by, "map");
  for (const wrong of ["", "nowhere", "91, 0", "99Z ZZ 1"]) assert.equal(placeOf(wrong, ZONES, undefined), undefined, wrong);
});

test("a landmark is found by its name in either language, and keeps the one that the caller said", () => {
  const landmarks: readonly Landmark[] = [
    { id: "mill", nameEn: "Old mill", nameEs: "Molino viejo", latDeg: 31.7, lonDeg: -106.3, errorM: 80 },
    { id: "cross", nameEn: "Cruz Blanca", nameEs: "Cruz Blanca", latDeg: 31.71, lonDeg: -106.31, errorM: 30 },
  ];
  const at = (text: string): ReturnType<typeof placeOf> => placeOf(text, ZONES, undefined, landmarks);
  assert.deepEqual(at("molino"), { latDeg: 31.7, lonDeg: -106.3, errorM: 80, by: "landmark", name: "Molino viejo" });
  assert.equal(at("old mill")?.name, "Old mill");
  assert.equal(at("cruz")?.errorM, 30);
  assert.equal(placeOf("molino", ZONES, undefined), undefined);
  assert.deepEqual(placeNames(ZONES, landmarks).slice(-3), ["Old mill", "Molino viejo", "Cruz Blanca"]);
});

test("a call is a report as soon as there is a place, and what was not said is not in it", () => {
  assert.deepEqual(voiceReport(draft({ count: "2" }), ZONES, T), { missing: "place" });
  const least = made({ place: "Bridge" });
  assert.equal(least.atRisk, false);
  for (const field of ["direction", "range", "type", "count", "note", "lights", "operator"] as const)
    assert.equal(least[field], undefined, field);
  assert.deepEqual(made({ place: "Bridge", count: "2", type: "", note: "", lights: "", direction: "" }).count, 2);
});

test("clock direction needs where the caller faces; degrees need a number; all of it fits the protocol", () => {
  assert.equal(made({ place: "Bridge", direction: "clock-7" }).direction, undefined);
  assert.deepEqual(made({ place: "Bridge", direction: "clock-7", facing: "E" }).direction, { type: "clock", hour: 7, facingDeg: 90 });
  assert.equal(wedgeSaid(made({ place: "Bridge", direction: "clock-7", facing: "E" }))?.azimuthDeg, 300);
  assert.equal(made({ place: "Bridge", direction: "degrees" }).direction, undefined);
  const whole = made({
    place: "pue",
    count: "3",
    type: "fixed-wing",
    doing: "passing",
    heading: "NNE",
    carrying: "something",
    direction: "SW",
    elevation: "low",
    range: "metres",
    metres: "800",
    lights: "flashing",
    sound: "faint",
    fallen: "wreck",
    operator: "NE",
    minutesAgo: "10",
    stillThere: "yes",
    note: "grey",
    callerName: "A",
    callBack: "channel 3",
    atRisk: "yes",
    callerLanguage: "es",
  });
  assert.equal(whole.observedMs, T - 600_000);
  assert.equal(whole.observedErrorS, 200);
  assert.deepEqual(whole.operator, { seen: true, direction: "NE" });
  assert.deepEqual(whole.range, { type: "metres", metres: 800 });
});

test("the read-back says what was said, in the caller's language, and asks", () => {
  const report = made({
    place: "pue",
    count: "2",
    type: "multirotor",
    doing: "approaching",
    direction: "SW",
    range: "close",
    atRisk: "yes",
    callBack: "channel 3",
    fallen: "wreck",
  });
  const english = readBack(report, en, T);
  assert.match(english, /You see 2 drones, rotors, comes nearer/);
  assert.match(english, /It is seen SW, close\./);
  assert.match(english, /Do not touch it.*You are at risk now\. I call you back at channel 3\. Is that right\?$/);
  const spanish = readBack(report, es, T);
  assert.match(spanish, /Usted ve 2 drones, con rotores, se acerca/);
  assert.match(spanish, /No lo toque.*Usted está en riesgo ahora.*¿Es correcto\?$/);
  assert.doesNotMatch(readBack(made({ place: "Bridge", type: "not-sure-drone" }), en, T), /drone/);
});
