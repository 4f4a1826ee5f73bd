// Files that the hub serves: the built console and field app, and maps by byte range as PMTiles readers ask for them (RFC 9110 §14).
import { createReadStream, existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { FIELD_AUTHORITY_PATH, FIELD_PATH, SETUP_PATH } from "@atalaya/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import { refuse } from "./guard.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

const NOT_BUILT = "<!doctype html><title>Atalaya</title><p>The console is not built. Run: npm run build</p>";

/** Serves the console's shell at every address that is none of its files, and its files. Only files that are there when a request comes are read. */
export function serveConsole(server: FastifyInstance, folder: string): void {
  const shell = async (reply: FastifyReply): Promise<FastifyReply> => {
    const page = await readFile(join(folder, "index.html")).catch(() => undefined);
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .code(page === undefined ? 503 : 200)
      .send(page ?? NOT_BUILT);
  };
  server.get("/", { schema: { hide: true } }, (_request, reply) => shell(reply));
  server.get(SETUP_PATH, { schema: { hide: true } }, (_request, reply) => shell(reply));
  server.get<{ Params: { "*": string } }>("/*", { schema: { hide: true } }, async (request, reply) => {
    const asked = request.params["*"];
    const file = normalize(join(folder, asked));
    const type = TYPES[extname(file)];
    // An address without a file's ending is one of the console's own views.
    if (type === undefined && extname(asked) === "" && !asked.startsWith("api/") && (request.headers.accept ?? "").includes("text/html"))
      return shell(reply);
    if (!file.startsWith(folder + sep) || type === undefined) return refuse(reply, 404, "no-such-file", "There is no such file.");
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined) return refuse(reply, 404, "no-such-file", "There is no such file.");
    // The names of built assets hold a hash of their content.
    const cached = asked.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    return reply.type(type).header("cache-control", cached).send(bytes);
  });
}

/** Serves the field app below its own address: its service worker may speak for nothing else. */
export function serveField(server: FastifyInstance, folder: string, authorityDer: () => Promise<Buffer | undefined>): void {
  // Both systems offer to install what comes under this type.
  server.get(FIELD_AUTHORITY_PATH, { schema: { hide: true } }, async (_request, reply) => {
    const der = await authorityDer();
    return der === undefined
      ? refuse(reply, 404, "no-authority", "This hub's certificate is not of an authority of its own.")
      : reply.type("application/x-x509-ca-cert").header("content-disposition", 'attachment; filename="atalaya-ca.crt"').send(der);
  });
  // The code of a link stands behind the #, which a browser carries along.
  server.get(FIELD_PATH, { schema: { hide: true } }, (_request, reply) => reply.redirect(`${FIELD_PATH}/`, 308));
  server.get<{ Params: { "*": string } }>(`${FIELD_PATH}/*`, { schema: { hide: true } }, async (request, reply) => {
    const asked = request.params["*"] === "" ? "index.html" : request.params["*"];
    const file = normalize(join(folder, asked));
    const type = TYPES[extname(file)];
    if (!file.startsWith(folder + sep) || type === undefined) return refuse(reply, 404, "no-such-file", "There is no such file.");
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined && asked === "index.html") return reply.code(503).type("text/html; charset=utf-8").send(NOT_BUILT);
    if (bytes === undefined) return refuse(reply, 404, "no-such-file", "There is no such file.");
    const cached = asked.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    return reply.type(type).header("cache-control", cached).send(bytes);
  });
}

/** First and last byte that a Range header asks for; undefined: it asks for nothing that is understood, and the whole file is sent. */
function rangeOf(header: string | undefined, size: number): { readonly first: number; readonly last: number } | undefined {
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  if (asked === null) return undefined;
  const [, from = "", to = ""] = asked;
  if (from === "") return to === "" ? undefined : { first: Math.max(0, size - Number(to)), last: size - 1 };
  return { first: Number(from), last: Math.min(size - 1, to === "" ? size - 1 : Number(to)) };
}

/** Serves one file by ranges; 404 while it does not exist. */
export function serveRanges(server: FastifyInstance, path: string, file: string | undefined): void {
  server.get(path, { schema: { hide: true } }, async (request, reply) => {
    if (file === undefined || !existsSync(file)) return refuse(reply, 404, "no-map", "There is no such map here.");
    const { size, mtimeMs } = statSync(file);
    const etag = `"${size}-${Math.round(mtimeMs)}"`;
    reply
      .header("accept-ranges", "bytes")
      .header("etag", etag)
      .header("cache-control", "private, no-cache")
      .type("application/octet-stream");
    if (request.headers["if-none-match"] === etag) return reply.code(304).send();
    const sameFile = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
    const range = sameFile ? rangeOf(request.headers.range, size) : undefined;
    if (range === undefined) return reply.header("content-length", size).send(createReadStream(file));
    const { first, last } = range;
    if (first >= size || last < first) return reply.code(416).header("content-range", `bytes */${size}`).send();
    reply
      .code(206)
      .header("content-range", `bytes ${first}-${last}/${size}`)
      .header("content-length", last - first + 1);
    return reply.send(createReadStream(file, { start: first, end: last }));
  });
}
