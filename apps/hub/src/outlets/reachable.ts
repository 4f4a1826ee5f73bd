// How many of those on shift the hub itself can reach now: by a screen that is there, a device heard lately, or a channel that works. Calling is an officer's.
import type { Person } from "@atalaya/picture";
import type { Calm } from "@atalaya/protocol";
import type { Sector } from "../sector.ts";

/** Devices in TAK say where they are every minute or so; one that has been silent for longer may be out of reach, µs. */
const TAK_FRESH_US = 300_000_000;

type Way = Person["definition"]["ways"][number];

export interface ReachParts {
  readonly sector: Pick<Sector, "picture">;
  /** Whether a screen of this account is there. */
  readonly hears: (account: string) => boolean;
  /** Whether a channel has a voice here. */
  readonly serves: (channel: Way["channel"]) => boolean;
}

export function reachOf({ sector: { picture }, hears, serves }: ReachParts): Calm["reach"] {
  const down = new Set(picture.channels().flatMap(({ channel, state }) => (state === "down" ? [channel] : [])));
  const works = ({ channel, address }: Way): boolean => {
    if (channel === "voice" || down.has(channel)) return false;
    if (channel === "browser") return hears(address);
    if (channel === "tak") return picture.timeUs - (picture.devices.position(address)?.heardUs ?? Number.NEGATIVE_INFINITY) < TAK_FRESH_US;
    return serves(channel);
  };
  let onShift = 0;
  let reachable = 0;
  for (const person of picture.people()) {
    if (!person.onShift) continue;
    onShift += 1;
    if (person.definition.ways.some(works)) reachable += 1;
  }
  return { onShift, reachable };
}
