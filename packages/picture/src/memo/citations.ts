// What a source comes down to: along its citations to those that knew something themselves. Three articles that cite one memo are one source, and when
// the memo goes, they have nothing left.

export interface Citing {
  readonly cites: readonly string[];
  /** It knows something of its own beside what it cites; a source that cites nothing always does. */
  readonly addsOwn: boolean;
  /** Withdrawn or refuted: nothing rests on it. */
  readonly out: boolean;
}

/** Of one source: the roots that it comes down to, and those of them that it still reaches over sources which stand. */
export interface Roots {
  readonly all: readonly string[];
  readonly standing: readonly string[];
}

/**
 * Groups of sources that cite one another in a circle (mostly of one), those that are cited before those that cite them: the strongly connected
 * components in the order in which Tarjan's algorithm finds them ("Depth-first search and linear graph algorithms", 1972), without recursion.
 */
function circles(sources: ReadonlyMap<string, Citing>, cited: (id: string) => readonly string[]): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  for (const start of sources.keys()) {
    if (index.has(start)) continue;
    const path: { readonly id: string; readonly next: readonly string[]; at: number }[] = [];
    const enter = (id: string): void => {
      index.set(id, index.size);
      low.set(id, index.size - 1);
      open.push(id);
      isOpen.add(id);
      path.push({ id, next: cited(id), at: 0 });
    };
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { id, next } = step;
      const other = next[step.at];
      step.at += 1;
      if (other !== undefined) {
        if (!index.has(other)) enter(other);
        else if (isOpen.has(other)) low.set(id, Math.min(low.get(id) ?? 0, index.get(other) ?? 0));
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low.set(above.id, Math.min(low.get(above.id) ?? 0, low.get(id) ?? 0));
      if (low.get(id) !== index.get(id)) continue;
      const circle: string[] = [];
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        isOpen.delete(member);
        circle.push(member);
        if (member === id) break;
      }
      found.push(circle);
    }
  }
  return found;
}

/** The first by name of a circle in which everybody only repeats the others stands for all of them: one source, whoever began it. */
function first(ids: readonly string[]): string {
  return ids.reduce((least, id) => (id < least ? id : least));
}

function rootsIn(sources: ReadonlyMap<string, Citing>, onlyStanding: boolean): ReadonlyMap<string, readonly string[]> {
  const known = (id: string): readonly string[] => (sources.get(id)?.cites ?? []).filter((other) => sources.has(other));
  const counts = (id: string): boolean => !onlyStanding || sources.get(id)?.out === false;
  const roots = new Map<string, readonly string[]>();
  for (const circle of circles(sources, (id) => (counts(id) ? known(id).filter(counts) : []))) {
    const reached = new Set<string>();
    let isClosed = circle.length > 1;
    for (const id of circle) {
      if (!counts(id)) {
        isClosed = false;
        continue;
      }
      const cited = known(id);
      if (cited.length === 0 || sources.get(id)?.addsOwn === true) reached.add(id);
      for (const other of cited) {
        // What leads out of the circle, to something that stands or not, is where it comes from.
        if (!circle.includes(other)) isClosed = false;
        else if (circle.length === 1) isClosed = true;
        for (const root of counts(other) ? (roots.get(other) ?? []) : []) reached.add(root);
      }
    }
    if (reached.size === 0 && isClosed) reached.add(first(circle));
    const sorted = [...reached].sort();
    for (const id of circle) roots.set(id, counts(id) ? sorted : []);
  }
  return roots;
}

/** For every source what it comes down to. The work grows with the citations and the roots; both are bounded by the number of sources. */
export function rootsOf(sources: ReadonlyMap<string, Citing>): ReadonlyMap<string, Roots> {
  const all = rootsIn(sources, false);
  const standing = rootsIn(sources, true);
  return new Map(Array.from(sources.keys(), (id) => [id, { all: all.get(id) ?? [], standing: standing.get(id) ?? [] }]));
}
