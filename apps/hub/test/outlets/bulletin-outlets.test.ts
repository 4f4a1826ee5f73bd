// Bulletins through outlets: each notice to the voice of its channel, the next way when that carries none, partners' outlets, and what a dead hub had not settled.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BulletinNotice, BulletinOutside } from "@atalaya/picture";
import { type Bulletin, paths } from "@atalaya/protocol";
import { signIn, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import type { Outlet, OutletReports } from "../../src/outlets/outlet.ts";
import { codeOf, type Desk, json, ours, readers, release, settings, written } from "../memo-desk.ts";

const ID = "bulletin-23";

/** A voice that keeps what it is told, and says nothing of it by itself. */
class Voice implements Outlet {
  readonly name: string;
  readonly channel?: "sms" | "email";
  readonly told: BulletinNotice[] = [];
  readonly shown: BulletinOutside[] = [];
  reports: OutletReports | undefined;
  #wait: (() => void)[] = [];
  constructor(name: string, channel?: "sms" | "email") {
    this.name = name;
    if (channel !== undefined) this.channel = channel;
  }
  start(reports: OutletReports): void {
    this.reports = reports;
  }
  tellBulletin(notice: BulletinNotice): void {
    this.told.push(notice);
    for (const look of this.#wait) look();
  }
  showBulletin(intent: BulletinOutside): void {
    this.shown.push(intent);
    for (const look of this.#wait) look();
  }
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (condition()) resolve();
      };
      this.#wait.push(look);
      look();
    });
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}
/** A voice of a channel that carries warnings alone. */
const mute: Outlet = { name: "old mail", channel: "email", start: () => undefined, tell: () => undefined, stop: () => Promise.resolve() };

test("each way has its turn, a reply confirms, partners' outlets hear of it, and what had no result is asked for again after the hub died", async (context) => {
  const data = temporaryFolder(context);
  const sms = new Voice("sms", "sms");
  const city = new Voice("city");
  const hub = await startTestHub(context, { data, outlets: [sms, mute, city] });
  const owner = await signInOwner(hub);
  const d: Desk = {
    hub,
    owner,
    analyst: await signIn(hub, owner, "analyst"),
    officer: await signIn(hub, owner, "officer"),
    supervisor: await signIn(hub, owner, "supervisor"),
  };
  const ways = [
    { channel: "email", address: "ana@example.org" },
    { channel: "sms", address: "+15550100" },
  ] as const;
  for (const id of ["ana", "luis"]) await json(await d.officer.ask("PUT", paths.person(id), ours(id, { ways: [...ways] })));
  const partners = { ...settings().audience, partners: ["City"] };
  await written(d, ID, { audience: partners, handling: { tlp: "GREEN", releasableTo: ["City"] } });
  await release(d, ID);
  await sms.until(() => sms.told.length === 2);
  assert.deepEqual(
    sms.told.map(({ personId, kind, channel, language, version }) => [personId, kind, channel, language, version].join(" ")).sort(),
    ["ana new sms es 1", "luis new sms es 1"],
  );
  await city.until(() => city.shown.length === 1);
  assert.deepEqual([city.shown[0]?.change, city.shown[0]?.partners], ["new", ["City"]]);

  const ana = sms.told.find(({ personId }) => personId === "ana");
  assert.ok(ana !== undefined && sms.reports !== undefined);
  sms.reports.bulletinReceipt(ana, "sent");
  sms.reports.bulletinReceipt(ana, "sent");
  await sms.reports.bulletinEvent({
    bulletinId: ID,
    personId: "ana",
    version: 1,
    step: "confirmed",
    atUs: hub.sector.clock.nowUs(),
    how: "sms",
    language: "es",
  });
  assert.deepEqual(
    (await readers(d, ID)).map(({ personId, step, ways: tried }) => `${personId} ${step} ${tried.map((way) => way.step).join()}`),
    ["ana confirmed failed,sent", "luis told failed,due"],
  );
  await hub.stop();

  const again = { sms: new Voice("sms", "sms"), city: new Voice("city") };
  await startTestHub(context, { data, outlets: [again.sms, mute, again.city] });
  await again.sms.until(() => again.sms.told.length === 1);
  assert.equal(again.sms.told[0]?.id, sms.told.find(({ personId }) => personId === "luis")?.id);
  await again.city.until(() => again.city.shown.length === 1);
  assert.equal(again.city.shown[0]?.id, city.shown[0]?.id);
  const [intent] = again.city.shown;
  assert.ok(intent !== undefined);
  again.city.reports?.bulletinShown(intent, "sent");
});

test("a result of partners' outlets is shown with the bulletin", async (context) => {
  const city = new Voice("city");
  const hub = await startTestHub(context, { outlets: [city] });
  const owner = await signInOwner(hub);
  const d: Desk = {
    hub,
    owner,
    analyst: owner,
    officer: await signIn(hub, owner, "officer"),
    supervisor: await signIn(hub, owner, "supervisor"),
  };
  assert.equal(await codeOf(await d.officer.ask("POST", paths.bulletins, { id: ID })), "role");
  const partners = { ...settings().audience, teams: [], partners: ["City"] };
  await written(d, ID, { audience: partners, handling: { tlp: "CLEAR", releasableTo: [] } });
  await release(d, ID);
  await city.until(() => city.shown.length === 1);
  const [intent] = city.shown;
  assert.ok(intent !== undefined);
  city.reports?.bulletinShown(intent, "failed", "no answer");
  const { outside } = await json<Bulletin>(await d.officer.ask("GET", paths.bulletin(ID)));
  assert.deepEqual(
    outside?.results.map(({ outlet, step, reason }) => `${outlet} ${step} ${reason}`),
    ["city failed no answer"],
  );
});
