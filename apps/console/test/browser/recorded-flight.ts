// A capture file of one invented aircraft, made by our own encoder: a Wi-Fi beacon a second along a straight path.
import { type AstmMessage, encodePack, encodeWifiBeacon, pcapHeader, pcapRecord } from "@atalaya/remote-id";

const LINK_TYPE_RADIOTAP = 127;

export interface Flight {
  readonly serial: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly speedMps: number;
  readonly seconds: number;
  readonly startMs: number;
}

/** Flies due north. */
export function captureOf({ serial, latDeg, lonDeg, speedMps, seconds, startMs }: Flight): Uint8Array {
  const parts = [pcapHeader(LINK_TYPE_RADIOTAP)];
  for (let second = 0; second < seconds; second += 1) {
    const timeMs = startMs + second * 1000;
    const location: AstmMessage = {
      type: "location",
      status: 2,
      direction: 0,
      speed: speedMps,
      verticalSpeed: 0,
      latitude: latDeg + (speedMps * second) / 111_132,
      longitude: lonDeg,
      pressureAltitude: undefined,
      geodeticAltitude: 1200,
      heightType: 1,
      height: 80,
      horizontalAccuracy: 10,
      verticalAccuracy: 4,
      baroAccuracy: 0,
      speedAccuracy: 3,
      timestamp: (timeMs / 1000) % 3600,
      timestampAccuracy: 0.1,
    };
    const pack = encodePack([{ type: "basicId", idType: 1, uaType: 2, uasId: serial }, location], 2);
    if (!(pack instanceof Uint8Array)) throw new Error(`the test's own message is refused: ${pack.detail}`);
    parts.push(
      pcapRecord(timeMs * 1000, encodeWifiBeacon({ transmitter: "02:00:00:00:00:01", rssi: -60, counter: second & 255 }, "test", pack)),
    );
  }
  return Buffer.concat(parts);
}
