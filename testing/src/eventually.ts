// Waiting for what must come to hold: it is looked at again and again, since a busy machine is late, and what is wrong at the end is what the test says.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Locator } from "playwright-core";

/** How long a test waits for anything: far more than a slow machine needs, and spent only when the test fails. */
export const PATIENCE_MS = 120_000;
const AGAIN_MS = 20;

/** What `look` brings once it no longer throws. */
export async function eventually<T>(look: () => Promise<T> | T): Promise<T> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() >= untilMs) throw error;
    }
    await pause(AGAIN_MS);
  }
}

/** What `look` brings once it brings anything but undefined or false. */
export function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  return eventually(async () => {
    const found = await look();
    if (found === undefined || found === false) throw new Error(`it did not come: ${what}`);
    return found;
  });
}

/** The same, where the condition says it all. */
export function holds<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  return until(String(look), look);
}

/** Waits until what a person reads there is this. */
export async function shows(where: Locator, what: RegExp): Promise<void> {
  await eventually(async () => assert.match(await where.innerText({ timeout: PATIENCE_MS }), what));
}
