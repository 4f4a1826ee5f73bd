// What did somebody write back? Read so that a call for help is never taken for something milder, and that doubt is no answer.
import type { Language } from "./message.ts";

/** The answers that a warning asks for. */
export type ReplyAnswer = "safe" | "taking-cover" | "need-help" | "not-me";

export interface Reply {
  /** Absent: no answer that is sure; the person goes on being asked. */
  readonly answer?: ReplyAnswer;
  /** Which of the references it names. */
  readonly reference?: string;
}

/** What the numbers mean, here as in the short form (sms.ts). */
const NUMBERS: Readonly<Record<string, ReplyAnswer>> = {
  1: "taking-cover",
  uno: "taking-cover",
  one: "taking-cover",
  2: "need-help",
  dos: "need-help",
  two: "need-help",
  3: "not-me",
  tres: "not-me",
  three: "not-me",
};

/** Phrases without accents, in small letters; those of several words before those that they hold. */
const PHRASES: readonly (readonly [ReplyAnswer, readonly string[]])[] = [
  [
    "need-help",
    ["need a medic", "help", "sos", "mayday", "ayuda", "ayudame", "ayudenme", "auxilio", "socorro", "herido", "herida", "heridos"],
  ],
  ["need-help", ["wounded", "injured", "medic", "medico", "ambulancia", "ambulance", "atrapado", "atrapada", "trapped"]],
  ["not-me", ["no soy yo", "no es para mi", "no me toca", "numero equivocado", "equivocado", "not me", "not for me", "wrong person"]],
  ["not-me", ["wrong number", "no estoy ahi", "no estoy alli", "not there"]],
  [
    "taking-cover",
    [
      "a cubierto",
      "en refugio",
      "en el refugio",
      "me cubro",
      "cubierto",
      "cubierta",
      "cubriendome",
      "refugiado",
      "refugiada",
      "resguardado",
    ],
  ],
  [
    "taking-cover",
    ["resguardada", "in cover", "under cover", "taking cover", "took cover", "cover", "sheltered", "in shelter", "sheltering"],
  ],
  [
    "safe",
    ["a salvo", "estoy bien", "estamos bien", "sin novedad", "todo bien", "bien", "salvo", "seguro", "segura", "ok", "okay", "okey"],
  ],
  ["safe", ["safe", "im fine", "i am fine", "fine", "all good", "im ok"]],
];

/** What turns what follows in the same clause into its opposite, within so many words. */
const NEGATIONS: ReadonlySet<string> = new Set(["no", "not", "sin", "nunca", "never", "dont", "cant", "isnt", "arent", "tampoco", "ni"]);
const NEGATED_WITHIN = 3;
/** A call for help is denied only in these forms: "no help came" and "sin ayuda" are calls. */
const NO_HELP = /^(?:.* )?(?:(?:no|not|dont) (?:need|necesito|necesitamos|preciso|requiero)(?: any| more| mas)?)$/;
const NOBODY_HURT = /^(?:.* )?(?:no|sin|nobody|nadie|not|ni)(?: hay| is| are| tenemos)?$/;
const HURT: ReadonlySet<string> = new Set(["herido", "herida", "heridos", "wounded", "injured", "atrapado", "atrapada", "trapped"]);
const MOST_CHARACTERS = 500;
const MOST_WORDS = 40;

type Clause = readonly string[];

/** What stands between marks, each as words in small letters without accents. */
function clausesOf(text: string): readonly Clause[] {
  const plain = text
    .slice(0, MOST_CHARACTERS)
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .toLowerCase();
  let left = MOST_WORDS;
  const clauses: Clause[] = [];
  for (const part of plain.split(/[^\p{L}\p{N}\s]+|\n/u)) {
    const words = part.match(/[\p{L}\p{N}]+/gu)?.slice(0, left) ?? [];
    left -= words.length;
    if (words.length > 0) clauses.push(words);
  }
  return clauses;
}

/** The alphabet of references has no I, L, O and U: what is written as one of those is meant as its look-alike. */
function asReference(word: string): string {
  return word.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V");
}

interface Found {
  readonly answer: ReplyAnswer;
  readonly negated: boolean;
  /** Words that it is made of. */
  readonly length: number;
}

function isNegated(answer: ReplyAnswer, first: string, before: Clause): boolean {
  if (answer !== "need-help") return before.slice(-NEGATED_WITHIN).some((word) => NEGATIONS.has(word));
  const said = before.join(" ");
  return NO_HELP.test(said) || (HURT.has(first) && NOBODY_HURT.test(said));
}

function findAll(words: Clause): readonly Found[] {
  const found: Found[] = [];
  for (let from = 0; from < words.length; ) {
    let longest: Found | undefined;
    for (const [answer, phrases] of PHRASES) {
      for (const phrase of phrases) {
        const parts = phrase.split(" ");
        if (parts.length <= (longest?.length ?? 0) || !parts.every((part, k) => words[from + k] === part)) continue;
        longest = { answer, negated: isNegated(answer, parts[0] ?? "", words.slice(0, from)), length: parts.length };
      }
    }
    if (longest !== undefined) found.push(longest);
    from += longest?.length ?? 1;
  }
  return found;
}

/**
 * Reads a reply. `references` are those of what the person was told lately. A number counts where it stands alone, or before words of the list: "2" is
 * help, "2 drones" is not.
 */
export function readReply(text: string, references: readonly string[] = []): Reply {
  const known = new Map(references.map((reference) => [asReference(reference), reference]));
  let reference: string | undefined;
  const clauses: Clause[] = [];
  for (const clause of clausesOf(text)) {
    const words: string[] = [];
    for (const word of clause) {
      const named = known.get(asReference(word));
      if (named !== undefined) reference ??= named;
      else if (word !== "ref") words.push(word);
    }
    if (words.length > 0) clauses.push(words);
  }
  const answer = answerIn(clauses);
  return { ...(answer === undefined ? {} : { answer }), ...(reference === undefined ? {} : { reference }) };
}

function answerIn(clauses: readonly Clause[]): ReplyAnswer | undefined {
  const found = clauses.flatMap(findAll);
  if (found.some(({ answer, negated }) => answer === "need-help" && !negated)) return "need-help";
  const words = clauses.flat();
  const [first = ""] = words;
  // Two numbers, or one put right by another: help, if either says so.
  if (words.length > 1 && words.every((word) => Object.hasOwn(NUMBERS, word) || NEGATIONS.has(word)))
    return words.some((word) => NUMBERS[word] === "need-help") ? "need-help" : undefined;
  if (Object.hasOwn(NUMBERS, first)) {
    const others = found.reduce((count, { length }) => count + length, 0);
    if (words.length === 1 || words.length - 1 === others) return NUMBERS[first];
  }
  for (const wanted of ["not-me", "taking-cover", "safe"] as const) {
    const of = found.filter(({ answer }) => answer === wanted);
    // Said and denied in one breath is doubt.
    if (of.length > 0) return of.some(({ negated }) => negated) ? undefined : wanted;
  }
  return undefined;
}

/** What can be answered, to be put behind a warning. */
export function askText(language: Language): string {
  return language === "es" ? "Responda 1 a cubierto, 2 ayuda, 3 no soy yo." : "Answer 1 in cover, 2 help, 3 not me.";
}

const KEPT: Readonly<Record<Language, Readonly<Record<ReplyAnswer, string>>>> = {
  en: { safe: "safe", "taking-cover": "in cover", "need-help": "you need help; an officer is told", "not-me": "not you" },
  es: { safe: "a salvo", "taking-cover": "a cubierto", "need-help": "necesita ayuda; un oficial ya lo sabe", "not-me": "no es usted" },
};

/** That an answer is kept, and how it was understood. */
export function answerKeptText(answer: ReplyAnswer, language: Language): string {
  return `${language === "es" ? "Respuesta guardada" : "Answer kept"}: ${KEPT[language][answer]}.`;
}
