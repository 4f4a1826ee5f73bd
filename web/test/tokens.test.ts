// The themes: every figure of the screen design's table, recomputed by the formula of WCAG 2.2.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { colour, THEMES, type Theme, type Token, tokens } from "../src/tokens.ts";

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const on = (token: Token, theme: Theme, ground: Token = "surface"): number => contrast(colour(token, theme), colour(ground, theme));

/** Measured contrasts of the design's table on `surface`: dark, light. */
const listed: Partial<Record<Token, readonly [number, number]>> = {
  "line-strong": [3.5, 4.4],
  text: [15.2, 17.9],
  "text-2": [9.4, 9.2],
  "text-3": [6.2, 5.9],
  focus: [11.3, 6.7],
  warning: [5.9, 6.7],
  caution: [9.9, 6.4],
  advisory: [13.5, 6.7],
  ok: [10.1, 6.2],
  standby: [9.3, 6.3],
  off: [7.1, 5.9],
  unknown: [13.7, 8.5],
  suspect: [9.3, 7.6],
  own: [9.8, 6.6],
  authorised: [11.6, 6.6],
  manned: [11.3, 8.8],
  lookalike: [6.2, 5.5],
  drill: [8.3, 7.5],
  replay: [11.6, 9.2],
};

const texts: readonly Token[] = ["text", "text-2", "text-3"];
const marks: readonly Token[] = [
  "warning",
  "caution",
  "advisory",
  "ok",
  "standby",
  "off",
  "unknown",
  "suspect",
  "own",
  "authorised",
  "manned",
  "lookalike",
  "drill",
  "replay",
];

test("each listed contrast is the one that the colours have", () => {
  for (const [token, figures] of Object.entries(listed) as [Token, readonly [number, number]][]) {
    for (const [k, theme] of (["dark", "light"] as const).entries()) {
      assert.ok(
        Math.abs(on(token, theme) - (figures[k] ?? 0)) < 0.1,
        `${token} in ${theme}: ${on(token, theme).toFixed(2)}, listed ${figures[k]}`,
      );
    }
  }
});

test("text has at least 4.5, and meaning at least 3, in every theme and on every ground it stands on", () => {
  for (const theme of THEMES) {
    for (const token of texts) {
      for (const ground of ["bg", "surface", "raised"] as const) {
        assert.ok(on(token, theme, ground) >= 4.5, `${token} on ${ground} in ${theme}: ${on(token, theme, ground).toFixed(2)}`);
      }
    }
    for (const token of marks) assert.ok(on(token, theme) >= 4.5, `${token} in ${theme}: ${on(token, theme).toFixed(2)}`);
    assert.ok(on("line-strong", theme) >= 3, `control edges in ${theme}`);
    assert.ok(on("warning-on", theme, "warning-fill") >= 4.5, `a filled warning in ${theme}`);
  }
});

test("night red keeps its text at 5 and its edges at 3.4, and is red only", () => {
  for (const token of texts) assert.ok(on(token, "red") >= 4.9, `${token}: ${on(token, "red").toFixed(2)}`);
  assert.ok(on("line-strong", "red") >= 3.3);
  for (const token of Object.keys(tokens) as Token[]) {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour(token, "red").slice(at, at + 2), 16));
    assert.ok(red >= green && red >= blue, `${token} holds light that is not red`);
  }
});

test("high contrast has at least 9 for every text and mark", () => {
  for (const token of [...texts, ...marks]) assert.ok(on(token, "hc") >= 9, `${token}: ${on(token, "hc").toFixed(2)}`);
});

test("the colours of the shapes stand here once: neither app's sheet says them again, and each is a token's", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  const own = read("../src/marks.css");
  const selectors = [...own.matchAll(/^(\.[^\s,{]+)[,\s{]/gm)].map(([, selector = ""]) => selector);
  assert.ok(selectors.length >= 14, `${selectors.length}`);
  const known = new Set<string>(Object.keys(tokens));
  for (const [, token = ""] of own.matchAll(/var\(--([\w-]+)\)/g)) assert.ok(known.has(token), token);
  for (const sheet of ["../../apps/console/src/theme/base.css", "../../apps/field/src/theme/field.css"])
    for (const selector of selectors)
      assert.doesNotMatch(read(sheet), new RegExp(`^${selector.replaceAll(".", "\\.")}[,\\s]*[{,]`, "m"), `${sheet} ${selector}`);
});
