// A bulletin on one sheet of paper, for the wall of a muster room: A4, in one language or both side by side, with a QR code. It is one page or none.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BulletinVersion } from "@atalaya/protocol";
import { BULLETIN_LABELS, carriedText, DRILL_MARK, type Language } from "@atalaya/words";
import Pdf from "pdfkit";
import { encode } from "uqr";

export interface Sheet {
  readonly number: string;
  readonly sector: string;
  readonly version: BulletinVersion;
  /** It no longer holds: said across the head. */
  readonly over?: "withdrawn" | "expired" | "replaced" | undefined;
  readonly languages: readonly Language[];
  /** What the code holds: the address of the bulletin in the field app, or its number where no phone reaches the hub. */
  readonly code: string;
  readonly printedMs: number;
  readonly timeZone: string;
}

export type Printed =
  | { readonly pdf: Buffer }
  /** `linesOver`: of the language that is longest, at the smallest type. */
  | { readonly refused: { readonly language: Language; readonly linesOver: number; readonly smallestPt: number } };

const PAGE = { width: 595.28, height: 841.89, margin: 42 };
const FOOT = 118;
const GAP = 22;
/** Read from a step away; below this a wall is no place for it. */
const LARGEST_PT = 14;
const SMALLEST_PT = 8;
const STEP_PT = 0.5;
const HEADLINE = 1.45;
const TITLE = 0.85;
const LINE = 1.25;
const CODE_PT = 100;

const font = (weight: number): Buffer =>
  readFileSync(fileURLToPath(import.meta.resolve(`@fontsource/b612/files/b612-latin-${weight}-normal.woff`)));
let fonts: { readonly regular: Buffer; readonly bold: Buffer } | undefined;

type Doc = InstanceType<typeof Pdf>;

interface Block {
  readonly text: string;
  readonly bold: boolean;
  /** Of the size of the text. */
  readonly scale: number;
  /** Space before it, in lines. */
  readonly before: number;
}

function timeText(timeMs: number, language: Language, timeZone: string): string {
  return new Date(timeMs).toLocaleString(language === "es" ? "es-MX" : "en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone,
    timeZoneName: "short",
  });
}

const ORDER = ["do", "actions", "know", "not-know", "fallen", ...Array.from({ length: 8 }, (_, k) => `extra-${k + 1}`)];

/** The words of one language, from the headline down. */
function blocksOf({ version }: Sheet, language: Language): readonly Block[] {
  const labels = BULLETIN_LABELS[language];
  const { parts, actions, carry, question, settings, carryWas } = version;
  const mark = settings.drill ? `${DRILL_MARK[language]}. ` : "";
  const headline = parts.find(({ key }) => key === "headline")?.[language]?.text ?? "";
  const blocks: Block[] = [{ text: `${mark}${headline}`, bold: true, scale: HEADLINE, before: 0 }];
  const titled = (title: string | undefined, lines: readonly { readonly text: string; readonly bold?: boolean }[]): void => {
    if (title !== undefined) blocks.push({ text: title, bold: true, scale: TITLE, before: 0.7 });
    for (const { text, bold = false } of lines) blocks.push({ text, bold, scale: 1, before: title === undefined ? 0.7 : 0 });
  };
  for (const key of ORDER) {
    if (key === "actions") {
      if (actions !== undefined)
        titled(
          labels.actions,
          actions.map(({ words }, k) => ({ text: `${k + 1}. ${words[language]}` })),
        );
      continue;
    }
    const part = parts.find((known) => known.key === key)?.[language];
    if (part !== undefined) titled(part.title ?? labels.parts[key], [{ text: part.text }]);
  }
  if (carry !== undefined) {
    const things = carry.map((item) => {
      const was = carryWas?.[item.id];
      return { text: `– ${carriedText({ ...item, was }, language)}`, bold: was !== undefined && was !== item.quantity };
    });
    titled(labels.carry, things);
  }
  if (question !== undefined) {
    const right = question.answers.filter((answer) => answer.right).map(({ words }) => words[language]);
    titled(labels.question, [{ text: `${question.words[language]} – ${right.join(" / ")}` }]);
  }
  return blocks;
}

function use(doc: Doc, { bold, scale }: Pick<Block, "bold" | "scale">, pt: number): Doc {
  return doc.font(bold ? "bold" : "regular").fontSize(pt * scale);
}

function heightOf(doc: Doc, blocks: readonly Block[], width: number, pt: number): number {
  return blocks.reduce(
    (sum, block) => sum + block.before * pt * LINE + use(doc, block, pt).heightOfString(block.text, { width, lineGap: 1 }),
    0,
  );
}

function write(doc: Doc, blocks: readonly Block[], left: number, top: number, width: number, pt: number): void {
  let y = top;
  for (const block of blocks) {
    y += block.before * pt * LINE;
    use(doc, block, pt).text(block.text, left, y, { width, lineGap: 1 });
    y = doc.y;
  }
}

function drawCode(doc: Doc, text: string, left: number, top: number): void {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const unit = CODE_PT / size;
  doc.rect(left, top, CODE_PT, CODE_PT).fill("#ffffff");
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      // A hair wider than its square: no printer leaves a seam.
      if (dark) doc.rect(left + x * unit, top + y * unit, unit + 0.05, unit + 0.05);
    });
  });
  doc.fill("#000000");
}

/** Makes the sheet: the largest type that fits, down to the smallest; then it says by how much it is too long, and prints nothing. */
export async function printSheet(sheet: Sheet): Promise<Printed> {
  const { number, sector, version, over, languages, code, printedMs, timeZone } = sheet;
  const { settings } = version;
  fonts ??= { regular: font(400), bold: font(700) };
  const doc = new Pdf({
    size: "A4",
    margin: 0,
    autoFirstPage: false,
    lang: languages[0] === "es" ? "es-US" : "en-US",
    info: { Title: `${number} v${version.version}`, Author: sector, CreationDate: new Date(printedMs) },
  });
  doc.registerFont("regular", fonts.regular).registerFont("bold", fonts.bold);
  const pieces: Buffer[] = [];
  doc.on("data", (piece: Buffer) => pieces.push(piece));
  const whole = new Promise<Buffer>((resolve) => {
    doc.on("end", () => resolve(Buffer.concat(pieces)));
  });
  doc.addPage();

  const { width, height, margin } = PAGE;
  const inner = width - 2 * margin;
  const columnWidth = (inner - GAP * (languages.length - 1)) / languages.length;
  const columns = languages.map((language) => ({ language, blocks: blocksOf(sheet, language) }));

  // The head: what it is, whether it holds, whether it is real.
  let top = margin;
  const bands = [
    ...(settings.drill ? ["DRILL, NOT REAL · SIMULACRO, NO ES REAL"] : []),
    ...(over === undefined ? [] : [languages.map((language) => BULLETIN_LABELS[language].over[over]).join(" · ")]),
  ];
  for (const band of bands) {
    doc.rect(margin, top, inner, 26).fill("#000000");
    doc
      .fillColor("#ffffff")
      .font("bold")
      .fontSize(13)
      .text(band, margin, top + 6, { width: inner, align: "center" });
    top += 32;
  }
  doc.fillColor("#000000").font("bold").fontSize(12);
  const names = languages.map((language) => BULLETIN_LABELS[language].bulletin).join(" · ");
  doc.text(`${names} ${number}`, margin, top, { width: inner * 0.62, lineBreak: false });
  doc.text(`TLP:${settings.handling.tlp}`, margin, top, { width: inner, align: "right", lineBreak: false });
  top += 18;
  doc.font("regular").fontSize(9);
  for (const language of languages) {
    const labels = BULLETIN_LABELS[language];
    const facts = [
      sector,
      labels.version(version.version),
      labels.released(timeText(version.releasedMs, language, timeZone), version.releasedBy),
      labels.until(timeText(settings.validUntilMs, language, timeZone)),
    ];
    const text = facts.join(" · ");
    doc.text(text, margin, top, { width: inner });
    top = doc.y + 1;
  }
  top += 5;
  doc
    .moveTo(margin, top)
    .lineTo(width - margin, top)
    .lineWidth(1)
    .stroke("#000000");
  top += 12;

  const bottom = height - margin - FOOT;
  const room = bottom - top;
  let fitting: number | undefined;
  for (let pt = LARGEST_PT; pt >= SMALLEST_PT && fitting === undefined; pt -= STEP_PT)
    if (columns.every(({ blocks }) => heightOf(doc, blocks, columnWidth, pt) <= room)) fitting = pt;
  if (fitting === undefined) {
    const over2 = columns.map(({ language, blocks }) => ({ language, by: heightOf(doc, blocks, columnWidth, SMALLEST_PT) - room }));
    const [worst] = over2.sort((a, b) => b.by - a.by);
    doc.end();
    await whole;
    return {
      refused: {
        language: worst?.language ?? "en",
        linesOver: Math.ceil((worst?.by ?? 0) / (SMALLEST_PT * LINE)),
        smallestPt: SMALLEST_PT,
      },
    };
  }
  const pt = fitting;
  columns.forEach(({ language: _language, blocks }, k) => {
    const left = margin + k * (columnWidth + GAP);
    if (k > 0)
      doc
        .moveTo(left - GAP / 2, top)
        .lineTo(left - GAP / 2, bottom)
        .lineWidth(0.5)
        .stroke("#000000");
    write(doc, blocks, left, top, columnWidth, pt);
  });

  // The foot: how it is confirmed.
  const footTop = height - margin - FOOT + 8;
  doc
    .moveTo(margin, footTop)
    .lineTo(width - margin, footTop)
    .lineWidth(1)
    .stroke("#000000");
  drawCode(doc, code, width - margin - CODE_PT, footTop + 6);
  doc.fillColor("#000000").font("regular").fontSize(9);
  let y = footTop + 12;
  for (const language of languages) {
    doc.text(BULLETIN_LABELS[language].confirm, margin, y, { width: inner - CODE_PT - GAP });
    y = doc.y + 5;
  }
  doc.fontSize(8).text(`${number} v${version.version} · 1/1 · ${timeText(printedMs, languages[0] ?? "en", timeZone)}`, margin, y, {
    width: inner - CODE_PT - GAP,
  });
  doc.end();
  return { pdf: await whole };
}
