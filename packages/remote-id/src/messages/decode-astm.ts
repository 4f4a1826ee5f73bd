// From 25 bytes, or a pack of them, to messages: ASTM F3411-19 (version 0), prEN 4709-002 (version 1) and F3411-22a (version 2).
import { hex, i32le, latin1, u16le, u32le } from "../bytes.ts";
import { clauses } from "./clauses.ts";
import type { AstmMessage, DecodedElement, Problem, Refusal } from "./types.ts";

export const MESSAGE_BYTES = 25;
const PACK_TYPE = 0xf;
/** Seconds of message times count from 2019-01-01T00:00:00Z. */
export const EPOCH_2019_MS = 1_546_300_800_000;
const LAST_AUTHENTICATION_PAGE = 15;
const NO_PROBLEMS: readonly Problem[] = [];

/** Bytes of authentication data on a page. */
export function authenticationPageBytes(page: number): number {
  return page === 0 ? 17 : 23;
}

/** Collects the problems of one element; nothing is allocated while there are none. */
class Problems {
  list: Problem[] | undefined;
  add(message: number, field: string, code: string, clause: string): void {
    this.list ??= [];
    this.list.push({ message, field, code, clause });
  }
}

function refusal(code: string, clause: string, detail: string): Refusal {
  return { code, clause, detail };
}

function refusedElement(version: number | undefined, refused: Refusal, problems: readonly Problem[] = NO_PROBLEMS): DecodedElement {
  return { version, messages: [], problems, refused };
}

/** A nibble above 2 belongs to no published version: it is decoded as the newest. */
function knownVersion(nibble: number, index: number, problems: Problems): number {
  if (nibble <= 2) return nibble;
  problems.add(index, "version", "unknown-version", clauses.header);
  return 2;
}

function altitude(raw: number): number | undefined {
  return raw === 0 ? undefined : raw * 0.5 - 1000;
}

function latitude(raw: number, field: string, index: number, clause: string, problems: Problems): number | undefined {
  if (raw >= -900_000_000 && raw <= 900_000_000) return raw / 1e7;
  problems.add(index, field, "latitude-out-of-range", clause);
  return undefined;
}

function longitude(raw: number, field: string, index: number, clause: string, problems: Problems): number | undefined {
  if (raw >= -1_800_000_000 && raw <= 1_800_000_000) return raw / 1e7;
  problems.add(index, field, "longitude-out-of-range", clause);
  return undefined;
}

function decodeBasicId(bytes: Uint8Array, at: number): AstmMessage {
  const idType = bytes[at + 1] >> 4;
  let uasId: string | undefined;
  if (idType > 2) uasId = hex(bytes, at + 2, 20);
  else {
    const text = latin1(bytes, at + 2, 20);
    uasId = idType === 0 && text === "" ? undefined : text;
  }
  return { type: "basicId", idType, uaType: bytes[at + 1] & 0xf, uasId };
}

function decodeLocation(bytes: Uint8Array, at: number, index: number, problems: Problems): AstmMessage {
  const flags = bytes[at + 1];
  const rawDirection = bytes[at + 2] + ((flags & 2) === 0 ? 0 : 180);
  let direction: number | undefined;
  if (rawDirection <= 359) direction = rawDirection;
  else if (rawDirection !== 361) problems.add(index, "direction", "direction-out-of-range", clauses.location);
  const rawSpeed = bytes[at + 3];
  let speed: number | undefined;
  if ((flags & 1) === 0) speed = rawSpeed * 0.25;
  else if (rawSpeed !== 255) speed = rawSpeed * 0.75 + 63.75;
  const rawVertical = (bytes[at + 4] << 24) >> 24;
  const rawLatitude = i32le(bytes, at + 5);
  const rawLongitude = i32le(bytes, at + 9);
  const known = rawLatitude !== 0 || rawLongitude !== 0;
  const rawTime = u16le(bytes, at + 21);
  let timestamp: number | undefined;
  if (rawTime <= 36_000) timestamp = rawTime / 10;
  else if (rawTime !== 0xffff) problems.add(index, "timestamp", "timestamp-out-of-range", clauses.location);
  const rawTimeAccuracy = bytes[at + 23] & 0xf;
  return {
    type: "location",
    status: flags >> 4,
    direction,
    speed,
    verticalSpeed: rawVertical === 126 ? undefined : rawVertical * 0.5,
    latitude: known ? latitude(rawLatitude, "latitude", index, clauses.location, problems) : undefined,
    longitude: known ? longitude(rawLongitude, "longitude", index, clauses.location, problems) : undefined,
    pressureAltitude: altitude(u16le(bytes, at + 13)),
    geodeticAltitude: altitude(u16le(bytes, at + 15)),
    heightType: (flags >> 2) & 1,
    height: altitude(u16le(bytes, at + 17)),
    horizontalAccuracy: bytes[at + 19] & 0xf,
    verticalAccuracy: bytes[at + 19] >> 4,
    baroAccuracy: bytes[at + 20] >> 4,
    speedAccuracy: bytes[at + 20] & 0xf,
    timestamp,
    timestampAccuracy: rawTimeAccuracy === 0 ? undefined : rawTimeAccuracy / 10,
  };
}

function decodeAuthentication(bytes: Uint8Array, at: number): AstmMessage | Refusal {
  const authType = bytes[at + 1] >> 4;
  const page = bytes[at + 1] & 0xf;
  if (page > 0) {
    const data = bytes.slice(at + 2, at + MESSAGE_BYTES);
    return { type: "authentication", authType, page, lastPage: undefined, length: undefined, timestampMs: undefined, data };
  }
  const lastPage = bytes[at + 2];
  const length = bytes[at + 3];
  if (lastPage > LAST_AUTHENTICATION_PAGE) {
    return refusal("last-page-too-high", clauses.authentication, `last page ${lastPage}, at most ${LAST_AUTHENTICATION_PAGE}`);
  }
  const room = 17 + 23 * lastPage;
  if (length > room)
    return refusal("length-exceeds-pages", clauses.authentication, `length ${length}, room for ${room} on ${lastPage + 1} pages`);
  const timestampMs = EPOCH_2019_MS + u32le(bytes, at + 4) * 1000;
  return { type: "authentication", authType, page, lastPage, length, timestampMs, data: bytes.slice(at + 8, at + MESSAGE_BYTES) };
}

function decodeSystem(bytes: Uint8Array, at: number, version: number, index: number, problems: Problems): AstmMessage {
  const rawLatitude = i32le(bytes, at + 2);
  const rawLongitude = i32le(bytes, at + 6);
  const known = rawLatitude !== 0 || rawLongitude !== 0;
  return {
    type: "system",
    operatorLocationType: bytes[at + 1] & 3,
    classificationType: (bytes[at + 1] >> 2) & 7,
    operatorLatitude: known ? latitude(rawLatitude, "operatorLatitude", index, clauses.system, problems) : undefined,
    operatorLongitude: known ? longitude(rawLongitude, "operatorLongitude", index, clauses.system, problems) : undefined,
    areaCount: u16le(bytes, at + 10),
    areaRadius: bytes[at + 12] * 10,
    areaCeiling: altitude(u16le(bytes, at + 13)),
    areaFloor: altitude(u16le(bytes, at + 15)),
    category: bytes[at + 17] >> 4,
    class: bytes[at + 17] & 0xf,
    // The altitude was added with version 1, the time with version 2; before, the bytes were reserved.
    operatorAltitude: version === 0 ? undefined : altitude(u16le(bytes, at + 18)),
    timestampMs: version < 2 ? undefined : EPOCH_2019_MS + u32le(bytes, at + 20) * 1000,
  };
}

/** One message of 25 bytes; a refusal when its type is none or its content contradicts itself. */
function decodeOne(bytes: Uint8Array, at: number, version: number, index: number, problems: Problems): AstmMessage | Refusal {
  const type = bytes[at] >> 4;
  switch (type) {
    case 0:
      return decodeBasicId(bytes, at);
    case 1:
      return decodeLocation(bytes, at, index, problems);
    case 2:
      return decodeAuthentication(bytes, at);
    case 3:
      return { type: "selfId", descriptionType: bytes[at + 1], description: latin1(bytes, at + 2, 23) };
    case 4:
      return decodeSystem(bytes, at, version, index, problems);
    case 5:
      return { type: "operatorId", operatorIdType: bytes[at + 1], operatorId: latin1(bytes, at + 2, 20) };
    default:
      return refusal("unknown-message-type", clauses.header, `message type ${type}`);
  }
}

/** Why a pack is refused whole; undefined when it may be read. Counts what may stand in it at most once or twice. */
function packRefusal(bytes: Uint8Array, at: number, length: number, version: number): Refusal | undefined {
  if (length < 3) return refusal("cut-short", clauses.pack, `${length} bytes of a header of 3`);
  if (bytes[at + 1] !== MESSAGE_BYTES)
    return refusal("message-size", clauses.pack, `message size ${bytes[at + 1]}, must be ${MESSAGE_BYTES}`);
  const count = bytes[at + 2];
  const most = version === 0 ? 10 : 9;
  if (count === 0) return refusal("empty-pack", clauses.pack, "no message");
  if (count > most) return refusal("too-many-messages", clauses.pack, `${count} messages, at most ${most}`);
  if (length < 3 + count * MESSAGE_BYTES) return refusal("cut-short", clauses.pack, `${length} bytes of ${3 + count * MESSAGE_BYTES}`);
  let basicIds = 0;
  let seen = 0;
  for (let k = 0; k < count; k += 1) {
    const type = bytes[at + 3 + k * MESSAGE_BYTES] >> 4;
    if (type === PACK_TYPE) return refusal("nested-pack", clauses.pack, `message ${k} is a pack`);
    if (type > 5) return refusal("unknown-message-type", clauses.pack, `message ${k} is of type ${type}`);
    if (type === 0) basicIds += 1;
    else if (type !== 2) {
      if ((seen & (1 << type)) !== 0) return refusal("repeated-message", clauses.pack, `a second message of type ${type}`);
      seen |= 1 << type;
    }
  }
  if (basicIds > 2) return refusal("too-many-basic-ids", clauses.pack, `${basicIds} Basic IDs, at most 2`);
  return undefined;
}

function isRefusal(result: AstmMessage | Refusal): result is Refusal {
  return !("type" in result);
}

function decodePack(bytes: Uint8Array, at: number, length: number): DecodedElement {
  const problems = new Problems();
  const nibble = bytes[at] & 0xf;
  const version = knownVersion(nibble, 0, problems);
  const shown = nibble <= 2 ? nibble : undefined;
  const refused = packRefusal(bytes, at, length, version);
  if (refused !== undefined) return refusedElement(shown, refused, problems.list ?? NO_PROBLEMS);
  const count = bytes[at + 2];
  const messages: AstmMessage[] = [];
  let partly: Refusal | undefined;
  for (let k = 0; k < count; k += 1) {
    const start = at + 3 + k * MESSAGE_BYTES;
    const own = knownVersion(bytes[start] & 0xf, k, problems);
    const result = decodeOne(bytes, start, own, k, problems);
    // A page that contradicts itself is refused by name; the other messages of the pack stand.
    if (isRefusal(result)) partly ??= result;
    else messages.push(result);
  }
  return { version: shown, messages, problems: problems.list ?? NO_PROBLEMS, refused: partly };
}

/**
 * Decodes what follows the counter byte of a carrier: one message of 25 bytes or a message pack. Bytes behind it are ignored.
 * Each message of a pack is read by its own version nibble.
 */
export function decodeAstm(bytes: Uint8Array, offset: number, length: number): DecodedElement {
  if (length < 1 || offset < 0 || offset + length > bytes.length) {
    return refusedElement(undefined, refusal("cut-short", clauses.header, `${Math.max(0, length)} bytes`));
  }
  if (bytes[offset] >> 4 === PACK_TYPE) return decodePack(bytes, offset, length);
  const problems = new Problems();
  const nibble = bytes[offset] & 0xf;
  const shown = nibble <= 2 ? nibble : undefined;
  const version = knownVersion(nibble, 0, problems);
  if (length < MESSAGE_BYTES) {
    const short = refusal("cut-short", clauses.header, `${length} bytes of ${MESSAGE_BYTES}`);
    return refusedElement(shown, short, problems.list ?? NO_PROBLEMS);
  }
  const result = decodeOne(bytes, offset, version, 0, problems);
  if (isRefusal(result)) return refusedElement(shown, result, problems.list ?? NO_PROBLEMS);
  return { version: shown, messages: [result], problems: problems.list ?? NO_PROBLEMS, refused: undefined };
}
