// Our people: who there is, how to reach them, who is on shift, who stands where; drones that are ours or allowed; what a drill may reach.
import { z } from "zod";
import { AreaShape, Channel, Language, name, timeMs } from "./terms.ts";

const id = z.string().min(1).max(100);

/** One way of reaching a person. For `browser` the address is the id of the account that the person signs in with. */
export const Way = z.object({ channel: Channel, address: z.string().trim().min(1).max(200) });
export type Way = z.infer<typeof Way>;

export const PersonDefinition = z.object({
  id,
  name,
  language: Language,
  role: z.string().trim().max(80),
  team: z.string().trim().max(80),
  /** Told when somebody of the team does not answer. */
  leader: z.boolean(),
  /** In order of preference; several of one channel are devices that are told together. */
  ways: z.array(Way).max(8),
});
export type PersonDefinition = z.infer<typeof PersonDefinition>;

export const Person = PersonDefinition.extend({
  onShift: z.boolean(),
  /** Zones of kind post at which they stand. */
  posts: z.array(z.string()),
  /** How their danger is judged now. */
  basis: z.enum(["position", "old-position", "post", "unknown"]),
  position: z
    .object({
      latDeg: z.number(),
      lonDeg: z.number(),
      errorM: z.number(),
      measuredMs: timeMs,
      source: z.enum(["tak", "field", "roster"]),
    })
    .optional(),
});
export type Person = z.infer<typeof Person>;

export const Shift = z.object({ on: z.boolean() });
export type Shift = z.infer<typeof Shift>;
export const Staff = z.object({ people: z.array(id).max(2000) });
export type Staff = z.infer<typeof Staff>;

/** A drone of ours, or one that is allowed: known by what it broadcasts, believed only within its area and time. */
export const AuthorisedDrone = z.object({
  id,
  name,
  own: z.boolean(),
  /** Serial number or session id as broadcast. */
  identity: z.string().trim().min(1).max(100),
  area: AreaShape,
  fromMs: timeMs,
  untilMs: timeMs,
});
export type AuthorisedDrone = z.infer<typeof AuthorisedDrone>;

/** What a drill may reach: nobody else, nothing else. */
export const DrillScope = z.object({ channels: z.array(Channel).max(7), people: z.array(id).max(2000) });
export type DrillScope = z.infer<typeof DrillScope>;
export const DrillReach = DrillScope.extend({
  /** Since when a real danger has held it up. */
  pausedMs: timeMs.optional(),
});
export type DrillReach = z.infer<typeof DrillReach>;
