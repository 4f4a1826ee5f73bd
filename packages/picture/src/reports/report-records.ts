// Records of what people report: the report itself, who has opened it, what came of it, what was asked, and the media that came with it.
// Words are kept as they were chosen; what they measure is worked out when the record is read, so that a better table re-reads old reports.
import { LANGUAGES, type Language } from "@atalaya/words";
import type { JsonValue } from "@atalaya/remote-id";
import { type Channel, CHANNELS, RECEIPT_STEPS, type ReceiptStep } from "../loop-records.ts";
import { type Fields, isFields, isFiniteNumber, isOneOf, isPlace, isText, isTextOrAbsent } from "../record-check.ts";
import type { LatLon } from "../place.ts";

export const COMPASS_WORDS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"] as const;
export type CompassWord = (typeof COMPASS_WORDS)[number];
const COARSE_WORDS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;

export const REPORT_WAYS = ["field", "voice", "other"] as const;
export const OBSERVER_WAYS = ["device", "post", "landmark", "grid", "map"] as const;
export const ELEVATION_WORDS = ["horizon", "low", "half-way", "high", "overhead"] as const;
export type ElevationWord = (typeof ELEVATION_WORDS)[number];
export const RANGE_WORDS = ["very-close", "close", "middling", "far", "very-far"] as const;
export type RangeWord = (typeof RANGE_WORDS)[number];
export const SOUND_WORDS = ["none", "faint", "clear", "loud"] as const;
export type SoundWord = (typeof SOUND_WORDS)[number];
const REPORT_TYPES = ["multirotor", "fixed-wing", "unknown", "not-sure-drone"] as const;
export type ReportType = (typeof REPORT_TYPES)[number];
const DOINGS = ["hovering", "passing", "circling", "approaching", "leaving", "dropping", "landed", "not-known"] as const;
const CARRYINGS = ["nothing", "something", "not-known"] as const;
const LIGHT_STATES = ["none", "steady", "flashing", "not-known"] as const;
const LIGHT_COLOURS = ["white", "red", "green", "blue", "yellow", "other"] as const;
const FALLEN = ["dropped-object", "wreck"] as const;
export const MEDIA_KINDS = ["photo", "video", "sound"] as const;

/** What came of a report, decided from all that is known and never from the reporter's own label. */
export const OUTCOMES = [
  "drone",
  "own-drone",
  "authorised-drone",
  "aircraft",
  "bird",
  "balloon",
  "star-or-planet",
  "satellite",
  "other-object",
  "nothing-found",
  "not-enough-information",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface ReportObserver extends LatLon {
  /** 95 % of the horizontal error, m. */
  readonly errorM: number;
  readonly by: (typeof OBSERVER_WAYS)[number];
  readonly name?: string | undefined;
}

export type ReportDirection =
  | { readonly type: "pointed"; readonly azimuthDeg: number; readonly sigmaDeg: number }
  | { readonly type: "compass"; readonly word: CompassWord }
  | { readonly type: "clock"; readonly hour: number; readonly facingDeg: number }
  | { readonly type: "overhead" };

export type ReportElevation =
  | { readonly type: "pointed"; readonly elevationDeg: number; readonly sigmaDeg: number }
  | { readonly type: "word"; readonly word: ElevationWord };

export type ReportRange = { readonly type: "metres"; readonly metres: number } | { readonly type: "word"; readonly word: RangeWord };

/** A report as it was sent, with its times on the sector's clock. */
export interface SightingReport {
  /** Made by the device. A second record of the same id changes nothing. */
  readonly id: string;
  readonly how: (typeof REPORT_WAYS)[number];
  readonly drill: boolean;
  /** One of ours; absent: a caller who is not. */
  readonly personId?: string | undefined;
  readonly caller?: { readonly name?: string | undefined; readonly callBack?: string | undefined } | undefined;
  /** The officer who keyed it. */
  readonly keyedBy?: string | undefined;
  /** The sector's clock minus the device's, as its arrival showed, µs: already in the times below. */
  readonly clockOffsetUs: number;
  readonly observedUs: number;
  readonly observedErrorS: number;
  readonly firstSeenUs?: number | undefined;
  readonly lastSeenUs?: number | undefined;
  readonly observer: ReportObserver;
  readonly direction?: ReportDirection | undefined;
  readonly elevation?: ReportElevation | undefined;
  readonly range?: ReportRange | undefined;
  readonly sound?: SoundWord | undefined;
  readonly count?: number | undefined;
  readonly type?: ReportType | undefined;
  readonly doing?: (typeof DOINGS)[number] | undefined;
  readonly headingWord?: CompassWord | undefined;
  readonly carrying?: (typeof CARRYINGS)[number] | undefined;
  readonly lights?:
    | { readonly state: (typeof LIGHT_STATES)[number]; readonly colours?: readonly (typeof LIGHT_COLOURS)[number][] | undefined }
    | undefined;
  /** Never more than this of a person on the ground. */
  readonly operator?: { readonly seen: boolean; readonly direction?: (typeof COARSE_WORDS)[number] | undefined } | undefined;
  readonly fallen?: (typeof FALLEN)[number] | undefined;
  readonly atRisk: boolean;
  readonly note?: string | undefined;
  readonly language: Language;
}

/** What a report may be given later: what was seen, never where from, in which direction or when. */
export type MoreSeen = Pick<
  SightingReport,
  | "firstSeenUs"
  | "lastSeenUs"
  | "range"
  | "sound"
  | "count"
  | "type"
  | "doing"
  | "headingWord"
  | "carrying"
  | "lights"
  | "operator"
  | "fallen"
  | "note"
>;

export interface ReportMedia {
  readonly id: string;
  readonly reportId: string;
  readonly kind: (typeof MEDIA_KINDS)[number];
  readonly type: string;
  readonly bytes: number;
  /** SHA-256 of the file as it came, hexadecimal: what a copy can be held against. The file itself lies apart. */
  readonly sha256: string;
}

/** On which side a report was opened: by the reporter's own leadership, or by the centre. */
export type ReportSide = "leadership" | "centre";

export interface ReportRecords {
  readonly report: { readonly report: SightingReport };
  /** The reporter adds what was seen besides. A second record of the same id changes nothing. */
  readonly "report-more": { readonly reportId: string; readonly moreId: string; readonly more: MoreSeen; readonly by: string };
  readonly "report-opened": { readonly reportId: string; readonly side: ReportSide; readonly by: string };
  /** A leader's device has been told of it. */
  readonly "report-told-leader": { readonly reportId: string; readonly personId: string };
  /** What became of telling a leader by one way; `reminder`: of which round, 0 the first. */
  readonly "report-leader-receipt": {
    readonly reportId: string;
    readonly personId: string;
    readonly reminder: number;
    readonly channel: Channel;
    readonly address: string;
    readonly step: ReceiptStep;
    readonly reason?: string | undefined;
  };
  /** Replaces what was decided before; the reporter is told again. */
  readonly "report-outcome": {
    readonly reportId: string;
    readonly outcome: Outcome;
    readonly note?: string | undefined;
    readonly by: string;
  };
  /** The reporter has seen what came of it, or was told by voice: then `by` is the officer. */
  readonly "report-told": { readonly reportId: string; readonly by: string };
  readonly "report-taken-back": { readonly reportId: string; readonly by: string; readonly reason?: string | undefined };
  readonly "report-question": { readonly reportId: string; readonly questionId: string; readonly text: string; readonly by: string };
  readonly "report-answer": { readonly reportId: string; readonly questionId: string; readonly text: string; readonly by: string };
  /** An officer joins it to the incident of another report, or with its own id takes it out. */
  readonly "report-incident": { readonly reportId: string; readonly incident: string; readonly by: string };
  /** An officer grades the information, 1 to 6. */
  readonly "report-grade": { readonly reportId: string; readonly credibility: number; readonly by: string };
  /** Somebody looked at the two ratings of a report. */
  readonly "grading-look": { readonly reportId: string; readonly by: string };
  /** A file that is to come; its bytes follow, and lie apart. */
  readonly media: { readonly media: ReportMedia; readonly by: string };
  /** It is whole, and its hash is right. */
  readonly "media-whole": { readonly mediaId: string };
  /** Written before a copy is shown. */
  readonly "media-look": { readonly mediaId: string; readonly by: string; readonly purpose: string };
  readonly "media-removed": { readonly mediaId: string; readonly by: string; readonly reason: string };
  /** A change in how a device can be reached; the heartbeats between are not kept. */
  readonly "device-reach": {
    readonly personId: string;
    readonly device: string;
    readonly reach: "up" | "limited" | "cut-off";
    /** Abilities that it lacks. */
    readonly lacks: readonly string[];
  };
}

/** Kinds whose content is kept as long as reports are, and not for good: they say where one of ours was, and what was seen. */
export const REPORT_CONTENT_KINDS: ReadonlySet<string> = new Set<keyof ReportRecords>([
  "report",
  "report-more",
  "report-question",
  "report-answer",
]);

const ID = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_LACKS = 16;

function isReportId(value: JsonValue | undefined): boolean {
  return typeof value === "string" && ID.test(value);
}

function isBetween(value: JsonValue | undefined, low: number, high: number): boolean {
  return isFiniteNumber(value) && value >= low && value <= high;
}

function isAbsentOr(value: JsonValue | undefined, is: (value: JsonValue | undefined) => boolean): boolean {
  return value === undefined || is(value);
}

function isTime(value: JsonValue | undefined): boolean {
  return isBetween(value, 0, 8.64e18);
}

function isObserver(value: JsonValue | undefined): boolean {
  return (
    isFields(value) &&
    isPlace(value) &&
    isBetween(value["errorM"], 0, 50_000) &&
    isOneOf(value["by"], OBSERVER_WAYS) &&
    isTextOrAbsent(value["name"])
  );
}

function isDirection(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  switch (value["type"]) {
    case "pointed":
      return isBetween(value["azimuthDeg"], 0, 360) && isBetween(value["sigmaDeg"], 0.1, 180);
    case "compass":
      return isOneOf(value["word"], COMPASS_WORDS);
    case "clock":
      return isBetween(value["hour"], 1, 12) && isBetween(value["facingDeg"], 0, 360);
    default:
      return value["type"] === "overhead";
  }
}

function isElevation(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  return value["type"] === "pointed"
    ? isBetween(value["elevationDeg"], -90, 90) && isBetween(value["sigmaDeg"], 0.1, 90)
    : value["type"] === "word" && isOneOf(value["word"], ELEVATION_WORDS);
}

function isRange(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  return value["type"] === "metres"
    ? isBetween(value["metres"], 1, 20_000)
    : value["type"] === "word" && isOneOf(value["word"], RANGE_WORDS);
}

function isLights(value: JsonValue | undefined): boolean {
  if (!isFields(value) || !isOneOf(value["state"], LIGHT_STATES)) return false;
  const { colours } = value;
  return (
    colours === undefined || (Array.isArray(colours) && colours.length <= 6 && colours.every((colour) => isOneOf(colour, LIGHT_COLOURS)))
  );
}

/** Nothing beside `seen` and a coarse direction: a description of a person is no report of ours. */
function isOperator(value: JsonValue | undefined): boolean {
  return (
    isFields(value) &&
    typeof value["seen"] === "boolean" &&
    isAbsentOr(value["direction"], (direction) => isOneOf(direction, COARSE_WORDS)) &&
    Object.keys(value).every((key) => key === "seen" || key === "direction")
  );
}

function isCaller(value: JsonValue | undefined): boolean {
  return isFields(value) && isTextOrAbsent(value["name"]) && isTextOrAbsent(value["callBack"]);
}

function isReport(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  const { id, how, drill, atRisk, language, observedUs, observedErrorS, clockOffsetUs } = value;
  return (
    isReportId(id) &&
    isOneOf(how, REPORT_WAYS) &&
    typeof drill === "boolean" &&
    typeof atRisk === "boolean" &&
    isOneOf(language, LANGUAGES) &&
    isTime(observedUs) &&
    isBetween(observedErrorS, 0, 86_400) &&
    isFiniteNumber(clockOffsetUs) &&
    isObserver(value["observer"]) &&
    isTextOrAbsent(value["personId"]) &&
    isTextOrAbsent(value["keyedBy"]) &&
    isAbsentOr(value["caller"], isCaller) &&
    isAbsentOr(value["direction"], isDirection) &&
    isAbsentOr(value["elevation"], isElevation) &&
    isSeen(value)
  );
}

/** What was seen, as a report has it and as it may be added later. */
function isSeen(value: Fields): boolean {
  return (
    isTextOrAbsent(value["note"]) &&
    isAbsentOr(value["firstSeenUs"], isTime) &&
    isAbsentOr(value["lastSeenUs"], isTime) &&
    isAbsentOr(value["range"], isRange) &&
    isAbsentOr(value["sound"], (sound) => isOneOf(sound, SOUND_WORDS)) &&
    isAbsentOr(value["count"], (count) => isBetween(count, 1, 999)) &&
    isAbsentOr(value["type"], (type) => isOneOf(type, REPORT_TYPES)) &&
    isAbsentOr(value["doing"], (doing) => isOneOf(doing, DOINGS)) &&
    isAbsentOr(value["headingWord"], (word) => isOneOf(word, COMPASS_WORDS)) &&
    isAbsentOr(value["carrying"], (carrying) => isOneOf(carrying, CARRYINGS)) &&
    isAbsentOr(value["lights"], isLights) &&
    isAbsentOr(value["operator"], isOperator) &&
    isAbsentOr(value["fallen"], (fallen) => isOneOf(fallen, FALLEN))
  );
}

function isMedia(value: JsonValue | undefined): boolean {
  return (
    isFields(value) &&
    isReportId(value["id"]) &&
    isReportId(value["reportId"]) &&
    isOneOf(value["kind"], MEDIA_KINDS) &&
    isText(value["type"]) &&
    isBetween(value["bytes"], 1, 2 ** 31) &&
    typeof value["sha256"] === "string" &&
    /^[0-9a-f]{64}$/.test(value["sha256"])
  );
}

const MORE_KEYS: ReadonlySet<string> = new Set<keyof MoreSeen>([
  "firstSeenUs",
  "lastSeenUs",
  "range",
  "sound",
  "count",
  "type",
  "doing",
  "headingWord",
  "carrying",
  "lights",
  "operator",
  "fallen",
  "note",
]);

/** What each record must have to be read. */
export const reportShapes: { readonly [K in keyof ReportRecords]: (fields: Fields) => boolean } = {
  report: ({ report }) => isReport(report),
  "report-more": ({ reportId, moreId, more, by }) =>
    isReportId(reportId) &&
    isReportId(moreId) &&
    isFields(more) &&
    Object.keys(more).every((key) => MORE_KEYS.has(key)) &&
    isSeen(more) &&
    isText(by),
  "report-opened": ({ reportId, side, by }) => isReportId(reportId) && isOneOf(side, ["leadership", "centre"]) && isText(by),
  "report-told-leader": ({ reportId, personId }) => isReportId(reportId) && isText(personId),
  "report-leader-receipt": ({ reportId, personId, reminder, channel, address, step, reason }) =>
    isReportId(reportId) &&
    isText(personId) &&
    isBetween(reminder, 0, 1000) &&
    isOneOf(channel, CHANNELS) &&
    isText(address) &&
    isOneOf(step, RECEIPT_STEPS) &&
    isTextOrAbsent(reason),
  "report-outcome": ({ reportId, outcome, note, by }) =>
    isReportId(reportId) && isOneOf(outcome, OUTCOMES) && isTextOrAbsent(note) && isText(by),
  "report-told": ({ reportId, by }) => isReportId(reportId) && isText(by),
  "report-taken-back": ({ reportId, by, reason }) => isReportId(reportId) && isText(by) && isTextOrAbsent(reason),
  "report-question": ({ reportId, questionId, text, by }) => isReportId(reportId) && isReportId(questionId) && isText(text) && isText(by),
  "report-answer": ({ reportId, questionId, text, by }) => isReportId(reportId) && isReportId(questionId) && isText(text) && isText(by),
  "report-incident": ({ reportId, incident, by }) => isReportId(reportId) && isReportId(incident) && isText(by),
  "report-grade": ({ reportId, credibility, by }) => isReportId(reportId) && isBetween(credibility, 1, 6) && isText(by),
  "grading-look": ({ reportId, by }) => isReportId(reportId) && isText(by),
  media: ({ media, by }) => isMedia(media) && isText(by),
  "media-whole": ({ mediaId }) => isReportId(mediaId),
  "media-look": ({ mediaId, by, purpose }) => isReportId(mediaId) && isText(by) && isText(purpose),
  "media-removed": ({ mediaId, by, reason }) => isReportId(mediaId) && isText(by) && isText(reason),
  "device-reach": ({ personId, device, reach, lacks }) =>
    isText(personId) &&
    isText(device) &&
    isOneOf(reach, ["up", "limited", "cut-off"]) &&
    Array.isArray(lacks) &&
    lacks.length <= MAX_LACKS &&
    lacks.every(isText),
};
