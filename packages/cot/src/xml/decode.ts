// Which event does an XML document hold?
import { type CotElement, type CotEvent, knownOf, MAX_EVENT_BYTES } from "../event.ts";
import { decimalOf } from "../decimal.ts";
import { type CotCode, type CotRefused, refuse } from "../refusal.ts";
import { timeOf } from "../time.ts";
import { documentText } from "../utf8.ts";
import { parseXml } from "./parse.ts";

export type Decoded = { readonly event: CotEvent } | CotRefused;

/** How much of a foreign word a refusal repeats. */
const QUOTED = 40;

function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text);
}

function missing(name: string): CotRefused {
  return refuse("missing-attribute", `${name} is missing or empty`);
}

function notANumber(code: CotCode, name: string, text: string): CotRefused {
  return refuse(code, `${name}=${quoted(text)}`);
}

/**
 * The event of a document of up to `MAX_EVENT_BYTES`. Elements beside `<point>` and `<detail>`, text outside `<detail>`'s elements, comments and
 * attributes that the base schema does not know are left out: what goes on from here is clean, and some clients crash on such text.
 */
export function decodeCotXml(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_EVENT_BYTES) return refuse("too-long", `${bytes.length} bytes, at most ${MAX_EVENT_BYTES}`);
  const text = documentText(bytes);
  if (text === undefined) return refuse("not-utf8", "bytes that are no UTF-8");
  const parsed = parseXml(text);
  if ("refused" in parsed) return parsed;
  return eventOf(parsed.root);
}

function eventOf({ name, attributes, children }: CotElement): Decoded {
  if (name !== "event") return refuse("not-an-event", `the root element is ${quoted(name)}`);
  const { uid, type, how, time, start, stale, access, qos, opex } = attributes as Partial<Record<keyof CotEvent | "time" | "start" | "stale", string>>;
  if (uid === undefined || uid === "") return missing("uid");
  if (type === undefined || type === "") return missing("type");
  if (how === undefined) return missing("how");
  if (time === undefined) return missing("time");
  if (start === undefined) return missing("start");
  if (stale === undefined) return missing("stale");
  const timeMs = timeOf(time);
  if (Number.isNaN(timeMs)) return notANumber("time", "time", time);
  const startMs = start === time ? timeMs : timeOf(start);
  if (Number.isNaN(startMs)) return notANumber("time", "start", start);
  const staleMs = timeOf(stale);
  if (Number.isNaN(staleMs)) return notANumber("time", "stale", stale);

  let point: CotElement | undefined;
  let detail: CotElement | undefined;
  for (const child of children) {
    if (child.name === "point") {
      if (point !== undefined) return refuse("repeated-element", "two points");
      point = child;
    } else if (child.name === "detail") {
      if (detail !== undefined) return refuse("repeated-element", "two details");
      detail = child;
    }
  }
  if (point === undefined) return refuse("missing-point", "an event without a point");
  const { lat, lon, hae, ce, le } = point.attributes as Partial<Record<"lat" | "lon" | "hae" | "ce" | "le", string>>;
  if (lat === undefined) return missing("lat");
  if (lon === undefined) return missing("lon");
  if (hae === undefined) return missing("hae");
  if (ce === undefined) return missing("ce");
  if (le === undefined) return missing("le");
  const latDeg = decimalOf(lat);
  if (Number.isNaN(latDeg)) return notANumber("number", "lat", lat);
  if (latDeg < -90 || latDeg > 90) return notANumber("latitude", "lat", lat);
  const lonDeg = decimalOf(lon);
  if (Number.isNaN(lonDeg)) return notANumber("number", "lon", lon);
  if (lonDeg < -180 || lonDeg > 180) return notANumber("longitude", "lon", lon);
  const haeM = decimalOf(hae);
  if (Number.isNaN(haeM)) return notANumber("number", "hae", hae);
  const ceM = decimalOf(ce);
  if (Number.isNaN(ceM)) return notANumber("number", "ce", ce);
  const leM = decimalOf(le);
  if (Number.isNaN(leM)) return notANumber("number", "le", le);
  return {
    event: {
      uid,
      type,
      how,
      timeMs,
      startMs,
      staleMs,
      access,
      qos,
      opex,
      point: { latDeg, lonDeg, haeM: knownOf(haeM), ceM: knownOf(ceM), leM: knownOf(leM) },
      detail: detail?.children ?? [],
    },
  };
}
