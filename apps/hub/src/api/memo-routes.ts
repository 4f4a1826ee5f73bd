// The analysts' desk: source documents kept whole, the claims that are drawn from them, and what changed.
import { createHash } from "node:crypto";
import type { PictureClaim, PictureSource, RecordKind, Records } from "@atalaya/picture";
import {
  Claim,
  ClaimEdit,
  ClaimLink,
  ClaimSources,
  type ClaimText,
  ClaimVerdict,
  DOCUMENT_PIECE_BYTES,
  LookPurpose,
  MemoNews,
  MemoRules,
  MemoSource,
  NewCitations,
  NewClaim,
  NewCredibility,
  NewHandling,
  NewMemoSource,
  NewReliability,
  type OwnIncident,
  paths,
  SourceVerdict,
} from "@atalaya/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { defined } from "../outlets/defined.ts";
import { changeOf, claimOf, mayKnow, mayKnowClaim, mayLook, MemoIndex, sourceOf } from "../outlets/present-memo.ts";
import { fileOf } from "../reports/document-retention.ts";
import type { MediaStore } from "../reports/media-store.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

export interface MemoParts extends LoopParts {
  readonly documents: MediaStore;
}

/** A text of 200,000 letters, each escaped in the worst way. */
const MAX_SOURCE_BODY = 1_400_000;
const us = (ms: number): number => Math.round(ms * 1000);

/** Waits until all that has been said so far is on disk: what was answered before must hold for one that asks again. */
async function settled({ sector }: LoopParts): Promise<void> {
  await sector.journal.durable(sector.picture.seq);
}

export function addMemoRoutes(server: Server, parts: MemoParts): void {
  const { sector, documents } = parts;
  const have = (source: Readonly<PictureSource>): number => {
    const file = fileOf(source);
    return file === undefined ? 0 : documents.have(file);
  };
  const shownSource = (source: Readonly<PictureSource>, request: FastifyRequest): MemoSource =>
    sourceOf(source, new MemoIndex(sector.picture), have, actor(request));
  const shownClaim = (claim: Readonly<PictureClaim>): Claim => claimOf(claim, sector.picture, new MemoIndex(sector.picture));
  const knownSource = (reply: FastifyReply, id: string): Readonly<PictureSource> | undefined => {
    const found = sector.picture.claims.sources.get(id);
    const source = found !== undefined && mayKnow(actor(reply.request), found) ? found : undefined;
    if (source === undefined) void refuse(reply, 404, "no-such-source", "There is no such source.");
    return source;
  };
  const knownClaim = (reply: FastifyReply, id: string): Readonly<PictureClaim> | undefined => {
    const found = sector.picture.claims.claims.get(id);
    const claim = found !== undefined && mayKnowClaim(actor(reply.request), found, sector.picture) ? found : undefined;
    if (claim === undefined) void refuse(reply, 404, "no-such-claim", "There is no such claim.");
    return claim;
  };
  const areKnown = (reply: FastifyReply, ids: readonly string[]): boolean => {
    const missing = ids.find((id) => !sector.picture.claims.sources.has(id));
    if (missing !== undefined) void refuse(reply, 404, "no-such-source", `There is no source ${missing}.`);
    return missing === undefined;
  };
  const isKnownIncident = (reply: FastifyReply, incident: OwnIncident | undefined): boolean => {
    const { picture } = sector;
    const isThere =
      incident === undefined ||
      (incident.kind === "warning" ? picture.warning(incident.id) !== undefined : picture.incident(incident.id) !== undefined);
    if (!isThere) void refuse(reply, 404, "no-such-incident", "There is no such incident of our own.");
    return isThere;
  };

  // Sources

  server.get(paths.memoSources, { schema: { response: { 200: z.array(MemoSource), ...refusals } } }, async (request) => {
    const index = new MemoIndex(sector.picture);
    return [...sector.picture.claims.sources.values()]
      .filter((source) => mayKnow(actor(request), source))
      .map((source) => sourceOf(source, index, have, actor(request)))
      .reverse();
  });
  server.get("/api/v1/memo/sources/:id", { schema: { params: Id, response: { 200: MemoSource, ...refusals } } }, async (request, reply) => {
    const source = knownSource(reply, request.params.id);
    return source === undefined ? reply : shownSource(source, request);
  });
  server.post(
    paths.memoSources,
    { bodyLimit: MAX_SOURCE_BODY, schema: { body: NewMemoSource, response: { 200: MemoSource, ...refusals } } },
    async (request, reply) => {
      const { id, content, writtenMs, capturedMs, ...said } = request.body;
      const text = content.form === "text" ? Buffer.from(content.text, "utf8") : undefined;
      const sha256 =
        text !== undefined ? createHash("sha256").update(text).digest("hex") : content.form === "file" ? content.sha256 : undefined;
      const before = sector.picture.claims.sources.get(id);
      if (before !== undefined) {
        const isSame = before.document.form === content.form && before.document.sha256 === sha256 && before.document.title === said.title;
        if (!isSame) return refuse(reply, 409, "id-taken", "Another source has this id.");
        await settled(parts);
        return shownSource(before, request);
      }
      if (!areKnown(reply, said.cites)) return reply;
      if (content.form === "incident" && !isKnownIncident(reply, content.incident)) return reply;
      const bytes = text?.length ?? (content.form === "file" ? content.bytes : 0);
      const source: Records["memo-source"]["source"] = defined({
        ...said,
        id,
        writtenUs: writtenMs === undefined ? undefined : us(writtenMs),
        capturedUs: us(capturedMs),
        form: content.form,
        name: content.form === "file" ? content.name : undefined,
        type: content.form === "file" ? content.type : content.form === "text" ? "text/plain" : undefined,
        bytes,
        sha256,
        incident: content.form === "incident" ? content.incident : undefined,
      });
      if (text !== undefined) {
        // On disk before anything says that it is there.
        const file = { id, bytes, sha256: sha256 ?? "", whole: false, removed: false };
        await documents.remove(file);
        if ((await documents.take(file, 0, text)) !== "whole")
          return refuse(reply, 503, "documents-full", "There is no room for documents now: remove some, or make room on the disk.");
      }
      await sector.command("memo-source", { source, by: actor(request).name });
      const made = sector.picture.claims.sources.get(id);
      if (made === undefined) return refuse(reply, 409, "too-many-sources", "There are as many sources as there is room for.");
      if (text !== undefined) await sector.command("memo-source-whole", { sourceId: id });
      return shownSource(made, request);
    },
  );
  server.put(
    "/api/v1/memo/sources/:id/content",
    {
      bodyLimit: DOCUMENT_PIECE_BYTES,
      schema: {
        params: Id,
        querystring: z.object({ offset: z.coerce.number().int().min(0) }),
        response: { 200: MemoSource, ...refusals },
      },
    },
    async (request, reply) => {
      const source = knownSource(reply, request.params.id);
      if (source === undefined) return reply;
      const file = fileOf(source);
      if (file === undefined) return refuse(reply, 409, "no-content", "An incident of our own has no file: it stands in the journal.");
      if (source.removed) return refuse(reply, 409, "removed", "This document was deleted.");
      if (!(request.body instanceof Buffer)) return refuse(reply, 400, "content-type", "Send Content-Type: application/octet-stream.");
      switch (await documents.take(file, request.query.offset, request.body)) {
        case "offset":
          return refuse(reply, 409, "offset", `Go on at byte ${documents.have(file)}.`);
        case "hash":
          return refuse(reply, 409, "hash", "What came is not the file that was announced. Begin again at byte 0.");
        case "full":
          return refuse(
            reply,
            503,
            "documents-full",
            "There is no room for documents now; what is said of the source is kept. Send it later.",
          );
        case "whole":
          if (!source.whole) await sector.command("memo-source-whole", { sourceId: file.id });
          return shownSource(source, request);
        default:
          return shownSource(source, request);
      }
    },
  );
  server.post("/api/v1/memo/sources/:id/look", { schema: { params: Id, body: LookPurpose } }, async (request, reply) => {
    const source = knownSource(reply, request.params.id);
    if (source === undefined) return reply;
    if (!mayLook(actor(request), source))
      return refuse(reply, 403, "marking", `Its marking, TLP:${source.handling.tlp}, keeps this document from your role.`);
    const file = fileOf(source);
    if (file === undefined || !source.whole || source.removed)
      return refuse(reply, 409, "not-there", "This document is not there, or not whole yet.");
    // Written before anything is shown: a look that is not on record does not happen.
    await sector.command("memo-source-look", { sourceId: file.id, by: actor(request).name, purpose: request.body.purpose });
    const content = await documents.read(file);
    if (content === undefined) return refuse(reply, 409, "not-there", "This document is not there any more.");
    // Never opened in the hub's own name: a page that was saved may hold anything.
    return reply.type("application/octet-stream").header("content-disposition", "attachment").send(Buffer.from(content));
  });

  /** Writes a change of a source, and shows it as it then stands. */
  const change = async <K extends RecordKind>(
    request: FastifyRequest,
    source: Readonly<PictureSource>,
    kind: K,
    value: Records[K],
  ): Promise<MemoSource> => {
    await sector.command(kind, value);
    return shownSource(source, request);
  };
  server.put(
    "/api/v1/memo/sources/:id/reliability",
    { schema: { params: Id, body: NewReliability, response: { 200: MemoSource, ...refusals } } },
    async (request, reply) => {
      const source = knownSource(reply, request.params.id);
      if (source === undefined) return reply;
      const value = { sourceId: source.document.id, ...request.body, by: actor(request).name };
      return change(request, source, "memo-reliability", value);
    },
  );
  server.put(
    "/api/v1/memo/sources/:id/handling",
    { schema: { params: Id, body: NewHandling, response: { 200: MemoSource, ...refusals } } },
    async (request, reply) => {
      const source = knownSource(reply, request.params.id);
      if (source === undefined) return reply;
      return change(request, source, "memo-handling", { sourceId: source.document.id, ...request.body, by: actor(request).name });
    },
  );
  server.put(
    "/api/v1/memo/sources/:id/cites",
    { schema: { params: Id, body: NewCitations, response: { 200: MemoSource, ...refusals } } },
    async (request, reply) => {
      const source = knownSource(reply, request.params.id);
      if (source === undefined || !areKnown(reply, request.body.cites)) return reply;
      if (request.body.cites.includes(source.document.id)) return refuse(reply, 409, "cites-itself", "A source cannot cite itself.");
      return change(request, source, "memo-cites", { sourceId: source.document.id, ...request.body, by: actor(request).name });
    },
  );
  server.post(
    "/api/v1/memo/sources/:id/verdict",
    { schema: { params: Id, body: SourceVerdict, response: { 200: MemoSource, ...refusals } } },
    async (request, reply) => {
      const source = knownSource(reply, request.params.id);
      if (source === undefined) return reply;
      return change(request, source, "memo-source-verdict", { sourceId: source.document.id, ...request.body, by: actor(request).name });
    },
  );

  // Claims

  const saidOf = ({ text, who, what, where, when, sure, area }: ClaimText): ClaimText =>
    defined({ text, who, what, where, when, sure, area });

  server.get(paths.memoClaims, { schema: { response: { 200: z.array(Claim), ...refusals } } }, async (request) => {
    const index = new MemoIndex(sector.picture);
    return [...sector.picture.claims.claims.values()]
      .filter((claim) => mayKnowClaim(actor(request), claim, sector.picture))
      .map((claim) => claimOf(claim, sector.picture, index))
      .reverse();
  });
  server.get("/api/v1/memo/claims/:id", { schema: { params: Id, response: { 200: Claim, ...refusals } } }, async (request, reply) => {
    const claim = knownClaim(reply, request.params.id);
    return claim === undefined ? reply : shownClaim(claim);
  });
  server.post(paths.memoClaims, { schema: { body: NewClaim, response: { 200: Claim, ...refusals } } }, async (request, reply) => {
    const { id, sources, credibility, ...said } = request.body;
    const before = sector.picture.claims.claims.get(id);
    if (before !== undefined) {
      if (before.by !== actor(request).name) return refuse(reply, 409, "id-taken", "Another claim has this id.");
      await settled(parts);
      return shownClaim(before);
    }
    if (!areKnown(reply, sources)) return reply;
    await sector.command("claim", {
      claimId: id,
      said: saidOf(said),
      sources,
      ...(credibility === undefined ? {} : { credibility }),
      by: actor(request).name,
    });
    const made = sector.picture.claims.claims.get(id);
    return made === undefined ? refuse(reply, 409, "too-many-claims", "There are as many claims as there is room for.") : shownClaim(made);
  });

  const changeClaim = async <K extends RecordKind>(claim: Readonly<PictureClaim>, kind: K, value: Records[K]): Promise<Claim> => {
    await sector.command(kind, value);
    return shownClaim(claim);
  };
  server.put(
    "/api/v1/memo/claims/:id",
    { schema: { params: Id, body: ClaimEdit, response: { 200: Claim, ...refusals } } },
    async (request, reply) => {
      const claim = knownClaim(reply, request.params.id);
      if (claim === undefined) return reply;
      const { why, ...said } = request.body;
      const value = { claimId: claim.id, said: saidOf(said), by: actor(request).name, ...(why === undefined ? {} : { why }) };
      return changeClaim(claim, "claim-text", value);
    },
  );
  server.put(
    "/api/v1/memo/claims/:id/sources",
    { schema: { params: Id, body: ClaimSources, response: { 200: Claim, ...refusals } } },
    async (request, reply) => {
      const claim = knownClaim(reply, request.params.id);
      if (claim === undefined || !areKnown(reply, request.body.sources)) return reply;
      const { sources, why } = request.body;
      const value = { claimId: claim.id, sources, by: actor(request).name, ...(why === undefined ? {} : { why }) };
      return changeClaim(claim, "claim-sources", value);
    },
  );
  server.put(
    "/api/v1/memo/claims/:id/credibility",
    { schema: { params: Id, body: NewCredibility, response: { 200: Claim, ...refusals } } },
    async (request, reply) => {
      const claim = knownClaim(reply, request.params.id);
      if (claim === undefined) return reply;
      return changeClaim(claim, "claim-credibility", { claimId: claim.id, ...request.body, by: actor(request).name });
    },
  );
  const link = async (
    claim: Readonly<PictureClaim>,
    { kind, to }: ClaimLink,
    on: boolean,
    reply: FastifyReply,
    by: string,
  ): Promise<Claim | FastifyReply> => {
    const other = knownClaim(reply, to);
    if (other === undefined) return reply;
    const isLinked = claim.links.some((known) => known.kind === kind && known.to === to);
    if (isLinked === on) return shownClaim(claim);
    await sector.command("claim-link", { claimId: claim.id, kind, to, on, by });
    return claim.links.some((known) => known.kind === kind && known.to === to) === on
      ? shownClaim(claim)
      : refuse(reply, 409, "link", "A claim is not linked to itself, two do not supersede each other, and there are at most forty links.");
  };
  server.put(
    "/api/v1/memo/claims/:id/links",
    { schema: { params: Id, body: ClaimLink, response: { 200: Claim, ...refusals } } },
    async (request, reply) => {
      const claim = knownClaim(reply, request.params.id);
      return claim === undefined ? reply : link(claim, request.body, true, reply, actor(request).name);
    },
  );
  server.delete(
    "/api/v1/memo/claims/:id/links",
    { schema: { params: Id, querystring: ClaimLink, response: { 200: Claim, ...refusals } } },
    async (request, reply) => {
      const claim = knownClaim(reply, request.params.id);
      return claim === undefined ? reply : link(claim, request.query, false, reply, actor(request).name);
    },
  );
  server.post(
    "/api/v1/memo/claims/:id/verdict",
    { schema: { params: Id, body: ClaimVerdict, response: { 200: Claim, ...refusals } } },
    async (request, reply) => {
      const claim = knownClaim(reply, request.params.id);
      if (claim === undefined || !isKnownIncident(reply, request.body.incident)) return reply;
      const { verdict, incident, why } = request.body;
      const value = { claimId: claim.id, verdict, why, by: actor(request).name, ...(incident === undefined ? {} : { incident }) };
      return changeClaim(claim, "claim-verdict", value);
    },
  );

  server.get(paths.memoChanges, { schema: { response: { 200: z.array(MemoNews), ...refusals } } }, async (request) => {
    const { claims } = sector.picture;
    const isKnown = (about: "source" | "claim", id: string): boolean => {
      const source = about === "source" ? claims.sources.get(id) : undefined;
      const claim = about === "claim" ? claims.claims.get(id) : undefined;
      if (source !== undefined) return mayKnow(actor(request), source);
      return claim !== undefined && mayKnowClaim(actor(request), claim, sector.picture);
    };
    return [...claims.news]
      .reverse()
      .filter(({ about, id }) => isKnown(about, id))
      .map(({ about, id, label, change: made }) => ({ about, id, label, change: changeOf(made) }));
  });
  server.get(paths.memoRules, { schema: { response: { 200: MemoRules, ...refusals } } }, async () => ({ ...sector.picture.memoRules }));
  server.put(paths.memoRules, { schema: { body: MemoRules, response: { 200: MemoRules, ...refusals } } }, async (request) => {
    await sector.command("memo-rules", { rules: request.body, by: actor(request).name });
    return { ...sector.picture.memoRules };
  });
}
