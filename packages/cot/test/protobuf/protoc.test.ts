// protoc as an independent reader and writer of the same messages, from definitions written here after the field numbers of the protocol.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as fc from "fast-check";
import { type CotElement, type CotEvent, decodeTakMessage, encodeTakMessage, type TakMessage } from "../../src/index.ts";
import { anyEvent, bytesOf, DRONE_XML, eventOfXml, eventXml, textOf, utf8 } from "../samples.ts";

const folder = mkdtempSync(join(tmpdir(), "cot-protoc-"));
after(() => rmSync(folder, { recursive: true }));

const DEFINITIONS = `syntax = "proto3";
message TakMessage { TakControl takControl = 1; CotEvent cotEvent = 2; }
message TakControl { uint32 minProtoVersion = 1; uint32 maxProtoVersion = 2; string contactUid = 3; }
message CotEvent {
  string type = 1; string access = 2; string qos = 3; string opex = 4; string uid = 5;
  uint64 sendTime = 6; uint64 startTime = 7; uint64 staleTime = 8; string how = 9;
  double lat = 10; double lon = 11; double hae = 12; double ce = 13; double le = 14; Detail detail = 15;
}
message Detail {
  string xmlDetail = 1; Contact contact = 2; Group group = 3; PrecisionLocation precisionLocation = 4;
  Status status = 5; Takv takv = 6; Track track = 7;
}
message Contact { string endpoint = 1; string callsign = 2; }
message Group { string name = 1; string role = 2; }
message PrecisionLocation { string geopointsrc = 1; string altsrc = 2; }
message Status { uint32 battery = 1; }
message Takv { string device = 1; string platform = 2; string os = 3; string version = 4; }
message Track { double speed = 1; double course = 2; }
`;
writeFileSync(join(folder, "tak.proto"), DEFINITIONS);

function protoc(
  how: "--encode" | "--decode",
  input: Uint8Array | string,
): { readonly ok: boolean; readonly output: Uint8Array; readonly said: string } {
  const { status, stdout, stderr, error } = spawnSync("protoc", [`${how}=TakMessage`, "-I", folder, "tak.proto"], {
    input,
    cwd: folder,
    maxBuffer: 1 << 24,
  });
  assert.equal(error, undefined);
  return { ok: status === 0, output: stdout, said: stderr.toString() };
}

function encodedBy(text: string): Uint8Array {
  const { ok, output, said } = protoc("--encode", text);
  assert.ok(ok, said);
  return output;
}

/** A string in protoc's text form, byte by byte. */
function quoted(text: string): string {
  return `"${[...utf8(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}"`;
}

function fieldsOf(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key}: ${typeof value === "string" ? quoted(value) : value}`)
    .join(" ");
}

/** A whole message in protoc's text form, as the protocol maps an event to it. `xmlDetail` is what stays. */
function textForm(
  { event, control }: { readonly event: CotEvent; readonly control?: TakMessage["control"] },
  xmlDetail: string,
  typed: string,
): string {
  const { uid, type, how, access, qos, opex, timeMs, startMs, staleMs, point } = event;
  const head = fieldsOf({ type, access, qos, opex, uid, sendTime: timeMs, startTime: startMs, staleTime: staleMs, how });
  const place = fieldsOf({
    lat: point.latDeg,
    lon: point.lonDeg,
    hae: point.haeM ?? 9999999,
    ce: point.ceM ?? 9999999,
    le: point.leM ?? 9999999,
  });
  const detail = xmlDetail === "" && typed === "" ? "" : `detail { ${fieldsOf({ xmlDetail })} ${typed} }`;
  const said =
    control === undefined ? "" : `takControl { ${fieldsOf({ maxProtoVersion: control.maxVersion, contactUid: control.contactUid })} }`;
  return `${said} cotEvent { ${head} ${place} ${detail} }`;
}

const drone = eventOfXml(DRONE_XML);
const droneXmlDetail =
  '<link uid="RID-OP-7" type="a-n-G" relation="p-p"/><remarks>92 m above take-off; pilot 240 m south — «norte»</remarks>' +
  '<atalaya:drone xmlns:atalaya="urn:atalaya:cot:1" serial="1581F5BK22384"><atalaya:seen rssi="-61"/><atalaya:seen rssi="-60"/></atalaya:drone>';
const droneTyped =
  'contact { callsign: "DRONE 7" } group { name: "Cyan" role: "Sensor" } precisionLocation { geopointsrc: "GPS" altsrc: "GPS" } status { battery: 87 } ' +
  'takv { device: "Sniffer" platform: "Atalaya" os: "Debian" version: "0.1" } track { speed: 18.25 course: 217.5 }';

test("a drone with every typed detail is written byte for byte as protoc writes it", () => {
  const control = { minVersion: 1, maxVersion: 3, contactUid: "HUB" };
  const theirs = encodedBy(textForm({ event: drone, control }, droneXmlDetail, droneTyped));
  assert.deepEqual(Buffer.from(bytesOf(encodeTakMessage({ event: drone, control }))), theirs);
});

test("what protoc writes is read as the XML that stands for it", () => {
  const decoded = decodeTakMessage(encodedBy(textForm({ event: drone }, droneXmlDetail, droneTyped)));
  assert.ok("message" in decoded);
  const { event, control } = decoded.message;
  assert.equal(control, undefined);
  const sorted = (detail: readonly CotElement[] = []): readonly CotElement[] => [...detail].sort((a, b) => (a.name < b.name ? -1 : 1));
  assert.deepEqual({ ...event, detail: sorted(event?.detail) }, { ...drone, detail: sorted(drone.detail) });
});

test("typed details join what xmlDetail holds, and give way to an element of their name there", () => {
  const detailOf = (xmlDetail: string, typed: string): readonly string[] => {
    const decoded = decodeTakMessage(encodedBy(textForm({ event: { ...drone, detail: [] } }, xmlDetail, typed)));
    assert.ok("message" in decoded && decoded.message.event !== undefined);
    return decoded.message.event.detail.map(({ name, attributes }) => `${name} ${JSON.stringify(attributes)}`);
  };
  assert.deepEqual(detailOf('<contact callsign="XML" phone="1"/><x/>', 'contact { callsign: "TYPED" } status { battery: 5 }'), [
    'contact {"callsign":"XML","phone":"1"}',
    "x {}",
    'status {"battery":"5"}',
  ]);
  // Fields that hold nothing: an endpoint is left out, the others are empty, numbers are zero.
  assert.deepEqual(detailOf("", "contact { } group { } precisionLocation { } status { } takv { } track { }"), [
    'contact {"callsign":""}',
    '__group {"name":"","role":""}',
    'precisionlocation {"geopointsrc":"","altsrc":""}',
    'status {"battery":"0"}',
    'takv {"device":"","platform":"","os":"","version":""}',
    'track {"speed":"0","course":"0"}',
  ]);
  assert.deepEqual(
    detailOf("", 'contact { endpoint: "*:-1:stcp" callsign: "A" } status { battery: 4294967295 } track { speed: 1e-7 course: -0.5 }'),
    ['contact {"endpoint":"*:-1:stcp","callsign":"A"}', 'status {"battery":"4294967295"}', 'track {"speed":"0.0000001","course":"-0.5"}'],
  );
});

test("an element becomes a typed message only when it stands once and says exactly what the message can", () => {
  const written = (detail: string): string => {
    const { ok, output, said } = protoc(
      "--decode",
      bytesOf(encodeTakMessage({ event: eventOfXml(eventXml(`<detail>${detail}</detail>`)) })),
    );
    assert.ok(ok, said);
    return textOf(output).slice(textOf(output).indexOf("detail {")).replaceAll(/\s+/g, " ").replaceAll('\\"', "'");
  };
  const stays = (detail: string): void => assert.equal(written(detail), `detail { xmlDetail: "${detail}" } } `);
  stays("<track speed='1'/>".replaceAll('"', "'"));
  for (const kept of [
    "<track course='1' slope='2' speed='1'/>",
    "<track speed='fast' course='1'/>",
    "<status readiness='true'/>",
    "<status battery='55.5'/>",
    "<status battery='-1'/>",
    "<status battery='2147483648'/>",
    "<status battery='007'/>",
    "<contact callsign='A' phone='1'/>",
    "<contact endpoint='a:1:tcp'/>",
    "<contact endpoint='' callsign='A'/>",
    "<contact callsign='A'/><contact callsign='B'/>",
    "<__group name='Cyan'/>",
    "<precisionlocation altsrc='GPS'/>",
    "<takv os='1' version='2' device='3'/>",
    "<status battery='5'>x</status>",
    "<status battery='5'><a/></status>",
  ])
    stays(kept);
  assert.equal(written('<contact callsign="A"/>'), 'detail { contact { callsign: "A" } } } ');
  assert.equal(written('<status battery="0"/>'), "detail { status { } } } ");
  assert.equal(written('<x/><status battery="5"/>'), 'detail { xmlDetail: "<x/>" status { battery: 5 } } } ');
});

test("every message of ours is read by protoc, and written again by it byte for byte", () => {
  for (const event of fc.sample(anyEvent, { numRuns: 60, seed: 5 })) {
    const ours = bytesOf(encodeTakMessage({ event, control: { minVersion: 1, maxVersion: 1, contactUid: undefined } }));
    const read = protoc("--decode", ours);
    assert.ok(read.ok, read.said);
    const again = protoc("--encode", read.output);
    assert.ok(again.ok, again.said);
    assert.deepEqual(again.output, Buffer.from(ours));
  }
});

/** Fields as bytes, of known and unknown numbers, right and wrong wire types, whole and damaged. */
const varint = fc.oneof(
  fc.constantFrom([0], [1], [0x80, 0x01], [0x80, 0x80, 0x00], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  fc.nat(127).map((n) => [n]),
);
const strings = fc.constantFrom("", "A", "é", "a-u-A-M-H-Q").map((value) => [...utf8(value)]);
const block = (content: readonly number[]): number[] => [content.length, ...content];
function fieldBytes(numbers: readonly number[], content: fc.Arbitrary<number[]>): fc.Arbitrary<number[]> {
  return fc.oneof(
    { arbitrary: fc.tuple(fc.constantFrom(...numbers), content).map(([number, value]) => [number * 8 + 2, ...block(value)]), weight: 6 },
    fc.tuple(fc.constantFrom(...numbers), varint).map(([number, value]) => [number * 8, ...value]),
    fc.constantFrom(...numbers).map((number) => [number * 8 + 1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
    fc.constantFrom(...numbers).map((number) => [number * 8 + 5, 1, 2, 3, 4]),
    fc.constantFrom<number[][]>(
      [0x1b, 0x08, 1, 0x1c],
      [0x1b, 0x23, 0x24, 0x1c],
      [0x1b],
      [0x1c],
      [0x0e],
      [0x00],
      [0x8a, 0x00, 1, 0x41],
      [0xf8, 0xff, 0xff, 0xff, 0x0f, 1],
    ),
  );
}
const many = (field: fc.Arbitrary<number[]>, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(field, { maxLength }).map((parts) => parts.flat());
const typedField = many(fieldBytes([1, 2, 3, 4, 5], strings), 2);
const detailField = many(fieldBytes([2, 3, 4, 5, 6, 7, 8], typedField), 3);
const eventField = many(
  fc.oneof({ arbitrary: fieldBytes([1, 2, 5, 9], strings), weight: 3 }, fieldBytes([6, 7, 10, 12, 15], fc.oneof(strings, detailField))),
  4,
);
const messageField = many(fieldBytes([1, 2, 3], fc.oneof(eventField, many(fieldBytes([1, 2, 3], strings), 2))), 2);
/** Makes an event of what follows: type and uid, which we ask for and protobuf does not. */
const known = [0x12, 6, 0x0a, 1, 0x41, 0x2a, 1, 0x42];

test("messages of odd fields are taken and refused as protoc does, and what is taken says the same", () => {
  let taken = 0;
  let refused = 0;
  for (const fields of fc.sample(messageField, { numRuns: 500, seed: 3 })) {
    const bytes = Uint8Array.from([...known, ...fields]);
    if (bytes.length > 110) continue;
    const theirs = protoc("--decode", bytes);
    const ours = decodeTakMessage(bytes);
    const shown = `${Buffer.from(bytes).toString("hex")} ${JSON.stringify(ours)} ${theirs.said}`;
    if (!theirs.ok) {
      refused += 1;
      assert.ok("refused" in ours, shown);
      continue;
    }
    if ("refused" in ours) {
      // What protobuf lets by and the protocol does not.
      assert.ok(["time-range", "version-range", "latitude", "longitude", "missing-attribute"].includes(ours.refused.code), shown);
      continue;
    }
    taken += 1;
    const text = textOf(theirs.output);
    const said = (name: string): string | undefined =>
      [...text.matchAll(new RegExp(`^  ${name}: "(.*)"$`, "gm"))][0]?.[1]?.replaceAll("\\303\\251", "é");
    const { event } = ours.message;
    assert.equal(event?.uid, said("uid"), shown);
    assert.equal(event?.type, said("type"), shown);
    assert.equal(event?.how, said("how") ?? "", shown);
    assert.equal(event?.point.latDeg, Number(/^ {2}lat: (.*)$/m.exec(text)?.[1] ?? 0), shown);
    assert.equal(event?.timeMs, Number(/^ {2}sendTime: (.*)$/m.exec(text)?.[1] ?? 0), shown);
    const names = ["contact", "group", "precisionLocation", "status", "takv", "track"].filter((name) =>
      new RegExp(`^    ${name} \\{`, "m").test(text),
    );
    assert.deepEqual(
      event?.detail.map(({ name }) => name),
      names.map((name) => (name === "group" ? "__group" : name.toLowerCase())),
      shown,
    );
  }
  assert.ok(taken > 100 && refused > 40, `${taken} taken, ${refused} refused`);
});
