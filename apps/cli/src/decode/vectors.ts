// Decodes rows of test vectors (JSON lines with `kind` and `hex` or `payload`), one line per row.
import {
  advertisingElements,
  type Carrier,
  type CarrierElement,
  decodeAstm,
  decodeDroneScout,
  extractElements,
  fromHex,
  type JsonObject,
  jsonObjects,
  type Observation,
  observationOfElement,
  utf8Bytes,
} from "@atalaya/remote-id";
import { type Ending, printedElement, printedObservation } from "./line.ts";

const CLAUSE = "vectors";

/** Advertising data as it was on the air, without the packet around it. */
function advertising(bytes: Uint8Array, carrier: Extract<Carrier, "ble4" | "ble5">): readonly Observation[] {
  return observations(bytes, advertisingElements(bytes, 0, bytes.length, carrier, undefined, undefined));
}

function observations(bytes: Uint8Array, elements: readonly CarrierElement[]): readonly Observation[] {
  return elements.map((element) => observationOfElement(bytes, element, undefined));
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
  const heard =
    carrier === "ble4" || carrier === "ble5" ? advertising(bytes, carrier) : observations(bytes, extractElements(105, bytes).elements);
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

/** The longest row that is read: far above any payload of a receiver. */
const MAX_ROW_CHARACTERS = 8 << 20;

function rowOf(row: number, text: string): string {
  if (text.length > MAX_ROW_CHARACTERS) {
    const refused = { code: "row-too-long", clause: CLAUSE, detail: `more than ${MAX_ROW_CHARACTERS} characters` };
    return JSON.stringify({ row, messages: [], refused });
  }
  const { objects, refused } = jsonObjects(text);
  const [object] = objects;
  if (object !== undefined) return rowLine(row, object);
  const reason = refused ?? { code: "not-an-object", clause: CLAUSE, detail: "a row is one JSON object" };
  return JSON.stringify({ row, messages: [], refused: reason });
}

/** One line for each row; empty lines of the file are no rows. */
export async function* vectorLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, Ending> {
  const decoder = new TextDecoder();
  let row = 0;
  let rest = "";
  const print = (text: string): string => {
    if (text.trim() === "") return "";
    row += 1;
    return `${rowOf(row, text)}\n`;
  };
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    let printed = "";
    for (const line of lines) {
      printed += print(rest + line);
      rest = "";
    }
    // Of a row that is too long only so much is kept as shows that it is.
    if (rest.length <= MAX_ROW_CHARACTERS) rest += last;
    if (printed !== "") yield printed;
  }
  const printed = print(rest + decoder.decode());
  if (printed !== "") yield printed;
  return { refused: undefined, wasReadToEnd: true };
}
