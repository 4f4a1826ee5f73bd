// Is a tracker asked at the right moments, and told nothing before it has arrived?
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Told, told } from "../../src/tracking/adapter.ts";
import { answers, type BenchTracker } from "../../src/tracking/answers.ts";

/** Writes down what it is told and asked. */
class Recorder implements BenchTracker {
  readonly log: string[] = [];
  declare(sensor: { readonly id: string }): void {
    this.log.push(`sensor ${sensor.id}`);
  }
  detect(detection: { readonly id: string }, arrivedS: number): void {
    this.log.push(`${detection.id} at ${arrivedS}`);
  }
  scanEnd(end: { readonly scan: number }, arrivedS: number): void {
    this.log.push(`scan ${end.scan} at ${arrivedS}`);
  }
  advance(toS: number): void {
    this.log.push(`advance ${toS}`);
  }
  *tracks(atS: number): ReturnType<BenchTracker["tracks"]> {
    this.log.push(`tracks ${atS}`);
    yield {
      id: "T1",
      status: "confirmed",
      latDeg: 52,
      lonDeg: 5,
      haeM: 80,
      velocityEnuMps: [1, 2, 3],
      covarianceEnuM2: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      newestInputS: atS - 0.5,
    };
  }
}

function detection(id: string, t: number, arrivedS: number): Told {
  const line = told({ type: "det", id, sensor: "R", kind: "radar", scan: 0, t, z: [1, 2], R: [1, 1], t_rx: arrivedS });
  assert.ok(line !== undefined);
  return line;
}

const sensor = told({ type: "sensor", id: "R", kind: "radar", lat: 52, lon: 5, alt: 0, z: ["range_m", "az_deg"], sd: [5, null] });
const scan = told({ type: "scan", sensor: "R", scan: 0, n: 2, t: 1, t_end: 1, t_rx: 2.5 });
assert.ok(sensor !== undefined && scan !== undefined);

test("all that has come until an instant is told, the instant's own moment included, and nothing that comes later", () => {
  const recorder = new Recorder();
  const lines = [sensor, detection("a", 0.5, 1), detection("late", 0.2, 2.001), scan];
  const said = [...answers(recorder, lines, [1, 2, 3, 4])];
  assert.deepEqual(recorder.log, [
    "sensor R",
    "a at 1",
    "advance 1",
    "tracks 1",
    "advance 2",
    "tracks 2",
    "late at 2.001",
    "scan 0 at 2.5",
    "advance 3",
    "tracks 3",
    "advance 4",
    "tracks 4",
  ]);
  assert.deepEqual(
    said.map(({ t, id, t_in: newest }) => [t, id, newest]),
    [
      [1, "T1", 0.5],
      [2, "T1", 1.5],
      [3, "T1", 2.5],
      [4, "T1", 3.5],
    ],
  );
});

test("a declaration keeps what is known and leaves open what each detection says", () => {
  assert.ok(sensor.type === "sensor");
  const { id, measures, sigma, fov, maxRangeM } = sensor.sensor;
  assert.deepEqual([id, measures, sigma, fov, maxRangeM], ["R", ["range_m", "az_deg"], [5, undefined], undefined, undefined]);
});
