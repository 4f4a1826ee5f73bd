// What happened in an incident, in the order of time: what raised it and why, who was told and what they answered, what was decided by whom and why, how it
// ended, and what was thought of it afterwards.
import type { LadderStep, WarningDetail, Zone } from "@atalaya/protocol";
import { SHAPE } from "../watch/rung-shape.ts";
import { clock, distance, percent, seconds } from "../words/figures.ts";
import type { Words } from "../words/words.ts";
import { closestOf } from "./incident-moment.ts";

/** The shape of what a person decided. */
export const DECIDED = "■";

export interface Fact {
  readonly timeMs: number;
  readonly shape: string;
  readonly text: string;
  /** Why, in the words of whoever decided, or the figures of then. */
  readonly more: string;
}

/** Reasons for an end, which is told with whoever decided it. */
const ENDS: ReadonlySet<string> = new Set<Why["code"]>([
  "left-zone",
  "track-ended",
  "zone-removed",
  "cleared-by-officer",
  "stood-down",
  "merged",
]);

type Why = WarningDetail["why"][number];

function figuresOf({ values }: Why, words: Words): string {
  const { figures } = words.duty.incidents;
  const parts: string[] = [];
  const { edgeDistanceM, reachesInS, probability, claims, doubt, mergedInto } = values;
  if (typeof edgeDistanceM === "number") parts.push(figures.edgeDistanceM(distance(edgeDistanceM)));
  if (typeof reachesInS === "number") parts.push(figures.reachesInS(seconds(reachesInS)));
  if (typeof probability === "number") parts.push(figures.probability(percent(probability)));
  if (claims !== undefined) parts.push(figures.claims(String(claims)));
  if (doubt !== undefined) parts.push(figures.doubt(String(doubt)));
  if (mergedInto !== undefined) parts.push(figures.mergedInto(String(mergedInto)));
  return parts.join(", ");
}

/** Whom a reason is about: the person it names, else the zone that the danger threatens most. */
function whoOf({ values: { person } }: Why, { ladder = [], threats, foremost }: WarningDetail, words: Words): string {
  if (person !== undefined) return ladder.find(({ personId }) => personId === person)?.name ?? String(person);
  const zone = foremost.kind === "zone" ? foremost : threats.find(({ kind }) => kind === "zone");
  return zone?.name ?? (foremost.name === "" ? words.dangers.somebody : foremost.name);
}

function levelsOf(warning: WarningDetail, words: Words): Fact[] {
  const { incidents } = words.duty;
  return warning.why.flatMap((why): Fact[] => {
    if (ENDS.has(why.code) && why.timeMs === warning.clearedMs) return [];
    const level = why.values["level"];
    const known = level === "warning" || level === "caution" || level === "advisory" ? level : undefined;
    const what = incidents.why[why.code](whoOf(why, warning, words));
    return [
      {
        timeMs: why.timeMs,
        shape: known === undefined ? "–" : known === "warning" ? "▲" : known === "caution" ? "◆" : "□",
        text: known === undefined ? what : `${incidents.raised(words.dangers.level[known])}: ${what}`,
        more: figuresOf(why, words),
      },
    ];
  });
}

function decisionsOf({ decisions }: WarningDetail, words: Words): Fact[] {
  const { incidents } = words.duty;
  return decisions.flatMap(({ level, askedMs, dueMs, outcome, decidedMs, by, reason = "" }): Fact[] => {
    const named = words.dangers.level[level];
    const asked = { timeMs: askedMs, shape: "○", text: incidents.asked(named, seconds((dueMs - askedMs) / 1000)), more: "" };
    if (outcome === undefined) return [asked];
    const decided = { send: incidents.sent, withhold: incidents.withheld }[outcome];
    const text = by === undefined ? incidents.undecided[outcome](named) : decided(named, by);
    return [asked, { timeMs: decidedMs ?? dueMs, shape: DECIDED, text, more: reason }];
  });
}

/** How it ended: by whom and why, or by which rule. */
function endOf({ why, clearedMs, clearedReason = "", benign }: WarningDetail, words: Words): Fact[] {
  if (clearedMs === undefined) return [];
  const { incidents, benign: kinds } = words.duty;
  const last = why.at(-1);
  const by = last?.values["by"];
  if (benign !== undefined) {
    const what = benign.name === undefined ? kinds[benign.what] : `${kinds[benign.what]}, ${benign.name}`;
    const text = incidents.stoodDown(what, benign.by ?? incidents.byRule);
    return [{ timeMs: clearedMs, shape: DECIDED, text, more: clearedReason }];
  }
  if (by !== undefined) return [{ timeMs: clearedMs, shape: DECIDED, text: incidents.allClear(String(by)), more: clearedReason }];
  const rule = last === undefined ? "" : incidents.why[last.code]("");
  return [{ timeMs: clearedMs, shape: "●", text: incidents.overByRule, more: rule }];
}

/** Steps of one person that others have to know of. */
const TELLING: ReadonlySet<LadderStep["what"]> = new Set(["answered", "no-link", "leader-told", "call-list", "help-closed"]);
/** Told within so long, people are told together, ms. */
const TOGETHER_MS = 2000;

function peopleOf({ lanes, clearedMs = Number.POSITIVE_INFINITY }: WarningDetail, words: Words): Fact[] {
  const { incidents } = words.duty;
  const facts: Fact[] = [];
  const told = lanes.flatMap(({ name, steps }) =>
    steps
      .filter(({ what }) => what === "told")
      .slice(0, 1)
      .map(({ timeMs }) => ({ timeMs, name })),
  );
  told.sort((a, b) => a.timeMs - b.timeMs);
  for (let from = 0; from < told.length; ) {
    const { timeMs } = told[from] ?? { timeMs: 0 };
    const end = told.findIndex((one, k) => k > from && one.timeMs - timeMs > TOGETHER_MS);
    const group = told.slice(from, end < 0 ? told.length : end);
    facts.push({ timeMs, shape: SHAPE.sent, text: incidents.toldPeople(group.length), more: group.map(({ name }) => name).join(", ") });
    from += group.length;
  }
  for (const { name, steps } of lanes)
    for (const { what, timeMs, detail, by } of steps) {
      // That the end reached nobody who was never reached is in their lanes.
      if (!TELLING.has(what) || (what === "no-link" && timeMs >= clearedMs)) continue;
      if (what === "answered") {
        const said = (words.ladder.answer as Readonly<Record<string, string>>)[detail ?? ""] ?? "";
        const shape = detail === "need-help" ? SHAPE["needs-help"] : SHAPE.answered;
        facts.push({ timeMs, shape, text: incidents.answered(name, said), more: by === undefined ? "" : incidents.keyedBy(by) });
      } else
        facts.push({
          timeMs,
          shape: what === "no-link" ? SHAPE["no-link"] : what === "help-closed" ? SHAPE.answered : SHAPE.escalated,
          text: incidents.stepOf(name, incidents.step[what]),
          more: what === "help-closed" ? [by ?? "", detail ?? ""].filter((part) => part !== "").join(": ") : "",
        });
    }
  return facts;
}

function wayOf(warning: WarningDetail, words: Words, zones: readonly Zone[]): Fact[] {
  const { incidents } = words.duty;
  const [first] = warning.path;
  const closest = closestOf(warning, zones);
  return [
    ...(first === undefined || first.timeMs >= warning.raisedMs
      ? []
      : [{ timeMs: first.timeMs, shape: "○", text: incidents.firstHeard, more: warning.trackId }]),
    ...(closest === undefined
      ? []
      : [{ timeMs: closest.timeMs, shape: "◎", text: incidents.closest(closest.zone.name, distance(closest.distanceM)), more: "" }]),
  ];
}

export function factsOf(warning: WarningDetail, words: Words, timeZone: string | undefined, zones: readonly Zone[] = []): readonly Fact[] {
  const { incidents } = words.duty;
  const { acknowledgedBy, acknowledgedMs, shelved, lastHeardMs } = warning;
  const facts = [
    ...wayOf(warning, words, zones),
    ...levelsOf(warning, words),
    ...peopleOf(warning, words),
    ...decisionsOf(warning, words),
    ...endOf(warning, words),
    ...warning.reviews.map(({ timeMs, verdict, by, reason }) => ({
      timeMs,
      shape: verdict === "signed-off" ? "✓" : "↺",
      text: verdict === "signed-off" ? incidents.signedOff(by) : incidents.sentBack(by),
      more: reason,
    })),
  ];
  if (acknowledgedBy !== undefined && acknowledgedMs !== undefined)
    facts.push({ timeMs: acknowledgedMs, shape: DECIDED, text: incidents.took(acknowledgedBy), more: "" });
  if (shelved !== undefined)
    facts.push({
      timeMs: warning.changedMs,
      shape: DECIDED,
      text: incidents.shelvedUntil(shelved.by, clock(shelved.untilMs, timeZone)),
      more: shelved.reason,
    });
  facts.push({ timeMs: lastHeardMs, shape: "○", text: incidents.lastHeard, more: warning.trackId });
  return facts.sort((a, b) => a.timeMs - b.timeMs);
}
