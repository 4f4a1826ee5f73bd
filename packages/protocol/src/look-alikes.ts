// What a report or an unknown track might be instead of a drone: findings with their reasons in figures. It dismisses nothing.
import { z } from "zod";

const Figures = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const LookAlike = z.object({
  kind: z.enum(["body", "satellite", "aircraft", "drone", "balloon", "bird"]),
  subject: z.string(),
  grade: z.enum(["strong", "possible", "weak"]),
  likelihoodRatio: z.number(),
  /** `key` names the reason; the others are its figures. */
  reason: Figures,
  /** What would settle it, each with its key and figures. */
  decides: z.array(Figures),
  doesNotExclude: z.array(z.string()),
});
export type LookAlike = z.infer<typeof LookAlike>;

export const LookAlikes = z.object({
  answer: z.enum(["look-alikes", "none-found", "not-enough-information"]),
  findings: z.array(LookAlike),
  /** One for each kind: whether it could be asked, and what was missing. */
  checks: z.array(
    z.object({
      kind: LookAlike.shape.kind,
      outcome: z.enum(["found", "none-fits", "not-enough-information", "does-not-apply"]),
      missing: z.array(z.string()),
      doesNotExclude: z.array(z.string()),
    }),
  ),
});
export type LookAlikes = z.infer<typeof LookAlikes>;
