// Requests to the hub, each with a time limit: a phone's network may swallow one without a word.
import { CSRF_HEADER } from "@atalaya/protocol";
import type { Hub, Reply } from "../queue/outbox.ts";

const TEXT_LIMIT_MS = 10_000;
const CHUNK_LIMIT_MS = 60_000;

async function request(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: BodyInit | null,
  limitMs: number,
): Promise<Reply> {
  try {
    const response = await fetch(path, {
      method,
      headers: { [CSRF_HEADER]: "1", ...headers },
      body,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(limitMs),
    });
    const answer = response.status === 204 ? undefined : ((await response.json()) as unknown);
    if (response.ok) return { ok: true, body: answer };
    const { code = "", message = "" } = (answer ?? {}) as { readonly code?: string; readonly message?: string };
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { ok: false, status: response.status, code, message, ...(Number.isFinite(wait) ? { retryAfterS: wait } : {}) };
  } catch {
    return { ok: false, status: 0, code: "unreachable", message: "" };
  }
}

export const hub: Hub = {
  send: (method, path, body) =>
    request(
      method,
      path,
      body === undefined ? {} : { "content-type": "application/json" },
      body === undefined ? null : JSON.stringify(body),
      TEXT_LIMIT_MS,
    ),
  sendBytes: (path, bytes) => request("PUT", path, { "content-type": "application/octet-stream" }, bytes, CHUNK_LIMIT_MS),
  sha256: async (file) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  },
};

/** A random version 4 UUID (RFC 9562 §5.4), also where the page has no secure context. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
