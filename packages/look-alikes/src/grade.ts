// How strong is what speaks for an explanation, all together?
import type { Factor, Finding, Grade } from "./contract.ts";

/**
 * Ratios from which a grade is given. With even odds before, 30 to 1 is a chance of 97 %, 5 to 1 one of 83 %, 1.5 to 1 one of 60 %. Odds are seldom even:
 * a grade says how well it fits, not how likely it is.
 */
export const GRADES: { readonly strong: number; readonly possible: number; readonly weak: number } = { strong: 30, possible: 5, weak: 1.5 };

/** No ratio says more than this: the factors are never as independent as their product takes them to be. */
const LARGEST_RATIO = 10_000;

export function gradeOf(likelihoodRatio: number): Grade | null {
  if (likelihoodRatio >= GRADES.strong) return "strong";
  if (likelihoodRatio >= GRADES.possible) return "possible";
  return likelihoodRatio >= GRADES.weak ? "weak" : null;
}

/** The finding with its product and grade; null when it explains no better than anything else would. */
export function weighed(finding: Omit<Finding, "grade" | "likelihoodRatio">): Finding | null {
  const likelihoodRatio = productOf(finding.factors);
  const grade = gradeOf(likelihoodRatio);
  return grade === null ? null : { ...finding, grade, likelihoodRatio };
}

export function productOf(factors: readonly Factor[]): number {
  return Math.min(
    LARGEST_RATIO,
    factors.reduce((product, { ratio }) => product * ratio, 1),
  );
}
