// Which satellites' orbits does a text give, as two-line elements or as an orbit mean-elements message in JSON?
import { json2satrec, type OMMJsonObject, type SatRec, SatRecError, twoline2satrec } from "satellite.js";
import type { OrbitalElements, Refusal } from "./contract.ts";
import { LIMITS } from "./limits.ts";
import { refusal } from "./refusal.ts";

export interface ElementsRead {
  /** In the order of the text; of two sets of one satellite both are kept, the one with the nearer epoch is used. */
  readonly elements: readonly OrbitalElements[];
  /** What could not be read, by line of the text (two-line elements) or place in the list (JSON), counted from 1; the first `LIMITS.leftOut`. */
  readonly refused: readonly { readonly at: number; readonly refusal: Refusal }[];
  readonly refusedMore: number;
}

const MS_PER_DAY = 86_400_000;
const JULIAN_UNIX_EPOCH = 2_440_587.5;
const TLE_CLAUSE = "CelesTrak, NORAD two-line element set format";
const OMM_CLAUSE = "CCSDS 502.0-B-3 §4";
const NAME_CHARACTERS = 24;
/** Fields of line 1 and line 2 by their columns: what each may look like. Digits in the wrong column are a broken line, not another number. */
const LINE_1 =
  /^1 [0-9A-HJ-NP-Z][0-9]{4}[UCS ] [0-9A-Z ]{8} [0-9]{2}[0-9 ]{3}\.[0-9]{8} [-+ ][.0-9 ][0-9]{8} [-+ ][0-9 ]{5}[-+ ][0-9] [-+ ][0-9 ]{5}[-+ ][0-9] [0-9 ] [0-9 ]{4}[0-9]$/;
const LINE_2 =
  /^2 [0-9A-HJ-NP-Z][0-9]{4} [0-9 ]{3}\.[0-9]{4} [0-9 ]{3}\.[0-9]{4} [0-9 ]{7} [0-9 ]{3}\.[0-9]{4} [0-9 ]{3}\.[0-9]{4} [0-9 ]{2}\.[0-9]{8}[0-9 ]{5}[0-9]$/;

/** Line 1 and 2, after a name line or not, of any number of satellites; or JSON: one OMM object or a list of them, as CelesTrak gives it. */
export function readElements(text: string): ElementsRead {
  if (text.length > LIMITS.elementsCharacters) {
    const detail = `the text has ${text.length} characters; ${LIMITS.elementsCharacters} are read`;
    return { elements: [], refused: [{ at: 1, refusal: refusal("too-many", "limits", detail) }], refusedMore: 0 };
  }
  const gathered = new Gathered();
  if (/^[\s\uFEFF]*[[{]/.test(text)) readJson(text, gathered);
  else readLines(text, gathered);
  return { elements: gathered.elements, refused: gathered.refused, refusedMore: gathered.refusedMore };
}

class Gathered {
  readonly elements: OrbitalElements[] = [];
  readonly refused: { at: number; refusal: Refusal }[] = [];
  refusedMore = 0;

  refuse(at: number, why: Refusal): void {
    if (this.refused.length < LIMITS.leftOut) this.refused.push({ at, refusal: why });
    else this.refusedMore += 1;
  }

  take(at: number, satrec: SatRec, noradId: string, name: string | null, clause: string): void {
    const epochUnixMs = Math.round((satrec.jdsatepoch - JULIAN_UNIX_EPOCH) * MS_PER_DAY);
    if (satrec.error !== SatRecError.None)
      return this.refuse(at, refusal("bad-elements", clause, `the orbit of ${noradId} cannot be: SGP4 says ${satrec.error}`));
    if (!(epochUnixMs >= LIMITS.firstUnixMs && epochUnixMs < LIMITS.lastUnixMs)) {
      return this.refuse(at, refusal("bad-elements", clause, `the epoch of ${noradId} lies outside 2000 to 2100`));
    }
    if (this.elements.length >= LIMITS.satellites) {
      return this.refuse(at, refusal("too-many", "limits", `more than ${LIMITS.satellites} satellites`));
    }
    this.elements.push({ noradId, name, epochUnixMs, state: satrec });
  }
}

function readLines(text: string, gathered: Gathered): void {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  let name: string | null = null;
  let namedAt = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trimEnd();
    if (line === "") continue;
    if (!/^[12] .{30}/.test(line)) {
      if (name !== null) gathered.refuse(namedAt, refusal("bad-elements", TLE_CLAUSE, "a name without elements"));
      name = line;
      namedAt = at + 1;
      continue;
    }
    const second = (lines[at + 1] ?? "").trimEnd();
    const flaw = flawOf(line, second);
    if (flaw !== null) {
      gathered.refuse(at + 1, refusal("bad-elements", TLE_CLAUSE, flaw));
      if (second.startsWith("2 ")) at += 1;
    } else {
      gathered.take(at + 1, twoline2satrec(line, second), catalogueNumber(line.slice(2, 7)), cleanName(name), TLE_CLAUSE);
      at += 1;
    }
    name = null;
  }
  if (name !== null) gathered.refuse(namedAt, refusal("bad-elements", TLE_CLAUSE, "a name without elements"));
}

function flawOf(first: string, second: string): string | null {
  if (!LINE_1.test(first)) return "line 1 does not have its fields in their columns";
  if (!LINE_2.test(second)) return "line 2 is missing or does not have its fields in their columns";
  if (checksum(first) !== first.slice(68)) return "line 1 fails its checksum";
  if (checksum(second) !== second.slice(68)) return "line 2 fails its checksum";
  if (first.slice(2, 7) !== second.slice(2, 7)) return "the two lines are of different satellites";
  const dayOfYear = Number(first.slice(20, 32));
  if (!(dayOfYear >= 1 && dayOfYear < 367)) return "the day of the epoch is none of a year";
  return orbitFlaw(Number(second.slice(8, 16)), Number(`0.${second.slice(26, 33).replaceAll(" ", "0")}`), Number(second.slice(52, 63)));
}

/** What SGP4 would not refuse by itself but turn into numbers. */
function orbitFlaw(inclinationDeg: number, eccentricity: number, revolutionsPerDay: number): string | null {
  if (!(inclinationDeg >= 0 && inclinationDeg <= 180)) return "the inclination is not within 0 to 180 degrees";
  if (!(eccentricity >= 0 && eccentricity < 1)) return "the eccentricity is not within 0 to 1";
  if (!(revolutionsPerDay > 0.05 && revolutionsPerDay < 17)) return "the mean motion is none of an Earth satellite";
  return null;
}

/** Digits count themselves, a minus sign counts 1, modulo 10. */
function checksum(line: string): string {
  let sum = 0;
  for (let at = 0; at < 68; at += 1) {
    const code = line.charCodeAt(at);
    if (code >= 48 && code <= 57) sum += code - 48;
    else if (code === 45) sum += 1;
  }
  return String(sum % 10);
}

/** Numbers from 100,000 on have a letter for their first two digits ("Alpha-5"; I and O are not used). */
function catalogueNumber(field: string): string {
  const first = "ABCDEFGHJKLMNPQRSTUVWXYZ".indexOf(field.charAt(0));
  return first < 0 ? String(Number(field)) : String((first + 10) * 10_000 + Number(field.slice(1)));
}

function cleanName(line: string | null): string | null {
  if (line === null) return null;
  const printable = line
    .replace(/^0 /, "")
    .replaceAll(/[^\u0020-\u007E]/g, "")
    .trim()
    .slice(0, NAME_CHARACTERS);
  return printable === "" ? null : printable;
}

function readJson(text: string, gathered: Gathered): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return gathered.refuse(1, refusal("bad-elements", OMM_CLAUSE, "the text is no JSON"));
  }
  const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  for (const [index, one] of list.entries()) {
    const read = ommOf(one);
    if (typeof read === "string") gathered.refuse(index + 1, refusal("bad-elements", OMM_CLAUSE, read));
    else gathered.take(index + 1, json2satrec(read.omm), read.noradId, read.name, OMM_CLAUSE);
  }
}

/** The fields of a message as numbers, or what is wrong. Numbers may stand as text (Space-Track) or as numbers (CelesTrak). */
function ommOf(one: unknown): { omm: OMMJsonObject; noradId: string; name: string | null } | string {
  if (typeof one !== "object" || one === null) return "an entry is no object";
  const fields = new Map<string, unknown>(Object.entries(one));
  const number = (key: string): number => {
    const value = fields.get(key);
    if (typeof value === "number") return value;
    return typeof value === "string" && /^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$/.test(value) ? Number(value) : Number.NaN;
  };
  const epoch = fields.get("EPOCH");
  if (typeof epoch !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z?$/.test(epoch)) return "EPOCH is no moment";
  const noradId = number("NORAD_CAT_ID");
  if (!(Number.isInteger(noradId) && noradId >= 0 && noradId <= 999_999_999)) return "NORAD_CAT_ID is no catalogue number";
  const values = {
    MEAN_MOTION: number("MEAN_MOTION"),
    ECCENTRICITY: number("ECCENTRICITY"),
    INCLINATION: number("INCLINATION"),
    RA_OF_ASC_NODE: number("RA_OF_ASC_NODE"),
    ARG_OF_PERICENTER: number("ARG_OF_PERICENTER"),
    MEAN_ANOMALY: number("MEAN_ANOMALY"),
    BSTAR: number("BSTAR"),
    MEAN_MOTION_DOT: fields.has("MEAN_MOTION_DOT") ? number("MEAN_MOTION_DOT") : 0,
    MEAN_MOTION_DDOT: fields.has("MEAN_MOTION_DDOT") ? number("MEAN_MOTION_DDOT") : 0,
  };
  for (const [key, value] of Object.entries(values)) if (!Number.isFinite(value)) return `${key} is no number`;
  if (Math.abs(values.BSTAR) > 10) return "BSTAR is none of a satellite";
  const flaw = orbitFlaw(values.INCLINATION, values.ECCENTRICITY, values.MEAN_MOTION);
  if (flaw !== null) return flaw;
  const frame = fields.get("REF_FRAME") ?? "TEME";
  const theory = fields.get("MEAN_ELEMENT_THEORY") ?? "SGP4";
  if (frame !== "TEME" || (theory !== "SGP4" && theory !== "SGP/SGP4")) return "the elements are not for SGP4 in TEME";
  const objectName = fields.get("OBJECT_NAME");
  const name = typeof objectName === "string" ? cleanName(objectName) : null;
  return {
    omm: { OBJECT_NAME: name ?? "", OBJECT_ID: "", ELEMENT_SET_NO: 0, EPOCH: epoch, NORAD_CAT_ID: noradId, ...values },
    noradId: String(noradId),
    name,
  };
}
