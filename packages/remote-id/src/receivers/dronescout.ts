// Payloads of BlueMark DroneScout receivers: JSON objects, possibly several run together, possibly LZMA-compressed.
import type { Carrier } from "../carriers/element.ts";
import type { DecodedElement, Refusal } from "../messages/types.ts";
import { fromBase64 } from "./base64.ts";
import { isJsonObject, type JsonObject, type JsonValue, jsonObjects, utf8 } from "./json-objects.ts";
import { decompressLzma, looksLikeLzma } from "./lzma.ts";
import type { Observation } from "./types.ts";
import { decodeUasData } from "./uas-data.ts";

/** What compressed payloads may grow to: over a thousand times the largest object a receiver sends. */
export const MAX_EXPANDED_BYTES: number = 4 << 20;

const CLAUSE = "DroneScout ds230 manual, MQTT";

export interface DroneScoutPayload {
  readonly observations: readonly Observation[];
  readonly refused: Refusal | undefined;
}

/** The carrier by what the receiver calls it ("BLE legacy", "BLE long range", "WiFi beacon", "WiFi NaN", "DJI"). */
export function carrierOfType(type: JsonValue | undefined): Carrier {
  const text = typeof type === "string" ? type.toLowerCase() : "";
  if (text.includes("long")) return "ble5";
  if (text.includes("ble") || text.includes("bluetooth") || text.includes("legacy")) return "ble4";
  if (text.includes("nan")) return "wifi-nan";
  if (text.includes("dji")) return "dji";
  return "wifi-beacon";
}

function refusedElement(code: string, detail: string): DecodedElement {
  return { version: undefined, messages: [], problems: [], refused: { code, clause: CLAUSE, detail } };
}

/** What one object says; undefined for objects that hold no Remote ID (status, location of the receiver, aircraft). */
export function observationOf(object: JsonObject): Observation | undefined {
  const data = object["data"];
  if (!isJsonObject(data)) return undefined;
  const image = data["UASdata"];
  if (typeof image !== "string") return undefined;
  const bytes = fromBase64(image);
  const rssi = data["RSSI"];
  const mac = data["MAC address"];
  const time = data["timestamp"];
  return {
    carrier: carrierOfType(data["type"]),
    transmitter: typeof mac === "string" && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac) ? mac.toLowerCase() : undefined,
    rssi: typeof rssi === "number" && Number.isFinite(rssi) ? rssi : undefined,
    counter: undefined,
    sensorTimeMs: typeof time === "number" && Number.isFinite(time) ? time : undefined,
    element: bytes === undefined ? refusedElement("not-base64", "UASdata") : decodeUasData(bytes),
  };
}

/** The text of a payload, expanded when it is compressed. */
export function droneScoutText(bytes: Uint8Array): string | Refusal {
  if (!looksLikeLzma(bytes)) return utf8(bytes);
  const expanded = decompressLzma(bytes, MAX_EXPANDED_BYTES);
  return expanded instanceof Uint8Array ? utf8(expanded) : expanded;
}

/** Decodes a payload as it came from the broker. */
export function decodeDroneScout(bytes: Uint8Array): DroneScoutPayload {
  const text = droneScoutText(bytes);
  if (typeof text !== "string") return { observations: [], refused: text };
  const { objects, refused } = jsonObjects(text);
  return { observations: objects.map(observationOf).filter((observation) => observation !== undefined), refused };
}
