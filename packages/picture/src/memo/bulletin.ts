// A bulletin as data: what it says, version by version, what is being written, and where each reader stands.
import type { Action, CarryItem, Question } from "@atalaya/protocol";
import type { Language } from "@atalaya/words";
import type { Channel } from "../loop-records.ts";
import type { BulletinSettings, ConfirmWay } from "./memo-records.ts";

export const PART_ORDER: readonly string[] = [
  "headline",
  "know",
  "not-know",
  "do",
  "fallen",
  ...Array.from({ length: 8 }, (_, k) => `extra-${k + 1}`),
];
/** What is approved, owed and asked again by itself, in the order in which it is read. */
export const PIECE_ORDER: readonly string[] = [...PART_ORDER, "actions", "carry", "question"];

export interface PartText {
  readonly title?: string | undefined;
  readonly text: string;
}
export interface Part {
  en?: PartText;
  es?: PartText;
}

export interface Content {
  /** By key. */
  parts: Record<string, Part>;
  actions?: readonly Action[];
  carry?: readonly CarryItem[];
  question?: Question;
  settings: BulletinSettings;
}

export interface Mark {
  readonly by: string;
  readonly timeUs: number;
}
/** One piece in one language. */
export interface Side {
  edited?: Mark;
  approved?: Mark;
  /** The other language was changed then: read it again. */
  readAgainUs?: number;
}
export interface Piece {
  /** Counts its changes, in either language; never begins anew. */
  rev: number;
  en: Side;
  es: Side;
}

export interface Draft {
  readonly version: number;
  rev: number;
  settingsRev: number;
  settingsBy: string;
  savedUs: number;
  content: Content;
  pieces: Record<string, Piece>;
  asked?: Mark;
}

export interface Approved extends Mark {
  readonly piece: string;
  readonly language: Language;
}

export interface Version {
  readonly version: number;
  readonly content: Content;
  readonly releasedUs: number;
  readonly releasedBy: string;
  readonly writers: readonly string[];
  readonly approvals: readonly Approved[];
  /** Version in which each piece was last changed: who confirmed that one or a later one does not owe it. */
  readonly since: Readonly<Record<string, number>>;
  /** Of the items that differ from the list before: how many then; 0: it is new. */
  readonly carryWas?: Readonly<Record<string, number>>;
  readonly claimNumbers: readonly string[];
}

export interface BulletinWay {
  readonly channel: Channel;
  readonly address: string;
  step: "due" | "sent" | "delivered" | "failed" | "no-link";
  timeUs: number;
  reason?: string;
}

export type TellingKind = "new" | "changed" | "reminder" | "fallen" | "withdrawn" | "expired" | "not-concerned";

/** One thing that is being said to a reader, way after way until it has come. */
export interface Telling {
  readonly n: number;
  readonly kind: TellingKind;
  readonly version: number;
  readonly language: Language;
  readonly beganUs: number;
  ways: BulletinWay[];
  /** It has come, or there is no further way. */
  done: boolean;
}

export interface Confirmed {
  readonly version: number;
  readonly timeUs: number;
  readonly receivedUs: number;
  readonly by: ConfirmWay;
  readonly who?: string | undefined;
  readonly answer?: string | undefined;
  readonly language: Language;
}

/** One of ours whom the bulletin concerns, or concerned. */
export interface Reader {
  readonly personId: string;
  name: string;
  team: string;
  language: Language;
  /** Whether the version in force is their first, or changes what they had. */
  news: "new" | "changed";
  /** What is to be said next; it is said at a tick, so many people at a time. */
  toTell?: TellingKind;
  /** Their devices are to show it as it stands, without a word; at a tick as well. */
  toShow?: true;
  tellings: number;
  telling?: Telling;
  /** The version that they have been told of; 0: none. Times are of that version. */
  toldVersion: number;
  toldUs?: number;
  deliveredUs?: number;
  openedUs?: number;
  /** Oldest first, at most one of each version. */
  confirmations: Confirmed[];
  reminders: number;
  remindedUs?: number;
  overdueUs?: number;
  leaderToldUs?: number;
  supervisorToldUs?: number;
  noWay: boolean;
  ended?: { readonly why: "withdrawn" | "expired" | "not-concerned"; readonly toldUs: number; deliveredUs?: number };
}

export interface FallenClaim {
  readonly claimId: string;
  readonly number: string;
  readonly state: "refuted" | "superseded" | "fallen";
  readonly timeUs: number;
}

/** What outlets that speak to nobody by name were asked to say last, and which of them have. */
export interface Outside {
  readonly version: number;
  readonly change: "new" | "changed" | "withdrawn" | "expired" | "fallen";
  readonly timeUs: number;
  results: { readonly outlet: string; readonly step: "sent" | "failed"; readonly timeUs: number; readonly reason?: string | undefined }[];
}

export type BulletinState = "draft" | "waiting" | "in-force" | "withdrawn" | "expired";

export interface PictureBulletin {
  readonly id: string;
  readonly number: number;
  readonly by: string;
  readonly madeUs: number;
  changedUs: number;
  state: BulletinState;
  draft?: Draft;
  /** Oldest first; beyond the limit, the oldest is forgotten. */
  versions: Version[];
  readonly readers: Map<string, Reader>;
  withdrawn?: { readonly timeUs: number; readonly by: string; readonly reason: string };
  endedUs?: number;
  fallen: FallenClaim[];
  outside?: Outside;
  /** How the question of the version in force was answered. */
  answers: Record<string, number>;
  musters: string[];
}

/** B-0023. */
export function bulletinNumber({ number }: { readonly number: number }): string {
  return `B-${String(number).padStart(4, "0")}`;
}

export function currentVersion(bulletin: Readonly<PictureBulletin>): Version | undefined {
  return bulletin.versions.at(-1);
}

/** A piece as text to be compared; undefined: it is not there. */
export function pieceText(content: Readonly<Content>, key: string): string | undefined {
  const piece =
    key === "actions" ? content.actions : key === "carry" ? content.carry : key === "question" ? content.question : content.parts[key];
  if (piece === undefined) return undefined;
  if (!PART_ORDER.includes(key)) return JSON.stringify(piece);
  const { en, es } = piece as Part;
  return en === undefined && es === undefined
    ? undefined
    : JSON.stringify([en?.title ?? "", en?.text ?? null, es?.title ?? "", es?.text ?? null]);
}

export function piecesOf(content: Readonly<Content>): readonly string[] {
  return PIECE_ORDER.filter((key) => pieceText(content, key) !== undefined);
}

/** Pieces of the version in force that a reader has not confirmed as they stand. */
export function owedBy(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>): readonly string[] {
  const version = currentVersion(bulletin);
  if (version === undefined || bulletin.state !== "in-force" || reader.ended !== undefined) return [];
  const confirmed = reader.confirmations.reduce((most, known) => Math.max(most, known.version), 0);
  return PIECE_ORDER.filter((key) => (version.since[key] ?? 0) > confirmed);
}
