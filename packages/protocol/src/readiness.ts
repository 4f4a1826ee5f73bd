// A shift that is ready: the carry list, what each person has of it, what has to be renewed, and who goes out when. No score, no ranking.
// Dates without a time are days of the sector's own calendar, YYYY-MM-DD; times are Unix milliseconds.
import { z } from "zod";
import { MemoId } from "./claims.ts";
import { Channel, Language, reason, timeMs } from "./terms.ts";

const text = (most: number): z.ZodString => z.string().trim().min(1).max(most);
const personId = z.string().min(1).max(100);
export const CalendarDate = z.iso.date();
export type CalendarDate = z.infer<typeof CalendarDate>;
/** The same in both languages. */
export const BothWords = z.strictObject({ en: text(120), es: text(120) });
export type BothWords = z.infer<typeof BothWords>;

export const MAX_CARRY_ITEMS = 24;
export const CarryItem = z.strictObject({
  /** Stays the same from list to list, so that answers and changes are of one thing: `tourniquet`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: BothWords,
  quantity: z.number().int().min(1).max(99),
  /** Where to get one. */
  where: BothWords.optional(),
  /** It has a date at which it ends, which is asked for. */
  ends: z.boolean(),
});
export type CarryItem = z.infer<typeof CarryItem>;
export const CarryItems = z
  .array(CarryItem)
  .min(1)
  .max(MAX_CARRY_ITEMS)
  .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, "each item once");

export const ThreatLevel = z.enum(["normal", "raised", "high"]);
export type ThreatLevel = z.infer<typeof ThreatLevel>;
export const NewThreatLevel = z.strictObject({ level: ThreatLevel, why: reason });

/**
 * What a role carries at a threat level. `role` as in PersonDefinition; "" for every role without a list of its own. Who has no list for the level
 * has that of the next lower one.
 */
export const CarryList = z.strictObject({ role: z.string().trim().max(80), level: ThreatLevel, items: CarryItems });
export type CarryList = z.infer<typeof CarryList>;
/** GET, PUT /readiness/carry-lists: all of them, at most 60. */
export const CarryLists = z.strictObject({ lists: z.array(CarryList).max(60) });
export type CarryLists = z.infer<typeof CarryLists>;

/** One item of the list that holds for a person, and how it differs from the one before. */
export const OwnCarryItem = CarryItem.extend({
  /** Quantity before; 0: it is new. Absent: unchanged. */
  was: z.number().int().optional(),
});
export type OwnCarryItem = z.infer<typeof OwnCarryItem>;

/** PUT /device/kit: what the person has, at the start of a shift. All answers each time; the newest of one person counts. */
export const KitAnswers = z.strictObject({
  id: MemoId,
  /** On the device's clock: when it was answered and when this was sent. */
  atMs: timeMs,
  sentMs: timeMs,
  answers: z
    .array(
      z.strictObject({
        itemId: z.string().min(1).max(40),
        /** How many; 0: none. Fewer than asked for: missing. */
        have: z.number().int().min(0).max(99),
        endsOn: CalendarDate.optional(),
      }),
    )
    .max(MAX_CARRY_ITEMS),
});
export type KitAnswers = z.infer<typeof KitAnswers>;

/** `ends-soon`: within seven days. */
export const KitState = z.enum(["has", "missing", "ends-soon", "ended", "not-answered"]);
export type KitState = z.infer<typeof KitState>;
export const KitItem = z.object({
  itemId: z.string(),
  state: KitState,
  have: z.number().int().optional(),
  quantity: z.number().int(),
  endsOn: CalendarDate.optional(),
});
export type KitItem = z.infer<typeof KitItem>;

export const TrainingKind = z.enum(["tourniquet", "drone-drill"]);
export type TrainingKind = z.infer<typeof TrainingKind>;
export const TrainingState = z.object({
  kind: TrainingKind,
  until: CalendarDate.optional(),
  state: z.enum(["current", "ends-soon", "lapsed", "not-known"]),
  by: z.string().optional(),
});
export type TrainingState = z.infer<typeof TrainingState>;
/** PUT /people/:id/training. Null: not known. */
export const NewTraining = z.strictObject({ kind: TrainingKind, until: CalendarDate.nullable() });

/** A group that goes out together: whom the supervisor looks at before they go. PUT /readiness/outings/:id, DELETE. */
export const OutingDefinition = z.strictObject({
  id: MemoId,
  name: text(80),
  fromMs: timeMs,
  untilMs: timeMs,
  musterMs: timeMs.optional(),
  /** Where they gather, in words. */
  musterPlace: text(80).optional(),
  /** The post that they go to: the id of its zone. */
  post: z.string().max(40).optional(),
  people: z.array(personId).max(200),
});
export type OutingDefinition = z.infer<typeof OutingDefinition>;

/** POST /readiness/people/:id/remedies: what was arranged for somebody, for them to read too. Erased with the kit answers. */
export const NewRemedy = z.strictObject({ id: MemoId, text: text(200), itemId: z.string().max(40).optional() });
export const Remedy = z.object({ id: z.string(), text: z.string(), itemId: z.string().optional(), by: z.string(), timeMs });
export type Remedy = z.infer<typeof Remedy>;

/** GET /device/kit: the list that holds for this person now, what they have answered, and where they go. */
export const DeviceKit = z.object({
  threatLevel: ThreatLevel,
  /** The bulletin that set the list; absent: the sector's own. */
  setBy: z.object({ bulletinId: z.string(), number: z.string() }).optional(),
  items: z.array(OwnCarryItem),
  answeredMs: timeMs.optional(),
  kit: z.array(KitItem),
  /** When the answers will be erased; absent while on shift. */
  erasedMs: timeMs.optional(),
  training: z.array(TrainingState),
  remedies: z.array(Remedy),
  outing: OutingDefinition.omit({ people: true }).extend({ postName: z.string().optional() }).optional(),
});
export type DeviceKit = z.infer<typeof DeviceKit>;

/** GET /device/kept: what is kept about the person who asks, thing by thing, and until when. */
export const KeptThing = z.object({
  what: z.enum([
    "person",
    "ways",
    "devices",
    "shift",
    "position",
    "reports",
    "media",
    "reliability",
    "warnings",
    "bulletins",
    "kit",
    "remedies",
    "training",
    "outings",
  ]),
  /** How many entries; the newest. */
  count: z.number().int(),
  newestMs: timeMs.optional(),
  /** Erased at this time; or after so many hours; neither: kept for good, as a record of what was decided and answered. */
  erasedMs: timeMs.optional(),
  keptHours: z.number().optional(),
  /** In figures and words of the person's own, where there are any: the address of a way, the date of a training. */
  values: z.array(z.string()),
});
export type KeptThing = z.infer<typeof KeptThing>;
export const Kept = z.object({ timeMs, things: z.array(KeptThing) });
export type Kept = z.infer<typeof Kept>;

/** How somebody can be told now. `voice`: by radio or telephone only. */
export const Reach = z.object({
  state: z.enum(["linked", "limited", "cut-off", "voice", "none", "not-started"]),
  by: Channel.optional(),
  lastHeardMs: timeMs.optional(),
  /** They carry no device by choice: no way but voice is set down for them. */
  byChoice: z.boolean(),
});
export type Reach = z.infer<typeof Reach>;

/** What is open with somebody, for a remedy before they go. */
export const Need = z.object({
  code: z.enum([
    "item-missing",
    "item-ends-soon",
    "item-ended",
    "kit-not-answered",
    "training-ends-soon",
    "training-lapsed",
    "bulletin-not-opened",
    "bulletin-not-confirmed",
    "no-link",
    "no-way",
  ]),
  itemId: z.string().optional(),
  training: TrainingKind.optional(),
  bulletinId: z.string().optional(),
  /** How many they have and need, days left, since when. */
  values: z.record(z.string(), z.number()),
  /** Somebody has arranged something. */
  remedied: z.boolean(),
});
export type Need = z.infer<typeof Need>;

export const PersonReadiness = z.object({
  personId: z.string(),
  name: z.string(),
  team: z.string(),
  role: z.string(),
  leader: z.boolean(),
  language: Language,
  onShift: z.boolean(),
  /** Names of posts at which they stand. */
  posts: z.array(z.string()),
  reach: Reach,
  kitAnsweredMs: timeMs.optional(),
  kit: z.array(KitItem),
  training: z.array(TrainingState),
  bulletins: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      version: z.number().int(),
      step: z.enum(["waiting", "told", "delivered", "opened", "confirmed", "by-muster"]),
      stepMs: timeMs.optional(),
      overdue: z.boolean(),
    }),
  ),
  needs: z.array(Need),
  remedies: z.array(Remedy),
});
export type PersonReadiness = z.infer<typeof PersonReadiness>;

/** GET /readiness: those on shift and those in an outing that is not over; at most 2,000 people. */
export const Readiness = z.object({
  timeMs,
  threatLevel: ThreatLevel,
  threatLevelSince: timeMs.optional(),
  threatLevelBy: z.string().optional(),
  /** Columns: every item of any list that holds for somebody here. */
  items: z.array(CarryItem),
  people: z.array(PersonReadiness),
  outings: z.array(OutingDefinition),
  counts: z.object({
    people: z.number().int(),
    canBeWarned: z.number().int(),
    byVoiceOnly: z.number().int(),
    carryAll: z.number().int(),
    missing: z.number().int(),
    endSoon: z.number().int(),
    kitNotAnswered: z.number().int(),
    trainingLapsed: z.number().int(),
    trainingEndsSoon: z.number().int(),
  }),
  /** Bulletins in force, newest first: of all who owe them, on shift or not. */
  bulletins: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      version: z.number().int(),
      owed: z.number().int(),
      confirmed: z.number().int(),
      opened: z.number().int(),
      notOpened: z.number().int(),
      overdue: z.number().int(),
    }),
  ),
});
export type Readiness = z.infer<typeof Readiness>;
