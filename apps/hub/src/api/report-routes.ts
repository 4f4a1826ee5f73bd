// Reports: taken from devices and from officers, opened, decided, asked about; their media, in pieces; their ratings, with each look kept.
import type { PictureReport, SightingReport } from "@atalaya/picture";
import {
  Grading,
  IncidentChoice,
  LookAlikes,
  LookPurpose,
  MEDIA_CHUNK_BYTES,
  MediaState,
  MoreSeen,
  NewAnswer,
  NewGrade,
  NewMedia,
  NewOutcome,
  NewQuestion,
  NewReport,
  mayAct,
  paths,
  Report,
  ReportPreview,
  ReportQueue,
  ReportReceipt,
  TakeBack,
} from "@atalaya/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../identity/identity.ts";
import { defined } from "../outlets/defined.ts";
import { datedPosition, incidentOf, mediaState, reportOf } from "../outlets/present-report.ts";
import { explainReport, explainTrack } from "../reports/explain.ts";
import type { MediaStore } from "../reports/media-store.ts";
import { withoutLocation } from "../reports/strip.ts";
import { clockOffsetUs } from "./device-clock.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

export interface ReportParts extends LoopParts {
  readonly media: MediaStore;
}

/** Reports of one device or officer in a minute; beyond, that one waits. */
const REPORTS_PER_MINUTE = 30;
const MINUTE_MS = 60_000;
const MAX_SENDERS = 5000;
/** Reports in the queue's answer, the newest. */
const MAX_IN_QUEUE = 500;

/** How many reports each sender sent within the last minute. */
class Pace {
  readonly #sent = new Map<string, number[]>();

  /** Seconds that the sender has to wait; undefined: it may go on. */
  waitS(sender: string): number | undefined {
    const nowMs = performance.now();
    const lately = (this.#sent.get(sender) ?? []).filter((ms) => nowMs - ms < MINUTE_MS);
    this.#sent.delete(sender);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size < MAX_SENDERS) break;
      this.#sent.delete(oldest);
    }
    const [first] = lately;
    if (lately.length >= REPORTS_PER_MINUTE && first !== undefined) {
      this.#sent.set(sender, lately);
      return Math.ceil((MINUTE_MS - (nowMs - first)) / 1000);
    }
    this.#sent.set(sender, [...lately, nowMs]);
    return undefined;
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** What the journal keeps of it: times on the sector's clock, whose report it is by the session and not by what it says. */
function sightingOf(body: NewReport, account: Account, nowUs: number): SightingReport {
  const { id, how, sentMs, observedMs, firstSeenMs, lastSeenMs, caller, drill, ...seen } = body;
  const offsetUs = clockOffsetUs(sentMs, nowUs);
  const at = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.max(0, Math.round(ms * 1000 + offsetUs)));
  const isDevice = account.person !== undefined;
  const personId = isDevice ? account.person : caller?.personId;
  const named = !isDevice && caller !== undefined && (caller.name !== undefined || caller.callBack !== undefined);
  return withoutUndefined({
    ...seen,
    id,
    how: isDevice ? "field" : how === "field" ? "voice" : how,
    drill: drill ?? false,
    personId,
    caller: named ? { name: caller.name, callBack: caller.callBack } : undefined,
    keyedBy: isDevice ? undefined : account.name,
    clockOffsetUs: offsetUs,
    observedUs: at(observedMs) ?? nowUs,
    firstSeenUs: at(firstSeenMs),
    lastSeenUs: at(lastSeenMs),
  }) as SightingReport;
}

export function addReportRoutes(server: Server, { sector, media }: ReportParts): void {
  const pace = new Pace();
  const have = (known: Parameters<MediaStore["have"]>[0]): number => media.have(known);
  const present = (report: Readonly<PictureReport>): Report => reportOf(report, sector.picture, have);
  const isOfficer = (request: FastifyRequest): boolean => mayAct(actor(request).role, "officer");

  /** The report, if it is the session's own or an officer asks; else refuses as if there were none. */
  const ownOr = (request: FastifyRequest, reply: FastifyReply, id: string): Readonly<PictureReport> | undefined => {
    const report = sector.picture.report(id);
    const { person } = actor(request);
    if (report !== undefined && (isOfficer(request) || (person !== undefined && report.told.personId === person))) return report;
    void refuse(reply, 404, "no-such-report", "There is no such report.");
    return undefined;
  };
  const known = (reply: FastifyReply, id: string): Readonly<PictureReport> | undefined => {
    const report = sector.picture.report(id);
    if (report === undefined) void refuse(reply, 404, "no-such-report", "There is no such report.");
    return report;
  };
  const receipt = ({ told: { id }, reference, receivedUs }: Readonly<PictureReport>, again: boolean): ReportReceipt => ({
    id,
    reference,
    receivedMs: receivedUs / 1000,
    again,
  });

  server.post(paths.reports, { schema: { body: NewReport, response: { 200: ReportReceipt, ...refusals } } }, async (request, reply) => {
    const { body } = request;
    const account = actor(request);
    const before = sector.picture.report(body.id);
    if (before !== undefined) {
      const isSame = account.person === undefined ? before.told.keyedBy === account.name : before.told.personId === account.person;
      if (!isSame) return refuse(reply, 409, "id-taken", "Another report has this id.");
      // The first answer may have been lost on its way; what it promised must hold for this one too.
      await sector.journal.durable(before.seq);
      return receipt(before, true);
    }
    if (account.person === undefined && !isOfficer(request))
      return refuse(reply, 403, "role", "A report is taken from a device that has joined, or keyed by an officer.");
    const personId = body.caller?.personId;
    if (account.person === undefined && personId !== undefined && sector.picture.person(personId) === undefined)
      return refuse(reply, 404, "no-such-person", "There is no such person.");
    const waitS = pace.waitS(account.device ?? account.id);
    if (waitS !== undefined) {
      reply.header("retry-after", waitS);
      return refuse(
        reply,
        429,
        "slow-down",
        `More than ${REPORTS_PER_MINUTE} reports in a minute: what was sent is kept. Wait ${waitS} s.`,
      );
    }
    await sector.command("report", { report: sightingOf(body, account, sector.clock.nowUs()) });
    const report = sector.picture.report(body.id);
    return report === undefined
      ? refuse(reply, 503, "not-taken", "The report was written down but could not be taken in. Send it again.")
      : receipt(report, false);
  });

  server.post(
    "/api/v1/reports/:id/more",
    { schema: { params: Id, body: MoreSeen, response: { 200: ReportReceipt, ...refusals } } },
    async (request, reply) => {
      const report = ownOr(request, reply, request.params.id);
      if (report === undefined) return reply;
      const { id: moreId, sentMs, firstSeenMs, lastSeenMs, ...seen } = request.body;
      if (report.added.includes(moreId)) return receipt(report, true);
      const offsetUs = clockOffsetUs(sentMs, sector.clock.nowUs());
      const at = (ms: number | undefined): number | undefined =>
        ms === undefined ? undefined : Math.max(0, Math.round(ms * 1000 + offsetUs));
      const more = withoutUndefined({ ...seen, firstSeenUs: at(firstSeenMs), lastSeenUs: at(lastSeenMs) });
      await sector.command("report-more", { reportId: report.told.id, moreId, more, by: actor(request).name });
      return report.added.includes(moreId)
        ? receipt(report, false)
        : refuse(reply, 409, "too-much", "Something was added to this report twenty times already.");
    },
  );

  // While a call is typed: nothing of it is written down.
  server.post(
    paths.reportPreview,
    { config: { rateLimit: false }, schema: { body: NewReport, response: { 200: ReportPreview, ...refusals } } },
    async (request) => {
      const { picture } = sector;
      const told = sightingOf(request.body, actor(request), sector.clock.nowUs());
      const { report, same, tracks } = picture.previewReport(told);
      return {
        same: same.flatMap(({ incident, reportId, position }) => {
          const known = picture.report(reportId);
          const whole = picture.incident(incident);
          if (known === undefined || whole === undefined) return [];
          const { id, reference, reporter, observedMs, observer } = reportOf(known, picture, have);
          return defined({
            incident,
            report: defined({ id, reference, reporter: reporter.name, observedMs, place: observer.name }),
            members: whole.reports.length,
            position: datedPosition(position, [...whole.reports, told.id]),
          });
        }),
        tracks: tracks.flatMap((number) => {
          const id = picture.track(number)?.id;
          return id === undefined ? [] : { number, id };
        }),
        lookAlikes: explainReport(report, picture),
      };
    },
  );

  server.get(paths.reports, { schema: { response: { 200: ReportQueue, ...refusals } } }, async () => {
    const newest = [...sector.picture.reports()].slice(-MAX_IN_QUEUE).reverse();
    const incidents = new Set(newest.map(({ incident }) => incident));
    return {
      reports: newest.map(present),
      incidents: [...incidents].flatMap((id) => {
        const incident = sector.picture.incident(id);
        return incident === undefined ? [] : [incidentOf(incident, sector.picture)];
      }),
      unread: newest.filter(({ opened, takenBack }) => opened.centre === undefined && takenBack === undefined).length,
    };
  });
  server.get("/api/v1/reports/:id", { schema: { params: Id, response: { 200: Report, ...refusals } } }, async (request, reply) => {
    const report = known(reply, request.params.id);
    return report === undefined ? reply : present(report);
  });

  // Asked for when somebody looks: a report in a moment, never at a tick.
  server.get(
    "/api/v1/reports/:id/look-alikes",
    { schema: { params: Id, response: { 200: LookAlikes, ...refusals } } },
    async (request, reply) => {
      const report = known(reply, request.params.id);
      return report === undefined ? reply : explainReport(report, sector.picture);
    },
  );
  server.get(
    "/api/v1/tracks/:number/look-alikes",
    { schema: { params: z.object({ number: z.coerce.number().int().min(0) }), response: { 200: LookAlikes, ...refusals } } },
    async (request, reply) => {
      const track = sector.picture.track(request.params.number);
      return track === undefined ? refuse(reply, 404, "no-such-track", "This track has ended.") : explainTrack(track, sector.picture);
    },
  );

  const NOTHING = { 204: z.null(), ...refusals };
  const done = (reply: FastifyReply): FastifyReply => reply.code(204).send(null);

  server.post("/api/v1/reports/:id/opened", { schema: { params: Id, response: NOTHING } }, async (request, reply) => {
    const { person, name } = actor(request);
    const report = sector.picture.report(request.params.id);
    const leads = person !== undefined && report?.leaders.some(({ personId }) => personId === person) === true;
    if (report === undefined || (!leads && !isOfficer(request))) return refuse(reply, 404, "no-such-report", "There is no such report.");
    const side = leads ? "leadership" : "centre";
    if (report.opened[side] === undefined) await sector.command("report-opened", { reportId: report.told.id, side, by: name });
    return done(reply);
  });
  server.post("/api/v1/reports/:id/told", { schema: { params: Id, response: NOTHING } }, async (request, reply) => {
    const report = ownOr(request, reply, request.params.id);
    if (report === undefined) return reply;
    if (report.outcome === undefined) return refuse(reply, 409, "no-outcome", "Nothing has been decided yet.");
    if (report.toldOutcome === undefined) await sector.command("report-told", { reportId: report.told.id, by: actor(request).name });
    return done(reply);
  });
  server.post("/api/v1/reports/:id/taken-back", { schema: { params: Id, body: TakeBack, response: NOTHING } }, async (request, reply) => {
    const report = ownOr(request, reply, request.params.id);
    if (report === undefined) return reply;
    const { reason } = request.body;
    if (report.takenBack === undefined)
      await sector.command("report-taken-back", {
        reportId: report.told.id,
        by: actor(request).name,
        ...(reason === undefined ? {} : { reason }),
      });
    return done(reply);
  });
  server.post("/api/v1/reports/:id/outcome", { schema: { params: Id, body: NewOutcome, response: NOTHING } }, async (request, reply) => {
    const report = known(reply, request.params.id);
    if (report === undefined) return reply;
    const { outcome, note } = request.body;
    await sector.command("report-outcome", {
      reportId: report.told.id,
      outcome,
      by: actor(request).name,
      ...(note === undefined ? {} : { note }),
    });
    return done(reply);
  });
  server.post("/api/v1/reports/:id/questions", { schema: { params: Id, body: NewQuestion, response: NOTHING } }, async (request, reply) => {
    const report = known(reply, request.params.id);
    if (report === undefined) return reply;
    const { id: questionId, text } = request.body;
    if (!report.questions.some(({ id }) => id === questionId))
      await sector.command("report-question", { reportId: report.told.id, questionId, text, by: actor(request).name });
    return report.questions.some(({ id }) => id === questionId)
      ? done(reply)
      : refuse(reply, 409, "too-many-questions", "There are twenty questions to this report already.");
  });
  server.post("/api/v1/reports/:id/answers", { schema: { params: Id, body: NewAnswer, response: NOTHING } }, async (request, reply) => {
    const report = ownOr(request, reply, request.params.id);
    if (report === undefined) return reply;
    const { questionId, text } = request.body;
    const question = report.questions.find(({ id }) => id === questionId);
    if (question === undefined) return refuse(reply, 404, "no-such-question", "There is no such question.");
    if (question.answer === undefined)
      await sector.command("report-answer", { reportId: report.told.id, questionId, text, by: actor(request).name });
    return done(reply);
  });
  server.put(
    "/api/v1/reports/:id/incident",
    { schema: { params: Id, body: IncidentChoice, response: NOTHING } },
    async (request, reply) => {
      const report = known(reply, request.params.id);
      if (report === undefined) return reply;
      const { incident } = request.body;
      if (incident !== report.told.id && sector.picture.incident(incident) === undefined)
        return refuse(reply, 404, "no-such-incident", "There is no such incident.");
      // It may have been joined by itself.
      if (report.incident !== incident)
        await sector.command("report-incident", { reportId: report.told.id, incident, by: actor(request).name });
      return done(reply);
    },
  );

  // The two ratings: for who grades this report, one report at a time.
  const grading = (report: Readonly<PictureReport>): Grading => ({ ...sector.picture.gradingOf(report) });
  server.post(
    "/api/v1/reports/:id/grading",
    { schema: { params: Id, response: { 200: Grading, ...refusals } } },
    async (request, reply) => {
      const report = known(reply, request.params.id);
      if (report === undefined) return reply;
      await sector.command("grading-look", { reportId: report.told.id, by: actor(request).name });
      return grading(report);
    },
  );
  server.put(
    "/api/v1/reports/:id/grading",
    { schema: { params: Id, body: NewGrade, response: { 200: Grading, ...refusals } } },
    async (request, reply) => {
      const report = known(reply, request.params.id);
      if (report === undefined) return reply;
      await sector.command("report-grade", {
        reportId: report.told.id,
        credibility: request.body.credibility,
        by: actor(request).name,
      });
      return grading(report);
    },
  );

  // Media

  server.post(
    "/api/v1/reports/:id/media",
    { schema: { params: Id, body: NewMedia, response: { 200: MediaState, ...refusals } } },
    async (request, reply) => {
      const report = ownOr(request, reply, request.params.id);
      if (report === undefined) return reply;
      const { id, kind, type, bytes, sha256 } = request.body;
      const before = sector.picture.media(id);
      if (before !== undefined) {
        const isSame = before.reportId === report.told.id && before.sha256 === sha256 && before.bytes === bytes;
        return isSame ? mediaState(before, have) : refuse(reply, 409, "id-taken", "Another file has this id.");
      }
      await sector.command("media", { media: { id, reportId: report.told.id, kind, type, bytes, sha256 }, by: actor(request).name });
      const made = sector.picture.media(id);
      return made === undefined
        ? refuse(reply, 409, "too-many-media", "There are eight files to this report already.")
        : mediaState(made, have);
    },
  );
  server.get("/api/v1/media/:id", { schema: { params: Id, response: { 200: MediaState, ...refusals } } }, async (request, reply) => {
    const found = sector.picture.media(request.params.id);
    if (found === undefined) return refuse(reply, 404, "no-such-media", "There is no such file.");
    return ownOr(request, reply, found.reportId) === undefined ? reply : mediaState(found, have);
  });
  server.put(
    "/api/v1/media/:id",
    {
      bodyLimit: MEDIA_CHUNK_BYTES,
      schema: {
        params: Id,
        querystring: z.object({ offset: z.coerce.number().int().min(0) }),
        response: { 200: MediaState, ...refusals },
      },
    },
    async (request, reply) => {
      const found = sector.picture.media(request.params.id);
      if (found === undefined) return refuse(reply, 404, "no-such-media", "There is no such file.");
      if (ownOr(request, reply, found.reportId) === undefined) return reply;
      if (found.removed) return refuse(reply, 409, "removed", "This file was deleted.");
      if (!(request.body instanceof Buffer)) return refuse(reply, 400, "content-type", "Send Content-Type: application/octet-stream.");
      switch (await media.take(found, request.query.offset, request.body)) {
        case "offset":
          return refuse(reply, 409, "offset", `Go on at byte ${media.have(found)}.`);
        case "hash":
          return refuse(reply, 409, "hash", "What came is not the file that was announced. Begin again at byte 0.");
        case "full":
          return refuse(reply, 503, "media-full", "There is no room for files now; the report itself is kept. Send it later.");
        case "whole":
          if (!found.whole) await sector.command("media-whole", { mediaId: found.id });
          return mediaState(found, have);
        default:
          return mediaState(found, have);
      }
    },
  );
  server.post("/api/v1/media/:id/look", { schema: { params: Id, body: LookPurpose } }, async (request, reply) => {
    const found = sector.picture.media(request.params.id);
    if (found === undefined) return refuse(reply, 404, "no-such-media", "There is no such file.");
    if (!found.whole || found.removed) return refuse(reply, 409, "not-there", "This file is not there, or not whole yet.");
    // Written before anything is shown: a look that is not on record does not happen.
    await sector.command("media-look", { mediaId: found.id, by: actor(request).name, purpose: request.body.purpose });
    const original = await media.read(found);
    if (original === undefined) return refuse(reply, 409, "not-there", "This file is not there any more.");
    const copy = withoutLocation(found.type, original);
    if (copy === undefined)
      return refuse(
        reply,
        409,
        "cannot-clean",
        "This file may hold a place that cannot be taken out, so no copy is shown. The original is kept.",
      );
    return reply.type(found.type).header("content-disposition", "attachment").send(Buffer.from(copy));
  });
}
