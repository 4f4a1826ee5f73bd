// A TAK client made of packages/cot, for tests: what it was sent, in which form, and a wait for something to be sent.
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  type CotEvent,
  type CotForm,
  CotStreamReader,
  decodeCotFrame,
  encodeCotXml,
  encodeTakMessage,
  negotiationOf,
  negotiationRequest,
  streamFrame,
} from "@atalaya/cot";

export interface PeerOptions {
  readonly port: number;
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string; readonly servername?: string } | undefined;
  /** Asks for TAK protocol when it is offered. */
  readonly negotiate?: boolean;
}

export class TakPeer {
  readonly socket: Socket;
  readonly events: { readonly form: CotForm; readonly event: CotEvent }[] = [];
  readonly refusals: string[] = [];
  readonly closed: Promise<unknown>;
  isClosed = false;
  form: CotForm = "xml";
  readonly #reader: CotStreamReader;
  #watchers: (() => void)[] = [];

  constructor({ port, tls, negotiate = false }: PeerOptions) {
    this.socket =
      tls === undefined ? connectTcp(port, "127.0.0.1") : connectTls({ port, host: "127.0.0.1", servername: "localhost", ...tls });
    this.socket.setNoDelay(true);
    this.#reader = new CotStreamReader(
      (frame) => {
        const decoded = decodeCotFrame(frame);
        if ("refused" in decoded || decoded.message.event === undefined) {
          this.refusals.push("refused" in decoded ? decoded.refused.code : "no event");
          return;
        }
        const { event } = decoded.message;
        this.events.push({ form: frame.form, event });
        const negotiation = negotiationOf(event);
        if (negotiate && negotiation?.step === "offer") this.say(negotiationRequest(event.uid, 1, Date.now()));
        if (negotiation?.step === "response" && negotiation.accepted) {
          this.form = "protobuf";
          this.#reader.expect("protobuf");
        }
      },
      ({ code }) => this.refusals.push(code),
      "xml",
    );
    this.socket.on("data", (chunk: Buffer) => {
      this.#reader.push(chunk);
      this.#tell();
    });
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) =>
      this.socket.on("close", () => {
        this.isClosed = true;
        this.#tell();
        resolve(undefined);
      }),
    );
  }

  /** Bytes of an event as this peer writes it now. */
  bytes(event: CotEvent): Uint8Array {
    const encoded = this.form === "xml" ? encodeCotXml(event) : encodeTakMessage({ event });
    if ("refused" in encoded) throw new Error(encoded.refused.detail);
    return this.form === "xml" ? encoded.bytes : streamFrame(encoded.bytes);
  }

  say(...events: readonly CotEvent[]): void {
    for (const event of events) this.socket.write(this.bytes(event));
  }

  ofType(prefix: string): readonly CotEvent[] {
    return this.events.map(({ event }) => event).filter(({ type }) => type.startsWith(prefix));
  }

  until<T>(look: (peer: this) => T | undefined | false): Promise<T> {
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

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** An event at a place, with what is asked for. */
export function event(more: Partial<CotEvent> & Pick<CotEvent, "uid" | "type">): CotEvent {
  const timeMs = Date.now();
  return {
    how: "m-g",
    timeMs,
    startMs: timeMs,
    staleMs: timeMs + 60_000,
    access: undefined,
    qos: undefined,
    opex: undefined,
    point: { latDeg: 31.75, lonDeg: -106.45, haeM: 1200, ceM: 5, leM: 5 },
    detail: [],
    ...more,
  };
}
