// A message as the sentence that its reader sees or hears.
import { english } from "./english.ts";
import type { Language, Message } from "./message.ts";
import type { Reader } from "./reader.ts";
import { spanish } from "./spanish.ts";

export const DRILL_MARK: Readonly<Record<Language, string>> = { en: "DRILL", es: "SIMULACRO" };

/** The whole text. A drill's begins with its mark, whatever it says. */
export function messageText(message: Message, language: Language, reader: Reader = {}): string {
  const text = language === "es" ? spanish(message, reader) : english(message, reader);
  return reader.drill === true ? `${DRILL_MARK[language]}. ${text}` : text;
}
