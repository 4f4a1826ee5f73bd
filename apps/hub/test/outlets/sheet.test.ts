// The printed sheet, read by programs that are not ours: one A4 page, every word of both languages on it, a code that a camera reads; too long is refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { BulletinVersion } from "@atalaya/protocol";
import { temporaryFolder } from "@atalaya/testing/hub";
import { printSheet, type Sheet } from "../../src/outlets/print/sheet.ts";

const both = (en: string, es: string): { en: { text: string }; es: { text: string } } => ({ en: { text: en }, es: { text: es } });
const version: BulletinVersion = {
  version: 2,
  releasedMs: Date.UTC(2026, 10, 11, 18),
  releasedBy: "S. Landa",
  writers: ["I. Cárdenas"],
  approvals: [],
  changed: ["carry"],
  carryWas: { tourniquet: 1 },
  claimNumbers: ["C-0141"],
  parts: [
    {
      key: "headline",
      ...both("Small drones may carry explosives. Report every drone.", "Drones pequeños pueden llevar explosivos. Reporte todo dron."),
    },
    {
      key: "know",
      ...both(
        "A source judged usually reliable says so. No date, no place.",
        "Una fuente generalmente confiable lo dice. Sin fecha ni lugar.",
      ),
    },
    { key: "do", ...both("Take cover first, then report it.", "Cúbrase primero y luego repórtelo. ¿Dudas? Pregunte.") },
  ],
  carry: [
    { id: "first-aid", name: { en: "First-aid kit", es: "Botiquín" }, quantity: 1, ends: true },
    { id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, ends: false },
  ],
  question: {
    words: { en: "You hear a drone. What first?", es: "Oye un dron. ¿Qué hace primero?" },
    answers: [
      { id: "cover", words: { en: "Take cover", es: "Me cubro" }, right: true },
      { id: "film", words: { en: "Film it", es: "Lo grabo" }, right: false },
    ],
  },
  settings: {
    audience: { sector: true, teams: [], roles: [], posts: [], people: [], partners: [] },
    level: "act-on-it",
    validFromMs: Date.UTC(2026, 10, 11, 18),
    validUntilMs: Date.UTC(2026, 10, 18, 6),
    handling: { tlp: "AMBER", releasableTo: [] },
    claims: [],
    confirming: { withinS: 7200, reminders: 3, remindEveryS: 3600, leader: true, supervisorAfterS: 1800 },
    drill: false,
  },
};
const CODE = "https://atalaya.example:8443/field/#bulletin=0d6d9d4e-8a0a-4f3c-9d9e-2f5c7b1a3e10";
const sheet = (more: Partial<Sheet> = {}): Sheet => ({
  number: "B-0023",
  sector: "Paso Oeste",
  version,
  languages: ["en", "es"],
  code: CODE,
  printedMs: Date.UTC(2026, 10, 12, 4),
  timeZone: "America/Denver",
  ...more,
});

function run(command: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8" });
  assert.equal(status, 0, `${command}: ${stderr}`);
  return stdout;
}

/** What the oracles see of a sheet. */
async function seen(
  folder: string,
  wanted: Sheet,
): Promise<{ readonly info: string; readonly text: string; readonly codes: string; readonly fonts: string }> {
  const printed = await printSheet(wanted);
  assert.ok("pdf" in printed, JSON.stringify(printed));
  const file = join(folder, "sheet.pdf");
  writeFileSync(file, printed.pdf);
  run("pdftoppm", "-r", "150", "-png", "-singlefile", file, join(folder, "sheet"));
  return {
    info: run("pdfinfo", file),
    text: run("pdftotext", "-layout", file, "-").replace(/\s+/g, " "),
    codes: run("zbarimg", "--quiet", "--raw", join(folder, "sheet.png")).trim(),
    fonts: run("pdffonts", file),
  };
}

test("both languages stand on one A4 page with a code that a camera reads", async (context) => {
  const { info, text, codes, fonts } = await seen(temporaryFolder(context), sheet());
  assert.match(info, /Pages:\s+1\n/);
  assert.match(info, /Page size:\s+595\.28 x 841\.89 pts \(A4\)/);
  assert.equal(codes, CODE);
  for (const words of [
    "B-0023",
    "TLP:AMBER",
    "Paso Oeste",
    "What to do",
    "Qué hacer",
    "Two tourniquets (was one)",
    "Dos torniquetes (antes uno)",
    "explosivos",
    "Cúbrase",
    "¿Dudas?",
    "Botiquín",
    "S. Landa",
  ])
    assert.ok(text.includes(words), `${words} in ${text}`);
  // The letters are in the file: it prints the same without a network and without the fonts.
  assert.match(fonts, /B612-Regular.* yes yes /);
  assert.match(fonts, /B612-Bold.* yes yes /);
});

test("one language has the page to itself, and the other is not on it", async (context) => {
  const { text } = await seen(temporaryFolder(context), sheet({ languages: ["es"] }));
  assert.ok(text.includes("Lleve consigo") && !text.includes("Carry with you"));
});

test("a drill's sheet says so at its head and before its headline; one that no longer holds says that", async (context) => {
  const drill = { ...version, settings: { ...version.settings, drill: true } };
  const { text } = await seen(temporaryFolder(context), sheet({ version: drill, over: "withdrawn" }));
  assert.ok(text.includes("DRILL, NOT REAL · SIMULACRO, NO ES REAL"), text);
  assert.match(text, /DRILL\. Small drones/);
  assert.match(text, /SIMULACRO\. Drones/);
  assert.ok(text.includes("WITHDRAWN · RETIRADO"));
});

const lorem = (words: number): string => Array.from({ length: words }, (_, k) => `palabra${k}`).join(" ");
const long = (words: number): BulletinVersion => ({
  ...version,
  parts: [...version.parts, { key: "extra-1", en: { title: "More", text: lorem(words) } }],
});

test("longer text makes smaller type, and stays on one page with every word", async (context) => {
  const { info, text } = await seen(temporaryFolder(context), sheet({ version: long(180), languages: ["en"] }));
  assert.match(info, /Pages:\s+1\n/);
  assert.ok(text.includes("palabra179"));
});

test("what does not fit at the smallest type is refused, with the language and by how much", async () => {
  const printed = await printSheet(sheet({ version: long(1500) }));
  assert.ok("refused" in printed);
  assert.equal(printed.refused.language, "en");
  assert.equal(printed.refused.smallestPt, 8);
  assert.ok(printed.refused.linesOver > 10);
});
