// The browser stream: one binary frame of tracks five times a second, made once for all browsers; JSON for the rest; warnings are never dropped. It is an outlet
// too: a browser that somebody on shift has signed in to is a device of theirs.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type {
  BulletinNotice,
  BulletinOverdue,
  MemoIntent,
  MemoThing,
  PersonIntent,
  PictureWarning,
  TellLeader,
  Track,
  WarningId,
} from "@atalaya/picture";
import {
  type BulletinTold,
  ClientMessage,
  type FieldMessage,
  mayAct,
  type StreamMessage,
  trackFrameBytes,
  type TrackSummary,
  type Warning,
  writeRemovedTrack,
  writeTrackHeader,
  writeTrackRecord,
} from "@atalaya/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { deviceInfo, type Have, incidentOf, myReportOf, reportOf, teamReportOf } from "./present-report.ts";
import type { Account } from "../identity/identity.ts";
import type { Sector, TickResult } from "../sector.ts";
import { type Frame, FramePool } from "./frame-pool.ts";
import type { Latency } from "./latency.ts";
import type { Outlet, OutletReports, ToldIntent } from "./outlet.ts";
import { deviceBulletin, deviceBulletins, overdueOf } from "./present-memo.ts";
import { forViewer, noticeOf, warningOf } from "./present-warning.ts";
import { hubHealth, identityOf, sectorInfo, sourcesHealth, trackRecord, trackSummary, zoneOf } from "./present.ts";

/** Officers and analysts are told at most so often that something of the memo has changed. */
const MEMO_EVERY_MS = 1000;
/** Close code of a session that has ended: the browser asks to sign in again. */
const SIGNED_OUT = 4401;

export const MAX_BROWSERS = 1200;
/** A browser with this much unsent gets warnings only, until it has caught up; then it gets everything. */
const BEHIND_BYTES = 1 << 20;
/** One with this much unsent, or silent for as long as CUT_SILENT_MS, is cut off; it comes back and gets everything. */
const CUT_BYTES = 8 << 20;
/** A live browser says something every five seconds; kernels swallow megabytes before the first sign of a stuck one shows here. */
const BEHIND_SILENT_MS = 12_000;
const CUT_SILENT_MS = 30_000;
/** Screens need no more than five pictures of the tracks a second. */
const TRACKS_EVERY_MS = 200;
/**
 * To hundreds of browsers a picture goes in shares, a tick apart: all at once is tens of megabytes, and a warning that comes meanwhile would wait for them.
 */
const SHARES = 4;
const LEAST_SHARE = 50;
const HEALTH_EVERY_MS = 1000;
/** Everything is sent again to one browser no more often than this, however often it asks. */
const RESYNC_EVERY_MS = 1000;
const MESSAGES_PER_S = 20;
/** A session that has ended elsewhere loses its stream within this time. */
const SESSION_CHECK_EVERY_MS = 10_000;
const CLOSE_WITHIN_MS = 500;
/** What was told to devices of one account and has not come yet, remembered for the case that the link breaks; beyond, the oldest is forgotten. */
const MAX_UNDELIVERED = 100;

interface Browser {
  readonly socket: WebSocket;
  readonly account: Account;
  /** Its session cookie's value, to see whether the session still stands. */
  readonly token: string;
  needsAll: boolean;
  /** When it last got everything: hello and all tracks; absent before the first time. */
  allMs: number | undefined;
  heardMs: number;
  /** Messages of the second that runs. */
  secondMs: number;
  messages: number;
}

export interface StreamCounts {
  framesSent: number;
  bytesSent: number;
  skipped: number;
  cutOff: number;
  refused: number;
}

/** A device in the field gets what concerns its own person: no tracks, no zones, nobody else's warnings. */
function isField({ account }: Browser): boolean {
  return account.role === "field";
}

/** Reports of its own person that a device gets with its hello, the newest. */
export const MAX_OWN_REPORTS = 100;

/** What was last said of a track's summary; a new one is made into JSON only when this differs. */
interface Said {
  readonly identity: string | undefined;
  readonly uaType: number | undefined;
  readonly findings: number;
}

/** One picture of the tracks on its way to the browsers. */
interface Round {
  readonly beganMs: number;
  readonly browsers: readonly Browser[];
  /** How many of them have had it. */
  done: number;
  readonly delta: Frame | undefined;
}

/** A viewer may not see whom of us a danger threatens. */
function seesPeople({ account }: Browser): boolean {
  return mayAct(account.role, "officer");
}

export class BrowserStream implements Outlet {
  readonly name = "browser";
  readonly channel = "browser";
  /** What the registry measures, once there is one. */
  latency: Latency | undefined;
  readonly counts: StreamCounts = { framesSent: 0, bytesSent: 0, skipped: 0, cutOff: 0, refused: 0 };
  readonly #sector: Sector;
  readonly #standing: (token: string) => boolean;
  readonly #have: Have;
  readonly #server: WebSocketServer = new WebSocketServer({
    noServer: true,
    maxPayload: 4096,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #browsers = new Set<Browser>();
  readonly #said = new Map<number, Said>();
  readonly #pool: FramePool = new FramePool();
  /** The picture that is going out, and the browsers that have still to get it. */
  #round: Round | undefined;
  #tick = 0;
  #healthMs = 0;
  #sessionsMs = 0;
  #zones = "";
  /** What has changed since tracks were sent last: they go out less often than dangers. */
  #changed = new Set<number>();
  #removed: number[] = [];
  #renewed = false;
  readonly #updated = new Set<WarningId>();
  /** Of warnings that stand: the level that was last said. */
  readonly #levels = new Map<WarningId, PictureWarning["level"]>();
  #tracksMs = Number.NEGATIVE_INFINITY;
  /** What of the memo has changed since officers and analysts were told so. */
  readonly #memoChanged = new Set<MemoThing>();
  #memoMs = Number.NEGATIVE_INFINITY;
  #reports: OutletReports | undefined;
  /** By account: what was sent to its devices and came to none of them yet. */
  readonly #undelivered = new Map<string, Map<string, PersonIntent>>();
  #stopListening: (() => void) | undefined;

  /** `standing` tells whether the session of a token still stands; `have`, how much is here of a file that is to come. */
  constructor(sector: Sector, standing: (token: string) => boolean, have: Have) {
    this.#sector = sector;
    this.#have = have;
    this.#standing = standing;
  }

  /** Officers who watch: accounts, however many screens each has. */
  get officers(): number {
    return new Set([...this.#browsers].filter(seesPeople).map(({ account }) => account.id)).size;
  }
  /** Whether a screen of this account is there. */
  hears(accountId: string): boolean {
    return this.#devices(accountId).length > 0;
  }
  get browsers(): number {
    return this.#browsers.size;
  }
  /** Bytes waiting for the slowest browser. */
  get longestQueueBytes(): number {
    let longest = 0;
    for (const { socket } of this.#browsers) longest = Math.max(longest, socket.bufferedAmount);
    return longest;
  }

  start(reports?: OutletReports): void {
    this.#reports = reports;
    this.#zones = JSON.stringify(this.#sector.picture.zones());
    this.#stopListening = this.#sector.onTick((tick) => this.#send(tick));
  }

  /** Says goodbye, and cuts off whoever does not answer. */
  async stop(): Promise<void> {
    this.#stopListening?.();
    const sockets = [...this.#browsers].map(({ socket }) => socket);
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    for (const socket of sockets) socket.close(1001, "the hub stops");
    const late = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, CLOSE_WITHIN_MS);
    await closed;
    clearTimeout(late);
    this.#server.close();
  }

  /** Takes over an upgrade that has been authorised. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, account: Account, token: string): void {
    if (this.#browsers.size >= MAX_BROWSERS) {
      this.counts.refused += 1;
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#join(opened, account, token));
  }

  /** Ends the connections of an account that is gone, or of one session. */
  drop(accountId: string, token?: string): void {
    for (const browser of this.#browsers)
      if (browser.account.id === accountId && (token === undefined || browser.token === token))
        browser.socket.close(SIGNED_OUT, "signed out");
  }

  /** Ends the connection of one device in the field. */
  dropDevice(device: string): void {
    for (const browser of this.#browsers) if (browser.account.device === device) browser.socket.close(SIGNED_OUT, "signed out");
  }

  #join(socket: WebSocket, account: Account, token: string): void {
    const nowMs = performance.now();
    const browser: Browser = { socket, account, token, needsAll: true, allMs: undefined, heardMs: nowMs, secondMs: nowMs, messages: 0 };
    this.#browsers.add(browser);
    socket.on("close", () => this.#left(browser));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => this.#hear(browser, isBinary ? undefined : parse(String(data))));
  }

  #hear(browser: Browser, message: ClientMessage | undefined): void {
    const nowMs = performance.now();
    browser.heardMs = nowMs;
    if (nowMs - browser.secondMs >= 1000) {
      browser.secondMs = nowMs;
      browser.messages = 0;
    }
    browser.messages += 1;
    if (message === undefined || browser.messages > MESSAGES_PER_S)
      browser.socket.close(1008, "not a message of this protocol, or too many");
    else if (message.type === "resync") browser.needsAll = true;
    else if (message.type === "receipt") this.#receipt(browser, message);
    else if (message.type === "bulletin-receipt") this.#bulletinReceipt(browser, message);
    else if (message.type === "answer") void this.#answer(browser, message);
  }

  // Devices of people in danger

  /** Says something to every device of an account; where there is none, says so at once, so that the next channel takes over. */
  tell(intent: ToldIntent): void {
    if (intent.type === "team-report") {
      this.#tellLeader(intent);
      return;
    }
    const devices = this.#devices(intent.address);
    if (devices.length === 0) {
      this.#reports?.receipt(intent, "no-link");
      return;
    }
    const waiting = this.#undelivered.get(intent.address) ?? new Map<string, PersonIntent>();
    this.#undelivered.set(intent.address, waiting);
    waiting.set(intent.id, intent);
    if (waiting.size > MAX_UNDELIVERED) {
      const [oldest] = waiting.keys();
      if (oldest !== undefined) waiting.delete(oldest);
    }
    const text = JSON.stringify({
      type: "notice",
      timeMs: this.#sector.picture.timeUs / 1000,
      notice: noticeOf(intent),
    } satisfies StreamMessage);
    // One without its hello finds the same in what follows it.
    for (const browser of devices) if (browser.allMs !== undefined) this.#say(browser, text);
    this.#reports?.receipt(intent, "sent");
  }

  /** To the leader's devices, as the report now stands: they show it from its figures. A console that shows no reports is none of them. */
  #tellLeader(intent: TellLeader): void {
    const { picture } = this.#sector;
    const report = picture.report(intent.reportId);
    if (report === undefined) return;
    const devices = this.#devices(intent.address).filter((browser) => isField(browser) || seesPeople(browser));
    if (devices.length === 0) {
      this.#reports?.receipt(intent, "no-link");
      return;
    }
    const timeMs = picture.timeUs / 1000;
    const text = JSON.stringify({ type: "team-report", timeMs, report: teamReportOf(report, picture) } satisfies FieldMessage);
    // One without its hello finds the same in what follows it.
    for (const device of devices) if (device.allMs !== undefined) this.#say(device, text);
    this.#reports?.receipt(intent, "sent");
  }

  #devices(accountId: string): readonly Browser[] {
    return [...this.#browsers].filter(({ account, socket }) => account.id === accountId && socket.readyState === socket.OPEN);
  }

  /** Whether this browser speaks for that person. */
  #speaksFor({ account }: Browser, personId: string): boolean {
    return this.#sector.picture.reachedBy("browser", account.id).includes(personId);
  }

  #receipt(browser: Browser, { id, warningId, personId, step }: Extract<ClientMessage, { type: "receipt" }>): void {
    if (!this.#speaksFor(browser, personId)) return;
    const { id: address } = browser.account;
    this.#undelivered.get(address)?.delete(id);
    // Only what was said to this person: ids begin with the warning's and the person's.
    if (!id.startsWith(`${warningId}/${personId}/`)) return;
    type Told = Parameters<OutletReports["receipt"]>[0];
    const told = { type: "notify", id, warningId, personId, channel: "browser", address } as Told;
    this.#reports?.receipt(told, step);
  }

  /** The answer is confirmed once it is on disk, and silences the person's other devices. */
  async #answer(browser: Browser, { warningId, personId, answer }: Extract<ClientMessage, { type: "answer" }>): Promise<void> {
    if (!this.#speaksFor(browser, personId) || this.#reports === undefined) return;
    const { id: address } = browser.account;
    try {
      await this.#reports.answer({ warningId, personId, answer, channel: "browser", address });
    } catch {
      // Not on disk: not confirmed. The device says it again.
      return;
    }
    const text = JSON.stringify({
      type: "answered",
      timeMs: this.#sector.picture.timeUs / 1000,
      warningId,
      personId,
      answer,
    } satisfies StreamMessage);
    for (const device of this.#devices(address)) if (device.allMs !== undefined) this.#say(device, text);
  }

  /** With its last device gone, nothing that was on its way to an account has come: it is told another way. */
  #left(browser: Browser): void {
    this.#browsers.delete(browser);
    const { id } = browser.account;
    const waiting = this.#undelivered.get(id);
    if (waiting === undefined || this.#devices(id).length > 0) return;
    this.#undelivered.delete(id);
    for (const intent of waiting.values()) this.#reports?.receipt(intent, "no-link");
  }

  /** After each hello: what holds now for those whose device this is. Nothing for an account that is nobody's. */
  #sayHolding(browser: Browser): void {
    const { picture } = this.#sector;
    const { id } = browser.account;
    if (picture.reachedBy("browser", id).length === 0) return;
    const notices = picture.holdingFor("browser", id).map(({ intent, answer }) => noticeOf(intent, answer));
    this.#say(browser, JSON.stringify({ type: "notices", timeMs: picture.timeUs / 1000, notices } satisfies StreamMessage));
  }

  // Bulletins

  /** Shows a bulletin on every device of an account; where there is none, says so at once, so that the next way is taken. */
  tellBulletin(notice: BulletinNotice): void {
    const devices = this.#devices(notice.address);
    if (devices.length === 0) {
      this.#reports?.bulletinReceipt(notice, "no-link");
      return;
    }
    // One without its hello finds the same in what follows it.
    this.#sayBulletin(devices, notice.bulletinId, notice.personId, notice.kind);
    this.#reports?.bulletinReceipt(notice, "sent");
  }

  /** To a leader's devices. */
  tellOverdue({ bulletinId, personId, address }: BulletinOverdue): void {
    const { picture } = this.#sector;
    const bulletin = picture.bulletins.bulletins.get(bulletinId);
    const overdue = bulletin === undefined ? undefined : overdueOf(bulletin, picture, personId);
    if (overdue === undefined) return;
    const text = JSON.stringify({ type: "overdue", timeMs: picture.timeUs / 1000, overdue } satisfies StreamMessage);
    for (const device of this.#devices(address)) if (device.allMs !== undefined) this.#say(device, text);
  }

  #sayBulletin(devices: readonly Browser[], bulletinId: string, personId: string, why: BulletinTold): void {
    const { picture } = this.#sector;
    const bulletin = picture.bulletins.bulletins.get(bulletinId);
    const reader = bulletin?.readers.get(personId);
    const shown = bulletin === undefined || reader === undefined ? undefined : deviceBulletin(bulletin, reader, picture);
    if (shown === undefined) return;
    const text = JSON.stringify({ type: "bulletin", timeMs: picture.timeUs / 1000, why, bulletin: shown } satisfies StreamMessage);
    for (const device of devices) if (device.allMs !== undefined) this.#say(device, text);
  }

  /** A device has a bulletin, or has it that it is over. */
  #bulletinReceipt(browser: Browser, { bulletinId, version, personId, ended }: Extract<ClientMessage, { type: "bulletin-receipt" }>): void {
    if (!this.#speaksFor(browser, personId)) return;
    const reader = this.#sector.picture.bulletins.bulletins.get(bulletinId)?.readers.get(personId);
    if (reader === undefined || ended !== (reader.ended !== undefined)) return;
    const isKnown = ended ? reader.ended?.deliveredUs !== undefined : reader.toldVersion === version && reader.deliveredUs !== undefined;
    if (isKnown && reader.telling?.done !== false) return;
    const address = browser.account.id;
    const telling = reader.telling?.n ?? 0;
    this.#sector.note("bulletin-receipt", { bulletinId, personId, version, telling, channel: "browser", address, step: "delivered" });
  }

  /** Everybody whom a browser speaks for: all that is in force for them. */
  #sayBulletins(browser: Browser): void {
    const { picture } = this.#sector;
    const people = picture.reachedBy("browser", browser.account.id);
    if (people.length === 0) return;
    const bulletins = people.flatMap((personId) => deviceBulletins(picture, personId));
    this.#say(browser, JSON.stringify({ type: "bulletins", timeMs: picture.timeUs / 1000, bulletins } satisfies StreamMessage));
  }

  #sayMemo(intents: readonly MemoIntent[], timeMs: number, nowMs: number): void {
    const { picture } = this.#sector;
    for (const intent of intents) {
      switch (intent.type) {
        case "memo-changed":
          this.#memoChanged.add(intent.what);
          break;
        case "bulletin-state":
          this.#sayBulletinState(intent.bulletinId, intent.personId);
          break;
        case "kit-changed":
          this.#sayKitChanged(intent.personId, timeMs);
          break;
        case "bulletin-supervisor": {
          const bulletin = picture.bulletins.bulletins.get(intent.bulletinId);
          const overdue = bulletin === undefined ? undefined : overdueOf(bulletin, picture);
          if (overdue === undefined) break;
          const text = JSON.stringify({ type: "overdue", timeMs, overdue } satisfies StreamMessage);
          for (const browser of this.#browsers)
            if (browser.allMs !== undefined && mayAct(browser.account.role, "supervisor")) this.#say(browser, text);
          break;
        }
        default:
        // Notices and what goes to leaders come through the registry, each to the voice of its channel.
      }
    }
    if (this.#memoChanged.size === 0 || nowMs - this.#memoMs < MEMO_EVERY_MS) return;
    this.#memoMs = nowMs;
    const text = JSON.stringify({ type: "memo-changed", timeMs, what: [...this.#memoChanged] } satisfies StreamMessage);
    this.#memoChanged.clear();
    for (const browser of this.#browsers)
      if (browser.allMs !== undefined && mayAct(browser.account.role, "staff")) this.#say(browser, text);
  }

  /** As it now stands, on a reader's devices. */
  #sayBulletinState(bulletinId: string, personId: string): void {
    for (const { channel, address } of this.#sector.picture.person(personId)?.definition.ways ?? [])
      if (channel === "browser") this.#sayBulletin(this.#devices(address), bulletinId, personId, "state");
  }

  #sayKitChanged(personId: string | undefined, timeMs: number): void {
    const text = JSON.stringify({ type: "kit-changed", timeMs } satisfies FieldMessage);
    for (const browser of this.#browsers)
      if (isField(browser) && browser.allMs !== undefined && (personId === undefined || browser.account.person === personId))
        this.#say(browser, text);
  }

  /** The hello of everybody who may see as much, without the name of the one it goes to. */
  #hello(people: boolean): string {
    const { picture } = this.#sector;
    const hello: Omit<Extract<StreamMessage, { type: "hello" }>, "user"> = {
      type: "hello",
      protocol: 1,
      timeMs: picture.timeUs / 1000,
      sector: sectorInfo(this.#sector),
      tracks: [...picture.tracks()].map(trackSummary),
      zones: picture.zones().map(zoneOf),
      warnings: Array.from(picture.warnings(), (warning) => (people ? warningOf(warning, picture) : forViewer(warning))),
      sources: sourcesHealth(this.#sector),
      health: hubHealth(this.#sector, this.latency),
    };
    return JSON.stringify(hello);
  }

  /** Sends, or cuts off who has stopped reading: it comes back and gets everything, so that nothing is lost to it. */
  #say({ socket }: Browser, text: string): void {
    if (socket.bufferedAmount > CUT_BYTES) {
      this.counts.cutOff += 1;
      socket.terminate();
      return;
    }
    socket.send(text);
    this.counts.bytesSent += text.length;
  }

  /** A warning to every browser that has had its hello, whatever it has unsent. One without its hello finds the same in it. */
  #sayWarning(timeMs: number, warning: Readonly<PictureWarning>): void {
    const { picture } = this.#sector;
    let whole: string | undefined;
    let reduced: string | undefined;
    const text = (said: Warning): string => JSON.stringify({ type: "warning", timeMs, warning: said } satisfies StreamMessage);
    for (const browser of this.#browsers) {
      if (browser.allMs === undefined || isField(browser)) continue;
      this.#say(browser, seesPeople(browser) ? (whole ??= text(warningOf(warning, picture))) : (reduced ??= text(forViewer(warning))));
    }
  }

  #sayWarningOf(timeMs: number, id: WarningId): void {
    const warning = this.#sector.picture.warning(id);
    if (warning !== undefined && this.#browsers.size > 0) this.#sayWarning(timeMs, warning);
  }

  /** To those that keep up; the others get everything once they have caught up. */
  #sayCurrent(message: StreamMessage): void {
    let text: string | undefined;
    for (const browser of this.#browsers) {
      if (browser.needsAll || isField(browser)) continue;
      text ??= JSON.stringify(message);
      this.#say(browser, text);
    }
  }

  // Reports

  /** To officers and to the reporter's own devices: at once, whatever they have unsent. Leaders are told by the registry, like whoever is in danger. */
  #sayReports(timeMs: number, reports: TickResult["reports"]): void {
    const { picture } = this.#sector;
    for (const intent of reports) {
      if (intent.type !== "report") continue;
      const report = picture.report(intent.reportId);
      if (report === undefined) continue;
      const incident = picture.incident(report.incident);
      let forOfficers: string | undefined;
      let forReporter: string | undefined;
      for (const browser of this.#browsers) {
        if (browser.allMs === undefined) continue;
        if (isField(browser)) {
          if (browser.account.person !== report.told.personId) continue;
          forReporter ??= JSON.stringify({ type: "my-report", timeMs, report: myReportOf(report, this.#have) } satisfies FieldMessage);
          this.#say(browser, forReporter);
        } else if (incident !== undefined && seesPeople(browser)) {
          forOfficers ??= JSON.stringify({
            type: "report",
            timeMs,
            change: intent.change,
            report: reportOf(report, picture, this.#have),
            incident: incidentOf(incident, picture),
          } satisfies StreamMessage);
          this.#say(browser, forOfficers);
        }
      }
    }
  }

  /** The first message of a device's connection, and what holds for its person. */
  #greet(browser: Browser, timeMs: number): void {
    const { person = "" } = browser.account;
    const { picture } = this.#sector;
    const device = deviceInfo(this.#sector, person);
    // Nobody of ours any more.
    if (device === undefined) {
      browser.socket.close(SIGNED_OUT, "signed out");
      return;
    }
    const all = [...picture.reports()];
    const reports = all.filter(({ told }) => told.personId === person).slice(-MAX_OWN_REPORTS);
    const team = all.filter(({ leaders }) => leaders.some(({ personId }) => personId === person)).slice(-MAX_OWN_REPORTS);
    this.#say(
      browser,
      JSON.stringify({
        type: "device-hello",
        protocol: 1,
        timeMs,
        device,
        reports: reports.map((report) => myReportOf(report, this.#have)).reverse(),
        team: team.map((report) => teamReportOf(report, picture)).reverse(),
      } satisfies FieldMessage),
    );
    this.#sayHolding(browser);
    this.#sayBulletins(browser);
  }

  #send({ timeUs, changed, removed, intents, reports, memo, renewed }: TickResult): void {
    const { picture } = this.#sector;
    const timeMs = timeUs / 1000;
    const nowMs = performance.now();
    this.#tick += 1;
    // Danger first: a warning goes before any track, and to the slow as well. Its figures and receipts, which change all the time, wait for the tracks.
    for (const intent of intents) {
      if (intent.type !== "warning") continue;
      const warning = picture.warning(intent.id);
      const level = warning?.state === "cleared" ? undefined : warning?.level;
      // A danger that became greater is no mere figure.
      if (intent.change === "updated" && level === this.#levels.get(intent.id)) {
        this.#updated.add(intent.id);
        continue;
      }
      if (level === undefined) this.#levels.delete(intent.id);
      else this.#levels.set(intent.id, level);
      this.#updated.delete(intent.id);
      this.#sayWarningOf(timeMs, intent.id);
    }
    this.#sayReports(timeMs, reports);
    this.#sayMemo(memo, timeMs, nowMs);
    for (const number of changed) this.#changed.add(number);
    for (const number of removed) {
      this.#changed.delete(number);
      this.#removed.push(number);
    }
    this.#renewed ||= renewed;
    const isTime = nowMs - this.#tracksMs >= TRACKS_EVERY_MS - 1;
    this.#goOn(nowMs, isTime);
    if (!isTime) return;
    // On the grid, however late this tick was.
    this.#tracksMs = Math.max(this.#tracksMs + TRACKS_EVERY_MS, nowMs - TRACKS_EVERY_MS);
    for (const id of this.#updated) this.#sayWarningOf(timeMs, id);
    this.#updated.clear();
    for (const browser of this.#browsers) if (this.#renewed || this.#isBehind(browser, nowMs)) browser.needsAll = true;
    this.#sendSummaries(timeMs, this.#changed, this.#removed, this.#renewed);
    this.#begin(timeUs, nowMs, this.#changed, this.#removed);
    this.#goOn(nowMs, false);
    this.#changed = new Set();
    this.#removed = [];
    this.#renewed = false;
    const zones = JSON.stringify(picture.zones());
    if (zones !== this.#zones) {
      this.#zones = zones;
      this.#sayCurrent({ type: "zones", timeMs, zones: picture.zones().map(zoneOf) });
    }
    if (nowMs - this.#healthMs >= HEALTH_EVERY_MS) {
      this.#healthMs = nowMs;
      const pulse = JSON.stringify({ type: "pulse", timeMs, mode: sectorInfo(this.#sector).mode } satisfies FieldMessage);
      for (const browser of this.#browsers) if (isField(browser) && browser.allMs !== undefined) this.#say(browser, pulse);
      this.#sayCurrent({ type: "sources", timeMs, sources: sourcesHealth(this.#sector) });
      this.#sayCurrent({ type: "health", timeMs, health: hubHealth(this.#sector, this.latency), sector: sectorInfo(this.#sector) });
      this.#cutOff(nowMs);
    }
  }

  #isBehind({ socket, heardMs }: Browser, nowMs: number): boolean {
    return socket.bufferedAmount > BEHIND_BYTES || nowMs - heardMs > BEHIND_SILENT_MS;
  }

  #cutOff(nowMs: number): void {
    const checkSessions = nowMs - this.#sessionsMs >= SESSION_CHECK_EVERY_MS;
    if (checkSessions) this.#sessionsMs = nowMs;
    for (const browser of this.#browsers) {
      if (nowMs - browser.heardMs > CUT_SILENT_MS) {
        this.counts.cutOff += 1;
        browser.socket.terminate();
      } else if (checkSessions && !this.#standing(browser.token)) browser.socket.close(SIGNED_OUT, "signed out");
    }
  }

  #sendSummaries(timeMs: number, changed: ReadonlySet<number>, removed: readonly number[], renewed: boolean): void {
    const { picture } = this.#sector;
    if (renewed) this.#said.clear();
    const summaries: TrackSummary[] = [];
    for (const number of changed) {
      const track = picture.track(number);
      if (track === undefined) continue;
      const identity = identityOf(track);
      const said = this.#said.get(number);
      if (said !== undefined && said.identity === identity && said.uaType === track.uaType && said.findings === track.findings.length)
        continue;
      this.#said.set(number, { identity, uaType: track.uaType, findings: track.findings.length });
      summaries.push(trackSummary(track));
    }
    for (const number of removed) this.#said.delete(number);
    if (summaries.length > 0) this.#sayCurrent({ type: "tracks", timeMs, changed: summaries });
  }

  #begin(timeUs: number, nowMs: number, changed: ReadonlySet<number>, removed: readonly number[]): void {
    const browsers = [...this.#browsers];
    const wanted = (changed.size > 0 || removed.length > 0) && browsers.some((browser) => !isField(browser) && !browser.needsAll);
    const delta = wanted ? this.#frame(timeUs, false, this.#tracksOf(changed), changed.size, removed) : undefined;
    // Held until the last share has gone: the memory of a frame that all have sent is used again.
    if (delta !== undefined) delta.unsent += 1;
    this.#round = { beganMs: nowMs, browsers, done: 0, delta };
  }

  /** Sends the picture on its way to those whose turn it is; to all that are left when the next one is due. */
  #goOn(nowMs: number, toAll: boolean): void {
    const round = this.#round;
    if (round === undefined) return;
    const { browsers, beganMs, delta } = round;
    const share = Math.max(LEAST_SHARE, Math.ceil(browsers.length / SHARES));
    const turns = toAll ? SHARES : 1 + Math.floor(((nowMs - beganMs) * SHARES) / TRACKS_EVERY_MS);
    const until = Math.min(browsers.length, Math.max(turns * share, toAll ? browsers.length : 0));
    const made: { all?: Frame; whole?: string; reduced?: string } = {};
    for (; round.done < until; round.done += 1) {
      const browser = browsers[round.done];
      if (browser !== undefined && this.#browsers.has(browser)) this.#sendTracks(browser, nowMs, delta, made);
    }
    if (round.done < browsers.length) return;
    this.#round = undefined;
    delta?.sent();
  }

  /** `made`: what the others of this share got as well. */
  #sendTracks(browser: Browser, nowMs: number, delta: Frame | undefined, made: { all?: Frame; whole?: string; reduced?: string }): void {
    const { picture } = this.#sector;
    let frame = delta;
    if (browser.needsAll) {
      if (this.#isBehind(browser, nowMs)) {
        this.counts.skipped += 1;
        return;
      }
      if (browser.allMs !== undefined && nowMs - browser.allMs < RESYNC_EVERY_MS) return;
      browser.needsAll = false;
      browser.allMs = nowMs;
      if (isField(browser)) {
        this.#greet(browser, picture.timeUs / 1000);
        return;
      }
      // Later ones say hello again, since more than tracks may have passed it by.
      const hello = seesPeople(browser) ? (made.whole ??= this.#hello(true)) : (made.reduced ??= this.#hello(false));
      const { id, name, role } = browser.account;
      this.#say(browser, `${hello.slice(0, -1)},"user":${JSON.stringify({ id, name, role })}}`);
      frame = made.all ??= this.#frame(picture.timeUs, true, picture.tracks(), picture.trackCount, []);
      this.#sayHolding(browser);
      this.#sayBulletins(browser);
    } else if (isField(browser)) return;
    if (frame === undefined) return;
    frame.unsent += 1;
    browser.socket.send(frame.bytes, frame.sent);
    this.counts.framesSent += 1;
    this.counts.bytesSent += frame.bytes.length;
  }

  *#tracksOf(numbers: ReadonlySet<number>): IterableIterator<Readonly<Track>> {
    for (const number of numbers) {
      const track = this.#sector.picture.track(number);
      if (track !== undefined) yield track;
    }
  }

  /** One frame, in pooled memory, for all who need it. `most` is at least the number of tracks. */
  #frame(timeUs: number, full: boolean, tracks: Iterable<Readonly<Track>>, most: number, removed: readonly number[]): Frame {
    const memory = this.#pool.take(trackFrameBytes(most, removed.length));
    const { view } = memory;
    let records = 0;
    for (const track of tracks) {
      writeTrackRecord(view, records, trackRecord(track, timeUs));
      records += 1;
    }
    removed.forEach((number, k) => writeRemovedTrack(view, records, k, number));
    writeTrackHeader(view, { full, timeMs: timeUs / 1000, tick: this.#tick, records, removed: removed.length });
    return this.#pool.frame(memory, trackFrameBytes(records, removed.length));
  }
}

function parse(text: string): ClientMessage | undefined {
  try {
    return ClientMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
