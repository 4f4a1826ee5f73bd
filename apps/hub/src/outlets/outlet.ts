// What a voice out is: it carries out what the picture wants said, and says what became of it.
//
// The registry (registry.ts) hands each intent to the one outlet of its channel, and each changed warning to all that show warnings; outlets join and
// leave while the hub runs (`open`, `close`). What people set up is in setup.ts. What leaves this machine over a queue (SMS, e-mail, MQTT, webhook) is a
// `QueuedOutlet` (queued.ts) around a `Carrier` that knows one protocol: bounded queue, retry, expiry, receipts and state are the same for all.
import type {
  BulletinNotice,
  BulletinOutside,
  BulletinOverdue,
  Channel,
  PersonIntent,
  PictureWarning,
  Records,
  TellLeader,
  WarningChange,
} from "@atalaya/picture";
import type { Language } from "@atalaya/words";

export type ReceiptStep = Records["receipt"]["step"];

/** Everything that is said to one person: of a danger, and to a leader of a report. */
export type ToldIntent = PersonIntent | TellLeader;

/** What a receipt has to name of what was said. */
export type Receipted =
  | Pick<PersonIntent, "type" | "id" | "warningId" | "personId" | "channel" | "address">
  | Pick<TellLeader, "type" | "change" | "id" | "warningId" | "reportId" | "reminder" | "personId" | "channel" | "address">;

/** How an outlet says what became of things. None of these waits for the disk but `answer`. */
export interface OutletReports {
  /** What became of an intent. Becomes a record of the journal; the same step of the same intent twice is one. */
  receipt(intent: Receipted, step: ReceiptStep, reason?: string): void;
  /** A person's answer, also to a warning that is not known here; resolves once it is on disk. */
  answer(answer: Omit<Records["answer"], "keyedBy">): Promise<void>;
  /** What became of telling somebody of a bulletin. Becomes a record; the same step of the same notice twice is one. */
  bulletinReceipt(notice: BulletinNotice, step: Records["bulletin-receipt"]["step"], reason?: string): void;
  /** A person has opened or confirmed a bulletin by this voice; resolves once it is on disk. */
  bulletinEvent(event: Records["bulletin-event"]): Promise<void>;
  /** A bulletin has gone out to partners by this outlet, or could not. */
  bulletinShown(intent: BulletinOutside, step: Records["bulletin-outside"]["step"], reason?: string): void;
  /** The channel works, lags, or does not: those who depend on it are told another way at once. */
  state(state: "up" | "slow" | "down", reason?: string): void;
}

/** How an outlet stands, for screens and metrics. */
export interface OutletHealth {
  readonly state: "up" | "slow" | "down";
  readonly reason?: string | undefined;
  /** Messages that wait, and how many may. */
  readonly waiting: number;
  readonly limit: number;
  /** How long the one that has waited longest has, s. */
  readonly oldestS: number;
  /** Taken over by the other side since the hub's start. */
  readonly carried: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  /** Not sent because something newer took their place or they no longer concerned anybody. */
  readonly withdrawn: number;
  /** Given up: too old, refused by the other side, or no room. */
  readonly givenUp: number;
  /** When the other side last took something, Unix ms. */
  readonly lastCarriedMs?: number | undefined;
  /** Devices and networks that are there now, where the other side comes to the hub. */
  readonly connected?: number | undefined;
}

/** What came of trying a channel. */
export interface TestOutcome {
  readonly ok: boolean;
  /** What the other side said, or why nothing could be sent. */
  readonly detail: string;
}

export interface Outlet {
  /** Of its own among outlets: what metrics and screens call it. */
  readonly name: string;
  /** The channel whose addresses it serves; absent: it speaks to nobody by name (a feed, a siren). */
  readonly channel?: Channel;
  start(reports: OutletReports): Promise<void> | void;
  /** Says something to one person. Returns at once: what takes time is queued here, within a limit. An id that it has carried out is nothing to do. */
  tell?(intent: ToldIntent): void;
  /** A warning changed. Returns at once as well. */
  show?(warning: Readonly<PictureWarning>, change: WarningChange): void;
  /**
   * Says a bulletin, or a word about one, to one person: without an alarm, and only what its marking lets go over this channel. Returns at once. Absent:
   * this voice carries no bulletins, and the person's next way is taken. The picture has the content: `picture.bulletins.bulletins.get(bulletinId)`.
   */
  tellBulletin?(notice: BulletinNotice): void;
  /** Tells a leader who of the team is overdue with one. Nobody waits for a result. */
  tellOverdue?(intent: BulletinOverdue): void;
  /** A bulletin for partners, by an outlet that speaks to nobody by name; which partners it stands for, its own set-up says. Returns at once. */
  showBulletin?(intent: BulletinOutside): void;
  /** Says to this address that the channel is tried and that there is no danger. */
  test?(address: string, language: Language): Promise<TestOutcome>;
  health?(): OutletHealth;
  stop(): Promise<void>;
}
