// The webhook outlet: what one person is told, as JSON to a system of the operator's choice, which reaches the person by a way of its own.
import { channelTestText } from "@atalaya/words";
import type { Carried } from "../delivery-queue.ts";
import { teamLetterOf } from "../present-report.ts";
import { noticeOf } from "../present-warning.ts";
import type { Carrier, Letter } from "../queued.ts";
import { signedPost } from "./signed-post.ts";
import type { HttpTarget } from "./target.ts";

export interface WebhookSettings extends HttpTarget {
  readonly secret: string;
}

/** The letter as JSON: the notice that a device of ours would show, and whom it is for. */
export function letterBody({ key, intent, outside, language, address }: Letter): string {
  if (outside !== undefined) return JSON.stringify(outside.body);
  if (intent === undefined) return JSON.stringify({ id: key, kind: "test", address, language, text: channelTestText(language) });
  if (intent.type === "team-report") return JSON.stringify({ ...teamLetterOf(intent), address });
  return JSON.stringify({ ...noticeOf(intent), address });
}

export class WebhookCarrier implements Carrier {
  readonly cancels = true;
  readonly #settings: WebhookSettings;

  constructor(settings: WebhookSettings) {
    this.#settings = settings;
  }

  start(): void {
    // Each message has a connection of its own: there is nothing to keep.
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }

  carry(letter: Letter, signal: AbortSignal): Promise<Carried> {
    return signedPost(this.#settings, { id: letter.key, type: "application/json", body: letterBody(letter) }, Date.now(), signal);
  }
}
