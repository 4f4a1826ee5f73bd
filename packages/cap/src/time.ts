// How CAP writes a moment: local time with a numeric offset, never "Z" (CAP 1.2 §3.3.2).

/** A moment, and the offset of the clock that it is written by. */
export interface CapTime {
  /** Unix time, whole seconds. */
  readonly unixS: number;
  /** Minutes to add to UTC. */
  readonly offsetMin: number;
}

const DAY_S = 86_400;
const MAX_OFFSET_MIN = 14 * 60;
/** Years 1 to 9999: what four digits hold. */
const LEAST_S = -62_135_596_800;
const MOST_S = 253_402_300_799;

const two = (value: number): string => String(value).padStart(2, "0");

/** Days of the proleptic Gregorian calendar since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** `2026-11-22T06:02:00-07:00`; UTC is `-00:00`. Undefined: no such moment can be written. */
export function timeText({ unixS, offsetMin }: CapTime): string | undefined {
  if (!Number.isSafeInteger(unixS) || !Number.isInteger(offsetMin) || Math.abs(offsetMin) > MAX_OFFSET_MIN) return undefined;
  const local = unixS + offsetMin * 60;
  if (local < LEAST_S || local > MOST_S) return undefined;
  const days = Math.floor(local / DAY_S);
  const ofDay = local - days * DAY_S;
  const { year, month, day } = dateOf(days);
  const offset = Math.abs(offsetMin);
  const clock = `${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}`;
  const zone = `${offsetMin > 0 ? "+" : "-"}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}${zone}`;
}

/** The moment that a text names; undefined where it is none. A leap second counts as the second after it. */
export function timeOf(text: string): CapTime | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([+-])(\d\d):(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [zoneHour = 0, zoneMinute = 0] = parts.slice(8).map(Number);
  if (year < 1 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60 || zoneMinute > 59) return undefined;
  const days = daysOf(year, month, day);
  const back = dateOf(days);
  if (back.month !== month || back.day !== day) return undefined;
  const offsetMin = (parts[7] === "-" ? -1 : 1) * (zoneHour * 60 + zoneMinute);
  if (Math.abs(offsetMin) > MAX_OFFSET_MIN) return undefined;
  // -0 is 0: UTC is written with a minus, and is UTC.
  return { unixS: days * DAY_S + hour * 3600 + minute * 60 + second - offsetMin * 60, offsetMin: offsetMin === 0 ? 0 : offsetMin };
}
