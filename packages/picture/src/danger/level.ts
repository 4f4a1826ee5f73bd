// The three levels of danger, and their order.

export const LEVELS = ["advisory", "caution", "warning"] as const;
export type Level = (typeof LEVELS)[number];

/** 0 advisory, 1 caution, 2 warning; −1 none. */
export function rankOf(level: Level | undefined): number {
  return level === undefined ? -1 : LEVELS.indexOf(level);
}

/** One level more, at most a warning. */
export function raised(level: Level): Level {
  return LEVELS[rankOf(level) + 1] ?? "warning";
}
