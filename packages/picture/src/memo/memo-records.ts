// Records of the memo: sources and claims, bulletins from the first word to the last confirmation, and what a shift carries. Times in Unix µs.
// What these things are made of is written once, in @atalaya/protocol; here is what a record must have to be read, years later too.
import type {
  Action,
  BulletinSettings as SettingsOfApi,
  CarryItem,
  CarryList,
  ClaimText,
  Handling,
  MemoRules,
  OutingDefinition,
  OwnIncident,
  Question,
} from "@atalaya/protocol";
import type { JsonValue } from "@atalaya/remote-id";
import { LANGUAGES, type Language } from "@atalaya/words";
import { CHANNELS, type Channel } from "../loop-records.ts";
import { type Fields, isFields, isFiniteNumber, isOneOf, isText, isTextOrAbsent } from "../record-check.ts";

export const RELIABILITIES = ["A", "B", "C", "D", "E", "F"] as const;
export type SourceReliability = (typeof RELIABILITIES)[number];
export type ClaimCredibility = 1 | 2 | 3 | 4 | 5 | 6;

/** From the strictest. */
export const TLPS = ["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"] as const;
const SOURCE_FORMS = ["text", "file", "incident"] as const;
const SOURCE_KINDS = ["memo", "report", "article", "post", "broadcast-id", "own-incident"] as const;
const SURENESS = ["near-certain", "likely", "possible", "unlikely", "not-known"] as const;
const LINKS = ["corroborates", "contradicts", "supersedes"] as const;
export type LinkKind = (typeof LINKS)[number];
const BULLETIN_LEVELS = ["act-on-it", "know-it"] as const;
const THREAT_LEVELS = ["normal", "raised", "high"] as const;
export type ThreatLevel = (typeof THREAT_LEVELS)[number];
const TRAININGS = ["tourniquet", "drone-drill"] as const;
export type TrainingKind = (typeof TRAININGS)[number];
export const CONFIRM_WAYS = ["app", "tak", "sms", "email", "muster", "keyed"] as const;
export type ConfirmWay = (typeof CONFIRM_WAYS)[number];

/** A source document: what is said of it; its content lies apart, known by its hash. */
export interface SourceDocument {
  readonly id: string;
  readonly kind: (typeof SOURCE_KINDS)[number];
  readonly title: string;
  readonly origin: string;
  readonly place?: string | undefined;
  readonly writtenUs?: number | undefined;
  readonly capturedUs: number;
  readonly language?: Language | undefined;
  readonly handling: Handling;
  readonly form: (typeof SOURCE_FORMS)[number];
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly bytes: number;
  readonly sha256?: string | undefined;
  readonly incident?: OwnIncident | undefined;
  readonly cites: readonly string[];
  readonly addsOwn: boolean;
}

/** What a bulletin's release goes by, with its times on the sector's clock. */
export type BulletinSettings = Omit<SettingsOfApi, "validFromMs" | "validUntilMs"> & {
  readonly validFromUs: number;
  readonly validUntilUs: number;
};

/** An outing with its times on the sector's clock. */
export type Outing = Omit<OutingDefinition, "fromMs" | "untilMs" | "musterMs"> & {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly musterUs?: number | undefined;
};

export interface KitAnswer {
  readonly itemId: string;
  readonly have: number;
  readonly endsOn?: string | undefined;
}

export interface MemoRecords {
  readonly "memo-source": { readonly source: SourceDocument; readonly by: string };
  readonly "memo-source-whole": { readonly sourceId: string };
  readonly "memo-source-look": { readonly sourceId: string; readonly by: string; readonly purpose: string };
  readonly "memo-source-removed": { readonly sourceId: string; readonly by: string; readonly reason: string };
  readonly "memo-reliability": {
    readonly sourceId: string;
    readonly reliability: SourceReliability;
    readonly by: string;
    readonly why: string;
  };
  readonly "memo-handling": { readonly sourceId: string; readonly handling: Handling; readonly by: string; readonly why: string };
  readonly "memo-cites": { readonly sourceId: string; readonly cites: readonly string[]; readonly addsOwn: boolean; readonly by: string };
  readonly "memo-source-verdict": {
    readonly sourceId: string;
    readonly verdict: "withdrawn" | "refuted" | "restored";
    readonly by: string;
    readonly why: string;
  };
  readonly claim: {
    readonly claimId: string;
    readonly said: ClaimText;
    readonly sources: readonly string[];
    readonly credibility?: ClaimCredibility | undefined;
    readonly by: string;
  };
  readonly "claim-text": { readonly claimId: string; readonly said: ClaimText; readonly by: string; readonly why?: string | undefined };
  readonly "claim-sources": {
    readonly claimId: string;
    readonly sources: readonly string[];
    readonly by: string;
    readonly why?: string | undefined;
  };
  readonly "claim-credibility": {
    readonly claimId: string;
    readonly credibility: ClaimCredibility;
    readonly by: string;
    readonly why: string;
  };
  /** `on` false: the link is taken away. */
  readonly "claim-link": {
    readonly claimId: string;
    readonly kind: LinkKind;
    readonly to: string;
    readonly on: boolean;
    readonly by: string;
  };
  readonly "claim-verdict": {
    readonly claimId: string;
    readonly verdict: "confirmed" | "refuted" | "reopened";
    readonly incident?: OwnIncident | undefined;
    readonly by: string;
    readonly why: string;
  };
  readonly "memo-rules": { readonly rules: MemoRules; readonly by: string };

  /** The bulletin and its first draft. */
  readonly bulletin: { readonly bulletinId: string; readonly settings: BulletinSettings; readonly by: string };
  /** `on`: the next version is begun from the one that is out; else the draft is dropped. */
  readonly "bulletin-draft": { readonly bulletinId: string; readonly on: boolean; readonly by: string };
  /** As it stood when somebody stopped typing. Empty text: the part is not there in that language. */
  readonly "bulletin-part": {
    readonly bulletinId: string;
    readonly key: string;
    readonly language: Language;
    readonly text: string;
    readonly title?: string | undefined;
    readonly by: string;
  };
  readonly "bulletin-actions": { readonly bulletinId: string; readonly actions: readonly Action[] | null; readonly by: string };
  readonly "bulletin-carry": { readonly bulletinId: string; readonly items: readonly CarryItem[] | null; readonly by: string };
  readonly "bulletin-question": { readonly bulletinId: string; readonly question: Question | null; readonly by: string };
  readonly "bulletin-settings": { readonly bulletinId: string; readonly settings: BulletinSettings; readonly by: string };
  /** Of the piece as it stood at `rev`: an approval of what has changed since is none. */
  readonly "bulletin-approval": {
    readonly bulletinId: string;
    readonly piece: string;
    readonly language: Language;
    readonly rev: number;
    readonly approve: boolean;
    readonly by: string;
  };
  readonly "bulletin-asked": { readonly bulletinId: string; readonly by: string };
  readonly "bulletin-released": { readonly bulletinId: string; readonly rev: number; readonly by: string };
  readonly "bulletin-withdrawn": { readonly bulletinId: string; readonly by: string; readonly reason: string };
  /** What became of telling a person by one of their ways; `telling`: the one it is of. */
  readonly "bulletin-receipt": {
    readonly bulletinId: string;
    readonly personId: string;
    readonly version: number;
    readonly telling: number;
    readonly channel: Channel;
    readonly address: string;
    readonly step: "sent" | "delivered" | "failed" | "no-link";
    readonly reason?: string | undefined;
  };
  /** What a person did, when they did it; it may come much later. The first confirmation of a version stands. */
  readonly "bulletin-event": {
    readonly bulletinId: string;
    readonly personId: string;
    readonly version: number;
    readonly step: "delivered" | "opened" | "confirmed";
    readonly atUs: number;
    readonly how: ConfirmWay;
    readonly language: Language;
    readonly answer?: string | undefined;
    /** keyed: who heard it. */
    readonly who?: string | undefined;
  };
  /** Read aloud, and confirmed for those who were there. */
  readonly "bulletin-muster": {
    readonly musterId: string;
    readonly bulletinId: string;
    readonly version: number;
    readonly people: readonly string[];
    readonly atUs: number;
    readonly place?: string | undefined;
    readonly by: string;
  };
  readonly "bulletin-outside": {
    readonly bulletinId: string;
    readonly version: number;
    readonly outlet: string;
    readonly step: "sent" | "failed";
    readonly reason?: string | undefined;
  };

  readonly "threat-level": { readonly level: ThreatLevel; readonly by: string; readonly why: string };
  readonly "carry-lists": { readonly lists: readonly CarryList[]; readonly by: string };
  readonly training: { readonly personId: string; readonly kind: TrainingKind; readonly until: string | null; readonly by: string };
  readonly outing: { readonly outing: Outing; readonly by: string };
  readonly "outing-removed": { readonly id: string; readonly by: string };
  /** Both are kept until a day after the shift, and then nowhere. */
  readonly kit: { readonly personId: string; readonly answers: readonly KitAnswer[] };
  readonly remedy: {
    readonly personId: string;
    readonly remedyId: string;
    readonly text: string;
    readonly itemId?: string | undefined;
    readonly by: string;
  };
}

/** Kinds whose content is erased with the shift it was of: the state is the same with it and without it, once it is. */
export const KIT_KINDS: ReadonlySet<string> = new Set<keyof MemoRecords>(["kit", "remedy"]);

type Check = (value: JsonValue | undefined) => boolean;
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const SLUG = /^[a-z0-9-]{1,40}$/;
const PART = /^(?:headline|know|not-know|do|fallen|extra-[1-8])$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const HASH = /^[0-9a-f]{64}$/;
const MAX_PERSON_ID = 100;
export const MAX_PART_TEXT = 2000;

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const isId: Check = matches(ID);
const isSlug: Check = matches(SLUG);
const isDate: Check = matches(DATE);
const isPersonId: Check = (value) => typeof value === "string" && value.length > 0 && value.length <= MAX_PERSON_ID;
const isWord: Check = (value) => isText(value) && value !== "";
const isFlag: Check = (value) => typeof value === "boolean";
const isTime: Check = (value) => isFiniteNumber(value) && value >= 0;
const isWhole =
  (least: number, most: number): Check =>
  (value) =>
    isFiniteNumber(value) && Number.isInteger(value) && value >= least && value <= most;
const orNone =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check, most: number, least = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);
const oneOf =
  (allowed: readonly string[]): Check =>
  (value) =>
    isOneOf(value, allowed);

const isLanguage: Check = oneOf(LANGUAGES);
const isCredibility: Check = isWhole(1, 6);
const isHandling: Check = (value) => isFields(value) && isOneOf(value["tlp"], TLPS) && listOf(isWord, 40)(value["releasableTo"]);
const isIncident: Check = (value) => isFields(value) && isOneOf(value["kind"], ["warning", "reports"]) && isWord(value["id"]);
const isBoth: Check = (value) => isFields(value) && isWord(value["en"]) && isWord(value["es"]);
const isAction: Check = (value) => isFields(value) && isSlug(value["id"]) && isBoth(value["words"]);
const isCarryItem: Check = (value) =>
  isFields(value) &&
  isSlug(value["id"]) &&
  isBoth(value["name"]) &&
  isWhole(1, 99)(value["quantity"]) &&
  orNone(isBoth)(value["where"]) &&
  isFlag(value["ends"]);
const isQuestion: Check = (value) =>
  isFields(value) &&
  isBoth(value["words"]) &&
  listOf(
    (answer) => isFields(answer) && isSlug(answer["id"]) && isBoth(answer["words"]) && isFlag(answer["right"]),
    6,
    2,
  )(value["answers"]);
const isAudience: Check = (value) =>
  isFields(value) &&
  isFlag(value["sector"]) &&
  listOf(isWord, 100)(value["teams"]) &&
  listOf(isWord, 100)(value["roles"]) &&
  listOf(isWord, 100)(value["posts"]) &&
  listOf(isPersonId, 2000)(value["people"]) &&
  listOf(isWord, 40)(value["partners"]);
const isConfirming: Check = (value) =>
  isFields(value) &&
  isWhole(1, 1_209_600)(value["withinS"]) &&
  isWhole(0, 10)(value["reminders"]) &&
  isWhole(1, 604_800)(value["remindEveryS"]) &&
  isFlag(value["leader"]) &&
  isWhole(0, 604_800)(value["supervisorAfterS"]);
const isKitAnswer: Check = (value) =>
  isFields(value) && isWord(value["itemId"]) && isWhole(0, 99)(value["have"]) && orNone(isDate)(value["endsOn"]);
const isCarryList: Check = (value) =>
  isFields(value) && isText(value["role"]) && isOneOf(value["level"], THREAT_LEVELS) && listOf(isCarryItem, 24, 1)(value["items"]);
const isOuting: Check = (value) =>
  isFields(value) &&
  isId(value["id"]) &&
  isText(value["name"]) &&
  isTime(value["fromUs"]) &&
  isTime(value["untilUs"]) &&
  orNone(isTime)(value["musterUs"]) &&
  isTextOrAbsent(value["musterPlace"]) &&
  isTextOrAbsent(value["post"]) &&
  listOf(isPersonId, 200)(value["people"]);
const isSourceDocument: Check = (value) =>
  isFields(value) &&
  isId(value["id"]) &&
  isOneOf(value["kind"], SOURCE_KINDS) &&
  isWord(value["title"]) &&
  isText(value["origin"]) &&
  isTextOrAbsent(value["place"]) &&
  orNone(isTime)(value["writtenUs"]) &&
  isTime(value["capturedUs"]) &&
  orNone(isLanguage)(value["language"]) &&
  isHandling(value["handling"]) &&
  isOneOf(value["form"], SOURCE_FORMS) &&
  isTextOrAbsent(value["name"]) &&
  isTextOrAbsent(value["type"]) &&
  isTime(value["bytes"]) &&
  orNone(matches(HASH))(value["sha256"]) &&
  orNone(isIncident)(value["incident"]) &&
  listOf(isId, 40)(value["cites"]) &&
  isFlag(value["addsOwn"]);

/** What each of these records must have to be read. */
export function memoShapes(isShape: Check): { readonly [K in keyof MemoRecords]: (fields: Fields) => boolean } {
  const isSaid: Check = (value) =>
    isFields(value) &&
    isWord(value["text"]) &&
    isOneOf(value["sure"], SURENESS) &&
    (["who", "what", "where", "when"] as const).every((key) => isTextOrAbsent(value[key])) &&
    orNone(isShape)(value["area"]);
  const isSettings: Check = (value) =>
    isFields(value) &&
    isAudience(value["audience"]) &&
    isOneOf(value["level"], BULLETIN_LEVELS) &&
    isTime(value["validFromUs"]) &&
    isTime(value["validUntilUs"]) &&
    isHandling(value["handling"]) &&
    listOf(isId, 60)(value["claims"]) &&
    orNone(isShape)(value["area"]) &&
    isConfirming(value["confirming"]) &&
    isFlag(value["drill"]);
  return {
    "memo-source": ({ source, by }) => isSourceDocument(source) && isText(by),
    "memo-source-whole": ({ sourceId }) => isId(sourceId),
    "memo-source-look": ({ sourceId, by, purpose }) => isId(sourceId) && isText(by) && isText(purpose),
    "memo-source-removed": ({ sourceId, by, reason }) => isId(sourceId) && isText(by) && isText(reason),
    "memo-reliability": ({ sourceId, reliability, by, why }) =>
      isId(sourceId) && isOneOf(reliability, RELIABILITIES) && isText(by) && isText(why),
    "memo-handling": ({ sourceId, handling, by, why }) => isId(sourceId) && isHandling(handling) && isText(by) && isText(why),
    "memo-cites": ({ sourceId, cites, addsOwn, by }) => isId(sourceId) && listOf(isId, 40)(cites) && isFlag(addsOwn) && isText(by),
    "memo-source-verdict": ({ sourceId, verdict, by, why }) =>
      isId(sourceId) && isOneOf(verdict, ["withdrawn", "refuted", "restored"]) && isText(by) && isText(why),
    claim: ({ claimId, said, sources, credibility, by }) =>
      isId(claimId) && isSaid(said) && listOf(isId, 40, 1)(sources) && orNone(isCredibility)(credibility) && isText(by),
    "claim-text": ({ claimId, said, by, why }) => isId(claimId) && isSaid(said) && isText(by) && isTextOrAbsent(why),
    "claim-sources": ({ claimId, sources, by, why }) => isId(claimId) && listOf(isId, 40, 1)(sources) && isText(by) && isTextOrAbsent(why),
    "claim-credibility": ({ claimId, credibility, by, why }) => isId(claimId) && isCredibility(credibility) && isText(by) && isText(why),
    "claim-link": ({ claimId, kind, to, on, by }) => isId(claimId) && isOneOf(kind, LINKS) && isId(to) && isFlag(on) && isText(by),
    "claim-verdict": ({ claimId, verdict, incident, by, why }) =>
      isId(claimId) && isOneOf(verdict, ["confirmed", "refuted", "reopened"]) && orNone(isIncident)(incident) && isText(by) && isText(why),
    "memo-rules": ({ rules, by }) =>
      isFields(rules) && isFlag(rules["twoPersonRelease"]) && isWhole(1, 3650)(rules["documentDays"]) && isText(by),
    bulletin: ({ bulletinId, settings, by }) => isId(bulletinId) && isSettings(settings) && isText(by),
    "bulletin-draft": ({ bulletinId, on, by }) => isId(bulletinId) && isFlag(on) && isText(by),
    "bulletin-part": ({ bulletinId, key, language, text, title, by }) =>
      isId(bulletinId) &&
      matches(PART)(key) &&
      isLanguage(language) &&
      typeof text === "string" &&
      text.length <= MAX_PART_TEXT &&
      isTextOrAbsent(title) &&
      isText(by),
    "bulletin-actions": ({ bulletinId, actions, by }) =>
      isId(bulletinId) && (actions === null || listOf(isAction, 12, 1)(actions)) && isText(by),
    "bulletin-carry": ({ bulletinId, items, by }) =>
      isId(bulletinId) && (items === null || listOf(isCarryItem, 24, 1)(items)) && isText(by),
    "bulletin-question": ({ bulletinId, question, by }) => isId(bulletinId) && (question === null || isQuestion(question)) && isText(by),
    "bulletin-settings": ({ bulletinId, settings, by }) => isId(bulletinId) && isSettings(settings) && isText(by),
    "bulletin-approval": ({ bulletinId, piece, language, rev, approve, by }) =>
      isId(bulletinId) && isWord(piece) && isLanguage(language) && isTime(rev) && isFlag(approve) && isText(by),
    "bulletin-asked": ({ bulletinId, by }) => isId(bulletinId) && isText(by),
    "bulletin-released": ({ bulletinId, rev, by }) => isId(bulletinId) && isTime(rev) && isText(by),
    "bulletin-withdrawn": ({ bulletinId, by, reason }) => isId(bulletinId) && isText(by) && isText(reason),
    "bulletin-receipt": ({ bulletinId, personId, version, telling, channel, address, step, reason }) =>
      isId(bulletinId) &&
      isPersonId(personId) &&
      isTime(version) &&
      isTime(telling) &&
      isOneOf(channel, CHANNELS) &&
      isText(address) &&
      isOneOf(step, ["sent", "delivered", "failed", "no-link"]) &&
      isTextOrAbsent(reason),
    "bulletin-event": ({ bulletinId, personId, version, step, atUs, how, language, answer, who }) =>
      isId(bulletinId) &&
      isPersonId(personId) &&
      isWhole(1, 1e6)(version) &&
      isOneOf(step, ["delivered", "opened", "confirmed"]) &&
      isTime(atUs) &&
      isOneOf(how, CONFIRM_WAYS) &&
      isLanguage(language) &&
      isTextOrAbsent(answer) &&
      isTextOrAbsent(who),
    "bulletin-muster": ({ musterId, bulletinId, version, people, atUs, place, by }) =>
      isId(musterId) &&
      isId(bulletinId) &&
      isWhole(1, 1e6)(version) &&
      listOf(isPersonId, 500, 1)(people) &&
      isTime(atUs) &&
      isTextOrAbsent(place) &&
      isText(by),
    "bulletin-outside": ({ bulletinId, version, outlet, step, reason }) =>
      isId(bulletinId) && isTime(version) && isWord(outlet) && isOneOf(step, ["sent", "failed"]) && isTextOrAbsent(reason),
    "threat-level": ({ level, by, why }) => isOneOf(level, THREAT_LEVELS) && isText(by) && isText(why),
    "carry-lists": ({ lists, by }) => listOf(isCarryList, 60)(lists) && isText(by),
    training: ({ personId, kind, until, by }) =>
      isPersonId(personId) && isOneOf(kind, TRAININGS) && (until === null || isDate(until)) && isText(by),
    outing: ({ outing, by }) => isOuting(outing) && isText(by),
    "outing-removed": ({ id, by }) => isId(id) && isText(by),
    kit: ({ personId, answers }) => isPersonId(personId) && listOf(isKitAnswer, 24)(answers),
    remedy: ({ personId, remedyId, text, itemId, by }) =>
      isPersonId(personId) && isId(remedyId) && isWord(text) && isTextOrAbsent(itemId) && isText(by),
  };
}

/** Kinds of these records, from the table itself. */
export const MEMO_KINDS: ReadonlySet<string> = new Set(Object.keys(memoShapes(() => true)));
