// The field guide on paper: printed by a browser on A4 and on US Letter, in both languages, it fits two pages, and its pictures are there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test, { after, before, describe } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startBrowser, type TestBrowser } from "@atalaya/testing/browser";

const DOCS = fileURLToPath(new URL("../../../../docs/", import.meta.url));

function inline(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/!\[([^\]]*)\]\(([^)]*)\)/g, '<img alt="$1" src="$2">')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[\s(])_([^_]+)_/g, "$1<em>$2</em>")
    .replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** As much Markdown as the guide uses: headings, paragraphs, numbered lists with lines that go on, tables. */
function html(markdown: string): string {
  const blocks = markdown.trim().split(/\n{2,}/);
  return blocks
    .map((block) => {
      const heading = /^(#{1,3}) (.*)$/.exec(block);
      if (heading !== null) return `<h${heading[1]?.length}>${inline(heading[2] ?? "")}</h${heading[1]?.length}>`;
      const lines = block.split("\n");
      if (block.startsWith("|")) {
        const rows = lines.filter((line) => !/^\|[\s:|-]+$/.test(line));
        const cells = (row: string): string =>
          row
            .slice(1, -1)
            .split("|")
            .map((cell) => `<td>${inline(cell.trim())}</td>`)
            .join("");
        return `<table>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</table>`;
      }
      if (/^\d+\. /.test(block)) {
        const items = block.split(/\n(?=\d+\. )/).map((item) => item.replace(/^\d+\. /, ""));
        return `<ol>${items.map((item) => `<li>${inline(item)}</li>`).join("")}</ol>`;
      }
      return `<p>${inline(block)}</p>`;
    })
    .join("\n");
}

const STYLE = `body { font: 10pt/1.3 "Liberation Sans", Arial, sans-serif; margin: 0; } h1 { font-size: 16pt; margin: 0 0 4pt; } h2 { font-size: 12pt; margin: 8pt 0 2pt; }
p, ol, table { margin: 0 0 4pt; } ol { padding-left: 16pt; } table { border-collapse: collapse; width: 100%; } td { border: 0.5pt solid #999; padding: 1pt 4pt; vertical-align: top; }
img { display: block; margin: auto; height: 62mm; }`;

describe("the field guide", () => {
  let browser: TestBrowser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  for (const language of ["en", "es"] as const) {
    test(`in ${language} fits two pages, with its pictures`, async () => {
      const path = join(DOCS, `field-guide.${language}.md`);
      const markdown = readFileSync(path, "utf8");
      const pictures = [...markdown.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, source = ""]) => source);
      assert.ok(pictures.length >= 4, "what the screens look like");
      for (const picture of pictures) {
        assert.ok(existsSync(join(dirname(path), picture)), picture);
        assert.ok(picture.includes(`-${language}.`), `${picture} is in the guide's own language`);
      }
      const page = await browser.context.newPage();
      // From beside the guide, so that its pictures are found.
      await page.goto(pathToFileURL(path).href);
      await page.setContent(`<html lang="${language}"><style>${STYLE}</style>${html(markdown)}</html>`, { waitUntil: "load" });
      const shown = await page.evaluate(() => [...document.images].map(({ complete, naturalWidth }) => complete && naturalWidth > 0));
      assert.deepEqual(
        shown,
        pictures.map(() => true),
      );
      for (const format of ["A4", "Letter"]) {
        const pdf = await page.pdf({ format, margin: { top: "12mm", bottom: "12mm", left: "14mm", right: "14mm" } });
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        assert.ok(pages > 0 && pages <= 2, `${format}: ${pages} pages`);
      }
      await page.close();
    });
  }
});
