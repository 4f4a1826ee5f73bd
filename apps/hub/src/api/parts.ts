// What all rooms of the API share: what they are made of, who asks, and how they refuse.
import { ApiRefusal } from "@atalaya/protocol";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Account } from "../identity/identity.ts";
import type { BrowserStream } from "../outlets/stream.ts";
import type { Sector } from "../sector.ts";

export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface LoopParts {
  readonly sector: Sector;
  readonly stream: BrowserStream;
}

export const Id: z.ZodObject<{ id: z.ZodString }> = z.object({ id: z.string().min(1).max(200) });

export const refusals: Readonly<Record<400 | 401 | 403 | 404 | 409 | 429 | 503, typeof ApiRefusal>> = {
  400: ApiRefusal,
  401: ApiRefusal,
  403: ApiRefusal,
  404: ApiRefusal,
  409: ApiRefusal,
  429: ApiRefusal,
  503: ApiRefusal,
};

export function actor(request: FastifyRequest): Account {
  const { account } = request;
  if (account === undefined) throw new Error("a route without a session reached an actor");
  return account;
}
