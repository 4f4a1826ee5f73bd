// Which language the console speaks.
import { en, type Words } from "./en.ts";
import { es } from "./es.ts";

export type Language = "en" | "es";
export const catalogues: Readonly<Record<Language, Words>> = { en, es };

/** The browser's language where we have it, else English. */
export function preferredLanguage(): Language {
  return navigator.languages.some((language) => language.toLowerCase().startsWith("es")) &&
    !navigator.language.toLowerCase().startsWith("en")
    ? "es"
    : "en";
}
export type { Words };
