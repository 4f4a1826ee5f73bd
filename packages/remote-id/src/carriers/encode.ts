// Builds radio frames that carry Remote ID, as a receiver would have captured them: for drills, tests and demonstrations.
import { fromHex, writeU16le, writeU32le } from "../bytes.ts";
import { bleCrc } from "./ble-crc.ts";
import { NAN_SERVICE_ID } from "./wifi.ts";

/** Who sends, how strongly it was heard, and the carrier's counter. */
export interface Sending {
  /** `02:d1:11:00:00:01`. */
  readonly transmitter: string;
  readonly rssi: number;
  readonly counter: number;
}

function address(text: string): Uint8Array {
  return fromHex(text.replaceAll(":", "")) ?? new Uint8Array(6);
}

/** Radiotap header with flags (no check sequence at the end), channel and signal. */
function radiotap(rssi: number, frequencyMhz: number): number[] {
  const present = (1 << 1) | (1 << 3) | (1 << 5);
  const bytes = [0, 0, 15, 0, present, 0, 0, 0, 0, 0, frequencyMhz & 0xff, frequencyMhz >> 8, 0xa0, 0x00, rssi & 0xff];
  return bytes;
}

function wifiHeader(control: number, destination: readonly number[], source: Uint8Array, bss: ArrayLike<number>): number[] {
  return [control, 0, 0, 0, ...destination, ...source, ...Array.from(bss), 0, 0];
}

/** The sender's clock, left at 0; privacy and short slots; one rate of 6 Mbit/s. */
const BEACON_TIME = [0, 0, 0, 0, 0, 0, 0, 0] as const;
const CAPABILITIES = [0x20, 0x04] as const;
const RATES = [0x01, 0x01, 0x8c] as const;
const NAN_DESTINATION = [0x51, 0x6f, 0x9a, 0x01, 0x00, 0x00] as const;
const NAN_CLUSTER = [0x50, 0x6f, 0x9a, 0x01, 0x00, 0xff] as const;
/** Public action frame, vendor-specific, NAN. */
const NAN_ACTION = [0x04, 0x09, 0x50, 0x6f, 0x9a, 0x13] as const;
const NAN_ELEMENT = [0x50, 0x6f, 0x9a, 0x13] as const;
const MASTER_INDICATION = [0x00, 0x02, 0x00, 0xfe, 0xea] as const;
const CLUSTER_HEAD = [0x01, 0x0d, 0x00] as const;
const CLUSTER_TAIL = [0xea, 0xfe, 0, 0, 0, 0, 0] as const;
const SERVICE_LIST = [0x02, 0x06, 0x00] as const;
const DESCRIPTOR_EXTENSION = [0x0e, 0x04, 0x00, 0x01, 0x00, 0x02] as const;
const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] as const;

function beacon(sending: Sending, ssid: string, element: readonly number[]): Uint8Array {
  const source = address(sending.transmitter);
  const name = Array.from(ssid.slice(0, 32), (character) => character.charCodeAt(0) & 0xff);
  return Uint8Array.from([
    ...radiotap(sending.rssi, 2437),
    ...wifiHeader(0x80, BROADCAST, source, source),
    ...BEACON_TIME,
    0x64,
    0x00,
    ...CAPABILITIES,
    0,
    name.length,
    ...name,
    ...RATES,
    0xdd,
    element.length,
    ...element,
  ]);
}

/** A Wi-Fi beacon (link type 127) with a message pack in ASD-STAN's vendor element. */
export function encodeWifiBeacon(sending: Sending, ssid: string, pack: Uint8Array): Uint8Array {
  return beacon(sending, ssid, [0xfa, 0x0b, 0xbc, 0x0d, sending.counter & 0xff, ...pack]);
}

/** A Wi-Fi beacon (link type 127) with the French element. */
export function encodeFrenchBeacon(sending: Sending, ssid: string, fields: Uint8Array): Uint8Array {
  return beacon(sending, ssid, [0x6a, 0x5c, 0x35, 0x01, ...fields]);
}

/** A Wi-Fi beacon (link type 127) with a DroneID telegram. */
export function encodeDjiBeacon(sending: Sending, ssid: string, telegram: Uint8Array): Uint8Array {
  return beacon(sending, ssid, [0x26, 0x37, 0x12, ...telegram]);
}

/** A NAN action frame (link type 127) with a message pack. */
export function encodeWifiNan(sending: Sending, pack: Uint8Array): Uint8Array {
  const source = address(sending.transmitter);
  const information = 1 + pack.length;
  const attribute = 10 + information;
  return Uint8Array.from([
    ...radiotap(sending.rssi, 2437),
    ...wifiHeader(0xd0, NAN_DESTINATION, source, NAN_CLUSTER),
    ...NAN_ACTION,
    0x03,
    attribute & 0xff,
    attribute >> 8,
    ...NAN_SERVICE_ID,
    // Instance, requestor, control (service information follows).
    0x01,
    0x00,
    0x10,
    information,
    sending.counter & 0xff,
    ...pack,
    ...DESCRIPTOR_EXTENSION,
    sending.counter & 0xff,
  ]);
}

/** The NAN sync beacon (link type 127) that goes out just before the action frame: it announces the service and carries no message. */
export function encodeNanSyncBeacon(sending: Sending): Uint8Array {
  const source = address(sending.transmitter);
  const cluster = [...CLUSTER_HEAD, ...source, ...CLUSTER_TAIL];
  const attributes = [...NAN_ELEMENT, ...MASTER_INDICATION, ...cluster, ...SERVICE_LIST, ...NAN_SERVICE_ID];
  return Uint8Array.from([
    ...radiotap(sending.rssi, 2437),
    ...wifiHeader(0x80, BROADCAST, source, NAN_CLUSTER),
    ...BEACON_TIME,
    // 512 time units between sync beacons.
    0x00,
    0x02,
    ...CAPABILITIES,
    0xdd,
    attributes.length,
    ...attributes,
  ]);
}

/** Pseudo-header of LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, access address, PDU, check sequence. */
function lePacket(rssi: number, codedPhy: boolean, pdu: readonly number[]): Uint8Array {
  const coding = codedPhy ? 1 : 0;
  const bytes = new Uint8Array(10 + 4 + coding + pdu.length + 3);
  // Radio frequency channel: 0 is 2402 MHz, the first advertising channel; auxiliary packets go out on the others.
  bytes[0] = codedPhy ? 20 : 0;
  bytes[1] = rssi & 0xff;
  writeU32le(bytes, 4, 0x8e89_bed6);
  // Dewhitened, signal valid, reference address valid, check sequence checked and valid, PHY, auxiliary.
  writeU16le(bytes, 8, 0x0001 | 0x0002 | 0x0010 | 0x0400 | 0x0800 | (codedPhy ? (2 << 14) | (1 << 7) : 0));
  writeU32le(bytes, 10, 0x8e89_bed6);
  const at = 14 + coding;
  bytes.set(pdu, at);
  const crc = bleCrc(bytes, at, at + pdu.length);
  bytes.set([crc & 0xff, (crc >> 8) & 0xff, crc >> 16], at + pdu.length);
  return bytes;
}

function reversed(text: string): number[] {
  return Array.from(address(text)).reverse();
}

/** A legacy advertisement (link type 256) with one message of 25 bytes. */
export function encodeBle4({ transmitter, rssi, counter }: Sending, message: Uint8Array): Uint8Array {
  const data = [1 + 2 + 2 + message.length, 0x16, 0xfa, 0xff, 0x0d, counter & 0xff, ...message];
  const body = [...reversed(transmitter), ...data];
  // ADV_NONCONN_IND from a random address.
  return lePacket(rssi, false, [0x42, body.length, ...body]);
}

/** An extended advertisement on the coded PHY (link type 256) with a message pack. */
export function encodeBle5({ transmitter, rssi, counter }: Sending, pack: Uint8Array): Uint8Array {
  const data = [1 + 2 + 2 + pack.length, 0x16, 0xfa, 0xff, 0x0d, counter & 0xff, ...pack];
  // Extended header: flags (advertiser's address and data set information), address, information.
  const header = [0x09, ...reversed(transmitter), 0x00, 0x00];
  const body = [header.length, ...header, ...data];
  return lePacket(rssi, true, [0x47, body.length, ...body]);
}
