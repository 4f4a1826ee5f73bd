// What a voice out is: it carries out what the picture wants said, and says what became of it.
import type { Channel, PersonIntent, PictureWarning, Records, WarningChange } from "@atalaya/picture";

export type ReceiptStep = Records["receipt"]["step"];

/** How an outlet says what became of things. None of these waits for the disk but `answer`. */
export interface OutletReports {
  /** What became of an intent. Becomes a record of the journal; the same step of the same intent twice is one. */
  receipt(
    intent: Pick<PersonIntent, "type" | "id" | "warningId" | "personId" | "channel" | "address">,
    step: ReceiptStep,
    reason?: string,
  ): void;
  /** A person's answer, also to a warning that is not known here; resolves once it is on disk. */
  answer(answer: Omit<Records["answer"], "keyedBy">): Promise<void>;
  /** The channel works, lags, or does not: those who depend on it are told another way at once. */
  state(state: "up" | "slow" | "down", reason?: string): void;
}

export interface Outlet {
  /** Of its own among outlets: what metrics and screens call it. */
  readonly name: string;
  /** The channel whose addresses it serves; absent: it speaks to nobody by name (a feed, a siren). */
  readonly channel?: Channel;
  start(reports: OutletReports): Promise<void> | void;
  /** Says something to one person. Returns at once: what takes time is queued here, within a limit. An id that it has carried out is nothing to do. */
  tell?(intent: PersonIntent): void;
  /** A warning changed. Returns at once as well. */
  show?(warning: Readonly<PictureWarning>, change: WarningChange): void;
  stop(): Promise<void>;
}
