// How a shift is laid out: those with something open by team, the rest folded; those who go out; and each open thing in words. No score, no order of rank.
import type { CarryItem, Need, OutingDefinition, PersonReadiness, Readiness } from "@atalaya/protocol";
import type { Words } from "../words/words.ts";

export interface Group {
  /** A team's name, or the outing's id. */
  readonly key: string;
  readonly outing?: OutingDefinition;
  readonly people: readonly PersonReadiness[];
  readonly open: readonly PersonReadiness[];
  readonly ready: readonly PersonReadiness[];
}

const byName = (a: PersonReadiness, b: PersonReadiness): number =>
  Number(b.leader) - Number(a.leader) || a.name.localeCompare(b.name) || (a.personId < b.personId ? -1 : 1);

function group(key: string, people: readonly PersonReadiness[], outing?: OutingDefinition): Group {
  const sorted = people.toSorted(byName);
  return {
    key,
    ...(outing === undefined ? {} : { outing }),
    people: sorted,
    open: sorted.filter(({ needs }) => needs.length > 0),
    ready: sorted.filter(({ needs }) => needs.length === 0),
  };
}

/** Those on shift by team, teams without a name last; then those of each outing who have not started, in the order of going. */
export function groupsOf({ people, outings }: Pick<Readiness, "people" | "outings">): readonly Group[] {
  const on = people.filter(({ onShift }) => onShift);
  const teams = [...new Set(on.map(({ team }) => team))].sort((a, b) => Number(a === "") - Number(b === "") || a.localeCompare(b));
  const placed = new Set(on.map(({ personId }) => personId));
  const going = outings
    .toSorted((a, b) => a.fromMs - b.fromMs || (a.id < b.id ? -1 : 1))
    .map((outing) => {
      const members = people.filter(({ personId }) => outing.people.includes(personId) && !placed.has(personId));
      for (const { personId } of members) placed.add(personId);
      return group(outing.id, members, outing);
    })
    .filter((one) => one.people.length > 0);
  return [
    ...teams.map((team) =>
      group(
        team,
        on.filter((person) => person.team === team),
      ),
    ),
    ...going,
  ];
}

/** What is open and nobody has seen to, of those who matter before they go: all who have such, those who go out first. */
export function beforeTheyGo({ people, outings, timeMs }: Pick<Readiness, "people" | "outings" | "timeMs">): readonly PersonReadiness[] {
  const goes = (id: string): number =>
    Math.min(
      ...outings.filter(({ people: members, untilMs }) => untilMs > timeMs && members.includes(id)).map(({ fromMs }) => fromMs),
      Infinity,
    );
  return people
    .filter(({ needs }) => needs.some(({ remedied, code }) => !remedied && code !== "no-link"))
    .toSorted((a, b) => Number(a.onShift) - Number(b.onShift) || goes(a.personId) - goes(b.personId) || byName(a, b));
}

/** The outing that goes next, for the head of what is to be done before. */
export function nextOuting({ outings, timeMs }: Pick<Readiness, "outings" | "timeMs">): OutingDefinition | undefined {
  return outings.filter(({ fromMs }) => fromMs > timeMs).toSorted((a, b) => a.fromMs - b.fromMs)[0];
}

export interface NeedContext {
  readonly items: readonly CarryItem[];
  readonly numberOf: (bulletinId: string) => string;
  readonly language: "en" | "es";
}

export function needWords(
  need: Need,
  { items, numberOf, language }: NeedContext,
  { need: words, trainingKind }: Words["readiness"],
): string {
  const item = items.find(({ id }) => id === need.itemId);
  const name = item?.name[language] ?? need.itemId ?? "";
  const value = (key: string): number => need.values[key] ?? 0;
  const kind = need.training === undefined ? "" : trainingKind[need.training];
  switch (need.code) {
    case "item-missing": {
      const text = words["item-missing"](name, value("have"), need.values["quantity"] ?? item?.quantity ?? 1);
      const where = item?.where?.[language];
      return where === undefined ? text : `${text} ${words.where(where)}`;
    }
    case "item-ends-soon":
      return words["item-ends-soon"](name, Math.max(0, value("daysLeft")));
    case "item-ended":
      return words["item-ended"](name);
    case "training-ends-soon":
      return words["training-ends-soon"](kind, Math.max(0, value("daysLeft")));
    case "training-lapsed":
      return words["training-lapsed"](kind);
    case "bulletin-not-opened":
    case "bulletin-not-confirmed":
      return words[need.code](numberOf(need.bulletinId ?? ""));
    case "kit-not-answered":
    case "no-link":
    case "no-way":
      return words[need.code];
  }
}

/** What is offered as a remedy: from where a missing thing comes. */
export function offeredRemedy(
  need: Need,
  { items, language }: Pick<NeedContext, "items" | "language">,
  { remedy }: Words["readiness"],
): string {
  const item = items.find(({ id }) => id === need.itemId);
  if (item === undefined) return "";
  const where = item.where?.[language];
  return where === undefined ? remedy.spare(item.name[language]) : remedy.spareAt(item.name[language], where);
}

/** How many days from one calendar day to another, both YYYY-MM-DD. */
export function daysTo(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The training that ends first is the one that is shown: a lapsed one before all, one that is not known last. */
export function firstToEnd(training: PersonReadiness["training"]): PersonReadiness["training"][number] | undefined {
  return training.filter(({ until }) => until !== undefined).toSorted((a, b) => ((a.until ?? "") < (b.until ?? "") ? -1 : 1))[0];
}

/** The bulletin whose step is shown of a person: the one that is least far, so that nothing owed is hidden by what is done. */
const FAR = ["waiting", "told", "delivered", "opened", "by-muster", "confirmed"] as const;
export function leastFar(bulletins: PersonReadiness["bulletins"]): PersonReadiness["bulletins"][number] | undefined {
  return bulletins.toSorted((a, b) => FAR.indexOf(a.step) - FAR.indexOf(b.step))[0];
}
