// Decodes rows of test vectors (JSON lines with `kind` and `hex` or `payload`), one line per row.
import {
  type Carrier,
  decodeAstm,
  decodeDroneScout,
  decodeElement,
  extractElements,
  fromHex,
  type JsonObject,
  jsonObjects,
  type Observation,
  utf8Bytes,
} from "@atalaya/remote-id";
import { printedElement, printedObservation } from "./line.ts";

const CLAUSE = "vectors";

/** Wraps advertising data or an 802.11 frame so that the carriers' own decoders read it. */
function advertising(bytes: Uint8Array, carrier: Extract<Carrier, "ble4" | "ble5">): readonly Observation[] {
  // An HCI extended advertising report holds the data as it was, whatever its length.
  const frame = new Uint8Array(8 + 1 + 24 + bytes.length);
  frame.set([0, 0, 0, 1, 0x04, 0x3e, Math.min(255, 26 + bytes.length), 0x0d, 1, carrier === "ble4" ? 0x10 : 0x00]);
  frame[9 + 13] = 127;
  frame[9 + 23] = bytes.length;
  frame.set(bytes, 9 + 24);
  return observations(201, frame, false);
}

function observations(linkType: 105 | 201, frame: Uint8Array, addressed: boolean): readonly Observation[] {
  return extractElements(linkType, frame).elements.map(({ carrier, transmitter, rssi, counter, offset, length }) => ({
    carrier,
    transmitter: addressed ? transmitter : undefined,
    rssi,
    counter,
    sensorTimeMs: undefined,
    element: decodeElement(carrier, frame, offset, length),
  }));
}

const EXPECTED: Readonly<Record<string, Carrier>> = {
  ble4_legacy_advdata: "ble4",
  ble5_ext_advdata: "ble5",
  wifi_beacon: "wifi-beacon",
  wifi_nan_action: "wifi-nan",
  french_beacon: "french",
  wifi_nan_sync_beacon: "wifi-nan",
};

function rowLine(row: number, object: JsonObject): string {
  const kind = object["kind"];
  const refused = (code: string, detail: string): string =>
    JSON.stringify({ row, messages: [], refused: { code, clause: CLAUSE, detail } });
  if (typeof kind !== "string") return refused("no-kind", "a row names its kind");
  if (kind === "dronescout_mqtt") {
    const payload = object["payload"];
    const bytes = utf8Bytes(typeof payload === "string" ? payload : JSON.stringify(payload ?? null));
    const { observations: heard, refused: fault } = decodeDroneScout(bytes);
    const [first] = heard;
    if (first === undefined) return JSON.stringify({ row, messages: [], ...(fault === undefined ? {} : { refused: fault }) });
    return JSON.stringify({ row, ...printedObservation(first) });
  }
  const text = object["hex"];
  const bytes = typeof text === "string" ? fromHex(text) : undefined;
  if (bytes === undefined) return refused("not-hex", "a row carries hex digits");
  const carrier = EXPECTED[kind];
  if (carrier === undefined) return JSON.stringify({ row, ...printedElement(decodeAstm(bytes, 0, bytes.length)) });
  const heard = carrier === "ble4" || carrier === "ble5" ? advertising(bytes, carrier) : observations(105, bytes, true);
  const [first] = heard.filter((observation) => observation.carrier === carrier);
  if (first === undefined)
    return JSON.stringify({
      row,
      carrier,
      messages: [],
      refused: { code: "no-element", clause: CLAUSE, detail: `no ${carrier} element with Remote ID` },
    });
  return JSON.stringify({ row, ...printedObservation(first) });
}

/** One line per line of text, in order; empty lines are none. */
export function vectorLine(row: number, text: string): string {
  const { objects, refused } = jsonObjects(text);
  const [object] = objects;
  if (object === undefined)
    return JSON.stringify({
      row,
      messages: [],
      refused: refused ?? { code: "not-an-object", clause: CLAUSE, detail: "a row is one JSON object" },
    });
  return rowLine(row, object);
}
