// Cuts the broadcast positions of people out of a frame, so that they can be kept apart, shown by right and deleted early, while the rest
// of the frame stays. What is cut: the operator's position and altitude (System), the pilot's and the home position (DJI), the take-off position (French).
//
// The sealed part is a list of patches: u8 0, then for each u32 offset, u16 length, the original bytes. Where the frame is compressed, patching in
// place is impossible: u8 1 and the whole original; the payload is then the expanded text.
import { fromHex, hex, i32le, u16le, u32le, writeU16le, writeU32le } from "../bytes.ts";
import { CARRIERS, type CarrierElement } from "../carriers/element.ts";
import { extractElements, isLinkType, type LinkType } from "../carriers/link-layers.ts";
import { MESSAGE_BYTES } from "../messages/decode-astm.ts";
import type { Message, Refusal } from "../messages/types.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { decodeFrame } from "./decode-frame.ts";
import { droneScoutText } from "./dronescout.ts";
import { isJsonObject, type JsonObject, jsonObjects, utf8, utf8Bytes } from "./json-objects.ts";
import { UAS_DATA_BYTES, uasDataOffsets } from "./uas-data.ts";
import type { FrameFormat } from "./types.ts";

export interface SealedFrame {
  /** The frame without positions of people; the same bytes as came in when there were none. */
  readonly payload: Uint8Array;
  readonly sealed: Uint8Array | undefined;
}

/** A position of a person or of the place where the aircraft took off. */
export interface OperatorPosition {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM: number | undefined;
  readonly locationType: "takeoff" | "live" | "fixed" | "unknown";
}

interface Cut {
  readonly offset: number;
  readonly length: number;
}

const PATCHES = 0;
const WHOLE = 1;

/** Places in one message of 25 bytes. */
function cutsOfMessage(bytes: Uint8Array, at: number, cuts: Cut[]): void {
  if (bytes[at] >> 4 !== 4) return;
  if (i32le(bytes, at + 2) !== 0 || i32le(bytes, at + 6) !== 0) cuts.push({ offset: at + 2, length: 8 });
  if ((bytes[at] & 0xf) !== 0 && u16le(bytes, at + 18) !== 0) cuts.push({ offset: at + 18, length: 2 });
}

function cutsOfElement(bytes: Uint8Array, { carrier, offset, length }: CarrierElement, cuts: Cut[]): void {
  if (carrier === "french") {
    for (let at = offset; at + 2 <= offset + length; at += 2 + bytes[at + 1]) {
      const tag = bytes[at];
      // A zeroed position reads as unknown.
      if ((tag === 8 || tag === 9) && bytes[at + 1] === 4 && at + 6 <= offset + length) cuts.push({ offset: at + 2, length: 4 });
    }
    return;
  }
  if (carrier === "dji") {
    const version = bytes[offset + 4];
    if (version === 1 && length >= 5 + 52) cuts.push({ offset: offset + 5 + 44, length: 8 });
    if (version === 2 && length >= 5 + 64) cuts.push({ offset: offset + 5 + 48, length: 16 });
    return;
  }
  if (length < MESSAGE_BYTES) return;
  if (bytes[offset] >> 4 !== 0xf) {
    cutsOfMessage(bytes, offset, cuts);
    return;
  }
  // A pack that is refused is searched as well, as far as whole messages stand in it.
  const count = Math.min(bytes[offset + 2], Math.floor((length - 3) / MESSAGE_BYTES));
  for (let k = 0; k < count; k += 1) cutsOfMessage(bytes, offset + 3 + k * MESSAGE_BYTES, cuts);
}

function seal(bytes: Uint8Array, cuts: readonly Cut[]): SealedFrame {
  if (cuts.length === 0) return { payload: bytes, sealed: undefined };
  const payload = bytes.slice();
  const sealed = new Uint8Array(1 + cuts.reduce((sum, { length }) => sum + 6 + length, 0));
  sealed[0] = PATCHES;
  let at = 1;
  for (const { offset, length } of cuts) {
    writeU32le(sealed, at, offset);
    writeU16le(sealed, at + 4, length);
    sealed.set(bytes.subarray(offset, offset + length), at + 6);
    payload.fill(0, offset, offset + length);
    at += 6 + length;
  }
  return { payload, sealed };
}

const LINK_TYPE: Readonly<Partial<Record<FrameFormat, LinkType>>> = {
  "dlt-105": 105,
  "dlt-127": 127,
  "dlt-201": 201,
  "dlt-256": 256,
  "dlt-272": 272,
};

/** Takes the positions of people out of a frame. A frame that cannot be read stays as it is: nothing can be read out of it later either. */
export function sealOperator(format: FrameFormat, bytes: Uint8Array): SealedFrame {
  const linkType = LINK_TYPE[format];
  if (linkType !== undefined) {
    const cuts: Cut[] = [];
    for (const element of extractElements(linkType, bytes).elements) cutsOfElement(bytes, element, cuts);
    return seal(bytes, cuts);
  }
  // Text formats: the whole original is kept apart when anything in it is a person's position.
  const tells = decodeFrame(format, bytes).observations.some(({ element }) =>
    element.messages.some((message) => positionOf(message) !== undefined),
  );
  if (!tells) return { payload: bytes, sealed: undefined };
  const text = format === "dronescout" ? droneScoutText(bytes) : utf8(bytes);
  if (typeof text !== "string") return { payload: bytes, sealed: undefined };
  const sealed = new Uint8Array(1 + bytes.length);
  sealed[0] = WHOLE;
  sealed.set(bytes, 1);
  const lines = jsonObjects(text).objects.map((object) => JSON.stringify(withoutPeople(object)));
  return { payload: utf8Bytes(lines.join("\n")), sealed };
}

/** The same object with the positions of people overwritten by "unknown". */
function withoutPeople(object: JsonObject): JsonObject {
  const { hex: digits, data } = object;
  if (isJsonObject(data)) {
    // Copies of the raw frame may hold the position again.
    const { raw: _raw, extra: _extra, UASdata: image, ...rest } = data;
    return { ...object, data: { ...rest, ...(typeof image === "string" ? { UASdata: withoutOperator(image) } : {}) } };
  }
  const bytes = typeof digits === "string" ? fromHex(digits) : undefined;
  if (bytes === undefined) return object;
  const cuts: Cut[] = [];
  const { linkType } = object;
  const carrier = CARRIERS.find((name) => name === object["carrier"]);
  if (object["type"] === "frame" && typeof linkType === "number" && isLinkType(linkType)) {
    for (const element of extractElements(linkType, bytes).elements) cutsOfElement(bytes, element, cuts);
  } else if (object["type"] === "element" && carrier !== undefined) {
    cutsOfElement(bytes, { carrier, transmitter: undefined, rssi: undefined, counter: undefined, offset: 0, length: bytes.length }, cuts);
  }
  return { ...object, hex: hex(seal(bytes, cuts).payload) };
}

/** The image of a DroneScout with latitude and longitude 0 and an altitude of −1000 m: its own "unknown". */
function withoutOperator(image: string): string {
  const bytes = fromBase64(image);
  if (bytes === undefined || bytes.length < UAS_DATA_BYTES) return image;
  bytes.fill(0, uasDataOffsets.operatorPosition, uasDataOffsets.operatorPosition + 16);
  new DataView(bytes.buffer).setFloat32(uasDataOffsets.operatorAltitude, -1000, true);
  return toBase64(bytes);
}

function positionOf(message: Message): OperatorPosition | undefined {
  switch (message.type) {
    case "system": {
      const { operatorLatitude, operatorLongitude, operatorAltitude, operatorLocationType } = message;
      if (operatorLatitude === undefined || operatorLongitude === undefined) return undefined;
      const locationType = (["takeoff", "live", "fixed"] as const)[operatorLocationType] ?? "unknown";
      return { latDeg: operatorLatitude, lonDeg: operatorLongitude, heightHaeM: operatorAltitude, locationType };
    }
    case "dji": {
      const { operatorLatitude, operatorLongitude, homeLatitude, homeLongitude } = message;
      if (operatorLatitude !== undefined && operatorLongitude !== undefined) {
        return { latDeg: operatorLatitude, lonDeg: operatorLongitude, heightHaeM: undefined, locationType: "live" };
      }
      if (homeLatitude === undefined || homeLongitude === undefined) return undefined;
      return { latDeg: homeLatitude, lonDeg: homeLongitude, heightHaeM: undefined, locationType: "takeoff" };
    }
    case "french": {
      const { takeoffLatitude, takeoffLongitude } = message;
      if (takeoffLatitude === undefined || takeoffLongitude === undefined) return undefined;
      return { latDeg: takeoffLatitude, lonDeg: takeoffLongitude, heightHaeM: undefined, locationType: "takeoff" };
    }
    default:
      return undefined;
  }
}

function malformed(detail: string): Refusal {
  return { code: "sealed-part", clause: "Atalaya sealed frames", detail };
}

/** Puts a frame together again, byte for byte as it came in. */
export function unsealOperator(payload: Uint8Array, sealed: Uint8Array): Uint8Array | Refusal {
  if (sealed.length < 1) return malformed("empty");
  if (sealed[0] === WHOLE) return sealed.slice(1);
  if (sealed[0] !== PATCHES) return malformed(`kind ${sealed[0]}`);
  const bytes = payload.slice();
  for (let at = 1; at < sealed.length; ) {
    if (at + 6 > sealed.length) return malformed("cut short");
    const offset = u32le(sealed, at);
    const length = u16le(sealed, at + 4);
    if (at + 6 + length > sealed.length || offset + length > bytes.length) return malformed("a patch beyond the frame");
    bytes.set(sealed.subarray(at + 6, at + 6 + length), offset);
    at += 6 + length;
  }
  return bytes;
}

/** The positions of people in a sealed frame. */
export function decodeOperator(format: FrameFormat, payload: Uint8Array, sealed: Uint8Array): readonly OperatorPosition[] {
  const bytes = unsealOperator(payload, sealed);
  if (!(bytes instanceof Uint8Array)) return [];
  return decodeFrame(format, bytes).observations.flatMap(({ element }) =>
    element.messages.map(positionOf).filter((position) => position !== undefined),
  );
}
