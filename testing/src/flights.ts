// Made-up broadcasts as lines that a source can POST, and as frames of a capture.
import { encodePack, encodeWifiBeacon, hex } from "@atalaya/remote-id";

export interface Broadcast {
  readonly serial: string;
  readonly transmitter: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Course over ground; absent: it hovers. */
  readonly course?: { readonly deg: number; readonly speedMps: number };
  readonly operator?: { readonly latDeg: number; readonly lonDeg: number };
}

/** A Wi-Fi beacon (link type 127) of an aircraft there. */
export function beaconOf({ serial, transmitter, latDeg, lonDeg, course, operator }: Broadcast, timeMs: number): Uint8Array {
  const pack = encodePack(
    [
      { type: "basicId", idType: 1, uaType: 2, uasId: serial },
      {
        type: "location",
        status: 2,
        direction: course?.deg ?? 90,
        speed: course?.speedMps ?? 0,
        verticalSpeed: 0,
        latitude: latDeg,
        longitude: lonDeg,
        pressureAltitude: undefined,
        geodeticAltitude: 1200,
        heightType: 1,
        height: 60,
        horizontalAccuracy: 10,
        verticalAccuracy: 4,
        baroAccuracy: 0,
        speedAccuracy: 3,
        timestamp: Math.floor(((timeMs / 1000) % 3600) * 10) / 10,
        timestampAccuracy: 0.1,
      },
      ...(operator === undefined
        ? []
        : [
            {
              type: "system" as const,
              operatorLocationType: 1,
              classificationType: 0,
              operatorLatitude: operator.latDeg,
              operatorLongitude: operator.lonDeg,
              areaCount: 1,
              areaRadius: 0,
              areaCeiling: undefined,
              areaFloor: undefined,
              category: 0,
              class: 0,
              operatorAltitude: 1140,
              timestampMs: Math.floor(timeMs / 1000) * 1000,
            },
          ]),
    ],
    2,
  );
  if (!(pack instanceof Uint8Array)) throw new Error(`${pack.code}: ${pack.detail}`);
  return encodeWifiBeacon({ transmitter, rssi: -60, counter: Math.floor(timeMs / 1000) & 0xff }, serial, pack);
}

/** The same as a line of JSON. */
export function lineOf(broadcast: Broadcast, timeMs: number): string {
  return `${JSON.stringify({ type: "frame", linkType: 127, t: timeMs, hex: hex(beaconOf(broadcast, timeMs)) })}\n`;
}
