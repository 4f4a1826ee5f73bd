// Danger rules as they stand in the form, all figures as text, and the rules that they make.
import type { DangerRules, EscalationAction, WarningLevel } from "@atalaya/protocol";

/** The levels, the gravest first. */
export const LEVELS = ["warning", "caution", "advisory"] as const satisfies readonly WarningLevel[];

export type Unit = "m" | "s" | "percent" | "mps";
/** Each figure: where it lies in the rules, and what it is counted in. */
export const FIGURES = {
  closeM: ["person", "closeM", "m"],
  passM: ["person", "passM", "m"],
  warningWithinS: ["person", "warningWithinS", "s"],
  cautionWithinS: ["person", "cautionWithinS", "s"],
  probability: ["person", "probability", "percent"],
  advisoryM: ["person", "advisoryM", "m"],
  zoneWarningS: ["zone", "warningWithinS", "s"],
  zoneCautionS: ["zone", "cautionWithinS", "s"],
  hoverWithinM: ["hover", "withinM", "m"],
  hoverSlowerMps: ["hover", "slowerMps", "mps"],
  hoverAfterS: ["hover", "afterS", "s"],
  loiterWithinM: ["loiter", "withinM", "m"],
  loiterRadiusM: ["loiter", "radiusM", "m"],
  loiterAfterS: ["loiter", "afterS", "s"],
  descentWithinM: ["descent", "withinM", "m"],
  descentFasterMps: ["descent", "fasterMps", "mps"],
} as const satisfies Readonly<Record<string, readonly [keyof DangerRules, string, Unit]>>;
export type Figure = keyof typeof FIGURES;
const NAMES = Object.keys(FIGURES) as readonly Figure[];

/** What the hub takes. */
export const MOST: Readonly<Record<Unit, number>> = { m: 50_000, s: 3600, percent: 100, mps: 3600 };
export const LEAST: Readonly<Record<Unit, number>> = { m: 0, s: 0, percent: 1, mps: 0 };
export const MAX_STEPS = 12;

export interface SendDraft {
  readonly by: "automatic" | "officer";
  readonly withinS: string;
  readonly otherwise: "send" | "withhold";
}
export interface StepDraft {
  readonly afterS: string;
  readonly action: EscalationAction;
}
export interface RulesDraft {
  readonly name: string;
  readonly figures: Readonly<Record<Figure, string>>;
  readonly unplaced: WarningLevel;
  readonly send: Readonly<Record<WarningLevel, SendDraft>>;
  readonly escalation: Readonly<Record<WarningLevel, readonly StepDraft[]>>;
}

function byLevel<T>(of: (level: WarningLevel) => T): Record<WarningLevel, T> {
  return { warning: of("warning"), caution: of("caution"), advisory: of("advisory") };
}

export function draftOf(rules: DangerRules): RulesDraft {
  const figures = {} as Record<Figure, string>;
  for (const name of NAMES) {
    const [group, field, unit] = FIGURES[name];
    const value = (rules[group] as Readonly<Record<string, number>>)[field] ?? 0;
    figures[name] = String(unit === "percent" ? Math.round(value * 1000) / 10 : value);
  }
  return {
    name: rules.name,
    figures,
    unplaced: rules.unplaced,
    send: byLevel((level) => {
      const right = rules.send[level];
      return right.by === "officer"
        ? { by: "officer", withinS: String(right.withinS), otherwise: right.otherwise }
        : { by: "automatic", withinS: "30", otherwise: "send" };
    }),
    escalation: byLevel((level) => rules.escalation[level].map(({ afterS, action }) => ({ afterS: String(afterS), action }))),
  };
}

function number(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

/** The rules that the form describes, on top of those in force; undefined while a figure is missing. Steps are put in order of time. */
export function rulesOf(draft: RulesDraft, inForce: DangerRules, version: number): DangerRules | undefined {
  const rules = structuredClone(inForce);
  for (const name of NAMES) {
    const [group, field, unit] = FIGURES[name];
    const value = number(draft.figures[name]);
    if (value === undefined) return undefined;
    (rules[group] as Record<string, number>)[field] = unit === "percent" ? value / 100 : value;
  }
  for (const level of LEVELS) {
    const { by, otherwise, withinS } = draft.send[level];
    const within = number(withinS);
    if (by === "officer" && within === undefined) return undefined;
    rules.send[level] = by === "officer" ? { by, withinS: within ?? 0, otherwise } : { by };
    const steps: DangerRules["escalation"]["warning"] = [];
    for (const { afterS, action } of draft.escalation[level]) {
      const after = number(afterS);
      if (after === undefined) return undefined;
      steps.push({ afterS: after, action });
    }
    rules.escalation[level] = steps.sort((a, b) => a.afterS - b.afterS);
  }
  return { ...rules, version, name: draft.name.trim(), unplaced: draft.unplaced };
}
