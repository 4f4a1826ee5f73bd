// What does a TakMessage say: an event, what its sender can read, or both?
//
// Read by the rules of proto3: unknown fields are passed over, a field of another wire type is an unknown one, of a field that stands twice
// the last counts, of a message that stands twice all parts do.
import { decimalText } from "../decimal.ts";
import { type CotElement, type CotEvent, elementNamed, knownOf, MAX_EVENT_BYTES } from "../event.ts";
import { type CotRefused, refuse } from "../refusal.ts";
import { isWritableTime } from "../time.ts";
import { exactText } from "../utf8.ts";
import { isXmlText } from "../xml/characters.ts";
import { parseXmlContent } from "../xml/parse.ts";
import * as fields from "./fields.ts";
import {
  at,
  beginWire,
  endWire,
  FIXED64,
  fieldFrom,
  fieldNumber,
  fieldTo,
  LENGTH_DELIMITED,
  lowBits,
  moveTo,
  readDouble,
  readLength,
  readTag,
  readVarint,
  skipField,
  VARINT,
  wireRefusal,
  wireType,
} from "./wire.ts";

/** What a sender can decode: the highest protocol version that all on a mesh share is the one to send. */
export interface TakControl {
  readonly minVersion: number;
  readonly maxVersion: number;
  /** Undefined when the event beside it says who sends. */
  readonly contactUid: string | undefined;
}

export interface TakMessage {
  readonly control: TakControl | undefined;
  readonly event: CotEvent | undefined;
}

// Places of the strings of a message, by slot; empty where there is none.
const S_TYPE = 0;
const S_ACCESS = 1;
const S_QOS = 2;
const S_OPEX = 3;
const S_UID = 4;
const S_HOW = 5;
const S_CONTROL_UID = 6;
const S_CONTACT = 7;
const S_GROUP = 9;
const S_PRECISION = 11;
const S_TAKV = 13;
const S_PLAIN = 17;
/** xmlDetail is read apart: it is long, and the parser looks at its characters. */
const S_XML_DETAIL = 17;
const SLOTS = 18;
const stringFrom = new Int32Array(SLOTS);
const stringTo = new Int32Array(SLOTS);

// Numbers of a message.
const N_SEND = 0;
const N_START = 1;
const N_STALE = 2;
const N_LAT = 3;
const N_LON = 4;
const N_HAE = 5;
const N_CE = 6;
const N_LE = 7;
const N_SPEED = 8;
const N_COURSE = 9;
const N_BATTERY = 10;
const N_MIN = 11;
const N_MAX = 12;
const NUMBERS = 13;
const numbers = new Float64Array(NUMBERS);

/** Bits of the messages that are there: those of Detail by their field number, above it the rest. */
const HAS_CONTROL = 1 << 8;
const HAS_EVENT = 1 << 9;
let present = 0;

const NOTHING = new Uint8Array(0);
let message: Uint8Array = NOTHING;
/** Set when an earlier one of two strings is no UTF-8: the reference looks at each. */
let hasBadString = false;

function readString(to: number, slot: number): boolean {
  if (!readLength(to)) return false;
  if (stringTo[slot] > stringFrom[slot] && exactText(message.subarray(stringFrom[slot], stringTo[slot])) === undefined) hasBadString = true;
  stringFrom[slot] = fieldFrom;
  stringTo[slot] = fieldTo;
  moveTo(fieldTo);
  return true;
}

function readNumber(to: number, slot: number): boolean {
  const value = readDouble(to);
  if (value === undefined) return false;
  numbers[slot] = value;
  return true;
}

function readTime(to: number, slot: number): boolean {
  const value = readVarint(to);
  numbers[slot] = value;
  return value >= 0;
}

function readControl(to: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    if (wireType === VARINT && (fieldNumber === fields.MIN_VERSION || fieldNumber === fields.MAX_VERSION)) {
      const slot = fieldNumber === fields.MIN_VERSION ? N_MIN : N_MAX;
      if (readVarint(to) < 0) return false;
      numbers[slot] = lowBits;
    } else if (wireType === LENGTH_DELIMITED && fieldNumber === fields.CONTACT_UID) {
      if (!readString(to, S_CONTROL_UID)) return false;
    } else if (!skipField(to)) return false;
  }
  return true;
}

/** A typed detail all of whose fields are strings, numbered from 1. */
function readStrings(to: number, firstSlot: number, count: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    if (wireType === LENGTH_DELIMITED && fieldNumber <= count) {
      if (!readString(to, firstSlot + fieldNumber - 1)) return false;
    } else if (!skipField(to)) return false;
  }
  return true;
}

function readStatus(to: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    if (wireType === VARINT && fieldNumber === 1) {
      if (readVarint(to) < 0) return false;
      numbers[N_BATTERY] = lowBits;
    } else if (!skipField(to)) return false;
  }
  return true;
}

function readTrack(to: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    if (wireType === FIXED64 && fieldNumber <= 2) {
      if (!readNumber(to, N_SPEED + fieldNumber - 1)) return false;
    } else if (!skipField(to)) return false;
  }
  return true;
}

function readTyped(number: number, to: number): boolean {
  present |= 1 << number;
  switch (number) {
    case fields.CONTACT.field:
      return readStrings(to, S_CONTACT, 2);
    case fields.GROUP.field:
      return readStrings(to, S_GROUP, 2);
    case fields.PRECISION_LOCATION.field:
      return readStrings(to, S_PRECISION, 2);
    case fields.STATUS.field:
      return readStatus(to);
    case fields.TAKV.field:
      return readStrings(to, S_TAKV, 4);
    default:
      return readTrack(to);
  }
}

function readDetail(to: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    const number = fieldNumber;
    if (wireType !== LENGTH_DELIMITED || number > fields.TRACK.field) {
      if (!skipField(to)) return false;
    } else if (number === fields.XML_DETAIL) {
      if (!readString(to, S_XML_DETAIL)) return false;
    } else {
      if (!readLength(to)) return false;
      if (!readTyped(number, fieldTo)) return false;
    }
  }
  return true;
}

function readEvent(to: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    let isRead = true;
    if (wireType === LENGTH_DELIMITED) {
      switch (fieldNumber) {
        case fields.TYPE:
          isRead = readString(to, S_TYPE);
          break;
        case fields.ACCESS:
          isRead = readString(to, S_ACCESS);
          break;
        case fields.QOS:
          isRead = readString(to, S_QOS);
          break;
        case fields.OPEX:
          isRead = readString(to, S_OPEX);
          break;
        case fields.UID:
          isRead = readString(to, S_UID);
          break;
        case fields.HOW:
          isRead = readString(to, S_HOW);
          break;
        case fields.DETAIL:
          isRead = readLength(to) && readDetail(fieldTo);
          break;
        default:
          isRead = skipField(to);
      }
    } else if (wireType === VARINT && fieldNumber >= fields.SEND_TIME && fieldNumber <= fields.STALE_TIME) {
      isRead = readTime(to, N_SEND + fieldNumber - fields.SEND_TIME);
    } else if (wireType === FIXED64 && fieldNumber >= fields.LAT && fieldNumber <= fields.LE) {
      isRead = readNumber(to, N_LAT + fieldNumber - fields.LAT);
    } else isRead = skipField(to);
    if (!isRead) return false;
  }
  return true;
}

function readMessage(to: number): boolean {
  while (at < to) {
    if (!readTag(to)) return false;
    if (wireType === LENGTH_DELIMITED && (fieldNumber === fields.TAK_CONTROL || fieldNumber === fields.COT_EVENT)) {
      const isControl = fieldNumber === fields.TAK_CONTROL;
      present |= isControl ? HAS_CONTROL : HAS_EVENT;
      if (!readLength(to)) return false;
      if (!(isControl ? readControl(fieldTo) : readEvent(fieldTo))) return false;
    } else if (!skipField(to)) return false;
  }
  return true;
}

const texts: string[] = Array.from({ length: S_PLAIN }, () => "");
const gathered = new Uint8Array(MAX_EVENT_BYTES);

/** Makes text of all short strings, with one call of the decoder for those in ASCII. */
function readTexts(): CotRefused | undefined {
  let filled = 0;
  let isAscii = true;
  for (let slot = 0; slot < S_PLAIN; slot += 1) {
    const to = stringTo[slot];
    for (let k = stringFrom[slot]; k < to; k += 1) {
      const byte = message[k];
      // Control characters are looked at one string at a time, as are those beyond ASCII.
      if (byte < 0x20 || byte > 0x7e) isAscii = false;
      gathered[filled] = byte;
      filled += 1;
    }
  }
  if (!isAscii) return readTextsOneByOne();
  const all = exactText(gathered.subarray(0, filled)) ?? "";
  let from = 0;
  for (let slot = 0; slot < S_PLAIN; slot += 1) {
    const size = stringTo[slot] - stringFrom[slot];
    texts[slot] = size === 0 ? "" : all.slice(from, from + size);
    from += size;
  }
  return undefined;
}

function readTextsOneByOne(): CotRefused | undefined {
  for (let slot = 0; slot < S_PLAIN; slot += 1) {
    const text = exactText(message.subarray(stringFrom[slot], stringTo[slot]));
    if (text === undefined) return refuse("not-utf8", "a string that is no UTF-8");
    if (!isXmlText(text)) return refuse("character", "a string with a character that XML has not");
    texts[slot] = text;
  }
  return undefined;
}

const NO_CHILDREN: readonly CotElement[] = [];

function typed(name: string, attributes: Readonly<Record<string, string>>): CotElement {
  return { name, attributes, text: "", children: NO_CHILDREN };
}

function typedElement(number: number): CotElement | CotRefused {
  switch (number) {
    case fields.CONTACT.field: {
      const endpoint = texts[S_CONTACT];
      const callsign = texts[S_CONTACT + 1];
      return typed("contact", endpoint === "" ? { callsign } : { endpoint, callsign });
    }
    case fields.GROUP.field:
      return typed("__group", { name: texts[S_GROUP], role: texts[S_GROUP + 1] });
    case fields.PRECISION_LOCATION.field:
      return typed("precisionlocation", { geopointsrc: texts[S_PRECISION], altsrc: texts[S_PRECISION + 1] });
    case fields.STATUS.field:
      return typed("status", { battery: String(numbers[N_BATTERY]) });
    case fields.TAKV.field:
      return typed("takv", { device: texts[S_TAKV], platform: texts[S_TAKV + 1], os: texts[S_TAKV + 2], version: texts[S_TAKV + 3] });
    default: {
      const speed = numbers[N_SPEED];
      const course = numbers[N_COURSE];
      if (!Number.isFinite(speed) || !Number.isFinite(course)) return refuse("number", "speed or course of a track");
      return typed("track", { speed: decimalText(speed), course: decimalText(course) });
    }
  }
}

/** The elements of xmlDetail, and behind them the typed ones whose names it has not: where both are, xmlDetail counts. */
function detailOf(): { readonly elements: readonly CotElement[] } | CotRefused {
  const elements: CotElement[] = [];
  if (stringTo[S_XML_DETAIL] > stringFrom[S_XML_DETAIL]) {
    const text = exactText(message.subarray(stringFrom[S_XML_DETAIL], stringTo[S_XML_DETAIL]));
    if (text === undefined) return refuse("not-utf8", "an xmlDetail that is no UTF-8");
    const parsed = parseXmlContent(text, 2);
    if ("refused" in parsed) return parsed;
    for (const element of parsed.elements) elements.push(element);
  }
  const inXml = elements.length;
  for (const { field, element: name } of fields.TYPED_ELEMENTS) {
    if ((present & (1 << field)) === 0) continue;
    if (inXml > 0 && elementNamed(elements, name) !== undefined) continue;
    const element = typedElement(field);
    if ("refused" in element) return element;
    elements.push(element);
  }
  return { elements };
}

function eventOf(): CotEvent | CotRefused {
  const uid = texts[S_UID];
  const type = texts[S_TYPE];
  if (uid === "") return refuse("missing-attribute", "uid is missing or empty");
  if (type === "") return refuse("missing-attribute", "type is missing or empty");
  const timeMs = numbers[N_SEND];
  const startMs = numbers[N_START];
  const staleMs = numbers[N_STALE];
  if (!isWritableTime(timeMs) || !isWritableTime(startMs) || !isWritableTime(staleMs)) {
    return refuse("time-range", "a time beyond the year 9999");
  }
  // Adding 0 makes negative zero zero.
  const latDeg = numbers[N_LAT] + 0;
  const lonDeg = numbers[N_LON] + 0;
  const haeM = numbers[N_HAE] + 0;
  const ceM = numbers[N_CE] + 0;
  const leM = numbers[N_LE] + 0;
  if (!Number.isFinite(latDeg) || !Number.isFinite(lonDeg) || !Number.isFinite(haeM) || !Number.isFinite(ceM) || !Number.isFinite(leM)) {
    return refuse("number", "a number of the point that is none");
  }
  if (latDeg < -90 || latDeg > 90) return refuse("latitude", `lat ${latDeg}`);
  if (lonDeg < -180 || lonDeg > 180) return refuse("longitude", `lon ${lonDeg}`);
  const detail = detailOf();
  if ("refused" in detail) return detail;
  return {
    uid,
    type,
    how: texts[S_HOW],
    timeMs,
    startMs,
    staleMs,
    access: texts[S_ACCESS] === "" ? undefined : texts[S_ACCESS],
    qos: texts[S_QOS] === "" ? undefined : texts[S_QOS],
    opex: texts[S_OPEX] === "" ? undefined : texts[S_OPEX],
    point: { latDeg, lonDeg, haeM: knownOf(haeM), ceM: knownOf(ceM), leM: knownOf(leM) },
    detail: detail.elements,
  };
}

function controlOf(): TakControl | CotRefused {
  // Version 0 cannot be said here: it stands for 1.
  const minVersion = numbers[N_MIN] === 0 ? 1 : numbers[N_MIN];
  const maxVersion = numbers[N_MAX] === 0 ? 1 : numbers[N_MAX];
  if (minVersion > maxVersion) return refuse("version-range", `from version ${minVersion} to ${maxVersion}`);
  return { minVersion, maxVersion, contactUid: texts[S_CONTROL_UID] === "" ? undefined : texts[S_CONTROL_UID] };
}

function takMessage(bytes: Uint8Array): { readonly message: TakMessage } | CotRefused {
  stringFrom.fill(0);
  stringTo.fill(0);
  numbers.fill(0);
  present = 0;
  hasBadString = false;
  message = bytes;
  beginWire(bytes, 0);
  if (!readMessage(bytes.length)) return wireRefusal();
  if (hasBadString) return refuse("not-utf8", "a string that is no UTF-8");
  const fault = readTexts();
  if (fault !== undefined) return fault;
  let control: TakControl | undefined;
  if ((present & HAS_CONTROL) !== 0) {
    const result = controlOf();
    if ("refused" in result) return result;
    control = result;
  }
  let event: CotEvent | undefined;
  if ((present & HAS_EVENT) !== 0) {
    const result = eventOf();
    if ("refused" in result) return result;
    event = result;
  }
  return { message: { control, event } };
}

/** The TakMessage of a payload, without its header, of up to `MAX_EVENT_BYTES`. An empty one is a message that says nothing. */
export function decodeTakMessage(payload: Uint8Array): { readonly message: TakMessage } | CotRefused {
  if (payload.length > MAX_EVENT_BYTES) return refuse("too-long", `${payload.length} bytes, at most ${MAX_EVENT_BYTES}`);
  const result = takMessage(payload);
  message = NOTHING;
  endWire();
  return result;
}
