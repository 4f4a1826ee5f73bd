// From a press to a report: what was measured, where the phone was, and how old that was.
import {
  type CoarseDirection,
  type DeviceInfo,
  type KnownPlace,
  type Language,
  MEDIA_TYPES,
  type MediaKind,
  type MediaType,
  type Observer,
} from "@atalaya/protocol";
import type { Aim } from "../aim/burst.ts";
import type { UnsentReport } from "../queue/items.ts";
import type { Place } from "../state.ts";

/** A press: when the direction was true, 1σ. */
const PRESS_ERROR_S = 0.5;
/** Somebody on foot or in a vehicle has gone this far meanwhile, m/s; a position that is new is worth what it says. */
const MOVES_MPS = 3;
const NEW_MS = 5000;
/** Nothing is known but the sector: 95 % of a place somewhere in it, m. */
const SECTOR_ERROR_M = 20_000;
const MOST_ERROR_M = 50_000;
/** Higher than this, an azimuth says nothing: it is overhead. */
const OVERHEAD_DEG = 80;

/** A place in the language of who reads it. */
export function placeName({ name, nameEs }: KnownPlace, language: Language): string {
  return language === "es" ? (nameEs ?? name) : name;
}

/** Where the report is seen from: the phone's own position with its age, else the place that the person named, else the sector. */
export function observerOf(
  place: Place | undefined,
  namedPlace: string | undefined,
  device: DeviceInfo | undefined,
  nowMs: number,
  language: Language = "en",
): Observer {
  const named = device?.places.find(({ id }) => id === namedPlace);
  const age = place === undefined ? 0 : Math.max(0, nowMs - place.measuredMs - NEW_MS) / 1000;
  const phone =
    place === undefined
      ? undefined
      : {
          latDeg: place.latDeg,
          lonDeg: place.lonDeg,
          errorM: Math.min(MOST_ERROR_M, place.errorM + MOVES_MPS * age),
          by: "device" as const,
        };
  if (named !== undefined && (phone === undefined || named.errorM < phone.errorM))
    return {
      latDeg: named.latDeg,
      lonDeg: named.lonDeg,
      errorM: Math.min(MOST_ERROR_M, named.errorM),
      by: named.kind === "post" ? "post" : "landmark",
      name: placeName(named, language),
    };
  if (phone !== undefined) return phone;
  const { latDeg = 0, lonDeg = 0 } = device?.sector.centre ?? {};
  return { latDeg, lonDeg, errorM: SECTOR_ERROR_M, by: "map" };
}

export interface Pressed {
  readonly id: string;
  /** This phone's clock at the press. */
  readonly pressedMs: number;
  readonly aim: Aim | undefined;
  /** Said instead of pointed. */
  readonly word?: CoarseDirection | "overhead";
  readonly observer: Observer;
  readonly atRisk: boolean;
  readonly heardOnly: boolean;
  readonly drill: boolean;
  readonly language: "en" | "es";
}

export function reportOf({ id, pressedMs, aim, word, observer, atRisk, heardOnly, drill, language }: Pressed): UnsentReport {
  const overhead = word === "overhead" || (word === undefined && aim !== undefined && aim.elevation.deg >= OVERHEAD_DEG);
  const direction: Pick<UnsentReport, "direction"> = overhead
    ? { direction: { type: "overhead" } }
    : word !== undefined
      ? { direction: { type: "compass", word } }
      : aim?.azimuth === undefined
        ? {}
        : { direction: { type: "pointed", azimuthDeg: aim.azimuth.deg, sigmaDeg: Math.min(180, Math.max(0.1, aim.azimuth.sigmaDeg)) } };
  // Who says a word has not aimed: the phone's elevation is that of a hand.
  const elevation: Pick<UnsentReport, "elevation"> =
    aim === undefined || word !== undefined || heardOnly
      ? {}
      : {
          elevation: {
            type: "pointed",
            elevationDeg: Math.max(-90, Math.min(90, aim.elevation.deg)),
            sigmaDeg: Math.min(90, Math.max(0.1, aim.elevation.sigmaDeg)),
          },
        };
  return {
    id,
    how: "field",
    observedMs: pressedMs,
    observedErrorS: PRESS_ERROR_S,
    observer,
    ...direction,
    ...elevation,
    // Heard and not seen: the direction is where the sound came from.
    ...(heardOnly ? { sound: "clear" as const } : {}),
    atRisk,
    language,
    ...(drill ? { drill: true } : {}),
  };
}

/** The hub's name of a file's type; undefined: it takes no such file. Parameters (`;codecs=…`) are no part of it. */
export function mediaTypeOf(type: string): { readonly kind: MediaKind; readonly type: MediaType } | undefined {
  const [plain = ""] = type.toLowerCase().split(";");
  const bare = plain.trim() === "image/jpg" ? "image/jpeg" : plain.trim();
  const known = MEDIA_TYPES.find((one) => one === bare);
  if (known === undefined) return undefined;
  return { kind: known.startsWith("image/") ? "photo" : known.startsWith("video/") ? "video" : "sound", type: known };
}
