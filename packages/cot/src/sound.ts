// Can this event be written at all, in either encoding?
import type { CotEvent } from "./event.ts";
import { type CotRefusal, cotRefusal } from "./refusal.ts";
import { isWritableTime } from "./time.ts";
import { isXmlText } from "./xml/characters.ts";

/** The first thing that keeps an event from being written, its detail aside. What decoding refuses, encoding does. */
export function faultOf({ uid, type, how, timeMs, startMs, staleMs, access, qos, opex, point }: CotEvent): CotRefusal | undefined {
  if (uid === "") return cotRefusal("missing-attribute", "uid is empty");
  if (type === "") return cotRefusal("missing-attribute", "type is empty");
  if (![uid, type, how, access ?? "", qos ?? "", opex ?? ""].every(isXmlText)) {
    return cotRefusal("character", "an attribute of the event has a character that XML has not");
  }
  if (![timeMs, startMs, staleMs].every(isWritableTime))
    return cotRefusal("time-range", "a time that is no whole millisecond of the years 0 to 9999");
  const { latDeg, lonDeg, haeM, ceM, leM } = point;
  if (![latDeg, lonDeg, haeM ?? 0, ceM ?? 0, leM ?? 0].every(Number.isFinite))
    return cotRefusal("number", "a number of the point that is none");
  if (latDeg < -90 || latDeg > 90) return cotRefusal("latitude", `lat ${latDeg}`);
  if (lonDeg < -180 || lonDeg > 180) return cotRefusal("longitude", `lon ${lonDeg}`);
  return undefined;
}
