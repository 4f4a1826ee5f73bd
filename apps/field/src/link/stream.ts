// The stream of this device: opens, comes back, and knows at once when it has fallen silent or when the phone itself was asleep.
import { type ClientMessage, type FieldMessage, paths, type StreamMessage } from "@atalaya/protocol";

/** Without a word for this long, the device cannot warn. */
export const SILENT_MS = 3000;
/** A socket that is silent for this long is dead, whatever the network thinks. */
const DEAD_MS = 5000;
const ALIVE_EVERY_MS = 4000;
const CHECK_MS = 250;
/** The check itself came this late: the page was frozen or the phone asleep. */
const FROZEN_MS = 3000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
/** Close code of a session that was ended. */
const SIGNED_OUT = 4401;

export type Heard = FieldMessage | Extract<StreamMessage, { readonly type: "notice" | "notices" | "answered" }>;

export interface Listener {
  heard(message: Heard): void;
  /** Silent since then, on this phone's clock; undefined: linked. */
  silent(sinceMs: number | undefined): void;
  /** The page did not run from then until now. */
  frozen(fromMs: number): void;
  signedOut(): void;
  /** A socket was refused before it opened: the network, or a session that is no more. */
  refused(): void;
}

export class FieldStream {
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #heardAt = performance.now();
  #heardMs = Date.now();
  #silent = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timers: ReturnType<typeof setInterval>[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;
  #checkedMs = Date.now();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  start(): void {
    if (this.#timers.length > 0) return;
    // It has as long to say its first word as for any other.
    this.#heardAt = performance.now();
    this.#heardMs = Date.now();
    this.#checkedMs = Date.now();
    this.#silent = false;
    this.#timers = [setInterval(() => this.#check(), CHECK_MS), setInterval(() => this.say({ type: "alive", tick: 0 }), ALIVE_EVERY_MS)];
    addEventListener("online", this.#atOnce);
    document.addEventListener("visibilitychange", this.#atOnce);
    this.#connect();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    clearTimeout(this.#again);
    removeEventListener("online", this.#atOnce);
    document.removeEventListener("visibilitychange", this.#atOnce);
    this.#drop();
  }

  /** Says something to the hub, if it can be heard now. */
  say(message: ClientMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  readonly #atOnce = (): void => {
    this.#check();
    if (document.visibilityState !== "visible" || this.#socket !== undefined) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#connect();
  };

  #connect(): void {
    clearTimeout(this.#again);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const opened = new WebSocket(`${scheme}://${location.host}${paths.stream}`);
    const openedAt = performance.now();
    let wasOpen = false;
    this.#socket = opened;
    opened.onopen = () => {
      wasOpen = true;
    };
    opened.onmessage = ({ data }: MessageEvent<string>) => {
      if (this.#socket !== opened || typeof data !== "string") return;
      this.#heardAt = performance.now();
      this.#heardMs = Date.now();
      this.#pauseMs = FIRST_PAUSE_MS;
      if (this.#silent) {
        this.#silent = false;
        this.#listener.silent(undefined);
      }
      this.#listener.heard(JSON.parse(data) as Heard);
    };
    opened.onclose = ({ code }) => {
      if (this.#socket !== opened) return;
      this.#socket = undefined;
      if (code === SIGNED_OUT) {
        this.#listener.signedOut();
        return;
      }
      if (!wasOpen) this.#listener.refused();
      // One that never opened counts its own time, so that a network that hangs is not asked in a hurry.
      const spentMs = performance.now() - openedAt;
      this.#again = setTimeout(() => this.#connect(), Math.max(0, this.#pauseMs - spentMs));
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    };
  }

  #drop(): void {
    const last = this.#socket;
    this.#socket = undefined;
    if (last === undefined) return;
    last.onclose = null;
    last.onmessage = null;
    last.close();
  }

  #check(): void {
    const nowMs = Date.now();
    const late = nowMs - this.#checkedMs;
    const before = this.#checkedMs;
    this.#checkedMs = nowMs;
    const quietMs = performance.now() - this.#heardAt;
    if (late > FROZEN_MS) {
      this.#listener.frozen(before);
      // What the socket thinks of itself is from before: a new one tells what holds now.
      this.#drop();
      this.#connect();
    } else if (quietMs > DEAD_MS && this.#socket?.readyState === WebSocket.OPEN) {
      this.#drop();
      this.#connect();
    }
    // The page's clock may stand still while the phone sleeps; the wall clock does not.
    if (!this.#silent && (quietMs > SILENT_MS || nowMs - this.#heardMs > SILENT_MS)) {
      this.#silent = true;
      this.#listener.silent(this.#heardMs);
    }
  }
}
