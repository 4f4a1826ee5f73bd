// What another set of rules would have raised on recorded days: the frames of that time, played into two pictures, by the rules in force and by those asked for.
import { type DangerRules, Picture } from "@atalaya/picture";
import type { Entry, Journal } from "./journal/journal.ts";
import { firstAt } from "./journal/seek.ts";

/** Entries played in one go while the hub goes on working. */
const AT_ONCE = 200;
/** Frames from before the time that is asked for, so that tracks fly already when it begins. */
const WARM_UP_US = 120_000_000;
/** More entries than this are not tried: a day of a busy sector is some minutes of work. */
export const MAX_PREVIEW_ENTRIES = 2_000_000;

interface Raised {
  advisory: number;
  caution: number;
  warning: number;
  /** People that would have been told. */
  people: number;
}

class Trial {
  readonly #picture: Picture;
  readonly #people = new Set<string>();
  #before = { advisory: 0, caution: 0, warning: 0 };

  constructor(rules: DangerRules) {
    this.#picture = new Picture({}, rules);
  }
  apply(entry: Entry, counts: boolean): void {
    this.#picture.apply(entry);
    this.#picture.takeChanges();
    for (const intent of this.#picture.takeIntents()) if (counts && intent.type === "notify") this.#people.add(intent.personId);
  }
  begin(atUs: number): void {
    this.#picture.advance(atUs);
    this.#picture.takeIntents();
    this.#before = { ...this.#picture.alarmFigures().byLevel };
  }
  end(atUs: number): Raised {
    this.#picture.advance(atUs);
    const { byLevel } = this.#picture.alarmFigures();
    return {
      advisory: byLevel.advisory - this.#before.advisory,
      caution: byLevel.caution - this.#before.caution,
      warning: byLevel.warning - this.#before.warning,
      people: this.#people.size,
    };
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function previewRules(
  journal: Journal,
  rules: { readonly inForce: DangerRules; readonly proposed: DangerRules },
  fromUs: number,
  untilUs: number,
): Promise<{ readonly inForce: Raised; readonly proposed: Raised; readonly entries: number } | "too-many"> {
  const first = firstAt(journal, fromUs - WARM_UP_US);
  const end = firstAt(journal, untilUs);
  if (end - first > MAX_PREVIEW_ENTRIES) return "too-many";
  const trials = [new Trial(rules.inForce), new Trial(rules.proposed)] as const;
  // How things were set up when that time began; what was decided of warnings that these pictures never raised means nothing here.
  let next = 1;
  for (;;) {
    const set = [...journal.records(next, AT_ONCE)].filter(({ seq }) => seq < first);
    for (const entry of set) for (const trial of trials) trial.apply(entry, false);
    const last = set.at(-1);
    if (last === undefined || set.length < AT_ONCE) break;
    next = last.seq + 1;
    await pause();
  }
  let begun = false;
  let entries = 0;
  for (let from = first; from < end; from += AT_ONCE) {
    for (const entry of journal.read(from, Math.min(AT_ONCE, end - from))) {
      if (!begun && entry.timeUs >= fromUs) {
        begun = true;
        for (const trial of trials) trial.begin(fromUs);
      }
      for (const trial of trials) trial.apply(entry, begun);
      entries += 1;
    }
    await pause();
  }
  if (!begun) for (const trial of trials) trial.begin(fromUs);
  return { inForce: trials[0].end(untilUs), proposed: trials[1].end(untilUs), entries };
}
