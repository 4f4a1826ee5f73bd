// What React shows: small slices of the picture. The tracks themselves are in the track table.
import {
  type Calm,
  type ClientMessage,
  type DeviceBulletin,
  type HubHealth,
  type Incident,
  mayAct,
  type Notice,
  type OverdueBulletin,
  paths,
  type Report,
  type ReportQueue,
  type Right,
  type Sector,
  type SourceHealth,
  type StreamMessage,
  type TakHeard,
  type TrackSummary,
  type User,
  type Warning,
  type WarningLevel,
  type Zone,
} from "@atalaya/protocol";
import { create } from "zustand";
import type { ShownPlace } from "../map/zone-features.ts";
import type { VoiceDraft } from "../reports/voice.ts";
import { type Language, preferredLanguage } from "@atalaya/web/language";
import type { Theme } from "@atalaya/web/tokens";
import { ask, isRefused } from "./api.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { TrackTable } from "./tracks.ts";

/** What stands in the top bar, in the order of the number keys; the tenth opens what is set up once and seldom changed. */
export const VIEWS = ["watch", "reports", "incidents", "calm", "people", "readiness", "analysis", "bulletins", "health"] as const;
export const SET_UP = ["zones", "rules", "outlets", "accounts"] as const;
export type View = (typeof VIEWS)[number] | (typeof SET_UP)[number];
/** Where our people are and were, how they are reached, and when: the officers' matter. What is believed and told: officers' and analysts'. */
const ASKS_FOR: Readonly<Partial<Record<View, Right>>> = {
  reports: "officer",
  incidents: "officer",
  people: "officer",
  rules: "officer",
  outlets: "officer",
  readiness: "staff",
  analysis: "staff",
  bulletins: "staff",
  accounts: "owner",
};

/** Who sees which view: accounts are the owner's. */
export function maySee(view: View, role: User["role"] | undefined): boolean {
  const right = ASKS_FOR[view];
  return right === undefined || (role !== undefined && mayAct(role, right));
}

/** The view that the set-up opens with: the first that this role sees. */
export function firstSetUp(role: User["role"] | undefined): View | undefined {
  return SET_UP.find((known) => maySee(known, role));
}

/** Whether whoever has signed in may do that; nobody yet: no. */
export function hasRight(user: User | undefined, right: Right): boolean {
  return user !== undefined && mayAct(user.role, right);
}

/** No word for this long, and the picture is stale. */
export const STALE_MS = 3000;

/** What an officer is about to decide, with a reason. */
export type Deciding =
  | { readonly what: "clear" | "stand-down" | "shelve" | "sign-off" | "send-back"; readonly id: string }
  | { readonly what: "withhold"; readonly id: string; readonly level: WarningLevel }
  | { readonly what: "close-help"; readonly id: string; readonly personId: string; readonly name: string }
  | { readonly what: "mute"; readonly sources: readonly string[] };

/** What of the map an officer may leave off for a while. Tracks and what is in danger are not among them. */
export const MAP_PARTS = ["zones", "reports", "labels"] as const;
export type MapPart = (typeof MAP_PARTS)[number];

export const tracks: TrackTable = new TrackTable();

export interface Shown {
  readonly link: "connecting" | "open" | "lost";
  readonly user: User | undefined;
  readonly sector: Sector | undefined;
  readonly zones: readonly Zone[];
  /** The zone that is being drawn, not yet saved. */
  readonly sketch: Zone | undefined;
  /** Where people are, while the page of people is open. */
  readonly places: readonly ShownPlace[];
  readonly warnings: readonly Warning[];
  /** What the person whose device this is has to know: the newest word of each warning. */
  readonly notices: readonly Notice[];
  /** Reports of people, the newest first, and the incidents that they belong to. */
  readonly reports: readonly Report[];
  readonly incidents: readonly Incident[];
  readonly chosenReport: string | undefined;
  /** What is known of the sky is open beside the reports, to be changed. */
  readonly skyShown: boolean;
  /** The call that is being typed; its wedge is drawn as it stands. */
  readonly call: VoiceDraft | undefined;
  readonly callWedge: Report["wedge"] | undefined;
  /** Where it would be together with the incident that it may belong to. */
  readonly callPosition: Incident["position"] | undefined;
  /** What devices in TAK said, to officers. */
  readonly tak: TakHeard;
  /** The warning whose incident is read. */
  readonly incident: string | undefined;
  readonly deciding: Deciding | undefined;
  readonly calm: Calm | undefined;
  readonly sources: readonly SourceHealth[];
  readonly health: HubHealth | undefined;
  readonly summaries: ReadonlyMap<number, TrackSummary>;
  readonly stale: boolean;
  /** Raised a few times a second while tracks change. */
  readonly revision: number;
  /** Counts up when something of the memo has changed and a page that shows it has to read it again. */
  readonly memoRevisions: Readonly<Record<"sources" | "claims" | "bulletins" | "readiness", number>>;
  /** Bulletins for whoever has signed in, where that is a person of ours. */
  readonly bulletins: readonly DeviceBulletin[];
  /** The claim or the source that is read on the page of analysis. */
  readonly memo: { readonly about: "claim" | "source"; readonly id: string } | undefined;
  /** The bulletin that is open on its page, and whether its muster list is, for these people; all who owe it, when empty. */
  readonly bulletin: { readonly id: string; readonly muster?: readonly string[] } | undefined;
  /** The newest word on who is overdue, by bulletin; for supervisors. */
  readonly overdue: readonly OverdueBulletin[];
  readonly selected: number | undefined;
  readonly following: boolean;
  /** The line from the nearest post to the chosen track. */
  readonly bearing: boolean;
  /** What is left off the map; what is in danger stays. */
  readonly hidden: ReadonlySet<MapPart>;
  /** Anything is being looked for. */
  readonly finding: boolean;
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
  places: [],
  warnings: [],
  notices: [],
  reports: [],
  incidents: [],
  chosenReport: undefined,
  skyShown: false,
  call: undefined,
  callWedge: undefined,
  callPosition: undefined,
  tak: { messages: [], pointings: [] },
  incident: undefined,
  deciding: undefined,
  calm: undefined,
  sources: [],
  health: undefined,
  summaries: new Map(),
  stale: false,
  revision: 0,
  memoRevisions: { sources: 0, claims: 0, bulletins: 0, readiness: 0 },
  bulletins: [],
  memo: undefined,
  bulletin: undefined,
  overdue: [],
  selected: undefined,
  following: false,
  bearing: false,
  hidden: new Set(),
  finding: false,
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

/** Somebody asks for help there: it stays on top, also after the danger is over, until an officer closes it. */
export function needsHelp({ people }: Warning): boolean {
  return (people["needs-help"] ?? 0) > 0;
}
/** What an officer has before them: what stands, and what is over but for somebody who asks for help. */
export function isOpen(warning: Warning): boolean {
  return warning.state !== "cleared" || needsHelp(warning);
}

/** Order of the queue: calls for help, then level, then the nearest, then the oldest. What is shelved waits at the end. */
const LEVEL_ORDER = { warning: 0, caution: 1, advisory: 2 } as const;
/** Two that reach somebody within the same seconds are equal: what is about to be pressed must not move with every estimate. */
const SAME_URGENCY_S = 5;
const NEVER_S = 1e9;
const arrival = ({ foremost }: Warning): number => Math.ceil((foremost.reachesInS ?? NEVER_S) / SAME_URGENCY_S);
export function byUrgency(a: Warning, b: Warning): number {
  return (
    Number(needsHelp(b)) - Number(needsHelp(a)) ||
    Number(a.shelved !== undefined) - Number(b.shelved !== undefined) ||
    LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level] ||
    arrival(a) - arrival(b) ||
    a.raisedMs - b.raisedMs
  );
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

/** Ids that were announced on this page; what comes again makes no second sound. */
const announced = new Set<string>();
const MAX_ANNOUNCED = 500;
/** What is to be told with a sound, set by the page. */
let announce: (notice: Notice) => void = () => undefined;
export function onAnnounce(call: (notice: Notice) => void): void {
  announce = call;
}

/** `held`: what holds now, said after a while without a link: shown, and announced only when it is new here. */
function hearNotice(notice: Notice, held: boolean): void {
  const { id, warningId, personId, kind } = notice;
  say({ type: "receipt", id, warningId, personId, step: "delivered" });
  const others = useShown.getState().notices.filter((known) => known.warningId !== warningId || known.personId !== personId);
  if (kind === "cancel" && notice.why === "answered") {
    // Answered on another device, or told to an officer: it stays to be read, without asking.
    const same = useShown.getState().notices.find((known) => known.warningId === warningId && known.personId === personId);
    if (same !== undefined) set({ notices: [...others, { ...same, asks: false }] });
    return;
  }
  set({ notices: [...others, notice].slice(-20) });
  if (announced.has(id)) return;
  announced.add(id);
  if (announced.size > MAX_ANNOUNCED) for (const oldest of announced) if (announced.delete(oldest)) break;
  if (notice.quiet !== true && !(held && !notice.asks)) announce(notice);
}

/** What is to be heard of a report that nobody here has opened, set by the page. */
let attend: () => void = () => undefined;
export function onReport(call: () => void): void {
  attend = call;
}

const MAX_REPORTS = 500;
/** Beyond, the oldest that is over is forgotten here; the hub knows it still. */
const MAX_WARNINGS = 500;

/** All reports, after each hello: what came while there was no link is among them. */
export async function loadReports(): Promise<void> {
  const queue = await ask<ReportQueue>("GET", paths.reports);
  if (!isRefused(queue)) set({ reports: queue.reports, incidents: queue.incidents });
}

function hearReport(report: Report, incident: Incident): void {
  const { reports, incidents } = useShown.getState();
  const known = reports.some(({ id }) => id === report.id);
  set({
    // Where it stands in the list it stays: only what is new comes on top.
    reports: known ? reports.map((other) => (other.id === report.id ? report : other)) : [report, ...reports].slice(0, MAX_REPORTS),
    incidents: [...incidents.filter(({ id, reports: members }) => id !== incident.id && members.length > 0), incident].slice(-MAX_REPORTS),
  });
}

/** The memo's counts, one more for each that has changed. */
function raised(what: readonly (keyof Shown["memoRevisions"])[]): Shown["memoRevisions"] {
  const memoRevisions = { ...useShown.getState().memoRevisions };
  for (const one of what) memoRevisions[one] += 1;
  return memoRevisions;
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
        // What changed while there was no link was not said: all of it is read again.
        memoRevisions: raised(["sources", "claims", "bulletins", "readiness"]),
      });
      if (mayAct(message.user.role, "officer")) void loadReports();
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
      const { warning } = message;
      const { warnings } = useShown.getState();
      // Where it stands it stays: those of equal urgency must not change places with every message.
      if (warnings.some(({ id }) => id === warning.id))
        set({ warnings: warnings.map((other) => (other.id === warning.id ? warning : other)) });
      else {
        const forgotten = warnings.length < MAX_WARNINGS ? undefined : (warnings.find((known) => !isOpen(known)) ?? warnings[0]);
        set({ warnings: [...warnings.filter((known) => known !== forgotten), warning] });
      }
      break;
    }
    case "report":
      hearReport(message.report, message.incident);
      if (message.change !== "changed" && message.report.opened.centre === undefined) attend();
      break;
    case "notice":
      hearNotice(message.notice, false);
      break;
    case "notices":
      set({ notices: [] });
      for (const notice of message.notices) hearNotice(notice, true);
      break;
    case "answered":
      set({
        notices: useShown
          .getState()
          .notices.map((notice) =>
            notice.warningId === message.warningId && notice.personId === message.personId
              ? { ...notice, asks: false, answered: message.answer }
              : notice,
          ),
      });
      break;
    case "bulletins":
      set({ bulletins: message.bulletins });
      break;
    case "bulletin": {
      const { bulletin } = message;
      set({ bulletins: [bulletin, ...useShown.getState().bulletins.filter(({ id }) => id !== bulletin.id)].slice(0, 50) });
      break;
    }
    case "overdue": {
      const { overdue } = message;
      set({
        overdue: [overdue, ...useShown.getState().overdue.filter(({ bulletinId }) => bulletinId !== overdue.bulletinId)].slice(0, 50),
      });
      break;
    }
    case "memo-changed":
      set({ memoRevisions: raised(message.what) });
      break;
    case "sources":
      set({ sources: message.sources });
      break;
    case "health":
      set({ health: message.health, sector: message.sector });
      break;
  }
}

let worker: Worker | undefined;

/** Says something to the hub, if it can be heard now. */
export function say(message: ClientMessage): void {
  worker?.postMessage({ kind: "say", message } satisfies ToWorker);
}

function hear(data: FromWorker): void {
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
}

/** After something was drawn the page is left to its user for so long; what comes meanwhile waits. */
const REST_MS = 50;
/** Nothing waits for longer, whatever the browser does to timers. */
const LONGEST_REST_MS = 2000;

/**
 * What comes while the page draws or rests is taken in one go and drawn once: with many dangers on a slow machine the page would otherwise do
 * nothing but draw, and no button could be pressed. The first after a rest is taken at once, and everything is in a page that nobody looks at,
 * whose timers the browser holds back: there the sound must come.
 */
function inGoes(): (data: FromWorker) => void {
  const waiting: FromWorker[] = [];
  let restsFromMs: number | undefined;
  const takeAll = (): void => {
    restsFromMs = performance.now();
    // The first timer comes when what is taken now has been drawn.
    setTimeout(() => {
      setTimeout(() => {
        restsFromMs = undefined;
        if (waiting.length > 0) takeAll();
      }, REST_MS);
    });
    for (const data of waiting.splice(0)) hear(data);
  };
  return (data) => {
    waiting.push(data);
    if (restsFromMs === undefined || document.hidden || performance.now() - restsFromMs > LONGEST_REST_MS) takeAll();
  };
}

/** Opens the stream; once for the life of the page. */
export function connect(): void {
  if (worker !== undefined) return;
  const opened = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker = opened;
  const come = inGoes();
  opened.onmessage = ({ data }: MessageEvent<FromWorker>) => come(data);
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
