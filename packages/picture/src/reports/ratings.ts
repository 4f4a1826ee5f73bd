// How far a reporter and a piece of information are relied on: two ratings (Admiralty), never combined, learned from outcomes. They weight fusion and
// nothing else; they are for that person and for who grades that report, and there is no list of them.
import type { Outcome } from "./report-records.ts";

export const RELIABILITIES = ["A", "B", "C", "D", "E", "F"] as const;
export type Reliability = (typeof RELIABILITIES)[number];
export type Credibility = 1 | 2 | 3 | 4 | 5 | 6;

/** What one report taught of its reporter. */
interface Lesson {
  readonly reportId: string;
  readonly timeUs: number;
  /** 1: it was as told; 0: it was not; between: something was there. */
  readonly right: number;
}

export interface RatingsImage {
  readonly lessons: readonly (readonly [personId: string, lessons: readonly Lesson[]])[];
}

/** Lessons fade to half in 90 days: what is not heard of is neutral again. */
const HALF_LIFE_US = 90 * 86_400 * 1e6;
/** Lessons kept of one person, and people; beyond, the oldest lesson goes, and the person whose newest lesson is oldest. */
const MAX_LESSONS = 40;
const MAX_PEOPLE = 2000;
/** Neutral belief: as if two reports had been right and one not. */
const PRIOR_RIGHT = 2;
const PRIOR_WRONG = 1;
/** Less than this much is not enough to judge anybody by. */
const ENOUGH = 2.5;

/**
 * What an outcome says of the report. A look-alike that many take for a drone costs little, since reports of it are wanted; what was never found says
 * nothing, and neither does too little information.
 */
const LESSON: Readonly<Partial<Record<Outcome, number>>> = {
  drone: 1,
  "own-drone": 1,
  "authorised-drone": 1,
  aircraft: 0.7,
  satellite: 0.5,
  balloon: 0.6,
  bird: 0.5,
  "other-object": 0.5,
  "star-or-planet": 0.4,
};

/** How much wider a reporter's angles and ranges are taken. */
const WIDER: Readonly<Record<Reliability, number>> = { A: 1, B: 1.1, C: 1.25, D: 1.5, E: 2, F: 1.2 };
const WIDER_BY_CREDIBILITY: Readonly<Record<Credibility, number>> = { 1: 1, 2: 1, 3: 1.1, 4: 1.6, 5: 2.5, 6: 1.1 };

/** What the two ratings make of a report's errors: a factor from 1 on. */
export function trustOf(reliability: Reliability, credibility: Credibility): number {
  return WIDER[reliability] * WIDER_BY_CREDIBILITY[credibility];
}

export class Ratings {
  readonly #lessons = new Map<string, Lesson[]>();

  /** Takes what came of a report; an outcome that replaces an earlier one replaces its lesson. Undefined: it was taken back. */
  learn(personId: string, reportId: string, outcome: Outcome | undefined, timeUs: number): void {
    const before = this.#lessons.get(personId) ?? [];
    const right = outcome === undefined ? undefined : LESSON[outcome];
    const lessons = before.filter((lesson) => lesson.reportId !== reportId);
    if (right !== undefined) lessons.push({ reportId, timeUs, right });
    this.#lessons.delete(personId);
    if (lessons.length === 0) return;
    // The person taught last stands at the end.
    this.#lessons.set(personId, lessons.slice(-MAX_LESSONS));
    for (const oldest of this.#lessons.keys()) {
      if (this.#lessons.size <= MAX_PEOPLE) break;
      this.#lessons.delete(oldest);
    }
  }

  /** The letter of a person now, and how many reports it rests on. Nobody known: F. */
  of(personId: string | undefined, timeUs: number): { readonly reliability: Reliability; readonly reports: number } {
    const lessons = personId === undefined ? undefined : this.#lessons.get(personId);
    if (lessons === undefined) return { reliability: "F", reports: 0 };
    let weight = 0;
    let right = 0;
    for (const lesson of lessons) {
      const fresh = 0.5 ** (Math.max(0, timeUs - lesson.timeUs) / HALF_LIFE_US);
      weight += fresh;
      right += fresh * lesson.right;
    }
    const reports = lessons.length;
    if (weight < ENOUGH) return { reliability: "F", reports };
    const share = (right + PRIOR_RIGHT) / (weight + PRIOR_RIGHT + PRIOR_WRONG);
    const reliability = share >= 0.88 ? "A" : share >= 0.75 ? "B" : share >= 0.55 ? "C" : share >= 0.4 ? "D" : "E";
    return { reliability, reports };
  }

  forget(personId: string): void {
    this.#lessons.delete(personId);
  }

  image(): RatingsImage {
    return { lessons: [...this.#lessons] };
  }
  restore({ lessons }: RatingsImage): void {
    for (const [personId, known] of lessons) this.#lessons.set(personId, [...known]);
  }
}

/** What stands for or against a piece of information, apart from who told it. */
export interface Support {
  readonly outcome: Outcome | undefined;
  /** Tracks or reports of others that agree; `firm`: a track that sensors measure is among them. */
  readonly others: number;
  readonly firm: boolean;
  readonly disagrees: boolean;
}

/** The number that follows from what is known, where nobody has graded it. */
export function credibilityOf({ outcome, others, firm, disagrees }: Support): Credibility {
  switch (outcome) {
    case "drone":
    case "own-drone":
    case "authorised-drone":
      return 1;
    case "not-enough-information":
      return 6;
    case undefined:
      if (firm || others >= 2) return 1;
      if (others === 1) return 2;
      return disagrees ? 4 : 6;
    case "nothing-found":
      return 4;
    default:
      return 5;
  }
}
