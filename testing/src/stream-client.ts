// A browser's end of the stream, for tests: what it was told, in order, and a wait for something to be told.
import { paths, readTrackHeader, readTrackRecord, type StreamMessage, type TrackFrameHeader, type TrackRecord } from "@atalaya/protocol";
import type { Person } from "./hub.ts";

export interface TrackFrame {
  readonly header: TrackFrameHeader;
  readonly records: readonly TrackRecord[];
  readonly bytes: Uint8Array;
}

/** What the client is made of; the tests hand in the class, so that this file needs no package of its own. */
interface Socket {
  send(text: string): void;
  close(): void;
  terminate(): void;
  pause(): void;
  resume(): void;
  on(event: "open", listener: () => void): void;
  on(event: "message", listener: (data: Buffer, isBinary: boolean) => void): void;
  on(event: "close", listener: (code: number) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
}
export type SocketClass = new (url: string, options: { headers: Record<string, string> }) => Socket;

/** As often as a browser says that it is there: one that says nothing for longer is passed over, and then cut off. */
const ALIVE_EVERY_MS = 4000;

export class StreamClient {
  readonly messages: StreamMessage[] = [];
  readonly texts: string[] = [];
  readonly frames: TrackFrame[] = [];
  readonly socket: Socket;
  closed: number | undefined;
  #watchers: (() => void)[] = [];

  constructor(hub: { readonly url: string }, person: Pick<Person, "cookie">, socketClass: SocketClass) {
    this.socket = new socketClass(hub.url.replace(/^http/, "ws") + paths.stream, { headers: { cookie: person.cookie } });
    this.socket.on("error", () => undefined);
    let alive: NodeJS.Timeout | undefined;
    this.socket.on("open", () => {
      alive = setInterval(() => this.socket.send('{"type":"alive","tick":0}'), ALIVE_EVERY_MS);
    });
    this.socket.on("close", (code) => {
      clearInterval(alive);
      this.closed = code;
      this.#tell();
    });
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) this.#frame(data);
      else {
        this.texts.push(String(data));
        this.messages.push(JSON.parse(String(data)) as StreamMessage);
      }
      this.#tell();
    });
  }

  #frame(bytes: Buffer): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = readTrackHeader(view);
    if ("refused" in header) throw new Error(header.refused);
    this.frames.push({
      header,
      records: Array.from({ length: header.records }, (_, k) => readTrackRecord(view, k)),
      bytes: Uint8Array.from(bytes),
    });
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** The messages of one type, in order. */
  said<T extends StreamMessage["type"]>(type: T): readonly Extract<StreamMessage, { type: T }>[] {
    return this.messages.filter((message): message is Extract<StreamMessage, { type: T }> => message.type === type);
  }

  /** Resolves with the first value that is not undefined; looked for after each message. */
  until<T>(look: (client: this) => T | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const watch = (): void => {
        const found = look(this);
        if (found === undefined || found === false) return;
        this.#watchers = this.#watchers.filter((watcher) => watcher !== watch);
        resolve(found);
      };
      this.#watchers.push(watch);
      watch();
    });
  }
}
