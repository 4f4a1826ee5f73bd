// Which of our languages a browser asks for.

export type Language = "en" | "es";

/** The browser's language where we have it, else English. */
export function preferredLanguage(): Language {
  return navigator.languages.some((language) => language.toLowerCase().startsWith("es")) &&
    !navigator.language.toLowerCase().startsWith("en")
    ? "es"
    : "en";
}
