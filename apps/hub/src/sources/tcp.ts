// The TCP door for detections: a client names its source and key in the first line, then sends lines; what is refused it is told now and then.
import { timingSafeEqual } from "node:crypto";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { SourceDefinition } from "@atalaya/picture";
import { decodeHello } from "@atalaya/protocol/detections";
import { LineBatches } from "./lines.ts";
import type { Door, Source } from "./source.ts";

/** Connections at once, those not signed in yet included; beyond, a new one is closed. */
export const MAX_TCP_CLIENTS = 200;
/** Of them not signed in yet: strangers cannot keep out who has a key for longer than a sign-in may take. */
const MAX_STRANGERS = 50;
const SIGN_IN_MS = 5000;
/** A connection on which nothing came for so long is closed; an empty line keeps it open. */
const IDLE_MS = 600_000;
const MAX_HELLO_BYTES = 4096;
/** A client is told of refusals at most this often, and only while it reads. */
const TELL_EVERY_MS = 1000;
const LINE_FEED = 0x0a;

export interface TcpSettings {
  readonly host: string;
  readonly port: number;
  /** Certificate and key (PEM); required by the hub beyond loopback. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** SHA-256 of a source's key. */
  readonly keyHash: (sourceId: string) => Buffer | undefined;
  readonly hash: (key: Buffer) => Buffer;
  readonly signInMs?: number | undefined;
  readonly idleMs?: number | undefined;
}

export interface TcpListener {
  /** Port it listens on. */
  readonly port: number;
  stop(): Promise<void>;
}

interface OpenSource {
  readonly door: Door;
  readonly clients: Set<Socket>;
}
/** Open sources by their id: one listener serves all sources of the kind. */
export type TcpDoors = Map<string, OpenSource>;

/** A source whose sensors connect to the listener. */
export function tcpSource(definition: SourceDefinition, doors: TcpDoors): Source {
  return {
    definition,
    async start(door) {
      doors.set(definition.id, { door, clients: new Set() });
    },
    async stop() {
      for (const client of doors.get(definition.id)?.clients ?? []) client.destroy();
      doors.delete(definition.id);
    },
  };
}

function say(socket: Socket, message: object): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Refuses in words and closes. */
function turnAway(socket: Socket, code: string, message: string): void {
  say(socket, { type: "refused", code, message });
  socket.removeAllListeners("data");
  socket.destroySoon();
}

/** What a signed-in client sends goes into its source's door, a batch of lines at a time. */
class Client {
  readonly #socket: Socket;
  readonly #door: Door;
  readonly #batches: LineBatches;
  #isAhead = true;
  #toldMs = Number.NEGATIVE_INFINITY;
  #refused = 0;

  constructor(socket: Socket, door: Door) {
    this.#socket = socket;
    this.#door = door;
    this.#batches = new LineBatches({
      batch: (lines) => {
        const before = door.told().refused;
        this.#isAhead = door.frame("detections", lines, undefined) && this.#isAhead;
        this.#refused += door.told().refused - before;
      },
      refused: (code) => {
        door.refused(code);
        this.#refused += 1;
      },
    });
  }

  take(chunk: Uint8Array): void {
    this.#batches.push(chunk);
    this.#tell();
    if (this.#isAhead) return;
    // The socket is not read meanwhile: the sender is slowed, nothing is lost.
    this.#isAhead = true;
    this.#socket.pause();
    this.#door.ready().then(
      () => this.#socket.resume(),
      () => this.#socket.destroy(),
    );
  }

  end(): void {
    this.#batches.end();
    this.#toldMs = Number.NEGATIVE_INFINITY;
    this.#tell();
    this.#socket.end();
  }

  #tell(): void {
    const nowMs = performance.now();
    if (this.#refused === 0 || this.#socket.writableNeedDrain || nowMs - this.#toldMs < TELL_EVERY_MS) return;
    say(this.#socket, { type: "refused", lines: this.#refused, newest: this.#door.told().lastRefusal });
    this.#toldMs = nowMs;
    this.#refused = 0;
  }
}

/** Opens the listener. */
export async function listenForDetections(settings: TcpSettings, doors: TcpDoors): Promise<TcpListener> {
  const { keyHash, hash, tls } = settings;
  const sockets = new Set<Socket>();
  let strangers = 0;

  const open = (line: string): OpenSource | undefined => {
    const hello = decodeHello(line);
    const expected = hello === undefined ? undefined : keyHash(hello.source);
    const given = hash(Buffer.from(hello?.key ?? ""));
    const isKnown = expected !== undefined && expected.length === given.length && timingSafeEqual(expected, given);
    return isKnown && hello !== undefined ? doors.get(hello.source) : undefined;
  };

  const serve = (socket: Socket): void => {
    if (sockets.size >= MAX_TCP_CLIENTS || strangers >= MAX_STRANGERS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    strangers += 1;
    let isStranger = true;
    const known = (): void => {
      if (isStranger) strangers -= 1;
      isStranger = false;
    };
    let began = Buffer.alloc(0);
    const deadline = setTimeout(() => turnAway(socket, "sign-in", "Send the sign-in line first."), settings.signInMs ?? SIGN_IN_MS);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(deadline);
      sockets.delete(socket);
      known();
    });
    socket.on("data", function first(chunk: Buffer) {
      began = Buffer.concat([began, chunk]);
      const feed = began.indexOf(LINE_FEED);
      if (feed < 0 && began.length <= MAX_HELLO_BYTES) return;
      clearTimeout(deadline);
      const source = feed < 0 || feed > MAX_HELLO_BYTES ? undefined : open(began.toString("utf8", 0, feed));
      if (source === undefined) {
        turnAway(socket, "sign-in", 'First line: {"type":"hello","source":"ID","key":"KEY"} with the id and key of a TCP source.');
        return;
      }
      known();
      source.clients.add(socket);
      socket.once("close", () => source.clients.delete(socket));
      const client = new Client(socket, source.door);
      socket.removeListener("data", first);
      socket.on("data", (more: Buffer) => client.take(more));
      socket.on("end", () => client.end());
      socket.setKeepAlive(true, 60_000);
      socket.setTimeout(settings.idleMs ?? IDLE_MS, () => turnAway(socket, "idle", "Nothing came for too long."));
      say(socket, { type: "welcome" });
      const rest = began.subarray(feed + 1);
      began = Buffer.alloc(0);
      if (rest.length > 0) client.take(rest);
    });
    socket.on("end", () => {
      if (isStranger) socket.destroy();
    });
  };
  // The other end may be done with sending and still read what came of it.
  const options = { allowHalfOpen: true };
  const server: Server =
    tls === undefined ? createTcpServer(options, serve) : createTlsServer({ ...options, ...tls, handshakeTimeout: SIGN_IN_MS }, serve);
  server.maxConnections = MAX_TCP_CLIENTS;
  // Those in the middle of a TLS handshake as well: they would hold up the end.
  const raw = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    raw.add(socket);
    socket.on("close", () => raw.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : settings.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of [...sockets, ...raw]) socket.destroy();
      await closed;
    },
  };
}
