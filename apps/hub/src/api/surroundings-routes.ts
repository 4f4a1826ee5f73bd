// What officers supply of the sky and the ground: orbital elements, winds, landmarks.
import { type Landmark as PictureLandmark, MAX_ELEMENTS_CHARACTERS } from "@atalaya/picture";
import { Landmark, NewElements, NewWind, paths, Sky, SkyElements, Wind } from "@atalaya/protocol";
import { z } from "zod";
import { readSet, shownWinds } from "../reports/sky.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

/** JSON writes a line's end as two characters, and a name's letters as up to six. */
const ELEMENTS_BODY = MAX_ELEMENTS_CHARACTERS + 250_000;
/** A wind is entered for hours: a day from now is a forecast that nobody looks at again. */
const MAX_WIND_MS = 86_400_000;
const REFUSALS_NAMED = 3;

export function addSurroundingsRoutes(server: Server, { sector }: Pick<LoopParts, "sector">): void {
  const NOTHING = { 204: z.null(), ...refusals };
  const nowMs = (): number => sector.clock.nowUs() / 1000;

  server.get(paths.sky, { schema: { response: { 200: Sky, ...refusals } } }, async () => ({
    elements: sector.picture.surroundings.elements.map((set) => readSet(set, nowMs())),
    winds: shownWinds(sector.picture),
  }));

  server.put(
    "/api/v1/sky/elements/:id",
    { bodyLimit: ELEMENTS_BODY, schema: { params: Id, body: NewElements, response: { 200: SkyElements, ...refusals } } },
    async (request, reply) => {
      const { id } = request.params;
      const by = actor(request).name;
      const { name, text } = request.body;
      const { satellites, unread } = readSet({ id, name, text, by, timeUs: sector.clock.nowUs() }, nowMs());
      if (satellites === 0) {
        const why = unread.slice(0, REFUSALS_NAMED).map(({ at, why: flaw }) => `${at}: ${flaw}`);
        return refuse(reply, 400, "no-elements", ["No elements could be read.", ...why].join("\n"));
      }
      if (!sector.picture.surroundings.hasRoomFor(id, text.length))
        return refuse(reply, 409, "too-many-elements", "There is no room for more elements: remove a set that is too old.");
      await sector.command("elements", { id, name, text, by });
      const set = sector.picture.surroundings.elements.find((known) => known.id === id);
      return set === undefined ? refuse(reply, 409, "not-taken", "The elements could not be taken.") : readSet(set, nowMs());
    },
  );
  server.delete("/api/v1/sky/elements/:id", { schema: { params: Id, response: NOTHING } }, async (request, reply) => {
    if (!sector.picture.surroundings.elements.some(({ id }) => id === request.params.id))
      return refuse(reply, 404, "no-such-elements", "There are no such elements.");
    await sector.command("elements-removed", { id: request.params.id, by: actor(request).name });
    return reply.code(204).send(null);
  });

  server.put(
    "/api/v1/sky/winds/:id",
    { schema: { params: Id, body: NewWind, response: { 200: Wind, ...refusals } } },
    async (request, reply) => {
      const { id } = request.params;
      const { fromMs, untilMs, ...wind } = request.body;
      if (untilMs <= fromMs || untilMs - fromMs > MAX_WIND_MS)
        return refuse(reply, 400, "time", "A wind ends after it begins, and within a day.");
      await sector.command("wind", {
        wind: { ...wind, id, fromUs: Math.round(fromMs * 1000), untilUs: Math.round(untilMs * 1000) },
        by: actor(request).name,
      });
      const kept = shownWinds(sector.picture).find((known) => known.id === id);
      // Of too many the one that ends first goes: that may be the new one.
      return kept ?? refuse(reply, 409, "not-taken", "This wind has ended sooner than all that are kept.");
    },
  );
  server.delete("/api/v1/sky/winds/:id", { schema: { params: Id, response: NOTHING } }, async (request, reply) => {
    if (!sector.picture.surroundings.winds.some(({ id }) => id === request.params.id))
      return refuse(reply, 404, "no-such-wind", "There is no such wind.");
    await sector.command("wind-removed", { id: request.params.id, by: actor(request).name });
    return reply.code(204).send(null);
  });

  const landmark = (id: string): PictureLandmark | undefined => sector.picture.surroundings.landmarks.find((known) => known.id === id);
  server.get(paths.landmarks, { schema: { response: { 200: z.array(Landmark), ...refusals } } }, async () =>
    sector.picture.surroundings.landmarks.map((known) => ({ ...known })),
  );
  server.put(
    "/api/v1/landmarks/:id",
    { schema: { params: Id, body: Landmark, response: { 200: Landmark, ...refusals } } },
    async (request, reply) => {
      const { body } = request;
      if (body.id !== request.params.id) return refuse(reply, 400, "id", "The landmark's id and the address differ.");
      await sector.command("landmark", { landmark: body, by: actor(request).name });
      const kept = landmark(body.id);
      return kept === undefined ? refuse(reply, 409, "too-many-landmarks", "There are too many landmarks.") : { ...kept };
    },
  );
  server.delete("/api/v1/landmarks/:id", { schema: { params: Id, response: NOTHING } }, async (request, reply) => {
    if (landmark(request.params.id) === undefined) return refuse(reply, 404, "no-such-landmark", "There is no such landmark.");
    await sector.command("landmark-removed", { id: request.params.id, by: actor(request).name });
    return reply.code(204).send(null);
  });
}
