// One report in the picture, with its life; and several that speak of one event.
import type { Channel, ReceiptStep, Way } from "../loop-records.ts";
import type { PastFix } from "./position.ts";
import type { Outcome, ReportMedia, ReportSide, SightingReport } from "./report-records.ts";

export interface Done {
  readonly by: string;
  readonly timeUs: number;
}

export interface AskedQuestion {
  readonly id: string;
  readonly by: string;
  readonly timeUs: number;
  readonly text: string;
  answer?: { readonly text: string; readonly by: string; readonly timeUs: number };
}

export type ReportFinding = "direction-disagrees" | "late" | "clock-corrected" | "of-the-future";

export interface KnownMedia extends ReportMedia {
  whole: boolean;
  removed: boolean;
}

export interface ReportLeader {
  readonly personId: string;
  /** When one of their devices first had it. */
  toldUs?: number;
  /** Ways used since the newest reminder, and what came of each; no step: nothing is known yet. */
  ways: { readonly channel: Channel; readonly address: string; step?: ReceiptStep; reason?: string }[];
  /** Ways that ever reached them: what is taken back is told by those. */
  reachedBy: Way[];
}

export interface PictureReport {
  /** As it was told, with what its reporter has added since. */
  told: SightingReport;
  /** Ids of what was added. */
  added: string[];
  readonly seq: number;
  /** Short name, said aloud. */
  readonly reference: string;
  readonly receivedUs: number;
  /** Event time as it is used: never after the arrival. */
  readonly observedUs: number;
  /** Id of the incident's first report. */
  incident: string;
  /** An officer chose the incident: it is not chosen anew. */
  placedBy?: string;
  /** Tracks that it agreed with at its time, by number. */
  tracks: number[];
  findings: { readonly code: ReportFinding; readonly values: Readonly<Record<string, number>> }[];
  opened: Partial<Record<ReportSide, Done>>;
  /** Leaders of the reporter's team, and when a device of theirs had it. */
  leaders: ReportLeader[];
  reminders: number;
  /** When it is due again to those who have not opened it; absent: no more. */
  remindUs?: number;
  outcome?: { readonly outcome: Outcome; readonly note?: string; readonly by: string; readonly timeUs: number };
  /** The reporter has seen that outcome. */
  toldOutcome?: Done;
  takenBack?: Done & { readonly reason?: string };
  grade?: { readonly credibility: number; readonly by: string };
  questions: AskedQuestion[];
  media: KnownMedia[];
  /** Track that stands for "at risk now". */
  riskTrack?: number;
}

export interface PictureIncident {
  readonly id: string;
  reports: string[];
  firstUs: number;
  lastUs: number;
  position?: PastFix;
}

/** A report counts in fusion unless it was taken back or stands against what is firmly known. */
export function weighs({ takenBack, findings, grade }: PictureReport): boolean {
  return takenBack === undefined && grade?.credibility !== 5 && !findings.some(({ code }) => code === "direction-disagrees");
}

export function isOpen({ outcome, takenBack }: Readonly<PictureReport>): boolean {
  return outcome === undefined && takenBack === undefined;
}
