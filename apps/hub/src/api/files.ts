// Files that the hub serves: the built console, and maps by byte range as PMTiles readers ask for them (RFC 9110 §14).
import { createReadStream, existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
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

/** Serves the console's shell and its hashed assets from `folder`. */
export function serveConsole(server: FastifyInstance, folder: string): void {
  const shell = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const page = await readFile(join(folder, "index.html")).catch(() => undefined);
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .code(page === undefined ? 503 : 200)
      .send(page ?? NOT_BUILT);
  };
  server.get("/", { schema: { hide: true } }, shell);
  server.get("/setup", { schema: { hide: true } }, shell);
  server.get<{ Params: { "*": string } }>("/assets/*", { schema: { hide: true } }, async (request, reply) => {
    const assets = join(folder, "assets");
    const file = normalize(join(assets, request.params["*"]));
    const type = TYPES[extname(file)];
    if (!file.startsWith(assets + sep) || type === undefined) return refuse(reply, 404, "no-such-file", "There is no such file.");
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined) return refuse(reply, 404, "no-such-file", "There is no such file.");
    return reply.type(type).header("cache-control", "public, max-age=31536000, immutable").send(bytes);
  });
}

/** Serves one file by ranges; 404 while it does not exist. */
export function serveRanges(server: FastifyInstance, path: string, file: string | undefined): void {
  server.get(path, { schema: { hide: true } }, async (request, reply) => {
    if (file === undefined || !existsSync(file)) return refuse(reply, 404, "no-map", "There is no such map here.");
    const { size, mtimeMs } = statSync(file);
    reply
      .header("accept-ranges", "bytes")
      .header("etag", `"${size}-${Math.round(mtimeMs)}"`)
      .header("cache-control", "no-cache")
      .type("application/octet-stream");
    const asked = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(request.headers.range ?? "");
    if (asked === null) return reply.header("content-length", size).send(createReadStream(file));
    const first = Number(asked[1]);
    const last = Math.min(size - 1, asked[2] === undefined ? size - 1 : Number(asked[2]));
    if (first >= size || last < first) return reply.code(416).header("content-range", `bytes */${size}`).send();
    reply
      .code(206)
      .header("content-range", `bytes ${first}-${last}/${size}`)
      .header("content-length", last - first + 1);
    return reply.send(createReadStream(file, { start: first, end: last }));
  });
}
