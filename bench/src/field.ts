// From opening the app to the report on the hub's disk and its number on the screen: the built app on a phone's screen, a real hub, two taps.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHub } from "@atalaya/hub";
import { type JoinCode, paths } from "@atalaya/protocol";
import { signInOwner } from "@atalaya/testing/hub";
import { startPhone } from "@atalaya/testing/phone";
import { type Bench, type BenchResult, figure } from "./bench.ts";

const RUNS = 9;
const PLACE = { latDeg: 31.75, lonDeg: -106.45 };
/** A person needs time to see the button and to hit it, and longer to raise the phone: no machine's part, left out. */
const SLOW = { timeout: 30_000 };

export const bench: Bench = {
  name: "field",
  measures: `from the app's address to the number of the report on the screen, two taps as fast as the app takes them; the phone on shift, the app opened anew each time, ${RUNS} times; and from the press to the number`,
  async run(): Promise<BenchResult> {
    await import("../../apps/field/scripts/build.ts");
    const data = mkdtempSync(join(tmpdir(), "atalaya-bench-field-"));
    const hub = await startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", data });
    const owner = await signInOwner(hub);
    const person = { id: "ana", name: "Ana", language: "en", role: "agent", team: "", leader: false, ways: [] };
    await owner.ask("PUT", paths.person("ana"), person);
    const { link } = (await (await owner.ask("POST", paths.joinCode("ana"))).json()) as JoinCode;
    const phone = await startPhone({ place: PLACE });
    try {
      const { page } = phone;
      await page.goto(link);
      await page.locator("[data-action=start-shift]").click(SLOW);
      await page.locator("[data-shift=on]").waitFor(SLOW);
      await page.evaluate(async () => navigator.serviceWorker.ready.then(() => true));
      const opened: number[] = [];
      const pressed: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        // The app is closed: what is measured begins with nothing of it in memory.
        await page.goto("about:blank");
        await phone.point(200 + run, 10);
        const beganMs = performance.now();
        await page.goto(`${hub.url}/field/`, { waitUntil: "commit" });
        await page.locator("[data-action=report]").click(SLOW);
        await page.locator(".finder").waitFor(SLOW);
        await page.locator("[data-action=send]").click(SLOW);
        await page.locator("[data-receipt=sent]").waitFor(SLOW);
        opened.push(performance.now() - beganMs);
        pressed.push(Number(await page.locator("[data-receipt=sent]").getAttribute("data-took-ms")));
      }
      return { figures: { open_to_sent_ms: figure("ms", opened), press_to_receipt_ms: figure("ms", pressed) }, peers: {} };
    } finally {
      await phone.close();
      await hub.stop();
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  },
};
