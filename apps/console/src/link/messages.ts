// What the page and its socket worker say to each other: one typed map.
import type { ClientMessage, StreamMessage } from "@atalaya/protocol";

export type FromWorker =
  | { readonly kind: "open" }
  | { readonly kind: "closed"; readonly signedOut: boolean }
  | { readonly kind: "message"; readonly message: StreamMessage }
  | { readonly kind: "tracks"; readonly frame: ArrayBuffer };

export type ToWorker =
  | { readonly kind: "connect"; readonly url: string }
  | { readonly kind: "stop" }
  | { readonly kind: "resync" }
  | { readonly kind: "say"; readonly message: ClientMessage };
