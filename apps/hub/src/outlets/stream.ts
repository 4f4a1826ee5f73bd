// The browser stream: one binary frame of tracks per tick, made once for all browsers; JSON for the rest; warnings are never dropped.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  ClientMessage,
  type StreamMessage,
  trackFrameBytes,
  type TrackSummary,
  writeRemovedTrack,
  writeTrackHeader,
  writeTrackRecord,
} from "@atalaya/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { Account } from "../identity/identity.ts";
import type { Sector, TickResult } from "../sector.ts";
import { hubHealth, sectorInfo, sourceHealth, trackRecord, trackSummary, warningOf } from "./present.ts";

export const MAX_BROWSERS = 1200;
/** A browser with this much unsent gets no tracks until it has caught up, then all of them. */
const BEHIND_BYTES = 1 << 20;
/** One with this much unsent, or that says nothing for this long, is cut off; it comes back and gets everything. */
const CUT_BYTES = 8 << 20;
const SILENT_MS = 30_000;
const HEALTH_EVERY_MS = 1000;

interface Browser {
  readonly socket: WebSocket;
  readonly account: Account;
  needsAll: boolean;
  heardMs: number;
}

export interface StreamCounts {
  framesSent: number;
  bytesSent: number;
  skipped: number;
  cutOff: number;
}

export class BrowserStream {
  readonly counts: StreamCounts = { framesSent: 0, bytesSent: 0, skipped: 0, cutOff: 0 };
  readonly #sector: Sector;
  readonly #server: WebSocketServer = new WebSocketServer({
    noServer: true,
    maxPayload: 4096,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #browsers = new Set<Browser>();
  /** What was last said of each track, so that only changes are said. */
  readonly #said = new Map<number, string>();
  #tick = 0;
  #healthMs = 0;
  #zones = "";
  #stopListening: (() => void) | undefined;

  constructor(sector: Sector) {
    this.#sector = sector;
  }

  get browsers(): number {
    return this.#browsers.size;
  }

  start(): void {
    this.#zones = JSON.stringify(this.#sector.picture.zones());
    this.#stopListening = this.#sector.onTick((tick) => this.#send(tick));
  }

  stop(): void {
    this.#stopListening?.();
    for (const { socket } of this.#browsers) socket.close(1001, "the hub stops");
    this.#browsers.clear();
    this.#server.close();
  }

  /** Takes over an upgrade that has been authorised. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, account: Account): void {
    if (this.#browsers.size >= MAX_BROWSERS) {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#join(opened, account));
  }

  /** Ends the connections of an account whose session ended. */
  drop(accountId: string): void {
    for (const browser of this.#browsers) if (browser.account.id === accountId) browser.socket.close(4401, "signed out");
  }

  #join(socket: WebSocket, account: Account): void {
    const browser: Browser = { socket, account, needsAll: true, heardMs: performance.now() };
    this.#browsers.add(browser);
    socket.on("close", () => this.#browsers.delete(browser));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => {
      browser.heardMs = performance.now();
      const message = isBinary ? undefined : parse(String(data));
      if (message === undefined) socket.close(1008, "not a message of this protocol");
      else if (message.type === "resync") browser.needsAll = true;
    });
    this.#say(browser, this.#hello(account));
  }

  #hello({ id, name, role }: Account): string {
    const { picture } = this.#sector;
    const hello: StreamMessage = {
      type: "hello",
      protocol: 1,
      timeMs: picture.timeUs / 1000,
      sector: sectorInfo(this.#sector),
      user: { id, name, role },
      tracks: [...picture.tracks()].map(trackSummary),
      zones: picture.zones() as never,
      warnings: [...picture.warnings()].map(warningOf),
      sources: picture.sources().map(sourceHealth),
      health: hubHealth(this.#sector),
    };
    return JSON.stringify(hello);
  }

  #say({ socket }: Browser, text: string): void {
    if (socket.bufferedAmount > CUT_BYTES) {
      this.counts.cutOff += 1;
      socket.terminate();
      return;
    }
    socket.send(text);
    this.counts.bytesSent += text.length;
  }

  #sayAll(message: StreamMessage): void {
    if (this.#browsers.size === 0) return;
    const text = JSON.stringify(message);
    for (const browser of this.#browsers) this.#say(browser, text);
  }

  #send({ timeUs, changed, removed, intents }: TickResult): void {
    const { picture } = this.#sector;
    const timeMs = timeUs / 1000;
    this.#tick += 1;
    // Danger first: a warning goes before any track.
    for (const { id } of intents) {
      const warning = picture.warning(id);
      if (warning !== undefined) this.#sayAll({ type: "warning", timeMs, warning: warningOf(warning) });
    }
    const summaries: TrackSummary[] = [];
    for (const number of changed) {
      const track = picture.track(number);
      if (track === undefined) continue;
      const summary = trackSummary(track);
      const text = JSON.stringify(summary);
      if (this.#said.get(number) === text) continue;
      this.#said.set(number, text);
      summaries.push(summary);
    }
    for (const number of removed) this.#said.delete(number);
    if (summaries.length > 0) this.#sayAll({ type: "tracks", timeMs, changed: summaries });
    this.#sendTracks(timeUs, changed, removed);
    const zones = JSON.stringify(picture.zones());
    if (zones !== this.#zones) {
      this.#zones = zones;
      this.#sayAll({ type: "zones", timeMs, zones: picture.zones() as never });
    }
    const nowMs = performance.now();
    if (nowMs - this.#healthMs >= HEALTH_EVERY_MS) {
      this.#healthMs = nowMs;
      this.#sayAll({ type: "sources", timeMs, sources: picture.sources().map(sourceHealth) });
      this.#sayAll({ type: "health", timeMs, health: hubHealth(this.#sector), sector: sectorInfo(this.#sector) });
      for (const browser of this.#browsers) {
        if (nowMs - browser.heardMs < SILENT_MS) continue;
        this.counts.cutOff += 1;
        browser.socket.terminate();
      }
    }
  }

  #sendTracks(timeUs: number, changed: ReadonlySet<number>, removed: readonly number[]): void {
    let delta: Buffer | undefined;
    let all: Buffer | undefined;
    for (const browser of this.#browsers) {
      if (browser.socket.bufferedAmount > BEHIND_BYTES) {
        browser.needsAll = true;
        this.counts.skipped += 1;
        continue;
      }
      let frame: Buffer;
      if (browser.needsAll) {
        all ??= this.#frame(
          timeUs,
          true,
          [...this.#sector.picture.tracks()].map(({ number }) => number),
          [],
        );
        frame = all;
        browser.needsAll = false;
      } else {
        if (changed.size === 0 && removed.length === 0) continue;
        delta ??= this.#frame(timeUs, false, [...changed], removed);
        frame = delta;
      }
      browser.socket.send(frame);
      this.counts.framesSent += 1;
      this.counts.bytesSent += frame.length;
    }
  }

  #frame(timeUs: number, full: boolean, numbers: readonly number[], removed: readonly number[]): Buffer {
    const { picture } = this.#sector;
    const tracks = numbers.map((number) => picture.track(number)).filter((track) => track !== undefined);
    const frame = Buffer.allocUnsafe(trackFrameBytes(tracks.length, removed.length));
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    writeTrackHeader(view, { full, timeMs: timeUs / 1000, tick: this.#tick, records: tracks.length, removed: removed.length });
    tracks.forEach((track, k) => writeTrackRecord(view, k, trackRecord(track, timeUs)));
    removed.forEach((number, k) => writeRemovedTrack(view, tracks.length, k, number));
    return frame;
  }
}

function parse(text: string): ClientMessage | undefined {
  try {
    return ClientMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
