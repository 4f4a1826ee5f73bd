// The messages about one matter, one after the other: their identifiers, and which earlier ones each of them names.
import type { CapReference } from "./alert.ts";
import type { CapTime } from "./time.ts";

/** Earlier messages that one names: the first, and the newest before it. A receiver that missed some still finds the thread. */
const MAX_REFERENCES = 20;

/** What has been sent about a matter, oldest first. */
export interface CapChain {
  /** What the identifiers are made of: any text. */
  readonly subject: string;
  readonly sender: string;
  readonly sent: readonly { readonly step: number; readonly time: CapTime }[];
}

/** The same text gives the same identifier, different texts different ones; what an identifier may not hold is written by its number. */
export function chainIdentifier(subject: string, step: number): string {
  const safe = subject.replace(/[^A-Za-z0-9.-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`);
  return `${safe}.${step}`;
}

/** Identifier and references of the next message. The first is step 1, and names none. */
export function nextInChain({ subject, sender, sent }: CapChain): {
  readonly step: number;
  readonly identifier: string;
  readonly references: readonly CapReference[];
} {
  const step = (sent.at(-1)?.step ?? 0) + 1;
  const named = sent.length <= MAX_REFERENCES ? sent : [...sent.slice(0, 1), ...sent.slice(1 - MAX_REFERENCES)];
  return {
    step,
    identifier: chainIdentifier(subject, step),
    references: named.map((earlier) => ({ sender, identifier: chainIdentifier(subject, earlier.step), sent: earlier.time })),
  };
}
