// What React shows: small slices of the picture. The tracks themselves are in the track table.
import {
  type HubHealth,
  paths,
  type Sector,
  type SourceHealth,
  type StreamMessage,
  type TrackSummary,
  type User,
  type Warning,
  type Zone,
} from "@atalaya/protocol";
import { create } from "zustand";
import { preferredLanguage, type Language } from "../words/words.ts";
import type { Theme } from "../theme/tokens.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { TrackTable } from "./tracks.ts";

export type View = "watch" | "zones" | "health" | "accounts";
export const VIEWS: readonly View[] = ["watch", "zones", "health", "accounts"];

/** No word for this long, and the picture is stale. */
export const STALE_MS = 3000;

export const tracks: TrackTable = new TrackTable();

export interface Shown {
  readonly link: "connecting" | "open" | "lost";
  readonly user: User | undefined;
  readonly sector: Sector | undefined;
  readonly zones: readonly Zone[];
  /** The zone that is being drawn, not yet saved. */
  readonly sketch: Zone | undefined;
  readonly warnings: readonly Warning[];
  readonly sources: readonly SourceHealth[];
  readonly health: HubHealth | undefined;
  readonly summaries: ReadonlyMap<number, TrackSummary>;
  readonly stale: boolean;
  /** Raised a few times a second while tracks change. */
  readonly revision: number;
  readonly selected: number | undefined;
  readonly following: boolean;
  readonly view: View;
  readonly language: Language;
  readonly theme: Theme;
  readonly letters: boolean;
  readonly refusal: string | undefined;
}

function kept<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  const value = localStorage.getItem(`atalaya.${key}`);
  return allowed.find((known) => known === value) ?? fallback;
}

function preferredTheme(): Theme {
  if (matchMedia("(prefers-contrast: more)").matches) return "hc";
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

export const useShown = create<Shown>(() => ({
  link: "connecting",
  user: undefined,
  sector: undefined,
  zones: [],
  sketch: undefined,
  warnings: [],
  sources: [],
  health: undefined,
  summaries: new Map(),
  stale: false,
  revision: 0,
  selected: undefined,
  following: false,
  view: "watch",
  language: kept("language", ["en", "es"], preferredLanguage()),
  theme: kept("theme", ["dark", "light", "red", "hc"], preferredTheme()),
  letters: kept("letters", ["on", "off"], "on") === "on",
  refusal: undefined,
}));

const set = useShown.setState;

export function keep(key: "language" | "theme" | "letters", value: string): void {
  localStorage.setItem(`atalaya.${key}`, value);
}

/**
 * Sector time of the newest message, ms, and when it came on this page's monotonic clock. Outside of what React watches: it changes with
 * every message, and nothing has to be drawn for that alone.
 */
const newest = { sectorMs: 0, heardAt: performance.now() };

/** True until the hub has said anything. */
export function nothingHeard(): boolean {
  return newest.sectorMs === 0;
}
/** Time since the newest message, ms. */
export function silentForMs(): number {
  return performance.now() - newest.heardAt;
}

/** Sector time now: the newest message's, carried on by this page's clock while the picture is fresh. */
export function sectorNow(): number {
  const { stale, sector } = useShown.getState();
  const rate = sector?.mode === "replay" ? (sector.replaySpeed ?? 1) : 1;
  return stale ? newest.sectorMs : newest.sectorMs + Math.min(silentForMs(), STALE_MS) * rate;
}

/** Order of the queue: what stands before what is over, then level, then the nearest, then the oldest. */
const LEVEL_ORDER = { warning: 0, caution: 1, advisory: 2 } as const;
export function byUrgency(a: Warning, b: Warning): number {
  return LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level] || (a.closestInS ?? 1e9) - (b.closestInS ?? 1e9) || a.raisedMs - b.raisedMs;
}

function heard(timeMs: number): void {
  newest.sectorMs = timeMs;
  newest.heardAt = performance.now();
  const late = hubIsLate();
  if (useShown.getState().stale !== late) set({ stale: late });
}

/** The hub says that its own tick is late: what it sends is old, however fresh it arrives. */
function hubIsLate(): boolean {
  return (useShown.getState().health?.tickLateS ?? 0) * 1000 > STALE_MS;
}

let dirty = false;

function take(message: StreamMessage): void {
  heard(message.timeMs);
  switch (message.type) {
    case "hello": {
      const { sector } = useShown.getState();
      if (sector === undefined || tracks.epochMs === 0)
        tracks.setOrigin(message.sector.centre.latDeg, message.sector.centre.lonDeg, message.timeMs);
      set({
        link: "open",
        user: message.user,
        sector: message.sector,
        zones: message.zones,
        warnings: message.warnings,
        sources: message.sources,
        health: message.health,
        summaries: new Map(message.tracks.map((summary) => [summary.number, summary])),
      });
      break;
    }
    case "tracks": {
      const summaries = new Map(useShown.getState().summaries);
      for (const summary of message.changed) summaries.set(summary.number, summary);
      set({ summaries });
      break;
    }
    case "zones":
      set({ zones: message.zones });
      break;
    case "warning": {
      const others = useShown.getState().warnings.filter(({ id }) => id !== message.warning.id);
      set({ warnings: [...others, message.warning].slice(-500) });
      break;
    }
    case "sources":
      set({ sources: message.sources });
      break;
    case "health":
      set({ health: message.health, sector: message.sector });
      break;
  }
}

let worker: Worker | undefined;

/** Opens the stream; once for the life of the page. */
export function connect(): void {
  if (worker !== undefined) return;
  const opened = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker = opened;
  opened.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    switch (data.kind) {
      case "open":
        break;
      case "closed":
        if (data.signedOut) location.reload();
        set({ link: "lost" });
        break;
      case "message":
        take(data.message);
        break;
      case "tracks":
        if (tracks.take(data.frame)) {
          heard(new DataView(data.frame).getFloat64(8, true));
          dirty = true;
        }
        break;
    }
  };
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  opened.postMessage({ kind: "connect", url: `${scheme}://${location.host}${paths.stream}` } satisfies ToWorker);
  // The table is drawn a few times a second, not per frame of the stream.
  setInterval(() => {
    const { stale, revision } = useShown.getState();
    const old = silentForMs() > STALE_MS || hubIsLate();
    if (old !== stale) set({ stale: old });
    if (dirty || old) set({ revision: revision + 1 });
    dirty = false;
  }, 250);
}
