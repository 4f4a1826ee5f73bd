// Which tracks are one danger: those that fly together, and one that begins where another was lost.
import { flatDistanceM } from "@atalaya/geodesy";
import type { Settings } from "../settings.ts";
import type { Track } from "../track.ts";
import type { PictureWarning } from "./warning.ts";

const CELL_DEG = 0.005;
const M_PER_DEG = 111_000;
/** A body is called lost for joining once it was not heard for this long. */
const LOST_AFTER_US = 2_000_000;

interface Member {
  readonly track: Readonly<Track>;
  readonly warning: PictureWarning;
}

/** Made for one tick, when first asked. */
export class Flocks {
  readonly #settings: Settings;
  readonly #timeUs: number;
  readonly #cells = new Map<string, Member[]>();
  readonly #lost: PictureWarning[] = [];

  constructor(warnings: Iterable<PictureWarning>, tracks: ReadonlyMap<number, Track>, timeUs: number, settings: Settings) {
    this.#settings = settings;
    this.#timeUs = timeUs;
    for (const warning of warnings) {
      let heard = false;
      for (const number of warning.tracks) {
        const track = tracks.get(number);
        if (track === undefined || timeUs - track.heardUs >= LOST_AFTER_US) continue;
        heard = true;
        // What an officer cleared is no company to fly in: another drone beside it is a danger of its own.
        if (!warning.quiet) this.add(track, warning);
      }
      if (!heard) this.#lost.push(warning);
    }
  }

  add(track: Readonly<Track>, warning: PictureWarning): void {
    const key = cellKey(cellOf(track.latDeg), cellOf(track.lonDeg));
    const members = this.#cells.get(key);
    if (members === undefined) this.#cells.set(key, [{ track, warning }]);
    else members.push({ track, warning });
  }

  /** The danger that this track belongs to; undefined: one of its own. */
  of(track: Readonly<Track>): PictureWarning | undefined {
    return this.#company(track) ?? this.#continued(track);
  }

  #company(track: Readonly<Track>): PictureWarning | undefined {
    const { swarmM, swarmSpeedMps } = this.#settings;
    const lat = cellOf(track.latDeg);
    const lon = cellOf(track.lonDeg);
    const high = Math.ceil(swarmM / (CELL_DEG * M_PER_DEG));
    const wide = Math.min(20, Math.ceil(swarmM / (CELL_DEG * M_PER_DEG * Math.max(0.05, Math.cos((track.latDeg * Math.PI) / 180)))));
    for (let dLat = -high; dLat <= high; dLat += 1) {
      for (let dLon = -wide; dLon <= wide; dLon += 1) {
        for (const { track: other, warning } of this.#cells.get(cellKey(lat + dLat, lon + dLon)) ?? []) {
          if (!sameMark(track, warning) || other.number === track.number) continue;
          const { group } = track.measured ?? {};
          if (group !== undefined && group.id === other.measured?.group?.id) return warning;
          if (flatDistanceM(track.latDeg, track.lonDeg, other.latDeg, other.lonDeg) > swarmM) continue;
          if (apartMps(track, other) <= swarmSpeedMps) return warning;
        }
      }
    }
    return undefined;
  }

  /** A lost danger from which this one can have come. */
  #continued(track: Readonly<Track>): PictureWarning | undefined {
    const { continueM, continueMps, continueMostM } = this.#settings;
    for (const warning of this.#lost) {
      if (!sameMark(track, warning)) continue;
      const gapS = Math.max(0, this.#timeUs - warning.lastHeardUs) / 1e6;
      const allowedM = Math.min(continueMostM, continueM + continueMps * gapS);
      const { lastPlace } = warning;
      if (flatDistanceM(track.latDeg, track.lonDeg, lastPlace.latDeg, lastPlace.lonDeg) <= allowedM) return warning;
    }
    return undefined;
  }
}

function cellOf(deg: number): number {
  return Math.floor(deg / CELL_DEG);
}

function cellKey(lat: number, lon: number): string {
  return `${lat} ${lon}`;
}

function sameMark(track: Readonly<Track>, warning: Readonly<PictureWarning>): boolean {
  return track.drill === warning.drill && track.recorded === warning.recorded;
}

/** Difference of the velocities, m/s; 0 where one is not known. */
function apartMps(a: Readonly<Track>, b: Readonly<Track>): number {
  if (a.courseDeg === undefined || b.courseDeg === undefined || a.speedMps === undefined || b.speedMps === undefined) return 0;
  const turn = ((a.courseDeg - b.courseDeg) * Math.PI) / 180;
  return Math.sqrt(Math.max(0, a.speedMps ** 2 + b.speedMps ** 2 - 2 * a.speedMps * b.speedMps * Math.cos(turn)));
}
