// What is asked of warnings and decided about them. Each decision is on disk before it is confirmed.
import {
  Acknowledgement,
  Calm,
  Clearing,
  HandOver,
  HelpClosing,
  KeyedAnswer,
  LevelDecision,
  Mute,
  NewMute,
  mayAct,
  NewReview,
  paths,
  Shelving,
  StandDown,
  StrayAnswer,
  Warning,
  WarningDetail,
} from "@atalaya/protocol";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { calmOf, muteOf } from "../outlets/present-calm.ts";
import { type ReachParts, reachedOnShift } from "../outlets/reachable.ts";
import { forViewer, strayOf, warningDetail, warningOf } from "../outlets/present-warning.ts";
import { handOver } from "../hand-over.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

const SHIFT_US = 12 * 3_600_000_000;
const MAY_NOT_SHELVE = {
  unknown: [404, "no-such-warning", "There is no such warning."],
  over: [409, "over", "This warning is over already."],
  "person-in-danger": [
    409,
    "person-in-danger",
    "A warning to a person in danger is not shelved. Give the all-clear with a reason, or stand it down.",
  ],
} as const;

export function addWarningRoutes(server: Server, { sector, stream, reach }: LoopParts & { readonly reach: ReachParts }): void {
  const unknown = (reply: FastifyReply): ReturnType<typeof refuse> => refuse(reply, 404, "no-such-warning", "There is no such warning.");
  const over = (reply: FastifyReply): ReturnType<typeof refuse> => refuse(reply, 409, "over", "This warning is over already.");

  server.get(paths.warnings, { schema: { response: { 200: z.array(Warning), ...refusals } } }, async (request) => {
    const whole = mayAct(actor(request).role, "officer");
    return Array.from(sector.picture.warnings(), (warning) => (whole ? warningOf(warning, sector.picture) : forViewer(warning)));
  });
  server.get("/api/v1/warnings/:id", { schema: { params: Id, response: { 200: WarningDetail, ...refusals } } }, async (request, reply) => {
    const warning = sector.picture.warning(request.params.id);
    return warning === undefined ? unknown(reply) : warningDetail(warning, sector.picture);
  });
  server.post(
    "/api/v1/warnings/:id/acknowledge",
    { schema: { params: Id, body: Acknowledgement, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      // An answer to a warning that a crash swallowed is kept all the same.
      await sector.command("acknowledge", { warningId: request.params.id, by: actor(request).name, note: request.body.note });
      return warning === undefined
        ? refuse(reply, 404, "no-such-warning", "This warning is not known here; your answer was kept.")
        : warningOf(warning, sector.picture);
    },
  );
  server.post(
    "/api/v1/warnings/:id/clear",
    { schema: { params: Id, body: Clearing, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      if (warning === undefined) return unknown(reply);
      await sector.command("clear", { warningId: warning.id, by: actor(request).name, reason: request.body.reason });
      return warningOf(warning, sector.picture);
    },
  );
  server.post(
    "/api/v1/warnings/:id/stand-down",
    { schema: { params: Id, body: StandDown, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      if (warning === undefined) return unknown(reply);
      if (warning.state === "cleared") return over(reply);
      const { what, name, reason } = request.body;
      await sector.command("stand-down", { warningId: warning.id, what, name, by: actor(request).name, reason });
      return warningOf(warning, sector.picture);
    },
  );
  server.post(
    "/api/v1/warnings/:id/answer",
    { schema: { params: Id, body: KeyedAnswer, response: { 200: z.object({ kept: z.literal(true) }), ...refusals } } },
    async (request, reply) => {
      const { personId, answer } = request.body;
      if (sector.picture.person(personId) === undefined) return refuse(reply, 404, "no-such-person", "There is no such person.");
      // Also to a warning that is not known here: an answer is never lost.
      await sector.command("answer", { warningId: request.params.id, personId, answer, keyedBy: actor(request).name });
      return { kept: true as const };
    },
  );
  server.post(
    "/api/v1/warnings/:id/decision",
    { schema: { params: Id, body: LevelDecision, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      if (warning === undefined) return unknown(reply);
      if (warning.state === "cleared") return over(reply);
      const { level, decision, reason } = request.body;
      await sector.command("decision", { warningId: warning.id, level, decision, by: actor(request).name, reason });
      return warningOf(warning, sector.picture);
    },
  );
  server.post(
    "/api/v1/warnings/:id/help-closed",
    { schema: { params: Id, body: HelpClosing, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      if (warning === undefined) return unknown(reply);
      const { personId, reason } = request.body;
      if (!warning.ladder.some((rung) => rung.personId === personId && rung.needsHelp))
        return refuse(reply, 409, "no-call-for-help", "This person has not asked for help here, or it was closed.");
      await sector.command("help-closed", { warningId: warning.id, personId, by: actor(request).name, reason });
      return warningOf(warning, sector.picture);
    },
  );
  server.post(
    "/api/v1/warnings/:id/escalate",
    { schema: { params: Id, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      if (warning === undefined) return unknown(reply);
      if (warning.state === "cleared") return over(reply);
      if (warning.ladder.every((rung) => sector.picture.nextStep(warning, rung) === undefined))
        return refuse(reply, 409, "nobody-waits", "Everybody has answered, or is on the call list already.");
      await sector.command("escalate", { warningId: warning.id, by: actor(request).name });
      return warningOf(warning, sector.picture);
    },
  );
  server.post(
    "/api/v1/warnings/:id/review",
    { schema: { params: Id, body: NewReview, response: { 200: WarningDetail, ...refusals } } },
    async (request, reply) => {
      const warning = sector.picture.warning(request.params.id);
      if (warning === undefined) return unknown(reply);
      if (warning.state !== "cleared")
        return refuse(reply, 409, "not-over", "This danger is not over: give the all-clear or stand it down first.");
      await sector.command("incident-review", { warningId: warning.id, ...request.body, by: actor(request).name });
      return warningDetail(warning, sector.picture);
    },
  );
  server.put(
    "/api/v1/warnings/:id/shelf",
    { schema: { params: Id, body: Shelving, response: { 200: Warning, ...refusals } } },
    async (request, reply) => {
      const why = sector.picture.mayShelve(request.params.id);
      if (why !== undefined) {
        const [status, code, message] = MAY_NOT_SHELVE[why];
        return refuse(reply, status, code, message);
      }
      const { forS, reason } = request.body;
      await sector.command("shelve", { warningId: request.params.id, forS, by: actor(request).name, reason });
      const warning = sector.picture.warning(request.params.id);
      return warning === undefined ? unknown(reply) : warningOf(warning, sector.picture);
    },
  );
  server.delete(
    "/api/v1/warnings/:id/shelf",
    { schema: { params: Id, response: { 204: z.null(), ...refusals } } },
    async (request, reply) => {
      if (sector.picture.warning(request.params.id)?.shelved === undefined)
        return refuse(reply, 409, "not-shelved", "This warning is not shelved.");
      await sector.command("unshelve", { warningId: request.params.id, by: actor(request).name });
      return reply.code(204).send(null);
    },
  );
  server.get(paths.strayAnswers, { schema: { response: { 200: z.array(StrayAnswer), ...refusals } } }, async () =>
    sector.picture.strayAnswers().map(strayOf),
  );

  server.get(paths.calm, { schema: { response: { 200: Calm, ...refusals } } }, async () => ({
    ...calmOf(sector, stream.officers),
    reach: reachedOnShift(reach),
  }));
  server.get(
    paths.handOver,
    { schema: { querystring: z.object({ sinceMs: z.coerce.number().optional() }), response: { 200: HandOver, ...refusals } } },
    async (request) => {
      const { timeUs } = sector.picture;
      const sinceUs = Math.round((request.query.sinceMs ?? 0) * 1000);
      return handOver(sector, request.query.sinceMs === undefined ? timeUs - SHIFT_US : sinceUs, stream.officers);
    },
  );
  server.get(paths.mutes, { schema: { response: { 200: z.array(Mute), ...refusals } } }, async () => sector.picture.mutes().map(muteOf));
  server.post(paths.mutes, { schema: { body: NewMute, response: { 200: Mute, ...refusals } } }, async (request, reply) => {
    const { source, forS, reason } = request.body;
    const [id = ""] = source.split("/");
    if (!sector.picture.sources().some(({ definition }) => definition.id === id))
      return refuse(reply, 404, "no-such-source", "There is no such source.");
    await sector.command("mute", { source, forS, by: actor(request).name, reason });
    const mute = sector.picture.mutes().find((known) => known.source === source);
    return mute === undefined ? refuse(reply, 409, "too-many", "There are too many mutes.") : muteOf(mute);
  });
  server.delete("/api/v1/mutes/:id", { schema: { params: Id, response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    if (!sector.picture.mutes().some(({ source }) => source === request.params.id))
      return refuse(reply, 404, "not-muted", "This source is not muted.");
    await sector.command("unmute", { source: request.params.id, by: actor(request).name });
    return reply.code(204).send(null);
  });
}
