// A post that its receiver can check: id, time and HMAC-SHA-256 as the Standard Webhooks specification has them, and what its answer means.
import { createHmac, randomBytes } from "node:crypto";
import type { Carried } from "../delivery-queue.ts";
import { type HttpTarget, post } from "./target.ts";

const PREFIX = "whsec_";

/** A new secret, in the form that libraries for such webhooks take. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(32).toString("base64")}`;
}

/** `v1,` and the base64 of HMAC-SHA-256 over "id.timestamp.body". */
export function signature(secret: string, id: string, timestampS: number, body: Buffer): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestampS}.`).update(body).digest("base64")}`;
}

/** Statuses that pass: time-out, too early, too many, and trouble of the server's own. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_RETRY_AFTER_S = 300;

export async function signedPost(
  target: HttpTarget & { readonly secret: string },
  what: { readonly id: string; readonly type: string; readonly body: string },
  nowMs: number,
  signal: AbortSignal,
): Promise<Carried> {
  const body = Buffer.from(what.body);
  const timestampS = Math.floor(nowMs / 1000);
  const headers = {
    "content-type": what.type,
    "webhook-id": what.id,
    "webhook-timestamp": String(timestampS),
    "webhook-signature": signature(target.secret, what.id, timestampS, body),
    "idempotency-key": what.id,
  };
  let status: number;
  let retryAfter: string | undefined;
  try {
    ({ status, retryAfter } = await post(target, headers, body, signal));
  } catch (error) {
    return { outcome: "again", reason: error instanceof Error ? error.message.slice(0, 200) : "no answer", noLink: true };
  }
  if (status >= 200 && status < 300) return { outcome: "taken", detail: `HTTP ${status}` };
  if (!PASSING.has(status)) return { outcome: "refused", reason: `HTTP ${status}` };
  const waitS = /^\d{1,6}$/.test(retryAfter ?? "") ? Math.min(MAX_RETRY_AFTER_S, Number(retryAfter)) : 0;
  return { outcome: "again", reason: `HTTP ${status}`, afterMs: waitS * 1000 };
}
