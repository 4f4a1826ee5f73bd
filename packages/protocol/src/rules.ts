// The rules by which danger becomes a level, who may send a level, and what happens when nobody answers; and what another set would have done.
import { z } from "zod";
import { name, timeMs, WarningLevel } from "./terms.ts";
import { EscalationAction } from "./warnings.ts";

const metres = z.number().min(0).max(50_000);
const seconds = z.number().min(0).max(3600);

export const SendRight = z.discriminatedUnion("by", [
  z.object({ by: z.literal("automatic") }),
  /** An officer decides, within so many seconds; otherwise this happens. */
  z.object({ by: z.literal("officer"), withinS: seconds, otherwise: z.enum(["send", "withhold"]) }),
]);
export type SendRight = z.infer<typeof SendRight>;

const Escalation = z.array(z.object({ afterS: seconds, action: EscalationAction })).max(12);
const byLevel = <T extends z.ZodType>(of: T): z.ZodObject<{ warning: T; caution: T; advisory: T }> =>
  z.object({ warning: of, caution: of, advisory: of });

export const DangerRules = z.object({
  /** Whole numbers; a set is taken only with a greater one than that in force. */
  version: z.number().int().min(1),
  name,
  person: z.object({
    closeM: metres,
    passM: metres,
    warningWithinS: seconds,
    cautionWithinS: seconds,
    probability: z.number().min(0.01).max(1),
    advisoryM: metres,
  }),
  zone: z.object({ warningWithinS: seconds, cautionWithinS: seconds }),
  hover: z.object({ withinM: metres, slowerMps: z.number().min(0).max(3600), afterS: seconds }),
  loiter: z.object({ withinM: metres, radiusM: metres, afterS: seconds }),
  descent: z.object({ withinM: metres, fasterMps: z.number().min(0).max(3600) }),
  /** Level for those on shift of whom neither place nor post is known, while a warning stands anywhere. */
  unplaced: WarningLevel,
  send: byLevel(SendRight),
  escalation: byLevel(Escalation),
});
export type DangerRules = z.infer<typeof DangerRules>;

/** A set of rules to be tried on what was recorded: at most seven days. */
export const PreviewRequest = z.object({ rules: DangerRules, fromMs: timeMs, untilMs: timeMs });
export type PreviewRequest = z.infer<typeof PreviewRequest>;

const Raised = z.object({ advisory: z.number().int(), caution: z.number().int(), warning: z.number().int(), people: z.number().int() });

/** What each set would have raised in that time, and how many people would have been told. */
export const PreviewAnswer = z.object({ inForce: Raised, proposed: Raised, entries: z.number().int() });
export type PreviewAnswer = z.infer<typeof PreviewAnswer>;
