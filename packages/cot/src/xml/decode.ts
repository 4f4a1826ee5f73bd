// Which event does an XML document hold?
import { decimalOf } from "../decimal.ts";
import { type CotElement, type CotEvent, type CotHead, eventOf, knownOf, MAX_EVENT_BYTES, type ScannedEvent } from "../event.ts";
import { type CotCode, type CotRefused, refuse } from "../refusal.ts";
import { timeOf } from "../time.ts";
import { utf8Of } from "../utf8.ts";
import { type EventDocument, parseContent, parseEvent } from "./parse.ts";

/** How much of a foreign word a refusal repeats. */
const QUOTED = 40;

function missing(name: string): CotRefused {
  return refuse("missing-attribute", `${name} is missing or empty`);
}

function wrong(code: CotCode, name: string, text: string): CotRefused {
  return refuse(code, `${name}=${JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text)}`);
}

/** Java's and C's way to write that there is no number: ATAK sends it for a height or an error that it does not know. */
function isNotANumber(text: string): boolean {
  return /^[ \t\r\n]*-?nan[ \t\r\n]*$/i.test(text);
}

function headOf({ attributes, point }: EventDocument): CotHead | CotRefused {
  const { uid, type, how, time, start, stale, access, qos, opex } = attributes as Partial<
    Record<keyof CotHead | "time" | "start" | "stale", string>
  >;
  if (uid === undefined || uid === "") return missing("uid");
  if (type === undefined || type === "") return missing("type");
  if (how === undefined) return missing("how");
  if (time === undefined) return missing("time");
  if (start === undefined) return missing("start");
  if (stale === undefined) return missing("stale");
  const timeMs = timeOf(time);
  if (Number.isNaN(timeMs)) return wrong("time", "time", time);
  const startMs = start === time ? timeMs : timeOf(start);
  if (Number.isNaN(startMs)) return wrong("time", "start", start);
  const staleMs = timeOf(stale);
  if (Number.isNaN(staleMs)) return wrong("time", "stale", stale);

  if (point === undefined) return refuse("missing-point", "an event without a point");
  const { lat, lon, hae, ce, le } = point as Partial<Record<"lat" | "lon" | "hae" | "ce" | "le", string>>;
  if (lat === undefined) return missing("lat");
  if (lon === undefined) return missing("lon");
  if (hae === undefined) return missing("hae");
  if (ce === undefined) return missing("ce");
  if (le === undefined) return missing("le");
  const latDeg = decimalOf(lat);
  if (Number.isNaN(latDeg)) return wrong("number", "lat", lat);
  if (latDeg < -90 || latDeg > 90) return wrong("latitude", "lat", lat);
  const lonDeg = decimalOf(lon);
  if (Number.isNaN(lonDeg)) return wrong("number", "lon", lon);
  if (lonDeg < -180 || lonDeg > 180) return wrong("longitude", "lon", lon);
  const haeM = decimalOf(hae);
  if (Number.isNaN(haeM) && !isNotANumber(hae)) return wrong("number", "hae", hae);
  const ceM = decimalOf(ce);
  if (Number.isNaN(ceM) && !isNotANumber(ce)) return wrong("number", "ce", ce);
  const leM = decimalOf(le);
  if (Number.isNaN(leM) && !isNotANumber(le)) return wrong("number", "le", le);
  const place = { latDeg, lonDeg, haeM: knownOf(haeM), ceM: knownOf(ceM), leM: knownOf(leM) };
  return { uid, type, how, timeMs, startMs, staleMs, access, qos, opex, point: place };
}

function documentOf(bytes: Uint8Array, withDetail: boolean): { readonly document: EventDocument } | CotRefused {
  if (bytes.length > MAX_EVENT_BYTES) return refuse("too-long", `${bytes.length} bytes, at most ${MAX_EVENT_BYTES}`);
  return parseEvent(bytes, withDetail);
}

/**
 * The event of a document of up to `MAX_EVENT_BYTES`. Elements beside `<point>` and `<detail>`, text outside `<detail>`'s elements, comments and
 * attributes that the base schema does not know are left out: what goes on from here is clean, and some clients crash on such text.
 */
export function decodeCotXml(bytes: Uint8Array): { readonly event: CotEvent } | CotRefused {
  const parsed = documentOf(bytes, true);
  if ("refused" in parsed) return parsed;
  const head = headOf(parsed.document);
  return "refused" in head ? head : { event: eventOf(head, parsed.document.detail) };
}

/** The elements of detail that has been seen to be in order. */
export function builtDetail(text: string): readonly CotElement[] {
  if (text === "") return [];
  const parsed = parseContent(utf8Of(text), 2, true);
  // The same parser has been over it.
  return "refused" in parsed ? [] : parsed.content.elements;
}

/** As `decodeCotXml`, with the same refusals, for those who may not need the detail. */
export function scanCotXml(bytes: Uint8Array): { readonly scanned: ScannedEvent } | CotRefused {
  const parsed = documentOf(bytes, false);
  if ("refused" in parsed) return parsed;
  const head = headOf(parsed.document);
  if ("refused" in head) return head;
  const { detailText } = parsed.document;
  return { scanned: { head, detail: () => builtDetail(detailText) } };
}
