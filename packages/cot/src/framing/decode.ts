// What does a message say, in whichever form it came?
import { decodeTakMessage, scanTakMessage, type ScannedTakMessage, type TakMessage } from "../protobuf/decode.ts";
import type { CotRefused } from "../refusal.ts";
import { decodeCotXml, scanCotXml } from "../xml/decode.ts";
import type { CotFrame } from "./frame.ts";

/** The event, what the sender can read, or both. */
export function decodeCotFrame({ form, bytes }: CotFrame): { readonly message: TakMessage } | CotRefused {
  if (form === "protobuf") return decodeTakMessage(bytes);
  const decoded = decodeCotXml(bytes);
  return "refused" in decoded ? decoded : { message: { control: undefined, event: decoded.event } };
}

/** As `decodeCotFrame`, with the same refusals, for those who may not need the detail. */
export function scanCotFrame({ form, bytes }: CotFrame): { readonly message: ScannedTakMessage } | CotRefused {
  if (form === "protobuf") return scanTakMessage(bytes);
  const decoded = scanCotXml(bytes);
  return "refused" in decoded ? decoded : { message: { control: undefined, scanned: decoded.scanned } };
}
