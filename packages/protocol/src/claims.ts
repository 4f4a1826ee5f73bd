// What we believe and why: source documents kept whole, and the claims that an analyst draws from them. Reliability is of a source, credibility of a
// claim; they are assessed apart and never combined. Times as Unix milliseconds.
import { z } from "zod";
import { Credibility, Reliability } from "./reports.ts";
import { AreaShape, Language, reason, timeMs } from "./terms.ts";

/** Ids that a browser or a device makes, so that what is sent again is one. */
export const MemoId = z.string().regex(/^[A-Za-z0-9._-]{8,64}$/, "8 to 64 letters, digits, dots, dashes or underscores");
const text = (most: number): z.ZodString => z.string().trim().min(1).max(most);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Traffic Light Protocol 2.0, from the strictest. */
export const TLP = ["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"] as const;
export const Tlp = z.enum(TLP);
export type Tlp = z.infer<typeof Tlp>;

/**
 * How something may be handed on. `releasableTo` names the organisations outside our own that may have it: nobody who is not in it, unless it is
 * CLEAR. AMBER+STRICT and RED leave the organisation under no name.
 */
export const Handling = z.strictObject({ tlp: Tlp, releasableTo: z.array(text(80)).max(40) });
export type Handling = z.infer<typeof Handling>;

export const MAX_DOCUMENT_BYTES: number = 20 * 1024 * 1024;
export const MAX_DOCUMENT_TEXT = 200_000;
/** Bytes of one piece of a file at most. */
export const DOCUMENT_PIECE_BYTES: number = 256 * 1024;
export const MAX_CITES = 40;

export const MemoSourceKind = z.enum(["memo", "report", "article", "post", "broadcast-id", "own-incident"]);
export type MemoSourceKind = z.infer<typeof MemoSourceKind>;

/** An incident of our own: a danger by its warning, or what was reported by the incident's id. */
export const OwnIncident = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("warning"), id: text(200) }),
  z.strictObject({ kind: z.literal("reports"), id: text(100) }),
]);
export type OwnIncident = z.infer<typeof OwnIncident>;

/** A type of file as browsers name it: `application/pdf`, `text/html`. It is kept as it came and never opened by the hub. */
const FileType = z
  .string()
  .max(120)
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/);

/** Text that was pasted comes with the source; a file is announced, and comes in pieces. An own incident is named: it stands in the journal. */
export const NewContent = z.discriminatedUnion("form", [
  z.strictObject({ form: z.literal("text"), text: z.string().min(1).max(MAX_DOCUMENT_TEXT) }),
  z.strictObject({
    form: z.literal("file"),
    name: text(200),
    type: FileType,
    bytes: z.number().int().min(1).max(MAX_DOCUMENT_BYTES),
    sha256,
  }),
  z.strictObject({ form: z.literal("incident"), incident: OwnIncident }),
]);
export type NewContent = z.infer<typeof NewContent>;

/** POST /memo/sources → MemoSource. Sent again with the same id and content, it is one. */
export const NewMemoSource = z.strictObject({
  id: MemoId,
  kind: MemoSourceKind,
  title: text(200),
  /** Who made it. */
  origin: text(200),
  /** Where it was published, in words or as an address; nothing is fetched from there. */
  place: text(500).optional(),
  /** When it was written or published, as far as that is known. */
  writtenMs: timeMs.optional(),
  /** When it was taken: the page saved, the broadcast received. */
  capturedMs: timeMs,
  language: Language.optional(),
  handling: Handling,
  content: NewContent,
  /** Sources that it cites. */
  cites: z.array(MemoId).max(MAX_CITES),
  /** It has knowledge of its own beside what it cites. False: it only repeats, and counts as what it cites. */
  addsOwn: z.boolean().default(false),
});
export type NewMemoSource = z.infer<typeof NewMemoSource>;

export const DocumentState = z.object({
  form: z.enum(["text", "file", "incident"]),
  /** Absent for an own incident. */
  name: z.string().optional(),
  type: z.string().optional(),
  bytes: z.number().int(),
  sha256: z.string().optional(),
  incident: OwnIncident.optional(),
  /** Bytes that the hub has: the next piece begins there. */
  have: z.number().int(),
  whole: z.boolean(),
  /** Its content was deleted, by retention or by somebody; the hash stays. */
  removed: z.boolean(),
  /** This session may see the content. */
  mayLook: z.boolean(),
});
export type DocumentState = z.infer<typeof DocumentState>;

/** One change of a source or a claim: what, by whom, when, why; `from` and `to` in the words of the thing changed. */
export const MemoChange = z.object({
  timeMs,
  by: z.string(),
  what: z.enum([
    "taken",
    "reliability",
    "handling",
    "cites",
    "withdrawn",
    "refuted",
    "restored",
    "content-removed",
    "drawn",
    "text",
    "sources",
    "credibility",
    "linked",
    "unlinked",
    "confirmed",
    "reopened",
    // Found by the hub, not decided by a person: `by` is "".
    "superseded",
    "fallen",
    "stands-again",
  ]),
  from: z.string().optional(),
  to: z.string().optional(),
  why: z.string().optional(),
});
export type MemoChange = z.infer<typeof MemoChange>;

export const SourceStanding = z.enum(["standing", "withdrawn", "refuted", "fallen"]);

export const MemoSource = z.object({
  id: z.string(),
  kind: MemoSourceKind,
  title: z.string(),
  origin: z.string(),
  place: z.string().optional(),
  writtenMs: timeMs.optional(),
  capturedMs: timeMs,
  takenMs: timeMs,
  by: z.string(),
  language: Language.optional(),
  handling: Handling,
  document: DocumentState,
  cites: z.array(z.string()),
  citedBy: z.array(z.string()),
  addsOwn: z.boolean(),
  /** F until somebody grades it. */
  reliability: Reliability,
  gradedBy: z.string().optional(),
  gradedMs: timeMs.optional(),
  /** `fallen`: nobody refuted it, but all that it repeats was withdrawn or refuted. */
  standing: SourceStanding,
  /** The sources that it comes down to along its citations, those that no longer stand included; itself, where it knows of its own. */
  roots: z.array(z.string()),
  claims: z.array(z.string()),
  /** Newest last, at most 200. */
  history: z.array(MemoChange),
});
export type MemoSource = z.infer<typeof MemoSource>;

export const NewReliability = z.strictObject({ reliability: Reliability, why: reason });
export const NewHandling = z.strictObject({ handling: Handling, why: reason });
export const NewCitations = z.strictObject({ cites: z.array(MemoId).max(MAX_CITES), addsOwn: z.boolean() });
/** `restored`: it stands again. */
export const SourceVerdict = z.strictObject({ verdict: z.enum(["withdrawn", "refuted", "restored"]), why: reason });
export type SourceVerdict = z.infer<typeof SourceVerdict>;

/** How sure the analyst is that it is so: near certain from 95 %, likely from 70, possible from 30. */
export const Sureness = z.enum(["near-certain", "likely", "possible", "unlikely", "not-known"]);
export type Sureness = z.infer<typeof Sureness>;

/** What is claimed: a sentence, and its parts as far as they are known. */
export const ClaimText = z.strictObject({
  text: text(600),
  who: text(200).optional(),
  what: text(200).optional(),
  where: text(200).optional(),
  when: text(200).optional(),
  sure: Sureness,
  area: AreaShape.optional(),
});
export type ClaimText = z.infer<typeof ClaimText>;

export const MAX_CLAIM_SOURCES = 40;
/** POST /memo/claims → Claim. */
export const NewClaim = z.strictObject({
  id: MemoId,
  ...ClaimText.shape,
  sources: z.array(MemoId).min(1).max(MAX_CLAIM_SOURCES),
  credibility: Credibility.optional(),
});
export type NewClaim = z.infer<typeof NewClaim>;
export const ClaimEdit = z.strictObject({ ...ClaimText.shape, why: reason.optional() });
export const ClaimSources = z.strictObject({ sources: z.array(MemoId).min(1).max(MAX_CLAIM_SOURCES), why: reason.optional() });
export const NewCredibility = z.strictObject({ credibility: Credibility, why: reason });
export const LinkKind = z.enum(["corroborates", "contradicts", "supersedes"]);
export type LinkKind = z.infer<typeof LinkKind>;
/** PUT, DELETE: this claim corroborates, contradicts or supersedes that one. */
export const ClaimLink = z.strictObject({ kind: LinkKind, to: MemoId });
export type ClaimLink = z.infer<typeof ClaimLink>;
/** By an own incident where there is one: that closes the loop. */
export const ClaimVerdict = z.strictObject({
  verdict: z.enum(["confirmed", "refuted", "reopened"]),
  incident: OwnIncident.optional(),
  why: reason,
});
export type ClaimVerdict = z.infer<typeof ClaimVerdict>;

/** `fallen`: all that it rests on was withdrawn or refuted, and nothing of our own has confirmed it. */
export const ClaimState = z.enum(["standing", "confirmed", "refuted", "superseded", "fallen"]);
export type ClaimState = z.infer<typeof ClaimState>;

export const Claim = z.object({
  id: z.string(),
  /** C-0141. */
  number: z.string(),
  ...ClaimText.shape,
  madeMs: timeMs,
  by: z.string(),
  /** Sources with the reliability of each; not averaged. */
  sources: z.array(z.object({ id: z.string(), reliability: Reliability, standing: SourceStanding })),
  /** 6 until somebody grades it. */
  credibility: Credibility,
  gradedBy: z.string().optional(),
  gradedMs: timeMs.optional(),
  /** How many sources it rests on that do not come down to one another and still stand: three articles that cite one memo are one. */
  independentSources: z.number().int(),
  /** Which those are. */
  roots: z.array(z.string()),
  /** The same with those of claims that corroborate it. */
  independentWithCorroboration: z.number().int(),
  links: z.array(z.object({ kind: LinkKind, to: z.string(), by: z.string(), timeMs })),
  /** Links of other claims to this one. */
  linkedFrom: z.array(z.object({ kind: LinkKind, from: z.string() })),
  state: ClaimState,
  stateMs: timeMs,
  verdict: z
    .object({ verdict: z.enum(["confirmed", "refuted"]), incident: OwnIncident.optional(), by: z.string(), timeMs, why: z.string() })
    .optional(),
  /** `one-source`: graded 1, confirmed by others, while no second independent source is known. */
  findings: z.array(z.enum(["one-source", "contradicted"])),
  /** The strictest handling of what it is drawn from. */
  handling: Handling,
  /** Bulletins that use it. */
  bulletins: z.array(z.object({ id: z.string(), number: z.string() })),
  /** Newest last, at most 200. */
  history: z.array(MemoChange),
});
export type Claim = z.infer<typeof Claim>;

/** GET /memo/changes: what changed, newest first, at most 200; of sources, claims and bulletins. */
export const MemoNews = z.object({ about: z.enum(["source", "claim"]), id: z.string(), label: z.string(), change: MemoChange });
export type MemoNews = z.infer<typeof MemoNews>;

/** GET, PUT /memo/rules: what the memo's desk goes by. */
export const MemoRules = z.strictObject({
  /** Who wrote or approved any of what is new in a bulletin may not release it. */
  twoPersonRelease: z.boolean(),
  /** Content of source documents is deleted after so many days; hash and marking stay. */
  documentDays: z.number().int().min(1).max(3650),
});
export type MemoRules = z.infer<typeof MemoRules>;
