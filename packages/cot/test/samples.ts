// Made-up events that the tests share, and generators of any event that can be written.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type CotElement, type CotEvent, decodeCotXml, type Encoded } from "../src/index.ts";
import { isXmlName, isXmlText } from "../src/xml/characters.ts";

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

const POINT = '<point lat="31.7587123" lon="-106.4869456" hae="1206.5" ce="10.5" le="4"/>';
const TIMES = 'time="2026-11-24T08:00:00.125Z" start="2026-11-24T08:00:00.125Z" stale="2026-11-24T08:01:00.125Z"';

/** An event around this detail. */
export function eventXml(detail: string, point: string = POINT, rest = ""): string {
  return `<event version="2.0" uid="RID-7" type="a-u-A-M-H-Q" how="m-g" ${TIMES}${rest}>${point}${detail}</event>`;
}

/** A drone as a hub of ours would send it, with every typed detail. */
export const DRONE_XML: string = eventXml(
  '<detail><contact callsign="DRONE 7"/><track speed="18.25" course="217.5"/><status battery="87"/><takv device="Sniffer" platform="Atalaya" os="Debian" version="0.1"/>' +
    '<precisionlocation geopointsrc="GPS" altsrc="GPS"/><__group name="Cyan" role="Sensor"/><link uid="RID-OP-7" type="a-n-G" relation="p-p"/>' +
    "<remarks>92 m above take-off; pilot 240 m south — «norte»</remarks>" +
    '<atalaya:drone xmlns:atalaya="urn:atalaya:cot:1" serial="1581F5BK22384"><atalaya:seen rssi="-61"/><atalaya:seen rssi="-60"/></atalaya:drone></detail>',
);

export function eventOfXml(xml: string): CotEvent {
  const decoded = decodeCotXml(utf8(xml));
  assert.ok("event" in decoded, JSON.stringify(decoded));
  return decoded.event;
}

export function bytesOf(encoded: Encoded): Uint8Array {
  assert.ok("bytes" in encoded, JSON.stringify(encoded));
  return encoded.bytes;
}

/** Text of any script, marks that XML escapes and white space among it. */
const text = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(..."ab &<>\"'\t\n\r]é€𝄞-/=;#x".match(/./gsu)!), maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom("]]>", "</event>", "<!--", "&amp;", "\u0085\u2028", "\u{10ffff}", "--", "9999999"),
  )
  .filter(isXmlText);

const name = fc
  .oneof(
    fc.constantFrom(
      "contact",
      "__group",
      "track",
      "status",
      "takv",
      "precisionlocation",
      "remarks",
      "link",
      "a:b",
      "é",
      "__proto__",
      "constructor",
    ),
    fc.string({ unit: fc.constantFrom(..."aZ_:é9.-·𐀀".match(/./gsu)!), minLength: 1, maxLength: 6 }),
  )
  .filter(isXmlName);

const attributes = fc
  .uniqueArray(fc.tuple(name, text), { maxLength: 4, selector: ([key]) => key })
  .map((entries): Record<string, string> => Object.fromEntries(entries));

const isBlank = (value: string): boolean => /^[ \t\r\n]*$/.test(value);

function elementsOf(depth: number): fc.Arbitrary<CotElement> {
  const children = depth === 0 ? fc.constant<CotElement[]>([]) : fc.array(elementsOf(depth - 1), { maxLength: 3 });
  return (
    fc
      .record({ name, attributes, text, children }, { noNullPrototype: true })
      // White space alone between children is layout, and not kept.
      .map((element) => (element.children.length > 0 && isBlank(element.text) ? { ...element, text: "" } : element))
  );
}

const elements = elementsOf(3);

/** Details as ATAK writes them, typed and not quite typed. */
const typedLike: fc.Arbitrary<CotElement> = fc
  .oneof(
    fc
      .record({ callsign: text, endpoint: fc.option(text, { nil: "" }) })
      .map((values) => ({ name: "contact", attributes: { ...values } as Record<string, string> })),
    fc.record({ callsign: text }).map((values) => ({ name: "contact", attributes: { ...values } as Record<string, string> })),
    fc.record({ name: text, role: text }).map((values) => ({ name: "__group", attributes: { ...values } as Record<string, string> })),
    fc
      .record({ speed: fc.double({ noNaN: true, noDefaultInfinity: true }), course: fc.nat(359) })
      .map(({ speed, course }) => ({ name: "track", attributes: { speed: plain(speed), course: String(course) } })),
    fc.nat(2_147_483_647).map((battery) => ({ name: "status", attributes: { battery: String(battery) } })),
    fc.constantFrom("55.5", "-1", "007", "2147483648", "").map((battery) => ({ name: "status", attributes: { battery } })),
  )
  .map((element) => ({ ...element, text: "", children: [] }));

function plain(value: number): string {
  const made = eventOfXml(eventXml("", `<point lat="0" lon="0" hae="${value}" ce="0" le="0"/>`)).point.haeM ?? 1;
  return /e/.test(String(made)) ? "1.5" : String(made);
}

const when = fc.integer({ min: 0, max: 253_402_300_799_999 });
const metres = fc.option(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 999_999 || value === 9_999_999 ? 1 : value + 0)),
  { nil: undefined },
);

/** Any event that both encodings can say. */
export const anyEvent: fc.Arbitrary<CotEvent> = fc.record(
  {
    uid: text.filter((value) => value !== ""),
    type: text.filter((value) => value !== ""),
    how: text,
    timeMs: when,
    startMs: when,
    staleMs: when,
    access: fc.option(
      text.filter((value) => value !== ""),
      { nil: undefined },
    ),
    qos: fc.option(fc.constant("1-r-c"), { nil: undefined }),
    opex: fc.option(fc.constant("e-DRILL"), { nil: undefined }),
    point: fc.record(
      {
        latDeg: fc.double({ min: -90, max: 90, noNaN: true }).map((value) => value + 0),
        lonDeg: fc.double({ min: -180, max: 180, noNaN: true }).map((value) => value + 0),
        haeM: metres,
        ceM: metres,
        leM: metres,
      },
      { noNullPrototype: true },
    ),
    detail: fc.array(fc.oneof(elements, typedLike), { maxLength: 5 }),
  },
  { noNullPrototype: true },
);
