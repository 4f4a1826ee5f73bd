// Writing a bulletin: each piece in each language edited, approved by somebody who reads it, and what still stands between the draft and its release.
import type { CarryItem } from "@atalaya/protocol";
import { LANGUAGES, type Language } from "@atalaya/words";
import {
  type Content,
  currentVersion,
  type Draft,
  type Mark,
  PART_ORDER,
  type Part,
  type Piece,
  PIECE_ORDER,
  type PictureBulletin,
  piecesOf,
  pieceText,
  type Side,
  type Version,
} from "./bulletin.ts";
import { isWithin } from "./claim-life.ts";
import type { BulletinSettings, MemoRecords } from "./memo-records.ts";
import type { Handling } from "@atalaya/protocol";

export interface Block {
  readonly code:
    | "part-missing"
    | "not-approved"
    | "no-audience"
    | "validity"
    | "nothing-changed"
    | "claim-not-standing"
    | "marking-broader"
    | "partner-not-releasable"
    | "marking-audience"
    | "second-person"
    | "too-many";
  readonly piece?: string;
  readonly language?: Language;
  readonly what?: string;
}

/** What a release has to know beside the draft. */
export interface ReleaseFacts {
  readonly timeUs: number;
  /** Who asks; undefined: nobody in particular. */
  readonly by: string | undefined;
  readonly twoPerson: boolean;
  readonly claims: readonly {
    readonly id: string;
    readonly number: string;
    readonly stands: boolean;
    readonly sources: readonly { readonly title: string; readonly handling: Handling }[];
  }[];
  /** How many of our people it would go to. */
  readonly people: number;
  readonly hasRoom: boolean;
}

/** These are written in every bulletin. */
const NEEDED = ["headline", "do"];

export function newDraft(settings: BulletinSettings, by: string, timeUs: number): Draft {
  return { version: 1, rev: 0, settingsRev: 0, settingsBy: by, savedUs: timeUs, content: { parts: {}, settings }, pieces: {} };
}

/** The next version, as the one that is out: what is not changed stays approved. */
export function nextDraft(version: Version, timeUs: number): Draft {
  const pieces: Record<string, Piece> = {};
  for (const key of piecesOf(version.content)) pieces[key] = releasedPiece(version, key, 0);
  const content = structuredCopy(version.content);
  return {
    version: version.version + 1,
    rev: 0,
    settingsRev: 0,
    settingsBy: "",
    savedUs: timeUs,
    content,
    pieces,
  };
}

/** Contents are plain data. */
function structuredCopy(content: Readonly<Content>): Content {
  return JSON.parse(JSON.stringify(content)) as Content;
}

/** Exported for what is shown of drafts. */
export function emptyPiece(): Piece {
  return { rev: 0, en: {}, es: {} };
}

function releasedPiece(version: Version, key: string, rev: number): Piece {
  const side = (language: Language): Side => {
    const approved = version.approvals.find((known) => known.piece === key && known.language === language);
    return approved === undefined ? {} : { approved: { by: approved.by, timeUs: approved.timeUs } };
  };
  return { rev, en: side("en"), es: side("es") };
}

function touched(draft: Draft, timeUs: number): void {
  draft.rev += 1;
  draft.savedUs = timeUs;
  delete draft.asked;
}

/** After a change of a piece: as it was released, it is approved as it was. */
function isAsReleased(bulletin: Readonly<PictureBulletin>, draft: Draft, key: string): boolean {
  const version = currentVersion(bulletin);
  if (version === undefined || pieceText(version.content, key) !== pieceText(draft.content, key)) return false;
  const rev = draft.pieces[key]?.rev ?? 0;
  draft.pieces[key] = releasedPiece(version, key, rev);
  return true;
}

function pieceOf(draft: Draft, key: string): Piece {
  return (draft.pieces[key] ??= emptyPiece());
}

/** Keeps a part as it was typed. The other language loses its approval, and is marked to be read again. */
export function editPart(
  bulletin: Readonly<PictureBulletin>,
  draft: Draft,
  { key, language, text, title, by }: MemoRecords["bulletin-part"],
  timeUs: number,
): void {
  const part: Part = draft.content.parts[key] ?? {};
  const before = part[language];
  const after = text === "" ? undefined : { ...(title === undefined || title === "" ? {} : { title }), text };
  if (before?.text === after?.text && before?.title === after?.title) return;
  if (after === undefined) delete part[language];
  else part[language] = after;
  if (part.en === undefined && part.es === undefined) delete draft.content.parts[key];
  else draft.content.parts[key] = part;
  const piece = pieceOf(draft, key);
  piece.rev += 1;
  touched(draft, timeUs);
  const other = language === "en" ? "es" : "en";
  if (isAsReleased(bulletin, draft, key)) return;
  piece[language] = { edited: { by, timeUs } };
  delete piece[other].approved;
  if (part[other] === undefined) delete piece[other].readAgainUs;
  else piece[other].readAgainUs = timeUs;
}

/** Actions, carry list or question: words of both languages at once. */
export function editPiece<K extends "actions" | "carry" | "question">(
  bulletin: Readonly<PictureBulletin>,
  draft: Draft,
  key: K,
  value: NonNullable<Content[K]> | null,
  by: string,
  timeUs: number,
): void {
  const before = pieceText(draft.content, key);
  if (value === null) delete draft.content[key];
  else draft.content[key] = value;
  if (pieceText(draft.content, key) === before) return;
  const piece = pieceOf(draft, key);
  piece.rev += 1;
  touched(draft, timeUs);
  if (isAsReleased(bulletin, draft, key)) return;
  piece.en = { edited: { by, timeUs } };
  piece.es = { edited: { by, timeUs } };
}

export function editSettings(draft: Draft, settings: BulletinSettings, by: string, timeUs: number): void {
  if (JSON.stringify(settings) === JSON.stringify(draft.content.settings)) return;
  draft.content.settings = settings;
  draft.settingsRev += 1;
  draft.settingsBy = by;
  touched(draft, timeUs);
}

/** Whether a piece is there to be read in a language. */
function isWritten(content: Readonly<Content>, key: string, language: Language): boolean {
  return PART_ORDER.includes(key) ? content.parts[key]?.[language] !== undefined : pieceText(content, key) !== undefined;
}

/** False when the piece is not there, or not as it was read. */
export function approvePiece(
  draft: Draft,
  { piece: key, language, rev, approve, by }: MemoRecords["bulletin-approval"],
  timeUs: number,
): boolean {
  const piece = draft.pieces[key];
  if (piece === undefined || piece.rev !== rev || !isWritten(draft.content, key, language)) return false;
  const side = piece[language];
  if (approve) {
    side.approved = { by, timeUs };
    delete side.readAgainUs;
  } else delete side.approved;
  draft.rev += 1;
  draft.savedUs = timeUs;
  if (!approve) delete draft.asked;
  return true;
}

/** Pieces that differ from the version that is out. */
export function changedPieces(bulletin: Readonly<PictureBulletin>, draft: Readonly<Draft>): readonly string[] {
  const version = currentVersion(bulletin);
  return PIECE_ORDER.filter(
    (key) => pieceText(draft.content, key) !== (version === undefined ? undefined : pieceText(version.content, key)),
  );
}

/** Who wrote or approved any of what is new. */
export function handsIn(bulletin: Readonly<PictureBulletin>, draft: Readonly<Draft>): ReadonlySet<string> {
  const hands = new Set<string>();
  const add = (mark: Mark | undefined): void => {
    if (mark !== undefined) hands.add(mark.by);
  };
  for (const key of changedPieces(bulletin, draft)) {
    for (const language of LANGUAGES) {
      add(draft.pieces[key]?.[language].edited);
      add(draft.pieces[key]?.[language].approved);
    }
  }
  if (draft.settingsBy !== "") hands.add(draft.settingsBy);
  return hands;
}

/** Whether a draft's settings name anybody at all. */
function namesAnybody({ audience: { sector, teams, roles, posts, people, partners } }: BulletinSettings): boolean {
  return sector || [teams, roles, posts, people, partners].some((named) => named.length > 0);
}

function markingBlocks({ handling, audience }: BulletinSettings, claims: ReleaseFacts["claims"]): readonly Block[] {
  const blocks: Block[] = [];
  const titles = new Set<string>();
  for (const { sources } of claims) for (const { title, handling: own } of sources) if (!isWithin(handling, own)) titles.add(title);
  for (const what of titles) blocks.push({ code: "marking-broader", what });
  const isInside = handling.tlp === "RED" || handling.tlp === "AMBER+STRICT";
  for (const what of audience.partners) {
    if (isInside) blocks.push({ code: "marking-audience", what });
    else if (handling.tlp !== "CLEAR" && !handling.releasableTo.includes(what)) blocks.push({ code: "partner-not-releasable", what });
  }
  const isWide = audience.sector || audience.teams.length > 0 || audience.roles.length > 0 || audience.posts.length > 0;
  if (handling.tlp === "RED" && isWide) blocks.push({ code: "marking-audience" });
  return blocks;
}

/** Why a draft may not go out yet, in the order in which it would be worked off; none: it may. */
export function releaseBlocks(bulletin: Readonly<PictureBulletin>, draft: Readonly<Draft>, facts: ReleaseFacts): readonly Block[] {
  const { content, pieces } = draft;
  const { settings } = content;
  const blocks: Block[] = [];
  for (const key of PART_ORDER) {
    const part = content.parts[key];
    if (part === undefined && !NEEDED.includes(key)) continue;
    for (const language of LANGUAGES) if (part?.[language] === undefined) blocks.push({ code: "part-missing", piece: key, language });
  }
  for (const key of piecesOf(content)) {
    for (const language of LANGUAGES) {
      if (isWritten(content, key, language) && pieces[key]?.[language].approved === undefined)
        blocks.push({ code: "not-approved", piece: key, language });
    }
  }
  if (!namesAnybody(settings) || (facts.people === 0 && settings.audience.partners.length === 0)) blocks.push({ code: "no-audience" });
  if (settings.validUntilUs <= settings.validFromUs || settings.validUntilUs <= facts.timeUs) blocks.push({ code: "validity" });
  const version = currentVersion(bulletin);
  if (
    version !== undefined &&
    changedPieces(bulletin, draft).length === 0 &&
    JSON.stringify(settings) === JSON.stringify(version.content.settings)
  )
    blocks.push({ code: "nothing-changed" });
  for (const id of settings.claims) {
    const claim = facts.claims.find((known) => known.id === id);
    if (claim?.stands !== true) blocks.push({ code: "claim-not-standing", what: claim?.number ?? id });
  }
  blocks.push(...markingBlocks(settings, facts.claims));
  if (!facts.hasRoom) blocks.push({ code: "too-many" });
  if (facts.twoPerson && facts.by !== undefined && handsIn(bulletin, draft).has(facts.by)) blocks.push({ code: "second-person" });
  return blocks;
}

/** How a carry list differs from the one before; undefined: nothing to compare, or nothing that differs. */
function carryWas(
  carry: readonly CarryItem[] | undefined,
  before: readonly CarryItem[] | undefined,
): Readonly<Record<string, number>> | undefined {
  if (carry === undefined || before === undefined) return undefined;
  const was: Record<string, number> = {};
  for (const { id, quantity } of carry) {
    const known = before.find((item) => item.id === id)?.quantity ?? 0;
    if (known !== quantity) was[id] = known;
  }
  return Object.keys(was).length === 0 ? undefined : was;
}

/** The draft as a version. `base`: the sector's own list, for what is new in the first. */
export function versionOf(
  bulletin: Readonly<PictureBulletin>,
  draft: Readonly<Draft>,
  by: string,
  timeUs: number,
  claimNumbers: readonly string[],
  base: readonly CarryItem[] | undefined,
): Version {
  const before = currentVersion(bulletin);
  const changed = changedPieces(bulletin, draft);
  const since: Record<string, number> = {};
  const approvals: Version["approvals"][number][] = [];
  const writers = new Set<string>();
  for (const key of piecesOf(draft.content)) {
    since[key] = changed.includes(key) ? draft.version : (before?.since[key] ?? draft.version);
    for (const language of LANGUAGES) {
      const side = draft.pieces[key]?.[language];
      if (side?.approved !== undefined) approvals.push({ piece: key, language, ...side.approved });
      if (side?.edited !== undefined) writers.add(side.edited.by);
    }
  }
  const was = carryWas(draft.content.carry, before?.content.carry ?? base);
  return {
    version: draft.version,
    content: draft.content,
    releasedUs: timeUs,
    releasedBy: by,
    writers: [...writers],
    approvals,
    since,
    ...(was === undefined ? {} : { carryWas: was }),
    claimNumbers,
  };
}
