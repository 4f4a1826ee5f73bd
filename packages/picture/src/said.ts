// What one carrier element says: where the aircraft is, who it claims to be, and what can be saved of a pack that is cut short.
import { checkUasId, decodeAstm, extractElements, isLinkType, type Location, MESSAGE_BYTES, type Message } from "@atalaya/remote-id";
import type { Frame } from "./entry.ts";
import type { IdentityClaim, IdentityKind } from "./track.ts";

/** A position as broadcast, whatever the format. */
export interface Report {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly location: Location | undefined;
  readonly courseDeg: number | undefined;
  readonly speedMps: number | undefined;
  readonly verticalSpeedMps: number | undefined;
  readonly heightHaeM: number | undefined;
  readonly heightMslM: number | undefined;
  readonly heightAboveTakeoffM: number | undefined;
  readonly errorM: number | undefined;
  /** Set when an aircraft's transponder says it, which flies faster and higher than what the limits for drones are made for. */
  readonly transponder?: { readonly heightPressureM: number | undefined } | undefined;
}

/** 95 % horizontal error by accuracy code, m (F3411-22a, horizontal accuracy); 0 and 13 to 15 are unknown. */
const HORIZONTAL_ERROR_M: readonly (number | undefined)[] = [undefined, 18_520, 7408, 3704, 1852, 926, 555.6, 185.2, 92.6, 30, 10, 3, 1];

const IDENTITY_KIND: Readonly<Record<number, IdentityKind>> = { 1: "serial", 2: "registration", 3: "utm", 4: "session" };

/** The position that an element reports, if it reports one. */
export function reportOf(messages: readonly Message[]): Report | undefined {
  for (const message of messages) {
    if (message.type === "location") {
      const { latitude, longitude, height } = message;
      if (latitude === undefined || longitude === undefined) continue;
      return {
        latDeg: latitude,
        lonDeg: longitude,
        location: message,
        courseDeg: message.direction,
        speedMps: message.speed,
        verticalSpeedMps: message.verticalSpeed,
        heightHaeM: message.geodeticAltitude,
        heightMslM: undefined,
        heightAboveTakeoffM: message.heightType === 0 ? height : undefined,
        errorM: HORIZONTAL_ERROR_M[message.horizontalAccuracy],
      };
    }
    if (message.type === "french") {
      const { latitude, longitude } = message;
      if (latitude === undefined || longitude === undefined) continue;
      return {
        latDeg: latitude,
        lonDeg: longitude,
        location: undefined,
        courseDeg: message.course,
        speedMps: message.speed,
        verticalSpeedMps: undefined,
        heightHaeM: undefined,
        heightMslM: message.altitude,
        heightAboveTakeoffM: message.height,
        errorM: undefined,
      };
    }
    if (message.type === "dji") {
      const { latitude, longitude, speedNorth, speedEast } = message;
      if (latitude === undefined || longitude === undefined) continue;
      const speedMps = Math.hypot(speedNorth, speedEast);
      return {
        latDeg: latitude,
        lonDeg: longitude,
        location: undefined,
        courseDeg: speedMps === 0 ? undefined : ((Math.atan2(speedEast, speedNorth) * 180) / Math.PI + 360) % 360,
        speedMps,
        verticalSpeedMps: message.speedUp,
        heightHaeM: undefined,
        heightMslM: message.altitude,
        heightAboveTakeoffM: message.height,
        errorM: undefined,
      };
    }
  }
  return undefined;
}

const NO_CLAIMS: readonly IdentityClaim[] = [];

/** The form of identifiers is checked once per text: the same few are heard over and over. Bounded; a pure function's memory. */
const checked = new Map<string, IdentityClaim>();

function uasIdClaim(idType: number, value: string): IdentityClaim {
  const key = `${idType}${value}`;
  const known = checked.get(key);
  if (known !== undefined) return known;
  const kind = IDENTITY_KIND[idType] ?? "other";
  let claim: IdentityClaim = { kind, value };
  if (kind !== "other") {
    const check = checkUasId(idType, value);
    claim = { kind, value, valid: check.ok, ...(check.ok ? {} : { problem: check.detail }) };
  }
  if (checked.size >= 4096) checked.clear();
  checked.set(key, claim);
  return claim;
}

/** What an element says of who it is. */
export function claimsOf(messages: readonly Message[]): readonly IdentityClaim[] {
  let claims: IdentityClaim[] | undefined;
  for (const message of messages) {
    let claim: IdentityClaim | undefined;
    if (message.type === "basicId") {
      if (message.uasId !== undefined && message.uasId !== "") claim = uasIdClaim(message.idType, message.uasId);
    } else if (message.type === "operatorId") {
      if (message.operatorId !== "") claim = { kind: "operator-id", value: message.operatorId };
    } else if (message.type === "selfId") {
      if (message.description !== "") claim = { kind: "self-id", value: message.description };
    } else if (message.type === "dji") {
      if (message.serial !== "") claim = { kind: "serial", value: message.serial };
    } else if (message.type === "french") {
      if (message.idAnsi !== undefined) claim = { kind: "serial", value: message.idAnsi };
      else if (message.idFr !== undefined) claim = { kind: "registration", value: message.idFr };
    }
    if (claim !== undefined) (claims ??= []).push(claim);
  }
  return claims ?? NO_CLAIMS;
}

/** The aircraft's type, when the element declares one. */
export function uaTypeOf(messages: readonly Message[]): number | undefined {
  for (const message of messages) if (message.type === "basicId" && message.uaType !== 0) return message.uaType;
  return undefined;
}

/** Whether two emitters with the same identity of this kind are one aircraft. */
export function namesAircraft(kind: IdentityKind): boolean {
  return kind !== "operator-id" && kind !== "self-id" && kind !== "callsign";
}

/** Where a person or the take-off place is broadcast. Only ever weighed in passing; never kept. */
export function operatorOf(message: Message): { readonly latDeg: number; readonly lonDeg: number } | undefined {
  let latDeg: number | undefined;
  let lonDeg: number | undefined;
  if (message.type === "system") {
    latDeg = message.operatorLatitude;
    lonDeg = message.operatorLongitude;
  } else if (message.type === "dji") {
    const own = message.operatorLatitude !== undefined && message.operatorLongitude !== undefined;
    latDeg = own ? message.operatorLatitude : message.homeLatitude;
    lonDeg = own ? message.operatorLongitude : message.homeLongitude;
  } else if (message.type === "french") {
    latDeg = message.takeoffLatitude;
    lonDeg = message.takeoffLongitude;
  }
  return latDeg === undefined || lonDeg === undefined ? undefined : { latDeg, lonDeg };
}

const PACK_TYPE = 0xf;
const PACK_HEADER_BYTES = 3;

/**
 * The whole messages in a pack that is cut short. The standard refuses such a pack, and the track that it makes says so; but an aircraft
 * whose transmitter counts wrongly still flies, and a forger's mistake is worth seeing.
 */
export function salvage({ format, bytes }: Frame, element: number): readonly Message[] {
  const linkType = Number(format.slice("dlt-".length));
  if (!isLinkType(linkType)) return [];
  const found = extractElements(linkType, bytes).elements[element];
  if (found === undefined) return [];
  const { offset, length } = found;
  const messages: Message[] = [];
  if ((bytes[offset] ?? 0) >> 4 !== PACK_TYPE) return messages;
  for (let at = offset + PACK_HEADER_BYTES; at + MESSAGE_BYTES <= offset + length; at += MESSAGE_BYTES) {
    for (const message of decodeAstm(bytes, at, MESSAGE_BYTES).messages) messages.push(message);
  }
  return messages;
}
