// The devices of people in danger: browsers on the stream, which confirm what comes and answer some of it.
import type { Person } from "@atalaya/testing/hub";
import { type ClientMessage, type Notice, paths, type StreamMessage } from "@atalaya/protocol";
import { WebSocket } from "ws";

export interface Heard {
  readonly notice: Notice;
  /** When it was read, Unix ms with fractions. */
  readonly readMs: number;
}

/** Unix ms on the monotonic clock. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export class BrowserDevice {
  readonly heard: Heard[] = [];
  /** Notices that the hub said again on this connection. */
  again = 0;
  frames = 0;
  bytes = 0;
  closed = 0;
  readonly #known = new Set<string>();
  readonly #socket: WebSocket;
  readonly #alive: NodeJS.Timeout;

  constructor(hub: { readonly url: string }, person: Pick<Person, "cookie">) {
    this.#socket = new WebSocket(hub.url.replace(/^http/, "ws") + paths.stream, {
      headers: { cookie: person.cookie },
      perMessageDeflate: false,
    });
    this.#socket.on("message", (data: Buffer, isBinary: boolean) => {
      const readMs = nowMs();
      this.bytes += data.length;
      if (isBinary) this.frames += 1;
      // As a browser does: everything but tracks is read.
      else this.#read(JSON.parse(String(data)) as StreamMessage, readMs);
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => (this.closed += 1));
    this.#alive = setInterval(() => this.#say({ type: "alive", tick: 0 }), 4000);
  }

  async opened(): Promise<void> {
    await new Promise((resolve, reject) => {
      this.#socket.once("open", resolve);
      this.#socket.once("error", reject);
    });
  }

  #say(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #read(message: StreamMessage, readMs: number): void {
    if (message.type !== "notice") return;
    const { notice } = message;
    if (this.#known.has(notice.id)) {
      this.again += 1;
      return;
    }
    this.#known.add(notice.id);
    this.heard.push({ notice, readMs });
    const { id, warningId, personId } = notice;
    this.#say({ type: "receipt", id, warningId, personId, step: "delivered" });
    // Two of three people answer.
    if (notice.asks && notice.answered === undefined && hash(personId) % 3 !== 0)
      this.#say({ type: "answer", warningId, personId, answer: "taking-cover" });
  }

  /** Stops reading: a browser that hangs. */
  hang(): void {
    this.#socket.pause();
  }

  close(): void {
    clearInterval(this.#alive);
    this.#socket.terminate();
  }
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
