import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  AdvertisingJoiner,
  type CarrierElement,
  decodeFrame,
  encodeBle4,
  encodeBle5,
  encodeFrenchBeacon,
  encodeNanSyncBeacon,
  encodeWifiBeacon,
  encodeWifiNan,
  extractElements,
  fromHex,
  hex,
  LINK_TYPES,
  type LinkType,
} from "../../src/index.ts";
import { frenchFields, locationBytes, ninePack, pack, sending } from "../flight.ts";

function literal(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
}

function join(...parts: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

function only(linkType: LinkType, bytes: Uint8Array): CarrierElement {
  const { elements, dropped } = extractElements(linkType, bytes);
  assert.equal(dropped, undefined);
  assert.equal(elements.length, 1);
  return elements[0]!;
}

function content(bytes: Uint8Array, { offset, length }: CarrierElement): string {
  return hex(bytes, offset, length);
}

/** The 802.11 frame without the radiotap header of our encoder. */
function bare(frame: Uint8Array): Uint8Array {
  return frame.slice(15);
}

test("what our encoders send comes out of every carrier with sender, signal and counter", () => {
  const cases: readonly (readonly [LinkType, CarrierElement["carrier"], Uint8Array, Uint8Array])[] = [
    [127, "wifi-beacon", encodeWifiBeacon(sending, "drone", ninePack), ninePack],
    [127, "wifi-nan", encodeWifiNan(sending, ninePack), ninePack],
    [127, "french", encodeFrenchBeacon(sending, "", frenchFields), frenchFields],
    [256, "ble4", encodeBle4(sending, locationBytes), locationBytes],
    [256, "ble5", encodeBle5(sending, ninePack), ninePack],
  ];
  for (const [linkType, carrier, frame, sent] of cases) {
    const element = only(linkType, frame);
    assert.equal(element.carrier, carrier);
    assert.equal(element.transmitter, sending.transmitter, carrier);
    assert.equal(element.rssi, sending.rssi, carrier);
    assert.equal(element.counter, carrier === "french" ? undefined : sending.counter, carrier);
    assert.equal(content(frame, element), hex(sent), carrier);
  }
});

test("a NAN sync beacon tells that a sender is there and says nothing", () => {
  const [observation] = decodeFrame("dlt-127", encodeNanSyncBeacon(sending)).observations;
  assert.deepEqual([observation?.carrier, observation?.transmitter, observation?.element.messages], ["wifi-nan", sending.transmitter, []]);
});

test("Parrot's own identifier is read like ASD-STAN's, and each of several elements gives its own", () => {
  const frame = bare(encodeWifiBeacon(sending, "x", pack));
  const parrot = [0xdd, 5 + 25, 0x90, 0x3a, 0xe6, 0x0d, 0x33, ...locationBytes];
  const { elements } = extractElements(105, join(frame, [0xdd, 4, 0, 0x50, 0xf2, 2], parrot));
  assert.deepEqual(
    elements.map(({ carrier, counter, length }) => [carrier, counter, length]),
    [
      ["wifi-beacon", sending.counter, pack.length],
      ["wifi-beacon", 0x33, 25],
    ],
  );
});

test("radiotap: a frame check sequence is no element, a frame marked bad is dropped, several antennas and words are read", () => {
  const body = bare(encodeWifiBeacon(sending, "x", pack));
  const withFcs = join(literal("0000 0900 02000000 10"), body, [0xdd, 0xdd, 0xdd, 0xdd]);
  assert.equal(content(withFcs, only(127, withFcs)), hex(pack));
  const bad = join(literal("0000 0900 02000000 50"), body, [1, 2, 3, 4]);
  assert.deepEqual(extractElements(127, bad), { elements: [], dropped: "bad-crc" });
  assert.equal(decodeFrame("dlt-127", bad).refused?.code, "bad-crc");
  const antennas = literal(`
    0000 2400 2b4000a0 20080000      # 36 bytes, two presence words; the second repeats signal and antenna
    00000000 8877665544332211        # padding, time
    10 00 8509 c000                  # flags, padding, channel
    c3 00 0000                       # signal −61 dBm, padding, receiver's flags
    c4 01                            # the second antenna hears −60 dBm
  `);
  const frame = join(antennas, body, [1, 2, 3, 4]);
  const element = only(127, frame);
  assert.equal(element.rssi, -61);
  assert.equal(content(frame, element), hex(pack));
  const second = join(literal("0000 0e00 020000a0 20000000 00 b5"), body);
  assert.equal(only(127, second).rssi, -75);
});

test("a service descriptor with a binding bitmap and filters before its information is read", () => {
  const frame = bare(encodeWifiNan(sending, pack));
  const descriptor = 24 + 6;
  const optional = [0x01, 0x00, 0x02, 0xaa, 0xbb, 0x01, 0xcc];
  const wide = join(frame.subarray(0, descriptor + 12), optional, frame.subarray(descriptor + 12));
  wide[descriptor + 1] = wide[descriptor + 1]! + optional.length;
  wide[descriptor + 11] = 0x10 | 0x40 | 0x04 | 0x08;
  assert.equal(content(wide, only(105, wide)), hex(pack));
});

test("Bluetooth packets with a bad check sequence are dropped, whether a flag says so or the bytes do", () => {
  const good = encodeBle4(sending, locationBytes);
  const flagged = good.slice();
  flagged[9] = flagged[9]! & ~0x08;
  assert.equal(extractElements(256, flagged).dropped, "bad-crc");
  const unchecked = good.slice();
  unchecked[9] = unchecked[9]! & ~0x0c;
  assert.equal(only(256, unchecked).carrier, "ble4");
  unchecked[30] = unchecked[30]! ^ 1;
  assert.equal(extractElements(256, unchecked).dropped, "bad-crc");
  const whitened = good.slice();
  whitened[8] = whitened[8]! & ~1;
  assert.deepEqual(extractElements(256, whitened), { elements: [], dropped: undefined });
});

test("packets of connections are no advertising, whatever they hold", () => {
  const frame = encodeBle4(sending, locationBytes);
  frame.set([0x11, 0x22, 0x33, 0x44], 10);
  assert.deepEqual(extractElements(256, frame), { elements: [], dropped: undefined });
});

test("a coded packet is read with its coding indicator and without", () => {
  const frame = encodeBle5(sending, pack);
  const without = join(frame.subarray(0, 14), frame.subarray(15));
  assert.equal(content(without, only(256, without)), hex(pack));
});

/** A packet of Nordic's sniffer, version 3. */
function nordic(flags: number, frame: Uint8Array): Uint8Array {
  const packet = frame.subarray(10);
  return join([1, packet.length + 10, 0, 3, 9, 0, 2, 10, flags, 37, 61, 5, 0, 0, 0, 0, 0], packet);
}

test("the Nordic sniffer's packets are read on both PHYs, and those with a bad check sequence dropped", () => {
  const legacy = nordic(0x01, encodeBle4(sending, locationBytes));
  assert.deepEqual([only(272, legacy).rssi, content(legacy, only(272, legacy))], [-61, hex(locationBytes)]);
  const coded = nordic(0x21, encodeBle5(sending, pack));
  assert.deepEqual([only(272, coded).carrier, content(coded, only(272, coded))], ["ble5", hex(pack)]);
  // Versions 1 and 2 name every packet 6; version 1 has single bytes for the lengths of its header and its payload.
  const second = legacy.slice();
  second.set([2, 9, 0, 6], 3);
  assert.equal(content(second, only(272, second)), hex(locationBytes));
  const first = legacy.slice();
  first.set([6, legacy.length - 7, 1, 9, 0, 6], 1);
  assert.equal(content(first, only(272, first)), hex(locationBytes));
  assert.equal(extractElements(272, nordic(0x20, encodeBle5(sending, pack))).dropped, "bad-crc");
});

const serviceData = (payload: Uint8Array): Uint8Array => join([payload.length + 5, 0x16, 0xfa, 0xff, 0x0d, 0x21], payload);

/** One extended advertising report of a controller, received (direction 1). */
function extendedReport(type: number, data: Uint8Array, rssi = 0xc3): Uint8Array {
  return join(
    [0, 0, 0, 1, 0x04, 0x3e, 26 + data.length, 0x0d, 1],
    [type & 0xff, type >> 8, 0x01, 1, 0, 0x7a, 0x1a, 0xa1, 0x02, 3, 0, 2, 0x7f, rssi, 0, 0, 0, 0, 0, 0, 0, 0, 0, data.length],
    data,
  );
}

test("HCI advertising reports are read: legacy ones, extended ones, legacy data in extended ones, several in one event", () => {
  const data = serviceData(locationBytes);
  const one = [0x03, 0x01, 1, 0, 0x7a, 0x1a, 0xa1, 0x02, data.length, ...data, 0xc3];
  const two = [0x03, 0x01, 2, 0, 0x7a, 0x1a, 0xa1, 0x02, data.length, ...data, 0x7f];
  const legacy = join([0, 0, 0, 1, 0x04, 0x3e, 2 + one.length + two.length, 0x02, 2], one, two);
  const { elements } = extractElements(201, legacy);
  assert.deepEqual(
    elements.map(({ carrier, transmitter, rssi, counter }) => [carrier, transmitter, rssi, counter]),
    [
      ["ble4", "02:a1:1a:7a:00:01", -61, 0x21],
      ["ble4", "02:a1:1a:7a:00:02", undefined, 0x21],
    ],
  );
  const extended = extendedReport(0x0000, serviceData(pack));
  assert.deepEqual([only(201, extended).carrier, content(extended, only(201, extended))], ["ble5", hex(pack)]);
  assert.equal(only(201, extendedReport(0x0010, data, 0x7f)).carrier, "ble4");
});

test("advertising data in pieces is joined, and elements that a piece held whole are not told twice", () => {
  const data = join(serviceData(locationBytes), serviceData(ninePack));
  const pieces = [
    extendedReport(0x20, data.subarray(0, 100)),
    extendedReport(0x20, data.subarray(100, 200)),
    extendedReport(0x00, data.subarray(200)),
  ];
  const joiner = new AdvertisingJoiner();
  const told = pieces.flatMap((frame) => {
    const at = extractElements(201, frame).elements.map((element) => content(frame, element));
    return [...at, ...joiner.push(frame).flatMap(({ bytes, elements }) => elements.map((element) => content(bytes, element)))];
  });
  assert.deepEqual(told, [hex(locationBytes), hex(ninePack)]);
});

test("what a controller lost the end of is refused, and the joiner forgets it", () => {
  const data = serviceData(ninePack);
  const joiner = new AdvertisingJoiner();
  assert.deepEqual(joiner.push(extendedReport(0x20, data.subarray(0, 100))), []);
  assert.deepEqual(joiner.push(extendedReport(0x40, data.subarray(100, 150))), []);
  assert.deepEqual(joiner.push(extendedReport(0x00, data.subarray(150))), []);
  const alone = decodeFrame("dlt-201", extendedReport(0x40, data.subarray(0, 100))).observations;
  assert.deepEqual([alone.length, alone[0]?.element.refused?.code], [1, "cut-short"]);
});

test("an element that the capture cut short is refused by name, not passed over", () => {
  const frame = bare(encodeWifiBeacon(sending, "x", pack));
  const { observations } = decodeFrame("dlt-105", frame.subarray(0, frame.length - 1));
  assert.deepEqual(
    observations.map(({ element }) => [element.messages.length, element.refused?.code]),
    [[0, "cut-short"]],
  );
  // Cut within its identifier it is anybody's.
  assert.deepEqual(decodeFrame("dlt-105", frame.subarray(0, frame.length - pack.length - 3)).observations, []);
});

test("random and damaged frames of every link type never throw", () => {
  const frames: readonly Uint8Array[] = [
    encodeWifiBeacon(sending, "drone", pack),
    encodeWifiNan(sending, pack),
    encodeBle4(sending, locationBytes),
    encodeBle5(sending, pack),
    nordic(0x21, encodeBle5(sending, pack)),
    extendedReport(0x20, serviceData(pack)),
  ];
  const joiner = new AdvertisingJoiner();
  const changes = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
  const damaged = fc.tuple(fc.constantFrom(...frames), changes, fc.nat(300)).map(([seed, list, cut]) => {
    const bytes = seed.slice(0, Math.max(1, seed.length - (cut % seed.length)));
    for (const [at, value] of list) bytes[at % bytes.length] = value;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), fc.constantFrom(...LINK_TYPES), (bytes, linkType) => {
      for (const { offset, length, missing } of extractElements(linkType, bytes).elements) {
        assert.ok(offset >= 0 && length >= 0 && missing >= 0 && offset + length <= bytes.length);
      }
      decodeFrame(`dlt-${linkType}`, bytes);
      joiner.push(bytes);
    }),
    { numRuns: 3000 },
  );
});
