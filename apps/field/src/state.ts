// What the screens show, and nothing else: set by the device, read by the screens.
import type {
  DeviceBulletin,
  DeviceCan,
  DeviceInfo,
  DeviceKit,
  Kept,
  MyReport,
  Notice,
  OverdueBulletin,
  TeamReport,
} from "@atalaya/protocol";
import { type Language, preferredLanguage } from "@atalaya/web/language";
import type { Theme } from "@atalaya/web/tokens";
import { create } from "zustand";
import type { Seen } from "./memo/bulletins.ts";
import { type Draft, NO_DRAFT } from "./memo/kit.ts";
import type { Item } from "./queue/items.ts";

export interface Place {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** 95 %, m. */
  readonly errorM: number;
  readonly measuredMs: number;
}

export type Screen =
  | { readonly name: "home" }
  | { readonly name: "aim" }
  /** What was seen, for the report that has just been made. */
  | { readonly name: "seen"; readonly reportId: string }
  | { readonly name: "reports" }
  | { readonly name: "report"; readonly id: string }
  | { readonly name: "team" }
  | { readonly name: "bulletins" }
  | { readonly name: "bulletin"; readonly id: string }
  | { readonly name: "carry" }
  | { readonly name: "about-me" }
  | { readonly name: "map" }
  | { readonly name: "settings" };

export interface Shown {
  /** Nothing is drawn before what was kept has been read. */
  readonly ready: boolean;
  readonly session: "none" | "joined" | "ended";
  readonly device: DeviceInfo | undefined;
  readonly onShift: boolean;
  readonly can: DeviceCan;
  /** Compass and position were asked for, and refused. */
  readonly refused: { readonly compass: boolean; readonly position: boolean };
  /** No word from the hub since then, on this phone's clock; undefined: linked. */
  readonly silentSinceMs: number | undefined;
  /** The stream has just been asked for: neither linked nor cut off yet. */
  readonly connecting: boolean;
  /** The page did not run between these. */
  readonly slept: { readonly fromMs: number; readonly untilMs: number } | undefined;
  readonly mode: "live" | "drill" | "replay";
  readonly notices: readonly Notice[];
  /** Ids of notices that were put aside: they stand in a line, and open again at a touch. */
  readonly aside: readonly string[];
  /** A notice that somebody has opened to read. */
  readonly opened: string | undefined;
  readonly reports: readonly MyReport[];
  readonly team: readonly TeamReport[];
  readonly bulletins: readonly DeviceBulletin[];
  /** Of the team, on a leader's phone: who is overdue, by bulletin. */
  readonly overdue: readonly OverdueBulletin[];
  /** Ends and fallen claims that were looked at, by bulletin. */
  readonly bulletinsSeen: Seen;
  /** The list of what is to be carried; undefined: not known here yet. */
  readonly kit: DeviceKit | undefined;
  readonly kitDraft: Draft;
  /** Days at which things end, as they were given on this phone. */
  readonly kitDates: Readonly<Record<string, string>>;
  /** What the hub keeps about the person, as it last said. */
  readonly aboutMe: Kept | undefined;
  readonly items: readonly Item[];
  readonly place: Place | undefined;
  /** Where the person says they are, when the phone does not know. */
  readonly namedPlace: string | undefined;
  readonly screen: Screen;
  readonly language: Language;
  readonly theme: Theme;
  /** What the person has to be told of something that did not work. */
  readonly problem: "full" | "disk" | undefined;
}

function kept<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  const value = localStorage.getItem(`atalaya.field.${key}`);
  return allowed.find((known) => known === value) ?? fallback;
}

function preferredTheme(): Theme {
  if (matchMedia("(prefers-contrast: more)").matches) return "hc";
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

export const NOTHING: DeviceCan = {
  sound: false,
  vibrate: false,
  wakeLock: false,
  compass: false,
  position: false,
  notifications: false,
  visible: true,
};

export const useField = create<Shown>(() => ({
  ready: false,
  session: "none",
  device: undefined,
  onShift: false,
  can: NOTHING,
  refused: { compass: false, position: false },
  silentSinceMs: undefined,
  connecting: true,
  slept: undefined,
  mode: "live",
  notices: [],
  aside: [],
  opened: undefined,
  reports: [],
  team: [],
  bulletins: [],
  overdue: [],
  bulletinsSeen: {},
  kit: undefined,
  kitDraft: NO_DRAFT,
  kitDates: {},
  aboutMe: undefined,
  items: [],
  place: undefined,
  namedPlace: undefined,
  screen: { name: "home" },
  language: kept("language", ["en", "es"], preferredLanguage()),
  theme: kept("theme", ["dark", "light", "red", "hc"], preferredTheme()),
  problem: undefined,
}));

export function choose(key: "language" | "theme", value: string): void {
  localStorage.setItem(`atalaya.field.${key}`, value);
}

export function languageWasChosen(): boolean {
  return localStorage.getItem("atalaya.field.language") !== null;
}

export function go(screen: Screen): void {
  useField.setState({ screen });
}

/** Hub time minus this phone's, ms, as of the newest word; and what time it is there now. */
let hubAheadMs = 0;
export function setHubTime(timeMs: number): void {
  hubAheadMs = timeMs - Date.now();
}
export function hubNow(): number {
  return Date.now() + hubAheadMs;
}
