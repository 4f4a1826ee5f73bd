// The last seconds of what was measured, in the order of measurement, with the state of the filter before some of it: what comes late is put in
// its place, and only what followed it is worked out again.
import type { Filter } from "./filter.ts";
import { FilterState } from "./filter-state.ts";
import { HISTORY_STEP_S, type History } from "./history.ts";
import { givesBearings, type Sensor } from "./sensor.ts";
import type { TrackerSettings } from "./settings.ts";
import { before, Frame } from "./timeline.ts";

interface Snapshot {
  /** Frames that it has seen. */
  at: number;
  readonly state: FilterState;
}

/** What was worked in, for a snapshot of the tracker. */
export interface WindowCounts {
  readonly worked: number;
  readonly reworked: number;
  /** Highest serial number worked in. */
  readonly highest: number;
}

/** Sensors whose last scan is kept beyond the window. */
const MOST_PAST = 64;
/** Frames kept for their memory when they leave, and the most detections that such a one may have room for. */
const SPARE_FRAMES = 256;
const SPARE_ROOM = 4096;

/** Whether a boundary of steps of this length lies between two times. */
function crosses(fromS: number, toS: number, stepS: number): boolean {
  return Math.floor(fromS / stepS) !== Math.floor(toS / stepS);
}

export class Window {
  readonly #settings: TrackerSettings;
  readonly #filter: Filter;
  readonly #history: History;
  /** In order of measurement; those before #done have been worked in. */
  frames: Frame[] = [];
  /** Let go of, but bearings may still meet theirs: one of each sensor, oldest first. */
  past: Frame[] = [];
  #done = 0;
  #snapshots: Snapshot[] = [];
  readonly #spareFrames: Frame[] = [];
  readonly #spareStates: FilterState[] = [];
  /** Nothing may come before this any more, s: the time of the newest frame that was let go. */
  settledS: number = Number.NEGATIVE_INFINITY;
  /** Frames that came since the last work, and detections held. */
  waiting = 0;
  held = 0;
  /** Frames worked in, and of them those worked in again. */
  worked = 0;
  reworked = 0;
  #highest = 0;

  constructor(settings: TrackerSettings, filter: Filter, history: History) {
    this.#settings = settings;
    this.#filter = filter;
    this.#history = history;
  }

  /** A frame to fill: used ones come back. */
  fresh(sensor: Sensor): Frame {
    const frame = this.#spareFrames.pop() ?? new Frame(sensor);
    frame.sensor = sensor;
    frame.count = 0;
    frame.ids.length = 0;
    frame.closed = false;
    frame.counted = false;
    frame.looked = false;
    frame.late = false;
    frame.key = "";
    frame.capS = 0;
    frame.aheadS = 0;
    return frame;
  }

  /** Puts a frame in its place. */
  insert(frame: Frame): void {
    const { frames } = this;
    let at = frames.length;
    while (at > 0) {
      const other = frames[at - 1];
      if (other === undefined || !before(frame, other)) break;
      at -= 1;
    }
    // At the very end of what was worked in there may stand a snapshot: it stands before another frame now.
    if (at < this.#done || (this.#snapshots.at(-1)?.at ?? -1) >= at) this.#goBack(at);
    frames.splice(at, 0, frame);
    this.waiting += 1;
  }

  /** A frame that is on the timeline is about to change: what followed it must be worked out again. */
  changing(frame: Frame): void {
    const at = this.frames.lastIndexOf(frame);
    if (at >= 0 && at < this.#done) this.#goBack(at);
  }

  /** Takes a frame off the timeline: its time is about to change. */
  lift(frame: Frame): void {
    const at = this.frames.lastIndexOf(frame);
    if (at < 0) return;
    if (at < this.#done || (this.#snapshots.at(-1)?.at ?? -1) >= at) this.#goBack(at);
    this.frames.splice(at, 1);
  }

  /** Goes back to the newest snapshot that had not seen frame `at`. */
  #goBack(at: number): void {
    const snapshots = this.#snapshots;
    let newest = snapshots.at(-1);
    // Snapshots stand where the order of the frames puts them, so the one right before the change goes as well.
    while (newest !== undefined && newest.at >= at && snapshots.length > 1) {
      snapshots.pop();
      this.#spareStates.push(newest.state);
      newest = snapshots.at(-1);
    }
    if (newest === undefined) return;
    for (let k = this.#done - 1; k >= newest.at; k -= 1) {
      const frame = this.frames[k];
      if (frame !== undefined) this.#filter.takeBack(frame);
    }
    this.#history.goBackTo(this.frames[newest.at]?.timeS ?? Number.POSITIVE_INFINITY);
    this.#filter.state.copyFrom(newest.state);
    this.#done = newest.at;
  }

  /** Works in all frames that have not been, or the first `to` of all. */
  work(sensors: readonly Sensor[], to: number = this.frames.length): void {
    const { snapshotS, maxFrames } = this.#settings;
    while (this.#done < to) {
      const frame = this.frames[this.#done];
      if (frame === undefined) break;
      const lastS = this.frames[this.#done - 1]?.timeS ?? this.settledS;
      const newest = this.#snapshots.at(-1)?.at;
      // At fixed times of the frames, not counted from the last one: whatever way the frames came, the same states are kept. A flood within
      // one such step needs more of them, so that its frames can be let go.
      if (newest === undefined || crosses(lastS, frame.timeS, snapshotS) || this.#done - newest >= maxFrames / 4) {
        if (newest !== this.#done) {
          const state = this.#spareStates.pop() ?? new FilterState(this.#settings);
          state.copyFrom(this.#filter.state);
          this.#snapshots.push({ at: this.#done, state });
        }
      }
      if (crosses(lastS, frame.timeS, HISTORY_STEP_S)) this.#history.record(this.#filter.state.pool, frame.timeS);
      if (frame.serial <= this.#highest) this.reworked += 1;
      else this.#highest = frame.serial;
      this.worked += 1;
      const at = this.#done;
      this.#filter.work(frame, sensors, () => this.#earlierThan(at));
      this.#done += 1;
    }
    this.waiting = 0;
  }

  *#earlierThan(at: number): IterableIterator<Frame> {
    for (let k = at - 1; k >= 0; k -= 1) {
      const frame = this.frames[k];
      if (frame !== undefined) yield frame;
    }
    for (let k = this.past.length - 1; k >= 0; k -= 1) {
      const frame = this.past[k];
      if (frame !== undefined) yield frame;
    }
  }

  /** Lets go of what is older than a time, or beyond the number of frames that may wait; `gone` hears of each frame. */
  forget(olderThanS: number, gone: (frame: Frame) => void): void {
    const snapshots = this.#snapshots;
    let keep = 0;
    for (let k = 1; k < snapshots.length; k += 1) {
      const at = snapshots[k]?.at ?? 0;
      const old = (this.frames[at]?.timeS ?? Number.POSITIVE_INFINITY) < olderThanS;
      if (!old && this.frames.length - (snapshots[k - 1]?.at ?? 0) <= this.#settings.maxFrames) break;
      keep = k;
    }
    if (keep === 0) return;
    const cut = snapshots[keep]?.at ?? 0;
    for (const { state } of snapshots.splice(0, keep)) this.#spareStates.push(state);
    for (const frame of this.frames.splice(0, cut)) {
      frame.counted = false;
      frame.spent.length = 0;
      this.settledS = frame.timeS;
      gone(frame);
      this.#retire(frame);
    }
    this.#done -= cut;
    for (const snapshot of snapshots) snapshot.at -= cut;
  }

  /** Keeps the newest scan of each sensor of bearings: those that follow may meet it still. */
  #retire(frame: Frame): void {
    const { past } = this;
    if (!givesBearings(frame.sensor)) {
      this.#recycle(frame);
      return;
    }
    const same = past.findIndex(({ sensor }) => sensor.index === frame.sensor.index);
    for (const old of past.splice(same, same < 0 ? 0 : 1)) this.#recycle(old);
    past.push(frame);
    if (past.length > MOST_PAST) for (const old of past.splice(0, 1)) this.#recycle(old);
  }

  #recycle(frame: Frame): void {
    this.held -= frame.count;
    if (this.#spareFrames.length < SPARE_FRAMES && frame.time.length <= SPARE_ROOM) this.#spareFrames.push(frame);
  }

  /** The oldest state that can be gone back to: that before the first frame. And how many frames have been worked in since. */
  base(): { readonly state: FilterState; readonly done: number } {
    return { state: this.#snapshots[0]?.state ?? this.#filter.state, done: this.#done };
  }

  get counts(): WindowCounts {
    return { worked: this.worked, reworked: this.reworked, highest: this.#highest };
  }

  /**
   * Begins again from a state that was saved: the filter holds it as it was before the first frame, and those up to `done` are worked in at once,
   * without being counted again.
   */
  resume(
    frames: readonly Frame[],
    past: readonly Frame[],
    { done, settledS, counts }: { done: number; settledS: number; counts: WindowCounts },
    sensors: readonly Sensor[],
  ): void {
    this.frames = [...frames];
    this.past = [...past];
    this.#done = 0;
    this.#snapshots = [];
    this.settledS = settledS;
    this.held = [...frames, ...past].reduce((sum, { count }) => sum + count, 0);
    this.work(sensors, done);
    this.waiting = frames.length - this.#done;
    this.worked = counts.worked;
    this.reworked = counts.reworked;
    this.#highest = counts.highest;
  }

  /** States that can be gone back to, and the one that stands. */
  *states(): IterableIterator<FilterState> {
    yield this.#filter.state;
    for (const { state } of this.#snapshots) yield state;
  }
}
