// Remote ID in Bluetooth advertising data: legacy (Bluetooth 4) and extended (Bluetooth 5, long range).
import { u16le } from "../bytes.ts";
import type { Carrier, CarrierElement } from "./element.ts";

const SERVICE_DATA_16 = 0x16;
/** 16-bit service identifier of ASTM International. */
const ASTM_SERVICE = 0xfffa;
/** Application code of Open Drone ID behind the service identifier. */
const OPEN_DRONE_ID = 0x0d;
/** Type, service identifier, application code and counter. */
const PREFIX_BYTES = 5;

/** Walks the structures of advertising data (Core Specification, Vol 3, Part C, §11) and takes those of Remote ID. */
export function advertisingElements(
  bytes: Uint8Array,
  from: number,
  end: number,
  carrier: Extract<Carrier, "ble4" | "ble5">,
  transmitter: string | undefined,
  rssi: number | undefined,
): readonly CarrierElement[] {
  const found: CarrierElement[] = [];
  let at = from;
  while (at + 1 < end) {
    const length = bytes[at];
    // A zero length ends the significant part.
    if (length === 0) break;
    if (
      length > PREFIX_BYTES &&
      at + 1 + PREFIX_BYTES <= end &&
      bytes[at + 1] === SERVICE_DATA_16 &&
      u16le(bytes, at + 2) === ASTM_SERVICE &&
      bytes[at + 4] === OPEN_DRONE_ID
    ) {
      const offset = at + 1 + PREFIX_BYTES;
      const announced = length - PREFIX_BYTES;
      const held = Math.min(announced, end - offset);
      found.push({ carrier, transmitter, rssi, counter: bytes[at + 5], offset, length: held, missing: announced - held });
    }
    at += 1 + length;
  }
  return found;
}
