// A warning as what CAP says of it: who should do what where, in English and Spanish. The area is that of the zones, or a coarse piece of ground around the
// danger: the grid hides from whom of ours it was judged.
import type { CapArea, CapInfo, CapTime } from "@atalaya/cap";
import type { AreaShape, Level, PictureWarning, ZoneDefinition } from "@atalaya/picture";
import { type Language, markedArea, outsideOverText, outsideText } from "@atalaya/words";
import { utcOffsetMin } from "../local-time.ts";
import { zonesOf } from "../danger-outside.ts";

/** Two languages, as the border has them; the tags that alerting systems of the United States know. */
export const TAGS: Readonly<Record<Language, string>> = { en: "en-US", es: "es-US" };
/** About 2.2 km: the middle of a danger is said no finer. */
const GRID_DEG = 0.02;
/** From the middle of a cell to its corner, and a kilometre more, so that the danger lies within. */
const GRID_MARGIN_M = 2600;
/** A ring that grows by the second is news a few times only. */
const RADII_KM = [3, 5, 10, 20, 50];
const HOLDS_S = 30 * 60;
const OVER_HOLDS_S = 10 * 60;

const RESPONSE: Readonly<Record<Level, "Shelter" | "Prepare" | "Monitor">> = {
  warning: "Shelter",
  caution: "Prepare",
  advisory: "Monitor",
};
const URGENCY: Readonly<Record<Level, "Immediate" | "Expected" | "Unknown">> = {
  warning: "Immediate",
  caution: "Expected",
  advisory: "Unknown",
};
const SEVERITY: Readonly<Record<Level, "Severe" | "Moderate" | "Minor">> = { warning: "Severe", caution: "Moderate", advisory: "Minor" };

export function capTime(timeUs: number): CapTime {
  return { unixS: Math.floor(timeUs / 1e6), offsetMin: utcOffsetMin(timeUs) };
}

const later = ({ unixS, offsetMin }: CapTime, seconds: number): CapTime => ({ unixS: unixS + seconds, offsetMin });

export function areaOf(areaDesc: string, shape: AreaShape): CapArea {
  if (shape.type === "circle") return { areaDesc, circles: [{ centre: shape.centre, radiusKm: shape.radiusM / 1000 }] };
  const [first] = shape.ring;
  return { areaDesc, polygons: [first === undefined ? shape.ring : [...shape.ring, first]] };
}

/** The middle of the grid's cell that the danger is in, and a radius in kilometres that holds all of it. */
export function coarseCircle({ lastPlace, ringM }: Pick<PictureWarning, "lastPlace" | "ringM">): {
  readonly centre: { readonly latDeg: number; readonly lonDeg: number };
  readonly radiusKm: number;
} {
  const cell = (deg: number, most: number): number =>
    Math.max(-most, Math.min(most, Math.round(Math.round(deg / GRID_DEG) * GRID_DEG * 100) / 100));
  return {
    centre: { latDeg: cell(lastPlace.latDeg, 90), lonDeg: cell(lastPlace.lonDeg, 180) },
    radiusKm: RADII_KM.find((radiusKm) => radiusKm * 1000 >= ringM + GRID_MARGIN_M) ?? 50,
  };
}

export interface CapNames {
  readonly senderName: string;
  readonly contact?: string | undefined;
}

export interface CapContent {
  /** Changes when there is something new to say. */
  readonly fingerprint: string;
  readonly headline: string;
  readonly infos: readonly CapInfo[];
}

/** What is said while it stands, or at its end. */
export function capContent(
  warning: Readonly<PictureWarning>,
  allZones: readonly ZoneDefinition[],
  { senderName, contact }: CapNames,
  sent: CapTime,
): CapContent {
  const { level, count, drill, unconfirmed, state, reference } = warning;
  const zones = zonesOf(warning);
  const danger = { level, places: zones.map(({ name }) => name), count, drill };
  const isOver = state === "cleared";
  const shapes = zones.flatMap(({ zoneId, name }) => {
    const zone = allZones.find(({ id }) => id === zoneId);
    return zone === undefined ? [] : [areaOf(name, zone.shape)];
  });
  const coarse = shapes.length === 0 ? coarseCircle(warning) : undefined;
  const over =
    warning.benign === undefined
      ? ({
          key: "all-clear",
          lastHeardUs: warning.lastHeardUs,
          ...(warning.lastCourseDeg === undefined ? {} : { leavingDeg: warning.lastCourseDeg }),
        } as const)
      : ({
          key: "stand-down",
          what: warning.benign.what,
          ...(warning.benign.name === undefined ? {} : { name: warning.benign.name }),
        } as const);
  const infos = (["en", "es"] as const).map((language): CapInfo => {
    const text = isOver ? outsideOverText(danger, over, language, sent.offsetMin) : outsideText(danger, language);
    return {
      language: TAGS[language],
      categories: ["Security"],
      ...text,
      responseTypes: [isOver ? "AllClear" : RESPONSE[level]],
      urgency: isOver ? "Past" : URGENCY[level],
      severity: isOver ? "Minor" : SEVERITY[level],
      certainty: isOver ? "Observed" : unconfirmed ? "Possible" : level === "warning" ? "Observed" : "Likely",
      expires: later(sent, isOver ? OVER_HOLDS_S : HOLDS_S),
      senderName,
      ...(contact === undefined ? {} : { contact }),
      parameters: [
        { valueName: "atalaya:reference", value: reference },
        { valueName: "atalaya:level", value: level },
        { valueName: "atalaya:drones", value: String(count) },
      ],
      areas: coarse === undefined ? shapes : [{ areaDesc: markedArea(language), circles: [coarse] }],
    };
  });
  return {
    fingerprint: JSON.stringify([level, zones.map(({ zoneId, level: ofZone }) => [zoneId, ofZone]), count, unconfirmed, coarse]),
    headline: infos[0]?.headline ?? "",
    infos,
  };
}

/** When what was said last must be said again, or it would lapse while it still holds, s after it was sent. */
export const RENEW_AFTER_S: number = (HOLDS_S * 2) / 3;
