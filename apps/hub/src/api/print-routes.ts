// A bulletin as a sheet to print.
import { isIP } from "node:net";
import { Language, paths } from "@atalaya/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { bulletinOf } from "../outlets/present-memo.ts";
import { printSheet } from "../outlets/print/sheet.ts";
import type { Sector } from "../sector.ts";
import { refuse } from "./guard.ts";
import { actor, Id, refusals, type Server } from "./parts.ts";

export interface PrintParts {
  readonly sector: Sector;
  readonly secure: boolean;
  /** Under which names phones of the network reach the hub. */
  readonly names: readonly string[];
}

const Asked = z.object({
  /** Absent: the newest. */
  version: z.coerce.number().int().min(1).optional(),
  language: z.enum([...Language.options, "both"]).default("both"),
});
const LANGUAGE_NAMES = { en: "English", es: "Spanish" } as const;

/** Where a phone finds the app; undefined: no phone reaches a hub that is only known on its own machine. */
function doorOf(request: FastifyRequest, { secure, names }: PrintParts): string | undefined {
  const host = request.headers.host ?? "";
  const [, port = ""] = /(:\d+)$/.exec(host) ?? [];
  const [name] = names;
  if (name !== undefined) return `https://${isIP(name) === 6 ? `[${name}]` : name}${port}`;
  return /^(localhost|127\.|\[::1\])/.test(host) || host === "" ? undefined : `${secure ? "https" : "http"}://${host}`;
}

export function addPrintRoutes(server: Server, parts: PrintParts): void {
  const { sector } = parts;
  server.get(
    "/api/v1/bulletins/:id/print",
    {
      schema: {
        description: `The sheet of a version: A4, one page, ${paths.bulletinPrint(":id")}`,
        produces: ["application/pdf"],
        params: Id,
        querystring: Asked,
        response: { ...refusals },
      },
    },
    async (request, reply) => {
      const bulletin = sector.picture.bulletins.bulletins.get(request.params.id);
      if (bulletin === undefined) return refuse(reply, 404, "no-such-bulletin", "There is no such bulletin.");
      const { versions, number, state } = bulletinOf(bulletin, sector.picture, actor(request));
      const newest = versions.at(-1);
      const { version: asked = newest?.version, language } = request.query;
      const version = versions.find((known) => known.version === asked);
      if (newest === undefined || version === undefined) return refuse(reply, 404, "no-such-version", "This version is not out.");
      if (version.settings.handling.tlp === "RED")
        return refuse(reply, 409, "marking", "TLP:RED is for named people only: it is not put on paper for a room.");
      const door = doorOf(request, parts);
      const printed = await printSheet({
        number,
        sector: sector.picture.sector?.name ?? "",
        version,
        over: state === "withdrawn" || state === "expired" ? state : version.version < newest.version ? "replaced" : undefined,
        languages: language === "both" ? ["en", "es"] : [language],
        code: door === undefined ? `ATALAYA ${number} v${version.version}` : `${door}/field/#bulletin=${encodeURIComponent(bulletin.id)}`,
        printedMs: sector.clock.nowUs() / 1000,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
      if ("refused" in printed) {
        const { language: longest, linesOver, smallestPt } = printed.refused;
        const other = language === "both" ? ", or print one language at a time" : "";
        return refuse(
          reply,
          409,
          "too-long",
          `The ${LANGUAGE_NAMES[longest]} text is ${linesOver} lines too long for one page at ${smallestPt} points: shorten it${other}.`,
        );
      }
      return reply
        .header("content-type", "application/pdf")
        .header("content-disposition", `inline; filename="${number}-v${version.version}-${language}.pdf"`)
        .header("cache-control", "no-store")
        .send(printed.pdf as never);
    },
  );
}
