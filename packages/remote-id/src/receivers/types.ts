// What the hub's doors take in, and what comes out of it.
import type { Carrier } from "../carriers/element.ts";
import type { DecodedElement, Refusal } from "../messages/types.ts";

/** How bytes that may hold Remote ID are to be read: a link type of captures, a receiver's own format, or lines of JSON. */
export const REMOTE_ID_FORMATS = ["dlt-105", "dlt-127", "dlt-201", "dlt-256", "dlt-272", "dronescout", "ndjson"] as const;
export type RemoteIdFormat = (typeof REMOTE_ID_FORMATS)[number];

/** One carrier element heard. */
export interface Observation {
  readonly carrier: Carrier;
  readonly transmitter: string | undefined;
  readonly rssi: number | undefined;
  readonly counter: number | undefined;
  /** The receiver's own time, Unix ms. */
  readonly sensorTimeMs: number | undefined;
  readonly element: DecodedElement;
}

export interface DecodedFrame {
  /** Empty for frames that hold no Remote ID. */
  readonly observations: readonly Observation[];
  /** Why the frame as a whole could not be read. */
  readonly refused: Refusal | undefined;
}
