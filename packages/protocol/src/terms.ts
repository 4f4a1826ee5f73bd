// What all schemas share: names, reasons, places and times.
import { z } from "zod";

export const name = z.string().trim().min(1).max(80);
/** Why somebody decided something: kept for good, and read by others. */
export const reason = z.string().trim().min(3).max(500);
export const latDeg = z.number().min(-90).max(90);
export const lonDeg = z.number().min(-180).max(180);
export const timeMs = z.number();

export const Position = z.object({ latDeg, lonDeg });
export type Position = z.infer<typeof Position>;

/** A piece of ground. */
export const AreaShape = z.discriminatedUnion("type", [
  z.object({ type: z.literal("circle"), centre: Position, radiusM: z.number().min(10).max(50_000) }),
  z.object({ type: z.literal("polygon"), ring: z.array(Position).min(3).max(200) }),
]);
export type AreaShape = z.infer<typeof AreaShape>;

export const Language = z.enum(["en", "es"]);
export type Language = z.infer<typeof Language>;
export const Channel = z.enum(["browser", "tak", "sms", "email", "voice", "mqtt", "webhook"]);
export type Channel = z.infer<typeof Channel>;
export const WarningLevel = z.enum(["advisory", "caution", "warning"]);
export type WarningLevel = z.infer<typeof WarningLevel>;
export const Answer = z.enum(["safe", "taking-cover", "need-help", "not-me"]);
export type Answer = z.infer<typeof Answer>;
/** What it was, when it was nothing to fear. */
export const Benign = z.enum(["own-drone", "authorised-drone", "aircraft", "bird", "nothing", "sensor-fault"]);
export type Benign = z.infer<typeof Benign>;
