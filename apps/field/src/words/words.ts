// Which language the app speaks, and how it writes times and directions.
import { wrap360Deg } from "@atalaya/geodesy";
import type { Language } from "@atalaya/web/language";
import { useField } from "../state.ts";
import { en, type Words } from "./en.ts";
import { es } from "./es.ts";

export type { Words };

export const catalogues: Readonly<Record<Language, Words>> = { en, es };

export function useWords(): Words {
  return catalogues[useField(({ language }) => language)];
}

/** Hours and minutes where the sector is; with seconds where they matter. */
export function clock(timeMs: number, timeZone: string | undefined, withSeconds = false): string {
  return new Date(timeMs).toLocaleTimeString("en-GB", {
    hour12: false,
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" } : {}),
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}

/** Three figures, so that 8° and 80° are never taken for one another. */
export function degrees(deg: number): string {
  return `${String(Math.round(wrap360Deg(deg)) % 360).padStart(3, "0")}°`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}\u00a0s`;
}

/** The day of the sector's calendar, YYYY-MM-DD. */
export function calendarDay(timeMs: number, timeZone: string | undefined): string {
  // Swedish writes dates as ISO 8601 does.
  return new Date(timeMs).toLocaleDateString("sv-SE", timeZone === undefined ? {} : { timeZone });
}

const LOCALE: Readonly<Record<Language, string>> = { en: "en-GB", es: "es-MX" };

/** A day without a time: 30 Jun 27. */
export function dateText(date: string, language: Language): string {
  return new Date(date).toLocaleDateString(LOCALE[language], { day: "numeric", month: "short", year: "2-digit", timeZone: "UTC" });
}

/** A day near now, where the sector is: 18 Nov. */
export function dayText(timeMs: number, language: Language, timeZone: string | undefined): string {
  return new Date(timeMs).toLocaleDateString(LOCALE[language], {
    day: "numeric",
    month: "short",
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}

/** With the day of the week: Thu 12 Nov. */
export function weekdayText(timeMs: number, language: Language, timeZone: string | undefined): string {
  return new Date(timeMs)
    .toLocaleDateString(LOCALE[language], {
      weekday: "short",
      day: "numeric",
      month: "short",
      ...(timeZone === undefined ? {} : { timeZone }),
    })
    .replace(",", "");
}
