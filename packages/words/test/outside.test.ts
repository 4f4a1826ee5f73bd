// What those outside read: a place by name, a mark that a drill cannot lose, and nothing that says where one of us is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { channelTestText, outsideOverText, outsideText } from "../src/index.ts";

const danger = { level: "warning", places: ["Post 4"], count: 1, drill: false } as const;

test("a danger is said with its places, in each language", () => {
  assert.equal(outsideText(danger, "en").headline, "Drone coming: Post 4");
  assert.equal(outsideText(danger, "es").headline, "Viene un dron: Post 4");
  assert.equal(outsideText({ ...danger, count: 12 }, "es").description, "12 drones que pueden ir armados están sobre Post 4 o en camino.");
  assert.equal(outsideText({ ...danger, places: ["A", "B"] }, "en").headline, "Drone coming: A and B");
  assert.equal(outsideText({ ...danger, places: ["A", "B", "C", "D", "E"] }, "es").headline, "Viene un dron: A, B, C y 2 más");
  assert.match(outsideText({ ...danger, places: [] }, "en").description, /the marked area/);
  for (const language of ["en", "es"] as const) {
    const levels = (["warning", "caution", "advisory"] as const).map((level) => outsideText({ ...danger, level }, language));
    for (const part of ["event", "headline", "description", "instruction"] as const)
      assert.equal(new Set(levels.map((text) => text[part])).size, 3, part);
  }
});

test("whatever is said of a drill begins with its mark, its end too", () => {
  const drill = { ...danger, drill: true };
  for (const [language, mark] of [
    ["en", "DRILL. "],
    ["es", "SIMULACRO. "],
  ] as const) {
    for (const part of Object.values(outsideText(drill, language))) assert.ok(part.startsWith(mark), part);
    const over = outsideOverText(drill, { key: "all-clear", lastHeardUs: 0 }, language, 0);
    for (const part of [over.event, over.headline, over.description]) assert.ok(part.startsWith(mark), part);
  }
});

test("the end says why", () => {
  const clear = outsideOverText(danger, { key: "all-clear", lastHeardUs: 3_600_000_000, leavingDeg: 90 }, "en", 60);
  assert.equal(clear.headline, "All clear: Post 4");
  assert.equal(clear.description, "All clear. Last heard 02:00, leaving east.");
  assert.match(outsideOverText(danger, { key: "stand-down", what: "bird" }, "es", 0).description, /^Era un ave\./);
});

test("the test of a channel fits one SMS of plain letters and says that there is no danger", () => {
  for (const language of ["en", "es"] as const) assert.match(channelTestText(language), /^ATALAYA: [ -~]{20,150}$/);
  assert.match(channelTestText("es"), /No hay peligro/);
});
