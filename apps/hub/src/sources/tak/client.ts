// A client of somebody else's TAK server: what others see comes in, what we see goes out. Comes back by itself when the connection breaks.
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { SourceDefinition } from "@atalaya/picture";
import type { ServerAccess } from "../../identity/data-package.ts";
import type { Door, Source } from "../source.ts";
import { Budget } from "./budget.ts";
import { CLIENT_TIMING, type LinkTiming, TakLink } from "./link.ts";
import type { TakLinks } from "./links.ts";

const CONNECT_MS = 20_000;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 300_000;
/** So that the clients of a server that came back do not all come at once. */
const SPREAD = 0.2;
const TICK_MS = 1000;
/** A connection that lasted this long begins the waiting anew when it breaks. */
const PROVEN_MS = 30_000;

export interface TakClientSettings {
  readonly uid: string;
  readonly links: TakLinks;
  readonly timing?: Partial<LinkTiming> | undefined;
  readonly firstWaitMs?: number | undefined;
}

function dial({ host, port, secure, cert, key, ca }: ServerAccess): Socket {
  if (!secure) return connectTcp({ host, port });
  return connectTls({
    host,
    port,
    cert,
    key,
    // The owner named the authority: whoever it vouches for as a server is the server. TAK servers seldom have their address in the certificate, and
    // TAK clients do not look for it.
    ...(ca.length === 0 ? {} : { ca: [...ca], checkServerIdentity: () => undefined }),
    minVersion: "TLSv1.2",
  });
}

export function takClient(definition: SourceDefinition, access: ServerAccess, settings: TakClientSettings): Source {
  const { uid, links } = settings;
  const timing: LinkTiming = { ...CLIENT_TIMING, ...settings.timing };
  const firstWaitMs = settings.firstWaitMs ?? FIRST_WAIT_MS;
  let waitMs = firstWaitMs;
  let socket: Socket | undefined;
  let link: TakLink | undefined;
  let again: NodeJS.Timeout | undefined;
  let ticking: NodeJS.Timeout | undefined;
  let isStopped = false;

  const open = (door: Door): void => {
    const dialled = dial(access);
    socket = dialled;
    let reason = "tak-unreachable";
    let joinedMs: number | undefined;
    const late = setTimeout(() => dialled.destroy(), CONNECT_MS);
    dialled.on("error", (error: NodeJS.ErrnoException) => {
      if (
        joinedMs === undefined &&
        access.secure &&
        !["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND", "ECONNRESET"].includes(error.code ?? "")
      )
        reason = "tak-certificate";
      dialled.destroy();
    });
    dialled.once(access.secure ? "secureConnect" : "connect", () => {
      clearTimeout(late);
      joinedMs = performance.now();
      reason = "tak-closed";
      const budget = new Budget(() => performance.now());
      link = new TakLink({ role: "client", socket: dialled, certificate: "", uid, door, links, budget, timing, leaveOut: definition.id });
    });
    dialled.on("close", () => {
      clearTimeout(late);
      link = undefined;
      if (isStopped) return;
      if (joinedMs !== undefined && performance.now() - joinedMs > PROVEN_MS) waitMs = firstWaitMs;
      door.failed(reason);
      again = setTimeout(() => open(door), waitMs * (1 + SPREAD * (2 * Math.random() - 1)));
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    });
  };

  return {
    definition,
    async start(door) {
      isStopped = false;
      ticking = setInterval(() => link?.tick(), TICK_MS);
      open(door);
    },
    async stop() {
      isStopped = true;
      clearTimeout(again);
      clearInterval(ticking);
      socket?.destroy();
    },
  };
}
