// The door to which TAK clients connect: TCP from this machine alone, TLS with a certificate of ours from anywhere.
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { constants } from "node:crypto";
import type { SourceDefinition } from "@atalaya/picture";
import { type CertificateAuthority, fingerprintOf, type ServerCredentials } from "../../identity/ca.ts";
import type { Door, Source } from "../source.ts";
import { Budget } from "./budget.ts";
import { type LinkTiming, SERVER_TIMING, TakLink } from "./link.ts";
import type { TakLinks } from "./links.ts";

/** Clients at once; beyond, a new one is closed. */
export const MAX_TAK_CLIENTS = 500;
/** Connections of one certificate: beyond, the oldest gives way. TAKAware opens hundreds when it loses its connection. */
export const MAX_PER_CERTIFICATE = 3;
/** Programs on this machine share no certificate. */
const MAX_PLAIN = 256;
/** TLS handshakes under way, and how long one may take. */
const MAX_HANDSHAKES = 120;
const HANDSHAKE_MS = 5000;
/** New connections from one address in five seconds, looked at before any handshake is paid for: a network behind one address comes back after a break. */
const MAX_NEW_PER_ADDRESS = 100;
const NEW_WITHIN_MS = 5000;
const MAX_ADDRESSES = 2000;
const TICK_MS = 1000;
/** How often connections are asked whether their certificate still counts. */
const CHECK_EVERY_TICKS = 10;
/** Budgets of certificates that are not connected are forgotten beyond this many. */
const MAX_BUDGETS = 2000;

export interface TakServerSettings {
  readonly definition: SourceDefinition;
  /** Uid under which the hub speaks. */
  readonly uid: string;
  readonly links: TakLinks;
  /** Port on loopback without TLS; undefined: closed. */
  readonly port: number | undefined;
  readonly tls:
    | { readonly host: string; readonly port: number; readonly authority: CertificateAuthority; readonly names: readonly string[] }
    | undefined;
  readonly timing?: Partial<LinkTiming> | undefined;
  /** Events a second of one certificate. */
  readonly eventsPerS?: number | undefined;
}

export interface TakServer extends Source {
  readonly port: number | undefined;
  readonly tlsPort: number | undefined;
  readonly clients: number;
  /** Ends the connections of a certificate that was taken back. */
  drop(serial: string): void;
}

interface Recent {
  count: number;
  sinceMs: number;
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function boundPort(server: Server | undefined): number | undefined {
  const address = server?.address();
  return address !== null && typeof address === "object" ? address.port : undefined;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function secured({ cert, key, ca }: ServerCredentials): object {
  return {
    cert,
    key,
    ca,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_MS,
    // Each connection shows its certificate anew, so that one taken back is noticed.
    secureOptions: constants.SSL_OP_NO_TICKET,
    sessionTimeout: 1,
  };
}

export function takServer(settings: TakServerSettings): TakServer {
  const { definition, links, uid } = settings;
  const { counts } = links;
  const timing: LinkTiming = { ...SERVER_TIMING, ...settings.timing };
  const open = new Set<TakLink>();
  const raw = new Set<Socket>();
  const budgets = new Map<string, Budget>();
  const addresses = new Map<string, Recent>();
  const servers: Server[] = [];
  let plain: Server | undefined;
  let outer: Server | undefined;
  /** Handshakes under way, by the other end's address and port. */
  const shaking = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let ticks = 0;

  const budgetOf = (certificate: string): Budget => {
    const known = budgets.get(certificate);
    if (known !== undefined) return known;
    const budget = new Budget(() => performance.now(), settings.eventsPerS);
    if (budgets.size >= MAX_BUDGETS) for (const serial of budgets.keys()) if (budgets.size >= MAX_BUDGETS) budgets.delete(serial);
    budgets.set(certificate, budget);
    return budget;
  };

  const join = (socket: Socket, certificate: string, door: Door): void => {
    const same = [...open].filter((link) => link.certificate === certificate);
    if (certificate !== "" && same.length >= MAX_PER_CERTIFICATE) {
      counts.cutOffNewer += 1;
      const [oldest] = same;
      oldest?.close();
      if (oldest !== undefined) open.delete(oldest);
    }
    if (open.size >= MAX_TAK_CLIENTS || (certificate === "" && same.length >= MAX_PLAIN)) {
      counts.refusedLimit += 1;
      socket.destroy();
      return;
    }
    const budget = budgetOf(certificate);
    const link = new TakLink({ role: "server", socket, certificate, uid, door, links, budget, timing, leaveOut: undefined });
    open.add(link);
    socket.on("close", () => open.delete(link));
  };

  /** Every connection is known from its first byte to its last, so that none holds up the end. */
  const known = (socket: Socket): void => {
    raw.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => raw.delete(socket));
  };

  /** A cheap no, before a handshake is paid for. */
  const mayShakeHands = (address: string): boolean => {
    const nowMs = performance.now();
    const recent = addresses.get(address);
    addresses.delete(address);
    const current = recent !== undefined && nowMs - recent.sinceMs < NEW_WITHIN_MS ? recent : { count: 0, sinceMs: nowMs };
    current.count += 1;
    addresses.set(address, current);
    if (addresses.size > MAX_ADDRESSES) {
      const [oldest] = addresses.keys();
      if (oldest !== undefined) addresses.delete(oldest);
    }
    return current.count <= MAX_NEW_PER_ADDRESS && shaking.size < MAX_HANDSHAKES && raw.size < MAX_TAK_CLIENTS + MAX_HANDSHAKES;
  };

  const openTls = async (door: Door, tls: NonNullable<TakServerSettings["tls"]>): Promise<Server> => {
    const { authority, names, host, port } = tls;
    let credentials = await authority.serverCredentials(names);
    const inner = createTlsServer(secured(credentials));
    inner.on("tlsClientError", (_error, socket) => {
      counts.refusedHandshake += 1;
      socket.destroy();
    });
    inner.on("secureConnection", (socket: TLSSocket) => {
      shaking.delete(nameOf(socket));
      socket.on("error", () => socket.destroy());
      const shown = socket.getPeerX509Certificate();
      const certificate = shown === undefined ? undefined : authority.standing(fingerprintOf(shown.raw));
      if (certificate === undefined) {
        counts.refusedCertificate += 1;
        socket.destroy();
        return;
      }
      join(socket, certificate.serial, door);
    });
    const renewing = setInterval(() => {
      authority.serverCredentials(names).then(
        (renewed) => {
          if (renewed.cert === credentials.cert) return;
          credentials = renewed;
          inner.setSecureContext(secured(renewed));
        },
        () => undefined,
      );
    }, 12 * 3_600_000);
    renewing.unref();
    const listener = createTcpServer((socket) => {
      known(socket);
      if (!mayShakeHands(socket.remoteAddress ?? "")) {
        counts.refusedLimit += 1;
        socket.destroy();
        return;
      }
      const key = nameOf(socket);
      shaking.add(key);
      socket.on("close", () => shaking.delete(key));
      inner.emit("connection", socket);
    });
    listener.on("close", () => clearInterval(renewing));
    await listen(listener, port, host);
    return listener;
  };

  const tick = (): void => {
    ticks += 1;
    const { tls } = settings;
    const serials =
      tls !== undefined && ticks % CHECK_EVERY_TICKS === 0
        ? new Set(
            tls.authority
              .certificates()
              .flatMap(({ serial, revokedMs, expiresMs }) => (revokedMs === undefined && expiresMs > Date.now() ? [serial] : [])),
          )
        : undefined;
    for (const link of open) {
      if (serials !== undefined && link.certificate !== "" && !serials.has(link.certificate)) {
        counts.refusedCertificate += 1;
        link.close();
      } else link.tick();
    }
  };

  return {
    definition,
    get port() {
      return boundPort(plain);
    },
    get tlsPort() {
      return boundPort(outer);
    },
    get clients() {
      return open.size;
    },
    drop(serial) {
      for (const link of open) if (link.certificate === serial) link.close();
    },
    async start(door) {
      const { port, tls } = settings;
      if (port !== undefined) {
        plain = createTcpServer((socket) => {
          known(socket);
          join(socket, "", door);
        });
        plain.maxConnections = MAX_PLAIN;
        servers.push(plain);
        await listen(plain, port, "127.0.0.1");
      }
      if (tls !== undefined) {
        outer = await openTls(door, tls);
        servers.push(outer);
      }
      timer = setInterval(tick, TICK_MS);
    },
    async stop() {
      clearInterval(timer);
      const closed = servers
        .splice(0)
        .map((server) => new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve())));
      for (const link of open) link.close();
      for (const socket of raw) socket.destroy();
      await Promise.all(closed);
    },
  };
}
