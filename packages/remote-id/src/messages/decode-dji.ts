// From the body of DJI's DroneID element to a message. Its maker has not published the layout: it is read as researchers found it
// (N. Schiller et al., "Drone Security and the Mysterious Case of DJI's DroneID", NDSS 2023, and the receivers that came of it).
// Integers are little-endian; angles are radians × 10⁷, heights feet, speeds centimetres per second.
import { i16le, i32le, latin1, u16le } from "../bytes.ts";
import { clauses } from "./clauses.ts";
import type { DecodedElement, Problem } from "./types.ts";

/** `58 62 13`, then the kind of telegram, then the version. */
const TELEGRAM = [0x58, 0x62, 0x13] as const;
const FLIGHT_REGISTER = 0x10;
/** Raw angle per degree: 10⁷ · π / 180. */
const RAW_PER_DEGREE = 174_533;
const RAW_PER_METRE = 3.281;
const VERSION_1_BYTES = 74;
const VERSION_2_BYTES = 86;

function refusedDji(code: string, detail: string): DecodedElement {
  return { version: undefined, messages: [], problems: [], refused: { code, clause: clauses.dji, detail } };
}

/** Decodes what follows the OUI `26:37:12`. */
export function decodeDji(bytes: Uint8Array, offset: number, length: number): DecodedElement {
  if (length < 5 || offset + length > bytes.length) return refusedDji("cut-short", `${Math.max(0, length)} bytes of a header of 5`);
  if (TELEGRAM.some((byte, k) => bytes[offset + k] !== byte)) return refusedDji("unknown-telegram", "not a DroneID telegram");
  if (bytes[offset + 3] !== FLIGHT_REGISTER)
    return refusedDji("unknown-telegram", `telegram kind ${bytes[offset + 3]}, only flights (16) are read`);
  const formatVersion = bytes[offset + 4];
  if (formatVersion !== 1 && formatVersion !== 2) return refusedDji("unknown-version", `version ${formatVersion}`);
  const wanted = formatVersion === 1 ? VERSION_1_BYTES : VERSION_2_BYTES;
  // The text at the end (20 bytes behind its length) may be cut off by shorter transmitters; nothing of it is read.
  if (length - 5 < wanted - 20) return refusedDji("cut-short", `${length - 5} bytes of ${wanted - 20}`);
  const at = offset + 5;
  const problems: Problem[] = [];
  const place = (rawLatitude: number, rawLongitude: number, prefix: string): readonly [number | undefined, number | undefined] => {
    if (rawLatitude === 0 && rawLongitude === 0) return [undefined, undefined];
    const latitude = rawLatitude / RAW_PER_DEGREE;
    const longitude = rawLongitude / RAW_PER_DEGREE;
    const field = (name: string): string => (prefix === "" ? name.toLowerCase() : `${prefix}${name}`);
    const outside = (name: string): undefined => {
      problems.push({ message: 0, field: field(name), code: `${name.toLowerCase()}-out-of-range`, clause: clauses.dji });
      return undefined;
    };
    return [Math.abs(latitude) <= 90 ? latitude : outside("Latitude"), Math.abs(longitude) <= 180 ? longitude : outside("Longitude")];
  };
  const [latitude, longitude] = place(i32le(bytes, at + 24), i32le(bytes, at + 20), "");
  // Version 1 has pitch, roll and yaw where version 2 has yaw, the satellite time and the position of the operator's device.
  const [operatorLatitude, operatorLongitude] =
    formatVersion === 1 ? [undefined, undefined] : place(i32le(bytes, at + 48), i32le(bytes, at + 52), "operator");
  const homeAt = at + (formatVersion === 1 ? 44 : 56);
  const [homeLatitude, homeLongitude] = place(i32le(bytes, homeAt + 4), i32le(bytes, homeAt), "home");
  return {
    version: undefined,
    messages: [
      {
        type: "dji",
        formatVersion,
        sequence: u16le(bytes, at),
        serial: latin1(bytes, at + 4, 16),
        latitude,
        longitude,
        altitude: i16le(bytes, at + 28) / RAW_PER_METRE,
        height: i16le(bytes, at + 30) / RAW_PER_METRE,
        speedNorth: i16le(bytes, at + 32) / 100,
        speedEast: i16le(bytes, at + 34) / 100,
        speedUp: i16le(bytes, at + 36) / 100,
        operatorLatitude,
        operatorLongitude,
        homeLatitude,
        homeLongitude,
        deviceType: bytes[homeAt + 8],
      },
    ],
    problems,
    refused: undefined,
  };
}
