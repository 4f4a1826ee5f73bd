// The memory image that DroneScout receivers send as `UASdata`: the reference library's structure of decoded values, as x86-64 and
// ARM64 lay it out. It holds decoded numbers with sentinels; they are made unknown here as they are for the wire format.
import { hex, i32le, latin1, u16le, u32le } from "../bytes.ts";
import { clauses } from "../messages/clauses.ts";
import { EPOCH_2019_MS } from "../messages/decode-astm.ts";
import type { DecodedElement, Message, Problem } from "../messages/types.ts";

/** The structure without trailing bytes. */
export const UAS_DATA_BYTES = 920;

export const uasDataOffsets = {
  basicId: [0, 32],
  location: 64,
  authentication: 136,
  authenticationStride: 40,
  selfId: 776,
  system: 808,
  operatorPosition: 816,
  operatorAltitude: 852,
  operatorId: 864,
  valid: 892,
} as const;

const AUTHENTICATION_PAGES = 16;
const CLAUSE = "opendroneid.h, ODID_UAS_Data";

/** Reads the parts that the image flags valid, in the order basicId, location, authentication, selfId, system, operatorId. */
export function decodeUasData(bytes: Uint8Array): DecodedElement {
  if (bytes.length < UAS_DATA_BYTES) {
    return {
      version: undefined,
      messages: [],
      problems: [],
      refused: { code: "cut-short", clause: CLAUSE, detail: `${bytes.length} bytes of ${UAS_DATA_BYTES}` },
    };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Message[] = [];
  const problems: Problem[] = [];
  const valid = uasDataOffsets.valid;
  const f32 = (at: number): number => view.getFloat32(at, true);
  const problem = (field: string, code: string, clause: string): undefined => {
    problems.push({ message: messages.length, field, code, clause });
    return undefined;
  };
  const within = (value: number, low: number, high: number, field: string, code: string, clause: string): number | undefined =>
    value >= low && value <= high ? value : problem(field, code, clause);
  const altitude = (value: number): number | undefined => (value === -1000 || !Number.isFinite(value) ? undefined : value);
  const place = (at: number, names: readonly [string, string], clause: string): readonly [number | undefined, number | undefined] => {
    const latitude = view.getFloat64(at, true);
    const longitude = view.getFloat64(at + 8, true);
    if (latitude === 0 && longitude === 0) return [undefined, undefined];
    return [
      within(latitude, -90, 90, names[0], "latitude-out-of-range", clause),
      within(longitude, -180, 180, names[1], "longitude-out-of-range", clause),
    ];
  };

  for (let k = 0; k < 2; k += 1) {
    if (bytes[valid + k] === 0) continue;
    const at = uasDataOffsets.basicId[k];
    const idType = i32le(bytes, at + 4);
    const text = latin1(bytes, at + 8, 20);
    const uasId = idType > 2 ? hex(bytes, at + 8, 20) : idType === 0 && text === "" ? undefined : text;
    messages.push({ type: "basicId", idType, uaType: i32le(bytes, at), uasId });
  }
  if (bytes[valid + 2] !== 0) {
    const at = uasDataOffsets.location;
    const direction = f32(at + 4);
    const speed = f32(at + 8);
    const verticalSpeed = f32(at + 12);
    const time = f32(at + 68);
    const [latitude, longitude] = place(at + 16, ["latitude", "longitude"], clauses.location);
    const timestampAccuracy = i32le(bytes, at + 64);
    messages.push({
      type: "location",
      status: i32le(bytes, at),
      direction: direction === 361 ? undefined : within(direction, 0, 359, "direction", "direction-out-of-range", clauses.location),
      speed: speed === 255 || !Number.isFinite(speed) ? undefined : speed,
      verticalSpeed: verticalSpeed === 63 || !Number.isFinite(verticalSpeed) ? undefined : verticalSpeed,
      latitude,
      longitude,
      pressureAltitude: altitude(f32(at + 32)),
      geodeticAltitude: altitude(f32(at + 36)),
      heightType: i32le(bytes, at + 40),
      height: altitude(f32(at + 44)),
      horizontalAccuracy: i32le(bytes, at + 48),
      verticalAccuracy: i32le(bytes, at + 52),
      baroAccuracy: i32le(bytes, at + 56),
      speedAccuracy: i32le(bytes, at + 60),
      // The wire's step is a tenth; the image holds it in single precision.
      timestamp:
        time === 0xffff || !Number.isFinite(time)
          ? undefined
          : within(Math.round(time * 10) / 10, 0, 3600, "timestamp", "timestamp-out-of-range", clauses.location),
      timestampAccuracy: timestampAccuracy === 0 ? undefined : timestampAccuracy / 10,
    });
  }
  for (let page = 0; page < AUTHENTICATION_PAGES; page += 1) {
    if (bytes[valid + 3 + page] === 0) continue;
    const at = uasDataOffsets.authentication + page * uasDataOffsets.authenticationStride;
    const head = page === 0;
    messages.push({
      type: "authentication",
      authType: i32le(bytes, at + 4),
      page: bytes[at],
      lastPage: head ? bytes[at + 8] : undefined,
      length: head ? bytes[at + 9] : undefined,
      timestampMs: head ? EPOCH_2019_MS + u32le(bytes, at + 12) * 1000 : undefined,
      data: bytes.slice(at + 16, at + 16 + (head ? 17 : 23)),
    });
  }
  if (bytes[valid + 19] !== 0) {
    messages.push({
      type: "selfId",
      descriptionType: i32le(bytes, uasDataOffsets.selfId),
      description: latin1(bytes, uasDataOffsets.selfId + 4, 23),
    });
  }
  if (bytes[valid + 20] !== 0) {
    const at = uasDataOffsets.system;
    const [operatorLatitude, operatorLongitude] = place(at + 8, ["operatorLatitude", "operatorLongitude"], clauses.system);
    messages.push({
      type: "system",
      operatorLocationType: i32le(bytes, at),
      classificationType: i32le(bytes, at + 4),
      operatorLatitude,
      operatorLongitude,
      areaCount: u16le(bytes, at + 24),
      areaRadius: u16le(bytes, at + 26),
      areaCeiling: altitude(f32(at + 28)),
      areaFloor: altitude(f32(at + 32)),
      category: i32le(bytes, at + 36),
      class: i32le(bytes, at + 40),
      operatorAltitude: altitude(f32(at + 44)),
      timestampMs: EPOCH_2019_MS + u32le(bytes, at + 48) * 1000,
    });
  }
  if (bytes[valid + 21] !== 0) {
    messages.push({
      type: "operatorId",
      operatorIdType: i32le(bytes, uasDataOffsets.operatorId),
      operatorId: latin1(bytes, uasDataOffsets.operatorId + 4, 20),
    });
  }
  return { version: undefined, messages, problems, refused: undefined };
}
