// Where in the journal does a time lie?
import type { Journal } from "./journal.ts";

/** Number of the first entry that is not before a time. */
export function firstAt(journal: Journal, timeUs: number): number {
  let low = 1;
  let high = journal.head().size + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = journal.read(middle, 1);
    if (entry !== undefined && entry.timeUs < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
