// What every request must pass before a route sees it: the right host, the right origin, a session of sufficient role, and answers that a browser
// cannot be tricked with.
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CSRF_HEADER } from "@atalaya/protocol";
import type { Account, Identity } from "../identity/identity.ts";
import { mayAct, policy } from "../identity/policy.ts";

export const SESSION_COOKIE = "atalaya";

/** Nothing inline, nothing from elsewhere. MapLibre draws in a worker of ours and makes images from blobs. */
export const CONTENT_SECURITY_POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

declare module "fastify" {
  interface FastifyRequest {
    account?: Account;
    sourceId?: string;
  }
}

export interface GuardSettings {
  readonly identity: Identity;
  /** Host names (without port) under which the hub may be called. */
  readonly hosts: readonly string[];
  readonly secure: boolean;
}

export class Guard {
  readonly #settings: GuardSettings;

  constructor(settings: GuardSettings) {
    this.#settings = settings;
  }

  /** A page of another name that resolves to this machine must not talk to it (DNS rebinding). */
  hostAllowed(request: IncomingMessage): boolean {
    const host = request.headers.host;
    if (host === undefined) return false;
    const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
    return this.#settings.hosts.includes(name.toLowerCase());
  }

  /** The origin must be the host itself; programs that send none are not browsers. */
  originAllowed(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    if (origin === undefined) return true;
    return origin === `${this.#settings.secure ? "https" : "http"}://${host ?? ""}`;
  }

  /** The account of a request's session cookie. */
  accountOf(cookieHeader: string | undefined): Account | undefined {
    for (const part of (cookieHeader ?? "").split(";")) {
      const [name, value] = part.trim().split("=", 2);
      if (name === SESSION_COOKIE && value !== undefined && value.length < 200) return this.#settings.identity.session(value);
    }
    return undefined;
  }

  /** Puts the guard before every route of the server. */
  install(server: FastifyInstance): void {
    server.addHook("onRoute", (route) => {
      for (const method of [route.method].flat()) {
        if (method === "HEAD") continue;
        if (policy[`${method} ${route.url}`] === undefined) throw new Error(`${method} ${route.url} is not in the policy`);
      }
    });
    server.addHook("onRequest", async (request, reply) => this.#admit(request, reply));
    server.addHook("onSend", async (request, reply, payload) => {
      reply.header("content-security-policy", request.url.startsWith("/docs") ? DOCS_POLICY : CONTENT_SECURITY_POLICY);
      reply.header("x-content-type-options", "nosniff");
      reply.header("referrer-policy", "no-referrer");
      reply.header("cross-origin-opener-policy", "same-origin");
      reply.header("cross-origin-resource-policy", "same-origin");
      reply.header("permissions-policy", "camera=(), microphone=(), geolocation=()");
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
    const access = policy[`${method} ${url}`];
    if (access === undefined) return refuse(reply, 404, "no-such-route", "There is nothing at this address.");
    if (access === "source") {
      const [, key] = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? "") ?? [];
      const source = key === undefined ? undefined : this.#settings.identity.sourceOfKey(key);
      if (source === undefined) return refuse(reply, 401, "source-key", "Send the source's key: Authorization: Bearer KEY.");
      request.sourceId = source;
      return undefined;
    }
    if (method !== "GET") {
      if (!this.originAllowed(request.raw)) return refuse(reply, 403, "origin", "Requests of another site are not taken.");
      if (request.headers[CSRF_HEADER] === undefined) return refuse(reply, 403, "csrf", `Send the header ${CSRF_HEADER}: 1.`);
    }
    if (access === "public") return undefined;
    const account = this.accountOf(request.headers.cookie);
    if (account === undefined) return refuse(reply, 401, "no-session", "Sign in first.");
    if (!mayAct(account.role, access)) return refuse(reply, 403, "role", `This needs the role ${access}.`);
    request.account = account;
    return undefined;
  }
}

/** The API's own page sets styles inline; it shows no data and runs only our origin's scripts. */
const DOCS_POLICY: string = CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

export function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ code, message });
}
