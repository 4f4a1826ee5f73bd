// What we believe and why: sources with what they come down to, claims with what they rest on, and what changed. When a source goes, what rested on it
// alone falls with it, and comes back when it does.
import type { ClaimText, Handling, OwnIncident } from "@atalaya/protocol";
import type { Settings } from "../settings.ts";
import { type Roots, rootsOf } from "./citations.ts";
import {
  type ClaimCredibility,
  type LinkKind,
  type MemoRecords,
  type SourceDocument,
  type SourceReliability,
  TLPS,
} from "./memo-records.ts";

/** One change, for "what changed": `by` empty where the hub found it. */
export interface Change {
  readonly timeUs: number;
  readonly by: string;
  readonly what:
    | "taken"
    | "reliability"
    | "handling"
    | "cites"
    | "withdrawn"
    | "refuted"
    | "restored"
    | "content-removed"
    | "drawn"
    | "text"
    | "sources"
    | "credibility"
    | "linked"
    | "unlinked"
    | "confirmed"
    | "reopened"
    | "superseded"
    | "fallen"
    | "stands-again";
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly why?: string | undefined;
}

export interface PictureSource {
  readonly document: SourceDocument;
  readonly by: string;
  readonly takenUs: number;
  handling: Handling;
  cites: readonly string[];
  addsOwn: boolean;
  reliability: SourceReliability;
  graded?: { readonly by: string; readonly timeUs: number };
  /** Of a file or text: all of it is there. */
  whole: boolean;
  removed: boolean;
  verdict?: "withdrawn" | "refuted";
  standing: "standing" | "withdrawn" | "refuted" | "fallen";
  roots: readonly string[];
  history: Change[];
}

export interface ClaimLinkTo {
  readonly kind: LinkKind;
  readonly to: string;
  readonly by: string;
  readonly timeUs: number;
}

export type ClaimState = "standing" | "confirmed" | "refuted" | "superseded" | "fallen";

export interface PictureClaim {
  readonly id: string;
  readonly number: number;
  readonly by: string;
  readonly madeUs: number;
  said: ClaimText;
  sources: readonly string[];
  credibility: ClaimCredibility;
  graded?: { readonly by: string; readonly timeUs: number };
  links: ClaimLinkTo[];
  verdict?: {
    readonly verdict: "confirmed" | "refuted";
    readonly incident?: OwnIncident | undefined;
    readonly by: string;
    readonly timeUs: number;
    readonly why: string;
  };
  state: ClaimState;
  stateUs: number;
  /** What it rests on and still stands: that many independent sources. */
  roots: readonly string[];
  history: Change[];
}

export interface News {
  readonly about: "source" | "claim";
  readonly id: string;
  readonly label: string;
  readonly change: Change;
}

export interface ClaimLifeImage {
  readonly sources: readonly PictureSource[];
  readonly claims: readonly PictureClaim[];
  readonly lastNumber: number;
  readonly news: readonly News[];
}

/** A claim that came to be no longer so, or to be so again. */
export interface ClaimTurn {
  readonly claim: Readonly<PictureClaim>;
  readonly stands: boolean;
}

type ClaimKinds =
  | "memo-source"
  | "memo-source-whole"
  | "memo-source-look"
  | "memo-source-removed"
  | "memo-reliability"
  | "memo-handling"
  | "memo-cites"
  | "memo-source-verdict"
  | "claim"
  | "claim-text"
  | "claim-sources"
  | "claim-credibility"
  | "claim-link"
  | "claim-verdict";
export type ClaimRecord = { readonly [K in ClaimKinds]: { readonly kind: K; readonly value: MemoRecords[K] } }[ClaimKinds];

/** C-0141. */
export function claimNumber({ number }: { readonly number: number }): string {
  return `C-${String(number).padStart(4, "0")}`;
}

/** Whether a claim in this state may still be said. */
export function stands(state: ClaimState): boolean {
  return state === "standing" || state === "confirmed";
}

/** 0: the strictest. */
export function strictness(tlp: Handling["tlp"]): number {
  return TLPS.indexOf(tlp);
}

/** Whether what is marked `inner` may go out marked `outer`: not more widely, and to nobody who may not have it. */
export function isWithin(outer: Handling, inner: Handling): boolean {
  if (strictness(outer.tlp) > strictness(inner.tlp)) return false;
  if (inner.tlp === "CLEAR") return true;
  return outer.releasableTo.every((whom) => inner.releasableTo.includes(whom));
}

/** The strictest of several: the narrowest marking, and those outside who may have every one of them. */
export function strictest(all: readonly Handling[]): Handling {
  const tlp = all.reduce<Handling["tlp"]>((least, { tlp: own }) => (strictness(own) < strictness(least) ? own : least), "CLEAR");
  const [first, ...others] = all.filter((handling) => handling.tlp !== "CLEAR");
  const releasableTo = (first?.releasableTo ?? []).filter((whom) => others.every((handling) => handling.releasableTo.includes(whom)));
  return { tlp, releasableTo };
}

export class ClaimLife {
  readonly #settings: Settings;
  readonly #sources = new Map<string, PictureSource>();
  readonly #claims = new Map<string, PictureClaim>();
  #lastNumber = 0;
  #news: News[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get sources(): ReadonlyMap<string, Readonly<PictureSource>> {
    return this.#sources;
  }
  get claims(): ReadonlyMap<string, Readonly<PictureClaim>> {
    return this.#claims;
  }
  /** What changed lately, oldest first. */
  get news(): readonly News[] {
    return this.#news;
  }
  /** Independent sources of a claim together with those of claims that corroborate it and stand. */
  corroborated(claim: Readonly<PictureClaim>): number {
    const roots = new Set(claim.roots);
    for (const other of this.#claims.values()) {
      if (!stands(other.state) || !this.#areLinked(claim, other)) continue;
      for (const root of other.roots) roots.add(root);
    }
    return roots.size;
  }
  #areLinked(a: Readonly<PictureClaim>, b: Readonly<PictureClaim>): boolean {
    const has = ({ links }: Readonly<PictureClaim>, to: string): boolean =>
      links.some((link) => link.kind === "corroborates" && link.to === to);
    return has(a, b.id) || has(b, a.id);
  }
  /** How a claim may be handed on: as strictly as the strictest that it is drawn from. */
  handlingOf(claim: Readonly<PictureClaim>): Handling {
    return strictest(claim.sources.flatMap((id) => this.#sources.get(id)?.handling ?? []));
  }

  image(): ClaimLifeImage {
    return { sources: [...this.#sources.values()], claims: [...this.#claims.values()], lastNumber: this.#lastNumber, news: this.#news };
  }
  restore({ sources, claims, lastNumber, news }: ClaimLifeImage): void {
    for (const source of sources) this.#sources.set(source.document.id, source);
    for (const claim of claims) this.#claims.set(claim.id, claim);
    this.#lastNumber = lastNumber;
    this.#news = [...news];
  }

  /** False when it is refused: of something unknown, beyond a limit, or of a source that cites itself. Else what turned because of it. */
  take(record: ClaimRecord, timeUs: number): false | readonly ClaimTurn[] {
    if (!this.#take(record, timeUs)) return false;
    return this.#settle(timeUs);
  }

  #take({ kind, value }: ClaimRecord, timeUs: number): boolean {
    switch (kind) {
      case "memo-source":
        return this.#receive(value.source, value.by, timeUs);
      case "memo-source-look":
        return this.#sources.has(value.sourceId);
      case "memo-source-whole":
        return this.#changeSource(value.sourceId, (source) => {
          source.whole = true;
          return undefined;
        });
      case "memo-source-removed":
        return this.#changeSource(value.sourceId, (source) => {
          source.removed = true;
          return { timeUs, by: value.by, what: "content-removed", why: value.reason };
        });
      case "memo-reliability":
        return this.#changeSource(value.sourceId, (source) => {
          const from = source.reliability;
          source.reliability = value.reliability;
          source.graded = { by: value.by, timeUs };
          return { timeUs, by: value.by, what: "reliability", from, to: value.reliability, why: value.why };
        });
      case "memo-handling":
        return this.#changeSource(value.sourceId, (source) => {
          const from = source.handling.tlp;
          source.handling = value.handling;
          return { timeUs, by: value.by, what: "handling", from, to: value.handling.tlp, why: value.why };
        });
      case "memo-cites": {
        if (!this.#mayCite(value.sourceId, value.cites)) return false;
        return this.#changeSource(value.sourceId, (source) => {
          source.cites = [...new Set(value.cites)];
          source.addsOwn = value.addsOwn;
          return {
            timeUs,
            by: value.by,
            what: "cites",
            to: value.cites
              .map((id) => this.#title(id))
              .join(", ")
              .slice(0, 500),
          };
        });
      }
      case "memo-source-verdict":
        return this.#changeSource(value.sourceId, (source) => {
          if (value.verdict === "restored") delete source.verdict;
          else source.verdict = value.verdict;
          return { timeUs, by: value.by, what: value.verdict, why: value.why };
        });
      case "claim":
        return this.#draw(value, timeUs);
      case "claim-text":
        return this.#changeClaim(value.claimId, (claim) => {
          const from = claim.said.text;
          claim.said = value.said;
          return { timeUs, by: value.by, what: "text", from, to: value.said.text, why: value.why };
        });
      case "claim-sources":
        if (!value.sources.every((id) => this.#sources.has(id))) return false;
        return this.#changeClaim(value.claimId, (claim) => {
          const from = String(claim.sources.length);
          claim.sources = [...new Set(value.sources)];
          return { timeUs, by: value.by, what: "sources", from, to: String(claim.sources.length), why: value.why };
        });
      case "claim-credibility":
        return this.#changeClaim(value.claimId, (claim) => {
          const from = String(claim.credibility);
          claim.credibility = value.credibility;
          claim.graded = { by: value.by, timeUs };
          return { timeUs, by: value.by, what: "credibility", from, to: String(value.credibility), why: value.why };
        });
      case "claim-link":
        return this.#link(value, timeUs);
      case "claim-verdict":
        return this.#changeClaim(value.claimId, (claim) => {
          const { verdict, incident, by, why } = value;
          if (verdict === "reopened") delete claim.verdict;
          else claim.verdict = { verdict, ...(incident === undefined ? {} : { incident }), by, timeUs, why };
          return { timeUs, by, what: verdict, ...(incident === undefined ? {} : { to: incident.id }), why };
        });
      default:
        return false;
    }
  }

  #title(id: string): string {
    return this.#sources.get(id)?.document.title ?? id;
  }
  #mayCite(id: string, cites: readonly string[]): boolean {
    return cites.every((other) => other !== id && this.#sources.has(other));
  }

  #receive(document: SourceDocument, by: string, timeUs: number): boolean {
    const { id, cites } = document;
    if (this.#sources.has(id) || this.#sources.size >= this.#settings.maxMemoSources || !this.#mayCite(id, cites)) return false;
    const source: PictureSource = {
      document,
      by,
      takenUs: timeUs,
      handling: document.handling,
      cites: [...new Set(cites)],
      addsOwn: document.addsOwn,
      reliability: "F",
      whole: document.form === "incident",
      removed: false,
      standing: "standing",
      roots: [],
      history: [],
    };
    this.#sources.set(id, source);
    this.#note("source", id, document.title, source.history, { timeUs, by, what: "taken" });
    return true;
  }

  #draw({ claimId, said, sources, credibility, by }: MemoRecords["claim"], timeUs: number): boolean {
    if (this.#claims.has(claimId) || this.#claims.size >= this.#settings.maxClaims) return false;
    if (!sources.every((id) => this.#sources.has(id))) return false;
    this.#lastNumber += 1;
    const claim: PictureClaim = {
      id: claimId,
      number: this.#lastNumber,
      by,
      madeUs: timeUs,
      said,
      sources: [...new Set(sources)],
      credibility: credibility ?? 6,
      ...(credibility === undefined ? {} : { graded: { by, timeUs } }),
      links: [],
      state: "standing",
      stateUs: timeUs,
      roots: [],
      history: [],
    };
    this.#claims.set(claimId, claim);
    this.#note("claim", claimId, claimNumber(claim), claim.history, { timeUs, by, what: "drawn", to: said.text });
    return true;
  }

  #link({ claimId, kind, to, on, by }: MemoRecords["claim-link"], timeUs: number): boolean {
    const other = this.#claims.get(to);
    if (other === undefined || to === claimId) return false;
    // Two that supersede each other would leave neither.
    if (on && kind === "supersedes" && other.links.some((link) => link.kind === kind && link.to === claimId)) return false;
    return this.#changeClaim(claimId, (claim) => {
      const others = claim.links.filter((link) => link.kind !== kind || link.to !== to);
      if (on === others.length < claim.links.length || (on && others.length >= this.#settings.maxLinksPerClaim)) return false;
      claim.links = on ? [...others, { kind, to, by, timeUs }] : others;
      return { timeUs, by, what: on ? "linked" : "unlinked", from: kind, to: claimNumber(other) };
    });
  }

  /** A change that is undefined is of no interest to a reader; false: it is refused. */
  #changeSource(id: string, change: (source: PictureSource) => Change | undefined): boolean {
    const source = this.#sources.get(id);
    if (source === undefined) return false;
    const made = change(source);
    if (made !== undefined) this.#note("source", id, source.document.title, source.history, made);
    return true;
  }
  #changeClaim(id: string, change: (claim: PictureClaim) => Change | false): boolean {
    const claim = this.#claims.get(id);
    const made = claim === undefined ? false : change(claim);
    if (claim === undefined || made === false) return false;
    this.#note("claim", id, claimNumber(claim), claim.history, made);
    return true;
  }

  #note(about: News["about"], id: string, label: string, history: Change[], change: Change): void {
    history.push(change);
    // The first says where it came from: it stays.
    if (history.length > this.#settings.maxMemoHistory) history.splice(1, 1);
    this.#news.push({ about, id, label, change });
    if (this.#news.length > this.#settings.maxMemoNews) this.#news.shift();
  }

  // What follows

  #settle(timeUs: number): readonly ClaimTurn[] {
    const roots = rootsOf(
      new Map(
        Array.from(this.#sources, ([id, { cites, addsOwn, verdict }]) => [id, { cites, addsOwn, out: verdict !== undefined }] as const),
      ),
    );
    for (const source of this.#sources.values()) this.#settleSource(source, roots.get(source.document.id), timeUs);
    const turns: ClaimTurn[] = [];
    for (const claim of this.#claims.values())
      claim.roots = [...new Set(claim.sources.flatMap((id) => roots.get(id)?.standing ?? []))].sort();
    const superseded = this.#superseded();
    for (const claim of this.#claims.values()) {
      const state = this.#stateOf(claim, superseded);
      if (state === claim.state) continue;
      const before = claim.state;
      claim.state = state;
      claim.stateUs = timeUs;
      // What a person decided stands in the history already.
      const found = state === "fallen" || state === "superseded" ? state : stands(state) && !stands(before) ? "stands-again" : undefined;
      if (found !== undefined)
        this.#note("claim", claim.id, claimNumber(claim), claim.history, { timeUs, by: "", what: found, from: before });
      if (stands(state) !== stands(before)) turns.push({ claim, stands: stands(state) });
    }
    return turns;
  }

  #settleSource(source: PictureSource, roots: Roots | undefined, timeUs: number): void {
    source.roots = roots?.all ?? [];
    const standing = source.verdict ?? ((roots?.standing.length ?? 0) > 0 ? "standing" : "fallen");
    if (standing === source.standing) return;
    const before = source.standing;
    source.standing = standing;
    if (source.verdict !== undefined) return;
    const { id, title } = source.document;
    if (standing === "fallen") this.#note("source", id, title, source.history, { timeUs, by: "", what: "fallen" });
    else if (before === "fallen") this.#note("source", id, title, source.history, { timeUs, by: "", what: "stands-again" });
  }

  /** Whether a claim has any ground left, apart from what others say of it. */
  #hasGround({ verdict, roots }: Readonly<PictureClaim>): boolean {
    return verdict?.verdict !== "refuted" && (verdict?.verdict === "confirmed" || roots.length > 0);
  }
  #superseded(): ReadonlySet<string> {
    const superseded = new Set<string>();
    for (const claim of this.#claims.values()) {
      if (!this.#hasGround(claim)) continue;
      for (const { kind, to } of claim.links) if (kind === "supersedes") superseded.add(to);
    }
    return superseded;
  }
  #stateOf(claim: Readonly<PictureClaim>, superseded: ReadonlySet<string>): ClaimState {
    if (claim.verdict?.verdict === "refuted") return "refuted";
    if (!this.#hasGround(claim)) return "fallen";
    if (superseded.has(claim.id)) return "superseded";
    return claim.verdict?.verdict === "confirmed" ? "confirmed" : "standing";
  }
}
