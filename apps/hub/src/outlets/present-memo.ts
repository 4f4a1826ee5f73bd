// The memo in the words of the protocol: sources and claims, bulletins for those who write them and for those who read them.
import {
  type BulletinSettingsInPicture,
  bulletinNumber,
  type BulletinVersionInPicture,
  changedPieces,
  claimNumber,
  currentVersion,
  emptyPiece,
  type MemoChangeInPicture,
  owedBy,
  type Picture,
  PIECE_ORDER,
  type PictureBulletin,
  type PictureClaim,
  type PictureSource,
  piecesOf,
  type Reader,
} from "@atalaya/picture";
import {
  type Bulletin,
  type BulletinContent,
  type BulletinDraft,
  type BulletinPerson,
  type BulletinSettings,
  type BulletinSummary,
  type BulletinVersion,
  type Claim,
  type DeviceBulletin,
  mayAct,
  type MemoChange,
  type MemoSource,
  type OverdueBulletin,
  type PieceState,
} from "@atalaya/protocol";
import type { Account } from "../identity/identity.ts";
import { defined } from "./defined.ts";

const ms = (us: number): number => us / 1000;
const msOr = (us: number | undefined): number | undefined => (us === undefined ? undefined : us / 1000);

/** Bytes that are here of a source's content. */
export type HaveContent = (source: Readonly<PictureSource>) => number;

/**
 * Whether somebody may see a document's content: CLEAR and GREEN every officer and analyst; AMBER those of the analysts' desk; RED who took it, and
 * supervisors.
 */
export function mayLook({ role, name }: Account, { handling: { tlp }, by }: Readonly<PictureSource>): boolean {
  if (tlp === "CLEAR" || tlp === "GREEN") return mayAct(role, "staff");
  if (tlp === "RED") return mayAct(role, "supervisor") || (mayAct(role, "analyst") && by === name);
  return mayAct(role, "analyst");
}

/** Whether somebody may know of a source at all: of what is RED, those who may see it and the analysts' desk. */
export function mayKnow(account: Account, source: Readonly<PictureSource>): boolean {
  return source.handling.tlp !== "RED" || mayAct(account.role, "analyst");
}
/** The same of a claim: RED when anything that it is drawn from is. */
export function mayKnowClaim(account: Account, claim: Readonly<PictureClaim>, picture: Picture): boolean {
  return picture.claims.handlingOf(claim).tlp !== "RED" || mayAct(account.role, "analyst");
}

function changeOf({ timeUs, by, what, from, to, why }: Readonly<MemoChangeInPicture>): MemoChange {
  return defined({ timeMs: ms(timeUs), by, what, from, to, why });
}
export { changeOf };

/** What points at what, made once for a whole list. */
export class MemoIndex {
  readonly citedBy: ReadonlyMap<string, readonly string[]>;
  readonly claimsOf: ReadonlyMap<string, readonly string[]>;
  readonly linkedFrom: ReadonlyMap<string, Claim["linkedFrom"]>;
  readonly bulletinsOf: ReadonlyMap<string, Claim["bulletins"]>;

  constructor(picture: Picture) {
    const citedBy = new Map<string, string[]>();
    const claimsOf = new Map<string, string[]>();
    const linkedFrom = new Map<string, Claim["linkedFrom"]>();
    const bulletinsOf = new Map<string, Claim["bulletins"]>();
    const add = <T>(to: Map<string, T[]>, key: string, value: T): void => {
      const known = to.get(key);
      if (known === undefined) to.set(key, [value]);
      else known.push(value);
    };
    for (const { document, cites } of picture.claims.sources.values()) for (const id of cites) add(citedBy, id, document.id);
    for (const { id, sources, links } of picture.claims.claims.values()) {
      for (const source of sources) add(claimsOf, source, id);
      for (const { kind, to } of links) add(linkedFrom, to, { kind, from: id });
    }
    for (const bulletin of picture.bulletins.bulletins.values()) {
      const used = new Set(bulletin.versions.at(-1)?.content.settings.claims ?? []);
      for (const id of bulletin.draft?.content.settings.claims ?? []) used.add(id);
      for (const id of used) add(bulletinsOf, id, { id: bulletin.id, number: bulletinNumber(bulletin) });
    }
    this.citedBy = citedBy;
    this.claimsOf = claimsOf;
    this.linkedFrom = linkedFrom;
    this.bulletinsOf = bulletinsOf;
  }
}

export function sourceOf(source: Readonly<PictureSource>, index: MemoIndex, have: HaveContent, account: Account): MemoSource {
  const { document } = source;
  return defined({
    id: document.id,
    kind: document.kind,
    title: document.title,
    origin: document.origin,
    place: document.place,
    writtenMs: msOr(document.writtenUs),
    capturedMs: ms(document.capturedUs),
    takenMs: ms(source.takenUs),
    by: source.by,
    language: document.language,
    handling: { ...source.handling },
    document: defined({
      form: document.form,
      name: document.name,
      type: document.type,
      bytes: document.bytes,
      sha256: document.sha256,
      incident: document.incident,
      have: document.form === "incident" ? 0 : have(source),
      whole: source.whole,
      removed: source.removed,
      mayLook: mayLook(account, source),
    }),
    cites: [...source.cites],
    citedBy: [...(index.citedBy.get(document.id) ?? [])],
    addsOwn: source.addsOwn,
    reliability: source.reliability,
    gradedBy: source.graded?.by,
    gradedMs: msOr(source.graded?.timeUs),
    standing: source.standing,
    roots: [...source.roots],
    claims: [...(index.claimsOf.get(document.id) ?? [])],
    history: source.history.map(changeOf),
  });
}

export function claimOf(claim: Readonly<PictureClaim>, picture: Picture, index: MemoIndex): Claim {
  const { claims } = picture;
  const { verdict, said, graded } = claim;
  const together = claims.corroborated(claim);
  const linkedFrom = index.linkedFrom.get(claim.id) ?? [];
  const isContradicted = [
    ...claim.links.map(({ kind, to }) => ({ kind, id: to })),
    ...linkedFrom.map(({ kind, from }) => ({ kind, id: from })),
  ].some(({ kind, id }) => kind === "contradicts" && ["standing", "confirmed"].includes(claims.claims.get(id)?.state ?? ""));
  const findings: Claim["findings"] = [];
  if (claim.credibility === 1 && together < 2) findings.push("one-source");
  if (isContradicted) findings.push("contradicted");
  return defined({
    id: claim.id,
    number: claimNumber(claim),
    ...said,
    madeMs: ms(claim.madeUs),
    by: claim.by,
    sources: claim.sources.map((id) => {
      const source = claims.sources.get(id);
      return { id, reliability: source?.reliability ?? ("F" as const), standing: source?.standing ?? ("fallen" as const) };
    }),
    credibility: claim.credibility,
    gradedBy: graded?.by,
    gradedMs: msOr(graded?.timeUs),
    independentSources: claim.roots.length,
    roots: [...claim.roots],
    independentWithCorroboration: together,
    links: claim.links.map(({ kind, to, by, timeUs }) => ({ kind, to, by, timeMs: ms(timeUs) })),
    linkedFrom: [...linkedFrom],
    state: claim.state,
    stateMs: ms(claim.stateUs),
    verdict:
      verdict === undefined
        ? undefined
        : defined({
            verdict: verdict.verdict,
            incident: verdict.incident,
            by: verdict.by,
            timeMs: ms(verdict.timeUs),
            why: verdict.why,
          }),
    findings,
    handling: claims.handlingOf(claim),
    bulletins: [...(index.bulletinsOf.get(claim.id) ?? [])],
    history: claim.history.map(changeOf),
  });
}

// Bulletins

function settingsOf({ validFromUs, validUntilUs, ...settings }: BulletinSettingsInPicture): BulletinSettings {
  return { ...settings, validFromMs: ms(validFromUs), validUntilMs: ms(validUntilUs) };
}
export function settingsFrom({ validFromMs, validUntilMs, ...settings }: BulletinSettings): BulletinSettingsInPicture {
  return { ...settings, validFromUs: Math.round(validFromMs * 1000), validUntilUs: Math.round(validUntilMs * 1000) };
}

type Content = BulletinVersionInPicture["content"];

function partsOf(content: Readonly<Content>): BulletinContent["parts"] {
  return PIECE_ORDER.flatMap((key) => {
    const part = content.parts[key];
    return part === undefined ? [] : [defined({ key, en: part.en, es: part.es })];
  });
}

function contentOf(content: Readonly<Content>): BulletinContent {
  return defined({
    parts: partsOf(content),
    actions: content.actions === undefined ? undefined : [...content.actions],
    carry: content.carry === undefined ? undefined : [...content.carry],
    question: content.question,
    settings: settingsOf(content.settings),
  });
}

const mark = (known: { readonly by: string; readonly timeUs: number } | undefined): { by: string; timeMs: number } | undefined =>
  known === undefined ? undefined : { by: known.by, timeMs: ms(known.timeUs) };

export function draftOf(bulletin: Readonly<PictureBulletin>, picture: Picture, account: Account): BulletinDraft | undefined {
  const { draft } = bulletin;
  if (draft === undefined) return undefined;
  const changed = new Set(changedPieces(bulletin, draft));
  const keys = new Set([...piecesOf(draft.content), ...Object.keys(draft.pieces)]);
  const sideOf = (key: string, language: "en" | "es"): PieceState => {
    const piece = draft.pieces[key] ?? emptyPiece();
    const side = piece[language];
    return defined({
      rev: piece.rev,
      edited: mark(side.edited),
      approved: mark(side.approved),
      readAgainMs: msOr(side.readAgainUs),
      changed: changed.has(key),
    });
  };
  const audience = picture.bulletins.audienceOf(draft.content.settings);
  return defined({
    ...contentOf(draft.content),
    version: draft.version,
    rev: draft.rev,
    settingsRev: draft.settingsRev,
    savedMs: ms(draft.savedUs),
    pieces: PIECE_ORDER.filter((key) => keys.has(key)).map((key) => ({ key, en: sideOf(key, "en"), es: sideOf(key, "es") })),
    asked: mark(draft.asked),
    blocks: picture.bulletins.blocksOf(bulletin, account.name, picture.timeUs).map((block) => ({ ...block })),
    reaches: { people: audience.length, spanish: audience.filter(({ definition }) => definition.language === "es").length },
  });
}

function versionOf(version: Readonly<BulletinVersionInPicture>): BulletinVersion {
  return defined({
    ...contentOf(version.content),
    version: version.version,
    releasedMs: ms(version.releasedUs),
    releasedBy: version.releasedBy,
    writers: [...version.writers],
    approvals: version.approvals.map(({ piece, language, by, timeUs }) => ({ piece, language, by, timeMs: ms(timeUs) })),
    changed: PIECE_ORDER.filter((key) => version.since[key] === version.version),
    carryWas: version.carryWas === undefined ? undefined : { ...version.carryWas },
    claimNumbers: [...version.claimNumbers],
  });
}

type Step = BulletinPerson["step"];

/** Where a reader stands with the version in force. */
export function stepOf(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>): Step {
  if (reader.ended?.why === "not-concerned") return "over";
  const version = currentVersion(bulletin)?.version ?? 0;
  const owes =
    bulletin.state === "in-force" ? owedBy(bulletin, reader).length > 0 : !reader.confirmations.some((known) => known.version === version);
  if (!owes && reader.confirmations.length > 0) return "confirmed";
  if (reader.toldVersion !== version || reader.toldUs === undefined) return "waiting";
  return reader.openedUs !== undefined ? "opened" : reader.deliveredUs !== undefined ? "delivered" : "told";
}

export function isOverdue(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>): boolean {
  return reader.overdueUs !== undefined && owedBy(bulletin, reader).length > 0;
}

export function countsOf(bulletin: Readonly<PictureBulletin>): BulletinSummary["counts"] {
  const counts = { people: 0, waiting: 0, told: 0, delivered: 0, opened: 0, confirmed: 0, overdue: 0, noWay: 0 };
  for (const reader of bulletin.readers.values()) {
    const step = stepOf(bulletin, reader);
    if (step === "over") continue;
    counts.people += 1;
    counts[step] += 1;
    if (isOverdue(bulletin, reader)) counts.overdue += 1;
    if (reader.noWay && step !== "confirmed" && reader.ended === undefined) counts.noWay += 1;
  }
  return counts;
}

export function summaryOf(bulletin: Readonly<PictureBulletin>): BulletinSummary {
  const version = currentVersion(bulletin);
  const content = version?.content ?? bulletin.draft?.content;
  const settings = content?.settings;
  const headline = content?.parts["headline"];
  return defined({
    id: bulletin.id,
    number: bulletinNumber(bulletin),
    version: version?.version ?? 0,
    state: bulletin.state,
    headline: defined({ en: headline?.en?.text, es: headline?.es?.text }),
    level: settings?.level ?? "know-it",
    drill: settings?.drill ?? false,
    validFromMs: ms(settings?.validFromUs ?? 0),
    validUntilMs: ms(settings?.validUntilUs ?? 0),
    changedMs: ms(bulletin.changedUs),
    hasDraft: bulletin.draft !== undefined,
    asked: mark(bulletin.draft?.asked),
    counts: countsOf(bulletin),
    fallen: bulletin.fallen.map(({ claimId, number, state, timeUs }) => ({ claimId, number, state, timeMs: ms(timeUs) })),
  });
}

export function bulletinOf(bulletin: Readonly<PictureBulletin>, picture: Picture, account: Account): Bulletin {
  const { withdrawn, outside } = bulletin;
  return defined({
    ...summaryOf(bulletin),
    draft: draftOf(bulletin, picture, account),
    versions: bulletin.versions.map(versionOf),
    withdrawn: withdrawn === undefined ? undefined : { timeMs: ms(withdrawn.timeUs), by: withdrawn.by, reason: withdrawn.reason },
    outside:
      outside === undefined
        ? undefined
        : {
            change: outside.change,
            version: outside.version,
            timeMs: ms(outside.timeUs),
            results: outside.results.map(({ outlet, step, timeUs, reason }) => defined({ outlet, step, timeMs: ms(timeUs), reason })),
          },
    answers: { ...bulletin.answers },
  });
}

export function readerOf(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>, picture: Picture): BulletinPerson {
  return defined({
    personId: reader.personId,
    name: reader.name,
    team: reader.team,
    language: reader.language,
    step: stepOf(bulletin, reader),
    version: reader.toldVersion,
    toldMs: msOr(reader.toldUs),
    deliveredMs: msOr(reader.deliveredUs),
    openedMs: msOr(reader.openedUs),
    confirmations: reader.confirmations.map(({ timeUs, receivedUs, ...confirmed }) =>
      defined({ ...confirmed, timeMs: ms(timeUs), receivedMs: ms(receivedUs) }),
    ),
    owes: [...owedBy(bulletin, reader)],
    ways: (reader.telling?.ways ?? []).map(({ channel, step, timeUs, reason }) => defined({ channel, step, timeMs: ms(timeUs), reason })),
    dueMs: msOr(picture.bulletins.dueUs(bulletin, reader)),
    overdue: isOverdue(bulletin, reader),
    reminders: reader.reminders,
    remindedMs: msOr(reader.remindedUs),
    leaderToldMs: msOr(reader.leaderToldUs),
    supervisorToldMs: msOr(reader.supervisorToldUs),
    noWay: reader.noWay,
    ended:
      reader.ended === undefined
        ? undefined
        : defined({ why: reader.ended.why, toldMs: ms(reader.ended.toldUs), deliveredMs: msOr(reader.ended.deliveredUs) }),
  });
}

/** Bulletins that a device is told of at once, the newest. */
const MAX_ON_DEVICE = 50;
/** How long a device still shows one that has ended. */
const ENDED_SHOWN_US = 7 * 86_400e6;

/** A bulletin as its reader sees it; undefined: they have never been told of it. */
export function deviceBulletin(
  bulletin: Readonly<PictureBulletin>,
  reader: Readonly<Reader>,
  picture: Picture,
): DeviceBulletin | undefined {
  const version = currentVersion(bulletin);
  if (version === undefined || bulletin.state === "waiting" || bulletin.state === "draft") return undefined;
  const { content } = version;
  const { settings } = content;
  const { ended } = reader;
  const confirmed = reader.confirmations.at(-1);
  const was = version.carryWas ?? {};
  return defined({
    id: bulletin.id,
    number: bulletinNumber(bulletin),
    version: version.version,
    state: ended?.why ?? ("in-force" as const),
    level: settings.level,
    drill: settings.drill,
    releasedMs: ms(version.releasedUs),
    validFromMs: ms(settings.validFromUs),
    validUntilMs: ms(settings.validUntilUs),
    tlp: settings.handling.tlp,
    parts: partsOf(content),
    actions: content.actions === undefined ? undefined : [...content.actions],
    carry: content.carry?.map((item) => defined({ ...item, was: was[item.id] })),
    question: content.question,
    area: settings.area,
    owes: [...owedBy(bulletin, reader)],
    openedMs: msOr(reader.openedUs),
    confirmed:
      confirmed === undefined ? undefined : defined({ version: confirmed.version, timeMs: ms(confirmed.timeUs), answer: confirmed.answer }),
    dueMs: msOr(picture.bulletins.dueUs(bulletin, reader)),
    ended:
      ended === undefined
        ? undefined
        : defined({ timeMs: ms(ended.toldUs), reason: ended.why === "withdrawn" ? bulletin.withdrawn?.reason : undefined }),
    fallen: bulletin.fallen.map(({ number, state, timeUs }) => ({ number, state, timeMs: ms(timeUs) })),
  });
}

/** What a person's devices show: what is in force for them, and what ended within a week. */
export function deviceBulletins(picture: Picture, personId: string): DeviceBulletin[] {
  const shown: DeviceBulletin[] = [];
  for (const bulletin of [...picture.bulletins.bulletins.values()].reverse()) {
    const reader = bulletin.readers.get(personId);
    if (reader === undefined || shown.length >= MAX_ON_DEVICE) continue;
    if (reader.ended !== undefined && picture.timeUs - reader.ended.toldUs > ENDED_SHOWN_US) continue;
    const made = deviceBulletin(bulletin, reader, picture);
    if (made !== undefined) shown.push(made);
  }
  return shown;
}

/** Who is overdue with a bulletin now, of all, or of a leader's team, themselves left out; undefined: nobody is. */
export function overdueOf(bulletin: Readonly<PictureBulletin>, picture: Picture, leaderId?: string): OverdueBulletin | undefined {
  const leader = leaderId === undefined ? undefined : picture.person(leaderId)?.definition;
  if (leaderId !== undefined && (leader?.leader !== true || leader.team === "")) return undefined;
  const people: OverdueBulletin["people"] = [];
  for (const reader of bulletin.readers.values()) {
    if (!isOverdue(bulletin, reader) || (leader !== undefined && (reader.team !== leader.team || reader.personId === leader.id))) continue;
    const step = stepOf(bulletin, reader);
    if (step === "confirmed" || step === "over") continue;
    const { personId, name, team } = reader;
    people.push({ personId, name, team, dueMs: ms(picture.bulletins.dueUs(bulletin, reader) ?? reader.overdueUs ?? 0), step });
  }
  if (people.length === 0) return undefined;
  const headline = currentVersion(bulletin)?.content.parts["headline"];
  return {
    bulletinId: bulletin.id,
    number: bulletinNumber(bulletin),
    headline: defined({ en: headline?.en?.text, es: headline?.es?.text }),
    people: people.sort((a, b) => a.dueMs - b.dueMs),
  };
}
