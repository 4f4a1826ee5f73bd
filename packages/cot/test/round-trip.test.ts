// Whatever can be written is read back as it was, in both encodings, and both say the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  type CotElement,
  type CotEvent,
  decodeCotXml,
  decodeTakMessage,
  encodeCotXml,
  encodeTakMessage,
  scanCotXml,
  scanTakMessage,
} from "../src/index.ts";
import { anyEvent, bytesOf, DRONE_XML, eventOfXml, eventXml, utf8 } from "./samples.ts";

const RUNS = { numRuns: 400 };

function viaXml(event: CotEvent): CotEvent {
  const decoded = decodeCotXml(bytesOf(encodeCotXml(event)));
  assert.ok("event" in decoded, JSON.stringify(decoded));
  return decoded.event;
}

function viaProtobuf(event: CotEvent): CotEvent {
  const decoded = decodeTakMessage(bytesOf(encodeTakMessage({ event })));
  assert.ok("message" in decoded, JSON.stringify(decoded));
  assert.ok(decoded.message.event !== undefined);
  return decoded.message.event;
}

/** Typed details come behind the others, in an order of their own; order among elements of one name holds. */
function byName(detail: readonly CotElement[]): readonly CotElement[] {
  return [...detail].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

test("an event written as XML is read back as it was", () => {
  fc.assert(
    fc.property(anyEvent, (event) => assert.deepEqual(viaXml(event), event)),
    RUNS,
  );
});

test("an event written as protobuf is read back as it was, but for the order of its details", () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const back = viaProtobuf(event);
      assert.deepEqual({ ...back, detail: byName(back.detail) }, { ...event, detail: byName(event.detail) });
      // Once in that order, it stays.
      assert.deepEqual(viaProtobuf(back), back);
    }),
    RUNS,
  );
});

test("what one encoding says after the other is the same event", () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const first = viaXml(viaProtobuf(event));
      const second = viaProtobuf(viaXml(event));
      assert.deepEqual(first, second);
    }),
    RUNS,
  );
});

test("looking an event over says the same as decoding it, and its detail is the same when it is built later", () => {
  const compare = (event: CotEvent): void => {
    const xml = bytesOf(encodeCotXml(event));
    const scanned = scanCotXml(xml);
    assert.ok("scanned" in scanned);
    const payload = bytesOf(encodeTakMessage({ event }));
    const message = scanTakMessage(payload);
    assert.ok("message" in message && message.message.scanned !== undefined);
    const fromPayload = viaProtobuf(event);
    // The bytes may be used again before the detail is asked for.
    xml.fill(0);
    payload.fill(0);
    assert.deepEqual({ ...scanned.scanned.head, detail: scanned.scanned.detail() }, event);
    const { head, detail } = message.message.scanned;
    assert.deepEqual({ ...head, detail: detail() }, fromPayload);
  };
  compare(eventOfXml(DRONE_XML));
  fc.assert(fc.property(anyEvent, compare), RUNS);
});

test("events that are damaged are refused alike whether their detail is built or not, and nothing throws", () => {
  const damage = fc.array(
    fc.tuple(fc.nat(1200), fc.oneof(fc.nat(255), fc.constantFrom(...'<>&/!?"]-x \0'.split("").map((c) => c.charCodeAt(0))))),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const original = eventOfXml(DRONE_XML);
  const seeds = [
    bytesOf(encodeCotXml(original)),
    bytesOf(encodeTakMessage({ event: original, control: { minVersion: 1, maxVersion: 2, contactUid: "A" } })),
  ];
  fc.assert(
    fc.property(fc.nat(1), damage, (which, changes) => {
      const bytes = seeds[which]!.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      if (which === 0) {
        const [decoded, scanned] = [decodeCotXml(bytes), scanCotXml(bytes)];
        if ("refused" in decoded) assert.deepEqual(scanned, decoded);
        else assert.deepEqual("scanned" in scanned && { ...scanned.scanned.head, detail: scanned.scanned.detail() }, decoded.event);
      } else {
        const [decoded, scanned] = [decodeTakMessage(bytes), scanTakMessage(bytes)];
        if ("refused" in decoded) return assert.deepEqual(scanned, decoded);
        assert.ok("message" in scanned);
        assert.deepEqual(scanned.message.control, decoded.message.control);
        const { scanned: event } = scanned.message;
        assert.deepEqual(event === undefined ? undefined : { ...event.head, detail: event.detail() }, decoded.message.event);
      }
    }),
    { numRuns: 3000 },
  );
});

test("random bytes are refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      assert.ok("refused" in decodeCotXml(bytes));
      decodeTakMessage(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("the shortest decimal is written, without an exponent, and reads back as the same number", () => {
  const point = (haeM: number): string => {
    const event = { ...eventOfXml(eventXml("")), point: { latDeg: -0, lonDeg: 1e-7, haeM, ceM: undefined, leM: 0 } };
    return /<point [^>]*>/.exec(new TextDecoder().decode(bytesOf(encodeCotXml(event))))?.[0] ?? "";
  };
  assert.equal(point(1206.5), '<point lat="0" lon="0.0000001" hae="1206.5" ce="9999999.0" le="0"/>');
  assert.equal(point(-1.5e-9), '<point lat="0" lon="0.0000001" hae="-0.0000000015" ce="9999999.0" le="0"/>');
  assert.equal(point(1.25e21), '<point lat="0" lon="0.0000001" hae="1250000000000000000000" ce="9999999.0" le="0"/>');
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const written = /hae="([^"]*)"/.exec(point(value))?.[1] ?? "";
      assert.match(written, /^-?\d+(\.\d+)?$/);
      assert.equal(Number(written), value + 0);
    }),
    RUNS,
  );
});

test("real numbers of any writing are read as the language reads them", () => {
  const digits = fc.string({ unit: fc.constantFrom("0", "1", "2", "4", "5", "8", "9"), minLength: 1, maxLength: 22 });
  fc.assert(
    fc.property(
      fc.constantFrom("", "-", "+"),
      digits,
      fc.option(digits, { nil: "" }),
      fc.constantFrom("", "e5", "E-12", "e+3"),
      (sign, whole, part, exponent) => {
        const written = `${sign}${whole}${part === "" ? "" : `.${part}`}${exponent}`;
        const { haeM } = eventOfXml(eventXml("", `<point lat="0" lon="0" hae=" ${written}\n" ce="0" le="0"/>`)).point;
        const value = Number(written);
        assert.equal(haeM, value === 9_999_999 || value === 999_999 ? undefined : value + 0);
      },
    ),
    RUNS,
  );
  const { point } = eventOfXml(eventXml("", '<point lat=".5" lon="5." hae="-0" ce="9999999" le="999999.0"/>'));
  assert.deepEqual(point, { latDeg: 0.5, lonDeg: 5, haeM: 0, ceM: undefined, leM: undefined });
});

test("the same bytes decode to the same event whatever was decoded before", () => {
  const before = eventOfXml(DRONE_XML);
  for (let k = 0; k < 6000; k += 1) eventOfXml(eventXml(`<detail><n${k} a${k}="1"/></detail>`));
  assert.deepEqual(eventOfXml(DRONE_XML), before);
  assert.ok("refused" in decodeCotXml(utf8("<event")));
  assert.deepEqual(eventOfXml(DRONE_XML), before);
});
