// What do the lines of BaseStation text (port 30003) say?
// MSG,type,session,aircraft,HEX,flight,date,time,date,time,callsign,altitude,speed,track,lat,lon,vertical rate,squawk,alert,emergency,ident,ground
import { addressText } from "../bits.ts";
import { clauses } from "../clauses.ts";
import { type Refusal, type Refused, refuse } from "../refusal.ts";

export type SbsRefusalCode = "too-long" | "unknown-line" | "too-few-fields" | "bad-address" | "bad-type";

/** One MSG line. */
export interface SbsMessage {
  /** 1 identity and category, 2 surface position, 3 airborne position, 4 velocity, 5 and 6 surveillance, 7 air to air, 8 all-call. */
  readonly transmissionType: number;
  readonly address: number;
  /** False for the addresses that dump1090 marks with "~": anonymous, vehicles, track files. */
  readonly isIcao: boolean;
  /** When the receiver heard it and when it wrote it, ms from 1970 on the sender's own clock and in its own zone, which the line does not name. */
  readonly generatedMs: number | undefined;
  readonly loggedMs: number | undefined;
  readonly callsign: string | undefined;
  /** Above the 1013.25 hPa surface. */
  readonly altitudeFt: number | undefined;
  readonly groundSpeedKt: number | undefined;
  readonly trackDeg: number | undefined;
  readonly latDeg: number | undefined;
  readonly lonDeg: number | undefined;
  readonly verticalRateFpm: number | undefined;
  readonly squawk: string | undefined;
  readonly hasAlert: boolean | undefined;
  readonly isEmergency: boolean | undefined;
  readonly isIdent: boolean | undefined;
  readonly isOnGround: boolean | undefined;
}

const FIELDS = 22;
/** Without the last ones some programs still say who and what. */
const LEAST_FIELDS = 10;
/** Messages about the receiver's own list: a selection, a new aircraft, a new callsign, a status, a click. */
const OTHER_LINES = new Set(["SEL", "ID", "AIR", "STA", "CLK"]);
const NUMBER = /^[+-]?\d{1,9}(\.\d{1,12})?$/;

function numberOf(text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined || !NUMBER.test(text)) return undefined;
  const value = Number(text);
  // A minus sign before 0 is no other number.
  return value >= low && value <= high ? value + 0 : undefined;
}

function flagOf(text: string | undefined): boolean | undefined {
  if (text === "0") return false;
  // Some programs write -1 for true.
  return text === "1" || text === "-1" ? true : undefined;
}

/** Days from 1970-01-01 of a date of the Gregorian calendar, March being the first month so that the leap day is the last. */
function daysOf(year: number, month: number, day: number): number {
  const years = year - (month <= 2 ? 1 : 0);
  const months = (month + 9) % 12;
  const days = Math.floor((153 * months + 2) / 5) + day - 1;
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) + days - 719_468;
}

function timeOf(date: string | undefined, time: string | undefined): number | undefined {
  const day = /^(\d{4})[/-](\d\d)[/-](\d\d)$/.exec(date ?? "");
  const clock = /^(\d\d):(\d\d):(\d\d)(\.\d{1,9})?$/.exec(time ?? "");
  if (day === null || clock === null) return undefined;
  const [year, month, dayOfMonth] = day.slice(1).map(Number);
  const [hour, minute, second] = clock.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return ((daysOf(year, month, dayOfMonth) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + Math.round(Number(clock[4] ?? 0) * 1000);
}

function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" || trimmed.length > 8 || !/^[\x20-\x7e]*$/.test(trimmed) ? undefined : trimmed;
}

/**
 * Decodes one line without its end. Undefined for the lines about a receiver's own list; a value out of its range is left out, the rest stands.
 */
export function decodeSbs(line: string): SbsMessage | Refused<SbsRefusalCode> | undefined {
  const fields = line.split(",");
  const [kind = "", type = "", , , address = ""] = fields;
  if (OTHER_LINES.has(kind)) return undefined;
  if (kind !== "MSG") return refuse("unknown-line", clauses.sbs, `begins with ${JSON.stringify(kind.slice(0, 10))}`);
  if (fields.length < LEAST_FIELDS) return refuse("too-few-fields", clauses.sbs, `${fields.length} fields, ${FIELDS} are usual`);
  const transmissionType = /^[1-8]$/.test(type) ? Number(type) : 0;
  if (transmissionType === 0) return refuse("bad-type", clauses.sbs, `transmission type ${JSON.stringify(type.slice(0, 10))}, not 1 to 8`);
  const match = /^(~?)([0-9A-Fa-f]{6})$/.exec(address);
  if (match === null) return refuse("bad-address", clauses.sbs, `${JSON.stringify(address.slice(0, 10))} is not six hex digits`);
  const squawk = fields[17];
  const latDeg = numberOf(fields[14], -90, 90);
  const lonDeg = numberOf(fields[15], -180, 180);
  const hasPlace = latDeg !== undefined && lonDeg !== undefined;
  return {
    transmissionType,
    address: Number.parseInt(match[2], 16),
    isIcao: match[1] === "",
    generatedMs: timeOf(fields[6], fields[7]),
    loggedMs: timeOf(fields[8], fields[9]),
    callsign: textOf(fields[10]),
    altitudeFt: numberOf(fields[11], -2000, 200_000),
    groundSpeedKt: numberOf(fields[12], 0, 5000),
    trackDeg: numberOf(fields[13], 0, 360),
    latDeg: hasPlace ? latDeg : undefined,
    lonDeg: hasPlace ? lonDeg : undefined,
    verticalRateFpm: numberOf(fields[16], -40_000, 40_000),
    squawk: squawk !== undefined && /^[0-7]{1,4}$/.test(squawk) ? squawk.padStart(4, "0") : undefined,
    hasAlert: flagOf(fields[18]),
    isEmergency: flagOf(fields[19]),
    isIdent: flagOf(fields[20]),
    isOnGround: flagOf(fields[21]?.trim()),
  };
}

const MAX_LINE_BYTES = 512;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Takes text in pieces of any size and hands out its messages, in order with the refusals. It holds one line, at most 512 bytes: of a longer
 * one nothing is kept, and the next line is read again. `otherLines` counts the lines about the receiver's own list.
 */
export class SbsFramer {
  readonly #onMessage: (message: SbsMessage) => void;
  readonly #onRefused: (refusal: Refusal<SbsRefusalCode>) => void;
  readonly #line: Uint8Array = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  otherLines = 0;

  constructor(onMessage: (message: SbsMessage) => void, onRefused: (refusal: Refusal<SbsRefusalCode>) => void) {
    this.#onMessage = onMessage;
    this.#onRefused = onRefused;
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
        this.#end();
        continue;
      }
      if (this.#length < MAX_LINE_BYTES) this.#line[this.#length] = byte;
      // One more than fits marks the line as too long, however long it gets.
      if (this.#length <= MAX_LINE_BYTES) this.#length += 1;
    }
  }

  /** Says that the stream has ended: what stands there is the last line. */
  end(): void {
    this.#end();
  }

  #end(): void {
    const length = this.#length;
    this.#length = 0;
    if (length === 0) return;
    if (length > MAX_LINE_BYTES) {
      this.#onRefused({ code: "too-long", clause: clauses.sbs, detail: `more than ${MAX_LINE_BYTES} bytes without a line's end` });
      return;
    }
    let text = "";
    for (let k = 0; k < length; k += 1) text += String.fromCharCode(this.#line[k]);
    const decoded = decodeSbs(text);
    if (decoded === undefined) this.otherLines += 1;
    else if ("refused" in decoded) this.#onRefused(decoded.refused);
    else this.#onMessage(decoded);
  }
}

/** The civil date of days from 1970-01-01, the inverse of `daysOf`. */
function dateOf(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const months = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * months + 2) / 5) + 1;
  const month = months < 10 ? months + 3 : months - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}/${String(month).padStart(2, "0")}/${String(day).padStart(2, "0")}`;
}

function stamp(timeMs: number | undefined): string {
  if (timeMs === undefined) return ",";
  const days = Math.floor(timeMs / 86_400_000);
  const rest = timeMs - days * 86_400_000;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const clock = `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}.${String(rest % 1000).padStart(3, "0")}`;
  return `${dateOf(days)},${clock}`;
}

function flag(value: boolean | undefined): string {
  if (value === undefined) return "";
  return value ? "-1" : "0";
}

/** The line of a message, with its end. Numbers are written in full. */
export function encodeSbs(message: SbsMessage): string {
  const { address, isIcao, callsign, altitudeFt, groundSpeedKt, trackDeg, latDeg, lonDeg, verticalRateFpm, squawk } = message;
  const values = [callsign, altitudeFt, groundSpeedKt, trackDeg, latDeg, lonDeg, verticalRateFpm, squawk].map((value) => value ?? "");
  const flags = [message.hasAlert, message.isEmergency, message.isIdent, message.isOnGround].map(flag);
  const times = [stamp(message.generatedMs), stamp(message.loggedMs)];
  const who = `${isIcao ? "" : "~"}${addressText(address)}`;
  return `${["MSG", message.transmissionType, 1, 1, who, 1, ...times, ...values, ...flags].join(",")}\r\n`;
}
