// Plausibility findings and source health: each speaks when it should, and stays quiet just below its threshold.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings, type Entry, encodeFrame, type FindingCode, Picture } from "../src/index.ts";
import { basicId, beacon, location, mac, place, type Said, S, system, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

const SERIAL = "1588E040445AC004418";

/** Findings of one aircraft that says these things, with the seconds at which it says them. */
function found(says: readonly (readonly [number, Said])[], ...extra: Parameters<typeof beacon>[1][]): FindingCode[] {
  const list = new EntryList().source(T0);
  for (const [seconds, said] of says) list.frame(T0 + seconds * S, "dlt-127", beacon(mac(1), basicId(SERIAL), location(said), ...extra));
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  return [...picture.tracks()].flatMap(({ findings }) => findings.map(({ code }) => code));
}

test("a plausible flight has no finding", () => {
  const says = Array.from({ length: 60 }, (_, k): [number, Said] => [
    k,
    { ...place(0, k * 20), speedMps: 20, courseDeg: 90, heightHaeM: 1200 + k, verticalSpeedMps: 1, clockUs: T0 + k * S },
  ]);
  assert.deepEqual(found(says, system(place(500, 0).latDeg, place(0, 0).lonDeg)), []);
});

test("a claimed speed above 150 m/s is impossible, 149 is not", () => {
  assert.deepEqual(found([[0, { ...place(0, 0), speedMps: 152.25, courseDeg: 0 }]]), ["impossible-speed"]);
  assert.deepEqual(found([[0, { ...place(0, 0), speedMps: 149.25, courseDeg: 0 }]]), []);
});

test("positions that ask for more than 150 m/s are impossible, whatever speed is claimed", () => {
  assert.deepEqual(
    found([
      [0, place(0, 0)],
      [5, place(0, 900)],
    ]),
    ["impossible-speed"],
  );
  assert.deepEqual(
    found([
      [0, place(0, 0)],
      [5, place(0, 700)],
    ]),
    [],
  );
});

test("a jump of more than a kilometre within ten seconds is named, one explained by the claimed error is not", () => {
  assert.deepEqual(
    found([
      [0, place(0, 0)],
      [9, place(0, 1100)],
    ]),
    ["impossible-jump"],
  );
  assert.deepEqual(
    found([
      [0, { ...place(0, 0), accuracy: 5 }],
      [9, { ...place(0, 1100), accuracy: 5 }],
    ]),
    [],
  );
  assert.deepEqual(
    found([
      [0, place(0, 0)],
      [9, place(0, 950)],
    ]),
    [],
  );
});

test("impossible acceleration and climb are named", () => {
  const still = { ...place(0, 0), speedMps: 0, courseDeg: 0 };
  assert.deepEqual(
    found([
      [0, still],
      [1, { ...still, speedMps: 60 }],
    ]),
    ["impossible-acceleration"],
  );
  assert.deepEqual(found([[0, { ...place(0, 0), verticalSpeedMps: 55 }]]), ["impossible-climb"]);
  assert.deepEqual(
    found([
      [0, { ...place(0, 0), heightHaeM: 100 }],
      [1, { ...place(0, 0), heightHaeM: 400 }],
    ]),
    ["impossible-climb"],
  );
});

test("an operator beyond 15 km is too far, one at 14 km is not", () => {
  const far = place(16_000, 0);
  const near = place(14_000, 0);
  assert.deepEqual(found([[0, place(0, 0)]], system(far.latDeg, far.lonDeg)), ["operator-too-far"]);
  assert.deepEqual(found([[0, place(0, 0)]], system(near.latDeg, near.lonDeg)), []);
});

test("the message's clock is weighed against arrival and against itself, across the hour as well", () => {
  assert.deepEqual(found([[0, { ...place(0, 0), clockUs: T0 - 60 * S }]]), ["clock-off"]);
  const hour = Math.ceil(T0 / (3600 * S)) * 3600;
  const at = hour - T0 / S;
  assert.deepEqual(
    found([
      [at - 1, { ...place(0, 0), clockUs: (hour - 1) * S }],
      [at + 1, { ...place(0, 1), clockUs: (hour + 1) * S }],
    ]),
    [],
  );
  const back = found([
    [10, { ...place(0, 0), clockUs: T0 + 10 * S }],
    [11, { ...place(0, 1), clockUs: T0 + 5 * S }],
  ]);
  assert.deepEqual(back, ["clock-out-of-order"]);
});

test("a second receiver that delivers late does not make a finding out of its delay", () => {
  const list = new EntryList().source(T0, "a").source(T0, "b");
  for (let k = 1; k < 10; k += 1) {
    const said = beacon(mac(1), basicId(SERIAL), location({ ...place(0, k * 5), clockUs: T0 + k * S }));
    list.frame(T0 + k * S, "dlt-127", said, "a");
    // The same broadcast, four seconds later, by a receiver without a clock of its own.
    const entry = list.entries.at(-1) as Entry;
    if (entry.payload !== undefined) {
      const payload = entry.payload.slice();
      payload.fill(0, 2, 10);
      list.entries.push({ ...entry, seq: list.entries.length + 1, timeUs: T0 + (k + 4) * S, source: "b", payload });
    }
  }
  list.entries.sort((x, y) => x.timeUs - y.timeUs);
  const picture = new Picture();
  list.entries.forEach((entry, k) => picture.apply({ ...entry, seq: k + 1 }));
  assert.deepEqual(
    [...picture.tracks()].flatMap(({ findings }) => findings),
    [],
  );
});

test("a serial number that breaks its standard is named with the reason", () => {
  const list = new EntryList().source(T0).frame(T0, "dlt-127", beacon(mac(1), basicId("SSEVTFG93700070"), location(place(0, 0))));
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  const [track] = picture.tracks();
  assert.equal(track?.findings[0]?.code, "invalid-serial");
  assert.ok(String(track?.findings[0]?.values["why"]).length > 0);
});

test("a flood of ghosts is limited, counted and named; the confirmed track beside it is untouched", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 2000; k += 1) {
    const at = T0 + k * 10_000;
    if (k % 100 === 0) list.frame(at, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, k / 20))));
    if (k > 200) list.frame(at, "dlt-127", beacon(mac(1000 + k), location(place(5000 + k, 5000))));
  }
  const picture = new Picture({ maxEmitters: 100 });
  for (const entry of list.entries) picture.apply(entry);
  assert.ok(picture.trackCount <= 2 * defaultSettings.newTracksPer10s + 1);
  const real = [...picture.tracks()].find(({ identities }) => identities[0]?.value === SERIAL);
  assert.equal(real?.status, "confirmed");
  assert.deepEqual(real?.findings, []);
  assert.ok((real?.positions ?? 0) >= 19);
  const [source] = picture.sources();
  assert.equal(source?.reason, "ghost-flood");
  assert.ok((source?.floodRefused ?? 0) > 1600);
  assert.ok([...picture.tracks()].some(({ findings }) => findings.some(({ code }) => code === "ghost-flood")));
});

test("an aircraft that goes on sending gets its track in the middle of a flood", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 800; k += 1) {
    const at = T0 + k * 10_000;
    list.frame(at, "dlt-127", beacon(mac(1000 + k), location(place(5000 + k, 5000))));
    if (k >= 100 && k % 50 === 0) list.frame(at, "dlt-127", beacon(mac(1), basicId(SERIAL), location(place(0, k / 20))));
  }
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  assert.ok([...picture.tracks()].some(({ identities }) => identities[0]?.value === SERIAL));
});

test("the number of tracks is bounded and none that stands gives way", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 40; k += 1) list.frame(T0 + k * 100_000, "dlt-127", beacon(mac(1 + k), location(place(k * 200, 0))));
  const picture = new Picture({ maxTracks: 10 });
  for (const entry of list.entries) picture.apply(entry);
  assert.deepEqual(
    [...picture.tracks()].map(({ number }) => number),
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  assert.equal(picture.sources()[0]?.floodRefused, 30);
});

test("a source hears, falls silent, hears again, ends and fails, and says why", () => {
  const list = new EntryList().source(T0).frame(T0 + S, "dlt-127", beacon(mac(1), location(place(0, 0))));
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  const state = (): string => `${picture.sources()[0]?.state} ${picture.sources()[0]?.reason ?? ""}`;
  assert.equal(state(), "hearing ");
  picture.advance(T0 + 32 * S);
  assert.equal(state(), "silent no-frames");
  list.frame(T0 + 40 * S, "dlt-127", beacon(mac(1), location(place(0, 0))));
  list.record(T0 + 41 * S, "source-state", { id: "test", state: "failed", reason: "connection-refused" });
  picture.apply(list.entries[2] as Entry);
  assert.equal(state(), "hearing ");
  picture.apply(list.entries[3] as Entry);
  assert.equal(state(), "failed connection-refused");
});

test("a source that was started and never heard anything is called silent", () => {
  const picture = new Picture();
  for (const entry of new EntryList().source(T0).entries) picture.apply(entry);
  picture.advance(T0 + 29 * S);
  assert.equal(picture.sources()[0]?.state, "starting");
  picture.advance(T0 + 31 * S);
  assert.equal(picture.sources()[0]?.state, "silent");
});

test("a receiver's clock that is far off is not believed, and is named", () => {
  const list = new EntryList().source(T0);
  const bytes = beacon(mac(1), location(place(0, 0)));
  const payload = encodeFrame({ format: "dlt-127", sensorTimeUs: T0 - 100 * S, bytes });
  list.entries.push({ seq: 2, timeUs: T0 + S, kind: "frame", source: "test", payload });
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  picture.advance(T0 + 2 * S);
  const [source] = picture.sources();
  assert.equal(source?.reason, "clock-off");
  assert.equal(source?.clockOffsetUs, -101 * S);
  assert.equal([...picture.tracks()][0]?.lastUs, T0 + S);
});

test("frames that cannot be read are counted by code and hurt nothing", () => {
  const list = new EntryList().source(T0);
  list.entries.push({ seq: 2, timeUs: T0, kind: "frame", source: "test", payload: new Uint8Array([9, 9]) });
  const broken = beacon(mac(1), location(place(0, 0)));
  list.frame(T0, "dlt-127", broken.subarray(0, 30));
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  assert.equal(picture.trackCount, 0);
  assert.equal(picture.sources()[0]?.refusals["not-a-frame"], 1);
  assert.equal(picture.sources()[0]?.frames, 2);
});

test("the rate of a source is the frames of its last full second", () => {
  const list = new EntryList().source(T0);
  for (let k = 0; k < 25; k += 1) list.frame(T0 + k * 100_000, "dlt-127", beacon(mac(1), location(place(0, 0))));
  const picture = new Picture();
  for (const entry of list.entries) picture.apply(entry);
  assert.equal(picture.sources()[0]?.framesPerS, 10);
  picture.advance(T0 + 5 * S);
  assert.equal(picture.sources()[0]?.framesPerS, 0);
});
