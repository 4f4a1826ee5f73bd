// With which shape each step of a person's way through a warning is drawn.
import type { RungStep } from "@atalaya/protocol";

/** Shapes of the ladder: sent ○, delivered ◐, seen ●, answered ✓, needs help ▲, escalated ↑, no link ⊘. */
export const SHAPE: Readonly<Record<RungStep, string>> = {
  "needs-help": "▲",
  escalated: "↑",
  "no-link": "⊘",
  waiting: "○",
  sent: "○",
  delivered: "◐",
  seen: "●",
  answered: "✓",
  over: "–",
};
/** What an officer must know first. */
export const ORDER: readonly RungStep[] = [
  "needs-help",
  "escalated",
  "no-link",
  "waiting",
  "sent",
  "delivered",
  "seen",
  "answered",
  "over",
];
