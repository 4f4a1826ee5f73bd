// The door for receivers of aircraft (readsb, dump1090 and their like): the hub connects to one, or they connect to a port of this machine.
import { connect, createServer, type Socket } from "node:net";
import type { SourceDefinition } from "@atalaya/picture";
import { AircraftBatches } from "./aircraft-batches.ts";
import type { Door, Source } from "./source.ts";

/** Receivers connected at once; beyond, a new one is closed. */
export const MAX_RECEIVERS = 16;
/** Messages wait so long for others to be written down with. */
const BATCH_MS = 250;
/** A connection on which nothing came for so long is closed, or made anew: receivers send a heartbeat each minute. */
const IDLE_MS = 600_000;
const CONNECT_MS = 10_000;
/** The wait before the next attempt to connect: doubled each time, up to the last. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
/** Nobody can sign in here: Beast, AVR and BaseStation have no place for a key. So only programs of this machine may come. */
const LOOPBACK = "127.0.0.1";

export interface AdsbSettings {
  /** Receiver as HOST:PORT; empty: receivers connect to the listener. */
  readonly url: string;
  readonly retryMs?: number | undefined;
  readonly idleMs?: number | undefined;
}

export interface AdsbListener {
  /** Port it listens on. */
  readonly port: number;
  stop(): Promise<void>;
}

interface OpenSource {
  readonly door: Door;
  readonly feeds: Set<Feed>;
}
/** The open source that takes what comes in at the listener; one at most, since who connects cannot say which it means. */
export type AdsbDoors = Map<string, OpenSource>;

/** Host and port of a receiver written as HOST:PORT, [IPV6]:PORT, either with tcp:// before it. */
export function receiverAddress(url: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:tcp:\/\/)?(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})\/?$/.exec(url.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

export function adsbSource(definition: SourceDefinition, settings: AdsbSettings, doors: AdsbDoors): Source {
  return settings.url === "" ? listeningSource(definition, doors) : new ReceiverClient(definition, settings);
}

/** A source whose receivers connect to the listener. */
function listeningSource(definition: SourceDefinition, doors: AdsbDoors): Source {
  return {
    definition,
    async start(door) {
      doors.set(definition.id, { door, feeds: new Set() });
    },
    async stop() {
      for (const feed of doors.get(definition.id)?.feeds ?? []) feed.close();
      doors.delete(definition.id);
    },
  };
}

/** One connection: its bytes go into the door a batch at a time, and it is not read while the hub is behind. */
class Feed {
  readonly #socket: Socket;
  readonly #door: Door;
  readonly #batches: AircraftBatches;
  #timer: NodeJS.Timeout | undefined;
  #isAhead = true;
  #isPaused = false;
  #isClosed = false;
  /** Whether any message came. */
  isHeard = false;
  /** The bytes were of no receiver. */
  isUnreadable = false;

  constructor(socket: Socket, door: Door, idleMs: number) {
    this.#socket = socket;
    this.#door = door;
    this.#batches = new AircraftBatches({
      batch: (format, messages) => {
        this.isHeard = true;
        this.#isAhead = door.frame(format, messages, undefined) && this.#isAhead;
      },
      unreadable: () => {
        this.isUnreadable = true;
        door.refused("not-adsb");
      },
    });
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#end());
    // An error is followed by the close.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#end());
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(idleMs, () => socket.destroy());
  }

  /** Hands in what is whole, and closes. */
  close(): void {
    this.#end();
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    if (this.#isClosed) return;
    this.#batches.push(chunk);
    if (this.isUnreadable) this.#socket.destroy();
    else if (this.#batches.isWaiting) this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
    this.#wait();
  }

  #flush(): void {
    this.#timer = undefined;
    // The hub is behind: what is here goes in when it has caught up.
    if (!this.#isPaused) this.#batches.flush();
    this.#wait();
  }

  /** The socket is not read meanwhile: the receiver is slowed, and drops what it cannot send as it does for any slow listener. */
  #wait(): void {
    if (this.#isAhead || this.#isPaused || this.#isClosed) return;
    this.#isAhead = true;
    this.#isPaused = true;
    this.#socket.pause();
    this.#door.ready().then(
      () => {
        this.#isPaused = false;
        if (this.#isClosed) return;
        this.#batches.flush();
        this.#socket.resume();
        this.#wait();
      },
      () => this.#socket.destroy(),
    );
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#batches.end();
  }
}

/** Connects to a receiver, and again whenever the connection ends. */
class ReceiverClient implements Source {
  readonly definition: SourceDefinition;
  readonly #settings: AdsbSettings;
  #door: Door | undefined;
  #socket: Socket | undefined;
  #feed: Feed | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(definition: SourceDefinition, settings: AdsbSettings) {
    this.definition = definition;
    this.#settings = settings;
  }

  async start(door: Door): Promise<void> {
    if (receiverAddress(this.#settings.url) === undefined) throw new Error(`${this.#settings.url} is not HOST:PORT`);
    this.#door = door;
    this.#connect(door);
  }

  async stop(): Promise<void> {
    this.#feed?.close();
    this.#door = undefined;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy();
    await closed;
  }

  #connect(door: Door): void {
    const address = receiverAddress(this.#settings.url);
    if (address === undefined) return;
    const socket = connect(address.port, address.host);
    let isConnected = false;
    const feed = new Feed(socket, door, this.#settings.idleMs ?? IDLE_MS);
    this.#socket = socket;
    this.#feed = feed;
    const deadline = setTimeout(() => socket.destroy(), CONNECT_MS);
    socket.once("connect", () => {
      isConnected = true;
      clearTimeout(deadline);
    });
    socket.once("close", () => {
      clearTimeout(deadline);
      if (this.#door !== door) return;
      this.#failures = feed.isHeard ? 0 : this.#failures + 1;
      door.failed(feed.isUnreadable ? "not-adsb" : isConnected ? "receiver-closed" : "receiver-unreachable");
      const { retryMs = RETRY_MS } = this.#settings;
      const waitMs = Math.min(MAX_RETRY_MS, retryMs * 2 ** Math.min(this.#failures, 10));
      this.#timer = setTimeout(() => this.#connect(door), waitMs);
    });
  }
}

/** Opens the listener, on this machine's own address only. */
export async function listenForReceivers(
  { port, idleMs }: { readonly port: number; readonly idleMs?: number | undefined },
  doors: AdsbDoors,
): Promise<AdsbListener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const [open] = doors.values();
    if (open === undefined || sockets.size >= MAX_RECEIVERS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const feed = new Feed(socket, open.door, idleMs ?? IDLE_MS);
    open.feeds.add(feed);
    socket.on("close", () => {
      sockets.delete(socket);
      open.feeds.delete(feed);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
