// What this phone knows of bulletins: the hub's word, with what was done here and is still on its way; what is owed, and what is news.
import type { BulletinTold, DeviceBulletin } from "@atalaya/protocol";
import type { Item } from "../queue/items.ts";

/** As the screen is read: what to do before what is known. Parts of one's own come before what is to be carried. */
const READ_ORDER: readonly string[] = [
  "headline",
  "do",
  "actions",
  "know",
  "not-know",
  "fallen",
  ...Array.from({ length: 8 }, (_, k) => `extra-${k + 1}`),
  "carry",
  "question",
];
/** Versions that were announced, and news that was looked at: beyond, the oldest is forgotten. */
const MAX_REMEMBERED = 200;

/** The hub's word, with what was done on this phone and has not come back from there: nobody is asked twice for what they confirmed off the network. */
export function withDone(bulletins: readonly DeviceBulletin[], items: readonly Item[]): readonly DeviceBulletin[] {
  return bulletins.map((bulletin) => {
    let now = bulletin;
    for (const item of items) {
      if (item.kind !== "bulletin" || item.bulletinId !== bulletin.id || item.refused !== undefined) continue;
      const { step, version, atMs, answer } = item.event;
      const isThis = version === now.version;
      if (isThis && now.openedMs === undefined) now = { ...now, openedMs: atMs };
      if (step !== "confirmed" || (now.confirmed?.version ?? 0) >= version) continue;
      now = {
        ...now,
        confirmed: { version, timeMs: atMs, ...(answer === undefined ? {} : { answer }) },
        ...(isThis ? { owes: [] } : {}),
      };
    }
    return now;
  });
}

export function isOwed({ state, owes }: DeviceBulletin): boolean {
  return state === "in-force" && owes.length > 0;
}

/** What has to be looked at once: changes when it ends or something of it falls. */
function stamp({ version, state, fallen }: DeviceBulletin): string {
  return `${version} ${state} ${fallen.length}`;
}
export type Seen = Readonly<Record<string, string>>;

/** Why somebody should open it now; undefined: they need not. */
export function newsOf(bulletin: DeviceBulletin, seen: Seen): "owed" | "ended" | "fallen" | undefined {
  if (isOwed(bulletin)) return "owed";
  if (seen[bulletin.id] === stamp(bulletin)) return undefined;
  if (bulletin.state !== "in-force") return "ended";
  return bulletin.fallen.length > 0 ? "fallen" : undefined;
}

export function looked(seen: Seen, bulletin: DeviceBulletin): Seen {
  const { [bulletin.id]: _before, ...others } = seen;
  return Object.fromEntries([...Object.entries(others), [bulletin.id, stamp(bulletin)]].slice(-MAX_REMEMBERED));
}

/** What asks for something first, then what is in force, then what is over; the newest first. */
export function inOrder(bulletins: readonly DeviceBulletin[], seen: Seen): readonly DeviceBulletin[] {
  const rank = (bulletin: DeviceBulletin): number => {
    if (isOwed(bulletin)) return bulletin.level === "act-on-it" ? 0 : 1;
    if (newsOf(bulletin, seen) !== undefined) return 2;
    return bulletin.state === "in-force" ? 3 : 4;
  };
  return [...bulletins].sort((a, b) => rank(a) - rank(b) || b.releasedMs - a.releasedMs);
}

function piecesOf({ parts, actions, carry, question }: DeviceBulletin): readonly string[] {
  const there = new Set(parts.map(({ key }) => key));
  if (actions !== undefined) there.add("actions");
  if (carry !== undefined) there.add("carry");
  if (question !== undefined) there.add("question");
  return READ_ORDER.filter((key) => there.has(key));
}

/** How a bulletin is read: what is asked, and what was confirmed before and stands. */
export interface Reading {
  /** The version confirmed before, when only what changed since is asked. */
  readonly since: number | undefined;
  readonly asked: readonly string[];
  readonly rest: readonly string[];
}

export function readingOf(bulletin: DeviceBulletin): Reading {
  const pieces = piecesOf(bulletin);
  const { confirmed, owes } = bulletin;
  // Pieces that were taken out are owed too, and have nothing to be shown of.
  const owed = pieces.filter((key) => owes.includes(key));
  if (!isOwed(bulletin) || confirmed === undefined || owed.length === pieces.length) return { since: undefined, asked: pieces, rest: [] };
  return { since: confirmed.version, asked: owed, rest: pieces.filter((key) => !owed.includes(key)) };
}

/** The answers that are right, once one was given; before that nothing is given away. */
export function rightAnswers({ question }: DeviceBulletin, answer: string | undefined): readonly string[] {
  return answer === undefined ? [] : (question?.answers ?? []).filter(({ right }) => right).map(({ id }) => id);
}

/** Whether an answer has to be given before this can be confirmed. */
export function needsAnswer(bulletin: DeviceBulletin): boolean {
  return bulletin.question !== undefined && bulletin.owes.includes("question");
}

/** The newest word takes the place of the one before. */
export function withNews(bulletins: readonly DeviceBulletin[], news: DeviceBulletin, most: number): readonly DeviceBulletin[] {
  return [news, ...bulletins.filter(({ id }) => id !== news.id)].slice(0, most);
}

/** One stroke for what is to be acted on, once for each version: never for a reminder, nor for what is over. */
export function isAloud(bulletin: DeviceBulletin, why: BulletinTold | "held", announced: readonly string[]): boolean {
  return (
    (why === "new" || why === "changed" || why === "held") &&
    bulletin.level === "act-on-it" &&
    isOwed(bulletin) &&
    !announced.includes(announcedName(bulletin))
  );
}
function announcedName({ id, version }: DeviceBulletin): string {
  return `${id} ${version}`;
}
export function withAnnounced(announced: readonly string[], bulletins: readonly DeviceBulletin[]): readonly string[] {
  const names = bulletins.map(announcedName).filter((name) => !announced.includes(name));
  return names.length === 0 ? announced : [...announced, ...names].slice(-MAX_REMEMBERED);
}
