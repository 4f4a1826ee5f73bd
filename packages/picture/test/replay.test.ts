// Replay equals live, byte for byte: from zero, from a snapshot at any entry, and however time is cut between entries.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeFrame, encodeRecord, type Entry, type Intent, Picture, type RecordKind, type Records, type Settings } from "../src/index.ts";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import { encodeAvr } from "@atalaya/adsb";
import { sealOperator, utf8 } from "@atalaya/remote-id";
import { beastOf, type Flight, halfPosition, squitters } from "@atalaya/testing/aircraft";
import { basicId, beacon, ble4, location, mac, place, POST, S, system, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const SERIALS = ["1588E040445AC004418", "1581F6N8A23B2ML3Y3KR", "SSEVTFG93700070", ""] as const;
/** Small limits, so that a short journal meets them all. */
const TIGHT: Partial<Settings> = {
  maxTracks: 6,
  maxEmitters: 4,
  maxAddressesPerTrack: 2,
  newTracksPer10s: 3,
  newPersistentTracksPer10s: 1,
  maxZones: 3,
  maxSources: 2,
  maxSensorsPerSource: 2,
  maxSensors: 3,
  maxAircraftPerSource: 3,
  maxAircraftTables: 2,
  aircraftWithinM: 15_000,
  maxClearedWarnings: 2,
  maxStandingPerZone: 1,
  maxWarningsPerZone: 2,
  historyPoints: 5,
  maxSourcesPerTrack: 2,
};

type Draft = Omit<Entry, "seq" | "timeUs">;

function record<K extends RecordKind>(kind: K, value: Records[K]): Draft {
  return { kind, source: "", payload: encodeRecord(kind, value) };
}

const address = fc.integer({ min: 1, max: 5 }).map(mac);
const sourceId = fc.constantFrom("a", "b", "c");
const spot = fc.record({
  northM: fc.integer({ min: -2500, max: 2500 }),
  eastM: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -50, max: 2500 }) },
    { weight: 1, arbitrary: fc.integer({ min: -50, max: 20_000 }) },
  ),
});
const said = fc
  .record({
    spot,
    speedMps: fc.option(fc.integer({ min: 0, max: 160 }), { nil: undefined }),
    courseDeg: fc.option(fc.integer({ min: 0, max: 359 }), { nil: undefined }),
    heightHaeM: fc.option(fc.integer({ min: 900, max: 2000 }), { nil: undefined }),
    clockS: fc.option(fc.integer({ min: 0, max: 3600 }), { nil: undefined }),
  })
  .map(({ spot: { northM, eastM }, speedMps, courseDeg, heightHaeM, clockS }) =>
    location({
      ...place(northM, eastM),
      ...(speedMps === undefined ? {} : { speedMps }),
      ...(courseDeg === undefined ? {} : { courseDeg }),
      ...(heightHaeM === undefined ? {} : { heightHaeM }),
      ...(clockS === undefined ? {} : { clockUs: clockS * S }),
    }),
  );

/** The state after which sensor time: behind, ahead, wild or none. */
const sensorOffset = fc.constantFrom(0, 0, -300_000, -3_000_000, 2_000_000, 400_000_000, undefined);

const frame = fc
  .record({
    who: address,
    from: sourceId,
    serial: fc.constantFrom(...SERIALS),
    what: said,
    shape: fc.integer({ min: 0, max: 3 }),
    sensorOffset,
  })
  .map(({ who, from, serial, what, shape, sensorOffset: offset }) => ({
    from,
    offset,
    format: shape < 2 ? ("dlt-127" as const) : ("dlt-256" as const),
    bytes:
      shape === 0
        ? beacon(who, basicId(serial), what)
        : shape === 1
          ? beacon(who, basicId(serial), what, system(POST.latDeg + 0.3, POST.lonDeg))
          : ble4(who, shape === 2 ? basicId(serial) : what),
  }));

/** Batches of the detection format: declarations, detections that fit and that do not, scans, scenario heads, faults, blank lines. */
const sensorName = fc.constantFrom("s1", "s2", "s3");
const line = fc.oneof(
  sensorName.map((id) => `{"type":"sensor","id":"${id}","kind":"acoustic","lat":31.7,"lon":-106.4,"alt":1200,"z":["az_deg"],"sd":[7]}`),
  sensorName.map((id) => `{"type":"sensor","id":"${id}","kind":"human","lat":31.7,"lon":-106.4,"alt":1200,"z":["az_deg"],"sd":[null]}`),
  fc
    .record({
      id: sensorName,
      az: fc.integer({ min: -10, max: 370 }),
      t: fc.constantFrom("", ',"t":5', `,"t":${T0 / 1e6 + 3}`, ',"t":"2025-11-24T16:00:00Z"'),
    })
    .map(({ id, az, t }) => `{"type":"det","id":"1","sensor":"${id}","kind":"acoustic","z":[${az}]${t}}`),
  sensorName.map((id) => `{"type":"scan","sensor":"${id}","scan":1,"n":0}`),
  fc.constantFrom('{"type":"scenario","name":"x"}', '{"type":"scenario","name":"x","epoch":0}', "{", "", "\r", '{"type":"ñ🚁"}'),
);
const detections = fc.record({ from: sourceId, lines: fc.array(line, { maxLength: 8 }) }).map(({ from, lines }) => ({
  from,
  bytes: new TextEncoder().encode(lines.join("\n")),
}));

/** Batches of aircraft's messages: whole ones, halves of positions, damage, noise; near and far, in the air and on the ground. */
const flight = fc
  .record({
    address: fc.integer({ min: 1, max: 5 }),
    spot,
    altitudeFt: fc.option(
      fc.integer({ min: 0, max: 1500 }).map((steps) => steps * 25),
      { nil: undefined },
    ),
    callsign: fc.option(fc.constantFrom("LIFE1", "LIFE2"), { nil: undefined }),
    category: fc.constantFrom("A1", "A7", "B6", "C2"),
    squawk: fc.option(fc.constantFrom("7700", "1200"), { nil: undefined }),
    eastKt: fc.option(fc.integer({ min: -300, max: 300 }), { nil: undefined }),
  })
  .map(
    ({ spot: { northM, eastM }, altitudeFt, callsign, squawk, eastKt, ...rest }): Flight => ({
      ...{ ...rest, ...place(northM, eastM) },
      ...(altitudeFt === undefined ? {} : { altitudeFt }),
      ...(callsign === undefined ? {} : { callsign }),
      ...(squawk === undefined ? {} : { squawk }),
      ...(eastKt === undefined ? {} : { eastKt, northKt: 10, heightDifferenceFt: 50 }),
    }),
  );
const traffic = fc.oneof(
  fc
    .array(flight, { minLength: 1, maxLength: 4 })
    .map((flights) => ({ format: "adsb-beast" as const, bytes: beastOf(flights.flatMap(squitters)) })),
  fc.tuple(flight, fc.boolean()).map(([said, isOdd]) => ({ format: "adsb-beast" as const, bytes: beastOf([halfPosition(said, isOdd)]) })),
  flight.map((said) => ({
    format: "adsb-avr" as const,
    bytes: new TextEncoder().encode(
      squitters(said)
        .map((one) => encodeAvr(one))
        .join(""),
    ),
  })),
  fc.record({ who: fc.integer({ min: 1, max: 5 }), spot }).map(({ who, spot: { northM, eastM } }) => {
    const { latDeg, lonDeg } = place(northM, eastM);
    const text = `MSG,3,1,1,00000${who},1,,,,,NAME${who},1000,90,45,${latDeg.toFixed(5)},${lonDeg.toFixed(5)},0,7600,0,0,0,0\r\n`;
    return { format: "adsb-sbs" as const, bytes: new TextEncoder().encode(text) };
  }),
  fc
    .record({
      format: fc.constantFrom("adsb-beast" as const, "adsb-avr" as const, "adsb-sbs" as const),
      bytes: fc.uint8Array({ maxLength: 80 }),
    })
    .map((noise) => noise),
);

const draft: fc.Arbitrary<(timeUs: number) => Draft> = fc.oneof(
  {
    weight: 4,
    arbitrary: detections.map(
      ({ from, bytes }) =>
        (): Draft => ({ kind: "frame", source: from, payload: encodeFrame({ format: "detections", sensorTimeUs: undefined, bytes }) }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.record({ from: sourceId, said: traffic }).map(
      ({ from, said: { format, bytes } }) =>
        (): Draft => ({ kind: "frame", source: from, payload: encodeFrame({ format, sensorTimeUs: undefined, bytes }) }),
    ),
  },
  {
    weight: 12,
    arbitrary: frame.map(({ from, offset, format, bytes }) => (timeUs: number): Draft => {
      const { payload, sealed } = sealOperator(format, bytes);
      const sensorTimeUs = offset === undefined ? undefined : timeUs + offset;
      return {
        kind: "frame",
        source: from,
        payload: encodeFrame({ format, sensorTimeUs, bytes: payload }),
        ...(sealed === undefined ? {} : { sealed }),
      };
    }),
  },
  {
    weight: 1,
    arbitrary: frame.map(
      ({ from }) =>
        (): Draft => ({ kind: "frame", source: from, payload: undefined, sealed: "purged" }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => (): Draft => ({ kind: "frame", source: "a", payload: bytes })),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 200 }).map(
      (bytes) => (): Draft => ({
        kind: "frame",
        source: "a",
        payload: encodeFrame({ format: "dronescout", sensorTimeUs: undefined, bytes }),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ id: sourceId, origin: fc.constantFrom("live" as const, "synthetic" as const, "recorded" as const) }).map(
      ({ id, origin }) =>
        () =>
          record("source", { source: { id, name: id, kind: "http", origin }, by: "x" }),
    ),
  },
  { weight: 1, arbitrary: sourceId.map((id) => () => record("source-removed", { id, by: "x" })) },
  {
    weight: 1,
    arbitrary: spot.map(
      ({ northM, eastM }) =>
        () =>
          record("sector", { name: "x", centre: place(northM, eastM) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ id: sourceId, state: fc.constantFrom("starting" as const, "ended" as const, "failed" as const) }).map(
      ({ id, state }) =>
        () =>
          record("source-state", { id, state, ...(state === "failed" ? { reason: "no-route" } : {}) }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ id: fc.constantFrom("z1", "z2", "z3", "z4"), spot, radiusM: fc.integer({ min: 50, max: 4000 }), ceiling: fc.boolean() })
      .map(
        ({ id, spot: { northM, eastM }, radiusM, ceiling }) =>
          () =>
            record("zone", {
              zone: {
                id,
                name: id,
                kind: "post",
                shape: { type: "circle", centre: place(northM, eastM), radiusM },
                ...(ceiling ? { ceilingHaeM: 1300 } : {}),
              },
              by: "x",
            }),
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom("z1", "z2").map((id) => () => record("zone-removed", { id, by: "x" })) },
  { weight: 1, arbitrary: fc.constant(() => ({ kind: "zone", source: "", payload: new Uint8Array([123, 0xff]) })) },
  { weight: 1, arbitrary: fc.constant(() => ({ kind: "from-the-future", source: "", payload: new Uint8Array([123, 125]) })) },
);

/** Seconds to the next entry; now and then back, or a long silence. */
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 3_000_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -5_000_000, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5_000_000, max: 200_000_000 }) },
);

/** Entries, some of them twice, officers answering what was raised before. */
const journal = fc
  .array(fc.record({ draft, gap, twice: fc.integer({ min: 0, max: 15 }), officer: fc.integer({ min: 0, max: 5 }) }), {
    minLength: 5,
    maxLength: 70,
  })
  .map((steps) => {
    const entries: Entry[] = [];
    const live = new Picture(TIGHT);
    let timeUs = T0;
    let seq = 0;
    const append = (made: Draft): Entry => {
      seq += 1;
      const entry = { ...made, seq, timeUs };
      entries.push(entry);
      live.apply(entry);
      return entry;
    };
    append(record("source", { source: { id: "a", name: "a", kind: "http", origin: "live" }, by: "x" }));
    append(
      record("zone", { zone: { id: "z1", name: "z1", kind: "post", shape: { type: "circle", centre: POST, radiusM: 2000 } }, by: "x" }),
    );
    for (const { draft: make, gap: gapUs, twice, officer } of steps) {
      timeUs += gapUs;
      const entry = append(make(timeUs));
      if (twice === 0) entries.push(entry);
      const standing = [...live.warnings()].find(({ state }) => state === "raised");
      if (standing === undefined) continue;
      if (officer === 0) append(record("acknowledge", { warningId: standing.id, by: "x" }));
      if (officer === 1) append(record("clear", { warningId: standing.id, by: "x", reason: "y" }));
    }
    return entries;
  });

function played(picture: Picture, entries: readonly Entry[]): { readonly state: string; readonly intents: readonly Intent[] } {
  for (const entry of entries) picture.apply(entry);
  return { state: utf8(picture.snapshot()), intents: picture.takeIntents() };
}

test("replay from a snapshot at any entry gives the bytes and the intents of replay from zero", () => {
  fc.assert(
    fc.property(journal, fc.nat(), (entries, cut) => {
      const whole = played(new Picture(TIGHT), entries);
      const at = cut % (entries.length + 1);
      const first = new Picture(TIGHT);
      const before = played(first, entries.slice(0, at));
      const restored = Picture.restore(first.snapshot());
      assert.ok(restored instanceof Picture);
      assert.equal(utf8(restored.snapshot()), before.state);
      const after = played(restored, entries.slice(at));
      assert.equal(after.state, whole.state);
      assert.deepEqual([...before.intents, ...after.intents], whole.intents);
    }),
    { numRuns: 150 },
  );
});

test("advancing in steps of any size between entries gives the same bytes as advancing at once", () => {
  fc.assert(
    fc.property(journal, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (entries, cuts) => {
      const whole = played(new Picture(TIGHT), entries);
      const picture = new Picture(TIGHT);
      entries.forEach((entry, k) => {
        const from = picture.timeUs;
        if (from > 0 && entry.timeUs > from && entry.seq > picture.seq) {
          const part = cuts[k % cuts.length] ?? 0;
          picture.advance(Math.round(from + (entry.timeUs - from) * part));
          picture.advance(Math.round(from + (entry.timeUs - from) * part * 0.5));
        }
        picture.apply(entry);
      });
      assert.equal(utf8(picture.snapshot()), whole.state);
      assert.deepEqual(picture.takeIntents(), whole.intents);
    }),
    { numRuns: 100 },
  );
});

test("nothing grows beyond its limit, whatever comes in", () => {
  fc.assert(
    fc.property(journal, (entries) => {
      const picture = new Picture(TIGHT);
      for (const entry of entries) {
        picture.apply(entry);
        assert.ok(picture.trackCount <= 6);
        assert.ok(picture.sources().length <= 2);
        assert.ok(picture.zones().length <= 3);
        assert.ok([...picture.sensors()].length <= 3);
        for (const id of ["a", "b", "c"]) assert.ok((picture.traffic(id)?.aircraft ?? 0) <= 3);
        for (const track of picture.tracks()) {
          assert.ok(track.history.length <= 5 && track.heardBy.length <= 2 && track.emitters.length <= 2);
          assert.ok(Number.isFinite(track.latDeg) && track.heardUs <= picture.timeUs && track.lastUs <= picture.timeUs);
        }
        const standing = [...picture.warnings()].filter(({ state, quiet }) => state !== "cleared" || quiet).length;
        assert.ok(standing <= 3 * 2 * 2 * 2);
      }
      const state = JSON.parse(utf8(picture.snapshot())) as { strangers: unknown[]; emitters: unknown[] };
      assert.ok(state.strangers.length <= 4);
      assert.ok(state.emitters.length <= 12);
    }),
    { numRuns: 60 },
  );
});

test("a snapshot that is none is refused by name, never thrown", () => {
  for (const bytes of [
    new Uint8Array(),
    new Uint8Array([0xff, 0xfe]),
    new TextEncoder().encode("{}"),
    new TextEncoder().encode('{"version":4}'),
  ]) {
    const made = Picture.restore(bytes);
    assert.ok(!(made instanceof Picture) && made.refused.length > 0);
  }
});

test("names in any script, half a surrogate pair and all, survive a snapshot", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
      const picture = new Picture();
      const source = { id: "a", name, kind: "http", origin: "live" } as const;
      picture.apply({ seq: 1, timeUs: T0, ...record("source", { source, by: "x" }) });
      const restored = Picture.restore(picture.snapshot());
      assert.ok(restored instanceof Picture);
      assert.equal(restored.sources()[0]?.definition.name, picture.sources()[0]?.definition.name);
      assert.ok(picture.snapshot().every((byte) => byte < 0x80));
    }),
  );
});

test("a restored picture names all its tracks as changed, so that a stream begins whole", () => {
  const picture = new Picture();
  for (const { seq, timeUs, ...made } of new EntryList().source(T0).frame(T0 + S, "dlt-127", beacon(mac(1), location(place(0, 0)))).entries)
    picture.apply({ seq, timeUs, ...made });
  const restored = Picture.restore(picture.snapshot());
  assert.ok(restored instanceof Picture);
  assert.deepEqual([...restored.takeChanges().changed], [2]);
});

for (const name of [
  "parrot_anafi4_real.pcapng",
  "parrot_anafi4_spoofed.pcapng",
  "mavic_multiple_spoofed.pcapng",
  "odid_wifi_sample.pcap",
]) {
  test(`replay equals live on ${name}`, needsShared, () => {
    const { entries } = new EntryList().capture(sharedData("data", "remote-id", "captures", name));
    const whole = played(new Picture(), entries);
    let picture: Picture = new Picture();
    const intents: Intent[] = [];
    entries.forEach((entry, k) => {
      picture.apply(entry);
      if (k % 97 !== 0) return;
      intents.push(...picture.takeIntents());
      const restored = Picture.restore(picture.snapshot());
      assert.ok(restored instanceof Picture);
      picture = restored;
    });
    assert.equal(utf8(picture.snapshot()), whole.state);
    assert.deepEqual([...intents, ...picture.takeIntents()], whole.intents);
  });
}
