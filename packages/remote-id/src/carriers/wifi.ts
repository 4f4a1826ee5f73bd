// Remote ID in 802.11 management frames: vendor elements of beacons and probe responses, and NAN action frames.
import { macAddress, u16le } from "../bytes.ts";
import type { CarrierElement } from "./element.ts";

const HEADER_BYTES = 24;
/** Timestamp, interval and capabilities before the elements of a beacon. */
const BEACON_FIXED_BYTES = 12;
const VENDOR_ELEMENT = 0xdd;
/** Public action frame with a vendor's own content. */
const VENDOR_ACTION = [0x04, 0x09, 0x50, 0x6f, 0x9a, 0x13] as const;
const NAN_ELEMENT = [0x50, 0x6f, 0x9a, 0x13] as const;
const SERVICE_DESCRIPTOR = 0x03;
/** First six bytes of SHA-256("org.opendroneid.remoteid"): the service identifier of F3411-22a in NAN. */
export const NAN_SERVICE_ID = [0x88, 0x69, 0x19, 0x9d, 0x92, 0x09] as const;

function matches(bytes: Uint8Array, at: number, pattern: readonly number[]): boolean {
  for (let k = 0; k < pattern.length; k += 1) if (bytes[at + k] !== pattern[k]) return false;
  return true;
}

function vendorElement(
  bytes: Uint8Array,
  at: number,
  announced: number,
  length: number,
  transmitter: string,
  rssi: number | undefined,
): CarrierElement | undefined {
  if (length < 4) return undefined;
  const missing = announced - length;
  const oui = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  const kind = bytes[at + 3];
  // ASD-STAN's identifier, and Parrot's before it had been given out; application code 0x0D.
  if ((oui === 0xfa0bbc || oui === 0x903ae6) && kind === 0x0d) {
    if (length < 5) return undefined;
    return { carrier: "wifi-beacon", transmitter, rssi, counter: bytes[at + 4], offset: at + 5, length: length - 5, missing };
  }
  if (oui === 0x6a5c35 && kind === 0x01)
    return { carrier: "french", transmitter, rssi, counter: undefined, offset: at + 4, length: length - 4, missing };
  // DroneID telegrams only: the maker uses the identifier for other things as well.
  if (oui === 0x263712 && length >= 8 && kind === 0x58 && bytes[at + 4] === 0x62 && bytes[at + 5] === 0x13) {
    return { carrier: "dji", transmitter, rssi, counter: undefined, offset: at + 3, length: length - 3, missing };
  }
  return undefined;
}

function beaconElements(
  bytes: Uint8Array,
  from: number,
  end: number,
  transmitter: string,
  rssi: number | undefined,
): readonly CarrierElement[] {
  const found: CarrierElement[] = [];
  let at = from;
  while (at + 2 <= end) {
    const announced = bytes[at + 1];
    // The capture may have cut the last element short.
    const length = Math.min(announced, end - at - 2);
    if (bytes[at] === VENDOR_ELEMENT) {
      const element = vendorElement(bytes, at + 2, announced, length, transmitter, rssi);
      if (element !== undefined) found.push(element);
      else if (length >= 4 && matches(bytes, at + 2, NAN_ELEMENT) && announcesRemoteId(bytes, at + 6, at + 2 + length)) {
        // The sync beacon before a NAN action frame: it carries no message.
        found.push({ carrier: "wifi-nan", transmitter, rssi, counter: undefined, offset: at + 2 + length, length: 0, missing: 0 });
      }
    }
    at += 2 + announced;
  }
  return found;
}

/** True when the service list of a NAN element names Remote ID (NAN attribute 0x02). */
function announcesRemoteId(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at + 3 <= end) {
    const length = u16le(bytes, at + 1);
    if (at + 3 + length > end) return false;
    if (bytes[at] === 0x02) {
      for (let k = at + 3; k + 6 <= at + 3 + length; k += 6) if (matches(bytes, k, NAN_SERVICE_ID)) return true;
    }
    at += 3 + length;
  }
  return false;
}

/** Where the service information of a service descriptor begins (Wi-Fi Aware §9.5.4.1): the control byte says what stands before it. */
function serviceInformation(bytes: Uint8Array, body: number, end: number): number {
  const control = bytes[body + 8];
  let at = body + 9;
  if ((control & 0x40) !== 0) at += 2; // binding bitmap
  if ((control & 0x04) !== 0 && at < end) at += 1 + bytes[at]; // matching filter
  if ((control & 0x08) !== 0 && at < end) at += 1 + bytes[at]; // service response filter
  return at;
}

function nanElements(
  bytes: Uint8Array,
  from: number,
  end: number,
  transmitter: string,
  rssi: number | undefined,
): readonly CarrierElement[] {
  const found: CarrierElement[] = [];
  let at = from;
  while (at + 3 <= end) {
    const body = at + 3;
    const next = body + u16le(bytes, at + 1);
    const held = Math.min(next, end);
    if (bytes[at] === SERVICE_DESCRIPTOR && body + 9 <= held && matches(bytes, body, NAN_SERVICE_ID)) {
      const info = serviceInformation(bytes, body, held);
      // Length, counter, pack.
      if (info + 2 <= held && bytes[info] >= 1) {
        const offset = info + 2;
        const announced = bytes[info] - 1;
        const length = Math.min(announced, held - offset);
        found.push({ carrier: "wifi-nan", transmitter, rssi, counter: bytes[info + 1], offset, length, missing: announced - length });
      }
    }
    at = next;
  }
  return found;
}

/** Elements of one 802.11 frame between `from` and `end` (without its check sequence). */
export function wifiElements(bytes: Uint8Array, from: number, end: number, rssi: number | undefined): readonly CarrierElement[] {
  if (end - from < HEADER_BYTES) return [];
  const control = bytes[from];
  // Version 0, type management; the order bit adds four bytes of HT control to the header.
  if ((control & 0x0f) !== 0) return [];
  const header = (bytes[from + 1] & 0x80) === 0 ? HEADER_BYTES : HEADER_BYTES + 4;
  const transmitter = macAddress(bytes, from + 10);
  const body = from + header;
  switch (control >> 4) {
    case 8:
    case 5:
      return body + BEACON_FIXED_BYTES <= end ? beaconElements(bytes, body + BEACON_FIXED_BYTES, end, transmitter, rssi) : [];
    case 13:
      // The service identifier is proof enough: senders differ in the address they send to.
      if (body + VENDOR_ACTION.length > end || !matches(bytes, body, VENDOR_ACTION)) return [];
      return nanElements(bytes, body + VENDOR_ACTION.length, end, transmitter, rssi);
    default:
      return [];
  }
}
