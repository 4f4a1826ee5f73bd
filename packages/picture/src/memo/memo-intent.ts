// What is wanted done outside because of the memo. None of it is an alarm, and what a person decided is on disk before any of it goes out.
import type { Language } from "@atalaya/words";
import type { Channel } from "../loop-records.ts";
import type { TellingKind } from "./bulletin.ts";

export type MemoThing = "sources" | "claims" | "bulletins" | "readiness";

/** Tell one person by one way. An id that was carried out is nothing to do; what comes of it is a `bulletin-receipt` with the same `telling`. */
export interface BulletinNotice {
  readonly type: "bulletin-notice";
  readonly id: string;
  readonly timeUs: number;
  readonly bulletinId: string;
  /** B-0023. */
  readonly number: string;
  readonly version: number;
  readonly telling: number;
  readonly kind: TellingKind;
  readonly personId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly language: Language;
  readonly drill: boolean;
}

/** Tell a leader who of the team is overdue. No receipt is kept of it. */
export interface BulletinOverdue {
  readonly type: "bulletin-overdue";
  readonly id: string;
  readonly timeUs: number;
  readonly bulletinId: string;
  readonly number: string;
  /** The leader. */
  readonly personId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly language: Language;
  /** Who has become overdue, at most 50. */
  readonly about: readonly string[];
  readonly drill: boolean;
}

/** Show supervisors who is overdue still, after the leader was told. */
export interface BulletinSupervisor {
  readonly type: "bulletin-supervisor";
  readonly timeUs: number;
  readonly bulletinId: string;
  readonly about: readonly string[];
}

/** Tell outlets that speak to nobody by name (CAP, webhook, MQTT), for the partners that are named: whom an outlet stands for, its set-up says. */
export interface BulletinOutside {
  readonly type: "bulletin-outside";
  readonly id: string;
  readonly timeUs: number;
  readonly bulletinId: string;
  readonly number: string;
  readonly version: number;
  readonly change: "new" | "changed" | "withdrawn" | "expired" | "fallen";
  readonly partners: readonly string[];
  /** Outlets that have said what became of it already. */
  readonly doneBy: readonly string[];
  readonly drill: boolean;
}

/** On the devices of a person: show the bulletin as it now stands, without a word. */
export interface BulletinShow {
  readonly type: "bulletin-state";
  readonly timeUs: number;
  readonly bulletinId: string;
  readonly personId: string;
}

/** What a person carries is asked differently now; no person: whoever it concerns. */
export interface KitChanged {
  readonly type: "kit-changed";
  readonly timeUs: number;
  readonly personId?: string | undefined;
}

/** On the screens of officers and analysts: read it again. */
export interface MemoChanged {
  readonly type: "memo-changed";
  readonly timeUs: number;
  readonly what: MemoThing;
}

export type MemoIntent = BulletinNotice | BulletinOverdue | BulletinSupervisor | BulletinOutside | BulletinShow | KitChanged | MemoChanged;
