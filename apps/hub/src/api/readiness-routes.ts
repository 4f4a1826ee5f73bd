// A shift that is ready: threat level, carry lists, outings, what each person carries, and what is kept about them.
import {
  CarryLists,
  DeviceKit,
  Kept,
  KitAnswers,
  NewRemedy,
  NewThreatLevel,
  NewTraining,
  OutingDefinition,
  paths,
  Readiness,
} from "@atalaya/protocol";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Identity } from "../identity/identity.ts";
import { defined } from "../outlets/defined.ts";
import { deviceKit, keptAbout, readinessOf } from "../outlets/present-readiness.ts";
import type { ReachParts } from "../outlets/reachable.ts";
import { readingFor } from "./bulletin-routes.ts";
import { clockOffsetUs } from "./device-clock.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

export interface ReadinessParts extends LoopParts {
  readonly identity: Identity;
  readonly reach: ReachParts;
}

/** Sixty lists in words of both languages. */
const MAX_LISTS_BODY = 900_000;
/** A little for the way between an answer and its arrival; and how old an answer may be that counts. */
const LATE_US = 5e6;
const OLD_US = 86_400e6;
const us = (ms: number): number => Math.round(ms * 1000);
const NOTHING = { 204: z.null(), ...refusals };

export function addReadinessRoutes(server: Server, parts: ReadinessParts): void {
  const { sector, reach, identity } = parts;
  const done = (reply: FastifyReply): FastifyReply => reply.code(204).send(null);
  const isPerson = (reply: FastifyReply, id: string): boolean => {
    const isThere = sector.picture.person(id) !== undefined;
    if (!isThere) void refuse(reply, 404, "no-such-person", "There is no such person.");
    return isThere;
  };

  server.get(paths.readiness, { schema: { response: { 200: Readiness, ...refusals } } }, async () => readinessOf(sector, reach));
  server.put(paths.threatLevel, { schema: { body: NewThreatLevel, response: NOTHING } }, async (request, reply) => {
    await sector.command("threat-level", { ...request.body, by: actor(request).name });
    return done(reply);
  });
  server.get(paths.carryLists, { schema: { response: { 200: CarryLists, ...refusals } } }, async () => ({
    lists: [...sector.picture.readiness.lists],
  }));
  server.put(
    paths.carryLists,
    { bodyLimit: MAX_LISTS_BODY, schema: { body: CarryLists, response: { 200: CarryLists, ...refusals } } },
    async (request) => {
      await sector.command("carry-lists", { lists: request.body.lists, by: actor(request).name });
      return { lists: [...sector.picture.readiness.lists] };
    },
  );
  server.put(
    "/api/v1/readiness/outings/:id",
    { schema: { params: Id, body: OutingDefinition, response: NOTHING } },
    async (request, reply) => {
      const { fromMs, untilMs, musterMs, ...outing } = request.body;
      if (outing.id !== request.params.id) return refuse(reply, 400, "id", "The outing's id and the address differ.");
      if (untilMs <= fromMs) return refuse(reply, 400, "times", "An outing ends after it has begun.");
      const unknown = outing.people.find((id) => sector.picture.person(id) === undefined);
      if (unknown !== undefined) return refuse(reply, 404, "no-such-person", `There is no person ${unknown}.`);
      await sector.command("outing", {
        outing: defined({
          ...outing,
          fromUs: us(fromMs),
          untilUs: us(untilMs),
          musterUs: musterMs === undefined ? undefined : us(musterMs),
        }),
        by: actor(request).name,
      });
      return sector.picture.readiness.outings().some(({ id }) => id === outing.id)
        ? done(reply)
        : refuse(reply, 409, "too-many-outings", "There are a hundred outings that are not over: remove one first.");
    },
  );
  server.delete("/api/v1/readiness/outings/:id", { schema: { params: Id, response: NOTHING } }, async (request, reply) => {
    if (sector.picture.readiness.outings().some(({ id }) => id === request.params.id))
      await sector.command("outing-removed", { id: request.params.id, by: actor(request).name });
    return done(reply);
  });
  server.post(
    "/api/v1/readiness/people/:id/remedies",
    { schema: { params: Id, body: NewRemedy, response: NOTHING } },
    async (request, reply) => {
      const { id: personId } = request.params;
      if (!isPerson(reply, personId)) return reply;
      const { id: remedyId, text, itemId } = request.body;
      await sector.command("remedy", { personId, remedyId, text, by: actor(request).name, ...(itemId === undefined ? {} : { itemId }) });
      return done(reply);
    },
  );
  server.put(
    "/api/v1/readiness/people/:id/training",
    { schema: { params: Id, body: NewTraining, response: NOTHING } },
    async (request, reply) => {
      const { id: personId } = request.params;
      if (!isPerson(reply, personId)) return reply;
      await sector.command("training", { personId, ...request.body, by: actor(request).name });
      return done(reply);
    },
  );

  // Devices

  server.get(paths.deviceKit, { schema: { response: { 200: DeviceKit, ...refusals } } }, async (request, reply) => {
    const personId = readingFor(parts, request, reply);
    return personId === undefined ? reply : deviceKit(sector, personId);
  });
  server.put(paths.deviceKit, { schema: { body: KitAnswers, response: { 200: DeviceKit, ...refusals } } }, async (request, reply) => {
    const personId = readingFor(parts, request, reply);
    if (personId === undefined) return reply;
    const { atMs, sentMs } = request.body;
    const answers = request.body.answers.map((answer) => defined(answer));
    const nowUs = sector.clock.nowUs();
    const kit = sector.picture.readiness.kitOf(personId);
    // All answers are sent each time. What was said before the newest, and comes after it, is no news; nor is what is of a shift long over.
    const atUs = atMs * 1000 + clockOffsetUs(sentMs, nowUs);
    if (atUs >= (kit?.answeredUs ?? 0) - LATE_US && nowUs - atUs < OLD_US) await sector.command("kit", { personId, answers });
    else await sector.journal.durable(sector.picture.seq);
    return deviceKit(sector, personId);
  });
  server.get(paths.deviceKept, { schema: { response: { 200: Kept, ...refusals } } }, async (request, reply) => {
    const personId = readingFor(parts, request, reply);
    return personId === undefined ? reply : keptAbout(sector, personId, identity.devices(personId));
  });
}
