// A TAK client that listens: when it read which alert. Everything else is read past, as fast as it comes.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { nowMs } from "./devices.ts";

export interface TakAlert {
  readonly uid: string;
  /** `time` of the event, Unix ms. */
  readonly timeMs: number;
  readonly readMs: number;
}

const END = Buffer.from("</event>");
const ALERT = Buffer.from('type="b-a-');
/** More than the longest event: what is left of a piece without an end. */
const MOST_BYTES = 64 * 1024;

export class TakDevice {
  readonly alerts: TakAlert[] = [];
  bytes = 0;
  closed = 0;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("data", (piece: Buffer) => this.#take(piece, nowMs()));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => (this.closed += 1));
  }

  async opened(): Promise<void> {
    await once(this.#socket, "connect");
  }

  #take(piece: Buffer, readMs: number): void {
    this.bytes += piece.length;
    const all = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const last = all.lastIndexOf(END);
    if (last < 0) {
      this.#rest = all.length > MOST_BYTES ? Buffer.alloc(0) : all;
      return;
    }
    const whole = all.subarray(0, last + END.length);
    this.#rest = Buffer.from(all.subarray(last + END.length));
    for (let at = whole.indexOf(ALERT); at >= 0; at = whole.indexOf(ALERT, at + ALERT.length)) {
      const begin = whole.lastIndexOf("<event", at);
      const text = whole.toString("utf8", begin, whole.indexOf(">", at) + 1);
      const [, uid = ""] = /uid="([^"]*)"/.exec(text) ?? [];
      const [, time = ""] = / time="([^"]*)"/.exec(text) ?? [];
      this.alerts.push({ uid, timeMs: Date.parse(time), readMs });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
