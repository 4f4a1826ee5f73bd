// Extended advertising reports of a Bluetooth controller: their fields, and the joining of data that a controller hands over in pieces.
// A pack of nine messages needs 234 bytes of advertising data and a report holds 229: controllers must cut it (Vol 4, Part E, §7.7.65.13).
import { macAddressReversed, u16le } from "../bytes.ts";
import { advertisingElements } from "./bluetooth.ts";
import type { CarrierElement } from "./element.ts";

const REPORT_BYTES = 24;
const STATUS = ["complete", "more-to-come", "truncated", "reserved"] as const;

export interface ExtendedReport {
  readonly address: string;
  readonly set: number;
  readonly legacy: boolean;
  readonly rssi: number | undefined;
  /** Where the data stands, and how many bytes of it the frame holds. */
  readonly data: number;
  readonly held: number;
  readonly status: (typeof STATUS)[number];
}

/** 127: not available. */
export function signal(byte: number): number | undefined {
  return byte === 127 ? undefined : (byte << 24) >> 24;
}

/** The reports of one event, from the byte that counts them. */
export function extendedReportsOf(bytes: Uint8Array, from: number, end: number): readonly ExtendedReport[] {
  const reports: ExtendedReport[] = [];
  const count = from < end ? bytes[from] : 0;
  let at = from + 1;
  for (let k = 0; k < count && at + REPORT_BYTES <= end; k += 1) {
    const type = u16le(bytes, at);
    const length = bytes[at + 23];
    const data = at + REPORT_BYTES;
    reports.push({
      address: macAddressReversed(bytes, at + 3),
      set: bytes[at + 11],
      legacy: (type & 0x10) !== 0,
      rssi: signal(bytes[at + 13]),
      data,
      held: Math.min(length, end - data),
      status: STATUS[(type >> 5) & 3],
    });
    at = data + length;
  }
  return reports;
}

/** Advertising data joined from several reports. */
export interface JoinedAdvertising {
  readonly bytes: Uint8Array;
  readonly elements: readonly CarrierElement[];
}

/** The most that one advertiser may send (Vol 6, Part B, §2.3.4.9). */
const MAX_DATA_BYTES = 1650;
/** Advertisers whose data may be in pieces at one time; beyond that the oldest is given up. */
const MAX_PENDING = 64;

interface Pending {
  readonly bytes: Uint8Array;
  /** Where elements stand that a piece held whole: `extractElements` has told of them already. */
  readonly told: ReadonlySet<number>;
}

/** Elements that stand whole in a piece. */
export function wholeElements(bytes: Uint8Array, { address, rssi, data, held }: ExtendedReport): readonly CarrierElement[] {
  return advertisingElements(bytes, data, data + held, "ble5", address, rssi).filter(({ missing }) => missing === 0);
}

/** Joins pieces. It is shown every HCI frame (link type 201) in order and speaks when the last piece of an advertiser arrives. */
export class AdvertisingJoiner {
  readonly #pending: Map<string, Pending> = new Map();

  push(bytes: Uint8Array): readonly JoinedAdvertising[] {
    if (bytes.length < 9 || bytes[4] !== 0x04 || bytes[5] !== 0x3e || bytes[7] !== 0x0d) return [];
    const whole: JoinedAdvertising[] = [];
    for (const report of extendedReportsOf(bytes, 8, Math.min(bytes.length, 7 + bytes[6]))) {
      const { address, set, legacy, rssi, data, held, status } = report;
      if (legacy) continue;
      const key = `${address} ${set}`;
      const before = this.#pending.get(key);
      this.#pending.delete(key);
      if (status === "truncated" || status === "reserved" || (status === "complete" && before === undefined)) continue;
      const earlier = before?.bytes.length ?? 0;
      if (earlier + held > MAX_DATA_BYTES) continue;
      const joined = new Uint8Array(earlier + held);
      if (before !== undefined) joined.set(before.bytes);
      joined.set(bytes.subarray(data, data + held), earlier);
      const told = new Set(before?.told);
      for (const { offset } of wholeElements(bytes, report)) told.add(earlier + offset - data);
      if (status === "more-to-come") {
        this.#pending.set(key, { bytes: joined, told });
        for (const oldest of this.#pending.keys()) {
          if (this.#pending.size <= MAX_PENDING) break;
          this.#pending.delete(oldest);
        }
        continue;
      }
      const elements = advertisingElements(joined, 0, joined.length, "ble5", address, rssi).filter(({ offset }) => !told.has(offset));
      if (elements.length > 0) whole.push({ bytes: joined, elements });
    }
    return whole;
  }
}
