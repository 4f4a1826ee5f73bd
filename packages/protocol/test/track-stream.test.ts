import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  readRemovedTrack,
  readTrackHeader,
  readTrackRecord,
  TRACK_KINDS,
  trackFrameBytes,
  type TrackRecord,
  writeRemovedTrack,
  writeTrackHeader,
  writeTrackRecord,
} from "../src/index.ts";

const optional = (value: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> => fc.option(value, { nil: undefined });
const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

const record: fc.Arbitrary<TrackRecord> = fc.record({
  number: fc.integer({ min: 0, max: 0xffff_ffff }),
  latDeg: real(-90, 90),
  lonDeg: real(-180, 180),
  heightHaeM: optional(real(-1000, 30_000)),
  courseDeg: optional(real(0, 359.99)),
  speedMps: optional(real(0, 300)),
  verticalSpeedMps: optional(real(-60, 60)),
  ageS: real(0, 600),
  errorM: optional(real(0, 20_000)),
  kind: fc.constantFrom(...TRACK_KINDS),
  flags: fc.integer({ min: 0, max: 255 }),
  confidencePercent: optional(fc.integer({ min: 0, max: 100 })),
  count: fc.integer({ min: 1, max: 255 }),
});
/** With its ellipse and its group, where it has them. */
const shaped: fc.Arbitrary<TrackRecord> = fc
  .tuple(
    record,
    fc.option(fc.record({ ratio: real(0, 1), azimuthDeg: real(-360, 360) }), { nil: undefined }),
    optional(fc.integer({ min: 1, max: 0xffff })),
  )
  .map(([one, ellipse, group]) => ({ ...one, ...(ellipse === undefined ? {} : { ellipse }), ...(group === undefined ? {} : { group }) }));

function frame(records: readonly TrackRecord[], removed: readonly number[], full: boolean): DataView {
  const view = new DataView(new ArrayBuffer(trackFrameBytes(records.length, removed.length)));
  writeTrackHeader(view, { full, timeMs: 1_795_000_000_123.5, tick: 7, records: records.length, removed: removed.length });
  records.forEach((one, k) => writeTrackRecord(view, k, one));
  removed.forEach((number, k) => writeRemovedTrack(view, records.length, k, number));
  return view;
}

function near(actual: number | undefined, expected: number | undefined, step: number): void {
  if (expected === undefined || actual === undefined) assert.equal(actual, expected);
  else assert.ok(Math.abs(actual - expected) <= step, `${actual} for ${expected}`);
}

test("a record comes back within the step of each field, and unknown stays unknown", () => {
  fc.assert(
    fc.property(fc.array(shaped, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 5 }), fc.boolean(), (records, removed, full) => {
      const view = frame(records, removed, full);
      const header = readTrackHeader(view);
      assert.ok(!("refused" in header));
      assert.deepEqual(header, { full, timeMs: 1_795_000_000_123.5, tick: 7, records: records.length, removed: removed.length });
      records.forEach((expected, k) => {
        const actual = readTrackRecord(view, k);
        near(actual.latDeg, expected.latDeg, 5.1e-8);
        near(actual.lonDeg, expected.lonDeg, 5.1e-8);
        near(actual.heightHaeM, expected.heightHaeM, 0.5);
        if (actual.courseDeg === undefined || expected.courseDeg === undefined) assert.equal(actual.courseDeg, expected.courseDeg);
        else assert.ok(Math.abs(((actual.courseDeg - expected.courseDeg + 540) % 360) - 180) <= 0.0051);
        near(actual.speedMps, expected.speedMps, 0.0051);
        near(actual.verticalSpeedMps, expected.verticalSpeedMps, 0.0051);
        near(actual.ageS, expected.ageS, 0.0051);
        near(actual.errorM, expected.errorM, 1);
        assert.equal(actual.group, expected.group);
        near(actual.ellipse?.ratio, expected.ellipse?.ratio, 1 / 255);
        if (actual.ellipse !== undefined && expected.ellipse !== undefined) {
          assert.ok(actual.ellipse.azimuthDeg >= 0 && actual.ellipse.azimuthDeg < 180);
          const turned = ((((actual.ellipse.azimuthDeg - expected.ellipse.azimuthDeg + 90) % 180) + 180) % 180) - 90;
          assert.ok(Math.abs(turned) <= 90 / 256 + 1e-9, `${turned}`);
        }
        assert.deepEqual(
          [actual.number, actual.kind, actual.flags, actual.confidencePercent, actual.count],
          [expected.number, expected.kind, expected.flags, expected.confidencePercent, expected.count],
        );
      });
      assert.deepEqual(
        removed.map((_, k) => readRemovedTrack(view, header, k)),
        removed,
      );
    }),
  );
});

test("ellipse and group stand in the four bytes that were reserved, and are absent where those are 0", () => {
  const plain: TrackRecord = {
    number: 1,
    latDeg: 0,
    lonDeg: 0,
    heightHaeM: undefined,
    courseDeg: undefined,
    speedMps: undefined,
    verticalSpeedMps: undefined,
    ageS: 0,
    errorM: 100,
    kind: "bird",
    flags: 0,
    confidencePercent: 86,
    count: 7,
  };
  const tail = (one: TrackRecord): readonly number[] => [...new Uint8Array(frame([one], [], true).buffer, 32 + 24, 8)];
  // kind 5, flags, 86 %, 7 objects; 51/255 = 0.2; 64 × 180/256 = 45°; group 0x0201, little-endian.
  assert.deepEqual(tail({ ...plain, ellipse: { ratio: 0.2, azimuthDeg: 45 }, group: 0x0201 }), [5, 0, 86, 7, 51, 64, 1, 2]);
  assert.deepEqual(tail(plain), [5, 0, 86, 7, 0, 0, 0, 0]);
  // A line has no width, but it has a direction: it is no record without an ellipse.
  assert.deepEqual(tail({ ...plain, ellipse: { ratio: 0, azimuthDeg: 179.9 } }), [5, 0, 86, 7, 1, 0, 0, 0]);
  assert.deepEqual(Object.keys(readTrackRecord(frame([plain], [], true), 0)).includes("ellipse"), false);
});

test("values beyond a field are clamped, never wrapped", () => {
  const view = frame(
    [
      {
        number: 1,
        latDeg: 0,
        lonDeg: 0,
        heightHaeM: 99_999,
        courseDeg: -10,
        speedMps: 9999,
        verticalSpeedMps: -9999,
        ageS: 1e9,
        errorM: 1e9,
        kind: "own",
        flags: 0,
        confidencePercent: 250,
        count: 999,
      },
    ],
    [],
    true,
  );
  const { heightHaeM, courseDeg, speedMps, verticalSpeedMps, ageS, errorM, confidencePercent, count } = readTrackRecord(view, 0);
  assert.deepEqual(
    [heightHaeM, courseDeg, speedMps, verticalSpeedMps, ageS, errorM, confidencePercent, count],
    [32_767, 350, 655.34, -327.67, 655.35, 65_534, 100, 255],
  );
});

test("bytes that are no frame of this version are refused by name", () => {
  const good = frame([], [1, 2], false);
  const refusal = (change: (view: DataView) => DataView): unknown => {
    const answer = readTrackHeader(change(new DataView(good.buffer.slice(0))));
    return "refused" in answer ? answer.refused : undefined;
  };
  const edit =
    (write: (view: DataView) => void) =>
    (view: DataView): DataView => {
      write(view);
      return view;
    };
  assert.equal(
    refusal((view) => new DataView(view.buffer, 0, 31)),
    "frame-cut-short",
  );
  assert.equal(refusal(edit((view) => view.setUint8(0, 0))), "not-a-track-frame");
  assert.equal(refusal(edit((view) => view.setUint8(4, 9))), "other-version");
  assert.equal(refusal(edit((view) => view.setUint16(6, 64, true))), "other-version");
  assert.equal(refusal(edit((view) => view.setUint32(20, 0xffff_ffff, true))), "length-differs");
  assert.equal(
    refusal((view) => new DataView(view.buffer, 0, view.byteLength - 1)),
    "length-differs",
  );
  assert.equal(
    refusal((view) => view),
    undefined,
  );
});
