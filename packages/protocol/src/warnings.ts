// A warning as officers and people in danger see it: one danger, whom and what it threatens, and what became of telling each of them.
import { z } from "zod";
import { Answer, Benign, Channel, Language, latDeg, lonDeg, name, Position, reason, timeMs, WarningLevel } from "./terms.ts";

/** A zone or a person that the danger threatens, with the newest figures. */
export const Threat = z.object({
  kind: z.enum(["zone", "person"]),
  id: z.string(),
  name: z.string(),
  sinceMs: timeMs,
  level: WarningLevel,
  because: z.enum(["inside-zone", "approaching-zone", "close", "approaching", "hovering", "loitering", "near", "place-unknown"]),
  /** It sinks near by: the level was raised by one. */
  descent: z.boolean(),
  /** From the zone's edge, 0 inside; from within the reach of a person's place; and from the middle of either, m. Absent where they are not told. */
  edgeDistanceM: z.number().optional(),
  centreDistanceM: z.number().optional(),
  /** Direction of the nearest drone seen from there, °. */
  azimuthDeg: z.number().optional(),
  leaving: z.boolean(),
  /** Seconds until it reaches the zone, or passes near the person, on its present course. */
  reachesInS: z.number().optional(),
  /** Closest point of approach to a person, and the probability of passing near in the time of a warning. */
  cpaInS: z.number().optional(),
  cpaM: z.number().optional(),
  probability: z.number().optional(),
  /** How a person's place is known, how old the position is, and the post that they are judged by. */
  basis: z.enum(["position", "old-position", "post", "unknown"]).optional(),
  positionAgeS: z.number().optional(),
  post: z.string().optional(),
});
export type Threat = z.infer<typeof Threat>;

export const EscalationAction = z.enum(["repeat", "next-channel", "team-leader", "call-list"]);
export type EscalationAction = z.infer<typeof EscalationAction>;

/** Where a person stands on the ladder, in the order of what an officer must know first. */
export const RungStep = z.enum(["needs-help", "escalated", "no-link", "waiting", "sent", "delivered", "seen", "answered", "over"]);
export type RungStep = z.infer<typeof RungStep>;

/** One person on the ladder of one warning. */
export const Rung = z.object({
  personId: z.string(),
  name: z.string(),
  step: RungStep,
  /** When that step was reached. */
  stepMs: timeMs,
  /** The level that was last told; absent: nothing was yet. */
  told: WarningLevel.optional(),
  toldMs: timeMs.optional(),
  ways: z.array(
    z.object({
      channel: Channel,
      step: z.enum(["due", "sent", "delivered", "seen", "failed", "no-link", "cancelled"]),
      dueMs: timeMs,
      sentMs: timeMs.optional(),
      deliveredMs: timeMs.optional(),
      seenMs: timeMs.optional(),
      reason: z.string().optional(),
    }),
  ),
  answer: z.object({ answer: Answer, timeMs, level: WarningLevel, channel: Channel.optional(), keyedBy: z.string().optional() }).optional(),
  needsHelp: z.boolean(),
  /** What happens next if there is no answer, and when. */
  next: z.object({ action: EscalationAction, atMs: timeMs }).optional(),
  leaderToldMs: timeMs.optional(),
  /** On the list of those to be called by voice since. */
  callMs: timeMs.optional(),
  over: z.object({ timeMs, why: z.enum(["left", "off-shift", "all-clear", "stand-down", "drill-paused", "withdrawn"]) }).optional(),
});
export type Rung = z.infer<typeof Rung>;

/** Who decided whether a level goes out. Without an outcome it waits until `dueMs`; `by` absent with an outcome: nobody decided in time. */
export const Decision = z.object({
  level: WarningLevel,
  askedMs: timeMs,
  dueMs: timeMs,
  outcome: z.enum(["send", "withhold"]).optional(),
  decidedMs: timeMs.optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;

export const WhyCode = z.enum([
  ...Threat.shape.because.options,
  "left-zone",
  "track-ended",
  "zone-removed",
  "cleared-by-officer",
  "stood-down",
  "merged",
]);
export type WhyCode = z.infer<typeof WhyCode>;

/** What an officer thought of it once it was over: it is closed, or somebody has to look again. */
export const Review = z.object({ timeMs, verdict: z.enum(["signed-off", "sent-back"]), by: z.string(), reason: z.string() });
export type Review = z.infer<typeof Review>;
export const NewReview = z.object({ verdict: z.enum(["signed-off", "sent-back"]), reason });
export type NewReview = z.infer<typeof NewReview>;

export const Warning = z.object({
  id: z.string(),
  /** Four characters that all messages about it have in common, to be said aloud. */
  reference: z.string(),
  level: WarningLevel,
  state: z.enum(["raised", "acknowledged", "cleared"]),
  /** The track that arrives first; all that fly with it, and how many they are. */
  trackNumber: z.number().int(),
  trackId: z.string(),
  tracks: z.array(z.number().int()),
  count: z.number().int(),
  drill: z.boolean(),
  recorded: z.boolean(),
  raisedMs: timeMs,
  changedMs: timeMs,
  /** The rules it was raised by: it keeps them. */
  rulesVersion: z.number().int(),
  /** The greatest threat first; also after it is over. A viewer sees zones, and of people only how many. */
  foremost: Threat,
  threats: z.array(Threat),
  /** How many people are on the ladder, by step. */
  people: z.partialRecord(RungStep, z.number().int()),
  /** Absent for a viewer. */
  ladder: z.array(Rung).optional(),
  decisions: z.array(Decision),
  why: z.array(z.object({ code: WhyCode, timeMs, values: z.record(z.string(), z.union([z.number(), z.string()])) })),
  acknowledgedBy: z.string().optional(),
  acknowledgedMs: timeMs.optional(),
  clearedMs: timeMs.optional(),
  clearedReason: z.string().optional(),
  /** The newest verdict on it; absent: nobody has looked at it since it was over. */
  verdict: Review.shape.verdict.optional(),
  benign: z.object({ what: Benign, name: z.string().optional(), by: z.string().optional() }).optional(),
  mergedInto: z.string().optional(),
  lastHeardMs: timeMs,
  /** Where it was last heard, and the radius in which it may be now, m. */
  lastPlace: Position,
  ringM: z.number(),
  /** Sources and sensors that it rests on. */
  sources: z.array(z.string()),
  shelved: z.object({ untilMs: timeMs, by: z.string(), reason: z.string() }).optional(),
});
export type Warning = z.infer<typeof Warning>;

/** One step of one person's way through a warning, for the incident's lanes. */
export const LadderStep = z.object({
  timeMs,
  what: z.enum([
    "told",
    "raised",
    "lowered",
    "repeated",
    "sent",
    "delivered",
    "seen",
    "failed",
    "no-link",
    "answered",
    "hastened",
    "leader-told",
    "call-list",
    "cancelled",
    "over",
    "help-closed",
  ]),
  channel: Channel.optional(),
  by: z.string().optional(),
  detail: z.string().optional(),
});
export type LadderStep = z.infer<typeof LadderStep>;

/** Where a danger was, in the order of time. */
export const PathPoint = z.object({ timeMs, latDeg, lonDeg });
export type PathPoint = z.infer<typeof PathPoint>;

export const WarningDetail = Warning.extend({
  /** From a while before it was raised; of a long one with gaps that grow. */
  path: z.array(PathPoint),
  /** The newest last. */
  reviews: z.array(Review),
  lanes: z.array(z.object({ personId: z.string(), name: z.string(), steps: z.array(LadderStep) })),
});
export type WarningDetail = z.infer<typeof WarningDetail>;

/** What a device of a person in danger is told. It announces an `id` once, however often that comes. */
export const Notice = z.object({
  id: z.string(),
  kind: z.enum(["notify", "repeat", "escalate", "all-clear", "stand-down", "cancel"]),
  warningId: z.string(),
  reference: z.string(),
  personId: z.string(),
  timeMs,
  drill: z.boolean(),
  language: Language,
  /** The whole sentence, in the reader's language; a drill's begins with its mark. */
  text: z.string(),
  level: WarningLevel.optional(),
  /** How often it was said before, without an answer. */
  times: z.number().int().optional(),
  /** It is over and never reached this device: shown, without a sound. */
  quiet: z.boolean().optional(),
  why: z.enum(["answered", "not-concerned"]).optional(),
  /** Whether an answer is asked for, and the one that was given. */
  asks: z.boolean(),
  answered: Answer.optional(),
  /** From the reader to the drone, where that is known. */
  azimuthDeg: z.number().optional(),
  distanceM: z.number().optional(),
  reachesInS: z.number().optional(),
  count: z.number().int().optional(),
  lastHeardMs: timeMs.optional(),
});
export type Notice = z.infer<typeof Notice>;

export const KeyedAnswer = z.object({ personId: z.string().min(1).max(100), answer: Answer });
export type KeyedAnswer = z.infer<typeof KeyedAnswer>;
export const LevelDecision = z.object({ level: WarningLevel, decision: z.enum(["send", "withhold"]), reason });
export type LevelDecision = z.infer<typeof LevelDecision>;
export const StandDown = z.object({ what: Benign, name: name.optional(), reason });
export type StandDown = z.infer<typeof StandDown>;
export const HelpClosing = z.object({ personId: z.string().min(1).max(100), reason });
export type HelpClosing = z.infer<typeof HelpClosing>;
/** Put aside for so long, at most a day. */
export const Shelving = z.object({ forS: z.number().min(1).max(86_400), reason });
export type Shelving = z.infer<typeof Shelving>;

/** What only this source, or this sensor as `source/sensor`, says raises nothing until then. */
export const Mute = z.object({ source: z.string().min(1).max(200), untilMs: timeMs, by: z.string(), reason: z.string() });
export type Mute = z.infer<typeof Mute>;
export const NewMute = z.object({ source: z.string().min(1).max(200), forS: z.number().min(1).max(86_400), reason });
export type NewMute = z.infer<typeof NewMute>;

/** An answer that belongs to no ladder here: kept and shown. */
export const StrayAnswer = z.object({
  timeMs,
  warningId: z.string(),
  personId: z.string(),
  answer: Answer,
  channel: Channel.optional(),
  keyedBy: z.string().optional(),
  why: z.enum(["unknown-warning", "not-on-ladder"]),
});
export type StrayAnswer = z.infer<typeof StrayAnswer>;

/** Where somebody of ours is. */
export const PersonPlace = z.object({
  latDeg,
  lonDeg,
  /** 95 % of the error, m. */
  errorM: z.number().min(0).max(50_000),
});
export type PersonPlace = z.infer<typeof PersonPlace>;
