// A moment written as RFC 3339 text, as Unix seconds.

/** RFC 3339 §5.6 with the separator `T`, upper case; at most nine digits of a second. A leap second counts as the one after it. */
export const TIME_PATTERN =
  "^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d{1,9})?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$";
const TIME = new RegExp(TIME_PATTERN);

/** Days from 1970-01-01 of a date of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Unix seconds of such a text; undefined when it is none, or names a day that its month does not have. */
export function unixSecondsOf(text: string): number | undefined {
  if (text.length > 40 || !TIME.test(text)) return undefined;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const days = daysFromCivil(year, month, day);
  const nextMonth = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
  if (days >= nextMonth) return undefined;
  const zoned = text.endsWith("Z") ? text.length - 1 : text.length - 6;
  const zone = text.slice(zoned);
  const minutes = zone === "Z" ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  const clockS = Number(text.slice(11, 13)) * 3600 + (Number(text.slice(14, 16)) - minutes) * 60 + Number(text.slice(17, zoned));
  return days * 86_400 + clockS;
}
