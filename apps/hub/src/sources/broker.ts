// The embedded MQTT broker: receivers that can publish but have no broker sign in to the hub itself, each with its source's own key.
import { timingSafeEqual } from "node:crypto";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { SourceDefinition } from "@atalaya/picture";
import { Aedes } from "aedes";
import { handMessage } from "./message.ts";
import type { Door, Source } from "./source.ts";

export const MAX_BROKER_CLIENTS = 200;
const SIGN_IN_MS = 5000;

export interface BrokerSettings {
  readonly host: string;
  readonly port: number;
  /** Certificate and key (PEM); required by the hub beyond loopback. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** SHA-256 of the key with which the source's receivers sign in (as password; the user name is the source's id). */
  readonly keyHash: (sourceId: string) => Buffer | undefined;
  readonly hash: (key: Buffer) => Buffer;
}

export interface BrokerListener {
  /** Port it listens on. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Open sources by their id: one broker serves all sources of the kind. */
export type BrokerDoors = Map<string, { readonly definition: SourceDefinition; readonly door: Door }>;

/** A source whose receivers publish to the embedded broker. */
export function brokerSource(definition: SourceDefinition, doors: BrokerDoors): Source {
  return {
    definition,
    async start(door) {
      doors.set(definition.id, { definition, door });
    },
    async stop() {
      doors.delete(definition.id);
    },
  };
}

/** Opens the broker. A client may publish, to any topic, as the source whose key it has; it may not subscribe: nothing is readable here. */
export async function listenAsBroker(settings: BrokerSettings, doors: BrokerDoors): Promise<BrokerListener> {
  const broker = await Aedes.createBroker({
    connectTimeout: SIGN_IN_MS,
    maxClientsIdLength: 100,
    authenticate: (client, username, password, done) => {
      const expected = username === undefined ? undefined : settings.keyHash(username);
      const given = settings.hash(password ?? Buffer.alloc(0));
      const known = expected !== undefined && expected.length === given.length && timingSafeEqual(expected, given);
      if (known) sourceOf.set(client.id, username ?? "");
      done(null, known);
    },
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
    authorizePublish: (client, packet, done) => {
      const id = client === null ? undefined : sourceOf.get(client.id);
      const open = id === undefined ? undefined : doors.get(id);
      if (open === undefined) return done(new Error("no such source"));
      const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
      if (!handMessage(open.door, open.definition, payload)) {
        // The acknowledgement waits, and with it the sender.
        open.door.ready().then(
          () => done(null),
          () => done(new Error("stopped")),
        );
        return;
      }
      done(null);
    },
  });
  const sourceOf = new Map<string, string>();
  broker.on("clientDisconnect", (client) => sourceOf.delete(client.id));

  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    if (sockets.size >= MAX_BROKER_CLIENTS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    broker.handle(socket);
  };
  const server: Server = settings.tls === undefined ? createTcpServer(serve) : createTlsServer(settings.tls, serve);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : settings.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}
