// A device in the field: how it joins, its shift, its heartbeat, and what concerns its own person.
import { isIP } from "node:net";
import {
  Device,
  DeviceAnswer,
  DeviceInfo,
  DeviceShift,
  FieldDoor,
  Heartbeat,
  HeartbeatAnswer,
  JoinCode,
  JoinRequest,
  MyReport,
  OwnReliability,
  paths,
  TeamReport,
} from "@atalaya/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { fingerprintOf } from "../identity/ca.ts";
import { fieldAccountId, type Identity } from "../identity/identity.ts";
import { deviceInfo, myReportOf, teamReportOf } from "../outlets/present-report.ts";
import { MAX_OWN_REPORTS } from "../outlets/stream.ts";
import type { MediaStore } from "../reports/media-store.ts";
import type { ReachWatch } from "../reports/reach-watch.ts";
import { refuse, SESSION_COOKIE } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

export interface DeviceParts extends LoopParts {
  readonly identity: Identity;
  readonly media: MediaStore;
  readonly reach: ReachWatch;
  readonly secure: boolean;
  readonly fieldDoor: FieldDoorSettings;
}

/** How phones of the network reach the hub. */
export interface FieldDoorSettings {
  /** Names and addresses beyond this machine. */
  readonly names: readonly string[];
  /** The hub's own authority, where its certificate is of that. */
  authorityDer(): Promise<Buffer | undefined>;
}

/** From one address: codes are long, and guessing is slow. */
const JOIN_LIMIT = { max: 20, timeWindow: 60_000 };
const DEVICE_COOKIE_S = 365 * 86_400;
/** A position is kept when it is new or the last one that was kept is older than this, µs. */
const POSITION_EVERY_US = 15e6;
const MOVED_DEG = 0.0002;
/** Answers of devices remembered, so that one sent again is one. */
const MAX_REMEMBERED = 2000;

/** The person of a device's session; refuses any other. */
export function personOf(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const { person } = actor(request);
  if (person === undefined) void refuse(reply, 403, "not-a-device", "This is for a device that has joined for a person.");
  return person;
}

export function addDeviceRoutes(server: Server, { sector, identity, stream, media, reach, secure, fieldDoor }: DeviceParts): void {
  const have = (known: Parameters<MediaStore["have"]>[0]): number => media.have(known);
  const answered = new Set<string>();

  server.post(
    "/api/v1/people/:id/join-code",
    { schema: { params: Id, response: { 200: JoinCode, ...refusals } } },
    async (request, reply) => {
      const person = sector.picture.person(request.params.id);
      if (person === undefined) return refuse(reply, 404, "no-such-person", "There is no such person.");
      const { id, name } = person.definition;
      const { code, expiresMs } = identity.newJoinCode(id, name);
      await sector.command("account", { id: fieldAccountId(id), name, role: "field", change: "changed", by: actor(request).name });
      // The code stands in the fragment, so that no server log ever holds it.
      return { code, link: `${secure ? "https" : "http"}://${request.headers.host ?? ""}/field/#join=${code}`, expiresMs };
    },
  );
  server.get("/api/v1/people/:id/devices", { schema: { params: Id, response: { 200: z.array(Device), ...refusals } } }, async (request) => [
    ...identity.devices(request.params.id),
  ]);
  server.delete(
    "/api/v1/people/:id/devices/:device",
    { schema: { params: Id.extend({ device: z.string().min(1).max(100) }), response: { 204: z.null(), ...refusals } } },
    async (request, reply) => {
      const { id, device } = request.params;
      if (!identity.removeDevices(id, device)) return refuse(reply, 404, "no-such-device", "There is no such device.");
      reach.forget(device);
      stream.dropDevice(device);
      const name = sector.picture.person(id)?.definition.name ?? id;
      await sector.command("account", { id: fieldAccountId(id), name, role: "field", change: "removed", by: actor(request).name });
      return reply.code(204).send(null);
    },
  );

  server.get(paths.fieldDoor, { schema: { response: { 200: FieldDoor, ...refusals } } }, async (request) => {
    const port = /:(\d+)$/.exec(request.headers.host ?? "")?.[1];
    const der = await fieldDoor.authorityDer();
    return {
      addresses: fieldDoor.names.map((name) => `https://${isIP(name) === 6 ? `[${name}]` : name}${port === undefined ? "" : `:${port}`}`),
      ...(der === undefined ? {} : { fingerprint: fingerprintOf(der) }),
    };
  });

  server.post(
    paths.join,
    { config: { rateLimit: JOIN_LIMIT }, schema: { body: JoinRequest, response: { 200: DeviceInfo, ...refusals } } },
    async (request, reply) => {
      const session = identity.join(request.body.code, request.body.device);
      const person = session?.account.person;
      if (session === undefined || person === undefined)
        return refuse(reply, 401, "join-code", "This code has been used, is older than an hour, or was never made. Ask for a new one.");
      const known = sector.picture.person(person);
      if (known === undefined) return refuse(reply, 409, "no-such-person", "The person of this code is no longer in the list.");
      const address = fieldAccountId(person);
      const { definition } = known;
      // From now on the person can be told through it: before every other way, as long as it is there.
      if (!definition.ways.some((way) => way.channel === "browser" && way.address === address)) {
        const ways = [{ channel: "browser" as const, address }, ...definition.ways].slice(0, 8);
        await sector.command("person", { person: { ...definition, ways }, by: "join code" });
      }
      await sector.command("account", { id: address, name: definition.name, role: "field", change: "created", by: "join code" });
      reply.setCookie(SESSION_COOKIE, session.token, { httpOnly: true, sameSite: "strict", secure, path: "/", maxAge: DEVICE_COOKIE_S });
      return deviceInfo(sector, person) ?? refuse(reply, 409, "no-such-person", "The person of this code is no longer in the list.");
    },
  );

  server.get(paths.device, { schema: { response: { 200: DeviceInfo, ...refusals } } }, async (request, reply) => {
    const person = personOf(request, reply);
    if (person === undefined) return reply;
    return deviceInfo(sector, person) ?? refuse(reply, 404, "no-such-person", "The person of this device is no longer in the list.");
  });
  server.put(paths.deviceShift, { schema: { body: DeviceShift, response: { 200: DeviceInfo, ...refusals } } }, async (request, reply) => {
    const person = personOf(request, reply);
    if (person === undefined) return reply;
    const { on, can } = request.body;
    const { name, device = "" } = actor(request);
    await sector.command("shift", { personId: person, on, by: name });
    if (on) reach.heard(person, device, can);
    else reach.forget(device);
    return deviceInfo(sector, person) ?? refuse(reply, 404, "no-such-person", "The person of this device is no longer in the list.");
  });
  server.post(paths.heartbeat, { schema: { body: Heartbeat, response: { 200: HeartbeatAnswer, ...refusals } } }, async (request, reply) => {
    const person = personOf(request, reply);
    if (person === undefined) return reply;
    const known = sector.picture.person(person);
    const { can, position, sentMs } = request.body;
    const nowUs = sector.clock.nowUs();
    if (known?.onShift === true) {
      reach.heard(person, actor(request).device ?? "", can);
      if (position !== undefined) {
        const { latDeg, lonDeg, errorM, measuredMs, facingDeg } = position;
        const before = known.position;
        const moved =
          before === undefined ||
          Math.abs(before.latDeg - latDeg) > MOVED_DEG ||
          Math.abs(before.lonDeg - lonDeg) > MOVED_DEG ||
          nowUs - before.timeUs > POSITION_EVERY_US;
        // The device's clock may be wrong: what counts is how long ago it was.
        const timeUs = Math.round(nowUs - Math.max(0, sentMs - measuredMs) * 1000);
        if (moved)
          sector.note("person-position", {
            personId: person,
            position: { latDeg, lonDeg },
            errorM,
            timeUs,
            source: "field",
            ...(facingDeg === undefined ? {} : { facingDeg }),
          });
      }
    }
    return { timeMs: nowUs / 1000, onShift: known?.onShift ?? false };
  });
  server.post(
    paths.deviceAnswers,
    { schema: { body: DeviceAnswer, response: { 200: z.object({ again: z.boolean() }), ...refusals } } },
    async (request, reply) => {
      const person = personOf(request, reply);
      if (person === undefined) return reply;
      const { id, warningId, answer } = request.body;
      const key = `${person} ${id}`;
      if (answered.has(key)) return { again: true };
      await sector.command("answer", { warningId, personId: person, answer, channel: "browser", address: fieldAccountId(person) });
      answered.add(key);
      for (const oldest of answered) {
        if (answered.size <= MAX_REMEMBERED) break;
        answered.delete(oldest);
      }
      return { again: false };
    },
  );

  server.get(paths.myReports, { schema: { response: { 200: z.array(MyReport), ...refusals } } }, async (request, reply) => {
    const person = personOf(request, reply);
    if (person === undefined) return reply;
    return [...sector.picture.reports()]
      .filter(({ told }) => told.personId === person)
      .slice(-MAX_OWN_REPORTS)
      .map((report) => myReportOf(report, have))
      .reverse();
  });
  server.get(paths.teamReports, { schema: { response: { 200: z.array(TeamReport), ...refusals } } }, async (request, reply) => {
    const person = personOf(request, reply);
    if (person === undefined) return reply;
    return [...sector.picture.reports()]
      .filter(({ leaders }) => leaders.some(({ personId }) => personId === person))
      .slice(-MAX_OWN_REPORTS)
      .map((report) => teamReportOf(report, sector.picture))
      .reverse();
  });
  server.get(paths.ownReliability, { schema: { response: { 200: OwnReliability, ...refusals } } }, async (request, reply) => {
    const person = personOf(request, reply);
    if (person === undefined) return reply;
    return sector.picture.reliabilityOf(person);
  });
}
