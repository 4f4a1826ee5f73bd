// A hub with everybody whom the memo needs, for its tests: an analyst, a second one, readers of Spanish, a supervisor, and phones of ours.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type Bulletin,
  type BulletinDraft,
  type BulletinEvent,
  type BulletinPerson,
  type BulletinSettings,
  type Claim,
  type DeviceBulletin,
  type MemoSource,
  type NewMemoSource,
  paths,
  type PersonDefinition,
} from "@atalaya/protocol";
import { joinPhone, type Person, signIn, signInOwner, startTestHub, type TestHub } from "@atalaya/testing/hub";

export async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}
export const codeOf = async (answer: Response): Promise<string> => {
  assert.notEqual(answer.status, 200);
  return ((await answer.json()) as { code: string }).code;
};

export const ours = (id: string, more: Partial<PersonDefinition> = {}): PersonDefinition => ({
  id,
  name: `Agent ${id}`,
  language: "es",
  role: "agent",
  team: "Kilo",
  leader: false,
  ways: [],
  ...more,
});

export interface Desk {
  readonly hub: TestHub;
  readonly owner: Person;
  /** Writes. */
  readonly analyst: Person;
  /** Reads Spanish. */
  readonly officer: Person;
  /** The second person. */
  readonly supervisor: Person;
}

export async function desk(context: TestContext, data?: string): Promise<Desk> {
  const hub = await startTestHub(context, data === undefined ? {} : { data });
  const owner = await signInOwner(hub);
  return {
    hub,
    owner,
    analyst: await signIn(hub, owner, "analyst"),
    officer: await signIn(hub, owner, "officer"),
    supervisor: await signIn(hub, owner, "supervisor"),
  };
}

export const phone = (d: Desk, id: string, more: Partial<PersonDefinition> = {}): Promise<Person> =>
  joinPhone(d.hub, d.officer, ours(id, more));

export const source = (id: string, more: Partial<NewMemoSource> = {}): NewMemoSource => ({
  id,
  kind: "memo",
  title: `Source ${id}`,
  origin: "The centre",
  capturedMs: Date.now(),
  handling: { tlp: "AMBER", releasableTo: [] },
  content: { form: "text", text: "Attacks have been authorised. Se autorizaron ataques." },
  cites: [],
  addsOwn: false,
  ...more,
});
export const take = async (d: Desk, made: NewMemoSource): Promise<MemoSource> => json(await d.analyst.ask("POST", paths.memoSources, made));
export const draw = async (d: Desk, id: string, sources: readonly string[]): Promise<Claim> =>
  json(await d.analyst.ask("POST", paths.memoClaims, { id, text: `Claim ${id}`, sure: "possible", sources }));

export const settings = (more: Partial<BulletinSettings> = {}): BulletinSettings => ({
  audience: { sector: false, teams: ["Kilo"], roles: [], posts: [], people: [], partners: [] },
  level: "act-on-it",
  validFromMs: Date.now() - 1000,
  validUntilMs: Date.now() + 86_400_000,
  handling: { tlp: "AMBER", releasableTo: [] },
  claims: [],
  confirming: { withinS: 3600, reminders: 1, remindEveryS: 1800, leader: true, supervisorAfterS: 600 },
  drill: false,
  ...more,
});

/** Both languages of a part, written by the analyst, and each approved by a person who reads it. */
export async function part(d: Desk, bulletin: string, key: string, en: string, es: string): Promise<BulletinDraft> {
  await json(await d.analyst.ask("PUT", paths.bulletinPart(bulletin, key, "en"), { text: en }));
  await json(await d.analyst.ask("PUT", paths.bulletinPart(bulletin, key, "es"), { text: es }));
  return approve(d, bulletin, key);
}
export async function approve(d: Desk, bulletin: string, piece: string): Promise<BulletinDraft> {
  const { draft } = await json<Bulletin>(await d.analyst.ask("GET", paths.bulletin(bulletin)));
  const rev = draft?.pieces.find(({ key }) => key === piece)?.en.rev ?? 0;
  await json(await d.analyst.ask("POST", paths.bulletinApprovals(bulletin), { piece, language: "en", rev, approve: true }));
  return json(await d.officer.ask("POST", paths.bulletinApprovals(bulletin), { piece, language: "es", rev, approve: true }));
}
/** Ready to be released. */
export async function written(d: Desk, bulletin: string, more: Partial<BulletinSettings> = {}): Promise<BulletinDraft> {
  await json(await d.analyst.ask("POST", paths.bulletins, { id: bulletin }));
  await json(await d.analyst.ask("PUT", paths.bulletinSettings(bulletin), { settings: settings(more) }));
  await part(d, bulletin, "headline", "Small drones may carry explosives.", "Drones pequeños pueden llevar explosivos.");
  return part(d, bulletin, "do", "Take cover first, then report it.", "Cúbrase primero y luego repórtelo.");
}
export async function release(d: Desk, bulletin: string): Promise<Bulletin> {
  const { draft } = await json<Bulletin>(await d.supervisor.ask("GET", paths.bulletin(bulletin)));
  return json(await d.supervisor.ask("POST", paths.bulletinRelease(bulletin), { rev: draft?.rev ?? 0 }));
}
export const readers = async (d: Desk, bulletin: string): Promise<readonly BulletinPerson[]> =>
  json(await d.officer.ask("GET", paths.bulletinPeople(bulletin)));

let events = 0;
export const event = (step: BulletinEvent["step"], more: Partial<BulletinEvent> = {}): BulletinEvent => ({
  id: `event-${String((events += 1)).padStart(6, "0")}`,
  step,
  version: 1,
  atMs: Date.now(),
  sentMs: Date.now(),
  language: "es",
  ...more,
});
export const did = async (device: Person, bulletin: string, what: BulletinEvent): Promise<DeviceBulletin> =>
  json(await device.ask("POST", paths.deviceBulletinEvents(bulletin), what));
