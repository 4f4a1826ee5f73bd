// The field app on phones against a real hub: a shift, a report in two taps, no network and no battery, a photo, a warning and its answer.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before, describe } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { magneticDeclinationDeg, geodesicInverse } from "@atalaya/geodesy";
import { type Hub, startHub } from "@atalaya/hub";
import {
  type Device,
  type JoinCode,
  type Person as OurPerson,
  paths,
  type Report,
  type ReportQueue,
  type Warning,
} from "@atalaya/protocol";
import { eventually, PATIENCE_MS, shows, until } from "@atalaya/testing/eventually";
import { lineOf } from "@atalaya/testing/flights";
import { type Person, removeFolder, signIn, signInOwner } from "@atalaya/testing/hub";
import { type Phone, type PhoneOptions, startPhone } from "@atalaya/testing/phone";
import { type Radio, startRadio } from "@atalaya/testing/radio";
import type { Page } from "playwright-core";
import { assertUsable } from "./usable.ts";

const POST = { latDeg: 31.75, lonDeg: -106.45 };
/** Far from the post and from what the other tests report. */
const AWAY = { latDeg: 31.9, lonDeg: -106.2 };
const SLOW = { timeout: PATIENCE_MS };
const DECLINATION_DEG = magneticDeclinationDeg(POST.latDeg, POST.lonDeg, 0, Date.now());

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

const apartDeg = (a: number, b: number): number => Math.abs(((((a - b) % 360) + 540) % 360) - 180);

describe("the field app", () => {
  const data = mkdtempSync(join(tmpdir(), "atalaya-field-"));
  const phones: Phone[] = [];
  const radios: Radio[] = [];
  let hub: Hub;
  let owner: Person;
  let officer: Person;
  before(async () => {
    hub = await startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", data });
    owner = await signInOwner(hub);
    officer = await signIn(hub, owner, "officer");
  });
  after(async () => {
    for (const phone of phones) await phone.close();
    for (const radio of radios) await radio.stop();
    await hub?.stop();
    removeFolder(data);
  });

  const radioOf = async (): Promise<Radio> => {
    const radio = await startRadio(hub.url);
    radios.push(radio);
    return radio;
  };
  const phoneOf = async (options: PhoneOptions): Promise<Phone> => {
    const phone = await startPhone({ place: POST, ...options });
    phones.push(phone);
    return phone;
  };
  /** The officer makes the code, the phone opens its link. */
  const joined = async (id: string, radio: Radio, options: PhoneOptions = {}, language: "en" | "es" = "en"): Promise<Phone> => {
    const person = { id, name: `Agent ${id}`, language, role: "agent", team: "alfa", leader: false, ways: [] };
    await json(await officer.ask("PUT", paths.person(id), person));
    const { link } = await json<JoinCode>(await officer.ask("POST", paths.joinCode(id)));
    const phone = await phoneOf(options);
    await phone.page.goto(`${radio.url}${new URL(link).pathname}${new URL(link).hash}`);
    await phone.page.locator("[data-action=start-shift]").waitFor(SLOW);
    assert.equal(new URL(phone.page.url()).hash, "", "the code has left the address bar");
    return phone;
  };
  const press = async (page: Page, ...actions: readonly string[]): Promise<void> => {
    for (const action of actions) await page.locator(`[data-action=${action}]`).click(SLOW);
  };
  /** Holds the phone so, opens the finder, and waits until the phone itself has noticed. */
  const aim = async (phone: Phone, magneticDeg: number, elevationDeg: number): Promise<void> => {
    await phone.point(magneticDeg, elevationDeg);
    await press(phone.page, "report");
    const finder = phone.page.locator(".finder");
    await eventually(async () => {
      const azimuthDeg = Number(await finder.getAttribute("data-azimuth"));
      assert.ok(apartDeg(azimuthDeg, magneticDeg + DECLINATION_DEG) < 0.2, `${azimuthDeg} is shown`);
      assert.ok(Math.abs(Number(await finder.getAttribute("data-elevation")) - elevationDeg) < 0.2);
    });
  };
  const startShift = async (page: Page): Promise<void> => {
    await press(page, "start-shift");
    await page.locator("[data-shift=on]").waitFor(SLOW);
  };
  const reportsOf = async (id: string): Promise<readonly Report[]> =>
    (await json<ReportQueue>(await officer.ask("GET", paths.reports))).reports.filter(({ reporter }) => reporter.personId === id);
  const receiptOn = async (page: Page): Promise<string> => {
    await page.locator("[data-receipt=sent]").waitFor(SLOW);
    return page.locator("[data-receipt=sent] .reference").innerText();
  };

  test("one tap starts the shift, the centre sees who is reachable, and the phone says what it cannot do", async () => {
    const phone = await joined("ana", await radioOf());
    const { page } = phone;
    await assertUsable(page, "before the shift");
    await startShift(page);
    const on = await until("the centre has a place of the phone", async () => {
      const people = await json<readonly OurPerson[]>(await officer.ask("GET", paths.people));
      return people.find(({ id, onShift, position }) => id === "ana" && onShift && position !== undefined);
    });
    assert.equal(on.position?.source, "field");
    assert.ok(Math.abs((on.position?.latDeg ?? 0) - POST.latDeg) < 1e-6);
    const [device] = await json<readonly Device[]>(await officer.ask("GET", paths.devices("ana")));
    assert.equal(device?.name, "Pixel 7");
    await page.locator(".abilities .able", { hasText: "Sound" }).waitFor(SLOW);
    await page.locator(".abilities .able", { hasText: "Compass" }).waitFor(SLOW);
    await assertUsable(page, "on shift");
    await press(page, "settings");
    await assertUsable(page, "settings");
    // Spanish from one tap to the next, and red for the night.
    await page.locator("[data-choice=language] [data-value=es]").click();
    await page.locator("[data-choice=theme] [data-value=red]").click();
    await page.getByText("Terminar turno").waitFor(SLOW);
    await page.locator("html[lang=es]").waitFor(SLOW);
    await assertUsable(page, "settings in Spanish, night red");
    await press(page, "end-shift");
    await page.locator("[data-shift=off]").waitFor(SLOW);
    await until("the centre knows of the end", async () => {
      const people = await json<readonly OurPerson[]>(await officer.ask("GET", paths.people));
      return people.find(({ id, onShift }) => id === "ana" && !onShift);
    });
    assert.deepEqual(phone.misdeeds.elsewhere, []);
    assert.deepEqual(phone.misdeeds.policy, []);
    await phone.close();
  });

  test("two taps make a report with the direction of the camera, true north, and where the phone was", async () => {
    const phone = await joined("ben", await radioOf(), { width: 360, height: 640 });
    const { page } = phone;
    await startShift(page);
    await page.locator(".abilities .able", { hasText: "Position" }).waitFor(SLOW);
    await aim(phone, 350, 22);
    await assertUsable(page, "aim");
    await press(page, "send");
    const reference = await receiptOn(page);
    const [report] = await reportsOf("ben");
    assert.ok(report !== undefined);
    assert.equal(report.reference, reference);
    assert.ok(report.direction?.type === "pointed");
    assert.ok(apartDeg(report.direction.azimuthDeg, 350 + DECLINATION_DEG) < 0.2, JSON.stringify(report.direction));
    assert.ok(report.direction.sigmaDeg >= 5 && report.direction.sigmaDeg < 12);
    assert.ok(report.elevation?.type === "pointed" && Math.abs(report.elevation.elevationDeg - 22) < 0.2);
    assert.equal(report.observer.by, "device");
    assert.ok(Math.abs(report.observer.latDeg - POST.latDeg) < 1e-6);
    // What was seen besides, by thumb alone; of the operator nothing but a direction.
    await page.locator("[data-choice=type] [data-value=not-sure-drone]").click();
    await page.locator("[data-choice=count] [data-value='2']").click();
    await page.locator("[data-choice=operator] [data-value=yes]").click();
    await page.locator("[data-choice=operator-where] [data-value=NE]").click();
    await page.locator("[data-choice=fallen] [data-value=wreck]").click();
    await page.getByText("Do not touch it.").waitFor(SLOW);
    await assertUsable(page, "keep away");
    await press(page, "keep-away");
    await assertUsable(page, "what was seen");
    await press(page, "done");
    const more = await until("what was added", async () => (await reportsOf("ben")).find(({ type }) => type !== undefined));
    assert.deepEqual([more.type, more.count, more.fallen, more.operator], ["not-sure-drone", 2, "wreck", { seen: true, direction: "NE" }]);
    assert.equal(more.direction?.type, "pointed", "the direction stays");
    // What came of it comes back, and that it was read goes on record.
    await json(await officer.ask("POST", paths.reportQuestions(more.id), { id: "question-1", text: "Was it lit?" }).then(asOk));
    await json(await officer.ask("POST", paths.reportOutcome(more.id), { outcome: "own-drone" }).then(asOk));
    await press(page, "reports");
    await page.locator(`[data-report="${more.id}"]`).click(SLOW);
    await page.getByText("No harm, thank you").waitFor(SLOW);
    await assertUsable(page, "one report");
    await page.locator("[data-question]").getByText("Did not see").click();
    const told = await until("answered and told", async () =>
      (await reportsOf("ben")).find(({ outcome, questions }) => outcome?.toldMs !== undefined && questions[0]?.answer !== undefined),
    );
    assert.equal(told.questions[0]?.answer?.text, "Did not see");
    await phone.close();
  });

  test("the app can be installed: the browser finds nothing against it, and its worker serves it without a network", async () => {
    const radio = await radioOf();
    const phone = await joined("pia", radio);
    const { page } = phone;
    await until("the worker serves the page", () => page.evaluate(() => (navigator.serviceWorker.controller === null ? undefined : true)));
    const devtools = await page.context().newCDPSession(page);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    assert.deepEqual(
      installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"),
      [],
    );
    const { url, errors } = await devtools.send("Page.getAppManifest");
    assert.deepEqual([new URL(url).pathname, errors], ["/field/manifest.webmanifest", []]);
    radio.down();
    await page.reload();
    await page.locator("[data-shift]").first().waitFor(SLOW);
    await phone.close();
  });

  test("two phones at two places that point at one thing make one position within its stated error", async () => {
    // Far from where others report: what flies may have been there before, if the reports come slowly.
    const target = { latDeg: 31.957, lonDeg: -106.445 };
    for (const [id, place] of [
      ["eva", { latDeg: 31.95, lonDeg: -106.45 }],
      ["fin", { latDeg: 31.9505, lonDeg: -106.4385 }],
    ] as const) {
      const phone = await joined(id, await radioOf(), { place });
      await startShift(phone.page);
      const { azimuthDeg: trueDeg } = geodesicInverse(place.latDeg, place.lonDeg, target.latDeg, target.lonDeg);
      await phone.page.locator(".abilities .able", { hasText: "Position" }).waitFor(SLOW);
      await aim(phone, trueDeg - DECLINATION_DEG, 10);
      await press(phone.page, "send");
      await receiptOn(phone.page);
      await phone.close();
    }
    const position = await until("one position of two reports", async () => {
      const { incidents } = await json<ReportQueue>(await officer.ask("GET", paths.reports));
      return incidents.find(({ position: found }) => found !== undefined)?.position;
    });
    const off = geodesicInverse(position.latDeg, position.lonDeg, target.latDeg, target.lonDeg).distanceM;
    assert.ok(off <= position.ellipse.majorM, `${off} m off, ${position.ellipse.majorM} m stated`);
    assert.equal(position.reports.length, 2);
  });

  test("without a network and with the battery taken out, reports are kept with their times, sent once and in order", async () => {
    const radio = await radioOf();
    const profile = mkdtempSync(join(data, "phone-"));
    let phone = await joined("cid", radio, { profile });
    // A browser writes its cookies down within half a minute, or when it ends: this phone joined a while ago.
    await phone.close();
    phone = await phoneOf({ profile });
    await phone.page.goto(`${radio.url}/field/`);
    await startShift(phone.page);
    // The app itself is on the phone from now on.
    await phone.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await until("the worker holds the app", () =>
      phone.page.evaluate(async () => ((await caches.keys()).some((name) => name.startsWith("atalaya-field-")) ? true : undefined)),
    );
    radio.down();
    await phone.page.locator("[data-cut-off]").waitFor(SLOW);
    const pressed: { readonly fromMs: number; readonly untilMs: number }[] = [];
    const pressAt = async (azimuthDeg: number): Promise<void> => {
      await aim(phone, azimuthDeg, 5);
      const fromMs = Date.now();
      await press(phone.page, "send");
      pressed.push({ fromMs, untilMs: Date.now() });
    };
    for (const azimuthDeg of [40, 80]) {
      await pressAt(azimuthDeg);
      await phone.page.locator("[data-receipt=kept]").waitFor(SLOW);
      await press(phone.page, "done");
    }
    await phone.kill();
    assert.deepEqual(await reportsOf("cid"), []);

    // Another start, still without a network: the app opens, knows its shift and its reports, and says that it cannot warn.
    phone = await phoneOf({ profile });
    await phone.page.goto(`${radio.url}/field/`);
    await phone.page.locator("[data-cut-off]").waitFor(SLOW);
    await phone.page.locator("[data-action=wake]").waitFor(SLOW);
    await press(phone.page, "reports");
    await eventually(async () => assert.equal(await phone.page.locator("[data-report]").count(), 2));
    // A third one, and the network comes back while two pages of the same phone are open.
    await phone.page.locator(".back").click();
    await pressAt(120);
    const second = await phone.page.context().newPage();
    await second.goto(`${radio.url}/field/`);
    radio.up();
    await receiptOn(phone.page);
    const reports = await until("all three", async () => {
      const all = await reportsOf("cid");
      return all.length === 3 ? all : undefined;
    });
    const inOrder = [...reports].sort((a, b) => a.receivedMs - b.receivedMs);
    assert.deepEqual(
      inOrder.map(({ direction }) => (direction?.type === "pointed" ? Math.round(direction.azimuthDeg - DECLINATION_DEG) : undefined)),
      [40, 80, 120],
    );
    inOrder.forEach(({ observedMs, receivedMs }, k) => {
      const { fromMs, untilMs } = pressed[k]!;
      // What was pointed at is that of the second before.
      assert.ok(observedMs > fromMs - 1500 && observedMs < untilMs + 500, "the event keeps its own time");
      assert.ok(receivedMs > (pressed[2]?.fromMs ?? 0), "and it arrived when there was a way");
    });
    await phone.page.locator("[data-link=up]").first().waitFor(SLOW);
    await pause(1500);
    assert.equal((await reportsOf("cid")).length, 3, "nothing was made twice");
    await phone.close();
    removeFolder(profile);
  });

  test("a photo goes after the text, in pieces, and goes on where it was when the network breaks", async () => {
    const radio = await radioOf();
    const phone = await joined("dan", radio);
    const { page } = phone;
    await press(page, "report", "send");
    await receiptOn(page);
    // A picture that is no picture inside: it is the way that is tested, two megabytes long.
    const file = join(data, "photo.jpg");
    writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(2_000_000)]));
    await page.locator("[data-file=photo] input").setInputFiles(file);
    await page.locator("[data-files='1']").waitFor(SLOW);
    const begun = await until("the first piece", async () => {
      const [report] = await reportsOf("dan");
      return (report?.media[0]?.have ?? 0) > 0 ? report : undefined;
    });
    radio.down();
    await pause(500);
    radio.up();
    const whole = await until("the whole photo", async () => (await reportsOf("dan")).find(({ media }) => media[0]?.done));
    assert.equal(whole.id, begun.id);
    assert.deepEqual([whole.media.length, whole.media[0]?.kind, whole.media[0]?.bytes], [1, "photo", 2_000_004]);
    // The hub has it before the phone knows that the hub has it.
    const left = (): Promise<number> =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const open = indexedDB.open("atalaya-field");
            open.onsuccess = () => {
              const count = open.result.transaction("files").objectStore("files").count();
              count.onsuccess = () => {
                open.result.close();
                resolve(count.result);
              };
            };
          }),
      );
    await eventually(async () => assert.equal(await left(), 0, "the phone keeps no photo that the hub has"));
    await phone.close();
  });

  test("a phone without a compass says so, and a direction is one tap of a word", async () => {
    const phone = await joined("gil", await radioOf(), { compass: false, width: 844, height: 390, locale: "es-MX", dark: false }, "es");
    const { page } = phone;
    await startShift(page);
    await page.locator("[data-missing=compass]").waitFor(SLOW);
    await press(page, "report");
    await page.getByText("Sin brújula").waitFor(SLOW);
    await assertUsable(page, "directions in words, landscape");
    await page.locator("[data-word=SW]").click();
    await receiptOn(page);
    const [report] = await reportsOf("gil");
    assert.deepEqual(report?.direction, { type: "compass", word: "SW" });
    assert.equal(report?.elevation, undefined);
    await phone.close();
  });

  test("somebody in danger is warned over the whole screen, the arrow turns with the phone, and the answer is told once, also from off the network", async (context) => {
    const radio = await radioOf();
    const phone = await joined("hal", radio, {}, "es");
    const { page } = phone;
    await page.evaluate(() => {
      const shaken: number[] = [];
      Object.assign(window, { shaken });
      navigator.vibrate = (pattern) => {
        shaken.push([pattern].flat().length);
        return true;
      };
    });
    await phone.point(0, 0);
    await startShift(page);
    await until("the centre has a place of the phone", async () =>
      (await json<readonly OurPerson[]>(await officer.ask("GET", paths.people))).find(
        ({ id, position }) => id === "hal" && position !== undefined,
      ),
    );
    const { key } = await json<{ key: string }>(await owner.ask("POST", paths.sources, { name: "Receiver north", kind: "http" }));
    let flying = true;
    context.after(() => {
      flying = false;
    });
    const flight = (async () => {
      for (let k = 0; flying; k += 1) {
        const body = lineOf(
          { serial: "1ATAH00000000001", transmitter: "02:d1:11:00:00:01", latDeg: POST.latDeg + 0.0005 + k * 1e-6, lonDeg: POST.lonDeg },
          Date.now(),
        );
        await fetch(hub.url + paths.frames, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
          body,
        });
        await pause(400);
      }
    })();
    const warned = page.locator(".warned.warning");
    await warned.waitFor(SLOW);
    await shows(warned, /Viene un dron/);
    await shows(warned, /Cúbrase ya bajo techo firme/);
    await shows(warned, /desde el norte/);
    await assertUsable(page, "warned");
    const turn = async (): Promise<number> => Number(await page.locator(".dial").getAttribute("data-turn"));
    const turnsTo = (deg: number): Promise<void> =>
      eventually(async () => {
        const shown = await turn();
        assert.ok(apartDeg(shown, deg) < 8, `${shown}, not ${deg}`);
      });
    // Facing magnetic north, the drone in true north: to the left by the declination; facing east, on the left hand.
    await turnsTo(-DECLINATION_DEG);
    await phone.point(90, 0);
    await page.getByText("A las 9").waitFor(SLOW);
    await turnsTo(-90 - DECLINATION_DEG);
    await until("it shakes until it is answered", () =>
      page.evaluate(() => (window as unknown as { shaken: number[] }).shaken.length >= 2),
    );
    const ladder = async (): Promise<Warning["ladder"]> => {
      const warnings = await json<readonly Warning[]>(await officer.ask("GET", paths.warnings));
      return warnings.find((warning) => warning.ladder?.some(({ personId }) => personId === "hal"))?.ladder;
    };
    const rung = async (): Promise<NonNullable<Warning["ladder"]>[number] | undefined> =>
      (await ladder())?.find(({ personId }) => personId === "hal");
    await until("the centre knows that it was seen", async () => ((await rung())?.step === "seen" ? true : undefined));
    await press(page, "answer-taking-cover");
    await page.locator("[data-answered=taking-cover]").waitFor(SLOW);
    await until("the centre has the answer", async () => ((await rung())?.answer?.answer === "taking-cover" ? true : undefined));
    const shaken = async (): Promise<number> =>
      page.evaluate(() => (window as unknown as { shaken: number[] }).shaken.filter((parts) => parts > 1).length);
    const quiet = await shaken();
    await pause(2600);
    assert.equal(await shaken(), quiet, "answered, it is silent");

    // Off the network it says that it cannot warn, and keeps the next answer.
    radio.down();
    await page
      .locator("[data-link=down]")
      .first()
      .waitFor({ state: "attached", ...SLOW });
    await press(page, "answer-need-help");
    await page.locator("[data-answered=need-help]").waitFor(SLOW);
    assert.equal((await rung())?.needsHelp, false);
    radio.up();
    await until("help was asked for", async () => ((await rung())?.needsHelp === true ? true : undefined));
    flying = false;
    await flight;
    // A session that was revoked ends at once, and what was on the phone stays for who joins next.
    const [device] = await json<readonly Device[]>(await officer.ask("GET", paths.devices("hal")));
    assert.equal((await officer.ask("DELETE", paths.deviceOf("hal", device?.id ?? ""))).status, 204);
    await page.locator("#join").waitFor(SLOW);
    assert.deepEqual(phone.misdeeds.policy, []);
    await phone.close();
  });

  test("a page that hangs is covered by a curtain that needs no page, and says afterwards that it was away", async () => {
    const phone = await joined("jon", await radioOf());
    const { page } = phone;
    await startShift(page);
    await page.locator(".abilities .able").waitFor(SLOW);
    const devtools = await page.context().newCDPSession(page);
    const pictures: { readonly png: string; readonly atMs: number }[] = [];
    devtools.on("Page.screencastFrame", ({ data: png, metadata, sessionId }) => {
      pictures.push({ png, atMs: (metadata.timestamp ?? 0) * 1000 });
      void devtools.send("Page.screencastFrameAck", { sessionId });
    });
    await devtools.send("Page.startScreencast", { format: "png" });
    const hungUntilMs = await page.evaluate(() => {
      const until = performance.now() + 8000;
      while (performance.now() < until);
      return Date.now();
    });
    await devtools.send("Page.stopScreencast");
    await page.locator("[data-slept]").waitFor(SLOW);
    // The amber edge, where the page's own is dark: in what was drawn while nothing of the page ran.
    const edges: (readonly number[])[] = [];
    for (const { png } of pictures.filter(({ atMs }) => atMs < hungUntilMs).slice(-20)) edges.push(await pixelOf(page, png, 4, 400));
    // It fades in, and where nothing is drawn any more the last picture may be of half-way.
    assert.ok(
      edges.some(([red = 0, green = 0, blue = 0]) => red > 60 && green > 40 && blue < red / 2),
      `no curtain: ${JSON.stringify(edges)}`,
    );
    // On a machine that is too busy the page may truly have been away once more.
    await eventually(async () => {
      if ((await page.locator("[data-slept]").count()) > 0) await press(page, "slept");
      assert.equal(await page.locator("[data-slept]").count(), 0);
    });
    await until("the page runs, and the curtain is up", async () => {
      const [r = 255, g = 255] = await pixelOf(page, (await page.screenshot({ scale: "css" })).toString("base64"), 4, 400);
      return r < 60 && g < 60 ? true : undefined;
    });
    await phone.close();
  });

  test("in Spanish: the number at once, a question, what came of it without blame, and a compass that differs is asked to be looked at", async () => {
    const phone = await joined("sol", await radioOf(), { width: 360, height: 640, locale: "es-MX", place: AWAY }, "es");
    const { page } = phone;
    await startShift(page);
    await page.locator(".abilities .able").filter({ hasText: "Posición" }).waitFor(SLOW);
    await aim(phone, 90, 20);
    await press(page, "send");
    assert.match(await receiptOn(page), /S-[0-9A-Z]{4}/);
    const mine = await until("her report", async () => (await reportsOf("sol"))[0]);
    // Two others who stand near agree on something in the north: her compass is turned about.
    for (const [k, [east, word]] of (
      [
        [-0.004, "NNE"],
        [0.004, "NNW"],
      ] as const
    ).entries())
      await json(
        await officer.ask("POST", paths.reports, {
          id: `other-of-sol-${k}`,
          how: "voice",
          sentMs: Date.now(),
          observedMs: mine.observedMs,
          observedErrorS: 1,
          observer: { latDeg: AWAY.latDeg, lonDeg: AWAY.lonDeg + east, errorM: 10, by: "grid" },
          direction: { type: "pointed", azimuthDeg: word === "NNE" ? 45 : 315, sigmaDeg: 4 },
          range: { type: "metres", metres: 520 },
          atRisk: false,
          language: "es",
        }),
      );
    await until("the centre has marked it", async () =>
      (await reportsOf("sol")).find(({ findings }) => findings.some(({ code }) => code === "direction-disagrees")),
    );
    await json(await officer.ask("POST", paths.reportQuestions(mine.id), { id: "pregunta-1", text: "¿Llevaba luces?" }).then(asOk));
    await press(page, "done");
    await press(page, "reports");
    await page.locator(`[data-report="${mine.id}"]`).click(SLOW);
    await page.getByText("Revise la brújula").waitFor(SLOW);
    await page.getByText("El centro pregunta").waitFor(SLOW);
    await assertUsable(page, "one report in Spanish");
    await page.locator("[data-question]").getByText("No vi").click();
    await json(
      await officer.ask("POST", paths.reportOutcome(mine.id), { outcome: "authorised-drone", note: "De la televisión." }).then(asOk),
    );
    await page.getByText("De la televisión.").waitFor(SLOW);
    await page.getByText("Si hubiera sido un dron propio, tampoco pasaba nada.").waitFor(SLOW);
    await until("answered and told", async () =>
      (await reportsOf("sol")).find(({ outcome, questions }) => outcome?.toldMs !== undefined && questions[0]?.answer?.text === "No vi"),
    );
    await phone.close();
  });

  test("the map is kept on the phone and read without a network", async () => {
    const radio = await radioOf();
    const phone = await joined("ira", radio);
    const { page } = phone;
    await press(page, "map");
    await page.locator("[data-map=shown]").waitFor(SLOW);
    await page.locator(".back").click();
    radio.down();
    await page.locator("[data-link=down]").first().waitFor(SLOW);
    await press(page, "map");
    await page.locator("[data-map=shown]").waitFor(SLOW);
    await eventually(async () => {
      const colours = await coloursOf(page);
      assert.ok(colours > 8, `a blank map: ${colours} colours`);
    });
    await phone.close();
  });
});

/** An answer without a body, as one with. */
function asOk(answer: Response): Response {
  return answer.status === 204 ? Response.json({}) : answer;
}

/** One pixel of a picture, in CSS pixels of a phone 390 wide. */
async function pixelOf(page: Page, png: string, x: number, y: number): Promise<readonly number[]> {
  return page.evaluate(
    async ({ data, at }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const scale = image.width / 390;
      const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
      if (pen === null) return [];
      pen.drawImage(image, 0, 0);
      return [...pen.getImageData(Math.round(at[0] * scale), Math.round(at[1] * scale), 1, 1).data];
    },
    { data: png, at: [x, y] as const },
  );
}

async function coloursOf(page: Page): Promise<number> {
  const picture = (await page.locator(".map-canvas").screenshot()).toString("base64");
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    if (pen === null) return 0;
    pen.drawImage(image, 0, 0);
    const { data: pixels } = pen.getImageData(0, 0, image.width, image.height);
    const colours = new Set<number>();
    for (let at = 0; at < pixels.length; at += 4)
      colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0));
    return colours.size;
  }, picture);
}
