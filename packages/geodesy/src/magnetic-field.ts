// By how much does a compass differ from true north, here and now, how sure is that, and is the model still in force?

import geomagnetism from "geomagnetism";
import { wrap360Deg } from "./angles.ts";

/** The model and the span its makers answer for. */
export interface MagneticModel {
  readonly name: string;
  readonly validFromUnixMs: number;
  /** After this moment the field is extrapolated and a newer model is due. */
  readonly validToUnixMs: number;
}

/** Whether the moment asked for lies in the model's span. Outside it the field is still computed, by the same linear change. */
export type MagneticValidity = "in-force" | "not-yet-in-force" | "expired";

/** What the horizontal field allows (WMM2025 Technical Report: caution below 6,000 nT, blackout below 2,000 nT). */
export type CompassUse = "usable" | "caution" | "blackout";

export interface MagneticField {
  /** From true north to magnetic north, east positive, [-180, 180]. */
  readonly declinationDeg: number;
  /** Below the horizontal, down positive. */
  readonly inclinationDeg: number;
  readonly horizontalNt: number;
  readonly totalNt: number;
  /**
   * Standard deviation of the declination that the model's makers give for the whole Earth, `√(0.26² + (5417/H)²)` degrees (error model of the
   * WMM2025 Technical Report). Local iron, vehicles and buildings add to it; the age of an expired model does too.
   */
  readonly declinationErrorDeg: number;
  readonly compass: CompassUse;
  readonly validity: MagneticValidity;
  readonly model: MagneticModel;
}

const MS_PER_DAY = 86_400_000;
/** 2025.0 and 2029.0: two moments inside the span at which a whole number of years has passed since the model's epoch. */
const FIRST_YEAR = 2025;
const SECOND_YEAR = 2029;
const FIRST_YEAR_UNIX_MS = 1_735_689_600_000;
const SECOND_YEAR_UNIX_MS = 1_861_920_000_000;

// The model's coefficients change linearly with time, and so does each component of the field at a place. Two fixed moments
// therefore give every moment, without the package's clock, its refusals and its messages on the console.
const first = modelAt(FIRST_YEAR_UNIX_MS);
const second = modelAt(SECOND_YEAR_UNIX_MS);

function modelAt(unixMs: number): ReturnType<typeof geomagnetism.model> {
  // oxlint-disable-next-line no-restricted-globals -- a constant moment in the form the package wants; no clock is read
  return geomagnetism.model(new Date(unixMs));
}

/** The model in this release: WMM2025 (NOAA/NCEI and BGS, epoch 2025.0). */
export const MAGNETIC_MODEL: MagneticModel = {
  name: first.name,
  validFromUnixMs: first.start_date.getTime(),
  validToUnixMs: first.end_date.getTime(),
};

/**
 * The magnetic field at a position and a moment. Degree and order 12: components agree with the test values published with the
 * model to their last digit (see README). Domain of the model: heights from −1 to 850 km, any position. At a pole the declination
 * refers to the meridian of the longitude given. NaN, infinities and latitudes beyond ±90 give NaN.
 */
export function magneticField(latDeg: number, lonDeg: number, heightHaeM: number, unixMs: number): MagneticField {
  return fieldAtYear(latDeg, lonDeg, heightHaeM, decimalYear(unixMs), validityAt(unixMs));
}

/** Declination alone, in degrees, east positive: `magneticField` without the rest. */
export function magneticDeclinationDeg(latDeg: number, lonDeg: number, heightHaeM: number, unixMs: number): number {
  return magneticField(latDeg, lonDeg, heightHaeM, unixMs).declinationDeg;
}

function validityAt(unixMs: number): MagneticValidity {
  if (!(unixMs <= MAGNETIC_MODEL.validToUnixMs)) return "expired";
  return unixMs < MAGNETIC_MODEL.validFromUnixMs ? "not-yet-in-force" : "in-force";
}

function fieldAtYear(latDeg: number, lonDeg: number, heightHaeM: number, year: number, validity: MagneticValidity): MagneticField {
  // The package takes a height that is no number for 0.
  const lat = latDeg >= -90 && latDeg <= 90 && Number.isFinite(heightHaeM) ? latDeg : Number.NaN;
  const place = [lat, lonDeg % 360, heightHaeM / 1000];
  const start = first.point(place);
  const end = second.point(place);
  const share = (year - FIRST_YEAR) / (SECOND_YEAR - FIRST_YEAR);
  const northNt = start.x + (end.x - start.x) * share;
  const eastNt = start.y + (end.y - start.y) * share;
  const downNt = start.z + (end.z - start.z) * share;
  const horizontalNt = Math.hypot(northNt, eastNt);
  return {
    declinationDeg: (Math.atan2(eastNt, northNt) * 180) / Math.PI,
    inclinationDeg: (Math.atan2(downNt, horizontalNt) * 180) / Math.PI,
    horizontalNt,
    totalNt: Math.hypot(horizontalNt, downNt),
    declinationErrorDeg: Math.hypot(0.26, 5417 / horizontalNt),
    compass: compassUse(horizontalNt),
    validity,
    model: MAGNETIC_MODEL,
  };
}

function compassUse(horizontalNt: number): CompassUse {
  if (horizontalNt >= 6000) return "usable";
  return horizontalNt >= 2000 ? "caution" : "blackout";
}

/** True azimuth of a compass reading, [0, 360). */
export function trueFromMagneticDeg(magneticDeg: number, declinationDeg: number): number {
  return wrap360Deg(magneticDeg + declinationDeg);
}

/** Compass reading of a true azimuth, [0, 360). */
export function magneticFromTrueDeg(trueDeg: number, declinationDeg: number): number {
  return wrap360Deg(trueDeg - declinationDeg);
}

/** Year and its elapsed part in the Gregorian calendar, UTC: 2025.5 is the middle of 2025. NaN gives NaN. */
export function decimalYear(unixMs: number): number {
  const days = unixMs / MS_PER_DAY;
  const estimate = Math.floor(1970 + days / 365.2425);
  // The estimate is at most one year off at either end of a year.
  const year = days < daysBefore(estimate) ? estimate - 1 : days >= daysBefore(estimate + 1) ? estimate + 1 : estimate;
  return year + (days - daysBefore(year)) / (daysBefore(year + 1) - daysBefore(year));
}

/** Days from 1 January 1970 to 1 January of a year. */
function daysBefore(year: number): number {
  const past = year - 1;
  return 365 * (year - 1970) + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477;
}
