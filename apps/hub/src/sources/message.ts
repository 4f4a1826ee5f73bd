// One message of an MQTT broker becomes frames of the format that its source was set up for.
import type { SourceDefinition } from "@atalaya/picture";
import { batchesOf } from "./lines.ts";
import type { Door } from "./source.ts";

/** Larger than any receiver's message by far; a broker that sends more is refused, and counted. */
export const MAX_PAYLOAD_BYTES: number = 256 * 1024;

/** False: the hub is behind; the acknowledgement waits for `door.ready()`. */
export function handMessage(door: Door, { format }: SourceDefinition, payload: Uint8Array): boolean {
  if (payload.length > MAX_PAYLOAD_BYTES) {
    door.refused("message-too-large");
    return true;
  }
  if (format !== "detections") return payload.length === 0 || door.frame("dronescout", payload, undefined);
  let isAhead = true;
  for (const batch of batchesOf(payload, (code) => door.refused(code))) isAhead = door.frame("detections", batch, undefined) && isAhead;
  return isAhead;
}
