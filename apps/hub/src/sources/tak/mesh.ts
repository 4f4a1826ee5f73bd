// The mesh: TAK devices of a network that write to each other by multicast, without a server. We listen, and tell them what we see.
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket as TcpSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { type CotEvent, type CotFrame, type CotElement, encodeCotXml, encodeTakMessage, frameOfDatagram, meshFrame } from "@atalaya/cot";
import { encodeCotBatch, type SourceDefinition } from "@atalaya/picture";
import type { Door, Source } from "../source.ts";
import { Budget } from "./budget.ts";
import type { TakLinks, TakReceiver } from "./links.ts";
import { type MeshInbox, meshInbox } from "./mesh-inbox.ts";
import { type DeviceAddress, Neighbours } from "./neighbours.ts";
import type { Outgoing, OutgoingBatch } from "./outgoing.ts";

export const MESH_GROUP = "239.2.3.1";
export const MESH_PORT = 6969;
const CHAT_GROUP = "224.10.10.1";
const CHAT_PORT = 17_012;
/** Neighbours have to hear of version 1 every 60 s. */
const ANNOUNCE_MS = 30_000;
/** How often what stands is said for newcomers. */
const WELCOME_EVERY_MS = 10_000;
/** Some speak before they listen. */
const WELCOME_AFTER_MS = 1000;
/** Datagrams are handed in together. */
const BATCH_MS = 20;
const BATCH_BYTES = 64 * 1024;
const RECEIVE_BUFFER_BYTES = 4 << 20;
/** Senders with a budget of their own; beyond, the one that was quiet longest starts anew. */
const MAX_SENDERS = 500;
const EVENTS_PER_S = 500;
/** Connections to devices at once; beyond, the device counts as not reached. How long one may take. */
const MAX_DELIVERING = 100;
const DELIVER_MS = 5000;

export interface MeshAddress {
  readonly group: string;
  readonly port: number;
  /** Routers that a datagram may pass. */
  readonly ttl: number;
  /** Address of the network interface; undefined: the system chooses. */
  readonly interface: string | undefined;
  readonly chat: { readonly group: string; readonly port: number };
}

/** `udp://GROUP:PORT?ttl=N&interface=ADDRESS`; undefined when it is none. */
export function meshAddress(url: string): MeshAddress | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, searchParams } = new URL(url);
  const first = Number(hostname.split(".")[0]);
  const ttl = Number(searchParams.get("ttl") ?? 1);
  if (protocol !== "udp:" || !/^\d+\.\d+\.\d+\.\d+$/.test(hostname) || first < 224 || first > 239) return undefined;
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > 255) return undefined;
  return {
    group: hostname,
    port: port === "" ? MESH_PORT : Number(port),
    ttl,
    interface: searchParams.get("interface") ?? undefined,
    chat: { group: CHAT_GROUP, port: CHAT_PORT },
  };
}

/**
 * The hub's own contact as the mesh may have it: with the place where it takes messages here, not that of its server. It reads version 1 and says so,
 * so that nobody falls back to XML for it.
 */
function withEndpoint(event: CotEvent, endpoint: string | undefined): CotEvent {
  if (!event.detail.some(({ name, attributes }) => name === "contact" && attributes["endpoint"] !== undefined)) return event;
  const detail = event.detail.map((element): CotElement => {
    if (element.name !== "contact") return element;
    const { endpoint: _other, ...attributes } = element.attributes;
    return { ...element, attributes: endpoint === undefined ? attributes : { ...attributes, endpoint } };
  });
  return { ...event, detail };
}

/** The address of this machine that others on the network reach; undefined when it has none. */
function ownAddress(): string | undefined {
  for (const addresses of Object.values(networkInterfaces()))
    for (const { address, family, internal } of addresses ?? []) if (family === "IPv4" && !internal) return address;
  return undefined;
}

export interface MeshSettings {
  readonly uid: string;
  readonly links: TakLinks;
}

async function bound(address: Pick<MeshAddress, "interface">, group: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: "udp4", reuseAddr: true, recvBufferSize: RECEIVE_BUFFER_BYTES });
  const ready = once(socket, "listening");
  // To the group, so that what is sent to this port of the machine itself does not come in here.
  socket.bind(port, group);
  await ready;
  if (address.interface === undefined) socket.addMembership(group);
  else socket.addMembership(group, address.interface);
  return socket;
}

export function takMesh(definition: SourceDefinition, address: MeshAddress, { uid, links }: MeshSettings): Source {
  const neighbours = new Neighbours();
  const senders = new Map<string, Budget>();
  const sockets: Socket[] = [];
  const delivering = new Set<TcpSocket>();
  let sender: Socket | undefined;
  let sendPort = 0;
  let own: ReadonlySet<string> = new Set();
  let welcoming: NodeJS.Timeout | undefined;
  let welcomedMs = Number.NEGATIVE_INFINITY;
  let inbox: MeshInbox | undefined;
  /** Where devices write to the hub alone. */
  let endpoint: string | undefined;
  let leave: (() => void) | undefined;
  let announcing: NodeJS.Timeout | undefined;
  let handing: NodeJS.Timeout | undefined;
  let batch: CotFrame[] = [];
  let batchBytes = 0;
  let isAhead = true;

  const handIn = (door: Door): void => {
    clearTimeout(handing);
    handing = undefined;
    if (batch.length === 0) return;
    const bytes = encodeCotBatch({ certificate: "", messages: batch });
    batch = [];
    batchBytes = 0;
    if (door.frame("cot", bytes, undefined)) return;
    isAhead = false;
    door.ready().then(
      () => {
        isAhead = true;
      },
      () => undefined,
    );
  };

  const mayHear = (from: string, bytes: number): boolean => {
    const budget = senders.get(from) ?? new Budget(() => performance.now(), EVENTS_PER_S);
    senders.delete(from);
    senders.set(from, budget);
    if (senders.size > MAX_SENDERS) {
      const [oldest] = senders.keys();
      if (oldest !== undefined) senders.delete(oldest);
    }
    return budget.spend(1, bytes) === 0;
  };

  /** A newcomer gets what stands, with all the others; not for each of many who come together. */
  const welcome = (device: string): void => {
    if (links.speaksFor("", device)) links.arrived(device);
    if (welcoming !== undefined) return;
    const waitMs = Math.max(WELCOME_AFTER_MS, welcomedMs + WELCOME_EVERY_MS - performance.now());
    welcoming = setTimeout(() => {
      welcoming = undefined;
      welcomedMs = performance.now();
      const standing = links.standing();
      if (standing !== undefined) receiver.send(standing);
    }, waitMs);
  };

  const hear = (door: Door, datagram: Buffer, { address: from, port }: RemoteInfo): void => {
    // What we sent comes back to us.
    if (port !== sendPort || !own.has(from)) hearFrom(door, datagram, from);
  };

  const hearFrom = (door: Door, bytes: Buffer, from: string): void => {
    links.counts.heardMessages += 1;
    links.counts.heardBytes += bytes.length;
    // Nobody waits on a mesh: what is too much is lost, and counted.
    if (!mayHear(from, bytes.length)) {
      links.counts.slowed += 1;
      door.refused("too-fast");
      return;
    }
    if (!isAhead) {
      door.refused("hub-behind");
      return;
    }
    const read = frameOfDatagram(bytes);
    if ("refused" in read) {
      door.refused(read.refused.code);
      return;
    }
    const arrived = neighbours.hear(read.frame, from, uid, Date.now());
    batch.push({ form: read.frame.form, bytes: Uint8Array.from(read.frame.bytes) });
    batchBytes += bytes.length;
    if (batchBytes >= BATCH_BYTES) handIn(door);
    else handing ??= setTimeout(() => handIn(door), BATCH_MS);
    if (arrived !== undefined) welcome(arrived);
  };

  const send = (bytes: Uint8Array, group: string, port: number): void => {
    links.counts.sentEvents += 1;
    links.counts.sentBytes += bytes.length;
    // A network that is gone comes back; what was for it is old by then.
    sender?.send(bytes, port, group, () => undefined);
  };

  /** What is for one alone goes to that one alone, by a connection of its own: everybody on the mesh reads datagrams. */
  const deliver = (device: DeviceAddress, bytes: Uint8Array, event: Outgoing): void => {
    const socket = connect({ ...device, ...(address.interface === undefined ? {} : { localAddress: address.interface }) });
    delivering.add(socket);
    let isSent = false;
    socket.setTimeout(DELIVER_MS, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      delivering.delete(socket);
      if (!isSent) event.unsent?.();
    });
    socket.on("connect", () =>
      socket.end(bytes, () => {
        isSent = true;
        links.counts.sentEvents += 1;
        links.counts.sentBytes += bytes.length;
        event.sent?.();
      }),
    );
    socket.resume();
  };

  const announce = (): void => {
    const encoded = encodeTakMessage({ control: { minVersion: 1, maxVersion: 1, contactUid: uid } });
    if ("bytes" in encoded) send(meshFrame(encoded.bytes), address.group, address.port);
  };

  const receiver: TakReceiver = {
    isDirect: false,
    tell(device, event) {
      const nowMs = Date.now();
      const at = neighbours.devices.find(device, nowMs);
      if (at === undefined || delivering.size >= MAX_DELIVERING || !links.speaksFor("", device)) return false;
      const bytes = event.bytes(neighbours.readsVersion1(device) ? "mesh" : "xml");
      if (bytes.length === 0) return false;
      deliver(at, bytes, event);
      return true;
    },
    send(outgoing: OutgoingBatch) {
      const version1 = neighbours.allReadVersion1(Date.now());
      for (const event of outgoing.for(definition.id)) {
        const [group, port] = event.event.type.startsWith("b-t-f")
          ? [address.chat.group, address.chat.port]
          : [address.group, address.port];
        const clean = withEndpoint(event.event, endpoint);
        if (clean === event.event) {
          const bytes = event.bytes(version1 ? "mesh" : "xml");
          if (bytes.length > 0) send(bytes, group, port);
          continue;
        }
        const encoded = version1 ? encodeTakMessage({ event: clean }) : encodeCotXml(clean);
        if ("bytes" in encoded) send(version1 ? meshFrame(encoded.bytes) : encoded.bytes, group, port);
      }
    },
  };

  return {
    definition,
    async start(door) {
      for (const { group, port } of [address, address.chat]) {
        const socket = await bound(address, group, port);
        sockets.push(socket);
        socket.on("message", (datagram, from) => hear(door, datagram, from));
        socket.on("error", () => door.failed("tak-mesh"));
      }
      const out = createSocket({ type: "udp4" });
      sockets.push(out);
      const ready = once(out, "listening");
      out.bind(0, address.interface);
      await ready;
      out.on("error", () => door.failed("tak-mesh"));
      out.setMulticastTTL(address.ttl);
      out.setMulticastLoopback(true);
      if (address.interface !== undefined) out.setMulticastInterface(address.interface);
      sendPort = out.address().port;
      own = new Set(Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map((known) => known.address)));
      sender = out;
      const here = address.interface ?? ownAddress();
      if (here !== undefined) {
        inbox = await meshInbox(here, (bytes, from) => hearFrom(door, bytes, from));
        endpoint = `${here}:${inbox.port}:tcp`;
      }
      announce();
      announcing = setInterval(announce, ANNOUNCE_MS);
      leave = links.add(receiver);
      const standing = links.standing();
      if (standing !== undefined) receiver.send(standing);
    },
    async stop() {
      leave?.();
      clearInterval(announcing);
      clearTimeout(handing);
      clearTimeout(welcoming);
      sender = undefined;
      for (const socket of delivering) socket.destroy();
      await inbox?.stop();
      await Promise.all(sockets.splice(0).map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
    },
  };
}
