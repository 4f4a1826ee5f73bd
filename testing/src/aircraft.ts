// What an invented aircraft's transponder sends, made by our own encoders, in the framings of receivers.
import { encodeBeast, encodeCpr, encodeModeS, type ModeSMessage } from "@atalaya/adsb";

export interface Flight {
  readonly address: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  /** On the ground, where absent. */
  readonly altitudeFt?: number;
  /** Height above the ellipsoid less pressure altitude. */
  readonly heightDifferenceFt?: number;
  readonly eastKt?: number;
  readonly northKt?: number;
  readonly climbFpm?: number;
  readonly callsign?: string;
  readonly category?: string;
  readonly squawk?: string;
  readonly nacP?: number;
}

export function modeS(message: ModeSMessage): Uint8Array {
  const bytes = encodeModeS(message);
  if (bytes instanceof Uint8Array) return bytes;
  throw new RangeError(`${bytes.refused.code}: ${bytes.refused.detail}`);
}

function squitter(address: number, typeCode: number, content: Extract<ModeSMessage, { type: "extended" }>["content"]): Uint8Array {
  return modeS({ type: "extended", df: 17, address, addressKind: "icao", origin: "adsb", control: 5, typeCode, content });
}

/** Half of a position. */
export function halfPosition({ address, latDeg, lonDeg, altitudeFt }: Flight, isOdd: boolean): Uint8Array {
  const half = new Int32Array(2);
  const isSurface = altitudeFt === undefined;
  encodeCpr(latDeg, lonDeg, isOdd, isSurface, half);
  const cpr = { isOdd, cprLatitude: half[0] ?? 0, cprLongitude: half[1] ?? 0, isTimeSynchronised: false };
  if (isSurface) return squitter(address, 7, { kind: "surfacePosition", groundSpeedKt: 10, trackDeg: 90, ...cpr });
  const pressure = { surveillanceStatus: 0, nicSupplementB: false, altitudeFt, altitudeReference: "pressure" } as const;
  return squitter(address, 11, { kind: "airbornePosition", ...pressure, ...cpr });
}

/** Everything that the aircraft has to say, its position in both halves. */
export function squitters(flight: Flight): readonly Uint8Array[] {
  const { address, eastKt, northKt, climbFpm, heightDifferenceFt, callsign, category, squawk, nacP } = flight;
  const frames: Uint8Array[] = [];
  if (category !== undefined || callsign !== undefined) {
    const set = (category ?? "A1").charCodeAt(0) - 0x41;
    frames.push(squitter(address, 4 - set, { kind: "identification", category: category ?? "A1", callsign }));
  }
  if (nacP !== undefined)
    frames.push(
      squitter(address, 31, {
        ...{ kind: "operationalStatus", isSurface: false, version: 2, capabilityCodes: 0, operationalModes: 0, lengthWidth: undefined },
        ...{
          nicSupplementA: false,
          nacP,
          gva: 2,
          sil: 3,
          nicBaro: true,
          isTrackHeading: undefined,
          isMagnetic: false,
          isSilPerSample: false,
        },
      }),
    );
  if (eastKt !== undefined && northKt !== undefined)
    frames.push(
      squitter(address, 19, {
        ...{ kind: "groundVelocity", subtype: 1, isIntentChange: false, nacV: 1, verticalRateFpm: climbFpm, verticalRateSource: "gnss" },
        ...{ heightDifferenceFt, eastKt, northKt, groundSpeedKt: undefined, trackDeg: undefined },
      }),
    );
  frames.push(halfPosition(flight, false), halfPosition(flight, true));
  if (squawk !== undefined) frames.push(modeS({ type: "identity", df: 5, overlay: address, flightStatus: 0, squawk }));
  return frames;
}

/** Frames as a receiver of the Beast format sends them, one 12,000 ticks (a millisecond) after the other. */
export function beastOf(frames: readonly Uint8Array[], firstTick = 0x1a_1a00): Uint8Array {
  const parts = frames.map((frame, k) => encodeBeast(frame, firstTick + 12_000 * k, 0x80));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
