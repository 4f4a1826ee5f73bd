// The tracks of the picture in typed arrays, outside of React: filled from binary frames, read by the map each time it draws and by the table now and then.
import { readRemovedTrack, readTrackHeader, readTrackRecord, TRACK_KINDS, TrackFlag, type TrackRecord } from "@atalaya/protocol";

/** Web Mercator of the unit square, as the map counts: x east, y south. */
export function mercatorX(lonDeg: number): number {
  return (lonDeg + 180) / 360;
}
export function mercatorY(latDeg: number): number {
  const clamped = Math.max(-85.05, Math.min(85.05, latDeg));
  return (1 - Math.asinh(Math.tan((clamped * Math.PI) / 180)) / Math.PI) / 2;
}
const EARTH_M = 40_075_016.686;

/**
 * Floats per track for the shader: x, y, vx, vy (mercator, relative to the origin, per second), time of the position, course, kind, flags; then the
 * longer half axis of the 95 % ellipse (mercator; 0: none), shorter ÷ longer, azimuth of the longer, and the place in its group.
 */
export const STRIDE = 12;
export const ELLIPSE_AT = 8;
export const ROLE_AT = 11;
/** Flies alone; stands for its whole group on the map; is one of a group that another stands for. */
export const Role = { alone: 0, group: 1, member: 2 } as const;
/** Floats per trail end: x, y, time, kind. */
export const TRAIL_STRIDE = 4;
const TRAIL_SEGMENTS = 262_144;
/** Shortest step of a trail, s: measured tracks move with every tick, and a trail of 72 s of so many must fit. */
const TRAIL_STEP_S = 0.9;

export interface ShownTrack extends TrackRecord {
  /** Time of the position, Unix ms on the sector's clock. */
  readonly timeMs: number;
}

export class TrackTable {
  /** Mercator origin of all relative positions: keeps centimetres in single precision. */
  originX = 0;
  originY = 0;
  /** Times are seconds since this, for the same reason. */
  epochMs = 0;
  data: Float32Array = new Float32Array(STRIDE * 1024);
  count = 0;
  /** Speed of the fastest track heard of since the last full frame: how often the map has to be drawn. */
  fastestMps = 0;
  /** Raised with every change, so that buffers are uploaded only when data arrived. */
  version = 0;
  readonly trail: Float32Array = new Float32Array(TRAIL_STRIDE * 2 * TRAIL_SEGMENTS);
  trailNext = 0;
  trailCount = 0;
  /** Segments written since the map last looked. */
  trailFrom = 0;
  #order: number[] = [];
  readonly #index = new Map<number, number>();
  readonly #tracks = new Map<number, ShownTrack>();
  /** Where the trail of each track ends so far. */
  readonly #trailEnds = new Map<number, { x: number; y: number; time: number }>();
  /** Numbers of the tracks that are in a group. */
  readonly #grouped = new Set<number>();
  /** Groups, and the number of the track that stands for each. */
  readonly #marks = new Map<number, number>();

  setOrigin(latDeg: number, lonDeg: number, epochMs: number): void {
    this.originX = mercatorX(lonDeg);
    this.originY = mercatorY(latDeg);
    this.epochMs = epochMs;
    const all = [...this.#tracks.values()];
    this.clear();
    for (const track of all) this.#put(track, track.timeMs + track.ageS * 1000);
    this.#markGroups();
  }

  clear(): void {
    this.#index.clear();
    this.#tracks.clear();
    this.#trailEnds.clear();
    this.#grouped.clear();
    this.#marks.clear();
    this.#order = [];
    this.count = 0;
    this.trailCount = 0;
    this.trailNext = 0;
    this.version += 1;
  }

  get(number: number): ShownTrack | undefined {
    return this.#tracks.get(number);
  }
  /** All tracks, in the order in which they were first heard of. */
  all(): IterableIterator<ShownTrack> {
    return this.#tracks.values();
  }
  indexOf(number: number): number {
    return this.#index.get(number) ?? -1;
  }
  numberAt(index: number): number | undefined {
    return this.#order[index];
  }

  /** Numbers of the tracks that stand for a group each. */
  groupMarks(): IterableIterator<number> {
    return this.#marks.values();
  }
  /** Whether another track stands for this one on the map. */
  isMember(number: number): boolean {
    return this.data[this.indexOf(number) * STRIDE + ROLE_AT] === Role.member;
  }

  /** Takes a frame of the stream. False when it is none of this version. */
  take(frame: ArrayBuffer): boolean {
    const view = new DataView(frame);
    const header = readTrackHeader(view);
    if ("refused" in header) return false;
    if (header.full) {
      this.fastestMps = 0;
      const kept = new Set<number>();
      for (let k = 0; k < header.records; k += 1) kept.add(view.getUint32(32 + 32 * k, true));
      for (const number of [...this.#tracks.keys()]) if (!kept.has(number)) this.#remove(number);
    }
    for (let k = 0; k < header.records; k += 1) this.#put(readTrackRecord(view, k), header.timeMs);
    for (let k = 0; k < header.removed; k += 1) this.#remove(readRemovedTrack(view, header, k));
    this.#markGroups();
    this.version += 1;
    return true;
  }

  /** One track stands for each group: one in danger before others, then the one known longest, so that the mark stays with it. */
  #markGroups(): void {
    if (this.#grouped.size === 0 && this.#marks.size === 0) return;
    this.#marks.clear();
    for (const number of this.#grouped) {
      const track = this.#tracks.get(number);
      if (track?.group === undefined) continue;
      const mark = this.#tracks.get(this.#marks.get(track.group) ?? -1);
      if (mark === undefined || urgency(track) < urgency(mark) || (urgency(track) === urgency(mark) && number < mark.number))
        this.#marks.set(track.group, number);
    }
    for (const number of this.#grouped) {
      const group = this.#tracks.get(number)?.group ?? 0;
      this.data[this.indexOf(number) * STRIDE + ROLE_AT] = this.#marks.get(group) === number ? Role.group : Role.member;
    }
  }

  #put(record: TrackRecord, frameMs: number): void {
    const timeMs = frameMs - record.ageS * 1000;
    this.#tracks.set(record.number, { ...record, timeMs });
    let index = this.#index.get(record.number);
    if (index === undefined) {
      index = this.count;
      this.count += 1;
      this.#index.set(record.number, index);
      this.#order[index] = record.number;
      if (this.count * STRIDE > this.data.length) {
        const grown = new Float32Array(this.data.length * 2);
        grown.set(this.data);
        this.data = grown;
      }
    }
    const x = mercatorX(record.lonDeg) - this.originX;
    const y = mercatorY(record.latDeg) - this.originY;
    const time = (timeMs - this.epochMs) / 1000;
    const perMetre = 1 / (EARTH_M * Math.cos((record.latDeg * Math.PI) / 180));
    const course = ((record.courseDeg ?? 0) * Math.PI) / 180;
    const moving = record.courseDeg === undefined ? 0 : (record.speedMps ?? 0);
    this.fastestMps = Math.max(this.fastestMps, moving);
    const at = index * STRIDE;
    const { data } = this;
    data[at] = x;
    data[at + 1] = y;
    data[at + 2] = Math.sin(course) * moving * perMetre;
    data[at + 3] = -Math.cos(course) * moving * perMetre;
    data[at + 4] = time;
    data[at + 5] = course;
    data[at + 6] = TRACK_KINDS.indexOf(record.kind);
    data[at + 7] = record.flags;
    data[at + 8] = record.ellipse === undefined ? 0 : (record.errorM ?? 0) * perMetre;
    data[at + 9] = record.ellipse?.ratio ?? 1;
    data[at + 10] = ((record.ellipse?.azimuthDeg ?? 0) * Math.PI) / 180;
    data[at + ROLE_AT] = Role.alone;
    if (record.group === undefined) this.#grouped.delete(record.number);
    else this.#grouped.add(record.number);
    const end = this.#trailEnds.get(record.number);
    if (end === undefined) this.#trailEnds.set(record.number, { x, y, time });
    else if ((x !== end.x || y !== end.y) && time - end.time >= TRAIL_STEP_S) {
      this.#segment(end.x, end.y, end.time, x, y, time, TRACK_KINDS.indexOf(record.kind));
      end.x = x;
      end.y = y;
      end.time = time;
    }
  }

  #segment(x0: number, y0: number, t0: number, x1: number, y1: number, t1: number, kind: number): void {
    const at = this.trailNext * TRAIL_STRIDE * 2;
    this.trail.set([x0, y0, t0, kind, x1, y1, t1, kind], at);
    this.trailNext = (this.trailNext + 1) % TRAIL_SEGMENTS;
    this.trailCount = Math.min(TRAIL_SEGMENTS, this.trailCount + 1);
  }

  #remove(number: number): void {
    const index = this.#index.get(number);
    if (index === undefined) return;
    const last = this.count - 1;
    const moved = this.#order[last];
    if (index !== last && moved !== undefined) {
      this.data.copyWithin(index * STRIDE, last * STRIDE, (last + 1) * STRIDE);
      this.#order[index] = moved;
      this.#index.set(moved, index);
    }
    this.#order.length = last;
    this.count = last;
    this.#index.delete(number);
    this.#grouped.delete(number);
    this.#trailEnds.delete(number);
    this.#tracks.delete(number);
  }
}

function urgency({ flags }: ShownTrack): number {
  return (flags & TrackFlag.danger) === 0 ? 1 : 0;
}
