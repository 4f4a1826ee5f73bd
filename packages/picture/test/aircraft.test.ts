// Aircraft with transponders in the picture: tracks that are manned and raise no warning of a drone, with or without a sensor that measures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAvr, encodeSbs } from "@atalaya/adsb";
import { flatDistanceM } from "@atalaya/geodesy";
import { utf8Bytes } from "@atalaya/remote-id";
import { beastOf, type Flight, halfPosition, modeS, squitters } from "@atalaya/testing/aircraft";
import { type Entry, Picture, type Settings, type Track } from "../src/index.ts";
import { basicId, beacon, location, mac, place, POST, S, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const HELICOPTER = 0xa3_45_67;

function sector(): EntryList {
  return new EntryList()
    .record(T0, "sector", { name: "Test", centre: POST })
    .record(T0, "source", { source: { id: "air", name: "air", kind: "adsb", origin: "live", format: "adsb" }, by: "test" })
    .record(T0, "zone", {
      zone: { id: "post", name: "post", kind: "post", shape: { type: "circle", centre: POST, radiusM: 500 } },
      by: "test",
    });
}

/** A helicopter that flies east over the post at 30 m/s, 100 m or so above the ground, `s` seconds after it was 900 m west of it. */
function helicopter(s: number, more: Partial<Flight> = {}): Flight {
  const at = place(100, -900 + 30 * s);
  return { address: HELICOPTER, ...at, altitudeFt: 4200, heightDifferenceFt: -100, eastKt: 58, northKt: 0, climbFpm: 0, ...more };
}

function played(entries: readonly Entry[], toUs?: number, settings: Partial<Settings> = {}): Picture {
  const picture = new Picture(settings);
  for (const entry of entries) picture.apply(entry);
  if (toUs !== undefined) picture.advance(toUs);
  return picture;
}

const only = (picture: Picture): Readonly<Track> => {
  const [track, ...others] = [...picture.tracks()];
  assert.ok(track !== undefined && others.length === 0, `${others.length + (track === undefined ? 0 : 1)} tracks`);
  return track;
};

test("an aircraft is a track with address, call sign, velocity, both heights and its own error, and raises no warning over a post", () => {
  const list = sector();
  for (let s = 0; s <= 40; s += 1)
    list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s, { callsign: "LIFE1", category: "A7", nacP: 9 }))), "air");
  const picture = played(list.entries);
  const track = only(picture);
  assert.deepEqual(track.identities, [
    { kind: "icao", value: "A34567" },
    { kind: "callsign", value: "LIFE1" },
  ]);
  assert.deepEqual([track.kind, track.status, track.drill, track.findings], ["manned", "confirmed", false, []]);
  const at = helicopter(40);
  assert.ok(flatDistanceM(track.latDeg, track.lonDeg, at.latDeg, at.lonDeg) < 5);
  assert.equal(Math.round((track.speedMps ?? 0) * 10), 298);
  assert.equal(track.courseDeg, 90);
  assert.equal(track.heightPressureM, 4200 * 0.3048);
  assert.equal(track.heightHaeM, 4100 * 0.3048);
  assert.equal(track.errorM, 30);
  assert.deepEqual(
    track.heardBy.map(({ id, carrier, frames }) => ({ id, carrier, frames })),
    [{ id: "air", carrier: "adsb", frames: 41 * 5 }],
  );
  assert.deepEqual([...picture.warnings()], []);
  assert.deepEqual(picture.traffic("air"), { messages: 41 * 5, outside: 0, vehicles: 0, aircraft: 1 });
});

test("an airliner's speed and height speak against no aircraft", () => {
  const list = sector();
  for (let s = 0; s <= 20; s += 1) {
    const at = place(3000, -10_000 + 250 * s);
    list.frame(
      T0 + s * S,
      "adsb-beast",
      beastOf(squitters({ address: 0x4ca123, ...at, altitudeFt: 38_000, eastKt: 486, northKt: 0, climbFpm: 6400 })),
      "air",
    );
  }
  assert.deepEqual(only(played(list.entries)).findings, []);
});

test("the same aircraft by AVR and by BaseStation lines is the same track", () => {
  const flight = helicopter(10, { callsign: "LIFE1", squawk: "1200" });
  const avr = utf8Bytes(
    squitters(flight)
      .map((frame) => encodeAvr(frame))
      .join(""),
  );
  const none = { generatedMs: undefined, loggedMs: undefined, hasAlert: undefined, isEmergency: undefined, isIdent: undefined };
  const nothing = { callsign: undefined, altitudeFt: undefined, groundSpeedKt: undefined, trackDeg: undefined, latDeg: undefined };
  const line = { ...none, ...nothing, address: HELICOPTER, isIcao: true, lonDeg: undefined, verticalRateFpm: undefined, squawk: undefined };
  // As receivers write them.
  const latDeg = Math.round(flight.latDeg * 1e5) / 1e5;
  const lonDeg = Math.round(flight.lonDeg * 1e5) / 1e5;
  const sbs = [
    encodeSbs({ ...line, transmissionType: 1, callsign: "LIFE1", isOnGround: undefined }),
    encodeSbs({ ...line, transmissionType: 4, groundSpeedKt: 58, trackDeg: 90, verticalRateFpm: 0, isOnGround: undefined }),
    encodeSbs({ ...line, transmissionType: 3, altitudeFt: 4200, latDeg, lonDeg, isOnGround: false }),
  ];
  for (const [format, bytes] of [
    ["adsb-avr", avr],
    ["adsb-sbs", utf8Bytes(sbs.join(""))],
  ] as const) {
    const list = sector();
    for (let s = 0; s < 2; s += 1) list.frame(T0 + s * S, format, bytes, "air");
    const track = only(played(list.entries));
    assert.deepEqual(
      track.identities.map(({ value }) => value),
      ["A34567", "LIFE1"],
    );
    assert.ok(flatDistanceM(track.latDeg, track.lonDeg, latDeg, lonDeg) < 6, format);
    assert.deepEqual([track.kind, Math.round(track.speedMps ?? 0), track.heightPressureM], ["manned", 30, 4200 * 0.3048], format);
    assert.equal(track.heightHaeM, format === "adsb-avr" ? 4100 * 0.3048 : undefined);
  }
});

test("emergency codes are a finding, the ordinary code is none", () => {
  for (const squawk of ["7500", "7600", "7700", "1200", "7000"]) {
    const list = sector();
    for (let s = 0; s < 3; s += 1) list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s, { squawk }))), "air");
    const findings = only(played(list.entries)).findings.map(({ code, values }) => ({ code, values }));
    assert.deepEqual(findings, squawk.startsWith("7") && squawk !== "7000" ? [{ code: "emergency-squawk", values: { squawk } }] : []);
  }
});

test("aircraft further from the sector than the setting are counted and left out; one that flies out is followed a little", () => {
  const list = sector();
  for (let s = 0; s < 60; s += 1) {
    const out = { address: 1, ...place(50_000 + 250 * s, 0), altitudeFt: 30_000 };
    const far = { address: 2, ...place(70_000, 0), altitudeFt: 30_000 };
    list.frame(T0 + s * S, "adsb-beast", beastOf([...squitters(out), ...squitters(far)]), "air");
  }
  const picture = played(list.entries);
  assert.deepEqual(
    only(picture).identities.map(({ value }) => value),
    ["000001"],
  );
  assert.equal(picture.traffic("air")?.outside, 60);
  assert.equal(picture.traffic("air")?.aircraft, 2);
  const wider = played(list.entries, undefined, { aircraftWithinM: 100_000 });
  assert.equal(wider.trackCount, 2);
});

test("what says that nobody is on board is warned of like any drone; vehicles on the ground are counted and left out", () => {
  const list = sector();
  for (let s = 0; s < 30; s += 1) list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s, { category: "B6" }))), "air");
  const drone = played(list.entries);
  assert.equal(only(drone).kind, undefined);
  assert.deepEqual(
    [...drone.warnings()].map(({ level }) => level),
    ["warning"],
  );

  const ground = sector();
  const truck: Flight = { address: 3, ...place(50, 50), category: "C2" };
  for (let s = 0; s < 5; s += 1) ground.frame(T0 + s * S, "adsb-beast", beastOf(squitters(truck)), "air");
  const empty = played(ground.entries);
  assert.deepEqual([empty.trackCount, empty.traffic("air")?.vehicles], [0, 5]);
});

test("an aircraft on the ground is placed near the receiver, and an address that is no aircraft's own is told as such", () => {
  const list = sector();
  const taxi: Flight = { address: 4, ...place(300, 300) };
  const relayed = modeS({
    ...{ type: "extended", df: 18, address: 5, addressKind: "other", origin: "tisb", control: 5, typeCode: 0 },
    content: { kind: "noPosition", altitudeFt: undefined },
  });
  for (let s = 0; s < 3; s += 1) list.frame(T0 + s * S, "adsb-beast", beastOf([...squitters(taxi), relayed]), "air");
  const picture = played(list.entries);
  const track = only(picture);
  assert.ok(flatDistanceM(track.latDeg, track.lonDeg, taxi.latDeg, taxi.lonDeg) < 5);
  assert.deepEqual([track.heightHaeM, track.heightPressureM, track.kind], [undefined, undefined, "manned"]);
  assert.equal(picture.traffic("air")?.aircraft, 2);
});

test("a velocity that is old says nothing: course and speed then come from the positions", () => {
  const list = sector();
  list.frame(T0, "adsb-beast", beastOf(squitters(helicopter(0, { northKt: 200 }))), "air");
  for (let s = 1; s <= 20; s += 1)
    list.frame(T0 + s * S, "adsb-beast", beastOf([halfPosition(helicopter(s), false), halfPosition(helicopter(s), true)]), "air");
  const track = only(played(list.entries));
  assert.equal(track.velocityDerived, true);
  assert.ok(Math.abs((track.courseDeg ?? 0) - 90) < 3 && Math.abs((track.speedMps ?? 0) - 30) < 3);
});

test("noise, damaged frames and replies of strangers make no track, and what is refused is counted by code", () => {
  const list = sector();
  const damaged = Uint8Array.from(halfPosition(helicopter(0), false));
  damaged[10] = (damaged[10] ?? 0) ^ 1;
  const stranger = modeS({ type: "altitude", df: 4, overlay: 0x123456, flightStatus: 0, altitudeFt: 1000 });
  list.frame(
    T0 + S,
    "adsb-beast",
    beastOf([damaged, damaged, stranger, Uint8Array.of(0, 0), Uint8Array.of(0xb0, 0, 0, 0, 0, 0, 0)]),
    "air",
  );
  list.frame(
    T0 + S,
    "adsb-beast",
    Uint8Array.from({ length: 5000 }, (_, k) => (k * k * 31 + 0x1a) % 256),
    "air",
  );
  list.frame(T0 + S, "adsb-avr", utf8Bytes("*12;*zz;hello*"), "air");
  list.frame(T0 + S, "adsb-sbs", utf8Bytes("MSG,9,1,1,A34567,1,,,,,\nGET / HTTP/1.1\nMSG,3\n"), "air");
  const picture = played(list.entries);
  assert.equal(picture.trackCount, 0);
  const refusals = picture.sources()[0]?.refusals ?? {};
  assert.equal(refusals["bad-crc"], 2);
  assert.equal(refusals["unknown-format"], 1);
  for (const code of ["wrong-length", "not-hex", "unfinished", "bad-type", "unknown-line", "too-few-fields"])
    assert.ok((refusals[code] ?? 0) > 0, `${code}: ${JSON.stringify(refusals)}`);
});

test("receivers and their aircraft are bounded: one too many is refused by name, and of too many aircraft the silent make room", () => {
  const list = sector();
  for (const id of ["b", "c"])
    list.record(T0, "source", { source: { id, name: id, kind: "adsb", origin: "live", format: "adsb" }, by: "test" });
  for (const id of ["air", "b", "c"]) {
    for (let k = 0; k < 20; k += 1)
      list.frame(T0 + k * S, "adsb-beast", beastOf(squitters({ address: 100 + k, ...place(k * 100, 0), altitudeFt: 5000 })), id);
  }
  const picture = played(list.entries, undefined, { maxAircraftTables: 2, maxAircraftPerSource: 5 });
  assert.equal(picture.traffic("air")?.aircraft, 5);
  assert.equal(picture.traffic("b")?.aircraft, 5);
  assert.equal(picture.traffic("c"), undefined);
  assert.equal(picture.sources().find(({ definition }) => definition.id === "c")?.refusals["too-many-receivers"], 20);
});

test("two receivers of one aircraft make one track that both hear", () => {
  const list = sector().record(T0, "source", { source: { id: "b", name: "b", kind: "adsb", origin: "live", format: "adsb" }, by: "test" });
  for (let s = 0; s < 5; s += 1) for (const id of ["air", "b"]) list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s))), id);
  const track = only(played(list.entries));
  assert.deepEqual(
    track.heardBy.map(({ id }) => id),
    ["air", "b"],
  );
});

const RADAR =
  '{"type":"sensor","id":"R","kind":"radar","lat":31.7587,"lon":-106.4869,"alt":1140,"period_s":1,"z":["range_m","az_deg"],"sd":[10,0.3],"pd":0.95,"fa_per_scan":0.1,"fov":{"range_m":[50,9000]}}';
const SITE = { latDeg: 31.7587, lonDeg: -106.4869 };

/** The radar's scan at `s` seconds: what it saw, one of each body. */
function scan(s: number, bodies: readonly { readonly latDeg: number; readonly lonDeg: number }[]): Uint8Array {
  const t = T0 / 1e6 + s;
  const lines = bodies.map(({ latDeg, lonDeg }, k) => {
    const north = (latDeg - SITE.latDeg) * 110_876;
    const east = (lonDeg - SITE.lonDeg) * 94_728;
    // A wobble of a few metres, the same in every run.
    const rangeM = Math.hypot(north, east) + 6 * Math.sin(7 * s + k);
    const azDeg = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
    return `{"type":"det","id":"${s}-${k}","sensor":"R","kind":"radar","scan":${s},"t":${t},"z":[${rangeM},${azDeg}]}`;
  });
  return utf8Bytes([RADAR, ...lines, `{"type":"scan","sensor":"R","scan":${s},"n":${bodies.length},"t":${t},"t_end":${t}}`].join("\n"));
}

/** A helicopter that circles the post 1.5 km off at 30 m/s. */
function circling(s: number): Flight {
  const angle = (30 * s) / 1500;
  const at = place(1500 * Math.cos(angle), 1500 * Math.sin(angle));
  const knots = 30 / (1852 / 3600);
  return {
    address: HELICOPTER,
    ...at,
    altitudeFt: 4200,
    heightDifferenceFt: -100,
    eastKt: Math.round(knots * Math.cos(angle)),
    northKt: Math.round(-knots * Math.sin(angle)),
    climbFpm: 0,
  };
}

/** A radar sees the helicopter from `seenS` on; its transponder is heard from `fromS` until `untilS`. */
function watched(fromS: number, untilS: number, endS: number, seenS = 0): EntryList {
  const list = sector().record(T0, "source", {
    source: { id: "radar", name: "radar", kind: "http", origin: "live", format: "detections" },
    by: "test",
  });
  list.record(T0, "zone", {
    zone: { id: "wide", name: "wide", kind: "area", shape: { type: "circle", centre: POST, radiusM: 3000 } },
    by: "test",
  });
  for (let s = 0; s <= endS; s += 1) {
    list.frame(T0 + s * S, "detections", scan(s, s >= seenS ? [circling(s)] : []), "radar");
    if (s >= fromS && s < untilS) {
      list.frame(T0 + s * S + 100_000, "adsb-beast", beastOf(squitters(circling(s))), "air");
      list.frame(T0 + s * S + 600_000, "adsb-beast", beastOf(squitters(circling(s + 0.5))), "air");
    }
  }
  return list;
}

test("radar and transponder make one track; when the transponder falls silent the radar's track stays manned, and no warning was ever raised", () => {
  // It is heard before the radar reaches it, as a transponder mostly is.
  const { entries } = watched(0, 60, 240, 8);
  const picture = new Picture();
  let lastS = 0;
  for (const entry of entries) {
    picture.apply(entry);
    const s = (entry.timeUs - T0) / S;
    if (Math.floor(s) === lastS) continue;
    lastS = Math.floor(s);
    if (s < 10) continue;
    const track = only(picture);
    assert.equal(track.kind, "manned", `at ${s} s: ${JSON.stringify(track.measured?.classes)}`);
    assert.ok(track.measured !== undefined, `measured at ${s} s`);
    const at = circling(s);
    assert.ok(flatDistanceM(track.latDeg, track.lonDeg, at.latDeg, at.lonDeg) < 120, `at ${s} s`);
    assert.deepEqual([...picture.warnings()], [], `at ${s} s`);
  }
  assert.deepEqual(
    only(picture).identities.map(({ value }) => value),
    ["A34567"],
  );
});

test("without the radar an aircraft that falls silent stays what it is until its track ends, and warns nobody", () => {
  const list = sector();
  for (let s = 0; s < 20; s += 1) list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s))), "air");
  const picture = played(list.entries);
  for (let s = 20; s < 79; s += 1) {
    picture.advance(T0 + s * S);
    assert.deepEqual([only(picture).kind, [...picture.warnings()].length], ["manned", 0]);
  }
  picture.advance(T0 + 90 * S);
  assert.equal(picture.trackCount, 0);
});

test("a radar's track that is alarmed becomes the aircraft's when its transponder is heard, and the warning goes", () => {
  const { entries } = watched(40, 200, 150);
  const picture = new Picture();
  let warned = false;
  for (const entry of entries) {
    picture.apply(entry);
    if (entry.timeUs < T0 + 40 * S) warned ||= [...picture.warnings()].some(({ state }) => state === "raised");
  }
  assert.ok(warned, "before its transponder is heard it is unknown");
  assert.equal(only(picture).kind, "manned");
  assert.deepEqual(
    [...picture.warnings()].filter(({ state }) => state !== "cleared"),
    [],
  );
});

test("a drone beside the aircraft is warned of as ever", () => {
  const list = sector();
  for (let s = 0; s < 30; s += 1) {
    list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s))), "air");
    list.frame(
      T0 + s * S,
      "dlt-127",
      beacon(mac(1), basicId("1581F6N8A23B2ML3Y3KR"), location({ ...place(0, -900 + 20 * s), speedMps: 20, courseDeg: 90 })),
      "air",
    );
  }
  const picture = played(list.entries);
  assert.deepEqual(
    [...picture.warnings()].map(({ level, trackId }) => [level, [...picture.tracks()].find(({ id }) => id === trackId)?.kind]),
    [["warning", undefined]],
  );
});

test("a restart in the middle goes on to the byte, from every half position on", () => {
  const { entries } = watched(0, 30, 40);
  const whole = played(entries);
  let restarted = new Picture();
  for (const entry of entries) {
    restarted.apply(entry);
    const next = Picture.restore(restarted.snapshot());
    assert.ok(next instanceof Picture);
    restarted = next;
  }
  assert.deepEqual(restarted.snapshot(), whole.snapshot());
});

test("a low aircraft that comes close to a drone is a conflict with its closest approach, for officers to ask for; nobody is warned of it", () => {
  const flown = (altitudeFt: number, toS: number, origin: "live" | "synthetic" = "live"): Picture => {
    const list = sector().source(T0, "rid", origin);
    for (let s = 0; s <= toS; s += 1) {
      list.frame(T0 + s * S, "adsb-beast", beastOf(squitters(helicopter(s, { altitudeFt, callsign: "LIFE1" }))), "air");
      // Hovers 2.1 km east of where the helicopter began, 200 m north of its line.
      const at = { ...place(300, 1200), speedMps: 0, courseDeg: 0, heightHaeM: 1200 };
      list.frame(T0 + s * S, "dlt-127", beacon(mac(1), basicId("1588E040445AC004418"), location(at)), "rid");
    }
    return played(list.entries);
  };
  const [conflict, ...others] = flown(4200, 20).conflicts();
  assert.ok(conflict !== undefined && others.length === 0);
  const { distanceM, closestM, inS, aboveM } = conflict;
  // At 20 s it is 1500 m to the west and closes at 29.8 m/s: abreast in 50 s, 200 m off.
  assert.ok(Math.abs(distanceM - 1513) < 20, `${distanceM}`);
  assert.ok(Math.abs(closestM - 200) < 10, `${closestM}`);
  assert.ok(Math.abs(inS - 50) < 2, `${inS}`);
  assert.ok(aboveM === undefined || Math.abs(aboveM - 50) < 20, `${aboveM}`);
  assert.deepEqual(flown(9000, 20).conflicts(), [], "more than 300 m above it");
  assert.deepEqual(flown(4200, 20, "synthetic").conflicts(), [], "a drill's drone and a real aircraft never meet");
  assert.deepEqual(flown(4200, 90).conflicts().length, 1, "still within a kilometre");
  assert.deepEqual(flown(4200, 120).conflicts(), [], "gone by");
});
