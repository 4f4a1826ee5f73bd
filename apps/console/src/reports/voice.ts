// What an officer has typed of a call so far, and what it makes of a report: nothing is required but where the caller is.
import { decodeMgrs } from "@atalaya/geodesy";
import { COMPASS_WORDS, type Landmark, type NewReport, type Zone } from "@atalaya/protocol";
import { zoneCentre } from "../map/zone-features.ts";

/** Fields as they stand in the form, all text; an absent one was not said. */
export const VOICE_FIELDS = [
  "count",
  "type",
  "doing",
  "heading",
  "carrying",
  "place",
  "placeError",
  "direction",
  "degrees",
  "facing",
  "elevation",
  "range",
  "metres",
  "lights",
  "sound",
  "fallen",
  "operator",
  "minutesAgo",
  "stillThere",
  "note",
  "person",
  "callerName",
  "callBack",
  "atRisk",
  "callerLanguage",
] as const;
export type VoiceField = (typeof VOICE_FIELDS)[number];
export type VoiceValues = Readonly<Partial<Record<VoiceField, string>>>;

/** A call, from its first field on. */
export interface VoiceDraft {
  /** The report's id: sent once, however often. */
  readonly id: string;
  readonly startedMs: number;
  readonly values: VoiceValues;
  /** The incident that it is joined to when it is sent: chosen while it is typed. */
  readonly join?: string;
}

type Observer = NewReport["observer"];

/** 95 % of the error, m, where the caller named no more than a place: people say "at the bridge" from the car park. */
const GRID_ERROR_M = 20;
const COORDINATES_ERROR_M = 50;
const POLYGON_ERROR_M = 200;
const LEAST_ZONE_ERROR_M = 50;

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
}

/** A place that a caller may name. */
interface Named {
  readonly name: string;
  readonly observer: Observer;
}

function named(zones: readonly Zone[], landmarks: readonly Landmark[]): readonly Named[] {
  return [
    ...zones.map((zone): Named => {
      const { name, kind, shape } = zone;
      const errorM = shape.type === "circle" ? Math.max(LEAST_ZONE_ERROR_M, shape.radiusM) : POLYGON_ERROR_M;
      return { name, observer: { ...zoneCentre(zone), errorM, by: kind === "post" ? "post" : "landmark", name } };
    }),
    // In both languages, whichever the officer's is: the caller says it in their own.
    ...landmarks.flatMap(({ nameEn, nameEs, latDeg, lonDeg, errorM }) =>
      [...new Set([nameEn, nameEs])].map((name): Named => ({ name, observer: { latDeg, lonDeg, errorM, by: "landmark", name } })),
    ),
  ];
}

/** Names that may be typed for a place. */
export function placeNames(zones: readonly Zone[], landmarks: readonly Landmark[]): readonly string[] {
  return [...new Set(named(zones, landmarks).map(({ name }) => name))];
}

/** A post or landmark by its name or the beginning of it, a grid reference (MGRS), or latitude and longitude. */
export function placeOf(
  text: string,
  zones: readonly Zone[],
  errorM: number | undefined,
  landmarks: readonly Landmark[] = [],
): Observer | undefined {
  const said = plain(text);
  if (said === "") return undefined;
  const pair = /^(-?\d+(?:\.\d+)?)[,\s]+(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  if (pair !== null) {
    const [latDeg, lonDeg] = [Number(pair[1]), Number(pair[2])];
    if (Math.abs(latDeg) > 90 || Math.abs(lonDeg) > 180) return undefined;
    return { latDeg, lonDeg, errorM: errorM ?? COORDINATES_ERROR_M, by: "map" };
  }
  const known = named(zones, landmarks);
  const exact = known.find(({ name }) => plain(name) === said);
  const begun = known.filter(({ name }) => plain(name).startsWith(said));
  // One landmark may begin so in both languages: that is one place.
  const [first, ...others] = begun;
  const isOne = others.every(({ observer }) => observer.latDeg === first?.observer.latDeg && observer.lonDeg === first.observer.lonDeg);
  const place = exact ?? (isOne ? first : undefined);
  if (place !== undefined) return { ...place.observer, errorM: errorM ?? place.observer.errorM };
  const square = decodeMgrs(text.replaceAll(" ", "").toUpperCase());
  if ("refused" in square) return undefined;
  return {
    latDeg: square.latDeg,
    lonDeg: square.lonDeg,
    errorM: errorM ?? Math.min(50_000, Math.max(GRID_ERROR_M, square.sideM)),
    by: "grid",
    name: text.trim().toUpperCase(),
  };
}

function compass(word: string | undefined): (typeof COMPASS_WORDS)[number] | undefined {
  return COMPASS_WORDS.find((known) => known === word);
}

/** `clock-7` with where the caller faces, a compass word, degrees, or overhead. */
function directionOf({ direction, degrees, facing }: VoiceValues): NewReport["direction"] {
  if (direction === undefined || direction === "") return undefined;
  if (direction === "overhead") return { type: "overhead" };
  if (direction === "degrees") {
    const azimuthDeg = Number(degrees);
    if (degrees === undefined || degrees === "" || !(azimuthDeg >= 0 && azimuthDeg <= 360)) return undefined;
    return { type: "pointed", azimuthDeg, sigmaDeg: 10 };
  }
  const hour = /^clock-(\d{1,2})$/.exec(direction);
  if (hour !== null) {
    const towards = compass(facing);
    return towards === undefined ? undefined : { type: "clock", hour: Number(hour[1]), facingDeg: COMPASS_WORDS.indexOf(towards) * 22.5 };
  }
  const word = compass(direction);
  return word === undefined ? undefined : { type: "compass", word };
}

function number(text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}

/** The report that a call makes so far; `missing` while there is none. */
export function voiceReport(
  { id, startedMs, values }: VoiceDraft,
  zones: readonly Zone[],
  nowMs: number,
  landmarks: readonly Landmark[] = [],
): NewReport | { readonly missing: "place" } {
  const observer = placeOf(values.place ?? "", zones, number(values.placeError, 0, 50_000), landmarks);
  if (observer === undefined) return { missing: "place" };
  const minutes = number(values.minutesAgo, 0, 1440) ?? 0;
  const range = values.range === "metres" ? number(values.metres, 1, 20_000) : undefined;
  const caller = {
    personId: values.person === "" ? undefined : values.person,
    name: values.callerName?.trim() === "" ? undefined : values.callerName?.trim(),
    callBack: values.callBack?.trim() === "" ? undefined : values.callBack?.trim(),
  };
  const given = {
    id,
    how: "voice",
    sentMs: nowMs,
    observedMs: startedMs - minutes * 60_000,
    // "Ten minutes ago" is good to a third.
    observedErrorS: Math.max(10, minutes * 20),
    lastSeenMs: values.stillThere === "yes" ? nowMs : undefined,
    observer,
    direction: directionOf(values),
    elevation: values.elevation === undefined || values.elevation === "" ? undefined : { type: "word", word: values.elevation },
    range:
      range !== undefined
        ? { type: "metres", metres: range }
        : values.range === undefined || values.range === "" || values.range === "metres"
          ? undefined
          : { type: "word", word: values.range },
    sound: values.sound,
    count: number(values.count, 1, 999),
    type: values.type,
    doing: values.doing,
    headingWord: compass(values.heading),
    carrying: values.carrying,
    lights: values.lights === undefined || values.lights === "" ? undefined : { state: values.lights },
    operator:
      values.operator === undefined || values.operator === ""
        ? undefined
        : values.operator === "no"
          ? { seen: false }
          : values.operator === "yes"
            ? { seen: true }
            : { seen: true, direction: values.operator },
    fallen: values.fallen,
    atRisk: values.atRisk === "yes",
    note: values.note?.trim(),
    language: values.callerLanguage === "es" ? "es" : "en",
    caller,
  };
  // What was not said is left out, and so is what was emptied again.
  return JSON.parse(JSON.stringify(given, (_key, value: unknown) => (value === "" ? undefined : value))) as NewReport;
}
