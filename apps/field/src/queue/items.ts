// What waits on the phone to be told to the hub, and in which order: answers before reports, reports before all that belongs to them.
import type { BulletinEvent, DeviceAnswer, KitAnswers, MediaKind, MediaType, MoreSeen, NewReport, ReportReceipt } from "@atalaya/protocol";

/** Why the hub did not take it; it is kept and shown, and holds nothing up. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

interface Waiting {
  /** Made by the phone; the hub knows by it what it has had already. */
  readonly id: string;
  /** Order of making, on this phone. */
  readonly order: number;
  readonly madeMs: number;
  /** The hub has it. */
  readonly done: boolean;
  readonly refused?: Refusal;
}

/** All times are this phone's clock; `sentMs` is added at each attempt. */
export type UnsentReport = Omit<NewReport, "sentMs">;

export interface ReportItem extends Waiting {
  readonly kind: "report";
  readonly report: UnsentReport;
  readonly receipt?: ReportReceipt;
  /** From the press to the receipt, ms. */
  readonly tookMs?: number;
}

export interface MoreItem extends Waiting {
  readonly kind: "more";
  readonly reportId: string;
  readonly more: Omit<MoreSeen, "sentMs">;
}

export interface MediaItem extends Waiting {
  readonly kind: "media";
  readonly reportId: string;
  readonly media: MediaKind;
  readonly type: MediaType;
  readonly bytes: number;
  /** Bytes that the hub has said it has. */
  readonly have: number;
}

/** The answer to a warning. */
export interface AnswerItem extends Waiting {
  readonly kind: "answer";
  readonly answer: DeviceAnswer;
}

/** The answer to a question of the centre. */
export interface ReplyItem extends Waiting {
  readonly kind: "reply";
  readonly reportId: string;
  readonly reply: { readonly questionId: string; readonly text: string };
}

export interface TakeBackItem extends Waiting {
  readonly kind: "take-back";
  readonly reportId: string;
  readonly takeBack: { readonly reason?: string };
}

/** The person has seen what came of a report. */
export interface ToldItem extends Waiting {
  readonly kind: "told";
  readonly reportId: string;
}

/** A leader has opened a report of the team. */
export interface OpenedItem extends Waiting {
  readonly kind: "opened";
  readonly reportId: string;
}

/** What the person did with a bulletin, when they did it. */
export interface BulletinItem extends Waiting {
  readonly kind: "bulletin";
  readonly bulletinId: string;
  readonly event: Omit<BulletinEvent, "sentMs">;
}

/** What the person carries. */
export interface KitItem extends Waiting {
  readonly kind: "kit";
  readonly kit: Omit<KitAnswers, "sentMs">;
}

export type Item =
  | ReportItem
  | MoreItem
  | MediaItem
  | AnswerItem
  | ReplyItem
  | TakeBackItem
  | ToldItem
  | OpenedItem
  | BulletinItem
  | KitItem;

/** Danger first, then what was seen, then what belongs to it; films last. */
const RANK: Readonly<Record<Item["kind"], number>> = {
  answer: 0,
  report: 1,
  more: 2,
  "take-back": 2,
  reply: 2,
  opened: 2,
  kit: 3,
  bulletin: 3,
  told: 3,
  media: 4,
};

export function isWaiting({ done, refused }: Item): boolean {
  return !done && refused === undefined;
}

/** What is sent next: by rank, then in the order of making. What belongs to a report waits until that has its receipt. */
export function nextItem(items: readonly Item[]): Item | undefined {
  const unsent = new Set(items.filter((item) => item.kind === "report" && !item.done).map(({ id }) => id));
  return items
    .filter((item) => isWaiting(item) && !("reportId" in item && unsent.has(item.reportId)))
    .sort((a, b) => RANK[a.kind] - RANK[b.kind] || a.order - b.order)[0];
}
