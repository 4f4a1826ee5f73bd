// What an officer does, from a button or a key: one place each.
import { type Answer, type Benign, type Calm, type NewReview, paths, type Warning, type WarningLevel } from "@atalaya/protocol";
import { ask, isRefused } from "./link/api.ts";
import { byUrgency, isOpen, tracks, useShown } from "./link/store.ts";
import { soundDone } from "@atalaya/web/sound";
import { grid } from "./words/figures.ts";
import { catalogues } from "./words/words.ts";

/** Why the hub did not do it, in words; undefined when it did. */
type Refusal = string | undefined;

function wordsOf(answer: unknown): Refusal {
  if (!isRefused(answer)) return undefined;
  const { code, message, status } = answer.refused;
  const { officer } = catalogues[useShown.getState().language].duty;
  // What an officer is refused in haste is said in the officer's own language.
  if (code === "person-in-danger") return `${officer.mayNotShelve} ${officer.mayNotShelveInstead}`;
  if (code === "over") return officer.over;
  if (code === "nobody-waits") return officer.nobodyWaits;
  return message === "" ? String(status) : message;
}

/** What was pressed without a dialog is refused above the picture. */
function show(answer: unknown): void {
  const refusal = wordsOf(answer);
  if (refusal !== undefined) useShown.setState({ refusal });
}

export function standing(): readonly Warning[] {
  return useShown.getState().warnings.filter(isOpen).sort(byUrgency);
}

export async function acknowledge(id: string): Promise<void> {
  show(await ask("POST", paths.acknowledge(id), {}));
}

export async function clear(id: string, reason: string): Promise<Refusal> {
  const answer = await ask("POST", paths.clear(id), { reason });
  if (!isRefused(answer)) soundDone();
  return wordsOf(answer);
}

export async function standDown(id: string, what: Benign, name: string | undefined, reason: string): Promise<Refusal> {
  const answer = await ask("POST", paths.standDown(id), { what, name, reason });
  if (!isRefused(answer)) soundDone();
  return wordsOf(answer);
}

export async function shelve(id: string, forS: number, reason: string): Promise<Refusal> {
  return wordsOf(await ask("PUT", paths.shelf(id), { forS, reason }));
}
export async function unshelve(id: string): Promise<void> {
  show(await ask("DELETE", paths.shelf(id)));
}

export async function mute(source: string, forS: number, reason: string): Promise<Refusal> {
  const answer = await ask("POST", paths.mutes, { source, forS, reason });
  if (!isRefused(answer)) await loadCalm();
  return wordsOf(answer);
}
export async function unmute(source: string): Promise<void> {
  show(await ask("DELETE", paths.mute(source)));
  await loadCalm();
}

/** Nobody waits: whoever has not answered goes on to the next step now. */
export async function escalate(id: string): Promise<void> {
  show(await ask("POST", paths.escalate(id)));
}

/** An officer heard the answer, by radio or telephone. */
export async function keyAnswer(id: string, personId: string, answer: Answer): Promise<void> {
  show(await ask("POST", paths.answer(id), { personId, answer }));
}

export async function closeHelp(id: string, personId: string, reason: string): Promise<Refusal> {
  return wordsOf(await ask("POST", paths.helpClosed(id), { personId, reason }));
}

export async function decide(id: string, level: WarningLevel, decision: "send" | "withhold", reason: string): Promise<Refusal> {
  return wordsOf(await ask("POST", paths.decision(id), { level, decision, reason }));
}
/** What goes out in haste needs no words; what is withheld does. */
export async function send(id: string, level: WarningLevel, reason: string): Promise<void> {
  const refusal = await decide(id, level, "send", reason);
  if (refusal !== undefined) useShown.setState({ refusal });
}

/** What an officer thinks of how it was dealt with, once it is over. */
export async function review(id: string, verdict: NewReview["verdict"], reason: string): Promise<Refusal> {
  return wordsOf(await ask("POST", paths.review(id), { verdict, reason }));
}

/** How calm the watch is: for the foot line and its page. */
export async function loadCalm(): Promise<void> {
  const calm = await ask<Calm>("GET", paths.calm);
  if (!isRefused(calm)) useShown.setState({ calm });
}

/** Opens a danger's incident. */
export function openIncident(id: string): void {
  useShown.setState({ view: "incidents", incident: id });
}

/** Incidents, the newest first. */
export function incidentsByTime(warnings: readonly Warning[]): readonly Warning[] {
  return [...warnings].sort((a, b) => b.raisedMs - a.raisedMs || (a.id < b.id ? 1 : -1));
}

/** Opens the newest incident. */
export function openNewest(): void {
  const [newest] = incidentsByTime(useShown.getState().warnings);
  if (newest !== undefined) useShown.setState({ incident: newest.id });
}

export async function copyGrid(): Promise<void> {
  const { selected } = useShown.getState();
  const track = selected === undefined ? undefined : tracks.get(selected);
  if (track !== undefined) await navigator.clipboard?.writeText(grid(track.latDeg, track.lonDeg)).catch(() => undefined);
}

/** Begins to key a call, with the report's id and the time from now on; one that is open stays. */
export function beginCall(): void {
  const { call, language } = useShown.getState();
  useShown.setState({
    view: "reports",
    call: call ?? { id: crypto.randomUUID(), startedMs: Date.now(), values: { callerLanguage: language } },
  });
}

/** Chooses the track before or after the chosen one, in the table's order. */
export function step(by: 1 | -1, order: readonly number[]): void {
  const { selected } = useShown.getState();
  const at = selected === undefined ? -1 : order.indexOf(selected);
  const next = order[Math.max(0, Math.min(order.length - 1, at < 0 ? 0 : at + by))];
  if (next !== undefined) useShown.setState({ selected: next });
}
