// Which instant does a CoT time say, and how is one written? (xs:dateTime, as ISO 8601)

/** The first and last instants that four digits of year can say, ms. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;
const DAY_MS = 86_400_000;

/** True for a whole number of milliseconds that can be written with four digits of year. */
export function isWritableTime(timeMs: number): boolean {
  return Number.isInteger(timeMs) && timeMs >= FIRST_MS && timeMs <= LAST_MS;
}

/** Days from 1970-01-01 of a date of the proleptic Gregorian calendar (H. Hinnant, chrono-compatible date algorithms). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

const MONTH_DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysOfMonth(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29;
  return MONTH_DAYS[month - 1];
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

/** Two digits as a number; NaN when they are not. */
function twoAt(text: string, at: number): number {
  return digitAt(text, at) * 10 + digitAt(text, at + 1);
}

/**
 * Milliseconds since 1970 of an xs:dateTime in UTC or with an offset; digits beyond the milliseconds are cut off, as ATAK does.
 * NaN when it is none, has no zone, or a year of other than four digits. A time without a zone could be hours off, and is refused.
 * Real ATAK refuses an offset; we read it and write `Z`, so that what is passed on is read by all.
 */
export function timeOf(text: string): number {
  let end = text.length;
  let at = 0;
  while (at < end && text.charCodeAt(at) <= 0x20) at += 1;
  while (end > at && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  // CCYY-MM-DDThh:mm:ss and a zone
  if (end - at < 20) return Number.NaN;
  if (
    text.charCodeAt(at + 4) !== 0x2d ||
    text.charCodeAt(at + 7) !== 0x2d ||
    text.charCodeAt(at + 10) !== 0x54 ||
    text.charCodeAt(at + 13) !== 0x3a ||
    text.charCodeAt(at + 16) !== 0x3a
  )
    return Number.NaN;
  const year = twoAt(text, at) * 100 + twoAt(text, at + 2);
  const month = twoAt(text, at + 5);
  const day = twoAt(text, at + 8);
  const hour = twoAt(text, at + 11);
  const minute = twoAt(text, at + 14);
  const second = twoAt(text, at + 17);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month))) return Number.NaN;
  if (!(hour <= 24 && minute <= 59 && second <= 59)) return Number.NaN;
  let millisecond = 0;
  let k = at + 19;
  if (text.charCodeAt(k) === 0x2e) {
    k += 1;
    const from = k;
    let weight = 100;
    let rest = 0;
    for (; k < end; k += 1) {
      const digit = text.charCodeAt(k) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      millisecond += digit * weight;
      weight = weight > 1 ? weight / 10 : 0;
      rest |= digit;
    }
    if (k === from) return Number.NaN;
    if (hour === 24 && rest !== 0) return Number.NaN;
  }
  // The end of a day may be written as its hour 24 and no later.
  if (hour === 24 && (minute !== 0 || second !== 0)) return Number.NaN;
  let offsetMinutes = 0;
  const zone = text.charCodeAt(k);
  if (zone === 0x5a) {
    if (k + 1 !== end) return Number.NaN;
  } else if (zone === 0x2b || zone === 0x2d) {
    if (k + 6 !== end || text.charCodeAt(k + 3) !== 0x3a) return Number.NaN;
    const hours = twoAt(text, k + 1);
    const minutes = twoAt(text, k + 4);
    if (!((hours <= 13 && minutes <= 59) || (hours === 14 && minutes === 0))) return Number.NaN;
    offsetMinutes = (hours * 60 + minutes) * (zone === 0x2d ? -1 : 1);
  } else return Number.NaN;
  const seconds = (hour * 60 + minute - offsetMinutes) * 60 + second;
  const timeMs = daysFromCivil(year, month, day) * DAY_MS + seconds * 1000 + millisecond;
  return isWritableTime(timeMs) ? timeMs : Number.NaN;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** `2026-11-24T08:00:00.000Z` of a time that `isWritableTime`: three decimals and `Z` are what every known client reads. */
export function timeText(timeMs: number): string {
  const days = Math.floor(timeMs / DAY_MS);
  const rest = timeMs - days * DAY_MS;
  // The inverse of daysFromCivil, by the same author.
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const date = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
  const hour = Math.floor(rest / 3_600_000);
  const minute = Math.floor(rest / 60_000) % 60;
  const second = Math.floor(rest / 1000) % 60;
  return `${date}T${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}.${padded(rest % 1000, 3)}Z`;
}
