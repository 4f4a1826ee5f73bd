// How the bytes of a frame are to be read, and the number under which the journal knows that: the one list of formats.
import { type RemoteIdFormat, type SealedFrame, sealOperator } from "@atalaya/remote-id";

/**
 * The place in this list is the number that the journal holds: nothing is moved or removed, new formats go to the end.
 * `detections`: lines of the detection format (docs/integrate-a-sensor.md); one frame is a batch of them, cut at line ends.
 * `adsb-…`: a receiver of aircraft's bytes as they came, in one of its three framings; one frame is a batch of whole messages.
 * `cot`: Cursor on Target messages that arrived together (cot/batch.ts).
 */
export const FRAME_FORMATS = [
  "dlt-105",
  "dlt-127",
  "dlt-201",
  "dlt-256",
  "dlt-272",
  "dronescout",
  "ndjson",
  "detections",
  "adsb-beast",
  "adsb-avr",
  "adsb-sbs",
  "cot",
] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

export function isRemoteIdFormat(format: FrameFormat): format is RemoteIdFormat {
  return format !== "detections" && format !== "cot" && !isAdsbFormat(format);
}

export function isAdsbFormat(format: FrameFormat): boolean {
  return format.startsWith("adsb-");
}

/** Takes positions of people out of a frame before it is written, as far as the format has a place for them. */
export function sealFrame(format: FrameFormat, bytes: Uint8Array): SealedFrame {
  return isRemoteIdFormat(format) ? sealOperator(format, bytes) : { payload: bytes, sealed: undefined };
}
