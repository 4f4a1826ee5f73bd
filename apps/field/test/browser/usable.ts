// Whether a screen of the phone can be used: nothing for a screen reader to stumble over, large enough for a glove, no wider than the phone.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** The smallest thing that a gloved thumb is asked to hit, CSS pixels. */
const LEAST_TARGET_PX = 56;
const TARGETS = "button:visible, summary:visible, .file:visible, input:not([type=file]):visible";

export async function assertUsable(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    [],
    what,
  );
  const small = await page.locator(TARGETS).evaluateAll(
    (targets, least) =>
      targets
        .map((target) => ({ target, box: target.getBoundingClientRect() }))
        .filter(({ box }) => box.height < least || box.width < least)
        .map(({ target, box }) => `${target.textContent} ${Math.round(box.width)}×${Math.round(box.height)}`),
    LEAST_TARGET_PX,
  );
  assert.deepEqual(small, [], `${what}: too small for a glove`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: wider than the screen`);
}
