// The hub's routes: what people ask for, what they decide, what sources hand in.
import { randomBytes } from "node:crypto";
import { createSecureContext } from "node:tls";
import {
  AccountName,
  Authority,
  Certificate,
  Credentials,
  DrillBegun,
  Enrolment,
  HubHealth,
  LinesTaken,
  NewCertificate,
  NewOwner,
  NewPassword,
  NewSource,
  NewUser,
  OperatorPosition,
  OperatorRequest,
  paths,
  Sensor,
  SessionInfo,
  SourceHealth,
  TrackDetail,
  TrackSummary,
  User,
  Zone,
  TakHeard,
  OutletTest,
} from "@atalaya/protocol";
import { decodeFramePayload, isRemoteIdFormat, type SourceDefinition } from "@atalaya/picture";
import { detectionsSchema } from "@atalaya/protocol/detections";
import { decodeOperator } from "@atalaya/remote-id";
import type { Language } from "@atalaya/words";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { CertificateAuthority, Certificate as IssuedCertificate } from "../identity/ca.ts";
import { dataPackage, readDataPackage, type ServerAccess } from "../identity/data-package.ts";
import type { Identity, NewSession } from "../identity/identity.ts";
import { hubHealth, sectorInfo, sensorsOf, sourcesHealth, trackDetail, trackSummary, zoneOf } from "../outlets/present.ts";
import type { TestOutcome } from "../outlets/outlet.ts";
import { takHeard } from "../outlets/present-tak.ts";
import { SignInLimit } from "../identity/sign-in-limit.ts";
import { receiverAddress } from "../sources/adsb.ts";
import type { OutletSetup } from "../outlets/setup.ts";
import type { MediaStore } from "../reports/media-store.ts";
import type { ReachParts } from "../outlets/reachable.ts";
import type { ReachWatch } from "../reports/reach-watch.ts";
import type { HttpSource } from "../sources/http.ts";
import { DRILL_SOURCE, type SourceRegistry } from "../sources/registry.ts";
import { meshAddress } from "../sources/tak/mesh.ts";
import { refuse, SESSION_COOKIE } from "./guard.ts";
import { actor, Id, type LoopParts, refusals } from "./parts.ts";
import { addBulletinRoutes } from "./bulletin-routes.ts";
import { addMemoRoutes } from "./memo-routes.ts";
import { addOutletRoutes } from "./outlet-routes.ts";
import { addPeopleRoutes } from "./people-routes.ts";
import { addDeviceRoutes, type FieldDoorSettings } from "./device-routes.ts";
import { addPrintRoutes } from "./print-routes.ts";
import { addReadinessRoutes } from "./readiness-routes.ts";
import { addReportRoutes } from "./report-routes.ts";
import { addSurroundingsRoutes } from "./surroundings-routes.ts";
import { addWarningRoutes } from "./warning-routes.ts";

export interface RouteParts extends LoopParts {
  readonly outlets: OutletSetup;
  readonly identity: Identity;
  readonly sources: SourceRegistry;
  readonly media: MediaStore;
  readonly documents: MediaStore;
  readonly reach: ReachWatch;
  readonly authority: CertificateAuthority;
  readonly takDoor: TakDoor;
  readonly fieldDoor: FieldDoorSettings;
  readonly secure: boolean;
}

/** The hub's own TAK server, as far as people manage it. */
export interface TakDoor {
  /** Names and addresses in its certificate. */
  readonly names: readonly string[];
  /** Undefined while there is none. */
  readonly port: () => number | undefined;
  readonly drop: (serial: string) => void;
  readonly test: (uid: string, language: Language) => Promise<TestOutcome>;
}

const TrackNumber = z.object({ number: z.coerce.number().int().min(0) });
/** From one address; wrong passwords are slowed further (sign-in-limit.ts). */
const SIGN_IN_LIMIT = { max: 30, timeWindow: 60_000 };
/** Making keys takes the machine's time. */
const CERTIFICATE_LIMIT = { max: 60, timeWindow: 60_000 };
/** Lines of a source's request that are taken in one go: a large body must not hold up a tick. */
const LINES_AT_ONCE_BYTES = 32 * 1024;

/** Body of a source's request; larger ones are to be sent in several. */
export const MAX_FRAMES_BODY: number = 4 << 20;

const TAK_REFUSALS: Readonly<Record<string, string>> = {
  "no-package": "This is no data package: a ZIP archive of at most 200 kB.",
  "no-server": "The package names no server (cot_streams, connectString0).",
  "no-certificate": "The package's certificate or the authority that it trusts cannot be opened: is its password in it?",
  url: "Name the server as tls://HOST:PORT or tcp://HOST:PORT.",
  certificate: "For tls://, give a certificate with its key and the authority to trust, all as PEM, or a data package.",
};

/** How to reach a TAK server, or why not: a code of `TAK_REFUSALS`. */
function accessOf({ package: archive, url = "", certificate, trusted }: NewSource): ServerAccess | string {
  if (archive !== undefined) {
    const read = readDataPackage(Buffer.from(archive, "base64"));
    return "refused" in read ? read.refused : read;
  }
  const [, scheme, host = "", port] = /^(tls|tcp):\/\/([^\s/]+):(\d{1,5})$/.exec(url) ?? [];
  if (scheme === undefined || Number(port) > 65_535) return "url";
  const server = { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port), secure: scheme === "tls" };
  if (!server.secure) return { ...server, cert: undefined, key: undefined, ca: [] };
  const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(certificate ?? "")?.[0];
  if (certificate === undefined || trusted === undefined || key === undefined) return "certificate";
  try {
    createSecureContext({ cert: certificate, key, ca: trusted });
  } catch {
    return "certificate";
  }
  return { ...server, cert: certificate, key, ca: [trusted] };
}

function shownCertificate({ serial, name, device, uid, issuedMs, expiresMs, revokedMs }: IssuedCertificate): Certificate {
  return {
    serial,
    name,
    ...(device === undefined ? {} : { device }),
    ...(uid === undefined ? {} : { uid }),
    issuedMs,
    expiresMs,
    ...(revokedMs === undefined ? {} : { revokedMs }),
  };
}

/** The body cut after line feeds into parts of about so many bytes. */
function* wholeLines(body: Buffer, bytes: number): Generator<Buffer> {
  for (let from = 0; from < body.length; ) {
    const feed = body.indexOf(0x0a, Math.min(body.length, from + bytes));
    const to = feed < 0 ? body.length : feed + 1;
    yield body.subarray(from, to);
    from = to;
  }
}

export function addRoutes(
  plain: FastifyInstance,
  { sector, identity, stream, sources, outlets, media, documents, reach, authority, takDoor, secure, fieldDoor }: RouteParts,
): void {
  const server = plain.withTypeProvider<ZodTypeProvider>();

  const signIns = new SignInLimit();

  const begin = (reply: FastifyReply, { token, account }: NewSession): SessionInfo => {
    reply.setCookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: "strict", secure, path: "/" });
    return { user: account, sector: sectorInfo(sector) };
  };

  server.get("/healthz", { schema: { response: { 200: z.object({ ok: z.boolean() }) } } }, async () => ({ ok: true }));
  server.get(
    "/readyz",
    { schema: { response: { 200: z.object({ ok: z.boolean() }), 503: z.object({ ok: z.boolean() }) } } },
    async (_request, reply) => {
      const ok = sector.journal.state().status === "ok" && sector.lateS < 3;
      return reply.code(ok ? 200 : 503).send({ ok });
    },
  );

  server.post(
    paths.owner,
    { config: { rateLimit: SIGN_IN_LIMIT }, schema: { body: NewOwner, response: { 200: SessionInfo, ...refusals } } },
    async (request, reply) => {
      const { token, name, password } = request.body;
      const owner = await identity.createOwner(token, name, password);
      if (owner === undefined)
        return refuse(
          reply,
          403,
          "setup-link",
          "This link has been used or is older than 15 minutes. Restart the hub for a new one, or run: atalaya owner reset",
        );
      await sector.command("account", { id: owner.id, name: owner.name, role: owner.role, change: "created", by: "setup link" });
      return begin(reply, identity.newSession(owner));
    },
  );
  server.post(
    paths.session,
    { config: { rateLimit: SIGN_IN_LIMIT }, schema: { body: Credentials, response: { 200: SessionInfo, ...refusals } } },
    async (request, reply) => {
      const { name, password } = request.body;
      const waitMs = signIns.waitMs(name, request.ip);
      if (waitMs > 0) {
        const waitS = Math.ceil(waitMs / 1000);
        reply.header("retry-after", waitS);
        return refuse(reply, 429, "wait", `Too many wrong passwords: wait ${waitS} s.`);
      }
      const session = await identity.signIn(name, password);
      if (session === undefined) {
        signIns.failed(name, request.ip);
        return refuse(reply, 401, "credentials", "Name and password do not belong together.");
      }
      signIns.succeeded(name, request.ip);
      return begin(reply, session);
    },
  );
  server.get(paths.session, { schema: { response: { 200: SessionInfo, ...refusals } } }, async (request) => ({
    user: actor(request),
    sector: sectorInfo(sector),
  }));
  server.delete(paths.session, { schema: { response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    const token = request.cookies[SESSION_COOKIE];
    if (token !== undefined) identity.endSession(token);
    stream.drop(actor(request).id, token);
    return reply.clearCookie(SESSION_COOKIE, { path: "/" }).code(204).send(null);
  });

  server.get(paths.users, { schema: { response: { 200: z.array(User), ...refusals } } }, async () => [...identity.accounts()]);
  server.get(paths.accountNames, { schema: { response: { 200: z.array(AccountName), ...refusals } } }, async () =>
    identity.accounts().map(({ id, name }) => ({ id, name })),
  );
  server.post(paths.users, { schema: { body: NewUser, response: { 200: User, ...refusals } } }, async (request, reply) => {
    const { name, role, password } = request.body;
    const made = await identity.createAccount(name, role, password);
    if (made === "name-taken") return refuse(reply, 409, "name-taken", "There is an account of that name.");
    if (made === "too-many") return refuse(reply, 409, "too-many-accounts", "There are too many accounts.");
    await sector.command("account", { id: made.id, name, role, change: "created", by: actor(request).name });
    return made;
  });
  server.put(
    "/api/v1/session/password",
    { config: { rateLimit: SIGN_IN_LIMIT }, schema: { body: NewPassword, response: { 204: z.null(), ...refusals } } },
    async (request, reply) => {
      const { id, name, role } = actor(request);
      const { password, newPassword } = request.body;
      if (signIns.waitMs(name, request.ip) > 0) return refuse(reply, 429, "wait", "Too many wrong passwords: wait a while.");
      if (!(await identity.passwordIs(id, password))) {
        signIns.failed(name, request.ip);
        return refuse(reply, 403, "credentials", "This is not your present password.");
      }
      await identity.changePassword(id, newPassword);
      stream.drop(id);
      await sector.command("account", { id, name, role, change: "changed", by: name });
      return reply.clearCookie(SESSION_COOKIE, { path: "/" }).code(204).send(null);
    },
  );
  server.delete("/api/v1/users/:id", { schema: { params: Id, response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    const account = identity.removeAccount(request.params.id);
    if (account === undefined) return refuse(reply, 409, "account", "There is no such account, or it is the last owner.");
    stream.drop(account.id);
    await sector.command("account", { id: account.id, name: account.name, role: account.role, change: "removed", by: actor(request).name });
    return reply.code(204).send(null);
  });

  server.get(paths.authority, { schema: { response: { 200: Authority, ...refusals } } }, async () => ({
    certificate: await authority.certificatePem(),
    revocationList: await authority.revocationList(),
    names: [...takDoor.names],
    ...(takDoor.port() === undefined ? {} : { port: takDoor.port() }),
  }));
  server.get(paths.certificates, { schema: { response: { 200: z.array(Certificate), ...refusals } } }, async () =>
    authority.certificates().map(shownCertificate),
  );
  server.post(
    paths.certificates,
    { config: { rateLimit: CERTIFICATE_LIMIT }, schema: { body: NewCertificate, response: { 200: Enrolment, ...refusals } } },
    async (request, reply) => {
      const { name, device, uid, days, client, host } = request.body;
      const port = takDoor.port();
      if (port === undefined) return refuse(reply, 409, "tak-closed", "Start the hub with --tak-tls-port N first.");
      const issued = await authority.issue({ name, device, uid, days });
      if (issued === "too-many") return refuse(reply, 409, "too-many-certificates", "There are too many certificates.");
      const { certificate } = issued;
      // On record before it can be used.
      await sector.command("certificate", { serial: certificate.serial, name, uid, change: "issued", by: actor(request).name });
      const password = randomBytes(12).toString("base64url");
      const title = `Atalaya ${sector.picture.sector?.name ?? ""}`.trim();
      const archive = dataPackage({
        kind: client,
        title,
        host,
        port,
        password,
        personalStore: await authority.personalStore(issued, password),
        trustStore: await authority.trustStore(password),
      });
      return {
        certificate: shownCertificate(certificate),
        fileName: `atalaya-${client}-${certificate.serial.slice(0, 8)}.zip`,
        package: archive.toString("base64"),
        password,
        connect: `${title.replaceAll(",", " ")},${host},${port},ssl`,
      };
    },
  );
  server.delete(
    "/api/v1/certificates/:serial",
    { schema: { params: z.object({ serial: z.string().min(1).max(40) }), response: { 204: z.null(), ...refusals } } },
    async (request, reply) => {
      const revoked = authority.revoke(request.params.serial, actor(request).name);
      if (revoked === undefined)
        return refuse(reply, 404, "no-such-certificate", "There is no such certificate, or it was taken back before.");
      takDoor.drop(revoked.serial);
      await sector.command("certificate", { serial: revoked.serial, name: revoked.name, change: "revoked", by: actor(request).name });
      return reply.code(204).send(null);
    },
  );

  server.get(paths.sources, { schema: { response: { 200: z.array(SourceHealth), ...refusals } } }, async () => sourcesHealth(sector));
  server.post(
    paths.sources,
    { schema: { body: NewSource, response: { 200: z.object({ id: z.string(), key: z.string().optional() }), ...refusals } } },
    async (request, reply) => {
      const { name, kind, position, origin = "live" } = request.body;
      const isTak = kind === "tak-server" || kind === "tak-mesh";
      const usual = isTak ? "cot" : kind === "tcp" ? "detections" : kind === "adsb" ? "adsb" : "remote-id";
      const format = isTak ? "cot" : (request.body.format ?? usual);
      if (!isTak && format === "cot") return refuse(reply, 400, "format", "Cursor on Target comes from TAK sources.");
      if (kind === "tcp" && format !== "detections") return refuse(reply, 400, "format", "A TCP source takes detections.");
      if ((kind === "adsb") !== (format === "adsb"))
        return refuse(reply, 400, "format", "Aircraft's messages come from an ADS-B receiver (kind adsb), which sends nothing else.");
      const id = sources.newId(name);
      const definition: SourceDefinition = {
        id,
        name,
        kind,
        origin,
        ...(format === "remote-id" ? {} : { format }),
        ...(position === undefined ? {} : { position }),
      };
      const refusal = sector.refuses(definition);
      if (refusal !== undefined) return refuse(reply, 409, refusal.code, refusal.message);
      const access = kind === "tak-server" ? accessOf(request.body) : undefined;
      if (typeof access === "string") return refuse(reply, 400, access, TAK_REFUSALS[access] ?? "");
      if (kind === "tak-mesh" && meshAddress(request.body.url ?? "udp://239.2.3.1") === undefined)
        return refuse(reply, 400, "url", "Name the mesh as udp://GROUP:PORT, with ?ttl=N and &interface=ADDRESS where needed.");
      if (kind === "mqtt" && !/^mqtts?:\/\/[^\s]+$/.test(request.body.url ?? "")) {
        return refuse(reply, 400, "url", "Name the broker as mqtt://HOST:PORT or mqtts://HOST:PORT.");
      }
      const { url = "" } = request.body;
      if (kind === "adsb" && url !== "" && receiverAddress(url) === undefined)
        return refuse(reply, 400, "url", "Name the receiver as HOST:PORT; empty: it connects to the hub's ADS-B port.");
      if (kind === "adsb" && url === "" && sources.adsbDoors.size > 0)
        return refuse(
          reply,
          409,
          "adsb-door-taken",
          "One source takes what comes in at the ADS-B port, and there is one. Name the receiver as HOST:PORT.",
        );
      const key = await sources.add(definition, { ...request.body, access }, actor(request).name);
      // Nobody signs in to a source that the hub itself connects to, or that has no place for a key.
      return kind === "mqtt" || isTak || kind === "adsb" ? { id } : { id, key };
    },
  );
  server.delete("/api/v1/sources/:id", { schema: { params: Id, response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    if (!sector.picture.sources().some(({ definition }) => definition.id === request.params.id))
      return refuse(reply, 404, "no-such-source", "There is no such source.");
    await sources.remove(request.params.id, actor(request).name);
    return reply.code(204).send(null);
  });

  server.post(
    paths.frames,
    {
      bodyLimit: MAX_FRAMES_BODY,
      config: { rateLimit: false },
      schema: { response: { 200: z.object({ taken: z.number(), refused: z.number() }), ...refusals } },
    },
    async (request, reply) => {
      const source = sector.source(request.sourceId ?? "");
      if (source === undefined || !("lines" in source) || source.definition.format === "detections")
        return refuse(reply, 409, "source-kind", "The source of this key does not take frames.");
      if (!(request.body instanceof Buffer)) return refuse(reply, 400, "content-type", "Send Content-Type: application/x-ndjson.");
      const { lines } = source as HttpSource;
      const sum = { taken: 0, refused: 0 };
      for (const part of wholeLines(request.body, LINES_AT_ONCE_BYTES)) {
        const { taken, refused } = await lines(part);
        sum.taken += taken;
        sum.refused += refused;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return sum;
    },
  );

  server.post(
    paths.detections,
    { bodyLimit: MAX_FRAMES_BODY, config: { rateLimit: false }, schema: { response: { 200: LinesTaken, ...refusals } } },
    async (request, reply) => {
      const source = sector.source(request.sourceId ?? "");
      if (source === undefined || !("lines" in source) || source.definition.format !== "detections")
        return refuse(reply, 409, "source-kind", "The source of this key does not take detections over HTTP.");
      if (!(request.body instanceof Buffer)) return refuse(reply, 400, "content-type", "Send Content-Type: application/x-ndjson.");
      return (source as HttpSource).lines(request.body);
    },
  );
  server.get(paths.detectionsSchema, { schema: { response: { 200: z.record(z.string(), z.unknown()), ...refusals } } }, async () => ({
    ...detectionsSchema,
  }));
  server.get(paths.sensors, { schema: { response: { 200: z.array(Sensor), ...refusals } } }, async () => sensorsOf(sector));
  server.post(
    paths.takTest,
    { schema: { body: OutletTest, response: { 200: z.object({ ok: z.boolean(), detail: z.string() }), ...refusals } } },
    async (request, reply) => {
      const { address, language } = request.body;
      if (address === "") return refuse(reply, 400, "address", "Name the device by its uid in TAK.");
      return takDoor.test(address, language);
    },
  );
  server.get(paths.takHeard, { schema: { response: { 200: TakHeard, ...refusals } } }, async () => takHeard(sector.picture));

  server.post(
    paths.drill,
    { schema: { body: z.object({ name: z.string().trim().min(1).max(80) }), response: { 200: DrillBegun, ...refusals } } },
    async (request, reply) => {
      const definition: SourceDefinition = {
        id: DRILL_SOURCE,
        name: `Drill: ${request.body.name}`.slice(0, 80),
        kind: "http",
        origin: "synthetic",
        format: "detections",
      };
      const running = sector.picture.sources().find(({ definition: { id } }) => id === DRILL_SOURCE);
      if (running?.state === "hearing" && sector.source(DRILL_SOURCE) !== undefined)
        return refuse(
          reply,
          409,
          "drill-runs",
          `A drill runs (${running.definition.name}): end it, or wait until it has been silent for a minute.`,
        );
      const refusal = sector.refuses(definition);
      if (refusal !== undefined) return refuse(reply, 409, refusal.code, refusal.message);
      // One whose command was killed leaves its source behind.
      if (running !== undefined) await sources.remove(DRILL_SOURCE, "drill");
      const key = await sources.add(definition, {}, "drill");
      const centre = sector.picture.sector?.centre ?? { latDeg: 0, lonDeg: 0 };
      return { source: DRILL_SOURCE, key, timeMs: sector.clock.nowUs() / 1000, centre };
    },
  );
  server.delete(paths.drill, { schema: { response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    if (request.sourceId !== DRILL_SOURCE) return refuse(reply, 409, "no-drill", "This is not the key of a drill.");
    await sources.remove(DRILL_SOURCE, "drill");
    return reply.code(204).send(null);
  });

  server.get(paths.tracks, { schema: { response: { 200: z.array(TrackSummary), ...refusals } } }, async () =>
    [...sector.picture.tracks()].map(trackSummary),
  );
  server.get(
    "/api/v1/tracks/:number",
    { schema: { params: TrackNumber, response: { 200: TrackDetail, ...refusals } } },
    async (request, reply) => {
      const track = sector.picture.track(request.params.number);
      return track === undefined ? refuse(reply, 404, "no-such-track", "This track has ended.") : trackDetail(track, sector.picture);
    },
  );
  server.post(
    "/api/v1/tracks/:number/operator",
    {
      schema: {
        params: TrackNumber,
        body: OperatorRequest,
        response: { 200: z.object({ positions: z.array(OperatorPosition) }), ...refusals },
      },
    },
    async (request, reply) => {
      const track = sector.picture.track(request.params.number);
      if (track === undefined) return refuse(reply, 404, "no-such-track", "This track has ended.");
      // Written before anything is shown: a look that is not on record does not happen.
      await sector.command("operator-look", { track: track.number, by: actor(request).name, purpose: request.body.purpose });
      if (track.operatorSeq === undefined) return { positions: [] };
      await sector.journal.durable(track.operatorSeq);
      const [entry] = sector.journal.read(track.operatorSeq, 1);
      const frame = entry?.payload === undefined ? undefined : decodeFramePayload(entry.payload);
      if (entry === undefined || frame === undefined || !(entry.sealed instanceof Uint8Array)) return { positions: [] };
      // A frame may carry several aircraft: only the position that came with this track is shown.
      const all = isRemoteIdFormat(frame.format) ? decodeOperator(frame.format, frame.bytes, entry.sealed) : [];
      const positions = track.operatorIndex === undefined ? all : all.slice(track.operatorIndex, track.operatorIndex + 1);
      return {
        positions: positions.map(({ heightHaeM, ...position }) => ({
          ...position,
          ...(heightHaeM === undefined ? {} : { heightHaeM }),
          timeMs: entry.timeUs / 1000,
        })),
      };
    },
  );

  server.get(paths.zones, { schema: { response: { 200: z.array(Zone), ...refusals } } }, async () => sector.picture.zones().map(zoneOf));
  server.put("/api/v1/zones/:id", { schema: { params: Id, body: Zone, response: { 200: Zone, ...refusals } } }, async (request, reply) => {
    if (request.body.id !== request.params.id) return refuse(reply, 400, "id", "The zone's id and the address differ.");
    await sector.command("zone", { zone: request.body, by: actor(request).name });
    return request.body;
  });
  server.delete("/api/v1/zones/:id", { schema: { params: Id, response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    if (!sector.picture.zones().some(({ id }) => id === request.params.id))
      return refuse(reply, 404, "no-such-zone", "There is no such zone.");
    await sector.command("zone-removed", { id: request.params.id, by: actor(request).name });
    return reply.code(204).send(null);
  });

  const reachParts: ReachParts = {
    get picture() {
      return sector.picture;
    },
    hears: (account) => stream.hears(account),
    serves: (channel) => outlets.serves(channel),
    lastHeardMs: (personId) => reach.lastHeardMs(personId),
  };
  addWarningRoutes(server, { sector, stream, reach: reachParts });
  addPeopleRoutes(server, { sector, stream, identity });
  addDeviceRoutes(server, { sector, stream, identity, media, reach, secure, fieldDoor });
  addReportRoutes(server, { sector, stream, media });
  addMemoRoutes(server, { sector, stream, documents });
  addBulletinRoutes(server, { sector, stream });
  addPrintRoutes(server, { sector, secure, names: fieldDoor.names });
  addReadinessRoutes(server, { sector, stream, identity, reach: reachParts });
  addSurroundingsRoutes(server, { sector });
  addOutletRoutes(server, outlets, secure);

  server.get(
    paths.head,
    { schema: { response: { 200: z.object({ size: z.number(), root: z.string(), checkpoint: z.string() }), ...refusals } } },
    async () => {
      const { size, root, checkpoint } = sector.journal.head();
      return { size, root: Buffer.from(root).toString("hex"), checkpoint };
    },
  );
  server.get(paths.health, { schema: { response: { 200: HubHealth, ...refusals } } }, async () => hubHealth(sector, stream.latency));
  // The stream is an upgrade; asked for without one it says so.
  server.get(paths.stream, { schema: { hide: true } }, async (_request, reply) =>
    refuse(reply, 426, "upgrade", "This address speaks WebSocket."),
  );
}
