// What devices in TAK say to the hub, as officers see it.
import { z } from "zod";
import { Position } from "./terms.ts";

/** A call for help, from whomever it comes, or words to the hub. */
export const TakSaid = z.object({
  kind: z.enum(["alarm", "alarm-cancel", "medical-evacuation", "chat"]),
  callsign: z.string().optional(),
  uid: z.string().optional(),
  /** It came from a device of ours. */
  ours: z.boolean(),
  text: z.string(),
  position: Position.optional(),
  heardMs: z.number(),
  drill: z.boolean(),
});
export type TakSaid = z.infer<typeof TakSaid>;

/** Where somebody's sensor looks. What it looks at is not kept. */
export const TakPointing = z.object({
  uid: z.string(),
  callsign: z.string().optional(),
  position: Position,
  azimuthDeg: z.number(),
  /** From edge to edge. */
  fieldOfViewDeg: z.number().optional(),
  heardMs: z.number(),
  drill: z.boolean(),
});
export type TakPointing = z.infer<typeof TakPointing>;

/** Newest first. */
export const TakHeard = z.object({ messages: z.array(TakSaid), pointings: z.array(TakPointing) });
export type TakHeard = z.infer<typeof TakHeard>;
