// What is the military grid reference of a position, and where is a reference that someone wrote or said?

import * as mgrsModule from "mgrs";
import { wrap180Deg } from "./angles.ts";
import { type Refused, refuse } from "./refusal.ts";

// Node sees the package's CommonJS build as one default export, bundlers see its ES build with names only.
type Mgrs = typeof mgrsModule;
const loaded: Mgrs & { readonly default?: Mgrs } = mgrsModule;
const mgrs: Mgrs = loaded.default ?? loaded;

const CLAUSE = "NGA.STND.0037 MGRS";

/** Digits of each of the two coordinates: 5 says 1 m, 4 says 10 m, down to 0 for the 100 km square alone. */
export type MgrsDigits = 0 | 1 | 2 | 3 | 4 | 5;

export type MgrsEncodeCode = "not-a-position" | "polar";
export type MgrsDecodeCode = "too-long" | "malformed" | "no-such-zone" | "no-such-square" | "polar";

/**
 * The grid reference of the square that holds a position, without spaces, with a two-digit zone ("04QFJ1234567890").
 * Coordinates are cut, not rounded, as the standard demands. Latitudes below −80° and from 84° on belong to the polar grid (UPS),
 * which is refused. Easting and northing come from mgrs (series of J. P. Snyder, USGS PP 1395, eq. 8-9 ff.); the README states
 * the measured error.
 */
export function encodeMgrs(latDeg: number, lonDeg: number, digits: MgrsDigits = 5): { readonly mgrs: string } | Refused<MgrsEncodeCode> {
  const wrapped = wrap180Deg(lonDeg);
  // A rounding below 180 the package's division gives a zone 61.
  const lon = wrapped > 180 - 1e-12 ? -180 : wrapped;
  if (!(latDeg >= -90 && latDeg <= 90) || Number.isNaN(lon)) {
    return refuse("not-a-position", CLAUSE, "latitude beyond ±90° or a coordinate that is no finite number");
  }
  if (latDeg < -80 || latDeg >= 84) {
    return refuse("polar", CLAUSE, "beyond 80° south and from 84° north the polar grid (UPS) applies, which is not supported");
  }
  // Within a millimetre south of the equator the northing rounds to the first row of the northern hemisphere.
  const lat = latDeg < 0 && latDeg > -1e-8 ? -1e-8 : latDeg;
  const text = mgrs.forward([lon, lat], digits);
  return { mgrs: /^\d[A-Z]/.test(text) ? `0${text}` : text };
}

/** The square that a reference names. */
export interface MgrsSquare {
  /** Centre of the square. Near a zone's edge it can lie in the neighbouring zone, as maps that print both grids allow. */
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Side of the square in metres: 100,000 with no digits, 1 with five and five. The position is uncertain by half its diagonal. */
  readonly sideM: number;
}

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
/** Column letters of zones 1, 2, 3 and so on in turn (eight 100 km columns each). */
const COLUMNS = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"] as const;
const REFERENCE = /^(\d{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])(\d{0,10})$/i;
const POLAR_REFERENCE = /^[ABYZ][A-HJ-NP-Z]{2}\d{0,10}$/i;
const LONGEST_TEXT = 40;

/**
 * Decodes a reference; blanks anywhere and small letters are accepted, since people write them. Refused: anything else than
 * zone, band, square and an even number of at most ten digits; zones beyond 60 and those that the exceptions for Norway and
 * Svalbard leave out; column letters that the zone's set does not have; 100 km squares that lie wholly outside the band or zone
 * named, which catches most slips of one letter.
 */
export function decodeMgrs(text: string): MgrsSquare | Refused<MgrsDecodeCode> {
  if (text.length > LONGEST_TEXT) return refuse("too-long", CLAUSE, `${text.length} characters`);
  const compact = text.replace(/[ \t]/g, "");
  const parts = REFERENCE.exec(compact);
  if (parts === null) {
    return POLAR_REFERENCE.test(compact)
      ? refuse("polar", CLAUSE, "a reference of the polar grid (UPS), which is not supported")
      : refuse("malformed", CLAUSE, "expected zone, band letter, two square letters and up to ten digits");
  }
  const [, zoneText = "", band = "", column = "", row = "", numbers = ""] = parts.map((part) => part.toUpperCase());
  if (numbers.length % 2 !== 0) {
    return refuse("malformed", CLAUSE, "an odd number of digits cannot be split into easting and northing");
  }
  const zone = Number(zoneText);
  if (zone < 1 || zone > 60) return refuse("no-such-zone", CLAUSE, `zone ${zone} is not one of 1 to 60`);
  if (band === "X" && (zone === 32 || zone === 34 || zone === 36)) {
    return refuse("no-such-zone", CLAUSE, `zone ${zone} has no band X: Svalbard's zones are 31, 33, 35 and 37`);
  }
  if (!COLUMNS[zone % 3]?.includes(column)) {
    return refuse("no-such-square", CLAUSE, `zone ${zone} has no column ${column}`);
  }
  const square = `${zone}${band}${column}${row}`;
  if (!squareTouches(square, zone, band)) {
    return refuse("no-such-square", CLAUSE, `square ${column}${row} does not lie in ${zone}${band}`);
  }
  const perAxis = numbers.length / 2;
  const sideM = 10 ** (5 - perAxis);
  if (perAxis === 5) {
    const [west, south, east, north] = mgrs.inverse(square + numbers);
    return { latDeg: (south + north) / 2, lonDeg: wrap180Deg((west + east) / 2), sideM };
  }
  // The middle of two corners misses the centre of a large square by metres; the square one digit finer has it as its corner.
  const [lonDeg, latDeg] = mgrs.inverse(`${square}${numbers.slice(0, perAxis)}5${numbers.slice(perAxis)}5`);
  return { latDeg, lonDeg: wrap180Deg(lonDeg), sideM };
}

/** Longitudes that a zone covers in a band, with the exceptions for Norway (31V, 32V) and Svalbard (31X to 37X). */
function zoneEdgesDeg(zone: number, band: string): readonly [west: number, east: number] {
  const west = zone * 6 - 186;
  if (band === "V" && zone === 31) return [0, 3];
  if (band === "V" && zone === 32) return [3, 12];
  if (band === "X" && zone >= 31 && zone <= 37) {
    const edges = [0, 9, 21, 33, 42];
    const at = (zone - 31) / 2;
    return [edges[at] ?? west, edges[at + 1] ?? west + 6];
  }
  return [west, west + 6];
}

/**
 * Whether a 100 km square shares ground with a band and zone. On the grid latitude and longitude grow or shrink steadily along each
 * axis on one side of the central meridian and the equator, and no square straddles either, so the corners hold the extremes. They
 * are read off the metre squares in the corners.
 */
function squareTouches(square: string, zone: number, band: string): boolean {
  const southWest = mgrs.inverse(`${square}0000000000`);
  const southEast = mgrs.inverse(`${square}9999900000`);
  const northWest = mgrs.inverse(`${square}0000099999`);
  const northEast = mgrs.inverse(`${square}9999999999`);
  const bandSouth = -80 + 8 * BANDS.indexOf(band);
  const bandNorth = band === "X" ? 84 : bandSouth + 8;
  const [zoneWest, zoneEast] = zoneEdgesDeg(zone, band);
  return (
    Math.max(northWest[3], northEast[3]) > bandSouth &&
    Math.min(southWest[1], southEast[1]) < bandNorth &&
    Math.max(southEast[2], northEast[2]) > zoneWest &&
    Math.min(southWest[0], northWest[0]) < zoneEast
  );
}
