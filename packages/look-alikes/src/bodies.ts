// Where do the Sun, the Moon, the bright planets and the brightest stars stand for an observer, and how bright are they?
import {
  type AstroTime,
  Body,
  Equator,
  Horizon,
  Illumination,
  MakeTime,
  Observer,
  Refraction,
  Rotation_EQJ_HOR,
  RotateVector,
  Vector,
} from "astronomy-engine";
import { BRIGHT_STARS } from "./bright-stars.ts";
import type { Place } from "./contract.ts";

export interface BodySeen {
  readonly name: string;
  /** True azimuth, [0, 360). */
  readonly azimuthDeg: number;
  /** As seen: with refraction at 10 °C and 1010 hPa (Sæmundsson; Meeus, Astronomical Algorithms, ch. 16). */
  readonly elevationDeg: number;
  /** Outside the air. */
  readonly magnitude: number;
  /** Share of the disc that is lit; null for stars. */
  readonly litShare: number | null;
}

const MS_PER_DAY = 86_400_000;
const J2000_UNIX_MS = 946_728_000_000;
const DEG_PER_RAD = 180 / Math.PI;
const RAD_PER_MAS = Math.PI / 180 / 3_600_000;
const DAYS_PER_YEAR = 365.25;

const WANDERERS: readonly (readonly [name: string, body: Body])[] = [
  ["sun", Body.Sun],
  ["moon", Body.Moon],
  ["mercury", Body.Mercury],
  ["venus", Body.Venus],
  ["mars", Body.Mars],
  ["jupiter", Body.Jupiter],
  ["saturn", Body.Saturn],
];

/** The library's own time, from a number of days: it never asks the clock. */
function astroTime(unixMs: number): AstroTime {
  return MakeTime((unixMs - J2000_UNIX_MS) / MS_PER_DAY);
}

function observerAt(place: Place): Observer {
  return new Observer(place.latDeg, place.lonDeg, place.heightHaeM);
}

/** Elevation of the Sun's centre without refraction, as twilight is defined by it. */
export function sunElevationDeg(unixMs: number, place: Place): number {
  const time = astroTime(unixMs);
  const observer = observerAt(place);
  const { ra, dec } = Equator(Body.Sun, time, observer, true, true);
  return Horizon(time, observer, ra, dec).altitude;
}

/** All of them at once, those below the horizon too. */
export function brightBodies(unixMs: number, place: Place): readonly BodySeen[] {
  const time = astroTime(unixMs);
  const observer = observerAt(place);
  const seen: BodySeen[] = [];
  for (const [name, body] of WANDERERS) {
    const { ra, dec } = Equator(body, time, observer, true, true);
    const { azimuth, altitude } = Horizon(time, observer, ra, dec, "normal");
    const light = Illumination(body, time);
    seen.push({
      name,
      azimuthDeg: azimuth % 360,
      elevationDeg: altitude,
      magnitude: light.mag,
      litShare: body === Body.Sun ? 1 : light.phase_fraction,
    });
  }
  const toHorizon = Rotation_EQJ_HOR(time, observer);
  const years = time.tt / DAYS_PER_YEAR;
  for (const star of BRIGHT_STARS) {
    const dec = star.decDeg / DEG_PER_RAD + star.decMasPerYear * RAD_PER_MAS * years;
    const ra = (star.raHours * 15) / DEG_PER_RAD + (star.raMasPerYear * RAD_PER_MAS * years) / Math.cos(dec);
    // x points north, y west, z up. Aberration of light (up to 0.006°) is left out.
    const { x, y, z } = RotateVector(
      toHorizon,
      new Vector(Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec), time),
    );
    const geometric = Math.atan2(z, Math.hypot(x, y)) * DEG_PER_RAD;
    const azimuth = (Math.atan2(-y, x) * DEG_PER_RAD + 360) % 360;
    seen.push({
      name: star.name,
      azimuthDeg: azimuth,
      elevationDeg: geometric + Refraction("normal", geometric),
      magnitude: star.magnitude,
      litShare: null,
    });
  }
  return seen;
}
