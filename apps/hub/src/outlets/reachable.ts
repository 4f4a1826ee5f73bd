// How one of ours can be told now, and how many of those on shift can: by a screen that is there, a device heard lately, or a channel that works. One measure
// for the watch's foot line and the page of readiness. Calling is an officer's.
import type { Person, Picture } from "@atalaya/picture";
import type { Calm, Reach } from "@atalaya/protocol";
import { defined } from "./defined.ts";

/** Devices in TAK say where they are every minute or so; one that has been silent for longer may be out of reach, µs. */
const TAK_FRESH_US = 300_000_000;

type Way = Person["definition"]["ways"][number];

export interface ReachParts {
  readonly picture: Picture;
  /** Whether a screen of this account is there. */
  readonly hears: (account: string) => boolean;
  /** Whether a channel has a voice here. */
  readonly serves: (channel: Way["channel"]) => boolean;
  /** When a phone of this person said last that it is there, Unix ms. */
  readonly lastHeardMs: (personId: string) => number | undefined;
}

/** By which way, and how well, the hub itself can tell somebody now. A way that is written down but has no voice here counts for nothing. */
export function reachOf({ definition: { id, ways }, onShift }: Readonly<Person>, parts: ReachParts): Reach {
  const { picture, hears, serves } = parts;
  const byChoice = ways.length > 0 && ways.every(({ channel }) => channel === "voice");
  const lastHeardMs = parts.lastHeardMs(id);
  if (!onShift) return defined({ state: "not-started" as const, lastHeardMs, byChoice });
  const down = new Set(picture.channels().flatMap(({ channel, state }) => (state === "down" ? [channel] : [])));
  const open = ways.filter(({ channel }) => channel !== "voice" && !down.has(channel));
  const screens = open.filter(({ channel }) => channel === "browser");
  const phone = picture.deviceReach(id).at(-1)?.reach;
  if (screens.length > 0 && (phone === "up" || screens.some(({ address }) => hears(address))))
    return defined({ state: "linked" as const, by: "browser" as const, lastHeardMs, byChoice });
  let takUs = Number.NEGATIVE_INFINITY;
  for (const { channel, address } of open)
    if (channel === "tak") takUs = Math.max(takUs, picture.devices.position(address)?.heardUs ?? Number.NEGATIVE_INFINITY);
  if (picture.timeUs - takUs < TAK_FRESH_US) return { state: "linked", by: "tak", lastHeardMs: takUs / 1000, byChoice };
  if (screens.length > 0 && phone !== undefined && phone !== "cut-off")
    return defined({ state: "limited" as const, by: "browser" as const, lastHeardMs, byChoice });
  const other = open.find(({ channel }) => channel !== "browser" && channel !== "tak" && serves(channel));
  if (other !== undefined) return defined({ state: "limited" as const, by: other.channel, lastHeardMs, byChoice });
  const byVoice = ways.some(({ channel }) => channel === "voice");
  if (ways.some(({ channel }) => channel !== "voice"))
    return defined({ state: "cut-off" as const, by: byVoice ? ("voice" as const) : undefined, lastHeardMs, byChoice });
  return byVoice ? { state: "voice", by: "voice", byChoice } : { state: "none", byChoice };
}

export function canBeTold({ state }: Reach): boolean {
  return state === "linked" || state === "limited";
}

/** Of those on shift. */
export function reachedOnShift(parts: ReachParts): Calm["reach"] {
  const people = [...parts.picture.people()].filter(({ onShift }) => onShift);
  return { onShift: people.length, reachable: people.filter((person) => canBeTold(reachOf(person, parts))).length };
}
