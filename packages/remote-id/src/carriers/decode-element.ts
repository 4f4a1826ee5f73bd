// From a carrier element to its messages.
import { decodeAstm } from "../messages/decode-astm.ts";
import { decodeDji } from "../messages/decode-dji.ts";
import { decodeFrench } from "../messages/decode-french.ts";
import type { DecodedElement } from "../messages/types.ts";
import type { Carrier, CarrierElement } from "./element.ts";

const SILENT: DecodedElement = { version: undefined, messages: [], problems: [], refused: undefined };

/** Decodes the messages of an element; a NAN sync beacon has none. */
export function decodeElement(carrier: Carrier, bytes: Uint8Array, offset: number, length: number): DecodedElement {
  switch (carrier) {
    case "french":
      return decodeFrench(bytes, offset, length);
    case "dji":
      return decodeDji(bytes, offset, length);
    default:
      return carrier === "wifi-nan" && length === 0 ? SILENT : decodeAstm(bytes, offset, length);
  }
}

/** Decodes an element found in `bytes`. One that was cut short is refused whole: what is missing cannot be told. */
export function decodeCarrierElement(bytes: Uint8Array, { carrier, offset, length, missing }: CarrierElement): DecodedElement {
  if (missing === 0) return decodeElement(carrier, bytes, offset, length);
  const refused = { code: "cut-short", clause: `carrier ${carrier}`, detail: `${length} bytes of ${length + missing}` };
  return { version: undefined, messages: [], problems: [], refused };
}
