// The hub: everything of one process, started and stopped in order.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SETUP_PATH } from "@atalaya/protocol";
import type { SourceDefinition } from "@atalaya/picture";
import { buildServer } from "./api/server.ts";
import { hashToken, Identity } from "./identity/identity.ts";
import { openSqliteJournal } from "./journal/open.ts";
import { startMetrics } from "./metrics.ts";
import { BrowserStream } from "./outlets/stream.ts";
import { RecordedClock, type SectorClock, WallClock } from "./sector-clock.ts";
import { Sector, SectorError } from "./sector.ts";
import { type BrokerListener, listenAsBroker } from "./sources/broker.ts";
import { captureSource } from "./sources/capture.ts";
import { demoSource, demos } from "./sources/demo/demo.ts";
import { livePcapSource } from "./sources/live-pcap.ts";
import { SourceRegistry } from "./sources/registry.ts";

export interface HubOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly sectorName?: string | undefined;
  readonly demo?: string | undefined;
  readonly replay?: { readonly file: string; readonly speed: number | "max" } | undefined;
  readonly pcap?: string | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Port of the embedded MQTT broker; undefined: closed. */
  readonly mqttPort?: number | undefined;
  readonly basemap?: string | undefined;
  /** Further host names under which the hub may be called. */
  readonly names?: readonly string[] | undefined;
  readonly logLevel?: string | undefined;
}

export interface Hub {
  readonly url: string;
  /** The one-time link that creates the owner; undefined when there is one. */
  readonly setupLink: string | undefined;
  readonly sector: Sector;
  readonly stream: BrowserStream;
  readonly mqttPort: number | undefined;
  /** What could not be started, in words: the hub runs without it. */
  readonly notes: readonly string[];
  stop(): Promise<void>;
}

/** A start that cannot be: wrong use, said with what to do. */
export class HubRefusal extends Error {
  override readonly name = "HubRefusal";
}

const CHECKOUT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}

/** A replay is a sector of its own on the recorded time: made anew each time, since the file can make it again. */
function sectorFolder({ data, replay }: HubOptions): string {
  if (replay === undefined) return data;
  const folder = join(data, `replay-${basename(replay.file).replace(/[^A-Za-z0-9._-]/g, "_")}`);
  for (const part of ["journal.db", "journal.db-wal", "journal.db-shm"]) rmSync(join(folder, part), { force: true });
  rmSync(join(folder, "journal"), { recursive: true, force: true });
  return folder;
}

async function openDoors(options: HubOptions, sector: Sector, notes: string[]): Promise<void> {
  const run = async (definition: SourceDefinition, make: () => Parameters<Sector["run"]>[0]): Promise<boolean> => {
    try {
      await sector.run(make(), "start");
      return true;
    } catch (error) {
      if (!(error instanceof SectorError)) throw error;
      notes.push(`${definition.name} was not started: ${error.message}`);
      return false;
    }
  };
  const { demo, replay, pcap } = options;
  if (replay !== undefined) {
    const definition: SourceDefinition = { id: "capture", name: basename(replay.file), kind: "capture", origin: "recorded" };
    const { clock } = sector;
    if (clock instanceof RecordedClock) await run(definition, () => captureSource(definition, replay.file, clock));
  }
  if (pcap !== undefined) {
    const definition: SourceDefinition = {
      id: "pcap",
      name: pcap === "-" ? "Capture on standard input" : basename(pcap),
      kind: "live-pcap",
      origin: "live",
    };
    await run(definition, () => livePcapSource(definition, pcap));
  }
  if (demo !== undefined) {
    const chosen = demos[demo];
    if (chosen === undefined) throw new HubRefusal(`There is no demo "${demo}". There are: ${Object.keys(demos).join(", ")}`);
    const definition: SourceDefinition = { id: "demo", name: "Demo flights", kind: "demo", origin: "synthetic", position: chosen.centre };
    const began = await run(definition, () => demoSource(definition, () => sector.clock.nowUs()));
    if (began && sector.picture.zones().length === 0) for (const zone of chosen.zones) await sector.command("zone", { zone, by: "demo" });
  }
}

export async function startHub(options: HubOptions): Promise<Hub> {
  const { host, port, tls, replay } = options;
  if (!isLoopback(host) && tls === undefined) {
    throw new HubRefusal(`Listening on ${host} needs a certificate: add --cert FILE --key FILE, or listen on 127.0.0.1.`);
  }
  const folder = sectorFolder(options);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock: SectorClock = replay === undefined ? new WallClock() : new RecordedClock(replay.speed);
  const chosenDemo = options.demo === undefined ? undefined : demos[options.demo];
  const name = options.sectorName ?? chosenDemo?.name ?? (replay === undefined ? "Sector" : basename(replay.file));
  const journal = await openSqliteJournal(folder, name);
  const sector = Sector.open(journal, clock);
  if (sector.picture.sector === undefined)
    await sector.command("sector", { name, centre: chosenDemo?.centre ?? { latDeg: 31.76, lonDeg: -106.49 } });
  const identity = new Identity(folder);
  const stream = new BrowserStream(sector);
  const metrics = startMetrics(sector, stream);
  const sources = new SourceRegistry(sector, identity);
  const secure = tls !== undefined;
  const server = await buildServer({
    sector,
    identity,
    stream,
    sources,
    metrics,
    secure,
    tls,
    hosts: [...LOOPBACK, host.toLowerCase(), hostname().toLowerCase(), ...(options.names ?? []).map((known) => known.toLowerCase())],
    consoleFolder: join(CHECKOUT, "apps/console/build/web"),
    basemap: join(CHECKOUT, "apps/console/build/basemap/base.pmtiles"),
    userBasemap: options.basemap,
    logLevel: options.logLevel ?? "warn",
  });

  const notes: string[] = [];
  await sources.reopen();
  let broker: BrokerListener | undefined;
  if (options.mqttPort !== undefined) {
    const settings = {
      host,
      port: options.mqttPort,
      tls,
      keyHash: (id: string) => identity.sourceKeyHash(id),
      hash: (key: Buffer) => Buffer.from(hashToken(key), "hex"),
    };
    broker = await listenAsBroker(settings, sources.brokerDoors);
  }
  sector.start();
  stream.start();
  await server.listen({ host, port });
  await openDoors(options, sector, notes);

  const address = server.server.address();
  const bound = address !== null && typeof address === "object" ? address.port : port;
  const url = `${secure ? "https" : "http"}://${isLoopback(host) ? "localhost" : host}:${bound}`;
  const setupLink = identity.hasOwner() ? undefined : `${url}${SETUP_PATH}#token=${identity.newSetupToken()}`;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await broker?.stop();
    metrics.stop();
    stream.stop();
    await server.close();
    await sector.stop();
    identity.close();
  };
  return { url, setupLink, sector, stream, mqttPort: broker?.port, notes, stop: () => (stopping ??= stop()) };
}

/** Certificate and key from their files. */
export function readTls(cert: string, key: string): { readonly cert: string; readonly key: string } {
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}
