// Where do the fields of an extended squitter stand, and what numbers do they hold? Read straight from the bytes: nothing is allocated.
// `me` is the index of the first of the seven bytes of content. NaN: the field says that it does not know.
import { bit, bits } from "../bits.ts";
import { altitudeFt12 } from "./altitude.ts";
import { movementKt } from "./movement.ts";

export const SHORT_BYTES = 7;
export const LONG_BYTES = 14;
/** Bytes before the content. */
export const CONTENT_AT = 4;

/** Format 0 to 24: the longest ones mark themselves in two bits. */
export function downlinkFormat(bytes: Uint8Array, at: number): number {
  const format = bytes[at] >> 3;
  return format > 24 ? 24 : format;
}

/** Bytes that a frame of the format has: 7 below 16, 14 from there on. */
export function lengthOfFormat(format: number): number {
  return format < 16 ? SHORT_BYTES : LONG_BYTES;
}

export function isKnownFormat(format: number): boolean {
  return ((0x13f_0831 >> format) & 1) === 1;
}

export function announcedAddress(bytes: Uint8Array, at: number): number {
  return (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

export function typeCodeOf(bytes: Uint8Array, me: number): number {
  return bytes[me] >> 3;
}

export function isSurfacePosition(typeCode: number): boolean {
  return typeCode >= 5 && typeCode <= 8;
}

export function isAirbornePosition(typeCode: number): boolean {
  return (typeCode >= 9 && typeCode <= 18) || (typeCode >= 20 && typeCode <= 22);
}

/** Type codes 20 to 22 give the height above the ellipsoid, in the same code. */
export function isHeightAboveEllipsoid(typeCode: number): boolean {
  return typeCode >= 20 && typeCode <= 22;
}

/** The bit that tells ICAO's addresses from others in messages of ground stations (DO-260B 2.2.17.3, 2.2.18.4); 0 where the type has none. */
export function addressBitNumber(bytes: Uint8Array, me: number): number {
  const typeCode = typeCodeOf(bytes, me);
  if (isSurfacePosition(typeCode)) return 21;
  if (isAirbornePosition(typeCode)) return 8;
  if (typeCode === 19) return 9;
  if (typeCode === 29) return 51;
  return typeCode === 31 || (typeCode === 28 && (bytes[me] & 7) === 1) ? 56 : 0;
}

/** Pressure altitude, or height above the ellipsoid for type codes 20 to 22. 0 is no altitude but "unknown". */
export function positionAltitudeFt(bytes: Uint8Array, me: number): number {
  return altitudeFt12((bytes[me + 1] << 4) | (bytes[me + 2] >> 4));
}

export function cprIsOdd(bytes: Uint8Array, me: number): number {
  return (bytes[me + 2] >> 2) & 1;
}

export function cprLatitude(bytes: Uint8Array, me: number): number {
  return ((bytes[me + 2] & 3) << 15) | (bytes[me + 3] << 7) | (bytes[me + 4] >> 1);
}

export function cprLongitude(bytes: Uint8Array, me: number): number {
  return ((bytes[me + 4] & 1) << 16) | (bytes[me + 5] << 8) | bytes[me + 6];
}

export function surfaceSpeedKt(bytes: Uint8Array, me: number): number {
  return movementKt(((bytes[me] & 7) << 4) | (bytes[me + 1] >> 4));
}

export function surfaceTrackDeg(bytes: Uint8Array, me: number): number {
  if ((bytes[me + 1] & 8) === 0) return Number.NaN;
  return ((((bytes[me + 1] & 7) << 4) | (bytes[me + 2] >> 4)) * 360) / 128;
}

/** 1 to 4 for velocities, else reserved. */
export function velocitySubtype(bytes: Uint8Array, me: number): number {
  return bytes[me] & 7;
}

/** 0 is unknown, 1 is 0; subtypes 2 and 4 count in fours. */
function stepsOf(code: number, subtype: number): number {
  if (code === 0) return Number.NaN;
  return (code - 1) * (subtype === 2 || subtype === 4 ? 4 : 1);
}

export function eastKt(bytes: Uint8Array, me: number): number {
  const speed = stepsOf(bits(bytes, me, 15, 10), velocitySubtype(bytes, me));
  return bit(bytes, me, 14) === 1 ? 0 - speed : speed;
}

export function northKt(bytes: Uint8Array, me: number): number {
  const speed = stepsOf(bits(bytes, me, 26, 10), velocitySubtype(bytes, me));
  return bit(bytes, me, 25) === 1 ? 0 - speed : speed;
}

export function speedKt(east: number, north: number): number {
  return Math.sqrt(east * east + north * north);
}

/** Clockwise from true north, [0, 360); NaN when it does not move. */
export function trackDeg(east: number, north: number): number {
  if (east === 0 && north === 0) return Number.NaN;
  const angle = (Math.atan2(east, north) * 180) / Math.PI;
  return angle < 0 ? angle + 360 : angle;
}

export function headingDeg(bytes: Uint8Array, me: number): number {
  return bit(bytes, me, 14) === 0 ? Number.NaN : (bits(bytes, me, 15, 10) * 360) / 1024;
}

export function airspeedKt(bytes: Uint8Array, me: number): number {
  return stepsOf(bits(bytes, me, 26, 10), velocitySubtype(bytes, me));
}

export function verticalRateFpm(bytes: Uint8Array, me: number): number {
  const code = bits(bytes, me, 38, 9);
  if (code === 0) return Number.NaN;
  const rate = (code - 1) * 64;
  return bit(bytes, me, 37) === 1 ? 0 - rate : rate;
}

export function heightDifferenceFt(bytes: Uint8Array, me: number): number {
  const code = bits(bytes, me, 50, 7);
  if (code === 0) return Number.NaN;
  const difference = (code - 1) * 25;
  return bit(bytes, me, 49) === 1 ? 0 - difference : difference;
}
