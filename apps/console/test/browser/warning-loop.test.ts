// The warning loop from end to end, as a scripted drill: a drone comes in by the detection format, two people in danger are told, one on a screen and
// one on a TAK device; one answers, the other is escalated; the officer gives the all-clear, and the incident shows each step with its time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { type CotEvent, chatReceipt, teamPosition } from "@atalaya/cot";
import { readDataPackage } from "@atalaya/hub";
import { type Intent, Picture } from "@atalaya/picture";
import { type DangerRules, type Enrolment, paths, type User, type Warning, type WarningDetail } from "@atalaya/protocol";
import { type Misdeeds, startBrowser } from "@atalaya/testing/browser";
import { eventually, PATIENCE_MS, shows } from "@atalaya/testing/eventually";
import { closeAfter, person, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { TakPeer } from "@atalaya/testing/tak-peer";
import type { Page } from "playwright-core";

const PASSWORD = "a long pass phrase 1";
const SLOW = { timeout: PATIENCE_MS };
const POST = { latDeg: 31.75, lonDeg: -106.45 };
const M_PER_DEG = 111_195;
const SENSOR = {
  type: "sensor",
  id: "R1",
  kind: "radar",
  lat: POST.latDeg,
  lon: POST.lonDeg,
  alt: 1140,
  z: ["range_m", "az_deg", "el_deg"],
  sd: [5, 0.5, 0.5],
};
/** The drone flies straight to the post from the north, and hovers a little before it. */
const START_M = 700;
const SPEED_MPS = 25;
const STAYS_M = 80;
const BEN = "ANDROID-ben";

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", PASSWORD);
  await page.click("button[type=submit]");
  await page.waitForSelector(".frame", SLOW);
}

function selfOf(uid: string): CotEvent {
  const timeMs = Date.now();
  const point = { latDeg: POST.latDeg + 100 / M_PER_DEG, lonDeg: POST.lonDeg, haeM: 1140, ceM: 5, leM: 5 };
  const built = teamPosition({
    uid,
    callsign: "Ben",
    team: "Cyan",
    role: "Team Member",
    endpoint: "*:-1:stcp",
    point,
    timeMs,
    staleMs: timeMs + 60_000,
  });
  assert.ok("event" in built);
  return built.event;
}

const remarksOf = ({ detail }: CotEvent): string => detail.find(({ name }) => name === "remarks")?.text ?? "";
/** To whom a chat is addressed. */
const addressee = ({ detail }: CotEvent): string | undefined => detail.find(({ name }) => name === "__chat")?.attributes["id"];

/** What people are told, without the changes of a warning for screens: how often those are read is the reader's matter. */
function told(intents: readonly Intent[]): readonly string[] {
  return intents
    .filter(({ type }) => type !== "warning")
    .map((intent) => JSON.stringify(intent))
    .sort();
}

/** All that the hub's journal makes a fresh picture want to say. */
function replayed(hub: TestHub, untilUs: number): readonly Intent[] {
  const picture = new Picture();
  for (const entry of hub.sector.journal.read(1, 1_000_000)) picture.apply(entry);
  picture.advance(untilUs);
  return picture.takeIntents();
}

/** Errors, but for the two answers of the hub that are part of a normal start. */
function unexpected({ errors }: Misdeeds): readonly string[] {
  return errors.filter((text) => !/status of 401 .*session|status of 404 .*user\.pmtiles/.test(text));
}

test("the scripted drill: told, answered, escalated, all-clear, and every step on the incident with its time", async (context) => {
  const data = temporaryFolder(context);
  // A sector takes no drill beside real sources: the drill's source is there before the door for TAK is opened.
  const first = await startTestHub(context, { data, sectorName: "Paso Norte" });
  const owner = await signInOwner(first);
  const drone = await json<{ id: string; key: string }>(
    await owner.ask("POST", paths.sources, { name: "Radar of the drill", kind: "http", format: "detections", origin: "synthetic" }),
  );
  for (const [name, role] of [
    ["J. Amaya", "officer"],
    ["Ana Ibarra", "viewer"],
  ] as const)
    await json<User>(await owner.ask("POST", paths.users, { name, role, password: PASSWORD }));
  const users = await json<readonly User[]>(await owner.ask("GET", paths.users));
  await first.stop();

  const hub = await startTestHub(context, { data, sectorName: "Paso Norte", takTlsPort: 0 });
  const live: Intent[] = [];
  let lastUs = 0;
  hub.sector.onTick(({ intents, timeUs }) => {
    live.push(...intents);
    lastUs = timeUs;
  });
  const boss = person(hub, owner.name, owner.cookie);
  const rules = await json<DangerRules>(await boss.ask("GET", paths.rules));
  const chain: DangerRules["escalation"]["warning"] = [
    { afterS: 3, action: "repeat" },
    { afterS: 8, action: "call-list" },
  ];
  await json(
    await boss.ask("PUT", paths.rules, {
      ...rules,
      version: rules.version + 1,
      name: "Drill",
      escalation: { ...rules.escalation, warning: chain },
    }),
  );
  const enrolment = await json<Enrolment>(
    await boss.ask("POST", paths.certificates, { name: "Ben Quesada", client: "atak", host: "127.0.0.1", uid: BEN }),
  );
  const people = [
    {
      id: "ana",
      name: "Ana Ibarra",
      language: "en",
      ways: [{ channel: "browser", address: users.find(({ name }) => name === "Ana Ibarra")?.id }],
    },
    {
      id: "ben",
      name: "Ben Quesada",
      language: "es",
      ways: [
        { channel: "tak", address: BEN },
        { channel: "voice", address: "channel 3" },
      ],
    },
  ];
  for (const one of people) {
    await json(await boss.ask("PUT", paths.person(one.id), { ...one, role: "agent", team: "alfa", leader: false }));
    await json(await boss.ask("PUT", paths.shift(one.id), { on: true }));
  }
  await json(await boss.ask("PUT", paths.personPlace("ana"), { ...POST, errorM: 10 }));
  await json(await boss.ask("PUT", paths.drillScope, { channels: ["browser", "tak", "voice"], people: ["ana", "ben"] }));

  const access = readDataPackage(Buffer.from(enrolment.package, "base64"));
  assert.ok(!("refused" in access));
  const peer = new TakPeer({
    port: hub.takTlsPort ?? 0,
    negotiate: true,
    tls: { ca: access.ca.join(""), cert: access.cert ?? "", key: access.key ?? "" },
  });
  closeAfter(context, () => peer.socket.destroy());
  await peer.until(({ form }) => form === "protobuf");
  peer.say(selfOf(BEN));

  // The device says that a message has come, as devices do; the one who carries it does not answer.
  const delivered = new Set<string>();
  const delivering = setInterval(() => {
    for (const { uid, detail } of peer.ofType("b-t-f").filter((event) => addressee(event) === BEN)) {
      const messageId = detail.find(({ name }) => name === "__chat")?.attributes["messageId"] ?? "";
      if (delivered.has(uid) || messageId === "") continue;
      delivered.add(uid);
      const from = { uid: BEN, callsign: "Ben", type: "a-f-G-U-C" };
      const to = { uid: detail.find(({ name }) => name === "link")?.attributes["uid"] ?? "", callsign: "Atalaya Paso Norte" };
      peer.say(chatReceipt("delivered", { from, to, messageId, timeMs: Date.now(), point: selfOf(BEN).point }));
    }
  }, 100);
  closeAfter(context, () => clearInterval(delivering));

  const browser = await startBrowser();
  closeAfter(context, () => browser.close());
  // Two people at one browser: each name of the hub's own machine has cookies of its own.
  const desk = await browser.page();
  const screen = await browser.page();
  await signIn(desk.page, hub.url, "J. Amaya");
  await signIn(screen.page, hub.url.replace("localhost", "127.0.0.1"), "Ana Ibarra");
  await desk.page.bringToFront();

  let flies = true;
  let k = 0;
  const beganMs = Date.now();
  const fly = async (): Promise<void> => {
    k += 1;
    const rangeM = Math.max(STAYS_M, START_M - (SPEED_MPS * (Date.now() - beganMs)) / 1000);
    const det = {
      type: "det",
      id: `R1-${k}`,
      sensor: "R1",
      kind: "radar",
      z: [rangeM, 0, 15],
      classes: { drone: 0.9, bird: 0.05, unknown: 0.05 },
    };
    await fetch(hub.url + paths.detections, {
      method: "POST",
      headers: { authorization: `Bearer ${drone.key}`, "content-type": "application/x-ndjson" },
      body: `${JSON.stringify(SENSOR)}\n${JSON.stringify(det)}\n`,
    }).then(
      (answer) => answer.body?.cancel(),
      () => undefined,
    );
  };
  const flight = setInterval(() => {
    if (flies) void fly();
  }, 500);
  closeAfter(context, () => clearInterval(flight));

  await context.test("who is at a screen is told over the whole of it, marked as a drill, and answers with one press", async () => {
    const notice = screen.page.locator(".whole-screen .notice.urgent");
    await notice.waitFor(SLOW);
    await shows(notice, /^DRILL\. Drone coming from/);
    const box = await screen.page.locator(".whole-screen").boundingBox();
    assert.ok(box !== null && box.width >= 1340 && box.height >= 740, JSON.stringify(box));
    const { violations } = await new AxeBuilder({ page: screen.page }).analyze();
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
    await screen.page.bringToFront();
    await notice.getByRole("button", { name: "Taking cover" }).click();
    await notice.waitFor({ state: "detached", ...SLOW });
    await shows(screen.page.locator(".notice"), /Taking cover/);
    await desk.page.bringToFront();
  });

  await context.test("who has a TAK device gets the alarm, and the words in Spanish on that device alone", async () => {
    await peer.until((one) => one.ofType("b-a-").length > 0);
    const chat = await peer.until((one) => one.ofType("b-t-f").find((event) => addressee(event) === BEN));
    assert.match(remarksOf(chat), /^SIMULACRO/);
    assert.ok(
      peer.ofType("b-a-").every(({ opex }) => opex?.startsWith("e-") === true),
      "an alarm of a drill is marked as an exercise",
    );
  });

  const card = desk.page.locator(".danger-card").first();
  await context.test("who does not answer is repeated to, and stands on the officer's call list with the way to call", async () => {
    const call = desk.page.locator("[data-call=ben]");
    await call.waitFor(SLOW);
    // At no time is he said to have no number, also while the console does not know it yet.
    assert.doesNotMatch(await call.innerText(), /no number/);
    await shows(call, /Ben Quesada\s+channel 3/);
    // Who has answered is not called, even if that came late.
    await desk.page.locator("[data-call=ana]").waitFor({ state: "detached", ...SLOW });
    await shows(card, /✓\s*Ana Ibarra\s*Taking cover/);
  });

  await context.test("an officer takes it with one key, and cannot put a danger to a person aside", async () => {
    await desk.page.locator("body").press("t");
    await desk.page
      .getByText(/J\. Amaya took it at/)
      .first()
      .waitFor(SLOW);
    // A danger to a person is not put aside: said before a reason is asked for.
    await desk.page.locator("body").press("h");
    await desk.page.getByText("This danger is to a person, and is not put aside.").waitFor(SLOW);
    await desk.page.keyboard.press("Escape");
  });

  let id = "";
  await context.test("the officer's all-clear with its reason reaches both, and the alarm in TAK ends", async () => {
    flies = false;
    id = (await card.getAttribute("data-warning")) ?? "";
    await desk.page.locator("body").press("a");
    await desk.page.fill("[name=reason]", "The drill is over");
    await desk.page.keyboard.press("Enter");
    await peer.until((one) => one.ofType("b-a-o-can").length > 0);
    await peer.until((one) =>
      one.ofType("b-t-f").some((event) => addressee(event) === BEN && /^SIMULACRO.*Fin del peligro/.test(remarksOf(event))),
    );
    await screen.page
      .getByText(/^DRILL\..*All clear/)
      .first()
      .waitFor(SLOW);
  });

  await context.test("the incident shows each person's steps and each decision with its time, in local time and UTC", async () => {
    await desk.page.locator("body").press("3");
    await desk.page.locator(`[data-incident="${id}"] button`).waitFor(SLOW);
    await desk.page.keyboard.press("ArrowDown");
    const incident = desk.page.locator(".incident");
    for (const who of ["ana", "ben"]) await incident.locator(`[data-lane=${who}] .lane-who`).click();
    await incident.locator("[data-lane=ben] [data-step=over]").waitFor(SLOW);
    // The end is delivered and seen while the page is read: it must come to show what the hub has.
    const count = async (personId: string): Promise<number> => incident.locator(`[data-lane=${personId}] .lane-steps li`).count();
    await eventually(async () => {
      const { lanes } = await json<WarningDetail>(await boss.ask("GET", paths.warning(id)));
      assert.ok(lanes.length >= 2);
      const counts = await Promise.all(lanes.map(({ personId }) => count(personId)));
      assert.deepEqual(
        counts,
        lanes.map(({ steps }) => steps.length),
      );
    });
    for (const text of await incident.locator(".lane-steps li").allInnerTexts()) assert.match(text, /^\d\d:\d\d:\d\d/);
    const lane = async (who: string): Promise<readonly string[]> =>
      incident.locator(`[data-lane=${who}] [data-step]`).evaluateAll((steps) => steps.map((step) => step.getAttribute("data-step") ?? ""));
    const inOrder = (steps: readonly string[], wanted: readonly string[]): void => {
      let at = -1;
      for (const step of wanted) {
        const next = steps.indexOf(step, at + 1);
        assert.ok(next > at, `${step} in ${steps.join()}`);
        at = next;
      }
    };
    inOrder(await lane("ana"), ["told", "sent", "delivered", "seen", "answered", "over"]);
    // Whether his device confirms before the hub repeats is the network's matter.
    inOrder(await lane("ben"), ["told", "sent", "delivered", "over"]);
    inOrder(await lane("ben"), ["told", "sent", "repeated", "call-list", "over"]);
    const facts = incident.locator(".facts");
    await shows(facts, /Warning raised: .*(Ana Ibarra|Ben Quesada)/);
    await shows(facts, /J\. Amaya took it/);
    await shows(facts, /All-clear by J\. Amaya\s+The drill is over/);
    await shows(facts, /\d\d:\d\d:\d\d\s+\d\d:\d\d:\d\dZ/);
    await shows(facts, /Told to \d pe(ople|rson)[\s\S]*Ana Ibarra: Taking cover[\s\S]*Ben Quesada: to be called/);
    await shows(incident.locator(".incident-head"), /DRILL/);
    const { violations } = await new AxeBuilder({ page: desk.page }).analyze();
    assert.deepEqual(
      violations.map(({ id: rule }) => rule),
      [],
    );
  });

  await context.test(
    "the map stands at a chosen moment inside the frame of the past, and one cursor goes over facts, map and lanes",
    async () => {
      const incident = desk.page.locator(".incident");
      const past = incident.locator(".moment-frame.past [data-past]");
      await past.waitFor(SLOW);
      await shows(past, /PAST \d\d:\d\d:\d\d/);
      const { path, raisedMs } = await json<WarningDetail>(await boss.ask("GET", paths.warning(id)));
      assert.ok(path.length > 5, "the way of the drone is kept");
      const cursor = async (): Promise<number> => Number(await incident.locator("[data-cursor]").getAttribute("data-cursor"));
      const fact = incident.locator(".fact", { hasText: /J\. Amaya took it/ });
      await fact.click();
      const chosenMs = Math.floor(Date.parse((await fact.locator("time").getAttribute("datetime")) ?? ""));
      const stands = (ms: number): Promise<void> => incident.locator(`[data-cursor="${ms}"]`).waitFor({ ...SLOW, state: "attached" });
      await stands(chosenMs);
      await incident.locator(`[data-past="${chosenMs}"]`).waitFor(SLOW);
      await incident.locator(".fact[aria-current=step]", { hasText: /J\. Amaya took it/ }).waitFor(SLOW);
      // A step back by the key, and up to the fact before.
      await desk.page.locator("body").press("ArrowLeft");
      await stands(chosenMs - 1000);
      await desk.page.locator("body").press("ArrowUp");
      await desk.page.waitForFunction(
        (ms) => Number(document.querySelector("[data-cursor]")?.getAttribute("data-cursor")) < ms,
        chosenMs - 1000,
        SLOW,
      );
      // Played, the past goes on by itself; it makes no sound and reaches nobody.
      await incident.getByRole("slider", { name: "Moment" }).fill(String(Math.round(Math.min(raisedMs, path[0]?.timeMs ?? raisedMs))));
      const before = await cursor();
      await desk.page.locator("body").press("Space");
      await desk.page.waitForFunction(
        (from) => Number(document.querySelector("[data-cursor]")?.getAttribute("data-cursor")) > from + 1500,
        before,
        SLOW,
      );
      await desk.page.locator("body").press("Space");
    },
  );

  await context.test("what is over is signed off with a reason, or sent back, and both stay on record", async () => {
    const signing = desk.page.locator(".sign-off");
    await signing.getByText("waits for sign-off").waitFor(SLOW);
    await shows(signing, /How it ended: The drill is over[\s\S]*No answer from Ben Quesada/);
    await signing.getByRole("button", { name: "Send back…" }).click();
    await desk.page.fill("[name=reason]", "Why did Ben not answer?");
    await desk.page.keyboard.press("Enter");
    await desk.page.locator("[data-verdict=sent-back]").waitFor(SLOW);
    await signing.getByRole("button", { name: "Sign off…" }).click();
    await desk.page.fill("[name=reason]", "His set had no battery: charged");
    await desk.page.keyboard.press("Enter");
    await desk.page.locator("[data-verdict=signed-off]").waitFor(SLOW);
    await signing.getByText("Signed off by J. Amaya: His set had no battery: charged").waitFor(SLOW);
    await desk.page.locator(".facts", { hasText: /Sent back by J\. Amaya\s*Why did Ben not answer\?/ }).waitFor(SLOW);
    const { reviews } = await json<WarningDetail>(await boss.ask("GET", paths.warning(id)));
    assert.deepEqual(
      reviews.map(({ verdict, by }) => [verdict, by]),
      [
        ["sent-back", "J. Amaya"],
        ["signed-off", "J. Amaya"],
      ],
    );
    const { violations } = await new AxeBuilder({ page: desk.page }).analyze();
    assert.deepEqual(
      violations.map(({ id: rule }) => rule),
      [],
    );
    await desk.page.keyboard.press("Escape");
    await desk.page.locator(`[data-incident="${id}"]`, { hasText: "over · signed off" }).waitFor(SLOW);
  });

  await context.test("calm and the note for the next shift are read from their page", async () => {
    await desk.page.locator("body").press("4");
    await desk.page.getByRole("button", { name: "Hand-over note" }).click();
    const note = desk.page.locator(".note");
    await note.waitFor(SLOW);
    await shows(note, /Open warnings[\s\S]*Not being watched[\s\S]*Alarms in the last 10 min/);
    const { violations } = await new AxeBuilder({ page: desk.page }).analyze();
    assert.deepEqual(
      violations.map(({ id: rule }) => rule),
      [],
    );
  });

  await context.test(
    "the same journal replayed into a fresh picture wants the same to the byte, and it is what people were told",
    async () => {
      await hub.stop();
      const again = await startTestHub(context, { data, sectorName: "Paso Norte" });
      const [once, twice] = [replayed(again, lastUs), replayed(again, lastUs)];
      assert.ok(once.length > 0);
      assert.equal(JSON.stringify(once), JSON.stringify(twice));
      assert.deepEqual(told(once), told(live));
      const warnings = await json<readonly Warning[]>(await person(again, boss.name, boss.cookie).ask("GET", paths.warnings));
      assert.deepEqual(
        warnings.map((known) => [known.id, known.state]),
        [[id, "cleared"]],
      );
    },
  );

  await context.test("no request left the machine, nothing broke the content security policy, nothing complained", () => {
    for (const { misdeeds } of [desk, screen]) {
      assert.deepEqual([misdeeds.elsewhere, misdeeds.policy], [[], []]);
      assert.deepEqual(
        unexpected(misdeeds).filter((text) => !/ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection/.test(text)),
        [],
      );
    }
  });
});
