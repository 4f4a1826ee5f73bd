// From messages to bytes. A value that the field cannot carry is refused with the clause, never wrapped or clamped; undefined becomes
// the wire's own "unknown". Values are rounded to the nearest step of the field.
import { fromHex, writeLatin1, writeU16be, writeU16le, writeU32be, writeU32le } from "../bytes.ts";
import { clauses } from "./clauses.ts";
import { authenticationPageBytes, EPOCH_2019_MS, MESSAGE_BYTES } from "./decode-astm.ts";
import type { AstmMessage, Authentication, BasicId, Dji, French, Location, Refusal, System } from "./types.ts";

export type ProtocolVersion = 0 | 1 | 2;

/** Thrown and caught inside this file: carries the refusal out of the nested writers. */
class Unfit extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

function refuse(code: string, clause: string, detail: string): never {
  throw new Unfit({ code, clause, detail });
}

function guarded(write: () => Uint8Array): Uint8Array | Refusal {
  try {
    return write();
  } catch (error) {
    if (error instanceof Unfit) return error.refusal;
    throw error;
  }
}

function integer(value: number, low: number, high: number, field: string, clause: string): number {
  if (!Number.isInteger(value) || value < low || value > high)
    refuse("out-of-range", clause, `${field} ${value}, must be ${low} to ${high}`);
  return value;
}

/** Nearest step of a scaled field. */
function scaled(value: number, step: number, low: number, high: number, field: string, clause: string): number {
  const raw = Math.round(value / step);
  if (!(raw >= low && raw <= high)) refuse("out-of-range", clause, `${field} ${value}`);
  return raw;
}

function altitude(value: number | undefined, field: string, clause: string): number {
  return value === undefined ? 0 : scaled(value + 1000, 0.5, 1, 0xffff, field, clause);
}

/** Both or neither: the wire has one "unknown" for the pair. */
function writePlace(bytes: Uint8Array, at: number, latitude: number | undefined, longitude: number | undefined, clause: string): void {
  if ((latitude === undefined) !== (longitude === undefined))
    refuse("half-a-position", clause, "latitude and longitude are known together or not at all");
  writeU32le(bytes, at, latitude === undefined ? 0 : scaled(latitude, 1e-7, -900_000_000, 900_000_000, "latitude", clause) >>> 0);
  writeU32le(
    bytes,
    at + 4,
    longitude === undefined ? 0 : scaled(longitude, 1e-7, -1_800_000_000, 1_800_000_000, "longitude", clause) >>> 0,
  );
}

function writeText(bytes: Uint8Array, at: number, length: number, text: string, field: string, clause: string): void {
  if (!writeLatin1(bytes, at, length, text)) refuse("text-does-not-fit", clause, `${field}: at most ${length} Latin-1 characters`);
}

function encodeBasicId(bytes: Uint8Array, { idType, uaType, uasId }: BasicId): void {
  const clause = clauses.basicId;
  bytes[1] = (integer(idType, 0, 15, "idType", clause) << 4) | integer(uaType, 0, 15, "uaType", clause);
  if (idType <= 2) writeText(bytes, 2, 20, uasId ?? "", "uasId", clause);
  else {
    const raw = fromHex(uasId ?? "");
    if (raw === undefined || raw.length !== 20) refuse("identifier-bytes", clause, "uasId: forty hex digits for this id type");
    bytes.set(raw, 2);
  }
}

function encodeLocation(bytes: Uint8Array, message: Location): void {
  const clause = clauses.location;
  let direction = 181;
  let east = 1;
  if (message.direction !== undefined) {
    const whole = scaled(message.direction, 1, 0, 360, "direction", clause) % 360;
    east = whole >= 180 ? 1 : 0;
    direction = whole - 180 * east;
  }
  let speed = 255;
  let multiplier = 1;
  if (message.speed !== undefined) {
    multiplier = message.speed > 255 * 0.25 ? 1 : 0;
    speed =
      multiplier === 0
        ? scaled(message.speed, 0.25, 0, 255, "speed", clause)
        : scaled(message.speed - 63.75, 0.75, 0, 254, "speed", clause);
  }
  bytes[1] =
    (integer(message.status, 0, 15, "status", clause) << 4) |
    (integer(message.heightType, 0, 1, "heightType", clause) << 2) |
    (east << 1) |
    multiplier;
  bytes[2] = direction;
  bytes[3] = speed;
  bytes[4] = message.verticalSpeed === undefined ? 126 : scaled(message.verticalSpeed, 0.5, -124, 124, "verticalSpeed", clause) & 0xff;
  writePlace(bytes, 5, message.latitude, message.longitude, clause);
  writeU16le(bytes, 13, altitude(message.pressureAltitude, "pressureAltitude", clause));
  writeU16le(bytes, 15, altitude(message.geodeticAltitude, "geodeticAltitude", clause));
  writeU16le(bytes, 17, altitude(message.height, "height", clause));
  bytes[19] =
    (integer(message.verticalAccuracy, 0, 15, "verticalAccuracy", clause) << 4) |
    integer(message.horizontalAccuracy, 0, 15, "horizontalAccuracy", clause);
  bytes[20] =
    (integer(message.baroAccuracy, 0, 15, "baroAccuracy", clause) << 4) | integer(message.speedAccuracy, 0, 15, "speedAccuracy", clause);
  writeU16le(bytes, 21, message.timestamp === undefined ? 0xffff : scaled(message.timestamp, 0.1, 0, 36_000, "timestamp", clause));
  bytes[23] = message.timestampAccuracy === undefined ? 0 : scaled(message.timestampAccuracy, 0.1, 1, 15, "timestampAccuracy", clause);
}

function encodeAuthentication(bytes: Uint8Array, message: Authentication): void {
  const clause = clauses.authentication;
  bytes[1] = (integer(message.authType, 0, 15, "authType", clause) << 4) | integer(message.page, 0, 15, "page", clause);
  const room = authenticationPageBytes(message.page);
  if (message.data.length !== room) refuse("page-size", clause, `page ${message.page} carries ${room} bytes, not ${message.data.length}`);
  if (message.page === 0) {
    bytes[2] = integer(message.lastPage ?? 0, 0, 15, "lastPage", clause);
    bytes[3] = integer(message.length ?? 0, 0, Math.min(255, 17 + 23 * bytes[2]), "length", clause);
    writeU32le(bytes, 4, seconds2019(message.timestampMs ?? EPOCH_2019_MS, clause));
  }
  bytes.set(message.data, MESSAGE_BYTES - room);
}

function seconds2019(timeMs: number, clause: string): number {
  return scaled(timeMs - EPOCH_2019_MS, 1000, 0, 0xffff_ffff, "timestamp", clause);
}

function encodeSystem(bytes: Uint8Array, message: System, version: ProtocolVersion): void {
  const clause = clauses.system;
  bytes[1] =
    (integer(message.classificationType, 0, 7, "classificationType", clause) << 2) |
    integer(message.operatorLocationType, 0, 3, "operatorLocationType", clause);
  writePlace(bytes, 2, message.operatorLatitude, message.operatorLongitude, clause);
  writeU16le(bytes, 10, integer(message.areaCount, 0, 0xffff, "areaCount", clause));
  bytes[12] = scaled(message.areaRadius, 10, 0, 255, "areaRadius", clause);
  writeU16le(bytes, 13, altitude(message.areaCeiling, "areaCeiling", clause));
  writeU16le(bytes, 15, altitude(message.areaFloor, "areaFloor", clause));
  bytes[17] = (integer(message.category, 0, 15, "category", clause) << 4) | integer(message.class, 0, 15, "class", clause);
  if (version > 0) writeU16le(bytes, 18, altitude(message.operatorAltitude, "operatorAltitude", clause));
  if (version > 1) writeU32le(bytes, 20, seconds2019(message.timestampMs ?? EPOCH_2019_MS, clause));
}

function write(message: AstmMessage, version: ProtocolVersion): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_BYTES);
  const head = (type: number): void => {
    bytes[0] = (type << 4) | version;
  };
  switch (message.type) {
    case "basicId":
      head(0);
      encodeBasicId(bytes, message);
      break;
    case "location":
      head(1);
      encodeLocation(bytes, message);
      break;
    case "authentication":
      head(2);
      encodeAuthentication(bytes, message);
      break;
    case "selfId":
      head(3);
      bytes[1] = integer(message.descriptionType, 0, 255, "descriptionType", clauses.selfId);
      writeText(bytes, 2, 23, message.description, "description", clauses.selfId);
      break;
    case "system":
      head(4);
      encodeSystem(bytes, message, version);
      break;
    case "operatorId":
      head(5);
      bytes[1] = integer(message.operatorIdType, 0, 255, "operatorIdType", clauses.operatorId);
      writeText(bytes, 2, 20, message.operatorId, "operatorId", clauses.operatorId);
      break;
  }
  return bytes;
}

/** One message as its 25 bytes. */
export function encodeMessage(message: AstmMessage, version: ProtocolVersion): Uint8Array | Refusal {
  return guarded(() => write(message, version));
}

/** A message pack: at most nine messages (ten at version 0), what may stand once stands once. */
export function encodePack(messages: readonly AstmMessage[], version: ProtocolVersion): Uint8Array | Refusal {
  return guarded(() => {
    integer(messages.length, 1, version === 0 ? 10 : 9, "count", clauses.pack);
    const seen = new Map<string, number>();
    for (const { type } of messages) {
      const count = (seen.get(type) ?? 0) + 1;
      seen.set(type, count);
      const most = type === "authentication" ? messages.length : type === "basicId" ? 2 : 1;
      if (count > most) refuse("repeated-message", clauses.pack, `${count} messages of type ${type}`);
    }
    const bytes = new Uint8Array(3 + MESSAGE_BYTES * messages.length);
    bytes[0] = 0xf0 | version;
    bytes[1] = MESSAGE_BYTES;
    bytes[2] = messages.length;
    messages.forEach((message, k) => bytes.set(write(message, version), 3 + MESSAGE_BYTES * k));
    return bytes;
  });
}

/** The fields of a French beacon behind `6A 5C 35 01`; unknown ones are left out. */
export function encodeFrench(message: Omit<French, "type">): Uint8Array | Refusal {
  return guarded(() => {
    const clause = clauses.french;
    const out: number[] = [];
    const field = (tag: number, value: Uint8Array): void => {
      out.push(tag, value.length, ...value);
    };
    const text = (tag: number, value: string | undefined, low: number, high: number): void => {
      if (value === undefined) return;
      if (value.length < low || value.length > high) refuse("text-does-not-fit", clause, `tag ${tag}: ${low} to ${high} characters`);
      const bytes = new Uint8Array(value.length);
      writeText(bytes, 0, value.length, value, `tag ${tag}`, clause);
      field(tag, bytes);
    };
    const number = (tag: number, value: number | undefined, step: number, low: number, high: number, size: 1 | 2 | 4): void => {
      if (value === undefined) return;
      const raw = scaled(value, step, low, high, `tag ${tag}`, clause);
      const bytes = new Uint8Array(size);
      if (size === 1) bytes[0] = raw;
      else if (size === 2) writeU16be(bytes, 0, raw & 0xffff);
      else writeU32be(bytes, 0, raw >>> 0);
      field(tag, bytes);
    };
    number(1, message.version ?? 1, 1, 0, 255, 1);
    text(2, message.idFr, 1, 30);
    text(3, message.idAnsi, 6, 20);
    number(4, message.latitude, 1e-5, -9_000_000, 9_000_000, 4);
    number(5, message.longitude, 1e-5, -18_000_000, 18_000_000, 4);
    number(6, message.altitude, 1, -32_768, 32_767, 2);
    number(7, message.height, 1, -32_768, 32_767, 2);
    number(8, message.takeoffLatitude, 1e-5, -9_000_000, 9_000_000, 4);
    number(9, message.takeoffLongitude, 1e-5, -18_000_000, 18_000_000, 4);
    number(10, message.speed, 1, 0, 255, 1);
    number(11, message.course, 1, 0, 359, 2);
    return Uint8Array.from(out);
  });
}

const RAW_PER_DEGREE = 174_533;

/** A DroneID element's body behind the OUI `26:37:12`. */
export function encodeDji(message: Omit<Dji, "type">): Uint8Array | Refusal {
  return guarded(() => {
    const clause = clauses.dji;
    const version = integer(message.formatVersion, 1, 2, "formatVersion", clause);
    const bytes = new Uint8Array(5 + (version === 1 ? 74 : 86));
    bytes.set([0x58, 0x62, 0x13, 0x10, version]);
    const place = (at: number, degrees: number | undefined, limit: number): void => {
      writeU32le(
        bytes,
        at,
        degrees === undefined
          ? 0
          : scaled(degrees * RAW_PER_DEGREE, 1, -limit * RAW_PER_DEGREE, limit * RAW_PER_DEGREE, "position", clause) >>> 0,
      );
    };
    const short = (at: number, value: number, step: number): void =>
      writeU16le(bytes, at, scaled(value, step, -32_768, 32_767, "value", clause) & 0xffff);
    writeU16le(bytes, 5, integer(message.sequence, 0, 0xffff, "sequence", clause));
    writeText(bytes, 9, 16, message.serial, "serial", clause);
    place(25, message.longitude, 180);
    place(29, message.latitude, 90);
    short(33, message.altitude * 3.281, 1);
    short(35, message.height * 3.281, 1);
    short(37, message.speedNorth, 0.01);
    short(39, message.speedEast, 0.01);
    short(41, message.speedUp, 0.01);
    if (version === 2) {
      place(53, message.operatorLatitude, 90);
      place(57, message.operatorLongitude, 180);
    }
    const home = version === 1 ? 49 : 61;
    place(home, message.homeLongitude, 180);
    place(home + 4, message.homeLatitude, 90);
    bytes[home + 8] = integer(message.deviceType, 0, 255, "deviceType", clause);
    return bytes;
  });
}
