// Our people, their shifts, posts and places; drones that are ours or allowed; what a drill may reach; the rules.
import { type AuthorisedDrone as PictureDrone, decodeRecord, encodeRecord, type Picture } from "@atalaya/picture";
import {
  AuthorisedDrone,
  DangerRules,
  DrillReach,
  DrillScope,
  paths,
  Person,
  PersonDefinition,
  PersonPlace,
  PreviewAnswer,
  PreviewRequest,
  Shift,
  Staff,
} from "@atalaya/protocol";
import { z } from "zod";
import { fieldAccountId, type Identity } from "../identity/identity.ts";
import { defined } from "../outlets/defined.ts";
import { MAX_PREVIEW_ENTRIES, previewRules } from "../rules-preview.ts";
import { refuse } from "./guard.ts";
import { actor, Id, type LoopParts, refusals, type Server } from "./parts.ts";

export interface PeopleParts extends LoopParts {
  readonly identity: Identity;
}

const MAX_PREVIEW_MS = 7 * 86_400_000;

type PicturePerson = NonNullable<ReturnType<Picture["person"]>>;

function personOf({ definition, onShift, position }: PicturePerson, picture: Picture): Person {
  return defined({
    ...definition,
    ways: definition.ways.map((way) => ({ ...way })),
    onShift,
    posts: [...picture.postsOf(definition.id)],
    basis: picture.basisOf(definition.id) ?? "unknown",
    position:
      position === undefined
        ? undefined
        : {
            latDeg: position.latDeg,
            lonDeg: position.lonDeg,
            errorM: position.errorM,
            measuredMs: position.timeUs / 1000,
            source: position.source,
          },
  });
}

function droneOf({ fromUs, untilUs, area, ...drone }: PictureDrone): AuthorisedDrone {
  const copy: AuthorisedDrone["area"] =
    area.type === "circle"
      ? { type: "circle", centre: { ...area.centre }, radiusM: area.radiusM }
      : { type: "polygon", ring: area.ring.map((corner) => ({ ...corner })) };
  return { ...drone, area: copy, fromMs: fromUs / 1000, untilMs: untilUs / 1000 };
}

function rulesOf(picture: Picture): DangerRules {
  return structuredClone(picture.rules) as DangerRules;
}

export function addPeopleRoutes(server: Server, { sector, stream, identity }: PeopleParts): void {
  const known = (id: string): PicturePerson | undefined => sector.picture.person(id);

  server.get(paths.people, { schema: { response: { 200: z.array(Person), ...refusals } } }, async () =>
    Array.from(sector.picture.people(), (person) => personOf(person, sector.picture)),
  );
  server.put(
    "/api/v1/people/:id",
    { schema: { params: Id, body: PersonDefinition, response: { 200: Person, ...refusals } } },
    async (request, reply) => {
      if (request.body.id !== request.params.id) return refuse(reply, 400, "id", "The person's id and the address differ.");
      await sector.command("person", { person: request.body, by: actor(request).name });
      const person = known(request.params.id);
      return person === undefined ? refuse(reply, 409, "too-many-people", "There are too many people.") : personOf(person, sector.picture);
    },
  );
  server.delete("/api/v1/people/:id", { schema: { params: Id, response: { 204: z.null(), ...refusals } } }, async (request, reply) => {
    if (known(request.params.id) === undefined) return refuse(reply, 404, "no-such-person", "There is no such person.");
    await sector.command("person-removed", { id: request.params.id, by: actor(request).name });
    identity.removeDevices(request.params.id);
    stream.drop(fieldAccountId(request.params.id));
    return reply.code(204).send(null);
  });
  server.put(
    "/api/v1/people/:id/shift",
    { schema: { params: Id, body: Shift, response: { 200: Person, ...refusals } } },
    async (request, reply) => {
      const person = known(request.params.id);
      if (person === undefined) return refuse(reply, 404, "no-such-person", "There is no such person.");
      await sector.command("shift", { personId: request.params.id, on: request.body.on, by: actor(request).name });
      return personOf(person, sector.picture);
    },
  );
  server.put(
    "/api/v1/people/:id/place",
    { schema: { params: Id, body: PersonPlace, response: { 200: Person, ...refusals } } },
    async (request, reply) => {
      const person = known(request.params.id);
      if (person === undefined) return refuse(reply, 404, "no-such-person", "There is no such person.");
      if (!person.onShift) return refuse(reply, 409, "off-shift", "Where somebody is off shift is not our matter.");
      const { errorM, ...position } = request.body;
      const timeUs = sector.clock.nowUs();
      await sector.command("person-position", { personId: request.params.id, position, errorM, timeUs, source: "roster" });
      return personOf(person, sector.picture);
    },
  );
  server.get("/api/v1/zones/:id/staff", { schema: { params: Id, response: { 200: Staff, ...refusals } } }, async (request) => ({
    people: [...sector.picture.postStaff(request.params.id)],
  }));
  server.put(
    "/api/v1/zones/:id/staff",
    { schema: { params: Id, body: Staff, response: { 200: Staff, ...refusals } } },
    async (request, reply) => {
      const zone = sector.picture.zones().find(({ id }) => id === request.params.id);
      if (zone?.kind !== "post") return refuse(reply, 404, "no-such-post", "There is no such post.");
      const stranger = request.body.people.find((id) => known(id) === undefined);
      if (stranger !== undefined) return refuse(reply, 404, "no-such-person", `There is no such person: ${stranger}`);
      await sector.command("post-staff", { zoneId: zone.id, people: request.body.people, by: actor(request).name });
      return { people: [...sector.picture.postStaff(zone.id)] };
    },
  );

  server.get(paths.authorisedDrones, { schema: { response: { 200: z.array(AuthorisedDrone), ...refusals } } }, async () =>
    sector.picture.authorisedDrones().map(droneOf),
  );
  server.put(
    "/api/v1/authorised-drones/:id",
    { schema: { params: Id, body: AuthorisedDrone, response: { 200: AuthorisedDrone, ...refusals } } },
    async (request, reply) => {
      const { fromMs, untilMs, ...drone } = request.body;
      if (drone.id !== request.params.id) return refuse(reply, 400, "id", "The drone's id and the address differ.");
      if (untilMs <= fromMs) return refuse(reply, 400, "time", "The time ends before it begins.");
      await sector.command("authorised-drone", {
        drone: { ...drone, fromUs: Math.round(fromMs * 1000), untilUs: Math.round(untilMs * 1000) },
        by: actor(request).name,
      });
      const stored = sector.picture.authorisedDrones().find(({ id }) => id === drone.id);
      return stored === undefined ? refuse(reply, 409, "not-taken", "The area is none, or there are too many drones.") : droneOf(stored);
    },
  );
  server.delete(
    "/api/v1/authorised-drones/:id",
    { schema: { params: Id, response: { 204: z.null(), ...refusals } } },
    async (request, reply) => {
      if (!sector.picture.authorisedDrones().some(({ id }) => id === request.params.id))
        return refuse(reply, 404, "no-such-drone", "There is no such drone.");
      await sector.command("authorised-removed", { id: request.params.id, by: actor(request).name });
      return reply.code(204).send(null);
    },
  );

  const reach = (): DrillReach => {
    const scope = sector.picture.drillScope;
    return defined({
      channels: [...(scope?.channels ?? [])],
      people: [...(scope?.people ?? [])],
      pausedMs: scope?.pausedUs === undefined ? undefined : scope.pausedUs / 1000,
    });
  };
  server.get(paths.drillScope, { schema: { response: { 200: DrillReach, ...refusals } } }, async () => reach());
  server.put(paths.drillScope, { schema: { body: DrillScope, response: { 200: DrillReach, ...refusals } } }, async (request) => {
    await sector.command("drill", { ...request.body, by: actor(request).name });
    return reach();
  });

  server.get(paths.rules, { schema: { response: { 200: DangerRules, ...refusals } } }, async () => rulesOf(sector.picture));
  server.put(paths.rules, { schema: { body: DangerRules, response: { 200: DangerRules, ...refusals } } }, async (request, reply) => {
    const rules = request.body;
    const inForce = sector.picture.rules.version;
    if (!areRules(rules)) return refuse(reply, 400, "rules", "A warning must not come later than a caution, and steps go by time.");
    if (rules.version <= inForce)
      return refuse(reply, 409, "version", `Version ${inForce} is in force: give these rules a greater number.`);
    await sector.command("rules", { rules, by: actor(request).name });
    return rulesOf(sector.picture);
  });
  let trying = false;
  server.post(
    paths.rulesPreview,
    { schema: { body: PreviewRequest, response: { 200: PreviewAnswer, ...refusals } } },
    async (request, reply) => {
      const { rules, fromMs, untilMs } = request.body;
      if (!areRules(rules)) return refuse(reply, 400, "rules", "A warning must not come later than a caution, and steps go by time.");
      if (untilMs <= fromMs || untilMs - fromMs > MAX_PREVIEW_MS) return refuse(reply, 400, "time", "Name a time of at most seven days.");
      if (trying) return refuse(reply, 429, "wait", "Another set of rules is being tried: wait until that is done.");
      trying = true;
      try {
        const sets = { inForce: sector.picture.rules, proposed: rules };
        const answer = await previewRules(sector.journal, sets, Math.round(fromMs * 1000), Math.round(untilMs * 1000));
        return answer === "too-many"
          ? refuse(reply, 409, "too-many", `More than ${MAX_PREVIEW_ENTRIES} entries lie in that time: choose a shorter one.`)
          : answer;
      } finally {
        trying = false;
      }
    },
  );
}

/** What the picture asks of rules beyond the form. */
function areRules(rules: DangerRules): boolean {
  return decodeRecord("rules", encodeRecord("rules", { rules, by: "" })) !== undefined;
}
