// A person's report of something in the air: what a device or the voice form sends, and what comes back to the reporter and to officers.
// Angles in degrees from true north, lengths in metres, times as Unix milliseconds. Nothing here describes a person on the ground, and what is
// not named here is refused.
import { z } from "zod";
import { LookAlikes } from "./look-alikes.ts";
import { Channel, Language, latDeg, lonDeg } from "./terms.ts";

const id = z.string().regex(/^[A-Za-z0-9._-]{8,64}$/, "8 to 64 letters, digits, dots, dashes or underscores");
const timeMs = z.number().min(0).max(8_640_000_000_000_000);
const text = (most: number): z.ZodString => z.string().trim().min(1).max(most);

export const COMPASS_WORDS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"] as const;
export const CompassWord = z.enum(COMPASS_WORDS);
export type CompassWord = z.infer<typeof CompassWord>;
/** A coarse direction: all that is ever said of an operator. */
export const CoarseDirection = z.enum(["N", "NE", "E", "SE", "S", "SW", "W", "NW"]);
export type CoarseDirection = z.infer<typeof CoarseDirection>;

/** How the report came: from the person's own device, told to an officer, or any other way (a radio log, a partner). */
export const ReportHow = z.enum(["field", "voice", "other"]);
export type ReportHow = z.infer<typeof ReportHow>;

/** Where the reporter stood, and how that is known. `errorM` is 95 % of the horizontal error. */
export const Observer = z.strictObject({
  latDeg,
  lonDeg,
  errorM: z.number().min(0).max(50_000),
  by: z.enum(["device", "post", "landmark", "grid", "map"]),
  /** The post's or landmark's name, or the grid reference as it was said. */
  name: text(80).optional(),
});
export type Observer = z.infer<typeof Observer>;

/**
 * In which direction. `pointed`: the axis of the device's camera, true north, with its 1σ. `compass`: a word. `clock`: the hour as the reporter faces,
 * and where that is. `overhead`: straight above.
 */
export const ReportDirection = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("pointed"), azimuthDeg: z.number().min(0).max(360), sigmaDeg: z.number().min(0.1).max(180) }),
  z.strictObject({ type: z.literal("compass"), word: CompassWord }),
  z.strictObject({ type: z.literal("clock"), hour: z.number().int().min(1).max(12), facingDeg: z.number().min(0).max(360) }),
  z.strictObject({ type: z.literal("overhead") }),
]);
export type ReportDirection = z.infer<typeof ReportDirection>;

export const ELEVATION_WORDS = ["horizon", "low", "half-way", "high", "overhead"] as const;
/** How high above the horizon, as an angle: pointed, or in a word. */
export const ReportElevation = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("pointed"), elevationDeg: z.number().min(-90).max(90), sigmaDeg: z.number().min(0.1).max(90) }),
  z.strictObject({ type: z.literal("word"), word: z.enum(ELEVATION_WORDS) }),
]);
export type ReportElevation = z.infer<typeof ReportElevation>;

export const RANGE_WORDS = ["very-close", "close", "middling", "far", "very-far"] as const;
export const ReportRange = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("metres"), metres: z.number().min(1).max(20_000) }),
  z.strictObject({ type: z.literal("word"), word: z.enum(RANGE_WORDS) }),
]);
export type ReportRange = z.infer<typeof ReportRange>;

export const SOUND_WORDS = ["none", "faint", "clear", "loud"] as const;
export const ReportSound = z.enum(SOUND_WORDS);
export const ReportType = z.enum(["multirotor", "fixed-wing", "unknown", "not-sure-drone"]);
export type ReportType = z.infer<typeof ReportType>;
export const ReportDoing = z.enum(["hovering", "passing", "circling", "approaching", "leaving", "dropping", "landed", "not-known"]);
export const ReportCarrying = z.enum(["nothing", "something", "not-known"]);
export const ReportLights = z.strictObject({
  state: z.enum(["none", "steady", "flashing", "not-known"]),
  colours: z
    .array(z.enum(["white", "red", "green", "blue", "yellow", "other"]))
    .max(6)
    .optional(),
});

/** Whether anybody was seen flying it, and roughly where: no name, no face, no plate, no description. */
export const OperatorSeen = z.strictObject({ seen: z.boolean(), direction: CoarseDirection.optional() });

export const MediaKind = z.enum(["photo", "video", "sound"]);
export type MediaKind = z.infer<typeof MediaKind>;
export const MEDIA_TYPES = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "video/mp4",
  "video/quicktime",
  "video/webm",
  "audio/mp4",
  "audio/webm",
  "audio/wav",
] as const;
export const MediaType = z.enum(MEDIA_TYPES);
export type MediaType = z.infer<typeof MediaType>;
export const MAX_MEDIA_BYTES: number = 64 * 1024 * 1024;
export const MAX_MEDIA_PER_REPORT = 8;
/** Bytes of one chunk at most. */
export const MEDIA_CHUNK_BYTES: number = 256 * 1024;

/** What was seen. Everything but the time and the observer's place may be absent. */
const seen = {
  /** Event time and its standard deviation, on the sender's clock: when the direction was true. */
  observedMs: timeMs,
  observedErrorS: z.number().min(0).max(86_400),
  firstSeenMs: timeMs.optional(),
  /** Absent: still in sight when it was sent, or not said. */
  lastSeenMs: timeMs.optional(),
  observer: Observer,
  direction: ReportDirection.optional(),
  elevation: ReportElevation.optional(),
  range: ReportRange.optional(),
  sound: ReportSound.optional(),
  count: z.number().int().min(1).max(999).optional(),
  type: ReportType.optional(),
  doing: ReportDoing.optional(),
  /** Where it was going. */
  headingWord: CompassWord.optional(),
  carrying: ReportCarrying.optional(),
  lights: ReportLights.optional(),
  operator: OperatorSeen.optional(),
  /** Something lies on the ground: keep away, do not touch. */
  fallen: z.enum(["dropped-object", "wreck"]).optional(),
  /** "I am at risk now." */
  atRisk: z.boolean(),
  /** What fits nowhere else, of the object only. */
  note: text(500).optional(),
  language: Language,
} as const;

/** A caller whose report an officer keys. Somebody of ours is named by the id; of others only what they give for a call-back. */
export const Caller = z.strictObject({
  personId: text(100).optional(),
  name: text(80).optional(),
  /** Telephone or radio channel under which they can be called back. */
  callBack: text(80).optional(),
});
export type Caller = z.infer<typeof Caller>;

/**
 * POST /reports. `id` is made by the device, once per report: however often it arrives, it is one report with one reference number. `sentMs` is the
 * device's clock at the moment of this attempt; the hub compares it with its own and moves the event times by the difference.
 */
export const NewReport = z.strictObject({
  id,
  how: ReportHow,
  sentMs: timeMs,
  ...seen,
  /** voice, other: who told it. Taken from an officer only; a device reports for the person whose session it has. */
  caller: Caller.optional(),
  /** It belongs to a drill. */
  drill: z.boolean().optional(),
});
export type NewReport = z.infer<typeof NewReport>;

/**
 * POST /reports/:id/more: what its reporter adds to a report, after it has its receipt. Only what is named is changed; where and when it was seen
 * stays as it was told first. Sent again under the same `id`, it is one.
 */
export const MoreSeen = z.strictObject({
  id,
  sentMs: timeMs,
  firstSeenMs: seen.firstSeenMs,
  lastSeenMs: seen.lastSeenMs,
  range: seen.range,
  sound: seen.sound,
  count: seen.count,
  type: seen.type,
  doing: seen.doing,
  headingWord: seen.headingWord,
  carrying: seen.carrying,
  lights: seen.lights,
  operator: seen.operator,
  fallen: seen.fallen,
  note: seen.note,
});
export type MoreSeen = z.infer<typeof MoreSeen>;

export const ReportOutcomeCode = z.enum([
  "drone",
  "own-drone",
  "authorised-drone",
  "aircraft",
  "bird",
  "balloon",
  "star-or-planet",
  "satellite",
  "other-object",
  "nothing-found",
  "not-enough-information",
]);
export type ReportOutcomeCode = z.infer<typeof ReportOutcomeCode>;

export const ReportState = z.enum(["received", "opened", "closed", "taken-back"]);
export type ReportState = z.infer<typeof ReportState>;

/** The answer to POST /reports, on disk: the reference number to show at once. */
export const ReportReceipt = z.object({
  id: z.string(),
  reference: z.string(),
  receivedMs: timeMs,
  /** It had arrived before: nothing new was made. */
  again: z.boolean(),
});
export type ReportReceipt = z.infer<typeof ReportReceipt>;

export const ReportQuestion = z.object({
  id: z.string(),
  askedMs: timeMs,
  /** Absent for the reporter: who asks is the centre. */
  by: z.string().optional(),
  text: z.string(),
  answer: z.object({ text: z.string(), timeMs }).optional(),
});
export type ReportQuestion = z.infer<typeof ReportQuestion>;

export const ReportOutcome = z.object({
  outcome: ReportOutcomeCode,
  timeMs,
  /** For the reporter too: one or two sentences. */
  note: z.string().optional(),
  by: z.string().optional(),
  /** The reporter has seen it, or was told by voice. */
  toldMs: timeMs.optional(),
});
export type ReportOutcome = z.infer<typeof ReportOutcome>;

export const MediaState = z.object({
  id: z.string(),
  kind: MediaKind,
  type: MediaType,
  bytes: z.number().int(),
  sha256: z.string(),
  /** Bytes that the hub has: the next chunk begins there. */
  have: z.number().int(),
  /** All of it is there and its hash is right. */
  done: z.boolean(),
  /** Deleted, by retention or by somebody. */
  removed: z.boolean(),
});
export type MediaState = z.infer<typeof MediaState>;

/** What a device sees of a report of its own. */
export const MyReport = z.object({
  id: z.string(),
  reference: z.string(),
  receivedMs: timeMs,
  observedMs: timeMs,
  state: ReportState,
  openedMs: z.object({ leadership: timeMs.optional(), centre: timeMs.optional() }),
  outcome: ReportOutcome.optional(),
  questions: z.array(ReportQuestion),
  media: z.array(MediaState),
  /** The direction disagrees with what else is known: the reporter is asked to check, without blame. */
  checkCompass: z.boolean(),
});
export type MyReport = z.infer<typeof MyReport>;

/** POST /reports/:id/media, before the first chunk. `id` and hash are the device's; sent again, the answer says where to go on. */
export const NewMedia = z.strictObject({
  id,
  kind: MediaKind,
  type: MediaType,
  bytes: z.number().int().min(1).max(MAX_MEDIA_BYTES),
  /** Of the whole file, 64 hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type NewMedia = z.infer<typeof NewMedia>;

/** What has been made of a direction, for the map: point at the observer, opening to both sides; the far edge fades where the range is not known. */
export const Wedge = z.object({
  latDeg,
  lonDeg,
  azimuthDeg: z.number(),
  /** 1σ, the reporter's own position error not included. */
  sigmaDeg: z.number(),
  /** 90 % of what the words say. */
  nearM: z.number(),
  farM: z.number(),
});
export type Wedge = z.infer<typeof Wedge>;

/** A dated position: where it was, not where it is. Half axes of 95 %. */
export const DatedPosition = z.object({
  timeMs,
  latDeg,
  lonDeg,
  ellipse: z.object({ majorM: z.number(), minorM: z.number(), azimuthDeg: z.number() }),
  heightAboveObserverM: z.number().optional(),
  /** Reports that it rests on. */
  reports: z.array(z.string()),
});
export type DatedPosition = z.infer<typeof DatedPosition>;

export const Opened = z.object({ by: z.string(), timeMs });

/** A report as officers see it. Ratings are not part of it. */
export const Report = z.object({
  id: z.string(),
  reference: z.string(),
  state: ReportState,
  how: ReportHow,
  drill: z.boolean(),
  receivedMs: timeMs,
  /** Behind the event, s, when it arrived; beyond six it moves no track. */
  lateS: z.number(),
  reporter: z.object({
    personId: z.string().optional(),
    name: z.string().optional(),
    team: z.string().optional(),
    callBack: z.string().optional(),
  }),
  keyedBy: z.string().optional(),
  ...seen,
  wedge: Wedge.optional(),
  /** The incident that it belongs to: the id of the incident's first report. */
  incident: z.string(),
  /** Tracks that it agrees with now, by number. */
  tracks: z.array(z.number().int()),
  /** What speaks against it, or has to be known before it is used. */
  findings: z.array(
    z.object({
      code: z.enum(["direction-disagrees", "late", "clock-corrected", "of-the-future"]),
      values: z.record(z.string(), z.number()),
    }),
  ),
  opened: z.object({ leadership: Opened.optional(), centre: Opened.optional() }),
  /** Who leads the reporter's team; empty: nobody who can be told is known. */
  leaders: z.array(
    z.object({
      personId: z.string(),
      name: z.string(),
      toldMs: timeMs.optional(),
      /** Channels that have reached them. */
      by: z.array(Channel),
      /** Every way that was used since the newest reminder has failed, or there is none. */
      unreached: z.boolean(),
    }),
  ),
  reminders: z.number().int(),
  outcome: ReportOutcome.optional(),
  takenBack: z.object({ timeMs, by: z.string(), reason: z.string().optional() }).optional(),
  questions: z.array(ReportQuestion),
  media: z.array(MediaState),
});
export type Report = z.infer<typeof Report>;

/** Several reports of one event. */
export const Incident = z.object({
  id: z.string(),
  reference: z.string(),
  firstMs: timeMs,
  lastMs: timeMs,
  reports: z.array(z.string()),
  position: DatedPosition.optional(),
  open: z.boolean(),
});
export type Incident = z.infer<typeof Incident>;

/** POST /reports/preview with a NewReport: what a call that is being typed may be the same as, and what else it may be. Nothing is kept of it. */
export const ReportPreview = z.object({
  /** Incidents, that of the newest report first. */
  same: z.array(
    z.object({
      incident: z.string(),
      /** The newest report of it that fits. */
      report: z.object({
        id: z.string(),
        reference: z.string(),
        reporter: z.string().optional(),
        observedMs: timeMs,
        place: z.string().optional(),
      }),
      members: z.number().int(),
      /** Where it would be with this one. */
      position: DatedPosition.optional(),
    }),
  ),
  tracks: z.array(z.object({ number: z.number().int(), id: z.string() })),
  lookAlikes: LookAlikes,
});
export type ReportPreview = z.infer<typeof ReportPreview>;

/** GET /reports: newest first, at most 500. */
export const ReportQueue = z.object({ reports: z.array(Report), incidents: z.array(Incident), unread: z.number().int() });
export type ReportQueue = z.infer<typeof ReportQueue>;

export const TakeBack = z.strictObject({ reason: text(500).optional() });
export const NewOutcome = z.strictObject({ outcome: ReportOutcomeCode, note: text(500).optional() });
export type NewOutcome = z.infer<typeof NewOutcome>;
export const NewQuestion = z.strictObject({ id, text: text(300) });
export const NewAnswer = z.strictObject({ questionId: id, text: text(500) });
/** Into the incident of that report; its own id: out of the one it is in. */
export const IncidentChoice = z.strictObject({ incident: id });
/** Why somebody looks; written down before anything is shown. */
export const LookPurpose = z.strictObject({ purpose: z.string().trim().min(3).max(500) });

/**
 * The two ratings of the Admiralty, never combined: of the reporter A (always right so far) to E, F not enough known; of the information 1
 * (confirmed by others) to 5, 6 cannot be judged.
 */
export const Reliability = z.enum(["A", "B", "C", "D", "E", "F"]);
export type Reliability = z.infer<typeof Reliability>;
export const Credibility = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);
export type Credibility = z.infer<typeof Credibility>;
export const Grading = z.object({ reliability: Reliability, credibility: Credibility, gradedBy: z.string().optional() });
export type Grading = z.infer<typeof Grading>;
export const NewGrade = z.strictObject({ credibility: Credibility });
