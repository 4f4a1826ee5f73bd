// What every request must pass before a route sees it: the right host, the right origin, a session of sufficient role, and answers that a browser
// cannot be tricked with.
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CSRF_HEADER, FIELD_PATH, mayAct, paths } from "@atalaya/protocol";
import type { Account, Identity } from "../identity/identity.ts";
import { accessTo } from "../identity/policy.ts";

const BEARER = /^Bearer (\S{20,200})$/;
export const SESSION_COOKIE = "atalaya";

/** Nothing inline, nothing from elsewhere. The map draws in a worker of ours and makes images from blobs. */
const CONTENT_SECURITY_POLICY: readonly string[] = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** Older browsers do not count the hub's own WebSocket among 'self': it is named. */
function contentSecurityPolicy(secure: boolean, host: string): string {
  return [...CONTENT_SECURITY_POLICY, `connect-src 'self' ${secure ? "wss" : "ws"}://${host}`].join("; ");
}

declare module "fastify" {
  interface FastifyRequest {
    account?: Account;
    sourceId?: string;
  }
  interface FastifyInstance {
    /** Every route of the server, as "METHOD /path/:parameter". */
    servedRoutes: string[];
  }
}

export interface GuardSettings {
  readonly identity: Identity;
  /** Host names (without port) under which the hub may be called. */
  readonly hosts: readonly string[];
  readonly secure: boolean;
  /** Whether this is the key with which a collector reads the metrics. */
  readonly isMetricsKey: (key: string) => boolean;
  /** Whether this is a key with which a system reads the feed of alerts. */
  readonly isFeedKey: (key: string) => boolean;
}

export class Guard {
  readonly #settings: GuardSettings;

  constructor(settings: GuardSettings) {
    this.#settings = settings;
  }

  /** A page of another name that resolves to this machine must not talk to it (DNS rebinding). */
  hostAllowed(request: IncomingMessage): boolean {
    const host = request.headers.host;
    if (host === undefined || !/^[\w.-]+(:\d{1,5})?$|^\[[\da-fA-F:.]+\](:\d{1,5})?$/.test(host)) return false;
    const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
    return this.#settings.hosts.includes(name.toLowerCase());
  }

  /** The origin must be the host itself; programs that send none are not browsers. */
  originAllowed(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none") return false;
    if (origin === undefined) return true;
    return origin === `${this.#settings.secure ? "https" : "http"}://${host ?? ""}`;
  }

  /** The session of a request's cookie. */
  sessionOf(cookieHeader: string | undefined): { readonly account: Account; readonly token: string } | undefined {
    for (const part of (cookieHeader ?? "").split(";")) {
      const [name, token] = part.trim().split("=", 2);
      if (name !== SESSION_COOKIE || token === undefined || token.length >= 200) continue;
      const account = this.#settings.identity.session(token);
      return account === undefined ? undefined : { account, token };
    }
    return undefined;
  }

  /** Puts the guard before every route of the server. */
  install(server: FastifyInstance): void {
    server.decorate("servedRoutes", []);
    server.addHook("onRoute", (route) => {
      for (const method of [route.method].flat()) {
        if (method === "HEAD") continue;
        server.servedRoutes.push(`${method} ${route.url}`);
        if (accessTo(method, route.url) === undefined) throw new Error(`${method} ${route.url} is not in the policy`);
      }
    });
    server.addHook("onRequest", async (request, reply) => this.#admit(request, reply));
    server.addHook("onSend", async (request, reply, payload) => {
      const host = this.hostAllowed(request.raw) ? (request.headers.host ?? "") : "localhost";
      reply.header("content-security-policy", contentSecurityPolicy(this.#settings.secure, host));
      reply.header("x-content-type-options", "nosniff");
      reply.header("referrer-policy", "no-referrer");
      reply.header("cross-origin-opener-policy", "same-origin");
      reply.header("cross-origin-resource-policy", "same-origin");
      // Only the field app may ask for position, microphone and camera.
      const sensors = request.url.startsWith(`${FIELD_PATH}/`) ? "self" : "";
      reply.header("permissions-policy", `camera=(${sensors}), microphone=(${sensors}), geolocation=(${sensors})`);
      if (this.#settings.secure) reply.header("strict-transport-security", "max-age=31536000");
      if (request.url.startsWith("/api/") || request.url.startsWith("/metrics")) reply.header("cache-control", "no-store");
      return payload;
    });
  }

  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (!this.hostAllowed(request.raw)) return refuse(reply, 421, "host", "This hub is not known under that name.");
    const { url } = request.routeOptions;
    if (url === undefined) return refuse(reply, 404, "no-such-route", "There is nothing at this address.");
    const method = request.method === "HEAD" ? "GET" : request.method;
    const access = accessTo(method, url);
    if (access === undefined) return refuse(reply, 404, "no-such-route", "There is nothing at this address.");
    if (access === "source") {
      const [, key] = BEARER.exec(request.headers.authorization ?? "") ?? [];
      const source = key === undefined ? undefined : this.#settings.identity.sourceOfKey(key);
      if (source === undefined) return refuse(reply, 401, "source-key", "Send the source's key: Authorization: Bearer KEY.");
      request.sourceId = source;
      return undefined;
    }
    if (access === "local") {
      const [, token] = BEARER.exec(request.headers.authorization ?? "") ?? [];
      if (token === undefined || !this.#settings.identity.useLocalToken(token))
        return refuse(reply, 401, "local-token", "This is asked for by a command on the hub's own machine.");
      return undefined;
    }
    if (url === paths.metrics) {
      const [, key] = BEARER.exec(request.headers.authorization ?? "") ?? [];
      if (key !== undefined && this.#settings.isMetricsKey(key)) return undefined;
    }
    if (method === "GET" && (url === paths.cap || url === `${paths.cap}/:id`)) {
      const key = feedKeyOf(request.headers.authorization);
      if (key !== undefined && this.#settings.isFeedKey(key)) return undefined;
    }
    if (method !== "GET") {
      if (!this.originAllowed(request.raw)) return refuse(reply, 403, "origin", "Requests of another site are not taken.");
      if (request.headers[CSRF_HEADER] !== "1") return refuse(reply, 403, "csrf", `Send the header ${CSRF_HEADER}: 1.`);
    }
    if (access === "public") return undefined;
    const account = this.sessionOf(request.headers.cookie)?.account;
    if (account === undefined) return refuse(reply, 401, "no-session", "Sign in first.");
    if (!mayAct(account.role, access))
      return refuse(reply, 403, "role", `This needs the role ${access === "staff" ? "officer or analyst" : access}.`);
    request.account = account;
    return undefined;
  }
}

/** Readers of feeds know passwords, not tokens: the key may be the password of any name (RFC 7617). */
function feedKeyOf(header: string | undefined): string | undefined {
  const [, bearer] = BEARER.exec(header ?? "") ?? [];
  if (bearer !== undefined) return bearer;
  const [, basic] = /^Basic ([A-Za-z0-9+/=]{1,400})$/.exec(header ?? "") ?? [];
  if (basic === undefined) return undefined;
  const said = Buffer.from(basic, "base64").toString("utf8");
  return said.includes(":") ? said.slice(said.indexOf(":") + 1) : undefined;
}

export function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ code, message });
}
