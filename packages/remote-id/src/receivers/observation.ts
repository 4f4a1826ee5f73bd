// From a carrier element in a frame to what was heard.
import { decodeCarrierElement } from "../carriers/decode-element.ts";
import type { CarrierElement } from "../carriers/element.ts";
import type { Observation } from "./types.ts";

/** What an element found in `bytes` says, heard at `sensorTimeMs`. */
export function observationOfElement(bytes: Uint8Array, element: CarrierElement, sensorTimeMs: number | undefined): Observation {
  const { carrier, transmitter, rssi, counter } = element;
  return { carrier, transmitter, rssi, counter, sensorTimeMs, element: decodeCarrierElement(bytes, element) };
}
