// The hub: everything of one process, started and stopped in order.
import { X509Certificate } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FIELD_PATH, SETUP_PATH } from "@atalaya/protocol";
import type { SourceDefinition } from "@atalaya/picture";
import { buildServer } from "./api/server.ts";
import { CertificateAuthority } from "./identity/ca.ts";
import { hashToken, Identity } from "./identity/identity.ts";
import { openSqliteJournal } from "./journal/open.ts";
import type { Retention } from "./journal/retention.ts";
import { lockFolder } from "./journal/sqlite/lock.ts";
import { LOCK_FILE } from "./journal/sqlite/schema.ts";
import { startMetrics } from "./metrics.ts";
import type { Outlet } from "./outlets/outlet.ts";
import { OutletRegistry } from "./outlets/registry.ts";
import { OutletSetup } from "./outlets/setup.ts";
import { BrowserStream } from "./outlets/stream.ts";
import { removeOldMedia } from "./reports/media-retention.ts";
import { removeOldDocuments } from "./reports/document-retention.ts";
import { MediaStore } from "./reports/media-store.ts";
import { Cleaning } from "./reports/cleaning.ts";
import { ReachWatch } from "./reports/reach-watch.ts";
import { TakOutlet } from "./outlets/tak.ts";
import { RecordedClock, WallClock } from "./sector-clock.ts";
import { Sector, SectorError } from "./sector.ts";
import { type AdsbListener, listenForReceivers } from "./sources/adsb.ts";
import { type BrokerListener, listenAsBroker } from "./sources/broker.ts";
import { captureSource } from "./sources/capture.ts";
import { demoSource, demos } from "./sources/demo/demo.ts";
import { livePcapSource } from "./sources/live-pcap.ts";
import { SourceRegistry } from "./sources/registry.ts";
import { TakLinks } from "./sources/tak/links.ts";
import { type TakServer, takServer } from "./sources/tak/server.ts";
import { listenForDetections, type TcpListener } from "./sources/tcp.ts";

export interface HubOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly sectorName?: string | undefined;
  readonly demo?: string | undefined;
  readonly replay?: { readonly file: string; readonly speed: number | "max" } | undefined;
  readonly pcap?: string | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** HTTPS with a certificate of the hub's own authority, for the phones of a local network that have been given that authority. */
  readonly ownCertificate?: boolean | undefined;
  /** Port of the embedded MQTT broker; undefined: closed. */
  readonly mqttPort?: number | undefined;
  /** Port on which sensors connect and send detections; undefined: closed. */
  readonly detectionsPort?: number | undefined;
  /** Port on which ADS-B receivers of this machine connect and send; undefined: closed. It is never open beyond loopback: they cannot sign in. */
  readonly adsbPort?: number | undefined;
  /** Port on loopback for TAK clients of this machine, without TLS; undefined: closed. */
  readonly takPort?: number | undefined;
  /** Port for TAK clients with a certificate of ours, and the address to listen on where it is not the hub's; undefined: closed. */
  readonly takTlsPort?: number | undefined;
  readonly takHost?: string | undefined;
  readonly basemap?: string | undefined;
  /** How long content is kept, where it differs from the defaults. */
  readonly retention?: Partial<Retention> | undefined;
  /** Further host names under which the hub may be called. */
  readonly names?: readonly string[] | undefined;
  readonly logLevel?: string | undefined;
  /** Where log lines go, instead of standard output. */
  readonly logTo?: { write(line: string): void } | undefined;
  /** Folder of the built console, where it is not in its usual place. */
  readonly consoleFolder?: string | undefined;
  /** How long a connection may take to send the head of a request. */
  readonly headersTimeoutMs?: number | undefined;
  /** Further voices out. */
  readonly outlets?: readonly Outlet[] | undefined;
}

export interface Hub {
  readonly url: string;
  /** The one-time link that creates the owner; undefined when there is one. */
  readonly setupLink: string | undefined;
  readonly sector: Sector;
  readonly stream: BrowserStream;
  readonly identity: Identity;
  /** Every route that is served, as "METHOD /path/:parameter". */
  readonly routes: readonly string[];
  readonly mqttPort: number | undefined;
  readonly detectionsPort: number | undefined;
  readonly adsbPort: number | undefined;
  readonly takPort: number | undefined;
  readonly takTlsPort: number | undefined;
  readonly authority: CertificateAuthority;
  stop(): Promise<void>;
}

/** A start that cannot be: wrong use, said with what to do. */
export class HubRefusal extends Error {
  override readonly name = "HubRefusal";
}

const CHECKOUT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** What `npm run build` makes of the console. */
export const CONSOLE_FOLDER: string = join(CHECKOUT, "apps/console/build/web");
/** What it makes of the field app. */
export const FIELD_FOLDER: string = join(CHECKOUT, "apps/field/build/web");
export const BASEMAP_FILE: string = join(CHECKOUT, "apps/console/build/basemap/base.pmtiles");
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}

/** File in the data folder in which a running hub says where it can be reached, for the commands on the same machine. */
export const RUNNING_FILE = "hub.json";

/** The name under which the hub is called: an address that stands for all addresses is none. */
function nameOf({ host, names }: HubOptions): string {
  if (isLoopback(host)) return "localhost";
  if (host === "0.0.0.0" || host === "::") return names?.[0] ?? hostname();
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** A replay is a sector of its own on the recorded time: made anew each time, since the file can make it again. */
function sectorFolder({ data, replay }: HubOptions): string {
  if (replay === undefined) return data;
  const folder = join(data, `replay-${basename(replay.file).replace(/[^A-Za-z0-9._-]/g, "_")}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Not while another hub plays it.
  const lock = lockFolder(folder);
  for (const part of readdirSync(folder)) if (!part.startsWith(LOCK_FILE)) rmSync(join(folder, part), { recursive: true, force: true });
  lock.release();
  return folder;
}

/** Names and addresses under which TAK clients may find the hub: they stand in its certificate. */
function takNames(options: HubOptions): readonly string[] {
  return namesOf(options, options.takHost ?? options.host);
}

/** Names and addresses under which browsers of the network reach the hub. */
function webNames(options: HubOptions): readonly string[] {
  return namesOf(options, options.host);
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

function namesOf({ names = [] }: HubOptions, listens: string): readonly string[] {
  const isWide = listens === "0.0.0.0" || listens === "::";
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const addresses = own.flatMap(({ address, internal, family, scopeid }) =>
    internal || (family === "IPv6" && scopeid !== 0) ? [] : [address],
  );
  const known = [...LOOPBACK_NAMES, hostname(), ...names, ...(isWide ? addresses : [listens])];
  return [...new Set(known.filter((name) => name !== ""))];
}

/** The id of the source that stands for all who connect to the hub's own TAK server. */
export const TAK_SOURCE = "tak";

/** Opens the sources that the start asks for. One that may not run here ends the start: it was asked for by name. */
async function openDoors(options: HubOptions, sector: Sector): Promise<void> {
  const { demo, replay, pcap } = options;
  const { clock } = sector;
  if (replay !== undefined && clock instanceof RecordedClock) {
    const definition: SourceDefinition = { id: "capture", name: basename(replay.file), kind: "capture", origin: "recorded" };
    await sector.run(captureSource(definition, replay.file, clock), "start");
  }
  if (pcap !== undefined) {
    const name = pcap === "-" ? "Capture on standard input" : basename(pcap);
    const definition: SourceDefinition = { id: "pcap", name, kind: "live-pcap", origin: "live" };
    await sector.run(livePcapSource(definition, pcap), "start");
  }
  const chosen = demo === undefined ? undefined : demos[demo];
  if (chosen !== undefined) {
    const definition: SourceDefinition = { id: "demo", name: "Demo flights", kind: "demo", origin: "synthetic", position: chosen.centre };
    await sector.run(
      demoSource(definition, () => clock.nowUs()),
      "start",
    );
    if (sector.picture.zones().length === 0) for (const zone of chosen.zones) await sector.command("zone", { zone, by: "demo" });
  }
}

export async function startHub(options: HubOptions): Promise<Hub> {
  const { host, port, replay, demo, data } = options;
  const ownCertificate = options.ownCertificate === true;
  if (!isLoopback(host) && options.tls === undefined && !ownCertificate) {
    throw new HubRefusal(
      `Listening on ${host} needs a certificate: add --cert FILE --key FILE, or --own-cert for one of the hub's own authority, or listen on 127.0.0.1.`,
    );
  }
  if (ownCertificate && options.tls !== undefined) throw new HubRefusal("--own-cert and --cert exclude each other.");
  const chosenDemo = demo === undefined ? undefined : demos[demo];
  if (demo !== undefined && chosenDemo === undefined)
    throw new HubRefusal(`There is no demo "${demo}". There are: ${Object.keys(demos).join(", ")}`);
  if (replay !== undefined && (options.takPort !== undefined || options.takTlsPort !== undefined))
    throw new HubRefusal("A replay tells nobody anything: leave --tak-port and --tak-tls-port out.");
  // What has been opened, to be closed again in reverse, at the end or when the start fails half-way.
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const folder = sectorFolder(options);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = options.sectorName ?? chosenDemo?.name ?? (replay === undefined ? "Sector" : basename(replay.file));
    const journal = await openSqliteJournal(folder, name);
    opened.push(() => journal.close());
    const sector = Sector.open(journal, replay === undefined ? new WallClock() : new RecordedClock(replay.speed));
    opened.push(() => sector.stop());
    if (sector.picture.sector === undefined)
      await sector.command("sector", { name, centre: chosenDemo?.centre ?? { latDeg: 31.76, lonDeg: -106.49 } });
    // Accounts are the folder's, not the replay's: who may sign in to one may watch the other.
    const identity = new Identity(data);
    opened.push(() => identity.close());
    const authority = new CertificateAuthority(data);
    opened.push(() => authority.close());
    const takNamed = { uid: `atalaya.${authority.hubId}`, callsign: `Atalaya ${name}`.slice(0, 60) };
    sector.isHubInTak = (called) => called === takNamed.callsign || called === takNamed.uid || called.startsWith(`${takNamed.uid}.`);
    const takLinks = new TakLinks();
    takLinks.speaksFor = (certificate, uid) => sector.picture.devices.speaksFor(certificate, uid);
    let tak: TakServer | undefined;
    const takOutlet = new TakOutlet(sector, takLinks, takNamed);
    const media = new MediaStore(folder);
    const documents = new MediaStore(folder, "documents");
    const stream = new BrowserStream(
      sector,
      (token) => identity.session(token) !== undefined,
      (known) => media.have(known),
    );
    const reach = new ReachWatch(sector);
    const outlets = new OutletRegistry(sector);
    stream.latency = outlets.latency;
    for (const outlet of [stream, takOutlet, ...(options.outlets ?? [])]) outlets.add(outlet);
    const doorNames = ownCertificate || options.tls !== undefined ? webNames(options).filter((known) => !LOOPBACK_NAMES.has(known)) : [];
    const setUp = new OutletSetup(outlets, identity, sector, folder, (bulletinId) => {
      const [name] = doorNames;
      if (name === undefined) return undefined;
      return `https://${isIP(name) === 6 ? `[${name}]` : name}:${port}${FIELD_PATH}/#bulletin=${encodeURIComponent(bulletinId)}`;
    });
    // What is played again reaches nobody.
    if (replay === undefined) setUp.reopen();
    const sources = new SourceRegistry(sector, identity, { uid: takNamed.uid, links: takLinks });
    const tls = ownCertificate ? await authority.serverCredentials(webNames(options)) : options.tls;
    const secure = tls !== undefined;
    const metrics = startMetrics(sector, stream, outlets, takLinks);
    const server = await buildServer({
      sector,
      identity,
      stream,
      sources,
      outlets: setUp,
      media,
      documents,
      reach,
      authority,
      takDoor: {
        names: takNames(options),
        port: () => tak?.tlsPort,
        drop: (serial) => tak?.drop(serial),
        test: (uid, language) => takOutlet.test(uid, language),
      },
      metrics,
      secure,
      tls,
      hosts: [
        ...LOOPBACK,
        isIP(host) === 6 ? `[${host}]` : host.toLowerCase(),
        hostname().toLowerCase(),
        ...(options.names ?? []).map((known) => known.toLowerCase()),
        ...(ownCertificate ? webNames(options).map((known) => (isIP(known) === 6 ? `[${known}]` : known.toLowerCase())) : []),
      ],
      fieldDoor: {
        names: doorNames,
        authorityDer: async () => (ownCertificate ? new X509Certificate(await authority.certificatePem()).raw : undefined),
      },
      consoleFolder: options.consoleFolder ?? CONSOLE_FOLDER,
      fieldFolder: FIELD_FOLDER,
      basemap: BASEMAP_FILE,
      userBasemap: options.basemap,
      logLevel: options.logLevel ?? "warn",
      logTo: options.logTo,
      isMetricsKey: (key) => identity.isMetricsKey(key),
      isFeedKey: (key) => identity.isFeedKey(key),
      headersTimeoutMs: options.headersTimeoutMs ?? 15_000,
    });
    opened.push(() => server.close());

    await sources.reopen();
    const signIn = {
      host,
      tls,
      keyHash: (id: string) => identity.sourceKeyHash(id),
      hash: (key: Buffer) => Buffer.from(hashToken(key), "hex"),
    };
    let broker: BrokerListener | undefined;
    if (options.mqttPort !== undefined) {
      broker = await listenAsBroker({ ...signIn, port: options.mqttPort }, sources.brokerDoors);
      const listening = broker;
      opened.push(() => listening.stop());
    }
    let detections: TcpListener | undefined;
    if (options.detectionsPort !== undefined) {
      detections = await listenForDetections({ ...signIn, port: options.detectionsPort }, sources.tcpDoors);
      const listening = detections;
      opened.push(() => listening.stop());
    }
    let receivers: AdsbListener | undefined;
    if (options.adsbPort !== undefined) {
      receivers = await listenForReceivers({ port: options.adsbPort }, sources.adsbDoors);
      const listening = receivers;
      opened.push(() => listening.stop());
    }
    sector.start(options.retention);
    await outlets.start();
    reach.start();
    opened.push(() => reach.stop());
    const cleaning = new Cleaning(async () => {
      await removeOldMedia(sector, media);
      await removeOldDocuments(sector, documents);
    });
    cleaning.start();
    opened.push(() => cleaning.stop());
    opened.push(() => outlets.stop());
    opened.push(() => metrics.stop());
    metrics.start();
    await server.listen({ host, port });
    opened.push(() => sector.closeDoors());
    await openDoors(options, sector);
    if (options.takPort !== undefined || options.takTlsPort !== undefined) {
      // In a hub of invented flights all that is said is invented: what comes in is marked as what goes out.
      const origin = sector.picture.sources().some(({ definition }) => definition.origin === "synthetic") ? "synthetic" : "live";
      const { takHost = host, takTlsPort } = options;
      tak = takServer({
        definition: { id: TAK_SOURCE, name: "TAK clients", kind: "tak", origin, format: "cot" },
        uid: takNamed.uid,
        links: takLinks,
        port: options.takPort,
        tls: takTlsPort === undefined ? undefined : { host: takHost, port: takTlsPort, authority, names: takNames(options) },
      });
      await sector.run(tak, "start");
    }
    sector.endUnopened();

    const address = server.server.address();
    const bound = address !== null && typeof address === "object" ? address.port : port;
    const url = `${secure ? "https" : "http"}://${nameOf(options)}:${bound}`;
    const runningFile = join(data, RUNNING_FILE);
    writeFileSync(runningFile, `${JSON.stringify({ url, pid: process.pid, folder })}\n`, { mode: 0o600 });
    opened.push(() => rmSync(runningFile, { force: true }));
    const setupLink = identity.hasOwner() ? undefined : `${url}${SETUP_PATH}#token=${identity.newSetupToken()}`;
    let stopping: Promise<void> | undefined;
    return {
      url,
      setupLink,
      sector,
      stream,
      identity,
      routes: server.servedRoutes,
      mqttPort: broker?.port,
      detectionsPort: detections?.port,
      adsbPort: receivers?.port,
      takPort: tak?.port,
      takTlsPort: tak?.tlsPort,
      authority,
      stop: () => (stopping ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    if (error instanceof SectorError) throw new HubRefusal(error.message);
    throw error;
  }
}

/** Certificate and key from their files. */
export function readTls(cert: string, key: string): { readonly cert: string; readonly key: string } {
  return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}
