// The last seconds of what was measured, in the order of measurement: frames, and the state of all tracks before some of them, so that what
// comes late is put in its place and only what followed it is worked out again.
import type { Sensor } from "./sensor.ts";

/** Detections of one sensor at one instant (a scan, a sector of a turning antenna, a single report). */
export class Frame {
  sensor: Sensor;
  /** Place in the order: time first, then sensor, then scan. */
  timeS = 0;
  scan = -1;
  sector = -1;
  closed = false;
  /** The sensor looked at its whole field of view: what it did not report, it did not see. */
  looked = false;
  /** Azimuths that it looked at, rad. */
  azFromRad = 0;
  azSpanRad = 2 * Math.PI;
  count = 0;
  /** Values by row: range m, azimuth rad, elevation rad, range rate m/s; fixes: east, north, up m and velocity m/s. */
  z: Float64Array = new Float64Array(6 * 16);
  variance: Float64Array = new Float64Array(6 * 16);
  time: Float64Array = new Float64Array(16);
  /** Index of the detection's identity in the tracker's register, −1 none. */
  identity: Int32Array = new Int32Array(16);
  hasVelocity: Uint8Array = new Uint8Array(16);
  ids: string[] = [];
  /** Probability that no track explains the detection, from the last time the frame was worked out. */
  unexplained: Float64Array = new Float64Array(16);
  /** The same as far as no bearing birth has used it up. */
  spare: Float64Array = new Float64Array(16);
  cell: Int32Array = new Int32Array(16);
  /** Worked in, and counted in the clutter map. */
  counted = false;
  /** Newest arrival in it, s. */
  arrivedS = Number.NEGATIVE_INFINITY;
  openedS = 0;
  /** By how much the sensor's clock is known to be ahead, from what had arrived when the frame was closed, s. */
  aheadS = 0;
  serial = 0;

  constructor(sensor: Sensor) {
    this.sensor = sensor;
  }

  /** Room for one more detection; returns its index. */
  add(id: string, timeS: number): number {
    const j = this.count;
    if (j >= this.time.length) {
      const grown = (array: Float64Array): Float64Array => {
        const larger = new Float64Array(array.length * 2);
        larger.set(array);
        return larger;
      };
      this.z = grown(this.z);
      this.variance = grown(this.variance);
      this.time = grown(this.time);
      this.unexplained = grown(this.unexplained);
      this.spare = grown(this.spare);
      const identity = new Int32Array(this.identity.length * 2);
      identity.set(this.identity);
      this.identity = identity;
      const cell = new Int32Array(this.cell.length * 2);
      cell.set(this.cell);
      this.cell = cell;
      const hasVelocity = new Uint8Array(this.hasVelocity.length * 2);
      hasVelocity.set(this.hasVelocity);
      this.hasVelocity = hasVelocity;
    }
    this.count = j + 1;
    this.ids[j] = id;
    this.time[j] = timeS;
    this.identity[j] = -1;
    this.hasVelocity[j] = 0;
    this.unexplained[j] = 1;
    return j;
  }
}

/** Order of two frames: by time, then by the sensor's name, scan and sector, so that the order of arrival does not matter. */
export function before(a: Frame, b: Frame): boolean {
  if (a.timeS !== b.timeS) return a.timeS < b.timeS;
  if (a.sensor !== b.sensor) return a.sensor.declaration.id < b.sensor.declaration.id;
  if (a.scan !== b.scan) return a.scan < b.scan;
  if (a.sector !== b.sector) return a.sector < b.sector;
  const idA = a.ids[0] ?? "";
  const idB = b.ids[0] ?? "";
  return idA < idB;
}
