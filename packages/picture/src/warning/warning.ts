// A warning as plain data: one danger, whom and what it threatens, and what became of telling each of them.
import type { Cause } from "../danger.ts";
import type { Level } from "../danger/level.ts";
import type { IntentId, TrackNumber, WarningId } from "../intent.ts";
import type { Answer, Benign, Channel } from "../loop-records.ts";
import type { PlaceBasis } from "../people/roster.ts";

export type WhyCode = Cause | "left-zone" | "track-ended" | "zone-removed" | "cleared-by-officer" | "stood-down" | "merged";

export interface Reason {
  readonly code: WhyCode;
  readonly timeUs: number;
  readonly values: Readonly<Record<string, number | string>>;
}

/** A zone or a person that the danger threatens, with the newest figures. */
export interface Threat {
  /** `zone:` or `person:` and the id. */
  readonly key: string;
  readonly kind: "zone" | "person";
  readonly id: string;
  readonly name: string;
  readonly sinceUs: number;
  level: Level;
  because: Cause;
  descent: boolean;
  edgeDistanceM: number;
  centreDistanceM: number;
  /** Direction of the nearest drone seen from the centre or the person, °. */
  azimuthDeg: number;
  leaving: boolean;
  reachesInS?: number;
  cpaInS?: number;
  cpaM?: number;
  probability?: number;
  /** People: how the place is known, how old the position is, and the post that they are judged by. */
  basis?: PlaceBasis;
  positionAgeS?: number;
  post?: string;
  /** Since when the danger has been lower than the level shown; absent while it is not. */
  lowerSinceUs?: number;
}

/** How far one address has come with the newest message. */
export interface LadderWay {
  readonly channel: Channel;
  readonly address: string;
  step: "due" | "sent" | "delivered" | "seen" | "failed" | "no-link" | "cancelled";
  /** The newest notification or repeat on it. */
  intentId: IntentId;
  dueUs: number;
  sentUs?: number;
  deliveredUs?: number;
  seenUs?: number;
  reason?: string;
}

/** One step of a person's way through a warning. */
export interface LadderStep {
  readonly timeUs: number;
  readonly what:
    | "told"
    | "raised"
    | "lowered"
    | "repeated"
    | "sent"
    | "delivered"
    | "seen"
    | "failed"
    | "no-link"
    | "answered"
    | "hastened"
    | "leader-told"
    | "call-list"
    | "cancelled"
    | "over"
    | "help-closed";
  readonly channel?: Channel;
  readonly address?: string;
  readonly by?: string;
  readonly detail?: string;
}

export interface PersonAnswer {
  readonly answer: Answer;
  readonly timeUs: number;
  /** The level that was answered: only a higher one asks again. */
  readonly level: Level;
  readonly channel?: Channel;
  readonly address?: string;
  readonly keyedBy?: string;
}

/** One person on the ladder of one warning. */
export interface Rung {
  readonly personId: string;
  readonly name: string;
  readonly sinceUs: number;
  /** The warning under which it was told first, where that was merged into this one: devices know that id. */
  toldAs?: WarningId;
  /** The level that was last told; absent: nothing was yet. */
  told?: Level;
  ways: LadderWay[];
  answer?: PersonAnswer;
  /** Help was asked for and nobody has closed it. */
  needsHelp: boolean;
  /** The chain of escalation that runs: since when, the step that comes next, and how often it was repeated. */
  chain?: { readonly level: Level; readonly fromUs: number; next: number; repeats: number };
  leaderToldUs?: number;
  callUs?: number;
  /** It no longer concerns them. */
  over?: { readonly timeUs: number; readonly why: "left" | "off-shift" | "all-clear" | "stand-down" | "drill-paused" | "withdrawn" };
  /** Intents made so far: part of their ids. */
  intents: number;
  steps: LadderStep[];
}

/** Who decided whether a level goes out. `no-decision`: nobody did in time, and the rule's default happened. */
export interface Decision {
  readonly level: Level;
  readonly askedUs: number;
  readonly dueUs: number;
  outcome?: "send" | "withhold";
  decidedUs?: number;
  by?: string;
  reason?: string;
}

/** Where it was: Unix µs, latitude and longitude in degrees to the sixth decimal. */
export type PathPoint = readonly [timeUs: number, latDeg: number, lonDeg: number];

/** What was thought of it once it was over. */
export interface Review {
  readonly timeUs: number;
  readonly verdict: "signed-off" | "sent-back";
  readonly by: string;
  readonly reason: string;
}

export interface PictureWarning {
  /** From the cause: first track, moment of raising. It stays when the danger goes on under another track number. */
  readonly id: WarningId;
  readonly reference: string;
  /** The track that arrives first, or is nearest; and all that fly with it. Empty once all are lost. */
  trackNumber: TrackNumber;
  trackId: string;
  tracks: TrackNumber[];
  /** Tracks that fly now, or did when last heard, each with the count of its own group. */
  count: number;
  readonly drill: boolean;
  readonly recorded: boolean;
  readonly raisedUs: number;
  /** The rules it was raised by: it keeps them. */
  readonly rulesVersion: number;
  level: Level;
  state: "raised" | "acknowledged" | "cleared";
  changedUs: number;
  threats: Threat[];
  /** What the figures of a warning for one zone are taken from: the greatest threat, also after it is over. */
  foremost: Threat;
  ladder: Rung[];
  decisions: Decision[];
  why: Reason[];
  acknowledgedBy?: string;
  acknowledgedUs?: number;
  /** The highest level that was acknowledged: only a higher one asks again. */
  acknowledgedLevel?: Level;
  clearedReason?: string;
  clearedUs?: number;
  /** It was the same danger as this one, which goes on. */
  mergedInto?: WarningId;
  benign?: { readonly what: Benign; readonly name?: string; readonly by?: string };
  lastHeardUs: number;
  /** Course at the last hearing, °: where it was leaving to. */
  lastCourseDeg?: number;
  /** Radius in which it may be now, m: its error and what it could have flown since it was heard. */
  ringM: number;
  lastPlace: { readonly latDeg: number; readonly lonDeg: number };
  /** Where the track that was heard last flew, from a while before the danger on; at the limit every second point goes, and the step doubles. */
  path: PathPoint[];
  pathStepUs: number;
  /** The newest last. */
  reviews: Review[];
  /** No track of it was ever sure. */
  unconfirmed: boolean;
  /** Sources and sensors that it rests on, as `source` or `source/sensor`: what a flood is grouped by. */
  sources: readonly string[];
  shelved?: { readonly untilUs: number; readonly by: string; readonly reason: string };
  /** Cleared by an officer while the danger lasted: it stays quiet until the danger is over once. */
  quiet: boolean;
}

/** Whether it still binds its tracks: standing, or quiet. */
export function stands({ state, quiet }: PictureWarning): boolean {
  return state !== "cleared" || quiet;
}

export type RungStep = "waiting" | "sent" | "delivered" | "seen" | "answered" | "needs-help" | "escalated" | "no-link" | "over";

/** One word for where a person stands, in the order of what an officer must know first. */
export function rungStep(rung: Readonly<Rung>): RungStep {
  if (rung.needsHelp) return "needs-help";
  if (rung.over !== undefined) return "over";
  if (rung.answer !== undefined && rung.chain === undefined) return "answered";
  if (rung.callUs !== undefined) return "escalated";
  const has = (step: LadderWay["step"]): boolean => rung.ways.some((way) => way.step === step);
  if (has("seen")) return "seen";
  if (has("delivered")) return "delivered";
  if (has("sent")) return "sent";
  return rung.ways.length > 0 && rung.ways.every(({ step }) => step === "failed" || step === "no-link") ? "no-link" : "waiting";
}
