// Times as they are typed: the sector's wall clock to the minute, and back.

/** `2026-11-25 02:41` in this time zone. */
export function wallClock(timeMs: number, timeZone: string | undefined): string {
  const text = new Date(timeMs).toLocaleString("sv-SE", timeZone === undefined ? {} : { timeZone });
  return text.slice(0, 16);
}

/** What such a time looks like, for a text field: a browser's own field would show twelve hours where the browser says so. */
export const WALL_CLOCK_PATTERN = "\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}";

/** The time that a wall clock of this zone shows; undefined when it is none. Of an hour that comes twice, the first. */
export function fromWallClock(text: string, timeZone: string | undefined): number | undefined {
  const utc = (clock: string): number => Date.parse(`${clock.replace(" ", "T")}Z`);
  const asIfUtc = utc(text);
  if (Number.isNaN(asIfUtc)) return undefined;
  const offset = (timeMs: number): number => utc(wallClock(timeMs, timeZone)) - Math.floor(timeMs / 60_000) * 60_000;
  // The offset a day before and a day after are the two that can hold; the greater is that before the clocks went back.
  const candidates = [offset(asIfUtc - 86_400_000), offset(asIfUtc + 86_400_000)].map((by) => asIfUtc - by);
  const fitting = candidates.filter((timeMs) => wallClock(timeMs, timeZone) === text);
  return Math.min(...(fitting.length === 0 ? candidates : fitting));
}
