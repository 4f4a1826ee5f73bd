// A picture with an analyst's desk in it: sources, claims and bulletins said in few words, and what was wanted of outlets.
import assert from "node:assert/strict";
import type { Handling } from "@atalaya/protocol";
import type {
  BulletinNotice,
  BulletinSettingsInPicture,
  MemoIntent,
  PersonDefinition,
  PictureBulletin,
  PictureClaim,
  PictureSource,
  Reader,
  RecordKind,
  Records,
  Settings,
  SourceDocument,
} from "../../src/index.ts";
import { S, T0 } from "../broadcasts.ts";
import { person, Scene } from "../scene.ts";

export const AMBER: Handling = { tlp: "AMBER", releasableTo: [] };
export const HOUR = 3600;
export const DAY = 86_400;

export function settings(more: Partial<BulletinSettingsInPicture> = {}): BulletinSettingsInPicture {
  return {
    audience: { sector: false, teams: ["alpha"], roles: [], posts: [], people: [], partners: [] },
    level: "act-on-it",
    validFromUs: T0,
    validUntilUs: T0 + 7 * DAY * S,
    handling: AMBER,
    claims: [],
    confirming: { withinS: 2 * HOUR, reminders: 2, remindEveryS: HOUR, leader: true, supervisorAfterS: 1800 },
    drill: false,
    ...more,
  };
}

export class Desk extends Scene {
  readonly wanted: MemoIntent[] = [];
  now = 0;

  constructor(more: Partial<Settings> = {}) {
    super(more);
  }
  /** The next thing happens so many seconds later. */
  after(seconds: number): this {
    this.now += seconds;
    this.to(this.now);
    this.#hear();
    return this;
  }
  #hear(): void {
    this.wanted.push(...this.picture.takeMemoIntents());
  }
  put<K extends RecordKind>(kind: K, value: Records[K]): this {
    this.record(this.now, kind, value);
    this.#hear();
    return this;
  }
  override restart(): this {
    this.#hear();
    super.restart();
    return this;
  }

  somebody(id: string, more: Partial<PersonDefinition> = {}): this {
    return this.put("person", { person: person(id, more), by: "officer" });
  }
  source(id: string, more: Partial<SourceDocument> = {}): this {
    const source: SourceDocument = {
      id,
      kind: "memo",
      title: id,
      origin: "centre",
      capturedUs: T0,
      handling: AMBER,
      form: "text",
      bytes: 10,
      sha256: "0".repeat(64),
      cites: [],
      addsOwn: false,
      ...more,
    };
    return this.put("memo-source", { source, by: "analyst" });
  }
  verdict(sourceId: string, verdict: "withdrawn" | "refuted" | "restored"): this {
    return this.put("memo-source-verdict", { sourceId, verdict, by: "analyst", why: "It was so." });
  }
  claim(claimId: string, ...sources: string[]): this {
    return this.put("claim", { claimId, said: { text: claimId, sure: "possible" }, sources, by: "analyst" });
  }

  /** A part in both languages, approved by somebody who reads each. */
  part(bulletinId: string, key: string, text: string): this {
    for (const language of ["en", "es"] as const)
      this.put("bulletin-part", { bulletinId, key, language, text: `${language} ${text}`, by: `writer ${language}` });
    return this.approve(bulletinId, key);
  }
  carry(bulletinId: string, ...items: (readonly [id: string, quantity: number])[]): this {
    const list = items.map(([id, quantity]) => ({ id, name: { en: id, es: id }, quantity, ends: false }));
    this.put("bulletin-carry", { bulletinId, items: list, by: "writer en" });
    return this.approve(bulletinId, "carry");
  }
  approve(bulletinId: string, piece: string): this {
    for (const language of ["en", "es"] as const) {
      const rev = this.bulletin(bulletinId).draft?.pieces[piece]?.rev ?? 0;
      this.put("bulletin-approval", { bulletinId, piece, language, rev, approve: true, by: `reader ${language}` });
    }
    return this;
  }
  begin(bulletinId: string, more: Partial<BulletinSettingsInPicture> = {}): this {
    return this.put("bulletin", { bulletinId, settings: settings(more), by: "writer en" });
  }
  release(bulletinId: string, by = "second"): this {
    return this.put("bulletin-released", { bulletinId, rev: this.bulletin(bulletinId).draft?.rev ?? 0, by });
  }
  /** Written, approved, released, and told. */
  out(bulletinId: string, more: Partial<BulletinSettingsInPicture> = {}): this {
    this.begin(bulletinId, more).part(bulletinId, "headline", "small drones").part(bulletinId, "do", "take cover").release(bulletinId);
    return this.after(0.2);
  }
  next(bulletinId: string): this {
    return this.put("bulletin-draft", { bulletinId, on: true, by: "writer en" });
  }
  came(notice: BulletinNotice | undefined, step: "sent" | "delivered" | "failed" | "no-link"): this {
    assert.ok(notice !== undefined, "nothing was told");
    const { bulletinId, personId, version, telling, channel, address } = notice;
    return this.put("bulletin-receipt", { bulletinId, personId, version, telling, channel, address, step });
  }
  did(
    bulletinId: string,
    personId: string,
    step: "delivered" | "opened" | "confirmed",
    version = 1,
    atS: number = this.now,
    answer?: string,
  ): this {
    const atUs = T0 + Math.round(atS * S);
    const more = answer === undefined ? {} : { answer };
    return this.put("bulletin-event", { bulletinId, personId, version, step, atUs, how: "app", language: "en", ...more });
  }

  bulletin(id: string): Readonly<PictureBulletin> {
    const bulletin = this.picture.bulletins.bulletins.get(id);
    assert.ok(bulletin !== undefined, id);
    return bulletin;
  }
  reader(id: string, personId: string): Readonly<Reader> {
    const reader = this.bulletin(id).readers.get(personId);
    assert.ok(reader !== undefined, `${personId} is no reader of ${id}`);
    return reader;
  }
  theClaim(id: string): Readonly<PictureClaim> {
    const claim = this.picture.claims.claims.get(id);
    assert.ok(claim !== undefined, id);
    return claim;
  }
  theSource(id: string): Readonly<PictureSource> {
    const source = this.picture.claims.sources.get(id);
    assert.ok(source !== undefined, id);
    return source;
  }
  notices(personId: string): readonly BulletinNotice[] {
    return this.wanted.filter((intent): intent is BulletinNotice => intent.type === "bulletin-notice" && intent.personId === personId);
  }
  /** What went to somebody, in words: `new browser en`. */
  heard(personId: string): readonly string[] {
    return this.notices(personId).map(({ kind, channel, language }) => `${kind} ${channel} ${language}`);
  }
  last(personId: string): BulletinNotice | undefined {
    return this.notices(personId).at(-1);
  }
}
