// How calm the watch is, in the words of the protocol.
import type { Picture } from "@atalaya/picture";
import type { Calm, Mute } from "@atalaya/protocol";
import type { Sector } from "../sector.ts";
import { defined } from "./defined.ts";

export function muteOf({ source, untilUs, by, reason }: ReturnType<Picture["mutes"]>[number]): Mute {
  return { source, untilMs: untilUs / 1000, by, reason };
}

/** `officers`: how many are signed in and watch; nobody's alarms are somebody's. */
export function calmOf({ picture }: Pick<Sector, "picture">, officers: number): Omit<Calm, "reach"> {
  const { per10Min, flood, byLevel, medianAnswerS, p90AnswerS, chattering, standing, stale } = picture.alarmFigures();
  return {
    timeMs: picture.timeUs / 1000,
    figures: defined({
      per10Min,
      perOfficer10Min: per10Min / Math.max(1, officers),
      officers,
      flood,
      byLevel: { ...byLevel },
      medianAnswerS,
      p90AnswerS,
      chattering,
      standing,
      stale,
    }),
    floodGroups: picture.floodGroups().map(({ source, warnings, muted }) => ({ source, warnings: [...warnings], muted })),
    channels: picture.channels().map(({ channel, state, reason, sinceUs }) => defined({ channel, state, reason, sinceMs: sinceUs / 1000 })),
    mutes: picture.mutes().map(muteOf),
  };
}
