// Every rule has a case that breaks it, and is named by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  COT_CODES,
  type CotCode,
  type CotElement,
  type CotEvent,
  type CotRefusal,
  type CotRefused,
  CotStreamReader,
  decodeCotXml,
  decodeTakMessage,
  droneTrack,
  element,
  encodeCotXml,
  encodeTakMessage,
  frameOfDatagram,
  MAX_ATTRIBUTES,
  MAX_DEPTH,
  MAX_EVENT_BYTES,
  meshFrame,
  type TakMessage,
} from "../src/index.ts";
import { bytesOf, DRONE_XML, eventOfXml, eventXml, utf8 } from "./samples.ts";

type Result = object | CotRefused;

const xml = (text: string): Result => decodeCotXml(utf8(text));
const detail = (text: string): Result => xml(eventXml(`<detail>${text}</detail>`));
const point = (attributes: string): Result => xml(eventXml("", `<point ${attributes}/>`));
const protobuf = (...bytes: readonly number[]): Result => decodeTakMessage(Uint8Array.from(bytes));
const drone = eventOfXml(DRONE_XML);
const withDetail = (...elements: readonly CotElement[]): CotEvent => ({ ...drone, detail: elements });
const time = (value: string): Result => xml(eventXml("").replace(/time="[^"]*"/, `time="${value}"`));
/** An event in protobuf with nothing but type, uid and this double. */
function withDouble(field: number, value: number): Result {
  const bytes = Uint8Array.of(0x12, 15, 0x0a, 1, 0x41, 0x2a, 1, 0x41, field * 8 + 1, 0, 0, 0, 0, 0, 0, 0, 0);
  new DataView(bytes.buffer).setFloat64(9, value, true);
  return decodeTakMessage(bytes);
}

function stream(form: "xml" | "protobuf" | "any", ...chunks: readonly Uint8Array[]): Result {
  const refused: CotRefusal[] = [];
  const reader = new CotStreamReader(
    () => undefined,
    (refusal) => refused.push(refusal),
    form,
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return refused[0] === undefined ? {} : { refused: refused[0] };
}

const nested = (depth: number): CotElement => (depth === 1 ? element("a") : element("a", {}, [nested(depth - 1)]));
const attributes = (count: number): Record<string, string> => Object.fromEntries(Array.from({ length: count }, (_, k) => [`a${k}`, ""]));
const written = (count: number): string => Object.keys(attributes(count)).join('="" ');
const laughs = `<!DOCTYPE event [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, k) => `<!ENTITY a${k} "${"&a;".repeat(9)}">`).join("")}]>`;

/** Each case is a result that has to be refused with the code it stands under. */
const CASES: Readonly<Record<CotCode, readonly (() => Result)[]>> = {
  "too-long": [
    () => detail("a".repeat(MAX_EVENT_BYTES)),
    () => detail(`<a b="${"x".repeat(1 << 20)}"/>`),
    () => decodeTakMessage(new Uint8Array(MAX_EVENT_BYTES + 1)),
    () => encodeCotXml(withDetail(element("a", {}, [], "x".repeat(MAX_EVENT_BYTES)))),
    () => encodeTakMessage({ event: withDetail(element("a", {}, [], "x".repeat(MAX_EVENT_BYTES))) }),
    () => encodeTakMessage({ event: withDetail(element("a", {}, [], "x".repeat(10 * MAX_EVENT_BYTES))) }),
    () => {
      // A small value that unfolds to 2^30 elements.
      let shared: CotElement = element("a");
      for (let k = 0; k < 28; k += 1) shared = element("a", {}, [shared, shared]);
      return encodeCotXml(withDetail(shared));
    },
  ],
  doctype: [
    () => xml(`${laughs}${eventXml("<detail>&a8;</detail>")}`),
    () => detail("<!DOCTYPE a>"),
    () => xml('<!DOCTYPE event SYSTEM "file:///etc/passwd"><event/>'),
  ],
  cdata: [() => detail("<remarks><![CDATA[</event>]]></remarks>"), () => xml("<![CDATA[x]]>")],
  "processing-instruction": [() => xml('<?xml-stylesheet href="a"?><event/>'), () => detail("<?php?>"), () => xml(`${DRONE_XML}<?x?>`)],
  encoding: [
    () => xml(`<?xml version="1.0" encoding="UTF-16"?>${DRONE_XML}`),
    () => xml(`<?xml version="1.0" encoding="ISO-8859-1"?>${DRONE_XML}`),
  ],
  "too-deep": [
    () => detail("<a>".repeat(MAX_DEPTH - 1)),
    () => detail("<a>".repeat(10_000)),
    () => encodeCotXml(withDetail(nested(MAX_DEPTH - 1))),
    () => encodeTakMessage({ event: withDetail(nested(MAX_DEPTH - 1)) }),
  ],
  "too-many-attributes": [
    () => detail(`<a ${written(MAX_ATTRIBUTES + 1)}=""/>`),
    () => encodeCotXml(withDetail(element("a", attributes(MAX_ATTRIBUTES + 1)))),
  ],
  "not-utf8": [
    () => decodeCotXml(Uint8Array.of(0xff, 0xfe, 0x3c, 0)),
    () => decodeCotXml(Buffer.concat([utf8("<event uid='"), Uint8Array.of(0xc0, 0x80), utf8("'/>")])),
    () => protobuf(0x12, 3, 0x2a, 1, 0x80),
    // The first of two counts for nothing, and has to be text all the same.
    () => protobuf(0x12, 6, 0x2a, 1, 0x80, 0x2a, 1, 0x41),
    () => protobuf(0x0a, 3, 0x1a, 1, 0xff),
  ],
  character: [
    () => detail("\u0000"),
    () => detail("a\u0001"),
    () => detail("<a b='\u001f'/>"),
    () => detail("\ufffe"),
    () => detail("<a b='\uffff'/>"),
    () => detail("<!--\u0002-->"),
    () => protobuf(0x12, 3, 0x2a, 1, 0x00),
    () => encodeCotXml({ ...drone, uid: "a\u0000" }),
    () => encodeCotXml(withDetail(element("a", {}, [], "\ud800"))),
    () => encodeCotXml(withDetail(element("a", { b: "\udfff" }))),
    () => encodeTakMessage({ event: { ...drone, opex: "\u0007" } }),
    () => encodeTakMessage({ control: { minVersion: 1, maxVersion: 1, contactUid: "\u0007" } }),
  ],
  declaration: [
    () => xml(`<?xml version="1.1"?>${DRONE_XML}`),
    () => xml(`<?xml encoding="UTF-8"?>${DRONE_XML}`),
    () => xml(` <?xml version="1.0"?>${DRONE_XML}`),
    () => xml(`${DRONE_XML}<?xml version="1.0"?>`),
  ],
  name: [
    () => detail("<1/>"),
    () => detail("< a/>"),
    () => detail("<a -b='1'/>"),
    () => detail("<a×b/>"),
    () => encodeCotXml(withDetail(element("a b"))),
    () => encodeCotXml(withDetail(element(""))),
    () => encodeCotXml(withDetail(element("a", { "b>": "" }))),
    () => encodeTakMessage({ event: withDetail(element("contact", { callsign: "a", "phone number": "1" })) }),
  ],
  comment: [() => detail("<!-- a -- b -->"), () => detail("<!-- a --->")],
  tag: [() => detail("<a / >"), () => detail("<a b='1'c='2'/>"), () => detail("<a></a b>"), () => detail("<!ELEMENT a>")],
  attribute: [() => detail("<a b/>"), () => detail("<a b c='1'/>")],
  "attribute-value": [() => detail("<a b=1/>"), () => detail("<a b='<'/>"), () => xml(eventXml("").replace('uid="', "uid=<"))],
  "duplicate-attribute": [
    () => detail("<a b='1' c='2' b='1'/>"),
    () => detail("<a __proto__='1' __proto__='2'/>"),
    () => xml(eventXml("", '<point lat="0" lon="0" hae="0" ce="0" le="0" lat="0"/>')),
    () => xml(eventXml("", undefined, ' uid="other"')),
  ],
  "mismatched-tag": [
    () => detail("<a></b>"),
    () => detail("<a><b></a></b>"),
    () => detail("</event>"),
    () => xml(eventXml("<detail></Detail>")),
    () => protobufDetail("</a>"),
  ],
  entity: [() => detail("&nbsp;"), () => detail("<a b='&x;'/>"), () => detail("a & b"), () => detail("&AMP;"), () => detail("&amp")],
  "character-reference": [
    () => detail("&#0;"),
    () => detail("&#xd800;"),
    () => detail("&#x110000;"),
    () => detail("&#99999999999999999999;"),
    () => detail("&#;"),
    () => detail("&#x;"),
    () => detail("&#x41 ;"),
  ],
  "section-end": [() => detail("a]]>b"), () => detail("]]]>")],
  "outside-root": [
    () => xml(`${DRONE_XML}${DRONE_XML}`),
    () => xml(`${DRONE_XML}x`),
    () => xml(`x${DRONE_XML}`),
    () => xml(`</event>`),
    () => xml(`${DRONE_XML}\u0000`),
  ],
  "cut-short": [
    () => xml(""),
    () => xml(" "),
    () => xml("<!-- a -->"),
    () => xml(DRONE_XML.slice(0, -1)),
    () => xml(DRONE_XML.slice(0, 300)),
    () => xml('<?xml version="1.0"'),
    () => xml("<event uid='a"),
    () => protobufDetail("<a>"),
    () => protobufDetail("<a b='"),
  ],
  "not-an-event": [
    () => xml("<auth><cot username='a' password='b'/></auth>"),
    () => xml("<Event/>"),
    () => xml("<cot:event xmlns:cot='x'/>"),
  ],
  "missing-attribute": [
    ...["uid", "type", "how", "time", "start", "stale"].map((name) => () => xml(eventXml("").replace(new RegExp(` ${name}="[^"]*"`), ""))),
    ...["uid", "type"].map((name) => () => xml(eventXml("").replace(new RegExp(` ${name}="[^"]*"`), ` ${name}=""`))),
    ...["lat", "lon", "hae", "ce", "le"].map((name) => () => xml(eventXml("").replace(new RegExp(` ${name}="[^"]*"`), ""))),
    () => xml("<event/>"),
    () => protobuf(0x12, 0),
    () => protobuf(0x12, 3, 0x2a, 1, 0x41),
    () => encodeCotXml({ ...drone, uid: "" }),
    () => encodeTakMessage({ event: { ...drone, type: "" } }),
  ],
  "missing-point": [
    () => xml(eventXml("<detail/>", "")),
    () => xml(eventXml("<detail><point lat='0' lon='0' hae='0' ce='0' le='0'/></detail>", "")),
  ],
  "repeated-element": [() => xml(eventXml("<detail/><detail/>")), () => xml(eventXml("<point lat='0' lon='0' hae='0' ce='0' le='0'/>"))],
  time: [
    "",
    "now",
    "2026-11-24",
    "2026-11-24T08:00:00",
    "2026-11-24 08:00:00Z",
    "2026-11-24T08:00:00.Z",
    "2026-11-24T08:00:00z",
    "2026-11-24T08:00:00Zx",
    "2026-11-24T08:00Z",
    "2026-13-24T08:00:00Z",
    "2026-02-29T08:00:00Z",
    "2026-11-31T08:00:00Z",
    "2026-11-00T08:00:00Z",
    "2026-11-24T25:00:00Z",
    "2026-11-24T24:00:01Z",
    "2026-11-24T08:60:00Z",
    "2026-11-24T08:00:60Z",
    "2026-11-24T08:00:00+15:00",
    "2026-11-24T08:00:00+0300",
    "12026-11-24T08:00:00Z",
    "-2026-11-24T08:00:00Z",
    "9999-12-31T23:59:59-01:00",
    "20261124T080000Z....",
  ].map((value) => () => time(value)),
  "time-range": [
    () => encodeCotXml({ ...drone, timeMs: Number.NaN }),
    () => encodeCotXml({ ...drone, staleMs: 0.5 }),
    () => encodeCotXml({ ...drone, startMs: 253_402_300_800_000 }),
    () => encodeTakMessage({ event: { ...drone, timeMs: -1 } }),
    () => protobuf(0x12, 17, 0x0a, 1, 0x41, 0x2a, 1, 0x41, 0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  ],
  number: [
    () => point('lat="NaN" lon="0" hae="0" ce="0" le="0"'),
    () => point('lat="0" lon="nan" hae="0" ce="0" le="0"'),
    ...["NaNs", "Infinity", "-Infinity", "INF", "", " ", "0x10", "1,5", "1.2.3", "--1", "1e", "e5", "1e5.0", "1e400", "١", "."].flatMap(
      (value) => [
        () => point(`lat="${value}" lon="0" hae="0" ce="0" le="0"`),
        () => point(`lat="0" lon="0" hae="${value}" ce="0" le="0"`),
        () => point(`lat="0" lon="0" hae="0" ce="0" le="${value}"`),
      ],
    ),
    () => withDouble(10, Number.NaN),
    () => withDouble(11, Number.NaN),
    ...[10, 11, 12, 13, 14].flatMap((field) =>
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => () => withDouble(field, value)),
    ),
    () => encodeCotXml({ ...drone, point: { ...drone.point, haeM: Number.NaN } }),
    () => encodeTakMessage({ event: { ...drone, point: { ...drone.point, latDeg: Number.POSITIVE_INFINITY } } }),
    () => protobuf(0x12, 19, 0x0a, 1, 0x41, 0x2a, 1, 0x41, 0x7a, 11, 0x3a, 9, 0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f),
  ],
  latitude: [
    () => point('lat="90.0000001" lon="0" hae="0" ce="0" le="0"'),
    () => point('lat="-91" lon="0" hae="0" ce="0" le="0"'),
    () => point('lat="999" lon="0" hae="0" ce="0" le="0"'),
    () => withDouble(10, 91),
    () => encodeCotXml({ ...drone, point: { ...drone.point, latDeg: -90.1 } }),
  ],
  longitude: [
    () => point('lat="0" lon="180.5" hae="0" ce="0" le="0"'),
    () => point('lat="0" lon="-1e3" hae="0" ce="0" le="0"'),
    () => withDouble(11, -181),
    () => encodeTakMessage({ event: { ...drone, point: { ...drone.point, lonDeg: 181 } } }),
  ],
  "no-position": [
    () =>
      droneTrack({
        uid: "a",
        callsign: "a",
        affiliation: "unknown",
        point: { ...drone.point, latDeg: 0, lonDeg: 0 },
        timeMs: 0,
        staleMs: 1,
      }),
  ],
  truncated: [
    () => protobuf(0x12, 5, 0x0a),
    () => protobuf(0x12),
    () => protobuf(0x12, 2, 0x0a, 1),
    () => protobuf(0x12, 5, 0x51, 0, 0, 0, 0),
    () => protobuf(0x12, 1, 0x30),
    () => protobuf(0x12, 2, 0x30, 0x80),
    () => protobuf(0x12, 0xff, 0xff, 0xff, 0xff, 0x0f),
    () => protobuf(0x1d, 0, 0, 0),
    () => protobuf(0x19, 0, 0, 0, 0, 0, 0, 0),
    () => protobuf(0x1a, 2, 0),
    () => protobuf(0x80),
  ],
  varint: [
    () => protobuf(0x12, 12, 0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
    () => protobuf(0x18, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00),
  ],
  "field-number": [
    () => protobuf(0x00, 0),
    () => protobuf(0x02, 0),
    () => protobuf(0x82, 0x80, 0x80, 0x80, 0x80, 0x01, 0),
    () => protobuf(0xfa, 0xff, 0xff, 0xff, 0x1f, 0),
  ],
  "wire-type": [() => protobuf(0x1e, 0), () => protobuf(0x1f, 0), () => protobuf(0x12, 2, 0xbf, 1)],
  group: [() => protobuf(0x1b), () => protobuf(0x1c), () => protobuf(0x1b, 0x24), () => decodeTakMessage(new Uint8Array(400).fill(0x1b))],
  "version-range": [
    () => protobuf(0x0a, 4, 0x08, 3, 0x10, 2),
    () => protobuf(0x0a, 2, 0x08, 3),
    () => encodeTakMessage({ control: { minVersion: 2, maxVersion: 1, contactUid: undefined } }),
    () => encodeTakMessage({ control: { minVersion: 0, maxVersion: 1, contactUid: undefined } }),
    () => encodeTakMessage({ control: { minVersion: 1, maxVersion: 1.5, contactUid: undefined } }),
  ],
  "no-magic": [
    () => frameOfDatagram(Uint8Array.of(0xbf, 1, 0)),
    () => frameOfDatagram(Uint8Array.of(0xbf)),
    () => stream("protobuf", utf8("<event/>")),
  ],
  version: [() => frameOfDatagram(Uint8Array.of(0xbf, 2, 0xbf)), () => stream("any", Uint8Array.of(0xbf, 2, 0xbf, 0))],
  "frame-length": [
    () => stream("protobuf", Uint8Array.of(0xbf, 0xff, 0xff, 0xff, 0xff, 0x0f)),
    () => stream("protobuf", Uint8Array.of(0xbf, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01)),
  ],
  "between-events": [() => stream("xml", utf8("hello <event/>")), () => stream("xml", utf8("</event>"))],
  "frame-too-long": [
    () => stream("xml", utf8(`<event a="${"x".repeat(MAX_EVENT_BYTES)}"/>`)),
    () => stream("protobuf", Uint8Array.of(0xbf, 0x81, 0x80, 0x02)),
    () => stream("any", meshFrame(Uint8Array.of(0x12, 0x81, 0x80, 0x02)), new Uint8Array(MAX_EVENT_BYTES + 1)),
    () => frameOfDatagram(new Uint8Array(65_507)),
  ],
  "frame-cut-short": [
    () => stream("xml", utf8("<event>")),
    () => stream("protobuf", Uint8Array.of(0xbf, 2, 0)),
    () => stream("protobuf", Uint8Array.of(0xbf)),
  ],
};

/** An event whose xmlDetail is this, whether it is XML or not. */
function protobufDetail(text: string): Result {
  const content = utf8(text);
  const field = [0x7a, content.length + 2, 0x0a, content.length, ...content];
  return protobuf(0x12, field.length + 6, 0x0a, 1, 0x41, 0x2a, 1, 0x41, ...field);
}

test("every code has its cases", () => {
  assert.deepEqual(Object.keys(CASES).sort(), [...COT_CODES].sort());
});

for (const [code, cases] of Object.entries(CASES)) {
  test(`${code} is refused by that name, with the clause and the reason`, () => {
    assert.ok(cases.length > 0);
    cases.forEach((result, k) => {
      const made = result();
      assert.ok("refused" in made, `case ${k} was not refused: ${JSON.stringify(made).slice(0, 300)}`);
      assert.deepEqual([k, made.refused.code], [k, code], made.refused.detail);
      assert.ok(made.refused.clause.length > 5 && made.refused.detail.length > 3 && made.refused.detail.length < 200);
    });
  });
}

test("an event that is cut anywhere is refused, and so is one that is cut in two", () => {
  for (let size = 0; size < DRONE_XML.length; size += 1) {
    const result = xml(DRONE_XML.slice(0, size));
    assert.ok("refused" in result, String(size));
    assert.ok("refused" in xml(DRONE_XML.slice(size + 1)), String(size));
  }
  const payload = bytesOf(encodeTakMessage({ event: drone }));
  for (let size = 3; size < payload.length; size += 1) assert.ok("refused" in decodeTakMessage(payload.subarray(0, size)), String(size));
});

test("each bound is where it says: what is just within is read and written", () => {
  const within = (text: string): void => assert.ok("event" in xml(text), text.slice(0, 80));
  const frame = eventXml("<detail></detail>").length;
  within(eventXml(`<detail>${"a".repeat(MAX_EVENT_BYTES - frame)}</detail>`));
  // `<event>` and `<detail>` are two levels.
  within(eventXml(`<detail>${"<a>".repeat(MAX_DEPTH - 2)}${"</a>".repeat(MAX_DEPTH - 2)}</detail>`));
  within(eventXml(`<detail><a ${written(MAX_ATTRIBUTES)}=""/></detail>`));
  within(eventXml("", '<point lat="-90" lon="180" hae="0" ce="0" le="0"/>'));
  assert.ok("bytes" in encodeCotXml(withDetail(nested(MAX_DEPTH - 2))));
  assert.ok("message" in decodeTakMessage(bytesOf(encodeTakMessage({ event: withDetail(nested(MAX_DEPTH - 2)) }))));
  const groups = [...new Uint8Array(100).fill(0x1b), ...new Uint8Array(100).fill(0x1c)];
  assert.ok("message" in protobuf(...groups));
});

test("times are read with any fraction and any offset, and cut to the millisecond", () => {
  const ms = (value: string): number => {
    const result = time(value) as { readonly event?: CotEvent };
    return result.event?.timeMs ?? Number.NaN;
  };
  for (const value of [
    "2026-11-24T08:00:00Z",
    "2026-11-24T08:00:00.1Z",
    "2026-11-24T08:00:00.12Z",
    "2026-11-24T08:00:00.123Z",
    "1970-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "2024-02-29T12:34:56Z",
    "2000-02-29T12:34:56Z",
    "2026-11-24T08:00:00+03:00",
    "2026-11-24T08:00:00.5-05:30",
    "2026-01-01T00:30:00+14:00",
  ])
    assert.equal(ms(value), Date.parse(value), value);
  assert.equal(ms("2026-11-24T08:00:00.123999999999Z"), Date.parse("2026-11-24T08:00:00.123Z"));
  assert.equal(ms("2026-11-24T24:00:00Z"), Date.parse("2026-11-25T00:00:00Z"));
  assert.equal(ms("2026-11-24T24:00:00.000Z"), Date.parse("2026-11-25T00:00:00Z"));
  assert.equal(ms(" 2026-11-24T08:00:00Z\n"), Date.parse("2026-11-24T08:00:00Z"));
  assert.equal(ms("2026-11-24T08:00:00&#x5a;"), Date.parse("2026-11-24T08:00:00Z"));
  assert.ok(Number.isNaN(ms("2026-11-24T24:00:00.1Z")) && Number.isNaN(ms("1900-02-29T00:00:00Z")));
});

test("a height or an error that is no number is unknown, in either encoding: ATAK sends such", () => {
  const result = point('lat="1" lon="2" hae="NaN" ce=" nan " le="-nan"') as { readonly event?: CotEvent };
  assert.deepEqual(result.event?.point, { latDeg: 1, lonDeg: 2, haeM: undefined, ceM: undefined, leM: undefined });
  for (const field of [12, 13, 14]) {
    const made = withDouble(field, Number.NaN) as { readonly message?: TakMessage };
    const { haeM, ceM, leM } = made.message?.event?.point ?? {};
    assert.deepEqual(
      [haeM, ceM, leM],
      [12, 13, 14].map((other) => (other === field ? undefined : 0)),
    );
  }
});

test("an event that was over before it began is read: it asks to be dropped", () => {
  const { startMs, staleMs } = eventOfXml(eventXml("").replace(/stale="[^"]*"/, 'stale="2020-01-01T00:00:00Z"'));
  assert.ok(staleMs < startMs);
});
