// The HTTP server: plugins, limits, the guard, the routes, and WebSocket upgrades.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { mayAct, paths } from "@atalaya/protocol";
import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { TooManyAtOnce } from "../identity/passwords.ts";
import { JournalError } from "../journal/journal.ts";
import type { Metrics } from "../metrics.ts";
import { SectorError } from "../sector.ts";
import { serveConsole, serveField, serveRanges } from "./files.ts";
import { Guard, type GuardSettings, refuse } from "./guard.ts";
import { addRoutes, type RouteParts } from "./routes.ts";

export interface ServerSettings extends GuardSettings, RouteParts {
  readonly consoleFolder: string;
  readonly fieldFolder: string;
  readonly basemap: string;
  readonly userBasemap: string | undefined;
  readonly metrics: Metrics;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly logLevel: string;
  readonly logTo: { write(line: string): void } | undefined;
  readonly headersTimeoutMs: number;
}

/** Requests a minute from one address, beyond which it has to wait. */
const REQUESTS_PER_MINUTE = 1200;

export async function buildServer(settings: ServerSettings): Promise<FastifyInstance> {
  const { metrics, stream, tls } = settings;
  // Slow heads and bodies are cut off: looked for a few times within their limit.
  const connections = { maxHeaderSize: 16 * 1024, connectionsCheckingInterval: Math.ceil(settings.headersTimeoutMs / 3) };
  const server = fastify({
    ...(tls === undefined ? { http: connections } : { https: { ...connections, cert: tls.cert, key: tls.key } }),
    // Neither addresses with tokens nor bodies are logged; a request is its method, route and answer.
    logger: {
      level: settings.logLevel,
      base: null,
      ...(settings.logTo === undefined ? {} : { stream: settings.logTo }),
      serializers: {
        req: ({ method, routeOptions }: { method: string; routeOptions?: { url?: string } }) => ({ method, route: routeOptions?.url }),
      },
    },
    bodyLimit: 256 * 1024,
    connectionTimeout: 30_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 60_000,
    routerOptions: { maxParamLength: 300 },
    return503OnClosing: true,
    forceCloseConnections: true,
  } as object) as unknown as FastifyInstance;
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.addContentTypeParser(["application/x-ndjson", "application/jsonl", "text/plain"], { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  server.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    // What the journal or the sector cannot do now is said: the person's word was not confirmed.
    if (error instanceof SectorError || error instanceof JournalError) return refuse(reply, 503, error.code, error.message);
    if (error instanceof TooManyAtOnce) return refuse(reply, 429, "too-many-at-once", error.message);
    const status = error.statusCode ?? 500;
    if (status >= 500) server.log.error({ code: error.code, name: error.name, stack: error.stack }, "a request failed");
    const code = "code" in error && typeof error.code === "string" && status < 500 ? error.code : "internal";
    // What a schema found wrong is said; what went wrong inside is not.
    return refuse(reply, status, code, status < 500 ? error.message : "The hub could not do this. It is in its log.");
  });

  const guard = new Guard(settings);
  guard.install(server);
  await server.register(cookie);
  await server.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    // Each device on its own: two hundred phones may share one address, and one that floods must slow no other.
    keyGenerator: (request) => guard.sessionOf(request.headers.cookie)?.account.device ?? request.ip,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { after }) =>
      Object.assign(new Error(`Too many requests: wait ${after}.`), { statusCode: 429, code: "too-many-requests" }),
  });
  await server.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Atalaya hub", description: "Early warning of small drones", version: "1" } },
    transform: jsonSchemaTransform,
  });
  await server.register(swaggerUi, { routePrefix: paths.docs });
  server.get(paths.openapi, { schema: { hide: true } }, async () => server.swagger());
  server.get(paths.metrics, { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  addRoutes(server, settings);
  serveConsole(server, settings.consoleFolder);
  serveField(server, settings.fieldFolder, settings.fieldDoor.authorityDer);
  serveRanges(server, paths.basemap, settings.basemap);
  serveRanges(server, paths.userBasemap, settings.userBasemap);

  server.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const answer = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    socket.on("error", () => socket.destroy());
    if (request.url !== paths.stream) return answer("404 Not Found");
    if (!guard.hostAllowed(request)) return answer("421 Misdirected Request");
    // A browser always sends its origin with an upgrade; another site's is refused.
    if (!guard.originAllowed(request)) return answer("403 Forbidden");
    const session = guard.sessionOf(request.headers.cookie);
    if (session === undefined) return answer("401 Unauthorized");
    if (!mayAct(session.account.role, "field")) return answer("403 Forbidden");
    stream.accept(request, socket, head, session.account, session.token);
  });
  server.server.maxConnections = 4000;
  server.server.headersTimeout = settings.headersTimeoutMs;
  return server;
}
