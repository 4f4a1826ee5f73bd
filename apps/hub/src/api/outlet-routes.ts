// Outlets that people set up, how they stand and how they are tried; the feed of CAP alerts.
import { atomFeed } from "@atalaya/cap";
import { mayAct, NewOutlet, Outlet, OutletChange, OutletMade, OutletTest, OutletTested, paths } from "@atalaya/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { OutletSetup } from "../outlets/setup.ts";
import { refuse } from "./guard.ts";
import { actor, Id, refusals, type Server } from "./parts.ts";

/** Tries a minute from one address: each may be a message to a person. */
const TEST_LIMIT = { max: 10, timeWindow: 60_000 };
const FEED_ENTRIES = 100;

export function addOutletRoutes(server: Server, outlets: OutletSetup, secure: boolean): void {
  server.get(paths.outlets, { schema: { response: { 200: z.array(Outlet), ...refusals } } }, async () => outlets.list());
  server.get(paths.outletChanges, { schema: { response: { 200: z.array(OutletChange), ...refusals } } }, async () => outlets.changes());
  server.post(paths.outlets, { schema: { body: NewOutlet, response: { 200: OutletMade, ...refusals } } }, async (request, reply) => {
    const made = await outlets.add(request.body, actor(request).name);
    return "code" in made ? refuse(reply, made.status, made.code, made.message) : made;
  });
  server.delete("/api/v1/outlets/:id", { schema: { params: Id, response: { 204: z.null(), ...refusals } } }, async (request, reply) =>
    (await outlets.remove(request.params.id, actor(request).name))
      ? reply.code(204).send(null)
      : refuse(reply, 404, "no-such-outlet", "There is no such outlet."),
  );
  server.post(
    "/api/v1/outlets/:id/test",
    { config: { rateLimit: TEST_LIMIT }, schema: { params: Id, body: OutletTest, response: { 200: OutletTested, ...refusals } } },
    async (request, reply) => {
      const tested = await outlets.test(request.params.id, request.body, mayAct(actor(request).role, "owner"));
      return "code" in tested ? refuse(reply, tested.status, tested.code, tested.message) : tested;
    },
  );

  const hubUrl = ({ headers: { host } }: FastifyRequest): string => `${secure ? "https" : "http"}://${host ?? "localhost"}`;
  server.get(paths.cap, { schema: { hide: true } }, async (request, reply) => {
    const cap = outlets.cap();
    if (cap === undefined) return refuse(reply, 404, "no-feed", "No CAP outlet is set up here.");
    const alerts = cap.alerts().slice(0, FEED_ENTRIES);
    const tag = `tag:${cap.sender},2026:`;
    const feed = atomFeed({
      id: `${tag}cap`,
      title: cap.senderName,
      author: cap.senderName,
      selfHref: hubUrl(request) + paths.cap,
      // RFC 4287 §4.2.15 wants a time; a feed in which nothing stands yet has that of its beginning.
      updatedS: alerts[0]?.sentS ?? 0,
      entries: alerts.map(({ identifier, title, sentS }) => ({
        id: `${tag}${identifier}`,
        title,
        href: hubUrl(request) + paths.capAlert(identifier),
        updatedS: sentS,
      })),
    });
    return reply.type("application/atom+xml; charset=utf-8").send(feed);
  });
  server.get("/api/v1/cap/:id", { schema: { hide: true, params: Id } }, async (request, reply) => {
    const alert = outlets.cap()?.alert(request.params.id);
    return alert === undefined
      ? refuse(reply, 404, "no-such-alert", "There is no such alert.")
      : reply.type("application/cap+xml; charset=utf-8").send(alert.xml);
  });
}
