// What a warning is to those outside (feeds, sirens, partner systems): which zones, at which level; never whom of us, nor where they are.
import { type Channel, type Level, LEVELS, type Picture, type PictureWarning } from "@atalaya/picture";

export interface ZoneDanger {
  readonly zoneId: string;
  readonly name: string;
  readonly level: Level;
}

/** Whether a drill may be heard on this channel now: it names the channel, and no real danger holds it up. */
export function drillMay(picture: Picture, channel: Channel): boolean {
  const scope = picture.drillScope;
  return scope !== undefined && scope.pausedUs === undefined && scope.channels.includes(channel);
}

/** Whether a warning goes outside at all by this channel: what was recorded elsewhere never, a drill where it is named. */
export function isForOutside(picture: Picture, { drill, recorded }: Readonly<PictureWarning>, channel: Channel): boolean {
  return !recorded && (!drill || drillMay(picture, channel));
}

export function standsOutside({ state, mergedInto }: Readonly<PictureWarning>): boolean {
  return state !== "cleared" && mergedInto === undefined;
}

/** The zones that it threatens, each with its greatest level, in the order of their names. */
export function zonesOf({ threats }: Readonly<PictureWarning>): readonly ZoneDanger[] {
  const zones = new Map<string, ZoneDanger>();
  for (const { kind, id, name, level } of threats) {
    const known = zones.get(id);
    if (kind === "zone" && (known === undefined || LEVELS.indexOf(level) > LEVELS.indexOf(known.level)))
      zones.set(id, { zoneId: id, name, level });
  }
  return [...zones.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
