// The pieces of a bulletin in their order: what each is called, what is approved of each language, and what is still missing before release.
import type { Bulletin, BulletinDraft, Language, ReleaseBlock } from "@atalaya/protocol";
import type { Words } from "../words/words.ts";

const FIXED = ["headline", "know", "not-know", "do", "fallen"] as const;
export const LANGUAGES: readonly Language[] = ["en", "es"];

/** Parts of the text: the fixed ones always, then those of one's own. */
export function partKeys(parts: BulletinDraft["parts"]): readonly string[] {
  return [
    ...FIXED,
    ...parts
      .map(({ key }) => key)
      .filter((key) => key.startsWith("extra-"))
      .sort(),
  ];
}

/** The first part of one's own that is not there yet. */
export function nextExtra(parts: BulletinDraft["parts"], most: number): string | undefined {
  for (let k = 1; k <= most; k += 1) if (!parts.some(({ key }) => key === `extra-${k}`)) return `extra-${k}`;
  return undefined;
}

export function partTitle(key: string, title: string | undefined, { part }: Words["bulletins"]): string {
  const fixed = (part as Readonly<Record<string, string>>)[key];
  return fixed ?? (title === undefined || title === "" ? part.extra : title);
}

export interface LanguageStanding {
  readonly approved: number;
  readonly all: number;
  /** Who approved, each once. */
  readonly by: readonly string[];
}

export function standingOf(draft: BulletinDraft, language: Language): LanguageStanding {
  const states = draft.pieces.map((piece) => piece[language]);
  const approved = states.filter((state) => state.approved !== undefined);
  return { approved: approved.length, all: states.length, by: [...new Set(approved.map((state) => state.approved?.by ?? ""))] };
}

/** What is missing, in words, each once; what is missing of a language counted together. */
export function missingWords(blocks: readonly ReleaseBlock[], { block }: Words["bulletins"]): readonly string[] {
  const counted = (code: ReleaseBlock["code"], language: Language): number =>
    blocks.filter((one) => one.code === code && one.language === language).length;
  const said: string[] = [];
  for (const language of LANGUAGES) {
    const name = language === "en" ? block.english : block.spanish;
    const missing = counted("part-missing", language);
    const open = counted("not-approved", language);
    if (missing > 0) said.push(block.missing(missing, name));
    if (open > 0) said.push(block.toApprove(open, name));
  }
  for (const { code, what = "", language } of blocks) {
    switch (code) {
      case "part-missing":
      case "not-approved":
        if (language === undefined) said.push(what);
        break;
      case "claim-not-standing":
      case "marking-broader":
      case "partner-not-releasable":
        said.push(block[code](what));
        break;
      default:
        said.push(block[code]);
    }
  }
  return [...new Set(said)];
}

/** Nothing but another person is missing: then release can be asked for. */
export function onlySecondPerson(blocks: readonly ReleaseBlock[]): boolean {
  return blocks.length > 0 && blocks.every(({ code }) => code === "second-person");
}

/** What a draft's carry list stands beside: the version that is out, or else the sector's own list. */
export function listBefore(
  { versions }: Pick<Bulletin, "versions">,
  own: readonly { readonly id: string; readonly quantity: number }[],
): { readonly items: readonly { readonly id: string; readonly quantity: number }[]; readonly releasedMs?: number } {
  const last = versions.findLast(({ carry }) => carry !== undefined);
  return last?.carry === undefined ? { items: own } : { items: last.carry, releasedMs: last.releasedMs };
}

/** How many of a thing before; 0: it is new; undefined: unchanged, or there was no list before. */
export function quantityBefore(
  item: { readonly id: string; readonly quantity: number },
  before: readonly { readonly id: string; readonly quantity: number }[],
): number | undefined {
  if (before.length === 0) return undefined;
  const was = before.find(({ id }) => id === item.id)?.quantity ?? 0;
  return was === item.quantity ? undefined : was;
}

/** A small number as a word, beyond as figures. */
export function countWord(n: number, numbers: readonly string[]): string {
  return numbers[n] ?? String(n);
}

/** A span as it is said: days from two on, hours, or minutes. */
export function spanWords(s: number, { after }: Words["bulletins"]): string {
  const round = (value: number): string => String(Math.round(value * 10) / 10);
  if (s >= 2 * 86_400) return after.days(round(s / 86_400));
  return s >= 3600 ? after.hours(round(s / 3600)) : after.minutes(round(s / 60));
}
