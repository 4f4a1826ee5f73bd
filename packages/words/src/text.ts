// A message as the sentence that its reader sees or hears.
import { english } from "./english.ts";
import type { Language, Message } from "./message.ts";
import { spanish } from "./spanish.ts";

/** What is known of who reads, and how it must be marked. */
export interface Reader {
  /** Where the reader faces, ° from true north; absent: directions are by compass only. */
  readonly facingDeg?: number;
  /** Minutes to add to UTC for the reader's time of day; absent: 0. */
  readonly utcOffsetMin?: number;
  /** A drill: the text begins with that word, and says "as trained". */
  readonly drill?: boolean;
}

export const DRILL_MARK: Readonly<Record<Language, string>> = { en: "DRILL", es: "SIMULACRO" };

/** The whole text. A drill's begins with its mark, whatever it says. */
export function messageText(message: Message, language: Language, reader: Reader = {}): string {
  const text = language === "es" ? spanish(message, reader) : english(message, reader);
  return reader.drill === true ? `${DRILL_MARK[language]}. ${text}` : text;
}
