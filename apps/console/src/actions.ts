// What an officer does, from a button or a key: one place each.
import { type Answer, paths, type Warning, type WarningLevel } from "@atalaya/protocol";
import { soundDone } from "@atalaya/web/sound";
import { ask, isRefused } from "./link/api.ts";
import { byUrgency, isOpen, tracks, useShown } from "./link/store.ts";
import { grid } from "./words/figures.ts";

function refusal(answer: unknown): void {
  if (isRefused(answer))
    useShown.setState({ refusal: answer.refused.message === "" ? String(answer.refused.status) : answer.refused.message });
}

export function standing(): readonly Warning[] {
  return useShown.getState().warnings.filter(isOpen).sort(byUrgency);
}

export async function acknowledge(id: string): Promise<void> {
  refusal(await ask("POST", paths.acknowledge(id), {}));
}

export async function clear(id: string, reason: string): Promise<void> {
  const answer = await ask("POST", paths.clear(id), { reason });
  refusal(answer);
  if (!isRefused(answer)) soundDone();
}

/** An officer heard the answer, by radio or telephone. */
export async function keyAnswer(id: string, personId: string, answer: Answer): Promise<void> {
  refusal(await ask("POST", paths.answer(id), { personId, answer }));
}

export async function closeHelp(id: string, personId: string, reason: string): Promise<void> {
  refusal(await ask("POST", paths.helpClosed(id), { personId, reason }));
}

export async function decide(id: string, level: WarningLevel, decision: "send" | "withhold", reason: string): Promise<void> {
  refusal(await ask("POST", paths.decision(id), { level, decision, reason }));
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
