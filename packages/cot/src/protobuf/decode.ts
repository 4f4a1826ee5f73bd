// What does a TakMessage say: an event, what its sender can read, or both?
//
// Read by the rules of proto3: unknown fields are passed over, a field of another wire type is an unknown one, of a field that stands twice
// the last counts, of a message that stands twice all parts do.
import { decimalText } from "../decimal.ts";
import {
  type CotElement,
  type CotEvent,
  type CotHead,
  elementNamed,
  eventOf,
  knownOf,
  MAX_EVENT_BYTES,
  type ScannedEvent,
} from "../event.ts";
import { type CotRefused, refuse } from "../refusal.ts";
import { isWritableTime } from "../time.ts";
import { exactText } from "../utf8.ts";
import { isXmlText } from "../xml/characters.ts";
import { builtDetail } from "../xml/decode.ts";
import { type Content, parseContent } from "../xml/parse.ts";
import * as fields from "./fields.ts";
import {
  at,
  beginWire,
  endWire,
  FIXED64,
  hasMore,
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
/** From here on those of the typed details. */
const S_TYPED = 7;
const S_CONTACT = 7;
const S_GROUP = 9;
const S_PRECISION = 11;
const S_TAKV = 13;
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

const NO_BYTES = new Uint8Array(0);
let message: Uint8Array = NO_BYTES;
/** Set when an earlier one of two strings is no UTF-8: the reference looks at each. */
let hasBadString = false;

function readString(to: number, slot: number): boolean {
  const end = readLength(to);
  if (end < 0) return false;
  if (stringTo[slot] > stringFrom[slot] && exactText(message.subarray(stringFrom[slot], stringTo[slot])) === undefined) hasBadString = true;
  stringFrom[slot] = at;
  stringTo[slot] = end;
  moveTo(end);
  return true;
}

function readTime(to: number, slot: number): boolean {
  const value = readVarint(to);
  numbers[slot] = value;
  return value >= 0;
}

function readUint32(to: number, slot: number): boolean {
  if (readVarint(to) < 0) return false;
  numbers[slot] = lowBits;
  return true;
}

/** The tag of a field of this number and wire type. */
function tagOf(field: number, wireType: number): number {
  return field * 8 + wireType;
}

function readControl(to: number): boolean {
  while (hasMore(to)) {
    const tag = readTag(to);
    let isRead: boolean;
    if (tag === tagOf(fields.MIN_VERSION, VARINT)) isRead = readUint32(to, N_MIN);
    else if (tag === tagOf(fields.MAX_VERSION, VARINT)) isRead = readUint32(to, N_MAX);
    else if (tag === tagOf(fields.CONTACT_UID, LENGTH_DELIMITED)) isRead = readString(to, S_CONTROL_UID);
    else isRead = tag >= 0 && skipField(tag, to);
    if (!isRead) return false;
  }
  return true;
}

/** A typed detail all of whose fields are strings, numbered from 1. */
function readStrings(to: number, firstSlot: number, count: number): boolean {
  const lastTag = tagOf(count, LENGTH_DELIMITED);
  while (hasMore(to)) {
    const tag = readTag(to);
    if (tag < 0) return false;
    const isOurs = tag <= lastTag && (tag & 7) === LENGTH_DELIMITED;
    if (!(isOurs ? readString(to, firstSlot + (tag >> 3) - 1) : skipField(tag, to))) return false;
  }
  return true;
}

function readStatus(to: number): boolean {
  while (hasMore(to)) {
    const tag = readTag(to);
    if (tag < 0) return false;
    if (!(tag === tagOf(1, VARINT) ? readUint32(to, N_BATTERY) : skipField(tag, to))) return false;
  }
  return true;
}

function readTrack(to: number): boolean {
  while (hasMore(to)) {
    const tag = readTag(to);
    let isRead: boolean;
    if (tag === tagOf(1, FIXED64)) isRead = readDouble(to, numbers, N_SPEED);
    else if (tag === tagOf(2, FIXED64)) isRead = readDouble(to, numbers, N_COURSE);
    else isRead = tag >= 0 && skipField(tag, to);
    if (!isRead) return false;
  }
  return true;
}

function readTyped(number: number, to: number): boolean {
  const end = readLength(to);
  if (end < 0) return false;
  present |= 1 << number;
  switch (number) {
    case fields.CONTACT.field:
      return readStrings(end, S_CONTACT, 2);
    case fields.GROUP.field:
      return readStrings(end, S_GROUP, 2);
    case fields.PRECISION_LOCATION.field:
      return readStrings(end, S_PRECISION, 2);
    case fields.STATUS.field:
      return readStatus(end);
    case fields.TAKV.field:
      return readStrings(end, S_TAKV, 4);
    default:
      return readTrack(end);
  }
}

function readDetail(to: number): boolean {
  const end = readLength(to);
  if (end < 0) return false;
  while (hasMore(end)) {
    const tag = readTag(end);
    if (tag < 0) return false;
    let isRead: boolean;
    if (tag > tagOf(fields.TRACK.field, LENGTH_DELIMITED) || (tag & 7) !== LENGTH_DELIMITED) isRead = skipField(tag, end);
    else if (tag === tagOf(fields.XML_DETAIL, LENGTH_DELIMITED)) isRead = readString(end, S_XML_DETAIL);
    else isRead = readTyped(tag >> 3, end);
    if (!isRead) return false;
  }
  return true;
}

/** The slot of each field of an event, by its tag; a table, since this is where the time goes. */
const STRING_SLOT = new Int8Array(128).fill(-1);
STRING_SLOT[tagOf(fields.TYPE, LENGTH_DELIMITED)] = S_TYPE;
STRING_SLOT[tagOf(fields.ACCESS, LENGTH_DELIMITED)] = S_ACCESS;
STRING_SLOT[tagOf(fields.QOS, LENGTH_DELIMITED)] = S_QOS;
STRING_SLOT[tagOf(fields.OPEX, LENGTH_DELIMITED)] = S_OPEX;
STRING_SLOT[tagOf(fields.UID, LENGTH_DELIMITED)] = S_UID;
STRING_SLOT[tagOf(fields.HOW, LENGTH_DELIMITED)] = S_HOW;
const DOUBLE_SLOT = new Int8Array(128).fill(-1);
for (let field = fields.LAT; field <= fields.LE; field += 1) DOUBLE_SLOT[tagOf(field, FIXED64)] = N_LAT + field - fields.LAT;
const TIME_SLOT = new Int8Array(128).fill(-1);
for (let field = fields.SEND_TIME; field <= fields.STALE_TIME; field += 1)
  TIME_SLOT[tagOf(field, VARINT)] = N_SEND + field - fields.SEND_TIME;

function readEvent(to: number): boolean {
  const end = readLength(to);
  if (end < 0) return false;
  while (hasMore(end)) {
    const tag = readTag(end);
    if (tag < 0) return false;
    let isRead: boolean;
    if (tag >= 128) isRead = skipField(tag, end);
    else if (DOUBLE_SLOT[tag] >= 0) isRead = readDouble(end, numbers, DOUBLE_SLOT[tag]);
    else if (STRING_SLOT[tag] >= 0) isRead = readString(end, STRING_SLOT[tag]);
    else if (TIME_SLOT[tag] >= 0) isRead = readTime(end, TIME_SLOT[tag]);
    else if (tag === tagOf(fields.DETAIL, LENGTH_DELIMITED)) isRead = readDetail(end);
    else isRead = skipField(tag, end);
    if (!isRead) return false;
  }
  return true;
}

function readMessage(to: number): boolean {
  while (hasMore(to)) {
    const tag = readTag(to);
    if (tag < 0) return false;
    let isRead: boolean;
    if (tag === tagOf(fields.COT_EVENT, LENGTH_DELIMITED)) {
      present |= HAS_EVENT;
      isRead = readEvent(to);
    } else if (tag === tagOf(fields.TAK_CONTROL, LENGTH_DELIMITED)) {
      present |= HAS_CONTROL;
      const end = readLength(to);
      isRead = end >= 0 && readControl(end);
    } else isRead = skipField(tag, to);
    if (!isRead) return false;
  }
  return true;
}

const texts: string[] = Array.from({ length: S_XML_DETAIL }, () => "");
const gathered = new Uint8Array(MAX_EVENT_BYTES);

/** Makes text of all short strings, with one call of the decoder when they are in ASCII. */
function readTexts(): CotRefused | undefined {
  const source = message;
  let filled = 0;
  let bits = 0;
  let lowest = 0x20;
  for (let slot = 0; slot < S_XML_DETAIL; slot += 1) {
    const to = stringTo[slot];
    for (let k = stringFrom[slot]; k < to; k += 1) {
      const byte = source[k];
      bits |= byte;
      if (byte < lowest) lowest = byte;
      gathered[filled] = byte;
      filled += 1;
    }
  }
  // Control characters are looked at one string at a time, as are those beyond ASCII.
  if (bits >= 0x80 || lowest < 0x20) return readTextsOneByOne();
  const all = exactText(gathered.subarray(0, filled)) ?? "";
  let from = 0;
  for (let slot = 0; slot < S_XML_DETAIL; slot += 1) {
    const size = stringTo[slot] - stringFrom[slot];
    texts[slot] = size === 0 ? "" : all.slice(from, from + size);
    from += size;
  }
  return undefined;
}

function readTextsOneByOne(): CotRefused | undefined {
  for (let slot = 0; slot < S_XML_DETAIL; slot += 1) {
    const text = exactText(message.subarray(stringFrom[slot], stringTo[slot]));
    if (text === undefined) return refuse("not-utf8", "a string that is no UTF-8");
    if (!isXmlText(text)) return refuse("character", "a string with a character that XML has not");
    texts[slot] = text;
  }
  return undefined;
}

const NO_ELEMENTS: readonly CotElement[] = [];

function typed(name: string, attributes: Readonly<Record<string, string>>): CotElement {
  return { name, attributes, text: "", children: NO_ELEMENTS };
}

/** The typed messages of a detail. */
interface TypedValues {
  readonly present: number;
  /** By slot, less `S_TYPED`. */
  readonly strings: readonly string[];
  readonly battery: number;
  readonly speed: number;
  readonly course: number;
}

const ANY_TYPED = 0xff;

/** The XML equal of each typed message that is there. */
function typedElements({ present: there, strings, battery, speed, course }: TypedValues): readonly CotElement[] {
  const elements: CotElement[] = [];
  const of = (slot: number): string => strings[slot - S_TYPED];
  if ((there & (1 << fields.CONTACT.field)) !== 0) {
    const endpoint = of(S_CONTACT);
    const callsign = of(S_CONTACT + 1);
    elements.push(typed("contact", endpoint === "" ? { callsign } : { endpoint, callsign }));
  }
  if ((there & (1 << fields.GROUP.field)) !== 0) elements.push(typed("__group", { name: of(S_GROUP), role: of(S_GROUP + 1) }));
  if ((there & (1 << fields.PRECISION_LOCATION.field)) !== 0) {
    elements.push(typed("precisionlocation", { geopointsrc: of(S_PRECISION), altsrc: of(S_PRECISION + 1) }));
  }
  if ((there & (1 << fields.STATUS.field)) !== 0) elements.push(typed("status", { battery: String(battery) }));
  if ((there & (1 << fields.TAKV.field)) !== 0) {
    elements.push(typed("takv", { device: of(S_TAKV), platform: of(S_TAKV + 1), os: of(S_TAKV + 2), version: of(S_TAKV + 3) }));
  }
  if ((there & (1 << fields.TRACK.field)) !== 0) {
    elements.push(typed("track", { speed: decimalText(speed), course: decimalText(course) }));
  }
  return elements;
}

/** Both parts of a detail; where an element stands in xmlDetail, the typed one of its name does not count. */
function joined(fromXml: readonly CotElement[], values: TypedValues | undefined): readonly CotElement[] {
  if (values === undefined) return fromXml;
  const others = typedElements(values);
  if (fromXml.length === 0) return others;
  const elements = [...fromXml];
  for (const other of others) if (elementNamed(fromXml, other.name) === undefined) elements.push(other);
  return elements;
}

function headOf(): CotHead | CotRefused {
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
  // Of the point, and of the track beside it. A height or an error that is no number is unknown.
  for (let slot = N_LAT; slot <= N_COURSE; slot += 1) {
    const value = numbers[slot];
    if (Number.isFinite(value) || (Number.isNaN(value) && slot >= N_HAE && slot <= N_LE)) continue;
    return refuse("number", "a number of the point or the track that is none");
  }
  // Adding 0 makes negative zero zero.
  const latDeg = numbers[N_LAT] + 0;
  const lonDeg = numbers[N_LON] + 0;
  if (latDeg < -90 || latDeg > 90) return refuse("latitude", `lat ${latDeg}`);
  if (lonDeg < -180 || lonDeg > 180) return refuse("longitude", `lon ${lonDeg}`);
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
    point: { latDeg, lonDeg, haeM: knownOf(numbers[N_HAE] + 0), ceM: knownOf(numbers[N_CE] + 0), leM: knownOf(numbers[N_LE] + 0) },
  };
}

function controlOf(): TakControl | CotRefused {
  // Version 0 cannot be said here: it stands for 1.
  const minVersion = numbers[N_MIN] === 0 ? 1 : numbers[N_MIN];
  const maxVersion = numbers[N_MAX] === 0 ? 1 : numbers[N_MAX];
  if (minVersion > maxVersion) return refuse("version-range", `from version ${minVersion} to ${maxVersion}`);
  return { minVersion, maxVersion, contactUid: texts[S_CONTROL_UID] === "" ? undefined : texts[S_CONTROL_UID] };
}

/** What a payload holds, its detail built or only seen to be in order. */
interface Reading {
  readonly control: TakControl | undefined;
  readonly head: CotHead | undefined;
  readonly xmlDetail: Content;
  readonly others: TypedValues | undefined;
}

const NO_CONTENT: Content = { elements: [], text: "" };

function reading(bytes: Uint8Array, build: boolean): Reading | CotRefused {
  for (let slot = 0; slot < SLOTS; slot += 1) {
    stringFrom[slot] = 0;
    stringTo[slot] = 0;
  }
  for (let slot = 0; slot < NUMBERS; slot += 1) numbers[slot] = 0;
  present = 0;
  hasBadString = false;
  message = bytes;
  beginWire(bytes);
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
  if ((present & HAS_EVENT) === 0) return { control, head: undefined, xmlDetail: NO_CONTENT, others: undefined };
  const head = headOf();
  if ("refused" in head) return head;
  let others: TypedValues | undefined;
  if ((present & ANY_TYPED) !== 0) {
    others = { present, strings: texts.slice(S_TYPED), battery: numbers[N_BATTERY], speed: numbers[N_SPEED], course: numbers[N_COURSE] };
  }
  const from = stringFrom[S_XML_DETAIL];
  const to = stringTo[S_XML_DETAIL];
  if (to === from) return { control, head, xmlDetail: NO_CONTENT, others };
  const parsed = parseContent(bytes.subarray(from, to), 2, build);
  if ("refused" in parsed) return parsed;
  return { control, head, xmlDetail: parsed.content, others };
}

/** As `reading`, and lets the bytes go. */
function readingOf(payload: Uint8Array, build: boolean): Reading | CotRefused {
  if (payload.length > MAX_EVENT_BYTES) return refuse("too-long", `${payload.length} bytes, at most ${MAX_EVENT_BYTES}`);
  const result = reading(payload, build);
  message = NO_BYTES;
  endWire();
  return result;
}

/** The TakMessage of a payload, without its header, of up to `MAX_EVENT_BYTES`. An empty one is a message that says nothing. */
export function decodeTakMessage(payload: Uint8Array): { readonly message: TakMessage } | CotRefused {
  const read = readingOf(payload, true);
  if ("refused" in read) return read;
  const { control, head, xmlDetail, others } = read;
  return { message: { control, event: head === undefined ? undefined : eventOf(head, joined(xmlDetail.elements, others)) } };
}

/** A TakMessage whose event's detail is built when it is asked for. */
export interface ScannedTakMessage {
  readonly control: TakControl | undefined;
  readonly scanned: ScannedEvent | undefined;
}

/** As `decodeTakMessage`, with the same refusals, for those who may not need the detail. */
export function scanTakMessage(payload: Uint8Array): { readonly message: ScannedTakMessage } | CotRefused {
  const read = readingOf(payload, false);
  if ("refused" in read) return read;
  const { control, head, xmlDetail, others } = read;
  if (head === undefined) return { message: { control, scanned: undefined } };
  const { text } = xmlDetail;
  return { message: { control, scanned: { head, detail: () => joined(builtDetail(text), others) } } };
}
