// This phone as one device of one person: joins, keeps its shift, reports, is warned, and goes on where it was after anything.
import {
  type Answer,
  type CoarseDirection,
  type DeviceInfo,
  MAX_MEDIA_BYTES,
  type MyReport,
  type Notice,
  paths,
  type TeamReport,
} from "@atalaya/protocol";
import { soundAttention, soundDone } from "@atalaya/web/sound";
import { Compass } from "./aim/compass.ts";
import { linked } from "./link/fragment.ts";
import { hub, newId } from "./link/hub.ts";
import { FieldStream, type Heard } from "./link/stream.ts";
import { fetchMaps } from "./map/kept-map.ts";
import { Memo } from "./memo/memo.ts";
import { Database, type Keeping, Memory } from "./queue/database.ts";
import type { Item, MoreItem } from "./queue/items.ts";
import { Outbox } from "./queue/outbox.ts";
import { mediaTypeOf, observerOf, reportOf } from "./report/make.ts";
import { ask, look, rest, setCompass, wantAgain, watchAbilities } from "./shift/abilities.ts";
import { languageWasChosen, setHubTime, useField } from "./state.ts";
import { announce } from "./warned/announce.ts";
import { answered, hear, type Told } from "./warned/notices.ts";

/** Positions of own people are kept for a day at most, here too. */
const POSITION_KEPT_MS = 86_400_000;
const MAP_AFTER_MS = 8000;
const DEFAULT_HEARTBEAT_S = 20;
const DISK_LOCK = "atalaya-field-outbox";

export const compass: Compass = new Compass();
setCompass(() => compass.knowsNorth);

const { getState, setState: set } = useField;

let database: Keeping | undefined;
let outbox: Outbox | undefined;
let sending: ReturnType<typeof setTimeout> | undefined;
let fetching: ReturnType<typeof setTimeout> | undefined;
let beating: ReturnType<typeof setInterval> | undefined;
let locating: number | undefined;
let announcedIds: readonly string[] = [];
/** The shift as the person wants it, until the hub has said the same. */
let untold = false;

async function keep(name: string, value: unknown): Promise<void> {
  await database?.keep(name, value).catch(() => set({ problem: "disk" }));
}

export const memo: Memo = new Memo({
  hub,
  keep,
  kept: async (name) => database?.kept(name),
  add: async (item) => {
    try {
      return (await outbox?.add(item)) === true;
    } finally {
      flush();
    }
  },
  forget: (isDone) => void outbox?.forget(isDone),
  say: (message) => stream.say(message),
});

// What was kept

/** Reads what this phone knew, shows it, and goes on: without a network everything but warnings works. */
export async function begin(): Promise<void> {
  watchAbilities();
  database = await Database.open().catch(() => {
    set({ problem: "disk" });
    return new Memory();
  });
  outbox = new Outbox(
    database,
    hub,
    () => Date.now(),
    (items: readonly Item[]) => set({ items: [...items] }),
    (item, answer) => memo.taken(item, answer),
  );
  await outbox.open();
  const device = await database.kept<DeviceInfo>("device");
  const place = await database.kept<NonNullable<ReturnType<typeof getState>["place"]>>("place");
  announcedIds = (await database.kept<readonly string[]>("announced")) ?? [];
  untold = (await database.kept<boolean>("untold")) ?? false;
  const onShift = (await database.kept<boolean>("onShift")) ?? false;
  await memo.begin();
  const fresh = place !== undefined && Date.now() - place.measuredMs < POSITION_KEPT_MS;
  set({
    ready: true,
    session: device === undefined ? "none" : "joined",
    device,
    onShift: device !== undefined && onShift,
    place: fresh ? place : undefined,
    reports: (await database.kept<readonly MyReport[]>("reports")) ?? [],
    team: (await database.kept<readonly TeamReport[]>("team")) ?? [],
    namedPlace: await database.kept<string>("namedPlace"),
    ...(linked.bulletin === undefined ? {} : { screen: { name: "bulletin", id: linked.bulletin } as const }),
  });
  if (device !== undefined) takeUp(device);
}

function takeUp(device: DeviceInfo): void {
  if (!languageWasChosen()) set({ language: device.person.language });
  const { latDeg, lonDeg } = getState().place ?? device.sector.centre;
  compass.setPlace(latDeg, lonDeg, Date.now());
  stream.start();
  if (getState().onShift) {
    wantAgain();
    working();
  }
  if (typeof DeviceOrientationEvent !== "undefined" && !("requestPermission" in DeviceOrientationEvent)) compass.start();
  else void readyCompass();
  flush();
}

/** A permission that was given lasts in some browsers: nobody is asked, it is only tried. */
async function readyCompass(): Promise<void> {
  const state = await navigator.permissions?.query({ name: "accelerometer" as PermissionName }).catch(() => undefined);
  if (state?.state === "granted") compass.start();
}

// Joining and leaving

export async function join(code: string, deviceName: string): Promise<"joined" | "refused" | "unreachable" | "slow-down"> {
  const reply = await hub.send("POST", paths.join, { code, device: deviceName });
  if (!reply.ok) return reply.status === 0 || reply.status >= 500 ? "unreachable" : reply.status === 429 ? "slow-down" : "refused";
  const device = reply.body as DeviceInfo;
  if ((getState().device?.person.id ?? device.person.id) !== device.person.id) {
    await outbox?.disown();
    set({ reports: [], team: [], notices: [], place: undefined, namedPlace: undefined });
    memo.forget();
    for (const name of ["reports", "team", "place", "namedPlace", ...Memo.names]) void keep(name, undefined);
  }
  await database?.keep("device", device);
  set({ session: "joined", device, onShift: device.onShift, screen: { name: "home" } });
  void keep("onShift", device.onShift);
  takeUp(device);
  return "joined";
}

/** The person leaves this phone: nothing of theirs stays on it. */
export async function leave(): Promise<void> {
  stream.stop();
  stopWorking();
  await hub.send("DELETE" as "POST", paths.session);
  await database?.clear();
  location.replace("/field/");
}

// The shift

export async function startShift(): Promise<void> {
  await ask(compass);
  await memo.tellKit();
  set({ onShift: true });
  void keep("onShift", true);
  untold = true;
  void keep("untold", true);
  working();
  await tellShift();
}

export async function endShift(): Promise<void> {
  set({ onShift: false, place: undefined, screen: { name: "home" } });
  void keep("onShift", false);
  memo.shiftEnded();
  untold = true;
  void keep("untold", true);
  void keep("place", undefined);
  stopWorking();
  await tellShift();
}

/** After a restart in mid-shift: the one tap that sound and compass need. */
export async function wakeUp(): Promise<void> {
  await ask(compass);
  void beat();
}

async function tellShift(): Promise<void> {
  if (!untold) return;
  const on = getState().onShift;
  const reply = await hub.send("PUT", paths.deviceShift, { on, can: look() });
  if (!reply.ok || getState().onShift !== on) return;
  untold = false;
  void keep("untold", false);
  takeDevice(reply.body as DeviceInfo);
  if (on) setTimeout(() => void beat(), 1500);
}

function working(): void {
  if (beating === undefined) {
    const { heartbeatEveryS = DEFAULT_HEARTBEAT_S } = getState().device ?? {};
    beating = setInterval(() => void beat(), heartbeatEveryS * 1000);
    void beat();
  }
  locate();
}

function stopWorking(): void {
  clearInterval(beating);
  beating = undefined;
  stopLocating();
  rest();
}

/** Per cent; undefined: the browser does not say. */
async function battery(): Promise<number | undefined> {
  const { getBattery } = navigator as { getBattery?: () => Promise<{ readonly level: number }> };
  const known = await getBattery?.call(navigator).catch(() => undefined);
  return known === undefined ? undefined : Math.round(known.level * 100);
}

async function beat(): Promise<void> {
  const { place, onShift } = getState();
  if (!onShift) return;
  const batteryPercent = await battery();
  const facing = compass.facing();
  const position = place === undefined ? undefined : { ...place, ...(facing === undefined ? {} : { facingDeg: facing }) };
  const reply = await hub.send("POST", paths.heartbeat, {
    sentMs: Date.now(),
    can: look(),
    ...(position === undefined ? {} : { position }),
    queued: Math.min(10_000, outbox?.waiting ?? 0),
    ...(batteryPercent === undefined ? {} : { batteryPercent }),
  });
  if (!reply.ok) return;
  const { timeMs, onShift: known } = reply.body as { readonly timeMs: number; readonly onShift: boolean };
  setHubTime(timeMs);
  if (untold) void tellShift();
  // An officer has ended it.
  else if (!known && getState().onShift) takeShift(false);
}

/** A report is begun: from the tap, so that a phone that has not been asked yet can ask. */
export function prepareAim(): void {
  void Compass.ask().then((granted) => {
    if (granted) compass.start();
  });
  locate();
}

/** The report is made or given up. Off shift nobody's place is watched. */
export function endAim(): void {
  if (getState().onShift) return;
  stopLocating();
  set({ place: undefined });
}

function stopLocating(): void {
  if (locating !== undefined) navigator.geolocation.clearWatch(locating);
  locating = undefined;
}

function locate(): void {
  if (locating !== undefined || !("geolocation" in navigator)) return;
  locating = navigator.geolocation.watchPosition(
    ({ coords: { latitude, longitude, accuracy }, timestamp }) => {
      // Some phones date positions by a clock of their own.
      const measuredMs = Math.abs(Date.now() - timestamp) < POSITION_KEPT_MS ? Math.min(Date.now(), timestamp) : Date.now();
      const place = { latDeg: latitude, lonDeg: longitude, errorM: Math.min(50_000, accuracy), measuredMs };
      set(({ refused }) => ({ place, refused: { ...refused, position: false } }));
      compass.setPlace(latitude, longitude, Date.now());
      if (getState().onShift) void keep("place", place);
      look();
    },
    ({ code }) => {
      if (code === 1) set(({ refused }) => ({ refused: { ...refused, position: true } }));
      look();
    },
    { enableHighAccuracy: true, maximumAge: 2000 },
  );
}

// Reports

export interface Press {
  readonly word?: CoarseDirection | "overhead";
  readonly atRisk?: boolean;
  readonly heardOnly?: boolean;
  /** Without a direction: none is taken from how the phone happens to be held. */
  readonly noDirection?: boolean;
}

/** Takes the direction of this moment, keeps the report, sends it. Resolves with its id when it would survive the end of the program. */
export async function report({ word, atRisk = false, heardOnly = false, noDirection = false }: Press): Promise<string | undefined> {
  const pressedMs = Date.now();
  const { place, namedPlace, device, language, mode } = getState();
  const aim = noDirection ? undefined : compass.aim();
  const id = newId();
  const made = reportOf({
    id,
    pressedMs,
    aim,
    ...(word === undefined ? {} : { word }),
    observer: observerOf(place, namedPlace, device, pressedMs, language),
    atRisk,
    heardOnly,
    drill: mode === "drill",
    language,
  });
  try {
    if ((await outbox?.add({ kind: "report", id, report: made })) !== true) {
      set({ problem: "full" });
      return undefined;
    }
  } catch {
    // The disk refuses: it is sent from memory all the same.
    set({ problem: "disk" });
  }
  navigator.vibrate?.(80);
  flush();
  return id;
}

/** Adds to a report what was seen besides. */
export async function addMore(reportId: string, more: Omit<MoreItem["more"], "id">): Promise<void> {
  if (Object.keys(more).length === 0) return;
  const id = newId();
  await outbox?.add({ kind: "more", id, reportId, more: { ...more, id } });
  flush();
}

export async function addFile(reportId: string, file: Blob): Promise<"kept" | "type" | "size" | "full"> {
  const known = mediaTypeOf(file.type);
  if (known === undefined) return "type";
  if (file.size === 0 || file.size > MAX_MEDIA_BYTES) return "size";
  const { kind, type } = known;
  const kept = await outbox
    ?.add({ kind: "media", id: newId(), reportId, media: kind, type, bytes: file.size, have: -1 }, file)
    .catch(() => false);
  if (kept !== true) return "full";
  flush();
  return "kept";
}

export async function reply(reportId: string, questionId: string, text: string): Promise<void> {
  await outbox?.add({ kind: "reply", id: newId(), reportId, reply: { questionId, text } });
  flush();
}
export async function takeBack(reportId: string): Promise<void> {
  await outbox?.add({ kind: "take-back", id: newId(), reportId, takeBack: {} });
  flush();
}
/** The person has seen what came of it: said once. */
export function seenOutcome(reportId: string): void {
  if (getState().items.some((item) => item.kind === "told" && item.reportId === reportId)) return;
  void outbox?.add({ kind: "told", id: newId(), reportId }).then(flush);
}
export function openTeamReport(reportId: string): void {
  if (getState().items.some((item) => item.kind === "opened" && item.reportId === reportId)) return;
  void outbox?.add({ kind: "opened", id: newId(), reportId }).then(flush);
}

/** Sends what waits, now; one page of ours at a time. */
export function flush(): void {
  clearTimeout(sending);
  const box = outbox;
  if (box === undefined || getState().session !== "joined") return;
  const run = async (): Promise<void> => {
    const pause = await box.run();
    if (pause.why === "signed-out") ended();
    else if (pause.why === "unreachable" || pause.why === "slow-down") {
      clearTimeout(sending);
      sending = setTimeout(flush, pause.waitMs);
    }
  };
  // Two pages of one phone would send the same twice: harmless to the hub, and a waste of a poor network.
  if (navigator.locks === undefined) void run();
  else void navigator.locks.request(DISK_LOCK, run);
}

// Warned

function told(): Told {
  return { notices: getState().notices, announced: announcedIds };
}
function setTold({ notices, announced }: Told): void {
  set({ notices });
  if (announced !== announcedIds) {
    announcedIds = announced;
    void keep("announced", announced);
  }
}

function hearNotice(notice: Notice, held: boolean): void {
  const { id, warningId, personId } = notice;
  stream.say({ type: "receipt", id, warningId, personId, step: "delivered" });
  const { announce: aloud, ...now } = hear(told(), notice, held);
  setTold(now);
  if (aloud) announce(notice);
}

/** It is on the screen of somebody who looks at it. */
export function sawNotice({ id, warningId, personId }: Notice): void {
  if (document.visibilityState === "visible") stream.say({ type: "receipt", id, warningId, personId, step: "seen" });
}

/** Kept first, then told: an answer that was given off the network arrives later, and is one. */
export async function answerWarning({ warningId }: Notice, answer: Answer): Promise<void> {
  setTold(answered(told(), warningId, answer));
  await outbox?.add({ kind: "answer", id: newId(), answer: { id: newId(), warningId, answer } });
  flush();
}

/** Put aside while the danger goes on; gone when it is over. */
export function closeNotice({ id, level }: Notice): void {
  const { notices, aside } = getState();
  set({ opened: undefined });
  if (level === "warning" || level === "caution") set({ aside: [...aside, id].slice(-20) });
  else set({ notices: notices.filter((known) => known.id !== id) });
}

// The stream

function takeDevice(device: DeviceInfo): void {
  set({ device, mode: device.sector.mode });
  void keep("device", device);
  setHubTime(device.timeMs);
}

function takeShift(on: boolean): void {
  if (getState().onShift === on) return;
  set({ onShift: on });
  void keep("onShift", on);
  if (on) working();
  else {
    memo.shiftEnded();
    stopWorking();
  }
}

function takeReports(reports: readonly MyReport[]): void {
  const before = new Map(getState().reports.map((known) => [known.id, known]));
  set({ reports });
  void keep("reports", reports);
  const news = reports.some(
    ({ id, questions, outcome }) =>
      questions.filter(({ answer }) => answer === undefined).length >
        (before.get(id)?.questions.filter(({ answer }) => answer === undefined).length ?? 0) ||
      (before.has(id) && outcome !== undefined && before.get(id)?.outcome?.timeMs !== outcome.timeMs),
  );
  if (news) soundAttention();
}

function heard(message: Heard): void {
  setHubTime(message.timeMs);
  if (getState().connecting) set({ connecting: false });
  switch (message.type) {
    case "device-hello":
      takeDevice(message.device);
      if (untold) void tellShift();
      else takeShift(message.device.onShift);
      takeReports(message.reports);
      set({ team: message.team });
      void keep("team", message.team);
      flush();
      void memo.askKit();
      void memo.askOverdue();
      // After what is urgent: the map, while there is a link.
      clearTimeout(fetching);
      fetching = setTimeout(() => void fetchMaps(), MAP_AFTER_MS);
      break;
    case "notices":
      set({ notices: [] });
      for (const notice of message.notices) hearNotice(notice, true);
      // What was answered here and is still on its way must not ask again.
      for (const item of getState().items)
        if (item.kind === "answer" && !item.done) setTold(answered(told(), item.answer.warningId, item.answer.answer));
      break;
    case "notice":
      hearNotice(message.notice, false);
      break;
    case "answered":
      setTold(answered(told(), message.warningId, message.answer));
      break;
    case "my-report": {
      const { report: changed } = message;
      takeReports(
        [changed, ...getState().reports.filter(({ id }) => id !== changed.id)].sort((a, b) => b.receivedMs - a.receivedMs).slice(0, 100),
      );
      break;
    }
    case "team-report": {
      const { report: changed } = message;
      const known = getState().team.some(({ id }) => id === changed.id);
      const team = [changed, ...getState().team.filter(({ id }) => id !== changed.id)]
        .sort((a, b) => b.receivedMs - a.receivedMs)
        .slice(0, 100);
      set({ team });
      void keep("team", team);
      if (changed.openedMs === undefined && changed.takenBackMs === undefined && (!known || changed.reminder > 0)) {
        soundAttention();
        navigator.vibrate?.([200, 100, 200]);
      }
      break;
    }
    case "bulletins":
    case "bulletin":
    case "overdue":
    case "kit-changed":
      memo.heard(message);
      break;
    case "pulse":
      if (getState().mode !== message.mode) set({ mode: message.mode });
      break;
  }
}

function ended(): void {
  stream.stop();
  stopWorking();
  set({ session: "ended", onShift: false });
  void keep("onShift", false);
}

const stream: FieldStream = new FieldStream({
  heard,
  silent: (sinceMs) => {
    const was = getState().silentSinceMs;
    set({ silentSinceMs: sinceMs, connecting: false });
    if (sinceMs === undefined) {
      if (was !== undefined) flush();
    } else if (getState().onShift && was === undefined) {
      soundAttention();
      navigator.vibrate?.([200, 100, 200]);
    }
  },
  frozen: (fromMs) => set({ slept: { fromMs, untilMs: Date.now() } }),
  signedOut: ended,
  refused: () =>
    void hub.send("GET", paths.device).then((reply) => {
      if (!reply.ok && reply.status === 401) ended();
    }),
});

/** A receipt just came: the falling tone, once. */
export function soundReceipt(): void {
  soundDone();
}

/** Where the person stands when the phone does not know; undefined: nothing named. */
export function namePlace(id: string | undefined): void {
  set({ namedPlace: id });
  void keep("namedPlace", id);
}

/** One's own rating, for oneself; undefined: not known now. */
export async function ownReliability(): Promise<string | undefined> {
  const answer = await hub.send("GET", paths.ownReliability);
  return answer.ok ? (answer.body as { readonly reliability: string }).reliability : undefined;
}
