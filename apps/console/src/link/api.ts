// Requests to the hub: JSON out, JSON or a refusal in words back.
import { CSRF_HEADER } from "@atalaya/protocol";

export interface Refused {
  readonly refused: { readonly status: number; readonly code: string; readonly message: string };
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === "object" && answer !== null && "refused" in answer;
}

/** The answer as the caller's type, or why it was refused; status 0 when the hub could not be reached. */
export async function ask<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T | Refused> {
  const headers: Record<string, string> = { [CSRF_HEADER]: "1" };
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    const response = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (response.status === 204) return undefined as T;
    const answer = (await response.json()) as T & { readonly code?: string; readonly message?: string };
    if (response.ok) return answer;
    return { refused: { status: response.status, code: answer.code ?? "", message: answer.message ?? response.statusText } };
  } catch {
    return { refused: { status: 0, code: "unreachable", message: "" } };
  }
}
