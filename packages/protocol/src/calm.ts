// How calm the watch is, and what the next shift has to know.
import { z } from "zod";
import { Channel, timeMs } from "./terms.ts";
import { Mute, Warning } from "./warnings.ts";

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
  /** Of those on shift, how many the hub itself can reach now: by a screen or device that is there, or a channel that works. Voice is not counted. */
  reach: z.object({ onShift: z.number().int(), reachable: z.number().int() }),
});
export type Calm = z.infer<typeof Calm>;

/** What the next shift has to know: what is open, what was put aside, and what nobody watches. */
export const HandOver = z.object({
  timeMs,
  sinceMs: timeMs,
  /** Not over, or over but for somebody who asks for help; the most urgent first. */
  open: z.array(Warning),
  /** To be called by voice now. */
  calls: z.array(z.object({ warningId: z.string(), reference: z.string(), personId: z.string(), name: z.string(), sinceMs: timeMs })),
  /** Put aside since then, and whether it still is. */
  shelved: z.array(z.object({ timeMs, warningId: z.string(), untilMs: timeMs, by: z.string(), reason: z.string(), still: z.boolean() })),
  muted: z.array(z.object({ timeMs, source: z.string(), untilMs: timeMs, by: z.string(), reason: z.string(), still: z.boolean() })),
  notWatched: z.array(
    z.object({
      source: z.string(),
      name: z.string(),
      state: z.enum(["starting", "silent", "ended", "failed", "muted"]),
      lastFrameMs: timeMs.optional(),
      reason: z.string().optional(),
    }),
  ),
  /** Channels through which nobody can be told as usual. */
  channels: z.array(ChannelHealth),
  /** On shift, and neither place nor post is known. */
  placeUnknown: z.array(z.object({ personId: z.string(), name: z.string() })),
  figures: AlarmFigures,
});
export type HandOver = z.infer<typeof HandOver>;
