// Readiness over a real hub: the carry list of a shift, what is missing before people go, what is arranged, and what is kept about a person.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CarryItem, type DeviceKit, type FieldMessage, type Kept, type KitAnswers, paths, type Readiness } from "@atalaya/protocol";
import type { Person } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";
import { approve, codeOf, type Desk, desk, json, phone, release, written } from "./memo-desk.ts";

const CAN = { sound: true, vibrate: true, wakeLock: true, compass: true, position: true, notifications: true, visible: true };
const item = (id: string, quantity = 1, ends = false): CarryItem => ({
  id,
  name: { en: id, es: id },
  quantity,
  where: { en: "Post 7, locker B", es: "Puesto 7, casillero B" },
  ends,
});
const day = (days: number): string => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    Date.now() + days * 86_400_000,
  );
};
let kits = 0;
const answered = async (who: Person, answers: KitAnswers["answers"]): Promise<DeviceKit> =>
  json(
    await who.ask("PUT", paths.deviceKit, {
      id: `kit-${String((kits += 1)).padStart(6, "0")}`,
      atMs: Date.now(),
      sentMs: Date.now(),
      answers,
    }),
  );
const readiness = async (d: Desk): Promise<Readiness> => json(await d.officer.ask("GET", paths.readiness));

test("who goes out without what is seen before they go, with what was arranged; and no figure of a person is made", async (context) => {
  const d = await desk(context);
  const ana = await phone(d, "ana");
  await phone(d, "luis");
  await json(
    await d.supervisor.ask("PUT", paths.carryLists, {
      lists: [{ role: "", level: "normal", items: [item("aid-kit", 1, true), item("tourniquet"), item("radio")] }],
    }),
  );
  const outing = {
    id: "outing-04",
    name: "Going out at 04:00",
    fromMs: Date.now() + 3_600_000,
    untilMs: Date.now() + 30_000_000,
    musterMs: Date.now() + 1_800_000,
    musterPlace: "Post 4",
    people: ["ana", "luis"],
  };
  assert.equal((await d.officer.ask("PUT", paths.outing("outing-04"), outing)).status, 204);
  assert.equal((await d.supervisor.ask("PUT", paths.training("luis"), { kind: "drone-drill", until: day(-3) })).status, 204);
  assert.equal((await d.officer.ask("PUT", paths.training("luis"), { kind: "drone-drill", until: day(9) })).status, 403);
  assert.equal((await d.supervisor.ask("PUT", paths.training("ana"), { kind: "tourniquet", until: day(3) })).status, 204);

  const asked = await json<DeviceKit>(await ana.ask("GET", paths.deviceKit));
  assert.deepEqual(
    asked.items.map(({ id, quantity }) => `${id} ${quantity}`),
    ["aid-kit 1", "tourniquet 1", "radio 1"],
  );
  assert.deepEqual([asked.outing?.musterPlace, "people" in (asked.outing ?? {})], ["Post 4", false]);
  assert.deepEqual(
    asked.kit.map(({ state }) => state),
    ["not-answered", "not-answered", "not-answered"],
  );
  const kit = await answered(ana, [
    { itemId: "aid-kit", have: 1, endsOn: day(3) },
    { itemId: "tourniquet", have: 0 },
    { itemId: "radio", have: 1 },
  ]);
  assert.deepEqual(
    kit.kit.map(({ state }) => state),
    ["ends-soon", "missing", "has"],
  );
  await json(await ana.ask("PUT", paths.deviceShift, { on: true, can: CAN }));

  const seen = await readiness(d);
  const [one, two] = seen.people;
  assert.deepEqual([one?.personId, one?.reach.state, one?.reach.by], ["ana", "linked", "browser"]);
  assert.deepEqual(
    one?.needs.map(({ code, itemId, training }) => [code, itemId ?? training]),
    [
      ["item-ends-soon", "aid-kit"],
      ["item-missing", "tourniquet"],
      ["training-ends-soon", "tourniquet"],
    ],
  );
  assert.deepEqual(
    two?.needs.map(({ code }) => code),
    ["kit-not-answered", "training-lapsed"],
  );
  assert.equal(two?.reach.state, "not-started");
  assert.deepEqual(seen.counts, {
    people: 2,
    canBeWarned: 1,
    byVoiceOnly: 0,
    carryAll: 0,
    missing: 1,
    endSoon: 1,
    kitNotAnswered: 1,
    trainingLapsed: 1,
    trainingEndsSoon: 1,
  });
  assert.doesNotMatch(JSON.stringify(seen), /score|rank|rating|reliab/i);

  const remedy = { id: "remedy-01", text: "One with patrol K2.", itemId: "tourniquet" };
  assert.equal((await d.officer.ask("POST", paths.remedies("ana"), remedy)).status, 204);
  assert.equal((await readiness(d)).people[0]?.needs.find(({ code }) => code === "item-missing")?.remedied, true);
  assert.equal((await json<DeviceKit>(await ana.ask("GET", paths.deviceKit))).remedies[0]?.text, "One with patrol K2.");

  const kept = await json<Kept>(await ana.ask("GET", paths.deviceKept));
  const about = Object.fromEntries(kept.things.map(({ what, count }) => [what, count]));
  assert.deepEqual(
    [about["kit"], about["remedies"], about["training"], about["outings"], about["devices"], about["person"]],
    [3, 1, 1, 1, 1, 1],
  );
  assert.ok(kept.things.find(({ what }) => what === "kit")?.erasedMs !== undefined);
  assert.equal(await codeOf(await d.officer.ask("GET", paths.deviceKept)), "not-a-reader");

  // Off shift, what was answered is no longer asked after, and has the hour of its end.
  await json(await ana.ask("PUT", paths.deviceShift, { on: false, can: CAN }));
  const off = await json<DeviceKit>(await ana.ask("GET", paths.deviceKit));
  assert.equal(
    off.kit.every(({ state }) => state === "not-answered"),
    true,
  );
  assert.ok(Math.abs((off.erasedMs ?? 0) - Date.now() - 86_400_000) < 60_000);
});

test("the threat level and a bulletin change what is carried, and phones are told to ask again", async (context) => {
  const d = await desk(context);
  const ana = await phone(d, "ana", { role: "medic" });
  const live = new StreamClient(d.hub, ana, WebSocket as never);
  const asks = (): number => (live.messages as unknown as FieldMessage[]).filter(({ type }) => type === "kit-changed").length;
  await live.until(() => (live.messages as unknown as FieldMessage[]).find(({ type }) => type === "bulletins"));
  await json(
    await d.supervisor.ask("PUT", paths.carryLists, {
      lists: [
        { role: "medic", level: "normal", items: [item("bag")] },
        { role: "", level: "normal", items: [item("tourniquet")] },
        { role: "", level: "raised", items: [item("tourniquet"), item("armour")] },
      ],
    }),
  );
  await live.until(() => (asks() === 1 ? true : undefined));
  assert.equal((await json<DeviceKit>(await ana.ask("GET", paths.deviceKit))).items[0]?.id, "bag");
  assert.equal((await d.officer.ask("PUT", paths.threatLevel, { level: "raised", why: "The memo." })).status, 403);
  assert.equal((await d.supervisor.ask("PUT", paths.threatLevel, { level: "raised", why: "The memo." })).status, 204);
  await live.until(() => (asks() === 2 ? true : undefined));
  const raised = await json<DeviceKit>(await ana.ask("GET", paths.deviceKit));
  assert.deepEqual([raised.threatLevel, raised.items.map(({ id }) => id)], ["raised", ["tourniquet", "armour"]]);

  await written(d, "bulletin-23");
  await json(await d.analyst.ask("PUT", paths.bulletinCarry("bulletin-23"), { items: [item("tourniquet", 2)] }));
  await approve(d, "bulletin-23", "carry");
  await release(d, "bulletin-23");
  const set = await json<DeviceKit>(await ana.ask("GET", paths.deviceKit));
  assert.deepEqual([set.setBy?.number, set.items.map(({ id, quantity, was }) => [id, quantity, was])], ["B-0001", [["tourniquet", 2, 1]]]);
  live.socket.close();
});

test("what somebody carried is gone from the journal once it is gone from the picture, and the proofs hold", async (context) => {
  const d = await desk(context);
  const ana = await phone(d, "ana");
  await json(await d.supervisor.ask("PUT", paths.carryLists, { lists: [{ role: "", level: "normal", items: [item("radio")] }] }));
  await answered(ana, [{ itemId: "radio", have: 1 }]);
  const { sector } = d.hub;
  const kitEntry = (): unknown => [...sector.journal.read(1, 10_000)].find(({ kind }) => kind === "kit")?.payload;
  assert.notEqual(kitEntry(), undefined);
  const { RetentionJob } = await import("../src/journal/retention.ts");
  const run = async (oldestKitUs: () => number | undefined): Promise<void> =>
    new RetentionJob({
      journal: sector.journal,
      clock: { nowUs: () => sector.clock.nowUs(), every: () => () => undefined },
      oldestKitUs,
      failed: (error) => {
        throw error;
      },
    }).run();
  await run(() => sector.picture.readiness.oldestUs());
  assert.notEqual(kitEntry(), undefined, "held, so kept");
  await run(() => undefined);
  assert.equal(kitEntry(), undefined);
});
