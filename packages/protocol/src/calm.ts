// How calm the watch is, and what the next shift has to know.
import { z } from "zod";
import { Channel, timeMs } from "./terms.ts";
import { Mute } from "./warnings.ts";

/** After ISA-18.2 and EEMUA 191: an alarm is what demands an officer's answer, so a caution or a warning that is not of a drill. */
export const AlarmFigures = z.object({
  /** In the last ten minutes, and for each officer on watch. */
  per10Min: z.number().int(),
  perOfficer10Min: z.number(),
  officers: z.number().int(),
  /** More than ten in ten minutes: warnings are shown in groups; what people are told is not touched. */
  flood: z.boolean(),
  byLevel: z.object({ warning: z.number().int(), caution: z.number().int(), advisory: z.number().int() }),
  /** Seconds from an alarm to the officer who takes it, of the last 500; absent: nobody had to yet. */
  medianAnswerS: z.number().optional(),
  p90AnswerS: z.number().optional(),
  /** Causes that raised three alarms or more in the last minute. */
  chattering: z.number().int(),
  standing: z.number().int(),
  /** Of those, the ones that stand for longer than a day. */
  stale: z.number().int(),
});
export type AlarmFigures = z.infer<typeof AlarmFigures>;

export const FloodGroup = z.object({ source: z.string(), warnings: z.array(z.string()), muted: z.boolean() });
export type FloodGroup = z.infer<typeof FloodGroup>;

export const ChannelHealth = z.object({
  channel: Channel,
  state: z.enum(["up", "slow", "down"]),
  reason: z.string().optional(),
  sinceMs: timeMs,
});
export type ChannelHealth = z.infer<typeof ChannelHealth>;

export const Calm = z.object({
  timeMs,
  figures: AlarmFigures,
  /** In a flood: standing warnings by the source or sensor that they rest on, the largest group first. */
  floodGroups: z.array(FloodGroup),
  channels: z.array(ChannelHealth),
  mutes: z.array(Mute),
});
export type Calm = z.infer<typeof Calm>;
