// A document on its way to the hub: hashed here first, then sent in pieces from where the hub says it has come to.
import { CSRF_HEADER, DOCUMENT_PIECE_BYTES, type MemoSource, paths } from "@atalaya/protocol";
import { ask, isRefused, type Refused } from "../link/api.ts";

export async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A type as the hub takes it; what a browser does not know is bytes. */
export function fileType(type: string): string {
  const plain = type.toLowerCase().split(";")[0]?.trim() ?? "";
  return /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(plain) ? plain : "application/octet-stream";
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes}\u00a0B`;
  const k = bytes / 1024;
  return k < 1024 ? `${k.toFixed(k < 10 ? 1 : 0)}\u00a0KB` : `${(k / 1024).toFixed(1)}\u00a0MB`;
}

/** Sends what the hub does not have yet; a piece that did not come is sent again by the next call. */
export async function sendDocument(source: MemoSource, bytes: ArrayBuffer, onHave: (share: number) => void): Promise<MemoSource | Refused> {
  let newest = source;
  while (!newest.document.whole) {
    const { have } = newest.document;
    const answer = await putPiece(source.id, bytes.slice(have, have + DOCUMENT_PIECE_BYTES), have);
    if (isRefused(answer)) return answer;
    // A hub that does not go on would be asked for ever.
    if (answer.document.have <= have && !answer.document.whole) return { refused: { status: 0, code: "stuck", message: "" } };
    newest = answer;
    onHave(newest.document.have / Math.max(1, newest.document.bytes));
  }
  return newest;
}

async function putPiece(id: string, piece: ArrayBuffer, offset: number): Promise<MemoSource | Refused> {
  try {
    const answer = await fetch(`${paths.memoSourceContent(id)}?offset=${offset}`, {
      method: "PUT",
      headers: { [CSRF_HEADER]: "1", "content-type": "application/octet-stream" },
      body: piece,
    });
    const said = (await answer.json()) as MemoSource & { readonly code?: string; readonly message?: string };
    if (answer.ok) return said;
    // Where the hub has come to differs from where we are: asked for, and gone on from there.
    const now = answer.status === 409 ? await ask<MemoSource>("GET", paths.memoSource(id)) : undefined;
    if (now !== undefined && !isRefused(now) && now.document.have !== offset) return now;
    return { refused: { status: answer.status, code: said.code ?? "", message: said.message ?? answer.statusText } };
  } catch {
    return { refused: { status: 0, code: "unreachable", message: "" } };
  }
}
