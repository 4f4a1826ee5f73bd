// Files that the hub gives out: fetched first, so that a refusal is said in words on the page, then saved or opened.
import { CSRF_HEADER } from "@atalaya/protocol";
import type { Refused } from "./api.ts";

/** The browser needs the address of a file a while after it was opened. */
const KEPT_MS = 60_000;

export async function askFile(method: "GET" | "POST", path: string, body?: object): Promise<Blob | Refused> {
  try {
    const answer = await fetch(path, {
      method,
      headers: { [CSRF_HEADER]: "1", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok) return await answer.blob();
    const { code = "", message = answer.statusText } = (await answer.json()) as { readonly code?: string; readonly message?: string };
    return { refused: { status: answer.status, code, message } };
  } catch {
    return { refused: { status: 0, code: "unreachable", message: "" } };
  }
}

function follow(file: Blob, aim: (link: HTMLAnchorElement) => void): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  aim(link);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

export function saveFile(file: Blob, name: string): void {
  follow(file, (link) => {
    link.download = name;
  });
}

/** In a page of its own, for reading and printing. */
export function openFile(file: Blob): void {
  follow(file, (link) => {
    link.target = "_blank";
  });
}
