// Cuts the broadcast positions of people out of a frame, so that they can be kept apart, shown by right and deleted early, while the rest
// of the frame stays. What is cut: the operator's position and altitude (System), the pilot's and the home position (DJI), the take-off position (French).
//
// The sealed part is a list of patches: u8 0, then for each u32 offset, u16 length, the original bytes. Where the frame is compressed, patching in
// place is impossible: u8 1 and the whole original; the payload is then the expanded text.
import { fromHex, hex, u16le, u32le, writeU16le, writeU32le } from "../bytes.ts";
import { CARRIERS, type CarrierElement } from "../carriers/element.ts";
import { extractElements, isLinkType, leCheckSequence, type LinkType } from "../carriers/link-layers.ts";
import { MESSAGE_BYTES } from "../messages/decode-astm.ts";
import type { Message, Refusal } from "../messages/types.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { decodeFrame } from "./decode-frame.ts";
import { droneScoutText } from "./dronescout.ts";
import { isJsonObject, type JsonObject, jsonObjects, MAX_DEPTH, utf8, utf8Bytes } from "./json-objects.ts";
import { uasDataOffsets } from "./uas-data.ts";
import type { RemoteIdFormat } from "./types.ts";

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

/** Adds a place, as far as it lies within the element and holds anything. */
function cut(bytes: Uint8Array, offset: number, length: number, end: number, cuts: Cut[]): void {
  const held = Math.min(length, end - offset);
  for (let k = offset; k < offset + held; k += 1) {
    if (bytes[k] !== 0) {
      cuts.push({ offset, length: held });
      return;
    }
  }
}

/** Places in one message of 25 bytes, of which those before `end` stand in the frame. */
function cutsOfMessage(bytes: Uint8Array, at: number, end: number, cuts: Cut[]): void {
  if (at >= end || bytes[at] >> 4 !== 4) return;
  cut(bytes, at + 2, 8, end, cuts);
  // Version 0 has no altitude: the bytes are reserved.
  if ((bytes[at] & 0xf) !== 0) cut(bytes, at + 18, 2, end, cuts);
}

/** Elements that are refused or cut short are searched as well: what nobody decodes today must be no position tomorrow. */
function cutsOfElement(bytes: Uint8Array, { carrier, offset, length }: CarrierElement, cuts: Cut[]): void {
  const end = offset + length;
  if (carrier === "french") {
    for (let at = offset; at + 2 <= end; at += 2 + bytes[at + 1]) {
      // A zeroed position reads as unknown.
      if (bytes[at] === 8 || bytes[at] === 9) cut(bytes, at + 2, bytes[at + 1], end, cuts);
    }
    return;
  }
  if (carrier === "dji") {
    const version = length > 4 ? bytes[offset + 4] : 0;
    if (version === 1) cut(bytes, offset + 5 + 44, 8, end, cuts);
    if (version === 2) cut(bytes, offset + 5 + 48, 16, end, cuts);
    return;
  }
  if (length < 1) return;
  if (bytes[offset] >> 4 !== 0xf) {
    cutsOfMessage(bytes, offset, end, cuts);
    return;
  }
  const count = length < 3 ? 0 : bytes[offset + 2];
  for (let k = 0, at = offset + 3; k < count && at < end; k += 1, at += MESSAGE_BYTES) cutsOfMessage(bytes, at, end, cuts);
}

function seal(bytes: Uint8Array, cuts: readonly Cut[]): SealedFrame {
  if (cuts.length === 0) return { payload: bytes, sealed: undefined };
  const payload = new Uint8Array(bytes);
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

/** A packet whose check sequence is verified when it is read needs the one that belongs to what is left of it. */
function sealLinkLayer(bytes: Uint8Array, cuts: readonly Cut[]): SealedFrame {
  const place = cuts.length === 0 ? undefined : leCheckSequence(bytes);
  if (place === undefined) return seal(bytes, cuts);
  const { payload, sealed } = seal(bytes, [...cuts, { offset: place.offset, length: 3 }]);
  const { offset, value } = leCheckSequence(payload) ?? place;
  payload.set([value & 0xff, (value >> 8) & 0xff, value >> 16], offset);
  return { payload, sealed };
}

const LINK_TYPE: Readonly<Partial<Record<RemoteIdFormat, LinkType>>> = {
  "dlt-105": 105,
  "dlt-127": 127,
  "dlt-201": 201,
  "dlt-256": 256,
  "dlt-272": 272,
};

/** Takes the positions of people out of a frame. A frame that cannot be read stays as it is: nothing can be read out of it later either. */
export function sealOperator(format: RemoteIdFormat, bytes: Uint8Array): SealedFrame {
  const linkType = LINK_TYPE[format];
  if (linkType !== undefined) {
    const { elements } = extractElements(linkType, bytes);
    if (elements.length === 0) return { payload: bytes, sealed: undefined };
    const cuts: Cut[] = [];
    for (const element of elements) cutsOfElement(bytes, element, cuts);
    return linkType === 256 ? sealLinkLayer(bytes, cuts) : seal(bytes, cuts);
  }
  const text = format === "dronescout" ? droneScoutText(bytes) : utf8(bytes);
  if (typeof text !== "string") return { payload: bytes, sealed: undefined };
  const { objects, refused } = jsonObjects(text);
  const masked = objects.map(withoutPeople);
  if (masked.every((object, k) => object === objects[k])) return { payload: bytes, sealed: undefined };
  // Text cannot be patched in place: the whole original is kept apart.
  const sealed = new Uint8Array(1 + bytes.length);
  sealed[0] = WHOLE;
  sealed.set(bytes, 1);
  const lines = masked.map((object) => JSON.stringify(object));
  if (refused !== undefined) lines.push(FAULT[refused.code] ?? "?");
  return { payload: utf8Bytes(lines.join("\n")), sealed };
}

/** What is refused with the same code as the rest of the original, which may hold positions and is left out. */
const FAULT: Readonly<Record<string, string>> = {
  "not-json": "?",
  "cut-short": "{",
  "nested-too-deep": "[".repeat(MAX_DEPTH + 1),
  "too-many-objects": "{}",
  "not-an-object": "[0]",
};

/** The object with the positions of people overwritten by "unknown"; the same object when it holds none. */
function withoutPeople(object: JsonObject): JsonObject {
  const { hex: digits, data } = object;
  if (isJsonObject(data)) {
    // Copies of the raw frame may hold the position again.
    const { raw: _raw, extra: _extra, ...rest } = data;
    const image = data["UASdata"];
    const masked = typeof image === "string" ? withoutOperator(image) : undefined;
    const isCopied = data["raw"] !== undefined || data["extra"] !== undefined;
    if (masked === undefined) return isCopied ? { ...object, data: rest } : object;
    return { ...object, data: { ...rest, UASdata: masked } };
  }
  const bytes = typeof digits === "string" ? fromHex(digits) : undefined;
  if (bytes === undefined) return object;
  const cuts: Cut[] = [];
  const { linkType } = object;
  const carrier = CARRIERS.find((name) => name === object["carrier"]);
  if (object["type"] === "frame" && typeof linkType === "number" && isLinkType(linkType)) {
    for (const element of extractElements(linkType, bytes).elements) cutsOfElement(bytes, element, cuts);
  } else if (object["type"] === "element" && carrier !== undefined) {
    const place = { carrier, transmitter: undefined, rssi: undefined, counter: undefined, offset: 0, length: bytes.length, missing: 0 };
    cutsOfElement(bytes, place, cuts);
  }
  return cuts.length === 0 ? object : { ...object, hex: hex(seal(bytes, cuts).payload) };
}

/** The image of a DroneScout with latitude and longitude 0 and an altitude of −1000 m: its own "unknown". Undefined when it holds none. */
function withoutOperator(image: string): string | undefined {
  const bytes = fromBase64(image);
  if (bytes === undefined) return undefined;
  const { operatorPosition, operatorAltitude } = uasDataOffsets;
  const view = new DataView(bytes.buffer);
  let isChanged = false;
  // An image that is cut short is refused by the decoder; its bytes are cleared all the same.
  for (let k = operatorPosition; k < Math.min(operatorPosition + 16, bytes.length); k += 1) {
    isChanged ||= bytes[k] !== 0;
    bytes[k] = 0;
  }
  if (bytes.length >= operatorAltitude + 4) {
    const altitude = view.getFloat32(operatorAltitude, true);
    // Zero where the image flags no System message is memory that nobody wrote.
    if (altitude !== -1000 && (altitude !== 0 || bytes[uasDataOffsets.valid + 20] !== 0)) isChanged = true;
    view.setFloat32(operatorAltitude, -1000, true);
  }
  return isChanged ? toBase64(bytes) : undefined;
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
  if (sealed[0] === WHOLE) return new Uint8Array(sealed.subarray(1));
  if (sealed[0] !== PATCHES) return malformed(`kind ${sealed[0]}`);
  const bytes = new Uint8Array(payload);
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
export function decodeOperator(format: RemoteIdFormat, payload: Uint8Array, sealed: Uint8Array): readonly OperatorPosition[] {
  const bytes = unsealOperator(payload, sealed);
  if (!(bytes instanceof Uint8Array)) return [];
  return decodeFrame(format, bytes).observations.flatMap(({ element }) =>
    element.messages.map(positionOf).filter((position) => position !== undefined),
  );
}
