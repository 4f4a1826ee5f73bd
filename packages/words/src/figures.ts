// How figures are written: metres, seconds, compass points, clock hours and times of day, each language's marks apart.
import { clockHour, wrap360Deg } from "@atalaya/geodesy";
import type { Language } from "./message.ts";

/** Between a number and its unit, so that no line breaks there. */
const NO_BREAK_SPACE = "\u00a0";

const POINTS: Readonly<Record<Language, readonly string[]>> = {
  en: ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"],
  es: ["norte", "noreste", "este", "sureste", "sur", "suroeste", "oeste", "noroeste"],
};
const SHORT_POINTS: Readonly<Record<Language, readonly string[]>> = {
  en: ["N", "NE", "E", "SE", "S", "SW", "W", "NW"],
  es: ["N", "NE", "E", "SE", "S", "SO", "O", "NO"],
};

/** One of the eight compass points, in words or letters. */
export function compassPoint(azimuthDeg: number, language: Language, short = false): string {
  const index = Math.floor((wrap360Deg(azimuthDeg) + 22.5) / 45) % 8;
  return (short ? SHORT_POINTS : POINTS)[language][index] ?? "";
}

/** To ten metres below a kilometre (never 0: "near" is 10 m), to a hundred below ten, then whole kilometres. The point is a point in both languages. */
export function distanceText(distanceM: number): string {
  const tens = Math.max(10, Math.round(distanceM / 10) * 10);
  if (tens < 1000) return `${tens}${NO_BREAK_SPACE}m`;
  const km = distanceM / 1000;
  return `${km < 9.95 ? String(Math.round(km * 10) / 10) : String(Math.round(km))}${NO_BREAK_SPACE}km`;
}

/** Whole seconds to three minutes, rounded down: nobody is given time that is not there. Then whole minutes. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 180 ? `${whole}${NO_BREAK_SPACE}s` : `${Math.floor(whole / 60)}${NO_BREAK_SPACE}min`;
}

/** Clock hour of a direction for someone who faces that way. */
export function clockText(azimuthDeg: number, facingDeg: number, language: Language): string {
  const hour = clockHour(azimuthDeg, facingDeg);
  if (language === "en") return `${hour} o'clock`;
  return hour === 1 ? "A la 1" : `A las ${hour}`;
}

const DAY_MIN = 1440;

/** Hours and minutes of a day, 24 h, at an offset from UTC in minutes. */
export function timeText(timeUs: number, utcOffsetMin: number): string {
  const minutes = Math.floor(timeUs / 60_000_000) + utcOffsetMin;
  const ofDay = ((minutes % DAY_MIN) + DAY_MIN) % DAY_MIN;
  return `${String(Math.floor(ofDay / 60)).padStart(2, "0")}:${String(ofDay % 60).padStart(2, "0")}`;
}
