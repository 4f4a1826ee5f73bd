// What this person has to know now: the newest word of each warning, announced once, in the order of urgency.
import type { Notice } from "@atalaya/protocol";

/** Words that are kept to be read; the oldest go. */
const MAX_NOTICES = 20;
/** Ids that were announced; what comes again makes no second sound. */
const MAX_ANNOUNCED = 500;

export interface Told {
  readonly notices: readonly Notice[];
  readonly announced: readonly string[];
}

/** `held`: what holds now, said after a time without a link: shown, and announced only when it is new here and still asks. */
export function hear({ notices, announced }: Told, notice: Notice, held: boolean): Told & { readonly announce: boolean } {
  const { id, warningId, personId, kind } = notice;
  const same = (known: Notice): boolean => known.warningId === warningId && known.personId === personId;
  const others = notices.filter((known) => !same(known));
  if (kind === "cancel" && notice.why === "answered") {
    // Answered on another device, or told to an officer: it stays to be read, without asking.
    const kept = notices.find(same);
    return { notices: kept === undefined ? others : [...others, { ...kept, asks: false }], announced, announce: false };
  }
  const isNew = !announced.includes(id);
  return {
    notices: [...others, notice].slice(-MAX_NOTICES),
    announced: isNew ? [...announced, id].slice(-MAX_ANNOUNCED) : announced,
    announce: isNew && notice.quiet !== true && !(held && !notice.asks),
  };
}

export function answered({ notices, announced }: Told, warningId: string, answer: NonNullable<Notice["answered"]>): Told {
  return {
    notices: notices.map((notice) => (notice.warningId === warningId ? { ...notice, asks: false, answered: answer } : notice)),
    announced,
  };
}

const LEVEL = { warning: 0, caution: 2, advisory: 4 } as const;

function urgency({ level, asks, drill, reachesInS }: Notice): number {
  const rank = (level === undefined ? 3 : LEVEL[level]) + (asks ? 0 : 5);
  // A real danger stands before any drill's, and the nearer before the farther.
  return rank * 10_000 + (drill ? 100_000 : 0) + Math.min(9999, reachesInS ?? 9999);
}

/** The one that fills the screen. */
export function foremost(notices: readonly Notice[]): Notice | undefined {
  return [...notices].sort((a, b) => urgency(a) - urgency(b) || b.timeMs - a.timeMs)[0];
}

/**
 * Whether it takes the whole screen: what asks, and what was answered until it is put aside. What is only to be known stands in a line above the
 * screen: a thumb that is about to report must not be stopped by it.
 */
export function covers({ id, asks, answered, level }: Notice, aside: readonly string[]): boolean {
  if (asks) return true;
  return (answered !== undefined || level === "warning") && level !== undefined && !aside.includes(id);
}
