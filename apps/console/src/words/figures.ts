// Figures as people read them: unit behind a no-break space, 24 hours, decimal point.
import { compassPointIndex, encodeMgrs } from "@atalaya/geodesy";
import type { Words } from "./en.ts";

const NBSP = "\u00a0";

export function metres(m: number | undefined): string {
  return m === undefined ? "–" : `${Math.round(m).toLocaleString("en-US")}${NBSP}m`;
}
/** Kilometres from one on, metres below. */
export function distance(m: number): string {
  return m >= 950 ? `${(m / 1000).toFixed(m >= 9950 ? 0 : 1)}${NBSP}km` : `${Math.round(m / 10) * 10}${NBSP}m`;
}
export function speed(mps: number | undefined): string {
  return mps === undefined ? "–" : `${Math.round(mps)}${NBSP}m/s`;
}
/** Whole percent, never rounded up into the next word; what is not certain is never 100, what is not excluded never 0. */
export function percent(probability: number): string {
  if (probability <= 0.01) return `<${NBSP}1${NBSP}%`;
  return `${Math.min(99, Math.floor(probability * 100 + 1e-9))}${NBSP}%`;
}
/** The words of confidence: near certain from 95 %, likely from 70, possible from 30. */
export function certainty(probability: number): keyof Words["sure"] {
  return probability >= 0.95 ? "nearCertain" : probability >= 0.7 ? "likely" : probability >= 0.3 ? "possible" : "unlikely";
}
/** A figure with its sign and its standard deviation. */
export function plusMinus(value: number, sigma: number, digits: number, unit: string): string {
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? "" : value < 0 ? "−" : "+";
  return `${sign}${text} ±${NBSP}${sigma.toFixed(digits)}${unit}`;
}
export function seconds(s: number): string {
  return s >= 100 ? `${Math.floor(s / 60)}${NBSP}min` : `${Math.round(s)}${NBSP}s`;
}
/** How old something is: seconds, minutes from 100 s, hours from two hours. */
export function age(s: number): string {
  return s >= 7200 ? `${Math.floor(s / 3600)}${NBSP}h` : seconds(Math.max(0, s));
}
export function degrees(deg: number): string {
  return `${String(Math.round(deg) % 360).padStart(3, "0")}°`;
}
export function direction(deg: number | undefined, words: Words): string {
  return deg === undefined ? "–" : `${degrees(deg)} ${words.compass[compassPointIndex(deg)] ?? ""}`;
}
export function clock(timeMs: number, timeZone: string | undefined): string {
  return new Date(timeMs).toLocaleTimeString("en-GB", { hour12: false, ...(timeZone === undefined ? {} : { timeZone }) });
}
export function zulu(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(11, 19)}Z`;
}
/** The name of the zone at that moment: it changes with the season. */
export function zoneName(timeMs: number, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "short" }).formatToParts(timeMs);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
/** Day and time, for what is read later. */
export function dayAndClock(timeMs: number, timeZone: string | undefined): string {
  const day = new Date(timeMs).toLocaleDateString("sv-SE", timeZone === undefined ? {} : { timeZone });
  return `${day} ${clock(timeMs, timeZone)}`;
}
/** Grid reference to 10 m, in groups. */
export function grid(latDeg: number, lonDeg: number): string {
  const reference = encodeMgrs(latDeg, lonDeg, 4);
  if (!("mgrs" in reference)) return `${latDeg.toFixed(5)}, ${lonDeg.toFixed(5)}`;
  const match = /^(\d{1,2}[A-Z])([A-Z]{2})(\d{4})(\d{4})$/.exec(reference.mgrs.replaceAll(" ", ""));
  return match === null ? reference.mgrs : match.slice(1).join(" ");
}
