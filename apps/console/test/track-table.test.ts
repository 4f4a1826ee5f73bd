// The track table: what the binary stream says is what the map draws from and the table lists.
import assert from "node:assert/strict";
import test from "node:test";
import { trackFrameBytes, TrackFlag, type TrackRecord, writeRemovedTrack, writeTrackHeader, writeTrackRecord } from "@atalaya/protocol";
import { ELLIPSE_AT, mercatorX, mercatorY, Role, ROLE_AT, STRIDE, TrackTable } from "../src/link/tracks.ts";

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

test("a track that moves with every tick leaves a trail of about one piece a second, without gaps", () => {
  const tracks = table();
  for (let k = 0; k <= 50; k += 1) tracks.take(frame(EPOCH + k * 200, k === 0, [record(1, { lonDeg: -106.4869 + k * 1e-5 })]));
  assert.equal(tracks.trailCount, 10);
  for (let k = 1; k < tracks.trailCount; k += 1)
    assert.deepEqual([...tracks.trail.subarray(k * 8, k * 8 + 3)], [...tracks.trail.subarray(k * 8 - 4, k * 8 - 1)]);
});

test("one track stands for a group: one in danger, else the one known longest; alone again it stands for itself", () => {
  const tracks = table();
  const roles = (): number[] => [1, 2, 3, 4].map((number) => tracks.data[tracks.indexOf(number) * STRIDE + ROLE_AT] ?? -1);
  const grouped = { group: 9, count: 3 };
  tracks.take(frame(EPOCH, true, [record(1, grouped), record(2, grouped), record(3, grouped), record(4)]));
  assert.deepEqual(roles(), [Role.group, Role.member, Role.member, Role.alone]);
  assert.deepEqual([...tracks.groupMarks()], [1]);
  assert.ok(tracks.isMember(2) && !tracks.isMember(1) && !tracks.isMember(4));
  tracks.take(frame(EPOCH + 200, false, [record(3, { ...grouped, flags: TrackFlag.danger })]));
  assert.deepEqual(roles(), [Role.member, Role.member, Role.group, Role.alone]);
  tracks.take(frame(EPOCH + 400, false, [record(1), record(2)], [3]));
  assert.deepEqual(roles().slice(0, 2), [Role.alone, Role.alone]);
  assert.deepEqual([...tracks.groupMarks()], []);
});

test("the ellipse that is drawn has the record's size on the ground, shape and direction; without one there is none", () => {
  const tracks = table();
  tracks.take(frame(EPOCH, true, [record(1, { errorM: 120, ellipse: { ratio: 1 / 3, azimuthDeg: 45 } }), record(2, { errorM: 120 })]));
  const [major = 0, ratio = 0, azimuth = 0] = tracks.data.subarray(ELLIPSE_AT, ELLIPSE_AT + 3);
  const metre = 1 / (40_075_016.686 * Math.cos((31.7587 * Math.PI) / 180));
  assert.ok(Math.abs(major / metre - 120) < 0.01);
  assert.ok(Math.abs(ratio - 1 / 3) < 0.002);
  assert.ok(Math.abs(azimuth - Math.PI / 4) < 0.01);
  assert.equal(tracks.data[STRIDE + ELLIPSE_AT], 0);
});
