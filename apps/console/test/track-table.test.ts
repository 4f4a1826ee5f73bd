// The track table: what the binary stream says is what the map draws from and the table lists.
import assert from "node:assert/strict";
import test from "node:test";
import { trackFrameBytes, type TrackRecord, writeRemovedTrack, writeTrackHeader, writeTrackRecord } from "@atalaya/protocol";
import { mercatorX, mercatorY, STRIDE, TrackTable } from "../src/link/tracks.ts";

function record(number: number, change: Partial<TrackRecord> = {}): TrackRecord {
  return {
    number,
    latDeg: 31.7587,
    lonDeg: -106.4869,
    heightHaeM: 1200,
    courseDeg: 90,
    speedMps: 10,
    verticalSpeedMps: 0,
    ageS: 0,
    errorM: 10,
    kind: "unknown",
    flags: 0,
    confidencePercent: undefined,
    count: 1,
    ...change,
  };
}

function frame(timeMs: number, full: boolean, records: readonly TrackRecord[], removed: readonly number[] = []): ArrayBuffer {
  const bytes = new ArrayBuffer(trackFrameBytes(records.length, removed.length));
  const view = new DataView(bytes);
  writeTrackHeader(view, { full, timeMs, tick: 1, records: records.length, removed: removed.length });
  for (const [k, one] of records.entries()) writeTrackRecord(view, k, one);
  for (const [k, number] of removed.entries()) writeRemovedTrack(view, records.length, k, number);
  return bytes;
}

const EPOCH = 1_790_000_000_000;
function table(): TrackTable {
  const made = new TrackTable();
  made.setOrigin(31.7587, -106.4869, EPOCH);
  return made;
}

test("a frame that is none of this version changes nothing", () => {
  const tracks = table();
  tracks.take(frame(EPOCH, true, [record(1)]));
  const cut = frame(EPOCH, true, [record(2)]).slice(0, 40);
  assert.equal(tracks.take(cut), false);
  assert.deepEqual(
    [...tracks.all()].map(({ number }) => number),
    [1],
  );
});

test("a full frame replaces the picture; a change adds to it; a removed track is gone", () => {
  const tracks = table();
  tracks.take(frame(EPOCH, true, [record(1), record(2), record(3)]));
  tracks.take(frame(EPOCH + 200, false, [record(4)], [2]));
  assert.deepEqual(
    [...tracks.all()].map(({ number }) => number),
    [1, 3, 4],
  );
  tracks.take(frame(EPOCH + 400, true, [record(4)]));
  assert.deepEqual(
    [...tracks.all()].map(({ number }) => number),
    [4],
  );
  assert.equal(tracks.count, 1);
  assert.equal(tracks.numberAt(0), 4);
});

test("every index leads to the track whose figures stand there, whatever was removed", () => {
  const tracks = table();
  const numbers = Array.from({ length: 3000 }, (_, k) => k + 1);
  tracks.take(
    frame(
      EPOCH,
      true,
      numbers.map((number) => record(number, { lonDeg: -106.4 + number * 1e-5 })),
    ),
  );
  tracks.take(
    frame(
      EPOCH + 200,
      false,
      [],
      numbers.filter((number) => number % 3 === 0),
    ),
  );
  for (let index = 0; index < tracks.count; index += 1) {
    const number = tracks.numberAt(index) ?? -1;
    assert.equal(tracks.indexOf(number), index);
    const x = (tracks.data[index * STRIDE] ?? 0) + tracks.originX;
    assert.ok(Math.abs(x - mercatorX(-106.4 + number * 1e-5)) < 1e-10);
  }
});

test("positions relative to the sector keep a centimetre in single precision 50 km away", () => {
  const tracks = table();
  const [latDeg, lonDeg] = [32.1, -106.1];
  tracks.take(frame(EPOCH, true, [record(1, { latDeg, lonDeg })]));
  const metre = 1 / (40_075_016.686 * Math.cos((latDeg * Math.PI) / 180));
  assert.ok(Math.abs((tracks.data[0] ?? 0) + tracks.originX - mercatorX(lonDeg)) < 0.01 * metre);
  assert.ok(Math.abs((tracks.data[1] ?? 0) + tracks.originY - mercatorY(latDeg)) < 0.01 * metre);
});

test("an aircraft that says no speed or course is not carried on", () => {
  const tracks = table();
  tracks.take(frame(EPOCH, true, [record(1, { speedMps: undefined }), record(2, { courseDeg: undefined })]));
  for (const index of [0, 1]) assert.deepEqual([tracks.data[index * STRIDE + 2], Math.abs(tracks.data[index * STRIDE + 3] ?? 1)], [0, 0]);
});

test("the time of a position is the frame's time less the age of the position", () => {
  const tracks = table();
  tracks.take(frame(EPOCH + 5000, true, [record(1, { ageS: 2.5 })]));
  assert.equal(tracks.get(1)?.timeMs, EPOCH + 2500);
});

test("a trail grows where a track moved, and only there", () => {
  const tracks = table();
  tracks.take(frame(EPOCH, true, [record(1), record(2)]));
  tracks.take(frame(EPOCH + 1000, false, [record(1, { lonDeg: -106.486 }), record(2)]));
  assert.equal(tracks.trailCount, 1);
});
