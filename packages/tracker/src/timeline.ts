// One sensor's detections of one instant, and the order in which such frames happened.
import type { Sensor } from "./sensor.ts";

/** Numbers per detection in a frame: range m, azimuth rad, elevation rad, range rate m/s; or east, north, up m and velocity m/s. */
export const ROW_STRIDE = 6;

function doubled<T extends Float64Array | Int32Array | Uint8Array>(array: T, make: (size: number) => T): T {
  const larger = make(array.length * 2);
  larger.set(array);
  return larger;
}
const floats = (size: number): Float64Array => new Float64Array(size);

/** Detections of one sensor at one instant: a scan, a sector of a turning antenna, a single report. */
export class Frame {
  sensor: Sensor;
  /** Place in the order, s: when it was measured, but never later than it came. */
  timeS = 0;
  scan = -1;
  /** Eighth of the turn of an antenna, −1 for the whole. */
  sector = -1;
  /** On the timeline. */
  closed = false;
  /** The sensor looked at its whole field of view: what it did not report, it did not see. */
  looked = false;
  /** Azimuths that it looked at, rad. */
  azFromRad = 0;
  azSpanRad: number = 2 * Math.PI;
  count = 0;
  z: Float64Array = new Float64Array(ROW_STRIDE * 16);
  variance: Float64Array = new Float64Array(ROW_STRIDE * 16);
  /** Time of each detection on the sensor's own clock, s. */
  time: Float64Array = new Float64Array(16);
  /** Index of the detection's identity in the tracker's register, −1 none. */
  identity: Int32Array = new Int32Array(16);
  hasVelocity: Uint8Array = new Uint8Array(16);
  /** What the sensor makes of the object: log-odds of bird and of aircraft against drone; 0 when it does not say. */
  birdOdds: Float64Array = new Float64Array(16);
  aircraftOdds: Float64Array = new Float64Array(16);
  ids: string[] = [];
  /** Cell of the clutter map, and the probability of a false alarm with which it was counted there. */
  cell: Int32Array = new Int32Array(16);
  unexplained: Float64Array = new Float64Array(16);
  counted = false;
  /** Epoch of the clutter map in which it was counted. */
  epoch = 0;
  /** How far a bearing is free to begin something new. */
  spare: Float64Array = new Float64Array(16);
  /** Bearings of other frames that a birth of this one used up, as they were before: going back gives them back, the last first. */
  spent: Spent[] = [];
  /** A person's report that came too late to be worked in as of its own time. */
  late = false;
  /** Receiving end: when it was opened, s, the newest arrival when it was closed, and by how much the sensor's clock was then known to be ahead. */
  openedS = 0;
  capS = 0;
  aheadS = 0;
  serial = 0;
  /** Sensors of bearings alone that were declared when it was opened: when it is worked in again, there may be more. */
  bearingSensors = 0;
  /** Under which its scan is open for detections that are still on their way; "" for none. */
  key = "";

  constructor(sensor: Sensor) {
    this.sensor = sensor;
  }

  /** Room for one more detection; returns its index. */
  add(id: string, timeS: number): number {
    const j = this.count;
    if (j >= this.time.length) {
      this.z = doubled(this.z, floats);
      this.variance = doubled(this.variance, floats);
      this.time = doubled(this.time, floats);
      this.birdOdds = doubled(this.birdOdds, floats);
      this.aircraftOdds = doubled(this.aircraftOdds, floats);
      this.unexplained = doubled(this.unexplained, floats);
      this.spare = doubled(this.spare, floats);
      this.identity = doubled(this.identity, (size) => new Int32Array(size));
      this.cell = doubled(this.cell, (size) => new Int32Array(size));
      this.hasVelocity = doubled(this.hasVelocity, (size) => new Uint8Array(size));
    }
    this.count = j + 1;
    this.ids[j] = id;
    this.time[j] = timeS;
    this.z.fill(0, j * ROW_STRIDE, (j + 1) * ROW_STRIDE);
    this.variance.fill(0, j * ROW_STRIDE, (j + 1) * ROW_STRIDE);
    this.identity[j] = -1;
    this.hasVelocity[j] = 0;
    this.birdOdds[j] = 0;
    this.aircraftOdds[j] = 0;
    this.unexplained[j] = 0;
    this.spare[j] = 0;
    return j;
  }

  /** The share of a whole scan that it is. */
  get share(): number {
    return this.sector < 0 ? 1 : 1 / SECTORS;
  }
}

export interface Spent {
  readonly frame: Frame;
  readonly j: number;
  readonly was: number;
}

/** Parts into which the turn of an antenna is cut. */
export const SECTORS = 8;

/** Order of two frames: by time, then by the sensor's name, scan and sector, so that the order of arrival does not matter. */
export function before(a: Frame, b: Frame): boolean {
  if (a.timeS !== b.timeS) return a.timeS < b.timeS;
  if (a.sensor.index !== b.sensor.index) return a.sensor.declaration.id < b.sensor.declaration.id;
  if (a.scan !== b.scan) return a.scan < b.scan;
  if (a.sector !== b.sector) return a.sector < b.sector;
  return (a.ids[0] ?? "") < (b.ids[0] ?? "");
}
