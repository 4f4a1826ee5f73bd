// What officers supply of the sky and the ground: orbital elements, winds and landmarks.
import { z } from "zod";
import { latDeg, lonDeg, name, timeMs } from "./terms.ts";

/** PUT /sky/elements/:id: two-line elements, or OMM as JSON, as they were pasted or dropped. Refused whole where nothing of it can be read. */
export const NewElements = z.strictObject({ name, text: z.string().min(1).max(1_500_000) });
export type NewElements = z.infer<typeof NewElements>;

/** What was read of one set. */
export const SkyElements = z.object({
  id: z.string(),
  name: z.string(),
  by: z.string(),
  suppliedMs: timeMs,
  satellites: z.number().int(),
  /** Of those, how many are near enough to their epoch to be used now. */
  usable: z.number().int(),
  oldestEpochMs: timeMs.optional(),
  newestEpochMs: timeMs.optional(),
  /** What could not be read, by its line (or its place in a JSON list), and why; the first few. */
  unread: z.array(z.object({ at: z.number().int(), why: z.string() })),
  unreadMore: z.number().int(),
});
export type SkyElements = z.infer<typeof SkyElements>;

/** PUT /sky/winds/:id: a wind near the ground, and how long it may be taken to blow. */
export const NewWind = z.strictObject({
  /** Where it comes from, ° from true north. */
  fromDeg: z.number().min(0).max(360),
  speedMps: z.number().min(0).max(100),
  /** From an instrument or a forecast office; else as somebody feels it. */
  measured: z.boolean(),
  fromMs: timeMs,
  untilMs: timeMs,
});
export type NewWind = z.infer<typeof NewWind>;
export const Wind = NewWind.extend({ id: z.string(), by: z.string() });
export type Wind = z.infer<typeof Wind>;

/** GET /sky. */
export const Sky = z.object({ elements: z.array(SkyElements), winds: z.array(Wind) });
export type Sky = z.infer<typeof Sky>;

/** GET /landmarks, PUT /landmarks/:id: a place that people name, and that nobody is warned of by itself. */
export const Landmark = z.object({
  id: z.string().min(1).max(100),
  nameEn: name,
  nameEs: name,
  latDeg,
  lonDeg,
  /** Within this of the place somebody stands who names it, m. */
  errorM: z.number().min(1).max(50_000),
});
export type Landmark = z.infer<typeof Landmark>;
