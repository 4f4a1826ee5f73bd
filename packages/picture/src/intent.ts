// What the picture wants done outside; an outlet carries it out and its result comes back as an entry.
import type { Language, Message } from "@atalaya/words";
import type { Level } from "./danger/level.ts";
import type { Channel } from "./loop-records.ts";

/** Derived from the cause (first track, moment of raising), never from a counter: replay gives the same. */
export type WarningId = string & { readonly __brand: "WarningId" };
/** Number of the entry that began the track. */
export type TrackNumber = number & { readonly __brand: "TrackNumber" };
/** Of one thing to be done: an outlet that has done it does nothing when it comes again. */
export type IntentId = string & { readonly __brand: "IntentId" };

export type WarningChange = "raised" | "updated" | "acknowledged" | "cleared";

/** Show this warning as it now stands on officers' screens. */
export interface ShowWarning {
  readonly type: "warning";
  readonly id: WarningId;
  readonly timeUs: number;
  readonly change: WarningChange;
}

/** What every intent for one person has. */
interface ToPerson {
  readonly id: IntentId;
  readonly timeUs: number;
  readonly warningId: WarningId;
  /** Four letters and digits that repeated messages have in common; for people, not for machines. */
  readonly reference: string;
  /** Who is addressed. */
  readonly personId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly language: Language;
  /** The text's key and figures. Directions and distances are from the person addressed; no intent holds a position. */
  readonly message: Message;
  readonly drill: boolean;
  /** Where the person addressed faced lately, °; for devices that do not know better. */
  readonly facingDeg?: number;
}

/** Tell a person that a level holds now: first told, raised or lowered. Answers are asked for at caution and warning. */
export interface Notify extends ToPerson {
  readonly type: "notify";
  readonly level: Level;
  readonly change: "told" | "raised" | "lowered";
}

/** The same again, with shorter gaps: nobody has answered. `times`: 1 for the first repeat. */
export interface Repeat extends ToPerson {
  readonly type: "repeat";
  readonly level: Level;
  readonly times: number;
}

/** Tell a team's leader about somebody of the team. */
export interface Escalate extends ToPerson {
  readonly type: "escalate";
  readonly about: string;
}

/** To a person who was told: it is over. `quiet`: it never reached the device, which shows that and makes no sound. */
export interface Over extends ToPerson {
  readonly type: "all-clear" | "stand-down";
  readonly quiet: boolean;
}

/** Stop sounding and asking on this device: answered elsewhere, or no longer for this person. */
export interface Cancel extends ToPerson {
  readonly type: "cancel";
  readonly why: "answered" | "not-concerned";
}

/** Put a person on the list of those to be called by voice, on officers' screens. */
export interface CallList {
  readonly type: "call-list";
  readonly id: IntentId;
  readonly timeUs: number;
  readonly warningId: WarningId;
  readonly reference: string;
  readonly personId: string;
  readonly why: "no-answer" | "no-link" | "need-help";
  readonly drill: boolean;
}

/** Tell a leader of the reporter's team of a report, remind them of it, or say that it was taken back. Its `warningId` is the report's own thread. */
export interface TellLeader extends ToPerson {
  readonly type: "team-report";
  readonly change: "told" | "reminder" | "taken-back";
  readonly reportId: string;
  readonly atRisk: boolean;
  /** 0 at first. */
  readonly reminder: number;
}

export type PersonIntent = Notify | Repeat | Escalate | Over | Cancel;
export type Intent = ShowWarning | PersonIntent | CallList;

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Four characters of Crockford's base 32 from a warning's id (FNV-1a, 32 bit): short enough to be said aloud. */
export function referenceOf(id: string): string {
  let hash = 0x811c9dc5;
  for (let k = 0; k < id.length; k += 1) hash = Math.imul(hash ^ id.charCodeAt(k), 0x01000193) >>> 0;
  return [0, 5, 10, 15].map((shift) => CROCKFORD.charAt((hash >>> shift) & 31)).join("");
}
