// What somebody is typing beside what the hub has of it: when it may be sent, and when both have changed and a person decides.

export interface Typed<T> {
  /** What the hub had when it was read here. */
  readonly base: T;
  readonly mine: T;
  /** What the hub has now, where somebody else changed it while `mine` differs. */
  readonly theirs?: T;
}

/** As the hub compares: blanks around a text are none, what is not set is absent, and the order of fields says nothing. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, plain(part)]),
  );
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

/** Something is typed that the hub does not have. */
export function isOwed<T>({ base, mine }: Typed<T>): boolean {
  return !same(base, mine);
}

/** After word from the hub of what it has now. */
export function afterWord<T>(typed: Typed<T>, hub: T): Typed<T> {
  const { base, mine } = typed;
  // What was typed stays as it was typed, blanks and all, where it is the same.
  if (same(hub, mine)) return { base: hub, mine };
  if (!isOwed(typed)) return { base: hub, mine: hub };
  return same(hub, base) ? { base: hub, mine } : { base, mine, theirs: hub };
}

/** After the hub has taken `sent`, while somebody may have typed on. */
export function afterSaved<T>(typed: Typed<T>, sent: T, hub: T): Typed<T> {
  return same(hub, sent) ? { base: hub, mine: typed.mine } : afterWord({ base: sent, mine: typed.mine }, hub);
}

/** Somebody has read the other words and writes over them. */
export function keepMine<T>({ base, mine, theirs = base }: Typed<T>): Typed<T> {
  return { base: theirs, mine };
}
export function takeTheirs<T>({ base, theirs = base }: Typed<T>): Typed<T> {
  return { base: theirs, mine: theirs };
}
