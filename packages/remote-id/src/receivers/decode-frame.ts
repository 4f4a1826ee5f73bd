// From the bytes that a door took in to what they say: the one entry for every format of Remote ID.
import { plainBytes } from "../bytes.ts";
import { extractElements, type LinkType } from "../carriers/link-layers.ts";
import { decodeDroneScout } from "./dronescout.ts";
import { decodeNdjson } from "./ndjson.ts";
import { observationOfElement } from "./observation.ts";
import type { DecodedFrame, RemoteIdFormat, Observation } from "./types.ts";

const LINK_TYPE: Readonly<Partial<Record<RemoteIdFormat, LinkType>>> = {
  "dlt-105": 105,
  "dlt-127": 127,
  "dlt-201": 201,
  "dlt-256": 256,
  "dlt-272": 272,
};
const NOTHING: DecodedFrame = { observations: [], refused: undefined };

/** Decodes one frame. A frame with a bad check sequence is refused by that name; frames without Remote ID give nothing. */
export function decodeFrame(format: RemoteIdFormat, bytes: Uint8Array): DecodedFrame {
  if (format === "dronescout") return decodeDroneScout(bytes);
  if (format === "ndjson") return decodeNdjson(bytes);
  const linkType = LINK_TYPE[format];
  if (linkType === undefined) return NOTHING;
  const { elements, dropped } = extractElements(linkType, bytes);
  if (dropped !== undefined)
    return { observations: [], refused: { code: dropped, clause: `link type ${linkType}`, detail: `${bytes.length} bytes` } };
  if (elements.length === 0) return NOTHING;
  const plain = plainBytes(bytes);
  const observations: Observation[] = elements.map((element) => observationOfElement(plain, element, undefined));
  return { observations, refused: undefined };
}
