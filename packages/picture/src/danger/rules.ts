// The rules by which danger becomes a level, who may send a level, and what happens when nobody answers: data, validated and versioned.
import type { JsonValue } from "@atalaya/remote-id";
import { isFields, isFiniteNumber, isOneOf, isText } from "../record-check.ts";
import { type Level, LEVELS } from "./level.ts";

/** Who sends a level: the rule itself, or an officer, with what happens when nobody decides in time. */
export type SendRight =
  | { readonly by: "automatic" }
  | { readonly by: "officer"; readonly withinS: number; readonly otherwise: "send" | "withhold" };

export const ESCALATION_ACTIONS = ["repeat", "next-channel", "team-leader", "call-list"] as const;

/** Done so many seconds after a person was told, unless the person has answered by then. */
export interface EscalationStep {
  readonly afterS: number;
  readonly action: (typeof ESCALATION_ACTIONS)[number];
}

export interface DangerRules {
  /** Whole numbers; a set with a number that is not greater than that in force is refused. */
  readonly version: number;
  readonly name: string;
  readonly person: {
    /** Nearer than this is a warning, whatever the course. */
    readonly closeM: number;
    /** Passing nearer than this is an approach. */
    readonly passM: number;
    /** An approach within this many seconds is a warning; within this many, a caution. */
    readonly warningWithinS: number;
    readonly cautionWithinS: number;
    /** The probability of passing that near in that time from which it is one. */
    readonly probability: number;
    /** Nearer than this without an approach is an advisory. */
    readonly advisoryM: number;
  };
  /** Time to a zone's edge on a straight course. */
  readonly zone: { readonly warningWithinS: number; readonly cautionWithinS: number };
  /** Standing still near a person or post is a caution. */
  readonly hover: { readonly withinM: number; readonly slowerMps: number; readonly afterS: number };
  /** So is staying within a circle. */
  readonly loiter: { readonly withinM: number; readonly radiusM: number; readonly afterS: number };
  /** Sinking near by raises the level by one. */
  readonly descent: { readonly withinM: number; readonly fasterMps: number };
  /** Level for those on shift of whom neither place nor post is known, while a warning stands anywhere. */
  readonly unplaced: Level;
  readonly send: Readonly<Record<Level, SendRight>>;
  readonly escalation: Readonly<Record<Level, readonly EscalationStep[]>>;
}

/**
 * Ours, to be edited by each sector: 40 s so that half a minute is left when the course is known late; 150 m is a drone's last five to ten seconds;
 * the chain is that of the field's proposed target, answered or escalated within 30 s.
 */
export const defaultRules: DangerRules = {
  version: 1,
  name: "default",
  person: { closeM: 150, passM: 100, warningWithinS: 40, cautionWithinS: 120, probability: 0.2, advisoryM: 1000 },
  zone: { warningWithinS: 30, cautionWithinS: 120 },
  hover: { withinM: 500, slowerMps: 1.5, afterS: 10 },
  loiter: { withinM: 500, radiusM: 150, afterS: 60 },
  descent: { withinM: 1000, fasterMps: 1.5 },
  unplaced: "caution",
  send: { warning: { by: "automatic" }, caution: { by: "automatic" }, advisory: { by: "automatic" } },
  escalation: {
    warning: [
      { afterS: 8, action: "repeat" },
      { afterS: 15, action: "next-channel" },
      { afterS: 22, action: "team-leader" },
      { afterS: 30, action: "call-list" },
    ],
    caution: [
      { afterS: 30, action: "repeat" },
      { afterS: 60, action: "next-channel" },
      { afterS: 120, action: "call-list" },
    ],
    advisory: [],
  },
};

const MAX_DISTANCE_M = 50_000;
const MAX_TIME_S = 3600;
const MAX_STEPS = 12;

function within(value: JsonValue | undefined, least: number, most: number): boolean {
  return isFiniteNumber(value) && value >= least && value <= most;
}

/** All of the fields named are numbers from above 0 up to the limit that their unit has. */
function areFigures(value: JsonValue | undefined, names: readonly string[]): boolean {
  return isFields(value) && names.every((name) => within(value[name], 0, name.endsWith("M") ? MAX_DISTANCE_M : MAX_TIME_S));
}

function isRight(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  if (value["by"] === "automatic") return true;
  return value["by"] === "officer" && within(value["withinS"], 0, MAX_TIME_S) && isOneOf(value["otherwise"], ["send", "withhold"]);
}

function isChain(value: JsonValue | undefined): boolean {
  if (!Array.isArray(value) || value.length > MAX_STEPS) return false;
  let before = 0;
  return value.every((step) => {
    if (!isFields(step) || !isFiniteNumber(step["afterS"]) || step["afterS"] < before || step["afterS"] > MAX_TIME_S) return false;
    before = step["afterS"];
    return isOneOf(step["action"], ESCALATION_ACTIONS);
  });
}

/** Whether a record holds a rule set: every figure there and within its bounds, warning no later than caution, chains in order of time. */
export function isRules(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  const { version, name, person, zone, hover, loiter, descent, unplaced, send, escalation } = value;
  if (!isFiniteNumber(version) || !Number.isSafeInteger(version) || version < 1 || !isText(name)) return false;
  if (!areFigures(person, ["closeM", "passM", "warningWithinS", "cautionWithinS", "advisoryM"])) return false;
  if (!areFigures(zone, ["warningWithinS", "cautionWithinS"])) return false;
  if (!areFigures(hover, ["withinM", "slowerMps", "afterS"]) || !areFigures(loiter, ["withinM", "radiusM", "afterS"])) return false;
  if (!areFigures(descent, ["withinM", "fasterMps"])) return false;
  for (const target of [person, zone])
    if (!isFields(target) || Number(target["warningWithinS"]) > Number(target["cautionWithinS"])) return false;
  if (!isFields(person) || !within(person["probability"], 0.01, 1)) return false;
  if (!isOneOf(unplaced, LEVELS) || !isFields(send) || !isFields(escalation)) return false;
  return LEVELS.every((level) => isRight(send[level]) && isChain(escalation[level]));
}
