// How is an event written as XML that ATAK, WinTAK, iTAK and the servers accept?
//
// A declaration, a line feed, the event on one line and nothing behind it: servers take the byte behind `</event>` for the next event.
// The point stands before the detail and no text beside either. Times end in `Z`. Unknown heights and errors are 9999999.0, as ATAK writes them.
import { decimalText } from "../decimal.ts";
import { type CotEvent, MAX_EVENT_BYTES } from "../event.ts";
import { type CotRefused, refuse } from "../refusal.ts";
import { faultOf } from "../sound.ts";
import { timeText } from "../time.ts";
import { utf8Of } from "../utf8.ts";
import { escapedValue, xmlOf } from "./write.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const UNKNOWN = "9999999.0";

export type Encoded = { readonly bytes: Uint8Array<ArrayBuffer> } | CotRefused;

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? "" : ` ${name}="${escapedValue(value)}"`;
}

function metres(value: number | undefined): string {
  return value === undefined ? UNKNOWN : decimalText(value);
}

/** The XML document of an event, at most `MAX_EVENT_BYTES`. */
export function encodeCotXml(event: CotEvent): Encoded {
  const fault = faultOf(event);
  if (fault !== undefined) return { refused: fault };
  const written = xmlOf(event.detail, 3);
  if ("refused" in written) return written;
  const { uid, type, how, timeMs, startMs, staleMs, access, qos, opex, point } = event;
  const bytes = utf8Of(
    `${DECLARATION}<event version="2.0"${attribute("uid", uid)}${attribute("type", type)} time="${timeText(timeMs)}" start="${timeText(startMs)}"` +
      ` stale="${timeText(staleMs)}"${attribute("how", how)}${attribute("access", access)}${attribute("qos", qos)}${attribute("opex", opex)}>` +
      `<point lat="${decimalText(point.latDeg)}" lon="${decimalText(point.lonDeg)}" hae="${metres(point.haeM)}" ce="${metres(point.ceM)}"` +
      ` le="${metres(point.leM)}"/>${written.xml === "" ? "<detail/>" : `<detail>${written.xml}</detail>`}</event>`,
  );
  return bytes.length > MAX_EVENT_BYTES ? refuse("too-long", `${bytes.length} bytes, at most ${MAX_EVENT_BYTES}`) : { bytes };
}
