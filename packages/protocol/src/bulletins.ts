// A bulletin: written from claims in English and Spanish, each piece approved by somebody who reads the language, released, told, and confirmed person by
// person. A change is a new version that asks again only for what changed. Times as Unix milliseconds.
import { z } from "zod";
import { Handling, MemoId } from "./claims.ts";
import { BothWords, CarryItem, CarryItems, OwnCarryItem } from "./readiness.ts";
import { AreaShape, Channel, Language, reason, timeMs } from "./terms.ts";

const text = (most: number): z.ZodString => z.string().trim().min(1).max(most);
const personId = z.string().min(1).max(100);

export const PART_KEYS = ["headline", "know", "not-know", "do", "fallen"] as const;
export const MAX_EXTRA_PARTS = 8;
export const MAX_PART_TEXT = 2000;
/** One of the fixed parts, or a part of one's own: `extra-1` to `extra-8`, which has a title. */
export const PartKey = z.union([z.enum(PART_KEYS), z.string().regex(/^extra-[1-8]$/)]);
export type PartKey = z.infer<typeof PartKey>;
/** What is approved, owed and asked again by itself: a part of the text, the actions, the carry list, the question. */
export const PieceKey = z.union([PartKey, z.enum(["actions", "carry", "question"])]);
export type PieceKey = z.infer<typeof PieceKey>;

/** `act-on-it`: something is to be done. `know-it`: it is to be known. Neither makes an alarm. */
export const BulletinLevel = z.enum(["act-on-it", "know-it"]);
export type BulletinLevel = z.infer<typeof BulletinLevel>;

/** Whoever is any of these. */
export const Audience = z.strictObject({
  sector: z.boolean(),
  teams: z.array(text(80)).max(100),
  roles: z.array(text(80)).max(100),
  /** Ids of zones of kind post: those who stand there. */
  posts: z.array(z.string().min(1).max(40)).max(100),
  people: z.array(personId).max(2000),
  /** Organisations outside; each has to be in the marking's releasable-to list. */
  partners: z.array(text(80)).max(40),
});
export type Audience = z.infer<typeof Audience>;

export const Confirming = z.strictObject({
  /** From opening it, or from being told while it is not opened, until it is overdue. */
  withinS: z
    .number()
    .int()
    .min(1)
    .max(14 * 86_400),
  /** Told again, without a sound, as long as it is not confirmed: so often at most, at this distance. */
  reminders: z.number().int().min(0).max(10),
  remindEveryS: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400),
  /** Overdue: the leader of the team is told; after so long more, the supervisor. */
  leader: z.boolean(),
  supervisorAfterS: z
    .number()
    .int()
    .min(0)
    .max(7 * 86_400),
});
export type Confirming = z.infer<typeof Confirming>;
export const USUAL_CONFIRMING: Confirming = { withinS: 7200, reminders: 3, remindEveryS: 3600, leader: true, supervisorAfterS: 1800 };

export const BulletinSettings = z.strictObject({
  audience: Audience,
  level: BulletinLevel,
  /** Before it, nobody is told; at its end, all who had it are told that it is over. */
  validFromMs: timeMs,
  validUntilMs: timeMs,
  handling: Handling,
  claims: z.array(MemoId).max(60),
  area: AreaShape.optional(),
  confirming: Confirming,
  /** Part of a drill: reaches only whom the drill may reach, and every text begins with its mark. */
  drill: z.boolean(),
});
export type BulletinSettings = z.infer<typeof BulletinSettings>;

export const Action = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), words: BothWords });
export type Action = z.infer<typeof Action>;
export const Question = z.strictObject({
  words: z.strictObject({ en: text(200), es: text(200) }),
  answers: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), words: BothWords, right: z.boolean() }))
    .min(2)
    .max(6)
    .refine((answers) => answers.some(({ right }) => right), "one is right at least")
    .refine((answers) => new Set(answers.map(({ id }) => id)).size === answers.length, "each answer once"),
});
export type Question = z.infer<typeof Question>;

/** POST /bulletins → Bulletin, with its number. */
export const NewBulletin = z.strictObject({ id: MemoId });
/**
 * PUT /bulletins/:id/draft/parts/:key/:language, each time somebody stops typing. `rev` is the one that was being edited; another than the present is
 * refused (changed-meanwhile), so that nobody writes over what they have not read. Empty text takes the part out in that language.
 */
export const PartEdit = z.strictObject({
  text: z.string().max(MAX_PART_TEXT),
  /** Of an extra part. */
  title: z.string().trim().max(80).optional(),
  rev: z.number().int().min(0).optional(),
});
export type PartEdit = z.infer<typeof PartEdit>;
/** Null takes it out. */
export const ActionsEdit = z.strictObject({ actions: z.array(Action).min(1).max(12).nullable(), rev: z.number().int().min(0).optional() });
export const CarryEdit = z.strictObject({ items: CarryItems.nullable(), rev: z.number().int().min(0).optional() });
export const QuestionEdit = z.strictObject({ question: Question.nullable(), rev: z.number().int().min(0).optional() });
export const SettingsEdit = z.strictObject({ settings: BulletinSettings, rev: z.number().int().min(0).optional() });
/** What was read: another `rev` than the present is refused. `approve` false takes an approval back. */
export const Approval = z.strictObject({ piece: PieceKey, language: Language, rev: z.number().int().min(0), approve: z.boolean() });
export type Approval = z.infer<typeof Approval>;
/** The draft as it was read: refused when anything has changed since. */
export const Release = z.strictObject({ rev: z.number().int().min(0) });
export const Withdrawal = z.strictObject({ reason });

export const Edited = z.object({ by: z.string(), timeMs });
/** One piece in one language, as a draft has it. */
export const PieceState = z.object({
  /** Counts the changes of the piece, in either language. */
  rev: z.number().int(),
  edited: Edited.optional(),
  approved: Edited.optional(),
  /** The other language was changed since: read it again before you approve. */
  readAgainMs: timeMs.optional(),
  /** Differs from the version that is out. */
  changed: z.boolean(),
});
export type PieceState = z.infer<typeof PieceState>;

/** Why a draft cannot be released yet, for the words beside the button. */
export const ReleaseBlock = z.object({
  code: z.enum([
    "part-missing",
    "not-approved",
    "no-audience",
    "validity",
    "nothing-changed",
    "claim-not-standing",
    /** The marking is broader than that of what the claims are drawn from. */
    "marking-broader",
    "partner-not-releasable",
    /** RED and AMBER+STRICT go to nobody outside; RED to named people only. */
    "marking-audience",
    /** Who asks wrote or approved some of it. */
    "second-person",
    /** As many are in force as there is room for: withdraw one first. */
    "too-many",
  ]),
  piece: z.string().optional(),
  language: Language.optional(),
  /** A claim's number, a source's title, a partner's name. */
  what: z.string().optional(),
});
export type ReleaseBlock = z.infer<typeof ReleaseBlock>;

const OneText = z.object({ title: z.string().optional(), text: z.string() });

/** What a version says. A language that is absent has not been written. */
export const BulletinContent = z.object({
  parts: z.array(z.object({ key: z.string(), en: OneText.optional(), es: OneText.optional() })),
  actions: z.array(Action).optional(),
  carry: z.array(CarryItem).optional(),
  question: Question.optional(),
  settings: BulletinSettings,
});
export type BulletinContent = z.infer<typeof BulletinContent>;

export const BulletinDraft = BulletinContent.extend({
  /** The version that it will be. */
  version: z.number().int(),
  /** Counts every change of the draft. */
  rev: z.number().int(),
  settingsRev: z.number().int(),
  savedMs: timeMs,
  pieces: z.array(z.object({ key: z.string(), en: PieceState, es: PieceState })),
  /** Release was asked for; any change takes it back. */
  asked: Edited.optional(),
  /** For the session that reads this. Empty: it may release. */
  blocks: z.array(ReleaseBlock),
  /** How many of our people it would go to, and of these who read Spanish. */
  reaches: z.object({ people: z.number().int(), spanish: z.number().int() }),
});
export type BulletinDraft = z.infer<typeof BulletinDraft>;

export const BulletinVersion = BulletinContent.extend({
  version: z.number().int(),
  releasedMs: timeMs,
  releasedBy: z.string(),
  writers: z.array(z.string()),
  approvals: z.array(z.object({ piece: z.string(), language: Language, by: z.string(), timeMs })),
  /** Pieces that are asked again of those who had confirmed the version before; all of them in the first. */
  changed: z.array(z.string()),
  /** How the carry list differs from the one before: quantity before, 0 for a new item. */
  carryWas: z.record(z.string(), z.number().int()).optional(),
  /** Numbers of its claims, as they were then. */
  claimNumbers: z.array(z.string()),
});
export type BulletinVersion = z.infer<typeof BulletinVersion>;

/** `waiting`: released, its time has not begun. */
export const BulletinState = z.enum(["draft", "waiting", "in-force", "withdrawn", "expired"]);
export type BulletinState = z.infer<typeof BulletinState>;

/** People by where they stand with the version in force. */
export const BulletinCounts = z.object({
  people: z.number().int(),
  waiting: z.number().int(),
  told: z.number().int(),
  delivered: z.number().int(),
  opened: z.number().int(),
  confirmed: z.number().int(),
  overdue: z.number().int(),
  noWay: z.number().int(),
});
export type BulletinCounts = z.infer<typeof BulletinCounts>;

export const BulletinSummary = z.object({
  id: z.string(),
  /** B-0023. */
  number: z.string(),
  /** 0: none is out yet. */
  version: z.number().int(),
  state: BulletinState,
  headline: z.object({ en: z.string().optional(), es: z.string().optional() }),
  level: BulletinLevel,
  drill: z.boolean(),
  validFromMs: timeMs,
  validUntilMs: timeMs,
  changedMs: timeMs,
  hasDraft: z.boolean(),
  asked: Edited.optional(),
  counts: BulletinCounts,
  /** Claims of the version in force that no longer stand: those told were told; a new version or a withdrawal is due. */
  fallen: z.array(z.object({ claimId: z.string(), number: z.string(), state: z.enum(["refuted", "superseded", "fallen"]), timeMs })),
});
export type BulletinSummary = z.infer<typeof BulletinSummary>;

export const Bulletin = BulletinSummary.extend({
  draft: BulletinDraft.optional(),
  /** Newest last, at most 20. */
  versions: z.array(BulletinVersion),
  withdrawn: z.object({ timeMs, by: z.string(), reason: z.string() }).optional(),
  /** What outlets that speak to partners (CAP, webhook, MQTT) were asked to say last, and what became of it. */
  outside: z
    .object({
      version: z.number().int(),
      change: z.enum(["new", "changed", "withdrawn", "expired", "fallen"]),
      timeMs,
      results: z.array(z.object({ outlet: z.string(), step: z.enum(["sent", "failed"]), timeMs, reason: z.string().optional() })),
    })
    .optional(),
  /** How the question was answered, by answer: it says whether the bulletin is clear, and nothing of a person. */
  answers: z.record(z.string(), z.number().int()),
});
export type Bulletin = z.infer<typeof Bulletin>;

export const ConfirmWay = z.enum(["app", "tak", "sms", "email", "muster", "keyed"]);
export type ConfirmWay = z.infer<typeof ConfirmWay>;
export const Confirmation = z.object({
  version: z.number().int(),
  /** When it happened, on the sector's clock; when it came in. */
  timeMs,
  receivedMs: timeMs,
  by: ConfirmWay,
  /** muster, keyed: who read it aloud or heard the answer. */
  who: z.string().optional(),
  answer: z.string().optional(),
  language: Language,
});
export type Confirmation = z.infer<typeof Confirmation>;

/** Where one person stands with a bulletin. */
export const BulletinPerson = z.object({
  personId: z.string(),
  name: z.string(),
  team: z.string(),
  language: Language,
  /** `over`: they are no longer of its audience, and were told if they had it. */
  step: z.enum(["waiting", "told", "delivered", "opened", "confirmed", "over"]),
  /** The version that they were last told of; 0: none. */
  version: z.number().int(),
  toldMs: timeMs.optional(),
  deliveredMs: timeMs.optional(),
  openedMs: timeMs.optional(),
  /** Newest last, at most 20: earlier ones stay on record as of their version. */
  confirmations: z.array(Confirmation),
  owes: z.array(z.string()),
  ways: z.array(
    z.object({
      channel: Channel,
      step: z.enum(["due", "sent", "delivered", "failed", "no-link"]),
      timeMs,
      reason: z.string().optional(),
    }),
  ),
  dueMs: timeMs.optional(),
  overdue: z.boolean(),
  reminders: z.number().int(),
  remindedMs: timeMs.optional(),
  leaderToldMs: timeMs.optional(),
  supervisorToldMs: timeMs.optional(),
  noWay: z.boolean(),
  /** They were told that it is over: withdrawn, expired, or no longer theirs; and whether that came. */
  ended: z.object({ why: z.enum(["withdrawn", "expired", "not-concerned"]), toldMs: timeMs, deliveredMs: timeMs.optional() }).optional(),
});
export type BulletinPerson = z.infer<typeof BulletinPerson>;

/** POST /bulletins/:id/muster: read aloud, and confirmed for those who were there, in one step. Sent again, it is one. */
export const Muster = z.strictObject({
  id: MemoId,
  version: z.number().int().min(1),
  people: z.array(personId).min(1).max(500),
  /** When it was read; absent: now. */
  readMs: timeMs.optional(),
  place: text(80).optional(),
});
export type Muster = z.infer<typeof Muster>;
/** POST /bulletins/:id/keyed: somebody said over the radio that they have understood. */
export const KeyedConfirmation = z.strictObject({ personId, version: z.number().int().min(1) });

// Devices

/** A bulletin as the person's device shows it, in both languages: the language may be changed without a network. */
export const DeviceBulletin = z.object({
  id: z.string(),
  number: z.string(),
  version: z.number().int(),
  state: z.enum(["in-force", "withdrawn", "expired", "not-concerned"]),
  level: BulletinLevel,
  drill: z.boolean(),
  releasedMs: timeMs,
  validFromMs: timeMs,
  validUntilMs: timeMs,
  tlp: Handling.shape.tlp,
  parts: z.array(z.object({ key: z.string(), en: OneText.optional(), es: OneText.optional() })),
  actions: z.array(Action).optional(),
  carry: z.array(OwnCarryItem).optional(),
  question: Question.optional(),
  area: AreaShape.optional(),
  /** Keys of pieces that the person has not confirmed as they now stand; empty: nothing is owed. */
  owes: z.array(z.string()),
  openedMs: timeMs.optional(),
  /** The last confirmation, of whichever version. */
  confirmed: z.object({ version: z.number().int(), timeMs, answer: z.string().optional() }).optional(),
  dueMs: timeMs.optional(),
  /** Why it ended, for the person to read. */
  ended: z.object({ timeMs, reason: z.string().optional() }).optional(),
  /** What of it no longer holds, in the order of falling. */
  fallen: z.array(z.object({ number: z.string(), state: z.enum(["refuted", "superseded", "fallen"]), timeMs })),
});
export type DeviceBulletin = z.infer<typeof DeviceBulletin>;

/**
 * POST /device/bulletins/:id/events → DeviceBulletin: what happened on the device, also long ago and without a network. `id` is made by the device;
 * sent again, it is one. `delivered` is of the notice that it is withdrawn or over too.
 */
export const BulletinEvent = z.strictObject({
  id: MemoId,
  step: z.enum(["delivered", "opened", "confirmed"]),
  version: z.number().int().min(1),
  /** On the device's clock: when it happened, and when this was sent; the difference of the clocks is taken out. */
  atMs: timeMs,
  sentMs: timeMs,
  language: Language,
  /** Asked for with `confirmed` while the question is owed. A wrong one is taken too: the device says which is right. */
  answer: z.string().max(40).optional(),
});
export type BulletinEvent = z.infer<typeof BulletinEvent>;

/** Why a bulletin comes over the stream. */
export const BulletinTold = z.enum(["new", "changed", "reminder", "state", "withdrawn", "expired", "not-concerned", "fallen"]);
export type BulletinTold = z.infer<typeof BulletinTold>;

/** For the leader of a team, and for supervisors: who is overdue with a bulletin. */
export const OverdueBulletin = z.object({
  bulletinId: z.string(),
  number: z.string(),
  headline: z.object({ en: z.string().optional(), es: z.string().optional() }),
  people: z.array(
    z.object({
      personId: z.string(),
      name: z.string(),
      team: z.string(),
      dueMs: timeMs,
      step: z.enum(["waiting", "told", "delivered", "opened"]),
    }),
  ),
});
export type OverdueBulletin = z.infer<typeof OverdueBulletin>;
