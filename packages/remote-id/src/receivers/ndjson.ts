// Lines of JSON for everything that can POST: a captured frame, a carrier element, or a DroneScout object.
//   {"type":"frame","linkType":127,"t":"2026-11-24T08:00:00Z","hex":"…"}
//   {"type":"element","carrier":"ble4","transmitter":"02:…","rssi":-70,"t":1764000000000,"hex":"…"}     (hex behind the counter byte)
import { fromHex } from "../bytes.ts";
import { CARRIERS } from "../carriers/element.ts";
import { extractElements, isLinkType } from "../carriers/link-layers.ts";
import { decodeElement } from "../carriers/decode-element.ts";
import type { Refusal } from "../messages/types.ts";
import { observationOf } from "./dronescout.ts";
import { type JsonObject, type JsonValue, jsonObjects, utf8 } from "./json-objects.ts";
import { observationOfElement } from "./observation.ts";
import type { DecodedFrame, Observation } from "./types.ts";

const CLAUSE = "Atalaya NDJSON frames";

function refused(code: string, detail: string): DecodedFrame {
  return { observations: [], refused: { code, clause: CLAUSE, detail } };
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Days from 1970-01-01 of a date of the proleptic Gregorian calendar (H. Hinnant, chrono-compatible date algorithms). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Unix milliseconds of a time given as RFC 3339 text or as a number of them; undefined when it is neither. */
export function timeOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = ISO.exec(value);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone = "Z"] = match;
  const sign = zone.startsWith("-") ? -1 : 1;
  const offsetMinutes = zone === "Z" ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  return (((days * 24 + Number(hour)) * 60 + Number(minute) - offsetMinutes) * 60 + Number(second) + Number(fraction ?? 0)) * 1000;
}

function frameOf(object: JsonObject): DecodedFrame {
  const linkType = object["linkType"];
  const text = object["hex"];
  if (typeof linkType !== "number" || !isLinkType(linkType)) return refused("link-type", "linkType: 105, 127, 201, 256 or 272");
  const bytes = typeof text === "string" ? fromHex(text) : undefined;
  if (bytes === undefined) return refused("not-hex", "hex");
  const { elements, dropped } = extractElements(linkType, bytes);
  if (dropped !== undefined) return refused(dropped, "the frame");
  const sensorTimeMs = timeOf(object["t"]);
  return {
    observations: elements.map((element) => observationOfElement(bytes, element, sensorTimeMs)),
    refused: undefined,
  };
}

function elementOf(object: JsonObject): DecodedFrame {
  const carrier = CARRIERS.find((name) => name === object["carrier"]);
  const text = object["hex"];
  if (carrier === undefined) return refused("carrier", `carrier: one of ${CARRIERS.join(", ")}`);
  const bytes = typeof text === "string" ? fromHex(text) : undefined;
  if (bytes === undefined) return refused("not-hex", "hex");
  const transmitter = object["transmitter"];
  const rssi = object["rssi"];
  return {
    observations: [
      {
        carrier,
        transmitter: typeof transmitter === "string" ? transmitter.slice(0, 64) : undefined,
        rssi: typeof rssi === "number" ? rssi : undefined,
        counter: undefined,
        sensorTimeMs: timeOf(object["t"]),
        element: decodeElement(carrier, bytes, 0, bytes.length),
      },
    ],
    refused: undefined,
  };
}

function lineOf(object: JsonObject): DecodedFrame {
  if (object["type"] === "frame") return frameOf(object);
  if (object["type"] === "element") return elementOf(object);
  if (object["protocol"] !== undefined) {
    const observation = observationOf(object);
    return { observations: observation === undefined ? [] : [observation], refused: undefined };
  }
  return refused("unknown-line", 'type: "frame" or "element", or an object of a DroneScout receiver');
}

/** Decodes one line. */
export function decodeNdjson(bytes: Uint8Array): DecodedFrame {
  const { objects, refused: fault } = jsonObjects(utf8(bytes));
  const observations: Observation[] = [];
  let first: Refusal | undefined = fault;
  for (const object of objects) {
    const line = lineOf(object);
    observations.push(...line.observations);
    first ??= line.refused;
  }
  return { observations, refused: first };
}
