// How a thing of the carry list is written with its number, and how that differs from before: "Two tourniquets (was one)".
import type { Language } from "./message.ts";

export interface Carried {
  readonly name: Readonly<Record<Language, string>>;
  readonly quantity: number;
  /** How many before; 0: it is new. Absent: as before. */
  readonly was?: number | undefined;
}

const NUMBERS: Readonly<Record<Language, readonly string[]>> = {
  en: ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
  es: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"],
};

/** In words up to ten, in figures beyond. */
export function numberWord(count: number, language: Language): string {
  return NUMBERS[language][count] ?? String(count);
}

function isOneWord(name: string): boolean {
  return /^\p{L}+$/u.test(name);
}

/** The plural of a single word. What is written in the plural already, or ends in an s, stays. */
function plural(word: string, language: Language): string {
  if (/s$/i.test(word)) return word;
  if (language === "en") {
    if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
    return /(?:x|z|ch|sh)$/i.test(word) ? `${word}es` : `${word}s`;
  }
  if (/z$/i.test(word)) return `${word.slice(0, -1)}ces`;
  // A stress that was written on the last syllable falls on the same one without its accent: botiquín, botiquines.
  const [, stem, vowel, end] = /^(.*)([áéíóú])(n)$/iu.exec(word) ?? [];
  if (stem !== undefined && vowel !== undefined && end !== undefined)
    return `${stem}${vowel.normalize("NFD").replace(/[\u0300-\u036f]/g, "")}${end}es`;
  return /[aeiouáéó]$/iu.test(word) ? `${word}s` : `${word}es`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The thing with its number: "Two tourniquets"; a name of several words keeps its own form: "Radio battery: two". */
export function countedText({ name, quantity }: Pick<Carried, "name" | "quantity">, language: Language): string {
  const written = name[language];
  if (quantity === 1) return written;
  if (!isOneWord(written)) return `${written}: ${numberWord(quantity, language)}`;
  return capital(`${numberWord(quantity, language)} ${plural(written, language).toLowerCase()}`);
}

/** With what has changed of it: "Two tourniquets (was one)", "Tourniquet (new)". */
export function carriedText(carried: Carried, language: Language): string {
  const { was, quantity } = carried;
  const counted = countedText(carried, language);
  if (was === undefined || was === quantity) return counted;
  if (was === 0) return `${counted} (${language === "es" ? "nuevo" : "new"})`;
  return `${counted} (${language === "es" ? "antes" : "was"} ${numberWord(was, language)})`;
}
