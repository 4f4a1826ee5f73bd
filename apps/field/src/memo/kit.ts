// What somebody carries, as they tapped it: which things they have, which are missing, and until when they hold.
import type { DeviceKit, KitAnswers, KitState, OwnCarryItem } from "@atalaya/protocol";
import type { Item, KitItem as KitMessage } from "../queue/items.ts";

export interface Answered {
  readonly have: number;
  readonly endsOn?: string;
}
/** Taps of the shift that begins; what was answered before `sinceMs` was of another shift. */
export interface Draft {
  readonly sinceMs: number;
  readonly answers: Readonly<Record<string, Answered>>;
}
export const NO_DRAFT: Draft = { sinceMs: 0, answers: {} };

/** Days until the end of a thing from which on that is said. */
const SOON_DAYS = 7;
const DAY_MS = 86_400_000;

export interface Row {
  readonly item: OwnCarryItem;
  readonly state: KitState;
  readonly have?: number;
  readonly endsOn?: string;
}

function daysUntil(date: string, today: string): number {
  return (Date.parse(date) - Date.parse(today)) / DAY_MS;
}

function stateOf({ quantity, ends }: OwnCarryItem, answered: Answered | undefined, today: string): KitState {
  if (answered === undefined) return "not-answered";
  if (answered.have < quantity) return "missing";
  if (!ends || answered.endsOn === undefined) return "has";
  const days = daysUntil(answered.endsOn, today);
  return days < 0 ? "ended" : days <= SOON_DAYS ? "ends-soon" : "has";
}

/**
 * The list, thing by thing. `dates` are those that were given for a thing at an earlier shift: the same kit ends on the same day. `today`: the sector's
 * calendar, YYYY-MM-DD.
 */
export function rowsOf(kit: DeviceKit, draft: Draft, dates: Readonly<Record<string, string>>, today: string): readonly Row[] {
  const isThisShift = kit.answeredMs !== undefined && kit.answeredMs >= draft.sinceMs;
  return kit.items.map((item) => {
    const known = isThisShift ? kit.kit.find(({ itemId }) => itemId === item.id) : undefined;
    const tapped = draft.answers[item.id];
    const have = tapped?.have ?? known?.have;
    const endsOn = tapped?.endsOn ?? known?.endsOn ?? dates[item.id];
    const answered = have === undefined ? undefined : { have, ...(endsOn === undefined ? {} : { endsOn }) };
    return {
      item,
      state: stateOf(item, answered, today),
      ...(have === undefined ? {} : { have }),
      ...(item.ends && endsOn !== undefined ? { endsOn } : {}),
    };
  });
}

/** A tap: has it; then one fewer at each tap, and after none, all of it again. */
export function tapped({ item, have }: Row): number {
  if (have === undefined) return item.quantity;
  return have === 0 ? item.quantity : Math.min(have, item.quantity) - 1;
}

export function withAnswer(draft: Draft, { item, have, endsOn }: Row, change: Partial<Answered>): Draft {
  const next: Answered = {
    have: change.have ?? have ?? item.quantity,
    ...((change.endsOn ?? endsOn) === undefined ? {} : { endsOn: change.endsOn ?? endsOn ?? "" }),
  };
  return { ...draft, answers: { ...draft.answers, [item.id]: next } };
}

/** "I have everything": whatever was not tapped is there; what was said to be missing stays missing. */
export function withRest(draft: Draft, rows: readonly Row[]): Draft {
  return rows.filter(({ have }) => have === undefined).reduce((now, row) => withAnswer(now, row, { have: row.item.quantity }), draft);
}

export function isAnswered(rows: readonly Row[]): boolean {
  return rows.length > 0 && rows.every(({ have }) => have !== undefined);
}

export function missing(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ state }) => state === "missing");
}
/** What has to be seen to before somebody goes out: missing, ended, or about to. */
export function openRows(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ state }) => state === "missing" || state === "ended" || state === "ends-soon");
}

export function answersOf(rows: readonly Row[]): KitAnswers["answers"] {
  return rows.flatMap(({ item, have, endsOn }) =>
    have === undefined ? [] : [{ itemId: item.id, have, ...(endsOn === undefined ? {} : { endsOn }) }],
  );
}

/** Dates that are worth keeping on this phone for the next shift. */
export function datesOf(rows: readonly Row[], before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const named = rows.flatMap(({ item, endsOn }) => (endsOn === undefined ? [] : [[item.id, endsOn] as const]));
  return { ...before, ...Object.fromEntries(named) };
}

/** The message that tells these answers: sent in this shift, or on its way. */
export function toldBy(items: readonly Item[], rows: readonly Row[]): KitMessage | undefined {
  const said = JSON.stringify(answersOf(rows));
  return items.findLast(
    (item): item is KitMessage => item.kind === "kit" && item.refused === undefined && JSON.stringify(item.kit.answers) === said,
  );
}

/** Whether the hub holds exactly these answers, however they came there. */
export function isTold(kit: DeviceKit, rows: readonly Row[], draft: Draft): boolean {
  if (kit.answeredMs === undefined || kit.answeredMs < draft.sinceMs) return false;
  return rows.every(({ item, have, endsOn }) => {
    const known = kit.kit.find(({ itemId }) => itemId === item.id);
    return known?.have === have && (endsOn === undefined || known?.endsOn === endsOn);
  });
}
