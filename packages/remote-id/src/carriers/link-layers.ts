// From a captured frame of any of the link types to the carrier elements in it.
import { macAddressReversed, u16le, u32le } from "../bytes.ts";
import { advertisingElements } from "./bluetooth.ts";
import type { CarrierElement } from "./element.ts";
import { bleCrc } from "./ble-crc.ts";
import { extendedReportsOf, signal, wholeElements } from "./hci-reports.ts";
import { wifiElements } from "./wifi.ts";

/** 802.11 | radiotap | Bluetooth HCI H4 with direction | Bluetooth LE link layer with pseudo-header | Nordic BLE sniffer. */
export const LINK_TYPES = [105, 127, 201, 256, 272] as const;
export type LinkType = (typeof LINK_TYPES)[number];

export function isLinkType(value: number): value is LinkType {
  return (LINK_TYPES as readonly number[]).includes(value);
}

/** What a frame held. `dropped` names why a frame that may have held Remote ID was not read. */
export interface Extraction {
  readonly elements: readonly CarrierElement[];
  readonly dropped: "bad-crc" | "cut-short" | undefined;
}

const NOTHING: Extraction = { elements: [], dropped: undefined };
const CUT_SHORT: Extraction = { elements: [], dropped: "cut-short" };
const BAD_CRC: Extraction = { elements: [], dropped: "bad-crc" };

function found(elements: readonly CarrierElement[]): Extraction {
  return elements.length === 0 ? NOTHING : { elements, dropped: undefined };
}

/** Size and alignment of the radiotap fields by bit number (radiotap.org/fields/defined); later ones are not read. */
const RADIOTAP_FIELDS: readonly (readonly [size: number, align: number])[] = [
  [8, 8], // time
  [1, 1], // flags
  [1, 1], // rate
  [4, 2], // channel
  [2, 2], // hopping
  [1, 1], // antenna signal, dBm
  [1, 1],
  [2, 2],
  [2, 2],
  [2, 2],
  [1, 1],
  [1, 1], // antenna
  [1, 1],
  [1, 1],
  [2, 2],
  [2, 2],
  [1, 1],
  [1, 1],
  [8, 4],
  [3, 1],
  [8, 4],
  [12, 2],
  [12, 8],
];
const FLAGS_BIT = 1;
const SIGNAL_BIT = 5;
/** Bits 29 to 31 of a presence word: the next word is again radiotap's, is a vendor's, follows at all. */
const VENDOR_NEXT = 0x4000_0000;
const WORD_FOLLOWS = 0x8000_0000;

function radiotap(bytes: Uint8Array): Extraction {
  if (bytes.length < 8) return CUT_SHORT;
  const headerEnd = u16le(bytes, 2);
  if (bytes[0] !== 0 || headerEnd < 8 || headerEnd > bytes.length) return CUT_SHORT;
  let at = 4;
  while ((u32le(bytes, at) & WORD_FOLLOWS) !== 0) {
    at += 4;
    if (at + 4 > headerEnd) return CUT_SHORT;
  }
  const fields = at + 4;
  let flags: number | undefined;
  let rssi: number | undefined;
  at = fields;
  // Later words repeat the fields for each antenna; the first value of each stands for the frame.
  words: for (let word = 4; word < fields; word += 4) {
    const present = u32le(bytes, word);
    for (let bit = 0; bit < 29; bit += 1) {
      if ((present & (1 << bit)) === 0) continue;
      const field = RADIOTAP_FIELDS[bit];
      if (field === undefined) break words;
      const [size, align] = field;
      at = Math.ceil(at / align) * align;
      if (at + size > headerEnd) return CUT_SHORT;
      if (bit === FLAGS_BIT) flags ??= bytes[at];
      if (bit === SIGNAL_BIT) rssi ??= (bytes[at] << 24) >> 24;
      at += size;
    }
    if ((present & VENDOR_NEXT) !== 0 || (flags !== undefined && rssi !== undefined)) break;
  }
  if (flags !== undefined && (flags & 0x40) !== 0) return BAD_CRC;
  // Flag 0x10: the frame ends with its check sequence, which is no element.
  const end = flags === undefined || (flags & 0x10) === 0 ? bytes.length : bytes.length - 4;
  return end > headerEnd ? found(wifiElements(bytes, headerEnd, end, rssi)) : CUT_SHORT;
}

/** Advertising channel packets of the link layer that may carry Remote ID. */
const ADV_IND = 0;
const ADV_NONCONN_IND = 2;
const ADV_SCAN_IND = 6;
const ADV_EXTENDED = 7;
/** The access address of every advertising packet; others belong to connections and periodic trains. */
const ADVERTISING_ACCESS_ADDRESS = 0x8e89_bed6;

/** One advertising PDU, header first (Core Specification, Vol 6, Part B, §2.3). */
function advertisingPdu(bytes: Uint8Array, at: number, end: number, rssi: number | undefined): Extraction {
  if (at + 2 > end) return CUT_SHORT;
  const type = bytes[at] & 0xf;
  const length = bytes[at + 1];
  const body = at + 2;
  if (body + length > end) return CUT_SHORT;
  if (type === ADV_IND || type === ADV_NONCONN_IND || type === ADV_SCAN_IND) {
    if (length < 6) return NOTHING;
    return found(advertisingElements(bytes, body + 6, body + length, "ble4", macAddressReversed(bytes, body), rssi));
  }
  if (type !== ADV_EXTENDED || length < 1) return NOTHING;
  const headerLength = bytes[body] & 0x3f;
  if (1 + headerLength > length) return NOTHING;
  // The extended header begins with flags; bit 0: the advertiser's address follows.
  const hasAddress = headerLength >= 7 && (bytes[body + 1] & 1) !== 0;
  const transmitter = hasAddress ? macAddressReversed(bytes, body + 2) : undefined;
  return found(advertisingElements(bytes, body + 1 + headerLength, body + length, "ble5", transmitter, rssi));
}

/** Access address, PDU and CRC as they were on the air. */
function linkLayer(bytes: Uint8Array, at: number, coded: boolean, rssi: number | undefined, crcChecked: boolean): Extraction {
  if (at + 4 > bytes.length) return CUT_SHORT;
  if (u32le(bytes, at) !== ADVERTISING_ACCESS_ADDRESS) return NOTHING;
  // The capture of a coded packet has one byte of coding indicator behind the access address.
  const pdu = at + 4 + (coded ? 1 : 0);
  if (pdu + 2 > bytes.length) return CUT_SHORT;
  const end = pdu + 2 + bytes[pdu + 1];
  if (end > bytes.length) return CUT_SHORT;
  if (!crcChecked && end + 3 <= bytes.length) {
    const sent = bytes[end] | (bytes[end + 1] << 8) | (bytes[end + 2] << 16);
    if (sent !== bleCrc(bytes, pdu, end)) return BAD_CRC;
  }
  return advertisingPdu(bytes, pdu, end, rssi);
}

/**
 * True when the packet of LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR has a coding indicator behind its access address: PHY 2, LE Coded. The format
 * demands it there, yet some sniffers leave it out: the length tells.
 */
function hasCodingIndicator(bytes: Uint8Array, flags: number): boolean {
  if (flags >> 14 !== 2) return false;
  const withoutIndicator = 10 + 4 + 2 + bytes[15] + 3 === bytes.length;
  const withIndicator = bytes.length >= 17 && 10 + 5 + 2 + bytes[16] + 3 === bytes.length;
  return withIndicator || !withoutIndicator;
}

/** LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR: ten bytes of pseudo-header. */
function leLinkLayer(bytes: Uint8Array): Extraction {
  if (bytes.length < 16) return CUT_SHORT;
  const flags = u16le(bytes, 8);
  if ((flags & 0x0001) === 0) return NOTHING; // still whitened
  const checked = (flags & 0x0400) !== 0;
  if (checked && (flags & 0x0800) === 0) return BAD_CRC;
  const rssi = (flags & 0x0002) === 0 ? undefined : (bytes[1] << 24) >> 24;
  return linkLayer(bytes, 10, hasCodingIndicator(bytes, flags), rssi, checked);
}

/** Where the check sequence of such a packet stands and what it must be, for those who change the packet; undefined when it has none. */
export function leCheckSequence(bytes: Uint8Array): { readonly offset: number; readonly value: number } | undefined {
  if (bytes.length < 16) return undefined;
  const pdu = 14 + (hasCodingIndicator(bytes, u16le(bytes, 8)) ? 1 : 0);
  const offset = pdu + 2 + bytes[pdu + 1];
  return offset + 3 <= bytes.length ? { offset, value: bleCrc(bytes, pdu, offset) } : undefined;
}

/** Nordic's sniffer: seven bytes of framing, then a header of ten, then the packet. */
function nordic(bytes: Uint8Array): Extraction {
  if (bytes.length < 17) return CUT_SHORT;
  const version = bytes[3];
  const id = bytes[6];
  if (version < 1 || version > 3) return NOTHING;
  // Version 3 tells packets of advertising (2) from those of connections (6); before, 6 was every packet, and the access address tells.
  if (id !== 0x02 && id !== 0x06) return NOTHING;
  const headerLength = bytes[7];
  const packet = 7 + headerLength;
  if (headerLength < 10 || packet > bytes.length) return CUT_SHORT;
  const flags = bytes[8];
  if ((flags & 1) === 0) return BAD_CRC;
  const coded = ((flags >> 4) & 7) === 2;
  return linkLayer(bytes, packet, coded, -bytes[10], true);
}

/** HCI events with direction: advertising reports as a controller hands them to its host. */
function hci(bytes: Uint8Array): Extraction {
  if (bytes.length < 8) return CUT_SHORT;
  // Four bytes of direction, then H4: 0x04 is an event, 0x3E an LE one.
  if (bytes[4] !== 0x04 || bytes[5] !== 0x3e) return NOTHING;
  const end = Math.min(bytes.length, 7 + bytes[6]);
  const subevent = bytes[7];
  const elements: CarrierElement[] = [];
  if (subevent === 0x02) legacyReports(bytes, 8, end, elements);
  else if (subevent === 0x0d) extendedReports(bytes, 8, end, elements);
  return found(elements);
}

/** LE Advertising Report (Vol 4, Part E, §7.7.65.2). */
function legacyReports(bytes: Uint8Array, from: number, end: number, elements: CarrierElement[]): void {
  const reports = bytes[from];
  let at = from + 1;
  for (let k = 0; k < reports && at + 9 <= end; k += 1) {
    const length = bytes[at + 8];
    const data = at + 9;
    const next = data + length + 1;
    const rssi = next <= end ? signal(bytes[data + length]) : undefined;
    elements.push(...advertisingElements(bytes, data, Math.min(data + length, end), "ble4", macAddressReversed(bytes, at + 2), rssi));
    at = next;
  }
}

/** LE Extended Advertising Report (Vol 4, Part E, §7.7.65.13). */
function extendedReports(bytes: Uint8Array, from: number, end: number, elements: CarrierElement[]): void {
  for (const report of extendedReportsOf(bytes, from, end)) {
    const { address, legacy, rssi, data, held, status } = report;
    // Of a piece only what stands whole in it is taken: `AdvertisingJoiner`, which sees all frames in order, tells the rest.
    if (status === "more-to-come") elements.push(...wholeElements(bytes, report));
    else elements.push(...advertisingElements(bytes, data, data + held, legacy ? "ble4" : "ble5", address, rssi));
  }
}

const READERS: Readonly<Record<LinkType, (bytes: Uint8Array) => Extraction>> = {
  105: (bytes) => found(wifiElements(bytes, 0, bytes.length, undefined)),
  127: radiotap,
  201: hci,
  256: leLinkLayer,
  272: nordic,
};

/** The carrier elements of one captured frame. Frames with a bad check sequence are dropped: their content is noise. */
export function extractElements(linkType: LinkType, bytes: Uint8Array): Extraction {
  return READERS[linkType](bytes);
}
