// Who was heard, where, and what was withheld.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  AircraftTable,
  type AircraftTableOptions,
  type Content,
  decodeSbs,
  encodeCpr,
  encodeModeS,
  type ExtendedSquitter,
  fromHex,
  type ModeSMessage,
  NOT_HEARD,
  TickClock,
  writeParity,
} from "../../src/index.ts";
import { message as anyMessage } from "../arbitraries.ts";
import { noise } from "../noise.ts";

function bytesOf(message: ModeSMessage): Uint8Array {
  const bytes = encodeModeS(message);
  assert.ok(bytes instanceof Uint8Array, JSON.stringify(bytes));
  return bytes;
}

function hear(table: AircraftTable, message: ModeSMessage, timeS: number): number {
  const bytes = bytesOf(message);
  return table.hear(bytes, 0, bytes.length, timeS);
}

const ADDRESS = 0x4840d6;
const aircraft = { type: "extended", df: 17, address: ADDRESS, addressKind: "icao", origin: "adsb", control: 5 } as const;

interface At {
  readonly lat: number;
  readonly lon: number;
  readonly isOdd: boolean;
  readonly isSurface?: boolean;
}

function position({ lat, lon, isOdd, isSurface = false }: At, rest: Partial<ExtendedSquitter> = {}): ExtendedSquitter {
  const half = new Int32Array(2);
  encodeCpr(lat, lon, isOdd, isSurface, half);
  const isRelayed = rest.origin === "tisb" || rest.origin === "adsr";
  const cpr = { isOdd, cprLatitude: half[0]!, cprLongitude: half[1]!, isTimeSynchronised: isRelayed && isSurface ? undefined : false };
  const content: Content = isSurface
    ? { kind: "surfacePosition", groundSpeedKt: 12, trackDeg: 90, ...cpr }
    : {
        kind: "airbornePosition",
        surveillanceStatus: 0,
        nicSupplementB: isRelayed ? undefined : false,
        altitudeFt: 38_000,
        altitudeReference: "pressure",
        ...cpr,
      };
  return { ...aircraft, ...rest, typeCode: isSurface ? 7 : 11, content };
}

/** Whether a position came with each frame of a sequence. */
function heardAt(
  table: AircraftTable,
  frames: readonly (readonly [timeS: number, at: At, rest?: Partial<ExtendedSquitter>])[],
): readonly boolean[] {
  return frames.map(([timeS, at, rest]) => {
    assert.ok(hear(table, position(at, rest), timeS) >= 0);
    return table.hasPosition;
  });
}

const even: At = { lat: 52.2572, lon: 3.91937, isOdd: false };
const odd: At = { ...even, isOdd: true };

test("a position comes with the later of an even and an odd frame at most ten seconds apart", () => {
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, even],
      [10, odd],
      [10.5, odd],
      [21, even],
    ]),
    [false, true, false, false],
  );
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, odd],
      [10.001, even],
      [12, odd],
    ]),
    [false, false, true],
  );
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, even],
      [1, even],
      [2, even],
    ]),
    [false, false, false],
  );
  for (let ticks = 1; ticks < 2 ** 47; ticks = ticks * 3 + 1) {
    const clock = new TickClock("counter");
    const times = [clock.secondsOf(ticks), clock.secondsOf(ticks + 120_000_000)] as const;
    assert.deepEqual(
      heardAt(new AircraftTable(), [
        [times[0], odd],
        [times[1], even],
      ]),
      [false, true],
      `${ticks}`,
    );
  }
  // The nearest of the other kind counts, not the first.
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, even],
      [9, even],
      [18, odd],
    ]),
    [false, false, true],
  );
  const table = new AircraftTable();
  heardAt(table, [
    [0, odd],
    [1, even],
  ]);
  assert.ok(Math.abs(table.latDeg - even.lat) < 3e-5 && Math.abs(table.lonDeg - even.lon) < 5e-5);
});

test("frames without times pair with the nearest in order, and a clock that steps back makes no pair", () => {
  const none = Number.NaN;
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [none, even],
      [none, odd],
      [none, even],
    ]),
    [false, true, true],
  );
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, even],
      [none, odd],
    ]),
    [false, true],
  );
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [1000, even],
      [900, odd],
      [901, even],
    ]),
    [false, false, true],
  );
});

test("air and surface, direct and relayed frames, and different aircraft do not pair", () => {
  const reference = { latDeg: 52, lonDeg: 4 };
  const ground: At = { ...odd, isSurface: true };
  assert.deepEqual(
    heardAt(new AircraftTable({ reference }), [
      [0, even],
      [1, ground],
    ]),
    [false, false],
  );
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, even],
      [1, odd, { address: 0x4840d7 }],
    ]),
    [false, false],
  );
  const radar = { df: 18, control: 2, origin: "tisb" } as const;
  const rebroadcast = { df: 18, control: 6, origin: "adsr" } as const;
  assert.deepEqual(
    heardAt(new AircraftTable(), [
      [0, even],
      [1, odd, radar],
      [2, even, radar],
      [3, odd, rebroadcast],
    ]),
    [false, false, true, false],
  );
  // The same 24 bits as somebody else's kind of address are somebody else.
  const other = { df: 18, control: 1, addressKind: "other" } as const;
  const table = new AircraftTable();
  assert.deepEqual(
    heardAt(table, [
      [0, even],
      [1, odd, other],
      [2, even, other],
    ]),
    [false, false, true],
  );
  assert.equal(table.size, 2);
  assert.notEqual(table.rowOf(ADDRESS, true), table.rowOf(ADDRESS, false));
});

test("surface positions need a reference, and lie near it", () => {
  const ground: readonly (readonly [number, At])[] = [
    [0, { ...even, isSurface: true }],
    [1, { ...odd, isSurface: true }],
  ];
  assert.deepEqual(heardAt(new AircraftTable(), ground), [false, false]);
  const table = new AircraftTable({ reference: { latDeg: 51, lonDeg: 5 } });
  assert.deepEqual(heardAt(table, ground), [false, true]);
  assert.ok(Math.abs(table.latDeg - even.lat) < 1e-5 && Math.abs(table.lonDeg - even.lon) < 1e-5);
  const away = new AircraftTable({ reference: { latDeg: 51, lonDeg: -170 } });
  heardAt(away, ground);
  assert.ok(Math.abs(away.latDeg - even.lat) < 1e-5 && Math.abs(away.lonDeg - (even.lon - 180)) < 1e-5);
});

test("a pair on both sides of a change of zones gives no position, and is counted", () => {
  const table = new AircraftTable();
  // The number of zones falls at 10.4704713 degrees; between the two roundings of one latitude it can.
  let found = 0;
  for (let k = 0; k < 60 && found === 0; k += 1) {
    const lat = 10.470_44 + k * 1e-6;
    heardAt(table, [
      [k, { lat, lon: 20, isOdd: false }],
      [k, { lat, lon: 20, isOdd: true }],
    ]);
    found = table.ambiguousPairs;
    if (found > 0) assert.equal(table.hasPosition, false);
  }
  assert.ok(found > 0);
});

test("a position that cannot be reached is withheld until a second agrees with it", () => {
  const far = { lat: 40, lon: -3 };
  const table = new AircraftTable();
  const frames: readonly (readonly [number, At])[] = [
    [0, even],
    [1, odd],
    [12, { ...far, isOdd: false }],
    [13, { ...far, isOdd: true }],
    [14, { ...far, isOdd: false }],
    [15, { ...far, isOdd: true }],
  ];
  assert.deepEqual(heardAt(table, frames), [false, true, false, false, true, true]);
  assert.equal(table.implausiblePositions, 1);
  assert.ok(Math.abs(table.latDeg - 40) < 1e-4);
  assert.deepEqual(heardAt(new AircraftTable({ checksSpeed: false }), frames), [false, true, false, true, true, true]);
  // An hour later it may be there.
  const late = frames.map(([timeS, at]): readonly [number, At] => [timeS < 12 ? timeS : timeS + 3600, at]);
  assert.deepEqual(heardAt(new AircraftTable({ forgetAfterS: 1e6 }), late), [false, true, false, true, true, true]);
  // Over the pole and across the antimeridian two places can be near each other.
  const pole = new AircraftTable();
  const over = [
    [0, 10, false],
    [1, 10, true],
    [12, -170, false],
    [13, -170, true],
  ] as const;
  assert.deepEqual(
    heardAt(
      pole,
      over.map(([timeS, lon, isOdd]) => [timeS, { lat: 89.99, lon, isOdd }]),
    ),
    [false, true, false, true],
  );
  const meridian = new AircraftTable();
  const across = [
    [0, 179.999, false],
    [1, 179.999, true],
    [12, -179.999, false],
    [13, -179.999, true],
  ] as const;
  assert.deepEqual(
    heardAt(
      meridian,
      across.map(([timeS, lon, isOdd]) => [timeS, { lat: -17, lon, isOdd }]),
    ),
    [false, true, false, true],
  );
});

test("positions beyond the receiver's range are withheld, those of single frames come where they were asked for", () => {
  const reference = { latDeg: 52, lonDeg: 4 };
  const near = new AircraftTable({ reference, maxRangeM: 40_000 });
  assert.deepEqual(
    heardAt(near, [
      [0, even],
      [1, odd],
    ]),
    [false, true],
  );
  const nearer = new AircraftTable({ reference, maxRangeM: 20_000 });
  assert.deepEqual(
    heardAt(nearer, [
      [0, even],
      [1, odd],
    ]),
    [false, false],
  );
  assert.equal(nearer.implausiblePositions, 1);
  const alone: readonly (readonly [number, At])[] = [
    [0, even],
    [1, odd],
    [13, { ...even, lat: 52.3 }],
    [74, { ...odd, lat: 52.4 }],
  ];
  assert.deepEqual(heardAt(new AircraftTable(), alone), [false, true, false, false]);
  const following = new AircraftTable({ localForS: 60 });
  assert.deepEqual(heardAt(following, alone), [false, true, true, false]);
  assert.ok(Math.abs(following.latDeg - 52.3) < 3e-5 || !following.hasPosition);
});

test("replies that hide their address count only for aircraft that were heard otherwise, and not long ago", () => {
  const identity: ModeSMessage = { type: "identity", df: 5, overlay: ADDRESS, flightStatus: 1, squawk: "7700" };
  const altitude: ModeSMessage = { type: "altitude", df: 20, overlay: ADDRESS, flightStatus: 0, altitudeFt: 31_000 };
  const acas: ModeSMessage = {
    type: "acas",
    df: 0,
    overlay: ADDRESS,
    isOnGround: false,
    sensitivityLevel: 0,
    replyInformation: 0,
    altitudeFt: 31_100,
  };
  const table = new AircraftTable();
  for (const message of [identity, altitude, acas]) assert.equal(hear(table, message, 0), NOT_HEARD.unknownAddress);
  assert.equal(table.size, 0);
  // With an interrogator's code in its parity an all-call reply confirms, but brings nobody in.
  const withCode: ModeSMessage = { type: "allCall", df: 11, address: ADDRESS, capability: 5, interrogator: 3 };
  assert.equal(hear(table, withCode, 0), NOT_HEARD.unknownAddress);
  const row = hear(table, { ...withCode, interrogator: 0 }, 1);
  assert.ok(row >= 0);
  assert.equal(hear(table, withCode, 2), row);
  assert.equal(hear(table, identity, 3), row);
  assert.deepEqual([table.aircraft(row).squawk, table.aircraft(row).isOnGround], ["7700", true]);
  assert.equal(hear(table, altitude, 4), row);
  assert.deepEqual([table.aircraft(row).altitudeFt, table.aircraft(row).isOnGround, table.aircraft(row).frames], [31_000, false, 4]);
  assert.equal(hear(table, acas, 5), row);
  assert.equal(table.aircraft(row).altitudeFt, 31_100);
  assert.equal(hear(table, identity, 306), NOT_HEARD.unknownAddress, "five minutes of silence");
  assert.equal(hear(table, identity, 304), row);
});

test("frames that name nobody, or are none, are told apart", () => {
  const table = new AircraftTable();
  const code = (text: string): number => {
    const bytes = fromHex(text)!;
    return table.hear(bytes, 0, bytes.length, 0);
  };
  assert.equal(code(""), NOT_HEARD.unknownFormat);
  assert.equal(code("B0".padEnd(28, "0")), NOT_HEARD.unknownFormat);
  assert.equal(code("8D4840D6202CC3"), NOT_HEARD.wrongLength);
  assert.equal(code("8D4840D6202CC371C32CE0576099"), NOT_HEARD.badCrc);
  assert.equal(code("5DAB92A2B04992"), NOT_HEARD.badCrc);
  assert.equal(code("98".padEnd(28, "0")), NOT_HEARD.noAddress);
  assert.equal(code("C0".padEnd(28, "0")), NOT_HEARD.noAddress);
  for (const control of [4, 7]) {
    const bytes = Uint8Array.of((18 << 3) | control, 1, 2, 3, 0x58, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    writeParity(bytes, 0, 14, 0);
    assert.equal(table.hear(bytes, 0, 14, 0), NOT_HEARD.noAddress);
  }
  assert.equal(table.size, 0);
});

test("the last known of each kind is kept: callsign, velocity, airspeed, heights, emergency code", () => {
  const table = new AircraftTable();
  const say = (typeCode: number, content: Content): number => hear(table, { ...aircraft, typeCode, content }, 1);
  const velocity = {
    isIntentChange: false,
    nacV: 0,
    verticalRateFpm: -64,
    verticalRateSource: "gnss",
    heightDifferenceFt: undefined,
  } as const;
  const row = say(4, { kind: "identification", category: "A3", callsign: "KLM1023" });
  say(4, { kind: "identification", category: "A3", callsign: "KLM1023" });
  say(19, { kind: "groundVelocity", subtype: 1, ...velocity, eastKt: 3, northKt: 4, groundSpeedKt: 5, trackDeg: 37 });
  say(19, { kind: "airVelocity", subtype: 3, ...velocity, headingDeg: 45, airspeedKt: 250, airspeedKind: "true" });
  say(28, { kind: "emergency", emergency: 1, squawk: "7700" });
  say(28, { kind: "emergency", emergency: 0, squawk: undefined });
  say(0, { kind: "noPosition", altitudeFt: 1000 });
  say(0, { kind: "noPosition", altitudeFt: undefined });
  const height = position(even);
  assert.ok(height.content.kind === "airbornePosition");
  hear(table, { ...height, typeCode: 20, content: { ...height.content, altitudeFt: 1100, altitudeReference: "ellipsoid" } }, 2);
  assert.deepEqual(table.aircraft(row), {
    address: ADDRESS,
    isIcao: true,
    frames: 9,
    lastHeardS: 2,
    callsign: "KLM1023",
    squawk: "7700",
    isOnGround: false,
    altitudeFt: 1000,
    heightFt: 1100,
    groundSpeedKt: 5,
    trackDeg: (Math.atan2(3, 4) * 180) / Math.PI,
    airspeedKt: 250,
    headingDeg: 45,
    verticalRateFpm: -64,
    latDeg: undefined,
    lonDeg: undefined,
    positionS: undefined,
    velocityS: 1,
    heightDifferenceFt: undefined,
    category: "A3",
    nacP: undefined,
    containmentM: 7.5,
  });
  hear(table, position(odd), 3);
  hear(table, position({ ...even, isSurface: true }), 4);
  const now = table.aircraft(row);
  assert.deepEqual([now.isOnGround, now.groundSpeedKt, now.trackDeg, now.positionS], [true, 12, 90, 3]);
  assert.ok(Math.abs((now.latDeg ?? 0) - odd.lat) < 3e-5);
});

test("the table holds what it was made for: the one silent for longest, nearly, makes room, and the forgotten leave nothing behind", () => {
  const table = new AircraftTable({ capacity: 100 });
  const come = (address: number, timeS: number): number =>
    hear(table, { type: "allCall", df: 11, address, capability: 5, interrogator: 0 }, timeS);
  for (let address = 1; address <= 10_000; address += 1) {
    assert.ok(come(address, address) >= 0);
    // One that goes on speaking stays.
    if (address % 5 === 0) come(7, address);
    assert.ok(table.size <= 100);
  }
  assert.equal(table.evicted, 10_000 - 100);
  assert.notEqual(table.rowOf(7, true), undefined);
  assert.equal(new Set(table.rows()).size, 100);
  table.forget(10_050);
  assert.equal(table.size, 100);
  table.forget(20_000);
  assert.equal(table.size, 0);
  assert.ok(come(5, 20_000) >= 0);
  assert.equal(table.aircraft(table.rowOf(5, true)!).frames, 1);
  // Silent for too long, then back: nothing of before is left, no half of a position either.
  const back = new AircraftTable();
  assert.deepEqual(
    heardAt(back, [
      [0, even],
      [1, odd],
    ]),
    [false, true],
  );
  hear(back, { type: "allCall", df: 11, address: ADDRESS, capability: 5, interrogator: 0 }, 1000);
  assert.equal(back.aircraft(back.rowOf(ADDRESS, true)!).latDeg, undefined);
  assert.throws(() => new AircraftTable({ capacity: 0 }), RangeError);
});

test("any frames at any times, and noise, leave a table that is sound", () => {
  const options: readonly AircraftTableOptions[] = [
    { capacity: 8 },
    { capacity: 8, localForS: 60, reference: { latDeg: 90, lonDeg: 180 }, maxRangeM: 1e6 },
  ];
  fc.assert(
    fc.property(fc.constantFrom(...options), fc.array(fc.tuple(anyMessage, fc.double()), { maxLength: 60 }), (settings, frames) => {
      const table = new AircraftTable(settings);
      for (const [original, timeS] of frames) {
        const row = hear(table, original, timeS);
        if (row < 0) continue;
        assert.ok(row < 8 && table.size <= 8);
        const { address, isIcao } = table.aircraft(row);
        assert.equal(table.rowOf(address, isIcao), row);
        if (table.hasPosition) assert.ok(Math.abs(table.latDeg) <= 90.0001 && table.lonDeg >= -180 && table.lonDeg < 180);
      }
    }),
    { numRuns: 500 },
  );
  const table = new AircraftTable({ capacity: 64 });
  const bytes = noise(2_000_000);
  let heard = 0;
  for (let at = 0; at + 14 <= bytes.length; at += 14) {
    // Half of them in formats that are in use.
    if (at % 28 === 0) bytes[at] = [0x8d, 0x5d, 0x28, 0x20, 0x90, 0xa0][(at / 28) % 6]!;
    const length = bytes[at]! >> 3 < 16 ? 7 : 14;
    if (table.hear(bytes, at, length, at / 1e4) >= 0) heard += 1;
  }
  assert.ok(heard <= 2, `${heard} of noise`);
});

test("accuracy, integrity, category and the height difference are kept as the aircraft tells them, the supplements in version 2 only", () => {
  const table = new AircraftTable();
  const say = (typeCode: number, content: Content): number => hear(table, { ...aircraft, typeCode, content }, 1);
  const status = (version: number, nicSupplementA: boolean, nacP: number): Content => ({
    kind: "operationalStatus",
    ...{ isSurface: false, version, capabilityCodes: 0, operationalModes: 0, lengthWidth: undefined },
    ...{
      nicSupplementA: version === 0 ? undefined : nicSupplementA,
      nacP: version === 0 ? undefined : nacP,
      gva: version === 2 ? 2 : undefined,
    },
    ...{ sil: version === 0 ? undefined : 3, nicBaro: version === 0 ? undefined : true, isTrackHeading: undefined },
    ...{ isMagnetic: version === 0 ? undefined : false, isSilPerSample: version === 2 ? false : undefined },
  });
  const row = say(3, { kind: "identification", category: "B6", callsign: undefined });
  const velocity = {
    isIntentChange: false,
    nacV: 1,
    verticalRateFpm: 0,
    verticalRateSource: "pressure",
    heightDifferenceFt: -250,
  } as const;
  say(19, { kind: "airVelocity", subtype: 3, ...velocity, headingDeg: 45, airspeedKt: 250, airspeedKind: "true" });
  const airborne = position(even).content;
  assert.ok(airborne.kind === "airbornePosition");
  const told = (supplementB: boolean): readonly unknown[] => {
    say(11, { ...airborne, nicSupplementB: supplementB });
    const { category, heightDifferenceFt, nacP, containmentM, velocityS } = table.aircraft(row);
    return [category, heightDifferenceFt, nacP, Math.round((containmentM ?? 0) * 10) / 10, velocityS];
  };
  assert.deepEqual(told(true), ["B6", -250, undefined, 185.2, undefined]);
  say(31, status(0, false, 0));
  assert.deepEqual(told(true), ["B6", -250, undefined, 185.2, undefined]);
  say(31, status(1, true, 8));
  assert.deepEqual(told(true), ["B6", -250, 8, 185.2, undefined]);
  say(31, status(2, true, 9));
  assert.deepEqual(told(true), ["B6", -250, 9, 75, undefined]);
  assert.deepEqual(told(false), ["B6", -250, 9, 185.2, undefined]);
  say(31, status(2, false, 0));
  assert.deepEqual(told(true), ["B6", -250, 0, 185.2, undefined]);
});

test("lines of BaseStation text fill the same rows, and their positions pass the same checks", () => {
  const table = new AircraftTable();
  const line = (text: string, timeS: number): number => {
    const message = decodeSbs(`MSG,${text}`);
    assert.ok(message !== undefined && !("refused" in message));
    return table.tell(message, timeS);
  };
  const row = line("1,1,1,4840D6,1,,,,,KLM1023,,,,,,,,,,,", 1);
  assert.equal(line("4,1,1,4840D6,1,,,,,,,159,183,,,-832,,0,0,0,0", 2), row);
  line("3,1,1,4840D6,1,,,,,,38000,,,52.25720,3.91937,,,0,0,0,0", 3);
  assert.deepEqual([table.hasPosition, table.latDeg, table.lonDeg], [true, 52.2572, 3.91937]);
  line("6,1,1,4840D6,1,,,,,,,,,,,,7700,0,1,0,0", 4);
  assert.equal(table.hasPosition, false);
  const { callsign, groundSpeedKt, trackDeg, verticalRateFpm, altitudeFt, squawk, isOnGround, velocityS, positionS, frames } =
    table.aircraft(row);
  assert.deepEqual([callsign, groundSpeedKt, trackDeg, verticalRateFpm, altitudeFt, squawk], ["KLM1023", 159, 183, -832, 38_000, "7700"]);
  assert.deepEqual([isOnGround, velocityS, positionS, frames], [false, 2, 3, 4]);
  // A jump to another country waits for a second line that agrees.
  line("3,1,1,4840D6,1,,,,,,38000,,,40.0,3.9,,,0,0,0,0", 5);
  assert.deepEqual([table.hasPosition, table.implausiblePositions], [false, 1]);
  line("3,1,1,4840D6,1,,,,,,38000,,,40.0,3.9,,,0,0,0,0", 6);
  assert.equal(table.hasPosition, true);
  // Frames of the same aircraft go on in the same row, and its name is theirs again.
  assert.equal(hear(table, { ...aircraft, typeCode: 4, content: { kind: "identification", category: "A3", callsign: "KLM1" } }, 7), row);
  assert.equal(table.aircraft(row).callsign, "KLM1");
  assert.notEqual(line("8,1,1,~4840D6,1,,,,,,,,,,,,,,,,", 8), row);
});

test("a table made anew from its image, as JSON carries it, goes on the same, whatever is heard", () => {
  const frame = fc.tuple(anyMessage, fc.integer({ min: 1, max: 6 }), fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 400 })));
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 60 }), fc.nat(), (heard, cut) => {
      const options: AircraftTableOptions = { capacity: 3, reference: { latDeg: 52, lonDeg: 4 } };
      const whole = new AircraftTable(options);
      let parts = new AircraftTable(options);
      heard.forEach(([message, address, timeS], k) => {
        if (k === cut % (heard.length + 1)) {
          const image = JSON.parse(JSON.stringify(parts.image())) as ReturnType<AircraftTable["image"]>;
          parts = new AircraftTable(options);
          parts.restore(image);
        }
        const said = "address" in message ? { ...message, address } : "overlay" in message ? { ...message, overlay: address } : message;
        const bytes = encodeModeS(said);
        if (!(bytes instanceof Uint8Array)) return;
        if (k % 7 === 0) for (const table of [whole, parts]) table.forget(timeS);
        assert.equal(whole.hear(bytes, 0, bytes.length, timeS), parts.hear(bytes, 0, bytes.length, timeS));
        assert.deepEqual([whole.hasPosition, whole.size], [parts.hasPosition, parts.size]);
      });
      assert.deepEqual(JSON.stringify(parts.image()), JSON.stringify(whole.image()));
    }),
    { numRuns: 300 },
  );
});

test("an image of a larger table is refused", () => {
  const large = new AircraftTable({ capacity: 10 });
  for (let address = 1; address <= 10; address += 1) hear(large, { type: "allCall", df: 11, address, capability: 5, interrogator: 0 }, 0);
  assert.throws(() => new AircraftTable({ capacity: 5 }).restore(large.image()), RangeError);
});
