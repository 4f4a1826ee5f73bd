// Bulletins: written piece by piece, approved, released, read aloud, confirmed on devices, and withdrawn.
import { currentVersion, owedBy, type PictureBulletin, type Reader, type RecordKind, type Records } from "@atalaya/picture";
import {
  ActionsEdit,
  Approval,
  Bulletin,
  BulletinDraft,
  BulletinEvent,
  BulletinPerson,
  BulletinSummary,
  CarryEdit,
  DeviceBulletin,
  KeyedConfirmation,
  Language,
  Muster,
  NewBulletin,
  OverdueBulletin,
  PartEdit,
  PartKey,
  paths,
  QuestionEdit,
  Release,
  type ReleaseBlock,
  SettingsEdit,
  USUAL_CONFIRMING,
  Withdrawal,
} from "@atalaya/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  bulletinOf,
  deviceBulletin,
  deviceBulletins,
  draftOf,
  isOverdue,
  overdueOf,
  readerOf,
  settingsFrom,
  summaryOf,
} from "../outlets/present-memo.ts";
import { clockOffsetUs } from "./device-clock.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

const DAY_US = 86_400e6;

/** What stands between a draft and its release, for the person who asked for it. */
const BLOCK_WORDS: Readonly<Record<ReleaseBlock["code"], string>> = {
  "part-missing": "A part is missing in one of the languages.",
  "not-approved": "A part has not been approved by somebody who reads it.",
  "no-audience": "It goes to nobody.",
  validity: "Its time is over, or ends before it begins.",
  "nothing-changed": "Nothing differs from the version that is out.",
  "claim-not-standing": "A claim that it rests on no longer stands.",
  "marking-broader": "Its marking is broader than that of a source of its claims.",
  "partner-not-releasable": "A partner is not among those whom its marking names.",
  "marking-audience": "Its marking does not allow this audience.",
  "second-person": "Somebody else has to release it: you wrote or approved some of it.",
  "too-many": "As many bulletins are in force as there is room for: withdraw one first.",
};

/** The person whom a session reads for: a device's, or the one of ours whose browser this is. */
export function readingFor({ sector }: LoopParts, request: FastifyRequest, reply: FastifyReply): string | undefined {
  const { person, id } = actor(request);
  const known = person ?? sector.picture.reachedBy("browser", id)[0];
  if (known === undefined || sector.picture.person(known) === undefined) {
    void refuse(reply, 403, "not-a-reader", "This is for a device that has joined for a person, or a person's own account.");
    return undefined;
  }
  return known;
}

export function addBulletinRoutes(server: Server, parts: LoopParts): void {
  const { sector } = parts;
  const all = (): readonly Readonly<PictureBulletin>[] => [...sector.picture.bulletins.bulletins.values()];
  const known = (reply: FastifyReply, id: string): Readonly<PictureBulletin> | undefined => {
    const bulletin = sector.picture.bulletins.bulletins.get(id);
    if (bulletin === undefined) void refuse(reply, 404, "no-such-bulletin", "There is no such bulletin.");
    return bulletin;
  };
  const whole = (bulletin: Readonly<PictureBulletin>, request: FastifyRequest): Bulletin =>
    bulletinOf(bulletin, sector.picture, actor(request));
  const people = (bulletin: Readonly<PictureBulletin>, readers: Iterable<Readonly<Reader>>): BulletinPerson[] =>
    Array.from(readers, (reader) => readerOf(bulletin, reader, sector.picture)).sort(
      (a, b) => Number(b.overdue) - Number(a.overdue) || a.name.localeCompare(b.name),
    );

  server.get(paths.bulletins, { schema: { response: { 200: z.array(BulletinSummary), ...refusals } } }, async () =>
    all().map(summaryOf).reverse(),
  );
  server.post(paths.bulletins, { schema: { body: NewBulletin, response: { 200: Bulletin, ...refusals } } }, async (request, reply) => {
    const { id } = request.body;
    const by = actor(request).name;
    const before = sector.picture.bulletins.bulletins.get(id);
    if (before !== undefined && before.by !== by) return refuse(reply, 409, "id-taken", "Another bulletin has this id.");
    if (before === undefined) {
      const nowUs = sector.clock.nowUs();
      await sector.command("bulletin", {
        bulletinId: id,
        settings: {
          audience: { sector: false, teams: [], roles: [], posts: [], people: [], partners: [] },
          level: "act-on-it",
          validFromUs: nowUs,
          validUntilUs: nowUs + 7 * DAY_US,
          handling: { tlp: "AMBER", releasableTo: [] },
          claims: [],
          confirming: USUAL_CONFIRMING,
          drill: false,
        },
        by,
      });
    } else await sector.journal.durable(sector.picture.seq);
    const made = sector.picture.bulletins.bulletins.get(id);
    return made === undefined
      ? refuse(reply, 409, "too-many-bulletins", "There are as many bulletins as there is room for, and none has ended.")
      : whole(made, request);
  });
  server.get("/api/v1/bulletins/:id", { schema: { params: Id, response: { 200: Bulletin, ...refusals } } }, async (request, reply) => {
    const bulletin = known(reply, request.params.id);
    return bulletin === undefined ? reply : whole(bulletin, request);
  });

  // Drafts

  server.post(
    "/api/v1/bulletins/:id/draft",
    { schema: { params: Id, response: { 200: Bulletin, ...refusals } } },
    async (request, reply) => {
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined) return reply;
      if (bulletin.draft === undefined) {
        if (bulletin.state !== "in-force" && bulletin.state !== "waiting")
          return refuse(reply, 409, "ended", "This bulletin has ended: begin a new one.");
        await sector.command("bulletin-draft", { bulletinId: bulletin.id, on: true, by: actor(request).name });
      }
      return whole(bulletin, request);
    },
  );
  server.delete(
    "/api/v1/bulletins/:id/draft",
    { schema: { params: Id, response: { 200: Bulletin, ...refusals } } },
    async (request, reply) => {
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined) return reply;
      if (bulletin.versions.length === 0)
        return refuse(reply, 409, "first-draft", "Nothing of this bulletin is out: its draft is all of it, and is kept.");
      if (bulletin.draft !== undefined)
        await sector.command("bulletin-draft", { bulletinId: bulletin.id, on: false, by: actor(request).name });
      return whole(bulletin, request);
    },
  );

  type Draft = NonNullable<PictureBulletin["draft"]>;
  /** The draft, if what is being changed is what stands there; `rev` absent: whatever stands there. */
  const editing = (
    reply: FastifyReply,
    id: string,
    rev: number | undefined,
    revOf: (draft: Readonly<Draft>) => number,
  ): Readonly<PictureBulletin> | undefined => {
    const bulletin = known(reply, id);
    if (bulletin === undefined) return undefined;
    if (bulletin.draft === undefined) {
      void refuse(reply, 409, "no-draft", "There is no draft: begin the next version first.");
      return undefined;
    }
    if (rev !== undefined && rev !== revOf(bulletin.draft)) {
      void refuse(reply, 409, "changed-meanwhile", "Somebody has changed this since you read it. Read it again.");
      return undefined;
    }
    return bulletin;
  };
  /** Writes an edit, and shows the draft as it then stands. */
  const edit = async <K extends RecordKind>(
    request: FastifyRequest,
    reply: FastifyReply,
    bulletin: Readonly<PictureBulletin>,
    kind: K,
    value: Records[K],
  ): Promise<BulletinDraft | FastifyReply> => {
    await sector.command(kind, value);
    return (
      draftOf(bulletin, sector.picture, actor(request)) ??
      refuse(reply, 409, "no-draft", "The draft has been released or dropped meanwhile.")
    );
  };
  const pieceRev =
    (key: string) =>
    ({ pieces }: Readonly<Draft>): number =>
      pieces[key]?.rev ?? 0;
  const DRAFT = { 200: BulletinDraft, ...refusals };

  server.put(
    "/api/v1/bulletins/:id/draft/parts/:key/:language",
    { schema: { params: Id.extend({ key: PartKey, language: Language }), body: PartEdit, response: DRAFT } },
    async (request, reply) => {
      const { id, key, language } = request.params;
      const { text, title, rev } = request.body;
      const bulletin = editing(reply, id, rev, pieceRev(key));
      if (bulletin === undefined) return reply;
      const value = { bulletinId: id, key, language, text, by: actor(request).name, ...(title === undefined ? {} : { title }) };
      return edit(request, reply, bulletin, "bulletin-part", value);
    },
  );
  server.put(
    "/api/v1/bulletins/:id/draft/actions",
    { schema: { params: Id, body: ActionsEdit, response: DRAFT } },
    async (request, reply) => {
      const bulletin = editing(reply, request.params.id, request.body.rev, pieceRev("actions"));
      if (bulletin === undefined) return reply;
      const value = { bulletinId: bulletin.id, actions: request.body.actions, by: actor(request).name };
      return edit(request, reply, bulletin, "bulletin-actions", value);
    },
  );
  server.put("/api/v1/bulletins/:id/draft/carry", { schema: { params: Id, body: CarryEdit, response: DRAFT } }, async (request, reply) => {
    const bulletin = editing(reply, request.params.id, request.body.rev, pieceRev("carry"));
    if (bulletin === undefined) return reply;
    const value = { bulletinId: bulletin.id, items: request.body.items, by: actor(request).name };
    return edit(request, reply, bulletin, "bulletin-carry", value);
  });
  server.put(
    "/api/v1/bulletins/:id/draft/question",
    { schema: { params: Id, body: QuestionEdit, response: DRAFT } },
    async (request, reply) => {
      const bulletin = editing(reply, request.params.id, request.body.rev, pieceRev("question"));
      if (bulletin === undefined) return reply;
      const value = { bulletinId: bulletin.id, question: request.body.question, by: actor(request).name };
      return edit(request, reply, bulletin, "bulletin-question", value);
    },
  );
  server.put(
    "/api/v1/bulletins/:id/draft/settings",
    { schema: { params: Id, body: SettingsEdit, response: DRAFT } },
    async (request, reply) => {
      const { settings, rev } = request.body;
      const bulletin = editing(reply, request.params.id, rev, ({ settingsRev }) => settingsRev);
      if (bulletin === undefined) return reply;
      const unknown = settings.claims.find((id) => !sector.picture.claims.claims.has(id));
      if (unknown !== undefined) return refuse(reply, 404, "no-such-claim", `There is no claim ${unknown}.`);
      const value = { bulletinId: bulletin.id, settings: settingsFrom(settings), by: actor(request).name };
      return edit(request, reply, bulletin, "bulletin-settings", value);
    },
  );
  server.post(
    "/api/v1/bulletins/:id/draft/approvals",
    { schema: { params: Id, body: Approval, response: DRAFT } },
    async (request, reply) => {
      const { piece, language, rev, approve } = request.body;
      const bulletin = editing(reply, request.params.id, rev, pieceRev(piece));
      if (bulletin === undefined) return reply;
      const isWritten = draftOf(bulletin, sector.picture, actor(request))?.pieces.some(({ key }) => key === piece) === true;
      if (!isWritten) return refuse(reply, 404, "no-such-piece", "There is nothing to read there.");
      const value = { bulletinId: bulletin.id, piece, language, rev, approve, by: actor(request).name };
      return edit(request, reply, bulletin, "bulletin-approval", value);
    },
  );
  server.post("/api/v1/bulletins/:id/draft/asked", { schema: { params: Id, response: DRAFT } }, async (request, reply) => {
    const bulletin = editing(reply, request.params.id, undefined, () => 0);
    if (bulletin === undefined) return reply;
    return edit(request, reply, bulletin, "bulletin-asked", { bulletinId: bulletin.id, by: actor(request).name });
  });
  server.post(
    "/api/v1/bulletins/:id/release",
    { schema: { params: Id, body: Release, response: { 200: Bulletin, ...refusals } } },
    async (request, reply) => {
      const { rev } = request.body;
      const bulletin = editing(reply, request.params.id, rev, (draft) => draft.rev);
      if (bulletin === undefined) return reply;
      const by = actor(request).name;
      const blocks = sector.picture.bulletins.blocksOf(bulletin, by, sector.clock.nowUs());
      const [first] = blocks;
      if (first !== undefined) {
        const words = [...new Set(blocks.map(({ code, what }) => `${BLOCK_WORDS[code]}${what === undefined ? "" : ` (${what})`}`))].join(
          " ",
        );
        return refuse(reply, 409, first.code, words.slice(0, 1000));
      }
      const before = bulletin.versions.length;
      await sector.command("bulletin-released", { bulletinId: bulletin.id, rev, by });
      return bulletin.draft === undefined || bulletin.versions.length > before
        ? whole(bulletin, request)
        : refuse(reply, 409, "changed-meanwhile", "Somebody has changed this since you read it. Read it again.");
    },
  );
  server.post(
    "/api/v1/bulletins/:id/withdrawn",
    { schema: { params: Id, body: Withdrawal, response: { 200: Bulletin, ...refusals } } },
    async (request, reply) => {
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined) return reply;
      if (bulletin.state === "draft") return refuse(reply, 409, "not-out", "Nothing of this bulletin is out.");
      if (bulletin.state === "in-force" || bulletin.state === "waiting")
        await sector.command("bulletin-withdrawn", { bulletinId: bulletin.id, by: actor(request).name, reason: request.body.reason });
      return whole(bulletin, request);
    },
  );

  // Readers

  server.get(
    "/api/v1/bulletins/:id/people",
    {
      schema: {
        params: Id,
        querystring: z.object({ overdue: z.enum(["true", "false"]).optional() }),
        response: { 200: z.array(BulletinPerson), ...refusals },
      },
    },
    async (request, reply) => {
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined) return reply;
      const onlyOverdue = request.query.overdue === "true";
      return people(
        bulletin,
        [...bulletin.readers.values()].filter((reader) => !onlyOverdue || isOverdue(bulletin, reader)),
      );
    },
  );
  server.get(paths.overdueBulletins, { schema: { response: { 200: z.array(OverdueBulletin), ...refusals } } }, async () =>
    all().flatMap((bulletin) => overdueOf(bulletin, sector.picture) ?? []),
  );
  const isOut = (reply: FastifyReply, bulletin: Readonly<PictureBulletin>, version: number): boolean => {
    const isThere = version <= (currentVersion(bulletin)?.version ?? 0);
    if (!isThere) void refuse(reply, 409, "not-out", "This version is not out.");
    return isThere;
  };
  server.post(
    "/api/v1/bulletins/:id/muster",
    { schema: { params: Id, body: Muster, response: { 200: z.array(BulletinPerson), ...refusals } } },
    async (request, reply) => {
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined || !isOut(reply, bulletin, request.body.version)) return reply;
      const { id: musterId, version, people: present, readMs, place } = request.body;
      if (bulletin.musters.includes(musterId)) await sector.journal.durable(sector.picture.seq);
      else
        await sector.command("bulletin-muster", {
          musterId,
          bulletinId: bulletin.id,
          version,
          people: present,
          atUs: readMs === undefined ? sector.clock.nowUs() : Math.round(readMs * 1000),
          ...(place === undefined ? {} : { place }),
          by: actor(request).name,
        });
      return people(bulletin, new Set(present.flatMap((id) => bulletin.readers.get(id) ?? [])));
    },
  );
  server.post(
    "/api/v1/bulletins/:id/keyed",
    { schema: { params: Id, body: KeyedConfirmation, response: { 200: BulletinPerson, ...refusals } } },
    async (request, reply) => {
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined || !isOut(reply, bulletin, request.body.version)) return reply;
      const { personId, version } = request.body;
      const reader = bulletin.readers.get(personId);
      if (reader === undefined) return refuse(reply, 404, "no-such-reader", "This bulletin does not concern them.");
      if (!reader.confirmations.some((confirmed) => confirmed.version === version))
        await sector.command("bulletin-event", {
          bulletinId: bulletin.id,
          personId,
          version,
          step: "confirmed",
          atUs: sector.clock.nowUs(),
          how: "keyed",
          language: reader.language,
          who: actor(request).name,
        });
      else await sector.journal.durable(sector.picture.seq);
      return readerOf(bulletin, reader, sector.picture);
    },
  );

  // Devices

  server.get(paths.deviceBulletins, { schema: { response: { 200: z.array(DeviceBulletin), ...refusals } } }, async (request, reply) => {
    const personId = readingFor(parts, request, reply);
    return personId === undefined ? reply : deviceBulletins(sector.picture, personId);
  });
  server.get(paths.deviceOverdue, { schema: { response: { 200: z.array(OverdueBulletin), ...refusals } } }, async (request, reply) => {
    const personId = readingFor(parts, request, reply);
    return personId === undefined ? reply : all().flatMap((bulletin) => overdueOf(bulletin, sector.picture, personId) ?? []);
  });
  /** Whether an event says something that is not known yet. */
  const isNews = (
    bulletin: Readonly<PictureBulletin>,
    reader: Readonly<Reader>,
    { step, version }: BulletinEvent,
    atUs: number,
  ): boolean => {
    if (step === "confirmed") return !reader.confirmations.some((confirmed) => confirmed.version === version);
    if (reader.ended !== undefined) return step === "delivered" && reader.ended.deliveredUs === undefined && atUs >= reader.ended.toldUs;
    if (version !== currentVersion(bulletin)?.version) return false;
    const isTold = reader.toldVersion === version;
    return step === "opened" ? !isTold || reader.openedUs === undefined : !isTold || reader.deliveredUs === undefined;
  };
  server.post(
    "/api/v1/device/bulletins/:id/events",
    { schema: { params: Id, body: BulletinEvent, response: { 200: DeviceBulletin, ...refusals } } },
    async (request, reply) => {
      const personId = readingFor(parts, request, reply);
      if (personId === undefined) return reply;
      const bulletin = known(reply, request.params.id);
      if (bulletin === undefined || !isOut(reply, bulletin, request.body.version)) return reply;
      const reader = bulletin.readers.get(personId);
      // Whom it does not concern does not learn that it is there.
      if (reader === undefined) return refuse(reply, 404, "no-such-bulletin", "There is no such bulletin.");
      const { step, version, atMs, sentMs, language, answer } = request.body;
      const nowUs = sector.clock.nowUs();
      const atUs = Math.max(0, Math.round(atMs * 1000 + clockOffsetUs(sentMs, nowUs)));
      const asksNow = version === currentVersion(bulletin)?.version && owedBy(bulletin, reader).includes("question");
      if (step === "confirmed" && asksNow && answer === undefined)
        return refuse(reply, 409, "question", "This bulletin asks a question: send the answer with the confirmation.");
      if (isNews(bulletin, reader, request.body, atUs))
        await sector.command("bulletin-event", {
          bulletinId: bulletin.id,
          personId,
          version,
          step,
          atUs,
          how: "app",
          language,
          ...(answer === undefined ? {} : { answer }),
        });
      // The first answer may have been lost on its way; what it promised must hold for this one too.
      else await sector.journal.durable(sector.picture.seq);
      return deviceBulletin(bulletin, reader, sector.picture) ?? refuse(reply, 404, "no-such-bulletin", "There is no such bulletin.");
    },
  );
}
