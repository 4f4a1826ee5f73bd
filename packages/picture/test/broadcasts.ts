// Frames of invented aircraft, made by our own encoders, as a receiver would have heard them.
import {
  type AstmMessage,
  encodeBle4,
  encodeDji,
  encodeDjiBeacon,
  encodeFrench,
  encodeFrenchBeacon,
  encodeMessage,
  encodePack,
  encodeWifiBeacon,
} from "@atalaya/remote-id";

export interface Said {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly speedMps?: number;
  readonly courseDeg?: number;
  readonly heightHaeM?: number;
  readonly verticalSpeedMps?: number;
  /** Unix µs; the message says the seconds after the hour. */
  readonly clockUs?: number;
  readonly accuracy?: number;
}

export function bytesOf(made: Uint8Array | { readonly code: string; readonly detail: string }): Uint8Array {
  if (made instanceof Uint8Array) return made;
  throw new RangeError(`${made.code}: ${made.detail}`);
}

export function location(said: Said): AstmMessage {
  return {
    type: "location",
    status: 2,
    direction: said.courseDeg,
    speed: said.speedMps,
    verticalSpeed: said.verticalSpeedMps ?? 0,
    latitude: said.latDeg,
    longitude: said.lonDeg,
    pressureAltitude: undefined,
    geodeticAltitude: said.heightHaeM,
    heightType: 0,
    height: undefined,
    horizontalAccuracy: said.accuracy ?? 11,
    verticalAccuracy: 4,
    baroAccuracy: 0,
    speedAccuracy: 3,
    timestamp: said.clockUs === undefined ? undefined : Math.floor(((said.clockUs / 1e6) % 3600) * 10) / 10,
    timestampAccuracy: undefined,
  };
}

export function basicId(uasId: string, idType = 1): AstmMessage {
  return { type: "basicId", idType, uaType: 2, uasId };
}

export function system(latDeg: number, lonDeg: number): AstmMessage {
  return {
    type: "system",
    operatorLocationType: 0,
    classificationType: 0,
    operatorLatitude: latDeg,
    operatorLongitude: lonDeg,
    areaCount: 1,
    areaRadius: 0,
    areaCeiling: undefined,
    areaFloor: undefined,
    category: 0,
    class: 0,
    operatorAltitude: 1200,
    timestampMs: undefined,
  };
}

const sending = (transmitter: string): { transmitter: string; rssi: number; counter: number } => ({ transmitter, rssi: -60, counter: 1 });

export function beacon(transmitter: string, ...messages: AstmMessage[]): Uint8Array {
  return encodeWifiBeacon(sending(transmitter), "test", bytesOf(encodePack(messages, 2)));
}

export function ble4(transmitter: string, message: AstmMessage): Uint8Array {
  return encodeBle4(sending(transmitter), bytesOf(encodeMessage(message, 2)));
}

export function dji(transmitter: string, serial: string, latDeg: number, lonDeg: number): Uint8Array {
  const telegram = encodeDji({
    formatVersion: 2,
    sequence: 1,
    serial,
    latitude: latDeg,
    longitude: lonDeg,
    altitude: 120,
    height: 50,
    speedNorth: 3,
    speedEast: 4,
    speedUp: 0,
    operatorLatitude: latDeg + 0.001,
    operatorLongitude: lonDeg,
    homeLatitude: undefined,
    homeLongitude: undefined,
    deviceType: 16,
  });
  return encodeDjiBeacon(sending(transmitter), "test", bytesOf(telegram));
}

export function french(transmitter: string, idAnsi: string, latDeg: number, lonDeg: number): Uint8Array {
  const fields = encodeFrench({
    version: 1,
    idFr: undefined,
    idAnsi,
    latitude: latDeg,
    longitude: lonDeg,
    altitude: 150,
    height: 40,
    takeoffLatitude: latDeg,
    takeoffLongitude: lonDeg,
    speed: 5,
    course: 90,
  });
  return encodeFrenchBeacon(sending(transmitter), "test", bytesOf(fields));
}

/** A place so many metres north and east of the test post; good to a metre within 20 km. */
export const POST = { latDeg: 31.76, lonDeg: -106.49 } as const;
export function place(northM: number, eastM: number): { latDeg: number; lonDeg: number } {
  return { latDeg: POST.latDeg + northM / 110_876, lonDeg: POST.lonDeg + eastM / 94_728 };
}

/** A time at which all the made-up journals begin: Unix µs, half past an hour. */
export const T0 = 1_790_000_000_000_000;
export const S = 1_000_000;

const HEX = "0123456789abcdef";
export function mac(number: number): string {
  const digits = Array.from({ length: 12 }, (_, k) => HEX.charAt(Math.floor(number / 16 ** (11 - k)) % 16)).join("");
  return (digits.match(/../g) ?? []).join(":");
}
